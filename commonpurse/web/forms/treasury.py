"""What is typed on the money pages."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commonpurse.groups.selectors import MemberView
from commonpurse.treasury.selectors import MandateView, PayeeView
from commonpurse.web.forms.base import MoneyField, PurseForm

LINE_MAX = 100
REASON_MAX = 1_000
ENDING = 4
"""How many letters of an account number stand beside a name."""


def text_field(label: Any, hint: Any = "", *, required: bool = True, limit: int = LINE_MAX) -> Any:
    """One line of text."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=limit,
        widget=forms.TextInput(attrs={"class": "input", "dir": "auto"}),
    )


def long_field(label: Any, hint: Any = "", *, required: bool = True) -> Any:
    """A few sentences."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 3, "dir": "auto"}),
    )


def choice_field(label: Any, choices: Sequence[tuple[str, Any]], hint: Any = "") -> Any:
    """One of several, in a list."""
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=choices,
        widget=forms.Select(attrs={"class": "select"}),
    )


def iban_field(*, required: bool = True) -> Any:
    """An account number; blanks are welcome."""
    return forms.CharField(
        label=_("Account number (IBAN)"),
        help_text=_("As it stands on the invoice. Blanks do not matter."),
        required=required,
        max_length=50,
        widget=forms.TextInput(
            attrs={"class": "input", "dir": "ltr", "autocomplete": "off", "spellcheck": "false"}
        ),
    )


def payee_choices(payees: Sequence[PayeeView]) -> list[tuple[str, str]]:
    """Payees to choose from; where an account is known, its ending tells look-alikes apart."""
    shown = []
    for payee in payees:
        ending = payee.accounts[0].iban[-ENDING:] if payee.accounts else ""
        named = gettext("%(name)s (account …%(ending)s)") % {"name": payee.name, "ending": ending}
        shown.append((str(payee.id), named if ending else payee.name))
    return shown


class RequestForm(PurseForm):
    """A wish to pay somebody under a mandate."""

    payee = choice_field(_("Who is paid?"), ())
    amount = MoneyField(label=_("Amount"))
    purpose = text_field(
        _("What is it for?"),
        _("Everybody reads it on the fund page. Example: “October award, backups”."),
    )

    def __init__(
        self, *args: Any, payees: Sequence[PayeeView], mandate: MandateView, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        shown = [
            payee for payee in payees if payee.accounts and mandate.payee_id in (None, payee.id)
        ]
        self.fields["payee"] = choice_field(_("Who is paid?"), payee_choices(shown))
        self.fields["amount"] = MoneyField(label=_("Amount"), currency=mandate.currency)
        self.order_fields(["payee", "amount", "purpose"])


class EditForm(PurseForm):
    """Another amount or purpose for a request; every approval is asked for again."""

    amount = MoneyField(label=_("Amount"))
    purpose = text_field(_("What is it for?"))

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"] = MoneyField(label=_("Amount"), currency=currency)
        self.order_fields(["amount", "purpose"])


class ApproveForm(PurseForm):
    """One trustee's signature over exactly this payload."""

    payload_hash = forms.CharField(max_length=64, widget=forms.HiddenInput)
    same = forms.BooleanField(
        label=_("I compared the payload code"),
        help_text=_("If one character differs from the code in your notice, do not sign."),
        error_messages={"required": _("Compare the payload code, then tick the box")},
    )

    def read_again(self, payload_hash: str) -> None:
        """Stand over the payload that the page shows now, with an empty box: it is read anew."""
        self.data = {"payload_hash": payload_hash}


class RefuseForm(PurseForm):
    """Why a trustee refuses a request for good."""

    reason = long_field(_("Why do you refuse it?"), _("The requester reads it."))


class PayeeForm(PurseForm):
    """Somebody new whom the co-op may pay."""

    kind = choice_field(
        _("Who is it?"),
        (("organisation", _("A supplier or another organisation")), ("member", _("A member"))),
    )
    name = text_field(
        _("Name of the supplier"),
        _("Everybody reads it. Leave it empty for a member."),
        required=False,
    )
    owner = choice_field(_("Which member is paid, or owns the supplier?"), ())

    def __init__(self, *args: Any, members: Sequence[MemberView], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(item.member_id), item.name) for item in members]
        self.fields["owner"] = forms.ChoiceField(
            label=_("Which member is paid, or owns the supplier?"),
            help_text=_("They may not ask for or approve these payments."),
            choices=[("", _("Nobody of us")), *people],
            required=False,
            widget=forms.Select(attrs={"class": "select"}),
        )


class AccountForm(PurseForm):
    """The bank account of a payee, or of the fund."""

    iban = iban_field()
    holder = text_field(_("In the name of"), _("Exactly as the bank knows it."), limit=70)
    bic = text_field(_("BIC, where the bank asks for it"), required=False, limit=11)


class ExportForm(PurseForm):
    """When the bank is to carry out the orders."""

    execute_on = forms.DateField(
        label=_("Pay on"),
        widget=forms.DateInput(
            format="%Y-%m-%d", attrs={"class": "input input--short", "type": "date"}
        ),
        error_messages={"required": _("Choose a day"), "invalid": _("Choose a day")},
    )


class PaidForm(PurseForm):
    """Proof that an order was paid without a bank statement that shows it."""

    booked_on = forms.DateField(
        label=_("Paid on"),
        widget=forms.DateInput(
            format="%Y-%m-%d", attrs={"class": "input input--short", "type": "date"}
        ),
        error_messages={"required": _("Choose a day"), "invalid": _("Choose a day")},
    )
    proof = long_field(
        _("What proves it?"), _("For example the number of the bank’s confirmation. It is public.")
    )


class StatementForm(PurseForm):
    """A bank's statement file."""

    file = forms.FileField(
        label=_("Statement file (CAMT.053)"),
        help_text=_("The XML file that the bank offers for download. A file twice books once."),
        widget=forms.FileInput(attrs={"class": "input", "accept": ".xml,text/xml"}),
        error_messages={
            "required": _("Choose the file that you got from the bank"),
            "empty": _("This file is empty. Download it from the bank again."),
        },
    )
    reason = long_field(
        _("Reason, where the statement does not reconcile"),
        _("Only needed when we ask for it. Auditors read it."),
        required=False,
    )


class AssignForm(PurseForm):
    """What an unexplained credit is."""

    kind = choice_field(
        _("What is it?"),
        (("dues", _("Dues of a member")), ("grant", _("A grant")), ("refund", _("A refund"))),
    )
    member = choice_field(_("Whose dues?"), ())

    def __init__(self, *args: Any, members: Sequence[MemberView], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(item.member_id), item.name) for item in members]
        self.fields["member"] = forms.ChoiceField(
            label=_("Whose dues?"),
            choices=[("", _("Nobody’s")), *people],
            required=False,
            widget=forms.Select(attrs={"class": "select"}),
        )
