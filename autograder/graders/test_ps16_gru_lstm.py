"""Hidden grader of ps16_gru_lstm."""

import itertools
import math

import torch

from autograder import (
    assert_close,
    assert_finite,
    assert_gradients,
    assert_shape,
    assert_unchanged,
    criterion,
    exercise,
    expect,
    fail,
    operations,
)
from solutions.ps16_gru_lstm import gru_lstm as reference

# T, n, d, h, q
SIZES = [(4, 3, 5, 6, 2), (1, 1, 3, 4, 5), (6, 2, 4, 3, 7)]
ROUNDING = {"rtol": 1e-4, "atol": 1e-5}  # float32 sums in any order, over a few steps
OPEN, SHUT = 40.0, -40.0  # sums for which a sigmoid is 1 and 0 to the last digit


def normal(rng, *shape, scale=1.0, dtype=torch.float32):
    return scale * torch.randn(*shape, generator=rng, dtype=dtype)


def parameters(rng, gates, d, h, q, device, dtype=torch.float32):
    """Random parameters of as many gates and an output layer, of a size at which no gate is open or shut."""
    shapes = [(d, h), (h, h), (h,)] * gates + [(h, q), (q,)]
    return [normal(rng, *shape, scale=0.6, dtype=dtype).to(device) for shape in shapes]


def with_gates(params, gates, **sums):
    """The parameters with the sums of some gates replaced by constants, e.g. z=0.0, and an output layer that shows the state itself."""
    params = [p.clone() for p in params]
    for name, value in sums.items():
        place = 3 * gates.index(name)
        params[place].zero_()
        params[place + 1].zero_()
        params[place + 2].fill_(value)
    h = len(params[2])
    return [*params[:-2], torch.eye(h).to(params[0]), torch.zeros(h).to(params[0])]


def clones(tensors):
    return type(tensors)(t.clone() for t in tensors)


def taken_apart(result, size, what):
    """Outputs and state of (outputs, state), where the state holds `size` tensors."""
    words = "(outputs, (H,))" if size == 1 else "(outputs, (H, C))"
    pair = isinstance(result, list | tuple) and len(result) == 2
    expect(pair, f"{what} should return two things, {words}", "wrong type")
    outputs, state = result
    expect(isinstance(outputs, torch.Tensor), f"the first thing that {what} returns, the outputs, is not a tensor", "wrong type")
    right = isinstance(state, list | tuple) and len(state) == size and all(isinstance(s, torch.Tensor) for s in state)
    expect(right, f"{what} should return the new state as a tuple, {words}", "wrong type")
    return outputs, tuple(state)


def assert_alive(outputs, what):
    """The outputs are not the same for every step and sequence."""
    spread = (outputs - outputs[:1]).detach().abs().max() if outputs.numel() else torch.zeros(())
    expect(float(spread) > 1e-6, f"{what}: all rows of the outputs are the same, whatever the inputs are")


def looks_like(actual, other):
    """Whether a tensor equals what a well-known mistake gives: only for the choice of a message."""
    return isinstance(actual, torch.Tensor) and actual.shape == other.shape and torch.allclose(actual.to(other), other, rtol=1e-4, atol=1e-5)


def name_mistake(value, mistakes):
    """Fails with the message of the first well-known mistake that gives this value; what is right comes first, under None."""
    for message, other in mistakes:
        if looks_like(value, other):
            return None if message is None else fail(message)
    return None


def other_order(outputs, compute, params, gates):
    """The order of places in which an answer takes its gates from params, as its outputs show: the right one where none fits."""
    right = tuple(range(gates))
    for order in sorted(itertools.permutations(right), key=lambda order: order != right):
        if looks_like(outputs, compute(in_order(params, order))):
            return order
    return right


def in_order(params, order):
    """The parameters with the trio of place order[g] at place g."""
    return [*(params[3 * place + i] for place in order for i in range(3)), *params[3 * len(order) :]]


def back_in_order(params, order):
    """The parameters as an answer must get them that takes gate g from place order[g]."""
    return in_order(params, [order.index(place) for place in range(len(order))])


def order_in_words(order, names):
    """What an answer takes each place of params for."""
    return ", ".join(names[order.index(place)] for place in range(len(order)))


def torch_rnn(kind, params, gates):
    """An nn.GRU or nn.LSTM with these weights; `gates` are the places of PyTorch's gates, in its order, among ours.

    On the CPU: on a GPU it may round more coarsely.
    """
    d, h = params[0].shape
    layer = getattr(torch.nn, kind)(d, h).to(params[0].dtype)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([params[3 * g].T for g in gates]))
        layer.weight_hh_l0.copy_(torch.cat([params[3 * g + 1].T for g in gates]))
        layer.bias_ih_l0.copy_(torch.cat([params[3 * g + 2] for g in gates]))
        layer.bias_hh_l0.zero_()
    return layer


def torch_gru(inputs, state, params):
    """The states of all steps under one another, as nn.GRU computes them: the reset gate acts after the product."""
    with torch.no_grad():
        return torch_rnn("GRU", params, (1, 0, 2))(inputs.cpu(), state[0][None].cpu())[0].flatten(0, 1).to(inputs.device)


def torch_lstm(inputs, state, params):
    """(outputs, (H, C)) by nn.LSTM and the output layer."""
    with torch.no_grad():
        hiddens, (H, C) = torch_rnn("LSTM", params, (0, 1, 3, 2))(inputs.cpu(), tuple(s[None].cpu() for s in state))
        hiddens, H, C = (t.to(inputs.device) for t in (hiddens, H, C))
        return hiddens.flatten(0, 1) @ params[-2] + params[-1], (H[0], C[0])


# Parameters and states -----------------------------------------------------------------------------------------------


class Parameters:
    """What get_gru_params and get_lstm_params have in common: `name`, the number of gates, the names of the parameters."""

    name: str
    gates: int
    names: list[str]

    def made(self, student, vocab_size, num_hiddens, device):
        params = getattr(student, self.name)(vocab_size, num_hiddens, device)
        right = isinstance(params, list | tuple) and all(isinstance(p, torch.Tensor) for p in params)
        expect(right, f"{self.name} should return a list of tensors", "wrong type")
        expect(len(params) == len(self.names), f"{self.name} returns {len(params)} tensors, {len(self.names)} were expected", "wrong shape")
        return list(params)

    @criterion("all parameters are there, with the right shapes, in the right order", weight=3, hint="the table above the cell lists all shapes")
    def test_shapes(self, student, device):
        for v, h in [(5, 3), (28, 32), (4, 9)]:
            shapes = [(v, h), (h, h), (h,)] * self.gates + [(h, v), (v,)]
            for name, param, shape in zip(self.names, self.made(student, v, h, device), shapes, strict=True):
                assert_shape(param, shape, what=f"{name} for vocab_size={v}, num_hiddens={h}")

    @criterion(
        "weights are drawn from a normal distribution with mean 0 and standard deviation 0.01",
        weight=2,
        hint="0.01 * torch.randn(rows, columns, device=device)",
    )
    def test_weights(self, student, device):
        for name, weight in zip(self.names, self.made(student, 47, 53, device), strict=True):
            if name.startswith("W"):
                std, mean = float(weight.detach().std()), float(weight.detach().mean())
                expect(0.0085 < std < 0.0115, f"the entries of {name} have standard deviation {std:.3g}, about 0.01 was expected")
                expect(abs(mean) < 0.0015, f"the entries of {name} have mean {mean:.3g}, about 0 was expected")

    @criterion("biases are zero", hint="torch.zeros(h, device=device)")
    def test_biases(self, student, device):
        for name, bias in zip(self.names, self.made(student, 6, 5, device), strict=True):
            if name.startswith("b"):
                assert_shape(bias, (6,) if name == "b_q" else (5,), what=name)
                expect(not bool(bias.detach().any()), f"{name} is not zero")

    @criterion(
        "all are float32 leaves that require a gradient, on the device asked for",
        weight=2,
        hint="make the whole tensor first (0.01 times randn), then call requires_grad_() on it",
    )
    def test_leaves(self, student, device):
        for name, param in zip(self.names, self.made(student, 6, 5, torch.device(device)), strict=True):
            expect(param.dtype == torch.float32, f"{name} has dtype {str(param.dtype)[6:]}, expected float32", "wrong type")
            expect(param.device.type == device, f"{name} is on {param.device.type}, expected on {device}", "wrong type")
        for name, seen in zip(self.names, student.run(looked_at, name=self.name, sizes=(6, 5), device=device), strict=True):
            expect(seen["requires_grad"], f"{name} does not require a gradient", "no gradient")
            expect(seen["leaf"], f"{name} is not a leaf: it is the result of a computation, and .grad of it stays None", "no gradient")
        for name, place in zip(self.names, student.run(places_elsewhere, name=self.name, sizes=(6, 5)), strict=False):
            expect(place == "meta", f"{name} is made on {place}, whatever device is asked for", "wrong type")

    @criterion("each is a tensor of its own, drawn on its own", hint="make the trio of each gate by a call of its own")
    def test_own(self, student, device):
        params = self.made(student, 6, 5, device)
        weights = [(name, p.detach()) for name, p in zip(self.names, params, strict=True) if name.startswith("W")]
        for (first, a), (second, b) in itertools.combinations(weights, 2):
            expect(a.shape != b.shape or not torch.equal(a, b), f"{first} and {second} hold the same numbers")
        places = [seen["place"] for seen in student.run(looked_at, name=self.name, sizes=(6, 5), device=device)]
        for (first, a), (second, b) in itertools.combinations(zip(self.names, places, strict=True), 2):
            expect(a != b, f"{first} and {second} are the same tensor, or share their memory")


def looked_at(student, name, sizes, device):
    params = getattr(student, name)(*sizes, device)
    return [{"leaf": p.is_leaf, "requires_grad": p.requires_grad, "place": p.data_ptr()} for p in params]


