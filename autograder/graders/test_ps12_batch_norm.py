"""Hidden grader of ps12_batch_norm."""

import math
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

import torch
from course_tools import digits
from torch.nn import functional as F

from autograder import assert_close, assert_finite, assert_shape, assert_unchanged, case, criterion, exercise, expect, fail, goal, layer
from autograder.vocabulary.case import Case
from autograder.vocabulary.program import assert_left_alone
from autograder.vocabulary.slip import alike
from solutions.ps12_batch_norm import batch_norm as reference

EVALUATION, TRAINING = False, True
EXACT = {"rtol": 1e-4, "atol": 2e-5}  # float32 sums in any order
# Sees neither where an eps of 1e-5 stands nor, for 400 numbers with one mean, whether their variance is divided by 400 or by 399: that has criteria of its own.
ROUGH = {"rtol": 5e-3, "atol": 5e-3}
HUGE = 1e8  # numbers of this size do not show an eps of 1e-5, even in float64


def shared(X):
    """The dimensions whose numbers share one mean in batch norm: all but the second."""
    return [i for i in range(X.ndim) if i != 1]


def all_of(X):
    return list(range(X.ndim))


def moments(X, dims, less=0):
    """Mean and variance, as they stand beside X. less: what is taken off the number of numbers."""
    mean, count = X.mean(dims, keepdim=True), math.prod(X.shape[i] for i in dims)
    return mean, ((X - mean) ** 2).sum(dims, keepdim=True) / torch.tensor(float(count - less))


def spread(draw, X, dims, scale=1.0):
    """Gives the numbers that share these dimensions a mean of their own and a deviation of one to three times the scale, in place."""
    X -= X.mean(dims, keepdim=True)
    X /= X.square().mean(dims, keepdim=True).sqrt().clamp(min=1e-6)
    own = [1 if i in dims else size for i, size in enumerate(X.shape)]
    X *= draw.uniform(*own, low=scale, high=3 * scale)
    X += draw.normal(*own, scale=2 * scale)
    return X


def batch(draw, n, rest, scale=1.0):
    X = draw.normal(n, *rest)
    return spread(draw, X, shared(X), scale)


def normalised(
    X, gamma, beta, mean, var, eps, momentum, training, dims=shared, less=0, outside=False, power=0.5, scaled=True, shifted=True, sign=1, moves=False, other=()
):  # fmt: skip
    """What comes out of a normalisation, or with a slip in it. dims(X): whose numbers share a mean. less, outside, power: of variance and root. moves: whether
    moving statistics are updated before they are used. other: {whether it is training: what stands for eps}."""
    if training or moves:
        own = moments(X, dims(X), less)
        mean, var = [momentum * old + (1 - momentum) * new.reshape(old.shape) for old, new in zip((mean, var), own, strict=True)] if moves else own
    eps = dict(other).get(training, eps)
    hat = (X - mean) / (var**0.5 + eps if outside else (var + eps) ** power)
    return ((gamma if scaled else 1) * hat + sign * (beta if shifted else 0)).expand(X.shape)


def across(**dims):
    """Other dimensions, for features or for images."""
    return {"dims": lambda X: dims.get("features" if X.ndim == 2 else "images", shared(X))}


UNBIASED = "the variance is divided by m - 1; here it is divided by m"
OUTSIDE = "eps is added after the root; here it stands inside"
TINY = "eps is left out, or is always a small number"
IDENTITY = "the input is given back as it is"
IN_ALL = {
    UNBIASED: {"less": 1},
    OUTSIDE: {"outside": True},
    "the variance is divided by m - 1 and eps is added after the root": {"less": 1, "outside": True},
    "the root is missing: X - mean divided by the variance": {"power": 1},
    "gamma and beta are left out": {"scaled": False, "shifted": False},
    "gamma is left out": {"scaled": False},
    "beta is left out": {"shifted": False},
    "beta is subtracted; it should be added": {"sign": -1},
    "mean and variance are taken over everything at once": {"dims": all_of},
}  # fmt: skip
IN_BATCH_NORM = IN_ALL | {
    IDENTITY: lambda X, *_: X,
    TINY: {"other": {True: 1e-5, False: 1e-5}},
    f"{TINY}, in training": {"other": {True: 1e-5}},
    f"{TINY}, in evaluation": {"other": {False: 1e-5}},
    "mean and variance are taken along each row": across(features=[1]),
    "each pixel has a mean of its own: the mean runs over the samples only": across(images=[0]),
    "each sample has a mean of its own: the mean runs over the pixels only": across(images=[2, 3]),
    "each sample has one mean for all channels and pixels": across(images=[1, 2, 3]),
    "the statistics of the batch are used; evaluation uses the moving ones": lambda *X: normalised(*X[:-1], True),
    "the moving statistics are used; training uses those of the batch": lambda *X: normalised(*X[:-1], False),
    "the updated moving statistics are used; training uses those of the batch": lambda *X: normalised(*X[:-1], False, moves=X[-1]),
    "training and evaluation are swapped": lambda *X: normalised(*X[:-1], not X[-1]),
    "gamma and beta are swapped": lambda X, gamma, beta, *rest: normalised(X, beta, gamma, *rest),
}  # fmt: skip


def slips(table, as_arguments=lambda *X: X):
    """Of options of `normalised`, or functions of its arguments. as_arguments: makes these of what the case or layer has."""

    def slip(one):
        return lambda *X: one(*as_arguments(*X)) if callable(one) else normalised(*as_arguments(*X), **one)

    return {words: slip(one) for words, one in table.items()}


# The function --------------------------------------------------------------------------------------------------------


def given(draw, n=400, rest=(3,), training=True, eps=1e-5, momentum=0.7, scale=1.0):
    """The arguments of batch_norm. rest: of the shape of X, behind n."""
    shape = rest if len(rest) == 1 else (1, rest[0], 1, 1)
    moving = draw.away_from_zero(*shape, low=scale, high=3 * scale), draw.uniform(*shape, low=0.5 * scale**2, high=2.5 * scale**2)
    return batch(draw, n, rest, scale), draw.away_from_zero(*shape), draw.normal(*shape), *moving, eps, momentum, training


def moved(index, share=lambda momentum: momentum, less=0, more=0, modes=(True,)):
    """One of the moving statistics after a batch, with a slip in it. share: what is kept; more: how often eps is added; modes: in which it moves."""

    def slip(X, gamma, beta, mean, var, eps, momentum, training):
        old, new, kept = (mean, var)[index], moments(X, shared(X), less)[index], share(momentum)
        return kept * old + (1 - kept) * (new.reshape(old.shape) + more * eps) if training in modes else old

    return slip


def in_moving(index):
    return {
        "momentum is the share that is replaced; here it is the share that is kept": moved(index, lambda momentum: 1 - momentum),
        "it is not updated": moved(index, modes=()),
        "it is updated; evaluation returns it as it came": moved(index, modes=(True, False)),
        "it is replaced by that of the batch": moved(index, lambda momentum: 0),
        "the share that is kept is always 0.9": moved(index, lambda momentum: 0.9),
    }


IN_VAR = {UNBIASED: moved(1, less=1), "eps is counted as a part of the variance": moved(1, more=1)}
whole = case(reference.batch_norm, given, gives=("Y", "moving_mean", "moving_var"), said=("X", "eps", "momentum", "training"))
result = whole.only("Y", slips=slips(IN_BATCH_NORM))
exact, rough = replace(result, **EXACT), replace(result, **ROUGH)
new_mean = whole.only("moving_mean", slips=in_moving(0), **EXACT)
new_var = whole.only("moving_var", slips=in_moving(1) | IN_VAR, **EXACT)
IMAGES = (100, (3, 2, 2))


def compare_parts(asked, *parts):
    """Each part of the results is right; each names its own slips."""
    for part in parts:
        part.compare([(arguments, whole.pick(result, whole.gives.index(part.part))) for arguments, result in asked])


