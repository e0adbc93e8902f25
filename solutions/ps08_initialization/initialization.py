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
# # Initialization: a signal that survives thirty layers (参数初始化与数值稳定性)
#
# Here is a network of twelve layers. It is wired correctly, the data are fine, the optimizer is fine, and after six epochs it still
# guesses. Nothing in it is broken but the numbers it *started* with. At the end of this notebook you will know why, you will have a
# picture of it that you won't forget, and four lines of yours will make the same network read digits.
#
# There are twelve exercises: eleven functions and one small class. Most are three to five lines long.
#
# **How it is marked.** Each exercise has a cell for your answer and, under it, a check that you can run as often as you like. A
# check is an example: it says in words what is wrong with one result. The hidden grader asks more of the same (other shapes,
# other numbers, other dtypes), and it marks each property on its own, so an answer that is wrong only in some cases keeps the
# points of the others. Every exercise stands alone: skip one and come back whenever you like. Helpers of your own
# may stand in cells of your own, above the exercise that uses them. The points add up to 100; the two
# written questions are extra credit.
#
# **What holds for every exercise**, unless it says otherwise:
#
# * results have the dtype and the device of the data;
# * inputs are left as they were. Functions whose name ends in `_` are there to change something, as everywhere in PyTorch;
# * a second call with other data gives what a first call would give: nothing is kept from one call to the next;
# * loops over layers are fine, and nobody asks for a graph on the results.
#
# **From earlier notebooks** you need little: derivatives and `torch.autograd.grad` as in ps03, networks of linear layers as in ps06.
#
# **Letters used throughout.** Layer $t$ of $d$ layers has $n_t$ units and the weights $W^t$, of shape $(n_t, n_{t-1})$: outputs in
# the rows, inputs in the columns, which is also PyTorch's layout. Its output is $h^t = \sigma(W^t h^{t-1})$, and $h^0 = x$ is the
# input. In batches one sample is one row: $H^t = \sigma(H^{t-1} {W^t}^\top)$. Biases (偏置) are left out where they do not matter.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import math
from contextlib import contextmanager

import torch
from course_tools import batches, check, check_equal, digits, show_images
from torch import nn

X_train, y_train, X_test, y_test = digits()


@contextmanager
def library_off():
    """Inside, PyTorch's own xavier_…, kaiming_…, trunc_normal_ and orthogonal_ are switched off, so that a check sees numbers of your own."""
    kept = {name: f for name, f in vars(nn.init).items() if name.startswith(("xavier_", "kaiming_", "trunc_normal_", "orthogonal_"))}

    def switched_off(*arguments, **options):
        check(False, "A recipe of torch.nn.init was called: write it yourself. (uniform_ and normal_ are yours to use.)")

    try:
        vars(nn.init).update(dict.fromkeys(kept, switched_off))
        yield
    finally:
        vars(nn.init).update(kept)


def check_spread(weight, std, what):
    """Whether many random numbers have the mean 0 and the standard deviation std."""
    found = weight.detach().std(correction=0).item()
    check(abs(found / std - 1) < 0.03, f"{what} have the standard deviation {found:.4f}, {found / std:.3f} times what is expected.")
    mean = weight.detach().mean().item()
    check(abs(mean) < 0.05 * std, f"{what} have the mean {mean:.4f}, expected 0: are they drawn from both sides of 0?")


def check_filling(fill, shape, *arguments):
    """Fills a new parameter, looks at everything but the size of the numbers, and returns it."""
    weight, name, found = nn.Parameter(torch.full(shape, 7.0)), fill.__name__, []
    place = weight.data_ptr()
    with library_off():
        for seed in (1, None, 1):
            if seed:
                torch.manual_seed(seed)
            returned = fill(weight, *arguments)
            found.append(weight.detach().clone())
    check(returned is weight, f"{name}(weight) should return weight itself, filled in place.")
    check(not bool((weight == 7).any()), f"{name}(weight) leaves old numbers in weight.")
    check(weight.requires_grad and weight.is_leaf, "The parameter is not a leaf that requires a gradient any more: fill it under torch.no_grad().")
    check(weight.data_ptr() == place, f"{name} puts new memory under the parameter, instead of writing into what is there.")
    check(torch.equal(found[0], found[2]), f"After the same torch.manual_seed {name} gives other numbers: draw them with PyTorch.")
    check(not torch.equal(found[0], found[1]), f"Two calls of {name}, one after the other, give the same numbers.")
    check(not torch.equal(weight[0], weight[1]), "The first two rows hold the same numbers: each entry should be drawn on its own.")
    return weight


# %% [markdown]
# ## 1 · Too large, too small
#
# ### 1.1 `depth_until_lost`
#
# *difficulty 1/5 · importance 4/5 · about 5 minutes · 6 points*
#
# Notes: 000 §1.7.1 · 001 衰减和爆炸
#
# A deep network multiplies, layer after layer. $1.5^{100}$ is about $4 \cdot 10^{17}$, and $0.8^{100}$ about $2 \cdot 10^{-10}$: a
# factor that looks harmless once is a disaster a hundred times. On paper these are just numbers. In a computer a number has a
# smallest and a largest size, and in float16, with which large networks are trained, they are close: $6 \cdot 10^{-5}$ and
# $65504$. Above, the number becomes infinite (overflow, 上溢); below, it first loses digits and then turns into 0 (underflow,
# 下溢). Gradients do the same on their way back: they explode (梯度爆炸) or vanish (梯度消失).
#
# Start with a signal of 1 in the given dtype, and multiply it by `factor` once a layer. After how many layers is it **lost**? Lost
# means: not finite any more, or $|\text{signal}|$ smaller than `torch.finfo(dtype).tiny`, the smallest number that still has all its
# digits ("normal"). When it never gets lost, the answer is `math.inf`.
# (A factor other than 1 that is so near to 1 that rounding makes 1 of it, such as 1.0001 in float16, is not tried.)
#
# **By hand.** float16 with factor $0.5$: `tiny` is $2^{-14}$. After 14 layers the signal is exactly $2^{-14}$, which is not smaller
# than `tiny`; after **15** it is. With factor $-0.5$ the sign flips at each layer, and the answer is the same.
#
# <details><summary>Hint 1: a nudge</summary>
#
# A `while` loop that multiplies and counts. `torch.ones((), dtype=dtype)` is a signal of that dtype; everything you multiply it by
# stays there. `torch.finfo(dtype)` has `.tiny` and `.max`.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `while limits.tiny <= abs(signal) <= limits.max:` multiply, and add one to the count. An infinite signal is larger than
# `limits.max`. Ask for `abs(factor) == 1` first.
# </details>
#
# <details><summary>Help: my notebook hangs</summary>
#
# With a factor of 1 or -1 the loop never ends: that is the case for `math.inf`. Or do you wait for a signal of exactly 0? With a
# factor of 0.8 that can take for ever: 0.8 times the smallest number there is gets rounded to the smallest number again.
# </details>


# %% nbgrader={"grade": false, "grade_id": "depth_until_lost", "locked": false, "schema_version": 3, "solution": true, "task": false}
def depth_until_lost(factor, dtype=torch.float16):
    """After how many layers that multiply by factor a signal of 1 is not finite, or smaller than the smallest normal number of the dtype.

    factor: number of either sign, not 0. dtype: a floating-point dtype.
    Returns: int >= 1, or math.inf when it never happens.
    """
    ### BEGIN SOLUTION
    if abs(factor) == 1:
        return math.inf
    limits = torch.finfo(dtype)
    signal, layers = torch.ones((), dtype=dtype), 0
    while limits.tiny <= abs(signal) <= limits.max:
        signal, layers = signal * factor, layers + 1
    return layers
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_depth_until_lost", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check_equal(depth_until_lost(0.5), 15, "depth_until_lost(0.5)")
check_equal(depth_until_lost(1.5), 28, "depth_until_lost(1.5)")
check_equal(depth_until_lost(-1.5, torch.float32), 219, "depth_until_lost(-1.5, torch.float32)")
check_equal(depth_until_lost(-1.0), math.inf, "depth_until_lost(-1.0)")

# %% [markdown]
# An optional look: how deep a signal gets, for every factor between 0.2 and 4. Only a narrow spike around 1 reaches any depth at
# all. This spike is what the whole notebook is about.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_depths", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# factors = [2 ** (k / 40) for k in range(-93, 81) if k]
# figure, axes = plt.subplots(figsize=(6.8, 3.8), layout="constrained")
# for dtype, colour in [(torch.float32, "tab:blue"), (torch.float16, "tab:red")]:
#     axes.plot(factors, [depth_until_lost(factor, dtype) for factor in factors], color=colour, label=str(dtype).removeprefix("torch."))
# axes.axhline(30, linestyle="--", color="grey", linewidth=1, label="30 layers")
# axes.set(yscale="log", xscale="log", xlabel="factor of each layer", ylabel="layers until the signal is lost", title="How deep does it get?")
# axes.set_xticks([0.25, 0.5, 1, 2, 4], ["¼", "½", "1", "2", "4"])
# axes.minorticks_off()
# axes.grid(alpha=0.3)
# axes.legend()
# plt.show()

