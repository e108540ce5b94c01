"""The full-text index over ArticleWords, kept by the database itself."""
from django.db import migrations

SQLITE = [
    """CREATE VIRTUAL TABLE library_articlewords_fts USING fts5(
        title, text, content='library_articlewords', content_rowid='article_id', detail='column'
    )""",
    """CREATE TRIGGER library_articlewords_insert AFTER INSERT ON library_articlewords BEGIN
        INSERT INTO library_articlewords_fts(rowid, title, text) VALUES (new.article_id, new.title, new.text);
    END""",
    """CREATE TRIGGER library_articlewords_delete AFTER DELETE ON library_articlewords BEGIN
        INSERT INTO library_articlewords_fts(library_articlewords_fts, rowid, title, text)
        VALUES ('delete', old.article_id, old.title, old.text);
    END""",
    """CREATE TRIGGER library_articlewords_update AFTER UPDATE ON library_articlewords BEGIN
        INSERT INTO library_articlewords_fts(library_articlewords_fts, rowid, title, text)
        VALUES ('delete', old.article_id, old.title, old.text);
        INSERT INTO library_articlewords_fts(rowid, title, text) VALUES (new.article_id, new.title, new.text);
    END""",
]
SQLITE_UNDO = [
    "DROP TRIGGER library_articlewords_insert",
    "DROP TRIGGER library_articlewords_delete",
    "DROP TRIGGER library_articlewords_update",
    "DROP TABLE library_articlewords_fts",
]
POSTGRESQL = [
    """ALTER TABLE library_articlewords ADD COLUMN vector tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', text), 'C')
    ) STORED""",
    "CREATE INDEX library_articlewords_vector ON library_articlewords USING gin (vector)",
]
POSTGRESQL_UNDO = ["ALTER TABLE library_articlewords DROP COLUMN vector"]


def create(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    for statement in SQLITE_UNDO if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_UNDO:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("library", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
