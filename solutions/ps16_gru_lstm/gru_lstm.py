# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Gated recurrent networks: GRU and LSTM (门控循环神经网络)
#
# A network that reads has to decide, at every letter, what to keep and what to let go. In this notebook you build the
# two classic answers, the GRU and the LSTM, from nothing but matrix products. You stack them, run them in both
# directions, and meet their exact ancestor, the hidden Markov model. At the end a network of yours reads a short story
# about a ferryman, letter by letter, and tells it on in its own spelling.
#
# **How it is marked.** Each exercise has a cell for your answer and, under it, a check that you can run as often as you
# like. A check is an example: it says in words what is wrong with one result. The hidden grader asks more of the same (other
# shapes, other numbers, gradients, long sequences), and it marks each property on its own, so an answer that is wrong only in
# some cases keeps the points of the others. Every exercise stands alone: none needs an earlier one, so you may skip one
# and come back. (Where you call an earlier one all the same and it is not right yet, the grader lends a right one: one
# mistake costs its own points only.) The points add up to 100; the two written questions are extra credit.
#
# **What "from scratch" means.** An exercise that is marked *from scratch* names the PyTorch functions that are off
# limits in it. All others (`sigmoid`, `tanh`, `@`, `logsumexp`, …) are yours to use everywhere.
#
# **Names.** Helpers of your own may stand in cells of your own, above the exercise that uses them. The names of the
# checks begin with `check_`, those of the plots with `demo_`: leave these to them.
#
# **Letters used throughout.** $T$ time steps, $n$ sequences in a batch, $d$ inputs a step, $h$ hidden units, $q$
# outputs. Sequences are **time-major**: `inputs` has shape $(T, n, d)$, and `for X in inputs` gives one step after the
# other, each $(n, d)$. $\odot$ is the product of two matrices entry by entry, `*` in PyTorch; $\sigma$ is the sigmoid,
# which squeezes any number into $(0, 1)$.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import math

import torch
from course_tools import check, check_equal, check_promises, plot_curves

# %% [markdown]
# ## 1 · The gated recurrent unit
#
# A plain recurrent network replaces its whole hidden state (隐状态) at every step by a new one. Whatever it should
# remember for a hundred steps must survive a hundred rewritings. The gated recurrent unit (门控循环单元, GRU) puts two gates
# in between, each a matrix of numbers from 0 to 1 with one entry for each hidden unit of each sequence. The *update
# gate* (更新门) $Z$ says how much of the old state stays as it is. The *reset gate* (重置门) $R$ says how much of it the new
# candidate may see.
#
# ### 1.1 `get_gru_params`
#
# *difficulty 1/5 · importance 3/5 · about 10 minutes · 5 points*
#
# Notes: 004 门控循环单元(GRU)
#
# First the parameters: three times the same trio, for update gate, reset gate and candidate, and an output layer (输出层).
# The order is fixed, because all functions below unpack the list in this order:
#
# | place | names | shapes |
# |---|---|---|
# | 0, 1, 2 | $W_{xz},\ W_{hz},\ b_z$ (update gate) | $(v, h),\ (h, h),\ (h,)$ |
# | 3, 4, 5 | $W_{xr},\ W_{hr},\ b_r$ (reset gate) | $(v, h),\ (h, h),\ (h,)$ |
# | 6, 7, 8 | $W_{xh},\ W_{hh},\ b_h$ (candidate) | $(v, h),\ (h, h),\ (h,)$ |
# | 9, 10 | $W_{hq},\ b_q$ (output) | $(h, v),\ (v,)$ |
#
# Here input and output are letters of the same vocabulary (词表) of size $v$ = `vocab_size`, so $d = q = v$. Weights are
# drawn from a normal distribution with mean 0 and standard deviation 0.01, each on its own; biases are zero. All eleven
# are float32 **leaves** that require a gradient: tensors that you made, not results of a computation that autograd has
# watched.
#
# **By hand.** With $v = 28$ and $h = 32$ there are $3\,(28 \cdot 32 + 32 \cdot 32 + 32) + 32 \cdot 28 + 28 = 6780$
# numbers to learn.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Write a small function inside that makes one trio, and call it three times. Three calls make three different trios;
# one trio used three times would be one gate under three names.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# A weight is `0.01 * torch.randn(rows, columns, device=device)`, a bias `torch.zeros(h, device=device)`. Make the list
# first, then call `requires_grad_()` on each entry: only then is 0.01 no longer part of a graph.
# </details>
#
# <details><summary>Help: I see "is not a leaf"</summary>
#
# `0.01 * torch.randn(…, requires_grad=True)` is the *result* of a product; the leaf is the tensor without 0.01, which
# nobody holds any more. Multiply first, `requires_grad_()` afterwards.
# </details>


# %% nbgrader={"grade": false, "grade_id": "get_gru_params", "locked": false, "schema_version": 3, "solution": true, "task": false}
def get_gru_params(vocab_size, num_hiddens, device):
    """The eleven parameters of a GRU with an output layer.

    vocab_size: int, number of inputs and of outputs. num_hiddens: int. device: where the tensors live, e.g. "cpu".
    Returns: [W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q], float32 leaves that require a gradient;
    weights normal with standard deviation 0.01, biases zero. Shapes: see the table above.
    """
    ### BEGIN SOLUTION

    def trio():
        return [
            0.01 * torch.randn(vocab_size, num_hiddens, device=device),
            0.01 * torch.randn(num_hiddens, num_hiddens, device=device),
            torch.zeros(num_hiddens, device=device),
        ]

    output = [0.01 * torch.randn(num_hiddens, vocab_size, device=device), torch.zeros(vocab_size, device=device)]
    return [param.requires_grad_() for param in (*trio(), *trio(), *trio(), *output)]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_get_gru_params", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
def check_get_gru_params():
    params = get_gru_params(28, 32, "cpu")
    check_equal(len(params), 11, "the number of parameters of a GRU")
    shapes = [(28, 32), (32, 32), (32,)] * 3 + [(32, 28), (28,)]
    check_equal([tuple(p.shape) for p in params], shapes, "the shapes of the parameters")
    check_equal(sum(p.numel() for p in params), 6780, "the number of numbers to learn")
    for i, param in enumerate(params):
        check(param.requires_grad and param.is_leaf, f"parameter {i} is not a leaf that requires a gradient.")
    check(0.008 < params[0].std() < 0.012, f"W_xz has standard deviation {params[0].std():.4f}, expected about 0.01.")
    params = get_gru_params(5, 3, "cpu")
    check(not torch.equal(params[0], get_gru_params(5, 3, "cpu")[0]), "A second call gives the same numbers: does something keep them, or set a seed?")
    check_equal([tuple(p.shape) for p in params], [(5, 3), (3, 3), (3,)] * 3 + [(3, 5), (5,)], "the shapes for 5 letters and 3 hidden units")
    for i, param in enumerate(params):
        check_equal(str(param.dtype), "torch.float32", f"the dtype of parameter {i}")
        check(param.ndim == 2 or not param.detach().any(), f"parameter {i}, a bias, is not zero.")
        for j in range(i):
            same = param.data_ptr() == params[j].data_ptr() or (param.ndim == 2 and torch.equal(param, params[j]))
            check(not same, f"parameters {j} and {i} are the same tensor, or hold the same numbers.")


check_get_gru_params()

# %% [markdown]
# ### 1.2 `init_gru_state`
#
# *difficulty 1/5 · importance 2/5 · about 3 minutes · 3 points*
#
# Notes: 004 门控循环单元(GRU)
#
# Before the first letter there is nothing to remember: the state is zero, one row for each sequence of the batch. It
# comes as a tuple **with one entry**, because the state of an LSTM will have two, and what trains the one shall train
# the other.
#
# **By hand.** Two sequences and three hidden units: `(tensor([[0., 0., 0.], [0., 0., 0.]]),)`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# In Python `(H)` is just H. What makes a tuple of one is the comma.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `torch.zeros((rows, columns), device=device)`, with a comma behind it and brackets around both.
# </details>
#
# <details><summary>Help: I see "is a tensor, expected a tuple"</summary>
#
# The comma is missing: `return (H,)`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "init_gru_state", "locked": false, "schema_version": 3, "solution": true, "task": false}
def init_gru_state(batch_size, num_hiddens, device):
    """The state before the first step.

    batch_size, num_hiddens: int. device: where the tensor lives.
    Returns: a tuple with one entry, zeros of shape (batch_size, num_hiddens), float32.
    """
    ### BEGIN SOLUTION
    return (torch.zeros(batch_size, num_hiddens, device=device),)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_init_gru_state", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check_equal(init_gru_state(2, 3, "cpu"), (torch.zeros(2, 3),), "init_gru_state(2, 3, device)")
check_equal(init_gru_state(5, 4, "cpu"), (torch.zeros(5, 4),), "init_gru_state(5, 4, device)")
check(init_gru_state(2, 3, "cpu")[0] is not init_gru_state(2, 3, "cpu")[0], "Two calls give the same tensor; each should make a new one.")

