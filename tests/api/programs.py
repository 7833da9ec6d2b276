"""Programs that call the API for the people of `tests.web.scene`."""

from dataclasses import dataclass
from typing import Any

import orjson
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from commonpurse.groups.services import SCOPES, token_make
from commonpurse.record.selectors import database_now
from commonpurse.record.services import SYSTEM
from tests.web.scene import Scene

JSON = "application/json"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: Any
    raw: bytes


class Program:
    """Calls with one token, or with none."""

    def __init__(self, secret: str = "") -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Call an address below /api/v1; headers are given with underscores."""
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        if isinstance(body, bytes):  # A file to upload.
            kind = MULTIPART_CONTENT
            content = encode_multipart(BOUNDARY, {"file": SimpleUploadedFile("s.xml", body)})
        else:
            content, kind = b"" if body is None else orjson.dumps(body), JSON
        answer = self.client.generic(
            method, f"/api/v1{path}", content, content_type=kind, headers=sent
        )
        is_json = "json" in answer.headers.get("Content-Type", "") and answer.content
        return Answer(
            status=answer.status_code,
            headers=dict(answer.headers),
            body=orjson.loads(answer.content) if is_json else None,
            raw=answer.content,
        )

    def get(self, path: str, **headers: str) -> Answer:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: object = None, **headers: str) -> Answer:
        return self.call("POST", path, body, **headers)


def program(made: Scene, who: str, scopes: tuple[str, ...] = SCOPES) -> Program:
    """A program of one of the scene's people, or of nobody."""
    found = made.people[who]
    if found is None:
        return Program()
    token = token_make(
        person_id=found.person_id,
        name="Program",
        scopes=scopes,
        actor=SYSTEM,
        at=database_now(),
    )
    return Program(token.secret)
