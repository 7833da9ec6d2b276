"""Guards of counting: what files say, which cent goes where, who wins a tie."""

from tests.guards.guard import Guard

PABULIB_BAD = "tests/formats/test_pabulib.py::test_nonsense_is_refused_with_its_line"
BALLOTS_BAD = "tests/formats/test_ballots.py::test_nonsense_is_refused_with_its_line"
POOLS = "tests/rules/test_pools.py"
SUMS = "tests/rules/test_sums.py"
ENGINES = "tests/cli/test_tally_engines.py"
PARQUET = "tests/formats/test_parquet.py"
PARQUET_BAD = PARQUET + "::test_cells_and_columns_that_cannot_be_right"
TABLE_BAD = ENGINES + "::test_a_table_that_cannot_be_counted_is_refused_in_one_line"
PROJECTS_SLOW = "tests/rules/test_projects.py::test_the_fast_rules_agree_with_the_slow_ones"

TALLY: tuple[Guard, ...] = (
    Guard(
        name="recount: nobody votes twice in a .pb file",
        file="commonpurse/formats/pabulib.py",
        find="    if voter in at.voters:\n",
        replace="    if False:\n",
        tests=(PABULIB_BAD,),
    ),
    Guard(
        name="recount: no project twice in a ballot",
        file="commonpurse/formats/pabulib.py",
        find="    if len(set(ballot)) != len(ballot):\n",
        replace="    if False:\n",
        tests=(PABULIB_BAD,),
    ),
    Guard(
        name="recount: a .pb file that was cut off",
        file="commonpurse/formats/pabulib.py",
        find="        if said.isascii() and said.isdigit() and int(said[:30]) != count:\n",
        replace="        if False:\n",
        tests=(PABULIB_BAD,),
    ),
    Guard(
        name="recount: no budget and no cost of nothing",
        file="commonpurse/formats/pabulib.py",
        find="    if not 0 < amount <= MONEY_MAX:\n",
        replace="    if False:\n",
        tests=(PABULIB_BAD,),
    ),
    Guard(
        name="recount: no points below zero approve",
        file="commonpurse/formats/pabulib.py",
        find='        if amount and not stripped.startswith("-"):\n',
        replace="        if amount:\n",
        tests=("tests/formats/test_pabulib.py::test_every_kind_of_vote_approves",),
    ),
    Guard(
        name="recount: no line without an end",
        file="commonpurse/formats/lines.py",
        find="        if len(raw) > LINE_BYTES_MAX:\n",
        replace="        if False:\n",
        tests=(PABULIB_BAD,),
    ),
    Guard(
        name="recount: a channel once for each voter",
        file="commonpurse/formats/ballots.py",
        find="        if channel in named:\n",
        replace="        if False:\n",
        tests=(BALLOTS_BAD,),
    ),
    Guard(
        name="recount: no ballot of more than the whole",
        file="commonpurse/rules/pools/ballots.py",
        find="        if value > grid:\n",
        replace="        if False:\n",
        tests=(POOLS + "::test_a_ballot_of_more_than_the_whole_or_of_two_ages_is_refused",),
    ),
    Guard(
        name="recount: no parameter that a rule does not have",
        file="commonpurse/rules/pools/rules.py",
        find="        if name not in PARAMETERS[rule]:\n",
        replace="        if False:\n",
        tests=(POOLS + "::test_parameters_that_cannot_be_are_refused",),
    ),
    Guard(
        name="recount: missing cents by the largest remainder",
        file="commonpurse/rules/pools/remainder.py",
        find="key=lambda at: (-amounts[at][1], at))\n",
        replace="key=lambda at: at)\n",
        tests=(POOLS + "::test_missing_cents_go_to_the_largest_remainder_then_by_byte_order",),
    ),
    Guard(
        name="recount: a stretch that is unsure answers for nothing",
        file="commonpurse/rules/projects/equal_shares.py",
        find="        if first != last:\n            return None\n",
        replace="        if first != last:\n            break\n",
        tests=(PROJECTS_SLOW,),
    ),
    Guard(
        name="recount: near bids are compared exactly",
        file="commonpurse/rules/pools/votermedia.py",
        find="        if near_one < near_other * NEAR or near_other < near_one * NEAR:\n",
        replace="        if near_one != near_other:\n",
        tests=("tests/rules/test_contests.py::test_bids_that_floats_cannot_tell_apart_are_equal",),
    ),
    Guard(
        name="engines: a voter's rows in one part",
        file="commonpurse/rules/pools/parts.py",
        find="    if is_again.any():\n",
        replace="    if False:\n",
        tests=(SUMS + "::test_a_voter_in_two_parts_is_found_wherever_parts_are_joined",),
    ),
    Guard(
        name="engines: a channel once for each voter of a part",
        file="commonpurse/rules/pools/columns.py",
        find="    if is_again.any():\n",
        replace="    if False:\n",
        tests=(SUMS + "::test_a_part_refuses_what_no_ballot_says",),
    ),
    Guard(
        name="engines: no ballot of more than the whole in a part",
        file="commonpurse/rules/pools/columns.py",
        find="    if is_more.any():\n",
        replace="    if False:\n",
        tests=(SUMS + "::test_a_part_refuses_what_no_ballot_says",),
    ),
    Guard(
        name="engines: one age and weight for each ballot of a part",
        file="commonpurse/rules/pools/columns.py",
        find="    if is_other.any():\n",
        replace="    if False:\n",
        tests=(SUMS + "::test_a_part_refuses_a_ballot_of_two_ages_or_weights",),
    ),
    Guard(
        name="engines: sums beyond 64 bits stay exact",
        file="commonpurse/rules/pools/columns.py",
        find="dtype=np.int64 if largest <= INT64_MAX else object)\n",
        replace="dtype=np.int64)\n",
        tests=(SUMS + "::test_numbers_beyond_64_bits_stay_exact",),
    ),
    Guard(
        name="engines: no column that rounds in Parquet",
        file="commonpurse/formats/parquet.py",
        find="        if kinds.is_floating(kind):\n",
        replace="        if False:\n",
        tests=(PARQUET_BAD,),
    ),
    Guard(
        name="engines: no row without a cell in Parquet",
        file="commonpurse/formats/parquet.py",
        find="    if column.null_count:\n",
        replace="    if False:\n",
        tests=(PARQUET_BAD,),
    ),
    Guard(
        name="engines: nothing below zero from typed cells",
        file="commonpurse/formats/cells.py",
        find="        if found < 0:\n",
        replace="        if False:\n",
        tests=(PARQUET_BAD,),
    ),
    Guard(
        name="engines: no file is passed over in a folder of parts",
        file="commonpurse/formats/parquet.py",
        find="        if one.suffix != SUFFIX:\n",
        replace="        if one.suffix != SUFFIX:\n            continue\n        if False:\n",
        tests=(PARQUET + "::test_the_parts_of_a_folder_in_order_and_what_is_no_part",),
    ),
    Guard(
        name="engines: a table's columns are exact",
        file="commonpurse/cli/tally_postgres.py",
        find="        if found not in wanted:\n",
        replace="        if False:\n",
        tests=(TABLE_BAD,),
    ),
    Guard(
        name="engines: a channel once for each voter of a table",
        file="commonpurse/cli/tally_postgres.py",
        find="voter IS NULL, entries <> channels,\n",
        replace="voter IS NULL, false,\n",
        tests=(TABLE_BAD,),
    ),
    Guard(
        name="engines: no ballot of more than the whole in a table",
        file="commonpurse/cli/tally_postgres.py",
        find="       %(divides)s AND whole::numeric * %(denominator)s > %(numerator)s\n",
        replace="       false\n",
        tests=(TABLE_BAD,),
    ),
    Guard(
        name="engines: no row of a table without a voter",
        file="commonpurse/cli/tally_postgres.py",
        find="    if is_nobodys:\n",
        replace="    if False:\n",
        tests=(TABLE_BAD,),
    ),
    Guard(
        name="engines: an address that libpq cannot read is not repeated",
        file="commonpurse/cli/tally_postgres.py",
        find='ValueError("--database is no address of a PostgreSQL database")',
        replace="ValueError(first_line(fault))",
        tests=(ENGINES + "::test_databases_and_tables_that_are_not_there",),
    ),
    Guard(
        name="engines: a cluster that goes away is no traceback",
        file="commonpurse/cli/tally_dask.py",
        find="    except (CancelledError, CommClosedError, TimeoutError) as fault:\n",
        replace="    except CommClosedError as fault:\n",
        tests=(ENGINES + "::test_a_cluster_that_dies_is_one_line",),
    ),
)