# %% [markdown]
# ### 1.2 `Normalizer`
#
# *difficulty 2/5 · importance 5/5 · about 10 minutes · 8 points*
#
# Notes: 003 §8.6.2 · 003 §10.4.2 · 004 初始化
#
# The first thing a network is given is its data, and the theory below wants them with mean 0 and variance 1. For pictures one
# does that for each **channel** (通道): red, green and blue have a mean and a standard deviation each, measured over all pictures
# and all their pixels. You have seen such numbers: `transforms.Normalize((0.1307,), (0.3081,))` is MNIST's. Here you measure them
# yourself, on the training pictures and only there:
#
# $$\mu_c = \frac{1}{n h w} \sum_{i, y, x} X_{i c y x}, \qquad \sigma_c = \sqrt{\frac{1}{n h w} \sum_{i, y, x} (X_{i c y x} - \mu_c)^2},
# \qquad Z_{i c y x} = \frac{X_{i c y x} - \mu_c}{\sigma_c}$$
#
# `normalizer(X)` gives $Z$. `normalizer.inverse(Z)` goes back, and you will want it: a normalised picture is half negative, and a
# plot shows what is negative as black.
#
# A channel whose training values are **all equal** has no spread to divide by: take $\sigma_c = 1$. Ask for that with the largest
# and the smallest value. A deviation that you compute by hand is often not *exactly* 0 there, thanks to rounding, and a channel with a tiny
# but real spread must keep its own.
#
# `normalizer` and `inverse` take batches $(n, c, h, w)$ of any length and any picture size, and single pictures $(c, h, w)$ too.
#
# **By hand.** Two pictures of two channels and one pixel: $(1, 10)$ and $(5, 10)$. $\mu = (3, 10)$. The first channel deviates by
# 2 each time, so $\sigma_1 = 2$; the second is constant, $\sigma_2 = 1$. The picture $(5, 12)$ becomes $(1, 2)$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `mean(dim=(0, 2, 3))` averages over pictures and pixels, and leaves one number a channel. What shape must it have to meet a
# picture $(c, h, w)$ and a batch $(n, c, h, w)$ alike?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `self.mean[:, None, None]` has shape $(c, 1, 1)$ and broadcasts with both. `X_train.std(dim=(0, 2, 3), correction=0)` divides by
# $n h w$; `amax` and `amin` with the same `dim` say which channels are constant.
# </details>
#
# <details><summary>Help: a single picture comes back with four dimensions</summary>
#
# Your statistics have shape $(1, c, 1, 1)$. Keep them as $(c,)$ and reshape when you use them.
# </details>


# %% nbgrader={"grade": false, "grade_id": "Normalizer", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Normalizer:
    """Brings each channel of pictures to mean 0 and standard deviation 1, as measured on the training pictures.

    X_train: (n, c, h, w) float. Attributes: mean and std, both (c,), dtype of X_train; std is the population deviation, and 1 where a channel is constant.
    """

    def __init__(self, X_train):
        ### BEGIN SOLUTION
        dims = (0, 2, 3)
        self.mean = X_train.mean(dim=dims)
        constant = X_train.amax(dim=dims) == X_train.amin(dim=dims)
        self.std = X_train.std(dim=dims, correction=0).masked_fill(constant, 1)
        ### END SOLUTION

    def __call__(self, X):
        """X: (..., c, h, w). Returns the normalised pictures, the same shape. Neither X nor the statistics change."""
        ### BEGIN SOLUTION
        return (X - self.mean[:, None, None]) / self.std[:, None, None]
        ### END SOLUTION

    def inverse(self, Z):
        """Z: (..., c, h, w), normalised. Returns the pictures as they were before: inverse(normalizer(X)) is X, but for rounding."""
        ### BEGIN SOLUTION
        return Z * self.std[:, None, None] + self.mean[:, None, None]
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_Normalizer", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_X = torch.tensor([[[[1.0, 3.0]], [[0.1, 0.1]], [[50.0, 20.0]]], [[[5.0, 7.0]], [[0.1, 0.1]], [[20.0, 70.0]]]])
_before, _normalizer, _other = _X.clone(), Normalizer(_X), Normalizer(2 * _X)
check_equal(_normalizer.mean, torch.tensor([4.0, 0.1, 40.0]), "normalizer.mean")
check_equal(_normalizer.std, torch.tensor([5.0**0.5, 1.0, 450.0**0.5]), "normalizer.std")
_picture = torch.tensor([[[6.0], [4.0]], [[0.1], [0.6]], [[40.0], [10.0]]])
_expected = torch.tensor([[[2 / 5**0.5], [0.0]], [[0.0], [0.5]], [[0.0], [-(2**0.5)]]])
check_equal(_normalizer(_picture), _expected, "normalizer of a single picture (3, 2, 1)", atol=1e-5)
check_equal(_normalizer.inverse(_expected), _picture, "normalizer.inverse of a single picture", atol=1e-5)
check_equal(_normalizer.inverse(_normalizer(_X)), _before, "inverse(normalizer(X))")
check(torch.equal(_X, _before), "The pictures were changed; they should be left as they were.")
_small = _X.double() / 50000
_std = torch.tensor([5.0**0.5 / 50000, 1.0, 450.0**0.5 / 50000], dtype=torch.float64)
check_equal(Normalizer(_small).std, _std, "normalizer.std of pictures with small numbers in float64", atol=1e-12)
_expected = (_small - _small.mean(dim=(0, 2, 3), keepdim=True)) / _std[:, None, None]
check_equal(Normalizer(_small)(_small), _expected, "normalizer of pictures with small numbers in float64")

# %% [markdown]
# Below: digits, painted in colours. First row as they are. Second row normalised and simply shown: what is negative is black, what
# is above 1 is cut off. Third row: normalised, then brought back by your `inverse`.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_normalizer", "locked": true, "schema_version": 3, "solution": false, "task": false}
# generator = torch.Generator().manual_seed(3)
# paper, ink = 0.7 + 0.3 * torch.rand(200, 3, 1, 1, generator=generator), 0.6 * torch.rand(200, 3, 1, 1, generator=generator)
# pictures = paper + X_train[:200] * (ink - paper)
# normalizer = Normalizer(pictures)
# Z = normalizer(pictures)
# show_images(torch.cat([pictures[:10], Z[:10], normalizer.inverse(Z)[:10]]), columns=10)
# for words, X in [("before", pictures), ("after", Z)]:
#     print(f"{words:>6}: mean of each channel {[round(v, 2) for v in X.mean(dim=(0, 2, 3)).tolist()]}, "
#           f"deviation {[round(v, 2) for v in X.std(dim=(0, 2, 3)).tolist()]}")

# %% [markdown]
# ## 2 · What a layer does to a signal
#
# ### 2.1 `jacobian_product`
#
# *difficulty 3/5 · importance 4/5 · about 20 minutes · 12 points*
#
# Notes: 000 §1.7.1
#
# How much does the last layer feel a small push at the input? The chain rule (链式法则) answers with a product of Jacobians
# (雅可比矩阵), one a layer. Write $z^t = W^t h^{t-1}$. A push at $h^{t-1}$ goes through the weights, and then each unit passes it on with
# the slope of its activation **at its own $z$**:
#
# $$\frac{\partial h^t}{\partial h^{t-1}} = \mathrm{diag}\big(\sigma'(z^t)\big)\, W^t, \qquad
# \frac{\partial h^d}{\partial h^0} = \frac{\partial h^d}{\partial h^{d-1}} \cdots \frac{\partial h^2}{\partial h^1}\, \frac{\partial h^1}{\partial h^0}$$
#
# The last layer stands on the left. Look at the shapes: $(n_t, n_{t-1})$ for one factor, $(n_d, n_0)$ for the product. (Some lecture
# notes have a transpose too many here. The shapes tell: question 2 comes back to it.)
#
# If the slopes are below 1, as the sigmoid's are (never above $\frac14$), every factor shrinks the push. If the weights are large,
# every factor blows it up. This one product is the reason why gradients vanish and explode.
#
# **By hand.** $x = (1, 2)$, $\sigma(z) = z^2$, $\sigma'(z) = 2z$. First layer $W^1 = \begin{pmatrix} 1 & -1 \\ 2 & 1 \end{pmatrix}$:
# $z^1 = (-1, 4)$, slopes $(-2, 8)$, so its Jacobian is $\begin{pmatrix} -2 & 2 \\ 16 & 8 \end{pmatrix}$, and $h^1 = (1, 16)$. Second
# layer $W^2 = (3\ \ 1)$: $z^2 = 19$, slope $38$. Product: $38 \cdot (3\ \ 1) \begin{pmatrix} -2 & 2 \\ 16 & 8 \end{pmatrix} = (380\ \ 532)$.
#
# **By hand means by hand:** no `backward`, no `torch.autograd`, no `torch.func`. The slope $\sigma'$ is given to you as a function.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Walk forward once. Keep two things: the signal $h$, and the product so far. With no layer at all the product is the identity
# matrix, and that is where it starts.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# In each layer `z = W @ h`, then `J = torch.diag(sigma_grad(z)) @ W @ J`, then `h = sigma(z)`. Multiplying by a diagonal matrix from
# the left multiplies each *row* by a number: `sigma_grad(z)[:, None] * (W @ J)` is the same and cheaper.
# </details>
#
# <details><summary>Help: I see "mat1 and mat2 shapes cannot be multiplied"</summary>
#
# The new layer's Jacobian goes to the left of what you have: `new @ J`, not `J @ new`. And `W` is used as it is, not transposed.
# </details>


