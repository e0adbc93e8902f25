"""Hidden grader of ps08_initialization.

What fills a tensor with random numbers is asked by probes, which run beside the student's code: only there can be seen whether it is the tensor itself that is
filled. PyTorch's own recipes are made of the same operators as right answers, so no watch on operators tells them apart: they are switched off meanwhile.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from course_tools import digits

from autograder import Finding, assert_finite, assert_unchanged, case, criterion, exercise, expect, fail, goal, kind_of, other_order
from autograder.vocabulary.case import Case
from autograder.vocabulary.program import assert_left_alone
from solutions.ps08_initialization import initialization as reference

NO_AUTOGRAD = ["grad", "backward", "make_dual"]
MATMUL = {"rtol": 1e-4, "atol": 1e-5}  # float32 sums in any order


# 1 · Too large, too small ---------------------------------------------------------------------------------------------


def by_limits(low=lambda limits: limits.tiny, high=lambda limits: limits.max, more=0):
    """The depth at which |signal| is below low(limits) or above high(limits), or `more` layers later."""

    def slip(factor, dtype):
        if abs(factor) == 1:
            return math.inf
        limit = high(torch.finfo(dtype)) if abs(factor) > 1 else low(torch.finfo(dtype))
        return math.floor(math.log(limit) / math.log(abs(factor)) + 1e-9) + 1 + more

    return slip


FLOAT16 = torch.finfo(torch.float16)


def limits_lost(factor, dtype):
    """A signal that is exactly finfo.tiny or finfo.max counts as lost."""
    signal, count, limits = torch.ones((), dtype=dtype), 0, torch.finfo(dtype)
    while abs(factor) != 1 and limits.tiny < abs(signal) < limits.max:
        signal, count = signal * factor, count + 1
    return count or math.inf


depth = case(
    reference.depth_until_lost, lambda draw, factor=1.5, dtype=torch.float16: (factor, dtype), rtol=0, atol=0,
    slips={
        "the layer before is counted, the last at which the signal is still there": by_limits(more=-1),
        "one layer more is counted": by_limits(more=1),
        "a signal of exactly finfo.tiny or finfo.max counts as lost: that one is neither too small nor infinite": limits_lost,
        "the limits of float16 hold for every dtype": by_limits(lambda limits: FLOAT16.tiny, lambda limits: FLOAT16.max),
        "eps is taken for the smallest number": by_limits(lambda limits: limits.eps),
        "the sign is compared with the limits: a negative signal is not a small one": lambda factor, dtype: 1 if factor < 0 else None,
    },
)  # fmt: skip


def factors(*values, dtypes=(torch.float16,)):
    """Factors for which multiplying in the dtype and the closed form agree."""
    return [(value, dtype) for dtype in dtypes for value in values]


@exercise("depth_until_lost")
class TestDepthUntilLost:
    test_grows = depth.agrees(
        "float16: counts until a growing signal is infinite", 2, "multiply until it is larger than finfo.max", factors(1.5, 5.0, 2.0, 3, 1.3, FLOAT16.max)
    )
    test_shrinks = depth.agrees(
        "float16: counts until a shrinking signal is below the smallest normal number", 2, "smaller than torch.finfo(dtype).tiny, not 0",
        factors(0.8, 0.2, 0.5, 0.25, 0.7, FLOAT16.tiny),
    )  # fmt: skip
    test_dtypes = depth.agrees(
        "each dtype has limits of its own", 2, "torch.finfo(dtype), and a signal of that dtype",
        [*factors(1.5, 0.8, 0.2, 5.0, 2.0, 0.5, 0.25, 3.0, dtypes=[torch.float32]), *factors(1.5, 0.8, 0.2, 0.5, dtypes=[torch.float64])],
    )  # fmt: skip
    test_sign = depth.agrees(
        "a negative factor is lost at the same depth", 1, "compare abs(signal) with the limits",
        [*factors(-1.5, -0.8, -0.5, -5.0), *factors(-0.7, -1.3, dtypes=[torch.float32])],
    )  # fmt: skip
    test_never = depth.agrees(
        "a factor of 1 or -1 never loses it: math.inf", 1, "if abs(factor) == 1: return math.inf", factors(1.0, -1, dtypes=[torch.float16, torch.float32])
    )

    @criterion("float16 is the default", hint="dtype=torch.float16 in the first line, as it was given")
    def test_default(self, student, draw):
        depth.compare([((factor, torch.float16), student.depth_until_lost(factor)) for factor in (1.5, 0.8)])

    test_again = depth.again(sizes=[(1.5, torch.float32), (0.2, torch.float16)])


def pictures(draw, n=5, c=3, h=4, w=3):
    """Pictures whose channels differ in mean and spread."""
    return draw.normal(n, c, h, w) * draw.uniform(c, 1, 1, low=0.2, high=3.0) + draw.normal(c, 1, 1, scale=2.0)


def statistics(X, dims=(), correction=0):
    """Mean and deviation over dims, all but that of the channels if not given."""
    dims = dims or [d for d in range(X.ndim) if d != X.ndim - 3]
    return X.mean(dims), X.std(dims, correction=correction)


def of_all(X):
    mean, std = statistics(X, (0, 1, 2, 3))
    return mean.expand(X.shape[1]), std.expand(X.shape[1])


def normalised_by(statistics_of=lambda X_train, X: statistics(X_train), forth=lambda X, mean, std: (X - mean) / std):
    """forth(X, mean, std) with other statistics, those of statistics_of(X_train, X)."""
    return lambda X_train, X: forth(X, *(value.reshape(-1, 1, 1) for value in statistics_of(X_train, X)))


channels = case(
    lambda X_train: (reference.Normalizer(X_train).mean, reference.Normalizer(X_train).std), lambda draw, *size: (pictures(draw, *size),),
    [(1, 2, 4, 3), (6, 3, 4, 5), (9, 1, 2, 3), (4, 5, 1, 7)], name="Normalizer", gives=("mean", "std"),
    call=lambda f: lambda X_train: attributes(f(X_train)), **MATMUL,
    slips={
        "one mean and one deviation are taken for all channels": of_all,
        "one number is taken for all channels": lambda X: statistics(X, (0, 1, 2, 3)),
        "the deviation divides by n - 1": lambda X: statistics(X, correction=1),
        "each pixel has statistics of its own": lambda X: statistics(X, [0]),
        "each picture has statistics of its own": lambda X: statistics(X, (2, 3)),
        "they keep the shape (1, c, 1, 1); (c,) was asked for": lambda X: tuple(value.reshape(1, -1, 1, 1) for value in statistics(X)),
        "they keep the shape (c, 1, 1); (c,) was asked for": lambda X: tuple(value.reshape(-1, 1, 1) for value in statistics(X)),
        "std holds the variances": lambda X: (statistics(X)[0], statistics(X)[1] ** 2),
    },
)  # fmt: skip


def attributes(normalizer):
    found = [getattr(normalizer, name) for name in ("mean", "std")]
    for name, value in zip(("mean", "std"), found, strict=True):
        expect(kind_of(value) == "tensor", f"the {name} of a Normalizer is a {kind_of(value)}, expected a tensor", "wrong type")
    return [value.detach() for value in found]


normalised = case(
    lambda X_train, X: reference.Normalizer(X_train)(X),
    lambda draw, n=6, m=4, c=3, h=4, w=3, h2=4, w2=3: (train := pictures(draw, n, c, h, w), 1.5 * pictures(draw, m, c, h2, w2) + train.mean()),
    [(6, 4, 2), (5, 1, 3, 4, 5), (4, 7, 3, 3, 2, 6, 5), (8, 3, 4, 2, 5, 1, 3)],
    name="Normalizer",
    call=lambda f: lambda X_train, X: f(X_train)(X),
    slips={
        "the statistics are measured anew at each call, on the pictures of the call": normalised_by(lambda X_train, X: statistics(X)),
        "one mean and one deviation are taken for all channels": normalised_by(lambda X_train, X: of_all(X_train)),
        "the deviation divides by n - 1": normalised_by(lambda X_train, X: statistics(X_train, correction=1)),
        "it is divided by the variance": normalised_by(forth=lambda X, mean, std: (X - mean) / std**2),
        "the mean is not subtracted": normalised_by(forth=lambda X, mean, std: X / std),
        "it is not divided by the deviation": normalised_by(forth=lambda X, mean, std: X - mean),
    },
    **MATMUL,
)
brought_back = replace(
    normalised, right=lambda X_train, Z: reference.Normalizer(X_train).inverse(Z), call=lambda f: lambda X_train, Z: f(X_train).inverse(Z),
    slips={
        "the mean is added before the deviation is multiplied with": normalised_by(forth=lambda Z, mean, std: (Z + mean) * std),
        "it is normalised once more": normalised_by(),
        "it is divided by the deviation": normalised_by(forth=lambda Z, mean, std: Z / std + mean),
        "the mean is not added": normalised_by(forth=lambda Z, mean, std: Z * std),
    },
)  # fmt: skip


def called_in_turns(student, first, second, X):
    """X by one object, by another and by the one again, also after what it was made from is zeroed."""
    made = first.clone()
    one = student.Normalizer(made)
    results = [one(X.clone())]
    other = student.Normalizer(second)
    results += [other(X.clone()), one(3 * X), one(X.clone())]
    made.zero_()
    results.append(one(X.clone()))
    return {"results": [value.clone() for value in results], "back": one.inverse(X.clone()), "statistics": [one.mean.clone(), one.std.clone()]}


@exercise("Normalizer")
class TestNormalizer:
    test_statistics = channels.agrees(
        "mean and std are those of each channel, of shape (c,)", weight=3, hint="X_train.mean(dim=(0, 2, 3)) and X_train.std(dim=(0, 2, 3), correction=0)"
    )
    test_values = normalised.agrees(
        "normalises new pictures, of any size, with the statistics of the training pictures", 3, "(X - self.mean[:, None, None]) / self.std[:, None, None]"
    )
    test_inverse = brought_back.agrees("inverse leads back", 2, "first times the deviation, then plus the mean")

    @criterion("takes a single picture, and any number of pictures", 1, "shape the statistics as (c, 1, 1), which fits (c, h, w) and (n, c, h, w) alike")
    def test_single(self, student, draw):
        train, kinds = pictures(draw, 5), {"a single picture (3, 2, 5)": pictures(draw, 1, 3, 2, 5)[0], "no pictures (0, 3, 4, 3)": pictures(draw, 0)}
        kinds["pictures (2, 2, 3, 1, 4)"] = pictures(draw, 4, 3, 1, 4).reshape(2, 2, 3, 1, 4)
        for one, part in ((normalised, "normalizer"), (brought_back, "inverse")):
            for words, X in kinds.items():
                one.compare(one.ask(student, [(train, X)]), [f"{part} of {words}"], follows=True)

    @criterion("a constant channel has std 1, and becomes 0", 2, "constant: the largest value equals the smallest; a computed deviation is rarely exactly 0")
    def test_constant(self, student, draw):
        for drawn in (draw, draw.float64):
            flat = drawn.normal(7, 1, 1, 1).expand(7, 1, 5, 3)  # constant in each picture, and not a constant channel
            X = torch.cat([drawn.uniform(12, 1, 1, low=0.1, high=1.9).expand(7, 12, 5, 3), flat, pictures(drawn, 7, 1, 5, 3)], dim=1)
            normalizer = student.Normalizer(X.clone())
            std = attributes(normalizer)[1]
            expect(std.numel() == 14, "std has not one entry a channel", "wrong shape", follows=True)
            other = [f"{value:.3g}" for value in std.flatten()[:12].tolist() if value != 1]
            expect(not other, f"of twelve constant channels {len(other)} have another std than 1, for instance {other[0] if other else ''}")
            Z = normalizer(X.clone())
            normalised.compare([((X, X), Z)], ["normalizer of pictures with constant channels"], follows=True)
            brought_back.compare([((X, Z), normalizer.inverse(Z.clone()))], ["inverse of pictures with constant channels"], follows=True)

    @criterion("a small spread is a spread: it is not rounded to 1, and nothing is added to it", hint="no eps, and no threshold on the deviation")
    def test_small(self, student, draw):
        for scale, drawn in ((1e-4, draw), (1e-9, draw.float64)):
            X = pictures(drawn, 6, 2, 4, 3)
            X[:, 0] = scale * drawn.normal(6, 4, 3)
            [(_, (_, std))], right = channels.ask(student, [(X,)]), statistics(X)[1]
            times = float(std[0] / right[0]) if std.shape == right.shape else math.nan
            expect(abs(times - 1) < 1e-3, f"a channel of deviation {scale:g} gets {times:.4g} times its deviation as std", follows=times != times)
            normalised.compare(normalised.ask(student, [(X, X)]), [f"normalizer of a channel of deviation {scale:g}"], follows=True, rtol=1e-3, atol=1e-3)

    test_bytes = normalised.agrees(
        "works with values to 255", 1, "no fixed numbers: mean and deviation are measured", follows=True,
        arguments=lambda draw: {"normalizer of pictures with values to 255": (draw.uniform(4, 3, 5, 4, high=255.0), draw.uniform(2, 3, 5, 4, high=255.0))},
    )  # fmt: skip
    test_dtype = replace(normalised, rtol=None, atol=None).keeps_dtype()
    test_unchanged = normalised.leaves_inputs(hint="X -= … and X.sub_ write into the caller's pictures; X - … does not")
    test_unchanged_back = brought_back.leaves_inputs(title="inverse leaves its input unchanged", hint="Z *= … writes into the caller's pictures")

    @criterion("keeps its own statistics: no call and no other object changes them", hint="self.mean and self.std are set in __init__ and nowhere else")
    def test_own(self, student, draw):
        first, second, X = pictures(draw, 5), pictures(draw, 6), pictures(draw, 2)
        seen = student.run(called_in_turns, first=first, second=second, X=X)
        words = ["a picture", "the same by a second Normalizer", "larger pictures", "the same at a later call", "the same after X_train was changed"]
        asked = list(zip([(first, X), (second, X), (first, 3 * X), (first, X), (first, X)], seen["results"], strict=True))
        normalised.compare(asked[:1], words[:1], follows=True)
        normalised.compare(asked[1:], words[1:])
        brought_back.compare([((first, X), seen["back"])], ["inverse after these calls"], follows=True)
        channels.compare([((first,), seen["statistics"])], ["Normalizer after these calls"], follows=True)


# 2 · What a layer does to a signal ------------------------------------------------------------------------------------


def activations(_student):
    """Activations and their slopes, here and over there."""
    import torch

    return [
        (torch.tanh, lambda z: 1 - torch.tanh(z) ** 2),
        (lambda z: z + 0.3 * z**2, lambda z: 1 + 0.6 * z),
        (lambda z: torch.sin(2 * z), lambda z: 2 * torch.cos(2 * z)),
        (lambda z: z.clamp(min=0), lambda z: (z > 0).to(z.dtype)),
    ]


ACTIVATIONS = dict(zip(("tanh", "square", "wave", "relu"), activations(None), strict=True))


def activations_there(student):
    return student.run(activations)


class WithActivations(Case):
    """A case whose activations are made over there: torch.func does not cross the line."""

    def given(self, student, calls):
        pairs = zip(ACTIVATIONS.values(), student.once(activations_there), strict=True)
        there = {id(here): other for pair in pairs for here, other in zip(*pair, strict=True)}
        return [[there.get(id(argument), argument) for argument in arguments] for arguments in calls]

    def of(self, student):
        f = super().of(student)
        return lambda *arguments: f(*self.given(student, [arguments])[0])


def network(draw, sizes=(4, 3, 5, 2), activation="tanh"):
    """Weights for these sizes, an input, an activation and its slope."""
    Ws = [draw.normal(n_out, n_in, scale=1.2 / n_in**0.5) for n_in, n_out in zip(sizes, sizes[1:], strict=False)]
    return Ws, draw.away_from_zero(sizes[0]), *ACTIVATIONS[activation]


def product_by(factor, forward=lambda W, h, sigma: sigma(W @ h), left=True):
    """The product of factor(W, h, sigma, sigma_grad), a new one to the left; None where shapes do not fit."""

    def slip(Ws, x, sigma, sigma_grad):
        h, J = x, torch.eye(len(x), dtype=x.dtype, device=x.device)
        try:
            for W in Ws:
                F = factor(W, h, sigma, sigma_grad)
                J = F @ J if left else J @ F
                h = forward(W, h, sigma)
        except RuntimeError:
            return None
        return J

    return slip


def slope_at(place, transposed=False):
    """diag(σ′(place(W, h, sigma))) W."""
    return lambda W, h, sigma, sigma_grad: torch.diag(sigma_grad(place(W, h, sigma))) @ (W.T if transposed else W)


def layer_before(Ws, x, sigma, sigma_grad):
    """Each layer's slopes are those of the layer before it, the input's for the first."""
    z, h, J = x, x, torch.eye(len(x), dtype=x.dtype, device=x.device)
    if any(W.shape[0] != W.shape[1] for W in Ws):
        return None
    for W in Ws:
        J = torch.diag(sigma_grad(z)) @ W @ J
        z = W @ h
        h = sigma(z)
    return J


AT_Z = slope_at(lambda W, h, sigma: W @ h)
jacobian = WithActivations(
    reference.jacobian_product,
    network,
    name="jacobian_product",
    slips={
        "W is transposed; its shape (n_t, n_{t-1}) is that of the layer's Jacobian": (
            product_by(slope_at(lambda W, h, sigma: W @ h, transposed=True)), lambda *given: transposed(product_by(AT_Z)(*given)),
        ),
        "the first layer stands on the left": product_by(AT_Z, left=False),
        "the slope is taken at the output of the layer, h; it belongs at z = W h": product_by(slope_at(lambda W, h, sigma: sigma(W @ h))),
        "the slope is taken at the input of the layer": product_by(
            lambda W, h, sigma, sigma_grad: torch.diag(sigma_grad(h)) @ W if len(h) == len(W) else W[:0]
        ),
        "the slopes are those of the layer before": layer_before,
        "h is replaced before the slope is taken: it is that of the next layer": product_by(slope_at(lambda W, h, sigma: W @ sigma(W @ h))),
        "the activation is left out on the way forward": product_by(AT_Z, forward=lambda W, h, sigma: W @ h),
        "the slopes multiply the columns of W; each belongs to a row": product_by(
            lambda W, h, sigma, sigma_grad: W * sigma_grad(W @ h) if len(h) == len(W) else W[:0]
        ),
        "the slopes are left out: only the weights are multiplied": product_by(lambda W, h, sigma, sigma_grad: W),
        "only the last layer is there": lambda Ws, x, sigma, sigma_grad: (
            AT_Z(Ws[-1], forward_to(Ws[:-1], x, sigma), sigma, sigma_grad) if len(Ws) > 1 else None
        ),
        "the activation is taken for its slope": product_by(lambda W, h, sigma, sigma_grad: torch.diag(sigma(W @ h)) @ W),
    },
    **MATMUL,
)  # fmt: skip


def transposed(J):
    return None if J is None else J.T


def forward_to(Ws, x, sigma):
    for W in Ws:
        x = sigma(W @ x)
    return x


def lists_after(student, name, arguments):
    """The result, and which of the arguments are lists that do not hold what they held before."""
    before = [list(value) if isinstance(value, list) else value for value in arguments]
    result = getattr(student, name)(*arguments)
    same = [not isinstance(old, list) or (len(old) == len(new) and all(a is b for a, b in zip(old, new))) for old, new in zip(before, arguments)]
    return {"result": result, "changed": [i for i, left in enumerate(same) if not left]}


def leaves_lists(case, hint):
    """A criterion: lists that are handed over are as long after the call as before, and hold the same."""

    @criterion("leaves its lists unchanged", 1, hint, hint_for=("wrong value",))
    def test(self, student, draw):
        given = case.arguments(draw)
        seen = student.run(lists_after, name=case.name, arguments=list(given))
        for i in seen["changed"]:
            raise Finding(f"the list {case.names[i]} is another after the call")
        case.compare([(given, seen["result"])], follows=True)

    return test


@exercise("jacobian_product", forbid=NO_AUTOGRAD)
class TestJacobianProduct:
    test_one = jacobian.agrees(
        "one layer: each row of W times the slope of its unit", 3, "sigma_grad(W @ x)[:, None] * W",
        [((3, 3), "square"), ((4, 4), "wave"), ((1, 1), "square")],
    )  # fmt: skip
    test_product = jacobian.agrees(
        "several layers: the product, last layer on the left, slopes at z", 4, "z = W @ h; J = sigma_grad(z)[:, None] * (W @ J); h = sigma(z)",
        [((3, 3, 3), "square"), ((4, 4, 4, 4), "wave"), ((3, 3, 3, 3), "tanh")],
    )  # fmt: skip
    test_widths = jacobian.agrees(
        "layers of different widths", 3, "the Jacobian of a layer has the shape of its W, (n_t, n_{t-1}); the product is (n_d, n_0)",
        [((4, 3, 5, 2), "wave"), ((1, 4, 3), "square"), ((5, 2, 1), "tanh"), ((2, 6), "relu"), ((3, 4, 2, 5, 6, 3), "relu")], follows=True,
    )  # fmt: skip
    test_none = jacobian.agrees("without a layer it is the identity", 1, "start with torch.eye(len(x)), in the dtype of x", [((3,), "tanh"), ((1,), "square")])
    test_dtype = replace(jacobian, rtol=None, atol=None).keeps_dtype(hint="torch.eye makes float32 unless it is given the dtype of x")
    test_unchanged = jacobian.leaves_inputs(hint="h *= … and W *= … write into the caller's tensors")
    test_lists = leaves_lists(jacobian, "Ws.pop() shortens the caller's list; for W in Ws does not")
    test_again = jacobian.again(sizes=[((4, 3, 5, 2), "wave"), ((4, 3, 5, 2), "square"), ((3, 6), "tanh")])


def variances(draw, *sizes, alpha=1.0, var_x=1.0, var_g=1.0):
    sizes = sizes or (4, 9, 5, 2)
    return list(sizes), draw.float64.uniform(len(sizes) - 1, low=0.05, high=0.7).tolist(), var_x, var_g, alpha


def propagated(forward, backward, in_order=True):
    """forward(n_in, n_out, gamma, alpha) is the factor of a layer, backward that of the way back."""

    def slip(sizes, gammas, var_x, var_g, alpha):
        layers = list(zip(sizes, sizes[1:], gammas, strict=False))
        there, back = [var_x], [var_g]
        for n_in, n_out, gamma in layers:
            there.append(there[-1] * forward(n_in, n_out, gamma, alpha))
        for n_in, n_out, gamma in reversed(layers):
            back.append(back[-1] * backward(n_in, n_out, gamma, alpha))
        return there, back[::-1] if in_order else back

    return slip


def alpha_once(sizes, gammas, var_x, var_g, factor):
    there, back = reference.propagate_variance(sizes, gammas, var_x, var_g)
    return [var_x, *(factor * v for v in there[1:])], [*(factor * v for v in back[:-1]), var_g]


THERE, BACK = lambda n_in, n_out, gamma, alpha: alpha**2 * n_in * gamma, lambda n_in, n_out, gamma, alpha: alpha**2 * n_out * gamma
ROOT = lambda n_in, n_out, gamma, alpha: alpha * math.sqrt(n_in * gamma)
ROOT_BACK = lambda n_in, n_out, gamma, alpha: alpha * math.sqrt(n_out * gamma)
VARIANCE_SLIPS = {
    "the fans are swapped: forward a unit adds up n_{t-1} inputs, backward a gradient adds up n_t": propagated(BACK, THERE),
    "the backward list begins with the last layer; entry t belongs to layer t": propagated(THERE, BACK, in_order=False),
    "α stands where α² belongs": propagated(lambda i, o, g, a: a * i * g, lambda i, o, g, a: a * o * g),
    "α is left out": propagated(lambda i, o, g, a: i * g, lambda i, o, g, a: o * g),
    "α² acts forward only; the way back goes through the same activation": propagated(THERE, lambda i, o, g, a: o * g),
    "standard deviations are given back, not variances": propagated(ROOT, ROOT_BACK),
    "γ is taken for a standard deviation, and squared": propagated(lambda i, o, g, a: a**2 * i * g**2, lambda i, o, g, a: a**2 * o * g**2),
    "the numbers of units are left out": propagated(lambda i, o, g, a: a**2 * g, lambda i, o, g, a: a**2 * g),
    "the way back adds up n_{t-1} as the way forward does; it is n_t": propagated(THERE, THERE),
    "α² acts once; each layer multiplies by it": lambda sizes, gammas, var_x, var_g, alpha: alpha_once(sizes, gammas, var_x, var_g, alpha**2),
    "ReLU's half stands in it": propagated(lambda i, o, g, a: a**2 * i * g / 2, lambda i, o, g, a: a**2 * o * g / 2),
}
predicted = case(
    reference.propagate_variance, variances, gives=("the forward list", "the backward list"), slips=VARIANCE_SLIPS, rtol=1e-9, atol=1e-12,
)  # fmt: skip


def with_first(result, index):
    return lambda *given: None if result(*given) is None else result(*given)[index]


forward_list, backward_list = (
    predicted.only(part, slips={words: with_first(slip, i) for words, slip in VARIANCE_SLIPS.items()}) for i, part in enumerate(predicted.gives)
)


def chains(*rows, **options):
    """arguments of an `agrees`: {words: arguments} for rows of sizes."""
    said = "".join(f", {name}={value:g}" for name, value in options.items())
    return lambda draw: {f"propagate_variance with the sizes {list(sizes)}{said}": variances(draw, *sizes, **options) for sizes in rows}


CHAINS = chains((4, 9, 5, 2), (3, 7), (8, 2, 6), (5, 3, 4, 7, 1, 6))


@exercise("propagate_variance")
class TestPropagateVariance:
    test_forward = forward_list.agrees(
        "forward: n of the layer in front times γ", 3, "forward.append(alpha**2 * sizes[t - 1] * gammas[t - 1] * forward[-1])", arguments=CHAINS
    )
    test_backward = backward_list.agrees(
        "backward: n of the layer behind times γ, in the order of the layers", 3,
        "entry d is var_g; entry t - 1 is alpha**2 * sizes[t] * gammas[t - 1] times entry t", arguments=CHAINS,
    )  # fmt: skip
    test_alpha = predicted.agrees(
        "the activation's slope acts as α², forward and backward", 2, "alpha**2 in both formulas",
        arguments=lambda draw: chains((4, 9, 5), (3, 7, 2, 6), alpha=0.7)(draw) | chains((5, 2, 3), alpha=-1.6)(draw),
    )  # fmt: skip
    test_ends = predicted.agrees(
        "starts from var_x in front and from var_g at the end", 1, "forward = [var_x], and the last entry of the backward list is var_g",
        arguments=chains((4, 9, 5), (3, 7, 2, 6), var_x=2.5, var_g=0.3),
    )  # fmt: skip
    test_none = predicted.agrees(
        "without a layer: ([var_x], [var_g])", 1, "the loops run zero times; index nothing that is not there", arguments=chains((5,), var_x=2.5, var_g=0.3)
    )

    @criterion("var_x, var_g and alpha are 1 by default", hint="var_x=1.0, var_g=1.0, alpha=1.0 in the first line, as it was given")
    def test_default(self, student, draw):
        given = variances(draw)
        predicted.compare([(given, student.propagate_variance(*given[:2]))], follows=True)
        predicted.compare([((*given[:4], 0.6), student.propagate_variance(*given[:2], alpha=0.6))], follows=True)

    test_unchanged = leaves_lists(predicted, "list.reverse() and list.pop() change the caller's list; reversed(sizes) and sizes[::-1] do not")
    test_again = predicted.again(sizes=[(4, 9, 5, 2), (4, 9, 5, 2), (3, 7)])


# 3 · Recipes for the first numbers ------------------------------------------------------------------------------------


def library_off(student):
    """A context manager: inside, PyTorch's recipes raise, by whatever name they are called."""
    import contextlib

    import torch

    @contextlib.contextmanager
    def off():
        kinds = ("xavier_", "kaiming_", "trunc_normal_", "orthogonal_")
        recipes = [f for name, f in vars(torch.nn.init).items() if name.startswith(kinds) and not f.__code__.co_freevars]
        recipes += [cls.reset_parameters for cls in (torch.nn.Linear, torch.nn.modules.conv._ConvNd)]
        kept = [f.__code__ for f in recipes]
        try:
            for f in recipes:
                scope = {}
                exec(f"def off(*arguments, **options): raise RuntimeError('switched off: {f.__name__}')", scope)
                f.__code__ = scope["off"].__code__
            yield
        finally:
            for f, code in zip(recipes, kept):
                f.__code__ = code

    return off


