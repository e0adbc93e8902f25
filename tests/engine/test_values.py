"""Values cross the line as data: what arrives is plain, equal, and never more than the limits allow."""

import contextlib
import json
import math
import socket
import struct
import time
import tracemalloc

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.wire.errors import Malformed, WireError
from autograder.wire.frames import HEAD, MAGIC, Limits, receive_frame, send_frame
from autograder.wire.values import Decoder, Encoder, Handle

SMALL = Limits(json_bytes=1 << 16, blob_bytes=1 << 16, depth=64, nodes=5_000)
FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def no_export(value):
    raise AssertionError(f"{value!r} should have crossed as data")


def sent(value, limits=Limits()):
    """The JSON document and the blob of a value."""
    encoder = Encoder(no_export, limits)
    body = encoder.encode(value)
    records, blob = encoder.records()
    return json.loads(json.dumps({"value": body, "tensors": records})), blob


def received(document, blob):
    decoder = Decoder(lambda handle: handle, lambda identity: ("own", identity))
    decoder.load(document["tensors"], memoryview(blob))
    return decoder.decode(document["value"])


def crossed(value):
    return received(*sent(value))


def same(a, b):
    """Equal in type and value, NaN equal to NaN."""
    if type(a) is not type(b):
        return False
    if isinstance(a, float) and math.isnan(a):
        return math.isnan(b)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return same(list(a.items()), list(b.items()))
    return a == b


# -- plain values --------------------------------------------------------------------------------------------------------

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.binary(max_size=20) | st.complex_numbers(allow_nan=False)
keys = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5) | st.tuples(st.integers(), st.text(max_size=3))
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=15,
)


@FUZZ
@given(values)
def test_a_nested_value_arrives_equal_and_of_the_same_types(value):
    assert same(crossed(value), value)


@pytest.mark.parametrize("value", [10**18, -(2**63), 2**63, -(10**300), 7 << 3000])
def test_huge_integers_arrive_exactly(value):
    assert crossed(value) == value


@pytest.mark.parametrize("value", [math.inf, -math.inf, -0.0, 5e-324])
def test_odd_floats_arrive_exactly(value):
    assert struct.pack("d", crossed(value)) == struct.pack("d", value)


@pytest.mark.parametrize(
    "value",
    [torch.float16, torch.device("cpu"), slice(1, None, 2), slice(None, -1), ..., {1, 2}, set(), "\ud800 alone", "", b"\x00\xff", complex(0, -1)],
)
def test_dtypes_devices_slices_sets_and_strange_strings_arrive(value):
    assert crossed(value) == value


def test_a_random_generator_arrives_in_the_state_it_is_in():
    generator = torch.Generator().manual_seed(7)
    torch.randn(3, generator=generator)
    state = generator.get_state()
    arrived = crossed([generator])[0]
    assert torch.equal(torch.randn(9, generator=arrived), torch.randn(9, generator=torch.Generator().set_state(state)))
    assert torch.equal(generator.get_state(), state)


@pytest.mark.parametrize("state", ["", "00ff", "00" * 5056, "ff" * 5056, "x", None])
def test_a_state_that_is_none_is_refused(state):
    with pytest.raises(WireError, match="generator"):
        received({"value": {"$": "generator", "state": state}, "tensors": []}, b"")


def test_a_torch_size_arrives_as_a_plain_tuple():
    arrived = crossed(torch.zeros(2, 3).shape)
    assert type(arrived) is tuple
    assert arrived == (2, 3)


class LyingInt(int):
    __eq__ = __ge__ = lambda self, other: True
    __hash__ = int.__hash__
    __int__ = __index__ = lambda self: 99
    __repr__ = __str__ = lambda self: "99"


class LyingFloat(float):
    __eq__ = __ge__ = lambda self, other: True
    __hash__ = float.__hash__
    __float__ = lambda self: 99.0
    __repr__ = lambda self: "99.0"


class LyingStr(str):
    __eq__ = lambda self, other: True
    __hash__ = str.__hash__
    __str__ = __repr__ = lambda self: "right"


class LyingList(list):
    __eq__ = lambda self, other: True
    __hash__ = None
    __iter__ = lambda self: iter([99])
    __len__ = lambda self: 7


class LyingTuple(tuple):
    __slots__ = ()
    __eq__ = lambda self, other: True
    __hash__ = tuple.__hash__
    __iter__ = lambda self: iter([99])


class LyingDict(dict):
    __eq__ = lambda self, other: True
    __hash__ = None
    items = lambda self: [("a", 99)]


