"""Settings: read from the environment once, here and nowhere else."""

import os
from pathlib import Path

from commonpurse.config.database import databases

PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = os.environ.get("PURSE_SECRET_KEY", "development-only")
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]

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

DATABASES = databases()
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "groups.Person"
ROOT_URLCONF = "commonpurse.config.urls"
WSGI_APPLICATION = "commonpurse.config.wsgi.application"
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
STATIC_URL = "/static/"
