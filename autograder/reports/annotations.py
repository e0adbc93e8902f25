"""GitHub workflow commands: annotations of our own, and a fence inside which nobody's are obeyed.

A runner reads every line of a step's output. A line `::error::…` (or the older `##[error]…`) in it is a command, whoever printed it. Hence two measures:
what a submission may have had a hand in is printed between `::stop-commands::TOKEN` and `::TOKEN::`, where the token is new in each run; and what stands
in an annotation is escaped, so that it cannot end its line or open a property.
"""

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..judge.verdict import CriterionResult, ExerciseResult
from ..judge.words import MESSAGE_CHARS, one_line
from .feedback import points_words
from .graded_notebook import GradedNotebook, is_idle

PER_LEVEL = 10  # a step shows no more annotations of one level
_RANK = {"error": 0, "notice": 1}
_DOUBLED = re.compile("(:(?=:)|#(?=#))")


def escape_data(text: str) -> str:
    """The text after the second `::`, as GitHub's toolkit escapes it; commands inside it broken besides."""
    harmless = _DOUBLED.sub(r"\1 ", one_line(text, MESSAGE_CHARS))
    return harmless.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escape_property(text: str) -> str:
    """A value such as that of `file=`."""
    return escape_data(text).replace(":", "%3A").replace(",", "%2C")


def annotation(level: str, message: str, file: str, title: str) -> str:
    """One line, a workflow command. level: "error" or "notice"."""
    return f"::{level} file={escape_property(file)},title={escape_property(title)}::{escape_data(message)}"


@contextmanager
def fence(write: Callable[[str], None]) -> Iterator[None]:
    """Inside, the runner obeys no command."""
    token = secrets.token_hex(16)
    write(f"::stop-commands::{token}")
    try:
        yield
    finally:
        write(f"::{token}::")


def annotations_of(graded: list[GradedNotebook], threshold: float | None) -> list[str]:
    """The points of each notebook, then what lost points; errors first, not more of a level than GitHub shows."""
    lines: dict[str, list[str]] = {"error": [], "notice": []}
    for notebook in graded:
        level = "notice" if notebook.reaches(threshold) else "error"
        lines[level].append(annotation(level, _points(notebook, threshold), notebook.path, notebook.verdict.assignment))
    for notebook in graded:
        for exercise in notebook.verdict.exercises:
            lost = [criterion for criterion in exercise.criteria if not criterion.passed]
            if lost:
                level = "notice" if is_idle(exercise) else "error"
                lines[level].append(annotation(level, _found(lost), notebook.path, _title(exercise)))
    return [line for level in sorted(lines, key=_RANK.__getitem__) for line in lines[level][:PER_LEVEL]]


def _points(notebook: GradedNotebook, threshold: float | None) -> str:
    verdict = notebook.verdict
    words = f"{points_words(verdict.points)} of {points_words(verdict.max_points)} points"
    return words if threshold is None else f"{words}, {threshold:g} % {'reached' if notebook.reaches(threshold) else 'not reached'}"


def _title(exercise: ExerciseResult) -> str:
    return f"{exercise.name}: {points_words(exercise.points)} of {points_words(exercise.max_points)} points"


def _found(lost: list[CriterionResult]) -> str:
    first, more = lost[0], len(lost) - 1
    hint = f" (Hint: {first.hint})" if first.hint else ""
    rest = f" And {more} more." if more else ""
    return f"{one_line(f'{first.title} [{first.reason}]: {first.message}{hint}', MESSAGE_CHARS - 20)}{rest}"
