from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "commonpurse.ledger"
    label = "ledger"
