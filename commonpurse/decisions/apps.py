from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "commonpurse.decisions"
    label = "decisions"