def batch_norm_under_no_grad(student, arguments):
    import torch

    with torch.no_grad():
        return student.batch_norm(*arguments)


def constant_columns(draw, n, *rest):
    """Of three features or channels the first and the last are constant."""
    X, *others = given(draw, n, (3, *rest))
    X[:, 0], X[:, 2] = 500.0, -0.25
    return X, *others


def far_from_zero(draw):
    X, *others = given(draw)
    moves = {"numbers near 2000": X + 2000, "numbers near -3000": X - 3000, "numbers of size 1e10": X * 1e10}
    constant = {"constant columns": constant_columns(draw, 8), "constant channels": constant_columns(draw, 2, 2, 4), "one sample": given(draw, 1)}
    return {words: (moved, *others) for words, moved in moves.items()} | constant


@exercise("batch_norm", forbid=["norm"])
class TestBatchNormFunction:
    test_features = exact.agrees(
        "training: each feature of (n, d) is normalised with mean and variance of its column", weight=3,
        hint="mean and biased variance over dim 0; then gamma · … + beta", sizes=[(5, (2,)), (2, (3,)), (9, (6,)), (1, (4,))],
    )  # fmt: skip
    test_images = exact.agrees(
        "training: each channel of (n, c, h, w) is normalised over samples and pixels", weight=3,
        hint="mean and biased variance over (0, 2, 3), with keepdim=True", sizes=[(2, (2, 3, 1)), (4, (5, 2, 3)), (1, (3, 2, 4))],
    )  # fmt: skip
    test_eps = rough.agrees(
        "eps is added inside the root, in training and in evaluation", weight=2, hint="torch.sqrt(var + eps), with the eps that was given",
        sizes=[(*size, mode, *of) for mode, (size, of) in product((True, False), [((400, (2,)), (0.1, 0.7, 0.3)), (IMAGES, (0.03, 0.7, 0.2))])],
    )  # fmt: skip

    @criterion(
        "evaluation uses the moving statistics and returns them as they came; `training` alone decides which mode it is", weight=3,
        hint="training=False: moving_mean and moving_var in place of the batch's mean and variance, and no update",
    )  # fmt: skip
    def test_evaluation(self, student, draw):
        sizes = [(6, (3,), False), (3, (4, 2, 3), False), (1, (4,), False), (1, (2, 3, 4), False)]
        _, *asked = whole.ask(student, whole.drawn(draw, [(6, (3,)), *sizes]))  # after a call in training, of which nothing is kept
        compare_parts(asked, exact, new_mean, new_var)
        arguments = rough.arguments(draw)
        found = whole.pick(student.run(batch_norm_under_no_grad, arguments=list(arguments)), 0)
        rough.compare([(arguments, found)], [f"{rough.words(arguments)}, called under torch.no_grad()"])

    @criterion(
        "the moving statistics keep the share `momentum` and take the rest from the batch", weight=3,
        hint="momentum * moving_mean + (1 - momentum) * mean; the same for the biased variance; shape (d,) or (1, c, 1, 1)",
    )  # fmt: skip
    def test_moving_statistics(self, student, draw):
        sizes = [(2, (3,), True, 0.1, 0.7), (5, (4,), True, 0.1, 0.8), (1, (2, 3, 2), True, 0.1, 0.2), (3, (4, 1, 2), True, 0.1, 0.7)]
        compare_parts(whole.ask(student, whole.drawn(draw, sizes)), new_mean, new_var)

    test_dtype = result.keeps_dtype(
        sizes=[(40, (3,), True, 1e-5, 0.7, HUGE), (8, (2, 3, 4), True, 1e-5, 0.7, HUGE)], hint="float64 in, float64 out; reshape instead of view"
    )

    @criterion("the moving statistics keep their dtype and carry no graph", hint="mean.detach() in the update: the memory does not learn")
    def test_no_graph(self, student, draw):
        for arguments in rough.drawn(draw.float64, [(), IMAGES]):
            leaves = [value.clone().requires_grad_() for value in arguments[:3]]
            Y, *moving = (
                whole.pick(found, i) for found in [student.batch_norm(*(leaf * 1 for leaf in leaves), *whole_copies(arguments[3:]))] for i in range(3)
            )
            for name, value in zip(whole.gives[1:], moving, strict=True):
                expect(isinstance(value, torch.Tensor), f"{name} is no tensor", "wrong type", follows=True)
                expect(value.dtype == torch.float64, f"{name} has dtype {str(value.dtype)[6:]} where all arguments are float64", "wrong type", follows=True)
                expect(not value.requires_grad, f"{name} carries the graph of the batch it was computed from")
            rough.compare([(arguments, Y)], follows=True, check_dtype=False)

    test_gradients = rough.gradients(
        title="gradients flow back to X, gamma and beta, through the batch's mean and variance too", weight=2, wrt=("X", "gamma", "beta"),
        hint="detach only what goes into the moving statistics, not the mean and variance inside Y",
        sizes=[(), IMAGES, (5, (4,), False)],
    )  # fmt: skip
    test_stability = rough.stays_finite(
        "stays right for constant columns and for numbers far from zero", far_from_zero, weight=2,
        hint="subtract the mean before squaring; let the root see var + eps, never the variance alone",
    )  # fmt: skip

    @criterion("the moving statistics are right for numbers far from zero", hint="subtract the mean before squaring")
    def test_moving_far(self, student, draw):
        X, *others = rough.arguments(draw)
        asked = whole.ask(student, [(X + 2000, *others), (X * 1e10, *others)])
        for index, name in enumerate(whole.gives[1:], 1):
            pairs = [(arguments, whole.pick(found, index)) for arguments, found in asked]
            whole.only(name).compare(pairs, [f"{name} after numbers {words}" for words in ("near 2000", "of size 1e10")], follows=True, **ROUGH)

    @criterion("a constant column has finite gradients", hint="let the root see var + eps, never the variance alone", hint_for=("unstable",))
    def test_finite_gradients(self, student, draw):
        for X, gamma, beta, *others in (constant_columns(draw, 400), constant_columns(draw, 100, 2, 2)):
            leaves = [value.clone().requires_grad_() for value in (X, gamma, beta)]
            Y = rough.of(student)(*(leaf * 1 for leaf in leaves), *others)
            rough.compare([((X, gamma, beta, *others), Y)], ["Y with constant columns"], follows=True)
            finite_gradients(Y, leaves, draw, "Y with constant columns")

    test_at_once = rough.at_once(
        "n", rest=[(3,), (2, 2, 3)], training=[True, False], hint="mean and variance along a dimension are one operation each: no loop over the samples"
    )
    test_unchanged = rough.leaves_inputs(
        title="leaves all its arguments unchanged", hint="X -= … and moving_mean *= … write into the caller's tensors; return new ones",
        sizes=[(), IMAGES, (64, (2,), False)],
    )  # fmt: skip
    test_again = rough.again(sizes=((), (), (500, (4,))))


def whole_copies(values):
    return [value.clone() if isinstance(value, torch.Tensor) else value for value in values]


def finite_gradients(Y, leaves, draw, what):
    expect(Y.requires_grad, f"{what} carries no graph", "no gradient", follows=True)
    for gradient in torch.autograd.grad(Y, leaves, draw.normal(*Y.shape), allow_unused=True):
        expect(gradient is not None, f"{what} gives no gradient to one of its inputs", "no gradient", follows=True)
        assert_finite(gradient, what=f"a gradient of {what}")


# The layer -----------------------------------------------------------------------------------------------------------


def scale_or_shift(draw, name, shape):
    return draw.away_from_zero(*shape) if name.endswith("gamma") else draw.normal(*shape)


