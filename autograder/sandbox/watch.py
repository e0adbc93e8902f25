"""Which operators run: a record at the level of the dispatcher and of torch's Python functions, whatever name called them.

The record is kept in the student's own process, so it is no wall: it is made hard to walk around by accident or by the known tricks, and says so
where it was walked around. Names in a record:

    "aten.exp", "torch.Tensor.exp"     an operator, a Python-level function
    "graph.Exp"                        a step in the graph of a result (ExpBackward0), whatever thread or mode it ran in
    "watch.evaded", "watch.thread"     something that keeps operators out of the record: see `autograder.judge.operators`
"""

import _thread
import os
import re
import resource
import sys
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import torch
from torch.overrides import TorchFunctionMode, resolve_name
from torch.utils import _python_dispatch
from torch.utils._python_dispatch import TorchDispatchMode

# Taken now, before any student code runs: what a student patches later is not used here.
_neg, _ONE, _Tensor = torch.neg, torch.ones(1), torch.Tensor
_frame = sys._getframe
_getrusage, _waitid, _sum = resource.getrusage, os.waitid, sum

MAX_NAMES = 4000  # of one record; torch has fewer, so more are made up to push others out
MAX_STEPS = 20_000  # of a graph that is looked at


@lru_cache(4096)
def _name_of_operator(func: Any) -> str:
    return f"aten.{func._schema.name.partition('::')[2]}"


@lru_cache(4096)  # each name costs a look at the filters of warnings
def _name_of_function(func: Callable) -> str:
    name = resolve_name(func) or getattr(func, "__name__", "unknown")
    return name if name.startswith("torch.") else f"torch.{name}"