# %% nbgrader={"grade": false, "grade_id": "jacobian_product", "locked": false, "schema_version": 3, "solution": true, "task": false}
def jacobian_product(Ws, x, sigma, sigma_grad):
    """The Jacobian of the last layer's output with respect to the input, for h = sigma(W @ h) layer after layer.

    Ws: list of weights (n_t, n_{t-1}), maybe empty. x: (n_0,) float. sigma, sigma_grad: functions of a tensor, entry by entry; sigma_grad is the slope of sigma.
    Returns: (n_d, n_0); the identity for an empty list.
    """
    ### BEGIN SOLUTION
    h, J = x, torch.eye(len(x), dtype=x.dtype, device=x.device)
    for W in Ws:
        z = W @ h
        J = sigma_grad(z)[:, None] * (W @ J)
        h = sigma(z)
    return J
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_jacobian_product", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
_Ws, _x = [torch.tensor([[1.0, -1.0], [2.0, 1.0]]), torch.tensor([[3.0, 1.0]])], torch.tensor([1.0, 2.0])
_square, _slope = lambda z: z**2, lambda z: 2 * z
check_equal(jacobian_product(_Ws[:1], _x, _square, _slope), torch.tensor([[-2.0, 2.0], [16.0, 8.0]]), "jacobian_product of one layer")
check_equal(jacobian_product(_Ws, _x, _square, _slope), torch.tensor([[380.0, 532.0]]), "jacobian_product of two layers")
check_equal(jacobian_product([], _x, _square, _slope), torch.eye(2), "jacobian_product without a layer")
_Ws, _x = [torch.tensor([[0.5, -0.3], [0.2, 0.7], [-0.4, 0.1]]), torch.tensor([[0.6, -0.2, 0.9], [0.3, 0.8, -0.5]])], torch.tensor([0.4, -1.1])
_Ws, _x = [W.double() for W in _Ws], _x.double()
_expected = torch.autograd.functional.jacobian(lambda x: torch.tanh(_Ws[1] @ torch.tanh(_Ws[0] @ x)), _x)
check_equal(jacobian_product(_Ws, _x, torch.tanh, lambda z: 1 - torch.tanh(z) ** 2), _expected, "jacobian_product of two tanh layers in float64", rtol=1e-8)
check(len(_Ws) == 2, "jacobian_product took weights out of the list that it was given.")

# %% [markdown]
# ### 2.2 `propagate_variance`
#
# *difficulty 2/5 · importance 5/5 · about 10 minutes · 8 points*
#
# Notes: 000 §1.7.2 · 001 Xavier · 004 初始化
#
# Weights are random at the start, so let us ask for something simpler than the whole Jacobian: how *large* are things on average?
# Take the weights of layer $t$ independent, with mean 0 and variance $\gamma_t$, and a linear activation of slope $\alpha$ (every
# activation is one, near 0; section 4 looks at that). Then the variance (方差) of a unit, and of a gradient, goes from layer to layer
# by a plain factor:
#
# $$\mathrm{Var}[h^t] = \alpha^2\, n_{t-1}\, \gamma_t\; \mathrm{Var}[h^{t-1}], \qquad
# \mathrm{Var}\Big[\frac{\partial \ell}{\partial h^{t-1}}\Big] = \alpha^2\, n_t\, \gamma_t\; \mathrm{Var}\Big[\frac{\partial \ell}{\partial h^t}\Big]$$
#
# Going forward a unit collects from $n_{t-1}$ units in front of it. Going back, a gradient collects from the $n_t$ units behind.
# (Question 1 asks you for the proof.)
#
# Return both lists in the order of the layers: entry $t$ belongs to layer $t$. The forward list starts with `var_x` at layer 0; the
# backward list *ends* with `var_g` at layer $d$, where the loss pours its gradient in.
#
# **By hand.** Sizes $4, 8, 2$ and $\gamma = (\frac14, \frac12)$. Forward: $1$, then $4 \cdot \frac14 \cdot 1 = 1$, then
# $8 \cdot \frac12 \cdot 1 = 4$. Backward from the end: $1$, then $2 \cdot \frac12 \cdot 1 = 1$, then $8 \cdot \frac14 \cdot 1 = 2$; in the
# order of the layers $(2, 1, 1)$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Two loops. The forward one appends. The backward one begins at the last layer; either put new entries in front, or append and turn
# the list round at the end.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Layer `t` (from 1) has `gammas[t - 1]`, takes `sizes[t - 1]` inputs, has `sizes[t]` outputs. So
# `forward.append(alpha**2 * sizes[t - 1] * gammas[t - 1] * forward[-1])`, and for `t` from `d` down to 1
# `backward.insert(0, alpha**2 * sizes[t] * gammas[t - 1] * backward[0])`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "propagate_variance", "locked": false, "schema_version": 3, "solution": true, "task": false}
def propagate_variance(sizes, gammas, var_x=1.0, var_g=1.0, alpha=1.0):
    """The variances that theory predicts, of the units of each layer and of the loss' gradients with respect to them.

    sizes: list [n_0, ..., n_d] of ints. gammas: list [gamma_1, ..., gamma_d], the variances of the weights. var_x: variance of the input.
    var_g: variance of the gradient at the last layer. alpha: slope of the activation.
    Returns: (forward, backward), two lists of d + 1 numbers; entry t belongs to layer t.
    """
    ### BEGIN SOLUTION
    forward, backward = [var_x], [var_g]
    for n_in, gamma in zip(sizes, gammas):
        forward.append(alpha**2 * n_in * gamma * forward[-1])
    for n_out, gamma in zip(reversed(sizes), reversed(gammas)):
        backward.append(alpha**2 * n_out * gamma * backward[-1])
    return forward, backward[::-1]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_propagate_variance", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
check_equal(propagate_variance([4, 8, 2], [1 / 4, 1 / 2]), ([1.0, 1.0, 4.0], [2.0, 1.0, 1.0]), "propagate_variance([4, 8, 2], [1/4, 1/2])")
check_equal(propagate_variance([6, 2, 4], [1 / 3, 1 / 40], 3.0, 2.0, alpha=1.5)[0], [3.0, 13.5, 1.51875], "the forward list with alpha=1.5, var_x=3")
check_equal(propagate_variance([6, 2, 4], [1 / 3, 1 / 40], 3.0, 2.0, alpha=1.5)[1], [0.675, 0.45, 2.0], "the backward list with alpha=1.5, var_g=2")
check_equal(propagate_variance([5], [], 2.0, 3.0), ([2.0], [3.0]), "propagate_variance without a layer")

# %% [markdown]
# ### 2.3 A question on paper
#
# **Question 1 (up to 8 points).** Take $\sigma(z) = z$, so $h^t = W^t h^{t-1}$. The weights $w^t_{ij}$ are independent with mean 0
# and variance $\gamma_t$; the units $h^{t-1}_j$ are independent with mean 0 and equal variances, and independent of the weights. (a)
# Derive $\mathrm{Var}[h^t_i] = n_{t-1} \gamma_t \mathrm{Var}[h^{t-1}_j]$. Say what becomes of the mixed terms, and why. (b) Derive the
# formula for the gradients. State what you assume. (c) For which $\gamma_t$ do variances stay the same, forward? Backward? Why can
# you not have both, and what does Xavier's recipe do about it? (d) Now a ReLU, with $z$ symmetric about 0 (对称分布). Show that
# $E[\mathrm{relu}(z)^2] = \frac12 \mathrm{Var}[z]$. Where in the recipe does a factor 2 come from, then?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_variance", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) $E[h^t_i] = \sum_j E[w_{ij}] E[h_j] = 0$, so the variance is the second moment:
#
# $$\mathrm{Var}[h^t_i] = E\Big[\Big(\sum_j w_{ij} h_j\Big)^2\Big] = \sum_j E[w_{ij}^2]\, E[h_j^2] + \sum_{j \ne k} E[w_{ij} w_{ik} h_j h_k].$$
#
# The mixed terms are $E[w_{ij}]\, E[w_{ik}]\, E[h_j h_k] = 0$, since the weights are independent of each other and of the units, and have
# mean 0. What is left are $n_{t-1}$ equal terms $\gamma_t \mathrm{Var}[h_j]$.
#
# (b) $g^{t-1}_j = \sum_i w_{ij} g^t_i$ with $g^t = \partial \ell / \partial h^t$: the same sum, now over the $n_t$ outputs. Assuming that
# the $g^t_i$ have mean 0 and equal variances and are independent of $w^t$, the same steps give $n_t \gamma_t \mathrm{Var}[g^t_i]$.
#
# (c) Forward $\gamma_t = 1/n_{t-1}$, backward $\gamma_t = 1/n_t$: two conditions on one number, which agree only if the layer is
# square. Xavier takes the compromise $\gamma_t = 2/(n_{t-1} + n_t)$: the two conditions hold in the mean.
#
# (d) By symmetry $z$ contributes as much to $E[z^2]$ from its negative side as from its positive one, and ReLU keeps one of the two:
# $E[\mathrm{relu}(z)^2] = E[z^2\, 1_{z > 0}] = \frac12 E[z^2] = \frac12 \mathrm{Var}[z]$. With ReLU, the second moment is therefore
# halved in each layer, $E[(h^t)^2] = \frac12 n_{t-1} \gamma_t E[(h^{t-1})^2]$, and staying the same takes $\gamma_t = 2/n_{t-1}$.
#
# **Marking scheme.** 3 points: forward, of these 1 for the mixed terms with a reason. 2 points: backward, with the sum over outputs
# and the assumption. 1 point: both conditions and the compromise. 2 points: the half of $E[z^2]$ by symmetry, and where the 2 goes.
# ### END SOLUTION

