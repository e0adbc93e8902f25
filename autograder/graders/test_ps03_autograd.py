"""Hidden grader of ps03_autograd.

Functions that are handed to the student are made over there, inside a probe, from their source: a second derivative does not cross the line. The same
probe, asked of the reference here, says what is right, and asked of a wrong function what a slip gives.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import torch

from autograder import Finding, assert_close, assert_finite, case, copied, criterion, exercise, expect, fail, operations, slip_in
from solutions.ps03_autograd import autograd as reference

NO_AUTOGRAD = ["grad", "backward", "make_dual"]
ROUNDING = {"rtol": 1e-4, "atol": 1e-5}  # float32 sums in any order
FAR_DIGITS = {"rtol": 1e-10, "atol": 1e-12}


# Functions of functions ----------------------------------------------------------------------------------------------


def call(functions, x, *rest, **scope):
    """A call of the student's function: sources of functions of z, or one; then x, and the other arguments. scope: what the sources name."""
    return {"functions": [functions] if isinstance(functions, str) else functions, "scope": scope, "x": x, "rest": list(rest)}


def asked(student, name, calls):
    """What student.name gives for each call, and what is to be seen: x afterwards, how often `seen(z)` was asked for and how many backward passes came
    through it, whether the result has a graph, which of the ready-made tools ran, and what of the program is not as it was."""
    import sys

    import torch

    ready_made = ("autograd/functional.py", "_functorch/eager_transforms.py", "_functorch/apis.py", "_functorch/vmap.py")

    def plain(value):
        if isinstance(value, torch.Tensor):
            return value.detach().clone()
        return [plain(item) for item in value] if isinstance(value, list | tuple) else value

    def tensors(value):
        if isinstance(value, torch.Tensor):
            return [value]
        return [t for item in value for t in tensors(item)] if isinstance(value, list | tuple) else []

    def program():
        return [torch.is_grad_enabled(), torch.get_default_dtype() == torch.float32]

    def answer(functions, scope, x, rest):
        counts, tools = {"calls": 0, "passes": 0}, []

        def seen(z):
            counts["calls"] += 1
            z = z * 1
            if z.requires_grad:
                z.register_hook(lambda _: counts.update(passes=counts["passes"] + 1))
            return z

        def notice(frame, event, _):
            if event == "call" and frame.f_code.co_filename.endswith(ready_made):
                tools.append(frame.f_code.co_name)

        made = [eval(f"lambda z: {source}", {"torch": torch, "seen": seen, **scope}) for source in functions]
        before, profile = program(), sys.getprofile()
        sys.setprofile(notice)
        try:
            result = getattr(student, name)(*made, x, *rest)
        finally:
            sys.setprofile(profile)
        grad = None if x.grad is None else x.grad.clone()
        left = {"x": x.detach().clone(), "grad": grad, "requires_grad": x.requires_grad, "changed": program() != before, "tools": tools[:1]}
        return {"result": plain(result), "graph": any(t.requires_grad for t in tensors(result)), **counts, **left}

    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)  # whatever an earlier call has left
    return [answer(**given) for given in calls]


def through(f: Callable) -> Callable:
    """f as a function of a `call`; None where it cannot be asked."""

    def ask(given):
        try:
            return asked(SimpleNamespace(f=f), "f", [copied(given)])[0]["result"]
        except Exception:  # a slip for vectors that is asked of a matrix, for instance
            return None

    return lambda given: ask(given)


def function_case(right, slips=None, **options):
    """A case of a function that takes functions: its arguments are one `call`. slips: {words: a function with the same signature}."""
    made = {words: tuple(map(through, ways if isinstance(ways, tuple) else (ways,))) for words, ways in (slips or {}).items()}
    return case(through(right), lambda draw: (), slips=made, name=right.__name__, **options)


def observe(student, name, calls):
    """The records of `asked`, of the shape that they should have."""
    records = student.run(asked, name=name, calls=calls)
    known = isinstance(records, list) and len(records) == len(calls)
    known = known and all(isinstance(r, dict) and {"result", "graph", "passes", "x", "requires_grad", "changed", "tools"} <= r.keys() for r in records)
    expect(known, f"{name} gave back something that cannot be read", "tampered")
    for record in records:
        if record["tools"]:
            fail(f"{name} calls {record['tools'][0]}, a ready-made tool for derivatives; this exercise asks you to build one", "forbidden operation")
    return records


def compare(case, records, calls, part=None, whole=True, follows=False, **tolerances):
    """The results of records are the reference's. calls: {what the result is called: call}. part: which of two results; whole: whether slips give both."""
    results, words = [record["result"] for record in records], list(calls)
    if part is None and not isinstance(case.right(next(iter(calls.values()))), list | tuple):
        wrapped = any(isinstance(result, list | tuple) and len(result) == 1 for result in results)
        expect(not wrapped, f"{case.name} gives a tuple with the tensor in it, as torch.autograd.grad does; return its entry [0]", "wrong type")
    given = [(one,) for one in calls.values()]
    if part is None:
        return case.compare(list(zip(given, results, strict=True)), words, follows=follows, **{**ROUNDING, **tolerances})
    for result in results:
        two_of(result, case.name)
    pairs = list(zip(given, [result[part] for result in results], strict=True))
    try:
        replace(case, right=only(case.right, part), slips={}).compare(pairs, words, follows=follows, **{**ROUNDING, **tolerances})
    except Finding as finding:
        if finding.reason in ("wrong value", "wrong shape") and (slip := slip_in(list(zip(given, results, strict=True)) if whole else pairs, case.slips)):
            finding.message, finding.named = f"{words[0]} is what comes out when {slip}", slip
        raise
    return None


def only(f, part):
    """One of the results of f."""
    return lambda given: f(given)[part]


def two_of(result, name):
    expect(isinstance(result, list | tuple) and len(result) == 2, f"{name} should return two things", "wrong type")


def agrees_on(case, title, calls, weight=1.0, hint="", part=None, whole=True, follows=False, **tolerances):
    """A criterion: the results for calls(draw) → {what the result is called: call} are the reference's."""

    @criterion(title, weight, hint, hint_for=("wrong value", "wrong shape", "unstable", "no gradient"))
    def test(self, student, draw):
        given = calls(draw)
        compare(case, observe(student, case.name, list(given.values())), given, part, whole, follows, **tolerances)

    return test


def keeps_dtype_on(case, calls, weight=1.0, hint="make no tensor with a dtype of its own: zeros_like(x), or dtype=x.dtype"):
    """A criterion: float64 in, float64 out, to its last digits; x in another memory order gives the same. calls(draw) → call."""

    @criterion("keeps the dtype, and takes an x in any memory order", weight, hint, hint_for=("wrong type", "wrong value"))
    def test(self, student, draw):
        given = {f"{case.name} in float64": calls(draw.float64), f"{case.name} of an x that is a part of a larger tensor": calls(draw.other_order)}
        records = observe(student, case.name, list(given.values()))
        compare(case, records, given, follows=True)
        compare(case, records[:1], dict(list(given.items())[:1]), **FAR_DIGITS)

    return test


def leaves_x_on(case, calls, weight=1.0, hint="begin with x = x.detach().requires_grad_(): a new tensor, whose gradient is your own business"):
    """A criterion: x, its requires_grad and its .grad are as before, and the result has no graph. calls(draw) → call."""

    @criterion("leaves x and x.grad as they were, and gives plain numbers without a graph", weight, hint, hint_for=("wrong value",))
    def test(self, student, draw):
        given = {f"{case.name} of an x without a gradient": calls(draw)}
        for kind, old in (("that requires a gradient", False), ("that holds an old gradient", True)):
            learner = calls(draw)
            learner["x"] = learner["x"].clone().requires_grad_()
            learner["x"].grad = draw.normal(*learner["x"].shape) if old else None
            given[f"{case.name} of an x {kind}"] = learner
        records = observe(student, case.name, list(given.values()))
        for one, record in zip(given.values(), records, strict=True):
            assert_left(one["x"], record)
            expect(record["graph"] is False, f"the result of {case.name} carries a graph, where x requires a gradient; plain numbers were expected")
        compare(case, records, given, follows=True)

    return test


def assert_left(x, record):
    """x is after the call what it was before."""
    same = isinstance(record["x"], torch.Tensor) and torch.equal(x.detach(), record["x"])
    expect(same, "the values of x were changed by the call; they should be left as they were")
    switched = "on" if record["requires_grad"] else "off"
    expect(record["requires_grad"] is x.requires_grad, f"x.requires_grad is switched {switched} by the call; it should be left as it was")
    before, after = x.grad, record["grad"]
    if before is None:
        expect(after is None, "x.grad was None before the call, and is a tensor after it; it should be left as it was")
    else:
        expect(isinstance(after, torch.Tensor) and torch.equal(before, after), "x held a gradient before the call, and x.grad is another after it")


def same_again_on(case, calls, weight=1.0, hint="keep nothing from one call for the next, and switch nothing for the whole program"):
    """A criterion: other arguments, and the first once more, give what they should; grad mode and default dtype are as before. calls(draw) → call."""

    @criterion("gives the same when it is called again, and leaves the program as it was", weight, hint, hint_for=("wrong value",))
    def test(self, student, draw):
        first, second = calls(draw), calls(draw)
        words = ("", ", with other numbers, at a second call", ", with the first numbers, at a third call")
        given = {f"{case.name}{said}": one for said, one in zip(words, (first, second, first), strict=True)}
        records = observe(student, case.name, list(given.values()))
        expect(not any(record["changed"] for record in records), f"after a call of {case.name} grad mode or default dtype is another")
        results = [record["result"] for record in records]
        kept = same(results[1], results[0]) or not same(results[2], results[0])
        compare(case, records[:1], dict(list(given.items())[:1]), follows=True)
        compare(case, records, given, follows=not kept or any(touched(record, one) for record, one in zip(records, given.values(), strict=True)))

    return test


def same(one, other):
    """Whether two results of the same kind hold the same."""
    if isinstance(one, list | tuple):
        return isinstance(other, list | tuple) and len(one) == len(other) and all(map(same, one, other))
    return torch.equal(one, other) if isinstance(one, torch.Tensor) and isinstance(other, torch.Tensor) else one == other


def touched(record, given):
    """Whether the call has changed the caller's x."""
    try:
        assert_left(given["x"], record)
    except Finding:
        return True
    return False


def no_graph(case, *learners, hint):
    """A criterion: the results have no graph where the arguments called so require a gradient."""

    @criterion("gives plain numbers without a graph, where what it is given requires a gradient, too", 0.5, hint, hint_for=("wrong value",))
    def test(self, student, draw):
        given = tuple(case.arguments(draw))
        result = getattr(student, case.name)(*(value * 1 if name not in learners else value.clone().requires_grad_()
                                               for name, value in zip(case.names, given, strict=True)))  # fmt: skip
        for value in result.values() if isinstance(result, dict) else result if isinstance(result, list | tuple) else [result]:
            graph = isinstance(value, torch.Tensor) and value.requires_grad
            words = " and ".join(learners) + (" require" if len(learners) > 1 else " requires")
            expect(not graph, f"the result of {case.name} carries a graph, where {words} a gradient; plain numbers were expected")
        case.compare([(given, result)], follows=True, **ROUNDING)

    return test


# 1.1 -----------------------------------------------------------------------------------------------------------------


def matrices(draw, m=3, n=4):
    return draw.normal(m, n), draw.normal(n, n), draw.normal(n), draw.normal(n), float(draw.float64.uniform(1, low=0.5, high=2.0))


derivatives = case(reference.matrix_derivatives, matrices, [(2, 3), (3, 4), (4, 1), (1, 5)])
STANDS = "it stands upright; a number by a vector is a row, (1, n)"
LIES = "it lies down; a vector by a number is a column, (m, 1)"
FLAT = "it has one dimension only; it should be a matrix"


