"""Addresses of the API. `config/urls.py` takes them in."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.decorators.csrf import csrf_exempt

from commonpurse.api.api import api
from commonpurse.api.problems import problem
from commonpurse.api.reference import reference
from commonpurse.say import say


@csrf_exempt
def nothing(request: HttpRequest) -> HttpResponse:
    """No such address, for programs."""
    del request
    return problem(404, "no_address", say("There is no such address in this API."))


urlpatterns: list[URLPattern | URLResolver] = [
    path("developers/", reference, name="api_reference"),
    path("api/v1/", api.urls),
    re_path(r"^api/.*$", nothing, name="api_nothing"),
]
