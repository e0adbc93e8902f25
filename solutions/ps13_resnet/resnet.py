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
# # Residual and dense networks (ResNet 残差网络, DenseNet 稠密连接网络)
#
# A deeper network can do everything that a shallower one can: let the new layers do nothing. Yet when people stacked
# plain layers, the deeper network came out *worse*, on the training data too. The remedy is one plus sign. In this
# notebook you put it in, watch the gradient come back to life, train a network of 62 layers in ten seconds next to
# one that cannot be trained, and end with a ResNet-18 and a DenseNet that are your own down to the last channel.
#
# **How it is marked.** Each exercise has a cell for your answer and, under it, a check that you can run as often as
# you like. A check is an example; the hidden grader asks more of the same (other sizes, other weights, gradients,
# training and evaluation mode) and marks each property on its own, so an answer that is wrong only in some cases keeps
# the points of the others. If an earlier exercise that a later one uses is not right yet, the grader lends a right
# one: one mistake costs its own points only. Helpers of your own may stand in cells of your own, above the exercise
# that uses them. (Names that begin with `_` belong to the checks: choose others.) The points add up to 100; the two
# written questions are extra credit.
#
# **What you may use.** Everything in `torch.nn`: `nn.Conv2d`, `nn.BatchNorm2d`, `nn.ReLU`, `nn.Sequential` and so on.
# You have built them yourself in ps10 and ps12. The names of the layers inside your modules are yours to choose. Lazy
# layers such as `nn.LazyConv2d` are accepted as well, but they have no numbers before a first picture has gone through:
# until then, counting them or `zero_init_residual` ends in "Attempted to use an uninitialized parameter".
#
# **Conventions.** Images are $(n, c, h, w)$. Convolutions have a bias (PyTorch's default, and the lecture notes')
# unless an exercise says otherwise. "BatchNorm" is `nn.BatchNorm2d` with its default settings.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import course_tools
import torch
from course_tools import check, check_equal
from torch import nn

X_train, y_train, X_test, y_test = course_tools.digits()

# %% [markdown]
# ## 1 · A block that may do nothing
#
# ### 1.1 `Residual`
#
# *difficulty 2/5 · importance 5/5 · about 20 minutes · 18 points*
#
# Notes: 000 §2.11.2 · 002 残差块 · 003 §10.6 · 004 残差网络(ResNet)
#
# Say some layers should turn $x$ into $f(x)$. Instead of learning $f$ outright, a residual block (残差块) learns the
# difference $g(x) = f(x) - x$, the residual (残差), and adds $x$ back: $f(x) = x + g(x)$. To do nothing, plain layers
# must learn the identity map, which is hard; a residual block only has to learn $g = 0$. The line that carries $x$
# past the layers is the skip connection (跳跃连接).
#
# $$\mathrm{Residual}(X) = \mathrm{ReLU}\bigl(g(X) + s(X)\bigr), \qquad
# g = \mathrm{BN}_2 \circ \mathrm{conv}_2 \circ \mathrm{ReLU} \circ \mathrm{BN}_1 \circ \mathrm{conv}_1$$
#
# | layer | kernel | channels | padding | stride |
# |---|---|---|---|---|
# | $\mathrm{conv}_1$ | 3×3 | `input_channels` → `num_channels` | 1 | `strides` |
# | $\mathrm{conv}_2$ | 3×3 | `num_channels` → `num_channels` | 1 | 1 |
# | $s$ with `use_1x1conv=False` | | the input itself, $s(X) = X$ | | |
# | $s$ with `use_1x1conv=True` | 1×1 | `input_channels` → `num_channels` | 0 | `strides` |
#
# Each of the two 3×3 convolutions is followed by a BatchNorm of its own. The 1×1 convolution, which brings $X$ to the
# shape of $g(X)$, is a convolution alone: **no BatchNorm on the skip**. Add first, then the last ReLU.
#
# **By hand.** Take one entry. The branch says $g = -3$ and the input is $x = 5$: the result is
# $\mathrm{ReLU}(-3 + 5) = 2$. With $x = 2$ it is $\mathrm{ReLU}(-1) = 0$. Adding after the ReLU would give
# $0 + 5 = 5$ and $0 + 2 = 2$: the block could never make anything smaller.
#
# *Shapes.* `Residual(3, 6, use_1x1conv=True, strides=2)` takes $(4, 3, 6, 6)$ to $(4, 6, 3, 3)$ with
# $168 + 330 + 24 + 12 + 12 = 546$ parameters.
#
# <details><summary>Two more examples by hand, both in the check: the stride, and the signs</summary>
#
# *The stride.* `Residual(1, 1, use_1x1conv=True, strides=2)` with all parameters at 1, in evaluation mode, so that each
# fresh BatchNorm just adds 1, and a 4×4 picture of ones.
#
# | | gives |
# |---|---|
# | $\mathrm{conv}_1$, whose windows cover 4, 6, 6 and 9 ones | $5, 7, 7, 10$ |
# | $\mathrm{BN}_1$ | $6, 8, 8, 11$ |
# | $\mathrm{conv}_2$, each of whose windows covers all four | $33 + 1 = 34$, four times |
# | $\mathrm{BN}_2$ | $35$ |
# | the skip | $1 + 1 = 2$ |
# | the result | $37$, four times |
#
# *The signs.* `Residual(1, 1)` in evaluation mode with all parameters at $-\tfrac12$, and one pixel, $x = \tfrac12$.
#
# | | gives |
# |---|---|
# | $\mathrm{conv}_1$ | $-\tfrac14 - \tfrac12 = -\tfrac34$ |
# | $\mathrm{BN}_1$ | $\tfrac38 - \tfrac12 = -\tfrac18$ |
# | ReLU | $0$ |
# | $\mathrm{conv}_2$ | $-\tfrac12$ |
# | $\mathrm{BN}_2$ | $\tfrac14 - \tfrac12 = -\tfrac14$ |
# | the result | $\mathrm{ReLU}(-\tfrac14 + \tfrac12) = \tfrac14$ |
# </details>
#
# <details><summary>Hint 1: a nudge</summary>
#
# Make all layers in `__init__` and keep them as attributes of `self`; only then does the module know their
# parameters. In `forward`, `X` is needed twice: at the start of the branch, and again at the addition.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# In `forward`: `Y = torch.relu(self.bn1(self.conv1(X)))`, then `Y = self.bn2(self.conv2(Y))`, then replace `X` by
# `self.conv3(X)` if there is one, and return `torch.relu(Y + X)`.
# </details>
#
# <details><summary>Help: I see "The size of tensor a (3) must match the size of tensor b (6)"</summary>
#
# The two summands differ. At dimension 1 it is the channels: is the 1×1 convolution there, and used? At dimension 2
# or 3 it is height and width: $\mathrm{conv}_1$ and the 1×1 convolution take `strides`, $\mathrm{conv}_2$ does not.
# </details>
#
# <details><summary>Help: I see "one of the variables needed for gradient computation has been modified by an inplace operation"</summary>
#
# `X += Y` writes into the input, which $\mathrm{conv}_1$ still needs for its gradient (and which belongs to your
# caller). Write `Y + X`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "Residual", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Residual(nn.Module):
    """Two 3×3 convolutions with BatchNorm, and a skip connection around them."""

    def __init__(self, input_channels, num_channels, use_1x1conv=False, strides=1):
        """input_channels, num_channels: int, channels before and after. use_1x1conv: bool, whether a 1×1 convolution is on the skip.
        strides: int, stride of the first and of the 1×1 convolution.
        """
        super().__init__()
        ### BEGIN SOLUTION
        self.conv1 = nn.Conv2d(input_channels, num_channels, kernel_size=3, padding=1, stride=strides)
        self.bn1 = nn.BatchNorm2d(num_channels)
        self.conv2 = nn.Conv2d(num_channels, num_channels, kernel_size=3, padding=1)
        self.bn2 = nn.BatchNorm2d(num_channels)
        self.conv3 = nn.Conv2d(input_channels, num_channels, kernel_size=1, stride=strides) if use_1x1conv else None
        ### END SOLUTION

    def forward(self, X):
        """X: (n, input_channels, h, w), left unchanged. Returns: (n, num_channels, h', w'), h' = h / strides rounded up, likewise w'."""
        ### BEGIN SOLUTION
        Y = torch.relu(self.bn1(self.conv1(X)))
        Y = self.bn2(self.conv2(Y))
        if self.conv3 is not None:
            X = self.conv3(X)
        return torch.relu(Y + X)
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_Residual", "locked": true, "points": 18, "schema_version": 3, "solution": false, "task": false}
_X = torch.randn(4, 3, 6, 6)
_block = Residual(3, 6, use_1x1conv=True, strides=2)
check_equal(tuple(_block(_X).shape), (4, 6, 3, 3), "the shape of Residual(3, 6, use_1x1conv=True, strides=2)(X)")
check_equal(sum(p.numel() for p in _block.parameters()), 546, "the number of parameters of Residual(3, 6, use_1x1conv=True, strides=2)")
_block = Residual(3, 3)
check_equal(tuple(_block(_X).shape), (4, 3, 6, 6), "the shape of Residual(3, 3)(X)")
with torch.no_grad():
    for _p in _block.parameters():
        _p.zero_()
    check_equal(_block(_X), _X.relu(), "Residual(3, 3)(X) with all parameters at zero, so that g(X) = 0 and ReLU(X) is left,")
