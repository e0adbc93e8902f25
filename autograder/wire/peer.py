"""Calls across the line, the same code on both sides.

A peer sends requests and answers those of the other side. While it waits for a reply it serves what comes in between,
so that a function handed over as an argument can be called back in the middle of a call.

    request   {"id": 5, "op": "call", …, "tensors": […]}      + blob
    reply     {"re": 5, "value": …, "tensors": […], …}        + blob
    refusal   {"re": 5, "error": {"reason", "type", "text", "where"}}

Autograd: a call made with gradients on keeps, over there, the graph from its argument tensors to its results. Here the
results hang on a `Crossing`, whose backward sends the cotangents over and brings the gradients of the arguments back.
Leaves over there (parameters) gather their `.grad` over there.

State: after a call, argument tensors that were changed in place over there (value, `.grad`, requires_grad) are changed
here as well, so that a call behaves as if it were local. Not so with `"copies": true`: the arguments are given away.

A side may keep a record of what is done for a request (`record`): it begins when the request has been read and ends when the answer is
bytes, so that what an object computes only when it is packed is in it as well. The record says of a request what it likes in the reply (`extra`).

The judge lets itself be asked for two things only: a call of a function that it passed as an argument, and the
backward of such a call.
"""

import itertools
import socket
import weakref
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import torch

from .errors import WireError
from .frames import Limits, receive_frame, send_frame
from .values import Decoder, Encoder, Handle, describe_tensor, grad_of, is_leaf, requires_grad, set_grad

# Taken now, before any student code runs: what a student patches later is not used here.
_equal, _clone, _detach = torch.equal, torch.Tensor.clone, torch.Tensor.detach
_run_backward = torch.autograd.graph._engine_run_backward  # torch.autograd.backward would itself be a function that modes are shown
_set_grad_enabled, _is_grad_enabled = torch.set_grad_enabled, torch.is_grad_enabled
_Plainly = torch._C.DisableTorchFunction


class RemoteError(Exception):
    """The other side's code raised. `reason` is one of the verdict's reason codes; the texts come from the other side."""

    def __init__(self, reason: str, type_name: str, text: str, where: str = ""):
        super().__init__(f"{type_name}: {text}")
        self.reason, self.type_name, self.text, self.where = reason, type_name, text, where


class Record(Protocol):
    """What is kept while a request is carried out."""

    def pack(self) -> None:
        """From here on the answer is packed."""

    def packed(self, tensors: list[torch.Tensor]) -> None:
        """The answer is bytes; it held these tensors."""


class NoRecord:
    """The record of a side that keeps none."""

    def pack(self) -> None: ...

    def packed(self, tensors: list[torch.Tensor]) -> None: ...


class Refused(Exception):
    """Raised by `serve` hooks for a request that is not allowed."""


@dataclass
class _Graph:
    """What a served call leaves behind for its backward."""

    inputs: list[torch.Tensor]
    outputs: list[torch.Tensor]

    def backward(self, cotangents: list[torch.Tensor]) -> Callable[[], Any]:
        """Gathers gradients in the leaves; keeps the graph."""
        return partial(_run_backward, tuple(self.outputs), tuple(cotangents), True, False, (), allow_unreachable=True, accumulate_grad=True)


class Crossing(torch.autograd.Function):
    """The edge of the graph: forward hands out results that have arrived, backward asks the other side, by way of `ask`."""

    @staticmethod
    def forward(ctx, peer, ask, call, outputs, anchor, *inputs):
        ctx.ask, ctx.call = ask, call
        ctx.inputs = len(inputs)
        weakref.finalize(ctx, peer._release, call)
        return tuple(output.detach() for output in outputs)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, *cotangents):
        gradients = ctx.ask({"op": "backward", "call": ctx.call}, list(cotangents))
        if not isinstance(gradients, list) or len(gradients) != ctx.inputs:
            raise WireError.malformed("gradients that were not asked for")
        return (None, None, None, None, None, *gradients)


