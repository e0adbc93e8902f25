"""Hidden grader of ps19_transformer."""

import copy
import itertools
from dataclasses import replace

import torch

from autograder import Finding, assert_close, assert_shape, assert_unchanged, assert_vectorised, case, criterion, exercise, expect, goal, layer, part
from autograder.vocabulary.layer import EVALUATION, TRAINING, Layer
from autograder.vocabulary.slip import alike
from solutions.ps19_transformer import transformer as reference

ROUNDING = {"rtol": 1e-4, "atol": 1e-4}  # of float32 sums through a stack of blocks
NONE, SEQUENCES, QUERIES = "no lengths", "lengths (n,)", "lengths (n, T)"
ATTENTION = ["attention"]


def calm(layer):
    """The layer in evaluation mode only: in training mode a dropout of one's own may draw, whatever its rate is."""
    return replace(layer, trains=False)


class First(Layer):
    """A layer that gives a result and a new state: what is compared is the result."""

    @staticmethod
    def right(module, *inputs):
        return Layer.right(module, *inputs)[0]

    def first(self, result):
        if not isinstance(result, list | tuple) or len(result) != 2:
            raise Finding(f"{self.name} should return two things: the result and the new state", "wrong type")
        return result[0]

    def asked(self, student, runs, modules=()):
        return [(arguments, self.first(result)) for arguments, result in super().asked(student, runs, modules)]

    def compare(self, asked, words=(), follows=False, **tolerances):
        super().compare([(arguments, first_of(result)) for arguments, result in asked], words, follows, **tolerances)

    def _forward(self, module):
        return None  # what its mutants give are pairs


def first_of(result):
    return result[0] if isinstance(result, list | tuple) and result else result


FFN = part(reference.PositionWiseFFN, wants="X whose last dimension is ffn_num_input")
ADD_NORM = part(reference.AddNorm, fits=lambda X, Y: X.shape == Y.shape, wants="X and Y of equal shape")


def lengths(draw, n, T, kind):
    return None if kind == NONE else draw.lengths(T, *((n,) if kind == SEQUENCES else (n, T)), low=1)


# Dropout --------------------------------------------------------------------------------------------------------------

RATE, FACES = 0.5, torch.tensor(list(itertools.product((0.0, 1.0), repeat=4)))  # all ways to drop some of four numbers
COPIES = 200
ALL = 1 - 2.0**-30  # a rate at which nothing is left, and 1 - rate is not 0


class Times(torch.nn.Module):
    """Stands where the dropout of the reference stands: multiplies row by row with what is given."""

    def __init__(self, factors):
        super().__init__()
        self.factors = factors[:, None]

    def forward(self, Y):
        return Y * self.factors.to(Y)


def outcomes(right, place, inputs, factors):
    """What the reference gives for one step of four numbers, when what its dropout at `place` is given is multiplied by each row of the factors."""
    net = copy.deepcopy(right).eval()
    owner, _, name = place.rpartition(".")
    setattr(net.get_submodule(owner), name, Times(factors))
    with torch.no_grad():
        return net(*(repeated(value, len(factors)) for value in inputs))


def repeated(value, times):
    if isinstance(value, list):
        return [repeated(one, times) for one in value]
    return value if value is None else value.repeat(times, *[1] * (value.ndim - 1))


rows_of = lambda result: first_of(result).reshape(-1, 4)
among = lambda rows, others: bool(((rows[:, None] - others).abs().amax(2).amin(1) < 1e-3).all())


def assert_drops(layer, student, right, inputs, place, part_of_it, before=None):
    """In training mode four numbers are dropped one by one and divided by 1 - rate, in evaluation mode nothing. before: what is dropped as a whole ahead of
    them, in words: attention with one key."""
    [module] = layer.loaded(student, [(right, *inputs)])
    calm, wild = layer.run(student, module.net, [(EVALUATION, inputs), (TRAINING, [repeated(value, COPIES) for value in inputs])])
    name, first = f"{layer.name} with dropout={RATE}", getattr(layer, "first", first_of)
    calm, wild = first(calm), first(wild)
    assert_shape(wild, (COPIES, 1, 4), what=f"the result of {name}")
    if not alike(calm, first_of(Layer.right(right, *inputs))):
        raise Finding(f"the result of {name} in evaluation mode is not what it should be: nothing is dropped there", follows=True)
    rows, scale = rows_of(wild), 1 / (1 - RATE)
    here = lambda factors: rows_of(outcomes(right, place, inputs, factors))
    expect(not among(rows, rows_of(calm)), f"{name} drops nothing of {part_of_it} in training mode")
    if before:
        expect(not among(rows, here(torch.cat([FACES[:1], scale * FACES[-1:]]))), f"{name} drops {before}, but nothing of {part_of_it}")
        expect(not among(rows, here(scale * FACES)), f"{name} drops entries of {part_of_it}, but not {before}")
    right_rows = here(FACES * scale * (scale if before else 1.0))
    told = f"{name} in training mode gives what no dropout of {part_of_it} {f'and of {before} ' if before else ''}gives: is something else dropped?"
    expect(among(rows, right_rows), told)


def assert_drops_all(layer, student, draw, right_with):
    """With a rate near 1 nothing of any part is left in training mode: which block does without is seen. right_with(net, factor of what goes into the
    blocks, …): the reference's network."""
    whole = layer.made_with(dropout=ALL)
    net, right, inputs = whole.net(student, draw)
    calm, wild = whole.run(student, net, [(EVALUATION, inputs), (TRAINING, inputs)])
    if not alike(first_of(calm), first_of(Layer.right(right.eval(), *inputs))):
        raise Finding(f"the result of {layer.name} with dropout in evaluation mode is not what it should be", follows=True)
    with torch.no_grad():
        allowed = [right_with(right.train(), factor, *inputs) for factor in (1.0, 0.0)]  # dropout behind the positions is optional
    told = f"{layer.name} whose dropout is nearly 1 gives in training mode what no dropout of all parts gives: is dropout handed on to every block?"
    expect(any(alike(first_of(wild), one) for one in allowed), told)


# A network for each position, and what lies around it -----------------------------------------------------------------

ffn = layer(
    reference.PositionWiseFFN,
    lambda draw, n=3, T=4, a=5, f=7, b=6: ((a, f, b), (draw.normal(*(size for size in (n, T) if size), a),)),
    sizes=[(2, 3, 5, 7, 4), (1, 1, 3, 4, 6), (4, 2, 2, 6, 3), (5, 0, 3, 2, 4)],
    slips={
        "there is no ReLU": lambda net, X: net.dense2(net.dense1(X)),
        "the ReLU stands behind the second layer": lambda net, X: net.dense2(net.dense1(X)).relu(),
        "there is a second ReLU behind the second layer": lambda net, X: net(X).relu(),
        "the ReLU stands in front of the first layer": lambda net, X: net.dense2(net.dense1(X.relu())),
        "a GELU stands where the ReLU should be": lambda net, X: net.dense2(torch.nn.functional.gelu(net.dense1(X))),
        "positions are mixed: all get the mean of the hidden units": lambda net, X: (
            net.dense2(net.dense1(X).relu().mean(1, keepdim=True).expand(-1, X.shape[1], -1)) if X.ndim > 2 else net(X)
        ),
    },
)  # fmt: skip


@exercise("PositionWiseFFN", forbid=ATTENTION)
class TestPositionWiseFFN:
    test_weights = ffn.registers("has two linear layers with biases, of the sizes in the text", hint="input to hidden, hidden to output: nn.Linear twice")
    test_values = ffn.agrees("equals linear, ReLU, linear, for each position by itself", 3, "self.dense2(torch.relu(self.dense1(X)))")
    test_gradients = ffn.gradients()
    test_at_once = ffn.at_once("n", "T", grows={"T": ("{} steps", "the steps")}, hint="nn.Linear works on the last dimension of any tensor: no loop")
    test_dtype = ffn.keeps_dtype()
    test_unchanged = ffn.leaves_inputs(hint="torch.relu, not relu_ of X")
    test_again = ffn.again(later=(2, 9))


def normed(net, sum_, dims=None):
    """The layer norm of the sum, over other dimensions if they are given."""
    if dims is None:
        return net.ln(sum_)
    centred = sum_ - sum_.mean(dims, keepdim=True)
    return centred / (centred.square().mean(dims, keepdim=True) + 1e-5).sqrt() * net.ln.weight + net.ln.bias


add_norm = layer(
    reference.AddNorm,
    lambda draw, n=3, T=4, d=5, both=False, scale=1.0: (((T, d) if both else d,), (draw.normal(n, T, d, scale=scale), draw.normal(n, T, d, scale=scale))),
    sizes=[(2, 3, 5), (1, 1, 4), (4, 2, 7), (3, 5, 2, False, 0.02)],
    slips={
        "X is normalised before the addition, and the sum is not": lambda net, X, Y: net.ln(X) + Y,
        "Y is normalised before X is added, and the sum is not": lambda net, X, Y: X + net.ln(Y),
        "X is left out: there is no residual connection": lambda net, X, Y: net.ln(Y),
        "Y is left out": lambda net, X, Y: net.ln(X),
        "the sum is not normalised": lambda net, X, Y: X + Y,
        "mean and variance are taken over the sequence as well": lambda net, X, Y: normed(net, X + Y, tuple(range(1, X.ndim))),
        "mean and variance are taken over the batch": lambda net, X, Y: normed(net, X + Y, 0),
        "Y is subtracted": lambda net, X, Y: net.ln(X - Y),
        "X and Y are multiplied": lambda net, X, Y: net.ln(X * Y),
    },
)  # fmt: skip


@exercise("AddNorm")
class TestAddNorm:
    test_weights = add_norm.registers("has the scale and the shift of one layer norm", hint="nn.LayerNorm(norm_shape) as an attribute of self")
    test_values = add_norm.agrees("is the layer norm of X + Y, over the numbers of each step", 3, "self.ln(X + self.dropout(Y))")
    test_shape = add_norm.agrees(
        "norm_shape may be a tuple: then the norm is over that many dimensions", 1, "hand norm_shape on to nn.LayerNorm as it is",
        sizes=[(2, 3, 5, True), (1, 4, 2, True), (3, 2, 4, True)], follows=True,
    )  # fmt: skip

    @criterion(
        "dropout falls on Y, in training mode only, and on nothing else", weight=2,
        hint="self.ln(X + self.dropout(Y)): nothing outside the brackets is dropped, and X is not",
    )  # fmt: skip
    def test_dropout(self, student, draw):
        dropping = add_norm.made_with(dropout=RATE)
        right = dropping.holding(draw, (4,))
        X, Y = draw.normal(1, 1, 4), draw.away_from_zero(1, 1, 4)
        [module] = dropping.loaded(student, [(right, X, Y)])
        many = X.repeat(COPIES, 1, 1)
        [alone] = dropping.run(student, module.net, [(TRAINING, (many, torch.zeros_like(many)))])
        told = "AddNorm with dropout=0.5 in training mode, where Y is zero, is not the layer norm of X: X, the sum or the result is dropped as well"
        assert_shape(alone, many.shape, what="the result of AddNorm")
        expect(alike(alone, right.ln(many).detach()), told)
        assert_drops(dropping, student, right, (X, Y), "dropout", "Y")

    test_gradients = add_norm.gradients()
    test_at_once = add_norm.at_once("n", "T", grows={"T": ("{} steps", "the steps")}, hint="one nn.LayerNorm for the whole tensor")
    test_dtype = add_norm.keeps_dtype()
    test_unchanged = add_norm.leaves_inputs(hint="X + …, not X += …")
    test_again = calm(add_norm).again(later=(2, 6))