def places_elsewhere(student, name, sizes):
    # "meta" is a device without memory, which every machine has. An answer that cannot work there is not asked.
    try:
        return [t.device.type for t in getattr(student, name)(*sizes, "meta")]
    except Exception:
        return []


@exercise("get_gru_params")
class TestGetGruParams(Parameters):
    name, gates = "get_gru_params", 3
    names = ["W_xz", "W_hz", "b_z", "W_xr", "W_hr", "b_r", "W_xh", "W_hh", "b_h", "W_hq", "b_q"]


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
        for place in student.run(places_elsewhere, name="init_gru_state", sizes=(3, 2)):
            expect(place == "meta", f"the state is made on {place}, whatever device is asked for", "wrong type")


# GRU -----------------------------------------------------------------------------------------------------------------


def gru_case(rng, T, n, d, h, q, device, dtype=torch.float32):
    inputs, H = normal(rng, T, n, d, dtype=dtype).to(device), normal(rng, n, h, dtype=dtype).to(device)
    return inputs, (H,), parameters(rng, 3, d, h, q, device, dtype)


GRU_GATES = ("update gate", "reset gate", "candidate")
LSTM_GATES = ("input gate", "forget gate", "output gate", "candidate")


def swapped_update(inputs, state, params):
    """The outputs with Z and 1 − Z in each other's place: the right ones with the sign of the gate's sum turned round."""
    return reference.gru(inputs, state, [*(-p for p in params[:3]), *params[3:]])[0]


@exercise("gru", forbid=["rnn"])
class TestGru:
    def order(self, student, rng, device):
        """Another order of the gates is named, and costs, in the first criterion only: the others give the answer what it takes."""
        inputs, state, params = gru_case(rng, 1, 3, 2, 3, 3, device)
        outputs, _ = taken_apart(student.gru(inputs.clone(), clones(state), clones(params)), 1, "gru")
        return other_order(outputs, lambda params: reference.gru(inputs, state, params)[0], params, 3)

    @criterion("outputs equal the formulas, for every step and sequence", weight=4, hint="go through the five formulas one by one, in the order of params")
    def test_outputs(self, student, rng, device):
        for T, n, d, h, q in SIZES:
            inputs, state, params = gru_case(rng, T, n, d, h, q, device)
            outputs, _ = taken_apart(student.gru(inputs.clone(), clones(state), clones(params)), 1, "gru")
            right, _ = reference.gru(inputs, state, params)
            assert_shape(outputs, (T * n, q), what=f"the tensor of outputs of {T} steps of {n} sequences with {q} outputs")
            if T * n > 1 and looks_like(outputs, right.reshape(T, n, q).transpose(0, 1).reshape(T * n, q)):
                fail("the outputs are ordered sequence by sequence; expected is step by step: first all rows of step 0, then all of step 1")
            name_mistake(
                outputs,
                [
                    (None, right),
                    ("Z and 1 − Z have changed places: Z = 1 must keep the old state", swapped_update(inputs, state, params)),
                    (
                        "the reset gate acts after the product with W_hh, as in nn.GRU; here it acts on the state, before the product",
                        self.torch(inputs, state, params),
                    ),
                ],
            )
            order = other_order(outputs, lambda params: reference.gru(inputs, state, params)[0], params, 3)  # noqa: B023
            if order != (0, 1, 2):
                fail(f"the gates are taken from params in the order {order_in_words(order, GRU_GATES)}; expected is update gate, reset gate, candidate")
            assert_close(outputs, right, what=f"the outputs for T={T}, n={n}, d={d}, h={h}, q={q}", **ROUNDING)

    @staticmethod
    def torch(inputs, state, params):
        return torch_gru(inputs, state, params) @ params[-2] + params[-1]

    @criterion("Z keeps the old state, 1 − Z takes the candidate", weight=2, hint="H = Z * H + (1 - Z) * H_tilde")
    def test_update_gate(self, student, rng, device):
        order = self.order(student, rng, device)
        for n, d, h in [(3, 4, 5), (1, 2, 3), (4, 3, 2)]:
            inputs, state, params = gru_case(rng, 1, n, d, h, h + 1, device)
            params = with_gates(params, "zrh", r=OPEN)
            outputs, _ = taken_apart(student.gru(inputs.clone(), clones(state), back_in_order(clones(params), order)), 1, "gru")
            right, _ = reference.gru(inputs, state, params)
            if looks_like(outputs, swapped_update(inputs, state, params)):
                fail("Z and 1 − Z have changed places: Z = 1 must keep the old state")
            assert_close(outputs, right, what="the new state with the reset gate fully open", **ROUNDING)

    @criterion(
        "the reset gate acts on the state before the product with W_hh",
        weight=2,
        hint="(R * H) @ W_hh; nn.GRU computes R * (H @ W_hh), which is not the same",
    )
    def test_reset_gate(self, student, rng, device):
        order = self.order(student, rng, device)
        for n, d, h in [(3, 4, 5), (1, 2, 3), (4, 3, 2)]:
            inputs, state, params = gru_case(rng, 1, n, d, h, h + 1, device)
            params = with_gates(params, "zrh", z=0.0)
            params[7] *= 3
            outputs, _ = taken_apart(student.gru(inputs.clone(), clones(state), back_in_order(clones(params), order)), 1, "gru")
            right, _ = reference.gru(inputs, state, params)
            if looks_like(outputs, torch_gru(inputs, state, params)):
                fail("the reset gate acts after the product with W_hh, as in nn.GRU; here it acts on the state, before the product")
            if looks_like(outputs, reference.gru(inputs, state, with_gates(params, "zrh", r=OPEN))[0]):
                fail("the reset gate has no effect on the candidate")
            assert_close(outputs, right, what="the new state with Z = 1/2 everywhere", **ROUNDING)

    @criterion("with one hidden unit, where both formulas agree, equals nn.GRU", hint="R * h * w is the same in both orders if h and w are numbers")
    def test_one_unit(self, student, rng, device):
        order = self.order(student, rng, device)
        for T, n, d in [(5, 3, 2), (2, 1, 4), (3, 4, 3)]:
            inputs, state, params = gru_case(rng, T, n, d, 1, 1, device)
            params = with_gates(params, "zrh")
            outputs, _ = taken_apart(student.gru(inputs.clone(), clones(state), back_in_order(clones(params), order)), 1, "gru")
            if looks_like(outputs, swapped_update(inputs, state, params)):
                fail("Z and 1 − Z have changed places: Z = 1 must keep the old state")
            assert_close(outputs, torch_gru(inputs, state, params), what="the states of all steps with one hidden unit", **ROUNDING)

    @criterion(
        "starts from the state it is given and returns the one after the last step",
        weight=2,
        hint="(H,) = state before the loop, return torch.cat(outputs), (H,) after it",
    )
    def test_state(self, student, rng, device):
        for n in (3, 1):
            inputs, state, params = gru_case(rng, 5, n, 4, 3, 2, device)
            params = with_gates(params, "zrh")
            whole, (H,) = taken_apart(student.gru(inputs.clone(), clones(state), params), 1, "gru")
            assert_state(whole, H, n, 3, steps=5, name="H")
            first, middle = taken_apart(student.gru(inputs[:2].clone(), clones(state), params), 1, "gru")
            second, _ = taken_apart(student.gru(inputs[2:].clone(), middle, params), 1, "gru")
            assert_cut(whole, first, second, n)
            other, _ = taken_apart(student.gru(inputs.clone(), (state[0] + 1,), params), 1, "gru")
            expect(not torch.allclose(other[:n], whole[:n], atol=1e-4), "the outputs do not depend on the state that is passed in")

    @criterion(
        "gradients are right, and reach inputs, state and all parameters",
        weight=2,
        hint="stay with tensor operations from the inputs to the result: no .item(), .detach() or .data",
    )
    def test_gradients(self, student, rng, device):
        inputs, state, params = gru_case(rng, 2, 1, 1, 2, 1, device, torch.float64)

        def f(inputs, H, W_hh, b_z):
            outputs, (H,) = taken_apart(student.gru(inputs, (H,), [*params[:2], b_z, *params[3:7], W_hh, *params[8:]]), 1, "gru")
            return outputs, H

        assert_gradients(f, *(t.clone().requires_grad_() for t in (inputs, state[0], params[7], params[2])), what="the result of gru")
        assert_gradients_reach(student.gru, gru_case(rng, 3, 2, 3, 4, 2, device), "zrh", 1, rng, name="gru")

    @criterion("keeps the dtype, and takes inputs in any memory order", hint="make no tensor with a dtype of its own; the result has the dtype of inputs")
    def test_dtype(self, student, rng, device):
        assert_dtype_kept(student.gru, gru_case(rng, 3, 2, 4, 5, 3, device, torch.float64), "gru")
        assert_any_order(student.gru, gru_case(rng, 3, 2, 4, 5, 3, device), "gru")

    @criterion("leaves inputs, state and parameters unchanged", hint="operations that end in _ and H *= … write into the caller's tensors")
    def test_unchanged(self, student, rng, device):
        assert_inputs_kept(student.gru, gru_case(rng, 3, 2, 4, 5, 3, device), ("H",), "gru")


def assert_state(outputs, H, n, h, steps, name):
    """H is the state after the last step, where the output layer shows the state itself."""
    assert_shape(outputs, (steps * n, h), what="the tensor of outputs")
    assert_shape(H, (n, h), what=f"{name} of the new state")
    expect(torch.allclose(H, outputs[-n:], atol=1e-5), f"{name} of the new state is not that after the last step, from which the last output was made")


def assert_cut(whole, first, second, n):
    assert_shape(first, (2 * n, whole.shape[1]), what="the tensor of outputs of 2 steps")
    assert_shape(second, (3 * n, whole.shape[1]), what="the tensor of outputs of 3 steps")
    expect(torch.allclose(torch.cat([first, second]), whole, atol=1e-5), "cutting a sequence in two and passing the state on changes the outputs")
    assert_alive(whole, "outputs")


