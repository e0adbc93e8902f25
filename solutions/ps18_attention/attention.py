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
# # Attention (注意力机制)
#
# A recurrent network squeezes everything it has read into one state. Attention does not squeeze: it keeps all that was
# read and, at every step, *looks up* what it needs. In this notebook you build that look-up, from a curve fit of 1964
# to the multi-head attention inside today's language models: weighted averages, masks, two ways to score, many heads,
# positions, and a layer that cannot see the future. At the end you watch two heads divide a task between them that one
# head cannot solve.
#
# **How it is marked.** Each exercise has a cell for your answer and, under it, a check that you can run as often as you like.
# A check is an example: it says in words what is wrong with one result. The hidden grader asks more of the same (other
# shapes, other numbers, gradients, empty sequences), and it marks each property on its own, so an answer that is wrong only in
# some cases keeps the points of the others. The points add up to 100; the two written questions are extra credit.
#
# **Exercises that build on others.** Attention layers call your `masked_softmax`, and many heads call your
# `DotProductAttention`. If an earlier exercise that this one uses is not right yet, the grader lends a right one: one
# mistake costs its own points only. Helpers of your own may stand in cells of your own, above the exercise that uses them.
#
# **What "from scratch" means.** `torch.softmax` is yours to use everywhere. What PyTorch offers for attention itself
# (`torch.nn.functional.scaled_dot_product_attention`, `nn.MultiheadAttention` and what they call inside) is off limits
# in the exercises that are marked *from scratch*.
#
# **Whole batches at once.** No answer needs a loop over the sequences of a batch (in 1.1 and 2.2: nor over queries or
# keys), and the grader counts: the number of tensor operations must not grow with them. A loop over heads is fine.
#
# **Letters used throughout.** The batch comes first: queries have shape $(n, q, d)$.
#
# | letter | is |
# |---|---|
# | $n$ | sequences in a batch |
# | $q$, $k$ | queries and keys of a sequence (in 1.1, where there is no batch: of all) |
# | $T$ | the length of a sequence, where queries and keys are its steps |
# | $d$ | the size of a vector that goes in; in 5 it is `num_hiddens` |
# | $v$ | the size of a value |
# | $h$ | hidden units, `num_hiddens` |
# | $H$ | heads, `num_heads`; $j$ is the number of a head |
# | $p$ | the size of what is compared after a projection: $h / H$ for each head in 4, the columns of $W_q$ in 6 |

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import math

import torch
from course_tools import check, check_equal, check_promises, plot_curves, show_heatmap
from torch import nn

# %% [markdown]
# ## 1 · A look-up that is never quite sure
#
# A dictionary has keys (键) and values (值). You come with a query (查询), and if it equals a key you get that key's value;
# otherwise nothing. *Attention pooling* (注意力汇聚) is the soft version: **every** key matches a little. The result is a
# weighted average of all values, and the better a key fits the query, the larger its weight.
#
# ### 1.1 `nadaraya_watson`
#
# *difficulty 2/5 · importance 3/5 · about 15 minutes · 7 points*
#
# Notes: 004 Nadaraya-Watson核回归
#
# The oldest attention is a curve fit, the Nadaraya-Watson kernel regression (核回归). The keys $x_i$ are the places where
# somebody has measured, the values $y_i$ what was measured there. The query is a place $x$ where nobody has measured.
# Near places count most, how near is near says a number $w$:
#
# $$f(x) = \sum_{i} \alpha_i\, y_i, \qquad
# \alpha = \mathrm{softmax}\Big({-\tfrac12}\big((x - x_1)\, w\big)^2,\ \dots,\ {-\tfrac12}\big((x - x_k)\, w\big)^2\Big)$$
#
# The weights are positive and add up to 1 for each query. A large $w$ listens to the nearest neighbour only, $w = 0$
# to all alike.
#
# Many queries at once: `queries` has shape $(q,)$. All of them may share the keys and values, shape $(k,)$, or each
# may have a row of its own, shape $(q, k)$.
#
# **By hand.** Query $0$, keys $0$ and $1$, values $10$ and $20$, $w = \sqrt{2 \ln 3} = 1.4823$. The scores are $0$ and
# $-\tfrac12 w^2 = -\ln 3$; their exponentials $1$ and $\tfrac13$ make the weights $\tfrac34$ and $\tfrac14$. So
# $f(0) = 7.5 + 5 = 12.5$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# First a table of all scores, one row a query, one column a key: `queries[:, None]` is a column, and a column minus a
# row is a table. Over which dimension do the weights add up to 1?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `scores = -(((queries[:, None] - keys) * w) ** 2) / 2`, then `weights = torch.softmax(scores, dim=1)`. Multiply the
# weights by the values, entry by entry, and sum each row; this is right for both shapes.
# </details>
#
# <details><summary>Help: I see NaN for a query far from all keys</summary>
#
# There every `exp` is 0, and the sum of them as well: 0/0. `torch.softmax` subtracts the largest score first, and then
# at least one exponential is 1. Give it the scores and take no `exp` of your own.
# </details>


