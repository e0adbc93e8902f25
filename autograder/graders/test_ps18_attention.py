"""Hidden grader of ps18_attention.

Layers are given their weights by the sizes of their parameters, so neither the names of inner layers nor the order of their definition matter.
"""

import math

import torch

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
    part,
)
from autograder.judge.reasons import Finding
from solutions.ps18_attention import attention as reference

ROUNDING = {"rtol": 1e-4, "atol": 1e-5}  # float32 sums in any order
INFINITY = math.inf


def normal(rng, *shape, device="cpu", dtype=torch.float32, scale=1.0):
    return (scale * torch.randn(shape, generator=rng, dtype=torch.float64)).to(device, dtype)


def other_order(X):
    """The same numbers in another order in memory."""
    return X.transpose(0, -1).contiguous().transpose(0, -1)


def run(f, *tensors):
    """f of copies: what it writes into its arguments has a criterion of its own."""
    return f(*(X.clone() for X in tensors))


def same(mine, right):
    alike = isinstance(mine, torch.Tensor) and mine.shape == right.shape
    return alike and torch.allclose(mine.detach().cpu().double(), right.detach().cpu().double(), **ROUNDING)


def assert_right(actual, expected, what, slips=None, **tolerances):
    """As assert_close, but where the result is that of a known slip, the message names it. slips: {words: a function that gives the slip's result}."""
    try:
        assert_close(actual, expected, what=what, **{**ROUNDING, "check_dtype": False, **tolerances})
    except AssertionError:
        for words, result in (slips or {}).items():
            if same(actual, result()):
                fail(f"{what} is what comes out when {words}")
        raise


def assert_dtype(value, dtype, what):
    expect(isinstance(value, torch.Tensor), f"{what} is not a tensor", "wrong type")
    expect(value.dtype == dtype, f"{what} has dtype {str(value.dtype)[6:]}, expected {str(dtype)[6:]}", "wrong type")


def assert_alive(value, what):
    """The result is a tensor whose rows differ."""
    expect(isinstance(value, torch.Tensor), f"{what} is not a tensor", "wrong type")
    flat = value.detach().double().flatten()
    expect(bool((flat - flat[:1]).abs().max() > 1e-4), f"{what}: all entries are the same, whatever the inputs are")


# Parts ----------------------------------------------------------------------------------------------------------------

SEQUENCE_MASK = part(
    reference.sequence_mask, fits=lambda X, valid_len, value=0: X.ndim > 1 and valid_len.shape == X.shape[:1], wants="X (n, T, …) and lengths (n,)"
)
MASKED_SOFTMAX = part(
    reference.masked_softmax,
    fits=lambda X, valid_lens=None: X.ndim == 3 and (valid_lens is None or valid_lens.shape in (X.shape[:1], X.shape[:2])),
    wants="X (n, q, k) and, if any, lengths (n,) or (n, q)",
)
TRANSPOSE_QKV = part(reference.transpose_qkv, fits=lambda X, num_heads: X.ndim == 3, wants="X (n, T, h), h a multiple of num_heads, and num_heads")
TRANSPOSE_OUTPUT = part(reference.transpose_output, fits=lambda X, num_heads: X.ndim == 3, wants="X (n · num_heads, T, p) and num_heads")


def attention_fits(queries, keys, values, valid_lens=None):
    n, q, d = queries.shape
    lengths_fit = valid_lens is None or valid_lens.shape in ((n,), (n, q))
    return lengths_fit and keys.ndim == values.ndim == 3 and len(keys) == len(values) == n and keys.shape[2] == d and values.shape[1] == keys.shape[1]


ATTENTION = part(
    reference.DotProductAttention, fits=attention_fits, wants="queries (n, q, d), keys (n, k, d), values (n, k, v) and, if any, lengths (n,) or (n, q)"
)


def taken(f, *args):
    """Whether f takes such arguments at all; that it should has a criterion of its own."""
    try:
        return isinstance(run(f, *args), torch.Tensor)
    except AssertionError:
        return False


# Attention pooling ----------------------------------------------------------------------------------------------------


def kernel_case(rng, m, n, device, own=False, dtype=torch.float32):
    shape = (m, n) if own else (n,)
    return [normal(rng, *size, device=device, dtype=dtype) for size in ((m,), shape, shape)]


def kernel(queries, keys, values, w, half=0.5, sign=-1, square=True, dim=1):
    distance = queries[:, None] - keys
    scores = sign * half * ((distance * w) ** 2 if square else distance**2 * w)
    return (torch.softmax(scores, dim) * values).sum(1)


def kernel_slips(queries, keys, values, w):
    return {
        "the factor 1/2 is missing": lambda: kernel(queries, keys, values, w, half=1),
        "w stands outside the square": lambda: kernel(queries, keys, values, w, square=False),
        "w is left out": lambda: kernel(queries, keys, values, 1.0),
        "the minus is missing: far keys weigh most": lambda: kernel(queries, keys, values, w, sign=1),
        "the weights add up to 1 over the queries; each query's weights should add up to 1 over the keys": lambda: kernel(queries, keys, values, w, dim=0),
        "the distance is not squared": lambda: (torch.softmax(-(queries[:, None] - keys).abs() * w / 2, 1) * values).sum(1),
    }


@exercise("nadaraya_watson")
class TestNadarayaWatson:
    @criterion(
        "is the weighted average of the formula, with the same keys and values for all queries",
        weight=3,
        hint="a table of scores, one row a query; softmax over each row; weights times values, summed over each row",
    )
    def test_values(self, student, rng, device):
        for m, n, w in [(3, 5, 1.7), (1, 4, 0.6), (7, 2, -2.3), (4, 1, 1.1)]:
            case = kernel_case(rng, m, n, device)
            result = student.nadaraya_watson(*(x.clone() for x in case), w)
            assert_right(result, kernel(*case, w), f"nadaraya_watson of {m} queries and {n} keys, w={w}", kernel_slips(*case, w))

    @criterion(
        "takes a row of keys and values for each query",
        weight=2,
        hint="queries[:, None] - keys is right for keys (n,) and (m, n); so is (weights * values).sum(dim=1)",
    )
    def test_own_keys(self, student, rng, device):
        for m, n in [(3, 4), (1, 5), (5, 2), (3, 3)]:
            case = kernel_case(rng, m, n, device, own=True)
            result = student.nadaraya_watson(*(x.clone() for x in case), 1.4)
            assert_right(result, kernel(*case, 1.4), f"nadaraya_watson with keys and values of shape ({m}, {n})", kernel_slips(*case, 1.4))

    @criterion("w may be a tensor with one entry, and 0 gives the plain mean", hint="use w as it is: no float(w), no division by w")
    def test_w(self, student, rng, device):
        for shape in [(), (1,)]:
            case, w = kernel_case(rng, 4, 6, device), normal(rng, *shape, device=device).abs() + 0.7
            right = kernel(*case, w)
            assert_right(run(student.nadaraya_watson, *case, w), right, f"nadaraya_watson with w of shape {shape}", kernel_slips(*case, w))
        queries, keys, values = kernel_case(rng, 3, 5, device)
        right = values.mean().expand(3)
        assert_right(student.nadaraya_watson(queries, keys, values, 0.0), right, "nadaraya_watson with w = 0")

    @criterion(
        "stays finite for queries far from all keys",
        weight=2,
        hint="torch.softmax of the scores; exp of your own gives 0/0 where all scores are far below zero",
    )
    def test_stable(self, student, rng, device):
        for far, w in [(60.0, 1.0), (-1000.0, 2.0), (3.0, 90.0)]:
            queries, keys, values = kernel_case(rng, 4, 5, device)
            queries = queries + far
            result = student.nadaraya_watson(queries.clone(), keys.clone(), values.clone(), w)
            assert_finite(result, what=f"nadaraya_watson for queries near {far:g} with w={w:g}")
            nearest = values[(queries[:, None] - keys).abs().argmin(1)]
            right = kernel(queries, keys, values, w) if far == 60 else nearest
            assert_close(result, right, what=f"nadaraya_watson for queries near {far:g} with w={w:g}", rtol=1e-2, atol=1e-2, check_dtype=False)

    @criterion(
        "gradients are right for queries, keys, values and w",
        weight=2,
        hint="stay with tensor operations: no .item(), no float(w), no .detach()",
    )
    def test_gradients(self, student, rng, device):
        for shape in [(), (1,)]:
            case = kernel_case(rng, 2, 3, device, dtype=torch.float64)
            w = normal(rng, *shape, device=device, dtype=torch.float64).abs() + 0.6
            assert_gradients(student.nadaraya_watson, *(x.requires_grad_() for x in (*case, w)), what="nadaraya_watson")

    @criterion("handles all queries and keys at once", hint="queries[:, None] - keys is the whole table; no loop")
    def test_vectorised(self, student, rng, device):
        right, case = kernel, kernel_case(rng, 6, 4, device)
        assert_shape(student.nadaraya_watson(*case, 1.0), right(*case, 1.0).shape, what="the result of nadaraya_watson")
        assert_vectorised(student.nadaraya_watson, lambda m: (*kernel_case(rng, m, 5, device), 1.3), what="nadaraya_watson with more queries")
        assert_vectorised(student.nadaraya_watson, lambda n: (*kernel_case(rng, 3, n, device), 1.3), what="nadaraya_watson with more keys")

    @criterion("keeps the dtype, and takes numbers in any memory order", hint="float64 in, float64 out, in full precision; reshape instead of view")
    def test_dtype(self, student, rng, device):
        case = kernel_case(rng, 3, 4, device, dtype=torch.float64)
        w = torch.tensor(1.2, dtype=torch.float64, device=device)
        result = run(student.nadaraya_watson, *case, w)
        assert_dtype(result, torch.float64, "the result for float64")
        assert_alive(result, "nadaraya_watson")
        doubled = run(student.nadaraya_watson, case[0], case[1], 2 * case[2], w)
        assert_close(doubled, 2 * result, what="nadaraya_watson with doubled values", rtol=1e-12, atol=1e-12)
        strided = [torch.stack([X, X], 1)[:, 0] for X in case]
        again = student.nadaraya_watson(*strided, 1.2)
        assert_close(again, result, what="nadaraya_watson of non-contiguous tensors", **ROUNDING)

    @criterion("leaves its arguments unchanged", hint="operations that end in _ and -= write into the caller's tensors")
    def test_unchanged(self, student, rng, device):
        for m in (3, 5):
            case = kernel_case(rng, m, 4, device)
            given, w = [x.clone() for x in case], torch.tensor([1.3], device=device)
            assert_alive(student.nadaraya_watson(*given, w), "nadaraya_watson")
            for name, before, after in zip(("queries", "keys", "values"), case, given, strict=True):
                assert_unchanged(before, after, what=name)
            assert_unchanged(torch.tensor([1.3], device=device), w, what="w")


# Masks ----------------------------------------------------------------------------------------------------------------


def lengths(rng, high, *shape, low=1, device="cpu"):
    """Random lengths, not all the same."""
    lens = torch.randint(low, high + 1, shape, generator=rng)
    if lens.numel() > 1:
        lens.view(-1)[0], lens.view(-1)[-1] = low, high
    return lens.to(device)


def masked(X, valid_len, value=0, inclusive=False, inverted=False):
    """What lies behind the length is replaced."""
    result = X.clone()
    for row, length in zip(result, valid_len.tolist(), strict=True):
        length = max(0, length + inclusive)
        if inverted:
            row[:length] = value
        else:
            row[length:] = value
    return result


def mask_slips(X, valid_len, value):
    return {
        "the step at the valid length is kept as well: valid are the steps 0 … length - 1": lambda: masked(X, valid_len, value, inclusive=True),
        "one step too many is replaced": lambda: masked(X, valid_len, value, inclusive=-1),
        "the valid part is replaced and the padding kept": lambda: masked(X, valid_len, value, inverted=True),
        "the mask counts from the right": lambda: masked(X.flip(1), valid_len, value).flip(1),
        "nothing is replaced": lambda: X,
    }