def fill(student, name, calls, off):
    """What is to be seen of a tensor, or of the parameters of a layer, after student.name(it, *rest), while PyTorch's recipes are switched off.

    calls: kind, shape or arguments, options, rest and seed of each. Kinds of tensors: parameter, frozen, plain, view; else it is a class of torch.nn, and
    rest is what the grader knows of it.
    """
    import torch

    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)
    records = []
    for kind, shape, options, rest, seed in calls:
        whole = torch.empty(0)
        if kind[0].isupper():
            it = getattr(torch.nn, kind)(*shape, **options)
            tensors = dict(it.named_parameters())
        else:
            whole = torch.empty(*shape, 2, **options)
            it = whole[..., 0] if kind in ("view", "plain") else torch.nn.Parameter(torch.empty(*shape, **options), requires_grad=kind == "parameter")
            it = it.clone() if kind == "plain" else it
            tensors = {"weight": it}
        with torch.no_grad():
            for tensor in (whole, *tensors.values()):
                tensor.fill_(7)
        before = [(tensor.data_ptr(), tensor.requires_grad) for tensor in tensors.values()]
        if seed is not None:
            torch.manual_seed(seed)
        try:
            with off():
                returned = getattr(student, name)(it) if kind[0].isupper() else getattr(student, name)(it, *rest)
        except RuntimeError as error:
            if "switched off" not in str(error):
                raise
            return {"library": str(error).partition(": ")[2]}
        after = dict(it.named_parameters()) if kind[0].isupper() else tensors
        records.append({
            "values": {key: tensor.detach().clone() for key, tensor in tensors.items()}, "same": returned is it, "returned": type(returned).__name__,
            "kept": list(after) == list(tensors) and all(after[key] is tensors[key] for key in after), "beside": bool((whole[..., 1:] == 7).all()),
            "memory": [tensor.data_ptr() for tensor in tensors.values()] == [place for place, _ in before],
            "learns": [tensor.requires_grad for tensor in tensors.values()] == [learns for _, learns in before],
            "leaf": all(tensor.is_leaf for tensor in tensors.values()),
        })  # fmt: skip
    return {"records": records, "program": [torch.is_grad_enabled(), str(torch.get_default_dtype())]}