def entry_slips(key):
    """Known mistakes of one entry."""
    right = lambda *given: reference.matrix_derivatives(*given)[key]
    rows = {STANDS: lambda *given: right(*given).T, FLAT: lambda *given: right(*given)[0]}
    particular = {
        "a.x": {"x is taken where a belongs": lambda A, B, a, x, t: x[None]},
        "x.x": {"the factor 2 is missing": lambda A, B, a, x, t: x[None]},
        "x.Bx": {
            "2xᵀB is taken: that holds for a symmetric B only": lambda A, B, a, x, t: 2 * (x @ B)[None],
            "2(Bx)ᵀ is taken: that holds for a symmetric B only": lambda A, B, a, x, t: 2 * (B @ x)[None],
            "only one of the two places where x stands is counted": (lambda A, B, a, x, t: (x @ B)[None], lambda A, B, a, x, t: (B @ x)[None]),
        },
        "x": {"x is differentiated entry by entry: a vector of ones": lambda A, B, a, x, t: torch.ones_like(x)},
        "Ax": {"it is transposed: row i belongs to entry i of Ax": lambda A, B, a, x, t: A.T},
        "Ax.Ax": {"the factor 2 is missing": lambda A, B, a, x, t: (x @ A.T @ A)[None]},
        "ttAx": {
            LIES: lambda *given: right(*given).T, "it has one dimension only; a vector by a number is a column, (m, 1)": lambda *given: right(*given)[:, 0],
            "the factor 2 is missing": lambda A, B, a, x, t: t * (A @ x)[:, None],
            "it is differentiated by x, not by t": lambda A, B, a, x, t: t * t * A,
        },
    }  # fmt: skip
    return {**particular[key], **(rows if key in ("a.x", "x.x", "x.Bx", "Ax.Ax") else {})}


def answered(student, draw):
    """The dicts for all sizes, asked for once."""
    return derivatives.ask(student, derivatives.drawn(draw))


def entry(key, title, hint):
    one = replace(derivatives, right=lambda *given: reference.matrix_derivatives(*given)[key], slips=entry_slips(key))

    @criterion(title, 2, hint)
    def test(self, student, draw):
        pairs = student.once(answered, draw)
        for _, result in pairs:
            expect(isinstance(result, dict), "matrix_derivatives should return a dict", "wrong type")
            expect(key in result, f"the dict has no entry {key!r}")
        words = [f"the entry {key!r} for A ({', '.join(map(str, given[0].shape))})" for given, _ in pairs]
        one.compare([(given, result[key]) for given, result in pairs], words, **ROUNDING)

    return test


@exercise("matrix_derivatives", forbid=NO_AUTOGRAD)
class TestMatrixDerivatives:
    test_ax = entry("a.x", '"a.x": aᵀx by x, a row', "aᵀx is a sum of a_j x_j: what is its slope in x_j? As a row: [None, :]")
    test_xx = entry("x.x", '"x.x": xᵀx by x, a row', "xᵀx is a sum of squares; as a row: [None, :]")
    test_xbx = entry("x.Bx", '"x.Bx": xᵀBx by x, a row, also where B is not symmetric', "x stands in two places, and each gives a term: xᵀB and xᵀBᵀ")
    test_x = entry("x", '"x": x by x, a matrix in the dtype of x', "row i is the row of x_i, which depends on x_i alone; give torch.eye the dtype of x")
    test_linear = entry("Ax", '"Ax": Ax by x, a matrix', "row i is the row of (Ax)_i, a sum of A_ij x_j")
    test_norm = entry("Ax.Ax", '"Ax.Ax": ‖Ax‖² by x, a row', "it is xᵀBx with B = AᵀA, which is symmetric")
    test_t = entry("ttAx", '"ttAx": t²Ax by t, a column', "Ax is a constant here: only t² is differentiated; as a column: [:, None]")
    test_dtype = derivatives.keeps_dtype(title="keeps the dtype, takes numbers in any memory order, and has these seven keys alone")
    test_graph = no_graph(derivatives, "x", hint="begin with x = x.detach()")
    test_unchanged = derivatives.leaves_inputs()
    test_again = derivatives.again()


# 2.1 -----------------------------------------------------------------------------------------------------------------

CUBES = "(W * z * z * z).sum() + z.sum() * (W * z).sum()"


def cubes(draw, *shape, eps=0.1):
    return call(CUBES, draw.normal(*shape), eps, W=draw.normal(*shape))


def one_by_one(quotient):
    """The gradient with another difference quotient; quotient(f, x, step, eps)."""

    def slip(f, x, eps=1e-4):
        x, steps = x.detach(), torch.eye(x.numel(), dtype=x.dtype) * eps
        return torch.tensor([float(quotient(f, x, step.reshape(x.shape), eps)) for step in steps], dtype=x.dtype).reshape(x.shape)

    return slip


def row_by_row(f, x, eps=1e-4):
    x = x.detach()
    slopes = torch.zeros_like(x)
    for j in range(len(x)):
        step = torch.zeros_like(x)
        step[j] = eps
        slopes[j] = (float(f(x + step)) - float(f(x - step))) / (2 * eps)
    return slopes


def true_gradient(f, x, eps=1e-4):
    leaf = x.detach().requires_grad_()
    return torch.autograd.grad(f(leaf), leaf)[0]


numerical = function_case(
    reference.numerical_gradient,
    {
        "only the step forward is taken: (f(x + ε) - f(x)) / ε": one_by_one(lambda f, x, step, eps: (f(x + step) - f(x)) / eps),
        "only the step back is taken: (f(x) - f(x - ε)) / ε": one_by_one(lambda f, x, step, eps: (f(x) - f(x - step)) / eps),
        "it is divided by ε where the two points are 2ε apart": one_by_one(lambda f, x, step, eps: (f(x + step) - f(x - step)) / eps),
        "it is not divided by the distance of the two points": one_by_one(lambda f, x, step, eps: f(x + step) - f(x - step)),
        "the sign is turned: behind minus ahead": one_by_one(lambda f, x, step, eps: (f(x - step) - f(x + step)) / (2 * eps)),
        "all entries of a row are nudged together": row_by_row,
        "the step is another than eps": (one_by_one(lambda f, x, step, eps: (f(x + step / 1000) - f(x - step / 1000)) / (eps / 500)), true_gradient),
    },
    rtol=2e-4,
    atol=2e-4,  # of differences in float32 that are divided by 0.2
)
nudged = function_case(
    reference.numerical_gradient,
    {"one and the same tensor is nudged up and down: what f gave for the first is a part of it, and changes with it": lambda f, x, eps: torch.zeros_like(x)},
)
DIFFERENCES = {"rtol": 2e-4, "atol": 2e-4}


def kinds_of_shapes(draw):
    scattered = draw.other_order
    return {
        "the numerical gradient at an x of shape ()": call("(z + c) * (z + c) * z", draw.normal(), 0.1, c=draw.normal()),
        "the numerical gradient at an x of shape (2, 3, 2)": cubes(draw, 2, 3, 2),
        "the numerical gradient at an x of shape (1, 1)": cubes(draw, 1, 1),
        "the numerical gradient at an x of shape (0, 3)": call("z.sum() + 2", draw.normal(0, 3), 0.1),
        "the numerical gradient at an x that is not contiguous": call(CUBES, scattered.normal(3, 2), 0.1, W=draw.normal(3, 2)),
        "the numerical gradient at a vector that is a part of a larger one": call(CUBES, scattered.normal(4), 0.1, W=draw.normal(4)),
        "the numerical gradient of an f that returns a Python number": call("float((W * z * z).sum())", draw.normal(3), 0.1, W=draw.normal(3)),
        "the numerical gradient of an f that returns a tensor of shape (1, 1)": call("(W * z * z).sum().reshape(1, 1)", draw.normal(3), 0.1, W=draw.normal(3)),
    }


@exercise("numerical_gradient", forbid=NO_AUTOGRAD)
class TestNumericalGradient:
    test_values = agrees_on(
        numerical,
        "is the central difference, one entry at a time",
        lambda draw: {f"the numerical gradient at an x of shape {shape} with eps={eps}": cubes(draw, *shape, eps=eps) for shape, eps in
                      [((3, 4), 0.1), ((5,), 0.1), ((2, 5), 0.3)]},
        weight=4,
        hint="(f(x + eps e) - f(x - eps e)) / (2 eps), where e is 1 at one entry and 0 at all others",
        **DIFFERENCES,
    )  # fmt: skip
    test_shapes = agrees_on(
        numerical,
        "takes an x of any shape, and an f that returns a number or a tensor with one element",
        kinds_of_shapes,
        weight=2,
        hint="work on x.numel() entries in a row, and reshape each step, and the result, to x.shape; float(f(…)) takes numbers and tensors",
        follows=True,
        **DIFFERENCES,
    )
    test_views = agrees_on(
        nudged,
        "hands f a new tensor each time: f may return a part of it",
        lambda draw: {
            "the numerical gradient of f(x) = x[1, 2]": call("z[1, 2]", draw.normal(2, 4), 0.1),
            "the numerical gradient of f(x) = x[-1:], a vector with one entry,": call("z[-1:]", draw.normal(3), 0.2),
        },
        weight=2,
        hint="x + step and x - step are new tensors; do not nudge one tensor up and down",
        **DIFFERENCES,
    )
    test_dtype = keeps_dtype_on(numerical, lambda draw: cubes(draw, 3, 2, eps=0.1))
    test_left = leaves_x_on(numerical, lambda draw: cubes(draw, 2, 3), hint="begin with x = x.detach(), and write into no tensor that shares its memory")
    test_again = same_again_on(numerical, lambda draw: cubes(draw, 2, 3))

    @criterion("has a step of 1e-4 unless told otherwise", weight=0.5, hint="def numerical_gradient(f, x, eps=1e-4)", hint_for=("wrong value",))
    def test_default(self, student, draw):
        given = call("(1e6 * z * z * z).sum()", draw.float64.normal(3))
        (record,) = observe(student, "numerical_gradient", [given])
        compare(numerical, [record], {"the numerical gradient of f(x) = Σ 10⁶ x³ without eps": given}, follows=True)
        compare(numerical, [record], {"the numerical gradient of f(x) = Σ 10⁶ x³ without eps": given}, rtol=0, atol=2e-3)


# 3.1 -----------------------------------------------------------------------------------------------------------------


def weighed(f, x, v):
    """J v, where the shapes allow it."""
    return reference.jacobian(f, x) @ v


product = function_case(
    reference.vjp,
    {
        "every entry of v is taken for 1": lambda f, x, v: reference.vjp(f, x, torch.ones_like(v)),
        "v is added up first, and weighs all entries of y alike": lambda f, x, v: reference.vjp(f, x, torch.ones_like(v) * v.sum()),
        "J v is computed, and not vᵀJ": weighed,
        "v is taken by its sign only": lambda f, x, v: reference.vjp(f, x, v.sign()),
        "v counts twice": lambda f, x, v: reference.vjp(f, x, 2 * v),
        "the sign is turned": lambda f, x, v: -reference.vjp(f, x, v),
    },
)


def squashed(draw, n=4, m=3):
    return call("torch.tanh(A @ seen(z)) * (b + z.sum())", draw.normal(n), draw.normal(m), A=draw.normal(m, n), b=draw.normal(m))


@exercise("vjp")
class TestVjp:
    test_values = agrees_on(
        product,
        "is vᵀJ, for x and y of any shape",
        lambda draw: {
            "vjp for x (4,) and y (3,)": squashed(draw),
            "vjp for x (3,) and y (3,)": squashed(draw, 3, 3),
            "vjp for x (1,) and y (5,)": squashed(draw, 1, 5),
            "vjp for x (2, 3) and y (2, 4)": call("torch.sin(z @ A)", draw.normal(2, 3), draw.normal(2, 4), A=draw.normal(3, 4)),
            "vjp for x (3, 2) and y of shape ()": call("(z * z * A).sum()", draw.normal(3, 2), draw.normal(), A=draw.normal(3, 2)),
            "vjp for x of shape () and y (1, 4)": call("torch.exp(z * A)", draw.normal(), draw.normal(1, 4), A=draw.normal(1, 4)),
        },
        weight=4,
        hint="torch.autograd.grad(y, x, v) weighs the entries of y by v",
    )

    @criterion("makes one backward pass", weight=2, hint="torch.autograd.grad(y, x, v) does it for all entries of y at once; no loop over them")
    def test_passes(self, student, draw):
        given = {"vjp for x (4,) and y (6,)": squashed(draw, 4, 6), "vjp for x (5,) and y (2,)": squashed(draw, 5, 2)}
        records = observe(student, "vjp", list(given.values()))
        for words, record in zip(given, records, strict=True):
            passes = record["passes"]
            expect(passes <= 1, f"{words} makes {passes} backward passes; one is enough for all entries of y", "too slow")
            expect(record["calls"] <= 2, f"{words} calls f {record['calls']} times; once is enough", "too slow")
        compare(product, records, given, follows=True)

    test_constant = agrees_on(
        product,
        "gives zeros where f(x) does not depend on x",
        lambda draw: {
            "vjp of an f that returns a constant": call("c * 2", draw.normal(4), draw.normal(3), c=draw.normal(3)),
            "vjp of an f whose graph does not lead to x": call("w * w", draw.normal(2, 3), draw.normal(2), w=draw.normal(2).requires_grad_()),
        },
        weight=2,
        hint="ask y.requires_grad first; and materialize_grads=True gives zeros where the graph does not lead to x",
    )
    test_dtype = keeps_dtype_on(product, squashed)
    test_left = leaves_x_on(product, squashed, weight=2)
    test_again = same_again_on(product, squashed)


