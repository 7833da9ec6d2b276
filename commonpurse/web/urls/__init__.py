"""Every address of the pages. `config/urls.py` takes them in at the root."""

from django.urls import URLPattern, URLResolver, include, path

from commonpurse.web.urls import (
    coops,
    founding,
    notices,
    people,
    record,
    search,
    signing,
    sponsors,
    talk,
)

urlpatterns: list[URLPattern | URLResolver] = [
    *people.urlpatterns,
    *signing.urlpatterns,
    *founding.urlpatterns,
    *coops.urlpatterns,
    *notices.urlpatterns,
    *search.urlpatterns,
    *sponsors.urlpatterns,
    *talk.urlpatterns,
    *record.urlpatterns,
    path("c/<slug:slug>/", include("commonpurse.web.urls.treasury")),
]