# Numbers of size 30 do not show which small eps there is: that has a criterion of its own.
norm = layer(
    reference.BatchNorm, lambda draw, n=5, rest=(3,), scale=30.0: ((rest[0], 1 + len(rest)), (batch(draw, n, rest, scale),)), weight=scale_or_shift,
    slips=slips(
        IN_BATCH_NORM | {"eps is 1e-3": {"other": {True: 1e-3, False: 1e-3}}, TINY: {"other": {True: 0.0, False: 0.0}}},
        lambda net, X: (X, net.gamma, net.beta, net.moving_mean, net.moving_var, 1e-5, 0.9, net.training),
    ),
)  # fmt: skip
training_norm = replace(norm, mode=TRAINING)


def born(student, name, arguments):
    """What a new module registers: its parameters, whether they are trained, and what it saves; None where it is no module."""
    import torch

    net = getattr(student, name)(*arguments)
    if not isinstance(net, torch.nn.Module):
        return None
    parameters = {key: value.detach().clone() for key, value in net.named_parameters()}
    saved = {key: value.clone() for key, value in net.state_dict().items() if isinstance(value, torch.Tensor)}
    return {"parameters": parameters, "state_dict": saved, "trained": all(value.requires_grad for value in net.parameters())}


def begins(student, name, arguments, where, starts, shapes, follows=False):
    """What `born` has seen. Each tensor of `starts` {name: number} is there, has one of the shapes and begins at its number."""
    words = f"{name}({', '.join(map(str, arguments))})"
    seen = student.run(born, name=name, arguments=arguments)
    expect(isinstance(seen, dict), f"{words} is not an nn.Module", "wrong type")
    for key, start in starts.items():
        expect(key in seen[where], f"{key} is not among the {where} of {words}", "missing", follows=follows)
        value = seen[where][key]
        expect(tuple(value.shape) in shapes, f"{key} of {words} has shape {tuple(value.shape)}, expected {shapes[0]}", "wrong shape", follows=follows)
        expect(bool((value == start).all()), f"{key} of {words} does not start at {start:g}")
    return seen, words


def has_gamma_and_beta(student, name, arguments, shapes, follows=False):
    seen, words = begins(student, name, arguments, "parameters", {"gamma": 1.0, "beta": 0.0}, shapes, follows)
    others = sorted(seen["parameters"].keys() - {"gamma", "beta"})
    expect(not others, f"beside gamma and beta {words} has the parameters {', '.join(others)}: an optimizer would train them")
    expect(seen["trained"] is True, f"gamma and beta of {words} do not both require a gradient", "no gradient", follows=follows)


# A row (1, d) broadcasts as a vector (d,) does.
NEW_LAYERS = [((3, 2), [(3,), (1, 3)]), ((5, 4), [(1, 5, 1, 1)])]


def after_batches(make, *batches):
    """The moving statistics of a new layer after these batches."""
    net = make(batches[0].shape[1], batches[0].ndim).to(batches[0].device)
    net.train()
    for X in batches:
        net(X)
    return [value.reshape(-1) if isinstance(value, torch.Tensor) else value for value in (net.moving_mean, net.moving_var)]


def drift(keep=0.9, less=0, start=1.0, moves=(True, True)):
    """The same by the formula, with a slip in it. moves: whether mean and variance move at all."""

    def slip(*batches):
        moving = [torch.full((batches[0].shape[1],), value, device=batches[0].device) for value in (0.0, start)]
        for X in batches:
            pairs = zip(moving, moments(X, shared(X), less), moves, strict=True)
            moving = [keep * old + (1 - keep) * new.reshape(-1) if moves else old for old, new, moves in pairs]
        return moving

    return slip


moving = case(
    lambda *batches: after_batches(reference.BatchNorm, *batches), lambda draw, n, rest: tuple(batch(draw, n, rest) for _ in range(3)),
    name="BatchNorm", gives=("moving_mean", "moving_var"), call=lambda make: lambda *batches: after_batches(make, *batches), **EXACT,
    slips={
        "only 0.1 of the old statistics is kept, not 0.9: PyTorch's momentum is the share that is replaced": drift(keep=0.1),
        "the statistics do not move": drift(moves=(False, False)),
        "the variance does not move": drift(moves=(True, False)),
        "the mean does not move": drift(moves=(False, True)),
        "the statistics are those of the last batch": drift(keep=0.0),
        "moving_var starts at 0, expected is 1": drift(start=0.0),
        UNBIASED: drift(less=1),
    },
)  # fmt: skip


def called(student, net, training, recording, mean, var, calls):
    """Results and the moving statistics after them. recording: whether autograd is on, and the inputs want a gradient. mean, var: the statistics before."""
    import torch

    with torch.no_grad():
        for own, value in ((net.moving_mean, mean), (net.moving_var, var)):
            own.copy_(value.reshape(own.shape))
    net.train(training)
    with torch.set_grad_enabled(recording):
        results = [net(X.clone().requires_grad_(recording)).detach() for X in calls]
    return [*results, net.moving_mean.detach().clone(), net.moving_var.detach().clone()]


def with_statistics(student, draw, n, rest, training, recording, words):
    """A layer that has seen much gives what the reference gives, for a batch and for one sample. Returns its statistics before and after, by their names."""
    net, right, (X,) = norm.net(student, draw, n, rest)
    right.moving_mean, right.moving_var = draw.normal(*right.moving_mean.shape, scale=30), 900 * draw.uniform(*right.moving_var.shape, low=0.5, high=2.5)
    before, calls = {name: value.clone() for name, value in right.named_buffers()}, [X] if training else [X, X[:1]]
    *found, mean, var = student.run(called, net=net, training=training, recording=recording, mean=right.moving_mean, var=right.moving_var, calls=calls)
    right.train(training)
    norm.compare([((right, one), Y) for one, Y in zip(calls, found, strict=True)], [f"BatchNorm(X) for X {tuple(one.shape)} {words}" for one in calls], **ROUGH)
    return [(name, before[name], after.reshape(before[name].shape)) for name, after in (("moving_mean", mean), ("moving_var", var))]


def trained_on(student, net, batches):
    """Whether a gradient came to the input in each of these steps, one after the other, and that of the statistics have no graph."""
    net.train()
    seen = []
    for X in batches:
        X = X.clone().requires_grad_()
        Y = net(X).square().sum()
        if Y.requires_grad:
            Y.backward()
        seen.append(X.grad is not None)
    return [*seen, not (net.moving_mean.requires_grad or net.moving_var.requires_grad)]


