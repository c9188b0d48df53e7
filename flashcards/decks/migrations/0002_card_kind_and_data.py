from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def copy_kinds(apps, schema_editor):
    card, note = apps.get_model("decks", "Card"), apps.get_model("decks", "Note")
    card.objects.update(kind=Subquery(note.objects.filter(pk=OuterRef("note")).values("kind")[:1]))


class Migration(migrations.Migration):
    dependencies = [("decks", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="card",
            name="kind",
            field=models.CharField(default="", max_length=20),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="card",
            name="data",
            field=models.JSONField(
                default=dict, help_text="What the kind needs at each showing; see `Face.data`."
            ),
        ),
        migrations.RunPython(copy_kinds, migrations.RunPython.noop, elidable=True),
    ]
