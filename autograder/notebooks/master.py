"""The master of an assignment: the release notebook, cell by cell, and the files beside it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from .statements import statements_of

DEMO = "demo"


class MasterError(Exception):
    """The assignment is not there or not as it should be."""

    @classmethod
    def missing(cls, name: str, folder: Path) -> "MasterError":
        return cls(f"assignment {name!r} has no release notebook in {folder.name}/{name}/: run `autograder build {name}`")

    @classmethod
    def several(cls, name: str, count: int) -> "MasterError":
        return cls(f"assignment {name!r} has {count} notebooks in its release folder; one is needed")


@dataclass(frozen=True)
class MasterCell:
    """kind: "prose", "given" (locked code), "solution", "check" (carries points), "written" (marked by hand), "demo" or "free"."""

    kind: str
    source: str
    grade_id: str | None = None
    points: float = 0.0
    cell_type: str = "code"


@dataclass(frozen=True)
class Master:
    """One assignment as students get it."""

    name: str
    notebook: str
    cells: tuple[MasterCell, ...]
    files: dict[str, bytes]

    @classmethod
    def load(cls, name: str, release: Path) -> "Master":
        """Reads `release/<name>/`. Raises MasterError."""
        folder = release / name
        notebooks = sorted(folder.glob("[!.]*.ipynb")) if folder.is_dir() else []
        if not notebooks:
            raise MasterError.missing(name, release)
        if len(notebooks) > 1:
            raise MasterError.several(name, len(notebooks))
        document = json.loads(notebooks[0].read_text(encoding="utf-8"))
        files = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file() and path.suffix != ".ipynb" and path.name[0] != "."}
        return cls(name, notebooks[0].name, tuple(_cell(cell) for cell in document["cells"]), files)

    @cached_property
    def exercises(self) -> dict[str, float]:
        """Points of each graded exercise, in the order of the notebook."""
        return {cell.grade_id.removeprefix("test_"): cell.points for cell in self.cells if cell.kind == "check" and cell.grade_id}

    @cached_property
    def marked(self) -> dict[str, float]:
        """Points of all that carries a mark, questions marked by hand included."""
        return {cell.grade_id.removeprefix("test_"): cell.points for cell in self.cells if cell.kind in ("check", "written") and cell.grade_id}

    @cached_property
    def stubs(self) -> frozenset[str]:
        """Keys of the statements that the solution cells hold when they are handed out."""
        return frozenset(statement.key for cell in self.cells if cell.kind == "solution" for statement in statements_of(cell.source) or [])

    @cached_property
    def own_ids(self) -> frozenset[str]:
        """Grade ids of what is answered or graded; setup cells have the same in every assignment."""
        return frozenset(cell.grade_id for cell in self.cells if cell.grade_id and cell.kind in ("solution", "check", "written"))

    @cached_property
    def by_id(self) -> dict[str, MasterCell]:
        return {cell.grade_id: cell for cell in self.cells if cell.grade_id}


def source_of(cell: Mapping[str, Any]) -> str:
    """A cell's text, whether stored as a string or as lines."""
    source = cell.get("source", "")
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


def _cell(cell: dict) -> MasterCell:
    metadata = cell.get("metadata", {})
    nbgrader = metadata.get("nbgrader", {})
    grade_id = nbgrader.get("grade_id")
    return MasterCell(_kind(cell, metadata, nbgrader), source_of(cell), grade_id, float(nbgrader.get("points") or 0), cell["cell_type"])


def _kind(cell: dict, metadata: dict, nbgrader: dict) -> str:
    if metadata.get("active") == "ipynb" or DEMO in metadata.get("tags", []):
        return "demo"
    if nbgrader.get("grade"):
        return "written" if nbgrader.get("solution") else "check"
    if cell["cell_type"] != "code":
        return "prose"
    if nbgrader.get("solution"):
        return "solution"
    return "given" if nbgrader.get("locked") else "free"
