"""The event log of a training: what changes the shared state, in one gap-free order."""
from django.conf import settings
from django.db import models
from django.db.models import Q

from .training import Training, Venue


class Event(models.Model):
    """One event of the log. Never changed; `seq` counts from 1 without gaps in each training."""

    training = models.ForeignKey(Training, models.CASCADE, related_name="events", verbose_name="培训")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField("时间")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="谁")
    # u17, v3 (a venue's screen) or s (the server): what the idempotency key is unique for.
    actor_key = models.CharField(max_length=24)
    role = models.CharField("角色", max_length=8)
    venue = models.ForeignKey(Venue, models.PROTECT, null=True, related_name="+", verbose_name="会场")
    kind = models.CharField("种类", max_length=20)
    v = models.PositiveSmallIntegerField("版本", default=1)
    data = models.JSONField("内容")
    idem = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = "培训事件"
        verbose_name_plural = "培训事件"
        ordering = ["training_id", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["training", "seq"], name="event_number"),
            models.UniqueConstraint(
                fields=["training", "actor_key", "idem"], condition=~Q(idem=""), name="command_once"
            ),
        ]
        indexes = [models.Index(fields=["training", "kind", "seq"], name="event_kind")]

    def __str__(self):
        return f"{self.training_id}/{self.seq} {self.kind}"

    @property
    def envelope(self) -> dict:
        """The event as it is sent and reduced."""
        return {
            "seq": self.seq, "at": round(self.at.timestamp() * 1000), "actor": self.actor_id, "role": self.role,
            "venue": self.venue_id, "kind": self.kind, "v": self.v, "data": self.data,
        }  # fmt: skip
