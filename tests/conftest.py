"""Fixtures for every test: real servers on data of their own, and a real browser."""
import os
import shutil

import pytest
from hypothesis import HealthCheck, settings

from tests import servers

# How long an example takes depends on the machine and on what else it does: timing belongs in bench/.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

# For Chromium as root and without the network it would like to call.
BROWSER_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PHONE = {"width": 390, "height": 844}
# Milliseconds. How long a busy machine takes says nothing about the product: waiting ends as soon as it is so.
PATIENCE = 60_000


DATABASE = {"db", "transactional_db", "live_server"}


def pytest_report_header(config):
    from django.conf import settings

    layer = settings.CHANNEL_LAYERS["default"]["BACKEND"].rpartition(".")[2]
    return f"database: {settings.DATABASES['default']['ENGINE'].rpartition('.')[2]}, channel layer: {layer}"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config, items):
    for item in items:
        if "browser" in item.fixturenames:
            item.add_marker("browser")
    if config.getoption("second_round"):
        leave_out(config, items)
    yield
    # What takes minutes begins first, file by file, or one process would be left alone with it at the end: the tests of real
    # servers on data of their own. pytest-django has put them last, and what empties the tests' database before them; that
    # stays, since the rest would miss what is in it.
    served = {item.path for item in items if "new_data_folder" in item.fixturenames}
    served -= {item.path for item in items if item.get_closest_marker("django_db") or DATABASE & set(item.fixturenames)}
    items.sort(key=lambda item: item.path not in served)


def pytest_addoption(parser):
    parser.addoption("--second-round", action="store_true", help="leave out what another database cannot change")


LEFT_OUT = {"need no database": 0, "drive a browser": 0}


def leave_out(config, items):
    """What the first round has shown for every database: told and counted at the end."""
    kept, gone = [], []
    for item in items:
        reason = same_everywhere(item)
        (gone if reason else kept).append(item)
        if reason:
            LEFT_OUT[reason] += 1
    items[:] = kept
    config.hook.pytest_deselected(items=gone)


def same_everywhere(item):
    """Why this test hardly comes out otherwise on another database; empty when it well may.

    Without the mark or one of its fixtures a test is refused every database by pytest-django. What a browser is shown comes
    from views that are tested without one on both.
    """
    if "browser" in item.fixturenames:
        return "drive a browser"
    if "migrated_folder" not in item.fixturenames and not item.get_closest_marker("django_db"):
        return "need no database"
    return ""


def pytest_sessionfinish(session):
    if _is_worker(session.config):
        session.config.workeroutput["left_out"] = LEFT_OUT


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    LEFT_OUT.update(getattr(node, "workeroutput", {}).get("left_out", {}))


def pytest_terminal_summary(terminalreporter, config):
    if config.getoption("second_round") and not _is_worker(config):
        counted = ", ".join(f"{number} that {reason}" for reason, number in LEFT_OUT.items())
        terminalreporter.section("left out of the second round", yellow=True)
        terminalreporter.line(f"left out, run in the first round: {counted}")


@pytest.fixture(autouse=True)
def empty_caches():
    """Leave nothing remembered from the test before."""
    from django.core.cache import cache
    from mingfa.bank import similar
    from mingfa.library import comparisons, suggestions

    from exams import papers, rendering, waiting
    from exams.actions import saving

    cache.clear()
    for one in (similar, suggestions, comparisons, papers, rendering, saving, waiting):
        one.forget()


@pytest.fixture(scope="session")
def migrated_folder(request):
    """A data folder with an empty, up-to-date database, kept between runs; tests get copies of it.

    ``pytest --create-db`` builds it again.
    """
    cache = request.config.cache.mkdir("mingfa")
    return servers.migrated(cache, anew=request.config.getoption("create_db") and not _is_worker(request.config))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, migrated_folder):
    """Start pytest's own database from the same copy instead of migrating from nothing."""
    from django.conf import settings

    own = settings.DATABASES["default"].setdefault("TEST", {})
    if migrated_folder.base_url:
        own["TEMPLATE"] = migrated_folder.name
    else:
        shutil.copyfile(migrated_folder.sqlite_file, own["NAME"])


@pytest.fixture(scope="session")
def django_db_keepdb():
    """Keep the copied SQLite file (it lies in the run's own folder); pytest would start from an empty one."""
    from django.db import connection

    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_createdb():
    """Leave pytest's own way of building anew out of it; see `migrated_folder`."""
    return False


@pytest.fixture(scope="session")
def new_data_folder(tmp_path_factory, migrated_folder):
    """Function that makes a data folder for a real server (tests/servers.py), on SQLite or PostgreSQL as the run is.

    Starting a server takes seconds: share one in a module where the tests do not get in each other's way.
    """
    folders = []

    def make(like=migrated_folder):
        folders.append(servers.DataFolder(tmp_path_factory.mktemp("data")).create(like=like))
        return folders[-1]

    yield make
    for folder in folders:
        folder.remove()


@pytest.fixture
def data_folder(new_data_folder):
    """A data folder of this test alone."""
    return new_data_folder()


def browser_path():
    """Where Chromium lies; empty when there is none."""
    return os.environ.get("MINGFA_BROWSER") or ("/usr/bin/chromium" if os.path.exists("/usr/bin/chromium") else "")


@pytest.fixture(scope="module")
def browser():
    """A headless Chromium; tests that use it (or `page`) are marked `browser`."""
    path = browser_path()
    if not path:
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing("no Chromium found: apt-get install chromium, or set MINGFA_BROWSER")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    # Playwright's synchronous interface keeps a loop running in this thread; Django would refuse the database there.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=BROWSER_FLAGS)
        yield chromium
        chromium.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def new_context(browser, **options):
    """A browser of its own: patient, and with nothing moving that a measurement could meet half way."""
    context = browser.new_context(reduced_motion="reduce", **options)
    context.set_default_timeout(PATIENCE)
    return context


@pytest.fixture
def new_page(browser, live_server, django_db_serialized_rollback):
    """Function that opens a page in a browser of its own: ``new_page(width=1440, …)``, options as new_context.

    At the end the test fails if any page logged an error, broke the content policy or called another host. What a
    test brings about itself (a cut line, a refusal) it names in ``new_page.expected``: part of the message. The pages
    go on trying until they are closed, so such a message may come at any time.
    """
    contexts, troubles, expected = [], [], []
    # pytest-django's server speaks no WebSocket; pages have to work without (tests/servers.py has the real one).
    no_sockets = f"WebSocket connection to 'ws{live_server.url[4:]}/"

    def tell(text):
        if not text.startswith(no_sockets):
            troubles.append(f"console: {text}")

    def watch(page):
        page.on("pageerror", lambda error: troubles.append(f"script error: {error}"))
        page.on("console", lambda line: line.type == "error" and tell(line.text))
        page.on("request", lambda request: _own(request.url, live_server.url) or troubles.append(request.url))

    def open_page(**options):
        size = {name: options.pop(name, PHONE[name]) for name in PHONE}
        defaults = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "base_url": live_server.url}
        context = new_context(browser, viewport=size, **{**defaults, **options})
        contexts.append(context)
        context.on("page", watch)
        return context.new_page()

    open_page.troubles, open_page.expected = troubles, expected
    yield open_page
    for context in contexts:
        context.close()
    assert [trouble for trouble in troubles if not any(part in trouble for part in expected)] == []


@pytest.fixture
def page(new_page):
    """One page of phone size on the live server."""
    return new_page()


def _is_worker(config):
    return hasattr(config, "workerinput")


def _own(url, base):
    return url.startswith((base, "data:", "blob:", "about:"))
