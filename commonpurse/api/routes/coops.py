"""Co-ops, their members, roles, invitations and groups."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from commonpurse.api.caller import Call, call_begin, caller_of
from commonpurse.api.once import writes
from commonpurse.api.paging import After, Limit, Page, page_of
from commonpurse.api.routes.drafts import begun
from commonpurse.api.schemas.base import Done
from commonpurse.api.schemas.drafts import CoopIn, CoopOut
from commonpurse.api.schemas.people import (
    Coop,
    CoopPage,
    Group,
    GroupIn,
    Invitation,
    InvitationIn,
    InvitationOut,
    JoinIn,
    Member,
    RoleIn,
    Standing,
)
from commonpurse.decisions.services import coop_begin
from commonpurse.errors import NotFound
from commonpurse.groups.selectors import (
    MemberView,
    coops_of_person,
    group_list,
    invitation_list_open,
    member_count,
    member_list,
)
from commonpurse.groups.services import (
    group_join,
    group_leave,
    group_make,
    invitation_make,
    invitation_revoke,
    member_join,
    member_leave,
    member_remove,
    role_end,
    role_grant,
)
from commonpurse.manual.clauses import Clause
from commonpurse.notices.services import invited_tell
from commonpurse.treasury.selectors import is_trustee

router = Router(tags=["co-ops"])


def standing_of(call: Call) -> dict[str, object] | None:
    """The caller's standing, as the page of the co-op shows it."""
    if call.standing is None:
        return None
    member = call.standing
    return {
        "member_id": member.member_id,
        "roles": sorted(member.roles),
        "is_trustee": is_trustee(coop_id=call.coop_id, member_id=member.member_id),
    }


@router.get("/coops", response=Page[Coop], summary="Your co-ops")
def coops(request: HttpRequest, after: After = None, limit: Limit = 50) -> dict[str, object]:
    """The co-ops that you belong to."""
    caller = caller_of(request)
    caller.need("read")
    return page_of(coops_of_person(caller.known.person_id), after, limit)


@router.post("/coops", response={201: CoopOut}, summary="Found a co-op alone")
@writes("manage", status=201)
def coop_new(request: HttpRequest, given: CoopIn) -> CoopOut:
    """Draft a co-op and open its founding vote at once, with you as its only founder.

    To found with others, begin a draft, invite them and open it.
    """
    caller = caller_of(request)
    clauses = tuple(Clause(each.key, each.title, each.text) for each in given.clauses)
    made = coop_begin(wish=given.wish(), clauses=clauses, actor=caller.actor, at=caller.at)
    return begun(made)


@router.get("/coops/{slug:slug}", response=CoopPage, summary="One co-op")
def coop(request: HttpRequest, slug: str) -> dict[str, object]:
    """A co-op, and your standing in it."""
    call = call_begin(request, slug)
    return Coop.from_orm(call.coop).model_dump() | {
        "members_count": member_count(coop_id=call.coop_id),
        "me": standing_of(call),
    }


@router.post("/coops/{slug:slug}/join", response=Standing, summary="Join by an invitation")
@writes("manage")
def coop_join(request: HttpRequest, slug: str, given: JoinIn) -> Standing:
    """Become a member by an invitation that you received."""
    call = call_begin(request, slug)
    member = member_join(
        coop_id=call.coop_id,
        person_id=call.caller.known.person_id,
        token=given.secret,
        actor=call.caller.actor,
        at=call.at,
    )
    return Standing(member_id=member.member_id, roles=sorted(member.roles), is_trustee=False)


@router.post("/coops/{slug:slug}/leave", response=Done, summary="Leave")
@writes("manage")
def coop_leave(request: HttpRequest, slug: str) -> Done:
    """Stop being a member."""
    call = call_begin(request, slug)
    member_leave(member=call.member, at=call.at)
    return Done()


