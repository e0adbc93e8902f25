"""Cells that did not run to their end, as every form of the verdict names them: which cell, which line, what was said, what became of the rest."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..notebooks.plan import Plan
from .jobs import CellOutcome
from .words import one_line

MAX_CELLS = 12  # of one notebook; more would hide what matters
_ERROR_CHARS, _TEXT_CHARS = 240, 80


@dataclass(frozen=True)
class EndedCell:
    """cell: its name, or where it stands. own: whether the student added it. line: from 1, None when it is not known; text: that line. rest: what became of
    the lines below."""

    cell: str
    own: bool
    reason: str
    message: str
    line: int | None = None
    text: str = ""
    rest: str = ""

    def __str__(self) -> str:
        """The sentence that people read."""
        place = f" at line {self.line}" if self.line else ""
        shown = f", `{self.text}`" if self.text else ""
        return f"{self.cell} ended{place}{shown}: {self.message}" + (f"; {self.rest}" if self.rest else "")


def ended_cells(plan: Plan, outcomes: list[CellOutcome]) -> list[EndedCell]:
    """In the order of the notebook. Answers that were not attempted are no news; own cells that were left out for lack of time have a note of their own."""
    found = [
        _ended(name, cell.grade_id is None, outcome)
        for name, cell, outcome in zip(_names(plan), plan.cells, outcomes, strict=False)
        if outcome.reason != "ok" and not (outcome.reason == "not attempted" if cell.grade_id else outcome.left_out)
    ]
    return found[:MAX_CELLS]


def _names(plan: Plan) -> Iterator[str]:
    """Names of the cells: "the cell softmax", "your own cell at the top", "your own cell 2 below softmax"."""
    places, above = [], None
    for cell in plan.cells:
        above = cell.grade_id or above
        places.append((cell.grade_id, above))
    many, met = Counter(places), Counter[tuple[str | None, str | None]]()
    for grade_id, above in places:
        met[grade_id, above] += 1
        number = f" {met[grade_id, above]}" if many[grade_id, above] > 1 else ""
        if grade_id:
            yield f"the cell {grade_id}"
        else:
            yield f"your own cell{number} {f'below {above}' if above else 'at the top of the notebook'}"


def _ended(name: str, own: bool, outcome: CellOutcome) -> EndedCell:
    failure = outcome.failure
    if failure is None:
        return EndedCell(name, own, outcome.reason, one_line(outcome.words or f"it did not run to its end ({outcome.reason})", _ERROR_CHARS))
    return EndedCell(
        name, own, outcome.reason, one_line(failure["error"], _ERROR_CHARS), failure["line"] or None, one_line(failure["text"], _TEXT_CHARS), _rest(failure)
    )


def _rest(failure: dict[str, Any]) -> str:
    words = []
    if failure["went_on"]:
        words.append("imports, functions, classes and plain values below that line count all the same")
    if failure["also"]:
        errors = "; ".join(f"line {line}: {error}" if line else error for line, error in failure["also"][:3])
        words.append(one_line(f"below it failed as well {errors}", _ERROR_CHARS))
    if failure["left_out"]:
        lines, names = ", ".join(map(str, failure["left_out"][:5])), ", ".join(f"`{name}`" for name in failure["unset"][:5])
        more = " …" if len(failure["left_out"]) > 5 else ""
        words.append(f"not run: line{'s' if len(failure['left_out']) > 1 else ''} {lines}{more}" + (f" (which set {names})" if names else ""))
    return "; ".join(words)


def readable(failure: Any) -> dict[str, Any] | None:
    """What a submission says of a failed cell, if it is of the right form."""
    if not isinstance(failure, dict):
        return None
    line, text, error, also, left_out, unset = (failure.get(key) for key in ("line", "text", "error", "also", "left_out", "unset"))
    lines = [line, *(left_out if isinstance(left_out, list) else ["?"])]
    if not (isinstance(text, str) and isinstance(error, str) and isinstance(also, list) and all(map(_is_line, lines))):
        return None
    if not all(isinstance(one, list) and len(one) == 2 and _is_line(one[0]) and isinstance(one[1], str) for one in also):
        return None
    if not (isinstance(unset, list) and all(isinstance(name, str) and name.isidentifier() and len(name) <= _TEXT_CHARS for name in unset)):
        return None
    return {"line": line, "text": text, "error": error, "also": also, "left_out": left_out, "unset": unset, "went_on": failure.get("went_on") is True}


def _is_line(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1_000_000