def fans(shape):
    """fan_in and fan_out of a weight of this shape."""
    area = math.prod(shape[2:])
    return shape[1] * area, shape[0] * area


def by_fans(deviation):
    """A deviation as a function of (fan_in, fan_out)."""
    return lambda shape, *_: deviation(*fans(shape))


@dataclass(frozen=True)
class Recipe:
    """What a function that fills weights should do. right(shape of the weight, *rest) is the standard deviation; rows: kind, shape or arguments, options and
    rest of what is filled; mistakes: {words: other deviations}; fourth: the fourth moment of the numbers, divided by their deviation; which: of a layer."""

    name: str
    right: Callable[..., float]
    rows: Sequence[tuple]
    mistakes: Mapping[str, Callable[..., float]]
    fourth: float = 1.8
    which: str = "weight"
    close: float = 0.02

    def ask(self, student, rows):
        """The records of rows with a seed, and the program afterwards. Raises Finding where one of PyTorch's recipes was called."""
        seen = student.run(fill, name=self.name, calls=[list(row) for row in rows], off=student.run(library_off))
        if isinstance(seen, dict) and "library" in seen:
            fail(f"{self.name} calls {seen['library']}; this exercise asks you to write it yourself", "forbidden operation")
        whole = isinstance(seen, dict) and isinstance(seen.get("records"), list) and len(seen["records"]) == len(rows)
        expect(whole, f"{self.name} gave back something that cannot be read", "tampered")
        return seen["records"], seen["program"]

    def drawn(self, student):
        """What they are called, the shape of the weight, the rest, and numbers (4, …) for each row; the same for all criteria."""
        records, _ = student.once(four_times, self)
        found = []
        for i, row in enumerate(ROWS[self.name]):
            numbers = [record["values"] for record in records[4 * i : 4 * i + 4]]
            if row in self.rows:
                values = torch.stack([one[self.which].double() for one in numbers])
                what = f"the numbers of {self.which} of {spoken(row)}" if row[0][0].isupper() else f"the numbers of {self.name} for {spoken(row)}"
                assert_finite(values, what=what)
                expect(not bool((values == 7).any()), f"{what}: the old ones are still there; {self.which} is to be filled in place")
                found.append((what, tuple(numbers[0]["weight"].shape), row[3], values))
        return found