# 3.2 -----------------------------------------------------------------------------------------------------------------


def rows_added(f, x):
    return reference.jacobian(f, x).cumsum(0)


matrix = function_case(
    reference.jacobian,
    {
        "the matrix is transposed: row i belongs to y_i": lambda f, x: reference.jacobian(f, x).T,
        "the gradients of the rows above are added to each row: x.grad is not cleared in between": rows_added,
        "one and the same tensor is stored for every row, and shows the last one": lambda f, x: reference.jacobian(f, x)[-1:].expand(len(f(x)), -1),
        "one and the same tensor is stored for every row, and shows the sum of all": lambda f, x: reference.jacobian(f, x).sum(0).expand(len(f(x)), -1),
        "the gradient of the sum of y is taken, and not one for each entry": lambda f, x: reference.jacobian(f, x).sum(0),
        "only the row of the first entry of y is there": lambda f, x: reference.jacobian(f, x)[:1],
    },
)


def squares(draw, n=4, m=3):
    return call("torch.tanh(A @ z) * (b + z.sum())", draw.normal(n), A=draw.normal(m, n), b=draw.normal(m))


@exercise("jacobian")
class TestJacobian:
    test_values = agrees_on(
        matrix,
        "row i is the gradient of y_i",
        lambda draw: {f"the Jacobian for x ({n},) and y ({m},)": squares(draw, n, m) for n, m in [(4, 3), (2, 5), (3, 3), (1, 4), (5, 1)]},
        weight=4,
        hint="for each y_i: torch.autograd.grad(y_i, x, retain_graph=True); torch.stack makes a matrix of the rows",
    )
    test_zero_rows = agrees_on(
        matrix,
        "rows of entries that do not depend on x are zeros",
        lambda draw: {
            "the Jacobian of (c, x0 x2, c, x1³)": call("torch.stack([c, z[0] * z[2], 2 * c, z[1] ** 3])", draw.normal(3), c=draw.normal()),
            "the Jacobian of (x1², c)": call("torch.cat([z[1:] ** 2, c])", draw.normal(2), c=draw.normal(1)),
        },
        weight=1.5,
        hint="their gradient is zeros; where grad gives None instead (allow_unused=True), put zeros in its place",
        follows=True,
    )
    test_constant = agrees_on(
        matrix,
        "is all zeros, (m, n), where f(x) has no graph, or none that leads to x",
        lambda draw: {
            "the Jacobian of a constant with 2 entries, x (4,)": call("c * 3", draw.normal(4), c=draw.normal(2)),
            "the Jacobian of a constant with 3 entries, x (1,) in float64": call("c * 3", draw.float64.normal(1), c=draw.float64.normal(3)),
            "the Jacobian of an f whose graph does not lead to x, 3 entries, x (2,)": call("w * w", draw.normal(2), w=draw.normal(3).requires_grad_()),
        },
        weight=1.5,
        hint="if y.requires_grad is False: torch.zeros(len(y), len(x), dtype=x.dtype); materialize_grads=True gives zeros where the graph leads elsewhere",
    )
    test_dtype = keeps_dtype_on(matrix, squares)
    test_left = leaves_x_on(matrix, squares, weight=1.5)
    test_again = same_again_on(matrix, squares)


# 3.3 -----------------------------------------------------------------------------------------------------------------


def links(draw, sizes=(4, 3, 2, 5), mode="forward"):
    """Jacobians of a chain from sizes[0] inputs to sizes[-1] outputs."""
    return [draw.normal(k, n) for n, k in zip(sizes, sizes[1:], strict=False)], mode


CHAINS = [(sizes, mode) for mode in ("forward", "reverse") for sizes in [(4, 3, 2), (2, 5, 3, 4), (1, 3, 7, 2, 6), (6, 2, 3, 1)]]


def cost_of(jacobians, mode):
    return reference.chain_rule(jacobians, mode)[1]


def other(mode):
    return "reverse" if mode == "forward" else "forward"


def with_unit(jacobians, mode):
    rows, columns = jacobians[0].shape if mode == "forward" else jacobians[-1].shape
    return rows * columns * (columns if mode == "forward" else rows)


def plus_unit(side):
    """The cost with that of a first product with a unit matrix on one of the two sides."""
    return lambda jacobians, mode: cost_of(jacobians, mode) + with_unit(jacobians, side(mode))


chain = case(reference.chain_rule, links, CHAINS, gives=("the product", "the cost"), **ROUNDING)
first_of_two = replace(chain, right=lambda jacobians, mode: reference.chain_rule(jacobians, mode)[0], gives=(), part="the product", check_dtype=False)
second_of_two = replace(
    chain,
    right=cost_of,
    gives=(),
    part="the cost",
    slips={
        "forward and reverse are exchanged": lambda jacobians, mode: cost_of(jacobians, other(mode)),
        "the cost of forward is counted for both": lambda jacobians, mode: cost_of(jacobians, "forward"),
        "the cost of reverse is counted for both": lambda jacobians, mode: cost_of(jacobians, "reverse"),
        "a product with a unit matrix at the start is counted, too": (plus_unit(lambda mode: mode), plus_unit(other)),
        "the additions are counted as well: p q r multiplications are asked for": lambda jacobians, mode: 2 * cost_of(jacobians, mode),
        "only the last product is counted": lambda jacobians, mode: (
            cost_of(jacobians, mode) - cost_of(jacobians[:-1] if mode == "forward" else jacobians[1:], mode)
        ),
    },
)  # fmt: skip


def pair(f):
    """The student's function, of which two results are wanted."""

    def g(jacobians, mode):
        result = f(jacobians, mode)
        two_of(result, "chain_rule")
        return result

    return g


@exercise("chain_rule", forbid=["multi_dot", "linalg_multi_dot", "chain_matmul"])
class TestChainRule:
    test_product = replace(first_of_two, call=lambda f: lambda *given: pair(f)(*given)[0]).agrees(
        "the product is the Jacobian of the whole chain", weight=4, hint="J_m … J_2 J_1: the first link of the list stands on the right"
    )
    test_cost = replace(second_of_two, call=lambda f: lambda *given: pair(f)(*given)[1]).agrees(
        "the cost is that of the products that are carried out, in this order", weight=4,
        hint="p q r for each product (p, q)(q, r); forward begins with J_2 J_1, reverse with the last two",
    )  # fmt: skip
    test_one = chain.agrees(
        "one matrix alone is the product, and costs nothing",
        weight=1,
        hint="start from the one matrix, with cost 0; no unit matrix",
        arguments=lambda draw: {f"chain_rule of one matrix, mode {mode}": links(draw, (3, 2), mode) for mode in ("forward", "reverse")},
        follows=True,
    )
    test_dtype = chain.keeps_dtype()
    test_unchanged = chain.leaves_inputs(hint="jacobians.reverse() and .pop() change the caller's list; jacobians[::-1] does not")
    test_again = chain.again()

    @criterion("leaves the list as it was", weight=0.5, hint="jacobians.reverse() and .pop() change the caller's list; jacobians[::-1] does not")
    def test_list(self, student, draw):
        for mode in ("forward", "reverse"):
            jacobians, _ = links(draw, (2, 3, 5, 4), mode)
            seen = student.run(chain_and_list, jacobians=jacobians, mode=mode)
            expect(seen["left"] is True, f"the list of Jacobians is another after a call with mode {mode}; it should be left as it was")
            chain.compare([((jacobians, mode), seen["result"])], follows=True)


def chain_and_list(student, jacobians, mode):
    before = list(jacobians)
    result = student.chain_rule(jacobians, mode)
    left = len(before) == len(jacobians) and all(a is b for a, b in zip(before, jacobians))
    return {"result": list(result) if isinstance(result, (list, tuple)) else result, "left": left}


# 3.5 -----------------------------------------------------------------------------------------------------------------


def whole(f, g, x):
    return sum(reference.grad_parts(f, g, x))


parts = function_case(
    reference.grad_parts,
    {
        "the two are exchanged: the first is the gradient through f": lambda f, g, x: reference.grad_parts(f, g, x)[::-1],
        "nothing is held constant: it is the whole gradient": lambda f, g, x: [whole(f, g, x)] * 2,
        "the whole gradient is shared in halves": lambda f, g, x: [whole(f, g, x) / 2] * 2,
        "the first gradient is still in x.grad when the second is added": lambda f, g, x: [reference.grad_parts(f, g, x)[0], whole(f, g, x)],
        "the factors are not multiplied: each is summed and differentiated alone": lambda f, g, x: [reference.vjp(h, x, torch.ones_like(x)) for h in (f, g)],
    },
)


def factors(draw, n=3):
    return call(["C @ torch.sin(A @ z)", "z * z + C @ (B @ z)"], draw.normal(n), A=draw.normal(n + 1, n), B=draw.normal(n + 1, n), C=draw.normal(n, n + 1))


def both_parts(draw):
    return {f"the gradient through f, x ({n},)": factors(draw, n) for n in (3, 1, 5)}


@exercise("grad_parts")
class TestGradParts:
    test_f = agrees_on(
        parts, "first comes the gradient through f, with g held constant", both_parts, 3, "(f(x) * g(x).detach()).sum(): g is a constant there", part=0
    )
    test_g = agrees_on(
        parts,
        "then comes the gradient through g, with f held constant",
        lambda draw: {f"the gradient through g, x ({n},)": factors(draw, n) for n in (3, 1, 5)},
        3,
        "(f(x).detach() * g(x)).sum(), with a gradient of its own: backward() would add it to the first",
        part=1,
    )
    test_constants = agrees_on(
        parts,
        "gives zeros through a factor that is a constant",
        lambda draw: {
            "grad_parts of a constant f": call(["c * 1", "z * z"], draw.normal(3), c=draw.normal(3)),
            "grad_parts of a constant g": call(["torch.cos(z)", "c + 2"], draw.normal(4), c=draw.normal(4)),
        },
        1.5,
        "a sum without a graph has requires_grad False: then torch.zeros_like(x)",
        follows=True,
    )
    test_dtype = keeps_dtype_on(parts, factors)
    test_left = leaves_x_on(parts, factors, weight=1.5)
    test_again = same_again_on(parts, factors)


# 3.6 -----------------------------------------------------------------------------------------------------------------

SQUARED = "((X @ w - y) ** 2)"
LOGISTIC = "torch.log(1 + torch.exp(-(X @ w).sum(dim=1) * y))"


def batches_of(draw, sizes, loss=SQUARED, shape=(3,), old=True, kind="list"):
    """One case of accumulate_grad: the source of a loss, w with an old gradient, batches of these sizes."""
    w = draw.normal(*shape).requires_grad_()
    w.grad = draw.normal(*shape) if old else None
    return {"loss": loss, "w": w, "batches": [[draw.normal(n, shape[0]), draw.normal(n)] for n in sizes], "kind": kind}


def accumulated(student, cases):
    """w and its gradient after accumulate_grad, and how often the batches were walked through."""
    import torch

    def answer(loss, w, batches, kind):
        walks = []

        def one_walk():
            walks.append(1)
            yield from ((X, y) for X, y in batches)

        class Loader:
            def __iter__(self):
                return one_walk()

        given = {"list": [tuple(b) for b in batches], "generator": one_walk(), "loader": Loader()}[kind]
        before = [torch.is_grad_enabled(), torch.get_default_dtype()]
        student.accumulate_grad(eval(f"lambda w, X, y: {loss}", {"torch": torch}), w, given)
        after = [torch.is_grad_enabled(), torch.get_default_dtype()]
        grad = None if w.grad is None else w.grad.detach().clone()
        leaf = bool(w.is_leaf and w.requires_grad)
        graph = w.grad is not None and w.grad.requires_grad
        return {"grad": grad, "w": w.detach().clone(), "leaf": leaf, "walks": len(walks), "graph": graph, "changed": before != after}

    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)
    return [answer(**given) for given in cases]


