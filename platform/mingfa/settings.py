"""The one settings file: everything comes from the environment, the defaults are the embedded mode.

Embedded mode is SQLite, an in-memory channel layer and a task worker inside the server process.
Set DATABASE_URL and REDIS_URL for a real deployment; nothing else has to change.
"""
import os
import secrets
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import environ
import pylopdf_fonts_zh_cn
from csp.constants import NONE, SELF, UNSAFE_INLINE

env = environ.FileAwareEnv()

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(env.str("MINGFA_DATA", str(ROOT / "var"))).resolve()


def _secret_key() -> str:
    """The key from the environment, else the one kept in the data folder (made on first use, mode 600)."""
    given = env.str("SECRET_KEY", "")
    if given:
        return given
    path = DATA / "secret-key"
    DATA.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # Written aside and linked into place: two processes starting at once end up with the same, whole key.
        draft = DATA / f".secret-key-{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


SECRET_KEY = _secret_key()
DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- transport ------------------------------------------------------------------------------------
# An https origin among the trusted ones is how an office says that it serves through TLS.
HTTPS = any(origin.startswith("https://") for origin in CSRF_TRUSTED_ORIGINS)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# Sub-domains and preload lists are the domain owner's decision, not one application's.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "mingfa.errors.csrf_failure"
# A paper of 1,200 questions saved without scripts is one form (a field for every ticked option).
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6000

INSTALLED_APPS = [
    "outreach",
    "exams",
    "courses.live",
    "courses",
    "mingfa",
    "mingfa.changes",
    "mingfa.desk",
    "mingfa.reminders",
    "mingfa.indicators",
    "mingfa.reports",
    "mingfa.operations",
    "mingfa.bank",
    "mingfa.review",
    "mingfa.library",
    "mingfa.people",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "mingfa.people.users_admin.UsersAdminConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "taggit",
    "treebeard",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "axes",
    "csp",
    "rules",
    "channels",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    # First: whoever balances load asks by address, without a session, over plain HTTP.
    "mingfa.operations.middleware.healthz",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mingfa.middleware.content_policy",
    "mingfa.middleware.private_pages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    # After the token check, which reads the form, and before whatever asks the database.
    "mingfa.middleware.Acceptable",
    "mingfa.people.middleware.SignedIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "mingfa.people.middleware.AccountCheck",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "mingfa.urls"
WSGI_APPLICATION = "mingfa.wsgi.application"
ASGI_APPLICATION = "mingfa.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mingfa.reading.reading",
            ],
        },
    },
]

# --- database -------------------------------------------------------------------------------------
DATABASES = {
    "default": env.db_url("DATABASE_URL")
    if env.str("DATABASE_URL", "")
    else {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA / "mingfa.sqlite3"}
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # FULL, because 已保存 must survive a power cut: WAL with NORMAL does not sync at commit.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
elif DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # Planning costs PostgreSQL more than carrying out most of these queries, so each connection keeps its plans.
    DATABASES["default"].setdefault("OPTIONS", {}).update(server_side_binding=True, prepare_threshold=1)
    DATABASES["default"]["ENGINE"] = "mingfa.postgresql"
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Requests run in a fixed pool of threads, so persistent connections are bounded.
DATABASES["default"]["CONN_MAX_AGE"] = None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- live groups, background work -----------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", "")
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        # The number of a database does not part the channels of Redis: another installation on it must not be heard here.
        "CONFIG": {"hosts": [REDIS_URL], "prefix": f"mingfa-{sha256(SECRET_KEY.encode()).hexdigest()[:12]}-"},
    }
    if REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# Always in memory: sitting, saving and handing in must go on while Redis is away.
# Chinese fonts for PDF; folders of one's own are looked in as well (rare characters, house fonts).
FONT_FOLDERS = [str(Path(pylopdf_fonts_zh_cn.serif_path()).parent), *env.list("FONT_FOLDERS", default=[])]
# Starts a minute before people wait in a queue; empty: what the last rehearsal found, 0: as many as come.
EXAM_STARTS_PER_MINUTE = env.int("EXAM_STARTS_PER_MINUTE", default=None)
# The public quiz: answers a minute from one address (IPv6: from one /64), 0 for no limit. A hall or a market may share
# one address. Bits of proof of work before an answer counts; 0 is off, 16 is about a second on an old phone.
PUBLIC_QUIZ_PER_MINUTE = env.int("PUBLIC_QUIZ_PER_MINUTE", 600)
PUBLIC_QUIZ_WORK = env.int("PUBLIC_QUIZ_WORK", 0)
# Photos of outreach activities are thrown away so many days after they were uploaded.
OUTREACH_PHOTO_DAYS = env.int("OUTREACH_PHOTO_DAYS", 730)
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- people ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "mingfa.people.backends.AccountBackend",
    "rules.permissions.ObjectPermissionBackend",
]
PASSWORD_HASHERS = ["mingfa.people.hashers.Argon2idHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "mingfa.people.validators.ThreeKindsValidator"},
    {"NAME": "mingfa.people.validators.NotThePersonValidator"},
    {"NAME": "mingfa.people.validators.NotUsedBeforeValidator"},
]
# A password is good for so many days; 0 switches expiry off (compliance A2).
PASSWORD_DAYS = env.int("PASSWORD_DAYS", 90)
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/me/"
LOGOUT_REDIRECT_URL = "/login/"
# The browser forgets the session when it closes; the server does after 12 hours, or 30 minutes without a request
# (mingfa.people.sessions).
SESSION_ENGINE = "mingfa.people.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

