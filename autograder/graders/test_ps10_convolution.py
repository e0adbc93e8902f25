"""Hidden grader of ps10_convolution."""

from functools import cache

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from autograder import (
    as_number,
    assert_agrees,
    assert_close,
    assert_shape,
    assert_unchanged,
    assert_vectorised,
    criterion,
    exercise,
    expect,
    fail,
    load_weights,
    operations,
    parameters_of,
)
from solutions.ps10_convolution import convolution as reference

# A sum of some fifty float32 products, in whatever order: far below any missing term.
ROUNDING = {"rtol": 1e-4, "atol": 2e-5}


def normal(rng, *shape, dtype=torch.float32):
    return torch.randn(*shape, generator=rng, dtype=torch.float64).to(dtype)


def transposed(rng, *shape):
    """Random numbers whose last two dimensions lie in memory the other way round."""
    return normal(rng, *shape).mT.contiguous().mT


def symmetric(rng, *shape, dtype=torch.float32):
    """A kernel that is the same when it is flipped."""
    kernel = normal(rng, *shape, dtype=dtype)
    return kernel + kernel.flip(-2, -1)


def assert_backward(f, right, inputs, rng, *, what):
    """f carries a graph, and a random upstream gradient comes back at every input as it does through `right`.

    float32 on purpose: an answer that loses the dtype has a criterion for that, and need not fail here as well.
    """
    mine = [x.clone().requires_grad_() for x in inputs]
    theirs = [x.clone().requires_grad_() for x in inputs]
    result, expected = f(*mine), right(*theirs)
    assert_shape(result, expected.shape, what=what)
    if not result.requires_grad:
        fail(f"{what} carries no graph: was it detached, rebuilt from numbers, or made in NumPy?", "no gradient")
    upstream = normal(rng, *expected.shape).to(expected)
    gradients = torch.autograd.grad(result, mine, upstream.to(result), allow_unused=True)
    for gradient, wanted in zip(gradients, torch.autograd.grad(expected, theirs, upstream), strict=True):
        if gradient is None:
            fail(f"no gradient comes back from {what} to one of its arguments", "no gradient")
        assert_close(gradient, wanted, what=f"the gradient of {what}", rtol=1e-3, atol=1e-4, check_dtype=False)


def assert_keeps_dtype(f, right, make_inputs, *rest, what):
    """float32 gives float32, float64 gives float64. Wrong numbers have a criterion of their own. rest: further arguments, the same for both."""
    given = {dtype: make_inputs(dtype) for dtype in (torch.float32, torch.float64)}
    results = f.each((*inputs, *rest) for tensors in given.values() for inputs in (tensors, moved(tensors)))
    for dtype, inputs in given.items():
        name = str(dtype).removeprefix("torch.")
        result = next(results)
        assert_answers(result, next(results), right(*inputs, *rest), what=f"{what} for {name}")
        expect(result.dtype == dtype, f"{what} has dtype {result.dtype} for inputs of {name}".replace("torch.", ""), "wrong type")


def assert_keeps_inputs(f, right, inputs, names, *rest, what):
    """The arguments are left as they were. Wrong numbers have a criterion of their own."""
    copies = [x.clone() for x in inputs]
    result = f(*copies, *rest)
    for before, after, name in zip(inputs, copies, names, strict=True):
        assert_unchanged(before, after, what=name)
    assert_answers(result, f(*moved(inputs), *rest), right(*inputs, *rest), what=what)


def moved(inputs):
    """The same arguments with another first one."""
    return [inputs[0] + 1 + inputs[0].abs(), *(x.clone() for x in inputs[1:])]


def assert_answers(result, other, expected, *, what):
    """A tensor of the right shape, and another one for another first argument: no constant earns what an answer earns by the way."""
    assert_shape(result, expected.shape, what=what)
    same = isinstance(other, torch.Tensor) and other.shape == result.shape and torch.equal(other, result)
    expect(not same, f"{what} is the same whatever the input is")


def of(X):
    """What to add to a case's name for an X whose numbers do not lie one after the other."""
    return "" if X.is_contiguous() else ", X not contiguous"


# The student's own parts, replaced where they are wrong -----------------------------------------------------------------


def corr2d_of_windows(X, K):
    """A right corr2d for any leading dimensions: students who wrote theirs that way lean on it."""
    windows = X.unfold(-2, K.shape[-2], 1).unfold(-2, K.shape[-1], 1)
    return (windows * K[..., None, None, :, :]).sum((-2, -1))


def corr2d_of_channels(X, K):
    return corr2d_of_windows(X, K).sum(-3)


def replace_if_wrong(student, name, right, X, K):
    """Puts the judge's function in the place of the student's, if theirs is wrong in values, gradient, dtype or a changed input."""
    import torch

    wanted = right(X, K)
    slopes = torch.autograd.grad(wanted, (X, K), torch.ones_like(wanted))
    copies = [X.detach().clone().requires_grad_(), K.detach().clone().requires_grad_()]
    try:
        mine = getattr(student, name)(*copies)
        good = mine.dtype == X.dtype and mine.shape == wanted.shape and bool(torch.allclose(mine, wanted))
        for slope, right_slope in zip(torch.autograd.grad(mine, copies, torch.ones_like(wanted)), slopes):
            good = good and bool(torch.allclose(slope, right_slope))
    except Exception:
        good = False
    if not good:
        setattr(student, name, right)


def give_corr2d(student, rng):
    """After this, the student's namespace has a right corr2d: their own, if it is right."""
    X, K = normal(rng, 3, 5, dtype=torch.float64), normal(rng, 2, 3, dtype=torch.float64)
    student.run(replace_if_wrong, name="corr2d", right=corr2d_of_windows, X=X.requires_grad_(), K=K.requires_grad_())


def give_corr2d_multi_in(student, rng):
    give_corr2d(student, rng)
    X, K = normal(rng, 2, 3, 4, dtype=torch.float64), normal(rng, 2, 1, 3, dtype=torch.float64)
    X, K = X.requires_grad_(), K.requires_grad_()
    student.run(replace_if_wrong, name="corr2d_multi_in", right=corr2d_of_channels, X=X, K=K)


# Cross-correlation ---------------------------------------------------------------------------------------------------


WINDOWS = [((5, 7), (2, 3)), ((8, 3), (3, 2)), ((4, 6), (1, 2)), ((6, 4), (4, 1)), ((3, 5), (3, 5))]


def corr2d_of_cases(student, rng, device):
    """(what it is called in a message, X, K, what corr2d gives) for each of WINDOWS, and for tensors that are not contiguous."""
    cases = {f"corr2d(X {size}, K {kernel})": (normal(rng, *size).to(device), normal(rng, *kernel).to(device)) for size, kernel in WINDOWS}
    cases["corr2d of a transposed X"] = transposed(rng, 5, 6).to(device), transposed(rng, 2, 3).to(device)
    return [(what, X, K, Y) for (what, (X, K)), Y in zip(cases.items(), student.corr2d.each(cases.values()), strict=True)]


