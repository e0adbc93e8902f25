"""Hidden grader of ps16_gru_lstm."""

import itertools
import math
from dataclasses import dataclass, replace

import torch

from autograder import Finding, as_number, assert_close, assert_finite, assert_shape, case, criterion, exercise, expect, goal, operations, part
from autograder.vocabulary.case import Case
from autograder.vocabulary.draw import Draw
from autograder.vocabulary.program import assert_left_alone
from autograder.vocabulary.slip import alike
from solutions.ps16_gru_lstm import gru_lstm as reference

OUTPUTS = "the tensor of outputs"
ROUNDING = {"atol": 5e-5}  # float32 sums in any order, over a few steps
OPEN = 40.0  # a sum for which a sigmoid is 1 to the last digit
GRU = ("W_xz", "W_hz", "b_z", "W_xr", "W_hr", "b_r", "W_xh", "W_hh", "b_h", "W_hq", "b_q")
LSTM = ("W_xi", "W_hi", "b_i", "W_xf", "W_hf", "b_f", "W_xo", "W_ho", "b_o", "W_xc", "W_hc", "b_c", "W_hq", "b_q")


def expect_close(actual, right, mistakes, what, follows=False, **tolerances):
    """The value is right; else a Finding in the words of the mistake that gives it, {words: what comes out, or a tuple of such}, if one does."""
    ways = [(words, other) for words, others in mistakes.items() for other in (others if isinstance(others, tuple) else (others,))]
    words = next((words for words, other in ways if alike(actual, other) and not alike(other, right)), "")
    if words:
        raise Finding(f"{what} is what comes out when {words}", follows=follows, named=words)
    try:
        assert_close(actual, right, what=what, **{**ROUNDING, **tolerances})
    except Finding as finding:
        finding.follows = follows
        raise


# Parameters and states -----------------------------------------------------------------------------------------------


def made_in_turn(student, name, calls):
    """What is known of the tensors that each call gives, all of them alive together; and the program after the calls."""
    import torch

    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)
    results = [getattr(student, name)(*call) for call in calls]
    seen = [[{"leaf": t.is_leaf, "learns": t.requires_grad, "place": t.data_ptr(), "device": t.device.type} for t in result] for result in results]
    return {"results": [[t.detach() if t.device.type != "meta" else None for t in result] for result in results], "seen": seen,
            "program": [torch.is_grad_enabled(), str(torch.get_default_dtype())]}  # fmt: skip


def made_elsewhere(student, name, sizes):
    # "meta" is a device without memory, which every machine has. An answer that cannot work there is not asked.
    try:
        return [[t.device.type, t.is_leaf and t.requires_grad] for t in getattr(student, name)(*sizes, "meta")]
    except Exception:
        return []


