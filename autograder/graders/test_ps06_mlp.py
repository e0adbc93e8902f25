"""Hidden grader of ps06_mlp."""

from collections.abc import Callable
from dataclasses import replace

import torch
from course_tools import digits

from autograder import (
    Finding,
    assert_close,
    assert_finite,
    assert_program_left,
    assert_unchanged,
    case,
    criterion,
    exercise,
    expect,
    fail,
    kind_of,
    operations,
    other_order,
)
from solutions.ps06_mlp import mlp as reference

SHAPES = [(1,), (5, 3), (1, 7), (2, 3, 4)]
NO_AUTOGRAD = ["grad", "backward", "make_dual", "threshold_backward", "sigmoid_backward", "tanh_backward", "prelu_kernel_backward"]
RECTIFIERS = ["relu", "relu6", "leaky_relu", "prelu", "prelu_kernel", "rrelu", "rrelu_with_noise", "elu", "celu", "selu", "threshold", "hardtanh"]
SIGMOIDS = ["sigmoid", "tanh", "logsigmoid", "log_sigmoid", "log_sigmoid_forward", "silu", "glu", "softmax", "log_softmax", "special_expit"]
MATMUL = {"rtol": 1e-5, "atol": 1e-5}
ANYTHING = {"rtol": 0, "atol": float("inf")}
ANY_ORDER = "keeps the dtype, and takes entries in any memory order"
SAMPLES = "keeps the dtype, and takes samples in any memory order"
DTYPE = "the result has the dtype of x: float64 in, float64 out, in float64 all the way"
THROUGH = "stay with tensor operations from x to the result: no .item(), .detach() or NumPy"


# 1 · One unit --------------------------------------------------------------------------------------------------------
# All numbers are multiples of 1/4, so that every order of summation gives the same bits, ties with 0 included.


