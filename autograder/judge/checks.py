"""What a grader asserts. Each check says in the student's terms what is wrong (type, then shape, then dtype and device, then values) and never
shows an expected number."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import torch

from .operators import forbidden_name
from .reasons import Finding
from .student import RemoteFunction, RemoteObject, kind_of, type_name_of
from .words import number, shape_remark, shape_words

# Relative and absolute tolerance for a dtype, those of torch.testing.
TOLERANCES = {
    torch.float16: (1e-3, 1e-5),
    torch.bfloat16: (1.6e-2, 1e-5),
    torch.float32: (1.3e-6, 1e-5),
    torch.float64: (1e-7, 1e-7),
    torch.complex64: (1.3e-6, 1e-5),
    torch.complex128: (1e-7, 1e-7),
}


def fail(message: str, reason: str = "wrong value") -> NoReturn:
    """The criterion does not hold, for this reason, in these words."""
    raise Finding(message, reason)


def expect(condition: Any, message: str, reason: str = "wrong value", *, follows: bool = False) -> None:
    """The criterion does not hold unless `condition` is the plain value True. follows: as in `reasons.Finding`."""
    if isinstance(condition, torch.Tensor):
        condition = condition.numel() == 1 and bool(condition)
    if condition is not True:
        raise Finding(message, reason, follows=follows)


def assert_shape(value: Any, shape: Sequence[int], *, what: str) -> None:
    """`value` is a tensor of this shape."""
    _tensor(value, what)
    if tuple(value.shape) != tuple(shape):
        remark = shape_remark(tuple(value.shape), tuple(shape))
        raise Finding(f"{what} has shape {shape_words(value.shape)}, expected {shape_words(shape)}{remark}", "wrong shape")


def assert_close(actual: Any, expected: Any, *, what: str, rtol: float | None = None, atol: float | None = None, check_dtype: bool = True) -> None:
    """`actual` equals `expected` within tolerances (those of torch.testing for the dtype, unless stated).

    expected: tensor, number, bool, string, None, or a list, tuple or dict of these. For a number a one-element tensor is accepted; a list and
    a tuple are accepted for each other.
    """
    if isinstance(expected, torch.Tensor):
        _close_tensors(actual, expected, what, rtol, atol, check_dtype)
    elif isinstance(expected, bool):
        _close_bool(actual, expected, what)
    elif isinstance(expected, int | float):
        _close_numbers(actual, expected, what, rtol, atol)
    elif isinstance(expected, list | tuple):
        _sequence(actual, len(expected), what)
        for index, (mine, right) in enumerate(zip(actual, expected, strict=True)):
            assert_close(mine, right, what=f"{what}[{index}]", rtol=rtol, atol=atol, check_dtype=check_dtype)
    elif isinstance(expected, dict):
        _close_dicts(actual, expected, what, rtol, atol, check_dtype)
    elif isinstance(expected, torch.Size):
        assert_close(actual, tuple(expected), what=what)
    elif type(actual) is not type(expected) or actual != expected:
        raise Finding(f"{what} is not what it should be", "wrong value" if type(actual) is type(expected) else "wrong type")


def assert_agrees(
    f: Callable, right: Callable, cases: dict[str, tuple], *, rtol: float | None = None, atol: float | None = None, check_dtype: bool = True
) -> None:
    """For each case, {what it is called in a message: arguments}, f(*arguments) equals right(*arguments), as `assert_close` has it.

    f: a function of the student's; all cases are asked for in one message, and each call has copies of its arguments.
    """
    results = f.each(cases.values()) if hasattr(f, "each") else (f(*arguments) for arguments in cases.values())
    for what, arguments in cases.items():
        assert_close(next(results), right(*arguments), what=what, rtol=rtol, atol=atol, check_dtype=check_dtype)


def _tensor(value: Any, what: str) -> None:
    if not isinstance(value, torch.Tensor):
        none = " (is the return statement missing?)" if value is None else ""
        raise Finding(f"{what} is {_a(type_name_of(value))}, a torch.Tensor was expected{none}", "wrong type")


def _a(name: str) -> str:
    return "None" if name == "NoneType" else f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _close_tensors(actual, expected, what, rtol, atol, check_dtype) -> None:
    _tensor(actual, what)
    assert_shape(actual, expected.shape, what=what)
    if check_dtype and actual.dtype != expected.dtype:
        raise Finding(f"{what} has dtype {_name(actual.dtype)}, expected {_name(expected.dtype)}", "wrong type")
    if actual.device.type != expected.device.type:
        raise Finding(f"{what} is on {actual.device.type}, expected on {expected.device.type}", "wrong type")
    mine, right = actual.detach().cpu(), expected.detach().cpu()
    default = TOLERANCES.get(right.dtype, (0.0, 0.0))
    rtol, atol = (default[0] if rtol is None else rtol), (default[1] if atol is None else atol)
    if not (right.is_floating_point() or right.is_complex()):
        mine, right = (t.to(torch.int64) if t.dtype == torch.bool else t for t in (mine, right))
        wrong = mine != right if mine.dtype == right.dtype else mine.to(torch.float64) != right.to(torch.float64)
        difference = (mine.to(torch.float64) - right.to(torch.float64)).abs().clamp(min=1.0 if mine.dtype == right.dtype else 0.0)
    else:
        wide = torch.complex128 if right.is_complex() or mine.is_complex() else torch.float64
        mine, right = mine.to(wide), right.to(wide)
        difference = (mine - right).abs()
        near = (difference <= right.abs().mul_(rtol).add_(atol)) & (difference < math.inf)
        if bool(near.all()):  # what isclose says, at half its cost; where something is infinite or NaN, that decides
            return
        wrong = ~torch.isclose(mine, right, rtol=rtol, atol=atol, equal_nan=True)
    if bool(wrong.any()):
        raise _values_differ(what, mine, right, wrong, difference)


def _values_differ(what, mine, right, wrong, difference) -> Finding:
    bad = ~torch.isfinite(mine) & torch.isfinite(right)
    if bool(bad.any()):
        kind = "NaN" if bool(torch.isnan(mine[bad]).any()) else "infinite"
        return Finding(f"{what} is {kind} at {_place(bad)} where it should be finite ({_share(bad)} entries)", "unstable")
    difference = torch.where(wrong, difference.nan_to_num(nan=math.inf), torch.zeros_like(difference))
    if wrong.ndim == 0 or wrong.numel() == 1:
        return Finding(f"{what} is off by {number(float(difference.max()))}")
    largest = _index(int(difference.argmax()), difference.shape)
    return Finding(f"{what}: {_share(wrong)} entries are wrong; the largest difference, {number(float(difference.max()))}, is at {largest}")


def _share(mask: torch.Tensor) -> str:
    return f"{int(mask.sum())} of {mask.numel()}"


def _place(mask: torch.Tensor) -> str:
    return _index(int(mask.flatten().to(torch.uint8).argmax()), mask.shape)


def _index(flat: int, shape: Sequence[int]) -> str:
    place = []
    for size in reversed(shape):
        place.append(flat % size)
        flat //= size
    return f"[{', '.join(map(str, reversed(place)))}]" if place else "its only entry"


def _close_bool(actual: Any, expected: bool, what: str) -> None:
    if isinstance(actual, torch.Tensor) and actual.numel() == 1:
        actual = actual.item()
    if not isinstance(actual, bool | int) or actual not in (0, 1):
        raise Finding(f"{what} is {_a(type_name_of(actual))}, True or False was expected", "wrong type")
    if bool(actual) is not expected:
        raise Finding(f"{what} is {bool(actual)}; it should be the opposite")


def _close_numbers(actual: Any, expected: float, what: str, rtol: float | None, atol: float | None) -> None:
    value = as_number(actual, what=what)
    right = float(expected)
    if isinstance(expected, int) and rtol is None and atol is None:
        exact = actual.item() if isinstance(actual, torch.Tensor) else actual
        equal = exact == expected
    else:
        equal = math.isclose(value, right, rel_tol=1e-6 if rtol is None else rtol, abs_tol=1e-8 if atol is None else atol)
    if equal or (math.isnan(value) and math.isnan(right)):
        return
    if not math.isfinite(value) and math.isfinite(right):
        raise Finding(f"{what} is {value}; a finite number was expected", "unstable")
    raise Finding(f"{what} is {number(value)}, which is off by {number(abs(value - right))}")


def as_number(value: Any, *, what: str) -> float:
    """A number, or a one-element tensor, as a float. Raises Finding for anything else."""
    if isinstance(value, torch.Tensor) and value.numel() == 1 and not value.is_complex():
        return float(value.detach())
    if isinstance(value, bool | int | float):
        try:
            return float(value)
        except OverflowError:
            raise Finding(f"{what} is a number of {int(value).bit_length()} bits; a smaller one was expected") from None
    if isinstance(value, torch.Tensor):
        raise Finding(f"{what} has shape {shape_words(value.shape)}, one number was expected", "wrong shape")
    raise Finding(f"{what} is {_a(type_name_of(value))}, a number was expected", "wrong type")


def _sequence(actual: Any, length: int, what: str) -> None:
    if not isinstance(actual, list | tuple):
        raise Finding(f"{what} is {_a(type_name_of(actual))}, a list or tuple of {length} was expected", "wrong type")
    if len(actual) != length:
        raise Finding(f"{what} has {len(actual)} items, {length} were expected", "wrong shape")


def _close_dicts(actual, expected, what, rtol, atol, check_dtype) -> None:
    if not isinstance(actual, dict):
        raise Finding(f"{what} is {_a(type_name_of(actual))}, a dict was expected", "wrong type")
    missing = [key for key in expected if key not in actual]
    if missing:
        raise Finding(f"{what} has no key {missing[0]!r}", "wrong value")
    if len(actual) != len(expected):
        raise Finding(f"{what} has {len(actual)} keys, {len(expected)} were expected", "wrong value")
    for key, right in expected.items():
        assert_close(actual[key], right, what=f"{what}[{key!r}]", rtol=rtol, atol=atol, check_dtype=check_dtype)


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def assert_finite(value: Any, *, what: str) -> None:
    """Every entry of a tensor (or a number) is finite."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = torch.tensor(float(value))
    _tensor(value, what)
    bad = ~torch.isfinite(value.detach())
    if bool(bad.any()):
        kind = "NaN" if bool(torch.isnan(value.detach()).any()) else "infinite"
        raise Finding(f"{what} is {kind} at {_place(bad)} ({_share(bad)} entries are not finite)", "unstable")


