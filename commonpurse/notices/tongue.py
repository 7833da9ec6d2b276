"""The language of a mail: that of whoever gets it."""

from django.utils.translation import get_language, override

from commonpurse.groups.selectors import person_by_email
from commonpurse.say import Said
from commonpurse.wording import in_words


def said_to(address: str, text: str) -> str:
    """Words for this address, in its person's language; a stranger's in the one spoken now."""
    if not isinstance(text, Said):
        return text
    known = person_by_email(address)
    with override((known.language if known else "") or get_language()):
        return in_words(text)
