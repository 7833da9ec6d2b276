"""The identity provider by which people may sign in, as the environment names it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

PROVIDER_ID = "oidc"


def providers(environ: Mapping[str, str]) -> dict[str, Any]:
    """The sign-in library's setting: one OpenID Connect provider, or none."""
    url = environ.get("PURSE_OIDC_URL", "").rstrip("/")
    if not url:
        return {}
    app = {
        "provider_id": PROVIDER_ID,
        "name": environ.get("PURSE_OIDC_NAME", "") or urlsplit(url).hostname or url,
        "client_id": environ.get("PURSE_OIDC_CLIENT", ""),
        "secret": environ.get("PURSE_OIDC_SECRET", ""),
        "settings": {"server_url": url, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app]}}


def form_targets(environ: Mapping[str, str]) -> list[str]:
    """Origins besides our own to which a form may lead: a browser asks for redirects too."""
    url = urlsplit(environ.get("PURSE_OIDC_URL", ""))
    return [f"{url.scheme}://{url.netloc}"] if url.netloc else []
