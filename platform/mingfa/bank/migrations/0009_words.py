"""The full-text index over QuestionWords, kept by the database itself, and the words of what is there already."""
from django.db import migrations

from mingfa.library.search.words import cut

SQLITE = [
    """CREATE VIRTUAL TABLE bank_questionwords_fts USING fts5(
        text, content='bank_questionwords', content_rowid='version_id', detail='none'
    )""",
    """CREATE TRIGGER bank_questionwords_insert AFTER INSERT ON bank_questionwords BEGIN
        INSERT INTO bank_questionwords_fts(rowid, text) VALUES (new.version_id, new.text);
    END""",
    """CREATE TRIGGER bank_questionwords_delete AFTER DELETE ON bank_questionwords BEGIN
        INSERT INTO bank_questionwords_fts(bank_questionwords_fts, rowid, text)
        VALUES ('delete', old.version_id, old.text);
    END""",
    """CREATE TRIGGER bank_questionwords_update AFTER UPDATE ON bank_questionwords BEGIN
        INSERT INTO bank_questionwords_fts(bank_questionwords_fts, rowid, text)
        VALUES ('delete', old.version_id, old.text);
        INSERT INTO bank_questionwords_fts(rowid, text) VALUES (new.version_id, new.text);
    END""",
]
SQLITE_UNDO = [
    "DROP TRIGGER bank_questionwords_insert",
    "DROP TRIGGER bank_questionwords_delete",
    "DROP TRIGGER bank_questionwords_update",
    "DROP TABLE bank_questionwords_fts",
]
POSTGRESQL = [
    """ALTER TABLE bank_questionwords ADD COLUMN vector tsvector
       GENERATED ALWAYS AS (to_tsvector('simple', text)) STORED""",
    "CREATE INDEX bank_questionwords_vector ON bank_questionwords USING gin (vector)",
]
POSTGRESQL_UNDO = ["ALTER TABLE bank_questionwords DROP COLUMN vector"]
BATCH = 500


def create(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)
    version, words = apps.get_model("bank", "QuestionVersion"), apps.get_model("bank", "QuestionWords")
    missing = version.objects.filter(parent=None, words=None).order_by("pk")
    while batch := list(missing.prefetch_related("options", "children__options")[:BATCH]):
        rows = []
        for one in batch:
            parts = [one, *one.children.all()]
            texts = [text for part in parts for text in (part.stem, part.prompts, *(o.text for o in part.options.all()))]
            rows.append(words(version=one, text=" ".join(cut("\n".join(texts)))))
        words.objects.bulk_create(rows)


def drop(apps, schema_editor):
    for statement in SQLITE_UNDO if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_UNDO:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("bank", "0008_listing")]
    operations = [migrations.RunPython(create, drop)]