# The encoder ----------------------------------------------------------------------------------------------------------


def encoded(net, X, lens=None, attended=True, first=None, second=None):
    """An encoder block with a slip: what the second AddNorm is given, of X and Y."""
    Y = net.addnorm1(X, net.attention(X, X, X, lens)) if attended else X
    return second(Y)


encoder_block = layer(
    reference.EncoderBlock,
    lambda draw, n=3, T=4, d=6, f=5, H=2, kind=NONE: ((d, f, H), (draw.normal(n, T, d), lengths(draw, n, T, kind))),
    sizes=[(2, 3, 6, 5, 2), (1, 1, 4, 7, 4), (4, 5, 9, 4, 3)],
    slips={
        "the second AddNorm adds X where it should add what the first one gave": lambda net, X, lens: encoded(
            net, X, lens, second=lambda Y: net.addnorm2(X, net.ffn(Y))
        ),
        "the position-wise network is given X": lambda net, X, lens: encoded(net, X, lens, second=lambda Y: net.addnorm2(Y, net.ffn(X))),
        "the position-wise network is left out": lambda net, X, lens: encoded(net, X, lens, second=lambda Y: net.addnorm2(Y, Y)),
        "there is no AddNorm behind the position-wise network": lambda net, X, lens: encoded(net, X, lens, second=net.ffn),
        "the first AddNorm is used twice": lambda net, X, lens: encoded(net, X, lens, second=lambda Y: net.addnorm1(Y, net.ffn(Y))),
        "the position-wise network comes before the attention": lambda net, X, lens: (
            lambda Y: net.addnorm2(Y, net.attention(Y, Y, Y, lens))
        )(net.addnorm1(X, net.ffn(X))),
        "the norms stand in front of the parts": lambda net, X, lens: (
            lambda N: (lambda Y: Y + net.ffn(net.addnorm2.ln(Y)))(X + net.attention(N, N, N, lens))
        )(net.addnorm1.ln(X)),
        "the valid lengths are not handed on to the attention": lambda net, X, lens: net(X, None),
    },
)  # fmt: skip
LAST = {"ffn__dense2__weight": torch.zeros(4, 5), "ffn__dense2__bias": torch.zeros(4)}  # of a position-wise network that adds nothing
NOTHING = torch.zeros(4, 4)


@exercise("EncoderBlock", forbid=ATTENTION, parts=[FFN, ADD_NORM])
class TestEncoderBlock:
    test_weights = encoder_block.registers(
        "has the weights of one attention without biases, one network and two AddNorms", hint="four parts in __init__; two AddNorms, each made by itself"
    )
    test_values = encoder_block.agrees(
        "equals attention, AddNorm, network, AddNorm", 4, "Y = addnorm1(X, attention(X, X, X, valid_lens)), then addnorm2(Y, ffn(Y))", modes=(False, True)
    )
    test_lengths = encoder_block.agrees(
        "looks at the valid keys only, for lengths (n,) and (n, T)", 2, "valid_lens is the fourth argument of the attention", follows=True,
        sizes=[(3, 4, 6, 5, 2, SEQUENCES), (2, 5, 4, 3, 2, QUERIES), (1, 3, 4, 5, 1, SEQUENCES)],
    )  # fmt: skip
    test_bias = encoder_block.made_with(use_bias=True).registers(
        "use_bias=True gives the attention's four layers a bias", hint="MultiHeadAttention(…, num_heads, dropout, use_bias)", follows=True
    )

    @criterion(
        "drops attention weights and entries of what both AddNorms add, in training mode", weight=1,
        hint="hand dropout on to MultiHeadAttention and to both AddNorms; it is an argument, not a number",
    )  # fmt: skip
    def test_dropout(self, student, draw):
        dropping, args = encoder_block.made_with(dropout=RATE), (4, 5, 1)
        inputs = (draw.normal(1, 1, 4), None)
        assert_drops(dropping, student, dropping.holding(draw, args, **LAST), inputs, "addnorm1.dropout", "what the attention gives", "attention weights")
        alone = dropping.holding(draw, args, attention__W_o__weight=NOTHING)
        assert_drops(dropping, student, alone, inputs, "addnorm2.dropout", "what the position-wise network gives")

    test_gradients = encoder_block.gradients(sizes=[(2, 3, 4, 5, 2), (2, 3, 4, 5, 2, SEQUENCES)])
    test_at_once = encoder_block.at_once("n", "T", grows={"T": ("{} steps", "the steps")}, hint="the attention treats the whole batch: no loop")
    test_dtype = encoder_block.keeps_dtype(size=(2, 3, 6, 5, 2, SEQUENCES))
    test_unchanged = encoder_block.leaves_inputs(sizes=((3, 4, 6, 5, 2, SEQUENCES),))
    test_again = calm(encoder_block).again(sizes=((), (2, 3, 6, 5, 2)), later=(4, 7))


def stacked(net, X, lens, scale=None, places=1.0, first_only=False, blocks=None):
    """The reference's encoder with a slip: the factor of the embedding, that of the positions, lengths for the first block only, other blocks."""
    root = net.num_hiddens**0.5
    X = net.embedding(X) * (root if scale is None else scale)
    X = X + places * net.positions(torch.zeros_like(X))
    for number, block in enumerate(net.blocks if blocks is None else blocks):
        X = block(X, None if first_only and number else lens)
    return X


encoder = layer(
    reference.TransformerEncoder,
    lambda draw, n=3, T=4, v=7, d=6, f=5, H=2, L=2, kind=NONE: ((v, d, f, H, L), (draw.integers(0, v, n, T), lengths(draw, n, T, kind))),
    sizes=[(2, 3, 7, 6, 5, 2, 2), (1, 5, 5, 4, 3, 4, 1), (4, 2, 3, 9, 4, 3, 3)],
    slips={
        "the embedding is not multiplied by the root of d": lambda net, X, lens: stacked(net, X, lens, scale=1.0),
        "the embedding is multiplied by d, not by its root": lambda net, X, lens: stacked(net, X, lens, scale=net.num_hiddens),
        "the embedding is divided by the root of d": lambda net, X, lens: stacked(net, X, lens, scale=net.num_hiddens**-0.5),
        "the positions are multiplied by the root of d as well": lambda net, X, lens: stacked(net, X, lens, places=net.num_hiddens**0.5),
        "the positions are left out": lambda net, X, lens: stacked(net, X, lens, places=0.0),
        "only the first block gets the valid lengths": lambda net, X, lens: stacked(net, X, lens, first_only=True),
        "the valid lengths are not handed on to the blocks": lambda net, X, lens: net(X, None),
        "only the last block counts": lambda net, X, lens: stacked(net, X, lens, blocks=net.blocks[-1:]),
        "the first block is used in the place of all": lambda net, X, lens: stacked(net, X, lens, blocks=[net.blocks[0]] * len(net.blocks)),
    },
)  # fmt: skip


@exercise("TransformerEncoder", forbid=ATTENTION, parts=[part(reference.EncoderBlock, wants="X (n, T, num_hiddens) and, if any, lengths (n,) or (n, T)")])
class TestTransformerEncoder:
    test_weights = encoder.registers(
        "has an embedding, and num_layers blocks with weights of their own", 2,
        "nn.ModuleList(EncoderBlock(…) for _ in range(num_layers)): a plain list hides its modules, and [block] * L is one block",
    )  # fmt: skip
    test_values = encoder.agrees(
        "equals embedding times the root of d, plus positions, through all blocks", 4, "self.positions(self.embedding(X) * math.sqrt(num_hiddens))",
        modes=(False, True),
    )  # fmt: skip
    test_lengths = encoder.agrees(
        "hands the valid lengths on to every block", 2, "X = block(X, valid_lens) in the loop", follows=True,
        sizes=[(3, 4, 7, 6, 5, 2, 2, SEQUENCES), (2, 5, 5, 4, 3, 2, 3, QUERIES)],
    )  # fmt: skip
    test_long = encoder.agrees(
        "reads sequences of up to 1000 steps", 1, "PositionalEncoding(num_hiddens) serves 1000 steps by default", [(1, 1000, 5, 4, 3, 1, 1)], follows=True
    )
    test_bias = encoder.made_with(use_bias=True).registers(
        "use_bias=True gives the attention of every block biases", hint="EncoderBlock(…, dropout, use_bias)", follows=True
    )

    @criterion("hands dropout on to every block", hint="EncoderBlock(num_hiddens, ffn_num_hiddens, num_heads, dropout, use_bias)")
    def test_dropout(self, student, draw):
        assert_drops_all(encoder, student, draw, lambda net, factor, X, lens: dropped_stack(net, net.positions(net.embedding(X) * 6**0.5) * factor, lens))

    test_gradients = encoder.gradients(sizes=[(2, 3, 5, 4, 3, 2, 2, SEQUENCES)])
    test_dtype = encoder.keeps_dtype(size=(2, 3, 5, 4, 3, 2, 2, SEQUENCES))
    test_unchanged = encoder.leaves_inputs(sizes=((3, 4, 7, 6, 5, 2, 2, SEQUENCES),))
    test_again = calm(encoder).again(sizes=((), (2, 3)), later=(2, 9))


def dropped_stack(net, X, *given):
    for block in net.blocks:
        X = block(X, *given)
    return X


# The decoder ----------------------------------------------------------------------------------------------------------


def state_of(draw, n, S, d, caches, lens):
    """caches: None or a number of steps for each block."""
    return [draw.normal(n, S, d), draw.lengths(S, n) if lens else None, [t if t is None else draw.normal(n, t, d) for t in caches]]


