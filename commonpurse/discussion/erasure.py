"""What discussion forgets of an erased person: what they read and the signs they left.

What they said stays, by a "Former member": the others answered it, and decided because of it.
"""

from commonpurse.discussion.models import Reaction, ReadMark
from commonpurse.groups.erasure import Erased


def marks_forget(erased: Erased) -> None:
    """A step of `person_erase`, in its transaction."""
    for coop_id, member_id in erased.member_ids:
        ReadMark.objects.filter(coop_id=coop_id, member_id=member_id).delete()
        Reaction.objects.filter(coop_id=coop_id, member_id=member_id).delete()
