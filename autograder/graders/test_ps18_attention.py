"""Hidden grader of ps18_attention."""

import math

import torch

from autograder import Finding, assert_close, assert_finite, assert_shape, case, criterion, exercise, expect, layer, part
from autograder.vocabulary.slip import alike
from solutions.ps18_attention import attention as reference

ROUNDING = {"atol": 5e-5}  # float32 sums in any order
EXACT = {"rtol": 0.0, "atol": 0.0}  # numbers that only move
INFINITY = math.inf


# Attention pooling ----------------------------------------------------------------------------------------------------


def pooled(queries, keys, values, w, half=0.5, sign=-1, dim=1, distance=lambda d, w: (d * w) ** 2):
    """Attention pooling, or with a slip in it."""
    table = queries[:, None] - keys
    return (torch.softmax(sign * half * distance(table, w), dim) * values).sum(1)


def pooling(draw, m=3, n=5, own=False, w=(), far=0.0):
    """own: each query has keys and values of its own. w: a number, or the shape of a tensor with one. far: where the queries are."""
    shape = (m, n) if own else (n,)
    return far + draw.normal(m), draw.normal(*shape), draw.normal(*shape), draw.uniform(*w, low=0.7, high=1.6) if isinstance(w, tuple) else w


nadaraya_watson = case(
    reference.nadaraya_watson, pooling, sizes=[(3, 5, False, 1.7), (1, 4, False, 0.6), (7, 2, False, -2.3), (4, 1, False, 1.1)],
    slips={
        "the factor 1/2 is missing": lambda *given: pooled(*given, half=1),
        "w stands outside the square": lambda *given: pooled(*given, distance=lambda d, w: d**2 * w),
        "w is left out": lambda queries, keys, values, w: pooled(queries, keys, values, 1.0),
        "the minus is missing: far keys weigh most": lambda *given: pooled(*given, sign=1),
        "the weights add up to 1 over the queries; each query's weights should add up to 1 over the keys": lambda *given: pooled(*given, dim=0),
        "the distance is not squared": lambda *given: pooled(*given, distance=lambda d, w: d.abs() * w),
        "every key has the same weight": lambda queries, keys, values, w: values.expand(len(queries), -1).mean(1),
    },
    **ROUNDING,
)  # fmt: skip


@exercise("nadaraya_watson")
class TestNadarayaWatson:
    test_values = nadaraya_watson.agrees(
        "is the weighted average of the formula, with the same keys and values for all queries", weight=3,
        hint="a table of scores, one row a query; softmax over each row; weights times values, summed over each row",
    )  # fmt: skip
    test_own_keys = nadaraya_watson.agrees(
        "takes a row of keys and values for each query", weight=2,
        hint="queries[:, None] - keys is right for keys (n,) and (m, n); so is (weights * values).sum(dim=1)",
        sizes=[(3, 4, True, 1.4), (1, 5, True, 1.4), (5, 2, True, 1.4), (3, 3, True, 1.4)],
    )  # fmt: skip
    test_w = nadaraya_watson.agrees(
        "w may be a tensor with one entry, and 0 gives the plain mean", hint="use w as it is: no float(w), no division by w",
        sizes=[(4, 6, False, ()), (4, 6, False, (1,)), (3, 5, False, 0.0), (3, 4, True, 0)],
    )  # fmt: skip
    test_stable = nadaraya_watson.stays_finite(
        "stays finite for queries far from all keys",
        lambda draw: {f"queries near {far:g}, w={w:g}": pooling(draw, 4, 5, False, w, far) for far, w in [(60.0, 1.0), (-1000.0, 2.0), (3.0, 90.0)]},
        weight=2, hint="torch.softmax subtracts the largest score before exp; exp of your own gives 0/0", rtol=1e-2, atol=1e-2,
    )  # fmt: skip
    test_gradients = nadaraya_watson.gradients(weight=2, hint="no .item(), no float(w), no .detach()", sizes=[(2, 3, False, ()), (2, 3, True, (1,))])
    test_at_once = nadaraya_watson.at_once("m", "n", hint="queries[:, None] - keys is the whole table; no loop")
    test_dtype = nadaraya_watson.keeps_dtype()
    test_unchanged = nadaraya_watson.leaves_inputs()
    test_again = nadaraya_watson.again(sizes=((3, 5), (3, 5), (6, 9)))


# Masks ----------------------------------------------------------------------------------------------------------------


def masked(X, valid_len, value=0, more=0, inverted=False):
    """What lies behind the length, or `more` steps behind it, is replaced."""
    behind = torch.arange(X.shape[1], device=X.device) >= (valid_len + more)[:, None]
    return X.masked_fill((behind ^ inverted).reshape(*behind.shape, *[1] * (X.ndim - 2)), value)


sequence_mask = case(
    reference.sequence_mask, lambda draw, n=3, T=5, *more: (draw.normal(n, T, *more), draw.lengths(T, n), 0),
    sizes=[(1, 4), (3, 5), (6, 2), (4, 4), (2, 300)],
    slips={
        "the step at the valid length is kept as well: valid are the steps 0 … length - 1": lambda *given: masked(*given, more=1),
        "one step too many is replaced": lambda *given: masked(*given, more=-1),
        "the valid part is replaced and the padding kept": lambda *given: masked(*given, inverted=True),
        "the mask counts from the right": lambda X, valid_len, value: masked(X.flip(1), valid_len, value).flip(1),
        "one length, that of the longest sequence, holds for all": lambda X, valid_len, value: masked(X, valid_len.amax().expand(len(X)), value),
        "the value that is put in is always 0": lambda X, valid_len, value: masked(X, valid_len, 0) if value else None,
        "nothing is replaced": lambda X, valid_len, value: X,
    },
    **EXACT,
)  # fmt: skip


@exercise("sequence_mask")
class TestSequenceMask:
    test_rows = sequence_mask.agrees("keeps the first steps of each sequence and replaces the others, for X (n, T)", 3, "arange(T) < len says which steps stay")
    test_more_dimensions = sequence_mask.agrees(
        "works for X with more dimensions, a whole step at a time", weight=2, hint="give the mask a dimension of size 1 for every further dimension of X",
        sizes=[(1, 3, 4), (2, 5, 3), (3, 2, 4, 5), (3, 3, 3)],
    )  # fmt: skip

    @criterion(
        "puts in the value that was asked for, 0 by default, minus infinity too", weight=2, hint="masked_fill(~mask, value); a product gives NaN for infinity"
    )
    def test_value(self, student, draw):
        X, valid_len = draw.normal(4, 6), torch.tensor([3, 2, 4, 2], device=draw.device)
        X[:, :2] = torch.tensor([[0.0, -1e6], [-1.0, -100.0], [-7.5, 0.0], [3.0, -1e9]])  # numbers that an answer may use as a mark
        for words, args, options, value in (
            ("no value", (), {}, 0.0),
            ("value=-7.5", (-7.5,), {}, -7.5),
            ("value=-1", (-1,), {}, -1.0),
            ("value=-inf", (-INFINITY,), {}, -INFINITY),
            ("value=3.0 by name", (), {"value": 3.0}, 3.0),
        ):
            result = student.sequence_mask(X.clone(), valid_len.clone(), *args, **options)
            sequence_mask.compare([((X, valid_len, value), result)], [f"sequence_mask of X (4, 6) with {words}"])

    test_extremes = sequence_mask.agrees(
        "a length of 0 replaces all, one of T or more nothing", hint="compare step numbers with lengths; index nothing by them",
        arguments=lambda draw: {
            f"sequence_mask of X {shape} with lengths [0, 4, 9]": (draw.normal(*shape), torch.tensor([0, 4, 9], device=draw.device), 0)
            for shape in [(3, 4), (3, 4, 2)]
        },
    )  # fmt: skip
    test_dtype = sequence_mask.keeps_dtype(whole_numbers=True, hint="masked_fill keeps the dtype; a float tensor in torch.where does not")
    test_unchanged = sequence_mask.leaves_inputs(
        weight=2, hint="X[~mask] = value writes into the caller's tensor: clone first, or use masked_fill", sizes=((3, 5), (3, 5, 2))
    )
    test_gradients = sequence_mask.gradients(hint="no detach and no .data between X and the result")
    test_at_once = sequence_mask.at_once("n", hint="one comparison makes the whole mask; no loop over the sequences")
    test_again = sequence_mask.again(sizes=((3, 5), (3, 5), (4, 9)))