# %% [markdown]
# ## 3 · Recipes for the first numbers
#
# All four functions of this section fill a tensor **in place**, as `torch.nn.init` does: the tensor that comes in is the tensor
# that goes out, with other numbers in it. That matters. A parameter that is *replaced* (`weight = torch.randn(…)`) is a new tensor
# under an old name, and the network never hears of it. Nor should its memory be replaced (`weight.data = torch.randn(…)`): a tensor
# that shares the old memory would keep the old numbers.
#
# Writing into a parameter that requires a gradient is forbidden while autograd is watching: do it inside `with torch.no_grad():`.
# The numbers come from PyTorch's global generator, so that `torch.manual_seed` decides them; `requires_grad` stays as it is.
#
# **From scratch** means here: `xavier_…`, `kaiming_…`, `trunc_normal_` and `orthogonal_` of `torch.nn.init` are off limits.
# `weight.uniform_(a, b)`, `weight.normal_(mean, std)`, `torch.rand`, `torch.randn` and their namesakes in `nn.init` are your tools.
# (How can a grader tell, when the numbers look the same? It switches the forbidden functions off while yours is running.)
#
# ### 3.1 `xavier_uniform_`
#
# *difficulty 2/5 · importance 5/5 · about 10 minutes · 8 points*
#
# Notes: 000 §1.7.2 · 001 Xavier · 004 初始化
#
# Forward, the variance stays the same if $n_{in}\, \gamma = 1$; backward, if $n_{out}\, \gamma = 1$. Xavier Glorot's compromise asks for
# it in the mean:
#
# $$\gamma = \mathrm{Var}[w] = \frac{2}{n_{in} + n_{out}}$$
#
# Here with uniform numbers (均匀分布) between $-a$ and $a$. Their variance is $a^2 / 3$, so $a = \sqrt{3 \gamma} = \sqrt{6 / (n_{in} + n_{out})}$.
#
# **By hand.** A weight of shape $(3, 5)$ has $n_{out} = 3$ and $n_{in} = 5$: $\gamma = 2/8 = 0.25$, standard deviation $0.5$, and
# numbers between $-0.866$ and $0.866$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `weight.uniform_(-a, a)` fills in place and returns the tensor itself.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `n_out, n_in = weight.shape`, the half-width `math.sqrt(6 / (n_in + n_out))`, and the filling under `torch.no_grad()`.
# </details>
#
# <details><summary>Help: I see "a leaf Variable that requires grad is being used in an in-place operation"</summary>
#
# Autograd is watching: put the line into a `with torch.no_grad():` block.
# </details>


# %% nbgrader={"grade": false, "grade_id": "xavier_uniform_", "locked": false, "schema_version": 3, "solution": true, "task": false}
def xavier_uniform_(weight):
    """Fills weight in place with independent uniform numbers of mean 0 and variance 2 / (n_in + n_out).

    weight: (n_out, n_in) float, a parameter or a plain tensor. Returns: the same object.
    """
    ### BEGIN SOLUTION
    n_out, n_in = weight.shape
    half_width = math.sqrt(6 / (n_in + n_out))
    with torch.no_grad():
        return weight.uniform_(-half_width, half_width)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_xavier_uniform_", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_weight = check_filling(xavier_uniform_, (300, 200))
check_spread(_weight, math.sqrt(2 / 500), "The numbers of xavier_uniform_ for a weight (300, 200)")
_reach = _weight.abs().max().item() / math.sqrt(6 / 500)
check(0.99 < _reach <= 1.0001, f"The largest number of xavier_uniform_ is {_reach:.3f} times √(6 / (n_in + n_out)): they should fill that width evenly.")

# %% [markdown]
# ### 3.2 `xavier_normal_`
#
# *difficulty 2/5 · importance 4/5 · about 5 minutes · 6 points*
#
# Notes: 000 §1.7.2 · 001 Xavier · 004 初始化
#
# The same variance $2 / (n_{in} + n_{out})$, with normal numbers (正态分布). The whole exercise is one trap: `normal_` wants the **standard
# deviation**, the root of the variance. Books write $\mathcal N(0, \sigma^2)$ with the variance; some lecture notes write
# $\mathcal N\big(0, \sqrt{2/(n_{in} + n_{out})}\big)$ and mean the deviation. Read it wrongly and the numbers are far too large or too small.
#
# **By hand.** Shape $(3, 5)$: variance $0.25$, standard deviation $0.5$. Two numbers of three lie between $-0.5$ and $0.5$.
#
# <details><summary>Hint: nearly the answer</summary>
#
# As 3.1, with `weight.normal_(0, math.sqrt(2 / (n_in + n_out)))`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "xavier_normal_", "locked": false, "schema_version": 3, "solution": true, "task": false}
def xavier_normal_(weight):
    """Fills weight in place with independent normal numbers of mean 0 and variance 2 / (n_in + n_out).

    weight: (n_out, n_in) float, a parameter or a plain tensor. Returns: the same object.
    """
    ### BEGIN SOLUTION
    n_out, n_in = weight.shape
    with torch.no_grad():
        return weight.normal_(0, math.sqrt(2 / (n_in + n_out)))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_xavier_normal_", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_weight = check_filling(xavier_normal_, (300, 200))
check_spread(_weight, math.sqrt(2 / 500), "The numbers of xavier_normal_ for a weight (300, 200)")
_inside = (_weight.abs() < math.sqrt(2 / 500)).float().mean().item()
check(0.66 < _inside < 0.71, f"{_inside:.0%} of the numbers of xavier_normal_ are within one standard deviation; of normal numbers it is 68 %.")

# %% [markdown]
# ### 3.3 `kaiming_normal_`
#
# *difficulty 2/5 · importance 5/5 · about 10 minutes · 8 points*
#
# Notes: 000 §1.7.2 · 003 §8.3
#
# A ReLU throws half of every signal away: what is negative becomes 0, and half of the second moment is gone. In each layer! Kaiming
# He's remedy is to put twice as much in. A leaky ReLU (slope $a$ on the negative side) keeps $\frac{1 + a^2}{2}$ of it, so in general
#
# $$\mathrm{Var}[w] = \frac{2}{(1 + a^2)\, n_{in}}$$
#
# with $a = 0$ for ReLU. There is no compromise with $n_{out}$ here. And $n_{in}$, the *fan-in* (扇入), is the number of inputs that **one
# output** adds up. For a matrix these are its columns; for a convolution kernel $(c_{out}, c_{in}, k_h, k_w)$ they are
# $c_{in} \cdot k_h \cdot k_w$, the area counts too. (Convolutions come in ps10; here their kernels are just tensors with more dimensions.)
#
# **By hand.** A kernel $(16, 3, 5, 5)$: one output adds up $3 \cdot 5 \cdot 5 = 75$ products, so the variance is $2/75$. A matrix
# $(7, 10)$ with $a = 0.5$: $2 / (1.25 \cdot 10) = 0.16$, standard deviation $0.4$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# All weights of one output are `weight[0]`, whatever the number of dimensions. How many are they?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `fan_in = weight[0].numel()`, and the standard deviation is `math.sqrt(2 / ((1 + a**2) * fan_in))`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "kaiming_normal_", "locked": false, "schema_version": 3, "solution": true, "task": false}
def kaiming_normal_(weight, a=0.0):
    """Fills weight in place with independent normal numbers of mean 0 and variance 2 / ((1 + a²) fan_in).

    weight: (n_out, n_in) or (c_out, c_in, *kernel) float, a parameter or a plain tensor. a: slope of the leaky ReLU for negative numbers.
    Returns: the same object.
    """
    ### BEGIN SOLUTION
    fan_in = weight[0].numel()
    with torch.no_grad():
        return weight.normal_(0, math.sqrt(2 / ((1 + a**2) * fan_in)))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_kaiming_normal_", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
