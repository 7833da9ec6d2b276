"""What founders type, checked piece by piece."""

from typing import Any

from django.utils.text import slugify

from commonpurse.errors import Invalid, NotFound, NotPossible, PurseError
from commonpurse.groups.names import SLUG_MAX, slug_checked
from commonpurse.groups.selectors import coop_by_slug
from commonpurse.manual.codec import changed, parameters_from_json, parameters_to_json
from commonpurse.manual.parameters import Parameters
from commonpurse.rules.texts import is_seen

SPONSOR_MAX = 100


def slug_free(slug: str) -> None:
    """Raise Invalid for what is no slug, NotPossible for one that another co-op has."""
    tidy = slug_checked(slug)
    try:
        coop_by_slug(tidy)
    except NotFound:
        return
    raise slug_taken(tidy)


def slug_taken(slug: str) -> NotPossible:
    """The refusal of a slug that another co-op has."""
    return NotPossible(
        "slug_taken",
        "Another co-op lives at %(slug)s. Choose another short name.",
        field="slug",
        slug=slug,
    )


def slug_suggested(name: str) -> str:
    """A free address from a name, numbered where the plain one is taken; empty where none is."""
    plain = slugify(name)[: SLUG_MAX - 2].strip("-")
    for tried in (plain, *(f"{plain}-{number}" for number in range(2, 10))):
        try:
            slug_free(tried)
        except PurseError:
            continue
        return tried
    return ""


def sponsor_clean(name: str) -> str:
    """One line that names who holds the money."""
    cleaned = " ".join(name.split())
    if not is_seen(cleaned) or len(cleaned) > SPONSOR_MAX:
        raise Invalid("sponsor_wrong", "Name who holds the money.", field="sponsor_name")
    return cleaned


def changed_from(parameters: Parameters, changes: dict[str, Any]) -> Parameters:
    """The template's parameters with what the founders changed; the currency is theirs too."""
    base = parameters_to_json(parameters)
    if "currency" in changes:
        base["currency"] = changes["currency"]
    return changed(parameters_from_json(base), changes)
