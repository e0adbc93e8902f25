"""Hidden grader of ps06_mlp."""

from functools import partial

import torch
from course_tools import digits

from autograder import (
    assert_close,
    assert_finite,
    assert_gradients,
    assert_unchanged,
    assert_vectorised,
    criterion,
    exercise,
    expect,
    fail,
    kind_of,
    operations,
)
from solutions.ps06_mlp import mlp as reference

SHAPES = [(1,), (5, 3), (1, 7), (2, 3, 4)]
NO_AUTOGRAD = ["grad", "backward", "make_dual", "threshold_backward", "sigmoid_backward", "tanh_backward", "prelu_kernel_backward"]
RECTIFIERS = ["relu", "relu6", "leaky_relu", "prelu", "prelu_kernel", "rrelu", "rrelu_with_noise", "elu", "celu", "selu", "threshold", "hardtanh"]
SIGMOIDS = ["sigmoid", "tanh", "logsigmoid", "log_sigmoid", "log_sigmoid_forward", "silu", "glu", "softmax", "log_softmax", "special_expit"]
MATMUL = {"rtol": 1e-5, "atol": 1e-5}
CLOSED_FORM = {"rtol": 1e-12, "atol": 1e-13}  # In float64; a difference quotient is off by 1e-11 or more.
ANY_ORDER = "keeps the dtype, and takes entries in any memory order"


def normal(rng, *shape, device, dtype=torch.float32, scale=1.0):
    return (scale * torch.randn(shape, generator=rng, dtype=dtype)).to(device)


def off_zero(rng, *shape, device, dtype=torch.float32):
    """Entries of both signs, none nearer to 0 than 0.2."""
    x = normal(rng, *shape, device=device, dtype=dtype)
    return x + 0.2 * x.sign()


def with_zeros(rng, *shape, device, dtype=torch.float32):
    """Entries of both signs, some of them exactly 0."""
    x = off_zero(rng, *shape, device=device, dtype=dtype)
    x.view(-1)[::3] = 0
    return x


def of_any_size(rng, device):
    """Large, middling and small entries of both signs, none of them 0."""
    sizes = torch.tensor([1000.0, 200.0, 88.0, 40.0, 9.0, 0.5, 1e-6])
    x = torch.cat([sizes, -sizes])
    return x[torch.randperm(14, generator=rng)].reshape(2, 7).to(device)


def transposed(x):
    """A copy with the same numbers in another order in memory."""
    return x.transpose(0, 1).clone(memory_format=torch.contiguous_format).transpose(0, 1)


def assert_agrees(f, right, x, *rest, what, check_dtype=True, **tolerances):
    """f and right give the same. f gets copies: what it writes into them costs points of their own."""
    copies_of_rest = [value.clone() if isinstance(value, torch.Tensor) else value for value in rest]
    assert_close(f(x.clone(), *copies_of_rest), right(x, *rest), what=what, check_dtype=check_dtype, **tolerances)


def assert_same_gradient(f, right, *inputs, rng, what):
    """f and right pass the same gradients on to all inputs, for a random upstream gradient, and have the same values."""
    mine_in, right_in = [[x.detach().clone().requires_grad_() for x in inputs] for _ in range(2)]
    mine, expected = f(*mine_in), right(*right_in)
    assert_close(mine, expected.detach(), what=what)
    graph = mine.requires_grad
    expect(graph, f"{what} carries no graph: no gradient can flow back through it (was it detached, or made in NumPy?)", "no gradient")
    upstream = normal(rng, *expected.shape, device=expected.device, dtype=expected.dtype)
    mine_grads = torch.autograd.grad(mine, mine_in, upstream, allow_unused=True)
    right_grads = torch.autograd.grad(expected, right_in, upstream)
    for i, (mine_grad, right_grad) in enumerate(zip(mine_grads, right_grads, strict=True)):
        reached = mine_grad is not None
        expect(reached, f"no gradient of {what} reaches argument {i + 1}", "no gradient")
        assert_close(mine_grad, right_grad, what=f"the gradient of {what}")


def assert_any_order(f, right, rng, device, *, what):
    """float64 stays float64, and entries that are not contiguous are taken."""
    x = off_zero(rng, 4, 3, device=device, dtype=torch.float64)
    assert_agrees(f, right, x, what=f"{what} of float64 entries")
    x = off_zero(rng, 4, 5, device=device)
    assert_close(f(transposed(x)), right(x), what=f"{what} of non-contiguous entries")


def assert_leaves_input(f, right, rng, device, *, what):
    x = off_zero(rng, 5, 3, device=device)
    before = x.clone()
    result = f(x)
    assert_unchanged(before, x, what="x")
    assert_close(result, right(before), what=what, check_dtype=False)


def assert_closed_form(student, name, right, rng, device, *rest):
    """The same with autograd switched off, and exact to the last digits, which no difference quotient is."""
    x = off_zero(rng, 4, 3, device=device, dtype=torch.float64)
    getattr(student, name)(x.clone(), *rest)  # In the open first: what fails here is told under the function's own name.
    slopes = student.run(without_graph, name=name, arguments=[x.clone(), *rest])
    what = f"{name} in float64 and with autograd switched off"
    if isinstance(slopes, torch.Tensor) and slopes.dtype == torch.float64:
        assert_close(slopes, right(x, *rest), what=what, **CLOSED_FORM)
    else:  # The dtype costs its own points.
        assert_close(slopes, right(x.float(), *rest), what=what, check_dtype=False)


def without_graph(student, name, arguments):
    import torch

    with torch.inference_mode():
        return getattr(student, name)(*arguments).clone()


# 1 · One unit --------------------------------------------------------------------------------------------------------