for _shape, _a, _variance in [((100, 400), 0.0, 2 / 400), ((60, 32, 5, 3), 0.0, 2 / 480), ((400, 90), 0.7, 2 / (1.49 * 90))]:
    _weight = check_filling(kaiming_normal_, _shape, _a)
    check_spread(_weight, math.sqrt(_variance), f"The numbers of kaiming_normal_ for a weight {_shape} with a={_a:g}")
_inside = (_weight.abs() < math.sqrt(_variance)).float().mean().item()
check(0.66 < _inside < 0.71, f"{_inside:.0%} of the numbers of kaiming_normal_ are within one standard deviation; of normal numbers it is 68 %.")
check_spread(kaiming_normal_(torch.zeros(100, 400)), math.sqrt(2 / 400), "The numbers of kaiming_normal_ without a")

# %% [markdown]
# ### 3.4 `torch_default_`
#
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 8 points*
#
# Notes: 001 pytorch的默认初始化
#
# You have made many `nn.Linear` and never initialised one. What did it hold? Not what `nn.init.normal_()` gives, as one sometimes
# reads. `nn.Linear` and `nn.Conv2d` fill their weight **and** their bias with uniform numbers:
#
# $$w,\, b \sim \mathcal U\Big(-\frac{1}{\sqrt{n_{in}}},\ \frac{1}{\sqrt{n_{in}}}\Big), \qquad \mathrm{Var}[w] = \frac{1}{3\, n_{in}}$$
#
# with the fan-in $n_{in}$ of the *weight*, for the bias as well. With `groups=g` a convolution gives each output only a $g$-th of
# the input channels; the weight's shape knows that already.
#
# Compare: forward wants $\frac{1}{n_{in}}$, ReLU $\frac{2}{n_{in}}$, and you get $\frac{1}{3 n_{in}}$. Each layer multiplies the signal by
# about $\frac{1}{\sqrt 3}$, and by $\frac{1}{\sqrt 6}$ with ReLU. In three layers nobody notices. In thirty, see 6.1.
#
# Fill the parameters of the given layer in place, and return the layer. The bias may be `None`.
#
# **By hand.** `nn.Linear(16, 3)`: all numbers between $-\frac14$ and $\frac14$, the three biases too. `nn.Conv2d(6, 8, 5, groups=2)`:
# its weight is $(8, 3, 5, 5)$, one output adds up 75 products, and the bound is $1/\sqrt{75} = 0.115$.
#
# **From scratch:** neither `layer.reset_parameters()` nor the numbers of a fresh layer, which come from there.
#
# <details><summary>Hint: nearly the answer</summary>
#
# `bound = 1 / math.sqrt(layer.weight[0].numel())`, then `uniform_(-bound, bound)` on `layer.weight` and, where there is one, on
# `layer.bias`, under `torch.no_grad()`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "torch_default_", "locked": false, "schema_version": 3, "solution": true, "task": false}
def torch_default_(layer):
    """Fills weight and bias of a layer in place as PyTorch does by itself: uniform between -1/√fan_in and 1/√fan_in.

    layer: nn.Linear or nn.Conv2d, its bias may be None. Returns: the same layer, with the same parameters.
    """
    ### BEGIN SOLUTION
    bound = 1 / math.sqrt(layer.weight[0].numel())
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.uniform_(-bound, bound)
    return layer
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_torch_default_", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
for _layer, _fan_in in [(nn.Linear(150, 400), 150), (nn.Conv2d(12, 300, (5, 4), groups=3), 80), (nn.Linear(300, 200, bias=False), 300)]:
    _parameters = list(_layer.parameters())
    with torch.no_grad():
        for _parameter in _parameters:
            _parameter.fill_(7.0)
    with library_off():
        _same = torch_default_(_layer)
    check(_same is _layer, "torch_default_(layer) should return the layer itself.")
    _kept = len(list(_layer.parameters())) == len(_parameters) and all(p is q for p, q in zip(_layer.parameters(), _parameters))
    check(_kept, "The layer has other parameters than before: fill those that it has, in place.")
    for _name, _parameter in _layer.named_parameters():
        _what = f"{_layer}: the numbers of its {_name}"
        check(_parameter.unique().numel() > 0.9 * _parameter.numel() ** 0.9, f"{_what} are hardly different from each other.")
        _reach = _parameter.abs().max().item() * math.sqrt(_fan_in)
        check(0.97 < _reach <= 1.0001, f"{_what} reach {_reach:.3f} times 1/√fan_in: they should fill that width evenly.")
        _spread = _parameter.std().item() * math.sqrt(3 * _fan_in)
        check(0.9 < _spread < 1.1, f"{_what} have {_spread:.2f} times the standard deviation of uniform numbers between -1/√fan_in and 1/√fan_in.")

# %% [markdown]
# ## 4 · Activations near zero
#
# ### 4.1 `taylor_coefficients`
#
# *difficulty 3/5 · importance 3/5 · about 15 minutes · 8 points*
#
# Notes: 000 §1.7.2 · 001 一元函数
#
# Section 2 pretended that an activation is linear, $\sigma(z) = \alpha z$. Near 0 every smooth one is, and its Taylor polynomial
# (泰勒多项式) says how far that goes:
#
# $$f(x) \approx \sum_{k=0}^{K} c_k\, (x - x_0)^k, \qquad c_k = \frac{f^{(k)}(x_0)}{k!}$$
#
# The derivatives are autograd's business: the derivative of the derivative of the derivative … Each `torch.autograd.grad` with
# `create_graph=True` gives a result that can be differentiated again. There is one snag: at some point nothing may be left to
# differentiate. The third derivative of $x^2$ is 0, and a constant function has no graph at all. All further coefficients are 0 then.
#
# **By hand.** $f(x) = x^3$ around $x_0 = 2$: $f = 8$, $f' = 12$, $f'' = 12$, $f''' = 6$. Divided by $0!, 1!, 2!, 3!$ the coefficients
# are $(8, 12, 6, 1)$, and indeed $(2 + u)^3 = 8 + 12u + 6u^2 + u^3$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Start with `x = torch.tensor(x0, dtype=torch.float64, requires_grad=True)` and `y = f(x)`. In a loop: note `y / k!`, then replace
# `y` by its derivative.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `(y,) = torch.autograd.grad(y, x, create_graph=True)`. Before that, ask `if not y.requires_grad`: then the derivative is
# `torch.zeros_like(y)`. `math.factorial(k)` is $k!$.
# </details>
#
# <details><summary>Help: I see "element 0 of tensors does not require grad and does not have a grad_fn"</summary>
#
# There is the snag: `y` does not depend on `x` any more, so its derivative is 0.
# </details>


# %% nbgrader={"grade": false, "grade_id": "taylor_coefficients", "locked": false, "schema_version": 3, "solution": true, "task": false}
def taylor_coefficients(f, order, x0=0.0):
    """The coefficients of the Taylor polynomial of f around x0, to nine digits.

    f: a smooth function of a float64 tensor without dimensions, which gives another. order: int >= 0. x0: number.
    Returns: (order + 1,) float64, without a graph; entry k is the k-th derivative at x0 divided by k!.
    """
    ### BEGIN SOLUTION
    x = torch.tensor(float(x0), dtype=torch.float64, requires_grad=True)
    y, coefficients = f(x), []
    for k in range(order + 1):
        coefficients.append(y.detach() / math.factorial(k))
        if y.requires_grad:
            (y,) = torch.autograd.grad(y, x, create_graph=True)
        else:
            y = torch.zeros_like(y)
    return torch.stack(coefficients)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_taylor_coefficients", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_wanted = {
    "taylor_coefficients(exp, 4, 1.0)": (torch.exp, 4, 1.0, [math.e, math.e, math.e / 2, math.e / 6, math.e / 24]),
    "taylor_coefficients(x³, 5, 2.0)": (lambda x: x**3, 5, 2.0, [8.0, 12.0, 6.0, 1.0, 0.0, 0.0]),
    "taylor_coefficients(sigmoid, 3)": (torch.sigmoid, 3, 0.0, [1 / 2, 1 / 4, 0.0, -1 / 48]),
    "taylor_coefficients of a constant function": (lambda x: 5 * torch.ones_like(x), 2, 0.3, [5.0, 0.0, 0.0]),
}
for _what, (_f, _order, _x0, _expected) in _wanted.items():
    _found = taylor_coefficients(_f, _order, _x0)
    check_equal(_found, torch.tensor(_expected, dtype=torch.float64), _what, rtol=1e-9, atol=1e-9)
    check(not _found.requires_grad, f"{_what} carries a graph; plain numbers are expected.")

