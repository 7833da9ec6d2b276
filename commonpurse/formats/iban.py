"""Account numbers: the international form (ISO 13616), checked before anything is sent to it."""

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from commonpurse.errors import Invalid


def iban_clean(text: str) -> str:
    """The account number in its compact form: capitals, no blanks.

    Raises Invalid when the country, the length or the two check digits do not fit.
    """
    try:
        return str(IBAN(text).compact)
    except SchwiftyException as refusal:
        raise Invalid(
            "iban",
            "“%(text)s” is not a valid IBAN. Compare it with the invoice and type it again.",
            field="iban",
            text=text.strip()[:42],
        ) from refusal


def iban_spaced(iban: str) -> str:
    """The account number in groups of four, as people read it."""
    compact = "".join(iban.split())
    return " ".join(compact[start : start + 4] for start in range(0, len(compact), 4))
