"""Background work of people: long rosters."""
from django.utils import timezone
from django_tasks import task


@task()
def write_roster(roster_id: int, user_id: int) -> None:
    """Write a roster that was claimed by `start_roster`. Running it twice does no harm."""
    from .actions import apply_roster
    from .models import RosterImport, User

    roster = RosterImport.objects.get(pk=roster_id)
    if roster.state == RosterImport.State.APPLYING:
        apply_roster(roster, by=User.objects.get(pk=user_id), now=timezone.now())
