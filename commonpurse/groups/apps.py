from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "commonpurse.groups"
    label = "groups"
