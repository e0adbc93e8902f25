"""Which operators run: a record at the level of the dispatcher and of torch's Python functions, whatever name called them."""

from collections import Counter
from contextlib import contextmanager

import torch
from torch.overrides import TorchFunctionMode, resolve_name
from torch.utils._python_dispatch import TorchDispatchMode

_resolve_name = resolve_name


class _Dispatch(TorchDispatchMode):
    def __init__(self, seen: Counter):
        super().__init__()
        self.seen = seen

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.seen[f"aten.{func._schema.name.partition('::')[2]}"] += 1
        return func(*args, **(kwargs or {}))


class _Functions(TorchFunctionMode):
    def __init__(self, seen: Counter):
        super().__init__()
        self.seen = seen

    def __torch_function__(self, func, types, args=(), kwargs=None):
        name = _resolve_name(func) or getattr(func, "__name__", "unknown")
        self.seen[name if name.startswith("torch.") else f"torch.{name}"] += 1
        return func(*args, **(kwargs or {}))


@contextmanager
def watched(seen: Counter):
    """Counts into `seen` the operators ("aten.exp") and Python-level functions ("torch.Tensor.exp") that run inside."""
    with _Functions(seen), _Dispatch(seen):
        yield
        if not _is_watching(seen):
            seen["watch.evaded"] += 1


def _is_watching(seen: Counter) -> bool:
    """Whether an operator run now is still seen."""
    before = seen["aten.neg"]
    torch.neg(torch.zeros(1))
    watching = seen["aten.neg"] == before + 1
    if watching:
        for name in ("aten.neg", "aten.zeros", "torch.neg", "torch.zeros"):
            seen[name] -= 1
            if seen[name] <= 0:
                del seen[name]
    return watching
