"""manage.py export_questions FILE --bank NAME --format CODE"""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mingfa.bank import actions, queries
from mingfa.bank.exchange.dialects import DIALECTS
from mingfa.bank.exchange.exporting import FORMATS, export, export_item, sentence
from mingfa.bank.models import Bank
from mingfa.bank.registry import kept_back

NOTHING_WRITTEN, WRONG_USAGE = 1, 2


class Command(BaseCommand):
    help = (
        "把题库里在用的试题连同答案导出成文件，并逐题说明这种格式带不走什么。题号是题库里的编号。"
        "退出码：0 已写出，1 没有可写的题，2 用法不对。"
    )
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", help="要写的文件，已有的会被替换")
        parser.add_argument("--bank", required=True, metavar="NAME", help="题库名称")
        parser.add_argument("--format", required=True, choices=list(FORMATS), help="格式")
        parser.add_argument("--question", type=int, metavar="N", help="只要这个编号的题；QTI 2.1 起写到 .xml 时不打包")
        parser.add_argument("--without-kept", action="store_true", help="不要考试专用和还没考完的考试要用的题")

    def handle(self, *, file, bank, format, question, without_kept, **options):
        found = Bank.objects.filter(name=bank).first()
        if found is None:
            raise CommandError(f"没有题库“{bank}”。请核对名称。", returncode=WRONG_USAGE)
        now = timezone.now()
        questions = queries.in_use(found) if question is None else queries.in_use(found).filter(pk=question)
        reserved = dict(questions.order_by().values_list("pk", "reserved"))
        held = {pk for pk, is_reserved in reserved.items() if is_reserved} | kept_back(reserved, now)
        labelled = queries.drafts_of(questions.exclude(pk__in=held) if without_kept else questions)
        drafts = [draft for _, draft in labelled]
        is_item = question is not None and format in DIALECTS and file.lower().endswith(".xml") and drafts
        exported = export_item(drafts[0], format) if is_item else export(drafts, format)
        labels = [str(pk) for pk, _ in labelled]
        for loss in exported.losses:
            self.stdout.write(sentence(exported.format, loss, labels))
        if not exported.count:
            raise CommandError("没有可以用这种格式导出的题，没有写文件。", returncode=NOTHING_WRITTEN)
        left_out = len(labelled) - exported.count
        actions.record_export(
            found, format=format, questions=exported.count, left_out=left_out,
            narrowed=without_kept or question is not None, by=None, now=now,
        )  # fmt: skip
        self._write(Path(file), exported.data)
        self.stdout.write(f"已写出 {exported.count} 题，文件里有答案。没有写出 {left_out} 题")
        if held and not without_kept:
            self.stdout.write(f"其中 {len(held)} 题是考试专用或还没考完的考试要用的，不要外传")

    def _write(self, path: Path, data: bytes) -> None:
        try:
            path.write_bytes(data)
        except OSError as broken:
            raise CommandError(f"写不了文件 {path}：{broken.strerror}", returncode=WRONG_USAGE) from broken