# %% [markdown]
# What theory has to do with it: tanh begins with $x$, slope 1, just as section 2 likes it. The sigmoid begins with $\frac12 +
# \frac{x}{4}$: its mean is not 0, and it takes three quarters of the slope away, which no deep network survives. Stretch it to $4
# \sigma(x) - 2$, and it starts with $x$ too.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_taylor", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# activations = {"tanh": torch.tanh, "sigmoid σ": torch.sigmoid, "4σ − 2": lambda x: 4 * torch.sigmoid(x) - 2}
# grid = torch.linspace(-4, 4, 200, dtype=torch.float64)
# figure, panels = plt.subplots(1, 3, figsize=(10.5, 3.5), layout="constrained")
# for panel, (name, f) in zip(panels, activations.items()):
#     c = taylor_coefficients(f, 3)
#     panel.plot(grid, grid, ":", color="grey", linewidth=1, label="the identity")
#     panel.plot(grid, c[0] + c[1] * grid, "--", color="tab:blue", label="Taylor, order 1")
#     panel.plot(grid, sum(c[k] * grid**k for k in range(4)), "--", color="tab:orange", label="Taylor, order 3")
#     panel.plot(grid, f(grid), color="black", linewidth=2, label="the activation")
#     panel.set(title=f"{name}\nslope at 0: {c[1]:.2f}", xlabel="x", ylim=(-2.4, 2.4))
#     panel.grid(alpha=0.3)
# panels[0].set_ylabel("activation")
# panels[0].legend(fontsize=8, loc="lower right")
# plt.show()

# %% [markdown]
# ## 5 · Why the first numbers must differ
#
# ### 5.1 `merge_twins`
#
# *difficulty 3/5 · importance 3/5 · about 20 minutes · 10 points*
#
# Notes: 001 初始化 · 004 初始化
#
# Why random numbers, why not all weights equal? Because hidden units that start equal stay equal: they compute the same, so they get
# the same gradient, so they make the same step, for ever. A layer of a hundred such units is worth one. That sentence can be made
# exact, as a function that throws the superfluous units out **without changing the network**.
#
# The network is $X \mapsto \mathrm{relu}(X W_1^\top + b_1)\, W_2^\top$. Two hidden units are *twins* when they have equal incoming
# weights (the same row of $W_1$) **and** the same bias. Twins always give the same output $r$. What the next layer makes of them is
# $w\, r + w'\, r = (w + w')\, r$: one unit does the same, if its outgoing weights are the **sum** of theirs.
#
# Return $(W_1', b_1', W_2')$ with as few units as there are different pairs of row and bias. Equal means exactly equal. The order of the
# units is up to you, and twins need not be neighbours; there may be triplets.
#
# **By hand.** $W_1 = \begin{pmatrix} 1 & 2 \\ 3 & 4 \\ 1 & 2 \\ 1 & 2 \end{pmatrix}$, $b_1 = (5, 0, 5, 6)$, $W_2 = (10\ \ 20\ \ 30\ \ 40)$. The
# first and third unit are twins. The fourth has another bias, so it is not. Left are the units $((1, 2), 5)$ with outgoing
# weight $10 + 30 = 40$, $((3, 4), 0)$ with $20$, and $((1, 2), 6)$ with $40$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Put the bias beside the row, as one more column: then a unit is one row, and you are looking for the different rows of a matrix.
# `torch.unique` can do that. So can a dictionary whose keys are tuples.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `rows, twin = torch.unique(units, dim=0, return_inverse=True)`: `twin[i]` says which of `rows` unit $i$ is. Column $i$ of $W_2$ has to
# be added to column `twin[i]` of a new, empty $W_2'$: `zeros.index_add_(1, twin, W2)`.
# </details>
#
# <details><summary>Help: my outgoing weights lose a part</summary>
#
# `new[:, twin] += W2` looks right, but where an index occurs twice, one addition overwrites the other. `index_add_` adds them all.
# </details>


# %% nbgrader={"grade": false, "grade_id": "merge_twins", "locked": false, "schema_version": 3, "solution": true, "task": false}
def merge_twins(W1, b1, W2):
    """The same network with each group of equal hidden units merged into one: X -> relu(X @ W1.T + b1) @ W2.T.

    W1: (h, d) float; b1: (h,); W2: (k, h). Units are equal when their rows of W1 and their entries of b1 are, exactly.
    Returns: (W1', b1', W2') with as few units as possible, in any order; dtypes as given.
    """
    ### BEGIN SOLUTION
    units, twin = torch.unique(torch.cat([W1, b1[:, None]], dim=1), dim=0, return_inverse=True)
    outgoing = torch.zeros(len(W2), len(units), dtype=W2.dtype, device=W2.device)
    return units[:, :-1], units[:, -1], outgoing.index_add(1, twin, W2)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_merge_twins", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
_W1 = torch.tensor([[1.0, 2.0], [3.0, 4.0], [1.0, 2.0], [1.0, 2.0], [3.0, 4.0], [1.0, 2.0], [2.0, 1.0]])
_b1, _W2 = torch.tensor([5.0, 0.0, 5.0, 6.0, -1.0, 5.0, 5.0]), torch.tensor([[10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0], [-1.0, 2.0, -4.0, 8.0, 5.0, 2.0, 3.0]])
_before = [_W1.clone(), _b1.clone(), _W2.clone()]
_merged = merge_twins(_W1, _b1, _W2)
check(isinstance(_merged, (tuple, list)) and len(_merged) == 3, "merge_twins should return three tensors, (W1, b1, W2).")
_sizes = tuple(tuple(t.shape) for t in _merged)
check(_sizes == ((5, 2), (5,), (2, 5)), f"The merged network has the shapes {_sizes}; here are five different units, so ((5, 2), (5,), (2, 5)) is expected.")
_X = torch.tensor([[1.0, -1.0], [0.5, -2.5], [-3.0, 1.0], [-1.0, -3.0], [2.0, 0.1]])
_output = lambda W1, b1, W2: torch.relu(_X @ W1.T + b1) @ W2.T
check_equal(_output(*_merged), _output(*_before), "the output of the merged network")
check(all(torch.equal(t, s) for t, s in zip((_W1, _b1, _W2), _before)), "merge_twins changed its inputs; they should be left as they were.")
check(all(t.dtype == torch.float64 for t in merge_twins(_W1.double(), _b1.double(), _W2.double())), "The merged network of a float64 network is not float64.")

# %% [markdown]
# See it happen. Two networks of 16 hidden units learn the digits; the only difference is that one starts with all weights equal, the
# other with your `kaiming_normal_`. Below, each picture shows the incoming weights of a hidden unit after training (red positive,
# blue negative): what it is looking for.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_twins", "locked": true, "schema_version": 3, "solution": false, "task": false}
# def small_mlp(fill):
#     """A network of 16 hidden units, after 20 epochs on the digits: (W1, b1, W2), and its test accuracy."""
#     torch.manual_seed(2)
#     W1, b1, W2 = (torch.zeros(shape, requires_grad=True) for shape in ((16, 64), (16,), (10, 16)))
#     for W in (W1, W2):
#         fill(W)
#     optimizer = torch.optim.SGD([W1, b1, W2], lr=0.2)
#     for _ in range(20):
#         for X, y in batches(X_train.flatten(1), y_train, 64, shuffle=True):
#             loss = nn.functional.cross_entropy(torch.relu(X @ W1.T + b1) @ W2.T, y)
#             optimizer.zero_grad()
#             loss.backward()
#             optimizer.step()
#     with torch.no_grad():
#         right = (torch.relu(X_test.flatten(1) @ W1.T + b1) @ W2.T).argmax(dim=1) == y_test
#         return (W1.detach(), b1.detach(), W2.detach()), right.float().mean().item()
#
# for words, fill in [("all weights 0.01", lambda W: nn.init.constant_(W, 0.01)), ("kaiming_normal_", kaiming_normal_)]:
#     network, accuracy = small_mlp(fill)
#     units = len(merge_twins(*network)[1])
#     print(f"start: {words}. {units} different hidden unit{'s' if units > 1 else ''} of 16, test accuracy {accuracy:.0%}")
#     show_images(network[0].reshape(-1, 8, 8), columns=8)