def lengths_of_queries(X, valid_lens):
    """(n, q, 1), whatever kind of lengths there is."""
    lens = torch.full(X.shape[:1], X.shape[2], device=X.device) if valid_lens is None else valid_lens
    return (lens[:, None] if lens.ndim == 1 else lens).expand(X.shape[:2])[..., None]


def weights_of(X, valid_lens, more=0, fill=-INFINITY, after=False, dim=-1, one_query=False):
    """Masked softmax, or with a slip in it: `more` keys are seen, padding is filled with a number, the mask comes after, one query's lengths hold for all."""
    lens = (lengths_of_queries(X, valid_lens) + more).clamp(0, X.shape[-1])
    mask = torch.arange(X.shape[-1], device=X.device) < (lens[:, :1] if one_query else lens)
    weights = torch.softmax(X if after else X.masked_fill(~mask, max(fill, torch.finfo(X.dtype).min)), dim)
    return weights.masked_fill(~mask, 0) if after or fill == -INFINITY else weights


def repeated_wrongly(X, valid_lens):
    n, q, _ = X.shape
    return weights_of(X, valid_lens.repeat(q).reshape(n, q)) if valid_lens is not None and valid_lens.ndim == 1 else None


NONE, SEQUENCES, QUERIES = "no lengths", "lengths (n,)", "lengths (n, q)"


def scores(draw, n=2, q=3, k=5, kind=SEQUENCES, scale=2.0, low=1):
    lens = None if kind == NONE else draw.lengths(k, *((n,) if kind == SEQUENCES else (n, q)), low=low)
    return draw.normal(n, q, k, scale=scale), lens


KINDS = (NONE, SEQUENCES, QUERIES)
each_kind = lambda *sizes, kinds=KINDS: [(*size, kind) for size in sizes for kind in kinds]


def low_scores(draw):
    """Scores near numbers that an answer may put in the place of padding, and padding with scores far above."""
    drawn = {}
    for low, kind in ((low, kind) for low in (-1e6, -3e6, -1e9, -1e11) for kind in (SEQUENCES, QUERIES)):
        X, lens = scores(draw, kind=kind, scale=1e-6 * abs(low))
        X[:, :, 0] = 0.0  # one that is exactly the mark
        drawn[f"masked_softmax of scores near {low:g} with {kind}"] = (X + low, lens)
        padding = torch.arange(5, device=draw.device) >= lengths_of_queries(X, lens)
        drawn[f"masked_softmax with {kind}, where the padding has scores near {-low:g}"] = (torch.where(padding, X - low, X), lens)
    return drawn


SIZES = [(2, 3, 5), (1, 4, 3), (4, 1, 6), (3, 3, 2)]
masked_softmax = case(
    reference.masked_softmax, scores, sizes=each_kind(*SIZES, kinds=KINDS[1:]),
    slips={
        "it is taken over the queries; it runs over the keys, the last dimension": lambda *given: weights_of(*given, dim=1),
        "it is taken over queries and keys together": lambda X, lens: torch.softmax(X.flatten(1), 1).view_as(X) if lens is None else None,
        "the softmax comes first and the padding is zeroed afterwards": lambda *given: weights_of(*given, after=True),
        "the lengths are ignored": lambda X, lens: torch.softmax(X, -1),
        "one key too many is seen: valid are the keys 0 … length - 1": lambda *given: weights_of(*given, more=1),
        "one key too few is seen": lambda *given: weights_of(*given, more=-1),
        "the lengths are repeated in the order a, b, a, b; each belongs to all queries of its sequence: a, a, b, b": repeated_wrongly,
        "the lengths of the first query hold for all": lambda *given: weights_of(*given, one_query=True),
        "the padding gets -1e6, which may be larger than a valid score": lambda *given: weights_of(*given, fill=-1e6),
        "the padding gets -1e9, which may be larger than a valid score": lambda *given: weights_of(*given, fill=-1e9),
    },
    **ROUNDING,
)  # fmt: skip


@exercise("masked_softmax", parts=[reference.sequence_mask])
class TestMaskedSoftmax:
    @criterion("without lengths it is the softmax over the keys", weight=2, hint="torch.softmax(X, dim=-1)")
    def test_no_lengths(self, student, draw):
        for size, (X, _) in ((size, scores(draw, *size)) for size in SIZES):
            for words, given in (("without lengths", ()), ("with lengths None", (None,))):
                masked_softmax.compare([((X, None), student.masked_softmax(X.clone(), *given))], [f"masked_softmax of X {size} {words}"])

    test_sequences = masked_softmax.agrees(
        "one length for each sequence: shape (n,)", weight=3, hint="valid_lens[:, None, None] has shape (n, 1, 1); mask before the softmax",
        sizes=each_kind(*SIZES, (2, 2, 300), kinds=[SEQUENCES]),
    )  # fmt: skip
    test_queries = masked_softmax.agrees(
        "one length for each query: shape (n, q)", 3, "valid_lens[:, :, None] has shape (n, q, 1)", each_kind(*SIZES, kinds=[QUERIES])
    )
    test_low_scores = masked_softmax.agrees(
        "the mask holds whatever the scores are", weight=2,
        hint="fill with torch.finfo(X.dtype).min or -inf; a number like -1e6 can be larger than a valid score", arguments=low_scores, follows=True,
    )  # fmt: skip

    @criterion(
        "a length of 0 gives a row of zeros, and no NaN in the gradients", weight=2, hint="softmax(…).masked_fill(~mask, 0); a product of NaN and 0 is NaN"
    )
    def test_empty(self, student, draw):
        X = draw.normal(3, 2, 4)
        for lens in ([0, 3, 2], [[0, 2], [3, 0], [0, 0]], [0, 0, 0]):
            given, leaf = torch.tensor(lens, device=draw.device), X.clone().requires_grad_()
            result, what = student.masked_softmax(leaf * 1, given.clone()), f"masked_softmax with lengths {lens}"
            assert_shape(result, X.shape, what=what)
            assert_finite(result, what=what)
            empty = lengths_of_queries(X, given)[..., 0] == 0
            expect(not bool(result[empty].detach().any()), f"{what}: a row without valid keys is not zero")
            masked_softmax.compare([((X, given), result.detach())], [what], follows=True)
            if result.requires_grad:
                (gradient,) = torch.autograd.grad(result, leaf, draw.normal(*X.shape))
                assert_finite(gradient, what=f"the gradient of X, from {what}")

    test_half = masked_softmax.agrees(
        "works in half precision", 1, "torch.finfo(X.dtype).min fits every dtype; float16 ends at 65504, and counts to 2048 only", follows=True,
        arguments=lambda draw: {f"masked_softmax of float16 with {kind}": scores(draw.float16, kind=kind) for kind in KINDS} | {
            "masked_softmax of float16 with the length 2049":
                (torch.cat([draw.float16.normal(1, 1, 2048), draw.float16.normal(1, 1, 1, mean=9)], 2), torch.tensor([2049], device=draw.device))
        }, rtol=1e-2, atol=2e-3,
    )  # fmt: skip
    test_large_scores = masked_softmax.stays_finite(
        "stays finite for large scores",
        lambda draw: {
            f"scores near {scale:g}, {kind}": (scores(draw, kind=kind, scale=scale)[0] + scale, scores(draw, kind=kind)[1])
            for scale in (300.0, 1e5)
            for kind in (NONE, SEQUENCES)
        },
        hint="torch.softmax subtracts the largest score first; exp of your own overflows",
    )
    test_gradients = masked_softmax.gradients(sizes=each_kind((2, 2, 3)), hint="no .detach(), no .data and no new tensor between X and the result")
    test_at_once = masked_softmax.at_once("n", "q", kind=[SEQUENCES, QUERIES], hint="one comparison makes the whole mask; no loop over sequences or queries")
    test_dtype = masked_softmax.keeps_dtype()
    test_unchanged = masked_softmax.leaves_inputs(
        sizes=each_kind((3, 2, 4)), hint="X[~mask] = … writes into the caller's tensor, also through reshape; masked_fill makes a new one"
    )
    test_again = masked_softmax.again(sizes=((2, 3, 5), (2, 3, 5), (3, 2, 8)))


