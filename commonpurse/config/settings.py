"""Settings: read from the environment once, here and nowhere else."""

import os
import secrets
from pathlib import Path

from commonpurse.config.database import databases
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

# --- sign-in and mail ---
INSTALLED_APPS += AUTH_APPS

# --- web ---
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