@exercise("perceptron")
class TestPerceptron:
    # All numbers are multiples of 1/4, so that every order of summation gives the same bits, ties with 0 included.

    @criterion(
        "follows the update rule: right weights and bias",
        weight=4,
        hint="where y_i (w·x_i + b) <= 0: add y_i x_i to w, and y_i to b; start from zeros; samples in order",
    )
    def test_rule(self, student, rng, device):
        for n, d in [(1, 3), (7, 2), (12, 5), (20, 3)]:
            X, y = separable(rng, n, d, device)
            w, b, _ = result_of(student.perceptron(X.clone(), y.clone(), 200))
            w_right, b_right, _ = reference.perceptron(X, y, 200)
            assert_close(w, w_right, what=f"w after training on samples {n}×{d}")
            assert_close(b, b_right, what=f"b after training on samples {n}×{d}")

    @criterion("counts the updates", weight=2, hint="one for each mistake; not the epochs, and not the mistakes of the last epoch")
    def test_count(self, student, rng, device):
        for n, d in [(1, 2), (9, 2), (15, 4)]:
            X, y = separable(rng, n, d, device)
            updates = result_of(student.perceptron(X.clone(), y.clone(), 200))[2]
            assert_close(updates, reference.perceptron(X, y, 200)[2], what=f"the number of updates for samples {n}×{d}")

    @criterion(
        "stops after max_epochs epochs, or after an epoch without an update",
        weight=2,
        hint="range(max_epochs) for the epochs; break when the count is what it was before the epoch",
        timeout_s=5,
    )
    def test_stops(self, student, rng, device):
        limits = (1, 2, 5)
        X, y = inseparable(rng, 7, limits, device)
        for max_epochs in limits:
            w, b, _ = result_of(student.perceptron(X.clone(), y.clone(), max_epochs))
            w_right, b_right, _ = reference.perceptron(X, y, max_epochs)
            assert_close(w, w_right, what=f"w when max_epochs is {max_epochs} and no line separates the classes")
            assert_close(b, b_right, what=f"b when max_epochs is {max_epochs} and no line separates the classes")
        X, y = separable(rng, 6, 2, device)
        enough = reference.perceptron(X, y, 200)[2] + 1
        few, many = (sum(operations(student.perceptron, X.clone(), y.clone(), epochs).values()) for epochs in (enough, enough + 100))
        expect(few == many, "perceptron goes on after an epoch without an update, when all samples are right", "too slow")
        student.perceptron(X.clone(), y.clone(), 10**9)  # One that counts to the end without tensors never comes back.

    @criterion(
        "ends with every sample on its side, within (r² + 1) / ρ² updates",
        weight=2,
        hint="only samples with y_i (w·x_i + b) <= 0 count as mistakes, and all of them do",
    )
    def test_bound(self, student, rng, device):
        for n, d in [(11, 2), (16, 3)]:
            X, y = separable(rng, n, d, device)
            w, b, updates = result_of(student.perceptron(X.clone(), y.clone(), 200))
            assert_close(w, torch.zeros_like(X[0]), what="w", rtol=0, atol=float("inf"), check_dtype=False)
            wrong = int((y * (X @ w.detach().to(X) + b) <= 0).sum())
            expect(wrong == 0, f"a line separates the classes, but {wrong} of {n} samples are left on the wrong side, or on the border")
            bound = convergence_bound(X, y)
            expect(updates <= bound, f"{updates:g} updates are more than the bound (r² + 1) / ρ² = {bound:.1f} allows")

    # The rule itself costs its own points: these two hold the answer against itself.

    @criterion("keeps the dtype, and takes samples in any memory order", hint="w has the dtype of X: float64 in, float64 out")
    def test_dtype(self, student, rng, device):
        X, y = separable(rng, 16, 3, device)
        w, b, _ = learned(student.perceptron(X.clone(), y.clone(), 200))
        for samples, kind in [(X.double(), "float64"), (transposed(X), "non-contiguous")]:
            w_mine, b_mine, _ = learned(student.perceptron(samples, y.clone(), 200))
            assert_close(w_mine, w.to(samples), what=f"w for {kind} samples, held against w for contiguous float32 ones", rtol=1e-5, atol=1e-5)
            assert_close(b_mine, float(b), what=f"b for {kind} samples, held against b for contiguous float32 ones", rtol=1e-5, atol=1e-5)

    @criterion("leaves its inputs unchanged", hint="w starts as a new tensor; no operation that ends in _ on X or y")
    def test_unchanged(self, student, rng, device):
        X, y = separable(rng, 16, 3, device)
        X_before, y_before = X.clone(), y.clone()
        learned(student.perceptron(X, y, 200))
        assert_unchanged(X_before, X, what="X")
        assert_unchanged(y_before, y, what="y")


def learned(result):
    """(w, b, updates) of an answer that learned something."""
    w, b, updates = result_of(result)
    assert_close(w, torch.zeros_like(w), what="w", rtol=0, atol=float("inf"))
    expect(bool(w.any()), "w is 0 after training: nothing was learned")
    return w, b, updates


def quarters(rng, n, d):
    """Samples (n, d), multiples of 1/4, around (1/2, 1/2, …)."""
    return torch.randint(-8, 9, (n, d), generator=rng) / 4 + 0.5


