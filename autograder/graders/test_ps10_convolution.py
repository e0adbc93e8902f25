"""Hidden grader of ps10_convolution."""

from functools import cache, wraps

import torch
from torch import nn
from torch.nn import functional as F

from autograder import (
    Finding,
    as_number,
    assert_close,
    assert_shape,
    assert_unchanged,
    assert_vectorised,
    called_in_turn,
    case,
    criterion,
    exercise,
    expect,
    fail,
    kind_of,
    load_weights,
    operations,
    parameters_of,
)
from solutions.ps10_convolution import convolution as reference

# Sums of up to fifty float32 products, in whatever order: far below any missing term. In float64 the last digits count.
ROUNDING = {"atol": 2e-5}


# The student's own parts, replaced where they are wrong -----------------------------------------------------------------


def corr2d_of_windows(X, K):
    """A right corr2d for any leading dimensions: students who wrote theirs that way lean on it."""
    windows = X.unfold(-2, K.shape[-2], 1).unfold(-2, K.shape[-1], 1)
    return (windows * K[..., None, None, :, :]).sum((-2, -1))


def corr2d_of_channels(X, K):
    return corr2d_of_windows(X, K).sum(-3)


def is_right(student, name, pairs, results, slopes):
    """Whether the student's function is right in values, gradients, dtype, at a second call, and leaves everything as it was."""
    import torch

    def program():
        return torch.is_grad_enabled(), torch.get_default_dtype(), torch.get_rng_state().tolist()

    def close(mine, right):
        return mine.dtype == right.dtype and mine.shape == right.shape and bool(torch.allclose(mine, right, rtol=1e-10, atol=1e-12))

    def put_back(grad, dtype, generator):
        torch.set_grad_enabled(grad)
        torch.set_default_dtype(dtype)
        torch.set_rng_state(torch.tensor(generator, dtype=torch.uint8))

    before = program()
    try:
        for inputs, right, wanted in zip(pairs, results, slopes):
            given = [value.clone().requires_grad_() for value in inputs]
            mine = getattr(student, name)(*given)
            if program() != before or not close(mine, right) or not all(map(torch.equal, given, inputs)):
                return False
            if not all(map(close, torch.autograd.grad(mine.sum(), given), wanted)):
                return False
        return True
    except Exception:
        return False
    finally:
        put_back(*before)


def put(student, name, right):
    setattr(student, name, right)


def lend(student, draw, name, right, sizes):
    """After this, the student's namespace has a right function of this name: their own, if it is right and runs nothing that is forbidden here."""
    pairs = [(draw.float64.normal(*X), draw.float64.normal(*K)) for X, K in sizes]
    leaves = [tuple(value.clone().requires_grad_() for value in pair) for pair in pairs]
    results = [right(*pair) for pair in leaves]
    slopes = [torch.autograd.grad(result.sum(), pair) for result, pair in zip(results, leaves, strict=True)]
    results = [result.detach() for result in results]
    try:
        good = student.run(is_right, name=name, pairs=pairs, results=results, slopes=slopes)
    except Finding:
        good = False
    if good is not True:
        student.run(put, name=name, right=right)


def right_corr2d(student, draw):
    lend(student, draw, "corr2d", corr2d_of_windows, [((3, 5), (2, 3)), ((3, 5), (2, 3)), ((6, 4), (1, 2)), ((4, 4), (4, 1))])


def right_corr2d_multi_in(student, draw):
    right_corr2d(student, draw)
    lend(student, draw, "corr2d_multi_in", corr2d_of_channels, [((2, 3, 4), (2, 1, 3)), ((2, 3, 4), (2, 1, 3)), ((1, 6, 4), (1, 3, 2)), ((3, 3, 5), (3, 3, 2))])


def built_on(give):
    """The criteria of a class, where `give` has lent the parts that the exercise is built on."""

    def with_parts(test):
        @wraps(test)
        def lent(self, student, draw):
            student.once(give, draw)
            test(self, student, draw)

        return lent

    def mark(cls):
        for name, test in list(vars(cls).items()):
            if name.startswith("test_"):
                setattr(cls, name, with_parts(test))
        return cls

    return mark


# Cross-correlation ---------------------------------------------------------------------------------------------------


def image_and_kernel(draw, h=5, w=7, kh=2, kw=3):
    return draw.normal(h, w), draw.normal(kh, kw)


def by_windows(width, window):
    """A corr2d with mistakes: `width` of the output and the `window` at i, j are functions of sizes; None where they do not fit."""

    def slip(X, K):
        (h, w), (kh, kw) = X.shape, K.shape
        try:
            return torch.stack(
                [torch.stack([(window(X, i, j, kh, kw) * K).sum() for j in range(width(h, w, kh, kw))]) for i in range(h - kh + 1)]
            )  # fmt: skip
        except RuntimeError:
            return None

    return slip


def kernels_size_only(X, K):
    Y = reference.corr2d(X, K)
    kept = torch.zeros_like(Y)
    kept[: K.shape[0], : K.shape[1]] = Y[: K.shape[0], : K.shape[1]]
    return kept


def right_width(h, w, kh, kw):
    return w - kw + 1


def height_as_width(h, w, kh, kw):
    return h - kw + 1


def right_window(X, i, j, kh, kw):
    return X[i : i + kh, j : j + kw]


def square_window(X, i, j, kh, kw):
    return X[i : i + kh, j : j + kh]


corr2d = case(
    reference.corr2d, image_and_kernel,
    slips={
        "the width of the output is taken from X.shape[0]": by_windows(height_as_width, right_window),
        "the window goes to j + h; it is as wide as the kernel, so it goes to j + w": by_windows(right_width, square_window),
        "the width of the output is taken from X.shape[0], and the window goes to j + h": by_windows(height_as_width, square_window),
        "the loops run over the size of the kernel, not over that of the output": kernels_size_only,
        "the kernel is flipped; here it is laid on as it is": lambda X, K: reference.corr2d(X, K.flip(0, 1)),
        "the mean of the window is taken where its sum belongs": lambda X, K: reference.corr2d(X, K) / K.numel(),
        "the last row and the last column of windows are missing": lambda X, K: reference.corr2d(X, K)[:-1, :-1],
    },
)  # fmt: skip


@exercise("corr2d", forbid=["conv"])
class TestCorr2d:
    # Wide images, and kernels on which a window of the wrong width does not crash: here the known mistakes can be named.
    test_values = corr2d.agrees(
        "every entry is the sum of window times kernel, which is not flipped", weight=4, hint="the window at (i, j) is kh high and kw wide",
        sizes=[(3, 7, 1, 2), (4, 6, 2, 2), (5, 8, 3, 1)],
    )  # fmt: skip
    test_shape = corr2d.agrees(
        "the output has shape (h - kh + 1, w - kw + 1)", weight=2, hint="the height comes from X.shape[0], the width from X.shape[1]",
        sizes=[(5, 7, 2, 3), (8, 3, 3, 2), (4, 6, 1, 3), (6, 4, 4, 1), (3, 5, 3, 5), (1, 4, 1, 2)], follows=True,
    )  # fmt: skip
    test_dtype = corr2d.keeps_dtype(title="the result has the dtype of X", hint="X.new_zeros(...) takes over dtype and device")
    test_gradients = corr2d.gradients(weight=2, title="gradients flow back to X and K", sizes=[(4, 5, 2, 3), (3, 6, 3, 2)])
    test_inputs = corr2d.leaves_inputs(title="X and K are left as they were")
    test_again = corr2d.again(sizes=[(), (), (6, 4, 3, 1)])


def names_of_parameters(student, kernel_sizes, device):
    """Those of a Conv2D of each size, None for one that is no module."""
    import torch

    nets = [student.Conv2D(kernel_size).to(device) for kernel_size in kernel_sizes]
    return [sorted(name for name, _ in net.named_parameters()) if isinstance(net, torch.nn.Module) else None for net in nets]


def weights_and_biases(student, kernel_sizes, device):
    nets = [student.Conv2D(kernel_size).to(device) for kernel_size in kernel_sizes]
    return [(net.weight, net.bias) for net in nets]


def layer_with_numbers(student, all_numbers):
    """What a Conv2D with these numbers in its attributes weight and bias, registered or not, makes of each X in turn."""
    import torch

    all_results = []
    for kernel_size, weight, bias, images in all_numbers:
        net = student.Conv2D(kernel_size).to(weight)
        with torch.no_grad():
            net.weight.copy_(weight)
            net.bias.copy_(bias.reshape(net.bias.shape))
        all_results.append([net(X.clone()).clone() for X in images])
    return all_results


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