_block, _ones = Residual(1, 1, use_1x1conv=True, strides=2).eval(), torch.ones(1, 1, 4, 4)
_block(_ones).sum().backward()
check(all(p.grad is not None for p in _block.parameters()), "A layer gets no gradient. Does forward call them all, both BatchNorms too?")
with torch.no_grad():
    for _p in _block.parameters():
        _p.fill_(1.0)
    check_equal(_block(_ones), torch.full((1, 1, 2, 2), 37.0), "the example by hand with strides=2 and all parameters at 1")
_block, _x = Residual(1, 1).eval(), torch.full((1, 1, 1, 1), 0.5)
check_equal(tuple(_block(_x).shape), (1, 1, 1, 1), "the shape of Residual(1, 1)(X) for one pixel")
with torch.no_grad():
    for _p in _block.parameters():
        _p.fill_(-0.5)
    check_equal(_block(_x), torch.full((1, 1, 1, 1), 0.25), "the example by hand with one pixel and all parameters at -1/2")
_X = torch.randn(2, 3, 7, 4).double()
_seen, _block = _X.clone(), Residual(3, 3, use_1x1conv=True, strides=3).double()
_Y = _block(_seen)
check_equal(tuple(_Y.shape), (2, 3, 3, 2), "the shape of Residual(3, 3, use_1x1conv=True, strides=3)(X) for two pictures of 7×4")
check_equal(sum(p.numel() for p in _block.parameters()), 192, "the number of parameters of Residual(3, 3, use_1x1conv=True)")
check_equal(_seen, _X, "the input, after Residual has seen it")
check_equal(str(_Y.dtype), "torch.float64", "the dtype of Residual(3, 3).double()(X) for float64 pictures")

# %% [markdown]
# ### 1.2 `zero_init_residual`
#
# *difficulty 2/5 · importance 3/5 · about 10 minutes · 8 points*
#
# Notes: 000 §2.11.1
#
# If a block may do nothing, let it start that way. The last thing on the branch is BatchNorm's
# $\gamma\,\hat x + \beta$ (scale 缩放 and shift 平移). With $\gamma = \beta = 0$ in $\mathrm{BN}_2$ the branch says 0
# for every input, and the block is the identity (恒等映射) on every input that is not negative, which is what comes
# out of the ReLU before it.
#
# Change the block **in place** and return it. It must work for a fresh block and for one that has been trained, in
# training and in evaluation mode. Leave everything else as it is: a block at zero must still be able to learn.
#
# Use the names of the layers in *your* `Residual`, whatever they are. If your `Residual` is not right yet, this
# exercise can still earn all its points: the grader keeps the layers of your block, with your names, and runs them in
# the right order itself. (If layers are missing, it lends a block with the names of the hints: `conv1`, `bn1`, `conv2`,
# `bn2`, `conv3`.)
#
# **By hand.** $\gamma = \beta = 0$: the branch is $0 \cdot \hat x + 0 = 0$, so $x = 3$ gives
# $\mathrm{ReLU}(0 + 3) = 3$. A step of training moves $\gamma$, since
# $\partial \ell / \partial \gamma = \sum \hat x \cdot \partial \ell / \partial y$ is not zero, and the block wakes
# up. Had you set the convolutions to zero as well, then $\hat x = 0$, $\gamma$ would never get a gradient, and the
# block could learn nothing but a constant.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `nn.BatchNorm2d` calls $\gamma$ `weight` and $\beta$ `bias`. Which of the two BatchNorms speaks last?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `nn.init.zeros_(tensor)` writes zeros into a parameter and keeps it a parameter. Use it on the `weight` and on the
# `bias` of `block.bn2` (or whatever you called it).
# </details>
#
# <details><summary>Help: I see "a leaf Variable that requires grad is being used in an in-place operation"</summary>
#
# Autograd watches. `nn.init.zeros_` takes care of that, and so does `with torch.no_grad():` around `….zero_()`.
# </details>
#
# <details><summary>Help: I see "cannot assign 'torch.FloatTensor' as parameter 'weight'"</summary>
#
# `block.bn2.weight = torch.zeros(…)` would replace the parameter. Write into it instead.
# </details>


# %% nbgrader={"grade": false, "grade_id": "zero_init_residual", "locked": false, "schema_version": 3, "solution": true, "task": false}
def zero_init_residual(block):
    """Make a residual block start as the identity on non-negative input.

    block: one of your Residual modules, fresh or trained; changed in place.
    Returns: the same block.
    """
    ### BEGIN SOLUTION
    nn.init.zeros_(block.bn2.weight)
    nn.init.zeros_(block.bn2.bias)
    return block
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_zero_init_residual", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
import contextlib


def _trained_block(**options):
    """A block as if trained, after one picture; and whether all its parameters have a part in what comes out of it."""
    block = Residual(3, 3, **options)
    with contextlib.suppress(RuntimeError):  # from a forward that writes over what its gradient needs
        block(torch.rand(2, 3, 4, 5)).sum().backward()
    in_use = all(p.grad is not None for p in block.parameters())
    with torch.no_grad():
        for p in block.parameters():
            p.zero_()
        _X = torch.rand(2, 3, 4, 5)
        in_use = in_use and torch.equal(block.eval()(_X.clone()), _X if not options else 0 * _X)
        for p in block.parameters():
            p.uniform_(0.5, 1.5)
    return block.train(), in_use


_block, _ = _trained_block(use_1x1conv=True)
_before = {name: p.detach().clone() for name, p in _block.named_parameters()}
check(zero_init_residual(_block) is _block, "zero_init_residual should return the block that it was given.")
check(_block.training, "the block was in training mode, and is in evaluation mode after zero_init_residual.")
_after = dict(_block.named_parameters())
check(_after.keys() == _before.keys() and all(p.requires_grad for p in _after.values()), "After zero_init_residual a parameter is missing or cannot learn.")
_changed = [name for name in _before if not torch.equal(_before[name], _after[name])]
check(len(_changed) == 2, f"zero_init_residual changed {_changed}; it should change the scale and the shift of the last BatchNorm, and nothing else.")
_block, _in_use = _trained_block()
zero_init_residual(_block)
if _in_use:  # otherwise Residual is not right yet, and says so itself
    _X = torch.rand(2, 3, 4, 5)
    for _mode in ("training", "evaluation"):
        _block.train(_mode == "training")
        check_equal(
            _block(_X.clone()), _X, f"a block, as if trained, on non-negative input after zero_init_residual (the last BatchNorm at zero), in {_mode} mode,"
        )