def four_times(student, recipe):
    """Four fillings of all rows of an exercise, the first after a seed."""
    return recipe.ask(student, [(*row, None if i + j else 11) for i, row in enumerate(ROWS[recipe.name]) for j in range(4)])


def spoken(row):
    """A row in words: nn.Linear(3, 4, bias=False), or a weight (3, 4) with a=0.5."""
    kind, shape, options, rest = row[:4]
    if kind[0].isupper():
        return f"nn.{kind}({', '.join([*map(str, shape), *(f'{key}={value}' for key, value in options.items())])})"
    return f"a weight {shape}{''.join(f' with a={a:g}' for a in rest)}"


def spreads(recipe, title, weight, hint):
    """A criterion: mean and standard deviation are right, and uniform numbers reach as far as they should."""

    @criterion(title, weight, hint)
    def test(self, student, draw):
        drawn = recipe.drawn(student)
        rights = [recipe.right(shape, *rest) for _, shape, rest, _ in drawn]
        found = [values.std(correction=0).item() / right for (*_, values), right in zip(drawn, rights, strict=True)]
        near = lambda ratio, other: abs(ratio - other) <= recipe.close * other
        for (what, *_), ratio in zip(drawn, found, strict=True):
            if not near(ratio, 1):
                wrong = {
                    words: [of(shape, *rest) / right for (_, shape, rest, _), right in zip(drawn, rights, strict=True)] for words, of in recipe.mistakes.items()
                }
                named = next((words for words, ratios in wrong.items() if all(map(near, found, ratios))), "")
                told = f": that is what comes out when {named}" if named else ""
                raise Finding(f"{what} have {ratio:.3g} times the standard deviation asked for{told}", named=named)
        for (what, *_, values), right in zip(drawn, rights, strict=True):
            off = values.mean().item() / right
            expect(abs(off) <= 2 * recipe.close, f"{what} have a mean of {off:.3g} standard deviations; 0 was expected")

    return test


def distributed(title, weight, hint, *recipes):
    """A criterion: numbers are uniform or normal, by their fourth moment and by how far they reach."""
    kinds = {1.8: "uniform", 3.0: "normal", 1.0: "only two different ones"}

    @criterion(title, weight, hint)
    def test(self, student, draw):
        for recipe in recipes:
            numbers = torch.cat([((values - values.mean()) / values.std(correction=0)).flatten() for *_, values in recipe.drawn(student)])
            what = f"the numbers of {recipe.which if len(recipes) > 1 else recipe.name}"
            expect(bool(numbers.isfinite().all()), f"{what} are all the same", follows=True)
            fourth, reach = numbers.pow(4).mean().item(), numbers.abs().max().item()
            kind = next((words for moment, words in kinds.items() if abs(fourth - moment) <= 0.12), "neither normal nor uniform")
            expect(abs(fourth - recipe.fourth) <= 0.12, f"{what} are {kind}; {kinds[recipe.fourth]} ones were asked for")
            cut = f"{what} are not {kinds[recipe.fourth]}: the largest is {reach:.3g} standard deviations from 0"
            expect(abs(reach - math.sqrt(3)) < 0.12 if recipe.fourth < 2 else reach > 3.8, cut)

    return test


def independent(recipe):
    @criterion("every entry is drawn on its own", 1, "fill the whole tensor with one call of uniform_ or normal_; no row is repeated")
    def test(self, student, draw):
        for what, *_, values in recipe.drawn(student):
            one, other = values[0].flatten(1), values[1].flatten(1)
            for rows, words in ((one, "two rows"), (one.T, "two columns"), (torch.stack([one.flatten(), other.flatten()]), "two calls one after the other")):
                unit = torch.nn.functional.normalize(rows - rows.mean(dim=1, keepdim=True), dim=1)
                largest = (unit @ unit.T).fill_diagonal_(0).abs().max() * math.sqrt(rows.shape[1])  # of independent ones it is about 5
                expect(bool(largest < 8), f"{what}: {words} hold numbers that depend on each other")

    return test


def in_place(recipe, title, hint, rows):
    """A criterion: what is filled is what was given, and it is what comes back."""

    @criterion(title, 2, hint)
    def test(self, student, draw):
        for (kind, _, options, *_), row, seen in zip(rows, rows, recipe.ask(student, [(*row, None) for row in rows])[0], strict=True):
            what = f"{recipe.name} of {KINDS[kind].format(str(options['dtype']).removeprefix('torch.')) if kind in KINDS else spoken(row)}"
            expect(seen["kept"], f"{what} puts other parameters in the place of those that were there; an optimizer does not know them")
            for name, values in seen["values"].items():
                expect(name == "bias" or not bool((values == 7).any()), f"{what}: the {name} holds its old numbers; it is to be filled in place")
                expect(values.dtype == options.get("dtype", torch.float32), f"{what} changes the dtype", "wrong type")
            expect(seen["memory"], f"{what} puts new memory under it; what shares the old one does not see the numbers")
            expect(seen["beside"], f"{what} writes into numbers beside the tensor")
            expect(seen["learns"] and seen["leaf"], f"{what} changes requires_grad, or leaves a graph: fill it under torch.no_grad()")
            other = "nothing" if seen["returned"] == "NoneType" else f"another {seen['returned']}"
            expect(seen["same"], f"{what} returns {other}, not what it was given")

    return test


KINDS = {
    "parameter": "a parameter in {}", "frozen": "a parameter with requires_grad=False in {}", "plain": "a plain tensor in {}",
    "view": "a tensor in {} that is a part of a larger one",
}  # fmt: skip


def seeded(recipe, row):
    """A criterion: the numbers come from torch's global generator."""

    @criterion(
        "torch.manual_seed decides the numbers, and each call draws new ones", 1, "no seed of your own, no NumPy, and nothing is kept from an earlier call"
    )
    def test(self, student, draw):
        records, program = recipe.ask(student, [(*row, seed) for seed in (3, None, 3, 4)])
        first, second, again, other = (torch.cat([value.flatten() for value in record["values"].values()]) for record in records)
        if bool((first == 7).all()):
            raise Finding(f"after {recipe.name} the old numbers are still there", follows=True)
        expect(torch.equal(first, again), f"after the same torch.manual_seed {recipe.name} gives other numbers: they come from another source")
        expect(not torch.equal(first, second), f"two calls of {recipe.name} one after the other give the same numbers")
        expect(not torch.equal(first, other), f"{recipe.name} gives the same numbers for another torch.manual_seed")
        assert_left_alone(program, recipe.name)

    return test


def filling(recipe, rest=()):
    """in_place for a function of tensors."""
    rows = [(kind, (13, 17), {"dtype": dtype}, rest) for dtype in (torch.float32, torch.float64) for kind in KINDS]
    rows.append(("parameter", (1, 17), {"dtype": torch.float32}, rest))
    hint = "with torch.no_grad(): weight.uniform_(…) or weight.normal_(…), and return weight"
    return in_place(recipe, "fills the tensor that it is given and returns it; requires_grad stays as it is", hint, rows)


MATRICES = [("parameter", shape, {}, ()) for shape in ((300, 500), (64, 700), (400, 60))]
SLOPES = [
    ("parameter", shape, {}, (a,)) for shape, a in (((300, 500), 0.0), ((64, 700), 0.5), ((64, 32, 3, 3), 0.0), ((60, 50, 7), 1.3), ((40, 12, 2, 3, 5), -0.7))
]
DENSE = [("Linear", (500, 300), {}, (1,)), ("Linear", (37, 800), {}, (1,))]
KERNELS = [("Conv2d", (32, 64, 3), {"groups": 4}, (4,)), ("Conv2d", (6, 700, (3, 2)), {}, (1,)), ("Conv2d", (12, 600, (1, 4)), {"groups": 3}, (3,))]
WITHOUT_BIAS = [("Linear", (70, 290), {"bias": False}, (1,)), ("Conv2d", (8, 130, (2, 5)), {"bias": False, "groups": 2}, (2,))]
ROWS = {"xavier_uniform_": MATRICES, "xavier_normal_": MATRICES, "kaiming_normal_": SLOPES, "torch_default_": [*DENSE, *KERNELS, *WITHOUT_BIAS]}
ROOTS = {
    "n_in alone decides; n_in + n_out was asked for": by_fans(lambda i, o: 1 / math.sqrt(i)),
    "n_out alone decides; n_in + n_out was asked for": by_fans(lambda i, o: 1 / math.sqrt(o)),
    "n_in stands for (n_in + n_out)": by_fans(lambda i, o: math.sqrt(2 / i)),
    "the factor 2 is lost": by_fans(lambda i, o: math.sqrt(1 / (i + o))),
    "the number of all entries stands for n_in + n_out": by_fans(lambda i, o: math.sqrt(2 / (i * o))),
    "√n_in + √n_out stands under the line": by_fans(lambda i, o: math.sqrt(2) / (math.sqrt(i) + math.sqrt(o))),
}
XAVIER = by_fans(lambda i, o: math.sqrt(2 / (i + o)))
xavier_uniform = Recipe("xavier_uniform_", XAVIER, MATRICES, {
    "the standard deviation is taken for the half-width; the variance of U(-a, a) is a²/3": by_fans(lambda i, o: math.sqrt(2 / (i + o) / 3)),
    "the root is forgotten": by_fans(lambda i, o: 6 / (i + o) / math.sqrt(3)),
    "n_in + n_out stands outside the root": by_fans(lambda i, o: math.sqrt(2) / (i + o)),
    "the variance is taken for the half-width": by_fans(lambda i, o: 2 / (i + o) / math.sqrt(3)),
    "the numbers lie between 0 and the half-width; they should lie on both sides of 0": by_fans(lambda i, o: math.sqrt(6 / (i + o) / 12)), **ROOTS,
})  # fmt: skip
xavier_normal = Recipe("xavier_normal_", XAVIER, MATRICES, {
    "the variance is handed to normal_, which takes the standard deviation": by_fans(lambda i, o: 2 / (i + o)),
    "√(2 / (n_in + n_out)) is taken for the variance, and its root for the deviation": by_fans(lambda i, o: (2 / (i + o)) ** 0.25),
    "n_in + n_out stands outside the root": by_fans(lambda i, o: math.sqrt(2) / (i + o)),
    "the 6 of the uniform numbers stands where a 2 belongs": by_fans(lambda i, o: math.sqrt(6 / (i + o))),
    "the numbers are those of normal_() without a deviation": lambda shape: 1.0, **ROOTS,
}, 3.0)  # fmt: skip