@router.get("/coops/{slug:slug}/members", response=Page[Member], summary="Members")
def members(
    request: HttpRequest, slug: str, after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """Who belongs to the co-op, with their roles."""
    call = call_begin(request, slug)
    call.for_members()
    return page_of(member_list(coop_id=call.coop_id), after, limit)


def member_here(call: Call, member_id: UUID) -> MemberView:
    """A member of this co-op. Raises NotFound."""
    for each in member_list(coop_id=call.coop_id):
        if each.member_id == member_id:
            return each
    raise NotFound("no_member", "There is no such member in this co-op.")


@router.get("/coops/{slug:slug}/members/{member_id}", response=Member, summary="One member")
def member(request: HttpRequest, slug: str, member_id: UUID) -> object:
    """One member with their roles."""
    call = call_begin(request, slug)
    call.for_members()
    return member_here(call, member_id)


@router.delete("/coops/{slug:slug}/members/{member_id}", response=Done, summary="End a membership")
@writes("manage")
def member_drop(request: HttpRequest, slug: str, member_id: UUID) -> Done:
    """End somebody's membership. For coordinators."""
    call = call_begin(request, slug)
    member_remove(coop_id=call.coop_id, member_id=member_id, actor=call.coordinator, at=call.at)
    return Done()


@router.post("/coops/{slug:slug}/members/{member_id}/roles", response=Member, summary="Give a role")
@writes("manage")
def role_give(request: HttpRequest, slug: str, member_id: UUID, given: RoleIn) -> Member:
    """Give a role. For coordinators; trustees are made by decision."""
    call = call_begin(request, slug)
    role_grant(
        coop_id=call.coop_id,
        member_id=member_id,
        role=given.role,
        actor=call.coordinator,
        at=call.at,
    )
    return Member.from_orm(member_here(call, member_id))


@router.post(
    "/coops/{slug:slug}/members/{member_id}/roles/end", response=Member, summary="End a role"
)
@writes("manage")
def role_take(request: HttpRequest, slug: str, member_id: UUID, given: RoleIn) -> Member:
    """Take a role back. For coordinators."""
    call = call_begin(request, slug)
    role_end(
        coop_id=call.coop_id,
        member_id=member_id,
        role=given.role,
        actor=call.coordinator,
        at=call.at,
    )
    return Member.from_orm(member_here(call, member_id))


@router.get("/coops/{slug:slug}/invitations", response=Page[Invitation], summary="Open invitations")
def invitations(
    request: HttpRequest, slug: str, after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """Invitations that are open. For coordinators."""
    call = call_begin(request, slug)
    call.for_coordinators()
    found = invitation_list_open(coop_id=call.coop_id, at=call.at)
    return page_of(found, after, limit)


@router.post(
    "/coops/{slug:slug}/invitations", response={201: InvitationOut}, summary="Invite somebody"
)
@writes("manage", status=201)
def invitation_new(request: HttpRequest, slug: str, given: InvitationIn) -> InvitationOut:
    """Make an invitation. For coordinators; handing its link over is yours to do."""
    call = call_begin(request, slug)
    made = invitation_make(
        coordinator=call.coordinator,
        email=given.email,
        days=given.days,
        uses_max=given.uses_max,
        at=call.at,
    )
    invited_tell(made, coop=call.coop, by=call.coordinator, at=call.at)
    shown = Invitation.from_orm(made.invitation).model_dump()
    return InvitationOut(**shown, secret=made.token)


@router.delete(
    "/coops/{slug:slug}/invitations/{invitation_id}", response=Done, summary="Revoke an invitation"
)
@writes("manage")
def invitation_drop(request: HttpRequest, slug: str, invitation_id: UUID) -> Done:
    """Take an invitation back. For coordinators."""
    call = call_begin(request, slug)
    invitation_revoke(invitation_id=invitation_id, coordinator=call.coordinator, at=call.at)
    return Done()


@router.get("/coops/{slug:slug}/groups", response=Page[Group], summary="Groups")
def groups(
    request: HttpRequest, slug: str, after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """The co-op's groups that you may know of."""
    call = call_begin(request, slug)
    found = group_list(coop_id=call.coop_id, person_id=call.caller.person_id)
    return page_of(found, after, limit)


@router.post("/coops/{slug:slug}/groups", response={201: Group}, summary="Make a group")
@writes("manage", status=201)
def group_new(request: HttpRequest, slug: str, given: GroupIn) -> Group:
    """Make a group of the co-op, or of one of its groups."""
    call = call_begin(request, slug)
    made = group_make(
        member=call.member,
        name=given.name,
        slug=given.slug,
        visibility=given.visibility,
        parent_id=given.parent_id,
        at=call.at,
    )
    return Group.from_orm(made)


@router.post("/coops/{slug:slug}/groups/{group_id}/join", response=Group, summary="Join a group")
@writes("manage")
def group_enter(request: HttpRequest, slug: str, group_id: UUID) -> Group:
    """Join an open group."""
    call = call_begin(request, slug)
    return Group.from_orm(group_join(member=call.member, group_id=group_id, at=call.at))


@router.post("/coops/{slug:slug}/groups/{group_id}/leave", response=Group, summary="Leave a group")
@writes("manage")
def group_exit(request: HttpRequest, slug: str, group_id: UUID) -> Group:
    """Leave a group."""
    call = call_begin(request, slug)
    return Group.from_orm(group_leave(member=call.member, group_id=group_id, at=call.at))
