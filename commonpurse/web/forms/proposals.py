"""What a proposal asks of who writes it, kind by kind, and what a ballot asks of who votes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonpurse.manual.codec import parameters_to_json
from commonpurse.manual.fields import Field, Type
from commonpurse.manual.parameters import FIELDS, STANDING_LABELS, Parameters
from commonpurse.manual.selectors import ManualView
from commonpurse.treasury.selectors import LineView
from commonpurse.web.forms.base import MoneyField, PurseForm
from commonpurse.web.words import CHOICES
from commonpurse.wording import day_text, in_words, money_text

NEW_PAYEE = "new"
FIXED = ("currency", "timezone")
"""Parameters that an amendment leaves alone."""


class VoteForm(PurseForm):
    """A choice and, where wanted, a reason."""

    choice = forms.ChoiceField(
        label=gettext_lazy("Your vote"),
        choices=[(key, CHOICES[key]) for key in ("agree", "abstain", "disagree", "block")],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the answers")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Your reason"),
        help_text=gettext_lazy("Optional, except for a block. Every member can read it."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"dir": "auto", "rows": 3}),
    )


class ProposalForm(PurseForm):
    """What every proposal has: a question, its details, and how long the vote is open."""

    question = forms.CharField(
        label=gettext_lazy("What is the question?"),
        help_text=gettext_lazy("One that can be answered with agree or disagree."),
        max_length=200,
        error_messages={
            "required": gettext_lazy("Write the question"),
            "max_length": gettext_lazy("Shorten it to %(limit_value)d characters"),
        },
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    details = forms.CharField(
        label=gettext_lazy("What should people know before they vote?"),
        help_text=gettext_lazy("Question and details are public."),
        required=False,
        widget=forms.Textarea(attrs={"dir": "auto", "rows": 6}),
    )
    days = forms.IntegerField(
        label=gettext_lazy("For how many days is the vote open?"),
        min_value=1,
        max_value=90,
        error_messages={
            "required": gettext_lazy("Enter a number of days"),
            "invalid": gettext_lazy("Enter a whole number of days"),
            "min_value": gettext_lazy("Give everybody at least a day to vote"),
            "max_value": gettext_lazy("Enter 90 days or less"),
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input input--short"}),
    )


class StatementForm(ProposalForm):
    """A question that changes neither money nor rules."""


class SpendForm(ProposalForm):
    """An authority to pay somebody, up to an amount, for something, until a day."""

    payee = forms.ChoiceField(
        label=gettext_lazy("Who is paid?"),
        error_messages={
            "required": gettext_lazy("Choose who is paid"),
            "invalid_choice": gettext_lazy("Choose who is paid"),
        },
    )
    payee_name = forms.CharField(
        label=gettext_lazy("Name of the new payee"),
        help_text=gettext_lazy("Only for somebody who is not in the list. The name is public."),
        max_length=70,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    iban = forms.CharField(
        label=gettext_lazy("IBAN of the new payee"),
        help_text=gettext_lazy("You can enter it later. Members see it; the public does not."),
        max_length=42,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    amount = MoneyField(label=gettext_lazy("Up to how much?"))
    purpose = forms.CharField(
        label=gettext_lazy("What is it for?"),
        help_text=gettext_lazy("Everybody sees this on the fund page."),
        max_length=140,
        error_messages={"required": gettext_lazy("Say what it is for")},
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    valid_until = forms.DateField(
        label=gettext_lazy("Until which day may it be paid?"),
        help_text=gettext_lazy("Leave it empty for no end."),
        required=False,
        error_messages={"invalid": gettext_lazy("Enter a day such as 2026-12-31")},
        widget=forms.DateInput(
            format="%Y-%m-%d", attrs={"type": "date", "class": "input input--short"}
        ),
    )
    field_order = (
        "question",
        "payee",
        "payee_name",
        "iban",
        "amount",
        "purpose",
        "valid_until",
        "details",
        "days",
    )

    def __init__(
        self, *args: Any, currency: str, payees: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        amount, payee = self.fields["amount"], self.fields["payee"]
        assert isinstance(amount, MoneyField)
        assert isinstance(payee, forms.ChoiceField)
        amount.currency = currency
        self.currency = currency
        payee.choices = [
            ("", _("Choose")),
            *payees,
            (NEW_PAYEE, _("Somebody new, named below")),
        ]

    def clean(self) -> dict[str, Any]:
        """A new payee needs a name."""
        typed = super().clean() or {}
        if typed.get("payee") == NEW_PAYEE and not typed.get("payee_name"):
            self.add_error("payee_name", _("Enter the name of the new payee"))
        return typed


class TrusteesForm(ProposalForm):
    """Who shall release money."""

    member_ids = forms.MultipleChoiceField(
        label=gettext_lazy("Who shall be trustees?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose the trustees")},
    )
    field_order = ("question", "member_ids", "details", "days")

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["member_ids"]
        assert isinstance(chosen, forms.MultipleChoiceField)
        chosen.choices = list(people)


class CoverForm(ProposalForm):
    """What an unexplained debit was for."""

    line = forms.ChoiceField(
        label=gettext_lazy("Which debit?"),
        error_messages={
            "required": gettext_lazy("Choose the debit to cover"),
            "invalid_choice": gettext_lazy("Choose the debit to cover"),
        },
    )
    purpose = forms.CharField(
        label=gettext_lazy("What was it for?"),
        max_length=140,
        error_messages={"required": gettext_lazy("Say what it was for")},
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    field_order = ("question", "line", "purpose", "details", "days")

    def __init__(self, *args: Any, lines: Sequence[LineView], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        line = self.fields["line"]
        assert isinstance(line, forms.ChoiceField)
        line.choices = [
            ("", _("Choose")),
            *(
                (
                    str(each.id),
                    _("%(amount)s on %(day)s")
                    % {
                        "amount": money_text(-each.amount_minor, each.currency),
                        "day": day_text(each.booked_on),
                    },
                )
                for each in lines
            ),
        ]


class AmendmentForm(ProposalForm):
    """The whole manual as it stands, to be changed where it shall change."""

    def __init__(self, *args: Any, manual: ManualView, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.manual = manual
        parameters = manual.parameters
        for spec in FIELDS:
            if spec.key in FIXED:
                continue
            if spec.type is Type.MANDATES:
                self.mandate_fields(parameters)
                continue
            made = parameter_field(spec, parameters.currency)
            made.initial = parameters_to_json(parameters)[spec.key]
            self.fields[spec.key] = made
        for clause in manual.clauses:
            self.fields[f"clause-{clause.key}"] = forms.CharField(
                label=clause.title,
                required=False,
                strip=False,
                initial=clause.text,
                widget=forms.Textarea(attrs={"dir": "auto", "rows": 6}),
            )

    def mandate_fields(self, parameters: Parameters) -> None:
        """An amount for each kind of standing mandate; empty or 0 for none."""
        held = {each.kind: each.max_minor_per_month for each in parameters.standing_mandates}
        for kind, label in STANDING_LABELS.items():
            self.fields[f"standing-{kind}"] = MoneyField(
                currency=parameters.currency,
                may_be_zero=True,
                required=False,
                label=_("A month, without a vote: %(what)s") % {"what": in_words(label)},
                initial=held.get(kind),
            )

    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields of the manual, section by section."""
        found: dict[str, list[forms.BoundField]] = {}
        for spec in FIELDS:
            if spec.key in self.fields:
                found.setdefault(spec.section, []).append(self[spec.key])
        found["paying"] += [self[name] for name in self.fields if name.startswith("standing-")]
        return list(found.items())

    def clause_fields(self) -> list[forms.BoundField]:
        """The fields of the clauses."""
        return [self[name] for name in self.fields if name.startswith("clause-")]

    def clean(self) -> dict[str, Any]:
        """The parameters as JSON, as the manual takes them."""
        typed = super().clean() or {}
        wanted: dict[str, Any] = {}
        for spec in FIELDS:
            if spec.key in typed:
                wanted[spec.key] = parameter_value(spec, typed[spec.key])
        wanted["standing_mandates"] = [
            {"kind": str(kind), "max_minor_per_month": typed[f"standing-{kind}"]}
            for kind in STANDING_LABELS
            if typed.get(f"standing-{kind}")
        ]
        typed["parameters"] = wanted
        return typed


