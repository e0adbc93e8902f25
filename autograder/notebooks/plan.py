"""The plan of a submission: which cells are run, in which order, whose text, and what was repaired on the way."""

import ast
from dataclasses import dataclass, field


@dataclass(frozen=True)
class PlannedCell:
    """One code cell to run. `grade_id` is None for a cell that the student added."""

    source: str
    grade_id: str | None = None


@dataclass
class Plan:
    """cells in order; files that lie beside the notebook; blank: grade ids of solutions left as they were; absent: those that
    are gone; notes: sentences on repairs; written: {grade id: {"source", "attachments"}} of the questions marked by hand; checks: how many of the
    cells stand above the check of each exercise."""

    cells: list[PlannedCell]
    files: dict[str, bytes] = field(default_factory=dict)
    blank: set[str] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    written: dict[str, dict] = field(default_factory=dict)
    checks: dict[str, int] = field(default_factory=dict)


def same_code(a: str, b: str) -> bool:
    """Whether two cells hold the same program: comments, blank lines and layout do not count."""
    if a.strip() == b.strip():
        return True
    try:
        return ast.dump(ast.parse(a)) == ast.dump(ast.parse(b))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