def decoded(net, X, state, seen="right", queries=None, lens=True, keys=None, third=None):
    """A decoder block with a slip, and its result alone: how many keys each row sees, the queries of the second attention, and more."""
    enc, enc_lens, caches = state
    cache, (n, T, _) = caches[net.i], X.shape
    K = X if cache is None else torch.cat([cache, X], 1)
    t = K.shape[1] - T
    steps = torch.arange(1, T + 1, device=X.device)
    table = {"right": steps + t, "forgets": steps, "all": None, "one less": (steps + t - 1).clamp(min=1), "one more": (steps + t + 1).clamp(max=t + T)}[seen]
    K = K if keys is None else keys(K, t)
    Y = net.addnorm1(X, net.attention1(X, K, K, table if table is None else table.repeat(n, 1)))
    Z = net.addnorm2(Y, net.attention2(Y if queries is None else queries(X, Y), enc, enc, enc_lens if lens else None))
    return net.addnorm3(Z, net.ffn(Z)) if third is None else third(X, Y, Z)


decoder_block = First(
    reference.DecoderBlock,
    lambda draw, n=3, T=4, d=6, f=5, H=2, S=5, t=None, lens=True, i=1: (
        (d, f, H, 0.0, i), (draw.normal(n, T, d), state_of(draw, n, S, d, [t if place == i else [None, 2, 3][place] for place in range(3)], lens))
    ),
    sizes=[(2, 3, 6, 5, 2, 4), (1, 1, 4, 7, 4, 2), (4, 5, 9, 4, 3, 1, None, True, 2), (3, 4, 6, 5, 2, 5, None, False, 0)],
    name="DecoderBlock", mode=TRAINING,
    slips={
        "the queries of the second attention are X, where they should be what the first AddNorm gave":
            lambda net, X, state: decoded(net, X, state, queries=lambda X, Y: X),
        "the second AddNorm adds X": lambda net, X, state: (
            lambda Y: (lambda Z: net.addnorm3(Z, net.ffn(Z)))(net.addnorm2(X, net.attention2(Y, state[0], state[0], state[1])))
        )(net.addnorm1(X, net.attention1(X, X, X, torch.arange(1, X.shape[1] + 1, device=X.device).repeat(len(X), 1)))) if state[2][net.i] is None else None,
        "the third AddNorm adds what the first one gave": lambda net, X, state: decoded(net, X, state, third=lambda X, Y, Z: net.addnorm3(Y, net.ffn(Z))),
        "the position-wise network is left out": lambda net, X, state: decoded(net, X, state, third=lambda X, Y, Z: net.addnorm3(Z, Z)),
        "the attention to the encoder is left out": lambda net, X, state: decoded(net, X, state, third=lambda X, Y, Z: net.addnorm3(Y, net.ffn(Y))),
        "the lengths of the source are left out": lambda net, X, state: decoded(net, X, state, lens=False),
        "there is no mask: every row sees all of X": lambda net, X, state: decoded(net, X, state, seen="all"),
        "the mask forgets the cache: row s sees s + 1 keys, and should see all of the cache as well":
            lambda net, X, state: decoded(net, X, state, seen="forgets"),
        "a row does not see itself": lambda net, X, state: decoded(net, X, state, seen="one less"),
        "one step of the future is visible": lambda net, X, state: decoded(net, X, state, seen="one more"),
        "the cache is not looked at": lambda net, X, state: net(X, [*state[:2], [None] * len(state[2])])[0],
    },
)  # fmt: skip
CACHED = [(2, 1, 6, 5, 2, 4, 3), (1, 1, 4, 7, 4, 2, 1), (3, 1, 6, 4, 3, 5, 6, False, 2)]
SEVERAL = [(2, 3, 6, 5, 2, 4, 2), (3, 4, 4, 7, 4, 2, 1), (1, 2, 6, 4, 3, 5, 5, False, 2)]


@exercise("DecoderBlock", forbid=ATTENTION, parts=[FFN, ADD_NORM])
class TestDecoderBlock:
    test_weights = decoder_block.registers(
        "has the weights of two attentions without biases, one network and three AddNorms", hint="six parts in __init__, in the order of the formula"
    )
    test_values = decoder_block.agrees(
        "equals masked self-attention, attention to the encoder and network, each with its AddNorm", 3,
        "addnorm1(X, …), addnorm2(Y, attention2(Y, enc_outputs, enc_outputs, enc_valid_lens)), addnorm3(Z, ffn(Z))", modes=(TRAINING,),
    )  # fmt: skip
    test_cached = decoder_block.agrees(
        "one more step sees all that the block was given before", 2, "keys and values are torch.cat([cache, X], dim=1), with the cache state[2][i]",
        CACHED, modes=(EVALUATION,), follows=True,
    )  # fmt: skip

    @criterion(
        "no row sees a later one, in training and in evaluation mode, with a cache and without", weight=4,
        hint="lengths torch.arange(t + 1, t + T + 1).repeat(n, 1) in both modes, with t the number of steps in the cache",
    )  # fmt: skip
    def test_future(self, student, draw):
        usual = decoder_block.drawn(draw, [(2, 3, 6, 5, 2, 4), (1, 5, 4, 7, 4, 2, None, False, 0)])
        cached = decoder_block.drawn(draw, SEVERAL)
        training, evaluation = (decoder_block.asked(student, [(arguments, [(mode, arguments[1:])]) for arguments in usual]) for mode in (TRAINING, EVALUATION))
        wrong = [not all(alike(result, First.right(*given)) for given, result in asked) for asked in (training, evaluation)]
        told = "DecoderBlock hides the future in training mode only: in evaluation mode a row sees later ones when it is given several at once"
        no_mask = all(alike(result, decoded(*given, seen="all")) for given, result in evaluation)
        expect(wrong != [False, True] or not no_mask, told)
        decoder_block.compare(training, [f"{decoder_block.words(given)} in training mode" for given, _ in training])
        decoder_block.compare(evaluation, [f"{decoder_block.words(given)} in evaluation mode" for given, _ in evaluation])
        for mode, words in ((TRAINING, "training"), (EVALUATION, "evaluation")):
            asked = decoder_block.asked(student, [(arguments, [(mode, arguments[1:])]) for arguments in cached])
            decoder_block.compare(asked, [f"{decoder_block.words(given)} with a cache, in {words} mode" for given, _ in asked])

    @criterion(
        "the new state has this block's cache, longer by X, and everything else as it was", weight=2,
        hint="caches[i] becomes torch.cat([cache, X], dim=1): what went into the block, not what came out",
    )  # fmt: skip
    def test_state(self, student, draw):
        for size in [(2, 3, 6, 5, 2, 4), (1, 1, 4, 7, 4, 2, 3, True, 0), (3, 2, 6, 4, 3, 5, 2, False, 2)]:
            net, right, (X, state) = decoder_block.net(student, draw, *size)
            result = net(X.clone(), [state[0].clone(), state[1], list(state[2])])
            decoder_block.first(result)
            new, kept, what = result[1], Layer.right(right, X, state)[1], f"the new state of {decoder_block.words_of(right.made_with)}"
            expect(isinstance(new, list | tuple) and len(new) == 3, f"{what} should have three entries: enc_outputs, enc_valid_lens, caches", "wrong type")
            caches = new[2] if isinstance(new[2], list | tuple) else []
            expect(len(caches) == 3, f"{what} should hold a list of as many caches as before", "wrong type")
            mine, own = caches[right.i], kept[2][right.i]
            told = "the cache holds what the block gave, where it should hold what it was given"
            old = state[2][right.i]
            out = first_of(result).detach() if old is None else torch.cat([old, first_of(result).detach()], 1)
            expect(not alike(mine, out), f"{what}: {told}")
            assert_close(mine, own, what=f"caches[{right.i}] in {what}", rtol=1e-6, atol=1e-6)
            for place in range(3):
                if place != right.i:
                    assert_close(caches[place], state[2][place], what=f"caches[{place}], of another block, in {what}")
            assert_close(new[0], state[0], what=f"enc_outputs in {what}")
            assert_close(new[1], state[1], what=f"enc_valid_lens in {what}", check_dtype=False)

    @criterion(
        "drops attention weights and entries of what the three AddNorms add, in training mode", weight=1,
        hint="hand dropout on to both attentions and to all three AddNorms",
    )  # fmt: skip
    def test_dropout(self, student, draw):
        inputs = (draw.normal(1, 1, 4), [draw.normal(1, 1, 4), None, [None]])
        zero = {"attention1": {"attention1__W_o__weight": NOTHING}, "attention2": {"attention2__W_o__weight": NOTHING}, "ffn": LAST}
        for number, (name, words) in enumerate({"attention1": "the first attention", "attention2": "the second attention", "ffn": "the network"}.items(), 1):
            rest = {key: value for other, weights in zero.items() if other != name for key, value in weights.items()}
            right = decoder_block.holding(draw, (4, 5, 1, RATE, 0), **rest)
            before = None if name == "ffn" else f"weights of {words}"
            assert_drops(decoder_block, student, right, inputs, f"addnorm{number}.dropout", f"what {words} gives", before)

    test_gradients = decoder_block.gradients(
        modes=(TRAINING,), sizes=[(2, 3, 4, 5, 2, 3)], title="gradients are right, for X, the encoder's outputs and the weights"
    )

    test_at_once = decoder_block.at_once("n", "T", grows={"T": ("{} steps", "the steps")}, hint="lengths (n, T) are the whole mask: no loop")
    test_dtype = decoder_block.keeps_dtype()
    test_unchanged = decoder_block.leaves_inputs(sizes=((), (2, 1, 6, 5, 2, 4, 3)), hint="torch.cat makes a new tensor; nothing is written into X or the cache")
    test_again = calm(decoder_block).again(sizes=((2, 1, 6, 5, 2, 4, 3), (2, 1, 6, 5, 2, 4, 2)), later=(3, 1, 6, 5, 2, 5, 4))
    test_bias = decoder_block.made_with(use_bias=True).registers(
        "use_bias=True gives both attentions biases", hint="MultiHeadAttention(…, num_heads, dropout, use_bias), twice", follows=True
    )


def scored(net, X, state, scale=None, places=1.0, shared=False, soft=False):
    """The scores of the reference's decoder at a first call, with a slip."""
    X = net.embedding(X) * (net.num_hiddens**0.5 if scale is None else scale)
    X = X + places * net.positions(torch.zeros_like(X))
    for block in net.blocks:
        if shared:
            block = copy.deepcopy(block)
            block.i = 0
        X, state = block(X, state)
    return torch.softmax(net.dense(X), -1) if soft else net.dense(X)