# %% [markdown]
# ## 2 · Where the gradient goes
#
# ### 2.1 `gradient_norms`
#
# *difficulty 3/5 · importance 5/5 · about 15 minutes · 10 points*
#
# Notes: 000 §2.11.3
#
# Why does the plus sign help? Look at the gradient that arrives at each layer. To see the effect clean, take a bare
# stack of $L$ layers without BatchNorm, once plain and once with a skip around every layer:
#
# $$\text{plain: } H_l = \sigma(H_{l-1} W_l) \qquad\qquad \text{with skip: } H_l = H_{l-1} + \sigma(H_{l-1} W_l)$$
#
# $H_0 = X$, $\sigma$ is the sigmoid, and the loss is the mean of the squares of all entries of $H_L$.
#
# Write `gradient_norms(depth, skip, width=32)`: run the stack forward, go backward once, and return the list of the
# norms $\lVert \partial \ell / \partial W_l \rVert$ (root of the sum of squares), **first layer first**, as plain
# numbers. The input and the weights come from `deep_stack(depth, width)` in the next cell, fresh random ones at every
# call. The grader looks into the stack through this function, so take them from there.
#
# **By hand.** One sample, width 1, depth 2, $X = 1$, $W_1 = W_2 = 0$, so $\sigma = \tfrac12$ and $\sigma' = \tfrac14$
# everywhere. *Plain:* $H_1 = H_2 = \tfrac12$, $\partial\ell/\partial H_2 = 2 H_2 = 1$,
# $\partial\ell/\partial W_2 = 1 \cdot \tfrac14 \cdot H_1 = \tfrac18$. On the way to $H_1$ the gradient is multiplied
# by $\tfrac14 W_2 = 0$: the norms are $(0, \tfrac18)$, the first layer hears nothing. *With skip:* $H_1 = \tfrac32$,
# $H_2 = 2$, $\partial\ell/\partial H_2 = 4$,
# $\partial\ell/\partial W_2 = 4 \cdot \tfrac14 \cdot \tfrac32 = \tfrac32$. On the way to $H_1$ the factor is
# $1 + \tfrac14 W_2 = 1$, so $\partial\ell/\partial W_1 = 4 \cdot \tfrac14 \cdot X = 1$: the norms are
# $(1, \tfrac32)$. The same sample twice changes nothing, since the loss is a mean.
#
# <details><summary>Hint 1: a nudge</summary>
#
# One loop over the weights, with `H` carried along. The skip adds the `H` from *before* this layer, not the input $X$
# of the whole stack.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# In the loop: `F = torch.sigmoid(H @ W)`, then `H = H + F if skip else F`. Afterwards `H.square().mean().backward()`,
# and `W.grad.norm().item()` for every `W`.
# </details>
#
# <details><summary>Help: I see "'NoneType' object has no attribute 'norm'"</summary>
#
# `W.grad` is `None` until `backward()` has run, and stays so if you changed the weights on the way (`W.detach()`,
# `W * 0.5`, …): only the tensors that `deep_stack` gave you collect a gradient.
# </details>
#
# <details><summary>Help: I see a list that grows where it should shrink</summary>
#
# Is the last layer first? The list follows the order of the weights.
# </details>


# %% nbgrader={"grade": false, "grade_id": "deep_stack", "locked": true, "schema_version": 3, "solution": false, "task": false}
def deep_stack(depth, width):
    """Fresh random input and weights for a deep stack, in float64, so that even tiny gradients are not rounded to zero.

    Returns: X (64, width), and a list of depth matrices W (width, width) that require a gradient.
    """
    X = torch.randn(64, width, dtype=torch.float64)
    weights = [torch.randn(width, width, dtype=torch.float64) / width**0.5 for _ in range(depth)]
    return X, [W.requires_grad_() for W in weights]


# %% nbgrader={"grade": false, "grade_id": "gradient_norms", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gradient_norms(depth, skip, width=32):
    """Norm of the gradient that arrives at each layer of a deep stack of sigmoid layers.

    depth: number of layers. skip: bool, whether each layer has a skip connection. width: number of units of every layer.
    Returns: a list of depth numbers, the norm of the gradient of each weight matrix, first layer first.
    """
    ### BEGIN SOLUTION
    H, weights = deep_stack(depth, width)
    for W in weights:
        F = torch.sigmoid(H @ W)
        H = H + F if skip else F
    H.square().mean().backward()
    return [W.grad.norm().item() for W in weights]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_gradient_norms", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
def _stack_by_hand(depth, width):
    weights = [torch.zeros(width, width, dtype=torch.float64, requires_grad=True) for _ in range(depth)]
    return torch.ones(2, width, dtype=torch.float64), weights


_given, deep_stack = deep_stack, _stack_by_hand
try:
    _plain, _skip = gradient_norms(2, skip=False, width=1), gradient_norms(2, skip=True, width=1)
finally:
    deep_stack = _given
check_equal(_plain, [0.0, 0.125], "the plain gradient norms of the example by hand, with the sample twice")
check_equal(_skip, [1.0, 1.5], "the gradient norms with skip of the example by hand, with the sample twice")
_X = torch.tensor([[1.0, -1.0], [0.5, 2.0], [-2.0, 0.25]]).double()
_Ws = torch.tensor([[[0.5, -1.0], [1.5, 2.0]], [[-0.5, 1.0], [1.0, 0.25]], [[2.0, -1.5], [0.5, 1.0]]]).double()
deep_stack = lambda depth, width: (_X, [W.clone().requires_grad_() for W in _Ws])
try:
    _plain, _skip = gradient_norms(3, skip=False, width=2), gradient_norms(3, skip=True, width=2)
finally:
    deep_stack = _given
check_equal(_plain, [0.002184334, 0.03087253, 0.1432894], "the plain gradient norms of three layers of two units, with three samples")
check_equal(_skip, [0.3074574, 0.7087018, 1.683804], "the gradient norms with skip of three layers of two units, with three samples")
check_equal(len(gradient_norms(2, skip=True, width=3)), 2, "the number of norms for depth 2, width 3")
_sizes = []
deep_stack = lambda depth, width: _sizes.append((depth, width)) or _given(depth, width)
try:
    gradient_norms(4, skip=True, width=3), gradient_norms(3, skip=False)
finally:
    deep_stack = _given
check_equal(_sizes, [(4, 3), (3, 32)], "the (depth, width) that deep_stack was called with for gradient_norms(4, True, width=3) and gradient_norms(3, False)")
_norms = gradient_norms(12, skip=False)
check_equal(len(_norms), 12, "the number of norms for depth 12")
check(_norms[0] < 1e-3 * _norms[-1], "Without skip the first of twelve layers should get hardly any gradient. Is the list in order?")

# %% [markdown]
# **The picture.** The same thirty layers, with and without the plus sign. The scale is logarithmic: one unit less is
# a factor of ten less (vanishing gradient, 梯度消失).

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_gradient_norms", "locked": true, "schema_version": 3, "solution": false, "task": false}
# curves = {
#     "with skip": torch.tensor(gradient_norms(30, skip=True)).log10().tolist(),
#     "plain": torch.tensor(gradient_norms(30, skip=False), dtype=torch.float64).log10().tolist(),
# }
# course_tools.plot_curves(curves, "layer (1 is next to the input)", "log10 of the gradient norm", "What arrives at each of 30 layers")

