"""Write the API's document, from which a client is generated.

    python -m commonpurse.api.document > openapi.json

It needs no database: the document follows from the code alone.
"""

import os
import sys

import django
import orjson


def document() -> bytes:
    """The OpenAPI document as JSON."""
    from commonpurse.api.api import api

    made = dict(api.get_openapi_schema(path_prefix="/api/v1/"))
    return orjson.dumps(made, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonpurse.config.settings")
    django.setup()
    sys.stdout.buffer.write(document() + b"\n")
