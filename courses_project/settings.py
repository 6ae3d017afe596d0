"""All settings, read from the environment. Local defaults are safe; in production a missing secret stops the start."""

import logging
from pathlib import Path
from typing import Any

import dj_database_url
import django_stubs_ext
import environ
import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from catalog.video_links import EMBED_HOSTS
from common.log_levels import as_warning
from common.storages import default_storage

django_stubs_ext.monkeypatch()  # Django's admin and sitemap classes take type parameters only after this

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

# --- Where we run -----------------------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
LOCAL_SECRET_KEY = "local-only-key-that-the-start-refuses-as-soon-as-debug-is-off"  # noqa: S105 - refused in production
SECRET_KEY = env.str("SECRET_KEY", default=LOCAL_SECRET_KEY)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=LOCAL_HOSTS)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])


def refuse_unsafe_start() -> None:
    """Stop the start rather than run with a setting that opens the door (RELIABILITY section 6, T98)."""
    if "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS must name the exact hosts; '*' is refused.")
    if DEBUG and set(ALLOWED_HOSTS) - set(LOCAL_HOSTS):
        raise ImproperlyConfigured("DEBUG is on but ALLOWED_HOSTS names a public host. Set DEBUG=False.")
    if not DEBUG and (SECRET_KEY == LOCAL_SECRET_KEY or len(SECRET_KEY) < 50):
        raise ImproperlyConfigured("Set SECRET_KEY to 50 or more random characters, or DEBUG=True on your own machine.")


refuse_unsafe_start()

# --- The site ---------------------------------------------------------------------------------------------------------
SITE_NAME = env.str("SITE_NAME", default="Coursebook")
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
SUPPORT_EMAIL = env.str("SUPPORT_EMAIL", default="help@example.com")
HERO_VIDEO_URL = env.str("HERO_VIDEO_URL", default="")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_q",
    "django_structlog",
    "common",
    "accounts",
    "catalog",
    "access",
    "progress",
    "api",
    "dashboard",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "common.middleware.private_by_default",
    "common.middleware.StorageMayBeAway",
    "dashboard.middleware.view_as",
    "accounts.middleware.viewer_time_zone",
]

ROOT_URLCONF = "courses_project.urls"
WSGI_APPLICATION = "courses_project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "common.context_processors.site",
                "access.context_processors.pricing",
            ],
            "builtins": ["common.templatetags.ui", "common.templatetags.remember", "django.templatetags.static"],
        },
    },
]

# --- Databases, caches, jobs ------------------------------------------------------------------------------------------
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASE_URL = env.str("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'var' / 'db.sqlite3'}")
SQLITE_OPTIONS: dict[str, Any] = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864;",
}
POSTGRESQL_OPTIONS: dict[str, Any] = {
    # Compiling a query (jit) takes a second or two where a report takes a fifth of one.
    "options": f"-c statement_timeout={env.int('STATEMENT_TIMEOUT_MS', default=15_000)} -c lock_timeout=3000"
    " -c idle_in_transaction_session_timeout=30000 -c jit=off",
}
# A statement sent for the fifth time on a connection is prepared: a tenth less CPU, but poolers must know of it.
if env.bool("PREPARED_STATEMENTS", default=True):
    POSTGRESQL_OPTIONS |= {"server_side_binding": True, "prepare_threshold": 5}
DATABASES: dict[str, Any] = {
    "default": dict(dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True))
}
IS_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
DATABASES["default"].setdefault("OPTIONS", {}).update(SQLITE_OPTIONS if IS_SQLITE else POSTGRESQL_OPTIONS)

REDIS_URL = env.str("REDIS_URL", default="")
LOCAL_CACHE = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
if REDIS_URL:
    SHARED_CACHE = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
elif DEBUG:
    SHARED_CACHE = {**LOCAL_CACHE, "LOCATION": "shared"}
else:
    SHARED_CACHE = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
# "default" is shared by all processes (limits need that); "pages" is this process's own memory (0 queries).
CACHES = {"default": SHARED_CACHE, "pages": {**LOCAL_CACHE, "LOCATION": "pages"}}
PUBLIC_PAGE_SECONDS = env.int("PUBLIC_PAGE_SECONDS", default=60)

# `retry` must exceed `timeout`, and `timeout` the longest job; a job that killed its worker comes back after `retry`.
Q_CLUSTER = {
    "name": "default",
    "orm": "default",
    "workers": env.int("WORKERS", default=2),
    "timeout": env.int("JOB_TIMEOUT", default=300),
    "retry": env.int("JOB_RETRY", default=360),
    "max_attempts": 0,
    "ack_failures": False,
    "catch_up": False,
    "save_limit": -1,  # common.Job remembers what succeeded; saving it twice would lock a thousand rows per job
    "cache": "pages",  # the cluster's heartbeat, twice a second, stays out of a cache that is a database table
    "label": "Jobs",
    "poll": 1,
    "log_level": "WARNING",
}