def assert_gradients_reach(f, case, gates, size, rng, name):
    """A random upstream gradient reaches inputs, state and every parameter."""
    inputs, state, params = case
    tensors = [t.clone().requires_grad_() for t in (inputs, *state, *params)]
    outputs, after = taken_apart(f(tensors[0], tuple(tensors[1 : 1 + size]), tensors[1 + size :]), size, name)
    results = [outputs, *after]
    expect(all(r.requires_grad for r in results), f"a result of {name} carries no graph: was it detached?", "no gradient")
    upstream = [normal(rng, *r.shape).to(r) for r in results]
    gradients = torch.autograd.grad(results, tensors, upstream, allow_unused=True)
    names = ["inputs", *"HC"[:size], *(f"{kind}_{g}" for g in gates for kind in ("W_x", "W_h", "b")), "W_hq", "b_q"]
    for which, gradient in zip(names, gradients, strict=True):
        got = gradient is not None and bool(gradient.isfinite().all()) and bool(gradient.any())
        expect(got, f"no gradient reaches {which.replace('x_', 'x').replace('h_', 'h')}", "no gradient")


def assert_dtype_kept(f, case, name):
    inputs, state, params = case
    outputs, after = taken_apart(f(inputs.clone(), clones(state), clones(params)), len(state), name)
    for what, value in (("outputs", outputs), *zip("HC", after, strict=False)):
        expect(value.dtype == torch.float64, f"{what} has dtype {str(value.dtype)[6:]} for float64 inputs, expected float64", "wrong type")
        expect(value.device == inputs.device, f"{what} is on {value.device.type}, expected on {inputs.device.type}", "wrong type")
    assert_alive(outputs, name)


def assert_any_order(f, case, name):
    inputs, state, params = case
    strided = inputs.transpose(0, 1).contiguous().transpose(0, 1)
    outputs, _ = taken_apart(f(inputs.clone(), clones(state), clones(params)), len(state), name)
    same, _ = taken_apart(f(strided, clones(state), clones(params)), len(state), name)
    assert_close(same, outputs, what=f"the outputs of {name} for non-contiguous inputs", **ROUNDING)


def assert_inputs_kept(f, case, names, what):
    inputs, state, params = case
    given = (inputs.clone(), clones(state), clones(params))
    outputs, _ = taken_apart(f(*given), len(state), what)
    assert_unchanged(inputs, given[0], what="inputs")
    for name, before, after in zip(names, state, given[1], strict=True):
        assert_unchanged(before, after, what=f"{name} of the state that was passed in")
    for place, (before, after) in enumerate(zip(params, given[2], strict=True)):
        assert_unchanged(before, after, what=f"params[{place}]")
    assert_alive(outputs, what)


# LSTM ----------------------------------------------------------------------------------------------------------------


@exercise("get_lstm_params")
class TestGetLstmParams(Parameters):
    name, gates = "get_lstm_params", 4
    names = ["W_xi", "W_hi", "b_i", "W_xf", "W_hf", "b_f", "W_xo", "W_ho", "b_o", "W_xc", "W_hc", "b_c", "W_hq", "b_q"]


def lstm_case(rng, T, n, d, h, q, device, dtype=torch.float32):
    inputs = normal(rng, T, n, d, dtype=dtype).to(device)
    state = normal(rng, n, h, dtype=dtype).to(device), normal(rng, n, h, scale=1.5, dtype=dtype).to(device)
    return inputs, state, parameters(rng, 4, d, h, q, device, dtype)


def cell_after(student, inputs, state, params, order):
    """The memory cell and the hidden state after the call, each of the right shape."""
    _, (H, C) = taken_apart(student.lstm(inputs.clone(), clones(state), back_in_order(clones(params), order)), 2, "lstm")
    assert_shape(C, state[1].shape, what="C of the new state")
    assert_shape(H, state[0].shape, what="H of the new state")
    return H, C


@exercise("lstm", forbid=["rnn"])
class TestLstm:
    def order(self, student, rng, device):
        """Another order of the gates is named, and costs, in the first criterion only: the others give the answer what it takes.

        Forget and input gate alone may have changed places in the formula as well: that has a criterion of its own.
        """
        inputs, state, params = lstm_case(rng, 1, 3, 2, 3, 3, device)
        outputs, _ = taken_apart(student.lstm(inputs.clone(), clones(state), clones(params)), 2, "lstm")
        order = other_order(outputs, lambda params: reference.lstm(inputs, state, params)[0], params, 4)
        return (0, 1, 2, 3) if order == (1, 0, 2, 3) else order

    @criterion(
        "equals nn.LSTM with the same weights, followed by the output layer",
        weight=4,
        hint="go through the formulas one by one, in the order of params",
    )
    def test_outputs(self, student, rng, device):
        for T, n, d, h, q in SIZES:
            inputs, state, params = lstm_case(rng, T, n, d, h, q, device)
            outputs, after = taken_apart(student.lstm(inputs.clone(), clones(state), clones(params)), 2, "lstm")
            right, state_right = torch_lstm(inputs, state, params)
            assert_shape(outputs, (T * n, q), what=f"the tensor of outputs of {T} steps of {n} sequences with {q} outputs")
            if T * n > 1 and looks_like(outputs, right.reshape(T, n, q).transpose(0, 1).reshape(T * n, q)):
                fail("the outputs are ordered sequence by sequence; expected is step by step: first all rows of step 0, then all of step 1")
            order = other_order(outputs, lambda params: reference.lstm(inputs, state, params)[0], params, 4)  # noqa: B023
            if order == (1, 0, 2, 3):
                fail("forget gate and input gate have changed places, in the formula of C or in params")
            if order != (0, 1, 2, 3):
                fail(f"the gates are taken from params in the order {order_in_words(order, LSTM_GATES)}; expected is {', '.join(LSTM_GATES)}")
            assert_close(outputs, right, what=f"the outputs for T={T}, n={n}, d={d}, h={h}, q={q}", **ROUNDING)
            if looks_like(after[0], state_right[1]):
                fail("the new state is (C, H); expected is (H, C)")
            assert_close(after, state_right, what="the new state (H, C)", **ROUNDING)

    @criterion(
        "the forget gate keeps the old content, the input gate lets the candidate in",
        weight=2,
        hint="C = F * C + I * C_tilde, with F from the second trio of params and I from the first",
    )
    def test_cell(self, student, rng, device):
        order = self.order(student, rng, device)
        for n, d, h in [(3, 4, 5), (1, 2, 3), (4, 3, 2)]:
            inputs, state, params = lstm_case(rng, 1, n, d, h, 2, device)
            params = with_gates(params, "ifoc", c=OPEN)  # the candidate is 1 here, by tanh and by sigmoid
            _, C = cell_after(student, inputs, state, params, order)
            if looks_like(C, torch_lstm(inputs, state, [*params[3:6], *params[:3], *params[6:]])[1][1]):
                fail("forget gate and input gate have changed places")
            assert_close(C, torch_lstm(inputs, state, params)[1][1], what="the memory cell C after one step with a candidate of 1", **ROUNDING)

    @criterion("the candidate goes through tanh", hint="the three gates take the sigmoid, the candidate takes tanh: it may be negative")
    def test_candidate(self, student, rng, device):
        order = self.order(student, rng, device)
        for n, d, h in [(3, 4, 5), (1, 2, 3), (4, 3, 2)]:
            inputs, state, params = lstm_case(rng, 1, n, d, h, 2, device)
            params = with_gates(params, "ifoc", i=OPEN, f=OPEN)
            _, C = cell_after(student, inputs, state, params, order)
            sums = inputs[0] @ params[9] + state[0] @ params[10] + params[11]
            if looks_like(C, state[1] + torch.sigmoid(sums)):
                fail("the candidate goes through the sigmoid, expected is tanh")
            assert_close(C, state[1] + torch.tanh(sums), what="the memory cell C after one step with input and forget gate open", **ROUNDING)

    @criterion("the hidden state is the output gate times tanh of the cell", weight=2, hint="H = O * torch.tanh(C), with the new C")
    def test_hidden(self, student, rng, device):
        order = self.order(student, rng, device)
        for n, d, h in [(3, 4, 5), (1, 2, 3), (4, 3, 2)]:
            inputs, state, params = lstm_case(rng, 1, n, d, h, 2, device)
            H, C = cell_after(student, inputs, state, params, order)
            gate = torch.sigmoid(inputs[0] @ params[6] + state[0] @ params[7] + params[8])
            if looks_like(H, gate * C):
                fail("the tanh around C is missing in the hidden state")
            if looks_like(H, gate * torch.tanh(state[1])):
                fail("the hidden state is made from the old C, expected is the new one")
            assert_close(H, gate * torch.tanh(C), what="the hidden state that belongs to the C you return", **ROUNDING)

    @criterion(
        "starts from the state it is given and returns the one after the last step",
        weight=2,
        hint="H, C = state before the loop, return torch.cat(outputs), (H, C) after it",
    )
    def test_state(self, student, rng, device):
        for n in (3, 1):
            inputs, state, params = lstm_case(rng, 5, n, 4, 3, 2, device)
            params = with_gates(params, "ifoc")
            whole, (H, _) = taken_apart(student.lstm(inputs.clone(), clones(state), params), 2, "lstm")
            assert_state(whole, H, n, 3, steps=5, name="H")
            first, middle = taken_apart(student.lstm(inputs[:2].clone(), clones(state), params), 2, "lstm")
            second, _ = taken_apart(student.lstm(inputs[2:].clone(), middle, params), 2, "lstm")
            assert_cut(whole, first, second, n)
            for name, moved in (("H", (state[0] + 1, state[1])), ("C", (state[0], state[1] + 1))):
                other, _ = taken_apart(student.lstm(inputs.clone(), moved, params), 2, "lstm")
                expect(not torch.allclose(other[:n], whole[:n], atol=1e-4), f"the outputs do not depend on the {name} that is passed in")

    @criterion(
        "gradients are right, and reach inputs, state and all parameters",
        weight=2,
        hint="stay with tensor operations from the inputs to the result: no .item(), .detach() or .data",
    )
    def test_gradients(self, student, rng, device):
        inputs, state, params = lstm_case(rng, 2, 1, 1, 2, 1, device, torch.float64)

        def f(inputs, H, C, W_hf, b_o):
            given = [*params[:4], W_hf, *params[5:8], b_o, *params[9:]]
            outputs, (H, C) = taken_apart(student.lstm(inputs, (H, C), given), 2, "lstm")
            return outputs, C

        checked = (inputs, *state, params[4], params[8])
        assert_gradients(f, *(t.clone().requires_grad_() for t in checked), what="the result of lstm")
        assert_gradients_reach(student.lstm, lstm_case(rng, 3, 2, 3, 4, 2, device), "ifoc", 2, rng, name="lstm")

    @criterion("keeps the dtype, and takes inputs in any memory order", hint="make no tensor with a dtype of its own; the result has the dtype of inputs")
    def test_dtype(self, student, rng, device):
        assert_dtype_kept(student.lstm, lstm_case(rng, 3, 2, 4, 5, 3, device, torch.float64), "lstm")
        assert_any_order(student.lstm, lstm_case(rng, 3, 2, 4, 5, 3, device), "lstm")

    @criterion("leaves inputs, state and parameters unchanged", hint="operations that end in _ and C *= … write into the caller's tensors")
    def test_unchanged(self, student, rng, device):
        assert_inputs_kept(student.lstm, lstm_case(rng, 3, 2, 4, 5, 3, device), ("H", "C"), "lstm")


