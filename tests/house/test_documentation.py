"""What a person may set, say or open is documented, and what is documented exists."""

import ast
import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from commonpurse.api.api import api
from commonpurse.cli.main import VERBS
from tests.house.source import ROOT, python_files, tree_of

GUIDE = ROOT / "docs" / "guide"
NAME = re.compile(r"[A-Z][A-Z0-9_]{2,}")


def page(name: str) -> str:
    return (GUIDE / name).read_text(encoding="utf-8")


def names_read() -> set[str]:
    """Every name that the product reads from the environment."""
    found = set()
    for path in python_files("commonpurse"):
        for node in ast.walk(tree_of(path)):
            is_asked = (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"get", "getenv", "setdefault"}
                and "environ" in ast.unparse(node.func)
                and node.args
            )
            is_taken = isinstance(node, ast.Subscript) and "environ" in ast.unparse(node.value)
            if is_asked and isinstance(node, ast.Call):
                asked: ast.expr = node.args[0]
            elif is_taken and isinstance(node, ast.Subscript):
                asked = node.slice
            else:
                continue
            if isinstance(asked, ast.Constant) and NAME.fullmatch(str(asked.value)):
                found.add(str(asked.value))
    return found - {"DJANGO_SETTINGS_MODULE"}


def addresses(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, str]]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from addresses(one, route)
        elif isinstance(one, URLPattern):
            yield f"/{route}", str(one.name)


def test_every_setting_is_documented_and_none_that_is_not_read() -> None:
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", page("settings.md"), re.MULTILINE))
    documented |= set(re.findall(r"`(PURSE_PARENT|PURSE_WEB)`", page("settings.md")))
    assert documented == names_read()


def test_every_command_is_documented() -> None:
    documented = {
        words.split()[0] for words in re.findall(r"`purse ([a-z ]+)", page("commands.md"))
    }
    assert set(VERBS) <= documented


def test_every_address_is_documented_and_none_that_is_gone() -> None:
    documented = set(
        re.findall(r"^\| `(/[^`]*)` \| `([^`]+)` \|", page("addresses.md"), re.MULTILINE)
    )
    pages = {
        (route, name)
        for route, name in addresses(get_resolver())
        if not route.startswith("/api/v1/")
    }
    assert documented == pages


def test_every_operation_of_the_api_is_documented_and_none_that_is_gone() -> None:
    documented = set(
        re.findall(r"^\| `([A-Z]+) (/[^`]*)` \| `([a-z_]+)` \|", page("developer.md"), re.MULTILINE)
    )
    offered = {
        (method.upper(), path, operation["operationId"])
        for path, methods in api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items()
        for method, operation in methods.items()
    }
    assert documented == offered


def test_every_address_has_a_name_and_says_what_it_is() -> None:
    lines = [line for line in page("addresses.md").splitlines() if line.startswith("| `/")]
    assert [line for line in lines if len(line.split("|")[3].strip()) < 10] == []
    assert [route for route, name in addresses(get_resolver()) if name == "None"] == []


def test_every_target_of_make_says_what_it_does() -> None:
    targets = re.findall(
        r"^([a-z]+):(.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    )
    helped = {name for name, rest in targets if "##" in rest}
    assert {"demo", "test", "check", "soak", "guards", "fmt", "help"} <= helped
