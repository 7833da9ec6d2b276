"""What decisions forget when a person is erased: their reasons, and their part in drafts."""

from commonpurse.decisions.models import (
    Ballot,
    BallotReason,
    Draft,
    DraftFounder,
    DraftInvitation,
    Suggestion,
    SuggestionComment,
)
from commonpurse.groups.erasure import Erased


def reasons_forget(erased: Erased) -> None:
    """Delete the person's reasons. Their ballots stay and count, under pseudonyms."""
    for coop_id, member_id in erased.member_ids:
        ballots = Ballot.objects.filter(coop_id=coop_id, voter_member_id=member_id)
        BallotReason.objects.filter(id__in=ballots.values("id")).delete()
    drafts_forget(erased)


def drafts_forget(erased: Erased) -> None:
    """Take the person out of every draft, with their comments and what waits of theirs.

    A draft goes on with the founder who has been there longest, or goes with its last one. What
    was accepted is the draft's by now and stays, by a "Former member".
    """
    SuggestionComment.objects.filter(person_id=erased.person_id).delete()
    Suggestion.objects.filter(person_id=erased.person_id, state=Suggestion.State.OPEN).delete()
    Suggestion.objects.filter(person_id=erased.person_id).update(why="")
    DraftFounder.objects.filter(person_id=erased.person_id).delete()
    DraftInvitation.objects.filter(invited_by_id=erased.person_id).delete()
    if erased.email is not None:
        DraftInvitation.objects.filter(email=erased.email).delete()
    for row in Draft.objects.select_for_update().filter(led_by_id=erased.person_id):
        following = row.founders.filter(left_at=None).order_by("joined_at", "id").first()
        if following is None:
            row.delete()
        else:
            row.led_by_id = following.person_id
            row.save(update_fields=["led_by"])