def separable(draw, n, d):
    """Samples (n, d) that a hyperplane separates, and their labels; it takes several epochs, and a bias: one sample is the origin."""
    while True:
        w, b = draw.integers(-4, 5, d).cpu().float(), draw.integers(1, 4, 1).cpu() * draw.one_of([-1, 1])
        X = quarters(draw, 12 * n, d)
        X = X[(X @ w + b).abs() >= 1][:n]
        if len(X) < n:
            continue
        if n > 1:
            X[n // 2] = 0
        y = (X @ w + b).sign().long()
        after_one, after_all = reference.perceptron(X, y, 1), reference.perceptron(X, y, 60)
        longer = not torch.equal(after_one[0], after_all[0]) and after_one[2] < after_all[2] < 60
        if n == 1 or (len(y.unique()) == 2 and longer):
            return X.to(draw.device, draw.dtype), y.to(draw.device)


def quarters(draw, n, d):
    """Samples (n, d), multiples of 1/4, around (1/2, 1/2, …)."""
    return draw.integers(-8, 9, n, d).cpu() / 4 + 0.5


def inseparable(draw, n, limits):
    """Four corners of the exclusive or among n samples (n, 2), and after each of the limits, and an epoch later, the weights are others."""
    corners, signs = torch.tensor([[0.5, 0.5], [1.5, 1.5], [0.5, 1.5], [1.5, 0.5]]), torch.tensor([1, 1, -1, -1])
    ends = sorted({epochs for limit in limits for epochs in (limit, limit + 1)} | {100})
    while True:
        order = draw.permutation(n)
        X = torch.cat([corners, quarters(draw, n - 4, 2)])[order]
        y = torch.cat([signs, 2 * draw.integers(0, 2, n - 4).cpu() - 1])[order]
        results = [reference.perceptron(X, y, epochs) for epochs in ends]
        if len({(*w.tolist(), b) for w, b, _ in results}) == len(ends):
            return X.to(draw.device), y.to(draw.device)


def learned_by(start=0.0, rate=1.0, bias=1.0, labelled=True, batch=False, epochs=None) -> Callable:
    """Weights and bias of a rule that differs from the right one."""

    def slip(X, y, max_epochs):
        rows, w, b = list(zip(X.tolist(), y.tolist(), strict=True)), [start] * X.shape[1], 0.0
        for _ in range(epochs or max_epochs):
            seen, before = (list(w), b), (list(w), b)
            for x, label in rows:
                used, shift = seen if batch else (w, b)
                if label * (sum(p * q for p, q in zip(used, x, strict=True)) + shift) <= 0:
                    w = [p + rate * (label if labelled else 1) * q for p, q in zip(w, x, strict=True)]
                    b += rate * bias * label
            if (w, b) == before:
                break
        return torch.tensor(w).to(X), b

    return slip


def result_of(returned):
    """(w, b, updates) as a tensor and two floats."""
    three = isinstance(returned, list | tuple) and len(returned) == 3
    expect(three, "perceptron should return three things, (w, b, updates)", "wrong type")
    w, b, updates = returned
    tensor = isinstance(w, torch.Tensor) and w.ndim == 1
    expect(tensor, "w, the first thing that perceptron returns, should be a tensor with one dimension", "wrong type")
    assert_close(b, 0.0, what="b, the second thing that perceptron returns,", **ANYTHING)
    assert_close(updates, 0.0, what="updates, the third thing that perceptron returns,", **ANYTHING)
    return w, float(b), float(updates)


def border(X, y, max_epochs):
    return reference.perceptron(X, y, max_epochs)[:2]


def count(X, y, max_epochs):
    return reference.perceptron(X, y, max_epochs)[2]


perceptron = case(
    reference.perceptron, lambda draw, n=16, d=3: (*separable(draw, n, d), 200), [(1, 3), (7, 2), (12, 5), (20, 3)], gives=("w", "b", "the number of updates")
)
rule = replace(
    perceptron,
    right=border,
    gives=("w", "b"),
    call=lambda f: lambda X, y, max_epochs: result_of(f(X, y, max_epochs))[:2],
    slips={
        "nothing has counted as a mistake: <= 0 does, and at w = 0, b = 0 every product is 0": lambda X, y, m: (torch.zeros_like(X[0]), 0.0),
        "the bias is never updated": learned_by(bias=0.0),
        "y_i is subtracted from the bias; it should be added": learned_by(bias=-1.0),
        "x_i is added whatever its label; y_i x_i should be": learned_by(labelled=False),
        "w starts from ones": learned_by(start=1.0),
        "each update is halved": learned_by(rate=0.5),
        "the mistakes of an epoch are added at its end; each changes w and b at once": learned_by(batch=True),
        "the samples are gone through once only": learned_by(epochs=1),
    },
)
updates = replace(perceptron, right=count, gives=(), call=lambda f: lambda X, y, max_epochs: result_of(f(X, y, max_epochs))[2])


@exercise("perceptron")
class TestPerceptron:
    test_rule = rule.agrees(
        "follows the update rule: right weights and bias",
        weight=4,
        hint="where y_i (w·x_i + b) <= 0: add y_i x_i to w, and y_i to b; start from zeros; samples in order",
    )
    test_count = updates.agrees(
        "counts the updates",
        weight=2,
        hint="one for each mistake; not the epochs, and not the mistakes of the last epoch",
        arguments=lambda draw: {f"the number of updates for samples {n}×{d}": (*separable(draw, n, d), 200) for n, d in [(1, 2), (9, 2), (15, 4)]},
        follows=True,
    )

    @criterion(
        "stops after max_epochs epochs, or after an epoch without an update",
        weight=2,
        hint="range(max_epochs) for the epochs; break when the count is what it was before the epoch",
        timeout_s=5,
    )
    def test_stops(self, student, draw):
        limits = (1, 2, 5)
        X, y = inseparable(draw, 7, limits)
        words = [f"perceptron, when max_epochs is {epochs} and no line separates the classes," for epochs in limits]
        rule.compare(rule.ask(student, [(X, y, epochs) for epochs in limits]), words)
        X, y = separable(draw, 6, 2)
        enough = count(X, y, 200) + 1
        few, many = (sum(operations(student.perceptron, X.clone(), y.clone(), epochs).values()) for epochs in (enough, enough + 100))
        expect(few == many, "perceptron goes on after an epoch without an update, when all samples are right", "too slow")
        student.perceptron(X.clone(), y.clone(), 10**9)  # One that counts to the end without tensors never comes back.

    @criterion(
        "ends with every sample on its side, within (r² + 1) / ρ² updates",
        weight=2,
        hint="only samples with y_i (w·x_i + b) <= 0 count as mistakes, and all of them do",
    )
    def test_bound(self, student, draw):
        for n, d in [(11, 2), (16, 3)]:
            X, y = separable(draw, n, d)
            w, b, made = result_of(student.perceptron(X.clone(), y.clone(), 200))
            assert_close(w, torch.zeros_like(X[0]), what="w", check_dtype=False, **ANYTHING)
            wrong = int((y * (X @ w.detach().to(X) + b) <= 0).sum())
            if wrong:
                told = f"a line separates the classes, but {wrong} of {n} samples are left on the wrong side, or on the border"
                raise Finding(told, follows=True)
            bound = convergence_bound(X, y)
            expect(made <= bound, f"{made:g} updates are more than the bound (r² + 1) / ρ² = {bound:.1f} allows")

    # The rule itself costs its own points: these two hold the answer against itself.

    @criterion(SAMPLES, hint="w has the dtype of X: float64 in, float64 out")
    def test_dtype(self, student, draw):
        X, y = separable(draw, 16, 3)
        w, b, _ = learned(student.perceptron(X.clone(), y.clone(), 200))
        for samples, kind in [(X.double(), "float64"), (other_order(X), "non-contiguous")]:
            w_mine, b_mine, _ = learned(student.perceptron(samples, y.clone(), 200))
            assert_close(w_mine, w.to(samples), what=f"w for {kind} samples, held against w for contiguous float32 ones", **MATMUL)
            assert_close(b_mine, float(b), what=f"b for {kind} samples, held against b for contiguous float32 ones", **MATMUL)

    @criterion("leaves its inputs unchanged", hint="w starts as a new tensor; no operation that ends in _ on X or y")
    def test_unchanged(self, student, draw):
        X, y = separable(draw, 16, 3)
        X_before, y_before = X.clone(), y.clone()
        learned(student.perceptron(X, y, 200))
        assert_unchanged(X_before, X, what="X")
        assert_unchanged(y_before, y, what="y")

    test_again = perceptron.again(hint="w, b and the count start anew at every call")


def learned(result):
    """(w, b, updates) of an answer that learned something."""
    w, b, made = result_of(result)
    assert_close(w, torch.zeros_like(w), what="w", **ANYTHING)
    if not bool(w.any()):
        raise Finding("w is 0 after training: nothing was learned", follows=True)
    return w, b, made


def convergence_bound(X, y):
    """(r² + 1) / ρ² with the margin ρ of one hyperplane that separates the samples, the reference's."""
    w, b, _ = reference.perceptron(X, y, 200)
    rho = (y * (X @ w + b)).min() / (w @ w + b * b).sqrt()
    return float(((X * X).sum(dim=1).max() + 1) / rho**2)


# 2 · Activation functions --------------------------------------------------------------------------------------------


def entries(draw, *shape):
    """Entries of both signs, none nearer to 0 than 0.2."""
    return (draw.away_from_zero(*(shape or (4, 3)), low=0.2, high=5.0),)


def with_zeros(draw):
    (x,) = entries(draw, 4, 5)
    x.view(-1)[::3] = 0
    return x


def of_any_size(draw):
    """Large, middling and small entries of both signs, none of them 0."""
    sizes = torch.tensor([1000.0, 200.0, 88.0, 40.0, 15.0, 12.5, 7.5, 6.5, 0.5, 1e-6])
    return torch.cat([sizes, -sizes])[draw.permutation(20)].reshape(2, 10).to(draw.device)


def passes_on(case, title, inputs, weight=1.0, hint=""):
    """The values, and the gradient that is passed on for a random one from above, are finite and right. inputs(draw) → {what they are: x}."""

    @criterion(title, weight, hint, hint_for=("no gradient", "unstable"))
    def test(self, student, draw):
        for words, x in inputs(draw).items():
            mine_at, right_at = (x.clone().requires_grad_() for _ in range(2))
            mine, right = case.of(student)(mine_at * 1), case.right(right_at)
            assert_finite(mine, what=f"{case.name} of {words}")
            case.compare([((x,), mine.detach())], [f"{case.name} of {words}"], follows=True)
            graph = mine.requires_grad
            told = f"{case.words((x,))} carries no graph: no gradient can flow back through it (was it detached, rebuilt, or made in NumPy?)"
            expect(graph, told, "no gradient")
            upstream = draw.away_from_zero(*x.shape)
            (found,), (wanted,) = (torch.autograd.grad(y, at, upstream, allow_unused=True) for y, at in ((mine, mine_at), (right, right_at)))
            expect(found is not None, f"no gradient comes back from {case.name} to x", "no gradient")
            assert_finite(found, what=f"the gradient of {case.name} for {words}")
            wrong = ~torch.isclose(found, wanted, rtol=1e-3, atol=1e-6)
            expect(not bool(wrong.any()), f"the gradient of {case.name} is wrong for {words}: {slope_at(x, found / upstream, wrong)}", "no gradient")

    return test


def slope_at(x, slopes, wrong):
    """The first wrong slope, in words."""
    i = int(wrong.flatten().int().argmax())
    return f"at {float(x.flatten()[i]):g} the slope that comes back is {float(slopes.flatten()[i]):.3g}"


relu = case(
    reference.relu,
    entries,
    SHAPES,
    slips={
        "negative entries come back positive": torch.abs,
        "a part of the negative side gets through": lambda x: torch.where(x > 0, x, 0.01 * x),
        "log(1 + exp(x)) is taken, a smooth relative": torch.nn.functional.softplus,
        "the entries are given back as they came": lambda x: x,
        "the positive entries are stopped, and the negative ones get through": lambda x: torch.where(x > 0, 0, x),
        "the slope is given back: 1 and 0": lambda x: (x > 0).to(x),
    },
)


@exercise("relu", forbid=RECTIFIERS)
class TestRelu:
    test_values = relu.agrees("keeps positive entries and makes the others 0", weight=3, hint="torch.where(x > 0, …, …)")
    test_any_size = relu.stays_finite(
        "is right for entries of any size",
        lambda draw: {"large entries": (of_any_size(draw) * 1e6,), "small entries": (of_any_size(draw) / 1e6,)},
        hint="a positive entry comes through as it is, however large or small",
        rtol=1e-6,
        atol=0,
    )
    test_dtype = relu.keeps_dtype(title=ANY_ORDER, hint=DTYPE)
    test_gradients = relu.gradients(weight=2, hint=THROUGH)
    test_at_zero = passes_on(
        relu,
        "the gradient at 0 is 0",
        lambda draw: {"an x with zeros": with_zeros(draw)},
        weight=2,
        hint="torch.maximum shares the gradient of a tie, x >= 0 lets it pass: choose by x > 0 which entries pass",
    )
    test_unchanged = relu.leaves_inputs(title="leaves its input unchanged", hint="x[x < 0] = 0 and operations that end in _ write into the caller's tensor")
    test_again = relu.again(sizes=[(), (), (2, 3, 4)])


sigmoid = case(
    reference.sigmoid,
    entries,
    SHAPES,
    slips={
        "exp(x) stands where exp(-x) should: it falls where it should rise": lambda x: reference.sigmoid(-x),
        "x is doubled on the way": lambda x: reference.sigmoid(2 * x),
        "exp(-x) is given back, not 1 / (1 + exp(-x))": lambda x: torch.exp(-x),
        "tanh is taken": torch.tanh,
        "the tangent at 0 is taken, cut off at 0 and 1": lambda x: (0.5 + x / 4).clamp(0, 1),
        "the slope of the sigmoid is given back": reference.sigmoid_grad,
        "the same comes out on both sides of 0: that of |x|": (lambda x: reference.sigmoid(x.abs()), lambda x: reference.sigmoid(-x.abs())),
    },
)
NOT_ABS = "autograd gives abs and sign the slope 0 at 0; torch.where(x >= 0, -x, x) has the right one"


@exercise("sigmoid", forbid=SIGMOIDS)
class TestSigmoid:
    test_values = sigmoid.agrees("equals 1 / (1 + exp(-x))", weight=3, hint="entry by entry, whatever the shape")
    test_any_size = passes_on(
        sigmoid,
        "stays finite for entries of any size, and so does its gradient",
        lambda draw: {"entries between -1000 and 1000": of_any_size(draw)},
        weight=3,
        hint="never take exp of a large number, in neither branch of a torch.where: only exp(-|x|); and bound x nowhere near 15",
    )
    test_dtype = sigmoid.keeps_dtype(title=ANY_ORDER, hint=DTYPE)
    test_gradients = sigmoid.gradients(weight=2, hint=THROUGH)
    test_at_zero = passes_on(sigmoid, "the gradient is right at 0 too", lambda draw: {"an x with zeros": with_zeros(draw)}, hint=NOT_ABS)
    test_unchanged = sigmoid.leaves_inputs(title="leaves its input unchanged")
    test_again = sigmoid.again(sizes=[(), (), (2, 3, 4)])


tanh = case(
    reference.tanh,
    entries,
    SHAPES,
    slips={
        "exp(-x) stands where exp(-2x) should: it is tanh of half of x": lambda x: torch.tanh(x / 2),
        "the negative side is that of the positive one: the sign is lost": lambda x: torch.tanh(x.abs()),
        "the sign is turned": lambda x: -torch.tanh(x),
        "the sigmoid is taken": torch.sigmoid,
        "the sigmoid of 2x is taken, neither doubled nor lowered by 1": lambda x: torch.sigmoid(2 * x),
        "the first terms of the series at 0 are taken": (lambda x: x - x**3 / 3, lambda x: x - x**3 / 3 + 2 * x**5 / 15),
        "the slope of tanh is given back": reference.tanh_grad,
    },
)


@exercise("tanh", forbid=SIGMOIDS)
class TestTanh:
    test_values = tanh.agrees("equals (1 - exp(-2x)) / (1 + exp(-2x))", weight=3, hint="entry by entry, whatever the shape; mind the 2")
    test_any_size = passes_on(
        tanh,
        "stays finite for entries of any size, and so does its gradient",
        lambda draw: {"entries between -1000 and 1000": of_any_size(draw)},
        weight=3,
        hint="never take exp of a large number, in neither branch of a torch.where: only exp(-2|x|); and bound x nowhere near 7",
    )
    test_dtype = tanh.keeps_dtype(title=ANY_ORDER, hint=DTYPE)
    test_gradients = tanh.gradients(weight=2, hint=THROUGH)
    test_at_zero = passes_on(tanh, "the gradient is right at 0 too", lambda draw: {"an x with zeros": with_zeros(draw)}, hint=NOT_ABS)
    test_unchanged = tanh.leaves_inputs(title="leaves its input unchanged")
    test_again = tanh.again(sizes=[(), (), (2, 3, 4)])


CHANNELS = [((5, 3),), ((1, 4),), ((2, 3, 4),), ((2, 3, 5, 4),), ((2, 3, 4, 3),)]
FLOAT = ((4, 3), "number")
KINDS_OF_ALPHA = [((4, 3),), ((4, 3), (1,)), ((4, 3), ()), FLOAT]


def with_alpha(draw, shape=(4, 3), alphas="each"):
    """x of this shape and one alpha for each channel, or alphas of a shape, or one that is a Python number."""
    size = {"each": shape[1:2], "number": ()}.get(alphas, alphas)
    alpha = draw.integers(2, 15).item() / 16 if alphas == "number" else draw.uniform(*size, low=0.1, high=0.9)
    return *entries(draw, *shape), alpha


def one_alpha(name):
    """x of several shapes with alpha as a number, and as a tensor with one element."""

    def arguments(draw):
        numbers = {f"{name} of shape {shape}": with_alpha(draw, shape, "number") for shape in SHAPES}
        return numbers | {f"{name} with alpha as a tensor of shape {size}": with_alpha(draw, (2, 3, 4), size) for size in ((), (1,))}

    return arguments


def any_alpha(name):
    return lambda draw: {f"{name} with alpha = {alpha}": (*entries(draw), alpha) for alpha in (-0.7, 0.0, 1.0, 2.5)}


def channels(f) -> Callable:
    """f of x and alphas along dimension 1."""
    return lambda x, alpha: f(x, alpha.reshape(-1, *[1] * (x.ndim - 2)) if isinstance(alpha, torch.Tensor) and alpha.ndim == 1 else alpha)


def kinked(x, alpha):
    return torch.where(x > 0, x, alpha * x)


prelu = case(
    reference.prelu,
    with_alpha,
    CHANNELS,
    slips={
        "alpha stands on the positive side": channels(lambda x, a: torch.where(x > 0, a * x, x)),
        "alpha times |x| is taken where x is negative: the sign is lost": channels(lambda x, a: torch.where(x > 0, x, a * x.abs())),
        "the negative side is 0, as for relu": lambda x, a: torch.where(x > 0, x, 0),
        "alpha is always 1/4": lambda x, a: torch.where(x > 0, x, 0.25 * x),
        "the larger of x and alpha x is taken, which is prelu for alpha up to 1 only": channels(lambda x, a: torch.maximum(x, a * x)),
        "an alpha of 0 is taken for one that is missing": lambda x, a: kinked(x, 0.25) if isinstance(a, float) and a == 0 else None,
        "the slope is given back": reference.prelu_grad,
    },
)


@exercise("prelu", forbid=RECTIFIERS)
class TestPrelu:
    test_one_alpha = prelu.agrees(
        "one alpha for all: x where x > 0, alpha x elsewhere", weight=3, hint="torch.where(x > 0, x, alpha * x)", arguments=one_alpha("prelu")
    )
    test_channels = prelu.agrees(
        "one alpha per channel, which is dimension 1", weight=3, hint="for (n, c, h, w) alpha must have the shape (c, 1, 1), so that it meets dimension 1"
    )
    test_any_alpha = prelu.agrees(
        "takes any alpha: negative, 0, larger than 1",
        hint="the larger of x and alpha x is the answer for alpha <= 1 only; ask x > 0",
        arguments=any_alpha("prelu"),
        follows=True,
    )
    test_dtype = prelu.keeps_dtype(title=ANY_ORDER, hint=DTYPE, size=FLOAT)
    test_gradients = prelu.gradients(
        weight=2,
        title="gradients reach x and alpha and are right",
        hint="no .item(), .detach(), float(alpha) or NumPy between the arguments and the result",
        sizes=KINDS_OF_ALPHA,
    )
    test_unchanged = prelu.leaves_inputs(hint="x[x < 0] *= … and operations that end in _ write into the caller's tensor", sizes=KINDS_OF_ALPHA)
    test_again = prelu.again(sizes=[FLOAT, FLOAT, ((2, 3, 4), "number")])


# 3 · Their derivatives -----------------------------------------------------------------------------------------------


EXACT = "is a closed form: exact, and needs no graph"
FORMULA = "write the formula down; neither autograd nor a difference quotient is needed"


def exactly(case):
    """The case in float64, to the last digits, which no difference quotient has."""
    return replace(case, arguments=lambda draw, *size: case.arguments(draw.float64, *size), rtol=1e-12, atol=1e-13)


relu_grad = case(
    reference.relu_grad,
    entries,
    SHAPES,
    check_dtype=False,
    slips={
        "relu itself is given back, not its slope": torch.relu,
        "the slope is -1 on the negative side": torch.sign,
        "the slope is 1 on both sides": torch.ones_like,
        "the sides are swapped: 1 stands where x is negative": lambda x: (x < 0).to(x),
    },
)


def at_zero(name, *rest):
    return lambda draw: {f"{name} of an x with zeros": (with_zeros(draw), *rest)}


@exercise("relu_grad", forbid=NO_AUTOGRAD)
class TestReluGrad:
    test_values = relu_grad.agrees("is 1 where x is positive and 0 where it is negative", weight=3, hint="x > 0, turned into numbers")
    test_any_size = relu_grad.agrees(
        "is right for entries of any size",
        arguments=lambda draw: {"relu_grad of entries of any size": (of_any_size(draw),), "relu_grad of tiny entries": (of_any_size(draw).double() * 1e-60,)},
        follows=True,
    )
    test_at_zero = replace(
        relu_grad,
        slips={
            "the slope at 0 is 1; the course chooses 0": lambda x: (x >= 0).to(x),
            "the slope at 0 is 1/2; the course chooses 0": lambda x: (x.sign() + 1) / 2,
        },
    ).agrees("is 0 at 0", weight=2, hint="the course's choice at the kink: > and not >=", arguments=at_zero("relu_grad"), follows=True)
    test_dtype = replace(relu_grad, check_dtype=True).keeps_dtype(title=ANY_ORDER, hint="a float tensor with the dtype of x, not bool: .to(x.dtype)")
    test_unchanged = relu_grad.leaves_inputs(title="leaves its input unchanged", hint="x[x > 0] = 1 writes into the caller's tensor")
    test_again = relu_grad.again(sizes=[(), (), (2, 3, 4)])
    test_no_graph = exactly(relu_grad).needs_no_graph(title=EXACT, hint=FORMULA)


sigmoid_grad = case(
    reference.sigmoid_grad,
    entries,
    SHAPES,
    slips={
        "the sigmoid itself is given back, not its slope": torch.sigmoid,
        "x is taken for the sigmoid of x: x (1 - x)": lambda x: x * (1 - x),
        "the 1 - is missing: s times s": lambda x: torch.sigmoid(x) ** 2,
        "plus stands where minus should: s (1 + s)": lambda x: torch.sigmoid(x) * (1 + torch.sigmoid(x)),
        "the rule of tanh is taken: 1 - s²": lambda x: 1 - torch.sigmoid(x) ** 2,
        "it is 1/4 everywhere, the slope at 0": lambda x: torch.full_like(x, 0.25),
        "the slope is measured with a step of 0.1": lambda x: (torch.sigmoid(x + 0.1) - torch.sigmoid(x)) / 0.1,
        "the sign is turned": lambda x: -reference.sigmoid_grad(x),
    },
)


@exercise("sigmoid_grad", forbid=NO_AUTOGRAD)
class TestSigmoidGrad:
    test_values = sigmoid_grad.agrees("is the slope of the sigmoid at x", weight=3, hint="s (1 - s) with s = sigmoid(x)")
    test_any_size = sigmoid_grad.stays_finite(
        "stays finite for entries of any size",
        lambda draw: {"entries between -1000 and 1000": (of_any_size(draw),), "an x with zeros": (with_zeros(draw),)},
        weight=2,
        hint="exp(-x) overflows at -1000; s (1 - s) does not",
    )
    test_dtype = sigmoid_grad.keeps_dtype(title=ANY_ORDER, hint=DTYPE)
    test_unchanged = sigmoid_grad.leaves_inputs(title="leaves its input unchanged")
    test_again = sigmoid_grad.again(sizes=[(), (), (2, 3, 4)])
    test_no_graph = exactly(sigmoid_grad).needs_no_graph(title=EXACT, hint=FORMULA)


tanh_grad = case(
    reference.tanh_grad,
    entries,
    SHAPES,
    slips={
        "tanh itself is given back, not its slope": torch.tanh,
        "x is taken for tanh(x): 1 - x²": lambda x: 1 - x**2,
        "the 1 - is missing: tanh²": lambda x: torch.tanh(x) ** 2,
        "the rule of the sigmoid is taken: t (1 - t)": lambda x: torch.tanh(x) * (1 - torch.tanh(x)),
        "the square is missing": (lambda x: 1 - torch.tanh(x), lambda x: 1 / torch.cosh(x)),
        "the square is taken of x, not of tanh(x)": lambda x: 1 - torch.tanh(x**2),
        "it is 1 everywhere, the slope at 0": torch.ones_like,
        "plus stands where minus should: 1 + tanh²": lambda x: 1 + torch.tanh(x) ** 2,
    },
)


@exercise("tanh_grad", forbid=NO_AUTOGRAD)
class TestTanhGrad:
    test_values = tanh_grad.agrees("is the slope of tanh at x", weight=3, hint="1 - t² with t = tanh(x)")
    test_any_size = tanh_grad.stays_finite(
        "stays finite for entries of any size",
        lambda draw: {"entries between -1000 and 1000": (of_any_size(draw),), "an x with zeros": (with_zeros(draw),)},
        weight=2,
        hint="exponentials overflow at 1000; torch.tanh does not",
    )
    test_dtype = tanh_grad.keeps_dtype(title=ANY_ORDER, hint=DTYPE)
    test_unchanged = tanh_grad.leaves_inputs(title="leaves its input unchanged")
    test_again = tanh_grad.again(sizes=[(), (), (2, 3, 4)])
    test_no_graph = exactly(tanh_grad).needs_no_graph(title=EXACT, hint=FORMULA)


prelu_grad = case(
    reference.prelu_grad,
    with_alpha,
    CHANNELS,
    slips={
        "prelu itself is given back, not its slope": channels(kinked),
        "alpha is ignored: 1 and 0, as for relu": lambda x, a: (x > 0).to(x),
        "alpha is always 1/4": lambda x, a: torch.where(x > 0, 1.0, 0.25).to(x),
        "the sides are swapped: alpha stands where x is positive": channels(lambda x, a: torch.where(x < 0, torch.ones_like(x), a)),
        "the sign of x goes into the slope: -alpha": channels(lambda x, a: torch.where(x > 0, torch.ones_like(x), -a)),
        "the derivative is taken with respect to alpha": lambda x, a: x.clamp(max=0),
        "the slope is 1 on both sides": lambda x, a: torch.ones_like(x),
        "an alpha of 0 is taken for one that is missing": lambda x, a: torch.where(x > 0, 1.0, 0.25) if isinstance(a, float) and a == 0 else None,
    },
)


@exercise("prelu_grad", forbid=NO_AUTOGRAD)
class TestPreluGrad:
    test_one_alpha = prelu_grad.agrees(
        "one alpha for all: 1 where x > 0, alpha where x < 0",
        weight=3,
        hint="torch.where(x > 0, torch.ones_like(x), alpha)",
        arguments=lambda draw: {**one_alpha("prelu_grad")(draw), **any_alpha("prelu_grad")(draw)},
    )
    test_channels = prelu_grad.agrees(
        "one alpha per channel, which is dimension 1", weight=2, hint="for (n, c, h, w) alpha must have the shape (c, 1, 1), so that it meets dimension 1"
    )
    test_at_zero = replace(
        prelu_grad,
        slips={
            "the slope at 0 is 1; here it is alpha": lambda x, a: torch.where(x >= 0, 1.0, a),
            "the slope at 0 is 0, as for relu; here it is alpha": lambda x, a: torch.where(x > 0, 1.0, a) * (x != 0),
        },
    ).agrees("is alpha at 0", weight=2, hint="1 where x > 0, and alpha everywhere else, at 0 too", arguments=at_zero("prelu_grad", 0.3), follows=True)
    test_dtype = prelu_grad.keeps_dtype(
        title=ANY_ORDER, hint="the result has the dtype of x: torch.where(condition, 1, 0.25) makes float32 whatever x is", size=FLOAT
    )
    test_unchanged = prelu_grad.leaves_inputs(hint="x[x > 0] = 1 writes into the caller's tensor", sizes=KINDS_OF_ALPHA)
    test_again = prelu_grad.again(sizes=[FLOAT, FLOAT, ((2, 3, 4), "number")])
    test_no_graph = exactly(prelu_grad).needs_no_graph(title=EXACT, hint=FORMULA)


# 4 · The network -----------------------------------------------------------------------------------------------------


@exercise("init_params")
class TestInitParams:
    @criterion("gives W (in, out) and b (out,) for each layer, in order", weight=3, hint="[W1, b1, W2, b2, …], in a flat list")
    def test_shapes(self, student):
        for sizes in ([4, 3], [5, 8, 2], [3, 6, 4, 7, 2]):
            params = params_of(student, sizes)
            shapes = [tuple(p.shape) for p in params]
            wanted = [shape for n_in, n_out in zip(sizes[:-1], sizes[1:], strict=True) for shape in ((n_in, n_out), (n_out,))]
            told = f"the shapes of init_params({sizes}) are {', '.join(map(str, shapes))}: W1 (in, out), b1 (out,), … were expected"
            expect(shapes == wanted, told, "wrong shape")
            floats = all(p.dtype == torch.float32 for p in params)
            expect(floats, "every parameter should be a float32 tensor", "wrong type")

    @criterion("weights are normal, with mean 0 and the deviation asked for", weight=3, hint="torch.normal(0, std, size=(n_in, n_out))")
    def test_deviation(self, student):
        for std in (None, 0.05, 0.7):
            wanted, asked = (0.01, "the default is 0.01") if std is None else (std, f"std={std} was asked for")
            for i, W in enumerate(params_of(student, [300, 200, 150], std)[::2]):
                # 60,000 and 30,000 draws: the deviation is known to 0.4 %, the mean to 0.6 % of it, the kurtosis to 0.03.
                W = W.double()
                mean, deviation = W.mean().item(), W.std().item()
                kurtosis = ((W - mean) ** 4).mean().item() / max(deviation, 1e-12) ** 4
                expect(abs(deviation / wanted - 1) < 0.05, f"the standard deviation of W{i + 1} is {deviation:.4f}; {asked}{likely(deviation, wanted)}")
                expect(abs(mean) < 0.05 * wanted, f"the mean of W{i + 1} is {mean:.4f}; it should be near 0")
                expect(abs(kurtosis - 3) < 0.3, f"the entries of W{i + 1} are not spread like a normal distribution")

    @criterion("biases are 0", hint="torch.zeros(n_out)")
    def test_biases(self, student):
        for i, b in enumerate(params_of(student, [5, 8, 2], 0.7)[1::2]):
            expect(not bool(b.any()), f"b{i + 1} is not all zeros")

    @criterion(
        "every parameter is a leaf that requires a gradient",
        weight=2,
        hint="randn(…, requires_grad=True) * std is not a leaf: multiply first, requires_grad_() last",
    )
    def test_leaves(self, student):
        params_of(student, [5, 8, 2])
        for i, (requires_grad, is_leaf) in enumerate(student.run(leaves_of_init_params, sizes=[5, 8, 2])):
            name = f"{'Wb'[i % 2]}{i // 2 + 1}"
            expect(requires_grad, f"{name} does not require a gradient", "no gradient")
            expect(is_leaf, f"{name} is not a leaf: its .grad stays None after backward()", "no gradient")

    @criterion("every weight is drawn anew", hint="each layer and each call draws its own numbers: no fixed seed, no copies")
    def test_random(self, student):
        drawn = [W for _ in range(2) for W in params_of(student, [6, 6, 6], 0.5)[::2]]
        expect(all(W.shape == drawn[0].shape for W in drawn), "init_params([6, 6, 6]) gives two weights of different shapes", "wrong shape")
        expect(len({tuple(W.flatten().tolist()) for W in drawn}) == 4, "two layers, or two calls, have the very same weights")
        expect(all(len(W.unique()) > 1 for W in drawn), "all weights of a layer are equal")

    @criterion("leaves the program as it was", hint="no_grad() as a block ends by itself; torch.set_grad_enabled(False) does not")
    def test_program(self, student):
        params_of(student, [5, 8, 2])
        assert_program_left(student, "init_params", [5, 8, 2])


def likely(deviation, wanted):
    """What a deviation may have come from, in words."""
    causes = {"std was taken for the variance": wanted**0.5, "the numbers were not multiplied by std": 1.0, "std was ignored": 0.01}
    return next((f": it seems that {words}" for words, value in causes.items() if value != wanted and abs(deviation / value - 1) < 0.05), "")


def params_of(student, sizes, std=None):
    """What init_params returns, detached, after a look at its form."""
    params = student.init_params(sizes) if std is None else student.init_params(sizes, std)
    expect(isinstance(params, list | tuple), "init_params should return a list: W1, b1, W2, b2, …", "wrong type")
    expect(all(isinstance(p, torch.Tensor) for p in params), "init_params should return a flat list of tensors", "wrong type")
    wanted = 2 * (len(sizes) - 1)
    expect(len(params) == wanted, f"init_params({sizes}) has {len(params)} entries; {wanted} were expected, W and b of each layer", "wrong shape")
    return [p.detach().cpu() for p in params]


def leaves_of_init_params(student, sizes):
    return [(p.requires_grad, p.is_leaf) for p in student.init_params(sizes)]


def network(draw, sizes, scale=0.8):
    """Random parameters [W1, b1, …] of these layer sizes, biases too."""
    shapes = [shape for n_in, n_out in zip(sizes[:-1], sizes[1:], strict=True) for shape in ((n_in, n_out), (n_out,))]
    return [draw.normal(*shape, scale=scale) for shape in shapes]


def positive_scores(draw, n=5, sizes=(4, 6, 3)):
    """Samples and parameters: all scores are above 0, so that a ReLU on them, which costs its own points, does not show."""
    X, params = draw.normal(n, sizes[0]), network(draw, sizes)
    params[-2], params[-1] = params[-2].abs(), params[-1].abs()
    if len(sizes) == 2:
        params[-1] = params[-1] + 9
    return X, params


def negative_scores(draw, n, sizes):
    """Hidden units above 0, so that a missing ReLU, which costs its own points, does not show, and some scores below 0."""
    X, params = draw.normal(n, sizes[0]).abs(), network(draw, sizes)
    params[0], params[1] = params[0].abs(), params[1].abs()
    params[-1] = params[-1] - (X @ params[0] + params[1]).amax() * params[-2].abs().sum(dim=0) / 2
    return X, params


def as_scores(mine, X, params):
    """`mine` (n, q), but without the softmax or its logarithm that it ends in, if any: that costs points of its own, and no others."""
    if not isinstance(mine, torch.Tensor) or mine.shape != (len(X), len(params[-1])) or not mine.is_floating_point() or mine.shape[-1] == 1:
        return mine
    lost = reference.mlp_forward(X, params).logsumexp(dim=-1, keepdim=True)
    for logarithms, shares in ((mine.log, mine.detach()), (mine.clone, mine.detach().exp())):
        if bool((shares > 0).all()) and bool(((shares.sum(dim=-1) - 1).abs() < 1e-4).all()):
            return logarithms() + lost
    return mine


def scored(f, X, params):
    """The scores of f, which may write into its arguments."""
    kept = X.clone(), [p.clone() for p in params]
    return as_scores(f(X, params), *kept)


def layers(X, params, before=None, between=torch.relu, after=None, reach=None):
    """A network with something else before, between or after its layers. reach: the number of activation functions."""
    H = before(X) if before else X
    for i in range(0, len(params), 2):
        H = H @ params[i] + params[i + 1]
        if i < len(params) - 2 and (reach is None or i // 2 < reach):
            H = between(H)
    return after(H) if after else H


def without(biases) -> Callable:
    """A network that leaves some of its biases out. biases: a slice of all."""

    def slip(X, params):
        left, gone = list(params), set(range(1, len(params), 2)[biases])
        return layers(X, [p * 0 if i in gone else p for i, p in enumerate(left)])

    return slip


forward = case(
    reference.mlp_forward,
    positive_scores,
    **MATMUL,
    call=lambda f: lambda X, params: scored(f, X, params),
    slips={
        "there is nothing between the layers": lambda X, params: layers(X, params, between=lambda H: H),
        "a sigmoid stands between the layers; it should be a ReLU": lambda X, params: layers(X, params, between=torch.sigmoid),
        "there is a ReLU on the input": lambda X, params: layers(X, params, before=torch.relu),
        "there is a ReLU on the output": lambda X, params: layers(X, params, after=torch.relu),
        "softmax is taken of the scores": lambda X, params: torch.softmax(layers(X, params), dim=-1),
        "the logarithms of the probabilities are given back, not the scores": lambda X, params: torch.log_softmax(layers(X, params), dim=-1),
        "the biases are left out": without(slice(None)),
        "the last bias is left out": without(slice(-1, None)),
        "a ReLU stands after the first layer only": lambda X, params: layers(X, params, reach=1),
        "the last layer is missing": lambda X, params: torch.relu(layers(X, params[:-2])) if len(params) > 2 else X,
    },
)
plainly = replace(forward, call=lambda f: f)


def by_params(X, W1, b1, W2, b2):
    return reference.mlp_forward(X, [W1, b1, W2, b2])


learning = replace(
    forward,
    right=by_params,
    arguments=lambda draw: (lambda X, params: (X, *params))(*positive_scores(draw, 3, (2, 4, 2))),
    call=lambda f: lambda X, *params: scored(f, X, list(params)),
    rtol=None,
    atol=None,
    slips={words: (lambda X, *params, slip=slip: slip(X, params)) for words, slip in forward.slips.items()},
)


@exercise("mlp_forward")
class TestMlpForward:
    test_hidden_relu = forward.agrees(
        "one hidden layer: ReLU between the layers",
        weight=3,
        hint="relu(X W1 + b1) goes into the second layer",
        arguments=lambda draw: {
            f"the output of a network {list(sizes)}": positive_scores(draw, n, sizes) for sizes, n in [((4, 6, 3), 5), ((3, 5, 2), 1), ((2, 7, 5), 8)]
        },
    )
    test_last_linear = plainly.agrees(
        "nothing after the last layer",
        weight=3,
        hint="scores may be negative: no ReLU, no softmax on the output",
        arguments=lambda draw: {f"the output of a network {list(sizes)}": negative_scores(draw, n, sizes) for sizes, n in [((4, 6, 3), 5), ((3, 5, 2), 1)]},
    )
    test_depth = forward.agrees(
        "any number of layers: one, three, four",
        weight=3,
        hint="a loop over pairs of params; after the last pair no ReLU",
        arguments=lambda draw: {
            f"the output of a network {list(sizes)}": positive_scores(draw, n, sizes) for sizes, n in [((4, 3), 5), ((5, 4, 6, 2), 3), ((3, 6, 5, 4, 2), 7)]
        },
        follows=True,
    )
    test_dtype = replace(forward, rtol=None, atol=None).keeps_dtype(title=SAMPLES, hint="the scores have the dtype of X: float64 in, float64 out")
    test_gradients = learning.gradients(
        weight=2, title="gradients reach X and every parameter and are right", hint="use the tensors in params themselves: no .data, no .detach()"
    )
    test_vectorised = plainly.at_once("n", title="works on all samples at once", hint="X @ W treats the whole batch: no loop over the samples")
    test_unchanged = forward.leaves_inputs(hint="no relu_(), no += on X or on a parameter", sizes=[(5, (4, 3)), (5, (4, 6, 3))])
    test_again = plainly.again(sizes=[(), (), (3, (5, 4, 2))])


CORNERS = [(0, 0), (0, 1), (1, 0), (1, 1)]
GATES = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "“equal”": [1, 0, 0, 1]}


@exercise("xor_net", forbid=NO_AUTOGRAD)
class TestXorNet:
    @criterion("is a network from 2 inputs to 2 scores, in the form of mlp_forward", weight=2, hint="[W1, b1, W2, b2], W (in, out), b (out,)")
    def test_form(self, student):
        params = xor_params(student)
        sizes = [2, *(W.shape[1] for W in params[::2])]
        for i, (W, b) in enumerate(zip(params[::2], params[1::2], strict=True)):
            wanted = (sizes[i], sizes[i + 1])
            fits = tuple(W.shape) == wanted and tuple(b.shape) == (sizes[i + 1],)
            told = f"W{i + 1} has shape {tuple(W.shape)} and b{i + 1} {tuple(b.shape)} where {sizes[i]} numbers come in"
            expect(fits, f"{told}: W has shape (in, out), b (out,)", "wrong shape")
        expect(sizes[-1] == 2, f"the network has {sizes[-1]} outputs, 2 were expected", "wrong shape")

    @criterion("answers 1 where exactly one input is 1", weight=3, hint="at (0, 1) and (1, 0) the second score must be the larger")
    def test_ones(self, student):
        assert_answers(xor_params(student), {(0, 1): 1, (1, 0): 1})

    @criterion("answers 0 where the inputs are equal", weight=3, hint="at (0, 0) and (1, 1) the first score must be the larger")
    def test_zeros(self, student):
        assert_answers(xor_params(student), {(0, 0): 0, (1, 1): 0})

    @criterion("is set by hand: the same at every call", weight=2, hint="write the numbers down: no random draw, no training")
    def test_same(self, student):
        params = xor_params(student)
        expect(len({bool(first < second) for first, second in (scores_of(params, c) for c in CORNERS)}) == 2, "xor_net() answers the same at all four points")
        for _ in range(2):
            again = xor_params(student)
            same = len(again) == len(params) and all(torch.equal(p, q) for p, q in zip(params, again, strict=True))
            expect(same, "two calls of xor_net() give different parameters")
        drawn = [name for name in operations(student.xor_net) if any(word in name for word in ("rand", "normal", "bernoulli"))]
        expect(not drawn, "xor_net draws random numbers; the weights are to be set by hand")
        assert_program_left(student, "xor_net")


def xor_params(student):
    """The parameters of xor_net, float32 tensors, an even number of them, at least four."""
    params = student.xor_net()
    expect(isinstance(params, list | tuple), "xor_net should return a list: W1, b1, W2, b2", "wrong type")
    tensors = all(isinstance(p, torch.Tensor) and p.dtype == torch.float32 for p in params)
    expect(tensors, "every entry of xor_net() should be a float32 tensor (write 1.0 and not 1)", "wrong type")
    number = f"xor_net() has {len(params)} entries; W and b of each layer were expected, with at least one hidden layer"
    expect(len(params) >= 4 and len(params) % 2 == 0, number, "wrong shape")
    return [p.detach().cpu() for p in params]


def scores_of(params, point):
    """The two scores of a network at one point."""
    try:
        scores = reference.mlp_forward(torch.tensor([point], dtype=torch.float32), params).flatten()
    except RuntimeError:
        fail("the shapes of W1, b1, W2, b2, … do not fit together in mlp_forward", "wrong shape")
    expect(len(scores) == 2, f"the network has {len(scores)} outputs, 2 were expected", "wrong shape")
    return scores


def assert_answers(params, answers):
    all_scores = [scores_of(params, point) for point in CORNERS]
    found = [int(second > first) for first, second in all_scores]
    gate = next((f": the network does {name}" for name, wanted in GATES.items() if found == wanted), "")
    for point, answer in answers.items():
        scores = all_scores[CORNERS.index(point)]
        if not bool(scores[answer] > scores[1 - answer]):
            tie = bool(scores[0] == scores[1])
            raise Finding(f"at {point} {'both scores are equal' if tie else f'the larger score is that of class {1 - answer}'}{'' if tie else gate}")


# 5 · Learning by hand ------------------------------------------------------------------------------------------------


def problem(draw, sizes, n):
    """Samples, labels (not all the same where n allows) and parameters of a network of these sizes."""
    X, params, y = draw.normal(n, sizes[0]), network(draw, sizes), draw.labels(n, sizes[-1])
    if n > 1:
        y[-1] = 0
    return X, y, params


def one_sample(draw, n=1, signed=False):
    """Samples, labels, parameters and a decay of 0, so that many a mistake does not show: all hidden units are on, and the mean over one sample is the sum."""
    X, y, params = problem(draw, [4, 6, 3], n)
    if not signed:
        X, params[0], params[1] = X.abs(), 0.4 * params[0].abs(), params[1].abs()
    params[2], params[3] = 0.4 * params[2].abs(), params[3].abs()
    return X, y, params, 0.0


def gone_back(end=None, mask=None, through=None, bias=None, after=None, sign=1) -> Callable:
    """Gradients by a formula that differs from the right one in one place."""

    def slip(X, y, params, weight_decay):
        inputs = [X]
        for W, b in zip(params[:-2:2], params[1:-2:2], strict=True):
            inputs.append(torch.relu(inputs[-1] @ W + b))
        scores = inputs[-1] @ params[-2] + params[-1]
        P = torch.softmax(after(scores) if after else scores, dim=1)
        delta = sign * (end(P) if end else P - torch.nn.functional.one_hot(y, scores.shape[1])) / len(y)
        grads = []
        for H, W in zip(reversed(inputs), reversed(params[::2]), strict=True):
            grads = [H.T @ delta + weight_decay * W, bias(delta) if bias else delta.sum(dim=0), *grads]
            delta = (through(delta, W) if through else delta @ W.T) * (mask(H) if mask else H > 0)
        return grads

    return slip


def as_mean(mine, right, n):
    """Divided by n where a gradient is n times as large: a missing mean over the samples is a criterion of its own."""
    missing = n > 1 and float((mine.double() * right.double()).sum()) > (1 + n) / 2 * float(right.double().square().sum())
    return mine / n if missing else mine


def each_as_mean(f):
    def averaged(X, y, params, weight_decay):
        right = reference.mlp_backward(X, y, params, weight_decay)
        return [as_mean(mine, wanted, len(y)) for mine, wanted in zip(checked(f(X, y, params, weight_decay), params), right, strict=True)]

    return averaged


def checked(grads, params):
    """The gradients, when they are a list of tensors of the shapes of params."""
    expect(isinstance(grads, list | tuple), f"mlp_backward returns a {kind_of(grads)}; a list of gradients was expected", "wrong type")
    expect(len(grads) == len(params), f"mlp_backward returns {len(grads)} gradients for {len(params)} parameters", "wrong shape")
    for i, (grad, param) in enumerate(zip(grads, params, strict=True)):
        assert_close(grad, torch.zeros_like(param), what=f"the gradient of {name_of(i, params)}", check_dtype=False, **ANYTHING)
    return [grad.detach() for grad in grads]


def name_of(i, params):
    i %= len(params)
    return f"{'Wb'[i % 2]}{i // 2 + 1}"


def gradient_of(X, y, params, weight_decay, i):
    return reference.mlp_backward(X, y, params, weight_decay)[i]


def added_decay(X, y, params, weight_decay, i):
    return weight_decay * params[i]


backward = case(
    reference.mlp_backward,
    one_sample,
    **MATMUL,
    gives=("the gradient of W1", "the gradient of b1", "the gradient of W2", "the gradient of b2"),
    slips={
        "the one-hot labels are not subtracted: softmax(O) alone goes back": gone_back(end=lambda P: P),
        "the sign is turned: onehot(y) minus softmax(O)": gone_back(sign=-1),
        "there is a ReLU on the scores": gone_back(after=torch.relu),
        "the slope of the ReLU is missing on the way back": gone_back(mask=torch.ones_like),
        "delta is multiplied by H; the slope of the ReLU, H > 0, belongs there": gone_back(mask=lambda H: H),
        "W is reshaped on the way back where it should be transposed": gone_back(through=lambda delta, W: delta @ W.reshape(W.T.shape)),
        "the gradient of each bias is averaged once more; delta has been divided by n": gone_back(bias=lambda delta: delta.mean(dim=0)),
        "the gradients stand in reverse order": lambda *given: reference.mlp_backward(*given)[::-1],
    },
)
in_mean = replace(backward, call=each_as_mean)
one_gradient = replace(
    backward, right=gradient_of, gives=(), slips={words: (lambda *given, slip=slip: slip(*given[:-1])[given[-1]]) for words, slip in backward.slips.items()}
)
decay = replace(
    one_gradient,
    right=added_decay,
    slips={
        "nothing is added": lambda X, y, params, weight_decay, i: torch.zeros_like(params[i]),
        "the half of λ/2 is kept; the derivative of λ/2 ‖W‖² is λ W": lambda *given: added_decay(*given) / 2,
        "2 λ W is added; the derivative of λ/2 ‖W‖² is λ W": lambda *given: added_decay(*given) * 2,
        "the decay is subtracted": lambda *given: -added_decay(*given),
        "the decay is divided by n as well": lambda X, y, *rest: added_decay(X, y, *rest) / len(y),
        "only the last layer decays": lambda X, y, params, weight_decay, i: weight_decay * params[i] * (i == len(params) - 2),
    },
)


def gradients_of(student, X, y, params, weight_decay=0.0):
    """What mlp_backward returns for copies of the arguments, after a look at its form."""
    return checked(student.mlp_backward(X.clone(), y.clone(), [p.clone() for p in params], weight_decay), params)


def assert_directions(student, draw, shapes, which, follows=False):
    """The gradients of some parameters, mean or sum, of networks of several sizes. which: the positions, a slice of all."""
    asked, words = [], []
    for sizes, n, missing in shapes:
        X, y, params = problem(draw, sizes, n)
        y = y.clamp(max=sizes[-1] - 2) if missing else y
        mine = gradients_of(student, X, y, params)
        for i in range(len(params))[which]:
            given = (X, y, params, 0.0, i)
            asked.append((given, as_mean(mine[i], gradient_of(*given), n)))
            words.append(f"the gradient of {name_of(i, params)} of a network {sizes}")
    one_gradient.compare(asked, words, follows=follows, check_dtype=False)


@exercise("mlp_backward", forbid=NO_AUTOGRAD)
class TestMlpBackward:
    @criterion(
        "the last layer: input transposed times (softmax - onehot)",
        weight=3,
        hint="W gets H.T @ delta, b the sum of delta over the samples; delta = softmax(scores) - onehot(y), over n",
    )
    def test_last_layer(self, student, draw):
        assert_directions(student, draw, [([4, 6, 3], 5, False), ([3, 5, 2], 1, False), ([5, 3, 4], 7, True)], slice(-2, None))

    @criterion(
        "the layers before: back through W transposed, and through the ReLU that was on the way",
        weight=4,
        hint="delta = (delta @ W.T) * (H > 0), with the W that delta comes back through and the H that went into it",
    )
    def test_hidden_layers(self, student, draw):
        assert_directions(student, draw, [([4, 6, 3], 5, False), ([3, 5, 2], 1, False), ([3, 5, 5, 2], 7, False)], slice(0, -2))

    @criterion("any number of layers: one, three, four", weight=2, hint="one loop forward, one loop back; with one layer neither has a ReLU")
    def test_depth(self, student, draw):
        assert_directions(student, draw, [([4, 3], 5, False), ([5, 4, 6, 2], 3, False), ([3, 6, 5, 4, 2], 7, False)], slice(None), follows=True)

    @criterion("is the mean over the samples", weight=2, hint="divide by n once, in the delta of the last layer")
    def test_mean(self, student, draw):
        for sizes, n in [([4, 6, 3], 6), ([3, 5, 2], 11)]:
            X, y, params = problem(draw, sizes, n)
            mine, right = gradients_of(student, X, y, params)[-1], gradient_of(X, y, params, 0.0, -1)
            what = f"the gradient of {name_of(-1, params)} for {n} samples"
            if torch.allclose(mine.to(right), n * right, rtol=1e-4, atol=1e-5):
                raise Finding(f"{what} is {n} times too large: it is the sum over the samples, not the mean")
            one_gradient.compare([((X, y, params, 0.0, len(params) - 1), mine)], [what], follows=True, check_dtype=False)

    @criterion("adds weight_decay times W to the gradient of every W", weight=2, hint="+ weight_decay * W, for every layer; not divided by n")
    def test_decay(self, student, draw):
        for weight_decay in (0.7, 0.2):
            X, y, params = problem(draw, [4, 6, 3], 5)
            plain, decayed = gradients_of(student, X, y, params), gradients_of(student, X, y, params, weight_decay)
            asked = [((X, y, params, weight_decay, i), decayed[i] - plain[i]) for i in (0, 2)]
            decay.compare(asked, [f"what weight_decay={weight_decay} adds to the gradient of {name_of(i, params)}" for i in (0, 2)], check_dtype=False)

    @criterion("leaves the biases out of the decay", hint="the decay term holds the weights only")
    def test_biases(self, student, draw):
        X, y, params = problem(draw, [4, 6, 3], 5)
        plain, decayed = gradients_of(student, X, y, params), gradients_of(student, X, y, params, 0.7)
        for i in (1, 3):
            name = name_of(i, params)
            added = torch.allclose(decayed[i].double() - plain[i].double(), 0.7 * params[i].double(), rtol=1e-3, atol=1e-4)
            expect(not added, f"weight_decay times {name} is added to the gradient of {name}")
            assert_close(decayed[i], plain[i], what=f"the gradient of {name} with weight_decay", **MATMUL)
        given = (X, y, params, 0.0, 2)
        one_gradient.compare([(given, as_mean(plain[2], gradient_of(*given), 5))], ["the gradient of W2"], follows=True, check_dtype=False)

    @criterion("a unit at exactly 0 passes no gradient", hint="the slope of the ReLU at 0 is 0: (H > 0), or (Z > 0), and not >=")
    def test_kink(self, student, draw):
        X, y, params = problem(draw, [4, 6, 3], 5)
        off = [1, 4]
        # 0.5 · 1 - 0.5 is exactly 0, in whatever order it is added up.
        X[:, 0], params[0][:, off], params[1][off] = 1, 0, -0.5
        params[0][0, off] = 0.5
        of_b1 = gradients_of(student, X, y, params)[1]
        expect(bool(of_b1.any()), "the gradient of b1 is 0 for all units")
        expect(not bool(of_b1[off].any()), "the gradient of b1 is not 0 for units whose argument of the ReLU is exactly 0")

    test_dtype = replace(in_mean, rtol=None, atol=None).keeps_dtype(
        title=SAMPLES, hint="the gradients have the dtype of the parameters, and their digits: no float32 on the way", size=(5,)
    )
    test_vectorised = backward.at_once(
        "n", weight=2, title="works on all samples at once", hint="H.T @ delta sums over the samples in one product: no loop over them"
    )

    @criterion(
        "is worked out by the chain rule: exact, in one pass forward and one pass back",
        weight=2,
        hint="no difference quotients: each delta comes from the one after it",
    )
    def test_chain_rule(self, student, draw):
        X, y, params = problem(draw.float64, [6, 9, 4], 5)
        mine, given = gradients_of(student, X, y, params)[-2], (X, y, params, 0.0, 2)
        exact = {"rtol": 1e-12, "atol": 1e-13} if mine.dtype == torch.float64 else MATMUL  # The dtype costs its own points.
        one_gradient.compare([(given, as_mean(mine, gradient_of(*given), 5))], ["the gradient of W2 in float64"], follows=True, check_dtype=False, **exact)
        numbers = sum(p.numel() for p in params)
        ran = sum(operations(student.mlp_backward, X.clone(), y.clone(), [p.clone() for p in params], 0.0).values())
        expect(ran <= 4 * numbers, f"mlp_backward runs {ran} tensor operations for {numbers} parameters: as if once through the network for each", "too slow")

    @criterion("leaves its inputs unchanged", hint="no operation that ends in _ and no += on X, y or a parameter")
    def test_unchanged(self, student, draw):
        X, y, params, _ = one_sample(draw, 5, signed=True)
        given = X.clone(), y.clone(), [p.clone() for p in params]
        checked(student.mlp_backward(*given, 0.3), params)
        for name, before, after in zip(["X", "y", "W1", "b1", "W2", "b2"], [X, y, *params], [*given[:2], *given[2]], strict=True):
            assert_unchanged(before, after, what=name)
        in_mean.compare(in_mean.ask(student, [(X, y, params, 0.0)]), follows=True)

    test_again = backward.again(sizes=[(), (), (1, True)])

    @criterion("needs no graph, and takes parameters that require a gradient", hint="plain tensor arithmetic, forward and backward")
    def test_no_graph(self, student, draw):
        X, y, params, _ = one_sample(draw)
        gradients_of(student, X, y, params)
        seen = student.run(mlp_backward_both_ways, X=X, y=y, params=params)
        for key, told in (("inference", "with autograd switched off"), ("leaves", "of parameters that require a gradient")):
            backward.compare([((X, y, params, 0.0), seen[key])], [f"mlp_backward {told}"], follows=True, check_dtype=False)
        expect(not seen["touched"], "the .grad of the parameters was written")


def mlp_backward_both_ways(student, X, y, params):
    import torch

    with torch.inference_mode():
        inference = [g.clone() for g in student.mlp_backward(X.clone(), y.clone(), [p.clone() for p in params], 0.0)]
    leaves = [p.clone().requires_grad_() for p in params]
    result = [g.detach() for g in student.mlp_backward(X, y, leaves, 0.0)]
    return {"inference": inference, "leaves": result, "touched": any(p.grad is not None for p in leaves)}


# 6 · The same as a Module --------------------------------------------------------------------------------------------


MLP_SIZES = [((6, 5, 3), 4), ((10, 4, 7), 1), ((3, 8, 2), 9)]


def assert_output(mine, X, params, words, scores=as_scores, **options):
    """What the student's network with these parameters gives is what the reference's does. scores: what is made of it first."""
    plainly.compare([((X, params), scores(mine, X, params))], [words], **{"check_dtype": False, **options})


def as_it_is(mine, X, params):
    return mine


@exercise("MLP")
class TestMLP:
    @criterion(
        "registers two linear layers of the sizes asked for",
        weight=2,
        hint="self.… = torch.nn.Linear(…), after super().__init__(); not in a plain list, not in forward",
    )
    def test_parameters(self, student):
        for sizes in [(6, 5, 3), (10, 4, 7)]:
            net = student.MLP(*sizes)
            expect(kind_of(net) == "module", "MLP(…) is not a torch.nn.Module", "wrong type")
            order_of(student.run(shapes_of, net=net), sizes)

    @criterion("flatten, linear, ReLU, linear: equals the reference with its weights", weight=3, hint="relu(hidden(X)) goes into the output layer")
    def test_values(self, student, draw):
        for sizes, n in MLP_SIZES:
            X, params = positive_scores(draw, n, sizes)
            assert_output(loaded(student, sizes, params)(X.clone()), X, params, f"the output of MLP{sizes}", check_dtype=True)

    @criterion("returns scores: nothing after the last layer", weight=2, hint="no ReLU and no softmax at the end: CrossEntropyLoss takes scores")
    def test_last_linear(self, student, draw):
        for sizes, n in [((6, 5, 3), 4), ((10, 4, 7), 5)]:
            X, params = negative_scores(draw, n, sizes)
            assert_output(loaded(student, sizes, params)(X.clone()), X, params, f"the output of MLP{sizes}", as_it_is)

    @criterion("takes images (n, c, h, w), in any memory order, and flattens them", weight=2, hint="X.flatten(1): all dimensions but the first")
    def test_images(self, student, draw):
        for shape in [(4, 1, 3, 2), (1, 2, 3, 4), (5, 2, 3)]:
            X = draw.normal(*shape).abs()
            sizes = (X[0].numel(), 5, 3)
            params = [p.abs() for p in network(draw, sizes)]
            net = loaded(student, sizes, params)
            for images, kind in [(X.clone(), ""), (other_order(X), "non-contiguous ")]:
                assert_output(net(images), X.flatten(1), params, f"the output for {kind}images {shape}")

    @criterion("gradients reach X and every parameter and are right", weight=2, hint="use the layers themselves: no .data, no .detach()")
    def test_gradients(self, student, draw):
        sizes = (3, 4, 2)
        X, params = positive_scores(draw.float64, 3, sizes)
        net = loaded(student, sizes, params)
        mine = net(X.clone())  # In the open first: what fails here is told under the name MLP.
        upstream = draw.float64.normal(3, 2)
        grads = student.run(gradients_of_mlp, net=net, X=X.clone(), upstream=upstream)
        expect(grads["graph"], "the scores carry no graph: no gradient can flow back", "no gradient")
        assert_output(mine, X, params, "the output in float64", follows=True, rtol=1e-9, atol=1e-9)
        right_of = [t.clone().requires_grad_() for t in (X, *params)]
        ended = ended_like(mine, reference.mlp_forward(right_of[0], right_of[1:]))
        right = torch.autograd.grad(ended, right_of, upstream)
        order, flipped = order_of(student.run(shapes_of, net=net), sizes)
        expect(isinstance(grads["X"], torch.Tensor), "no gradient reaches X", "no gradient")
        assert_close(grads["X"], right[0], what="the gradient of X")
        for i, (which, flip) in enumerate(zip(order, flipped, strict=True)):
            name = ["hidden weights", "hidden bias", "output weights", "output bias"][which]
            reached = grads["params"][i] is not None
            expect(reached, f"no gradient reaches the {name}", "no gradient")
            wanted = right[1 + which]
            assert_close(grads["params"][i], wanted.T if flip else wanted, what=f"the gradient of the {name}")

    @criterion("leaves its input unchanged", hint="no in-place ReLU on X, no assignment into it")
    def test_unchanged(self, student, draw):
        X, params = positive_scores(draw, 4, (6, 5, 3))
        given = X.clone()
        scores = loaded(student, (6, 5, 3), params)(given)
        assert_unchanged(X, given, what="X")
        assert_output(scores, X, params, "the output", follows=True)

    @criterion("gives the same when it is called again, also for other numbers of samples", hint="keep nothing of one call for the next: neither scores nor n")
    def test_again(self, student, draw):
        X, params = positive_scores(draw, 4, (6, 5, 3))
        others = positive_scores(draw, 9, (6, 5, 3))[0]
        calls = {"the output": X, "the output of a later call": draw.normal(4, 6), "the output of a later call with more samples": others}
        given = list(calls.values())
        seen = student.run(called_in_turn, net=loaded(student, (6, 5, 3), params), calls=[*given, X])
        expect(seen["recording"], "after a call autograd is switched off")
        expect(seen["training"], "after a call the network is in another mode, training or evaluation")
        for words, x, scores in zip([*calls, "the output of the first samples once more"], [*given, X], seen["scores"], strict=True):
            assert_output(scores, x, params, words, follows=words == "the output")

    @criterion(
        "reads the digits, white on black and black on white: test accuracy at least 0.9",
        weight=4,
        hint="if the other criteria hold, this one does: do both layers learn?",
        timeout_s=60,
    )
    def test_digits(self, student):
        share = share_on_digits(student)
        expect(share >= DIGITS_GOAL, f"the test accuracy on the digits is {share:.3f} after 20 epochs (mean of three starts), expected {DIGITS_GOAL} or more")


DIGITS_GOAL = 0.9


def both_ways(data):
    """Every second image inverted, which no linear classifier can read together with the others: it reaches 0.3."""
    X_train, y_train, X_test, y_test = data
    X_train, X_test = (torch.cat([1 - X[::2], X[1::2]]) for X in (X_train, X_test))
    y_train, y_test = (torch.cat([y[::2], y[1::2]]) for y in (y_train, y_test))
    return X_train, y_train, X_test, y_test


def share_on_digits(student):
    """The share of test digits that are read right after training, in the mean of three starts."""
    X_train, y_train, X_test, y_test = both_ways(digits())
    shares = []
    for _ in range(3):
        net = student.MLP(64, 128, 10)
        expect(kind_of(net) == "module", "MLP(…) is not a torch.nn.Module", "wrong type")
        order, flipped = order_of(student.run(shapes_of, net=net), (64, 128, 10))
        net(X_train[:2])
        trained = student.run(train_on_digits, net=net, X_train=X_train, y_train=y_train)
        params = [None] * 4
        for i, (which, flip) in enumerate(zip(order, flipped, strict=True)):
            assert_finite(trained[i], what="a parameter after training on the digits")
            params[which] = trained[i].float().T if flip else trained[i].float()
        right = reference.mlp_forward(X_test.flatten(1), params).argmax(dim=1) == y_test
        shares.append(right.double().mean().item())
    return sum(shares) / len(shares)


def ended_like(mine, scores):
    """`scores` with the softmax or its logarithm that `mine` (n, q) went through, if any."""
    for ending, shares in ((torch.softmax, mine), (torch.log_softmax, mine.exp())):
        if bool((shares >= 0).all()) and bool(((shares.sum(dim=-1) - 1).abs() < 1e-4).all()):
            return ending(scores, dim=-1)
    return scores


def called_in_turn(student, net, calls):
    import torch

    torch.set_grad_enabled(True)
    training = net.training
    scores = [net(X.clone()).detach().clone() for X in calls]
    return {"scores": scores, "recording": torch.is_grad_enabled(), "training": net.training == training}


def order_of(shapes, sizes):
    """Which of W1, b1, W2, b2 each parameter is, by its shape, and whether it is transposed, as in torch.nn.Linear. d, h, q differ."""
    d, h, q = sizes
    kinds = {(h, d): (0, True), (d, h): (0, False), (h,): (1, False), (q, h): (2, True), (h, q): (2, False), (q,): (3, False)}
    shapes = [tuple(shape) for shape in shapes]
    expect(bool(shapes), "MLP has no parameters: are its layers registered (assigned to attributes of self)?", "missing")
    odd = [shape for shape in shapes if shape not in kinds]
    told = f"MLP{tuple(sizes)} has parameters of shapes {', '.join(map(str, shapes))}"
    expect(not odd and len(shapes) == 4, f"{told}: weights and biases of two linear layers were expected", "wrong shape")
    found = [kinds[shape] for shape in shapes]
    expect(sorted(which for which, _ in found) == [0, 1, 2, 3], f"{told}: weights and biases of two linear layers were expected", "wrong shape")
    return [which for which, _ in found], [flip for _, flip in found]


def loaded(student, sizes, params):
    """An MLP of the student's with these weights W1, b1, W2, b2, W (in, out)."""
    net = student.MLP(*sizes)
    expect(kind_of(net) == "module", "MLP(…) is not a torch.nn.Module", "wrong type")
    order, flipped = order_of(student.run(shapes_of, net=net), sizes)
    tensors = [params[which].T.contiguous() if flip else params[which] for which, flip in zip(order, flipped, strict=True)]
    student.run(set_parameters, net=net, tensors=tensors)
    return net


def shapes_of(student, net):
    return [list(p.shape) for p in net.parameters()]


def set_parameters(student, net, tensors):
    import torch

    net.to(device=tensors[0].device, dtype=tensors[0].dtype)
    with torch.no_grad():
        for parameter, tensor in zip(net.parameters(), tensors, strict=True):
            parameter.copy_(tensor)


def gradients_of_mlp(student, net, X, upstream):
    X.requires_grad_()
    scores = net(X)
    if not scores.requires_grad:
        return {"graph": False}
    scores.backward(upstream)
    return {"graph": True, "X": X.grad, "params": [p.grad for p in net.parameters()]}


def train_on_digits(student, net, X_train, y_train):
    import torch

    optimizer = torch.optim.SGD(net.parameters(), lr=0.4, momentum=0.9)
    loss = torch.nn.CrossEntropyLoss(label_smoothing=0.3)
    num_epochs = 20
    net.train()
    for epoch in range(num_epochs):
        for group in optimizer.param_groups:
            group["lr"] = 0.4 * (1 - epoch / num_epochs)
        for rows in torch.randperm(len(y_train)).split(128):
            optimizer.zero_grad()
            loss(net(X_train[rows]), y_train[rows]).backward()
            optimizer.step()
    return [p.detach() for p in net.parameters()]
