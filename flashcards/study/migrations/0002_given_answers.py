from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("study", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="studysession",
            name="given",
            field=models.JSONField(
                help_text="The answer to the card on show, not graded yet; see `giving.Given`.", null=True
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="given",
            field=models.JSONField(
                help_text="What was answered where the kind asks for it; see `giving.Given`.", null=True
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="slip",
            field=models.CharField(blank=True, default="", help_text="The named error that the answer was.", max_length=80),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="review",
            name="verdict",
            field=models.CharField(
                blank=True, default="", help_text="What the answer was; see `kinds.Verdict`.", max_length=8
            ),
            preserve_default=False,
        ),
    ]
