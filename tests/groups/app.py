"""An app that shows codes, for tests of the second factor."""

from datetime import datetime

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def app_code(secret: str, at: datetime, *, later: int = 0) -> str:
    """What an app with this secret shows, so many steps of thirty seconds later."""
    step = int(at.timestamp()) // 30 + later
    return str(format_hotp_value(hotp_value(secret, step)))