@exercise("corr2d", forbid=["conv"])
class TestCorr2d:
    @criterion("the output has shape (h - kh + 1, w - kw + 1)", hint="the height comes from X.shape[0], the width from X.shape[1]")
    def test_shape(self, student, rng, device):
        for what, X, K, Y in student.once(corr2d_of_cases, rng, device):
            assert_shape(Y, [n - k + 1 for n, k in zip(X.shape, K.shape, strict=True)], what=what)

    @criterion("every entry is the sum of window times kernel, which is not flipped", weight=4, hint="the window at (i, j) is kh high and kw wide")
    def test_values(self, student, rng, device):
        for what, X, K, Y in student.once(corr2d_of_cases, rng, device):
            assert_close(Y, reference.corr2d(X, K), what=what, check_dtype=False, **ROUNDING)

    @criterion("gradients flow back to X and K", weight=2)
    def test_gradients(self, student, rng, device):
        for size, kernel in [((4, 5), (2, 3)), ((3, 6), (3, 2))]:
            X, K = normal(rng, *size).to(device), normal(rng, *kernel).to(device)
            assert_backward(student.corr2d, reference.corr2d, [X, K], rng, what="corr2d(X, K)")

    @criterion("the result has the dtype of X", hint="X.new_zeros(...) takes over dtype and device")
    def test_dtype(self, student, rng, device):
        def inputs(dtype):
            return normal(rng, 4, 4, dtype=dtype).to(device), symmetric(rng, 2, 2, dtype=dtype).to(device)

        assert_keeps_dtype(student.corr2d, reference.corr2d, inputs, what="corr2d(X, K)")

    @criterion("X and K are left as they were")
    def test_inputs(self, student, rng, device):
        X, K = normal(rng, 4, 4).to(device), symmetric(rng, 2, 2).to(device)
        assert_keeps_inputs(student.corr2d, reference.corr2d, [X, K], ["X", "K"], what="corr2d(X, K)")


def names_of_parameters(student, kernel_sizes, device):
    """Those of a Conv2D of each size, None for one that is no module."""
    import torch

    nets = [student.Conv2D(kernel_size).to(device) for kernel_size in kernel_sizes]
    return [sorted(name for name, _ in net.named_parameters()) if isinstance(net, torch.nn.Module) else None for net in nets]


def weights_and_biases(student, kernel_sizes, device):
    nets = [student.Conv2D(kernel_size).to(device) for kernel_size in kernel_sizes]
    return [(net.weight, net.bias) for net in nets]


def make_layer_with_numbers(student, kernel_size, weight, bias):
    """A Conv2D with these numbers in its attributes weight and bias, registered or not."""
    import torch

    net = student.Conv2D(kernel_size).to(weight.device)
    with torch.no_grad():
        net.weight.copy_(weight)
        net.bias.copy_(bias.reshape(net.bias.shape))
    return net


def backward_through_layer(student, kernel_size, weight, bias, X, upstream):
    """What a backward pass leaves at weight, bias and X."""
    import torch

    net = student.Conv2D(kernel_size).to(X.device)
    with torch.no_grad():
        net.weight.copy_(weight)
        net.bias.copy_(bias.reshape(net.bias.shape))
    X = X.clone().requires_grad_()
    net(X).backward(upstream)
    return net.weight.grad, net.bias.grad, X.grad


@exercise("Conv2D")
class TestConv2D:
    KERNELS = [((5, 7), (2, 3)), ((6, 4), (3, 1)), ((3, 5), (1, 2))]
    SIZES = [(2, 3), (4, 1), (1, 2)]

    @criterion("weight and bias are the module's parameters", weight=2, hint="nn.Parameter registers a tensor")
    def test_parameters(self, student, rng, device):
        student.once(give_corr2d, rng)
        for names in student.run(names_of_parameters, kernel_sizes=self.SIZES, device=device):
            expect(names is not None, "Conv2D(kernel_size) is not an nn.Module", "wrong type")
            expect(names == ["bias", "weight"], f"the parameters of Conv2D are {names}, expected weight and bias", "missing")

    @criterion("weight has the kernel's shape and starts random, bias is one number", hint="one bias for the whole output")
    def test_shapes(self, student, rng, device):
        student.once(give_corr2d, rng)
        for kernel, (weight, bias) in zip(self.SIZES, student.run(weights_and_biases, kernel_sizes=self.SIZES, device=device), strict=True):
            assert_shape(weight, kernel, what=f"weight of Conv2D({kernel})")
            entries = bias.numel() if isinstance(bias, torch.Tensor) else 0
            expect(entries == 1, f"bias of Conv2D({kernel}) has {entries} entries, expected one", "wrong shape")
            values = weight.detach().flatten()
            expect(bool((values != values[0]).any()), "all entries of weight start with the same number", "wrong value")

    @criterion("the output is the cross-correlation plus the bias", weight=3)
    def test_forward(self, student, rng, device):
        student.once(give_corr2d, rng)
        for size, kernel in self.KERNELS:
            X, weight, bias = normal(rng, *size).to(device), normal(rng, *kernel).to(device), normal(rng, 1).to(device)
            net = student.run(make_layer_with_numbers, kernel_size=kernel, weight=weight, bias=bias)
            assert_close(net(X.clone()), reference.corr2d(X, weight) + bias, what=f"Conv2D({kernel})(X)", **ROUNDING)

    @criterion("gradients reach weight, bias and X", weight=2, hint="not through .data, and not through torch.tensor(...)")
    def test_gradients(self, student, rng, device):
        student.once(give_corr2d, rng)
        for size, kernel in self.KERNELS:
            X, weight, bias = normal(rng, *size).to(device), normal(rng, *kernel).to(device), normal(rng, 1).to(device)
            leaves = [weight.clone().requires_grad_(), bias.clone().requires_grad_(), X.clone().requires_grad_()]
            Y = reference.corr2d(leaves[2], leaves[0]) + leaves[1]
            upstream = normal(rng, *Y.shape).to(device)
            wanted = torch.autograd.grad(Y, leaves, upstream)
            got = student.run(backward_through_layer, kernel_size=kernel, weight=weight, bias=bias, X=X, upstream=upstream)
            for name, mine, right in zip(("weight", "bias", "X"), got, wanted, strict=True):
                if mine is None:
                    fail(f"no gradient reaches {name}", "no gradient")
                assert_close(mine.reshape(-1), right.reshape(-1), what=f"the gradient of {name}", rtol=1e-3, atol=1e-4)


def stripes(first):
    """A white 6x8 image with four black columns, and its edges."""
    X = torch.ones(6, 8)
    X[:, first : first + 4] = 0.0
    return X, X[:, :-1] - X[:, 1:]


