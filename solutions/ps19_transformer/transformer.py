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
# # The Transformer, and a small language model (小语言模型)
#
# At the end of this notebook you will have written two things by hand: the Transformer as it was published in 2017, an encoder
# and a decoder for translation, and the simpler machine that grew out of it and writes most of today's text, a language model of
# decoder blocks only. It will reverse numbers without a mistake, and then write lines like those of the Zen of Python, letter by
# letter, at whatever temperature you like.
#
# You need what **ps18** built: attention, many heads, positions, and the mask. Residual connections are from **ps13**, layer
# normalisation is from **ps12**, the encoder-decoder architecture is from **ps17**. All of it is given below, so you can start at once.
#
# **How it is marked.** Each exercise has a cell for your answer and, under it, a check that you can run as often as you like.
# A check is an example: it says in words what is wrong with one result. The hidden grader asks more of the same (other
# shapes, other numbers, gradients, both modes), and it marks each property on its own. The points add up to 100; the two written
# questions are extra credit.
#
# **Exercises that build on others.** If an earlier exercise that this one uses is not right yet, the grader lends a right one: one
# mistake costs its own points only.
#
# **What is yours to use.** `nn.Linear`, `nn.LayerNorm`, `nn.Embedding`, `nn.Dropout` are meant to be used, and so are the classes that
# are given. Off limits is what would do the exercise for you: `nn.MultiheadAttention`, `nn.Transformer…` and
# `scaled_dot_product_attention`.
#
# **The order of the parts.** In every class, make the parts in `__init__` **in the order in which `forward` uses them**. The grader
# puts numbers of its own into your weights, and finds them by order and shape; their names are up to you.
#
# **Letters used throughout.** The batch comes first.
#
# | letter | is |
# |---|---|
# | $n$ | sequences in a batch |
# | $T$ | steps of a sequence (词元, tokens); in a decoder: of the target. $S$: steps of the source |
# | $d$ | `num_hiddens`, the numbers of a step |
# | $f$ | `ffn_num_hiddens` |
# | $H$, $L$ | heads, layers (blocks) |
# | $v$ | `vocab_size` |

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import math

import torch
from course_tools import check, check_equal, check_promises, plot_curves
from torch import nn


def fill(net):
    """Gives every parameter numbers that its place and its size decide, for the checks. Returns the module, in evaluation mode."""
    with torch.no_grad():
        for place, weight in enumerate(net.parameters(), start=1):
            weight.copy_(torch.sin(1.7 * torch.arange(weight.numel()) + place).reshape(weight.shape) + 0.3 * (weight.dim() == 1))
    return net.eval()


def check_learning(net, result):
    """Says so where a parameter of the module gets no gradient from the result."""
    net.zero_grad()
    (result**3).sum().backward()
    idle = [name for name, weight in net.named_parameters() if weight.grad is None or not weight.grad.any()]
    check(not idle, f"no gradient reaches {', '.join(idle[:3])}.")


ALL = 1 - 2**-30  # a dropout rate at which nothing is left


# %% [markdown]
# ## Given: what ps17 and ps18 have built
#
# The two functions and four classes of the next cell are the answers of **ps18**, and `EncoderDecoder` is that of **ps17**. One thing
# is new: the positions can begin at an `offset`. `PositionalEncoding(d)(X, offset)` adds the rows `offset`, `offset + 1`, … of $P$.
# You will see what for.


# %% nbgrader={"grade": false, "grade_id": "given_attention", "locked": true, "schema_version": 3, "solution": false, "task": false}
def masked_softmax(X, valid_lens=None):
    """Softmax over the last dimension of X (n, q, k), over the first valid_lens keys only. valid_lens: None, (n,) or (n, q)."""
    if valid_lens is None:
        return torch.softmax(X, dim=-1)
    lens = valid_lens[:, None, None] if valid_lens.ndim == 1 else valid_lens[:, :, None]
    mask = torch.arange(X.shape[-1], device=X.device) < lens
    scores = X.masked_fill(~mask, torch.finfo(X.dtype).min)
    return torch.softmax(scores, dim=-1).masked_fill(~mask, 0)


class DotProductAttention(nn.Module):
    """Scaled dot-product attention. The weights of the last call, before dropout, are kept in `attention_weights`."""

    def __init__(self, dropout=0):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, queries, keys, values, valid_lens=None):
        scores = queries @ keys.transpose(1, 2) / math.sqrt(queries.shape[-1])
        self.attention_weights = masked_softmax(scores, valid_lens)
        return self.dropout(self.attention_weights) @ values


