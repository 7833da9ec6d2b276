"""Words of a page that follow the reader's locale: money, dates, percentages, icons, initials.

Nothing is put together by hand: Babel knows where the sign and the minor units stand.
"""

import re
import zlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_datetime, format_time
from babel.numbers import format_decimal, format_percent, get_decimal_symbol
from django import template
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    RadioSelect,
    Select,
    Textarea,
)
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from commonpurse.notices.selectors import mail_latest_code
from commonpurse.record.selectors import database_now
from commonpurse.rules.money import decimal_text, exponent
from commonpurse.web.once import key_new
from commonpurse.web.provider import ProviderShown, provider_shown
from commonpurse.web.words import TABLE_NAMES
from commonpurse.wording import (
    DAY,
    DAY_OF_YEAR,
    DAY_SHORT,
    WORDED_MAX,
    day_text,
    hour_text,
    in_words,
    money_text,
    reader_locale,
)
from commonpurse.wording import isolated as in_isolation

register = template.Library()

SIZES = {"": "", "lg": " money--lg", "xl": " money--xl", "in": " money--in"}
PEOPLE_COLOURS = 6
VULGAR = {
    "1/2": "½",
    "1/3": "⅓",
    "2/3": "⅔",
    "1/4": "¼",
    "3/4": "¾",
    "1/5": "⅕",
    "2/5": "⅖",
    "3/5": "⅗",
    "4/5": "⅘",
}
SMALL = {"the", "and", "of", "for"}
"""Words that give no letter to a co-op's mark."""


@register.simple_tag
def money(minor: int, currency: str, size: str = "") -> SafeString:
    """An amount whose minor units may step back: `<data class="money" value="71.60">…</data>`."""
    return _money(minor, currency, SIZES[size], reader_locale())


@lru_cache(maxsize=WORDED_MAX)
def _money(minor: int, currency: str, size: str, locale: Locale) -> SafeString:
    text = money_text(minor, currency)
    point = re.escape(str(get_decimal_symbol(locale)))
    places = exponent(currency)
    found = re.search(rf"{point}\d{{{places}}}(?!\d)", text) if places else None
    if found is None:
        marked = conditional_escape(text)
    else:
        marked = format_html(
            '{}<span class="money__minor">{}</span>{}',
            text[: found.start()],
            found.group(),
            text[found.end() :],
        )
    return format_html(
        '<data class="money{}" value="{}">{}</data>',
        size,
        decimal_text(minor, currency),
        marked,
    )


@register.simple_tag
def money_plain(minor: int, currency: str) -> str:
    """An amount as bare words: inside `<option>`, `title` or a sentence of a chart."""
    return money_text(minor, currency)


@register.filter
def said(value: object) -> str:
    """What a service said, in the reader's language."""
    return in_words(value)


@register.filter
def isolated(value: str) -> str:
    """A name for `blocktranslate with`: it does not turn the words and numbers beside it round."""
    return in_isolation(value)


@register.filter
def as_money(minor: int, currency: str) -> str:
    """An amount as bare words, for `blocktranslate with`."""
    return money_text(minor, currency)


@register.filter
def plain(value: float) -> str:
    """A number with a point, whatever the reader's language: for attributes of SVG."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


@register.filter
def table_name(name: str) -> str:
    """What a file of this name holds, in the reader's language."""
    return str(TABLE_NAMES[name])


@register.filter
def of_key(known: Mapping[Any, Any], key: Any) -> Any:
    """What stands under a key; the key itself where nothing does."""
    return known.get(key, key)


@register.filter
def number(value: int) -> str:
    """A whole number with its groups."""
    return str(format_decimal(value, locale=reader_locale()))


@register.simple_tag
def percent(part: int, whole: int) -> str:
    """How much of `whole` this is, with one decimal; a dash when there is no whole."""
    if whole == 0:
        return "–"
    share = Decimal(part) / Decimal(whole)
    return str(format_percent(share, format="#,##0.0%", locale=reader_locale()))