class Peer:
    """One end of the line.

    `serve(peer, op, message, arguments)` does what is asked and returns the result; `resolve(handle)` makes the local stand-in of a
    remote object; `classify(object)` names the kind of an object that is exported; `describe(exception)` makes the refusal's
    record; `record(message, extra)` is entered while a request is carried out. All belong to the side (judge or sandbox), not to the wire.
    """

    def __init__(
        self,
        sock: socket.socket,
        *,
        serve: Callable[["Peer", str, dict, Any], Any],
        resolve: Callable[["Peer", Handle], Any],
        classify: Callable[[Any], tuple[str, str]],
        describe: Callable[[BaseException], dict],
        record: Callable[[dict, dict], AbstractContextManager[Record]] = lambda _message, _extra: nullcontext(NoRecord()),
        limits: Limits = Limits(),
    ):
        self.sock, self.limits = sock, limits
        self.deadline: float | None = None
        self.last_reply: dict = {}
        self.once: dict = {}  # fields that go with the next request
        self._serve, self._resolve, self._classify, self._describe, self._record = serve, resolve, classify, describe, record
        self._ids = itertools.count(1)
        self._exports: dict[int, Any] = {}
        self._export_ids: dict[int, int] = {}
        self._graphs: dict[str, _Graph] = {}
        self._released: list[str] = []
        self._callback_error: BaseException | None = None
        self._anchor = torch.zeros(1, requires_grad=True)

    # -- asking ---------------------------------------------------------------------------------------------------------

    def request(self, message: dict, arguments: Any = None, ask_backward: Callable[[dict, Any], Any] | None = None) -> Any:
        """Sends a request and returns the decoded result. Raises RemoteError, or a WireError when the line is broken. The backward of the result, when
        it comes to that, is asked for by way of `ask_backward`, which is `request` unless said otherwise."""
        identity = next(self._ids)
        encoder = Encoder(self._export, self.limits)
        body = encoder.encode(arguments)
        given = list(encoder.tensors)
        records, sent = encoder.records()
        grad = _is_grad_enabled() and message["op"] != "backward"
        released, self._released = self._released, []
        once, self.once = self.once, {}
        header = {**message, **once, "id": identity, "args": body, "tensors": records, "given": len(given), "grad": grad, "free": released}
        outer, self._callback_error = self._callback_error, None
        try:
            send_frame(self.sock, header, sent, self.deadline)
            reply, blob = self._wait_for(identity)
            failed = self._callback_error
        finally:
            self._callback_error = outer
        self.last_reply = reply
        # An assertion in a callback counts even when the other side's code swallows the exception.
        if failed is not None and ("error" in reply or isinstance(failed, AssertionError)):
            raise failed
        if "error" in reply:
            raise remote_error(reply["error"])
        return self._accept(reply, blob, given, (ask_backward or self.request) if grad else None)

    def _wait_for(self, identity: int) -> tuple[dict, memoryview]:
        while True:
            message, blob = receive_frame(self.sock, self.limits, self.deadline)
            if not isinstance(message, dict):
                raise WireError.malformed("not a message")
            if "op" in message:
                self._answer(message, blob)
            elif message.get("re") == identity:
                return message, blob
            else:
                raise WireError.malformed("an answer to a question that was not asked")

    def _accept(self, reply: dict, blob: memoryview, given: list[torch.Tensor], ask_backward: Callable[[dict, Any], Any] | None) -> Any:
        decoder = self._decoder(given)
        arrived = decoder.load(reply.get("tensors"), blob)
        self._write_back(reply.get("changed") or [], given, arrived)
        crossing = reply.get("crossing") or []
        if not isinstance(crossing, list):
            raise WireError.malformed("a list of results with a graph")
        if ask_backward and crossing:
            call = str(reply.get("call"))[:40]
            outputs = [decoder._pick(arrived, index) for index in crossing]
            # Complex and integer results carry no graph that the wire could bring back.
            inputs = [tensor for tensor in given if tensor.requires_grad]
            attached = Crossing.apply(self, ask_backward, call, outputs, self._anchor, *inputs)
            for index, output in zip(crossing, attached, strict=True):
                decoder.tensors[index] = output
        return decoder.decode(reply.get("value"))

    @staticmethod
    def _write_back(changed: Any, given: list[torch.Tensor], arrived: list[torch.Tensor]) -> None:
        """Makes the in-place changes of the other side on the caller's tensors."""
        if not (isinstance(changed, list) and all(isinstance(change, dict) for change in changed)):
            raise WireError.malformed("a list of changes")
        for change in changed:
            target = Decoder._pick(given, change.get("of"))
            with torch.no_grad():
                if "value" in change:
                    value = Decoder._pick(arrived, change["value"]).detach()
                    try:
                        if value.shape == target.shape and value.dtype == target.dtype:
                            target.detach().copy_(value)
                        else:
                            target.data = value.clone()
                    except RuntimeError:
                        raise WireError.malformed("a change that the tensor cannot take") from None
                if "grad" in change and target.is_leaf:
                    gradient = None if change["grad"] is None else Decoder._pick(arrived, change["grad"]).detach().clone()
                    if gradient is not None and (gradient.shape, gradient.dtype) != (target.shape, target.dtype):
                        raise WireError.malformed("a gradient of the wrong shape")
                    if gradient is not None and target.grad is not None:
                        target.grad.copy_(gradient)
                    else:
                        target.grad = gradient

    # -- answering ------------------------------------------------------------------------------------------------------

    def serve_forever(self) -> None:
        """Answers requests until the line is closed."""
        while True:
            message, blob = receive_frame(self.sock, self.limits)
            self._answer(message, blob)

    def _answer(self, message: dict, blob: memoryview) -> None:
        identity = message.get("id")
        extra: dict = {}
        answer = b""
        try:
            reply, answer = self._carry_out(message, blob, extra)
        except WireError as error:
            if error.reason in ("exited", "timeout"):
                raise
            reply = {"error": {"reason": error.reason, "type": "", "text": str(error), "where": ""}}
        except BaseException as error:
            self._callback_error = error
            reply = {"error": self._describe(error)}
        send_frame(self.sock, {**reply, **extra, "re": identity}, answer, self.deadline)

    def _carry_out(self, message: dict, blob: memoryview, extra: dict) -> tuple[dict, bytes]:
        for call in message.get("free") or []:
            self._graphs.pop(call, None)
        decoder = self._decoder([])
        arguments = decoder.load(message.get("tensors"), blob)[: int(message.get("given", 0))]
        inputs = [tensor for tensor in arguments if requires_grad(tensor)]
        before = [(_clone(_detach(tensor)), _grad_state(tensor)) for tensor in arguments]
        body = decoder.decode(message.get("args"))
        if message.get("op") == "backward":
            return self._backward(message, body, extra)
        with _set_grad_enabled(message.get("grad") is True), self._record(message, extra) as record:
            try:
                result = self._serve(self, str(message.get("op")), {**message, "extra": extra}, body)
            except WireError:
                raise
            except BaseException as error:
                self._callback_error = error
                return {"error": self._describe(error)}, b""
            record.pack()
            if message.get("copies") is True:
                arguments, before = [], []
            return self._reply(result, arguments, inputs, before, record)

    def _reply(self, result: Any, arguments: list[torch.Tensor], inputs: list, before: list, record: Record) -> tuple[dict, bytes]:
        encoder = Encoder(self._export, self.limits, known={id(tensor): i for i, tensor in enumerate(arguments)})
        value = encoder.encode(result)
        with _Plainly():
            crossing = [i for i, tensor in enumerate(encoder.tensors) if requires_grad(tensor) and not is_leaf(tensor)]
        outputs = [encoder.tensors[i] for i in crossing]
        changed = _changes(encoder, arguments, before)
        records, blob = encoder.records()
        for index in crossing:
            records[index]["grad"] = False
        record.packed(encoder.tensors)
        reply = {"value": value, "tensors": records, "changed": changed}
        if crossing and _is_grad_enabled():
            call = f"c{next(self._ids)}"
            self._graphs[call] = _Graph(inputs, outputs)
            reply |= {"crossing": crossing, "call": call}
        return reply, blob

    def _backward(self, message: dict, cotangents: list, extra: dict) -> tuple[dict, bytes]:
        graph = self._graphs.get(str(message.get("call")))
        if graph is None:
            raise Refused("a graph that is gone")
        for leaf in graph.inputs:
            set_grad(leaf, None)
        with self._record(message, extra) as record:
            self._serve(self, "backward", message, graph.backward(cotangents))
            record.pack()
            with _Plainly():
                gradients = [grad_of(leaf) for leaf in graph.inputs]
                for leaf in graph.inputs:
                    set_grad(leaf, None)
            encoder = Encoder(self._export, self.limits)
            value = encoder.encode(gradients)
            records, blob = encoder.records()
            record.packed([])
        for described in records:
            described["grad"] = False
        return {"value": value, "tensors": records}, blob

    # -- objects --------------------------------------------------------------------------------------------------------

    def _decoder(self, known: list[torch.Tensor]) -> Decoder:
        return Decoder(lambda handle: self._resolve(self, handle), self.exported, known)

    def _export(self, value: Any) -> Handle | int:
        remote = getattr(type(value), "__remote_id__", None)
        if remote is not None:
            return remote(value, self)
        key = id(value)
        if key not in self._export_ids:
            self._export_ids[key] = next(self._ids)
            self._exports[self._export_ids[key]] = value
        kind, type_name = self._classify(value)
        return Handle(self._export_ids[key], kind, type_name)

    def exported(self, identity: int) -> Any:
        """The object that was exported under this id. Raises Malformed when there is none."""
        if identity not in self._exports:
            raise WireError.malformed("an object that was never handed out")
        return self._exports[identity]

    def forget(self) -> None:
        """Lets go of everything exported here; handles of the other side that are still around no longer find it."""
        self._exports.clear()
        self._export_ids.clear()
        self._graphs.clear()

    def _release(self, call: str) -> None:
        self._released.append(call)


