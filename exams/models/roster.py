"""名册变动: who asked for 免考 or 缓考 of whom, why, and who approved it."""
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q


def proof_path(change, name: str) -> str:
    """Under a name of our own: what the sender called the file decides nothing (IF10)."""
    return f"roster-proofs/{secrets.token_hex(16)}"


class RosterChange(models.Model):
    """One request to change the standing of one candidate. Applied at once or after approval (docs/rules.md “名册变动”)."""

    class Kind(models.TextChoices):
        EXEMPT = "exempt", "免考"
        DEFER = "defer", "缓考"
        RESTORE = "restore", "恢复应考"

    class State(models.TextChoices):
        PENDING = "pending", "待批准"
        APPROVED = "approved", "已生效"
        REFUSED = "refused", "未批准"

    candidate = models.ForeignKey("exams.Candidate", models.PROTECT, related_name="changes", verbose_name="人员")
    kind = models.CharField("变动", max_length=8, choices=Kind.choices)
    reason = models.CharField("原因", max_length=100)
    proof = models.FileField("证明材料", upload_to=proof_path, blank=True)
    proof_type = models.CharField(max_length=20, blank=True, editable=False)
    before = models.CharField("变动前", max_length=120)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.PENDING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人")
    asked_at = models.DateTimeField("申请时间")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="批准人"
    )
    decided_at = models.DateTimeField("批准时间", null=True)
    note = models.CharField("批准意见", max_length=100, blank=True)

    class Meta:
        verbose_name = "名册变动"
        verbose_name_plural = "名册变动"
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["candidate"], condition=Q(state="pending"), name="one_pending_change"),
            models.CheckConstraint(
                condition=Q(state="pending", decided_by=None) | ~Q(state="pending") & Q(decided_by__isnull=False),
                name="decided_change_has_decider",
            ),
        ]

    def __str__(self):
        return f"名册变动 {self.pk}"  # ids only: this text goes into logs
