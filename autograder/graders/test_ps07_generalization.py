"""Hidden grader of ps07_generalization."""

import itertools
import math
from dataclasses import replace

import torch

from autograder import (
    Finding,
    assert_close,
    assert_finite,
    assert_shape,
    assert_unchanged,
    called_in_turn,
    case,
    criterion,
    exercise,
    expect,
    goal,
    kind_of,
    other_order,
)
from solutions.ps07_generalization import generalization as reference

EXACT = {"rtol": 0, "atol": 0}
ROUNDING = {"rtol": 1e-3, "atol": 1e-4}  # float32, in any order of the operations
DROPOUTS = [f"{prefix}dropout{suffix}" for prefix in ("", "native_", "feature_", "alpha_", "feature_alpha_") for suffix in ("", "1d", "2d", "3d")]


# 1 · A curve through every point -------------------------------------------------------------------------------------


def exponents(x, first, last):
    return torch.arange(first, last + 1, device=x.device)


powers = case(
    reference.polynomial_features,
    lambda draw, n=5, degree=4: (draw.away_from_zero(n, low=0.4, high=1.6), degree),
    [(1, 3), (4, 1), (6, 5), (3, 8)],
    slips={
        "the powers begin with 0: the first column holds ones": (
            lambda x, K: x.unsqueeze(1) ** exponents(x, 0, K - 1),
            lambda x, K: x.unsqueeze(1) ** exponents(x, 0, K),
        ),
        "each power is divided by its factorial": lambda x, K: reference.polynomial_features(x, K) / torch.lgamma(exponents(x, 2, K + 1).to(x)).exp(),
        "x is multiplied by k, not raised to the power of k": lambda x, K: x.unsqueeze(1) * exponents(x, 1, K),
        "k is raised to the power of x": lambda x, K: exponents(x, 1, K) ** x.unsqueeze(1),
        "the highest power stands first": lambda x, K: reference.polynomial_features(x, K).flip(1),
        "the powers stand in the rows, the points in the columns": lambda x, K: reference.polynomial_features(x, K).T,
        "the powers are those of |x|: the sign is lost": lambda x, K: reference.polynomial_features(x.abs(), K),
    },
)


@exercise("polynomial_features")
class TestPolynomialFeatures:
    test_values = powers.agrees("column k - 1 holds x to the power of k", weight=3, hint="x ** k for k = 1, 2, …, degree: no logarithm, no column of ones")
    test_zeros = powers.agrees(
        "takes numbers that are 0, and degree 0",
        hint="0 to any power from 1 on is 0; degree 0 gives a matrix (n, 0)",
        arguments=lambda draw: {
            "polynomial_features of numbers of which some are 0": (draw.away_from_zero(6) * torch.tensor([1, 0, 1, 1, 0, 1], device=draw.device), 3),
            "polynomial_features with degree 0": (draw.normal(4), 0),
        },
        follows=True,
    )
    test_gradients = powers.gradients(size=(4, 5))
    test_at_once = powers.at_once("n", title="works on all points at once", hint="x ** k takes all points in one operation; only the powers may be looped over")
    test_dtype = powers.keeps_dtype()
    test_unchanged = powers.leaves_inputs(title="leaves x unchanged", hint="x *= … writes into the caller's tensor; x * … does not")
    test_again = powers.again(sizes=[(), (7, 3)])


def spread(draw, n, reach):
    """n numbers in [-reach, reach] in random order, nearly evenly spread: no two come close."""
    ticks = torch.linspace(-reach, reach, n, dtype=torch.float64) + draw.float64.uniform(n, low=-0.25, high=0.25).cpu() * 2 * reach / n
    return ticks.clamp(-reach, reach)[draw.permutation(n)].to(draw.device, draw.dtype)


def points(draw, n=12, degree=3, reach=2.0, shift=0.7):
    """Points of no polynomial, around `shift`; the largest |y| is 1, and the mean of y is not 0."""
    x = spread(draw, n, reach) + shift
    y = x + draw.normal(n, mean=0.6)
    return x, y / y.abs().max(), degree


def curve(found, x):
    """The polynomial (w, b) on a grid from the smallest to the largest x, in float64."""
    two = isinstance(found, list | tuple) and len(found) == 2
    expect(two, "fit_polynomial should return two things, (w, b)", "wrong type")
    w, b = found
    vector = isinstance(w, torch.Tensor) and w.ndim == 1
    expect(vector, "w, the first thing that fit_polynomial returns, should be a tensor of one dimension", "wrong type")
    assert_close(b, 0.0, what="b, the second thing that fit_polynomial returns,", rtol=0, atol=math.inf)
    grid = torch.linspace(float(x.min()), float(x.max()), 101, dtype=torch.float64, device=x.device)
    return reference.polynomial_features(grid, len(w)) @ w.detach().double() + float(b)


def fitted_curve(x, y, degree):
    return curve(reference.fit_polynomial(x.double(), y.double(), degree), x)


def solved_curve(columns, ridge=0.0):
    """The curve of another least squares problem: columns(A) are those of the powers 0 … degree that it uses."""

    def slip(x, y, degree):
        A = x.double().unsqueeze(1) ** torch.arange(degree + 1, device=x.device)
        used = columns(A)
        w = torch.linalg.lstsq(used, y.double().unsqueeze(1), driver="gelsd" if x.device.type == "cpu" else None).solution.squeeze(1)
        return curve((w, 0.0) if used.shape[1] == degree else (w[1:], w[0]), x)

    return slip


def about_the_mean(x, y, degree):
    """y minus its mean is fitted without bias, and b is the mean."""
    w = torch.linalg.lstsq(reference.polynomial_features(x.double(), degree), (y.double() - y.double().mean()).unsqueeze(1)).solution.squeeze(1)
    return curve((w, y.double().mean()), x)


def mean_for_bias(x, y, degree):
    """w is right, and b is the mean of y."""
    return curve((reference.fit_polynomial(x.double(), y.double(), degree)[0], y.double().mean()), x)


polynomial = case(
    fitted_curve,
    points,
    [(2, 1), (6, 1), (9, 2), (15, 3)],
    name="fit_polynomial",
    slips={
        "there is no bias: the curve goes through (0, 0)": solved_curve(lambda A: A[:, 1:]),
        "b is the mean of y; it has to be fitted together with w": (about_the_mean, mean_for_bias),
        "a polynomial of one degree less is fitted": lambda x, y, degree: fitted_curve(x, y, degree - 1),
        "a polynomial of one degree more is fitted": lambda x, y, degree: fitted_curve(x, y, degree + 1) if degree + 1 < len(x) else None,
        "b is 0": lambda x, y, degree: curve((reference.fit_polynomial(x.double(), y.double(), degree)[0], 0.0), x),
    },
    call=lambda f: lambda x, y, degree: polynomial_of(f(x.clone(), y.clone(), degree), x, degree),
    rtol=0,
    atol=1e-3,
)


def polynomial_of(found, x, degree):
    values = curve(found, x)
    assert_shape(found[0], (degree,), what="w, the first thing that fit_polynomial returns,")
    return values


@exercise("fit_polynomial", parts=[reference.polynomial_features])
class TestFitPolynomial:
    test_values = polynomial.agrees(
        "is the curve of smallest squared error", weight=4, hint="a column of ones in front of the powers, then torch.linalg.lstsq", rtol=0, atol=1e-3
    )
    test_float32 = polynomial.agrees(
        "keeps its digits with degree 12 and points in float32",
        weight=2,
        hint="compute in float64 and convert the result; lstsq on the matrix itself, not on AᵀA",
        arguments=lambda draw: {"the curve of degree 12 through 40 points": points(draw, 40, 12, 2.0, 0.0)},
        follows=True,
    )
    test_float64 = polynomial.agrees(
        "keeps its digits with points in float64",
        weight=2,
        hint="lstsq on the matrix itself, with nothing added to it: AᵀA loses half of the digits, and so does a column in float32",
        arguments=lambda draw: {"the curve of degree 10 through 40 points in float64": points(draw.float64, 40, 10, 3.0, 0.0)},
        follows=True,
        atol=1e-6,
    )
    test_through_all = polynomial.agrees(
        "degree n - 1 goes through all n points",
        hint="n numbers are free for n points: nothing is left over, and nothing may be added to the squared error",
        arguments=lambda draw: {"the curve of degree 9 through 10 points in float64": points(draw.float64, 10, 9, 1.5, 0.0)},
        follows=True,
        atol=1e-5,
    )

    @criterion("w and b have the dtype of x, and x may lie in any memory order", hint="convert at the very end: .to(x.dtype)")
    def test_dtype(self, student, draw):
        for drawn in (draw, draw.float64):
            x, y, degree = points(drawn, 9, 2)
            for given in ((x.clone(), y.clone()), (other_order(x), other_order(y))):
                w, b = found = student.fit_polynomial(*given, degree)
                for name, value in (("w", w), ("b", b)):
                    tensor = isinstance(value, torch.Tensor)
                    mine, right = (str(t.dtype).removeprefix("torch.") for t in (value if tensor else x, x))
                    expect(mine == right, f"{name} has dtype {mine} for points in {right}", "wrong type")
                polynomial.compare([((x, y, degree), polynomial_of(found, x, degree))], follows=True)

    @criterion("leaves its inputs unchanged", hint="x.double() may be x itself, when it is float64 already: nothing in place on it")
    def test_unchanged(self, student, draw):
        x, y, degree = points(draw.float64)
        given = x.clone(), y.clone()
        found = student.fit_polynomial(*given, degree)
        for name, before, after in zip("xy", (x, y), given, strict=True):
            assert_unchanged(before, after, what=name)
        polynomial.compare([((x, y, degree), polynomial_of(found, x, degree))], follows=True)

    @criterion("gives the same when it is called again, and leaves the program as it was", hint="keep nothing from one call for the next")
    def test_again(self, student, draw):
        first, other = points(draw), points(draw, 12, 3, 1.0)
        seen = in_turn(student, "fit_polynomial", [first, other, first])
        words = ["the curve", "the curve of a later call", "the curve of the first points once more"]
        for arguments, found, word in zip((first, other, first), seen, words, strict=True):
            polynomial.compare([(arguments, polynomial_of(found, arguments[0], arguments[2]))], [word], follows=word == "the curve")


def in_turn(student, name, calls, draws=False):
    """Results of calls one after the other; a Finding where the program is not as it was."""
    seen = student.run(called_in_turn, name=name, calls=[list(call) for call in calls], draws=draws)
    expect(not seen["changed"], f"after a call of {name} {seen['changed']}")
    return seen["results"]


# 2 · Judging by what was not learned from ----------------------------------------------------------------------------


def samples(draw, n, *shape):
    """Samples (n, …) of which no two have the same first number, and labels that tell them apart."""
    X = draw.normal(n, *(shape or (3,)))
    return X, draw.permutation(n).to(draw.device) * 7 - 20


def four(parts, what):
    """X_train, y_train, X_val, y_val of an answer."""
    right = isinstance(parts, list | tuple) and len(parts) == 4 and all(isinstance(t, torch.Tensor) for t in parts)
    expect(right, f"{what} should return four tensors, (X_train, y_train, X_val, y_val)", "wrong type")
    return list(parts)


def split(student, X, y, val_share, seeds=(3,)):
    """The parts of the splits with generators of these seeds, and whether the program's own generators were used."""
    seen = student.run(splits, X=X, y=y, val_share=val_share, seeds=list(seeds))
    return [four(parts, "train_val_split") for parts in seen["parts"]], seen["touched"]


def splits(student, X, y, val_share, seeds):
    import random

    import numpy
    import torch

    def program():
        return torch.get_rng_state().tolist(), random.getstate(), str(numpy.random.get_state())

    before = program()
    parts = [student.train_val_split(X.clone(), y.clone(), val_share, torch.Generator().manual_seed(seed)) for seed in seeds]
    return {"parts": parts, "touched": program() != before}


def rows_of(part, X):
    """The numbers of the rows of X that stand in a part, in its order."""
    expect(part.ndim == X.ndim and part.shape[1:] == X.shape[1:], f"a part of X has shape {tuple(part.shape)}, for X {tuple(X.shape)}", "wrong shape")
    found = (part.flatten(1)[:, None].to(X) == X.flatten(1)[None]).all(dim=2)
    expect(bool(found.any(dim=1).all()), "a part of X holds a row that is not one of X")
    return found.int().argmax(dim=1).tolist()


