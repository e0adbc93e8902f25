"""The two modes that see what torch does in one thread: each operator at the dispatcher, and each of torch's Python functions.

torch takes a mode off while the operator runs that it was shown. Python code that runs inside of an operator would be out of its sight: the handler of a
Tensor subclass or of a mode further down, a kernel that is written in Python. So these two are put on again for such code.
"""

import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, wraps
from typing import Any, NamedTuple

import torch
from torch import overrides
from torch.overrides import TorchFunctionMode, resolve_name
from torch.utils import _python_dispatch
from torch.utils._python_dispatch import TorchDispatchMode

# Taken now, before any student code runs: what a student patches later is not used here.
_frame = sys._getframe
_PYTHON = torch._C.DispatchKey.Python
_is_excluded, _set_excluded = torch._C._dispatch_tls_is_dispatch_key_excluded, torch._C._dispatch_tls_set_dispatch_key_excluded
_operators_below, _functions_below = torch._C._len_torch_dispatch_stack, torch._C._len_torch_function_stack
_push_operators, _pop_operators = _python_dispatch._push_mode, _python_dispatch._pop_mode
_push_functions, _pop_functions = overrides._push_mode, overrides._pop_mode
_functions_of_types_are_on = torch._C._is_torch_function_enabled
_fallthrough = torch.library.fallthrough_kernel
_functions_of_a_tensor: Any = torch.Tensor.__torch_function__
_OF_TORCH = (_functions_of_a_tensor.__func__, torch._C._disabled_torch_function_impl)
_neg, _ONE, _sum, _any, _NoFunctions = torch.neg, torch.ones(1), sum, any, torch._C.DisableTorchFunction
_AUTOGRAD = torch.autograd.__path__[0]
_here = threading.local()  # .modes: those of this thread while it keeps a record


@lru_cache(4096)
def _name_of_operator(func: Any) -> str:
    return f"aten.{func._schema.name.partition('::')[2]}"


@lru_cache(4096)  # each name costs a look at the filters of warnings
def _name_of_function(func: Callable) -> str:
    name = resolve_name(func) or getattr(func, "__name__", "unknown")
    return name if name.startswith("torch.") else f"torch.{name}"


class Operators(TorchDispatchMode):
    """Counts operators into `seen`, and all of them in `calls`. `students`: only those that Python code calls for, and not autograd by itself."""

    def __init__(self, seen: Counter, students: bool = False):
        super().__init__()
        self.seen, self.calls, self.students = seen, 0, students

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Newer releases of torch wrap the next method in one that keeps the compiler away, at some 20 µs a call. Nothing is compiled here."""
        return False

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        if _operators_below():
            return self._below(func, types, args, kwargs or {})
        if not self.students or not _is_autograds_own(_frame(1)):
            self.seen[_name_of_operator(func)] += 1
            self.calls += 1
        if types:
            return self._by_type(func, types, args, kwargs or {})
        return func(*args, **kwargs) if kwargs else func(*args)

    def _below(self, func, types, args, kwargs):
        """What the mode below makes of it, with this mode on again. If it runs the operator, that comes here once more."""
        below = _pop_operators()
        try:
            with _on(self):
                return below.__torch_dispatch__(func, types, args, kwargs)
        finally:
            _push_operators(below)

    def _by_type(self, func, types, args, kwargs):
        """What the types of the arguments make of it, with this mode on again."""
        with _on(self):
            for cls in types:
                result = cls.__torch_dispatch__(func, types, args, kwargs)
                if result is not NotImplemented:
                    return result
        raise TypeError(f"no type among {', '.join(cls.__name__ for cls in types)} knows {func}")


class Functions(TorchFunctionMode):
    """Counts torch's Python functions into `seen`."""

    def __init__(self, seen: Counter):
        super().__init__()
        self.seen = seen

    def __torch_function__(self, func, types, args=(), kwargs=None):
        if _functions_below():
            return self._below(func, types, args, kwargs or {})
        self.seen[_name_of_function(func)] += 1
        if types and _functions_of_types_are_on() and _any(_has_its_own_functions(cls) for cls in types):
            return self._by_type(func, types, args, kwargs or {})
        return func(*args, **kwargs) if kwargs else func(*args)

    def _below(self, func, types, args, kwargs):
        below = _pop_functions()
        try:
            with _on(self):
                return below.__torch_function__(func, types, args, kwargs)
        finally:
            _push_functions(below)

    def _by_type(self, func, types, args, kwargs):
        with _on(self):
            for cls in types:
                result = cls.__torch_function__(func, types, args, kwargs)
                if result is not NotImplemented:
                    return result
        raise TypeError(f"no type among {', '.join(cls.__name__ for cls in types)} knows {func}")