def parameter_field(spec: Field, currency: str) -> forms.Field:
    """The field of one parameter."""
    required = {"required": _("Enter a value for %(what)s") % {"what": in_words(spec.label)}}
    if spec.type is Type.MONEY:
        return MoneyField(
            currency=currency,
            may_be_zero=True,
            label=in_words(spec.label),
            help_text=in_words(spec.help),
            error_messages=required,
        )
    if spec.type is Type.WHOLE:
        return forms.IntegerField(
            label=in_words(spec.label),
            help_text=in_words(spec.help),
            error_messages=required | {"invalid": _("Enter a whole number")},
            widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input input--short"}),
        )
    if spec.type is Type.FLAG:
        return forms.BooleanField(
            label=in_words(spec.label), help_text=in_words(spec.help), required=False
        )
    if spec.type is Type.CHOICE:
        return forms.ChoiceField(
            label=in_words(spec.label),
            help_text=in_words(spec.help),
            choices=[(key, in_words(label)) for key, label in spec.choices],
            error_messages=required,
        )
    return forms.CharField(
        label=in_words(spec.label),
        help_text=in_words(spec.help),
        error_messages=required,
        widget=forms.TextInput(attrs={"class": "input input--short", "dir": "ltr"}),
    )


def parameter_value(spec: Field, typed: Any) -> Any:
    """What was typed as the manual's JSON has it."""
    return str(typed).replace(" ", "") if spec.type is Type.FRACTION else typed