@exercise("train_val_split")
class TestTrainValSplit:
    @criterion("the validation part has round(val_share · n) samples", weight=2, hint="round(val_share * len(X)); the rest is for training")
    def test_sizes(self, student, draw):
        for n, share in [(10, 0.3), (7, 0.4), (13, 0.32), (6, 0.55)]:
            X, y = samples(draw, n)
            (parts,), _ = split(student, X, y, share)
            n_val = round(share * n)
            what = f"of train_val_split with {n} samples and val_share={share}"
            for name, part, length in zip(("X_train", "y_train", "X_val", "y_val"), parts, (n - n_val, n - n_val, n_val, n_val), strict=True):
                expect(len(part) == length, f"{name} {what} has {len(part)} rows", "wrong shape")

    @criterion("every sample is in one of the two parts, and in one only", weight=3, hint="one permutation, cut in two: what validates is not trained on")
    def test_disjoint(self, student, draw):
        for n, share in [(11, 0.3), (8, 0.6)]:
            X, y = samples(draw, n)
            (parts,), _ = split(student, X, y, share)
            train, val = rows_of(parts[0], X), rows_of(parts[2], X)
            both = len(set(train) & set(val))
            expect(both == 0, f"{both} of {n} samples are in the training part and in the validation part as well")
            expect(len(set(train)) == len(train) and len(set(val)) == len(val), "a sample stands in a part more than once")
            lost = n - len(set(train) | set(val))
            expect(lost == 0, f"{lost} of {n} samples are in neither part")

    @criterion("each sample keeps its label", weight=3, hint="the same row numbers for X and for y: one permutation, drawn once")
    def test_paired(self, student, draw):
        for shape in ((3,), (2, 3, 2)):
            X, y = samples(draw, 12, *shape)
            for labels in (y, y.to(X.dtype)[:, None]):
                (parts,), _ = split(student, X, labels, 0.4)
                for x_part, y_part, name in ((*parts[:2], "training"), (*parts[2:], "validation")):
                    rows = rows_of(x_part, X)
                    expect(y_part.shape == labels[rows].shape, f"the labels of the {name} part have shape {tuple(y_part.shape)}", "wrong shape")
                    off = int((y_part != labels[rows]).flatten(1).any(dim=1).sum()) if y_part.ndim > 1 else int((y_part != labels[rows]).sum())
                    expect(off == 0, f"in the {name} part {off} of {len(rows)} samples stand beside the label of another")

    @criterion("the rows are chosen at random, each with the same chance", weight=2, hint="torch.randperm of the row numbers; not the tail, not a block")
    def test_random(self, student, draw):
        X, y = samples(draw, 6)
        seeds = draw.integers(0, 10**6, 120).tolist()
        chosen = [tuple(sorted(rows_of(parts[2], X))) for parts in split(student, X, y, 0.34, seeds)[0]]
        counts = torch.tensor([sum(row in rows for rows in chosen) for row in range(6)])
        expect(len(set(chosen)) > 1, "120 seeds of the generator all gave the same validation part")
        for row in (int(counts.argmin()), int(counts.argmax())):
            off = abs(int(counts[row]) - 40) > 6 * math.sqrt(120 * 2 / 9)
            expect(not off, f"row {row} of 6 is in the validation part {int(counts[row])} times of 120, with val_share=0.34: the rows have not the same chance")
        expect(len(set(chosen)) >= 10, f"two of 6 rows validate, and in 120 splits only {len(set(chosen))} different pairs of rows occurred")

    test_reproducible = case(reference.train_val_split, lambda draw: (*samples(draw, 30), 0.4, draw.new_generator())).seeded(
        title="all chance comes from the generator: the same state, the same split",
        weight=3,
        hint="torch.randperm(n, generator=generator), and no other source of random numbers",
    )

    @criterion("leaves the program's own random numbers alone", hint="no manual_seed, and no random function without generator=generator")
    def test_global(self, student, draw):
        X, y = samples(draw, 9)
        (parts,), touched = split(student, X, y, 0.3)
        expect(not touched, "after a call of train_val_split the random numbers of the program are others")
        rows_of(parts[0], X)

    @criterion("keeps dtypes and leaves X and y unchanged", hint="X[rows] is a new tensor with the dtype of X; nothing is shuffled in place")
    def test_unchanged(self, student, draw):
        for drawn in (draw, draw.float64):
            X, y = samples(drawn, 9, 2, 2)
            given = other_order(X), y.clone()
            parts = four(student.train_val_split(*given, 0.3, draw.new_generator()), "train_val_split")
            assert_unchanged(X, given[0], what="X")
            assert_unchanged(y, given[1], what="y")
            for part, whole, name in zip(parts, (X, y, X, y), ("X_train", "y_train", "X_val", "y_val"), strict=True):
                mine, right = (str(t.dtype).removeprefix("torch.") for t in (part, whole))
                expect(mine == right, f"{name} has dtype {mine}, expected {right}", "wrong type")
            rows_of(parts[2], X)


def folds_by(starts):
    """The parts of round i when fold i is the rows starts(n, k)[i] … starts(n, k)[i + 1]; rows behind the last of them are lost."""

    def slip(k, i, X, y):
        ends = starts(len(X), k)
        valid = torch.arange(ends[i], ends[i + 1], device=X.device)
        train = torch.tensor([row for row in range(ends[-1]) if not ends[i] <= row < ends[i + 1]], dtype=torch.int64, device=X.device)
        return X[train], y[train], X[valid], y[valid]

    return slip


def picked(rows):
    """The parts when rows(n, k, i) gives the row numbers (train, valid), or None where the mistake does not apply."""

    def slip(k, i, X, y):
        parts = rows(len(X), k, i)
        if parts is None:
            return None
        train, valid = (torch.as_tensor(part, dtype=torch.int64, device=X.device) for part in parts)
        return X[train], y[train], X[valid], y[valid]

    return slip


def right_rows(n, k, i):
    parts = torch.arange(n).tensor_split(k)
    return torch.cat(parts[:i] + parts[i + 1 :]), parts[i]


def rounds(draw, k, n, *shape):
    """Arguments of all rounds of k folds of n samples, as a dict."""
    X, y = samples(draw, n, *shape)
    return {f"round {i} of {k} folds of {n} rows": (k, i, X, y) for i in range(k)}


