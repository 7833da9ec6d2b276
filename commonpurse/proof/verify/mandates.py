"""Authority to spend is made once, ends when the next manual is adopted, and has its limits.

One mandate for a result, one of each standing kind for a version of the manual, numbered without
a gap. What the manual says of cooling days, of the time to sign a payload and of the most that one
payee may get is taken from the version that was in force when the row was written.
"""

from collections import defaultdict
from datetime import timedelta

from commonpurse.proof.reader import Row
from commonpurse.proof.verify.members import moment
from commonpurse.proof.verify.tables import Tables, amount, broken, expect

NOT_ASKED_FOR = {"bank_fee", "returned_debit"}
"""Standing mandates for what the bank does by itself: nobody asks for a payment under them."""

ONLY_DECIDED = ("decision_id", "result_id", "payee_id", "covers_line_id", "valid_until")
"""What a standing mandate does not have."""


def mandates_check(tables: Tables) -> None:
    """Mandates are numbered, single, and ended in time; what is asked, signed and paid fits."""
    tables.numbered_check("mandates")
    tables.numbered_check("payment_requests")
    seen: dict[tuple[str, str, str], Row] = {}
    for row in tables.rows("mandates"):
        single_check(row, seen)
        expect(row, "valid_from", row["valid_from"], row["at"])
    ends_check(tables)
    for row in tables.rows("payment_requests"):
        mandate = tables.get("mandates", row, "mandate_id")
        if mandate["covers_line_id"] is not None or mandate["standing_kind"] in NOT_ASKED_FOR:
            raise broken(row, f"nobody asks for payments under mandate {mandate['number']}")
    for rows in tables.grouped("payee_accounts", "payee_id").values():
        cooling_check(tables, rows)
    for row in tables.rows("request_versions"):
        days = amount(manual_of(tables, row), "request_valid_days")
        found = moment(str(row["expires_at"])) - moment(str(row["at"]))
        expect(row, "the time to sign it", str(found), str(timedelta(days=days)))
    tables.single("payment_orders", "version_id")
    limits_check(tables)


def single_check(row: Row, seen: dict[tuple[str, str, str], Row]) -> None:
    """A mandate rests on a result or on the manual, never on both, and on each once."""
    if row["kind"] == "standing":
        if row["manual_version_id"] is None or row["standing_kind"] is None:
            raise broken(row, "it does not say which standing mandate of which manual it is")
        apart: tuple[str, ...] = ONLY_DECIDED
        place = ("standing", str(row["manual_version_id"]), str(row["standing_kind"]))
    else:
        expect(row, "kind", row["kind"], "decision")
        apart = ("manual_version_id", "standing_kind")
        place = ("decision", str(row["result_id"]), "")
    for column in apart:
        expect(row, column, row[column], None)
    if seen.setdefault(place, row) is not row:
        raise broken(row, f"mandate {seen[place]['number']} was made of the same already")


def ends_check(tables: Tables) -> None:
    """A standing mandate is of the manual in force, and the next version of it ends it."""
    versions = tables.rows("manual_versions")
    ends = tables.single("mandate_ends", "mandate_id")
    for row in tables.rows("mandate_ends"):
        mandate = tables.get("mandates", row, "mandate_id")
        expect(row, "the kind of its mandate", mandate["kind"], "standing")
        newest = tables.newest("manual_versions", row)
        expect(row, "manual_version_id", row["manual_version_id"], newest and newest["id"])
    for row in tables.rows("mandates"):
        if row["kind"] != "standing":
            continue
        newest = tables.newest("manual_versions", row)
        expect(row, "manual_version_id", row["manual_version_id"], newest and newest["id"])
        later = versions[tables.count_before("manual_versions", row) :]
        end = ends.get(str(row["id"]))
        ended_by = end and end["manual_version_id"]
        expect(row, "the manual that ended it", ended_by, later[0]["id"] if later else None)
    for row in tables.rows("line_bookings"):
        end = ends.get(str(row["mandate_id"]))
        is_taken = row["kind"] in {"fee", "return"}
        if is_taken and end is not None and end["_index"] < row["_index"]:
            raise broken(row, f"mandate {row['mandate_id']} had ended")


def cooling_check(tables: Tables, accounts: list[Row]) -> None:
    """A payee's first account may be used at once; a changed one waits the manual's days."""
    for place, row in enumerate(accounts):
        days = amount(manual_of(tables, row), "cooling_days") if place else 0
        found = moment(str(row["usable_from"])) - moment(str(row["at"]))
        expect(row, "how long it cools down", str(found), str(timedelta(days=days)))


def limits_check(tables: Tables) -> None:
    """One payee, under whatever names its owner goes, gets no more than the manual allows."""
    back = tables.single("payment_reversals", "settlement_id")
    failed = tables.single("order_failures", "order_id")
    void: dict[str, int] = {order_id: int(row["_index"]) for order_id, row in failed.items()}
    for row in tables.rows("settlements"):
        if str(row["id"]) in back:
            void[str(row["order_id"])] = int(back[str(row["id"])]["_index"])
    paid: dict[str, list[Row]] = defaultdict(list)
    for row in tables.rows("payment_orders"):
        version = tables.get("request_versions", row, "version_id")
        payee = tables.get("payees", version, "payee_id")
        parameters = manual_of(tables, row)
        limit = amount(parameters, "payment_limit_minor")
        whose = [str(payee["id"])]
        if payee["beneficial_owner_member_id"] is not None:
            whose.append(str(payee["beneficial_owner_member_id"]))
        if limit:
            days = amount(parameters, "payment_limit_days")
            since = moment(str(row["at"])) - timedelta(days=days)
            earlier = {str(one["id"]): one for key in whose for one in paid[key]}.values()
            total = amount(row, "amount_minor") + sum(
                amount(one, "amount_minor")
                for one in earlier
                if moment(str(one["at"])) > since
                and void.get(str(one["id"]), row["_index"]) >= row["_index"]
            )
            if total > limit:
                raise broken(
                    row, f"its payee gets {total} within {days} days, and {limit} is allowed"
                )
        for key in whose:
            paid[key].append(row)


def manual_of(tables: Tables, row: Row) -> Row:
    """The parameters of the manual that was in force when a row was written."""
    version = tables.newest("manual_versions", row)
    if version is None:
        raise broken(row, "no manual was in force")
    parameters: Row = version["parameters"]
    return {"_file": version["_file"], "_line": version["_line"], "id": version["id"]} | parameters