# %% [markdown]
# ### 2.2 On paper
#
# Extra credit, marked by hand. Formulas in LaTeX, plain text or a photograph of your paper: all are welcome.
#
# **Question 1 (up to 6 points).** Take numbers instead of matrices: $h_l = f_l(h_{l-1})$ in the plain stack and
# $h_l = h_{l-1} + f_l(h_{l-1})$ in the residual one, $l = 1, \dots, L$, and a loss $\ell(h_L)$. Write $f_l'$ for the
# derivative of $f_l$ at $h_{l-1}$. (a) Write $\partial \ell / \partial h_0$ as a product, for both stacks. (b)
# Multiply the residual product out for $L = 2$ and say in words which way through the network each of the terms
# stands for. (c) Suppose $|f_l'| \le \tfrac14$ for all $l$ and $L = 20$. How large can the plain gradient be at most,
# as a multiple of $\partial \ell / \partial h_L$, and between which bounds does the residual one lie? (d) Can the
# residual gradient vanish all the same?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_gradient", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) By the chain rule
#
# $$\text{plain: } \frac{\partial \ell}{\partial h_0} = \frac{\partial \ell}{\partial h_L} \prod_{l=1}^{L} f_l', \qquad
# \text{residual: } \frac{\partial \ell}{\partial h_0} = \frac{\partial \ell}{\partial h_L} \prod_{l=1}^{L} (1 + f_l').$$
#
# (b) $(1 + f_1')(1 + f_2') = 1 + f_1' + f_2' + f_1' f_2'$. The $1$ is the way over both skips, untouched by any
# layer; $f_1'$ goes through layer 1 and skips layer 2, $f_2'$ skips layer 1 and goes through layer 2; $f_1' f_2'$
# goes through both, and is all that the plain stack has. With $L$ layers there are $2^L$ ways.
#
# (c) Plain: at most $(1/4)^{20} \approx 9 \cdot 10^{-13}$. Residual: each factor lies between $\tfrac34$ and
# $\tfrac54$, so the product lies between $0.75^{20} \approx 0.003$ and $1.25^{20} \approx 87$; when the $f_l'$ are
# small it is close to 1.
#
# (d) Yes, but not because the $f_l'$ are small: only where $f_l'$ is close to $-1$, that is where a layer cancels its
# own skip, and the product becomes 0; or slowly, when very many factors stay below 1. (In matrices: where $I + J_l$
# is close to singular.)
#
# **Marking scheme.** 1 point: plain product. 1 point: residual product. 2 points: the four terms (1) and their ways
# (1). 1 point: the plain bound and both residual bounds, to one digit. 1 point: $f_l'$ near $-1$, or many factors
# below 1 (either will do).
# ### END SOLUTION

# %% [markdown]
# ### 2.3 Sixty-two layers
#
# Gradient norms are one thing, learning is another. Below stand two networks for the digits with 30 blocks of two
# convolutions each, one convolution before them and a linear layer at the end: 62 layers. They have the same layers,
# the same number of parameters, the same recipe, and BatchNorm everywhere. The only difference is the plus sign of
# *your* `Residual`. (About ten seconds for both.)


# %% nbgrader={"grade": false, "grade_id": "train", "locked": true, "schema_version": 3, "solution": false, "task": false}
def train(net, X, y, num_epochs, lr):
    """SGD on batches of 64, with a learning rate that falls from lr towards zero. Returns: the list of the losses of all steps."""
    data = course_tools.batches(X, y, 64, shuffle=True)
    loss, optimizer, losses = nn.CrossEntropyLoss(), torch.optim.SGD(net.parameters(), lr=lr), []
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.01, total_iters=num_epochs * len(data))
    net.train()
    for _ in range(num_epochs):
        for X_batch, y_batch in data:
            batch_loss = loss(net(X_batch), y_batch)
            optimizer.zero_grad()
            batch_loss.backward()
            optimizer.step()
            schedule.step()
            losses.append(batch_loss.item())
    return losses


def share_right(net, X, y):
    """The share of right predictions, in evaluation mode."""
    net.eval()
    with torch.no_grad():
        return (net(X).argmax(dim=1) == y).float().mean().item()


# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_depth", "locked": true, "schema_version": 3, "solution": false, "task": false}
# def residual_block(c):
#     return Residual(c, c)
#
#
# def plain_block(c):
#     return nn.Sequential(
#         nn.Conv2d(c, c, kernel_size=3, padding=1), nn.BatchNorm2d(c), nn.ReLU(),
#         nn.Conv2d(c, c, kernel_size=3, padding=1), nn.BatchNorm2d(c), nn.ReLU(),
#     )
#
#
# def deep_net(block, num_blocks=30, c=12):
#     start = [nn.Conv2d(1, c, kernel_size=3, stride=2, padding=1), nn.BatchNorm2d(c), nn.ReLU()]
#     blocks = [block(c) for _ in range(num_blocks)]
#     return nn.Sequential(*start, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(c, 10))
#
#
# nets = {"plain": deep_net(plain_block), "with skip (your Residual)": deep_net(residual_block)}
# curves = {name: train(net, X_train, y_train, num_epochs=4, lr=0.05) for name, net in nets.items()}
# course_tools.plot_curves(curves, "step", "training loss", "62 layers, with and without the plus sign")
# for name, net in nets.items():
#     print(f"{name}: {share_right(net, X_test, y_test):.2f} of the test digits right")

# %% [markdown]
# The plain network hardly leaves the loss of blind guessing, $\ln 10 = 2.30$. It *could* represent what the other one
# learns; it is only that gradient descent does not find it. Try `num_blocks=3` in both, eight layers: the plain
# network comes to a loss of about 1.6 to 1.7 then, so twenty-seven more blocks made it worse. With the plus sign it
# is the other way round: about 1.0 to 1.1 with eight layers, about 0.1 with sixty-two.
#
# ## 3 · ResNet
#
# ### 3.1 `resnet_block`
#
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 10 points*
#
# Notes: 000 §2.11.2 · 002 ResNet模型 · 004 残差网络(ResNet)
#
# A ResNet is made of stages (阶段): a few residual blocks with the same number of channels. The first block of a
# stage changes the shape (`use_1x1conv=True`, `strides=2`: half the height and width, new channels), and the others
# keep it. The very first stage of a network follows a pooling layer that has halved the picture already, so with
# `first_block=True` no block changes the shape: all are plain `Residual(num_channels, num_channels)`.
#
# Return an `nn.Sequential` of `num_residuals` blocks. Build it from your `Residual`.
#
# **By hand.** `resnet_block(64, 128, 2)` is `Residual(64, 128, use_1x1conv=True, strides=2)`, then
# `Residual(128, 128)`. It takes $(n, 64, 16, 16)$ to $(n, 128, 8, 8)$. `resnet_block(64, 64, 2, first_block=True)` is
# twice `Residual(64, 64)`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Loop over `range(num_residuals)`. Only one of the rounds can be special; which one, and on what condition?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `if i == 0 and not first_block:` append the block that changes the shape, `else:` append
# `Residual(num_channels, num_channels)`. At the end `nn.Sequential(*blocks)`, with the star.
# </details>
#
# <details><summary>Help: I see "list is not a Module subclass"</summary>
#
# `nn.Sequential(blocks)` gets one list; `nn.Sequential(*blocks)` gets the blocks one by one.
# </details>


# %% nbgrader={"grade": false, "grade_id": "resnet_block", "locked": false, "schema_version": 3, "solution": true, "task": false}
def resnet_block(input_channels, num_channels, num_residuals, first_block=False):
    """One stage of a ResNet.

    input_channels, num_channels: int, channels before and after; equal for first_block. num_residuals: int, at least 1.
    first_block: bool, whether the shape is kept.
    Returns: nn.Sequential of num_residuals Residual blocks, (n, input_channels, h, w) -> (n, num_channels, h', w').
    """
    ### BEGIN SOLUTION
    blocks = []
    for i in range(num_residuals):
        if i == 0 and not first_block:
            blocks.append(Residual(input_channels, num_channels, use_1x1conv=True, strides=2))
        else:
            blocks.append(Residual(num_channels, num_channels))
    return nn.Sequential(*blocks)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_resnet_block", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
_X = torch.randn(2, 3, 8, 8)


def _count(net, X):
    """The number of parameters, once X has gone through."""
    net(X)
    return sum(p.numel() for p in net.parameters())


