"""Settings of a test run: the product's own on throw-away data; PostgreSQL and Redis where the environment says so."""
import atexit
import os
import shutil
import tempfile

_data = tempfile.mkdtemp(prefix="mingfa-tests-")
atexit.register(shutil.rmtree, _data, ignore_errors=True)
os.environ.update(
    MINGFA_DATA=_data,
    DATABASE_URL=os.environ.get("TEST_DATABASE_URL", ""),
    REDIS_URL=os.environ.get("TEST_REDIS_URL", ""),
    # Processes that test side by side are installations of their own: they do not hear each other over Redis.
    SECRET_KEY=f"tests-{os.environ.get('PYTEST_XDIST_WORKER', '')}-" + "0123456789" * 5,
)

from mingfa.settings import *  # noqa: E402,F403
from mingfa.settings import DATA, DATABASES, STORAGES  # noqa: E402

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A real file with the product's pragmas: threads of a live server share it as they do in the product.
    DATABASES["default"]["TEST"] = {"NAME": DATA / "tests.sqlite3"}
else:
    DATABASES["default"]["ENGINE"] = "tests.postgresql"
# Pages can be tested without collecting static files; the server that the suite starts for real does collect them.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = DATA / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
# Tasks run at once, in the caller.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
