"""Settings of sign-in and mail: codes by e-mail, no passwords. Taken in by `settings`.

A code is eight letters, lives fifteen minutes and bears three tries; how often codes are asked for
and tried is counted in the database's cache table, so that all web processes share the count.
"""

import os

AUTH_APPS = ["allauth", "allauth.account"]

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
ACCOUNT_FORMS = {"signup": "commonpurse.web.signup.SignUpForm"}
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
}

EMAIL_BACKEND = "commonpurse.notices.backend.OutboxBackend"
DEFAULT_FROM_EMAIL = os.environ.get("PURSE_MAIL_FROM", "Commonpurse <no-reply@localhost>")
PURSE_SMTP_URL = os.environ.get("PURSE_SMTP_URL", "")
"""`smtp://name:secret@host:587` (STARTTLS) or `smtps://…:465`; empty: print to the terminal."""