def learn_edges(student):
    """The edges of a picture with stripes: the student's kernel, and whether X and Y are what they were."""
    X, Y = stripes(3)
    mine, answer = X.clone(), Y.clone()
    return student.learn_kernel(mine, answer, (1, 2)), [(X, mine), (Y, answer)]


def learn_random_kernels(student, rng):
    """For a few shapes, the kernel that made the images and the one that the student learns from them."""
    pairs = []
    for size, kernel in [((6, 8), (2, 3)), ((6, 9), (3, 2))]:
        X, K = 0.5 * normal(rng, *size), normal(rng, *kernel)
        pairs.append((K, student.learn_kernel(X, reference.corr2d(X, K), kernel)))
    return pairs


def in_shape(K, shape):
    """The student's kernel, whatever shape it has, as one of this shape where the number of entries is right."""
    right_size = isinstance(K, torch.Tensor) and K.numel() == shape[0] * shape[1]
    return K.detach().reshape(shape) if right_size else K


KERNEL_ATOL = 0.05
DIRECT_SOLVERS = [
    "linalg_lstsq", "lstsq", "linalg_solve", "linalg_solve_ex", "solve", "linalg_pinv", "pinv", "pinverse", "linalg_inv", "linalg_inv_ex", "inv",
    "inverse", "linalg_qr", "linalg_svd", "linalg_cholesky_ex", "cholesky_solve", "linalg_lu_factor_ex", "linalg_lu_solve", "linalg_eigh",
]  # fmt: skip


@exercise("learn_kernel", forbid=DIRECT_SOLVERS)
class TestLearnKernel:
    @criterion("finds the edge detector [1, -1] from an image with stripes", weight=2, timeout_s=60)
    def test_edges(self, student):
        K, _ = student.once(learn_edges)
        assert_close(in_shape(K, (1, 2)), torch.tensor([[1.0, -1.0]]), what="the learned kernel", rtol=0, atol=KERNEL_ATOL, check_dtype=False)

    @criterion("finds kernels of any shape, from any start", weight=3, timeout_s=60, hint="clear the gradients, and take enough steps")
    def test_random_kernels(self, student, rng):
        for K, mine in student.once(learn_random_kernels, rng):
            what = f"the learned kernel of shape {tuple(K.shape)}"
            assert_close(in_shape(mine, K.shape), K, what=what, rtol=0, atol=KERNEL_ATOL, check_dtype=False)

    @criterion("returns a tensor of shape kernel_size", timeout_s=60, hint="the weight of nn.Conv2d has two dimensions more")
    def test_shape(self, student, rng):
        for K, mine in student.once(learn_random_kernels, rng):
            assert_shape(mine, K.shape, what=f"learn_kernel(X, Y, {tuple(K.shape)})")

    @criterion("X and Y are left as they were", timeout_s=60)
    def test_inputs(self, student):
        K, ((X, mine), (Y, answer)) = student.once(learn_edges)
        assert_unchanged(X, mine, what="X")
        assert_unchanged(Y, answer, what="Y")
        expect(isinstance(K, torch.Tensor) and K.abs().sum() > 0, "learn_kernel does not return a kernel", "wrong type")


# Padding and stride --------------------------------------------------------------------------------------------------


@exercise("conv_output_size")
class TestConvOutputSize:
    def agrees(self, student, *cases):
        assert_agrees(student.conv_output_size, reference.conv_output_size, {f"conv_output_size{args}": args for args in cases})

    @criterion("n - k + 1 without padding and stride")
    def test_plain(self, student):
        pairs = [(32, 5), (7, 1), (9, 9), (224, 11)]
        self.agrees(student, *((n, k, 0, 1) for n, k in pairs), *pairs)

    @criterion("padding is the total of both sides", weight=2, hint="the formula adds p once")
    def test_padding(self, student):
        self.agrees(student, (28, 5, 4, 1), (10, 3, 1, 1), (8, 4, 3, 1), (5, 7, 6, 1))

    @criterion("with a stride, the rest that fills no window is dropped", weight=2, hint="round down")
    def test_stride(self, student):
        self.agrees(student, (8, 3, 0, 2), (11, 3, 0, 4), (9, 2, 0, 3), (7, 7, 0, 2), (12, 5, 0, 4))

    @criterion("padding and stride together", weight=1)
    def test_together(self, student):
        self.agrees(student, (224, 11, 5, 4), (13, 4, 3, 3), (28, 5, 4, 2), (6, 3, 1, 2))

    @criterion("pairs give a pair, height first; ints count for both dimensions", weight=2)
    def test_pairs(self, student):
        self.agrees(
            student, ((7, 10), (3, 2), (0, 0), (1, 1)), ((9, 14), 3, 0, 1), (12, (3, 5), 0, 1), ((8, 11), (3, 5), (2, 4), (3, 2)), (15, 4, (1, 3), 2),
            (10, 3, 0, (2, 3)),
        )  # fmt: skip


@exercise("pad2d", forbid=["pad", "constant_pad_nd"])
class TestPad2d:
    @staticmethod
    def right(X, padding):
        ph, pw = (padding, padding) if isinstance(padding, int) else padding
        return F.pad(X, (pw, pw, ph, ph))

    def agrees(self, student, *cases):
        named = {f"pad2d(X {tuple(X.shape)}, {padding}){of(X)}": (X, padding) for X, padding in cases}
        assert_agrees(student.pad2d, self.right, named, check_dtype=False)

    @criterion("an int puts as many zeros on each of the four sides", weight=2, hint="per side, not in total")
    def test_int(self, student, rng, device):
        self.agrees(student, *((normal(rng, *shape).to(device), padding) for shape, padding in [((3, 4), 1), ((2, 5, 3), 2), ((1, 3, 4, 2), 3)]))

    @criterion("a pair is (rows above and below, columns left and right)", weight=2, hint="heights come before widths")
    def test_pair(self, student, rng, device):
        cases = [(normal(rng, *shape).to(device), padding) for shape, padding in [((3, 4), (1, 2)), ((2, 5, 3), (3, 1)), ((4, 2, 2, 3), (2, 3))]]
        self.agrees(student, *cases, (transposed(rng, 2, 5, 3).to(device), (1, 2)))

    @criterion("padding 0 works, on both sides and on one", hint="Y[p:-p] is empty for p = 0")
    def test_zero(self, student, rng, device):
        self.agrees(student, *((normal(rng, 2, 3, 4).to(device), padding) for padding in (0, (0, 2), (1, 0))))

    @criterion("gradients flow back to X")
    def test_gradients(self, student, rng, device):
        X = normal(rng, 2, 3, 4).to(device)
        assert_backward(lambda X: student.pad2d(X, 1), lambda X: self.right(X, 1), [X], rng, what="pad2d(X, 1)")

    @criterion("no loop over the batch")
    def test_vectorised(self, student, rng, device):
        self.agrees(student, (normal(rng, 5, 2, 3, 3).to(device), 1))
        assert_vectorised(student.pad2d, lambda n: (normal(rng, n, 2, 3, 4).to(device), 1), what="pad2d(X, 1)")

    @criterion("the result has the dtype of X, and X is left as it was", hint="X.new_zeros(...)")
    def test_dtype(self, student, rng, device):
        assert_keeps_dtype(student.pad2d, self.right, lambda t: [normal(rng, 2, 3, 3, dtype=t).to(device)], 1, what="pad2d(X, 1)")
        assert_keeps_inputs(student.pad2d, self.right, [normal(rng, 3, 3).to(device)], ["X"], 1, what="pad2d(X, 1)")