fold = case(
    reference.get_k_fold_data,
    lambda draw, k=3, i=1, n=8: (k, i, *samples(draw, n)),
    [(2, 0, 6), (2, 1, 6), (3, 1, 9), (4, 3, 12)],
    gives=("X_train", "y_train", "X_valid", "y_valid"),
    slips={
        "every fold has n // k rows: the rest is lost": folds_by(lambda n, k: [j * (n // k) for j in range(k + 1)]),
        "every fold has n // k rows, and the last one has the rest as well": folds_by(lambda n, k: [*(j * (n // k) for j in range(k)), n]),
        "the fold that validates is left in the training part": picked(lambda n, k, i: (range(n), right_rows(n, k, i)[1])),
        "the two parts have changed places: one fold trains, the others validate": picked(lambda n, k, i: right_rows(n, k, i)[::-1]),
        "the rounds are counted from 1": picked(lambda n, k, i: right_rows(n, k, i - 1) if i else None),
        "every k-th row is taken; a fold is a block of consecutive rows": picked(lambda n, k, i: ([r for r in range(n) if r % k != i], range(i, n, k))),
        "the folds behind the one that validates stand before those in front of it": picked(
            lambda n, k, i: (torch.cat([right_rows(n, k, i)[0][right_rows(n, k, i)[0] > right_rows(n, k, i)[1].max()],
                                        right_rows(n, k, i)[0][right_rows(n, k, i)[0] < right_rows(n, k, i)[1].min()]]), right_rows(n, k, i)[1])
        ),
        "only the fold behind trains": picked(lambda n, k, i: (right_rows(n, k, (i + 1) % k)[1], right_rows(n, k, i)[1])),
    },
    **EXACT,
)  # fmt: skip


@exercise("get_k_fold_data")
class TestGetKFoldData:
    test_values = fold.agrees(
        "fold i validates, all others train, in their order", weight=3, hint="folds are consecutive rows; train on torch.cat(folds[:i] + folds[i + 1:])"
    )
    test_rest = fold.agrees(
        "loses no row when k does not divide n: sizes differ by at most one",
        weight=2,
        hint="torch.tensor_split makes the first folds one row longer; n // k rows each would lose the rest",
        arguments=lambda draw: {**rounds(draw, 3, 7), **rounds(draw, 4, 11), **rounds(draw, 5, 12)},
    )
    test_one_out = fold.agrees(
        "k = n leaves one sample out",
        hint="every fold is one row; the parts keep the dimension of the samples: X_valid is (1, …)",
        arguments=lambda draw: {**rounds(draw, 4, 4), **rounds(draw, 2, 2)},
        follows=True,
    )
    test_shapes = fold.agrees(
        "takes pictures, and labels in a column",
        hint="only the first dimension is cut; the others are left as they are",
        arguments=lambda draw: {
            **rounds(draw, 2, 5, 1, 3, 2),
            **{f"{words}, labels (n, 1)": (k, i, X, y[:, None].to(X)) for words, (k, i, X, y) in rounds(draw, 3, 6).items()},
        },
        follows=True,
    )
    test_dtype = fold.keeps_dtype()
    test_unchanged = fold.leaves_inputs(title="leaves X and y unchanged")
    test_again = fold.again(sizes=[(), (4, 2, 9)])


def fitted_slope(X, y):
    """A model that depends on every sample: the mean of y_i x_i."""
    return (X * y.to(X).reshape(-1, 1)).mean(dim=0)


def squared_error(model, X, y):
    return ((X @ model - y) ** 2).mean()


def as_a_number(model, X, y):
    return float(squared_error(model, X, y))


def in_one_entry(model, X, y):
    return squared_error(model, X, y).reshape(1)


def every_round(k, X, y):
    return [reference.get_k_fold_data(k, i, X, y) for i in range(k)]


def by_rounds(measure, gather=lambda errors: sum(errors) / len(errors)):
    """What comes out when round by round measure((X_train, y_train, X_valid, y_valid), X, y, fit, error) is taken, and gathered."""
    return lambda k, X, y, fit, error: gather([float(measure(parts, X, y, fit, error)) for parts in every_round(k, X, y)])


def trained_error(parts, X, y, fit, error):
    return error(fit(*parts[:2]), *parts[:2])


def left_out_error(parts, X, y, fit, error):
    return error(fit(*parts[:2]), *parts[2:])


def by_size(part, measure):
    """The mean weighted with the number of rows."""

    def slip(k, X, y, fit, error):
        pairs = [(len(parts[part]), float(measure(parts, X, y, fit, error))) for parts in every_round(k, X, y)]
        return sum(n * e for n, e in pairs) / sum(n for n, _ in pairs)

    return slip


def two_errors(k, X, y, fit, error):
    return reference.k_fold(k, X, y, fit, error)


def result_of_k_fold(returned):
    two = isinstance(returned, list | tuple) and len(returned) == 2
    expect(two, "k_fold should return two things, (mean training error, mean validation error)", "wrong type")
    return returned


def folds_of(draw, k=3, n=9, error=squared_error):
    return k, draw.float64.normal(n, 2), draw.float64.normal(n, mean=1.0), fitted_slope, error


SAME_MISTAKES = {
    "the errors of the rounds are added up, and not divided by k": lambda measure, part: by_rounds(measure, sum),
    "only the first round counts: is the return inside the loop?": lambda measure, part: by_rounds(measure, lambda errors: errors[0]),
    "only the last round counts": lambda measure, part: by_rounds(measure, lambda errors: errors[-1]),
    "the rounds are weighted with their numbers of rows; every round counts the same": lambda measure, part: by_size(part, measure),
}
mean_errors = case(two_errors, folds_of, [(2, 6), (3, 9), (4, 8)], name="k_fold", rtol=1e-6, atol=1e-9, gives=("training", "validation"))
training_error = replace(
    mean_errors,
    right=lambda k, X, y, fit, error: two_errors(k, X, y, fit, error)[0],
    gives=(),
    call=lambda f: lambda *arguments: result_of_k_fold(f(*arguments))[0],
    slips={
        **{words: make(trained_error, 0) for words, make in SAME_MISTAKES.items()},
        "it is measured on all the data, the fold that was left out included": by_rounds(lambda p, X, y, fit, error: error(fit(*p[:2]), X, y)),
        "one model, fitted on all the data, is measured in every round": by_rounds(lambda p, X, y, fit, error: error(fit(X, y), *p[:2])),
        "the two errors have changed places": by_rounds(left_out_error),
        "the model is fitted on the fold, and measured on it": by_rounds(lambda p, X, y, fit, error: error(fit(*p[2:]), *p[2:])),
    },
)
validation_error = replace(
    training_error,
    right=lambda k, X, y, fit, error: two_errors(k, X, y, fit, error)[1],
    call=lambda f: lambda *arguments: result_of_k_fold(f(*arguments))[1],
    slips={
        **{words: make(left_out_error, 2) for words, make in SAME_MISTAKES.items()},
        "one model, fitted on all the data, is measured in every round": by_rounds(lambda p, X, y, fit, error: error(fit(X, y), *p[2:])),
        "the two errors have changed places": by_rounds(trained_error),
        "the model is fitted on the fold, and validated on the others": by_rounds(lambda p, X, y, fit, error: error(fit(*p[2:]), *p[:2])),
        "it is measured on all the data": by_rounds(lambda p, X, y, fit, error: error(fit(*p[:2]), X, y)),
    },
)


@exercise("k_fold", parts=[reference.get_k_fold_data])
class TestKFold:
    test_validation = validation_error.agrees(
        "gives the mean error on the folds that were left out", weight=3, hint="in each round fit on the others, then error(model, X_valid, y_valid)"
    )
    test_training = training_error.agrees(
        "gives the mean error on the folds that were learned from",
        weight=2,
        hint="error(model, X_train, y_train): the k - 1 folds, not all of X",
        sizes=[(2, 6), (3, 9)],
    )
    test_plain_means = validation_error.agrees(
        "every round counts the same, also when a fold is a row shorter",
        weight=2,
        hint="add up k errors and divide by k; no row is lost where k does not divide n",
        sizes=[(3, 7), (4, 6)],
    )

    @criterion("fits k times, each time on the k - 1 other folds", weight=2, hint="model = fit(X_train, y_train) once in the loop, and nowhere else")
    def test_fits(self, student, draw):
        for k, n in [(3, 8), (4, 5)]:
            X, y = other_order(draw.normal(n, 2)), draw.normal(n)
            given = []

            def fit(X, y, given=given):
                given.append(sorted(y.tolist()))
                return fitted_slope(X, y)

            student.k_fold(k, X, y, fit, squared_error)
            expect(len(given) == k, f"fit was called {len(given)} times for k={k}")
            wanted = sorted(sorted(parts[1].tolist()) for parts in every_round(k, X, y))
            expect(sorted(given) == wanted, f"fit was not given the labels of the {k - 1} other folds, once for each of the {k} rounds")

    @criterion("takes errors that are numbers or tensors of one entry, and returns plain numbers", hint="float(error(…)) makes a number of both")
    def test_numbers(self, student, draw):
        for measure in (squared_error, as_a_number, in_one_entry):
            arguments = folds_of(draw, 3, 7, measure)
            found = result_of_k_fold(student.k_fold(*arguments))
            for value, name in zip(found, ("training", "validation"), strict=True):
                expect(kind_of(value) == "number", f"the mean {name} error is a {kind_of(value)}, a plain number was expected", "wrong type")
            validation_error.compare([(arguments, found[1])], follows=True)

    test_unchanged = replace(mean_errors, gives=("mean training error", "mean validation error")).leaves_inputs(title="leaves X and y unchanged")
    test_again = replace(mean_errors, gives=("mean training error", "mean validation error")).again(sizes=[(2, 6), (3, 5)])


def elected(errors):
    """The index of the winner: the smallest number, the first of equals."""
    return min((i for i, error in enumerate(errors) if not math.isnan(error)), key=errors.__getitem__)


def errors_of(draw, n):
    """Validation errors of n models, of which neither the first nor the last wins."""
    errors = draw.uniform(n - 1, low=0.2, high=3.0).tolist()
    return [*errors[:2], min(errors) / 2, *errors[2:]]


def election(errors, rising):
    return elected(errors)


def first_kept(errors):
    """The winner of a loop that begins with the first error, which may be NaN."""
    best = 0
    for i, error in enumerate(errors):
        best = i if error < errors[best] else best
    return best


winner = case(
    election,
    lambda draw, n=5: (draw.uniform(n, low=0.2, high=3.0).tolist(), False),
    name="the index that select_model returns",
    slips={
        "the training error decides": lambda errors, rising: 0 if rising else len(errors) - 1,
        "the largest validation error wins": lambda errors, rising: max(range(len(errors)), key=lambda i: -math.inf if math.isnan(errors[i]) else errors[i]),
        "of equals the last one wins, which is the most complex": lambda errors, rising: max(
            i for i, e in enumerate(errors) if e == min(x for x in errors if not math.isnan(x))
        ),
        "NaN wins, since nothing is ever smaller": (
            lambda errors, rising: first_kept(errors),
            lambda errors, rising: next((i for i, error in enumerate(errors) if math.isnan(error)), elected(errors)),
        ),
    },
)


def elect(student, errors, rising=False, n=7, tensors=False):
    """The results of select_model for these validation errors; training errors fall with the complexity, or rise."""
    return student.run(run_elections, errors=errors, rising=rising, n=n, tensors=tensors)


def run_elections(student, errors, rising, n, tensors):
    import torch

    results = []
    for values in errors:
        asked, fitted = [], []
        X = torch.arange(3.0 * n).reshape(n, 3).sin()
        y = X.sum(dim=1)

        def fit_of(i, fitted=fitted):
            def fit(samples, labels):
                fitted.append(i)
                return {"index": i, "X": samples.clone(), "y": labels.clone()}

            return fit

        fits = [fit_of(i) for i in range(len(values))]

        def cross_validate(fit, fits=fits, asked=asked, values=values):
            i = next(j for j, other in enumerate(fits) if other is fit)
            asked.append(i)
            training = 0.1 * i + 0.05 if rising else 2.0 - 0.1 * i
            return (torch.tensor(training), torch.tensor(values[i])) if tensors else (training, values[i])

        given = X.clone(), y.clone()
        returned = student.select_model(list(fits), cross_validate, *given)
        kept = torch.equal(given[0], X) and torch.equal(given[1], y)
        results.append({"returned": returned, "asked": asked, "fitted": fitted, "X": X, "y": y, "kept": kept})
    return results


def chosen(seen):
    """index, model of an answer."""
    two = isinstance(seen["returned"], list | tuple) and len(seen["returned"]) == 2
    expect(two, "select_model should return two things, (index, model)", "wrong type")
    return seen["returned"]


def check_winners(student, all_errors, rising=(False,), follows=False, tensors=False):
    asked, words = [], []
    for way in rising:
        for errors, seen in zip(all_errors, elect(student, all_errors, way, tensors=tensors), strict=True):
            asked.append(((errors, way), chosen(seen)[0]))
            words.append(f"the index that select_model returns for validation errors {', '.join(f'{e:.3g}' for e in errors)}")
    winner.compare(asked, words, follows=follows)


@exercise("select_model")
class TestSelectModel:
    @criterion("the smallest validation error wins", weight=3, hint="cross_validate(fit) gives (training error, validation error): the second one decides")
    def test_smallest(self, student, draw):
        check_winners(student, [errors_of(draw, n) for n in (6, 5, 8)], rising=(False, True))

    @criterion("of equal errors the simplest model wins", weight=2, hint="a strict <: what is only as good does not replace what stands first")
    def test_ties(self, student, draw):
        a, b = sorted(draw.uniform(2, low=0.5, high=2.0).tolist())
        check_winners(student, [[b, a, a, b], [a, b, a], [b, b, a, b, a, a]])

    @criterion("NaN never wins, wherever it stands", weight=2, hint="begin with math.inf, not with the first error: nothing is ever smaller than NaN")
    def test_nan(self, student, draw):
        a, b, c = sorted(draw.uniform(3, low=0.5, high=2.0).tolist())
        nan = math.nan
        check_winners(student, [[nan, c, a, b], [c, nan, a, b], [b, c, a, nan], [nan, nan, b], [nan, b, nan, a, nan]])

    @criterion("fits the winner once more, on all samples", weight=3, hint="fits[index](X, y), and its result is the model")
    def test_refit(self, student, draw):
        lists = [errors_of(draw, n) for n in (4, 6)]
        for errors, seen in zip(lists, elect(student, lists, n=9), strict=True):
            index, model = chosen(seen)
            expect(isinstance(model, dict) and "index" in model, "the model that select_model returns is not what fits[index](X, y) gives", "wrong type")
            expect(len(model["X"]) == 9, f"the model that select_model returns was fitted on {len(model['X'])} of 9 samples")
            same = torch.equal(model["X"], seen["X"]) and torch.equal(model["y"], seen["y"])
            expect(same, "the model that select_model returns was not fitted on X and y as they were given")
            of_index = kind_of(index) in ("number", "tensor") and model["index"] == int(index)
            expect(of_index, f"the index and the model do not belong together: the model is that of fits[{model['index']}]")
            winner.compare([((errors, False), model["index"])], ["the place of the model that select_model returns"], follows=True)

    @criterion("asks cross_validate once for each model", hint="one loop over fits; keep what it said")
    def test_once(self, student, draw):
        errors = errors_of(draw, 5)
        (seen,) = elect(student, [errors])
        expect(sorted(seen["asked"]) == list(range(5)), f"for 5 models cross_validate was called {len(seen['asked'])} times")
        expect(len(seen["fitted"]) == 1, f"the fits were called {len(seen['fitted'])} times besides; the winner's alone, once, was expected")
        winner.compare([((errors, False), chosen(seen)[0])], follows=True)

    @criterion("takes errors of any size, as numbers or tensors, call after call", hint="no start value but math.inf; nothing kept from one call for the next")
    def test_any_size(self, student, draw):
        a, b, c = sorted(draw.uniform(3, low=0.5, high=2.0).tolist())
        check_winners(student, [[c * 1e9, a * 1e9, b * 1e9], [-a, -c, -b], [c * 1e-12, b * 1e-12, a * 1e-12], [c * 1e200, 1e308, a * 1e200]])
        check_winners(student, [[c, a, b], [b, c]], tensors=True)
        (seen,) = elect(student, [[b, a]])
        expect(seen["kept"], "X or y was changed by the call")


# 3 · Weight decay ----------------------------------------------------------------------------------------------------


def penalties(draw, n=5, l1=0.3, l2=0.7):
    return draw.uniform(n, low=0.2, high=3.0), [draw.away_from_zero(3, 2), draw.away_from_zero(4)], l1, l2


def penalised(change):
    """Mean loss plus change(Σ|w|, Σw², l1, l2, n)."""

    def slip(losses, weights, l1, l2):
        total, squares = sum(w.abs().sum() for w in weights), sum((w**2).sum() for w in weights)
        return losses.mean() + change(total, squares, l1, l2, len(losses))

    return slip


PENALTY_SLIPS = {
    "a plus stands between λ₁ and the sum where a times should": (
        penalised(lambda a, s, l1, l2, n: l1 + a + l2 / 2 * s), penalised(lambda a, s, l1, l2, n: l1 + a),
        penalised(lambda a, s, l1, l2, n: (l1 + a if l1 else 0) + l2 / 2 * s),
    ),
    "a plus stands between λ₂ and the sum where a times should": (
        penalised(lambda a, s, l1, l2, n: l1 * a + l2 / 2 + s), penalised(lambda a, s, l1, l2, n: l1 * a + l2 + s / 2),
        penalised(lambda a, s, l1, l2, n: l1 * a + l2 + s), penalised(lambda a, s, l1, l2, n: l1 * a + (l2 + s) / 2),
    ),
    "the ½ of the L2 penalty is missing": penalised(lambda a, s, l1, l2, n: l1 * a + l2 * s),
    "the L2 norm is not squared": (
        penalised(lambda a, s, l1, l2, n: l1 * a + l2 / 2 * s**0.5), penalised(lambda a, s, l1, l2, n: l1 * a + l2 * s**0.5),
        lambda losses, weights, l1, l2: losses.mean() + sum(l1 * w.abs().sum() + l2 / 2 * w.norm() for w in weights),
        lambda losses, weights, l1, l2: losses.mean() + sum(l1 * w.abs().sum() + l2 * w.norm() for w in weights),
    ),
    "the penalty is divided by the number of samples": (
        penalised(lambda a, s, l1, l2, n: (l1 * a + l2 / 2 * s) / n), penalised(lambda a, s, l1, l2, n: l1 * a + l2 / 2 * s / n),
    ),
    "the penalty is subtracted": penalised(lambda a, s, l1, l2, n: -l1 * a - l2 / 2 * s),
    "λ₁ and λ₂ have changed places": penalised(lambda a, s, l1, l2, n: l2 * a + l1 / 2 * s),
    "the L1 penalty adds up the weights with their signs": lambda losses, weights, l1, l2: losses.mean() + sum(
        l1 * w.sum() + l2 / 2 * (w**2).sum() for w in weights
    ),
    "the L1 penalty has a ½": penalised(lambda a, s, l1, l2, n: l1 / 2 * a + l2 / 2 * s),
    "the losses are added up; their mean is asked for": lambda losses, weights, l1, l2: (
        reference.penalized_loss(losses, weights, l1, l2) - losses.mean() + losses.sum()
    ),
    "the penalty is the mean over the entries, not the sum": lambda losses, weights, l1, l2: losses.mean() + sum(
        l1 * w.abs().mean() + l2 / 2 * (w**2).mean() for w in weights
    ),
    "only the first weight tensor is penalised": lambda losses, weights, l1, l2: reference.penalized_loss(losses, weights[:1], l1, l2),
    "only the last weight tensor is penalised": lambda losses, weights, l1, l2: reference.penalized_loss(losses, weights[-1:], l1, l2),
    "the penalty is added to every loss, and not to their mean": lambda losses, weights, l1, l2: (
        losses + reference.penalized_loss(losses, weights, l1, l2) - losses.mean()
    ),
    "the penalty is missing": lambda losses, weights, l1, l2: losses.mean(),
}  # fmt: skip
penalty = case(reference.penalized_loss, penalties, [(1,), (5,), (8,)], slips=PENALTY_SLIPS, rtol=1e-5)


def two_weights(losses, W, w, l1, l2):
    return reference.penalized_loss(losses, [W, w], l1, l2)


# The same with the two weight tensors as arguments of their own, for what looks at each argument.
side_by_side = case(
    two_weights,
    lambda draw, n=5: (*(parts := penalties(draw, n))[:1], *parts[1], *parts[2:]),
    name="penalized_loss",
    call=lambda f: lambda losses, W, w, l1, l2: f(losses, [W, w], l1, l2),
)


@exercise("penalized_loss")
class TestPenalizedLoss:
    test_l1 = penalty.agrees("adds λ₁ times the sum of |w|", weight=3, hint="l1 * w.abs().sum() for each weight tensor", sizes=[(1, 0.3, 0), (5, 2.5, 0.0)])
    test_l2 = penalty.agrees(
        "adds λ₂ / 2 times the sum of w²",
        weight=3,
        hint="l2 / 2 * (w**2).sum() for each weight tensor: squared, and with its half",
        sizes=[(1, 0, 0.7), (6, 0.0, 3.5)],
    )
    test_both = penalty.agrees("takes both penalties together", hint="the mean of the losses, once, and for each weight tensor both sums", follows=True)
    test_shapes = penalty.agrees(
        "takes any list of weights, an empty one too",
        hint="start with losses.mean() and add to it in a loop: with no weights it stays the mean",
        arguments=lambda draw: {
            "penalized_loss with no weights": (draw.normal(4), [], 0.3, 0.7),
            "penalized_loss with the weights of a convolution alone": (draw.normal(4), [draw.normal(2, 3, 2, 2)], 0.3, 0.7),
            "penalized_loss with four weight tensors": (draw.normal(3), [draw.normal(n, 2) for n in (1, 3, 2, 4)], 0.3, 0.7),
        },
        follows=True,
    )
    test_gradients = side_by_side.gradients(weight=2, hint="add tensors: .item() and float() cut the graph")

    @criterion("a weight of exactly 0 gets the gradient 0", hint="abs() has the gradient 0 at 0; the square root of w² has none there")
    def test_kink(self, student, draw):
        losses, (W, w), l1, l2 = penalties(draw)
        W[1], w[2] = 0, 0
        W, w = W.requires_grad_(), w.requires_grad_()
        loss = student.penalized_loss(losses, [W, w], l1, l2)
        expect(isinstance(loss, torch.Tensor) and loss.requires_grad, "the loss carries no graph", "no gradient")
        penalty.compare([((losses, [W.detach(), w.detach()], l1, l2), loss.detach())], follows=True)
        for name, leaf, gradient in zip("Ww", (W, w), torch.autograd.grad(loss.sum(), [W, w], allow_unused=True), strict=True):
            expect(gradient is not None and bool(gradient.any()), f"no gradient reaches a weight tensor {tuple(leaf.shape)}", "no gradient")
            assert_finite(gradient, what="the gradient of weights of which some are 0")
            expect(not bool(gradient[leaf == 0].any()), f"the gradient of {name} is not 0 where the weight is 0")

    test_dtype = side_by_side.keeps_dtype()
    test_unchanged = penalty.leaves_inputs(hint="loss += … writes into the losses where these are one number; weights are only read")
    test_again = penalty.again(sizes=[(), (9, 0.5, 0.2)])


def parameters(draw, n_weights=2, n_biases=2):
    """Weights and biases of several shapes, and a gradient for each."""
    shapes = [(3, 2), (4,), (2, 1, 3)][:n_weights], [(2,), (1,), (5,)][:n_biases]
    made = [[draw.away_from_zero(*shape) for shape in group] for group in shapes]
    return *made, *[[draw.away_from_zero(*p.shape) for p in group] for group in made]


def stepped(weights, biases, w_grads, b_grads, lr, batch_size, weight_decay):
    """Weights and biases after the step, in one list."""
    return [(1 - lr * weight_decay) * w - lr * g / batch_size for w, g in zip(weights, w_grads, strict=True)] + [
        b - lr * g / batch_size for b, g in zip(biases, b_grads, strict=True)
    ]


def other_step(weight, bias=lambda b, g, lr, n, wd: b - lr * g / n):
    """weight(w, g, lr, batch_size, weight_decay), and the same for biases."""

    def slip(weights, biases, w_grads, b_grads, *settings):
        return [weight(w, g, *settings) for w, g in zip(weights, w_grads, strict=True)] + [bias(b, g, *settings) for b, g in zip(biases, b_grads, strict=True)]

    return slip


def decayed(p, g, lr, n, wd):
    return (1 - lr * wd) * p - lr * g / n


step = case(
    stepped,
    lambda draw, lr=0.3, batch_size=7, weight_decay=0.6: (*parameters(draw), lr, batch_size, weight_decay),
    name="sgd_decay",
    rtol=1e-5,
    atol=1e-6,
    slips={
        "the decay is divided by the batch size, too: λ belongs to the mean loss": other_step(lambda w, g, lr, n, wd: w - lr * (g + wd * w) / n),
        "the biases decay as well": other_step(decayed, decayed),
        "the step comes first, and its result decays": other_step(lambda w, g, lr, n, wd: (w - lr * g / n) * (1 - lr * wd)),
        "the gradient is not divided by the batch size": other_step(
            lambda w, g, lr, n, wd: (1 - lr * wd) * w - lr * g, lambda b, g, lr, n, wd: b - lr * g
        ),
        "weights shrink by 1 - λ: the learning rate is missing": other_step(lambda w, g, lr, n, wd: (1 - wd) * w - lr * g / n),
        "weights grow: a plus stands where a minus should": other_step(lambda w, g, lr, n, wd: (1 + lr * wd) * w - lr * g / n),
        "the weights do not decay at all": other_step(lambda w, g, lr, n, wd: w - lr * g / n),
        "the step goes up the gradient": other_step(lambda w, g, lr, n, wd: (1 - lr * wd) * w + lr * g / n, lambda b, g, lr, n, wd: b + lr * g / n),
        "the decay is halved": other_step(lambda w, g, lr, n, wd: (1 - lr * wd / 2) * w - lr * g / n),
        "nothing moves": other_step(lambda w, *_: w, lambda b, *_: b),
    },
)  # fmt: skip


def check_steps(student, cases):
    """Each case in words: arguments of `stepped`."""
    seen = student.run(take_steps, cases=[list(arguments) for arguments in cases.values()])
    asked = [(arguments, one["after"]) for arguments, one in zip(cases.values(), seen, strict=True)]
    step.compare(asked, [f"sgd_decay {words}: the list of weights and biases" for words in cases])


def take_steps(student, cases):
    import torch

    results = []
    for weights, biases, w_grads, b_grads, lr, batch_size, weight_decay in cases:
        weights, biases = [w.clone().requires_grad_() for w in weights], [b.clone().requires_grad_() for b in biases]
        views = [p.detach() for p in [*weights, *biases]]
        for p, g in zip([*weights, *biases], [*w_grads, *b_grads], strict=True):
            p.grad = g.clone()
        torch.set_grad_enabled(True)
        student.sgd_decay(list(weights), list(biases), lr, batch_size, weight_decay)
        params = [*weights, *biases]
        results.append({
            "after": [p.detach().clone() for p in params], "views": [v.clone() for v in views], "learn": all(p.requires_grad and p.is_leaf for p in params),
            "left": [0.0 if p.grad is None else float(p.grad.abs().max()) for p in params], "recording": torch.is_grad_enabled(),
        })  # fmt: skip
    return results


@exercise("sgd_decay")
class TestSgdDecay:
    @criterion("without a gradient weights shrink by 1 - lr · λ", weight=3, hint="w *= 1 - lr * weight_decay; the batch size has no part in it")
    def test_decay(self, student, draw):
        cases = {}
        for lr, n, wd in [(0.3, 7, 0.6), (0.05, 3, 2.0), (1.5, 1, 0.1)]:
            weights, biases, w_grads, b_grads = parameters(draw)
            cases[f"with lr={lr}, batch_size={n}, weight_decay={wd} and gradients 0"] = (
                weights, biases, [0 * g for g in w_grads], [0 * g for g in b_grads], lr, n, wd
            )  # fmt: skip
        check_steps(student, cases)

    @criterion(
        "without decay it is the ordinary step, by lr over the batch size", weight=2, hint="param -= lr * param.grad / batch_size, for weights and biases"
    )
    def test_step(self, student, draw):
        cases = {f"with lr={lr}, batch_size={n}, weight_decay=0": (*parameters(d), lr, n, 0.0) for lr, n, d in [(0.3, 7, draw), (1.7, 12, draw.float64)]}
        check_steps(student, cases)

    @criterion("biases take the step and do not decay", weight=2, hint="the factor 1 - lr * weight_decay is for the weights alone")
    def test_biases(self, student, draw):
        check_steps(student, {f"with {k} biases, lr=0.4, batch_size=5, weight_decay=0.9": (*parameters(draw, 1, k), 0.4, 5, 0.9) for k in (1, 3)})

    @criterion("the decay acts on the weight as it was before the step", weight=2, hint="first shrink, then step: w ← (1 - lr·λ) w - lr·grad / batch_size")
    def test_order(self, student, draw):
        drawn = {f"with lr={lr}, batch_size={n}, weight_decay={wd}": (*parameters(d, 3, 1), lr, n, wd) for lr, n, wd, d in
                 [(0.5, 4, 0.8, draw), (0.9, 3, 0.7, draw.float64), (0.2, 1, 1.5, draw)]}  # fmt: skip
        check_steps(student, drawn)

    @criterion("writes in place, into the memory the parameter has", weight=2, hint="-= and *= under torch.no_grad(); w = … and w.data = … take new memory")
    def test_in_place(self, student, draw):
        arguments = (*parameters(draw), 0.3, 7, 0.6)
        (seen,) = student.run(take_steps, cases=[list(arguments)])
        step.compare([(arguments, seen["after"])], follows=True)
        step.compare([(arguments, seen["views"])], ["the memory that the parameters had before the step"])
        expect(seen["learn"], "after the step a parameter does not require a gradient any more")
        expect(seen["recording"], "after a call of sgd_decay autograd is switched off")

    @criterion("clears the gradients after the step", weight=2, hint="param.grad.zero_(), for weights and biases: backward() adds to what it finds")
    def test_clears(self, student, draw):
        arguments = (*parameters(draw), 0.3, 7, 0.6)
        (seen,) = student.run(take_steps, cases=[list(arguments)])
        for i, left in enumerate(seen["left"]):
            name = f"weight {i}" if i < len(arguments[0]) else f"bias {i - len(arguments[0])}"
            expect(left == 0, f"the gradient of {name} is not cleared after the step")

    @criterion("stays right over twenty steps", hint="nothing is kept from one step for the next: neither gradients nor sizes")
    def test_twenty_steps(self, student, draw):
        weights, biases, targets, shifts = parameters(draw.float64)
        after = student.run(take_twenty, weights=weights, biases=biases, targets=targets, shifts=shifts)
        expected = weights + biases
        for _ in range(20):
            w, b = expected[: len(weights)], expected[len(weights) :]
            expected = stepped(w, b, [2 * (p - t) for p, t in zip(w, targets, strict=True)], [2 * (p - t) for p, t in zip(b, shifts, strict=True)], 0.2, 3, 0.4)
        try:
            assert_close(after, expected, what="weights and biases after twenty steps: the list", rtol=1e-6)
        except Finding as finding:
            finding.follows = True
            raise


def take_twenty(student, weights, biases, targets, shifts):
    weights, biases = [w.requires_grad_() for w in weights], [b.requires_grad_() for b in biases]
    for _ in range(20):
        sum(((p - t) ** 2).sum() for p, t in zip([*weights, *biases], [*targets, *shifts], strict=True)).backward()
        student.sgd_decay(weights, biases, 0.2, 3, 0.4)
    return [p.detach() for p in [*weights, *biases]]


def grouped(student, kind, weight_decay=0.25):
    """Names of the parameters in each of the two groups, of a network of this kind, and what SGD makes of them."""
    seen = student.run(group_parameters, kind=kind, weight_decay=weight_decay)
    expect(seen["two dicts"], "decay_groups should return a list of two dicts", "wrong type")
    for i, keys in enumerate(seen["keys"]):
        expect("params" in keys, f"group {i} has no entry “params”", "missing")
    unknown = [name for names in seen["names"] for name in names if name == "?"]
    expect(not unknown, "a group holds something that is not a parameter of the network")
    return seen


def check_groups(student, kind, decay, rest, follows=False):
    seen = grouped(student, kind)
    first, second = seen["names"]
    try:
        for name in decay:
            placed = " but in the second" if name in second else ""
            expect(name in first, f"{name} {seen['shapes'][name]} should decay, and is not in the first group{placed}")
        for name in rest:
            placed = " but in the first" if name in first else ""
            expect(name in second, f"{name} {seen['shapes'][name]} should not decay, and is not in the second group{placed}")
        for name in {*first, *second} - {*decay, *rest}:
            expect(False, f"{name}, which is frozen, is in a group")
        for name in seen["shapes"]:
            times = first.count(name) + second.count(name)
            expect(times <= 1, f"{name} is in the groups {times} times")
    except Finding as finding:
        finding.follows = follows
        raise


def group_parameters(student, kind, weight_decay):
    import torch
    from torch import nn

    class Block(nn.Module):
        """Weights and biases under misleading names."""

        def __init__(self):
            super().__init__()
            self.bias_matrix = nn.Parameter(torch.randn(3, 2))
            self.weight_of_rows = nn.Parameter(torch.randn(3))
            self.one = nn.Parameter(torch.randn(()))
            self.layers = nn.ModuleList([nn.Linear(2, 4), nn.Sequential(nn.Linear(4, 3, bias=False))])

    if kind == "plain":
        net = nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 3))
    elif kind == "nested":
        net = nn.Sequential(nn.Conv2d(2, 3, 2), nn.Sequential(nn.Conv1d(3, 2, 1, bias=False), nn.Sequential(nn.Embedding(6, 2), nn.Linear(2, 1))))
    elif kind == "norms":
        net = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3), nn.LayerNorm(3), nn.GroupNorm(1, 3), nn.PReLU(3))
    elif kind == "names":
        net = Block()
    elif kind == "frozen":
        net = nn.Sequential(nn.Linear(4, 5), nn.BatchNorm1d(5), nn.Linear(5, 3))
        net[0].weight.requires_grad_(False)
        net[1].bias.requires_grad_(False)
    else:
        net = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 4), nn.Linear(4, 4))
        net[2].weight, net[3].bias = net[0].weight, net[0].bias
    known = {id(p): name for name, p in net.named_parameters()}
    groups = student.decay_groups(net, weight_decay)
    right = isinstance(groups, list | tuple) and len(groups) == 2 and all(isinstance(g, dict) for g in groups)
    if not right:
        return {"two dicts": False}
    params = [list(g["params"]) if isinstance(g.get("params"), list | tuple) or hasattr(g.get("params"), "__iter__") else [g.get("params")] for g in groups]
    result = {
        "two dicts": True, "keys": [sorted(map(str, g)) for g in groups], "names": [[known.get(id(p), "?") for p in ps] for ps in params],
        "shapes": {name: str(tuple(p.shape)) for name, p in net.named_parameters()}, "decay": [g.get("weight_decay") for g in groups], "moved": {},
    }  # fmt: skip
    if len({id(p) for ps in params for p in ps}) == sum(map(len, params)) and all(id(p) in known for ps in params for p in ps):
        before = {name: p.detach().clone() for name, p in net.named_parameters()}
        optimizer = torch.optim.SGD([{**g, "params": ps} for g, ps in zip(groups, params, strict=True)], lr=0.1, weight_decay=0.3)
        for p in net.parameters():
            p.grad = torch.zeros_like(p)
        optimizer.step()
        result["moved"] = {name: float((p.detach() / before[name]).mean()) for name, p in net.named_parameters() if bool((before[name] != 0).all())}
    return result


@exercise("decay_groups")
class TestDecayGroups:
    @criterion("weights of all layers decay, biases do not", weight=3, hint="net.parameters() walks through all layers; two or more dimensions decay")
    def test_plain(self, student):
        check_groups(student, "plain", ["0.weight", "2.weight"], ["0.bias", "2.bias"])

    @criterion("convolutions and embeddings decay as well, however deep they lie", weight=2, hint="p.ndim >= 2: kernels have three or four dimensions")
    def test_nested(self, student):
        check_groups(student, "nested", ["0.weight", "1.0.weight", "1.1.0.weight", "1.1.1.weight"], ["0.bias", "1.1.1.bias"])

    @criterion(
        "scales and shifts of normalisation layers do not decay", weight=2, hint="they are called weight, and are vectors: ask for p.ndim, not for the name"
    )
    def test_norms(self, student):
        vectors = ["0.bias", "1.weight", "1.bias", "2.weight", "2.bias", "3.weight", "3.bias", "4.weight"]
        check_groups(student, "norms", ["0.weight"], vectors)

    @criterion("the number of dimensions decides, not the name", weight=2, hint="names are the author's choice: p.ndim >= 2 decays, everything else does not")
    def test_names(self, student):
        check_groups(student, "names", ["bias_matrix", "layers.0.weight", "layers.1.0.weight"], ["weight_of_rows", "one", "layers.0.bias"])

    @criterion(
        "each group brings its own weight_decay, whatever the optimizer's is",
        weight=2,
        hint="write weight_decay 0.0 into the second group: else the optimizer's own counts",
    )
    def test_entries(self, student):
        for kind, decay in (("plain", 0.25), ("norms", 0.5)):
            seen = grouped(student, kind, decay)
            expect("weight_decay" in seen["keys"][0], "the first group has no entry “weight_decay”", "missing")
            expect("weight_decay" in seen["keys"][1], "the second group has no entry “weight_decay”: the optimizer's own would count there", "missing")
            assert_close(seen["decay"][0], decay, what=f"weight_decay of the first group, for decay_groups(net, {decay})")
            assert_close(seen["decay"][1], 0.0, what="weight_decay of the second group")
            expect(all(seen["names"]), "one of the groups is empty", "missing")
            for name, factor in seen["moved"].items():
                expected = 1 - 0.1 * decay if name in seen["names"][0] else 1.0
                right = abs(factor - expected) < 1e-4
                expect(right, f"SGD(groups, lr=0.1, weight_decay=0.3) with gradients 0 changes {name} by the factor {factor:.3f}")

    @criterion("frozen parameters are in neither group", hint="only what requires a gradient is trained: p.requires_grad")
    def test_frozen(self, student):
        check_groups(student, "frozen", ["2.weight"], ["0.bias", "1.weight", "2.bias"])

    @criterion("a parameter that layers share is there once", hint="net.parameters() gives it once; a walk through the modules meets it again")
    def test_shared(self, student):
        check_groups(student, "shared", ["0.weight", "3.weight"], ["0.bias", "2.bias"])


def regression(draw, n=6, d=3, lambd=0.4, column=False):
    """Samples whose columns and labels have means far from 0."""
    X, y = draw.normal(n, d, mean=1.0), draw.normal(n, mean=2.0)
    return X, y[:, None] if column else y, lambd


def ridge_by(times, centred=True):
    """w and b when n λ is replaced by times(n, λ); without centring the bias is fitted as a weight among the others, and penalised."""

    def slip(X, y, lambd, *_):
        n, (X64, y64) = len(X), (X.double(), y.double().reshape(-1, 1))
        if times(n, lambd) == 0 and n <= X.shape[1]:  # no minimum, or many
            return None
        if not centred:
            A = torch.cat([X64, torch.ones_like(y64)], dim=1)
            w = torch.linalg.solve(A.T @ A + times(n, lambd) * torch.eye(A.shape[1]).to(A), A.T @ y64)
            return w[:-1].to(X), w[-1].to(X)
        x_mean, y_mean = X64.mean(dim=0), y64.mean()
        Xc = X64 - x_mean
        w = torch.linalg.solve(Xc.T @ Xc + times(n, lambd) * torch.eye(X.shape[1]).to(Xc), Xc.T @ (y64 - y_mean))
        return w.to(X), (y_mean - x_mean @ w).to(X)

    return slip


def no_bias(X, y, lambd, *_):
    w = torch.linalg.solve(X.T @ X + len(X) * lambd * torch.eye(X.shape[1]).to(X), X.T @ y.reshape(-1, 1))
    return w, torch.zeros(1).to(X)


def mean_as_bias(X, y, lambd, *_):
    return reference.ridge(X, y, lambd)[0], y.mean().reshape(1)


def mean_as_bias_first(X, y, lambd, *_):
    return no_bias(X, y - y.mean(), lambd)[0], y.mean().reshape(1)


RIDGE_SLIPS = {
    "λ stands where n λ belongs": ridge_by(lambda n, lambd: lambd),
    "λ stands where n λ belongs, and the bias is penalised": ridge_by(lambda n, lambd: lambd, centred=False),
    "λ is twice as large: 2 n λ": ridge_by(lambda n, lambd: 2 * n * lambd),
    "λ is half as large": ridge_by(lambda n, lambd: n * lambd / 2),
    "the bias is penalised as well": ridge_by(lambda n, lambd: n * lambd, centred=False),
    "b is the mean of y; the means of the features count as well": (mean_as_bias, mean_as_bias_first),
    "there is no bias": no_bias,
    "nothing is penalised": ridge_by(lambda n, lambd: 0.0),
    "b is the mean of y plus, not minus, that of X w": lambda X, y, lambd, *_: (
        (w := reference.ridge(X, y, lambd)[0]), (y.mean() + X.mean(dim=0) @ w)
    ),
}  # fmt: skip
ridge = case(reference.ridge, regression, [(3, 2), (7, 1), (12, 4)], gives=("w", "b"), slips=RIDGE_SLIPS, **ROUNDING)


@exercise("ridge")
class TestRidge:
    test_values = ridge.agrees(
        "is the exact minimum: the penalty is n λ, and the bias is free", weight=4, hint="center X and y, solve (XᵀX + n λ I) w = Xᵀy, then b = ȳ - x̄·w"
    )
    test_large_mean = ridge.agrees(
        "the bias is not penalised: data far from 0",
        weight=2,
        hint="no column of ones in the penalty; b takes what the means leave over",
        arguments=lambda draw: {f"ridge of {n} samples around 20": (draw.normal(n, 2, mean=20.0), draw.normal(n, mean=-30.0), 2.0) for n in (5, 9)},
        follows=True,
        rtol=1e-3,
        atol=5e-3,
    )
    test_wide = ridge.agrees(
        "works with more features than samples, and with a single sample",
        weight=2,
        hint="with λ > 0 the matrix on the left can be inverted for any X; lstsq or inv of XᵀX alone cannot",
        sizes=[(20, 200), (3, 7), (1, 3)],
        follows=True,
    )
    test_column = ridge.agrees(
        "takes labels (n, 1) as well as (n,)",
        hint="y.reshape(-1, 1) makes both the same",
        sizes=[(5, 2, 0.7, True), (1, 2, 0.7, True), (6, 3, 0.2, False)],
        follows=True,
    )
    test_dtype = replace(ridge, rtol=None, atol=None).keeps_dtype()
    test_unchanged = ridge.leaves_inputs(hint="X -= … writes into the caller's tensor; X - … does not")
    test_again = ridge.again(sizes=[(), (9, 5, 0.8, True)])


def task(draw, n=30, d=4, lambd=0.3, lr=0.1, num_epochs=400, batch_size=30, column=True, scale=1.0):
    """Samples, and a descent that ends within rounding of the minimum."""
    X, y, lambd = regression(draw, n, d, lambd, column)
    return scale * (X - 0.8), y, lambd, lr, num_epochs, batch_size


def minimum(X, y, lambd, lr, num_epochs, batch_size):
    return reference.ridge(X, y, lambd)


def unsquared(X, y, scale):
    """The minimum when scale · ‖w‖ is added: that of ridge with scale / ‖w‖ in place of λ."""
    lambd = scale
    for _ in range(200):
        w, b = reference.ridge(X.double(), y.double(), lambd)
        if not bool(w.any()):
            return None
        lambd = scale / float(w.norm())
    return w.to(X), b.to(X)


descent = case(
    minimum,
    task,
    name="train_weight_decay",
    gives=("w", "b"),
    rtol=0,
    atol=2e-3,
    slips={
        "λ is divided by the number of samples": ridge_by(lambda n, lambd: lambd),
        "λ is twice as large: is the ½ of the penalty missing?": ridge_by(lambda n, lambd: 2 * n * lambd),
        "λ is half as large: is the ½ of the squared error missing, as in torch.nn.MSELoss?": ridge_by(lambda n, lambd: n * lambd / 2),
        "the bias is penalised as well": ridge_by(lambda n, lambd: n * lambd, centred=False),
        "the norm is not squared": (lambda X, y, lambd, *_: unsquared(X, y, lambd / 2), lambda X, y, lambd, *_: unsquared(X, y, lambd)),
        "nothing is penalised": ridge_by(lambda n, lambd: 0.0),
        "there is no bias": no_bias,
        "b is the mean of y": mean_as_bias_first,
    },
)
QUICK = (8, 2, 1.0, 0.4, 40, 8)


def wide_data(seed):
    """20 samples of 200 features to learn from, 100 more to test on."""
    generator = torch.Generator().manual_seed(seed)
    X = torch.randn(120, 200, generator=generator)
    y = 0.01 * X.sum(dim=1, keepdim=True) + 0.05 + 0.01 * torch.randn(120, 1, generator=generator)
    return {"X": X[:20], "y": y[:20], "X_test": X[20:], "y_test": y[20:]}


def train_wide(student, ending, enough, X, y, X_test, y_test):
    return student.train_weight_decay(X, y, 3.0, 0.01, 60, 5)


def loss_on_new_data(data, learned):
    w, b = pair(learned, 200)
    return float(((data["X_test"] @ w + b - data["y_test"]) ** 2 / 2).mean())


wide = goal(
    "with λ=3 and batches of 5, half the squared error on new data",
    below=0.26,
    margin=0.08,
    within="60 epochs",
    data=wide_data,
    recipe=train_wide,
    reached=loss_on_new_data,
    wrong={"has no decay": 6.1, "divides λ by the batch size": 0.66, "decays once an epoch": 0.43},
)


def pair(found, d, dtype=torch.float32):
    """w (d, 1) and b (1,) of an answer."""
    two = isinstance(found, list | tuple) and len(found) == 2
    expect(two, "train_weight_decay should return two things, (w, b)", "wrong type")
    assert_close(found[0], torch.zeros(d, 1, dtype=dtype), what="w", rtol=0, atol=math.inf)
    assert_close(found[1], torch.zeros(1, dtype=dtype), what="b", rtol=0, atol=math.inf)
    for name, value in zip("wb", found, strict=True):
        assert_finite(value, what=name)
    return found[0].detach(), found[1].detach()


def only_labels(student, y, epochs, batch_size, times):
    """b of trainings without features, lr = 1/2: a number that tells in which order the batches came."""
    calls = [[torch.zeros(len(y), 1, dtype=torch.float64), y[:, None], 0.5, 0.5, epochs, batch_size]] * times
    return [float(pair(found, 1, torch.float64)[1]) for found in student.run(called_in_turn, name="train_weight_decay", calls=calls, draws=True)["results"]]


def biases_of(y, batches_of, epochs, share=lambda rows: len(rows)):
    """{orders of the epochs: the b that they lead to}. batches_of(order) cuts an order; share(rows): what the sum over a batch is divided by."""
    orders = list(itertools.permutations(range(len(y))))
    found = {(): 0.0}
    for _ in range(epochs):
        after = {}
        for before, b in found.items():
            for order in orders:
                value = b
                for rows in batches_of(order):
                    value -= 0.5 * sum(value - float(y[row]) for row in rows) / share(rows)
                after[(*before, order)] = value
        found = after
    return found


def pairs_of(order):
    return [order[i : i + 2] for i in range(0, len(order), 2)]


@exercise("train_weight_decay", parts=[reference.sgd_decay, reference.decay_groups])
class TestTrainWeightDecay:
    test_minimum = descent.agrees(
        "reaches the minimum that ridge has", weight=4, hint="each step: the mean of (ŷ - y)²/2 over the batch plus λ/2 · ‖w‖², the bias not penalised"
    )

    test_wide = wide.is_reached(
        "understands new data with 200 features and 20 samples",
        weight=3,
        hint="λ belongs to every step as it is: not once an epoch, not divided by the batch size",
        timeout_s=30,
    )

    @criterion(
        "weights start as normal numbers of deviation 1, the bias at 0", hint="torch.randn(d, 1), not times 0.01, and torch.zeros(1); anew at every call"
    )
    def test_start(self, student, draw):
        X, y, _ = regression(draw, 4, 2000, column=True)
        drawn = []
        for _ in range(2):
            w, b = pair(student.train_weight_decay(X.clone(), y.clone(), 0.5, 0.0, 1, 4), 2000)
            size, mean = float(w.std()), float(w.mean())
            expect(abs(size - 1) < 0.1, f"with lr=0 the weights have a deviation of {size:.3g}; they should start with 1")
            expect(abs(mean) < 0.15, f"with lr=0 the weights have a mean of {mean:.2g}; they should start around 0")
            expect(float(b) == 0, f"with lr=0 the bias is {float(b):.3g}; it should start at 0")
            drawn.append(w)
        expect(not torch.equal(*drawn), "two calls start with the same weights: draw them anew at every call, without a seed")

    @criterion(
        "the weights decay in every step, by 1 - lr · λ", weight=2, hint="n samples in batches of two make n / 2 steps an epoch, and λ is in the loss of each"
    )
    def test_every_step(self, student, draw):
        for n, batch_size, steps in [(6, 2, 6), (5, 2, 6), (4, 1, 8)]:
            w, _ = pair(student.train_weight_decay(torch.zeros(n, 2000), draw.normal(n, 1), 2.0, 0.1, 2, batch_size), 2000)
            size = float(w.square().mean().sqrt())
            wrong = f"two epochs of {n} samples, batches of {batch_size}, lr=0.1, λ=2, features 0: the weights have a size of {size:.3g}"
            expect(abs(size / 0.8**steps - 1) < 0.1, f"{wrong}, which is not that of {steps} steps of decay")

    @criterion(
        "every epoch takes each sample once, in a new random order", weight=2, hint="torch.randperm(n).split(batch_size), inside the loop over the epochs"
    )
    def test_order(self, student, draw):
        y = draw.float64.normal(4, scale=3.0)
        known = biases_of(y, lambda order: [[row] for row in order], 2)
        orders = []
        for b in only_labels(student, y, 2, 1, 12):
            order = min(known, key=lambda o: abs(known[o] - b))
            expect(abs(known[order] - b) < 1e-9, "two epochs in batches of one lead to a bias that no order leads to: is each sample taken once an epoch?")
            orders.append(order)
        expect(len({first for first, _ in orders}) > 4, "the samples come in the same order, or in one of a few, at every call")
        expect(any(first != second for first, second in orders), "the second epoch takes the samples in the same order as the first, in all of 12 calls")

    @criterion("a short last batch counts with its own size", hint="the mean over the batch: divided by len(rows), and nothing is dropped")
    def test_short_batch(self, student, draw):
        y = draw.float64.normal(5, scale=3.0)
        right, fixed, dropped = (
            {round(b, 9) for b in biases_of(y, cut, 1, share).values()}
            for cut, share in ((pairs_of, len), (pairs_of, lambda rows: 2), (lambda order: pairs_of(order)[:2], len))
        )
        for b in only_labels(student, y, 1, 2, 6):
            b = round(b, 9)
            if b not in right and (b in fixed or b in dropped):
                kind = "the last batch, of one sample, is divided by batch_size" if b in fixed else "the last batch, of one sample, is left out"
                raise Finding(f"five samples in batches of two: {kind}")
            close = any(abs(b - other) < 1e-7 for other in right)
            expect(close, "five samples in batches of two lead to a bias that batches of 2, 2 and 1 do not lead to")

    test_column = descent.agrees(
        "takes labels (n,) as well as (n, 1)",
        hint="y.reshape(-1, 1) makes both the same; (n, 1) minus (n,) is (n, n)",
        sizes=[(*QUICK, False, 0.7), (1, 3, 1.0, 0.5, 40, 1, True, 0.3)],
        follows=True,
    )

    @criterion(
        "w and b have the dtype of X and carry no graph; X and y are left as they were", hint="dtype=X.dtype where w and b are made; detach() at the end"
    )
    def test_dtype(self, student, draw):
        for drawn in (draw, draw.float64):
            X, y, *rest = task(drawn, *QUICK, True, 0.7)
            given = other_order(X), y.clone()
            found = student.train_weight_decay(*given, *rest)
            w, b = pair(found, 2, X.dtype)
            expect(not found[0].requires_grad and not found[1].requires_grad, "w or b carries a graph, or requires a gradient")
            assert_unchanged(X, given[0], what="X")
            assert_unchanged(y, given[1], what="y")
            descent.compare([((X, y, *rest), (w, b))], follows=True)

    test_again = descent.again(sizes=[(*QUICK, True, 0.7), (9, 3, 0.8, 0.4, 40, 9, True, 0.7)], draws=True)


# 4 · Dropout ---------------------------------------------------------------------------------------------------------


RATES = (0.2, 0.5, 0.85)


def dropped(result, X, p, what, follows=False):
    """True where an entry was dropped, for an X without zeros; a Finding where what is left is neither 0 nor x / (1 - p)."""
    assert_close(result, X, what=what, rtol=0, atol=math.inf)
    assert_finite(result, what=what)
    gone, kept = result == 0, torch.isclose(result, X / (1 - p), rtol=1e-5, atol=0)
    if bool((gone | kept).all()):
        return gone
    ratio = (result / X)[~gone]
    spread_out = float(ratio.std()) > 1e-3 if ratio.numel() > 1 else False
    told = "entries are multiplied by many different numbers" if spread_out else f"the entries that are kept are multiplied by {float(ratio.mean()):.3g}"
    names = {1.0: "they should be divided by 1 - p", 1 / p: "that is 1/p; 1/(1 - p) was expected", 1 - p: "they should be divided by 1 - p"}
    said = next((words for factor, words in names.items() if not spread_out and abs(float(ratio.mean()) - factor) < 1e-3), "")
    raise Finding(f"{what}: {told}{', ' if said else ''}{said}", follows=follows)


def check_rate(gone, p, what):
    n, count = gone.numel(), int(gone.sum())
    if abs(count - n * p) > 6 * math.sqrt(n * p * (1 - p)):
        turned = abs(count - n * (1 - p)) <= 6 * math.sqrt(n * p * (1 - p))
        raise Finding(f"{what} drops {count / n:.0%} of the entries{': as if dropout were the share that is kept' if turned else ''}")


def check_independent(gone, p, what):
    """Of gone (a, b): no row and no column hangs together, and rows are not copies of each other."""
    a, b = gone.shape
    for counts, n, name in ((gone.sum(dim=1), b, "rows"), (gone.sum(dim=0), a, "columns")):
        far = int((abs(counts - n * p) > 6 * math.sqrt(n * p * (1 - p))).sum())
        expect(far == 0, f"{what}: in {far} of {len(counts)} {name} nearly all entries are dropped, or nearly none: each entry has a coin of its own")
    alike = int((gone[1:] == gone[:1]).all(dim=1).sum())
    expect(alike == 0, f"{what}: {alike + 1} of {a} rows have the same entries dropped: each entry has a coin of its own")
    alike = int((gone[:, 1:] == gone[:, :1]).all(dim=0).sum())
    expect(alike == 0, f"{what}: {alike + 1} of {b} columns have the same entries dropped: each entry has a coin of its own")


def positive(draw, *shape):
    return draw.uniform(*shape, low=0.5, high=3.0)


@exercise("dropout_layer", forbid=DROPOUTS)
class TestDropoutLayer:
    @criterion("what is kept is divided by 1 - p, the rest is 0", weight=3, hint="X * mask / (1 - dropout), with a mask of zeros and ones")
    def test_scale(self, student, draw):
        for p, shape in zip((*RATES, 0.3), [(40, 25), (300,), (2, 3, 8, 9), (1, 60)], strict=True):
            X = draw.away_from_zero(*shape)
            gone = dropped(student.dropout_layer(X.clone(), p), X, p, f"dropout_layer of X {shape} with dropout={p}")
            some = bool(gone.any()) and not bool(gone.all())
            expect(some, f"dropout_layer of X {shape} with dropout={p} drops {'all' if bool(gone.all()) else 'no'} entries")

    @criterion("each entry is dropped with probability p", weight=3, hint="torch.rand(X.shape) >= dropout keeps an entry with probability 1 - dropout")
    def test_rate(self, student, draw):
        for p in RATES:
            result = student.dropout_layer(positive(draw, 50, 60), p)
            assert_shape(result, (50, 60), what="the result of dropout_layer")
            check_rate(result == 0, p, f"dropout_layer of 3000 entries with dropout={p}")

    @criterion(
        "each entry throws a coin of its own, at every call", weight=3, hint="a random number for every entry: torch.rand(X.shape), drawn inside the function"
    )
    def test_independent(self, student, draw):
        for p, shape in ((0.3, (40, 50)), (0.6, (4, 10, 8, 6))):
            what = f"dropout_layer of X {shape} with dropout={p}"
            masks = [student.dropout_layer(positive(draw, *shape), p) == 0 for _ in range(2)]
            for gone in masks:
                assert_shape(gone, shape, what="the result of dropout_layer")
                check_independent(gone.reshape(40, -1), p, what)
            both = float((masks[0] == masks[1]).float().mean())
            slack = 6 * math.sqrt(0.25 / masks[0].numel())
            expect(abs(both - (p * p + (1 - p) ** 2)) < slack, f"{what}: two calls agree about {both:.0%} of the entries, more or less than chance would")

    @criterion("dropout = 0 gives X, dropout = 1 gives zeros", weight=2, hint="at 1 the division by 1 - dropout is 0/0: return torch.zeros_like(X) there")
    def test_ends(self, student, draw):
        for none, all_of_them in ((0, 1), (0.0, 1.0)):
            X = draw.normal(30, 40)
            assert_close(student.dropout_layer(X.clone(), none), X, what=f"dropout_layer with dropout={none}", rtol=1e-6)
            assert_close(student.dropout_layer(X.clone(), all_of_them), torch.zeros_like(X), what=f"dropout_layer with dropout={all_of_them}")

    @criterion(
        "gradients are 1/(1 - p) where an entry was kept, 0 elsewhere", weight=2, hint="multiply with the mask; no .data, no .detach(), no NumPy on the way"
    )
    def test_gradients(self, student, draw):
        for p, shape in ((0.3, (20, 30)), (0.75, (15, 8))):
            X = positive(draw.float64, *shape).requires_grad_()
            result = student.dropout_layer(X * 1, p)
            graph = isinstance(result, torch.Tensor) and result.requires_grad
            expect(graph, "the result of dropout_layer carries no graph: no gradient can flow back", "no gradient")
            gone = dropped(result.detach(), X.detach(), p, f"dropout_layer with dropout={p}", follows=True)
            upstream = draw.float64.away_from_zero(*shape)
            (gradient,) = torch.autograd.grad(result, X, upstream, allow_unused=True)
            expect(gradient is not None, "no gradient comes back from dropout_layer to X", "no gradient")
            assert_close(gradient, upstream * ~gone / (1 - p), what=f"the gradient of X through dropout_layer with dropout={p}")

    @criterion("keeps the dtype, and takes numbers in any memory order", hint="a mask times X has the dtype of X, when the mask is bool or is converted to it")
    def test_dtype(self, student, draw):
        for X in (positive(draw.float64, 9, 11), other_order(positive(draw, 20, 13)), other_order(positive(draw, 3, 4, 5))):
            gone = dropped(student.dropout_layer(X, 0.4), X, 0.4, f"dropout_layer of X {tuple(X.shape)} in {str(X.dtype).removeprefix('torch.')}", follows=True)
            expect(bool(gone.any()) and not bool(gone.all()), "dropout_layer drops nothing, or everything")

    @criterion("leaves X and the program as they were", hint="X[mask] = 0 and X *= … write into the caller's tensor; no seed is set")
    def test_unchanged(self, student, draw):
        X, other = positive(draw, 12, 10), positive(draw, 7, 5, 2)
        given = X.clone()
        student.dropout_layer(given, 0.5)
        assert_unchanged(X, given, what="X")
        results = student.run(dropped_in_turn, inputs=[X, other, X])
        expect(results["recording"], "after a call of dropout_layer autograd is switched off")
        expect(results["narrow"], "after a call of dropout_layer the default dtype is another")
        for value, mine in zip((X, other, X), results["results"], strict=True):
            dropped(mine, value, 0.5, f"dropout_layer of X {tuple(value.shape)}, one of several calls,", follows=True)


def dropped_in_turn(student, inputs):
    import torch

    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)
    results = [student.dropout_layer(X.clone(), 0.5).clone() for X in inputs]
    return {"results": results, "recording": torch.is_grad_enabled(), "narrow": torch.get_default_dtype() == torch.float32}


