"""The pages, as a WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

from commonpurse.engine.parent import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonpurse.config.settings")
if os.environ.get("PURSE_WEB") == str(os.getppid()):
    die_with_parent(os.getppid())

application = get_wsgi_application()
