"""合格证书: what was certified, as it was printed."""
from django.conf import settings
from django.db import models
from django.db.models import Q


class Certificate(models.Model):
    """A certificate with the facts on it. It holds while nobody revoked it and the record still says the same."""

    candidate = models.ForeignKey("exams.Candidate", models.PROTECT, related_name="certificates", verbose_name="名册人员")
    number = models.CharField("编号", max_length=24, unique=True)
    code = models.CharField("查验码", max_length=8)
    name = models.CharField("姓名", max_length=80)
    unit = models.CharField("单位", max_length=200)
    exam_name = models.CharField("考试", max_length=100)
    issuer = models.CharField("发证单位", max_length=200)
    mark = models.DecimalField("成绩", max_digits=6, decimal_places=1)
    band = models.CharField("等次", max_length=10)
    sat_on = models.DateField("考试日期")
    issued_at = models.DateTimeField("发证时间")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发证人")
    revoked_at = models.DateTimeField("作废时间", null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="作废人")
    revoked_reason = models.CharField("作废理由", max_length=100, blank=True)
    withheld = models.BooleanField("不再发", default=False, help_text="人工作废的，同一成绩不再发，准许重发以后才发")

    class Meta:
        verbose_name = "证书"
        verbose_name_plural = "证书"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["candidate"], condition=Q(revoked_at=None), name="one_certificate_holds"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None, revoked_reason="") | Q(revoked_at__isnull=False),
                name="revoked_certificate_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(withheld=False) | Q(revoked_at__isnull=False), name="withheld_certificate_is_revoked"
            ),
        ]

    def __str__(self):
        return f"证书 {self.number}"

    @property
    def holds(self) -> bool:
        """With `candidate` loaded: not revoked, and the result that counts is still the one printed."""
        return self.revoked_at is None and bool(self.candidate.passed) and self.candidate.counted_mark == self.mark

    @property
    def spoken_code(self) -> str:
        return f"{self.code[:4]}-{self.code[4:]}"
