import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("study", "0004_sums")]

    operations = [
        migrations.AddField(
            model_name="studysession",
            name="assignment",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="sessions",
                to="study.assignment",
            ),
        ),
    ]
