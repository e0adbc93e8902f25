"""Modules of students are given the reference's weights by their shapes, and held to what a layer promises."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from autograder import layer
from autograder.judge.local import LocalStudent
from autograder.judge.reasons import Finding
from autograder.vocabulary.arrangement import Place, arranged
from autograder.vocabulary.draw import Draw
from autograder.vocabulary.kept import fixed, once


def drawing(seed=0):
    return Draw(torch.Generator().manual_seed(seed))


class Centred(nn.Module):
    """A linear layer of what is left of X without its mean, which in evaluation is that of what was seen in training."""

    def __init__(self, d, h):
        super().__init__()
        self.linear = nn.Linear(d, h)
        self.register_buffer("mean", torch.zeros(d))

    def forward(self, X):
        mean = X.mean(0) if self.training else self.mean
        if self.training:
            self.mean = 0.7 * self.mean + 0.3 * mean.detach()
        return self.linear(X - mean)


centred = layer(
    Centred,
    lambda draw, n=5, d=3, h=4: ((d, h), (draw.normal(n, d, mean=2),)),
    sizes=[(2, 3, 5), (6, 4, 2)],
    slips={"there is no bias": lambda net, X: net(X) - net.linear.bias},
)
PROMISES = {
    "agrees": centred.agrees("is right"),
    "registers": centred.registers(),
    "gradients": centred.gradients(),
    "again": centred.again(),
    "saves": centred.saves(),
    "at once": centred.at_once("n"),
    "dtype": centred.keeps_dtype(),
    "inputs": centred.leaves_inputs(),
    "gradients in training": centred.gradients(modes=(False, True)),
}


class ByHand(nn.Module):
    """Right, with other names, another order, and the weight the other way round."""

    def __init__(self, d, h):
        super().__init__()
        self.shift, self.W = nn.Parameter(torch.zeros(h)), nn.Parameter(torch.randn(d, h))
        self.register_buffer("mu", torch.zeros(1, d))

    def forward(self, X):
        if self.training:
            mu = X.mean(0, keepdim=True)
            with torch.no_grad():
                self.mu.mul_(0.7).add_(0.3 * mu)
            return (X - mu) @ self.W + self.shift
        return (X - self.mu) @ self.W + self.shift


class Unregistered(Centred):
    def __init__(self, d, h):
        super().__init__(d, h)
        self.layers, self.linear = [self.linear], None

    def forward(self, X):
        return self.layers[0](X)


class Plain(Centred):
    """Keeps the mean in an attribute that is no buffer."""

    def __init__(self, d, h):
        super().__init__(d, h)
        del self.mean
        self.mean = torch.zeros(d)


class Shared(Centred):
    KEPT = {}

    def forward(self, X):
        if self.training:
            self.KEPT["mean"] = X.mean(0).detach()
        elif "mean" in self.KEPT and self.KEPT["mean"].shape == self.mean.shape:
            return self.linear(X - 0.3 * self.KEPT["mean"])
        return super().forward(X)


class Detached(Centred):
    def forward(self, X):
        return (
            nn.functional.linear(X - (X.mean(0) if self.training else self.mean), self.linear.weight.detach(), self.linear.bias)
            + 0 * super().forward(X).detach()
        )


class Frozen(Centred):
    def __init__(self, d, h):
        super().__init__(d, h)
        self.linear.bias.requires_grad_(False)


class Swapped(Centred):
    def forward(self, X):
        self.training = not self.training
        try:
            return super().forward(X)
        finally:
            self.training = not self.training


class NoBias(Centred):
    def forward(self, X):
        return super().forward(X) - self.linear.bias


class Loops(Centred):
    def forward(self, X):
        return super().forward(X) + 0 * torch.stack([x.sum() for x in X]).sum()


class Overwrites(Centred):
    def forward(self, X):
        result = super().forward(X)
        with torch.no_grad():
            X += 1
        return result


FAULTS = {
    Unregistered: dict.fromkeys(PROMISES, "missing"),
    Plain: {"saves": "wrong value"},
    Shared: {"again": "wrong value"},
    Detached: {"gradients": "no gradient", "gradients in training": "no gradient"},
    Frozen: {"registers": "wrong value", "gradients": "no gradient", "gradients in training": "no gradient"},
    NoBias: {name: "wrong value" for name in PROMISES if name != "registers"},
    Swapped: {name: "wrong value" for name in PROMISES if name != "registers"},
    Loops: {"at once": "too slow"},
    Overwrites: {"inputs": "wrong value"},
}  # fmt: skip


def outcome(promise, answer, name="Centred"):
    """The Finding of a criterion, None when it holds."""
    Shared.KEPT.clear()
    try:
        promise(None, LocalStudent({name: answer}), drawing(1))
    except Finding as finding:
        return finding
    return None


@pytest.mark.parametrize("answer", [Centred, ByHand], ids=lambda answer: answer.__name__)
@pytest.mark.parametrize("name", PROMISES)
def test_a_right_layer_keeps_every_promise(name, answer):
    assert outcome(PROMISES[name], answer) is None


@pytest.mark.parametrize("answer", FAULTS, ids=lambda answer: answer.__name__)
def test_a_fault_breaks_the_promises_that_it_should_and_no_other(answer):
    found = {name: finding.reason for name, promise in PROMISES.items() if (finding := outcome(promise, answer))}
    assert found == FAULTS[answer]


LOOPS = """
import torch

