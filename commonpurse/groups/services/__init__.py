"""Writes of people, co-ops, groups, members, roles and invitations."""

from commonpurse.groups.services.coops import coop_make
from commonpurse.groups.services.invitations import invitation_make, invitation_revoke
from commonpurse.groups.services.members import (
    member_add,
    member_join,
    member_leave,
    member_remove,
    members_add,
)
from commonpurse.groups.services.people import (
    person_ensure,
    person_erase,
    person_rename,
    person_sign_out_everywhere,
    person_speak,
)
from commonpurse.groups.services.roles import role_end, role_grant
from commonpurse.groups.services.subgroups import (
    group_join,
    group_leave,
    group_make,
    group_member_add,
)
from commonpurse.groups.services.tokens import SCOPES, token_make, token_revoke, token_seen
from commonpurse.groups.services.visits import visit_end
from commonpurse.groups.services.ways import (
    passkey_add,
    passkey_remove,
    passkey_rename,
    provider_link,
    provider_unlink,
    recovery_codes_renew,
    second_factor_end,
    second_factor_start,
    second_factor_use,
)

__all__ = [
    "SCOPES",
    "coop_make",
    "group_join",
    "group_leave",
    "group_make",
    "group_member_add",
    "invitation_make",
    "invitation_revoke",
    "member_add",
    "member_join",
    "member_leave",
    "member_remove",
    "members_add",
    "passkey_add",
    "passkey_remove",
    "passkey_rename",
    "person_ensure",
    "person_erase",
    "person_rename",
    "person_sign_out_everywhere",
    "person_speak",
    "provider_link",
    "provider_unlink",
    "recovery_codes_renew",
    "role_end",
    "role_grant",
    "second_factor_end",
    "second_factor_start",
    "second_factor_use",
    "token_make",
    "token_revoke",
    "token_seen",
    "visit_end",
]