def assert_unchanged(before: torch.Tensor, after: torch.Tensor, *, what: str) -> None:
    """The tensor still holds what it held before the call."""
    if before.shape != after.shape or not bool(torch.equal(before.detach().nan_to_num(nan=0.0), after.detach().nan_to_num(nan=0.0))):
        raise Finding(f"{what} was changed by the call; it should be left as it was")


def assert_gradients(f: Callable, *inputs: torch.Tensor, what: str, rtol: float = 1e-5, atol: float = 1e-7, eps: float = 1e-5, directions: int = 2) -> None:
    """The result of f(*inputs) carries a graph and its gradients are right.

    inputs: float64; those that require a gradient are checked, at a point where f is smooth. f may return one tensor or a tuple or list of them.
    The gradient check is that of finite differences, between random vectors: for directions v of the inputs and u of the results, the slope of u·f along v,
    measured by central differences of width `eps`, must be ⟨∂(u·f), v⟩. `directions`² numbers are compared; a wrong entry of the Jacobian shows in each.
    """
    wanted = [x for x in inputs if isinstance(x, torch.Tensor) and x.requires_grad]
    results = _differentiable(f(*inputs), what)
    narrow = next((value for value in results if value.dtype in (torch.float32, torch.float16, torch.bfloat16)), None)
    if narrow is not None:
        raise Finding(f"{what} has dtype {_name(narrow.dtype)} for float64 inputs", "wrong type", follows=True)
    generator = torch.Generator().manual_seed(1 + sum(value.numel() for value in results))
    outward = [[torch.randn(r.shape, generator=generator, dtype=torch.float64).to(r.device) for r in results] for _ in range(directions)]
    inward = [[torch.randn(x.shape, generator=generator, dtype=torch.float64).to(x.device) for x in wanted] for _ in range(directions)]
    gradients = [torch.autograd.grad(results, wanted, u, retain_graph=True, allow_unused=True) for u in outward]
    if any(g is not None and not bool(torch.isfinite(g).all()) for row in gradients for g in row):
        raise Finding(f"the gradient of {what} is not finite", "unstable")
    for v in inward:
        slope = _slope(f, inputs, v, eps, len(results), what)
        for u, row in zip(outward, gradients, strict=True):
            measured = sum(float((a * b).sum()) for a, b in zip(u, slope, strict=True))
            claimed = sum(float((g * d).sum()) for g, d in zip(row, v, strict=True) if g is not None)
            scale = sum(float((a * b).abs().sum()) for a, b in zip(u, slope, strict=True))
            if not abs(measured - claimed) <= atol + rtol * scale:
                raise Finding(f"the gradient of {what} is not that of the function: it differs from the slope measured by small steps", "no gradient")