decoder = First(
    reference.TransformerDecoder,
    lambda draw, n=3, T=4, v=7, d=6, f=5, H=2, L=2, S=5, lens=True: (
        (v, d, f, H, L), (draw.integers(0, v, n, T), state_of(draw, n, S, d, [None] * L, lens))
    ),
    sizes=[(2, 3, 7, 6, 5, 2, 2, 4), (1, 5, 5, 4, 3, 4, 1, 2), (4, 2, 3, 9, 4, 3, 3, 1, False)],
    name="TransformerDecoder",
    slips={
        "the embedding is not multiplied by the root of d": lambda net, X, state: scored(net, X, state, scale=1.0),
        "the embedding is multiplied by d, not by its root": lambda net, X, state: scored(net, X, state, scale=net.num_hiddens),
        "the positions are multiplied by the root of d as well": lambda net, X, state: scored(net, X, state, places=net.num_hiddens**0.5),
        "the positions are left out": lambda net, X, state: scored(net, X, state, places=0.0),
        "all blocks share one cache: each is made with its own i": lambda net, X, state: scored(net, X, state, shared=True),
        "there is a softmax on top: scores were asked for": lambda net, X, state: scored(net, X, state, soft=True),
        "the lengths of the source are left out": lambda net, X, state: scored(net, X, [state[0], None, state[2]]),
    },
)  # fmt: skip


@torch.no_grad()
def in_pieces(net, start, pieces, offset=lambda seen, piece: seen, forgets=False):
    """The scores of a sequence that is read piece by piece; a slip where each piece begins at another position, or the state is new at each call."""
    state, scores, seen = net.init_state(*start), [], 0
    for piece in pieces:
        state = net.init_state(*start) if forgets else state
        X = net.positions(net.embedding(piece) * net.num_hiddens**0.5, offset(seen, piece))
        for block in net.blocks:
            X, state = block(X, state)
        scores.append(net.dense(X))
        seen += piece.shape[1]
    return torch.cat(scores, 1)


chain = case(
    in_pieces, lambda draw: (), name="TransformerDecoder", **ROUNDING,
    slips={
        "every call begins at position 0 again: positions should go on where the cache ends":
            lambda net, start, pieces: in_pieces(net, start, pieces, lambda seen, piece: 0),
        "nothing of the calls before is remembered": lambda net, start, pieces: in_pieces(net, start, pieces, forgets=True),
        "positions go on, but nothing is remembered": lambda net, start, pieces: in_pieces(net, start, pieces, lambda seen, piece: 0, forgets=True),
    },
)  # fmt: skip


def read_in_turn(student, net, mode, num_layers, starts, pieces):
    """The scores of sequences that are read piece by piece, in turn, each with a state of its own."""
    import torch

    net.train(mode)
    states, scores = [[*start, [None] * num_layers] for start in starts], [[] for _ in starts]
    with torch.no_grad():
        for step in range(max(map(len, pieces))):
            for which, own in enumerate(pieces):
                if step < len(own):
                    result, states[which] = net(own[step], states[which])
                    scores[which].append(result)
    return [torch.cat(one, 1) for one in scores]


DECODER_BLOCK = part(
    reference.DecoderBlock, fits=lambda X, state: X.ndim == 3 and len(state) == 3 and isinstance(state[2], list | tuple),
    wants="X (n, T, num_hiddens) and a state of three entries: enc_outputs, enc_valid_lens, caches",
)  # fmt: skip


@exercise("TransformerDecoder", forbid=ATTENTION, parts=[DECODER_BLOCK])
class TestTransformerDecoder:
    test_weights = decoder.registers(
        "has an embedding, num_layers blocks with weights of their own, and a linear layer with bias", 1,
        "nn.ModuleList(DecoderBlock(…, i, use_bias) for i in range(num_layers)), nn.Linear(num_hiddens, vocab_size)",
    )  # fmt: skip

    @criterion(
        "init_state gives enc_outputs, their lengths, and a None for each block",
        hint="[enc_outputs, enc_valid_lens, [None] * num_layers]",
    )  # fmt: skip
    def test_init_state(self, student, draw):
        for L, lens in ((2, True), (3, False), (1, True)):
            net, _, (_, state) = decoder.net(student, draw, 2, 3, 7, 6, 5, 2, L, 4, lens)
            given = state[:2] if lens else state[:1]
            mine = net.init_state(*(value.clone() for value in given))
            expect(isinstance(mine, list | tuple) and len(mine) == 3, "init_state should give three things: enc_outputs, enc_valid_lens, caches", "wrong type")
            assert_close(mine[:2], state[:2], what="the first two entries of the first state", check_dtype=False)
            assert_close(mine[2], [None] * L, what=f"the caches in the first state, with num_layers={L},")

    test_values = decoder.agrees(
        "gives the scores of all steps at once", 3,
        "embedding times the root of d, plus positions, through all blocks (X, state = block(X, state)), and the linear layer", modes=(False, True),
    )  # fmt: skip

    @criterion(
        "step by step gives the same as all at once: positions and caches go on", weight=4,
        hint="offset = 0 if state[2][0] is None else state[2][0].shape[1], and positions(…, offset)",
    )  # fmt: skip
    def test_in_pieces(self, student, draw):
        for mode, (n, T, *size), cuts in [
            (EVALUATION, (2, 5, 7, 6, 5, 2, 2, 4), ([1] * 5, [2, 3])), (TRAINING, (1, 5, 5, 4, 3, 2, 1, 3), ([1] * 5, [3, 1, 1])),
            (EVALUATION, (3, 4, 6, 4, 3, 4, 3, 2, False), ([1] * 4, [1, 3])),
        ]:  # fmt: skip
            net, right, (X, state) = decoder.net(student, draw, n, T, *size)
            sequences = [X, draw.integers(0, size[0], n, T)]
            pieces, starts = [list(one.split(cut, 1)) for one, cut in zip(sequences, cuts, strict=True)], [state[:2], [2 * state[0], state[1]]]
            results = student.run(read_in_turn, net=net, mode=mode, num_layers=right.num_layers, starts=starts, pieces=pieces)
            at_once = [first_of(net(torch.cat(own, 1), [*start, [None] * right.num_layers])) for own, start in zip(pieces, starts, strict=True)]
            for result, once, start, own, cut in zip(results, at_once, starts, pieces, cuts, strict=True):
                what = f"{decoder.words_of(right.made_with)}, read in pieces of {' + '.join(map(str, cut))} tokens: the scores"
                follows = not alike(once, in_pieces(right, start, [torch.cat(own, 1)]))
                chain.compare([((right, start, own), result)], [what], follows=follows)

    @criterion(
        "the new state holds the caches of all blocks, each its own", weight=1,
        hint="X, state = block(X, state): what one block returns goes into the next, and the last state is returned",
    )  # fmt: skip
    def test_state(self, student, draw):
        for size in [(2, 3, 7, 6, 5, 2, 2, 4), (1, 2, 5, 4, 3, 2, 3, 3)]:
            net, right, (X, state) = decoder.net(student, draw, *size)
            result = net(X.clone(), [state[0].clone(), state[1], list(state[2])])
            right_result, what = Layer.right(right, X, state), f"the new state of {decoder.words_of(right.made_with)}"
            follows = not alike(decoder.first(result), right_result[0])
            expect(isinstance(result[1], list | tuple) and len(result[1]) == 3, f"{what} should have three entries", "wrong type")
            told = f"the caches in {what} are not what went into the blocks"
            expect(alike(result[1][2], right_result[1][2]), told, follows=follows)

    @criterion("hands dropout on to every block", hint="DecoderBlock(num_hiddens, ffn_num_hiddens, num_heads, dropout, i, use_bias)")
    def test_dropout(self, student, draw):
        def right(net, factor, X, state):
            X = net.positions(net.embedding(X) * 6**0.5) * factor
            for block in net.blocks:
                X, state = block(X, state)
            return net.dense(X)

        assert_drops_all(decoder, student, draw, right)

    test_bias = decoder.made_with(use_bias=True).registers(
        "use_bias=True gives the attentions of every block biases", hint="DecoderBlock(…, dropout, i, use_bias)", follows=True
    )
    test_gradients = decoder.gradients(sizes=[(2, 3, 5, 4, 3, 2, 2, 4)])
    test_dtype = decoder.keeps_dtype(size=(2, 3, 5, 4, 3, 2, 2, 4))
    test_unchanged = decoder.leaves_inputs()
    test_again = calm(decoder).again(sizes=((), (2, 3)), later=(2, 9))


# Two formulas ---------------------------------------------------------------------------------------------------------


def counted(v_s, v_t, d, f, L, norms=(2, 3), attentions=(1, 2), ffn_bias=1, bias=0, output=1, output_bias=1, embedding=1):
    """The count, or one with a slip in it."""
    layer = lambda a, k: a * (4 * d * d + bias * 4 * d) + 2 * d * f + ffn_bias * (f + d) + k * 2 * d
    first, second = (L * layer(a, k) for a, k in zip(attentions, norms, strict=True))
    return embedding * v_s * d + first, embedding * v_t * d + second + output * d * v_t + output_bias * v_t


parameters = case(
    reference.count_parameters, lambda draw, *sizes: sizes, [(5, 7, 2, 3, 2), (11, 4, 6, 9, 1), (3, 8, 5, 4, 3), (20, 13, 12, 7, 5), (6, 9, 3, 8, 4)],
    gives=("the encoder's count", "the decoder's count"), rtol=0.0, atol=0.0,
)  # fmt: skip
BOTH = {
    "the two biases of the position-wise network are forgotten": {"ffn_bias": 0},
    "the attention is given biases: there are none with use_bias=False": {"bias": 1},
    "the embedding is forgotten": {"embedding": 0},
    "there is one norm in each block": {"norms": (1, 1)},
    "a norm counts with its scale only, without its shift": {"norms": (1, 1.5)},
}
OF_DECODER = BOTH | {
    "a decoder block has two norms; it has three": {"norms": (2, 2)},
    "a decoder block has one attention; it has two": {"attentions": (1, 1)},
    "the output layer is forgotten": {"output": 0, "output_bias": 0},
    "the bias of the output layer is forgotten": {"output_bias": 0},
}


def count_of(index, slips, others):
    slip = lambda options: lambda *sizes: int(counted(*sizes, **options)[index])
    return parameters.only(parameters.gives[index], slips={words: slip(options) for words, options in slips.items()} | others)


of_encoder = count_of(
    0, BOTH,
    {
        "the vocabulary of the target is taken": lambda v_s, v_t, *rest: counted(v_t, v_s, *rest)[0],
        "encoder and decoder are exchanged": lambda *sizes: counted(*sizes)[1],
        "one layer is counted, whatever num_layers is": lambda *sizes: counted(*sizes[:4], 1)[0],
    },
)  # fmt: skip
of_decoder = count_of(
    1, OF_DECODER,
    {
        "the vocabulary of the source is taken": lambda v_s, v_t, *rest: counted(v_t, v_s, *rest)[1],
        "encoder and decoder are exchanged": lambda *sizes: counted(*sizes)[0],
        "one layer is counted, whatever num_layers is": lambda *sizes: counted(*sizes[:4], 1)[1],
    },
)  # fmt: skip