# %% [markdown]
# Sixteen units, one opinion. However long it trains, the first network is a network with a single hidden unit, and one unit can do
# little more than tell one digit from all the others.
#
# ### 5.2 A question on paper
#
# **Question 2 (up to 6 points).** (a) In some notes you will find $\frac{\partial h^t}{\partial h^{t-1}} = \mathrm{diag}\big(\sigma'(W^t
# h^{t-1})\big) (W^t)^\top$, and for the product $\prod_{i=t}^{d-1} \frac{\partial h^{i+1}}{\partial h^i} = \prod_{i=t}^{d-1}
# \mathrm{diag}\big(\sigma'(W^i h^{i-1})\big) (W^i)^\top$. Use shapes to find the transpose that is too many, and find the index that is
# off by one. Write down the right product; say in which order the factors stand. (b) Two hidden units start with equal incoming
# weights, equal biases **and** equal outgoing weights. Show that they stay equal under gradient descent. What breaks the symmetry?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_symmetry", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) $\partial h^t / \partial h^{t-1}$ has $n_t$ rows and $n_{t-1}$ columns. $\mathrm{diag}(\sigma'(z^t))$ is $(n_t, n_t)$,
# so what stands to its right must be $(n_t, n_{t-1})$: that is $W^t$ itself, while $(W^t)^\top$ is $(n_{t-1}, n_t)$ and does not even fit
# unless the layer is square. And $\partial h^{i+1} / \partial h^i$ belongs to layer $i + 1$: it has $W^{i+1}$ and $z^{i+1} = W^{i+1} h^i$,
# not $W^i h^{i-1}$. Right is
#
# $$\frac{\partial h^d}{\partial h^t} = \mathrm{diag}\big(\sigma'(W^d h^{d-1})\big) W^d \cdots \mathrm{diag}\big(\sigma'(W^{t+1} h^t)\big) W^{t+1},$$
#
# last layer on the left; matrices do not commute.
#
# (b) Let the units be $1$ and $2$, with $z_i = w_i \cdot x + b_i$, $r_i = \sigma(z_i)$ and outgoing weights $v_i$. Equal weights give
# $z_1 = z_2$, so $r_1 = r_2$, for every sample. Let $\delta$ be the gradient of the loss at the next layer. Then $\partial \ell / \partial
# v_i = \delta\, r_i$, $\partial \ell / \partial b_i = (v_i \cdot \delta)\, \sigma'(z_i)$ and $\partial \ell / \partial w_i = (v_i \cdot \delta)\,
# \sigma'(z_i)\, x$: equal for $i = 1, 2$. Equal numbers minus equal steps are equal numbers, and by induction they stay equal after every step
# (with momentum or weight decay as well: these too depend on equal things). Random weights break the symmetry; so does any noise that
# treats units differently, such as dropout.
#
# **Marking scheme.** 1 point: the transpose, by shapes. 1 point: the index. 1 point: the right product with its order. 2 points: equal
# outputs and equal gradients (1), hence equal steps, for ever (1). 1 point: random weights; noise such as dropout counts as well.
# ### END SOLUTION

# %% [markdown]
# ## 6 · Thirty layers
#
# ### 6.1 `signal_stds`
#
# *difficulty 3/5 · importance 5/5 · about 15 minutes · 8 points*
#
# Notes: 000 §1.7.2 · 001 衰减和爆炸
#
# `propagate_variance` predicts. Now measure what *really* happens, with real activations. Send a batch through the layers, keep
# every $H^t = \sigma(H^{t-1} {W^t}^\top)$ with $H^0 = X$, and note the standard deviation of all its entries. Then let a gradient
# $G = \partial \ell / \partial H^d$ flow back, and note the standard deviation of every $\partial \ell / \partial H^t$.
#
# Both lists run from $t = 0$ to $d$, in the order of the layers; the last entry of the backward list is that of $G$ itself. Population
# standard deviation (divide by the number of entries), plain Python numbers.
#
# A measurement leaves no trace: no `.grad` appears in a weight or in `X`, and nothing changes its numbers or its `requires_grad`.
#
# **By hand.** One layer with $W = (2)$ and $\sigma(z) = z$, $X = (1, 3)^\top$, $G = (0, 4)^\top$. $H^1 = (2, 6)^\top$. The standard
# deviations are $1$ and $2$. $\partial \ell / \partial H^0 = G \cdot 2 = (0, 8)^\top$: backward $4$, then $2$ for $G$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `torch.autograd.grad(outputs, inputs, grad_outputs)` takes a *list* of inputs, gives all gradients at once, and does not write into
# any `.grad`. (`backward()` writes into every leaf that it meets.)
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `H = [X.detach().requires_grad_()]`; for each layer `H.append(sigma(H[-1] @ W.detach().T))`; then
# `torch.autograd.grad(H[-1], H, G)`. Standard deviations with `.std(correction=0).item()`.
# </details>
#
# <details><summary>Help: X.requires_grad is True after the call</summary>
#
# `X.requires_grad_()` switches it on in the caller's tensor. `X.detach()` is another tensor with the same numbers.
# </details>


# %% nbgrader={"grade": false, "grade_id": "signal_stds", "locked": false, "schema_version": 3, "solution": true, "task": false}
def signal_stds(Ws, X, sigma, G):
    """How large the signal and the gradient really are at each layer: standard deviations of all entries of H and of the loss' gradient with respect to H.

    Ws: list of weights (n_t, n_{t-1}), tensors or parameters. X: (n, n_0) float. sigma: function of a tensor, entry by entry. G: (n, n_d), the gradient at H_d.
    Returns: (forward, backward), two lists of d + 1 floats; entry t belongs to H_t, H_0 is X. Leaves no .grad and no other trace.
    """
    ### BEGIN SOLUTION
    H = [X.detach().requires_grad_()]
    for W in Ws:
        H.append(sigma(H[-1] @ W.detach().T))
    gradients = torch.autograd.grad(H[-1], H, G)
    return [h.std(correction=0).item() for h in H], [g.std(correction=0).item() for g in gradients]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_signal_stds", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_W, _X, _G = nn.Parameter(torch.tensor([[2.0]])), torch.tensor([[1.0], [3.0]]), torch.tensor([[0.0], [4.0]])
check_equal(signal_stds([_W], _X, lambda z: z, _G), ([1.0, 2.0], [4.0, 2.0]), "signal_stds of one linear layer")
_Ws, _X = [torch.tensor([[1.0, 2.0], [-1.0, 1.5], [0.5, 0.0]]), torch.tensor([[1.0, -2.0, 2.0]])], torch.tensor([[1.0, 1.0], [2.0, -1.5]])
_forward, _backward = signal_stds(_Ws, _X, torch.relu, torch.tensor([[3.0], [-1.0]]))
check_equal(_forward, [1.2930101, 1.0274023, 0.5], "the forward list of signal_stds with two ReLU layers")
check_equal(_backward, [5.8736701, 3.8586123, 2.0], "the backward list of signal_stds with two ReLU layers")
check(all(isinstance(v, float) for v in (*_forward, *_backward)), "signal_stds should give plain numbers: .item() makes one of a tensor.")
check(_W.grad is None and _W.requires_grad and not _X.requires_grad, "signal_stds left a trace: a .grad, or another requires_grad, in a weight or in X.")
_W.grad = torch.ones(1, 1)
signal_stds([_W], torch.tensor([[1.0], [3.0]]), torch.tanh, _G)
check(_W.grad is not None and _W.grad.item() == 1, "signal_stds changed a .grad that was there before.")
_Ws, _X = [W.double() for W in _Ws], _X.double() + 1e-9
check_equal(signal_stds(_Ws, _X, lambda z: z, torch.ones(2, 1).double())[0][0], _X.std(correction=0).item(), "signal_stds in float64", rtol=1e-12, atol=0)
check(torch.is_grad_enabled(), "After signal_stds autograd is switched off.")

# %% [markdown]
# **The picture of this notebook.** Thirty layers of 128 units, five ways to choose the first numbers, the same random batch. Upper row:
# how large the signal is in each layer. Lower row: how large the gradient is when it arrives there, coming from the right. The scale is
# logarithmic: from one line of the grid to the next it is a factor of ten billion. The grey band is all that float16 can hold.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_signal", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# depth, width = 30, 128
# recipes = {
#     "standard normal": lambda W: W.normal_(),
#     "normal, std 0.01": lambda W: W.normal_(0, 0.01),
#     "PyTorch's default": lambda W: W.uniform_(-1 / W.shape[1] ** 0.5, 1 / W.shape[1] ** 0.5),
#     "Xavier": xavier_normal_,
#     "Kaiming": kaiming_normal_,
# }
# colours = ["tab:purple", "tab:brown", "tab:orange", "tab:blue", "tab:green"]
# torch.manual_seed(0)
# X, G = torch.randn(256, width, dtype=torch.float64), torch.randn(256, width, dtype=torch.float64)
# figure, grid = plt.subplots(2, 2, figsize=(10.5, 7.2), sharex=True, sharey=True, layout="constrained")
# for column, (name, sigma) in zip(grid.T, {"tanh": torch.tanh, "ReLU": torch.relu}.items()):
#     for (words, fill), colour in zip(recipes.items(), colours):
#         Ws = [fill(torch.empty(width, width, dtype=torch.float64)) for _ in range(depth)]
#         for axes, stds in zip(column, signal_stds(Ws, X, sigma, G)):
#             axes.plot(stds, color=colour, label=words, linewidth=2.5)
#     for axes in column:
#         axes.axhspan(torch.finfo(torch.float16).tiny, torch.finfo(torch.float16).max, color="grey", alpha=0.15, linewidth=0)
#         axes.grid(alpha=0.3)
#     column[0].set_title(name, fontsize=14)
#     column[1].set_xlabel("layer")
# grid[0, 0].text(15, 30, "what float16 can hold", color="grey", ha="center")
# grid[0, 0].set(yscale="log", xlim=(0, depth), ylim=(1e-25, 1e25), yticks=[10.0**k for k in range(-20, 21, 10)], ylabel="the signal, going forward →")
# grid[1, 0].set(ylabel="the gradient, coming back ←")
# grid[0, 0].legend(loc="upper left", fontsize=9)
# figure.suptitle("What is left of a signal, and of a gradient, in thirty layers (standard deviations)", fontsize=13)
# plt.show()

