"""Text is sent packed. What is packed already (archives, workbooks) and what programs read is not.

A page that holds a secret beside words that a stranger chose could be guessed at by its packed
length: Django adds a random length to each answer and masks the form's token anew in each page.
"""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

PACKED = ("text/html", "text/css", "text/javascript", "image/svg+xml")


class PackingMiddleware(GZipMiddleware):
    """Packs pages, style sheets, scripts and drawings for browsers that take them so."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """The answer, packed where that makes it shorter."""
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        return super().process_response(request, response) if kind in PACKED else response
