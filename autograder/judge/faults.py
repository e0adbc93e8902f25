"""Whose fault an exception is. Findings and assertions speak of the student; whatever else a criterion raises may be a slip in the grader's own code.

    certain     a name or a module that is not there, in a line of the grader's or the reference's: no value of a student's can do that
    doubtful    any other exception in the judge (a value of the student's that could not be used, or a helper that is broken), and a failure over there in
                which no line of the student's was running (a probe that is broken, a call that no right answer could take)

What is doubtful is asked of the reference: where that does not pass either, the grader is broken. So nothing that a student sends can be taken for a
fault of the grader, and none of the grader's for one of the student's as long as the reference comes by it.
"""

import os
import re
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from .criteria import Criterion
from .reasons import Finding, StudentFailure
from .words import one_line

_KIT = os.path.dirname(os.path.dirname(__file__)) + os.sep
_STANDARD = os.path.dirname(os.__file__) + os.sep
_INSTALLED = re.compile(r"[/\\](?:site|dist)-packages[/\\]")
_GRADER = re.compile(r"[/\\]graders[/\\][^/\\]+\.py$")
# How the reference may fail for reasons that are those of a busy machine.
OF_THE_MACHINE = ("timeout", "memory", "exited", "output limit")


@dataclass(frozen=True)
class Doubt:
    """A criterion that does not hold, perhaps by the grader's fault. what: place and exception; name: what the notebook is said not to define, "" otherwise;
    here: whether the exception was raised in the judge; machine: whether it may have been the machine's fault, and a second try may go well."""

    item: pytest.Function
    criterion: Criterion
    what: str
    here: bool
    name: str = ""
    machine: bool = False


def is_assertion(error: BaseException) -> bool:
    """Whether a criterion says with this that something does not hold."""
    return isinstance(error, AssertionError | pytest.fail.Exception)


def is_certain(error: BaseException) -> bool:
    """Whether only the grader's own code can have raised this."""
    return isinstance(error, NameError | ImportError) and next((_is_own(file) for file, _ in _frames(error)), False)


def is_doubtful(error: BaseException) -> bool:
    """Whether the reference must be asked."""
    if isinstance(error, StudentFailure):
        return error.doubtful
    return not is_assertion(error) and not isinstance(error, Finding)


def may_be_the_machine(error: BaseException) -> bool:
    """Whether the judge ran out of something."""
    return isinstance(error, OSError | MemoryError) or (isinstance(error, RuntimeError) and "allocate memory" in str(error))


def what_of(error: BaseException) -> str:
    """Where and what: "graders/test_x.py, line 12: KeyError: 'a'"."""
    place = getattr(error, "place", "") or place_of(error)
    text = error.message if isinstance(error, Finding) else f"{type(error).__name__}: {error}"
    return f"{place}: {one_line(text, 300)}" if place else one_line(text, 300)


def place_of(error: BaseException) -> str:
    """File and line of the innermost code that belongs to the course, else of the innermost."""
    if isinstance(error, SyntaxError) and error.filename:
        return place(error.filename, error.lineno or 1)
    frames = list(_frames(error))
    own = next((frame for frame in frames if _is_own(frame[0])), frames[0] if frames else None)
    return place(*own) if own else ""


def place(file: str, line: int) -> str:
    """File and line as people read them: the file below the working directory, or with its folder's name."""
    path = Path(file)
    name = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else Path(*path.parts[-2:])
    return f"{name}, line {line}"


def _frames(error: BaseException) -> Iterator[tuple[str, int]]:
    """File and line, the innermost first; the machinery of imports left out."""
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
        file = frame.f_code.co_filename
        if not file.startswith("<frozen "):
            yield file, line


def _is_own(file: str) -> bool:
    """Whether a file is the course's: a grader, a reference, what they import from the course's folders."""
    if _GRADER.search(file):
        return True
    return not (file.startswith((_KIT, _STANDARD, "<")) or _INSTALLED.search(file))
