"""The time that the cells of a notebook have together: the student's own have theirs, the answers and the course's have theirs.

What does not fit is not lost: of such a cell the imports, functions, classes and plain values are run, which take no time, so that an answer below finds
what it uses. Experiments are left out.
"""

import ast
import time
from collections.abc import Callable

from .after_error import still_counts

LEAST_SECONDS = 0.5  # with less left a cell is not begun
DEFINITIONS_SECONDS = 1.0  # of one cell of which only the definitions are run
ALL_DEFINITIONS_SECONDS = 8.0  # of all of them, of each kind
_monotonic = time.monotonic  # taken now, before any student code runs


class CellTimes:
    """What is left. `own_seconds` for the student's own cells, `answers_seconds` for the others, `cell_seconds` for one."""

    def __init__(self, own_seconds: float, answers_seconds: float, cell_seconds: float):
        self._left = {True: own_seconds, False: answers_seconds}
        self._for_definitions = {True: ALL_DEFINITIONS_SECONDS, False: ALL_DEFINITIONS_SECONDS}
        self._cell_seconds = cell_seconds

    def run(self, own: bool, source: str, transform: Callable[[str], str], run: Callable[[str, float], dict]) -> dict:
        """What run(source, seconds) says of a cell, with "left_out": whether it was the definitions only, or nothing, for lack of time."""
        whole = self._left[own] >= min(LEAST_SECONDS, self._cell_seconds)
        account = self._left if whole else self._for_definitions
        seconds = min(self._cell_seconds if whole else DEFINITIONS_SECONDS, account[own])
        began = _monotonic()
        outcome = run(source if whole else definitions_in(source, transform), seconds) if seconds > 0 else {"outputs": [], "reason": "timeout", "seconds": 0}
        account[own] -= _monotonic() - began
        return outcome | {"left_out": not whole}


def definitions_in(source: str, transform: Callable[[str], str]) -> str:
    """The imports, functions, classes and plain values of a cell, as a program. `transform` makes Python of lines that are the shell's."""
    try:
        program = ast.parse(transform(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    lines: list[str] = []
    for statement in filter(still_counts, program.body):
        lines += [""] * (statement.lineno - 1 - len(lines))  # an error names the line that its author sees
        lines += ast.unparse(statement).splitlines()
    return "\n".join(lines)