# Layers ---------------------------------------------------------------------------------------------------------------


def masks(attention, title="sees the valid keys only, for lengths (n,) and (n, q)", weight=2, hint="hand valid_lens on to masked_softmax"):
    """The result under lengths is that for the valid keys alone, whatever the scores are."""

    @criterion(title, weight, hint)
    def test(self, student, draw):
        net, _, (Q, K, V, _) = attention.net(student, draw, strict=False)
        (n, q, _), k = Q.shape, K.shape[1]
        for kind, lens in {"(n,)": draw.lengths(k, n), "(n, q)": draw.lengths(k, n, q)}.items():
            each = [(i, j, int(lens[i] if lens.ndim == 1 else lens[i, j])) for i in range(n) for j in range(q)]
            alone = [(False, (Q[i : i + 1, j : j + 1], K[i : i + 1, :length], V[i : i + 1, :length])) for i, j, length in each]
            whole, *results = attention.run(student, net, [(False, (Q, K, V, lens)), *alone])
            what = f"the result of {attention.name} with lengths {kind}"
            assert_shape(whole, (n, q, *results[0].shape[2:]), what=what)
            expect(not alike(whole, whole[:1, :1].expand_as(whole)), f"{what}: all queries give the same")
            for (i, j, length), right in zip(each, results, strict=True):
                told = f"{what}, for a query with {length} valid keys out of {k}, is not that for the valid keys alone"
                expect(alike(whole[i, j], right[0, 0]), told)
        [empty] = attention.run(student, net, [(False, (Q, K, V, torch.zeros(n, dtype=torch.int64, device=draw.device)))])
        assert_close(empty, torch.zeros_like(empty), what="the result with lengths 0", **ROUNDING, check_dtype=False)

    return test


def last_weights(student, net, mode, inputs):
    net.train(mode)
    result, kept = net(*(X.clone() for X in inputs)).detach(), net.attention_weights
    return result, kept.detach().clone() if hasattr(kept, "detach") else kept


def keeps_weights(attention):
    @criterion(
        "keeps the weights of the last call, before dropout, in attention_weights", weight=2,
        hint="self.attention_weights = masked_softmax(…), and dropout only where they meet the values",
    )  # fmt: skip
    def test(self, student, draw):
        net, _, (*inputs, _) = attention.net(student, draw, strict=False)
        dropping, _, _ = attention.made_with(dropout=0.5).net(student, draw, strict=False)
        _, before = student.run(last_weights, net=net, mode=False, inputs=[2 * X for X in inputs])
        _, dropped = student.run(last_weights, net=dropping, mode=True, inputs=inputs)
        result, kept = student.run(last_weights, net=net, mode=False, inputs=inputs)
        for weights, words in ((kept, "the attention_weights of a query do not add up to 1"), (dropped, "attention_weights are those after the dropout")):
            assert_shape(weights, (*inputs[0].shape[:2], inputs[1].shape[1]), what="attention_weights")
            expect(bool(torch.allclose(weights.sum(-1), torch.ones_like(weights[..., 0]), atol=1e-3)), words)
        expect(not alike(kept, before), "attention_weights are still those of an earlier call")
        student.run(last_weights, net=dropping, mode=False, inputs=[2 * X for X in inputs])
        expect(alike(net.attention_weights, kept), "the attention_weights of one object are those of another, which was called after it")
        expect(alike(result, kept.to(inputs[2]) @ inputs[2]), "attention_weights times the values is not the result of the last call")

    return test


DROPOUT = "self.dropout = nn.Dropout(dropout) in __init__; self.dropout(self.attention_weights) @ values in forward"


def shows_weights_twice(attention, student, draw):
    """Values that show each weight twice: what drops weights, drops both."""
    net, _, (queries, keys, *_) = attention.net(student, draw, 4, 6, 10, strict=False)
    eye = torch.eye(10, device=draw.device)
    return net, (queries, keys, torch.cat([eye, eye], 1).expand(4, 10, 20).contiguous()), lambda result: result.reshape(-1, 6, 2, 10).transpose(2, 3)


def attended(queries, keys, values, root=None, dim=-1):
    """Dot-product attention; a slip where the scores are divided by another root."""
    product = queries @ keys.transpose(1, 2) / (queries.shape[-1] if root is None else root) ** 0.5
    return torch.softmax(product, dim) @ values


def attend_to(draw, n, q, k, a, b, c, kind):
    """Queries of size a, keys of size b, values of size c, and lengths of a kind."""
    return draw.normal(n, q, a), draw.normal(n, k, b), draw.normal(n, k, c), scores(draw, n, q, k, kind)[1]


dot_product = layer(
    reference.DotProductAttention, lambda draw, n=3, q=2, k=5, d=4, v=3, kind=NONE: ((), attend_to(draw, n, q, k, d, d, v, kind)),
    sizes=[(2, 3, 5, 4, 6), (1, 1, 3, 7, 2), (4, 6, 2, 3, 5), (3, 4, 4, 4, 4), (2, 5, 3, 1, 1)],
    trains=False,
    slips={
        "the scores are not divided by the root of d": lambda net, Q, K, V, _: attended(Q, K, V, 1),
        "the scores are divided by d and not by its root": lambda net, Q, K, V, _: attended(Q, K, V, Q.shape[-1] ** 2),
        "the scores are divided by the root of the size of the values": lambda net, Q, K, V, _: attended(Q, K, V, V.shape[-1]),
        "the scores are divided by the root of the number of keys": lambda net, Q, K, V, _: attended(Q, K, V, K.shape[1]),
        "the scores are divided by the root of the number of queries": lambda net, Q, K, V, _: attended(Q, K, V, Q.shape[1]),
        "the softmax runs over the queries; it should run over the keys": lambda net, Q, K, V, _: attended(Q, K, V, dim=1),
        "the weights are divided, and not the scores": lambda net, Q, K, V, _: attended(Q, K, V, 1) / Q.shape[-1] ** 0.5,
    },
)  # fmt: skip
MASKED_SOFTMAX = part(
    reference.masked_softmax, fits=lambda X, valid_lens=None: X.ndim == 3 and (valid_lens is None or valid_lens.shape in (X.shape[:1], X.shape[:2])),
    wants="X (n, q, k) and, if any, lengths (n,) or (n, q)",
)  # fmt: skip


