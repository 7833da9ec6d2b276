"""Forms: what a person typed, read into finished values, with a sentence where it cannot stand."""

from commonpurse.web.forms.base import MoneyField, PurseForm

__all__ = ["MoneyField", "PurseForm"]