def mean_gradient(given, weigh=lambda n, all_sizes: 1 / sum(all_sizes)):
    """The gradients of the batches' sums, weighed; by default that of the mean over all samples."""
    sizes = [len(y) for _, y in given["batches"]]
    w = given["w"].detach().clone().requires_grad_()
    loss = eval(f"lambda w, X, y: {given['loss']}", {"torch": torch})
    total = sum(loss(w, X, y).sum() * weigh(len(y), sizes) for X, y in given["batches"])
    return torch.autograd.grad(total, w)[0]


def last_batch(given):
    return {**given, "batches": given["batches"][-1:]}


def still_there(divided_by):
    """The right gradient and the one from before the call, divided by something."""
    return lambda given: None if given["w"].grad is None else mean_gradient(given) + given["w"].grad / divided_by(sum(len(y) for _, y in given["batches"]))


accumulation = case(
    mean_gradient,
    batches_of,
    name="accumulate_grad",
    slips={
        "what w.grad held before the call is still in it": (still_there(lambda count: 1), still_there(lambda count: count)),
        "the mean of the batch means is taken: a short batch counts as much as a long one": lambda given: mean_gradient(
            given, lambda n, sizes: 1 / (n * len(sizes))),
        "the means of the batches are added up": lambda given: mean_gradient(given, lambda n, sizes: 1 / n),
        "the sum over all samples is taken, not the mean": lambda given: mean_gradient(given, lambda n, sizes: 1),
        "the sum is divided by the number of batches, not of samples": lambda given: mean_gradient(given, lambda n, sizes: 1 / len(sizes)),
        "only the last batch is in it: w.grad is cleared inside the loop": tuple(
            lambda given, share=share: mean_gradient(last_batch(given), lambda n, _: share(n, sum(len(y) for _, y in given["batches"])))
            for share in (lambda n, count: 1 / n, lambda n, count: 1 / count)
        ),
        "the sign is turned": lambda given: -mean_gradient(given),
    },
    **ROUNDING,
)  # fmt: skip


def accumulate(student, cases, follows=False):
    """The records for {what it is called: case}, the gradients right."""
    records = student.run(accumulated, cases=list(cases.values()))
    keys = {"grad", "w", "leaf", "walks", "graph", "changed"}
    known = isinstance(records, list) and len(records) == len(cases) and all(isinstance(r, dict) and keys <= r.keys() for r in records)
    expect(known, "accumulate_grad gave back something that cannot be read", "tampered")
    for record in records:
        missing = "nothing was left in the caller's w.grad: was a copy of w worked on, or the gradient only returned?"
        expect(record["grad"] is not None, missing, "no gradient")
    for given, record in zip(cases.values(), records, strict=True):
        old = given["w"].grad
        kept = old is not None and isinstance(record["grad"], torch.Tensor) and torch.equal(old, record["grad"])
        expect(not kept, "w.grad holds what it held before the call: was a copy of w worked on, or the gradient only returned?", "no gradient")
    pairs = [((given,), record["grad"]) for given, record in zip(cases.values(), records, strict=True)]
    accumulation.compare(pairs, list(cases), follows=follows)
    return records


@exercise("accumulate_grad")
class TestAccumulateGrad:
    @criterion(
        "w.grad is the gradient of the mean over all samples, whatever the sizes of the batches", weight=5,
        hint="add up the gradients of the sums over the batches, and divide once, by the number of all samples",
        hint_for=("wrong value", "wrong shape"),
    )  # fmt: skip
    def test_values(self, student, draw):
        kinds = [((4, 4, 1), SQUARED, (3,)), ((2, 5), LOGISTIC, (4, 2)), ((1, 3, 2, 7), SQUARED, (2,)), ((6,), SQUARED, (5,)), ((1,), LOGISTIC, (2, 3))]
        accumulate(student, {f"w.grad after batches of {list(sizes)}": batches_of(draw, sizes, loss, shape, old=False) for sizes, loss, shape in kinds})

    @criterion("a gradient from before the call does not count", weight=2, hint="w.grad = None, once, before the loop", hint_for=("wrong value",))
    def test_stale(self, student, draw):
        cases = {f"w.grad, which held an old gradient, after batches of {list(sizes)}": batches_of(draw, sizes) for sizes in [(3, 3), (2, 2, 2)]}
        accumulate(student, cases)

    @criterion("walks through the batches once: they may come from a generator", weight=2, hint="count the samples in the same loop that makes the gradients")
    def test_one_walk(self, student, draw):
        cases = {f"w.grad after batches of {list(sizes)} from a {kind}": batches_of(draw, sizes, kind=kind, old=False)
                 for sizes, kind in [((2, 2, 2), "generator"), ((4, 4), "loader")]}  # fmt: skip
        records = student.run(accumulated, cases=list(cases.values()))
        for record in records if isinstance(records, list) else []:
            expect(record["walks"] == 1, f"the batches are walked through {record['walks']} times; a generator can be walked through once", "too slow")
        accumulate(student, cases, follows=True)

    @criterion(
        "w keeps its values, and stays a leaf that requires a gradient; w.grad has no graph", weight=1.5, hint="only w.grad is to change; no step is taken"
    )
    def test_w(self, student, draw):
        cases = {f"w.grad after batches of {list(sizes)}": batches_of(draw, sizes, old=False) for sizes in [(3, 3), (2, 2, 2)]}
        records = student.run(accumulated, cases=list(cases.values()))
        for given, record in zip(cases.values(), records if isinstance(records, list) else [], strict=False):
            same = isinstance(record["w"], torch.Tensor) and torch.equal(given["w"].detach(), record["w"])
            expect(same, "the values of w were changed by the call; only w.grad is to change")
            expect(record["leaf"] is True, "w is no leaf that requires a gradient any more")
            expect(record["graph"] is False, "w.grad carries a graph; plain numbers were expected")
        accumulate(student, cases, follows=True)

    @criterion(
        "keeps the dtype, gives the same when it is called again, and leaves the program as it was", weight=1.5,
        hint="keep nothing from one call for the next, and switch nothing for the whole program", hint_for=("wrong value", "wrong type"),
    )  # fmt: skip
    def test_again(self, student, draw):
        wide, turned = batches_of(draw.float64, (2, 2), old=False), batches_of(draw.other_order, (3, 3), old=False)
        cases = {"w.grad in float64": wide, "w.grad for X in another memory order": turned, "w.grad in float64, once more,": {**wide, "w": copied(wide["w"])}}
        records = accumulate(student, cases, follows=True)
        expect(not any(record["changed"] for record in records), "after a call of accumulate_grad grad mode or default dtype is another")
        assert_close(records[0]["grad"], mean_gradient(wide), what="w.grad, to the digits of float64,", **FAR_DIGITS)


# 3.7 -----------------------------------------------------------------------------------------------------------------

ROOTS = [
    "sqrt", "rsqrt", "pow", "float_power", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "logaddexp", "logaddexp2", "logsumexp", "hypot", "norm",
    "vector_norm", "linalg_vector_norm", "linalg_norm", "matrix_norm", "frexp", "ldexp", "std", "cdist", "pdist", "pairwise_distance", "xlogy", "sinh", "cosh",
    "asinh", "acosh", "softplus", "numpy", "linalg_eig", "linalg_eigvals", "linalg_eigh", "linalg_eigvalsh", "linalg_svd", "linalg_svdvals", "svd",
    "linalg_qr", "qr", "linalg_cholesky", "linalg_cholesky_ex", "cholesky",
]  # fmt: skip
SPREAD = {"rtol": 1e-12, "atol": 0}


def positive(draw, *shape):
    """Entries between 0.2 and 5, in any shape."""
    return (draw.uniform(*(shape or (3, 4)), low=0.2, high=5.0),)


def powers_of_ten(draw, low, high, *shape):
    """Entries of which the logarithms are spread evenly, both ends among them."""
    exponents = draw.float64.uniform(*shape, low=low, high=high)
    exponents.view(-1)[0], exponents.view(-1)[-1] = high, low
    return (10**exponents).to(draw.dtype).to(draw.device)


