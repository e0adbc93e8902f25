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
# # Sequences, text and recurrent networks (序列模型、文本与循环神经网络)
#
# At the end of this notebook a network of yours has read the Zen of Python, all 855 letters of it, and recites it from
# the words "beautiful is". On the way there you will be able to
#
# * say what a whole sequence is worth under a Markov chain, and look many steps ahead;
# * turn a text into tokens, a vocabulary and mini-batches, and see Zipf's law in it;
# * write a recurrent network (循环神经网络, RNN) from scratch, let it write, and train it as a language model (语言模型);
# * send the gradient back through time by hand, and cut it where it should be cut.
#
# **What it builds on.** Gradients and graphs are from **ps03**, the training loop from **ps05**, one-hot vectors from
# **ps01**. Gradient clipping and perplexity are given here; you write them yourself in **ps16**.
#
# **How it is marked.** Each exercise has a cell for your answer and, under it, a check that you can run as often as you
# like. A check is an example: it says in words what is wrong with one result. The hidden grader asks more of the same
# (other sizes, other numbers, gradients), and marks each property on its own. Exercises stand alone: you may skip one
# and come back. The points add up to 100; the two written questions are extra credit.
#
# **What "from scratch" means.** An exercise that is marked *from scratch* names the PyTorch functions that are off
# limits in it. `@`, `einsum`, `tanh`, `cat`, `stack` and indexing are yours everywhere.
#
# **Names.** Helpers of your own may stand in cells of your own, above the exercise that uses them. The names of the
# checks begin with `check_`, those of the plots with `demo_`: leave these to them.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import codecs
import collections
import contextlib
import io
import math

import torch
from course_tools import check, check_equal, check_promises, plot_curves

# %% [markdown]
# ## 1 · Sequences
#
# Numbers that come one after the other are not independent: tomorrow depends on today. Any joint probability is a product
# of conditional ones, $P(x_1, \dots, x_T) = \prod_t P(x_t \mid x_1, \dots, x_{t-1})$. The trouble is the growing list
# behind the bar. There are two ways out: look at the last few values only (autoregressive models, 自回归模型), or keep a
# summary of all that was, which is what a recurrent network does.
#
# ### 1.1 `chain_log_prob`
#
# *difficulty 2/5 · importance 3/5 · about 10 minutes · 5 points*
#
# Notes: 004 序列模型
#
# A first-order Markov chain (马尔可夫链) is the shortest memory there is: each value depends on the one before and on nothing
# else. It has $m$ states, numbered from 0; `pi[i]` is the probability to begin in $i$, and `A[i, j]` that of going from $i$
# **to** $j$, so the rows of `A` add up to 1. Then
#
# $$\log P(x_1, \dots, x_T) = \log \pi_{x_1} + \sum_{t=2}^{T} \log A_{x_{t-1}, x_t} .$$
#
# Compute it for all $n$ sequences at once: no loop over them. What cannot happen has probability 0, and its logarithm is
# $-\infty$: no error, no NaN, and no small number added in front of the logarithm. And why the logarithm at all? Because a
# product of 2000 probabilities is 0 in floating point.
#
# **By hand.** Sun is 0 and rain is 1, $\pi = (0.8, 0.2)$, and $A = \begin{pmatrix} 0.9 & 0.1 \\ 0.5 & 0.5 \end{pmatrix}$. Sun,
# sun, rain, rain has probability $0.8 \cdot 0.9 \cdot 0.1 \cdot 0.5 = 0.036$, and $\log 0.036 = -3.324$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Take the logarithm of `pi` and of `A` first, and add afterwards. All steps of all sequences are the pairs
# `x[:, :-1]`, `x[:, 1:]`.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `A.log()[x[:, :-1], x[:, 1:]]` has shape (n, T − 1): one number a step. Its sum over the steps, plus `pi.log()[x[:, 0]]`.
# </details>
#
# <details><summary>Help: I see −inf for a long sequence that can happen</summary>
#
# Somewhere probabilities are multiplied before the logarithm is taken.
# </details>


