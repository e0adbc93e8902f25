"""Diagnosis by mutants: when an answer's results are those of one kind of mutant of the reference, the kind of mistake is known, in words.

Looked for only after a failure. Where several kinds fit, or one for which there are no words, or where the results are all the same, nothing is said.
"""

import inspect
import textwrap
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import torch

from .slip import alike, untouched

LOOPS = ("while ",)  # a mutant of such a function may never end


def kind_of_mutant(right: Callable[..., Any], asked: list[tuple[tuple, Any]]) -> str:
    """The words of the only kind of mutant of `right` that gives every result asked for: "as if the mean were taken where the sum belongs"; else "".

    asked: pairs of arguments and result.
    """
    if not asked or any(_is_degenerate(result) for _, result in asked):
        return ""
    kinds = {words for words, mutant in _mutants(right) if all(alike(result, _given(mutant, arguments)) for arguments, result in asked)}
    return kinds.pop() if len(kinds) == 1 else ""


def _is_degenerate(result: Any) -> bool:
    """Whether a result says too little: no number, or all the same."""
    if isinstance(result, list | tuple):
        return not result or any(map(_is_degenerate, result))
    if isinstance(result, torch.Tensor):
        flat = result.detach().flatten()
        return flat.numel() < 2 or not bool(flat.isfinite().all()) or bool((flat == flat[0]).all())
    return True


def _given(mutant: Callable[..., Any], arguments: Iterable[Any]) -> Any:
    """What a mutant gives, None where it fails."""
    try:
        with torch.no_grad():
            return mutant(*map(_copied, arguments))
    except Exception:  # a mutant is broken code: it may raise anything
        return None


def _copied(value: Any) -> Any:
    """A mutant may write into tensors, and change what a module keeps."""
    return value.detach().clone() if isinstance(value, torch.Tensor) else untouched(value)


@cache
def _mutants(right: Callable[..., Any]) -> tuple[tuple[str, Callable[..., Any]], ...]:
    """Words and function of each mutant of a function of a reference module; none where its source is not at hand, or libcst is not installed."""
    try:
        from .mutants import mutants_of

        source = textwrap.dedent(inspect.getsource(right))
    except (ImportError, OSError, TypeError):
        return ()
    if any(word in source for word in LOOPS) or not source.startswith("def "):
        return ()
    found = []
    for mutant in mutants_of(right.__name__, source):
        scope = dict(right.__globals__)
        try:
            exec(compile(mutant.source, f"<mutant of {right.__name__}>", "exec", dont_inherit=True), scope)
        except Exception:  # broken where it is defined: a default value, for instance
            continue
        found.append((mutant.words, scope[right.__name__]))
    return tuple(found)
