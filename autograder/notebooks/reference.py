"""The reference of an assignment, from its text in `solutions/`: cells, and plans with one answer put in."""

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .master import Master, MasterCell, MasterError, _cell
from .plan import Plan, PlannedCell

SEPARATOR = re.compile("__(?!_)")  # of exercise and slug: an exercise's own name may end with an underscore, as that of a function that works in place does


@cache
def reference_cells(assignment: str, root: Path) -> tuple[MasterCell, ...]:
    """The cells of `solutions/<assignment>/*.py`, solutions included. Raises MasterError."""
    import jupytext

    path = solution_path(assignment, root)
    notebook = jupytext.read(path, fmt="py:percent")
    return tuple(_cell(cell) for cell in notebook.cells)


def solution_path(assignment: str, root: Path) -> Path:
    """The text of the assignment's notebook. Raises MasterError."""
    found = sorted(p for p in (root / "solutions" / assignment).glob("*.py") if p.name != "__init__.py")
    if len(found) != 1:
        raise MasterError(f"solutions/{assignment}/ has {len(found)} notebooks as text; exactly one .py file is needed there")
    return found[0]


def reference_plan(assignment: str, root: Path, answers: dict[str, str] | None = None, files: dict[str, bytes] | None = None) -> Plan:
    """The plan of the reference with some solution cells replaced: {grade id: source}."""
    answers = answers or {}
    cells = reference_cells(assignment, root)
    unknown = set(answers) - {cell.grade_id for cell in cells if cell.kind == "solution"}
    if unknown:
        raise MasterError(f"{assignment} has no solution cell {sorted(unknown)[0]!r}")
    planned = [PlannedCell(answers.get(cell.grade_id or "", cell.source), cell.grade_id) for cell in cells if cell.kind in ("solution", "given", "free")]
    return Plan(planned, support_files(assignment, root) if files is None else files)


def support_files(assignment: str, root: Path) -> dict[str, bytes]:
    """What lies beside the notebook: the small module that every release folder carries, and the assignment's own files."""
    beside = [root / "source" / "course_tools.py", *sorted((root / "source" / assignment).glob("[!.]*"))]
    return {path.name: path.read_bytes() for path in beside if path.is_file() and path.suffix != ".ipynb"}


@dataclass(frozen=True)
class Answer:
    """One answer file of tests/submissions: what a student wrote for one exercise. `fails` are criterion titles; ("*",) means all. `says`: words that must
    stand in what the student reads. `may_fail`: titles of criteria of which either outcome is right, as where a training of theirs ends near the goal.
    apart: why a right one is not tried in one notebook with those of other exercises: it reads names that only the reference has, for instance."""

    exercise: str
    slug: str
    source: str
    about: str
    fails: tuple[str, ...]
    path: Path
    says: tuple[str, ...] = ()
    may_fail: tuple[str, ...] = ()
    apart: str = ""

    @property
    def right(self) -> bool:
        return not self.fails

    @classmethod
    def load(cls, path: Path) -> "Answer":
        """Raises ValueError with what is wrong about the file."""
        exercise, *slug = SEPARATOR.split(path.stem, maxsplit=1)
        text = path.read_text(encoding="utf-8")
        docstring = ast.get_docstring(ast.parse(text)) or ""
        if not slug or not slug[0] or not docstring:
            raise ValueError(f"{path.parent.name}/{path.name}: the name must be <exercise>__<slug>.py and the file must begin with a docstring")
        fails, says, may_fail, apart = (
            tuple(line.partition(":")[2].strip() for line in docstring.splitlines() if line.startswith(word))
            for word in ("Fails:", "Says:", "May fail:", "Apart:")
        )
        if (path.parent.name == "wrong") != bool(fails):
            raise ValueError(f"{path.parent.name}/{path.name}: wrong answers, and only they, name the criteria that must fail (Fails: title)")
        return cls(exercise, slug[0], text, docstring.splitlines()[0], fails, path, says, may_fail, " ".join(apart))


def answers_of(assignment: str, root: Path) -> list[Answer]:
    """All answers of an assignment, right ones first."""
    folder = root / "tests" / "submissions" / assignment
    return [Answer.load(path) for kind in ("right", "wrong") for path in sorted((folder / kind).glob("*.py"))]


def exercises_of(assignment: str, root: Path) -> dict[str, float]:
    """Points by exercise, from the text."""
    return Master(assignment, "", reference_cells(assignment, root), {}).exercises