# %% [markdown]
# Read it slowly; it is worth it.
#
# * **Right, ReLU.** Only one line is flat, and it is Kaiming's. Xavier lacks a factor 2 in each layer, $2^{-30/2} = 3 \cdot 10^{-5}$ in
#   all. The default loses a factor $\sqrt 6$ in each. That does not sound like much, and by layer 12 it has left what float16 can hold.
# * **Left, tanh.** Xavier is nearly flat. With standard normal weights the *signal* looks healthy, for tanh cannot exceed 1. But every unit is
#   stuck at $\pm 1$, where the slope is nearly 0 (saturation, 饱和) … and yet the gradient explodes: the few units that are not stuck
#   are multiplied by huge weights. Look at both rows before you trust a network.
# * **Forward and backward** agree here, since every layer is square. Question 1 (c) is about layers that are not.
#
# ### 6.2 `init_deep_`
#
# *difficulty 4/5 · importance 5/5 · about 20 minutes · 10 points*
#
# Notes: 000 §1.7.2 · 001 初始化 · 004 初始化
#
# Now put it to work: initialise a deep network so that it trains. `net` is an `nn.Sequential` of `nn.Linear` layers with either
# `nn.ReLU` or `nn.Tanh` between them; the last layer is linear. Its depth and its widths can be anything. Which recipe does it
# need? You have just seen the answer.
#
# * Fill every weight in place, **by its own shape**; set every bias to exactly 0; return `net` itself with the same parameters.
# * The whole of `torch.nn.init` may be used here, or your own functions from section 3.
# * It is judged by what comes out. Signal and gradient must survive 30 layers: the signal of the last hidden layer is between
#   $\frac1{10}$ and $10$ times that of the first, the gradient of the second weight between $\frac1{50}$ and $50$ times that of the last
#   but one. And with 12 layers the network has to learn the digits, test accuracy at least 0.80 after 6 epochs.
#
# **By hand.** `deep_mlp(3, 8, nn.ReLU)` has the weights $(8, 64), (8, 8), (10, 8)$. Kaiming's standard deviations are $\sqrt{2/64}$,
# $\sqrt{2/8}$ and again $\sqrt{2/8}$. With `nn.Tanh`, Xavier's are $\sqrt{2/72}$, $\sqrt{2/16}$, $\sqrt{2/18}$.
#
# Given are `deep_mlp` and `train_deep`, in the next cell.

# %% nbgrader={"grade": false, "grade_id": "deep", "locked": true, "schema_version": 3, "solution": false, "task": false}


def deep_mlp(depth, width, activation, num_inputs=64, num_outputs=10):
    """A network of `depth` linear layers, with activation() between them and nothing behind the last."""
    sizes = [num_inputs, *[width] * (depth - 1), num_outputs]
    layers = [layer for n_in, n_out in zip(sizes, sizes[1:]) for layer in (nn.Linear(n_in, n_out), activation())]
    return nn.Sequential(*layers[:-1])


def train_deep(net, epochs=6):
    """Trains net on the digits. Returns (the loss of each step, the test accuracy)."""
    mean, std, losses = X_train.mean(), X_train.std(), []
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
    for _ in range(epochs):
        for X, y in batches((X_train.flatten(1) - mean) / std, y_train, 64, shuffle=True):
            loss = nn.functional.cross_entropy(net(X), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    with torch.no_grad():
        right = net((X_test.flatten(1) - mean) / std).argmax(dim=1) == y_test
    return losses, right.float().mean().item()


# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# `for layer in net:` walks through the layers, `isinstance(layer, nn.Linear)` tells the linear ones. Whether there is an `nn.ReLU`
# anywhere decides the recipe.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# ReLU: `nn.init.kaiming_normal_(layer.weight)`. Tanh: `nn.init.xavier_normal_(layer.weight)`. Bias: `nn.init.zeros_(layer.bias)`. At the
# end `return net`.
# </details>
#
# <details><summary>Help: the tanh net is fine, and the signal of the ReLU net shrinks</summary>
#
# Then both get Xavier. ReLU costs a factor 2 in every layer.
# </details>


# %% nbgrader={"grade": false, "grade_id": "init_deep_", "locked": false, "schema_version": 3, "solution": true, "task": false}
def init_deep_(net):
    """Initialises a deep network in place, so that signal and gradient survive and it trains.

    net: nn.Sequential of nn.Linear with nn.ReLU or nn.Tanh between them, the last layer linear. Biases become 0. Returns: the same net.
    """
    ### BEGIN SOLUTION
    fill = nn.init.kaiming_normal_ if any(isinstance(layer, nn.ReLU) for layer in net) else nn.init.xavier_normal_
    for layer in net:
        if isinstance(layer, nn.Linear):
            fill(layer.weight)
            nn.init.zeros_(layer.bias)
    return net
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_init_deep_", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
torch.manual_seed(1)
for _activation in (nn.ReLU, nn.Tanh):
    _net = deep_mlp(30, 128, _activation)
    _parameters, _name = list(_net.parameters()), _activation.__name__
    check(init_deep_(_net) is _net, "init_deep_(net) should return net itself.")
    check(all(p is q for p, q in zip(_net.parameters(), _parameters)), "net has other parameters than before: fill those that it has, in place.")
    check(not any(bool(layer.bias.any()) for layer in _net if isinstance(layer, nn.Linear)), "A bias is not 0.")
    check(not any(torch.equal(layer.weight[0], layer.weight[1]) for layer in _net if isinstance(layer, nn.Linear)), "Two units start with equal weights.")
    _H = [torch.randn(64, 64)]
    for _layer in _net:
        _H.append(_layer(_H[-1]))
    _H[-1].backward(torch.randn(64, 10))
    _hidden = [h.square().mean().sqrt().item() for h in _H[2::2]]
    _ratio = _hidden[-1] / _hidden[0]
    check(0.1 < _ratio < 10, f"With {_name} the signal of the last hidden layer is {_ratio:.2g} times that of the first; between 0.1 and 10 is expected.")
    _ratio = (_net[2].weight.grad.norm() / _net[-3].weight.grad.norm()).item()
    check(
        0.02 < _ratio < 50, f"With {_name} the gradient of the second weight is {_ratio:.2g} times that of the last but one; between 0.02 and 50 is expected."
    )

# %% [markdown]
# Twelve layers, six epochs, three beginnings. Same data, same optimizer, same learning rate.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_deep", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# def xavier_everywhere_(net):
#     for layer in net:
#         if isinstance(layer, nn.Linear):
#             xavier_normal_(layer.weight)
#             nn.init.zeros_(layer.bias)
#     return net
#
# beginnings = {"PyTorch's default": (lambda net: net, "tab:orange"), "Xavier": (xavier_everywhere_, "tab:blue"), "init_deep_": (init_deep_, "tab:green")}
# figure, panels = plt.subplots(1, 2, figsize=(10.5, 3.8), sharey=True, layout="constrained")
# for panel, activation in zip(panels, (nn.ReLU, nn.Tanh)):
#     for words, (begin, colour) in beginnings.items():
#         torch.manual_seed(4)
#         losses, accuracy = train_deep(begin(deep_mlp(12, 64, activation)))
#         smooth = nn.functional.avg_pool1d(torch.tensor(losses)[None], 9, 1)[0]
#         panel.plot(smooth, color=colour, label=f"{words}: {accuracy:.0%} right", linewidth=3 if words == "Xavier" else 1.8)
#     panel.axhline(math.log(10), linestyle=":", color="grey", linewidth=1)
#     panel.set(title=f"12 layers, {activation.__name__}", xlabel="step")
#     panel.grid(alpha=0.3)
#     panel.legend(loc="center right")
# panels[0].set_ylabel("training loss")
# plt.show()

# %% [markdown]
# The dotted line is $\ln 10$, the loss of pure guessing. The orange networks never leave it: their lower layers get no gradient.
#
# ## What you have now, and where to go
#
# You can say before training whether a signal will get through, you can measure it, and you know the recipes by heart: data at mean 0
# and variance 1; Xavier for tanh; Kaiming for ReLU; zero biases; and never twins.
#
# To try, if you like: `train_deep` with 30 layers (what else would it need?). A network of sigmoids: none of the recipes saves it; then
# put $4\sigma - 2$ in its place. Or `signal_stds` with layers that get narrower, $256, 128, 64, \dots$, and Kaiming: which of the two
# rows is flat now, and what does `propagate_variance` say to it?
#
# A good beginning is one of three remedies. The second is to normalise *inside* the network, over and over: batch and layer
# normalisation, **ps12**. The third is to let signals pass by the layers, by addition instead of multiplication: residual networks,
# **ps13**, and gates, **ps16**, which also cuts gradients that explode. But first, in **ps09**, you look into the boxes that you have
# been using all along: what a module and its parameters are.