ACCOUNT_ADAPTER = "mingfa.people.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "mingfa.people.forms.account.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGOUT_REDIRECT_URL
ACCOUNT_SESSION_REMEMBER = False
# An office shares one address: limits are axes' work, by account and address together.
ACCOUNT_RATE_LIMITS = False

AXES_HANDLER = "mingfa.people.lockout.Handler"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=10)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_USERNAME_CALLABLE = "mingfa.people.lockout.account_key"
AXES_LOCKOUT_CALLABLE = "mingfa.people.lockout.locked_response"
AXES_SENSITIVE_PARAMETERS = ["login", "username", "ip_address"]
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

# --- language, time, files ------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [ROOT / "platform/mingfa/locale"]

STATIC_URL = "/static/"
# Beside the code, not the data: the collected files belong to this version of the code.
STATIC_ROOT = ROOT / "static-collected"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "mingfa.static.StaticFiles"},
}
# No route serves this folder by path: documents and pictures go out through views that look up the object.
MEDIA_ROOT = DATA / "media"
MEDIA_URL = "/uploads/"
FILE_UPLOAD_PERMISSIONS = 0o600
# Days recordings and photos of a live training are kept; each training may have a term of its own.
LIVE_KEEP_DAYS = env.int("LIVE_KEEP_DAYS", default=180)
# Recordings of live trainings: never below MEDIA_ROOT, and large; with several workers a folder that all of them see.
RECORDINGS_ROOT = Path(env.str("RECORDINGS_ROOT", str(DATA / "recordings")))

# Backups: where to; how many of the nightly ones are kept (0: none are made); when; with recordings of trainings or not.
BACKUP_FOLDER = Path(env.str("BACKUP_FOLDER", str(DATA / "backups"))).resolve()
BACKUP_KEEP = env.int("BACKUP_KEEP", 7)
BACKUP_AT = env.str("BACKUP_AT", "02:30")
BACKUP_RECORDINGS = env.bool("BACKUP_RECORDINGS", False)

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="dummymail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10  # seconds; a mail server that does not answer must not hold up what runs in the background
# Modules that register further ways for reminders (短信, 企业微信): see mingfa.reminders.channels.
REMINDER_CHANNELS = env.list("REMINDER_CHANNELS", default=[])

# --- what a page may load -------------------------------------------------------------------------
# data: pictures are the small icons inside Bootstrap's style sheet.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        # What the player of a class puts together itself (MediaSource).
        "media-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    },
}
# Wagtail's admin still carries inline scripts and styles and shows previews in frames; only below /admin/.
ADMIN_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF, "data:"],
    "object-src": [NONE],
    "base-uri": [NONE],
    "frame-ancestors": [SELF],
    "form-action": [SELF],
}

# --- Wagtail --------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "明法"
WAGTAILADMIN_BASE_URL = (CSRF_TRUSTED_ORIGINS or ["http://localhost:8000"])[0]
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_I18N_ENABLED = False
WAGTAILADMIN_PERMITTED_LANGUAGES = [("zh-hans", "简体中文")]
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
# An embedded video would be a foreign host.
WAGTAILEMBEDS_FINDERS = []
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "pdf", "pptx", "txt", "xlsx", "zip"]

# --- logs: to standard error, numbers and identifiers only ----------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "ids": {
            "()": "mingfa.errors.IdsOnlyFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        },
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "ids"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "mingfa": {"level": "INFO"},
        # Every refused or failed request is logged once, with its number, by mingfa.errors; these would
        # repeat it with what the visitor sent.
        "django": {"handlers": [], "level": "WARNING"},
        "django.request": {"handlers": ["nowhere"], "propagate": False},
        "django.security": {"handlers": ["nowhere"], "propagate": False},
    },
}

# Folder of law texts in Markdown for the importer's full test and for offices that have them; unset in the product.
MINGFA_LAWS = env.str("MINGFA_LAWS", "")

# --- media of live trainings, all optional (docs/live-media.md) -----------------------------------------
# BigBlueButton: its address ending in /bigbluebutton, and its shared secret.
BBB_URL, BBB_SECRET = env.str("BBB_URL", ""), env.str("BBB_SECRET", "")
# Janus for two-way rooms: HTTP API on loopback, token_auth_secret, the VideoRoom's admin_key.
JANUS_API, JANUS_SECRET = env.str("JANUS_API", ""), env.str("JANUS_SECRET", "")
JANUS_ADMIN_KEY = env.str("JANUS_ADMIN_KEY", "")
# coturn: addresses as browsers want them (turns:host:443?transport=tcp), and its static-auth-secret.
TURN_URLS, TURN_SECRET = env.list("TURN_URLS", default=[]), env.str("TURN_SECRET", "")
