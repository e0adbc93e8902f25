"""Modules that a student wrote beside the notebook and that its cells use: each becomes a cell that writes the file, ahead of all others.

As a cell it is under the limits of cells, people see it where they see the answers, and it can replace neither the course's files nor a module that is
installed: with such a name it is left out.
"""

import re
import sys
from collections.abc import Callable, Mapping
from functools import cache
from importlib.machinery import PathFinder

MAX_FILES, MAX_CHARS = 20, 200_000
NEVER = frozenset(("conftest", "sitecustomize", "usercustomize", "autograder", "solutions", "course_tools"))
_NAME = re.compile(r"[A-Za-z_]\w{0,60}\.py")


def is_helper(name: str) -> bool:
    """Whether a file's name is that of a module."""
    return _NAME.fullmatch(name) is not None


def helper_cells(beside: Mapping[str, Callable[[], bytes]], code: str, taken: set[str]) -> tuple[list[str], list[str]]:
    """Cells that write the modules that `code`, or one of them, speaks of; and notes. beside: what reads each file, by its name; taken: names of the
    course's own files, which count."""
    cells: list[str] = []
    notes: list[str] = []
    open_names = {name for name in beside if is_helper(name)}
    while len(cells) < MAX_FILES and (name := next((name for name in sorted(open_names) if _speaks_of(code, name)), None)):
        open_names.remove(name)
        if name in taken:
            continue  # the course's own file lies there
        if not _is_free(name.removesuffix(".py")):
            notes.append(f"{name} beside the notebook was left out, since a module of this name is installed")
            continue
        text = beside[name]().decode("utf-8-sig", errors="replace")
        if len(text) > MAX_CHARS or "\0" in text:
            notes.append(f"{name} beside the notebook was left out, since it is too large or no text")
            continue
        cells.append(f"%%writefile {name}\n{text}")
        notes.append(f"{name} lay beside the notebook; it was put there for its cells")
        code += text
    return cells, notes


def _speaks_of(code: str, name: str) -> bool:
    return re.search(rf"\b{name.removesuffix('.py')}\b", code) is not None


@cache
def _is_free(module: str) -> bool:
    installed = [path for path in sys.path if path.endswith("-packages")]
    return module not in NEVER and module not in sys.stdlib_module_names and PathFinder.find_spec(module, installed) is None
