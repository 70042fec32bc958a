"""Settings: everything a place may choose comes from BIHUAN_* environment variables; the rest is fixed here."""

import datetime as dt
import importlib.util
import os
import secrets
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.utils.translation import gettext_lazy as _

import bihuan
from config import logs

MODE = os.environ.get("BIHUAN_MODE", "production")
"""production | demo | test. Demo and test mode alone allow a simulated clock and demonstration accounts."""

DEBUG = False
logs.configure()
LOGGING = logs.LOGGING
PROCRASTINATE_WORKER_DEFAULTS = {"worker_middleware": [logs.during_job]}
DATA_DIR = Path(os.environ.get("BIHUAN_DATA") or Path.home() / ".local" / "share" / "bihuan")


def _secret_key() -> str:
    """The key of the environment, or one made once and kept private in the data folder."""
    if key := os.environ.get("BIHUAN_SECRET_KEY"):
        return key
    if MODE == "test":
        return "test-only-key-that-protects-nothing-" + "0" * 20
    path = DATA_DIR / "secret-key"
    try:
        return path.read_text()
    except FileNotFoundError:
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        key = secrets.token_urlsafe(50)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(key)
            return key
        except FileExistsError:
            return path.read_text()


def _database(url: str) -> dict[str, Any]:
    """Turn postgresql://user:password@host:port/name?option=value into Django's form (socket folder as ?host=)."""
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "bihuan",
        "USER": unquote(parts.username or query.pop("user", "")),
        "PASSWORD": unquote(parts.password or query.pop("password", "")),
        "HOST": query.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": query.pop("port", "") or str(parts.port or ""),
        "OPTIONS": {
            **query,
            # The server keeps the plans of hot statements. 0 for poolers that share sessions (pgbouncer before 1.21).
            "prepare_threshold": None if os.environ.get("BIHUAN_PREPARE") == "0" else 5,
            "pool": {"min_size": 1, "max_size": int(os.environ.get("BIHUAN_POOL", "8")), "timeout": 10},
        },
        "TEST": {"TEMPLATE": "template0"},
    }


SECRET_KEY = _secret_key()
DATABASES = {"default": _database(os.environ.get("BIHUAN_DATABASE_URL", "postgresql:///bihuan"))}
if MODE == "test":
    DATABASES["default"]["OPTIONS"].pop("pool")
ALLOWED_HOSTS = [
    host for host in os.environ.get("BIHUAN_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",") if host
]
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("BIHUAN_ORIGINS", "").split(",") if origin]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "procrastinate.contrib.django",
    # Before allauth, so that its pages come in our templates.
    "bihuan.foundation.accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "bihuan.foundation.kernel",
    "bihuan.foundation.directory",
    "bihuan.foundation.ledger",
    "bihuan.foundation.workcalendar",
    "bihuan.foundation.rulebooks",
    "bihuan.foundation.notifications",
    "bihuan.foundation.documents",
    "bihuan.foundation.ui",
    "bihuan.casework.deadlines",
    "bihuan.casework.cases",
    "bihuan.casework.registers",
    "bihuan.mechanisms.intake",
    "bihuan.mechanisms.dispatch",
    "bihuan.mechanisms.conference",
    "bihuan.mechanisms.oversight",
    "bihuan.mechanisms.instruments",
    "bihuan.mechanisms.findings",
    "bihuan.mechanisms.projects",
    "bihuan.mechanisms.mandates",
    "bihuan.mechanisms.conduct",
    "bihuan.mechanisms.frequent",
    "bihuan.mechanisms.handovers",
    "bihuan.mechanisms.evaluation",
    "bihuan.mechanisms.refusals",
    "bihuan.mechanisms.retrospectives",
    "bihuan.mechanisms.vault",
    "bihuan.mechanisms.accountability",
    "bihuan.mechanisms.tracking",
    "bihuan.mechanisms.escalation",
    "bihuan.mechanisms.outreach",
    "bihuan.mechanisms.questionnaires",
    "bihuan.mechanisms.policies",
    "bihuan.mechanisms.inspections",
    "bihuan.analytics.openness",
    "bihuan.analytics.cockpit",
    "bihuan.analytics.scoreboard",
    "bihuan.delivery.rest",
    "bihuan.delivery.portal",
    "bihuan.delivery.administration",
]
if MODE == "test" and importlib.util.find_spec("django_linear_migrations"):
    # For developers: makemigrations then keeps max_migration.txt, so that two branches cannot both add a migration.
    INSTALLED_APPS.append("django_linear_migrations")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "bihuan.foundation.accounts.middleware.session_guard",
    "axes.middleware.AxesMiddleware",
    "bihuan.delivery.portal.door.Door",
]