def transpose_qkv(X, num_heads):
    """(n, T, h) → (n · num_heads, T, h / num_heads)"""
    n, T, h = X.shape
    return X.reshape(n, T, num_heads, h // num_heads).transpose(1, 2).flatten(0, 1)


def transpose_output(X, num_heads):
    """(n · num_heads, T, p) → (n, T, num_heads · p)"""
    _, T, p = X.shape
    return X.reshape(-1, num_heads, T, p).transpose(1, 2).flatten(2)


class MultiHeadAttention(nn.Module):
    """Several scaled dot-product attentions side by side, mixed by a linear layer."""

    def __init__(self, query_size, key_size, value_size, num_hiddens, num_heads, dropout=0, bias=False):
        super().__init__()
        self.num_heads = num_heads
        self.attention = DotProductAttention(dropout)
        self.W_q = nn.Linear(query_size, num_hiddens, bias=bias)
        self.W_k = nn.Linear(key_size, num_hiddens, bias=bias)
        self.W_v = nn.Linear(value_size, num_hiddens, bias=bias)
        self.W_o = nn.Linear(num_hiddens, num_hiddens, bias=bias)

    def forward(self, queries, keys, values, valid_lens=None):
        """queries (n, q, query_size), keys (n, k, key_size), values (n, k, value_size), valid_lens None, (n,) or (n, q) → (n, q, num_hiddens)"""
        Q = transpose_qkv(self.W_q(queries), self.num_heads)
        K = transpose_qkv(self.W_k(keys), self.num_heads)
        V = transpose_qkv(self.W_v(values), self.num_heads)
        if valid_lens is not None:
            valid_lens = valid_lens.repeat_interleave(self.num_heads, dim=0)
        return self.W_o(transpose_output(self.attention(Q, K, V, valid_lens), self.num_heads))


class PositionalEncoding(nn.Module):
    """Adds to each step of a sequence a fixed vector that says where it stands: the rows offset, offset + 1, … of P."""

    def __init__(self, num_hiddens, max_len=1000):
        super().__init__()
        omega = 10000 ** (-torch.arange(0, num_hiddens, 2) / num_hiddens)
        angles = torch.arange(max_len)[:, None] * omega
        P = torch.zeros(max_len, num_hiddens)
        P[:, 0::2] = torch.sin(angles)
        P[:, 1::2] = torch.cos(angles)[:, : num_hiddens // 2]
        self.register_buffer("P", P)

    def forward(self, X, offset=0):
        return X + self.P[offset : offset + X.shape[1]].to(X)


class EncoderDecoder(nn.Module):
    """Encode, make the decoder's state, decode. Returns what the decoder returns."""

    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder, self.decoder = encoder, decoder

    def forward(self, enc_X, dec_X, *args):
        state = self.decoder.init_state(self.encoder(enc_X, *args), *args)
        return self.decoder(dec_X, state)


# %% [markdown]
# ## 1 · The encoder
#
# Two kinds of parts alternate in a Transformer. *Attention* lets the steps of a sequence talk to one another. A small network that
# works on *each step for itself* lets every step think about what it has heard. Around each of them lies a residual connection (残差连接)
# with layer normalisation (层规范化), so that many of them can be stacked.
#
# ### 1.1 `PositionWiseFFN`
#
# *difficulty 1/5 · importance 4/5 · about 5 minutes · 4 points*
#
# Notes: 004 Transformer
#
# The position-wise feed-forward network (基于位置的前馈网络) is a linear layer, a ReLU and a second linear layer, both with biases, and it
# is the same at every position:
#
# $$\mathrm{ffn}(\mathbf x) = W_2\, \mathrm{relu}(W_1 \mathbf x + \mathbf b_1) + \mathbf b_2$$
#
# `nn.Linear` works on the last dimension of whatever it is given, so a tensor $(n, T, d)$ needs no reshaping.
#
# **By hand.** One number in, two hidden units, one number out; $W_1 = (1, -1)^\top$, $W_2 = (2, 3)$, no biases. At the step $4$ the hidden
# units are $4$ and $0$, and the result is $8$; at the step $-1$ they are $0$ and $1$, and it is $3$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Which two sizes does the first linear layer connect, which the second? There are three sizes altogether.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `self.dense1 = nn.Linear(ffn_num_input, ffn_num_hiddens)`, `self.dense2 = nn.Linear(ffn_num_hiddens, ffn_num_outputs)`, and in `forward`
# `torch.relu` between the two.
# </details>
#
# <details><summary>Help: I see "mat1 and mat2 shapes cannot be multiplied"</summary>
#
# Somewhere steps were joined with numbers: a `flatten` or `reshape` that is not needed here. Or the two sizes of a layer are exchanged.
# </details>


# %% nbgrader={"grade": false, "grade_id": "PositionWiseFFN", "locked": false, "schema_version": 3, "solution": true, "task": false}
class PositionWiseFFN(nn.Module):
    """The same two-layer network at every position."""

    def __init__(self, ffn_num_input, ffn_num_hiddens, ffn_num_outputs):
        """Two linear layers with biases: from ffn_num_input to ffn_num_hiddens, from there to ffn_num_outputs."""
        ### BEGIN SOLUTION
        super().__init__()
        self.dense1 = nn.Linear(ffn_num_input, ffn_num_hiddens)
        self.relu = nn.ReLU()
        self.dense2 = nn.Linear(ffn_num_hiddens, ffn_num_outputs)
        ### END SOLUTION

    def forward(self, X):
        """X: (..., ffn_num_input) float. Returns: (..., ffn_num_outputs)."""
        ### BEGIN SOLUTION
        return self.dense2(self.relu(self.dense1(X)))
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_PositionWiseFFN", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
_net = PositionWiseFFN(1, 2, 1)
check_equal(sorted(p.numel() for p in _net.parameters()), [1, 2, 2, 2], "the sizes of the parameters of PositionWiseFFN(1, 2, 1)")
with torch.no_grad():
    for _weight, _numbers in zip(_net.parameters(), ([1.0, -1.0], [0.0, 0.0], [2.0, 3.0], [0.0]), strict=True):
        _weight.copy_(torch.tensor(_numbers).reshape(_weight.shape))
check_equal(_net(torch.tensor([[[4.0], [-1.0]]])), torch.tensor([[[8.0], [3.0]]]), "the result of the example")
_net, _X = fill(PositionWiseFFN(2, 3, 4)), torch.tensor([[[1.0, -2.0], [0.5, 1.5], [2.0, 0.3]], [[-1.0, 0.4], [0.7, -0.2], [1.1, 0.9]]])
check_equal(
    _net(_X)[1],
    torch.tensor([[-1.02962, 0.03406, 1.98678, 0.9301], [-0.18697, 1.19939, 2.02507, -0.20629], [-0.03621, 1.70451, 2.25615, -0.53672]]),
    "the second sequence of PositionWiseFFN(2, 3, 4) for X (2, 3, 2)",
)
check_equal(_net(_X[0, 1]), _net(_X)[0, 1], "the result for one step alone")
check_learning(_net, _net(_X))
check_promises(_net.forward, _X, dtype=False)

# %% [markdown]
# ### 1.2 `AddNorm`
#
# *difficulty 2/5 · importance 5/5 · about 10 minutes · 6 points*
#
# Notes: 004 Transformer
#
# What goes into a part is $X$, what comes out is $Y$, of the same shape. `AddNorm` adds the two and normalises the sum, over the last
# dimension (or dimensions), that is over the numbers of *one step*:
#
# $$\mathrm{AddNorm}(X, Y) = \mathrm{LayerNorm}\big(X + \mathrm{dropout}(Y)\big)$$
#
# Dropout (暂退法) falls on $Y$ only. The way of $X$ stays free: that is the residual connection. For the normalisation use
# `nn.LayerNorm(norm_shape)` as it is; `norm_shape` is an int or a tuple, as there.
#
# **By hand.** $X = (1, 3)$ and $Y = (1, 1)$. The sum is $(2, 4)$ with mean $3$ and standard deviation $1$, so the result is $(-1, 1)$.
# Normalising $X$ first and adding then would give $(0, 2)$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Two parts in `__init__`, one line in `forward`. What is inside of what?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `self.ln(X + self.dropout(Y))` with `self.ln = nn.LayerNorm(norm_shape)` and `self.dropout = nn.Dropout(dropout)`.
# </details>
#
# <details><summary>Help: I see other numbers in training mode although Y is zero</summary>
#
# Then the dropout falls on X as well. Only Y is dropped; the sum is not, and the result is not.
# </details>


# %% nbgrader={"grade": false, "grade_id": "AddNorm", "locked": false, "schema_version": 3, "solution": true, "task": false}
class AddNorm(nn.Module):
    """A residual connection, followed by layer normalisation."""

    def __init__(self, norm_shape, dropout=0):
        """norm_shape: int or tuple, the last dimension or dimensions. dropout: the share of Y that is dropped in training."""
        ### BEGIN SOLUTION
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.ln = nn.LayerNorm(norm_shape)
        ### END SOLUTION

    def forward(self, X, Y):
        """X, Y: float, of equal shape, left unchanged. Returns: a tensor of that shape."""
        ### BEGIN SOLUTION
        return self.ln(X + self.dropout(Y))
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_AddNorm", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_X, _Y = torch.tensor([[[1.0, 3.0]]]), torch.tensor([[[1.0, 1.0]]])
check_equal(AddNorm(2, 0.5).eval()(_X, _Y), torch.tensor([[[-1.0, 1.0]]]), "the result of the example", atol=1e-4)
_X = torch.tensor([[[1.0, -2.0, 0.5], [0.3, 1.5, 2.0]], [[-1.0, 0.4, 0.7], [2.0, -0.2, 1.1]]])
_Y = torch.tensor([[[0.2, 1.0, -0.6], [1.3, -0.5, 0.1]], [[0.9, 2.4, -1.7], [0.6, 0.8, -2.1]]])
_net = fill(AddNorm(3, 0.5))
check_equal(
    _net(_X, _Y)[1], torch.tensor([[0.73996, 0.77207, 0.15685], [2.65611, -0.29569, 0.29415]]), "the second sequence of AddNorm(3) for X and Y (2, 2, 3)"
)
check_equal(
    fill(AddNorm((2, 3)))(_X, _Y)[0], torch.tensor([[1.23071, -1.26443, 0.04506], [0.58981, 0.77562, -0.97299]]), "the first sequence of AddNorm((2, 3))"
)
_net.train()
check_equal(_net(_X, 0 * _Y), _net.eval()(_X, 0 * _Y), "the result in training mode where Y is zero (dropout is for Y, and nothing else)")
_kinds = AddNorm(3, 0.5)(torch.tensor([0.0, 1.0, 3.0]).repeat(100, 1), torch.tensor([2.0, 0.0, 0.0]).repeat(100, 1)).unique(dim=0)
_expected = torch.tensor([[-1.069041, -0.26726, 1.336301], [1.069041, -1.336301, 0.26726]])
check_equal(_kinds, _expected, "the results in training mode for X = (0, 1, 3), Y = (2, 0, 0) and dropout = 0.5 (the sum is (0, 1, 3) or (4, 1, 3))", rtol=1e-3)
check_equal(AddNorm(3).train()(_X, _Y), AddNorm(3).eval()(_X, _Y), "the result in training mode without dropout")
check_equal(AddNorm(2)(0.001 * torch.tensor([1.0, 3.0]), torch.full((2,), 0.001)), torch.tensor([-0.301511, 0.301511]), "the result for the sum (0.002, 0.004)")
check_learning(_net, _net.eval()(_X, _Y))
check_promises(_net.eval().forward, _X, _X.roll(1, 0), dtype=False)

# %% [markdown]
# ### 1.3 `EncoderBlock`
#
# *difficulty 3/5 · importance 5/5 · about 15 minutes · 8 points*
#
# Notes: 004 Transformer
#
# Self-attention (自注意力) is attention in which queries, keys and values are all $X$. With it, one block of the encoder is
#
# $$Y = \mathrm{AddNorm}_1\big(X, \mathrm{attention}(X, X, X)\big), \qquad
# \mathrm{EncoderBlock}(X) = \mathrm{AddNorm}_2\big(Y, \mathrm{ffn}(Y)\big)$$
#
# Each AddNorm has weights of its own. `valid_lens`, $(n,)$ or $(n, T)$, are those of the keys: nobody looks at the padding. `use_bias`
# is for the four layers of the attention. `dropout` goes to the attention and to both AddNorms.
#
# **By hand.** If all weights of the attention and of the second linear layer are zero, nothing is added to $X$: a step $(2, 4)$ becomes
# $(-1, 1)$ in the first AddNorm and stays so in the second.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Four parts, in this order: attention, AddNorm, FFN, AddNorm. All sizes of the attention are `num_hiddens`. What is added in the second
# AddNorm, and to what?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `MultiHeadAttention(num_hiddens, num_hiddens, num_hiddens, num_hiddens, num_heads, dropout, use_bias)`. In `forward`:
# `Y = self.addnorm1(X, self.attention(X, X, X, valid_lens))`, and then the same with `self.ffn` and `self.addnorm2`, from Y.
# </details>
#
# <details><summary>Help: I see results of real words that change with the padding</summary>
#
# `valid_lens` must be handed on to the attention, as its fourth argument.
# </details>


# %% nbgrader={"grade": false, "grade_id": "EncoderBlock", "locked": false, "schema_version": 3, "solution": true, "task": false}
class EncoderBlock(nn.Module):
    """Self-attention, AddNorm, position-wise network, AddNorm."""

    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout=0, use_bias=False):
        """dropout: of the attention weights and in both AddNorms. use_bias: of the attention's four layers."""
        ### BEGIN SOLUTION
        super().__init__()
        self.attention = MultiHeadAttention(num_hiddens, num_hiddens, num_hiddens, num_hiddens, num_heads, dropout, use_bias)
        self.addnorm1 = AddNorm(num_hiddens, dropout)
        self.ffn = PositionWiseFFN(num_hiddens, ffn_num_hiddens, num_hiddens)
        self.addnorm2 = AddNorm(num_hiddens, dropout)
        ### END SOLUTION

    def forward(self, X, valid_lens=None):
        """X: (n, T, num_hiddens) float. valid_lens: None, or int of shape (n,) or (n, T). Returns: (n, T, num_hiddens)."""
        ### BEGIN SOLUTION
        Y = self.addnorm1(X, self.attention(X, X, X, valid_lens))
        return self.addnorm2(Y, self.ffn(Y))
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_EncoderBlock", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_net = fill(EncoderBlock(4, 6, 2, dropout=0.5))
check_equal(sum(p.numel() for p in _net.parameters()), 138, "the number of weights of EncoderBlock(4, 6, 2)")
_X = torch.sin(torch.arange(24.0)).reshape(2, 3, 4)
check_equal(
    _net(_X)[1],
    torch.tensor([[-0.6351, 1.25393, -1.48526, -0.76367], [-0.04739, 1.456, -1.27654, -0.78076], [-0.01471, 1.67118, -1.27953, -0.74403]]),
    "the second sequence of EncoderBlock(4, 6, 2) for X (2, 3, 4)",
    atol=1e-4,
)
_valid = _net(_X, torch.tensor([3, 2]))
check_equal(
    _valid[1, :2],
    torch.tensor([[-0.52596, 1.30037, -1.49024, -0.76799], [-0.20729, 1.43487, -1.403, -0.77422]]),
    "its first two steps with valid length 2",
    atol=1e-4,
)
check_equal(
    _net(_X, torch.tensor([[1, 2, 3], [2, 1, 3]]))[1, :2],
    torch.tensor([[-0.52596, 1.30037, -1.49024, -0.76799], [0.08274, 1.46432, -1.14222, -0.78573]]),
    "its first two steps with a length for each step",
    atol=1e-4,
)
check_equal(sum(p.numel() for p in EncoderBlock(4, 6, 2, use_bias=True).parameters()), 154, "the number of weights of EncoderBlock(4, 6, 2, use_bias=True)")
check_equal(
    fill(EncoderBlock(4, 6, 2, dropout=ALL)).train()(_X)[1],
    torch.tensor([[-0.45683, 1.45545, 1.63367, -0.54415], [-0.35633, 1.81565, 0.37638, -0.56922], [0.39207, 1.93919, 0.2041, -0.64474]]),
    "the second sequence in training mode, when all that is added to X is dropped",
    atol=1e-4,
)
check_learning(_net, _net(_X))
check_promises(_net.forward, _X, torch.tensor([3, 2]), dtype=False)

# %% [markdown]
# ### 1.4 `TransformerEncoder`
#
# *difficulty 3/5 · importance 4/5 · about 15 minutes · 8 points*
#
# Notes: 004 Transformer · 004 自注意力和位置编码
#
# An embedding turns tokens into vectors, positions are added, and the blocks follow one another:
#
# $$X_0 = \mathrm{positions}\big(\sqrt d \cdot \mathrm{embedding}(\text{tokens})\big), \qquad
# X_{l} = \mathrm{block}_l(X_{l-1}, \text{valid\_lens}), \quad l = 1, \dots, L$$
#
# Why $\sqrt d$? Positions are sines and cosines, of size 1. Embeddings often begin much smaller; the root keeps the words louder than their
# places. It is for the embedding alone, not for the positions.
#
# Every block has weights of its own and gets the lengths. Sequences may have up to 1000 steps.
#
# **By hand.** Without blocks ($L = 0$), with $d = 4$ and the embedding $(1, 0, 0.5, 0)$ of a token, the token at position 0 becomes
# $2 \cdot (1, 0, 0.5, 0) + (0, 1, 0, 1) = (2, 1, 1, 1)$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# A list of blocks that PyTorch knows about is an `nn.ModuleList`. And `[block] * 3` is three times *the same* block.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `self.blocks = nn.ModuleList(EncoderBlock(…) for _ in range(num_layers))`; in `forward` `X = self.positions(self.embedding(X) * math.sqrt(d))`
# and a loop `X = block(X, valid_lens)`.
# </details>
#
# <details><summary>Help: I see fewer parameters than expected</summary>
#
# A plain Python list hides its modules from `parameters()`; a list made by `*` holds one module several times. Both are cured by the
# `nn.ModuleList` of hint 2.
# </details>


# %% nbgrader={"grade": false, "grade_id": "TransformerEncoder", "locked": false, "schema_version": 3, "solution": true, "task": false}
class TransformerEncoder(nn.Module):
    """Embedding times the root of d, positions, and a stack of encoder blocks."""

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout=0, use_bias=False):
        """Parts in this order: embedding (nn.Embedding), num_layers blocks."""
        ### BEGIN SOLUTION
        super().__init__()
        self.num_hiddens = num_hiddens
        self.embedding = nn.Embedding(vocab_size, num_hiddens)
        self.positions = PositionalEncoding(num_hiddens)
        self.blocks = nn.ModuleList(EncoderBlock(num_hiddens, ffn_num_hiddens, num_heads, dropout, use_bias) for _ in range(num_layers))
        ### END SOLUTION

    def forward(self, X, valid_lens=None, *args):
        """X: (n, T) int64, tokens. valid_lens: None, (n,) or (n, T) int, for every block. What else is given is ignored. Returns: (n, T, num_hiddens)."""
        ### BEGIN SOLUTION
        X = self.positions(self.embedding(X) * math.sqrt(self.num_hiddens))
        for block in self.blocks:
            X = block(X, valid_lens)
        return X
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_TransformerEncoder", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_net = TransformerEncoder(3, 4, 6, 2, 0)
with torch.no_grad():
    next(_net.parameters()).copy_(torch.tensor([[0.0, 0.2, 0.1, 0.3], [1.0, 0.0, 0.5, 0.0], [-0.4, 0.1, 0.2, 0.6]]))
