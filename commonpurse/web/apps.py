from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class WebConfig(AppConfig):
    name = "commonpurse.web"
    label = "web"

    def ready(self) -> None:
        """Remember of each visit what its owner may know it by."""
        from commonpurse.web.seen import visit_note

        user_logged_in.connect(visit_note, dispatch_uid="visit_note")
