"""Hidden grader of ps04_linear_regression."""

from dataclasses import replace

import torch

from autograder import Finding, as_number, assert_close, assert_finite, assert_shape, assert_unchanged, case, criterion, exercise, expect, goal, part
from solutions.ps04_linear_regression import linear_regression as reference

LOSSES = ["mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "mse_loss_backward", "smooth_l1_loss_backward", "huber_loss_backward", "soft_margin_loss"]
NO_AUTOGRAD = ["grad", "backward", "make_dual"]
BOTH_SHAPES = "bring y into the shape of the predictions before you subtract: y.reshape(y_hat.shape)"
UNTOUCHED = "operations that end in _, += and assignments into a slice write into the caller's tensor"
THROUGH = "stay with tensor operations from the inputs to the result: no .item(), .detach() or NumPy"
TABLE = "predictions (n, 1) meet labels (n,): broadcasting pairs every prediction with every label"

# 1 · Data ------------------------------------------------------------------------------------------------------------


@exercise("synthesize_data")
class TestSynthesizeData:
    @criterion("gives X (n, d) and y (n, 1), float32, with y near Xw + b", weight=3, hint="X @ w + b with X of shape (n, len(w)); at the end y.reshape(-1, 1)")
    def test_labels(self, student, draw):
        cases = [(draw.other_order.normal(d, scale=2), float(draw.float64.normal(1, scale=4)), n) for d, n in [(2, 1), (1, 7), (4, 6), (3, 20000)]]
        for (w, b, n), (X, y, after) in zip(cases, made(student, cases), strict=True):
            what = f"for {len(w)} weights and {n} samples"
            assert_shape(X, (n, len(w)), what=f"X {what}")
            assert_shape(y, (n, 1), what=f"y {what}")
            for name, value in (("X", X), ("y", y)):
                expect(value.dtype == torch.float32, f"{name} has dtype {str(value.dtype).removeprefix('torch.')}, float32 was expected", "wrong type")
                assert_finite(value, what=name)
            assert_close(y, (X.double() @ w.double() + b).float().reshape(-1, 1), what=f"y {what}", rtol=1e-4, atol=0.5)
            assert_unchanged(w, after, what="w")

    @criterion("the features are standard normal, each drawn on its own", weight=2, hint="torch.normal(0, 1, (n, d)): mean 0, standard deviation 1")
    def test_features(self, student, draw):
        [(X, _, _)] = made(student, [(draw.normal(3), 2.5, 20000)])
        assert_shape(X, (20000, 3), what="X for 3 weights and 20000 samples")
        mean, deviation = X.mean(dim=0), X.std(dim=0)
        expect(bool((mean.abs() < 0.05).all()), f"in 20000 samples the mean of a feature is {mean[mean.abs().argmax()]:.3f}")
        expect(
            bool(((deviation - 1).abs() < 0.05).all()),
            f"in 20000 samples the standard deviation of a feature is {deviation[(deviation - 1).abs().argmax()]:.3f}",
        )
        expect(0.66 < float((X.abs() < 1).double().mean()) < 0.705, "the features have the right mean and deviation, but are not normally distributed")
        related = torch.corrcoef(X.T.double()).fill_diagonal_(0).abs().max()
        expect(bool(related < 0.08), "two features go up and down together; each should be drawn on its own")

    @criterion(
        "every label has noise of its own, of standard deviation 0.01",
        weight=3,
        hint="torch.normal(0, 0.01, y.shape): the second argument is the standard deviation",
    )
    def test_noise(self, student, draw):
        _, y, right = many(student, draw)
        noise = (y - right).flatten()
        mean, deviation = float(noise.mean()), float(noise.std())
        expect(deviation > 1e-4, "the noise is the same for all samples, or there is none")
        expect(not 0.09 < deviation < 0.11, "the noise has the variance 0.01; that is meant to be its standard deviation")
        expect(0.009 < deviation < 0.011, f"the standard deviation of the noise is {deviation:.4f}")
        expect(abs(mean) < 1e-3, f"the mean of the noise is {mean:.4f}; it should be nearly 0")
        inside = float((noise.abs() < 0.01).double().mean())
        expect(0.66 < inside < 0.705, "the noise has the right mean and deviation, but is not normally distributed")

    @criterion("two calls give other numbers, and no seed is set", weight=2, hint="no manual_seed and no random.seed inside: that is the caller's business")
    def test_fresh(self, student, draw):
        w = draw.normal(2)
        first, second = student.run(made_after_seeds, w=w, b=1.5, seeds=[int(seed) for seed in draw.integers(0, 10000, 2)])
        expect(no_two_agree(first[2], second[2]), "after two calls the program's random numbers are the same: is a seed set inside?")
        for X, y, *_ in (first, second):
            assert_shape(X, (40, 2), what="X for 2 weights and 40 samples")
            expect(isinstance(y, torch.Tensor) and y.numel() == 40, "y should hold one label a sample", "wrong shape")
        features, noise = zip(*[(X, y.reshape(-1, 1) - X @ w[:, None]) for X, y, *_ in (first, second)], strict=True)
        expect(not torch.equal(*features), "two calls gave the same features")
        expect(not torch.allclose(*noise, atol=1e-5), "two calls gave the same noise")
        expect(first[3] and second[3], "after a call autograd is off, or the default dtype is another")


def no_two_agree(first, second):
    return all(a != b for a, b in zip(first, second, strict=True))


def made(student, cases):
    """[(X, y, w after the call)], plain tensors all."""
    results = student.run(make_data, cases=cases)
    for result in results:
        pair = isinstance(result[0], list | tuple) and len(result[0]) == 2
        expect(pair, "synthesize_data should return two things, (X, y)", "wrong type")
    return [(X, y, after) for (X, y), after in results]


def many(student, draw):
    """X and y of 20000 samples in float64, and what y is without noise."""
    w, b = draw.normal(3), 2.5
    [(X, y, _)] = made(student, [(w, b, 20000)])
    assert_shape(X, (20000, 3), what="X for 3 weights and 20000 samples")
    expect(isinstance(y, torch.Tensor) and y.numel() == 20000, "y should hold one label a sample", "wrong shape")
    X, y = X.double(), y.double().reshape(-1, 1)
    right = X @ w.double()[:, None] + b
    if float((y - right).abs().mean()) > 0.5:
        raise Finding("y is not near Xw + b", follows=True)
    return X, y, right


def make_data(student, cases):
    results = []
    for w, b, n in cases:
        given = w.clone()
        results.append([student.synthesize_data(given, b, n), given])
    return results


def made_after_seeds(student, w, b, seeds):
    import random

    import numpy
    import torch

    results = []
    torch.set_grad_enabled(True)
    for seed in seeds:
        torch.manual_seed(seed)
        random.seed(seed)
        numpy.random.seed(seed)
        X, y = student.synthesize_data(w, b, 40)
        drawn = [torch.rand(1).item(), random.random(), numpy.random.rand()]
        results.append([X, y, drawn, torch.is_grad_enabled() and torch.get_default_dtype() == torch.float32])
    return results


@exercise("data_iter")
class TestDataIter:
    @criterion("every sample comes once in a pass", weight=3, hint="go through 0, batch_size, 2 · batch_size, … up to n, and take the rest at the end as well")
    def test_complete(self, student, draw):
        for features, _, size, batches in passes(student, draw):
            what = f"a pass over {len(features)} samples with batch_size={size}"
            count = sum(len(X) for X, _ in batches)
            expect(count == len(features), f"{what} gives {count} samples")
            assert_close(sorted_rows(torch.cat([X for X, _ in batches])), sorted_rows(features), what=f"the features of {what}, sorted,")

    @criterion("batches have batch_size samples, and the last one what is left", weight=3, hint="order[i : i + batch_size] ends by itself where the data end")
    def test_sizes(self, student, draw):
        for features, _, size, batches in passes(student, draw):
            n = len(features)
            right = [min(size, n - i) for i in range(0, n, size)]
            sizes = [len(X) for X, _ in batches]
            if sizes != right:
                raise Finding(f"for {n} samples and batch_size={size} the batches have {some(sizes)} samples", follows=True)

    @criterion("features stay with their labels", weight=3, hint="take the same row numbers from features and from labels")
    def test_pairs(self, student, draw):
        for features, labels, _, batches in passes(student, draw):
            owners = {tuple(row.flatten().tolist()): label.tolist() for row, label in zip(features, labels, strict=True)}
            for X, y in batches:
                assert_shape(y, (len(X), *labels.shape[1:]), what="the labels of a batch")
                known = [tuple(row.flatten().tolist()) for row in X]
                if not set(known) <= set(owners):
                    raise Finding("a batch holds features that are none of the data's", follows=True)
                wrong = sum(owners[row] != label.tolist() for row, label in zip(known, y, strict=True))
                expect(wrong == 0, f"{wrong} of {len(X)} labels of a batch belong to other features")
                expect(y.dtype == labels.dtype, "the labels of a batch have another dtype than those of the data", "wrong type")

    @criterion(
        "the samples are shuffled, anew in every pass",
        weight=4,
        hint="shuffle the numbers of all samples inside the function, with torch.randperm or random.shuffle",
    )
    def test_shuffled(self, student, draw):
        n, size = 60, 10
        features, labels = draw.normal(n, 2), draw.normal(n, 1)
        first, second = student.run(deal, cases=[(size, features, labels)] * 2)
        orders = [order_of(batches, features) for batches in (first, second)]
        for order in orders:
            expect(order != list(range(n)), "the samples come in the order of the data")
            beside = sum(abs(a - b) == 1 for a, b in zip(order[:-1], order[1:], strict=True))
            expect(beside < n // 3, f"in a pass over {n} samples, {beside} come right beside a neighbour: whole blocks are moved, and not samples")
        expect(orders[0] != orders[1], "two passes have the same order")
        together = [[set(order[i : i + size]) for i in range(0, n, size)] for order in orders]
        expect(all(batch not in together[1] for batch in together[0]), "the same samples are always in one batch: shuffle them all, not each batch by itself")

    @criterion("no samples, no batch", hint="range(0, 0, batch_size) is empty, and so is a pass over it")
    def test_nothing(self, student, draw):
        [batches] = student.run(deal, cases=[(4, draw.normal(0, 2), draw.normal(0, 1))])
        expect(batches == [], "a pass over no samples gives a batch")
        [batches] = student.run(deal, cases=[(4, draw.normal(3, 2), draw.normal(3, 1))])
        if not pairs_of(batches):
            raise Finding("a pass over 3 samples gives no batch", follows=True)

    @criterion(
        "leaves its inputs and the program as they were, and deals out new tensors",
        hint="features[rows] with a list of rows makes a new tensor; set no seed and shuffle nothing in place",
    )
    def test_unchanged(self, student, draw):
        features, labels = draw.normal(9, 2), draw.normal(9, 1)
        seen = student.run(deal_and_write, features=features, labels=labels)
        assert_unchanged(features, seen["features"], what="features, after a pass in which the batches were written into,")
        assert_unchanged(labels, seen["labels"], what="labels, after a pass in which the batches were written into,")
        expect(no_two_agree(*seen["drawn"]), "after two passes the program's random numbers are the same: is a seed set inside?")
        if seen["batches"] != 3:
            raise Finding("a pass does not hold every sample once", follows=True)


def passes(student, draw):
    """[(features, labels, batch_size, batches)] of data of several shapes and dtypes."""
    wide, odd = draw.float64, draw.other_order
    cases = [
        (4, draw.normal(10, 3), draw.normal(10, 1)), (5, odd.normal(7, 2), odd.normal(7)), (9, draw.normal(4, 2), draw.normal(4, 1)),
        (1, wide.normal(3, 2), wide.normal(3, 1)), (6, draw.normal(12, 2, 2), draw.permutation(12)), (3, draw.normal(1, 2), draw.normal(1, 1)),
    ]  # fmt: skip
    dealt = student.run(deal, cases=cases)
    return [(features, labels, size, pairs_of(batches)) for (size, features, labels), batches in zip(cases, dealt, strict=True)]


def pairs_of(batches):
    """The batches of a pass, each a pair of tensors."""
    for batch in batches:
        pair = isinstance(batch, list | tuple) and len(batch) == 2 and all(isinstance(part, torch.Tensor) and part.ndim for part in batch)
        expect(pair, "a batch should be a pair of tensors, X and y", "wrong type")
    return batches


def sorted_rows(X):
    return torch.stack(sorted(X.flatten(1), key=lambda row: row.tolist())) if len(X) else X


def order_of(batches, features):
    """The row numbers of the samples of a pass."""
    rows = {tuple(row.tolist()): i for i, row in enumerate(features)}
    seen = [rows.get(tuple(row.tolist())) for X, _ in pairs_of(batches) for row in X]
    if None in seen or sorted(seen) != list(range(len(features))):
        raise Finding("a pass does not hold every sample once", follows=True)
    return seen


def some(sizes):
    return str(sizes) if len(sizes) < 12 else f"{sizes[:10]} and so on"


def deal(student, cases):
    from itertools import islice

    return [list(islice(student.data_iter(size, features, labels), 100)) for size, features, labels in cases]


def deal_and_write(student, features, labels):
    import random

    import numpy
    import torch

    drawn, count = [], 0
    for seed in (1, 2):
        torch.manual_seed(seed)
        random.seed(seed)
        numpy.random.seed(seed)
        count = 0
        for X, y in student.data_iter(4, features, labels):
            X.zero_()
            y.zero_()
            count += 1
        drawn.append([torch.rand(1).item(), random.random(), numpy.random.rand()])
    return {"features": features, "labels": labels, "batches": count, "drawn": drawn}


# 2 · Model and losses -------------------------------------------------------------------------------------------------

linreg = case(
    reference.linreg,
    lambda draw, n=6, d=3: (draw.normal(n, d), draw.normal(d, 1), draw.normal(1)),
    [(1, 3), (5, 2), (7, 4), (3, 1)],
    slips={
        "the result is squeezed to (n,); it should keep its second dimension": lambda X, w, b: (X @ w + b)[:, 0],
        "the bias is left out": lambda X, w, b: X @ w,
        "the bias is subtracted": lambda X, w, b: X @ w - b,
        "the bias is added once for every feature; it is added once for every sample": lambda X, w, b: X @ w + X.shape[1] * b,
        "only the first two features are used": lambda X, w, b: X[:, :2] @ w[:2] + b,
    },
)


@exercise("linreg")
class TestLinreg:
    test_values = linreg.agrees("is Xw + b, one prediction a row", weight=4, hint="X @ w + b: (n, d) times (d, 1) is (n, 1)")
    test_dtype = linreg.keeps_dtype()
    test_gradients = linreg.gradients(weight=2, hint=THROUGH)
    test_at_once = linreg.at_once("n", "d", title="works on all samples and features at once", hint="the matrix product @ treats them all: no loop")
    test_unchanged = linreg.leaves_inputs()
    test_again = linreg.again()


def shaped(value, dimensions):
    return value[:, None] if dimensions == 2 else value


def guesses(draw, n=6, hat=2, labels=1, delta=None):
    """Predictions and labels of one or two dimensions. Half of the errors, of both signs, lie inside the threshold, half outside; none lies near it."""
    threshold = 1.0 if delta is None else delta
    inside, outside = draw.away_from_zero(n, low=0.2 * threshold, high=0.9 * threshold), draw.away_from_zero(n, low=1.2 * threshold, high=3 * threshold)
    d = torch.where(torch.arange(n, device=draw.device) % 2 == 1, inside, outside)[draw.permutation(n).to(draw.device)]
    y = draw.normal(n, scale=2)
    return shaped(y + d, hat), shaped(y, labels)


def with_delta(draw, n=6, hat=2, labels=1, delta=0.75):
    return *guesses(draw, n, hat, labels, delta), delta


FORMS = [(1, 2, 1), (5, 2, 1), (4, 2, 2), (7, 1, 2), (8, 1, 1)]


def per_sample(of, **own):
    """Slips of a loss that is a function of the error d = y_hat - y: those that all share, and its own."""

    def with_d(f):
        return lambda y_hat, y, *rest: f(y_hat - y.reshape(y_hat.shape), *rest)

    return {
        TABLE: lambda y_hat, y, *rest: of(y_hat - y, *rest),
        "the mean over the samples is taken; here each sample keeps its own": with_d(lambda d, *rest: of(d, *rest).mean()),
        "the sum over the samples is taken; here each sample keeps its own": with_d(lambda d, *rest: of(d, *rest).sum()),
        "it is divided by the number of samples": with_d(lambda d, *rest: of(d, *rest) / len(d)),
        "the result has shape (n,); it should have that of y_hat": lambda y_hat, y, *rest: of((y_hat - y.reshape(y_hat.shape)).flatten(), *rest),
        **{words: with_d(f) for words, f in own.items()},
    }


def huber(d, delta=1.0):
    return torch.where(d.abs() > delta, delta * (d.abs() - delta / 2), d**2 / 2)


squared_loss = case(
    reference.squared_loss,
    guesses,
    FORMS,
    slips=per_sample(
        lambda d: d**2 / 2,
        **{
            "the factor ½ is missing": lambda d: d**2,
            "the error is halved before it is squared": lambda d: (d / 2) ** 2,
            "it is the absolute error": torch.abs,
        },
    ),
)


@exercise("squared_loss", forbid=LOSSES)
class TestSquaredLoss:
    test_values = squared_loss.agrees("is half the square of the error, one loss a sample, labels (n,) or (n, 1)", weight=4, hint=BOTH_SHAPES)
    test_dtype = squared_loss.keeps_dtype()
    test_gradients = squared_loss.gradients(weight=2, hint=THROUGH)
    test_at_once = squared_loss.at_once("n", title="works on all samples at once")
    test_unchanged = squared_loss.leaves_inputs(sizes=[(6, 2, 1), (6, 2, 2)])
    test_again = squared_loss.again()


l1_loss = case(
    reference.l1_loss,
    guesses,
    FORMS,
    slips=per_sample(
        torch.abs, **{"the error keeps its sign": lambda d: d, "it is the squared error": lambda d: d**2, "the sign is turned": lambda d: -d.abs()}
    ),
)


@exercise("l1_loss", forbid=LOSSES)
class TestL1Loss:
    test_values = l1_loss.agrees("is the size of the error, one loss a sample, labels (n,) or (n, 1)", weight=4, hint=BOTH_SHAPES)
    test_dtype = l1_loss.keeps_dtype()
    test_gradients = l1_loss.gradients(weight=2, hint=THROUGH)
    test_at_once = l1_loss.at_once("n", title="works on all samples at once")
    test_unchanged = l1_loss.leaves_inputs(sizes=[(6, 2, 1), (6, 2, 2)])
    test_again = l1_loss.again()

    @criterion("has a finite gradient where prediction and label agree", weight=2, hint="abs() knows what to do at 0; the root of a square does not")
    def test_kink(self, student, draw):
        y = draw.normal(5)
        y_hat = (y + torch.tensor([0.0, 1.5, 0.0, -0.7, 0.0], device=draw.device)).requires_grad_()
        losses = student.l1_loss(y_hat * 1, y.clone())
        l1_loss.compare([((y_hat.detach(), y), losses)], follows=True)
        assert_tracked(losses, "l1_loss")
        losses.sum().backward()
        assert_finite(y_hat.grad, what="the gradient of y_hat, where some predictions are exactly right,")
        expect(bool((y_hat.grad[[0, 2, 4]].abs() <= 1).all()), "where prediction and label agree, the gradient lies outside [-1, 1]")


def assert_tracked(value, name):
    if not value.requires_grad:
        raise Finding(f"the result of {name} carries no graph", "no gradient", follows=True)


huber_loss = case(
    reference.huber_loss,
    with_delta,
    [(*form, delta) for form, delta in zip(FORMS, (0.75, 1.0, 2.5, 0.375, 1.5), strict=True)],
    slips=per_sample(
        huber,
        **{
            "delta is not used: it is always 1": lambda d, delta=1.0: huber(d),
            "the error, and not its size, is compared with delta": lambda d, delta=1.0: torch.where(d > delta, delta * (d.abs() - delta / 2), d**2 / 2),
            "-δ/2 is missing in the straight part": lambda d, delta=1.0: torch.where(d.abs() > delta, delta * d.abs(), d**2 / 2),
            "½ stands where δ/2 belongs": lambda d, delta=1.0: torch.where(d.abs() > delta, delta * (d.abs() - 0.5), d**2 / 2),
            "the straight part is not multiplied by δ": lambda d, delta=1.0: torch.where(d.abs() > delta, d.abs() - delta / 2, d**2 / 2),
            "it is divided by delta, as PyTorch's smooth L1 loss is": lambda d, delta=1.0: huber(d, delta) / delta,
            "the factor ½ of the square is missing": lambda d, delta=1.0: torch.where(d.abs() > delta, delta * (d.abs() - delta / 2), d**2),
            "the two parts are exchanged": lambda d, delta=1.0: torch.where(d.abs() <= delta, delta * (d.abs() - delta / 2), d**2 / 2),
            "the straight part has the sign of the error": lambda d, delta=1.0: torch.where(d.abs() > delta, delta * (d - delta / 2), d**2 / 2),
        },
    ),
)


@exercise("huber_loss", forbid=LOSSES)
class TestHuberLoss:
    test_values = huber_loss.agrees(
        "is half the square up to an error of delta and straight beyond, one loss a sample",
        weight=5,
        hint="torch.where(d.abs() > delta, delta * (d.abs() - delta / 2), …)",
    )
    test_default = replace(huber_loss, arguments=guesses).agrees(
        "delta is 1 where none is given", sizes=FORMS[1:3], hint="the signature of the skeleton: delta=1.0", follows=True
    )
    test_dtype = huber_loss.keeps_dtype()
    test_gradients = huber_loss.gradients(weight=2, hint=THROUGH)
    test_at_once = huber_loss.at_once("n", title="works on all samples at once", hint="torch.where, or clamp, treats them all: no loop and no if")
    test_unchanged = huber_loss.leaves_inputs(sizes=[(6, 2, 1), (6, 2, 2)])
    test_again = huber_loss.again()


# 3 · Gradients by hand -------------------------------------------------------------------------------------------------


def slope(name, of, **own):
    """The case of loss_gradient for one loss; of: the derivative as a function of the error and delta."""
    turned = {"the sign is turned: it is label minus prediction": lambda name, *rest: -reference.loss_gradient(name, *rest)}

    def unnamed(f):
        return lambda _, *rest: f(*rest)

    slips = {words: unnamed(f) for words, f in per_sample(of, **own).items()}
    return case(
        reference.loss_gradient,
        lambda draw, n=6, hat=2, labels=1, delta=0.75: (name, *with_delta(draw, n, hat, labels, delta)),
        huber_loss.sizes,
        slips={**turned, **slips},
    )


l2_slope = slope(
    "l2",
    lambda d, delta=1.0: d,
    **{"the factor 2 is left over: the loss has a ½": lambda d, delta=1.0: 2 * d, "the loss itself is given back": lambda d, delta=1.0: d**2 / 2},
)
l1_slope = slope(
    "l1", lambda d, delta=1.0: d.sign(), **{"the error itself is given back": lambda d, delta=1.0: d, "the sign is lost": lambda d, delta=1.0: d.sign().abs()}
)
huber_slope = slope(
    "huber",
    lambda d, delta=1.0: d.clamp(-delta, delta),
    **{
        "±1 stands where ±δ belongs": lambda d, delta=1.0: torch.where(d.abs() > delta, d.sign(), d),
        "delta is not used: it is always 1": lambda d, delta=1.0: d.clamp(-1, 1),
        "only errors above δ are cut off; those below -δ should be, too": lambda d, delta=1.0: d.clamp(max=delta),
        "beyond the threshold it is δ, whatever the sign of the error": lambda d, delta=1.0: torch.where(d.abs() > delta, torch.full_like(d, delta), d),
        "the error itself is given back": lambda d, delta=1.0: d,
    },
)


@exercise("loss_gradient", forbid=[*LOSSES, *NO_AUTOGRAD])
class TestLossGradient:
    test_l2 = l2_slope.agrees('"l2": is the error, prediction minus label', weight=2, hint=BOTH_SHAPES)
    test_l1 = l1_slope.agrees('"l1": is the sign of the error', weight=2, hint="d.sign() is 1, -1 or 0, entry by entry")
    test_huber = huber_slope.agrees('"huber": is the error, cut off at -delta and delta', weight=3, hint="d.clamp(-delta, delta)")
    test_default = replace(huber_slope, arguments=lambda draw, *size: ("huber", *guesses(draw, *size))).agrees(
        "delta is 1 where none is given", sizes=FORMS[1:3], hint="the signature of the skeleton: delta=1.0", follows=True
    )
    test_dtype = l1_slope.keeps_dtype(weight=0.5, title='"l1": keeps the dtype, and takes numbers in any memory order')
    test_dtype_huber = huber_slope.keeps_dtype(weight=0.5, title='"huber": keeps the dtype, and takes numbers in any memory order')
    test_unchanged = l2_slope.leaves_inputs(sizes=[(6, 2, 1), (6, 2, 2)])
    test_unchanged_huber = huber_slope.leaves_inputs(title='"huber": leaves its inputs unchanged', weight=0.5, sizes=[(6, 2, 1), (6, 2, 2)])
    test_no_graph = huber_slope.needs_no_graph()
    test_again = huber_slope.again()

    @criterion('"l1": is 0 where prediction and label agree', weight=1.5, hint="sign() gives 0 there; a comparison such as d > 0 has no third answer")
    def test_kink(self, student, draw):
        cases = []
        for form in [(2, 1), (1, 2)]:
            y = draw.normal(6)
            y_hat = y + torch.tensor([0.0, 1.5, 0.0, -0.7, 0.0, 2.0], device=draw.device)
            cases.append(("l1", shaped(y_hat, form[0]), shaped(y, form[1]), 1.0))
        for arguments, slopes in l1_slope.ask(student, cases):
            d = arguments[1].flatten() - arguments[2].flatten()
            if isinstance(slopes, torch.Tensor) and slopes.shape == arguments[1].shape and bool((slopes.flatten()[d == 0] != 0).any()):
                value = float(slopes.flatten()[d == 0].abs().max())
                raise Finding(f"the gradient of the L1 loss where prediction and label agree has the size {value:.3g}; it should be 0 there")
            l1_slope.compare([(arguments, slopes)], follows=True)


def batch(draw, n=6, d=3, labels=1):
    X, w, b = draw.normal(n, d, mean=0.5), draw.normal(d, 1), draw.normal(1)
    return X, shaped(draw.normal(n, scale=2), labels), w, b


def both(error):
    """Gradients from errors (n, 1)."""
    return lambda X, y, w, b: (X.T @ error(X, y.reshape(-1, 1), w, b), error(X, y.reshape(-1, 1), w, b).sum(dim=0))


def scaled(right, *factors):
    return lambda *arguments: tuple(factor * value for factor, value in zip(factors, right(*arguments), strict=True))


def of_the_table(X, y, w, b):
    error = X @ w + b - y
    return X.T @ error, error.sum(dim=0)


linreg_gradients = case(
    reference.linreg_gradients,
    batch,
    [(1, 3, 1), (5, 2, 1), (7, 4, 2), (4, 1, 2)],
    gives=("dw", "db"),
    slips={
        "the sign is turned: the error is label minus prediction": scaled(reference.linreg_gradients, -1, -1),
        "the sign of dw is turned": scaled(reference.linreg_gradients, -1, 1),
        "the mean over the batch is taken; here it is the sum": lambda X, y, w, b: scaled(reference.linreg_gradients, 1 / len(X), 1 / len(X))(X, y, w, b),
        "db is a mean; it should be a sum like dw": lambda X, y, w, b: scaled(reference.linreg_gradients, 1, 1 / len(X))(X, y, w, b),
        "dw is a mean; it should be a sum like db": lambda X, y, w, b: scaled(reference.linreg_gradients, 1 / len(X), 1)(X, y, w, b),
        "the factor 2 is left over: the loss has a ½": scaled(reference.linreg_gradients, 2, 2),
        "the bias is left out of the prediction": both(lambda X, y, w, b: X @ w - y),
        TABLE: of_the_table,
    },
)


@exercise("linreg_gradients", forbid=NO_AUTOGRAD, parts=[reference.linreg, reference.loss_gradient])
class TestLinregGradients:
    test_values = linreg_gradients.agrees(
        "gives the gradients of the summed loss, (d, 1) and (1,)",
        weight=5,
        hint="error = X @ w + b - y.reshape(-1, 1); then X.T @ error and error.sum(dim=0)",
        rtol=1e-5,
        atol=3e-5,
    )
    test_at_once = linreg_gradients.at_once("n", weight=2, title="works on all samples at once", hint="X.T @ error adds up over the samples by itself")
    test_dtype = linreg_gradients.keeps_dtype()
    test_unchanged = linreg_gradients.leaves_inputs(sizes=[(6, 3, 1), (6, 3, 2)])
    test_no_graph = linreg_gradients.needs_no_graph()
    test_again = linreg_gradients.again()


# 4 · The closed form ----------------------------------------------------------------------------------------------------


def without_bias(X, y):
    return torch.linalg.pinv(X) @ y.reshape(-1, 1), X.new_zeros(1)


def with_mean_label(X, y):
    y = y.reshape(-1, 1)
    return torch.linalg.pinv(X - X.mean(dim=0)) @ (y - y.mean()), y.mean(dim=0)


normal_equations = case(
    reference.normal_equations,
    lambda draw, n=20, d=3, labels=1: (draw.normal(n, d, mean=0.5), shaped(draw.normal(n, scale=2, mean=1.0), labels)),
    [(20, 1, 1), (15, 2, 2), (30, 4, 1), (24, 3, 2)],
    gives=("w", "b"),
    slips={
        "there is no bias: the column of ones is missing": without_bias,
        "the bias is the mean label; it is that only where the features have mean 0": with_mean_label,
        "the weights are those without a bias": lambda X, y: (without_bias(X, y)[0], reference.normal_equations(X, y)[1]),
        "the sign is turned": scaled(reference.normal_equations, -1, -1),
    },
)
FINE = {"rtol": 1e-4, "atol": 1e-4}


@exercise("normal_equations")
class TestNormalEquations:
    test_values = normal_equations.agrees(
        "w and b have the smallest sum of squared errors", weight=4, hint="A = [X, 1], then θ = (AᵀA)⁻¹Aᵀy or pinv(A) @ y: the last entry of θ is b", **FINE
    )
    test_exact = normal_equations.agrees(
        "is the minimum itself, without a penalty, also for small features",
        weight=1.5,
        hint="nothing is added to AᵀA: a small multiple of the unit matrix moves the minimum",
        arguments=lambda draw: {
            f"normal_equations of X {n, d} in float64, with features of size 0.01": (draw.float64.normal(n, d, scale=0.01), draw.float64.normal(n, 1))
            for n, d in [(20, 2), (30, 3)]
        },
        follows=True, rtol=1e-8, atol=1e-8,
    )  # fmt: skip
    test_dtype = normal_equations.keeps_dtype(hint="float64 inside is fine: bring w and b back to X.dtype at the end")
    test_unchanged = normal_equations.leaves_inputs(sizes=[(20, 3, 1), (20, 3, 2)])
    test_again = normal_equations.again()

    @criterion(
        "predicts well from features near 2000, in float32", weight=2.5, hint="X.double() before AᵀA is formed, or subtract the mean of each column first"
    )
    def test_years(self, student, draw):
        cases = []
        for n, labels in [(30, 1), (25, 2)]:
            years = 2000 + draw.integers(-10, 11, n, 1).float()
            X = torch.cat([years, draw.normal(n, 1)], dim=1)
            cases.append((X, shaped((0.8 * (years - 2000) + draw.normal(n, 1) + 4)[:, 0], labels)))
        assert_predicts(student, cases, "for features near 2000 in float32")

    @criterion("predicts well where columns depend on each other", weight=2, hint="torch.linalg.pinv(A) @ y needs no inverse; inv and solve do")
    def test_dependent(self, student, draw):
        X = draw.normal(20, 2)
        double, constant = torch.cat([X, 2 * X[:, :1]], dim=1), torch.cat([X, X.new_full((20, 1), 4.0)], dim=1)
        cases = [(double, draw.normal(20, 1)), (constant, draw.normal(20))]
        assert_predicts(student, cases, "where one column is twice another, or a constant")


def assert_predicts(student, cases, what):
    """The predictions of the student's w and b are those of the reference, within 0.1 % of the labels' deviation."""
    for (X, y), found in normal_equations.ask(student, cases):
        pair = isinstance(found, list | tuple) and len(found) == 2
        expect(pair, "normal_equations should return two things, (w, b)", "wrong type")
        w, b = found
        assert_shape(w, (X.shape[1], 1), what=f"w {what}")
        assert_shape(b, (1,), what=f"b {what}")
        right_w, right_b = reference.normal_equations(X.double(), y.double())
        assert_finite(w, what=f"w {what}")
        assert_finite(b, what=f"b {what}")
        off = (X.double() @ w.double() + b.double() - (X.double() @ right_w + right_b)).abs().max() / y.double().std()
        if not bool(off < 1e-3):
            raise Finding(f"{what} the predictions are off by up to {float(off):.2g} of the labels' standard deviation", follows=True)


# 5 and 6 · Training -----------------------------------------------------------------------------------------------------

TRUE_W, TRUE_B = (2.0, -3.4), 4.2


def one_step(draw, n=24, d=3, labels=2, size=1000.0):
    """Features of mean 3 and deviation 1, and labels so large that the random start does not matter."""
    X = draw.normal(n, d, mean=3.0)
    return X, shaped(size * draw.uniform(n, low=0.5, high=1.5), labels)


def stepped(X, y, lr, steps=1, share=1.0, table=False, turned=False, in_turn=False):
    """w and b after steps of descent over all data from zero; share: what the mean gradient is multiplied by."""
    X, y = X.double(), y.double().reshape(-1, 1)
    w, b = X.new_zeros(X.shape[1], 1), X.new_zeros(1)
    for _ in range(steps):
        error = X @ w + b - (y.mean() if table else y)
        w_new = w - (-1 if turned else 1) * share * lr * X.T @ error / len(X)
        error = X @ w_new + b - y if in_turn else error
        w, b = w_new, b - (-1 if turned else 1) * share * lr * error.mean(dim=0)
    return w, b


def assert_stepped(w, b, X, y, lr, what, mistakes, share=1.0, **how):
    """w and b are what the known steps lead to, as near as the small random start allows; mistakes: {words: how they change it}."""
    right = stepped(X, y, lr, share=share, **how)
    if near((w, b), right):
        return
    for words, change in mistakes.items():
        if near((w, b), stepped(X, y, lr, **{"share": share, **how, **change})):
            finding = Finding(f"{what} w and b are where they come when {words}")
            finding.named = words
            raise finding
    for name, mine, other in (("w", w, right[0]), ("b", b, right[1])):
        try:
            assert_close(mine.double(), other, what=f"{name} {what}", rtol=1e-4, atol=0.06 if name == "w" else 0.006)
        except Finding as finding:
            finding.follows = True
            raise


def near(pair, other):
    """Within what the random start makes of it: 0.06 for w, 0.006 for b."""
    return all(bool(((mine.double() - right).abs() <= atol + 1e-4 * right.abs()).all()) for mine, right, atol in zip(pair, other, (0.06, 0.006), strict=True))


def from_scratch(student, cases):
    """For each (features, labels, lr, num_epochs, batch_size) what train_linreg gave: w (d, 1), b (1,), the losses, and what was left of the arguments."""
    seen = student.run(train_from_scratch, cases=cases)
    for (features, *_), one in zip(cases, seen, strict=True):
        expect(isinstance(one, dict), "train_linreg should return three things, (w, b, losses)", "wrong type")
        assert_shape(one["w"], (features.shape[1], 1), what="w")
        assert_shape(one["b"], (1,), what="b")
    return seen


def train_from_scratch(student, cases):
    import torch

    def plain(value):
        return value.detach().clone() if isinstance(value, torch.Tensor) else value

    seen = []
    for features, labels, *how in cases:
        result = student.train_linreg(features, labels, *how)
        if not (isinstance(result, tuple | list) and len(result) == 3):
            return [None] * len(cases)
        w, b, losses = result
        graph = any(isinstance(value, torch.Tensor) and value.requires_grad for value in (w, b))
        losses = list(map(plain, losses)) if isinstance(losses, list | tuple) else None
        seen.append({"w": plain(w), "b": plain(b), "losses": losses, "graph": graph, "features": features, "labels": labels})
    return seen


def with_nn(student, cases):
    """For each case what train_concise gave: weight (as (d, 1)), bias and predictions of the module, and what was left of the arguments."""
    seen = student.run(train_with_nn, cases=cases)
    for (features, *_), one in zip(cases, seen, strict=True):
        expect(isinstance(one, dict), "train_concise should return a Module", "wrong type")
        shapes = sorted((tuple(p.shape) for p in one["parameters"]), key=len)
        right = [(1,), (1, features.shape[1])]
        expect(
            shapes == right,
            f"the parameters of the Module have the shapes {shapes}; one bias {right[0]} and one weight {right[1]} were expected",
            "wrong shape",
        )
        one["b"], one["w"] = sorted(one["parameters"], key=lambda p: p.ndim)
        one["w"] = one["w"].T
    return seen


def train_with_nn(student, cases):
    import torch

    seen = []
    for features, labels, *how in cases:
        net = student.train_concise(features, labels, *how)
        if not isinstance(net, torch.nn.Module):
            return [None] * len(cases)
        with torch.no_grad():
            predictions = net(features)
        seen.append({"parameters": [p.detach().clone() for p in net.parameters()], "predictions": predictions, "features": features, "labels": labels})
    return seen


def assert_start(train, student, draw):
    """Before the first step the weights are N(0, 0.01²), others in every call, and the bias is 0."""
    features, labels = draw.normal(3, 2000), draw.normal(3, 1)
    first, second = train(student, [(features, labels, 0.1, 0, 2)] * 2)
    for one in (first, second):
        w, deviation, mean = one["w"], float(one["w"].std()), float(one["w"].mean())
        expect(w.dtype == torch.float32, "the weights are not float32", "wrong type")
        expect(0.0085 < deviation < 0.0115, f"before the first step the weights have the standard deviation {deviation:.3g}; 0.01 was expected")
        expect(abs(mean) < 1.5e-3, f"before the first step the mean of the weights is {mean:.3g}; it should be nearly 0")
        expect(bool(one["b"] == 0), "before the first step the bias is not 0")
    expect(not torch.equal(first["w"], second["w"]), "two trainings start from the same weights: is a seed set inside?")


def assert_one_step(train, student, draw, mistakes, share=1.0):
    """An epoch of one batch that holds all data moves w and b by what is known; labels (n, 1) and (n,)."""
    cases = [
        (*one_step(draw, 24, 3, labels=2), 0.01, 1, 24),
        (*one_step(draw.other_order, 10, 2, labels=1), 0.01, 1, 10),
        (*one_step(draw, 1, 4, labels=2), 0.01, 1, 1),
    ]
    for (X, y, lr, _, n), one in zip(cases, train(student, cases), strict=True):
        what = f"after one step over {n} samples, labels of shape {tuple(y.shape)},"
        assert_stepped(one["w"], one["b"], X, y, lr, what, mistakes(n), share)


def assert_short_batch(train, student, draw, share=1.0):
    """A batch that is not full is divided by the samples in it."""
    cases = [(*one_step(draw, 6, 3, labels=2), 0.01, 1, 24), (*one_step(draw, 5, 2, labels=1), 0.02, 1, 20)]
    mistakes = {
        "the gradients of a short batch are divided by batch_size, and not by the number of samples in it": {"share": share / 4},
        "a batch that is not full is left out": {"steps": 0},
    }
    for (X, y, lr, _, size), one in zip(cases, train(student, cases), strict=True):
        what = f"after one step over {len(X)} samples with batch_size={size},"
        try:
            assert_stepped(one["w"], one["b"], X, y, lr, what, mistakes, share)
        except Finding as finding:
            finding.follows = not any(words in finding.message for words in mistakes)
            raise


def assert_every_sample(train, student, draw, share=1.0):
    """Steps so small that their order does not matter: after two epochs each sample has moved w and b twice."""
    n, size, lr = 24, 6, 1e-5
    X = draw.normal(n, 3, mean=3.0)
    rare = (torch.arange(n, device=draw.device) % 8 == 5)[draw.permutation(n).to(draw.device)]
    y = torch.where(rare[:, None], 2e8, 1e7) * draw.uniform(n, 1, low=0.8, high=1.2)
    [one] = train(student, [(X, y, lr, 2, size)])
    w, b = X.new_zeros(3, 1).double(), X.new_zeros(1).double()
    for i in [*range(0, n, size)] * 2:
        step_w, step_b = stepped(X[i : i + size], y[i : i + size].double() - X[i : i + size].double() @ w - b, lr, share=share)
        w, b = w + step_w, b + step_b
    off = max(float(((one[name].double() - right) / right).abs().max()) for name, right in (("w", w), ("b", b)))
    if not off < 0.01:
        times = float(one["b"].double() / b)
        raise Finding(f"in two epochs of four batches each, b has moved {times:.2f} times as far as when every sample counts once an epoch", follows=True)


def assert_shuffled(train, student, draw):
    """Two trainings in steps of one sample end in different places."""
    X, y = one_step(draw, 12, 3)
    first, second = train(student, [(X, y, 0.02, 1, 1)] * 2)
    for one in (first, second):
        assert_finite(one["w"], what="w after one epoch in batches of one")
        if not bool(one["w"].abs().max() > 1):
            raise Finding("w has hardly moved in an epoch", follows=True)
    expect(
        bool((first["w"] - second["w"]).abs().max() > 1), "two trainings on the same data end at the same weights: the samples always come in the same order"
    )


def known_truth(seed=0):
    """300 samples of y = 2 x_1 - 3.4 x_2 + 4.2, as synthesize_data makes them."""
    generator = torch.Generator().manual_seed(seed)
    X = torch.randn(300, 2, generator=generator)
    return {"X": X, "y": X @ torch.tensor(TRUE_W)[:, None] + TRUE_B + 0.01 * torch.randn(300, 1, generator=generator)}


def spoiled(seed=0):
    """200 samples of the same truth with ten times the noise, of which 20 have a label that is 30 too large."""
    generator = torch.Generator().manual_seed(seed)
    X = torch.randn(200, 2, generator=generator)
    y = X @ torch.tensor(TRUE_W)[:, None] + TRUE_B + 0.1 * torch.randn(200, 1, generator=generator)
    y[torch.randperm(200, generator=generator)[:20]] += 30
    return {"X": X, "y": y}


def farthest(_, learned):
    """How far the parameter that is farthest off is from the truth."""
    fits = isinstance(learned, list | tuple) and len(learned) == 2 and all(isinstance(v, torch.Tensor) for v in learned)
    if not (fits and learned[0].numel() == 2 and learned[1].numel() == 1):
        raise Finding("the training does not end with two weights and a bias", "wrong shape", follows=True)
    off = torch.cat([learned[0].flatten().cpu() - torch.tensor(TRUE_W), learned[1].flatten().cpu() - TRUE_B]).abs().max()
    return float(off.nan_to_num(nan=float("inf")))


def find_from_scratch(student, ending, enough, X, y):
    import torch

    learned = list(student.train_linreg(X, y, 0.1, 3, 10))[:2]
    return [value.detach() if isinstance(value, torch.Tensor) else value for value in learned]


def find_with_nn(student, ending, enough, X, y):
    import torch

    net = student.train_concise(X, y, 0.1, 3, 10)
    return [p.detach() for p in sorted(net.parameters(), key=lambda p: -p.ndim)] if isinstance(net, torch.nn.Module) else None


def fit_spoiled(student, ending, enough, X, y):
    return student.fit_linear(X, y, lambda y_hat, y: (y_hat - y).clamp(-1, 1), 0.3, 300)


OFF = "the distance of the parameter that is farthest from the truth"
NOT_CLEARED = {"never clears the gradients": 0.9, "makes one step an epoch": 1.8}
from_scratch_goal = goal(
    OFF, below=0.02, margin=0.01, within="3 epochs of 300 samples", data=known_truth, recipe=find_from_scratch, reached=farthest, wrong=NOT_CLEARED
)
with_nn_goal = goal(OFF, below=0.02, margin=0.01, within="3 epochs of 300 samples", data=known_truth, recipe=find_with_nn, reached=farthest, wrong=NOT_CLEARED)
robust_goal = goal(
    OFF,
    below=0.3,
    margin=0.1,
    within="300 steps with Huber's gradient, where 20 of 200 labels are off by 30,",
    data=spoiled,
    recipe=fit_spoiled,
    reached=farthest,
    wrong={"uses the squared loss": 2.9},
)


def scratch_mistakes(n):
    several = {"the gradients of a batch are added up, where their mean belongs": {"share": float(n)}, "the mean is taken twice": {"share": 1 / n}}
    return {
        "the gradient is that of the loss without its ½": {"share": 2.0}, **(several if n > 2 else {}), "no step is made": {"steps": 0},
        "the step goes uphill: it should go against the gradient": {"turned": True}, TABLE: {"table": True},
        "b is moved by a gradient that was taken after w had moved: both belong to the same w and b": {"in_turn": True},
    }  # fmt: skip


DEALS = part(lambda batch_size, features, labels: list(reference.data_iter(batch_size, features, labels)), name="data_iter")
LOADS = part(lambda data_arrays, batch_size, is_train=True: list(reference.load_array(data_arrays, batch_size, is_train)), name="load_array")


@exercise("train_linreg", parts=[DEALS, reference.linreg, reference.squared_loss, reference.linreg_gradients])
class TestTrainLinreg:
    @criterion("starts from small random weights and a bias of 0", weight=2, hint="torch.normal(0, 0.01, size=(d, 1)) and torch.zeros(1)")
    def test_start(self, student, draw):
        assert_start(from_scratch, student, draw)

    @criterion(
        "a step goes against the mean gradient of the batch, for w and b at once", weight=4, hint="sum the losses, backward(), then sgd([w, b], lr, len(y))"
    )
    def test_step(self, student, draw):
        assert_one_step(from_scratch, student, draw, scratch_mistakes)

    @criterion("a short batch is divided by the samples that it has", weight=2, hint="sgd(params, lr, len(y)): len(y), and not batch_size")
    def test_short_batch(self, student, draw):
        assert_short_batch(from_scratch, student, draw)

    @criterion("every sample counts once in every epoch", weight=2, hint="more: are the gradients cleared after every step? less: is every batch used?")
    def test_every_sample(self, student, draw):
        assert_every_sample(from_scratch, student, draw)

    @criterion("the samples come in random order", hint="a new order for every epoch: data_iter, or batches(…, shuffle=True)")
    def test_shuffled(self, student, draw):
        assert_shuffled(from_scratch, student, draw)

    @criterion(
        "records the mean loss over all data after each epoch", weight=3, hint="after the inner loop: squared_loss over features and labels, mean(), item()"
    )
    def test_record(self, student, draw):
        X, y = one_step(draw, 18, 3)
        few = draw.normal(23, 2)
        labels = 4 * few[:, 0] - 2 * few[:, 1] + 3 + draw.normal(23, scale=0.5)
        full, small, none = from_scratch(student, [(X, y, 0.01, 3, 18), (few, labels, 0.2, 2, 5), (few, labels, 0.2, 0, 5)])
        for one, epochs in ((full, 3), (small, 2), (none, 0)):
            expect(one["losses"] is not None, "the losses should be a list, one number an epoch", "wrong type")
            expect(len(one["losses"]) == epochs, f"after {epochs} epochs the list of losses has {len(one['losses'])} entries", "wrong shape")
            expect(
                all(isinstance(loss, float | int) for loss in one["losses"]), "the losses should be plain numbers: .item() makes one of a tensor", "wrong type"
            )
        start, last = mean_loss(few, labels, torch.zeros(2, 1), torch.zeros(1)), [mean_loss(few, labels, small["w"], small["b"])]
        expect(
            abs(small["losses"][0] - start) > 0.02 * start,
            "the losses: they are what comes out when each is measured before the epoch's steps, and not after them",
        )
        assert_recorded(small["losses"][-1:], last, [None], len(few), "of two epochs in batches of 5")
        path = [mean_loss(X, y, *stepped(X, y, 0.01, steps=k)) for k in range(4)]
        assert_recorded(full["losses"], path[1:], path[:-1], len(X), "of three steps over all data", follows=True)

    test_goal = from_scratch_goal.is_reached(
        "finds the weights and the bias behind 300 samples", weight=4, hint="if the steps are right: is every batch of every epoch used?", timeout_s=20
    )

    @criterion("gives w and b without a graph, and leaves its inputs unchanged", hint="w.detach() and b.detach(); " + UNTOUCHED)
    def test_plain(self, student, draw):
        X, y = one_step(draw, 8, 2)
        [one] = from_scratch(student, [(X, y, 0.01, 1, 8)])
        expect(not one["graph"], "w or b requires a gradient: return them without a graph")
        assert_unchanged(X, one["features"], what="features")
        assert_unchanged(y, one["labels"], what="labels")
        if not near((one["w"], one["b"]), stepped(X, y, 0.01)):
            raise Finding("w and b are not where one step leads", follows=True)


def mean_loss(X, y, w, b):
    return float(((X.double() @ w.double() + b.double() - y.double().reshape(-1, 1)) ** 2 / 2).mean())


def assert_recorded(losses, right, before, n, what, follows=False):
    """Each loss is the right one within what the random start makes of it."""

    def agree(others):
        return all(other is not None and abs(loss - other) <= 2e-3 * other for loss, other in zip(losses, others, strict=True))

    if agree(right):
        return
    mistakes = {
        "the ½ is missing": [2 * v for v in right], "the sum over the data is taken, not the mean": [n * v for v in right],
        "it is measured before the epoch's steps, and not after them": before,
    }  # fmt: skip
    for words, others in mistakes.items():
        expect(not agree(others), f"the losses {what}: they are what comes out when {words}")
    one = "they are" if len(losses) > 1 else "the last one is"
    raise Finding(f"the losses {what}: {one} not the mean of the squared losses of all samples after the epoch", follows=follows)


@exercise("load_array")
class TestLoadArray:
    @criterion("keeps the last batch, with what is left", weight=2, hint="drop_last is false unless you say otherwise")
    def test_sizes(self, student, draw):
        cases = [((draw.normal(n, 2), draw.normal(n, 1)), size, train) for n, size, train in [(10, 4, False), (7, 3, True), (3, 5, True), (8, 4, False)]]
        for (arrays, size, _), batches in zip(cases, loaded(student, cases), strict=True):
            n = len(arrays[0])
            sizes = [len(batch[0]) for batch in batches if isinstance(batch, list | tuple) and len(batch)]
            expect(sizes == [min(size, n - i) for i in range(0, n, size)], f"for {n} samples and batch_size={size} the batches have {some(sizes)} samples")

    @criterion(
        "gives a DataLoader over the rows of any number of tensors", weight=3, hint="DataLoader(TensorDataset(*data_arrays), …): the star takes the tuple apart"
    )
    def test_arrays(self, student, draw):
        cases = [
            ((draw.normal(7, 2), draw.other_order.normal(7, 3, 2), draw.permutation(7)), 3, False), ((draw.float64.normal(5, 2),), 2, False),
            ((draw.normal(1, 4), draw.normal(1, 1)), 2, False), ((draw.normal(9, 2), draw.normal(9)), 4, True),
        ]  # fmt: skip
        for (arrays, *_), batches in zip(cases, loaded(student, cases), strict=True):
            for batch in batches:
                expect(isinstance(batch, list | tuple), f"a batch of {len(arrays)} arrays should be a list of {len(arrays)} tensors", "wrong type")
                expect(len(batch) == len(arrays), f"a batch of {len(arrays)} arrays holds {len(batch)} things", "wrong shape")
            joined = [torch.cat(parts) for parts in zip(*batches, strict=True)]
            if joined and len(joined[0]) != len(arrays[0]):
                raise Finding("a pass does not hold every row once", follows=True)
            orders = [rows_of(mine, whole) for mine, whole in zip(joined, arrays, strict=True)]
            expect(None not in orders, "a batch holds rows that are not in the data, or of another dtype")
            expect(all(order == orders[0] for order in orders), "a batch holds other rows of one tensor than of another")

    @criterion("keeps the order where is_train is false", weight=2, hint="shuffle=is_train")
    def test_in_order(self, student, draw):
        arrays = (draw.normal(40, 2), draw.normal(40, 1))
        for order in student_orders(student, arrays, [False]):
            expect(order == list(range(40)), "with is_train=False the samples come in another order than that of the data")

    @criterion(
        "shuffles anew in every pass where is_train is true, and unless it is told otherwise",
        weight=3,
        hint="is_train=True in the signature, shuffle=is_train inside",
    )
    def test_shuffled(self, student, draw):
        arrays = (draw.normal(40, 2), draw.normal(40, 1))
        for given in ([True], []):
            first, second = student_orders(student, arrays, given)
            words = "with is_train=True" if given else "where is_train is not given"
            expect(first != list(range(40)), f"{words} the samples come in the order of the data")
            expect(first != second, f"{words} two passes over one loader have the same order")


def loaded(student, cases):
    """The batches of a pass over the loader of each (arrays, batch_size, is_train)."""
    passes = student.run(load, cases=cases)
    for kind, _ in passes:
        expect(kind == "", f"load_array gave {kind}, a DataLoader was expected", "wrong type")
    return [batches for _, batches in passes]


def rows_of(mine, whole):
    """The places in `whole` of the rows of `mine`; None where there is no such order."""
    if mine.dtype != whole.dtype or mine.shape != whole.shape:
        return None
    places = {tuple(row.flatten().tolist()): i for i, row in enumerate(whole)}
    found = [places.get(tuple(row.flatten().tolist())) for row in mine]
    return None if None in found or sorted(found) != list(range(len(whole))) else found


def student_orders(student, arrays, given):
    """The order of the samples in two passes over one loader."""
    orders = []
    kind, *both_passes = student.run(load_and_walk_twice, arrays=arrays, given=given)
    expect(kind == "", f"load_array gave {kind}, a DataLoader was expected", "wrong type")
    for batches in both_passes:
        fits = all(isinstance(batch, list | tuple) and len(batch) == 2 and all(isinstance(part, torch.Tensor) for part in batch) for batch in batches)
        order = rows_of(torch.cat([batch[0] for batch in batches]), arrays[0]) if fits and batches else None
        if order is None:
            raise Finding("a pass over the loader does not hold every sample once", follows=True)
        orders.append(order)
    return orders


def load(student, cases):
    import torch

    seen = []
    for arrays, size, is_train in cases:
        loader = student.load_array(tuple(arrays), size, is_train)
        right = isinstance(loader, torch.utils.data.DataLoader)
        seen.append(["" if right else type(loader).__name__, list(loader) if right else []])
    return seen


def load_and_walk_twice(student, arrays, given):
    import torch

    loader = student.load_array(tuple(arrays), 6, *given)
    right = isinstance(loader, torch.utils.data.DataLoader)
    return ["" if right else type(loader).__name__, list(loader) if right else [], list(loader) if right else []]


def concise_mistakes(n):
    added = {"the losses of a batch are added up, where MSELoss takes their mean": {"share": 2.0 * n}}
    return {
        "the loss has a ½; MSELoss has none": {"share": 1.0}, **(added if n > 2 else {}), "no step is made": {"steps": 0}, TABLE: {"table": True},
        "the step goes uphill: it should go against the gradient": {"turned": True},
    }  # fmt: skip


@exercise("train_concise", parts=[LOADS, DEALS])
class TestTrainConcise:
    @criterion("starts from small random weights and a bias of 0", weight=2, hint="nn.init.normal_(net.weight, 0, 0.01) and nn.init.zeros_(net.bias)")
    def test_start(self, student, draw):
        assert_start(with_nn, student, draw)

    @criterion("a step goes against the gradient of the mean squared error, labels (n,) or (n, 1)", weight=4, hint="nn.MSELoss() with labels.reshape(-1, 1)")
    def test_step(self, student, draw):
        assert_one_step(with_nn, student, draw, concise_mistakes, share=2.0)

    @criterion("a short batch counts as well, by the mean over its samples", hint="the last batch takes what is left")
    def test_short_batch(self, student, draw):
        assert_short_batch(with_nn, student, draw, share=2.0)

    @criterion("every sample counts once in every epoch", weight=3, hint="more: does zero_grad() stand in the inner loop? less: is every batch used?")
    def test_every_sample(self, student, draw):
        assert_every_sample(with_nn, student, draw, share=2.0)

    @criterion("the samples come in random order", hint="load_array((features, labels), batch_size), or another loader that shuffles")
    def test_shuffled(self, student, draw):
        assert_shuffled(with_nn, student, draw)

    @criterion("the model it returns predicts Xw + b, shape (n, 1), and the inputs are left", hint="one nn.Linear(d, 1), and nothing behind it")
    def test_predictions(self, student, draw):
        X, y = one_step(draw, 8, 2)
        [one] = with_nn(student, [(X, y, 0.01, 1, 8)])
        assert_close(one["predictions"], X @ one["w"] + one["b"], what="net(features)", rtol=1e-4, atol=1e-3)
        assert_unchanged(X, one["features"], what="features")
        assert_unchanged(y, one["labels"], what="labels")
        if not near((one["w"], one["b"]), stepped(X, y, 0.01, share=2.0)):
            raise Finding("weight and bias are not where one step leads", follows=True)

    test_goal = with_nn_goal.is_reached(
        "finds the weights and the bias behind 300 samples", weight=4, hint="if the steps are right: is every batch of every epoch used?", timeout_s=20
    )


# 7 · Descent ------------------------------------------------------------------------------------------------------------


def square_slope(y_hat, y):
    return y_hat - y


def bent_slope(y_hat, y):
    return torch.tanh(y_hat - y) + 0.3


def descended(share_w=1.0, share_b=1.0, in_turn=False, always_square=False, by_sum=False):
    """fit_linear with a mistake."""

    def fit(X, y, gradient, lr, num_steps):
        gradient = square_slope if always_square else gradient
        w, b, y = X.new_zeros(X.shape[1], 1), X.new_zeros(1), y.reshape(-1, 1)
        times = len(X) if by_sum else 1
        for _ in range(num_steps):
            g = gradient(X @ w + b, y)
            w = w - times * share_w * lr * X.T @ g / len(X)
            g = gradient(X @ w + b, y) if in_turn else g
            b = b - times * share_b * lr * g.mean(dim=0)
        return w, b

    return fit


def fitted(draw, n=12, d=3, labels=1, gradient=bent_slope, lr=0.2, num_steps=3):
    return draw.normal(n, d, mean=0.5), shaped(draw.normal(n, scale=2, mean=1.0), labels), gradient, lr, num_steps


fit_linear = case(
    reference.fit_linear,
    fitted,
    [(5, 2, 1, square_slope, 0.3, 1), (1, 3, 2, bent_slope, 0.1, 2), (9, 4, 2, bent_slope, 0.2, 3), (12, 1, 1, square_slope, 0.05, 4)],
    gives=("w", "b"),
    slips={
        "b is moved by a gradient that was taken after w had moved: both belong to the same predictions": descended(in_turn=True),
        "the gradient that was given is not used: it is always that of the squared loss": descended(always_square=True),
        "the gradients of the samples are added up; their mean belongs there": descended(by_sum=True),
        "the gradients of w are added up; their mean belongs there, as for b": lambda X, *rest: descended(share_w=len(X))(X, *rest),
        "the gradients of b are added up; their mean belongs there, as for w": lambda X, *rest: descended(share_b=len(X))(X, *rest),
        "the steps go uphill: they should go against the gradient": descended(-1.0, -1.0),
        "b is never moved": descended(share_b=0.0),
        "only one step is made": lambda X, y, gradient, lr, num_steps: reference.fit_linear(X, y, gradient, lr, 1),
        "one step too many is made": lambda X, y, gradient, lr, num_steps: reference.fit_linear(X, y, gradient, lr, num_steps + 1),
        "one step too few is made": lambda X, y, gradient, lr, num_steps: reference.fit_linear(X, y, gradient, lr, num_steps - 1),
    },
)


@exercise("fit_linear", parts=[reference.linreg])
class TestFitLinear:
    test_values = fit_linear.agrees(
        "moves w and b against the mean of the given gradient, both at once", weight=5, hint="one g for both: w - lr * X.T @ g / n, b - lr * g.mean(0)"
    )
    test_nothing = fit_linear.agrees(
        "after no step w and b are zeros",
        sizes=[(5, 2, 1, square_slope, 0.3, 0), (3, 4, 2, bent_slope, 0.3, 0)],
        hint="start from zeros, then loop",
        follows=True,
    )
    test_dtype = fit_linear.keeps_dtype(hint="X.new_zeros(…) has the dtype of X")
    test_unchanged = fit_linear.leaves_inputs(sizes=[(12, 3, 1), (12, 3, 2)])
    test_again = fit_linear.again()

    @criterion("gives predictions and labels to the gradient as (n, 1)", hint="y.reshape(-1, 1) once, before the loop")
    def test_shapes(self, student, draw):
        for labels in (1, 2):
            seen = []

            def gradient(y_hat, y, seen=seen):
                seen.append([tuple(value.shape) if isinstance(value, torch.Tensor) else None for value in (y_hat, y)])
                return y_hat.detach() * 0 + 1

            X, y, *_ = fitted(draw, 7, 2, labels)
            _, b = result_of(student.fit_linear(X, y, gradient, 0.5, 2))
            if len(seen) != 2:
                raise Finding(f"in 2 steps the gradient was asked for {len(seen)} times", follows=True)
            for y_hat_shape, y_shape in seen:
                expect(y_hat_shape == (7, 1), f"the gradient was given predictions of shape {y_hat_shape} for 7 samples", "wrong shape")
                expect(y_shape == (7, 1), f"the gradient was given labels of shape {y_shape} for 7 samples", "wrong shape")
            if not (b.shape == (1,) and torch.allclose(b, torch.full_like(b, -1.0))):
                raise Finding("b is not -1 after two steps with lr=0.5 and a gradient that is 1 everywhere", follows=True)

    test_robust = robust_goal.is_reached(
        "with Huber's gradient a tenth of spoiled labels does not move the fit", weight=2, hint="the gradient that is given decides about the loss"
    )


def result_of(found):
    pair = isinstance(found, list | tuple) and len(found) == 2 and all(isinstance(part, torch.Tensor) for part in found)
    expect(pair, "fit_linear should return two tensors, (w, b)", "wrong type")
    return found


def curvature(X):
    A = torch.cat([X, X.new_ones(len(X), 1)], dim=1).double()
    return A.T @ A / len(A)


largest_learning_rate = case(
    reference.largest_learning_rate,
    lambda draw, n=9, d=3, mean=1.0, scale=1.0: (draw.normal(n, d, mean=mean, scale=scale),),
    [(6, 2), (12, 4), (5, 1, -2.0, 3.0), (30, 3, 0.0, 0.2), (8, 5, 20.0, 4.0), (40, 4, 0.0)],
    rtol=1e-4,
    slips={
        "the column of ones for the bias is missing": lambda X: 2 / float(torch.linalg.eigvalsh(X.T.double() @ X.double() / len(X))[-1]),
        "1/λ is taken; the border is 2/λ": lambda X: 1 / float(torch.linalg.eigvalsh(curvature(X))[-1]),
        "the matrix is not divided by n": lambda X: 2 / float(torch.linalg.eigvalsh(curvature(X))[-1]) / len(X),
        "the trace is taken for the largest eigenvalue": lambda X: 2 / float(curvature(X).trace()),
        "the smallest eigenvalue is taken": lambda X: 2 / float(torch.linalg.eigvalsh(curvature(X))[0]),
        "the largest singular value of A is taken; its square is the eigenvalue": lambda X: 2 / float(torch.linalg.eigvalsh(curvature(X))[-1]) ** 0.5,
        "the largest eigenvalue itself is given back": lambda X: float(torch.linalg.eigvalsh(curvature(X))[-1]),
    },
)


@exercise("largest_learning_rate")
class TestLargestLearningRate:
    test_values = largest_learning_rate.agrees(
        "is 2 over the largest eigenvalue of AᵀA/n, with a column of ones in A", weight=4, hint="2 / torch.linalg.eigvalsh(A.T @ A / n)[-1].item()"
    )
    test_unchanged = largest_learning_rate.leaves_inputs()
    test_again = largest_learning_rate.again(sizes=[(), (1, 3)])

    @criterion("descent converges just below it and diverges just above", weight=2, hint="try it: fit_linear with 0.98 and 1.02 times your number")
    def test_border(self, student, draw):
        X = draw.float64.other_order.normal(15, 3, mean=0.7)
        rate = as_number(student.largest_learning_rate(X.clone()), what="largest_learning_rate")
        A = torch.cat([X, X.new_ones(15, 1)], dim=1)
        expect(rate > 0, f"largest_learning_rate is {rate:.3g}; a learning rate is positive")
        for share, ends in ((0.98, "diverges"), (1.02, "converges")):
            factor = float((1 - share * rate * torch.linalg.eigvalsh(A.T @ A / 15)).abs().max())
            wrong = factor > 1 if share < 1 else factor < 1
            if wrong:
                raise Finding(f"at {share} times the number given, descent {ends}", follows=True)