_expected = torch.tensor([[2.0, 1.0, 1.0, 1.0], [0.841471, 0.940302, 0.21, 1.59995]])
check_equal(_net(torch.tensor([[1, 0]]))[0], _expected, "the result without blocks for the tokens 1, 0")
_net, _tokens = fill(TransformerEncoder(5, 4, 6, 2, 2, dropout=0.5)), torch.tensor([[1, 4, 0], [3, 2, 2]])
check_equal(sum(p.numel() for p in _net.parameters()), 296, "the number of weights of TransformerEncoder(5, 4, 6, 2, 2)")
check_equal(
    _net(_tokens, torch.tensor([3, 2]))[1, :2],
    torch.tensor([[0.512, 2.37959, -1.20937, -0.91837], [0.51172, 2.37983, -1.20955, -0.91812]]),
    "the first two steps of the second sequence with lengths 3 and 2",
    atol=1e-4,
)
check_equal(
    _net(_tokens)[0],
    torch.tensor([[0.51188, 2.37967, -1.20945, -0.91828], [0.51219, 2.37935, -1.20927, -0.9186], [0.51182, 2.37974, -1.20949, -0.91822]]),
    "the first sequence without lengths",
    atol=1e-4,
)
_one, _other = (fill(TransformerEncoder(5, 4, 6, 2, 2, dropout=rate)).train()(_tokens) for rate in (ALL, 0.0))
check(not torch.equal(_one, _other), "in training mode a dropout of nearly 1 changes nothing.")
check_equal(tuple(TransformerEncoder(5, 4, 6, 2, 1)(torch.zeros(1, 1000, dtype=torch.int64)).shape), (1, 1000, 4), "the shape of the result for 1000 tokens")
check_equal(sum(p.numel() for p in TransformerEncoder(5, 4, 6, 2, 2, use_bias=True).parameters()), 328, "the number of weights with use_bias=True")
check_learning(_net, _net(_tokens))
check_promises(_net.forward, _tokens, torch.tensor([3, 2]), gradient=False, dtype=False)

# %% [markdown]
# ## 2 · The decoder
#
# The decoder writes the target token by token. While training, the whole target is known, and the decoder is fed all of it **at once**:
# the mask takes care that no step sees what comes later. While predicting there is one new token at a time, and the decoder must
# remember what it has read before. A right decoder gives the same either way.
#
# This is where the code of a famous book has two traps. It masks the future only where `self.training` is set; and while predicting it adds
# position 0 to *every* token. So the model that predicts is not the one that was trained. Yours will be.
#
# ### 2.1 `DecoderBlock`
#
# *difficulty 5/5 · importance 5/5 · about 40 minutes · 13 points*
#
# Notes: 004 Transformer
#
# Three parts, each followed by an AddNorm: masked self-attention (掩蔽自注意力), attention to what the encoder has found, position-wise network.
#
# $$Y = \mathrm{AddNorm}_1\big(X, \mathrm{attention}_1(X, K, K)\big), \quad
# Z = \mathrm{AddNorm}_2\big(Y, \mathrm{attention}_2(Y, E, E)\big), \quad
# \text{result} = \mathrm{AddNorm}_3\big(Z, \mathrm{ffn}(Z)\big)$$
#
# $E$ is `enc_outputs`, with the lengths `enc_valid_lens`. And $K$? All that **this block** has been given as $X$ so far: its *cache* (缓存)
# and, behind it, the new $X$. Row $s$ of $X$ sees the whole cache and the rows $0, \dots, s$ of $X$, in training and in evaluation mode alike.
#
# | the state | is |
# |---|---|
# | `state[0]` | `enc_outputs`, $(n, S, d)$ |
# | `state[1]` | `enc_valid_lens`, or None |
# | `state[2]` | a list with one cache for each block: None at the beginning, or $(n, t, d)$ |
#
# The block is number `i`, and its cache is `state[2][i]`. It returns its result and the new state: the same, but with the new $K$ as
# cache number `i`. Whether you change the list that you were given or make a new one is up to you.
#
# **No loop** over the steps or the batch: `valid_lens` of shape $(n, T)$ says for each query how many keys it sees, and that is all the
# mask you need.
#
# **By hand.** The cache holds 2 steps and $X$ has 3, so $K$ has 5. The first new step sees 3 keys (both cached ones and itself), the
# second 4, the third 5: lengths $(3, 4, 5)$ for each sequence. Without a cache they would be $(1, 2, 3)$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Write it without a cache first: keys are X and the lengths are 1, …, T. Then put the cache in front of the keys. By how much do all
# lengths grow?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `keys = X if cache is None else torch.cat([cache, X], dim=1)`, and the lengths
# `torch.arange(keys.shape[1] - T + 1, keys.shape[1] + 1, device=X.device).repeat(n, 1)`. The queries of the second attention are Y, its
# keys and values `enc_outputs`.
# </details>
#
# <details><summary>Help: I see the same at once and step by step only for one block</summary>
#
# Each block needs its own cache, `state[2][self.i]`, and keeps what went **into** it, not what came out.
# </details>