def with_slope(fan, factor=lambda a: 2 / (1 + a**2)):
    """A deviation as a function of the shape and the slope a."""
    return lambda shape, a: math.sqrt(factor(a) / fan(shape))


def fan_in(shape):
    return fans(shape)[0]


kaiming_normal = Recipe("kaiming_normal_", with_slope(fan_in), SLOPES, {
    "the fan is that of the outputs, from dimension 0": with_slope(lambda shape: fans(shape)[1]),
    "dimension 0 is taken for the fan": with_slope(lambda shape: shape[0]),
    "the area of the kernel is forgotten: the fan is not only dimension 1": with_slope(lambda shape: shape[1]),
    "the last dimension is taken for the fan": with_slope(lambda shape: shape[-1]),
    "the fan stands outside the root": with_slope(lambda shape: fan_in(shape) ** 2, lambda a: 2 / (1 + a**2) ** 2),
    "(1 + a)² stands where 1 + a² belongs": with_slope(fan_in, lambda a: 2 / (1 + a) ** 2),
    "1 + a stands where 1 + a² belongs": with_slope(fan_in, lambda a: 2 / (1 + a)),
    "a is ignored": with_slope(fan_in, lambda a: 2),
    "1 - a² stands where 1 + a² belongs": with_slope(fan_in, lambda a: 2 / abs(1 - a**2)),
    "the 2 is forgotten, which makes up for what ReLU takes away": with_slope(fan_in, lambda a: 1 / (1 + a**2)),
    "the variance is handed to normal_, which takes the standard deviation": with_slope(lambda shape: fan_in(shape) ** 2, lambda a: (2 / (1 + a**2)) ** 2),
    "fan_in + fan_out stands where fan_in belongs: that is Xavier's recipe": with_slope(lambda shape: sum(fans(shape))),
    "the number of all entries is taken for the fan": with_slope(math.prod),
}, 3.0)  # fmt: skip


def within(fan):
    """The deviation of uniform numbers between -1/√fan and 1/√fan; fan(shape of the weight, groups)."""
    return lambda shape, groups: math.sqrt(1 / (3 * fan(shape, groups)))


OTHER_FANS = {
    "the area of the kernel is forgotten: one output adds up all its products": within(lambda shape, groups: shape[1]),
    "the number of outputs is taken for the fan": within(lambda shape, groups: shape[0]),
    "groups are forgotten: with them an output sees a part of the channels only": within(lambda shape, groups: fan_in(shape) * groups),
    "in_features or in_channels is taken for the fan": within(lambda shape, groups: shape[1] * groups),
    "fan_out is taken for fan_in": within(lambda shape, groups: fans(shape)[1]),
    "the numbers lie between 0 and 1/√fan_in; they should lie on both sides of 0": within(lambda shape, groups: fan_in(shape) * 4),
    "1/√fan_in is taken for the standard deviation": within(lambda shape, groups: fan_in(shape) / 3),
    "the half-width is √(2/fan_in)": within(lambda shape, groups: fan_in(shape) / 2),
    "the half-width is √(6/fan_in), Kaiming's": within(lambda shape, groups: fan_in(shape) / 6),
    "the half-width is 1/fan_in: the root is forgotten": within(lambda shape, groups: fan_in(shape) ** 2),
    "the numbers are all 0": lambda shape, groups: 0.0,
    "the numbers are those of normal_()": lambda shape, groups: 1.0,
}  # fmt: skip
default_weight = Recipe("torch_default_", within(lambda shape, groups: fan_in(shape)), DENSE, OTHER_FANS)
default_kernel = replace(default_weight, rows=KERNELS)
BIAS_FANS = {"the length of the bias decides; it is the fan-in of the weight": within(lambda shape, groups: shape[0]), **OTHER_FANS}
default_bias = replace(default_weight, rows=[DENSE[1], *KERNELS[1:]], mistakes=BIAS_FANS, which="bias", close=0.05)
default_without = replace(default_weight, rows=WITHOUT_BIAS)
VARIANCE = "the variance is 2 / (n_in + n_out), the mean 0"


@exercise("xavier_uniform_")
class TestXavierUniform:
    test_variance = spreads(xavier_uniform, VARIANCE, 3, "between -√(6 / (n_in + n_out)) and +√(6 / (n_in + n_out))")
    test_uniform = distributed("the numbers are uniform", 2, "weight.uniform_(-a, a)", xavier_uniform)
    test_in_place = filling(xavier_uniform)
    test_independent = independent(xavier_uniform)
    test_seeded = seeded(xavier_uniform, MATRICES[2])


@exercise("xavier_normal_")
class TestXavierNormal:
    test_variance = spreads(xavier_normal, VARIANCE, 3, "normal_(0, std) takes the standard deviation: the root of the variance")
    test_normal = distributed("the numbers are normal", 2, "weight.normal_(0, std)", xavier_normal)
    test_in_place = filling(xavier_normal)
    test_independent = independent(xavier_normal)
    test_seeded = seeded(xavier_normal, MATRICES[2])


@exercise("kaiming_normal_")
class TestKaimingNormal:
    test_variance = spreads(
        kaiming_normal, "the variance is 2 / ((1 + a²) fan_in), for matrices and kernels", 4, "fan_in = weight[0].numel(): all that one output adds up"
    )
    test_normal = distributed("the numbers are normal", 2, "weight.normal_(0, std)", kaiming_normal)
    test_in_place = filling(kaiming_normal, (0.0,))
    test_independent = independent(kaiming_normal)
    test_seeded = seeded(kaiming_normal, SLOPES[-1])

    @criterion("a is 0 by default: ReLU", hint="a=0.0 in the first line, as it was given")
    def test_default(self, student, draw):
        [record], _ = kaiming_normal.ask(student, [("parameter", (300, 200), {}, (), 5)])
        ratio = record["values"]["weight"].std().item() / math.sqrt(2 / 200)
        expect(abs(ratio - 1) <= 0.02, f"without a, the numbers of kaiming_normal_ have {ratio:.3g} times the standard deviation asked for", follows=True)


@exercise("torch_default_")
class TestTorchDefault:
    test_weight = spreads(default_weight, "the weight has the spread of numbers between -1/√fan_in and 1/√fan_in", 2, "fan_in = layer.weight[0].numel()")
    test_kernels = spreads(default_kernel, "kernels: the area counts, and groups", 2, "layer.weight[0].numel() is right for every layer")
    test_bias = spreads(default_bias, "the bias lies within the same bounds", 3, "the fan-in of the weight decides the bias too: bias.uniform_(-bound, bound)")
    test_uniform = distributed("the numbers are uniform", 2, "uniform_(-bound, bound), for the weight and for the bias", default_weight, default_bias)
    test_no_bias = spreads(default_without, "takes layers without a bias", 1, "if layer.bias is not None")
    test_in_place = in_place(
        default_weight, "fills the parameters that are there, and returns the layer", "with torch.no_grad(): layer.weight.uniform_(…); no new nn.Parameter",
        [DENSE[0], KERNELS[0], *WITHOUT_BIAS, ("Linear", (17, 1), {}, (1,))],
    )  # fmt: skip
    test_independent = independent(default_weight)
    test_seeded = seeded(default_weight, KERNELS[2])


# 4 · Activations near zero --------------------------------------------------------------------------------------------


def expanded(student, calls):
    """What taylor_coefficients gives for the source of a function of x, the order and x0, which may be left out; whether a graph is left, what was switched."""
    import torch

    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)

    def answer(source, order, x0):
        f = eval(f"lambda x: {source}", {"torch": torch})
        result = student.taylor_coefficients(f, order) if x0 is None else student.taylor_coefficients(f, order, x0)
        graph = isinstance(result, torch.Tensor) and result.requires_grad
        return {"result": result.detach().clone() if isinstance(result, torch.Tensor) else result, "graph": graph}

    records = [answer(*call) for call in calls]
    return {"records": records, "program": [torch.is_grad_enabled(), str(torch.get_default_dtype())]}


def function_of(source):
    return eval(f"lambda x: {source}", {"torch": torch})


def scaled(factor, x0=lambda x0: x0):
    """The coefficients times factor(k), around another point."""
    return lambda source, order, at: (
        reference.taylor_coefficients(function_of(source), order, x0(at)) * torch.tensor([factor(k) for k in range(order + 1)], dtype=torch.float64)
    )


taylor = case(
    lambda source, order, x0: reference.taylor_coefficients(function_of(source), order, x0), lambda draw: (), name="taylor_coefficients", rtol=1e-8, atol=1e-9,
    slips={
        "k! is forgotten: these are the derivatives": scaled(math.factorial),
        "the derivative is divided by k, not by k!": scaled(lambda k: math.factorial(k) / max(k, 1)),
        "k! is that of the next k": scaled(lambda k: 1 / (k + 1)),
        "x0 is ignored: the derivatives are those at 0": lambda source, order, x0: scaled(lambda k: 1, lambda x0: 0.0)(source, order, x0) if x0 else None,
        "the highest order stands first": lambda source, order, x0: reference.taylor_coefficients(function_of(source), order, x0).flip(0) if order else None,
        "it ends at the first derivative that is 0; those after it need not be": lambda source, order, x0: ended_at_zero(source, order, x0),
        "they are the coefficients of x and not of x - x0": lambda source, order, x0: around_zero(source, order, x0) if x0 else None,
    },
)  # fmt: skip


def ended_at_zero(source, order, x0):
    c = reference.taylor_coefficients(function_of(source), order, x0)
    return c * (c != 0).cumprod(0)


def around_zero(source, order, x0):
    """The same polynomial, multiplied out."""
    c = reference.taylor_coefficients(function_of(source), order, x0)
    return torch.stack([sum(c[m] * math.comb(m, k) * (-x0) ** (m - k) for m in range(k, order + 1)) for k in range(order + 1)])