class _Dispatch(TorchDispatchMode):
    def __init__(self, seen: Counter):
        super().__init__()
        self.seen, self.calls = seen, 0

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Newer releases of torch wrap the next method in one that keeps the compiler away, at some 20 µs a call. Nothing is compiled here."""
        return False

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.seen[_name_of_operator(func)] += 1
        self.calls += 1
        return func(*args, **kwargs) if kwargs else func(*args)


class _Functions(TorchFunctionMode):
    def __init__(self, seen: Counter):
        super().__init__()
        self.seen = seen

    def __torch_function__(self, func, types, args=(), kwargs=None):
        self.seen[_name_of_function(func)] += 1
        return func(*args, **kwargs) if kwargs else func(*args)


def _code_of_the_modes() -> tuple:
    handlers = (_Dispatch.__dict__.get("__torch_dispatch__"), _Functions.__dict__.get("__torch_function__"))
    return tuple((handler, getattr(handler, "__code__", None)) for handler in handlers)


_UNTOUCHED = _code_of_the_modes()
_depth = 0  # how many records are being kept: a call may ask the judge, who asks back
_noted: frozenset[str] = frozenset()  # what was noticed meanwhile; not in the record, so that emptying that does not remove it


def _note(code: str) -> None:
    global _noted
    _noted |= {code}


@contextmanager
def watched(seen: Counter):
    """Counts into `seen` the operators and Python-level functions that run inside, and what hides them."""
    global _depth, _noted
    if _code_of_the_modes() != _UNTOUCHED:
        _note("watch.evaded")
    children, dispatch = _children(), _Dispatch(seen)
    _depth += 1
    try:
        with _Functions(seen), dispatch:
            yield
            if not _is_watching(seen, dispatch):
                _note("watch.evaded")
    finally:
        _depth -= 1
        if _children() != children:
            _note("watch.process")
        if len(seen) > MAX_NAMES or _sum(count for name, count in seen.items() if name.startswith("aten.")) != dispatch.calls:
            _note("watch.evaded")
        seen.update(_noted)
        if _depth == 0:
            _noted = frozenset()


def _is_watching(seen: Counter, dispatch: _Dispatch) -> bool:
    """Whether an operator run now is still seen. Leaves no trace of its own in the record."""
    before, calls = seen["aten.neg"], dispatch.calls
    _neg(_ONE)
    watching = seen["aten.neg"] == before + 1
    if watching:
        dispatch.calls = calls
        for name in ("aten.neg", "torch.neg"):
            seen[name] -= 1
            if seen[name] <= 0:
                del seen[name]
    return watching


def _children() -> tuple[int, bool]:
    """What changes when this process starts another one, whether that has ended or not."""
    try:
        waiting = _waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
    except ChildProcessError:
        waiting = False
    return _getrusage(resource.RUSAGE_CHILDREN).ru_minflt, waiting


# -- what a result remembers ----------------------------------------------------------------------------------------------

_STEP = re.compile(r"(\w+)Backward\d+")  # the number tells torch's own steps from a student's autograd.Function


def add_graph(seen: Counter, result: Any) -> None:
    """Adds to `seen` the operators in the graph of the tensors in `result` ("graph.Softmax")."""
    with torch._C.DisableTorchFunctionSubclass():
        queue = [step for tensor in _tensors_in(result) if (step := _Tensor.grad_fn.__get__(tensor)) is not None]
    known = set(queue)
    while queue and len(known) < MAX_STEPS:
        step = queue.pop()
        if match := _STEP.fullmatch(type(step).__name__):
            seen[f"graph.{match[1]}"] += 1
        further = [after for after, _ in step.next_functions if after is not None and after not in known]
        known.update(further)
        queue += further


def _tensors_in(value: Any, depth: int = 4) -> list[torch.Tensor]:
    if isinstance(value, _Tensor):
        return [value]
    if depth == 0 or type(value) not in (list, tuple, dict):
        return []
    items = value.values() if type(value) is dict else value
    return [tensor for item in items for tensor in _tensors_in(item, depth - 1)]


# -- what hides operators from the record ---------------------------------------------------------------------------------

_EVENTS = {
    **dict.fromkeys(
        ("os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system", "os.exec", "pty.spawn", "subprocess.Popen"),
        "watch.process",
    ),
    **dict.fromkeys(("gc.get_objects", "gc.get_referrers", "gc.get_referents", "sys._current_frames"), "watch.memory"),
}
_LIBRARY = re.compile(r"[/\\](?:site|dist)-packages[/\\](?P<package>[^/\\.]+)")
_STANDARD = (os.path.dirname(os.__file__) + os.sep, "<frozen ")
_KIT = os.path.dirname(os.path.dirname(__file__)) + os.sep
# Packages that run a caller's function in a thread or process. Others start theirs for reasons of their own, as tqdm does its monitor.
_RUNNERS = ("torch", "joblib", "dask", "distributed")


def install() -> None:
    """Notices from now on, while a record is kept, what would keep operators out of it. Once a process; the hook of the interpreter stays."""
    sys.addaudithook(_notice)
    for owner, name in (
        (torch._C, "_DisableTorchDispatch"), (torch._C, "_ExcludeDispatchKeyGuard"), (torch._C, "_ForceDispatchKeyGuard"),
        (torch._C, "_dispatch_tls_set_dispatch_key_excluded"), (torch._C, "_pop_torch_dispatch_stack"), (torch._C, "_unset_dispatch_mode"),
        (_python_dispatch, "_disable_current_modes"), (_python_dispatch, "_pop_mode"), (_python_dispatch, "_pop_mode_temporarily"),
        (torch._ops.OpOverload, "redispatch"),
    ):  # fmt: skip
        if hasattr(owner, name):
            setattr(owner, name, _noticed(getattr(owner, name)))
    # Before Python 3.12 the start of a thread is no event.
    for owner in (_thread, threading):
        for name in ("start_new_thread", "start_new", "start_joinable_thread", "_start_new_thread", "_start_joinable_thread"):
            if hasattr(owner, name):
                setattr(owner, name, _starting(getattr(owner, name)))


def _noticed(switch: Callable) -> Callable:
    """A switch of torch's that is noted when others than torch use it."""

    def noticed(*args, **kwargs):
        if _depth and _package_of(_origin(_frame(1))) != "torch":
            _note("watch.evaded")
        return switch(*args, **kwargs)

    return noticed


def _starting(start: Callable) -> Callable:
    def starting(*args, **kwargs):
        if _depth:
            _judge_start("watch.thread", _frame(1))
        return start(*args, **kwargs)

    return starting


def _notice(event: str, _args: tuple) -> None:
    if not _depth:
        return
    code = _EVENTS.get(event) or ("watch.ctypes" if event.startswith("ctypes.") else None)
    if code == "watch.process":
        _judge_start(code, _frame(1))
    elif code is not None and _package_of(_origin(_frame(1))) is None:
        _note(code)


def _judge_start(code: str, frame: Any) -> None:
    """A thread or process is starting: whether it could do the student's work."""
    origin = _origin(frame)
    package = _package_of(origin)
    # DataLoader's thread only copies batches to the device; its worker processes run the student's dataset.
    harmless = code == "watch.thread" and f"torch{os.sep}utils{os.sep}data" in origin
    if package is None or (package in _RUNNERS and not harmless):
        _note(code)


def _origin(frame: Any) -> str:
    """The file of the innermost code outside the standard library."""
    while frame is not None:
        file = frame.f_code.co_filename
        if _LIBRARY.search(file) or not file.startswith(_STANDARD):
            return file
        frame = frame.f_back
    return _KIT


def _package_of(file: str) -> str | None:
    """The package that a file belongs to, None for the student's own."""
    if match := _LIBRARY.search(file):
        return match["package"]
    return "autograder" if file.startswith((_KIT, "<probe ")) else None