def two_layers(student, kernel_size, X):
    """Whether two layers start with the same numbers, and whether the program is as before when they were made and called. A start that is
    all the same number has a criterion of its own."""
    import torch

    before = torch.is_grad_enabled(), torch.get_default_dtype()
    first, second = student.Conv2D(kernel_size), student.Conv2D(kernel_size)
    first(X), second(X)
    after = torch.is_grad_enabled(), torch.get_default_dtype()
    weight = first.weight.detach().flatten()
    return bool(torch.equal(first.weight, second.weight)) and bool((weight != weight[0]).any()), before == after


def layer(X, weight, bias):
    return reference.corr2d(X, weight) + bias


conv_layer = case(
    layer, lambda draw, h=5, w=7, kh=2, kw=3: (draw.normal(h, w), draw.normal(kh, kw), draw.normal(1)), name="Conv2D",
    slips={
        "the bias is not added": lambda X, weight, bias: reference.corr2d(X, weight),
        "the kernel is flipped": lambda X, weight, bias: layer(X, weight.flip(0, 1), bias),
        "the bias is added to the kernel, not to the output": lambda X, weight, bias: reference.corr2d(X, weight + bias),
        "the bias is subtracted": lambda X, weight, bias: layer(X, weight, -bias),
    },
)  # fmt: skip


@exercise("Conv2D")
@built_on(right_corr2d)
class TestConv2D:
    SIZES = [(2, 3), (4, 1), (1, 2)]
    LAYERS = [(5, 7, 2, 3), (6, 4, 3, 1), (3, 5, 1, 2)]

    @criterion("weight and bias are the module's parameters", weight=2, hint="nn.Parameter registers a tensor")
    def test_parameters(self, student, draw):
        for names in student.run(names_of_parameters, kernel_sizes=self.SIZES, device=draw.device):
            expect(names is not None, "Conv2D(kernel_size) is not an nn.Module", "wrong type")
            expect(names == ["bias", "weight"], f"the parameters of Conv2D are {names}, expected weight and bias", "missing")

    @criterion("weight has the kernel's shape and starts random, bias is one number", hint="one bias for the whole output")
    def test_shapes(self, student, draw):
        for kernel, (weight, bias) in zip(self.SIZES, student.run(weights_and_biases, kernel_sizes=self.SIZES, device=draw.device), strict=True):
            assert_shape(weight, kernel, what=f"weight of Conv2D({kernel})")
            entries = bias.numel() if isinstance(bias, torch.Tensor) else 0
            expect(entries == 1, f"bias of Conv2D({kernel}) has {entries} entries, expected one", "wrong shape")
            values = weight.detach().flatten()
            expect(bool((values != values[0]).any()), "all entries of weight start with the same number", "wrong value")

    @criterion("the output is the cross-correlation plus the bias", weight=3)
    def test_forward(self, student, draw):
        self.assert_forward(student, conv_layer.drawn(draw, self.LAYERS))

    @criterion("a layer turned to float64 gives float64", hint="make no tensor with a dtype of its own in forward")
    def test_dtype(self, student, draw):
        self.assert_forward(student, conv_layer.drawn(draw.float64, self.LAYERS), follows=True)

    @criterion("gradients reach weight, bias and X", weight=2, hint="not through .data, and not through torch.tensor(...)")
    def test_gradients(self, student, draw):
        for X, weight, bias in conv_layer.drawn(draw, self.LAYERS):
            leaves = [value.clone().requires_grad_() for value in (weight, bias, X)]
            Y = layer(leaves[2], leaves[0], leaves[1])
            upstream = draw.normal(*Y.shape)
            wanted = torch.autograd.grad(Y, leaves, upstream)
            got = student.run(backward_through_layer, kernel_size=tuple(weight.shape), weight=weight, bias=bias, X=X, upstream=upstream)
            for name, mine, right in zip(("weight", "bias", "X"), got, wanted, strict=True):
                if mine is None:
                    fail(f"no gradient reaches {name}", "no gradient")
                assert_close(mine.reshape(-1), right.reshape(-1), what=f"the gradient of {name}", rtol=1e-3, atol=1e-4)

    @criterion("gives the same when it is called again; a second layer starts anew", hint="no seed, and nothing kept from one call or layer for the next")
    def test_again(self, student, draw):
        alike, as_before = student.run(two_layers, kernel_size=(2, 3), X=draw.normal(4, 5))
        expect(not alike, "two layers start with the same weight: is a seed set, or one tensor shared by all layers?")
        expect(as_before, "after a layer was made and called, autograd is switched off, or the default dtype is another")
        (X, weight, bias), (other, _, _), (third, _, _) = conv_layer.drawn(draw, [(), (), (4, 3)])
        images = [X, other, third, X]
        (results,) = student.run(layer_with_numbers, all_numbers=[((2, 3), weight, bias, images)])
        asked = [((image, weight, bias), Y) for image, Y in zip(images, results, strict=True)]
        conv_layer.compare(asked[:1], follows=True, **ROUNDING)
        conv_layer.compare(asked[1:], ["Conv2D((2, 3))(X), at a later call,"] * 3, **ROUNDING)

    @staticmethod
    def assert_forward(student, drawn, **options):
        numbers = [(tuple(weight.shape), weight, bias, [X]) for X, weight, bias in drawn]
        results = student.run(layer_with_numbers, all_numbers=numbers)
        words = [f"Conv2D({tuple(weight.shape)})(X)" for _, weight, _ in drawn]
        conv_layer.compare([(arguments, Y) for arguments, (Y,) in zip(drawn, results, strict=True)], words, **options, **ROUNDING)


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


def noise(draw, size, kernel):
    """A noise image, the kernel that is looked for, and what it makes of the image."""
    X, K = draw.normal(*size, scale=0.5).cpu(), draw.normal(*kernel).cpu()
    return X, K, reference.corr2d(X, K)


def learn_random_kernels(student, draw):
    """For a few shapes, the kernel that made the images and the one that the student learns from them."""
    drawn = [noise(draw, size, kernel) for size, kernel in [((6, 8), (2, 3)), ((6, 9), (3, 2))]]
    return [(K, student.learn_kernel(X, Y, tuple(K.shape))) for X, K, Y in drawn]


KERNEL_ATOL = 0.05


def in_shape(K, shape):
    """The student's kernel, whatever shape it has, as one of this shape where the number of entries is right."""
    right_size = isinstance(K, torch.Tensor) and K.numel() == shape[0] * shape[1]
    return K.detach().reshape(shape) if right_size else K


KERNEL_SLIPS = {
    "the kernel is flipped; here it is laid on as it is": lambda K: K.flip(0, 1),
    "nothing is learned, or the gradient comes back where the kernel belongs: every entry is 0": torch.zeros_like,
    "the sign is turned": torch.neg,
}


def assert_learned(pairs, at=""):
    """Each kernel is near the one that is looked for; pairs: (the one looked for, the student's)."""
    near = {"rtol": 0, "atol": KERNEL_ATOL, "check_dtype": False}
    for K, mine in pairs:
        what = f"the learned kernel of shape {tuple(K.shape)}{at}"
        try:
            assert_close(in_shape(mine, K.shape), K, what=what, **near)
        except Finding as finding:
            mine = in_shape(mine, K.shape)
            for words, slip in KERNEL_SLIPS.items():
                if kind_of(mine) == "tensor" and mine.shape == K.shape and torch.allclose(mine.float(), slip(K), **{"rtol": 0, "atol": KERNEL_ATOL}):
                    raise Finding(f"{what} is what comes out when {words}", named=words) from None
            raise finding


DIRECT_SOLVERS = [
    "linalg_lstsq", "lstsq", "linalg_solve", "linalg_solve_ex", "solve", "linalg_pinv", "pinv", "pinverse", "linalg_inv", "linalg_inv_ex", "inv",
    "inverse", "linalg_qr", "linalg_svd", "linalg_cholesky_ex", "cholesky_solve", "linalg_lu_factor_ex", "linalg_lu_solve", "linalg_eigh",
]  # fmt: skip