@exercise("sequence_mask")
class TestSequenceMask:
    def compare(self, student, X, valid_len, *value):
        words = f"sequence_mask of X {tuple(X.shape)} with lengths {valid_len.tolist()}{f' and value={value[0]:g}' if value else ''}"
        right = masked(X, valid_len, *value)
        result = student.sequence_mask(X.clone(), valid_len.clone(), *value)
        assert_right(result, right, words, mask_slips(X, valid_len, *(value or (0,))), rtol=0.0, atol=0.0)

    @criterion(
        "keeps the first steps of each sequence and replaces the others, for X (n, T)", weight=3, hint="steps smaller than the length stay: arange(T) < len"
    )
    def test_rows(self, student, rng, device):
        for n, T in [(3, 5), (1, 4), (6, 2), (4, 4)]:
            self.compare(student, normal(rng, n, T, device=device), lengths(rng, T, n, device=device), 0)

    @criterion(
        "works for X with more dimensions, a whole step at a time",
        weight=2,
        hint="give the mask a dimension of size 1 for every further dimension of X",
    )
    def test_more_dimensions(self, student, rng, device):
        for shape in [(2, 5, 3), (1, 3, 4), (3, 2, 4, 5), (3, 3, 3)]:
            self.compare(student, normal(rng, *shape, device=device), lengths(rng, shape[1], shape[0], device=device), 0)

    @criterion(
        "puts in the value that was asked for, 0 by default, minus infinity too",
        weight=2,
        hint="masked_fill(~mask, value); a product with the mask gives NaN for infinity",
    )
    def test_value(self, student, rng, device):
        # The first step is kept and the last replaced; where exactly the one begins and the other ends has criteria of its own.
        X, valid_len = normal(rng, 4, 6, device=device), torch.tensor([3, 2, 4, 2], device=device)
        for words, args, options, value in (
            ("no value", (), {}, 0.0),
            ("value=-7.5", (-7.5,), {}, -7.5),
            ("value=-inf", (-INFINITY,), {}, -INFINITY),
            ("value=3.0 by name", (), {"value": 3.0}, 3.0),
        ):
            result = student.sequence_mask(X.clone(), valid_len.clone(), *args, **options)
            what = f"sequence_mask of X (4, 6) with {words}"
            assert_shape(result, X.shape, what=what)
            expect(bool((result[:, 0] == X[:, 0]).all()), f"{what}: the first step has changed, though all lengths are at least 2")
            expect(bool((result[:, -1] == value).all()), f"{what}: the last step is not {value:g}, though all lengths are smaller than 5")

    @criterion("a length of 0 replaces all, one of T or more nothing", hint="compare step numbers with lengths; index nothing by them")
    def test_extremes(self, student, rng, device):
        for shape in [(3, 4), (3, 4, 2)]:
            X, valid_len = normal(rng, *shape, device=device), torch.tensor([0, 4, 9], device=device)
            result = student.sequence_mask(X.clone(), valid_len, 0)
            assert_shape(result, X.shape, what="the result of sequence_mask")
            expect(bool((result[0] == 0).all()), "with length 0 something is left of the sequence")
            expect(bool((result[1] == X[1]).all()), "with a length of T something is replaced")
            expect(bool((result[2] == X[2]).all()), "with a length greater than T something is replaced")

    @criterion("keeps the dtype, also of integers, and takes X in any memory order", hint="masked_fill keeps the dtype; a float tensor in torch.where does not")
    def test_dtype(self, student, rng, device):
        valid_len = torch.tensor([2, 1, 4], device=device)
        for dtype in (torch.int64, torch.float64):
            X = normal(rng, 3, 4, device=device, scale=10).to(dtype) + 20
            result = student.sequence_mask(X.clone(), valid_len)
            assert_dtype(result, dtype, f"the result for {str(dtype)[6:]}")
            expect(bool(result[2, :3].eq(X[2, :3]).all()), "numbers in front of the valid length have changed")
        X = normal(rng, 3, 4, device=device)
        same_again = student.sequence_mask(other_order(X), valid_len)
        assert_shape(same_again, X.shape, what="the result of sequence_mask")
        expect(bool((same_again[2, :3] == X[2, :3]).all()), "numbers in front of the valid length have changed for a non-contiguous X")

    @criterion("leaves X and the lengths unchanged", weight=2, hint="X[~mask] = value writes into the caller's tensor: clone first, or use masked_fill")
    def test_unchanged(self, student, rng, device):
        for shape in [(3, 5), (3, 5, 2)]:
            X, valid_len = normal(rng, *shape, device=device), torch.tensor([2, 5, 1], device=device)
            given, lens = X.clone(), valid_len.clone()
            assert_alive(student.sequence_mask(given, lens, -2), "sequence_mask")
            assert_unchanged(X, given, what="X")
            assert_unchanged(valid_len, lens, what="valid_len")

    @criterion("gradients reach what is kept, and nothing else", hint="no detach and no .data between X and the result")
    def test_gradients(self, student, rng, device):
        X, valid_len = normal(rng, 3, 4, device=device, dtype=torch.float64), torch.tensor([1, 4, 2], device=device)
        assert_gradients(lambda X: student.sequence_mask(X, valid_len, -2.0), X.requires_grad_(), what="sequence_mask(X)")

    @criterion("works on the whole batch at once", hint="one comparison makes the whole mask; no loop over the sequences")
    def test_vectorised(self, student, rng, device):
        result = student.sequence_mask(normal(rng, 3, 4, device=device), torch.tensor([1, 2, 3], device=device))
        assert_alive(result, "sequence_mask")
        assert_vectorised(student.sequence_mask, lambda n: (normal(rng, n, 4, device=device), lengths(rng, 4, n, device=device)), what="sequence_mask")


def softmax_by_hand(X, valid_lens):
    """Weights, row by row, in float64."""
    n, q, k = X.shape
    lens = torch.full((n, q), k) if valid_lens is None else valid_lens.cpu()
    lens = lens[:, None].expand(n, q) if lens.ndim == 1 else lens
    weights = torch.zeros(n, q, k, dtype=torch.float64)
    for i in range(n):
        for j in range(q):
            length = int(lens[i, j])
            if length:
                weights[i, j, :length] = torch.softmax(X[i, j, :length].detach().cpu().double(), 0)
    return weights.to(X.device, X.dtype)


def lens_of_queries(valid_lens, q):
    return valid_lens[:, None].expand(-1, q) if valid_lens.ndim == 1 else valid_lens


def softmax_slips(X, valid_lens):
    n, q, k = X.shape
    lens = lens_of_queries(valid_lens, q)
    slips = {
        "the softmax comes first and the padding is zeroed afterwards": lambda: torch.softmax(X, -1) * (torch.arange(k, device=X.device) < lens[:, :, None]),
        "the lengths are ignored": lambda: torch.softmax(X, -1),
        "one key too many is seen: valid are the keys 0 … length - 1": lambda: softmax_by_hand(X, (lens + 1).clamp(max=k)),
        "one key too few is seen": lambda: softmax_by_hand(X, (lens - 1).clamp(min=0)),
    }
    if valid_lens.ndim == 1:
        wrong = "the lengths are repeated in the order a, b, a, b; each belongs to all queries of its sequence: a, a, b, b"
        slips[wrong] = lambda: softmax_by_hand(X, valid_lens.repeat(q).reshape(n, q))
    return slips