def _differentiable(result: Any, what: str) -> list[torch.Tensor]:
    """The results that carry a graph, all finite."""
    results = [value for value in (result if isinstance(result, list | tuple) else [result]) if isinstance(value, torch.Tensor)]
    if not results:
        _tensor(result, what)
    graph = [value for value in results if value.requires_grad]
    if not graph:
        raise Finding(f"{what} carries no graph: no gradient can flow back through it (was it detached, rebuilt, or made in NumPy?)", "no gradient")
    for value in graph:
        assert_finite(value, what=what)
    return graph


def _slope(f: Callable, inputs: tuple, direction: list[torch.Tensor], eps: float, count: int, what: str) -> list[torch.Tensor]:
    """Central differences of f along a direction of the inputs that require a gradient."""

    def shifted(step: float) -> list[torch.Tensor]:
        steps = iter(direction)
        moved = [(x.detach() + step * next(steps)).requires_grad_() if isinstance(x, torch.Tensor) and x.requires_grad else x for x in inputs]
        return [value.detach() for value in _differentiable(f(*moved), what)]

    ahead, behind = shifted(eps), shifted(-eps)
    if len(ahead) != count or len(behind) != count:
        raise Finding(f"{what} gives another number of results for slightly other inputs", "wrong value")
    return [(a - b) / (2 * eps) for a, b in zip(ahead, behind, strict=True)]