API_MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
"""What programs without a session go through instead (`bihuan.delivery.rest.lean`)."""
PUBLIC_INTAKE_PER_HOUR = int(os.environ.get("BIHUAN_PUBLIC_INTAKE", "30" if MODE == "production" else "10000"))
"""How many matters one address may raise in an hour without logging in."""
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
"""The form of a whole rulebook has more than a thousand fields."""

ROOT_URLCONF = "bihuan.delivery.portal.urls"
FORM_RENDERER = "bihuan.foundation.ui.forms.Renderer"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bihuan.foundation.ui.context.frame",
            ],
        },
    }
]

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if MODE == "test"
    else ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "bihuan.foundation.accounts.validators.MixedPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

SECOND_FACTOR_REQUIRED = os.environ.get("BIHUAN_MFA", "1" if MODE == "production" else "0") == "1"
"""Whether administrators and discipline officers must use a second factor."""
SESSION_IDLE = dt.timedelta(minutes=int(os.environ.get("BIHUAN_IDLE_MINUTES", "30")))
"""After how long without a request a session ends."""
PROXIES = int(os.environ.get("BIHUAN_PROXIES", "0"))
"""How many proxies of ours stand before the product and add to X-Forwarded-For."""

ACCOUNT_ADAPTER = "bihuan.foundation.accounts.login.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# A whole town hall may share one address; wrong passwords and codes are counted by axes, in the database.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "300/m/ip,60/5m/key"}
MFA_ADAPTER = "bihuan.foundation.accounts.login.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "bihuan.foundation.accounts.forms.SecondFactorForm",
    "reauthenticate": "bihuan.foundation.accounts.forms.SecondFactorAgainForm",
}
MFA_TOTP_ISSUER = "Bihuan"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = dt.timedelta(minutes=30)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "login", "code"]
AXES_USERNAME_CALLABLE = "bihuan.foundation.accounts.login.username_of"
AXES_CLIENT_IP_CALLABLE = "bihuan.foundation.accounts.login.counted_ip"
AXES_LOCKOUT_CALLABLE = "bihuan.foundation.accounts.login.locked_out"


def _notifications() -> dict[str, Any]:
    """Channels outside the house (`notifications.channels.Configuration`), from the TOML file BIHUAN_NOTIFICATIONS."""
    path = os.environ.get("BIHUAN_NOTIFICATIONS")
    return tomllib.loads(Path(path).read_text(encoding="utf-8")) if path else {}


NOTIFICATIONS = _notifications()
EMAIL_HOST = os.environ.get("BIHUAN_SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("BIHUAN_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("BIHUAN_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("BIHUAN_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("BIHUAN_SMTP_TLS", "") == "1"
EMAIL_TIMEOUT = 20

# Tests read the source language, whatever the catalogue says today.
LANGUAGE_CODE = "en" if MODE == "test" else "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
FORMAT_MODULE_PATH = "bihuan.foundation.ui.formats"
LOCALE_PATHS = [Path(bihuan.__file__).parent / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
if MODE != "test":
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEST_RUNNER = "django.test.runner.DiscoverRunner"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("BIHUAN_HTTPS", "") == "1"
SESSION_COOKIE_AGE = 8 * 3600
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    }
}
