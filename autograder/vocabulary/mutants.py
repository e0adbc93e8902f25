"""Mutants of a reference solution: one small mistake each, of the kinds that people make in tensor code.

Made on libcst's syntax tree, so that a mutant is the reference with one place changed and reads like it. Docstrings, annotations and the names that are
defined are left alone.
"""

import ast
import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import libcst as cst

_BINARY: dict[type, type] = {
    cst.Add: cst.Subtract, cst.Subtract: cst.Add, cst.Multiply: cst.Divide, cst.Divide: cst.Multiply, cst.MatrixMultiply: cst.Multiply,
    cst.Power: cst.Multiply, cst.FloorDivide: cst.Multiply, cst.Modulo: cst.FloorDivide, cst.BitAnd: cst.BitOr, cst.BitOr: cst.BitAnd,
}  # fmt: skip
_AUGMENTED: dict[type, type] = {
    cst.AddAssign: cst.SubtractAssign, cst.SubtractAssign: cst.AddAssign, cst.MultiplyAssign: cst.DivideAssign, cst.DivideAssign: cst.MultiplyAssign,
}  # fmt: skip
_COMPARE: dict[type, type] = {
    cst.LessThan: cst.LessThanEqual, cst.LessThanEqual: cst.LessThan, cst.GreaterThan: cst.GreaterThanEqual,
    cst.GreaterThanEqual: cst.GreaterThan, cst.Equal: cst.NotEqual, cst.NotEqual: cst.Equal, cst.Is: cst.IsNot, cst.IsNot: cst.Is,
}  # fmt: skip
_NAMES = {
    "sum": "mean", "mean": "sum", "max": "min", "min": "max", "amax": "amin", "amin": "amax", "argmax": "argmin", "exp": "expm1", "log": "log1p",
    "sin": "cos", "cos": "sin", "tanh": "sigmoid", "sigmoid": "tanh", "relu": "abs", "ones": "zeros", "zeros": "ones", "cat": "stack",
    "stack": "cat", "ones_like": "zeros_like", "zeros_like": "ones_like", "floor": "ceil", "ceil": "floor", "sqrt": "square",
    "MaxPool2d": "AvgPool2d", "AvgPool2d": "MaxPool2d", "randn": "rand", "rand": "randn", "train": "eval", "eval": "train",
    "add_": "sub_", "sub_": "add_", "zero_grad": "zeros_grad_", "maximum": "minimum", "minimum": "maximum", "mul_": "div_", "div_": "mul_",
    "Sigmoid": "Tanh", "any": "all", "all": "any", "triu": "tril", "tril": "triu", "amax_": "amin_", "logsumexp": "sum",
}  # fmt: skip
_PLACE: dict[type, type[cst.BaseAugOp]] = {
    cst.Add: cst.AddAssign, cst.Subtract: cst.SubtractAssign, cst.Multiply: cst.MultiplyAssign, cst.Divide: cst.DivideAssign,
}  # fmt: skip


# What a student is told of a mutant: as if the one were taken where the other belongs.
_OPERATORS: dict[type, str] = {
    cst.Add: "a sum", cst.Subtract: "a difference", cst.Multiply: "a product", cst.Divide: "a quotient", cst.MatrixMultiply: "a matrix product",
    cst.Power: "a power", cst.FloorDivide: "a quotient in whole numbers",
}  # fmt: skip
_FUNCTIONS = {
    "sum": "the sum", "mean": "the mean", "max": "the largest", "min": "the smallest", "amax": "the largest", "amin": "the smallest",
    "argmax": "the place of the largest", "exp": "the exponential", "log": "the logarithm", "sin": "the sine", "cos": "the cosine", "tanh": "tanh",
    "sigmoid": "the sigmoid", "relu": "ReLU", "abs": "the absolute value", "sqrt": "the root", "square": "the square", "any": "any", "all": "all",
    "triu": "the upper triangle", "tril": "the lower triangle", "maximum": "the larger", "minimum": "the smaller", "argmin": "the place of the smallest",
    "MaxPool2d": "the largest of each window", "AvgPool2d": "the mean of each window", "floor": "rounding down", "ceil": "rounding up",
}  # fmt: skip
_DIMENSIONS = ("dim", "axis")


def _instead(nouns: dict, old: object, new: object) -> str:
    return f"as if {nouns[new]} were taken where {nouns[old]} belongs" if old in nouns and new in nouns else ""


@dataclass(frozen=True)
class Mutant:
    """kind: what was done; source: the whole cell; change: "old line → new line", its name in the list of equivalents. words: the kind of mistake as a
    student would be told of it, "" where there are none that tell."""

    exercise: str
    kind: str
    source: str
    change: str
    diff: str
    words: str = ""


