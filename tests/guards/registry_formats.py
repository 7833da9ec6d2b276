"""Guards of bank files: what is read of a statement, what is written of an order."""

from tests.guards.guard import Guard

FORMATS: tuple[Guard, ...] = (
    Guard(
        name="bank: a file that is cut off",
        file="commonpurse/formats/xmlpieces.py",
        find=("    try:\n        parser.close()\n"),
        replace=("    try:\n        pass\n"),
        tests=(
            (
                "tests/formats/test_camt053_bad.py"
                "::test_each_bad_file_is_refused_with_a_line_that_says_what_it_is[cut b"
                "efore its last tag]"
            ),
        ),
    ),
    Guard(
        name="bank: no more bytes than a bank sends",
        file="commonpurse/formats/xmlpieces.py",
        find="            if total > FILE_BYTES_MAX:\n",
        replace="            if False:\n",
        tests=("tests/formats/test_camt053_bad.py::test_a_file_of_300_mb_is_refused",),
    ),
    Guard(
        name="bank: no elements without end in depth",
        file="commonpurse/formats/xmlpieces.py",
        find="        if len(self.path) > DEPTH_MAX:\n",
        replace="        if False:\n",
        tests=(
            (
                "tests/formats/test_camt053_bad.py"
                "::test_each_bad_file_is_refused_with_a_line_that_says_what_it_is[depth"
                " inside an entry]"
            ),
        ),
    ),
    Guard(
        name="bank: no entry without end",
        file="commonpurse/formats/xmlpieces.py",
        find="            if self.elements_count > PIECE_ELEMENTS_MAX:\n",
        replace="            if False:\n",
        tests=(
            (
                "tests/formats/test_camt053_bad.py"
                "::test_each_bad_file_is_refused_with_a_line_that_says_what_it_is[an en"
                "try without end]"
            ),
        ),
    ),
    Guard(
        name="bank: no text without end",
        file="commonpurse/formats/xmlpieces.py",
        find="            if self.text_size > TEXT_MAX:\n",
        replace="            if False:\n",
        tests=(
            (
                "tests/formats/test_camt053_bad.py"
                "::test_each_bad_file_is_refused_with_a_line_that_says_what_it_is[a tex"
                "t without end]"
            ),
        ),
    ),
    Guard(
        name="bank: no balances without end",
        file="commonpurse/formats/camt053.py",
        find="            if len(self.parts) > PARTS_MAX:\n",
        replace="            if False:\n",
        tests=(
            (
                "tests/formats/test_camt053_bad.py"
                "::test_each_bad_file_is_refused_with_a_line_that_says_what_it_is[balan"
                "ces without end]"
            ),
        ),
    ),
    Guard(
        name="bank: no entries without end",
        file="commonpurse/formats/camt053.py",
        find=(
            "        if self.entries_count + len(self.entries.details) > "
            "ENTRIES_MAX or (\n"
            "            len(self.entries.found) > ENTRIES_MAX\n"
            "        ):\n"
        ),
        replace="        if False:\n",
        tests=(
            (
                "tests/formats/test_camt053_bad.py"
                "::test_more_entries_or_statements_than_any_bank_sends_are_refused[ENTR"
                "IES_MAX]"
            ),
        ),
    ),
    Guard(
        name="bank: no statements without end",
        file="commonpurse/formats/camt053.py",
        find="            if len(self.statements) >= STATEMENTS_MAX:\n",
        replace="            if False:\n",
        tests=(
            (
                "tests/formats/test_camt053_bad.py"
                "::test_more_entries_or_statements_than_any_bank_sends_are_refused[STAT"
                "EMENTS_MAX]"
            ),
        ),
    ),
    Guard(
        name="bank: what is not XML is named",
        file="commonpurse/formats/camt053.py",
        find="    if other:\n",
        replace="    if False:\n",
        tests=(
            (
                "tests/formats/test_camt053_bad.py"
                "::test_each_bad_file_is_refused_with_a_line_that_says_what_it_is[a PDF]"
            ),
        ),
    ),
    Guard(
        name="bank: an empty file",
        file="commonpurse/formats/sniff.py",
        find="    if not start:\n",
        replace="    if False:\n",
        tests=(
            (
                "tests/formats/test_camt053_bad.py"
                "::test_each_bad_file_is_refused_with_a_line_that_says_what_it_is[nothing]"
            ),
        ),
    ),
    Guard(
        name="bank: another message than a statement",
        file="commonpurse/formats/camt053.py",
        find='    if message != "camt.053":\n',
        replace="    if False:\n",
        tests=(
            (
                "tests/formats/test_camt053_bad.py"
                "::test_each_bad_file_is_refused_with_a_line_that_says_what_it_is[payme"
                "nt orders]"
            ),
        ),
    ),
    Guard(
        name="bank: another XML than a bank's",
        file="commonpurse/formats/camt053.py",
        find=("    if not found:\n        raise"),
        replace=("    if False:\n        raise"),
        tests=(
            (
                "tests/formats/test_camt053_bad.py"
                "::test_each_bad_file_is_refused_with_a_line_that_says_what_it_is[anoth"
                "er XML]"
            ),
        ),
    ),
    Guard(
        name="bank: a version that is not read",
        file="commonpurse/formats/camt053.py",
        find='    if root != "Document" or version < VERSION_MIN:\n',
        replace="    if False:\n",
        tests=("tests/formats/test_camt053.py::test_a_version_before_the_second_is_refused",),
    ),
    Guard(
        name="bank: a file without a statement",
        file="commonpurse/formats/camt053.py",
        find="        if not self.has_body or not self.statements:\n",
        replace="        if False:\n",
        tests=(
            (
                "tests/formats/test_camt053_bad.py"
                "::test_each_bad_file_is_refused_with_a_line_that_says_what_it_is[no st"
                "atement]"
            ),
        ),
    ),
    Guard(
        name="bank: a statement of no account",
        file="commonpurse/formats/camt053.py",
        find="    if not account:\n",
        replace="    if False:\n",
        tests=(
            (
                "tests/formats/test_camt053_bad.py"
                "::test_each_bad_file_is_refused_with_a_line_that_says_what_it_is[no "
                "account]"
            ),
        ),
    ),
    Guard(
        name="bank: an entry says whether it is booked",
        file="commonpurse/formats/camt053_entries.py",
        find="        if not status:\n",
        replace="        if False:\n",
        tests=(
            (
                "tests/formats/test_camt053_bad.py"
                "::test_each_bad_file_is_refused_with_a_line_that_says_what_it_is[no "
                "status]"
            ),
        ),
    ),
    Guard(
        name="bank: only booked entries count",
        file="commonpurse/formats/camt053_entries.py",
        find=("        if status != BOOKED:\n            return\n"),
        replace="",
        tests=("tests/formats/test_camt053.py::test_only_booked_entries_count",),
    ),
    Guard(
        name="bank: an entry has a direction",
        file="commonpurse/formats/camt053_entries.py",
        find=(
            "    if indicator not in SIGNS:\n"
            "        raise Invalid(\n"
            '            "direction",\n'
            '            "The statement cannot be read: %(where)s is neither CRDT nor DBIT.",\n'
            "            where=where,\n"
            "        )\n"
            "    return SIGNS[indicator]"
        ),
        replace="    return SIGNS.get(indicator, 1)",
        tests=(
            (
                "tests/formats/test_camt053_bad.py"
                "::test_each_bad_file_is_refused_with_a_line_that_says_what_it_is[no di"
                "rection]"
            ),
        ),
    ),
    Guard(
        name="bank: an amount is in the statement's currency",
        file="commonpurse/formats/camt053_entries.py",
        find="    if found and found != currency:\n",
        replace="    if False:\n",
        tests=("tests/formats/test_camt053.py::test_an_amount_in_another_currency_is_refused",),
    ),
    Guard(
        name="bank: an amount is exact",
        file="commonpurse/rules/money.py",
        find='    if decimals[places:].strip("0"):\n',
        replace="    if False:\n",
        tests=(
            (
                "tests/formats/test_camt053.py"
                "::test_an_amount_that_is_not_exact_is_refused[12.505-EUR]"
            ),
        ),
    ),
    Guard(
        name="bank: an amount is no fantasy",
        file="commonpurse/rules/money.py",
        find="    if minor > AMOUNT_MAX_MINOR:\n",
        replace="    if False:\n",
        tests=(
            (
                "tests/formats/test_camt053.py"
                "::test_an_amount_that_is_not_exact_is_refused[999999999999999999-EUR]"
            ),
        ),
    ),
    Guard(
        name="bank: a batch is the sum of its details",
        file="commonpurse/formats/camt053_entries.py",
        find="            self.has_bad_details = self.has_bad_details or not adds_up\n",
        replace="            pass\n",
        tests=("tests/formats/test_camt053.py::test_two_wrong_batches_do_not_make_a_right_one",),
    ),
    Guard(
        name="bank: a reference has its check digits",
        file="commonpurse/formats/rf.py",
        find=(
            "    return bool(WHOLE.fullmatch(text)) and _number(text[4:] + text[:4]) % 97 == 1\n"
        ),
        replace="    return bool(WHOLE.fullmatch(text))\n",
        tests=("tests/formats/test_camt053.py::test_a_wrong_reference_is_none",),
    ),
    Guard(
        name="order file: euros only",
        file="commonpurse/formats/pain001.py",
        find="    if transfer.currency != CURRENCY:\n",
        replace="    if False:\n",
        tests=(
            (
                "tests/formats/test_pain001.py"
                "::test_what_a_bank_would_refuse_is_refused_here[change3-currency]"
            ),
        ),
    ),
    Guard(
        name="order file: an amount that a bank carries out",
        file="commonpurse/formats/pain001.py",
        find="    if not 0 < transfer.amount_minor <= AMOUNT_MAX_MINOR:\n",
        replace="    if False:\n",
        tests=(
            (
                "tests/formats/test_pain001.py"
                "::test_what_a_bank_would_refuse_is_refused_here[change6-amount]"
            ),
        ),
    ),
    Guard(
        name="order file: an account number has its check digits",
        file="commonpurse/formats/pain001.py",
        find="        iban=iban_clean(transfer.iban),\n",
        replace="        iban=transfer.iban,\n",
        tests=(
            (
                "tests/formats/test_pain001.py"
                "::test_what_a_bank_would_refuse_is_refused_here[change0-iban]"
            ),
        ),
    ),
    Guard(
        name="order file: a bank has a code that is one",
        file="commonpurse/formats/pain001.py",
        find='bic=_bic_clean(transfer.bic) if transfer.bic else "",',
        replace="bic=transfer.bic,",
        tests=(
            (
                "tests/formats/test_pain001.py"
                "::test_what_a_bank_would_refuse_is_refused_here[change2-bic]"
            ),
        ),
    ),
    Guard(
        name="order file: letters that banks print",
        file="commonpurse/formats/pain001.py",
        find=('    raise Invalid(\n        "letters",'),
        replace=('    return symbol\n    raise Invalid(\n        "letters",'),
        tests=(
            (
                "tests/formats/test_pain001.py"
                "::test_what_a_bank_would_refuse_is_refused_here[change8-letters]"
            ),
        ),
    ),
    Guard(
        name="order file: nothing is cut off",
        file="commonpurse/formats/pain001.py",
        find="    if len(written) > limit:\n",
        replace="    if False:\n",
        tests=(
            (
                "tests/formats/test_pain001.py"
                "::test_what_a_bank_would_refuse_is_refused_here[change11-text_long]"
            ),
        ),
    ),
    Guard(
        name="order file: not in the past",
        file="commonpurse/formats/pain001.py",
        find="    if execute_on < today:\n",
        replace="    if False:\n",
        tests=(
            (
                "tests/formats/test_pain001.py"
                "::test_a_day_in_the_past_or_far_ahead_is_refused[day0-past]"
            ),
        ),
    ),
    Guard(
        name="order file: not far ahead",
        file="commonpurse/formats/pain001.py",
        find="    if execute_on - today > AHEAD_MAX:\n",
        replace="    if False:\n",
        tests=(
            (
                "tests/formats/test_pain001.py"
                "::test_a_day_in_the_past_or_far_ahead_is_refused[day1-far]"
            ),
        ),
    ),
    Guard(
        name="order file: ids that banks take",
        file="commonpurse/formats/pain001.py",
        find="    if wrong:\n",
        replace="    if False:\n",
        tests=(
            (
                "tests/formats/test_pain001.py"
                "::test_what_a_bank_would_refuse_is_refused_here[change12-id]"
            ),
        ),
    ),
    Guard(
        name="order file: a payment stands in it once",
        file="commonpurse/formats/pain001.py",
        find=("    if len({each.end_to_end_id for each in transfers}) != len(transfers):\n"),
        replace="    if False:\n",
        tests=(
            ("tests/formats/test_pain001.py::test_no_order_and_the_same_order_twice_are_refused"),
        ),
    ),
    Guard(
        name="order file: it is not empty",
        file="commonpurse/formats/pain001.py",
        find="    if not 0 < len(transfers) <= TRANSFERS_MAX:\n",
        replace="    if False:\n",
        tests=(
            ("tests/formats/test_pain001.py::test_no_order_and_the_same_order_twice_are_refused"),
        ),
    ),
)
