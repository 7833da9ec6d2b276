"""The forms of the wizard: one question each, answered already as well as we can."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeVar
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commonpurse.decisions.draft_values import DraftView
from commonpurse.decisions.founding import slug_free
from commonpurse.decisions.services import DraftWish
from commonpurse.errors import PurseError
from commonpurse.groups.names import name_checked
from commonpurse.manual.clauses import TEXT_MAX, TITLE_MAX
from commonpurse.manual.fields import fraction_text
from commonpurse.manual.parameters import BASES, COMPARISONS, Parameters
from commonpurse.manual.templates import TEMPLATES
from commonpurse.web.forms import MoneyField, PurseForm
from commonpurse.web.templatetags.purse import fraction
from commonpurse.wording import in_words

Read = TypeVar("Read")

CURRENCIES = (
    *("EUR", "USD", "GBP", "CHF", "SEK", "DKK", "NOK", "PLN", "CZK", "HUF", "RON", "BGN"),
    *("CAD", "AUD", "NZD", "BRL", "MXN", "INR", "JPY", "KRW", "ZAR", "TRY", "ILS", "AED"),
)
PERIODS = [
    (1, gettext_lazy("Every month")),
    (3, gettext_lazy("Every three months")),
    (6, gettext_lazy("Every half year")),
    (12, gettext_lazy("Every year")),
]
QUORUMS = ("0", "1/5", "1/4", "1/3", "1/2")
THRESHOLDS = ("1/2", "3/5", "2/3", "3/4", "1")


class PurposeForm(PurseForm):
    """What it is for."""

    template = forms.ChoiceField(
        label=gettext_lazy("Which comes closest?"),
        help_text=gettext_lazy("It gives you a manual to begin with. You change it as you like."),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose the one that comes closest"),
            "invalid_choice": gettext_lazy("Choose one of those shown"),
        },
    )
    purpose = forms.CharField(
        label=gettext_lazy("In your own words"),
        help_text=gettext_lazy("Two sentences are enough. Leave it empty to begin with ours."),
        max_length=TEXT_MAX,
        required=False,
        error_messages={"max_length": gettext_lazy("Shorten it to 8,000 characters")},
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["template"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [
            (each.key, f"{in_words(each.name)}: {in_words(each.summary)}")
            for each in TEMPLATES.values()
        ]

    @staticmethod
    def first(draft: DraftView) -> dict[str, Any]:
        """What stands in the form at first."""
        own = {each.text for one in TEMPLATES.values() for each in one.clauses}
        purpose = draft.purpose
        return {"template": draft.template, "purpose": "" if purpose in own else purpose}

    def wish(self) -> DraftWish:
        """What was answered."""
        typed = self.cleaned_data
        return DraftWish(template=typed["template"], purpose=typed["purpose"], step="purpose")


class NameForm(PurseForm):
    """What it is called, and where it lives."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        error_messages={
            "required": gettext_lazy("Enter a name for the co-op"),
            "max_length": gettext_lazy("Enter a name of at most 80 letters"),
        },
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    slug = forms.CharField(
        label=gettext_lazy("Its address"),
        help_text=gettext_lazy(
            "Small letters, digits and hyphens. Leave it empty and we make one from the name. "
            "It cannot change later."
        ),
        max_length=40,
        required=False,
        error_messages={"max_length": gettext_lazy("Enter an address of at most 40 letters")},
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_name(self) -> str:
        """A name that can be read, said together with what is wrong with the address."""
        name: str = self.cleaned_data["name"]
        return checked(name_checked, name)

    def clean_slug(self) -> str:
        """An address that no other co-op has, or none."""
        slug: str = self.cleaned_data["slug"].strip()
        if slug:
            checked(slug_free, slug)
        return slug

    @staticmethod
    def first(draft: DraftView) -> dict[str, Any]:
        """What stands in the form at first."""
        return {"name": draft.name, "slug": draft.slug}

    def wish(self) -> DraftWish:
        """What was answered."""
        typed = self.cleaned_data
        return DraftWish(name=typed["name"], slug=typed["slug"], step="name")


def checked(check: Callable[[str], Read], text: str) -> Read:
    """What a check makes of a text; its refusal as one of the form's."""
    try:
        return check(text)
    except PurseError as refusal:
        raise ValidationError(in_words(refusal.message), code=refusal.code) from refusal


class SponsorForm(PurseForm):
    """Who holds the money."""

    way = forms.ChoiceField(
        label=gettext_lazy("Who holds it?"),
        choices=[
            ("none", gettext_lazy("Nobody yet: we begin with talking and voting")),
            ("named", gettext_lazy("An organisation: a sponsor, or an association of our own")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose one of the two"),
            "invalid_choice": gettext_lazy("Choose one of the two"),
        },
    )
    sponsor = forms.CharField(
        label=gettext_lazy("Its name"),
        help_text=gettext_lazy("The organisation whose bank account it is. The name is public."),
        max_length=100,
        required=False,
        error_messages={"max_length": gettext_lazy("Enter a name of at most 100 letters")},
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "organization"}),
    )

    @staticmethod
    def first(draft: DraftView) -> dict[str, Any]:
        """What stands in the form at first."""
        return {
            "way": "named" if draft.sponsor_name else "none",
            "sponsor": draft.sponsor_name,
        }

    def clean(self) -> dict[str, Any]:
        """A name where there is an organisation."""
        typed = super().clean() or {}
        if typed.get("way") == "named" and not (typed.get("sponsor") or "").strip():
            self.add_error("sponsor", _("Name the organisation, or choose “Nobody yet”"))
        return typed

    def wish(self) -> DraftWish:
        """What was answered."""
        typed = self.cleaned_data
        name = typed["sponsor"] if typed["way"] == "named" else ""
        return DraftWish(sponsor_name=name, step="money")