@exercise("learn_kernel", forbid=DIRECT_SOLVERS)
class TestLearnKernel:
    @criterion("finds the edge detector [1, -1] from an image with stripes", weight=2, timeout_s=60)
    def test_edges(self, student):
        K, _ = student.once(learn_edges)
        assert_learned([(torch.tensor([[1.0, -1.0]]), K)])

    @criterion("finds kernels of any shape, from any start", weight=3, timeout_s=60, hint="clear the gradients, and take enough steps")
    def test_random_kernels(self, student, draw):
        assert_learned(student.once(learn_random_kernels, draw))

    @criterion("returns a tensor of shape kernel_size", timeout_s=60, hint="the weight of nn.Conv2d has two dimensions more")
    def test_shape(self, student, draw):
        for K, mine in student.once(learn_random_kernels, draw):
            assert_shape(mine, K.shape, what=f"learn_kernel(X, Y, {tuple(K.shape)})")

    @criterion("X and Y are left as they were", timeout_s=60)
    def test_inputs(self, student):
        K, ((X, mine), (Y, answer)) = student.once(learn_edges)
        assert_unchanged(X, mine, what="X")
        assert_unchanged(Y, answer, what="Y")
        expect(isinstance(K, torch.Tensor) and K.abs().sum() > 0, "learn_kernel does not return a kernel", "wrong type")

    @criterion("learns again when it is called again, and leaves the program as it was", timeout_s=60, hint="keep nothing from one call for the next")
    def test_again(self, student, draw):
        drawn = [noise(draw, size, kernel) for size, kernel in [((6, 8), (2, 2)), ((6, 8), (2, 2)), ((7, 9), (1, 3))]]
        seen = student.run(called_in_turn, name="learn_kernel", calls=[[X, Y, tuple(K.shape)] for X, K, Y in drawn], draws=True)
        results = seen.get("results") if isinstance(seen, dict) else None
        if not isinstance(results, list) or len(results) != len(drawn):
            raise Finding("learn_kernel gave back something that cannot be read", "tampered")
        expect(not seen["changed"], f"after a call of learn_kernel {seen['changed']}")
        try:
            assert_learned([(K, mine) for (_, K, _), mine in zip(drawn, results, strict=True)], ", called several times,")
        except Finding as finding:
            finding.follows = True
            raise


# Padding and stride --------------------------------------------------------------------------------------------------


def in_each_dimension(size):
    """A conv_output_size that does `size(n, k, p, s)` for ints, and for height and width where one of the four is a pair."""

    def slip(n, k, padding=0, stride=1):
        if all(isinstance(value, int) for value in (n, k, padding, stride)):
            return size(n, k, padding, stride)
        return tuple(size(*one) for one in zip(*map(reference.pair, (n, k, padding, stride)), strict=True))

    return slip


def of_pairs(change):
    """A slip that shows in pairs only."""

    def slip(*arguments):
        right = reference.conv_output_size(*arguments)
        return right if isinstance(right, int) else change(right)

    return slip