class Parameters:
    """What get_gru_params and get_lstm_params have in common: `name`, and the names of the parameters."""

    name: str
    names: list[str]

    def made(self, student, vocab_size, num_hiddens, device):
        params = getattr(student, self.name)(vocab_size, num_hiddens, device)
        right = isinstance(params, list | tuple) and all(isinstance(p, torch.Tensor) for p in params)
        expect(right, f"{self.name} should return a list of tensors", "wrong type")
        expect(len(params) == len(self.names), f"{self.name} returns {len(params)} tensors, {len(self.names)} were expected", "wrong shape")
        return {name: param.detach() for name, param in zip(self.names, params, strict=True)}

    @criterion("all parameters are there, with the right shapes, in the right order", weight=3, hint="the table above the cell lists all shapes")
    def test_shapes(self, student, device):
        for v, h in [(1, 2), (5, 3), (28, 32), (4, 9)]:
            shapes = [(v, h), (h, h), (h,)] * (len(self.names) // 3) + [(h, v), (v,)]
            for (name, param), shape in zip(self.made(student, v, h, device).items(), shapes, strict=True):
                assert_shape(param, shape, what=f"{name} for vocab_size={v}, num_hiddens={h}")

    @criterion(
        "weights are drawn from a normal distribution with mean 0 and standard deviation 0.01", weight=2,
        hint="0.01 * torch.randn(rows, columns, device=device)",
    )  # fmt: skip
    def test_weights(self, student, device):
        for name, weight in self.made(student, 47, 53, device).items():
            if name.startswith("W"):
                std, mean, far = float(weight.std()), float(weight.mean()), float((weight.abs() > 0.02).double().mean())
                expect(0.0085 < std < 0.0115, f"the entries of {name} have standard deviation {std:.3g}, about 0.01 was expected")
                expect(abs(mean) < 0.0015, f"the entries of {name} have mean {mean:.3g}, about 0 was expected")
                words = f"{far:.1%} of the entries of {name} are more than two standard deviations from 0; in a normal distribution about 4.6 % are"
                expect(0.02 < far < 0.08, words)

    @criterion("biases are zero", hint="torch.zeros(h, device=device)")
    def test_biases(self, student, device):
        for name, bias in self.made(student, 6, 5, device).items():
            if name.startswith("b"):
                assert_shape(bias, (6,) if name == "b_q" else (5,), what=name)
                expect(not bool(bias.any()), f"{name} is not zero")

    @criterion(
        "all are float32 leaves that require a gradient, on the device asked for", weight=2,
        hint="make the whole tensor first (0.01 times randn), on its device, then call requires_grad_() on it",
    )  # fmt: skip
    def test_leaves(self, student, device):
        for name, param in self.made(student, 6, 5, torch.device(device)).items():
            expect(param.dtype == torch.float32, f"{name} has dtype {str(param.dtype)[6:]}, expected float32", "wrong type")
            expect(param.device.type == device, f"{name} is on {param.device.type}, expected on {device}", "wrong type")
        [seen] = student.run(made_in_turn, name=self.name, calls=[[6, 5, device]])["seen"]
        for name, one in zip(self.names, seen, strict=True):
            expect(one["learns"], f"{name} does not require a gradient", "no gradient")
            expect(one["leaf"], f"{name} is not a leaf: it is the result of a computation, and .grad of it stays None", "no gradient")
        for name, (place, learns) in zip(self.names, student.run(made_elsewhere, name=self.name, sizes=(6, 5)), strict=False):
            expect(place == "meta", f"{name} is made on {place}, whatever device is asked for", "wrong type")
            expect(learns, f"{name} is no leaf that requires a gradient when it is made on another device: was it moved after requires_grad_()?", "no gradient")

    @criterion("each is a tensor of its own, drawn on its own", hint="make the trio of each gate by a call of its own")
    def test_own(self, student, device):
        [params], [seen] = (student.run(made_in_turn, name=self.name, calls=[[6, 5, device]])[key] for key in ("results", "seen"))
        assert_apart(dict(zip(self.names, zip(params, seen, strict=True), strict=True)))

    @criterion("every call makes new tensors and draws new numbers, and leaves the program as it was", hint="keep nothing for the next call; set no seed")
    def test_again(self, student, device):
        found = student.run(made_in_turn, name=self.name, calls=[[6, 5, device]] * 2)
        assert_left_alone(found["program"], self.name)
        names = [f"{name} of the {which} call" for which in ("first", "second") for name in self.names]
        both = [list(itertools.chain(*found[key])) for key in ("results", "seen")]
        expect(len(both[0]) == len(names), f"{self.name} returns too many tensors, or too few", "wrong shape", follows=True)
        assert_apart(dict(zip(names, zip(*both, strict=True), strict=True)), follows=True)


def assert_apart(tensors, follows=False):
    """{name: (numbers, what is known of the tensor)}: no two weights share numbers, no two tensors memory."""
    for (first, (a, seen_a)), (second, (b, seen_b)) in itertools.combinations(tensors.items(), 2):
        expect(seen_a["place"] != seen_b["place"], f"{first} and {second} are the same tensor, or share their memory", follows=follows)
        same = first[0] == second[0] == "W" and a.numel() == b.numel() and bool(torch.equal(a.abs().flatten().sort()[0], b.abs().flatten().sort()[0]))
        expect(not same, f"{first} and {second} hold the same numbers", follows=follows)
    for name, (a, _) in tensors.items():
        expect(name[0] == "b" or a.unique().numel() > 0.8 * a.numel(), f"{name} holds some of its numbers several times", follows=follows)


@exercise("get_gru_params")
class TestGetGruParams(Parameters):
    name, names = "get_gru_params", GRU


@exercise("init_gru_state")
class TestInitGruState:
    def state(self, student, n, h, device):
        state = student.init_gru_state(n, h, device)
        expect(isinstance(state, list | tuple), "init_gru_state should return a tuple with one entry, (H,): the comma makes it", "wrong type")
        expect(len(state) == 1, f"the state has {len(state)} entries, expected one: (H,)", "wrong shape")
        return state[0]

    @criterion("is a tuple with one entry of shape (batch_size, num_hiddens)", weight=2, hint="(torch.zeros(…),) with a comma")
    def test_shape(self, student, device):
        for n, h in [(2, 5), (1, 4), (7, 3)]:
            assert_shape(self.state(student, n, h, device), (n, h), what=f"the entry of init_gru_state({n}, {h}, device)")

    @criterion("is zero, in float32, on the device asked for", hint="torch.zeros((batch_size, num_hiddens), device=device)")
    def test_zero(self, student, device):
        for n, h in [(3, 2), (1, 8), (5, 40)]:
            H = self.state(student, n, h, device)
            expect(isinstance(H, torch.Tensor), "the entry of the state is not a tensor", "wrong type")
            expect(H.dtype == torch.float32, f"the state has dtype {str(H.dtype)[6:]}, expected float32", "wrong type")
            expect(H.device.type == device, f"the state is on {H.device.type}, expected on {device}", "wrong type")
            expect(not bool(H.detach().any()), "the state before the first step is not zero")
        for place, _ in student.run(made_elsewhere, name="init_gru_state", sizes=(3, 2)):
            expect(place == "meta", f"the state is made on {place}, whatever device is asked for", "wrong type")

    @criterion("every call makes a new tensor, and leaves the program as it was", hint="keep nothing from one call for the next")
    def test_again(self, student, device):
        found = student.run(made_in_turn, name="init_gru_state", calls=[[3, 5, device]] * 2)
        expect([len(one) for one in found["seen"]] == [1, 1], "the state has more entries, or fewer, than one", "wrong shape", follows=True)
        (first,), (second,) = found["seen"]
        expect(first["place"] != second["place"], "two calls give the same tensor: a caller that writes into one state changes the other")
        assert_left_alone(found["program"], "init_gru_state")


# Networks, as functions of tensors that each have a name -------------------------------------------------------------


@dataclass(frozen=True)
class Network(Case):
    """The case of gru or lstm with an argument for each tensor: inputs, the parts of the state, the parameters.

    states, params: what these are called. trios: what the gates are called, in the order of params.
    """

    states: tuple[str, ...] = ()
    params: tuple[str, ...] = ()
    trios: tuple[str, ...] = ()

    @property
    def names(self):
        return ["inputs", *self.states, *self.params]

    def words(self, arguments):
        (T, n, d), h, q = arguments[0].shape, arguments[1].shape[1], len(arguments[-1])
        return f"{self.part or 'the result'} of {self.name} for T={T}, n={n}, d={d}, h={h}, q={q}{' in float64' * (arguments[0].dtype == torch.float64)}"

    def split(self, tensors):
        """(the parts of the state, the parameters)"""
        return tuple(tensors[: len(self.states)]), list(tensors[len(self.states) :])

    def nested(self):
        """The case of the function as it is called."""

        def arguments(draw, *size):
            inputs, *tensors = self.arguments(draw, *size)
            return inputs, *self.split(tensors)

        return case(getattr(reference, self.name), arguments, gives=(OUTPUTS, "the new state"), **ROUNDING)

    def alone(self, part):
        """The case of one part of the result, with the same slips."""
        index = self.gives.index(part)
        pick = lambda slip: lambda *given: slip(*given)[index]
        return self.only(part, slips={words: tuple(map(pick, slip if isinstance(slip, tuple) else (slip,))) for words, slip in self.slips.items()})

    def shown(self, tensors, **sums):
        """The arguments with an output layer that shows the state itself; the sums of some gates are a constant, e.g. z=0.0."""
        inputs, *given = (t.clone() for t in tensors)
        for gate, value in sums.items():
            place = len(self.states) + self.params.index(f"b_{gate}")
            for tensor, number in zip(given[place - 2 : place + 1], (0.0, 0.0, value), strict=True):
                tensor.fill_(number)
        h = given[0].shape[1]
        return inputs, *given[:-2], torch.eye(h).to(given[0]), torch.zeros(h).to(given[0])

    def with_sums(self, what, sizes, scale=1.0, **sums):
        """For `agrees`: such arguments. scale: of the state's weights of the candidate."""

        def drawn(draw):
            all_arguments = [list(self.shown(self.arguments(draw, *size), **sums)) for size in sizes]
            for tensors in all_arguments:
                tensors[-4] = scale * tensors[-4]
            return {f"{what} (T={len(given[0])}, n={len(given[1])}, h={given[1].shape[1]})": tuple(given) for given in all_arguments}

        return drawn

    def saturated(self, draw):
        """Arguments for which all sums are far from 0."""
        drawn = {}
        for far in (-300.0, 300.0):
            tensors = self.arguments(draw)
            moved = (t + far if name in self.params[2:-2:3] else t for name, t in zip(self.names, tensors, strict=True))
            drawn[f"sums of gates and candidate near {far:g}"] = tuple(moved)
        return drawn

    def in_order(self, tensors, order):
        """State and parameters, with the trio of place order[g] at place g."""
        state, params = self.split(tensors)
        return [*state, *(params[3 * place + i] for place in order for i in range(3)), *params[-2:]]

    def other_orders(self, function):
        """Slips: the gates are taken from params in another order."""

        def slip(order):
            return lambda inputs, *tensors: function(inputs, *self.in_order(tensors, order))

        said = {order: ", ".join(self.trios[order.index(place)] for place in range(len(order))) for order in self.orders()}
        return {f"the gates are taken from params in the order {words}; expected is {', '.join(self.trios)}": slip(order) for order, words in said.items()}

    def orders(self):
        return list(itertools.permutations(range(len(self.trios))))[1:]

    def in_any_order(self, but=()):
        """The case in which an answer that takes the gates in another order gets them as it takes them: the order has a criterion of its own.

        but: an order that counts as a mistake here as well.
        """

        def call(f):
            called, found = self.call(f), []

            def order():
                inputs, *tensors = self.arguments(Draw(torch.Generator()), 1, 3, 2, 3, 3)
                outputs = called(inputs, *tensors)[0].detach().cpu()
                mine = [order for order in self.orders() if alike(outputs, self.right(inputs, *self.in_order(tensors, order))[0])]
                order = mine[0] if len(mine) == 1 and mine[0] != but else tuple(range(len(self.trios)))
                return [order.index(place) for place in range(len(order))]

            def in_theirs(inputs, *tensors):
                found.extend([] if found else order())
                return called(inputs, *self.in_order(tensors, found))

            return in_theirs

        return replace(self, call=call)

    def carries_state(self, weight=2):
        """Whatever the formulas are."""
        one = len(self.states) == 1

        @criterion(
            "starts from the state it is given and returns the one after the last step", weight,
            hint=f"{'(H,)' if one else 'H, C'} = state before the loop, return torch.cat(outputs), {'(H,)' if one else '(H, C)'} after it",
        )  # fmt: skip
        def test(test_case, student, draw):
            for n in (3, 1):
                inputs, *tensors = self.shown(self.arguments(draw, 5, n, 4, 3, 2))
                given, params = self.split(tensors)
                ask = lambda inputs, state: self.of(student)(inputs.clone(), *(t.clone() for t in state), *params)  # noqa: B023
                whole, *after = ask(inputs, given)
                first, *middle = ask(inputs[:2], given)
                second, *_ = ask(inputs[2:], middle)
                for outputs, steps in ((whole, 5), (first, 2), (second, 3)):
                    words = f"the tensor of outputs of {steps} steps of {n} sequences with 3 outputs has shape {tuple(outputs.shape)}"
                    expect(tuple(outputs.shape) == (steps * n, 3), f"{words}, expected {(steps * n, 3)}", "wrong shape", follows=True)
                for name, value in zip(self.states, after, strict=True):
                    assert_shape(value, (n, 3), what=f"{name} of the new state")
                for holds, words in (
                    (one or not alike(after[-1], whole[-n:]), "the new state is (C, H); expected is (H, C)"),
                    (alike(after[0], whole[-n:]), "H of the new state is not that after the last step, from which the last output was made"),
                    (alike(torch.cat([first, second]), whole), "cutting a sequence in two and passing the state on changes the outputs"),
                    (bool((whole - whole[:1]).abs().max() > 1e-6), "all rows of the outputs are the same, whatever the inputs are"),
                ):
                    expect(holds, words, follows=True)
                for i, name in enumerate(self.states):
                    moved = ask(inputs, [value + (i == k) for k, value in enumerate(given)])[0]
                    expect(not alike(moved[:n], whole[:n]), f"the outputs do not depend on the {name} that is passed in", follows=True)

        return test


def network(function, states, params, trios):
    def arguments(draw, T=3, n=2, d=4, h=5, q=3):
        shapes = [(d, h), (h, h), (h,)] * len(trios) + [(h, q), (q,)]
        state = [draw.normal(n, h, scale=scale) for scale, _ in zip((1.0, 1.5), states, strict=False)]  # a memory cell may hold more than 1
        return draw.normal(T, n, d), *state, *(draw.normal(*shape, scale=0.6) for shape in shapes)

    def right(inputs, *tensors):
        outputs, state = function(inputs, tensors[: len(states)], list(tensors[len(states) :]))
        return (outputs, *state)

    return Network(
        right, arguments, sizes=[(1, 1, 3, 4, 5), (4, 3, 5, 6, 2), (6, 2, 4, 3, 7), (3, 4, 4, 4, 4)], name=function.__name__, states=states, params=params,
        trios=trios, gives=(OUTPUTS, *states), call=lambda f: lambda inputs, *tensors: taken_apart(f, len(states), inputs, tensors), **ROUNDING,
    )  # fmt: skip


def taken_apart(f, size, inputs, tensors):
    """(outputs, *state), where f gives outputs and a state that holds `size` tensors."""
    words = "(outputs, (H,))" if size == 1 else "(outputs, (H, C))"
    result = f(inputs, tuple(tensors[:size]), list(tensors[size:]))
    expect(isinstance(result, list | tuple) and len(result) == 2, f"two things should be returned, {words}", "wrong type")
    outputs, state = result
    expect(isinstance(outputs, torch.Tensor), "the first thing that is returned, the outputs, is not a tensor", "wrong type")
    right = isinstance(state, list | tuple) and len(state) == size and all(isinstance(s, torch.Tensor) for s in state)
    expect(right, f"the new state should be returned as a tuple, {words}", "wrong type")
    return (outputs, *state)


def torch_rnn(kind, inputs, state, params, order):
    """(hidden states under one another, *state) of an nn.GRU or nn.LSTM with these weights; order: the places of PyTorch's gates among ours."""
    layer = getattr(torch.nn, kind)(*params[0].shape).double()
    W_x, W_h, b = ([params[3 * gate + i] for gate in order] for i in range(3))
    packed = [torch.cat([weight.T for weight in W_x]), torch.cat([weight.T for weight in W_h]), torch.cat(b), torch.zeros(len(order) * len(b[0]))]
    given = tuple(t.cpu().double()[None] for t in state)
    with torch.no_grad():
        for weight, value in zip(layer.parameters(), packed, strict=True):
            weight.copy_(value)
        hiddens, after = layer(inputs.cpu().double(), given if kind == "LSTM" else given[0])
    return tuple(t.flatten(0, 1).to(inputs) for t in (hiddens, *(after if kind == "LSTM" else (after,))))


def wrong_rows(function):
    """Slips: the rows of the outputs stand in another way."""

    def slip(change):
        def slipped(inputs, *tensors):
            outputs, *state = function(inputs, *tensors)
            return change(outputs.unflatten(0, inputs.shape[:2])), *state

        return slipped

    return {
        "the rows are ordered sequence by sequence; expected is step by step: first all rows of step 0, then all of step 1":
            slip(lambda Y: Y.transpose(0, 1).flatten(0, 1)),
        "they are stacked, (T, n, q); expected is one step under the other": slip(lambda Y: Y),
        "only the rows of the last step are returned": slip(lambda Y: Y[-1]),
    }  # fmt: skip


# GRU -----------------------------------------------------------------------------------------------------------------


def gru_with(inputs, H, *params, squash=torch.tanh, seen=lambda x, R, H, W, b: x + (R * H) @ W + b, kept=lambda R, H: H, early=False):
    """(outputs, H) of a GRU, or with a slip in it."""
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    outputs = []
    for X in inputs:
        Z, R, before = torch.sigmoid(X @ W_xz + H @ W_hz + b_z), torch.sigmoid(X @ W_xr + H @ W_hr + b_r), H
        H = Z * kept(R, H) + (1 - Z) * squash(seen(X @ W_xh, R, H, W_hh, b_h))
        outputs.append((before if early else H) @ W_hq + b_q)
    return torch.cat(outputs), H


def without(function, names, missing):
    """A slip: one of the tensors is taken for zero."""
    return lambda *given: function(*(t * (name != missing) for name, t in zip(names, given, strict=True)))


gru = network(reference.gru, ("H",), GRU, ("update gate", "reset gate", "candidate"))
gru = replace(gru, slips={
    "Z and 1 − Z have changed places: Z = 1 must keep the old state": lambda inputs, H, *params: gru_with(inputs, H, *(-p for p in params[:3]), *params[3:]),
    "the reset gate acts after the product with W_hh, as in nn.GRU; here it acts on the state, before the product":
        lambda *given: gru_with(*given, seen=lambda x, R, H, W, b: x + R * (H @ W) + b),
    "the reset gate has no effect on the candidate": lambda *given: gru_with(*given, seen=lambda x, R, H, W, b: x + H @ W + b),
    "the reset gate multiplies the whole sum of the candidate": lambda *given: gru_with(*given, seen=lambda x, R, H, W, b: R * (x + H @ W + b)),
    "the reset gate erases the old state itself; it should only hide it from the candidate": lambda *given: gru_with(*given, kept=lambda R, H: R * H),
    "the candidate goes through the sigmoid; expected is tanh": lambda *given: gru_with(*given, squash=torch.sigmoid),
    "the candidate goes through a ReLU; expected is tanh": lambda *given: gru_with(*given, squash=torch.relu),
    "the candidate is not squeezed by tanh": lambda *given: gru_with(*given, squash=torch.clone),
    **{f"the bias b_{gate} is left out": without(gru_with, gru.names, f"b_{gate}") for gate in "zrhq"},
    "each output is made from the old state; expected is the new one": lambda *given: gru_with(*given, early=True),
    "the sequence starts from zero, whatever state is passed in": without(gru_with, gru.names, "H"),
    **wrong_rows(gru_with),
    **gru.other_orders(gru_with),
})  # fmt: skip
gru_outputs, gru_in_any_order = gru.alone(OUTPUTS), gru.in_any_order()
gru_states = gru_in_any_order.alone(OUTPUTS)  # where the output layer shows them
gru_of_torch = replace(gru_states, right=lambda inputs, H, *params: torch_rnn("GRU", inputs, (H,), params, (1, 0, 2))[0])
ONE_STEP = [(1, 1, 2, 3), (1, 3, 4, 5), (1, 4, 3, 2)]
TENSORS_ONLY = "stay with tensor operations from the inputs to the result: no .item(), .detach() or .data"
ANY_SUM = "torch.sigmoid and torch.tanh take any sum; exp of your own overflows"
REACH, ANY_ORDER = "gradients are right, and reach inputs, state and all parameters", "keeps the dtype, and takes inputs in any memory order"
UNCHANGED = "leaves inputs, state and parameters unchanged"
NO_DTYPE = "make no tensor with a dtype of its own; the result has the dtype of inputs"


@exercise("gru", forbid=["rnn"])
class TestGru:
    test_outputs = gru_outputs.agrees(
        "outputs equal the formulas, for every step and sequence", 4, "go through the five formulas one by one, in the order of params"
    )
    test_update_gate = gru_states.agrees(
        "Z keeps the old state, 1 − Z takes the candidate", 2, "H = Z * H + (1 - Z) * H_tilde",
        arguments=gru.with_sums("the new state where the reset gate is fully open", ONE_STEP, r=OPEN), follows=True,
    )  # fmt: skip
    test_reset_gate = gru_states.agrees(
        "the reset gate acts on the state before the product with W_hh", 2, "(R * H) @ W_hh; nn.GRU computes R * (H @ W_hh), which is not the same",
        arguments=gru.with_sums("the new state where Z = 1/2 everywhere", ONE_STEP, scale=3.0, z=0.0), follows=True,
    )  # fmt: skip
    test_one_unit = gru_of_torch.agrees(
        "with one hidden unit, where both formulas agree, equals nn.GRU", 1, "R * h * w is the same in both orders if h and w are numbers",
        arguments=gru.with_sums("the states of all steps with one hidden unit", [(5, 3, 2, 1), (2, 1, 4, 1), (3, 4, 3, 1)]), follows=True,
    )  # fmt: skip
    test_state = gru.carries_state()
    test_saturated = gru_in_any_order.stays_finite("stays finite where gates and candidate are saturated", gru.saturated, hint=ANY_SUM)
    test_gradients = gru_in_any_order.gradients(2, TENSORS_ONLY, REACH, size=(3, 2, 3, 4, 2))
    test_dtype = gru_in_any_order.keeps_dtype(hint=NO_DTYPE, title=ANY_ORDER)
    test_unchanged = gru_in_any_order.leaves_inputs(hint="operations that end in _ and H *= … write into the caller's tensors", title=UNCHANGED)
    test_again = gru.nested().again(sizes=((), (), (5, 3, 2, 4, 6)))


# LSTM ----------------------------------------------------------------------------------------------------------------


def leaves_of_gru(student, ask):
    """get_gru_params as it is lent: what is given back are leaves over there."""

    def get_gru_params(vocab_size, num_hiddens, device):
        return [param.detach().to(device).requires_grad_() for param in ask(vocab_size, num_hiddens, "cpu")]

    return get_gru_params


@exercise("get_lstm_params", parts=[part(reference.get_gru_params, there=leaves_of_gru)])
class TestGetLstmParams(Parameters):
    name, names = "get_lstm_params", LSTM


def lstm_with(
    inputs, H, C, *params, squash=torch.tanh, gate=torch.sigmoid, cell=lambda f, C, i, new: f * C + i * new, shown=lambda o, C, old: o * torch.tanh(C)
):
    """(outputs, H, C) of an LSTM, or with a slip in it."""
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, W_hq, b_q = params
    outputs = []
    for X in inputs:
        i, f = torch.sigmoid(X @ W_xi + H @ W_hi + b_i), torch.sigmoid(X @ W_xf + H @ W_hf + b_f)
        before, C = C, cell(f, C, i, squash(X @ W_xc + H @ W_hc + b_c))
        H = shown(gate(X @ W_xo + H @ W_ho + b_o), C, before)
        outputs.append(H @ W_hq + b_q)
    return torch.cat(outputs), H, C


def exchanged(inputs, *tensors):
    outputs, H, C = lstm_with(inputs, *tensors)
    return outputs, C, H


lstm = network(reference.lstm, ("H", "C"), LSTM, ("input gate", "forget gate", "output gate", "candidate"))
lstm_orders = lstm.other_orders(lstm_with)
forget_first = lstm_orders.pop(next(words for words, order in zip(list(lstm_orders), lstm.orders(), strict=True) if order == (1, 0, 2, 3)))
lstm = replace(lstm, slips={
    "forget gate and input gate have changed places, in the formula of C or in params": forget_first,
    "1 − F is kept of the old content; F itself says how much is kept": lambda *given: lstm_with(*given, cell=lambda f, C, i, new: (1 - f) * C + i * new),
    "1 − I stands for the forget gate, as in a GRU": lambda *given: lstm_with(*given, cell=lambda f, C, i, new: (1 - i) * C + i * new),
    "the cell itself is squeezed by tanh at every step": lambda *given: lstm_with(*given, cell=lambda f, C, i, new: torch.tanh(f * C + i * new)),
    "the candidate goes through the sigmoid; expected is tanh": lambda *given: lstm_with(*given, squash=torch.sigmoid),
    "the candidate is not squeezed by tanh": lambda *given: lstm_with(*given, squash=torch.clone),
    "the tanh around C is missing in the hidden state": lambda *given: lstm_with(*given, shown=lambda o, C, old: o * C),
    "the hidden state is made from the old C; expected is the new one": lambda *given: lstm_with(*given, shown=lambda o, C, old: o * torch.tanh(old)),
    "the output gate goes through tanh; expected is the sigmoid": lambda *given: lstm_with(*given, gate=torch.tanh),
    "the candidate does not see the hidden state": without(lstm_with, lstm.names, "W_hc"),
    **{f"the bias b_{gate} is left out": without(lstm_with, lstm.names, f"b_{gate}") for gate in "ifocq"},
    "the sequence starts from zero, whatever state is passed in": lambda inputs, H, C, *params: lstm_with(inputs, 0 * H, 0 * C, *params),
    "the state is (C, H); it should be (H, C)": (
        exchanged, lambda inputs, H, C, *params: exchanged(inputs, C, H, *params), lambda inputs, H, C, *params: lstm_with(inputs, C, H, *params),
    ),
    **wrong_rows(lstm_with),
    **lstm_orders,
})  # fmt: skip
lstm_outputs, lstm_in_any_order, lstm_but_input_first = lstm.alone(OUTPUTS), lstm.in_any_order(), lstm.in_any_order(but=(1, 0, 2, 3))
lstm_of_torch = replace(lstm_outputs, right=lambda inputs, H, C, *params: torch_rnn("LSTM", inputs, (H, C), params, (0, 1, 3, 2))[0] @ params[-2] + params[-1])


@exercise("lstm", forbid=["rnn"])
class TestLstm:
    test_outputs = lstm_of_torch.agrees(
        "equals nn.LSTM with the same weights, followed by the output layer", 4, "go through the formulas one by one, in the order of params"
    )
    test_cell = lstm_but_input_first.alone("C").agrees(
        "the forget gate keeps the old content, the input gate lets the candidate in", 2,
        "C = F * C + I * C_tilde, with F from the second trio of params and I from the first",
        arguments=lstm.with_sums("the memory cell C after one step with a candidate of 1", ONE_STEP, c=OPEN), follows=True,  # by tanh and by sigmoid
    )  # fmt: skip
    test_candidate = lstm_in_any_order.alone("C").agrees(
        "the candidate goes through tanh", 1, "the three gates take the sigmoid, the candidate takes tanh: it may be negative",
        arguments=lstm.with_sums("the memory cell C after one step with input and forget gate open", ONE_STEP, i=OPEN, f=OPEN), follows=True,
    )  # fmt: skip

    @criterion("the hidden state is the output gate times tanh of the cell", weight=2, hint="H = O * torch.tanh(C), with the new C")
    def test_hidden(self, student, draw):
        for T, n, d, h in ONE_STEP:
            inputs, H, C, *params = lstm.arguments(draw, T, n, d, h, 2)
            _, mine, cell = lstm_in_any_order.of(student)(inputs, H, C, *params)
            assert_shape(cell, (n, h), what="C of the new state")
            expect(bool((cell - cell[:1, :1]).abs().max() > 1e-6), "C of the new state is the same everywhere", follows=True)
            total = inputs[0] @ params[6] + H @ params[7] + params[8]
            mistakes = {
                "the tanh around C is missing": total.sigmoid() * cell, "it is made from the old C; expected is the new one": total.sigmoid() * C.tanh(),
                "the output gate goes through tanh; expected is the sigmoid": total.tanh() * cell.tanh(), "it is C, and C is it: the state is (H, C)": cell,
            }  # fmt: skip
            expect_close(mine, total.sigmoid() * cell.tanh(), mistakes, "the hidden state that belongs to the C you return", follows=True)

    test_state = lstm.carries_state()
    test_saturated = lstm_in_any_order.stays_finite("stays finite where gates and candidate are saturated", lstm.saturated, hint=ANY_SUM)
    test_gradients = lstm_in_any_order.gradients(2, TENSORS_ONLY, REACH, size=(3, 2, 3, 4, 2))
    test_dtype = lstm_in_any_order.keeps_dtype(hint=NO_DTYPE, title=ANY_ORDER)
    test_unchanged = lstm_in_any_order.leaves_inputs(hint="operations that end in _ and C *= … write into the caller's tensors", title=UNCHANGED)
    test_again = lstm.nested().again(sizes=((), (), (5, 3, 2, 4, 6)))


def unpacked(student, packed, d, h):
    """What the answer makes of a layer with these weights, and the layer after it."""
    import torch

    weight = packed["weight_ih_l0"]
    layer = torch.nn.LSTM(d, h).to(weight.device, weight.dtype)
    layer.load_state_dict(packed)
    torch.set_grad_enabled(True)
    params = student.lstm_from_torch(layer)
    program = [torch.is_grad_enabled(), str(torch.get_default_dtype())]
    after = {name: [value.detach().clone(), value.requires_grad] for name, value in layer.named_parameters()}
    return {"params": params, "after": after, "program": program}


@exercise("lstm_from_torch")
class TestLstmFromTorch:
    def asked(self, student, draw, d, h):
        """What the student returns for a random layer, what is right, the layer's weights, and what was seen over there."""
        shapes = {"weight_ih_l0": (4 * h, d), "weight_hh_l0": (4 * h, h), "bias_ih_l0": (4 * h,), "bias_hh_l0": (4 * h,)}
        packed = {name: draw.normal(*shape) for name, shape in shapes.items()}
        seen = student.run(unpacked, packed=packed, d=d, h=h)
        params = seen["params"]
        right = isinstance(params, list | tuple) and all(isinstance(p, torch.Tensor) for p in params)
        expect(right, "lstm_from_torch should return a list of tensors", "wrong type")
        expect(len(params) == 12, f"lstm_from_torch returns {len(params)} tensors, 12 were expected (no output layer)", "wrong shape")
        layer = torch.nn.LSTM(d, h).to(draw.device, draw.dtype)
        layer.load_state_dict(packed)
        return [p.detach() for p in params], reference.lstm_from_torch(layer), layer, seen

    def order(self, params, right):
        """In which order the gates stand in the answer, as the input weights show: at each place, a place of ours."""
        found = [order for order in itertools.permutations(range(4)) if alike(params[::3], [right[::3][place] for place in order])]
        return found[0] if found else (0, 1, 2, 3)

    def assert_part(self, student, draw, kind, mistakes):
        for d, h in [(3, 5), (3, 5), (4, 1), (1, 2)]:
            params, right, layer, _ = self.asked(student, draw, d, h)
            for place, mine in zip(self.order(params, right), params[kind::3], strict=True):
                gate = (0, 1, 3, 2)[place]
                one = {name: [value.detach()[gate * h : (gate + 1) * h], value.detach()[gate::4]] for name, value in layer.named_parameters()}
                expect_close(mine, right[3 * place + kind], mistakes(one), f"{LSTM[3 * place + kind]} for nn.LSTM({d}, {h})")

    @criterion("input weights of all gates, in the order input, forget, output, candidate", weight=2, hint="transpose weight_ih_l0, cut it in four: i, f, g, o")
    def test_input_weights(self, student, draw):
        params, right, _, _ = self.asked(student, draw, 3, 5)
        order = self.order(params, right)
        words = ", ".join(lstm.trios[place] for place in order)
        expect(order == (0, 1, 2, 3), f"the gates are all there, but in the order {words}; expected is {', '.join(lstm.trios)}")
        self.assert_part(student, draw, 0, lambda one: {
            "it is not transposed": one["weight_ih_l0"][0], "every fourth row is taken; the rows of a gate stand together": one["weight_ih_l0"][1].T,
        })  # fmt: skip

    @criterion("state weights of all gates, transposed", weight=2, hint="weight_hh_l0 is (4h, h); each of its four squares must be transposed")
    def test_state_weights(self, student, draw):
        self.assert_part(student, draw, 1, lambda one: {
            "it is not transposed": one["weight_hh_l0"][0], "every fourth row is taken; the rows of a gate stand together": one["weight_hh_l0"][1].T,
        })  # fmt: skip

    @criterion("biases are the sums of the layer's two", weight=2, hint="bias_ih_l0 + bias_hh_l0: both are added to the same sum")
    def test_biases(self, student, draw):
        self.assert_part(student, draw, 2, lambda one: {
            "only bias_ih_l0 is used": one["bias_ih_l0"][0], "only bias_hh_l0 is used": one["bias_hh_l0"][0],
            "the mean of the two biases is taken": (one["bias_ih_l0"][0] + one["bias_hh_l0"][0]) / 2,
            "every fourth entry is taken; the entries of a gate stand together": one["bias_ih_l0"][1] + one["bias_hh_l0"][1],
        })  # fmt: skip

    @criterion("with these weights the formulas of lstm give the numbers of nn.LSTM", weight=2, hint="compare your lstm with nn.LSTM on random inputs")
    def test_same_numbers(self, student, draw):
        for T, n, d, h in [(4, 2, 3, 5), (1, 1, 4, 2), (3, 4, 2, 3)]:
            params, right, layer, _ = self.asked(student, draw, d, h)
            for name, mine, expected in zip(LSTM, params, right, strict=False):
                assert_shape(mine, expected.shape, what=f"{name} for nn.LSTM({d}, {h})")
            inputs, zeros = draw.normal(T, n, d), [torch.zeros(n, h, device=draw.device)] * 2
            outputs, *_ = lstm_with(inputs, *zeros, *(p.to(inputs) for p in params), torch.eye(h).to(inputs), torch.zeros(h).to(inputs))
            if not alike(outputs, layer(inputs)[0].detach().flatten(0, 1)):
                raise Finding("with your weights lstm gives other hidden states than nn.LSTM", follows=True)

    @criterion("keeps the dtype of the layer, and leaves the layer unchanged", hint="add the biases into a new tensor; += would write into the layer")
    def test_layer(self, student, draw):
        params, right, layer, seen = self.asked(student, draw.float64, 3, 4)
        for name, param in zip(LSTM, params, strict=False):
            expect(param.dtype == torch.float64, f"{name} has dtype {str(param.dtype)[6:]} for a float64 layer", "wrong type")
        for name, value in layer.named_parameters():
            expect(torch.equal(value, seen["after"][name][0]), f"{name} of the layer was changed by the call; it should be left as it was")
            expect(seen["after"][name][1], f"{name} of the layer does not require a gradient any more: the layer should be left as it was")
        assert_left_alone(seen["program"], "lstm_from_torch")
        rough = [alike(mine, expected) for mine, expected in zip(params, right, strict=True)]
        expect(any(rough), "none of the tensors is right", follows=True)
        for name, mine, expected, near in zip(LSTM, params, right, rough, strict=False):
            expect(not near or torch.allclose(mine, expected, 1e-12, 1e-12), f"{name} of a float64 layer is not right to the digits of float64")


# Stacks and directions -----------------------------------------------------------------------------------------------


class Cell:
    """A plain recurrent cell that remembers what it was called with and what it gave; `name` is how messages call it."""

    def __init__(self, draw, d, h, name):
        self.W_x, self.W_h = draw.normal(d, h, scale=0.7), draw.normal(h, h, scale=0.7)
        self.name, self.states, self.after = name, [], []

    def __call__(self, inputs, state=None):
        width = self.W_x.shape[0]
        fits = isinstance(inputs, torch.Tensor) and inputs.ndim == 3 and inputs.shape[2] == width
        shape = tuple(inputs.shape) if isinstance(inputs, torch.Tensor) else type(inputs).__name__
        expect(fits, f"{self.name} was called with inputs of shape {shape}, it reads (T, n, {width})", "wrong shape")
        dtype, own = (str(tensor.dtype)[6:] for tensor in (inputs, self.W_x))
        expect(dtype == own, f"{self.name} was called with inputs of dtype {dtype}, it reads {own}", "wrong type")
        outputs, after = self.run(inputs, state)
        self.states.append(state)
        self.after.append(after.detach())
        return outputs, after

    def run(self, inputs, state=None):
        H = self.W_h.new_zeros(inputs.shape[1], len(self.W_h))
        if isinstance(state, torch.Tensor) and state.shape == H.shape:  # one that does not fit is left to the criterion on states
            H = state
        outputs = []
        for X in inputs:
            H = torch.tanh(X @ self.W_x + H @ self.W_h)
            outputs.append(H)
        return torch.stack(outputs), H


def stack(draw, T=4, n=3, widths=(5, 6, 2), zero=False):
    """Cells from width to width, inputs that lie in memory sequence by sequence, and a state for each cell."""
    cells = [Cell(draw, d, h, f"layer {i}") for i, (d, h) in enumerate(itertools.pairwise(widths))]
    return cells, draw.normal(n, T, widths[0]).transpose(0, 1), [draw.normal(n, h) * (not zero) for h in widths[1:]]


STACKS = [(1, 1, (3, 4)), (4, 3, (5, 6, 2)), (5, 2, (4, 3, 5, 2)), (3, 2, (4, 4))]
# One width for all layers: an answer that mixes up inputs or states still runs.
EVEN = [(4, 3, (2, 2, 2)), (2, 1, (4, 4)), (3, 2, (3, 3, 3, 3))]
deep = case(reference.deep_rnn, stack, sizes=STACKS, gives=(OUTPUTS, "the list of new states"), **ROUNDING)
deep_outputs = deep.only(
    OUTPUTS, slips={
        "the stack ends after its first layer": lambda cells, inputs, states: cells[0].run(inputs, states[0])[0],
        "the stack ends after its second layer": lambda cells, inputs, states: reference.deep_rnn(cells[:2], inputs, states)[0],
        "the inputs are returned": lambda cells, inputs, states: inputs,
    },
)  # fmt: skip


def called(student, cells, inputs, states):
    """The result of a stack, each layer of which has been called."""
    result = student.deep_rnn(cells, inputs.clone(), list(states))
    for cell in cells:
        expect(bool(cell.states), f"{cell.name} is never called")
    return result


@exercise("deep_rnn")
class TestDeepRnn:
    test_outputs = deep_outputs.agrees(
        "each layer reads the outputs of the layer below, and the last one's are returned", 3, "outputs, state = cell(outputs, state)",
        arguments=lambda draw: {f"the tensor of outputs of a stack of {len(size[2]) - 1} with zero states": stack(draw, *size, zero=True) for size in STACKS},
    )  # fmt: skip

    @criterion("each layer starts from a state of its own", weight=3, hint="zip(cells, states) pairs each cell with its state")
    def test_states(self, student, draw):
        for size in EVEN:
            cells, inputs, states = stack(draw, *size)
            called(student, cells, inputs, states)
            for i, (cell, state) in enumerate(zip(cells, states, strict=True)):
                expect(cell.states[0] is not None, f"{cell.name} was called without a state")
                mistakes = {"the state is that of the first layer": states[0], "the state is that with which the layer below has ended": cells[i - 1].after[-1]}
                expect_close(cell.states[0], state, mistakes, f"the state that layer {i} of {len(cells)} starts from")

    @criterion("returns the new states of all layers, first layer first", weight=2, hint="append each new state to a list that starts empty")
    def test_new_states(self, student, draw):
        for size in EVEN:
            cells, inputs, states = stack(draw, *size)
            returned = deep.pick(called(student, cells, inputs, states), 1)
            expect(isinstance(returned, list | tuple), "the second thing that deep_rnn returns is not a list of states", "wrong type")
            expect(len(returned) == len(cells), f"{len(returned)} new states came back from {len(cells)} layers", "wrong shape")
            right = [cell.after[-1] for cell in cells]  # a wrong start or wrong inputs are for other criteria
            mistakes = {"the last layer stands first": right[::-1], "the states are those that were passed in": states}
            expect_close(list(returned), right, mistakes, "the list of new states")

    @criterion("takes states of any kind, and leaves the list of states and the inputs as they are", hint="collect the new states in a list of your own")
    def test_unchanged(self, student, draw):
        seen = student.run(stack_of_modules, inputs=draw.normal(4, 3, 2), state=draw.normal(1, 3, 2))
        expect(seen["states kept"] is True, "the list of states that was passed in has changed")
        expect(seen["inputs kept"] is True, "the inputs were changed")
        for kind, outputs in seen["outputs"].items():
            assert_shape(outputs, (4, 3, 2), what=f"the tensor of outputs of two nn.LSTM with {kind}")
            expect(alike(outputs, seen["right"][kind]), f"the outputs of two nn.LSTM with {kind} are not those of one upon the other", follows=True)

    test_gradients = deep_outputs.gradients(1, "no detach and no torch.no_grad() between the layers", "gradients flow through the whole stack")
    test_dtype = deep_outputs.keeps_dtype(size=(3, 2, (3, 4, 2)))
    test_again = deep.again(sizes=((), (), (2, 5, (3, 4))))


def stack_of_modules(student, inputs, state):
    import torch

    layers = [torch.nn.LSTM(2, 2).to(inputs.device) for _ in range(2)]
    pairs, before = [(state, state + 1), (state - 1, state)], inputs.clone()
    outputs, right, kept = {}, {}, True
    with torch.no_grad():
        for kind, given in (("pairs (H, C) as states", pairs), ("None as states", [None, None])):
            states = list(given)
            outputs[kind] = student.deep_rnn(layers, inputs, states)[0]
            X, _ = layers[0](inputs, given[0])
            right[kind] = layers[1](X, given[1])[0]
            kept = kept and len(states) == 2 and all(a is b for a, b in zip(states, given))
    return {"states kept": kept, "inputs kept": torch.equal(inputs, before), "outputs": outputs, "right": right}


def directions(draw, T=4, n=3, d=2, h_f=5, h_b=6):
    forward, backward = Cell(draw, d, h_f, "the forward cell"), Cell(draw, d, h_b, "the backward cell")
    return forward, backward, draw.normal(n, T, d).transpose(0, 1)


def halves(outputs, forward, backward, inputs):
    (T, n, _), h_f, h_b = inputs.shape, forward.W_x.shape[1], backward.W_x.shape[1]
    assert_shape(outputs, (T, n, h_f + h_b), what=f"the tensor of outputs of T={T}, n={n} with {h_f} forward and {h_b} backward units")
    return outputs[..., :h_f], outputs[..., h_f:]


def both(forward, backward, inputs):
    return halves(reference.bidirectional(forward, backward, inputs), forward, backward, inputs)


two_ways = case(
    both, directions, [(1, 1, 3, 4, 2), (4, 3, 2, 5, 6), (5, 2, 4, 3, 1), (3, 3, 3, 3, 2)], name="bidirectional",
    gives=("the forward half", "the backward half"), call=lambda f: lambda *given: halves(f(*given), *given), **ROUNDING,
)  # fmt: skip
halves_exchanged = lambda forward, backward, inputs: halves(torch.cat([*both(forward, backward, inputs)][::-1], -1), forward, backward, inputs)
FIRST = "the backward half stands first"
forward_half = two_ways.only("the forward half", slips={FIRST: lambda *given: halves_exchanged(*given)[0]})
backward_half = two_ways.only("the backward half", slips={
    "it is not turned back: its first row speaks about the last step": lambda forward, backward, inputs: backward.run(inputs.flip(0))[0],
    "the backward cell has read the sequence from left to right; time is dimension 0": (
        lambda forward, backward, inputs: backward.run(inputs)[0], lambda forward, backward, inputs: backward.run(inputs)[0].flip(0),
    ),
    "the features are turned round; time is dimension 0": lambda forward, backward, inputs: backward.run(inputs.flip(2))[0].flip(2),
    "the last state that the backward cell has reached stands at every step":
        lambda forward, backward, inputs: backward.run(inputs.flip(0))[0][-1:].expand(len(inputs), -1, -1),
    FIRST: lambda *given: halves_exchanged(*given)[1],
})  # fmt: skip


@exercise("bidirectional")
class TestBidirectional:
    test_forward = forward_half.agrees("the first half is what the forward cell returns", 2, "torch.cat([forward outputs, backward outputs], dim=-1)")
    test_backward = backward_half.agrees(
        "the second half has read from the end, and each step speaks about its own input", 4,
        "flip the inputs on dim 0 for the backward cell, and flip what it returns on dim 0 again",
    )  # fmt: skip

    @criterion("both cells start from None", hint="forward(inputs, None) and backward(…, None): neither knows the other's state")
    def test_states(self, student, draw):
        forward, backward, inputs = directions(draw, 4, 3, 2, 5, 5)
        halves(student.bidirectional(forward, backward, inputs.clone()), forward, backward, inputs)
        for cell in (forward, backward):
            expect(bool(cell.states), f"{cell.name} is never called")
            expect(cell.states[0] is None, f"{cell.name} was called with a state that is not None")

    @criterion("equals a bidirectional nn.LSTM", weight=2, hint="if the criteria above pass, this one does: nn.LSTM is a cell like any other")
    def test_torch(self, student, draw):
        for T, n, d, h in [(4, 3, 2, 5), (1, 2, 3, 4), (6, 1, 4, 2)]:
            seen = student.run(both_directions, inputs=draw.normal(T, n, d), h=h)
            assert_shape(seen["outputs"], (T, n, 2 * h), what=f"the tensor of outputs with nn.LSTM cells, T={T}, n={n}")
            if not alike(seen["outputs"], seen["right"]):
                raise Finding("the outputs with two nn.LSTM as cells are not those of a bidirectional nn.LSTM", follows=True)

    test_gradients = backward_half.gradients(0.5, "flip and cat keep the graph", "gradients reach the inputs through the backward half")
    test_forward_gradients = forward_half.gradients(0.5, "cat keeps the graph", "gradients reach the inputs through the forward half")
    test_dtype = two_ways.keeps_dtype()
    test_unchanged = two_ways.leaves_inputs(0.5, "flip makes a new tensor; nothing may be written into the inputs")
    test_again = case(reference.bidirectional, directions, **ROUNDING).again(sizes=((), (), (2, 5, 3, 4, 2)))


def both_directions(student, inputs, h):
    import torch

    layer = torch.nn.LSTM(inputs.shape[2], h, bidirectional=True).to(inputs.device)
    cells = [torch.nn.LSTM(inputs.shape[2], h).to(inputs.device) for _ in range(2)]
    for cell, ending in zip(cells, ("", "_reverse")):
        cell.load_state_dict({name: getattr(layer, name + ending) for name in cell.state_dict()})
    with torch.no_grad():
        return {"right": layer(inputs)[0], "outputs": student.bidirectional(*cells, inputs)}


# Hidden Markov models ------------------------------------------------------------------------------------------------


def joint_by_paths(pi, A, B, obs):
    """P(obs, h_t = i), (T, k) in float64: the sum over all k^T paths."""
    (k,), T = pi.shape, len(obs)
    pi, A, B = (t.double().cpu() for t in (pi, A, B))
    paths = torch.cartesian_prod(*[torch.arange(k)] * T).reshape(-1, T)
    weight = pi[paths[:, 0]] * B[paths, obs.cpu()].prod(dim=1) * A[paths[:, :-1], paths[:, 1:]].prod(dim=1)
    return torch.stack([torch.zeros(k, dtype=torch.float64).index_add_(0, paths[:, t], weight) for t in range(T)])


def alphas(pi, A, B, symbols, join=torch.logsumexp):
    """The forward recursion in logarithms, (T, k), or with a slip in it."""
    rows = [(pi * B[:, symbols[0]]).log()]
    for x in symbols[1:]:
        rows.append(join(rows[-1][:, None] + A.log(), 0) + B[:, x].log())
    return torch.stack(rows)


def rhos(A, B, symbols):
    """The backward recursion in logarithms, (T, k); symbols: the one that each step back takes, the last step's first."""
    rows = [torch.zeros_like(A[0])]
    for x in symbols:
        rows.append(torch.logsumexp(A.log() + B[:, x].log() + rows[-1], 1))
    return torch.stack(rows[::-1])


def joint(pi, A, B, obs):
    return alphas(pi, A, B, obs) + rhos(A, B, obs[1:].flip(0))


total = lambda *given, join=torch.logsumexp: float(join(alphas(*given, join=join)[-1], 0))
shares = lambda log_weights: torch.log_softmax(log_weights, 1)


def hidden_chain(draw, k=3, m=4, T=5):
    """Rows that add up to one and differ clearly, and symbols, of which the last one of all occurs."""
    return draw.probabilities(k), draw.probabilities(k, k), draw.probabilities(k, m), draw.labels(T, m)[draw.permutation(T).to(draw.device)]


def never_back(draw, *sequences):
    """A model that starts in state 0, moves on one state at a time and never back, and shows 0 in state 0 only and 3 in state 2 only; with symbols."""
    A, B = draw.uniform(3, 3, low=0.5) * torch.tensor([[1, 1, 0], [0, 1, 1], [0, 0, 1]]).to(draw.device), draw.uniform(3, 4, low=0.3)
    B = B * torch.tensor([[1, 1, 1, 0], [0, 1, 1, 0], [0, 1, 1, 1]]).to(draw.device)
    pi = torch.tensor([1.0, 0.0, 0.0]).to(A)
    return [(pi, A / A.sum(1, keepdim=True), B / B.sum(1, keepdim=True), torch.tensor(obs, device=draw.device)) for obs in sequences]


CHAINS = [(2, 3, 1), (2, 3, 4), (4, 3, 3), (2, 4, 7), (3, 2, 5), (1, 3, 4), (2, 300, 4)]
LONG = 500
likelihood = case(
    lambda pi, A, B, obs: float(reference.hmm_likelihood(pi.double(), A.double(), B.double(), obs)), hidden_chain, name="hmm_likelihood", rtol=1e-4, atol=1e-5,
)  # fmt: skip
by_all_paths = replace(
    likelihood, right=lambda pi, A, B, obs: float(joint_by_paths(pi, A, B, obs)[0].sum().log()), sizes=CHAINS,
    slips={
        "A is used the wrong way round: A[i, j] leads from i (row) to j (column)": lambda pi, A, B, obs: total(pi, A.T, B, obs),
        "the probability is returned; its logarithm was expected": lambda *given: math.exp(total(*given)),
        "only the likeliest path counts, not the sum over all paths": lambda *given: total(*given, join=torch.amax),
        "every state is as likely as any other at the start: pi is left out": lambda pi, A, B, obs: total(torch.full_like(pi, 1 / len(pi)), A, B, obs),
        "the first symbol comes after a step: at the start the state is drawn from pi": lambda pi, A, B, obs: total(pi @ A, A, B, obs),
        "the last symbol is not counted": lambda pi, A, B, obs: total(pi, A, B, obs[: max(1, len(obs) - 1)]),
        "each step takes the symbol of the step before": lambda pi, A, B, obs: total(pi, A, B, torch.cat([obs[:1], obs[:-1]])),
        "the logarithm is divided by the number of symbols": lambda pi, A, B, obs: total(pi, A, B, obs) / len(obs),
    },
)  # fmt: skip


def assert_no_enumeration(f, draw, what):
    """The number of tensor operations grows with the length, not with the number of paths."""
    pi, A, B, obs = hidden_chain(draw, 3, 4, 6)
    short, longer = (sum(operations(f, pi, A, B, obs[:T]).values()) for T in (3, 6))
    words = f"{what} runs {short} tensor operations for 3 symbols and {longer} for 6: it goes through all paths, one by one"
    expect(longer <= 5 * short + 60, words, "too slow")


@exercise("hmm_likelihood")
class TestHmmLikelihood:
    @criterion(
        "is the logarithm of the sum over all paths", weight=4, hint="each step: logsumexp over the old states, then plus log B of the new symbol",
        hint_for=("wrong value", "wrong shape", "unstable"),
    )  # fmt: skip
    def test_values(self, student, draw):
        by_all_paths.compare(by_all_paths.ask(student, by_all_paths.drawn(draw) + by_all_paths.drawn(draw.other_order)))

    @criterion("probabilities may be 0: −inf for what cannot happen, never NaN", weight=2, hint="torch.logsumexp handles -inf; x - x.max() does not")
    def test_zeros(self, student, draw):
        for given in never_back(draw, [0, 2, 1, 3], [0, 1, 3], [0, 3], [0, 1, 3, 0]):
            words, right = f"hmm_likelihood of the symbols {given[3].tolist()}, ", by_all_paths.right(*given)
            value = as_number(student.hmm_likelihood(*(t.clone() for t in given)), what=words)
            expect(not math.isnan(value), f"{words}which {'cannot' if right == -math.inf else 'can'} happen in this model, is NaN", "unstable")
            expect(right > -math.inf or value == -math.inf, f"{words}which cannot happen in this model, is {value:.4g}")
            by_all_paths.compare([(given, value)], [f"{words}in a model with zeros,"], follows=True)

    test_again = likelihood.again(sizes=((), (), (2, 5, 7)))
    test_unchanged = likelihood.leaves_inputs(hint="log_() and *= write into the caller's tensors")

    @criterion("500 symbols take 500 steps, not one for each path", weight=2, hint="keep one number for each state and update it symbol by symbol", timeout_s=5)
    def test_linear(self, student, draw):
        assert_no_enumeration(student.hmm_likelihood, draw, "hmm_likelihood")
        value = as_number(student.hmm_likelihood(*hidden_chain(draw.float64, 3, 9, LONG)), what=f"hmm_likelihood of {LONG} symbols")
        words = f"hmm_likelihood of {LONG} symbols out of nine is {value:.3g}; as the logarithm of a probability it is far too large"
        expect(value < -LONG, words, follows=True)

    @criterion("stays finite for 500 symbols", weight=2, hint="work with logarithms from the start: products of 500 probabilities underflow to 0", timeout_s=5)
    def test_long(self, student, draw):
        assert_no_enumeration(student.hmm_likelihood, draw, "hmm_likelihood")
        for given in (hidden_chain(draw.float64, 3, 9, LONG), hidden_chain(draw, 3, 9, LONG)):
            what = f"hmm_likelihood of {LONG} symbols"
            value = as_number(student.hmm_likelihood(*(t.clone() for t in given)), what=what)
            assert_finite(value, what=what)
            likelihood.compare([(given, value)], [what], follows=True)


posterior = case(reference.hmm_posterior, hidden_chain, **ROUNDING)
both_sides = lambda alpha, rho: lambda pi, A, B, obs: shares(alpha(pi, A, B, obs) + rho(A, B, obs))
right_rho = lambda A, B, obs: rhos(A, B, obs[1:].flip(0))
posterior_by_paths = replace(
    posterior, right=lambda pi, A, B, obs: (lambda P: (P / P.sum(1, keepdim=True)).log().to(pi))(joint_by_paths(pi, A, B, obs)), sizes=CHAINS,
    slips={
        "the probabilities are returned; their logarithms were expected": lambda *given: shares(joint(*given)).exp(),
        "the rows are not normalised: this is log P(obs, state); minus each row's logsumexp gives the posterior": joint,
        "the backward recursion takes the symbol of its own step, which alpha has counted already; rho_t takes that of step t + 1":
            both_sides(alphas, lambda A, B, obs: rhos(A, B, obs[:-1].flip(0))),
        "only the past counts: the backward recursion is missing, or it leaves the symbols out": both_sides(alphas, lambda A, B, obs: 0),
        "only the future and the symbol of the step itself count": both_sides(lambda pi, A, B, obs: B[:, obs].T.log(), right_rho),
        "the backward recursion goes through A the wrong way round": both_sides(alphas, lambda A, B, obs: right_rho(A.T, B, obs)),
        "the rows of rho stand from the last step to the first": both_sides(alphas, lambda A, B, obs: right_rho(A, B, obs).flip(0)),
        "it is normalised over the steps; the states of each step should add up to 1": lambda *given: torch.log_softmax(joint(*given), 0),
        "rows and columns are exchanged: each step has a row": lambda *given: shares(joint(*given)).T,
    },
)  # fmt: skip


@exercise("hmm_posterior", parts=[reference.hmm_likelihood])
class TestHmmPosterior:
    test_values = posterior_by_paths.agrees("is the logarithm of each state's share of all paths", 4, "log alpha + log rho, minus each row's own logsumexp")

    @criterion(
        "uses the symbols before and the symbols after a step", weight=2, hint="the past is in alpha, the future in rho: the posterior at each step needs both"
    )
    def test_both_sides(self, student, draw):
        pi, A, B, obs = hidden_chain(draw, 3, 4, 6)
        posterior = student.hmm_posterior(pi.clone(), A.clone(), B.clone(), obs.clone())
        assert_shape(posterior, (6, 3), what="hmm_posterior for 6 symbols")
        # One symbol near each end changes, not the last: whether rho takes the right one of two neighbours is a matter of the values.
        for changed, steps, which in ((0, (1, 2, 3), "an earlier"), (4, (2, 3), "a later")):
            seen = obs.clone()
            seen[changed] = (seen[changed] + 1) % 4
            other = student.hmm_posterior(pi.clone(), A.clone(), B.clone(), seen)
            for t in steps:
                words = f"another symbol at {which} step does not change the posterior of a step near it"
                expect((posterior[t] - other[t]).abs().max() > 1e-6, words)

    @criterion("probabilities may be 0: −inf for a state that cannot be, never NaN", weight=2, hint="torch.logsumexp handles -inf; x - x.max() does not")
    def test_zeros(self, student, draw):
        for given in never_back(draw, [0, 2, 1, 3], [0, 1, 3], [1, 2, 2, 2, 1]):
            result, right, obs = student.hmm_posterior(*(t.clone() for t in given)), posterior_by_paths.right(*given), given[3].tolist()
            assert_shape(result, right.shape, what="hmm_posterior of a model with zeros")
            expect(not bool(result.isnan().any()), "hmm_posterior of a model with zeros contains NaN", "unstable")
            for t, i in torch.nonzero(right.isneginf() & ~result.isneginf()).tolist():
                raise Finding(f"state {i} at step {t} of the symbols {obs} cannot be: −inf was expected", follows=True)
            posterior_by_paths.compare([(given, result)], [f"hmm_posterior of the symbols {obs} in a model with zeros"], follows=True)

    test_dtype = posterior.keeps_dtype(hint="make no tensor with a dtype of its own", title="keeps the dtype, and takes probabilities in any memory order")
    test_unchanged = posterior.leaves_inputs(hint="log_() and *= write into the caller's tensors")

    @criterion("stays finite for 500 symbols, without going through all paths", weight=2, hint="logarithms in both recursions, from the start", timeout_s=5)
    def test_long(self, student, draw):
        assert_no_enumeration(student.hmm_posterior, draw, "hmm_posterior")
        for given in (hidden_chain(draw.float64, 3, 9, LONG), hidden_chain(draw, 3, 9, LONG)):
            result, what = student.hmm_posterior(*(t.clone() for t in given)), f"hmm_posterior of {LONG} symbols"
            assert_shape(result, (LONG, 3), what=what)
            assert_finite(result, what=what)
            posterior.compare([(given, result)], [what], follows=True, **({"atol": 0.05} if given[0].dtype == torch.float32 else {}))

    test_again = posterior.again(sizes=((), (), (2, 5, 7)))


# The language model --------------------------------------------------------------------------------------------------


def guesses(draw, *shape, full=False):
    """Log-probabilities, and a mask of rows of different lengths, or one that is True everywhere."""
    shape = shape or (3, 5)
    log_probs = draw.uniform(*shape, low=0.02, high=0.92).log()
    mask = torch.ones(shape) > 0 if full else torch.arange(shape[-1]) < draw.lengths(shape[-1], *shape[:-1]).cpu()[..., None]
    mask = mask.to(draw.device)
    return log_probs, mask.T.contiguous().T if draw.turned and mask.ndim == 2 else mask


def counted(log_probs, mask, inside=lambda p: -p, outside=math.exp):
    """outside of the mean of what is inside, for the entries that count."""
    return outside(float(inside(log_probs.double()[mask]).mean()))


def mean_of_rows(row, together):
    return lambda log_probs, mask: together(torch.tensor([row(p, m) for p, m in zip(log_probs, mask, strict=True) if m.any()]).double())


perplexity = case(
    counted, guesses, name="perplexity", rtol=1e-4,
    slips={
        "the minus is missing": lambda *given: counted(*given, inside=lambda p: p),
        "the exponential is missing: it is the mean loss": lambda *given: counted(*given, outside=float),
        "2 stands in the place of e": lambda *given: counted(*given, outside=lambda mean: 2**mean),
        "the mean of 1/p is taken; the mean belongs to the logarithms": lambda *given: counted(*given, lambda p: 1 / p.exp(), float),
        "the harmonic mean of 1/p is taken; the mean belongs to the logarithms": lambda *given: counted(*given, torch.exp, lambda mean: 1 / mean),
        "the sum stands in the place of the mean": lambda log_probs, mask: math.exp(min(700.0, -float(log_probs.double()[mask].sum()))),
        "the perplexities of the rows are averaged; there is one mean over all entries": mean_of_rows(counted, lambda rows: float(rows.mean())),
        "the mean losses of the rows are averaged; there is one mean over all entries":
            mean_of_rows(lambda *given: counted(*given, outside=float), lambda rows: math.exp(float(rows.mean()))),
        "the mask is used the wrong way round: True means that an entry counts": lambda log_probs, mask: 1.0 if mask.all() else counted(log_probs, ~mask),
        "entries that do not count are counted": lambda log_probs, mask: counted(log_probs, mask | True),
        "the sum over what counts is divided by the number of all entries": lambda log_probs, mask: counted(log_probs * mask, mask | True),
    },
)  # fmt: skip


@exercise("perplexity")
class TestPerplexity:
    test_values = perplexity.agrees(
        "is the exponential of minus the mean of the log-probabilities", 3, "exp(-mean(log_probs)): minus, mean, exp, in this order",
        arguments=lambda draw: {
            f"perplexity of log-probabilities of shape {shape}, all of which count,": guesses(draw, *shape, full=True)
            for shape in [(7,), (1, 4), (3, 5), (2, 3, 4), (1, 2051)]
        },
    )  # fmt: skip
    test_mask = perplexity.agrees(
        "counts only where the mask is True, one mean over all that counts", 3, "log_probs[mask].mean()",
        arguments=lambda draw: {
            f"perplexity of rows of different lengths, {shape}{words}": guesses(drawn, *shape)
            for shape in [(3, 5), (4, 9), (2, 3, 6)] for drawn, words in ((draw, ""), (draw.other_order, " not contiguous"), (draw.float64, " in float64"))
        },
    )  # fmt: skip
    test_padding = perplexity.agrees(
        "entries that do not count may hold anything, −inf and NaN too", 2, "select with log_probs[mask]; 0 times -inf is NaN", follows=True,
        arguments=lambda draw: {
            f"perplexity with padding that holds {padding}": (log_probs.masked_fill(~mask, padding), mask)
            for padding in (-math.inf, math.nan, math.inf, 1e30, 0.0, -100.0) for log_probs, mask in [guesses(draw, 3, 5)]
        },
    )  # fmt: skip

    @criterion("is 1 where nothing counts, and +inf where the model rules out what happens", hint="an empty mean is NaN: treat the empty mask first")
    def test_limits(self, student, draw):
        for shape in [(2, 3), (4,)]:
            log_probs, every = guesses(draw, *shape, full=True)
            assert_close(student.perplexity(log_probs.clone(), ~every), 1.0, what="perplexity where no entry counts", rtol=1e-4)
            log_probs[..., -1] = -math.inf
            assert_close(student.perplexity(log_probs.clone(), every), math.inf, what="perplexity with a probability of 0 that counts")

    test_unchanged = perplexity.leaves_inputs(hint="assignments such as log_probs[~mask] = 0 write into the caller's tensor", sizes=((3, 5), (2, 3, 4)))
    test_again = perplexity.again(sizes=((3, 5), (3, 5), (2, 7)))


def gradients(draw, scale=1.0):
    return [draw.normal(*shape, scale=scale) for shape in ((4, 3), (5,), (1, 2, 3))]


def norm_of(grads):
    return math.sqrt(sum(float(g.double().square().sum()) for g in grads))


def total_size(grads):
    return float(sum(g.abs().sum() for g in grads))


def clipped(grads, theta, norm=norm_of, always=False):
    """The gradients after the clipping, or with a slip in it."""
    return [g * (theta / norm(grads) if always else min(1.0, theta / norm(grads))) for g in grads]


CLIPPED_WRONGLY = {
    "each gradient is shortened by its own norm; expected is one norm for all together": lambda grads, theta: [clipped([g], theta)[0] for g in grads],
    "the norm is that of the largest gradient": lambda grads, theta: clipped(grads, theta, lambda grads: max(norm_of([g]) for g in grads)),
    "the root of the sum of squares is missing": lambda grads, theta: clipped(grads, theta, lambda grads: norm_of(grads) ** 2),
    "absolute values are added up; the norm is the root of the sum of squares": lambda grads, theta: clipped(grads, theta, total_size),
    "they are scaled to theta although they are shorter": lambda grads, theta: clipped(grads, theta, always=True),
    "theta is left out: their common norm is 1": lambda grads, theta: clipped(grads, 1.0, always=True),
    "each entry is clamped": lambda grads, theta: [g.clamp(-theta, theta) for g in grads],
    "nothing is shortened": lambda grads, theta: grads,
}  # fmt: skip


def assert_clipped(student, cases, what):
    """In place, one call after the other. Gives what was seen of each."""
    found = student.run(clip, cases=cases)
    for (grads, theta), seen in zip(cases, found, strict=True):
        mistakes = {words: slip(grads, theta) for words, slip in CLIPPED_WRONGLY.items()}
        tolerance = {"rtol": 1e-4, "atol": 1e-6} if grads[0].dtype == torch.float32 else {"rtol": 1e-4, "atol": 1e-9}
        expect_close(seen["after"], clipped(grads, theta), mistakes, f"{what} after clipping to theta={theta}", **tolerance)
    return found


@exercise("grad_clipping", forbid=["foreach_norm", "clip_grad_norm"])
class TestGradClipping:
    @criterion(
        "shortens all gradients by one factor, so that their common norm is theta", weight=4,
        hint="one norm over all parameters; each gradient times theta / norm",
    )  # fmt: skip
    def test_shortens(self, student, draw):
        cases = [(gradients(drawn, scale), theta) for drawn, scale, theta in [(draw, 2.0, 1.0), (draw.float64, 1.0, 0.3), (draw, 2.0, 1.0), (draw, 4.0, 5.0)]]
        for grads, _ in cases:
            grads[1] *= 0.05
        assert_clipped(student, cases, "the list of gradients")

    @criterion("leaves gradients alone whose common norm is below theta", weight=2, hint="scale only if norm > theta: min(1, theta / norm)")
    def test_short(self, student, draw):
        for theta in (7.0, 1.0, 1e-3):
            grads = gradients(draw)
            grads = [g * (0.8 * theta / norm_of(grads)) for g in grads]
            [seen] = assert_clipped(student, [(grads, theta)], "the list of gradients that are short enough,")
            assert_close(seen["after"], grads, what="the list of gradients that are short enough", rtol=1e-6, atol=0)
        zeros = [torch.zeros_like(g) for g in grads]
        [seen] = student.run(clip, cases=[(zeros, 1.0)])
        assert_close(seen["after"], zeros, what="the list of gradients that are all zero")

    @criterion("returns the common norm from before the clipping", weight=2, hint="the root of the sum of all squares, taken before any gradient changes")
    def test_norm(self, student, draw):
        cases = [(gradients(draw, scale), theta) for theta, scale in [(1.0, 2.0), (0.5, 1.0), (100.0, 1.0)]]
        for (grads, theta), seen in zip(cases, student.run(clip, cases=cases), strict=True):
            norms = [norm_of([g]) for g in grads]
            mistakes = {
                "it is measured after the clipping": theta if theta < norm_of(grads) else None, "the root is missing": norm_of(grads) ** 2,
                "absolute values are added up": total_size(grads), "the largest norm is taken": max(norms), "the norms are added up": sum(norms),
            }  # fmt: skip
            expect_close(seen["norm"], norm_of(grads), mistakes, f"the norm that grad_clipping returns, theta={theta},", rtol=1e-4, atol=0.0)

    @criterion("skips parameters without a gradient", weight=2, hint="if param.grad is not None, in both loops")
    def test_none(self, student, draw):
        for holes in ((0,), (1, 4), (2,), (5,)):
            given = [None if i in holes else g for i, g in enumerate(gradients(draw, 2.0) + gradients(draw, 2.0))]
            there = [g for g in given if g is not None]
            [seen] = student.run(clip, cases=[(given, 1.5)])
            expect([g is None for g in seen["after"]] == [g is None for g in given], "a parameter without a gradient has one after the clipping")
            mine = [g for g in seen["after"] if g is not None]
            factor = norm_of(mine) / norm_of(there)
            if not factor < 0.999:
                raise Finding("the gradients of the other parameters were not clipped", follows=True)
            if not alike(mine, [g * factor for g in there]):
                raise Finding("the other gradients are not the old ones times one factor", follows=True)

    @criterion("writes into the gradients' own memory, and into nothing else", weight=2, hint="g *= factor changes g; param.grad = … makes a new tensor")
    def test_in_place(self, student, draw):
        grads = gradients(draw, 3.0)
        [seen] = student.run(clip, cases=[(grads, 1.0)])
        expect(norm_of(seen["after"]) < 0.9 * norm_of(grads), "gradients of a large norm were not clipped", follows=True)
        expect(alike(seen["views"], seen["after"]), "a view of the gradients that was taken before does not show the new numbers: they lie in new memory")
        expect(seen["params kept"], "the parameters themselves were changed; only their gradients should be")
        expect(seen["learns"], "a parameter does not require a gradient any more")
        assert_left_alone(seen["program"], "grad_clipping")


def clip(student, cases):
    """What each call does to parameters whose gradients these are."""
    import torch

    torch.set_grad_enabled(True)
    found = []
    for grads, theta in cases:
        like = next(g for g in grads if g is not None)
        shapes = [(2,) if g is None else g.shape for g in grads]
        params = [torch.full(shape, 0.5 + i, dtype=like.dtype, device=like.device, requires_grad=True) for i, shape in enumerate(shapes)]
        for param, grad in zip(params, grads):
            param.grad = None if grad is None else grad.clone()
        views = [None if p.grad is None else p.grad.view(-1) for p in params]
        before = [p.detach().clone() for p in params]
        norm = student.grad_clipping(params, theta)
        found.append({
            "norm": norm.detach() if isinstance(norm, torch.Tensor) else norm,
            "after": [None if p.grad is None else p.grad.clone() for p in params],
            "views": [v if v is None else v.view(s).clone() for v, s in zip(views, shapes)],
            "params kept": all(torch.equal(p.detach(), b) for p, b in zip(params, before)),
            "learns": all(p.requires_grad for p in params),
            "program": [torch.is_grad_enabled(), str(torch.get_default_dtype())],
        })  # fmt: skip
    return found


NO_CLIPPING = 1e6
PIECES = [[5], [4, 4, 2], [3, 3, 1]]  # lengths of the pieces of an epoch


def letters(draw, v, n, lengths):
    """Consecutive pieces (X, Y) of random letters, and a table of scores (v, v)."""
    ids = draw.integers(0, v, n, sum(lengths) + 1)
    return list(zip(ids[:, :-1].split(lengths, dim=1), ids[:, 1:].split(lengths, dim=1), strict=True)), draw.normal(v, v)


def one_loss_each(W, X, Y):
    return torch.nn.functional.cross_entropy(W[X.T.reshape(-1)].double(), Y.T.reshape(-1), reduction="none")


def table_after(pieces, W, num_epochs, lr, theta, share=lambda X: X.numel(), kept=0.0, told=lambda X, Y: Y.T):
    """The table after some epochs of gradient descent on the mean cross-entropy of each piece, in closed form; or with a slip.

    share(X): what the sum over a piece is divided by. kept: how much of the old gradient is there at the next step. told: the letters to be guessed.
    """
    g = torch.zeros_like(W)
    for X, Y in pieces * num_epochs:
        x, y = X.T.reshape(-1), told(X, Y).reshape(-1)
        P = torch.softmax(W[x], dim=1)
        P[range(len(y)), y] -= 1
        g = kept * g + torch.zeros_like(W).index_add_(0, x, P / share(X))
        W = W - lr * g * min(1.0, theta / float(g.norm()))
    return W


def slipped(**slip):
    return lambda *given: table_after(*given, **slip)


trained_table = case(
    table_after, lambda draw, v=5, n=3, lengths=(4, 2), num_epochs=2: (*letters(draw, v, n, list(lengths)), num_epochs, 0.7, NO_CLIPPING), name="train_char_lm",
    slips={
        "the right letters stand in another order than the outputs: these come step by step, so Y must be transposed": slipped(told=lambda X, Y: Y),
        "the letter that was read is to be guessed, X; it should be the next one, Y": slipped(told=lambda X, Y: X.T),
        "the losses of a piece are added up; expected is their mean": slipped(share=lambda X: 1),
        "the mean loss is divided by the number of sequences once more": slipped(share=lambda X: X.numel() * len(X)),
        "the loss is divided by the number of sequences only; it is the mean over all letters": slipped(share=lambda X: len(X)),
        "the step goes with the gradient, uphill": lambda pieces, W, num_epochs, lr, theta: table_after(pieces, W, num_epochs, -lr, theta),
        "the gradients of earlier pieces are still there: backward() adds to what it finds": slipped(kept=1.0),
        "only one epoch is made": lambda pieces, W, num_epochs, *how: table_after(pieces, W, 1, *how),
        "only the first piece of each epoch is read": lambda pieces, *how: table_after(pieces[:1], *how),
        "the parameters are left as they were": lambda pieces, W, *how: W,
    },
    **ROUNDING,
)  # fmt: skip


def train_on_story(student, ending, enough, pieces, v):
    import torch

    h = 32
    layer, linear = torch.nn.LSTM(v, h), torch.nn.Linear(h, v)
    zeros = lambda n: (torch.zeros(1, n, h), torch.zeros(1, n, h))

    def rnn(inputs, state, params):
        outputs, state = layer(inputs, state)
        return linear(outputs).flatten(0, 1), state

    def perplexity():
        state, losses = zeros(len(pieces[0][0])), []
        for X, Y in pieces:
            scores, state = rnn(torch.nn.functional.one_hot(X.T, v).float(), state, None)
            losses.append(torch.nn.functional.cross_entropy(scores, Y.T.reshape(-1), reduction="none"))
        return torch.cat(losses).mean().exp()

    params = [*layer.parameters(), *linear.parameters()]
    with ending(pieces, perplexity, enough) as read:
        student.train_char_lm(rnn, params, zeros, read, v, 20, 3.0, 20.0)
    return [p.detach() for p in params]


def story_perplexity(data, trained):
    """Of the trained network on the story, measured here."""
    v, state, losses = data["v"], None, []
    layer, linear = torch.nn.LSTM(v, 32), torch.nn.Linear(32, v)
    with torch.no_grad():
        for param, value in zip([*layer.parameters(), *linear.parameters()], trained, strict=True):
            assert_shape(value, param.shape, what="a parameter after training")
            param.copy_(value)
        for X, Y in data["pieces"]:
            outputs, state = layer(torch.nn.functional.one_hot(X.T, v).float(), state)
            losses.append(torch.nn.functional.cross_entropy(linear(outputs).flatten(0, 1), Y.T.reshape(-1), reduction="none"))
    return math.exp(min(float(torch.cat(losses).mean().nan_to_num(nan=50.0)), 50.0))


story = goal(
    "the perplexity of the network on the story", below=8, margin=3, within="20 epochs",
    data=lambda: {"pieces": reference.text_pieces(reference.STORY_IDS, 8, 15), "v": len(reference.LETTERS)},
    recipe=train_on_story, reached=story_perplexity,
    wrong={"guesses the letter that it has read": 20.0, "divides the gradient by the number of sequences once more": 13.0},
)  # fmt: skip


@exercise("train_char_lm", parts=[reference.grad_clipping, reference.perplexity])
class TestTrainCharLm:
    def trained(self, student, *given):
        return student.run(train_table, given=given)

    def assert_trained(self, student, draw, sizes, what):
        for v, n, lengths, num_epochs in sizes:
            given = trained_table.arguments(draw, v, n, lengths, num_epochs)
            seen = self.trained(student, *given)
            for shape, X in zip(seen["inputs"], given[0][0], strict=False):
                T = X.shape[1]
                expect(shape == [T, n, v], f"rnn was called with inputs of shape ({', '.join(map(str, shape))}), expected ({T}, {n}, {v})", "wrong shape")
            expect(bool(seen["inputs"]), "rnn is never called")
            expect(set(seen["kinds"]) == {"torch.float32"}, "rnn was called with inputs that are not float32", "wrong type")
            trained_table.compare([(given, seen["W"])], [what])

    @criterion(
        "a step goes against the gradient of the mean loss over the letters of a piece", weight=3,
        hint="inputs one_hot(X.T, vocab_size).float(), right letters Y.T.reshape(-1), cross_entropy with its mean, p -= lr * p.grad",
    )  # fmt: skip
    def test_step(self, student, draw):
        self.assert_trained(student, draw, [(5, 3, [4], 1), (7, 1, [6], 1), (4, 2, [3], 1), (3, 2, [2], 1)], "the parameter after one step")

    @criterion("clips the gradient to theta before the step", weight=2, hint="after backward(), before the step, over all params together")
    def test_clips(self, student, draw):
        for theta in (0.1, 0.03):
            pieces, W = letters(draw, 5, 3, [4])
            seen = self.trained(student, pieces, 4 * W, 1, 0.7, theta)
            moved = float((seen["W"] - 4 * W).norm()) / 0.7
            expect(moved > 0, "the parameter did not move", follows=True)
            expect(abs(moved - theta) < 0.01 * theta, f"the step belongs to a gradient of norm {moved:.3g}, with theta={theta}")

    @criterion("clears the old gradient before each backward pass", weight=2, hint="optimizer.zero_grad(), or p.grad = None, in every piece")
    def test_clears(self, student, draw):
        self.assert_trained(student, draw, [(5, 3, lengths, 2) for lengths in PIECES[1:]], "the parameter after two epochs of several pieces")

    @criterion(
        "carries the state from piece to piece, detached, and starts every epoch from a fresh one", weight=3,
        hint="state = init_state(n) before the loop over pieces; tuple(s.detach() for s in state) after each piece",
    )  # fmt: skip
    def test_state(self, student, draw):
        for lengths, num_epochs in (([3, 3, 1], 2), ([4], 3), ([2, 2], 1)):
            pieces, W = letters(draw, 5, 2, lengths)
            seen = student.run(train_with_state, pieces=pieces, W=W, start=draw.normal(2, 3), num_epochs=num_epochs)
            calls = len(lengths) * num_epochs
            expect(len(seen["got"]) == calls, f"rnn was called {len(seen['got'])} times for {num_epochs} epochs of {len(lengths)} pieces")
            for i, (got, requires_grad) in enumerate(zip(seen["got"], seen["requires_grad"], strict=True)):
                expect(len(got) == 2, "the state that rnn is called with is not a tuple of as many tensors as it returned", "wrong type")
                fresh = i % len(lengths) == 0
                due = seen["start"] if fresh else seen["returned"][i - 1]
                where = "the first piece of an epoch" if fresh else "a later piece"
                expect(not requires_grad, f"the state that {where} starts from is still part of a graph: detach it")
                same = all(torch.allclose(a, b, atol=1e-6) for a, b in zip(got, due, strict=True))
                expect(same, f"{where} starts from another state than {'init_state(n) gives' if fresh else 'the piece before has returned'}")

    @criterion("returns the perplexity of every epoch, each letter counted once", weight=2, hint="add up loss times letters, divide by all letters, then exp")
    def test_history(self, student, draw):
        for lengths, num_epochs in zip(PIECES, (1, 3, 2), strict=True):
            pieces, W = letters(draw, 6, 2, lengths)
            seen = self.trained(student, pieces, 2 * W, num_epochs, 0.7, NO_CLIPPING)
            calls = len(pieces) * num_epochs
            expect(len(seen["tables"]) == calls, f"rnn was called {len(seen['tables'])} times for {num_epochs} epochs of {len(pieces)} pieces")
            # With the parameters that each piece has met: whether they are right is for other criteria.
            losses = [one_loss_each(W, *piece) for W, piece in zip(seen["tables"], pieces * num_epochs, strict=True)]
            epochs = [losses[i : i + len(pieces)] for i in range(0, calls, len(pieces))]
            mean = [[float(loss.mean()) for loss in epoch] for epoch in epochs]
            weighted = [sum(m.exp() * len(loss) for loss in epoch for m in [loss.mean()]) / sum(map(len, epoch)) for epoch in epochs]
            mistakes = {
                "the mean loss is recorded; its exponential is the perplexity": [float(torch.cat(epoch).mean()) for epoch in epochs],
                "the means of the pieces are averaged: a short piece counts as much as a long one": [math.exp(sum(m) / len(m)) for m in mean],
                "the perplexities of the pieces are averaged; the exponential comes last":
                    ([sum(map(math.exp, m)) / len(m) for m in mean], list(map(float, weighted))),
                "only the last piece of an epoch counts": [math.exp(m[-1]) for m in mean],
                "the epochs are not kept apart": [math.exp(float(torch.cat(losses[: i * len(pieces)]).mean())) for i in range(1, num_epochs + 1)],
            }  # fmt: skip
            right = [math.exp(float(torch.cat(epoch).mean())) for epoch in epochs]
            expect_close(seen["history"], right, mistakes, f"the record for pieces of {lengths} letters", follows=True, rtol=1e-4)

    @criterion("leaves autograd and the default dtype as they were", hint="with torch.no_grad(): holds for its own lines only")
    def test_program(self, student, draw):
        assert_left_alone(self.trained(student, *letters(draw, 4, 2, [3]), 2, 0.1, 1.0)["program"], "train_char_lm")

    test_story = story.is_reached(
        "learns the story: perplexity below 8 after 20 epochs", 3, "if the criteria above pass: does every epoch go through all pieces?", timeout_s=40
    )


def train_table(student, given):
    import torch

    pieces, W, num_epochs, lr, theta = given
    torch.set_grad_enabled(True)
    shapes, kinds, tables = [], [], []

    def rnn(inputs, state, params):
        shapes.append(list(inputs.shape))
        kinds.append(str(inputs.dtype))
        tables.append(params[0].detach().clone())
        return inputs.flatten(0, 1) @ params[0], state

    params = [W.clone().requires_grad_()]
    history = student.train_char_lm(rnn, params, lambda n: (torch.zeros(n, 1, device=W.device),), pieces, len(W), num_epochs, lr, theta)
    program = [torch.is_grad_enabled(), str(torch.get_default_dtype())]
    return {"history": history, "W": params[0].detach(), "inputs": shapes, "kinds": kinds, "tables": tables, "program": program}


def train_with_state(student, pieces, W, start, num_epochs):
    got, requires_grad, returned = [], [], []
    first = lambda n: (start[:n].clone(), start[:n] + 1)

    def rnn(inputs, state, params):
        got.append([s.detach().clone() for s in state])
        requires_grad.append(any(s.requires_grad for s in state))
        moved = (inputs @ params[0]).sum(dim=(0, 2))[:, None]
        state = (state[0] + moved, 0.5 * state[1] - moved)
        returned.append([s.detach().clone() for s in state])
        return inputs.flatten(0, 1) @ params[0] + 0.1 * state[0].mean(), state

    params = [W.clone().requires_grad_()]
    student.train_char_lm(rnn, params, first, pieces, len(W), num_epochs, 0.05, 1.0)
    return {"got": got, "requires_grad": requires_grad, "returned": returned, "start": list(first(len(pieces[0][0])))}