@exercise("BatchNorm", forbid=["norm"], parts=[reference.batch_norm])
class TestBatchNormLayer:
    @criterion(
        "gamma and beta are parameters, one number for each feature or channel, that start at 1 and 0", weight=2,
        hint="nn.Parameter of shape (num_features,) or (1, num_features, 1, 1)",
    )  # fmt: skip
    def test_parameters(self, student):
        for arguments, shapes in NEW_LAYERS:
            has_gamma_and_beta(student, "BatchNorm", arguments, shapes)

    @criterion(
        "moving_mean and moving_var are buffers: in the state_dict, moved with the layer; they start at 0 and 1", weight=2,
        hint='self.register_buffer("moving_mean", torch.zeros(shape)); assigning to self.moving_mean later keeps it a buffer',
    )  # fmt: skip
    def test_buffers(self, student):
        for arguments, shapes in NEW_LAYERS:
            seen, words = begins(student, "BatchNorm", arguments, "state_dict", {"moving_mean": 0.0, "moving_var": 1.0}, shapes)
            trained = [name for name in ("moving_mean", "moving_var") if name in seen["parameters"]]
            expect(not trained, f"{' and '.join(trained)} of {words} are parameters; the statistics are buffers, which no optimizer sees")

    test_features = norm.agrees(
        "in training a batch (n, d) is normalised with its own statistics", weight=2, hint="num_dims 2: shape (num_features,)", modes=(TRAINING,),
        sizes=[(2, (3,)), (5, (2,)), (9, (4,))],
    )  # fmt: skip
    test_images = norm.agrees(
        "in training a batch (n, c, h, w) is normalised with its own statistics", weight=2, hint="num_dims 4: shape (1, num_features, 1, 1)",
        modes=(TRAINING,), sizes=[(2, (3, 4, 1)), (5, (2, 2, 3)), (1, (4, 3, 2))],
    )  # fmt: skip
    test_moves = moving.agrees(
        "each training batch moves the statistics, and 0.9 of the old ones is kept", weight=2,
        hint="assign what batch_norm returns to self.moving_mean and self.moving_var, every time",
        arguments=lambda draw: {
            f"BatchNorm({rest[0]}, {1 + len(rest)}) after 3 batches of {n}": moving.arguments(draw, n, rest)
            for n, rest in [(2, (3, 1, 4)), (3, (2,)), (4, (3, 2, 1))]
        },
    )  # fmt: skip

    @criterion(
        "in evaluation it uses the statistics and leaves them alone, for a single sample too", weight=3,
        hint="training=self.training, which net.eval() sets to False",
    )  # fmt: skip
    def test_evaluation(self, student, draw):
        for n, rest in [(4, (3, 2, 1)), (5, (2,))]:
            for name, before, after in with_statistics(student, draw, n, rest, False, False, "in evaluation mode"):
                assert_close(after, before, what=f"{name} after evaluation", **EXACT)

    @criterion(
        "self.training decides about the mode, not the grad mode",
        weight=3,
        hint="torch.is_grad_enabled() says whether autograd records, which is another question",
    )
    def test_grad_mode(self, student, draw):
        for name, before, after in with_statistics(student, draw, 16, (3, 2, 2), True, False, "in training mode, under torch.no_grad()"):
            expect(name == "moving_var" or not alike(before, after), f"in training mode, under torch.no_grad(), {name} does not move", follows=True)
        for name, before, after in with_statistics(student, draw, 16, (3, 2, 2), False, True, "in evaluation mode, while autograd records"):
            assert_close(after, before, what=f"{name} after evaluation while autograd records", **EXACT)

    test_dtype = training_norm.keeps_dtype(
        sizes=[(40, (3,), HUGE), (8, (2, 3, 4), HUGE)], title="keeps the dtype", hint="float64 in and layer.double(), float64 out; no .float() on the way"
    )
    test_gradients = norm.gradients(
        title="gradients reach X, gamma and beta, and are right", weight=2, hint="no .data, no no_grad around the layer's own computation", modes=(TRAINING,),
        sizes=[(5, (3,)), (4, (3, 2, 3))],
    )  # fmt: skip

    @criterion("gradients flow batch after batch", hint="the statistics are kept without a graph: mean.detach()", hint_for=("wrong value", "crashed"))
    def test_batch_after_batch(self, student, draw):
        net, _, (X,) = norm.net(student, draw, 4, (3, 2, 3))
        seen = student.run(trained_on, net=net, batches=[X, 2 * X + 1])
        expect(seen[-1] is True, "the moving statistics carry the graph of the batch they were computed from")
        expect(all(one is True for one in seen), "no gradient reaches X in the second of two batches", "no gradient", follows=True)

    test_unchanged = training_norm.leaves_inputs(
        title="leaves its input unchanged", sizes=[(), (8, (3, 2, 4))], hint="X -= … writes into the caller's tensor; X - mean makes a new one"
    )
    test_eps = norm.agrees(
        "eps is 1e-5",
        hint="eps=1e-5, in training and in evaluation",
        modes=(TRAINING, EVALUATION),
        sizes=[(20, (2, 3, 3), 2e-3), (40, (3,), 1e-3)],
        follows=True,
    )
    test_saved = norm.saves("a layer that has loaded the state_dict of another gives the same, after training too", hint="register_buffer for both statistics")
    test_again = replace(norm, trains=False).again(
        sizes=((), (3, (3, 2, 2))), later=(4,), title="gives the same when it is called again, and shares nothing with a second layer"
    )


# The network ---------------------------------------------------------------------------------------------------------


def near_one(draw, name, shape):
    """Numbers for lenet_bn at which nothing saturates and every layer shows."""
    kind = name.rpartition(".")[2]
    if kind in ("gamma", "beta"):
        return draw.uniform(*shape, low=1, high=3) if kind == "gamma" else draw.normal(*shape)
    return draw.normal(*shape) if len(shape) == 1 else draw.normal(*shape, scale=3 / math.prod(shape[1:]) ** 0.5)


def rearranged(change):
    """The slip of other layers: change(those of the reference), in place."""

    def slip(net, X):
        layers = list(net)
        change(layers)
        return torch.nn.Sequential(*layers)(X)

    return slip


def after_next(*places, steps=1):
    """The layers at these places stand so many steps later."""

    def change(layers):
        for i in places:
            layers.insert(i + steps, layers.pop(i))

    return rearranged(change)


def instead(kind, *others):
    """All layers of a kind are others."""

    def change(layers):
        layers[:] = [new for old in layers for new in (others if isinstance(old, kind) else (old,))]

    return rearranged(change)


def before_pooling(layers):
    for i in (0, 4):
        layers.insert(i + 1, layers.pop(i + 3))


NORMS = {1: "first convolution", 5: "second convolution", 10: "first linear layer", 13: "second linear layer"}  # by their places in the reference
network = layer(
    reference.lenet_bn, lambda draw, n=64: ((), (draw.normal(n, 1, 28, 28),)), weight=near_one,
    slips={
        "every normalisation stands after the sigmoid; here it stands before": after_next(*NORMS),
        "the normalisation stands after the pooling; here it stands before the sigmoid": rearranged(before_pooling),
        "the sigmoids are ReLUs": instead(torch.nn.Sigmoid, torch.nn.ReLU()),
        "the sigmoids are missing": instead(torch.nn.Sigmoid),
        "the pooling takes the maximum": instead(torch.nn.AvgPool2d, torch.nn.MaxPool2d(2)),
        "the outputs are probabilities; expected are logits": lambda net, X: net(X).softmax(1),
        "the statistics of the batch are used; evaluation uses the moving ones": lambda net, X: net.train()(X),
        **{f"the normalisation of the {words} stands after its sigmoid": after_next(place) for place, words in NORMS.items()},
    },
    **ROUGH,  # PyTorch's layers, which may be used here, have another moving variance: after a batch of 64 it shows in the third digit
)  # fmt: skip
FLOAT32 = {"rtol": 2e-3, "atol": 2e-3}  # through four normalisations of small batches rounding grows a little; a wrong layer changes the first digit


@cache
def five_digits():
    """240 images of five digits to learn from and 100 unseen ones, enlarged to 28x28."""
    X, y, X_test, y_test = digits()
    rows, test_rows = (torch.isin(labels, torch.tensor([0, 3, 4, 6, 7])) for labels in (y, y_test))
    X, X_test = (F.interpolate(images, size=28, mode="bilinear") for images in (X[rows][:240], X_test[test_rows][:100]))
    return {"X": X, "y": y[rows][:240], "X_test": X_test, "y_test": y_test[test_rows][:100]}