def mutants_of(exercise: str, source: str) -> list[Mutant]:
    """All mutants of a solution cell that still parse, each once."""
    tree = cst.parse_module(source)
    collector = _Collector()
    cst.MetadataWrapper(tree, unsafe_skip_copy=True).visit(collector)
    found: dict[str, Mutant] = {}
    for kind, node, replacement, words in collector.changes:
        text = _with(tree, node, cst.SimpleStatementLine([cst.Pass()]) if isinstance(replacement, cst.RemovalSentinel) else replacement)
        if text is None or text == source or text in found or not _parses(text):
            continue
        found[text] = Mutant(exercise, kind, text, _change(source, text), _diff(source, text), words)
    return list(found.values())


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def _with(tree: cst.Module, node: cst.CSTNode, replacement: cst.CSTNode) -> str | None:
    """The module with another node in the place of one; a statement that is removed becomes `pass`."""
    replaced = tree.deep_replace(node, replacement)
    return replaced.code if isinstance(replaced, cst.Module) else None


def _change(old: str, new: str) -> str:
    lines = [line for line in difflib.ndiff(old.splitlines(), new.splitlines()) if line[:1] in "+-"]
    before = " / ".join(line[2:].strip() for line in lines if line[0] == "-")
    after = " / ".join(line[2:].strip() for line in lines if line[0] == "+")
    return f"{before} → {after}"


def _diff(old: str, new: str) -> str:
    lines = list(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=1))[2:]
    return "\n".join(line for line in lines if not line.startswith("@@"))


