"""The source of the product, read as syntax trees, for the tests of this folder."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "commonpurse"
GENERATED = {"migrations"}


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def python_files(*folders: str) -> list[Path]:
    """Every Python file below these folders of the checkout but migrations."""
    return [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if not GENERATED & set(path.parts)
    ]


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def service_files() -> list[Path]:
    """Every module of services of every room."""
    return sorted([*PACKAGE.glob("*/services.py"), *PACKAGE.glob("*/services/*.py")])


def selector_files() -> list[Path]:
    """Every module of selectors of every room."""
    return sorted([*PACKAGE.glob("*/selectors.py"), *PACKAGE.glob("*/selectors/*.py")])


def public_functions(path: Path) -> list[ast.FunctionDef]:
    """The functions of a module that other rooms may call."""
    return [
        node
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def is_called(name: str, function: ast.AST) -> int:
    """How many times `name(...)` stands in the function."""
    return sum(
        isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id == name)
            or (isinstance(node.func, ast.Attribute) and node.func.attr == name)
        )
        for node in ast.walk(function)
    )


def tracked_files() -> list[Path]:
    """Every file that the repository holds, or will hold."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    names = listed.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]
