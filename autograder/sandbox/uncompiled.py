"""Programs run uncompiled here: `torch.compile` and its relatives give back what they were given.

The results are those of the compiled program. There is no compiler behind the wall, to look for one takes longer than a criterion may, and what it fuses
would be missing in the record of operations.
"""

import contextlib
from collections.abc import Callable
from typing import Any

import torch


def compile(model: Callable | None = None, **_options: Any) -> Callable:
    """In place of `torch.compile`: as a decorator with or without options, for a function, a module or a class."""
    if model is None:
        return compile
    if isinstance(model, torch.nn.Module):
        model.__dict__["_orig_mod"] = model  # where people look for the module that was compiled
    return model


def _compile_in_place(_self: torch.nn.Module, *_args: Any, **_options: Any) -> None:
    """In place of `torch.nn.Module.compile`."""


def _unchanged(function: Callable | None = None, *_args: Any, **_options: Any) -> Callable:
    return _unchanged if function is None else function


def _nothing(*_args: Any, **_options: Any) -> None:
    """For what only a compiler would take notice of."""


class _Stance(contextlib.ContextDecorator, contextlib.nullcontext):
    """In place of `torch.compiler.set_stance`, which is a call, a context and a decorator."""

    def __init__(self, *_args: Any, **_options: Any):
        super().__init__()


def install() -> None:
    """From now on nothing is compiled in this process."""
    module: Any = torch.nn.Module
    torch.compile, module.compile = compile, _compile_in_place
    for name, stand_in in {
        "disable": _unchanged, "allow_in_graph": _unchanged, "assume_constant_result": _unchanged, "nested_compile_region": _unchanged,
        "wrap_numpy": _unchanged, "reset": _nothing, "cudagraph_mark_step_begin": _nothing, "set_default_backend": _nothing, "set_stance": _Stance,
    }.items():  # fmt: skip
        if hasattr(torch.compiler, name):
            setattr(torch.compiler, name, stand_in)
