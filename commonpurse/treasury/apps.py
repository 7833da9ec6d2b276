"""The treasury's place in the product: what leaves in an export, what goes on an erasure."""

from django.apps import AppConfig


class TreasuryConfig(AppConfig):
    """Registers the treasury's own export file and its step of an erasure."""

    name = "commonpurse.treasury"
    label = "treasury"

    def ready(self) -> None:
        """Rooms below know nothing of the treasury, so it introduces itself."""
        from commonpurse.decisions.effects import effect_check_register
        from commonpurse.groups.erasure import erasure_register
        from commonpurse.record.export import export_register
        from commonpurse.treasury.effects import cover_checked, spend_checked
        from commonpurse.treasury.erasure import bank_forget, payees_forget, staff_forget
        from commonpurse.treasury.selectors.dues import charges_write

        effect_check_register("spend", spend_checked)
        effect_check_register("cover", cover_checked)
        export_register("charges.jsonl", charges_write)
        erasure_register("treasury bank", bank_forget)
        erasure_register("treasury payees", payees_forget)
        erasure_register("treasury sponsors", staff_forget)
