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
        find="        if not self.may(scope):\n",
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
    Guard(
        name="api: too large a body",
        file="commonpurse/api/api.py",
        find="    made.add_exception_handler(RequestDataTooBig, too_large)\n",
        replace="",
        tests=(("tests/api/test_calls.py::test_too_large_a_body_is_refused_as_a_problem"),),
    ),
    Guard(
        name="api: a form that is none",
        file="commonpurse/api/api.py",
        find="    made.add_exception_handler(MultiPartParserError, suspicious)\n",
        replace="",
        tests=(("tests/api/test_calls.py::test_a_form_that_is_none_is_refused_as_a_problem"),),
    ),
    Guard(
        name="api: an empty key is none",
        file="commonpurse/api/once.py",
        find="    if key is None:\n",
        replace="    if not key:\n",
        tests=(("tests/api/test_calls.py::test_a_key_that_is_none_is_refused_and_nothing_done"),),
    ),
    Guard(
        name="api: a token that may not read is nobody's",
        file="commonpurse/api/caller.py",
        find='    if access.member is None or caller.scope or caller.may("read"):\n',
        replace="    if True:\n",
        tests=(("tests/api/test_calls.py::test_a_token_with_one_scope_does_what_its_scope_says"),),
    ),
    Guard(
        name="api: no orders to a terminal",
        file="commonpurse/api/schemas/base.py",
        find="        if has_controls(value):\n",
        replace="        if False:\n",
        tests=(("tests/api/test_calls.py::test_orders_to_a_terminal_are_no_words"),),
    ),
    Guard(
        name="form: no orders to a terminal",
        file="commonpurse/web/forms/base.py",
        find="            elif isinstance(value, str) and has_controls(value):\n",
        replace="            elif False:\n",
        tests=(("tests/api/test_calls.py::test_orders_to_a_terminal_are_no_words"),),
    ),
    Guard(
        name="form: a key without a zero byte",
        file="commonpurse/web/once.py",
        find='.replace("\\0", "")',
        replace="",
        tests=(("tests/web/test_once.py::test_a_form_is_answered_once_whatever_its_key_holds"),),
    ),
)
