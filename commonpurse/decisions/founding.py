"""What founders type, checked piece by piece: a form names everything that is wrong at once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from commonpurse.errors import Invalid, NotFound, NotPossible, PurseError
from commonpurse.groups.names import name_checked, slug_checked
from commonpurse.groups.selectors import coop_by_slug
from commonpurse.manual.codec import changed, parameters_from_json, parameters_to_json
from commonpurse.manual.parameters import Parameters, check_for_members
from commonpurse.manual.templates import template

SPONSOR_MAX = 100


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed to found a co-op, as far as it could be read; None for what could not."""

    slug: str | None
    name: str | None
    sponsor_name: str | None
    template: str | None
    changes: dict[str, Any] | None
    founders_count: int | None


def founding_refusals(wish: Wish) -> list[PurseError]:
    """Everything that `coop_found` would refuse of this, each with its field."""
    checks: list[Callable[[], object]] = []
    if wish.name is not None:
        checks.append(lambda: name_checked(wish.name or ""))
    if wish.slug is not None:
        checks.append(lambda: slug_free(wish.slug or ""))
    if wish.sponsor_name is not None:
        checks.append(lambda: sponsor_clean(wish.sponsor_name or ""))
    if wish.template is not None and wish.changes is not None:
        checks.append(lambda: parameters_check(wish))
    refusals = []
    for check in checks:
        try:
            check()
        except PurseError as refusal:
            refusals.append(refusal)
    return refusals


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


def parameters_check(wish: Wish) -> None:
    """Raise Invalid when the changed parameters are wrong or do not suit so many members."""
    parameters = changed_from(template(wish.template or "").parameters, wish.changes or {})
    if wish.founders_count is not None:
        check_for_members(parameters, wish.founders_count)


def sponsor_clean(name: str) -> str:
    """One line that names who holds the money."""
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > SPONSOR_MAX:
        raise Invalid("sponsor_wrong", "Name who holds the money.", field="sponsor_name")
    return cleaned


def changed_from(parameters: Parameters, changes: dict[str, Any]) -> Parameters:
    """The template's parameters with what the founders changed; the currency is theirs too."""
    base = parameters_to_json(parameters)
    if "currency" in changes:
        base["currency"] = changes["currency"]
    return changed(parameters_from_json(base), changes)