# %% nbgrader={"grade": false, "grade_id": "DecoderBlock", "locked": false, "schema_version": 3, "solution": true, "task": false}
class DecoderBlock(nn.Module):
    """Masked self-attention with a cache, attention to the encoder, position-wise network; each followed by AddNorm."""

    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout, i, use_bias=False):
        """i: the place of this block in the decoder. dropout: of both attentions and of the three AddNorms. use_bias: of both attentions."""
        ### BEGIN SOLUTION
        super().__init__()
        self.i = i
        self.attention1 = MultiHeadAttention(num_hiddens, num_hiddens, num_hiddens, num_hiddens, num_heads, dropout, use_bias)
        self.addnorm1 = AddNorm(num_hiddens, dropout)
        self.attention2 = MultiHeadAttention(num_hiddens, num_hiddens, num_hiddens, num_hiddens, num_heads, dropout, use_bias)
        self.addnorm2 = AddNorm(num_hiddens, dropout)
        self.ffn = PositionWiseFFN(num_hiddens, ffn_num_hiddens, num_hiddens)
        self.addnorm3 = AddNorm(num_hiddens, dropout)
        ### END SOLUTION

    def forward(self, X, state):
        """Decode the next T steps.

        X: (n, T, num_hiddens) float. state: [enc_outputs (n, S, num_hiddens), enc_valid_lens (n,) or None, caches], where caches[i] is
        None or the (n, t, num_hiddens) that this block was given before.
        Returns: (result (n, T, num_hiddens), new state); its caches[i] is longer by T, all else is as it was.
        """
        ### BEGIN SOLUTION
        enc_outputs, enc_valid_lens, caches = state
        cache = caches[self.i]
        keys = X if cache is None else torch.cat([cache, X], dim=1)
        n, T, _ = X.shape
        seen = torch.arange(keys.shape[1] - T + 1, keys.shape[1] + 1, device=X.device).repeat(n, 1)
        Y = self.addnorm1(X, self.attention1(X, keys, keys, seen))
        Z = self.addnorm2(Y, self.attention2(Y, enc_outputs, enc_outputs, enc_valid_lens))
        caches = [*caches[: self.i], keys, *caches[self.i + 1 :]]
        return self.addnorm3(Z, self.ffn(Z)), [enc_outputs, enc_valid_lens, caches]
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_DecoderBlock", "locked": true, "points": 13, "schema_version": 3, "solution": false, "task": false}
_net = fill(DecoderBlock(4, 6, 2, 0.5, 1))
check_equal(sum(p.numel() for p in _net.parameters()), 210, "the number of weights of DecoderBlock(4, 6, 2, 0.5, 1)")
_X, _enc, _lens = torch.sin(torch.arange(24.0)).reshape(2, 3, 4), torch.cos(torch.arange(40.0)).reshape(2, 5, 4), torch.tensor([4, 2])
_Y, _state = _net(_X, [_enc, _lens, [None, None, None]])
check_equal(
    _Y[1],
    torch.tensor([[-0.12014, 1.00539, -0.29631, -0.27109], [-0.28031, 1.10272, -0.99037, -0.33859], [-0.37343, 1.16909, -1.20662, -0.4178]]),
    "the second sequence of DecoderBlock for X (2, 3, 4), source lengths 4 and 2",
    atol=1e-4,
)
check_equal(_state[2][1], _X, "the block's own cache, state[2][1], after the first call")
check(_state[2][0] is None and _state[2][2] is None, "the caches of other blocks should stay as they were (here: None).")
_wild = torch.cat([_X[:, :2], 9 * _X[:, 2:] + 5], dim=1)
check_equal(_net(_wild, [_enc, _lens, [None] * 3])[0][:, :2], _Y[:, :2], "the first two steps when the third is another one (in evaluation mode)")
_first, _state = _net(_X[:, :1], [_enc, _lens, [None] * 3])
_rest, _state = _net(_X[:, 1:], _state)
check_equal(torch.cat([_first, _rest], 1), _Y, "the result when X comes in two calls, of 1 and of 2 steps", atol=1e-5)
check_equal(_state[2][1], _X, "the block's own cache after both calls")
_short = _net(_X, [torch.cat([_enc[:, :2], 7 * _enc[:, 2:]], dim=1), torch.tensor([2, 2]), [None] * 3])[0]
check_equal(_short[1], _Y[1], "the second sequence when the source behind its valid length is another one")
_dropped = fill(DecoderBlock(4, 6, 2, ALL, 0)).train()(_X, [_enc, _lens, [None]])[0]
check_equal(
    _dropped[1],
    torch.tensor([[0.18068, 1.18909, 2.26706, -0.79425], [0.02563, 1.29397, 0.94049, -0.77671], [-0.39383, 1.28906, 0.48297, -0.8245]]),
    "the second sequence in training mode, when all that is added to X is dropped",
    atol=1e-4,
)
check_equal(
    sum(p.numel() for p in DecoderBlock(4, 6, 2, 0.5, 1, True).parameters()), 242, "the number of weights of DecoderBlock(4, 6, 2, 0.5, 1, use_bias=True)"
)
check_learning(_net, _Y)
_enc.requires_grad_()
(_net(_X, [_enc, _lens, [None] * 3])[0] ** 3).sum().backward()
check(_enc.grad is not None and _enc.grad.any(), "no gradient flows back to enc_outputs.")

# %% [markdown]
# **Who sees whom?** The test as a picture: one token of $X$ is moved, and each output moves by so much. Above the diagonal all is dark: no
# output moves when a later token does.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_no_future", "locked": true, "schema_version": 3, "solution": false, "task": false}
# from course_tools import show_heatmap
#
# torch.manual_seed(1)
# net, T = DecoderBlock(16, 32, 4, 0.0, 0).eval(), 10
# X, state = torch.randn(1, T, 16), lambda: [torch.randn(1, 6, 16, generator=torch.Generator().manual_seed(2)), None, [None]]
# with torch.no_grad():
#     before = net(X, state())[0]
#     influence = torch.zeros(T, T)
#     for s in range(T):
#         moved = X.clone()
#         moved[0, s] += torch.randn(16)
#         influence[:, s] = (net(moved, state())[0] - before)[0].norm(dim=1)
# show_heatmap(influence.clamp(max=1.5), "token that was moved", "output", "How far each output moves (evaluation mode)")

# %% [markdown]
# ### 2.2 `TransformerDecoder`
#
# *difficulty 4/5 · importance 5/5 · about 25 minutes · 10 points*
#
# Notes: 004 Transformer · 004 自注意力和位置编码
#
# Embedding times $\sqrt d$, positions, blocks $0, \dots, L - 1$, and a linear layer with bias that turns each step into $v$ scores (logits).
# No softmax: the loss wants scores.
#
# `init_state` makes the state that the first call is given: the encoder's outputs, their lengths, and a None for each block.
#
# `forward` is called with one token at a time, or with many. Positions **go on** where the cache ends: if the first block has cached $t$
# steps, the first new token is at position $t$. The state goes from block to block, each puts in its cache, and the last state is returned.
#
# **By hand.** $L = 1$, the first call has three tokens, at the positions 0, 1, 2. The second call has one token, at position
# 3. A decoder that puts it at position 0 reads the sentence "to be or | not" as if "not" and "to" stood at the same place.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Where in the state can you read how many steps there were before? And what is it before the first call?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `cache = state[2][0]`, `offset = 0 if cache is None else cache.shape[1]`, `self.positions(self.embedding(X) * math.sqrt(d), offset)`, and
# `X, state = block(X, state)` for every block. Block number `i` is `DecoderBlock(…, dropout, i, use_bias)`.
# </details>
#
# <details><summary>Help: I see other scores token by token than all at once</summary>
#
# From the second token on: the offset. With two blocks only: is every block made with its own `i`, and is the state that one returns given
# to the next? In training mode only: that is dropout, and as it should be.
# </details>


# %% nbgrader={"grade": false, "grade_id": "TransformerDecoder", "locked": false, "schema_version": 3, "solution": true, "task": false}
class TransformerDecoder(nn.Module):
    """Embedding times the root of d, positions, a stack of decoder blocks, and scores for every token of the vocabulary."""

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout=0, use_bias=False):
        """Parts in this order: embedding (nn.Embedding), num_layers blocks, the linear layer with bias."""
        ### BEGIN SOLUTION
        super().__init__()
        self.num_hiddens, self.num_layers = num_hiddens, num_layers
        self.embedding = nn.Embedding(vocab_size, num_hiddens)
        self.positions = PositionalEncoding(num_hiddens)
        self.blocks = nn.ModuleList(DecoderBlock(num_hiddens, ffn_num_hiddens, num_heads, dropout, i, use_bias) for i in range(num_layers))
        self.dense = nn.Linear(num_hiddens, vocab_size)
        ### END SOLUTION

    def init_state(self, enc_outputs, enc_valid_lens=None, *args):
        """enc_outputs: (n, S, num_hiddens). enc_valid_lens: (n,) int or None. Returns: [enc_outputs, enc_valid_lens, a list of num_layers Nones]."""
        ### BEGIN SOLUTION
        return [enc_outputs, enc_valid_lens, [None] * self.num_layers]
        ### END SOLUTION

    def forward(self, X, state):
        """X: (n, T) int64, the next T tokens. state: from init_state or from the call before. Returns: (logits (n, T, vocab_size), new state)."""
        ### BEGIN SOLUTION
        cache = state[2][0]
        offset = 0 if cache is None else cache.shape[1]
        X = self.positions(self.embedding(X) * math.sqrt(self.num_hiddens), offset)
        for block in self.blocks:
            X, state = block(X, state)
        return self.dense(X), state
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_TransformerDecoder", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
_net = fill(TransformerDecoder(5, 4, 6, 2, 2, dropout=0.5))
check_equal(sum(p.numel() for p in _net.parameters()), 465, "the number of weights of TransformerDecoder(5, 4, 6, 2, 2)")
_enc, _lens, _tokens = torch.cos(torch.arange(40.0)).reshape(2, 5, 4), torch.tensor([4, 2]), torch.tensor([[1, 4, 0], [3, 2, 2]])
_start = _net.init_state(_enc, _lens)
check_equal(_start[2], [None, None], "the caches in the first state")
check(torch.equal(_start[0], _enc) and torch.equal(_start[1], _lens), "the first state should begin with enc_outputs and enc_valid_lens.")
_logits, _ = _net(_tokens, _net.init_state(_enc, _lens))
check_equal(
    _logits[1],
    torch.tensor([[3.65711, 2.47221, 0.43994, 0.36746, 0.04291], [3.65712, 2.47222, 0.43994, 0.36746, 0.04291], [3.65722, 2.47224, 0.43988, 0.36732, 0.04274]]),
    "the scores of the second sequence, at once",
    atol=1e-4,
)
_first, _state = _net(_tokens[:, :1], _net.init_state(_enc, _lens))
_second, _state = _net(_tokens[:, 1:2], _state)
_third, _state = _net(_tokens[:, 2:], _state)
check_equal(torch.cat([_first, _second, _third], 1), _logits, "the scores token by token (do positions and caches go on?)", rtol=1e-3, atol=1e-4)
check_equal([tuple(cache.shape) for cache in _state[2]], [(2, 3, 4)] * 2, "the shapes of the two caches after three tokens")
_one, _other = (fill(TransformerDecoder(5, 4, 6, 2, 2, rate)).train()(_tokens, _net.init_state(_enc, _lens))[0] for rate in (ALL, 0.0))
check(not torch.equal(_one, _other), "in training mode a dropout of nearly 1 changes nothing.")
check_equal(sum(p.numel() for p in TransformerDecoder(5, 4, 6, 2, 2, use_bias=True).parameters()), 529, "the number of weights with use_bias=True")
check_learning(_net, _logits)
_both = EncoderDecoder(fill(TransformerEncoder(7, 4, 6, 2, 1)), _net)
_shape = tuple(_both(torch.tensor([[6, 0, 3, 3]]), torch.tensor([[1, 2]]), torch.tensor([3]))[0].shape)
check_equal(_shape, (1, 2, 5), "the shape of the scores of encoder and decoder together, for 4 source and 2 target tokens")

