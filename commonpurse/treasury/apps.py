from django.apps import AppConfig


class TreasuryConfig(AppConfig):
    name = "commonpurse.treasury"
    label = "treasury"