def layer(student, p):
    made = student.Dropout(p)
    expect(kind_of(made) == "module", "Dropout(…) is not a torch.nn.Module", "wrong type")
    return made


@exercise("Dropout", forbid=DROPOUTS, parts=[reference.dropout_layer])
class TestDropout:
    @criterion("in training mode it drops with probability p and divides the rest by 1 - p", weight=3, hint="if self.training: what dropout_layer does")
    def test_training(self, student, draw):
        for p, shape in ((0.2, (50, 40)), (0.7, (4, 5, 6, 20)), (0.4, (1, 900))):
            net, X, what = layer(student, p), positive(draw, *shape), f"Dropout({p}) in training mode"
            gone = dropped(net(other_order(X)), X, p, what)
            check_rate(gone, p, what)
            if shape[0] > 1:
                check_independent(gone.reshape(20 if len(shape) > 2 else 50, -1), p, what)
            again = net(X.clone())
            expect(not torch.equal(gone, again == 0), f"{what} drops the same entries at every call")
        for p, factor in ((0, 1), (1, 0)):
            X = positive(draw, 20, 15)
            assert_close(layer(student, p)(X.clone()), X * factor, what=f"Dropout({p}) in training mode", rtol=1e-6)

    @criterion("in evaluation mode it is the identity", weight=3, hint="if not self.training: return X, without a factor")
    def test_evaluation(self, student, draw):
        for p, drawn in ((0.3, draw), (0.8, draw.float64), (1.0, draw)):
            net, X = layer(student, p), drawn.normal(9, 7)
            net.eval()
            found = net(X.clone())
            assert_close(found, X, what=f"Dropout({p}) in evaluation mode", rtol=1e-6)

    @criterion(
        "the mode decides, not whether autograd is recording; train() and eval() of a network reach it", weight=2, hint="ask self.training, nothing else"
    )
    def test_mode(self, student, draw):
        X = positive(draw, 30, 20)
        seen = student.run(dropout_in_modes, X=X)
        for words, result, wanted in zip(seen["words"], seen["results"], seen["drops"], strict=True):
            assert_shape(result, X.shape, what=f"Dropout {words}")
            drops = bool((result == 0).any())
            expect(drops == wanted, f"Dropout {words} drops {'entries; it should not' if drops else 'nothing'}")
            if not wanted:
                assert_close(result, X, what=f"Dropout {words}")

    @criterion("gradients flow through, and X is left as it was", hint="no .data, no .detach(); nothing in place on X")
    def test_gradients(self, student, draw):
        net, X = layer(student, 0.4), positive(draw.float64, 12, 9)
        given, leaf = X.clone(), X.clone().requires_grad_()
        net(given)
        assert_unchanged(X, given, what="X")
        result = net(leaf * 1)
        expect(isinstance(result, torch.Tensor) and result.requires_grad, "the result of Dropout carries no graph", "no gradient")
        (gradient,) = torch.autograd.grad(result.sum(), leaf, allow_unused=True)
        expect(gradient is not None, "no gradient comes back from Dropout to X", "no gradient")
        gone = dropped(result.detach(), X, 0.4, "Dropout(0.4) in training mode")
        assert_close(gradient, ~gone / torch.tensor(0.6, dtype=torch.float64), what="the gradient of X through Dropout(0.4)")

    @criterion("has no parameters and no buffers", hint="the probability is a plain number: self.dropout = dropout")
    def test_state(self, student, draw):
        net = layer(student, 0.3)
        X = positive(draw, 30, 10)
        dropped(net(X.clone()), X, 0.3, "Dropout(0.3) in training mode")
        seen = student.run(names_in, net=net)
        expect(not seen, f"Dropout has {', '.join(seen)} among its parameters or buffers")