class DuesForm(PurseForm):
    """What each member pays."""

    dues = MoneyField(
        label=gettext_lazy("Dues of each member"),
        help_text=gettext_lazy("0 if nobody owes dues. A vote can change it later."),
        may_be_zero=True,
    )
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"),
        help_text=gettext_lazy("It cannot change later."),
        error_messages={"invalid_choice": gettext_lazy("Choose one of the currencies shown")},
    )
    period = forms.TypedChoiceField(
        label=gettext_lazy("How often?"),
        coerce=int,
        choices=PERIODS,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the periods shown")},
    )

    def __init__(self, *args: Any, draft: DraftView, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = draft.parameters.currency
        choices = CURRENCIES if known in CURRENCIES else (known, *CURRENCIES)
        currency, dues, period = (self.fields[each] for each in ("currency", "dues", "period"))
        assert isinstance(currency, forms.ChoiceField)
        assert isinstance(dues, MoneyField)
        assert isinstance(period, forms.ChoiceField)
        currency.choices = [(each, each) for each in choices]
        chosen = str(self.data.get("currency", known)) if self.is_bound else known
        dues.currency = chosen if chosen in choices else known
        months = draft.parameters.dues_period_months
        if months not in dict(PERIODS):
            text = ngettext("Every month", "Every %(n)s months", months) % {"n": months}
            period.choices = [*PERIODS, (months, text)]

    @staticmethod
    def first(draft: DraftView) -> dict[str, Any]:
        """What stands in the form at first."""
        numbers = draft.parameters
        return {
            "dues": numbers.dues_minor,
            "currency": numbers.currency,
            "period": numbers.dues_period_months,
        }

    def wish(self) -> DraftWish:
        """What was answered."""
        typed = self.cleaned_data
        return DraftWish(
            changes={
                "currency": typed["currency"],
                "dues_minor": typed["dues"],
                "dues_period_months": typed["period"],
            },
            step="dues",
        )


class NumbersForm(PurseForm):
    """The numbers of the manual that founders ask about first; the rest stands in the template."""

    voting_days = forms.IntegerField(
        label=gettext_lazy("How many days does a vote stay open?"),
        min_value=1,
        max_value=90,
        error_messages={
            "required": gettext_lazy("Enter a number of days"),
            "invalid": gettext_lazy("Enter a whole number"),
            "min_value": gettext_lazy("Enter 1 or more"),
            "max_value": gettext_lazy("Enter 90 or less"),
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input input--short"}),
    )
    quorum = forms.ChoiceField(
        label=gettext_lazy("What part of the members must take part?"),
        error_messages={"invalid_choice": gettext_lazy("Choose one of those shown")},
    )
    threshold = forms.ChoiceField(
        label=gettext_lazy("What part must agree?"),
        error_messages={"invalid_choice": gettext_lazy("Choose one of those shown")},
    )
    is_block_allowed = forms.BooleanField(
        label=gettext_lazy("One member may block a proposal"), required=False
    )
    approvals_needed = forms.IntegerField(
        label=gettext_lazy("How many trustees must approve a payment?"),
        help_text=gettext_lazy(
            "Two once there are three of you. Two founders are both trustees: one asks, "
            "the other approves."
        ),
        min_value=1,
        max_value=24,
        error_messages={
            "required": gettext_lazy("Enter how many must approve"),
            "invalid": gettext_lazy("Enter a whole number"),
            "min_value": gettext_lazy("Enter 1 or more"),
            "max_value": gettext_lazy("Enter 24 or less"),
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input input--short"}),
    )
    timezone = forms.ChoiceField(
        label=gettext_lazy("In which time zone do deadlines count?"),
        error_messages={"invalid_choice": gettext_lazy("Choose one of the time zones shown")},
    )

    def __init__(self, *args: Any, draft: DraftView, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = draft
        numbers = draft.parameters
        offered = {
            "quorum": [(each, quorum_text(each)) for each in with_own(QUORUMS, numbers.quorum)],
            "threshold": [
                (each, threshold_text(each, numbers))
                for each in with_own(THRESHOLDS, numbers.threshold)
            ],
            "timezone": [(each, each) for each in sorted(available_timezones())],
        }
        for name, choices in offered.items():
            choice = self.fields[name]
            assert isinstance(choice, forms.ChoiceField)
            choice.choices = choices

    @staticmethod
    def first(draft: DraftView) -> dict[str, Any]:
        """What stands in the form at first."""
        numbers = draft.parameters
        return {
            "voting_days": numbers.voting_days,
            "quorum": fraction_text(numbers.quorum),
            "threshold": fraction_text(numbers.threshold),
            "is_block_allowed": numbers.is_block_allowed,
            "approvals_needed": numbers.approvals_needed,
            "timezone": numbers.timezone,
        }

    def wish(self) -> DraftWish:
        """What differs now; approvals that nobody touched go on following the founders."""
        before = self.first(self.draft)
        changes = {
            name: value for name, value in self.cleaned_data.items() if value != before[name]
        }
        return DraftWish(changes=changes)


def quorum_text(part: str) -> str:
    """How many must take part, and of whom."""
    if part == "0":
        return _("none: however few vote")
    return _("at least %(part)s of all who may vote") % {"part": fraction(part)}


def threshold_text(part: str, numbers: Parameters) -> str:
    """How many must agree, and of what."""
    facts = {
        "compared": in_words(dict(COMPARISONS)[numbers.threshold_comparison]),
        "part": fraction(part),
        "base": in_words(dict(BASES)[numbers.threshold_base]),
    }
    return _("%(compared)s %(part)s %(base)s") % facts


def with_own(offered: tuple[str, ...], own: Fraction) -> list[str]:
    """The fractions offered, with the draft's own among them."""
    return sorted({*offered, fraction_text(own)}, key=Fraction)


class ClauseForm(PurseForm):
    """A clause as its founders want it; with a reason where it is a suggestion."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=TITLE_MAX,
        error_messages={
            "required": gettext_lazy("Enter a title"),
            "max_length": gettext_lazy("Enter a title of at most 120 letters"),
        },
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    text = forms.CharField(
        label=gettext_lazy("What it says"),
        max_length=TEXT_MAX,
        error_messages={
            "required": gettext_lazy("Write what the clause says"),
            "max_length": gettext_lazy("Shorten it to 8,000 characters"),
        },
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
    )
    why = forms.CharField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("A sentence for the others. You may leave it empty."),
        max_length=1_000,
        required=False,
        error_messages={"max_length": gettext_lazy("Shorten it to 1,000 characters")},
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    seen = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, is_lead: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_lead:
            del self.fields["why"]


class CommentForm(PurseForm):
    """A word about a suggestion."""

    text = forms.CharField(
        label=gettext_lazy("What do you say to it?"),
        max_length=2_000,
        error_messages={
            "required": gettext_lazy("Write what you want to say"),
            "max_length": gettext_lazy("Shorten it to 2,000 characters"),
        },
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


class InviteForm(PurseForm):
    """An address to invite; the link needs none."""

    email = forms.EmailField(
        label=gettext_lazy("Invite somebody by mail"),
        help_text=gettext_lazy("They look at the draft first, and join if they like."),
        required=False,
        error_messages={"invalid": gettext_lazy("Enter an address such as ann@example.org")},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )


class NothingForm(PurseForm):
    """Nothing to fill in: pressing the button is the answer."""