def gradient_descent(student, ending, enough, X, y, X_test, y_test):
    """The logits of unseen images, in training mode, after plain gradient descent on the mean cross-entropy."""
    import torch

    net = student.lenet_bn()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.5)
    net.train()

    def share_right():
        return (net(X_test).argmax(1) == y_test).double().mean().item()

    class Shuffled:
        def __iter__(self):
            return iter(torch.randperm(len(X)).split(20))

    with ending(Shuffled(), share_right, enough) as batches:
        for rows in (rows for _ in range(2) for rows in batches):
            loss = torch.nn.functional.cross_entropy(net(X[rows]), y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return net(X_test).detach()


def share_read(data, logits):
    assert_shape(logits, (len(data["y_test"]), 10), what="lenet_bn()(X)")
    return (logits.argmax(1).cpu() == data["y_test"].cpu()).double().mean().item()


learns = goal(
    "the share of unseen images of five digits that are read right (guessing: 20%)", at_least=0.55, margin=0.1, within="24 steps", share=True,
    data=five_digits, recipe=gradient_descent, reached=share_read, wrong={"trains a LeNet without normalisation": 0.3, "normalises each row": 0.4},
)  # fmt: skip


def new_networks(student, X):
    """What two new networks give, and what the second gives after the first has changed; None where they are no modules."""
    import torch

    nets = [student.lenet_bn() for _ in range(2)]
    if not all(isinstance(net, torch.nn.Module) for net in nets):
        return None
    with torch.no_grad():
        results = [net.to(X.device).eval()(X) for net in nets]
        kept = [value.clone() for value in nets[0].parameters()]
        for value in nets[0].parameters():
            value.add_(1.0)
        results.append(nets[1](X))
        for value, before in zip(nets[0].parameters(), kept):
            value.copy_(before)
    return results


@exercise("lenet_bn", parts=[reference.BatchNorm])
class TestLenetBn:
    @criterion("maps images (n, 1, 28, 28) to ten logits each, a single image too in evaluation mode")
    def test_shapes(self, student, draw):
        net = a_network(student)
        net.to(draw.device)
        for n, training in ((2, True), (5, True), (1, False)):
            net.train(training)
            found, words = net(draw.uniform(n, 1, 28, 28)).detach(), f"lenet_bn()(X) for {n} images"
            assert_shape(found, (n, 10), what=words)
            expect(bool((found != 0).any()), f"{words} is zero for all images")
            expect(n == 1 or not alike(found.sum(1), torch.ones(n)), "the outputs are probabilities, expected are logits: no softmax at the end")

    @criterion(
        "has the parameters of lenet, and gamma and beta of four normalisations", weight=2,
        hint="6 and 16 channels, 120 and 84 features; all layers of lenet keep their bias",
    )  # fmt: skip
    def test_parameters(self, student):
        sizes = [value.numel() for value in a_network(student).parameters()]
        expect(len(sizes) > 0, "the network has no parameters: are its layers registered (nn.Sequential, attributes)?", "missing")
        wanted = sorted(value.numel() for value in reference.lenet_bn().parameters())
        extra, missing = list(sizes), []
        for size in wanted:
            extra.remove(size) if size in extra else missing.append(size)
        if missing or extra:
            words = [f"{word} of size {', '.join(map(str, odd))}" for word, odd in (("parameters missing", missing), ("too many", extra)) if odd]
            fail(f"{sum(sizes)} parameters instead of {sum(wanted)}: {'; '.join(words)}", "wrong shape")

    test_learns = learns.is_reached("learns five digits in 24 steps of plain gradient descent", 2, "lenet itself is still guessing by then", timeout_s=60)
    test_training = network.agrees(
        "in training: convolution or linear layer, batch norm, sigmoid, in this order", weight=4, modes=(TRAINING,), sizes=[(9,)], **FLOAT32,
        hint="after each convolution and each of the first two linear layers, before the sigmoid; nothing after the last layer",
    )  # fmt: skip
    test_evaluation = network.agrees(
        "in evaluation: normalised with the moving statistics", weight=2, modes=(EVALUATION,), sizes=[(3,)], **FLOAT32,
        hint="net.eval() must reach each normalisation: layers in nn.Sequential or in attributes",
    )  # fmt: skip
    test_moves = network.agrees(
        "training moves the statistics that evaluation uses, and keeps 0.9 of the old ones", modes=(TRAINING, EVALUATION), sizes=[()], follows=True,
        hint="of PyTorch's layers momentum is the share that is replaced: 0.1, the default",
    )  # fmt: skip
    test_dtype = network.keeps_dtype(size=(3,), hint="net.double() takes float64 images and gives float64 logits")
    test_gradients = network.gradients(title="gradients reach every parameter", sizes=[(3,)])
    test_saved = network.saves("a network that has loaded the state_dict of another gives the same, after training too")
    test_unchanged = network.leaves_inputs(title="leaves its input unchanged", sizes=[(3,)], hint="no X += …, no layer with inplace=True in front")

    @criterion("every call makes a new network with random weights", hint="make the layers inside the function")
    def test_new(self, student, draw):
        found = student.run(new_networks, X=draw.uniform(4, 1, 28, 28))
        expect(isinstance(found, list), "lenet_bn() does not return an nn.Module", "wrong type")
        for one in found:
            assert_shape(one, (4, 10), what="lenet_bn()(X)")
        first, second, later = found
        expect(not alike(first, second), "two networks have the same weights")
        expect(alike(second, later), "two networks share their weights: changing one changes the other")

    test_again = replace(network, trains=False).again(sizes=((3,), (5,)), later=(4,))


def a_network(student):
    net = student.lenet_bn()
    expect(hasattr(net, "parameters"), "lenet_bn() does not return an nn.Module", "wrong type")
    return net


# Layer normalisation -------------------------------------------------------------------------------------------------


def rows(draw, n=5, between=(), shape=400, eps=None, scale=1.0):
    """What a LayerNorm is made with, and its input (n, *between, *shape)."""
    X = draw.normal(n, *between, *((shape,) if isinstance(shape, int) else shape))
    return ((shape,) if eps is None else (shape, eps)), (spread(draw, X, list(range(1 + len(between), X.ndim)), scale),)


def of_rows(**slip):
    def layer_normed(net, X):
        others = {"dims": lambda X: list(range(X.ndim - net.gamma.ndim, X.ndim)), **slip}
        return normalised(X, net.gamma, net.beta, None, None, net.eps, 0.0, True, **others)

    return layer_normed


IN_LAYER_NORM = IN_ALL | {
    TINY: {"other": {True: 1e-5}},
    "eps is 1e-3 where none is given": {"other": {True: 1e-3}},
    "mean and variance are taken over the batch, not within the sample": {"dims": shared},
    "mean and variance are taken over dimension 0": {"dims": lambda X: [0]},
    "only the last dimension is normalised; shape names several": {"dims": lambda X: [X.ndim - 1]},
    "all dimensions but the first are normalised; shape names fewer": {"dims": lambda X: list(range(1, X.ndim))},
    "mean and variance are taken over dimension 1, which is not the last": {"dims": lambda X: [1]},
}  # fmt: skip
scaled_rows = layer(
    reference.LayerNorm, rows, weight=scale_or_shift, mode=TRAINING, **ROUGH,
    slips={IDENTITY: lambda net, X: X, **{words: of_rows(**slip) for words, slip in IN_LAYER_NORM.items()}},
)  # fmt: skip
# Without scale and shift, which have a criterion of their own.
plain_rows = replace(scaled_rows, weight=lambda draw, name, shape: 0 * draw.normal(*shape) + float(name == "gamma"))
exact_rows = replace(plain_rows, rtol=None, atol=None)
BLOCKS = (20, 21)


def some_constant(X):
    X = X.clone()
    X[1], X[2] = 500.0, -0.25
    return X


def far_rows(draw):
    net, X = plain_rows.arguments(draw)
    return {"numbers near 2000": (net, X + 2000), "numbers near -3000": (net, X - 3000), "constant samples": (net, some_constant(X))}


@exercise("LayerNorm", forbid=["norm"])
class TestLayerNorm:
    test_registered = scaled_rows.registers(
        "has two parameters of the given shape, and both are trained",
        hint="nn.Parameter(torch.ones(shape))",
        sizes=[(5, (), 3), (5, (), (4,)), (5, (), (2, 3, 4))],
    )

    @criterion(
        "gamma and beta are parameters of the given shape that start at 1 and 0", hint="nn.Parameter(torch.ones(shape)), nn.Parameter(torch.zeros(shape))"
    )
    def test_parameters(self, student):
        for shape, size in [(3, (3,)), ((5,), (5,)), ((2, 3, 4), (2, 3, 4))]:
            has_gamma_and_beta(student, "LayerNorm", (shape,), [size], follows=True)

    test_last = exact_rows.agrees(
        "an int: normalises over the last dimension, whatever stands before it", weight=3, hint="dim=-1, keepdim=True, biased variance", modes=(TRAINING,),
        sizes=[(5, (), 3, None, 30.0), (2, (4,), 3, None, 30.0), (1, (), 4, None, 30.0), (3, (1, 2), 5, None, 30.0)],
    )  # fmt: skip
    test_several = exact_rows.agrees(
        "a tuple: normalises over all these last dimensions together", weight=3, hint="one mean over (-3, -2, -1) for a shape of three", modes=(TRAINING,),
        sizes=[(3, (), (2, 4), None, 30.0), (1, (), (3, 2, 5), None, 30.0), (4, (2,), (3, 2), None, 30.0), (6, (), (3,), None, 30.0)],
    )  # fmt: skip
    test_scale = scaled_rows.agrees(
        "every entry has its own scale and shift", weight=2, hint="gamma * … + beta, which broadcast over the samples", modes=(TRAINING,),
        sizes=[(4,), (3, (2,), BLOCKS), (2, (), (4, 6, 20))],
    )  # fmt: skip
    test_eps = plain_rows.agrees(
        "eps is added inside the root, 1e-5 unless another is given", weight=2, hint="torch.sqrt(var + self.eps)", modes=(TRAINING,),
        sizes=[(3, (), 400, 0.1, 0.3), (2, (2,), BLOCKS, 0.4, 0.6), (2, (), 400, None, 2e-3)],
    )  # fmt: skip

    @criterion(
        "a sample's result depends on nothing but the sample, in training and in evaluation", weight=2,
        hint="no moving statistics, no mean over the batch, no self.training",
    )  # fmt: skip
    def test_alone(self, student, draw):
        net, right, (X,) = plain_rows.net(student, draw, 4)
        samples = [X[i : i + 1] for i in range(3)]
        together, *alone, later = plain_rows.run(student, net, [(TRAINING, (X,)), *[(TRAINING, (sample,)) for sample in samples], (EVALUATION, (X,))])
        plain_rows.compare([((right, X), together)], follows=True)
        for i, found in enumerate(alone):
            assert_close(found, together[i : i + 1], what=f"sample {i} alone, compared with the same sample in a batch,", **EXACT)
        assert_close(later, together, what="LayerNorm(400)(X) in evaluation, compared with training,", **EXACT)

    test_dtype = exact_rows.keeps_dtype(
        sizes=[(3, (), 64, None, HUGE), (4, (), (3, 32), None, HUGE)], hint="float64 in, float64 out, in full precision; reshape instead of view"
    )
    test_gradients = scaled_rows.gradients(
        title="gradients flow back to X, gamma and beta", weight=2, hint="no .data, .detach() or no_grad on the way", modes=(TRAINING,),
        sizes=[(3,), (3, (2,), BLOCKS)],
    )  # fmt: skip
    test_stability = plain_rows.stays_finite(
        "stays right for constant samples and for numbers far from zero", far_rows, hint="subtract the mean before squaring; sqrt(var + eps), not std + eps"
    )

    @criterion("a constant sample has finite gradients", hint="sqrt(var + eps), not std + eps", hint_for=("unstable",))
    def test_finite_gradients(self, student, draw):
        net, right, (X,) = plain_rows.net(student, draw)
        leaf, words = some_constant(X).requires_grad_(), "LayerNorm(400)(X) with constant samples"
        Y = net(leaf * 1)
        plain_rows.compare([((right, leaf.detach()), Y.detach())], [words], follows=True)
        finite_gradients(Y, [leaf], draw, words)

    test_at_once = plain_rows.at_once("n", shape=[400, BLOCKS], hint="mean over dims with keepdim=True does all samples in one operation")
    test_unchanged = plain_rows.leaves_inputs(
        title="leaves its input unchanged", sizes=[(), (3, (2,), BLOCKS)], hint="X -= … writes into the caller's tensor; X - mean makes a new one"
    )
    test_again = scaled_rows.again(sizes=((), ()), later=(2, (3,)))


# Folding -------------------------------------------------------------------------------------------------------------


def folding(student, weight, bias, gamma, beta, mean, var, eps, options, X):
    """Folds a convolution and a normalisation with these numbers. What came of it, and conv's and bn's tensors afterwards."""
    import sys

    import torch

    options = {name: tuple(value) if isinstance(value, list) else value for name, value in options.items()}
    c_out, c_in = weight.shape[0], weight.shape[1] * options.get("groups", 1)
    conv = torch.nn.Conv2d(c_in, c_out, tuple(weight.shape[2:]), bias=bias is not None, **options).to(weight)
    bn = torch.nn.BatchNorm2d(c_out, eps=eps).to(weight).eval()
    tensors = lambda: [conv.weight, conv.bias, bn.weight, bn.bias, bn.running_mean, bn.running_var]
    plain = lambda value: None if value is None else value.detach().clone()
    with torch.no_grad():
        for own, value in zip(tensors(), (weight, bias, gamma, beta, mean, var)):
            if own is not None:
                own.copy_(value)
    library = []

    def watch(frame, event, _):
        if event == "call" and frame.f_code.co_filename.endswith("fusion.py"):
            library.append(frame.f_code.co_name)

    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)
    sys.setprofile(watch)
    try:
        folded = student.fold_batch_norm(conv, bn)
    finally:
        sys.setprofile(None)
    seen = {"library": library[:1], "type": type(folded) is torch.nn.Conv2d, "new": folded is not conv, "evaluation": not bn.training}
    seen |= {"program": [torch.is_grad_enabled(), str(torch.get_default_dtype())], "left": [plain(value) for value in tensors()]}
    if seen["type"]:
        own = [folded.weight, folded.bias]
        seen["weight"], seen["bias"] = before = [plain(value) for value in own]
        seen["trained"] = all(value is None or isinstance(value, torch.nn.Parameter) for value in own)
        seen["Y"] = folded(X).detach() if folded.weight.dtype == X.dtype else None
        with torch.no_grad():
            for value in tensors():
                value is None or value.add_(1.0)
        seen["own"] = all(old is None or torch.equal(old, value) for old, value in zip(before, own))
    return seen