@exercise("masked_softmax", parts=[SEQUENCE_MASK])
class TestMaskedSoftmax:
    sizes = [(2, 3, 5), (1, 4, 3), (4, 1, 6), (3, 3, 2)]

    def compare(self, student, X, valid_lens):
        what = f"masked_softmax of X {tuple(X.shape)} with {'no lengths' if valid_lens is None else f'lengths {valid_lens.tolist()}'}"
        slips = {} if valid_lens is None else softmax_slips(X, valid_lens)
        for words, dim in (("it is taken over the queries; it runs over the keys, the last dimension", 1), ("it is taken over the batch", 0)):
            slips[words] = lambda dim=dim: torch.softmax(X, dim)
        given = () if valid_lens is None else (valid_lens.clone(),)
        assert_right(student.masked_softmax(X.clone(), *given), softmax_by_hand(X, valid_lens), what, slips)

    def given(self, student, X, *kinds):
        """The arguments after X: those kinds of lengths that the answer takes at all; all of them if it takes none."""
        kinds = [() if lens is None else (lens.to(X.device),) for lens in kinds]
        return [lens for lens in kinds if taken(student.masked_softmax, X, *lens)] or kinds

    @criterion("without lengths it is the softmax over the keys", weight=2, hint="torch.softmax(X, dim=-1)")
    def test_no_lengths(self, student, rng, device):
        for shape in self.sizes:
            self.compare(student, normal(rng, *shape, device=device, scale=2), None)
        X = normal(rng, 2, 4, 3, device=device)
        assert_right(student.masked_softmax(X, None), torch.softmax(X, -1), "masked_softmax(X, None)")

    @criterion(
        "one length for each sequence: shape (n,)",
        weight=3,
        hint="valid_lens[:, None, None] has shape (n, 1, 1); mask before the softmax",
    )
    def test_sequences(self, student, rng, device):
        for n, q, k in self.sizes:
            self.compare(student, normal(rng, n, q, k, device=device, scale=2), lengths(rng, k, n, device=device))
        X = normal(rng, 2, 2, 4, device=device)
        named = student.masked_softmax(X, valid_lens=torch.tensor([1, 3], device=device))
        assert_right(named, softmax_by_hand(X, torch.tensor([1, 3])), "masked_softmax(X, valid_lens=…)")

    @criterion("one length for each query: shape (n, q)", weight=3, hint="valid_lens[:, :, None] has shape (n, q, 1)")
    def test_queries(self, student, rng, device):
        for n, q, k in self.sizes:
            self.compare(student, normal(rng, n, q, k, device=device, scale=2), lengths(rng, k, n, q, device=device))

    @criterion(
        "the mask holds whatever the scores are",
        weight=2,
        hint="fill with torch.finfo(X.dtype).min or -inf; a number like -1e6 can be larger than a valid score",
    )
    def test_low_scores(self, student, rng, device):
        ordinary = normal(rng, 2, 3, 5, device=device)
        for low in (-3e6, -1e11):
            X = normal(rng, 2, 3, 5, device=device) * 1e-6 * low + low
            for (lens,) in self.given(student, X, torch.tensor([2, 4]), lengths(rng, 5, 2, 3)):
                # The weights do not depend on what is added to all scores.
                result, right = run(student.masked_softmax, X, lens), run(student.masked_softmax, X - low, lens)
                what = f"masked_softmax of scores near {low:g}"
                assert_shape(result, X.shape, what=what)
                assert_finite(result, what=what)
                assert_alive(result, what)
                padding = torch.arange(5, device=device) >= lens_of_queries(lens, 3)[:, :, None]
                more = bool((result[padding] > right[padding] + 1e-6).any())
                expect(not more, f"{what}: padding has larger weights than with scores near 0: what stands for it is larger than a valid score")
                assert_close(result, right, what=f"{what}, against the same scores near 0", **ROUNDING, check_dtype=False)
                usual = run(student.masked_softmax, ordinary, lens)
                whole = torch.allclose(usual.sum(-1), torch.ones_like(usual[..., 0]), atol=1e-3)
                if whole and not bool(usual[padding].any()):  # padding that is seen anyway, or takes its share, has criteria of its own
                    result = run(student.masked_softmax, torch.where(padding, X - low - low, X - low), lens)
                    expect(same(result, right), f"the weights change when the padding has scores near {-low:g}")

    @criterion(
        "a length of 0 gives a row of zeros, and no NaN in the gradients",
        weight=2,
        hint="softmax(…).masked_fill(~mask, 0); a product of NaN and 0 is NaN",
    )
    def test_empty(self, student, rng, device):
        X = normal(rng, 3, 2, 4, device=device)
        for (lens,) in self.given(student, X, torch.tensor([0, 3, 2]), torch.tensor([[0, 2], [3, 0], [0, 0]]), torch.tensor([0, 0, 0])):
            result = run(student.masked_softmax, X, lens)
            what = f"masked_softmax with lengths {lens.tolist()}"
            assert_shape(result, X.shape, what=what)
            assert_finite(result, what=what)
            empty = (lens_of_queries(lens, 2) == 0).to(device)
            expect(not bool(result[empty].detach().any()), f"{what}: a row without valid keys is not zero")
            expect(bool((result[~empty][:, :2] > 0).all()), f"{what}: a row with valid keys has no weights")
            self.check_finite_gradient(student, rng, X, lens, what)

    @staticmethod
    def check_finite_gradient(student, rng, X, lens, what):
        leaf = X.clone().requires_grad_()
        try:
            result = student.masked_softmax(leaf, lens)
        except AssertionError:  # an X that is written into, for instance: that has criteria of its own
            return
        if result.requires_grad:
            (gradient,) = torch.autograd.grad(result, leaf, normal(rng, *X.shape).to(result), allow_unused=True)
            if gradient is not None:
                assert_finite(gradient, what=f"the gradient of X, from {what}")

    @criterion("works in half precision", hint="torch.finfo(X.dtype).min fits every dtype; float16 ends at 65504")
    def test_half(self, student, rng, device):
        X = normal(rng, 2, 3, 5, device=device, dtype=torch.float16, scale=2)
        for given in self.given(student, X.float(), None, torch.tensor([2, 5]), lengths(rng, 5, 2, 3)):
            result, wide = run(student.masked_softmax, X, *given), run(student.masked_softmax, X.float(), *given)
            what = f"masked_softmax of float16 {'with' if given else 'without'} lengths"
            assert_dtype(result, torch.float16, what)
            assert_alive(result, what)
            assert_close(result.float(), wide, what=f"{what}, against float32", rtol=1e-2, atol=2e-3)

    @criterion("stays finite for large scores", hint="torch.softmax subtracts the largest score first; exp of your own overflows")
    def test_large_scores(self, student, rng, device):
        for scale in (300.0, 1e5):
            X = normal(rng, 2, 3, 4, device=device, scale=scale) + scale
            for given in self.given(student, X / scale, None, torch.tensor([4, 2])):
                result = run(student.masked_softmax, X, *given)
                what = f"masked_softmax of scores near {scale:g}"
                assert_shape(result, X.shape, what=what)
                assert_finite(result, what=what)
                if not given:
                    assert_close(result.sum(-1), torch.ones(2, 3, device=device), what="the sum of each row", **ROUNDING)

    @criterion("gradients are right", hint="stay with tensor operations from X to the result: no .detach(), no .data, no new tensor")
    def test_gradients(self, student, rng, device):
        X = normal(rng, 2, 2, 3, device=device, dtype=torch.float64)
        for given in self.given(student, X, None, torch.tensor([2, 3]), torch.tensor([[1, 3], [2, 2]])):
            assert_gradients(lambda X, given=given: student.masked_softmax(X, *given), X.clone().requires_grad_(), what="masked_softmax(X)")

    @criterion("works on the whole batch at once", hint="one comparison makes the whole mask; no loop over sequences or queries")
    def test_vectorised(self, student, rng, device):
        X = normal(rng, 2, 3, 4, device=device)
        kinds = self.given(student, X, torch.tensor([2, 4]), lengths(rng, 4, 2, 3))
        assert_alive(student.masked_softmax(X, *kinds[0]), "masked_softmax")
        for queries in (tuple(lens.shape[1:]) for (lens,) in kinds):
            args = lambda n, queries=queries: (normal(rng, n, 3, 4, device=device), lengths(rng, 4, n, *queries, device=device))
            assert_vectorised(student.masked_softmax, args, what=f"masked_softmax with lengths {'(n, q)' if queries else '(n,)'}")
        args = lambda q: (normal(rng, 2, q, 4, device=device), lengths(rng, 4, 2, device=device))
        assert_vectorised(student.masked_softmax, args, what="masked_softmax with more queries")

    @criterion("keeps float64, and takes numbers in any memory order", hint="the result has the dtype of X, in full precision; reshape instead of view")
    def test_dtype(self, student, rng, device):
        X, lens = normal(rng, 3, 2, 5, device=device, dtype=torch.float64), torch.tensor([5, 4, 5], device=device)
        for given in self.given(student, X, None, lens):
            result = student.masked_softmax(X.clone(), *given)
            assert_dtype(result, torch.float64, "masked_softmax of float64")
            assert_alive(result, "masked_softmax")
            moved = student.masked_softmax(other_order(X), *given)
            assert_close(moved, result, what="masked_softmax of a non-contiguous X", rtol=1e-12, atol=1e-12)
        ratio = (result[..., 0] / result[..., 1]).log() if bool((result > 0)[..., :2].all()) else result[..., 0]
        scores = X[..., 0] - X[..., 1]
        # The precision of float64, whatever the weights are divided by.
        close = not torch.allclose(ratio, scores, atol=1e-3) or torch.allclose(ratio, scores, rtol=0, atol=1e-10)
        expect(close, "masked_softmax of float64 is only as precise as float32")

    @criterion("leaves X and the lengths unchanged", hint="X[~mask] = … writes into the caller's tensor, also through reshape; masked_fill makes a new one")
    def test_unchanged(self, student, rng, device):
        X = normal(rng, 3, 2, 4, device=device)
        for (lens,) in self.given(student, X, torch.tensor([2, 4, 1]), torch.tensor([[2, 3], [1, 4], [4, 2]])):
            given, passed = X.clone(), lens.clone()
            assert_alive(student.masked_softmax(given, passed), "masked_softmax")
            assert_unchanged(X, given, what="X")
            assert_unchanged(lens, passed, what="valid_lens")


# Layers ---------------------------------------------------------------------------------------------------------------


def built(student, name, args, options, inputs):
    """A module of the student's on the inputs' device, with the names and sizes of its parameters."""
    import torch

    net = getattr(student, name)(*args, **options)
    if not isinstance(net, torch.nn.Module):
        return {"module": False, "kind": type(net).__name__}
    net = net.to(inputs[0].device)
    if any(isinstance(p, torch.nn.parameter.UninitializedParameter) for p in net.parameters()):
        with torch.no_grad():
            net(*inputs)
    named = list(net.named_parameters())
    return {"module": True, "net": net, "names": [name for name, _ in named], "shapes": [list(p.shape) for _, p in named]}


def filled(student, net, tensors):
    import torch

    with torch.no_grad():
        for parameter, tensor in zip(net.parameters(), tensors):
            if tensor is None:
                parameter.zero_()
            else:
                parameter.copy_(tensor.reshape(parameter.shape))


def backward_pass(student, net, inputs, lens, upstream):
    """Which inputs and parameters get a gradient other than zero; None when the result carries no graph."""
    net.zero_grad()
    inputs = [X.clone().requires_grad_() for X in inputs]
    Y = net(*(X * 1 for X in inputs), *lens)
    if not Y.requires_grad:
        return None
    Y.backward(upstream.to(Y))
    return [t.grad is not None and bool(t.grad.isfinite().all()) and bool(t.grad.any()) for t in (*inputs, *net.parameters())]


