"""Guards of pages: who comes in, what a form does once, the demo, signing in, what is shown."""

from tests.guards.guard import Guard

PAGES: tuple[Guard, ...] = (
    Guard(
        name="page: who did not sign in is sent to sign in",
        file="commonpurse/web/visit.py",
        find=("            if who is not Who.ANYONE and not request.user.is_authenticated:\n"),
        replace="            if False:\n",
        tests=("tests/web/test_access.py::test_a_post_without_signing_in_changes_nothing",),
    ),
    Guard(
        name="page: what does something does not answer to a look",
        file="commonpurse/web/visit.py",
        find=(
            '            if request.method not in (*allowed, *(READERS if "GET" in '
            "allowed else ())):\n"
        ),
        replace="            if False:\n",
        tests=("tests/web/test_access.py::test_what_does_something_does_not_answer_to_a_look",),
    ),
    Guard(
        name="page: members only",
        file="commonpurse/web/visit.py",
        find=("    member = visit.member\n    if who is Who.COORDINATOR"),
        replace=(
            "    member = visit.standing\n"
            "    if member is None:\n"
            "        return\n"
            "    if who is Who.COORDINATOR"
        ),
        tests=(
            (
                "tests/web/test_access.py"
                "::test_each_page_is_open_to_whom_the_table_says_and_looking_writes_not"
                "hing[stranger]"
            ),
        ),
    ),
    Guard(
        name="page: coordinators only",
        file="commonpurse/web/visit.py",
        find="    if who is Who.COORDINATOR and not member.may_coordinate:\n",
        replace="    if False:\n",
        tests=(
            (
                "tests/web/test_access.py"
                "::test_each_page_is_open_to_whom_the_table_says_and_looking_writes_not"
                "hing[member]"
            ),
        ),
    ),
    Guard(
        name="page: treasurers only",
        file="commonpurse/web/visit.py",
        find='    if who is Who.TREASURER and not member.has_role("treasurer"):\n',
        replace="    if False:\n",
        tests=(
            (
                "tests/web/test_access.py"
                "::test_each_page_is_open_to_whom_the_table_says_and_looking_writes_not"
                "hing[coordinator]"
            ),
        ),
    ),
    Guard(
        name="page: a form has its token",
        file="commonpurse/config/settings.py",
        find='    "django.middleware.csrf.CsrfViewMiddleware",\n',
        replace="",
        tests=("tests/web/test_access.py::test_a_form_without_its_token_is_refused_with_a_page",),
    ),
    Guard(
        name="page: no code from elsewhere",
        file="commonpurse/config/settings.py",
        find='        "default-src": ["\'none\'"],\n',
        replace='        "default-src": ["*"],\n',
        tests=("tests/web/test_access.py::test_every_page_forbids_foreign_and_inline_code",),
    ),
    Guard(
        name="page: no inline code",
        file="commonpurse/config/settings.py",
        find='        "script-src": ["\'self\'"],\n',
        replace='        "script-src": ["\'self\'", "\'unsafe-inline\'"],\n',
        tests=("tests/web/test_access.py::test_every_page_forbids_foreign_and_inline_code",),
    ),
    Guard(
        name="page: the policy is sent",
        file="commonpurse/config/settings.py",
        find='    "csp.middleware.CSPMiddleware",\n',
        replace="",
        tests=("tests/web/test_access.py::test_every_page_forbids_foreign_and_inline_code",),
    ),
    Guard(
        name="page: no frame around it",
        file="commonpurse/config/settings.py",
        find='    "django.middleware.clickjacking.XFrameOptionsMiddleware",\n',
        replace="",
        tests=("tests/web/test_access.py::test_every_page_forbids_foreign_and_inline_code",),
    ),
    Guard(
        name="page: nothing of a member is kept on the way",
        file="commonpurse/web/middleware.py",
        find='            response["Cache-Control"] = "private, no-store"\n',
        replace="            pass\n",
        tests=("tests/web/test_once.py::test_what_a_member_sees_is_kept_nowhere_on_the_way",),
    ),
    Guard(
        name="page: a form is no larger than a form",
        file="commonpurse/config/settings.py",
        find="DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024\n",
        replace="DATA_UPLOAD_MAX_MEMORY_SIZE = None\n",
        tests=(
            ("tests/web/test_once.py::test_a_form_larger_than_any_form_of_ours_is_refused_unread"),
        ),
    ),
    Guard(
        name="page: a secret co-op is as good as none",
        file="commonpurse/web/visit.py",
        find=("access_coop(slug=slug, person_id=person_id) if slug is not None else None\n"),
        replace=(
            '__import__("commonpurse.groups.values", '
            'fromlist=["CoopAccess"]).CoopAccess(\n'
            '        coop=__import__("commonpurse.groups.selectors", '
            'fromlist=["coop_by_slug"]).coop_by_slug(\n'
            "            slug\n"
            "        ),\n"
            "        member=None,\n"
            "    ) if slug is not None else None\n"
        ),
        tests=("tests/web/test_access.py::test_a_secret_coop_does_not_exist_for_others",),
    ),
    Guard(
        name="form: sent twice, done once",
        file="commonpurse/web/once.py",
        find="        if earlier is not None:\n",
        replace="        if False:\n",
        tests=("tests/web/test_flows.py::test_a_form_sent_twice_is_done_once",),
    ),
    Guard(
        name="form: a key keeps its words",
        file="commonpurse/record/answers.py",
        find="    if row.body_hash != body_hash:\n",
        replace="    if False:\n",
        tests=("tests/web/test_flows.py::test_a_form_sent_twice_is_done_once",),
    ),
    Guard(
        name="form: what was refused may be sent again",
        file="commonpurse/web/once.py",
        find=(
            "        if response.status_code in (301, 302, 303):\n"
            '            answer_keep(location=response["Location"]'
        ),
        replace=(
            '        if True:\n            answer_keep(location=response.get("Location", "/")'
        ),
        tests=("tests/web/test_flows.py::test_a_refused_form_may_be_sent_again_with_its_key",),
    ),
    Guard(
        name="form: a refusal leaves nothing behind",
        file="commonpurse/web/once.py",
        find="        transaction.set_rollback(True)\n",
        replace="        pass\n",
        tests=("tests/web/test_once.py::test_what_was_done_for_a_refused_form_is_undone",),
    ),
    Guard(
        name="form: two at once are one",
        file="commonpurse/record/answers.py",
        find="        if cursor.fetchone() != (True,):\n",
        replace="        if False:\n",
        tests=("tests/web/test_once.py::test_a_form_that_is_being_answered_is_not_answered_twice",),
    ),
    Guard(
        name="form: files count too",
        file="commonpurse/web/once.py",
        find=(
            "            for chunk in file.chunks():\n"
            "                digest.update(chunk)\n"
            "            file.seek(0)\n"
        ),
        replace="            file.seek(0)\n",
        tests=(
            ("tests/web/test_once.py::test_another_file_of_the_same_name_and_size_is_another_body"),
        ),
    ),
    Guard(
        name="demo: only where it is the demo",
        file="commonpurse/web/demo.py",
        find="    return bool(settings.PURSE_DEMO) and ",
        replace="    return ",
        tests=(
            (
                "tests/web/test_flows.py"
                "::test_a_persona_is_one_click_away_in_the_demo_on_this_machine_only"
            ),
        ),
    ),
    Guard(
        name="demo: only on this machine",
        file="commonpurse/web/demo.py",
        find=' and is_loopback(request.META.get("REMOTE_ADDR", ""))',
        replace="",
        tests=(
            (
                "tests/web/test_flows.py"
                "::test_a_persona_is_one_click_away_in_the_demo_on_this_machine_only"
            ),
        ),
    ),
    Guard(
        name="demo: only its own people",
        file="commonpurse/web/views/people.py",
        find="    if not is_demo(request) or key not in personas:\n",
        replace="    if not is_demo(request):\n",
        tests=(
            (
                "tests/web/test_flows.py"
                "::test_a_persona_is_one_click_away_in_the_demo_on_this_machine_only"
            ),
        ),
    ),
    Guard(
        name="demo: it listens on this machine alone",
        file="commonpurse/cli/demo.py",
        find=("    if arguments.host not in LOOPBACKS:\n        raise NotAllowed("),
        replace=("    if arguments.host not in LOOPBACKS:\n        print("),
        tests=(
            (
                "tests/cli/test_serve.py"
                "::test_the_demo_never_listens_beyond_this_computer[192.0.2.1]"
            ),
        ),
    ),
    Guard(
        name="demo: not in somebody's own database",
        file="commonpurse/config/demo_found.py",
        find=("    if slugs:\n        raise"),
        replace=("    if False:\n        raise"),
        tests=(
            (
                "tests/config/test_demo_found.py"
                "::test_the_demo_is_not_founded_among_co_ops_of_ones_own"
            ),
        ),
    ),
    Guard(
        name="sign-in: three tries",
        file="commonpurse/config/settings_auth.py",
        find="ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3\n",
        replace="ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 30\n",
        tests=(
            (
                "tests/groups/test_sign_in.py"
                "::test_three_wrong_codes_end_the_attempt_also_for_the_right_one"
            ),
        ),
    ),
    Guard(
        name="sign-in: codes are not asked for without end",
        file="commonpurse/config/settings_auth.py",
        find='    "request_login_code": "20/m/ip,5/10m/key",\n',
        replace='    "request_login_code": "20/m/ip",\n',
        tests=("tests/groups/test_sign_in.py::test_codes_are_not_asked_for_without_end",),
    ),
    Guard(
        name="sign-in: a code, and nothing else",
        file="commonpurse/config/settings_auth.py",
        find="ACCOUNT_LOGIN_BY_CODE_REQUIRED = True\n",
        replace="ACCOUNT_LOGIN_BY_CODE_REQUIRED = False\n",
        tests=(
            (
                "tests/groups/test_sign_in.py"
                "::test_signing_up_makes_a_person_with_a_key_and_asks_for_the_code_too"
            ),
        ),
    ),
    Guard(
        name="sign-in: a look signs nobody out",
        file="commonpurse/config/settings_auth.py",
        find="ACCOUNT_LOGOUT_ON_GET = False\n",
        replace="ACCOUNT_LOGOUT_ON_GET = True\n",
        tests=("tests/groups/test_sign_in.py::test_a_get_never_signs_in_or_out",),
    ),
    Guard(
        name="sign-in: who is unknown is answered alike",
        file="commonpurse/web/forms/second.py",
        find="        self._user = users[0] if users else None\n",
        replace=(
            "        if not users:\n"
            '            raise forms.ValidationError("Nobody has this address here")\n'
            "        self._user = users[0]\n"
        ),
        tests=(
            ("tests/groups/test_sign_in.py::test_an_unknown_address_is_answered_like_a_known_one"),
        ),
    ),
    Guard(
        name="talk: nothing but what is allowed is shown",
        file="commonpurse/discussion/markdown.py",
        find=(
            "    return nh3.clean(\n"
            "        made,\n"
            "        tags=TAGS,\n"
            "        attributes=ATTRIBUTES,\n"
            "        url_schemes=SCHEMES,\n"
            '        link_rel="nofollow noopener noreferrer ugc",\n'
            "    ).strip()\n"
        ),
        replace="    return made.strip()\n",
        tests=(
            (
                "tests/discussion/test_markdown.py"
                "::test_what_is_made_is_cleaned_though_the_reader_lets_it_pass"
            ),
        ),
    ),
    Guard(
        name="talk: HTML is no Markdown",
        file="commonpurse/discussion/markdown.py",
        find='{"html": False, "breaks": True}',
        replace='{"html": True, "breaks": True}',
        tests=(
            (
                "tests/discussion/test_markdown.py"
                "::test_markup_of_strangers_is_shown_as_it_was_typed"
            ),
        ),
    ),
    Guard(
        name="page: the switch of languages leads to no other site",
        file="commonpurse/web/views/language.py",
        find="    return back if is_ours else",
        replace="    return back if back else",
        tests=(
            (
                "tests/web/test_languages.py"
                "::test_the_switch_leads_back_to_a_page_of_ours_and_nowhere_else"
            ),
        ),
    ),
)
