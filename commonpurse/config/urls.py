"""Which address leads to which page."""

from django.urls import URLPattern, URLResolver, include, path

from commonpurse.config.health import healthz, readyz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("", include("commonpurse.api.urls")),
    path("", include("commonpurse.web.urls")),
]

handler400 = "commonpurse.web.views.errors.bad_request"
handler403 = "commonpurse.web.views.errors.not_allowed"
handler404 = "commonpurse.web.views.errors.not_found"
handler500 = "commonpurse.web.views.errors.broken"