class _Collector(cst.CSTVisitor):
    """Gathers (kind, node, replacement, words) over the bodies of functions and classes."""

    def __init__(self) -> None:
        self.changes: list[tuple[str, cst.CSTNode, cst.CSTNode | cst.RemovalSentinel, str]] = []
        self.along: set[cst.CSTNode] = set()  # whole numbers that name a dimension

    def add(self, kind: str, node: cst.CSTNode, replacement: cst.CSTNode | cst.RemovalSentinel, words: str = "") -> None:
        self.changes.append((kind, node, replacement, words))

    def visit_Annotation(self, node: cst.Annotation) -> bool:  # noqa: N802
        return False

    def visit_Import(self, node: cst.Import) -> bool:  # noqa: N802
        return False

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:  # noqa: N802
        return False

    def visit_BinaryOperation(self, node: cst.BinaryOperation) -> None:  # noqa: N802
        other = _BINARY.get(type(node.operator))
        if other is not None and not _is_text(node.left) and not _is_text(node.right):
            self.add("operator", node, node.with_changes(operator=other()), _instead(_OPERATORS, type(node.operator), other))
        if isinstance(node.operator, cst.Subtract | cst.Divide | cst.MatrixMultiply | cst.FloorDivide):
            turned = node.with_changes(left=_bracketed(node.right), right=_bracketed(node.left))
            self.add("swapped operands", node, turned, f"as if {_OPERATORS[type(node.operator)]} were taken the other way round")

    def visit_AugAssign(self, node: cst.AugAssign) -> None:  # noqa: N802
        other = _AUGMENTED.get(type(node.operator))
        if other is not None:
            self.add("operator", node, node.with_changes(operator=other()))

    def visit_ComparisonTarget(self, node: cst.ComparisonTarget) -> None:  # noqa: N802
        other = _COMPARE.get(type(node.operator))
        if other is not None:
            boundary = isinstance(node.operator, cst.LessThan | cst.LessThanEqual | cst.GreaterThan | cst.GreaterThanEqual)
            self.add(
                "comparison", node, node.with_changes(operator=other()), "as if what lies exactly at a limit were counted to the other side" if boundary else ""
            )

    def visit_BooleanOperation(self, node: cst.BooleanOperation) -> None:  # noqa: N802
        other = cst.Or() if isinstance(node.operator, cst.And) else cst.And()
        self.add(
            "and/or",
            node,
            node.with_changes(operator=other),
            "as if one of two conditions were enough where both count, or both were asked where one is enough",
        )

    def visit_UnaryOperation(self, node: cst.UnaryOperation) -> None:  # noqa: N802
        if isinstance(node.operator, cst.Minus | cst.Not | cst.BitInvert):
            self.add("sign", node, node.expression, "as if the sign of one term were turned" if isinstance(node.operator, cst.Minus) else "")

    def visit_Integer(self, node: cst.Integer) -> None:  # noqa: N802
        value = int(node.value, 0)
        words = "as if it ran along another dimension" if node in self.along else ""
        self.add("constant", node, cst.Integer(str(value + 1)), words)
        if value > 0:
            self.add("constant", node, cst.Integer(str(value - 1)), words)

    def visit_Float(self, node: cst.Float) -> None:  # noqa: N802
        value = float(node.value)
        self.add("constant", node, cst.Float(repr(value * 2 + (value == 0) * 1.0)))

    def visit_Name(self, node: cst.Name) -> None:  # noqa: N802
        if node.value in ("True", "False"):
            self.add("constant", node, cst.Name("False" if node.value == "True" else "True"))

    def visit_Attribute(self, node: cst.Attribute) -> None:  # noqa: N802
        other = _NAMES.get(node.attr.value)
        if other is not None:
            self.add("function", node, node.with_changes(attr=cst.Name(other)), _instead(_FUNCTIONS, node.attr.value, other))

    def visit_Call(self, node: cst.Call) -> None:  # noqa: N802
        if isinstance(node.func, cst.Name) and node.func.value in _NAMES:
            other = _NAMES[node.func.value]
            self.add("function", node, node.with_changes(func=cst.Name(other)), _instead(_FUNCTIONS, node.func.value, other))
        positional = [i for i, argument in enumerate(node.args) if argument.keyword is None and not argument.star]
        if len(positional) >= 2:
            args = list(node.args)
            i, j = positional[:2]
            args[i], args[j] = args[i].with_changes(value=args[j].value), args[j].with_changes(value=args[i].value)
            self.add("swapped arguments", node, node.with_changes(args=args))
        for index, argument in enumerate(node.args):
            if argument.keyword is not None:
                rest = [a for i, a in enumerate(node.args) if i != index]
                rest = [*rest[:-1], rest[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)] if rest else rest
                words = "as if it ran over all numbers at once, not along one dimension" if argument.keyword.value in _DIMENSIONS else ""
                self.add(f"dropped {argument.keyword.value}", node, node.with_changes(args=rest), words)
                if argument.keyword.value in _DIMENSIONS and isinstance(argument.value, cst.Integer):
                    self.along.add(argument.value)

    def visit_Return(self, node: cst.Return) -> None:  # noqa: N802
        if isinstance(node.value, cst.BinaryOperation | cst.Call | cst.Name | cst.Attribute | cst.Subscript):
            detached = cst.Call(cst.Attribute(_bracketed(node.value), cst.Name("detach")))
            self.add("detached", node, node.with_changes(value=detached))

    def visit_If(self, node: cst.If) -> None:  # noqa: N802
        self.add("condition", node.test, cst.UnaryOperation(cst.Not(), _bracketed(node.test)))

    def visit_IfExp(self, node: cst.IfExp) -> None:  # noqa: N802
        self.add("condition", node, node.with_changes(body=node.orelse, orelse=node.body))

    def visit_SimpleStatementLine(self, node: cst.SimpleStatementLine) -> None:  # noqa: N802
        statement = node.body[0]
        if isinstance(statement, cst.Expr) and _is_text(statement.value):
            return
        if isinstance(statement, cst.Expr | cst.AugAssign | cst.Assign | cst.Break | cst.Continue | cst.Raise):
            self.add("removed statement", node, cst.RemoveFromParent())
        if isinstance(statement, cst.Assign):
            in_place = _in_place(statement)
            if in_place is not None:
                self.add("in place", statement, in_place)


def _in_place(statement: cst.Assign) -> cst.AugAssign | None:
    """`a = a - b` as `a -= b`."""
    value, target = statement.value, statement.targets[0].target
    if not (isinstance(value, cst.BinaryOperation) and type(value.operator) in _PLACE and len(statement.targets) == 1):
        return None
    return cst.AugAssign(target, _PLACE[type(value.operator)](), value.right) if target.deep_equals(value.left) else None


def _is_text(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.SimpleString | cst.ConcatenatedString | cst.FormattedString)


def _bracketed(node: cst.BaseExpression) -> cst.BaseExpression:
    simple = isinstance(node, cst.Name | cst.Call | cst.Attribute | cst.Subscript | cst.Integer | cst.Float)
    return node if simple or node.lpar else node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def by_kind(mutants: list[Mutant]) -> Iterator[tuple[str, int]]:
    """How many of each kind."""
    count: Callable[[str], int] = lambda kind: sum(mutant.kind == kind for mutant in mutants)
    yield from ((kind, count(kind)) for kind in sorted({mutant.kind for mutant in mutants}))
