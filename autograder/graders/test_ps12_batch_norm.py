"""Hidden grader of ps12_batch_norm."""

import math
from functools import cache

import torch
from course_tools import digits
from torch.nn import functional as F

from autograder import (
    assert_close,
    assert_finite,
    assert_gradients,
    assert_shape,
    assert_unchanged,
    assert_vectorised,
    criterion,
    exercise,
    expect,
    fail,
    kind_of,
)
from solutions.ps12_batch_norm import batch_norm as reference

FEATURES = [(5, 2), (2, 3), (9, 6), (1, 4)]
IMAGES = [(2, 2, 3, 1), (4, 5, 2, 3), (1, 3, 2, 4)]
NO_AUTOGRAD = ["grad", "backward", "make_dual"]
NORM_BACKWARD = ["native_batch_norm_backward", "cudnn_batch_norm_backward", "miopen_batch_norm_backward", "batch_norm_backward"]

# Sums of float32 in any order; and an eps of 1e-5 on either side of the root is no error here: that has a criterion of its own.
EXACT = {"rtol": 1e-4, "atol": 2e-5}
# Sees neither where eps stands nor whether it is 1e-3.
BUT_FOR_EPS = {"rtol": 5e-3, "atol": 2e-3}
# For batches of 64 and more: does not see whether a variance is divided by m or by m - 1. That has criteria of its own.
ROUGH = {"rtol": 3e-2, "atol": 3e-2, "check_dtype": False}


def shared(X):
    """The dimensions whose numbers share one mean in batch norm: all but the second."""
    return [i for i in range(X.ndim) if i != 1]


def variance(X, dims, unbiased=False):
    m = math.prod(X.shape[i] for i in dims)
    square = ((X - X.mean(dims, keepdim=True)) ** 2).sum(dims, keepdim=True)
    return square / (torch.tensor(m - 1.0) if unbiased else m)


def normal(rng, *shape, device="cpu", dtype=torch.float32):
    return torch.randn(*shape, generator=rng, dtype=torch.float64).to(device, dtype)


def between(rng, low, high, *shape, device="cpu", dtype=torch.float32):
    return (low + (high - low) * torch.rand(*shape, generator=rng, dtype=torch.float64)).to(device, dtype)


def batch(rng, *shape, device="cpu", dtype=torch.float32):
    """Random numbers of which each feature or channel has its own mean, and a deviation from 1 to 3."""
    X = normal(rng, *shape, dtype=torch.float64)
    own = [1, shape[1], *[1] * (len(shape) - 2)]
    X = X - X.mean(shared(X), keepdim=True)
    X = X / (X**2).mean(shared(X), keepdim=True).sqrt().clamp(min=1e-6)
    X = X * between(rng, 1, 3, *own, dtype=torch.float64) + 2 * normal(rng, *own, dtype=torch.float64)
    return X.to(device, dtype)


def state(rng, X):
    """gamma, beta, moving_mean and moving_var for a batch X; gamma and moving_var are not near 0."""
    shape, like = (X.shape[1],) if X.ndim == 2 else (1, X.shape[1], 1, 1), {"device": X.device, "dtype": X.dtype}
    sign = torch.where(between(rng, -1, 1, *shape, **like) < 0, -1, 1)
    means = [normal(rng, *shape, **like) for _ in range(2)]
    return between(rng, 0.5, 2, *shape, **like) * sign, means[0], means[1], between(rng, 0.5, 2.5, *shape, **like)


def other_order(X):
    """The same numbers in another order in memory."""
    return X.transpose(0, -1).contiguous().transpose(0, -1)


def triple(result, what):
    """The three tensors that an answer returns."""
    none = " (is the return statement missing?)" if result is None else ""
    right = isinstance(result, list | tuple) and len(result) == 3
    expect(right, f"{what} returns {described(result)}, three tensors were expected{none}", "wrong type")
    return result


def described(value):
    if isinstance(value, list | tuple):
        return f"{len(value)} things"
    return {"tensor": "one tensor", "none": "nothing"}.get(kind_of(value), f"a {kind_of(value)}")


def same(a, b, rtol=1e-3):
    alike = isinstance(a, torch.Tensor) and a.shape == b.shape
    return alike and bool(torch.allclose(a.detach().cpu().double(), b.detach().cpu().double(), rtol=rtol, atol=1e-4))


def assert_right(actual, expected, what, slips, **tolerances):
    """As assert_close, but where the result is that of a known slip, the message names it.

    slips: {words: what the slip makes of it, a tensor or a function without arguments that returns one}.
    """
    try:
        assert_close(actual, expected, what=what, **{**EXACT, "check_dtype": False, **tolerances})
    except AssertionError:
        for words, result in slips.items():
            if same(actual, result() if callable(result) else result):
                fail(f"{what} is what comes out when {words}")
        raise


def slips_of(X, gamma, beta, eps, moving=None, momentum=0.9):
    """What known mistakes make of batch norm in training."""

    def formula(dims=None, unbiased=False, outside=False, root=True, scale=gamma, shift=beta):
        dims = shared(X) if dims is None else dims
        mean, var = X.mean(dims, keepdim=True), variance(X, dims, unbiased)
        width = var.sqrt() + eps if outside else (var + eps).sqrt() if root else var + eps
        return (scale * (X - mean) / width + shift).expand(X.shape)

    slips = {
        "the variance is divided by m - 1; here it is divided by m": lambda: formula(unbiased=True),
        "eps is added after the root; here it stands inside": lambda: formula(outside=True),
        "the variance is divided by m - 1 and eps is added after the root": lambda: formula(unbiased=True, outside=True),
        "the root is missing: X - mean divided by the variance": lambda: formula(root=False),
        "mean and variance are taken over everything at once": lambda: formula(list(range(X.ndim))),
        "gamma and beta are left out": lambda: formula(scale=1, shift=0),
        "gamma is left out": lambda: formula(scale=1),
        "beta is left out": lambda: formula(shift=0),
        "gamma and beta are swapped": lambda: formula(scale=beta, shift=gamma),
    }
    if X.ndim == 2:
        slips["mean and variance are taken along each row"] = lambda: formula([1])
    else:
        slips["each pixel has a mean of its own: the mean runs over the samples only"] = lambda: formula([0])
        slips["each sample has a mean of its own: the mean runs over the pixels only"] = lambda: formula([2, 3])
        slips["each sample has one mean for all channels and pixels"] = lambda: formula([1, 2, 3])
    if moving is not None:

        def with_moving(mean, var):
            return gamma * (X - mean) / (var + eps).sqrt() + beta

        def updated():
            own = X.mean(shared(X), keepdim=True), variance(X, shared(X))
            return [momentum * old + (1 - momentum) * new.reshape(old.shape) for old, new in zip(moving, own, strict=True)]

        slips["the moving statistics are used; training uses those of the batch"] = lambda: with_moving(*moving)
        slips["the updated moving statistics are used; training uses those of the batch"] = lambda: with_moving(*updated())
    return slips


def slips_in_evaluation(X, gamma, beta, mean, var, eps):
    """What known mistakes make of batch norm in evaluation."""
    root = (var + eps).sqrt()
    return {
        "the statistics of the batch are used": lambda: in_training(X, gamma, beta, eps),
        "eps is added after the root; here it stands inside": lambda: gamma * (X - mean) / (var.sqrt() + eps) + beta,
        "eps is left out": lambda: gamma * (X - mean) / var.sqrt() + beta,
        "the root is missing: X - mean divided by the variance": lambda: gamma * (X - mean) / (var + eps) + beta,
        "gamma and beta are left out": lambda: (X - mean) / root,
        "gamma is left out": lambda: (X - mean) / root + beta,
        "beta is left out": lambda: gamma * (X - mean) / root,
        "gamma and beta are swapped": lambda: beta * (X - mean) / root + gamma,
    }


def in_training(X, gamma, beta, eps):
    """Y of batch norm in training."""
    return reference.batch_norm(X, gamma, beta, torch.zeros_like(beta), torch.ones_like(beta), eps, 0.9, True)[0]


# The function --------------------------------------------------------------------------------------------------------


def batch_norm_under_no_grad(student, arguments):
    import torch

    with torch.no_grad():
        return student.batch_norm(*arguments)