# %% [markdown]
# ### 2.3 `count_parameters`
#
# *difficulty 2/5 · importance 3/5 · about 15 minutes · 6 points*
#
# Notes: 004 Transformer
#
# How large is it? Count the numbers that are trained, on paper first: for an encoder and a decoder as above, `use_bias=False`. No module is
# built; it is arithmetic. One block of each has
#
# | part | encoder block | decoder block |
# |---|---|---|
# | attention: four matrices without biases | once | twice |
# | position-wise network: two matrices, two biases | once | once |
# | layer norm: a scale and a shift | how often? | how often? |
#
# Around the blocks there are embeddings, and the decoder's last layer, with its bias. Positions are not trained.
#
# **By hand.** $d = 2$, $f = 3$: an attention has $4 d^2 = 16$ numbers, the network $2df + f + d = 17$, a norm $2d = 4$. An encoder block:
# $16 + 17 + 2 \cdot 4 = 41$. With $v_s = 5$ source tokens and two layers the encoder has $5 \cdot 2 + 2 \cdot 41 = 92$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Do more heads make more weights? Look at the sizes of the four layers in `MultiHeadAttention`.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `attention = 4 * d * d`, `ffn = 2 * d * f + f + d`, `norm = 2 * d`. Encoder: $v_s d + L\,(\text{attention} + \text{ffn} + 2\,\text{norm})$. In the
# decoder there are two attentions, three norms, and $d\, v_t + v_t$ at the end.
# </details>
#
# <details><summary>Help: I want to be sure</summary>
#
# `sum(p.numel() for p in TransformerEncoder(5, 2, 3, 1, 2).parameters())` counts what is there.
# </details>


# %% nbgrader={"grade": false, "grade_id": "count_parameters", "locked": false, "schema_version": 3, "solution": true, "task": false}
def count_parameters(src_vocab_size, tgt_vocab_size, num_hiddens, ffn_num_hiddens, num_layers):
    """How many numbers a TransformerEncoder and a TransformerDecoder with use_bias=False train, by formula.

    All arguments are ints. Returns: (of the encoder, of the decoder), two ints.
    """
    ### BEGIN SOLUTION
    d, f = num_hiddens, ffn_num_hiddens
    attention, ffn, norm = 4 * d * d, 2 * d * f + f + d, 2 * d
    encoder = src_vocab_size * d + num_layers * (attention + ffn + 2 * norm)
    decoder = tgt_vocab_size * d + num_layers * (2 * attention + ffn + 3 * norm) + d * tgt_vocab_size + tgt_vocab_size
    return encoder, decoder
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_count_parameters", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check_equal(count_parameters(5, 7, 2, 3, 2)[0], 92, "the count of the encoder in the example")
check_equal(count_parameters(5, 7, 2, 3, 2)[1], 157, "the count of the decoder for 7 target tokens")
check_equal(count_parameters(37000, 37000, 512, 2048, 6), (37846016, 63124616), "the counts for the base model of the Transformer's paper")
check_equal(count_parameters(3, 4, 5, 6, 1), (206, 345), "the counts for 3 and 4 tokens, d = 5, f = 6 and one layer")
check(all(type(_count) is int for _count in count_parameters(3, 4, 5, 6, 1)), "the counts should be ints.")

# %% [markdown]
# ### 2.4 `warmup_lr`
#
# *difficulty 2/5 · importance 3/5 · about 10 minutes · 5 points*
#
# Notes: 004 Transformer
#
# A Transformer of this kind does not like a large learning rate at the beginning. Its paper lets the rate grow for a while (warm-up, 预热) and
# fall afterwards:
#
# $$\eta(s) = \text{factor} \cdot d^{-1/2} \cdot \min\big(s^{-1/2},\ s \cdot w^{-3/2}\big)$$
#
# with $s$ = `step` and $w$ = `warmup_steps`. The first of the two falls, the second is a straight line from 0; they meet at $s = w$, and
# there is the peak. At step 0, where $s^{-1/2}$ does not exist, the rate is 0.
#
# **By hand.** $d = 4$, $w = 4$, factor 1. $\eta(1) = \tfrac12 \cdot \min(1, \tfrac18) = \tfrac1{16}$;
# $\eta(4) = \tfrac12 \cdot \tfrac12 = \tfrac14$, the peak; $\eta(16) = \tfrac12 \cdot \tfrac14 = \tfrac18$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# It is one line, and a case for step 0 above it.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `factor * num_hiddens**-0.5 * min(step**-0.5, step * warmup_steps**-1.5)`.
# </details>
#
# <details><summary>Help: I see "0.0 cannot be raised to a negative power"</summary>
#
# That is step 0. Return 0.0 before the formula is reached.
# </details>


# %% nbgrader={"grade": false, "grade_id": "warmup_lr", "locked": false, "schema_version": 3, "solution": true, "task": false}
def warmup_lr(step, num_hiddens, warmup_steps, factor=1.0):
    """The learning rate at a step: it grows linearly until warmup_steps and then falls with the root of the step.

    step: int, 0 or more. num_hiddens, warmup_steps: int, 1 or more. factor: number.
    Returns: a float; 0.0 at step 0.
    """
    ### BEGIN SOLUTION
    if step == 0:
        return 0.0
    return factor * num_hiddens**-0.5 * min(step**-0.5, step * warmup_steps**-1.5)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_warmup_lr", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check_equal([warmup_lr(s, 4, 4) for s in (1, 4, 16)], [0.0625, 0.25, 0.125], "the learning rates of the example, at the steps 1, 4 and 16")
check_equal(warmup_lr(0, 4, 4), 0.0, "the learning rate at step 0")
check_equal(
    [warmup_lr(s, 9, 100, factor=6.0) for s in (50, 400)], [0.1, 0.1], "the learning rates at the steps 50 and 400 for d = 9, 100 warm-up steps, factor 6"
)

# %% [markdown]
# ### 2.5 A question on paper
#
# Extra credit, marked by hand. Formulas in LaTeX, plain text or a photograph of your paper: all are welcome.
#
# **Question 1 (up to 5 points): three ways to mix a sequence.** A sequence of $n$ steps with $d$ numbers each goes through a layer that gives
# $n$ steps of $d$ numbers: (a) a convolution of width $k$, (b) a recurrent network, (c) self-attention. Make a table with three columns:
# operations (in powers of $n$, $d$, $k$), steps that must be done one after the other, and the longest path between two positions (through
# as many layers as it takes). When is self-attention the dearest of the three, and what does it buy?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_three_ways", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.**
#
# | layer | operations | one after the other | longest path |
# |---|---|---|---|
# | convolution of width $k$ | $O(k n d^2)$ | $O(1)$ | $O(n / k)$ (dilated: $O(\log_k n)$) |
# | recurrent network | $O(n d^2)$ | $O(n)$ | $O(n)$ |
# | self-attention | $O(n^2 d)$ (and $O(n d^2)$ for the projections) | $O(1)$ | $O(1)$ |
#
# Self-attention is the dearest when the sequence is longer than its vectors are wide: $n^2 d > n d^2$ if $n > d$ (than a convolution: if
# $n > k d$). It buys a path of length 1 between any two positions, so that gradients between distant words do not have to pass many layers or
# steps, and like a convolution it does all positions at the same time.
#
# **Marking scheme.** 3 points: one for each right row (or column). 1 point: dearest for $n > d$. 1 point: path of length 1 (and why it helps).
# ### END SOLUTION

# %% [markdown]
# ## 3 · A language model of decoder blocks
#
# Take the source away, and the attention to it. What is left, masked self-attention and a position-wise network, is a model that continues
# a text: a language model (语言模型). Stacked a hundred times and trained on most of what has been written, that is a GPT. Yours is smaller.
#
# ### 3.1 `PreNormBlock`
#
# *difficulty 3/5 · importance 5/5 · about 15 minutes · 8 points*
#
# Notes: 004 Transformer
#
# One thing is done differently today: the norm moves to the *front* of each part (pre-norm, 前置规范化), and the way of $X$ is never normalised at all:
#
# $$Y = X + \mathrm{dropout}\big(\mathrm{attention}(N, N, N)\big) \ \text{ with } N = \mathrm{LayerNorm}_1(X), \qquad
# \text{result} = Y + \mathrm{dropout}\big(\mathrm{ffn}(\mathrm{LayerNorm}_2(Y))\big)$$
#
# Queries, keys and values are all $N$. What is added to is $X$, not $N$. The attention is causal (因果): step $t$ sees the steps $0, \dots,
# t$. It has no biases, and its own dropout is `dropout` as well. There is no cache here, and no loop over the steps: one call of the given
# `MultiHeadAttention`, whose lengths are the mask.
#
# **By hand.** If the last layer of the attention and that of the network are zero, the result is $X$ itself, whatever the norms do. In a block
# of 1.3 it would be normalised.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Parts in order: norm, attention, norm, network. Each norm is used once.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `N = self.norm1(X)`; the lengths `torch.arange(1, T + 1, device=X.device).repeat(n, 1)` are the causal mask;
# `X = X + self.dropout(self.attention(N, N, N, lens))`; then `X + self.dropout(self.ffn(self.norm2(X)))`.
# </details>
#
# <details><summary>Help: I see early steps that change with late ones</summary>
#
# The lengths must have shape $(n, T)$, one for each query: 1 for the first step, T for the last. A length for each sequence, $(n,)$, is
# something else.
# </details>


