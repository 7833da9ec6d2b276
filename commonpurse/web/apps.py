from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "commonpurse.web"
    label = "web"