# %% [markdown]
# ### 1.3 `gru`
#
# *difficulty 3/5 · importance 5/5 · about 30 minutes · 14 points*
#
# Notes: 004 门控循环单元(GRU)
#
# One step of the GRU, from the input $X_t$, $(n, d)$, and the old state $H_{t-1}$, $(n, h)$, to the new state $H_t$ and
# the output $O_t$:
#
# $$\begin{aligned}
# Z_t &= \sigma(X_t W_{xz} + H_{t-1} W_{hz} + b_z) \\
# R_t &= \sigma(X_t W_{xr} + H_{t-1} W_{hr} + b_r) \\
# \tilde H_t &= \tanh\big(X_t W_{xh} + (R_t \odot H_{t-1})\, W_{hh} + b_h\big) \\
# H_t &= Z_t \odot H_{t-1} + (1 - Z_t) \odot \tilde H_t \\
# O_t &= H_t W_{hq} + b_q
# \end{aligned}$$
#
# Where $Z$ is 1 the old state stays, untouched; where it is 0 the candidate (候选隐状态) $\tilde H$ takes its place. Where
# $R$ is 0 the candidate sees only the input.
#
# **Conventions of this course.** The reset gate acts on the state **before** the product with $W_{hh}$. `nn.GRU`
# multiplies first and resets afterwards, $R \odot (H W_{hh})$, because that is faster on a GPU. The two give different
# numbers, so do not take `nn.GRU` for the truth here. (The update gate is the same in both.) Return the outputs of
# **all** steps under one another, shape $(T \cdot n, q)$: first the $n$ rows of step 0, then those of step 1, and so
# on. And return the state after the last step, so that the caller can go on from there.
#
# **By hand.** One unit, $H = 1$, and gates with $Z = \tfrac34$ (its sum is $\ln 3$) and $R = \tfrac12$ (its sum is
# $0$). The input adds nothing to the candidate, and $W_{hh} = 2 \ln 2$:
# $\tilde H = \tanh(\tfrac12 \cdot 1 \cdot 2 \ln 2) = \tanh(\ln 2) = 0.6$. So the new state is
# $\tfrac34 \cdot 1 + \tfrac14 \cdot 0.6 = 0.9$. With $Z$ and $1 - Z$ in the wrong places it would be $0.7$.
#
# And two units, to see what "before" means: $H = (1, 1)$, $R = (1, 0)$, and a $W_{hh}$ that swaps the units. Here
# $(R \odot H) W_{hh} = (0, 1)$: unit 1 gets what unit 0 was allowed to show. The other way,
# $R \odot (H W_{hh}) = (1, 0)$.
#
# **From scratch:** `nn.GRU`, `nn.GRUCell` and their relatives are off limits here.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Unpack first: `W_xz, W_hz, b_z, … = params` and `(H,) = state`. Then it is one loop, `for X in inputs`, with the five
# lines of the formula in it. Both gates and the candidate use the *old* H.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)`, likewise `R`. Then
# `H_tilde = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)`, then `H = Z * H + (1 - Z) * H_tilde`. Collect
# `H @ W_hq + b_q` in a list and `torch.cat` it after the loop.
# </details>
#
# <details><summary>Help: I see "mat1 and mat2 shapes cannot be multiplied"</summary>
#
# Compare the order in which you unpack `params` with the table of 1.1. Or is the factor on the wrong side? Rows are
# samples, so the weights stand on the right: `X @ W`.
# </details>
#
# <details><summary>Help: I see a result of shape (T, n, q)</summary>
#
# `torch.stack` makes a new dimension. `torch.cat` puts the pieces of shape (n, q) under one another.
# </details>


# %% nbgrader={"grade": false, "grade_id": "gru", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gru(inputs, state, params):
    """A gated recurrent unit with an output layer, over a whole sequence.

    inputs: (T, n, d) float, T >= 1, left unchanged. state: (H,) with H (n, h), left unchanged.
    params: [W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q];
    W_x· (d, h), W_h· (h, h), b_· (h,), W_hq (h, q), b_q (q,).
    Returns: (outputs (T·n, q), (H,)), dtype and device of the inputs; row t·n + i belongs to step t of sequence i.
    """
    ### BEGIN SOLUTION
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    outputs = []
    for X in inputs:
        Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
        R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
        H_tilde = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
        H = Z * H + (1 - Z) * H_tilde
        outputs.append(H @ W_hq + b_q)
    return torch.cat(outputs), (H,)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_gru", "locked": true, "points": 14, "schema_version": 3, "solution": false, "task": false}
def check_gru():
    log2, log3 = 0.693147, 1.098612
    numbers = [0.0, 0.0, log3, 0.0, 0.0, 0.0, 0.0, 2 * log2, 0.0, 1.0, 0.0]
    params = [torch.full((1,) if i in (2, 5, 8, 10) else (1, 1), number) for i, number in enumerate(numbers)]
    outputs, state = gru(torch.zeros(1, 1, 1), (torch.ones(1, 1),), params)
    check_equal(outputs, torch.tensor([[0.9]]), "the output of the example with one unit")
    check_equal(state, (torch.tensor([[0.9]]),), "the new state of the example with one unit")

    swap, nothing = torch.tensor([[0.0, 1.0], [1.0, 0.0]]), [torch.zeros(1, 2), torch.zeros(2, 2)]
    candidate = [torch.zeros(1, 2), log2 * swap, torch.zeros(2)]
    shut, half_open = torch.tensor([-50.0, -50.0]), torch.tensor([50.0, -50.0])
    params = [*nothing, shut, *nothing, half_open, *candidate, torch.eye(2), torch.zeros(2)]
    outputs, state = gru(torch.zeros(1, 1, 1), (torch.ones(1, 2),), params)
    check_equal(outputs, torch.tensor([[0.0, 0.6]]), "with R = (1, 0) and Z = 0, the output of the example with two units")

    def some(place, *shape):  # numbers between -1 and 1 without a pattern
        return torch.sin(2.0 * torch.arange(torch.Size(shape).numel()) ** 2 + place).reshape(shape)

    shapes = [(3, 2), (2, 2), (2,)] * 3 + [(2, 3), (3,)]
    inputs, state, params = some(30, 3, 2, 3), (some(20, 2, 2),), [some(i, *shape) for i, shape in enumerate(shapes)]
    outputs, after = gru(inputs, state, params)
    first = torch.tensor([[-0.988636, -1.317041, -2.180079], [-0.809062, -0.868346, -1.425840]])
    check_equal(tuple(outputs.shape), (6, 3), "the shape of the outputs of 3 steps of 2 sequences")
    check_equal(outputs[[0, 3]], first, "the outputs at step 0 of sequence 0 and at step 1 of sequence 1")
    check_equal(after, (torch.tensor([[0.871779, -0.760238], [0.490497, -0.315287]]),), "the state after 3 steps of 2 sequences")
    check_promises(gru, inputs, state, params)
    inputs, params = inputs.requires_grad_(), [param.requires_grad_() for param in params]
    slopes = torch.autograd.grad(gru(inputs, state, params)[1][0].sum(), [inputs, *params[:-2]], allow_unused=True)
    check(all(slope is not None for slope in slopes), "no gradient flows back from the new state to one of the parameters.")
    check(bool(slopes[0].flatten(1).any(dim=1).all()), "no gradient flows back from the new state to the inputs of the first steps.")


check_gru()

# %% [markdown]
# **How long does it remember?** Set the update gate by hand, through its bias alone, give it a state of 1, and then
# nothing more to read. The curves are $Z^t$: with $b_z = 0$ half is gone at every step, with $b_z = 6$ three quarters
# are still there after 120. A plain recurrent network has no such knob. A GRU *learns* where to set it, for every unit and for
# every letter it reads.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_memory", "locked": true, "schema_version": 3, "solution": false, "task": false}
# curves = {}
# for bias in (0.0, 2.0, 4.0, 6.0):
#     params = [torch.zeros(1) if i in (2, 5, 8, 10) else torch.zeros(1, 1) for i in range(11)]
#     params[2], params[9] = torch.tensor([bias]), torch.ones(1, 1)
#     outputs, _ = gru(torch.zeros(120, 1, 1), (torch.ones(1, 1),), params)
#     curves[f"b_z = {bias:.0f}, Z = {torch.sigmoid(torch.tensor(bias)):.3f}"] = outputs.flatten().tolist()
# plot_curves(curves, "steps after the last input", "what is left of the state", "The update gate holds a memory")

# %% [markdown]
# ## 2 · Long short-term memory
#
# The LSTM (长短期记忆网络) is seventeen years older than the GRU and has one part more: a *memory cell* (记忆元) $C$ beside
# the hidden state.
# Three gates guard it. The *input gate* (输入门) $I$ says how much is written, the *forget gate* (遗忘门) $F$ how much of the
# old content is **kept** (its name says the opposite), the *output gate* (输出门) $O$ how much of the content is shown.
#
# ### 2.1 `get_lstm_params`
#
# *difficulty 1/5 · importance 2/5 · about 5 minutes · 4 points*
#
# Notes: 004 长短期记忆网络(LSTM)
#
# Four trios now and the output layer, fourteen tensors. The order is again fixed: **input, forget, output, candidate**.
#
# | place | names | shapes |
# |---|---|---|
# | 0, 1, 2 | $W_{xi},\ W_{hi},\ b_i$ (input gate) | $(v, h),\ (h, h),\ (h,)$ |
# | 3, 4, 5 | $W_{xf},\ W_{hf},\ b_f$ (forget gate) | $(v, h),\ (h, h),\ (h,)$ |
# | 6, 7, 8 | $W_{xo},\ W_{ho},\ b_o$ (output gate) | $(v, h),\ (h, h),\ (h,)$ |
# | 9, 10, 11 | $W_{xc},\ W_{hc},\ b_c$ (candidate) | $(v, h),\ (h, h),\ (h,)$ |
# | 12, 13 | $W_{hq},\ b_q$ (output layer) | $(h, v),\ (v,)$ |
#
# Weights normal with standard deviation 0.01, biases zero, all float32 leaves that require a gradient, as in 1.1.
#
# **By hand.** With $v = 28$ and $h = 32$: $4\,(28 \cdot 32 + 32 \cdot 32 + 32) + 32 \cdot 28 + 28 = 8732$ numbers.
#
# <details><summary>Hint 1: a nudge</summary>
#
# You have written this once already. What changes is one number.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Copy your 1.1 with a fourth trio before the output layer. (Calling `get_gru_params` for three quarters of it works as
# well. Should that have a slip, the grader lends a right one here.)
# </details>
#
# <details><summary>Help: I see "parameters 0 and 3 are the same tensor, or hold the same numbers"</summary>
#
# `[W, H, b] * 4` is a list of four times the *same* three tensors. Make each trio with a call of its own.
# </details>


# %% nbgrader={"grade": false, "grade_id": "get_lstm_params", "locked": false, "schema_version": 3, "solution": true, "task": false}
def get_lstm_params(vocab_size, num_hiddens, device):
    """The fourteen parameters of an LSTM with an output layer.

    vocab_size: int, number of inputs and of outputs. num_hiddens: int. device: where the tensors live, e.g. "cpu".
    Returns: [W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, W_hq, b_q], float32 leaves that require a
    gradient; weights normal with standard deviation 0.01, biases zero. Shapes: see the table above.
    """
    ### BEGIN SOLUTION

    def trio():
        return [
            0.01 * torch.randn(vocab_size, num_hiddens, device=device),
            0.01 * torch.randn(num_hiddens, num_hiddens, device=device),
            torch.zeros(num_hiddens, device=device),
        ]

    output = [0.01 * torch.randn(num_hiddens, vocab_size, device=device), torch.zeros(vocab_size, device=device)]
    return [param.requires_grad_() for param in (*trio(), *trio(), *trio(), *trio(), *output)]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_get_lstm_params", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
