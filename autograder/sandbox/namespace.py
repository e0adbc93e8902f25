"""The student's end of the line: answers the judge's calls on the namespace that the notebook left behind.

{"op": "call", "name": "softmax"} | {"op": "call", "object": 3, "method": "eval"}    arguments [args, kwargs]
{"op": "each", …}                         the same for several calls; arguments [args, args, …]; what each gave, and the error of the one that ended it
{"op": "get" | "set" | "item" | "set_item" | "iter" | "next" | "length", "object": 3, …}
{"op": "run", "source": …, "name": …}     a probe of the judge's, with data
any of them with "seed": 17               resets the random generators first
any of them with "watch": true            and the operators that run are in the reply; with "steps": true, the number of steps that Python takes
{"op": "kind", "name": "softmax"}         what stands under that name
{"op": "unchanged"}                       whether the process is as it was when it was forked
"""

import builtins
import linecache
import random
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType
from typing import Any

import numpy as np
import torch

from ..wire.errors import WireError
from ..wire.frames import Limits
from ..wire.peer import NoRecord, Peer, Record, RemoteError
from ..wire.values import Handle
from .fingerprint import fingerprint
from .modes import enters_autograd
from .outputs import FULL, CellTimeout, OutputLimit
from .steps import counted
from .watch import MAX_NAMES, watched

# Taken now, before any student code runs: what a student patches later is not used here.
_Tensor, _Parameter, _clone = torch.Tensor, torch.nn.Parameter, torch.Tensor.clone
_CELL_FILE, _PROBE_FILE = "<ipython-input", "<probe "
_MISSING = object()


class Missing(Exception):
    """The notebook does not define the name."""


class JudgeFunction:
    """A function of the judge's that was passed as an argument: calling it asks the judge."""

    def __init__(self, peer: Peer, handle: Handle):
        self._peer, self._handle = peer, handle
        self.__name__ = handle.type_name

    def __call__(self, *args, **kwargs):
        return self._peer.request({"op": "call", "object": self._handle.id}, [list(args), kwargs])

    def __remote_id__(self, _peer: Peer) -> int:
        return self._handle.id


JudgeFunction.__name__ = JudgeFunction.__qualname__ = "function"  # what Python's own messages call it


class View:
    """The namespace as a probe sees it: `student.softmax` is the student's own object."""

    def __init__(self, namespace: dict):
        self.__dict__ = namespace

    def __getattr__(self, name: str):
        raise Missing(name)


class NamespaceServer:
    """Serves one namespace. One instance an exercise process."""

    def __init__(self, namespace: dict[str, Any], before_each: Callable[[], None] = lambda: None):
        self.namespace, self._before_each = namespace, before_each
        self._at_first = fingerprint(namespace)

    def connect(self, sock, limits: Limits) -> Peer:
        return Peer(
            sock, serve=self.serve, resolve=lambda peer, handle: JudgeFunction(peer, handle), classify=classify,
            describe=describe, record=self.record, limits=limits,
        )  # fmt: skip

    def serve(self, peer: Peer, op: str, message: dict, arguments: Any) -> Any:
        self._before_each()
        if "seed" in message:
            seed_all(message["seed"])
        if message.get("steps") is True:
            result, message["extra"]["steps"] = counted(lambda: self._dispatch(peer, op, message, arguments))
            return result
        return self._dispatch(peer, op, message, arguments)

    @contextmanager
    def record(self, message: dict, extra: dict) -> Iterator[Record]:
        """The operations of a request, in its reply when it asks for them ("watch"); of a backward pass only those that the student's code runs."""
        if message.get("watch") is not True:
            yield NoRecord()
            return
        seen: Counter = Counter()
        try:
            with watched(seen, students=message.get("op") == "backward") as record:
                yield record
        finally:
            extra["ops"] = dict(seen.most_common(MAX_NAMES)) | {name: 1 for name in seen if name.startswith("watch.")}

    def _dispatch(self, peer: Peer, op: str, message: dict, arguments: Any) -> Any:
        match op:
            case "call":
                args, kwargs = arguments
                return self._target(peer, message)(*args, **kwargs)
            case "each":
                return _each(self._target(peer, message), arguments)
            case "backward":
                return _run_backward(arguments)
            case "run":
                return self._run_probe(message["source"], message["name"], arguments)
            case "unchanged":
                peer.forget()
                return fingerprint(self.namespace) == self._at_first
            case "kind":
                value = self.namespace.get(message["name"], _MISSING)
                return "missing" if value is _MISSING else classify(value)[0]
        target = peer.exported(message["object"])
        match op:
            case "get":
                return getattr(target, message["name"])
            case "set":
                return setattr(target, message["name"], arguments)
            case "item":
                return target[arguments]
            case "set_item":
                target[arguments[0]] = arguments[1]
                return None
            case "iter":
                return _Iterator(iter(target))
            case "next":
                return target.take()
            case "length":
                return len(target)
        raise ValueError(f"unknown request {op!r}")

    def _target(self, peer: Peer, message: dict) -> Any:
        if "name" in message:
            value = self.namespace.get(message["name"], _MISSING)
            if value is _MISSING:
                raise Missing(message["name"])
            return value
        target = peer.exported(message["object"])
        return getattr(target, message["method"]) if message.get("method") else target

    def _run_probe(self, source: str, name: str, data: dict) -> Any:
        scope: dict[str, Any] = {"torch": torch, "__name__": "probe", "__builtins__": builtins}
        filename = f"<probe {name}>"
        linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
        exec(_compiled(source, filename), scope)
        return scope[name](View(self.namespace), **data)


