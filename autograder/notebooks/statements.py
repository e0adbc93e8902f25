"""Statements of a cell: the program in it, whatever its layout, and the names that it binds."""

import ast
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# Lines that IPython takes for its own: magics, the shell's, help.
_IPYTHON = re.compile(r"^(\s*)((?:[\w, ]+=\s*)?(?:%|!).*|.*\?\s*)$")
_BINDING = re.compile(r"^(?:async[ \t]+def|def|class)[ \t]+(\w+)|^(\w+)[ \t]*=(?!=)", re.MULTILINE)
_FOREIGN = re.compile(r"\s*%%(?!time|capture|prun)")  # a cell whose text is no Python, or not run here
MAX_STATEMENTS, MAX_CHARS = 2_000, 100_000  # of a cell that people write
_CANNOT = (SyntaxError, ValueError, RecursionError, MemoryError)


@dataclass(frozen=True)
class Statement:
    """One statement at the top level of a cell. key: equal for equal programs; node: None for a line of IPython's."""

    text: str
    key: str
    node: ast.stmt | None


def same_code(a: str, b: str) -> bool:
    """Whether two cells hold the same program: comments, blank lines and layout do not count."""
    if a.strip() == b.strip():
        return True
    try:
        return ast.dump(_parse(a)) == ast.dump(_parse(b))
    except _CANNOT:
        return False


def statements_of(source: str) -> list[Statement] | None:
    """The statements of a cell in order; None when it is no program, or one that nobody writes."""
    if len(source) > MAX_CHARS:
        return None
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    try:
        nodes = _parse("\n".join(lines)).body
    except _CANNOT:
        # Behind its mask a line of IPython's is a call that holds its text, so that another line is another statement.
        try:
            nodes = _parse("\n".join(_IPYTHON.sub(lambda line: f"{line[1]}__ipython__({line[2]!r})", line) for line in lines)).body
        except _CANNOT:
            return None
    if len(nodes) > MAX_STATEMENTS:
        return None
    try:
        return [_statement(node, lines, alone) for node, alone in zip(nodes, _alone(nodes), strict=True)]
    except _CANNOT:
        return None


def _parse(source: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a student's "\d" is no matter for the grader's log
        return ast.parse(source)


def _alone(nodes: list[ast.stmt]) -> Iterator[bool]:
    """Whether a statement shares no line with its neighbours."""
    for i, node in enumerate(nodes):
        after_the_last = i == 0 or nodes[i - 1].end_lineno < node.lineno  # type: ignore[operator]
        yield after_the_last and (i + 1 == len(nodes) or node.end_lineno < nodes[i + 1].lineno)  # type: ignore[operator]


def _statement(node: ast.stmt, lines: list[str], alone: bool) -> Statement:
    first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
    text = "\n".join(lines[first - 1 : node.end_lineno]) if alone else ast.unparse(node)
    masked = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and getattr(node.value.func, "id", "") == "__ipython__"
    return Statement(text, ast.dump(node), None if masked else node)


def bound_names(statement: Statement) -> set[str]:
    """Names that a statement binds in the cell's namespace."""
    return set() if statement.node is None else set(_bound([statement.node]))


def _bound(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.Import() | ast.ImportFrom():
                yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
            case ast.Name() if isinstance(node.ctx, ast.Store):
                yield node.id
            case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                pass  # a namespace of its own
            case _:
                yield from _bound(ast.iter_child_nodes(node))


def defined_names(source: str, but_for: frozenset[str] = frozenset()) -> set[str]:
    """Names that a cell binds at its top level; statements with a key of `but_for` do not count. Of a cell that is no program: what looks like it."""
    if _FOREIGN.match(source):
        return set()
    statements = statements_of(source)
    if statements is None:
        return {name for found in _BINDING.findall(source) for name in found if name}
    try:
        return {name for statement in statements if statement.key not in but_for for name in bound_names(statement)}
    except RecursionError:
        return set()