LIARS = [
    (LyingInt(3), 3),
    (LyingFloat(0.5), 0.5),
    (LyingStr("wrong"), "wrong"),
    (LyingList([1, 2]), [1, 2]),
    (LyingTuple((1, 2)), (1, 2)),
    (LyingDict(a=1), {"a": 1}),
]


@pytest.mark.parametrize(("value", "plain"), LIARS)
def test_a_subclass_with_lying_methods_arrives_as_the_plain_value_it_is(value, plain):
    arrived = crossed(value)
    assert type(arrived) is type(plain)
    assert arrived == plain


def test_a_tensor_whose_storage_is_gone_is_refused_and_its_memory_not_read():
    X = torch.randn(3, 4)
    X.untyped_storage().resize_(8)
    with pytest.raises(WireError, match="storage is smaller"):
        sent(X)


def test_a_part_of_an_empty_tensor_arrives():
    assert crossed(torch.zeros(0, 5)[:, 1:]).shape == (0, 4)


def test_a_numpy_scalar_arrives_as_a_number():
    numpy = pytest.importorskip("numpy")
    assert same(crossed([numpy.float64(0.25), numpy.int32(7), numpy.bool_(True), numpy.float32(0.5)]), [0.25, 7, True, 0.5])


def test_what_is_not_data_arrives_as_a_handle():
    encoder = Encoder(lambda value: Handle(5, "function", value.__name__))
    document = json.loads(json.dumps({"value": encoder.encode([len]), "tensors": []}))
    assert received(document, b"") == [Handle(5, "function", "len")]


# -- tensors --------------------------------------------------------------------------------------------------------------

DTYPES = [
    torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.complex64, torch.complex128, torch.int64, torch.int32, torch.int16,
    torch.int8, torch.uint8, torch.bool, torch.uint16, torch.uint32, torch.uint64, torch.float8_e4m3fn,
]  # fmt: skip


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("shape", [(), (1,), (0,), (3, 0, 2), (2, 3), (2, 1, 3, 2)], ids=str)
def test_a_tensor_arrives_with_its_dtype_shape_and_values(dtype, shape):
    tensor = (torch.randn(shape, dtype=torch.complex64).mul(4) if dtype.is_complex else torch.randint(100, shape)).to(dtype)
    arrived = crossed(tensor)
    assert type(arrived) is torch.Tensor
    assert (arrived.dtype, arrived.shape, arrived.tolist()) == (dtype, tensor.shape, tensor.tolist())


@pytest.mark.parametrize("dtype", [torch.int64, torch.uint16, torch.uint32, torch.uint64], ids=str)
def test_the_largest_integers_of_a_dtype_arrive_exactly(dtype):
    largest = torch.iinfo(dtype).max
    assert crossed(torch.tensor([largest, 0], dtype=dtype)).tolist() == [largest, 0]


@pytest.mark.parametrize("dtype", ["complex128", "float64", "quint8", "bits8", "", None, [], "complex64"])
def test_a_record_cannot_turn_a_tensor_into_a_larger_or_stranger_one(dtype):
    document, blob = sent(torch.ones(2, dtype=torch.int8))
    document["tensors"][0]["dtype"] = dtype
    with pytest.raises(Malformed):
        received(document, blob)


def test_nan_and_infinity_arrive_in_their_places():
    arrived = crossed(torch.tensor([math.nan, math.inf, -math.inf, -0.0]))
    assert torch.equal(arrived.isnan(), torch.tensor([True, False, False, False]))
    assert arrived[1:3].tolist() == [math.inf, -math.inf]
    assert torch.signbit(arrived[3])


@pytest.mark.parametrize(
    "view",
    [lambda x: x.T, lambda x: x[:, ::2], lambda x: x[1:, 1:], lambda x: x.permute(1, 0)[::2], lambda x: x[:, 0]],
)
def test_a_view_arrives_with_its_values_and_strides_and_without_the_rest_of_its_storage(view):
    whole = torch.randn(6, 8)
    part = view(whole)
    document, blob = sent(part)
    assert len(blob) < part.nbytes + 400
    arrived = received(document, blob)
    assert torch.equal(arrived, part)
    assert arrived.is_contiguous() == part.is_contiguous()


def test_an_expanded_tensor_arrives_with_its_values():
    expanded = torch.randn(3, 1).expand(3, 4)
    assert torch.equal(crossed(expanded), expanded)


