"""Values as data: a JSON document with numbered tensors beside it.

JSON values stand for themselves; everything else is an object with a `$` key:

    {"$": "tensor", "i": 3}                    the third tensor of the blob
    {"$": "tuple", "items": […]}   {"$": "dict", "items": [[key, value], …]}   {"$": "set", "items": […]}
    {"$": "dtype", "name": "float32"}   {"$": "device", "name": "cpu"}   {"$": "complex", "re": 0, "im": 1}
    {"$": "bytes", "hex": "00ff"}   {"$": "slice", "items": [start, stop, step]}   {"$": "ellipsis"}
    {"$": "generator", "state": "00ff"}                             a random generator of the CPU in this state
    {"$": "object", "id": 7, "kind": "module", "type": "Linear"}    something of the sender's, held there
    {"$": "yours", "id": 7}                                         something of the receiver's

Tensors travel in one safetensors blob; beside it each has a record: does it require a gradient, is it a leaf, its
strides when it is not contiguous, its device, which other tensor is its `.grad`. The same tensor object twice is one
tensor over there as well.
"""

import ctypes
import json
import math
import re
import struct
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_safetensors

from .errors import WireError
from .frames import Limits

# Taken now, before any student code runs: what a student patches later is not used here.
_Tensor = torch.Tensor
_as_subclass = torch.Tensor.as_subclass
_detach = torch.Tensor.detach
_no_grad, _Parameter = torch.no_grad, torch.nn.Parameter
_Plainly, _PlainlyButForModes = torch._C.DisableTorchFunction, torch._C.DisableTorchFunctionSubclass
_attributes: Any = torch.Tensor  # their descriptors: on the class
requires_grad, is_leaf = _attributes.requires_grad.__get__, _attributes.is_leaf.__get__
grad_of, set_grad, grad_function = _attributes.grad.__get__, _attributes.grad.__set__, _attributes.grad_fn.__get__
_to, _contiguous, _data_ptr = torch.Tensor.to, torch.Tensor.contiguous, torch.Tensor.data_ptr
_Generator, _get_state = torch.Generator, torch.Generator.get_state
_empty, _as_strided, _copy, _require_grad = torch.empty, torch.Tensor.as_strided, torch.Tensor.copy_, torch.Tensor.requires_grad_
_DTYPES = {str(value).removeprefix("torch."): value for value in vars(torch).values() if isinstance(value, torch.dtype)}
_DEVICE = re.compile(r"(cpu|cuda)(:\d+)?")
_SIGNED = {torch.uint16: torch.int16, torch.uint32: torch.int32, torch.uint64: torch.int64}
# The dtypes that travel as they are, by their names in safetensors.
_ON_THE_WIRE = {
    torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64", torch.int32: "I32", torch.int16: "I16",
    torch.int8: "I8", torch.uint8: "U8", torch.bool: "BOOL",
}  # fmt: skip
_ITERATE: dict[str, Callable[[Any], Iterator[Any]]] = {
    "tuple": tuple.__iter__, "list": list.__iter__, "set": set.__iter__, "frozenset": frozenset.__iter__,
}  # fmt: skip
_encode = json.JSONEncoder(separators=(",", ":")).encode
# CPU time that one message may take to decode. Keys with equal hashes would make it quadratic.
DECODE_SECONDS = 2.0


@dataclass(frozen=True)
class Handle:
    """Something that stays with the other side."""

    id: int
    kind: str
    type_name: str


