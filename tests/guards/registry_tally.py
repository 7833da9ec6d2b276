"""Guards of counting: what files say, which cent goes where, who wins a tie."""

from tests.guards.guard import Guard

PABULIB_BAD = "tests/formats/test_pabulib.py::test_nonsense_is_refused_with_its_line"
BALLOTS_BAD = "tests/formats/test_ballots.py::test_nonsense_is_refused_with_its_line"
POOLS = "tests/rules/test_pools.py"
PROJECTS_SLOW = "tests/rules/test_projects.py::test_the_fast_rules_agree_with_the_slow_ones"

TALLY: tuple[Guard, ...] = (
    Guard(
        name="recount: nobody votes twice in a .pb file",
        file="commonpurse/formats/pabulib.py",
        find="    if voter in at.voters:\n",
        replace="    if False:\n",
        tests=(PABULIB_BAD,),
    ),
    Guard(
        name="recount: no project twice in a ballot",
        file="commonpurse/formats/pabulib.py",
        find="    if len(set(ballot)) != len(ballot):\n",
        replace="    if False:\n",
        tests=(PABULIB_BAD,),
    ),
    Guard(
        name="recount: a .pb file that was cut off",
        file="commonpurse/formats/pabulib.py",
        find="        if said.isascii() and said.isdigit() and int(said[:30]) != count:\n",
        replace="        if False:\n",
        tests=(PABULIB_BAD,),
    ),
    Guard(
        name="recount: no budget and no cost of nothing",
        file="commonpurse/formats/pabulib.py",
        find="    if not 0 < amount <= MONEY_MAX:\n",
        replace="    if False:\n",
        tests=(PABULIB_BAD,),
    ),
    Guard(
        name="recount: no points below zero approve",
        file="commonpurse/formats/pabulib.py",
        find='        if amount and not stripped.startswith("-"):\n',
        replace="        if amount:\n",
        tests=("tests/formats/test_pabulib.py::test_every_kind_of_vote_approves",),
    ),
    Guard(
        name="recount: no line without an end",
        file="commonpurse/formats/lines.py",
        find="        if len(raw) > LINE_BYTES_MAX:\n",
        replace="        if False:\n",
        tests=(PABULIB_BAD,),
    ),
    Guard(
        name="recount: a channel once for each voter",
        file="commonpurse/formats/ballots.py",
        find="        if channel in named:\n",
        replace="        if False:\n",
        tests=(BALLOTS_BAD,),
    ),
    Guard(
        name="recount: no ballot of more than the whole",
        file="commonpurse/rules/pools/ballots.py",
        find="        if value > grid:\n",
        replace="        if False:\n",
        tests=(POOLS + "::test_a_ballot_of_more_than_the_whole_or_of_two_ages_is_refused",),
    ),
    Guard(
        name="recount: no parameter that a rule does not have",
        file="commonpurse/rules/pools/rules.py",
        find="        if name not in PARAMETERS[rule]:\n",
        replace="        if False:\n",
        tests=(POOLS + "::test_parameters_that_cannot_be_are_refused",),
    ),
    Guard(
        name="recount: missing cents by the largest remainder",
        file="commonpurse/rules/pools/remainder.py",
        find="key=lambda at: (-amounts[at][1], at))\n",
        replace="key=lambda at: at)\n",
        tests=(POOLS + "::test_missing_cents_go_to_the_largest_remainder_then_by_byte_order",),
    ),
    Guard(
        name="recount: a stretch that is unsure answers for nothing",
        file="commonpurse/rules/projects/equal_shares.py",
        find="        if first != last:\n            return None\n",
        replace="        if first != last:\n            break\n",
        tests=(PROJECTS_SLOW,),
    ),
    Guard(
        name="recount: near bids are compared exactly",
        file="commonpurse/rules/pools/votermedia.py",
        find="        if near_one < near_other * NEAR or near_other < near_one * NEAR:\n",
        replace="        if near_one != near_other:\n",
        tests=("tests/rules/test_contests.py::test_bids_that_floats_cannot_tell_apart_are_equal",),
    ),
)
