"""After the class: attendance decided, chapters of the replay written, the minutes drafted."""
from datetime import UTC, datetime

from mingfa.audit import record

from ..board import decide, scenes_of
from ..models import Chapter, RosterEntry, Training
from ..queries import log_of_attendance
from . import minutes


def close_class(training: Training, *, now: datetime) -> None:
    """Everything between the class and its replay; part of `keep_time`, in its transaction."""
    settle(training, now=now)
    write_chapters(training)
    minutes.draft(training, by=None, now=now)


def settle(training: Training, *, now: datetime) -> None:
    """Decide attendance for everybody on the roster from the log and store it."""
    rounds, started_at, signs = log_of_attendance(training.pk)
    changed = []
    for entry in training.roster.all():
        entry.attendance = decide(rounds, signs.get(entry.user_id, ()), started_at=started_at)
        changed.append(entry)
    RosterEntry.objects.bulk_update(changed, ["attendance"], batch_size=500)
    training.settled_at = now
    training.save(update_fields=["settled_at"])
    record(training, "live.settle", user=None, now=now, data={"people": len(changed)})


def write_chapters(training: Training) -> None:
    """The places of the replay to jump to, each with the board as it was."""
    training.chapters.all().delete()
    scenes = scenes_of(one.envelope for one in training.events.order_by("seq"))
    Chapter.objects.bulk_create(
        Chapter(
            training=training, seq=one.seq, at=datetime.fromtimestamp(one.at / 1000, UTC), title=one.title[:220],
            state=one.state, ink=one.ink,
        )
        for one in scenes
    )  # fmt: skip
