"""The stand-in for the student's namespace: `student.softmax(X)` asks the sandbox and returns plain data.

Nothing that arrives is trusted: values are decoded by the wire into plain tensors, numbers, strings, lists and dicts, and
everything else is a `RemoteObject`, which is a number with a kind.
"""

import builtins
import dis
import inspect
import re
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from types import CodeType
from typing import Any, Protocol

import torch

from ..wire.errors import Closed, Late, WireError
from ..wire.peer import Peer, RemoteError, remote_error
from ..wire.values import Handle
from .faults import place
from .jobs import BrokenGrader
from .operators import evasion, forbidden_name
from .reasons import Finding, StudentFailure
from .words import line_of, name_list, one_line

PROVIDED = ("torch", "__name__")  # what a probe finds over there


class Line(Protocol):
    """Where a stand-in gets its peer from; a session opens a new exercise process when the last one has ended."""

    def peer(self) -> Peer: ...
    def ended(self, error: WireError) -> StudentFailure: ...


class Student:
    """The student's namespace. Attributes are the functions and classes of the notebook."""

    def __init__(self, line: Line, forbid: tuple[str, ...] = (), exercise: str = ""):
        self._line, self._forbid, self._exercise, self._evaded = line, forbid, exercise, False
        self._kept: dict[Callable, Any] = {}
        self._kept_in: Peer | None = None

    def __getattr__(self, name: str) -> "RemoteFunction":
        if name.startswith("__"):
            raise AttributeError(name)
        return RemoteFunction(self, {"op": "call", "name": name}, name)

    def run(self, probe: Callable, /, **data: Any) -> Any:
        """Runs `probe(student, **data)` on the student's namespace and returns what it returns.

        `probe` is a module-level function that imports what it needs in its body; its source is sent. The
        data are copies: what happens to them over there stays there. Raises Finding when the student's code fails inside,
        BrokenGrader for a probe that cannot be sent.
        """
        message = {"op": "run", "source": source_of(probe), "name": probe.__name__, "copies": True}
        try:
            return self._ask(message, data, self._exercise or probe.__name__)
        except StudentFailure as failure:
            failure.place = place_in(probe, failure.line) if failure.line else failure.place
            raise

    def once(self, function: Callable, /, *args: Any) -> Any:
        """What function(self, *args) gives when the first criterion of the exercise asks for it; later ones are given a copy of the same, whatever their args.

        For what is dear and serves several criteria. Asked for anew when it failed, and when the exercise goes on in another process.
        """
        peer = self._line.peer()
        if self._kept_in is not peer:
            self._kept, self._kept_in = {}, peer
        if function not in self._kept:
            self._kept[function] = function(self, *args)
        return copied(self._kept[function])

    def forget(self) -> None:
        """What `once` has kept is asked for anew: names of the namespace stand for something else now."""
        self._kept = {}

    def has(self, name: str) -> bool:
        """Whether the notebook defines the name."""
        return self._ask({"op": "kind", "name": name}, None, name) != "missing"

    def _ask(self, message: dict, arguments: Any, label: str, watch: bool = False, allowed: bool = False) -> Any:
        """allowed: whether no record of operations is asked for, because the same call was made with one."""
        return self._ask_peer(self._line.peer(), message, arguments, label, watch, bool(self._forbid) and not allowed)

    def _ask_peer(self, peer: Peer, message: dict, arguments: Any, label: str, watch: bool, forbid: bool) -> Any:
        def ask_backward(message: dict, cotangents: Any) -> Any:
            return self._ask_peer(peer, message, cotangents, f"the backward pass of {label}", False, forbid)

        try:
            result = peer.request({**message, "watch": watch or forbid}, arguments, ask_backward)
        except RemoteError as error:
            if forbid:
                self._check_operations(peer, label)
            raise failure_of(error, label) from None
        except (Closed, Late, WireError) as error:
            raise self._line.ended(error) from None
        if forbid:
            self._check_operations(peer, label)
        return result

    def _check_operations(self, peer: Peer, label: str) -> None:
        seen = peer.last_reply.get("ops")
        if not isinstance(seen, dict):
            seen = {"watch.evaded": 1} if "error" not in peer.last_reply else {}
        self._check_evasion(seen, label)
        found = forbidden_name(map(str, seen), self._forbid)
        if found:
            raise Finding(f"{label} calls {found}; this exercise asks you to write it yourself", "forbidden operation")

    def _check_evasion(self, seen: dict, label: str) -> None:
        words = evasion(seen)
        if words:
            self._evaded = True  # the next criterion gets a process in which nothing of this one goes on
            raise Finding(f"{label} {words}", "tampered")


