"""Guards of `verify.py`: the votes, the manual, mandates, payments.

Each is named by the lie that no other check would find.
"""

from tests.guards.guard import Guard
from tests.guards.verifiers import ALONE

STANDALONE_CHAIN: tuple[Guard, ...] = (
    ALONE.check(
        "an electorate counted wrongly twice",
        "chain.py",
        ('    must(decision["electorate_count"] == count, decision, f"{count} were members")\n'),
        "    pass\n",
    ),
    ALONE.chain(
        "an electorate of others",
        "chain.py",
        (
            '    must(decision["electorate_root"] == '
            'texts_root(members), decision, "other members could vote")\n'
        ),
        "    pass\n",
    ),
    ALONE.check(
        "a founding under a manual",
        "chain.py",
        (
            '        must(decision["manual_version_id"] is None, '
            'decision, "no manual was in force")\n'
        ),
        "        pass\n",
    ),
    ALONE.chain(
        "a manual that was not in force",
        "chain.py",
        '        must(in_force, decision, "another manual was in force")\n',
        "        pass\n",
    ),
    ALONE.chain(
        "rules that are not founding's",
        "chain.py",
        (
            '        must(decision["rules"].get(name) == value, '
            'decision, f"its rule {name} is not the manual\'s")\n'
        ),
        "        pass\n",
    ),
    ALONE.chain(
        "a ballot before opening",
        "chain.py",
        '        must(in_time, row, "the decision was not open then")\n',
        "        pass\n",
    ),
    ALONE.check(
        "a ballot after the result",
        "chain.py",
        (
            '        must(not result or row["at"] <= result["at"], row, '
            '"the decision was closed already")\n'
        ),
        "        pass\n",
    ),
    ALONE.check(
        "a choice that is none, and that nobody counted",
        "chain.py",
        ('        must(row["choice"] in (*CHOICES, "withdrawn"), row, "this is no choice")\n'),
        "        pass\n",
    ),
    ALONE.check(
        "a crowd that withdrew",
        "chain.py",
        '    must(len(last) <= eligible, decision, "more people voted than could")\n',
        "    pass\n",
    ),
    ALONE.chain(
        "counts that are not the ballots'",
        "chain.py",
        (
            "    must(said == {name: str(count) for name, count in "
            'counts.items()}, result, f"it is {counts}")\n'
        ),
        "    pass\n",
    ),
    ALONE.check(
        "a result of another electorate",
        "chain.py",
        (
            '    must(result["electorate_count"] == str(eligible), '
            'result, f"{eligible} could vote")\n'
        ),
        "    pass\n",
    ),
    ALONE.chain(
        "a root of other ballots",
        "chain.py",
        ('    must(result["ballots_root"] == root, result, "other ballots were counted")\n'),
        "    pass\n",
    ),
    ALONE.chain(
        "a ballot turned round",
        "chain.py",
        (
            '    must(result["verdict"] == verdict, result, f"the rules '
            'make {verdict} of {counts}")\n'
        ),
        "    pass\n",
    ),
    ALONE.check(
        "a result before everybody had voted",
        "chain.py",
        '    must(may_be or not is_early, result, "it was closed too early")\n',
        "    pass\n",
    ),
    ALONE.check(
        "a mandate that was voted down",
        "chain.py",
        ('    must(result.get("verdict") == "passed", row, "its decision has not passed")\n'),
        "    pass\n",
    ),
    ALONE.check(
        "a manual of another template",
        "chain.py",
        ('        must(row["template"] == template, row, f"its template is {template}")\n'),
        "        pass\n",
    ),
    ALONE.check(
        "a manual out of number",
        "chain.py",
        (
            '        must(row["number"] == str(number), row, f"number '
            '{number} was expected")\n'
            '        must(row["parameters"] == parameters, row, "its '
            'parameters are not what was decided")\n'
        ),
        (
            "        pass\n"
            '        must(row["parameters"] == parameters, row, "its '
            'parameters are not what was decided")\n'
        ),
    ),
    ALONE.chain(
        "a parameter that nobody changed",
        "chain.py",
        (
            '        must(row["parameters"] == parameters, row, "its '
            'parameters are not what was decided")\n'
        ),
        "        pass\n",
    ),
    ALONE.chain(
        "a clause that nobody changed",
        "chain.py",
        (
            '        must(row["clauses"] == list(clauses.values()), row, '
            '"its clauses are not what was decided")\n'
        ),
        "        pass\n",
    ),
    ALONE.check(
        "trustees out of number",
        "chain.py",
        (
            '        must(row["number"] == str(number), row, f"number '
            '{number} was expected")\n'
            "        effect = effect_of(export, row)\n"
        ),
        ("        pass\n        effect = effect_of(export, row)\n"),
    ),
    ALONE.check(
        "a mandate in another currency than its fund",
        "chain.py",
        (
            '        must(row["currency"] == fund["currency"], row, "its '
            'fund has another currency")\n'
        ),
        "        pass\n",
    ),
    ALONE.chain(
        "a standing mandate beyond the manual",
        "chain.py",
        '            must(is_bound, row, "the manual says otherwise")\n',
        "            pass\n",
    ),
    ALONE.check(
        "a mandate of another result",
        "chain.py",
        (
            '        must(result["decision_id"] == row["decision_id"], '
            'row, "its result is another decision\'s")\n'
        ),
        "        pass\n",
    ),
    ALONE.chain(
        "a mandate of another amount",
        "chain.py",
        (
            '        must(effect["amount_minor"] == row["max_minor"], '
            'row, "another amount was decided")\n'
        ),
        "        pass\n",
    ),
    ALONE.check(
        "a mandate for somebody else",
        "chain.py",
        '        must(same, row, "another payee, purpose, end or line was decided")\n',
        "        pass\n",
    ),
    ALONE.check(
        "a payload for somebody else than the mandate's payee",
        "chain.py",
        (
            '    must(mandate["payee_id"] in (None, payee["id"]), row, '
            '"the mandate pays another payee")\n'
        ),
        "    pass\n",
    ),
    ALONE.check(
        "a payload into somebody else's account",
        "chain.py",
        ('    must(account["payee_id"] == payee["id"], row, "the account is another payee\'s")\n'),
        "    pass\n",
    ),
    ALONE.check(
        "a payload in another currency",
        "chain.py",
        (
            '    must(row["currency"] == mandate["currency"], row, "the '
            'mandate has another currency")\n'
        ),
        "    pass\n",
    ),
    ALONE.check(
        "a payload with the hash of another",
        "chain.py",
        ('    must(row["payload_hash"] == found, row, f"the payload\'s hash is {found}")\n'),
        "    pass\n",
    ),
    ALONE.check(
        "a payload with the code of another",
        "chain.py",
        (
            '    must(row["code"] == code_of(found), row, f"the '
            "payload's code is {code_of(found)}\")\n"
        ),
        "    pass\n",
    ),
    ALONE.chain(
        "an approval of another payload",
        "chain.py",
        (
            '        must(approval["payload_hash"] == found, approval, '
            '"another payload was signed")\n'
        ),
        "        pass\n",
    ),
    ALONE.check(
        "an approval by a stranger",
        "chain.py",
        ('        must(signer in trustees["member_ids"], approval, "this is no trustee")\n'),
        "        pass\n",
    ),
    ALONE.chain(
        "an approval by the requester",
        "chain.py",
        ('        must(signer not in apart, approval, "this trustee has a part in the payment")\n'),
        "        pass\n",
    ),
    ALONE.chain(
        "one trustee twice",
        "chain.py",
        ('        must(signer not in signers, approval, "this trustee signed before")\n'),
        "        pass\n",
    ),
    ALONE.chain(
        "an order that one trustee signed",
        "chain.py",
        (
            '    must(signed >= needed, row, f"{signed} trustees signed '
            'it, and {needed} were needed")\n'
        ),
        "    pass\n",
    ),
    ALONE.check(
        "an order that former trustees signed",
        "chain.py",
        '    must(seated[-1] is trustees, row, "other trustees were in office")\n',
        "    pass\n",
    ),
    ALONE.check(
        "an order from another fund",
        "chain.py",
        ('    must(row["fund_id"] == mandate["fund_id"], row, "its mandate is another fund\'s")\n'),
        "    pass\n",
    ),
    ALONE.check(
        "an order of an older payload",
        "chain.py",
        '    must(newest is version, row, "a newer payload stands")\n',
        "    pass\n",
    ),
    ALONE.check(
        "an order of another amount than was signed",
        "chain.py",
        (
            '    must(row["amount_minor"] == version["amount_minor"], '
            'row, "another amount was signed")\n'
        ),
        "    pass\n",
    ),
    ALONE.chain(
        "an order of a withdrawn request",
        "chain.py",
        (
            '    must(not export.one("request_ends", "request_id", '
            'request["id"]), row, "its request had ended")\n'
        ),
        "    pass\n",
    ),
    ALONE.check(
        "an order after its mandate was over",
        "chain.py",
        '    must(in_time, row, "its mandate was not in force")\n',
        "    pass\n",
    ),
    ALONE.check(
        "an order after its payload expired",
        "chain.py",
        ('    must(row["at"] < version["expires_at"], row, "its payload had expired")\n'),
        "    pass\n",
    ),
    ALONE.check(
        "a fee under a mandate that is not there",
        "chain.py",
        '        must(mandate, row, "it names no mandate")\n',
        "        pass\n",
    ),
    ALONE.chain(
        "another slug",
        "chain.py",
        (
            '        must(coop["slug"] == export.manifest["slug"], '
            '"manifest.json", "the co-op has another slug")\n'
        ),
        "        pass\n",
    ),
)