@enters_autograd
def _run_backward(backward: Callable[[], None]) -> None:
    backward()


def _each(target: Callable, cases: list[list]) -> list:
    """[results, record of the exception that ended it or None]. A result is kept as it is when it is given: the next call may write over it."""
    results: list = []
    try:
        for args in cases:
            results.append(_as_it_is(target(*args)))
    except WireError:
        raise
    except BaseException as error:
        return [results, describe(error)]
    return [results, None]


def _as_it_is(value: Any, depth: int = 3) -> Any:
    """A copy of the tensors and plain containers in a value."""
    if type(value) in (_Tensor, _Parameter):
        return _clone(value)
    if depth and type(value) in (list, tuple):
        return type(value)([_as_it_is(item, depth - 1) for item in value])
    if depth and type(value) is dict:
        return {key: _as_it_is(item, depth - 1) for key, item in value.items()}
    return value


@lru_cache(64)
def _compiled(source: str, filename: str) -> CodeType:
    return compile(source, filename, "exec", dont_inherit=True)


def seed_all(seed: int) -> None:
    """Resets the random generators."""
    torch.default_generator.manual_seed(seed)  # torch.manual_seed also books every other kind of device, at 1 ms a call
    if torch.cuda.is_initialized():
        torch.cuda.manual_seed_all(seed)
    random.seed(seed)
    np.random.seed(seed % (1 << 32))


class _Iterator:
    """An iterator held for the judge, with an end that is data."""

    def __init__(self, iterator):
        self._iterator = iterator

    def take(self) -> list:
        for item in self._iterator:
            return [item]
        return []


def classify(value: Any) -> tuple[str, str]:
    """The kind of an object that stays here, and the name of its type."""
    name = type(value).__name__
    if isinstance(value, torch.nn.Module):
        return "module", name
    if isinstance(value, torch.optim.Optimizer):
        return "optimizer", name
    if isinstance(value, type):
        return "class", value.__name__
    if isinstance(value, FunctionType | MethodType | BuiltinFunctionType):
        return "function", getattr(value, "__name__", name)
    if isinstance(value, np.ndarray):
        return "array", "numpy.ndarray"
    if isinstance(value, _Iterator) or (hasattr(type(value), "__next__") and hasattr(type(value), "__iter__")):
        return "iterator", name
    return "object", name


def describe(error: BaseException) -> dict:
    """The record of an exception: reason code, type, text and the student's line."""
    if isinstance(error, Missing):
        return {"reason": "missing", "type": "Missing", "text": str(error), "where": ""}
    if isinstance(error, RemoteError):
        return {"reason": error.reason, "type": error.type_name, "text": error.text, "where": error.where}
    try:
        text = str(error)
    except BaseException:
        text = "(its text could not be made)"
    reason = _reason(error, text)
    if reason == "not attempted":
        text = _raised_in(error)
    return {"reason": reason, "type": type(error).__name__, "text": text[:1000], "where": _where(error)}


def _reason(error: BaseException, text: str) -> str:
    match error:
        case NotImplementedError() if not text:  # PyTorch raises it too, and says what it has not
            return "not attempted"
        case OutputLimit():
            return "output limit"
        case OSError() if error.errno in FULL:
            return "output limit"
        case CellTimeout():
            return "timeout"
        case MemoryError():
            return "memory"
        case SystemExit():
            return "exited"
        case RuntimeError() if "allocate memory" in text or "out of memory" in text:
            return "memory"
    return "crashed"


def _raised_in(error: BaseException) -> str:
    """ "raised in train_epoch": the outermost name that the innermost code of the student's belongs to; "" where it is no definition."""
    name, step = "", error.__traceback__
    while step is not None:
        code, step = step.tb_frame.f_code, step.tb_next
        if code.co_filename.startswith(_CELL_FILE):
            name = code.co_qualname.partition(".")[0]
    return f"raised in {name}" if name.isidentifier() else ""


def _where(error: BaseException) -> str:
    """The last line of the student's that was running: "line 3: `return X / s`"; where none was, that of the probe: "probe line 2"."""
    try:
        frames = traceback.extract_tb(error.__traceback__)
    except BaseException:
        return ""
    for frame in reversed(frames):
        if frame.filename.startswith(_CELL_FILE):
            line = (frame.line or "").strip()
            return f"line {frame.lineno} of the cell: `{line[:120]}`" if line else f"line {frame.lineno} of the cell"
    return next((f"probe line {frame.lineno}" for frame in reversed(frames) if frame.filename.startswith(_PROBE_FILE)), "")