@exercise("batch_norm", forbid=["norm"])
class TestBatchNormFunction:
    @staticmethod
    def usable(student, device, cases):
        """The cases, of which each begins with the shape of X. Without those for images where images do not work at all: that has a criterion of its own."""
        X = batch(torch.Generator().manual_seed(12), 2, 3, 4, 5, device=device)
        try:
            result = student.batch_norm(X.clone(), *state(torch.Generator().manual_seed(12), X), 1e-5, 0.7, True)
            assert_shape(triple(result, "batch_norm")[0], X.shape, what="Y")
        except AssertionError:
            return [case for case in cases if len(case[0]) == 2]
        return cases

    @staticmethod
    def training(student, rng, device, shapes):
        for shape in shapes:
            X = batch(rng, *shape, device=device)
            gamma, beta, mean, var = state(rng, X)
            what = f"Y in training for X {shape}"
            result = student.batch_norm(X.clone(), gamma, beta, mean, var, 1e-5, 0.7, True)
            slips = slips_of(X, gamma, beta, 1e-5, (mean, var), 0.7)
            assert_right(triple(result, "batch_norm")[0], in_training(X, gamma, beta, 1e-5), what, slips)

    @criterion(
        "training: each feature of (n, d) is normalised with mean and variance of its column",
        weight=3,
        hint="mean and biased variance over dim 0; then gamma · … + beta",
    )
    def test_features(self, student, rng, device):
        self.training(student, rng, device, FEATURES)

    @criterion(
        "training: each channel of (n, c, h, w) is normalised over samples and pixels",
        weight=3,
        hint="mean and biased variance over (0, 2, 3), with keepdim=True",
    )
    def test_images(self, student, rng, device):
        self.training(student, rng, device, IMAGES)

    @criterion("eps is added inside the root, in training and in evaluation", weight=2, hint="torch.sqrt(var + eps), with the eps that was given")
    def test_eps(self, student, rng, device):
        for shape, eps in self.usable(student, device, [((90, 2), 0.1), ((10, 3, 2, 4), 0.3)]):
            X = batch(rng, *shape, device=device)
            X = X / 6
            gamma, beta, mean, var = state(rng, X)
            Y = triple(student.batch_norm(X.clone(), gamma, beta, mean, var, eps, 0.7, True), "batch_norm")[0]
            slips = slips_of(X, gamma, beta, eps)
            assert_right(Y, in_training(X, gamma, beta, eps), f"Y in training with eps={eps}", slips, **ROUGH)
            var = var / 10
            Y = triple(student.batch_norm(X.clone(), gamma, beta, mean, var, eps, 0.7, False), "batch_norm")[0]
            right = gamma * (X - mean) / (var + eps).sqrt() + beta
            slips = slips_in_evaluation(X, gamma, beta, mean, var, eps)
            assert_right(Y, right, f"Y in evaluation with eps={eps}", slips, rtol=1e-3)

    @criterion(
        "evaluation uses the moving statistics and returns them as they came; `training` alone decides which mode it is",
        weight=3,
        hint="training=False: moving_mean and moving_var in place of the batch's mean and variance, and no update",
    )
    def test_evaluation(self, student, rng, device):
        for shape in [(6, 3), (3, 4, 2, 3), (1, 4), (1, 2, 3, 4)]:
            X = batch(rng, *shape, device=device)
            gamma, beta, mean, var = state(rng, X)
            what = f"in evaluation for X {shape}"
            Y, new_mean, new_var = triple(student.batch_norm(X.clone(), gamma, beta, mean.clone(), var.clone(), 1e-5, 0.7, False), "batch_norm")
            slips = slips_in_evaluation(X, gamma, beta, mean, var, 1e-5)
            assert_right(Y, gamma * (X - mean) / (var + 1e-5).sqrt() + beta, f"Y {what}", slips)
            assert_close(new_mean, mean, what=f"moving_mean {what}", check_dtype=False)
            assert_close(new_var, var, what=f"moving_var {what}", check_dtype=False)
        X = batch(rng, 64, 3, device=device)
        gamma, beta, mean, var = state(rng, X)
        result = student.run(batch_norm_under_no_grad, arguments=[X, gamma, beta, mean, var, 1e-5, 0.7, True])
        what = "Y with training=True, called under torch.no_grad()"
        assert_close(triple(result, "batch_norm")[0], in_training(X, gamma, beta, 1e-5), what=what, **ROUGH)

    @criterion(
        "the moving statistics keep the share `momentum` and take the rest from the batch",
        weight=3,
        hint="momentum * moving_mean + (1 - momentum) * mean; the same for the biased variance; shape (d,) or (1, c, 1, 1)",
    )
    def test_moving_statistics(self, student, rng, device):
        for shape, momentum in [((2, 3), 0.7), ((5, 4), 0.9), ((1, 2, 3, 2), 0.2), ((3, 4, 1, 2), 0.7)]:
            X = batch(rng, *shape, device=device)
            gamma, beta, mean, var = state(rng, X)
            result = student.batch_norm(X.clone(), gamma, beta, mean.clone(), var.clone(), 0.1, momentum, True)
            _, new_mean, new_var = triple(result, "batch_norm")
            own_mean = X.mean(shared(X), keepdim=True).reshape(mean.shape)
            for name, new, old, own in (("moving_mean", new_mean, mean, own_mean), ("moving_var", new_var, var, self.variance(X, var))):
                unbiased = self.variance(X, var, unbiased=True)
                slips = {
                    "momentum is the share that is replaced; here it is the share that is kept": momentum * own + (1 - momentum) * old,
                    "it is not updated": old,
                    "it is replaced by that of the batch": own,
                    "the variance is divided by m - 1; here it is divided by m": momentum * old + (1 - momentum) * unbiased,
                    "eps is counted as a part of the variance": momentum * old + (1 - momentum) * (own + 0.1),
                }
                if name == "moving_mean":
                    slips = dict(list(slips.items())[:3])
                what = f"{name} after X {shape} with momentum={momentum}"
                assert_right(new, momentum * old + (1 - momentum) * own, what, slips)

    @staticmethod
    def variance(X, like, unbiased=False):
        return variance(X, shared(X), unbiased).reshape(like.shape)

    @criterion("the moving statistics carry no graph", hint="mean.detach() in the update: the memory does not learn")
    def test_no_graph(self, student, rng, device):
        for (shape,) in self.usable(student, device, [((64, 3),), ((16, 2, 2, 3),)]):
            X = batch(rng, *shape, device=device)
            gamma, beta, mean, var = state(rng, X)
            leaves = [x.clone().requires_grad_() for x in (X, gamma, beta)]
            Y, new_mean, new_var = triple(student.batch_norm(*leaves, mean, var, 1e-5, 0.7, True), "batch_norm")
            assert_close(Y, in_training(X, gamma, beta, 1e-5), what="Y in training", **ROUGH)
            for name, value in (("moving_mean", new_mean), ("moving_var", new_var)):
                expect(isinstance(value, torch.Tensor), f"{name} is no tensor", "wrong type")
                expect(not value.requires_grad, f"{name} carries the graph of the batch it was computed from")

    @criterion(
        "gradients flow back to X, gamma and beta, through the batch's mean and variance too",
        weight=2,
        hint="detach only what goes into the moving statistics, not the mean and variance inside Y",
    )
    def test_gradients(self, student, rng, device):
        X = batch(rng, 4, 2, device=device, dtype=torch.float64)
        gamma, beta, mean, var = state(rng, X)

        def training(X, gamma, beta):
            return triple(student.batch_norm(X, gamma, beta, mean, var, 0.1, 0.7, True), "batch_norm")[0]

        assert_gradients(training, *(x.clone().requires_grad_() for x in (X, gamma, beta)), what="Y in training")
        for shape, mode in self.usable(student, device, [((6, 3), True), ((3, 2, 2, 4), True), ((5, 4), False), ((2, 3, 3, 2), False)]):
            X = batch(rng, *shape, device=device)
            gamma, beta, mean, var = state(rng, X)
            leaves = [x.clone().requires_grad_() for x in (X, gamma, beta)]
            what = f"Y in {'training' if mode else 'evaluation'} for X {shape}"
            Y = triple(student.batch_norm(*leaves, mean, var, 0.1, 0.7, mode), "batch_norm")[0]
            self.assert_plausible_gradients(Y, leaves, rng, mode, what)

    @staticmethod
    def assert_plausible_gradients(Y, leaves, rng, mode, what):
        """What holds for the gradients of every normalisation, whichever variance it uses: an error in the values has criteria of its own."""
        X, gamma, beta = leaves
        assert_shape(Y, X.shape, what=what)
        if not Y.requires_grad:
            fail(f"{what} carries no graph: was it detached, or computed under no_grad?", "no gradient")
        upstream = normal(rng, *X.shape, device=X.device)
        gradients = torch.autograd.grad(Y, leaves, upstream.to(Y), allow_unused=True)
        for name, gradient in zip(("X", "gamma", "beta"), gradients, strict=True):
            if gradient is None:
                fail(f"no gradient comes back from {what} to {name}", "no gradient")
        dX, dgamma, dbeta = gradients
        dims, tolerances = shared(X), {"rtol": 1e-3, "atol": 1e-3, "check_dtype": False}
        right = upstream.sum(dims).reshape(beta.shape)
        assert_close(dbeta, right, what=f"the gradient of beta, from {what}", **tolerances)
        right = (upstream * (Y - beta) / gamma).detach().sum(dims).reshape(gamma.shape)
        assert_close(dgamma, right, what=f"the gradient of gamma, from {what}", **tolerances)
        expect(bool(dX.abs().max() > 1e-3), f"the gradient of X, from {what}, is zero", "no gradient")
        if mode:
            unmoved = dX.sum(dims)
            assert_close(unmoved, torch.zeros_like(unmoved), what=f"the gradient of X, from {what}, summed over each feature", **tolerances)

    @criterion(
        "stays right for constant columns and for numbers far from zero",
        weight=2,
        hint="subtract the mean before squaring; let the root see var + eps, never the variance alone",
    )
    def test_stability(self, student, rng, device):
        X = batch(rng, 128, 3, device=device)
        for words, moved in {"numbers near 2000": X + 2000, "numbers near -3000": X - 3000, "numbers of size 1e10": X * 1e10}.items():
            gamma, beta, mean, var = state(rng, X)
            result = student.batch_norm(moved.clone(), gamma, beta, mean, var, 1e-5, 0.7, True)
            Y, new_mean, new_var = triple(result, "batch_norm")
            assert_finite(Y, what=f"Y for {words}")
            right = in_training(moved.double(), gamma.double(), beta.double(), 1e-5)
            assert_close(Y, right, what=f"Y for {words}", **ROUGH)
            assert_finite(new_mean, what=f"moving_mean for {words}")
            assert_finite(new_var, what=f"moving_var for {words}")
        for (shape,) in self.usable(student, device, [((8, 3),), ((2, 3, 2, 4),)]):
            constant = batch(rng, *shape, device=device)
            constant[:, 0], constant[:, 2] = 500.0, -0.25
            gamma, beta, mean, var = state(rng, constant)
            leaves = [x.clone().requires_grad_() for x in (constant, gamma, beta)]
            Y = triple(student.batch_norm(*leaves, mean, var, 1e-5, 0.7, True), "batch_norm")[0]
            for column in (0, 2):
                flat = Y.detach()[:, column]
                right = torch.full_like(flat, beta.flatten()[column].item())
                assert_finite(flat, what="Y of a constant column")
                assert_close(flat, right, what="Y of a constant column", rtol=1e-3, atol=1e-3, check_dtype=False)
            if Y.requires_grad:
                gradients = torch.autograd.grad(Y, leaves, normal(rng, *shape, device=device), allow_unused=True)
                for name, gradient in zip(("X", "gamma", "beta"), gradients, strict=True):
                    if gradient is not None:
                        assert_finite(gradient, what=f"the gradient of {name} with a constant column")

    @criterion("works on the whole batch at once", hint="mean and variance along a dimension are one operation each: no loop over the samples")
    def test_vectorised(self, student, rng, device):
        def arguments(*shape, training=True):
            X = batch(rng, *shape, device=device)
            return X, *state(rng, X), 1e-5, 0.7, training

        for (shape,) in self.usable(student, device, [((64, 3),), ((64, 2, 2, 3),)]):
            rest = shape[1:]
            X, gamma, beta, *others = arguments(*shape)
            Y = triple(student.batch_norm(X.clone(), gamma, beta, *others), "batch_norm")[0]
            assert_close(Y, in_training(X, gamma, beta, 1e-5), what="Y in training", **ROUGH)
            assert_vectorised(student.batch_norm, lambda n, rest=rest: arguments(n, *rest), what="batch_norm")
        assert_vectorised(student.batch_norm, lambda n: arguments(n, 3, training=False), what="batch_norm in evaluation")

    @criterion("keeps the dtype, and takes numbers in any memory order", hint="float64 in, float64 out, in full precision; reshape instead of view")
    def test_dtype(self, student, rng, device):
        for (shape,) in self.usable(student, device, [((64, 3),), ((8, 2, 3, 4),)]):
            X = batch(rng, *shape, device=device, dtype=torch.float64)
            gamma, beta, mean, var = state(rng, X)
            Y, new_mean, new_var = triple(student.batch_norm(X.clone(), gamma, beta, mean, var, 1e-5, 0.7, True), "batch_norm")
            for name, value in (("Y", Y), ("moving_mean", new_mean), ("moving_var", new_var)):
                dtype = str(value.dtype).removeprefix("torch.") if isinstance(value, torch.Tensor) else "none"
                expect(dtype == "float64", f"{name} for float64 numbers has dtype {dtype}, expected float64", "wrong type")
            assert_close(Y, in_training(X, gamma, beta, 1e-5), what="Y for float64 numbers", **ROUGH)
            centre = Y.mean(shared(Y)).reshape(beta.shape)
            assert_close(centre, beta, what="beta, as the mean of Y for float64 numbers", rtol=1e-10, atol=1e-10)
            X = other_order(batch(rng, *shape, device=device))
            gamma, beta, mean, var = state(rng, X)
            Y = triple(student.batch_norm(X, gamma, beta, mean, var, 1e-5, 0.7, True), "batch_norm")[0]
            assert_close(Y, in_training(X, gamma, beta, 1e-5), what="Y for non-contiguous numbers", **ROUGH)

    @criterion("leaves all its arguments unchanged", hint="X -= … and moving_mean *= … write into the caller's tensors; return new ones")
    def test_unchanged(self, student, rng, device):
        for shape, mode in self.usable(student, device, [((64, 3), True), ((16, 2, 2, 3), True), ((64, 2), False)]):
            X = batch(rng, *shape, device=device)
            names, given = ("X", "gamma", "beta", "moving_mean", "moving_var"), [X, *state(rng, X)]
            passed = [x.clone() for x in given]
            Y = triple(student.batch_norm(*passed, 1e-5, 0.7, mode), "batch_norm")[0]
            for name, before, after in zip(names, given, passed, strict=True):
                assert_unchanged(before, after, what=name)
            right = reference.batch_norm(*given, 1e-5, 0.7, mode)[0]
            if mode:
                assert_close(Y, right, what="Y", **ROUGH)
            else:
                assert_shape(Y, right.shape, what="Y")


