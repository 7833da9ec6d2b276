"""Who acts for a sponsor: appointed by the installation's operator, then by one another."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from commonpurse.errors import NotAllowed, NotFound
from commonpurse.groups.services import person_ensure
from commonpurse.record.ids import PLATFORM_ID
from commonpurse.record.services import Actor, audit_add
from commonpurse.treasury.models import Sponsor, SponsorStaff
from commonpurse.treasury.sponsor_values import SponsorPerson, StaffView


@transaction.atomic
def sponsor_staff_appoint(
    *, sponsor_id: UUID, email: str, name: str, actor: SponsorPerson | Actor, at: datetime
) -> StaffView:
    """Let a person act for a sponsor; twice is once. Who has no account yet gets one.

    Raises NotFound `no_sponsor`, NotAllowed `not_staff` for somebody of another sponsor or of
    none any more, and Invalid `email`.
    """
    sponsor = sponsor_locked(sponsor_id, actor)
    who = actor.actor if isinstance(actor, SponsorPerson) else actor
    person = person_ensure(email=email, name=name, at=at, actor=who)
    row, is_new = SponsorStaff.objects.get_or_create(
        sponsor=sponsor, person_id=person.person_id, defaults={"since": at}
    )
    if is_new:
        audit_add(
            who,
            "sponsor_staff_appoint",
            coop_id=PLATFORM_ID,
            subject_id=sponsor_id,
            at=at,
            person_id=person.person_id,
        )
    return StaffView(
        staff_id=row.id, person_id=row.person_id, email=person.email or "", since=row.since
    )


@transaction.atomic
def sponsor_staff_end(
    *, sponsor_id: UUID, staff_id: UUID, actor: SponsorPerson | Actor, at: datetime
) -> None:
    """Let a person act for a sponsor no more: oneself, or a colleague.

    Raises NotFound `no_sponsor`, `no_staff`, NotAllowed `not_staff`.
    """
    sponsor = sponsor_locked(sponsor_id, actor)
    row = SponsorStaff.objects.filter(sponsor=sponsor, id=staff_id).first()
    if row is None:
        raise NotFound("no_staff", "There is no such person here.")
    person_id = row.person_id
    row.delete()
    audit_add(
        actor.actor if isinstance(actor, SponsorPerson) else actor,
        "sponsor_staff_end",
        coop_id=PLATFORM_ID,
        subject_id=sponsor_id,
        at=at,
        person_id=person_id,
    )


def sponsor_locked(sponsor_id: UUID, actor: SponsorPerson | Actor) -> Sponsor:
    """The sponsor, for its own people and for the operator. Its people change one at a time.

    Sponsors are append-only, so what is locked are the rows of its people.
    """
    sponsor = Sponsor.objects.filter(id=sponsor_id).first()
    if sponsor is None:
        raise NotFound("no_sponsor", "There is no such sponsor.")
    staff = SponsorStaff.objects.select_for_update().filter(sponsor=sponsor).order_by("id")
    known = set(staff.values_list("person_id", flat=True))
    if isinstance(actor, SponsorPerson):
        check_staff(actor, sponsor_id, known)
    return sponsor


def check_staff(actor: SponsorPerson, sponsor_id: UUID, known: set[UUID] | None = None) -> None:
    """Refuse whoever does not act for this sponsor today."""
    if known is None:
        rows = SponsorStaff.objects.filter(sponsor_id=sponsor_id)
        known = set(rows.values_list("person_id", flat=True))
    if actor.sponsor_id != sponsor_id or actor.person_id not in known:
        raise NotAllowed("not_staff", "Only the sponsor’s own people may do this.")
