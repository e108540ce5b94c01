"""Pages of live trainings. Every object is checked."""
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.views.decorators.cache import never_cache
from mingfa.people.access import holds
from mingfa.people.models import Role

from .. import queries
from ..board import Actor
from ..door import DEVICE
from ..models import Training


def private(view):
    """Signed in, never kept by browser or proxy."""
    return login_required(never_cache(view))


def training_of(training_id: int) -> Training:
    """The training; Http404 without it."""
    found = Training.objects.select_related("unit", "trainer").filter(pk=training_id).first()
    if found is None:
        raise Http404
    return found


def taught(request, training_id: int) -> Training:
    """The training, for those who teach it; Http404 for others."""
    training = training_of(training_id)
    if not holds(request.user, Role.TRAINER, unit=training.unit):
        raise Http404
    return training


def actor_here(request, training: Training, *, role: str = "", venue_id: int | None = None) -> Actor:
    """Who asks: a person with a place in the room, or the screen of a venue; Http404 for others.

    Args:
        role: the role wished for; the first the person has if empty.
        venue_id: for the roles venue and steward, which one.
    """
    actor = None
    if role == "venue" or (not request.user.is_authenticated and not role):
        actor = _screen(request, training, venue_id)
    elif request.user.is_authenticated:
        actor = queries.actor_in(training, request.user, role=role, venue_id=venue_id)
    if actor is None or (training.state == "draft" and actor.role != "trainer"):
        raise Http404
    return actor


def _screen(request, training: Training, venue_id: int | None) -> Actor | None:
    """The venue's device, or a person who may look after its screen."""
    if request.user.is_authenticated:
        venue = training.venues.filter(pk=venue_id).first()
        return queries.screen_of(venue, request.user) if venue else None
    device = request.session.get(DEVICE)
    venue = training.venues.filter(pk=device).first() if venue_id in (None, device) else None
    return Actor("venue", None, venue.name, venue.pk) if venue else None