# The layer -----------------------------------------------------------------------------------------------------------

NO_FORWARD = "BatchNorm has no method called forward: is its name misspelt?"
STATE = ("gamma", "beta", "moving_mean", "moving_var")


def lent_batch_norm(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.9, training=True):
    """The reference, for students whose own is not right yet. It is called on this side."""
    return reference.batch_norm(X, gamma, beta, moving_mean, moving_var, eps, momentum, training)


def put(student, name, value):
    setattr(student, name, value)


def agrees_with_lent(student, rng, device, shape, mode):
    """Whether the student's batch_norm gives the same three results and the same gradients."""
    X = batch(rng, *shape, device=device)
    gamma, beta, mean, var = state(rng, X)
    leaves = [x.requires_grad_() for x in (X, gamma, beta)]
    mine, right = (f(*leaves, mean, var, 0.1, 0.7, mode) for f in (student.batch_norm, lent_batch_norm))
    upstream = normal(rng, *shape, device=device)
    slopes = [torch.autograd.grad(results[0], leaves, upstream) for results in (mine, right)]
    pairs = [*zip(mine, right, strict=True), *zip(*slopes, strict=True)]
    return all(same(a, b) for a, b in pairs) and not (mine[1].requires_grad or mine[2].requires_grad)


def lend_batch_norm(student, rng, device):
    """After this, the student's namespace has a right batch_norm: their own, if it is right."""
    cases = [((3, 2), True), ((2, 3, 1, 2), True), ((4, 3), False)]
    try:
        good = all(agrees_with_lent(student, rng, device, *case) for case in cases)
    except Exception:  # whatever is wrong with it has been said in its own exercise
        good = False
    if not good:
        student.run(put, name="batch_norm", value=lent_batch_norm)


def a_new_layer_with_numbers(student, num_features, num_dims, device, values):
    """A BatchNorm with these numbers in its attributes, parameters or not, where they fit."""
    import torch

    layer = student.BatchNorm(num_features, num_dims)
    if not isinstance(layer, torch.nn.Module):
        return None
    layer = layer.to(device)
    sizes = {}
    for name, value in values.items():
        own = getattr(layer, name, None)
        sizes[name] = list(own.shape) if isinstance(own, torch.Tensor) else None
        if isinstance(own, torch.Tensor) and own.numel() == value.numel():
            with torch.no_grad():
                own.copy_(value.reshape(own.shape))
    return {"layer": layer, "sizes": sizes, "has forward": type(layer).forward is not torch.nn.Module.forward}


def layer_with(student, rng, X):
    """A BatchNorm of the student's for inputs like X, and the numbers that it holds. Says what is wrong with its make."""
    lend_batch_norm(student, rng, X.device)
    values = dict(zip(STATE, state(rng, X), strict=True))
    made = student.run(a_new_layer_with_numbers, num_features=X.shape[1], num_dims=X.ndim, device=str(X.device), values=values)
    call = f"BatchNorm({X.shape[1]}, {X.ndim})"
    expect(isinstance(made, dict), f"{call} is not an nn.Module", "wrong type")
    expect(made["has forward"] is True, NO_FORWARD, "missing")
    assert_sizes(made["sizes"], values, call)
    return made["layer"], list(values.values())


def assert_sizes(sizes, values, call):
    for name, value in values.items():
        size = sizes[name]
        expect(isinstance(size, list), f"{call} has no tensor called {name}", "missing")
        fits = math.prod(size) == value.numel()
        expect(fits, f"{name} of {call} has shape {tuple(size)}, expected {tuple(value.shape)}", "wrong shape")


def a_new_layer(student, num_features, num_dims, X):
    """What a new BatchNorm registers, and how it starts."""
    import torch

    layer = student.BatchNorm(num_features, num_dims)
    if not isinstance(layer, torch.nn.Module):
        return None
    layer = layer.to(X.device)
    has_forward = type(layer).forward is not torch.nn.Module.forward
    parameters = {name: p.detach().clone() for name, p in layer.named_parameters()}
    trained = [name for name, p in layer.named_parameters() if p.requires_grad]
    saved = {name: v.clone() for name, v in layer.state_dict().items() if isinstance(v, torch.Tensor)}
    return {"parameters": parameters, "trained": trained, "saved": saved, "layer": layer, "has forward": has_forward}


def new_layer(student, X):
    """The record of a_new_layer, for inputs like X."""
    seen = student.run(a_new_layer, num_features=X.shape[1], num_dims=X.ndim, X=X)
    expect(isinstance(seen, dict), f"BatchNorm({X.shape[1]}, {X.ndim}) is not an nn.Module", "wrong type")
    return seen


def a_training_batch(student, layer, X):
    """What the layer has saved after a batch, and the dtypes after layer.double()."""
    import torch

    layer.train()
    layer(X)
    saved = {name: v.clone() for name, v in layer.state_dict().items() if isinstance(v, torch.Tensor)}
    layer.double()
    dtypes = [str(getattr(layer, name).dtype) for name in ("moving_mean", "moving_var")]
    return {"saved": saved, "dtypes": dtypes}


def training_under_no_grad(student, layer, X):
    import torch

    layer.train()
    with torch.no_grad():
        Y = layer(X)
    return [Y, layer.moving_mean.detach().clone()]


def assert_does_something(Y, X, what):
    """Y is something of the shape of X that is neither zero nor X itself; whether it is right is asked elsewhere."""
    assert_shape(Y, X.shape, what=what)
    expect(not same(Y, torch.zeros_like(X)) and not same(Y, X), f"{what} is zero, or X itself")


def training_in_float64(student, layer, X):
    import torch

    layer.double().train()
    with torch.no_grad():
        return layer(X)


def evaluation_under_no_grad(student, layer, X):
    import torch

    layer.eval()
    with torch.no_grad():
        return layer(X)


def two_backward_passes(student, layer, batches, upstreams):
    """Two training batches in a row, each with its backward pass. For each: Y and the gradients of X, gamma and beta."""
    layer.train()
    seen = []
    for X, upstream in zip(batches, upstreams):
        layer.zero_grad()
        X = X.clone().requires_grad_()
        Y = layer(X)
        if not Y.requires_grad:
            return None
        Y.backward(upstream)
        seen.append([Y.detach(), X.grad, layer.gamma.grad, layer.beta.grad])
    return seen


@exercise("BatchNorm", forbid=["norm"])
class TestBatchNormLayer:
    @criterion(
        "gamma and beta are parameters, one number for each feature or channel, that start at 1 and 0",
        weight=2,
        hint="nn.Parameter of shape (num_features,) or (1, num_features, 1, 1)",
    )
    def test_parameters(self, student, rng, device):
        for shape in [(4, 3), (2, 5, 2, 3)]:
            X = batch(rng, *shape, device=device)
            call = f"BatchNorm({shape[1]}, {len(shape)})"
            seen = new_layer(student, X)
            names = sorted(seen["parameters"])
            expect(names == ["beta", "gamma"], f"the parameters of {call} are {names}, expected gamma and beta", "missing")
            expect(len(seen["trained"]) == 2, f"gamma and beta of {call} do not both require a gradient", "no gradient")
            for name, start in (("gamma", 1.0), ("beta", 0.0)):
                value = seen["parameters"][name]
                size = (shape[1],) if len(shape) == 2 else (1, shape[1], 1, 1)
                fits = tuple(value.shape) == size or (len(shape) == 2 and tuple(value.shape) == (1, shape[1]))
                expect(fits, f"{name} of {call} has shape {tuple(value.shape)}, expected {size}", "wrong shape")
                expect(bool((value == start).all()), f"{name} of {call} does not start at {start:g}")

    @criterion(
        "moving_mean and moving_var are buffers: in the state_dict, moved with the layer; they start at 0 and 1",
        weight=3,
        hint='self.register_buffer("moving_mean", torch.zeros(shape)); assigning to self.moving_mean later keeps it a buffer',
    )
    def test_buffers(self, student, rng, device):
        lend_batch_norm(student, rng, device)
        for shape in [(4, 3), (2, 5, 2, 3)]:
            X = batch(rng, *shape, device=device)
            seen = new_layer(student, X)
            for name, start in (("moving_mean", 0.0), ("moving_var", 1.0)):
                expect(name not in seen["parameters"], f"{name} is a parameter: an optimizer would train it")
                expect(name in seen["saved"], f"{name} is not in the state_dict: it is neither saved nor moved with the layer", "missing")
                value = seen["saved"][name]
                right_size = value.numel() == shape[1]
                expect(right_size, f"{name} for {shape[1]} features or channels has shape {tuple(value.shape)}", "wrong shape")
                expect(bool((value == start).all()), f"{name} does not start at {start:g}")
        X = batch(rng, 6, 4, 2, 2, device=device)
        seen = new_layer(student, X)
        expect(seen["has forward"] is True, NO_FORWARD, "missing")
        seen = student.run(a_training_batch, layer=seen["layer"], X=X)
        for name, start in (("moving_mean", 0.0), ("moving_var", 1.0)):
            saved = seen["saved"].get(name)
            expect(saved is not None, f"{name} is no longer in the state_dict after a training batch", "missing")
            expect(not bool((saved == start).all()), f"{name} in the state_dict is still {start:g} after a training batch")
        expect(seen["dtypes"] == ["torch.float64"] * 2, "the moving statistics do not follow layer.double(), and would not follow .to(device)")

    @staticmethod
    def modes(student, rng, device, shapes):
        for shape in shapes:
            X = batch(rng, *shape, device=device)
            layer, (gamma, beta, mean, var) = layer_with(student, rng, X)
            layer.train()
            slips = slips_of(X, gamma, beta, 1e-5, (mean, var))
            given = other_order(X) if shape == (5, 2, 2, 3) else X.clone()
            assert_right(layer(given), in_training(X, gamma, beta, 1e-5), f"BatchNorm(X {shape}) in training", slips, **BUT_FOR_EPS)

    @criterion("in training a batch (n, d) is normalised with its own statistics", weight=2, hint="num_dims 2: shape (num_features,)")
    def test_features(self, student, rng, device):
        self.modes(student, rng, device, [(2, 3), (5, 2), (9, 4)])

    @criterion("in training a batch (n, c, h, w) is normalised with its own statistics", weight=2, hint="num_dims 4: shape (1, num_features, 1, 1)")
    def test_images(self, student, rng, device):
        self.modes(student, rng, device, [(2, 3, 4, 1), (5, 2, 2, 3), (1, 4, 3, 2)])

    @criterion(
        "each training batch moves the statistics, and 0.9 of the old ones is kept",
        weight=2,
        hint="assign what batch_norm returns to self.moving_mean and self.moving_var, every time",
    )
    def test_moves(self, student, rng, device):
        for shape in [(2, 3, 1, 4), (3, 2, 2, 1)]:
            X = batch(rng, *shape, device=device)
            layer, (_, _, mean, var) = layer_with(student, rng, X)
            layer.train()
            for _ in range(3):
                X = batch(rng, *shape, device=device)
                layer(X.clone())
                mean = 0.9 * mean + 0.1 * X.mean(shared(X), keepdim=True)
                var = 0.9 * var + 0.1 * X.var(shared(X), unbiased=False, keepdim=True)
            for name, value, right in (("moving_mean", layer.moving_mean, mean), ("moving_var", layer.moving_var, var)):
                assert_right(value.reshape(-1), right.reshape(-1), f"{name} after three batches", {})

    @criterion(
        "in evaluation it uses the statistics and leaves them alone, for a single sample too",
        weight=3,
        hint="training=self.training, which net.eval() sets to False",
    )
    def test_evaluation(self, student, rng, device):
        for shape in [(4, 3, 2, 1), (5, 2, 1, 3)]:
            X = batch(rng, *shape, device=device)
            layer, (gamma, beta, mean, var) = layer_with(student, rng, X)
            right = gamma * (X - mean) / (var + 1e-5).sqrt() + beta
            slips = slips_in_evaluation(X, gamma, beta, mean, var, 1e-5)
            assert_right(student.run(evaluation_under_no_grad, layer=layer, X=X), right, "BatchNorm(X) in evaluation", slips, **BUT_FOR_EPS)
            one = student.run(evaluation_under_no_grad, layer=layer, X=X[:1])
            assert_right(one, right[:1], "BatchNorm(X) of one sample in evaluation", {}, **BUT_FOR_EPS)
            assert_close(layer.moving_mean.reshape(-1), mean.reshape(-1), what="moving_mean after evaluation")
            assert_close(layer.moving_var.reshape(-1), var.reshape(-1), what="moving_var after evaluation")

    @criterion(
        "self.training decides about the mode, not the grad mode",
        weight=3,
        hint="torch.is_grad_enabled() says whether autograd records, which is another question",
    )
    def test_grad_mode(self, student, rng, device):
        X = batch(rng, 16, 3, 2, 2, device=device)
        layer, (gamma, beta, mean, var) = layer_with(student, rng, X)
        Y, moved = student.run(training_under_no_grad, layer=layer, X=X)
        assert_close(Y, in_training(X, gamma, beta, 1e-5), what="BatchNorm(X) in training mode, under torch.no_grad()", **ROUGH)
        expect(not same(moved.reshape(-1), mean.reshape(-1)), "in training mode, under torch.no_grad(), the statistics do not move")
        layer, (gamma, beta, mean, var) = layer_with(student, rng, X)
        layer.eval()
        Y = layer(X.clone().requires_grad_())
        right = gamma * (X - mean) / (var + 1e-5).sqrt() + beta
        assert_close(Y, right, what="BatchNorm(X) in evaluation mode, while autograd records", check_dtype=False, **BUT_FOR_EPS)
        assert_close(layer.moving_mean.reshape(-1), mean.reshape(-1), what="moving_mean after evaluation while autograd records")

    @criterion("gradients reach X, gamma and beta, batch after batch", weight=2, hint="no .data, no no_grad around the layer's own computation")
    def test_gradients(self, student, rng, device):
        batches = [batch(rng, 4, 3, 2, 3, device=device) for _ in range(2)]
        upstreams = [normal(rng, *X.shape, device=device) for X in batches]
        layer, (gamma, beta, _, _) = layer_with(student, rng, batches[0])
        steps = student.run(two_backward_passes, layer=layer, batches=batches, upstreams=upstreams)
        if steps is None:
            fail("the result of BatchNorm carries no graph: was it detached, or computed under no_grad?", "no gradient")
        for X, upstream, (Y, dX, dgamma, dbeta) in zip(batches, upstreams, steps, strict=True):
            for name, gradient in (("X", dX), ("gamma", dgamma), ("beta", dbeta)):
                if gradient is None:
                    fail(f"no gradient reaches {name}", "no gradient")
            tolerances = {"rtol": 1e-3, "atol": 1e-3, "check_dtype": False}
            assert_close(dbeta.reshape(-1), upstream.sum(shared(X)), what="the gradient of beta", **tolerances)
            right = (upstream * (Y - beta) / gamma).sum(shared(X))
            assert_close(dgamma.reshape(-1), right, what="the gradient of gamma", **tolerances)
            expect(bool(dX.abs().max() > 1e-3), "the gradient of X is zero", "no gradient")

    @criterion("keeps the dtype", hint="float64 in and layer.double(), float64 out; no .float() on the way")
    def test_dtype(self, student, rng, device):
        for shape in [(64, 3), (8, 2, 3, 4)]:
            X = batch(rng, *shape, device=device)
            layer, _ = layer_with(student, rng, X)
            X = batch(rng, *shape, device=device, dtype=torch.float64)
            Y = student.run(training_in_float64, layer=layer, X=X)
            dtype = str(Y.dtype).removeprefix("torch.") if isinstance(Y, torch.Tensor) else "none"
            expect(dtype == "float64", f"BatchNorm(X) for float64 numbers, after layer.double(), has dtype {dtype}, expected float64", "wrong type")
            assert_does_something(Y, X, "BatchNorm(X) for float64 numbers")

    @criterion("leaves its input unchanged", hint="X -= … writes into the caller's tensor; X - mean makes a new one")
    def test_unchanged(self, student, rng, device):
        for shape in [(64, 2), (8, 3, 2, 4)]:
            X = batch(rng, *shape, device=device)
            layer, _ = layer_with(student, rng, X)
            layer.train()
            passed = X.clone()
            Y = layer(passed)
            assert_unchanged(X, passed, what="X")
            assert_does_something(Y, X, "BatchNorm(X) in training")

    @criterion("eps is 1e-5", hint="eps=1e-5, in training and in evaluation")
    def test_eps(self, student, rng, device):
        X = batch(rng, 20, 2, 3, 3, device=device)
        X = (X - X.mean(shared(X), keepdim=True)) * 2e-3
        layer, (gamma, beta, _, _) = layer_with(student, rng, X)
        layer.train()
        right = in_training(X, gamma, beta, 1e-5)
        assert_close(layer(X.clone()), right, what="BatchNorm(X) of very small numbers in training", **ROUGH)