def image_for(weight, options):
    """Images that fit: numbers that depend on where they stand."""
    shape = 2, weight.shape[1] * options.get("groups", 1), 6, 7
    return torch.sin(torch.arange(math.prod(shape), dtype=weight.dtype, device=weight.device)).reshape(shape)


def fold(student, arguments):
    """What `folding` has seen."""
    names = ("weight", "bias", "gamma", "beta", "mean", "var", "eps", "options")
    seen = student.run(folding, **dict(zip(names, arguments, strict=True)), X=image_for(arguments[0], arguments[-1]))
    if seen["library"]:
        fail("fold_batch_norm calls torch.nn.utils.fusion; this exercise asks you to write it yourself", "forbidden operation")
    expect(seen["type"] is True, "fold_batch_norm does not return an nn.Conv2d", "wrong type")
    return seen


@dataclass(frozen=True)
class Folding(Case):
    """The case of a function of two modules, which are made over there."""

    def of(self, student):
        def numbers(*arguments):
            seen = fold(student, arguments)
            expect(seen["bias"] is not None or arguments[1] is None, "the new convolution has no bias", "missing")
            return seen["weight"], seen["bias"]

        return self.call(numbers)


def to_fold(draw, shape=(3, 3, 3, 3), bias=True, eps=1e-5, options=None, scale=1.0):
    c = shape[0]
    var = draw.uniform(c, low=0.4 * scale**2, high=2.5 * scale**2)
    return draw.normal(*shape), draw.normal(c) if bias else None, draw.away_from_zero(c) * scale, draw.normal(c), draw.normal(c), var, eps, options or {}


def over_the_root(gamma, var, eps):
    return gamma / (var + eps) ** 0.5


def folded(weight, bias, gamma, beta, mean, var, eps, options, scale=over_the_root, place=(-1, 1, 1, 1)):
    """Weight and bias of the folded convolution, or with a slip in it."""
    s = scale(gamma, var, eps)
    return weight * s.reshape(place), ((0 if bias is None else bias) - mean) * s + beta