def repeated(draw, n=4):
    """The same four entries again and again: as many steps for many as for few."""
    return (torch.tensor([3e-7, 0.71, 41.0, 6e6], dtype=draw.dtype, device=draw.device).repeat(n // 4),)


def ten_steps(a, start=lambda a: (a + 1) / 2, steps=10):
    x = start(a)
    for _ in range(steps):
        x = (x + a / x) / 2
    return x


heron = case(
    reference.heron_sqrt,
    positive,
    [(3, 4), (1,), (5,), (2, 1, 3), ()],
    slips={
        "a step is not halved: x + a / x": lambda a: 2 * reference.heron_sqrt(a),
        "the entries are given back as they came": lambda a: a,
        "the inverse of the root is given back": lambda a: 1 / reference.heron_sqrt(a),
    },
)
wide_range = replace(
    heron,
    slips={
        f"{steps} steps are taken, and then no more: entries that are very large or very small need more": tuple(
            lambda a, s=start, n=steps: ten_steps(a, s, n) for start in (lambda a: (a + 1) / 2, lambda a: a, torch.ones_like, lambda a: a / 2)
        )
        for steps in (5, 6, 8, 10, 12, 15, 20)
    },
)


MATH_ROOTS = ("sqrt", "cbrt", "isqrt", "pow", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "hypot", "dist", "frexp", "ldexp", "sinh", "cosh")


def math_of_heron(student, a):
    """The functions of the module math that heron_sqrt(a) calls."""
    import sys

    called = []

    def notice(frame, event, function):
        if event == "c_call" and getattr(function, "__module__", None) == "math":
            called.append(function.__name__)

    profile = sys.getprofile()
    sys.setprofile(notice)
    try:
        student.heron_sqrt(a)
    finally:
        sys.setprofile(profile)
    return called[:20]


@exercise("heron_sqrt", forbid=ROOTS)
class TestHeronSqrt:
    test_values = heron.agrees("gives the roots of all entries, whatever the shape", weight=2, hint="x = (x + a / x) / 2, again and again", rtol=1e-6, atol=0)
    test_wide = wide_range.agrees(
        "is right to 1e-12 in float64 for entries from 1e-12 to 1e12, side by side",
        weight=3,
        hint="stop when the change is small compared with x itself, for all entries: ((new - x).abs() <= tolerance * new).all()",
        arguments=lambda draw: {
            "the roots of entries from 1e-12 to 1e12": (powers_of_ten(draw.float64, -12, 12, 4, 5),),
            "the roots of entries from 1e-12 to 1e-6": (powers_of_ten(draw.float64, -12, -6, 6),),
            "the root of 2e11, in a tensor of shape (),": (torch.tensor(2e11, dtype=torch.float64, device=draw.device),),
            "the roots of an entry that is done at once and one that takes long": (torch.tensor([1.0, 7e11], dtype=torch.float64, device=draw.device),),
            "the root of 2e-12": (torch.tensor([2e-12], dtype=torch.float64, device=draw.device),),
            "the roots of 2e-12 and 5e9": (torch.tensor([2e-12, 5e9], dtype=torch.float64, device=draw.device),),
            "the roots of 1": (torch.ones(1, dtype=torch.float64, device=draw.device),),
        },
        follows=True,
        **SPREAD,
    )
    test_narrow = wide_range.agrees(
        "is right to 1e-6 in float32 for entries from 1e-8 to 1e8",
        weight=1,
        hint="a tolerance of a few times torch.finfo(a.dtype).eps suits each dtype",
        arguments=lambda draw: {"the roots of float32 entries from 1e-8 to 1e8": (powers_of_ten(draw, -8, 8, 3, 7),)},
        follows=True,
        rtol=1e-6,
        atol=0,
    )
    test_gradients = heron.gradients(weight=1, hint="the last step at least must be recorded: no detach(), item() or no_grad around it")

    @criterion(
        "the gradient is 1 / (2 sqrt(a)), for small and large entries as well", weight=2,
        hint="let the loop run to its end with a graph, or make the last step with one",
        hint_for=("no gradient", "wrong value", "unstable"),
    )  # fmt: skip
    def test_slopes(self, student, draw):
        for drawn, low, high, rtol in ((draw.float64, -12, 12, 1e-11), (draw, -8, 8, 1e-5)):
            a = powers_of_ten(drawn, low, high, 3, 4).requires_grad_()
            words = f"the gradient for entries from 1e{low} to 1e{high}"
            roots = student.heron_sqrt(a * 1)
            heron.compare([((a.detach(),), roots.detach() if isinstance(roots, torch.Tensor) else roots)], rtol=1e-6, atol=0, follows=True)
            expect(roots.requires_grad, "the roots carry no graph: no gradient can flow back through them", "no gradient")
            upstream = draw.away_from_zero(3, 4).to(a)
            (slopes,) = torch.autograd.grad(roots, a, upstream, allow_unused=True)
            expect(slopes is not None, "no gradient comes back from the roots to a", "no gradient")
            assert_finite(slopes, what=words)
            assert_close(slopes, upstream / (2 * a.detach().sqrt()), what=words, rtol=rtol, atol=0)

    @criterion("treats all entries at once", weight=1, hint="the loop is over the steps, not over the entries", hint_for=("too slow",))
    def test_at_once(self, student, draw):
        few, many = (sum(operations(student.heron_sqrt, *repeated(draw.float64, n)).values()) for n in (4, 64))
        expect(few >= 8, f"heron_sqrt runs {few} tensor operations for four entries between 1e-7 and 1e7: Heron's rule takes more steps", "forbidden operation")
        words = f"heron_sqrt runs {few} tensor operations for 4 entries and {many} for 64 of the same: it loops over the entries"
        expect(many <= few + 2, words, "too slow")
        roots = [name for name in student.run(math_of_heron, a=repeated(draw.float64, 4)[0]) if name in MATH_ROOTS]
        expect(not roots, f"heron_sqrt calls math.{(roots or [''])[0]}; this exercise asks you to write it yourself", "forbidden operation")
        heron.compare(heron.ask(student, [repeated(draw.float64, 8)]), follows=True, rtol=1e-6)

    test_dtype = heron.keeps_dtype()
    test_unchanged = heron.leaves_inputs()
    test_again = heron.again()


# 4.1 -----------------------------------------------------------------------------------------------------------------

BOWL = "0.5 * (z - c) @ Q @ (z - c) + b"


def turned(draw, *eigenvalues):
    """A symmetric matrix with these eigenvalues, in random directions."""
    n = len(eigenvalues)
    axes, _ = torch.linalg.qr(draw.float64.normal(n, n).cpu())
    Q = axes @ torch.diag(torch.tensor(eigenvalues, dtype=torch.float64)) @ axes.T
    return ((Q + Q.T) / 2).to(draw.device, draw.dtype)


def bowl(draw, *eigenvalues, Q=None):
    """A quadratic function at its critical point."""
    Q = turned(draw, *eigenvalues) if Q is None else torch.tensor(Q, dtype=draw.dtype, device=draw.device)
    c = draw.normal(len(Q))
    return call(BOWL, c.clone(), Q=Q, c=c, b=draw.normal())


def rough(draw, n=3):
    """A function with a third derivative, somewhere."""
    return call("torch.sin(A @ z).sum() + (z[0] * z[-1] ** 2) + (z * z * z).sum()", draw.normal(n), A=draw.normal(2, n))


def hessian(f, x):
    return reference.critical_point(f, x)[0]


second = function_case(
    reference.critical_point,
    {
        "the sums of the rows are on the diagonal: grad of g.sum() adds them up": lambda f, x: torch.diag(hessian(f, x).sum(1)),
        "the sums of its rows are given back: grad of g.sum() adds them up": lambda f, x: hessian(f, x).sum(1),
        "only the diagonal is there: the mixed second derivatives are missing": lambda f, x: torch.diag(hessian(f, x).diagonal()),
        "each row contains the rows above it: x.grad is not cleared in between": lambda f, x: hessian(f, x).cumsum(0),
        "the gradient is given back, and not the Hessian": lambda f, x: reference.vjp(f, x, torch.ones_like(f(x))),
        "the factor is another by 2": (lambda f, x: hessian(f, x) / 2, lambda f, x: hessian(f, x) * 2),
    },
)


def kind(title, bowls, weight, hint):
    """A criterion on the kinds. bowls(draw) → {how the point is: call}."""

    @criterion(title, weight, hint, hint_for=("wrong value",))
    def test(self, student, draw):
        given = bowls(draw)
        for (words, one), record in zip(given.items(), observe(student, "critical_point", list(given.values())), strict=True):
            two_of(record["result"], "critical_point")
            said, right = record["result"][1], through(reference.critical_point)(one)[1]
            expect(isinstance(said, str), "the kind, the second thing that critical_point returns, should be a string", "wrong type")
            expect(said == right, f"critical_point calls a point {said!r} where {words}")

    return test


@exercise("critical_point")
class TestCriticalPoint:
    test_hessian = agrees_on(
        second,
        "H holds all second derivatives, mixed ones as well",
        lambda draw: {
            "the Hessian of a function of 3 entries": rough(draw),
            "the Hessian of a function of 2 entries": rough(draw, 2),
            "the Hessian of a function of 1 entry": call("torch.exp(w * z[0]) - w * z[0]", draw.normal(1), w=draw.normal()),
            "the Hessian of a function of 5 entries": rough(draw, 5),
            "the Hessian of x0² + 3 x1 + c x0 x2": call("z[0] ** 2 + 3 * z[1] + c * z[0] * z[2]", draw.normal(3), c=draw.normal()),
        },
        weight=5,
        hint="the gradient with create_graph=True, then the gradient of each of its entries: these are the rows",
        part=0,
        whole=False,
    )
    test_linear = agrees_on(
        second,
        "H is all zeros where f is linear",
        lambda draw: {
            f"the Hessian of a linear function of {n} entries": call("(c * z).sum() + 1", drawn.normal(n), c=drawn.normal(n))
            for n, drawn in [(3, draw), (1, draw), (2, draw.float64)]
        },
        weight=1.5,
        hint="the gradient of a linear function is a constant without a graph: if g.requires_grad is False, H is zeros",
        part=0,
        whole=False,
    )
    test_extremes = kind(
        "tells a minimum from a maximum",
        lambda draw: {
            "the eigenvalues are 0.5, 2 and 3": bowl(draw.float64, 0.5, 2, 3),
            "the only eigenvalue is 0.02": bowl(draw.float64, Q=[[0.02]]),
            "the eigenvalues are -1, -4 and -0.3": bowl(draw.float64, -1, -4, -0.3),
            "the eigenvalues are 3e-5 and 7e-5": bowl(draw.float64, 3e-5, 7e-5),
            "the eigenvalues are 1 and 1.5e-6": bowl(draw.float64, 1, 1.5e-6),
            "the eigenvalues are -800, -20, -5 and -300": bowl(draw.float64, -800, -20, -5, -300),
        },
        2,
        "all eigenvalues positive, or all negative; a size below 1e-6 of the largest counts as 0",
    )
    test_saddles = kind(
        "knows a saddle by eigenvalues of both signs",
        lambda draw: {
            "H is [[2, 4], [4, 2]]": bowl(draw.float64, Q=[[2.0, 4.0], [4.0, 2.0]]),
            "H is [[-1, 3], [3, -2]]": bowl(draw.float64, Q=[[-1.0, 3.0], [3.0, -2.0]]),
            "the eigenvalues are 1, -2 and -3": bowl(draw.float64, 1, -2, -3),
            "the eigenvalues are 1, 2, -3 and -0.5": bowl(draw.float64, 1, 2, -3, -0.5),
            "the eigenvalues are 2, 0 and -1": bowl(draw.float64, 2, 0, -1),
        },
        2,
        "neither the diagonal nor the determinant tells it: some eigenvalue above small, and some below -small",
    )
    test_undecided = kind(
        "says undecided where an eigenvalue is zero and the others have one sign",
        lambda draw: {
            "the eigenvalues are 1 and 0": bowl(draw.float64, 1, 0),
            "the eigenvalues are -2, 0 and -1": bowl(draw.float64, -2, 0, -1),
            "the eigenvalues are 5, 3 and 1e-7": bowl(draw.float64, 5, 3, 1e-7),
            "the eigenvalues are -500 and -4e-4": bowl(draw.float64, -500, -4e-4),
            "the eigenvalues are 4 and -1e-7": bowl(draw.float64, 4, -1e-7),
            "f is linear": call("(c * z).sum()", draw.normal(3), c=draw.normal(3)),
            "f is a sum of fourth powers at 0": call("(z ** 4).sum()", 0 * draw.normal(2)),
        },
        2.5,
        "small = 1e-6 times the largest size; some size up to that, and no two signs: undecided",
    )
    test_dtype = keeps_dtype_on(second, lambda draw: bowl(draw, 2, -1, 0.5))
    test_left = leaves_x_on(second, rough)
    test_again = same_again_on(second, lambda draw: bowl(draw, *draw.one_of([(1, 2), (-2, 3), (-1, -4)])))


# 4.2, 4.3 ------------------------------------------------------------------------------------------------------------

landscape = case(
    reference.himmelblau,
    lambda draw, *shape: (draw.normal(2, *(shape or (3,)), scale=2.0),),
    [(3,), (1,), (4, 3), (1, 2, 2)],
    slips={
        "11 and 7 are exchanged, or x[0] and x[1]": lambda x: reference.himmelblau([x[1], x[0]]),
        "the two brackets are not squared": lambda x: x[0] ** 2 + x[1] - 11 + x[0] + x[1] ** 2 - 7,
        "all points are added up; each keeps its height": lambda x: reference.himmelblau(x).sum(),
    },
    **ROUNDING,
)


@exercise("himmelblau")
class TestHimmelblau:
    test_values = landscape.agrees(
        "is the height at each point, for numbers and for grids", weight=3, hint="(x[0]**2 + x[1] - 11)**2 + (x[0] + x[1]**2 - 7)**2"
    )
    test_gradients = landscape.gradients(hint="no float(), no .item(): plain arithmetic keeps the graph")
    test_dtype = landscape.keeps_dtype()
    test_unchanged = landscape.leaves_inputs()
    test_again = landscape.again()

    @criterion("takes a list of numbers, of tensors or of NumPy arrays", weight=1, hint="x[0] and x[1], and nothing of torch")
    def test_lists(self, student, draw):
        x1, x2 = draw.float64.normal(1, 4, scale=2.0), draw.float64.normal(1, 4, scale=2.0)
        seen = student.run(heights_of_lists, x1=x1, x2=x2)
        right = reference.himmelblau([x1, x2])
        assert_close(seen["tensors"], right, what="himmelblau of a list of two tensors")
        assert_close(seen["arrays"], right, what="himmelblau of a list of two NumPy arrays")
        assert_close(seen["numbers"], float(right[0, 0]), what="himmelblau of a list of two numbers")


def heights_of_lists(student, x1, x2):
    import torch

    arrays = student.himmelblau([x1.numpy(), x2.numpy()])
    numbers = student.himmelblau([float(x1[0, 0]), float(x2[0, 0])])
    return {"tensors": student.himmelblau([x1, x2]), "arrays": torch.as_tensor(arrays), "numbers": float(numbers)}


HILLS = "(z[0] ** 2 + z[1] - 11) ** 2 + (z[0] + z[1] ** 2 - 7) ** 2"
FOUR_HILLS = "((z[0::2] ** 2 + z[1::2] - 11) ** 2 + (z[0::2] + z[1::2] ** 2 - 7) ** 2).sum()"
STARTS = {(0.0, 0.0): (3.0, 2.0), (-1.0, 1.0): (-2.805118, 3.131312), (-4.0, -3.0): (-3.779310, -3.283186), (4.0, -1.0): (3.584428, -1.848126)}


def descended(update):
    """Gradient descent with another update; update(x, gradient, lr, memory) → x."""

    def slip(f, x0, lr, num_steps):
        x, path, memory = x0.detach().clone(), [x0.detach().clone()], {}
        for _ in range(num_steps):
            leaf = x.clone().requires_grad_()
            x = update(x, torch.autograd.grad(f(leaf), leaf)[0], lr, memory)
            path.append(x)
        return x, torch.stack(path)

    return slip


def added_up(x, gradient, lr, memory):
    memory["g"] = memory.get("g", 0) + gradient
    return x - lr * memory["g"]


def adam(f, x0, lr, num_steps):
    x = x0.detach().clone().requires_grad_()
    path, optimizer = [x.detach().clone()], torch.optim.Adam([x], lr=lr)
    for _ in range(num_steps):
        optimizer.zero_grad()
        f(x).backward()
        optimizer.step()
        path.append(x.detach().clone())
    return x.detach(), torch.stack(path)


def last_everywhere(f, x0, lr, num_steps):
    x, path = reference.minimize(f, x0, lr, num_steps)
    return x, path[-1:].expand_as(path)


descent = function_case(
    reference.minimize,
    {
        "it goes uphill: the gradient is added": descended(lambda x, g, lr, _: x + lr * g),
        "the gradients of all steps are added up: they are not cleared": descended(added_up),
        "the step is Adam's, and not lr times the gradient": adam,
        "the learning rate is left out": descended(lambda x, g, lr, _: x - g),
        "the gradient is scaled to length 1": descended(lambda x, g, lr, _: x - lr * g / g.norm()),
        "every row of the path is one and the same tensor, and shows the last point": last_everywhere,
        "the first row of the path, x0, is missing": lambda f, x0, lr, n: (reference.minimize(f, x0, lr, n)[0], reference.minimize(f, x0, lr, n)[1][1:]),
        "the last row of the path is missing": lambda f, x0, lr, n: (reference.minimize(f, x0, lr, n)[0], reference.minimize(f, x0, lr, n)[1][:-1]),
        "one step too many is taken": lambda f, x0, lr, n: reference.minimize(f, x0, lr, n + 1),
    },
)


def descent_from(draw, n=3, lr=0.05, num_steps=6):
    return call("(a * z * z).sum() + torch.sin(b @ z)", draw.normal(n), lr, num_steps, a=draw.uniform(n, low=0.5, high=3.0), b=draw.normal(n))


def descents(draw):
    kinds = [(3, 0.05, 6), (1, 0.2, 3), (4, 0.01, 1), (2, 0.1, 12)]
    return {f"minimize from x0 ({n},) with lr={lr}, {steps} steps: the path": descent_from(draw, n, lr, steps) for n, lr, steps in kinds}


@exercise("minimize")
class TestMinimize:
    test_path = agrees_on(
        descent,
        "the path holds x0 and the point after each step of gradient descent",
        descents,
        4,
        "x ← x − lr · gradient, and a new tensor for each row",
        part=1,
    )
    test_end = agrees_on(
        descent, "the last point is returned, too", lambda draw: {words.replace("the path", "the last point"): one for words, one in descents(draw).items()}, 2,
        "return (x, path), x where the last step has led to", part=0, follows=True,
    )  # fmt: skip
    test_no_steps = agrees_on(
        descent, "takes no step where num_steps is 0", lambda draw: {f"minimize with num_steps=0, x0 ({n},)": descent_from(draw, n, 0.1, 0) for n in (3, 1)}, 1,
        "the path begins with x0 before the loop", follows=True,
    )  # fmt: skip
    test_dtype = keeps_dtype_on(descent, descent_from)
    test_left = leaves_x_on(descent, descent_from, weight=2, hint="begin with x = x0.detach().clone(), and step to a new tensor each time")
    test_again = same_again_on(descent, descent_from)

    @criterion(
        "finds Himmelblau's four valleys from four starts",
        weight=2,
        hint="if the path is right for other functions: what differs here is only the number of steps, 200",
    )
    def test_valleys(self, student, draw):
        start = torch.tensor([number for point in STARTS for number in point], device=draw.device)
        given = call(FOUR_HILLS, start, 0.01, 200)
        (record,) = observe(student, "minimize", [given])
        two_of(record["result"], "minimize")
        x = record["result"][0]
        assert_close(x, torch.zeros_like(start), what="the last point", rtol=0, atol=math.inf)
        for at, (point, valley) in zip(x.reshape(4, 2).tolist(), STARTS.items(), strict=True):
            away = max(abs(a - b) for a, b in zip(at, valley, strict=True))
            if not away <= 1e-3:
                raise Finding(f"from {point} with lr=0.01, 200 steps end {away:.3g} away from the valley", follows=True)


# 5.1 -----------------------------------------------------------------------------------------------------------------


def network(draw, n=5, d=3, h=4, k=2):
    return draw.normal(n, d), draw.normal(h, d), draw.normal(k, h), draw.uniform(n, k)


def deltas(X, W1, W2, T, out=lambda Y: Y * (1 - Y), inner=lambda H: H * (1 - H), scale=1.0, hidden=torch.sigmoid, error=lambda Y, T: Y - T):
    """Both gradients by the delta rule, with one thing changed."""
    H = hidden(X @ W1.T)
    Y = torch.sigmoid(H @ W2.T)
    delta_out = scale * error(Y, T) * out(Y)
    return (delta_out @ W2 * inner(H)).T @ X, delta_out.T @ H


def no_slope(Y):
    return torch.ones_like(Y)


def sigmoid_slope(Y):
    return torch.sigmoid(Y) * (1 - torch.sigmoid(Y))


DELTA_SLIPS = {
    "the slope of the sigmoid at the output is missing: δ = O - T alone": lambda *given: deltas(*given, out=no_slope),
    "PyTorch's mse_loss is differentiated, the mean without a half; E is half the sum": lambda *given: deltas(*given, scale=2 / given[3].numel()),
    "the mean over samples and outputs is taken; E is half the sum": lambda *given: deltas(*given, scale=1 / given[3].numel()),
    "the mean over the samples is taken; E is half the sum": lambda *given: deltas(*given, scale=1 / len(given[0])),
    "the half of E is missing: ½(O - T)² has the slope O - T": lambda *given: deltas(*given, scale=2.0),
    "the slope of the output's sigmoid is taken at O, where the sigmoid has been applied already": lambda *given: deltas(*given, out=sigmoid_slope),
    "the sign is turned: T - O": lambda *given: deltas(*given, scale=-1.0),
    "the slope of the hidden sigmoid is missing": lambda *given: deltas(*given, inner=no_slope),
    "the slope of the hidden sigmoid is taken at H, where the sigmoid has been applied already": lambda *given: deltas(*given, inner=sigmoid_slope),
    "only the first output is counted": lambda X, W1, W2, T: deltas(X, W1, W2, T, error=lambda Y, T: torch.cat([(Y - T)[:, :1], 0 * T[:, 1:]], dim=1)),
    "only the first sample is counted": lambda X, W1, W2, T: deltas(X[:1], W1, W2, T[:1]),
    "the hidden layer has no sigmoid": lambda *given: deltas(*given, hidden=lambda Z: Z, inner=no_slope),
    "the two gradients are exchanged": lambda *given: reference.delta_rule(*given)[::-1],
}
delta = case(reference.delta_rule, network, [(5, 3, 4, 2), (1, 2, 3, 4), (7, 5, 2, 1), (4, 1, 3, 3)], gives=("∂E/∂W1", "∂E/∂W2"), slips=DELTA_SLIPS)


def layer(part):
    """The case of one of the two gradients."""
    slips = {words: (lambda *given, s=slip: s(*given)[part]) for words, slip in DELTA_SLIPS.items()}
    right = lambda *given: reference.delta_rule(*given)[part]
    return replace(delta, right=right, gives=(), slips=slips, call=lambda f: lambda *given: both(f(*given))[part])


def both(result):
    two_of(result, "delta_rule")
    return result


def layer_words(draw, what):
    return {f"{what} for n, d, h, k = {', '.join(map(str, size))}": network(draw, *size) for size in delta.sizes}


@exercise("delta_rule", forbid=[*NO_AUTOGRAD, "mse_loss", "mse_loss_backward", "sigmoid_backward"])
class TestDeltaRule:
    test_output = layer(1).agrees(
        "the gradient of the output layer's weights, W2", weight=4, hint="δ_out = (O − T) ⊙ O ⊙ (1 − O), and δ_outᵀ H",
        arguments=lambda draw: layer_words(draw, "∂E/∂W2"), **ROUNDING,
    )  # fmt: skip
    test_hidden = layer(0).agrees(
        "the gradient of the hidden layer's weights, W1", weight=4, hint="δ_hidden = (δ_out W2) ⊙ H ⊙ (1 − H), and δ_hiddenᵀ X",
        arguments=lambda draw: layer_words(draw, "∂E/∂W1"), **ROUNDING,
    )  # fmt: skip
    test_at_once = delta.at_once("n", weight=1.5, title="treats all samples at once", hint="the matrix product sums over the samples: no loop over them")
    test_dtype = delta.keeps_dtype()
    test_unchanged = delta.leaves_inputs()
    test_no_graph = delta.needs_no_graph()
    test_graph = no_graph(delta, "W1", "W2", hint="W1 = W1.detach() and W2 = W2.detach(), before anything else")
    test_again = delta.again()


# 6.1 -----------------------------------------------------------------------------------------------------------------

DUALS = {"u": (1.3, 0.7), "v": (-2.2, 1.9), "w": (0.4, -1.1), "p": (3.1, -0.6)}
MORE_DUALS = {"u": (0.8, -2.4), "v": (1.7, 0.9), "w": (-0.6, 1.5), "p": (0.45, 2.3)}


def duals(student, expressions, numbers):
    """The value and the derivative of each expression, and of its operands afterwards."""

    def answer(source):
        made = {name: student.Dual(value, derivative) for name, (value, derivative) in numbers.items()}
        result = eval(source, dict(made))
        after = [[made[name].value, made[name].derivative] for name in made]
        fits = isinstance(result, student.Dual)
        pair = [result.value, result.derivative] if fits else [None, None]
        plain = all(isinstance(number, int | float) for number in pair)
        return {"type": "" if fits else type(result).__name__, "plain": plain, "result": pair if plain else None, "after": after}

    return [answer(source) for source in expressions]


def exact(source, numbers):
    """Value and derivative by the reference."""
    return duals(SimpleNamespace(Dual=reference.Dual), [source], numbers)[0]["result"]


def spoilt(**methods):
    """What an expression gives when some methods of Dual are others."""
    wrong = type("Dual", (reference.Dual,), {f"__{name}__" if name in DUNDERS else name: method for name, method in methods.items()})

    def slip(source, numbers):
        try:
            result = eval(source, {name: wrong(*pair) for name, pair in numbers.items()})
        except TypeError:  # the methods of a slip are for one operation
            return None
        return [result.value, result.derivative] if isinstance(result, reference.Dual) else None

    return slip


def bare(name):
    """A method that forgets the derivative of the inside."""
    return lambda u, *n: reference.Dual(getattr(reference.Dual, name)(u, *n).value, getattr(reference.Dual, name)(reference.Dual(u.value, 1.0), *n).derivative)


def parts_of(u, v):
    v = v if isinstance(v, reference.Dual) else reference.Dual(v)
    return u.value, u.derivative, v.value, v.derivative


def of_derivatives(u, v):
    a, da, b, db = parts_of(u, v)
    return reference.Dual(a * b, da * db)


def not_divided(u, v):
    a, da, b, db = parts_of(u, v)
    return reference.Dual(a / b, da * b - a * db)


def terms_exchanged(u, v):
    a, da, b, db = parts_of(u, v)
    return reference.Dual(a / b, (a * db - da * b) / (b * b))


DUNDERS = ("sub", "rsub", "mul", "rmul", "truediv", "rtruediv", "pow", "rpow")
DUAL_SLIPS = {
    "5 - x is computed as x - 5": spoilt(rsub=lambda u, n: u - n),
    "5 - x keeps the derivative of x, without its minus": spoilt(rsub=lambda u, n: reference.Dual(n - u.value, u.derivative)),
    "u - v has the sum of the derivatives": spoilt(sub=lambda u, v: reference.Dual((u + -v).value, (u + v).derivative)),
    "the derivatives are multiplied: u' v'": spoilt(mul=of_derivatives, rmul=of_derivatives),
    "3 / x is computed as x / 3": spoilt(rtruediv=lambda u, n: u / n),
    "the derivative of the quotient is not divided by v²": spoilt(truediv=not_divided, rtruediv=lambda u, n: not_divided(reference.Dual(n), u)),
    "the two terms of the quotient rule are exchanged": spoilt(truediv=terms_exchanged, rtruediv=lambda u, n: terms_exchanged(reference.Dual(n), u)),
    "the derivative of the inside is missing": (
        spoilt(pow=bare("__pow__")),
        *(spoilt(**{name: bare(name) for name in names}) for names in [("exp", "log"), ("sin", "cos", "tan"), ("sin", "cos"), ("exp",), ("log",), ("tan",)]),
    ),
    "the factor ln a is missing": spoilt(rpow=lambda u, a: reference.Dual(a**u.value, a**u.value * u.derivative)),
    "tan has the derivative sec, 1 / cos; it should be 1 / cos²": spoilt(tan=lambda u: reference.Dual(math.tan(u.value), u.derivative / math.cos(u.value))),
    "cos has the derivative sin, without its minus": spoilt(cos=lambda u: reference.Dual(math.cos(u.value), math.sin(u.value) * u.derivative)),
}  # fmt: skip
dual = case(exact, lambda draw: (), name="Dual", gives=("the value", "the derivative"), slips=DUAL_SLIPS)


def rule(title, expressions, weight, hint, at_zero=()):
    """A criterion on some operations of Dual. at_zero: those of u that are asked for at u = 0 as well."""

    @criterion(title, weight, hint, hint_for=("wrong value", "wrong type"))
    def test(self, student):
        for numbers in (DUALS, MORE_DUALS, *([{"u": (0.0, 1.5)}] if at_zero else [])):
            given = [source for source in (at_zero if len(numbers) == 1 else expressions) if is_defined(source, numbers)]
            seen = student.run(duals, expressions=given, numbers=numbers)
            known = isinstance(seen, list) and len(seen) == len(given) and all(isinstance(r, dict) and {"type", "plain", "result"} <= r.keys() for r in seen)
            expect(known, "Dual gave back something that cannot be read", "tampered")
            for source, record in zip(given, seen, strict=True):
                expect(record["type"] == "", f"{source} is a {record['type']}; every operation gives a Dual", "wrong type")
                expect(record["plain"] is True, f"{source} does not hold two plain numbers", "wrong type")
            pairs = [((source, numbers), record["result"]) for source, record in zip(given, seen, strict=True)]
            dual.compare(pairs, [f"{source}, {where(source, numbers)}," for source in given], rtol=1e-9, atol=1e-12)

    return test


def is_defined(source, numbers):
    """Whether the expression has a value there: no logarithm of a negative number."""
    try:
        return all(isinstance(number, int | float) for number in exact(source, numbers))
    except (ValueError, ZeroDivisionError):
        return False


def where(source, numbers):
    """The operands of an expression, in words."""
    used = [f"{name} = Dual{pair}" for name, pair in numbers.items() if name in source.replace("exp", "").replace("tan", "")]
    return ", ".join(used)


@exercise("Dual")
class TestDual:
    test_sums = rule(
        "+ and −, with numbers on either side as well",
        ["u + v", "u + 3", "2.5 + u", "u - v", "u - 4", "5 - u", "-u", "3 - v"],
        weight=2,
        hint="u + v has the derivative u' + v'; a number has 0; in __rsub__ the number stands on the left",
    )
    test_products = rule(
        "×, by the product rule, with numbers on either side as well",
        ["u * v", "v * u", "u * 3", "-0.5 * u", "u * u", "u * 2"],
        weight=2,
        hint="(u v)' = u' v + u v'",
    )
    test_quotients = rule(
        "÷, with numbers on either side as well",
        ["u / v", "v / u", "u / 4", "3 / v", "-2 / u"],
        weight=2,
        hint="(u / v)' = (u' v - u v') / v²; in __rtruediv__ the number stands on top",
    )
    test_powers = rule(
        "powers, of negative bases and with negative exponents as well",
        ["u ** 3", "v ** 2", "v ** 3", "v ** -1", "u ** 0.5", "u ** -1.5", "v ** 1", "w ** 4", "p ** 2.0"],
        weight=2,
        hint="n x^(n - 1) times the derivative of x; no logarithm, which negative bases do not have",
        at_zero=("u ** 1", "u ** 2", "u ** 3"),
    )
    test_bases = rule("a ** x for a number a", ["2 ** u", "0.5 ** v", "3.5 ** w", "1 ** u"], weight=1, hint="a^x ln a times the derivative of x")
    test_exponentials = rule("exp and log", ["u.exp()", "v.exp()", "w.exp()", "u.log()", "p.log()"], weight=1.5, hint="exp(u)' = exp(u) u', log(u)' = u' / u")
    test_waves = rule(
        "sin, cos and tan",
        ["u.sin()", "v.sin()", "u.cos()", "w.cos()", "p.cos()", "u.tan()", "w.tan()", "p.tan()"],
        weight=2,
        hint="cos u · u', −sin u · u', and u' / cos² u",
    )
    test_chains = rule(
        "one rule inside another",
        ["(u * v).sin()", "((3 * u - v) / (u * u + 2)).exp()", "(1 + u ** 2).log() * w", "2 ** (u.sin() / p)", "sum([u * v, w, 3, u / p])",
         "(v / 3).tan() - (w * w).cos() ** 3", "(((u + 1) * u + 2) * u + 3) * u + 4"],
        weight=2,
        hint="each rule ends with the derivative of the inside: that of what came before",
    )  # fmt: skip

    @criterion("x ** 0 is 1 with derivative 0, at 0 too", 1, hint="0.0 ** -1 is an error: treat n = 0 apart")
    def test_power_zero(self, student):
        numbers = {"u": (0.0, 1.5), "v": (-1.7, 0.6)}
        sources = ["u ** 0", "v ** 0"]
        seen = student.run(duals, expressions=sources, numbers=numbers)
        for source, record in zip(sources, seen, strict=True):
            assert_close(record["result"], exact(source, numbers), what=f"[value, derivative] of {source}, {where(source, numbers)}")

    @criterion("makes a new Dual each time, and never changes the old ones", 1, hint="return Dual(…); no self.value = …, no +=")
    def test_unchanged(self, student):
        sources = ["u + v", "3 - u", "u * v", "u / v", "2 / u", "u ** 2", "2 ** u", "u.exp() + u.log() - u.sin() * u.cos() / u.tan()", "-u", "u + 0", "u * 1"]
        seen = student.run(duals, expressions=sources, numbers={"u": (1.3, 0.7), "v": (-2.2, 1.9)})
        for source, record in zip(sources, seen, strict=True):
            for name, after, before in zip("uv", record["after"], ((1.3, 0.7), (-2.2, 1.9)), strict=True):
                for field, now, then in zip(("value", "derivative"), after, before, strict=True):
                    expect(now == then, f"{name}.{field} was {then} before {source}, and is {now:.6g} after it")
        for source, record in zip(sources, seen, strict=True):
            if record["result"] is None or not close_pair(record["result"], exact(source, {"u": (1.3, 0.7), "v": (-2.2, 1.9)})):
                raise Finding(f"{source} is wrong", follows=True)


def close_pair(mine, right):
    return all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) for a, b in zip(mine, right, strict=True))


