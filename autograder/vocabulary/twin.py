"""A module's twin: a copy to call, where the module itself must stay as it was."""

import copy
from collections import OrderedDict
from functools import cache
from typing import Any, TypeVar

import torch

SomeModule = TypeVar("SomeModule", bound=torch.nn.Module)
_UNCHANGING = (bool, int, float, str, type(None), torch.dtype)
_TABLES = (dict, OrderedDict, set)
_COPYING = ("__deepcopy__", "__reduce_ex__", "__reduce__", "__getstate__", "__setstate__", "__new__")


def twin(module: SomeModule) -> SomeModule:
    """What `copy.deepcopy` makes of a module, several times as fast: it takes each layer apart and asks how to put it together, with a dozen empty tables of
    hooks in each. Layers that have words of their own about being copied are copied by these."""
    layers = [layer for layer in module.modules() if _is_usual(type(layer))]  # type: ignore[arg-type]
    memo: dict[int, Any] = {id(layer): object.__new__(type(layer)) for layer in layers}
    for layer in layers:
        memo[id(layer)].__dict__.update({name: _copied(value, memo) for name, value in vars(layer).items()})
    return copy.deepcopy(module, memo)


def _copied(value: Any, memo: dict[int, Any]) -> Any:
    if type(value) in _UNCHANGING:
        return value
    if type(value) in _TABLES and not value and id(value) not in memo:
        memo[id(value)] = type(value)()
    return copy.deepcopy(value, memo)


@cache
def _is_usual(kind: type) -> bool:
    return all(getattr(kind, name, None) is getattr(torch.nn.Module, name, None) for name in _COPYING)