@register.filter
def fraction(value: Fraction | str) -> str:
    """A fraction as people write it: ⅔, ½, 3/7; a whole one as `all`."""
    exact = Fraction(value)
    if exact == 1:
        return gettext("all")
    plain = f"{exact.numerator}/{exact.denominator}"
    return VULGAR.get(plain, plain)


def _local(value: datetime) -> datetime:
    return timezone.localtime(value)


@register.filter
def day(value: date | datetime | None) -> SafeString | str:
    """A day in full: 17 November 2026."""
    if value is None:
        return "–"
    return _time(value, _on(value, DAY))


@register.filter
def day_plain(value: date) -> str:
    """A day as bare words, where no mark may stand: 17 Nov 2026."""
    return _on(value, DAY_OF_YEAR)


@register.filter
def last_day(value: datetime | None) -> SafeString | str:
    """The last whole day before an end that no longer counts, as the record reckons (UTC)."""
    if value is None:
        return "–"
    return day((value.astimezone(UTC) - timedelta(microseconds=1)).date())


@register.filter
def day_short(value: date | datetime | None) -> SafeString | str:
    """A day in a list: 17 Nov, with the full date in its title."""
    if value is None:
        return "–"
    return _time(value, _on(value, DAY_SHORT))


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """A day and its hour: Thu 19 Nov, 18:00."""
    if value is None:
        return "–"
    return _time(value, hour_text(_local(value)))


@register.filter
def since(value: datetime, at: datetime) -> SafeString:
    """When something was: minutes or hours under a day, else the day."""
    passed = at - value
    if passed < timedelta(minutes=1):
        return _time(value, gettext("just now"))
    if passed < timedelta(hours=1):
        minutes = passed // timedelta(minutes=1)
        return _time(value, ngettext("%(n)s min", "%(n)s min", minutes) % {"n": minutes})
    if passed < timedelta(days=1) and _local(value).date() == _local(at).date():
        return _time(value, gettext("today, %(hour)s") % {"hour": _hour(_local(value))})
    if _local(value).year == _local(at).year:
        return _time(value, _on(value, DAY_SHORT))
    return _time(value, _on(value, DAY_OF_YEAR))


@register.filter
def time_left(until: datetime, at: datetime) -> str:
    """How long until a deadline: 2 days 3 h left."""
    left = max(until - at, timedelta())
    days, hours = left.days, left.seconds // 3600
    if days:
        return ngettext("%(days)s day %(hours)s h left", "%(days)s days %(hours)s h left", days) % {
            "days": days,
            "hours": hours,
        }
    if hours:
        minutes = left.seconds % 3600 // 60
        return gettext("%(hours)s h %(minutes)s min left") % {"hours": hours, "minutes": minutes}
    minutes = left.seconds // 60
    return ngettext("%(n)s minute left", "%(n)s minutes left", minutes) % {"n": minutes}


def _hour(local: datetime) -> str:
    return str(format_time(local, "HH:mm", locale=reader_locale()))


def _on(value: date | datetime, pattern: str) -> str:
    return day_text(_local(value) if isinstance(value, datetime) else value, pattern)


def _time(value: date | datetime, text: str) -> SafeString:
    if isinstance(value, datetime):
        local = _local(value)
        machine = local.isoformat(timespec="seconds")
        title = _title(machine, local.tzname(), local.replace(microsecond=0), reader_locale())
    else:
        title = day_text(value)
        machine = value.isoformat()
    return format_html('<time datetime="{}" title="{}">{}</time>', machine, title, text)


@lru_cache(maxsize=WORDED_MAX)
def _title(_machine: str, _zone: str | None, local: datetime, locale: Locale) -> str:
    """An instant in full. Instants of two clocks may be equal: what they say is in the key too."""
    return f"{day_text(local)}, {format_datetime(local, 'HH:mm zzz', locale=locale)}"


@register.simple_tag
@cache
def icon(name: str, size: str = "") -> SafeString:
    """A drawing from the sprite, always beside a word. Made once: a page has some forty."""
    extra = f" icon--{size}" if size else ""
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        extra,
        static("purse/icons.svg"),
        name,
    )


