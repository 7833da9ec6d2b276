"""The room of decisions introduces itself to the rooms below."""

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    """Registers what goes when a person is erased."""

    name = "commonpurse.decisions"
    label = "decisions"

    def ready(self) -> None:
        """The reasons that somebody gave are private words: they go with the person."""
        from commonpurse.decisions.erasure import reasons_forget
        from commonpurse.groups.erasure import erasure_register

        erasure_register("decisions", reasons_forget)
