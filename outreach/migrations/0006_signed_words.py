"""Public texts keep their plain words, which the public search reads; the print kit has texts of its own to be signed."""
import json

import django.db.models.deletion
from bs4 import BeautifulSoup
from django.conf import settings
from django.db import migrations, models


def fill_words(apps, schema_editor):
    """The words of what went to review before; what was signed is not touched."""
    texts = apps.get_model("outreach", "PublicText").objects.filter(words="")
    names = dict(apps.get_model("people", "OrgUnit").objects.values_list("pk", "name"))
    titles = dict(apps.get_model("wagtaildocs", "Document").objects.values_list("pk", "title"))
    for text in texts.iterator():
        text.words = words_in(json.loads(text.content), names, titles)
        text.save(update_fields=["words"])


def words_in(whole, names, titles):
    """What a reader of the page reads, a paragraph a line.

    Args:
        whole: a text as it was signed (outreach.models.signed.content_of).
        names: of units, by number.
        titles: of documents, by number.
    """
    fields = whole["fields"]
    lines = [fields["title"], fields["summary"]]
    for block in fields["body"]:
        kind, value = block["type"], block["value"]
        if kind == "text":
            lines += paragraphs_in(value)
        elif kind == "law":
            lines.append(f"{value['law']} {value['article']}")
        elif kind == "picture":
            lines.append(value["description"])
        else:
            lines.append(value["note"] or titles.get(value["document"], ""))
    lines += [f"{names.get(unit, '')}{spot}" for _, unit, spot, _ in whole.get("programme", {}).get("stops", [])]
    lines += [fields.get(name) for name in ("when", "contact", "source", "lesson")]
    return "\n".join(line for line in lines if line)


def paragraphs_in(markup):
    """The words of rich text, of one paragraph together."""
    soup = BeautifulSoup(markup, "html.parser")
    for gone in soup(["script", "style"]):
        gone.decompose()
    pieces = soup.find_all(["h2", "h3", "li", "p"])
    return [" ".join(one.get_text().split()) for one in pieces or [soup]]


class Migration(migrations.Migration):

    dependencies = [
        ('outreach', '0005_details'),
        ('wagtaildocs', '0014_alter_document_file_size'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='publictext',
            name='words',
            field=models.TextField(blank=True, help_text='一段一行，公开栏目按它查找', verbose_name='文字'),
        ),
        migrations.CreateModel(
            name='KitText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=30, verbose_name='大标题')),
                ('content', models.TextField(help_text='JSON，按它算摘要', verbose_name='内容')),
                ('text_hash', models.CharField(help_text='SHA-256', max_length=64, verbose_name='文字摘要')),
                ('made_at', models.DateTimeField(verbose_name='时间')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='kit_texts', to='outreach.campaign', verbose_name='宣传计划')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='送审人')),
            ],
            options={
                'verbose_name': '宣传品文字',
                'verbose_name_plural': '宣传品文字',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'text_hash'), name='kit_text_once_per_campaign')],
            },
        ),
        migrations.RunPython(fill_words, migrations.RunPython.noop, elidable=True),
    ]