# Channels ------------------------------------------------------------------------------------------------------------


class ManyChannels:
    """What the two exercises on channels have in common; `name` and `give` are set below."""

    name: str
    cases: list

    @staticmethod
    def give(student, rng):
        raise NotImplementedError

    def both(self, student, rng):
        student.once(self.give, rng)
        return getattr(student, self.name), getattr(reference, self.name)

    @criterion("equals the definition", weight=4, hint="channels are added up; each has its own slice of the kernel")
    def test_values(self, student, rng, device):
        f, right = self.both(student, rng)
        cases = {f"{self.name}(X {shape}, K {kernel})": (normal(rng, *shape).to(device), normal(rng, *kernel).to(device)) for shape, kernel in self.cases}
        cases[f"{self.name} of a transposed X"] = tuple(transposed(rng, *shape).to(device) for shape in self.cases[2])
        assert_agrees(f, right, cases, check_dtype=False, **ROUNDING)

    @criterion("gradients flow back to X and K", weight=2)
    def test_gradients(self, student, rng, device):
        f, right = self.both(student, rng)
        X, K = (normal(rng, *shape).to(device) for shape in self.cases[0])
        assert_backward(f, right, [X, K], rng, what=f"{self.name}(X, K)")

    @criterion("the result has the dtype of X")
    def test_dtype(self, student, rng, device):
        f, right = self.both(student, rng)
        shapes = self.simple
        assert_keeps_dtype(f, right, lambda t: [normal(rng, *shape, dtype=t).to(device) for shape in shapes], what=f"{self.name}(X, K)")

    @criterion("X and K are left as they were")
    def test_inputs(self, student, rng, device):
        f, right = self.both(student, rng)
        X, K = (normal(rng, *shape).to(device) for shape in self.simple)
        assert_keeps_inputs(f, right, [X, K], ["X", "K"], what=f"{self.name}(X, K)")


@exercise("corr2d_multi_in", forbid=["conv"])
class TestCorr2dMultiIn(ManyChannels):
    name = "corr2d_multi_in"
    give = staticmethod(give_corr2d)
    cases = [((3, 4, 5), (3, 2, 3)), ((1, 3, 4), (1, 2, 2)), ((2, 5, 3), (2, 3, 1)), ((5, 2, 4), (5, 1, 2))]
    simple = ((2, 3, 3), (2, 2, 2))


@exercise("corr2d_multi_in_out", forbid=["conv"])
class TestCorr2dMultiInOut(ManyChannels):
    name = "corr2d_multi_in_out"
    give = staticmethod(give_corr2d_multi_in)
    cases = [((2, 4, 3), (3, 2, 2, 2)), ((1, 3, 4), (2, 1, 2, 3)), ((3, 2, 4), (1, 3, 1, 2)), ((2, 3, 3), (4, 2, 3, 1))]
    simple = ((2, 3, 3), (2, 2, 2, 2))


PRODUCTS = {"mm", "bmm", "addmm", "baddbmm", "matmul", "mv", "addmv", "linear", "dot"}


@exercise("corr2d_multi_in_out_1x1", forbid=["conv"])
class TestCorr2dMultiInOut1x1:
    CASES = [((3, 4, 5), 2), ((1, 2, 3), 4), ((2, 5, 1), 1), ((4, 1, 6), 3)]

    @staticmethod
    def right(X, K):
        return torch.einsum("oc,chw->ohw", K[:, :, 0, 0], X)

    @criterion("mixes the channels of each pixel with K", weight=3, hint="rows of the matrix are output channels")
    def test_values(self, student, rng, device):
        cases = {
            f"corr2d_multi_in_out_1x1(X {shape}, K {(c_out, shape[0], 1, 1)})": (normal(rng, *shape).to(device), normal(rng, c_out, shape[0], 1, 1).to(device))
            for shape, c_out in self.CASES
        }
        assert_agrees(student.corr2d_multi_in_out_1x1, self.right, cases, check_dtype=False, **ROUNDING)

    @criterion("one matrix product, no loop", weight=2, hint="bring K to (c_out, c_in) and X to (c_in, h * w)")
    def test_one_product(self, student, rng, device):
        seen = []
        for c_in, c_out, h, w in [(2, 3, 2, 3), (5, 7, 4, 6)]:
            X, K = normal(rng, c_in, h, w).to(device), normal(rng, c_out, c_in, 1, 1).to(device)
            seen.append(operations(student.corr2d_multi_in_out_1x1, X, K))
        products = [sum(n for name, n in counts.items() if name.removeprefix("aten.") in PRODUCTS) for counts in seen]
        expect(products[1] > 0, "no matrix product runs at all", "too slow")
        expect(products == [1, 1], f"{products[1]} matrix products run for 5 -> 7 channels; one is enough", "too slow")
        small, large = (sum(counts.values()) for counts in seen)
        expect(large <= small + 2, f"{small} tensor operations run for a small input and {large} for a larger one", "too slow")

    @criterion("works for tensors that are not contiguous", hint="reshape copies where view refuses")
    def test_strides(self, student, rng, device):
        X = transposed(rng, 3, 4, 5).to(device)
        K = normal(rng, 3, 2).to(device).T[:, :, None, None]
        Y = student.corr2d_multi_in_out_1x1(X.clone(), K.clone())
        assert_close(Y, self.right(X, K), what="corr2d_multi_in_out_1x1 of a permuted X", check_dtype=False, **ROUNDING)

    @criterion("gradients flow back to X and K")
    def test_gradients(self, student, rng, device):
        X, K = normal(rng, 3, 2, 4).to(device), normal(rng, 2, 3, 1, 1).to(device)
        assert_backward(student.corr2d_multi_in_out_1x1, self.right, [X, K], rng, what="corr2d_multi_in_out_1x1(X, K)")

    @criterion("the result has the dtype of X, and the inputs are left as they were")
    def test_dtype(self, student, rng, device):
        f = student.corr2d_multi_in_out_1x1

        def inputs(dtype):
            return [normal(rng, 2, 3, 3, dtype=dtype).to(device), normal(rng, 2, 2, 1, 1, dtype=dtype).to(device)]

        assert_keeps_dtype(f, self.right, inputs, what="corr2d_multi_in_out_1x1(X, K)")
        assert_keeps_inputs(f, self.right, inputs(torch.float32), ["X", "K"], what="corr2d_multi_in_out_1x1(X, K)")


