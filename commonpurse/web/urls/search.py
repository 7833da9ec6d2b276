"""Search, everywhere and inside one co-op."""

from django.urls import URLPattern, path

from commonpurse.web.views import search

urlpatterns: list[URLPattern] = [
    path("search/", search.search, name="search"),
    path("c/<slug:slug>/search/", search.search_here, name="search_here"),
]
