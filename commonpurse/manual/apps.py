from django.apps import AppConfig


class ManualConfig(AppConfig):
    name = "commonpurse.manual"
    label = "manual"
