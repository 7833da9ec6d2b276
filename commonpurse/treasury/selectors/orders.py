"""Orders, the files they left in, and payments as the public reads them."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from commonpurse.errors import NotFound
from commonpurse.treasury.models import (
    OrderFile,
    OrderFileBody,
    PaymentOrder,
    PaymentReversal,
    Settlement,
)
from commonpurse.treasury.selectors.payees import names_of, owner_name_sql, payee_name
from commonpurse.treasury.values import OrderFileView, OrderView, PaymentView

PAGE = 50
LINKS = (
    "version__payee",
    "version__payee_account",
    "version__request__mandate",
)


def order_view(order_id: UUID) -> OrderView:
    """One order. Raises NotFound `no_order`."""
    found = order_views(PaymentOrder.objects.filter(id=order_id))
    if not found:
        raise NotFound("no_order", "There is no such order.")
    return found[0]


def access_order(*, order_id: UUID, fund_id: UUID) -> OrderView:
    """An order of this fund. Raises NotFound `no_order` for another's."""
    found = order_view(order_id)
    if found.fund_id != fund_id:
        raise NotFound("no_order", "There is no such order here.")
    return found


def order_list(fund_id: UUID, *, limit: int = PAGE) -> tuple[OrderView, ...]:
    """A fund's newest orders, whatever became of them."""
    rows = PaymentOrder.objects.filter(fund_id=fund_id).order_by("-at", "-id")[:limit]
    return order_views(rows)


def order_list_open(fund_id: UUID) -> tuple[OrderView, ...]:
    """A fund's orders that are neither settled nor failed, oldest first."""
    return order_views(orders_open(fund_id))


def orders_open(fund_id: UUID) -> QuerySet[PaymentOrder]:
    """The rows of orders that are neither settled nor failed, oldest first."""
    return PaymentOrder.objects.filter(
        fund_id=fund_id, failures__isnull=True, settlements__isnull=True
    ).order_by("at", "id")


def orders_sendable(fund_id: UUID) -> list[PaymentOrder]:
    """The rows of open orders that went out neither in a file nor by hand, oldest first."""
    rows = orders_open(fund_id).filter(files__isnull=True, by_hand__isnull=True)
    return list(rows.select_related(*LINKS))


def order_views(rows: Iterable[PaymentOrder]) -> tuple[OrderView, ...]:
    """Frozen values of orders, in seven queries whatever their number."""
    ids = [row.id for row in rows]
    orders = (
        PaymentOrder.objects.filter(id__in=ids)
        .select_related(*LINKS)
        .prefetch_related("files", "by_hand", "failures", "settlements__reversals")
        .in_bulk()
    )
    names = names_of(order.version.payee for order in orders.values())
    return tuple(order_frozen(orders[order_id], names) for order_id in ids)


def order_frozen(order: PaymentOrder, names: dict[UUID, str]) -> OrderView:
    """The frozen value of an order whose links were read with it."""
    files, version = list(order.files.all()), order.version
    return OrderView(
        id=order.id,
        request_id=version.request_id,
        number=version.request.number,
        fund_id=order.fund_id,
        mandate_id=version.request.mandate_id,
        payee_name=names[version.payee_id],
        amount_minor=order.amount_minor,
        currency=version.currency,
        purpose=version.purpose,
        code=version.code,
        end_to_end_id=order.end_to_end_id,
        prepared_at=order.at,
        status=order_status(order),
        file_id=files[0].file_id if files else None,
    )


def order_status(order: PaymentOrder) -> str:
    """What became of an order, in one word; its links were read with it."""
    settlements = list(order.settlements.all())
    if settlements:
        return "reversed" if settlements[0].reversals.all() else "settled"
    if order.failures.all():
        return "failed"
    return "exported" if order.files.all() or order.by_hand.all() else "ordered"