@exercise("lstm_from_torch")
class TestLstmFromTorch:
    order = ("input", "forget", "output", "candidate")

    def case(self, student, rng, device, d, h, dtype=torch.float32):
        """What the student returns for a random layer, the same layer here, and what is right."""
        packed = {
            "weight_ih_l0": normal(rng, 4 * h, d, dtype=dtype).to(device),
            "weight_hh_l0": normal(rng, 4 * h, h, dtype=dtype).to(device),
            "bias_ih_l0": normal(rng, 4 * h, dtype=dtype).to(device),
            "bias_hh_l0": normal(rng, 4 * h, dtype=dtype).to(device),
        }
        result = student.run(unpacked, packed=packed, d=d, h=h)
        params = result["params"]
        right = isinstance(params, list | tuple) and all(isinstance(p, torch.Tensor) for p in params)
        expect(right, "lstm_from_torch should return a list of tensors", "wrong type")
        expect(len(params) == 12, f"lstm_from_torch returns {len(params)} tensors, 12 were expected (no output layer)", "wrong shape")
        layer = torch.nn.LSTM(d, h).to(device, dtype)
        layer.load_state_dict(packed)
        return [p.detach() for p in params], layer, reference.lstm_from_torch(layer), result["after"]

    def found(self, params, right, part):
        """In which order the gates of one part stand in the answer: at each place, a place of ours. None where they aren't all there."""
        mine, ours = params[part::3], right[part::3]
        for order in itertools.permutations(range(4)):
            if all(looks_like(m, ours[place]) for m, place in zip(mine, order, strict=True)):
                return order
        return None

    def agree(self, student, rng, device, part, name):
        for d, h in [(3, 5), (4, 1), (1, 2)]:
            params, _, right, _ = self.case(student, rng, device, d, h)
            # The order has its criteria, those on the input weights and on the numbers: the others take the gates as the input weights stand.
            order = self.found(params, right, 0) or (0, 1, 2, 3)
            if part == 0 and order != (0, 1, 2, 3):
                seen = ", ".join(self.order[place] for place in order)
                fail(f"the gates are all there, but in the order {seen}; expected is {', '.join(self.order)}")
            for place, mine in zip(order, params[part::3], strict=True):
                what = f"{name} of the {self.order[place]} gate for nn.LSTM({d}, {h})".replace("candidate gate", "candidate")
                assert_close(mine, right[part::3][place], what=what)

    @criterion(
        "input weights of all gates, in the order input, forget, output, candidate",
        weight=2,
        hint="transpose weight_ih_l0, cut it in four: i, f, g, o",
    )
    def test_input_weights(self, student, rng, device):
        self.agree(student, rng, device, 0, "W_x")

    @criterion("state weights of all gates, transposed", weight=2, hint="weight_hh_l0 is (4h, h); each of its four squares must be transposed")
    def test_state_weights(self, student, rng, device):
        self.agree(student, rng, device, 1, "W_h")

    @criterion("biases are the sums of the layer's two", weight=2, hint="bias_ih_l0 + bias_hh_l0: both are added to the same sum")
    def test_biases(self, student, rng, device):
        self.agree(student, rng, device, 2, "the bias")

    @criterion("with these weights the formulas of lstm give the numbers of nn.LSTM", weight=2, hint="compare your lstm with nn.LSTM on random inputs")
    def test_same_numbers(self, student, rng, device):
        for T, n, d, h in [(4, 2, 3, 5), (1, 1, 4, 2), (3, 4, 2, 3)]:
            params, layer, like, _ = self.case(student, rng, device, d, h)
            order = self.found(params, like, 0) or (0, 1, 2, 3)
            if order != (0, 1, 2, 3):
                seen = ", ".join(self.order[place] for place in order)
                fail(f"lstm takes its parameters in the order {', '.join(self.order)}, yours stand in the order {seen}")
            for place, (mine, expected) in enumerate(zip(params, like, strict=True)):
                assert_shape(mine, expected.shape, what=f"tensor {place} for nn.LSTM({d}, {h})")
            inputs = normal(rng, T, n, d).to(device)
            zeros = torch.zeros(n, h, device=device)
            shown = [torch.eye(h, device=device), torch.zeros(h, device=device)]
            outputs, _ = reference.lstm(inputs, (zeros, zeros), [*(p.to(inputs) for p in params), *shown])
            with torch.no_grad():
                right = layer.cpu()(inputs.cpu())[0].flatten(0, 1).to(device)
            assert_close(outputs, right, what="the hidden states with your weights", **ROUNDING)

    @criterion("keeps the dtype of the layer, and leaves the layer unchanged", hint="add the biases into a new tensor; += would write into the layer")
    def test_layer(self, student, rng, device):
        params, layer, _, after = self.case(student, rng, device, 3, 4, torch.float64)
        for place, param in enumerate(params):
            expect(param.dtype == torch.float64, f"tensor {place} has dtype {str(param.dtype)[6:]} for a float64 layer", "wrong type")
        expect(any(bool(p.any()) for p in params), "all tensors are zero")
        for name, value in layer.state_dict().items():
            assert_unchanged(value, after[name], what=f"{name} of the layer")


def unpacked(student, packed, d, h):
    import torch

    weight = packed["weight_ih_l0"]
    layer = torch.nn.LSTM(d, h).to(weight.device, weight.dtype)
    layer.load_state_dict(packed)
    params = student.lstm_from_torch(layer)
    return {"params": params, "after": {name: value.clone() for name, value in layer.state_dict().items()}}


# Stacks and directions -----------------------------------------------------------------------------------------------


class Cell:
    """A plain recurrent cell that remembers what it was called with; `name` is how messages call it."""

    def __init__(self, rng, d, h, device, name, dtype=torch.float32):
        self.W_x, self.W_h = (normal(rng, *shape, scale=0.7, dtype=dtype).to(device) for shape in ((d, h), (h, h)))
        self.name, self.states, self.inputs = name, [], []

    def __call__(self, inputs, state=None):
        width = self.W_x.shape[0]
        fits = isinstance(inputs, torch.Tensor) and inputs.ndim == 3 and inputs.shape[2] == width
        shape = tuple(inputs.shape) if isinstance(inputs, torch.Tensor) else type(inputs).__name__
        expect(fits, f"{self.name} was called with inputs of shape {shape}, it reads (T, n, {width})", "wrong shape")
        self.states.append(state)
        self.inputs.append(inputs.detach())
        return self.run(inputs, state)

    def run(self, inputs, state):
        H = self.W_h.new_zeros(inputs.shape[1], len(self.W_h))
        if isinstance(state, torch.Tensor) and state.shape == H.shape:  # one that does not fit is left to the criterion on states
            H = state
        outputs = []
        for X in inputs:
            H = torch.tanh(X @ self.W_x + H @ self.W_h)
            outputs.append(H)
        return torch.stack(outputs), H


def stack_case(rng, T, n, widths, device):
    """Cells from width to width, inputs, a state for each cell, and what is right."""
    cells = [Cell(rng, d, h, device, f"layer {i}") for i, (d, h) in enumerate(itertools.pairwise(widths))]
    inputs = normal(rng, n, T, widths[0]).transpose(0, 1).to(device)
    states = [normal(rng, n, h).to(device) for h in widths[1:]]
    outputs, after = inputs, []
    for cell, state in zip(cells, states, strict=True):
        outputs, state = cell.run(outputs, state)
        after.append(state)
    return cells, inputs, states, outputs, after


def two_things(result, what):
    expect(isinstance(result, list | tuple) and len(result) == 2, f"{what} should return two things, (outputs, list of states)", "wrong type")
    return result