# The whole convolution -----------------------------------------------------------------------------------------------


@exercise("conv2d", forbid=["conv"])
class TestConv2dBatch:
    CASES = [((1, 1, 5, 7), (2, 1, 2, 3)), ((3, 2, 4, 6), (4, 2, 3, 2)), ((2, 3, 6, 5), (1, 3, 1, 4)), ((5, 4, 3, 3), (3, 4, 3, 1))]

    @staticmethod
    def inputs(rng, device, case, dtype=torch.float32, bias=0.0):
        X, W = (normal(rng, *shape, dtype=dtype).to(device) for shape in case)
        return X, W, bias * normal(rng, W.shape[0], dtype=dtype).to(device)

    def agrees(self, student, *cases):
        named = {
            f"conv2d(X {tuple(X.shape)}, W {tuple(W.shape)}, b, stride={stride}, padding={padding})": (X, W, b, stride, padding)
            for X, W, b, stride, padding in cases
        }
        assert_agrees(student.conv2d, F.conv2d, named, check_dtype=False, **ROUNDING)

    @criterion("sums over window and input channels, for every sample and output channel", weight=3)
    def test_values(self, student, rng, device):
        self.agrees(student, *((*self.inputs(rng, device, case), 1, 0) for case in self.CASES))

    @criterion("adds one bias to each output channel", weight=2, hint="b has shape (c_out,): it belongs to dimension 1")
    def test_bias(self, student, rng, device):
        cases = [
            (torch.zeros(n, 2, h, w, device=device), normal(rng, c_out, 2, 2, 2).to(device), normal(rng, c_out).to(device), 1, 0)
            for n, c_out, h, w in [(1, 3, 4, 6), (4, 2, 5, 3), (2, 5, 3, 4)]
        ]
        self.agrees(student, *cases)

    @criterion("moves by the stride, int or (height, width)", weight=2)
    def test_stride(self, student, rng, device):
        strides = [2, (1, 2), (3, 1), (2, 2)]
        self.agrees(student, *((*self.inputs(rng, device, case), stride, 0) for case, stride in zip(self.CASES, strides, strict=True)))

    @criterion("pads every side with zeros, int or (height, width)", weight=2, hint="F.pad begins with the last dimension")
    def test_padding(self, student, rng, device):
        paddings = [1, (0, 1), (2, 0), (1, 2)]
        self.agrees(student, *((*self.inputs(rng, device, case), 1, padding) for case, padding in zip(self.CASES, paddings, strict=True)))

    @criterion("stride, padding and bias together")
    def test_together(self, student, rng, device):
        steps = zip(self.CASES, [2, (2, 1), (1, 3), 2], [(1, 0), 1, (2, 1), 0], strict=True)
        self.agrees(student, *((*self.inputs(rng, device, case, bias=1.0), stride, padding) for case, stride, padding in steps))

    @criterion("no loop over the samples", weight=2, hint="the batch is a dimension of the large matrix too")
    def test_batch(self, student, rng, device):
        self.agrees(student, (*self.inputs(rng, device, ((5, 2, 4, 4), (3, 2, 2, 2))), 1, 0))

        def arguments(n):
            return *self.inputs(rng, device, ((n, 2, 4, 5), (3, 2, 2, 3))), 1, 0

        assert_vectorised(student.conv2d, arguments, what="conv2d(X, W, b)")

    @criterion("no loop over the pixels of the output")
    def test_pixels(self, student, rng, device):
        def arguments(n):
            return *self.inputs(rng, device, ((2, 2, n, n + 1), (3, 2, 2, 3))), 1, 0

        assert_vectorised(student.conv2d, arguments, what="conv2d", sizes=(4, 10), grows=("an image of {} rows", "the pixels"))

    @criterion("gradients flow back to X, W and b", weight=2)
    def test_gradients(self, student, rng, device):
        inputs = self.inputs(rng, device, ((2, 2, 4, 3), (3, 2, 2, 2)), bias=1.0)
        assert_backward(student.conv2d, F.conv2d, inputs, rng, what="conv2d(X, W, b)")

    @criterion("works for tensors that are not contiguous", hint="reshape copies where view refuses")
    def test_strides(self, student, rng, device):
        X, W, b = self.inputs(rng, device, ((2, 3, 5, 4), (4, 3, 2, 2)))
        X, W = X.contiguous(memory_format=torch.channels_last), W.mT.contiguous().mT
        Y = student.conv2d(X.clone(), W.clone(), b.clone())
        assert_close(Y, F.conv2d(X, W, b), what="conv2d of X in channels-last order", check_dtype=False, **ROUNDING)

    @criterion("the result has the dtype of X")
    def test_dtype(self, student, rng, device):
        case = ((2, 2, 3, 3), (3, 2, 2, 2))
        assert_keeps_dtype(student.conv2d, F.conv2d, lambda t: self.inputs(rng, device, case, t), what="conv2d(X, W, b)")

    @criterion("X, W and b are left as they were")
    def test_inputs(self, student, rng, device):
        inputs = self.inputs(rng, device, ((2, 2, 3, 3), (3, 2, 2, 2)))
        assert_keeps_inputs(student.conv2d, F.conv2d, inputs, ["X", "W", "b"], what="conv2d(X, W, b)")


# Pooling and upsampling ----------------------------------------------------------------------------------------------


