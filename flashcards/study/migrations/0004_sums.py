from django.db import migrations, models

# The sums that `card_days.keep` keeps, over the log as it is before they are kept.
FILL = """
    INSERT INTO study_cardday (user_id, card_id, deck_id, day, reviews, again, lapses, duration_ms)
    SELECT user_id, card_id, MAX(deck_id), day, COUNT(*),
        SUM(CASE WHEN rating = 1 THEN 1 ELSE 0 END),
        SUM(CASE WHEN rating = 1 AND state_before = 2 THEN 1 ELSE 0 END),
        SUM(duration_ms)
    FROM study_review WHERE undone_at IS NULL GROUP BY user_id, card_id, day
"""


class Migration(migrations.Migration):

    dependencies = [('study', '0003_classes')]

    operations = [
        migrations.AddField(
            model_name='standing',
            name='cards',
            field=models.CharField(default='', help_text='A digest of the cards the deck had then.', max_length=16),
        ),
        migrations.AddField(
            model_name='classcardweek',
            name='kept_reviews',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='classcardweek',
            name='kept_again',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='classcardweek',
            name='kept_lapses',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='classcardweek',
            name='kept_duration_ms',
            field=models.PositiveBigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='classwrongweek',
            name='kept_count',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.RunSQL([('DELETE FROM study_cardday', None), (FILL, None)], migrations.RunSQL.noop),
    ]