@exercise("count_parameters")
class TestCountParameters:
    test_encoder = of_encoder.agrees("the encoder's count", 3, "v_s · d + L · (4d² + 2df + f + d + 4d)")
    test_decoder = of_decoder.agrees("the decoder's count", 4, "v_t · d + L · (8d² + 2df + f + d + 6d) + d · v_t + v_t")

    @criterion("is arithmetic with whole numbers, exact for sizes that no machine could hold", weight=2, hint="+ and * of ints; build no module")
    def test_large(self, student):
        sizes = [(10**9 + 7, 10**9 + 9, 10**6 + 3, 10**7 + 1, 97), (10**8 + 1, 3, 10**5 + 1, 10**6 + 1, 1001)]
        for given, result in zip(sizes, student.count_parameters.each(sizes), strict=True):
            parameters.compare([(given, result)], [f"count_parameters{given}"], follows=True)
            told = f"count_parameters{given} holds something else than an int"
            expect(all(type(value) is int for value in result), told, "wrong type")

    test_again = parameters.again(sizes=((5, 7, 2, 3, 2), (4, 9, 3, 5, 1)))


def rate(step, d, w, factor=1.0, choose=min, power=-1.5, root=-0.5):
    return factor * d**root * choose(step**-0.5, step * w**power)


warmup = case(
    reference.warmup_lr, lambda draw, *given: given,
    [(1, 4, 4, 1.0), (3, 32, 20, 2.0), (20, 9, 20, 0.5), (21, 16, 20, 1.0), (50, 64, 100, 3.0), (4000, 512, 4000, 1.0), (9000, 512, 4000, 1.5), (7, 5, 1, 1.0)],
    rtol=1e-6, atol=0.0,
    slips={
        "the larger of the two is taken; the smaller is asked for": lambda *given: rate(*given, choose=max),
        "there is only the rise": lambda *given: rate(*given, choose=lambda fall, rise: rise),
        "there is only the fall": lambda *given: rate(*given, choose=lambda fall, rise: fall),
        "warmup_steps has the exponent -1/2; it should be -3/2": lambda *given: rate(*given, power=-0.5),
        "warmup_steps has the exponent -1; it should be -3/2": lambda *given: rate(*given, power=-1),
        "num_hiddens is left out": lambda *given: rate(*given, root=0),
        "num_hiddens has the exponent 1/2; it should be -1/2": lambda *given: rate(*given, root=0.5),
        "the factor is left out": lambda step, d, w, factor: rate(step, d, w),
        "the factor counts at the peak only": lambda step, d, w, factor: rate(step, d, w, factor if step == w else 1.0),
        "the factor counts in the rise only": lambda step, d, w, factor: rate(step, d, w, factor if step <= w else 1.0),
        "the factor counts in the fall only": lambda step, d, w, factor: rate(step, d, w, factor if step >= w else 1.0),
        "steps are counted from 0": lambda step, *rest: rate(step + 1, *rest),
    },
)  # fmt: skip


@exercise("warmup_lr")
class TestWarmupLr:
    test_values = warmup.agrees("equals the formula, on both sides of the peak", 4, "factor * num_hiddens**-0.5 * min(step**-0.5, step * warmup_steps**-1.5)")

    @criterion("at step 0 the rate is 0", weight=2, hint="if step == 0: return 0.0, before anything is raised to the power -0.5")
    def test_zero(self, student):
        for given in ((0, 4, 4, 1.0), (0, 512, 4000, 2.5)):
            assert_close(student.warmup_lr(*given), 0.0, what=f"warmup_lr{given}")
            warmup.compare([((3, *given[1:]), student.warmup_lr(3, *given[1:]))], [f"warmup_lr{(3, *given[1:])}"], follows=True)

    @criterion("factor is 1 if it is not given", hint="factor=1.0 in the signature, as in the skeleton")
    def test_default(self, student):
        for step, d, w in ((5, 7, 9), (30, 16, 4)):
            warmup.compare([((step, d, w, 1.0), student.warmup_lr(step, d, w))], [f"warmup_lr({step}, {d}, {w})"], follows=True)

    test_again = warmup.again(sizes=((3, 32, 20, 2.0), (9, 16, 4, 1.0)))


# A language model -----------------------------------------------------------------------------------------------------


def pre_normed(net, X, keys=None, residual=None, second=None, mask=True, one_norm=False):
    """A pre-norm block with a slip: what keys and values are, what is added to, what the second part does with Y."""
    n, T, _ = X.shape
    N = net.norm1(X)
    K = N if keys is None else keys(X, N)
    Y = (X if residual is None else residual(X, N)) + net.attention(N, K, K, torch.arange(1, T + 1, device=X.device).repeat(n, 1) if mask else None)
    if second:
        return second(Y)
    return Y + net.ffn((net.norm1 if one_norm else net.norm2)(Y))


def post_normed(net, X):
    n, T, _ = X.shape
    Y = net.norm1(X + net.attention(X, X, X, torch.arange(1, T + 1, device=X.device).repeat(n, 1)))
    return net.norm2(Y + net.ffn(Y))


pre_norm_block = layer(
    reference.PreNormBlock, lambda draw, n=3, T=4, d=6, f=5, H=2: ((d, f, H), (draw.normal(n, T, d, scale=2.0),)),
    sizes=[(2, 3, 6, 5, 2), (1, 1, 4, 7, 4), (4, 5, 9, 4, 3)],
    slips={
        "the norms stand behind the sums: that is post-norm": post_normed,
        "what is added to is the normalised X, where it should be X": lambda net, X: pre_normed(net, X, residual=lambda X, N: N),
        "what is added to in the second part is the normalised Y, where it should be Y":
            lambda net, X: pre_normed(net, X, second=lambda Y: net.norm2(Y) + net.ffn(net.norm2(Y))),
        "keys and values are not normalised": lambda net, X: pre_normed(net, X, keys=lambda X, N: X),
        "one norm is used for both parts": lambda net, X: pre_normed(net, X, one_norm=True),
        "there is no norm in front of the network": lambda net, X: pre_normed(net, X, second=lambda Y: Y + net.ffn(Y)),
        "nothing is added behind the network": lambda net, X: pre_normed(net, X, second=lambda Y: net.ffn(net.norm2(Y))),
        "the network is given X and not Y": lambda net, X: pre_normed(net, X, second=lambda Y: Y + net.ffn(net.norm2(X))),
        "there is no mask": lambda net, X: pre_normed(net, X, mask=False),
    },
)  # fmt: skip


@exercise("PreNormBlock", forbid=ATTENTION, parts=[FFN])
class TestPreNormBlock:
    test_weights = pre_norm_block.registers(
        "has the weights of two norms, one attention without biases and one network", hint="norm, attention, norm, network: each made once, used once"
    )

    @criterion(
        "no step sees a later one, in training and in evaluation mode", weight=3,
        hint="lengths torch.arange(1, T + 1).repeat(n, 1) as the fourth argument of the attention",
    )  # fmt: skip
    def test_future(self, student, draw):
        for n, T in ((2, 5), (1, 4)):
            net, _, (X,) = pre_norm_block.net(student, draw, n, T)
            changed = [(t, torch.cat([X[:, : t + 1], draw.normal(n, T - t - 1, X.shape[2], scale=scale)], 1)) for t in range(T - 1) for scale in (1.0, 50.0)]
            for mode, words in ((EVALUATION, "evaluation"), (TRAINING, "training")):
                whole, *others = pre_norm_block.run(student, net, [(mode, (one,)) for one in (X, *(other for _, other in changed))])
                assert_shape(whole, X.shape, what="the result of PreNormBlock")
                for (t, _), other in zip(changed, others, strict=True):
                    expect(alike(other[:, : t + 1], whole[:, : t + 1]), f"in {words} mode the results up to step {t} change when later steps do")
                    expect(not alike(other[:, t + 1 :], whole[:, t + 1 :]), f"the results behind step {t} do not change when their steps do", follows=True)
                for t in range(1, T):
                    other = X.clone()
                    other[:, 0] = other[:, 0].roll(1, -1) + 1
                    [moved] = pre_norm_block.run(student, net, [(mode, (other,))])
                    expect(not alike(moved[:, t], whole[:, t]), f"in {words} mode step {t} does not see step 0", follows=True)
                    break

    test_values = pre_norm_block.agrees(
        "equals X + attention of the normalised X, and network of the normalised sum", 4,
        "N = norm1(X); X = X + attention(N, N, N, lens); X + ffn(norm2(X))", modes=(False, True),
    )  # fmt: skip

    @criterion(
        "drops attention weights and entries of what both parts add, in training mode", weight=1,
        hint="self.dropout(self.attention(…)) and self.dropout(self.ffn(…)), and MultiHeadAttention(…, num_heads, dropout)",
    )  # fmt: skip
    def test_dropout(self, student, draw):
        dropping, args, inputs = pre_norm_block.made_with(dropout=RATE), (4, 5, 1), (draw.normal(1, 1, 4),)
        assert_drops(dropping, student, dropping.holding(draw, args, **LAST), inputs, "dropout", "what the attention gives", "attention weights")
        alone = dropping.holding(draw, args, attention__W_o__weight=NOTHING)
        assert_drops(dropping, student, alone, inputs, "dropout", "what the network gives")

    test_gradients = pre_norm_block.gradients(sizes=[(2, 3, 4, 5, 2)])
    test_at_once = pre_norm_block.at_once("n", "T", grows={"T": ("{} steps", "the steps")}, hint="lengths (n, T) are the whole mask: no loop")
    test_dtype = pre_norm_block.keeps_dtype()
    test_unchanged = pre_norm_block.leaves_inputs(hint="X = X + …, not X += …")
    test_again = calm(pre_norm_block).again(later=(2, 7))


def spoken(net, tokens, scale=1.0, place=None, norm=True, blocks=None, soft=False):
    """TinyGPT with a slip."""
    steps = torch.arange(tokens.shape[1], device=tokens.device)
    X = net.token_embedding(tokens) * scale + (net.position_embedding(steps) if place is None else place(steps))
    for block in net.blocks if blocks is None else blocks:
        X = block(X)
    scores = net.dense(net.norm(X) if norm else X)
    return torch.softmax(scores, -1) if soft else scores