def check_get_lstm_params():
    params = get_lstm_params(28, 32, "cpu")
    check_equal(len(params), 14, "the number of parameters of an LSTM")
    shapes = [(28, 32), (32, 32), (32,)] * 4 + [(32, 28), (28,)]
    check_equal([tuple(p.shape) for p in params], shapes, "the shapes of the parameters")
    check_equal(sum(p.numel() for p in params), 8732, "the number of numbers to learn")
    for i, param in enumerate(params):
        check(param.requires_grad and param.is_leaf, f"parameter {i} is not a leaf that requires a gradient.")
    check(0.008 < params[9].std() < 0.012, f"W_xc has standard deviation {params[9].std():.4f}, expected about 0.01.")
    params = get_lstm_params(5, 3, "cpu")
    check(not torch.equal(params[0], get_lstm_params(5, 3, "cpu")[0]), "A second call gives the same numbers: does something keep them, or set a seed?")
    check_equal([tuple(p.shape) for p in params], [(5, 3), (3, 3), (3,)] * 4 + [(3, 5), (5,)], "the shapes for 5 letters and 3 hidden units")
    for i, param in enumerate(params):
        check_equal(str(param.dtype), "torch.float32", f"the dtype of parameter {i}")
        check(param.ndim == 2 or not param.detach().any(), f"parameter {i}, a bias, is not zero.")
        for j in range(i):
            same = param.data_ptr() == params[j].data_ptr() or (param.ndim == 2 and torch.equal(param, params[j]))
            check(not same, f"parameters {j} and {i} are the same tensor, or hold the same numbers.")


check_get_lstm_params()

# %% [markdown]
# ### 2.2 `lstm`
#
# *difficulty 3/5 · importance 5/5 · about 25 minutes · 13 points*
#
# Notes: 004 长短期记忆网络(LSTM)
#
# $$\begin{aligned}
# I_t &= \sigma(X_t W_{xi} + H_{t-1} W_{hi} + b_i) \qquad
# F_t = \sigma(X_t W_{xf} + H_{t-1} W_{hf} + b_f) \qquad
# O_t = \sigma(X_t W_{xo} + H_{t-1} W_{ho} + b_o) \\
# \tilde C_t &= \tanh(X_t W_{xc} + H_{t-1} W_{hc} + b_c) \\
# C_t &= F_t \odot C_{t-1} + I_t \odot \tilde C_t \\
# H_t &= O_t \odot \tanh(C_t) \\
# Y_t &= H_t W_{hq} + b_q
# \end{aligned}$$
#
# Three sigmoids, and two times $\tanh$: one for what is written, one for what is shown. The cell itself is squeezed by
# nothing; it may grow beyond 1, and a gradient runs through the line of $C$ with no weight matrix in its way, only $F$.
#
# **Conventions of this course.** The state is the pair `(H, C)`, in this order. Outputs as in 1.3: all steps under one
# another, $(T \cdot n, q)$. Here the formulas are those of `nn.LSTM` exactly.
#
# **By hand.** One unit, $C = 0.4$, $I = \tfrac12$, $F = \tfrac34$, $O = \tfrac12$, and the candidate's sum is $\ln 2$,
# so $\tilde C = 0.6$. The cell becomes $\tfrac34 \cdot 0.4 + \tfrac12 \cdot 0.6 = 0.6$, the hidden state
# $\tfrac12 \tanh(0.6) = 0.2685$.
#
# **From scratch:** `nn.LSTM`, `nn.LSTMCell` and their relatives are off limits here.
#
# <details><summary>Hint 1: a nudge</summary>
#
# The same loop as in 1.3, with `H, C = state` before it. All four sums use the *old* H; the hidden state uses the *new*
# C.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# With `I`, `F`, `O` by `torch.sigmoid` and `C_tilde` by `torch.tanh`: `C = F * C + I * C_tilde`, then
# `H = O * torch.tanh(C)`. After the loop `return torch.cat(outputs), (H, C)`.
# </details>
#
# <details><summary>Help: I see hidden states larger than 1</summary>
#
# A gate times $\tanh$ stays below 1. The $\tanh$ around $C$ is missing.
# </details>
#
# <details><summary>Help: I see right shapes and wrong numbers</summary>
#
# Unpack in the order of the table in 2.1: input, forget, output, candidate. Nearly all shapes are the same, so a wrong
# order raises no error.
# </details>


# %% nbgrader={"grade": false, "grade_id": "lstm", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lstm(inputs, state, params):
    """Long short-term memory with an output layer, over a whole sequence.

    inputs: (T, n, d) float, T >= 1, left unchanged. state: (H, C), each (n, h), left unchanged.
    params: [W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, W_hq, b_q];
    W_x· (d, h), W_h· (h, h), b_· (h,), W_hq (h, q), b_q (q,).
    Returns: (outputs (T·n, q), (H, C)), dtype and device of the inputs; row t·n + i belongs to step t of sequence i.
    """
    ### BEGIN SOLUTION
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, W_hq, b_q = params
    H, C = state
    outputs = []
    for X in inputs:
        I_t = torch.sigmoid(X @ W_xi + H @ W_hi + b_i)
        F_t = torch.sigmoid(X @ W_xf + H @ W_hf + b_f)
        O_t = torch.sigmoid(X @ W_xo + H @ W_ho + b_o)
        C_tilde = torch.tanh(X @ W_xc + H @ W_hc + b_c)
        C = F_t * C + I_t * C_tilde
        H = O_t * torch.tanh(C)
        outputs.append(H @ W_hq + b_q)
    return torch.cat(outputs), (H, C)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_lstm", "locked": true, "points": 13, "schema_version": 3, "solution": false, "task": false}
def check_lstm():
    log2, log3 = 0.693147, 1.098612
    numbers = [0.0, 0.0, 0.0, 0.0, 0.0, log3, 0.0, 0.0, 0.0, 0.0, 0.0, log2, 1.0, 0.0]
    params = [torch.full((1,) if i in (2, 5, 8, 11, 13) else (1, 1), number) for i, number in enumerate(numbers)]
    outputs, state = lstm(torch.zeros(1, 1, 1), (torch.zeros(1, 1), torch.full((1, 1), 0.4)), params)
    check_equal(state, (torch.tensor([[0.268525]]), torch.tensor([[0.6]])), "the new state (H, C) of the example")
    check_equal(outputs, torch.tensor([[0.268525]]), "the output of the example")

    def some(place, *shape):  # numbers between -1 and 1 without a pattern
        return torch.sin(2.0 * torch.arange(torch.Size(shape).numel()) ** 2 + place).reshape(shape)

    shapes = [(3, 2), (2, 2), (2,)] * 4 + [(2, 3), (3,)]
    inputs, state, params = some(30, 3, 2, 3), (some(20, 2, 2), 2 * some(21, 2, 2)), [some(i, *shape) for i, shape in enumerate(shapes)]
    outputs, after = lstm(inputs, state, params)
    first = torch.tensor([[0.864489, 0.055464, 0.382766], [0.451766, 0.244965, 0.317987]])
    check_equal(tuple(outputs.shape), (6, 3), "the shape of the outputs of 3 steps of 2 sequences")
    check_equal(outputs[[0, 3]], first, "the outputs at step 0 of sequence 0 and at step 1 of sequence 1")
    check_equal(
        after,
        (torch.tensor([[-0.349044, -0.070288], [-0.543076, 0.241920]]), torch.tensor([[-0.615786, -0.380874], [-0.832655, 0.769225]])),
        "the state after 3 steps of 2 sequences",
    )
    check_promises(lstm, inputs, state, params)
    inputs, params = inputs.requires_grad_(), [param.requires_grad_() for param in params]
    slopes = torch.autograd.grad(lstm(inputs, state, params)[1][0].sum(), [inputs, *params[:-2]], allow_unused=True)
    check(all(slope is not None for slope in slopes), "no gradient flows back from the new state to one of the parameters.")
    check(bool(slopes[0].flatten(1).any(dim=1).all()), "no gradient flows back from the new state to the inputs of the first steps.")


check_lstm()

# %% [markdown]
# **How far back does a gradient reach?** Sixty steps of random input; then we ask how much the last hidden state
# depends on the input of each earlier step, for a plain recurrent network and for yours, all with weights of the same
# size. The two gated networks start with gates that hold ($b_z = b_f = 3$). The axis is logarithmic: 5 units down is a
# factor of a hundred thousand.
#
# Of the plain network's gradient less than a hundred-thousandth is left after twenty steps. The LSTM's even grows a little again, far back. Its forget gate
# alone, about 0.95, would take 5 % away at every step. But the content of the cell also comes back to it on a detour,
# through the hidden state into candidate and gates, and with these weights the two ways together have a factor just
# above 1. Gates hold a gradient; they do not promise that it never grows. For that there is the safety belt of 5.2.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_gradient", "locked": true, "schema_version": 3, "solution": false, "task": false}
# def demo_gradient():
#     torch.manual_seed(3)
#     T, n, d, h = 60, 16, 4, 16
#     state = torch.zeros(n, h)
#
#     def trio(bias=0.0):
#         return [0.15 * torch.randn(d, h), 0.15 * torch.randn(h, h), torch.full((h,), bias)]
#
#     def plain(inputs, state, params):
#         (H,), (W_xh, W_hh, b_h) = state, params
#         for X in inputs:
#             H = torch.tanh(X @ W_xh + H @ W_hh + b_h)
#         return None, (H,)
#
#     output = [torch.eye(h), torch.zeros(h)]
#     curves = {}
#     for name, rnn, start, params in (
#         ("plain", plain, (state,), trio()),
#         ("GRU", gru, (state,), trio(3.0) + trio() + trio() + output),
#         ("LSTM", lstm, (state, state), trio() + trio(3.0) + trio() + trio() + output),
#     ):
#         inputs = torch.randn(T, n, d, requires_grad=True)
#         H = rnn(inputs, start, params)[1][0]
#         H.backward(torch.randn(n, h))
#         curves[name] = inputs.grad.norm(dim=(1, 2)).log10().flip(0).tolist()
#     plot_curves(curves, "steps back", "log10 of the gradient's norm", "How far back a gradient reaches", x=range(T))
#
#
# demo_gradient()

