"""A room leans only on the floors below it: in its imports and in its foreign keys."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField, Model

from tests.house.source import PACKAGE, ROOT, python_files, shown


def floors() -> dict[str, int]:
    """Each room and the number of its floor, counted from below, as import-linter reads them."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = config["tool"]["importlinter"]["contracts"]
    (contract,) = [one for one in contracts if one["id"] == "floors"]
    return {
        room.strip(" ()"): number
        for number, layer in enumerate(reversed(contract["layers"]))
        for room in layer.split("|")
    }


FLOORS = floors()
MODELS = [model for model in apps.get_models() if model.__module__.startswith("commonpurse.")]


def links() -> list[tuple[type[Model], str, type[Model]]]:
    return [
        (model, field.name, field.related_model)
        for model in MODELS
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey | ManyToManyField)
        and field.related_model.__module__.startswith("commonpurse.")
    ]


def test_every_folder_of_the_package_stands_on_a_floor() -> None:
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert folders <= set(FLOORS)


def test_the_contracts_of_the_floors_are_kept() -> None:
    linted = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert linted.returncode == 0, linted.stdout[-3000:]


@pytest.mark.parametrize(
    ("model", "field", "other"), links(), ids=lambda value: getattr(value, "__name__", value)
)
def test_a_foreign_key_points_down_or_stays_in_its_room(
    model: type[Model], field: str, other: type[Model]
) -> None:
    here, there = model._meta.app_label, other._meta.app_label
    assert here == there or FLOORS[there] < FLOORS[here], f"{model.__name__}.{field} points up"


def test_no_room_has_a_name_that_says_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "lib"}
    found = [
        shown(path)
        for path in python_files("commonpurse", "tests")
        if empty & {path.stem, *path.parts}
    ]
    assert found == []


def test_a_room_with_tables_holds_models_selectors_and_services() -> None:
    for room in {model.__module__.split(".")[1] for model in MODELS}:
        for part in ("models", "selectors", "services"):
            assert (PACKAGE / room / f"{part}.py").is_file() or (
                PACKAGE / room / part / "__init__.py"
            ).is_file(), f"{room} has no {part}"
