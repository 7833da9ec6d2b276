"""Bring the catalogues of translations up to date: `make messages`.

Needs no GNU gettext: Babel reads and writes the files, Django turns templates into something that
can be read like Python. Each `.po` gets what the source says now, keeps what was translated, and
loses what nobody says any more; each `.mo` is made anew. What is not translated yet is listed.
"""

import ast
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "commonpurse"
LOCALE = PACKAGE / "web" / "locale"
LANGUAGES = ("de", "ar")
REFUSALS = ("Invalid", "NotAllowed", "NotFound", "NotPossible", "NotSignedIn")
ONE = ("_", "gettext", "gettext_lazy", "say")
MANY = ("ngettext", "ngettext_lazy", "say_count")
IN_TEMPLATES = {"gettext": (1,), "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
QUIET = ("cli", "engine", "proof", "rules")
"""What speaks to whoever stands at the machine, in English."""
WIDTH = 100
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
"""A catalogue carries no date: the same texts are the same bytes."""

Found = tuple[str | tuple[str, str], str]
"""A text, or one with its plural, and the file that says it."""


def texts_of(path: Path) -> Iterator[str | tuple[str, str]]:
    """What a Python file says: in gettext, in `say`, in refusals."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        given = [each.value if isinstance(each, ast.Constant) else None for each in node.args[:2]]
        match node.func.id, given:
            case name, [str(text), *_] if name in ONE:
                yield text
            case name, [str(text), str(many)] if name in MANY:
                yield text, many
            case name, [str(_), str(text)] if name in REFUSALS:
                yield text


def texts_of_template(path: Path) -> Iterator[str | tuple[str, str]]:
    """What a template says."""
    made = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for _, text, _, _ in extract("python", BytesIO(made.encode()), keywords=IN_TEMPLATES):
        yield text if isinstance(text, str) else (text[0], text[1])


def found() -> Iterator[Found]:
    """Everything that is said to people, and where, in the order of the files."""
    for path in sorted(PACKAGE.rglob("*")):
        where = path.relative_to(ROOT).as_posix()
        if path.relative_to(PACKAGE).parts[0] in QUIET:
            continue
        if path.suffix == ".py" and "migrations" not in path.parts:
            yield from ((text, where) for text in texts_of(path))
        elif "templates" in path.parts and path.suffix in (".html", ".txt"):
            yield from ((text, where) for text in texts_of_template(path))


def template() -> Catalog:
    """The catalogue of what is said, without translations."""
    catalog = Catalog(charset="utf-8", project="Commonpurse")
    for text, where in found():
        if text and text != ("", ""):
            catalog.add(text, locations=[(where, None)])  # type: ignore[list-item]
    return catalog


def path_of(language: str) -> Path:
    """Where the catalogue of a language lies."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def kept(language: str) -> Catalog:
    """What is translated into a language."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def merged(language: str, said: Catalog) -> Catalog:
    """What is said now, with the translations that are known; nothing is guessed."""
    before = kept(language)
    after = Catalog(locale=language, charset="utf-8", project="Commonpurse", fuzzy=False)
    for message in said:
        if not message.id:
            continue
        known = before.get(message.id)
        text = known.string if known is not None and known.id == message.id else None
        after.add(message.id, text, locations=message.locations)
    return after


def po_bytes(catalog: Catalog) -> bytes:
    """A catalogue as its file has it: no dates, so that the same texts are the same bytes."""
    written = BytesIO()
    write_po(written, catalog, width=WIDTH, omit_header=True, sort_output=True)
    plural = f"nplurals={catalog.num_plurals}; plural={catalog.plural_expr};"
    head = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {catalog.locale}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {plural}\\n"\n\n'
    )
    return head.encode() + written.getvalue()


def mo_bytes(language: str) -> bytes:
    """What Django reads, made of the catalogue as it lies there."""
    written = BytesIO()
    plain = Catalog(locale=language, fuzzy=False, creation_date=EPOCH, revision_date=EPOCH)
    for message in kept(language):
        if message.id and is_whole(message):
            plain.add(message.id, message.string)
    write_mo(written, plain)
    return written.getvalue()


def is_whole(message: Message) -> bool:
    """Whether a message is translated, in every form of the plural."""
    forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return all(forms)


def main() -> int:
    """Write every catalogue; 1 while something is not translated."""
    settings.configure(USE_I18N=True)
    django.setup()
    said = template()
    missing = 0
    for language in LANGUAGES:
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalog = merged(language, said)
        path.write_bytes(po_bytes(catalog))
        path.with_suffix(".mo").write_bytes(mo_bytes(language))
        open_ = [message.id for message in catalog if message.id and not is_whole(message)]
        missing += len(open_)
        print(f"{language}: {len(catalog)} texts, {len(open_)} to translate in {path}")
        for text in open_:
            print(f"  {text!r}")
    return int(missing > 0)


if __name__ == "__main__":
    sys.exit(main())
