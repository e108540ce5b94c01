"""候考: who waits because the host is full."""
from django.db import models


class WaitingTicket(models.Model):
    """A place in the queue: lower numbers first. Whoever stops asking loses it (exams.waiting)."""

    candidate = models.OneToOneField("exams.Candidate", models.CASCADE, related_name="waiting", verbose_name="名册人员")
    seen_at = models.DateTimeField("最近一次问", db_index=True)

    class Meta:
        verbose_name = "候考"
        verbose_name_plural = "候考"
        ordering = ["id"]

    def __str__(self):
        return f"候考 {self.pk}"
