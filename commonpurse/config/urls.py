"""Which address leads to which page."""

from django.urls import URLPattern, URLResolver, path

from commonpurse.config.health import healthz, readyz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]
