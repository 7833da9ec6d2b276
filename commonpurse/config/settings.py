"""Settings: read from the environment once, here and nowhere else."""

import os
import secrets
from pathlib import Path
from typing import Any

from commonpurse.config.database import databases
from commonpurse.config.oidc import form_targets
from commonpurse.config.settings_auth import *  # noqa: F403
from commonpurse.config.settings_auth import AUTH_APPS
from commonpurse.engine.keys import key_read
from commonpurse.engine.surroundings import surroundings

PACKAGE = Path(__file__).resolve().parent.parent

SURROUNDINGS = surroundings(os.environ)

PURSE_DATA = SURROUNDINGS.data
"""The folder of everything that is not in the database: keys, the embedded cluster, logs."""

PURSE_DEMO = os.environ.get("PURSE_DEMO", "") == "1"
"""Personas to sign in as with one click. `purse demo` sets it; only on loopback."""

SECRET_KEY = (
    os.environ.get("PURSE_SECRET_KEY", "")
    or key_read(SURROUNDINGS.keys, "session")
    or secrets.token_urlsafe()
)
"""Signs sessions. `purse serve` draws it once; without it, every process draws its own."""

DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *os.environ.get("PURSE_HOSTS", "").split()]
CSRF_TRUSTED_ORIGINS = os.environ.get("PURSE_ORIGINS", "").split()
PURSE_URL = os.environ.get("PURSE_URL", "").rstrip("/") or f"http://localhost:{SURROUNDINGS.port}"
"""Where people find the pages: what a mail's links begin with."""

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "procrastinate.contrib.django",
    "commonpurse.record",
    "commonpurse.ledger",
    "commonpurse.groups",
    "commonpurse.notices",
    "commonpurse.manual",
    "commonpurse.discussion",
    "commonpurse.decisions",
    "commonpurse.treasury",
    "commonpurse.api",
    "commonpurse.web",
]

DATABASES = databases(SURROUNDINGS)
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "groups.Person"
ROOT_URLCONF = "commonpurse.config.urls"
WSGI_APPLICATION = "commonpurse.config.wsgi.application"
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
STATIC_URL = "/static/"

PROCRASTINATE_IMPORT_PATHS = ["commonpurse.config.jobs"]

PURSE_API_PER_MINUTE = int(os.environ.get("PURSE_API_PER_MINUTE", "600"))
"""How many calls a program may make a minute with one token."""
PURSE_API_ANONYMOUS_PER_MINUTE = int(os.environ.get("PURSE_API_ANONYMOUS_PER_MINUTE", "120"))
"""How many calls an address may make a minute without a token."""
PURSE_SEARCHES_PER_MINUTE = int(os.environ.get("PURSE_SEARCHES_PER_MINUTE", "60"))
"""How often a person, or an address without one, may search a minute on the pages."""

PURSE_WEBHOOKS_LOCAL = PURSE_DEMO or os.environ.get("PURSE_WEBHOOKS_LOCAL", "") == "1"
"""Whether webhooks may call this very machine, and without TLS: for trying them out."""

# --- sign-in and mail ---
INSTALLED_APPS += AUTH_APPS

# --- web ---
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "commonpurse.web.packing.PackingMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "commonpurse.web.language.LanguageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "commonpurse.api.middleware.ApiMiddleware",
    "commonpurse.web.middleware.RefusalMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "commonpurse.web.context.shell",
            ],
        },
    }
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("ar", "العربية")]
"""Each language by its own name: whoever looks for it reads it."""
LANGUAGE_COOKIE_NAME = "purse_language"
LOCALE_PATHS = [PACKAGE / "web" / "locale"]

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
"""Static files are served from where they lie: nothing has to be collected before the start."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["terminal"], "level": "WARNING"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
    },
}
"""Faults of ours are written to the terminal of whoever runs the product; refusals are answers."""

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "landing"
ACCOUNT_LOGOUT_REDIRECT_URL = "landing"
CSRF_FAILURE_VIEW = "commonpurse.web.views.errors.forged"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'", *form_targets(os.environ)],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["'none'"],
    }
}

PURSE_PERSONAS: tuple[Any, ...] = ()
"""Whom one may become in the demo with one click; `purse demo` names them."""
if PURSE_DEMO:
    from commonpurse.config.demo.people import PERSONAS

    PURSE_PERSONAS = PERSONAS

PURSE_DEMO_SLUG = "demo"
"""The address of the demo's co-op."""
