"""What a student added to a cell of the course's that is locked: many programs do not keep the lock.

The master's text of the cell counts. What it does not have runs as a cell of its own, ahead of the master's when it stood above its first statement, else
behind it. A statement that gives a new value to names that the master's cell binds (a helper of the course's, a constant, a parameter of a demo) is a
change and no addition; it is left out. Checks and demos are not run, and no training that was tried in them either: of what was added to them only
imports, functions, classes and values that no call has to compute count.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from .statements import Statement, bound_names, statements_of

LONGEST = 50_000  # characters of a cell that is no program and still looked through


@dataclass(frozen=True)
class Additions:
    """Source of the cells to run, "" for none; count: statements in them; left_out: statements that bind names, and were not taken."""

    before: str = ""
    after: str = ""
    count: int = 0
    left_out: int = 0


def additions(master: str, student: str, is_run: bool, stubs: frozenset[str] = frozenset()) -> Additions:
    """What `student` holds beyond the master's text of the cell. is_run: whether the grader runs the master's; stubs: keys of statements that the course
    hands out in other cells, which are no answer wherever they stand."""
    if student.strip() == master.strip():
        return Additions()
    known = statements_of(master) or []
    bound = {name for statement in known for name in bound_names(statement)}
    before: list[str] = []
    after: list[str] = []
    left_out = 0
    try:
        for is_above, statement in _new(master, known, student):
            if statement.key in stubs or _is_idle(statement.node):
                continue
            names = bound_names(statement)
            if _is_change(statement, names, bound) or not (is_run or _is_plain(statement.node)):
                left_out += bool(names)
            else:
                (before if is_above else after).append(statement.text)
    except RecursionError:
        return Additions()
    return Additions("\n".join(before), "\n".join(after), len(before) + len(after), left_out)


def _new(master: str, known: list[Statement], student: str) -> Iterator[tuple[bool, Statement]]:
    """Statements that the master's cell does not have, and whether they stand above all that it has."""
    statements = statements_of(student)
    if statements is None:
        yield from _new_lines(master, student)
        return
    rest, is_above = Counter(statement.key for statement in known), True
    waiting: list[Statement] = []
    for statement in statements:
        if rest[statement.key]:
            rest[statement.key] -= 1
            yield from ((is_above, added) for added in waiting)
            waiting, is_above = [], False
        elif not statement.text.startswith("%%"):
            waiting.append(statement)
    yield from ((False, added) for added in waiting)  # where nothing of the master's follows, it is below


def _new_lines(master: str, student: str) -> Iterator[tuple[bool, Statement]]:
    """The same by lines, for a cell that is no program: blocks of new lines that are one by themselves."""
    rest, is_above = Counter(line.rstrip() for line in master.splitlines()), True
    block: list[str] = []
    if len(student) > LONGEST:
        return
    for line in [*student.splitlines(), None]:
        if line is not None and not rest[line.rstrip()]:
            block.append(line)
            continue
        for statement in statements_of("\n".join(block)) or []:
            yield is_above and line is not None, statement
        block = []
        if line is not None and line.strip():
            rest[line.rstrip()] -= 1
            is_above = False


def _is_change(statement: Statement, names: set[str], bound: set[str]) -> bool:
    return bool(names) and names <= bound and not isinstance(statement.node, ast.Import | ast.ImportFrom)


def _is_idle(node: ast.stmt | None) -> bool:
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def _is_plain(node: ast.stmt | None) -> bool:
    """Whether a statement defines something and computes nothing."""
    match node:
        case ast.Import() | ast.ImportFrom() | ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return True
        case ast.Assign(targets=targets, value=value):
            return all(isinstance(part, ast.Name | ast.Tuple) for part in targets) and not _calls(value)
        case ast.AnnAssign(target=ast.Name(), value=value):
            return value is None or not _calls(value)
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
            return all(map(_is_plain, [*body, *(inner for handler in handlers for inner in handler.body), *orelse, *finalbody]))
        case ast.If(test=test, body=body, orelse=orelse):
            return not _calls(test) and all(map(_is_plain, [*body, *orelse]))
        case ast.Pass():
            return True
    return False


def _calls(value: ast.expr) -> bool:
    """Whether something is called, or gone through, when the expression is evaluated."""
    if isinstance(value, ast.Lambda):
        return False
    if isinstance(value, ast.Call | ast.Await | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        return True
    return any(_calls(child) for child in ast.iter_child_nodes(value) if isinstance(child, ast.expr))
