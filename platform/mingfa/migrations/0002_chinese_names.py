"""Rows that Wagtail's own migrations create with English names, in the words of the admin."""
from django.db import migrations

GROUPS = {"Moderators": "审核员", "Editors": "编辑"}
REVIEW = "审核员审核"


def rename(apps, schema_editor):
    for english, chinese in GROUPS.items():
        apps.get_model("auth", "Group").objects.filter(name=english).update(name=chinese)
    for model in ("Workflow", "Task"):
        apps.get_model("wagtailcore", model).objects.filter(name="Moderators approval").update(name=REVIEW)
    pages = apps.get_model("wagtailcore", "Page").objects.filter(depth=1, title="Root")
    pages.update(title="全部页面", draft_title="全部页面")


class Migration(migrations.Migration):
    dependencies = [
        ("mingfa", "0001_initial"),
        ("wagtailcore", "0048_add_default_workflows"),
    ]

    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
