"""Guards of notices, mails, webhooks, feeds and tables."""

from tests.guards.guard import Guard

NOTICES: tuple[Guard, ...] = (
    Guard(
        name="telling twice is telling once",
        file="commonpurse/notices/services/inbox.py",
        find="ON CONFLICT (coop_id, person_id, key) DO NOTHING",
        replace="",
        tests=("tests/notices/test_inbox.py",),
    ),
    Guard(
        name="a look never unsubscribes",
        file="commonpurse/web/views/preferences.py",
        find="    if visit.is_post:\n        leave = mails_unsubscribe",
        replace="    if True:\n        leave = mails_unsubscribe",
        tests=("tests/notices/test_posting.py",),
    ),
    Guard(
        name="webhooks are made by coordinators",
        file="commonpurse/notices/services/hooks.py",
        find="if present is None or not present.may_coordinate:",
        replace="if present is None:",
        tests=("tests/notices/test_webhooks.py",),
    ),
    Guard(
        name="no private address is called",
        file="commonpurse/notices/wire.py",
        find="if not addresses or not all(may_call(address) for address in addresses):",
        replace="if not addresses:",
        tests=("tests/notices/test_webhooks.py",),
    ),
    Guard(
        name="an IPv6 address is judged by what it wraps",
        file="commonpurse/notices/wire.py",
        find="        if inner is not None:\n            return may_call(inner)\n",
        replace="",
        tests=("tests/notices/test_webhooks.py",),
    ),
    Guard(
        name="the checked address is the one called",
        file="commonpurse/notices/wire.py",
        find="socket.create_connection((self.address, self.port), self.timeout)",
        replace="socket.create_connection((self.host, self.port), self.timeout)",
        tests=("tests/notices/test_webhooks.py",),
    ),
    Guard(
        name="a call that drips is ended",
        file="commonpurse/notices/wire.py",
        find="    late.start()\n",
        replace="",
        tests=("tests/notices/test_webhooks.py",),
    ),
    Guard(
        name="a feed key is its own co-op's and its holder's",
        file="commonpurse/web/views/feeds.py",
        find="    if access.member is None:\n        raise no_feed()\n    return access\n",
        replace="    return access\n",
        tests=("tests/web/test_files.py",),
    ),
    Guard(
        name="a table is open to whom its page is",
        file="commonpurse/web/views/tables.py",
        find="    admit(visit, who)\n",
        replace="",
        tests=("tests/web/test_files.py",),
    ),
    Guard(
        name="no cell is a formula",
        file="commonpurse/web/sheets.py",
        find='return "\'" + cut if',
        replace="return cut if",
        tests=("tests/web/test_files.py",),
    ),
    Guard(
        name="a mail speaks its reader's language, not that of whoever caused it",
        file="commonpurse/notices/compose.py",
        find="    with override(language):\n        return notice_mail_here(",
        replace="    if language:\n        return notice_mail_here(",
        tests=(
            "tests/web/test_languages.py::test_one_notice_is_mailed_to_each_in_their_own_language",
        ),
    ),
    Guard(
        name="webhook: a name that cannot be one",
        file="commonpurse/notices/wire.py",
        find="        if not NAME.fullmatch(parts.hostname):\n",
        replace="        if False:\n",
        tests=(("tests/notices/test_webhooks.py::test_what_is_no_address_to_send_to_is_refused"),),
    ),
    Guard(
        name="webhook: one name holds nobody up",
        file="commonpurse/notices/wire.py",
        find="    except (OSError, UnicodeError) as fault:",
        replace="    except OSError as fault:",
        tests=(
            (
                "tests/notices/test_webhooks.py::test_a_name_that_cannot_be_one_leads_nowhere_and_holds_nobody_up"
            ),
        ),
    ),
)
