"""Promises: criteria that hold for nearly every function, each made by one line in a grader.

A promise first looks at what it is about, and then, in the same call, at the values: an answer that returns its input keeps every dtype and has no right to
the points. A Finding about values that is not the promise's own `follows`: it speaks only where no criterion before it has found the values wrong.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

import torch

from ..judge.checks import assert_close, assert_finite, assert_gradients, assert_shape, assert_unchanged, assert_vectorised, expect
from ..judge.criteria import criterion
from ..judge.reasons import Finding
from ..judge.student import copied
from .draw import Draw
from .slip import alike

if TYPE_CHECKING:
    from .case import Case
    from .layer import Layer

Test = Callable[..., None]
BATCH = ("a batch of {}", "the batch")
NO_OTHER_WORDS: Mapping[str, tuple[str, str]] = {}
# The functions below that make one, and those of a layer.
PROMISES = (
    "agrees",
    "stays_finite",
    "gradients",
    "at_once",
    "keeps_dtype",
    "leaves_inputs",
    "again",
    "needs_no_graph",
    "seeded",
    "registers",
    "saves",
    "gives_shapes",
)


def agrees(
    case: "Case", title: str, weight: float = 1.0, hint: str = "", sizes: Sequence[tuple] | None = None, arguments: Callable[..., dict] | None = None,
    follows: bool = False, **tolerances: Any,
) -> Test:  # fmt: skip
    """Gives what the reference gives, for all sizes in one message.

    sizes: others than the case's. arguments(draw) → {what the result is called: arguments}: numbers of another kind than the case draws. follows: where
    the values are wrong already for ordinary numbers, this criterion has nothing to add.
    """

    @criterion(title, weight, hint, hint_for=("wrong value", "wrong shape", "unstable"), promise="agrees")
    def test(self, student, draw):
        drawn = arguments(draw) if arguments else {}
        given = list(drawn.values()) if arguments else case.drawn(draw, sizes)
        case.compare(case.ask(student, given), list(drawn), follows=follows, **tolerances)

    return test


def stays_finite(
    case: "Case | Layer", title: str, inputs: Callable[[Draw], dict[str, tuple]], weight: float = 1.0, hint: str = "", **tolerances: Any
) -> Test:  # fmt: skip
    """Finite, and right, for numbers at which the formula as it stands overflows or divides by zero. inputs(draw) → {what they are: arguments}."""

    @criterion(title, weight, hint, hint_for=("unstable", "wrong value"), promise="stays finite")
    def test(self, student, draw):
        drawn = inputs(draw)
        for words, (arguments, result) in zip(drawn, case.ask(student, list(drawn.values())), strict=True):
            what = f"{case.name} of {words}"
            for value in parts_of(result):
                assert_finite(value, what=what)
            case.compare([(arguments, result)], [what], follows=True, **tolerances)

    return test


def gradients(
    case: "Case", weight: float = 1.0, hint: str = "stay with tensor operations from the inputs to the result: no .item(), .detach() or NumPy",
    title: str = "gradients are right", size: tuple = (), sizes: Sequence[tuple] = (), wrt: Sequence[str] | None = None,
    modulo: Callable[[torch.Tensor], torch.Tensor] | None = None,
) -> Test:  # fmt: skip
    """The result carries a graph, and its gradients are those of the function, and of the reference's.

    wrt: names of the inputs that get a gradient; every floating-point one if not given. modulo: what of a gradient is compared with the reference's,
    where right answers may differ in the rest. size, sizes: other ones than the ordinary.
    """

    @criterion(title, weight, hint, hint_for=("no gradient", "unstable"), promise="gradients")
    def test(self, student, draw):
        for one in sizes or [size]:
            _check_gradients(case, student, draw, one, wrt, modulo or (lambda gradient: gradient))

    return test


def _check_gradients(case: "Case", student: Any, draw: Draw, size: tuple, wrt: Sequence[str] | None, modulo: Callable) -> None:
    given = dict(zip(case.names, case.arguments(draw.float64, *size), strict=False))
    learn = [name for name, value in given.items() if _learns(value) and (wrt is None or name in wrt)]
    for name in learn:
        given[name] = given[name].requires_grad_()
    leaves = list(given.values())
    what = case.words(tuple(leaves)).replace(" in float64", "")

    def f(*inputs):  # of no leaves: one that is written into has a criterion of its own
        return case.of(student)(*(value * 1 if _learns(value) and value.requires_grad else copied(value) for value in inputs))

    assert_gradients(f, *leaves, what=what)
    mine, right = f(*leaves), case.right(*leaves)
    case.compare([(tuple(_plain(leaves)), _plain(mine))], [what], follows=True)
    _compare_gradients(case, draw, given, learn, mine, right, modulo)


def _learns(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.is_floating_point()


def _compare_gradients(case: "Case", draw: Draw, given: dict[str, Any], learn: list[str], mine: Any, right: Any, modulo: Callable) -> None:
    results = parts_of(right)
    upstream = [draw.float64.normal(*value.shape) for value in results]
    leaves = [given[name] for name in learn]
    found, wanted = (_backward(values, leaves, upstream) for values in (parts_of(mine), results))
    reached = {name: gradient is not None and bool(gradient.any()) for name, gradient in zip(learn, found, strict=True)}
    for name, gradient, other in zip(learn, found, wanted, strict=True):
        if other is None or not bool(other.any()):
            continue
        others = [f"{n} gets one" for n, yes in reached.items() if yes]
        expect(reached[name], f"no gradient comes back from {case.name} to {name}{': ' if others else ''}{', '.join(others)}", "no gradient")
        rtol, atol = max(1e-5, case.rtol or 0), max(1e-7, case.atol or 0)
        assert_close(modulo(gradient), modulo(other), what=f"the gradient of {name}, through {case.name},", rtol=rtol, atol=atol)


def _backward(results: list[torch.Tensor], leaves: list[torch.Tensor], upstream: list[torch.Tensor]) -> tuple[torch.Tensor | None, ...]:
    """The gradients of the leaves, through those of the results that carry a graph."""
    used = [(result, u) for result, u in zip(results, upstream, strict=False) if result.requires_grad]
    return torch.autograd.grad([result for result, _ in used], leaves, [u for _, u in used], allow_unused=True)


def parts_of(result: Any) -> list[torch.Tensor]:
    """The tensors of a result, which is one or several."""
    return [value for value in (result if isinstance(result, list | tuple) else [result]) if isinstance(value, torch.Tensor)]


def _plain(value: Any) -> Any:
    """The value without its graph."""
    if isinstance(value, torch.Tensor):
        return value.detach()
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def at_once(
    case: "Case | Layer", *dimensions: str, weight: float = 1.0, hint: str = "one tensor operation treats the whole batch: no loop over it",
    title: str = "works on the whole batch at once", grows: Mapping[str, tuple[str, str]] = NO_OTHER_WORDS, **others: Any,
) -> Test:  # fmt: skip
    """Runs as many operations for a large batch as for a small one. dimensions: parameters of the case's `arguments` that grow, each alone. grows: what of
    them is no batch, in words with and without a size: {"window": ("a window of {}", "the window")}. others: parameters that are not as usual; a list stands
    for several runs."""
    each = [dict(zip(others, values, strict=True)) for values in product(*(v if isinstance(v, list) else [v] for v in others.values()))]

    @criterion(title, weight, hint, hint_for=("too slow",), promise="at once")
    def test(self, student, draw):
        for given in each:
            for dimension in dimensions:
                f, its = case.callable_of(student, tuple(case.arguments(draw, **given)))
                assert_vectorised(f, _grown(case, draw, given, dimension, its), what=case.name, grows=grows.get(dimension, BATCH))
            case.compare(case.ask(student, [tuple(case.arguments(draw, **given))]), follows=True)

    return test


def _grown(case: "Case | Layer", draw: Draw, given: dict[str, Any], dimension: str, its: Callable[[tuple], tuple]) -> Callable[[int], tuple]:
    """Arguments by the size of one dimension. its: what of the case's the student's function is called with."""
    return lambda n: its(tuple(case.arguments(draw, **{**given, dimension: n})))


def keeps_dtype(
    case: "Case | Layer", weight: float = 1.0, hint: str = "make no tensor with a dtype of its own; reshape where view wants a memory order",
    title: str = "keeps the dtype, and takes numbers in any memory order", size: tuple = (), sizes: Sequence[tuple] = (), whole_numbers: bool = False,
) -> Test:  # fmt: skip
    """float64 in, float64 out, in full precision; the same numbers in another memory order give the same. whole_numbers: int64 in, int64 out, too. size,
    sizes: other ones than the ordinary."""

    @criterion(title, weight, hint, hint_for=("wrong type", "wrong value"), promise="keeps dtype")
    def test(self, student, draw):
        for one in sizes or [size]:
            _check_dtype(case, student, draw, one, whole_numbers)

    return test


def _check_dtype(case: "Case | Layer", student: Any, draw: Draw, size: tuple, whole_numbers: bool) -> None:
    [wide], [turned] = case.drawn(draw.float64, [size]), case.drawn(draw.other_order, [size])
    straight = tuple(map(_contiguous, turned))
    (_, in_float64), (_, from_turned), (_, from_straight) = case.ask(student, [wide, turned, straight])
    words = case.words(wide)
    for arguments, result in ((wide, in_float64), (straight, from_straight)):
        for value, right in zip(parts_of(result), parts_of(case.right(*arguments)), strict=False):
            name = str(value.dtype).removeprefix("torch.")
            if value.dtype != right.dtype:
                expected = str(right.dtype).removeprefix("torch.")
                raise Finding(f"{case.words(arguments)} has dtype {name}, expected {expected}", "wrong type", follows=True)
    case.compare([(straight, from_straight)], follows=True)
    case.compare([(turned, from_turned)], [f"{case.words(turned)}, for tensors that are not contiguous,"])
    rough = alike(in_float64, case.right(*wide))
    exact = {"rtol": 1e-10, "atol": 1e-12} if rough and case.rtol is None else {}
    case.compare([(wide, in_float64)], [f"{words}, to the digits of float64," if rough else words], follows=not rough, **exact)
    if whole_numbers:
        given = tuple(map(_whole, case.arguments(draw, *size)))
        case.compare(case.ask(student, [given]), [f"{case.words(given)}, of whole numbers,"])


def _contiguous(value: Any) -> Any:
    if isinstance(value, list):
        return list(map(_contiguous, value))
    return value.contiguous() if isinstance(value, torch.Tensor) else value


def _whole(value: Any) -> Any:
    """Numbers as integers, too large for float32."""
    return (1e12 * value.double()).to(torch.int64) if isinstance(value, torch.Tensor) and value.is_floating_point() else value


def leaves_inputs(
    case: "Case | Layer", weight: float = 1.0, hint: str = "operations that end in _, += and assignments into a slice write into the caller's tensor",
    title: str = "leaves its inputs unchanged", sizes: Sequence[tuple] = ((),),
) -> Test:  # fmt: skip
    """Its arguments hold after the call what they held before."""

    @criterion(title, weight, hint, hint_for=("wrong value",), promise="leaves inputs")
    def test(self, student, draw):
        for arguments in case.drawn(draw, sizes):
            given = copied(arguments)
            result = case.of(student)(*given)
            for name, before, after in zip(case.names, arguments, given, strict=False):
                _assert_left(before, after, name)
            case.compare([(arguments, result)], follows=True)

    return test


def _assert_left(before: Any, after: Any, name: str) -> None:
    if isinstance(before, torch.Tensor):
        assert_unchanged(before, after, what=name)
    elif type(before) in (list, tuple):
        for i, (old, new) in enumerate(zip(before, after, strict=False)):
            _assert_left(old, new, f"{name}[{i}]")


def again(
    case: "Case", weight: float = 1.0, hint: str = "keep nothing from one call for the next, and switch nothing for the whole program",
    title: str = "gives the same when it is called again, and leaves the program as it was", sizes: Sequence[tuple] = ((), ()), draws: bool = False,
) -> Test:  # fmt: skip
    """The first arguments, others, and the first again: the same results, and right ones; grad mode, default dtype and random generators are as before.

    draws: the function may draw random numbers.
    """

    @criterion(title, weight, hint, hint_for=("wrong value",), promise="again")
    def test(self, student, draw):
        drawn = case.drawn(draw, sizes)
        calls = [*drawn, drawn[0]]
        seen = student.run(called_in_turn, name=case.name, calls=case.given(student, calls), draws=draws)
        results = seen.get("results") if isinstance(seen, dict) else None
        if not isinstance(results, list) or len(results) != len(calls):
            raise Finding(f"{case.name} gave back something that cannot be read", "tampered")
        results = [case.call(lambda *_, result=result: result)(*call) for call, result in zip(calls, results, strict=True)]  # the part that the case is of
        expect(not seen["changed"], f"after a call of {case.name} {seen['changed']}", follows="random numbers" in str(seen["changed"]))
        case.compare([(calls[0], results[0])], follows=True)
        case.compare(list(zip(calls, results, strict=True))[1:], [f"{case.words(arguments)}, at a later call," for arguments in calls[1:]])

    return test


def called_in_turn(student, name, calls, draws):
    """Results of calls one after the other, and what of the program is not as it was before them."""
    import random

    import numpy
    import torch

    def program():
        generators = () if draws else (torch.get_rng_state().tolist(), random.getstate(), str(numpy.random.get_state()))
        return torch.is_grad_enabled(), torch.is_inference_mode_enabled(), torch.get_default_dtype(), torch.are_deterministic_algorithms_enabled(), *generators

    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)  # whatever an earlier call has left

    def copy(value):
        if isinstance(value, torch.Tensor):
            return value.clone()
        if isinstance(value, torch.Generator):
            return value.clone_state()
        return type(value)(map(copy, value)) if type(value) in (list, tuple) else value

    before, results = program(), []
    for arguments in calls:
        result = getattr(student, name)(*map(copy, arguments))
        results.append(copy(result))
    words = ("autograd is switched off", "inference mode is switched on", "the default dtype is another", "the choice of algorithms is another",
             *["the random numbers of the program are others"] * 3)  # fmt: skip
    changed = [said for said, old, new in zip(words, before, program()) if old != new]
    return {"results": results, "changed": changed[0] if changed else ""}


def needs_no_graph(
    case: "Case", weight: float = 1.0, hint: str = "write the closed form; autograd is not needed", title: str = "is plain arithmetic that needs no graph",
    size: tuple = (),
) -> Test:  # fmt: skip
    """Works where autograd is switched off for good."""

    @criterion(title, weight, hint, promise="needs no graph")
    def test(self, student, draw):
        arguments = tuple(case.arguments(draw, *size))
        [given] = case.given(student, [arguments])
        result = student.run(called_in_inference_mode, name=case.name, arguments=given)
        case.compare([(arguments, result)], [f"{case.words(arguments)}, with autograd switched off,"], follows=True)

    return test


def called_in_inference_mode(student, name, arguments):
    import torch

    with torch.inference_mode():
        result = getattr(student, name)(*arguments)
        return result.clone() if isinstance(result, torch.Tensor) else [value.clone() for value in result]


def seeded(
    case: "Case", weight: float = 1.0, hint: str = "torch.rand(shape, generator=generator), and no other source of random numbers",
    title: str = "all chance comes from the generator: the same state, the same result", size: tuple = (), calls: int = 8,
) -> Test:  # fmt: skip
    """Of a function whose last argument is a torch.Generator: its state decides what comes out, call by call, and nothing else does.

    size: one for which chance decides. calls: how many with one generator; they do not all give the same.
    """

    @criterion(title, weight, hint, hint_for=("wrong value",), promise="seeded")
    def test(self, student, draw):
        *arguments, generator = case.arguments(draw, *size)
        generators = [generator, generator, draw.new_generator()]
        seen = student.run(called_with_generators, name=case.name, arguments=arguments, generators=generators, calls=calls)
        runs, moved = (seen.get("runs"), seen.get("moved")) if isinstance(seen, dict) else (None, None)
        if not isinstance(runs, list) or [len(run) for run in runs if isinstance(run, list)] != [calls] * len(generators):
            raise Finding(f"{case.name} gave back something that cannot be read", "tampered")
        _assert_shapes(case, [result for run in runs for result in run], (*arguments, copied(generator)))
        once, again, other = ([parts_of(result) for result in run] for run in runs)
        told = f": it moves on the random numbers of {moved}" if moved else ""
        expect(_equal(once, again), f"the same state of the generator gave two different results{told}")
        told = f"{calls} calls one after the other with the same generator all gave the same result: the generator is not used up"
        expect(not all(_equal(once[0], result) for result in once[1:]), told, follows=True)
        expect(not _equal(once, other), "generators with different seeds gave the same results")

    return test


def _assert_shapes(case: "Case", results: list, arguments: tuple) -> None:
    rights, what = parts_of(case.right(*arguments)), case.words(arguments)
    for result in results:
        parts = parts_of(result)
        if len(parts) != len(rights):
            raise Finding(f"{what} gives {len(parts)} tensors, {len(rights)} were expected", "wrong type", follows=True)
        for part, right in zip(parts, rights, strict=True):
            assert_shape(part, right.shape, what=what)


def _equal(one: list, other: list) -> bool:
    """Whether lists of lists of tensors are the same, bit for bit."""
    if isinstance(one, torch.Tensor):
        return bool(torch.equal(one, other))
    return all(map(_equal, one, other))


def called_with_generators(student, name, arguments, generators, calls):
    """Results of calls one after the other with each generator, other random numbers in the program each time; and whose numbers were moved on."""
    import random

    import numpy
    import torch

    def copy(value):
        return value.clone() if isinstance(value, torch.Tensor) else value

    runs, moved = [], ""
    for seed, generator in enumerate(generators):
        torch.manual_seed(seed)
        random.seed(seed)
        numpy.random.seed(seed)
        state = lambda: {"torch": torch.get_rng_state().tolist(), "random": random.getstate(), "NumPy": str(numpy.random.get_state())}
        before = state()
        runs.append([getattr(student, name)(*map(copy, arguments), generator) for _ in range(calls)])
        moved = moved or next((library for library, numbers in state().items() if numbers != before[library]), "")
    return {"runs": runs, "moved": moved}