class Centred(torch.nn.Module):
    def __init__(self, d, h):
        super().__init__()
        self.linear = torch.nn.Linear(d, h)
        self.register_buffer("mean", torch.zeros(d))

    def forward(self, X):
        return torch.stack([self.linear(x - self.mean) for x in X])
"""


def test_a_loop_over_the_batch_is_seen_in_the_sandbox_too(student_of):
    with pytest.raises(Finding, match="it loops over the batch") as found:
        PROMISES["at once"](None, student_of(LOOPS), drawing())
    assert found.value.reason == "too slow"


def test_a_slip_of_a_layer_is_named():
    finding = outcome(PROMISES["agrees"], NoBias)
    assert finding.message == "the result of Centred(3, 5) for X (2, 3) in evaluation mode is what comes out when there is no bias"
    assert not finding.follows


def test_a_second_object_that_is_wrong_says_so():
    assert "of a second object, after calls of the first," in outcome(PROMISES["again"], Shared).message


def test_what_is_no_module_is_said():
    assert outcome(PROMISES["agrees"], lambda d, h: 3).message == "Centred(3, 5) is of type int, an nn.Module was expected"


class Joined(nn.Module):
    """A linear layer over each of several tensors."""

    def __init__(self, d, h):
        super().__init__()
        self.linear = nn.Linear(d, h)

    def forward(self, parts):
        return torch.cat([self.linear(X) for X in parts])


class SecondDetached(Joined):
    def forward(self, parts):
        return super().forward([parts[0], parts[1].detach()])


class SecondOverwritten(Joined):
    def forward(self, parts):
        result = super().forward(parts)
        with torch.no_grad():
            parts[1].add_(1)
        return result


joined = layer(Joined, lambda draw, n=3, d=2, h=4: ((d, h), ([draw.normal(n, d), draw.normal(n + 1, d)],)), sizes=[(1, 3, 2), (4, 2, 5)])
OF_A_LIST = {
    "agrees": joined.agrees("is right"),
    "gradients": joined.gradients(),
    "again": joined.again(),
    "dtype": joined.keeps_dtype(),
    "inputs": joined.leaves_inputs(),
}


def test_a_layer_may_take_a_list_of_tensors():
    assert {name: outcome(promise, Joined, "Joined") for name, promise in OF_A_LIST.items()} == dict.fromkeys(OF_A_LIST)
    assert outcome(OF_A_LIST["inputs"], SecondOverwritten, "Joined").message.startswith("parts[1]")
    assert outcome(OF_A_LIST["gradients"], SecondDetached, "Joined").message.startswith("no gradient comes back from Joined to parts[1]: parts[0]")
    finding = outcome(OF_A_LIST["agrees"], lambda d, h: Joined(d, h + 1), "Joined")
    assert "Joined(3, 2)" in finding.message


class Late(nn.Module):
    """Makes its weight at its first call."""

    def __init__(self, h):
        super().__init__()
        self.h, self.weight = h, None

    def forward(self, X):
        if self.weight is None:
            self.weight = nn.Parameter(X.new_ones(X.shape[-1], self.h))
        return X @ self.weight


class TooLate(Late):
    """Makes it anew in every call."""

    def forward(self, X):
        self.weight = None
        return super().forward(X)


def called_late(h):
    net = Late(h)
    net(torch.zeros(1, h + 2))
    return net


late = layer(called_late, lambda draw, n=5, h=4: ((h,), (draw.normal(n, h + 2),)), name="Late", lazy=True)


def test_parameters_may_be_made_at_the_first_call():
    promises = [late.registers(), late.agrees("is right"), late.gradients(), late.keeps_dtype(), late.again()]
    assert [outcome(promise, Late, "Late") for promise in promises] == [None] * 5
    assert outcome(late.agrees("is right"), TooLate, "Late").reason == "wrong value"
    assert outcome(late.registers(), nn.Identity, "Late").reason == "missing"


class Twice(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(2, 3)

    def forward(self, X):
        return 2 * self.linear(X)


def test_biases_that_are_not_drawn_cost_their_criterion_only():
    twice = layer(Twice, lambda draw, n=4: ((), (draw.normal(n, 2),)), biases=False)

    class NoBias(Twice):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(2, 3, bias=False)

    assert outcome(twice.agrees("is right"), NoBias, "Twice") is None
    assert outcome(twice.registers(), NoBias, "Twice").reason == "missing"


class Table(nn.Module):
    """Called with whole numbers and a dictionary."""

    def __init__(self, h):
        super().__init__()
        self.rows = nn.Embedding(6, h)

    def forward(self, X, options):
        return {"rows": self.rows(X) * options["factor"]}


class AroundTable(nn.Module):
    def __init__(self, h):
        super().__init__()
        self.table = Table(h)

    def forward(self, X):
        return self.table(X, {"factor": 2.0})["rows"]


def put_around(student):
    import torch

    inner = student.Table

    class Around(torch.nn.Module):
        def __init__(self, h):
            super().__init__()
            self.table = inner(h)

        def forward(self, X):
            return self.table(X, {"factor": 2.0})["rows"]

    student.Around = Around
    return "Around"


def test_a_module_that_takes_no_tensors_is_looked_at_through_one_around_it_and_takes_the_dtype_of_the_reference():
    table = layer(AroundTable, lambda draw, n=5, h=4: ((h,), (draw.integers(0, 6, n),)), name="Table", wrapped=put_around)
    for promise in (table.registers(), table.agrees("is right"), table.gradients(), table.keeps_dtype(), table.again(), table.saves()):
        assert outcome(promise, Table, "Table") is None
    plain = type("Plain", (Table,), {"forward": lambda self, X, options: {"rows": self.rows(X)}})
    assert outcome(table.agrees("is right"), plain, "Table").message.startswith("the result of Table(4) for X (5,)")
    narrow = type("Narrow", (Table,), {"forward": lambda self, X, options: {"rows": Table.forward(self, X, options)["rows"].float()}})
    assert outcome(table.keeps_dtype(), narrow, "Table").reason == "wrong type"
    assert outcome(table.agrees("is right"), None, "Other").reason == "missing"


def test_shapes_are_a_promise_and_constants_do_not_keep_it():
    shapes = centred.gives_shapes("has its shape")
    assert outcome(shapes, ByHand) is None
    assert outcome(shapes, NoBias) is None
    assert outcome(shapes, type("Turned", (Centred,), {"forward": lambda self, X: Centred.forward(self, X).T})).reason == "wrong shape"
    assert "are the same for other numbers" in outcome(shapes, type("Zeros", (Centred,), {"forward": lambda self, X: 0 * Centred.forward(self, X)})).message


def test_layers_kept_in_a_list_are_told_so():
    assert "keep each layer as an attribute of self" in outcome(PROMISES["registers"], Unregistered).message


def test_what_follows_from_a_fixed_module_is_computed_once():
    calls, module, X = [], nn.Linear(2, 3), torch.randn(4, 2)
    f = once(lambda module, X, mode: calls.append(mode) or module(X))
    assert torch.equal(f(module, X, 1), f(module, X, 1))
    assert calls == [1, 1]
    fixed(module)
    assert f(module, X, 1) is f(module, X, 1) and calls == [1, 1, 1]
    f(module, X, 2), f(module, X.clone(), 2)
    assert calls == [1, 1, 1, 2, 2]


# -- where the weights go


def places(**shapes):
    return [Place(name.replace("__", "."), shape, rank) for rank, (name, shape) in enumerate(shapes.items())]


def roles(found):
    return [piece and (piece.role if piece.parts == 1 else f"{piece.role}[{piece.part}]") for piece in found.pieces]


def test_weights_go_by_shape_and_biases_with_their_weights():
    wanted = places(first__weight=(4, 3), first__bias=(4,), second__weight=(4, 5), second__bias=(4,))
    mine = places(b__bias=(4,), a__bias=(4,), b__weight=(5, 4), a__weight=(3, 4))
    assert roles(arranged(mine, wanted)) == ["second.bias", "first.bias", "second.weight", "first.weight"]


def test_where_shapes_are_the_same_names_tell_and_else_the_order_of_use():
    wanted = places(W_q=(4, 3), W_k=(4, 3))
    assert roles(arranged(places(W_k=(4, 3), W_q=(4, 3)), wanted)) == ["W_k", "W_q"]
    assert roles(arranged([Place("a", (4, 3), 1), Place("b", (4, 3), 0)], wanted)) == ["W_k", "W_q"]


def test_matrices_of_a_submodule_lie_as_the_order_of_their_use_says():
    """X @ W1 @ W2 has the shapes of two linear layers in the other order, where the sizes are mirrored."""
    wanted = places(ffn__dense1__weight=(6, 5), ffn__dense1__bias=(6,), ffn__dense2__weight=(5, 6), ffn__dense2__bias=(5,))
    right = [place.name for place in wanted]
    assert roles(arranged(places(ffn__W1=(5, 6), ffn__b1=(6,), ffn__W2=(6, 5), ffn__b2=(5,)), wanted)) == right
    assert roles(arranged(places(W1=(5, 6), b1=(6,), W2=(6, 5), b2=(5,)), wanted)) == right
    assert roles(arranged(places(ffn__W1=(6, 5), ffn__b1=(6,), ffn__W2=(5, 6), ffn__b2=(5,)), wanted)) == right
    assert roles(arranged(places(ffn__0__weight=(6, 5), ffn__0__bias=(6,), ffn__2__weight=(5, 6), ffn__2__bias=(5,)), wanted)) == right


def test_so_do_those_of_several_submodules():
    one = {"dense1__weight": (6, 5), "dense2__weight": (5, 6)}
    wanted = places(**{f"blocks__{i}__{name}": shape for i in range(3) for name, shape in one.items()})
    mine = places(**{f"blocks__{i}__{name}": shape for i in range(3) for name, shape in {"W1": (5, 6), "W2": (6, 5)}.items()})
    assert roles(arranged(mine, wanted)) == [place.name for place in wanted]


class Fork(nn.Module):
    """Two paths side by side, whose weights have one shape."""

    def __init__(self, d, h):
        super().__init__()
        self.first, self.second = nn.Linear(d, h), nn.Linear(d, h)

    def forward(self, X):
        return torch.cat([self.first(X), torch.tanh(self.second(X))], 1)


class SecondFirst(nn.Module):
    def __init__(self, d, h):
        super().__init__()
        self.a, self.b = nn.Linear(d, h), nn.Linear(d, h)

    def forward(self, X):
        right = torch.tanh(self.b(X))
        return torch.cat([self.a(X), right], 1)


class DefinedTheOtherWayRound(nn.Module):
    def __init__(self, d, h):
        super().__init__()
        self.b, self.a = nn.Linear(d, h), nn.Linear(d, h)

    def forward(self, X):
        return torch.cat([self.a(X), torch.tanh(self.b(X))], 1)


class JoinedTheOtherWayRound(SecondFirst):
    def forward(self, X):
        return super().forward(X).roll(self.a.out_features, 1)


fork = layer(Fork, lambda draw, n=5, d=3, h=4: ((d, h), (draw.normal(n, d),)), sizes=[(2, 3, 5), (6, 4, 2)])


@pytest.mark.parametrize("mode", [False, True])
@pytest.mark.parametrize("answer", [Fork, SecondFirst, DefinedTheOtherWayRound], ids=lambda answer: answer.__name__)
def test_paths_side_by_side_may_be_used_or_defined_in_any_order(answer, mode):
    promises = replace(fork, mode=mode)
    for promise in (promises.agrees("is right"), promises.gradients(), promises.again(), promises.keeps_dtype(), promises.registers()):
        assert outcome(promise, answer, "Fork") is None


def test_paths_that_are_joined_the_other_way_round_are_wrong_in_every_order():
    assert outcome(fork.agrees("is right"), JoinedTheOtherWayRound, "Fork").reason == "wrong value"


def test_a_dropout_that_never_sleeps_is_told():
    class Awake(Fork):
        def forward(self, X):
            return torch.nn.functional.dropout(super().forward(X), 0.5)

    assert "gives another result at each call in evaluation mode: does a dropout never sleep" in outcome(fork.agrees("is right"), Awake, "Fork").message


def test_a_weight_may_be_cut_into_parts():
    wanted = places(W=(6, 3), V=(6, 5))
    assert roles(arranged(places(a=(3, 3), b=(3, 3), c=(5, 3), d=(5, 3)), wanted, parts=2)) == ["W[0]", "W[1]", "V[0]", "V[1]"]
    weights = {"W": torch.randn(6, 3), "V": torch.randn(6, 5)}
    tensors = arranged(places(a=(3, 3), b=(3, 3), c=(5, 3), d=(5, 3)), wanted, parts=2).tensors(weights)
    assert torch.equal(torch.cat([tensors[2].T, tensors[3].T]), weights["V"])


def test_a_vector_may_have_dimensions_of_size_1_and_scales_and_shifts_are_known_by_their_names():
    wanted = places(conv__weight=(6, 1, 5, 5), conv__bias=(6,), norm__gamma=(1, 6, 1, 1), norm__beta=(1, 6, 1, 1))
    library = [Place("0.weight", (6, 1, 5, 5), 0), Place("0.bias", (6,), 1), Place("1.weight", (6,), 3), Place("1.bias", (6,), 2)]
    assert roles(arranged(library, wanted)) == ["conv.weight", "conv.bias", "norm.gamma", "norm.beta"]
    assert roles(arranged(places(beta=(1, 6), gamma=(1, 6)), places(gamma=(6,), beta=(6,)))) == ["beta", "gamma"]
    assert roles(arranged(places(gamma=(1,)), places(gamma=(6,)))) == [None]


def test_a_layer_may_be_called_in_training_mode():
    training = replace(centred, mode=True)
    assert outcome(training.leaves_inputs(), Centred) is None
    assert outcome(training.keeps_dtype(), Centred) is None

    class OverwritesInTraining(Centred):
        def forward(self, X):
            result = super().forward(X)
            return result + 0 * X.zero_().sum() if self.training else result

    assert outcome(centred.leaves_inputs(), OverwritesInTraining) is None
    assert "X was changed by the call" in outcome(training.leaves_inputs(), OverwritesInTraining).message


def of_layers(*layers):
    """Places of networks without names that tell: each layer is the shapes of its parameters, used in this order."""
    return [Place(f"{i}.{'wb'[j]}", shape, 2 * i + j, i) for i, layer in enumerate(layers) for j, shape in enumerate(layer)]


KERNEL, VECTOR = (5, 3, 3, 3), (5,)


def test_a_bias_that_is_missing_takes_no_place_of_a_normalisation():
    wanted, mine = of_layers([KERNEL, VECTOR], [VECTOR, VECTOR]), of_layers([KERNEL], [VECTOR, VECTOR])
    found = arranged(mine, wanted)
    assert roles(found) == ["0.w", "1.w", "1.b"]
    assert [place.name for place in found.missing] == ["0.b"]
    with pytest.raises(
        Finding, match="Net: missing: 3×3 convolution from 3 to 5 channels with bias; not expected: 3×3 convolution from 3 to 5 channels without"
    ):
        found.check_layers("Net")


def test_parameters_that_one_call_uses_are_a_layer_whatever_they_are_called():
    wanted = of_layers([KERNEL, VECTOR], [VECTOR, VECTOR])
    mine = [Place("gamma", VECTOR, 2, 2), Place("beta", VECTOR, 3, 2), Place("b", VECTOR, 1, 0), Place("W", KERNEL, 0, 0)]
    assert roles(arranged(mine, wanted)) == ["1.w", "1.b", "0.b", "0.w"]


def test_a_bias_that_is_added_by_itself_has_its_place():
    wanted, mine = of_layers([KERNEL, VECTOR], [VECTOR, VECTOR]), of_layers([KERNEL], [VECTOR], [VECTOR, VECTOR])
    assert roles(arranged(mine, wanted)) == ["0.w", "0.b", "1.w", "1.b"]


def test_layers_that_are_missing_or_too_many_are_counted():
    found = arranged(of_layers([KERNEL, VECTOR], [(2, 7)]), of_layers([KERNEL, VECTOR], [KERNEL, VECTOR], [VECTOR, VECTOR]))
    words = (
        r"Net: missing: 3×3 convolution from 3 to 5 channels with bias \(1 of 2\), BatchNorm over 5 channels; not expected: linear layer from 7 to 2 without"
    )
    with pytest.raises(Finding, match=words):
        found.check_layers("Net")


def test_what_is_missing_and_what_is_too_much_is_told_with_shapes():
    found = arranged(places(W=(4, 3), b=(4,)), places(W=(4, 3), V=(2, 5)))
    with pytest.raises(Finding, match=r"Net has no parameter of shape \(2, 5\) for V"):
        found.check("Net")
    with pytest.raises(Finding, match=r"Net has 1 parameter too many, b \(4,\): is it a bias"):
        found.check_extra("Net")


class Words(nn.Module):
    """A linear layer of embeddings."""

    def __init__(self, v, d, h):
        super().__init__()
        self.embedding, self.linear = nn.Embedding(v, d), nn.Linear(d, h)

    def forward(self, tokens):
        return self.linear(self.embedding(tokens))


def test_a_network_whose_inputs_are_tokens_has_the_dtype_of_the_reference():
    words = layer(Words, lambda draw, n=3, T=4, v=7, d=5, h=2: ((v, d, h), (draw.integers(0, v, n, T),)))
    for promise in (words.keeps_dtype(), words.gradients(), words.agrees("is right")):
        promise(None, LocalStudent({"Words": Words}), drawing())