# %% nbgrader={"grade": false, "grade_id": "nadaraya_watson", "locked": false, "schema_version": 3, "solution": true, "task": false}
def nadaraya_watson(queries, keys, values, w):
    """Attention pooling with a Gaussian kernel.

    queries: (q,) float. keys, values: (k,) for all queries, or (q, k) with a row for each; float.
    w: a float, or a tensor with one entry.
    Returns: (q,), the prediction at each query; dtype and device of the queries.
    """
    ### BEGIN SOLUTION
    scores = -(((queries[:, None] - keys) * w) ** 2) / 2
    weights = torch.softmax(scores, dim=1)
    return (weights * values).sum(dim=1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_nadaraya_watson", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
_queries, _keys, _values = torch.tensor([0.0, 1.0, 0.5]), torch.tensor([0.0, 1.0]), torch.tensor([10.0, 20.0])
check_equal(nadaraya_watson(_queries, _keys, _values, 1.482304), torch.tensor([12.5, 17.5, 15.0]), "the predictions at 0, 1 and 1/2")
_own_keys, _own_values = torch.tensor([[0.0, 1.0], [0.0, 1.0], [4.0, 0.5]]), torch.tensor([[1.0, 5.0], [7.0, 7.0], [0.0, 3.0]])
_f = nadaraya_watson(_queries, _own_keys, _own_values, torch.tensor([1.482304]))
check_equal(_f, torch.tensor([2.0, 7.0, 2.999996]), "the predictions when each query has keys and values of its own")
check_equal(nadaraya_watson(torch.tensor([90.0, -80.0]), _keys, _values, 2.0), torch.tensor([20.0, 10.0]), "the predictions far from all keys, at 90 and -80")
check_promises(nadaraya_watson, torch.tensor([0.5, -1.0, 2.0]), torch.tensor([0.0, 1.5]), torch.tensor([-3.0, 4.0]), torch.tensor([0.7]))

# %% [markdown]
# **How near is near?** Fifty noisy measurements of a curve, and your function with three values of $w$. One of them is
# learned: each measurement is predicted from the other 49 (so that none can just look at itself), and $w$ follows the
# gradient of the squared error, which runs through your softmax.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_kernel", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# torch.manual_seed(4)
# keys = torch.sort(5 * torch.rand(50)).values
# values = 2 * torch.sin(keys) + keys**0.8 + 0.5 * torch.randn(50)
#
# others = ~torch.eye(50, dtype=torch.bool)
# other_keys, other_values = (t.repeat(50, 1)[others].reshape(50, 49) for t in (keys, values))
# w = torch.ones(1, requires_grad=True)
# optimizer = torch.optim.Adam([w], lr=0.2)
# for _ in range(100):
#     optimizer.zero_grad()
#     ((nadaraya_watson(keys, other_keys, other_values, w) - values) ** 2).mean().backward()
#     optimizer.step()
#
# queries = torch.linspace(0, 5, 101)
# curves = {"the true curve": 2 * torch.sin(queries) + queries**0.8}
# for name, width in (("w = 0.5", 0.5), (f"learned, w = {w.item():.1f}", w.detach()), ("w = 40", 40.0)):
#     curves[name] = nadaraya_watson(queries, keys, values, width)
# figure, axes = plt.subplots(figsize=(6.4, 3.8), layout="constrained")
# axes.scatter(keys, values, s=14, color="grey", label="50 measurements")
# for name, curve in curves.items():
#     axes.plot(queries, curve.detach(), label=name)
# axes.set(xlabel="x", ylabel="prediction", title="Kernel regression from 50 noisy points")
# axes.grid(alpha=0.3)
# axes.legend()
# plt.show()

# %% [markdown]
# And the weights themselves. Your function does not return them, but it is linear in the values: with the value 1 at
# one key and 0 at all others, what comes out is the weight of that key.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_kernel_weights", "locked": true, "schema_version": 3, "solution": false, "task": false}
# weights = torch.stack([nadaraya_watson(queries[::2], keys, one, w.detach()) for one in torch.eye(50)], dim=1)
# show_heatmap(weights, "key, from left to right", "query, from left to right", "Attention weights of the learned kernel")

# %% [markdown]
# ## 2 · Looking only where there is something
#
# Sentences of a batch differ in length, so the short ones are filled up with padding (填充). Nobody should attend to
# padding. How much of each sequence is real, its *valid length* (有效长度), comes along as a tensor of integers.
#
# ### 2.1 `sequence_mask`
#
# *difficulty 2/5 · importance 3/5 · about 10 minutes · 5 points*
#
# Notes: 004 注意力评分函数
#
# Replace everything in a batch of sequences that lies behind the valid length: for sequence $i$, the steps
# $t = 0, \dots, \text{len}_i - 1$ stay, all later ones become `value`.
#
# **Conventions.** `X` has shape $(n, T)$, or $(n, T, \dots)$ with more numbers a step, which then share the fate of
# their step. `value` may be any number that fits the dtype, $-\infty$ too. A length of 0 replaces all, a length of $T$
# or more nothing. The result is a new tensor; `X` itself stays as it is.
#
# **By hand.** $X = \begin{pmatrix} 1 & 2 & 3 \\ 4 & 5 & 6 \end{pmatrix}$ with lengths $(1, 2)$ becomes
# $\begin{pmatrix} 1 & 0 & 0 \\ 4 & 5 & 0 \end{pmatrix}$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# The number of each step, `torch.arange(T)`, compared with the length of each sequence: a row against a column gives a
# table of True and False.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `mask = torch.arange(X.shape[1], device=X.device) < valid_len[:, None]` is $(n, T)$. Give it a dimension of size 1 for
# every further dimension of X. Then `X.masked_fill(~mask, value)`, which makes a new tensor.
# </details>
#
# <details><summary>Help: I see NaN when value is minus infinity</summary>
#
# `X * mask + value * ~mask` multiplies infinity by 0 at the places that stay. Choose (`masked_fill`, `torch.where`)
# instead of multiplying.
# </details>


# %% nbgrader={"grade": false, "grade_id": "sequence_mask", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sequence_mask(X, valid_len, value=0):
    """Replace what lies behind the valid length of each sequence.

    X: (n, T, ...) float or int, left unchanged. valid_len: (n,) int. value: a number.
    Returns: a new tensor, shape, dtype and device of X.
    """
    ### BEGIN SOLUTION
    mask = torch.arange(X.shape[1], device=X.device) < valid_len[:, None]
    mask = mask.reshape(*mask.shape, *[1] * (X.ndim - 2))
    return X.masked_fill(~mask, value)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_sequence_mask", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
_X = torch.tensor([[1, 2, 3], [4, 5, 6]])
check_equal(sequence_mask(_X, torch.tensor([1, 2])), torch.tensor([[1, 0, 0], [4, 5, 0]]), "sequence_mask of the example")
check_equal(_X, torch.tensor([[1, 2, 3], [4, 5, 6]]), "X after the call")
_ones, _lens = torch.ones(2, 3, 2), torch.tensor([0, 2])
_masked = sequence_mask(_ones, _lens, value=-1.0)
check_equal(_masked[..., 1], torch.tensor([[-1.0, -1.0, -1.0], [1.0, 1.0, -1.0]]), "sequence_mask of (2, 3, 2), lengths 0 and 2")
_X, _lens, _inf = torch.tensor([[1.5, -2.0, 3.0, 4.0], [5.0, 6.0, -7.0, 8.0]]), torch.tensor([2, 1]), float("inf")
_masked = sequence_mask(_X, _lens, value=-_inf)
check_equal(_masked, torch.tensor([[1.5, -2.0, -_inf, -_inf], [5.0, -_inf, -_inf, -_inf]]), "sequence_mask with value minus infinity")
check_promises(sequence_mask, _X, _lens)

# %% [markdown]
# ### 2.2 `masked_softmax`
#
# *difficulty 3/5 · importance 5/5 · about 20 minutes · 10 points*
#
# Notes: 004 注意力评分函数
#
# The softmax over the keys, with weight exactly 0 for everything behind the valid length, and weights that still add up
# to 1 over what is left. Scores `X` have shape $(n, q, k)$: for each sequence and each of its queries a row of $k$
# scores. Lengths come in three kinds:
#
# | `valid_lens` | meaning |
# |---|---|
# | `None` | everything is valid |
# | shape $(n,)$ | one length for each sequence, the same for all its queries |
# | shape $(n, q)$ | one length for each query of each sequence |
#
# The mask must come **before** the softmax. Zeroing afterwards leaves weights that add up to less than 1: the padding
# has already taken its share.
#
# **Conventions of this course.** A length of 0 gives a row of zeros, and zero gradients, never NaN. Masked weights are
# exactly 0 **whatever the scores are**. So no $-10^6$ in the place of $-\infty$, as one often sees: `float16` cannot
# hold that number (its range ends at $65504$), and where all valid scores are smaller still, the padding wins.
#
# **By hand.** Scores $(\ln 3, 0, 5)$. With length 2 the exponentials are $3$ and $1$, and the weights
# $(\tfrac34, \tfrac14, 0)$. Softmax first and zeroing afterwards would give $(0.020, 0.007, 0)$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Bring the lengths to a shape that broadcasts against $(n, q, k)$: $(n, 1, 1)$ for the second kind, $(n, q, 1)$ for the
# third. Then the mask is one comparison, as in 2.1.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `scores = X.masked_fill(~mask, torch.finfo(X.dtype).min)`, the smallest number that the dtype has; then
# `torch.softmax(scores, dim=-1)`. In a row without anything valid all scores are now equal, and so are the weights: a
# second `masked_fill` makes them 0.
# </details>
#
# <details><summary>Help: I see NaN where the length is 0</summary>
#
# The softmax of nothing but $-\infty$ is 0/0. Fill with the smallest finite number instead, or replace the row after
# the softmax, with `masked_fill` (a product with 0 keeps the NaN).
# </details>
#
# <details><summary>Help: I see right weights for lengths (n, q), wrong ones for (n,)</summary>
#
# If you repeat the lengths, one for each of the q queries: the order must be a, a, a, b, b, b, which is
# `repeat_interleave`. `repeat` gives a, b, a, b, a, b.
# </details>


# %% nbgrader={"grade": false, "grade_id": "masked_softmax", "locked": false, "schema_version": 3, "solution": true, "task": false}
def masked_softmax(X, valid_lens=None):
    """Softmax over the last dimension, over the valid entries only.

    X: (n, q, k) float (float16, too), left unchanged. valid_lens: None, or int of shape (n,) or (n, q).
    Returns: weights (n, q, k), dtype and device of X; 0 behind the valid length, a row of zeros where it is 0.
    """
    ### BEGIN SOLUTION
    if valid_lens is None:
        return torch.softmax(X, dim=-1)
    lens = valid_lens[:, None, None] if valid_lens.ndim == 1 else valid_lens[:, :, None]
    mask = torch.arange(X.shape[-1], device=X.device) < lens
    scores = X.masked_fill(~mask, torch.finfo(X.dtype).min)
    return torch.softmax(scores, dim=-1).masked_fill(~mask, 0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_masked_softmax", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
_X = torch.tensor([[[1.098612, 0.0, 5.0], [0.0, 0.0, 0.0]], [[2.0, 2.0, 2.0], [0.0, 1.098612, 0.0]]])
_third = 1 / 3
_one_length = torch.tensor([[[0.75, 0.25, 0.0], [0.5, 0.5, 0.0]], [[_third, _third, _third], [0.2, 0.6, 0.2]]])
check_equal(masked_softmax(_X, torch.tensor([2, 3])), _one_length, "the weights with lengths 2 and 3")
_own_length = torch.tensor([[[0.75, 0.25, 0.0], [1.0, 0.0, 0.0]], [[0.0, 0.0, 0.0], [0.25, 0.75, 0.0]]])
check_equal(masked_softmax(_X, torch.tensor([[2, 1], [0, 2]])), _own_length, "the weights with lengths (2, 1) and (0, 2)")
check_equal(masked_softmax(_X)[1], _one_length[1], "the weights of the second sequence without lengths")
_X = torch.tensor([[[0.0, 1.0986122886681098, 500.0], [-3e9, -3e9, -2.0]], [[900.0, 900.0, 2.0], [1.0, 2.0, 3.0]]], dtype=torch.float64, requires_grad=True)
_weights = masked_softmax(_X, torch.tensor([[2, 2], [3, 0]]))
_expected = torch.tensor([[[0.25, 0.75, 0.0], [0.5, 0.5, 0.0]], [[0.5, 0.5, 0.0], [0.0, 0.0, 0.0]]], dtype=torch.float64)
check_equal(_weights, _expected, "the weights of very large and very small scores in float64, with lengths (2, 2) and (3, 0)", rtol=1e-12, atol=1e-12)
_third = masked_softmax(torch.tensor([[[1.0, 2.0, 0.5]]], dtype=torch.float64), torch.tensor([2]))
check_equal(_third[0, 0, 0].item(), 0.2689414213699951, "the first weight of the float64 scores (1, 2, …)", rtol=1e-12)
check(_weights.requires_grad, "masked_softmax(X, valid_lens) carries no gradient back to X.")
(_weights**2).sum().backward()
check(not _X.grad.isnan().any(), "the gradient of the scores is NaN, where a length is 0 or a score is masked.")
check_promises(masked_softmax, torch.tensor([[[1.0, -2.0, 3.0], [0.5, 2.0, 1.0]], [[-1.0, 0.0, 2.0], [3.0, 1.0, -4.0]]]), torch.tensor([2, 3]))

# %% [markdown]
# ## 3 · How well does a key fit?
#
# Attention needs a *scoring function* (评分函数) $a(\mathbf q, \mathbf k)$ that says how well a key fits a query. All the rest is
# the same for every kind of attention: masked softmax of the scores, then the weighted average of the values. The next
# two exercises are the two scoring functions that everybody uses. Both are modules that are called with
#
# `attention(queries, keys, values, valid_lens=None)`
#
# Both keep the weights of the last call in the attribute `attention_weights`, shape $(n, q, k)$, so that one can look at
# them. And both can drop some of the weights at random while training (dropout, 暂退法): `nn.Dropout(dropout)` is applied
# to the weights just before they meet the values. The attribute keeps the weights as they were *before* the dropout.
#
# ### 3.1 `DotProductAttention`
#
# *difficulty 2/5 · importance 5/5 · about 15 minutes · 12 points*
#
# Notes: 004 注意力评分函数
#
# If queries and keys have the same size $d$, their dot product is a score, and for a whole batch that is one matrix
# product. Divided by $\sqrt d$ it is the scaled dot-product attention (缩放点积注意力):
#
# $$\mathrm{softmax}\Big(\frac{Q K^\top}{\sqrt d}\Big)\, V$$
#
# Here $Q$ is $(n, q, d)$, $K$ is $(n, k, d)$, $V$ is $(n, k, v)$; the result is $(n, q, v)$. Why $\sqrt d$? That is the first
# written question below.
#
# **By hand.** $d = 4$. The query $(1, 1, 1, 1)$ and the keys $(2 \ln 3, 0, 0, 0)$ and $(0, 0, 0, 0)$ have dot products
# $2 \ln 3$ and $0$; divided by $\sqrt 4$ that is $\ln 3$ and $0$, so the weights are $\tfrac34$ and $\tfrac14$. With
# the values $(8, 0)$ and $(0, 8)$ the result is $(6, 2)$. Without the root it would be $(7.2, 0.8)$.
#
# **From scratch.** Use your `masked_softmax`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `@` multiplies the last two dimensions and treats the first as a batch. Which two dimensions of the keys have to be
# exchanged? And $d$ is the size of what, the queries or the values?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `scores = queries @ keys.transpose(1, 2) / math.sqrt(queries.shape[-1])`, then
# `self.attention_weights = masked_softmax(scores, valid_lens)`; return `self.dropout(self.attention_weights) @ values`.
# </details>
#
# <details><summary>Help: I see other numbers at every call after eval()</summary>
#
# `nn.Dropout` knows about `train()` and `eval()`, if it is an attribute of self. `torch.nn.functional.dropout` has to
# be told: `training=self.training`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "DotProductAttention", "locked": false, "schema_version": 3, "solution": true, "task": false}
class DotProductAttention(nn.Module):
    """Scaled dot-product attention. The weights of the last call, before dropout, are kept in `attention_weights`."""

    def __init__(self, dropout=0):
        """dropout: the share of weights that is dropped in training."""
        ### BEGIN SOLUTION
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        ### END SOLUTION

    def forward(self, queries, keys, values, valid_lens=None):
        """Weighted averages of the values.

        queries: (n, q, d). keys: (n, k, d). values: (n, k, v). valid_lens: None, (n,) or (n, q), as in masked_softmax.
        Returns: (n, q, v).
        """
        ### BEGIN SOLUTION
        scores = queries @ keys.transpose(1, 2) / math.sqrt(queries.shape[-1])
        self.attention_weights = masked_softmax(scores, valid_lens)
        return self.dropout(self.attention_weights) @ values
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_DotProductAttention", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
_net = DotProductAttention(dropout=0.5).eval()
_queries, _keys = torch.ones(1, 1, 4), torch.tensor([[[2.197225, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]]])
_values = torch.tensor([[[8.0, 0.0], [0.0, 8.0]]])
check_equal(_net(_queries, _keys, _values), torch.tensor([[[6.0, 2.0]]]), "the result of the example")
check_equal(_net.attention_weights, torch.tensor([[[0.75, 0.25]]]), "attention_weights of the example")
check_equal(_net(_queries, _keys, _values, torch.tensor([1])), torch.tensor([[[8.0, 0.0]]]), "the result with valid length 1")
_shape = tuple(_net(torch.rand(2, 3, 4), torch.rand(2, 5, 4), torch.rand(2, 5, 6), torch.tensor([5, 2])).shape)
check_equal(_shape, (2, 3, 6), "the shape of the result for 2 sequences, 3 queries, 5 keys and values of size 6")
_queries, _keys = torch.tensor([[[1.0, -2.0]], [[0.5, 3.0]]]), torch.tensor([[[1.0, 1.0], [2.0, 0.5], [-1.0, 0.0]], [[0.0, 1.0], [1.0, -1.0], [2.0, 2.0]]])
_values = torch.tensor([[[1.0], [5.0], [-2.0]], [[4.0], [-3.0], [2.0]]])
_result = _net(_queries, _keys, _values, torch.tensor([3, 2]))
check_equal(_result, torch.tensor([[[3.200630]], [[3.859624]]]), "the result for two sequences with d = 2 and valid lengths 3 and 2")
check_promises(_net.forward, _queries, _keys, _values, torch.tensor([3, 2]))
_queries, _keys, _twice = torch.randn(4, 25, 2), torch.randn(4, 20, 2), torch.eye(20).repeat(4, 1, 2)  # each value stands there twice
_net = DotProductAttention(dropout=0.25)
_calm, _weights = _net.eval()(_queries, _keys, _twice), _net.attention_weights
_dropped = _net.train()(_queries, _keys, _twice)
check_equal(_net.attention_weights, _weights, "attention_weights in training (as they were before the dropout)")
check(0.15 < (_dropped == 0).float().mean() < 0.35, "with dropout = 0.25 about a quarter of the weights should be dropped in training.")
check_equal(_dropped[..., :20], _dropped[..., 20:], "the result in training for values that stand there twice (it is the weights that are dropped)")
_net = DotProductAttention()
check_equal(_net.train()(_queries, _keys, _twice), _calm, "the result in training without dropout")

# %% [markdown]
# **What the root does.** Random queries and ten random keys, in more and more dimensions. The curves show the largest
# of the ten weights, on average. With the root it stays near 0.3. Without it (here the queries are multiplied by
# $\sqrt d$, which takes your division back) the softmax soon gives nearly everything to one key, before anything was learned.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_scale", "locked": true, "schema_version": 3, "solution": false, "task": false}
# torch.manual_seed(0)
# sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256]
# largest = {"divided by the root of d": [], "not divided": []}
# net = DotProductAttention().eval()
# for d in sizes:
#     queries, keys, values = torch.randn(50, 20, d), torch.randn(50, 10, d), torch.randn(50, 10, 1)
#     for name, scale in zip(largest, (1.0, math.sqrt(d)), strict=True):
#         net(scale * queries, keys, values)
#         largest[name].append(net.attention_weights.max(dim=-1).values.mean().item())
# plot_curves(largest, "log2 of d", "largest of ten weights", "Why divide by the root of d", x=[math.log2(d) for d in sizes])

# %% [markdown]
# ### 3.2 `AdditiveAttention`
#
# *difficulty 3/5 · importance 3/5 · about 20 minutes · 11 points*
#
# Notes: 004 注意力评分函数
#
# Queries and keys of different sizes have no dot product. Additive attention (加性注意力) sends both to $h$ hidden units, adds
# them up there, and reads the score off a small network:
#
# $$a(\mathbf q, \mathbf k) = \mathbf w_v^\top \tanh(W_q\, \mathbf q + W_k\, \mathbf k)$$
#
# Three linear layers **without bias**: $W_q$ is $(h \times \text{query\_size})$, $W_k$ is $(h \times \text{key\_size})$,
# $\mathbf w_v$ has $h$ numbers. In PyTorch: three `nn.Linear(…, bias=False)`; their names and their order are up to you. (The
# grader tells them apart by their sizes, and takes sizes that differ.)
#
# Every query meets every key, so the sum in the brackets has shape $(n, q, k, h)$.
#
# **By hand.** All sizes 1 and all weights 1. The query $0$ meets the keys $\ln 2$ and $-\ln 2$. Since
# $\tanh(\ln 2) = 0.6$, the scores are $0.6$ and $-0.6$, their exponentials are as $e^{1.2} = 3.32$ to $1$, and the
# weights are $0.7685$ and $0.2315$. With the values $10$ and $0$ the result is $7.685$.
#
# **From scratch.** Use your `masked_softmax`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Project first: $(n, q, h)$ and $(n, k, h)$. To add each row of the one to each row of the other, put a dimension of
# size 1 into both, at different places.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `features = torch.tanh(Q[:, :, None] + K[:, None])` is $(n, q, k, h)$. The layer for $\mathbf w_v$ is
# `nn.Linear(num_hiddens, 1, bias=False)`; it makes $(n, q, k, 1)$, and `squeeze(-1)` the scores.
# </details>
#
# <details><summary>Help: I see "The size of tensor a must match the size of tensor b"</summary>
#
# $(n, q, h)$ and $(n, k, h)$ can be added as they are only if $q = k$ by accident, and then it is wrong as well. You want
# $(n, q, 1, h) + (n, 1, k, h)$.
# </details>


# %% nbgrader={"grade": false, "grade_id": "AdditiveAttention", "locked": false, "schema_version": 3, "solution": true, "task": false}
class AdditiveAttention(nn.Module):
    """Additive attention. The weights of the last call, before dropout, are kept in `attention_weights`."""

    def __init__(self, query_size, key_size, num_hiddens, dropout=0):
        """Make the three linear layers, without biases. dropout: the share of weights that is dropped in training."""
        ### BEGIN SOLUTION
        super().__init__()
        self.W_q = nn.Linear(query_size, num_hiddens, bias=False)
        self.W_k = nn.Linear(key_size, num_hiddens, bias=False)
        self.w_v = nn.Linear(num_hiddens, 1, bias=False)
        self.dropout = nn.Dropout(dropout)
        ### END SOLUTION

    def forward(self, queries, keys, values, valid_lens=None):
        """Weighted averages of the values.

        queries: (n, q, query_size). keys: (n, k, key_size). values: (n, k, v). valid_lens: None, (n,) or (n, q).
        Returns: (n, q, v).
        """
        ### BEGIN SOLUTION
        Q, K = self.W_q(queries), self.W_k(keys)
        features = torch.tanh(Q[:, :, None] + K[:, None])  # (n, q, k, h)
        scores = self.w_v(features).squeeze(-1)  # (n, q, k)
        self.attention_weights = masked_softmax(scores, valid_lens)
        return self.dropout(self.attention_weights) @ values
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_AdditiveAttention", "locked": true, "points": 11, "schema_version": 3, "solution": false, "task": false}
_net = AdditiveAttention(1, 1, 1, dropout=0.5).eval()
_queries, _keys, _values = torch.zeros(1, 1, 1), torch.tensor([[[0.693147], [-0.693147]]]), torch.tensor([[[10.0], [0.0]]])
_net(_queries, _keys, _values)
check_equal(sum(p.numel() for p in _net.parameters()), 3, "the number of weights of AdditiveAttention(1, 1, 1)")
with torch.no_grad():
    for _weight in _net.parameters():
        _weight.fill_(1.0)
check_equal(_net(_queries, _keys, _values), torch.tensor([[[7.685248]]]), "the result of the example")
check_equal(_net.attention_weights, torch.tensor([[[0.768525, 0.231475]]]), "attention_weights of the example")
_net = AdditiveAttention(4, 3, 8)
_shape = tuple(_net(torch.rand(2, 3, 4), torch.rand(2, 5, 3), torch.rand(2, 5, 6), torch.tensor([5, 2])).shape)
check_equal(_shape, (2, 3, 6), "the shape of the result for 2 sequences, 3 queries, 5 keys and values of size 6")
check_equal(sum(p.numel() for p in _net.parameters()), 64, "the number of weights of AdditiveAttention(4, 3, 8)")
_net = AdditiveAttention(2, 3, 4).eval()
_queries = torch.tensor([[[0.5, -1.0]], [[2.0, 1.0]]])
_keys = torch.tensor([[[0.5, 1.0, -0.5], [-1.0, 0.0, 0.5], [2.0, -1.0, 1.0]], [[1.0, 0.0, -3.0], [0.5, -2.0, 0.0], [0.0, 1.0, 1.0]]])
_values = torch.tensor([[[1.0], [5.0], [-2.0]], [[4.0], [-3.0], [2.0]]])
_net(_queries, _keys, _values)
with torch.no_grad():
    for _weight in _net.parameters():
        _weight.fill_({8: 0.5, 12: -0.75, 4: 0.6}[_weight.numel()])  # W_q, W_k, w_v, told apart by their sizes
_result = _net(_queries, _keys, _values, torch.tensor([3, 2]))
check_equal(_result, torch.tensor([[[4.148136]], [[0.523079]]]), "the result for two sequences, all of W_q 0.5, W_k -0.75, w_v 0.6, valid lengths 3 and 2")
check_promises(_net.forward, _queries, _keys, _values, torch.tensor([3, 2]), dtype=False)
(_result**2).sum().backward()
check(all(p.grad is not None and p.grad.any() for p in _net.parameters()), "no gradient reaches one of the three layers.")
_result = _net.double()(_queries.double(), _keys.double(), _values.double())
check(_result.dtype == torch.float64, f"a float64 network has a result of dtype {_result.dtype}, expected float64.")
_queries, _keys, _twice = torch.randn(4, 25, 2), torch.randn(4, 20, 3), torch.eye(20).repeat(4, 1, 2)  # each value stands there twice
_net = AdditiveAttention(2, 3, 8, dropout=0.25).eval()
_net(_queries, _keys, _twice)
_weights = _net.attention_weights
_dropped = _net.train()(_queries, _keys, _twice)
check_equal(_net.attention_weights, _weights, "attention_weights in training (as they were before the dropout)")
check(0.15 < (_dropped == 0).float().mean() < 0.35, "with dropout = 0.25 about a quarter of the weights should be dropped in training.")
check_equal(_dropped[..., :20], _dropped[..., 20:], "the result in training for values that stand there twice (it is the weights that are dropped)")

# %% [markdown]
# ### 3.3 `bahdanau_step`
#
# *difficulty 2/5 · importance 3/5 · about 10 minutes · 6 points*
#
# Notes: 004 Bahdanau注意力
#
# The first famous use. A translator has an encoder (编码器), which reads the source sentence and leaves a hidden state
# $\mathbf h_t$ for each word, and a decoder (解码器), which writes the target word by word. Before Bahdanau the decoder
# saw one summary of the sentence, always the same. With attention it gets a new context (上下文变量) at every step
# $t'$: its own last state $\mathbf s_{t'-1}$ is the query, and the encoder's states are the keys **and** the values.
#
# $$\mathbf c_{t'} = \sum_{t} \alpha(\mathbf s_{t'-1}, \mathbf h_t)\, \mathbf h_t$$
#
# Write this one step. `attention` is a module like those of 3.1 and 3.2. It wants its queries as $(n, q, h)$, but a
# decoder has only one query for each sentence, $(n, h)$; and it gives back $(n, q, h)$ where you need $(n, h)$. The weights
# of the step are returned too, as $(n, T)$: stacked over all steps they are the picture of who looked at whom.
#
# **By hand.** An attention that finds all keys equally good; one sentence with the states $1$, $3$ and $100$, of which
# two are valid. The context is $2$, the weights are $(\tfrac12, \tfrac12, 0)$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `query.unsqueeze(1)` makes one query a sentence, $(n, 1, h)$. What undoes it?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Call `attention(query.unsqueeze(1), enc_outputs, enc_outputs, enc_valid_lens)`. The context is its result, the weights
# are `attention.attention_weights`, read *after* the call; each with `squeeze(1)`.
# </details>
#
# <details><summary>Help: I see a dimension missing in a batch of one</summary>
#
# `squeeze()` removes every dimension of size 1, that of the batch as well. Say which: `squeeze(1)`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "bahdanau_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bahdanau_step(attention, query, enc_outputs, enc_valid_lens):
    """The context for one step of a decoder.

    attention: module as in 3.1 and 3.2, called with (queries, keys, values, valid_lens), keeps attention_weights (n, q, T).
    query: (n, h), the decoder's last state. enc_outputs: (n, T, h), the encoder's states. enc_valid_lens: (n,) int, or None.
    Returns: (context (n, h), weights (n, T)).
    """
    ### BEGIN SOLUTION
    context = attention(query.unsqueeze(1), enc_outputs, enc_outputs, enc_valid_lens)
    return context.squeeze(1), attention.attention_weights.squeeze(1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_bahdanau_step", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
class _AllAlike(nn.Module):
    """Attention that finds all valid keys equally good."""

    def forward(self, queries, keys, values, valid_lens=None):
        steps = torch.arange(keys.shape[1]).expand(len(keys), queries.shape[1], -1)
        seen = (steps < (keys.shape[1] if valid_lens is None else valid_lens[:, None, None])).float()
        self.attention_weights = seen / seen.sum(dim=-1, keepdim=True)
        return self.attention_weights @ values


_states = torch.tensor([[[1.0], [3.0], [100.0]]])
_step = bahdanau_step(_AllAlike(), torch.zeros(1, 1), _states, torch.tensor([2]))
check_equal(_step, (torch.tensor([[2.0]]), torch.tensor([[0.5, 0.5, 0.0]])), "(context, weights) of the example")
_states = torch.tensor([[[1.0], [3.0], [100.0]], [[-4.0], [7.0], [6.0]]])
_context, _weights = bahdanau_step(_AllAlike(), torch.tensor([[0.5], [-2.0]]), _states, torch.tensor([2, 1]))
check_equal(_context, torch.tensor([[2.0], [-4.0]]), "the contexts of two sentences with valid lengths 2 and 1")
check_equal(_weights, torch.tensor([[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]]), "the weights of two sentences with valid lengths 2 and 1")
_states.requires_grad_()
check(bahdanau_step(_AllAlike(), torch.zeros(2, 1), _states, None)[0].requires_grad, "no gradient flows back from the context to the states.")
_step = bahdanau_step(_AllAlike(), torch.zeros(2, 4), torch.ones(2, 3, 4), None)
check_equal([tuple(t.shape) for t in _step], [(2, 4), (2, 3)], "the shapes of context and weights for 2 sentences")

# %% [markdown]
# ### 3.4 A question on paper
#
# Extra credit, marked by hand. Formulas in LaTeX, plain text or a photograph of your paper: all are welcome.
#
# **Question 1 (up to 5 points): why divide by $\sqrt d$.** Let the entries of $\mathbf q$ and $\mathbf k$ be independent,
# with mean 0 and variance 1. (a) Show that $\mathbf q^\top \mathbf k$ has mean 0 and variance $d$. What is the variance
# after the division by $\sqrt d$? (b) With $\mathbf p = \mathrm{softmax}(\mathbf s)$ the derivative of a weight by a
# score is $\partial p_i / \partial s_j = p_i (\delta_{ij} - p_j)$. What happens to all these derivatives when one weight
# comes near 1, and what does that mean for learning $W_q$ and $W_k$ in a network with large $d$? (c) Somebody divides
# by $d$ instead of $\sqrt d$, "to be on the safe side". What do the weights look like at the start, for large $d$?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_scale", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) $\mathbf q^\top \mathbf k = \sum_{i=1}^d q_i k_i$. By independence
# $\mathbb E[q_i k_i] = \mathbb E[q_i]\, \mathbb E[k_i] = 0$ and
# $\mathrm{Var}(q_i k_i) = \mathbb E[q_i^2]\, \mathbb E[k_i^2] = 1$. The $d$ terms are independent of one another, so
# their variances add up to $d$. Dividing by $\sqrt d$ divides the variance by $d$: it is 1 for every $d$.
#
# (b) If $p_1 \to 1$, all others go to 0: $p_1 (1 - p_1) \to 0$, and every other entry has a factor $p_j \to 0$, too. The
# whole Jacobian vanishes. Without the root, scores have a spread of about $\sqrt d$; for large $d$ the largest of them
# stands far above the others from the start, the softmax is saturated, and hardly any gradient comes through it to the
# scores, so to $W_q$ and $W_k$: they learn slowly or not at all.
#
# (c) Then the variance is $d / d^2 = 1/d$, the scores are all near 0, and the weights all near $1/k$: a plain average,
# whatever the query is. (Gradients do come through, but the weights $W_q$, $W_k$ have to grow a lot before attention
# can choose anything.)
#
# **Marking scheme.** 1 point: mean 0 and variance 1 of one product, with independence named. 1 point: the sum $d$, and 1
# after the division. 1 point: (b) all entries of the Jacobian go to 0. 1 point: no gradient reaches the scores, hence
# $W_q$ and $W_k$. 1 point: (c) nearly uniform weights, from the variance $1/d$.
# ### END SOLUTION

# %% [markdown]
# ## 4 · Many heads
#
# One softmax can look at one place, or at a blur of several. Multi-head attention (多头注意力) has several looks at once: each
# *head* projects queries, keys and values to a smaller space of its own and attends there; at the end the results are
# put side by side and mixed by one more linear layer.
#
# A loop over heads would do. But $H$ heads with $h / H$ hidden units each are $H$ small problems of the same shape, and for
# a batch of small problems there is a faster way: put the heads into the batch dimension, and call attention once.
#
# ### 4.1 `transpose_qkv`
#
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 5 points*
#
# Notes: 004 多头注意力
#
# From $(n, T, h)$ to $(n H, T, h / H)$. Head $j$ owns the numbers $j \cdot h/H$ to $(j + 1) \cdot h/H - 1$ of every step. In the
# new batch the heads of a sequence stand together: first all heads of sequence 0, then all heads of sequence 1, and so on.
#
# **By hand.** One sequence of two steps, $(1, 2, 3, 4)$ and $(5, 6, 7, 8)$, and two heads. Head 0 gets
# $(1, 2), (5, 6)$, head 1 gets $(3, 4), (7, 8)$. A mere `reshape` would give head 0 the whole first step,
# $(1, 2), (3, 4)$: right shape, wrong world.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `reshape` can only cut and join *neighbouring* dimensions; it never moves a number. First cut $h$ into heads and the rest,
# then exchange two dimensions, then join.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# $(n, T, h) \to (n, T, H, h/H) \to (n, H, T, h/H) \to (n H, T, h/H)$: `reshape`, `transpose(1, 2)`, `reshape`. The last one
# may be `flatten(0, 1)`.
# </details>
#
# <details><summary>Help: I see "view size is not compatible with input tensor's size and stride"</summary>
#
# After a transpose the numbers do not lie in memory in the order of their indices. `view` cannot copy, `reshape` can.
# </details>


# %% nbgrader={"grade": false, "grade_id": "transpose_qkv", "locked": false, "schema_version": 3, "solution": true, "task": false}
def transpose_qkv(X, num_heads):
    """Cut the last dimension into heads and put them into the batch.

    X: (n, T, h), h a multiple of num_heads. num_heads: int.
    Returns: (n · num_heads, T, h / num_heads); row i · num_heads + j is head j of sequence i.
    """
    ### BEGIN SOLUTION
    n, T, h = X.shape
    return X.reshape(n, T, num_heads, h // num_heads).transpose(1, 2).flatten(0, 1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_transpose_qkv", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
_X = torch.tensor([[[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]])
check_equal(transpose_qkv(_X, 2), torch.tensor([[[1.0, 2.0], [5.0, 6.0]], [[3.0, 4.0], [7.0, 8.0]]]), "transpose_qkv of the example")
check_equal(tuple(transpose_qkv(torch.rand(5, 7, 12), 3).shape), (15, 7, 4), "the shape of transpose_qkv(X, 3) for X (5, 7, 12)")
_X = torch.tensor([[[1.0, -2.0, 3.0]], [[4.0, 5.0, -6.0]]])
check_equal(transpose_qkv(_X, 3)[:, 0, 0], torch.tensor([1.0, -2.0, 3.0, 4.0, 5.0, -6.0]), "transpose_qkv(X, 3) of two sequences of one step, its rows in turn")
check_promises(transpose_qkv, torch.tensor([[[1.0, 2.0], [3.0, -4.0], [5.0, 6.0]], [[7.0, 8.0], [9.0, 0.0], [-1.0, 2.0]]]), 2)

# %% [markdown]
# ### 4.2 `transpose_output`
#
# *difficulty 2/5 · importance 4/5 · about 5 minutes · 5 points*
#
# Notes: 004 多头注意力
#
# The way back, from $(n H, T, h / H)$ to $(n, T, h)$: for every step the results of its heads side by side, head 0 first.
# `transpose_output(transpose_qkv(X, H), H)` is `X`.
#
# **By hand.** The example of 4.1, read backwards.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Every step of 4.1 can be undone, the last one first.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# $(n H, T, p) \to (n, H, T, p) \to (n, T, H, p) \to (n, T, H p)$. For the first `reshape` you need $n$, or $-1$.
# </details>
#
# <details><summary>Help: I see the right shape and mixed-up numbers</summary>
#
# The first cut must be $(n, H)$ and not $(H, n)$: the heads of one sequence stand together.
# </details>


# %% nbgrader={"grade": false, "grade_id": "transpose_output", "locked": false, "schema_version": 3, "solution": true, "task": false}
def transpose_output(X, num_heads):
    """Undo transpose_qkv: put the heads of each step side by side.

    X: (n · num_heads, T, p); row i · num_heads + j is head j of sequence i. num_heads: int.
    Returns: (n, T, num_heads · p).
    """
    ### BEGIN SOLUTION
    _, T, p = X.shape
    return X.reshape(-1, num_heads, T, p).transpose(1, 2).flatten(2)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_transpose_output", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
_heads = torch.tensor([[[1.0, 2.0], [5.0, 6.0]], [[3.0, 4.0], [7.0, 8.0]]])
check_equal(transpose_output(_heads, 2), torch.tensor([[[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]]), "transpose_output of the example")
check_equal(tuple(transpose_output(torch.rand(15, 7, 4), 3).shape), (5, 7, 12), "the shape of transpose_output(X, 3) for X (15, 7, 4)")
_heads = torch.tensor([[[1.0]], [[-2.0]], [[3.0]], [[4.0]], [[5.0]], [[-6.0]]])
check_equal(transpose_output(_heads, 3), torch.tensor([[[1.0, -2.0, 3.0]], [[4.0, 5.0, -6.0]]]), "transpose_output(X, 3) of two sequences of one step")
check_promises(transpose_output, torch.tensor([[[1.0, 2.0], [3.0, -4.0], [5.0, 6.0]], [[7.0, 8.0], [9.0, 0.0], [-1.0, 2.0]]]), 2)

# %% [markdown]
# ### 4.3 `MultiHeadAttention`
#
# *difficulty 4/5 · importance 5/5 · about 30 minutes · 15 points*
#
# Notes: 004 多头注意力
#
# For head $j$, with projections $W^{(q)}_j$, $W^{(k)}_j$, $W^{(v)}_j$ to $p = h / H$ numbers each:
#
# $$\mathbf r_j = \mathrm{attention}\big(W^{(q)}_j \mathbf q,\ W^{(k)}_j \mathbf k,\ W^{(v)}_j \mathbf v\big), \qquad
# \text{result} = W_o \begin{pmatrix} \mathbf r_0 \\ \vdots \\ \mathbf r_{H-1} \end{pmatrix}$$
#
# where attention is the scaled dot product of 3.1; each head has size $p$, so its scores are divided by $\sqrt p$. All the
# $W^{(q)}_j$ under one another are **one** linear layer $W_q$ from `query_size` to $h$, and `transpose_qkv` cuts its
# result into heads; likewise for keys and values. So the module has four `nn.Linear`: $W_q$, $W_k$, $W_v$, each to $h$
# hidden units, and $W_o$ from $h$ to $h$. With `bias=True` all four have biases, with `bias=False` none has. Names are up to
# you.
#
# **Lengths.** `valid_lens`, $(n,)$ or $(n, q)$, belongs to sequences; after `transpose_qkv` each sequence stands in the
# batch $H$ times in a row. So must its length.
#
# **By hand.** Two heads of size 1 ($h = 2$), all four layers the identity. Query $(\ln 3, 0)$, keys $(1, 0)$ and
# $(0, 0)$, values $(4, 4)$ and $(0, 0)$. Head 0 has the scores $\ln 3$ and $0$, weights $\tfrac34$ and $\tfrac14$, result
# $3$. Head 1 has the scores $0$ and $0$, result $2$. Together: $(3, 2)$. One head of size 2 would have scores
# $\ln 3 / \sqrt 2$ and $0$ and the result $(2.74, 2.74)$.
#
# **From scratch.** Use your `DotProductAttention`; to cut and to put back, either your `transpose_qkv` and `transpose_output` or
# a loop over the heads.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Six lines: three times project and cut, lengths, attend, put together and mix. `DotProductAttention(dropout)` is made
# once, in `__init__`.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `Q = transpose_qkv(self.W_q(queries), self.num_heads)`, likewise `K` and `V`. If there are lengths:
# `valid_lens.repeat_interleave(self.num_heads, dim=0)`. Then
# `self.W_o(transpose_output(self.attention(Q, K, V, valid_lens), self.num_heads))`.
# </details>
#
# <details><summary>Help: I see right results for one sequence, wrong ones for two</summary>
#
# The lengths: a, a, b, b is `repeat_interleave`; a, b, a, b is `repeat`, and gives some heads the lengths of their
# neighbours. Or a `reshape` without its `transpose`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "MultiHeadAttention", "locked": false, "schema_version": 3, "solution": true, "task": false}
class MultiHeadAttention(nn.Module):
    """Several scaled dot-product attentions side by side, mixed by a linear layer."""

    def __init__(self, query_size, key_size, value_size, num_hiddens, num_heads, dropout=0, bias=False):
        """num_hiddens: h, of all heads together, a multiple of num_heads. dropout: of the attention weights. bias: of all four layers."""
        ### BEGIN SOLUTION
        super().__init__()
        self.num_heads = num_heads
        self.attention = DotProductAttention(dropout)
        self.W_q = nn.Linear(query_size, num_hiddens, bias=bias)
        self.W_k = nn.Linear(key_size, num_hiddens, bias=bias)
        self.W_v = nn.Linear(value_size, num_hiddens, bias=bias)
        self.W_o = nn.Linear(num_hiddens, num_hiddens, bias=bias)
        ### END SOLUTION

    def forward(self, queries, keys, values, valid_lens=None):
        """Attend with every head, and mix the results.

        queries: (n, q, query_size). keys: (n, k, key_size). values: (n, k, value_size). valid_lens: None, (n,) or (n, q).
        Returns: (n, q, num_hiddens).
        """
        ### BEGIN SOLUTION
        Q = transpose_qkv(self.W_q(queries), self.num_heads)
        K = transpose_qkv(self.W_k(keys), self.num_heads)
        V = transpose_qkv(self.W_v(values), self.num_heads)
        if valid_lens is not None:
            valid_lens = valid_lens.repeat_interleave(self.num_heads, dim=0)
        return self.W_o(transpose_output(self.attention(Q, K, V, valid_lens), self.num_heads))
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_MultiHeadAttention", "locked": true, "points": 15, "schema_version": 3, "solution": false, "task": false}
def _identities(h, num_heads, dropout=0):
    """Many heads whose four layers are identities, or None where there are not four square layers (a list of layers for each head is right, too)."""
    net = MultiHeadAttention(h, h, h, h, num_heads, dropout=dropout)
    if [p.shape for p in net.parameters()] != [(h, h)] * 4:
        return None
    with torch.no_grad():
        for weight in net.parameters():
            weight.copy_(torch.eye(h))
    return net.eval()


_net = MultiHeadAttention(2, 2, 2, 2, 2)
check_equal(sum(p.numel() for p in _net.parameters()), 16, "the number of weights of MultiHeadAttention(2, 2, 2, 2, 2)")
if _identities(2, 2):
    _queries, _keys = torch.tensor([[[1.098612, 0.0]]]), torch.tensor([[[1.0, 0.0], [0.0, 0.0]]])
    _values = torch.tensor([[[4.0, 4.0], [0.0, 0.0]]])
    check_equal(_identities(2, 2, dropout=0.5)(_queries, _keys, _values), torch.tensor([[[3.0, 2.0]]]), "the result of the example")
    _two = [torch.cat([t, t]) for t in (_queries, _keys, _values)]
    _result = _identities(2, 2)(*_two, torch.tensor([1, 2]))
    check_equal(_result, torch.tensor([[[4.0, 4.0]], [[3.0, 2.0]]]), "the result of the example twice, with valid lengths 1 and 2")
    _queries = torch.tensor(
        [[[1.0, 0.0, 2.0, -1.0, 0.5, 1.0], [0.0, 1.0, -1.0, 3.0, 2.0, 0.0]], [[2.0, 1.0, 0.0, 0.0, -1.0, 1.0], [1.0, -1.0, 1.0, 2.0, 0.0, -2.0]]]
    )
    _keys, _values = _queries.roll(1, 2)[:, :, [0, 2, 1, 5, 4, 3]], _queries.roll(2, 2)
    _result = _identities(6, 3)(_queries, _keys, _values, torch.tensor([[1, 2], [2, 2]]))
    _expected = torch.tensor(
        [
            [[0.5, 1.0, 1.0, 0.0, 2.0, -1.0], [1.50464, 0.33024, 0.02005, 0.97995, -0.98956, 2.98607]],
            [[-0.99652, 0.98956, 1.5, 0.0, 0.33024, 0.66048], [-0.66976, 0.00928, 1.33024, -0.33952, 0.19557, 0.39114]],
        ]
    )
    check_equal(_result, _expected, "the result of three heads for two sequences, all layers the identity, valid lengths (1, 2) and (2, 2)", rtol=1e-3)
_net = MultiHeadAttention(3, 5, 7, 12, 4, bias=True)
check_equal(sum(p.numel() for p in _net.parameters()), 372, "the number of weights of MultiHeadAttention(3, 5, 7, 12, 4, bias=True)")
_shape = tuple(_net(torch.rand(2, 6, 3), torch.rand(2, 4, 5), torch.rand(2, 4, 7), torch.tensor([4, 1])).shape)
check_equal(_shape, (2, 6, 12), "the shape of the result for 2 sequences, 6 queries and 4 keys")
_net = MultiHeadAttention(3, 5, 7, 12, 4, dropout=0.5).eval()
_queries, _keys, _values, _lens = torch.randn(2, 6, 3), torch.randn(2, 4, 5), torch.randn(2, 4, 7), torch.tensor([4, 2])
check_promises(_net.forward, _queries, _keys, _values, _lens, dtype=False)
(_net(_queries, _keys, _values, _lens) ** 2).sum().backward()
check(all(p.grad is not None and p.grad.any() for p in _net.parameters()), "no gradient reaches one of the four layers.")
_one, _other = _net.train()(_queries, _keys, _values), _net(_queries, _keys, _values)
check(not torch.equal(_one, _other), "with dropout = 0.5 two results in training should differ: dropout is for the attention weights.")
check((_one != 0).all(), "in training some entries of the result are 0: it is the attention weights that are dropped, not the result.")
_result = _net.double()(_queries.double(), _keys.double(), _values.double())
check(_result.dtype == torch.float64, f"a float64 network has a result of dtype {_result.dtype}, expected float64.")

# %% [markdown]
# ## 5 · Where was that?
#
# In *self-attention* (自注意力) the tokens of one sequence are queries, keys and values at once: each token looks at all
# others. And it has no idea of order. Shuffle the tokens, and the results are the same, shuffled: "dog bites man" is
# "man bites dog". The cure is to add to each token a vector that says where it stands.
#
# ### 5.1 `PositionalEncoding`
#
# *difficulty 3/5 · importance 4/5 · about 20 minutes · 8 points*
#
# Notes: 004 自注意力和位置编码
#
# The position $i = 0, 1, 2, \dots$ is written with clocks that run at different speeds. Number $2j$ of its vector is a sine,
# number $2j + 1$ the cosine of the same angle (位置编码):
#
# $$P_{i,\,2j} = \sin(i\, \omega_j), \qquad P_{i,\,2j+1} = \cos(i\, \omega_j), \qquad \omega_j = \frac{1}{10000^{2j/d}}$$
#
# with $d$ = `num_hiddens`. The module adds the first $T$ rows of $P$ to every sequence of `X`, $(n, T, d)$; `max_len` is
# the largest $T$ that it must be able to serve. $P$ is fixed: it is not trained. How you keep it is up to you: a buffer is the
# usual place, an attribute that is moved to `X` in `forward` is right too.
#
# **Conventions.** If $d$ is odd there is one sine more than there are cosines. The result has dtype and device of `X`.
#
# **By hand.** $d = 4$, so $\omega_0 = 1$ and $\omega_1 = 10000^{-2/4} = 0.01$. Position 0 is $(0, 1, 0, 1)$; position 1 is
# $(\sin 1, \cos 1, \sin 0.01, \cos 0.01) = (0.8415, 0.5403, 0.0100, 0.9999)$ (the last is 0.99995); position 2 is
# $(0.9093, -0.4161, 0.0200, 0.9998)$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# A column of positions times a row of speeds is the table of all angles. `P[:, 0::2]` are the columns 0, 2, 4, … and
# `P[:, 1::2]` the columns 1, 3, 5, ….
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `omega = 10000 ** (-torch.arange(0, d, 2) / d)`: the numbers 0, 2, 4, … *are* the $2j$ of the formula. There are as many
# speeds as sines; for odd `d` the cosines need one less. Make P in `__init__`, keep it with `register_buffer`, and add
# `self.P[: X.shape[1]].to(X)`.
# </details>
#
# <details><summary>Help: I see "The expanded size of the tensor (2) must match the existing size (3)"</summary>
#
# `num_hiddens` is odd, and there is one angle too many for the cosines. Cut the table: `[:, : num_hiddens // 2]`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "PositionalEncoding", "locked": false, "schema_version": 3, "solution": true, "task": false}
class PositionalEncoding(nn.Module):
    """Adds to each step of a sequence a fixed vector that says where it stands."""

    def __init__(self, num_hiddens, max_len=1000):
        """num_hiddens: d, even or odd. max_len: the length of the longest sequence."""
        ### BEGIN SOLUTION
        super().__init__()
        omega = 10000 ** (-torch.arange(0, num_hiddens, 2) / num_hiddens)
        angles = torch.arange(max_len)[:, None] * omega
        P = torch.zeros(max_len, num_hiddens)
        P[:, 0::2] = torch.sin(angles)
        P[:, 1::2] = torch.cos(angles)[:, : num_hiddens // 2]
        self.register_buffer("P", P)
        ### END SOLUTION

    def forward(self, X):
        """X: (n, T, num_hiddens) float, T at most max_len, left unchanged. Returns: X + P, shape, dtype and device of X."""
        ### BEGIN SOLUTION
        return X + self.P[: X.shape[1]].to(X)
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_PositionalEncoding", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_P = torch.tensor([[0.0, 1.0, 0.0, 1.0], [0.841471, 0.540302, 0.01, 0.99995], [0.909297, -0.416147, 0.019999, 0.9998]])
check_equal(PositionalEncoding(4)(torch.zeros(1, 3, 4))[0], _P, "the first three positions for num_hiddens = 4")
check_equal(PositionalEncoding(4, max_len=3)(torch.ones(2, 3, 4))[1], 1 + _P, "X + P for X of ones")
check_equal(PositionalEncoding(3)(torch.zeros(1, 2, 3))[0, 1], torch.tensor([0.841471, 0.540302, 0.002154]), "position 1 for num_hiddens = 3", atol=1e-5)
_long = PositionalEncoding(2)(torch.zeros(1, 1000, 2))[0, 999]
check_equal(_long, torch.tensor([-0.026461, 0.99965]), "position 999 for num_hiddens = 2, max_len left as it is", atol=1e-3)
_long = PositionalEncoding(2, max_len=1100)(torch.zeros(1, 1100, 2))[0, 1099]
check_equal(_long, torch.tensor([-0.529006, 0.848618]), "position 1099 for num_hiddens = 2 and max_len = 1100", atol=1e-3)
_net = PositionalEncoding(4)
check(not any(p.requires_grad for p in _net.parameters()), "P would be trained: it should not be a parameter that requires a gradient.")
check_promises(_net.forward, torch.tensor([[[0.5, -1.0, 2.0, 3.0], [1.0, 4.0, -2.0, 0.0], [7.0, 1.0, 0.0, -3.0]]]))

# %% [markdown]
# **The clocks.** Rows are positions, columns the numbers of the vector: on the left the fast clocks, on the right those
# that hardly move in sixty steps. It is how binary numbers count, only without corners.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_positions", "locked": true, "schema_version": 3, "solution": false, "task": false}
# P = PositionalEncoding(32)(torch.zeros(1, 60, 32))[0]
# show_heatmap(P, "number of the vector", "position", "Positional encoding")
# plot_curves({f"column {c}": P[:, c] for c in (6, 7, 8, 9)}, "position", "P", "Four columns of it", x=range(60))

# %% [markdown]
# ### 5.2 `relative_rotation`
#
# *difficulty 3/5 · importance 2/5 · about 15 minutes · 5 points*
#
# Notes: 004 自注意力和位置编码
#
# Why sines and cosines? Because a shift by $\delta$ steps turns every clock by a fixed angle $\delta \omega_j$, wherever it
# starts. One matrix $R$ does it for all positions:
#
# $$R\, P_i = P_{i + \delta} \quad \text{for all } i, \qquad
# \begin{pmatrix} \cos \delta\omega_j & \sin \delta\omega_j \\ -\sin \delta\omega_j & \cos \delta\omega_j \end{pmatrix}
# \begin{pmatrix} P_{i,\,2j} \\ P_{i,\,2j+1} \end{pmatrix}
# = \begin{pmatrix} P_{i + \delta,\,2j} \\ P_{i + \delta,\,2j+1} \end{pmatrix}$$
#
# So $R$ has these $2 \times 2$ blocks along its diagonal and zeros elsewhere. A linear layer can learn such a matrix: "three
# words back" is within reach of $W_k$. Here $P_i$ is a column. $d$ = `num_hiddens` is even (with an odd one the last
# sine has no partner, and no such matrix exists); $\delta$ may be negative.
#
# **By hand.** $d = 2$, $\delta = 1$: $R = \begin{pmatrix} 0.5403 & 0.8415 \\ -0.8415 & 0.5403 \end{pmatrix}$, and
# $R\, (0, 1)^\top = (0.8415, 0.5403)^\top$: from position 0 to position 1.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Make the blocks one by one, or fill the four kinds of entries by slices: `R[0::2, 0::2]` is where both row and column
# are even. What belongs there is a diagonal matrix.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `torch.block_diag(*blocks)` puts a list of matrices along the diagonal. The speeds are those of 5.1.
# </details>
#
# <details><summary>Help: I see a matrix that goes back where it should go forward</summary>
#
# The minus belongs to the sine at the lower left. With it at the upper right you have the transpose, which turns the
# clocks the other way.
# </details>


# %% nbgrader={"grade": false, "grade_id": "relative_rotation", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relative_rotation(delta, num_hiddens):
    """The matrix that moves every positional encoding by delta steps.

    delta: int, may be negative or 0. num_hiddens: d, an even int.
    Returns: R, (d, d) float32, with R @ P[i] = P[i + delta] for every position i.
    """
    ### BEGIN SOLUTION
    angles = delta * 10000 ** (-torch.arange(0, num_hiddens, 2) / num_hiddens)
    cos, sin = torch.diag(torch.cos(angles)), torch.diag(torch.sin(angles))
    R = torch.zeros(num_hiddens, num_hiddens)
    R[0::2, 0::2], R[0::2, 1::2] = cos, sin
    R[1::2, 0::2], R[1::2, 1::2] = -sin, cos
    return R
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_relative_rotation", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
_R = torch.tensor([[0.540302, 0.841471], [-0.841471, 0.540302]])
check_equal(relative_rotation(1, 2), _R, "relative_rotation(1, 2)", atol=1e-5)
check_equal(relative_rotation(-1, 2), _R.T.contiguous(), "relative_rotation(-1, 2)", atol=1e-5)
_R = torch.tensor([[0.540302, 0.841471, 0.0, 0.0], [-0.841471, 0.540302, 0.0, 0.0], [0.0, 0.0, 0.99995, 0.01], [0.0, 0.0, -0.01, 0.99995]])
check_equal(relative_rotation(1, 4), _R, "relative_rotation(1, 4)", atol=1e-5)
_moved = relative_rotation(-3, 4) @ torch.tensor([0.909297, -0.416147, 0.019999, 0.9998])
check_equal(_moved, torch.tensor([-0.841471, 0.540302, -0.01, 0.99995]), "relative_rotation(-3, 4) of position 2", atol=1e-5)

# %% [markdown]
# **Two heads are better than one.** A little task that needs two looks: for every token of a random sequence of ten, say
# which token stands *before* it (before the first: the last) and which stands at its *mirror image* (first and last,
# second and last but one, …). The network is an embedding, your positional encoding, your multi-head attention, and one
# linear layer. It is trained with one head and with two, the same number of weights. This takes about five seconds.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_heads", "locked": true, "schema_version": 3, "solution": false, "task": false}
# def train_looker(num_heads, T=10, h=32, num_tokens=6, num_steps=300):
#     torch.manual_seed(0)
#     attention, positions = MultiHeadAttention(h, h, h, h, num_heads), PositionalEncoding(h)
#     embedding, output = nn.Embedding(num_tokens, h), nn.Linear(h, 2 * num_tokens)
#     parts = nn.ModuleList([attention, embedding, output])
#     optimizer = torch.optim.Adam(parts.parameters(), lr=0.005)
#     history = []
#     for _ in range(num_steps):
#         tokens = torch.randint(num_tokens, (64, T))
#         targets = torch.stack([tokens.roll(1, dims=1), tokens.flip(1)], dim=-1)
#         X = positions(embedding(tokens))
#         scores = output(attention(X, X, X)).reshape(64, T, 2, num_tokens)
#         loss = nn.functional.cross_entropy(scores.flatten(0, 2), targets.flatten())
#         optimizer.zero_grad()
#         loss.backward()
#         optimizer.step()
#         history.append((scores.argmax(dim=-1) == targets).float().mean().item())
#     kept = [m.attention_weights.detach() for m in attention.modules() if isinstance(m, DotProductAttention)]
#     return history, [head for w in kept for head in w.reshape(64, -1, T, T).mean(dim=0)]
#
#
# curves, weights = {}, {}
# for heads in (1, 2):
#     history, weights[heads] = train_looker(heads)
#     curves[f"{heads} head{'s' * (heads > 1)}"] = torch.tensor(history).reshape(-1, 10).mean(dim=1).tolist()
# plot_curves(curves, "steps, in tens", "share of right answers", "The token before, and the mirror image")

# %% [markdown]
# One head has to decide between two places. Two heads divide the work; nobody told them who does what. The weights, averaged
# over the last batch: each row is a token that looks, each column a token that is looked at. (If you loop over the heads with one
# `DotProductAttention`, it remembers the last head only, and you see one picture less.)

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_head_weights", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# pictures = {"one head, undecided": weights[1][0]} | {f"two heads: head {number}": picture for number, picture in enumerate(weights[2])}
# figure, grid = plt.subplots(1, len(pictures), figsize=(3.6 * len(pictures), 3.6), sharey=True, layout="constrained")
# for axes, (title, picture) in zip(grid, pictures.items(), strict=True):
#     shown = axes.imshow(picture, vmin=0, vmax=1)
#     axes.set(xlabel="token that is looked at", title=title, xticks=range(0, 10, 3), yticks=range(0, 10, 3))
# grid[0].set_ylabel("token that looks")
# figure.colorbar(shown, ax=grid, label="weight")
# plt.show()

# %% [markdown]
# ### 5.3 A second question on paper
#
# **Question 2 (up to 5 points): order.** Let $f(X) = \mathrm{softmax}(X W_q W_k^\top X^\top / \sqrt d)\, X W_v$ be
# self-attention over the rows of $X$, $(T, d)$, and $\Pi$ a permutation matrix, so that $\Pi X$ are the same tokens in
# another order. (a) Show that $f(\Pi X) = \Pi f(X)$. (b) Say in one or two sentences why such a layer, followed by an average
# over all tokens, cannot tell "dog bites man" from "man bites dog". (c) Use 5.2 to show that $P_i^\top P_{i'}$ depends on
# $i - i'$ only. (d) How many operations, in powers of $T$, does self-attention need for a sequence of length $T$? How many
# steps, one after the other, does a recurrent network need, and how many does self-attention need?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_order", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) With $S(X) = X W_q W_k^\top X^\top / \sqrt d$ we have $S(\Pi X) = \Pi\, S(X)\, \Pi^\top$: rows and columns are
# permuted alike. The softmax works on each row for itself and does not mind the order within a row, so
# $\mathrm{softmax}(\Pi S \Pi^\top) = \Pi\, \mathrm{softmax}(S)\, \Pi^\top$. Hence
# $f(\Pi X) = \Pi\, \mathrm{softmax}(S)\, \Pi^\top \Pi X W_v = \Pi f(X)$, because $\Pi^\top \Pi = I$.
#
# (b) The two sentences have the same tokens in another order, so their outputs are the same rows in another order, by
# (a), and an average does not depend on the order of its rows.
#
# (c) Let $R_\delta$ be the matrix of 5.2. Its blocks are rotations, so $R_\delta^\top R_\delta = I$. With $i = i' + \delta$:
# $P_i^\top P_{i'} = (R_{i'} P_\delta)^\top (R_{i'} P_0) = P_\delta^\top P_0$, which depends on $\delta$ only. (Or directly:
# $\sum_j \sin i\omega_j \sin i'\omega_j + \cos i\omega_j \cos i'\omega_j = \sum_j \cos((i - i')\omega_j)$.)
#
# (d) $T^2$ scores of $d$ products each, so of the order $T^2 d$. A recurrent network needs $T$ steps one after the
# other; in self-attention all outputs are computed at the same time: a number of steps that does not grow with $T$.
#
# **Marking scheme.** 1 point: $S(\Pi X) = \Pi S \Pi^\top$. 1 point: the softmax row by row, and $\Pi^\top \Pi = I$. 1 point: (b) same
# rows, order lost in the average. 1 point: (c) by rotation or by the addition theorem. 1 point: (d) $T^2$; $T$ against a
# constant.
# ### END SOLUTION

# %% [markdown]
# ## 6 · Not looking ahead
#
# A language model learns to guess the next token. If it can look at it, it learns nothing. Yet one wants to train on all
# positions of a sentence at once. So the future is masked: position $t$ may look at $0, \dots, t$ and at nothing later.
#
# ### 6.1 `causal_mask`
#
# *difficulty 1/5 · importance 4/5 · about 3 minutes · 3 points*
#
# Notes: 004 自注意力和位置编码
#
# A square table of truth values. Row $t$ is the token that looks, column $s$ the one that is looked at; **True = may be
# seen**, which is for $s \le t$. (Some functions of PyTorch want it the other way round, True = hidden. Always ask.)
#
# **By hand.** For $T = 3$:
# $\begin{pmatrix} 1 & 0 & 0 \\ 1 & 1 & 0 \\ 1 & 1 & 1 \end{pmatrix}$ with 1 for True.
#
# <details><summary>Hint 1: a nudge</summary>
#
# A triangle with its diagonal: everybody sees himself. Upper or lower?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `torch.tril` of a table of ones, as `dtype=torch.bool`. Or compare a column of numbers with a row of numbers.
# </details>
#
# <details><summary>Help: I see "has dtype float32, expected bool"</summary>
#
# `torch.ones(T, T)` is float. `torch.ones(T, T, dtype=torch.bool)`, or `.bool()` at the end.
# </details>


# %% nbgrader={"grade": false, "grade_id": "causal_mask", "locked": false, "schema_version": 3, "solution": true, "task": false}
def causal_mask(T):
    """Who may look at whom: (T, T) bool, True at [t, s] if step t may see step s, that is if s <= t."""
    ### BEGIN SOLUTION
    return torch.ones(T, T, dtype=torch.bool).tril()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_causal_mask", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
_mask = torch.tensor([[True, False, False], [True, True, False], [True, True, True]])
check_equal(causal_mask(3), _mask, "causal_mask(3)")
check_equal(causal_mask(5).sum(dim=1), torch.tensor([1, 2, 3, 4, 5]), "the numbers of steps that are seen in the rows of causal_mask(5)")

# %% [markdown]
# ### 6.2 `causal_self_attention`
#
# *difficulty 3/5 · importance 5/5 · about 20 minutes · 8 points*
#
# Notes: 004 自注意力和位置编码
#
# All of it in one function: project one sequence to queries, keys and values, score, hide the future, softmax, average.
#
# $$Q = X W_q, \quad K = X W_k, \quad V = X W_v, \qquad
# S_{ts} = \begin{cases} Q_t \cdot K_s / \sqrt p & s \le t \\ -\infty & s > t \end{cases}, \qquad
# Y = \mathrm{softmax}(S)\, V$$
#
# $X$ is $(n, T, d)$, the three matrices are $(d, p)$, $(d, p)$ and $(d, v)$, the result is $(n, T, v)$. What makes it right is easy
# to test, and the grader does test it: change the tokens behind $t$ to any finite numbers, however large, and $Y_0, \dots, Y_t$
# must not move.
# As with padding, the mask comes *before* the softmax.
#
# **By hand.** $T = 2$, all sizes 1: $X = (1, 0)$, $W_q = \ln 3$, $W_k = 1$, $W_v = 4$, so $Q = (\ln 3, 0)$, $K = (1, 0)$,
# $V = (4, 0)$. Step 0 sees only itself: $Y_0 = 4$. Step 1 has the scores $0$ and $0$: $Y_1 = 2$. Without the mask $Y_0$ would
# be $\tfrac34 \cdot 4 = 3$.
#
# **From scratch.** Use your `causal_mask` and `torch.softmax`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# It is 3.1 with another mask. The table of 6.1 has shape $(T, T)$ and broadcasts over the batch. True means visible: what
# has to be filled?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `scores = Q @ K.transpose(1, 2) / math.sqrt(p)`, then `scores.masked_fill(~mask, -math.inf)`; there is no row of nothing but
# $-\infty$ here, since everybody sees himself. Put the mask on the device of X: `causal_mask(T).to(X.device)`.
# </details>
#
# <details><summary>Help: I see results of early steps that change with late tokens</summary>
#
# Is the softmax over the last dimension, the keys? Is the triangle the lower one? Is the mask applied before the
# softmax?
# </details>


# %% nbgrader={"grade": false, "grade_id": "causal_self_attention", "locked": false, "schema_version": 3, "solution": true, "task": false}
def causal_self_attention(X, W_q, W_k, W_v):
    """Scaled dot-product self-attention in which no step sees a later one.

    X: (n, T, d) float. W_q, W_k: (d, p). W_v: (d, v). All are left unchanged.
    Returns: (n, T, v), dtype and device of X.
    """
    ### BEGIN SOLUTION
    Q, K, V = X @ W_q, X @ W_k, X @ W_v
    scores = Q @ K.transpose(1, 2) / math.sqrt(W_q.shape[1])
    mask = causal_mask(X.shape[1]).to(X.device)
    return torch.softmax(scores.masked_fill(~mask, -math.inf), dim=-1) @ V
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_causal_self_attention", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_X, _W_q, _W_k, _W_v = torch.tensor([[[1.0], [0.0]]]), torch.tensor([[1.098612]]), torch.ones(1, 1), torch.full((1, 1), 4.0)
check_equal(causal_self_attention(_X, _W_q, _W_k, _W_v), torch.tensor([[[4.0], [2.0]]]), "the result of the example")
_X = torch.cat([_X, torch.full((1, 3, 1), 50.0)], dim=1)
_Y = causal_self_attention(_X, _W_q, _W_k, _W_v)
check_equal(_Y[:, :2], torch.tensor([[[4.0], [2.0]]]), "the first two steps when three more tokens come after them")
_X = torch.tensor([[[1.0, -0.5], [0.5, 1.0], [-1.0, 2.0]], [[0.0, 1.0], [2.0, -1.0], [1.0, 0.5]]])
_W_q, _W_k = torch.tensor([[1.0, 0.5, -1.0], [0.0, 1.0, 2.0]]), torch.tensor([[0.5, 1.0, 0.0], [1.0, -1.0, 0.5]])
_W_v = torch.tensor([[1.0], [-2.0]])
_Y = causal_self_attention(_X, _W_q, _W_k, _W_v)
_expected = torch.tensor([[[2.0], [0.62308], [-0.33891]], [[-2.0], [2.56221], [2.28236]]])
check_equal(_Y, _expected, "the result for two sequences of three steps, d = 2, p = 3, v = 1")
_wild = torch.cat([_X[:, :2], torch.tensor([[[-3e4, 7e3]], [[2e4, 9e4]]])], dim=1)
check_equal(causal_self_attention(_wild, _W_q, _W_k, _W_v)[:, :2], _expected[:, :2], "the first two steps when the third token is a wild one")
check_promises(causal_self_attention, _X, _W_q, _W_k, _W_v)

# %% [markdown]
# **Who depends on whom?** The test as a picture: move one token, and see how much each output moves. The triangle above the
# diagonal is empty: no output moves when a later token does.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_causal", "locked": true, "schema_version": 3, "solution": false, "task": false}
# torch.manual_seed(2)
# T, d = 12, 8
# X, weights = torch.randn(1, T, d), [torch.randn(d, d) / d**0.5 for _ in range(3)]
# Y = causal_self_attention(X, *weights)
# influence = torch.zeros(T, T)
# for s in range(T):
#     moved = X.clone()
#     moved[0, s] += torch.randn(d)
#     influence[:, s] = (causal_self_attention(moved, *weights) - Y)[0].norm(dim=1)
# show_heatmap(influence, "token that was moved", "output", "How far each output moves")

# %% [markdown]
# ## What you have now, and where to go
#
# The whole of attention: the weighted average, the mask, both scores, the heads, the positions, and the triangle that lets a
# model be trained on a whole text at once. `nn.MultiheadAttention` and `scaled_dot_product_attention` do the same, faster; you know
# now what is inside, and which way round their masks are.
#
# To try, if you like: give the two-headed network of section 5 a third thing to look for, and count how many heads it wants. Take its
# positional encoding away: how far does it get? Turn the mask of 6.2 round, so that a step sees only the future, and find out what
# the last step does.
#
# Stack the layer of 6.2, with many heads, on small networks that work on each token for itself, add skips as in **ps13** and
# layer norm as in **ps12**, and you have a transformer.