@exercise("pool2d", forbid=["pool"])
class TestPool2d:
    SHAPES = [((2, 5, 7), 2), ((1, 6, 4), 3), ((3, 4, 6), 2)]

    @staticmethod
    def right(X, size, mode="max", stride=None, padding=0):
        pool = F.max_pool2d if mode == "max" else F.avg_pool2d
        return pool(X.reshape(1, -1, *X.shape[-2:]), size, stride, padding).reshape(*X.shape[:-2], *pooled_size(X, size, stride, padding))

    def agrees(self, student, *cases):
        named = {f"pool2d(X {tuple(X.shape)}, {', '.join(map(repr, arguments))}){of(X)}": (X, *arguments) for X, *arguments in cases}
        assert_agrees(student.pool2d, self.right, named, check_dtype=False, **ROUNDING)

    @criterion('"max" gives the largest number of each window', weight=2)
    def test_max(self, student, rng, device):
        self.agrees(student, *((normal(rng, *shape).to(device), size, "max", size) for shape, size in self.SHAPES))

    @criterion('"avg" gives the mean of each window', weight=2)
    def test_avg(self, student, rng, device):
        self.agrees(student, *((normal(rng, *shape).to(device), size, "avg", size) for shape, size in self.SHAPES))

    @criterion("without a stride, windows lie side by side", hint="the stride is the size of the window")
    def test_default_stride(self, student, rng, device):
        self.agrees(student, *((normal(rng, 2, 6, 7).to(device), size) for size in (2, 3, 1)))

    @criterion("a stride may differ from the size: int or (height, width)")
    def test_stride(self, student, rng, device):
        strides = [("max", 1), ("avg", 3), ("max", (3, 1)), ("avg", (1, 2))]
        self.agrees(student, *((normal(rng, 2, 6, 7).to(device), 2, mode, stride) for mode, stride in strides))

    @criterion("a window may be (height, width)")
    def test_size(self, student, rng, device):
        sizes = [("max", (3, 2)), ("avg", (1, 4)), ("max", (2, 3))]
        self.agrees(student, *((normal(rng, 2, 6, 8).to(device), size, mode, size) for mode, size in sizes))

    @criterion("padding never wins a maximum", weight=2, hint="pad with minus infinity")
    def test_max_padding(self, student, rng, device):
        paddings = [(2, 1), (3, (0, 1)), (3, (1, 0))]
        self.agrees(student, *((-1.0 - normal(rng, 2, 5, 6).abs().to(device), size, "max", size, padding) for size, padding in paddings))

    @criterion("the mean counts the padding as zeros", hint="it divides by the size of the whole window")
    def test_avg_padding(self, student, rng, device):
        paddings = [(2, 1), (3, (0, 1)), (3, (1, 0))]
        self.agrees(student, *((1.0 + normal(rng, 2, 5, 6).to(device), size, "avg", size, padding) for size, padding in paddings))

    @criterion("every channel and every sample is pooled on its own", weight=2, hint="only the last two dimensions get smaller")
    def test_leading_dimensions(self, student, rng, device):
        shapes = [(4, 6), (3, 4, 2), (1, 2, 6, 4), (4, 3, 2, 4)]
        cases = [(normal(rng, *shape).to(device), 2, mode, 2) for shape in shapes for mode in ("max", "avg")]
        self.agrees(student, *cases, (normal(rng, 3, 6, 4, 2).to(device).permute(0, 3, 1, 2), 2, "max", 2))

    @criterion("gradients flow back to X")
    @pytest.mark.parametrize("mode", ["max", "avg"])
    def test_gradients(self, student, rng, device, mode):
        X = normal(rng, 2, 4, 6).to(device)
        assert_backward(lambda X: student.pool2d(X, 2, mode, 2), lambda X: self.right(X, 2, mode, 2), [X], rng, what=f'pool2d(X, 2, "{mode}")')

    @criterion("the result has the dtype of X, and X is left as it was")
    def test_dtype(self, student, rng, device):
        for mode in ("max", "avg"):
            rest, what = (2, mode, 2), f'pool2d(X, 2, "{mode}")'
            assert_keeps_dtype(student.pool2d, self.right, lambda t: [normal(rng, 2, 4, 4, dtype=t).to(device)], *rest, what=what)
            assert_keeps_inputs(student.pool2d, self.right, [normal(rng, 2, 4, 4).to(device)], ["X"], *rest, what=what)


