"""Guards of `verify.py`: the files, the log, the books, the bank, dues.

Each is named by the lie that no other check would find.
"""

from tests.guards.guard import Guard
from tests.guards.verifiers import ALONE, REWRITE

STANDALONE: tuple[Guard, ...] = (
    ALONE.chain(
        "a settlement of a failed order",
        "money.py",
        (
            '        must(not export.one("order_failures", "order_id", '
            'order["id"]), row, "its order failed")\n'
        ),
        "        pass\n",
    ),
    ALONE.check(
        "a settlement on another day than its entry",
        "money.py",
        (
            '        must(entry["booked_on"] == row["booked_on"], row, '
            '"its entry is of another day")\n'
        ),
        "        pass\n",
    ),
    ALONE.chain(
        "a line that is not booked",
        "money.py",
        (
            '        must(export.one("line_bookings", "line_id", '
            'row["id"]), row, "this line is not booked")\n'
        ),
        "        pass\n",
    ),
    ALONE.check(
        "a line booked before the bank's day",
        "money.py",
        ('        must(is_later, rows[0], "its entry is booked before the bank\'s day")\n'),
        "        pass\n",
    ),
    ALONE.forgery(
        "a manifest that nobody signed",
        "record.py",
        (
            '        must(text == expected, "manifest.json", "its '
            'SHA-256 is not the one that is signed")\n'
        ),
        "        pass\n",
    ),
    ALONE.forgery(
        "a manifest of another log",
        "record.py",
        (
            '        must(self.manifest["origin"] == self.name, '
            '"manifest.json", "the log has another name")\n'
        ),
        "        pass\n",
    ),
    ALONE.forgery(
        "a log that the manifest does not list",
        "record.py",
        (
            '        must(name in self.files and "/" not in name, '
            '"manifest.json", f"{name} is not listed")\n'
        ),
        "        pass\n",
    ),
    ALONE.forgery(
        "a line in another form",
        "record.py",
        ('            must(canon, f"{name}, line {number}", "this is not in canonical form")\n'),
        "            pass\n",
    ),
    ALONE.forgery(
        "a leaf in another place",
        "record.py",
        (
            '            must(row["index"] == str(len(hashes)), row, '
            'f"leaf {len(hashes)} was expected")\n'
        ),
        "            pass\n",
    ),
    ALONE.forgery(
        "a leaf with another hash",
        "record.py",
        (
            '            must(row["hash"] == found.hexdigest(), row, '
            '"the leaf\'s bytes have another hash")\n'
        ),
        "            pass\n",
    ),
    ALONE.forgery(
        "a manifest that counts more leaves",
        "record.py",
        (
            '        must(str(len(hashes)) == self.manifest["size"], '
            '"leaves.jsonl", "leaves are missing")\n'
        ),
        "        pass\n",
    ),
    ALONE.forgery(
        "a checkpoint of another history",
        "record.py",
        (
            "            must(tree_hash(hashes[:size]) == root, where, "
            '"the leaves have another root")\n'
        ),
        "            pass\n",
    ),
    ALONE.forgery(
        "a head that says another size than its note",
        "record.py",
        (
            "                must(said == (str(size), root.hex()), "
            'where, "it is not what the note says")\n'
        ),
        "                pass\n",
    ),
    ALONE.forgery(
        "heads in another order",
        "record.py",
        ('                must(size > last, where, "the checkpoints are not in order")\n'),
        "                pass\n",
    ),
    ALONE.forgery(
        "a leaf that no head signs, and that the manifest counts",
        "record.py",
        ('                must(size == len(hashes), where, "its checkpoint is of another size")\n'),
        "                pass\n",
    ),
    ALONE.forgery(
        "a last head that is missing",
        "record.py",
        (
            '                must(size == last, "checkpoints.jsonl", '
            '"the last one is not the manifest\'s")\n'
        ),
        "                pass\n",
    ),
    ALONE.forgery(
        "a leaf twice",
        "record.py",
        ('        must(len(places) == len(hashes), "leaves.jsonl", "two leaves are the same")\n'),
        "        pass\n",
    ),
    ALONE.forgery(
        "a row twice",
        "record.py",
        ('        must(place is not None, row, f"the log holds no leaf {kind} that says this")\n'),
        "        pass\n",
    ),
    ALONE.chain(
        "two results of one decision",
        "record.py",
        (
            "        must(len(found) <= 1, found[0] if found else table, "
            'f"{column} {value} stands twice")\n'
        ),
        "        pass\n",
    ),
    ALONE.guard(
        REWRITE,
        "a batch of an entry that is not there",
        "record.py",
        ('        must(found, row, f"{column} {row[column]} is not in {table}.jsonl")\n'),
        "        pass\n",
    ),
    ALONE.forgery(
        "a file with other bytes",
        "record.py",
        (
            '            must(self.digests[name] == item["sha256"], '
            'name, "its SHA-256 is not the manifest\'s")\n'
        ),
        "            pass\n",
    ),
    ALONE.forgery(
        "an entry on an account of another book",
        "record.py",
        '            must(in_book, entry, "an account is not in the entry\'s book")\n',
        "            pass\n",
    ),
    ALONE.forgery(
        "an entry that does not sum to zero",
        "record.py",
        ('        must(not any(sums.values()), entry, "its postings do not sum to zero")\n'),
        "        pass\n",
    ),
    ALONE.forgery(
        "an entry that counts its postings wrongly",
        "record.py",
        (
            "        must(count > 1 and str(count) == "
            'entry["postings_count"], entry, "postings are missing")\n'
        ),
        "        pass\n",
    ),
    ALONE.check(
        "an entry that is reversed twice",
        "record.py",
        ('            must(target["id"] not in reversed_ids, entry, "it was reversed before")\n'),
        "            pass\n",
    ),
    ALONE.check(
        "a reversal that is not the opposite",
        "record.py",
        (
            '            must(sides[0] == sides[1], entry, "it is not '
            'the opposite of what it reverses")\n'
        ),
        "            pass\n",
    ),
    ALONE.forgery(
        "a version that is missing",
        "record.py",
        (
            '            must(number == version, entry, f"version '
            '{version} of account {account_id} is missing")\n'
        ),
        "            pass\n",
    ),
    ALONE.forgery(
        "a balance that does not follow",
        "record.py",
        (
            '            must(after == balance, entry, f"account '
            '{account_id} has {balance} then, not {after}")\n'
        ),
        "            pass\n",
    ),
    ALONE.forgery(
        "a stated balance that is not the postings'",
        "record.py",
        '            must(found == said, row, f"the postings give {found}")\n',
        "            pass\n",
    ),
    ALONE.forgery(
        "a balance that is not stated",
        "record.py",
        '        must(not balances, "balances.jsonl", "an account is missing")\n',
        "        pass\n",
    ),
    ALONE.forgery(
        "a signature that does not hold",
        "signatures.py",
        ('                must(holds, where, f"the signature of {name} does not hold")\n'),
        "                pass\n",
    ),
    ALONE.forgery(
        "a record that somebody else signed",
        "signatures.py",
        '    must(count, where, "no known key signed this")\n',
        "    pass\n",
    ),
    ALONE.forgery(
        "a checkpoint under another log's name",
        "signatures.py",
        "    if match is None or match[1] != name:\n",
        "    if False:\n",
    ),
    Guard(
        name="verify.py: a log whose end was cut",
        file="commonpurse/proof/standalone/record.py",
        find=('            must(size <= len(hashes), where, "the end of the log is missing")\n'),
        replace="",
        tests=(
            ("tests/proof/test_standalone.py::test_another_key_a_cut_and_a_gap_are_found_here_too"),
        ),
    ),
    Guard(
        name="verify.py: a signature with a larger number",
        file="commonpurse/proof/standalone/signatures.py",
        find=("    if number >= L:\n        return False\n"),
        replace="",
        tests=("tests/proof/test_standalone.py::test_a_signature_is_written_in_one_way_only",),
    ),
    Guard(
        name="verify.py: a point written otherwise",
        file="commonpurse/proof/standalone/signatures.py",
        find=("    if y >= P:\n        return None\n"),
        replace="",
        tests=("tests/proof/test_standalone.py::test_a_signature_is_written_in_one_way_only",),
    ),
    Guard(
        name="verify.py: a signature of something else",
        file="commonpurse/proof/standalone/signatures.py",
        find="    return point_write(found) == signature[:32]\n",
        replace="    return bool(found)\n",
        tests=(
            (
                "tests/proof/test_standalone.py::test_the_published_signature"
                "s_hold_and_nothing_near_them_does"
            ),
        ),
    ),
    ALONE.check(
        "a fee under a mandate for something else",
        "money.py",
        '        must(is_named, row, "its mandate is for something else")\n',
        "        pass\n",
    ),
    ALONE.check(
        "a cover of another amount",
        "money.py",
        (
            '            must(int(mandate["max_minor"]) == minor, row, "its '
            'mandate is of another amount")\n'
        ),
        "            pass\n",
    ),
    ALONE.check(
        "a cover as the payment of an order that is not settled",
        "money.py",
        (
            '            must(row["kind"] == "settlement" and settled, row, "its '
            'order is not settled")\n'
        ),
        "            pass\n",
    ),
    ALONE.check(
        "a charge of no batch",
        "dues.py",
        '            must(row["batch_id"] in batches, row, "its batch is not there")\n',
        "            pass\n",
    ),
    ALONE.check(
        "a batch of another count",
        "dues.py",
        '    must(said == found, batch, f"its rows give {found}")\n',
        "    pass\n",
    ),
    ALONE.check(
        "a batch whose entry books more",
        "dues.py",
        '    moves_check(export, batch, "1100", "4000", total)\n',
        "    pass\n",
    ),
)
