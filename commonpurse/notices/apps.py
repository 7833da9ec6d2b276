from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "commonpurse.notices"
    label = "notices"