class Layer:
    """What the three attention layers have in common. Each class says how one is made, and how its weights are called."""

    name: str
    weights: tuple[str, ...] = ()

    def sizes(self, case):
        """The arguments that a case (n, q, k, sizes …) stands for, and the sizes of query, key and value."""
        raise NotImplementedError

    def inputs(self, rng, case, device, dtype=torch.float32):
        n, q, k, *_ = case
        _, (of_query, of_key, of_value) = self.sizes(case)
        return [normal(rng, n, *shape, device=device, dtype=dtype) for shape in ((q, of_query), (k, of_key), (k, of_value))]

    def make(self, student, case, inputs, **options):
        """(module in evaluation mode, names and sizes of its parameters)."""
        args, _ = self.sizes(case)
        words = f"{self.name}({', '.join([*map(str, args), *(f'{key}={value}' for key, value in options.items())])})"
        seen = student.run(built, name=self.name, args=list(args), options=options, inputs=[X.detach() for X in inputs])
        expect(seen["module"] is True, f"{words} is a {seen.get('kind')}, an nn.Module was expected", "wrong type")
        net = seen["net"]
        net.eval()
        return net, list(zip(seen["names"], map(tuple, seen["shapes"]), strict=True)), words

    def wanted(self, rng, case, device):
        """Random weights (out, in) by role."""
        return {}

    def heads(self, case):
        return 1

    def with_weights(self, student, rng, case, inputs, biases=None, weights=None, **options):
        """A module that holds known weights; its other parameters, if it has any, are zero. Raises Finding where a weight has no place."""
        net, parameters, words = self.make(student, case, inputs, **options)
        weights = self.wanted(rng, case, inputs[0].device) if weights is None else weights
        if weights:
            student.run(filled, net=net, tensors=arranged(parameters, weights, biases or {}, self.heads(case), words))
        return net, weights

    def with_some_weights(self, student, rng, case, inputs, **options):
        """The same, or with the weights that it started from, where it has others than it should: that has a criterion of its own."""
        try:
            return self.with_weights(student, rng, case, inputs, **options)[0]
        except Finding as finding:
            if finding.reason != "missing":
                raise
        return self.make(student, case, inputs, **options)[0]

    # What holds for each of them, whatever its scores are.

    @staticmethod
    def taken_lengths(net, inputs, *kinds):
        """What may follow the inputs: nothing, and those lengths that the module takes; that it should has a criterion of its own."""
        return [(), *((lens,) for lens in kinds if taken(net, *inputs, lens))]

    def check_masks(self, student, rng, device, case):
        n, q, k, *_ = case
        inputs = self.inputs(rng, case, device)
        net = self.with_some_weights(student, rng, case, inputs)
        queries, keys, values = inputs
        lens = lengths(rng, k, n, device=device)
        results = run(net, queries, keys, values, lens)
        assert_alive(results, self.name)
        for i, length in enumerate(lens.tolist()):
            alone = run(net, queries[i : i + 1], keys[i : i + 1, :length], values[i : i + 1, :length])
            self.agree(results[i : i + 1], alone, f"with lengths (n,), the result for a sequence of {length} valid keys out of {k}")
        lens = lengths(rng, k, n, q, device=device)
        results = run(net, queries, keys, values, lens)
        for i, row in enumerate(lens.tolist()):
            for j, length in enumerate(row):
                alone = run(net, queries[i : i + 1, j : j + 1], keys[i : i + 1, :length], values[i : i + 1, :length])
                self.agree(results[i : i + 1, j : j + 1], alone, f"with lengths (n, q), the result for a query with {length} valid keys out of {k}")
        empty = run(net, queries, keys, values, torch.zeros(n, dtype=torch.int64, device=device))
        assert_close(empty, torch.zeros_like(empty), what="the result with lengths 0", **ROUNDING, check_dtype=False)

    @staticmethod
    def agree(mine, alone, what):
        expect(isinstance(alone, torch.Tensor), "the result is not a tensor", "wrong type")
        expect(same(mine, alone), f"{what} is not that for the valid keys alone")

    def check_kept_weights(self, student, rng, device, case):
        n, q, k, *_ = case
        inputs = self.inputs(rng, case, device)
        net = self.with_some_weights(student, rng, case, inputs)
        net(*(2 * X for X in inputs))
        before = self.kept(net, (n, q, k), "attention_weights")
        result = run(net, *inputs)
        assert_alive(result, self.name)
        kept = self.kept(net, (n, q, k), "attention_weights")
        expect(not same(kept, before), "attention_weights are still those of an earlier call")
        sums = kept.sum(-1)
        expect(bool(torch.allclose(sums, torch.ones_like(sums), atol=1e-3)), "the attention_weights of a query do not add up to 1")
        expect(same(result, kept.to(inputs[2]) @ inputs[2]), "attention_weights times the values is not the result of the last call")
        net = self.with_some_weights(student, rng, case, inputs, dropout=0.5)
        net.train()
        run(net, *inputs)
        kept = self.kept(net, (n, q, k), "attention_weights after a call in training")
        sums = kept.sum(-1)
        expect(bool(torch.allclose(sums, torch.ones_like(sums), atol=1e-3)), "attention_weights are those after the dropout, expected are those before")

    @staticmethod
    def kept(net, shape, what):
        weights = net.attention_weights
        expect(isinstance(weights, torch.Tensor), "attention_weights is not a tensor", "wrong type")
        assert_shape(weights, shape, what=what)
        return weights.detach()

    def check_dropout(self, student, rng, device, case):
        n, q, k, *_ = case
        inputs = self.inputs(rng, case, device)[:2]
        # Values that show each weight twice: what drops weights, drops both.
        eye = torch.eye(k, device=device)
        inputs.append(torch.cat([eye, eye], 1).expand(n, k, 2 * k).contiguous())
        for rate in (0.5, 0.2):
            net = self.with_some_weights(student, rng, case, inputs, dropout=rate)
            whole = run(net, *inputs)
            assert_shape(whole, (n, q, 2 * k), what=f"the result of {self.name}")
            assert_alive(whole, self.name)
            expect(same(run(net, *inputs), whole), f"{self.name}(dropout={rate}) gives another result at each call in evaluation mode: dropout is still on")
            expect(not bool((whole == 0).any()), f"{self.name}(dropout={rate}) drops something in evaluation mode")
            net.train()
            first, second = run(net, *inputs).detach(), run(net, *inputs).detach()
            self.assert_dropped(first, whole.detach(), k, rate)
            expect(not torch.equal(first, second), f"{self.name}(dropout={rate}) drops the same weights at each call in training mode")
        net = self.with_some_weights(student, rng, case, inputs)
        whole = run(net, *inputs)
        net.train()
        expect(same(run(net, *inputs), whole), f"{self.name} without dropout gives another result in training than in evaluation mode")

    def assert_dropped(self, result, whole, k, rate):
        assert_shape(result, whole.shape, what=f"the result of {self.name}(dropout={rate}) in training mode")
        gone = result == 0
        share = float(gone.float().mean())
        expect(share > 0, f"{self.name}(dropout={rate}) drops nothing in training mode")
        expect(torch.equal(gone[..., :k], gone[..., k:]), f"{self.name}(dropout={rate}) drops entries of the result, expected is that it drops weights")
        rest = torch.where(gone, 0.0, whole / (1 - rate))
        expect(same(result, rest), f"{self.name}(dropout={rate}): what is not dropped should be divided by 1 - {rate}, as nn.Dropout does it")
        expect(abs(share - rate) < 0.2, f"{self.name}(dropout={rate}) drops {share:.0%} of the weights in training mode")

    def check_gradients(self, student, rng, device, small, case):
        inputs = self.inputs(rng, small, device, torch.float64)
        net = self.with_some_weights(student, rng, small, [X.float() for X in inputs])
        net.double()
        for lens in self.taken_lengths(net, inputs, torch.tensor([small[2] - 1], device=device)):
            assert_gradients(lambda *X, lens=lens: net(*X, *lens), *(X.clone().requires_grad_() for X in inputs), what=f"the result of {self.name}")
        inputs = self.inputs(rng, case, device)
        net, parameters, _ = self.make(student, case, inputs)
        n, _, k, *_ = case
        Y = run(net, *inputs)
        expect(isinstance(Y, torch.Tensor), f"the result of {self.name} is not a tensor", "wrong type")
        *_, lens = self.taken_lengths(net, inputs, lengths(rng, k, n, low=2, device=device))
        reached = student.run(backward_pass, net=net, inputs=inputs, lens=list(lens), upstream=normal(rng, *Y.shape, device=device))
        expect(isinstance(reached, list), f"the result of {self.name} carries no graph: was it detached?", "no gradient")
        # A bias too many, which a softmax may not even see, has a criterion of its own.
        names = ["queries", "keys", "values", *(f"its parameter {name} {shape}" if len(shape) > 1 else "" for name, shape in parameters)]
        for which, yes in zip(names, reached, strict=True):
            expect(yes is True or not which, f"no gradient comes back from the result of {self.name} to {which}", "no gradient")
        expect(
            len(parameters) >= len(self.weights), f"{self.name} has {len(parameters)} parameters that can learn, {len(self.weights)} were expected", "missing"
        )

    def check_vectorised(self, student, rng, device, case):
        inputs = self.inputs(rng, case, device)
        net, _, _ = self.make(student, case, inputs)
        assert_alive(run(net, *inputs), self.name)

        def arguments(n, *queries):
            return (*self.inputs(rng, (n, *case[1:]), device), *(lengths(rng, case[2], n, *more, device=device) for more in queries))

        assert_vectorised(net, arguments, what=f"{self.name} without lengths")
        for words, more in (("(n,)", ()), ("(n, q)", case[1:2])):
            if taken(net, *arguments(case[0], more)):
                assert_vectorised(net, lambda n, more=more: arguments(n, more), what=f"{self.name} with lengths {words}")

    def check_dtype(self, student, rng, device, case):
        inputs = self.inputs(rng, case, device)
        net = self.with_some_weights(student, rng, case, inputs)
        *_, lens = self.taken_lengths(net, inputs, torch.tensor([2] * (case[0] - 1) + [case[2]], device=device))
        result = run(net, *inputs, *lens)
        assert_alive(result, self.name)
        moved = net(*map(other_order, inputs), *lens)
        expect(same(moved, result), f"{self.name} gives another result for the same numbers in another memory order")
        net.double()
        wide = net(*(X.double() for X in inputs), *lens)
        assert_dtype(wide, torch.float64, f"the result of {self.name} for float64 inputs and weights")
        expect(same(wide, result), f"{self.name} gives another result in float64")

    def check_unchanged(self, student, rng, device, case):
        n, q, k, *_ = case
        inputs = self.inputs(rng, case, device)
        net, _, _ = self.make(student, case, inputs)
        for lens in self.taken_lengths(net, inputs, lengths(rng, k, n, device=device), lengths(rng, k, n, q, device=device)):
            given, passed = [X.clone() for X in inputs], [X.clone() for X in lens]
            assert_alive(net(*given, *passed), self.name)
            for name, before, after in zip(("queries", "keys", "values", "valid_lens"), (*inputs, *lens), (*given, *passed), strict=False):
                assert_unchanged(before, after, what=name)


