"""Guards of drafts: who may read, change and open what is written before there is a co-op."""

from tests.guards.guard import Guard

LOCKING = "commonpurse/decisions/services/drafting/locking.py"
DRAFTING = "commonpurse/decisions/services/drafting/drafts.py"
PEOPLE = "commonpurse/decisions/services/drafting/founders.py"
SUGGESTING = "commonpurse/decisions/services/drafting/suggestions.py"
OPENING = "commonpurse/decisions/services/drafting/opening.py"
TESTS = ("tests/decisions/test_draft_walls.py", "tests/decisions/test_drafts.py")

FOUNDING: tuple[Guard, ...] = (
    Guard(
        name="draft: a stranger reads no draft",
        file="commonpurse/decisions/selectors/drafts.py",
        find="    if founder is None:\n        raise no_draft()\n",
        replace="    if founder is None:\n        founder = draft.founders[0]\n",
        tests=TESTS,
    ),
    Guard(
        name="draft: a stranger writes in no draft",
        file=LOCKING,
        find="if row is None or not is_founder(draft_id, actor.person_id):",
        replace="if row is None:",
        tests=TESTS,
    ),
    Guard(
        name="draft: who left a draft is a stranger to it",
        file=LOCKING,
        find="draft_id=draft_id, person_id=person_id, left_at=None)",
        replace="draft_id=draft_id, person_id=person_id)",
        tests=TESTS,
    ),
    Guard(
        name="draft: only the lead changes a draft",
        file=LOCKING,
        find="if row.led_by_id != actor.person_id:",
        replace="if False:",
        tests=TESTS,
    ),
    Guard(
        name="draft: an open vote is not rewritten",
        file=LOCKING,
        find="if row.opened_at is not None:",
        replace="if False:",
        tests=TESTS,
    ),
    Guard(
        name="draft: a suggestion is its maker's to withdraw",
        file=SUGGESTING,
        find="if found.person_id != actor.person_id:",
        replace="if False:",
        tests=TESTS,
    ),
    Guard(
        name="draft: a suggestion is answered once",
        file=SUGGESTING,
        find="if found.state != Suggestion.State.OPEN:",
        replace="if False:",
        tests=TESTS,
    ),
    Guard(
        name="draft: a clause is accepted as it was read",
        file=DRAFTING,
        find="if seen is not None and seen != clause_digest(clauses, key):",
        replace="if False:",
        tests=TESTS,
    ),
    Guard(
        name="draft: nobody is passed over",
        file="commonpurse/decisions/drafts.py",
        find="    if suggestions_open:\n",
        replace="    if False:\n",
        tests=TESTS,
    ),
    Guard(
        name="draft: what is opened was read",
        file=OPENING,
        find="if seen != draft.version:",
        replace="if False:",
        tests=TESTS,
    ),
    Guard(
        name="draft: an invitation to found is for its address",
        file=PEOPLE,
        find="if made.email is not None and made.email != person_view(actor.person_id).email:",
        replace="if False:",
        tests=TESTS,
    ),
    Guard(
        name="draft: an invitation to found ends",
        file=PEOPLE,
        find="if made.revoked_at is not None or made.expires_at <= at:",
        replace="if False:",
        tests=TESTS,
    ),
    Guard(
        name="draft: an invitation to found is used up",
        file=PEOPLE,
        find="if made.uses >= made.uses_max:",
        replace="if False:",
        tests=TESTS,
    ),
    Guard(
        name="draft: invitations to found are limited",
        file=PEOPLE,
        find="if rows.count() >= INVITATIONS_A_DAY:",
        replace="if False:",
        tests=TESTS,
    ),
    Guard(
        name="draft: drafts are limited",
        file=DRAFTING,
        find="if led.filter(begun_at__gt=at - DAY).count() >= DRAFTS_A_DAY:",
        replace="if False:",
        tests=TESTS,
    ),
    Guard(
        name="draft: erasing a person reaches drafts",
        file="commonpurse/decisions/erasure.py",
        find="    drafts_forget(erased)\n",
        replace="",
        tests=TESTS,
    ),
)