@exercise("deep_rnn")
class TestDeepRnn:
    # T, n, widths
    sizes = [(4, 3, (5, 6, 2)), (1, 1, (3, 4)), (5, 2, (4, 3, 5, 2)), (3, 2, (4, 4))]
    # One width for all layers: an answer that mixes up inputs or states still runs.
    even = [(4, 3, (2, 2, 2)), (2, 1, (4, 4)), (3, 2, (3, 3, 3, 3))]

    @criterion("each layer reads the outputs of the layer below, and the last one's are returned", weight=3, hint="outputs, state = cell(outputs, state)")
    def test_outputs(self, student, rng, device):
        for T, n, widths in self.sizes:
            cells, inputs, _, _, _ = stack_case(rng, T, n, widths, device)
            same = [torch.zeros(n, h, device=device) for h in widths[1:]]
            right = inputs
            for cell, state in zip(cells, same, strict=True):
                right, _ = cell.run(right, state)
            outputs, _ = two_things(student.deep_rnn(cells, inputs.clone(), same), "deep_rnn")
            assert_close(outputs, right, what=f"the outputs of a stack of {len(cells)} with zero states", **ROUNDING)

    @criterion("each layer starts from a state of its own", weight=3, hint="zip(cells, states) pairs each cell with its state")
    def test_states(self, student, rng, device):
        for T, n, widths in self.even:
            cells, inputs, states, _, _ = stack_case(rng, T, n, widths, device)
            student.deep_rnn(cells, inputs.clone(), clones(states))
            for i, (cell, state) in enumerate(zip(cells, states, strict=True)):
                expect(bool(cell.states), f"layer {i} is never called")
                first = cell.states[0]
                expect(first is not None, f"layer {i} was called without a state")
                assert_close(first, state, what=f"the state that layer {i} of {len(cells)} starts from")

    @criterion("returns the new states of all layers, first layer first", weight=2, hint="append each new state to a list that starts empty")
    def test_new_states(self, student, rng, device):
        for T, n, widths in self.even:
            cells, inputs, states, _, _ = stack_case(rng, T, n, widths, device)
            _, returned = two_things(student.deep_rnn(cells, inputs.clone(), clones(states)), "deep_rnn")
            expect(isinstance(returned, list | tuple), "the second thing that deep_rnn returns is not a list of states", "wrong type")
            expect(len(returned) == len(cells), f"{len(returned)} new states came back from {len(cells)} layers", "wrong shape")
            # What a cell returned last is right by definition: a wrong start or a wrong input costs its own criterion.
            for i, cell in enumerate(cells):
                expect(bool(cell.states), f"layer {i} is never called")
            assert_close(returned, [cell.last for cell in self.rerun(cells)], what="the new states", **ROUNDING)

    @staticmethod
    def rerun(cells):
        for cell in cells:
            state = cell.states[0]
            for inputs in cell.inputs:
                _, state = cell.run(inputs, state)
            cell.last = state
        return cells

    @criterion("takes states of any kind, and leaves the list of states and the inputs as they are", hint="collect the new states in a list of your own")
    def test_unchanged(self, student, rng, device):
        seen = student.run(stack_of_modules, inputs=normal(rng, 4, 3, 2).to(device), state=normal(rng, 1, 3, 2).to(device))
        expect(seen["states kept"] is True, "the list of states that was passed in has changed")
        expect(seen["inputs kept"] is True, "the inputs were changed")
        assert_shape(seen["outputs"], (4, 3, 2), what="the tensor of outputs of two nn.LSTM")
        assert_alive(seen["outputs"].flatten(0, 1), "two nn.LSTM")

    @criterion("gradients flow through the whole stack", hint="no detach and no torch.no_grad() between the layers")
    def test_gradients(self, student, rng, device):
        cells, inputs, states, outputs, _ = stack_case(rng, 3, 2, (3, 3, 3), device)
        given = inputs.clone().requires_grad_()
        mine, _ = two_things(student.deep_rnn(cells, given, states), "deep_rnn")
        assert_shape(mine, outputs.shape, what="the tensor of outputs")
        expect(mine.requires_grad, "the outputs carry no graph: were they detached?", "no gradient")
        (gradient,) = torch.autograd.grad(mine, given, normal(rng, *mine.shape).to(mine), allow_unused=True)
        expect(gradient is not None and bool(gradient.any()), "no gradient reaches the inputs", "no gradient")


def stack_of_modules(student, inputs, state):
    import torch

    layers = [torch.nn.LSTM(2, 2).to(inputs.device) for _ in range(2)]
    states = [(state, state + 1), (state - 1, state)]
    before, copy = list(states), inputs.clone()
    with torch.no_grad():
        outputs, _ = student.deep_rnn(layers, inputs, states)
    kept = len(states) == len(before) and all(a is b for a, b in zip(states, before))
    return {"states kept": kept, "inputs kept": torch.equal(inputs, copy), "outputs": outputs}


def directions(rng, T, n, d, h_f, h_b, device):
    forward, backward = Cell(rng, d, h_f, device, "the forward cell"), Cell(rng, d, h_b, device, "the backward cell")
    return forward, backward, normal(rng, n, T, d).transpose(0, 1).to(device)


@exercise("bidirectional")
class TestBidirectional:
    # T, n, d, h_f, h_b
    sizes = [(4, 3, 2, 5, 6), (1, 1, 3, 4, 2), (5, 2, 4, 3, 1)]

    def halves(self, student, forward, backward, inputs):
        (T, n, _), h_f, h_b = inputs.shape, forward.W_x.shape[1], backward.W_x.shape[1]
        outputs = student.bidirectional(forward, backward, inputs.clone())
        assert_shape(outputs, (T, n, h_f + h_b), what=f"the tensor of outputs of T={T}, n={n} with {h_f} forward and {h_b} backward units")
        return outputs[..., :h_f], outputs[..., h_f:]

    @criterion("the first half is what the forward cell returns", weight=2, hint="torch.cat([forward outputs, backward outputs], dim=-1)")
    def test_forward(self, student, rng, device):
        for T, n, d, h_f, h_b in self.sizes:
            forward, backward, inputs = directions(rng, T, n, d, h_f, h_b, device)
            mine, _ = self.halves(student, forward, backward, inputs)
            assert_close(mine, forward.run(inputs, None)[0], what=f"the forward half for T={T}, n={n}", **ROUNDING)

    @criterion(
        "the second half has read from the end, and each step speaks about its own input",
        weight=4,
        hint="flip the inputs on dim 0 for the backward cell, and flip what it returns on dim 0 again",
    )
    def test_backward(self, student, rng, device):
        for T, n, d, h_f, h_b in self.sizes:
            forward, backward, inputs = directions(rng, T, n, d, h_f, h_b, device)
            _, mine = self.halves(student, forward, backward, inputs)
            turned = backward.run(inputs.flip(0), None)[0]
            if T > 1 and looks_like(mine, turned):
                fail("the backward half is not turned back: its first row speaks about the last step")
            if T > 1 and looks_like(mine, backward.run(inputs, None)[0]):
                fail("the backward cell has read the sequence from left to right")
            assert_close(mine, turned.flip(0), what=f"the backward half for T={T}, n={n}", **ROUNDING)

    @criterion("both cells start from None", hint="forward(inputs, None) and backward(…, None): neither knows the other's state")
    def test_states(self, student, rng, device):
        forward, backward, inputs = directions(rng, 4, 3, 2, 5, 5, device)
        self.halves(student, forward, backward, inputs)
        for cell in (forward, backward):
            expect(bool(cell.states), f"{cell.name} is never called")
            expect(cell.states[0] is None, f"{cell.name} was called with a state that is not None")

    @criterion("equals a bidirectional nn.LSTM", weight=2, hint="if the criteria above pass, this one does: nn.LSTM is a cell like any other")
    def test_torch(self, student, rng, device):
        for T, n, d, h in [(4, 3, 2, 5), (1, 2, 3, 4), (6, 1, 4, 2)]:
            seen = student.run(both_directions, inputs=normal(rng, T, n, d), h=h)
            assert_close(seen["outputs"], seen["right"], what=f"the outputs with nn.LSTM cells, T={T}, n={n}", **ROUNDING)

    @criterion("gradients reach the inputs, which stay unchanged", hint="flip and cat keep the graph; nothing may be written into the inputs")
    def test_gradients(self, student, rng, device):
        forward, backward, inputs = directions(rng, 3, 2, 4, 3, 5, device)
        given = inputs.clone().requires_grad_()
        outputs = student.bidirectional(forward, backward, given)
        assert_shape(outputs, (3, 2, 8), what="the tensor of outputs")
        assert_unchanged(inputs, given, what="inputs")
        expect(outputs.requires_grad, "the outputs carry no graph: were they detached?", "no gradient")
        for name, half in (("forward", outputs[..., :3]), ("backward", outputs[..., 3:])):
            (gradient,) = torch.autograd.grad(half, given, normal(rng, *half.shape).to(half), retain_graph=True, allow_unused=True)
            reaches = gradient is not None and bool(gradient.flatten(1).any(dim=1).all())
            expect(reaches, f"no gradient reaches the inputs through the {name} half", "no gradient")


def both_directions(student, inputs, h):
    import torch

    layer = torch.nn.LSTM(inputs.shape[2], h, bidirectional=True)
    cells = [torch.nn.LSTM(inputs.shape[2], h) for _ in range(2)]
    for cell, ending in zip(cells, ("", "_reverse")):
        cell.load_state_dict({name: getattr(layer, name + ending) for name in cell.state_dict()})
    with torch.no_grad():
        return {"right": layer(inputs)[0], "outputs": student.bidirectional(*cells, inputs)}


# Hidden Markov models ------------------------------------------------------------------------------------------------


def model(rng, k, m, device, dtype=torch.float32):
    """Random pi (k,), A (k, k), B (k, m), with rows that add up to one and differ clearly."""
    return tuple(torch.softmax(1.3 * torch.randn(*s, generator=rng, dtype=dtype), dim=-1).to(device) for s in ((k,), (k, k), (k, m)))


def symbols(rng, m, T, device):
    return torch.randint(m, (T,), generator=rng).to(device)


def joint_by_paths(pi, A, B, obs):
    """P(obs, h_t = i), (T, k) in float64: the sum over all k^T paths."""
    (k,), T = pi.shape, len(obs)
    pi, A, B = (t.double().cpu() for t in (pi, A, B))
    paths = torch.cartesian_prod(*[torch.arange(k)] * T).reshape(-1, T)
    weight = pi[paths[:, 0]] * B[paths, obs.cpu()].prod(dim=1) * A[paths[:, :-1], paths[:, 1:]].prod(dim=1)
    return torch.stack([torch.zeros(k, dtype=torch.float64).index_add_(0, paths[:, t], weight) for t in range(T)])


def doubled(*tensors):
    return [t.double() for t in tensors]


