from django.apps import AppConfig


class DiscussionConfig(AppConfig):
    name = "commonpurse.discussion"
    label = "discussion"

    def ready(self) -> None:
        """Forget what an erased person has read."""
        from commonpurse.discussion.erasure import marks_forget
        from commonpurse.groups.erasure import erasure_register

        erasure_register("discussion", marks_forget)