# %% [markdown]
# ### 2.3 `lstm_from_torch`
#
# *difficulty 3/5 · importance 3/5 · about 20 minutes · 8 points*
#
# Notes: 004 长短期记忆网络(LSTM)
#
# If the formulas are the same, then the weights of any `nn.LSTM` must fit into your function. Take them out of a layer
# `nn.LSTM(d, h)` and return them in the order of 2.1, **without** the output layer, which an `nn.LSTM` does not have:
# twelve tensors. The layer itself stays as it is. (Views of its weights are fine, with or without a graph: only numbers,
# shapes and dtype count.) PyTorch packs things differently:
#
# * the four gates stand under one another in one matrix, in the order **input, forget, candidate, output** (PyTorch
#   calls the candidate $g$: i, f, g, o);
# * each matrix is the transpose of ours, since PyTorch computes $X W^\top$: `weight_ih_l0` is $(4h, d)$, `weight_hh_l0`
#   is $(4h, h)$;
# * there are two biases, `bias_ih_l0` and `bias_hh_l0`, each $(4h,)$. Both are added to the same sum, so ours is their
#   sum.
#
# **By hand.** For $h = 1$ and `weight_ih_l0` $= (1, 2, 3, 4)^\top$: $W_{xi} = 1$, $W_{xf} = 2$, $W_{xo} = 4$,
# $W_{xc} = 3$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `chunk(4)` cuts a tensor into four equal pieces. Which piece is ours at which place?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Transpose, then `W_x = layer.weight_ih_l0.T.chunk(4, dim=1)`, likewise `W_h` and, without a transpose, `b`. Then
# collect `W_x[k], W_h[k], b[k]` for `k` in the order `0, 1, 3, 2`.
# </details>
#
# <details><summary>Help: I see numbers that are close to those of nn.LSTM, but not equal</summary>
#
# One of the two biases is forgotten, or output gate and candidate have changed places.
# </details>


# %% nbgrader={"grade": false, "grade_id": "lstm_from_torch", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lstm_from_torch(layer):
    """The weights of an nn.LSTM in the order and orientation of `lstm`.

    layer: nn.LSTM(d, h), one layer, one direction, with biases; left unchanged.
    Returns: [W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c];
    W_x· (d, h), W_h· (h, h), b_· (h,), dtype of the layer.
    """
    ### BEGIN SOLUTION
    W_x = layer.weight_ih_l0.detach().T.chunk(4, dim=1)
    W_h = layer.weight_hh_l0.detach().T.chunk(4, dim=1)
    b = (layer.bias_ih_l0 + layer.bias_hh_l0).detach().chunk(4)
    i, f, c, o = range(4)
    return [part[gate] for gate in (i, f, o, c) for part in (W_x, W_h, b)]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_lstm_from_torch", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
def check_lstm_from_torch():
    layer = torch.nn.LSTM(1, 1)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.tensor([[1.0], [2.0], [3.0], [4.0]]))
        layer.weight_hh_l0.copy_(torch.tensor([[5.0], [6.0], [7.0], [8.0]]))
        layer.bias_ih_l0.copy_(torch.tensor([0.1, 0.2, 0.3, 0.4]))
        layer.bias_hh_l0.copy_(torch.tensor([10.0, 20.0, 30.0, 40.0]))
    params = lstm_from_torch(layer)
    check_equal(len(params), 12, "the number of tensors (no output layer)")
    check_equal([p.item() for p in params[0::3]], [1.0, 2.0, 4.0, 3.0], "W_xi, W_xf, W_xo, W_xc of the example")
    check_equal([p.item() for p in params[2::3]], [10.1, 20.2, 40.4, 30.3], "b_i, b_f, b_o, b_c of the example")
    layer = torch.nn.LSTM(3, 2).double()
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.arange(24).reshape(8, 3))
        layer.weight_hh_l0.copy_(torch.arange(16).reshape(8, 2))
    before = [p.detach().clone() for p in layer.parameters()]
    params = lstm_from_torch(layer)
    check_equal([tuple(p.shape) for p in params], [(3, 2), (2, 2), (2,)] * 4, "the shapes for nn.LSTM(3, 2)")
    W_xc, W_ho = torch.tensor([[12.0, 15.0], [13.0, 16.0], [14.0, 17.0]]).double(), torch.tensor([[12.0, 14.0], [13.0, 15.0]]).double()
    check_equal(params[9], W_xc, "W_xc for nn.LSTM(3, 2).double() whose weight_ih_l0 holds 0 to 23, row by row")
    check_equal(params[7], W_ho, "W_ho for nn.LSTM(3, 2).double() whose weight_hh_l0 holds 0 to 15, row by row")
    check_equal(str(params[2].dtype), "torch.float64", "the dtype of b_i for nn.LSTM(3, 2).double()")
    check(all(torch.equal(a, b) for a, b in zip(before, layer.parameters())), "lstm_from_torch changed the layer; it should be left as it was.")


check_lstm_from_torch()

# %% [markdown]
# Why is there no `gru_from_torch`? That is the second question below.
#
# ### 2.4 Two questions on paper
#
# Extra credit, marked by hand. Formulas in LaTeX, plain text or a photograph of your paper: all are welcome.
#
# **Question 1 (up to 5 points): what the gates forget.** Take one step of the GRU of 1.3. (a) All entries of $R$ and of
# $Z$ are 0. On what does $H_t$ depend, and which network that you know computes it? (b) All entries of $R$ are 0, but
# all of $Z$ are 1. Is the past forgotten? Say in one sentence what the reset gate hides and what it cannot erase. (c)
# Follow only the path $Z \odot H_{t-1}$ and let $Z = z$ be the same at every step: how much of a unit's state, and of
# the gradient along this path, is left after $k$ steps? For which $z$ is half left after 100 steps?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_gates", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) With $R = 0$ the candidate is $\tanh(X_t W_{xh} + b_h)$, and with $Z = 0$ it is the new state.
# $H_t$ depends on the input of this step alone: one hidden layer of a multilayer perceptron with activation $\tanh$.
# Everything before is gone.
#
# (b) No. With $Z = 1$ we have $H_t = H_{t-1}$, whatever the candidate is: all is kept. The reset gate hides the old
# state from the *candidate*; it erases nothing by itself. A unit is overwritten only as far as its update gate lets the
# candidate in, by $1 - Z$.
#
# (c) Each step multiplies by $z$, so $z^k$ of the state is left, and the derivative along this path,
# $\partial H_t / \partial H_{t-k}$, is $z^k$ as well (per unit, no weight matrix takes part). $z^{100} = \tfrac12$
# gives $z = 2^{-1/100} \approx 0.9931$.
#
# **Marking scheme.** 1 point: (a) only the current input, with the formula or in words. 1 point: named as a perceptron
# layer (or: as a network without memory). 1 point: (b) nothing is forgotten, $H_t = H_{t-1}$. 1 point: the reset gate
# acts on the candidate only, erasing is done by $1 - Z$. 1 point: (c) $z^k$ and $z \approx 0.993$ ($2^{-1/100}$
# suffices).
# ### END SOLUTION

# %% [markdown]
# **Question 2 (up to 5 points): why there is no `gru_from_torch`.** `nn.GRU` computes its candidate as
# $\tanh\big(X W_{xh} + b_{xh} + R \odot (H W_{hh} + b_{hh})\big)$. (a) Write down the sum for *one* unit $j$ in both
# versions. Which reset gates does unit $j$ see in each? (b) Use this to explain why, in general, no choice of weights
# makes the two versions equal for all inputs; a small example with $h = 2$ helps. (c) Name two special cases in which
# they agree. (d) Why does nothing of the kind stand in the way of `lstm_from_torch`?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_no_map", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) Write $w_{ij}$ for the entries of $W_{hh}$ and leave out the input's part, which is the same.
# The part that comes from the state is
#
# $$\text{here: } \sum_i r_i\, h_i\, w_{ij} + b_j \qquad\qquad \text{nn.GRU: } r_j \Big( \sum_i h_i\, w_{ij} + b_{hh,j} \Big) + b_{xh,j} .$$
#
# Here unit $j$ sees the gates $r_i$ of all units $i$ that it reads; in `nn.GRU` it sees one gate, its own $r_j$.
#
# (b) Let $h = 2$, and let the input move $r_0$ while $r_1$ and the input's share of unit 1 stay as they are. Here the
# candidate of unit 1 changes, by $\Delta r_0\, h_0\, w_{01}$; in `nn.GRU` it does not, whatever the weights. So the two
# are equal for all inputs only if $w_{01} = 0$, and likewise for every other pair. An example in numbers: $H = (1, 1)$,
# $R = (1, 0)$, $W_{hh}$ swaps the units; one gives $(0, 1)$, the other $(1, 0)$.
#
# (c) (Two of these, with $b_{hh} = 0$ where $R \ne 1$.) Only one hidden unit; $W_{hh}$ diagonal; all reset gates equal
# to one another at every step; all reset gates 1 (then $b_{hh}$ may be anything, since it is simply added).
#
# (d) In the LSTM no gate stands inside a sum: gates multiply whole results, entry by entry. So the sums differ only in
# the order of the gates, a transpose, and two biases that are added to one another.
#
# **Marking scheme.** 1 point: both sums for one unit. 1 point: all gates against its own gate. 1 point: (b) the
# argument or an example whose numbers differ. 1 point: (c) two cases. 1 point: (d) no gate inside a sum, only order,
# transpose and biases.
# ### END SOLUTION

# %% [markdown]
# ## 3 · Higher and backward
#
# In this section the output layer is not part of the network. A **cell** is any function `cell(inputs, state)` that
# takes $(T, n, d)$ and returns `(outputs, new_state)` with outputs of shape $(T, n, h)$: the hidden states of all
# steps. An `nn.GRU` or `nn.LSTM` layer is such a cell.
#
# ### 3.1 `deep_rnn`
#
# *difficulty 2/5 · importance 3/5 · about 10 minutes · 6 points*
#
# Notes: 004 深度RNN
#
# A deep recurrent network (深度循环神经网络) stacks cells: what comes out of layer $l - 1$, all steps of it, goes into layer
# $l$. Each layer has a state of its own.
#
# $$H^{(0)} = \text{inputs}, \qquad \big(H^{(l)},\ s'_l\big) = \mathrm{cell}_l\big(H^{(l-1)},\ s_l\big), \qquad l = 1, \dots, L$$
#
# Return the outputs of the last layer and the list of all new states, first layer first. The two lists that you are
# given stay as they are: make a new list.
#
# **By hand.** Two cells that add up what they read, starting from their state. Inputs $1, 1, 1$; states $0$ and $10$.
# Layer 1 gives $1, 2, 3$ and ends with state $3$. Layer 2 reads these and gives $11, 13, 16$, state $16$. The answer is
# $11, 13, 16$ and $[3, 16]$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# A loop over pairs: cell 1 with state 1, cell 2 with state 2. One variable holds what the next layer reads.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `for cell, state in zip(cells, states):` and inside `outputs, state = cell(outputs, state)`, where `outputs` starts as
# `inputs`; then append `state` to a new list.
# </details>
#
# <details><summary>Help: I see a shape error in the second layer</summary>
#
# The second layer must read what the first one returned, of width h, not the inputs of width d.
# </details>