def expansions(student, calls):
    seen = student.run(expanded, calls=[list(call) for call in calls])
    whole = isinstance(seen, dict) and isinstance(seen.get("records"), list) and len(seen["records"]) == len(calls)
    expect(whole, "taylor_coefficients gave back something that cannot be read", "tampered")
    return seen["records"], seen["program"]


def expands(title, weight, hint, calls, follows=False):
    """A criterion: the coefficients for calls(draw) → [(source, order, x0)] are right."""

    @criterion(title, weight, hint, hint_for=("wrong value", "wrong shape", "unstable", "no gradient"))
    def test(self, student, draw):
        given = [tuple(call) for call in calls(draw)]
        records, _ = expansions(student, given)
        words = [f"taylor_coefficients of {source.replace('torch.', '')}, order {order}, around {x0:.4g}" for source, order, x0 in given]
        taylor.compare([(call, record["result"]) for call, record in zip(given, records, strict=True)], words, follows=follows)

    return test


def point(draw):
    return round(float(draw.float64.away_from_zero(1, low=0.3, high=1.2)), 4)


@exercise("taylor_coefficients")
class TestTaylorCoefficients:
    test_zero = expands(
        "activations around 0, to nine digits", 3, "entry k is the k-th derivative divided by math.factorial(k), in float64",
        lambda draw: [("torch.sigmoid(x)", 5, 0.0), ("torch.tanh(x)", 4, 0.0), ("4 * torch.sigmoid(x) - 2", 6, 0.0), (f"torch.exp({point(draw)} * x)", 3, 0.0)],
    )  # fmt: skip
    test_elsewhere = expands(
        "around other points", 2, "x = torch.tensor(x0, dtype=torch.float64, requires_grad=True)",
        lambda draw: [
            ("torch.tanh(x)", 4, point(draw)), ("torch.sigmoid(x) * x", 6, point(draw)), ("torch.exp(-x * x)", 5, point(draw)), ("torch.sin(3 * x)", 3, 2),
        ],
    )  # fmt: skip
    test_ends = expands(
        "polynomials and constants: where nothing is left to differentiate, 0 follows", 3, "if not y.requires_grad: the next derivative is torch.zeros_like(y)",
        lambda draw: [
            ("x ** 3 - 2 * x", 5, point(draw)), (f"{point(draw)} * x + 1", 4, point(draw)), ("torch.ones_like(x) * 2.5", 3, 0.7), ("x", 3, point(draw)),
            ("x * x", 6, 0.0), ("torch.tensor(1.5, dtype=torch.float64)", 2, 0.4),
        ],
    )  # fmt: skip
    test_order = expands(
        "order + 1 coefficients, from order 0 on", 1, "the loop runs over range(order + 1)",
        lambda draw: [("torch.cos(x)", 0, point(draw)), ("torch.cos(x)", 1, point(draw)), ("x.detach() * 3", 0, 1.5)], follows=True,
    )  # fmt: skip

    @criterion("x0 is 0 by default", hint="x0=0.0 in the first line, as it was given")
    def test_default(self, student, draw):
        sources = (f"torch.exp({point(draw)} * x)", "torch.tanh(x) + 1")
        records, _ = expansions(student, [(source, 3, None) for source in sources])
        taylor.compare([((source, 3, 0.0), record["result"]) for source, record in zip(sources, records, strict=True)], follows=True)

    @criterion("carries no graph, and leaves the program as it was", hint="y.detach() where the coefficient is noted", hint_for=("wrong value",))
    def test_graph(self, student, draw):
        call = ("torch.tanh(x)", 3, point(draw))
        [record], program = expansions(student, [call])
        expect(not record["graph"], "the coefficients carry a graph; plain numbers were expected")
        assert_left_alone(program, "taylor_coefficients")
        taylor.compare([(call, record["result"])], follows=True)

    @criterion("gives the same when it is called again", hint="keep nothing from one call for the next")
    def test_again(self, student, draw):
        x0 = point(draw)
        calls = [("torch.tanh(x)", 3, x0), ("torch.sin(x)", 3, x0), ("torch.tanh(x)", 3, -x0), ("torch.tanh(x)", 5, x0), ("torch.tanh(x)", 3, x0)]
        records, _ = expansions(student, calls)
        asked = [(call, record["result"]) for call, record in zip(calls, records, strict=True)]
        taylor.compare(asked[:1], ["the coefficients"], follows=True)
        taylor.compare(asked[1:], [f"the coefficients of {source.replace('torch.', '')} at a later call" for source, *_ in calls[1:]])


# 5 · Why the first numbers must differ --------------------------------------------------------------------------------


def in_order(W1, b1, W2):
    """The same units, sorted by their incoming weights and bias."""
    units = torch.cat([W1, b1[:, None]], dim=1)
    order = sorted(range(len(units)), key=lambda i: units[i].tolist())
    return W1[order], b1[order], W2[:, order]


def three_of(found, *given):
    right = isinstance(found, list | tuple) and len(found) == 3 and all(isinstance(t, torch.Tensor) for t in found)
    expect(right, "merge_twins should return three tensors, (W1, b1, W2)", "wrong type")
    W1, b1, W2 = found
    fits = W1.ndim == W2.ndim == 2 and b1.ndim == 1 and len(W1) == len(b1) == W2.shape[1]
    shapes = ", ".join(str(tuple(t.shape)) for t in found)
    expect(fits, f"merge_twins returns tensors of the shapes {shapes}, which make no network: (h, d), (h,) and (k, h) belong together", "wrong shape")
    for name, value, old in zip(("W1", "b1", "W2"), found, given, strict=True):
        words = [str(t.dtype).removeprefix("torch.") for t in (value, old)]
        expect(words[0] == words[1], f"{name} of merge_twins has dtype {words[0]}, expected {words[1]}", "wrong type")
    return in_order(W1, b1, W2)


def merged_by(same=lambda u, v: torch.equal(u, v), gather=lambda columns: sum(columns), neighbours=False, row=lambda rows: rows[0], bias=lambda b: b[0]):
    """Units are grouped by same((row, bias), (row, bias)), with the group's first or with their neighbour; gather makes one column of theirs, row and bias one
    row and one bias."""

    def slip(W1, b1, W2):
        units, groups = torch.cat([W1, b1[:, None]], dim=1), []
        for i, unit in enumerate(units):
            home = next((group for group in (groups[-1:] if neighbours else groups) if same(units[group[0]], unit)), None)
            home.append(i) if home else groups.append([i])
        merged = torch.stack([row(W1[group]) for group in groups]), torch.stack([bias(b1[group]) for group in groups])
        return in_order(*merged, torch.stack([gather([W2[:, i] for i in group]) for group in groups], dim=1))

    return slip


def with_twins(draw, h=9, d=3, k=4, kinds=4):
    """h units of `kinds` different kinds, in any order; every kind occurs."""
    rows, biases = draw.normal(kinds, d), draw.normal(kinds)
    kind = torch.cat([torch.arange(kinds), draw.integers(0, kinds, max(h - kinds, 0)).cpu()])[draw.permutation(max(h, kinds))].to(draw.device)
    return rows[kind], biases[kind], draw.normal(k, len(kind))


def other_biases(draw):
    """Units with equal rows of which some have another bias; and equal biases with other rows."""
    W1, b1, W2 = with_twins(draw, 8, 3, 2, 3)
    W1, b1 = torch.cat([W1, W1[:3], W1[:1]]), torch.cat([b1, b1[:3] + 1, b1[:1] - 2])
    return W1, b1, torch.cat([W2, draw.normal(2, 4)], dim=1)


def nearly_twins(draw):
    """Rows that differ in the last digit only, rows with the same entries in another order, a row that has only the bias of another, and real twins."""
    W1, b1, W2 = with_twins(draw, 6, 3, 2, 3)
    near = torch.nextafter(W1[:2], torch.full_like(W1[:2], 9.0))
    W1, b1 = torch.cat([W1, near, W1[2:4].roll(1, dims=1), draw.normal(1, 3)]), torch.cat([b1, b1[:5]])
    return W1, b1, torch.cat([W2, draw.normal(2, 5)], dim=1)


def nearly_biases(draw):
    W1, b1, W2 = with_twins(draw, 5, 2, 3, 2)
    return torch.cat([W1, W1[:2]]), torch.cat([b1, torch.nextafter(b1[:2], torch.full_like(b1[:2], 9.0))]), torch.cat([W2, draw.normal(3, 2)], dim=1)


twins = case(
    lambda W1, b1, W2: in_order(*reference.merge_twins(W1, b1, W2)), with_twins, name="merge_twins", gives=("W1", "b1", "W2"),
    call=lambda f: lambda W1, b1, W2: three_of(f(W1, b1, W2), W1, b1, W2), **MATMUL,
    slips={
        "the outgoing weights are averaged; they add up": merged_by(gather=lambda columns: sum(columns) / len(columns)),
        "the incoming weights or the biases of twins are added, too; only the outgoing weights are": (
            merged_by(row=lambda rows: rows.sum(0), bias=torch.sum), merged_by(bias=torch.sum), merged_by(row=lambda rows: rows.sum(0))
        ),
        "the last twin's outgoing weights stay, and those of the others are lost": merged_by(gather=lambda columns: columns[-1]),
        "the first twin's outgoing weights stay, and those of the others are lost": merged_by(gather=lambda columns: columns[0]),
        "the bias is ignored: units with equal rows and different biases are no twins": merged_by(lambda u, v: torch.equal(u[:-1], v[:-1])),
        "only the bias is compared": merged_by(lambda u, v: torch.equal(u[-1:], v[-1:])),
        "only neighbours are merged; twins may stand anywhere": merged_by(neighbours=True),
        "nothing is merged": lambda W1, b1, W2: in_order(W1, b1, W2),
        "units that are nearly equal are merged as well": merged_by(lambda u, v: torch.allclose(u, v)),
        "rows with the same sum are taken for twins": merged_by(lambda u, v: torch.isclose(u[:-1].sum(), v[:-1].sum()) and torch.equal(u[-1:], v[-1:])),
    },
)  # fmt: skip


def networks(*makers):
    """arguments of an `agrees`. makers: pairs of words and draw → arguments."""
    return lambda draw: {f"merge_twins of {words}": make(draw) for words, make in makers}