def operations(f: Callable, /, *args: Any, **kwargs: Any) -> Counter:
    """The operators that f(*args, **kwargs) runs, with their counts: {"aten.exp": 1, …}. Python-level names are left out."""
    return _operators(_record(f, args, kwargs))


def _record(f: Callable, args: tuple, kwargs: dict) -> Counter:
    """Operators and Python-level names."""
    remote = _remote(f)
    if remote is not None:
        return remote.counted(args, kwargs)[1]
    from ..sandbox.watch import watched

    seen: Counter = Counter()
    with watched(seen):
        f(*args, **kwargs)
    return seen


def _steps(f: Callable, args: tuple) -> int:
    remote = _remote(f)
    if remote is not None:
        return remote.steps(args, {})
    from ..sandbox.steps import counted

    return counted(lambda: f(*args))[1]


def _remote(f: Callable) -> RemoteFunction | None:
    if isinstance(f, RemoteObject):
        return RemoteFunction(f._student, {"op": "call", "object": f._handle.id}, f._handle.type_name)
    return f if isinstance(f, RemoteFunction) else None


def _operators(seen: Counter) -> Counter:
    return Counter({name: count for name, count in seen.items() if name.startswith("aten.") and name not in _BOOKKEEPING})


_BOOKKEEPING = {"aten.detach", "aten.alias", "aten.lift_fresh", "aten.detach_", "aten._to_copy", "aten.is_same_size"}


def assert_vectorised(
    f: Callable, make_args: Callable[[int], tuple], *, what: str, sizes: Sequence[int] = (4, 32), grows: tuple[str, str] = ("a batch of {}", "the batch")
) -> None:
    """f runs as many tensor operations for a large batch as for a small one. make_args(n) makes the arguments for a batch of n; grows: what grows, in words,
    with and without its size.

    Where f leaves PyTorch, and the number of its operations says little (NumPy with a gradient of one's own), it takes as many steps of Python for both.
    """
    records = [_record(f, make_args(size), {}) for size in sizes]
    small, large = (sum(_operators(record).values()) for record in records)
    words, whole = [grows[0].format(size) for size in sizes], grows[1]
    if large > small + 2:
        raise Finding(
            f"{what} runs {small} tensor operations for {words[0]} and {large} for {words[1]}: it loops over {whole} where one operation would do", "too slow"
        )
    computes = small > 0 or large > 0 or _computes(f, [make_args(size) for size in sizes], what)
    if computes and (small == large == 0 or forbidden_name(records[0], ["numpy"])):
        few, many = (_steps(f, make_args(size)) for size in sizes)
        if many - few > (sizes[1] - sizes[0]) // 2 and _tensors(f(*make_args(sizes[0]))):
            raise Finding(
                f"{what} takes {few} steps of Python for {words[0]} and {many} for {words[1]}: it loops over {whole} where one operation on the whole would do",
                "too slow",
            )


def _computes(f: Callable, cases: list[tuple], what: str) -> bool:
    """Whether f, which runs no tensor operation, gives tensors at all. Raises Finding where these are its arguments, the same for all cases, or no tensors."""
    results = [f(*arguments) for arguments in cases]
    result, tensors = results[0], _tensors(results[0])
    given_back = any(_same(value, given) for value in tensors for given in cases[0])
    constant = all(_same(value, other) for value, other in zip(tensors, _tensors(results[-1]), strict=False))
    if kind_of(result) != "none" and (not tensors or given_back or constant):
        raise Finding(f"{what} runs no tensor operation at all: was it computed outside PyTorch?", "too slow")
    return bool(tensors)


def _tensors(result: Any) -> list[torch.Tensor]:
    return [value for value in (result if isinstance(result, list | tuple) else [result]) if isinstance(value, torch.Tensor)]


def _same(value: torch.Tensor, given: Any) -> bool:
    return isinstance(given, torch.Tensor) and value.shape == given.shape and bool(torch.equal(value.detach(), given.detach().to(value.dtype)))