def arranged(parameters, weights, biases, heads, words):
    """What goes into each parameter: the weight (out, in) with its sizes, whichever way round, or its part for one head; its bias; or None.

    parameters: (name, shape) in order. Raises Finding where a weight finds no place.
    """
    places = {}  # of a parameter: (role, part)
    for role, weight in weights.items():
        for piece, place in enumerate(places_of(parameters, places, tuple(weight.shape), heads)):
            places[place] = (role, piece)
        has = ", ".join(f"{name} {shape}" for name, shape in parameters) or "none"
        missing = f"{words} has no parameter for {role}, {tuple(weight.shape)}: is the layer registered, and are its sizes right? Its parameters: {has}"
        expect(any(found == role for found, _ in places.values()), missing, "missing")
    tensors, last = [], None
    for index, (name, shape) in enumerate(parameters):
        if index in places:
            last, (role, number) = index, places[index]
            whole = weights[role]
            columns = whole.shape[1]
            pieces = whole.chunk(math.prod(whole.shape) // math.prod(shape))
            piece = pieces[number]
            tensors.append(piece.T.contiguous() if shape == (columns, len(piece)) and shape != tuple(piece.shape) else piece)
            continue
        prefix = name.rpartition(".")[0]
        owner = next((i for i in places if prefix and parameters[i][0].rpartition(".")[0] == prefix), last)
        role, number = places.get(owner, (None, 0))
        bias = biases.get(role)
        fits = bias is not None and len(shape) == 1 and len(bias) % shape[0] == 0
        tensors.append(bias.chunk(len(bias) // shape[0])[number] if fits else None)
    return tensors


def places_of(parameters, taken, size, heads):
    """Where a weight (out, in) goes: one parameter of its sizes, or one for each head."""
    out, into = size
    free = [(i, shape) for i, (_, shape) in enumerate(parameters) if i not in taken]
    forms = [(out, into), (into, out), *([(into,)] if out == 1 else [])]
    for form in forms:
        for i, shape in free:
            if shape == form:
                return [i]
    for form in ((out // heads, into), (into, out // heads)):
        found = [i for i, shape in free if shape == form]
        if heads > 1 and found and len(found) % heads == 0:
            return found[:heads]
    return []


# Scores ---------------------------------------------------------------------------------------------------------------


def dot_product_weights(queries, keys, valid_lens=None, scale=None):
    scores = queries @ keys.transpose(1, 2) / math.sqrt(queries.shape[-1] if scale is None else scale)
    return reference.masked_softmax(scores, valid_lens)


def dot_product_slips(queries, keys, values):
    q, k, d, v = queries.shape[1], keys.shape[1], queries.shape[2], values.shape[2]
    return {
        "the scores are not divided by the root of d": lambda: dot_product_weights(queries, keys, scale=1) @ values,
        "the scores are divided by d and not by its root": lambda: dot_product_weights(queries, keys, scale=d**2) @ values,
        "the scores are divided by the root of the size of the values": lambda: dot_product_weights(queries, keys, scale=v) @ values,
        "the scores are divided by the root of the number of keys": lambda: dot_product_weights(queries, keys, scale=k) @ values,
        "the scores are divided by the root of the number of queries": lambda: dot_product_weights(queries, keys, scale=q) @ values,
        "the softmax runs over the queries; it should run over the keys": lambda: torch.softmax(queries @ keys.transpose(1, 2) / math.sqrt(d), 1) @ values,
    }


@exercise("DotProductAttention", forbid=["attention"], parts=[MASKED_SOFTMAX])
class TestDotProductAttention(Layer):
    name = "DotProductAttention"

    def sizes(self, case):
        _, _, _, d, v = case
        return (), (d, d, v)

    @criterion(
        "equals the formula: the softmax of the scores over the root of d, times the values",
        weight=4,
        hint="queries @ keys.transpose(1, 2) / math.sqrt(d), with d the size of the queries",
    )
    def test_values(self, student, rng, device):
        for case in [(2, 3, 5, 4, 6), (1, 1, 3, 7, 2), (4, 6, 2, 3, 5), (3, 4, 4, 4, 4), (2, 5, 3, 1, 1)]:
            queries, keys, values = inputs = self.inputs(rng, case, device)
            net, _, _ = self.make(student, case, inputs)
            right = dot_product_weights(queries, keys) @ values
            what = f"the result for queries {tuple(queries.shape)}, keys {tuple(keys.shape)}, values {tuple(values.shape)}"
            assert_right(net(*(X.clone() for X in inputs)), right, what, dot_product_slips(*inputs))

    @criterion("sees the valid keys only, for lengths (n,) and (n, q)", weight=2, hint="hand valid_lens on to masked_softmax; the result for length 0 is zero")
    def test_masks(self, student, rng, device):
        self.check_masks(student, rng, device, (3, 2, 5, 4, 3))

    @criterion(
        "keeps the weights of the last call, before dropout, in attention_weights",
        weight=2,
        hint="self.attention_weights = masked_softmax(…), and dropout only where they meet the values",
    )
    def test_kept_weights(self, student, rng, device):
        self.check_kept_weights(student, rng, device, (3, 4, 5, 2, 3))

    @criterion(
        "drops weights in training, nothing in evaluation",
        weight=2,
        hint="self.dropout = nn.Dropout(dropout) in __init__; self.dropout(self.attention_weights) @ values in forward",
    )
    def test_dropout(self, student, rng, device):
        self.check_dropout(student, rng, device, (4, 6, 10, 3, 2))

    @criterion("gradients are right for queries, keys and values", weight=2, hint="no .detach() on the way from the inputs to the result")
    def test_gradients(self, student, rng, device):
        self.check_gradients(student, rng, device, (1, 2, 2, 2, 1), (3, 2, 4, 3, 5))

    @criterion("works on the whole batch at once", hint="@ multiplies the matrices of the whole batch")
    def test_vectorised(self, student, rng, device):
        self.check_vectorised(student, rng, device, (3, 2, 5, 4, 3))

    @criterion("keeps the dtype, and takes numbers in any memory order", hint="make no tensor with a dtype of its own; reshape instead of view")
    def test_dtype(self, student, rng, device):
        self.check_dtype(student, rng, device, (3, 2, 5, 4, 3))

    @criterion("leaves its inputs unchanged", hint="operations that end in _ and /= write into the caller's tensors")
    def test_unchanged(self, student, rng, device):
        self.check_unchanged(student, rng, device, (3, 2, 5, 4, 3))


def additive(queries, keys, values, weights, squash=torch.tanh, dim=-1, scale=1.0):
    features = squash((queries @ weights["W_q"].T)[:, :, None] + (keys @ weights["W_k"].T)[:, None])
    return torch.softmax((features @ weights["w_v"].T).squeeze(-1) * scale, dim) @ values


def additive_slips(*case):
    h = case[3]["w_v"].shape[1]
    return {
        "there is no tanh around the sum": lambda: additive(*case, squash=lambda X: X),
        "a ReLU stands where the tanh should be": lambda: additive(*case, squash=torch.relu),
        "a sigmoid stands where the tanh should be": lambda: additive(*case, squash=torch.sigmoid),
        "the softmax runs over the queries; it should run over the keys": lambda: additive(*case, dim=1),
        "the scores are divided by a root: additive attention is not scaled": lambda: additive(*case, scale=h**-0.5),
    }


@exercise("AdditiveAttention", forbid=["attention"], parts=[MASKED_SOFTMAX])
class TestAdditiveAttention(Layer):
    name, weights = "AdditiveAttention", ("W_q", "W_k", "w_v")
    cases = [(2, 3, 5, 4, 6, 7, 2), (1, 1, 4, 3, 5, 2, 6), (4, 6, 2, 5, 2, 3, 1), (3, 4, 4, 2, 3, 5, 4)]

    def sizes(self, case):
        _, _, _, of_query, of_key, h, v = case
        return (of_query, of_key, h), (of_query, of_key, v)

    def wanted(self, rng, case, device):
        (of_query, of_key, h), _ = self.sizes(case)
        shapes = {"W_q": (h, of_query), "W_k": (h, of_key), "w_v": (1, h)}
        return {role: normal(rng, *shape, device=device, scale=2 / shape[1] ** 0.5) for role, shape in shapes.items()}

    @criterion(
        "has three weights of the sizes in the text, and no biases",
        weight=2,
        hint="nn.Linear(query_size, num_hiddens, bias=False), likewise for the keys, and nn.Linear(num_hiddens, 1, bias=False)",
    )
    def test_sizes(self, student, rng, device):
        for case in self.cases[:3]:
            inputs = self.inputs(rng, case, device)
            _, parameters, words = self.make(student, case, inputs)
            arranged(parameters, self.wanted(rng, case, device), {}, 1, words)
            extra = len(parameters) - 3
            expect(extra <= 0, f"{words} has {extra} parameters too many: {[name for name, _ in parameters]}; are there biases?", "wrong shape")

    @criterion("equals the formula", weight=4, hint="tanh of (n, q, 1, h) + (n, 1, k, h), times w_v, softmax over the keys, times the values")
    def test_values(self, student, rng, device):
        for case in self.cases:
            inputs = self.inputs(rng, case, device)
            net, weights = self.with_weights(student, rng, case, inputs)
            n, q, k, *_ = case
            what = f"the result for {n} sequences, {q} queries, {k} keys"
            assert_right(net(*(X.clone() for X in inputs)), additive(*inputs, weights), what, additive_slips(*inputs, weights))

    @criterion("sees the valid keys only, for lengths (n,) and (n, q)", weight=2, hint="hand valid_lens on to masked_softmax; the result for length 0 is zero")
    def test_masks(self, student, rng, device):
        self.check_masks(student, rng, device, (3, 2, 5, 4, 4, 6, 2))

    @criterion(
        "keeps the weights of the last call, before dropout, in attention_weights",
        weight=2,
        hint="self.attention_weights = masked_softmax(…), and dropout only where they meet the values",
    )
    def test_kept_weights(self, student, rng, device):
        self.check_kept_weights(student, rng, device, (3, 4, 5, 3, 3, 6, 4))

    @criterion(
        "drops weights in training, nothing in evaluation",
        weight=2,
        hint="self.dropout = nn.Dropout(dropout) in __init__; self.dropout(self.attention_weights) @ values in forward",
    )
    def test_dropout(self, student, rng, device):
        self.check_dropout(student, rng, device, (4, 6, 10, 3, 3, 5, 2))

    @criterion(
        "gradients are right, and reach inputs and all three weights",
        weight=2,
        hint="no .detach() on the way, and layers that are called, not their .weight.data",
    )
    def test_gradients(self, student, rng, device):
        self.check_gradients(student, rng, device, (1, 2, 2, 3, 3, 4, 1), (3, 2, 4, 3, 3, 5, 6))

    @criterion("works on the whole batch at once", hint="a dimension of size 1 in both, and the sum broadcasts; no loop over the samples")
    def test_vectorised(self, student, rng, device):
        self.check_vectorised(student, rng, device, (3, 2, 5, 4, 4, 6, 2))

    @criterion("keeps the dtype, and takes numbers in any memory order", hint="make no tensor with a dtype of its own; reshape instead of view")
    def test_dtype(self, student, rng, device):
        self.check_dtype(student, rng, device, (3, 2, 5, 4, 4, 6, 2))

    @criterion("leaves its inputs unchanged", hint="operations that end in _ and += write into the caller's tensors")
    def test_unchanged(self, student, rng, device):
        self.check_unchanged(student, rng, device, (3, 2, 5, 4, 4, 6, 2))


# A step of a decoder --------------------------------------------------------------------------------------------------


def an_attention(student, attend):
    """A module like those of the notebook; what it does is asked for elsewhere."""
    import torch

    class Attention(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.attention_weights = torch.zeros(1, 1, 1)

        def forward(self, queries, keys, values, valid_lens=None):
            result, self.attention_weights = attend(queries, keys, values, valid_lens)
            return result

    return Attention()


class Attend:
    """Dot-product attention that remembers what it was asked."""

    def __init__(self):
        self.calls = []

    def __call__(self, queries, keys, values, valid_lens=None):
        shapes = [tuple(X.shape) if isinstance(X, torch.Tensor) else type(X).__name__ for X in (queries, keys, values)]
        fits = all(isinstance(X, torch.Tensor) and X.ndim == 3 for X in (queries, keys, values))
        fits = fits and len(queries) == len(keys) == len(values) and keys.shape[1] == values.shape[1] and queries.shape[2] == keys.shape[2]
        words = f"attention was called with queries {shapes[0]}, keys {shapes[1]} and values {shapes[2]}; it wants (n, q, h), (n, T, h) and (n, T, h)"
        expect(fits, words, "wrong shape")
        self.calls.append([X if X is None else X.detach().clone() for X in (queries, keys, values, valid_lens)])
        weights = dot_product_weights(queries, keys, valid_lens)
        return weights @ values, weights


@exercise("bahdanau_step")
class TestBahdanauStep:
    sizes = [(2, 3, 5), (1, 4, 3), (4, 1, 2), (3, 3, 3)]

    def step(self, student, query, enc_outputs, lens=None):
        attend = Attend()
        result = student.bahdanau_step(student.run(an_attention, attend=attend), query, enc_outputs, lens)
        pair = isinstance(result, list | tuple) and len(result) == 2
        expect(pair, "bahdanau_step should return two things, (context, weights)", "wrong type")
        expect(bool(attend.calls), "bahdanau_step never calls the attention that it is given")
        return result, attend.calls[-1]

    @staticmethod
    def case(rng, n, T, h, device, dtype=torch.float32):
        """The states of the encoder lie in memory step by step, as a recurrent network gives them."""
        return normal(rng, n, h, device=device, dtype=dtype), normal(rng, T, n, h, device=device, dtype=dtype).transpose(0, 1)

    @criterion(
        "the context is the attention's result for one query a sentence, of shape (n, h)",
        weight=3,
        hint="attention(query.unsqueeze(1), enc_outputs, enc_outputs, enc_valid_lens).squeeze(1)",
    )
    def test_context(self, student, rng, device):
        for n, T, h in self.sizes:
            query, enc_outputs = self.case(rng, n, T, h, device)
            (context, _), _ = self.step(student, query.clone(), enc_outputs.clone())
            right = (dot_product_weights(query[:, None], enc_outputs) @ enc_outputs)[:, 0]
            slips = {"it is the last state of the encoder": lambda enc=enc_outputs: enc[:, -1], "it is the query": lambda query=query: query}
            assert_right(context, right, f"the context for {n} sentences of {T} states of size {h}", slips)

    @criterion("the weights are those of this step, of shape (n, T)", weight=2, hint="attention.attention_weights after the call, squeeze(1)")
    def test_weights(self, student, rng, device):
        for n, T, h in self.sizes:
            attention = student.run(an_attention, attend=Attend())
            for turn in ("a", "the next"):
                query, enc_outputs = self.case(rng, n, T, h, device)
                result = student.bahdanau_step(attention, query, enc_outputs, None)
                pair = isinstance(result, list | tuple) and len(result) == 2
                expect(pair, "bahdanau_step should return two things, (context, weights)", "wrong type")
                right = dot_product_weights(query[:, None], enc_outputs)[:, 0]
                assert_right(result[1], right, f"the weights of {turn} step for {n} sentences of {T} states")

    @criterion("keys and values are the encoder's states, the query is the decoder's", weight=2, hint="the order is queries, keys, values")
    def test_arguments(self, student, rng, device):
        for n, T, h in self.sizes:
            query, enc_outputs = self.case(rng, n, T, h, device)
            _, (queries, keys, values, _) = self.step(student, query.clone(), enc_outputs.clone())
            assert_close(queries, query[:, None], what="the queries that attention was called with", check_dtype=False)
            assert_close(keys, enc_outputs, what="the keys that attention was called with", check_dtype=False)
            assert_close(values, enc_outputs, what="the values that attention was called with", check_dtype=False)

    @criterion("hands the valid lengths on, None as well", weight=2, hint="enc_valid_lens is the fourth argument of attention")
    def test_lengths(self, student, rng, device):
        query, enc_outputs = self.case(rng, 3, 5, 2, device)
        for lens in (torch.tensor([2, 5, 1], device=device), torch.tensor([4, 4, 3], device=device)):
            _, (*_, passed) = self.step(student, query.clone(), enc_outputs.clone(), lens.clone())
            expect(isinstance(passed, torch.Tensor), "the attention was called without the valid lengths")
            assert_close(passed.reshape(-1), lens, what="the valid lengths that attention was called with", check_dtype=False)
        _, (*_, passed) = self.step(student, query.clone(), enc_outputs.clone(), None)
        expect(passed is None, "the attention was called with valid lengths where None was given")

    @criterion("gradients flow back from the context to query and states", hint="no detach, no .data, no torch.no_grad()")
    def test_gradients(self, student, rng, device):
        query, enc_outputs = (X.requires_grad_() for X in self.case(rng, 2, 3, 2, device, torch.float64))
        attention = student.run(an_attention, attend=Attend())
        assert_gradients(lambda *X: student.bahdanau_step(attention, *X, None)[0], query, enc_outputs, what="the context")

    @criterion("keeps the dtype, and leaves query and states unchanged", hint="unsqueeze makes a new view; unsqueeze_ changes the caller's tensor")
    def test_unchanged(self, student, rng, device):
        query, enc_outputs = self.case(rng, 3, 4, 2, device, torch.float64)
        given = query.clone(), enc_outputs.clone()
        (context, weights), _ = self.step(student, *given)
        assert_alive(context, "the context")
        assert_dtype(context, torch.float64, "the context for float64")
        assert_dtype(weights, torch.float64, "the weights for float64")
        assert_unchanged(query, given[0], what="query")
        assert_unchanged(enc_outputs, given[1], what="enc_outputs")


# Many heads -----------------------------------------------------------------------------------------------------------


def in_heads(X, num_heads):
    """The heads of each sequence, one after the other, each (T, p)."""
    return torch.stack([head for sequence in X for head in sequence.chunk(num_heads, -1)])


def out_of_heads(X, num_heads):
    return torch.stack([torch.cat(list(heads), -1) for heads in X.split(num_heads)])


class Rearrangement:
    """What transpose_qkv and transpose_output have in common: numbers move, and nothing else happens to them."""

    name: str
    # n, T, p, heads
    sizes = [(2, 3, 5, 4), (1, 4, 2, 3), (3, 1, 4, 2), (5, 2, 1, 6), (3, 4, 3, 3)]

    def case(self, rng, n, T, p, heads, device, dtype=torch.float32):
        raise NotImplementedError

    def right(self, X, heads):
        raise NotImplementedError

    def call(self, student, X, heads):
        return getattr(student, self.name)(X, heads)

    def slips(self, X, heads):
        return {}

    def check_values(self, student, rng, device, sizes):
        for n, T, p, heads in sizes:
            X = self.case(rng, n, T, p, heads, device)
            what = f"{self.name}(X, {heads}) for X {tuple(X.shape)}"
            assert_right(self.call(student, X.clone(), heads), self.right(X, heads), what, self.slips(X, heads), rtol=0.0, atol=0.0)

    def check_gradients(self, student, rng, device):
        X = self.case(rng, 2, 2, 2, 2, device, torch.float64)
        assert_gradients(lambda X: self.call(student, X, 2), X.requires_grad_(), what=f"{self.name}(X)")

    def check_vectorised(self, student, rng, device):
        X = self.case(rng, 2, 3, 2, 4, device)
        result = self.call(student, X, 4)
        assert_shape(result, self.right(X, 4).shape, what=f"the result of {self.name}")
        assert_alive(result, self.name)
        assert_vectorised(getattr(student, self.name), lambda n: (self.case(rng, n, 3, 2, 4, device), 4), what=self.name)

    def check_dtype(self, student, rng, device):
        X = self.case(rng, 3, 2, 3, 4, device)
        result = self.call(student, X.clone(), 4)
        assert_alive(result, self.name)
        strided = other_order(X)
        again = self.call(student, strided, 4)
        assert_close(again, result, what=f"{self.name} of a non-contiguous X")
        for dtype in (torch.float64, torch.int64):
            wide = self.call(student, (10 * X).to(dtype), 4)
            assert_dtype(wide, dtype, f"{self.name} of {str(dtype)[6:]}")
        given = X.clone()
        self.call(student, given, 4)
        assert_unchanged(X, given, what="X")


@exercise("transpose_qkv")
class TestTransposeQkv(Rearrangement):
    name = "transpose_qkv"

    def case(self, rng, n, T, p, heads, device, dtype=torch.float32):
        return normal(rng, n, T, heads * p, device=device, dtype=dtype)

    def right(self, X, heads):
        return in_heads(X, heads)

    def slips(self, X, heads):
        n, T, h = X.shape
        cut = X.reshape(n, T, heads, h // heads)
        return {
            "the numbers are only reshaped and never moved: head 0 gets whole steps": lambda: X.reshape(n * heads, T, h // heads),
            "the first heads of all sequences stand together; the heads of one sequence should": lambda: cut.permute(2, 0, 1, 3).flatten(0, 1),
            "each head gets every H-th number; it should get neighbours": lambda: X.reshape(n, T, -1, heads).permute(0, 3, 1, 2).flatten(0, 1),
        }

    @criterion("each head gets its share of every step", weight=3, hint="(n, T, H, p) first, then exchange T and H, then join n and H")
    def test_one_sequence(self, student, rng, device):
        self.check_values(student, rng, device, [(1, 4, 2, 3), (1, 1, 5, 2), (1, 3, 1, 4), (1, 5, 3, 1)])

    @criterion("the heads of a sequence stand together in the batch", weight=3, hint="(n, H, T, p).flatten(0, 1): n in front of H")
    def test_batch(self, student, rng, device):
        self.check_values(student, rng, device, self.sizes)

    @criterion("gradients go where their numbers came from", hint="no .detach() and no new tensor")
    def test_gradients(self, student, rng, device):
        self.check_gradients(student, rng, device)

    @criterion("works on the whole batch at once", hint="reshape and transpose; no loop over the sequences")
    def test_vectorised(self, student, rng, device):
        self.check_vectorised(student, rng, device)

    @criterion("keeps the dtype, takes X in any memory order and leaves it unchanged", hint="reshape instead of view, no transpose_")
    def test_dtype(self, student, rng, device):
        self.check_dtype(student, rng, device)


@exercise("transpose_output")
class TestTransposeOutput(Rearrangement):
    name = "transpose_output"

    def case(self, rng, n, T, p, heads, device, dtype=torch.float32):
        return normal(rng, n * heads, T, p, device=device, dtype=dtype)

    def right(self, X, heads):
        return out_of_heads(X, heads)

    def slips(self, X, heads):
        N, T, p = X.shape
        n = N // heads
        return {
            "the numbers are only reshaped and never moved": lambda: X.reshape(n, T, heads * p),
            "the batch is cut as (H, n); it should be cut as (n, H)": lambda: X.reshape(heads, n, T, p).permute(1, 2, 0, 3).flatten(2),
            "the numbers of the heads alternate; they should stand head by head": lambda: X.reshape(n, heads, T, p).permute(0, 2, 3, 1).flatten(2),
        }

    @criterion("each step gets the results of its heads side by side", weight=3, hint="(n, H, T, p): exchange H and T, then join H and p")
    def test_one_sequence(self, student, rng, device):
        self.check_values(student, rng, device, [(1, 4, 2, 3), (1, 1, 5, 2), (1, 3, 1, 4), (1, 5, 3, 1)])

    @criterion("takes the heads of a sequence from neighbouring rows of the batch", weight=3, hint="the first cut is (n, H), that is (-1, num_heads, …)")
    def test_batch(self, student, rng, device):
        self.check_values(student, rng, device, self.sizes)

    @criterion("gradients go where their numbers came from", hint="no .detach() and no new tensor")
    def test_gradients(self, student, rng, device):
        self.check_gradients(student, rng, device)

    @criterion("works on the whole batch at once", hint="reshape and transpose; no loop over the sequences")
    def test_vectorised(self, student, rng, device):
        self.check_vectorised(student, rng, device)

    @criterion("keeps the dtype, takes X in any memory order and leaves it unchanged", hint="reshape instead of view, no transpose_")
    def test_dtype(self, student, rng, device):
        self.check_dtype(student, rng, device)


def loop_over_heads(queries, keys, values, weights, heads, biases=None, scale=None, mixed=True, torn=False):
    """Multi-head attention, one head after the other. torn: rows are cut into heads by reshape alone."""
    biases = biases or {}
    Q, K, V = (X @ weights[role].T + biases.get(role, torch.zeros(()).to(X)) for X, role in ((queries, "W_q"), (keys, "W_k"), (values, "W_v")))
    cut = (lambda X: X.reshape(len(X), heads, X.shape[1], -1).unbind(1)) if torn else (lambda X: X.chunk(heads, -1))
    results = [dot_product_weights(q, k, scale=scale) @ v for q, k, v in zip(cut(Q), cut(K), cut(V), strict=True)]
    together = torch.stack(results, 1).reshape(Q.shape) if torn else torch.cat(results, -1)
    return together @ weights["W_o"].T + biases.get("W_o", torch.zeros(()).to(together)) if mixed else together


def heads_slips(queries, keys, values, weights, heads):
    case, h = (queries, keys, values, weights), len(weights["W_q"])
    slips = {
        "the scores are divided by the root of num_hiddens; each head has size num_hiddens / num_heads": lambda: loop_over_heads(*case, heads, scale=h),
        "the scores are not divided by a root": lambda: loop_over_heads(*case, heads, scale=1),
        "the last linear layer, W_o, is left out": lambda: loop_over_heads(*case, heads, mixed=False),
        "heads are cut by reshape alone, without exchanging dimensions: they mix steps": lambda: loop_over_heads(*case, heads, torn=True),
    }
    if heads > 1:
        slips["there is only one head"] = lambda: loop_over_heads(*case, 1)
    return slips


@exercise("MultiHeadAttention", forbid=["attention"], parts=[TRANSPOSE_QKV, TRANSPOSE_OUTPUT, ATTENTION])
class TestMultiHeadAttention(Layer):
    name, weights = "MultiHeadAttention", ("W_q", "W_k", "W_v", "W_o")
    # n, q, k, sizes of query, key and value, hiddens, heads
    cases = [(2, 3, 5, 4, 7, 5, 6, 2), (1, 1, 4, 3, 5, 7, 8, 4), (3, 6, 2, 5, 3, 4, 9, 3), (4, 4, 4, 2, 3, 5, 4, 1)]

    def sizes(self, case):
        *_, of_query, of_key, of_value, h, heads = case
        return (of_query, of_key, of_value, h, heads), (of_query, of_key, of_value)

    def heads(self, case):
        return case[-1]

    def wanted(self, rng, case, device):
        (of_query, of_key, of_value, h, _), _ = self.sizes(case)
        shapes = {"W_q": (h, of_query), "W_k": (h, of_key), "W_v": (h, of_value), "W_o": (h, h)}
        weights = {role: normal(rng, *shape, device=device, scale=1.5 / shape[1] ** 0.5) for role, shape in shapes.items()}
        weights["W_o"] = (weights["W_o"] + weights["W_o"].T) / 2  # the same whichever way round it is multiplied
        return weights

    @criterion(
        "has four weight matrices of the sizes in the text",
        weight=2,
        hint="nn.Linear(query_size, num_hiddens), likewise for keys and values, and nn.Linear(num_hiddens, num_hiddens)",
    )
    def test_sizes(self, student, rng, device):
        for case in self.cases:
            inputs = self.inputs(rng, case, device)
            _, parameters, words = self.make(student, case, inputs)
            weights = self.wanted(rng, case, device)
            arranged(parameters, weights, {}, case[-1], words)
            count = sum(math.prod(shape) for _, shape in parameters if len(shape) > 1)
            right = sum(weight.numel() for weight in weights.values())
            expect(count == right, f"{words} has {count} weights, expected {right}", "wrong shape")

    @criterion(
        "equals the loop over heads",
        weight=5,
        hint="project, transpose_qkv, DotProductAttention once for all heads, transpose_output, W_o",
    )
    def test_values(self, student, rng, device):
        for case in self.cases:
            inputs = self.inputs(rng, case, device)
            net, weights = self.with_weights(student, rng, case, inputs)
            n, q, k, *_, h, heads = case
            what = f"the result for {n} sequences, {q} queries, {k} keys, num_hiddens={h}, num_heads={heads}"
            right = loop_over_heads(*inputs, weights, heads)
            assert_right(net(*(X.clone() for X in inputs)), right, what, heads_slips(*inputs, weights, heads))

    @criterion("bias=True gives all four layers a bias, the default none", hint="nn.Linear(…, bias=bias) for all four")
    def test_bias(self, student, rng, device):
        for case in self.cases[:2]:
            inputs, h = self.inputs(rng, case, device), case[-2]
            for options, count in (({}, 0), ({"bias": False}, 0), ({"bias": True}, 4 * h)):
                _, parameters, words = self.make(student, case, inputs, **options)
                found = sum(math.prod(shape) for _, shape in parameters if len(shape) == 1)
                expect(found == count, f"{words} has {found} numbers in biases, expected {count}", "wrong shape")
        case = (2, 3, 4, 5, 5, 5, 6, 3)
        inputs, biases = self.inputs(rng, case, device), {role: normal(rng, case[-2], device=device) for role in self.weights}
        net, weights = self.with_weights(student, rng, case, inputs, biases=biases, bias=True)
        nothing, _ = self.with_weights(student, rng, case, inputs, weights=weights, bias=True)
        result, without = net(*inputs), nothing(*inputs)
        assert_alive(without, self.name)
        expect(not same(result, without), f"{self.name} with bias=True does not use its biases")

    @criterion(
        "sees the valid keys only, in every head, for lengths (n,) and (n, q)",
        weight=3,
        hint="valid_lens.repeat_interleave(num_heads, dim=0): each length as many times in a row as there are heads",
    )
    def test_masks(self, student, rng, device):
        self.check_masks(student, rng, device, (3, 2, 5, 4, 4, 4, 6, 2))

    @criterion("drops attention weights in training, nothing in evaluation", hint="DotProductAttention(dropout) in __init__ drops them, and knows about eval()")
    def test_dropout(self, student, rng, device):
        # One key, so that the weights are 1: each head of the result is there, enlarged, or gone as a whole.
        n, q, h, heads = 16, 5, 6, 3
        case = (n, q, 1, 4, 4, 4, h, heads)
        inputs = self.inputs(rng, case, device)
        weights = self.wanted(rng, case, device) | {"W_o": torch.eye(h, device=device)}
        for rate in (0.5, 0.2):
            net, _ = self.with_weights(student, rng, case, inputs, weights=weights, dropout=rate)
            whole = run(net, *inputs)
            assert_shape(whole, (n, q, h), what=f"the result of {self.name}")
            assert_alive(whole, self.name)
            expect(same(run(net, *inputs), whole), f"{self.name}(dropout={rate}) gives another result at each call in evaluation mode: dropout is still on")
            net.train()
            first, second = run(net, *inputs).detach(), run(net, *inputs).detach()
            gone = (first == 0).reshape(n, q, heads, -1)
            share = float(gone.float().mean())
            expect(share > 0, f"{self.name}(dropout={rate}) drops nothing in training mode")
            expect(torch.equal(gone.any(-1), gone.all(-1)), f"{self.name}(dropout={rate}) drops entries of the result, expected is that it drops weights")
            right = torch.where(first == 0, 0.0, whole.detach() / (1 - rate))
            expect(same(first, right), f"{self.name}(dropout={rate}): what is not dropped should be divided by 1 - {rate}, as nn.Dropout does it")
            expect(abs(share - rate) < 0.2, f"{self.name}(dropout={rate}) drops {share:.0%} of the weights in training mode")
            expect(not torch.equal(first, second), f"{self.name}(dropout={rate}) drops the same weights at each call in training mode")
        net, _ = self.with_weights(student, rng, case, inputs, weights=weights)
        net.train()
        expect(same(run(net, *inputs), whole), f"{self.name} without dropout gives another result in training than in evaluation mode")

    @criterion(
        "gradients are right, and reach inputs and all four weights",
        weight=2,
        hint="no .detach() on the way, and layers that are called, not their .weight.data",
    )
    def test_gradients(self, student, rng, device):
        self.check_gradients(student, rng, device, (1, 2, 2, 2, 2, 2, 4, 2), (3, 2, 4, 5, 5, 5, 6, 2))

    @criterion("works on the whole batch at once", hint="a loop over the heads would do, one over the sequences does not")
    def test_vectorised(self, student, rng, device):
        self.check_vectorised(student, rng, device, (3, 2, 5, 4, 4, 4, 6, 2))

    @criterion("keeps the dtype, and takes numbers in any memory order", hint="make no tensor with a dtype of its own; reshape instead of view")
    def test_dtype(self, student, rng, device):
        self.check_dtype(student, rng, device, (3, 2, 5, 4, 4, 4, 6, 2))

    @criterion("leaves its inputs unchanged", hint="the repeated lengths are a new tensor; nothing is written into the caller's")
    def test_unchanged(self, student, rng, device):
        self.check_unchanged(student, rng, device, (3, 2, 5, 4, 4, 4, 6, 2))


# Positions ------------------------------------------------------------------------------------------------------------


def positions(T, d, power=lambda j: 2 * j, first=0, swapped=False):
    """P in float64, entry by entry after the formula. power: the numerator of the exponent, of j."""
    P = torch.zeros(T, d, dtype=torch.float64)
    for c in range(d):
        angles = torch.arange(first, first + T, dtype=torch.float64) / 10000 ** (power(c // 2) / d)
        P[:, c] = torch.sin(angles) if (c % 2 == 0) is not swapped else torch.cos(angles)
    return P


def count_trained(student, net):
    return sum(p.requires_grad for p in net.parameters())


def gradient_through(student, net, X, upstream):
    """The gradient of X, or None where the result carries no graph. The module gets a copy: what it writes into it has a criterion of its own."""
    import torch

    X = X.clone().requires_grad_()
    Y = net(X * 1)
    return torch.autograd.grad(Y, X, upstream.to(Y), allow_unused=True)[0] if Y.requires_grad else None


@exercise("PositionalEncoding")
class TestPositionalEncoding:
    CLOSE = {"rtol": 0.0, "atol": 1e-4}  # of float32, for positions up to a hundred

    def layer(self, student, device, *args, **options):
        net = student.PositionalEncoding(*args, **options)
        return net.to(device)

    def encoding(self, student, device, T, d):
        result = self.layer(student, device, d)(torch.zeros(1, T, d, device=device))
        assert_shape(result, (1, T, d), what=f"the result for X (1, {T}, {d})")
        return result[0]

    def compare(self, student, device, sizes, columns, words):
        for T, d in sizes:
            P = self.encoding(student, device, T, d)[:, columns]
            slips = {
                "sine and cosine are swapped": lambda T=T, d=d: positions(T, d, swapped=True)[:, columns],
                "the exponent is j/d, expected is 2j/d": lambda T=T, d=d: positions(T, d, power=lambda j: j)[:, columns],
                "the exponent is 4j/d, expected is 2j/d: torch.arange(0, d, 2) has the factor 2 in it": lambda T=T, d=d: positions(T, d, power=lambda j: 4 * j)[
                    :, columns
                ],
                "positions are counted from 1, expected is from 0": lambda T=T, d=d: positions(T, d, first=1)[:, columns],
            }
            right = positions(T, d)[:, columns].float().to(device)
            assert_right(P, right, f"{words} for num_hiddens={d} and {T} positions", slips, **self.CLOSE)

    @criterion("even columns are the sines of the right angles", weight=3, hint="P[:, 0::2] = sin(i · ω_j), with ω_j = 10000 ** (-2j / d)")
    def test_sines(self, student, rng, device):
        self.compare(student, device, [(5, 6), (1, 4), (40, 10), (9, 2)], slice(0, None, 2), "P[:, 0::2]")

    @criterion("odd columns are the cosines of the same angles", weight=3, hint="P[:, 1::2] = cos(i · ω_j): column 2j + 1 has the speed of column 2j")
    def test_cosines(self, student, rng, device):
        self.compare(student, device, [(5, 6), (1, 4), (40, 10), (9, 2)], slice(1, None, 2), "P[:, 1::2]")

    @criterion("an odd num_hiddens works, with one sine more", weight=2, hint="cos(angles)[:, : num_hiddens // 2]")
    def test_odd(self, student, rng, device):
        slip = self.slip(student, device)
        for T, d in [(6, 5), (12, 3), (7, 9), (4, 1)]:
            P, right = self.encoding(student, device, T, d), positions(T, d, **slip).float().to(device)
            for columns, words in ((slice(0, None, 2), "P[:, 0::2]"), (slice(1, None, 2), "P[:, 1::2]")):
                what = f"{words} for num_hiddens={d} and {T} positions"
                assert_close(P[:, columns], right[:, columns], what=what, **self.CLOSE, check_dtype=False)

    def slip(self, student, device):
        """The slip that shows for an even num_hiddens, too, and has criteria of its own there."""
        P = self.encoding(student, device, 5, 6).detach().cpu().double()
        slips = ({"power": lambda j: j}, {"power": lambda j: 4 * j}, {"first": 1}, {"swapped": True})
        return next((options for options in slips if torch.allclose(P, positions(5, 6, **options), **self.CLOSE)), {})

    @criterion("P is added to X, the same for each sequence", weight=2, hint="X + self.P[: X.shape[1]]: as many rows as X has steps")
    def test_added(self, student, rng, device):
        for n, T, d in [(3, 5, 4), (1, 1, 6), (2, 8, 2), (4, 4, 4)]:
            net, X = self.layer(student, device, d), normal(rng, n, T, d, device=device, scale=3)
            P = net(torch.zeros(1, T, d, device=device))
            assert_shape(P, (1, T, d), what=f"the result for X (1, {T}, {d})")
            expect(d == 1 or T == 1 or bool((P - P[:, :1]).abs().max() > 1e-3), "what is added is the same at all positions")
            assert_close(net(X.clone()), X + P[0], what=f"the result for X ({n}, {T}, {d})", rtol=1e-5, atol=1e-5)

    @criterion("serves sequences of up to max_len steps, 1000 by default", hint="make max_len rows of P")
    def test_max_len(self, student, rng, device):
        for options, T in (({}, 1000), ({"max_len": 1300}, 1300), ({"max_len": 3}, 3)):
            result = self.layer(student, device, 4, **options)(torch.zeros(1, T, 4, device=device))
            assert_shape(result, (1, T, 4), what=f"the result for a sequence of {T} steps, with {options or 'the default max_len'}")
            last = result.detach()[0, -1].double()
            near = min(float((last - row).abs().max()) for row in self.rows(T, device))
            expect(near < 5e-3, f"the last of {T} positions is wrong")  # an angle of a thousand, in float32

    @staticmethod
    def rows(T, device):
        """The last position, and what slips with criteria of their own make of it."""
        right = positions(T, 4)[-1]
        for options in ({}, {"power": lambda j: j}, {"power": lambda j: 4 * j}, {"first": 1}):
            row = positions(T, 4, **options)[-1]
            yield row.to(device)
            yield row.reshape(2, 2).flip(1).reshape(4).to(device)
        own_speeds = [math.cos((T - 1) / 10000 ** (c / 4)) for c in (1, 3)]
        yield torch.stack([right[0], torch.tensor(own_speeds[0]), right[2], torch.tensor(own_speeds[1])]).double().to(device)

    @criterion("P is not trained, and gradients pass through to X", hint="register_buffer, not nn.Parameter")
    def test_gradients(self, student, rng, device):
        net = self.layer(student, device, 4)
        expect(student.run(count_trained, net=net) == 0, "PositionalEncoding has parameters that require a gradient: an optimizer would train P")
        X, upstream = normal(rng, 2, 3, 4, device=device), normal(rng, 2, 3, 4, device=device)
        Y = run(net, X)
        assert_shape(Y, (2, 3, 4), what="the result")
        assert_alive(Y - X, "what is added to X")
        gradient = student.run(gradient_through, net=net, X=X, upstream=upstream)
        expect(gradient is not None, "no gradient reaches X: was the result detached?", "no gradient")
        assert_close(gradient, upstream, what="the gradient of X", **ROUNDING)

    @criterion("keeps the dtype of X, and leaves X unchanged", hint="X + …, not X += …; P.to(X) has dtype and device of X")
    def test_unchanged(self, student, rng, device):
        for dtype in (torch.float32, torch.float64):
            net, X = self.layer(student, device, 4), normal(rng, 3, 5, 4, device=device, dtype=dtype)
            given = X.clone()
            Y = net(given)
            assert_dtype(Y, dtype, f"the result for {str(dtype)[6:]}")
            assert_unchanged(X, given, what="X")
            assert_shape(Y, X.shape, what="the result")
            expect(not same(Y, X), "nothing is added to X")
            assert_close(net(other_order(X)), Y, what="the result for a non-contiguous X", **ROUNDING)


def turned_by(P, delta, power):
    """P, each pair of columns turned by the angle delta / 10000 ** (power(j) / d)."""
    d = P.shape[1]
    angles = torch.tensor([delta / 10000 ** (power(j) / d) for j in range(d // 2)], dtype=torch.float64)
    sines, cosines = P[:, 0::2], P[:, 1::2]
    pairs = (angles.cos() * sines + angles.sin() * cosines, angles.cos() * cosines - angles.sin() * sines)
    return torch.stack(pairs, -1).flatten(1)


def speed_slips(P, delta):
    return {
        f"the exponent of the speeds is {words}, expected is 2j/d": lambda power=power: turned_by(P, delta, power)
        for words, power in (("j/d", lambda j: j), ("4j/d", lambda j: 4 * j), ("0", lambda j: 0))
    }


@exercise("relative_rotation")
class TestRelativeRotation:
    CLOSE = {"rtol": 0.0, "atol": 2e-4, "check_dtype": False}

    def rotation(self, student, delta, d):
        R = student.relative_rotation(delta, d)
        assert_shape(R, (d, d), what=f"relative_rotation({delta}, {d})")
        return R.detach().cpu().double()

    @criterion("moves every position forward by delta", weight=3, hint="blocks [[cos, sin], [-sin, cos]] of the angles delta · ω_j")
    def test_forward(self, student, rng, device):
        for delta, d in [(1, 2), (3, 6), (10, 4), (120, 10), (2, 8)]:
            R, P = self.rotation(student, delta, d), positions(40 + delta, d)
            moved, slips = P[:40] @ R.T, {"R goes back by delta where it should go forward": lambda P=P, d=d, delta=delta: positions(40, d, first=-delta)}
            slips |= speed_slips(P[:40], delta)
            assert_right(moved, P[delta:], f"R @ P[i] for relative_rotation({delta}, {d}), all i", slips, **self.CLOSE)

    @criterion("a negative delta goes back, and 0 stays", weight=2, hint="cos and sin of delta · ω_j know about the sign of delta")
    def test_back(self, student, rng, device):
        for delta, d in [(-1, 4), (-7, 6), (-20, 2)]:
            R, P = self.rotation(student, delta, d), positions(40, d)
            slips = {"R goes forward where it should go back": lambda P=P, d=d, delta=delta: positions(40 + delta, d, first=-2 * delta)}
            slips |= speed_slips(P[-delta:], delta)
            assert_right(P[-delta:] @ R.T, P[:delta], f"R @ P[i] for relative_rotation({delta}, {d}), all i", slips, **self.CLOSE)
        for d in (2, 6):
            assert_right(self.rotation(student, 0, d), torch.eye(d, dtype=torch.float64), f"relative_rotation(0, {d})", **self.CLOSE)

    @criterion("has zeros outside its 2 × 2 blocks, and keeps all lengths", weight=2, hint="torch.block_diag(*blocks), or fill R[0::2, 0::2] and so on")
    def test_blocks(self, student, rng, device):
        for delta, d in [(4, 6), (-3, 8), (11, 2)]:
            R = self.rotation(student, delta, d)
            place = torch.arange(d) // 2
            expect(bool((R[place[:, None] != place].abs() < 1e-5).all()), f"relative_rotation({delta}, {d}) is not zero outside its blocks")
            assert_right(R @ R.T, torch.eye(d, dtype=torch.float64), f"R Rᵀ for relative_rotation({delta}, {d})", **self.CLOSE)
            turned = R[1::2, 0::2].diagonal().abs().max() > 1e-3
            expect(turned, f"relative_rotation({delta}, {d}) turns nothing")

    @criterion("adding shifts is multiplying matrices", hint="R(a) @ R(b) = R(a + b)")
    def test_group(self, student, rng, device):
        for a, b, d in [(2, 3, 6), (5, -9, 4), (7, 1, 2)]:
            R_a, R_b = self.rotation(student, a, d), self.rotation(student, b, d)
            expect(bool((R_a - torch.eye(d)).abs().max() > 1e-2), f"relative_rotation({a}, {d}) moves nothing")
            assert_right(R_a @ R_b, self.rotation(student, a + b, d), f"relative_rotation({a}, {d}) @ relative_rotation({b}, {d})", **self.CLOSE)

    @criterion("is float32", hint="torch.zeros and torch.cos of a float32 tensor stay float32")
    def test_dtype(self, student, rng, device):
        for delta, d in [(3, 4), (-2, 6)]:
            R = student.relative_rotation(delta, d)
            assert_dtype(R, torch.float32, f"relative_rotation({delta}, {d})")
            assert_alive(R, f"relative_rotation({delta}, {d})")


# No look ahead --------------------------------------------------------------------------------------------------------


@exercise("causal_mask")
class TestCausalMask:
    def values(self, student, sizes):
        for T in sizes:
            mask = student.causal_mask(T)
            assert_shape(mask, (T, T), what=f"causal_mask({T})")
            right = torch.tensor([[s <= t for s in range(T)] for t in range(T)])
            mine = mask.detach().cpu()
            mine = mine if mine.dtype == torch.bool else mine > 0.5
            slips = {
                "a step does not see itself": right.logical_xor(torch.eye(T, dtype=torch.bool)),
                "True and False are exchanged": ~right,
                "rows and columns are exchanged: row t is the step that looks": right.T,
                "one step of the future is visible": torch.ones(T, T).tril(1) > 0,
                "everything is visible": torch.ones(T, T) > 0,
            }
            for words, slip in slips.items():
                expect(torch.equal(mine, right) or not torch.equal(mine, slip), f"causal_mask({T}) is what comes out when {words}")
            expect(torch.equal(mine, right), f"causal_mask({T}) has {int((mine != right).sum())} wrong entries")

    @criterion("step t sees the steps 0 to t, itself included, and none later", weight=3, hint="a lower triangle with its diagonal")
    def test_values(self, student, rng, device):
        self.values(student, (5, 2, 8, 13))

    @criterion("a single step sees itself", hint="the diagonal belongs to it, for T = 1 too")
    def test_one(self, student, rng, device):
        mask = student.causal_mask(1)
        assert_shape(mask, (1, 1), what="causal_mask(1)")
        expect(bool(mask.detach() > 0.5), "causal_mask(1) does not let the only step see itself")

    @criterion("is a tensor of truth values", hint="dtype=torch.bool")
    def test_dtype(self, student, rng, device):
        for T in (3, 6):
            mask = student.causal_mask(T)
            assert_dtype(mask, torch.bool, f"causal_mask({T})")
            assert_shape(mask, (T, T), what=f"causal_mask({T})")
            expect(bool(mask.any()) and not bool(mask.all()), f"causal_mask({T}) has the same value everywhere")


def causal(X, W_q, W_k, W_v, scale=None, mask="lower", after=False):
    Q, K, V = X @ W_q, X @ W_k, X @ W_v
    scores = Q @ K.transpose(1, 2) / math.sqrt(W_q.shape[1] if scale is None else scale)
    T = X.shape[1]
    ones = torch.ones(T, T, device=X.device)
    seen = {"lower": ones.tril(), "upper": ones.triu(), "all": ones, "one ahead": ones.tril(1)}[mask] > 0
    if after:
        return (torch.softmax(scores, -1) * seen) @ V
    return torch.softmax(scores.masked_fill(~seen, -INFINITY), -1) @ V


@exercise("causal_self_attention", forbid=["attention"], parts=[reference.causal_mask, ATTENTION])
class TestCausalSelfAttention:
    # n, T, d, p, v
    sizes = [(2, 4, 3, 5, 6), (1, 1, 4, 2, 3), (3, 5, 2, 1, 4), (4, 3, 3, 3, 3), (1, 7, 5, 4, 2)]

    @staticmethod
    def case(rng, n, T, d, p, v, device, dtype=torch.float32):
        shapes = ((n, T, d), (d, p), (d, p), (d, v))
        return [normal(rng, *shape, device=device, dtype=dtype, scale=1.0 if i == 0 else 1.2 / d**0.5) for i, shape in enumerate(shapes)]

    @criterion(
        "equals the formula",
        weight=3,
        hint="scores Q Kᵀ / √p, with p the number of columns of W_q; −∞ where the mask is False; softmax over the last dimension; times V",
    )
    def test_values(self, student, rng, device):
        for n, T, d, p, v in self.sizes:
            case = self.case(rng, n, T, d, p, v, device)
            slips = {
                "the scores are not divided by the root of p": lambda case=case: causal(*case, scale=1),
                "the scores are divided by the root of d": lambda case=case, d=d: causal(*case, scale=d),
                "the scores are divided by the root of v": lambda case=case, v=v: causal(*case, scale=v),
                "there is no mask": lambda case=case: causal(*case, mask="all"),
                "each step sees the future and not the past": lambda case=case: causal(*case, mask="upper"),
                "one step of the future is visible": lambda case=case: causal(*case, mask="one ahead"),
                "the future is zeroed after the softmax": lambda case=case: causal(*case, after=True),
            }
            what = f"the result for X {(n, T, d)}, p={p}, v={v}"
            assert_right(student.causal_self_attention(*(x.clone() for x in case)), causal(*case), what, slips)

    @criterion(
        "no result changes when later tokens do, however wildly",
        weight=3,
        hint="masked_fill(~mask, -inf) before the softmax; adding a large negative number is not enough",
    )
    def test_future(self, student, rng, device):
        for n, T, d, p, v in [(2, 6, 3, 4, 5), (1, 4, 2, 3, 1)]:
            X, *weights = self.case(rng, n, T, d, p, v, device)
            Y = run(student.causal_self_attention, X, *weights)
            assert_shape(Y, (n, T, v), what="the result")
            for scale in (1.0, 1e8):
                for t in (0, T // 2, T - 2):
                    other = X.clone()
                    other[:, t + 1 :] = normal(rng, n, T - t - 1, d, device=device, scale=scale)
                    moved = run(student.causal_self_attention, other, *weights)
                    assert_shape(moved, (n, T, v), what="the result")
                    still = torch.allclose(moved[:, : t + 1], Y[:, : t + 1], rtol=1e-4, atol=1e-5)
                    expect(still, f"the results up to step {t} change when later tokens do")
                    away = (moved[:, t + 1 :] - Y[:, t + 1 :]).detach().abs().max() > 1e-3
                    expect(away, f"the results behind step {t} do not change when their tokens do")

    @criterion(
        "each step sees itself and all earlier ones, with weights that add up to 1",
        weight=2,
        hint="mask before the softmax: then what is left adds up to 1",
    )
    def test_past(self, student, rng, device):
        n, T, d, p, v = 2, 5, 3, 2, 5
        X, W_q, W_k, W_v = self.case(rng, n, T, d + T, p, v, device)
        # The last T numbers of a token say which one it is, and only the values see them: the result is the table of weights.
        X[..., d:] = torch.eye(T, device=device)
        W_q[d:], W_k[d:], W_v[:d], W_v[d:] = 0.0, 0.0, 0.0, torch.eye(T, device=device)
        weights = run(student.causal_self_attention, X, W_q, W_k, W_v).detach()
        assert_shape(weights, (n, T, T), what="the result")
        sums = weights.sum(-1)
        assert_close(sums, torch.ones_like(sums), what="the sums of the weights of each step", **ROUNDING)
        for t in range(T):
            for s in range(t + 1):
                expect(bool((weights[:, t, s] > 1e-6).all()), f"step {t} gives no weight to step {s}")

    @criterion("gradients are right for X and all three matrices", weight=2, hint="no .detach() on the way from X to the result")
    def test_gradients(self, student, rng, device):
        case = self.case(rng, 1, 3, 2, 2, 1, device, torch.float64)
        assert_gradients(student.causal_self_attention, *(x.requires_grad_() for x in case), what="the result of causal_self_attention")

    @criterion("works on the whole batch at once", hint="@ multiplies the matrices of the whole batch; no loop over the sequences")
    def test_vectorised(self, student, rng, device):
        case = self.case(rng, 2, 4, 3, 2, 5, device)
        assert_alive(student.causal_self_attention(*case), "causal_self_attention")
        assert_vectorised(student.causal_self_attention, lambda n: self.case(rng, n, 4, 3, 2, 5, device), what="causal_self_attention")

    @criterion("keeps the dtype, and takes X in any memory order", hint="the mask is bool, and masked_fill keeps the dtype of the scores")
    def test_dtype(self, student, rng, device):
        case = self.case(rng, 3, 4, 2, 5, 3, device)
        result = student.causal_self_attention(*(x.clone() for x in case))
        assert_alive(result, "causal_self_attention")
        moved = student.causal_self_attention(*map(other_order, case))
        assert_close(moved, result, what="the result for non-contiguous tensors", **ROUNDING)
        wide = student.causal_self_attention(*(x.double() for x in case))
        assert_dtype(wide, torch.float64, "the result for float64")
        assert_close(wide, result.double(), what="the result for float64, against float32", **ROUNDING)

    @criterion("leaves X and the matrices unchanged", hint="operations that end in _ and /= write into the caller's tensors")
    def test_unchanged(self, student, rng, device):
        case = self.case(rng, 3, 4, 2, 5, 3, device)
        given = [x.clone() for x in case]
        assert_alive(student.causal_self_attention(*given), "causal_self_attention")
        for name, before, after in zip(("X", "W_q", "W_k", "W_v"), case, given, strict=True):
            assert_unchanged(before, after, what=name)