# %% nbgrader={"grade": false, "grade_id": "deep_rnn", "locked": false, "schema_version": 3, "solution": true, "task": false}
def deep_rnn(cells, inputs, states):
    """A stack of recurrent cells.

    cells: list of L functions (inputs (T, n, ·), state) -> (outputs (T, n, ·), new state). inputs: (T, n, d).
    states: list of L states, one a layer, of any kind; the list is left unchanged.
    Returns: (outputs of the last layer (T, n, h), list of the L new states).
    """
    ### BEGIN SOLUTION
    outputs, new_states = inputs, []
    for cell, state in zip(cells, states):
        outputs, state = cell(outputs, state)
        new_states.append(state)
    return outputs, new_states
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_deep_rnn", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
def check_deep_rnn():
    def running_sum(inputs, state):
        outputs = inputs.cumsum(dim=0) + (0.0 if state is None else state)
        return outputs, outputs[-1]

    starts = [torch.tensor([[0.0]]), torch.tensor([[10.0]])]
    outputs, states = deep_rnn([running_sum, running_sum], torch.ones(3, 1, 1), starts)
    check_equal(outputs.flatten(), torch.tensor([11.0, 13.0, 16.0]), "the outputs of the example")
    check_equal(states, [torch.tensor([[3.0]]), torch.tensor([[16.0]])], "the new states of the example")

    def twice(inputs, state):
        return 2 * inputs, state + inputs.sum(dim=0)

    starts = [torch.tensor([[0.0]]), torch.tensor([[4.0]]), torch.tensor([[-5.0]])]
    before, inputs = list(starts), torch.tensor([1.0, -2.0, 4.0]).reshape(3, 1, 1).requires_grad_()
    outputs, states = deep_rnn([running_sum, twice, running_sum], inputs, starts)
    check_equal(outputs.flatten(), torch.tensor([-3.0, -5.0, 1.0]), "the outputs of a sum, a doubling and a sum over 1, -2, 4")
    check_equal(states, [torch.tensor([[3.0]]), torch.tensor([[7.0]]), torch.tensor([[1.0]])], "the new states of a sum, a doubling and a sum")
    check(len(starts) == 3 and all(a is b for a, b in zip(before, starts)), "deep_rnn changed the list of states that it was given.")
    check(outputs.requires_grad, "no gradient flows back from the outputs: were they detached?")


check_deep_rnn()

# %% [markdown]
# ### 3.2 `bidirectional`
#
# *difficulty 2/5 · importance 3/5 · about 10 minutes · 6 points*
#
# Notes: 004 双向循环神经网络
#
# To fill the gap in "the ___ is slow", what follows helps as much as what came before. A bidirectional network
# (双向循环神经网络) has two cells, one that reads from left to right and one that reads from right to left, and gives at each
# step what both know *about that step*, side by side:
#
# $$\text{outputs}_t = \big[\,\overrightarrow{H}_t,\ \overleftarrow{H}_t\,\big], \qquad (T, n, h_f + h_b)$$
#
# $\overleftarrow{H}_t$ has read steps $T-1, T-2, \dots, t$. The backward cell is an ordinary cell that walks forward,
# so you turn the sequence round for it, **and turn what it returns round again**. Both cells start from the state
# `None`, which a cell takes as "nothing remembered" (`nn.LSTM` does so too). Return the outputs only.
#
# **By hand.** Both cells add up what they read; inputs $1, 2, 3$. Forward: $1, 3, 6$. Backward, reading $3, 2, 1$:
# $3, 5, 6$, turned round $6, 5, 3$. So the rows are $(1, 6), (3, 5), (6, 3)$: each row adds up to the whole, plus its
# own input, which both have read.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Time is dimension 0. `X.flip(0)` turns it round.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `backward(inputs.flip(0), None)` returns outputs and a state; flip the outputs with `flip(0)`, then `torch.cat` both
# on the last dimension.
# </details>
#
# <details><summary>Help: I see the right first half and a wrong second half</summary>
#
# Look at the example: is your second column $3, 5, 6$? Then it was not turned back. Is it $1, 3, 6$? Then the backward
# cell has read forward.
# </details>