def names_in(student, net):
    return [str(name) for name, _ in [*net.named_parameters(), *net.named_buffers()]]


def dropout_in_modes(student, X):
    import torch

    net = torch.nn.Sequential(torch.nn.Identity(), torch.nn.Sequential(student.Dropout(0.5)))
    words, results, drops = [], [], []

    def look(said, wanted):
        words.append(said)
        results.append(net(X.clone()).detach().clone())
        drops.append(wanted)

    torch.set_grad_enabled(True)
    net.eval()
    look("in evaluation mode, while autograd records,", False)
    net.train()
    with torch.no_grad():
        look("in training mode, under torch.no_grad(),", True)
    net.train(False)
    look("after net.train(False)", False)
    with torch.no_grad():
        look("in evaluation mode, under torch.no_grad(),", False)
    net.train()
    look("after net.train()", True)
    return {"words": words, "results": results, "drops": drops}


NETS = ("flat", "nested", "images")


def passes(student, kind, X, num_samples, p=0.4, training=True):
    """What mc_dropout gives for a network whose output has two possible values an entry: with it dropped, and kept."""
    seen = student.run(run_mc_dropout, kind=kind, X=X, num_samples=num_samples, p=p, training=training)
    two = isinstance(seen["returned"], list | tuple) and len(seen["returned"]) == 2
    expect(two, "mc_dropout should return two things, (mean, deviation)", "wrong type")
    seen["mean"], seen["deviation"] = seen["returned"]
    for name in ("mean", "deviation"):
        assert_shape(seen[name], tuple(seen["low"].shape), what=f"the {name} that mc_dropout returns")
        assert_finite(seen[name], what=f"the {name} that mc_dropout returns")
    return seen