def test_a_conjugate_view_arrives_with_its_values():
    conjugate = torch.randn(3, dtype=torch.complex64).conj()
    assert torch.equal(crossed(conjugate), conjugate)


def test_a_leaf_arrives_as_a_leaf_with_its_gradient():
    leaf = torch.randn(2, 3, requires_grad=True)
    (leaf * torch.arange(3.0)).sum().backward()
    arrived = crossed(leaf)
    assert arrived.is_leaf
    assert arrived.requires_grad
    assert torch.equal(arrived.grad, leaf.grad)


def test_a_leaf_without_gradient_arrives_without_one():
    assert crossed(torch.zeros(2, requires_grad=True)).grad is None


def test_a_parameter_arrives_as_a_plain_tensor():
    arrived = crossed(torch.nn.Parameter(torch.ones(2)))
    assert type(arrived) is torch.Tensor
    assert arrived.requires_grad


def test_the_same_tensor_twice_arrives_as_one_tensor():
    tensor = torch.zeros(2)
    first, second = crossed([tensor, tensor])
    assert first is second


class LyingTensor(torch.Tensor):
    shape = property(lambda self: torch.Size([7, 7]))
    dtype = property(lambda self: torch.float64)
    __eq__ = lambda self, other: True
    __hash__ = torch.Tensor.__hash__
    detach = clone = cpu = contiguous = to = lambda self, *args, **kwargs: torch.full((2,), 99.0)

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        return torch.full((2,), 99.0)


def test_a_tensor_subclass_arrives_as_the_plain_tensor_it_is():
    arrived = crossed(torch.Tensor._make_subclass(LyingTensor, torch.tensor([1.0, 2.0])))
    assert type(arrived) is torch.Tensor
    assert arrived.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("tensor", [torch.eye(2).to_sparse(), torch.empty(2, device="meta")], ids=["sparse", "meta"])
def test_a_tensor_that_is_not_dense_is_refused_with_a_sentence(tensor):
    with pytest.raises(Malformed, match="only dense tensors are understood"):
        sent(tensor)


# -- limits ---------------------------------------------------------------------------------------------------------------


def test_a_cyclic_list_is_refused_with_a_sentence():
    cycle = []
    cycle.append(cycle)
    with pytest.raises(Malformed, match=r"nesting of .* is over the limit"):
        sent(cycle)


def test_a_cyclic_dict_is_refused_with_a_sentence():
    cycle = {}
    cycle["self"] = cycle
    with pytest.raises(Malformed, match=r"nesting of .* is over the limit"):
        sent(cycle)


def test_a_deep_structure_is_refused_with_a_sentence():
    deep = ()
    for _ in range(10_000):
        deep = (deep,)
    with pytest.raises(Malformed, match=r"nesting of .* is over the limit"):
        sent(deep)


def test_too_many_values_are_refused_with_a_sentence():
    with pytest.raises(Malformed, match=r"a number of values of .* is over the limit"):
        sent([0] * 200_000)


def test_what_the_encoder_lets_through_the_reader_accepts():
    deep = 1
    for _ in range(Limits().depth // 3 - 2):
        deep = {0: deep}
    assert crossed_by_socket([deep, [1.5] * 50_000]) == [deep, [1.5] * 50_000]


def crossed_by_socket(value):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        document, blob = sent(value)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 22)
        send_frame(ours, document, blob, deadline=time.monotonic() + 5)
        return received(*receive_frame(theirs, deadline=time.monotonic() + 5))


# -- bytes from a stranger ------------------------------------------------------------------------------------------------


def read(data: bytes, limits=SMALL):
    """What a reader makes of these bytes, after which the line is closed."""
    ours, theirs = socket.socketpair()
    with theirs:
        with ours:
            ours.sendall(data)
        document, blob = receive_frame(theirs, limits, deadline=time.monotonic() + 5)
        if not isinstance(document, dict):
            raise WireError.malformed("not a message")
        return received({"tensors": document.get("tensors"), "value": document.get("value")}, blob)


def accepted_or_refused(data: bytes, limits=SMALL) -> None:
    with contextlib.suppress(WireError):
        read(data, limits)


def framed(document, blob=b"") -> bytes:
    text = document if isinstance(document, bytes) else json.dumps(document).encode()
    return HEAD.pack(MAGIC, len(text), len(blob)) + text + blob


leaf = torch.ones(2, 3, requires_grad=True)
leaf.sum().backward()
EXAMPLES = [
    framed(*sent([leaf, leaf.T.detach(), torch.ones(2, dtype=torch.bfloat16), torch.ones(2, dtype=torch.complex64)])),
    framed(*sent({"a": (1, 2.5, None), 3: [True, "x", b"y", complex(1, 2), slice(1, 2), {1, 2}, 10**30, math.inf, torch.float32]})),
]


