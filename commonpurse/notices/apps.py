from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "commonpurse.notices"
    label = "notices"

    def ready(self) -> None:
        """Forget a person's mails and notices when they are erased."""
        from commonpurse.groups.erasure import erasure_register
        from commonpurse.notices.services import mails_and_notices_forget

        erasure_register("notices", mails_and_notices_forget)
