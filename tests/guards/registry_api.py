"""Guards of the API: who may call what, and that what is sent again is done once."""

from tests.guards.guard import Guard

CALLER, ONCE = "commonpurse/api/caller.py", "commonpurse/api/once.py"
MATRIX = "tests/api/test_matrix.py::test_who_lacks_the_standing_is_refused_and_nothing_is_written"
REPLAYS = "tests/api/test_replays.py::test_a_call_is_done_once_however_often_it_is_sent"

API: tuple[Guard, ...] = (
    Guard(
        name="api: members only",
        file=CALLER,
        find='        """Go on for members alone."""\n        _ = self.member\n',
        replace='        """Go on for members alone."""\n',
        tests=(MATRIX,),
    ),
    Guard(
        name="api: coordinators only",
        file=CALLER,
        find="        if not self.member.may_coordinate:\n",
        replace="        if False:\n",
        tests=(MATRIX,),
    ),
    Guard(
        name="api: treasurers only",
        file=CALLER,
        find='        if not self.member.has_role("treasurer"):\n',
        replace="        if False:\n",
        tests=(MATRIX,),
    ),
    Guard(
        name="api: an order is shown after asking who comes",
        file="commonpurse/api/routes/bank.py",
        find="    call.for_treasurers()\n    return access_order(",
        replace="    return access_order(",
        tests=(MATRIX,),
    ),
    Guard(
        name="api: a write needs its scope",
        file=CALLER,
        find="        if scope not in self.token.scopes:\n",
        replace="        if False:\n",
        tests=("tests/api/test_matrix.py::test_each_write_needs_its_scope",),
    ),
    Guard(
        name="api: what was answered is answered again",
        file=ONCE,
        find="                if earlier is not None:\n",
        replace="                if False:\n",
        tests=(f"{REPLAYS}[comment_new]",),
    ),
    Guard(
        name="api: a key keeps its words",
        file=ONCE,
        find="    digest.update(canonical_body(request))\n",
        replace="",
        tests=(f"{REPLAYS}[comment_new]",),
    ),
    Guard(
        name="api: an answer is kept",
        file=ONCE,
        find="                if scoped:\n                    answer_keep(",
        replace="                if False:\n                    answer_keep(",
        tests=(f"{REPLAYS}[comment_new]",),
    ),
    Guard(
        name="api: a secret is not replayed",
        file=ONCE,
        find="    plain.pop(SECRET, None)\n",
        replace="",
        tests=(f"{REPLAYS}[token_new]",),
    ),
    Guard(
        name="api: no text turns writing round",
        file="commonpurse/api/schemas/base.py",
        find="        if turns_around(value):\n",
        replace="        if False:\n",
        tests=("tests/api/test_calls.py::test_what_cannot_be_right_says_where_and_keeps_its_form",),
    ),
    Guard(
        name="form: no text turns writing round",
        file="commonpurse/web/forms/base.py",
        find="            if isinstance(value, str) and turns_around(value):\n",
        replace="            if False:\n",
        tests=("tests/web/test_once.py::test_no_form_takes_signs_that_turn_writing_round",),
    ),
)
