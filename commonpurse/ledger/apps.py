from typing import ClassVar

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "commonpurse.ledger"
    label = "ledger"

    app_functions: ClassVar[tuple[str, ...]] = ("ledger_post",)