# The network ---------------------------------------------------------------------------------------------------------


def lend_layer(student):
    """Puts a layer over PyTorch's own in the place of the student's BatchNorm, if theirs does not do the same."""
    import torch

    class Layer(torch.nn.Module):
        def __init__(self, num_features, num_dims):
            super().__init__()
            self.inner = (torch.nn.BatchNorm1d if num_dims == 2 else torch.nn.BatchNorm2d)(num_features)

        def forward(self, X):
            return self.inner(X)

    def agrees():
        for shape, scale in [((5, 3), 2.0), ((3, 2, 2, 4), 3e-3)]:
            X = torch.randn(shape) * scale + scale
            mine, right = student.BatchNorm(shape[1], len(shape)), Layer(shape[1], len(shape))
            parameters = dict(mine.named_parameters())
            if not bool((parameters["gamma"] == 1).all()) or not bool((parameters["beta"] == 0).all()):
                return False
            with torch.no_grad():
                for name, q in (("gamma", right.inner.weight), ("beta", right.inner.bias)):
                    q.copy_(torch.rand(q.shape) + 0.5)
                    parameters[name].copy_(q.reshape(parameters[name].shape))
            # Twice in training, once before and once after it in evaluation: there PyTorch's moving variance, unbiased, differs a little.
            for mode, tolerance in ((False, 1e-3), (True, 1e-3), (True, 1e-3), (False, 5e-2)):
                mine.train(mode)
                right.train(mode)
                inputs = [X.clone().requires_grad_() for _ in range(2)]
                outputs = [mine(inputs[0]), right(inputs[1])]
                upstream = torch.randn(X.shape)
                for net, Y in zip((mine, right), outputs):
                    net.zero_grad()
                    Y.backward(upstream)
                slopes = [(parameters["gamma"].grad, right.inner.weight.grad), (parameters["beta"].grad, right.inner.bias.grad)]
                for a, b in [outputs, [x.grad for x in inputs], *slopes]:
                    if not torch.allclose(a.flatten(), b.flatten(), rtol=tolerance, atol=tolerance * float(b.detach().abs().max())):
                        return False
            untouched = X.clone()
            if mine(untouched).dtype != X.dtype or not torch.equal(untouched, X) or mine.double()(X.double()).dtype != torch.float64:
                return False
        return True

    state = torch.random.get_rng_state()
    try:
        good = agrees()
    except Exception:
        good = False
    torch.random.set_rng_state(state)
    if not good:
        student.BatchNorm = Layer


def a_new_network(student, device):
    net = student.lenet_bn()
    return net.to(device) if hasattr(net, "to") else net


def fill(student, net, kernels, biases, scales, shifts):
    """Copies numbers into a network whatever its layers are called and in whatever order they were made, and resets its moving statistics.

    Kernels are found by their shape. A module with two vectors of one size is a normalisation: the vector of ones is its scale, else the first.
    What is left of the size is the bias.
    """
    import torch

    missing = []
    with torch.no_grad():
        for kernel in kernels:
            mine = [p for p in net.parameters() if p.shape == kernel.shape]
            if len(mine) != 1:
                return ["kernel", list(kernel.shape)]
            mine[0].copy_(kernel)
        for size, bias in biases.items():
            used = []
            for module in net.modules():
                own = [p for p in module.parameters(recurse=False) if p.numel() == int(size)]
                if len(own) == 2 and size in scales:
                    own.sort(key=lambda p: not bool((p == 1).all()))
                    own[0].copy_(scales[size].reshape(own[0].shape))
                    own[1].copy_(shifts[size].reshape(own[1].shape))
                    used += own
            if size in scales and not used:
                missing.append(int(size))
            for p in net.parameters():
                if p.numel() == int(size) and p.ndim == 1 and all(p is not other for other in used):
                    p.copy_(bias)
        for name, buffer in net.named_buffers():
            if buffer.is_floating_point():
                buffer.fill_(1.0 if "var" in name.rpartition(".")[2] else 0.0)
    return ["normalisation", missing] if missing else []


