"""Guards of `purse verify`: the files, the log, the books, the votes.

Each is named by the lie that no other check would find.
"""

from tests.guards.guard import Guard
from tests.guards.verifiers import PURSE

PROOF: tuple[Guard, ...] = (
    PURSE.forgery(
        "a record that somebody else signed",
        "notes.py",
        "    if not is_signed:\n",
        "    if False:\n",
    ),
    PURSE.forgery(
        "a log that the manifest does not list",
        "reader.py",
        "        if name not in self.files:\n",
        "        if False:\n",
    ),
    PURSE.forgery(
        "a line in another form",
        "reader.py",
        "                    if not isinstance(row, dict) or not is_canonical(row, line):\n",
        "                    if False:\n",
    ),
    PURSE.forgery(
        "a file with other bytes",
        "reader.py",
        "            if found != entry.sha256:\n",
        "            if False:\n",
    ),
    PURSE.forgery(
        "a manifest of another co-op",
        "reader.py",
        "    if export.origin != f\"commonpurse/{manifest['coop_id']}\":\n",
        "    if False:\n",
    ),
    PURSE.forgery(
        "a manifest that nobody signed",
        "reader.py",
        "    if text != expected:\n",
        "    if False:\n",
    ),
    PURSE.chain(
        "another slug",
        "verify/__init__.py",
        '        if coop["slug"] != export.manifest["slug"]:\n',
        "        if False:\n",
    ),
    PURSE.check(
        "a decision out of number",
        "verify/decisions.py",
        '        expect(decision, "number", amount(decision, "number"), place)\n',
        "        pass\n",
    ),
    PURSE.check(
        "an electorate counted wrongly twice",
        "verify/decisions.py",
        (
            '    expect(decision, "electorate_count", amount(decision, '
            '"electorate_count"), len(members))\n'
        ),
        "    pass\n",
    ),
    PURSE.chain(
        "an electorate of others",
        "verify/decisions.py",
        ('    expect(decision, "electorate_root", decision["electorate_root"], found)\n'),
        "    pass\n",
    ),
    PURSE.check(
        "a founding under a manual",
        "verify/decisions.py",
        ('        expect(decision, "manual_version_id", decision["manual_version_id"], None)\n'),
        "        pass\n",
    ),
    PURSE.chain(
        "rules that are not founding's",
        "verify/decisions.py",
        ('        expect(decision, f"rule {name}", decision["rules"].get(name), expected)\n'),
        "        pass\n",
    ),
    PURSE.check(
        "a choice that is none, and that nobody counted",
        "verify/decisions.py",
        '        if ballot["choice"] not in (*COUNTED, WITHDRAWN):\n',
        "        if False:\n",
    ),
    PURSE.chain(
        "a ballot before opening",
        "verify/decisions.py",
        ('        if not decision["opens_at"] <= ballot["at"] < decision["closes_at"]:\n'),
        "        if False:\n",
    ),
    PURSE.check(
        "a ballot after the result",
        "verify/decisions.py",
        '        if result is not None and ballot["at"] > result["at"]:\n',
        "        if False:\n",
    ),
    PURSE.check(
        "a crowd that withdrew",
        "verify/decisions.py",
        '    if voters > amount(decision, "electorate_count"):\n',
        "    if False:\n",
    ),
    PURSE.chain(
        "counts that are not the ballots'",
        "verify/decisions.py",
        (
            '        expect(result, f"the count of {choice}", '
            'result["counts"].get(choice), str(count))\n'
        ),
        "        pass\n",
    ),
    PURSE.check(
        "a result of another electorate",
        "verify/decisions.py",
        (
            '    expect(result, "electorate_count", '
            'result["electorate_count"], decision["electorate_count"])\n'
        ),
        "    pass\n",
    ),
    PURSE.chain(
        "a root of other ballots",
        "verify/decisions.py",
        (
            "    expect(\n"
            "        result,\n"
            '        "ballots_root",\n'
            '        result["ballots_root"],\n'
            '        root_of_texts(sorted(str(ballot["id"]) for ballot in counted)),\n'
            "    )\n"
        ),
        "    pass\n",
    ),
    PURSE.chain(
        "a ballot turned round",
        "verify/decisions.py",
        (
            '    expect(result, "verdict", result["verdict"], '
            'verdict_of(counts, eligible, decision["rules"]))\n'
        ),
        "    pass\n",
    ),
    PURSE.check(
        "a result before everybody had voted",
        "verify/decisions.py",
        "        if not is_allowed or len(counted) != eligible:\n",
        "        if False:\n",
    ),
    PURSE.check(
        "a mandate that was voted down",
        "verify/decisions.py",
        '    if result is None or result["verdict"] != "passed":\n',
        "    if False:\n",
    ),
    PURSE.check(
        "a manual out of number",
        "verify/decisions.py",
        '        expect(version, "number", amount(version, "number"), place)\n',
        "        pass\n",
    ),
    PURSE.check(
        "a manual of another template",
        "verify/decisions.py",
        '        expect(version, "template", version["template"], template)\n',
        "        pass\n",
    ),
    PURSE.chain(
        "a parameter that nobody changed",
        "verify/decisions.py",
        (
            "            expect(\n"
            '                version, f"parameter {name}", '
            'version["parameters"].get(name), parameters.get(name)\n'
            "            )\n"
        ),
        "            pass\n",
    ),
    PURSE.chain(
        "a clause that nobody changed",
        "verify/decisions.py",
        '        expect(version, "clauses", version["clauses"], clauses)\n',
        "        pass\n",
    ),
    PURSE.forgery(
        "a leaf in another place",
        "verify/leaves.py",
        '        if not isinstance(body, str) or row.get("index") != str(count):\n',
        "        if False:\n",
    ),
    PURSE.forgery(
        "a leaf with another hash",
        "verify/leaves.py",
        '        if row.get("hash") != found.hex():\n',
        "        if False:\n",
    ),
    PURSE.forgery(
        "a leaf that no head signs",
        "verify/leaves.py",
        "    if count != export.size:\n",
        "    if False:\n",
    ),
    PURSE.forgery(
        "a leaf twice",
        "verify/leaves.py",
        "    if len(places) * 32 != len(hashes):\n",
        "    if False:\n",
    ),
    PURSE.forgery(
        "a row twice",
        "verify/leaves.py",
        "        if index is None:\n",
        "        if False:\n",
    ),
    PURSE.forgery(
        "a leaf without its row",
        "verify/leaves.py",
        '        if row["index"] == str(first):\n',
        "        if False:\n",
    ),
    PURSE.forgery(
        "an entry that counts its postings wrongly",
        "verify/ledger.py",
        (
            "        if len(postings) < POSTINGS_MIN or "
            'str(len(postings)) != row["postings_count"]:\n'
        ),
        "        if False:\n",
    ),
    PURSE.forgery(
        "an entry on an account of another book",
        "verify/ledger.py",
        '            if chain is None or chain.book_id != row["book_id"]:\n',
        "            if False:\n",
    ),
    PURSE.forgery(
        "an entry that does not sum to zero",
        "verify/ledger.py",
        "        if any(sums.values()):\n",
        "        if False:\n",
    ),
    PURSE.forgery(
        "a version that stands twice",
        "verify/ledger.py",
        "            if version <= chain.version or version in chain.waiting:\n",
        "            if False:\n",
    ),
    PURSE.forgery(
        "a balance that does not follow",
        "verify/ledger.py",
        "            if chain.balance != after:\n",
        "            if False:\n",
    ),
    PURSE.check(
        "an entry that is reversed twice",
        "verify/ledger.py",
        "        if target in self.reversed:\n",
        "        if False:\n",
    ),
    PURSE.check(
        "a reversal that is not the opposite",
        "verify/ledger.py",
        (
            "            if opposite != {\n"
            '                posting["account_id"]: '
            'int(posting["amount_minor"]) for posting in row["postings"]\n'
            "            }:\n"
        ),
        "            if False:\n",
    ),
    PURSE.check(
        "a fee under a mandate that is not there",
        "verify/tables.py",
        "        if found is None:\n",
        "        if False:\n",
    ),
    PURSE.chain(
        "two results of one decision",
        "verify/tables.py",
        "                if known.setdefault(str(row[column]), row) is not row:\n",
        "                if known.setdefault(str(row[column]), row) is None:\n",
    ),
    PURSE.forgery(
        "a leaf that no head signs, and that the manifest counts",
        "verify/tree.py",
        "    if head.size != export.size:\n",
        "    if False:\n",
    ),
    PURSE.forgery(
        "a head that says another size than its note",
        "verify/tree.py",
        (
            '        if (number(row.get("size"), CHECKPOINTS, '
            'line=line), row.get("root")) != (\n'
            "            found.size,\n"
            "            found.root.hex(),\n"
            "        ):\n"
        ),
        "        if False:\n",
    ),
    PURSE.forgery(
        "heads in another order",
        "verify/tree.py",
        "        if last and found.size <= last.size:\n",
        "        if False:\n",
    ),
    PURSE.forgery(
        "a last head that is missing",
        "verify/tree.py",
        "    if last != head:\n",
        "    if False:\n",
    ),
    PURSE.forgery(
        "a checkpoint of another log",
        "verify/tree.py",
        "    if checkpoint.origin != export.origin:\n",
        "    if False:\n",
    ),
    PURSE.forgery(
        "a checkpoint of another history",
        "verify/tree.py",
        "    if found != checkpoint.root:\n",
        "    if False:\n",
    ),
    PURSE.check(
        "an account with a gap",
        "verify/ledger.py",
        "            if chain.waiting:\n",
        "            if False:\n",
    ),
    PURSE.check(
        "a reversal of what is not there",
        "verify/ledger.py",
        "        for target, (_, line, reversal_id) in self.opposites.items():\n",
        "        for target, (_, line, reversal_id) in ():\n",
    ),
    PURSE.forgery(
        "a stated balance that is not the postings'",
        "verify/ledger.py",
        "            if chain is None or found != (chain.version, chain.balance):\n",
        "            if False:\n",
    ),
    PURSE.forgery(
        "a balance that is not stated",
        "verify/ledger.py",
        "        for account_id in self.chains.keys() - stated:\n",
        "        for account_id in ():\n",
    ),
    PURSE.forgery(
        "a signature that does not hold",
        "notes.py",
        ('            raise Malformed(f"the signature of {name} does not hold") from error\n'),
        "            del error\n",
    ),
    Guard(
        name="verify: a log whose end was cut",
        file="commonpurse/proof/verify/tree.py",
        find="    if checkpoint.size > tree.size:\n",
        replace="    if False:\n",
        tests=(
            (
                "tests/proof/test_verify.py::test_a_log_whose_end_was_cut_doe"
                "s_not_continue_a_kept_checkpoint"
            ),
        ),
    ),
    Guard(
        name="verify: a file outside of the export",
        file="commonpurse/proof/reader.py",
        find='    if "/" in name or "\\\\" in name or name.startswith("."):\n',
        replace="    if False:\n",
        tests=(
            (
                "tests/proof/test_verify.py::test_a_file_of_the_manifest_neve"
                "r_leads_out_of_the_export"
            ),
        ),
    ),
    Guard(
        name="verify: a key whose id is another's",
        file="commonpurse/proof/notes.py",
        find="    if key_id != key.key_id.hex():\n",
        replace="    if False:\n",
        tests=("tests/proof/test_notes.py::test_no_vkey_changed_by_one_character_is_a_key",),
    ),
    Guard(
        name="verify: base 64 written otherwise",
        file="commonpurse/proof/notes.py",
        find="    if to_base64(data) != text:\n",
        replace="    if False:\n",
        tests=("tests/proof/test_notes.py::test_a_signature_is_written_in_one_way_only",),
    ),
    Guard(
        name="verify: a checkpoint written otherwise",
        file="commonpurse/proof/checkpoints.py",
        find="(?P<size>0|[1-9][0-9]{0,18})",
        replace="(?P<size>[0-9]{1,19})",
        tests=("tests/proof/test_notes.py::test_a_checkpoint_is_written_in_one_way_only",),
    ),
    PURSE.chain(
        "an older manual than the one in force",
        "verify/decisions.py",
        '        expect(decision, "manual_version_id", found, newest and newest["id"])\n',
        "        pass\n",
    ),
)