def biased(slip):
    """A slip of the new bias: a function of the convolution's, beta, mean and scale."""
    return lambda weight, bias, gamma, beta, mean, var, eps, _: slip(0 * beta if bias is None else bias, beta, mean, over_the_root(gamma, var, eps))


SCALES = {
    "gamma is left out": lambda gamma, var, eps: over_the_root(1, var, eps),
    "only gamma is multiplied, and nothing divided": lambda gamma, var, eps: gamma,
    "the root is missing: gamma divided by the variance": lambda gamma, var, eps: gamma / (var + eps),
    OUTSIDE: lambda gamma, var, eps: gamma / (var**0.5 + eps),
    TINY: lambda gamma, var, eps: over_the_root(gamma, var, 1e-5),
}
both = Folding(folded, to_fold, name="fold_batch_norm", gives=("the new weight", "the new bias"), said=("weight", "eps"), **EXACT)
new_weight = both.only(
    "the new weight",
    slips={
        "it is not scaled": lambda weight, *_: weight,
        "the scale meets the last dimension, not the first, that of the output channels": lambda *X: folded(*X, place=(1, 1, 1, -1))[0],
        "the scale meets the input channels, not the output channels": lambda *X: folded(*X, place=(1, -1, 1, 1))[0],
        **{words: lambda *X, scale=scale: folded(*X, scale=scale)[0] for words, scale in SCALES.items()},
    },
)  # fmt: skip
new_bias = both.only(
    "the new bias",
    slips={
        "the convolution's own bias is left out": biased(lambda b, beta, mean, s: beta - mean * s),
        "the convolution's own bias is not scaled": biased(lambda b, beta, mean, s: b + beta - mean * s),
        "beta is left out": biased(lambda b, beta, mean, s: (b - mean) * s),
        "the mean is left out": biased(lambda b, beta, mean, s: b * s + beta),
        "the mean is added, not subtracted": biased(lambda b, beta, mean, s: (b + mean) * s + beta),
        "the mean is not scaled": biased(lambda b, beta, mean, s: b * s + beta - mean),
        "beta is scaled too": biased(lambda b, beta, mean, s: (b - mean + beta) * s),
        "it is the bias of the convolution, unchanged": biased(lambda b, beta, mean, s: b),
        **{words: lambda *X, scale=scale: folded(*X, scale=scale)[1] for words, scale in SCALES.items()},
    },
)  # fmt: skip
# As many input channels and columns as output channels: where the scale meets another dimension, there are wrong numbers, and no crash.
KERNELS = [((3, 3, 3, 3),), ((2, 2, 2, 2),), ((5, 5, 2, 5),)]


