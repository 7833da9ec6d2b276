"""Finding payees, payment requests and payments: by words, amount, payload code or number.

A payment that left a fund is public; who may be paid and what was asked for is for members.
"""

from collections.abc import Collection
from uuid import UUID

from commonpurse.groups.selectors import SearchScope, coops_by_id
from commonpurse.record.fulltext import Hit, hits_ask, scoped
from commonpurse.rules.money import exponent
from commonpurse.rules.search import Question

PAYEES = """
SELECT p.id, p.coop_id, p.id::text AS ref, p.name AS title, '' AS body, p.at
FROM (
    SELECT * FROM treasury_payee p
    WHERE to_tsvector('simple', p.name) || array_to_tsvector(ARRAY[p.coop_id::text])
          @@ %(words)s::tsquery OFFSET 0
) p
WHERE p.coop_id = ANY(%(coop_ids)s)
ORDER BY p.at DESC, p.id DESC LIMIT %(newest)s
"""

VERSIONS = """
SELECT v.id FROM (
    SELECT * FROM treasury_requestversion v
    WHERE to_tsvector('simple', v.purpose) || array_to_tsvector(ARRAY[v.coop_id::text,
          'amount:' || v.amount_minor::text, 'code:' || replace(v.code, '-', '')])
          @@ %(facts)s::tsquery OFFSET 0
) v
WHERE v.coop_id = ANY(%(coop_ids)s)
UNION
SELECT v.id FROM treasury_payee p
JOIN treasury_requestversion v ON v.payee_id = p.id AND v.coop_id = p.coop_id
WHERE to_tsvector('simple', p.name) || array_to_tsvector(ARRAY[p.coop_id::text])
      @@ %(words)s::tsquery
  AND p.coop_id = ANY(%(coop_ids)s)
UNION
SELECT v.id FROM treasury_paymentrequest r
JOIN treasury_requestversion v ON v.request_id = r.id AND v.coop_id = r.coop_id
WHERE r.number = %(number)s AND r.coop_id = ANY(%(coop_ids)s)
"""
"""Versions of requests by what stands in them, by who is paid, and by the number."""

REQUESTS = f"""
SELECT r.id, r.coop_id, r.number::text AS ref, v.purpose AS title,
       p.name || ' ' || v.code AS body, r.at
FROM treasury_requestversion v
JOIN treasury_paymentrequest r ON r.id = v.request_id AND r.coop_id = v.coop_id
JOIN treasury_payee p ON p.id = v.payee_id AND p.coop_id = v.coop_id
WHERE v.id IN ({VERSIONS})
  AND NOT EXISTS (
    SELECT 1 FROM treasury_requestversion later WHERE later.coop_id = v.coop_id
      AND later.request_id = v.request_id AND later.version > v.version
  )
ORDER BY r.at DESC, r.id DESC LIMIT %(newest)s
"""  # noqa: S608  (our own text; input goes in as parameters)

PAYMENTS = f"""
SELECT s.id, s.coop_id, r.number::text AS ref, v.purpose AS title,
       p.name || ' ' || v.code AS body, s.at
FROM treasury_requestversion v
JOIN treasury_paymentorder o ON o.version_id = v.id AND o.coop_id = v.coop_id
JOIN treasury_settlement s ON s.order_id = o.id AND s.coop_id = o.coop_id
JOIN treasury_paymentrequest r ON r.id = v.request_id AND r.coop_id = v.coop_id
JOIN treasury_payee p ON p.id = v.payee_id AND p.coop_id = v.coop_id
WHERE v.id IN ({VERSIONS})
ORDER BY s.at DESC, s.id DESC LIMIT %(newest)s
"""  # noqa: S608  (our own text; input goes in as parameters)


def money_found(
    *, question: Question, words: str, scope: SearchScope, kinds: Collection[str]
) -> list[Hit]:
    """Payees and requests of the reader's own co-ops, payments of all that they may know."""
    found: list[Hit] = []
    if "payee" in kinds:
        found += hits_ask("payee", PAYEES, words=words, coop_ids=scope.member_ids)
    for kind, select, coop_ids in (
        ("request", REQUESTS, scope.member_ids),
        ("payment", PAYMENTS, scope.coop_ids),
    ):
        if kind in kinds:
            given = {
                "facts": facts_of(question, words, coop_ids),
                "number": question.number if question.letter in ("R", "P") else None,
            }
            found += hits_ask(kind, select, words=words, coop_ids=coop_ids, given=given)
    return found


def facts_of(question: Question, words: str, coop_ids: Collection[UUID]) -> str:
    """The words, or the amount, or the payload code, as one query."""
    lexemes = {f"'code:{question.code}'"} if question.code else set()
    if question.amount is not None:
        currencies = {coop.currency for coop in coops_by_id(coop_ids).values()}
        minors = {question.amount_minor(exponent(currency)) for currency in currencies}
        lexemes |= {f"'amount:{minor}'" for minor in minors if minor is not None}
    return scoped(" | ".join([f"({words})", *sorted(lexemes)]), coop_ids)