def shares_of(seen, num_samples, follows=True):
    """In which part of the passes each entry was kept; a Finding where the mean is not that of so many passes in evaluation mode but for the dropout."""
    share = ((seen["mean"].detach() - seen["low"]) / (seen["high"] - seen["low"])).double()
    off = float((share * num_samples - (share * num_samples).round()).abs().max())
    within = float(share.min()) > -0.01 and float(share.max()) < 1.01
    told = f"the mean is not that of {num_samples} passes in which only the torch.nn.Dropout layers are in training mode"
    if not (off < 0.02 and within):
        raise Finding(told, follows=follows)
    return (share * num_samples).round() / num_samples


def run_mc_dropout(student, kind, X, num_samples, p, training):
    import torch
    from torch import nn

    class Odd(nn.Module):
        """Not a dropout layer, and another in training mode."""

        def forward(self, X):
            return X + 100 if self.training else X

    torch.manual_seed(1)
    norm = nn.BatchNorm2d(3) if kind == "images" else nn.BatchNorm1d(3)
    norm.running_mean.copy_(torch.randn(3))
    norm.running_var.copy_(torch.rand(3) + 0.5)
    if kind == "flat":
        net = nn.Sequential(nn.Linear(X.shape[1], 3), norm, Odd(), nn.Dropout(p))
    elif kind == "nested":  # the dropout is in front of the last layer, and one number wide
        net = nn.Sequential(nn.Linear(X.shape[1], 3), norm, nn.Sequential(Odd(), nn.Linear(3, 1), nn.Sequential(nn.Dropout(p))), nn.Linear(1, 2))
    else:
        net = nn.Sequential(nn.Conv2d(X.shape[1], 3, 2), norm, nn.Dropout(p))
    dropout = next(m for m in net.modules() if isinstance(m, nn.Dropout))
    net.to(X.dtype).eval()
    with torch.no_grad():
        high = low = None
        for name, factor in (("high", 1 / (1 - p)), ("low", 0.0)):
            hook = dropout.register_forward_hook(lambda module, given, result, factor=factor: given[0] * factor)
            high, low = (net(X), low) if name == "high" else (high, net(X))
            hook.remove()
    net.train(training)
    for i, module in enumerate(net.modules()):
        if i % 2:
            module.training = not training
    modes = [m.training for m in net.modules()]
    state = {name: value.clone() for name, value in net.state_dict().items()}
    torch.manual_seed(int(1e6 * float(X.abs().sum())) % 2**31)
    torch.set_grad_enabled(True)
    returned = student.mc_dropout(net, X.clone(), num_samples)
    changed = [name for name, value in net.state_dict().items() if not torch.equal(value, state[name])]
    return {
        "returned": returned, "high": high, "low": low, "modes": modes == [m.training for m in net.modules()], "changed": changed,
        "graph": any(getattr(value, "requires_grad", False) for value in (returned if isinstance(returned, list | tuple) else [])),
        "recording": torch.is_grad_enabled(), "learn": all(q.requires_grad for q in net.parameters()), "p": dropout.p == p,
    }  # fmt: skip