@exercise("merge_twins")
class TestMergeTwins:
    test_values = twins.agrees(
        "each group of twins becomes one unit, with the sum of their outgoing weights", 4, "index_add_(1, twin, W2) into zeros (k, number of different units)",
        [(7, 3, 2, 3), (9, 2, 4, 4), (12, 5, 1, 5)],
    )  # fmt: skip
    test_biases = twins.agrees(
        "units with equal rows and different biases are left apart", 2, "compare rows of torch.cat([W1, b1[:, None]], dim=1)",
        arguments=networks(("units with equal rows and other biases", other_biases), ("more units with equal rows and other biases", other_biases)),
    )  # fmt: skip
    test_exact = twins.agrees(
        "only what is exactly equal is merged", 1, "==, not torch.isclose; a sum or a norm of the row says too little",
        arguments=networks(("units that differ in the last digit", nearly_twins), ("units whose biases differ in the last digit", nearly_biases)), follows=True,
    )  # fmt: skip
    test_all = twins.agrees(
        "all units equal: one is left; all different: all are left", 1, "no case of its own is needed for either",
        [(6, 4, 3, 1), (5, 3, 2, 5), (1, 2, 3, 1)], follows=True,
    )  # fmt: skip
    test_one_input = twins.agrees("one input or one output", 1, "keep the dimensions: W1 is (h, 1), W2 is (1, h)", [(7, 1, 1, 3), (8, 1, 3, 4)], follows=True)

    @criterion("keeps the dtype, and takes weights in any memory order", hint="make no tensor with a dtype of its own: dtype=W2.dtype")
    def test_dtype(self, student, draw):
        for words, drawn in (("in float64", draw.float64), ("that are not contiguous", draw.other_order)):
            given = tuple(map(other_order, with_twins(drawn))) if drawn.turned else with_twins(drawn)
            exact = {"rtol": 1e-10, "atol": 1e-12} if drawn.dtype == torch.float64 else {}
            twins.compare(twins.ask(student, [given]), [f"merge_twins of weights {words}"], follows=not exact, **exact)

    test_unchanged = twins.leaves_inputs(hint="W2[:, i] += … writes into the caller's tensor: clone it first")

    @criterion("gives the same when it is called again, and leaves the program as it was", hint="keep nothing from one call for the next")
    def test_again(self, student, draw):
        first, other = with_twins(draw), with_twins(draw, 9, 3, 4, 5)
        calls = [first, other, first]
        seen = student.run(merged_in_turn, calls=[list(call) for call in calls])
        assert_left_alone(seen["program"], "merge_twins")
        asked = [(call, three_of(found, *call)) for call, found in zip(calls, seen["results"], strict=True)]
        twins.compare(asked[:1], ["merge_twins"], follows=True)
        twins.compare(asked[1:], ["merge_twins at a later call"] * 2)


def merged_in_turn(student, calls):
    import torch

    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)
    results = [student.merge_twins(*(t.clone() for t in call)) for call in calls]
    return {"results": [[t.clone() for t in result] for result in results], "program": [torch.is_grad_enabled(), str(torch.get_default_dtype())]}


# 6 · Thirty layers ----------------------------------------------------------------------------------------------------


def batch(draw, sizes=(3, 5, 4, 2), n=7, activation="tanh"):
    """Weights for these sizes, a batch, an activation and a gradient at the end."""
    Ws = [draw.normal(n_out, n_in, scale=1.3 / n_in**0.5) for n_in, n_out in zip(sizes, sizes[1:], strict=False)]
    return Ws, draw.normal(n, sizes[0], mean=0.4), ACTIVATIONS[activation][0], draw.normal(n, sizes[-1], scale=1.5, mean=0.5)


def signals(Ws, X, sigma, G):
    """H of every layer, Z in front of every activation, and the gradients at every H."""
    H, Z = [X.detach().requires_grad_()], []
    for W in Ws:
        Z.append(H[-1] @ W.detach().T)
        H.append(sigma(Z[-1]))
    return H, Z, torch.autograd.grad(H[-1], H, G)


def of_weights(Ws, X, sigma, G):
    """The gradients are those with respect to the weights, G at the end."""
    weights, H = [W.detach().clone().requires_grad_() for W in Ws], [X.detach()]
    for W in weights:
        H.append(sigma(H[-1] @ W.T))
    gradients = torch.autograd.grad(H[-1], weights, G) if Ws else ()
    return tuple([t.std(correction=0).item() for t in tensors] for tensors in (H, (*gradients, G)))


def measured(size=lambda t: t.std(correction=0), change=lambda H, Z, gradients: (H, gradients), upstream=lambda G: G):
    def slip(Ws, X, sigma, G):
        H, Z, gradients = signals(Ws, X, sigma, upstream(G))
        there, back = change(H, Z, gradients)
        return [size(h).item() for h in there], [size(g).item() for g in back]

    return slip


SIGNAL_SLIPS = {
    "the last layer stands first": measured(change=lambda H, Z, g: (H[::-1], g[::-1])),
    "the backward list begins with the last layer; entry t belongs to layer t": measured(change=lambda H, Z, g: (H, g[::-1])),
    "the gradient at the end is taken for ones; it is G": measured(upstream=torch.ones_like),
    "the deviation divides by the number of entries minus one": measured(lambda t: t.std()),
    "the variance is given": measured(lambda t: t.var(correction=0)),
    "the mean is not subtracted: the root of the mean square": measured(lambda t: t.square().mean().sqrt()),
    "the size of the mean absolute value is given": measured(lambda t: t.abs().mean()),
    "the norm is given": measured(lambda t: t.norm()),
    "the signal is measured before the activation": measured(change=lambda H, Z, g: ([H[0], *Z], g)),
    "the deviation of each unit is averaged; all entries belong together": measured(lambda t: t.std(0, correction=0).mean()),
    "H of layer 0, X itself, is left out": measured(change=lambda H, Z, g: (H[1:], g)),
    "the gradient at X is left out": measured(change=lambda H, Z, g: (H, g[1:])),
    "the loss is a mean: its gradient at the end is not G but G divided by the number of entries": measured(upstream=lambda G: G / G.numel()),
    "the gradients with respect to the weights are measured": of_weights,
    "X goes through the activation as well; H of layer 0 is X itself": lambda Ws, X, sigma, G: measured()(Ws, sigma(X), sigma, G),
    "the activation is left out": lambda Ws, X, sigma, G: measured()(Ws, X, lambda Z: Z, G),
}
stds = WithActivations(
    reference.signal_stds, batch, name="signal_stds", gives=("the forward list", "the backward list"), slips=SIGNAL_SLIPS, rtol=1e-4, atol=1e-6
)
forward_stds, backward_stds = (stds.only(part, slips={words: with_first(slip, i) for words, slip in SIGNAL_SLIPS.items()}) for i, part in enumerate(stds.gives))


def traced(student, Ws, X, G, learns):
    """signal_stds with parameters, one of which holds an old gradient, and an X that requires a gradient or not; and what is to be seen of them afterwards."""
    import torch

    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)
    weights, X = [torch.nn.Parameter(W.clone()) for W in Ws], X.clone().requires_grad_(learns)
    weights[0].grad = torch.ones_like(weights[0])
    result = student.signal_stds(handed := list(weights), X, torch.tanh, G)
    old = weights[0].grad
    return {
        "result": [[float(v) for v in part] for part in result], "grads": [W.grad is not None for W in weights[1:]] + [X.grad is not None],
        "old": old is not None and bool((old == 1).all()), "list": len(handed) == len(weights), "learns": all(W.requires_grad for W in weights),
        "X": X.requires_grad,
        "values": [W.detach().clone() for W in weights], "X_values": X.detach().clone(), "program": [torch.is_grad_enabled(), str(torch.get_default_dtype())],
    }  # fmt: skip


@exercise("signal_stds")
class TestSignalStds:
    test_forward = forward_stds.agrees(
        "forward: the standard deviation of X and of every H", 3, "H = [X], and for each W: H.append(sigma(H[-1] @ W.T)); h.std(correction=0)",
        [((3, 3, 3), 7, "wave"), ((3, 5, 4, 2), 6, "tanh"), ((2, 6), 1, "square"), ((4, 3, 7), 5, "relu")],
    )  # fmt: skip
    test_backward = backward_stds.agrees(
        "backward: the standard deviation of the gradient at every H, from G", 4, "torch.autograd.grad(H[-1], H, G) gives them in the order of the layers",
        [((3, 3, 3), 7, "wave"), ((3, 5, 4, 2), 6, "tanh"), ((2, 6), 1, "square"), ((4, 3, 7), 5, "relu")],
    )  # fmt: skip
    test_none = stds.agrees("without a layer both ends coincide", 1, "H[0] is X, and G is the gradient at it", [((4,), 5)], follows=True)

    @criterion(
        "leaves no trace: no .grad, no other requires_grad, no other numbers", 3, "torch.autograd.grad writes no .grad; X.detach() is a tensor of your own"
    )
    def test_trace(self, student, draw):
        Ws, X, _, G = batch(draw)
        for learns in (False, True):
            seen = student.run(traced, Ws=Ws, X=X, G=G, learns=learns)
            *weights, of_X = seen["grads"]
            expect(seen["list"], "after signal_stds the list of weights is shorter")
            expect(not any(weights), "signal_stds leaves a .grad in a weight")
            expect(seen["old"], "signal_stds adds to the .grad that a weight held before, or clears it")
            expect(not of_X, "signal_stds leaves a .grad in X")
            expect(seen["learns"], "after signal_stds a weight does not require a gradient any more")
            expect(seen["X"] is learns, f"after signal_stds X.requires_grad is {seen['X']}; it was {learns}")
            for name, before, after in [("X", X, seen["X_values"]), *((f"Ws[{i}]", W, V) for i, (W, V) in enumerate(zip(Ws, seen["values"], strict=True)))]:
                assert_unchanged(before, after, what=name)
            assert_left_alone(seen["program"], "signal_stds")
            stds.compare([((Ws, X, torch.tanh, G), seen["result"])], follows=True)

    @criterion("gives two lists of plain numbers", hint=".item() makes a number of a tensor with one entry")
    def test_numbers(self, student, draw):
        Ws, X, sigma, G = batch(draw)
        found = stds.of(student)(Ws, X, sigma, G)
        two = isinstance(found, list | tuple) and len(found) == 2 and all(isinstance(part, list | tuple) for part in found)
        expect(two, "signal_stds should return two lists, (forward, backward)", "wrong type")
        kinds = {kind_of(value) for part in found for value in part}
        expect(kinds <= {"number"}, f"a list of signal_stds holds a {min(kinds - {'number'}, default='')}; plain numbers were expected", "wrong type")
        stds.compare([((Ws, X, sigma, G), found)], follows=True)

    @criterion("measures in the dtype of the data", hint="no .float(): float64 data keep their digits")
    def test_dtype(self, student, draw):
        for given in (batch(draw.float64), batch(draw.other_order)):
            exact = {"rtol": 1e-9, "atol": 1e-12} if given[1].dtype == torch.float64 else {}
            stds.compare(stds.ask(student, [given]), [f"signal_stds of X in {'float64' if exact else 'another memory order'}"], follows=not exact, **exact)

    test_again = stds.again(sizes=[(), (), ((2, 5, 3), 4, "wave")])


