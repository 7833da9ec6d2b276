"""A small identity provider on this machine: real HTTP, real keys, and lies on demand."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "purse", "a secret between the two"
KEY = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
OK, MOVED, WRONG = 200, 302, 400


@dataclass
class Provider:
    """What it says of the person who comes, and how it lies."""

    url: str = ""
    profile: dict[str, Any] = field(default_factory=dict)
    """The claims of the profile; `sub` says who it is."""
    token: dict[str, Any] = field(default_factory=dict)
    """What the ID token says otherwise than it should."""
    key: Any = KEY
    algorithm: str = "RS256"
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    """What a client did wrong."""

    def id_token(self) -> str:
        """An ID token for the person who comes."""
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": self.profile["sub"],
            "iat": now,
            "exp": now + 300,
        }
        told = {name: value for name, value in (claims | self.token).items() if value is not None}
        return jwt.encode(told, self.key, algorithm=self.algorithm, headers={"kid": "1"})

    def configuration(self) -> dict[str, Any]:
        """What a client must know."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def keys(self) -> dict[str, Any]:
        """The published halves of its keys."""
        public = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
        return {"keys": [public | {"kid": "1", "alg": "RS256", "use": "sig"}]}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes on to, with a code for the client."""
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        return f"{asked['redirect_uri']}?{back}"

    def exchange(self, sent: dict[str, str]) -> dict[str, Any] | None:
        """The tokens for a code, once, to who asked for it."""
        asked = self.codes.pop(sent.get("code", ""), None)
        challenge = sha256(sent.get("code_verifier", "").encode()).digest()
        checks = {
            "code": asked is not None,
            "secret": (sent.get("client_id"), sent.get("client_secret")) == (CLIENT, SECRET),
            "pkce": asked is not None
            and asked.get("code_challenge")
            == base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
        }
        self.faults += [name for name, holds in checks.items() if not holds]
        if not all(checks.values()):
            return None
        return {"access_token": "opens-the-profile", "id_token": self.id_token()}


class Handler(BaseHTTPRequestHandler):
    """Its pages."""

    provider: Provider

    def log_message(self, *args: object) -> None:
        del args

    def tell(self, body: object, status: int = OK) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(url.query).items()}
            self.send_response(MOVED)
            self.send_header("Location", self.provider.authorize(asked))
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        told = {
            "/.well-known/openid-configuration": self.provider.configuration,
            "/keys": self.provider.keys,
            "/userinfo": lambda: self.provider.profile,
        }
        self.tell(told[url.path]())

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        sent = parse_qs(self.rfile.read(length).decode())
        found = self.provider.exchange({name: values[0] for name, values in sent.items()})
        self.tell(found or {"error": "invalid_grant"}, OK if found else WRONG)


@contextmanager
def provider_running() -> Iterator[Provider]:
    """A provider on a free port of this machine."""
    made = Provider()
    handler = type("Here", (Handler,), {"provider": made})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