# %% nbgrader={"grade": false, "grade_id": "PreNormBlock", "locked": false, "schema_version": 3, "solution": true, "task": false}
class PreNormBlock(nn.Module):
    """Causal self-attention and a position-wise network, a norm in front of each, a residual connection around each."""

    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout=0):
        """Parts in this order: LayerNorm, attention without biases, LayerNorm, PositionWiseFFN."""
        ### BEGIN SOLUTION
        super().__init__()
        self.norm1 = nn.LayerNorm(num_hiddens)
        self.attention = MultiHeadAttention(num_hiddens, num_hiddens, num_hiddens, num_hiddens, num_heads, dropout)
        self.norm2 = nn.LayerNorm(num_hiddens)
        self.ffn = PositionWiseFFN(num_hiddens, ffn_num_hiddens, num_hiddens)
        self.dropout = nn.Dropout(dropout)
        ### END SOLUTION

    def forward(self, X):
        """X: (n, T, num_hiddens) float. Returns: (n, T, num_hiddens); step t of it depends on the steps 0 … t of X only."""
        ### BEGIN SOLUTION
        n, T, _ = X.shape
        seen = torch.arange(1, T + 1, device=X.device).repeat(n, 1)
        N = self.norm1(X)
        X = X + self.dropout(self.attention(N, N, N, seen))
        return X + self.dropout(self.ffn(self.norm2(X)))
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_PreNormBlock", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_net = fill(PreNormBlock(4, 6, 2, dropout=0.5))
check_equal(sum(p.numel() for p in _net.parameters()), 138, "the number of weights of PreNormBlock(4, 6, 2)")
_X = torch.sin(torch.arange(24.0)).reshape(2, 3, 4)
check_equal(
    _net(_X)[1],
    torch.tensor([[-1.0483, 1.23503, 0.98117, -0.10764], [-0.90224, 0.75538, 0.9567, -0.45507], [-0.82536, 2.20802, 0.08584, -2.52828]]),
    "the second sequence of PreNormBlock(4, 6, 2) for X (2, 3, 4)",
    atol=1e-4,
)
_wild = torch.cat([_X[:, :2], 9 * _X[:, 2:] + 5], dim=1)
check_equal(_net(_wild)[:, :2], _net(_X)[:, :2], "the first two steps when the third is another one")
check(not torch.equal(_net.train()(_X), _net(_X)), "with dropout = 0.5 two results in training mode should differ.")
check_equal(fill(PreNormBlock(4, 6, 2, dropout=ALL)).train()(_X), _X, "the result in training mode, when all that is added to X is dropped")
check_learning(_net, _net(_X))
_net.eval()
check_promises(_net.forward, _X, dtype=False)

# %% [markdown]
# ### 3.2 `TinyGPT`
#
# *difficulty 3/5 · importance 5/5 · about 15 minutes · 9 points*
#
# Notes: 004 Transformer · 004 自注意力和位置编码
#
# Two embeddings (both `nn.Embedding`): one for the token, one for the place where it stands (a *learned* position, instead of sines; no $\sqrt d$). They are
# added, the blocks follow, one last norm, and a linear layer with bias to the $v$ scores of each step:
#
# $$\text{logits} = W\, \mathrm{LayerNorm}\big(\mathrm{blocks}(\mathrm{token}(x_t) + \mathrm{place}(t))\big) + \mathbf b$$
#
# Pre-norm blocks never normalise the way of $X$, so somebody has to at the end: that is the last norm.
#
# There are `max_len` places, so a sequence has at most `max_len` tokens. Keep the number as the attribute `max_len`; `generate` below reads it.
# The grader does not ask for names, but the demo below looks for `token_embedding`, `position_embedding`, `norm` and `dense`.
#
# **By hand.** The tokens $(2, 2)$ with $\mathrm{token}(2) = (1, 0)$, $\mathrm{place}(0) = (0, 1)$ and $\mathrm{place}(1) = (0, 5)$ are $(1,
# 1)$ and $(1, 5)$ before the blocks: the same token at two places is two vectors.
#
# <details><summary>Hint 1: a nudge</summary>
#
# The places are the numbers $0, \dots, T - 1$, the same for all sequences of the batch. An embedding of them is $(T, d)$, and broadcasting
# does the rest.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `X = self.token_embedding(tokens) + self.position_embedding(torch.arange(tokens.shape[1], device=tokens.device))`, a loop over an `nn.ModuleList` of
# blocks, and `self.dense(self.norm(X))`.
# </details>
#
# <details><summary>Help: I see "index out of range in self"</summary>
#
# A token is `vocab_size` or more, or the sequence is longer than `max_len`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "TinyGPT", "locked": false, "schema_version": 3, "solution": true, "task": false}
class TinyGPT(nn.Module):
    """A language model of pre-norm blocks with learned positions. Attribute: max_len."""

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, max_len, dropout=0):
        """Parts in this order: token embedding, position embedding, num_layers blocks, LayerNorm, linear layer with bias."""
        ### BEGIN SOLUTION
        super().__init__()
        self.max_len = max_len
        self.token_embedding = nn.Embedding(vocab_size, num_hiddens)
        self.position_embedding = nn.Embedding(max_len, num_hiddens)
        self.blocks = nn.ModuleList(PreNormBlock(num_hiddens, ffn_num_hiddens, num_heads, dropout) for _ in range(num_layers))
        self.norm = nn.LayerNorm(num_hiddens)
        self.dense = nn.Linear(num_hiddens, vocab_size)
        ### END SOLUTION

    def forward(self, tokens):
        """tokens: (n, T) int64, T at most max_len. Returns: logits (n, T, vocab_size), at step t for token t + 1."""
        ### BEGIN SOLUTION
        X = self.token_embedding(tokens) + self.position_embedding(torch.arange(tokens.shape[1], device=tokens.device))
        for block in self.blocks:
            X = block(X)
        return self.dense(self.norm(X))
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_TinyGPT", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
_net = fill(TinyGPT(5, 4, 6, 2, 2, 7, dropout=0.5))
check_equal(_net.max_len, 7, "the attribute max_len")
check_equal(sum(p.numel() for p in _net.parameters()), 357, "the number of weights of TinyGPT(5, 4, 6, 2, 2, max_len=7)")
_tokens = torch.tensor([[1, 4, 0], [3, 2, 2]])
check_equal(
    _net(_tokens)[1],
    torch.tensor(
        [[0.92628, 0.47465, -0.58215, -3.23693, -3.93713], [0.92563, 0.47333, -0.58378, -3.23845, -3.93815], [0.91019, 0.48478, -0.54844, -3.18844, -3.88654]]
    ),
    "the scores of the second sequence",
    atol=1e-4,
)
check_equal(_net(_tokens[:, :2]), _net(_tokens)[:, :2], "the scores of the first two steps, without and with the third token", atol=1e-5)
check_equal(tuple(_net(torch.zeros(1, 7, dtype=torch.int64)).shape), (1, 7, 5), "the shape of the scores for 7 tokens")
_one, _other = (fill(TinyGPT(5, 4, 6, 2, 2, 7, rate)).train()(_tokens) for rate in (ALL, 0.0))
check(not torch.equal(_one, _other), "in training mode a dropout of nearly 1 changes nothing.")
check_promises(_net.forward, _tokens, gradient=False, dtype=False)

# %% [markdown]
# ### 3.3 `sample`
#
# *difficulty 3/5 · importance 4/5 · about 20 minutes · 8 points*
#
# Notes: 004 Transformer
#
# The scores say how likely each token is to come next. Which one is it? Drawn at random from $\mathrm{softmax}(\text{logits} / \tau)$, with
# a *temperature* (温度) $\tau$. Cold ($\tau < 1$) makes the likely still likelier; hot makes all alike. $\tau = 0$ is the limit: the
# likeliest token, and no chance at all.
#
# And a model should not say what it thinks impossible, however often it is asked: with `top_k`, only the $k$ largest scores of each row are
# in the draw; all others have probability 0.
#
# **Conventions.** All random numbers come from `generator`, where one is given; the random state of the program stays as it is. Scores of
# $\pm 10^4$ and temperatures of $10^{-6}$ work, and some scores may be $-\infty$. `top_k` of None, or of $v$ and more, means all tokens.
# Among equal scores at the edge of the $k$ any choice is right.
#
# **By hand.** Scores $(\ln 4, 0, \ln 4, -5)$. $\tau = 1$: odds $4 : 1 : 4 : 0.007$. $\tau = \tfrac12$: the scores double, odds $16 : 1 : 16
# : 0.00005$. `top_k=2`: $\tfrac12, 0, \tfrac12, 0$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `torch.multinomial` draws from rows of probabilities, and takes a `generator`. What score has probability 0?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# For top k: `edge = logits.topk(top_k, dim=1).values[:, -1:]`, then `logits.masked_fill(logits < edge, -math.inf)`. Then
# `torch.multinomial(torch.softmax(logits / temperature, dim=1), 1, generator=generator).squeeze(1)`. (With equal scores at the edge this
# keeps more than k; to keep exactly k, `scatter` the k scores into a row of $-\infty$.)
# </details>
#
# <details><summary>Help: I see "probability tensor contains either inf, nan or element < 0"</summary>
#
# An `exp` of your own overflows where the scores are large; `torch.softmax` does not. Or you have divided by a temperature of 0.
# </details>


