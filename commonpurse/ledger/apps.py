from typing import ClassVar

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "commonpurse.ledger"
    label = "ledger"

    app_functions: ClassVar[tuple[str, ...]] = ("ledger_post",)

    def ready(self) -> None:
        """Tell the export which files the ledger adds."""
        from commonpurse.ledger.export import files_register

        files_register()
