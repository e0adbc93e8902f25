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
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import torch
from torch.utils import _python_dispatch

from ..wire.values import grad_function
from . import modes, steps, workers

# Taken now, before any student code runs: what a student patches later is not used here.
_frame = sys._getframe
_getrusage, _waitid = resource.getrusage, os.waitid

MAX_NAMES = 4000  # of one record; torch has fewer, so more are made up to push others out
MAX_STEPS = 20_000  # of a graph that is looked at

_UNTOUCHED = modes.code_of_the_modes()
_open: list["Watch"] = []  # the records that are being kept: a call may ask the judge, who asks back
_always = False  # whether to notice also between two records
_noted: frozenset[str] = frozenset()  # what was noticed meanwhile; not in the record, so that emptying that does not remove it


def notice_always() -> None:
    """From now on this process answers an exercise that keeps records: what happens between two of them is part of the next."""
    global _always
    _always = True


def _note(code: str) -> None:
    global _noted
    _noted |= {code}


class Watch:
    """One record. The wire says when it begins to pack the answer, and which tensors that holds."""

    # What the wire itself runs to copy tensors. Whatever else runs while an answer is packed is the work of what is packed.
    OF_THE_WIRE = frozenset((
        "detach", "alias", "clone", "contiguous", "is_contiguous", "stride", "_to_copy", "to", "copy_", "equal", "nan_to_num", "isnan", "view",
        "view_as_real", "is_conj", "is_neg", "resolve_conj", "resolve_neg", "_conj", "_conj_physical", "_neg_view", "_set_grad_enabled", "__get__", "__set__",
    ))  # fmt: skip

    def __init__(self, seen: Counter, students: bool):
        self.seen, self._students = seen, students
        self.packing: Counter[str] = Counter()
        self._outer: tuple | None = None

    def begin(self) -> None:
        here = modes.modes_here()
        self._operators, self._functions = here or modes.begin(self.seen, self._students)
        if here is not None:  # a call within a call: the same modes count into another record for a while
            self._outer = (self._operators.seen, self._functions.seen, self._operators.calls, self._operators.students)
            self._operators.calls = 0
            self._count_into(self.seen, self.seen, self._students)

    def _count_into(self, operators: Counter, functions: Counter, students: bool) -> None:
        self._operators.seen, self._operators.students = operators, students
        self._functions.seen = functions

    def pack(self) -> None:
        self._count_into(self.packing, self.packing, self._students)

    def packed(self, tensors: list[torch.Tensor]) -> None:
        add_graph(self.seen, tensors)

    def is_watching(self) -> bool:
        return modes.is_seen(self._operators)

    def end(self) -> bool:
        """Whether the record is whole."""
        whole = modes.count_of(self.seen) + modes.count_of(self.packing) == self._operators.calls
        for name, count in self.packing.items():
            if name.rpartition(".")[2] not in self.OF_THE_WIRE:
                self.seen[name] += count
        if self._outer is None:
            return modes.end() and whole
        operators, functions, calls, students = self._outer
        self._operators.calls = calls + modes.count_of(self.seen)
        operators.update(self.seen)
        self._count_into(operators, functions, students)
        return whole


@contextmanager
def watched(seen: Counter, students: bool = False) -> Iterator[Watch]:
    """Counts into `seen` the operators and Python-level functions that run inside, also in threads that are started there, and what hides them.
    `students`: those operators that autograd runs by itself are left out."""
    global _noted
    if modes.code_of_the_modes() != _UNTOUCHED:
        _note("watch.evaded")
    children, watch = _children(), Watch(seen, students)
    _open.append(watch)
    watch.begin()
    try:
        yield watch
        if not watch.is_watching():
            _note("watch.evaded")
    finally:
        _open.remove(watch)
        whole, goes_on = watch.end(), False
        if not _open:
            all_whole, goes_on = workers.collect(seen)
            whole = whole and all_whole
        if not whole or len(seen) > MAX_NAMES:
            _note("watch.evaded")
        if goes_on:
            _note("watch.thread")
        if _children() != children:
            _note("watch.process")
        seen.update(_noted)
        if not _open:
            _noted = frozenset()


def _children() -> tuple[int, bool]:
    """What changes when this process starts another one, whether that has ended or not."""
    try:
        waiting = _waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
    except ChildProcessError:
        waiting = False
    return _getrusage(resource.RUSAGE_CHILDREN).ru_minflt, waiting


# -- what a result remembers ----------------------------------------------------------------------------------------------

_STEP = re.compile(r"(\w+)Backward\d+")  # the number tells torch's own steps from a student's autograd.Function


def add_graph(seen: Counter, tensors: Iterable[torch.Tensor]) -> None:
    """Adds to `seen` the operators in the graph of `tensors` ("graph.Softmax")."""
    with torch._C.DisableTorchFunction():
        queue = [step for tensor in tensors if (step := grad_function(tensor)) is not None]
    known = set(queue)
    while queue and len(known) < MAX_STEPS:
        step = queue.pop()
        if match := _STEP.fullmatch(type(step).__name__):
            seen[f"graph.{match[1]}"] += 1
        further = [after for after, _ in step.next_functions if after is not None and after not in known]
        known.update(further)
        queue += further


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
    modes.hear_kernels()
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
        if (_open or _always) and _package_of(_origin(_frame(1))) != "torch":
            _note("watch.evaded")
        return switch(*args, **kwargs)

    return noticed


def _starting(start: Callable) -> Callable:
    def starting(*args, **kwargs):
        steps.thread_starts()
        if not (_open or _always):
            return start(*args, **kwargs)
        return workers.with_record(start, _may_do_the_work("watch.thread", _frame(1)), *args, **kwargs)

    return starting


def _notice(event: str, _args: tuple) -> None:
    if event == "builtins.id" or not (_open or _always):  # that one is an event at each call of id()
        return
    code = _EVENTS.get(event) or ("watch.ctypes" if event.startswith("ctypes.") else None)
    if code == "watch.process":
        if _may_do_the_work(code, _frame(1)):
            _note(code)
    elif code is not None and _package_of(_origin(_frame(1))) is None:
        _note(code)


def _may_do_the_work(code: str, frame: Any) -> bool:
    """A thread or process is starting: whether it could do the student's work."""
    origin = _origin(frame)
    package = _package_of(origin)
    # DataLoader's thread only copies batches to the device; its worker processes run the student's dataset.
    harmless = code == "watch.thread" and f"torch{os.sep}utils{os.sep}data" in origin
    return package is None or (package in _RUNNERS and not harmless)


def _origin(frame: Any) -> str:
    """The file of the innermost code outside the standard library."""
    while frame is not None:
        if not _is_standard(frame.f_code.co_filename):
            return frame.f_code.co_filename
        frame = frame.f_back
    return _KIT


@lru_cache(4096)
def _is_standard(file: str) -> bool:
    return file.startswith(_STANDARD) and not _LIBRARY.search(file)


@lru_cache(4096)
def _package_of(file: str) -> str | None:
    """The package that a file belongs to, None for the student's own."""
    if match := _LIBRARY.search(file):
        return match["package"]
    return "autograder" if file.startswith((_KIT, "<probe ")) else None
