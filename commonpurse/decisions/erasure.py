"""What decisions forget when a person is erased: the reasons they gave, never their ballots."""

from commonpurse.decisions.models import Ballot, BallotReason
from commonpurse.groups.erasure import Erased


def reasons_forget(erased: Erased) -> None:
    """Delete the person's reasons. Their ballots stay and count, under pseudonyms."""
    for coop_id, member_id in erased.member_ids:
        ballots = Ballot.objects.filter(coop_id=coop_id, voter_member_id=member_id)
        BallotReason.objects.filter(id__in=ballots.values("id")).delete()