output_size = case(
    reference.conv_output_size, lambda draw, n=13, k=4, padding=3, stride=2: (n, k, padding, stride),
    slips={
        "the padding is counted twice; it is the total of both sides already": in_each_dimension(lambda n, k, p, s: (n - k + 2 * p + s) // s),
        "half of the padding is added; it is the total of both sides already": in_each_dimension(lambda n, k, p, s: (n - k + p // 2 + s) // s),
        "the padding is not used": in_each_dimension(lambda n, k, p, s: (n - k + s) // s),
        "the quotient is rounded up; what fills no window is dropped": in_each_dimension(lambda n, k, p, s: -((k - n - p - s) // s)),
        "the quotient is not rounded": in_each_dimension(lambda n, k, p, s: (n - k + p + s) / s),
        "the stride is not used": in_each_dimension(lambda n, k, p, s: n - k + p + 1),
        "the first window is not counted": in_each_dimension(lambda n, k, p, s: (n - k + p) // s),
        "the size is divided by the stride before the kernel is taken off": in_each_dimension(lambda n, k, p, s: n // s - k + p + 1),
        "the width stands before the height": of_pairs(lambda size: size[::-1]),
        "the height stands for both dimensions": of_pairs(lambda size: (size[0], size[0])),
        "a pair is given back for ints too": lambda *arguments: in_pairs(reference.conv_output_size(*arguments)),
    },
)  # fmt: skip


def in_pairs(size):
    return (size, size) if isinstance(size, int) else None


def sizes_of(*cases):
    return lambda draw: {f"conv_output_size{arguments}": arguments for arguments in cases}


@exercise("conv_output_size")
class TestConvOutputSize:
    test_plain = output_size.agrees(
        "n - k + 1 without padding and stride", arguments=sizes_of((32, 5, 0, 1), (7, 1, 0, 1), (9, 9, 0, 1), (224, 11, 0, 1), (31, 6), (7, 2)),
    )  # fmt: skip
    test_padding = output_size.agrees(
        "padding is the total of both sides",
        weight=2,
        hint="the formula adds p once",
        arguments=sizes_of((28, 5, 4, 1), (10, 3, 1, 1), (8, 4, 3, 1), (5, 7, 6, 1)),
    )
    test_stride = output_size.agrees(
        "with a stride, the rest that fills no window is dropped", weight=2, hint="round down",
        arguments=sizes_of((8, 3, 0, 2), (11, 3, 0, 4), (9, 2, 0, 3), (7, 7, 0, 2), (12, 5, 0, 4)),
    )  # fmt: skip
    test_together = output_size.agrees("padding and stride together", arguments=sizes_of((224, 11, 5, 4), (13, 4, 3, 3), (28, 5, 4, 2), (6, 3, 1, 2)))
    test_pairs = output_size.agrees(
        "pairs give a pair, height first; ints count for both dimensions", weight=2,
        arguments=sizes_of(
            ((7, 10), (3, 2), (0, 0), (1, 1)), ((9, 14), 3, 0, 1), (12, (3, 5), 0, 1),
            ((8, 11), (3, 5), (2, 4), (3, 2)), (15, 4, (1, 3), 2), (10, 3, 0, (2, 3)),
        ),
    )  # fmt: skip
    test_again = output_size.again(sizes=[(), (9, 2, 1, 3), (31, 5, 4, 2)])


def image(draw, n=3, shape=(2, 3, 4), padding=1):
    return draw.normal(*(() if n is None else (n,)), *shape), padding


def framed(change, **how):
    """What F.pad gives for (left, right, top, bottom) = change(ph, pw)."""
    return lambda X, padding: F.pad(X, change(*reference.pair(padding)), **how)


pad2d = case(
    reference.pad2d, image,
    slips={
        "the padding is the total of both sides; here each side gets it": framed(lambda ph, pw: (pw // 2, pw - pw // 2, ph // 2, ph - ph // 2)),
        "all of it goes below and to the right": framed(lambda ph, pw: (0, 2 * pw, 0, 2 * ph)),
        "the pair is read as (columns, rows); heights come before widths": framed(lambda ph, pw: (ph, ph, pw, pw)),
        "only rows are added": framed(lambda ph, pw: (0, 0, ph, ph)),
        "the frame is made of ones": framed(lambda ph, pw: (pw, pw, ph, ph), value=1.0),
        "one row and one column are added on each side, whatever the padding is": framed(lambda ph, pw: (1, 1, 1, 1)),
        "the first two dimensions grow; the last two should": lambda X, padding: F.pad(X.movedim((0, 1), (-2, -1)), framing(padding)).movedim((-2, -1), (0, 1)),
    },
)  # fmt: skip


def framing(padding):
    ph, pw = reference.pair(padding)
    return pw, pw, ph, ph


@exercise("pad2d", forbid=["pad", "constant_pad_nd"])
class TestPad2d:
    test_int = pad2d.agrees(
        "an int puts as many zeros on each of the four sides",
        weight=2,
        hint="per side, not in total",
        sizes=[(None, (3, 4), 1), (2, (5, 3), 2), (1, (3, 4, 2), 3)],
    )
    test_pair = pad2d.agrees(
        "a pair is (rows above and below, columns left and right)", weight=2, hint="heights come before widths",
        sizes=[(None, (3, 4), (1, 2)), (2, (5, 3), (3, 1)), (4, (2, 2, 3), (2, 3))],
    )  # fmt: skip
    test_zero = pad2d.agrees(
        "padding 0 works, on both sides and on one", hint="Y[p:-p] is empty for p = 0", sizes=[(2, (3, 4), 0), (2, (3, 4), (0, 2)), (2, (3, 4), (1, 0))]
    )
    test_dtype = pad2d.keeps_dtype(title="the result has the dtype of X", hint="X.new_zeros(...)")
    test_gradients = pad2d.gradients(title="gradients flow back to X")
    test_vectorised = pad2d.at_once("n", title="no loop over the batch")
    test_inputs = pad2d.leaves_inputs(title="X is left as it was")
    test_again = pad2d.again(sizes=[(), (), (None, (3, 5), (2, 1))])


# Channels ------------------------------------------------------------------------------------------------------------


def maps(X, K):
    """corr2d of each channel with its slice, (c, …)."""
    return torch.stack([reference.corr2d(x, k) for x, k in zip(X, K, strict=False)])


multi_in = case(
    reference.corr2d_multi_in, lambda draw, c=3, h=4, w=5, kh=2, kw=3: (draw.normal(c, h, w), draw.normal(c, kh, kw)),
    [(2, 5, 3, 3, 1), (3, 4, 5, 2, 3), (1, 3, 4, 2, 2), (5, 2, 4, 1, 2)],
    slips={
        "the channels are added up before they meet the kernel": lambda X, K: reference.corr2d(X.sum(0), K.sum(0)),
        "only the first channel is looked at": lambda X, K: reference.corr2d(X[0], K[0]),
        "the mean over the channels is taken; they are added up": lambda X, K: maps(X, K).mean(0),
        "the maps of the channels are given back one by one; they are added up": maps,
        "the first channel's slice of the kernel is used for all channels": lambda X, K: reference.corr2d(X.sum(0), K[0]),
        "the kernel is flipped": lambda X, K: reference.corr2d_multi_in(X, K.flip(1, 2)),
    },
)  # fmt: skip


@exercise("corr2d_multi_in", forbid=["conv"])
@built_on(right_corr2d)
class TestCorr2dMultiIn:
    test_values = multi_in.agrees("equals the definition", weight=4, hint="channels are added up; each has its own slice of the kernel", **ROUNDING)
    test_dtype = multi_in.keeps_dtype(title="the result has the dtype of X")
    test_gradients = multi_in.gradients(weight=2, title="gradients flow back to X and K")
    test_inputs = multi_in.leaves_inputs(title="X and K are left as they were")
    test_again = multi_in.again(sizes=[(), (), (2, 5, 4, 3, 2)])


def stacked(f, dim=0):
    """The maps that f(X, k) makes of each kernel k, on top of each other."""
    return lambda X, K: torch.stack([f(X, k) for k in K], dim)


multi_in_out = case(
    reference.corr2d_multi_in_out, lambda draw, o=3, c=2, h=4, w=5, kh=2, kw=3: (draw.normal(c, h, w), draw.normal(o, c, kh, kw)),
    [(2, 1, 3, 4, 2, 3), (3, 2, 4, 3, 2, 2), (1, 3, 2, 4, 1, 2), (4, 2, 3, 3, 3, 1)],
    slips={
        "the output channels are added up too": lambda X, K: reference.corr2d_multi_in_out(X, K).sum(0),
        "only the first output channel is made": lambda X, K: reference.corr2d_multi_in(X, K[0]),
        "every output channel is made with the first kernel": lambda X, K: stacked(reference.corr2d_multi_in)(X, K[:1].expand_as(K)),
        "the output channels stand last; they belong to dimension 0": stacked(reference.corr2d_multi_in, -1),
        "the output channels come in the opposite order": lambda X, K: reference.corr2d_multi_in_out(X, K).flip(0),
        "dimension 0 of the result is dropped where there is one output channel": lambda X, K: reference.corr2d_multi_in_out(X, K).squeeze(0),
        "dimension 1 of K is taken for the output channels; it is dimension 0": lambda X, K: torch.stack(
            [maps(X, k).sum(0) for k in K.transpose(0, 1)]
        ),
        "the input channels are not added up": stacked(maps),
    },
)  # fmt: skip


@exercise("corr2d_multi_in_out", forbid=["conv"])
@built_on(right_corr2d_multi_in)
class TestCorr2dMultiInOut:
    test_values = multi_in_out.agrees("equals the definition", weight=4, hint="channels are added up; each has its own slice of the kernel", **ROUNDING)
    test_dtype = multi_in_out.keeps_dtype(title="the result has the dtype of X")
    test_gradients = multi_in_out.gradients(weight=2, title="gradients flow back to X and K")
    test_inputs = multi_in_out.leaves_inputs(title="X and K are left as they were")
    test_again = multi_in_out.again(sizes=[(), (), (2, 3, 5, 4, 3, 2)])


PRODUCTS = {"mm", "bmm", "addmm", "baddbmm", "matmul", "mv", "addmv", "linear", "dot"}


def on_pixels(make):
    """A slip of the matrices: make(K as (c_out, c_in), X as (c_in, pixels), c_in, c_out, h, w)."""
    return lambda X, K: make(K.reshape(K.shape[:2]), X.flatten(1), *K.shape[1::-1], *X.shape[1:])


one_by_one = case(
    reference.corr2d_multi_in_out_1x1, lambda draw, c_in=3, h=4, w=5, c_out=2: (draw.normal(c_in, h, w), draw.normal(c_out, c_in, 1, 1)),
    [(2, 5, 1, 1), (3, 4, 5, 2), (1, 2, 3, 4), (4, 1, 6, 3)],
    slips={
        "the kernel is read as (c_in, c_out); its rows are output channels": on_pixels(lambda K, X, i, o, h, w: (K.reshape(i, o).T @ X).reshape(o, h, w)),
        "the channels stand last: bring them to the front": on_pixels(lambda K, X, i, o, h, w: (K @ X).T.reshape(h, w, o)),
        "the pixels stay in one dimension": on_pixels(lambda K, X, i, o, h, w: K @ X),
        "height and width change places": on_pixels(lambda K, X, i, o, h, w: (K @ X).reshape(o, w, h)),
        "X is cut into pixels by reshape, which mixes them with the channels; permute moves dimensions": (
            on_pixels(lambda K, X, i, o, h, w: (X.reshape(h * w, i) @ K.T).reshape(o, h, w)),
            on_pixels(lambda K, X, i, o, h, w: (X.reshape(h * w, i) @ K.T).T.reshape(o, h, w)),
        ),
        "the product is given its shape by reshape, which mixes pixels and channels; permute moves dimensions":
            on_pixels(lambda K, X, i, o, h, w: (K @ X).T.reshape(o, h, w)),
    },
)  # fmt: skip


@exercise("corr2d_multi_in_out_1x1", forbid=["conv"])
class TestCorr2dMultiInOut1x1:
    test_values = one_by_one.agrees("mixes the channels of each pixel with K", weight=3, hint="rows of the matrix are output channels", **ROUNDING)
    test_dtype = one_by_one.keeps_dtype(weight=2, hint="reshape copies where view refuses")
    test_gradients = one_by_one.gradients(title="gradients flow back to X and K")

    @criterion("one matrix product, no loop", weight=2, hint="bring K to (c_out, c_in) and X to (c_in, h * w)", hint_for=("too slow",))
    def test_one_product(self, student, draw):
        asked, seen = [one_by_one.arguments(draw, *sizes) for sizes in [(2, 2, 3, 3), (5, 4, 6, 7)]], []
        for X, K in asked:
            seen.append(operations(student.corr2d_multi_in_out_1x1, X, K))
        products = [sum(n for name, n in counts.items() if name.removeprefix("aten.") in PRODUCTS) for counts in seen]
        expect(products[1] > 0, "no matrix product runs at all", "too slow")
        expect(products == [1, 1], f"{products[1]} matrix products run for 5 -> 7 channels; one is enough", "too slow")
        small, large = (sum(counts.values()) for counts in seen)
        expect(large <= small + 2, f"{small} tensor operations run for a small input and {large} for a larger one", "too slow")

    test_inputs = one_by_one.leaves_inputs(title="X and K are left as they were")
    test_again = one_by_one.again(sizes=[(), (), (2, 3, 6, 4)])


# The whole convolution -----------------------------------------------------------------------------------------------


def batch(draw, n=3, c_in=2, h=5, w=4, c_out=4, kh=2, kw=3, bias=1.0, stride=1, padding=0):
    """Images, weights and biases (of this size, 0 for none), stride and padding."""
    return draw.normal(n, c_in, h, w), draw.normal(c_out, c_in, kh, kw), bias * draw.normal(c_out), stride, padding


def no_images(draw, *sizes):
    X, *others = batch(draw, *sizes)
    return torch.zeros_like(X), *others


def convolved(pad=None, **how):
    """A conv2d that pads by pad(ph, pw) → (left, right, top, bottom), and then takes stride and padding as F.conv2d does."""

    def slip(X, W, b, stride=1, padding=0):
        return F.conv2d(F.pad(X, pad(*reference.pair(padding)), **how), W, b, stride)

    return slip


def rows_by_reshape(X, W, b, stride=1, padding=0):
    (sh, sw), (ph, pw) = reference.pair(stride), reference.pair(padding)
    P = F.pad(X, (pw, pw, ph, ph)).unfold(2, W.shape[2], sh).unfold(3, W.shape[3], sw)
    n, _, oh, ow = P.shape[:4]
    return (P.reshape(n * oh * ow, -1) @ W.flatten(1).T + b).reshape(n, oh, ow, -1).permute(0, 3, 1, 2)


def maps_by_reshape(X, W, b, stride=1, padding=0):
    Y = F.conv2d(X, W, b, stride, padding)
    return Y.permute(0, 2, 3, 1).reshape(Y.shape)


def without_bias(X, W, b, stride=1, padding=0):
    return F.conv2d(X, W, None, stride, padding)


def bias_by_width(X, W, b, stride=1, padding=0):
    Y = without_bias(X, W, b, stride, padding)
    return Y + b.repeat(Y.shape[3])[: Y.shape[3]]


conv2d = case(
    reference.conv2d, batch, [(1, 1, 5, 7, 2, 2, 3, 0.0), (3, 2, 4, 6, 4, 3, 2, 0.0), (2, 3, 6, 5, 1, 1, 4, 0.0), (5, 4, 3, 3, 3, 3, 1, 0.0)],
    slips={
        "the kernel is flipped; here it is laid on as it is": lambda X, W, *rest: F.conv2d(X, W.flip(2, 3), *rest),
        "only the first input channel is looked at": lambda X, W, *rest: F.conv2d(X[:, :1], W[:, :1], *rest),
        "the windows are made rows by reshape, without permute: channels and pixels are mixed up": rows_by_reshape,
        "the result is brought to (n, c_out, oh, ow) by reshape, without permute": maps_by_reshape,
        "the bias is not added": without_bias,
        "the bias is laid along the width of the output; each output channel has one": bias_by_width,
        "all biases are added to every output channel": lambda X, W, b, *rest: F.conv2d(X, W, b.sum().expand_as(b), *rest),
        "the bias is added to the weights; it belongs to the output": lambda X, W, b, *rest: without_bias(X, W + b[:, None, None, None], b, *rest),
        "the stride is not used": lambda X, W, b, stride=1, padding=0: F.conv2d(X, W, b, 1, padding),
        "the stride is read as (width, height)": lambda X, W, b, stride=1, padding=0: F.conv2d(X, W, b, reference.pair(stride)[::-1], padding),
        "the padding is not used": lambda X, W, b, stride=1, padding=0: F.conv2d(X, W, b, stride),
        "the padding is read as (columns, rows): F.pad begins with the last dimension": convolved(lambda ph, pw: (ph, ph, pw, pw)),
        "the padding is split between the two sides; each side gets all of it": convolved(lambda ph, pw: (pw // 2, pw - pw // 2, ph // 2, ph - ph // 2)),
        "only the top and the left are padded": convolved(lambda ph, pw: (pw, 0, ph, 0)),
        "only the bottom and the right are padded": convolved(lambda ph, pw: (0, pw, 0, ph)),
        "the padding repeats the border; it is made of zeros": convolved(lambda ph, pw: (pw, pw, ph, ph), mode="replicate"),
    },
)  # fmt: skip

IMAGES = [(1, 1, 5, 7, 2, 2, 3), (3, 2, 4, 6, 4, 3, 2), (2, 3, 6, 5, 1, 1, 4), (5, 4, 3, 3, 3, 3, 1)]


def with_steps(bias, strides, paddings):
    """IMAGES with a bias of this size, strides and paddings."""
    return [(*sizes, bias, *steps) for sizes, *steps in zip(IMAGES, strides, paddings, strict=True)]


@exercise("conv2d", forbid=["conv"])
class TestConv2dBatch:
    test_values = conv2d.agrees("sums over window and input channels, for every sample and output channel", weight=3, **ROUNDING)
    test_bias = conv2d.agrees(
        "adds one bias to each output channel", weight=2, hint="b has shape (c_out,): it belongs to dimension 1", **ROUNDING,
        arguments=lambda draw: {
            f"conv2d of {n} images of zeros and b ({c_out},)": no_images(draw, n, 2, h, w, c_out, 2, 2)
            for n, c_out, h, w in [(1, 3, 4, 6), (4, 2, 5, 3), (2, 5, 3, 4)]
        },
    )  # fmt: skip
    test_stride = conv2d.agrees(
        "moves by the stride, int or (height, width)", weight=2, sizes=with_steps(0.0, [2, (1, 2), (3, 1), (2, 2)], [0] * 4), **ROUNDING
    )
    test_padding = conv2d.agrees(
        "pads every side with zeros, int or (height, width)", weight=2, hint="F.pad begins with the last dimension",
        sizes=with_steps(0.0, [1] * 4, [1, (0, 1), (2, 0), (1, 2)]), **ROUNDING,
    )  # fmt: skip
    test_together = conv2d.agrees("stride, padding and bias together", sizes=with_steps(1.0, [2, (2, 1), (1, 3), 2], [(1, 0), 1, (2, 1), 0]), **ROUNDING)
    test_defaults = conv2d.agrees(
        "without them, stride is 1 and padding 0", hint="the signature is conv2d(X, W, b, stride=1, padding=0)", follows=True, **ROUNDING,
        arguments=lambda draw: {"conv2d(X, W, b)": batch(draw)[:3]},
    )  # fmt: skip
    test_dtype = conv2d.keeps_dtype(title="the result has the dtype of X, and X may lie in any memory order", weight=2, size=(2, 3, 5, 4, 4, 2, 2, 1.0, 2, 1))
    test_gradients = conv2d.gradients(weight=2, title="gradients flow back to X, W and b", sizes=[(2, 2, 4, 3, 3, 2, 2), (1, 2, 4, 5, 2, 3, 2, 1.0, 2, 1)])
    test_batch = conv2d.at_once("n", weight=2, title="no loop over the samples", hint="the batch is a dimension of the large matrix too")

    @criterion("no loop over the pixels of the output", hint="all windows at once: unfold", hint_for=("too slow",))
    def test_pixels(self, student, draw):
        for words, sizes in [("an image of {} rows", lambda n: (2, 2, n, 5)), ("an image of {} columns", lambda n: (2, 2, 5, n))]:

            def arguments(n, sizes=sizes):
                return batch(draw, *sizes(n), 3, 2, 3)

            assert_vectorised(student.conv2d, arguments, what="conv2d", sizes=(4, 14), grows=(words, "the pixels"))
        conv2d.compare(conv2d.ask(student, [batch(draw)]), follows=True, **ROUNDING)

    test_inputs = conv2d.leaves_inputs(title="X, W and b are left as they were")
    test_again = conv2d.again(sizes=[(), (), (2, 3, 6, 5, 2, 3, 2)])


# Pooling and upsampling ----------------------------------------------------------------------------------------------


WINDOWS = [((2, 5, 7), 2), ((1, 6, 4), 3), ((3, 4, 6), 2)]


def pooling(draw, shape=(2, 5, 7), size=2, mode="max", stride=2, padding=0):
    return draw.normal(*shape), size, mode, stride, padding


def pooled(change=lambda size, mode, stride, padding: (size, mode, stride, padding), fill=None, ceil=False, counted=True):
    """A pool2d with mistakes: change(size, mode, stride, padding) → what is taken for them, stride and padding in pairs. fill: what the padding is filled
    with, ceil: whether the rest gets a window too, counted: whether a mean counts the padding."""

    def slip(X, size, mode="max", stride=None, padding=0):
        pair = reference.pair
        (kh, kw), mode, (sh, sw), (ph, pw) = change(pair(size), mode, pair(size if stride is None else stride), pair(padding))
        planes = X.reshape(1, -1, *X.shape[-2:])
        try:
            if fill is not None:
                planes, (ph, pw) = F.pad(planes, (pw, pw, ph, ph), value=fill), (0, 0)
            if mode == "max":
                Y = F.max_pool2d(planes, (kh, kw), (sh, sw), (ph, pw), ceil_mode=ceil)
            else:
                Y = F.avg_pool2d(planes, (kh, kw), (sh, sw), (ph, pw), ceil_mode=ceil, count_include_pad=counted)
        except RuntimeError:  # a window larger than the image
            return None
        return Y.reshape(*X.shape[:-2], *Y.shape[-2:])

    return slip


def channels_mixed(X, size, mode="max", stride=None, padding=0):
    Y = reference.pool2d(X, size, mode, stride, padding)
    return Y if Y.ndim < 3 else Y.amax(0, keepdim=True) if mode == "max" else Y.mean(0, keepdim=True)


def by_hand(change, of):
    """A slip of the results of one mode: change(X, size, right result)."""

    def slip(X, size, mode="max", stride=None, padding=0):
        return change(X, reference.pair(size), reference.pool2d(X, size, mode, stride, padding)) if mode == of else None

    return slip


def default_stride(stride_of):
    """A pool2d that takes stride_of(kh, kw) where no stride is given."""
    return lambda X, size, mode="max", stride=None, padding=0: reference.pool2d(
        X, size, mode, stride_of(*reference.pair(size)) if stride is None else stride, padding
    )  # fmt: skip


def absolute(X, size, mode="max", stride=None, padding=0):
    return reference.pool2d(X.abs(), size, mode, stride, padding) if mode == "max" and reference.pair(padding) == (0, 0) else None


def only(mode, slip):
    """The slip, where all is of this mode."""
    return lambda X, size, given="max", *rest: slip(X, size, given, *rest) if given == mode else None


pool2d = case(
    reference.pool2d, pooling,
    slips={
        "the maximum is taken where the mean belongs": only("avg", pooled(lambda size, mode, *rest: (size, "max", *rest))),
        "the mean is taken where the maximum belongs": only("max", pooled(lambda size, mode, *rest: (size, "avg", *rest))),
        "the sum of each window is taken where its mean belongs": by_hand(lambda X, size, Y: size[0] * size[1] * Y, of="avg"),
        "the largest absolute value is taken; a maximum may be negative": absolute,
        "the smallest number is taken where the maximum belongs":
            lambda X, size, mode="max", *rest: -reference.pool2d(-X, size, mode, *rest) if mode == "max" else None,
        "the channels are pooled together; each one is pooled on its own": channels_mixed,
        "the stride is 1 where none is given; it is the size of the window": default_stride(lambda kh, kw: 1),
        "the height of the window is the stride in both directions where none is given": default_stride(lambda kh, kw: kh),
        "the width of the window is the stride in both directions where none is given": default_stride(lambda kh, kw: kw),
        "the windows are 2x2, whatever the size is": pooled(lambda size, mode, *rest: ((2, 2), mode, *rest)),
        "the size of the window is read as (width, height)": pooled(lambda size, mode, *rest: (size[::-1], mode, *rest)),
        "the stride is read as (width, height)": pooled(lambda size, mode, stride, padding: (size, mode, stride[::-1], padding)),
        "the stride is not used": pooled(lambda size, mode, stride, padding: (size, mode, size, padding)),
        "zeros of the padding win: the padding of a maximum counts as minus infinity": only("max", pooled(fill=0.0)),
        "the mean does not count the padding; here it divides by the size of the whole window": only("avg", pooled(counted=False)),
        "the padding is not used": pooled(lambda size, mode, stride, padding: (size, mode, stride, (0, 0))),
        "the padding is read as (columns, rows): F.pad begins with the last dimension":
            pooled(lambda size, mode, stride, padding: (size, mode, stride, padding[::-1])),
        "what is left at the end gets a window of its own; it is dropped": pooled(ceil=True),
    },
)  # fmt: skip


def large(draw, padding):
    """Numbers that a fill value would win against where it is not small enough, or that would be taken for it."""
    return {
        f"the maximum of numbers from {value:,} down, with padding": (value - draw.integers(0, 4, 2, 5, 6).float(), 3, "max", 3, padding)
        for value in (0, -1, -100, -1_000_000, -(10**12))
    }


@exercise("pool2d", forbid=["pool"])
class TestPool2d:
    test_max = pool2d.agrees('"max" gives the largest number of each window', weight=2, sizes=[(shape, k, "max", k) for shape, k in WINDOWS])
    test_avg = pool2d.agrees('"avg" gives the mean of each window', weight=2, sizes=[(shape, k, "avg", k) for shape, k in WINDOWS])
    test_stride = pool2d.agrees(
        "a stride may differ from the size: int or (height, width)",
        sizes=[((2, 6, 7), 2, mode, stride) for mode, stride in [("max", 1), ("avg", 3), ("max", (3, 1)), ("avg", (1, 2))]],
    )  # fmt: skip
    test_size = pool2d.agrees(
        "a window may be (height, width)", sizes=[((2, 6, 8), size, mode, size) for mode, size in [("max", (3, 2)), ("avg", (1, 4)), ("max", (2, 3))]]
    )
    test_default_stride = pool2d.agrees(
        "without a stride, windows lie side by side", hint="the stride is the size of the window: its height downwards, its width sideways",
        arguments=lambda draw: {f"pool2d(X, {size})": (draw.normal(2, 6, 7), size) for size in (2, 3, 1)}
        | {f'pool2d(X, {size}, "{mode}")': (draw.normal(2, 6, 8), size, mode) for size, mode in [((3, 2), "max"), ((1, 4), "avg")]},
    )  # fmt: skip
    test_max_padding = pool2d.agrees(
        "padding never wins a maximum", weight=2, hint="pad with minus infinity", arguments=lambda draw: {
            f"the maximum of negative numbers, size {size}, padding {padding}": (-1 - draw.uniform(2, 5, 6), size, "max", size, padding)
            for size, padding in [(2, 1), (3, (0, 1)), (3, (1, 0))]
        } | large(draw, 1),
    )  # fmt: skip
    test_avg_padding = pool2d.agrees(
        "the mean counts the padding as zeros", hint="it divides by the size of the whole window", arguments=lambda draw: {
            f"the mean, size {size}, padding {padding}": (draw.normal(2, 5, 6, mean=1), size, "avg", size, padding)
            for size, padding in [(2, 1), (3, (0, 1)), (3, (1, 0))]
        },
    )  # fmt: skip
    test_leading_dimensions = pool2d.agrees(
        "every channel and every sample is pooled on its own", weight=2, hint="only the last two dimensions get smaller",
        sizes=[(shape, 2, mode, 2) for shape in [(4, 6), (3, 4, 2), (1, 2, 6, 4), (4, 3, 2, 4)] for mode in ("max", "avg")],
    )  # fmt: skip
    test_dtype = pool2d.keeps_dtype(title="the result has the dtype of X", size=((2, 5, 7), (2, 3), "avg", 2, 1))
    test_gradients = pool2d.gradients(title="gradients flow back to X", sizes=[((2, 4, 6), 2, mode, 2) for mode in ("max", "avg")])
    test_inputs = pool2d.leaves_inputs(title="X is left as it was", sizes=[((2, 4, 4), 2, mode, 2, padding) for mode in ("max", "avg") for padding in (0, 1)])
    test_again = pool2d.again(sizes=[(), (), ((3, 4, 6), 2)])


def small_image(draw, n=2, shape=(2, 3, 4), scale=2):
    return draw.normal(*(() if n is None else (n,)), *shape), scale


def copies(X, rows, columns):
    return X.repeat_interleave(rows, -2).repeat_interleave(columns, -1)


def zeros_between(X, scale):
    Y = torch.zeros_like(copies(X, scale, scale))
    Y[..., ::scale, ::scale] = X
    return Y


upsample_nearest = case(
    reference.upsample_nearest, small_image,
    slips={
        "whole copies are laid side by side (repeat); each pixel should become a square": lambda X, scale: X.repeat(*[1] * (X.ndim - 2), scale, scale),
        "only the height grows": lambda X, scale: copies(X, scale, 1),
        "only the width grows": lambda X, scale: copies(X, 1, scale),
        "the pixels are divided by the number of copies": lambda X, scale: copies(X, scale, scale) / scale**2,
        "there are zeros between the pixels": zeros_between,
        "dimensions 0 and 1 grow; it should be the last two": lambda X, scale: X.repeat_interleave(scale, 0).repeat_interleave(scale, 1),
        "the image becomes twice as large, whatever the scale is": lambda X, scale: copies(X, 2, 2),
    },
)  # fmt: skip


@exercise(
    "upsample_nearest", forbid=["interpolate", "upsample", "upsample_nearest", "upsample_nearest2d", "upsample_nearest_exact2d", "upsample_bilinear"]
)  # fmt: skip
class TestUpsampleNearest:
    test_values = upsample_nearest.agrees(
        "every pixel becomes a square",
        weight=2,
        hint="repeat_interleave, not repeat",
        sizes=[(None, (3, 4), 2), (None, (1, 5), 3), (None, (4, 2), 4), (None, (2, 3), 1)],
    )
    test_leading_dimensions = upsample_nearest.agrees(
        "channels and samples come along", hint="only the last two dimensions grow", sizes=[(2, (3, 4), 2), (1, (3, 2, 5), 3), (4, (1, 3, 2), 2)]
    )
    # torch.kron, which is welcome, refuses some memory orders.
    test_dtype = upsample_nearest.agrees(
        "the result has the dtype of X", follows=True,
        arguments=lambda draw: {
            "upsample_nearest(X, 2) for float64": small_image(draw.float64),
            "upsample_nearest(X, 3) for every other row of X": (draw.normal(2, 6, 5)[:, ::2], 3),
        },
    )  # fmt: skip
    test_gradients = upsample_nearest.gradients(title="gradients flow back to X")
    test_vectorised = upsample_nearest.at_once("n", title="no loop over the batch")
    test_inputs = upsample_nearest.leaves_inputs(title="X is left as it was")
    test_again = upsample_nearest.again(sizes=[(), (), (1, (3, 2), 3)])


# Cost and receptive field --------------------------------------------------------------------------------------------

LAYERS = [(1, 6, (5, 5), (28, 28)), (3, 8, (3, 3), (10, 12)), (7, 2, (1, 4), (9, 5)), (16, 24, (2, 3), (1, 7))]
MANY = (31, 17, (7, 5), (61, 53))  # 59,632,685 multiply-adds: float32 does not know this number


def costs(f):
    """The student's conv_cost, which has to give two numbers."""

    def both(*arguments):
        result = f(*arguments)
        expect(isinstance(result, list | tuple) and len(result) == 2, "conv_cost(...) does not return two numbers, (parameters, multiply_adds)", "wrong type")
        return result

    return both


def cost(which, slips):
    """The case of one of the two numbers."""

    def right(*layer):
        return reference.conv_cost(*layer)[which]

    return case(right, lambda draw, *layer: layer, name="conv_cost", slips=slips, call=lambda f: lambda *layer: costs(f)(*layer)[which])


def of_layer(count):
    """A slip of a layer's cost: count(c_in, c_out, kh, kw, oh, ow, bias)."""
    return lambda c_in, c_out, kernel, out, bias=True: count(c_in, c_out, *kernel, *out, bias)


parameters = cost(0, {
    "the bias is not counted": of_layer(lambda i, o, kh, kw, oh, ow, bias: i * o * kh * kw),
    "the bias is always counted": of_layer(lambda i, o, kh, kw, oh, ow, bias: i * o * kh * kw + o),
    "each input channel has a bias; it is each output channel": of_layer(lambda i, o, kh, kw, oh, ow, bias: i * o * kh * kw + i * bias),
    "each pair of channels has a bias; it is each output channel": of_layer(lambda i, o, kh, kw, oh, ow, bias: i * o * kh * kw + i * o * bias),
    "there is one bias for all output channels; each one has its own": of_layer(lambda i, o, kh, kw, oh, ow, bias: i * o * kh * kw + bias),
    "the input channels are left out: each has its own slice of the kernel": of_layer(lambda i, o, kh, kw, oh, ow, bias: o * kh * kw + o * bias),
    "the output channels are left out: each has a kernel of its own": of_layer(lambda i, o, kh, kw, oh, ow, bias: i * kh * kw + o * bias),
    "the kernel is taken for a square": of_layer(lambda i, o, kh, kw, oh, ow, bias: i * o * kh * kh + o * bias),
    "the weights are counted for every pixel, which all share them, or the multiply-adds stand first": (
        of_layer(lambda i, o, kh, kw, oh, ow, bias: i * o * kh * kw * oh * ow + o * bias), lambda *layer: reference.conv_cost(*layer)[1],
    ),
})  # fmt: skip
multiply_adds = cost(1, {
    "the bias is counted as well": of_layer(lambda i, o, kh, kw, oh, ow, bias: (i * o * kh * kw + o * bias) * oh * ow),
    "multiplications and additions are counted each for itself": of_layer(lambda i, o, kh, kw, oh, ow, bias: 2 * i * o * kh * kw * oh * ow),
    "the input channels are left out": of_layer(lambda i, o, kh, kw, oh, ow, bias: o * kh * kw * oh * ow),
    "the output channels are left out": of_layer(lambda i, o, kh, kw, oh, ow, bias: i * kh * kw * oh * ow),
    "the kernel is taken for a square": of_layer(lambda i, o, kh, kw, oh, ow, bias: i * o * kh * kh * oh * ow),
    "the output is taken for a square": of_layer(lambda i, o, kh, kw, oh, ow, bias: i * o * kh * kw * oh * oh),
    "one pixel is counted; every pixel of the output costs as much": of_layer(lambda i, o, kh, kw, oh, ow, bias: i * o * kh * kw),
    "the multiply-adds stand first": lambda *layer: reference.conv_cost(*layer)[0],
})  # fmt: skip
conv_cost = case(
    reference.conv_cost, lambda draw, c_in=3, c_out=5, kernel=(2, 3), out=(7, 4), bias=True: (c_in, c_out, kernel, out, bias),
    gives=("the number of parameters", "the number of multiply-adds"),
)  # fmt: skip


def numbers_of(what, which, biases, layers=LAYERS):
    return lambda draw: {f"{what}, conv_cost{(*layer, bias)}[{which}],": (*layer, bias) for bias in biases for layer in layers}


@exercise("conv_cost")
class TestConvCost:
    test_weights = parameters.agrees(
        "without a bias, the parameters are the weights", hint="they do not depend on the size of the image",
        arguments=numbers_of("the number of parameters", 0, [False]),
    )  # fmt: skip
    test_multiply_adds = multiply_adds.agrees(
        "every output pixel of every output channel costs a kernel of multiply-adds", weight=2, hint="the bias does not count",
        arguments=numbers_of("the number of multiply-adds", 1, [True, False]),
    )  # fmt: skip

    @criterion("a bias adds one parameter for each output channel")
    def test_bias(self, student):
        # What it adds, so that wrong weights cost nothing here.
        f, added = costs(student.conv_cost), []
        for layer in LAYERS:
            without, its = (f(*layer, bias)[0] for bias in (False, True))
            right = reference.conv_cost(*layer, False)[0]
            added.append(((*layer, True), right + as_number(its, what="the number of parameters") - as_number(without, what="the number of parameters")))
        words = [f"the number of parameters with a bias, conv_cost{layer}[0]," for layer, _ in added]
        parameters.compare(added, words)
        assert_close(f(*LAYERS[0]), f(*LAYERS[0], True), what="conv_cost without a fifth argument, which stands for True,")

    test_large = conv_cost.agrees(
        "counts exactly, however large the numbers are", hint="Python's whole numbers have no end; float32 counts to 2**24", sizes=[MANY], follows=True
    )
    test_again = conv_cost.again(sizes=[(), (4, 2, (3, 1), (5, 6)), (1, 7, (2, 5), (3, 8))], draws=True)


def in_steps(change, start=1):
    """A receptive_field with mistakes: change(field, step, kernel, stride) → the next field and step."""

    def slip(layers):
        field, step = start, 1
        for kernel, stride in layers:
            field, step = change(field, step, kernel, stride)
        return field

    return slip


field = case(
    reference.receptive_field, lambda draw, layers=((5, 1), (2, 3), (4, 2), (3, 1)): (list(layers),),
    slips={
        "the strides are left out": in_steps(lambda r, j, k, s: (r + k - 1, 1)),
        "the step is the last stride only, not the product of all so far": in_steps(lambda r, j, k, s: (r + (k - 1) * j, s)),
        "a layer's own stride counts for the layer itself": in_steps(lambda r, j, k, s: (r + (k - 1) * j * s, j * s)),
        "the whole kernel is added, not the kernel minus one": in_steps(lambda r, j, k, s: (r + k * j, j * s)),
        "the strides are added up; they multiply": (
            in_steps(lambda r, j, k, s: (r + (k - 1) * j, j + s - 1)), in_steps(lambda r, j, k, s: (r + (k - 1) * j, j + s)),
        ),
        "the kernels are multiplied": in_steps(lambda r, j, k, s: (r * k, 1)),
        "the field starts at 0; a number sees one pixel before the first layer": in_steps(lambda r, j, k, s: (r + (k - 1) * j, j * s), start=0),
        "the pairs are read as (stride, kernel)": in_steps(lambda r, j, k, s: (r + (s - 1) * j, j * k)),
        "the last layer comes first": lambda layers: reference.receptive_field(layers[::-1]),
        "every stride above 1 counts as 2": in_steps(lambda r, j, k, s: (r + (k - 1) * j, j * min(s, 2))),
    },
)  # fmt: skip


def fields_of(*cases):
    return lambda draw: {f"receptive_field({layers})": (layers,) for layers in cases}


def field_and_layers(student, layers):
    """The field, and what the list holds after the call."""
    return student.receptive_field(layers), layers


@exercise("receptive_field")
class TestReceptiveField:
    test_stride_one = field.agrees(
        "with stride 1, every layer adds its kernel minus one", weight=2,
        arguments=fields_of([(3, 1)], [(3, 1), (5, 1)], [(2, 1), (2, 1), (7, 1)], [(1, 1), (4, 1)]),
    )  # fmt: skip
    test_strides = field.agrees(
        "the strides of all earlier layers multiply", weight=3, hint="a product of strides, over all layers so far",
        arguments=fields_of(
            [(3, 2), (3, 2), (3, 2)], [(7, 2), (3, 2), (3, 1), (3, 1)], [(5, 3), (2, 2), (4, 1), (3, 5)], [(11, 4), (3, 2), (5, 1)], [(4, 9)] * 9,
        ),
    )  # fmt: skip
    test_own_stride = field.agrees("a layer's own stride does not count for itself", weight=2, arguments=fields_of([(3, 2)], [(5, 4)], [(4, 1), (2, 3)]))
    test_empty = field.agrees("without layers, a number sees one pixel", arguments=fields_of([]))

    @criterion("the list of layers is left as it was", hint="go through the list; pop takes the layers out of it")
    def test_inputs(self, student):
        layers = [[5, 1], [2, 3], [4, 2]]
        seen, after = student.run(field_and_layers, layers=layers)
        expect(after == layers, "layers was changed by the call; it should be left as it was")
        field.compare([((layers,), seen)], ["receptive_field([[5, 1], [2, 3], [4, 2]])"], follows=True)

    test_again = field.again(sizes=[(), (((3, 2), (2, 1)),), (((2, 2), (5, 3), (3, 1)),)])


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
    """How many parameters a LeNet has, how many of them the next one has too, and whether the program is as it was before."""
    import torch

    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)  # whatever an earlier call has left
    first, second = student.lenet(), student.lenet()
    for net in (first, second):
        net(torch.zeros(1, 1, 28, 28))
    first, second = ({p.data_ptr() for p in net.parameters()} for net in (first, second))
    return len(first), len(first & second), torch.is_grad_enabled() and torch.get_default_dtype() == torch.float32


def lenet_with(activation=nn.Sigmoid, pool=nn.AvgPool2d, last=nn.Identity, early=None, late=None):
    """A LeNet, or one with a usual mistake in it. early, late: the activations of the convolutions and those of the fully connected layers."""
    early, late = early or activation, late or activation
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), early(), pool(2), nn.Conv2d(6, 16, 5), early(), pool(2), nn.Flatten(),
        nn.Linear(400, 120), late(), nn.Linear(120, 84), late(), nn.Linear(84, 10), last(),
    )  # fmt: skip


MISTAKES = {
    "max pooling": lenet_with(pool=nn.MaxPool2d),
    "ReLU where sigmoids belong": lenet_with(activation=nn.ReLU),
    "tanh where sigmoids belong": lenet_with(activation=nn.Tanh),
    "no activation": lenet_with(activation=nn.Identity),
    "no activation after the convolutions": lenet_with(early=nn.Identity),
    "no activation between the fully connected layers": lenet_with(late=nn.Identity),
    "ReLU and max pooling": lenet_with(activation=nn.ReLU, pool=nn.MaxPool2d),
    "a softmax at the end": lenet_with(last=lambda: nn.Softmax(1)),
    "a log-softmax at the end": lenet_with(last=lambda: nn.LogSoftmax(1)),
    "a sigmoid at the end": lenet_with(last=nn.Sigmoid),
}


@exercise("lenet")
class TestLenet:
    @criterion("has the layers of the table: ten parameter tensors, 61,706 numbers", weight=2)
    def test_parameters(self, student, draw):
        shapes = sorted(map(tuple, student.run(shapes_of_lenet, device=draw.device)))
        wanted = sorted(tuple(p.shape) for p in lenet_with().parameters())
        count = sum(torch.Size(shape).numel() for shape in shapes)
        expect(shapes == wanted, f"lenet() has {len(shapes)} parameter tensors with {count} numbers in all, of other shapes than the table says", "wrong shape")

    @criterion("with the same weights, gives the same logits", weight=4, hint="padding 2, sigmoid, average pooling, nothing at the end")
    def test_outputs(self, student, draw):
        right = lenet_with().to(draw.device)
        net = student.run(make_lenet, device=draw.device)
        weights = [draw.normal(*p.shape, scale=2 / max(1, p[0].numel()) ** 0.5) for p in parameters_of(right)]
        load_weights(student, net, weights, what="lenet()")
        copy_into(right, weights)
        for n in (1, 3, 7):
            X = draw.normal(n, 1, 28, 28)
            Y, wanted = net(X.clone()), right(X).detach()
            assert_shape(Y, (n, 10), what="lenet()(X)")
            try:
                assert_close(Y, wanted, what="lenet()(X)", rtol=1e-3, atol=1e-4)
            except Finding:
                for name, variant in MISTAKES.items():
                    copy_into(variant.to(draw.device), weights)
                    if torch.allclose(Y, variant(X), rtol=1e-3, atol=1e-4):
                        raise Finding(f"lenet()(X) is what a LeNet with {name} gives", named=name) from None
                raise

    @criterion("gradients reach every parameter")
    def test_gradients(self, student, draw):
        reached = student.run(backward_through_lenet, X=draw.normal(3, 1, 28, 28), upstream=draw.normal(3, 10))
        expect(len(reached) > 0 and all(reached), f"{reached.count(False)} of {len(reached)} parameters get no gradient", "no gradient")

    @criterion("every call makes a new network", hint="a network made outside the function is shared by all callers")
    def test_new(self, student):
        count, common, as_before = student.run(make_two_lenets)
        expect(count > 0, "the network of lenet() has no parameters", "missing")
        expect(common == 0, "two calls of lenet() share their parameters")
        expect(as_before, "after a call of lenet() autograd is switched off, or the default dtype is another")


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

    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)  # whatever an earlier call has left
    before = [p.detach().clone() for p in net.parameters()]
    net.register_forward_hook(after_forward)
    for parameter in net.parameters():
        parameter.register_hook(lambda gradient, parameter=parameter: incoming.__setitem__(parameter, gradient.clone()))
        parameter.register_post_accumulate_grad_hook(after_backward)
    losses = student.train_lenet(net, Batches(), num_epochs)
    moved = [not torch.equal(old, new) for old, new in zip(before, net.parameters())]
    as_before = torch.is_grad_enabled() and torch.get_default_dtype() == torch.float32
    seen = {"losses": losses, "logits": logits, "labels": labels, "samples": sum(trained_on), "added": sum(added)}
    return {**seen, "moved": all(moved), "as before": as_before}


BATCHES = [4, 4, 4, 2]


def three_short_epochs(student, draw):
    """What is seen of a training on 14 samples."""
    X, y, _, _ = three_digits()
    rows = draw.permutation(len(X))[: sum(BATCHES)]
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
    def test_losses(self, student, draw):
        seen = student.once(three_short_epochs, draw)
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
    def test_samples(self, student, draw):
        seen = student.once(three_short_epochs, draw)
        expect(seen["samples"] >= 42, f"14 samples and 3 epochs: {seen['samples']} samples went through the network, expected 42")
        expect(seen["moved"], "some parameters of the network are the same after training")

    @criterion("old gradients are cleared before the next backward pass", weight=1, timeout_s=60)
    def test_cleared(self, student, draw):
        seen = student.once(three_short_epochs, draw)
        expect(seen["samples"] > 0, "nothing was trained")
        expect(seen["added"] == 0, "gradients of an earlier batch were still there: they add up")

    @criterion("leaves the program as it was", timeout_s=60, hint="`with torch.no_grad():` ends by itself; torch.set_grad_enabled(False) does not")
    def test_program(self, student, draw):
        seen = student.once(three_short_epochs, draw)
        expect(seen["samples"] > 0, "nothing was trained")
        expect(seen["as before"], "after a call of train_lenet autograd is switched off, or the default dtype is another")
