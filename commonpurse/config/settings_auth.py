"""Settings of sign-in and mail: codes by e-mail, passkeys, no passwords. Taken in by `settings`.

A code is eight letters, lives fifteen minutes and bears three tries; how often codes are asked for
and tried is counted in the database's cache table, so that all web processes share the count.
"""

import os
from typing import Any

from commonpurse.config.oidc import providers

AUTH_APPS = [
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]

SESSION_ENGINE = "commonpurse.groups.sessions"
SESSION_COOKIE_AGE = 30 * 24 * 60 * 60
SESSION_COOKIE_SAMESITE = "Lax"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "purse_cache",
    }
}

ACCOUNT_ADAPTER = "commonpurse.web.signin.PurseAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_SIGNUP_FORM_CLASS = "commonpurse.web.signin.NameForm"
ACCOUNT_FORMS = {
    "signup": "commonpurse.web.signup.SignUpForm",
    "request_login_code": "commonpurse.web.forms.second.AskForCodeForm",
}
ACCOUNT_EMAIL_VERIFICATION = "none"
"""Not a gap: nobody gets in without a code, at the first visit too, and the code verifies."""
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_REQUIRED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_TIMEOUT = 15 * 60
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 1
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "20/m/ip,5/10m/key",
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "20/m/ip",
    "prove": "30/m/ip,5/5m/user,30/d/user",
    "prove_send": "20/m/ip,5/10m/user",
    "passkey_begin": "30/m/ip",
    "provider_begin": "30/m/ip",
    "passkey_sign_in": "10/m/ip",
    "second_factor": "5/5m/user,30/d/user",
    "second_factor_start": "10/5m/user",
}
"""How often what may be guessed at may be tried. A `key` is an address in one kind of browser: one
that signed in with it before has a count of its own, so that a stranger locks nobody out."""

MFA_ADAPTER = "commonpurse.web.second.PurseMfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_FORMS = {"authenticate": "commonpurse.web.forms.second.SecondFactorForm"}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_REAUTHENTICATION_REQUIRED = False
"""Ours is stricter: `web/proving.py` asks for a proof of the last ten minutes."""

SOCIALACCOUNT_ADAPTER = "commonpurse.web.provider.PurseSocialAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = providers(os.environ)

EMAIL_BACKEND = "commonpurse.notices.backend.OutboxBackend"
DEFAULT_FROM_EMAIL = os.environ.get("PURSE_MAIL_FROM", "Commonpurse <no-reply@localhost>")
PURSE_SMTP_URL = os.environ.get("PURSE_SMTP_URL", "")
"""`smtp://name:secret@host:587` (STARTTLS) or `smtps://…:465`; empty: print to the terminal."""