# %% nbgrader={"grade": false, "grade_id": "sample", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sample(logits, temperature=1.0, top_k=None, generator=None):
    """Draw one token for each row.

    logits: (n, v) float, left unchanged; -inf is allowed, but not in a whole row. temperature: number, 0 or more; 0 takes the largest score.
    top_k: None for all tokens, or an int: only the k largest scores of each row. generator: torch.Generator for all random numbers, or None.
    Returns: (n,) int64.
    """
    ### BEGIN SOLUTION
    if temperature == 0:
        return logits.argmax(dim=1)
    if top_k is not None and top_k < logits.shape[1]:
        values, tokens = logits.topk(top_k, dim=1)
        logits = torch.full_like(logits, -math.inf).scatter(1, tokens, values)
    scores = (logits - logits.amax(dim=1, keepdim=True)) / temperature
    return torch.multinomial(torch.softmax(scores, dim=1), 1, generator=generator).squeeze(1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_sample", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_logits = torch.tensor([1.386294, 0.0, 1.386294, -5.0])
_shares = lambda *given: sample(_logits.repeat(4000, 1), *given, torch.Generator().manual_seed(3)).bincount(minlength=4) / 4000
check_equal(_shares(1.0, None), torch.tensor([0.444, 0.111, 0.444, 0.001]), "the shares of 4000 draws at temperature 1", atol=0.05)
check_equal(_shares(0.5, None), torch.tensor([0.485, 0.030, 0.485, 0.0]), "the shares of 4000 draws at temperature 1/2", atol=0.05)
check_equal(_shares(9.0, None), torch.tensor([0.301, 0.258, 0.301, 0.140]), "the shares of 4000 draws at temperature 9", atol=0.05)
check_equal(_shares(3.0, 2), torch.tensor([0.5, 0.0, 0.5, 0.0]), "the shares of 4000 draws with top_k=2", atol=0.05)
_two = torch.tensor([[1.0, 3.0, 2.0], [20.0, -7.0, 9.0]])
check_equal(sample(_two, 0), torch.tensor([1, 0]), "the tokens at temperature 0")
check_equal(sample(_two, 5.0, 1), torch.tensor([1, 0]), "the tokens with top_k=1 (the largest of each row)")
check_equal(sample(_two * 1e3, 1e-6), torch.tensor([1, 0]), "the tokens for large scores at temperature 0.000001")
_state, _generator = torch.get_rng_state(), torch.Generator().manual_seed(5)
_first, _second = sample(torch.zeros(50, 9), 1.0, None, _generator), sample(torch.zeros(50, 9), 1.0, None, _generator)
check(torch.equal(torch.get_rng_state(), _state), "a generator was given, and random numbers of the program were used as well.")
check(not torch.equal(_first, _second), "two draws one after the other with the same generator should differ: does it begin anew?")
check_equal(sample(torch.zeros(50, 9), 1.0, None, torch.Generator().manual_seed(5)), _first, "the tokens of a generator with the same seed")

# %% [markdown]
# ### 3.4 `generate`
#
# *difficulty 2/5 · importance 5/5 · about 10 minutes · 7 points*
#
# Notes: 004 Transformer
#
# Ask the model, draw a token, write it behind the text, ask again:
#
# $$x_{t+1} \sim \mathrm{softmax}\big(\mathrm{net}(x_{\max(0,\, t + 1 - \text{max\_len})}, \dots, x_t)_{\text{last}} / \tau\big)$$
#
# The model can be shown at most `net.max_len` tokens. When the text is longer, it sees the **last** of them.
#
# **Conventions.** The network is put into evaluation mode and left there; no graph is built. The prefix is left unchanged, and stands at
# the beginning of what is returned. Temperature 0 is the default.
#
# **By hand.** A model of the digits that always finds the next digit likeliest: from `[[3, 4]]` with `num_new=3` it makes `[[3, 4, 5, 6, 7]]`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# A loop of `num_new` rounds. Which of the scores $(n, T, v)$ are for the token that is not there yet?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `logits = net(tokens[:, -net.max_len :])[:, -1]`, and `tokens = torch.cat([tokens, sample(logits, temperature, top_k, generator)[:, None]], dim=1)`.
# </details>
#
# <details><summary>Help: I see another text at each call, at temperature 0</summary>
#
# Dropout is still on: `net.eval()` before the loop.
# </details>


# %% nbgrader={"grade": false, "grade_id": "generate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def generate(net, prefix, num_new, temperature=0.0, top_k=None, generator=None):
    """Continue each sequence of tokens.

    net: module, tokens (n, T) → logits (n, T, v) for T at most net.max_len; it is left in evaluation mode. prefix: (n, T0) int64, T0 at least 1, left unchanged.
    num_new: int, how many tokens to add. temperature, top_k, generator: as in sample.
    Returns: (n, T0 + num_new) int64, the prefix and what follows.
    """
    ### BEGIN SOLUTION
    net.eval()
    tokens = prefix
    with torch.no_grad():
        for _ in range(num_new):
            logits = net(tokens[:, -net.max_len :])[:, -1]
            tokens = torch.cat([tokens, sample(logits, temperature, top_k, generator)[:, None]], dim=1)
    return tokens
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_generate", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
class _Counting(nn.Module):
    """Finds the sum of the first and the last token that it is shown, plus 1, the likeliest digit; with dropout it would not."""

    max_len = 3

    def __init__(self):
        super().__init__()
        self.dropout, self.scale, self.shown = nn.Dropout(0.99), nn.Parameter(torch.tensor(9.0)), []

    def forward(self, tokens):
        self.shown.append(tokens.shape[1])
        digits = (tokens[:, :1] + tokens + 1) % 10
        return self.dropout(nn.functional.one_hot(digits, 10) * self.scale)


_net, _prefix = _Counting(), torch.tensor([[3, 4], [0, 2]])
_text = generate(_net, _prefix, 4)
check_equal(_text, torch.tensor([[3, 4, 8, 2, 7, 6], [0, 2, 3, 4, 7, 1]]), "the prefixes (3, 4) and (0, 2) with four more tokens")
check(max(_net.shown) <= 3, f"the network was shown {max(_net.shown)} tokens at once, max_len is 3.")
check(not _net.training and not _text.requires_grad, "the network should be in evaluation mode after the call, and the result without a graph.")
check_equal(generate(_net, _prefix, 0), _prefix, "the result for num_new=0")
check_equal(_prefix, torch.tensor([[3, 4], [0, 2]]), "the prefix after the calls")
_hot = lambda seed: generate(_net, torch.zeros(40, 1, dtype=torch.int64), 5, 9.0, None, torch.Generator().manual_seed(seed))
check(torch.equal(_hot(1), _hot(1)) and not torch.equal(_hot(1), _hot(2)), "the seed of the generator should decide what is written at temperature 9.")
_row = generate(_net, torch.zeros(1, 1, dtype=torch.int64), 40, 99.0, None, torch.Generator().manual_seed(1))[0]
check(len(set(_row.tolist())) > 5, "at temperature 99 forty tokens are nearly all the same: is the temperature handed on?")
check_equal(generate(_net, _prefix, 4, 5.0, 1), _text, "the tokens with top_k=1 (those of temperature 0)")

# %% [markdown]
# ### 3.5 `train_lm`
#
# *difficulty 4/5 · importance 5/5 · about 25 minutes · 8 points*
#
# Notes: 004 Transformer
#
# Training a language model: every token but the first is predicted from those before it. The network reads `tokens[:, :-1]`, and what it
# should say is `tokens[:, 1:]`.
#
# Not every token has to be learned. `counts` $(n, T)$ says which ones matter: of the predictions of `tokens[:, 1:]` those count where
# `counts[:, 1:]` is True, and the loss of a batch is the **mean** of their cross-entropies.
#
# The learning rate is `schedule(s)` for batch number $s = 1, 2, 3, \dots$, asked once for each batch, and set **before** the step. The
# optimizer is `torch.optim.Adam`; with the betas $(0.9, 0.98)$ of the paper or those that it has by default. Clipping is allowed and not
# needed.
#
# **By hand.** Tokens $(7, 3, 5)$, counts $(\text{T}, \text{F}, \text{T})$. Predicted are $3$ and $5$, and $5$ alone counts. A model that
# knows nothing of 10 digits has the loss $\ln 10 = 2.303$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# An optimizer keeps its rate in `optimizer.param_groups`, a list of dicts. A mask of truth values picks from both scores and tokens:
# `logits[mask]` is $(\text{number of True}, v)$.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# For `step, (tokens, counts) in enumerate(data_iter, start=1)`: set `group["lr"] = schedule(step)` for every group; `mask = counts[:, 1:]`;
# `loss = nn.functional.cross_entropy(net(tokens[:, :-1])[mask], tokens[:, 1:][mask])`; `zero_grad`, `backward`, `step`, and keep `loss.item()`.
# </details>
#
# <details><summary>Help: I see a loss near zero at once, and nonsense when it writes</summary>
#
# The network is asked for what it is shown: input and target must be shifted by one.
# </details>


# %% nbgrader={"grade": false, "grade_id": "train_lm", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_lm(net, data_iter, schedule):
    """Train a language model to predict the next token, once through the batches.

    net: module, tokens (n, T) → logits (n, T, v). data_iter: yields (tokens (n, T) int64, counts (n, T) bool); counts[:, 1:] has a True.
    schedule: function of the number of the batch, 1, 2, 3, …, that gives its learning rate.
    Returns: a list of floats, the loss of each batch before its step.
    """
    ### BEGIN SOLUTION
    net.train()
    optimizer = torch.optim.Adam(net.parameters(), betas=(0.9, 0.98))
    losses = []
    for step, (tokens, counts) in enumerate(data_iter, start=1):
        for group in optimizer.param_groups:
            group["lr"] = schedule(step)
        mask = counts[:, 1:]
        loss = nn.functional.cross_entropy(net(tokens[:, :-1])[mask], tokens[:, 1:][mask])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_train_lm", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
class _Bigrams(nn.Module):
    """Scores of the next token that depend on the token alone."""

    def __init__(self):
        super().__init__()
        self.table, self.modes = nn.Parameter(torch.sin(torch.arange(16.0)).reshape(4, 4)), []

    def forward(self, tokens):
        self.modes.append(self.training)
        return self.table[tokens]


_batch = torch.tensor([[1, 3, 0, 2], [2, 2, 1, 0]]), torch.tensor([[True, False, True, True], [True, True, False, False]])
_asked, _net = [], _Bigrams()
_losses = train_lm(_net, [_batch, (_batch[0][:1], _batch[1][:1])], lambda step: _asked.append(step) or 0.0)
check_equal(_losses, [1.884552, 1.735531], "the losses of two batches with learning rate 0", rtol=1e-4)
check_equal(_asked, [1, 2], "the steps that the schedule was asked for")
check_equal(_net.table.detach(), _Bigrams().table.detach(), "the weights after training with learning rate 0")
check(all(type(_loss) is float for _loss in _losses), "the losses should be floats: loss.item().")
_net = _Bigrams().eval()
train_lm(_net, [_batch, _batch], lambda step: 0.0)
check(all(_net.modes), "the network should be in training mode while it is trained.")
_once = _Bigrams()
nn.functional.cross_entropy(_once(_batch[0][:, :-1])[_batch[1][:, 1:]], _batch[0][:, 1:][_batch[1][:, 1:]]).backward()
_twice = _net.table.grad is not None and torch.allclose(_net.table.grad, 2 * _once.table.grad)
check(not _twice, "after two batches the gradient is the sum of both: gradients must be cleared.")
_losses = train_lm(_net, [_batch] * 30, lambda step: 0.2)
check(_losses[-1] < 0.1, f"after 30 steps on one small batch the loss is {_losses[-1]:.3f}, below 0.1 was expected.")
_net = _Bigrams()
train_lm(_net, [_batch], lambda step: 0.01 if step == 1 else 5.0)
_moved = (_net.table - _Bigrams().table).abs().max().item()
check_equal(_moved, 0.01, "how far the first step moves a weight (Adam: as far as schedule(1) says)", rtol=0.01)

# %% [markdown]
# ## 4 · Now let it work
#
# **Reversing six digits.** Rows like `3 1 4 1 5 9 = 9 5 1 4 1 3`: 13 tokens, of which the six behind the equals sign count. There are a
# million such numbers, so it cannot learn them by heart: it has to find out *where to look*. One layer of four heads, 120 batches, a second
# of training.


# %% nbgrader={"grade": false, "grade_id": "given_reversals", "locked": true, "schema_version": 3, "solution": false, "task": false}
def reversals(num_batches, batch_size=64, order=lambda digits: digits.flip(1), num_digits=6, seed=0):
    """Batches of (tokens, counts): random digits, "=" (token 10), and the same digits in another order; what stands behind "=" counts."""
    generator = torch.Generator().manual_seed(seed)
    for _ in range(num_batches):
        digits = torch.randint(10, (batch_size, num_digits), generator=generator)
        tokens = torch.cat([digits, torch.full((batch_size, 1), 10), order(digits)], dim=1)
        yield tokens, (torch.arange(tokens.shape[1]) > num_digits).expand_as(tokens)


# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_reverse", "locked": true, "schema_version": 3, "solution": false, "task": false}
# torch.manual_seed(0)
# reverser = TinyGPT(11, 32, 64, 4, 1, max_len=13)
# factor = 0.02 * math.sqrt(32 * 20)  # the peak of the schedule is 0.02
# losses = train_lm(reverser, reversals(120), lambda step: warmup_lr(step, 32, 20, factor))
# plot_curves({"training loss": losses}, "batches", "loss of a digit", "Learning to reverse six digits")
#
# [(unseen, _)] = reversals(1, 200, seed=99)
# written = generate(reverser, unseen[:, :7], 6)
# print(f"right from start to end: {(written == unseen).all(dim=1).float().mean():.1%} of 200 unseen numbers")
# for row in written[:3].tolist():
#     print(" ".join("0123456789="[token] for token in row))

# %% [markdown]
# **Where does it look?** The weights of its four heads, averaged over the 200 numbers; a row is the token that is read, a column the one
# that is looked at. While it writes (the lower half), it looks along the *mirror diagonal*: at `=` the last digit is wanted, one step later
# the last but one. Nobody told it.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_mirror", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# with torch.no_grad():
#     reverser(unseen[:, :-1])
# [weights] = [module.attention_weights for module in reverser.modules() if isinstance(module, DotProductAttention)]
# heads = weights.reshape(200, 4, 12, 12).mean(dim=0)
# labels = ["1st", "2nd", "3rd", "4th", "5th", "6th", "=", "6th", "5th", "4th", "3rd", "2nd"]
# figure, grid = plt.subplots(1, 4, figsize=(13, 3.9), sharey=True, layout="constrained")
# for number, (axes, head) in enumerate(zip(grid, heads, strict=True)):
#     shown = axes.imshow(head, vmin=0, vmax=1, cmap="viridis")
#     axes.axhline(5.5, color="white", linewidth=0.8)
#     axes.set(title=f"head {number}", xlabel="digit that is looked at", xticks=range(12), yticks=range(12))
#     axes.set_xticklabels(labels, rotation=90), axes.set_yticklabels(labels)
# grid[0].set_ylabel("token that is read")
# figure.colorbar(shown, ax=grid, label="attention weight")
# plt.show()

# %% [markdown]
# **Norm behind or in front?** Twelve layers on the same task, with the same constant learning rate and no warm-up: once with your
# `PreNormBlock`, once with your `EncoderBlock` under a causal mask, which normalises *behind* each part. Deep stacks of the second kind
# want a careful warm-up: at this rate they stay at $\ln 10 = 2.3$ and guess. Those of the first kind just learn. (About five seconds.)

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_norms", "locked": true, "schema_version": 3, "solution": false, "task": false}
# class Causal(nn.Module):
#     """An encoder block that sees no future."""
#
#     def __init__(self, *sizes):
#         super().__init__()
#         self.block = EncoderBlock(*sizes)
#
#     def forward(self, X):
#         return self.block(X, torch.arange(1, X.shape[1] + 1).repeat(len(X), 1))
#
#
# curves = {}
# for name, make in {"post-norm, as in 2017": Causal, "pre-norm, as today": PreNormBlock}.items():
#     torch.manual_seed(0)
#     net = TinyGPT(11, 32, 64, 4, 0, max_len=13)
#     stack = nn.Sequential(net.token_embedding, *[make(32, 64, 4) for _ in range(12)], net.norm, net.dense)
#     places = net.position_embedding.weight
#     stack.register_parameter("places", places)
#     stack[0].register_forward_hook(lambda module, inputs, result, places=places: result + places[: result.shape[1]])
#     losses = torch.tensor(train_lm(stack, reversals(80, 32), lambda step: 0.006))
#     curves[name] = losses.reshape(-1, 5).mean(dim=1).tolist()
# plot_curves(curves, "batches, in fives", "loss of a digit", "Twelve layers without warm-up", x=range(1, 17))

# %% [markdown]
# **A language model on the Zen of Python, letter by letter.** Two layers, windows of 48 letters. It is far too little text to learn English
# from; what it can learn is how *this* text goes. Then the same seed at three temperatures. Cold, it recites. Warm, it wavers between
# lines. Hot, it babbles; and `top_k=3` keeps it from the worst. (About ten seconds.)

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_zen", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import codecs
# import contextlib
# import io
#
# with contextlib.redirect_stdout(io.StringIO()):
#     import this
# text = codecs.decode(this.s, "rot13")
# letters = sorted(set(text))
# tokens = torch.tensor([letters.index(letter) for letter in text])
# windows = tokens.unfold(0, 49, 1)
#
#
# def window_batches(num_batches, batch_size=24, seed=0):
#     generator = torch.Generator().manual_seed(seed)
#     for _ in range(num_batches):
#         chosen = windows[torch.randint(len(windows), (batch_size,), generator=generator)]
#         yield chosen, torch.ones_like(chosen, dtype=torch.bool)
#
#
# torch.manual_seed(0)
# poet = TinyGPT(len(letters), 64, 128, 4, 2, max_len=48)
# losses = train_lm(poet, window_batches(400), lambda step: warmup_lr(step, 64, 30, 0.012 * math.sqrt(64 * 30)))
# plot_curves({"training loss": losses}, "batches", "loss of a letter", f"The Zen of Python: {len(text)} letters, {len(letters)} of them different")
#
# prefix = tokens[None, text.index("Now is") :][:, :6]
# for temperature, top_k in ((0, None), (0.7, None), (1.5, None), (1.5, 3)):
#     written = generate(poet, prefix, 160, temperature, top_k, torch.Generator().manual_seed(1))[0]
#     print(f"--- temperature {temperature}" + (f", top_k {top_k}" if top_k else ""))
#     print("".join(letters[token] for token in written), "\n")

# %% [markdown]
# **Sorting.** The same code, another order behind the equals sign: eight digits, sorted. To know what comes next one has to know what has
# been written and what is left, and equal digits must be counted. Two layers do it. (About ten seconds.)

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_sort", "locked": true, "schema_version": 3, "solution": false, "task": false}
# sort = lambda digits: digits.sort(dim=1).values
# torch.manual_seed(0)
# sorter = TinyGPT(11, 48, 96, 4, 2, max_len=17)
# schedule = lambda step: warmup_lr(step, 48, 30, 0.01 * math.sqrt(48 * 30))
# losses = train_lm(sorter, reversals(250, order=sort, num_digits=8), schedule)
# [(unseen, _)] = reversals(1, 200, order=sort, num_digits=8, seed=99)
# written = generate(sorter, unseen[:, :9], 8)
# plot_curves({"training loss": losses}, "batches", "loss of a digit", "Learning to sort eight digits")
# print(f"sorted without a mistake: {(written == unseen).all(dim=1).float().mean():.1%} of 200 unseen rows")
# for row in written[:3].tolist():
#     print(" ".join("0123456789="[token] for token in row))

# %% [markdown]
# ### 4.1 A second question on paper
#
# **Question 2 (up to 4 points): why training is parallel and speaking is not.** (a) What does the causal mask make possible while training,
# and what would go wrong without it? (b) Why must cache *and* positions go on from call to call when the decoder writes? (c) A text of $T$
# tokens is written one by one. How many scores of attention (query times key) are computed in all, in powers of $T$, if every step runs
# over the whole text again, and how many with a cache?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_parallel", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) With the mask, the output at step $t$ is what it would be if the text ended at $t$. So one pass over the whole text
# gives all $T$ predictions with their losses, all at the same time. Without it, step $t$ would see token $t + 1$, which it should predict:
# the loss falls to zero by copying, and when the model writes, that token is not there.
#
# (b) The prediction must be that of the model that was trained, on the text so far. Without the cache a new token would see only itself;
# without the positions every new token would seem to stand at the beginning, which it never did in training (its key and query would be
# others).
#
# (c) Without a cache step $t$ computes $t^2$ scores, together $\sum_t t^2 = O(T^3)$. With a cache one new query meets $t$ keys: $\sum_t t = O(T^2)$.
#
# **Marking scheme.** 2 points: (a) all steps at once; no copying of what is to be predicted. 1 point: (b) cache and positions, each with a
# reason. 1 point: (c) $O(T^3)$ and $O(T^2)$.
# ### END SOLUTION

# %% [markdown]
# ## What you have now, and where to go
#
# A Transformer whose step-by-step prediction is the model that was trained, and a language model with its training and its dice. Everything
# larger is more of the same: more layers, more heads, more text, and machines to hold them.
#
# To try, if you like: take the positions out of `TinyGPT` and reverse digits again. Let the schedule begin at its peak. Reverse *words* of the Zen.
#
# When one device is not enough for a batch, several must share it: that is **ps20**.