# %% nbgrader={"grade": false, "grade_id": "chain_log_prob", "locked": false, "schema_version": 3, "solution": true, "task": false}
def chain_log_prob(pi, A, x):
    """Log-probabilities of whole sequences of a Markov chain.

    pi: (m,) float, probabilities of the first state. A: (m, m) float, A[i, j] = P(next is j | now is i). x: (n, T) int64, T >= 1.
    Returns: (n,), dtype and device of A; -inf where the chain cannot go.
    """
    ### BEGIN SOLUTION
    steps = A.log()[x[:, :-1], x[:, 1:]]
    return pi.log()[x[:, 0]] + steps.sum(dim=1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_chain_log_prob", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
def check_chain_log_prob():
    pi, A = torch.tensor([0.8, 0.2]), torch.tensor([[0.9, 0.1], [0.5, 0.5]])
    x = torch.tensor([[0, 0, 1, 1], [1, 0, 0, 0]])
    right = torch.tensor([0.036, 0.081]).log()
    check_equal(chain_log_prob(pi, A, x), right, "the log-probabilities of sun, sun, rain, rain and rain, sun, sun, sun")
    check_equal(chain_log_prob(pi, A, x[:, :1]), pi.log(), "chain_log_prob of sequences of one state")
    wheel = torch.tensor([[0.3, 0.7, 0.0], [0.0, 0.2, 0.8], [0.6, 0.0, 0.4]])
    first = torch.tensor([0.25, 0.75, 0.0])
    found = chain_log_prob(first, wheel, torch.tensor([[0, 1, 2], [1, 0, 1], [2, 2, 2]]))
    check_equal(found, torch.tensor([math.log(0.14), -math.inf, -math.inf]), "chain_log_prob where two of three sequences cannot happen")
    long = chain_log_prob(pi, A, x.repeat(1, 500))
    check(bool(long.isfinite().all()), f"chain_log_prob of 2000 states is {long.tolist()}, expected finite numbers.")
    check_promises(chain_log_prob, pi, A, x)


check_chain_log_prob()

# %% [markdown]
# ### 1.2 `k_step_transition`
#
# *difficulty 2/5 · importance 3/5 · about 10 minutes · 4 points · from scratch: no `torch.matrix_power`, `torch.linalg.matrix_power`,
# `torch.linalg.eig…`*
#
# Notes: 004 序列模型
#
# And where is the chain two steps from now? Whatever lies between is summed out:
#
# $$P(x_{t+2} = j \mid x_t = i) = \sum_{l} P(x_{t+1} = l \mid x_t = i)\; P(x_{t+2} = j \mid x_{t+1} = l) .$$
#
# That is a matrix product. Do it for $k$ steps. After 0 steps the chain is where it was: the identity. `A` may be any square
# matrix, also one that has no basis of eigenvectors.
#
# **By hand.** With the weather above, two steps: from sun to sun $0.9 \cdot 0.9 + 0.1 \cdot 0.5 = 0.86$, from rain to sun
# $0.5 \cdot 0.9 + 0.5 \cdot 0.5 = 0.70$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `A ** 2` squares each entry on its own. The sum over the state between is `A @ A`.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Begin with `torch.eye(len(A), dtype=A.dtype, device=A.device)` and multiply by `A`, `k` times.
# </details>
#
# <details><summary>Help: I see "expected m1 and m2 to have the same dtype"</summary>
#
# `torch.eye(m)` is float32. Ask it for the dtype of `A`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "k_step_transition", "locked": false, "schema_version": 3, "solution": true, "task": false}
def k_step_transition(A, k):
    """Transition probabilities over k steps.

    A: (m, m) float, A[i, j] = P(next is j | now is i). k: int >= 0.
    Returns: (m, m), entry [i, j] = P(j after k steps | i now), dtype and device of A; the identity for k = 0.
    """
    ### BEGIN SOLUTION
    result = torch.eye(len(A), dtype=A.dtype, device=A.device)
    for _ in range(k):
        result = result @ A
    return result
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_k_step_transition", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
def check_k_step_transition():
    A = torch.tensor([[0.9, 0.1], [0.5, 0.5]])
    check_equal(k_step_transition(A, 2), torch.tensor([[0.86, 0.14], [0.70, 0.30]]), "the weather in two days")
    check_equal(k_step_transition(A, 1), A, "the weather in one day")
    check_equal(k_step_transition(A.double(), 0), torch.eye(2).double(), "the weather in no days at all")
    stairs = torch.tensor([[0.5, 0.5, 0.0], [0.0, 0.5, 0.5], [0.0, 0.0, 1.0]])
    check_equal(k_step_transition(stairs, 3)[0], torch.tensor([0.125, 0.375, 0.5]), "where one is after three steps up a stair, from its foot")
    check_promises(k_step_transition, A, 3)


check_k_step_transition()

# %% [markdown]
# ### 1.3 `autoregressive_data`
#
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 5 points*
#
# Notes: 004 序列模型
#
# An autoregressive model of order $\tau$ predicts $x_{t+\tau}$ from the $\tau$ values before it. For a series
# $x_0, \dots, x_{T-1}$ the samples are
#
# $$\text{features}_t = (x_t, x_{t+1}, \dots, x_{t+\tau-1}), \qquad \text{label}_t = x_{t+\tau}, \qquad t = 0, \dots, T - \tau - 1 .$$
#
# The oldest value stands first. The labels are a **column** $(T - \tau, 1)$, since networks return columns. One loop over
# $\tau$ is fine; none over $T$.
#
# **By hand.** $x = (3, 1, 4, 1, 5)$ with $\tau = 2$ has the rows $(3, 1), (1, 4), (4, 1)$ with the labels $4, 1, 5$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Do not make rows, make columns: column $i$ is the series from $i$ on, $T - \tau$ values long.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `torch.stack([x[i : len(x) - tau + i] for i in range(tau)], dim=1)`, and the labels are `x[tau:]` with one dimension more.
# </details>
#
# <details><summary>Help: I see a label that stands in its own row of features</summary>
#
# The labels begin one place too early: the first one is `x[tau]`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "autoregressive_data", "locked": false, "schema_version": 3, "solution": true, "task": false}
def autoregressive_data(x, tau):
    """Samples for a model that predicts a series from its last tau values.

    x: (T,) float. tau: int, 1 <= tau <= T.
    Returns: (features (T - tau, tau), oldest value first, labels (T - tau, 1)), dtype and device of x.
    """
    ### BEGIN SOLUTION
    features = torch.stack([x[i : len(x) - tau + i] for i in range(tau)], dim=1)
    return features, x[tau:, None]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_autoregressive_data", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
def check_autoregressive_data():
    x = torch.tensor([3.0, 1.0, 4.0, 1.0, 5.0, 9.0])
    features, labels = autoregressive_data(x[:5], 2)
    check_equal(features, torch.tensor([[3.0, 1.0], [1.0, 4.0], [4.0, 1.0]]), "the features of (3, 1, 4, 1, 5) for tau = 2")
    check_equal(labels, torch.tensor([[4.0], [1.0], [5.0]]), "the labels of (3, 1, 4, 1, 5) for tau = 2")
    features, labels = autoregressive_data(x, 5)
    check_equal(features, torch.tensor([[3.0, 1.0, 4.0, 1.0, 5.0]]), "the features of (3, 1, 4, 1, 5, 9) for tau = 5")
    check_equal(labels, torch.tensor([[9.0]]), "the labels of (3, 1, 4, 1, 5, 9) for tau = 5")
    features, labels = autoregressive_data(x, 6)
    check_equal([tuple(features.shape), tuple(labels.shape)], [(0, 6), (0, 1)], "the shapes for tau = T = 6")
    check_promises(autoregressive_data, x, 3, gradient=False)


check_autoregressive_data()

# %% [markdown]
# ### 1.4 `k_step_ahead`
#
# *difficulty 4/5 · importance 3/5 · about 20 minutes · 8 points*
#
# Notes: 004 序列模型
#
# Such a model sees one step ahead. To see two steps ahead it has to read its own first prediction as if it were true;
# for three steps, two of them, and so on. After $\tau$ steps it lives on predictions alone, and its errors feed on
# themselves. Make **all** $k$-step predictions ($k$步预测) of a series at once:
#
# * there are $T - \tau - k + 1$ starting windows, $x_i, \dots, x_{i+\tau-1}$: those whose $k$-th next value is still in the series;
# * `net` maps windows $(n, \tau)$, oldest value first, to predictions $(n, 1)$. Call it exactly $k$ times, each time with all
#   windows. Between two calls every window loses its oldest value and takes its prediction as its newest;
# * what comes out of the last call is the result: entry $i$ is the prediction of `x[i + tau + k - 1]`.
#
# **By hand.** $x = (3, 1, 4, 1, 5)$, $\tau = 2$, and a net that adds up its window. For $k = 2$ there are two windows, $(3, 1)$
# and $(1, 4)$. The net says 4 and 5; the windows become $(1, 4)$ and $(4, 5)$; the net says 5 and 9. (True were 1 and 5.)
#
# <details><summary>Hint 1: a nudge</summary>
#
# Keep one matrix of windows and change it $k - 1$ times: drop its first column, add a last one.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `windows = torch.cat([windows[:, 1:], net(windows)], dim=1)`, and the start is `torch.stack([x[i : i + n] for i in range(tau)], dim=1)`
# with $n = T - \tau - k + 1$.
# </details>
#
# <details><summary>Help: it fails as soon as k is larger than tau</summary>
#
# Then every entry of a window is a prediction. If you keep predictions in columns beside `x` and look up the last `tau` of
# both, the border between them is easily missed: let the windows carry them instead.
# </details>


# %% nbgrader={"grade": false, "grade_id": "k_step_ahead", "locked": false, "schema_version": 3, "solution": true, "task": false}
def k_step_ahead(net, x, tau, k):
    """Every k-step prediction of a series; what is not known yet is replaced by the net's own predictions.

    net: (n, tau) -> (n, 1), oldest value first; called exactly k times, with all windows. x: (T,) float. tau, k: ints >= 1, T >= tau + k.
    Returns: (T - tau - k + 1,), entry i predicts x[i + tau + k - 1] from x[i : i + tau] alone.
    """
    ### BEGIN SOLUTION
    n = len(x) - tau - k + 1
    windows = torch.stack([x[i : i + n] for i in range(tau)], dim=1)
    for _ in range(k):
        predictions = net(windows)
        windows = torch.cat([windows[:, 1:], predictions], dim=1)
    return predictions[:, 0]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_k_step_ahead", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
def check_k_step_ahead():
    seen = []

    def add_up(windows):
        seen.append(tuple(windows.shape))
        return windows.sum(dim=1, keepdim=True)

    x = torch.tensor([3.0, 1.0, 4.0, 1.0, 5.0])
    check_equal(k_step_ahead(add_up, x, 2, 1), torch.tensor([4.0, 5.0, 5.0]), "one-step predictions of a net that adds up")
    seen.clear()
    check_equal(k_step_ahead(add_up, x, 2, 2), torch.tensor([5.0, 9.0]), "two-step predictions of a net that adds up")
    check_equal(seen, [(2, 2), (2, 2)], "the shapes of the windows that net was called with")
    check_equal(k_step_ahead(add_up, x, 2, 3), torch.tensor([9.0]), "three-step predictions of a net that adds up, tau = 2")
    weigh = lambda windows: windows @ torch.tensor([[2.0], [1.0]]) + 1
    check_equal(k_step_ahead(weigh, x, 2, 2), torch.tensor([11.0, 16.0]), "two-step predictions of a net that weighs the older value twice")
    check_promises(k_step_ahead, add_up, x, 2, 2, gradient=False)


check_k_step_ahead()

# %% [markdown]
# **Look:** how far a small network sees into a noisy sine. It is trained on one step; the further ahead it has to look, the
# more its predictions collapse.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_sine", "locked": true, "schema_version": 3, "solution": false, "task": false}
# torch.manual_seed(0)
# time = torch.arange(1000.0)
# series = torch.sin(0.01 * time) + 0.2 * torch.randn(1000)
# net = torch.nn.Sequential(torch.nn.Linear(4, 10), torch.nn.ReLU(), torch.nn.Linear(10, 1))
# optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
# features, labels = autoregressive_data(series[:604], 4)
# for _ in range(300):
#     optimizer.zero_grad()
#     torch.nn.functional.mse_loss(net(features), labels).backward()
#     optimizer.step()
# with torch.no_grad():
#     ahead = {f"{k} step{'s' * (k > 1)} ahead": k_step_ahead(net, series, 4, k) for k in (1, 4, 16, 64)}
# nothing = [math.nan]
# curves = {name: nothing * (1000 - len(values)) + values.tolist() for name, values in ahead.items()}
# plot_curves(curves, "time", "prediction", "A noisy sine, seen from 1, 4, 16 and 64 steps before")

# %% [markdown]
# ## 2 · Text
#
# A language model wants numbers. On the way from a text to numbers stand four steps: read lines, cut them into tokens
# (词元), give each kind of token an index (索引), and write the text as a list of indices.
#
# ### 2.1 `tokenize`
#
# *difficulty 1/5 · importance 3/5 · about 5 minutes · 3 points*
#
# Notes: 004 文本预处理
#
# Cut each line into words or into characters:
#
# * `"word"`: split at white space of any kind and any length; there are no empty tokens;
# * `"char"`: every character is a token, spaces included;
# * anything else: `raise ValueError`. (The book prints a line and goes on, and the mistake shows up much later.)
#
# Nothing is made lower case here, nothing is stripped, and an empty line gives an empty list.
#
# **By hand.** `"to be  or"` is `["to", "be", "or"]` in words. In characters it has nine tokens, three of them spaces.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `"a  b".split(" ")` is `["a", "", "b"]`. What does `split` do without an argument?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `[line.split() for line in lines]` and `[list(line) for line in lines]`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "tokenize", "locked": false, "schema_version": 3, "solution": true, "task": false}
def tokenize(lines, token="word"):
    """Cuts lines into tokens.

    lines: list of strings. token: "word" (split at white space) or "char" (every character).
    Returns: a list of lists of strings, one for each line. Raises ValueError for any other kind of token.
    """
    ### BEGIN SOLUTION
    if token == "word":
        return [line.split() for line in lines]
    if token == "char":
        return [list(line) for line in lines]
    raise ValueError(f"unknown kind of token: {token!r}")
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_tokenize", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
def check_tokenize():
    check_equal(tokenize(["to be  or", "", " Not\tto"]), [["to", "be", "or"], [], ["Not", "to"]], 'the words of "to be  or", "" and " Not\\tto"')
    check_equal(tokenize([" to b", ""], "char"), [[" ", "t", "o", " ", "b"], []], 'the characters of " to b" and ""')
    try:
        found = tokenize(["to be"], "sentence")
    except ValueError:
        return
    check(False, f'tokenize(…, "sentence") returns {found!r}, expected a ValueError.')


check_tokenize()

# %% [markdown]
# ### 2.2 `Vocab`
#
# *difficulty 3/5 · importance 4/5 · about 25 minutes · 10 points*
#
# Notes: 004 文本预处理
#
# The vocabulary (词表) gives every kind of token a number. Index 0 is `<unk>`, for all that is unknown (未知词元). Then come
# the reserved tokens (保留词元), in the order given, then every token that occurs **at least** `min_freq` times, most frequent
# first. Among equal counts any order will do. A token has one index: where `<unk>` or a reserved token also occurs in the
# text, it keeps its early one.
#
# * `tokens` is a flat list of strings, a list of lists (what `tokenize` returns), `None` or `[]`;
# * `len(vocab)` is the number of indices;
# * `vocab["be"]` is an int, 0 for what is unknown; `vocab[["to", "be"]]` is a list of ints, for lists in lists as well, and
#   tuples are treated like lists;
# * `vocab.to_tokens(3)` is a string, `vocab.to_tokens([3, 4])` a list of strings, and `vocab.to_tokens([3])` a list too;
# * `vocab.token_freqs` is a list of `(token, count)`, falling, of **all** tokens of the text, the rare ones included;
# * `vocab.unk` is 0.
#
# **By hand.** `b a c a b a` has a three times, b twice, c once. `Vocab("b a c a b a".split(), min_freq=2, reserved_tokens=["<pad>"])`
# has four indices: `<unk>` 0, `<pad>` 1, a 2, b 3. And `vocab["c"]` is 0.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `collections.Counter(tokens).most_common()` is a falling list of pairs. Keep two tables: a list from index to token, and a
# dict from token to index.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# For lists: `if isinstance(tokens, (list, tuple)): return [self[token] for token in tokens]`, which calls itself, so that
# nesting costs nothing. For one token: `self.token_to_idx.get(tokens, 0)`.
# </details>
#
# <details><summary>Help: I see two indices for one token</summary>
#
# A reserved token that also occurs in the text is added twice. Ask whether it has an index already.
# </details>


# %% nbgrader={"grade": false, "grade_id": "Vocab", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Vocab:
    """Indices for tokens: 0 is <unk>, then the reserved tokens, then the tokens of the text, most frequent first.

    tokens: list of strings, list of lists of strings, or None. min_freq: int, a token of the text counts if it occurs at least that often.
    reserved_tokens: list of strings, or None.
    token_freqs: list of (token, count) of all tokens of the text, falling. unk: 0.
    """

    def __init__(self, tokens=None, min_freq=0, reserved_tokens=None):
        ### BEGIN SOLUTION
        flat = []
        for token in tokens or []:
            flat.extend([token] if isinstance(token, str) else token)
        self.token_freqs = collections.Counter(flat).most_common()
        frequent = [token for token, count in self.token_freqs if count >= min_freq]
        self.idx_to_token = list(dict.fromkeys(["<unk>", *(reserved_tokens or []), *frequent]))
        self.token_to_idx = {token: index for index, token in enumerate(self.idx_to_token)}
        self.unk = 0
        ### END SOLUTION

    def __len__(self):
        """The number of indices."""
        ### BEGIN SOLUTION
        return len(self.idx_to_token)
        ### END SOLUTION

    def __getitem__(self, tokens):
        """The index of a token, 0 for unknown ones; for a list or tuple (nested, too) a list of the same form."""
        ### BEGIN SOLUTION
        if isinstance(tokens, (list, tuple)):
            return [self[token] for token in tokens]
        return self.token_to_idx.get(tokens, self.unk)
        ### END SOLUTION

    def to_tokens(self, indices):
        """The token of an index; for a list or tuple a list."""
        ### BEGIN SOLUTION
        if isinstance(indices, (list, tuple)):
            return [self.to_tokens(index) for index in indices]
        return self.idx_to_token[indices]
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_Vocab", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
def check_vocab():
    tokens = ["b", "a", "c", "a", "b", "a"]
    vocab = Vocab(tokens, min_freq=2, reserved_tokens=["<pad>"])
    check_equal(len(vocab), 4, "the number of indices for b a c a b a with min_freq = 2 and <pad>")
    check_equal([vocab[t] for t in ("<unk>", "<pad>", "a", "b", "c", "never seen")], [0, 1, 2, 3, 0, 0], "the indices of <unk>, <pad>, a, b, c and a stranger")
    check_equal(vocab[["b", ["a", "z"]]], [3, [2, 0]], 'vocab[["b", ["a", "z"]]]')
    check_equal(vocab.to_tokens(3), "b", "vocab.to_tokens(3)")
    check_equal(vocab.to_tokens([3]), ["b"], "vocab.to_tokens([3])")
    check_equal(vocab.to_tokens((2, 0)), ["a", "<unk>"], "vocab.to_tokens((2, 0))")
    check_equal([tuple(pair) for pair in vocab.token_freqs], [("a", 3), ("b", 2), ("c", 1)], "vocab.token_freqs, rare tokens included")
    check_equal(vocab.unk, 0, "vocab.unk")
    vocab = Vocab([["x", "<pad>"], [], ["<pad>"]], reserved_tokens=["<pad>", "<eos>"])
    check_equal([vocab[t] for t in ("<pad>", "<eos>", "x")], [1, 2, 3], "the indices of <pad>, <eos> and x, where <pad> is in the text, too")
    check_equal(len(vocab), 4, "the number of indices where a reserved token is in the text, too")
    check_equal(len(Vocab()), 1, "the number of indices of an empty vocabulary")


check_vocab()

# %% [markdown]
# ### 2.3 `ngram_counts`
#
# *difficulty 2/5 · importance 2/5 · about 10 minutes · 4 points*
#
# Notes: 004 语言模型
#
# An n-gram ($n$元语法) is $n$ tokens that follow each other: a unigram (一元) for $n = 1$, a bigram (二元), a trigram (三元).
# Count all of them, at every place of the text, so they overlap. Keys are tuples, 1-tuples for $n = 1$.
#
# **By hand.** "to be or not to be" has five pairs: (to, be) twice, (be, or), (or, not) and (not, to) once each.
#
# <details><summary>Hint 1: a nudge</summary>
#
# $T$ tokens have $T - n + 1$ places at which an n-gram begins.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `collections.Counter(tuple(tokens[i : i + n]) for i in range(…))`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "ngram_counts", "locked": false, "schema_version": 3, "solution": true, "task": false}
def ngram_counts(tokens, n):
    """How often each n-gram occurs.

    tokens: list of strings. n: int >= 1.
    Returns: a dict with tuples of n strings as keys and ints; empty where there are fewer than n tokens.
    """
    ### BEGIN SOLUTION
    return collections.Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_ngram_counts", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
def check_ngram_counts():
    tokens = ["to", "be", "or", "not", "to", "be"]
    for n, right in (
        (1, {("to",): 2, ("be",): 2, ("or",): 1, ("not",): 1}),
        (2, {("to", "be"): 2, ("be", "or"): 1, ("or", "not"): 1, ("not", "to"): 1}),
        (5, {("to", "be", "or", "not", "to"): 1, ("be", "or", "not", "to", "be"): 1}),
        (7, {}),
    ):
        given = list(tokens)
        found = ngram_counts(given, n)
        check(given == tokens, "ngram_counts has changed the list of tokens; it should be left as it was.")
        check(isinstance(found, dict), f"ngram_counts should return a dict; this is a {type(found).__name__}.")
        check(found == right, f"ngram_counts of 'to be or not to be' for n = {n} is {dict(found)}, expected {right}.")


check_ngram_counts()

# %% [markdown]
# ### 2.4 `zipf_fit`
#
# *difficulty 3/5 · importance 2/5 · about 15 minutes · 5 points*
#
# Notes: 004 语言模型
#
# Sort the words of a text by their counts. The count of the word of rank $i$ falls like a power of $i$, in nearly every
# text of every language. This is Zipf's law (齐普夫定律):
#
# $$n_i \propto i^{-\alpha}, \qquad \log n_i \approx -\alpha \log i + c .$$
#
# Find $\alpha$ and $c$ by least squares, the straight line through the points $(\log i, \log n_i)$, natural logarithms. The first
# few ranks often stand off; `skip` leaves them out. The others **keep their ranks**: with `skip=2` the first point is
# that of rank 3.
#
# With $u_i = \log i$ and $v_i = \log n_i$, the slope of $v$ on $u$ is $s = \sum (u_i - \bar u)(v_i - \bar v) / \sum (u_i - \bar u)^2$; then
# $\alpha = -s$ and $c = \bar v - s\, \bar u$.
#
# **By hand.** The counts 12, 6, 4, 3 are $12 / i$: $\alpha = 1$ and $c = \log 12 = 2.485$, whatever is skipped.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `sorted(counts, reverse=True)` makes a new list and leaves yours alone; `counts.sort()` does not.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Ranks are `range(skip + 1, len(counts) + 1)`; the counts that belong to them are `ordered[skip:]`. Logarithms of both, in
# float64, then the formula above.
# </details>


# %% nbgrader={"grade": false, "grade_id": "zipf_fit", "locked": false, "schema_version": 3, "solution": true, "task": false}
def zipf_fit(counts, skip=0):
    """Exponent and constant of Zipf's law, by least squares of log count on log rank.

    counts: list of positive ints in any order, left unchanged. skip: int, so many of the first ranks are left out; at least two remain.
    Returns: (alpha, c), two floats with log n_i ≈ -alpha log i + c, natural logarithms.
    """
    ### BEGIN SOLUTION
    ordered = sorted(counts, reverse=True)
    u = torch.arange(skip + 1, len(counts) + 1, dtype=torch.float64).log()
    v = torch.tensor(ordered[skip:], dtype=torch.float64).log()
    slope = ((u - u.mean()) * (v - v.mean())).sum() / ((u - u.mean()) ** 2).sum()
    return -slope.item(), (v.mean() - slope * u.mean()).item()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_zipf_fit", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
def check_zipf_fit():
    counts = [4, 12, 3, 6]
    check_equal(zipf_fit(counts), (1.0, math.log(12)), "alpha and c for the counts 4, 12, 3, 6", rtol=1e-3)
    check_equal(counts, [4, 12, 3, 6], "the list of counts, after the call")
    check_equal(zipf_fit([144, 36, 16, 9]), (2.0, math.log(144)), "alpha and c for the counts 144, 36, 16, 9", rtol=1e-3)
    check_equal(zipf_fit([9999, 500, 48, 36], 2), (1.0, math.log(144)), "alpha and c for the counts 9999, 500, 48, 36 without the first two ranks", rtol=1e-3)
    check_equal(zipf_fit([8, 5, 1]), (1.76199, 2.28198), "alpha and c for the counts 8, 5, 1, which lie on no line", rtol=1e-3)


check_zipf_fit()

# %% [markdown]
# **Look:** the manual pages that Python carries along, tens of thousands of words. Words, pairs and triples in log-log scales, and
# your line through the words of the ranks 11 to 1000. (The rarest words lie below any line: the text is too short for them.)

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_zipf", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import re
#
# import matplotlib.pyplot as plt
# from pydoc_data.topics import topics
#
# TOPICS = re.findall("[a-z]+", " ".join(topics.values()).lower())
# figure, axes = plt.subplots(figsize=(6.4, 4.2), layout="constrained")
# for n, name in ((1, "words"), (2, "pairs"), (3, "triples")):
#     ordered = sorted(ngram_counts(TOPICS, n).values(), reverse=True)
#     axes.loglog(range(1, len(ordered) + 1), ordered, label=name)
#     if n == 1:
#         alpha, c = zipf_fit(ordered[:1000], 10)
#         axes.loglog([1, len(ordered)], [math.exp(c), math.exp(c - alpha * math.log(len(ordered)))], "k--", label=f"line of the words, α = {alpha:.2f}")
# axes.set(xlabel="rank", ylabel="count", title=f"Zipf's law in {len(TOPICS)} words of Python's manual", ylim=(0.6, None))
# axes.grid(alpha=0.3)
# axes.legend()
# plt.show()

# %% [markdown]
# ### 2.5 `laplace_bigram`
#
# *difficulty 3/5 · importance 3/5 · about 20 minutes · 6 points*
#
# Notes: 004 语言模型
#
# The simplest language model counts pairs. But most pairs never occur, and a probability of 0 rules out for ever what has
# merely not been seen. Laplace smoothing (拉普拉斯平滑) adds a little to every count. With $n$ tokens in the corpus (语料库), $m$ in
# the vocabulary, $n(x)$ how often $x$ occurs, and $n(x, x')$ how often $x'$ follows $x$:
#
# $$\hat P(x) = \frac{n(x) + \epsilon_1 / m}{n + \epsilon_1}, \qquad
#   \hat P(x' \mid x) = \frac{n(x, x') + \epsilon_2\, \hat P(x')}{n(x\,\cdot) + \epsilon_2} .$$
#
# Pairs lean towards the single words, not towards $1/m$. And $n(x\,\cdot)$ is the number of pairs that **begin** with $x$. The
# book writes $n(x)$ there; this counts the last token of the corpus, which begins no pair, once too often, and its row
# does not add up to one. Here every row does.
#
# **By hand.** Corpus 0, 1, 0, 0 with $m = 2$, $\epsilon_1 = 2$, $\epsilon_2 = 1$. $\hat P(0) = (3 + 1) / (4 + 2) = 2/3$. The pairs are (0, 1),
# (1, 0), (0, 0), so $n(0\,\cdot) = 2$, and $\hat P(0 \mid 0) = (1 + 2/3) / (2 + 1) = 5/9$, $\hat P(1 \mid 0) = 4/9$: together 1. With
# the book's $n(0) = 3$ they would add up to $3/4$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Count the pairs into a matrix of shape (m, m). The sum of a row is how many pairs begin with its token.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `torch.bincount(corpus[:-1] * vocab_size + corpus[1:], minlength=vocab_size**2)` counts the pairs; a plain loop over
# the corpus does as well. In the second formula `unigram` must lie along the columns: it belongs to $x'$.
# </details>


# %% nbgrader={"grade": false, "grade_id": "laplace_bigram", "locked": false, "schema_version": 3, "solution": true, "task": false}
def laplace_bigram(corpus, vocab_size, eps1, eps2):
    """Unigram and bigram probabilities with Laplace smoothing.

    corpus: (T,) int64, T >= 2, tokens from 0 to vocab_size - 1. vocab_size: int, m. eps1, eps2: floats > 0.
    Returns: (unigram (m,), bigram (m, m)), float; bigram[x, x'] = P(x' | x), and every row adds up to 1.
    """
    ### BEGIN SOLUTION
    counts = torch.bincount(corpus, minlength=vocab_size)
    unigram = (counts + eps1 / vocab_size) / (len(corpus) + eps1)
    pairs = torch.bincount(corpus[:-1] * vocab_size + corpus[1:], minlength=vocab_size**2).reshape(vocab_size, vocab_size)
    bigram = (pairs + eps2 * unigram) / (pairs.sum(dim=1, keepdim=True) + eps2)
    return unigram, bigram
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_laplace_bigram", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
def check_laplace_bigram():
    unigram, bigram = laplace_bigram(torch.tensor([0, 1, 0, 0]), 2, 2.0, 1.0)
    check_equal([float(p) for p in unigram], [2 / 3, 1 / 3], "the unigram probabilities of 0, 1, 0, 0")
    check_equal(tuple(bigram.shape), (2, 2), "the shape of the bigram probabilities")
    sums = [float(p) for p in bigram.sum(dim=1)]
    check_equal(sums, [1.0, 1.0], "the sums of the rows of the bigram probabilities")
    check_equal([float(p) for p in bigram.flatten()], [5 / 9, 4 / 9, 5 / 6, 1 / 6], "the bigram probabilities of 0, 1, 0, 0, row by row")
    unigram, bigram = laplace_bigram(torch.tensor([2, 0, 2, 2, 0]), 4, 1.0, 0.5)
    check_equal([float(p) for p in unigram], [0.375, 1 / 24, 13 / 24, 1 / 24], "the unigram probabilities of 2, 0, 2, 2, 0 with a vocabulary of four")
    check_equal([float(p) for p in bigram[1]], [float(p) for p in unigram], "the row of a token that never occurs")
    check_equal([float(p) for p in bigram[2]], [0.625, 1 / 168, 61 / 168, 1 / 168], "the row of token 2, which 0 follows twice and 2 once")


check_laplace_bigram()

# %% [markdown]
# ## 3 · Mini-batches of a corpus
#
# A corpus is one long list. A mini-batch (小批量) is a rectangle: `batch_size` rows, each a window of `num_steps` tokens. The
# labels `Y` are the same window one token later, since the next token is what is to be guessed. There are two ways to cut,
# and the way decides what may be done with the hidden state later on.
#
# Both begin at a random offset (偏移量) $o$, uniform in $0, \dots, \text{num\_steps} - 1$, so that in another epoch the cuts fall
# elsewhere. Both drop what does not fill a batch; a corpus that is too short for one gives none, and no error. And every label must
# exist: with $N$ tokens the last window ends at $N - 2$ at the latest.
#
# Everything random is drawn from `generator`, a `torch.Generator` or `None`, so that two generators with the same seed give the
# same batches. (`torch.randint` and `torch.randperm` take a generator. Python's `random` does not.)
#
# ### 3.1 `seq_data_iter_random`
#
# *difficulty 3/5 · importance 3/5 · about 20 minutes · 7 points*
#
# Notes: 004 语言模型
#
# **Random sampling** (随机采样): the windows begin at $o, o + \text{num\_steps}, o + 2\,\text{num\_steps}, \dots$, so that they are disjoint; there
# are $\lfloor (N - o - 1) / \text{num\_steps} \rfloor$ of them. They are put in random order and grouped into batches.
#
# **By hand.** The corpus 0, …, 10 with `num_steps = 3` and $o = 1$: $\lfloor 9 / 3 \rfloor = 3$ windows, 1 2 3, 4 5 6 and 7 8 9. The last one has
# the labels 8 9 10. With `batch_size = 2` there is one batch, and one window is left out.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Shuffle the places where windows begin, not the tokens.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `starts = o + num_steps * torch.randperm(num_windows, generator=generator)`. For each group of `batch_size` of them:
# `X = torch.tensor([corpus[s : s + num_steps] for s in group])`, and `Y` with `s + 1`.
# </details>
#
# <details><summary>Help: I see rows of different lengths</summary>
#
# The last window ran over the end: was the $-1$ for the labels forgotten?
# </details>


# %% nbgrader={"grade": false, "grade_id": "seq_data_iter_random", "locked": false, "schema_version": 3, "solution": true, "task": false}
def seq_data_iter_random(corpus, batch_size, num_steps, generator=None):
    """Mini-batches of a corpus by random sampling.

    corpus: list of N >= num_steps ints, left unchanged. batch_size, num_steps: ints. generator: torch.Generator or None, the source of all chance.
    Yields: pairs (X, Y), each (batch_size, num_steps) int64; Y is X one token later. Windows are disjoint and in random order.
    """
    ### BEGIN SOLUTION
    offset = int(torch.randint(num_steps, (), generator=generator))
    num_windows = (len(corpus) - offset - 1) // num_steps
    starts = (offset + num_steps * torch.randperm(num_windows, generator=generator)).tolist()
    for i in range(0, num_windows - batch_size + 1, batch_size):
        group = starts[i : i + batch_size]
        X = torch.tensor([corpus[s : s + num_steps] for s in group])
        Y = torch.tensor([corpus[s + 1 : s + 1 + num_steps] for s in group])
        yield X, Y
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_seq_data_iter_random", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
def check_seq_data_iter_random():
    corpus, offsets, orders = list(range(100, 111)), set(), set()
    for seed in range(40):
        batches = list(seq_data_iter_random(corpus, 1, 3, torch.Generator().manual_seed(seed)))
        for X, Y in batches:
            check_equal(tuple(X.shape), (1, 3), "the shape of X for batch_size = 1, num_steps = 3")
            check(X.dtype == Y.dtype == torch.int64, "X and Y should be int64.")
            check_equal(X.tolist(), [list(range(int(X[0, 0]), int(X[0, 0]) + 3))], "a row of X, which should be a window of the corpus")
            check_equal(Y, X + 1, "Y, which should be the window one token later")
        starts = [int(X[0, 0]) - 100 for X, _ in batches]
        offset = min(starts)
        check(offset < 3, f"The first window begins at {offset}; the offset should be 0, 1 or 2.")
        check_equal(sorted(starts), list(range(offset, 8, 3)), f"where the windows begin, sorted, for 11 tokens from offset {offset}")
        offsets.add(offset)
        orders.add(tuple(s - offset for s in starts))
    check_equal(sorted(offsets), [0, 1, 2], "the offsets that occur in 40 passes")
    check(len(orders) > 3, "The windows come in the same order in each pass.")
    batches = list(seq_data_iter_random(list(range(39)), 2, 3))
    check_equal([tuple(X.shape) for X, _ in batches], [(2, 3)] * 6, "the shapes of the batches of 39 tokens for batch_size = 2, num_steps = 3")
    check(any(abs(int(X[0, 0] - X[1, 0])) > 3 for X, _ in batches), "Each batch holds neighbours: the windows should be in random order, not the batches.")
    check_equal(list(seq_data_iter_random(corpus[:4], 1, 4)), [], "the batches of a corpus that is too short")
    one, two = ([X.tolist() for X, _ in seq_data_iter_random(corpus, 1, 2, torch.Generator().manual_seed(5))] for _ in range(2))
    check(one == two, "Two generators with the same seed give different batches.")


check_seq_data_iter_random()

# %% [markdown]
# ### 3.2 `seq_data_iter_sequential`
#
# *difficulty 3/5 · importance 4/5 · about 20 minutes · 7 points*
#
# Notes: 004 语言模型
#
# **Sequential partitioning** (顺序分区): what follows in the corpus follows in the next batch. From the offset on, the corpus is cut
# into `batch_size` long rows of $L = \lfloor (N - o - 1) / \text{batch\_size} \rfloor$ tokens, one going on where the other ends. These rows lie under one another, and
# the whole is cut from left to right into $\lfloor L / \text{num\_steps} \rfloor$ batches. So row $r$ of a batch goes on exactly where row $r$ of the batch
# before has ended, and a network can carry its state from batch to batch.
#
# **By hand.** The corpus 0, …, 11 with `batch_size = 2`, `num_steps = 2` and $o = 1$: $L = \lfloor 10 / 2 \rfloor = 5$, rows 1 … 5 and 6 … 10. The
# first batch is $\begin{pmatrix} 1 & 2 \\ 6 & 7 \end{pmatrix}$, the second $\begin{pmatrix} 3 & 4 \\ 8 & 9 \end{pmatrix}$; 5 and 10 are dropped.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Two matrices of shape (batch_size, L), one for X and one for Y, then slices of `num_steps` columns.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `Xs = torch.tensor(corpus[o : o + batch_size * L]).reshape(batch_size, L)`, `Ys` the same from `o + 1`, and in the loop
# `Xs[:, i : i + num_steps]`.
# </details>
#
# <details><summary>Help: neighbours stand in one batch, not in two</summary>
#
# `reshape(-1, num_steps)` puts windows that follow each other under one another. They should come in different batches,
# in the same row.
# </details>


# %% nbgrader={"grade": false, "grade_id": "seq_data_iter_sequential", "locked": false, "schema_version": 3, "solution": true, "task": false}
def seq_data_iter_sequential(corpus, batch_size, num_steps, generator=None):
    """Mini-batches of a corpus by sequential partitioning.

    corpus: list of N >= num_steps ints, left unchanged. batch_size, num_steps: ints. generator: torch.Generator or None, the source of all chance.
    Yields: pairs (X, Y), each (batch_size, num_steps) int64; Y is X one token later. Row r of a batch continues row r of the one before.
    """
    ### BEGIN SOLUTION
    offset = int(torch.randint(num_steps, (), generator=generator))
    length = (len(corpus) - offset - 1) // batch_size
    Xs = torch.tensor(corpus[offset : offset + batch_size * length]).reshape(batch_size, length)
    Ys = torch.tensor(corpus[offset + 1 : offset + 1 + batch_size * length]).reshape(batch_size, length)
    for i in range(0, length - num_steps + 1, num_steps):
        yield Xs[:, i : i + num_steps], Ys[:, i : i + num_steps]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_seq_data_iter_sequential", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
def check_seq_data_iter_sequential():
    corpus, offsets = list(range(100, 125)), set()
    for seed in range(40):
        batches = list(seq_data_iter_sequential(corpus, 2, 3, torch.Generator().manual_seed(seed)))
        check(bool(batches), "There is no batch for 25 tokens, batch_size = 2 and num_steps = 3.")
        offset = int(batches[0][0][0, 0]) - 100
        length = (24 - offset) // 2
        for i, (X, Y) in enumerate(batches):
            check_equal(tuple(X.shape), (2, 3), "the shape of X for batch_size = 2, num_steps = 3")
            check(X.dtype == Y.dtype == torch.int64, "X and Y should be int64.")
            row = torch.arange(3) + 100 + offset + 3 * i
            check_equal(X, torch.stack([row, row + length]), f"X of batch {i} of 25 tokens from offset {offset}, in two rows of {length} tokens")
            check_equal(Y, X + 1, "Y, which should be the window one token later")
        check_equal(len(batches), length // 3, f"the number of batches of 25 tokens from offset {offset}")
        offsets.add(offset)
    check({0, 1, 2} <= offsets <= {0, 1, 2, 3}, f"The offsets that occur in 40 passes are {sorted(offsets)}, expected 0, 1 and 2.")
    check_equal(list(seq_data_iter_sequential(corpus[:4], 4, 3)), [], "the batches of a corpus that is too short")
    one, two = ([X.tolist() for X, _ in seq_data_iter_sequential(corpus, 1, 2, torch.Generator().manual_seed(5))] for _ in range(2))
    check(one == two, "Two generators with the same seed give different batches.")


check_seq_data_iter_sequential()

# %% [markdown]
# ## 4 · A recurrent network
#
# Instead of a window of fixed length, keep a summary. The hidden state (隐状态) $H_t$ is made from the state before and the new
# input, by the same weights at every step. So it can hold what was read long ago, and the number of parameters does not grow
# with the length of the text.
#
# ### 4.1 `rnn`
#
# *difficulty 3/5 · importance 5/5 · about 20 minutes · 9 points · from scratch: no `nn.RNN`, `nn.RNNCell`, `torch.rnn_tanh`*
#
# Notes: 003 §4.1 · 004 RNN/RNN
#
# With $T$ steps, $n$ sequences, $d$ inputs, $h$ hidden units and $q$ outputs:
#
# $$H_t = \tanh(X_t W_{xh} + H_{t-1} W_{hh} + b_h), \qquad O_t = H_t W_{hq} + b_q .$$
#
# The inputs are **time-major**, $(T, n, d)$: `for X in inputs` gives one step after the other, each $(n, d)$. The state is a tuple
# with one entry, `(H,)`, so that networks with two states fit the same place in **ps16**. The outputs of all steps lie under
# one another, $(T \cdot n, q)$: first the $n$ rows of step 0, then those of step 1. Return them and the last state. A bias may have
# shape $(h,)$ or, as in the notes, $(1, h)$: $+$ takes both.
#
# `nn.RNN` is the recurrent layer only, without the output layer. The check below maps its weights to yours:
# $W_{xh}$ is `weight_ih_l0.T`, $W_{hh}$ is `weight_hh_l0.T`, $b_h$ is the sum of its two biases.
#
# **By hand.** One unit, $W_{xh} = 1$, $W_{hh} = 0.5$, $b_h = 0$, $W_{hq} = 2$, $b_q = 1$, the inputs 1, 2, the state 0: $H_1 = \tanh 1 = 0.762$,
# $H_2 = \tanh(2 + 0.381) = 0.983$, and the outputs are $2.523$ and $2.966$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# The output of step $t$ comes from the **new** state. It has read $X_t$, and predicts what comes next.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Loop `for X in inputs`, put `H @ W_hq + b_q` into a list, return `torch.cat(outputs), (H,)`.
# </details>
#
# <details><summary>Help: right for one sequence, wrong for several</summary>
#
# Look at the order of the rows: `cat` of the steps is right, `stack(…, dim=1)` gives sequence by sequence.
# </details>


# %% nbgrader={"grade": false, "grade_id": "rnn", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rnn(inputs, state, params):
    """A recurrent network with an output layer.

    inputs: (T, n, d), T >= 1. state: (H,), a tuple with H (n, h). params: [W_xh (d, h), W_hh (h, h), b_h, W_hq (h, q), b_q],
    biases (h,) and (q,), or (1, h) and (1, q).
    Returns: (outputs (T·n, q), (H,)): row t·n + i is step t of sequence i; H is the state after the last step.
    """
    ### BEGIN SOLUTION
    W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    outputs = []
    for X in inputs:
        H = torch.tanh(X @ W_xh + H @ W_hh + b_h)
        outputs.append(H @ W_hq + b_q)
    return torch.cat(outputs), (H,)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_rnn", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
def check_rnn():
    one = [torch.tensor([[w]]) for w in (1.0, 0.5)]
    params = [*one, torch.tensor([0.0]), torch.tensor([[2.0]]), torch.tensor([1.0])]
    result = rnn(torch.tensor([[[1.0]], [[2.0]]]), (torch.zeros(1, 1),), params)
    check(isinstance(result, tuple) and len(result) == 2, "rnn should return two things, the outputs and the state.")
    check_equal(result[0], torch.tensor([[2.5232], [2.9661]]), "the outputs of the example")
    check(isinstance(result[1], (tuple, list)) and len(result[1]) == 1, "The new state should be a tuple with one entry, (H,).")
    check_equal(result[1][0], torch.tensor([[0.9830]]), "the state after the example", rtol=1e-3)
    layer, generator = torch.nn.RNN(3, 4), torch.Generator().manual_seed(1)
    draw = lambda *shape: torch.randn(shape, generator=generator)
    W_xh, W_hh, b_h = layer.weight_ih_l0.T.detach(), layer.weight_hh_l0.T.detach(), (layer.bias_ih_l0 + layer.bias_hh_l0).detach()
    X, H, W_hq, b_q = draw(5, 2, 3), draw(2, 4), draw(4, 3), draw(3)
    with torch.no_grad():
        hidden, last = layer(X, H[None])
    outputs, (new,) = rnn(X, (H,), [W_xh, W_hh, b_h, W_hq, b_q])
    check_equal(outputs, hidden.flatten(0, 1) @ W_hq + b_q, "the outputs of 5 steps of 2 sequences, beside those of nn.RNN")
    check_equal(new, last[0], "the new state, beside that of nn.RNN")
    check_equal(rnn(X, (H,), [W_xh, W_hh, b_h[None], W_hq, b_q[None]])[0], outputs, "the outputs with biases of shape (1, h) and (1, q)")
    check_promises(rnn, X, (H,), [W_xh, W_hh, b_h, W_hq, b_q])


check_rnn()

# %% [markdown]
# Given, for what follows: a language model (语言模型) around your `rnn`. It reads letters as indices $(n, T)$, batch first as they come
# from the loaders, and turns them into time-major one-hot vectors (独热编码) itself.


# %% nbgrader={"grade": false, "grade_id": "char_rnn", "locked": true, "schema_version": 3, "solution": false, "task": false}
class CharRNN(torch.nn.Module):
    """A language model on letters: net(X (n, T) int64, state) -> (outputs (T·n, vocab_size), state)."""

    def __init__(self, vocab_size, num_hiddens):
        super().__init__()
        self.vocab_size, self.num_hiddens = vocab_size, num_hiddens
        bound = num_hiddens**-0.5
        shapes = [(vocab_size, num_hiddens), (num_hiddens, num_hiddens), (num_hiddens,), (num_hiddens, vocab_size), (vocab_size,)]
        self.params = torch.nn.ParameterList([torch.empty(shape).uniform_(-bound, bound) for shape in shapes])

    def begin_state(self, n):
        """The state before the first letter of n texts."""
        return (torch.zeros(n, self.num_hiddens),)

    def forward(self, X, state):
        outputs, state = rnn(torch.nn.functional.one_hot(X.T, self.vocab_size).float(), state, list(self.params))
        return outputs, tuple(state)


# %% [markdown]
# ### 4.2 `predict`
#
# *difficulty 3/5 · importance 4/5 · about 20 minutes · 7 points*
#
# Notes: 004 RNN/RNN
#
# Let a language model write. First it reads the prefix (前缀), letter by letter, only to bring its state along: the warm-up (预热期).
# What it predicts meanwhile is thrown away, except after the last letter. From then on it reads its own predictions, each time
# the letter with the highest score (greedy, 贪心).
#
# * Start from `net.begin_state(1)`. Each call `net(X, state)`, with `X` of shape $(1, T)$ int64, goes on from the state of
#   the call before, and returns `(outputs, state)`; the last row of `outputs` are the scores for the next letter.
# * Every letter of the prefix is read once, in order. One letter a call is fine, several a call as well.
# * `vocab["b"]` is an index, `vocab.to_tokens(3)` a letter.
# * No graph is recorded: `with torch.no_grad():`. Leave the mode of the net (train or eval) alone.
#
# **By hand.** A net that has learned a → b → c → a, and the prefix "ca", for three letters: it reads c, then a; after a it says
# b; it reads b and says c; it reads c and says a. The result is "cabca".
#
# <details><summary>Hint 1: a nudge</summary>
#
# After the warm-up you already hold the scores for the first new letter. If you feed the last letter of the prefix again, it
# has been read twice.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Keep a list `unread`, at first all letters of the prefix. In a loop over `num_preds`: read `torch.tensor([unread])`, take
# `int(outputs[-1].argmax())`, append its letter to the text, and let `unread` be this one letter.
# </details>


# %% nbgrader={"grade": false, "grade_id": "predict", "locked": false, "schema_version": 3, "solution": true, "task": false}
def predict(prefix, num_preds, net, vocab):
    """Goes on writing after a prefix, always with the likeliest letter.

    prefix: non-empty string of known letters. num_preds: int >= 0. net: begin_state(1) -> state; (X (1, T) int64, state) -> (outputs (T, v), state).
    vocab: vocab[letter] -> index, vocab.to_tokens(index) -> letter.
    Returns: a string, the prefix and num_preds letters more.
    """
    ### BEGIN SOLUTION
    text, unread, state = prefix, [vocab[letter] for letter in prefix], net.begin_state(1)
    with torch.no_grad():
        for _ in range(num_preds):
            outputs, state = net(torch.tensor([unread]), state)
            unread = [int(outputs[-1].argmax())]
            text += vocab.to_tokens(unread[0])
    return text
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_predict", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
def check_predict():
    class Letters:
        def __getitem__(self, letter):
            return [self[one] for one in letter] if isinstance(letter, list) else "_abc".index(letter)

        def to_tokens(self, index):
            return [self.to_tokens(one) for one in index] if isinstance(index, list) else "_abc"[index]

    class Wheel(torch.nn.Module):
        """Says a → b → c → a, moved on by the number of times that c was read; writes down what it reads."""

        def begin_state(self, n):
            self.read, self.last = "", None
            return torch.zeros(n, 1)

        def forward(self, X, state):
            check(isinstance(X, torch.Tensor) and X.ndim == 2 and len(X) == 1, "net should be called with a tensor of shape (1, T).")
            check(not torch.is_grad_enabled(), "net is called with autograd switched on: a graph is recorded for nothing.")
            check(self.last is None or torch.equal(state, self.last), "net is not called with the state that its call before has returned.")
            rows = []
            for index in X[0].tolist():
                self.read += "_abc"[index]
                state = state + (index == 3)
                rows.append(torch.nn.functional.one_hot(torch.tensor((index + int(state)) % 3 + 1), 4).float())
            self.last = state
            return torch.stack(rows), state

    for prefix, num_preds, right in (("ca", 3, "cacca"), ("a", 4, "abcba"), ("cc", 1, "ccc"), ("abc", 0, "abc")):
        net = Wheel()
        found = predict(prefix, num_preds, net, Letters())
        check(isinstance(found, str), f"predict should return a string; this is a {type(found).__name__}.")
        if num_preds:
            check(net.read.startswith(prefix), f"From the prefix {prefix!r} the net has read {net.read!r}; it should read each letter of the prefix once.")
        check(found == right, f"predict({prefix!r}, {num_preds}, …) is {found!r}, expected {right!r}. The net has read {getattr(net, 'read', '')!r}.")


check_predict()

# %% [markdown]
# ## 5 · Back through time
#
# A recurrent network of $T$ steps is one deep network, $T$ layers with the same weights. Its gradient comes back through all of
# them: backpropagation through time (通过时间反向传播, BPTT). Autograd does it for you; here you do it once yourself, because
# exploding and vanishing gradients (梯度爆炸、梯度消失) are easiest to see from the formula.
#
# ### 5.1 `rnn_backward`
#
# *difficulty 5/5 · importance 4/5 · about 35 minutes · 9 points · from scratch: no autograd*
#
# Notes: 004 BPTT(通过时间反向传播)
#
# Given are the inputs $X_t$, the first state $H_0$, all states $H_1, \dots, H_T$ of $H_t = \tanh(X_t W_{xh} + H_{t-1} W_{hh} + b_h)$, and
# `dH`: for each step the derivative of the loss by $H_t$ as it leaves the layer towards the outputs, **without** what comes back
# through later states. That part you add. Walk from the last step to the first, with $A_{T+1} = 0$:
#
# $$A_t = \left(dH_t + A_{t+1} W_{hh}^\top\right) \odot (1 - H_t \odot H_t)$$
#
# is the derivative by what stands inside $\tanh$ in step $t$. Everything else follows from it:
#
# $$dW_{xh} = \sum_t X_t^\top A_t, \quad dW_{hh} = \sum_t H_{t-1}^\top A_t, \quad db_h = \sum_t \sum_{\text{rows}} A_t, \quad
#   dX_t = A_t W_{xh}^\top, \quad dH_0 = A_1 W_{hh}^\top .$$
#
# Sums run over the whole batch, nothing is divided by $n$. In Python the steps count from 0: `H[0]` is $H_1$, and the state
# before it is `H0`. A loop over $T$ is needed; none over $n$.
#
# **By hand.** One unit, two steps: $H_0 = 0.5$, $H_1 = 0.6$, $H_2 = 0.8$, $X_1 = 1$, $X_2 = -1$, $W_{xh} = 2$, $W_{hh} = 0.5$, and $dH = (0, 1)$.
# $A_2 = 1 \cdot (1 - 0.64) = 0.36$ and $A_1 = (0 + 0.36 \cdot 0.5)(1 - 0.36) = 0.1152$. So $dW_{hh} = 0.5 \cdot 0.1152 + 0.6 \cdot 0.36 = 0.2736$,
# $dW_{xh} = 0.1152 - 0.36 = -0.2448$, $db_h = 0.4752$, $dX = (0.2304, 0.72)$ and $dH_0 = 0.0576$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Keep one matrix `dnext`, at first zeros, that holds $A_{t+1} W_{hh}^\top$: what the later step sends back. After the loop it is $dH_0$.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# In the loop over `t in reversed(range(T))`: `A = (dH[t] + dnext) * (1 - H[t] ** 2)`; `before = H[t - 1] if t > 0 else H0`;
# add `X[t].T @ A`, `before.T @ A` and `A.sum(0)` to what you have; `dX[t] = A @ W_xh.T`; `dnext = A @ W_hh.T`.
# </details>
#
# <details><summary>Help: dW_hh is wrong, everything else is right</summary>
#
# It wants the state **before** the step. `H[t]` is the one after it, and `H[-1]` for `t = 0` is the last one of all.
# </details>


# %% nbgrader={"grade": false, "grade_id": "rnn_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rnn_backward(dH, X, H0, H, W_xh, W_hh):
    """Backpropagation through time, by hand.

    dH: (T, n, h), derivatives by each state towards the outputs, without those through later states. X: (T, n, d). H0: (n, h).
    H: (T, n, h), the states after each step. W_xh: (d, h). W_hh: (h, h).
    Returns: (dW_xh (d, h), dW_hh (h, h), db_h (h,), dX (T, n, d), dH0 (n, h)), sums over the batch.
    """
    ### BEGIN SOLUTION
    states_before = torch.cat([H0[None], H[:-1]])
    A, dnext = torch.empty_like(H), torch.zeros_like(H0)
    for t in reversed(range(len(H))):
        A[t] = (dH[t] + dnext) * (1 - H[t] ** 2)
        dnext = A[t] @ W_hh.T
    dW_xh = torch.einsum("tnd,tnh->dh", X, A)
    dW_hh = torch.einsum("tng,tnh->gh", states_before, A)
    return dW_xh, dW_hh, A.sum(dim=(0, 1)), A @ W_xh.T, dnext
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_rnn_backward", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
def check_rnn_backward():
    names = ("dW_xh", "dW_hh", "db_h", "dX", "dH0")
    numbers = lambda *values: torch.tensor(values).reshape(-1, 1, 1)
    dH, X, H = numbers(0.0, 1.0), numbers(1.0, -1.0), numbers(0.6, 0.8)
    found = rnn_backward(dH, X, torch.tensor([[0.5]]), H, torch.tensor([[2.0]]), torch.tensor([[0.5]]))
    check(isinstance(found, (tuple, list)) and len(found) == 5, f"rnn_backward should return five things: {', '.join(names)}.")
    right = (torch.tensor([[-0.2448]]), torch.tensor([[0.2736]]), torch.tensor([0.4752]), numbers(0.2304, 0.72), torch.tensor([[0.0576]]))
    for name, mine, expected in zip(names, found, right):
        check_equal(mine, expected, f"{name} of the example")
    generator = torch.Generator().manual_seed(2)
    draw = lambda *shape: torch.randn(shape, generator=generator).requires_grad_()
    X, H0, W_xh, W_hh, b_h = draw(4, 3, 2), draw(3, 5), draw(2, 5), draw(5, 5), draw(5)
    states, state = [], H0
    for x in X:
        state = torch.tanh(x @ W_xh + state @ W_hh + b_h)
        states.append(state)
    H, dH = torch.stack(states), torch.randn(4, 3, 5, generator=generator)
    right = torch.autograd.grad(H, [W_xh, W_hh, b_h, X, H0], dH)
    given = tuple(t.detach() for t in (dH, X, H0, H, W_xh, W_hh))
    with torch.no_grad():
        found = rnn_backward(*(t.clone() for t in given))
    for name, mine, expected in zip(names, found, right):
        check_equal(mine, expected, f"{name} for 4 steps of 3 sequences, beside that of autograd", atol=1e-5)
    check_promises(rnn_backward, *given, gradient=False)


check_rnn_backward()

# %% [markdown]
# ### 5.2 `rnn_truncated`
#
# *difficulty 3/5 · importance 4/5 · about 10 minutes · 4 points*
#
# Notes: 004 BPTT(通过时间反向传播)
#
# For a long text the whole way back is dear, and its gradients are powers of $W_{hh}$. Regular truncation (规则截断) cuts the
# graph at fixed places: the state is **detached** before the steps `num_steps`, `2 * num_steps`, … (counted from 0), and not before
# step 0. The values stay what they are; only the gradient ends there. So a gradient at $H_t$ reaches the inputs and the
# parameters through the steps of its own window only, and the state that was handed in through the first window.
#
# **By hand.** Five steps with `num_steps = 2`: the windows are the steps 0 and 1, 2 and 3, and 4 alone. A loss at step 3 sends
# a gradient to $X_3$ and $X_2$, and none to $X_1$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# One line more than in the loop of `rnn`: `if t > 0 and t % num_steps == 0`, the state goes on without its graph.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `H = H.detach()` before the step. Not after the step has been put into the list of states: those keep their graph.
# </details>


# %% nbgrader={"grade": false, "grade_id": "rnn_truncated", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rnn_truncated(inputs, state, params, num_steps):
    """The states of a recurrent network, with a graph that is cut every num_steps steps.

    inputs: (T, n, d). state: (H,) with H (n, h). params: [W_xh (d, h), W_hh (h, h), b_h (h,)]. num_steps: int >= 1.
    Returns: (states (T, n, h), (H,)): the states after each step, and the last one.
    """
    ### BEGIN SOLUTION
    W_xh, W_hh, b_h = params
    (H,) = state
    states = []
    for t, X in enumerate(inputs):
        if t > 0 and t % num_steps == 0:
            H = H.detach()
        H = torch.tanh(X @ W_xh + H @ W_hh + b_h)
        states.append(H)
    return torch.stack(states), (H,)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_rnn_truncated", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
def check_rnn_truncated():
    generator = torch.Generator().manual_seed(3)
    draw = lambda *shape: torch.randn(shape, generator=generator)
    X, H0, params = draw(5, 2, 3).requires_grad_(), draw(2, 4).requires_grad_(), [draw(3, 4), 0.5 * draw(4, 4), draw(4)]
    states, new = rnn_truncated(X, (H0,), params, 2)
    H, right = H0, []
    for x in X:
        H = torch.tanh(x @ params[0] + H @ params[1] + params[2])
        right.append(H)
    check_equal(states.detach(), torch.stack(right).detach(), "the states, which should be those without truncation")
    check(isinstance(new, (tuple, list)) and len(new) == 1, "The new state should be a tuple with one entry, (H,).")
    check_equal(new[0].detach(), right[-1].detach(), "the new state")
    for t, window in ((1, {0, 1}), (3, {2, 3}), (4, {4})):
        check(states.requires_grad, "The states carry no graph at all.")
        dX, dH0 = torch.autograd.grad(states[t].sum(), [X, H0], retain_graph=True, allow_unused=True)
        reached = set() if dX is None else {s for s in range(5) if dX[s].abs().sum() > 0}
        check(reached == window, f"With num_steps = 2 a gradient at step {t} reaches the inputs of the steps {sorted(reached)}, expected {sorted(window)}.")
        got = dH0 is not None and bool(dH0.abs().sum() > 0)
        check(got == (t < 2), f"A gradient at step {t} {'reaches' if got else 'does not reach'} the state that was handed in.")


check_rnn_truncated()

# %% [markdown]
# **Look:** how much of a gradient at the last state arrives $k$ steps before, for weights $W_{hh}$ whose largest eigenvalue has
# size 0.5, 1 and 1.5 (spectral radius, 谱半径). One vanishes, one explodes. Where the graph is cut every 20 steps, nothing arrives
# from farther back.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_gradients", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# torch.manual_seed(0)
# T, h = 60, 32
# W = torch.randn(h, h).double()
# W /= torch.linalg.eigvals(W).abs().max()
# figure, axes = plt.subplots(figsize=(6.4, 3.8), layout="constrained")
# for radius, num_steps, style in ((0.5, T, "-"), (1.0, T, "-"), (1.5, T, "-"), (1.0, 20, "k--")):
#     X = (1e-14 * torch.randn(T, 1, 4).double()).requires_grad_()  # so small that tanh is a straight line
#     states, _ = rnn_truncated(X, (0 * W[:1],), [torch.randn(4, h).double(), radius * W, 0 * W[0]], num_steps)
#     states[-1].sum().backward()
#     norms = X.grad.flatten(1).norm(dim=1).flip(0)
#     norms[norms == 0] = math.nan
#     axes.semilogy(norms, style, label=f"spectral radius {radius}" + (", cut every 20 steps" if num_steps < T else ""))
# axes.set(xlabel="steps back from the loss", ylabel="norm of the gradient at X", title="What arrives of a gradient, k steps back")
# axes.grid(alpha=0.3)
# axes.legend()
# plt.show()

# %% [markdown]
# ### Written question 1: back through time (up to 5 points of extra credit, marked by hand)
#
# Leave $\tanh$ away: $h_t = W_{hx} x_t + W_{hh} h_{t-1}$, $o_t = W_{qh} h_t$, and a loss $L = \frac1T \sum_t \ell(o_t, y_t)$.
#
# (a) Write $\partial L / \partial h_t$ as a sum over later steps, and from it $\partial L / \partial W_{hh}$.
#
# (b) Say from the powers in this sum when gradients vanish and when they explode.
#
# (c) *Randomised truncation* (随机截断). For a chain $h_t = f(x_t, h_{t-1}, w)$ with numbers the true derivative obeys
# $\frac{dh_t}{dw} = \frac{\partial f}{\partial w} + \frac{\partial f}{\partial h} \frac{dh_{t-1}}{dw}$. Take instead
# $z_t = \frac{\partial f}{\partial w} + \xi_t \frac{\partial f}{\partial h} z_{t-1}$, where the $\xi_t$ are drawn independently, $P(\xi_t = 0) = 1 - \pi$ and
# $P(\xi_t = 1/\pi) = \pi$. Show that $z_t$ has the right expectation, and say why the gradient of regular truncation has not.

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_bptt", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) $h_t$ acts on the loss through $o_t$ and through $h_{t+1}$:
# $\frac{\partial L}{\partial h_t} = W_{hh}^\top \frac{\partial L}{\partial h_{t+1}} + W_{qh}^\top \frac{\partial L}{\partial o_t}$. Unrolled,
#
# $$\frac{\partial L}{\partial h_t} = \sum_{i=t}^{T} (W_{hh}^\top)^{\,i-t}\, W_{qh}^\top \frac{\partial L}{\partial o_i}, \qquad
#   \frac{\partial L}{\partial W_{hh}} = \sum_{t=1}^{T} \frac{\partial L}{\partial h_t}\, h_{t-1}^\top, \qquad
#   \frac{\partial L}{\partial o_i} = \frac1T \frac{\partial \ell(o_i, y_i)}{\partial o_i} .$$
#
# (b) What comes from $i - t$ steps later is multiplied by the power $(W_{hh}^\top)^{i-t}$. Along eigenvectors whose eigenvalue is smaller than 1
# in size it goes to zero exponentially (vanishing), along those with a larger one it grows exponentially (exploding).
#
# (c) $E[\xi_t] = 0 \cdot (1 - \pi) + \frac1\pi \cdot \pi = 1$. $z_{t-1}$ depends on $\xi_1, \dots, \xi_{t-1}$ only, so it is independent of $\xi_t$, and
# $E[z_t] = \frac{\partial f}{\partial w} + E[\xi_t] \frac{\partial f}{\partial h} E[z_{t-1}] = \frac{\partial f}{\partial w} + \frac{\partial f}{\partial h} E[z_{t-1}]$: the recursion of the true
# derivative, with the same beginning, so by induction the same values. Regular truncation puts 0 in place of the older part at fixed places, every
# time: nothing makes up for what is left out, so all dependencies longer than the window are missing from its expectation.
#
# **Marking scheme.** 2 points: the sum for $\partial L / \partial h_t$ (1) and $\partial L / \partial W_{hh}$ with $h_{t-1}$ (1). 1 point: vanishing and exploding
# from the eigenvalues (or singular values) of the powers. 2 points: $E[\xi_t] = 1$ (1); independence of $z_{t-1}$, the induction, and that regular
# truncation always leaves the same part out (1).
# ### END SOLUTION

# %% [markdown]
# ## 6 · A language model learns the Zen of Python
#
# CPython carries a poem, `import this`, written in rot13. Here it is in small letters, 855 of them, 31 different ones. Given as well
# are clipping and perplexity, which you write yourself in **ps16**.

# %% nbgrader={"grade": false, "grade_id": "zen", "locked": true, "schema_version": 3, "solution": false, "task": false}
with contextlib.redirect_stdout(io.StringIO()):
    import this
ZEN = " ".join(codecs.decode(this.s, "rot13").lower().split())
LETTERS = sorted(set(ZEN))
ZEN_IDS = [LETTERS.index(letter) for letter in ZEN]


def grad_clipping(params, theta):
    """Shortens all gradients together, in place, so that their common norm is at most theta. Returns the norm before."""
    grads = [param.grad for param in params if param.grad is not None]
    norm = sum(float((g**2).sum()) for g in grads) ** 0.5
    if norm > theta:
        for g in grads:
            g *= theta / norm
    return norm


def perplexity(loss_sum, num_tokens):
    """The exponential of the mean loss a token, from the sum of the losses of num_tokens tokens."""
    return math.exp(loss_sum / num_tokens)


# %% [markdown]
# The perplexity (困惑度) of a model is $\exp\left(-\frac1n \sum_t \log P(x_t \mid x_1, \dots, x_{t-1})\right)$: among how many equally likely tokens it
# chooses, on average. A perfect one has 1, a uniform guess has the size of the vocabulary, and one that rules out what happens has $\infty$.
#
# ### 6.1 `train_epoch`
#
# *difficulty 4/5 · importance 5/5 · about 30 minutes · 7 points*
#
# Notes: 004 RNN/RNN
#
# One epoch of training, for both ways to cut the corpus. They differ in the state:
#
# * **sequential** (`use_random_iter=False`): `net.begin_state(n)` before the first batch of the epoch. Each later batch goes on from the
#   state of the batch before, **detached**: the network remembers, the gradient stops.
# * **random** (`use_random_iter=True`): a batch has nothing to do with the one before, so `net.begin_state(n)` for every batch.
#
# For each batch `(X, Y)`, both $(n, T)$: `outputs, state = net(X, state)`, with outputs $(T \cdot n, v)$ step by step, as from your `rnn`. The loss
# is the cross-entropy (交叉熵), the **mean** over all $T \cdot n$ tokens; the right tokens must stand in the order of the outputs, so $Y$ is transposed
# before it is flattened. Then clear the old gradients, go backward, clip all parameters together to `theta`, and step.
#
# Return the perplexity of the epoch: $\exp$ of the sum of all losses, divided by the number of all tokens, each loss as it was before
# its step. Batches may differ in $T$. A state is a tensor or a tuple of tensors (as that of an LSTM), and you must detach either.
#
# `torch.nn.functional.cross_entropy`, `clip_grad_norm_`, the given `grad_clipping` and `perplexity` are all allowed here.
#
# **By hand.** A batch of 3 tokens with mean loss $\log 8$ and one of 1 token with loss $\log 2$: the losses add up to
# $3 \log 8 + \log 2 = 10 \log 2$ over 4 tokens, so the perplexity is $2^{2.5} = 5.66$. The mean of the two means would give $2^2 = 4$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `state = None` before the loop; in it `if state is None or use_random_iter:` begin anew, `else:` detach.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `loss = torch.nn.functional.cross_entropy(outputs, Y.T.reshape(-1))`; then `optimizer.zero_grad()`, `loss.backward()`,
# `grad_clipping(list(net.parameters()), theta)`, `optimizer.step()`. Keep `loss.item() * Y.numel()` and `Y.numel()` in running sums.
# </details>
#
# <details><summary>Help: I see "Trying to backward through the graph a second time"</summary>
#
# The state still hangs on the graph of the batch before. Detach it: `tuple(s.detach() for s in state)`, or `state.detach()` where it is a tensor.
# </details>
#
# <details><summary>Help: I see a perplexity that stays near 18</summary>
#
# That is what knowing how often each letter occurs is worth. The outputs meet the wrong letters: is it `Y.T.reshape(-1)`?
# </details>


# %% nbgrader={"grade": false, "grade_id": "train_epoch", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_epoch(net, train_iter, optimizer, theta, use_random_iter):
    """One epoch of a language model.

    net: Module with begin_state(n) -> state and (X (n, T) int64, state) -> (outputs (T·n, v), state); a state is a tensor or a tuple of tensors.
    train_iter: pairs (X, Y), each (n, T) int64. optimizer: of net's parameters. theta: float > 0, the norm that gradients are clipped to.
    use_random_iter: bool, whether each batch begins with a state of its own.
    Returns: a float, the perplexity over all tokens of the epoch, each measured before the step of its batch.
    """
    ### BEGIN SOLUTION
    state, loss_sum, num_tokens = None, 0.0, 0
    for X, Y in train_iter:
        if state is None or use_random_iter:
            state = net.begin_state(len(X))
        else:
            state = state.detach() if isinstance(state, torch.Tensor) else tuple(s.detach() for s in state)
        outputs, state = net(X, state)
        loss = torch.nn.functional.cross_entropy(outputs, Y.T.reshape(-1))
        optimizer.zero_grad()
        loss.backward()
        grad_clipping(list(net.parameters()), theta)
        optimizer.step()
        loss_sum += loss.item() * Y.numel()
        num_tokens += Y.numel()
    return perplexity(loss_sum, num_tokens)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_train_epoch", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
def check_train_epoch():
    class Table(torch.nn.Module):
        """Scores for the next token from the token alone; its state counts what was read, and is written down."""

        def __init__(self, W):
            super().__init__()
            self.W, self.seen = torch.nn.Parameter(W.clone()), []

        def begin_state(self, n):
            return (torch.zeros(n, 1), torch.ones(n, 2))

        def forward(self, X, state):
            check(isinstance(state, (tuple, list)) and len(state) == 2, "net is not called with a state as begin_state(n) gives it, or it itself.")
            check(not any(s.requires_grad for s in state), "The state is handed on with its graph: detach every tensor of it.")
            self.seen.append(float(state[0][0, 0]))
            moved = state[0] + X.shape[1] + 0 * self.W.sum()
            return self.W[X.T.reshape(-1)], (moved, state[1] + moved.mean())

    losses = lambda W, X, Y: torch.nn.functional.cross_entropy(W[X.T.reshape(-1)], Y.T.reshape(-1), reduction="none")
    W = torch.tensor([[2.0, 0.0, -1.0], [0.5, 1.0, 3.0], [-2.0, 1.0, 0.0]])
    tokens = torch.tensor([[0, 2, 1, 1, 0, 2, 1], [1, 0, 2, 0, 2, 2, 0]])
    batches = [(tokens[:, i:j], tokens[:, i + 1 : j + 1]) for i, j in ((0, 3), (3, 5), (5, 6))]
    for use_random_iter, due in ((False, [0.0, 3.0, 5.0]), (True, [0.0, 0.0, 0.0])):
        net = Table(W)
        found = train_epoch(net, batches, torch.optim.SGD(net.parameters(), lr=0.0), 1.0, use_random_iter)
        regime = f"use_random_iter = {use_random_iter}"
        check_equal(net.seen, due, f"how many letters the state has read before each batch, for {regime},")
        check_equal(found, torch.cat([losses(W, X, Y) for X, Y in batches]).mean().exp().item(), f"the perplexity of batches of 6, 4 and 2 tokens, {regime},")
    net, right = Table(W), W
    train_epoch(net, batches, torch.optim.SGD(net.parameters(), lr=0.5), 1e6, False)
    for X, Y in batches:
        right = right.detach().requires_grad_()
        right = right - 0.5 * torch.autograd.grad(losses(right, X, Y).mean(), right)[0]
    check_equal(net.W.detach(), right.detach(), "the table after an epoch of three steps with lr = 0.5, without any clipping,")
    for theta in (0.02, 0.1):
        net = Table(W)
        train_epoch(net, batches[:1], torch.optim.SGD(net.parameters(), lr=0.5), theta, True)
        check_equal(float((net.W.detach() - W).norm()) / 0.5, theta, f"the norm of the gradient that one step with theta = {theta} has used", rtol=1e-2)


check_train_epoch()

# %% [markdown]
# **Look:** everything below is yours. Your network learns the Zen, with either sampling, and recites it from "beautiful is" after 5,
# 20 and 60 epochs.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_zen", "locked": true, "schema_version": 3, "solution": false, "task": false}
# letters = Vocab(list(ZEN))
# curves = {}
# for name, loader in (("random sampling", seq_data_iter_random), ("sequential partitioning", seq_data_iter_sequential)):
#     torch.manual_seed(0)
#     net, generator = CharRNN(len(letters), 64), torch.Generator().manual_seed(0)
#     optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
#     curves[name] = []
#     for epoch in range(1, 61):
#         batches = loader(letters[list(ZEN)], 8, 32, generator)
#         curves[name].append(train_epoch(net, batches, optimizer, 1.0, loader is seq_data_iter_random))
#         if loader is seq_data_iter_sequential and epoch in (5, 20, 60):
#             print(f"after {epoch:2} epochs: {predict('beautiful is', 68, net, letters)}")
# plot_curves(curves, "epoch", "perplexity", "Learning the Zen of Python by heart")

# %% [markdown]
# ### Written question 2: two means (up to 3 points of extra credit, marked by hand)
#
# Lecture notes call perplexity the *harmonic* mean (调和平均数) of the number of choices. Is it? (a) Which mean of the numbers $1 / P_t$ is
# $\exp\left(-\frac1n \sum_t \log P_t\right)$? (b) What is its value for a uniform guess over $v$ tokens? (c) Say why Laplace smoothing, on the other hand,
# makes the tail of Zipf's law too heavy.

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_means", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) $\exp\left(\frac1n \sum_t \log \frac1{P_t}\right) = \left(\prod_t \frac1{P_t}\right)^{1/n}$ is the *geometric* mean. The harmonic mean of the $1 / P_t$ would
# be $n / \sum_t P_t$, one over the mean probability, which one impossible token ($P_t = 0$) would hardly move; perplexity is infinite then.
#
# (b) $P_t = 1/v$ for all $t$, so it is $v$. (There all means are the same; that is why the example does not tell them apart.)
#
# (c) $\epsilon$ is shared out evenly over all tokens or pairs, those that were never seen included. In a Zipf tail these are very many, most of
# what is possible, so together they get a large share of the probability, much more than they have in texts, and each rare one is
# raised as much as a frequent one.
#
# **Marking scheme.** 1 point: geometric, with a reason. 1 point: $v$. 1 point: $\epsilon$ is shared out over the many that were never seen.
# ### END SOLUTION

# %% [markdown]
# ## What you have now, and where to go
#
# The whole way from a text to a machine that writes: tokens, vocabulary, mini-batches, a network with a memory, its gradient back
# through time by hand, and its training.
#
# To try, if you like: begin `predict` with words that are not in the Zen. Train with `num_steps` 8 or 100. Read another text: anything
# that you can put into a string.
#
# What this network forgets, it forgets by itself: every step writes over its whole state, and the gradient fades or explodes with the
# powers of one matrix. In **ps16** gates decide what is kept and what is let go: GRU and LSTM.