_stage = resnet_block(3, 5, 2)
check(isinstance(_stage, nn.Sequential), "resnet_block should return an nn.Sequential.")
check_equal(len(_stage), 2, "the number of blocks in resnet_block(3, 5, 2)")
check_equal(tuple(_stage(_X).shape), (2, 5, 4, 4), "the shape of resnet_block(3, 5, 2)(X)")
check_equal(tuple(resnet_block(3, 3, 2, first_block=True)(_X).shape), (2, 3, 8, 8), "the shape of resnet_block(3, 3, 2, first_block=True)(X)")
_first, _other = _count(Residual(3, 5, use_1x1conv=True, strides=2), _X), _count(Residual(5, 5), torch.randn(2, 5, 4, 4))
check_equal(
    _count(resnet_block(3, 5, 3), _X), _first + 2 * _other, "the number of parameters of resnet_block(3, 5, 3), three blocks of which one changes the shape,"
)
_other = _count(Residual(3, 3), _X)
check_equal(_count(resnet_block(3, 3, 4, first_block=True), _X), 4 * _other, "the number of parameters of resnet_block(3, 3, 4, first_block=True)")

# %% [markdown]
# ### 3.2 `resnet18`
#
# *difficulty 3/5 · importance 4/5 · about 15 minutes · 14 points*
#
# Notes: 000 §2.11.2 · 002 ResNet模型 · 004 残差网络(ResNet)
#
# Now the whole network. For a picture of 96×96 the sizes are:
#
# | part | channels | height × width |
# |---|---|---|
# | 7×7 convolution, stride 2, padding 3; BatchNorm; ReLU | 64 | 48×48 |
# | 3×3 max pooling (最大池化), stride 2, padding 1 | 64 | 24×24 |
# | stage 1: two residual blocks, `first_block=True` | 64 | 24×24 |
# | stage 2: two residual blocks | 128 | 12×12 |
# | stage 3: two residual blocks | 256 | 6×6 |
# | stage 4: two residual blocks | 512 | 3×3 |
# | global average pooling (全局平均池化), whatever the size; flatten | 512 | |
# | linear layer; no softmax, scores come out | `num_classes` | |
#
# Eighteen layers have weights on the main road: one convolution, $4 \cdot 2 \cdot 2 = 16$ in the stages, one linear
# layer.
#
# **By hand.** With `num_classes=10` and one input channel the parts have $3200 + 128$ (start), $148224$, $525952$,
# $2100480$, $8395264$ (stages) and $5130$ (linear layer) parameters: **11,178,378** in all. Three quarters sit in the
# last stage.
#
# <details><summary>Hint 1: a nudge</summary>
#
# One `nn.Sequential` from top to bottom of the table. Your `resnet_block` makes each stage; its `input_channels` are
# the channels of the row above.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# The start is
# `nn.Conv2d(in_channels, 64, kernel_size=7, stride=2, padding=3), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, stride=2, padding=1)`,
# the end is `nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, num_classes)`.
# </details>
#
# <details><summary>Help: I see "mat1 and mat2 shapes cannot be multiplied (2x2048 and 512x10)"</summary>
#
# $2048 = 512 \cdot 2 \cdot 2$ (for the check's pictures of 40×33; for 96×96 it would be $4608 = 512 \cdot 3 \cdot 3$):
# the global pooling is missing. It turns each channel into one number, and with it the network takes pictures of any
# size.
# </details>
#
# <details><summary>Help: I see "Expected more than 1 value per channel when training"</summary>
#
# A single small picture leaves one number a channel, and BatchNorm cannot make a variance of one number. Use more
# samples, a larger picture or `net.eval()`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "resnet18", "locked": false, "schema_version": 3, "solution": true, "task": false}
def resnet18(num_classes, in_channels=1):
    """ResNet-18.

    num_classes, in_channels: int.
    Returns: a new module, (n, in_channels, h, w) -> scores (n, num_classes), for any h and w of at least 32.
    """
    ### BEGIN SOLUTION
    return nn.Sequential(
        nn.Conv2d(in_channels, 64, kernel_size=7, stride=2, padding=3), nn.BatchNorm2d(64), nn.ReLU(),
        nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
        resnet_block(64, 64, 2, first_block=True),
        resnet_block(64, 128, 2),
        resnet_block(128, 256, 2),
        resnet_block(256, 512, 2),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, num_classes),
    )  # fmt: skip
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_resnet18", "locked": true, "points": 14, "schema_version": 3, "solution": false, "task": false}
_net = resnet18(10).eval()
with torch.no_grad():
    check_equal(tuple(_net(torch.randn(2, 1, 40, 33)).shape), (2, 10), "the shape of resnet18(10)(X) for two pictures of 40×33")
