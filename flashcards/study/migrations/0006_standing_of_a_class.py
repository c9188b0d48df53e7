import django.db.models.deletion
from django.db import migrations, models


def forget_standings(apps, schema_editor):
    """They are worked out anew when somebody looks."""
    apps.get_model("study", "Standing").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("classes", "0001_initial"),
        ("study", "0005_session_assignment"),
    ]

    operations = [
        migrations.RunPython(forget_standings, migrations.RunPython.noop, elidable=True),
        migrations.RemoveConstraint(model_name="standing", name="study_standing_once"),
        migrations.AddField(
            model_name="standing",
            name="study_class",
            field=models.ForeignKey(
                db_index=False,
                default=0,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="classes.studyclass",
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="standing",
            constraint=models.UniqueConstraint(fields=("study_class", "user", "deck"), name="study_standing_once"),
        ),
    ]
