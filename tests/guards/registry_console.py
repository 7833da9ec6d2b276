"""Guards of the sponsor's console, the month-close and search: who sees, and who may."""

from tests.guards.guard import Guard

SPONSORS = "tests/treasury/test_sponsors.py::"
CONSOLE = "tests/web/test_sponsors.py::"
MONTHS = "tests/treasury/test_months.py::"
SEARCH = "tests/web/test_search.py::"
SWAPPED = CONSOLE + "test_another_sponsor_s_person_is_a_stranger_whichever_ids_they_swap"
STRANGERS = SEARCH + "test_visitors_and_strangers_find_what_is_public_and_no_word_of_what_is_not"
GONE = SEARCH + "test_discarded_comments_former_members_and_erased_people_are_gone"

CONSOLES: tuple[Guard, ...] = (
    Guard(
        name="sponsor: who acts for another sponsor is a stranger",
        file="commonpurse/treasury/selectors/sponsors.py",
        find='.filter(sponsor_id=sponsor_id).select_related("sponsor", "person")',
        replace='.select_related("sponsor", "person")',
        tests=(SWAPPED,),
    ),
    Guard(
        name="sponsor: a fund of another sponsor does not exist",
        file="commonpurse/treasury/selectors/sponsors.py",
        find="Fund.objects.filter(id=fund_id, sponsor_id=actor.sponsor_id)",
        replace="Fund.objects.filter(id=fund_id)",
        tests=(SWAPPED, SPONSORS + "test_another_sponsor_s_person_finds_nothing_here"),
    ),
    Guard(
        name="sponsor: orders of another sponsor's fund are not its business",
        file="commonpurse/treasury/services/orders.py",
        find="        return Fund.objects.filter(sponsor_id=actor.sponsor_id)\n",
        replace="        return Fund.objects.all()\n",
        tests=(SPONSORS + "test_another_sponsor_s_person_finds_nothing_here",),
    ),
    Guard(
        name="sponsor: an order is looked for in the fund of the address",
        file="commonpurse/treasury/selectors/orders.py",
        find="    if found.fund_id != fund_id:\n",
        replace="    if False:\n",
        tests=(SWAPPED,),
    ),
    Guard(
        name="sponsor: a payment file is looked for in the fund of the address",
        file="commonpurse/treasury/selectors/orders.py",
        find="OrderFile.objects.filter(id=file_id, fund_id=fund_id).exists()",
        replace="OrderFile.objects.filter(id=file_id).exists()",
        tests=(CONSOLE + "test_a_payment_file_that_exists_is_found_in_its_own_fund_alone",),
    ),
    Guard(
        name="sponsor: who acts no more does nothing more",
        file="commonpurse/treasury/services/sponsors.py",
        find="    if actor.sponsor_id != sponsor_id or actor.person_id not in known:\n",
        replace="    if False:\n",
        tests=(
            SPONSORS + "test_who_acts_no_more_does_nothing_more_with_what_they_still_hold",
            SPONSORS
            + "test_people_appoint_colleagues_of_their_own_sponsor_alone_and_twice_is_once",
        ),
    ),
    Guard(
        name="sponsor: the funds are its own",
        file="commonpurse/treasury/selectors/sponsors.py",
        find="    rows = Fund.objects.filter(sponsor_id=sponsor_id).select_related(",
        replace="    rows = Fund.objects.select_related(",
        tests=(SPONSORS + "test_another_sponsor_s_person_finds_nothing_here",),
    ),
    Guard(
        name="month: only a treasurer closes",
        file="commonpurse/treasury/services/months.py",
        find='    if not actor.has_role("treasurer"):\n',
        replace="    if False:\n",
        tests=(
            MONTHS + "test_only_the_co_op_s_treasurer_closes_and_names_the_month_by_its_first_day",
        ),
    ),
    Guard(
        name="month: what is missing keeps it open",
        file="commonpurse/treasury/services/months.py",
        find="    if found.missing:\n",
        replace="    if False:\n",
        tests=(MONTHS + "test_it_waits_for_what_nobody_has_explained",),
    ),
    Guard(
        name="month: closed once",
        file="commonpurse/treasury/services/months.py",
        find="    if found.closed is not None:\n",
        replace="    if False:\n",
        tests=(MONTHS + "test_a_month_with_everything_in_is_closed_once_and_by_whom_is_known",),
    ),
    Guard(
        name="search: threads are read in groups that the member may read",
        file="commonpurse/discussion/search.py",
        find=" AND t.group_id = ANY(%(group_ids)s)\nORDER BY t.opened_at",
        replace="\nORDER BY t.opened_at",
        tests=(SEARCH + "test_a_secret_co_op_and_a_secret_group_do_not_exist_for_others",),
    ),
    Guard(
        name="search: discarded comments are gone",
        file="commonpurse/discussion/search.py",
        find="WHERE c.discarded_at IS NULL\n",
        replace="WHERE true\n",
        tests=(GONE,),
    ),
    Guard(
        name="search: former members are gone",
        file="commonpurse/groups/selectors/search.py",
        find=(
            "  AND NOT EXISTS (\n"
            "    SELECT 1 FROM groups_departure d "
            "WHERE d.coop_id = m.coop_id AND d.membership_id = m.id\n"
            "  )\n"
        ),
        replace="",
        tests=(GONE,),
    ),
    Guard(
        name="search: members are found by members",
        file="commonpurse/groups/selectors/search.py",
        find='hits_ask("member", MEMBERS, words=words, coop_ids=scope.member_ids, given=given)',
        replace='hits_ask("member", MEMBERS, words=words, coop_ids=scope.coop_ids, given=given)',
        tests=(STRANGERS,),
    ),
    Guard(
        name="search: requests are found by members",
        file="commonpurse/treasury/selectors/search.py",
        find='("request", REQUESTS, scope.member_ids)',
        replace='("request", REQUESTS, scope.coop_ids)',
        tests=(STRANGERS,),
    ),
    Guard(
        name="search: a secret co-op is not among the public ones",
        file="commonpurse/groups/selectors/search.py",
        find="Group.objects.filter(parent=None, visibility=Visibility.OPEN)",
        replace="Group.objects.filter(parent=None)",
        tests=(SEARCH + "test_a_secret_co_op_and_a_secret_group_do_not_exist_for_others",),
    ),
    Guard(
        name="search: a begun word is quoted",
        file="commonpurse/record/fulltext.py",
        find=""".replace("\\\\", " ").replace("'", "''")""",
        replace="",
        tests=(SEARCH + "test_no_sign_is_a_command",),
    ),
    Guard(
        name="search: nobody searches without end",
        file="commonpurse/web/views/search.py",
        find="    if typed and is_too_often(visit):\n",
        replace="    if False:\n",
        tests=(SEARCH + "test_searching_too_often_is_told_so",),
    ),
)