check_equal(f"{sum(p.numel() for p in _net.parameters()):,}", "11,178,378", "the number of parameters of resnet18(10)")
_net, _X = resnet18(7, in_channels=3).eval(), torch.randn(2, 3, 40, 35) + 0.5
with torch.no_grad():
    check_equal(tuple(_net(_X.clone()).shape), (2, 7), "the shape of resnet18(7, in_channels=3)(X) for two pictures of 40×35")
    for _p in _net.parameters():  # the 3×3 kernels and all biases at zero: every branch says 0, and only the skips are left
        if _p.shape[2:] == (3, 3) or (_p.ndim == 1 and not (_p == 1).all()):
            _p.zero_()
    _weights, _seen = {tuple(p.shape): p for p in _net.parameters()}, _X.clone()
    _Y = nn.functional.max_pool2d(nn.functional.conv2d(_X, _weights[64, 3, 7, 7], stride=2, padding=3).relu(), 3, stride=2, padding=1)
    for _c in (128, 256, 512):
        _Y = nn.functional.conv2d(_Y, _weights[_c, _c // 2, 1, 1], stride=2).relu()
    _right = _Y.mean((2, 3)) @ _weights[7, 512].T
    check_equal(_net(_seen), _right, "the scores of resnet18 when all branches say 0 (start, skips, global pooling, linear layer),", rtol=1e-3, atol=1e-5)
check_equal(_seen, _X, "the input, after resnet18 has seen it")
_net(_X[:, :, :33, :33].clone()).sum().backward()
check(all(p.grad is not None for p in _net.parameters()), "No gradient reaches some layers of resnet18: they cannot learn.")
del _net, _weights

# %% [markdown]
# **Eleven million parameters read digits.** The 8×8 pictures are enlarged to 32×32 first. Far too large a network for
# this little task, and yet, after 46 steps from scratch, it reads them well. (Ten to thirty seconds.)

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_resnet18", "locked": true, "schema_version": 3, "solution": false, "task": false}
# def enlarged(X):
#     return nn.functional.interpolate(X, size=32, mode="bilinear")
#
#
# net = resnet18(10)
# losses = train(net, enlarged(X_train), y_train, num_epochs=2, lr=0.03)
# course_tools.plot_curves({"ResNet-18": losses}, "step", "training loss", "Your ResNet-18 on the digits")
# print(f"{share_right(net, enlarged(X_test), y_test):.2f} of the test digits right")

# %% [markdown]
# ### 3.3 `Bottleneck`
#
# *difficulty 3/5 · importance 3/5 · about 15 minutes · 10 points*
#
# Notes: 003 §10.6
#
# Deeper ResNets (50 layers and more) work with 256 channels and more, and a 3×3 convolution on 256 channels costs
# $256 \cdot 256 \cdot 9 = 589{,}824$ weights. The bottleneck block (瓶颈) squeezes first: a 1×1 convolution goes down
# to `mid` channels, the 3×3 convolution works there, and another 1×1 convolution goes back up.
#
# $$\mathrm{Bottleneck}(X) = \mathrm{ReLU}\bigl(X + \mathrm{BN}_3(\mathrm{conv}_{1\times1}(\mathrm{ReLU}(\mathrm{BN}_2(\mathrm{conv}_{3\times3}
# (\mathrm{ReLU}(\mathrm{BN}_1(\mathrm{conv}_{1\times1}(X))))))))\bigr)$$
#
# The shape is kept: `channels` in, `channels` out, padding 1 for the 3×3 convolution, and $X$ itself on the skip.
# Here the three convolutions have **no bias** (`bias=False`): the BatchNorm behind each subtracts the mean, and a
# bias with it.
#
# **By hand.** 256 channels, 64 in the middle:
# $256 \cdot 64 + 64 \cdot 64 \cdot 9 + 64 \cdot 256 = 16384 + 36864 + 16384 = 69{,}632$ weights in the convolutions,
# against 589,824 for a single 3×3 convolution at full width. (The three BatchNorms add
# $2 \cdot (64 + 64 + 256) = 768$.)
#
# <details><summary>Hint 1: a nudge</summary>
#
# It is your `Residual` with a third convolution, and without the case distinction for the skip. Three BatchNorms:
# over `mid`, `mid` and `channels` channels.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Put the whole branch into one `nn.Sequential`: convolution, BatchNorm, ReLU, convolution, BatchNorm, ReLU,
# convolution, BatchNorm. Then `forward` is the single line `return torch.relu(X + self.branch(X))`.
# </details>
#
# <details><summary>Help: I see 1152 where 768 is expected</summary>
#
# $1152 - 768 = 384 = 64 + 64 + 256$ is one bias for each output channel of each convolution: `bias=False` is missing.
# </details>


# %% nbgrader={"grade": false, "grade_id": "Bottleneck", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Bottleneck(nn.Module):
    """1×1, 3×3 and 1×1 convolutions without bias, each with BatchNorm, and a skip connection around them."""

    def __init__(self, channels, mid):
        """channels: int, of input and output. mid: int, channels between."""
        super().__init__()
        ### BEGIN SOLUTION
        self.branch = nn.Sequential(
            nn.Conv2d(channels, mid, kernel_size=1, bias=False), nn.BatchNorm2d(mid), nn.ReLU(),
            nn.Conv2d(mid, mid, kernel_size=3, padding=1, bias=False), nn.BatchNorm2d(mid), nn.ReLU(),
            nn.Conv2d(mid, channels, kernel_size=1, bias=False), nn.BatchNorm2d(channels),
        )  # fmt: skip
        ### END SOLUTION

    def forward(self, X):
        """X: (n, channels, h, w), left unchanged. Returns: (n, channels, h, w)."""
        ### BEGIN SOLUTION
        return torch.relu(X + self.branch(X))
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_Bottleneck", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
_block = Bottleneck(256, 64)
_block(torch.randn(2, 256, 2, 2))
_outside = [p.numel() for p in _block.parameters() if p.ndim != 4]
_weights = sum(p.numel() for p in _block.parameters()) - sum(_outside)
check_equal(_weights, 69_632, "the number of convolution weights of Bottleneck(256, 64)")
check_equal(sum(_outside), 768, "the number of all other parameters of Bottleneck(256, 64), those of three BatchNorms,")
_X, _block = torch.randn(2, 6, 4, 5), Bottleneck(6, 2)
with torch.no_grad():
    for _p in _block.parameters():
        _p.zero_()
    check_equal(_block(_X), _X.relu(), "Bottleneck(6, 2)(X) with all parameters at zero, so that ReLU(X) is left,")
_X, _block = torch.randn(2, 5, 4, 3).double().requires_grad_(), Bottleneck(5, 3).double()
_seen = _X.detach().clone()
_Y = _block(_seen)
_weights = {tuple(p.shape): p for p in _block.parameters()}
_right = _X
for _shape, _padding in (((3, 5, 1, 1), 0), ((3, 3, 3, 3), 1), ((5, 3, 1, 1), 0)):
    _right = _right if _shape[:2] == (3, 5) else _right.relu()
    _right = nn.functional.batch_norm(nn.functional.conv2d(_right, _weights[_shape], padding=_padding), None, None, training=True)
_right = (_X + _right).relu()
check_equal(_Y, _right, "Bottleneck(5, 3)(X) in training mode, with the weights that your block has drawn,")
check_equal(_seen, _X.detach(), "the input, after Bottleneck has seen it")
_slope, _right = (torch.autograd.grad(Y.square().sum(), _X, allow_unused=True)[0] for Y in (_block(_X), _right))
check_equal(_slope, _right, "the gradient that reaches the input of Bottleneck(5, 3)")

# %% [markdown]
# ## 4 · DenseNet
#
# A residual block adds, and what was added cannot be told apart any more. DenseNet puts the new channels *beside* the
# old ones: each layer sees everything that the layers before it have found, and whatever it finds is handed on to all
# that follow.
#
# $$x \;\to\; \bigl[x,\; f_1(x),\; f_2([x, f_1(x)]),\; f_3([x, f_1(x), f_2([x, f_1(x)])]),\; \dots\bigr]$$
#
# ### 4.1 `conv_block`
#
# *difficulty 1/5 · importance 3/5 · about 5 minutes · 6 points*
#
# Notes: 002 稠密块 · 004 稠密连接网络(DenseNet)
#
# The unit of a dense block has its parts in another order than you are used to, the convolution last: **BatchNorm,
# ReLU, 3×3 convolution** with padding 1 (and a bias). So the BatchNorm is over the channels that come *in*.
#
# **By hand.** `conv_block(3, 5)`: BatchNorm over 3 channels has $6$ parameters, the convolution
# $3 \cdot 5 \cdot 9 + 5 = 140$, together $146$. Height and width stay.
#
# <details><summary>Hint 1: a nudge</summary>
#
# An `nn.Sequential` of three. Which number of channels does the BatchNorm see?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `nn.BatchNorm2d(c_in)`, `nn.ReLU()`, `nn.Conv2d(c_in, c_out, kernel_size=3, padding=1)`.
# </details>
#
# <details><summary>Help: I see "running_mean should contain 3 elements not 5"</summary>
#
# The BatchNorm was made for 5 channels and got 3: it stands before the convolution, so it belongs to `c_in`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "conv_block", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_block(c_in, c_out):
    """BatchNorm, ReLU, 3×3 convolution.

    c_in, c_out: int, channels before and after.
    Returns: a new module, (n, c_in, h, w) -> (n, c_out, h, w); it leaves its input unchanged.
    """
    ### BEGIN SOLUTION
    return nn.Sequential(nn.BatchNorm2d(c_in), nn.ReLU(), nn.Conv2d(c_in, c_out, kernel_size=3, padding=1))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_conv_block", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_block = conv_block(3, 5)
check_equal(tuple(_block(torch.randn(2, 3, 4, 6)).shape), (2, 5, 4, 6), "the shape of conv_block(3, 5)(X)")
check_equal(sum(p.numel() for p in _block.parameters()), 146, "the number of parameters of conv_block(3, 5)")
_X, _block = torch.randn(2, 3, 4, 6).double(), _block.double()
_seen, _weights = _X.clone(), {tuple(p.shape): p for p in _block.parameters()}
_right = nn.functional.batch_norm(_X, None, None, training=True).relu()
_right = nn.functional.conv2d(_right, _weights[5, 3, 3, 3], _weights[5,], padding=1)
check_equal(_block(_seen), _right, "conv_block(3, 5)(X) in training mode, with the weights that your block has drawn,")
check_equal(_seen, _X, "the input, after conv_block has seen it")
_block(_X.requires_grad_()).square().sum().backward()
check(all(t.grad is not None for t in (_X, *_block.parameters())), "No gradient reaches the input or a layer of conv_block(3, 5).")

# %% [markdown]
# ### 4.2 `DenseBlock`
#
# *difficulty 3/5 · importance 4/5 · about 15 minutes · 10 points*
#
# Notes: 002 稠密块 · 003 §10.7 · 004 稠密连接网络(DenseNet)
#
# A dense block (稠密块) holds `num_convs` units. Each makes `growth` new channels (growth rate, 增长率) from *all*
# channels that are there so far, and they are concatenated (连结) behind these, along the channel dimension:
#
# $$X_0 = X, \qquad X_{i+1} = [X_i,\ \mathrm{conv\_block}_i(X_i)], \qquad c_i = \texttt{input\_channels} + i \cdot \texttt{growth}$$
#
# **By hand.** `DenseBlock(2, 3, 10)`: 3 channels come in, the first unit sees 3 and makes 10, the second sees 13 and
# makes 10, and 23 come out, the first three of them the input itself. Parameters: $(6 + 280) + (26 + 1180) = 1492$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Unit $i$ needs `input_channels + i * growth` input channels. Where do you keep the units, so that the module finds
# their parameters? A Python list will not do.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `self.units = nn.ModuleList(conv_block(input_channels + i * growth, growth) for i in range(num_convs))`, and in
# `forward` for each unit `X = torch.cat((X, unit(X)), dim=1)`.
# </details>
#
# <details><summary>Help: I see "running_mean should contain 10 elements not 13"</summary>
#
# A unit whose BatchNorm is made for 13 channels was given only the newest 10. It wants all: carry the concatenated `X`
# along.
# </details>
#
# <details><summary>Help: I see "optimizer got an empty parameter list"</summary>
#
# The units stand in a plain list, which `nn.Module` does not look into. Use `nn.ModuleList`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "DenseBlock", "locked": false, "schema_version": 3, "solution": true, "task": false}
class DenseBlock(nn.Module):
    """Units that each see all channels before them."""

    def __init__(self, num_convs, input_channels, growth):
        """num_convs: int, number of units. input_channels: int. growth: int, new channels of each unit."""
        super().__init__()
        ### BEGIN SOLUTION
        self.units = nn.ModuleList(conv_block(input_channels + i * growth, growth) for i in range(num_convs))
        ### END SOLUTION

    def forward(self, X):
        """X: (n, input_channels, h, w), left unchanged. Returns: (n, input_channels + num_convs * growth, h, w), the input first."""
        ### BEGIN SOLUTION
        for unit in self.units:
            X = torch.cat((X, unit(X)), dim=1)
        return X
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_DenseBlock", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
_X, _block = torch.randn(4, 3, 5, 6), DenseBlock(2, 3, 10)
_Y = _block(_X)
check_equal(tuple(_Y.shape), (4, 23, 5, 6), "the shape of DenseBlock(2, 3, 10)(X)")
check_equal(_Y[:, :3], _X, "the first three channels of DenseBlock(2, 3, 10)(X)")
check_equal(sum(p.numel() for p in _block.parameters()), 1492, "the number of parameters of DenseBlock(2, 3, 10)")
_X, _block = torch.randn(2, 3, 4, 5).double().requires_grad_(), DenseBlock(3, 3, 4).double()
_seen = _X.detach().clone()
_block(_seen)
check_equal(_seen, _X.detach(), "the input, after DenseBlock has seen it")
with torch.no_grad():
    for _p in _block.parameters():
        if _p.shape == (4,):
            _p.zero_()  # the biases of the convolutions
_right, _weights = _X, {tuple(p.shape): p for p in _block.parameters()}
for _c in (3, 7, 11):
    _new = nn.functional.batch_norm(_right, None, None, training=True).relu()
    _right = torch.cat((_right, nn.functional.conv2d(_new, _weights[4, _c, 3, 3], padding=1)), dim=1)
_Y = _block(_X)
check_equal(_Y, _right, "DenseBlock(3, 3, 4)(X) in training mode, with the kernels that your units have drawn and no biases,")
_slope, _right = (torch.autograd.grad(Y.square().sum(), _X, allow_unused=True)[0] for Y in (_Y, _right))
check_equal(_slope, _right, "the gradient that reaches the input of DenseBlock(3, 3, 4)")

# %% [markdown]
# ### 4.3 `transition_block`
#
# *difficulty 1/5 · importance 3/5 · about 5 minutes · 6 points*
#
# Notes: 002 过渡层 · 004 稠密连接网络(DenseNet)
#
# Every dense block makes the picture thicker. A transition layer (过渡层) thins it out again: **BatchNorm, ReLU, 1×1
# convolution** from `c_in` to `c_out` channels (with a bias), **average pooling** (平均池化) with a window of 2 and
# stride 2.
#
# **By hand.** `transition_block(23, 10)` takes $(4, 23, 8, 8)$ to $(4, 10, 4, 4)$ and has $46 + 240 = 286$
# parameters. The pooling turns the four numbers $1, 2, 3, 6$ of a window into their mean $3$, not into their maximum.
# In `transition_block(1, 1)` with all parameters at 1, in evaluation mode, the fresh BatchNorm adds 1 to each of them
# and the convolution another 1: $3, 4, 5, 8$, and the mean is $5$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# The same beginning as `conv_block`, another convolution, and one layer more.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Behind BatchNorm and ReLU: `nn.Conv2d(c_in, c_out, kernel_size=1)` and `nn.AvgPool2d(kernel_size=2, stride=2)`.
# </details>
#
# <details><summary>Help: I see a picture that is larger by 2 than it should be</summary>
#
# A 1×1 convolution needs no padding: `padding=1` puts a frame around the picture.
# </details>


# %% nbgrader={"grade": false, "grade_id": "transition_block", "locked": false, "schema_version": 3, "solution": true, "task": false}
def transition_block(c_in, c_out):
    """BatchNorm, ReLU, 1×1 convolution, 2×2 average pooling.

    c_in, c_out: int, channels before and after.
    Returns: a new module, (n, c_in, h, w) -> (n, c_out, h // 2, w // 2); it leaves its input unchanged.
    """
    ### BEGIN SOLUTION
    return nn.Sequential(nn.BatchNorm2d(c_in), nn.ReLU(), nn.Conv2d(c_in, c_out, kernel_size=1), nn.AvgPool2d(kernel_size=2, stride=2))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_transition_block", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_block = transition_block(23, 10)
check_equal(tuple(_block(torch.randn(4, 23, 8, 8)).shape), (4, 10, 4, 4), "the shape of transition_block(23, 10)(X)")
check_equal(sum(p.numel() for p in _block.parameters()), 286, "the number of parameters of transition_block(23, 10)")
_X, _block = torch.tensor([[[[1.0, 2.0], [3.0, 6.0]]]]), transition_block(1, 1).eval()
_block(_X)
with torch.no_grad():
    for _p in _block.parameters():
        _p.fill_(1.0)
    check_equal(_block(_X).flatten(), torch.tensor([5.0]), "the mean of the window 3, 4, 5, 8 in the example by hand")
_X, _block = torch.randn(2, 4, 5, 7).double(), transition_block(4, 3).double()
_seen = _X.clone()
_Y, _weights = _block(_seen), {tuple(p.shape): p for p in _block.parameters()}
_right = nn.functional.batch_norm(_X, None, None, training=True).relu()
_right = nn.functional.avg_pool2d(nn.functional.conv2d(_right, _weights[3, 4, 1, 1], _weights[3,]), 2)
check_equal(_Y, _right, "transition_block(4, 3)(X) for pictures of 5×7 in training mode, with the weights that your block has drawn,")
check_equal(_seen, _X, "the input, after transition_block has seen it")
_block(_X.requires_grad_()).square().sum().backward()
check(all(t.grad is not None for t in (_X, *_block.parameters())), "No gradient reaches the input or a layer of transition_block(4, 3).")

# %% [markdown]
# ### 4.4 `densenet`
#
# *difficulty 4/5 · importance 3/5 · about 20 minutes · 8 points*
#
# Notes: 002 DenseNet模型 · 003 §10.7 · 004 稠密连接网络(DenseNet)
#
# The whole network:
#
# 1. the same start as ResNet: 7×7 convolution to 64 channels with stride 2 and padding 3, BatchNorm, ReLU, 3×3 max
#    pooling with stride 2 and padding 1;
# 2. one dense block for each number in `num_convs`, and **between** two dense blocks a transition that halves the
#    channels (rounded down). None after the last one;
# 3. BatchNorm, ReLU, global average pooling, flatten, a linear layer to `num_classes` scores.
#
# It is all bookkeeping: keep one variable with the number of channels that you have.
#
# **By hand.** With `growth=32` and `num_convs=(4, 4, 4, 4)` each block adds 128 channels:
#
# $$64 \xrightarrow{\text{block}} 192 \xrightarrow{\text{half}} 96 \xrightarrow{\text{block}} 224
# \xrightarrow{\text{half}} 112 \xrightarrow{\text{block}} 240 \xrightarrow{\text{half}} 120 \xrightarrow{\text{block}} 248$$
#
# The last BatchNorm is over 248 channels, the linear layer is $248 \to 10$, and the whole network has **758,226**
# parameters: a fifteenth of ResNet-18.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Collect the layers in a list. After each dense block, `channels` grows by (number of its units) · `growth`; after
# each transition it is halved.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Loop with `for i, n in enumerate(num_convs):`. Append `DenseBlock(n, channels, growth)` and update `channels`. If
# `i` is not the last index, append `transition_block(channels, channels // 2)` and update `channels` again.
# </details>
#
# <details><summary>Help: I see "running_mean should contain … elements not …"</summary>
#
# A BatchNorm got the first number of channels and was made for the second. Print `channels` after each line of the
# loop and compare with the row above: 192, 96, 224, …
# </details>


# %% nbgrader={"grade": false, "grade_id": "densenet", "locked": false, "schema_version": 3, "solution": true, "task": false}
def densenet(num_classes, in_channels=1, growth=32, num_convs=(4, 4, 4, 4)):
    """A DenseNet.

    num_classes, in_channels, growth: int. num_convs: tuple or list of int, the number of units of each dense block.
    Returns: a new module, (n, in_channels, h, w) -> scores (n, num_classes), for pictures of any sufficient size.
    """
    ### BEGIN SOLUTION
    channels = 64
    layers = [
        nn.Conv2d(in_channels, channels, kernel_size=7, stride=2, padding=3), nn.BatchNorm2d(channels), nn.ReLU(),
        nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
    ]  # fmt: skip
    for i, n in enumerate(num_convs):
        if i > 0:
            layers.append(transition_block(channels, channels // 2))
            channels //= 2
        layers.append(DenseBlock(n, channels, growth))
        channels += n * growth
    layers += [nn.BatchNorm2d(channels), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, num_classes)]
    return nn.Sequential(*layers)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_densenet", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_net = densenet(10)
_net(torch.randn(2, 1, 32, 32)).sum().backward()
check(all(p.grad is not None for p in _net.parameters()), "No gradient reaches some layers of densenet: they cannot learn.")
check_equal(f"{sum(p.numel() for p in _net.parameters()):,}", "758,226", "the number of parameters of densenet(10)")
_net, _X = densenet(7, in_channels=3, growth=4, num_convs=(2, 3)).double(), torch.randn(3, 3, 46, 70).double()
_seen = _X.clone()
check_equal(tuple(_net(_seen).shape), (3, 7), "the shape of densenet(7, in_channels=3, growth=4, num_convs=(2, 3))(X)")
check_equal(_seen, _X, "the input, after densenet has seen it")
check_equal(sum(p.numel() for p in _net.parameters()), 22_407, "the number of parameters of densenet(7, in_channels=3, growth=4, num_convs=(2, 3))")
with torch.no_grad():
    for _p in _net.parameters():
        if _p.ndim == 1 and not (_p == 1).all():
            _p.zero_()  # all biases
    _weights = {tuple(p.shape): p for p in _net.parameters()}

    def _active(X):
        return nn.functional.batch_norm(X, None, None, training=True).relu()

    _Y = _active(nn.functional.conv2d(_X, _weights[64, 3, 7, 7], stride=2, padding=3))
    _Y = nn.functional.max_pool2d(_Y, 3, stride=2, padding=1)
    for _c in (64, 68, "transition", 36, 40, 44):
        if _c == "transition":
            _Y = nn.functional.avg_pool2d(nn.functional.conv2d(_active(_Y), _weights[36, 72, 1, 1]), 2)
        else:
            _Y = torch.cat((_Y, nn.functional.conv2d(_active(_Y), _weights[4, _c, 3, 3], padding=1)), dim=1)
    check_equal(_net(_X), _active(_Y).mean((2, 3)) @ _weights[7, 48].T, "the scores of this densenet in training mode, with its own kernels and no biases,")

# %% [markdown]
# **A fifteenth of the parameters, and it reads as well.** The same pictures, the same 46 steps as for the
# ResNet-18 above. (Five to ten seconds.)

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_densenet", "locked": true, "schema_version": 3, "solution": false, "task": false}
# def enlarged(X):
#     return nn.functional.interpolate(X, size=32, mode="bilinear")
#
#
# net = densenet(10)
# losses = train(net, enlarged(X_train), y_train, num_epochs=2, lr=0.2)
# course_tools.plot_curves({"DenseNet": losses}, "step", "training loss", "Your DenseNet on the digits")
# print(f"{share_right(net, enlarged(X_test), y_test):.2f} of the test digits right")

# %% [markdown]
# ### 4.5 On paper
#
# **Question 2 (up to 4 points of extra credit, marked by hand).** Count convolution weights, without biases and
# BatchNorms. (a) Two 3×3 convolutions on $c$ channels, as in `Residual`, against a `Bottleneck` with $c$ channels and
# $c/4$ in the middle: give both as multiples of $c^2$, and their ratio. (b) A `DenseBlock` with $m$ units and growth
# $g$ on $c$ input channels: give the sum in closed form, and the number for $c = 64$, $g = 32$, $m = 4$. (c) How does
# your result of (b) grow with $m$ when the block gets long, how would a stack of residual blocks grow, and what is
# done about it?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_counting", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) Two 3×3 convolutions: $2 \cdot 9\,c^2 = 18\,c^2$. Bottleneck:
# $c \cdot \tfrac c4 + 9\,\tfrac{c^2}{16} + \tfrac c4 \cdot c = \tfrac{17}{16}\,c^2$. The ratio is
# $18 \cdot 16 / 17 \approx 16.9$. (For $c = 256$: 1,179,648 against 69,632.)
#
# (b) Unit $i = 0, \dots, m-1$ has a 3×3 convolution from $c + i g$ to $g$ channels:
#
# $$\sum_{i=0}^{m-1} 9\,g\,(c + i g) = 9\,g\,\Bigl(m\,c + g\,\frac{m(m-1)}{2}\Bigr).$$
#
# For $c = 64$, $g = 32$, $m = 4$: $288 \cdot (256 + 192) = 129{,}024$.
#
# (c) With the square of $m$, since every unit reads all units before it. A stack of residual blocks has the same
# number of channels throughout and grows linearly. DenseNet keeps $g$ small, cuts the network into several blocks and
# halves the channels in between (transitions); squeezing with a 1×1 convolution before each 3×3, as in the
# bottleneck, is another remedy.
#
# **Marking scheme.** 1 point: both counts and the ratio in (a). 1 point: the closed form. 1 point: 129,024 (or the
# right number for a slip in the closed form). 1 point: quadratic against linear, with one remedy.
# ### END SOLUTION

# %% [markdown]
# ## What you have now, and where to go
#
# The block that most of today's networks are built around. The plus sign is in every transformer (ps19) twice a
# layer, and what flows along it there has a name of its own, the residual stream. You have also seen the two ways to
# keep what earlier layers found: add it, or put it beside.
#
# To try, if you like: apply `zero_init_residual` to all thirty blocks of the deep network in 2.3. It starts as a
# network of two layers and has to wake its blocks one small step at a time: at a learning rate of 0.05 it has hardly
# begun when the other one is done. Now give both a rate of 0.5, or 1. Which of them still learns, and what does the
# other one's loss do in its first steps? Or move the BatchNorms and ReLUs of `Residual` before the convolutions, as
# in `conv_block`, and leave out the last ReLU.
#
# Ready-made ResNets with trained weights are the usual starting point for pictures of your own. In **ps21** you take
# one, keep what it knows, and teach it something new.