def as_log(value, what):
    """One number, as a float."""
    one = isinstance(value, int | float) or (isinstance(value, torch.Tensor) and value.numel() == 1)
    expect(one, f"{what} should be one number: a float, or a tensor with one entry", "wrong type")
    return float(value.detach() if isinstance(value, torch.Tensor) else value)


# k, m, T
HMM_SIZES = [(2, 3, 4), (3, 5, 1), (4, 3, 3), (2, 4, 7), (3, 2, 5)]
LONG = 500


def assert_no_enumeration(f, rng, device, what):
    """The number of tensor operations grows with the length, not with the number of paths."""
    pi, A, B = model(rng, 3, 4, device)
    short, longer = (sum(operations(f, pi, A, B, symbols(rng, 4, T, device)).values()) for T in (3, 6))
    if longer > 5 * short + 60:
        fail(f"{what} runs {short} tensor operations for 3 symbols and {longer} for 6: it goes through all paths, one by one", "too slow")


def long_case(rng, device, dtype=torch.float64):
    """500 symbols out of nine: the probability is far below the smallest float64."""
    return (*model(rng, 3, 9, device, dtype), symbols(rng, 9, LONG, device))


@exercise("hmm_likelihood")
class TestHmmLikelihood:
    @criterion("is the logarithm of the sum over all paths", weight=4, hint="each step: logsumexp over the old states, then plus log B of the new symbol")
    def test_values(self, student, rng, device):
        for k, m, T in HMM_SIZES:
            pi, A, B = model(rng, k, m, device)
            obs = symbols(rng, m, T, device)
            value = as_log(student.hmm_likelihood(pi.clone(), A.T.contiguous().T, B.clone(), obs), "hmm_likelihood")
            right = float(joint_by_paths(pi, A, B, obs)[0].sum())
            expect(not math.isclose(value, right, rel_tol=1e-4), "hmm_likelihood returns the probability; its logarithm was expected")
            if T > 1 and math.isclose(value, float(reference.hmm_likelihood(pi, A.T, B, obs)), rel_tol=1e-5):
                fail("A is used the wrong way round: A[i, j] leads from i (row) to j (column)")
            assert_close(value, math.log(right), what=f"hmm_likelihood for k={k} states, m={m} symbols, T={T}", rtol=1e-4, atol=1e-5)

    @criterion("probabilities may be 0: −inf for what cannot happen, never NaN", weight=2, hint="torch.logsumexp handles -inf; x - x.max() does not")
    def test_zeros(self, student, rng, device):
        pi, A, B = never_back(rng, device)
        for obs in ([0, 2, 1, 3], [0, 1, 3], [0, 3], [0, 1, 3, 0]):
            obs = torch.tensor(obs, device=device)
            value = as_log(student.hmm_likelihood(pi.clone(), A.clone(), B.clone(), obs), "hmm_likelihood")
            probability = float(joint_by_paths(pi, A, B, obs)[0].sum())
            words = "can" if probability > 0 else "cannot"
            expect(not math.isnan(value), f"hmm_likelihood is NaN for a sequence that {words} happen", "unstable")
            expect(probability > 0 or value == -math.inf, f"hmm_likelihood is {value:.4g} for a sequence that cannot happen")
            if probability > 0:
                assert_close(value, math.log(probability), what=f"hmm_likelihood of a sequence that {words} happen", rtol=1e-4, atol=1e-5)

    @criterion("leaves its inputs unchanged", hint="log_() and *= write into the caller's tensors")
    def test_unchanged(self, student, rng, device):
        given = (*model(rng, 3, 4, device), symbols(rng, 4, 5, device))
        before = clones(given)
        value = as_log(student.hmm_likelihood(*given), "hmm_likelihood")
        for name, old, new in zip(("pi", "A", "B", "obs"), before, given, strict=True):
            assert_unchanged(old, new, what=name)
        other = as_log(student.hmm_likelihood(*before[:3], (before[3] + 1) % 4), "hmm_likelihood")
        expect(value != other, "hmm_likelihood does not depend on the symbols")

    @criterion(
        "500 symbols take 500 steps, not one for each path",
        weight=2,
        hint="keep one number for each state and update it symbol by symbol",
        timeout_s=5,
    )
    def test_linear(self, student, rng, device):
        assert_no_enumeration(student.hmm_likelihood, rng, device, "hmm_likelihood")
        value = as_log(student.hmm_likelihood(*long_case(rng, device)), "hmm_likelihood")
        expect(value < -LONG, f"hmm_likelihood of {LONG} symbols out of nine is {value:.3g}; as the logarithm of a probability it is far too large")

    @criterion(
        "stays finite for 500 symbols",
        weight=2,
        hint="work with logarithms from the start: products of 500 probabilities underflow to 0",
        timeout_s=5,
    )
    def test_long(self, student, rng, device):
        assert_no_enumeration(student.hmm_likelihood, rng, device, "hmm_likelihood")
        for dtype in (torch.float64, torch.float32):
            case = long_case(rng, device, dtype)
            value = as_log(student.hmm_likelihood(*clones(case)), "hmm_likelihood")
            assert_finite(value, what=f"hmm_likelihood of {LONG} symbols")
            right = float(reference.hmm_likelihood(*doubled(*case[:3]), case[3]))
            assert_close(value, right, what=f"hmm_likelihood of {LONG} symbols", rtol=1e-4)


def never_back(rng, device):
    """A model that starts in state 0, moves on one state at a time and never back, and shows 0 in state 0 only and 3 in state 2 only."""
    pi = torch.tensor([1.0, 0.0, 0.0])
    A = torch.tensor([[0.5, 0.5, 0.0], [0.0, 0.6, 0.4], [0.0, 0.0, 1.0]])
    B = torch.tensor([[0.6, 0.1, 0.3, 0.0], [0.0, 0.7, 0.3, 0.0], [0.0, 0.2, 0.3, 0.5]])
    return pi.to(device), A.to(device), B.to(device)


def with_own_symbol(pi, A, B, obs):
    """hmm_posterior with a well-known mistake: the backward recursion takes the symbol of its own step."""
    log_A, log_seen = A.log(), B.log()[:, obs].T
    alphas, rhos = [pi.log() + log_seen[0]], [torch.zeros_like(pi)]
    for t in range(1, len(obs)):
        alphas.append(torch.logsumexp(alphas[-1][:, None] + log_A, dim=0) + log_seen[t])
    for t in range(len(obs) - 2, -1, -1):
        rhos.insert(0, torch.logsumexp(log_A + log_seen[t] + rhos[0], dim=1))
    return torch.log_softmax(torch.stack(alphas) + torch.stack(rhos), dim=1)


@exercise("hmm_posterior")
class TestHmmPosterior:
    @criterion("is the logarithm of each state's share of all paths", weight=4, hint="log alpha + log rho, minus each row's own logsumexp")
    def test_values(self, student, rng, device):
        for k, m, T in HMM_SIZES:
            pi, A, B = model(rng, k, m, device)
            obs = symbols(rng, m, T, device)
            posterior = student.hmm_posterior(pi.clone(), A.T.contiguous().T, B.clone(), obs)
            joint = joint_by_paths(pi, A, B, obs)
            right = (joint / joint.sum(dim=1, keepdim=True)).log().float().to(device)
            what = f"hmm_posterior for k={k} states, m={m} symbols, T={T}"
            assert_shape(posterior, (T, k), what=what)
            if looks_like(posterior, right.exp()):
                fail("hmm_posterior returns the probabilities; their logarithms were expected")
            if looks_like(posterior, joint.log().float().to(device)):
                fail("the rows are not normalised: this is log P(obs, state); minus each row's logsumexp gives the posterior")
            if T > 1 and looks_like(posterior, with_own_symbol(pi, A, B, obs)):
                fail("the backward recursion takes the symbol of its own step, which alpha has counted already; rho_t takes that of step t + 1")
            assert_close(posterior, right, what=what, rtol=1e-4, atol=1e-5)

    @criterion(
        "uses the symbols before and the symbols after a step",
        weight=2,
        hint="the past is in alpha, the future in rho: the posterior at each step needs both",
    )
    def test_both_sides(self, student, rng, device):
        pi, A, B = model(rng, 3, 4, device)
        obs = symbols(rng, 4, 6, device)
        posterior = student.hmm_posterior(pi.clone(), A.clone(), B.clone(), obs)
        assert_shape(posterior, (6, 3), what="hmm_posterior for 6 symbols")
        # One symbol near each end changes, not the last: whether rho takes the right one of two neighbours is a matter of the values.
        for changed, steps, which in ((0, (1, 2, 3), "an earlier"), (4, (2, 3), "a later")):
            seen = obs.clone()
            seen[changed] = (seen[changed] + 1) % 4
            other = student.hmm_posterior(pi.clone(), A.clone(), B.clone(), seen)
            for t in steps:
                expect((posterior[t] - other[t]).abs().max() > 1e-6, f"another symbol at {which} step does not change the posterior of a step near it")

    @criterion("probabilities may be 0: −inf for a state that cannot be, never NaN", weight=2, hint="torch.logsumexp handles -inf; x - x.max() does not")
    def test_zeros(self, student, rng, device):
        pi, A, B = never_back(rng, device)
        for obs in ([0, 2, 1, 3], [0, 1, 3], [1, 2, 2, 2, 1]):
            obs = torch.tensor(obs, device=device)
            posterior = student.hmm_posterior(pi.clone(), A.clone(), B.clone(), obs)
            assert_shape(posterior, (len(obs), 3), what="hmm_posterior of a model with zeros")
            expect(not bool(posterior.isnan().any()), "hmm_posterior of a model with zeros contains NaN", "unstable")
            if looks_like(posterior, with_own_symbol(pi, A, B, obs)):
                continue  # named, and paid for, where the values are compared
            joint = joint_by_paths(pi, A, B, obs)
            right = (joint / joint.sum(dim=1, keepdim=True)).log().float().to(device)
            for t, i in torch.nonzero(right.isneginf() != posterior.isneginf()).tolist():
                state = f"state {i} at step {t} of the symbols {obs.tolist()}"
                fail(f"{state} cannot be: −inf was expected" if right[t, i] == -math.inf else f"{state} can be, hmm_posterior says −inf")
            assert_close(posterior, right, what="hmm_posterior of a model with zeros", rtol=1e-4, atol=1e-5)

    @criterion("keeps the dtype, and leaves its inputs unchanged", hint="log_() and *= write into the caller's tensors")
    def test_unchanged(self, student, rng, device):
        for dtype in (torch.float32, torch.float64):
            given = (*model(rng, 3, 4, device, dtype), symbols(rng, 4, 5, device))
            before = clones(given)
            posterior = student.hmm_posterior(*given)
            assert_shape(posterior, (5, 3), what="hmm_posterior")
            expect(posterior.dtype == dtype, f"the result has dtype {str(posterior.dtype)[6:]} for {str(dtype)[6:]} probabilities", "wrong type")
            for name, old, new in zip(("pi", "A", "B", "obs"), before, given, strict=True):
                assert_unchanged(old, new, what=name)
            expect(bool((posterior - posterior[:1]).abs().max() > 1e-6), "all rows of the result are the same")

    @criterion("stays finite for 500 symbols, without going through all paths", weight=2, hint="logarithms in both recursions, from the start", timeout_s=5)
    def test_long(self, student, rng, device):
        assert_no_enumeration(student.hmm_posterior, rng, device, "hmm_posterior")
        case = long_case(rng, device)
        posterior = student.hmm_posterior(*clones(case))
        assert_shape(posterior, (LONG, 3), what=f"hmm_posterior for {LONG} symbols")
        assert_finite(posterior, what=f"hmm_posterior of {LONG} symbols")
        if looks_like(posterior, with_own_symbol(*case)):
            return  # named, and paid for, where the values are compared
        assert_close(posterior, reference.hmm_posterior(*case), what=f"hmm_posterior of {LONG} symbols", rtol=1e-4, atol=1e-6)