def pooled_size(X, size, stride, padding):
    sides = zip(X.shape[-2:], reference.pair(size), reference.pair(size if stride is None else stride), reference.pair(padding), strict=True)
    return [(n + 2 * p - k) // s + 1 for n, k, s, p in sides]


@exercise(
    "upsample_nearest", forbid=["interpolate", "upsample", "upsample_nearest", "upsample_nearest2d", "upsample_nearest_exact2d", "upsample_bilinear"]
)  # fmt: skip
class TestUpsampleNearest:
    def agrees(self, student, *cases):
        named = {f"upsample_nearest(X {tuple(X.shape)}, {scale}){of(X)}": (X, scale) for X, scale in cases}
        assert_agrees(student.upsample_nearest, repeated, named, check_dtype=False)

    @criterion("every pixel becomes a square", weight=2, hint="repeat_interleave, not repeat")
    def test_values(self, student, rng, device):
        self.agrees(student, *((normal(rng, *shape).to(device), scale) for shape, scale in [((3, 4), 2), ((1, 5), 3), ((4, 2), 4), ((2, 3), 1)]))

    @criterion("channels and samples come along", hint="only the last two dimensions grow")
    def test_leading_dimensions(self, student, rng, device):
        cases = [(normal(rng, *shape).to(device), scale) for shape, scale in [((2, 3, 4), 2), ((1, 3, 2, 5), 3), ((4, 1, 3, 2), 2)]]
        self.agrees(student, *cases, (normal(rng, 2, 3, 6, 5).to(device)[:, :, ::2], 2))

    @criterion("no loop over the batch")
    def test_vectorised(self, student, rng, device):
        self.agrees(student, (normal(rng, 5, 2, 2, 3).to(device), 2))
        assert_vectorised(student.upsample_nearest, lambda n: (normal(rng, n, 2, 3, 4).to(device), 2), what="upsample_nearest(X, 2)")

    @criterion("gradients flow back to X")
    def test_gradients(self, student, rng, device):
        X = normal(rng, 2, 3, 4).to(device)
        assert_backward(lambda X: student.upsample_nearest(X, 2), lambda X: repeated(X, 2), [X], rng, what="upsample_nearest(X, 2)")

    @criterion("the result has the dtype of X, and X is left as it was")
    def test_dtype(self, student, rng, device):
        f, what = student.upsample_nearest, "upsample_nearest(X, 2)"
        assert_keeps_dtype(f, repeated, lambda t: [normal(rng, 3, 3, dtype=t).to(device)], 2, what=what)
        assert_keeps_inputs(f, repeated, [normal(rng, 3, 3).to(device)], ["X"], 2, what=what)


def repeated(X, scale):
    return X.repeat_interleave(scale, -2).repeat_interleave(scale, -1)


# Cost and receptive field --------------------------------------------------------------------------------------------


@exercise("conv_cost")
class TestConvCost:
    CASES = [(1, 6, (5, 5), (28, 28)), (3, 8, (3, 3), (10, 12)), (7, 2, (1, 4), (9, 5)), (16, 24, (2, 3), (1, 7))]

    def costs(self, student, bias):
        """(case, (parameters, multiply_adds)) for each case."""
        for case, result in zip(self.CASES, student.conv_cost.each((*case, bias) for case in self.CASES), strict=True):
            pair = isinstance(result, list | tuple) and len(result) == 2
            expect(pair, "conv_cost(...) does not return two numbers, (parameters, multiply_adds)", "wrong type")
            yield case, result

    @criterion("without a bias, the parameters are the weights", hint="they do not depend on the size of the image")
    def test_weights(self, student):
        for case, (parameters, _) in self.costs(student, False):
            assert_close(parameters, reference.conv_cost(*case, False)[0], what=f"the number of parameters, conv_cost{(*case, False)}[0],")

    @criterion("a bias adds one parameter for each output channel")
    def test_bias(self, student):
        with_bias = [pair for _, pair in self.costs(student, True)]
        for (case, without), pair in zip(self.costs(student, False), with_bias, strict=True):
            assert_close(pair[0] - without[0], case[1], what=f"what the bias adds to the parameters of conv_cost{(*case, True)}")
        default = student.conv_cost(*self.CASES[0])
        assert_close(default, with_bias[0], what="conv_cost without a fifth argument, which stands for True,")

    @criterion("every output pixel of every output channel costs a kernel of multiply-adds", weight=2, hint="the bias does not count")
    def test_multiply_adds(self, student):
        for bias in (True, False):
            for case, (_, multiply_adds) in self.costs(student, bias):
                assert_close(multiply_adds, reference.conv_cost(*case, bias)[1], what=f"the number of multiply-adds, conv_cost{(*case, bias)}[1],")


@exercise("receptive_field")
class TestReceptiveField:
    def agrees(self, student, *cases):
        assert_agrees(student.receptive_field, reference.receptive_field, {f"receptive_field({layers})": (layers,) for layers in cases})

    @criterion("with stride 1, every layer adds its kernel minus one", weight=2)
    def test_stride_one(self, student):
        self.agrees(student, [(3, 1)], [(3, 1), (5, 1)], [(2, 1), (2, 1), (7, 1)], [(1, 1), (4, 1)])

    @criterion("the strides of all earlier layers multiply", weight=3, hint="a product of strides, over all layers so far")
    def test_strides(self, student):
        self.agrees(student, [(3, 2), (3, 2), (3, 2)], [(7, 2), (3, 2), (3, 1), (3, 1)], [(5, 3), (2, 2), (4, 1), (3, 5)], [(11, 4), (3, 2), (5, 1)])

    @criterion("a layer's own stride does not count for itself", weight=2)
    def test_own_stride(self, student):
        self.agrees(student, [(3, 2)], [(5, 4)], [(4, 1), (2, 3)])

    @criterion("without layers, a number sees one pixel")
    def test_empty(self, student):
        self.agrees(student, [])


# LeNet ---------------------------------------------------------------------------------------------------------------


def make_lenet(student, device):
    """The student's LeNet after one forward pass, which gives lazy layers their shapes."""
    import torch

    net = student.lenet().to(device)
    with torch.no_grad():
        net(torch.zeros(1, 1, 28, 28, device=device))
    return net


def shapes_of_lenet(student, device):
    """Those of its parameters after one forward pass, which gives lazy layers theirs."""
    import torch

    net = student.lenet().to(device)
    with torch.no_grad():
        net(torch.zeros(1, 1, 28, 28, device=device))
    return [tuple(p.shape) for p in net.parameters()]


def backward_through_lenet(student, X, upstream):
    """For every parameter, whether a gradient other than zero arrived."""
    net = student.lenet().to(X.device)
    net(X).backward(upstream)
    return [p.grad is not None and bool((p.grad != 0).any()) for p in net.parameters()]


def make_two_lenets(student):
    """How many parameters a LeNet has, and how many of them the next one has too."""
    import torch

    first, second = student.lenet(), student.lenet()
    for net in (first, second):
        net(torch.zeros(1, 1, 28, 28))
    first, second = ({p.data_ptr() for p in net.parameters()} for net in (first, second))
    return len(first), len(first & second)


def lenet_with(activation=nn.Sigmoid, pool=nn.AvgPool2d, last=nn.Identity):
    """A LeNet, or one with a usual mistake in it."""
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), activation(), pool(2), nn.Conv2d(6, 16, 5), activation(), pool(2), nn.Flatten(),
        nn.Linear(400, 120), activation(), nn.Linear(120, 84), activation(), nn.Linear(84, 10), last(),
    )  # fmt: skip


MISTAKES = {
    "max pooling": lenet_with(pool=nn.MaxPool2d),
    "ReLU where sigmoids belong": lenet_with(activation=nn.ReLU),
    "tanh where sigmoids belong": lenet_with(activation=nn.Tanh),
    "no activation": lenet_with(activation=nn.Identity),
    "a softmax at the end": lenet_with(last=lambda: nn.Softmax(1)),
    "a log-softmax at the end": lenet_with(last=lambda: nn.LogSoftmax(1)),
    "a sigmoid at the end": lenet_with(last=nn.Sigmoid),
}


@exercise("lenet")
class TestLenet:
    @criterion("has the layers of the table: ten parameter tensors, 61,706 numbers", weight=2)
    def test_parameters(self, student, device):
        shapes = sorted(map(tuple, student.run(shapes_of_lenet, device=device)))
        wanted = sorted(tuple(p.shape) for p in lenet_with().parameters())
        count = sum(torch.Size(shape).numel() for shape in shapes)
        expect(shapes == wanted, f"lenet() has {len(shapes)} parameter tensors with {count} numbers in all, of other shapes than the table says", "wrong shape")

    @criterion("with the same weights, gives the same logits", weight=4, hint="padding 2, sigmoid, average pooling, nothing at the end")
    def test_outputs(self, student, rng, device):
        right = lenet_with().to(device)
        net = student.run(make_lenet, device=device)
        weights = [2.0 * normal(rng, *p.shape).to(device) / max(1, p[0].numel()) ** 0.5 for p in parameters_of(right)]
        load_weights(student, net, weights, what="lenet()")
        copy_into(right, weights)
        for n in (1, 3, 7):
            X = normal(rng, n, 1, 28, 28).to(device)
            Y, wanted = net(X.clone()), right(X).detach()
            assert_shape(Y, (n, 10), what="lenet()(X)")
            try:
                assert_close(Y, wanted, what="lenet()(X)", rtol=1e-3, atol=1e-4)
            except AssertionError:
                for name, variant in MISTAKES.items():
                    copy_into(variant.to(device), weights)
                    if torch.allclose(Y, variant(X), rtol=1e-3, atol=1e-4):
                        fail(f"lenet()(X) is what a LeNet with {name} gives")
                raise

    @criterion("gradients reach every parameter")
    def test_gradients(self, student, rng, device):
        X, upstream = normal(rng, 3, 1, 28, 28).to(device), normal(rng, 3, 10).to(device)
        reached = student.run(backward_through_lenet, X=X, upstream=upstream)
        expect(len(reached) > 0 and all(reached), f"{reached.count(False)} of {len(reached)} parameters get no gradient", "no gradient")

    @criterion("every call makes a new network", hint="a network made outside the function is shared by all callers")
    def test_new(self, student):
        count, common = student.run(make_two_lenets)
        expect(count > 0, "the network of lenet() has no parameters", "missing")
        expect(common == 0, "two calls of lenet() share their parameters")