tiny_gpt = layer(
    reference.TinyGPT,
    lambda draw, n=3, T=4, v=7, d=6, f=5, H=2, L=2, more=3: ((v, d, f, H, L, T + more), (draw.integers(0, v, n, T),)),
    sizes=[(2, 3, 7, 6, 5, 2, 2, 5), (1, 5, 5, 4, 3, 4, 1, 0), (4, 2, 3, 9, 4, 3, 3, 6), (3, 1, 4, 6, 5, 2, 1, 2)],
    slips={
        "the positions are left out": lambda net, tokens: spoken(net, tokens, place=lambda steps: 0.0),
        "the positions are those of the rows of the batch": lambda net, tokens: (
            spoken(net, tokens, place=lambda steps: net.position_embedding(torch.arange(len(tokens), device=tokens.device))[:, None])
            if len(tokens) <= net.max_len else None
        ),
        "every step has position 0": lambda net, tokens: spoken(net, tokens, place=lambda steps: net.position_embedding(0 * steps)),
        "the positions are counted from the end": lambda net, tokens: spoken(net, tokens, place=lambda steps: net.position_embedding(steps.flip(0))),
        "the embedding of the tokens is multiplied by the root of d": lambda net, tokens: spoken(net, tokens, scale=net.norm.normalized_shape[0] ** 0.5),
        "the last norm is left out": lambda net, tokens: spoken(net, tokens, norm=False),
        "there is a softmax on top: scores were asked for": lambda net, tokens: spoken(net, tokens, soft=True),
        "only the last block counts": lambda net, tokens: spoken(net, tokens, blocks=net.blocks[-1:]),
        "the first block is used in the place of all": lambda net, tokens: spoken(net, tokens, blocks=[net.blocks[0]] * len(net.blocks)),
    },
)  # fmt: skip


@exercise("TinyGPT", forbid=ATTENTION, parts=[part(reference.PreNormBlock, wants="X (n, T, num_hiddens)")])
class TestTinyGPT:
    test_weights = tiny_gpt.registers(
        "has two embeddings, num_layers blocks with weights of their own, a last norm and a linear layer with bias", 2,
        "nn.Embedding(vocab_size, d), nn.Embedding(max_len, d), nn.ModuleList of blocks, nn.LayerNorm(d), nn.Linear(d, vocab_size)",
    )  # fmt: skip
    test_values = tiny_gpt.agrees(
        "gives the scores of every step", 5, "token embedding + position embedding of arange(T), blocks, norm, linear", modes=(False, True)
    )

    @criterion("keeps max_len as an attribute", hint="self.max_len = max_len")
    def test_max_len(self, student, draw):
        for T, more in ((3, 2), (4, 0)):
            net, right, inputs = tiny_gpt.net(student, draw, 2, T, 7, 6, 5, 2, 1, more)
            assert_close(net.max_len, T + more, what=f"max_len of {tiny_gpt.words_of(right.made_with)}")
            tiny_gpt.compare([((right, *inputs), net(*inputs).detach())], follows=True)

    @criterion("hands dropout on to every block", hint="PreNormBlock(num_hiddens, ffn_num_hiddens, num_heads, dropout)")
    def test_dropout(self, student, draw):
        def right(net, factor, tokens):
            X = net.token_embedding(tokens) + net.position_embedding(torch.arange(tokens.shape[1], device=tokens.device))
            return net.dense(net.norm(dropped_stack(net, X * factor)))

        assert_drops_all(tiny_gpt, student, draw, right)

    test_gradients = tiny_gpt.gradients(sizes=[(2, 3, 5, 4, 3, 2, 2, 2)])
    test_dtype = tiny_gpt.keeps_dtype(size=(2, 3, 5, 4, 3, 2, 2, 2))
    test_unchanged = tiny_gpt.leaves_inputs()
    test_again = calm(tiny_gpt).again(sizes=((), (2, 4)), later=(2, 7, 7, 6, 5, 2, 2, 0))


# Tokens by chance -----------------------------------------------------------------------------------------------------

DRAWS, NEAR = 4000, 0.05  # how many tokens are drawn for each row, and how far their shares may be from the probabilities


def probabilities(logits, temperature=1.0, top_k=None, outside=-torch.inf, whole=False, sign=1):
    """Of the tokens; a slip where the scores outside the top k become another number, or the k are those of all rows together or the smallest."""
    if top_k is not None and top_k < logits.shape[1]:
        edge = (sign * logits).flatten().topk(top_k).values[-1] if whole else (sign * logits).topk(top_k, 1).values[:, -1:]
        logits = logits.masked_fill(sign * logits < edge, outside)
    return torch.softmax(logits.double() / temperature, 1)


def shares(student, logits, *given):
    """Of each token, for each row of the logits, over many draws in one call."""
    many = logits.repeat_interleave(DRAWS, 0)
    tokens = student.sample(many, *given)
    assert_shape(tokens, (len(many),), what=f"the result of sample for logits {tuple(many.shape)}")
    expect(tokens.dtype == torch.int64, f"the result of sample has dtype {str(tokens.dtype)[6:]}, expected int64", "wrong type")
    v = logits.shape[1]
    expect(bool(((tokens >= 0) & (tokens < v)).all()), "sample gives tokens that are no columns of the logits")
    return torch.nn.functional.one_hot(tokens.reshape(len(logits), DRAWS), v).double().mean(1)


def assert_shares(found, right, slips, what):
    """Shares are near the probabilities, or those of a known slip."""
    near = lambda one: one is not None and not one.isnan().any() and bool(((found - one).abs() <= NEAR).all())
    if near(right):
        return
    words = next((words for words, slip in slips.items() if near(slip)), "")
    told = f"what comes out when {words}" if words else f"not their probabilities; the largest difference is {float((found - right).abs().max()):.2f}"
    raise Finding(f"the shares of {DRAWS} tokens drawn by {what} are {told}")


def numbers_moved(student, logits, seed):
    """Tokens from a generator, and whether other random numbers of the program were used as well."""
    import random

    import numpy
    import torch

    state = lambda: [torch.get_rng_state().tolist(), random.getstate(), str(numpy.random.get_state())]
    before = state()
    tokens = [student.sample(logits.clone(), 1.3, 3, torch.Generator().manual_seed(seed)) for _ in range(2)]
    return {"tokens": tokens, "moved": state() != before}


draws = case(reference.sample, lambda draw, n=40, v=9: (draw.normal(n, v), 1.5, 6, draw.new_generator()), name="sample")
coldest = case(reference.sample, lambda draw, n=3, v=7, temperature=0: (draw.normal(n, v, scale=3.0), temperature, None, None), name="sample")


@exercise("sample")
class TestSample:
    @criterion(
        "draws from the softmax of the scores divided by the temperature", weight=3,
        hint="torch.multinomial(torch.softmax(logits / temperature, dim=1), 1, generator=generator).squeeze(1)",
    )  # fmt: skip
    def test_temperature(self, student, draw):
        for n, v, temperature in [(2, 4, 1.0), (1, 5, 0.4), (3, 3, 2.5)]:
            logits = draw.normal(n, v) + torch.linspace(-1.5, 1.5, v, device=draw.device)[draw.permutation(v)]
            slips = {
                "the scores are multiplied by the temperature": probabilities(logits, 1 / temperature),
                "the temperature is left out": probabilities(logits),
                "all tokens are equally likely": torch.full((n, v), 1 / v).double(),
                "the likeliest token is always taken": torch.nn.functional.one_hot(logits.argmax(1), v).double(),
            }
            found = shares(student, logits, temperature, None, draw.new_generator())
            assert_shares(found, probabilities(logits, temperature), slips, f"sample with temperature={temperature}")
        assert_shares(shares(student, logits), probabilities(logits), {}, "sample without further arguments, whose temperature is 1")

    @criterion(
        "temperature 0 takes the largest score", weight=2, hint="if temperature == 0: return logits.argmax(dim=1), before anything is divided",
    )  # fmt: skip
    def test_coldest(self, student, draw):
        asked = coldest.ask(student, coldest.drawn(draw, [(2, 4), (1, 3), (5, 7), (3, 6, 0.0)]))
        coldest.compare(asked)

    @criterion(
        "only the k largest scores of each row are drawn, all of them if k is v or more", weight=3,
        hint="-inf, not 0, for what is outside; topk(top_k, dim=1) looks at each row by itself",
    )  # fmt: skip
    def test_top_k(self, student, draw):
        for n, v, k in [(2, 5, 2), (1, 6, 3), (3, 4, 1), (2, 3, 3), (2, 3, 8)]:
            logits = draw.normal(n, v, scale=0.7) - 2 + 1.3 * torch.arange(n, device=draw.device)[:, None]
            slips = {
                "all tokens are drawn, whatever top_k is": probabilities(logits),
                "the scores outside the top k become 0, and exp(0) is 1": probabilities(logits, 1.0, k, 0.0),
                "the k smallest scores are drawn": probabilities(logits, 1.0, k, sign=-1),
                "the k largest of the whole batch are kept, and not of each row": probabilities(logits, 1.0, k, whole=True),
                "the k tokens are equally likely": (probabilities(logits, 1.0, k) > 0).double() / min(k, v),
            }
            found, right = shares(student, logits, 1.0, k, draw.new_generator()), probabilities(logits, 1.0, k)
            assert_shares(found, right, slips, f"sample with top_k={k}")
            expect(not bool(found[right == 0].any()), f"sample with top_k={k} draws tokens that are not among the {k} likeliest")

    @criterion(
        "works for scores of ten thousand, temperatures of a millionth, and scores of minus infinity", weight=2,
        hint="torch.softmax subtracts the largest score first; exp of your own overflows", hint_for=("unstable", "wrong value", "wrong type", "wrong shape"),
    )  # fmt: skip
    def test_extremes(self, student, draw):
        plain = draw.normal(2, 4)
        high = plain + torch.tensor([[1e4], [-1e4]], device=draw.device)
        cold = 1e4 * torch.tensor([[0.3, -1.0, 0.9, 0.2], [1.0, 0.7, -0.5, 0.1]], device=draw.device)[:, draw.permutation(4)]
        hidden = plain.masked_fill(torch.tensor([[False, True, False, True], [True, False, False, False]], device=draw.device), -torch.inf)
        for logits, temperature, words in [(high, 1.0, "scores near ±10000"), (cold, 1e-6, "temperature=1e-6"), (hidden, 1.0, "scores of minus infinity"),
                                           (hidden, 0, "temperature 0 and scores of minus infinity")]:  # fmt: skip
            right = probabilities(logits, temperature or 1e-9)
            assert_shares(shares(student, logits, temperature, None, draw.new_generator()), right, {}, f"sample with {words}")

    test_seeded = draws.seeded(weight=2, hint="torch.multinomial(…, generator=generator), or torch.rand(…, generator=generator)")

    @criterion("with a generator the program's random numbers stay as they are, without one they are used", hint="hand it to every draw; set no seed")
    def test_program(self, student, draw):
        seen = student.run(numbers_moved, logits=draw.normal(60, 7), seed=11)
        expect(torch.equal(*seen["tokens"]), "generators with the same seed gave different tokens", follows=True)
        expect(not seen["moved"], "a generator was given, and random numbers of the program were used as well")
        tokens = [student.sample(draw.normal(60, 7) * 0, 1.0) for _ in range(2)]
        expect(not torch.equal(*tokens), "two draws without a generator gave the same 60 tokens")

    @criterion("works on the whole batch at once", hint="multinomial and topk treat all rows: no loop", hint_for=("too slow",))
    def test_at_once(self, student, draw):
        for temperature, k in ((1.0, 3), (0.7, None), (0, None)):
            assert_vectorised(student.sample, lambda n, t=temperature, k=k: (draw.normal(n, 7), t, k, draw.new_generator()), what="sample")
        logits = torch.full((2, 5), -50.0, device=draw.device)
        logits[0, 3] = logits[1, 1] = 60.0
        coldest.compare([((logits, 0, None, None), student.sample(logits.clone(), 1.0, 3, draw.new_generator()))], ["the tokens of a sure thing"], follows=True)

    @criterion("takes float64 and scores in any memory order, and leaves them unchanged", hint="masked_fill makes a new tensor; logits /= … does not")
    def test_inputs(self, student, draw):
        for scores in (draw.float64.normal(6, 5), draw.other_order.normal(4, 7), draw.normal(5, 6)):
            for temperature, k in ((0.5, 2), (0, None), (3.0, 1), (2.0, None)):
                given = scores.clone() if scores.is_contiguous() else scores.T.clone().T
                tokens = student.sample(given, temperature, k, draw.new_generator())
                assert_unchanged(scores, given, what="the logits")
                assert_shape(tokens, (len(scores),), what="the result of sample")
                allowed = scores.topk(k or (1 if temperature == 0 else scores.shape[1]), 1).indices
                expect(bool((tokens[:, None] == allowed).any(1).all()), f"sample with temperature={temperature}, top_k={k} gives another token", follows=True)


