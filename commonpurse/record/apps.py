from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "commonpurse.record"
    label = "record"
