from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "commonpurse.api"
    label = "api"