# 6.2 -----------------------------------------------------------------------------------------------------------------

NUMBERS = {"a": 1.7, "b": -0.6, "c": 2.3, "d": 0.35}
OTHERS = {"a": -1.2, "b": 0.8, "c": 0.45, "d": -2.1}


def values(student, programs):
    """For each program, lines that end with y = …: the data of y, and the gradients of everything with a name after the lines of `calls`. The recursion
    limit is Python's own, whatever the student has set."""
    import sys

    def answer(program, numbers, calls):
        names = {name: student.Value(number) for name, number in numbers.items()}
        exec(program, names)
        y = names["y"]
        fits = isinstance(y, student.Value)
        for line in calls if fits else []:
            exec(line, names)
        made = {name: value for name, value in names.items() if isinstance(value, student.Value)}
        held = [number for value in made.values() for number in (value.data, value.grad)]
        other = [type(number) for number in held if type(number) not in (int, float)]
        plain = not other
        return {
            "type": "" if fits else type(y).__name__,
            "plain": f"{other[0].__module__}.{other[0].__name__}" if other else "",
            "data": y.data if fits and plain else None,
            "grads": {name: value.grad for name, value in made.items()} if plain else {},
        }  # fmt: skip

    limit, change = sys.getrecursionlimit(), sys.setrecursionlimit
    change(1000)
    sys.setrecursionlimit = lambda limit: None
    try:
        return [answer(*program) for program in programs]
    finally:
        sys.setrecursionlimit = change
        change(limit)