# The language model --------------------------------------------------------------------------------------------------


def log_probabilities(rng, *shape, device, dtype=torch.float32):
    return torch.log(0.02 + 0.9 * torch.rand(*shape, generator=rng, dtype=dtype)).to(device)


def uneven_mask(rng, n, T, device):
    """Rows of different lengths; the first one is full."""
    lengths = torch.randint(1, T, (n,), generator=rng)
    lengths[0] = T
    return (torch.arange(T) < lengths[:, None]).to(device)


@exercise("perplexity")
class TestPerplexity:
    @criterion("is the exponential of minus the mean of the log-probabilities", weight=3, hint="exp(-mean(log_probs)): minus, mean, exp, in this order")
    def test_values(self, student, rng, device):
        for shape in [(7,), (3, 5), (1, 4), (2, 3, 4)]:
            log_probs = log_probabilities(rng, *shape, device=device)
            value = student.perplexity(log_probs.clone(), torch.ones(shape, dtype=torch.bool, device=device))
            right = math.exp(-float(log_probs.double().mean()))
            assert_close(value, right, what=f"perplexity of log-probabilities of shape {shape}, all of which count", rtol=1e-4)

    @criterion("counts only where the mask is True, one mean over all that counts", weight=3, hint="log_probs[mask].mean()")
    def test_mask(self, student, rng, device):
        for n, T in [(3, 5), (4, 9), (2, 6)]:
            log_probs, mask = log_probabilities(rng, n, T, device=device), uneven_mask(rng, n, T, device)
            value = student.perplexity(log_probs.T.contiguous().T, mask.T.contiguous().T)
            right = math.exp(-float(log_probs.double()[mask].mean()))
            expect_not(value, math.exp(-float(log_probs.double()[~mask].mean())), "the mask is used the wrong way round: True means that an entry counts")
            expect_not(value, math.exp(-float(log_probs.double().mean())), "entries that do not count are counted")
            assert_close(value, right, what=f"perplexity of {n} rows of different lengths", rtol=1e-4)

    @criterion("entries that do not count may hold anything, −inf and NaN too", weight=2, hint="select with log_probs[mask]; 0 times -inf is NaN")
    def test_padding(self, student, rng, device):
        for padding in (-math.inf, math.nan, 1e30):
            log_probs, mask = log_probabilities(rng, 3, 5, device=device), uneven_mask(rng, 3, 5, device)
            value = student.perplexity(log_probs.masked_fill(~mask, padding), mask.clone())
            assert_close(value, math.exp(-float(log_probs.double()[mask].mean())), what=f"perplexity with padding that holds {padding}", rtol=1e-4)

    @criterion("is 1 where nothing counts, and +inf where the model rules out what happens", hint="an empty mean is NaN: treat the empty mask first")
    def test_limits(self, student, rng, device):
        log_probs = log_probabilities(rng, 2, 3, device=device)
        value = student.perplexity(log_probs.clone(), torch.zeros(2, 3, dtype=torch.bool, device=device))
        assert_close(value, 1.0, what="perplexity where no entry counts")
        log_probs[1, 2] = -math.inf
        value = student.perplexity(log_probs, torch.ones(2, 3, dtype=torch.bool, device=device))
        assert_close(value, math.inf, what="perplexity with a probability of 0 that counts")

    @criterion("leaves its inputs unchanged", hint="assignments such as log_probs[~mask] = 0 write into the caller's tensor")
    def test_unchanged(self, student, rng, device):
        log_probs, mask = log_probabilities(rng, 3, 5, device=device, dtype=torch.float64), uneven_mask(rng, 3, 5, device)
        before = clones((log_probs, mask))
        value = student.perplexity(log_probs, mask)
        assert_unchanged(before[0], log_probs, what="log_probs")
        assert_unchanged(before[1], mask, what="mask")
        other = student.perplexity(before[0] - 1, before[1])
        different = isinstance(value, float | torch.Tensor) and isinstance(other, float | torch.Tensor) and float(value) != float(other)
        expect(different, "perplexity does not depend on the log-probabilities")


def expect_not(value, mistake, message):
    """Names a well-known mistake; what is no number is left to the comparison after it."""
    if isinstance(value, torch.Tensor) and value.numel() == 1:
        value = float(value)
    if isinstance(value, float):
        expect(not math.isclose(value, mistake, rel_tol=1e-5), message)


def gradients(rng, device, scale=1.0, dtype=torch.float32):
    return [normal(rng, *shape, scale=scale, dtype=dtype).to(device) for shape in ((4, 3), (5,), (1, 2, 3))]


def norm_of(grads):
    return math.sqrt(sum(float(g.double().square().sum()) for g in grads))


@exercise("grad_clipping", forbid=["foreach_norm", "clip_grad_norm"])
class TestGradClipping:
    def clipped(self, student, grads, theta):
        return student.run(clip, grads=grads, theta=theta)

    @criterion(
        "shortens all gradients by one factor, so that their common norm is theta",
        weight=4,
        hint="one norm over all parameters; each gradient times theta / norm",
    )
    def test_shortens(self, student, rng, device):
        for theta, scale, dtype in [(1.0, 2.0, torch.float32), (0.3, 1.0, torch.float64), (5.0, 4.0, torch.float32)]:
            grads = gradients(rng, device, scale, dtype)
            grads[1] *= 0.05
            seen = self.clipped(student, grads, theta)
            right = [g * theta / norm_of(grads) for g in grads]
            if all(looks_like(mine, g * min(1, theta / norm_of([g]))) for mine, g in zip(seen["after"], grads, strict=True)):
                fail("each gradient is shortened by its own norm; expected is one norm for all together")
            assert_close(seen["after"], right, what=f"the gradients after clipping to theta={theta}: grads", rtol=1e-4, atol=1e-6)

    @criterion("leaves gradients alone whose common norm is below theta", weight=2, hint="scale only if norm > theta: min(1, theta / norm)")
    def test_short(self, student, rng, device):
        for theta in (1.0, 7.0):
            grads = [g * (0.8 * theta / norm_of(grads)) for grads in [gradients(rng, device)] for g in grads]
            seen = self.clipped(student, grads, theta)
            assert_close(seen["after"], grads, what="gradients that are short enough: grads", rtol=1e-6, atol=0)
            assert_close(seen["norm"], 0.8 * theta, what="the norm returned for short gradients", rtol=1e-4)
        zeros = [torch.zeros_like(g) for g in grads]
        assert_close(self.clipped(student, zeros, 1.0)["after"], zeros, what="gradients that are all zero: grads")

    @criterion("returns the common norm from before the clipping", weight=2, hint="the root of the sum of all squares, taken before any gradient changes")
    def test_norm(self, student, rng, device):
        for theta, scale in [(1.0, 2.0), (0.5, 1.0), (100.0, 1.0)]:
            grads = gradients(rng, device, scale)
            seen = self.clipped(student, grads, theta)
            assert_close(seen["norm"], norm_of(grads), what=f"the norm that grad_clipping returns, theta={theta}", rtol=1e-4)

    @criterion("skips parameters without a gradient", weight=2, hint="if param.grad is not None, in both loops")
    def test_none(self, student, rng, device):
        for holes in ((0,), (1, 4), (2,)):
            grads = gradients(rng, device, 2.0) + gradients(rng, device, 2.0)
            given = [None if i in holes else g for i, g in enumerate(grads)]
            there = [g for g in given if g is not None]
            seen = self.clipped(student, given, 1.5)
            expect([g is None for g in seen["after"]] == [g is None for g in given], "a parameter without a gradient has one after the clipping")
            mine = [g for g in seen["after"] if g is not None]
            factor = norm_of(mine) / norm_of(there)
            expect(factor < 1, "the gradients of the other parameters were not clipped")
            assert_close(mine, [g * factor for g in there], what="the other gradients, up to a common factor: grads", rtol=1e-3, atol=1e-5)

    @criterion("writes into the gradients' own memory, and into nothing else", weight=2, hint="g *= factor changes g; param.grad = … makes a new tensor")
    def test_in_place(self, student, rng, device):
        grads = gradients(rng, device, 3.0)
        seen = self.clipped(student, grads, 1.0)
        expect(norm_of(seen["after"]) < 0.9 * norm_of(grads), "gradients of a large norm were not clipped")
        assert_close(seen["views"], seen["after"], what="a view of the gradients that was taken before: views", rtol=1e-6)
        expect(seen["params kept"] is True, "the parameters themselves were changed; only their gradients should be")