def _grad_state(tensor: torch.Tensor) -> torch.Tensor | None:
    gradient = grad_of(tensor) if is_leaf(tensor) else None
    return None if gradient is None else _clone(_detach(gradient))


def _changes(encoder: Encoder, arguments: list[torch.Tensor], before: list) -> list[dict]:
    """What the served code did in place to its argument tensors; nothing when they were given away (`before` is empty)."""
    changes = []
    with _Plainly():
        gradients = [grad_of(tensor) if is_leaf(tensor) else None for tensor in arguments]
        for index, (tensor, now, (value, gradient)) in enumerate(zip(arguments, gradients, before, strict=False)):
            change: dict[str, Any] = {}
            if not any(tensor is one for one in gradients) and not _same(tensor, value):
                change["value"] = encoder._tensor(_detach(describe_tensor(tensor)[1]))["i"]
            if is_leaf(tensor) and not _same_or_none(now, gradient):
                change["grad"] = None if now is None else encoder._tensor(_detach(describe_tensor(now)[1]))["i"]
            if change:
                changes.append({"of": index, **change})
    return changes


def _same(a: torch.Tensor, b: torch.Tensor) -> bool:
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    if _equal(a, b):
        return True
    if not (a.is_floating_point() or a.is_complex()):
        return False
    return _equal(torch.nan_to_num(a, nan=0.0), torch.nan_to_num(b, nan=0.0)) and _equal(a.isnan(), b.isnan())


def _same_or_none(a: torch.Tensor | None, b: torch.Tensor | None) -> bool:
    return a is b if a is None or b is None else _same(a, b)


def remote_error(record: Any) -> RemoteError:
    """The exception that the other side's record tells of. Raises Malformed."""
    if not isinstance(record, dict):
        raise WireError.malformed("an error record")
    fields = (str(record.get(key, ""))[:2000] for key in ("reason", "type", "text", "where"))
    return RemoteError(*fields)
