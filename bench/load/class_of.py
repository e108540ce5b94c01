"""A class that has begun, with many people who are signed in; made in one go for benches and tests of loads."""
import json
from datetime import timedelta

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone
from django.utils.crypto import get_random_string
from mingfa.people.models import Session, User
from mingfa.people.sessions import ACCOUNTS, SessionStore

from courses.live import tickets
from courses.live.board import Actor
from courses.live.models import Event, RosterEntry, Training
from tests.live import scene as scenes


def begin(people: int) -> None:
    """Prints JSON: training, keys of the trainer, keys of so many cadres, an exam-free district."""
    scene = scenes.build()
    now = timezone.now()
    Training.objects.update(starts_at=now, ends_at=now + timedelta(hours=6))
    scene.begin(now=now)
    made = User.objects.bulk_create(User(username=f"load{n:05d}", name=f"压测{n}", password="!") for n in range(people))
    entries = RosterEntry.objects.bulk_create(
        RosterEntry(training=scene.training, venue=scene.venues[n % 2], user=user) for n, user in enumerate(made)
    )
    sitting = [Actor("cadre", one.user_id, "", one.venue_id) for one in entries]
    everybody = [(scene.trainer, scene.teaching), *zip(made, sitting, strict=True)]
    store, rows = SessionStore(), []
    for user, _ in everybody:
        content = {
            SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: ACCOUNTS, HASH_SESSION_KEY: user.get_session_auth_hash(),
        }  # fmt: skip
        key, end = get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789"), now + timedelta(hours=12)
        rows.append(Session(session_key=key, user=user, session_data=store.encode(content), expire_date=end))
    Session.objects.bulk_create(rows)
    keys = [
        [row.session_key, tickets.issue(scene.training.pk, actor, session_key=row.session_key), user.pk]
        for row, (user, actor) in zip(rows, everybody, strict=True)
    ]
    print(json.dumps({"training": scene.training.pk, "head": Event.objects.count(), "trainer": keys[0], "cadres": keys[1:]}))