M, V = 13, 7
TABLE = torch.randn(M, V, generator=torch.Generator().manual_seed(19), dtype=torch.float64).float() * 2


def a_writer(student, table, max_len, dropout=0.9):
    """A language model whose scores depend on all that it is shown, and on the order. It remembers what that was."""
    import torch

    class Writer(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.table, self.dropout, self.max_len = torch.nn.Parameter(table.clone()), torch.nn.Dropout(dropout), max_len
            self.seen, self.inner = [], torch.nn.Sequential(torch.nn.Dropout(dropout))

        def forward(self, tokens):
            T = tokens.shape[1]
            if self.max_len < T:
                raise ValueError(f"the network was shown {T} tokens at once, max_len is {self.max_len}")
            self.seen.append([T, self.training or self.inner.training, torch.is_grad_enabled()])
            places = torch.arange(1, T + 1, device=tokens.device)
            return self.inner(self.dropout(self.table[(tokens * places**2).cumsum(1) % len(self.table)]))

    return Writer().train()


def writes(prefix, num_new, temperature=0.0, top_k=None, generator=None, max_len=5, shown=None, place=-1):
    """What the reference writes; a slip where other tokens are shown to the network, or the scores of another position are used."""
    net, tokens = a_writer(None, TABLE, max_len).eval(), prefix
    for _ in range(num_new):
        part_of_it = tokens[:, -max_len:] if shown is None else shown(tokens, max_len)
        with torch.no_grad():
            scores = net(part_of_it)[:, place]
        tokens = torch.cat([tokens, reference.sample(scores, temperature, top_k, generator)[:, None]], 1)
    return tokens


greedy = case(
    writes, lambda draw, n=3, T=2, num_new=3: (draw.integers(0, V, n, T), num_new), [(2, 3, 2), (1, 1, 4), (4, 4, 1), (3, 2, 3)], name="generate",
    ahead=lambda student: (student.run(a_writer, table=TABLE, max_len=5),),
    slips={
        "the network is shown the last token only": lambda *given: writes(*given, shown=lambda tokens, max_len: tokens[:, -1:]),
        "the network is shown the prefix only, again and again": lambda prefix, num_new: writes(prefix, num_new, shown=lambda tokens, max_len: prefix[:, -5:]),
        "the network is shown the first max_len tokens; it should be the last": lambda *given: writes(*given, shown=lambda tokens, most: tokens[:, :most]),
        "the scores of the first position are used; it should be the last": lambda *given: writes(*given, place=0),
        "only the new tokens are returned": lambda prefix, num_new: writes(prefix, num_new)[:, prefix.shape[1] :],
        "one token fewer is shown than max_len allows": lambda *given: writes(*given, shown=lambda tokens, max_len: tokens[:, -(max_len - 1) :]),
    },
)  # fmt: skip


def sampled_there(student, ask):
    """The lent `sample`: its random numbers come from the generator over there."""
    import torch

    def sample(logits, temperature=1.0, top_k=None, generator=None):
        own = None
        if generator is not None and temperature != 0:
            own = torch.Generator().manual_seed(int(torch.randint(2**62, (), generator=generator)))
        return ask(logits, temperature, top_k, own)

    return sample


def wrote(student, net, prefix, num_new, given):
    """What is written, how the network was called, and what became of it."""
    tokens = student.generate(net, prefix, num_new, *given)
    return {"tokens": tokens.detach(), "graph": tokens.requires_grad, "seen": net.seen, "training": net.training or net.inner.training}


@exercise("generate", parts=[part(reference.sample, there=sampled_there)])
class TestGenerate:
    test_greedy = greedy.agrees(
        "writes the likeliest tokens behind the prefix, from all that was written before", 3,
        "net(tokens[:, -net.max_len :])[:, -1] are the scores; torch.cat([tokens, new[:, None]], dim=1)",
    )  # fmt: skip
    test_window = greedy.agrees(
        "shows the network the last max_len tokens where there are more", 2, "tokens[:, -net.max_len :]", [(2, 3, 6), (1, 9, 2), (3, 5, 4)], follows=False
    )

    @criterion("num_new=0 gives the prefix", hint="the loop runs num_new times: never, here")
    def test_nothing_new(self, student, draw):
        for n, T in ((2, 3), (1, 8)):
            prefix = draw.integers(0, V, n, T)
            for num_new in (0, 2):
                net = student.run(a_writer, table=TABLE, max_len=5)
                asked = [((prefix, num_new), student.generate(net, prefix.clone(), num_new))]
                greedy.compare(asked, [f"generate of prefix {tuple(prefix.shape)} with num_new={num_new}"], follows=num_new > 0)

    @criterion(
        "puts the network into evaluation mode, leaves it there, and builds no graph", weight=2, hint="net.eval(), and the loop under torch.no_grad()",
    )  # fmt: skip
    def test_mode(self, student, draw):
        for n, T, num_new in ((2, 3, 4), (1, 1, 2)):
            net = student.run(a_writer, table=TABLE.double(), max_len=6)
            seen = student.run(wrote, net=net, prefix=draw.integers(0, V, n, T), num_new=num_new, given=[])
            expect(bool(seen["seen"]), "generate never calls the network", follows=True)
            expect(not any(mode for _, mode, _ in seen["seen"]), "the network is in training mode while it writes: dropout is active")
            expect(seen["training"] is False, "the network is in training mode after the call")
            expect(not any(graph for _, _, graph in seen["seen"]) and seen["graph"] is False, "the network is called with autograd on: a graph is built")

    @criterion(
        "hands temperature and top_k on", weight=2, hint="sample(logits, temperature, top_k, generator)",
    )  # fmt: skip
    def test_chance(self, student, draw):
        prefix = draw.integers(1, V, 1, 1)
        with torch.no_grad():
            logits = a_writer(None, TABLE, 5).eval()(prefix)[:, -1]
        for temperature, k in ((1.0, None), (2.5, None), (2.0, 3)):
            net = student.run(a_writer, table=TABLE, max_len=5)
            written = student.generate(net, prefix.repeat(DRAWS, 1), 1, temperature, k, draw.new_generator())
            assert_shape(written, (DRAWS, 2), what="the result of generate")
            assert_close(written[:, :1], prefix.repeat(DRAWS, 1), what="the prefix in the result of generate")
            found = torch.nn.functional.one_hot(written[:, 1], V).double().mean(0, keepdim=True)
            slips = {
                "the likeliest token is always taken": torch.nn.functional.one_hot(logits.argmax(1), V).double(),
                "the temperature is not handed on": probabilities(logits, 1.0, k),
                "top_k is not handed on": probabilities(logits, temperature),
                "neither temperature nor top_k is handed on": probabilities(logits),
            }
            assert_shares(found, probabilities(logits, temperature, k), slips, f"generate with temperature={temperature}, top_k={k}")

    @criterion("all chance comes from the generator: equal seeds write the same", hint="the fourth argument of sample")
    def test_seeded(self, student, draw):
        prefix = draw.integers(0, V, 30, 2)
        seeds = [torch.Generator().manual_seed(seed) for seed in (5, 5, 6)]
        one, same, other = (student.generate(student.run(a_writer, table=TABLE, max_len=4), prefix.clone(), 5, 3.0, None, seed) for seed in seeds)
        for tokens in (one, same, other):
            assert_shape(tokens, (30, 7), what="the result of generate")
        expect(torch.equal(one, same), "generators with the same seed write different tokens")
        expect(not torch.equal(one, other), "generators with different seeds write the same tokens")
        together = student.generate(student.run(a_writer, table=0 * TABLE, max_len=4), prefix[:1].repeat(50, 1), 2, 1.0, None, torch.Generator().manual_seed(1))
        expect(not torch.equal(together[:, -1], together[:, -2]), "the generator begins anew at every token")

    test_unchanged = greedy.leaves_inputs(hint="torch.cat makes a new tensor; nothing is written into the prefix")
    test_again = greedy.again(sizes=((2, 3, 2), (2, 3, 4)), hint="nothing is kept between calls")


# Training -------------------------------------------------------------------------------------------------------------


def a_batch(draw, n, T, v):
    counts = draw.mask(n, T, share=0.6)
    counts[0, 1], counts[0, -1], counts[:, 0] = True, False, draw.mask(n)
    return draw.integers(0, v, n, T), counts


def batch_loss(table, tokens, counts, inputs=slice(None, -1), targets=slice(1, None), mask=slice(1, None), mean=None):
    """Of a model whose scores depend on the last token alone; a slip where other columns are taken, or another mean."""
    losses = torch.nn.functional.cross_entropy(table[tokens[:, inputs]].transpose(1, 2), tokens[:, targets], reduction="none")
    return losses[counts[:, mask]].mean() if mean is None else mean(losses, counts[:, mask])


def recorded(tables, batches, **slip):
    """tables: that which the model is at each batch."""
    return [float(batch_loss(table, *batch, **slip)) for table, batch in zip(tables, batches, strict=True)]


record = case(
    recorded, lambda draw, sizes=((3, 5), (1, 4), (2, 7)), v=6: (draw.normal(v, v, scale=1.5), [a_batch(draw, n, T, v) for n, T in sizes]), name="train_lm",
    rtol=1e-4, atol=1e-6,
    slips={
        "the tokens are not shifted: the network is asked for what it is shown": lambda *given: recorded(*given, inputs=slice(1, None)),
        "the network is asked for the token before": lambda *given: recorded(*given, inputs=slice(1, None), targets=slice(None, -1)),
        "the mask is not shifted: counts[:, :-1] is taken": lambda *given: recorded(*given, mask=slice(None, -1)),
        "everything counts": lambda *given: recorded(*given, mean=lambda losses, mask: losses.mean()),
        "the sum is divided by the number of all predictions, and not of those that count":
            lambda *given: recorded(*given, mean=lambda losses, mask: (losses * mask).mean()),
        "what counts is added up, and not averaged": lambda *given: recorded(*given, mean=lambda losses, mask: losses[mask].sum()),
        "what does not count is averaged": lambda *given: recorded(*given, mean=lambda losses, mask: losses[~mask].mean()),
        "the mean is taken for each row, and then over the rows":
            lambda *given: recorded(*given, mean=lambda losses, mask: ((losses * mask).sum(1) / mask.sum(1).clamp(min=1)).mean()),
    },
)  # fmt: skip


def trained_table(student, table, batches, rates, once):
    """A model that is a table is trained. once: the batches come from an iterator that can be walked over once."""
    import torch

    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.table, self.calls = torch.nn.Parameter(table.clone()), []

        def now(self):
            grad = self.table.grad
            return [self.table.detach().clone(), None if grad is None else grad.clone()]

        def forward(self, tokens):
            self.calls.append([*self.now(), self.training, list(tokens.shape)])
            return self.table[tokens]

    asked, model = [], Model().eval()

    def schedule(step):
        asked.append(step)
        return rates[min(len(asked), len(rates)) - 1]

    losses = student.train_lm(model, (batch for batch in batches) if once else batches, schedule)
    kinds = sorted({type(loss).__name__ for loss in losses})
    return {"losses": [float(loss) for loss in losses], "kinds": kinds, "list": type(losses).__name__, "asked": asked, "calls": model.calls, "end": model.now()}


def reversed_digits(n, generator=None):
    digits = torch.randint(10, (n, 6), generator=generator)
    return torch.cat([digits, torch.full((n, 1), 10), digits.flip(1)], 1)


def train_reverser(student, ending, enough, test, seed):
    """A small language model learns to reverse numbers; it is looked at after every ten batches. Gives what it writes behind the unseen ones."""
    import itertools

    import torch

    torch.manual_seed(seed)

    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.tokens, self.places = torch.nn.Embedding(11, 32), torch.nn.Embedding(13, 32)
            self.norms = torch.nn.ModuleList(torch.nn.LayerNorm(32) for _ in range(3))
            self.mix, self.out = torch.nn.Linear(32, 96, bias=False), torch.nn.Linear(32, 32, bias=False)
            self.network = torch.nn.Sequential(torch.nn.Linear(32, 64), torch.nn.ReLU(), torch.nn.Linear(64, 32))
            self.scores = torch.nn.Linear(32, 11)

        def forward(self, tokens):
            n, T = tokens.shape
            X = self.tokens(tokens) + self.places(torch.arange(T))
            Q, K, V = self.mix(self.norms[0](X)).reshape(n, T, 3, 4, 8).permute(2, 0, 3, 1, 4)
            future = torch.ones(T, T).triu(1).bool()
            weights = torch.softmax((Q @ K.transpose(2, 3) / 8**0.5).masked_fill(future, -torch.inf), -1)
            X = X + self.out((weights @ V).transpose(1, 2).reshape(n, T, 32))
            return self.scores(self.norms[2](X + self.network(self.norms[1](X))))

    model = Model()

    def write():
        tokens = test[:, :7]
        with torch.no_grad():
            for _ in range(6):
                tokens = torch.cat([tokens, model(tokens)[:, -1].argmax(1, keepdim=True)], 1)
        return tokens

    class Fresh:
        def __len__(self):
            return 10

        def __iter__(self):
            for _ in range(10):
                digits = torch.randint(10, (64, 6))
                tokens = torch.cat([digits, torch.full((64, 1), 10), digits.flip(1)], 1)
                yield tokens, (torch.arange(13) > 6).expand_as(tokens)

    right = lambda: float((write() == test).all(1).float().mean())
    with ending(Fresh(), right, enough) as batches:
        schedule = lambda step: 0.02 * min((20 / step) ** 0.5, step / 20) if step > 0 else 0.0
        student.train_lm(model, itertools.chain.from_iterable(batches for _ in range(12)), schedule)
    return write()


reverser = goal(
    "the share of unseen numbers that are reversed without a mistake", at_least=0.9, margin=0.1, within="120 batches", share=True,
    data=lambda seed: {"test": reversed_digits(200, torch.Generator().manual_seed(1000 + seed)), "seed": seed},
    recipe=train_reverser, reached=lambda data, written: float((written == data["test"]).all(1).float().mean()) if written.shape == data["test"].shape else 0.0,
    wrong={"does not shift the tokens": 0.0, "never clears its gradients": 0.4},
)  # fmt: skip


@exercise("train_lm")
class TestTrainLm:
    def seen(self, student, draw, rates=(0.0,), **options):
        """The table before each batch, the batches, and what their training shows."""
        table, batches = record.arguments(draw, **options)
        seen = student.run(trained_table, table=table, batches=batches, rates=list(rates), once=draw.one_of([True, False]))
        tables = [call[0] for call in seen["calls"]]
        return tables if len(tables) == len(batches) else [table] * len(batches), batches, seen

    @criterion(
        "returns the mean loss of what counts, for each batch", weight=3,
        hint="cross_entropy(net(tokens[:, :-1])[mask], tokens[:, 1:][mask]) with mask = counts[:, 1:]",
    )  # fmt: skip
    def test_record(self, student, draw):
        for sizes in (((3, 5), (1, 4), (2, 7)), ((1, 3),), ((4, 6), (4, 6), (4, 6), (3, 6))):
            tables, batches, seen = self.seen(student, draw, sizes=sizes)
            record.compare([((tables, batches), seen["losses"])], [f"the record of {len(batches)} batches with learning rate 0"])

    @criterion("the record is a list of floats", hint="loss.item()", hint_for=("wrong type",))
    def test_floats(self, student, draw):
        tables, batches, seen = self.seen(student, draw)
        expect(seen["list"] == "list", f"train_lm returns a {seen['list']}, a list was expected", "wrong type")
        expect(seen["kinds"] == ["float"], f"the record holds {' and '.join(seen['kinds'])}, floats were expected", "wrong type")
        record.compare([((tables, batches), seen["losses"])], ["the record with learning rate 0"], follows=True)

    @criterion("asks the schedule for the steps 1, 2, 3, …, once for each batch", weight=2, hint="enumerate(data_iter, start=1)")
    def test_asked(self, student, draw):
        for sizes in (((3, 5), (1, 4), (2, 7)), ((2, 3),)):
            _, batches, seen = self.seen(student, draw, sizes=sizes)
            asked, n = seen["asked"], len(batches)
            expect(asked != list(range(n)), "the schedule is asked from step 0 on; the first batch is step 1")
            expect(asked == list(range(1, n + 1)), f"for {n} {'batch' if n == 1 else 'batches'} the schedule was asked for {asked[:6]}")

    @criterion(
        "sets the rate of a batch before its step", weight=2, hint='group["lr"] = schedule(step) for every group, ahead of optimizer.step()',
    )  # fmt: skip
    def test_rates(self, student, draw):
        rates = [0.02, 0.0, 0.005, 0.0]
        tables, batches, seen = self.seen(student, draw, rates, sizes=((3, 5),) * 4)
        states = [call[0] for call in seen["calls"]] + [seen["end"][0]]
        expect(len(states) == 5, f"the network was called {len(states) - 1} times for 4 batches")
        moved = [float((new - old).abs().max()) for old, new in itertools.pairwise(states)]
        expect(moved[1] == 0 and moved[3] == 0, "a step whose learning rate is 0 moves the weights: is the rate set behind the step?")
        told = "the first step of Adam moves weights by the learning rate, here by 0.02; it does not: is the rate set, and before the step?"
        expect(abs(moved[0] - 0.02) < 1e-4, told)
        expect(0.001 < moved[2] < 0.02, "the third step moves the weights by something else than its learning rate allows")
        leaf = tables[0].clone().requires_grad_()
        batch_loss(leaf, *batches[0]).backward()
        right = leaf.grad.sign() * (leaf.grad.abs() > 1e-5)
        expect(
            bool(((tables[0] - states[1]).sign() * (leaf.grad.abs() > 1e-5) == right).all()), "the first step does not go against the gradient", follows=True
        )

    @criterion("gradients are those of one batch: cleared before each", weight=2, hint="optimizer.zero_grad() ahead of loss.backward()")
    def test_cleared(self, student, draw):
        tables, batches, seen = self.seen(student, draw, sizes=((3, 5), (2, 6), (4, 4), (1, 7)))
        expect(len(seen["calls"]) == len(batches), f"the network was called {len(seen['calls'])} times for {len(batches)} batches")
        kept = [call[1] for call in seen["calls"][1:]] + [seen["end"][1]]
        expect(alike(seen["losses"], recorded(tables, batches)), "the record is wrong", follows=True)
        total = torch.zeros_like(tables[0])
        for now, batch, grad in zip(tables, batches, kept, strict=True):
            leaf = now.clone().requires_grad_()
            batch_loss(leaf, *batch).backward()
            total = total + leaf.grad
            if grad is not None and bool(grad.any()):
                along = lambda other, grad=grad: bool(torch.nn.functional.cosine_similarity(grad.flatten(), other.flatten(), dim=0) > 0.999)
                expect(along(leaf.grad) or not along(total), "the gradients of all batches are added up: they are never cleared")
                expect(along(leaf.grad), "the gradient of the weights is not that of the batch", follows=True)

    @criterion("the network is in training mode", hint="net.train() at the beginning")
    def test_mode(self, student, draw):
        tables, batches, seen = self.seen(student, draw.float64, sizes=((2, 5), (1, 4)))
        expect(bool(seen["calls"]) and all(call[2] is True for call in seen["calls"]), "the network is in evaluation mode while it is trained")
        record.compare([((tables, batches), seen["losses"])], ["the record with learning rate 0"], follows=True)

    test_goal = reverser.is_reached("teaches a small network to reverse six digits", 2, "tokens[:, :-1] go in, tokens[:, 1:] are asked for", timeout_s=30)