def clip(student, grads, theta):
    import torch

    shapes = [(2,) if g is None else g.shape for g in grads]
    like = next(g for g in grads if g is not None)
    params = [torch.full(shape, 0.5 + i, dtype=like.dtype, device=like.device, requires_grad=True) for i, shape in enumerate(shapes)]
    for param, grad in zip(params, grads):
        param.grad = None if grad is None else grad.clone()
    views = [None if p.grad is None else p.grad.view(-1) for p in params]
    before = [p.detach().clone() for p in params]
    norm = student.grad_clipping(params, theta)
    return {
        "norm": norm,
        "after": [None if p.grad is None else p.grad.clone() for p in params],
        "views": [v if v is None else v.view(s).clone() for v, s in zip(views, shapes)],
        "params kept": all(torch.equal(p.detach(), b) for p, b in zip(params, before)),
    }


NO_CLIPPING = 1e6
# Lengths of the pieces of an epoch.
PIECES = [[5], [4, 4, 2], [3, 3, 1]]


def letters(rng, v, n, lengths, device):
    """Consecutive pieces (X, Y) of random letters, and a table of scores (v, v)."""
    ids = torch.randint(v, (n, sum(lengths) + 1), generator=rng).to(device)
    pieces = list(zip(ids[:, :-1].split(lengths, dim=1), ids[:, 1:].split(lengths, dim=1), strict=True))
    return pieces, normal(rng, v, v).to(device)


def table_epoch(pieces, W, lr, theta):
    """The table after one epoch and the perplexity of the epoch: gradient descent on the mean cross-entropy of each piece, in closed form."""
    losses = []
    for X, Y in pieces:
        x, y = X.flatten(), Y.flatten()
        P = torch.softmax(W[x], dim=1)
        losses.append(-P[range(len(y)), y].log())
        P[range(len(y)), y] -= 1
        g = torch.zeros_like(W).index_add_(0, x, P / len(y))
        W = W - lr * g * min(1.0, theta / float(g.norm()))
    return W, math.exp(float(torch.cat(losses).mean()))


@exercise("train_char_lm")
class TestTrainCharLm:
    def trained(self, student, pieces, W, num_epochs, lr, theta):
        return student.run(train_table, pieces=pieces, W=W, num_epochs=num_epochs, lr=lr, theta=theta)

    @criterion(
        "a step goes against the gradient of the mean loss over the letters of a piece",
        weight=3,
        hint="inputs one_hot(X.T, vocab_size).float(), right letters Y.T.reshape(-1), cross_entropy with its mean, p -= lr * p.grad",
    )
    def test_step(self, student, rng, device):
        for v, n, T in [(5, 3, 4), (7, 1, 6), (4, 2, 3)]:
            pieces, W = letters(rng, v, n, [T], device)
            seen = self.trained(student, pieces, W, 1, 0.7, NO_CLIPPING)
            expect(seen["inputs"] == [T, n, v], f"rnn was called with inputs of shape {words(seen['inputs'])}, expected ({T}, {n}, {v})", "wrong shape")
            if n > 1 and looks_like(seen["W"], table_epoch(mixed_up(pieces), W, 0.7, NO_CLIPPING)[0]):
                fail("the right letters stand in another order than the outputs: the outputs come step by step, so Y must be transposed")
            assert_close(seen["W"], table_epoch(pieces, W, 0.7, NO_CLIPPING)[0], what="the parameter after one step", **ROUNDING)

    @criterion("clips the gradient to theta before the step", weight=2, hint="after backward(), before the step, over all params together")
    def test_clips(self, student, rng, device):
        for theta in (0.1, 0.03):
            pieces, W = letters(rng, 5, 3, [4], device)
            seen = self.trained(student, pieces, 4 * W, 1, 0.7, theta)
            moved = float((seen["W"] - 4 * W).norm()) / 0.7
            expect(moved > 0, "the parameter did not move")
            expect(abs(moved - theta) < 0.01 * theta, f"the step belongs to a gradient of norm {moved:.3g}, with theta={theta}")

    @criterion("clears the old gradient before each backward pass", weight=2, hint="optimizer.zero_grad(), or p.grad = None, in every piece")
    def test_clears(self, student, rng, device):
        for lengths in PIECES[1:]:
            pieces, W = letters(rng, 5, 3, lengths, device)
            seen = self.trained(student, pieces, W, 2, 0.7, NO_CLIPPING)
            first, _ = table_epoch(pieces, W, 0.7, NO_CLIPPING)
            added = gradients_added(pieces, W, 0.7)
            if looks_like(seen["W"], added):
                fail("the gradients of earlier pieces are still there: backward() adds to what it finds")
            assert_close(seen["W"], table_epoch(pieces, first, 0.7, NO_CLIPPING)[0], what="the parameter after two epochs of several pieces", **ROUNDING)

    @criterion(
        "carries the state from piece to piece, detached, and starts every epoch from a fresh one",
        weight=3,
        hint="state = init_state(n) before the loop over pieces; tuple(s.detach() for s in state) after each piece",
    )
    def test_state(self, student, rng, device):
        for lengths, num_epochs in (([3, 3, 1], 2), ([4], 3), ([2, 2], 1)):
            pieces, W = letters(rng, 5, 2, lengths, device)
            seen = student.run(train_with_state, pieces=pieces, W=W, start=normal(rng, 2, 3).to(device), num_epochs=num_epochs)
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
    def test_history(self, student, rng, device):
        for lengths, num_epochs in zip(PIECES, (1, 3, 2), strict=True):
            pieces, W = letters(rng, 6, 2, lengths, device)
            seen = self.trained(student, pieces, 2 * W, num_epochs, 0.0, 1.0)
            _, right = table_epoch(pieces, 2 * W, 0.0, 1.0)
            what = f"for pieces of {lengths} letters and lr=0, the record"
            if isinstance(seen["history"], list | tuple) and seen["history"]:
                expect_not(seen["history"][0], math.log(right), "the record holds the mean loss; its exponential, the perplexity, was expected")
            assert_close(seen["history"], [right] * num_epochs, what=what, rtol=1e-4)

    @criterion(
        "learns the story: perplexity below 8 after 20 epochs",
        weight=3,
        hint="if the criteria above pass: does every epoch go through all pieces?",
        timeout_s=40,
    )
    def test_story(self, student, device):
        value = story_perplexity(student, device)
        expect(value < STORY_GOAL, f"the network has a perplexity of {value:.2f} on the story after 20 epochs, below {STORY_GOAL} was expected")


STORY_GOAL = 8


def story_perplexity(student, device):
    """The perplexity on the story of a network that was trained on it."""
    ids, v = reference.STORY_IDS.to(device), len(reference.LETTERS)
    pieces = reference.text_pieces(ids, 8, 15)
    return perplexity_of(student.run(train_on_story, pieces=pieces, v=v, h=32), pieces, v)


def mixed_up(pieces):
    """The pieces as they are paired when Y is flattened without a transpose."""
    return [(X.T.reshape(-1)[None], Y.reshape(-1)[None]) for X, Y in pieces]


def words(shape):
    return f"({', '.join(map(str, shape))})" if isinstance(shape, list) else "another kind"


def gradients_added(pieces, W, lr):
    """The table after two epochs without clearing the gradients."""
    total = torch.zeros_like(W)
    for X, Y in pieces * 2:
        after, _ = table_epoch([(X, Y)], W, 1.0, NO_CLIPPING)
        total = total + (W - after)
        W = W - lr * total
    return W


def perplexity_of(trained, pieces, v):
    """Perplexity of the trained network on the pieces, in order, computed here."""
    device = pieces[0][0].device
    layer, linear = torch.nn.LSTM(v, 32).to(device), torch.nn.Linear(32, v).to(device)
    state, loss, count = None, 0.0, 0
    params = [*layer.parameters(), *linear.parameters()]
    with torch.no_grad():
        for param, value in zip(params, trained, strict=True):
            assert_shape(value, param.shape, what="a parameter after training")
            param.copy_(value)
        for X, Y in pieces:
            outputs, state = layer(torch.nn.functional.one_hot(X.T, v).float(), state)
            scores = linear(outputs).flatten(0, 1)
            loss += float(torch.nn.functional.cross_entropy(scores, Y.T.reshape(-1), reduction="sum"))
            count += Y.numel()
    return math.exp(min(loss / count, 50.0))


def train_table(student, pieces, W, num_epochs, lr, theta):
    import torch

    seen = {}

    def rnn(inputs, state, params):
        seen.setdefault("inputs", list(inputs.shape))
        return inputs.flatten(0, 1) @ params[0], state

    params = [W.clone().requires_grad_()]
    history = student.train_char_lm(rnn, params, lambda n: (torch.zeros(n, 1, device=W.device),), pieces, len(W), num_epochs, lr, theta)
    return {"history": history, "W": params[0].detach(), "inputs": seen.get("inputs")}


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


def train_on_story(student, pieces, v, h):
    import torch

    device = pieces[0][0].device
    layer, linear = torch.nn.LSTM(v, h).to(device), torch.nn.Linear(h, v).to(device)

    def rnn(inputs, state, params):
        outputs, state = layer(inputs, state)
        return linear(outputs).flatten(0, 1), state

    params = [*layer.parameters(), *linear.parameters()]
    zeros = lambda n: (torch.zeros(1, n, h, device=device), torch.zeros(1, n, h, device=device))
    student.train_char_lm(rnn, params, zeros, pieces, v, 20, 3.0, 20.0)
    return [p.detach() for p in params]