@FUZZ
@given(st.binary(max_size=200) | st.binary(max_size=200).map(lambda tail: MAGIC + tail) | st.binary(max_size=200).map(framed))
def test_random_bytes_are_refused_as_a_wire_error(data):
    accepted_or_refused(data)


@settings(FUZZ, max_examples=250)
@given(st.sampled_from(EXAMPLES), st.data())
def test_a_changed_message_is_understood_or_refused_as_a_wire_error(example, data):
    changed = bytearray(example)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, max(0, len(changed) - 1)))
        match data.draw(st.sampled_from(["set", "delete", "insert", "cut"])):
            case "set":
                changed[place : place + 1] = data.draw(st.binary(min_size=1, max_size=1))
            case "delete":
                del changed[place : place + data.draw(st.integers(1, 8))]
            case "insert":
                changed[place:place] = data.draw(st.binary(min_size=1, max_size=8))
            case "cut":
                del changed[max(place, 1) :]
    accepted_or_refused(bytes(changed))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
TAGS = [
    "tensor", "known", "tuple", "dict", "set", "object", "yours", "dtype", "device", "complex", "bytes", "slice", "ellipsis", "float", "int", "generator", "x",
]  # fmt: skip
FIELDS = ["i", "items", "id", "kind", "type", "name", "re", "im", "hex", "state"]


def tagged(inner):
    return st.builds(lambda tag, fields: {"$": tag, **fields}, st.sampled_from(TAGS), st.dictionaries(st.sampled_from(FIELDS), inner, max_size=5))


@settings(FUZZ, max_examples=250)
@given(st.recursive(json_values | tagged(json_values), lambda inner: tagged(inner) | tagged(st.lists(inner, max_size=3)), max_leaves=8))
def test_a_document_of_any_shape_is_understood_or_refused_as_a_wire_error(value):
    accepted_or_refused(framed({"tensors": [], "value": value}))


record_values = json_values | st.sampled_from(["float64", "complex64", "bits8", "quint8", "float8_e4m3fn", "uint4", "cpu", "cuda", "cuda:99", "meta"])
record_fields = st.sampled_from(["grad", "leaf", "device", "stride", "dtype", "grad_of"])


@settings(FUZZ, max_examples=250)
@given(st.lists(st.dictionaries(record_fields, record_values | st.lists(st.integers(-2, 9), max_size=3), max_size=4) | json_values, min_size=2, max_size=2))
def test_tensor_records_of_any_shape_are_understood_or_refused_as_a_wire_error(records):
    document, blob = sent([torch.ones(2, 3), torch.ones(4, dtype=torch.int64)])
    accepted_or_refused(framed({**document, "tensors": records}, blob))


@pytest.mark.parametrize(("json_length", "blob_length"), [(1 << 31, 0), (0, 1 << 40), (4, 1 << 63)])
def test_a_length_over_the_limit_is_refused_before_anything_is_allocated(json_length, blob_length):
    tracemalloc.start()
    with pytest.raises(Malformed, match="over the limit") as refused:
        read(HEAD.pack(MAGIC, json_length, blob_length) + bytes(64))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.value.reason == "output limit"
    assert peak < 1 << 20


def test_a_stride_cannot_make_a_tensor_much_larger_than_its_bytes():
    document, blob = sent(torch.ones(50_000, 2).T)
    document["tensors"][0]["stride"] = [64 * 50_000, 64]
    arrived = received(document, blob)
    assert arrived.untyped_storage().nbytes() <= 16 * len(blob)


@pytest.mark.parametrize("tag", ["dict", "set"])
def test_keys_with_equal_hashes_cannot_hold_the_reader_up(tag, monkeypatch):
    monkeypatch.setattr("autograder.wire.values.DECODE_SECONDS", 0.2)
    keys = [(2**61 - 1) * i for i in range(90_000)]
    items = [[key, 0] for key in keys] if tag == "dict" else keys
    with pytest.raises(Malformed, match="take too long to read"):
        received({"tensors": [], "value": {"$": tag, "items": items}}, b"")


def test_json_nested_too_deeply_is_refused():
    accepted_or_refused(framed(b"[" * 30_000 + b"]" * 30_000))
    with pytest.raises(Malformed):
        read(framed(b"[" * 30_000 + b"]" * 30_000))