@exercise("mc_dropout")
class TestMcDropout:
    @criterion(
        "gives the mean of num_samples passes with dropout left on", weight=3, hint="stack num_samples results of net(X), and take their mean along dim 0"
    )
    def test_mean(self, student, draw):
        for kind, num_samples in (("flat", 10), ("nested", 7)):
            shares = shares_of(passes(student, kind, draw.normal(60, 4), num_samples), num_samples, follows=False)
            values = len(shares.unique())
            expect(values > 2, f"the mean of {num_samples} passes takes only {values} of its values: is dropout active in each pass?")
            n = 60 if kind == "nested" else 180  # coins a pass
            kept, slack = float(shares.mean()), 6 * math.sqrt(0.24 / (n * num_samples))
            expect(abs(kept - 0.6) < slack, f"Dropout(0.4) was kept from dropping in {kept:.0%} of the passes, over {n} entries")

    @criterion("gives the deviation with 1 / num_samples", weight=3, hint="std(dim=0, correction=0); the default divides by num_samples - 1")
    def test_deviation(self, student, draw):
        for kind, num_samples in (("flat", 4), ("nested", 9)):
            seen = passes(student, kind, draw.normal(30, 4), num_samples)
            share, width = shares_of(seen, num_samples), (seen["high"] - seen["low"]).abs()
            right = width * (share * (1 - share)).sqrt().to(width)
            ways = {
                "the squared deviations are divided by num_samples - 1": right * math.sqrt(num_samples / (num_samples - 1)),
                "the variance is given back, not its root": right**2,
                "the deviation of the mean is given back, √num_samples times smaller": right / math.sqrt(num_samples),
            }
            found = next((words for words, other in ways.items() if torch.allclose(seen["deviation"], other, rtol=1e-3, atol=1e-4)), "")
            expect(not found, f"the deviation is what comes out when {found}")
            assert_close(seen["deviation"], right, what=f"the deviation of {num_samples} passes", rtol=1e-3, atol=1e-3)

    @criterion(
        "all other layers are in evaluation mode",
        weight=2,
        hint="net.eval() first, then train() for each torch.nn.Dropout among net.modules(), however deep it lies",
    )
    def test_others(self, student, draw):
        for kind, training in (("images", True), ("nested", False), ("flat", True)):
            X = other_order(draw.normal(20, 2, 4, 3)) if kind == "images" else draw.float64.normal(20, 5)
            shares_of(passes(student, kind, X, 7, training=training), 7, follows=False)

    @criterion("leaves modes, parameters and buffers as they were", weight=2, hint="note each module's training before and put it back, or work on a deep copy")
    def test_left(self, student, draw):
        for kind, training in itertools.product(("flat", "nested"), (True, False)):
            seen = passes(student, kind, draw.normal(12, 4), 3, training=training)
            shares_of(seen, 3)
            expect(not seen["changed"], f"after the call {', '.join(map(str, seen['changed']))} of the network is another")
            expect(seen["modes"], "after the call a module of the network is not in the mode in which it was")
            expect(seen["p"], "after the call the dropout layer has another p")
            expect(seen["learn"], "after the call a parameter does not require a gradient any more")
            expect(seen["recording"], "after a call of mc_dropout autograd is switched off")

    @criterion("one sample has the deviation 0", hint="with 1 / num_samples a single pass deviates by nothing; num_samples - 1 would be 0/0")
    def test_one(self, student, draw):
        for n in (1, 25):
            seen = passes(student, "flat", draw.normal(n, 3), 1)
            shares_of(seen, 1)
            assert_close(seen["deviation"], torch.zeros_like(seen["mean"]), what="the deviation of a single pass", atol=1e-6)

    @criterion("records no graph", hint="call net under torch.no_grad()")
    def test_graph(self, student, draw):
        seen = passes(student, "flat", draw.normal(8, 4), 3)
        shares_of(seen, 3)
        expect(not seen["graph"], "the mean or the deviation carries a graph")


# 5 · Early stopping --------------------------------------------------------------------------------------------------


def stopped(losses, patience, max_epochs):
    """(best epoch, losses seen)."""
    best = 0
    for epoch, loss in enumerate(losses[:max_epochs]):
        if epoch == 0 or loss < losses[best]:
            best = epoch
        elif epoch - best >= patience:
            return best, losses[: epoch + 1]
    return best, losses[:max_epochs]


def never_reset(losses, patience, max_epochs):
    best = bad = 0
    for epoch, loss in enumerate(losses[:max_epochs]):
        if epoch and not loss < losses[best]:
            bad += 1
            if bad == patience:
                return best, losses[: epoch + 1]
        elif epoch:
            best = epoch
    return best, losses[:max_epochs]


def against_the_last(losses, patience, max_epochs):
    bad = best = 0
    for epoch, loss in enumerate(losses[:max_epochs]):
        best = epoch if loss < losses[best] else best
        bad = bad + 1 if epoch and not loss < losses[epoch - 1] else 0
        if bad == patience:
            return best, losses[: epoch + 1]
    return best, losses[:max_epochs]


def against_the_last_kept(losses, patience, max_epochs):
    """The same, and each fall is taken for the best."""
    bad = best = 0
    for epoch, loss in enumerate(losses[:max_epochs]):
        fell = epoch == 0 or loss < losses[epoch - 1]
        best, bad = (epoch, 0) if fell else (best, bad + 1)
        if bad == patience:
            return best, losses[: epoch + 1]
    return best, losses[:max_epochs]


def ties_count(losses, patience, max_epochs):
    best = 0
    for epoch, loss in enumerate(losses[:max_epochs]):
        if epoch == 0 or loss <= losses[best]:
            best = epoch
        elif epoch - best >= patience:
            return best, losses[: epoch + 1]
    return best, losses[:max_epochs]


def from_one(losses, patience, max_epochs):
    best, seen = stopped(losses, patience, max_epochs)
    return best + 1, seen