def _has_its_own_functions(cls: Any) -> bool:
    handler = cls.__torch_function__
    return getattr(handler, "__func__", handler) not in _OF_TORCH


def _is_autograds_own(frame: Any) -> bool:
    """Whether the engine itself runs the operator: the formula of a step, and no Python code between."""
    while frame is not None and frame.f_code.co_filename.startswith(_AUTOGRAD):
        frame = frame.f_back
    return frame is not None and frame.f_code in _ENTRIES


_ENTRIES: set = set()
_HANDLERS = {Operators: "__torch_dispatch__", Functions: "__torch_function__"}


def enters_autograd(function: Callable) -> Callable:
    """Marks the function of the kit's from which the engine is called."""
    _ENTRIES.add(function.__code__)
    return function


def code_of_the_modes() -> tuple:
    """Is another when a handler has been replaced."""
    handlers = [cls.__dict__.get(name) for cls, name in _HANDLERS.items()]
    return tuple((handler, getattr(handler, "__code__", None)) for handler in handlers)


@contextmanager
def _on(mode: Any) -> Iterator[None]:
    """Puts a mode on top, and takes it off from wherever it is in the end."""
    _enter(mode)
    try:
        yield
    finally:
        _take_off(mode)


def _enter(mode: Any) -> None:
    _STACKS[type(mode)].enter(mode)


def _take_off(mode: Any) -> bool:
    """Takes a mode off; those above it stay. False when somebody else has taken it off."""
    stack, above = _STACKS[type(mode)], []
    while stack.length() and stack.at(stack.length() - 1) is not mode:
        above.append(stack.pop())
    found = stack.length() > 0
    if not found:
        stack.push(mode)
    stack.leave(mode, None, None, None)
    for other in reversed(above):
        stack.push(other)
    return found


class _Stack(NamedTuple):
    """torch's functions for one of its two stacks of modes."""

    length: Callable[[], int]
    at: Callable[[int], Any]
    push: Callable[[Any], Any]
    pop: Callable[[], Any]
    enter: Callable
    leave: Callable


_STACKS = {
    Operators: _Stack(
        _operators_below, torch._C._get_dispatch_stack_at, _push_operators, _pop_operators, TorchDispatchMode.__enter__, TorchDispatchMode.__exit__,
    ),
    Functions: _Stack(
        _functions_below, torch._C._get_function_stack_at, _push_functions, _pop_functions, TorchFunctionMode.__enter__, TorchFunctionMode.__exit__,
    ),
}  # fmt: skip


# -- one thread's modes -----------------------------------------------------------------------------------------------------


def modes_here() -> tuple[Operators, Functions] | None:
    """The modes of this thread while it keeps a record."""
    return getattr(_here, "modes", None)


def begin(seen: Counter, students: bool = False) -> tuple[Operators, Functions]:
    """Puts both modes on in this thread, which has none."""
    operators, functions = Operators(seen, students), Functions(seen)
    _enter(functions)
    _enter(operators)
    _here.modes = (operators, functions)
    return _here.modes


def end() -> bool:
    """Takes both modes off. False when one of them was not there any more."""
    operators, functions = _here.modes
    _here.modes = None
    return all([_take_off(operators), _take_off(functions)])


def is_seen(operators: Operators) -> bool:
    """Whether an operator run now in this thread is seen. Leaves no trace of its own in the record."""
    seen, calls = operators.seen, operators.calls
    test: Counter[str] = Counter()
    operators.seen = test
    with _NoFunctions():
        _neg(_ONE)
    operators.seen, operators.calls = seen, calls
    return test["aten.neg"] == 1


def count_of(seen: Counter) -> int:
    """How many operators are in a record."""
    return _sum([count for name, count in seen.items() if name.startswith("aten.")])


# -- kernels written in Python -----------------------------------------------------------------------------------------------


def hear_kernels() -> None:
    """From now on a kernel that is registered in this process runs in the sight of the modes. Once a process."""
    library = torch._C._DispatchModule
    for name in ("impl", "fallback"):
        setattr(library, name, _hearing(getattr(library, name)))


def _hearing(register: Callable) -> Callable:
    def registering(*args, **kwargs):
        given = [_in_sight(value) if callable(value) and value is not _fallthrough else value for value in args]
        return register(*given, **kwargs)

    return registering


def _in_sight(kernel: Callable) -> Callable:
    @wraps(kernel)
    def seen(*args, **kwargs):
        modes = modes_here()
        if modes is None or any(_STACKS[Operators].at(i) is modes[0] for i in range(_operators_below())):
            return kernel(*args, **kwargs)
        excluded = _is_excluded(_PYTHON)
        _set_excluded(_PYTHON, False)
        try:
            with _on(modes[1]), _on(modes[0]):
                return kernel(*args, **kwargs)
        finally:
            _set_excluded(_PYTHON, excluded)

    return seen
