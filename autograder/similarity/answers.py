"""What a class wrote, exercise by exercise, out of `submitted/` of this year and of others. Nothing of it is run."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..notebooks.hand_in import NoNotebook, read_hand_in
from ..notebooks.master import Master
from ..notebooks.plan import Plan
from ..notebooks.reader import Unreadable
from ..notebooks.statements import statements_of

THIS_YEAR = ""


@dataclass(frozen=True, order=True)
class Author:
    """year: "" for this one, else what the folder of the other is called."""

    year: str
    student: str

    def __str__(self) -> str:
        return f"{self.student} ({self.year})" if self.year else self.student


@dataclass(frozen=True)
class Exercise:
    """What is answered in one place of the notebook. release: the text that is handed out for an answer; is_code: else words."""

    name: str
    is_code: bool
    release: str


@dataclass
class ReadClass:
    """answers: {exercise: {author: text}}, without those that are as they were handed out; readers: how many notebooks were read, by year; left_out:
    sentences on those that were not."""

    answers: dict[str, dict[Author, str]] = field(default_factory=dict)
    readers: dict[str, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def exercises_of(master: Master) -> list[Exercise]:
    """In the order of the notebook."""
    return [
        Exercise(cell.grade_id, cell.kind == "solution", cell.source) for cell in master.cells if cell.kind in ("solution", "written") and cell.grade_id
    ]  # fmt: skip


def hand_ins(submitted: Path, assignment: str) -> list[tuple[str, Path]]:
    """Students and their folders in a folder with nbgrader's layout; links and hidden folders are left out. Raises OSError."""
    students = sorted(path for path in submitted.iterdir() if path.is_dir() and not path.is_symlink() and path.name[0] != ".")
    return [(path.name, path / assignment) for path in students if (path / assignment).is_dir() and not (path / assignment).is_symlink()]


def read_year(found: ReadClass, year: str, folders: list[tuple[str, Path]], master: Master, masters: dict[str, Master], step: Callable[[], None]) -> None:
    """Adds what one year handed in. step: called after each folder."""
    found.readers.setdefault(year, 0)
    for student, folder in folders:
        author = Author(year, student)
        try:
            taken = read_hand_in(folder, master, masters)
            plan, sentence = taken.plan, taken.unreadable
        except NoNotebook as error:
            plan, sentence = None, str(error)
        except (Unreadable, OSError, RecursionError) as error:
            plan, sentence = None, str(error)
        if plan is None:
            found.left_out.append(f"{author}: {sentence}")
        else:
            found.readers[year] += 1
            for exercise, text in answers_in(plan, master):
                found.answers.setdefault(exercise, {})[author] = text
        step()


def answers_in(plan: Plan, master: Master) -> Iterator[tuple[str, str]]:
    """(exercise, answer): its cell, and cells of the student's own between the check before it and its own; or words."""
    first = 0
    for number, cell in enumerate(master.cells):
        if cell.kind == "check":
            first = number + 1
        if cell.kind == "solution" and cell.grade_id and cell.grade_id in plan.answered:
            last = _end_of(master, number)
            sources = [one.source for one in plan.cells if first <= one.place < last and (one.index >= 0 or one.place == number)]
            text = "\n\n".join(source.strip("\n") for source in sources if source.strip())
            if text:
                yield cell.grade_id, text
        elif cell.kind == "written" and cell.grade_id in plan.written:
            yield str(cell.grade_id), str(plan.written[str(cell.grade_id)]["source"])


def _end_of(master: Master, number: int) -> int:
    """Where what belongs to the solution in cell `number` ends: at the next cell that is checked or answered."""
    following = (i for i in range(number + 1, len(master.cells)) if master.cells[i].kind in ("check", "solution", "written"))
    return next(following, len(master.cells))


def known_names(master: Master) -> frozenset[str]:
    """Names that the assignment hands out: modules that it imports, functions and classes that it has or asks for."""
    found: set[str] = set()
    for cell in master.cells:
        for statement in statements_of(cell.source) or [] if cell.cell_type == "code" else []:
            match statement.node:
                case ast.Import() | ast.ImportFrom():
                    found |= {alias.asname or alias.name.partition(".")[0] for alias in statement.node.names}
                case ast.FunctionDef() | ast.ClassDef():
                    found.add(statement.node.name)
    return frozenset(found)
