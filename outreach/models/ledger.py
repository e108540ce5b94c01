"""宣传资料台账: entries and their lines are only ever added; `Stock` is what the lines of a batch at a place sum to."""
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from .activity import Activity
from .material import Batch


def _own_name(run, filename: str) -> str:
    """Kept under a name of ours: the user's may hold ../, line breaks or 300 characters."""
    return f"ledger-imports/{uuid4().hex}"


class LedgerImport(models.Model):
    """One file of entries. It is written some hundred rows at a time in the background; `done` rows are in, whatever
    killed the rest. The file is kept until all are."""

    class State(models.TextChoices):
        RUNNING = "running", "正在写入"
        STOPPED = "stopped", "停下了"
        DONE = "done", "已写完"

    digest = models.CharField("文件摘要", max_length=64, help_text="SHA-256")
    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="+", verbose_name="单位")
    file_name = models.CharField("文件", max_length=120)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="导入人")
    created_at = models.DateTimeField("导入时间")
    total = models.PositiveIntegerField("行数")
    done = models.PositiveIntegerField("已写入", default=0)
    state = models.CharField("状态", max_length=7, choices=State.choices, default=State.DONE)
    file = models.FileField("原件", upload_to=_own_name, blank=True)
    # Rows that say the same as an entry that is there already are left out.
    skips_repeats = models.BooleanField("跳过相同的行", default=True)
    trouble = models.CharField("停下的原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "台账导入"
        verbose_name_plural = "台账导入"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "digest"], name="ledger_file_once"),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="ledger_import_no_more_than_all"),
        ]

    def __str__(self):
        return self.file_name


class Movement(models.Model):
    """One entry of the ledger: what happened, when, who wrote it down."""

    class Kind(models.TextChoices):
        RECEIVE = "receive", "入库"
        TRANSFER = "transfer", "调拨"
        HAND_OUT = "hand_out", "发放"
        SEND_BACK = "send_back", "退回"
        LOSE = "lose", "损耗"
        COUNT = "count", "盘点"
        REVERSE = "reverse", "冲正"

    kind = models.CharField("事项", max_length=9, choices=Kind.choices)
    happened_on = models.DateField("日期")
    spot = models.CharField("发放地点", max_length=100, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by", verbose_name="冲正的记录"
    )
    activity = models.ForeignKey(
        Activity, models.PROTECT, null=True, related_name="movements", verbose_name="活动"
    )
    # Made with the form: a form sent twice is one entry.
    key = models.UUIDField(unique=True, editable=False)
    source = models.ForeignKey(LedgerImport, models.PROTECT, null=True, related_name="movements", verbose_name="导入")
    recorded_at = models.DateTimeField("登记时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经办")

    class Meta:
        verbose_name = "台账记录"
        verbose_name_plural = "台账记录"
        ordering = ["happened_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="reverse", reverses__isnull=False) | (~Q(kind="reverse") & Q(reverses=None)),
                name="movement_reversal_names_its_entry",
            ),
            models.CheckConstraint(
                condition=Q(activity=None) | Q(kind__in=("hand_out", "reverse")), name="movement_activity_hands_out"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=("lose", "reverse")) | ~Q(note=""), name="movement_loss_has_a_reason"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.happened_on:%Y-%m-%d}"


class StockTaking(models.Model):
    """What a 盘点 found. Its entry has lines only where the books said something else."""

    movement = models.OneToOneField(Movement, models.PROTECT, related_name="taking", verbose_name="记录")
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="+", verbose_name="批次")
    place = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="+", verbose_name="存放单位")
    booked = models.PositiveIntegerField("账面数")
    counted = models.PositiveIntegerField("盘点数")

    class Meta:
        verbose_name = "盘点"
        verbose_name_plural = "盘点"
        ordering = ["id"]

    def __str__(self):
        return f"{self.batch} {self.place}：{self.booked} → {self.counted}"


class Line(models.Model):
    """One account of one batch at one place, changed by an entry. Inside an entry they sum to zero for each pair."""

    class Account(models.TextChoices):
        STOCK = "stock", "结存"
        PRINTED = "printed", "入库"
        OUT = "out", "调出"
        IN = "in", "调入"
        HANDED = "handed", "发放"
        LOST = "lost", "损耗"
        COUNTED = "counted", "盘点"

    movement = models.ForeignKey(Movement, models.PROTECT, related_name="lines", verbose_name="记录")
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="lines", verbose_name="批次")
    place = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="+", verbose_name="存放单位")
    account = models.CharField("科目", max_length=7, choices=Account.choices)
    quantity = models.IntegerField("数量")

    class Meta:
        verbose_name = "台账明细"
        verbose_name_plural = "台账明细"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(quantity=0), name="line_moves_something"),
            models.UniqueConstraint(
                fields=["movement", "batch", "place", "account"], name="line_once_per_account_of_an_entry"
            ),
        ]
        indexes = [models.Index(fields=["batch", "place", "account"], name="lines_of_a_stock")]

    def __str__(self):
        return f"{self.get_account_display()} {self.quantity:+d}"


class Stock(models.Model):
    """结存 of a batch at a place. Only `actions.ledger` writes it, with the lines; it is also what entries lock."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="stocks", verbose_name="批次")
    place = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="+", verbose_name="存放单位")
    balance = models.IntegerField("结存", default=0)

    class Meta:
        verbose_name = "结存"
        verbose_name_plural = "结存"
        ordering = ["batch", "place"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "place"], name="stock_once"),
            models.CheckConstraint(condition=Q(balance__gte=0), name="stock_not_below_zero"),
        ]

    def __str__(self):
        return f"{self.batch} {self.place}：{self.balance}"
