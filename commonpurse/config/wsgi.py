"""The pages, as a WSGI application."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application

from commonpurse.engine.parent import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonpurse.config.settings")
if os.environ.get("PURSE_WEB") == str(os.getppid()):
    die_with_parent(os.getppid())


def application_ready() -> WSGIHandler:
    """The application with every page read in, and all that put where no collector looks.

    A quarter of a million objects live as long as the process. Python's collector would walk them
    all again and again, and somebody's page would wait for it.
    """
    made = get_wsgi_application()
    import_module(settings.ROOT_URLCONF)
    gc.collect()
    gc.freeze()
    return made


application = application_ready()