def the_last_epoch(losses, patience, max_epochs):
    _, seen = stopped(losses, patience, max_epochs)
    return len(seen) - 1, seen


def shorter(losses, patience, max_epochs):
    """The last loss is not entered."""
    best, seen = stopped(losses, patience, max_epochs)
    return best, seen[:-1]


stopping = case(
    stopped,
    lambda draw, n=9, patience=3: (draw.uniform(n, low=1.0, high=4.0).tolist(), patience, n),
    name="early_stopping",
    gives=("the best epoch", "the list of validation losses"),
    rtol=1e-5,
    slips={
        "it stops an epoch too late: patience + 1 epochs without improvement": lambda losses, patience, most: stopped(losses, patience + 1, most),
        "it stops an epoch too early: patience - 1 epochs without improvement": lambda losses, patience, most: (
            stopped(losses, patience - 1, most) if patience > 1 else None
        ),
        "the counter of epochs without improvement is never set back": never_reset,
        "a loss is compared with that of the epoch before; the best so far counts": (against_the_last, against_the_last_kept),
        "a loss that is equal to the best counts as an improvement": ties_count,
        "it never stops before max_epochs": lambda losses, patience, most: stopped(losses, len(losses) + 1, most),
        "the epochs are counted from 1": from_one,
        "the number of the last epoch is returned, not of the best": the_last_epoch,
        "the last loss is not in the list": shorter,
        "the largest loss is taken for the best": lambda losses, patience, most: (
            stopped([-loss for loss in losses], patience, most)[0], losses[: len(stopped([-loss for loss in losses], patience, most)[1])]
        ),
    },
)  # fmt: skip


def train_with(student, cases, tensors=False):
    """early_stopping for each (validation losses, patience, max_epochs)."""
    return student.run(run_early_stopping, cases=[list(c) for c in cases], tensors=tensors)


def check_stops(student, cases, follows=False, tensors=False):
    asked, words = [], []
    for arguments, seen in zip(cases, train_with(student, cases, tensors), strict=True):
        losses, patience, most = arguments
        two = isinstance(seen["returned"], list | tuple) and len(seen["returned"]) == 2
        expect(two, "early_stopping should return two things, (best epoch, list of validation losses)", "wrong type")
        asked.append((arguments, seen["returned"]))
        words.append(f"early_stopping with patience={patience}, max_epochs={most} and the losses {', '.join(f'{loss:.3g}' for loss in losses)}")
    stopping.compare(asked, words, follows=follows)
    for _, (_, seen) in asked:
        for value in seen:
            expect(kind_of(value) == "number", f"the list of losses holds a {kind_of(value)}; plain numbers were expected", "wrong type")


def run_early_stopping(student, cases, tensors):
    import torch
    from torch import nn

    class Net(nn.Module):
        """Its numbers tell how many epochs it has been trained."""

        def __init__(self):
            super().__init__()
            self.inner = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
            self.weight = nn.Parameter(torch.zeros(2))
            self.register_buffer("moving", torch.zeros(3, dtype=torch.float64))

    results = []
    for losses, patience, max_epochs in cases:
        net, calls, seen_at = Net(), [], []
        coming = iter(losses)

        def train_epoch(model, net=net, calls=calls):
            calls.append("train" if model is net else "train another")
            with torch.no_grad():
                for tensor in [*net.parameters(), *net.buffers()]:
                    tensor.copy_(torch.full_like(tensor, calls.count("train")))

        def validate(model, net=net, calls=calls, seen_at=seen_at, coming=coming):
            calls.append("validate")
            seen_at.append(float(model.weight.detach()[0]))
            value = next(coming, 1e9)
            return torch.tensor([value]) if tensors else value

        params = [id(p) for p in net.parameters()]
        returned = student.early_stopping(net, train_epoch, validate, patience, max_epochs)
        kinds = {"parameters": net.named_parameters(), "buffers": net.named_buffers()}
        left = {kind: {name: float(t.detach().double().mean()) for name, t in found} for kind, found in kinds.items()}
        results.append({
            "returned": returned, "calls": calls, "seen": seen_at, "left": left, "same": params == [id(p) for p in net.parameters()],
            "learn": all(p.requires_grad for p in net.parameters()),
        })  # fmt: skip
    return results


def losses_of(draw, *places):
    """Losses of which the n-th smallest stands at the places given: (2, 0, 1) gives large, small, middling."""
    values = sorted(draw.uniform(max(places) + 1, low=1.0, high=9.0).tolist())
    return [values[place] for place in places]


@exercise("early_stopping")
class TestEarlyStopping:
    @criterion(
        "stops after `patience` epochs in a row without improvement",
        weight=3,
        hint="epoch - best == patience: break; or a counter that each improvement sets to 0",
    )
    def test_patience(self, student, draw):
        rows = [
            (losses_of(draw, 3, 1, 2, 4, 0, 5), 2, 6), (losses_of(draw, 4, 5, 3, 6, 2, 7, 1, 8, 9, 0), 2, 10),
            (losses_of(draw, 2, 1, 3, 0), 1, 4), (losses_of(draw, 5, 1, 4, 3, 2, 6, 0), 4, 7), (losses_of(draw, 1, 2, 3, 4, 0), 3, 5),
        ]  # fmt: skip
        check_stops(student, rows)

    @criterion(
        "stops after max_epochs, and returns the losses of all epochs", weight=2, hint="for epoch in range(max_epochs), and every loss is appended as a float"
    )
    def test_max_epochs(self, student, draw):
        check_stops(student, [(losses_of(draw, 4, 3, 2, 1, 0), 3, 3), (losses_of(draw, 1, 0), 5, 1), (losses_of(draw, 3, 1, 2, 0, 4), 9, 5)])

    @criterion("an improvement is strictly smaller than the best, and NaN is none", weight=2, hint="v < best: equal is not smaller, and NaN never is")
    def test_strict(self, student, draw):
        a, b, c, d = sorted(draw.uniform(4, low=1.0, high=9.0).tolist())
        nan = math.nan
        with_ties, with_nan = [([c, b, b, b, a], 2, 5), ([d, b, d, c, b, a], 3, 6)], [([c, nan, b, nan, nan, a], 2, 6), ([b, nan, c, a], 3, 4)]
        check_stops(student, [*with_ties, *with_nan, ([-b, -a, -c], 2, 3)])

    @criterion(
        "the network gets back the parameters of the best epoch",
        weight=3,
        hint="copy.deepcopy(net.state_dict()) at each improvement, load_state_dict at the end",
    )
    def test_parameters(self, student, draw):
        self.check_state(student, draw, "parameters")

    @criterion(
        "the network gets back the buffers of the best epoch",
        weight=2,
        hint="moving statistics belong to the state: state_dict() has them, parameters() has not",
    )
    def test_buffers(self, student, draw):
        self.check_state(student, draw, "buffers")

    def check_state(self, student, draw, kind):
        rows = [(losses_of(draw, 3, 0, 2, 1, 4), 3, 5), (losses_of(draw, 2, 1, 0), 2, 3), (losses_of(draw, 0, 1, 2), 2, 3), (losses_of(draw, 4, 3, 0, 2), 5, 4)]
        for arguments, seen in zip(rows, train_with(student, rows), strict=True):
            best, epochs = stopped(*arguments)[0], len(stopped(*arguments)[1])
            for name, number in seen["left"][kind].items():
                if number == best + 1:
                    continue
                where = f"{name} is that of epoch {number - 1:.0f}" if number == int(number) and number > 0 else f"{name} is that of no epoch"
                last = ", the last," if number == epochs else ""
                raise Finding(f"with the losses {', '.join(f'{loss:.3g}' for loss in arguments[0])}, {where}{last} after the call (counted from 0)")
            expect(seen["same"], "after the call the network has other parameter tensors: an optimizer would not know them")
            expect(seen["learn"], "after the call a parameter does not require a gradient any more")

    @criterion("trains and validates once an epoch, in this order", hint="train_epoch(net), then v = validate(net), and v is kept: no second call")
    def test_calls(self, student, draw):
        rows = [(losses_of(draw, 2, 1, 3, 4, 0), 2, 5), (losses_of(draw, 2, 1, 0), 2, 3)]
        for arguments, seen in zip(rows, train_with(student, rows), strict=True):
            epochs = len(stopped(*arguments)[1])
            trained, validated = seen["calls"].count("train"), seen["calls"].count("validate")
            expect("train another" not in seen["calls"], "train_epoch was given another network than net")
            expect(trained == validated, f"train_epoch was called {trained} times, validate {validated} times")
            expect(seen["calls"] == ["train", "validate"] * trained, "train_epoch and validate do not take turns, train_epoch first")
            in_turn = [float(i + 1) for i in range(len(seen["seen"]))]
            expect(seen["seen"] == in_turn, "validate was given the network in another state than training had left it")
            if trained != epochs:
                raise Finding(f"it trained {trained} epochs", follows=True)

    @criterion("takes losses that are tensors of one entry", hint="float(validate(net)) makes a number of both")
    def test_tensors(self, student, draw):
        check_stops(student, [(losses_of(draw, 3, 1, 2, 4, 0), 2, 5), (losses_of(draw, 1, 0), 2, 2)], follows=True, tensors=True)


# 6 · When the data come from the wrong place -------------------------------------------------------------------------


def clouds(draw, n_source=40, n_target=40, d=2):
    """Two clouds of samples that overlap, and a real classifier."""
    return draw.normal(n_source, d), draw.normal(n_target, d, mean=0.5, scale=0.8), reference.fit_logistic


def odds(change):
    """change(log-odds of the target at the source samples, n_source, n_target)."""

    def slip(X_source, X_target, fit_logistic):
        z = torch.cat([torch.zeros(len(X_source)), torch.ones(len(X_target))]).to(X_source)
        h = fit_logistic(torch.cat([X_source, X_target]), z)
        return change(h(X_source), len(X_source), len(X_target))

    return slip


def of_everybody(X_source, X_target, fit_logistic):
    z = torch.cat([torch.zeros(len(X_source)), torch.ones(len(X_target))]).to(X_source)
    X = torch.cat([X_source, X_target])
    return fit_logistic(X, z)(X).exp() * len(X_source) / len(X_target)


def of_the_target(X_source, X_target, fit_logistic):
    return of_everybody(X_source, X_target, fit_logistic)[len(X_source) :]


shift_weights = case(
    reference.covariate_weights,
    clouds,
    [(30, 30), (25, 25, 3), (40, 40, 1)],
    rtol=1e-4,
    atol=1e-6,
    slips={
        "the weights are upside down: p_source / p_target": (
            odds(lambda h, s, t: (-h).exp() * t / s), odds(lambda h, s, t: (-h).exp()), odds(lambda h, s, t: (-h).exp() * s / t)
        ),
        "a probability is taken where the odds belong": (
            odds(lambda h, s, t: torch.sigmoid(h) * s / t), odds(lambda h, s, t: torch.sigmoid(h)), odds(lambda h, s, t: torch.sigmoid(h) * t / s)
        ),
        "the sizes of the two data sets are forgotten": odds(lambda h, s, t: h.exp()),
        "the sizes have changed places: n_t / n_s": odds(lambda h, s, t: h.exp() * t / s),
        "all samples get a weight, those of the target too": (of_everybody, of_the_target),
        "the log-odds are given back as they are": (odds(lambda h, s, t: h), odds(lambda h, s, t: h * s / t)),
        "the weights are divided by their mean": odds(lambda h, s, t: h.exp() / h.exp().mean()),
        "the weights are divided by their sum": odds(lambda h, s, t: h.exp() / h.exp().sum()),
        "all weights are 1": lambda X_source, *_: torch.ones_like(X_source[:, 0]),
    },
)  # fmt: skip


@exercise("covariate_weights")
class TestCovariateWeights:
    test_values = shift_weights.agrees(
        "is p_target / p_source at the source samples", weight=4, hint="label the target 1, fit, then exp(h(X_source)): the odds, not the probability"
    )
    test_sizes = shift_weights.agrees(
        "the numbers of samples are taken out: times n_s / n_t",
        weight=3,
        hint="the odds of the mixture hold n_t / n_s besides the densities: multiply with n_s / n_t",
        sizes=[(60, 20), (15, 45, 3), (1, 7)],
    )

    @criterion("carries no graph", hint="detach() the result, or fit and evaluate under torch.no_grad()")
    def test_graph(self, student, draw):
        X_source, X_target, _ = clouds(draw, 12, 9)
        fit = answering_with(draw.normal(2).requires_grad_(), X_source)
        weights = student.covariate_weights(X_source.clone(), X_target.clone(), fit)
        graph = isinstance(weights, torch.Tensor) and weights.requires_grad
        expect(not graph, "the weights carry a graph, where the answers of the classifier carry one")
        shift_weights.compare([((X_source, X_target, fit), weights)], follows=True)

    test_dtype = replace(shift_weights, rtol=None, atol=None).keeps_dtype(size=(20, 14))
    test_unchanged = shift_weights.leaves_inputs()
    test_again = shift_weights.again(sizes=[(20, 20), (12, 25, 3)])


def answering_with(slope, X_source):
    """A classifier that learns nothing: its log-odds of the target are X · slope, with a graph. It asks only which label the source has."""

    def fit(X, z):
        labels = z.reshape(-1)[(X.to(X_source) == X_source[0]).all(dim=1)]
        sign = -1.0 if len(labels) and float(labels[0]) == 1 else 1.0
        return lambda X: sign * (X @ slope.to(X))

    return fit