@exercise("fold_batch_norm")
class TestFoldBatchNorm:
    @criterion("the kernels of each output channel are scaled by gamma over the root", weight=3, hint="scale.reshape(-1, 1, 1, 1) meets the first dimension")
    def test_weight(self, student, draw):
        new_weight.compare(new_weight.ask(student, new_weight.drawn(draw, KERNELS)))

    @criterion("the bias is (b - mean) · scale + beta", weight=3, hint="the convolution's own bias goes through the normalisation as well")
    def test_bias(self, student, draw):
        new_bias.compare(new_bias.ask(student, new_bias.drawn(draw, KERNELS)))

    @criterion("a convolution without bias gets one", weight=2, hint="conv.bias is None then: it counts as zero")
    def test_no_bias(self, student, draw):
        for arguments in both.drawn(draw, [(*shape, False) for shape in KERNELS]):
            found = fold(student, arguments)["bias"]
            expect(found is not None, "the new convolution has no bias", "missing")
            new_bias.compare([(arguments, found)], ["the bias for a convolution without one"])

    @criterion("bn.eps is added inside the root", hint="torch.sqrt(bn.running_var + bn.eps)")
    def test_eps(self, student, draw):
        (arguments, (_, bias)), *asked = both.ask(student, both.drawn(draw, [(), ((3, 3, 3, 3), True, 0.1), ((2, 2, 2, 2), True, 0.7)]))
        new_weight.compare([(arguments, weight) for arguments, (weight, _) in asked])
        if alike(bias, folded(*arguments)[1]):  # what is wrong with any eps has a criterion of its own
            new_bias.compare([(arguments, bias) for arguments, (_, bias) in asked])

    @criterion("stride, padding, dilation and groups are those of conv", weight=3, hint="hand conv.stride, conv.padding, conv.dilation and conv.groups on")
    def test_options(self, student, draw):
        for c, options in [
            (3, {"stride": (2, 1)}),
            (3, {"padding": (1, 2)}),
            (3, {"padding": "same"}),
            (2, {"dilation": (1, 2)}),
            (4, {"groups": 2}),
            (4, {"groups": 4, "stride": 2, "padding": 1}),
        ]:
            weight, bias, *others = to_fold(draw, (c, c, c, c), options=options)
            seen, words = fold(student, (weight, bias, *others)), ", ".join(f"{name}={value}" for name, value in options.items())
            # That the kernels are right has a criterion of its own: here the new kernels are taken as they are.
            assert_shape(seen["weight"], weight.shape, what=f"the new weight for {words}")
            assert_folded(seen, weight, bias)
            expect(seen["Y"] is not None, f"the new convolution for {words} is not float32", "wrong type")
            right = F.conv2d(image_for(weight, options), seen["weight"], seen["bias"], **options)
            assert_close(seen["Y"], right, what=f"the output for {words}", rtol=1e-3, atol=1e-4, check_dtype=False)

    @criterion("a new convolution with parameters of its own; conv and bn are left as they were", weight=2, hint="make a new nn.Conv2d, write only into that")
    def test_new(self, student, draw):
        names = ["conv.weight", "conv.bias", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var"]
        for arguments in both.drawn(draw, [*KERNELS[:2], ((2, 2, 2, 2), False)]):
            seen = fold(student, arguments)
            for name, before, after in zip(names, arguments, seen["left"], strict=False):
                expect(after is not None or before is None, f"{name} was taken away by the call; it should be left as it was")
                expect(before is not None or after is None, f"{name} was None, and is not any more after the call; it should be left as it was")
                if before is not None:
                    assert_unchanged(before, after, what=name)
            expect(seen["evaluation"] is True, "bn is in training mode after the call; it should be left as it was")
            expect(seen["new"] is True, "fold_batch_norm returns conv itself, a new convolution was expected")
            expect(seen["own"] is True, "the new convolution shares its numbers with conv or bn: when those change, it changes")
            assert_folded(seen, *arguments[:2])
            expect(seen["trained"] is True, "weight and bias of the new convolution are not both nn.Parameter", "wrong type")
            assert_left_alone(seen["program"], "fold_batch_norm")

    @criterion("keeps the dtype of conv", hint="folded.to(conv.weight) takes over dtype and device")
    def test_dtype(self, student, draw):
        asked = both.ask(student, both.drawn(draw.float64, [((3, 3, 3, 3), True, 1e-5, None, HUGE)]))
        both.compare(asked, follows=True)
        both.compare(asked, [f"{both.words(arguments)}, to the digits of float64," for arguments, _ in asked], rtol=1e-10, atol=1e-12)

    @criterion("gives the same when it is called again", hint="keep nothing from one call for the next", hint_for=("wrong value",))
    def test_again(self, student, draw):
        first, *others = both.drawn(draw, [(), (), ((5, 5, 5, 5),)])
        asked = both.ask(student, [first, *others, first])
        both.compare(asked[:1], follows=True)
        both.compare(asked[1:], [f"{both.words(arguments)}, at a later call," for arguments, _ in asked[1:]])


def assert_folded(seen, weight, bias):
    """Something was done to conv's numbers; whether the right thing is asked elsewhere."""
    untouched = alike(seen["weight"], weight) and (seen["bias"] is None if bias is None else alike(seen["bias"], bias))
    expect(not untouched, "weight and bias are those of conv: nothing was folded", follows=True)
    expect(not alike(seen["weight"], torch.zeros_like(weight)), "the new weight is zero", follows=True)


# The gradient by hand ------------------------------------------------------------------------------------------------


def hat(X, eps, dims=shared, less=0, outside=False):
    """The root, and the normalised X."""
    mean, var = moments(X, dims(X), less)
    root = var**0.5 + eps if outside else (var + eps) ** 0.5
    return root, (X - mean) / root


def closed_form(dY, X, gamma, eps, through_mean=1.0, through_variance=1.0, scaled=True, divided=True, dims=shared, **statistics):
    """dX, or with a slip in it. through_mean, through_variance: what these terms count."""
    (root, X_hat), g = hat(X, eps, dims, **statistics), gamma * dY if scaled else dY
    inner = g - through_mean * g.mean(dims(X), keepdim=True) - through_variance * X_hat * (g * X_hat).mean(dims(X), keepdim=True)
    return inner / root if divided else inner


def summed(values, gamma):
    """Over all that share a mean."""
    return values.sum(shared(values)).reshape(gamma.shape)


def averaged(f, of=lambda X: X.numel() // X.shape[1]):
    return lambda dY, X, *rest: f(dY, X, *rest) / of(X)


def moves_neither(dY, X, eps):
    """dY without what moves the mean or the variance."""
    dims, X_hat = shared(X), hat(X, eps)[1]
    dY = dY - dY.mean(dims, keepdim=True)
    return dY - X_hat * (dY * X_hat).sum(dims, keepdim=True) / (X_hat**2).sum(dims, keepdim=True)


def to_go_back(draw, n=5, rest=(3,), eps=0.1, upstream=lambda dY, X, eps: dY):
    X = batch(draw, n, rest)
    return upstream(draw.normal(n, *rest), X, eps), X, draw.away_from_zero(*(rest if len(rest) == 1 else (1, rest[0], 1, 1))), eps


right_dgamma = lambda dY, X, gamma, eps: summed(dY * hat(X, eps)[1], gamma)
right_dbeta = lambda dY, X, gamma, eps: summed(dY, gamma)
ONCE_MORE, BY_N = "it is divided by m once more: the mean is taken, not the sum", "it is divided by the number of samples once more"
SWAPPED = "dgamma and dbeta are swapped"


def means(right):
    return {ONCE_MORE: averaged(right), BY_N: averaged(right, len)}


STATISTICS = {
    OUTSIDE: {"outside": True},
    UNBIASED: {"less": 1},
    "mean and variance are taken over everything at once": {"dims": all_of},
}
back = case(reference.batch_norm_backward, to_go_back, gives=("dX", "dgamma", "dbeta"), said=("X", "eps"), rtol=1e-3, atol=1e-4)
of_x = back.only(
    "dX",
    slips=means(closed_form) | {
        "the way through the mean is left out": lambda *X: closed_form(*X, through_mean=0),
        "the way through the variance is left out": lambda *X: closed_form(*X, through_variance=0),
        "mean and variance are taken for constants: only the direct term is there": lambda *X: closed_form(*X, 0, 0),
        "gamma is left out": lambda *X: closed_form(*X, scaled=False),
        "the division by the root is left out": lambda *X: closed_form(*X, divided=False),
        "sums stand where means belong": lambda dY, X, *rest: closed_form(dY, X, *rest, *[X.numel() // X.shape[1]] * 2),
        "the term of the variance is added, not subtracted": lambda *X: closed_form(*X, through_variance=-1),
        "the term of the mean is added, not subtracted": lambda *X: closed_form(*X, through_mean=-1),
        "eps is left out": lambda *X: closed_form(*X[:3], 0.0),
        **{words: lambda *X, slip=slip: closed_form(*X, **slip) for words, slip in STATISTICS.items()},
    },
)  # fmt: skip
of_gamma = back.only(
    "dgamma",
    slips=means(right_dgamma) | {
        "X stands where X̂ belongs": lambda dY, X, gamma, eps: summed(dY * X, gamma),
        "X - mean is not divided by the root": lambda dY, X, gamma, eps: summed(dY * (X - X.mean(shared(X), keepdim=True)), gamma),
        "it is multiplied by gamma": lambda *X: right_dgamma(*X) * X[2],
        SWAPPED: right_dbeta,
        "eps is left out": lambda *X: right_dgamma(*X[:3], 0.0),
        **{words: lambda dY, X, gamma, eps, slip=slip: summed(dY * hat(X, eps, **slip)[1], gamma) for words, slip in STATISTICS.items()},
    },
)  # fmt: skip
of_beta = back.only("dbeta", slips=means(right_dbeta) | {"it is multiplied by gamma": lambda *X: right_dbeta(*X) * X[2], SWAPPED: right_dgamma})
BATCHES = [(2, (3,)), (7, (4,)), (3, (2, 2, 4)), (1, (3, 3, 2))]
NO_AUTOGRAD = ["grad", "backward", "make_dual"]
NORM_BACKWARD = ["native_batch_norm_backward", "cudnn_batch_norm_backward", "miopen_batch_norm_backward", "batch_norm_backward"]


@exercise("batch_norm_backward", forbid=[*NO_AUTOGRAD, "norm", *NORM_BACKWARD])
class TestBatchNormBackward:
    test_dbeta = of_beta.agrees("dbeta is the sum of dY", 2, "summed over the same dimensions as the mean; the shape of beta", BATCHES)
    test_dgamma = of_gamma.agrees("dgamma is the sum of dY · X̂", 3, "X̂ is the normalised input, not X", BATCHES)
    test_direct = of_x.agrees(
        "dX, the direct term: gamma · dY / root, where dY moves neither mean nor variance", 2, "with eps inside the root",
        [(7, (4,), 0.1, moves_neither), (3, (2, 2, 4), 0.1, moves_neither), (9, (2,), 0.1, moves_neither)],
    )  # fmt: skip

    @criterion("dX, the term of the mean: a constant dY gives zero", weight=2, hint="every x moves the mean, by 1/m: subtract the mean of the gradient")
    def test_mean_term(self, student, draw):
        constant = lambda dY, X, eps: dY.mean(shared(X), keepdim=True).expand(X.shape) + 1.0
        *asked, (arguments, some) = of_x.ask(student, of_x.drawn(draw, [*[(*size, 0.1, constant) for size in BATCHES], ()]))
        of_x.compare(asked)
        assert_shape(some, arguments[1].shape, what="dX")
        expect(not any(alike(some, other) for other in (0 * some, *arguments[:2])), "dX is zero, or X or dY itself", follows=True)

    test_variance_term = of_x.agrees(
        "dX, the term of the variance: for dY along X̂", 2, "subtract X̂ · mean(g · X̂)",
        [(*size, eps, lambda dY, X, eps: 2 * hat(X, eps)[1]) for size, eps in zip(BATCHES, (0.1, 1.0, 2.0, 0.5), strict=True)],
    )  # fmt: skip
    test_all = of_x.agrees(
        "dX for any dY, for (n, d) and (n, c, h, w)", 3, "compare with Y.backward(dY) in float64, in a cell of your own",
        [(*size, eps) for size, eps in zip([*BATCHES, (1, (3,))], (0.1, 1.0, 0.1, 0.5, 0.1), strict=True)],
    )  # fmt: skip
    test_at_once = back.at_once("n", rest=[(3,), (2, 2, 3)], hint="sums and means along dimensions: no loop over the samples")
    test_dtype = replace(back, rtol=None, atol=None).keeps_dtype(sizes=[(6, (3,)), (2, (3, 2, 4))], hint="float64 in, float64 out; reshape instead of view")
    test_unchanged = back.leaves_inputs(title="leaves its arguments unchanged", sizes=[(), (2, (3, 2, 4))], hint="dY *= gamma writes into the caller's tensor")
    test_no_graph = back.needs_no_graph()
    test_again = back.again(sizes=((), (), (7, (4,))))