def by_torch(program, numbers, calls=("y.backward()",)):
    """The data of y and the gradients of everything with a name, by PyTorch."""
    return _by_torch(program, tuple(numbers.items()), tuple(calls))


@cache  # the same programs for every student
def _by_torch(program, numbers, calls):
    names = {name: torch.tensor(float(number), dtype=torch.float64, requires_grad=True) for name, number in numbers}
    exec(program, names)
    made = {name: value for name, value in names.items() if isinstance(value, torch.Tensor)}
    grads = dict.fromkeys(made, 0.0)
    for line in calls:
        if line.endswith(".backward()"):
            root = made[line.split(".")[0]]
            found = torch.autograd.grad(root, list(made.values()), retain_graph=True, allow_unused=True) if root.requires_grad else []
            for name, gradient in zip(made, found, strict=False):
                grads[name] += 0.0 if gradient is None else float(gradient)
        else:
            grads[line.split(".")[0]] = float(line.split("=")[1])
    return {"data": names["y"].item(), "grads": grads}


def wrong_engine(backward):
    """What y.backward() leaves when it works in another way; backward(y, parents first to last) on the reference's graph."""

    def slip(program, numbers, calls=("y.backward()",)):
        names = {name: reference.Value(number) for name, number in numbers.items()}
        exec(program, names)
        for line in calls:
            if line.endswith(".backward()"):
                backward(names[line.split(".")[0]])
            else:
                exec(line, names)
        made = {name: value for name, value in names.items() if isinstance(value, reference.Value)}
        return {name: value.grad for name, value in made.items()}

    return slip


def in_order(y):
    """Everything that y was made of, each before what was made of it."""
    order, seen, stack = [], set(), [(y, False)]
    while stack:
        v, done = stack.pop()
        if done:
            order.append(v)
        elif v not in seen:
            seen.add(v)
            stack.append((v, True))
            stack += [(parent, False) for parent, _ in v._parents]
    return order


def overwriting(y):
    y.grad = 1.0
    for v in reversed(in_order(y)):
        for parent, slope in v._parents:
            parent.grad = slope * v.grad


def stale(y):
    y.grad = 1.0
    for v in reversed(in_order(y)):
        for parent, slope in v._parents:
            parent.grad += slope * v.grad


def more_stale(y):
    y.grad += 1.0
    for v in reversed(in_order(y)):
        for parent, slope in v._parents:
            parent.grad += slope * v.grad


def cleared(y):
    for v in in_order(y):
        v.grad = 0.0
    stale(y)


def breadth_first(y):
    y.grad, seen, queue = 1.0, {y}, [y]
    for v in queue:
        for parent, slope in v._parents:
            parent.grad += slope * v.grad
            if parent not in seen:
                seen.add(parent)
                queue.append(parent)


def depth_first(y):
    y.grad, seen, stack = 1.0, set(), [y]
    while stack:
        v = stack.pop()
        if v not in seen:
            seen.add(v)
            for parent, slope in v._parents:
                parent.grad += slope * v.grad
                stack.append(parent)


def every_way(y):
    y.grad, stack = 1.0, [y]
    while stack:
        v = stack.pop()
        for parent, slope in v._parents:
            parent.grad += slope * v.grad
            stack.append(parent)


ENGINES = {
    "each contribution overwrites the one before: = stands where += belongs": wrong_engine(overwriting),
    "a Value hands on before everything that was made of it has handed down to it": (wrong_engine(breadth_first), wrong_engine(depth_first)),
    "a Value hands on once for each contribution, and each time all that it has so far": wrong_engine(every_way),
}
CALLED_AGAIN = {
    "the gradients in between are still there from the call before, and are handed on once more": (wrong_engine(stale), wrong_engine(more_stale)),
    "each call clears what the calls before have added up": wrong_engine(cleared),
    **ENGINES,
}


def run_programs(student, programs):
    """The records of `values`, of the shape that they should have. programs: (program, numbers, calls)."""
    seen = student.run(values, programs=[list(program) for program in programs])
    keys = {"type", "plain", "data", "grads"}
    known = isinstance(seen, list) and len(seen) == len(programs) and all(isinstance(r, dict) and keys <= r.keys() for r in seen)
    expect(known, "Value gave back something that cannot be read", "tampered")
    for (program, _, _), record in zip(programs, seen, strict=True):
        expect(record["type"] == "", f"after {said(program)} y is a {record['type']}; every operation gives a Value", "wrong type")
        expect(record["plain"] == "", f"after {said(program)} some data or grad is a {record['plain']}, not a plain number of Python", "wrong type")
    return seen


def said(program):
    return "; ".join(program.strip().splitlines()).replace(":;     ", ": ")