@exercise("DotProductAttention", forbid=["attention"], parts=[MASKED_SOFTMAX])
class TestDotProductAttention:
    test_values = dot_product.agrees(
        "equals the formula: the softmax of the scores over the root of d, times the values", weight=4,
        hint="queries @ keys.transpose(1, 2) / math.sqrt(d), with d the size of the queries",
    )  # fmt: skip
    test_masks = masks(dot_product)
    test_kept_weights = keeps_weights(dot_product)
    test_dropout = dot_product.drops(shows_weights_twice, "drops weights in training, nothing in evaluation", 2, DROPOUT)
    test_gradients = dot_product.gradients(weight=2, sizes=[(3, 2, 4, 3, 5), (3, 2, 4, 3, 5, SEQUENCES)])
    test_at_once = dot_product.at_once("n", kind=list(KINDS), hint="@ multiplies the matrices of the whole batch")
    test_dtype = dot_product.keeps_dtype(size=(3, 2, 5, 4, 3, SEQUENCES))
    test_unchanged = dot_product.leaves_inputs(sizes=each_kind((3, 2, 5, 4, 3)))
    test_again = dot_product.again(sizes=((), (2, 4, 7, 3, 6)), later=(4, 3, 8))


def added_up(net, Q, K, V, _, squash=torch.tanh, dim=-1, scale=1.0, join=torch.add):
    """Additive attention, or with a slip in it."""
    features = squash(join(net.W_q(Q)[:, :, None], net.W_k(K)[:, None]))
    return torch.softmax(net.w_v(features).squeeze(-1) * scale, dim) @ V


additive = layer(
    reference.AdditiveAttention, lambda draw, n=3, q=2, k=5, a=4, b=4, h=6, v=2, kind=NONE: ((a, b, h), attend_to(draw, n, q, k, a, b, v, kind)),
    sizes=[(2, 3, 5, 4, 6, 7, 2), (1, 1, 4, 3, 5, 2, 6), (4, 6, 2, 5, 2, 3, 1), (3, 4, 4, 2, 3, 5, 4)],
    trains=False,
    slips={
        "there is no tanh around the sum": lambda net, *X: added_up(net, *X, squash=torch.clone),
        "a ReLU stands where the tanh should be": lambda net, *X: added_up(net, *X, squash=torch.relu),
        "a sigmoid stands where the tanh should be": lambda net, *X: added_up(net, *X, squash=torch.sigmoid),
        "the softmax runs over the queries; it should run over the keys": lambda net, *X: added_up(net, *X, dim=1),
        "the scores are divided by a root: additive attention is not scaled": lambda net, *X: added_up(net, *X, scale=net.w_v.in_features**-0.5),
        "queries and keys are subtracted; they should be added": lambda net, *X: added_up(net, *X, join=torch.sub),
        "queries and keys are multiplied; they should be added": lambda net, *X: added_up(net, *X, join=torch.mul),
        "the tanh stands on queries and keys, not around their sum": lambda net, *X: added_up(net, *X, torch.clone, join=lambda a, b: a.tanh() + b.tanh()),
    },
)  # fmt: skip


@exercise("AdditiveAttention", forbid=["attention"], parts=[MASKED_SOFTMAX])
class TestAdditiveAttention:
    test_sizes = additive.registers(
        "has three weights of the sizes in the text, and no biases", weight=2,
        hint="nn.Linear(query_size, num_hiddens, bias=False), likewise for the keys, and nn.Linear(num_hiddens, 1, bias=False)",
    )  # fmt: skip
    test_values = additive.agrees("equals the formula", 4, "tanh of (n, q, 1, h) + (n, 1, k, h), times w_v, softmax over the keys, times the values")
    test_masks = masks(additive)
    test_kept_weights = keeps_weights(additive)
    test_dropout = additive.drops(shows_weights_twice, "drops weights in training, nothing in evaluation", 2, DROPOUT)
    test_gradients = additive.gradients(weight=2, sizes=[(3, 2, 4, 4, 3, 6, 5), (3, 2, 4, 3, 5, 6, 2, SEQUENCES)])
    test_at_once = additive.at_once("n", kind=list(KINDS), b=3, hint="a dimension of size 1 in both, and the sum broadcasts; no loop over the samples")
    test_dtype = additive.keeps_dtype(size=(3, 2, 5, 4, 3, 6, 2, SEQUENCES))
    test_unchanged = additive.leaves_inputs(sizes=each_kind((3, 2, 5, 4, 3, 6, 2)))
    test_again = additive.again(sizes=((3, 2, 5, 4, 3, 6, 2), (3, 2, 5, 4, 3, 6, 2)), later=(4, 3, 8, 4, 3, 6, 2))


# A step of a decoder --------------------------------------------------------------------------------------------------