# %% nbgrader={"grade": false, "grade_id": "bidirectional", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bidirectional(forward, backward, inputs):
    """Two cells over the same sequence, one from each end.

    forward, backward: functions (inputs (T, n, d), state or None) -> (outputs (T, n, ·), new state).
    inputs: (T, n, d), left unchanged.
    Returns: (T, n, h_f + h_b), at each step the forward outputs, then the backward outputs of the same step.
    """
    ### BEGIN SOLUTION
    from_left, _ = forward(inputs, None)
    from_right, _ = backward(inputs.flip(0), None)
    return torch.cat([from_left, from_right.flip(0)], dim=-1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_bidirectional", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
def check_bidirectional():
    def running_sum(inputs, state=None):
        outputs = inputs.cumsum(dim=0) + (0.0 if state is None else state)
        return outputs, outputs[-1]

    outputs = bidirectional(running_sum, running_sum, torch.tensor([1.0, 2.0, 3.0]).reshape(3, 1, 1))
    check_equal(outputs, torch.tensor([[[1.0, 6.0]], [[3.0, 5.0]], [[6.0, 3.0]]]), "the outputs of the example")

    def twice(inputs, state=None):
        outputs = 2 * inputs.cumsum(dim=0) + (0.0 if state is None else state)
        return outputs, outputs[-1]

    inputs = torch.tensor([[1.0, -2.0], [4.0, 0.5]]).reshape(2, 2, 1).requires_grad_()
    outputs = bidirectional(running_sum, twice, inputs)
    right = torch.tensor([[[1.0, 10.0], [-2.0, -3.0]], [[5.0, 8.0], [-1.5, 1.0]]])
    check_equal(outputs, right, "the outputs for two steps of two sequences, with a backward cell that doubles its sums,")
    check(outputs.requires_grad, "no gradient flows back from the outputs to the inputs: were they detached?")
    for i, half in enumerate(("forward", "backward")):
        (slope,) = torch.autograd.grad(outputs[..., i].sum(), inputs, retain_graph=True, allow_unused=True)
        check(slope is not None and slope.any(), f"no gradient flows back from the {half} half of the outputs to the inputs.")


check_bidirectional()

# %% [markdown]
# ## 4 · The exact ancestor: hidden Markov models
#
# Long before networks there was a model with a hidden state and two directions that can be computed *exactly*. In a
# hidden Markov model (隐马尔可夫模型) a hidden state $h_t \in \{0, \dots, k-1\}$ wanders from step to step, and at every step
# we see a symbol $x_t$ that depends on it:
#
# | | shape | meaning |
# |---|---|---|
# | `pi` | $(k,)$ | $\pi_i = P(h_1 = i)$ |
# | `A` | $(k, k)$ | $A_{ij} = P(h_{t+1} = j \mid h_t = i)$: from row to column |
# | `B` | $(k, m)$ | $B_{io} = P(x_t = o \mid h_t = i)$ |
# | `obs` | $(T,)$ int64 | the symbols seen, from $0$ to $m - 1$ |
#
# ### 4.1 `hmm_likelihood`
#
# *difficulty 4/5 · importance 3/5 · about 25 minutes · 9 points*
#
# Notes: 004 双向循环神经网络
#
# How likely is a sequence of symbols? One would have to add up over all $k^T$ paths that the hidden state can take: for
# $k = 2$ and $T = 500$ more than there are atoms. Dynamic programming (动态规划) does it in $T$ steps of $k^2$ products.
# Let $\alpha_t(j) = P(x_1, \dots, x_t,\ h_t = j)$. Then the forward recursion (前向递归) is
#
# $$\alpha_1(j) = \pi_j B_{j x_1}, \qquad \alpha_{t+1}(j) = \Big(\sum_i \alpha_t(i)\, A_{ij}\Big) B_{j x_{t+1}}, \qquad
# P(x_1, \dots, x_T) = \sum_j \alpha_T(j) .$$
#
# (Texts differ in where they put the factor $B$: some write $\pi_t(j)$ for what $\alpha_t(j)$ is before it has been
# multiplied by $B_{j x_t}$. The sum is the same.) Each step makes the numbers smaller; after a few hundred steps they
# underflow (下溢) to 0. So **work with logarithms** from the start: products become sums, and sums become
# `torch.logsumexp`. (Dividing each $\alpha_t$ by its sum and adding up the logarithms of the sums is the other well-known
# way; it is fine too, if zeros survive it. What fails is one logarithm at the end.)
#
# $$\log \alpha_{t+1}(j) = \mathop{\mathrm{logsumexp}}_i \big(\log \alpha_t(i) + \log A_{ij}\big) + \log B_{j x_{t+1}}$$
#
# **Conventions of this course.** You get plain probabilities and return the logarithm of $P(x_1, \dots, x_T)$, one
# number (a tensor of shape `()` or a float). Probabilities may be 0; their logarithm $-\infty$ is a good number here,
# and a sequence that cannot happen gives $-\infty$, not NaN.
#
# **By hand.** $\pi = (\tfrac12, \tfrac12)$, $A = \begin{pmatrix} 1/4 & 3/4 \\ 1/2 & 1/2 \end{pmatrix}$,
# $B = \begin{pmatrix} 1/2 & 1/2 \\ 1/4 & 3/4 \end{pmatrix}$, seen: $0, 1$. $\alpha_1 = (\tfrac14, \tfrac18)$. Then
# $\alpha_1 A = (\tfrac18, \tfrac14)$, times $(\tfrac12, \tfrac34)$ is $\alpha_2 = (\tfrac1{16}, \tfrac3{16})$. So
# $P = \tfrac14$ and the answer is $\ln \tfrac14 = -1.3863$. (With $A$ the wrong way round, from column to row, it would
# be $\ln \tfrac7{32} = -1.5198$.)
#
# <details><summary>Hint 1: a nudge</summary>
#
# `log_alpha[:, None] + A.log()` is a $(k, k)$ matrix whose entry $(i, j)$ is the step from $i$ to $j$. Over which
# dimension must you sum to get one number for each *new* state?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Start with `log_alpha = pi.log() + B[:, obs[0]].log()`. For each further symbol `x`:
# `log_alpha = torch.logsumexp(log_alpha[:, None] + A.log(), dim=0) + B[:, x].log()`. At the end one more `logsumexp`.
# </details>
#
# <details><summary>Help: I see -inf for a long sequence</summary>
#
# Somewhere you multiply probabilities and take the logarithm afterwards. Take it first.
# </details>
#
# <details><summary>Help: I see NaN</summary>
#
# `-inf - (-inf)` is NaN: a home-made logsumexp does this where all its terms are 0. `torch.logsumexp` does not.
# </details>


# %% nbgrader={"grade": false, "grade_id": "hmm_likelihood", "locked": false, "schema_version": 3, "solution": true, "task": false}
def hmm_likelihood(pi, A, B, obs):
    """Logarithm of the probability of a sequence of symbols, in time proportional to its length.

    pi: (k,), A: (k, k) from row to column, B: (k, m), float probabilities, zeros allowed, left unchanged.
    obs: (T,) int64, T >= 1.
    Returns: log P(obs), one number; -inf where obs cannot happen.
    """
    ### BEGIN SOLUTION
    log_A, log_B = A.log(), B.log()
    log_alpha = pi.log() + log_B[:, obs[0]]
    for x in obs[1:]:
        log_alpha = torch.logsumexp(log_alpha[:, None] + log_A, dim=0) + log_B[:, x]
    return torch.logsumexp(log_alpha, dim=0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_hmm_likelihood", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
def check_hmm_likelihood():
    pi = torch.tensor([0.5, 0.5])
    A = torch.tensor([[0.25, 0.75], [0.5, 0.5]])
    B = torch.tensor([[0.5, 0.5], [0.25, 0.75]])
    check_equal(hmm_likelihood(pi, A, B, torch.tensor([0])), -0.980829, "the log-likelihood of the symbol 0 alone")
    check_equal(hmm_likelihood(pi, A, B, torch.tensor([0, 1])), -1.386294, "the log-likelihood of the example")

    pi, A = torch.tensor([0.25, 0.75]), torch.tensor([[0.5, 0.5], [0.0, 1.0]])
    B = torch.tensor([[0.5, 0.5, 0.0], [0.0, 0.2, 0.8]])
    check_promises(hmm_likelihood, pi, A, B, torch.tensor([0, 1, 1]), gradient=False, dtype=False)
    # Only the path 0, 0, 1 and the path 0, 1, 1 can show 0, 1, 2: 0.25 · 0.5 · (0.5 · 0.5 · 0.5 + 0.5 · 0.2) · 0.8
    check_equal(hmm_likelihood(pi, A, B, torch.tensor([0, 1, 2])), -3.794240, "the log-likelihood of the symbols 0, 1, 2 in a model with zeros")
    impossible = float(hmm_likelihood(pi, A, B, torch.tensor([2, 0])))
    check(impossible == -math.inf, f"the log-likelihood of symbols that cannot happen is {impossible:.4g}, expected -inf.")
    rare = torch.tensor([[1e-5, 1 - 1e-5]] * 2)  # the symbol 0 comes once in 100000 times, whatever the hidden state
    check_equal(hmm_likelihood(pi, A, rare, torch.zeros(12).long()), 12 * math.log(1e-5), "the log-likelihood of a rare symbol, twelve times in a row,")


check_hmm_likelihood()

# %% [markdown]
# ### 4.2 `hmm_posterior`
#
# *difficulty 4/5 · importance 3/5 · about 25 minutes · 9 points*
#
# Notes: 004 双向循环神经网络
#
# Now the question that bidirectional networks ask: given **all** symbols, before and after, how likely is each hidden
# state at step $t$? The past is in $\alpha_t$. The future comes from a second recursion, which runs backward (后向递归):
# $\rho_t(i) = P(x_{t+1}, \dots, x_T \mid h_t = i)$,
#
# $$\rho_T(i) = 1, \qquad \rho_t(i) = \sum_j A_{ij}\, B_{j x_{t+1}}\, \rho_{t+1}(j), \qquad
# P(h_t = i \mid x_1, \dots, x_T) = \frac{\alpha_t(i)\, \rho_t(i)}{\sum_l \alpha_t(l)\, \rho_t(l)} .$$
#
# Return the **logarithms** of these probabilities, one row a step, shape $(T, k)$; the exponentials of each row add up
# to 1. Work in logarithms throughout, as in 4.1. You may assume that `obs` can happen.
#
# **By hand.** The example of 4.1: $\rho_2 = (1, 1)$,
# $\rho_1 = A\,(\tfrac12, \tfrac34)^\top = (\tfrac{11}{16}, \tfrac58)$. So
# $\alpha_1 \rho_1 = (\tfrac{11}{64}, \tfrac5{64})$, and step 1 is in state 0 with probability $\tfrac{11}{16}$, in state
# 1 with $\tfrac5{16}$. At step 2 it is $\tfrac14$ and $\tfrac34$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Keep all $\alpha_t$ in a list. Build the list of the $\rho_t$ from its end, starting with zeros (the logarithm of 1),
# and turn it round.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# One step back: `log_rho = torch.logsumexp(A.log() + B[:, x].log() + log_rho, dim=1)`, where `x` is the symbol of the
# *later* step. Then `joint = torch.stack(alphas) + torch.stack(rhos)`, and from each row its own
# `logsumexp(dim=1, keepdim=True)` is subtracted.
# </details>
#
# <details><summary>Help: I see rows that do not add up to 1</summary>
#
# Add up the exponentials. Before the normalisation each row of the joint adds up to the same number,
# $P(x_1, \dots, x_T)$: a good test. If it does not, an $\alpha$ meets the $\rho$ of another step, or a symbol is
# counted twice.
# </details>


# %% nbgrader={"grade": false, "grade_id": "hmm_posterior", "locked": false, "schema_version": 3, "solution": true, "task": false}
def hmm_posterior(pi, A, B, obs):
    """Logarithms of the probabilities of the hidden states, given all symbols.

    pi: (k,), A: (k, k) from row to column, B: (k, m), float probabilities, zeros allowed, left unchanged.
    obs: (T,) int64, T >= 1.
    Returns: (T, k), dtype of pi; entry [t, i] is log P(hidden state i at step t | obs).
    """
    ### BEGIN SOLUTION
    log_A, log_seen = A.log(), B.log()[:, obs].T  # (k, k), (T, k)
    alphas, rhos = [pi.log() + log_seen[0]], [torch.zeros_like(pi)]
    for t in range(1, len(obs)):
        alphas.append(torch.logsumexp(alphas[-1][:, None] + log_A, dim=0) + log_seen[t])
        rhos.append(torch.logsumexp(log_A + log_seen[-t] + rhos[-1], dim=1))
    joint = torch.stack(alphas) + torch.stack(rhos[::-1])
    return joint - torch.logsumexp(joint, dim=1, keepdim=True)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_hmm_posterior", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
def check_hmm_posterior():
    pi = torch.tensor([0.5, 0.5])
    A = torch.tensor([[0.25, 0.75], [0.5, 0.5]])
    B = torch.tensor([[0.5, 0.5], [0.25, 0.75]])
    expected = torch.tensor([[11 / 16, 5 / 16], [1 / 4, 3 / 4]]).log()
    check_equal(hmm_posterior(pi, A, B, torch.tensor([0, 1])), expected, "hmm_posterior of the example")
    check_promises(hmm_posterior, pi, A, B, torch.tensor([1, 0, 1]), gradient=False)

    pi, A = torch.tensor([1.0, 0.0]), torch.tensor([[0.5, 0.5], [0.0, 1.0]])
    expected = torch.tensor([[1.0, 0.0], [0.4, 0.6]]).log()
    check_equal(hmm_posterior(pi, A, B, torch.tensor([0, 1])), expected, "hmm_posterior of a model that starts in state 0 for sure")
    pi, rare = torch.tensor([0.3, 0.7]), torch.tensor([[1e-5, 1 - 1e-5]] * 2)
    expected = pi.log().repeat(12, 1)  # the symbols say nothing, and each step is drawn anew
    check_equal(hmm_posterior(pi, pi.repeat(2, 1), rare, torch.zeros(12).long()), expected, "hmm_posterior of a rare symbol, twelve times in a row,")


check_hmm_posterior()

# %% [markdown]
# **The baker's two dice.** At a market stall a baker lets you roll for your bread. Most of the time he hands you a fair
# die; now and then, for a while, one that shows a six three times out of five. You see only the rolls. How sure can you
# be of the die, from the rolls so far, and from all rolls, those afterwards included? Who knows the future wavers less,
# and is less easily fooled by a few lucky sixes (look at roll 19). This is what a bidirectional network is for.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_dice", "locked": true, "schema_version": 3, "solution": false, "task": false}
# generator = torch.Generator().manual_seed(398)
# pi = torch.tensor([0.8, 0.2])
# A = torch.tensor([[0.97, 0.03], [0.05, 0.95]])
# B = torch.tensor([[1 / 6] * 6, [0.08] * 5 + [0.6]])
# hidden, rolls = [0], []
# for _ in range(120):
#     rolls.append(int(torch.multinomial(B[hidden[-1]], 1, generator=generator)))
#     hidden.append(int(torch.multinomial(A[hidden[-1]], 1, generator=generator)))
# rolls = torch.tensor(rolls)
# so_far = [float(hmm_posterior(pi, A, B, rolls[:t])[-1, 1].exp()) for t in range(1, 121)]
# all_rolls = hmm_posterior(pi, A, B, rolls)[:, 1].exp().tolist()
# curves = {"true die": hidden[:120], "from the rolls so far": so_far, "from all rolls": all_rolls}
# plot_curves(curves, "roll", "probability of the loaded die", "Which die is it?")

# %% [markdown]
# ## 5 · A network that writes
#
# A language model (语言模型) guesses the next letter from those before it. You need a measure, a safety belt, and a loop.
#
# ### 5.1 `perplexity`
#
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 5 points*
#
# Notes: 004 RNN/RNN
#
# Perplexity (困惑度) answers: *among how many equally likely letters does the model hesitate?* It is the exponential of
# the mean of $-\log p$, where $p$ is the probability that the model gave to the letter that really came:
#
# $$\mathrm{perplexity} = \exp\Big(-\frac{1}{|M|} \sum_{i \in M} \log p_i\Big)$$
#
# A perfect model has 1, a model that gives all $v$ letters the same chance has $v$, one that rules out what happens has
# $+\infty$. Sentences of different lengths share a batch by padding; the padding does not count. `mask` is `True` where
# an entry **counts** ($i \in M$).
#
# **Conventions of this course.** One mean over all entries that count, whatever row they stand in. Entries that do not
# count may hold anything, $-\infty$ and NaN too. If no entry counts, the answer is 1. Return a Python float.
#
# **By hand.** Probabilities $\tfrac12$ and $\tfrac18$, and a padding entry that does not count: the mean of $\ln 2$ and
# $3 \ln 2$ is $2 \ln 2$, the perplexity is $4$. It is the geometric mean (几何平均) of $2$ and $8$, and neither their mean,
# 5, nor their harmonic mean, 3.2.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Multiplying by the mask does not remove $-\infty$: $0 \cdot (-\infty)$ is NaN. *Select* what counts.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `log_probs[mask]` is the list of all entries that count. Then minus, `mean()`, `exp()`, `.item()`; an empty mask is a
# case of its own.
# </details>
#
# <details><summary>Help: I see a perplexity below 1</summary>
#
# A probability is at most 1, so its logarithm is at most 0. The minus is missing.
# </details>


# %% nbgrader={"grade": false, "grade_id": "perplexity", "locked": false, "schema_version": 3, "solution": true, "task": false}
def perplexity(log_probs, mask):
    """Perplexity of a model, from the log-probabilities that it gave to what really came.

    log_probs: float, any shape, left unchanged. mask: bool, the same shape, True where an entry counts.
    Returns: a float >= 1; 1.0 where no entry counts.
    """
    ### BEGIN SOLUTION
    if not mask.any():
        return 1.0
    return (-log_probs[mask].mean()).exp().item()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_perplexity", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
def check_perplexity():
    log_probs = torch.tensor([[1 / 2, 1 / 8], [1 / 3, 1 / 3]]).log()
    check_equal(perplexity(log_probs, torch.tensor([[True, True], [False, False]])), 4.0, "the perplexity of the example")
    guess = torch.full((3, 4), 1 / 28).log()
    check_equal(perplexity(guess, torch.ones(3, 4) > 0), 28.0, "the perplexity of a guess among 28 letters")
    check_equal(perplexity(log_probs, torch.zeros(2, 2) > 0), 1.0, "the perplexity of nothing")
    log_probs = torch.tensor([[0.5, 0.2, 0.0], [0.1, math.nan, 0.04]]).log()
    mask = torch.tensor([[True, False, False], [True, False, True]])
    before = log_probs.clone()
    check_equal(perplexity(log_probs, mask), 500 ** (1 / 3), "the perplexity of the probabilities 1/2, 1/10, 1/25, with NaN and -inf in the padding")
    check_equal(log_probs, before, "log_probs, after perplexity has seen it")
    value = perplexity(log_probs[:1], torch.ones(1, 3) > 0)
    check(value == math.inf, f"the perplexity of a model that rules out what happens is {value}, expected inf.")


check_perplexity()

# %% [markdown]
# ### 5.2 `grad_clipping`
#
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 6 points*
#
# Notes: 004 RNN/RNN
#
# In a recurrent network the same weights are used at every step, so now and then the gradient explodes (梯度爆炸), and one
# huge step throws away what an hour has learned. Gradient clipping (梯度裁剪) keeps the direction and limits the length.
# Think of the gradients of **all** parameters, laid end to end, as one long vector $g$:
#
# $$g \leftarrow \min\Big(1, \frac{\theta}{\lVert g \rVert}\Big)\, g, \qquad \lVert g \rVert = \sqrt{\sum_{\text{params}} \sum_i g_i^2}$$
#
# One norm for all: a parameter with a small gradient is shortened by the same factor as one with a large gradient, or
# the direction would change. If $\lVert g \rVert \le \theta$ nothing happens.
#
# **Conventions of this course.** The `.grad` of each parameter changes **in place** (原地), in the memory it has. A
# parameter whose `.grad` is `None` is skipped. Return the norm from *before* the clipping; it is a good thing to plot.
#
# **By hand.** Two parameters with gradients $3$ and $4$: the norm is $5$. With $\theta = 1$ they become $0.6$ and
# $0.8$; with $\theta = 10$ they stay.
#
# **From scratch:** `torch.nn.utils.clip_grad_norm_` and what it calls inside (`torch._foreach_norm`) are off limits
# here.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Two loops: the first one only measures, the second one only scales. The sum of all squares comes before the one square
# root.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `grads = [p.grad for p in params if p.grad is not None]`, `norm = sum((g**2).sum().item() for g in grads) ** 0.5`; if
# `norm > theta`, then `g *= theta / norm` for each.
# </details>
#
# <details><summary>Help: I see "'NoneType' object has no attribute …"</summary>
#
# A parameter that took no part in the loss has no gradient. Skip it.
# </details>


# %% nbgrader={"grade": false, "grade_id": "grad_clipping", "locked": false, "schema_version": 3, "solution": true, "task": false}
def grad_clipping(params, theta):
    """Shorten all gradients together, in place, so that their common norm is at most theta.

    params: list of tensors with .grad of any shape, or None. theta: float > 0.
    Returns: the common norm before, a number (or a tensor with one entry).
    """
    ### BEGIN SOLUTION
    grads = [param.grad for param in params if param.grad is not None]
    norm = sum((g**2).sum().item() for g in grads) ** 0.5
    if norm > theta:
        for g in grads:
            g *= theta / norm
    return norm
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_grad_clipping", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
def check_grad_clipping():
    a, b, unused = (torch.zeros(1, requires_grad=True) for _ in range(3))
    a.grad, b.grad = torch.tensor([3.0]), torch.tensor([4.0])
    check_equal(grad_clipping([a, unused, b], 10.0), 5.0, "the norm of the example")
    check_equal([a.grad.item(), b.grad.item()], [3.0, 4.0], "the gradients after clipping with theta = 10")
    check_equal(grad_clipping([a, unused, b], 1.0), 5.0, "the norm of the example")
    check_equal([a.grad.item(), b.grad.item()], [0.6, 0.8], "the gradients after clipping with theta = 1")
    a, b = torch.tensor([[1.0, -2.0]], requires_grad=True), torch.tensor([3.0], requires_grad=True)
    a.grad, b.grad = torch.tensor([[-2.0, 4.0]]), torch.tensor([4.0])
    same = a.grad
    check_equal(grad_clipping([a, b], 1.5), 6.0, "the norm of the gradients (-2, 4) and 4")
    check_equal([a.grad, b.grad], [torch.tensor([[-0.5, 1.0]]), torch.tensor([1.0])], "the gradients (-2, 4) and 4 after clipping with theta = 1.5")
    check_equal(same, a.grad, "the gradient that was there before (it should change in its own memory)")
    check_equal(a.detach(), torch.tensor([[1.0, -2.0]]), "the parameter itself, after grad_clipping")


check_grad_clipping()

# %% [markdown]
# ### 5.3 `train_char_lm`
#
# *difficulty 4/5 · importance 5/5 · about 35 minutes · 12 points*
#
# Notes: 004 RNN/RNN · 004 门控循环单元(GRU) · 004 长短期记忆网络(LSTM)
#
# Here is the story, and how it is cut for reading. `text_pieces` lays the letters out in `batch_size` long lines that
# run side by side, and cuts all lines into pieces of `num_steps` letters (the last piece is shorter). In each piece `X`
# and `Y` have shape $(n, T)$, one **row** a line, and `Y` is `X` moved by one letter: what is to be guessed. Each piece
# goes on exactly where the one before it ended.

# %% nbgrader={"grade": false, "grade_id": "story", "locked": true, "schema_version": 3, "solution": false, "task": false}
STORY = """
the old ferry crosses the river in the morning. the river is wide and the river is slow, and the ferry is slower
still. on the left bank there is a mill, and on the right bank there is a market. the miller has flour and no honey.
the market has honey and no flour. so the ferry goes over with the flour, and the ferry comes back with the honey.
when the fog is on the river the miller cannot see the market, and the market cannot see the mill. then the ferryman
rings the bell. one ring of the bell is for the left bank, and two rings of the bell are for the right bank. if he
forgets how often he rang the bell, he waits in the middle of the river until the fog is gone. he remembers the winter
when the river was ice, and the miller walked over the river with the flour on his back. he remembers the summer when
the river was low, and the ferry lay on the sand like a sleeping cow. most other days he forgets, and that is good,
for most days on the river are the same day. a good ferryman remembers what he will need, and forgets what he will not
need. he keeps the weather, and the depth of the water, and the name of the miller. he lets go of the clouds. in the
evening the old ferry crosses the river for the last time. the bell is still, the mill is still, and the river goes
on.
"""
STORY = " ".join(STORY.split())
LETTERS = sorted(set(STORY))
STORY_IDS = torch.tensor([LETTERS.index(letter) for letter in STORY])


def text_pieces(ids, batch_size, num_steps):
    """Consecutive pieces (X, Y) of a text, each (batch_size, T) int64, Y one letter ahead.

    T = num_steps, and shorter in the last piece.
    """
    length = (len(ids) - 1) // batch_size
    X = ids[: batch_size * length].reshape(batch_size, length)
    Y = ids[1 : batch_size * length + 1].reshape(batch_size, length)
    return list(zip(X.split(num_steps, dim=1), Y.split(num_steps, dim=1), strict=True))


# %% [markdown]
# The story has 1285 letters, 25 different ones with space, comma and full stop.
#
# Now the loop. `rnn` is a function like your `gru` and `lstm`: `rnn(inputs, state, params)` takes $(T, n, v)$ and
# returns the outputs $(T \cdot n, v)$ and the new state, **a tuple**. `init_state(n)` gives the state for $n$ lines. In
# every epoch (轮次):
#
# 1. start from a fresh state, `init_state(n)`;
# 2. for each piece `(X, Y)`: make the inputs **time-major** one-hot vectors (独热编码), $(n, T) \to (T, n, v)$, float32;
# 3. call `rnn`. The loss is the cross-entropy (交叉熵) of outputs (scores) and right letters, the **mean** over all
#    $T \cdot n$ letters of the piece. The outputs stand in the order step by step, so the right letters must too: $Y$
#    transposed, then flattened;
# 4. clear the old gradients, go backward, clip the gradients to `theta`, then make the step, **in place**:
#    $p \leftarrow p - \text{lr} \cdot g$;
# 5. carry the state on to the next piece, but **detached** from the graph (`detach`): the network remembers, the
#    gradient stops here. This is truncated backpropagation through time (截断的通过时间反向传播).
#
# Return a list with the perplexity of each epoch: the exponential of the mean loss **a letter**, over all letters of
# the epoch, measured on the way (before each piece's step). The last piece is shorter, so it must count for less.
#
# `torch.nn.functional.cross_entropy` and `one_hot`, `torch.optim.SGD` and `torch.nn.utils.clip_grad_norm_` are all
# allowed here. So are your `grad_clipping` and your `perplexity`: should one have a slip, the grader lends a right one.
# The grader trains an `nn.LSTM` with your loop on this story: up to 20 epochs, `lr=3`, `theta=20`, until the perplexity of
# the network on the story is below 8. A right answer gets there in about eight epochs, and would come to 3.4 to 4.8 in
# twenty. (PyTorch starts with larger weights than 2.1: your own `lstm` with `get_lstm_params` waits on a plateau first, and
# is near 6 after 20 epochs.)
#
# **By hand.** A piece of 6 letters with mean loss $2 \ln 2$ and one of 2 letters with mean loss $\ln 2$: all losses add
# up to $14 \ln 2$, over 8 letters, so the perplexity is $2^{14/8} = 3.36$. The mean of the two means would give
# $2^{1.5} = 2.83$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `X.T` has shape (T, n); `one_hot` adds the dimension v behind. The right letters for the outputs are
# `Y.T.reshape(-1)`. For the record you need two running sums: losses times letters, and letters.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# In the inner loop: `outputs, state = rnn(one_hot(X.T, vocab_size).float(), state, params)`, then
# `loss = cross_entropy(outputs, Y.T.reshape(-1))`; `optimizer.zero_grad()`, `loss.backward()`, clip,
# `optimizer.step()`; then `state = tuple(s.detach() for s in state)`. The optimizer is
# `torch.optim.SGD(params, lr=lr)`, made once.
# </details>
#
# <details><summary>Help: I see "Trying to backward through the graph a second time"</summary>
#
# The state still hangs on the graph of the piece before. Detach every tensor of the tuple before you hand it on.
# </details>
#
# <details><summary>Help: I see a perplexity that stays near 16</summary>
#
# That is what knowing how often each letter occurs is worth, and no more. The outputs meet the wrong letters: is it
# `Y.T.reshape(-1)`, and `X.T`? Or do the parameters not change, because the step makes new tensors?
# </details>


# %% nbgrader={"grade": false, "grade_id": "train_char_lm", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_char_lm(rnn, params, init_state, pieces, vocab_size, num_epochs, lr, theta):
    """Train a language model on letters, by clipped gradient descent, and keep a record.

    rnn: (inputs (T, n, v) float32, state, params) -> (outputs (T·n, v), state), where a state is a tuple of tensors.
    params: list of leaf tensors, trained in place. init_state: n -> the state before the first letter.
    pieces: list of (X, Y), each (n, T) int64, consecutive; the last may be shorter. vocab_size: v.
    num_epochs: int. lr, theta: floats.
    Returns: a list of num_epochs floats, the perplexity of each epoch.
    """
    ### BEGIN SOLUTION
    optimizer = torch.optim.SGD(params, lr=lr)
    history = []
    for _ in range(num_epochs):
        state, loss_sum, num_letters = init_state(len(pieces[0][0])), 0.0, 0
        for X, Y in pieces:
            inputs = torch.nn.functional.one_hot(X.T, vocab_size).float()
            outputs, state = rnn(inputs, state, params)
            state = tuple(s.detach() for s in state)
            loss = torch.nn.functional.cross_entropy(outputs, Y.T.reshape(-1))
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(params, theta)
            optimizer.step()
            loss_sum += loss.item() * Y.numel()
            num_letters += Y.numel()
        history.append(torch.tensor(loss_sum / num_letters).exp().item())
    return history
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_train_char_lm", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
def check_train_char_lm():
    def table(inputs, state, params):
        return inputs.flatten(0, 1) @ params[0], state

    pieces = text_pieces(torch.tensor([0, 1, 2] * 7), 2, 4)
    scores = [torch.zeros(3, 3, requires_grad=True)]
    history = train_char_lm(table, scores, lambda n: (torch.zeros(n, 1),), pieces, 3, 1, 0.0, 1.0)
    check_equal(history, [3.0], "the perplexity of a table of zeros over 3 letters, with lr=0,")
    history = train_char_lm(table, scores, lambda n: (torch.zeros(n, 1),), pieces, 3, 6, 2.0, 1.0)
    check_equal(len(history), 6, "the length of the record after 6 epochs")
    check(history[-1] < 1.5, f"After 6 epochs on 'abcabc…' the perplexity is {history[-1]:.2f}, expected less than 1.5.")
    check(scores[0].argmax(dim=1).tolist() == [1, 2, 0], "After 6 epochs the table does not say a → b, b → c, c → a.")

    def no_state(n):
        return (torch.zeros(n, 1),)

    def mean_loss(W, X, Y):
        return torch.nn.functional.cross_entropy(W[X.flatten()], Y.flatten())

    def step(W, X, Y, lr):
        W = W.clone().requires_grad_()
        return (W - lr * torch.autograd.grad(mean_loss(W, X, Y), W)[0]).detach()

    letters = torch.tensor([0, 2, 1, 1, 0, 2, 2, 1, 0, 0, 0, 1, 2, 1, 0, 1, 1, 2, 0])
    pieces, W = text_pieces(letters, 2, 4), torch.tensor([[2.0, 0.0, -1.0], [0.5, 1.0, 3.0], [-2.0, 1.0, 0.0]])
    X, Y = (torch.cat(parts, dim=1) for parts in zip(*pieces))
    history = train_char_lm(table, [W.clone().requires_grad_()], no_state, pieces, 3, 2, 0.0, 1.0)
    check_equal(history, [mean_loss(W, X, Y).exp().item()] * 2, "the record for pieces of 4, 4 and 1 letters, with lr=0, each letter counted once,")
    scores, right = [W.clone().requires_grad_()], W
    train_char_lm(table, scores, no_state, pieces, 3, 1, 0.5, 1e6)
    for piece in pieces:
        right = step(right, *piece, 0.5)
    check_equal(scores[0].detach(), right, "the table after one epoch of three pieces with lr=0.5, without any clipping,")
    for theta in (0.02, 0.1):
        scores = [W.clone().requires_grad_()]
        train_char_lm(table, scores, no_state, pieces[:1], 3, 1, 0.5, theta)
        check_equal((scores[0].detach() - W).norm() / 0.5, theta, f"the norm of the gradient that one step with theta={theta} has used", rtol=1e-2)

    given, returned = [], []

    def counting(inputs, state, params):
        given.append(state)
        returned.append((state[0] + params[0].sum(), state[1] * 2 + params[0].mean()))
        return inputs.flatten(0, 1) @ params[0] + returned[-1][0].mean(), returned[-1]

    train_char_lm(counting, [W.clone().requires_grad_()], lambda n: (torch.ones(n, 1), torch.full((n, 2), 3.0)), pieces, 3, 2, 0.1, 1.0)
    check_equal(len(given), 6, "how often rnn was called in 2 epochs of 3 pieces")
    for i, state in enumerate(given):
        check_equal(len(state), 2, "the number of tensors in the state that rnn is called with")
        check(not any(part.requires_grad for part in state), "The state is handed on with its graph: detach every tensor of it.")
        due = (torch.ones(2, 1), torch.full((2, 2), 3.0)) if i % 3 == 0 else returned[i - 1]
        what = "init_state(n), at the start of an epoch" if i % 3 == 0 else "the state that the piece before has returned"
        check_equal(tuple(state), tuple(part.detach() for part in due), f"the state that rnn is called with (expected: {what})")


check_train_char_lm()

# %% [markdown]
# ## 6 · The ferryman's apprentice
#
# Everything below is yours. Your GRU and your LSTM read the story sixty times; this takes ten to fifteen seconds on a
# quiet machine, and longer on a busy one. Watch the LSTM wait on a plateau: at first both only learn how often each
# letter occurs (perplexity 16), and only then which letter follows which.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_training", "locked": true, "schema_version": 3, "solution": false, "task": false}
# torch.manual_seed(0)
# v, h = len(LETTERS), 32
# networks = {
#     "GRU": (gru, get_gru_params(v, h, "cpu"), lambda n: init_gru_state(n, h, "cpu")),
#     "LSTM": (lstm, get_lstm_params(v, h, "cpu"), lambda n: (torch.zeros(n, h), torch.zeros(n, h))),
# }
# curves = {}
# for name, (rnn, params, init_state) in networks.items():
#     curves[name] = train_char_lm(rnn, params, init_state, text_pieces(STORY_IDS, 8, 15), v, 60, 3.0, 1.0)
# plot_curves(curves, "epoch", "perplexity", "Learning to spell the story")

# %% [markdown]
# And now let them speak. Each is given a beginning to warm up on (预热), and then goes on letter by letter, each time
# drawing the next letter from its own probabilities (a little sharpened: scores times 2) and reading it. One line is
# from before any training.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_writing", "locked": true, "schema_version": 3, "solution": false, "task": false}
# def write(rnn, params, state, beginning, num_letters, generator):
#     text = beginning
#     unread = [LETTERS.index(letter) for letter in beginning]
#     with torch.no_grad():
#         for _ in range(num_letters):
#             inputs = torch.nn.functional.one_hot(torch.tensor(unread)[:, None], len(LETTERS)).float()
#             outputs, state = rnn(inputs, state, params)
#             unread = [int(torch.multinomial(torch.softmax(2.0 * outputs[-1], dim=0), 1, generator=generator))]
#             text += LETTERS[unread[0]]
#     return text
#
#
# generator = torch.Generator().manual_seed(1)
# untrained = write(gru, get_gru_params(v, h, "cpu"), init_gru_state(1, h, "cpu"), "the ferryman ", 80, generator)
# print("before:", untrained, "\n")
# for name, (rnn, params, init_state) in networks.items():
#     for beginning in ("the ferryman ", "in the evening "):
#         print(f"{name}:", write(rnn, params, init_state(1), beginning, 150, generator), "\n")

# %% [markdown]
# ## What you have now, and where to go
#
# The two networks that machines spoke, translated and read handwriting with before attention came, from their gates to
# their training loop; a stack of them; both directions; and the exact model that stands behind the idea. `nn.GRU` and `nn.LSTM` do the
# same in one fast call. You know now what is inside, and in which line the first of them differs from yours.
#
# To try, if you like: train with `theta=1000` and `lr=8` and look at the curve, that is what clipping is for. Draw
# letters with a factor of 1 or 5 in place of 2. Set the LSTM's forget bias to 2 before training: does the plateau get
# shorter? Or give the network a story of your own.
#
# Its limit: everything a network has read must pass through one state of 32 numbers. In **ps18**, attention lets it
# look back at the whole text instead.