def separable(rng, n, d, device):
    """Samples (n, d) that a hyperplane separates, and their labels; it takes several epochs, and a bias: one sample is the origin."""
    while True:
        w = torch.randint(-4, 5, (d,), generator=rng).float()
        b = torch.randint(1, 4, (1,), generator=rng) * (1 - 2 * torch.randint(2, (1,), generator=rng))
        X = quarters(rng, 12 * n, d)
        X = X[(X @ w + b).abs() >= 1][:n]
        if len(X) < n:
            continue
        if n > 1:
            X[n // 2] = 0
        y = (X @ w + b).sign().long()
        if n == 1:
            return X.to(device), y.to(device)
        after_one, after_all = reference.perceptron(X, y, 1), reference.perceptron(X, y, 60)
        longer = not torch.equal(after_one[0], after_all[0]) and after_one[2] < after_all[2] < 60
        if len(y.unique()) == 2 and longer:
            return X.to(device), y.to(device)


def inseparable(rng, n, limits, device):
    """Four corners of the exclusive or among n samples (n, 2), and after each of the limits, and an epoch later, the weights are others."""
    corners, signs = torch.tensor([[0.5, 0.5], [1.5, 1.5], [0.5, 1.5], [1.5, 0.5]]), torch.tensor([1, 1, -1, -1])
    ends = sorted({epochs for limit in limits for epochs in (limit, limit + 1)} | {100})
    while True:
        order = torch.randperm(n, generator=rng)
        X = torch.cat([corners, quarters(rng, n - 4, 2)])[order]
        y = torch.cat([signs, 2 * torch.randint(2, (n - 4,), generator=rng) - 1])[order]
        results = [reference.perceptron(X, y, epochs) for epochs in ends]
        if len({(*w.tolist(), b) for w, b, _ in results}) == len(ends):
            return X.to(device), y.to(device)


def convergence_bound(X, y):
    """(r² + 1) / ρ² with the margin ρ of one hyperplane that separates the samples, the reference's."""
    w, b, _ = reference.perceptron(X, y, 200)
    rho = (y * (X @ w + b)).min() / (w @ w + b * b).sqrt()
    return float(((X * X).sum(dim=1).max() + 1) / rho**2)


def result_of(returned):
    """(w, b, updates) as a tensor and two floats."""
    three = isinstance(returned, list | tuple) and len(returned) == 3
    expect(three, "perceptron should return three things, (w, b, updates)", "wrong type")
    w, b, updates = returned
    tensor = isinstance(w, torch.Tensor) and w.ndim == 1
    expect(tensor, "w, the first thing that perceptron returns, should be a tensor with one dimension", "wrong type")
    anything = {"rtol": 0, "atol": float("inf")}
    assert_close(b, 0.0, what="b, the second thing that perceptron returns,", **anything)
    assert_close(updates, 0.0, what="updates, the third thing that perceptron returns,", **anything)
    return w, float(b), float(updates)


# 2 · Activation functions --------------------------------------------------------------------------------------------


@exercise("relu", forbid=RECTIFIERS)
class TestRelu:
    @criterion("keeps positive entries and makes the others 0", weight=3, hint="torch.where(x > 0, …, …)")
    def test_values(self, student, rng, device):
        for shape in SHAPES:
            x = normal(rng, *shape, device=device)
            assert_agrees(student.relu, reference.relu, x, what=f"relu of shape {shape}")
        x = of_any_size(rng, device)
        assert_agrees(student.relu, reference.relu, x * 1e6, what="relu of large entries")
        assert_agrees(student.relu, reference.relu, x / 1e6, what="relu of small entries", rtol=1e-6, atol=0)

    @criterion("gradients are right", weight=2, hint="stay with tensor operations from x to the result: no .item(), .detach() or NumPy")
    def test_gradients(self, student, rng, device):
        x = off_zero(rng, 3, 4, device=device, dtype=torch.float64)
        assert_gradients(student.relu, x.clone().requires_grad_(), what="relu(x)")
        assert_same_gradient(student.relu, reference.relu, x, rng=rng, what="relu(x)")

    @criterion(
        "the gradient at 0 is 0",
        weight=2,
        hint="torch.maximum shares the gradient of a tie, x >= 0 lets it pass: choose by x > 0 which entries pass",
    )
    def test_at_zero(self, student, rng, device):
        x = with_zeros(rng, 3, 4, device=device)
        assert_same_gradient(student.relu, reference.relu, x, rng=rng, what="relu(x) for an x with zeros")

    @criterion(ANY_ORDER, hint="the result has the dtype of x: float64 in, float64 out")
    def test_dtype(self, student, rng, device):
        assert_any_order(student.relu, reference.relu, rng, device, what="relu")

    @criterion("leaves its input unchanged", hint="x[x < 0] = 0 and operations that end in _ write into the caller's tensor")
    def test_unchanged(self, student, rng, device):
        assert_leaves_input(student.relu, reference.relu, rng, device, what="relu(x)")


@exercise("sigmoid", forbid=SIGMOIDS)
class TestSigmoid:
    @criterion("equals 1 / (1 + exp(-x))", weight=3, hint="entry by entry, whatever the shape")
    def test_values(self, student, rng, device):
        for shape in SHAPES:
            x = normal(rng, *shape, device=device, scale=3.0)
            assert_agrees(student.sigmoid, reference.sigmoid, x, what=f"sigmoid of shape {shape}")

    @criterion(
        "stays finite for entries of any size, and so does its gradient",
        weight=3,
        hint="never take exp of a large number, in neither branch of a torch.where: only exp(-|x|)",
    )
    def test_any_size(self, student, rng, device):
        x = of_any_size(rng, device)
        assert_finite(student.sigmoid(x.clone()), what="sigmoid of entries between -1000 and 1000")
        assert_same_gradient(student.sigmoid, reference.sigmoid, x, rng=rng, what="sigmoid of entries between -1000 and 1000")

    @criterion("gradients are right", weight=2, hint="stay with tensor operations from x to the result: no .item(), .detach() or NumPy")
    def test_gradients(self, student, rng, device):
        x = off_zero(rng, 3, 4, device=device, dtype=torch.float64)
        assert_gradients(student.sigmoid, x.clone().requires_grad_(), what="sigmoid(x)")
        assert_same_gradient(student.sigmoid, reference.sigmoid, x, rng=rng, what="sigmoid(x)")

    @criterion("the gradient is right at 0 too", hint="autograd gives abs and sign the slope 0 at 0; torch.where(x >= 0, -x, x) has the right one")
    def test_at_zero(self, student, rng, device):
        x = with_zeros(rng, 3, 4, device=device)
        assert_same_gradient(student.sigmoid, reference.sigmoid, x, rng=rng, what="sigmoid(x) for an x with zeros")

    @criterion(ANY_ORDER, hint="the result has the dtype of x: float64 in, float64 out")
    def test_dtype(self, student, rng, device):
        assert_any_order(student.sigmoid, reference.sigmoid, rng, device, what="sigmoid")

    @criterion("leaves its input unchanged", hint="operations that end in _ write into the caller's tensor")
    def test_unchanged(self, student, rng, device):
        assert_leaves_input(student.sigmoid, reference.sigmoid, rng, device, what="sigmoid(x)")


@exercise("tanh", forbid=SIGMOIDS)
class TestTanh:
    @criterion("equals (1 - exp(-2x)) / (1 + exp(-2x))", weight=3, hint="entry by entry, whatever the shape; mind the 2")
    def test_values(self, student, rng, device):
        for shape in SHAPES:
            x = normal(rng, *shape, device=device)
            assert_agrees(student.tanh, reference.tanh, x, what=f"tanh of shape {shape}")

    @criterion(
        "stays finite for entries of any size, and so does its gradient",
        weight=3,
        hint="never take exp of a large number, in neither branch of a torch.where: only exp(-2|x|)",
    )
    def test_any_size(self, student, rng, device):
        x = of_any_size(rng, device)
        assert_finite(student.tanh(x.clone()), what="tanh of entries between -1000 and 1000")
        assert_same_gradient(student.tanh, reference.tanh, x, rng=rng, what="tanh of entries between -1000 and 1000")

    @criterion("gradients are right", weight=2, hint="stay with tensor operations from x to the result: no .item(), .detach() or NumPy")
    def test_gradients(self, student, rng, device):
        x = off_zero(rng, 3, 4, device=device, dtype=torch.float64)
        assert_gradients(student.tanh, x.clone().requires_grad_(), what="tanh(x)")
        assert_same_gradient(student.tanh, reference.tanh, x, rng=rng, what="tanh(x)")

    @criterion("the gradient is right at 0 too", hint="autograd gives abs and sign the slope 0 at 0; torch.where(x >= 0, -x, x) has the right one")
    def test_at_zero(self, student, rng, device):
        x = with_zeros(rng, 3, 4, device=device)
        assert_same_gradient(student.tanh, reference.tanh, x, rng=rng, what="tanh(x) for an x with zeros")

    @criterion(ANY_ORDER, hint="the result has the dtype of x: float64 in, float64 out")
    def test_dtype(self, student, rng, device):
        assert_any_order(student.tanh, reference.tanh, rng, device, what="tanh")

    @criterion("leaves its input unchanged", hint="operations that end in _ write into the caller's tensor")
    def test_unchanged(self, student, rng, device):
        assert_leaves_input(student.tanh, reference.tanh, rng, device, what="tanh(x)")


@exercise("prelu", forbid=RECTIFIERS)
class TestPrelu:
    @criterion("one alpha for all: x where x > 0, alpha x elsewhere", weight=3, hint="torch.where(x > 0, x, alpha * x)")
    def test_one_alpha(self, student, rng, device):
        for shape in SHAPES:
            x, alpha = normal(rng, *shape, device=device), 0.1 + 0.8 * float(torch.rand((), generator=rng))
            assert_agrees(student.prelu, reference.prelu, x, alpha, what=f"prelu of shape {shape}")
        for alpha in (torch.tensor(0.35, device=device), torch.tensor([0.6], device=device)):
            x = normal(rng, 2, 3, 4, device=device)
            assert_agrees(student.prelu, reference.prelu, x, alpha, what="prelu with alpha as a tensor with one element")

    @criterion(
        "one alpha per channel, which is dimension 1",
        weight=3,
        hint="for (n, c, h, w) alpha must have the shape (c, 1, 1), so that it meets dimension 1",
    )
    def test_channels(self, student, rng, device):
        for shape in [(5, 3), (1, 4), (2, 3, 4), (2, 3, 5, 4), (2, 3, 4, 3)]:
            x, alpha = normal(rng, *shape, device=device), torch.rand(shape[1], generator=rng).to(device)
            assert_agrees(student.prelu, reference.prelu, x, alpha, what=f"prelu of shape {shape} with {shape[1]} alphas")
            assert_close(student.prelu(transposed(x), alpha.clone()), reference.prelu(x, alpha), what=f"prelu of non-contiguous entries {shape}")

    @criterion("takes any alpha: negative, 0, larger than 1", hint="the larger of x and alpha x is the answer for alpha <= 1 only; ask x > 0")
    def test_any_alpha(self, student, rng, device):
        for alpha in (-0.7, 0.0, 1.0, 2.5):
            x = normal(rng, 4, 3, device=device)
            assert_agrees(student.prelu, reference.prelu, x, alpha, what=f"prelu with alpha = {alpha}")

    @criterion(
        "gradients reach x and alpha and are right",
        weight=2,
        hint="no .item(), .detach(), float(alpha) or NumPy between the arguments and the result",
    )
    def test_gradients(self, student, rng, device):
        x = off_zero(rng, 3, 2, device=device, dtype=torch.float64)
        alphas = torch.rand(2, generator=rng, dtype=torch.float64).to(device)
        for alpha in (alphas, alphas[:1], alphas[1]):
            assert_same_gradient(student.prelu, reference.prelu, x, alpha, rng=rng, what="prelu(x, alpha)")
        assert_gradients(student.prelu, x.requires_grad_(), alphas.requires_grad_(), what="prelu(x, alpha)")

    @criterion(ANY_ORDER, hint="the result has the dtype of x: float64 in, float64 out")
    def test_dtype(self, student, rng, device):
        assert_any_order(lambda x: student.prelu(x, 0.3), lambda x: reference.prelu(x, 0.3), rng, device, what="prelu")

    @criterion("leaves its inputs unchanged", hint="x[x < 0] *= … and operations that end in _ write into the caller's tensor")
    def test_unchanged(self, student, rng, device):
        assert_leaves_input(lambda x: student.prelu(x, 0.3), lambda x: reference.prelu(x, 0.3), rng, device, what="prelu(x, 0.3)")
        x, alpha = normal(rng, 4, 3, device=device), torch.rand(3, generator=rng).to(device)
        before = alpha.clone()
        result = student.prelu(x.clone(), alpha)
        assert_unchanged(before, alpha, what="alpha")
        assert_close(result, reference.prelu(x, before), what="prelu(x, alpha)")


# 3 · Their derivatives -----------------------------------------------------------------------------------------------


@exercise("relu_grad", forbid=NO_AUTOGRAD)
class TestReluGrad:
    @criterion("is 1 where x is positive and 0 where it is negative", weight=3, hint="x > 0, turned into numbers")
    def test_values(self, student, rng, device):
        for shape in SHAPES:
            x = off_zero(rng, *shape, device=device)
            assert_agrees(student.relu_grad, reference.relu_grad, x, what=f"relu_grad of shape {shape}", check_dtype=False)
        x = of_any_size(rng, device)
        assert_agrees(student.relu_grad, reference.relu_grad, x, what="relu_grad of entries of any size", check_dtype=False)

    @criterion("is 0 at 0", weight=2, hint="the course's choice at the kink: > and not >=")
    def test_at_zero(self, student, rng, device):
        x = with_zeros(rng, 4, 5, device=device)
        assert_agrees(student.relu_grad, reference.relu_grad, x, what="relu_grad of an x with zeros", check_dtype=False)

    @criterion(ANY_ORDER, hint="a float tensor with the dtype of x, not bool: .to(x.dtype)")
    def test_dtype(self, student, rng, device):
        x = off_zero(rng, 4, 3, device=device)
        assert_agrees(student.relu_grad, reference.relu_grad, x, what="relu_grad of float32 entries")
        assert_any_order(student.relu_grad, reference.relu_grad, rng, device, what="relu_grad")

    @criterion("leaves its input unchanged", hint="x[x > 0] = 1 writes into the caller's tensor")
    def test_unchanged(self, student, rng, device):
        assert_leaves_input(student.relu_grad, reference.relu_grad, rng, device, what="relu_grad(x)")

    @criterion("is a closed form: exact, and needs no graph", hint="write the formula down; neither autograd nor a difference quotient is needed")
    def test_no_graph(self, student, rng, device):
        assert_closed_form(student, "relu_grad", reference.relu_grad, rng, device)


@exercise("sigmoid_grad", forbid=NO_AUTOGRAD)
class TestSigmoidGrad:
    @criterion("is the slope of the sigmoid at x", weight=3, hint="s (1 - s) with s = sigmoid(x)")
    def test_values(self, student, rng, device):
        for shape in SHAPES:
            x = normal(rng, *shape, device=device, scale=2.0)
            assert_agrees(student.sigmoid_grad, reference.sigmoid_grad, x, what=f"sigmoid_grad of shape {shape}")
        x = with_zeros(rng, 4, 5, device=device)
        assert_agrees(student.sigmoid_grad, reference.sigmoid_grad, x, what="sigmoid_grad of an x with zeros")

    @criterion("stays finite for entries of any size", weight=2, hint="exp(-x) overflows at -1000; s (1 - s) does not")
    def test_any_size(self, student, rng, device):
        x = of_any_size(rng, device)
        slopes = student.sigmoid_grad(x.clone())
        assert_finite(slopes, what="sigmoid_grad of entries between -1000 and 1000")
        assert_close(slopes, reference.sigmoid_grad(x), what="sigmoid_grad of entries between -1000 and 1000")

    @criterion(ANY_ORDER, hint="the result has the dtype of x: float64 in, float64 out")
    def test_dtype(self, student, rng, device):
        assert_any_order(student.sigmoid_grad, reference.sigmoid_grad, rng, device, what="sigmoid_grad")

    @criterion("leaves its input unchanged", hint="operations that end in _ write into the caller's tensor")
    def test_unchanged(self, student, rng, device):
        assert_leaves_input(student.sigmoid_grad, reference.sigmoid_grad, rng, device, what="sigmoid_grad(x)")

    @criterion("is a closed form: exact, and needs no graph", hint="write the formula down; neither autograd nor a difference quotient is needed")
    def test_no_graph(self, student, rng, device):
        assert_closed_form(student, "sigmoid_grad", reference.sigmoid_grad, rng, device)


@exercise("tanh_grad", forbid=NO_AUTOGRAD)
class TestTanhGrad:
    @criterion("is the slope of tanh at x", weight=3, hint="1 - t² with t = tanh(x)")
    def test_values(self, student, rng, device):
        for shape in SHAPES:
            x = normal(rng, *shape, device=device)
            assert_agrees(student.tanh_grad, reference.tanh_grad, x, what=f"tanh_grad of shape {shape}")
        x = with_zeros(rng, 4, 5, device=device)
        assert_agrees(student.tanh_grad, reference.tanh_grad, x, what="tanh_grad of an x with zeros")

    @criterion("stays finite for entries of any size", weight=2, hint="exponentials overflow at 1000; torch.tanh does not")
    def test_any_size(self, student, rng, device):
        x = of_any_size(rng, device)
        slopes = student.tanh_grad(x.clone())
        assert_finite(slopes, what="tanh_grad of entries between -1000 and 1000")
        assert_close(slopes, reference.tanh_grad(x), what="tanh_grad of entries between -1000 and 1000")

    @criterion(ANY_ORDER, hint="the result has the dtype of x: float64 in, float64 out")
    def test_dtype(self, student, rng, device):
        assert_any_order(student.tanh_grad, reference.tanh_grad, rng, device, what="tanh_grad")

    @criterion("leaves its input unchanged", hint="operations that end in _ write into the caller's tensor")
    def test_unchanged(self, student, rng, device):
        assert_leaves_input(student.tanh_grad, reference.tanh_grad, rng, device, what="tanh_grad(x)")

    @criterion("is a closed form: exact, and needs no graph", hint="write the formula down; neither autograd nor a difference quotient is needed")
    def test_no_graph(self, student, rng, device):
        assert_closed_form(student, "tanh_grad", reference.tanh_grad, rng, device)


@exercise("prelu_grad", forbid=NO_AUTOGRAD)
class TestPreluGrad:
    @criterion("one alpha for all: 1 where x > 0, alpha where x < 0", weight=3, hint="torch.where(x > 0, torch.ones_like(x), alpha)")
    def test_one_alpha(self, student, rng, device):
        for shape, alpha in zip(SHAPES, (0.3, -0.7, 2.5, 0.0), strict=True):
            x = off_zero(rng, *shape, device=device)
            assert_agrees(student.prelu_grad, reference.prelu_grad, x, alpha, what=f"prelu_grad of shape {shape}")
        for alpha in (torch.tensor(0.35, device=device), torch.tensor([0.6], device=device)):
            x = off_zero(rng, 2, 3, 4, device=device)
            assert_agrees(student.prelu_grad, reference.prelu_grad, x, alpha, what="prelu_grad with alpha as a tensor with one element")

    @criterion(
        "one alpha per channel, which is dimension 1",
        weight=2,
        hint="for (n, c, h, w) alpha must have the shape (c, 1, 1), so that it meets dimension 1",
    )
    def test_channels(self, student, rng, device):
        for shape in [(5, 3), (1, 4), (2, 3, 4), (2, 3, 5, 4), (2, 3, 4, 3)]:
            x, alpha = off_zero(rng, *shape, device=device), torch.rand(shape[1], generator=rng).to(device)
            assert_agrees(student.prelu_grad, reference.prelu_grad, x, alpha, what=f"prelu_grad of shape {shape} with {shape[1]} alphas")
            assert_close(student.prelu_grad(transposed(x), alpha.clone()), reference.prelu_grad(x, alpha), what=f"prelu_grad of non-contiguous entries {shape}")

    @criterion("is alpha at 0", weight=2, hint="1 where x > 0, and alpha everywhere else, at 0 too")
    def test_at_zero(self, student, rng, device):
        x = with_zeros(rng, 4, 5, device=device)
        assert_agrees(student.prelu_grad, reference.prelu_grad, x, 0.3, what="prelu_grad of an x with zeros")

    @criterion(ANY_ORDER, hint="the result has the dtype of x: torch.where(condition, 1, 0.25) makes float32 whatever x is")
    def test_dtype(self, student, rng, device):
        assert_any_order(lambda x: student.prelu_grad(x, 0.3), lambda x: reference.prelu_grad(x, 0.3), rng, device, what="prelu_grad")

    @criterion("leaves its inputs unchanged", hint="x[x > 0] = 1 writes into the caller's tensor")
    def test_unchanged(self, student, rng, device):
        f, right = (lambda x: student.prelu_grad(x, 0.3)), (lambda x: reference.prelu_grad(x, 0.3))
        assert_leaves_input(f, right, rng, device, what="prelu_grad(x, 0.3)")
        x, alpha = off_zero(rng, 4, 3, device=device), torch.rand(3, generator=rng).to(device)
        before = alpha.clone()
        student.prelu_grad(x, alpha)
        assert_unchanged(before, alpha, what="alpha")

    @criterion("is a closed form: exact, and needs no graph", hint="write the formula down; neither autograd nor a difference quotient is needed")
    def test_no_graph(self, student, rng, device):
        assert_closed_form(student, "prelu_grad", reference.prelu_grad, rng, device, 0.375)


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
                expect(abs(deviation / wanted - 1) < 0.05, f"the standard deviation of W{i + 1} is {deviation:.4f}; {asked}")
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


@exercise("mlp_forward")
class TestMlpForward:
    @criterion("one hidden layer: ReLU between the layers", weight=3, hint="relu(X W1 + b1) goes into the second layer")
    def test_hidden_relu(self, student, rng, device):
        for sizes, n in [([4, 6, 3], 5), ([3, 5, 2], 1), ([2, 7, 5], 8)]:
            X, params = normal(rng, n, sizes[0], device=device), network(rng, sizes, device)
            # Scores above 0, so that a ReLU on the scores, which costs its own points, does not show here.
            params[-2], params[-1] = params[-2].abs(), params[-1].abs()
            assert_scores(student, X, params, what=f"the output of a network {sizes}")

    @criterion("nothing after the last layer", weight=3, hint="scores may be negative: no ReLU, no softmax on the output")
    def test_last_linear(self, student, rng, device):
        for sizes, n in [([4, 6, 3], 5), ([3, 5, 2], 1)]:
            # Hidden units above 0, so that a missing ReLU, which costs its own points, does not show here.
            X, params = normal(rng, n, sizes[0], device=device).abs(), network(rng, sizes, device)
            params[0], params[1] = params[0].abs(), params[1].abs()
            params[-1] = params[-1] - (X @ params[0] + params[1]).amax() * params[-2].abs().sum(dim=0) / 2
            assert_scores(student, X, params, what=f"the output of a network {sizes}", ended_as=None)

    @criterion("any number of layers: one, three, four", weight=3, hint="a loop over pairs of params; after the last pair no ReLU")
    def test_depth(self, student, rng, device):
        for sizes, n in [([4, 3], 5), ([5, 4, 6, 2], 3), ([3, 6, 5, 4, 2], 7)]:
            X, params = normal(rng, n, sizes[0], device=device), network(rng, sizes, device)
            if len(sizes) > 2:
                params[-2], params[-1] = params[-2].abs(), params[-1].abs()
            else:
                params[-1] = params[-1] + 9
            assert_scores(student, X, params, what=f"the output of a network {sizes}")

    @criterion("gradients reach X and every parameter and are right", weight=2, hint="use the tensors in params themselves: no .data, no .detach()")
    def test_gradients(self, student, rng, device):
        X, params = normal(rng, 3, 2, device=device, dtype=torch.float64), network(rng, [2, 4, 2], device, torch.float64)
        params[-2], params[-1] = params[-2].abs(), params[-1].abs()

        def student_forward(X, *params):
            return student.mlp_forward(X, list(params))

        mine = student_forward(X.clone(), *copies(params)).detach()

        def forward(X, *params):
            return as_ended(mine, reference.mlp_forward(X, params))

        assert_same_gradient(student_forward, forward, X, *params, rng=rng, what="mlp_forward(X, params)")
        assert_gradients(student_forward, *[t.requires_grad_() for t in (X, *params)], what="mlp_forward(X, params)")

    @criterion("works on all samples at once", hint="X @ W treats the whole batch: no loop over the samples")
    def test_vectorised(self, student, rng, device):
        params = network(rng, [4, 6, 3], device)
        params[-2], params[-1] = params[-2].abs(), params[-1].abs()
        X = normal(rng, 6, 4, device=device)
        assert_scores(student, X, params, what="mlp_forward(X, params)")
        assert_vectorised(student.mlp_forward, lambda n: (normal(rng, n, 4, device=device), copies(params)), what="mlp_forward")

    @criterion("keeps the dtype, and takes samples in any memory order", hint="the scores have the dtype of X: float64 in, float64 out")
    def test_dtype(self, student, rng, device):
        X, params = normal(rng, 5, 4, device=device, dtype=torch.float64), network(rng, [4, 6, 3], device, torch.float64)
        params[-2], params[-1] = params[-2].abs(), params[-1].abs()
        scores = reference.mlp_forward(X, params)
        mine = student.mlp_forward(X.clone(), copies(params))
        scores = as_ended(mine, scores)
        assert_close(mine, scores, what="the output for float64 samples")
        X, params = X.float(), [p.float() for p in params]
        assert_close(student.mlp_forward(transposed(X), copies(params)), scores.float(), what="the output for non-contiguous samples", **MATMUL)

    @criterion("leaves its inputs unchanged", hint="no relu_(), no += on X or on a parameter")
    def test_unchanged(self, student, rng, device):
        for sizes in ([4, 3], [4, 6, 3]):
            X, params = normal(rng, 5, sizes[0], device=device), network(rng, sizes, device)
            params[-2], params[-1] = params[-2].abs(), params[-1].abs() + 9
            before = [t.clone() for t in (X, *params)]
            scores = student.mlp_forward(X, params)
            assert_inputs_unchanged(before, X, params)
            assert_close(scores, as_ended(scores, reference.mlp_forward(before[0], before[1:])), what="mlp_forward(X, params)", **MATMUL)


def copies(params):
    return [p.clone() for p in params]


def as_ended(mine, scores):
    """What `scores` become by the softmax or its logarithm that `mine` (n, q) went through, if any: that costs points of its own, and no others."""
    if not isinstance(mine, torch.Tensor) or mine.shape != scores.shape or mine.shape[-1] == 1:
        return scores
    mine = mine.detach()
    for ending, shares in ((torch.softmax, mine), (torch.log_softmax, mine.exp())):
        if bool((shares >= 0).all()) and bool(((shares.sum(dim=-1) - 1).abs() < 1e-4).all()):
            return ending(scores, dim=-1)
    return scores


def assert_scores(student, X, params, *, what, ended_as=as_ended):
    mine, right = student.mlp_forward(X.clone(), copies(params)), reference.mlp_forward(X, params)
    assert_close(mine, ended_as(mine, right) if ended_as else right, what=what, **MATMUL)


def network(rng, sizes, device, dtype=torch.float32):
    """Random parameters [W1, b1, …] of these layer sizes, biases too."""
    shapes = [shape for n_in, n_out in zip(sizes[:-1], sizes[1:], strict=True) for shape in ((n_in, n_out), (n_out,))]
    return [normal(rng, *shape, device=device, dtype=dtype, scale=0.8) for shape in shapes]


def assert_inputs_unchanged(before, X, params):
    names = ["X", *(f"{'Wb'[i % 2]}{i // 2 + 1}" for i in range(len(params)))]
    for name, old, new in zip(names, before, (X, *params), strict=True):
        assert_unchanged(old, new, what=name)


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
        expect(len({bool(first < second) for first, second in map(partial(scores_of, params), CORNERS)}) == 2, "xor_net() answers the same at all four points")
        for _ in range(2):
            again = xor_params(student)
            same = len(again) == len(params) and all(torch.equal(p, q) for p, q in zip(params, again, strict=True))
            expect(same, "two calls of xor_net() give different parameters")
        drawn = [name for name in operations(student.xor_net) if any(word in name for word in ("rand", "normal", "bernoulli"))]
        expect(not drawn, "xor_net draws random numbers; the weights are to be set by hand")


def xor_params(student):
    """The parameters of xor_net, float32 tensors, an even number of them, at least four."""
    params = student.xor_net()
    expect(isinstance(params, list | tuple), "xor_net should return a list: W1, b1, W2, b2", "wrong type")
    tensors = all(isinstance(p, torch.Tensor) and p.dtype == torch.float32 for p in params)
    expect(tensors, "every entry of xor_net() should be a float32 tensor (write 1.0 and not 1)", "wrong type")
    count = f"xor_net() has {len(params)} entries; W and b of each layer were expected, with at least one hidden layer"
    expect(len(params) >= 4 and len(params) % 2 == 0, count, "wrong shape")
    return [p.detach().cpu() for p in params]


CORNERS = [(0, 0), (0, 1), (1, 0), (1, 1)]


def scores_of(params, point):
    """The two scores of a network at one point."""
    try:
        scores = reference.mlp_forward(torch.tensor([point], dtype=torch.float32), params).flatten()
    except RuntimeError:
        fail("the shapes of W1, b1, W2, b2, … do not fit together in mlp_forward", "wrong shape")
    expect(len(scores) == 2, f"the network has {len(scores)} outputs, 2 were expected", "wrong shape")
    return scores


def assert_answers(params, answers):
    for point, answer in answers.items():
        scores = scores_of(params, point)
        tie = "both scores are equal" if bool(scores[0] == scores[1]) else f"the larger score is that of class {1 - answer}"
        expect(bool(scores[answer] > scores[1 - answer]), f"at {point} {tie}")


# 5 · Learning by hand ------------------------------------------------------------------------------------------------


@exercise("mlp_backward", forbid=NO_AUTOGRAD)
class TestMlpBackward:
    @criterion(
        "the last layer: input transposed times (softmax - onehot)",
        weight=3,
        hint="W gets H.T @ delta, b the sum of delta over the samples; delta = softmax(scores) - onehot(y), over n",
    )
    def test_last_layer(self, student, rng, device):
        for sizes, n in [([4, 6, 3], 5), ([3, 5, 2], 1), ([5, 3, 4], 7)]:
            X, y, params = problem(rng, sizes, n, device)
            if n == 7:
                y.clamp_(max=sizes[-1] - 2)  # The last class does not occur.
            mine, right = gradients_of(student, X, y, params), reference.mlp_backward(X, y, params, 0.0)
            for i in (-2, -1):
                assert_direction(mine[i], right[i], n, what=f"the gradient of {name_of(i, params)} of a network {sizes}")

    @criterion(
        "the layers before: back through W transposed, and through the ReLU that was on the way",
        weight=4,
        hint="delta = (delta @ W.T) * (H > 0), with the W that delta comes back through and the H that went into it",
    )
    def test_hidden_layers(self, student, rng, device):
        for sizes, n in [([4, 6, 3], 5), ([3, 5, 2], 1), ([3, 5, 5, 2], 7)]:
            X, y, params = problem(rng, sizes, n, device)
            mine, right = gradients_of(student, X, y, params), reference.mlp_backward(X, y, params, 0.0)
            for i in range(len(params) - 2):
                assert_direction(mine[i], right[i], n, what=f"the gradient of {name_of(i, params)} of a network {sizes}")

    @criterion("any number of layers: one, three, four", weight=2, hint="one loop forward, one loop back; with one layer neither has a ReLU")
    def test_depth(self, student, rng, device):
        for sizes, n in [([4, 3], 5), ([5, 4, 6, 2], 3), ([3, 6, 5, 4, 2], 7)]:
            X, y, params = problem(rng, sizes, n, device)
            mine, right = gradients_of(student, X, y, params), reference.mlp_backward(X, y, params, 0.0)
            for i in range(len(params)):
                assert_direction(mine[i], right[i], n, what=f"the gradient of {name_of(i, params)} of a network {sizes}")

    @criterion("is the mean over the samples", weight=2, hint="divide by n once, in the delta of the last layer")
    def test_mean(self, student, rng, device):
        for sizes, n in [([4, 6, 3], 6), ([3, 5, 2], 11)]:
            X, y, params = problem(rng, sizes, n, device)
            mine, right = gradients_of(student, X, y, params)[-1], reference.mlp_backward(X, y, params, 0.0)[-1]
            assert_close(mine, right, what=f"the gradient of {name_of(-1, params)} for {n} samples", **MATMUL)

    @criterion("adds weight_decay times W to the gradient of every W", weight=2, hint="+ weight_decay * W, for every layer; not divided by n")
    def test_decay(self, student, rng, device):
        for weight_decay in (0.7, 0.2):
            X, y, params = problem(rng, [4, 6, 3], 5, device)
            without, with_decay = gradients_of(student, X, y, params), gradients_of(student, X, y, params, weight_decay)
            for i in range(0, len(params), 2):
                what = f"what weight_decay={weight_decay} adds to the gradient of {name_of(i, params)}"
                assert_close(with_decay[i] - without[i], weight_decay * params[i], what=what, **MATMUL)

    @criterion("leaves the biases out of the decay", hint="the decay term holds the weights only")
    def test_biases(self, student, rng, device):
        X, y, params = problem(rng, [4, 6, 3], 5, device)
        without, with_decay = gradients_of(student, X, y, params), gradients_of(student, X, y, params, 0.7)
        assert_direction(without[-2], reference.mlp_backward(X, y, params, 0.0)[-2], 5, what="the gradient of W2")
        for i in range(1, len(params), 2):
            what = f"the gradient of {name_of(i, params)} with weight_decay"
            assert_close(with_decay[i], without[i], what=what, **MATMUL)

    @criterion("a unit at exactly 0 passes no gradient", hint="the slope of the ReLU at 0 is 0: (H > 0), or (Z > 0), and not >=")
    def test_kink(self, student, rng, device):
        X, y, params = problem(rng, [4, 6, 3], 5, device)
        off = [1, 4]
        # 0.5 · 1 - 0.5 is exactly 0, in whatever order it is added up.
        X[:, 0], params[0][:, off], params[1][off] = 1, 0, -0.5
        params[0][0, off] = 0.5
        of_b1 = gradients_of(student, X, y, params)[1]
        expect(bool(of_b1.any()), "the gradient of b1 is 0 for all units")
        expect(not bool(of_b1[off].any()), "the gradient of b1 is not 0 for units whose argument of the ReLU is exactly 0")

    @criterion("works on all samples at once", weight=2, hint="H.T @ delta sums over the samples in one product: no loop over them")
    def test_vectorised(self, student, rng, device):
        X, y, params = problem(rng, [4, 6, 3], 6, device)
        mine, right = gradients_of(student, X, y, params), reference.mlp_backward(X, y, params, 0.0)
        assert_direction(mine[-1], right[-1], 6, what="the gradient of b2")
        assert_vectorised(student.mlp_backward, lambda n: (*problem(rng, [4, 6, 3], n, device)[:2], copies(params), 0.1), what="mlp_backward")

    @criterion(
        "is worked out by the chain rule: exact, in one pass forward and one pass back",
        weight=2,
        hint="no difference quotients: each delta comes from the one after it",
    )
    def test_chain_rule(self, student, rng, device):
        X, y, params = problem(rng, [6, 9, 4], 5, device, torch.float64)
        mine, right = gradients_of(student, X, y, params)[-2], reference.mlp_backward(X, y, params, 0.0)[-2]
        exact = CLOSED_FORM if mine.dtype == torch.float64 else MATMUL  # The dtype costs its own points.
        assert_direction(mine, right, 5, what="the gradient of W2 in float64", **exact)
        entries = sum(p.numel() for p in params)
        ran = sum(operations(student.mlp_backward, X.clone(), y.clone(), copies(params), 0.0).values())
        expect(ran <= 4 * entries, f"mlp_backward runs {ran} tensor operations for {entries} parameters: as if once through the network for each", "too slow")

    @criterion("keeps the dtype, and takes samples in any memory order", hint="the gradients have the dtype of the parameters")
    def test_dtype(self, student, rng, device):
        X, y, params = problem(rng, [4, 6, 3], 5, device, torch.float64)
        right = reference.mlp_backward(X, y, params, 0.0)[-1]
        mine = gradients_of(student, X, y, params)
        assert_direction(mine[-1], right, 5, what="the gradient of b2 in float64")
        assert_dtype(mine, torch.float64)
        X, params = X.float(), [p.float() for p in params]
        mine = checked(student.mlp_backward(transposed(X), y.clone(), copies(params), 0.0), params)
        assert_direction(mine[-1], right.float(), 5, what="the gradient of b2 for non-contiguous samples")
        assert_dtype(mine, torch.float32)

    @criterion("leaves its inputs unchanged", hint="no operation that ends in _ and no += on X, y or a parameter")
    def test_unchanged(self, student, rng, device):
        X, y, params = problem(rng, [4, 6, 3], 5, device)
        before = [t.clone() for t in (X, *params)]
        y_before = y.clone()
        checked(student.mlp_backward(X, y, params, 0.3), params)
        assert_inputs_unchanged(before, X, params)
        assert_unchanged(y_before, y, what="y")
        mine = gradients_of(student, before[0], y_before, before[1:])
        assert_direction(mine[-1], reference.mlp_backward(before[0], y_before, before[1:], 0.0)[-1], 5, what="the gradient of b2")

    @criterion("needs no graph, and takes parameters that require a gradient", hint="plain tensor arithmetic, forward and backward")
    def test_no_graph(self, student, rng, device):
        X, y, params = problem(rng, [4, 6, 3], 5, device)
        right = reference.mlp_backward(X, y, params, 0.0)[-1]
        gradients_of(student, X, y, params)
        seen = student.run(mlp_backward_both_ways, X=X, y=y, params=params)
        for key, told in (("inference", "with autograd switched off"), ("leaves", "of parameters that require a gradient")):
            assert_direction(seen[key], right, 5, what=f"the gradient of b2 {told}")
        expect(not seen["touched"], "the .grad of the parameters was written")


def problem(rng, sizes, n, device, dtype=torch.float32):
    """Samples, labels (not all the same where n allows) and parameters of a network of these sizes."""
    X, params = normal(rng, n, sizes[0], device=device, dtype=dtype), network(rng, sizes, device, dtype)
    y = torch.randint(sizes[-1], (n,), generator=rng)
    y[-1], y[0] = 0, sizes[-1] - 1
    return X, y.to(device), params


def gradients_of(student, X, y, params, weight_decay=0.0):
    """What mlp_backward returns for copies of the arguments, after a look at its form."""
    return checked(student.mlp_backward(X.clone(), y.clone(), copies(params), weight_decay), params)


def checked(grads, params):
    """The gradients, when they are a list of tensors of the shapes of params."""
    expect(isinstance(grads, list | tuple), f"mlp_backward returns a {kind_of(grads)}; a list of gradients was expected", "wrong type")
    expect(len(grads) == len(params), f"mlp_backward returns {len(grads)} gradients for {len(params)} parameters", "wrong shape")
    for i, (grad, param) in enumerate(zip(grads, params, strict=True)):
        what = f"the gradient of {name_of(i, params)}"
        assert_close(grad, torch.zeros_like(param), what=what, rtol=0, atol=float("inf"), check_dtype=False)
    return [grad.detach() for grad in grads]


def assert_direction(mine, right, n, *, what, rtol=1e-5, atol=1e-5):
    """Equal, or n times as large: a missing mean over the samples is a criterion of its own."""
    if n > 1 and float((mine.double() * right.double()).sum()) > (1 + n) / 2 * float(right.double().square().sum()):
        mine = mine / n
    assert_close(mine, right, what=what, check_dtype=False, rtol=rtol, atol=atol)


def assert_dtype(grads, dtype):
    for i, grad in enumerate(grads):
        told = f"the gradient of {name_of(i, grads)} has dtype {str(grad.dtype)[6:]} where X and the parameters have {str(dtype)[6:]}"
        expect(grad.dtype == dtype, told, "wrong type")


def name_of(i, params):
    i %= len(params)
    return f"{'Wb'[i % 2]}{i // 2 + 1}"


def mlp_backward_both_ways(student, X, y, params):
    import torch

    with torch.inference_mode():
        inference = student.mlp_backward(X.clone(), y.clone(), [p.clone() for p in params], 0.0)[-1].clone()
    leaves = [p.clone().requires_grad_() for p in params]
    result = student.mlp_backward(X, y, leaves, 0.0)[-1].detach()
    return {"inference": inference, "leaves": result, "touched": any(p.grad is not None for p in leaves)}


# 6 · The same as a Module --------------------------------------------------------------------------------------------


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
    def test_values(self, student, rng, device):
        for sizes, n in [((6, 5, 3), 4), ((10, 4, 7), 1), ((3, 8, 2), 9)]:
            X, params = normal(rng, n, sizes[0], device=device), network(rng, sizes, device)
            # Scores above 0, so that a ReLU on the scores, which costs its own points, does not show here.
            params[2], params[3] = params[2].abs(), params[3].abs()
            scores = loaded(student, sizes, params)(X.clone())
            assert_close(scores, as_ended(scores, reference.mlp_forward(X, params)), what=f"the output of MLP{sizes}", **MATMUL)

    @criterion("returns scores: nothing after the last layer", weight=2, hint="no ReLU and no softmax at the end: CrossEntropyLoss takes scores")
    def test_last_linear(self, student, rng, device):
        for sizes, n in [((6, 5, 3), 4), ((10, 4, 7), 5)]:
            # Hidden units above 0, so that a missing ReLU, which costs its own points, does not show here.
            X, params = normal(rng, n, sizes[0], device=device).abs(), network(rng, sizes, device)
            params[0], params[1] = params[0].abs(), params[1].abs()
            params[3] = params[3] - (X @ params[0] + params[1]).amax() * params[2].abs().sum(dim=0) / 2
            scores = loaded(student, sizes, params)(X.clone())
            assert_close(scores, reference.mlp_forward(X, params), what=f"the output of MLP{sizes}", **MATMUL)

    @criterion("takes images (n, c, h, w), in any memory order, and flattens them", weight=2, hint="X.flatten(1): all dimensions but the first")
    def test_images(self, student, rng, device):
        for shape in [(4, 1, 3, 2), (1, 2, 3, 4), (5, 2, 3)]:
            X = normal(rng, *shape, device=device).abs()
            sizes = (X[0].numel(), 5, 3)
            params = [p.abs() for p in network(rng, sizes, device)]
            net, right = loaded(student, sizes, params), reference.mlp_forward(X.flatten(1), params)
            mine = net(X.clone())
            right = as_ended(mine, right)
            assert_close(mine, right, what=f"the output for images {shape}", **MATMUL)
            swapped = X.transpose(1, 2).contiguous().transpose(1, 2)
            assert_close(net(swapped), right, what=f"the output for non-contiguous images {shape}", **MATMUL)

    @criterion("gradients reach X and every parameter and are right", weight=2, hint="use the layers themselves: no .data, no .detach()")
    def test_gradients(self, student, rng, device):
        sizes = (3, 4, 2)
        X, *params = (t.double().requires_grad_() for t in (normal(rng, 3, 3, device=device), *network(rng, sizes, device)))
        with torch.no_grad():
            params[2].abs_(), params[3].abs_()
        upstream = normal(rng, 3, 2, device=device, dtype=torch.float64)
        net = loaded(student, sizes, [p.detach() for p in params])
        mine = net(X.detach())  # In the open first: what fails here is told under the name MLP.
        grads = student.run(gradients_of_mlp, net=net, X=X.detach(), upstream=upstream)
        expect(grads["graph"], "the scores carry no graph: no gradient can flow back", "no gradient")
        right = torch.autograd.grad(as_ended(mine, reference.mlp_forward(X, params)), [X, *params], upstream)
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
    def test_unchanged(self, student, rng, device):
        sizes = (6, 5, 3)
        X, params = normal(rng, 4, 6, device=device), network(rng, sizes, device)
        params[2], params[3] = params[2].abs(), params[3].abs()
        before = X.clone()
        scores = loaded(student, sizes, params)(X)
        assert_unchanged(before, X, what="X")
        assert_close(scores.detach(), as_ended(scores, reference.mlp_forward(before, params)), what="the output", **MATMUL)

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
