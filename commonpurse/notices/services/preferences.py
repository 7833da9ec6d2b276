"""What reaches a person by mail: chosen on a page, or stopped from within a mail."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from commonpurse.errors import Invalid
from commonpurse.groups.selectors import coops_of_person, person_view
from commonpurse.notices.leave import leave_read
from commonpurse.notices.models import Preference
from commonpurse.notices.selectors.inbox import preference_list
from commonpurse.notices.values import POST_BORN, POSTS, Leave, PreferenceView
from commonpurse.record.ids import new_id
from commonpurse.record.services import Actor, audit_add

DIGEST = "digest"
"""What the link in a digest stops: every digest, in every co-op."""


@transaction.atomic
def preferences_set(
    *, person_id: UUID, coop_id: UUID, posts: Mapping[str, str], actor: Actor, at: datetime
) -> tuple[PreferenceView, ...]:
    """Choose for these kinds of notices of one co-op: at once, in the digest, or not by mail.

    Notices that were told before keep their way. Raises Invalid `kind_wrong`, `post_wrong`.
    """
    posts_keep(person_id, coop_id, posts)
    audit_add(
        actor, "preferences_set", coop_id=coop_id, subject_id=person_id, at=at, posts=dict(posts)
    )
    return preference_list(person_id=person_id, coop_id=coop_id)


@transaction.atomic
def mails_unsubscribe(*, token: str, at: datetime) -> Leave:
    """Stop what the link of a mail is for. Nobody need sign in: the token says who asks.

    Raises NotFound `no_leave` for a token that is none of ours.
    """
    leave = leave_read(token)
    person = person_view(leave.person_id)
    if leave.kind == DIGEST:
        for coop in coops_of_person(leave.person_id):
            known = preference_list(person_id=leave.person_id, coop_id=coop.coop_id)
            stopped = {each.kind: "none" for each in known if each.post == DIGEST}
            posts_keep(leave.person_id, coop.coop_id, stopped)
    else:
        posts_keep(leave.person_id, leave.coop_id, {leave.kind: "none"})
    audit_add(
        Actor(person_id=person.person_id, name=person.name),
        "mails_unsubscribe",
        coop_id=leave.coop_id,
        subject_id=leave.person_id,
        at=at,
        kind=leave.kind,
    )
    return leave


def posts_keep(person_id: UUID, coop_id: UUID, posts: Mapping[str, str]) -> None:
    """Write what was chosen, in one statement."""
    for kind, post in posts.items():
        if kind not in POST_BORN:
            raise Invalid(
                "kind_wrong", "There is no such kind of notice: %(kind)s.", field="kind", kind=kind
            )
        if post not in POSTS:
            raise Invalid(
                "post_wrong", "Choose one of %(posts)s.", field="post", posts=", ".join(POSTS)
            )
    Preference.objects.bulk_create(
        [
            Preference(id=new_id(), coop_id=coop_id, person_id=person_id, kind=kind, post=post)
            for kind, post in posts.items()
        ],
        update_conflicts=True,
        unique_fields=["coop_id", "person", "kind"],
        update_fields=["post"],
    )