@register.simple_tag
def avatar(name: str, size: str = "", key: object = "") -> SafeString:
    """Two letters on a colour that a person keeps; said by the name beside it."""
    letters = re.sub(r"[^\w]", "", name)[:2] or "?"
    colour = zlib.crc32(str(key or name).encode()) % PEOPLE_COLOURS + 1
    extra = f" avatar--{size}" if size else ""
    return format_html(
        '<span class="avatar avatar--{}{}" aria-hidden="true">{}</span>', colour, extra, letters
    )


@register.simple_tag
def avatar_coop(name: str) -> SafeString:
    """The first letters of a co-op's words."""
    words = [word for word in re.split(r"\W+", name) if word and word.lower() not in SMALL]
    letters = "".join(word[0] for word in words[:2]) or "?"
    return format_html('<span class="avatar avatar--coop" aria-hidden="true">{}</span>', letters)


@register.simple_tag
def languages_offered() -> list[tuple[str, str]]:
    """Each language by its own name, whatever the page speaks: Django's own tag translates them."""
    return list(settings.LANGUAGES)


@register.simple_tag
def once() -> SafeString:
    """The one-time key of a form."""
    return format_html('<input type="hidden" name="once" value="{}">', key_new())


@register.filter
def paragraphs(text: str) -> SafeString:
    """What a person wrote, in paragraphs; each reads in its own direction. No markup passes."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n"))]
    parts = [escape(block).replace("\n", "<br>") for block in blocks if block]
    return mark_safe("".join(f'<p dir="auto">{part}</p>' for part in parts))  # noqa: S308  (escaped)


@register.filter
def grouped(text: str) -> str:
    """A hash in groups of four, for eyes."""
    return " ".join(re.findall(".{1,4}", text))


CLASSES = {"select": "select", "textarea": "textarea"}


@register.inclusion_tag("purse/field.html")
def field(bound: BoundField, prefix: str = "", suffix: str = "") -> dict[str, object]:
    """A field of a form: label above, then hint, then error, then the input."""
    kind = kind_of(bound)
    marks = [f"{bound.auto_id}-h"] if bound.help_text else []
    marks += [f"{bound.auto_id}-e{place + 1}" for place in range(len(bound.errors))]
    described = " ".join(marks)
    attrs: dict[str, Any] = {}
    if kind in ("text", "select", "textarea"):
        attrs["class"] = bound.field.widget.attrs.get("class", CLASSES.get(kind, "input"))
    if bound.errors and kind != "radio":
        attrs["aria-invalid"] = "true"
    if described and kind != "radio":
        attrs["aria-describedby"] = described
    return {
        "field": bound,
        "kind": kind,
        "described": described,
        "input": bound.as_widget(attrs=attrs) if kind != "radio" else "",
        "prefix": prefix,
        "suffix": suffix,
    }


def kind_of(bound: BoundField) -> str:
    """Which of the shapes of a field this is."""
    widget = bound.field.widget
    if bound.is_hidden:
        return "hidden"
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "radio"
    if isinstance(widget, CheckboxInput):
        return "check"
    if isinstance(widget, Textarea):
        return "textarea"
    return "select" if isinstance(widget, Select) else "text"


@register.inclusion_tag("purse/errors.html")
def error_summary(form: BaseForm, focus: bool = True) -> dict[str, object]:  # noqa: FBT001, FBT002  (a template's keyword)
    """The problems of a form, at the top, each a link to its field; the page opens with it."""
    problems: list[tuple[str, str]] = []
    for name, errors in form.errors.items() if form.is_bound else ():
        target = "" if name == NON_FIELD_ERRORS else form[name].auto_id
        if target and kind_of(form[name]) == "radio":
            target = f"{target}_0"
        problems.extend((target, str(error)) for error in errors)
    return {"problems": problems, "focus": focus}


@register.simple_tag(takes_context=True)
def demo_code(context: Context, email: str) -> str:
    """The code that was just mailed to this address, in the demo alone; else nothing."""
    if not context.get("is_demo") or not email:
        return ""
    return mail_latest_code(email=email, at=database_now()) or ""


@register.simple_tag(takes_context=True)
def provider_offered(context: Context) -> ProviderShown | None:
    """The identity provider by which one may sign in, if there is one."""
    return provider_shown(context["request"])