def order_match(
    *, fund_id: UUID, end_to_end_id: str, remittance: str, amount_minor: int
) -> UUID | None:
    """The one sent and unsettled order that a debit of this amount pays, or None.

    By the end-to-end id that the file carried, else by the payload code in the purpose. Where
    two orders fit, a person decides.
    """
    rows = orders_open(fund_id).filter(amount_minor=amount_minor)
    sent = rows.filter(Q(files__isnull=False) | Q(by_hand__isnull=False)).distinct()
    known = list(sent.values_list("id", "end_to_end_id", "version__code"))
    said = compact(remittance)
    exact = [one for one, theirs, _ in known if end_to_end_id and theirs == end_to_end_id]
    found = exact or [one for one, _, code in known if compact(code) in said]
    return found[0] if len(found) == 1 else None


def compact(text: str) -> str:
    """Letters and digits alone, in capitals: banks drop hyphens and put blanks anywhere."""
    return "".join(symbol for symbol in text.upper() if symbol.isalnum())


def order_file(file_id: UUID) -> OrderFileView:
    """A payment file, the same bytes every time. NotFound `no_file`. Private."""
    row = OrderFile.objects.filter(id=file_id).first()
    body = OrderFileBody.objects.filter(id=file_id).first()
    if row is None or body is None:
        raise NotFound("no_file", "There is no such payment file.")
    return OrderFileView(
        id=row.id,
        message_id=row.message_id,
        made_at=row.at,
        sha256=body.sha256,
        body=bytes(body.body),
        order_ids=tuple(UUID(text) for text in row.order_ids),
    )


def access_order_file(*, file_id: UUID, fund_id: UUID) -> OrderFileView:
    """A payment file of this fund. Raises NotFound `no_file` for another's. Private."""
    if not OrderFile.objects.filter(id=file_id, fund_id=fund_id).exists():
        raise NotFound("no_file", "There is no such payment file here.")
    return order_file(file_id)


def order_file_list(fund_id: UUID, *, limit: int = PAGE) -> tuple[OrderFileView, ...]:
    """A fund's payment files, newest first. Private."""
    rows = OrderFile.objects.filter(fund_id=fund_id).order_by("-at", "-id")[:limit]
    return tuple(order_file(row.id) for row in rows)


def payment_list(
    coop_id: UUID, *, before: tuple[date, UUID] | None = None, limit: int = PAGE
) -> tuple[PaymentView, ...]:
    """What left a co-op's funds, newest first, for everyone to read.

    `before` is the booking day and the id of the settlement that the last page ended with.
    """
    rows = Settlement.objects.filter(coop_id=coop_id).order_by("-booked_on", "-id")
    if before is not None:
        day, settlement_id = before
        rows = rows.filter(Q(booked_on__lt=day) | Q(booked_on=day, id__lt=settlement_id))
    found = rows.values(
        "id",
        "booked_on",
        amount=F("order__amount_minor"),
        purpose=F("order__version__purpose"),
        currency=F("order__version__currency"),
        code=F("order__version__code"),
        request=F("order__version__request_id"),
        number=F("order__version__request__number"),
        mandate_number=F("order__version__request__mandate__number"),
        decision=F("order__version__request__mandate__decision_id"),
        payee_kind=F("order__version__payee__kind"),
        payee=F("order__version__payee__name"),
        owner=owner_name_sql("treasury_settlement.coop_id"),
        is_reversed=Exists(PaymentReversal.objects.filter(settlement=OuterRef("pk"))),
    )
    return tuple(
        PaymentView(
            settlement_id=row["id"],
            request_id=row["request"],
            number=row["number"],
            payee_name=payee_name(row["payee_kind"], row["payee"], row["owner"]),
            purpose=row["purpose"],
            amount_minor=row["amount"],
            currency=row["currency"],
            booked_on=row["booked_on"],
            mandate_number=row["mandate_number"],
            decision_id=row["decision"],
            code=row["code"],
            is_reversed=row["is_reversed"],
        )
        for row in found[:limit]
    )
