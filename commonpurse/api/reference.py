"""The page of the API for people: every operation, what it takes, and a way to try it."""

from dataclasses import dataclass
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from commonpurse.api.api import api

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value in an address, in a query or in a header."""

    name: str
    where: str
    is_needed: bool
    form: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One operation as the page shows it."""

    name: str
    method: str
    path: str
    summary: str
    text: str
    parameters: tuple[Parameter, ...]
    body: str
    is_upload: bool
    curl: str

    @property
    def is_read(self) -> bool:
        """Whether trying it changes nothing."""
        return self.method == "GET"

    @property
    def slots(self) -> tuple[Parameter, ...]:
        """What has to be filled into the address."""
        return tuple(each for each in self.parameters if each.where == "path")


@dataclass(frozen=True, slots=True)
class Room:
    """The operations of one room."""

    name: str
    operations: tuple[Shown, ...]


def reference(request: HttpRequest) -> HttpResponse:
    """Every operation by room, from the document itself."""
    document = dict(api.get_openapi_schema(path_prefix="/api/v1/"))
    return render(
        request,
        "api/reference.html",
        {"rooms": rooms(document, request.build_absolute_uri("/")[:-1])},
    )


reference.who = "anyone"  # type: ignore[attr-defined]


def rooms(document: dict[str, Any], base: str) -> tuple[Room, ...]:
    """The operations of a document, in its order, by their first tag."""
    found: dict[str, list[Shown]] = {}
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                operation = methods[method]
                shown = operation_shown(document, base, path, method, operation)
                found.setdefault(operation["tags"][0], []).append(shown)
    return tuple(Room(name, tuple(operations)) for name, operations in found.items())


def operation_shown(
    document: dict[str, Any], base: str, path: str, method: str, operation: dict[str, Any]
) -> Shown:
    """One operation, with an example of its body and a command that calls it."""
    content = operation.get("requestBody", {}).get("content", {})
    is_upload = "multipart/form-data" in content
    schema = content.get("application/json", {}).get("schema")
    body = example_of(document, schema) if schema else None
    text = orjson.dumps(body, option=orjson.OPT_INDENT_2).decode() if body is not None else ""
    return Shown(
        name=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        text=operation.get("description", ""),
        parameters=tuple(
            Parameter(
                name=each["name"],
                where=each["in"],
                is_needed=bool(each.get("required")),
                form=form_of(each["schema"]),
            )
            for each in operation.get("parameters", [])
        ),
        body=text,
        is_upload=is_upload,
        curl=curl_of(base, path, method, body, is_upload=is_upload),
    )


def curl_of(base: str, path: str, method: str, body: object, *, is_upload: bool) -> str:
    """The command that makes this call from a terminal."""
    lines = ["curl", '-H "Authorization: Bearer $PURSE_TOKEN"']
    if method != "get":
        lines += [f"-X {method.upper()}", "-H 'Idempotency-Key: choose-one'"]
    if is_upload:
        lines.append("-F file=@statement.xml")
    elif body is not None:
        lines += ["-H 'Content-Type: application/json'", f"-d '{orjson.dumps(body).decode()}'"]
    return " \\\n  ".join([*lines, f"{base}{path}"])


def form_of(schema: dict[str, Any]) -> str:
    """What a value looks like, in a word or two."""
    parts = schema.get("anyOf", [schema])
    words = [str(each.get("format") or each.get("type", "")) for each in flat(parts)]
    return " or ".join(dict.fromkeys(word for word in words if word and word != "null"))


def flat(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The alternatives of a value, however deep they stand."""
    found: list[dict[str, Any]] = []
    for part in parts:
        found += flat(part["anyOf"]) if "anyOf" in part else [part]
    return found


def example_of(document: dict[str, Any], schema: dict[str, Any]) -> object:
    """A value that fits a schema: its example where it gives one, else something plain."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return example_of(document, document["components"]["schemas"][name])
    for key in ("examples", "enum"):
        if schema.get(key):
            return schema[key][0]
    if "default" in schema:
        return schema["default"]
    if "anyOf" in schema:
        return example_of(document, schema["anyOf"][0])
    if schema.get("type") == "object":
        return {
            name: example_of(document, each)
            for name, each in schema.get("properties", {}).items()
            if name in schema.get("required", [])
        }
    if schema.get("type") == "array":
        return [example_of(document, schema.get("items", {}))]
    plain = {
        "uuid": "01a21a77-0000-7000-8000-000000000000",
        "date": "2026-12-01",
        "date-time": "2026-12-24T18:00:00Z",
    }
    by_type: dict[str, object] = {"integer": 1, "boolean": True, "number": 1}
    return plain.get(schema.get("format", "")) or by_type.get(schema.get("type", ""), "…")
