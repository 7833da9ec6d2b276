"""Who may be paid, and into which account."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models.expressions import RawSQL

from commonpurse.errors import NotFound
from commonpurse.groups.selectors import member_name_sql, member_names
from commonpurse.treasury.models import Payee, PayeeAccount, PayeeAccountText, PayeeKind
from commonpurse.treasury.values import PayeeAccountView, PayeeView


def payee_list(coop_id: UUID) -> tuple[PayeeView, ...]:
    """All payees of a co-op, by name."""
    views = payee_views(Payee.objects.filter(coop_id=coop_id))
    return tuple(sorted(views, key=lambda view: (view.name.casefold(), view.id)))


def payee_view(payee_id: UUID) -> PayeeView:
    """One payee with its accounts, newest first. Raises NotFound `no_payee`."""
    found = payee_views(Payee.objects.filter(id=payee_id))
    if not found:
        raise NotFound("no_payee", "There is no such payee.")
    return found[0]


def payee_views(rows: Iterable[Payee]) -> tuple[PayeeView, ...]:
    """Frozen values of payees, in four queries whatever their number."""
    payees = list(rows)
    names = names_of(payees)
    accounts: dict[UUID, list[PayeeAccountView]] = {row.id: [] for row in payees}
    entered = PayeeAccount.objects.filter(payee_id__in=accounts).order_by("-at", "-id")
    for account, view in account_views(entered):
        accounts[account.payee_id].append(view)
    return tuple(
        PayeeView(
            id=row.id,
            coop_id=row.coop_id,
            kind=row.kind,
            name=names[row.id],
            beneficial_owner_member_id=row.beneficial_owner_member_id,
            added_by_member_id=row.added_by_member_id,
            added_at=row.at,
            accounts=tuple(accounts[row.id]),
        )
        for row in payees
    )


def account_views(
    rows: Iterable[PayeeAccount],
) -> tuple[tuple[PayeeAccount, PayeeAccountView], ...]:
    """Accounts beside their frozen values; number and holder are empty once erased."""
    accounts = list(rows)
    texts = PayeeAccountText.objects.in_bulk([row.id for row in accounts])
    blank = PayeeAccountText(iban="", holder="", bic="")
    return tuple(
        (
            row,
            PayeeAccountView(
                id=row.id,
                iban=texts.get(row.id, blank).iban,
                holder=texts.get(row.id, blank).holder,
                bic=texts.get(row.id, blank).bic,
                entered_by_member_id=row.entered_by_member_id,
                entered_at=row.at,
                usable_from=row.usable_from,
            ),
        )
        for row in accounts
    )


def payee_names(payee_ids: Collection[UUID]) -> dict[UUID, str]:
    """The names to show for these payees."""
    return names_of(Payee.objects.filter(id__in=payee_ids))


def owner_name_sql(coop_id: str) -> RawSQL:
    """The name of the member who gains from a payee, as a column of a query that joins payees."""
    return member_name_sql(coop_id=coop_id, member_id="treasury_payee.beneficial_owner_member_id")


def payee_name(kind: str, name: str, owner_name: str | None) -> str:
    """An organisation's own name, a member's name as the co-op knows it."""
    return (owner_name or "") if kind == PayeeKind.MEMBER else name


def names_of(rows: Iterable[Payee]) -> dict[UUID, str]:
    """An organisation's own name, a member's name as the co-op knows it."""
    payees = list(rows)
    owners = {
        row.beneficial_owner_member_id
        for row in payees
        if row.kind == PayeeKind.MEMBER and row.beneficial_owner_member_id
    }
    people: dict[UUID, str] = {}
    if owners:
        people = member_names(coop_id=payees[0].coop_id, member_ids=owners)
    return {
        row.id: people.get(row.beneficial_owner_member_id, "")
        if row.kind == PayeeKind.MEMBER and row.beneficial_owner_member_id
        else row.name
        for row in payees
    }