def copy_into(net, tensors):
    with torch.no_grad():
        for parameter, tensor in zip(net.parameters(), tensors, strict=True):
            parameter.copy_(tensor)


LEARNED_DIGITS = (0, 6, 7)


@cache
def three_digits():
    """(X_train, y_train, X_test, y_test): 60 images a digit to train on, all of them to test on, enlarged to 28x28."""
    X, y, X_test, y_test = reference.course_tools.digits()
    rows = torch.cat([(y == digit).nonzero()[:60, 0] for digit in LEARNED_DIGITS])
    test_rows = torch.isin(y_test, torch.tensor(LEARNED_DIGITS))
    X, X_test = (F.interpolate(images, size=28, mode="bilinear") for images in (X[rows], X_test[test_rows]))
    return X, y[rows], X_test, y_test[test_rows]


def untrained_lenet(student):
    """A LeNet made here: whether the student's own is right does not matter for the training."""
    from torch import nn

    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10),
    )  # fmt: skip


def train(student, net, X, y, X_test, enough, num_epochs):
    """Trains. At the end of each epoch `enough` is asked whether the answers on X_test will do; if so, the training ends there."""
    import torch

    class Enough(BaseException):
        """Not an Exception, which an answer may catch."""

    def will_do():
        with torch.no_grad():
            return enough(net(X_test.to(next(net.parameters()))).cpu())  # to wherever the training has put it

    class Batches:
        def __len__(self):
            return -(-len(X) // 8)

        def __iter__(self):
            for rows in torch.randperm(len(X)).split(8):
                yield X[rows], y[rows]
            if will_do():
                raise Enough

    try:
        student.train_lenet(net, Batches(), num_epochs)
    except Enough:
        return
    will_do()  # for an answer that goes through the batches in a way of its own


def watch_training(student, net, X, y, num_epochs):
    """What train_lenet returns, and what was seen: the logits and labels of every batch of 4, how many samples were trained on, how many
    gradients were added to older ones, whether all parameters moved."""
    import torch

    labels, logits = [], []
    trained_on, added, incoming = [], [], {}

    class Batches:
        def __len__(self):
            return -(-len(X) // 4)

        def __iter__(self):
            for rows in torch.randperm(len(X)).split(4):
                labels.append(y[rows])
                yield X[rows], y[rows]

    def after_forward(module, inputs, output):
        if output.requires_grad:
            logits.append(output.detach().clone())
            trained_on.append(len(output))

    def after_backward(parameter):
        added.append(not torch.equal(parameter.grad, incoming[parameter]))

    before = [p.detach().clone() for p in net.parameters()]
    net.register_forward_hook(after_forward)
    for parameter in net.parameters():
        parameter.register_hook(lambda gradient, parameter=parameter: incoming.__setitem__(parameter, gradient.clone()))
        parameter.register_post_accumulate_grad_hook(after_backward)
    losses = student.train_lenet(net, Batches(), num_epochs)
    moved = [not torch.equal(old, new) for old, new in zip(before, net.parameters())]
    return {"losses": losses, "logits": logits, "labels": labels, "samples": sum(trained_on), "added": sum(added), "moved": all(moved)}


BATCHES = [4, 4, 4, 2]


def three_short_epochs(student, rng):
    """What is seen of a training on 14 samples."""
    X, y, _, _ = three_digits()
    rows = torch.randperm(len(X), generator=rng)[: sum(BATCHES)]
    return student.run(watch_training, net=student.run(untrained_lenet), X=X[rows], y=y[rows], num_epochs=3)


LENET_GOAL = 0.87


def best_share(student, goal):
    """The share of unseen digits that is read right after the best of ten epochs, or after the first that reaches the goal."""
    X, y, X_test, y_test = three_digits()
    best = 0.0

    def enough(logits):
        nonlocal best
        best = max(best, float((logits.argmax(1) == y_test).float().mean()))
        return best >= goal

    student.run(train, net=student.run(untrained_lenet), X=X, y=y, X_test=X_test, enough=enough, num_epochs=10)
    return best


@exercise("train_lenet")
class TestTrainLenet:
    @criterion("a LeNet learns to read three digits", weight=5, timeout_s=120, hint="initialisation first, then the learning rate")
    def test_accuracy(self, student):
        best = 0.0
        for _ in range(5):  # a good recipe does it at once; one that depends on its luck has five tries
            best = max(best, best_share(student, LENET_GOAL))
            if best >= LENET_GOAL:
                return
        fail(f"{best:.0%} of the unseen images are read right, at best, in ten epochs; it should be {LENET_GOAL:.0%} or more")

    @criterion("returns the mean cross-entropy of each epoch", weight=2, timeout_s=60, hint="per sample, of the logits")
    def test_losses(self, student, rng):
        seen = student.once(three_short_epochs, rng)
        losses, logits, labels = seen["losses"], seen["logits"], seen["labels"]
        expect(isinstance(losses, list | tuple), "train_lenet does not return a list", "wrong type")
        expect(len(losses) == 3, f"train_lenet returns {len(losses)} numbers for 3 epochs", "wrong shape")
        if [len(batch) for batch in logits] == [len(batch) for batch in labels] == BATCHES * 3:
            each = [float(F.cross_entropy(out, wanted)) for out, wanted in zip(logits, labels, strict=True)]
            epochs = [each[i : i + len(BATCHES)] for i in range(0, len(each), len(BATCHES))]
            for loss, epoch in zip(losses, epochs, strict=True):
                of_samples = sum(n * mean for n, mean in zip(BATCHES, epoch, strict=True)) / sum(BATCHES)
                number = as_number(loss, what="an entry of the list of losses")
                nearest = min(of_samples, sum(epoch) / len(epoch), key=lambda mean: abs(mean - number))  # both are means of the epoch
                assert_close(loss, nearest, what="an entry of the list of losses", rtol=1e-3, atol=1e-3)
        else:  # more or fewer passes than batches: which loss belongs to which epoch is not known
            expect(len(logits) > 0, "nothing was trained")
            near = all(0.0 < as_number(loss, what="an entry of the list of losses") < 10.0 for loss in losses)
            expect(near, "the numbers returned are no mean cross-entropies")

    @criterion("every epoch trains on every sample, and all parameters move", weight=2, timeout_s=60, hint="a return inside the loop ends it early")
    def test_samples(self, student, rng):
        seen = student.once(three_short_epochs, rng)
        expect(seen["samples"] >= 42, f"14 samples and 3 epochs: {seen['samples']} samples went through the network, expected 42")
        expect(seen["moved"], "some parameters of the network are the same after training")

    @criterion("old gradients are cleared before the next backward pass", weight=1, timeout_s=60)
    def test_cleared(self, student, rng):
        seen = student.once(three_short_epochs, rng)
        expect(seen["samples"] > 0, "nothing was trained")
        expect(seen["added"] == 0, "gradients of an earlier batch were still there: they add up")