def gradient_descent(student, net, X, y, batch_size, num_epochs, lr):
    """Plain gradient descent on the mean cross-entropy."""
    import torch

    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    net.train()
    for _ in range(num_epochs):
        for rows in torch.randperm(len(X)).split(batch_size):
            loss = torch.nn.functional.cross_entropy(net(X[rows]), y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def a_backward_pass(student, net, X, upstream):
    """The parameters' shapes, and whether a gradient that is not None and finite has come to each."""
    import torch

    net.train()
    net(X).backward(upstream)
    parameters = list(net.parameters())
    return [[list(p.shape), p.grad is not None and bool(torch.isfinite(p.grad).all())] for p in parameters]


LEARNED_DIGITS = [0, 3, 4, 6, 7]
LEARNS_GOAL = 0.55
SIZES = {"6": (6, 1, 5, 5), "16": (16, 6, 5, 5), "120": (120, 400), "84": (84, 120), "10": (10, 84)}


@cache
def five_digits():
    """240 images of five digits to learn from and 100 unseen ones, enlarged to 28x28."""
    X, y, X_test, y_test = digits()
    rows, test_rows = (torch.isin(labels, torch.tensor(LEARNED_DIGITS)) for labels in (y, y_test))
    X, X_test = (F.interpolate(images, size=28, mode="bilinear") for images in (X[rows][:240], X_test[test_rows][:100]))
    return X, y[rows][:240], X_test, y_test[test_rows][:100]


class Numbers:
    """Random numbers for every parameter of lenet_bn, and what the network, or one with a slip in it, makes of them."""

    def __init__(self, rng, device):
        self.kernels = [normal(rng, *shape, device=device) * 3 / math.prod(shape[1:]) ** 0.5 for shape in SIZES.values()]
        # Before a normalisation the bias has no effect in training; zero here, so that a network without it fails only where it should.
        self.biases = {size: torch.zeros(int(size), device=device) for size in SIZES}
        self.biases["10"] = normal(rng, 10, device=device)
        self.scales = {size: between(rng, 1, 3, int(size), device=device) for size in list(SIZES)[:4]}
        self.shifts = {size: normal(rng, int(size), device=device) for size in list(SIZES)[:4]}

    def load(self, student, net):
        wrong = student.run(fill, net=net, kernels=self.kernels, biases=self.biases, scales=self.scales, shifts=self.shifts)
        if wrong and wrong[0] == "kernel":
            fail(f"there is not exactly one weight of shape {tuple(wrong[1])} among the network's parameters, as in lenet", "wrong shape")
        if wrong:
            sizes = ", ".join(map(str, wrong[1]))
            fail(f"no batch normalisation with {sizes} features or channels was found in the network", "missing")

    def output(self, X, training, after=(), pooled=False, without=(), sigmoid=torch.sigmoid, pool=F.avg_pool2d, logits_too=False):
        """Logits. after, without: layers that are normalised after the sigmoid, or not at all. pooled: normalised after the pooling."""

        def norm(X, size):
            like = (1, -1, 1, 1) if X.ndim == 4 else (-1,)
            scale, shift = (self.scales[size].reshape(like), self.shifts[size].reshape(like)) if size in self.scales else (X.new_ones(1), X.new_zeros(1))
            return in_training(X, scale, shift, 1e-5) if training else scale * X / (1 + 1e-5) ** 0.5 + shift

        def activated(X, size):
            if pooled and X.ndim == 4:
                return sigmoid(norm(pool(X, 2), size))
            if size in without:
                X = sigmoid(X)
            elif size in after:
                X = norm(sigmoid(X), size)
            else:
                X = sigmoid(norm(X, size))
            return pool(X, 2) if X.ndim == 4 else X

        kernels = dict(zip(SIZES, self.kernels, strict=True))
        X = activated(F.conv2d(X, kernels["6"], padding=2), "6")
        X = activated(F.conv2d(X, kernels["16"]), "16").flatten(1)
        X = activated(X @ kernels["120"].T, "120")
        X = activated(X @ kernels["84"].T, "84")
        X = X @ kernels["10"].T + self.biases["10"]
        return norm(X, "10") if logits_too else X

    def slips(self, X, training):
        known = {
            "every normalisation stands after the sigmoid; here it stands before": {"after": ("6", "16", "120", "84")},
            "the normalisation stands after the pooling; here it stands before the sigmoid": {"pooled": True},
            "the logits are normalised too": {"logits_too": True},
            "the sigmoids are ReLUs": {"sigmoid": torch.relu},
            "the sigmoids are missing": {"sigmoid": torch.clone},
            "the pooling takes the maximum": {"pool": F.max_pool2d},
        }
        places = {"first convolution": "6", "second convolution": "16", "first linear layer": "120", "second linear layer": "84"}
        for place, size in places.items():
            known[f"there is no normalisation after the {place}"] = {"without": (size,)}
            known[f"the normalisation of the {place} stands after its sigmoid"] = {"after": (size,)}
        return {words: lambda options=options: self.output(X, training, **options) for words, options in known.items()}


@exercise("lenet_bn")
class TestLenetBn:
    @staticmethod
    def network(student, device):
        student.run(lend_layer)
        net = student.run(a_new_network, device=str(device))
        expect(kind_of(net) == "module", "lenet_bn() does not return an nn.Module", "wrong type")
        return net

    @criterion("maps images (n, 1, 28, 28) to ten logits each, a single image too in evaluation mode")
    def test_shapes(self, student, rng, device):
        net = self.network(student, device)
        for n in (2, 5):
            Y = net(between(rng, 0, 1, n, 1, 28, 28, device=device))
            assert_shape(Y, (n, 10), what=f"lenet_bn()(X) for {n} images")
            expect(bool((Y != 0).any()), "lenet_bn()(X) is zero for all images")
        net.eval()
        Y = net(between(rng, 0, 1, 1, 1, 28, 28, device=device))
        assert_shape(Y, (1, 10), what="lenet_bn()(X) for one image in evaluation mode")
        expect(bool((Y < 0).any()) or bool((Y > 1).any()) or not same(Y.sum(), Y.new_tensor(1.0)), "the outputs are probabilities, expected logits")

    @criterion(
        "has the parameters of lenet, and gamma and beta of four normalisations",
        weight=2,
        hint="6 and 16 channels, 120 and 84 features; all layers of lenet keep their bias",
    )
    def test_parameters(self, student, device):
        net = self.network(student, device)
        sizes = sorted(math.prod(p.shape) for p in net.parameters())
        expect(len(sizes) > 0, "the network has no parameters: are its layers registered (nn.Sequential, attributes)?", "missing")
        lenets = [size for shape in SIZES.values() for size in (math.prod(shape), shape[0])]
        norms = [size for size in (6, 16, 120, 84) for _ in range(2)]
        extra, missing = list(sizes), []
        for size in sorted(lenets + norms):
            extra.remove(size) if size in extra else missing.append(size)
        if missing or extra:
            words = [f"{word} of size {', '.join(map(str, odd))}" for word, odd in (("parameters missing", missing), ("too many", extra)) if odd]
            fail(f"{sum(sizes)} parameters instead of {sum(lenets + norms)}: {'; '.join(words)}", "wrong shape")

    @criterion("learns five digits in 24 steps of plain gradient descent", weight=2, timeout_s=60, hint="lenet itself is still guessing by then")
    def test_learns(self, student, device):
        share, right = self.share_read(student, device), f"it should be {LEARNS_GOAL:.0%} or more"
        expect(share >= LEARNS_GOAL, f"{share:.0%} of unseen images of five digits are read right after training (guessing: 20%); {right}")

    def share_read(self, student, device):
        """The share of unseen images that a network of the student's reads right after training."""
        X, y, X_test, y_test = (part.to(device) for part in five_digits())
        net = self.network(student, device)
        student.run(gradient_descent, net=net, X=X, y=y, batch_size=20, num_epochs=2, lr=0.5)
        net.train()
        Y = net(X_test)
        assert_shape(Y, (len(X_test), 10), what="lenet_bn()(X)")
        return (Y.argmax(dim=1) == y_test).double().mean().item()

    @criterion(
        "in training: convolution or linear layer, batch norm, sigmoid, in this order",
        weight=4,
        hint="after each convolution and each of the first two linear layers, before the sigmoid; nothing after the last layer",
    )
    def test_training(self, student, rng, device):
        for n in (6, 9):
            net, numbers = self.network(student, device), Numbers(rng, device)
            numbers.load(student, net)
            X = normal(rng, n, 1, 28, 28, device=device)
            net.train()
            # float32 through four normalisations of small batches: rounding grows a little, a wrong layer changes the first digit.
            given = other_order(X) if n == 9 else X.clone()
            assert_right(net(given), numbers.output(X, True), "the output in training mode", numbers.slips(X, True), rtol=2e-3, atol=2e-3)

    @criterion(
        "in evaluation: normalised with the moving statistics",
        weight=2,
        hint="net.eval() must reach each normalisation: layers in nn.Sequential or in attributes",
    )
    def test_evaluation(self, student, rng, device):
        for n in (3, 1):
            net, numbers = self.network(student, device), Numbers(rng, device)
            numbers.load(student, net)
            X = normal(rng, n, 1, 28, 28, device=device)
            net.eval()
            slips = numbers.slips(X, False)
            if n > 1:
                slips["the statistics of the batch are used"] = numbers.output(X, True)
            assert_right(net(X.clone()), numbers.output(X, False), "the output in evaluation mode", slips, rtol=2e-3, atol=2e-3)

    @criterion("gradients reach every parameter")
    def test_gradients(self, student, rng, device):
        net = self.network(student, device)
        X, upstream = between(rng, 0, 1, 5, 1, 28, 28, device=device), normal(rng, 5, 10, device=device)
        reached = student.run(a_backward_pass, net=net, X=X, upstream=upstream)
        expect(len(reached) > 0, "the network has no parameters", "missing")
        for shape, arrived in reached:
            expect(arrived is True, f"no gradient reaches a parameter of shape {tuple(shape)}", "no gradient")

    @criterion("keeps the dtype, and leaves its input unchanged", hint="net.double() takes float64 images and gives float64 logits")
    def test_dtype(self, student, rng, device):
        net, X = self.network(student, device), between(rng, 0, 1, 4, 1, 28, 28, device=device)
        passed = X.clone()
        Y = net(passed)
        assert_shape(Y, (4, 10), what="lenet_bn()(X)")
        expect(bool((Y != 0).any()), "lenet_bn()(X) is zero for all images")
        assert_unchanged(X, passed, what="X")
        Y = student.run(training_in_float64, layer=net, X=X.double())
        dtype = str(Y.dtype).removeprefix("torch.") if isinstance(Y, torch.Tensor) else "none"
        expect(dtype == "float64", f"lenet_bn().double()(X) for float64 images has dtype {dtype}, expected float64", "wrong type")

    @criterion("every call makes a new network with random weights", hint="make the layers inside the function")
    def test_new(self, student, rng, device):
        X = between(rng, 0, 1, 4, 1, 28, 28, device=device)
        nets = [self.network(student, device) for _ in range(2)]
        outputs = [net(X) for net in nets]
        for Y in outputs:
            assert_shape(Y, (4, 10), what="lenet_bn()(X)")
        expect(not same(outputs[0], outputs[1]), "two networks have the same weights")
        numbers = Numbers(rng, device)
        numbers.load(student, nets[0])
        expect(same(nets[1](X), outputs[1]), "two networks share their weights: changing one changes the other")


# Layer normalisation -------------------------------------------------------------------------------------------------


def a_new_layer_norm(student, shape, device, eps=None, gamma=None, beta=None):
    """A LayerNorm with these numbers in gamma and beta, where they fit."""
    import torch

    shape = tuple(shape) if isinstance(shape, (list, tuple)) else shape
    layer = student.LayerNorm(shape) if eps is None else student.LayerNorm(shape, eps)
    if not isinstance(layer, torch.nn.Module):
        return None
    layer = layer.to(device)
    sizes = {}
    for name, value in (("gamma", gamma), ("beta", beta)):
        own = getattr(layer, name, None)
        sizes[name] = list(own.shape) if isinstance(own, torch.Tensor) else None
        if value is not None and isinstance(own, torch.Tensor) and own.numel() == value.numel():
            own.data = value.reshape(own.shape).clone()
    parameters = {name: p.detach().clone() for name, p in layer.named_parameters()}
    forward = type(layer).forward is not torch.nn.Module.forward
    return {"layer": layer, "sizes": sizes, "parameters": parameters, "has forward": forward}


def layer_norm(student, shape, device, eps=None, gamma=None, beta=None):
    """The record of a_new_layer_norm. Says what is wrong with the make of the layer."""
    made = student.run(a_new_layer_norm, shape=shape, device=str(device), eps=eps, gamma=gamma, beta=beta)
    expect(isinstance(made, dict), f"LayerNorm({shape}) is not an nn.Module", "wrong type")
    expect(made["has forward"] is True, "LayerNorm has no method called forward: is its name misspelt?", "missing")
    for name, value in (("gamma", gamma), ("beta", beta)):
        size = made["sizes"][name]
        if value is not None:
            expect(isinstance(size, list), f"LayerNorm({shape}) has no tensor called {name}", "missing")
            fits = math.prod(size) == value.numel()
            expect(fits, f"{name} of LayerNorm({shape}) has shape {tuple(size)}, expected {tuple(value.shape)}", "wrong shape")
    return made


def rows_of(rng, *shape, over, device="cpu", dtype=torch.float32):
    """Random numbers of which each sample, over its last `over` dimensions, has its own mean and a deviation from 1 to 3."""
    X = normal(rng, math.prod(shape[:-over]), math.prod(shape[-over:]), dtype=torch.float64)
    X = (X - X.mean(1, keepdim=True)) / X.std(1, unbiased=False, keepdim=True)
    X = X * between(rng, 1, 3, len(X), 1, dtype=torch.float64) + 2 * normal(rng, len(X), 1, dtype=torch.float64)
    return X.reshape(shape).to(device, dtype)


def layer_normed(X, over, eps=1e-5, unbiased=False, outside=False):
    dims = tuple(range(-over, 0))
    var = variance(X, dims, unbiased)
    return (X - X.mean(dims, keepdim=True)) / (var.sqrt() + eps if outside else (var + eps).sqrt())


def layer_slips(X, over, eps=1e-5, scale=1, shift=0):
    """What known mistakes make of layer norm."""
    slips = {
        "the variance is divided by m - 1; here it is divided by m": lambda: layer_normed(X, over, eps, unbiased=True),
        "eps is added after the root; here it stands inside": lambda: layer_normed(X, over, eps, outside=True),
        "the variance is divided by m - 1 and eps is added after the root": lambda: layer_normed(X, over, eps, unbiased=True, outside=True),
        "mean and variance are taken over the batch, not within the sample": lambda: in_training(X, X.new_ones(1), X.new_zeros(1), eps),
        "mean and variance are taken over dimension 0": lambda: (X - X.mean(0)) / (X.var(0, unbiased=False) + eps).sqrt(),
        "mean and variance are taken over everything at once": lambda: layer_normed(X, X.ndim, eps),
        "mean and variance are taken over dimension 1, which is not the last": lambda: (
            (X - X.mean(1, keepdim=True)) / (X.var(1, unbiased=False, keepdim=True) + eps).sqrt()
        ),
    }
    if over > 1:
        slips["only the last dimension is normalised; shape names several"] = lambda: layer_normed(X, 1, eps)
    if over < X.ndim - 1:
        slips["all dimensions but the first are normalised; shape names fewer"] = lambda: layer_normed(X, X.ndim - 1, eps)
    return {words: (lambda result=result: scale * result() + shift) for words, result in slips.items()}


@exercise("LayerNorm", forbid=["norm"])
class TestLayerNorm:
    @criterion("gamma and beta are parameters of the given shape that start at 1 and 0", weight=2, hint="nn.Parameter(torch.ones(shape))")
    def test_parameters(self, student, device):
        for shape, size in [(3, (3,)), ((5,), (5,)), ((2, 3, 4), (2, 3, 4))]:
            made = layer_norm(student, shape, device)["parameters"]
            names = sorted(made)
            expect(names == ["beta", "gamma"], f"the parameters of LayerNorm({shape}) are {names}, expected gamma and beta", "missing")
            for name, start in (("gamma", 1.0), ("beta", 0.0)):
                assert_shape(made[name], size, what=f"{name} of LayerNorm({shape})")
                expect(bool((made[name] == start).all()), f"{name} of LayerNorm({shape}) does not start at {start:g}")

    @staticmethod
    def values(student, rng, device, cases):
        for size, shape in cases:
            over = len(shape) if isinstance(shape, tuple) else 1
            X = rows_of(rng, *size, over=over, device=device)
            layer = layer_norm(student, shape, device)["layer"]
            what = f"LayerNorm({shape})(X) for X {size}"
            assert_right(layer(X.clone()), layer_normed(X, over), what, layer_slips(X, over), **BUT_FOR_EPS)

    @criterion("an int: normalises over the last dimension, whatever stands before it", weight=3, hint="dim=-1, keepdim=True, biased variance")
    def test_last(self, student, rng, device):
        self.values(student, rng, device, [((5, 3), 3), ((2, 4, 3), 3), ((1, 4), 4), ((3, 1, 2, 5), 5)])

    @criterion("a tuple: normalises over all these last dimensions together", weight=3, hint="one mean over (-3, -2, -1) for a shape of three")
    def test_several(self, student, rng, device):
        self.values(student, rng, device, [((3, 2, 4), (2, 4)), ((1, 3, 2, 5), (3, 2, 5)), ((4, 2, 3, 2), (3, 2)), ((6, 3), (3,))])

    @staticmethod
    def several(student, device):
        """Whether a shape of several dimensions works; where it does not, what has other criteria is asked for one dimension."""
        X = rows_of(torch.Generator().manual_seed(12), 3, 2, 32, over=2, device=device)
        try:
            assert_close(layer_norm(student, (2, 32), device)["layer"](X.clone()), layer_normed(X, 2), what="LayerNorm((2, 32))(X)", **ROUGH)
        except AssertionError:
            return False
        return True

    @criterion("every entry has its own scale and shift", weight=2, hint="gamma * … + beta, which broadcast over the samples")
    def test_scale(self, student, rng, device):
        cases = [((4, 64), (64,)), ((3, 2, 16, 4), (16, 4)), ((2, 3, 4, 8), (3, 4, 8))]
        for size, shape in cases if self.several(student, device) else cases[:1]:
            X = rows_of(rng, *size, over=len(shape), device=device)
            gamma, beta = between(rng, 0.5, 2, *shape, device=device), normal(rng, *shape, device=device)
            layer = layer_norm(student, shape, device, gamma=gamma, beta=beta)["layer"]
            right = layer_normed(X, len(shape))
            slips = {
                "gamma and beta are left out": right,
                "gamma is left out": right + beta,
                "beta is left out": gamma * right,
            }
            assert_right(layer(X.clone()), gamma * right + beta, f"LayerNorm({shape})(X) with random gamma and beta", slips, **ROUGH)

    @criterion("eps is added inside the root, 1e-5 unless another is given", hint="torch.sqrt(var + self.eps)")
    def test_eps(self, student, rng, device):
        for size, eps, shrink in [((3, 80), 0.1, 0.1), ((2, 96), 0.4, 0.3), ((2, 90), None, 2e-3)]:
            X = rows_of(rng, *size, over=1, device=device) * shrink
            layer = layer_norm(student, size[1], device, eps=eps)["layer"]
            used = 1e-5 if eps is None else eps
            what = f"LayerNorm({size[1]}{'' if eps is None else f', eps={eps}'})(X) for small numbers"
            assert_right(layer(X.clone()), layer_normed(X, 1, used), what, layer_slips(X, 1, used), **ROUGH)

    @criterion(
        "a sample's result depends on nothing but the sample, in training and in evaluation",
        weight=2,
        hint="no moving statistics, no mean over the batch, no self.training",
    )
    def test_alone(self, student, rng, device):
        X = rows_of(rng, 4, 64, over=1, device=device)
        layer = layer_norm(student, 64, device)["layer"]
        layer.train()
        together = layer(X.clone())
        assert_close(together, layer_normed(X, 1), what="LayerNorm(64)(X)", **ROUGH)
        alone = [layer(X[i : i + 1].clone()) for i in range(3)]
        layer.eval()
        later = layer(X.clone())
        for i, Y in enumerate(alone):
            assert_close(Y, together[i : i + 1], what=f"sample {i} alone, compared with the same sample in a batch", check_dtype=False, **EXACT)
        assert_close(later, together, what="LayerNorm(64)(X) in evaluation, compared with training", check_dtype=False, **EXACT)

    @criterion("gradients flow back to X, gamma and beta", weight=2, hint="no .data, .detach() or no_grad on the way")
    def test_gradients(self, student, rng, device):
        X = rows_of(rng, 3, 4, over=1, device=device, dtype=torch.float64)
        double = student.run(a_layer_norm_in_float64, shape=4, device=str(device))
        assert_gradients(double, X.requires_grad_(), what="LayerNorm(4)(X)")
        shape = (2, 32) if self.several(student, device) else (64,)
        X = rows_of(rng, 3, *shape, over=len(shape), device=device)
        gamma, beta = between(rng, 0.5, 2, *shape, device=device), normal(rng, *shape, device=device)
        layer = layer_norm(student, shape, device, gamma=gamma, beta=beta)["layer"]
        upstream = normal(rng, *X.shape, device=device)
        seen = student.run(a_backward_pass_of_layer_norm, layer=layer, X=X, upstream=upstream)
        X_hat = layer_normed(X, len(shape))
        for name, right in (("beta", upstream.sum(0)), ("gamma", (upstream * X_hat).sum(0))):
            if seen[name] is None:
                fail(f"no gradient reaches {name}", "no gradient")
            assert_close(seen[name], right, what=f"the gradient of {name}", rtol=3e-2, atol=0.1, check_dtype=False)
        leaf = X.clone().requires_grad_()
        (right,) = torch.autograd.grad(gamma * layer_normed(leaf, len(shape)) + beta, leaf, upstream)
        if seen["X"] is None:
            fail("no gradient reaches X", "no gradient")
        assert_close(seen["X"], right, what="the gradient of X", **ROUGH)

    @criterion("stays right for constant samples and for numbers far from zero", hint="subtract the mean before squaring; sqrt(var + eps), not std + eps")
    def test_stability(self, student, rng, device):
        layer = layer_norm(student, 64, device)["layer"]
        X = rows_of(rng, 4, 64, over=1, device=device)
        for words, moved in {"numbers near 2000": X + 2000, "numbers near -3000": X - 3000}.items():
            Y = layer(moved.clone())
            assert_finite(Y, what=f"LayerNorm(64)(X) for {words}")
            assert_close(Y, layer_normed(moved.double(), 1), what=f"LayerNorm(64)(X) for {words}", **ROUGH)
        X[1], X[2] = 500.0, -0.25
        leaf = X.clone().requires_grad_()
        Y = layer(leaf)
        assert_finite(Y, what="LayerNorm(64)(X) of a constant sample")
        assert_close(Y[1:3].detach(), torch.zeros_like(X[1:3]), what="LayerNorm(64)(X) of a constant sample", rtol=1e-3, atol=1e-3, check_dtype=False)
        if Y.requires_grad:
            (gradient,) = torch.autograd.grad(Y, leaf, normal(rng, *X.shape, device=device), allow_unused=True)
            if gradient is not None:
                assert_finite(gradient, what="the gradient of X with a constant sample")

    @criterion("works on the whole batch at once", hint="mean over dims with keepdim=True does all samples in one operation")
    def test_vectorised(self, student, rng, device):
        shape = (2, 48) if self.several(student, device) else (96,)
        layer, over = layer_norm(student, shape, device)["layer"], len(shape)
        X = rows_of(rng, 5, *shape, over=over, device=device)
        assert_close(layer(X.clone()), layer_normed(X, over), what=f"LayerNorm({shape})(X)", **ROUGH)
        assert_vectorised(layer, lambda n: (rows_of(rng, n, *shape, over=over, device=device),), what="LayerNorm")

    @criterion("keeps the dtype, and takes numbers in any memory order", hint="float64 in, float64 out, in full precision; reshape instead of view")
    def test_dtype(self, student, rng, device):
        double = student.run(a_layer_norm_in_float64, shape=64, device=str(device))
        X = rows_of(rng, 3, 64, over=1, device=device, dtype=torch.float64)
        Y = double(X.clone())
        expect(isinstance(Y, torch.Tensor) and Y.dtype == torch.float64, "LayerNorm(64).double()(X) of float64 numbers is not float64", "wrong type")
        assert_close(Y, layer_normed(X, 1), what="LayerNorm(64)(X) of float64 numbers", **ROUGH)
        centre = Y.mean(1)
        assert_close(centre, torch.zeros_like(centre), what="the mean of each sample after LayerNorm, for float64 numbers", rtol=0, atol=1e-10)
        shape = (3, 32) if self.several(student, device) else (96,)
        layer = layer_norm(student, shape, device)["layer"]
        X = other_order(rows_of(rng, 4, *shape, over=len(shape), device=device))
        assert_close(layer(X), layer_normed(X, len(shape)), what=f"LayerNorm({shape})(X) of non-contiguous numbers", **ROUGH)

    @criterion("leaves its input unchanged", hint="X -= … writes into the caller's tensor; X - mean makes a new one")
    def test_unchanged(self, student, rng, device):
        layer = layer_norm(student, 64, device)["layer"]
        X = rows_of(rng, 5, 64, over=1, device=device)
        passed = X.clone()
        assert_close(layer(passed), layer_normed(X, 1), what="LayerNorm(64)(X)", **ROUGH)
        assert_unchanged(X, passed, what="X")


def a_layer_norm_in_float64(student, shape, device):
    return student.LayerNorm(shape).to(device).double()


def a_backward_pass_of_layer_norm(student, layer, X, upstream):
    X = X.clone().requires_grad_()
    layer(X).backward(upstream)
    return {"X": X.grad, "gamma": layer.gamma.grad, "beta": layer.beta.grad}


# Folding -------------------------------------------------------------------------------------------------------------


def folding(student, weight, bias, norm, options, eps, X):
    """Folds a convolution and a normalisation with these numbers. Returns what came of it, and conv's and bn's tensors afterwards."""
    import sys

    import torch

    c_out, c_in = weight.shape[0], weight.shape[1] * options.get("groups", 1)
    options = {name: tuple(value) if isinstance(value, list) else value for name, value in options.items()}
    conv = torch.nn.Conv2d(c_in, c_out, tuple(weight.shape[2:]), bias=bias is not None, **options).to(weight)
    bn = torch.nn.BatchNorm2d(c_out, eps=eps).to(weight).eval()
    with torch.no_grad():
        conv.weight.copy_(weight)
        if bias is not None:
            conv.bias.copy_(bias)
        for own, value in zip((bn.weight, bn.bias, bn.running_mean, bn.running_var), norm):
            own.copy_(value)
    library = []

    def watch(frame, event, _):
        if event == "call" and frame.f_code.co_filename.endswith("fusion.py"):
            library.append(frame.f_code.co_name)

    sys.setprofile(watch)
    try:
        folded = student.fold_batch_norm(conv, bn)
    finally:
        sys.setprofile(None)
    seen = {"library": library[:1], "type": type(folded) is torch.nn.Conv2d, "new": folded is not conv, "evaluation": not bn.training}
    seen["left"] = [conv.weight, conv.bias, bn.weight, bn.bias, bn.running_mean, bn.running_var]
    seen["left"] = [None if own is None else own.detach().clone() for own in seen["left"]]
    if seen["type"]:
        seen["weight"] = folded.weight.detach().clone()
        seen["bias"] = None if folded.bias is None else folded.bias.detach().clone()
        seen["trained"] = all(p is None or isinstance(p, torch.nn.Parameter) for p in (folded.weight, folded.bias))
        seen["Y"] = folded(X).detach() if folded.weight.dtype == X.dtype else None
        with torch.no_grad():
            conv.weight.add_(1.0)
            bn.weight.add_(1.0)
        seen["own"] = torch.equal(folded.weight, seen["weight"])
    return seen


class Case:
    """A convolution, a normalisation and their numbers."""

    def __init__(self, rng, device, weight, bias=True, eps=1e-5, dtype=torch.float32, size=(6, 7), **options):
        self.like = {"device": device, "dtype": dtype}
        self.weight, c_out = normal(rng, *weight, **self.like), weight[0]
        self.bias = normal(rng, c_out, **self.like) if bias else None
        sign = torch.where(between(rng, -1, 1, c_out, **self.like) < 0, -1, 1)
        var = between(rng, 0.4, 2.5, c_out, **self.like)
        self.norm = [between(rng, 0.5, 2, c_out, **self.like) * sign, normal(rng, c_out, **self.like), normal(rng, c_out, **self.like), var]
        self.eps, self.options = eps, options
        self.X = normal(rng, 2, weight[1] * options.get("groups", 1), *size, **self.like)

    def fold(self, student):
        given = {"weight": self.weight, "bias": self.bias, "norm": self.norm, "options": self.options, "eps": self.eps, "X": self.X}
        seen = student.run(folding, **given)
        if seen["library"]:
            fail("fold_batch_norm calls torch.nn.utils.fusion; this exercise asks you to write it yourself", "forbidden operation")
        expect(seen["type"] is True, "fold_batch_norm does not return an nn.Conv2d", "wrong type")
        return seen

    def assert_folded(self, seen):
        """Something was done to conv's numbers; whether the right thing is asked elsewhere."""
        weight, bias = seen["weight"], seen["bias"]
        untouched = same(weight, self.weight) and (bias is None if self.bias is None else same(bias, self.bias))
        expect(not untouched, "weight and bias are those of conv: nothing was folded")
        expect(not same(weight, torch.zeros_like(weight)), "the new weight is zero")

    @property
    def scale(self):
        return self.norm[0] / (self.norm[3] + self.eps).sqrt()

    @property
    def right_weight(self):
        return self.weight * self.scale.reshape(-1, 1, 1, 1)

    @property
    def right_bias(self):
        _, beta, mean, _ = self.norm
        return ((0 if self.bias is None else self.bias) - mean) * self.scale + beta

    def right_output(self):
        return F.conv2d(self.X, self.right_weight, self.right_bias, **self.options)

    def assert_weight(self, seen, what="the weight of the new convolution", **tolerances):
        gamma, _, _, var = self.norm
        column, slips = (-1, 1, 1, 1), {}
        slips["it is not scaled"] = lambda: self.weight
        if len({*self.weight.shape}) == 1:
            slips["the scale meets the last dimension, not the first, that of the output channels"] = lambda: self.weight * self.scale
            slips["the scale meets the input channels, not the output channels"] = lambda: self.weight * self.scale.reshape(1, -1, 1, 1)
        slips["gamma is left out"] = lambda: self.weight / (var + self.eps).sqrt().reshape(column)
        slips["only gamma is multiplied, and nothing divided"] = lambda: self.weight * gamma.reshape(column)
        slips["the root is missing: gamma divided by the variance"] = lambda: self.weight * (gamma / (var + self.eps)).reshape(column)
        slips["eps is added after the root; here it stands inside"] = lambda: self.weight * (gamma / (var.sqrt() + self.eps)).reshape(column)
        slips["eps is left out"] = lambda: self.weight * (gamma / var.sqrt()).reshape(column)
        assert_right(seen["weight"], self.right_weight, what, slips, **tolerances)

    def assert_bias(self, seen, what="the bias of the new convolution", **tolerances):
        _, beta, mean, var = self.norm
        bias = torch.zeros_like(beta) if self.bias is None else self.bias
        slips = {
            "the convolution's own bias is left out": lambda: beta - mean * self.scale,
            "the convolution's own bias is not scaled": lambda: bias + beta - mean * self.scale,
            "beta is left out": lambda: (bias - mean) * self.scale,
            "the mean is left out": lambda: bias * self.scale + beta,
            "the mean is added, not subtracted": lambda: (bias + mean) * self.scale + beta,
            "the mean is not scaled": lambda: bias * self.scale + beta - mean,
            "beta is scaled too": lambda: (bias - mean + beta) * self.scale,
            "it is the bias of the convolution, unchanged": lambda: bias,
            "gamma is left out": lambda: (bias - mean) / (var + self.eps).sqrt() + beta,
            "the root is missing: gamma divided by the variance": lambda: (bias - mean) * self.norm[0] / (var + self.eps) + beta,
        }
        if seen["bias"] is None:
            fail("the new convolution has no bias", "missing")
        assert_right(seen["bias"], self.right_bias, what, slips, **tolerances)


@exercise("fold_batch_norm")
class TestFoldBatchNorm:
    # Kernels as high, wide and deep as there are output channels: where the scale meets another dimension, there are wrong numbers, and no crash.
    CUBES = [(3, 3, 3, 3), (2, 2, 2, 2), (5, 5, 5, 5)]

    @criterion("the kernels of each output channel are scaled by gamma over the root", weight=3, hint="scale.reshape(-1, 1, 1, 1) meets the first dimension")
    def test_weight(self, student, rng, device):
        for shape in [(3, 3, 3, 3), (3, 2, 2, 3), (2, 4, 1, 1), (5, 1, 3, 2), (3, 3, 2, 2)]:
            case = Case(rng, device, shape)
            case.assert_weight(case.fold(student), f"the new weight {shape}")

    @criterion("the bias is (b - mean) · scale + beta", weight=3, hint="the convolution's own bias goes through the normalisation as well")
    def test_bias(self, student, rng, device):
        for shape in self.CUBES:
            case = Case(rng, device, shape)
            case.assert_bias(case.fold(student))

    @criterion("a convolution without bias gets one", weight=2, hint="conv.bias is None then: it counts as zero")
    def test_no_bias(self, student, rng, device):
        for shape in self.CUBES[:2]:
            case = Case(rng, device, shape, bias=False)
            seen = case.fold(student)
            expect(seen["bias"] is not None, "the new convolution has no bias", "missing")
            case.assert_bias(seen, "the bias for a convolution without one")

    @criterion("bn.eps is added inside the root", hint="torch.sqrt(bn.running_var + bn.eps)")
    def test_eps(self, student, rng, device):
        case = Case(rng, device, (3, 3, 3, 3))
        seen, checks = case.fold(student), []
        for check, what in ((Case.assert_weight, "weight"), (Case.assert_bias, "bias")):  # what is wrong with a small eps has a criterion of its own
            try:
                check(case, seen)
                checks.append((check, what))
            except AssertionError:
                pass
        for shape, eps in [((3, 3, 3, 3), 0.1), ((2, 2, 2, 2), 0.7)]:
            case = Case(rng, device, shape, eps=eps)
            seen = case.fold(student)
            for check, what in checks or [(Case.assert_weight, "weight")]:
                check(case, seen, f"the new {what} with eps={eps}")

    @criterion(
        "stride, padding, dilation and groups are those of conv",
        weight=3,
        hint="hand conv.stride, conv.padding, conv.dilation and conv.groups on",
    )
    def test_options(self, student, rng, device):
        for shape, options in [
            ((3, 3, 3, 3), {"stride": (2, 1)}),
            ((3, 3, 3, 3), {"padding": (1, 2)}),
            ((2, 2, 2, 2), {"dilation": (1, 2)}),
            ((4, 4, 4, 4), {"groups": 2}),
            ((4, 4, 4, 4), {"groups": 4, "stride": 2, "padding": 1}),
        ]:
            case = Case(rng, device, shape, **options)
            seen = case.fold(student)
            words = ", ".join(f"{name}={value}" for name, value in options.items())
            # That the kernels are right has a criterion of its own: here the new kernels are taken as they are.
            assert_shape(seen["weight"], case.weight.shape, what=f"the new weight for {words}")
            expect(seen["Y"] is not None, f"the new convolution for {words} is not float32", "wrong type")
            bias = torch.zeros_like(case.right_bias) if seen["bias"] is None else seen["bias"]
            expect(not same(seen["Y"], torch.zeros_like(seen["Y"])), f"the output for {words} is zero")
            case.assert_folded(seen)
            right = F.conv2d(case.X, seen["weight"], bias, **options)
            assert_close(seen["Y"], right, what=f"the output for {words}", rtol=1e-3, atol=1e-4, check_dtype=False)

    @criterion("a new convolution with parameters of its own; conv and bn are left as they were", weight=2, hint="make a new nn.Conv2d, write only into that")
    def test_new(self, student, rng, device):
        for shape in self.CUBES[:2]:
            case = Case(rng, device, shape)
            seen = case.fold(student)
            names = ["conv.weight", "conv.bias", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var"]
            for name, before, after in zip(names, [case.weight, case.bias, *case.norm], seen["left"], strict=True):
                expect(after is not None, f"{name} was taken away by the call; it should be left as it was")
                assert_unchanged(before, after, what=name)
            expect(seen["evaluation"] is True, "bn is in training mode after the call; it should be left as it was")
            expect(seen["new"] is True, "fold_batch_norm returns conv itself, a new convolution was expected")
            expect(seen["own"] is True, "the new convolution shares its numbers with conv or bn: when those change, it changes")
            case.assert_folded(seen)
            expect(seen["trained"] is True, "weight and bias of the new convolution are not both nn.Parameter", "wrong type")

    @criterion("keeps the dtype of conv", hint="folded.to(conv.weight) takes over dtype and device")
    def test_dtype(self, student, rng, device):
        case = Case(rng, device, (3, 3, 3, 3), dtype=torch.float64)
        seen = case.fold(student)
        for name in ("weight", "bias"):
            dtype = str(seen[name].dtype).removeprefix("torch.") if isinstance(seen[name], torch.Tensor) else "none"
            expect(dtype == "float64", f"{name} for a float64 convolution has dtype {dtype}", "wrong type")
        case.assert_folded(seen)
        once, case.weight = seen["weight"], 3 * case.weight
        what = "the new float64 weight for three times the kernels, compared with three times the new weight,"
        assert_close(case.fold(student)["weight"], 3 * once, what=what, rtol=1e-11, atol=1e-11)


# The gradient by hand ------------------------------------------------------------------------------------------------


@exercise("batch_norm_backward", forbid=[*NO_AUTOGRAD, "norm", *NORM_BACKWARD])
class TestBatchNormBackward:
    CASES = [(7, 4), (3, 2, 2, 4), (2, 3), (1, 3, 3, 2)]

    @staticmethod
    def right(dY, X, gamma, eps):
        X, gamma = X.detach().requires_grad_(), gamma.detach().requires_grad_()
        beta = torch.zeros_like(gamma).requires_grad_()
        return torch.autograd.grad(in_training(X, gamma, beta, eps), (X, gamma, beta), dY)

    @staticmethod
    def parts(X, eps, unbiased=False, outside=False):
        dims = shared(X)
        var = variance(X, dims, unbiased)
        std = var.sqrt() + eps if outside else (var + eps).sqrt()
        return dims, std, (X - X.mean(dims, keepdim=True)) / std

    STATISTICS = {
        "eps is left out": {"eps": 0.0},
        "eps is added after the root; here it stands inside": {"outside": True},
        "the variance is divided by m - 1; here it is divided by m": {"unbiased": True},
    }

    def inputs(self, rng, shape, device, dtype=torch.float32):
        X = batch(rng, *shape, device=device, dtype=dtype)
        return normal(rng, *shape, device=device, dtype=dtype), X, state(rng, X)[0]

    def result(self, student, dY, X, gamma, eps):
        return triple(student.batch_norm_backward(dY.clone(), X.clone(), gamma.clone(), eps), "batch_norm_backward")

    def slips(self, dY, X, gamma, eps):
        """What known mistakes make of dX."""
        m = X.numel() // X.shape[1]

        def closed(mean=1, scale=1, g=gamma * dY, divide=True, **statistics):
            dims, std, X_hat = self.parts(X, **{"eps": eps, **statistics})
            inner = g - mean * g.mean(dims, keepdim=True) - scale * X_hat * (g * X_hat).mean(dims, keepdim=True)
            return inner / std if divide else inner

        slips = {
            "the way through the mean is left out": lambda: closed(mean=0),
            "the way through the variance is left out": lambda: closed(scale=0),
            "mean and variance are taken for constants: only the direct term is there": lambda: closed(mean=0, scale=0),
            "gamma is left out": lambda: closed(g=dY),
            "the division by the root is left out": lambda: closed(divide=False),
            "it is divided by m once more": lambda: closed() / m,
            "sums stand where means belong": lambda: closed(mean=m, scale=m),
            "the term of the variance is added, not subtracted": lambda: closed(scale=-1),
            "the term of the mean is added, not subtracted": lambda: closed(mean=-1),
        }
        return slips | {words: lambda options=options: closed(**options) for words, options in self.STATISTICS.items()}

    @criterion("dbeta is the sum of dY", weight=2, hint="summed over the same dimensions as the mean; the shape of beta")
    def test_dbeta(self, student, rng, device):
        for shape in self.CASES:
            dY, X, gamma = self.inputs(rng, shape, device)
            m = X.numel() // X.shape[1]
            right = dY.sum(shared(X)).reshape(gamma.shape)
            slips = {"the mean is taken, not the sum": right / m}
            assert_right(self.result(student, dY, X, gamma, 0.1)[2], right, f"dbeta for X {shape}", slips)

    @criterion("dgamma is the sum of dY · X̂", weight=3, hint="X̂ is the normalised input, not X")
    def test_dgamma(self, student, rng, device):
        for shape in self.CASES:
            dY, X, gamma = self.inputs(rng, shape, device)
            dims, std, X_hat = self.parts(X, 0.1)
            m = X.numel() // X.shape[1]
            right = (dY * X_hat).sum(dims).reshape(gamma.shape)
            slips = {
                "the mean is taken, not the sum": right / m,
                "X stands where X̂ belongs": (dY * X).sum(dims).reshape(gamma.shape),
                "X - mean is not divided by the root": (dY * X_hat * std).sum(dims).reshape(gamma.shape),
                "it is multiplied by gamma": right * gamma,
            }
            for words, options in self.STATISTICS.items():
                slips[words] = (dY * self.parts(X, **{"eps": 0.1, **options})[2]).sum(dims).reshape(gamma.shape)
            assert_right(self.result(student, dY, X, gamma, 0.1)[1], right, f"dgamma for X {shape}", slips)

    def agrees(self, student, dY, X, gamma, eps, what):
        actual, expected = self.result(student, dY, X, gamma, eps)[0], self.right(dY, X, gamma, eps)[0]
        assert_right(actual, expected, what, self.slips(dY, X, gamma, eps), rtol=1e-3, atol=1e-4)

    @criterion("dX, the direct term: gamma · dY / root, where dY moves neither mean nor variance", weight=2, hint="with eps inside the root")
    def test_direct(self, student, rng, device):
        for shape in [(7, 4), (3, 2, 2, 4), (9, 2)]:
            dY, X, gamma = self.inputs(rng, shape, device)
            dims, _, X_hat = self.parts(X, 0.1)
            dY = dY - dY.mean(dims, keepdim=True)
            dY = dY - X_hat * (dY * X_hat).sum(dims, keepdim=True) / (X_hat**2).sum(dims, keepdim=True)
            self.agrees(student, dY, X, gamma, 0.1, f"dX for X {shape} and a dY that moves neither mean nor variance")

    @criterion("dX, the term of the mean: a constant dY gives zero", weight=2, hint="every x moves the mean, by 1/m: subtract the mean of the gradient")
    def test_mean_term(self, student, rng, device):
        for shape in self.CASES:
            dY, X, gamma = self.inputs(rng, shape, device)
            dims = shared(X)
            dY = dY.mean(dims, keepdim=True).expand(X.shape) + 1.0
            self.agrees(student, dY, X, gamma, 0.1, f"dX for X {shape} and a constant dY")
        dY, X, gamma = self.inputs(rng, (6, 5), device)
        assert_moves(self.result(student, dY, X, gamma, 0.1)[0], X, dY)

    @criterion("dX, the term of the variance: for dY along X̂", weight=2, hint="subtract X̂ · mean(g · X̂)")
    def test_variance_term(self, student, rng, device):
        for shape, eps in zip(self.CASES, (0.1, 1.0, 2.0, 0.5), strict=True):
            _, X, gamma = self.inputs(rng, shape, device)
            X_hat = self.parts(X, eps)[2]
            self.agrees(student, 2 * X_hat, X, gamma, eps, f"dX for X {shape} and dY along X̂")

    @criterion("dX for any dY, for (n, d) and (n, c, h, w)", weight=3, hint="compare with Y.backward(dY) in float64, in a cell of your own")
    def test_all(self, student, rng, device):
        for shape, eps in zip([*self.CASES, (1, 3)], (0.1, 1.0, 0.1, 0.5, 0.1), strict=True):
            dY, X, gamma = self.inputs(rng, shape, device)
            self.agrees(student, dY, X, gamma, eps, f"dX for X {shape}")

    @criterion("works on the whole batch at once", hint="sums and means along dimensions: no loop over the samples")
    def test_vectorised(self, student, rng, device):
        for rest in [(3,), (2, 2, 3)]:
            dY, X, gamma = self.inputs(rng, (5, *rest), device)
            assert_shape(self.result(student, dY, X, gamma, 0.1)[0], X.shape, what="dX")

            def arguments(n, rest=rest):
                return *self.inputs(rng, (n, *rest), device), 0.1

            try:
                assert_vectorised(student.batch_norm_backward, arguments, what="batch_norm_backward")
            except AssertionError as error:
                if "no tensor operation" not in str(error):
                    raise
            few, many = (student.run(python_steps, arguments=list(arguments(n))) for n in (4, 32))
            expect(many < 2 * few, "batch_norm_backward takes more Python steps for more samples: there is a loop over the samples", "too slow")
            assert_moves(self.result(student, dY, X, gamma, 0.1)[0], X, dY)

    @criterion("keeps the dtype, and takes numbers in any memory order", hint="float64 in, float64 out, in full precision; reshape instead of view")
    def test_dtype(self, student, rng, device):
        for shape in [(6, 3), (2, 3, 2, 4)]:
            dY, X, gamma = self.inputs(rng, shape, device, torch.float64)
            results = self.result(student, dY, X, gamma, 0.1)
            for name, value in zip(("dX", "dgamma", "dbeta"), results, strict=True):
                dtype = str(value.dtype).removeprefix("torch.") if isinstance(value, torch.Tensor) else "none"
                expect(dtype == "float64", f"{name} for float64 numbers has dtype {dtype}, expected float64", "wrong type")
            assert_moves(results[0], X, dY)
            tripled = self.result(student, 3 * dY, X, gamma, 0.1)
            for name, value, single in zip(("dX", "dgamma", "dbeta"), tripled, results, strict=True):
                what = f"{name} of float64 numbers for three times dY, compared with three times {name}"
                assert_close(value, 3 * single, what=what, rtol=1e-11, atol=1e-11)
            dY, X, gamma = self.inputs(rng, shape, device)
            first = self.result(student, dY, X, gamma, 0.1)
            results = triple(student.batch_norm_backward(other_order(dY), other_order(X), gamma, 0.1), "batch_norm_backward")
            for name, value, right in zip(("dX", "dgamma", "dbeta"), results, first, strict=True):
                assert_close(value, right, what=f"{name} for non-contiguous numbers", check_dtype=False, **EXACT)

    @criterion("leaves its arguments unchanged", hint="dY *= gamma writes into the caller's tensor")
    def test_unchanged(self, student, rng, device):
        for shape in [(6, 3), (2, 3, 2, 4)]:
            given = self.inputs(rng, shape, device)
            passed = [x.clone() for x in given]
            results = triple(student.batch_norm_backward(*passed, 0.1), "batch_norm_backward")
            for name, before, after in zip(("dY", "X", "gamma"), given, passed, strict=True):
                assert_unchanged(before, after, what=name)
            assert_moves(results[0], given[1], given[0])


def python_steps(student, arguments):
    """How many operations of Python batch_norm_backward takes outside libraries: the same number for any batch where there is no loop over it."""
    import sys

    home, steps = student.batch_norm_backward.__code__.co_filename, [0]

    def watch(frame, event, _):
        if frame.f_code.co_filename != home:
            return None
        frame.f_trace_opcodes = True
        steps[0] += event == "opcode"
        return watch

    sys.settrace(watch)
    try:
        student.batch_norm_backward(*arguments)
    finally:
        sys.settrace(None)
    return steps[0]


def assert_moves(dX, X, dY):
    """dX is something of the shape of X that is neither zero nor X nor dY itself; whether it is right is asked elsewhere."""
    assert_shape(dX, X.shape, what="dX")
    assert_finite(dX, what="dX")
    expect(bool(dX.abs().max() > 1e-4) and not same(dX, X) and not same(dX, dY), "dX is zero, or X or dY itself")
