"""A mail to somebody whose ways in have changed: if it was not they, they learn of it."""

from allauth.account.adapter import get_adapter

from commonpurse.web.visit import Visit


def notify(visit: Visit, what: str) -> None:
    """Mail the visitor what was changed, in the transaction that changed it."""
    context = {"request": visit.request, "name": visit.signed_in.name}
    get_adapter().send_mail(f"account/email/{what}", visit.signed_in.email, context)
