"""`tqdm` where it is not installed: the loop runs, and no bar is drawn.

The package is part of Colab and Kaggle and of most people's habits. An answer that wraps its loop in it is right with or without the bar.
"""

import contextlib
import importlib.util
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_MODULES = ("tqdm", "tqdm.auto", "tqdm.notebook", "tqdm.std", "tqdm.autonotebook")


class tqdm:
    """As tqdm.tqdm, without a bar: iterates, counts, is a context, and accepts every option."""

    def __init__(self, iterable: Any = None, desc: str | None = None, total: float | None = None, *_args: Any, **_options: Any):
        self.iterable, self.desc, self.disable = iterable, desc, True
        self.n: float = 0
        self.total = len(iterable) if total is None and hasattr(iterable, "__len__") else total

    def __iter__(self) -> Iterator[Any]:
        for item in self.iterable:
            yield item
            self.n += 1

    def __len__(self) -> int:
        return int(self.total or 0)

    def __bool__(self) -> bool:
        return self.total is None or self.total > 0

    def __enter__(self) -> "tqdm":
        return self

    def __exit__(self, *_error: Any) -> None:
        self.close()

    def update(self, n: float = 1) -> bool:
        self.n += n
        return False

    @staticmethod
    def write(text: Any, file: Any = None, end: str = "\n", **_options: Any) -> None:
        print(text, file=file or sys.stdout, end=end)

    def set_description(self, desc: str | None = None, **_options: Any) -> None:
        self.desc = desc

    def nothing(self, *_args: Any, **_options: Any) -> None:
        """For what changes the bar alone."""

    close = refresh = clear = display = reset = unpause = set_postfix = set_postfix_str = set_description_str = nothing


def trange(*limits: int, **options: Any) -> tqdm:
    return tqdm(range(*limits), **options)


def install() -> None:
    """Makes the modules importable, unless the package is there."""
    with contextlib.suppress(ImportError, ValueError):
        if "tqdm" in sys.modules or importlib.util.find_spec("tqdm") is not None:
            return
    for name in _MODULES:
        module = sys.modules[name] = ModuleType(name, "tqdm without bars")
        module.__spec__ = ModuleSpec(name, None, is_package=True)  # torch looks whether there is one
        vars(module).update(tqdm=tqdm, trange=trange, tqdm_notebook=tqdm, tnrange=trange, __version__="4.0", __path__=[])
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, module)