def an_attention(student):
    """A module like those of the notebook, which remembers its calls. What it does is asked for elsewhere."""
    import torch

    class Attention(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.attention_weights, self.calls = torch.zeros(1, 1, 1), []

        def forward(self, queries, keys, values, valid_lens=None):
            shapes = [tuple(X.shape) if isinstance(X, torch.Tensor) else type(X).__name__ for X in (queries, keys, values)]
            if [len(shape) for shape in shapes] != [3] * 3 or not shapes[0][::2] == shapes[1][::2] == shapes[2][::2] or shapes[1] != shapes[2]:
                wants = "it wants (n, q, h), (n, T, h) and (n, T, h)"
                raise ValueError(f"attention was called with queries {shapes[0]}, keys {shapes[1]} and values {shapes[2]}; {wants}")
            self.calls.append([X if X is None else X.detach().clone() for X in (queries, keys, values, valid_lens)])
            scores = queries @ keys.transpose(1, 2) / queries.shape[-1] ** 0.5
            if valid_lens is not None:
                behind = torch.arange(keys.shape[1], device=keys.device) >= valid_lens.reshape(-1, 1, 1)
                scores = scores.masked_fill(behind, -torch.inf)
            self.attention_weights = torch.softmax(scores, -1)
            return self.attention_weights @ values

    return Attention()


def asked(student, attention, query, enc_outputs, lens):
    """What the attention was called with last."""
    student.bahdanau_step(attention, query, enc_outputs, lens)
    return attention.calls[-1] if attention.calls else None


def states(draw, n=2, T=3, h=5, lens=False):
    """A query, the states of the encoder, which lie in memory step by step, as a recurrent network gives them, and their lengths."""
    return draw.normal(n, h), draw.normal(T, n, h).transpose(0, 1), draw.lengths(T, n) if lens else None


a_step = lambda *given: reference.bahdanau_step(reference.DotProductAttention(), *given)


step = case(
    lambda query, enc_outputs, enc_valid_lens: a_step(query, enc_outputs, enc_valid_lens), states, sizes=[(2, 3, 5), (1, 4, 3), (4, 1, 2), (3, 3, 3)],
    name="bahdanau_step", gives=("the context", "the weights"), ahead=lambda student: (student.run(an_attention),), **ROUNDING,
)  # fmt: skip
EXCHANGED = "context and weights are exchanged"
context = step.only(
    "the context",
    slips={
        "it is the last state of the encoder": lambda query, enc, _: enc[:, -1],
        "it is the first state of the encoder": lambda query, enc, _: enc[:, 0],
        "it is the mean of all states": lambda query, enc, _: enc.mean(1),
        "it is the query": lambda query, *_: query,
        EXCHANGED: lambda *given: a_step(*given)[1],
    },
)
step_weights = step.only("the weights", slips={EXCHANGED: lambda *given: a_step(*given)[0]})


@exercise("bahdanau_step")
class TestBahdanauStep:
    test_context = context.agrees(
        "the context is the attention's result for one query a sentence, of shape (n, h)", 3,
        "attention(query.unsqueeze(1), enc_outputs, enc_outputs, enc_valid_lens).squeeze(1)",
    )  # fmt: skip
    test_weights = step_weights.agrees(
        "the weights are those of this step, of shape (n, T)", 2, "attention.attention_weights after the call, squeeze(1)", [(2, 3, 5), (2, 3, 5), (1, 4, 3)]
    )

    @criterion("keys and values are the encoder's states, the query is the decoder's", weight=2, hint="the order is queries, keys, values")
    def test_arguments(self, student, draw):
        for query, enc_outputs, _ in step.drawn(draw):
            calls = student.run(asked, attention=student.run(an_attention), query=query, enc_outputs=enc_outputs, lens=None)
            expect(calls is not None, "bahdanau_step never calls the attention that it is given")
            for name, mine, right in zip(("queries", "keys", "values"), calls, (query[:, None], enc_outputs, enc_outputs), strict=False):
                assert_close(mine, right, what=f"the {name} that attention was called with", check_dtype=False)

    @criterion("hands the valid lengths on, None as well", weight=2, hint="enc_valid_lens is the fourth argument of attention")
    def test_lengths(self, student, draw):
        for lens in (True, True, False):
            query, enc_outputs, given = states(draw, 3, 5, 2, lens)
            calls = student.run(asked, attention=student.run(an_attention), query=query, enc_outputs=enc_outputs, lens=given)
            passed = calls[3] if calls else None
            if lens:
                expect(isinstance(passed, torch.Tensor), "the attention was called without the valid lengths")
                assert_close(passed.reshape(-1), given, what="the valid lengths that attention was called with", check_dtype=False)
            else:
                expect(passed is None, "the attention was called with valid lengths where None was given")

    test_gradients = context.gradients(hint="no detach, no .data, no torch.no_grad()")
    test_dtype = step.keeps_dtype()
    test_unchanged = step.leaves_inputs(hint="unsqueeze makes a new view; unsqueeze_ changes the caller's tensor")
    test_again = step.again(sizes=((2, 3, 5), (2, 3, 5), (3, 6, 4)))


# Many heads -----------------------------------------------------------------------------------------------------------


transpose_qkv = case(
    reference.transpose_qkv, lambda draw, n=3, T=2, p=3, heads=4: (draw.normal(n, T, heads * p), heads),
    sizes=[(2, 3, 5, 4), (1, 4, 2, 3), (3, 1, 4, 2), (5, 2, 1, 6), (3, 4, 3, 3)],
    slips={
        "the numbers are only reshaped and never moved: head 0 gets whole steps": lambda X, m: X.reshape(len(X) * m, X.shape[1], -1),
        "the first heads of all sequences stand together; the heads of one sequence should": lambda X, m: torch.cat(X.chunk(m, 2)),
        "each head gets every H-th number; it should get neighbours": lambda X, m: X.unflatten(2, (-1, m)).permute(0, 3, 1, 2).flatten(0, 1),
        "steps and numbers are exchanged": lambda X, m: X.unflatten(2, (m, -1)).permute(0, 2, 3, 1).flatten(0, 1),
    },
    **EXACT,
)  # fmt: skip
transpose_output = case(
    reference.transpose_output, lambda draw, n=3, T=2, p=3, heads=4: (draw.normal(n * heads, T, p), heads),
    sizes=[(2, 3, 5, 4), (1, 4, 2, 3), (3, 1, 4, 2), (5, 2, 1, 6), (3, 4, 3, 3)],
    slips={
        "the numbers are only reshaped and never moved": lambda X, m: X.reshape(len(X) // m, X.shape[1], -1),
        "the batch is cut as (H, n); it should be cut as (n, H)": lambda X, m: X.unflatten(0, (m, -1)).permute(1, 2, 0, 3).flatten(2),
        "the numbers of the heads alternate; they should stand head by head": lambda X, m: X.unflatten(0, (-1, m)).permute(0, 2, 3, 1).flatten(2),
        "the heads are added up": lambda X, m: X.unflatten(0, (-1, m)).sum(1),
    },
    **EXACT,
)  # fmt: skip
ONE_SEQUENCE = [(1, 4, 2, 3), (1, 1, 5, 2), (1, 3, 1, 4), (1, 5, 3, 1)]


@exercise("transpose_qkv")
class TestTransposeQkv:
    test_one_sequence = transpose_qkv.agrees(
        "each head gets its share of every step", 3, "(n, T, H, p) first, then exchange T and H, then join n and H", ONE_SEQUENCE
    )
    test_batch = transpose_qkv.agrees("the heads of a sequence stand together in the batch", weight=3, hint="(n, H, T, p).flatten(0, 1): n in front of H")
    test_gradients = transpose_qkv.gradients(hint="no .detach() and no new tensor")
    test_at_once = transpose_qkv.at_once("n", hint="reshape and transpose; no loop over the sequences")
    test_dtype = transpose_qkv.keeps_dtype(whole_numbers=True, hint="reshape instead of view")
    test_unchanged = transpose_qkv.leaves_inputs(hint="no transpose_")
    test_again = transpose_qkv.again(sizes=((), (), (2, 5, 2, 4)))


@exercise("transpose_output")
class TestTransposeOutput:
    test_one_sequence = transpose_output.agrees(
        "each step gets the results of its heads side by side", 3, "(n, H, T, p): exchange H and T, then join H and p", ONE_SEQUENCE
    )
    test_batch = transpose_output.agrees(
        "takes the heads of a sequence from neighbouring rows of the batch", 3, "the first cut is (n, H), that is (-1, num_heads, …)"
    )
    test_gradients = transpose_output.gradients(hint="no .detach() and no new tensor")
    test_at_once = transpose_output.at_once("n", hint="reshape and transpose; no loop over the sequences")
    test_dtype = transpose_output.keeps_dtype(whole_numbers=True, hint="reshape instead of view")
    test_unchanged = transpose_output.leaves_inputs(hint="no transpose_")
    test_again = transpose_output.again(sizes=((), (), (2, 5, 2, 4)))


def looped(net, queries, keys, values, _, heads=None, root=None, mixed=True, torn=False):
    """Multi-head attention, one head after the other, with a slip. torn: rows are cut into heads by reshape alone."""
    Q, K, V, m = net.W_q(queries), net.W_k(keys), net.W_v(values), heads or net.num_heads
    split = (lambda X: X.reshape(len(X), m, X.shape[1], -1).unbind(1)) if torn else (lambda X: X.chunk(m, -1))
    results = [attended(q, k, v, root) for q, k, v in zip(split(Q), split(K), split(V), strict=True)]
    together = torch.stack(results, 1).reshape(Q.shape) if torn else torch.cat(results, -1)
    return net.W_o(together) if mixed else together


heads = layer(
    reference.MultiHeadAttention, lambda draw, n=3, q=2, k=5, a=4, b=4, c=4, h=6, m=2, kind=NONE: ((a, b, c, h, m), attend_to(draw, n, q, k, a, b, c, kind)),
    sizes=[(2, 3, 5, 4, 7, 5, 6, 2), (1, 1, 4, 3, 5, 7, 8, 4), (3, 6, 2, 5, 3, 4, 9, 3), (4, 4, 4, 2, 3, 5, 4, 1)], parts=lambda *made_with: made_with[-1],
    trains=False,
    slips={
        "the scores are divided by the root of num_hiddens, not by that of a head": lambda net, *X: looped(net, *X, root=net.W_q.out_features),
        "the scores are not divided by a root": lambda net, *X: looped(net, *X, root=1),
        "the last linear layer, W_o, is left out": lambda net, *X: looped(net, *X, mixed=False),
        "heads are cut by reshape alone, without exchanging dimensions: they mix steps": lambda net, *X: looped(net, *X, torn=True),
        "there is only one head": lambda net, *X: looped(net, *X, heads=1) if net.num_heads > 1 else net(*X),
    },
)  # fmt: skip


ATTENTION = part(reference.DotProductAttention, wants="queries (n, q, d), keys (n, k, d), values (n, k, v) and, if any, lengths (n,) or (n, q)")


def shows_heads(attention, student, draw):
    """One key, so that the weights are 1: each head of the result is there, enlarged, or gone as a whole."""
    h, m = 6, 3
    right = attention.holding(draw, (4, 4, 4, h, m), W_o__weight=torch.eye(h, device=draw.device))
    inputs = (draw.normal(16, 5, 4), draw.normal(16, 1, 4), draw.normal(16, 1, 4))
    [module] = attention.loaded(student, [(right, *inputs)])
    return module.net, inputs, lambda result: result.reshape(-1, 5, m, h // m)


@exercise("MultiHeadAttention", forbid=["attention"], parts=[reference.transpose_qkv, reference.transpose_output, ATTENTION])
class TestMultiHeadAttention:
    test_sizes = heads.registers(
        "has four weight matrices of the sizes in the text, and by default no biases", weight=2,
        hint="nn.Linear(query_size, num_hiddens, bias=bias), likewise for keys and values, and nn.Linear(num_hiddens, num_hiddens, bias=bias)",
    )  # fmt: skip
    test_values = heads.agrees("equals the loop over heads", 5, "project, transpose_qkv, DotProductAttention once for all heads, transpose_output, W_o")
    test_bias = heads.made_with(bias=True).agrees("bias=True gives all four layers a bias", hint="nn.Linear(…, bias=bias) for all four", follows=True)
    test_masks = masks(
        heads, "sees the valid keys only, in every head, for lengths (n,) and (n, q)", 3,
        "valid_lens.repeat_interleave(num_heads, dim=0): each length as many times in a row as there are heads",
    )  # fmt: skip
    test_dropout = heads.drops(
        shows_heads, "drops attention weights in training, nothing in evaluation", 1,
        "DotProductAttention(dropout) in __init__ drops them, and knows about eval()",
    )  # fmt: skip
    test_gradients = heads.gradients(weight=2, sizes=[(3, 2, 4, 4, 7, 5, 6, 2), (3, 2, 4, 4, 7, 5, 6, 3, SEQUENCES)])
    test_at_once = heads.at_once("n", kind=list(KINDS), b=7, c=5, hint="a loop over the heads would do, one over the sequences does not")
    test_dtype = heads.keeps_dtype(size=(3, 2, 5, 4, 7, 5, 6, 2, SEQUENCES))
    test_unchanged = heads.leaves_inputs(sizes=each_kind((3, 2, 5, 4, 7, 5, 6, 2)), hint="the repeated lengths are a new tensor")
    test_again = heads.again(sizes=((3, 2, 5, 4, 7, 5, 6, 2), (3, 2, 5, 4, 7, 5, 6, 2)), later=(4, 3, 8, 4, 7, 5, 6, 2))


# Positions ------------------------------------------------------------------------------------------------------------


def positions(T, d, power=lambda j: 2 * j, first=0, swapped=False, base=10000):
    """P in float64, entry by entry after the formula. power: the numerator of the exponent, of j."""
    P = torch.zeros(T, d, dtype=torch.float64)
    for c in range(d):
        angles = torch.arange(first, first + T, dtype=torch.float64) / base ** (power(c // 2) / d)
        P[:, c] = torch.sin(angles) if (c % 2 == 0) is not swapped else torch.cos(angles)
    return P


SPEEDS = {
    "sine and cosine are swapped": {"swapped": True},
    "the exponent is j/d, expected is 2j/d": {"power": lambda j: j},
    "the exponent is 4j/d, expected is 2j/d: torch.arange(0, d, 2) has the factor 2 in it": {"power": lambda j: 4 * j},
    "positions are counted from 1, expected is from 0": {"first": 1},
    "the base is 1000, expected is 10000": {"base": 1000},
    "the speeds grow to the right; they should fall": {"power": lambda j: -2 * j},
}


def encoded(make, X, d, *max_len):
    """What the layer adds to zeros (1, T, d): the rows of P."""
    result = make(d, *max_len).to(X.device)(X.clone())
    assert_shape(result, X.shape, what=f"the result of PositionalEncoding{(d, *max_len)} for X {tuple(X.shape)}".replace(",)", ")"))
    return result[0]


def encodes(title, weight, hint, sizes, name="P", columns=slice(None), rows=slice(None), follows=False, atol=1e-4):
    """P, or a part of it, is that of the formula. sizes: (T, num_hiddens, max_len if it is given)."""

    def right(X, d, *_, **slip):
        return positions(X.shape[1], d, **slip)[rows, columns].to(X)

    shown = case(
        right, lambda draw, T, d, *max_len: (0 * draw.normal(1, T, d), d, *max_len), name="PositionalEncoding",
        call=lambda make: lambda *given: encoded(make, *given)[rows, columns], rtol=0.0, atol=atol,
        slips={words: lambda *given, slip=slip: right(*given, **slip) for words, slip in SPEEDS.items()},
    )  # fmt: skip
    words = lambda T, d, *max_len: f"{name} for num_hiddens={d}{f', max_len={max_len[0]}' if max_len else ''} and {T} positions"
    return shown.agrees(title, weight, hint, arguments=lambda draw: {words(*size): shown.arguments(draw, *size) for size in sizes}, follows=follows)


LONG = [(5, 6), (1, 4), (40, 10), (9, 2), (300, 6)]
position_layer = layer(reference.PositionalEncoding, lambda draw, n=3, T=5, d=4: ((d,), (draw.normal(n, T, d, scale=3),)), rtol=1e-4, atol=1e-4)


def added(net, X):
    """What the layer adds, whatever it is: that it is P has criteria of its own."""
    result = net(torch.zeros_like(X[:1]))
    assert_shape(result, X[:1].shape, what="the result for one sequence")
    return result[0].detach()


@exercise("PositionalEncoding")
class TestPositionalEncoding:
    test_sines = encodes(
        "even columns are the sines of the right angles", 3, "P[:, 0::2] = sin(i · ω_j), with ω_j = 10000 ** (-2j / d)", LONG, "P[:, 0::2]", slice(0, None, 2)
    )
    test_cosines = encodes(
        "odd columns are the cosines of the same angles", 3, "P[:, 1::2] = cos(i · ω_j): column 2j + 1 has the speed of column 2j", LONG, "P[:, 1::2]",
        slice(1, None, 2),
    )  # fmt: skip
    test_odd = encodes("an odd num_hiddens works, with one sine more", 2, "cos(angles)[:, : num_hiddens // 2]", [(6, 5), (12, 3), (7, 9), (4, 1)], follows=True)

    @criterion("P is added to X, the same for each sequence", weight=2, hint="X + self.P[: X.shape[1]]: as many rows as X has steps")
    def test_added(self, student, draw):
        for n, T, d in [(3, 5, 4), (1, 1, 6), (2, 8, 2), (4, 4, 4)]:
            X, net = draw.normal(n, T, d, scale=3), student.PositionalEncoding(d).to(draw.device)
            P = added(net, X)
            expect(T == 1 or bool((P - P[:1]).abs().max() > 1e-3), "what is added is the same at all positions")
            result = net(X.clone())
            slips = {"P alone is returned": P.expand_as(X), "X is multiplied by the root of d first": d**0.5 * X + P, "X is multiplied by P": X * P}
            words = next((words for words, slip in slips.items() if alike(result, slip) and not alike(slip, X + P)), "")
            expect(not words, f"the result for X ({n}, {T}, {d}) is what comes out when {words}")
            assert_close(result, X + P, what=f"the result for X ({n}, {T}, {d})", rtol=1e-5, atol=1e-5)

    test_max_len = encodes(
        "serves sequences of up to max_len steps, 1000 by default", 1, "make max_len rows of P", [(1000, 4), (1300, 4, 1300), (3, 4, 3)], "the last row of P",
        rows=slice(-1, None), follows=True, atol=5e-3,
    )  # fmt: skip

    @criterion("P is not trained, and gradients pass through to X", hint="register_buffer, not nn.Parameter", hint_for=("wrong value", "no gradient"))
    def test_gradients(self, student, draw):
        [module] = position_layer.looked_at(student, position_layer.drawn(draw))
        expect(not any(module.trained), "PositionalEncoding has parameters that require a gradient: an optimizer would train P")
        X, upstream = draw.normal(2, 3, 4).requires_grad_(), draw.normal(2, 3, 4)
        result = module.net(X * 1)
        assert_close(result.detach(), (X + added(module.net, X)).detach(), what="the result", **ROUNDING)
        expect(result.requires_grad, "no gradient reaches X: was the result detached?", "no gradient")
        assert_close(torch.autograd.grad(result, X, upstream)[0], upstream, what="the gradient of X", **ROUNDING)

    @criterion("keeps the dtype, and takes numbers in any memory order", hint="P.to(X) has dtype and device of X; reshape instead of view")
    def test_dtype(self, student, draw):
        for X in (draw.float64.normal(3, 5, 4), draw.other_order.normal(3, 5, 4)):
            net = student.PositionalEncoding(4).to(draw.device)
            what, result, right = f"the result for X (3, 5, 4) of {str(X.dtype)[6:]}", net(X.clone()), X + added(net, X)
            if alike(right, X) or not alike(result, right):
                raise Finding(f"{what} is not X + P", follows=True)
            assert_close(result, right, what=what, rtol=0.0, atol=1e-12 if X.dtype == torch.float64 else 1e-5)

    test_unchanged = position_layer.leaves_inputs(hint="X + …, not X += …")
    test_again = position_layer.again(sizes=((), (2, 9, 6)), later=(2, 8, 4), hint="self.P is made in __init__ for max_len steps; forward keeps nothing")


def as_matrix(R, delta, d):
    assert_shape(R, (d, d), what=f"relative_rotation({delta}, {d})")
    return R.detach().cpu().double()


start = lambda delta, d: positions(40 + abs(delta), d)[max(0, -delta) :][:40]  # forty positions from which delta steps lead to others


def turned(delta, d, steps=None, speeds=None):
    """Where they lead; a slip where the number of steps is another, or speeds(j) of the blocks are."""
    w = (delta if steps is None else steps) * torch.tensor([speeds(j) if speeds else 10000 ** (-2 * j / d) for j in range(d // 2)]).double()
    sines, cosines = start(delta, d)[:, 0::2], start(delta, d)[:, 1::2]
    return torch.stack([w.cos() * sines + w.sin() * cosines, w.cos() * cosines - w.sin() * sines], -1).flatten(1)


TURNS = {"rtol": 0.0, "atol": 2e-4}  # of float32 angles up to a hundred
rotation = case(reference.relative_rotation, lambda draw, delta=3, d=6: (delta, d), **TURNS)
rotated = case(
    turned, lambda draw, delta, d: (delta, d), name="relative_rotation", call=lambda f: lambda delta, d: start(delta, d) @ as_matrix(f(delta, d), delta, d).T,
    slips={
        "R goes back where it should go forward, and forward where it should go back": lambda delta, d: turned(delta, d, -delta),
        "only the size of delta counts": lambda delta, d: turned(delta, d, abs(delta)),
        "delta is left out: R always moves one step": lambda delta, d: turned(delta, d, 1),
        "all blocks turn at the same speed": lambda delta, d: turned(delta, d, speeds=lambda j: 1.0),
        "only the first block turns": lambda delta, d: turned(delta, d, speeds=lambda j: float(j == 0)),
        "the exponent of the speeds is j/d, expected is 2j/d": lambda delta, d: turned(delta, d, speeds=lambda j: 10000 ** (-j / d)),
        "the exponent of the speeds is 4j/d, expected is 2j/d": lambda delta, d: turned(delta, d, speeds=lambda j: 10000 ** (-4 * j / d)),
        "nothing is moved": start,
    },
    **TURNS,
)  # fmt: skip


moved = lambda *sizes: lambda draw: {f"R @ P[i] for relative_rotation({delta}, {d}), all i,": (delta, d) for delta, d in sizes}


@exercise("relative_rotation")
class TestRelativeRotation:
    test_forward = rotated.agrees(
        "moves every position forward by delta", weight=3, hint="blocks [[cos, sin], [-sin, cos]] of the angles delta · ω_j",
        arguments=moved((1, 2), (3, 6), (10, 4), (120, 10), (2, 8)),
    )  # fmt: skip
    test_back = rotated.agrees(
        "a negative delta goes back, and 0 stays", weight=2, hint="cos and sin of delta · ω_j know about the sign of delta",
        arguments=moved((-1, 4), (-7, 6), (-20, 2), (0, 2), (0, 6)),
    )  # fmt: skip

    @criterion("has zeros outside its 2 × 2 blocks, and keeps all lengths", weight=2, hint="torch.block_diag(*blocks), or fill R[0::2, 0::2] and so on")
    def test_blocks(self, student, draw):
        for delta, d in [(4, 6), (-3, 8), (11, 2)]:
            R, place, what = as_matrix(student.relative_rotation(delta, d), delta, d), torch.arange(d) // 2, f"relative_rotation({delta}, {d})"
            expect(bool((R[place[:, None] != place] == 0).all()), f"{what} is not zero outside its blocks")
            assert_close(R @ R.T, torch.eye(d, dtype=torch.float64), what=f"R Rᵀ for {what}", **TURNS)
            expect(bool(R[1::2, 0::2].diagonal().abs().max() > 1e-3), f"{what} turns nothing")

    @criterion("adding shifts is multiplying matrices", weight=1, hint="R(a) @ R(b) = R(a + b)")
    def test_group(self, student, draw):
        for a, b, d in [(2, 3, 6), (5, -9, 4), (7, 1, 2)]:
            R_a, R_b, both = (as_matrix(student.relative_rotation(delta, d), delta, d) for delta in (a, b, a + b))
            expect(bool((R_a - torch.eye(d)).abs().max() > 1e-2), f"relative_rotation({a}, {d}) moves nothing")
            assert_close(R_a @ R_b, both, what=f"relative_rotation({a}, {d}) @ relative_rotation({b}, {d})", **TURNS)

    test_dtype = rotation.agrees("is float32", hint="torch.zeros and torch.cos of a float32 tensor stay float32", sizes=[(3, 4), (-2, 6)], follows=True)
    test_again = rotation.again(sizes=((3, 6), (2, 6), (5, 10)))


# No look ahead --------------------------------------------------------------------------------------------------------


triangle = lambda T, ahead=0: torch.ones(T, T).tril(ahead) > 0
visible_steps = case(
    lambda T: triangle(T), lambda draw, T=4: (T,), sizes=[(2,), (5,), (8,), (13,), (300,)], name="causal_mask",
    call=lambda f: lambda T: mask > 0.5 if isinstance(mask := f(T), torch.Tensor) else mask,  # what dtype it should have is asked for elsewhere
    slips={
        "a step does not see itself": lambda T: triangle(T, -1),
        "True and False are exchanged": lambda T: ~triangle(T),
        "rows and columns are exchanged: row t is the step that looks": lambda T: triangle(T).T,
        "one step of the future is visible": lambda T: triangle(T, 1),
        "everything is visible": lambda T: triangle(T, T),
        "a step sees only itself": lambda T: torch.eye(T) > 0,
    },
)  # fmt: skip
causal_mask = case(reference.causal_mask, lambda draw, T=4: (T,))


@exercise("causal_mask")
class TestCausalMask:
    test_values = visible_steps.agrees("step t sees the steps 0 to t, itself included, and none later", weight=3, hint="a lower triangle with its diagonal")
    test_one = visible_steps.agrees("a single step sees itself", hint="the diagonal belongs to it, for T = 1 too", sizes=[(1,)])
    test_dtype = causal_mask.agrees("is a tensor of truth values", hint="dtype=torch.bool", sizes=[(3,), (6,)], follows=True)
    test_again = causal_mask.again(sizes=((2,), (2,), (3,)))


def looking(X, W_q, W_k, W_v, root=None, seen="lower", after=False, fill=-INFINITY):
    """Causal self-attention, or with a slip in it."""
    Q, K, V = X @ W_q, X @ W_k, X @ W_v
    table, T = Q @ K.transpose(1, 2) / (W_q.shape[1] if root is None else root) ** 0.5, X.shape[1]
    mask = {"lower": triangle(T), "upper": triangle(T).T, "all": triangle(T, T), "one ahead": triangle(T, 1), "itself": torch.eye(T) > 0}[seen].to(X.device)
    return (torch.softmax(table, -1) * mask) @ V if after else torch.softmax(table.masked_fill(~mask, fill), -1) @ V


def projected(draw, n=2, T=4, d=3, p=5, v=6):
    matrices = [draw.normal(*shape, scale=1.2 / d**0.5) for shape in ((d, p), (d, p), (d, v))]
    return draw.normal(n, T, d), *matrices


causal_self_attention = case(
    reference.causal_self_attention, projected, sizes=[(1, 1, 4, 2, 3), (2, 4, 3, 5, 6), (3, 5, 2, 1, 4), (4, 3, 3, 3, 3), (1, 7, 5, 4, 2)],
    slips={
        "the scores are not divided by the root of p": lambda *X: looking(*X, root=1),
        "the scores are divided by the root of d": lambda *X: looking(*X, root=X[0].shape[-1]),
        "the scores are divided by the root of v": lambda *X: looking(*X, root=X[3].shape[1]),
        "there is no mask": lambda *X: looking(*X, seen="all"),
        "each step sees the future and not the past": lambda *X: looking(*X, seen="upper"),
        "each step sees only itself": lambda *X: looking(*X, seen="itself"),
        "one step of the future is visible": lambda *X: looking(*X, seen="one ahead"),
        "the future is zeroed after the softmax": lambda *X: looking(*X, after=True),
        "the scores of the future are 0, and exp(0) is 1": lambda *X: looking(*X, fill=0.0),
        "queries and keys are exchanged": lambda X, W_q, W_k, W_v: looking(X, W_k, W_q, W_v),
        "all steps that are seen weigh the same": lambda X, W_q, W_k, W_v: looking(X, 0 * W_q, W_k, W_v),
    },
    **ROUNDING,
)  # fmt: skip


@exercise("causal_self_attention", forbid=["attention"], parts=[reference.causal_mask, ATTENTION])
class TestCausalSelfAttention:
    test_values = causal_self_attention.agrees(
        "equals the formula", weight=3,
        hint="scores Q Kᵀ / √p, with p the number of columns of W_q; −∞ where the mask is False; softmax over the last dimension; times V",
    )  # fmt: skip

    @criterion(
        "no result changes when later tokens do, however wildly", weight=3,
        hint="masked_fill(~mask, -inf) before the softmax; adding a large negative number is not enough",
    )  # fmt: skip
    def test_future(self, student, draw):
        for n, T, d, p, v in [(2, 6, 3, 4, 5), (1, 4, 2, 3, 1)]:
            X, *weights = projected(draw, n, T, d, p, v)
            changes = [(scale, t) for scale in (1.0, 1e8) for t in (0, T // 2, T - 2)]
            others = [torch.cat([X[:, : t + 1], draw.normal(n, T - t - 1, d, scale=scale)], 1) for scale, t in changes]
            Y, *moved = student.causal_self_attention.each([(one, *weights) for one in (X, *others)])
            assert_shape(Y, (n, T, v), what="the result")
            for (_, t), result in zip(changes, moved, strict=True):
                assert_shape(result, (n, T, v), what="the result")
                still = torch.allclose(result[:, : t + 1], Y[:, : t + 1], **ROUNDING)
                expect(still, f"the results up to step {t} change when later tokens do")
                away = bool((result[:, t + 1 :] - Y[:, t + 1 :]).detach().abs().max() > 1e-3)
                expect(away, f"the results behind step {t} do not change when their tokens do")

    @criterion(
        "each step sees itself and all earlier ones, with weights that add up to 1", weight=2, hint="mask before the softmax: then what is left adds up to 1"
    )
    def test_past(self, student, draw):
        n, T, d, p = 2, 5, 3, 2
        X, W_q, W_k, W_v = projected(draw, n, T, d + T, p, T)
        # The last T numbers of a token say which one it is, and only the values see them: the result is the table of weights.
        X[..., d:] = torch.eye(T)
        W_q[d:], W_k[d:], W_v[:d], W_v[d:] = 0.0, 0.0, 0.0, torch.eye(T)
        weights = student.causal_self_attention(X, W_q, W_k, W_v).detach()
        assert_shape(weights, (n, T, T), what="the result")
        assert_close(weights.sum(-1), torch.ones_like(weights[..., 0]), what="the sums of the weights of each step", **ROUNDING)
        for t in range(T):
            for s in range(t + 1):
                expect(bool((weights[:, t, s] > 1e-6).all()), f"step {t} gives no weight to step {s}")

    test_gradients = causal_self_attention.gradients(weight=2, hint="no .detach() on the way from X to the result", size=(1, 3, 2, 2, 1))
    test_at_once = causal_self_attention.at_once("n", hint="@ multiplies the matrices of the whole batch; no loop over the sequences")
    test_dtype = causal_self_attention.keeps_dtype(hint="the mask is bool, and masked_fill keeps the dtype of the scores")
    test_unchanged = causal_self_attention.leaves_inputs()
    test_again = causal_self_attention.again(sizes=((), (), (1, 7, 5, 4, 2)))