class RemoteFunction:
    """A function or class of the student's, or a method of one of their objects."""

    def __init__(self, student: Student, message: dict, label: str):
        self._student, self._message, self._label = student, message, label
        self.__name__ = label

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._student._ask(self._message, [list(args), kwargs], self._label)

    def each(self, cases: Iterable[tuple]) -> Iterator[Any]:
        """What [f(*case) for case in cases] gives, asked for in one message. A call that fails ends it: its error is raised when its result is taken.

        The arguments are copies: what happens to them over there stays there. For functions whose results are data.
        """
        given = [list(map(copied, case)) for case in cases]
        answer = self._student._ask({**self._message, "op": "each", "copies": True}, given, self._label) if given else [[], None]
        results, error = answer if isinstance(answer, list) and len(answer) == 2 else (None, None)
        whole = isinstance(results, list) and (len(results) == len(given) if error is None else len(results) < len(given) and isinstance(error, dict))
        if not isinstance(results, list) or not whole:
            raise Finding(f"{self._label} gave back something that cannot be read", "tampered")
        yield from results
        if error is not None:
            raise failure_of(remote_error(error), self._label)

    def counted(self, args: tuple, kwargs: dict) -> tuple[Any, Counter]:
        """The result and the operators that ran."""
        result = self._student._ask(self._message, [list(args), kwargs], self._label, watch=True)
        seen = self._student._line.peer().last_reply.get("ops")
        if not (isinstance(seen, dict) and all(type(n) is int for n in seen.values())):
            seen = {"watch.evaded": 1}
        self._student._check_evasion(seen, self._label)
        return result, Counter(seen)

    def steps(self, args: tuple, kwargs: dict) -> int:
        """How many steps Python takes in the call, see `autograder.sandbox.steps`."""
        peer = self._student._line.peer()
        self._student._ask({**self._message, "steps": True}, [list(args), kwargs], self._label, allowed=True)
        steps: Any = peer.last_reply.get("steps")
        if type(steps) is not int or steps < 0:
            self._student._check_evasion({"steps.evaded": 1}, self._label)
        return steps

    def __getattr__(self, name: str):
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._held(), name)

    def _held(self) -> "RemoteObject":
        if "name" not in self._message:
            raise AttributeError("a method has no attributes here; use student.run")
        return self._student.run(_object_named, name=self._message["name"])

    def __remote_id__(self, peer: Peer) -> int:
        return self._held().__remote_id__(peer)


def _object_named(student, name):
    return getattr(student, name)


class NoLength(StudentFailure, TypeError):
    """len() failed. A TypeError as well: list() asks for a length first, and goes on without one only then."""


