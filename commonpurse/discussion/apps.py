from django.apps import AppConfig


class DiscussionConfig(AppConfig):
    name = "commonpurse.discussion"
    label = "discussion"