# --- Accounts ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my_dashboard"
LOGOUT_REDIRECT_URL = "home"
PASSWORD_RESET_TIMEOUT = 3600
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "accounts.forms.SignupForm",
    "add_email": "accounts.forms.AddEmailForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"  # an unconfirmed address never takes anything away (T-13)
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_CONFIRMATION_AUTHENTICATED_REDIRECT_URL = "account_email"
ACCOUNT_PREVENT_ENUMERATION = True  # docs/adr/0002-accounts-enumeration.md
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
SIGN_UPS_PER_HOUR = env.int("SIGN_UPS_PER_HOUR", default=10)
# Per account and address ("key"), per address ("ip"), or per user; several windows make the delay grow.
ACCOUNT_RATE_LIMITS = {
    "login": "20/m/ip,200/h/ip",
    "login_failed": "5/m/key,10/10m/key,20/h/key,20/m/ip",
    "login_account": "100/h/key",  # from all addresses together
    "reauthenticate": "5/m/user,20/h/user",
    "signup": f"{SIGN_UPS_PER_HOUR}/h/ip",
    "reset_password": "3/h/key,10/h/ip",
    "reset_password_from_key": "20/h/ip",
    "confirm_email": f"3/h/key,{max(10, SIGN_UPS_PER_HOUR)}/h/ip",
    "change_password": "5/m/user,20/h/user",
    "manage_email": "10/h/user",
}
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.CodeForm",
    "reauthenticate": "accounts.forms.CodeAgainForm",
    "activate_totp": "accounts.forms.ActivateTOTPForm",
    "add_webauthn": "accounts.forms.AddPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG  # http://localhost
USERSESSIONS_ADAPTER = "accounts.adapter.SessionsAdapter"
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)

# --- Language and time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
TIME_ZONE = env.str("TIME_ZONE", default="Europe/Paris")
USE_I18N = True
USE_TZ = True

# --- Files ------------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(BASE_DIR / "media")))
STORAGES: dict[str, dict[str, Any]] = {
    "default": default_storage(env),
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "common.static_files.StaticFiles"
        )
    },
}

# --- Security ---------------------------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not DEBUG)
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 0 if DEBUG else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEBUG
SECURE_HSTS_PRELOAD = not DEBUG
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"  # the default breaks YouTube and Wistia players
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 14 * 86_400
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
SESSION_COOKIE_NAME = "sid" if DEBUG else "__Host-sid"
CSRF_COOKIE_NAME = "csrf" if DEBUG else "__Host-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "common.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 5
MATERIAL_MAX_BYTES = 50 * 1024 * 1024  # pictures have a limit of their own, in catalog.uploads
MEDIA_HOSTS = env.list("MEDIA_HOSTS", default=[])
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, "https://www.youtube.com"],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "https:"],
        "font-src": [SELF],
        "connect-src": [SELF, *MEDIA_HOSTS],
        "media-src": [SELF, "blob:", "https:"],
        "worker-src": [SELF, "blob:"],
        "manifest-src": [SELF],
        "frame-src": sorted(EMBED_HOSTS),
        "form-action": [SELF, "https://checkout.stripe.com", "https://billing.stripe.com"],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, Any] = {
    "camera": [],
    "geolocation": [],
    "microphone": [],
    "usb": [],
    "payment": [],
    "autoplay": ["self", *sorted(EMBED_HOSTS)],
    "fullscreen": ["self", *sorted(EMBED_HOSTS)],
}

# --- Mail: queued by the backend below, sent by a job through MAIL_TRANSPORT -----------------------------------------
EMAIL_BACKEND = "common.mail.QueuedBackend"
MAIL_TRANSPORT = env.str(
    "MAIL_TRANSPORT",
    default="django.core.mail.backends.smtp.EmailBackend"
    if env.str("EMAIL_URL", default="")
    else "django.core.mail.backends.console.EmailBackend",
)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"{SITE_NAME} <{SUPPORT_EMAIL}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL", backend=EMAIL_BACKEND) | {"EMAIL_BACKEND": EMAIL_BACKEND})

# --- Logs -------------------------------------------------------------------------------------------------------------
LOG_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
]
LOG_RENDERER: Any = structlog.dev.ConsoleRenderer(colors=False) if DEBUG else structlog.processors.JSONRenderer()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": LOG_RENDERER,
            "foreign_pre_chain": LOG_PROCESSORS,
        }
    },
    "filters": {"as_warning": {"()": "django.utils.log.CallbackFilter", "callback": as_warning}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "loggers": {"django.security.DisallowedHost": {"filters": ["as_warning"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING" if DEBUG else "INFO")},
}
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *LOG_PROCESSORS,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
# One line per request is enough: the one that knows the answer.
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
SENTRY_DSN = env.str("SENTRY_DSN", default="")
if SENTRY_DSN:
    import sentry_sdk

    sentry_sdk.init(dsn=SENTRY_DSN, send_default_pii=False)