@dataclass
class Encoder:
    """Turns values into a document and tensors. `export` gives a handle for what is not data; `known` are tensors of the receiver's
    that are sent back by number only."""

    export: Callable[[Any], Handle | int]
    limits: Limits = Limits()
    known: dict[int, int] = field(default_factory=dict)
    keep_aliases: bool = True
    tensors: list[torch.Tensor] = field(default_factory=list)
    _index: dict[int, int] = field(default_factory=dict)
    _nodes: int = 0

    def encode(self, value: Any, depth: int = 0) -> Any:
        self._nodes += 1
        deepest = self.limits.depth // 3 - 1  # a dict in a dict is three levels of JSON
        if depth > deepest:
            raise WireError.too_big("nesting", depth, deepest)
        if self._nodes > self.limits.nodes // 4:
            raise WireError.too_big("a number of values", self._nodes, self.limits.nodes // 4)
        cls = type(value)
        if value is None or cls is bool or cls is str:
            return value
        if cls is int:
            return value if abs(value) < 1 << 63 else {"$": "int", "hex": hex(value)}
        if cls is float:
            return value if math.isfinite(value) else {"$": "float", "name": repr(value)}
        if isinstance(value, _Tensor):
            return self._tensor(value)
        if cls is list:
            return [self.encode(item, depth + 1) for item in list.__iter__(value)]
        container = _container_of(cls)
        if container == "dict":
            pairs = [[self.encode(k, depth + 1), self.encode(v, depth + 1)] for k, v in dict.items(value)]
            return {"$": "dict", "items": pairs}
        if container is not None:
            items = [self.encode(item, depth + 1) for item in _ITERATE[container](value)]
            return items if container == "list" else {"$": "tuple" if container == "tuple" else "set", "items": items}
        return self._scalar(value, cls, depth)

    def _scalar(self, value: Any, cls: Any, depth: int) -> Any:
        if cls is torch.dtype:
            return {"$": "dtype", "name": str(value).removeprefix("torch.")}
        if cls is torch.device:
            return {"$": "device", "name": str(value)}
        if cls is complex:
            return {"$": "complex", "re": value.real, "im": value.imag}
        if cls is bytes or cls is bytearray:
            return {"$": "bytes", "hex": bytes(value).hex()}
        if cls is slice:
            return {"$": "slice", "items": [self.encode(x, depth + 1) for x in (value.start, value.stop, value.step)]}
        if value is Ellipsis:
            return {"$": "ellipsis"}
        if cls is _Generator and value.device.type == "cpu":
            state = _get_state(value)
            return {"$": "generator", "state": ctypes.string_at(_data_ptr(state), state.nbytes).hex()}
        if cls.__module__ == "numpy" and cls.__name__ != "ndarray" and hasattr(cls, "item"):
            item = cls.item(value)
            if type(item) in (bool, int, float, str, complex):
                return self.encode(item, depth + 1)
        bases: tuple[Any, ...] = (bool, int, float, str)
        for base in bases:  # a subclass arrives as the plain value, whatever its methods say
            if issubclass(cls, base):
                plain = {bool: bool, int: int.__int__, float: float.__float__, str: str.__str__}[base](value)
                return self.encode(base.__new__(base, plain), depth + 1)
        handle = self.export(value)
        if isinstance(handle, int):
            return {"$": "yours", "id": handle}
        return {"$": "object", "id": handle.id, "kind": handle.kind, "type": handle.type_name}

    def _tensor(self, value: torch.Tensor) -> dict:
        if id(value) in self.known:
            return {"$": "known", "i": self.known[id(value)]}
        if id(value) not in self._index or not self.keep_aliases:
            self._index[id(value)] = len(self.tensors)
            self.tensors.append(value)
        return {"$": "tensor", "i": self._index[id(value)]}

    def records(self) -> tuple[list[dict], bytes]:
        """The record of each tensor and the blob. Appends the `.grad` of leaves as further tensors."""
        records: list[dict] = []
        data: list[torch.Tensor] = []
        position = 0
        while position < len(self.tensors):
            tensor = self.tensors[position]
            record, plain = describe_tensor(tensor)
            if record["grad"] and record["leaf"]:
                gradient = _plain_grad(tensor)
                if gradient is not None:
                    record["grad_of"] = self._tensor(gradient)["i"]
            records.append(record)
            data.append(plain)
            position += 1
        return records, to_safetensors(data) if data else b""


def describe_tensor(tensor: torch.Tensor) -> tuple[dict, torch.Tensor]:
    """The record of a tensor and its numbers as a contiguous plain CPU tensor."""
    subclass = type(tensor) is not _Tensor and type(tensor) is not _Parameter
    # A subclass may compute its numbers only now: a record of operations goes on. Of a plain tensor there is nothing to be seen.
    with _PlainlyButForModes() if subclass else _Plainly(), _no_grad():
        plain = _as_subclass(_detach(tensor), _Tensor) if subclass else tensor
        if plain.layout is not torch.strided or plain.is_quantized or plain.device.type == "meta":
            raise WireError.malformed(f"a tensor with layout {plain.layout} on {plain.device}: only dense tensors are understood")
        record: dict[str, Any] = {
            "grad": requires_grad(tensor),
            "leaf": is_leaf(tensor),
            "device": str(plain.device),
        }
        if not plain.is_contiguous() and all(s > 0 for s in plain.stride()):
            record["stride"] = list(plain.stride())
        if plain.is_conj() or plain.is_neg():
            plain = plain.resolve_conj().resolve_neg()
        data = _contiguous(plain if plain.is_cpu else _to(plain, "cpu"))
        if data.dtype not in _ON_THE_WIRE:
            record["dtype"] = str(data.dtype).removeprefix("torch.")
            if data.is_complex():
                data = torch.view_as_real(data).contiguous()
            else:
                data = data.view(_SIGNED[data.dtype]) if data.dtype in _SIGNED else data.to(torch.float32)
        return record, data


def to_safetensors(tensors: list[torch.Tensor]) -> bytes:
    """Plain contiguous CPU tensors in the format of safetensors, named by their position.

    Written here because the library's `save` prepares for files of gigabytes, which costs more than the call that the tensors belong to.
    """
    header: dict[str, dict] = {}
    parts, end = [], 0
    with _Plainly():
        for position, tensor in enumerate(tensors):
            start, end = end, end + tensor.nbytes
            if tensor.nbytes and tensor.storage_offset() * tensor.itemsize + tensor.nbytes > tensor.untyped_storage().nbytes():
                raise WireError.malformed("a tensor whose storage is smaller than its shape")
            header[str(position)] = {"dtype": _ON_THE_WIRE[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [start, end]}
            parts.append(ctypes.string_at(_data_ptr(tensor), end - start) if end > start else b"")
    text = _encode(header).encode()
    text += b" " * (-len(text) % 8)
    return b"".join([struct.pack("<Q", len(text)), text, *parts])


def _plain_grad(tensor: torch.Tensor) -> torch.Tensor | None:
    with _Plainly():
        gradient = grad_of(tensor)
    return gradient if isinstance(gradient, _Tensor) and gradient.layout is torch.strided else None


def _container_of(cls: type) -> str | None:
    for base in (tuple, list, dict, set, frozenset):
        if issubclass(cls, base):
            return base.__name__
    return None


@dataclass
class Decoder:
    """Turns a document and a blob back into values. `resolve` makes something of a handle of the sender's, `own` finds what the receiver
    exported earlier, `known` are tensors of an earlier message."""

    resolve: Callable[[Handle], Any]
    own: Callable[[int], Any]
    known: list[torch.Tensor] = field(default_factory=list)
    tensors: list[torch.Tensor] = field(default_factory=list)
    _began: float = field(default_factory=time.thread_time)

    def load(self, records: Any, blob: memoryview) -> list[torch.Tensor]:
        """The message's tensors: plain torch.Tensor each, leaves that require a gradient where the record says so."""
        if not isinstance(records, list):
            raise WireError.malformed("tensor records")
        try:
            data = load_safetensors(bytes(blob)) if records else {}
        except (SafetensorError, ValueError, KeyError, RuntimeError, TypeError) as error:
            raise WireError.malformed(f"tensor data ({type(error).__name__})") from None
        if set(data) != {str(i) for i in range(len(records))}:
            raise WireError.malformed("tensor data does not match its records")
        try:
            self.tensors = [_restore(data[str(i)], record) for i, record in enumerate(records)]
        except (RuntimeError, TypeError, ValueError) as error:
            raise WireError.malformed(f"a tensor record ({type(error).__name__})") from None
        for tensor, record in zip(self.tensors, records, strict=True):
            index = record.get("grad_of")
            if index is not None:
                gradient = self._pick(self.tensors, index)
                if requires_grad(tensor) and gradient.shape == tensor.shape and gradient.dtype == tensor.dtype:
                    set_grad(tensor, gradient)
        return self.tensors

    def decode(self, node: Any) -> Any:
        if isinstance(node, list):
            return [self.decode(item) for item in node]
        if not isinstance(node, dict):
            return node
        tag = node.get("$")
        try:
            return self._tagged(tag, node)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RuntimeError) as error:
            raise WireError.malformed(f"a {tag!r} value ({type(error).__name__})") from None

    def _tagged(self, tag: Any, node: dict) -> Any:
        match tag:
            case "tensor":
                return self._pick(self.tensors, node["i"])
            case "known":
                return self._pick(self.known, node["i"])
            case "tuple":
                return tuple(self.decode(item) for item in node["items"])
            case "dict":
                return self._keyed(node["items"])
            case "set":
                return set(self._keyed([item, None] for item in node["items"]))
            case "object":
                return self.resolve(Handle(_small_int(node["id"]), str(node["kind"])[:40], str(node["type"])[:80]))
            case "yours":
                return self.own(_small_int(node["id"]))
            case "dtype":
                return _DTYPES[node["name"]]
            case "device":
                return _device(node["name"])
            case "complex":
                return complex(float(node["re"]), float(node["im"]))
            case "bytes":
                return bytes.fromhex(node["hex"])
            case "slice":
                return slice(*(self.decode(item) for item in node["items"]))
            case "ellipsis":
                return Ellipsis
            case "generator":  # PyTorch refuses a state that is none
                return _Generator().set_state(torch.frombuffer(bytearray.fromhex(node["state"]), dtype=torch.uint8))
            case "float":
                return float({"nan": "nan", "inf": "inf", "-inf": "-inf"}[node["name"]])
            case "int":
                if len(node["hex"]) > 1000:
                    raise ValueError("a number of more than 1,000 digits")
                return int(node["hex"], 16)
        raise WireError.malformed(f"unknown value {str(tag)[:20]!r}")

    def _keyed(self, pairs: Iterable) -> dict:
        result = {}
        for count, (key, value) in enumerate(pairs, 1):
            result[self.decode(key)] = self.decode(value)
            if count % 64 == 0 and time.thread_time() - self._began > DECODE_SECONDS:
                raise WireError.malformed("keys that take too long to read")
        return result

    @staticmethod
    def _pick(tensors: list[torch.Tensor], index: Any) -> torch.Tensor:
        if type(index) is not int or not 0 <= index < len(tensors):
            raise WireError.malformed("a tensor that was not sent")
        return tensors[index]


def _restore(data: torch.Tensor, record: Any) -> torch.Tensor:
    if not isinstance(record, dict):
        raise WireError.malformed("a tensor record")
    if "dtype" in record:
        data = _as_dtype(data, _DTYPES.get(record["dtype"]))
    # A tensor of its own: what safetensors hands out is a view, and autograd treats views of leaves differently.
    data = _to(data, _device(record.get("device", "cpu")), copy=True)
    stride = record.get("stride")
    if stride is not None:
        data = _with_stride(data, stride)
    if record.get("grad") is True and (data.is_floating_point() or data.is_complex()):
        _require_grad(data)
    return data


def _as_dtype(data: torch.Tensor, dtype: torch.dtype | None) -> torch.Tensor:
    """From the form on the wire to a dtype that does not travel as it is; never to a larger one."""
    if dtype is None or dtype in _ON_THE_WIRE:
        raise WireError.malformed("a dtype")
    if dtype.is_complex:
        restored = torch.view_as_complex(data.contiguous())
    elif dtype in _SIGNED:
        restored = data.view(dtype)
    else:
        restored = data.to(dtype)
    if restored.dtype != dtype or restored.nbytes > data.nbytes:
        raise WireError.malformed("a dtype")
    return restored


def _with_stride(data: torch.Tensor, stride: Any) -> torch.Tensor:
    valid = isinstance(stride, list) and len(stride) == data.ndim and all(type(s) is int and s > 0 for s in stride)
    if not valid or data.numel() == 0:
        return data
    span = 1 + sum((size - 1) * step for size, step in zip(data.shape, stride, strict=True))
    order = sorted(zip(stride, data.shape, strict=True))
    overlaps = any(big < step * size for (step, size), (big, _) in zip(order, order[1:], strict=False))
    if overlaps or span > 8 * data.numel() + 4096:
        return data
    return _copy(_as_strided(_empty(span, dtype=data.dtype, device=data.device), data.shape, stride), data)


_CPU = torch.device("cpu")


def _device(name: Any) -> torch.device:
    if name == "cpu":
        return _CPU
    if not isinstance(name, str) or not _DEVICE.fullmatch(name):
        raise WireError.malformed("a device")
    return torch.device(name) if torch.cuda.is_available() else _CPU


def _small_int(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 1 << 31:
        raise ValueError("not an id")
    return value