def initialised(student, specs, seed):
    """What is to be seen of networks after init_deep_; specs: sizes and activation of each. The weights are what PyTorch leaves there, the biases are not 0."""
    import torch

    torch.manual_seed(seed)
    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)
    records = []
    for sizes, activation in specs:
        layers = [layer for n_in, n_out in zip(sizes, sizes[1:]) for layer in (torch.nn.Linear(n_in, n_out), getattr(torch.nn, activation)())]
        net = torch.nn.Sequential(*layers[:-1])
        before, kinds = list(net.parameters()), [type(layer).__name__ for layer in net]
        memory = [p.data_ptr() for p in before]
        returned = student.init_deep_(net)
        after = list(net.parameters())
        records.append({
            "same": returned is net, "returned": type(returned).__name__, "memory": [p.data_ptr() for p in before] == memory,
            "kept": len(after) == len(before) and all(p is q for p, q in zip(after, before)), "learns": all(p.requires_grad for p in after),
            "numbers": [p.detach().clone() for p in after], "layers": [type(layer).__name__ for layer in net] == kinds,
        })  # fmt: skip
    return {"records": records, "program": [torch.is_grad_enabled(), str(torch.get_default_dtype())]}


def deep(depth, width, activation):
    return [[64, *[width] * (depth - 1), 10], activation]


NETS = {"ReLU": [deep(30, 128, "ReLU")] * 3, "Tanh": [deep(30, 128, "Tanh")] * 3}
UNEVEN = [[[64, 40, 160, 40, 160, 10], activation] for activation in NETS]
SHORT = [[[20, 30, 7], activation] for activation in NETS]
SPECS = [*NETS["ReLU"], *NETS["Tanh"], *UNEVEN, *SHORT]


def deep_nets(student):
    seen = student.run(initialised, specs=SPECS, seed=5)
    whole = isinstance(seen, dict) and isinstance(seen.get("records"), list) and len(seen["records"]) == len(SPECS)
    expect(whole and all(len(r["numbers"]) == 2 * len(spec[0]) - 2 for r, spec in zip(seen["records"], SPECS, strict=True)),
           "after init_deep_ a net has another number of parameters than before", "wrong shape")  # fmt: skip
    return seen


def records_of(student, specs):
    """Pairs of spec and record, all from one run; a Finding where a number is not finite."""
    records = student.once(deep_nets)["records"]
    found = [(spec, record) for spec, record in zip(SPECS, records, strict=True) if spec in specs]
    for (sizes, activation), record in found:
        shapes = [shape for n_in, n_out in zip(sizes, sizes[1:], strict=False) for shape in ((n_out, n_in), (n_out,))]
        right = [tuple(p.shape) for p in record["numbers"]] == shapes
        expect(right, f"after init_deep_ the parameters of {words_of((sizes, activation))} have other shapes than before", "wrong shape")
        for p in record["numbers"]:
            assert_finite(p, what=f"a parameter of {words_of((sizes, activation))}")
    return found


def words_of(spec):
    return f"a net of {len(spec[0]) - 1} layers with {spec[1]}"


def ratios(spec, record, generator):
    """The signal of the last hidden layer over that of the first, and the gradient of the second weight over that of the last but one; logarithms."""
    (sizes, activation), numbers = spec, [p.double().cpu() for p in record["numbers"]]
    weights, biases = [W.requires_grad_() for W in numbers[::2]], numbers[1::2]
    H = [torch.randn(64, sizes[0], generator=generator, dtype=torch.float64)]
    for i, (W, b) in enumerate(zip(weights, biases, strict=True)):
        Z = H[-1] @ W.T + b
        H.append(Z if i == len(weights) - 1 else torch.relu(Z) if activation == "ReLU" else torch.tanh(Z))
    upstream = torch.randn(H[-1].shape, generator=generator, dtype=torch.float64)
    gradients = torch.autograd.grad(H[-1], [weights[1], weights[-2]], upstream)
    log = lambda value: math.log(max(value.item(), 1e-300))
    signal = log(H[-2].detach().square().mean().sqrt()) - log(H[1].detach().square().mean().sqrt())
    return signal, log(gradients[0].norm()) - log(gradients[1].norm())


def survives(activation, title, hint, weight=2):
    """A criterion: in the mean of three nets, signal and gradient are neither lost nor blown up."""

    @criterion(title, weight, hint)
    def test(self, student, draw):
        logs = [ratios(spec, record, draw.new_generator()) for spec, record in records_of(student, NETS[activation][:1])]
        signal, gradient = (math.exp(sum(values) / len(values)) for values in zip(*logs, strict=True))
        words = words_of(NETS[activation][0])
        low = f"in {words} the signal of the last hidden layer is {signal:.2g} times that of the first; between 0.1 and 10 was expected"
        expect(0.1 <= signal <= 10, low)
        told = f"in {words} the gradient of the second weight is {gradient:.2g} times that of the last but one; between 0.02 and 50 was expected"
        expect(1 / 50 <= gradient <= 50, told)

    return test


def train_deep(student, ending, enough, activation, X, y, X_test, y_test, seed):
    """Six epochs on the digits; the weights and biases that were learned."""
    import torch

    class Batches:
        def __iter__(self):
            for rows in torch.randperm(len(X)).split(64):
                yield X[rows], y[rows]

    torch.manual_seed(seed)
    torch.set_grad_enabled(True)
    layers = [layer for n_out in [64] * 11 + [10] for layer in (torch.nn.Linear(64, n_out), getattr(torch.nn, activation)())]
    net = torch.nn.Sequential(*layers[:-1])
    returned = student.init_deep_(net)
    net = returned if isinstance(returned, torch.nn.Sequential) else net
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
    with ending(Batches(), lambda: (net(X_test).argmax(dim=1) == y_test).float().mean(), enough) as batches:
        for _ in range(6):
            for features, labels in batches:
                loss = torch.nn.functional.cross_entropy(net(features), labels)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
    return [p.detach().clone() for p in net.parameters()]


def normalised_digits(activation):
    def data(seed):
        X, y, X_test, y_test = digits()
        normalizer = reference.Normalizer(X)
        X, X_test = normalizer(X).flatten(1), normalizer(X_test).flatten(1)
        return {"activation": activation, "X": X, "y": y, "X_test": X_test, "y_test": y_test, "seed": seed}

    return data


def share_right(data, learned):
    right = isinstance(learned, list) and [tuple(p.shape) for p in learned] == [(64, 64), (64,)] * 11 + [(10, 64), (10,)]
    expect(right, "after init_deep_ the parameters have other shapes than before", "wrong shape")
    H, activation = data["X_test"], torch.relu if data["activation"] == "ReLU" else torch.tanh
    for i in range(0, 24, 2):
        Z = H @ learned[i].to(H).T + learned[i + 1].to(H)
        H = activation(Z) if i < 22 else Z
    return float((H.argmax(dim=1) == data["y_test"]).float().mean())


DIGITS = {
    activation: goal(
        f"the test accuracy of a net of 12 layers with {activation}", at_least=0.8, margin=0.05, within="6 epochs", data=normalised_digits(activation),
        recipe=train_deep, reached=share_right, share=True, wrong=wrong,
    )
    for activation, wrong in (("ReLU", {"keeps PyTorch's default": 0.1}), ("Tanh", {"keeps PyTorch's default": 0.18, "draws from randn": 0.15}))
}  # fmt: skip


@exercise("init_deep_")
class TestInitDeep:
    test_relu = survives(
        "ReLU", "ReLU: signal and gradient survive thirty layers", "ReLU takes half of the second moment away: variance 2 / fan_in, kaiming_normal_", 3
    )
    test_tanh = survives("Tanh", "tanh: signal and gradient survive thirty layers", "variance 2 / (n_in + n_out), xavier_normal_", 3)

    @criterion("layers of different widths, each by its own shape", 1, "the recipe is called with each layer's own weight")
    def test_uneven(self, student, draw):
        for spec, record in records_of(student, UNEVEN):
            signal, _ = ratios(spec, record, draw.new_generator())
            told = f"with the widths {spec[0]} and {spec[1]} the signal of the last hidden layer is {math.exp(signal):.2g} times that of the first"
            if not abs(signal) <= math.log(10):
                raise Finding(f"{told}; between 0.1 and 10 was expected", follows=True)

    @criterion("all biases are 0", 1, "nn.init.zeros_(layer.bias)")
    def test_biases(self, student, draw):
        for spec, record in records_of(student, SPECS):
            for i, b in enumerate(record["numbers"][1::2]):
                expect(not bool(b.any()), f"after init_deep_ the bias of linear layer {i + 1} of {words_of(spec)} is not 0")

    @criterion("each unit, layer and net gets numbers of its own", 1, "random numbers, and no seed of your own: units that start equal stay equal")
    def test_apart(self, student, draw):
        for spec, record in records_of(student, SPECS):
            for i, W in enumerate(record["numbers"][::2]):
                expect(len(W.unique(dim=0)) == len(W), f"in linear layer {i + 1} of {words_of(spec)} two units have equal weights")
        (_, first), (_, second), *_ = records_of(student, NETS["ReLU"])
        expect(not torch.equal(first["numbers"][2], first["numbers"][4]), "after init_deep_ two layers of a net have equal weights")
        expect(not torch.equal(first["numbers"][2], second["numbers"][2]), "init_deep_ gives two nets the same weights")

    @criterion("fills the parameters that are there, and returns the net", 2, "in place, as nn.init does: no new layer, no new nn.Parameter; return net")
    def test_in_place(self, student, draw):
        for spec, record in records_of(student, SPECS):
            expect(record["kept"], f"after init_deep_ {words_of(spec)} has other parameters than before; an optimizer does not know them")
            expect(record["memory"], f"init_deep_ puts new memory under a parameter of {words_of(spec)}")
            expect(record["learns"], f"after init_deep_ a parameter of {words_of(spec)} does not require a gradient any more")
            expect(record["layers"], f"after init_deep_ {words_of(spec)} consists of other layers")
            other = "nothing" if record["returned"] == "NoneType" else f"another {record['returned']}"
            expect(record["same"], f"init_deep_ returns {other}, not the net that it was given")
        assert_left_alone(student.once(deep_nets)["program"], "init_deep_")

    test_learns_relu = DIGITS["ReLU"].is_reached("ReLU: 12 layers learn the digits, test accuracy at least 0.8", 2, "kaiming_normal_ for every weight", 30)
    test_learns_tanh = DIGITS["Tanh"].is_reached("tanh: 12 layers learn the digits, test accuracy at least 0.8", 2, "xavier_normal_ for every weight", 30)
