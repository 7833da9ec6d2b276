"""Guards of co-ops, members, the manual and what is known of whom."""

from tests.guards.guard import Guard

COOP: tuple[Guard, ...] = (
    Guard(
        name="one open membership",
        file="commonpurse/groups/migrations/0002_membership_guard.sql",
        find="WHERE d.id IS NULL",
        replace="WHERE d.id IS NULL AND false",
        tests=("tests/groups/test_members.py",),
    ),
    Guard(
        name="an invitation is for its address",
        file="commonpurse/groups/services/members.py",
        find="if invitation.email is not None and invitation.email != person.email:",
        replace="if False:",
        tests=("tests/groups/test_members.py",),
    ),
    Guard(
        name="an invitation is used up",
        file="commonpurse/groups/services/members.py",
        find="if invitation.uses.count() >= invitation.uses_max:",
        replace="if False:",
        tests=("tests/groups/test_members.py",),
    ),
    Guard(
        name="coordinators only",
        file="commonpurse/groups/services/members.py",
        find="if actor.coop_id != coop_id or present is None or not present.may_coordinate:",
        replace="if False:",
        tests=("tests/groups/test_members.py",),
    ),
    Guard(
        name="trustees are made by decision",
        file="commonpurse/groups/services/roles.py",
        find='if role == "trustee":',
        replace="if False:",
        tests=("tests/groups/test_members.py",),
    ),
    Guard(
        name="the last coordinator stays",
        file="commonpurse/groups/services/standing.py",
        find="if coordinators != {member_id}:",
        replace="if True:",
        tests=(
            "tests/groups/test_members.py",
            "tests/groups/test_erasure.py",
        ),
    ),
    Guard(
        name="a secret co-op is unknown",
        file="commonpurse/groups/selectors/coops.py",
        find="if may_know_coop(coop, member):",
        replace="if True:",
        tests=("tests/groups/test_access.py",),
    ),
    Guard(
        name="a secret group is unknown",
        file="commonpurse/groups/selectors/coops.py",
        find=" if may_know_group(seen.group.group_id, tree))",
        replace=")",
        tests=("tests/groups/test_access.py",),
    ),
    Guard(
        name="the erasable key goes",
        file="commonpurse/groups/services/people.py",
        find="    key_erase(row.id)\n",
        replace="",
        tests=("tests/groups/test_erasure.py",),
    ),
    Guard(
        name="visits end with the person",
        file="commonpurse/groups/services/people.py",
        find="    PersonSession.objects.filter(person_id=row.id).delete()\n",
        replace="",
        tests=("tests/groups/test_erasure.py",),
    ),
    Guard(
        name="every room forgets",
        file="commonpurse/groups/services/people.py",
        find="        step(erased)\n",
        replace="        pass\n",
        tests=("tests/groups/test_erasure.py",),
    ),
    Guard(
        name="seats exceed approvals",
        file="commonpurse/manual/parameters.py",
        find="if given.trustees_seats <= given.approvals_needed:",
        replace="if False:",
        tests=("tests/manual/test_parameters.py",),
    ),
    Guard(
        name="who is known stays unsaid",
        file="commonpurse/web/signup.py",
        find="person_by_email(value) is not None",
        replace="False",
        tests=("tests/groups/test_sign_in.py",),
    ),
    Guard(
        name="role: the last coordinator's, alone too",
        file="commonpurse/groups/services/roles.py",
        find="        check_not_last_coordinator(coop_id, member_id, others_min=0)\n",
        replace="        check_not_last_coordinator(coop_id, member_id)\n",
        tests=(
            (
                "tests/groups/test_members.py::test_a_coordinator_who_is_alone_stays_one_and_may_leave"
            ),
        ),
    ),
)
