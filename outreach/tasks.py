"""Background work of outreach: large imports, and what is thrown away when its time is over."""
from datetime import datetime, time, timedelta

from django.utils import timezone
from django_tasks import default_task_backend, task


@task()
def write_import(run_id: int) -> None:
    """Go on writing a file of entries; twice does no harm."""
    from .actions import carry_on_import
    from .models import LedgerImport

    run = LedgerImport.objects.select_related("unit", "by").filter(pk=run_id).first()
    if run is not None:
        carry_on_import(run, now=timezone.now())


@task()
def keep_outreach() -> None:
    """When the server starts and once a night: imports go on, photos whose time is over go. Twice does no harm."""
    from .actions import drop_old_photos, resume_imports

    resume_imports()
    drop_old_photos(now=timezone.now())
    if default_task_backend.supports_defer:
        tomorrow = timezone.localdate() + timedelta(days=1)
        keep_outreach.using(run_after=timezone.make_aware(datetime.combine(tomorrow, time(3)))).enqueue()
