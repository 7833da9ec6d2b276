"""Guards of votes, their rules and the talk before them."""

from tests.guards.guard import Guard

VOTES: tuple[Guard, ...] = (
    Guard(
        name="vote: none after the closing",
        file="commonpurse/decisions/services/ballots.py",
        find="    if not decision.is_open(at):",
        replace="    if False:",
        tests=(
            (
                "tests/decisions/test_decisions.py::test_a_vote_after_closing_is_refused_before_and_after_the_result"
            ),
        ),
    ),
    Guard(
        name="vote: the database refuses one at the closing instant",
        file="commonpurse/decisions/migrations/0002_cut_off.sql",
        find="       OR f.at >= d.closes_at\n",
        replace="",
        tests=("tests/decisions/test_races.py::test_no_role_casts_a_ballot_outside_of_its_vote",),
    ),
    Guard(
        name="vote: the database refuses one before the opening",
        file="commonpurse/decisions/migrations/0002_cut_off.sql",
        find="       OR f.at < d.opens_at\n",
        replace="",
        tests=("tests/decisions/test_races.py::test_no_role_casts_a_ballot_outside_of_its_vote",),
    ),
    Guard(
        name="vote: the database refuses one after the result",
        file="commonpurse/decisions/migrations/0002_cut_off.sql",
        find=("       OR EXISTS (SELECT 1 FROM decisions_result r WHERE r.decision_id = d.id)\n"),
        replace="",
        tests=("tests/decisions/test_races.py::test_no_role_casts_a_ballot_outside_of_its_vote",),
    ),
    Guard(
        name="vote: it queues at the decision",
        file="commonpurse/decisions/services/ballots.py",
        find="        lock_share(decision_id)\n",
        replace="        pass\n",
        tests=(
            (
                "tests/decisions/test_races.py::test_a_vote_waits_for_a_closing_that_is_under_way_and_is_refused"
            ),
        ),
    ),
    Guard(
        name="vote: the last ones queue where all close it",
        file="commonpurse/decisions/services/ballots.py",
        find="        lock_take(decision_id)\n",
        replace="        pass\n",
        tests=(
            (
                "tests/decisions/test_races.py::test_the_last_voters_at_once_close_the_vote_once_with_all_of_them"
            ),
        ),
    ),
    Guard(
        name="vote: only the electorate",
        file="commonpurse/decisions/services/ballots.py",
        find="    if not may_vote(decision=decision, member_id=actor.member_id):",
        replace="    if False:",
        tests=(
            (
                "tests/decisions/test_decisions.py::test_whoever_joins_later_may_not_vote_and_does_not_move_the_electorate"
            ),
        ),
    ),
    Guard(
        name="vote: a block needs a reason",
        file="commonpurse/decisions/services/ballots.py",
        find="        if is_needed:\n",
        replace="        if False:\n",
        tests=("tests/decisions/test_decisions.py::test_a_block_blocks_and_needs_a_reason",),
    ),
    Guard(
        name="vote: another co-op's decision is not there",
        file="commonpurse/decisions/services/ballots.py",
        find="    if decision.coop_id != actor.coop_id:",
        replace="    if False:",
        tests=(
            ("tests/decisions/test_decisions.py::test_decisions_of_another_coop_are_not_there"),
        ),
    ),
    Guard(
        name="decision: not closing in the past",
        file="commonpurse/decisions/services/opening.py",
        find="    if closes_at <= at:",
        replace="    if False:",
        tests=(
            (
                "tests/decisions/test_decisions.py::test_a_vote_does_not_close_in_the_past_or_at_once"
            ),
        ),
    ),
    Guard(
        name="decision: not closing at once",
        file="commonpurse/decisions/services/opening.py",
        find="    if closes_at < at + timedelta(days=DAYS_MIN):",
        replace="    if False:",
        tests=(
            (
                "tests/decisions/test_decisions.py::test_a_vote_does_not_close_in_the_past_or_at_once"
            ),
        ),
    ),
    Guard(
        name="decision: closed once",
        file="commonpurse/decisions/services/closing.py",
        find="    lock_take(decision_id)\n",
        replace="",
        tests=("tests/decisions/test_races.py::test_four_closings_at_once_make_one_result",),
    ),
    Guard(
        name="decision: not closed early",
        file="commonpurse/decisions/services/closing.py",
        find="    if at < decision.closes_at:",
        replace="    if False:",
        tests=(
            (
                "tests/decisions/test_decisions.py::test_a_decision_closes_once_by_the_clock_and_not_before"
            ),
        ),
    ),
    Guard(
        name="decision: a result is not older than its ballots",
        file="commonpurse/decisions/services/closing.py",
        find="            at=max(at, newest) if newest else at,",
        replace="            at=at,",
        tests=(
            (
                "tests/decisions/test_races.py::test_the_last_voters_at_once_close_the_vote_once_with_all_of_them"
            ),
        ),
    ),
    Guard(
        name="decision: the electorate is fixed",
        file="commonpurse/decisions/migrations/0002_cut_off.sql",
        find="JOIN decisions_decision d ON d.coop_id = f.coop_id AND d.opens_at >= f.at",
        replace="JOIN decisions_decision d ON false",
        tests=(
            (
                "tests/decisions/test_races.py::test_nobody_joins_or_leaves_before_a_vote_that_has_opened"
            ),
        ),
    ),
    Guard(
        name="outcome: after the vote",
        file="commonpurse/decisions/services/outcomes.py",
        find="    if decision.result is None:",
        replace="    if False:",
        tests=(
            (
                "tests/decisions/test_decisions.py::test_an_outcome_is_written_by_a_person_after_the_vote"
            ),
        ),
    ),
    Guard(
        name="enactment: once",
        file="commonpurse/config/enactments.py",
        find=(
            "            if decision.enactment is not None:\n                return "
            "decision.enactment.subject_id\n"
        ),
        replace="",
        tests=(
            "tests/decisions/test_races.py::test_four_enactments_at_once_are_one",
            "tests/decisions/test_decisions.py::test_enacting_twice_is_enacting_once",
        ),
    ),
    Guard(
        name="tally: quorum",
        file="commonpurse/rules/proposals.py",
        find="    if cast < quorum_needed:",
        replace="    if False:",
        tests=("tests/rules/test_proposals.py",),
    ),
    Guard(
        name="tally: blocks",
        file="commonpurse/rules/proposals.py",
        find='    elif full["block"] and rules.is_block_allowed:',
        replace="    elif False:",
        tests=("tests/rules/test_proposals.py",),
    ),
    Guard(
        name="tally: exact thresholds",
        file="commonpurse/rules/proposals.py",
        find="        return max(1, ceiling(exact))",
        replace="        return max(1, round(exact))",
        tests=("tests/rules/test_proposals.py",),
    ),
    Guard(
        name="tally: no more votes than voters",
        file="commonpurse/rules/proposals.py",
        find="    if cast > eligible:",
        replace="    if False:",
        tests=("tests/rules/test_proposals.py",),
    ),
    Guard(
        name="vote: none waits for who may not vote",
        file="commonpurse/decisions/selectors/decisions.py",
        find="        eligible(member.member_id),\n",
        replace="",
        tests=(
            (
                "tests/decisions/test_decisions.py::test_whoever_joins_later_may_not_vote_and_does_not_move_the_electorate"
            ),
        ),
    ),
    Guard(
        name="thread: who may not read finds nothing",
        file="commonpurse/discussion/selectors.py",
        find="    if row is None or not is_readable(coop_id, row.group_id, member):",
        replace="    if row is None:",
        tests=(
            (
                "tests/discussion/test_threads.py::test_who_reads_follows_the_visibility_of_group_and_coop"
            ),
        ),
    ),
    Guard(
        name="thread: who is not in the group does not write",
        file="commonpurse/discussion/services.py",
        find="    if not may_write(group, actor):",
        replace="    if False:",
        tests=(
            (
                "tests/discussion/test_threads.py::test_who_reads_follows_the_visibility_of_group_and_coop"
            ),
        ),
    ),
    Guard(
        name="thread: only the author edits a comment",
        file="commonpurse/discussion/services.py",
        find="    if row.author_member_id != actor.member_id:",
        replace="    if False:",
        tests=(
            (
                "tests/discussion/test_threads.py::test_only_the_author_edits_and_only_author_or_facilitator_takes_away"
            ),
        ),
    ),
    Guard(
        name="thread: an ended discussion is ended",
        file="commonpurse/discussion/services.py",
        find="    if thread.is_locked:",
        replace="    if False:",
        tests=(
            (
                "tests/discussion/test_threads.py::test_an_ended_discussion_is_read_and_not_continued"
            ),
        ),
    ),
    Guard(
        name="vote: from a thread that one may read",
        file="commonpurse/decisions/services/opening.py",
        find="    if thread_id is not None:\n",
        replace="    if False:\n",
        tests=(
            (
                "tests/decisions/test_decisions.py::test_a_vote_comes_from_a_thread_that_its_proposer_may_read"
            ),
        ),
    ),
    Guard(
        name="draft: five are five at once",
        file="commonpurse/decisions/services/drafting/drafts.py",
        find='    queue_take(f"drafts {person_id}")\n',
        replace="",
        tests=(("tests/decisions/test_races.py::test_eight_drafts_at_once_are_five"),),
    ),
    Guard(
        name="text: no addresses kept apart",
        file="commonpurse/discussion/markdown.py",
        find='    made.disable(["image", "reference"])\n',
        replace='    made.disable(["image"])\n',
        tests=(("tests/discussion/test_markdown.py::test_a_short_text_never_becomes_a_huge_page"),),
    ),
    Guard(
        name="text: no table of a million cells",
        file="commonpurse/discussion/markdown.py",
        find="    made = reader(has_tables=cells <= CELLS_MAX).render(text)\n",
        replace="    made = reader(has_tables=True).render(text)\n",
        tests=(
            (
                "tests/discussion/test_markdown.py::test_a_table_of_a_million_cells_stays_the_words_it_was"
            ),
        ),
    ),
)
