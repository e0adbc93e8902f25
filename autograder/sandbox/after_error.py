"""What of a cell still counts when one of its lines has failed: imports, functions, classes and plain values that stand below that line.

A first cell that is made for another platform (a drive to mount, a package, a GPU) fails here at once, and the imports below it are what the answers
need. Each statement is run by itself and once; whatever else stands there (calls, loops, experiments) is left out.
"""

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from .outputs import FULL, CellTimeout, OutputLimit

_DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Pass)
# Of expressions, those that look up and compute, and run nothing of anybody's that takes long.
_PLAIN = (
    ast.Constant, ast.Name, ast.Attribute, ast.Tuple, ast.List, ast.Set, ast.Dict, ast.Lambda, ast.UnaryOp, ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp,
    ast.Subscript, ast.Slice, ast.JoinedStr, ast.FormattedValue, ast.Starred,
)  # fmt: skip
# The calls with which people choose a device.
_CALLS = ("torch.device", "torch.cuda.is_available", "torch.backends.mps.is_available", "torch.cuda.device_count")


MAX_ALSO = 10


@dataclass
class Failure:
    """Where a cell ended. line: in the text that the shell ran, from 1; 0 when it is not known. text: that line. also: lines below that failed, too, each
    with its error. left_out: lines below that were not run; unset: names that they would have set. went_on: whether anything below was run."""

    line: int
    text: str
    error: str
    reason: str
    also: list[tuple[int, str]] = field(default_factory=list)
    left_out: list[int] = field(default_factory=list)
    unset: list[str] = field(default_factory=list)
    went_on: bool = False

    def to_json(self, source: str) -> dict[str, Any]:
        """As the judge gets it, with the lines of the cell as it was written."""
        offset = _line_as_written(self.line, self.text, source) - self.line
        return {
            "line": self.line and self.line + offset, "text": self.text[:200], "error": self.error[:500], "went_on": self.went_on,
            "also": [[line and line + offset, words[:200]] for line, words in self.also[:MAX_ALSO]],
            "left_out": [line + offset for line in self.left_out[:MAX_ALSO]], "unset": self.unset[:MAX_ALSO],
        }  # fmt: skip

    def leave_out(self, statement: ast.stmt) -> None:
        self.left_out.append(statement.lineno)
        names = [node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
        self.unset += [name for name in dict.fromkeys(names) if name not in self.unset]


def _line_as_written(line: int, text: str, source: str) -> int:
    """The shell drops empty lines and that of a cell magic above, so that the line may have been further down."""
    lines = [one.strip() for one in source.splitlines()]
    return next((number for number, one in enumerate(lines, 1) if number >= line > 0 and one == text), line)


def still_counts(statement: ast.stmt) -> bool:
    """Whether a statement of a cell is run although one above it has failed."""
    match statement:
        case ast.Assign(targets=targets, value=value):
            return all(map(_is_name, targets)) and _is_plain(value)
        case ast.AnnAssign(target=ast.Name(), value=value):
            return value is None or _is_plain(value)
        case ast.If(test=test, body=body, orelse=orelse):
            return _is_plain(test) and all(map(still_counts, (*body, *orelse)))
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=final):
            return all(map(still_counts, (*body, *orelse, *final, *(line for handler in handlers for line in handler.body))))
    return isinstance(statement, _DEFINITIONS)


def _is_name(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) or (isinstance(target, ast.Tuple | ast.List) and all(map(_is_name, target.elts)))


def _is_plain(value: ast.expr) -> bool:
    """Whether the value is computed from names and constants alone; what stands in a lambda runs when it is called."""
    match value:
        case ast.Lambda():
            return True
        case ast.Call(func=function, args=args, keywords=[]):
            return ast.unparse(function) in _CALLS and all(map(_is_plain, args))
    return isinstance(value, _PLAIN) and all(_is_plain(part) for part in ast.iter_child_nodes(value) if isinstance(part, ast.expr))


def go_on(
    statements: Iterable[ast.stmt], compiled: Callable[[ast.stmt], CodeType], namespace: dict[str, Any], kept: frozenset[str], failure: Failure
) -> None:  # fmt: skip
    """Runs those of the statements below a failed one that still count, and notes in `failure` what became of them.

    kept: names that stay what they are, the answers that the notebook has already given.
    """
    for statement in statements:
        if not still_counts(statement):
            failure.leave_out(statement)
            continue
        bound: dict[str, Any] = {}
        try:
            exec(compiled(statement), namespace, bound)
            failure.went_on = True
        except Exception as error:
            failure.also.append((statement.lineno, words_of(error)))
        finally:
            namespace.update({name: value for name, value in bound.items() if name not in kept})


def words_of(error: BaseException) -> str:
    """ModuleNotFoundError: No module named 'google.colab'."""
    try:
        text = error.msg if isinstance(error, SyntaxError) else str(error)
    except BaseException:
        text = "(its text could not be made)"
    return f"{type(error).__name__}: {text}"[:1000] if text else type(error).__name__


def reason_of(error: BaseException) -> str:
    """The reason code of a cell that ended with this."""
    match error:
        case CellTimeout():
            return "timeout"
        case OutputLimit():
            return "output limit"
        case OSError() if error.errno in FULL:
            return "output limit"
        case NotImplementedError():
            return "not attempted"
        case MemoryError():
            return "memory"
        case SystemExit():
            return "exited"
    return "crashed"
