"""What the docstring of a reference says of its arguments (`X: (n, d) float`, `y: (n,) labels of k classes`), as a way to draw them in any size."""

import ast
import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .errors import BuildError

# Sizes by the place of a dimension: no two alike, so that a mix-up shows.
SMALL, ORDINARY, LARGE, BY_HAND = (1, 4, 3, 2, 5, 3), (5, 3, 4, 6, 2, 7), (7, 11, 5, 3, 4, 2), (2, 3, 4, 2, 5, 3)
SIZES = (SMALL, ORDINARY, LARGE)
_SHAPE = re.compile(r"^(?:\w+ )?\(([^()]*)\)")
_CLASSES = re.compile(r"<\s*([a-z]\w*)|\bof ([a-z]\w*) classes|([a-z]\w*) classes")
_NUMBERS = (("bool", "True"), ("int", "2"), ("number", "0.7"), ("float", "0.7"), ("positive", "0.7"))


@dataclass(frozen=True)
class Arguments:
    """expressions: how each argument is drawn, in the words of `draw`, by name. dimensions: names of the sizes, in order."""

    expressions: dict[str, str]
    dimensions: tuple[str, ...]

    @property
    def source(self) -> str:
        """The `arguments` of a case: "lambda draw, n=5, d=3: (draw.normal(n, d),)"."""
        sizes = "".join(f", {name}={size}" for name, size in zip(self.dimensions, ORDINARY, strict=False))
        drawn = list(self.expressions.values())
        return f"lambda draw{sizes}: ({', '.join(drawn)}{',' if len(drawn) == 1 else ''})"

    @property
    def draws(self) -> Callable[..., tuple]:
        """The same as a function."""
        return eval(self.source)

    def sizes(self, table: Sequence[int]) -> tuple[int, ...]:
        return tuple(table[: len(self.dimensions)])


def described(function: Callable[..., Any]) -> Arguments:
    """The arguments without a default. Raises BuildError for one that the docstring does not describe."""
    text = inspect.getdoc(function) or ""
    expressions: dict[str, str] = {}
    dimensions: list[str] = []
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.default is not inspect.Parameter.empty or parameter.kind not in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            continue
        found = re.search(rf"\b{name}(?:\s*,\s*\w+)*:\s*([^;\n]+)", text) or re.search(rf"\b\w+\s*,\s*{name}:\s*([^;\n]+)", text)
        expressions[name] = _expression(name, found[1].strip() if found else "", dimensions)
    if len(dimensions) > len(ORDINARY):
        raise BuildError(f"the docstring names {len(dimensions)} sizes ({', '.join(dimensions)}); a case is made for {len(ORDINARY)} at most")
    if not expressions:
        raise BuildError("it takes no argument without a default: there is nothing to draw")
    return Arguments(expressions, tuple(dimensions))


def _expression(name: str, words: str, dimensions: list[str]) -> str:
    shape = _SHAPE.match(words)
    if shape is None:
        number = next((value for word, value in _NUMBERS if word in words), None)
        if number is None:
            raise BuildError(
                f"the docstring does not say what {name} is: write for instance `{name}: (n, d) float`, `{name}: (n,) labels of k classes`, "
                f"`{name}: (n, d) probabilities` or `{name}: number`"
            )
        return number
    sizes = [_size(name, one.strip(), dimensions) for one in shape[1].split(",") if one.strip()]
    return _drawn(words[shape.end() :].partition(",")[0], sizes, dimensions)


def _size(name: str, text: str, dimensions: list[str]) -> str:
    """One dimension: a name, a number, or a sum or product of these."""
    try:
        names = [node.id for node in ast.walk(ast.parse(text, mode="eval")) if isinstance(node, ast.Name)]
    except SyntaxError:
        raise BuildError(f"the docstring gives {name} a dimension {text!r}; a name or a number was expected") from None
    dimensions += [one for one in dict.fromkeys(names) if one not in dimensions]
    return text


def _drawn(words: str, sizes: list[str], dimensions: list[str]) -> str:
    """words: what stands behind the shape, up to a comma; the rest ("float, not probabilities") is for people."""
    shape = ", ".join(sizes)
    if "label" in words or "class" in words:
        found = _CLASSES.search(words)
        classes = next((group for group in found.groups() if group), "k") if found else "k"
        _size("labels", classes, dimensions)
        return f"draw.labels({shape}, {classes})" if len(sizes) == 1 else f"draw.integers(0, {classes}, {shape})"
    if "bool" in words or "mask" in words:
        return f"draw.mask({shape})"
    if "int64" in words or "int" in words.split():
        return f"draw.integers(0, 9, {shape})"
    if "probabilit" in words:
        return f"draw.probabilities({shape})"
    if "positive" in words:
        return f"draw.uniform({shape}, low=0.5, high=2.0)"
    return f"draw.normal({shape})"