class RemoteObject:
    """Something of the student's that is not data: a module, an optimizer, an iterator, an object."""

    def __init__(self, student: Student, peer: Peer, handle: Handle):
        self.__dict__.update(_student=student, _peer=peer, _handle=handle)

    def _ask(self, op: str, arguments: Any = None, **fields: Any) -> Any:
        if self._peer is not self._student._line.peer():
            raise StudentFailure(f"the process that held the {self._handle.type_name} has ended", "exited")
        return self._student._ask({"op": op, "object": self._handle.id, **fields}, arguments, self._handle.type_name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("call", [list(args), kwargs])

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = self._ask("get", name=name)
        if isinstance(value, RemoteObject) and value._handle.kind == "function":
            message = {"op": "call", "object": value._handle.id}
            return RemoteFunction(self._student, message, f"{self._handle.type_name}.{name}")
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        self._ask("set", value, name=name)

    def __getitem__(self, key: Any) -> Any:
        return self._ask("item", key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._ask("set_item", [key, value])

    def __len__(self) -> int:
        try:
            length = self._ask("length")
        except StudentFailure as failure:
            raise NoLength(failure.message, failure.reason) from None
        if type(length) is not int:
            raise Finding(f"len() of the {self._handle.type_name} is not a number", "wrong type")
        return length

    def __iter__(self) -> Iterator[Any]:
        iterator = self._ask("iter")
        while True:
            item = iterator._ask("next") if isinstance(iterator, RemoteObject) else []
            if not (isinstance(item, list) and len(item) == 1):
                return
            yield item[0]

    def __bool__(self) -> bool:
        return True

    def __remote_id__(self, peer: Peer) -> int:
        if peer is not self._peer:
            raise StudentFailure(f"the process that held the {self._handle.type_name} has ended", "exited")
        return self._handle.id

    def __repr__(self) -> str:
        return f"<the student's {self._handle.kind} {self._handle.type_name}>"


def copied(value: Any) -> Any:
    """Tensors and generators in plain containers become copies, as they would by being sent."""
    if isinstance(value, torch.Tensor):
        copy = _laid_out_alike(value.detach()).requires_grad_(value.requires_grad)
        if value.is_leaf and value.grad is not None:
            copy.grad = value.grad.clone()
        return copy
    if type(value) is torch.Generator:
        return value.clone_state()
    if type(value) in (list, tuple):
        return type(value)(copied(item) for item in value)
    if type(value) is dict:
        return {key: copied(item) for key, item in value.items()}
    return value


def _laid_out_alike(value: torch.Tensor) -> torch.Tensor:
    """A copy with the same strides, gaps included: a part of a larger tensor stays one, as far as its numbers do not overlap."""
    if value.is_contiguous() or not all(stride > 0 for stride in value.stride()):
        return value.clone()
    copy = torch.empty_strided(value.shape, value.stride(), dtype=value.dtype, device=value.device)
    try:
        return copy.copy_(value)
    except RuntimeError:  # of windows that overlap
        return value.clone()


def kind_of(value: Any) -> str:
    """What a value of the student's is: "tensor", "number", "bool", "string", "none", "list", "tuple", "dict", "module", "optimizer",
    "function", "class", "iterator", "array" or "object"."""
    if isinstance(value, RemoteObject):
        return value._handle.kind
    if isinstance(value, RemoteFunction):
        return "function"
    from ..sandbox.namespace import classify

    plain = {bool: "bool", int: "number", float: "number", complex: "number", str: "string", type(None): "none", dict: "dict"}
    if type(value) in plain:
        return plain[type(value)]
    for cls, name in ((torch.Tensor, "tensor"), (tuple, "tuple"), (list, "list"), (dict, "dict"), (int, "number"), (float, "number")):
        if isinstance(value, cls):
            return name
    return classify(value)[0]


def type_name_of(value: Any) -> str:
    """How a value's type is called in a message."""
    if isinstance(value, RemoteObject):
        return value._handle.type_name
    if isinstance(value, torch.Tensor):
        return "torch.Tensor"
    return type(value).__name__


@cache
def source_of(probe: Callable) -> str:
    """The source of a probe. Raises BrokenGrader for a lambda, a closure, or a function that uses a name of its module: only its own lines are sent."""
    if not inspect.isfunction(probe):
        raise BrokenGrader(f"a probe must be a plain function at module level, not {type(probe).__name__}")
    if probe.__closure__ or probe.__name__ == "<lambda>":
        kind = "a lambda" if probe.__name__ == "<lambda>" else f"{probe.__name__}, which uses a variable of the function around it"
        raise BrokenGrader(f"{place_in(probe, 1)}: a probe must be a plain function at module level, not {kind}")
    lines = source_lines(probe.__code__.co_filename)[probe.__code__.co_firstlineno - 1 :]
    source = textwrap.dedent("".join(inspect.getblock(lines)))
    unknown = _unknown_names(compile(source, "<probe>", "exec", dont_inherit=True))
    if unknown:
        name, line = unknown[0]
        raise BrokenGrader(f"{place_in(probe, line)}: the probe {probe.__name__} uses {name!r}, which it does not define: it must import or be given it")
    return source


def place_in(probe: Callable, line: int) -> str:
    """File and line of a line of a probe, the first is 1."""
    return place(probe.__code__.co_filename, probe.__code__.co_firstlineno + line - 1)


def _unknown_names(module: CodeType) -> list[tuple[str, int]]:
    """Global names that code reads and nothing provides, each with the first line that reads it."""
    codes = [module]
    for code in codes:
        codes += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    known: set[str] = {*PROVIDED, *vars(builtins)}
    read: dict[str, int] = {}
    for code in codes:
        for step in dis.get_instructions(code):
            if step.opname in ("STORE_GLOBAL", "STORE_NAME"):
                known.add(step.argval)
            elif step.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
                line = step.positions.lineno if step.positions else None
                read.setdefault(step.argval, line or code.co_firstlineno)
    return [(name, line) for name, line in read.items() if name not in known]


@cache
def source_lines(path: str) -> list[str]:
    """The lines of a grader file as they were when it was first asked for: an edit during a run does not mix two versions."""
    with open(path, encoding="utf-8") as file:
        return file.readlines()


def failure_of(error: RemoteError, label: str) -> StudentFailure:
    """The sentence for an exception of the student's."""
    probe = _PROBE_LINE.fullmatch(error.where)
    where = f" ({line_of(error.where)})" if error.where and not probe else ""
    failure = _failure_of(error, label, where)
    failure.doubtful = error.reason == "missing" or (failure.reason == "crashed" and not where)
    failure.missing = error.text if error.reason == "missing" else ""
    failure.line = int(probe[1]) if probe else 0
    return failure


_RAISED_IN = re.compile(r"raised in (\w{1,100})")
_PROBE_LINE = re.compile(r"probe line (\d{1,6})")


def _failure_of(error: RemoteError, label: str, where: str) -> StudentFailure:
    text = one_line(error.text)
    raised = f"{label} raised {one_line(error.type_name, 60)}{f': {text}' if text else ''}{where}"
    match error.reason:
        case "missing":
            return StudentFailure(f"the notebook does not define {name_list(one_line(error.text, 60))}", "missing")
        case "not attempted":
            other = _RAISED_IN.fullmatch(text)
            missing = f"calls {other[1]}, which" if other and other[1] != re.split(r"\W", label, maxsplit=1)[0] else "is not written yet: it"
            return StudentFailure(f"{label} {missing} still raises NotImplementedError", "not attempted")
        case "output limit" if error.type_name == "OSError":
            return StudentFailure(f"{raised}: it may not write as much, or as many files", "output limit")
        case "output limit" if error.type_name:
            return StudentFailure(f"{label} printed more than the limit allows", "output limit")
        case "memory":
            return StudentFailure(f"{label} ran out of memory{where}", "memory")
        case "exited":
            return StudentFailure(f"{label} tried to end the program ({one_line(error.type_name, 60)}){where}", "exited")
        case "timeout":
            return StudentFailure(f"{label} did not end in time", "timeout")
        case "output limit" | "tampered":
            return StudentFailure(f"{label} gave back something that cannot be read: {text}", error.reason)
    return StudentFailure(raised, "crashed")