def assert_gradients_of(student, programs, names=(), slips=None, rtol=1e-9, follows=False):
    """The gradients after each program's calls are PyTorch's: of the leaves and of `names`, of everything if it is None. follows: the criterion is about
    something else than the gradients."""
    records = run_programs(student, programs)
    chosen = [[*by_torch(*program)["grads"]] if names is None else [*program[1], *names] for program in programs]
    pairs = [(program, {name: record["grads"].get(name) for name in wanted}) for program, record, wanted in zip(programs, records, chosen, strict=True)]
    for (program, grads), record in zip(pairs, records, strict=True):
        right, done = by_torch(*program), f"{said(program[0])}; {said(chr(10).join(program[2]))}"
        if not near(record["data"], right["data"]):
            raise Finding(f"y.data after {said(program[0])}, {of(program[1])}, is off by {abs(record['data'] - right['data']):.3g}", follows=True)
        for name, grad in grads.items():
            if grad is None or not near(grad, right["grads"][name], rtol):
                ways = {words: tuple(map(picked, way if isinstance(way, tuple) else (way,))) for words, way in (slips or {}).items()}
                slip = slip_in(pairs, ways)
                words = f"{name}.grad after {done}, {of(program[1])},"
                finding = Finding(f"{words} is what comes out when {slip}" if slip else f"{words} {how_off(grad, right['grads'][name])}", follows=follows)
                finding.named = slip
                raise finding


def picked(engine):
    """The leaves' gradients of an engine, as a slip."""
    return lambda program, numbers, calls: {name: grad for name, grad in engine(program, numbers, calls).items() if name in numbers}


def near(mine, right, rtol=1e-9):
    return math.isclose(mine, right, rel_tol=rtol, abs_tol=1e-12)


def of(numbers):
    return ", ".join(f"{name} = {number}" for name, number in numbers.items())


def how_off(mine, right):
    """How a gradient is wrong, without what it should be."""
    if mine is None:
        return "is missing"
    if mine == 0:
        return "is 0: nothing arrives there"
    if near(mine, -right):
        return "has the opposite sign"
    return f"is {mine:.6g}, which is off by {abs(mine - right):.3g}"


BACKWARD = ("y.backward()",)


def alone(title, sources, weight, hint):
    """A criterion on the gradients of operations, each by itself."""

    @criterion(title, weight, hint, hint_for=("wrong value", "wrong type"))
    def test(self, student):
        sets = [(source, numbers) for source in sources for numbers in (NUMBERS, OTHERS) if has_value(source, numbers)]
        assert_gradients_of(
            student, [(f"y = {source}", {n: v for n, v in numbers.items() if n in source.replace("tanh", "")}, BACKWARD) for source, numbers in sets]
        )

    return test


def has_value(source, numbers):
    try:
        return math.isfinite(by_torch(f"y = {source}", numbers)["data"])
    except (ValueError, ZeroDivisionError):
        return False


SUMS = ["a + b", "c + 3", "2.5 + d", "a - b", "b - 4", "5 - a", "1.5 - b", "-c", "+1 - d"]
PRODUCTS = ["a * b", "b * 3", "-0.5 * c", "d * c"]
QUOTIENTS = ["a / b", "d / c", "b / 4", "3 / a", "-2 / b"]
POWERS = ["a ** 3", "b ** 2", "b ** 3", "d ** -1", "b ** -2", "c ** 0.5", "c ** -1.5", "d ** 1", "a ** 2.0"]
METHODS = ["a.exp()", "b.exp()", "c.log()", "d.log()", "a.tanh()", "b.tanh()", "d.tanh()", "a.relu()", "b.relu()", "c.relu()", "d.relu()"]
SHARED = [
    "y = a + a",
    "y = a * a",
    "y = a * b + a",
    "y = a * b * a + b",
    "p = a + b\nq = a * p\ny = q + p",
    "p = c * d\ny = p * p + p * c",
]
WAITING = [
    "p = a * b\nq = p + 1\ny = p * q",
    "p = a * b\nq = p * c\nr = q + a\ny = r * p",
    "p = a + b\nq = p * c\nr = q * 0.5\ns = r * p\ny = s + q",
    "p = a * a\nq = p + b\nr = q * p\ns = r + q\ny = p * s",
    "p = a * c\nq = p + p\nr = q * q\ny = p + r * q",
    "p = a * c\nq = p + p\nr = q * q\ny = r * q + p",
]


@exercise("Value", forbid=["tensor", "as_tensor", "scalar_tensor", "from_numpy", "full", "zeros", "ones", *NO_AUTOGRAD])
class TestValue:
    @criterion(
        "every operation gives a new Value with the right data, and grad 0.0",
        weight=2,
        hint="return Value(…) with the number; a plain number may stand on either side",
    )
    def test_data(self, student):
        sources = [*SUMS, *PRODUCTS, *QUOTIENTS, *POWERS, *METHODS, "a ** 0", "sum([a, b, c])"]
        programs = [(f"y = {source}", numbers, ()) for source in sources for numbers in (NUMBERS, OTHERS) if has_value(source, numbers)]
        for (program, numbers, _), record in zip(programs, run_programs(student, programs), strict=True):
            assert_close(record["data"], by_torch(program, numbers)["data"], what=f"y.data after {program}, {of(numbers)},", rtol=1e-9, atol=1e-12)
            for name, grad in record["grads"].items():
                expect(grad == 0, f"{name}.grad after {program} is {grad}, before any backward()")

    test_sums = alone(
        "gradients of + and −, with numbers on either side as well",
        SUMS,
        2,
        "a sum hands on 1 to both, a difference 1 and −1; in __rsub__ the number stands on the left",
    )
    test_products = alone(
        "gradients of × and ÷, with numbers on either side as well", [*PRODUCTS, *QUOTIENTS], 2, "a * b hands b to a and a to b; a / b is a * b ** -1"
    )
    test_powers = alone(
        "gradients of powers, of negative bases and with negative exponents as well", POWERS, 1.5, "n x^(n - 1); no logarithm, which negative bases do not have"
    )
    test_methods = alone("gradients of exp, log, tanh and relu", METHODS, 2, "exp(u), 1 / u, 1 − tanh²(u), and 1 or 0")

    @criterion(
        "relu has the slope 0 at 0, and x ** 0 the slope 0 everywhere",
        weight=1.5,
        hint="1 where data > 0, and 0 at exactly 0; n = 0 apart, since 0.0 ** -1 is an error",
    )
    def test_corners(self, student):
        numbers = {"a": 0.0, "b": 1.3, "c": 0}
        sources = ["a.relu() + b * 2", "b * a.relu() - c.relu()", "a ** 0 + b", "b ** 0", "c ** 0 + b ** 2", "a ** 1", "a ** 2 + b"]
        programs = [(f"y = {source}", {n: v for n, v in numbers.items() if n in source.replace("relu", "")}, BACKWARD) for source in sources]
        ones = run_programs(student, programs[:1])[0]["grads"].get("a")
        expect(ones != 1, "relu hands on 1 at 0; this course takes 0 there, as PyTorch does (003 §6.3 has it the other way)")
        assert_gradients_of(student, programs)

    @criterion("what is used several times gets the sum of all contributions", weight=2.5, hint="+=, not =, wherever a gradient arrives")
    def test_shared(self, student):
        assert_gradients_of(student, [(program, without(NUMBERS, program), BACKWARD) for program in SHARED], slips=ENGINES)

    @criterion(
        "a Value hands on only when everything made of it has handed down to it; those in between, and y, have the right grad, too", weight=2.5,
        hint="go through the graph in an order in which each Value comes after all that were made of it: count the edges first, or sort",
    )  # fmt: skip
    def test_order(self, student):
        programs = [(program, without(numbers, program), BACKWARD) for program in WAITING for numbers in (NUMBERS, OTHERS)]
        assert_gradients_of(student, programs, slips=ENGINES)
        assert_gradients_of(student, programs, names=None)

    @criterion(
        "backward adds to the gradients that are there: two calls, two results, and clearing is the user's", weight=2,
        hint="start the flow of each call afresh, from 1 at y, and add it to .grad; or set the gradients in between to 0 first",
    )  # fmt: skip
    def test_again(self, student):
        twice, both_results = ("y.backward()", "y.backward()"), ("p.backward()", "y.backward()")
        cleared_between = ("y.backward()", "a.grad = 0.0", "b.grad = 0.0", "y.backward()")
        programs = [
            ("y = a * b", {"a": 1.7, "b": -0.6}, twice),
            ("p = a * b\ny = p * a + p", {"a": 1.7, "b": -0.6}, twice),
            ("q = a * b * 0.5\np = q * a\ny = q + p * b", {"a": -1.2, "b": 0.8}, both_results),
            ("q = a * b\np = q * 3 + a\ny = q * q", {"a": -1.2, "b": 0.8}, both_results),
            ("p = a * b\ny = p * a + p", {"a": 0.7, "b": 2.6}, ("a.grad = 2.5", "y.backward()")),
            ("p = a * b\ny = p * a + p", {"a": 0.7, "b": 2.6}, cleared_between),
            ("q = a + b\ny = q * q * q", {"a": 0.7, "b": 0.6}, (*twice, "y.backward()")),
        ]
        assert_gradients_of(student, programs, slips=CALLED_AGAIN)

    @criterion(
        "goes two thousand operations deep",
        weight=1.5,
        hint="no function that calls itself: a list of what is still to be done",
        timeout_s=5,
        hint_for=("crashed", "too slow", "timeout", "hangs"),
    )
    def test_deep(self, student):
        chain = "y = a\nfor k in range(2000):\n    y = y * 1.001 + b"
        terms = "y = sum([a * k for k in range(2000)]) + b"
        assert_gradients_of(student, [(program, {"a": 0.7, "b": -0.3}, BACKWARD) for program in (chain, terms)], follows=True)

    @criterion("takes as long as the graph is large, however many ways lead through it", weight=1.5, timeout_s=3,
               hint="each Value hands on once, not once for each way that leads to it; those met already are kept in a set or a dict, not in a list",
               hint_for=("timeout", "hangs", "too slow"))  # fmt: skip
    def test_ways(self, student):
        doubled = "y = a\nfor k in range(50):\n    y = y + y"
        squared = "y = a\nfor k in range(50):\n    y = y * y * 0.5 + y * 0.7 + 0.02"
        assert_gradients_of(student, [(doubled, {"a": 0.7}, BACKWARD), (squared, {"a": 0.3}, BACKWARD)], follows=True)
        length = 300
        compared = student.run(comparisons, length=length)
        searched = f"backward() compares Values with one another {compared} times for a sum of {length} terms: it searches through a list, longer and longer"
        expect(compared <= 50 * length, searched, "too slow")

    @criterion(
        "agrees with PyTorch on programs of twenty lines", weight=2, hint="try the operations one by one first: the message of another criterion may say which"
    )
    def test_programs(self, student, draw):
        programs = [(program_of(draw, 20), numbers, BACKWARD) for numbers in (NUMBERS, OTHERS, {"a": 2, "b": -1, "c": 3, "d": 1})]
        assert_gradients_of(student, programs, names=None, slips=ENGINES, rtol=1e-8, follows=True)


def comparisons(student, length):
    """How often Values are compared with one another in backward() of a long sum: once for each that a search through a list comes by."""
    kind, seen = student.Value, []
    own, its_hash = kind.__eq__, kind.__hash__

    def noted(self, other):
        seen.append(1)
        return own(self, other)

    y = kind(0.5)
    for _ in range(length):
        y = y + kind(0.25)
    kind.__eq__, kind.__hash__ = noted, its_hash
    try:
        y.backward()
    finally:
        kind.__eq__, kind.__hash__ = own, its_hash
    return len(seen)


def without(numbers, program):
    """Those numbers whose names the program uses."""
    return {name: number for name, number in numbers.items() if name in program.replace("tanh", "").replace("range", "")}


FORMS = [
    "{} + {}",
    "{} * {}",
    "({} - {}).tanh()",
    "{} / (1 + {} ** 2)",
    "3 - {} * {}",
    "({} + 0.5 * {}).relu()",
    "({} * {}).tanh().exp()",
    "(2 + ({} - {}) ** 2).log()",
    "1 / (1 + (-{}).tanh().exp()) - {}",
]


def program_of(draw, lines):
    """Lines of assignments, each of two of the names before it; every value stays of moderate size."""
    names, made = list("abcd"), []
    for k in range(lines):
        one, two = draw.one_of(names), draw.one_of(names[-4:])
        made.append(f"p{k} = ({draw.one_of(FORMS).format(one, two)}) * 0.7")
        names.append(f"p{k}")
    return "\n".join([*made, f"y = {' + '.join(names[-5:])} + {names[7]}"])
