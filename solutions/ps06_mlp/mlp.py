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
# # The multilayer perceptron (多层感知机)
#
# One linear layer draws straight borders. In this notebook you put a second one on top, with a bend in between, and
# the borders bend too. You start in 1958 with the perceptron, watch it fail at a problem of four points, solve that
# problem with weights you set by hand, and then let a network find its own weights, with gradients that *you* worked
# out. At the end it reads handwritten digits, about 97 of 100 right.
#
# **How it is marked.** Each exercise has a cell for your answer and, under it, a check that you can run as often as
# you like. A check is an example: it says in words what is wrong with one result. The hidden grader asks more of the
# same (other shapes, other numbers, gradients, very large inputs), and it marks each property on its own, so an answer
# that is wrong only in some cases keeps the points of the others. Every exercise stands alone: you may skip one and
# come back. The fourteen answers are short, and eight of them are one formula each. The points add up to 100; the two
# written questions are extra credit. The cells that draw pictures show what you have just built; each takes a few
# seconds at most. Helpers of your own may stand in cells of your own, above the exercise that uses them.
#
# **What "from scratch" means.** An exercise that is marked *from scratch* names the PyTorch functions that are off
# limits in it. All others (`exp`, `expm1`, `cosh`, `logaddexp`, `softplus`, `where`, `@`, indexing, …) are yours to use everywhere.
#
# **Letters used throughout.** $n$ samples in a batch, $d$ inputs, $h$ hidden units (隐藏单元), $q$ outputs. $X$ has shape
# $(n, d)$, one sample a row. A layer's weights (权重) $W$ have shape (in, out), its bias (偏差) $b$ has shape (out,), so a
# layer is $X W + b$.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import torch
from course_tools import batches, check, check_equal, check_promises, digits, plot_curves, show_images

X_train, y_train, X_test, y_test = digits()

# %% [markdown]
# ## 1 · One unit
#
# ### 1.1 `perceptron`
#
# *difficulty 2/5 · importance 3/5 · about 15 minutes · 14 points*
#
# Notes: 000 §1.4.1.1
#
# The perceptron (感知机) sorts points into two classes, called $-1$ and $+1$, by the sign of $\langle w, x \rangle + b$. It
# learns from its mistakes, and only from them:
#
# 1. Start with $w = 0$ and $b = 0$.
# 2. Take the samples **in order**, one at a time. If $y_i\,(\langle w, x_i \rangle + b) \le 0$, sample $i$ is on the
#    wrong side, or on the border: that is a mistake, and $w \leftarrow w + y_i x_i$, $\;b \leftarrow b + y_i$.
#    Otherwise do nothing.
# 3. Once through all samples is an epoch (轮次). Stop after an epoch without any update, or after `max_epochs` epochs.
#
# Return three things, `(w, b, updates)`: the weights, the bias, and how many updates were made in all.
#
# **When does it end?** Say that all samples lie within distance $r$ of the origin, and that *some* $w^*, b^*$ with
# $\|w^*\|^2 + b^{*2} = 1$ keeps every sample at a margin (间隔) of at least $\rho > 0$:
# $y_i(\langle w^*, x_i \rangle + b^*) \ge \rho$. Then there are at most $(r^2 + 1)/\rho^2$ updates, in whatever order the
# samples come. The grader holds your count against this bound. If no such $w^*, b^*$ exist, the data are not linearly
# separable (线性可分), and the updates never end.
#
# **By hand.** Two samples, $x_1 = (1, 2)$ with $y_1 = 1$ and $x_2 = (2, 1)$ with $y_2 = -1$.
#
# | sample | $w, b$ before | $y_i(\langle w, x_i \rangle + b)$ | $w, b$ after |
# |---|---|---|---|
# | $x_1$ | $(0, 0),\ 0$ | $0 \le 0$: update | $(1, 2),\ 1$ |
# | $x_2$ | $(1, 2),\ 1$ | $-(2 + 2 + 1) = -5 \le 0$: update | $(-1, 1),\ 0$ |
# | $x_1$ | $(-1, 1),\ 0$ | $-1 + 2 + 0 = 1$: right | |
# | $x_2$ | $(-1, 1),\ 0$ | $-(-2 + 1 + 0) = 1$: right, and the epoch had no update | |
#
# The answer is $w = (-1, 1)$, $b = 0$, 2 updates. The bound: $r^2 = 5$, and $w^* = (-1, 1)/\sqrt2$, $b^* = 0$ has the
# margin $1/\sqrt2$, so at most $(5 + 1)/\tfrac12 = 12$ updates.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Two loops: epochs outside, samples inside. To know whether an epoch made an update, remember the count from before it.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Inside: `if y[i] * (X[i] @ w + b) <= 0:`, then three lines, one each for `w`, `b` and `updates`. Start from
# `w = torch.zeros(X.shape[1], dtype=X.dtype, device=X.device)`. After the inner loop: `if updates == before: break`.
# </details>
#
# <details><summary>Help: I see w = 0 and no update at all</summary>
#
# At the start every product is exactly 0. With `< 0` nothing ever counts as a mistake; the rule says `<= 0`.
# </details>
#
# <details><summary>Help: I see "expected both vectors to have same dtype"</summary>
#
# `X` may be float64, and `torch.zeros(d)` is float32. Make `w` with the dtype of `X`, as in hint 2.
# </details>


# %% nbgrader={"grade": false, "grade_id": "perceptron", "locked": false, "schema_version": 3, "solution": true, "task": false}
def perceptron(X, y, max_epochs):
    """Rosenblatt's learning rule: samples in order, epoch after epoch, until an epoch makes no update.

    X: (n, d) float. y: (n,) int64, each -1 or 1. max_epochs: int, at least 1. X and y are left unchanged.
    Returns: (w, b, updates): w (d,) with dtype and device of X; b a number (a tensor with one element will do); updates an int.
    """
    ### BEGIN SOLUTION
    w, b, updates = torch.zeros(X.shape[1], dtype=X.dtype, device=X.device), 0.0, 0
    for _ in range(max_epochs):
        before = updates
        for x, label in zip(X, y):
            if label * (x @ w + b) <= 0:
                w = w + label * x
                b = b + label.item()
                updates += 1
        if updates == before:
            break
    return w, b, updates
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_perceptron", "locked": true, "points": 14, "schema_version": 3, "solution": false, "task": false}
_X, _y = torch.tensor([[1.0, 2.0], [2.0, 1.0]]), torch.tensor([1, -1])
_result = perceptron(_X, _y, 10)
check(isinstance(_result, tuple | list) and len(_result) == 3, "perceptron should return three things: w, b and the number of updates.")
check_equal(_result[0], torch.tensor([-1.0, 1.0]), "w after the example by hand")
check_equal(_result[1], 0.0, "b after the example by hand")
check_equal(_result[2], 2, "the number of updates in the example by hand")
_X = torch.tensor([[-2.5, -2.0, 3.0], [-3.0, 0.0, 0.5], [-2.5, 1.5, -0.5], [-0.5, 0.5, -1.5]])
_y = torch.tensor([1, -1, -1, 1])
for _epochs, _w, _b, _updates in [(3, [2.5, -2.5, 0.0], 2.0, 8), (50, [2.0, -3.5, -0.5], 4.0, 12)]:
    _result = perceptron(_X.clone(), _y.clone(), _epochs)
    check_equal(_result[0], torch.tensor(_w), f"w for four samples, at most {_epochs} epochs,")
    check_equal(_result[1], _b, f"b for four samples, at most {_epochs} epochs,")
    check_equal(_result[2], _updates, f"the number of updates for four samples, at most {_epochs} epochs,")
check_promises(perceptron, _X, _y, 50, gradient=False)
_result = perceptron(_X.double(), _y, 50)[0]
check(_result.dtype == torch.float64, f"w of float64 samples has dtype {_result.dtype}, expected float64.")


# %% [markdown]
# Here is your perceptron at work. On the left it finds a border and stops. On the right four clouds stand like the
# exclusive or (XOR, 异或): classes across the diagonals. It goes on for ever, and its border swings from epoch to epoch.
# No straight line can do it; written question 1 asks you for a proof.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_perceptron", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# generator = torch.Generator().manual_seed(18)
# centres = torch.tensor([[-0.3, -0.3], [1.7, 1.7], [-0.3, 1.7], [1.7, -0.3]]).repeat_interleave(15, 0)
# shuffle = torch.randperm(60, generator=generator)
# X_clouds = (centres + 0.25 * torch.randn(60, 2, generator=generator))[shuffle]
# y_or, y_xor = (shuffle >= 15).long(), (shuffle >= 30).long()
#
# figure, panels = plt.subplots(1, 2, figsize=(9, 4.2), layout="constrained", sharey=True)
# for axes, y, title in [(panels[0], y_or, "OR"), (panels[1], y_xor, "XOR")]:
#     axes.scatter(*X_clouds[y == 1].T, marker="o", label="+1")
#     axes.scatter(*X_clouds[y == 0].T, marker="x", label="-1")
#     drawn = {}  # where nothing changes any more, one line stands for several max_epochs
#     for max_epochs in (1, 2, 4, 5, 100):
#         w, b, updates = perceptron(X_clouds, 2 * y - 1, max_epochs)
#         drawn.setdefault((updates, *w.tolist(), float(b)), []).append(max_epochs)
#     for ((updates, w1, w2, b), epochs), style in zip(drawn.items(), ["C2:", "C2--", "C2-.", "C4--", "C3-"]):
#         ends = torch.tensor([-1.2, 2.6])
#         axes.plot(ends, -(w1 * ends + b) / w2, style, label=f"max_epochs = {', '.join(map(str, epochs))}: {updates} updates")
#     axes.set(xlim=(-1.2, 2.6), ylim=(-1.2, 4.2), xlabel="$x_1$", ylabel="$x_2$", title=f"The perceptron and {title}")
#     axes.legend(loc="upper left", fontsize=8)
# plt.show()

# %% [markdown]
# ## 2 · Activation functions (激活函数)
#
# Two linear layers in a row are one linear layer again (written question 1 asks for that proof as well). What makes
# the second layer worth having is a bend between them: a function applied to every entry on its own. You write four of
# them.
#
# | name | formula | range |
# |---|---|---|
# | `relu` | $\max(x, 0)$ | $[0, \infty)$ |
# | `sigmoid` | $\dfrac{1}{1 + e^{-x}}$ | $(0, 1)$ |
# | `tanh` | $\dfrac{1 - e^{-2x}}{1 + e^{-2x}}$ | $(-1, 1)$ |
# | `prelu` | $\max(x, 0) + \alpha \min(x, 0)$ | depends on $\alpha$ |
#
# All four take a tensor of **any shape** and return one of the same shape, dtype and device; the input is left as it
# was. They are parts of networks, so gradients must flow through them, and must be right at $1000$, at $-1000$, and at
# exactly $0$, where every network with zero biases and blank pixels spends much of its time. That is where it gets
# interesting.
#
# ### 2.1 `relu`
#
# *difficulty 2/5 · importance 5/5 · about 5 minutes · 4 points*
#
# Notes: 001 ReLU · 001 定义激活函数 · 002 ReLU函数 · 004 激活函数
#
# The rectified linear unit (修正线性单元) lets the positive entries pass and stops the others.
#
# $$\mathrm{relu}(x) = \max(x, 0)$$
#
# It has a kink at 0, so there is no slope there, and somebody has to choose. **The course chooses 0.** Autograd does not
# know that. For $x = 0$ `torch.maximum(x, zeros)` shares the gradient between two equal arguments, slope $\tfrac12$, and
# `x.clamp(min=0)` has slope 1 in older versions of PyTorch and slope 0 in newer ones: do not build on it. Find a way of
# writing it that gives slope 0 in all of them.
#
# **By hand.** $(-2, 0, 3)$ becomes $(0, 0, 3)$. If the gradient that arrives from above is $(10, 10, 10)$, then
# $(0, 0, 10)$ is passed on.
#
# **From scratch:** PyTorch's `relu` and its relatives (`leaky_relu`, `prelu`, `elu`, `threshold`, `hardtanh`) are off
# limits here.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Do not compare *numbers* with 0 and keep the larger; choose *where* the entry passes. What is `x > 0` at $x = 0$?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `torch.where(condition, a, b)` takes from `a` where the condition holds and from `b` elsewhere, and so does its
# gradient.
# </details>
#
# <details><summary>Help: I see a gradient of 0.5 or 1 at zero</summary>
#
# 0.5 comes from `maximum` and from $(x + |x|)/2$, 1 from `x >= 0` and, in older versions of PyTorch, from `clamp`. Hint 1.
# </details>


# %% nbgrader={"grade": false, "grade_id": "relu", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relu(x):
    """max(x, 0) for every entry.

    x: float, any shape, left unchanged.
    Returns: shape, dtype and device of x. The gradient is 1 where x > 0 and 0 elsewhere, at 0 too.
    """
    ### BEGIN SOLUTION
    return torch.where(x > 0, x, 0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_relu", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
_x = torch.tensor([-2.0, 0.0, 3.0], requires_grad=True)
_result = relu(_x * 1)
check_equal(_result, torch.tensor([0.0, 0.0, 3.0]), "relu(x)")
check(_result.requires_grad, "No gradient can flow through relu(x): was it detached, or computed outside PyTorch?")
_result.backward(torch.full((3,), 10.0))
check_equal(_x.grad, torch.tensor([0.0, 0.0, 10.0]), "the gradient passed on by relu")
_x = torch.tensor([[0.25, -0.5, 2.0], [-7.0, 1.5, -0.01]])
check_equal(relu(_x.clone()), torch.tensor([[0.25, 0.0, 2.0], [0.0, 1.5, 0.0]]), "relu(x) for an x of shape (2, 3)")
check_promises(relu, _x)


# %% [markdown]
# ### 2.2 `sigmoid`
#
# *difficulty 3/5 · importance 4/5 · about 15 minutes · 6 points*
#
# Notes: 001 sigmoid · 002 sigmoid函数 · 003 §6.3 · 004 激活函数
#
# The sigmoid squeezes any number into $(0, 1)$, so that it can serve as a probability or as a gate.
#
# $$\mathrm{sigmoid}(x) = \frac{1}{1 + e^{-x}} = \frac{e^{x}}{1 + e^{x}}$$
#
# Both fractions are the same number on paper. In float32, $e^{1000}$ is infinite (overflow, 上溢). The first fraction
# survives that at $x = -1000$, since $1/\infty = 0$; but its *gradient* multiplies $\infty$ by 0, and is NaN. The
# second is NaN at once for $x = 1000$. So take each where it is safe: the first for $x \ge 0$, the second for $x < 0$.
# Then only $e^{-|x|} \le 1$ is ever needed.
#
# **By hand.** $x = \ln 3$ gives $1/(1 + \tfrac13) = \tfrac34$, and $x = -\ln 3$ gives
# $\tfrac13 / (1 + \tfrac13) = \tfrac14$. In general $\mathrm{sigmoid}(-x) = 1 - \mathrm{sigmoid}(x)$. The slope at 0
# is $\tfrac14$.
#
# **From scratch:** PyTorch's `sigmoid`, `tanh` and `softmax`, and what is made of them (`logsigmoid`, `log_softmax`,
# `silu`, `glu`), are off limits here.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Compute $z = e^{-|x|}$ once, for all entries. Which fraction of $z$ is the answer for $x \ge 0$, and which for $x < 0$?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `torch.where(x >= 0, 1 / (1 + z), z / (1 + z))`. As for $-|x|$: `torch.where(x >= 0, -x, x)` is the same number as
# `-x.abs()`, but has a slope at 0, while autograd calls the slope of `abs` there 0.
# </details>
#
# <details><summary>Help: I see NaN in the gradient only</summary>
#
# `torch.where(x >= 0, 1 / (1 + torch.exp(-x)), torch.exp(x) / (1 + torch.exp(x)))` chooses the right *values*, but
# both branches are computed for all entries, and in the gradient 0 times the infinite one is NaN. Make the argument of
# `exp` safe first.
# </details>
#
# <details><summary>Help: I see the gradient 0 at zero, where it should be 1/4</summary>
#
# That is the slope of `abs` (or of `sign`) at 0. See hint 2.
# </details>


# %% nbgrader={"grade": false, "grade_id": "sigmoid", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sigmoid(x):
    """1 / (1 + exp(-x)) for every entry; values and gradients are finite for finite x of any size.

    x: float, any shape, left unchanged.
    Returns: shape, dtype and device of x, entries in [0, 1].
    """
    ### BEGIN SOLUTION
    z = torch.exp(torch.where(x >= 0, -x, x))
    return torch.where(x >= 0, 1, z) / (1 + z)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_sigmoid", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_x = torch.tensor([1 / 3, 1.0, 3.0]).log().requires_grad_()
_result = sigmoid(_x * 1)
check_equal(_result, torch.tensor([0.25, 0.5, 0.75]), "sigmoid(x)")
check(_result.requires_grad, "No gradient can flow through sigmoid(x): was it detached, or computed outside PyTorch?")
_result.sum().backward()
check_equal(_x.grad, torch.tensor([3 / 16, 1 / 4, 3 / 16]), "the gradient of sigmoid(x)")
_x = torch.tensor([-1000.0, 1000.0], requires_grad=True)
_result = sigmoid(_x * 1)
check_equal(_result, torch.tensor([0.0, 1.0]), "sigmoid of -1000 and 1000")
_result.sum().backward()
check_equal(_x.grad, torch.tensor([0.0, 0.0]), "the gradient of sigmoid at -1000 and 1000")
_x = torch.tensor([[1 / 99, 4.0, 9.0], [1 / 4, 1 / 9, 99.0]]).log()
check_equal(sigmoid(_x.clone()), torch.tensor([[0.01, 0.8, 0.9], [0.2, 0.1, 0.99]]), "sigmoid(x) for an x of shape (2, 3)")
check_promises(sigmoid, _x)


# %% [markdown]
# ### 2.3 `tanh`
#
# *difficulty 3/5 · importance 3/5 · about 10 minutes · 6 points*
#
# Notes: 001 tanh · 002 tanh函数 · 003 §6.3 · 004 激活函数
#
# The hyperbolic tangent (双曲正切) is a sigmoid that was stretched to $(-1, 1)$ and passes through the origin:
#
# $$\tanh(x) = \frac{1 - e^{-2x}}{1 + e^{-2x}} = \frac{e^{2x} - 1}{e^{2x} + 1} = 2\,\mathrm{sigmoid}(2x) - 1$$
#
# At $x = -1000$ the first fraction is $-\infty / \infty$, NaN; at $x = 1000$ the second one is. You know the remedy
# from 2.2.
#
# **By hand.** $x = \tfrac12 \ln 3$ has $e^{-2x} = \tfrac13$, so $\tanh(x) = \tfrac23 / \tfrac43 = \tfrac12$, and
# $-\tfrac12$ at $-\tfrac12 \ln 3$. The slope at 0 is 1.
#
# **From scratch:** as in 2.2; PyTorch's `tanh`, `sigmoid`, `softmax` and what is made of them are off limits; `expm1`,
# `sinh` and `cosh` are not (but mind where they overflow). Your own `sigmoid` is allowed: then both have to be right.
#
# <details><summary>Hint 1: a nudge</summary>
#
# With $z = e^{-2|x|} \le 1$ the answer is $\frac{1 - z}{1 + z}$ for $x \ge 0$. And for $x < 0$?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# For $x < 0$ it is $\frac{z - 1}{1 + z}$. Again write $-|x|$ as `torch.where(x >= 0, -x, x)`; `sign` and `abs` lose
# the gradient at 0.
# </details>
#
# <details><summary>Help: I see NaN at -1000 or at 1000</summary>
#
# Infinity divided by infinity: some exponent is positive and large. $-2|x|$ never is.
# </details>


# %% nbgrader={"grade": false, "grade_id": "tanh", "locked": false, "schema_version": 3, "solution": true, "task": false}
def tanh(x):
    """Hyperbolic tangent of every entry; values and gradients are finite for finite x of any size.

    x: float, any shape, left unchanged.
    Returns: shape, dtype and device of x, entries in [-1, 1].
    """
    ### BEGIN SOLUTION
    z = torch.exp(2 * torch.where(x >= 0, -x, x))
    return torch.where(x >= 0, 1 - z, z - 1) / (1 + z)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_tanh", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_x = (torch.tensor([1 / 3, 1.0, 3.0]).log() / 2).requires_grad_()
_result = tanh(_x * 1)
check_equal(_result, torch.tensor([-0.5, 0.0, 0.5]), "tanh(x)")
check(_result.requires_grad, "No gradient can flow through tanh(x): was it detached, or computed outside PyTorch?")
_result.sum().backward()
check_equal(_x.grad, torch.tensor([3 / 4, 1.0, 3 / 4]), "the gradient of tanh(x)")
_x = torch.tensor([-1000.0, 1000.0], requires_grad=True)
_result = tanh(_x * 1)
check_equal(_result, torch.tensor([-1.0, 1.0]), "tanh of -1000 and 1000")
_result.sum().backward()
check_equal(_x.grad, torch.tensor([0.0, 0.0]), "the gradient of tanh at -1000 and 1000")
_x = torch.tensor([[1 / 19, 4.0, 9.0], [1 / 4, 1 / 9, 19.0]]).log() / 2
check_equal(tanh(_x.clone()), torch.tensor([[-0.9, 0.6, 0.8], [-0.6, -0.8, 0.9]]), "tanh(x) for an x of shape (2, 3)")
check_promises(tanh, _x)


# %% [markdown]
# ### 2.4 `prelu`
#
# *difficulty 3/5 · importance 2/5 · about 10 minutes · 6 points*
#
# Notes: 003 §8.5.1 · 004 激活函数
#
# A unit that is negative for all samples gets no gradient through ReLU, and never recovers. The parametric ReLU lets a
# little through on the negative side, with a slope $\alpha$ that may be learned:
#
# $$\mathrm{prelu}(x) = \max(x, 0) + \alpha \min(x, 0) = \begin{cases} x & x > 0 \\ \alpha x & x \le 0 \end{cases}$$
#
# $\alpha$ is **any** number: small, negative, larger than 1. It comes in two kinds:
#
# * one for all entries: a Python number, or a tensor with one element;
# * one **per channel** (通道): a tensor of shape $(c,)$. The channels of $x$ are its **dimension 1**, as everywhere in
#   PyTorch, so
#   $x$ has shape $(n, c)$, or $(n, c, h, w)$, or any $(n, c, \dots)$.
#
# Gradients flow to $x$ and, when it is a tensor that requires them, to $\alpha$. (Which slope in $x$ autograd finds at
# exactly 0 is left open here: this kink joins 1 and $\alpha$, and the grader does not look at it.)
#
# **By hand.** With $\alpha = \tfrac14$, $(-2, 0, 3)$ becomes $(-\tfrac12, 0, 3)$. With one $\alpha$ per channel,
# $(\tfrac14, -1)$, the row $(-2, -2)$ becomes $(-\tfrac12, 2)$.
#
# **From scratch:** PyTorch's `prelu`, `leaky_relu`, `relu` and relatives are off limits here.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Broadcasting lines shapes up from the right. Which shape must $\alpha$ have to meet dimension 1 of an $x$ of shape
# $(n, c, h, w)$?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# When `alpha` is a tensor with `alpha.ndim == 1`: `alpha = alpha.reshape(-1, *[1] * (x.ndim - 2))`, which is $(c,)$
# for two dimensions and $(c, 1, 1)$ for four. Then `torch.where`. (Should `x` have no dimension at all, an alpha of shape
# $(1,)$ makes a result of shape $(1,)$; the grader does not ask for that.)
# </details>
#
# <details><summary>Help: I see right results for 0.25 and wrong ones for other values of alpha</summary>
#
# `torch.maximum(x, alpha * x)` is the same function only for $\alpha \le 1$. Ask whether $x > 0$ instead.
# </details>
#
# <details><summary>Help: I see "'float' object has no attribute 'ndim'"</summary>
#
# `alpha` may be a plain number. Ask `isinstance(alpha, torch.Tensor)` first.
# </details>


# %% nbgrader={"grade": false, "grade_id": "prelu", "locked": false, "schema_version": 3, "solution": true, "task": false}
def prelu(x, alpha):
    """x where x > 0, alpha * x elsewhere.

    x: float, (n, c, ...), or any shape when there is one alpha for all; left unchanged.
    alpha: a number, a tensor with one element, or (c,), one per channel (dimension 1 of x); a tensor has the dtype of x.
    Returns: shape, dtype and device of x.
    """
    ### BEGIN SOLUTION
    if isinstance(alpha, torch.Tensor) and alpha.ndim == 1:
        alpha = alpha.reshape(-1, *[1] * (x.ndim - 2))
    return torch.where(x > 0, x, alpha * x)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_prelu", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_x = torch.tensor([-2.0, 0.0, 3.0])
check_equal(prelu(_x.clone(), 0.25), torch.tensor([-0.5, 0.0, 3.0]), "prelu(x, 0.25)")
for _alpha, _expected in [(2.5, -5.0), (-0.5, 1.0), (0.0, 0.0)]:
    check_equal(prelu(_x.clone(), _alpha), torch.tensor([_expected, 0.0, 3.0]), f"prelu(x, {_alpha})")
_alpha = torch.tensor([0.25, -1.0])
check_equal(prelu(torch.tensor([[-2.0, -3.0], [-4.0, 5.0]]), _alpha), torch.tensor([[-0.5, 3.0], [-1.0, 5.0]]), "prelu with one alpha per channel")
_x = torch.tensor([[-2.0, 4.0, -6.0], [-1.0, -3.0, 7.0]]).reshape(1, 2, 1, 3)
_expected = torch.tensor([[-0.5, 4.0, -1.5], [1.0, 3.0, 7.0]]).reshape(1, 2, 1, 3)
check_equal(prelu(_x.clone(), _alpha), _expected, "prelu of two channels of 1×3 pixels")
check_promises(prelu, _x, _alpha)
check_promises(prelu, _x, 0.25)


# %% [markdown]
# ## 3 · Their derivatives (导数)
#
# Back-propagation multiplies by the slope of the activation function, so you need it as a function of its own: $x$ in,
# $f'(x)$ out, entry by entry, same shape, dtype and device. The rules are the same for all four:
#
# **From scratch:** write the closed form. Autograd (`backward`, `torch.autograd`, `torch.func`) is off limits in this
# section, and so are difference quotients such as $(f(x + \varepsilon) - f(x)) / \varepsilon$: in float64 the grader looks
# at the last digits. `torch.sigmoid` and `torch.tanh` are allowed, so that these exercises do not hang on section 2.
#
# | function | derivative | largest value |
# |---|---|---|
# | relu | 1 where $x > 0$, else 0 | 1 |
# | sigmoid | $\mathrm{sigmoid}(x)\,(1 - \mathrm{sigmoid}(x))$ | $\tfrac14$, at 0 |
# | tanh | $1 - \tanh^2(x)$ | 1, at 0 |
# | prelu | 1 where $x > 0$, else $\alpha$ | $\max(1, \alpha)$ |
#
# ### 3.1 `relu_grad`
#
# *difficulty 1/5 · importance 4/5 · about 3 minutes · 3 points*
#
# Notes: 001 ReLU · 002 ReLU函数 · 003 §6.3
#
# $$\mathrm{relu}'(x) = \begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}$$
#
# The course's choice at the kink is 0 (other books say 1). The result is a **float** tensor with the dtype of `x`.
#
# **By hand.** $(-2, 0, 3)$ gives $(0, 0, 1)$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# A comparison does nearly all the work.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `x > 0` is a tensor of `True` and `False`. `.to(x.dtype)` turns it into ones and zeros of the right kind.
# </details>
#
# <details><summary>Help: I see "has dtype bool, expected float32"</summary>
#
# Hint 2. And not `.float()`: that makes float32 out of everything, also where `x` is float64.
# </details>


# %% nbgrader={"grade": false, "grade_id": "relu_grad", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relu_grad(x):
    """Derivative of relu at every entry: 1 where x > 0, 0 elsewhere.

    x: float, any shape, left unchanged.
    Returns: shape, dtype and device of x.
    """
    ### BEGIN SOLUTION
    return (x > 0).to(x.dtype)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_relu_grad", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check_equal(relu_grad(torch.tensor([-2.0, 0.0, 3.0])), torch.tensor([0.0, 0.0, 1.0]), "relu_grad(x)")
_x = torch.tensor([[0.25, -0.5, 2.0], [-7.0, 1.5, -0.01]])
check_equal(relu_grad(_x.clone()), torch.tensor([[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]), "relu_grad(x) for an x of shape (2, 3)")
check_promises(relu_grad, _x, gradient=False)


# %% [markdown]
# ### 3.2 `sigmoid_grad`
#
# *difficulty 2/5 · importance 3/5 · about 5 minutes · 4 points*
#
# Notes: 001 sigmoid · 002 sigmoid函数 · 003 §6.3
#
# $$\mathrm{sigmoid}'(x) = \frac{e^{-x}}{(1 + e^{-x})^2} = \mathrm{sigmoid}(x)\,(1 - \mathrm{sigmoid}(x))$$
#
# Equal on paper; but at $x = -1000$ the fraction is $\infty/\infty$, NaN, and the product is simply 0.
#
# **By hand.** At $\ln 3$ the sigmoid is $\tfrac34$, so the slope is $\tfrac34 \cdot \tfrac14 = \tfrac3{16}$; at 0 it
# is $\tfrac14$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# The sigmoid occurs twice. Compute it once and give it a name.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `s = torch.sigmoid(x)`, and then the product from the formula.
# </details>
#
# <details><summary>Help: I see that the result is right at 0 only</summary>
#
# The argument is $x$, not $\mathrm{sigmoid}(x)$: the function takes the sigmoid itself.
# </details>


# %% nbgrader={"grade": false, "grade_id": "sigmoid_grad", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sigmoid_grad(x):
    """Derivative of the sigmoid at every entry, finite for finite x of any size.

    x: float, any shape, left unchanged: the point where the slope is wanted, not the sigmoid of it.
    Returns: shape, dtype and device of x.
    """
    ### BEGIN SOLUTION
    s = torch.sigmoid(x)
    return s * (1 - s)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_sigmoid_grad", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
_x = torch.tensor([1 / 3, 1.0, 3.0]).log()
check_equal(sigmoid_grad(_x.clone()), torch.tensor([3 / 16, 1 / 4, 3 / 16]), "sigmoid_grad(x)")
check_equal(sigmoid_grad(torch.tensor([-1000.0, 1000.0])), torch.tensor([0.0, 0.0]), "sigmoid_grad at -1000 and 1000")
_x = torch.tensor([[1 / 99, 4.0, 9.0], [1 / 4, 1 / 9, 99.0]]).log()
check_equal(sigmoid_grad(_x.clone()), torch.tensor([[0.0099, 0.16, 0.09], [0.16, 0.09, 0.0099]]), "sigmoid_grad(x) for an x of shape (2, 3)")
check_promises(sigmoid_grad, _x, gradient=False)


# %% [markdown]
# ### 3.3 `tanh_grad`
#
# *difficulty 1/5 · importance 3/5 · about 3 minutes · 3 points*
#
# Notes: 001 tanh · 002 tanh函数 · 003 §6.3
#
# $$\tanh'(x) = 1 - \tanh^2(x)$$
#
# **By hand.** At $\tfrac12 \ln 3$ the tangent is $\tfrac12$, so the slope is $1 - \tfrac14 = \tfrac34$; at 0 it is 1.
#
# <details><summary>Hint 1: a nudge</summary>
#
# The square is taken of $\tanh(x)$, not of $x$.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# One line with `torch.tanh(x) ** 2` in it.
# </details>
#
# <details><summary>Help: I see NaN at -1000 or 1000</summary>
#
# You wrote the fraction with exponentials in it. `torch.tanh` is allowed here, and it is stable.
# </details>


# %% nbgrader={"grade": false, "grade_id": "tanh_grad", "locked": false, "schema_version": 3, "solution": true, "task": false}
def tanh_grad(x):
    """Derivative of tanh at every entry, finite for finite x of any size.

    x: float, any shape, left unchanged: the point where the slope is wanted, not the tanh of it.
    Returns: shape, dtype and device of x.
    """
    ### BEGIN SOLUTION
    return 1 - torch.tanh(x) ** 2
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_tanh_grad", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
_x = torch.tensor([1 / 3, 1.0, 3.0]).log() / 2
check_equal(tanh_grad(_x.clone()), torch.tensor([3 / 4, 1.0, 3 / 4]), "tanh_grad(x)")
check_equal(tanh_grad(torch.tensor([-1000.0, 1000.0])), torch.tensor([0.0, 0.0]), "tanh_grad at -1000 and 1000")
_x = torch.tensor([[1 / 19, 4.0, 9.0], [1 / 4, 1 / 9, 19.0]]).log() / 2
check_equal(tanh_grad(_x.clone()), torch.tensor([[0.19, 0.64, 0.36], [0.64, 0.36, 0.19]]), "tanh_grad(x) for an x of shape (2, 3)")
check_promises(tanh_grad, _x, gradient=False)


# %% [markdown]
# ### 3.4 `prelu_grad`
#
# *difficulty 2/5 · importance 1/5 · about 5 minutes · 4 points*
#
# Notes: 003 §8.5.1 · 004 激活函数
#
# $$\frac{\partial\, \mathrm{prelu}(x)}{\partial x} = \begin{cases} 1 & x > 0 \\ \alpha & x \le 0 \end{cases}$$
#
# The derivative is taken with respect to $x$, and at the kink it is $\alpha$. As in 2.4, $\alpha$ is one number for
# all, or one per channel (dimension 1). It looks like 2.4 with a line changed, and is not quite: what the branches of a
# `torch.where` are made of decides shape *and* dtype of the result, and here neither branch contains $x$.
#
# **By hand.** With $\alpha = \tfrac14$, $(-2, 0, 3)$ gives $(\tfrac14, \tfrac14, 1)$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# A number, or a tensor with fewer dimensions than `x`, broadcasts inside `torch.where`; give `alpha` its shape as in 2.4.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# The last line of 2.4, with `x` replaced by 1 and `alpha * x` by `alpha`. Mind the dtype:
# `torch.where(condition, 1, 0.25)` knows nothing of `x` and makes float32; `torch.ones_like(x)` in place of the 1
# settles it.
# </details>
#
# <details><summary>Help: I see that the result has the shape of alpha</summary>
#
# When one of the two branches must have the shape of `x`, `torch.ones_like(x)` has it.
# </details>


# %% nbgrader={"grade": false, "grade_id": "prelu_grad", "locked": false, "schema_version": 3, "solution": true, "task": false}
def prelu_grad(x, alpha):
    """Derivative of prelu(x, alpha) with respect to x: 1 where x > 0, alpha elsewhere.

    x: float, (n, c, ...), or any shape when there is one alpha for all; left unchanged.
    alpha: a number, a tensor with one element, or (c,), one per channel (dimension 1 of x); a tensor has the dtype of x.
    Returns: shape, dtype and device of x.
    """
    ### BEGIN SOLUTION
    if isinstance(alpha, torch.Tensor) and alpha.ndim == 1:
        alpha = alpha.reshape(-1, *[1] * (x.ndim - 2))
    return torch.where(x > 0, torch.ones_like(x), alpha)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_prelu_grad", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
_x = torch.tensor([[-2.0, 0.0, 3.0]])
check_equal(prelu_grad(_x.clone(), 0.25), torch.tensor([[0.25, 0.25, 1.0]]), "prelu_grad(x, 0.25)")
check_equal(prelu_grad(_x.clone(), -1.5), torch.tensor([[-1.5, -1.5, 1.0]]), "prelu_grad(x, -1.5)")
_alpha = torch.tensor([0.25, -1.0, 0.5])
check_equal(prelu_grad(_x.clone(), _alpha), torch.tensor([[0.25, -1.0, 1.0]]), "prelu_grad with one alpha per channel")
_x = torch.tensor([[-2.0, 4.0, -6.0], [-1.0, -3.0, 7.0], [5.0, -8.0, 9.0]]).reshape(1, 3, 1, 3)
_expected = torch.tensor([[0.25, 1.0, 0.25], [-1.0, -1.0, 1.0], [1.0, 0.5, 1.0]]).reshape(1, 3, 1, 3)
check_equal(prelu_grad(_x.clone(), _alpha), _expected, "prelu_grad of three channels of 1×3 pixels")
check_promises(prelu_grad, _x, _alpha, gradient=False)
check_promises(prelu_grad, _x, 0.25, gradient=False)


# %% [markdown]
# Look at what you made, functions above and slopes below. The sigmoid's slope is never more than a quarter and soon
# vanishes on both sides; a network of many sigmoid layers multiplies such numbers, and its first layers hardly learn.
# ReLU's slope is 1 on the whole positive side. This is the reason for its success. (On that side `relu` and `prelu` are the
# same line.)

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_activations", "locked": true, "schema_version": 3, "solution": false, "task": false}
# x = torch.linspace(-4, 4, 401)
# functions = {"relu": relu(x), "sigmoid": sigmoid(x), "tanh": tanh(x), "prelu, α = 0.25": prelu(x, 0.25)}
# plot_curves(functions, "x", "f(x)", "Activation functions", x=x)
# slopes = {"relu": relu_grad(x), "sigmoid": sigmoid_grad(x), "tanh": tanh_grad(x), "prelu, α = 0.25": prelu_grad(x, 0.25)}
# plot_curves(slopes, "x", "f'(x)", "Their derivatives", x=x)

# %% [markdown]
# ## 4 · The network
#
# ### 4.1 `init_params`
#
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 8 points*
#
# Notes: 000 §1.4.2.1 · 001 多层感知机的实现/初始化模型参数 · 001 softmax实现/初始化模型参数
#
# A network of layer sizes `[64, 128, 10]` takes 64 numbers, has one hidden layer (隐藏层) of 128 units and 10 outputs.
# Make its parameters as a flat list `[W1, b1, W2, b2, …]`, one pair for each layer:
#
# * $W$ has shape (in, out), drawn from the normal distribution (正态分布) with mean 0 and standard deviation (标准差) `std`;
# * $b$ has shape (out,), all zeros;
# * all are leaves (叶子张量) that require a gradient.
#
# Every weight is drawn on its own: units that start equal get equal gradients and stay equal for ever. And `std`
# matters: with `torch.randn` alone (std 1), 64 pixels, half of them ink of some grey, add up to hidden units of size 4, and
# 128 of these to scores of size 30 and more: softmax is certain before it has learned anything.
#
# **By hand.** `[64, 128, 10]` gives the shapes $(64, 128), (128,), (128, 10), (10,)$: $8192 + 128 + 1280 + 10 = 9610$
# numbers.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `zip(sizes[:-1], sizes[1:])` yields the pairs (in, out) of neighbouring layers.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `torch.normal(0, std, size=(n_in, n_out), requires_grad=True)` and `torch.zeros(n_out, requires_grad=True)`, appended
# in turn.
# </details>
#
# <details><summary>Help: I see "is not a leaf", or W.grad stays None</summary>
#
# `torch.randn(…, requires_grad=True) * std` is the *result* of a multiplication: the leaf is the tensor before it,
# which you no longer hold. Multiply first, then call `.requires_grad_()`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "init_params", "locked": false, "schema_version": 3, "solution": true, "task": false}
def init_params(sizes, std=0.01):
    """Parameters of a network, ready to be trained.

    sizes: list of at least two ints, the number of inputs, of each hidden layer's units, of outputs. std: float.
    Returns: [W1, b1, W2, b2, ...], float32 leaves that require grad; W (in, out) normal with mean 0 and deviation std; b (out,) zeros.
    """
    ### BEGIN SOLUTION
    params = []
    for n_in, n_out in zip(sizes[:-1], sizes[1:]):
        params.append(torch.normal(0, std, size=(n_in, n_out), requires_grad=True))
        params.append(torch.zeros(n_out, requires_grad=True))
    return params
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_init_params", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_params = init_params([64, 128, 10])
check(isinstance(_params, list | tuple), "init_params should return a list: W1, b1, W2, b2.")
check(all(isinstance(p, torch.Tensor) for p in _params), "Every entry of the list should be a tensor: W1, b1, W2, b2, and no pairs.")
_shapes = [tuple(p.shape) for p in _params]
check(_shapes == [(64, 128), (128,), (128, 10), (10,)], f"The shapes of init_params([64, 128, 10]) are {_shapes}.")
check(all(p.dtype == torch.float32 for p in _params), "Every parameter should be float32.")
check(all(p.requires_grad for p in _params), "Every parameter should require a gradient.")
check(all(p.is_leaf for p in _params), "Every parameter should be a leaf: set requires_grad after the multiplication by std.")
check(not _params[1].detach().any() and not _params[3].detach().any(), "b1 and b2 should be all zeros.")
_shapes = [tuple(p.shape) for p in init_params([3, 5, 4, 2])]
check(_shapes == [(3, 5), (5,), (5, 4), (4,), (4, 2), (2,)], f"The shapes of init_params([3, 5, 4, 2]) are {_shapes}.")
for _std, _W in [(0.01, _params[0].detach()), (0.5, init_params([64, 128], std=0.5)[0].detach())]:
    check(0.9 < _W.std().item() / _std < 1.1, f"The deviation of W1 is {_W.std().item():.4f}, expected about {_std}.")
    check(abs(_W.mean().item()) < 0.1 * _std, f"The mean of W1 is {_W.mean().item():.4f}, expected about 0.")
    check(_W.abs().max() > 2.5 * _std, f"The largest of 8192 weights is {_W.abs().max():.4f}: a normal distribution goes beyond 2.5 std.")
check(not torch.equal(init_params([64, 128, 10])[0], _params[0]), "Two calls of init_params give the very same weights.")


# %% [markdown]
# ### 4.2 `mlp_forward`
#
# *difficulty 2/5 · importance 5/5 · about 10 minutes · 12 points*
#
# Notes: 001 多层感知机/多层感知机 · 001 多层感知机的实现/定义模型 · 001 正向传播 · 002 正向传播
#
# Forward propagation (正向传播): each layer takes the output of the one before. Between two layers stands a ReLU; **after
# the last layer stands nothing**, since scores may be of any sign.
#
# $$H_1 = \mathrm{relu}(X W_1 + b_1), \qquad H_2 = \mathrm{relu}(H_1 W_2 + b_2), \qquad \dots, \qquad O = H_{L-1} W_L + b_L$$
#
# It works for any number of layers. With one pair of parameters there is no hidden layer, and $O = X W_1 + b_1$.
#
# **By hand.** One sample, two inputs, three hidden units, two outputs:
#
# $$X = \begin{pmatrix} 1 & 2 \end{pmatrix}, \quad
# W_1 = \begin{pmatrix} 1 & -1 & 0 \\ 0 & 1 & -1 \end{pmatrix}, \quad b_1 = (0, 0, 1), \quad
# W_2 = \begin{pmatrix} 1 & 0 \\ 1 & -2 \\ 5 & 5 \end{pmatrix}, \quad b_2 = (0, 1)$$
#
# $X W_1 + b_1 = (1, 1, -1)$, so $H_1 = (1, 1, 0)$ and $O = (1 + 1,\ -2 + 1) = (2, -1)$. The $-1$ stays.
#
# `torch.relu` is allowed, so that this exercise does not hang on your 2.1.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `params[0::2]` are the weights, `params[1::2]` the biases. Treat the last pair apart from the others.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Carry one variable through a loop, `H = X`, then `H = torch.relu(H @ W + b)` for all pairs but the last;
# `params[:-2:2]` and `params[1:-2:2]` hold these. Behind the loop one more product, without the ReLU.
# </details>
#
# <details><summary>Help: I see "mat1 and mat2 shapes cannot be multiplied"</summary>
#
# Print the shapes before each product. Did a layer get $X$ where it should get $H$, or was $W_1$ used twice?
# </details>


# %% nbgrader={"grade": false, "grade_id": "mlp_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mlp_forward(X, params):
    """Scores of a network with ReLU between the layers, and none after the last.

    X: (n, d) float. params: [W1, b1, W2, b2, ...], W (in, out), b (out,), dtype of X; one layer or more. All left unchanged.
    Returns: (n, q), dtype and device of X.
    """
    ### BEGIN SOLUTION
    H = X
    for W, b in zip(params[:-2:2], params[1:-2:2]):
        H = torch.relu(H @ W + b)
    return H @ params[-2] + params[-1]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_mlp_forward", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
_W1, _b1 = torch.tensor([[1.0, -1.0, 0.0], [0.0, 1.0, -1.0]]), torch.tensor([0.0, 0.0, 1.0])
_W2, _b2 = torch.tensor([[1.0, 0.0], [1.0, -2.0], [5.0, 5.0]]), torch.tensor([0.0, 1.0])
_X = torch.tensor([[1.0, 2.0]])
check_equal(mlp_forward(_X, [_W1, _b1, _W2, _b2]), torch.tensor([[2.0, -1.0]]), "mlp_forward of the example by hand")
check_equal(mlp_forward(_X, [_W1, _b1]), torch.tensor([[1.0, 1.0, -1.0]]), "mlp_forward with one layer only")
_X = torch.tensor([[1.0, 2.0], [-3.0, -1.0], [-2.0, 4.0]])
_W3, _b3 = torch.tensor([[2.0, -1.0, 1.0, 3.0], [-1.0, 4.0, 0.5, -2.0]]), torch.tensor([1.0, 2.0, -3.0, 0.5])
_expected = [[5.0, 0.0, -1.0, 6.5], [18.0, 18.0, 12.5, 22.5], [13.0, -4.0, 3.0, 18.5]]
check_equal(mlp_forward(_X, [_W1, _b1, _W2, _b2, _W3, _b3]), torch.tensor(_expected), "mlp_forward of three samples and three layers")
check_promises(mlp_forward, _X, [_W1, _b1, _W2, _b2])


# %% [markdown]
# ### 4.3 `xor_net`
#
# *difficulty 3/5 · importance 3/5 · about 15 minutes · 6 points*
#
# Notes: 000 §1.4.1.2 · 001 隐含层 · 002 隐藏层 · 002 激活函数
#
# Back to the four points that stopped the perceptron:
#
# | $x$ | $(0, 0)$ | $(0, 1)$ | $(1, 0)$ | $(1, 1)$ |
# |---|---|---|---|---|
# | XOR | 0 | 1 | 1 | 0 |
#
# Choose weights and biases **by hand**, in the form of 4.2, so that the network solves them exactly: two inputs, at
# least one hidden layer, two outputs, and the larger of the two scores is the answer. "Exactly" means: on all four
# points the right score is strictly larger, no ties. No training, no random numbers. Any number of hidden units will
# do; two are enough.
#
# **By hand.** How to do AND: one hidden unit, $h = \mathrm{relu}(x_1 + x_2 - 1)$, is 1 at $(1, 1)$ and 0 at the three
# other points. Scores $(\tfrac12, h)$ then say 1 at $(1, 1)$ only:
#
# $$W_1 = \begin{pmatrix} 1 \\ 1 \end{pmatrix}, \quad b_1 = (-1), \quad W_2 = \begin{pmatrix} 0 & 1 \end{pmatrix}, \quad
# b_2 = (\tfrac12, 0)$$
#
# <details><summary>Hint 1: a nudge</summary>
#
# XOR depends on the sum $s = x_1 + x_2$ only: 0, 1, 0 for $s = 0, 1, 2$. Which mixture of $\mathrm{relu}(s)$ and
# $\mathrm{relu}(s - 1)$ goes up and comes down again?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# $\mathrm{relu}(s) - 2\,\mathrm{relu}(s - 1)$ is 0, 1, 0. The first hidden unit has bias 0, the second $-1$. The score
# of class 0 may be the constant $\tfrac12$, as in the example.
# </details>
#
# <details><summary>Help: I see the right function on paper, the wrong one in the check</summary>
#
# $W$ has shape (in, out): row $i$ holds what input $i$ sends to each unit, column $j$ what unit $j$ collects.
# </details>


# %% nbgrader={"grade": false, "grade_id": "xor_net", "locked": false, "schema_version": 3, "solution": true, "task": false}
def xor_net():
    """Parameters of a network that solves XOR, set by hand, in the form of mlp_forward.

    Returns: [W1, b1, W2, b2] (or more layers), float32, W (in, out), from 2 inputs to 2 outputs; the larger score is the answer.
    """
    ### BEGIN SOLUTION
    W1, b1 = torch.tensor([[1.0, 1.0], [1.0, 1.0]]), torch.tensor([0.0, -1.0])
    W2, b2 = torch.tensor([[0.0, 1.0], [0.0, -2.0]]), torch.tensor([0.5, 0.0])
    return [W1, b1, W2, b2]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_xor_net", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_params = xor_net()
check(isinstance(_params, list | tuple) and len(_params) >= 4, "xor_net should return a list: W1, b1, W2, b2, and perhaps more.")
for _x1, _x2, _expected in [(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)]:
    _H = torch.tensor([[_x1, _x2]], dtype=torch.float32)
    for _W, _b in zip(_params[:-2:2], _params[1:-2:2]):
        _H = torch.relu(_H @ _W + _b)
    _scores = (_H @ _params[-2] + _params[-1]).flatten().tolist()
    check(len(_scores) == 2, f"The network has {len(_scores)} outputs, expected 2.")
    _said = f"The scores for ({_x1}, {_x2}) are {_scores}"
    check(_scores[_expected] > _scores[1 - _expected], f"{_said}: the one of class {_expected} should be the larger.")
check(all(torch.equal(p, q) for p, q in zip(xor_net(), _params)), "Two calls of xor_net give different numbers: set them by hand.")


# %% [markdown]
# **Question 1 (up to 4 points of extra credit, marked by hand).** (a) Prove that no $w_1, w_2, b$ solve XOR: there is
# no $w_1 x_1 + w_2 x_2 + b$ that is positive at $(0, 1)$ and $(1, 0)$ and negative at $(0, 0)$ and $(1, 1)$. (b) Show
# that two layers *without* an activation function between them, $O = (X W_1 + b_1) W_2 + b_2$, are one linear layer
# $X W + b$; write down $W$ and $b$. What follows for XOR?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_linear", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) The four conditions are
#
# $$b < 0, \qquad w_2 + b > 0, \qquad w_1 + b > 0, \qquad w_1 + w_2 + b < 0.$$
#
# The sum of the two in the middle says $w_1 + w_2 + 2b > 0$, the sum of the first and the last says
# $w_1 + w_2 + 2b < 0$: a contradiction. (In a picture: both pairs of diagonal corners have the same midpoint
# $(\tfrac12, \tfrac12)$, and it would have to lie on both sides of the line.)
#
# (b) $O = X W_1 W_2 + b_1 W_2 + b_2$, so $W = W_1 W_2$ and $b = b_1 W_2 + b_2$. A network of linear layers, however
# deep, therefore draws straight borders only, and cannot solve XOR either: the activation function is what makes the
# difference. (With two scores per point, the difference of the two scores is such a linear function of $x$.)
#
# **Marking scheme.** 1 point: the four inequalities. 1 point: the contradiction (adding them up, or the midpoint). 1
# point: $W$ and $b$, both right. 1 point: the conclusion for XOR. Signs or strictness may be chosen the other way
# round; $\le$ on one side is fine.
# ### END SOLUTION

# %% [markdown]
# ## 5 · Learning by hand
#
# ### 5.1 `mlp_backward`
#
# *difficulty 5/5 · importance 5/5 · about 40 minutes · 14 points*
#
# Notes: 001 反向传播 · 002 反向传播 · 003 §7.4
#
# The centrepiece. You will compute the gradients of a whole network without autograd, by back-propagation (反向传播). The
# objective is the cross-entropy, **averaged** over the $n$ samples, plus weight decay (权重衰减) on the weights, **not on
# the biases**:
#
# $$J = \frac1n \sum_{i=1}^n \ell(O_i, y_i) + \frac{\lambda}{2} \sum_{l=1}^L \|W_l\|_F^2$$
#
# Run forward, and keep what each layer was given: $H_0 = X$, $H_1$, …, $H_{L-1}$. Then walk back. Write $\Delta_l$,
# same shape as the output of layer $l$, for the gradient of the first term of $J$ with respect to $H_{l-1} W_l + b_l$:
#
# $$\Delta_L = \frac1n \big(\mathrm{softmax}(O) - \mathrm{onehot}(y)\big), \qquad
# \Delta_l = (\Delta_{l+1} W_{l+1}^\top) \odot \mathbf 1[H_l > 0]$$
#
# $$\frac{\partial J}{\partial W_l} = H_{l-1}^\top \Delta_l + \lambda W_l, \qquad
# \frac{\partial J}{\partial b_l} = \text{sum of } \Delta_l \text{ over the samples}$$
#
# Check the shapes and you cannot go far wrong: $H_{l-1}^\top \Delta_l$ is (in, $n$) times ($n$, out), the shape of
# $W_l$. And since $H_l = \mathrm{relu}(\dots)$ is positive exactly where its argument is, $\mathbf 1[H_l > 0]$ is the
# slope of the ReLU, 0 at the kink.
#
# **By hand.** One sample $X = (2)$, label 0, $\lambda = 0.1$, and
#
# $$W_1 = \begin{pmatrix} 1 & -1 \end{pmatrix}, \quad b_1 = (0, 0), \quad W_2 = \begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}, \quad
# b_2 = (-2, \ln 3)$$
#
# Forward: $X W_1 + b_1 = (2, -2)$, $H_1 = (2, 0)$, $O = (0, \ln 3)$, softmax $(\tfrac14, \tfrac34)$. Backward:
#
# * $\Delta_2 = (-\tfrac34, \tfrac34)$, which is also the gradient of $b_2$;
#   $\;\partial J / \partial W_2 = \begin{pmatrix} -\frac32 & \frac32 \\ 0 & 0 \end{pmatrix} + 0.1\, W_2
#   = \begin{pmatrix} -1.4 & 1.5 \\ 0 & 0.1 \end{pmatrix}$
# * $\Delta_1 = (-\tfrac34, \tfrac34) \odot (1, 0) = (-\tfrac34, 0)$, the gradient of $b_1$;
#   $\;\partial J / \partial W_1 = (-\tfrac32, 0) + 0.1\, W_1 = (-1.4, -0.1)$
#
# **From scratch:** autograd (`backward`, `torch.autograd`, `torch.func`) is off limits here, and so are difference
# quotients and a loop over the samples. `torch.softmax`, `torch.relu` and `torch.nn.functional.one_hot` are allowed, and
# so are `torch.no_grad()` and `.detach()`: they keep autograd out.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Write it for one hidden layer first: four gradients, four lines. Then look which lines would repeat.
# </details>
#
# <details><summary>Hint 2: the forward half</summary>
#
# `inputs = [X]`, and in a loop over all pairs but the last: `inputs.append(torch.relu(inputs[-1] @ W + b))`. So
# `inputs[l]` is what layer `l` (counted from 0) was given, and its weights are `params[2 * l]`.
# </details>
#
# <details><summary>Hint 3: nearly the answer</summary>
#
# With `delta` at its start value, go through `l = L - 1, …, 0`: put
# `inputs[l].T @ delta + weight_decay * params[2 * l]` and `delta.sum(dim=0)` at the *front* of the list, then replace
# `delta` by `delta @ params[2 * l].T * (inputs[l] > 0)`.
# </details>
#
# <details><summary>Help: I see right gradients for the last layer and wrong ones before it</summary>
#
# The mask of layer $l$ belongs to *its own* output: `delta` of shape (n, h) times `(H > 0)` of the same shape (n, h),
# with the H that entered the layer you just came back through.
# </details>
#
# <details><summary>Help: I see every gradient n times too large</summary>
#
# The mean over the samples is missing. Divide once, in $\Delta_L$; everything else inherits it. ($\lambda W$ is not
# divided.)
# </details>
#
# <details><summary>Help: I want to know which gradient is wrong</summary>
#
# The check below compares with autograd, parameter by parameter, and names the first that differs.
# </details>


# %% nbgrader={"grade": false, "grade_id": "mlp_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mlp_backward(X, y, params, weight_decay):
    """Gradients of the mean cross-entropy of mlp_forward(X, params) plus weight_decay / 2 times the sum of all squared weights.

    X: (n, d) float. y: (n,) int64 labels. params: [W1, b1, W2, b2, ...], W (in, out), b (out,), dtype of X; one layer or more.
    weight_decay: a number. All inputs are left unchanged, and the .grad of the parameters is not touched.
    Returns: a list, the gradient of each parameter, in the order and with the shapes of params. No autograd.
    """
    ### BEGIN SOLUTION
    inputs = [X]
    for W, b in zip(params[:-2:2], params[1:-2:2]):
        inputs.append(torch.relu(inputs[-1] @ W + b))
    scores = inputs[-1] @ params[-2] + params[-1]
    delta = (torch.softmax(scores, dim=1) - torch.nn.functional.one_hot(y, scores.shape[1])) / len(y)
    grads = []
    for H, W in zip(reversed(inputs), reversed(params[::2])):
        grads = [H.T @ delta + weight_decay * W, delta.sum(dim=0), *grads]
        delta = delta @ W.T * (H > 0)
    return grads
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_mlp_backward", "locked": true, "points": 14, "schema_version": 3, "solution": false, "task": false}
_params = [[[1.0, -1.0]], [0.0, 0.0], [[1.0, 0.0], [0.0, 1.0]], [-2.0, 1.0986123]]
_params = [torch.tensor(p) for p in _params]
_expected = [[[-1.4, -0.1]], [-0.75, 0.0], [[-1.4, 1.5], [0.0, 0.1]], [-0.75, 0.75]]
_grads = mlp_backward(torch.tensor([[2.0]]), torch.tensor([0]), [p.clone() for p in _params], 0.1)
check(isinstance(_grads, list | tuple) and len(_grads) == 4, "mlp_backward should return a list of four gradients for four parameters.")
for _name, _grad, _right in zip(["W1", "b1", "W2", "b2"], _grads, _expected):
    check_equal(_grad, torch.tensor(_right), f"the gradient of {_name} in the example by hand")

for _sizes in [(4, 6, 5, 3), (4, 3)]:
    _X, _y = torch.randn(5, 4), torch.tensor([1, 0, 1, 1, 0])
    _shapes = [shape for n_in, n_out in zip(_sizes[:-1], _sizes[1:]) for shape in ((n_in, n_out), (n_out,))]
    _params = [torch.randn(shape).requires_grad_() for shape in _shapes]
    with torch.no_grad():
        if len(_sizes) > 2:
            _params[0][:, 0], _params[1][0] = 0.0, 0.0  # the first hidden unit is exactly 0
    _H = _X
    for _W, _b in zip(_params[:-2:2], _params[1:-2:2]):
        _H = torch.relu(_H @ _W + _b)
    _J = torch.nn.functional.cross_entropy(_H @ _params[-2] + _params[-1], _y) + 0.3 / 2 * sum((W**2).sum() for W in _params[::2])
    _J.backward()
    _grads = mlp_backward(_X.clone(), _y, [p.detach().clone() for p in _params], 0.3)
    for _i, (_param, _grad) in enumerate(zip(_params, _grads)):
        _name = f"{'Wb'[_i % 2]}{_i // 2 + 1}"
        check_equal(_grad, _param.grad, f"the gradient of {_name} of {len(_sizes) - 1} layers, against autograd,", atol=1e-4)
_before = [p.grad.clone() for p in _params]
mlp_backward(_X, _y, _params, 0.3)
check(all(torch.equal(p.grad, old) for p, old in zip(_params, _before)), "mlp_backward changed the .grad of the parameters; it should be left as it was.")
check_promises(mlp_backward, _X, _y, [p.detach() for p in _params], 0.3, gradient=False)


# %% [markdown]
# **Question 2 (up to 6 points of extra credit, marked by hand).** Take a network with one hidden layer and one sample:
# $z = x W_1 + b_1$, $h = \phi(z)$, $o = h W_2 + b_2$,
# $J = \ell(o, y) + \tfrac{\lambda}{2}(\|W_1\|_F^2 + \|W_2\|_F^2)$, where $x, h, o$ are rows and $\phi$ is any
# activation function. Derive by the chain rule (链式法则), one intermediate result after the other, the gradients with
# respect to $W_2$, $h$, $z$ and $W_1$ in terms of $\partial \ell / \partial o$. State the shape of each. In a last
# sentence: which results of the forward pass must be kept for the backward pass?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_backward", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** Write $g = \partial \ell / \partial o$, a row of shape $(1, q)$. Both terms of $J$ contribute with
# factor 1.
#
# * $o_k = \sum_j h_j (W_2)_{jk} + (b_2)_k$, so $\partial \ell / \partial (W_2)_{jk} = h_j g_k$, and with the decay term
#   $\partial J / \partial W_2 = h^\top g + \lambda W_2$, shape $(h, q)$.
# * $h_j$ enters every $o_k$, so $\partial J / \partial h_j = \sum_k g_k (W_2)_{jk}$, that is
#   $\partial J / \partial h = g\, W_2^\top$, shape $(1, h)$. The decay term does not depend on $h$.
# * $h_j = \phi(z_j)$, entry by entry, so $\partial J / \partial z = (g\, W_2^\top) \odot \phi'(z)$, shape $(1, h)$.
# * $z_j = \sum_i x_i (W_1)_{ij} + (b_1)_j$, so, as for $W_2$,
#   $\partial J / \partial W_1 = x^\top \big[(g\, W_2^\top) \odot \phi'(z)\big] + \lambda W_1$, shape $(d, h)$.
#
# Kept from the forward pass: $x$ and $h$ (for the products) and $z$ (for $\phi'$; for ReLU, $h$ will do). This is why
# training takes more memory than prediction.
#
# **Marking scheme.** 1 point each for the gradients with respect to $W_2$, $h$, $z$ and $W_1$ (transposes in the right
# place, and the entrywise product). 1 point: $\lambda W$ in both weights, and nowhere else. 1 point: what is kept.
# Columns in place of rows, with all transposes changed accordingly, earn the same points.
# ### END SOLUTION

# %% [markdown]
# Now your gradients learn. First the four clouds of XOR: eight hidden units, full-batch gradient descent, no autograd
# anywhere. The colour is the probability of class $+1$; the black line is the border. It bends.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_border", "locked": true, "schema_version": 3, "solution": false, "task": false}
# torch.manual_seed(0)
# params = [p.detach() for p in init_params([2, 8, 2], std=0.5)]
# for step in range(1000):
#     for param, grad in zip(params, mlp_backward(X_clouds, y_xor, params, 0.0)):
#         param -= 0.3 * grad
#
# side = torch.linspace(-1.2, 3.2, 200)
# grid = torch.cartesian_prod(side, side)
# probability = torch.softmax(mlp_forward(grid, params), dim=1)[:, 1].reshape(200, 200).T
# figure, axes = plt.subplots(figsize=(5.4, 4.4), layout="constrained")
# colours = axes.pcolormesh(side, side, probability, cmap="RdBu_r", vmin=0, vmax=1, shading="nearest")
# figure.colorbar(colours, label="probability of +1")
# axes.contour(side, side, probability, levels=[0.5], colors="black")
# axes.scatter(*X_clouds[y_xor == 1].T, marker="o", color="gold", edgecolor="black", label="+1")
# axes.scatter(*X_clouds[y_xor == 0].T, marker="x", color="white", label="-1")
# axes.set(xlabel="$x_1$", ylabel="$x_2$", title="XOR, solved by eight hidden units")
# axes.legend(loc="upper left", facecolor="grey")
# plt.show()

# %% [markdown]
# Then the digits: 64 pixels, 128 hidden units, 10 classes, and 9610 parameters, every gradient from your own formulas. The
# mean image is subtracted first, and the learning rate falls to 0, which makes the steps steadier. About 97 of 100 are right.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_digits", "locked": true, "schema_version": 3, "solution": false, "task": false}
# torch.manual_seed(0)
# params = [p.detach() for p in init_params([64, 128, 10], std=0.05)]
# mean = X_train.mean(dim=0)
# rows_train, rows_test = (X_train - mean).flatten(1), (X_test - mean).flatten(1)
# train_accuracy, test_accuracy = [], []
# for epoch in range(30):
#     lr = 0.5 * (1 - epoch / 30)
#     for X, y in batches(rows_train, y_train, 64, shuffle=True):
#         for param, grad in zip(params, mlp_backward(X, y, params, 1e-3)):
#             param -= lr * grad
#     for record, X, y in [(train_accuracy, rows_train, y_train), (test_accuracy, rows_test, y_test)]:
#         record.append((mlp_forward(X, params).argmax(dim=1) == y).double().mean().item())
# plot_curves({"train": train_accuracy, "test": test_accuracy}, "epoch", "accuracy", "Digits, learned with gradients by hand")
# print(f"test accuracy after {len(test_accuracy)} epochs: {test_accuracy[-1]:.3f}")

# %% [markdown]
# What do hidden units look for? Each has one weight per pixel, so it can be shown as a picture: ink on red pixels
# switches the unit on, ink on blue ones switches it off. Here are the 24 units with the largest weights. Some look for
# a stroke in one place and its absence in another: small detectors that no one designed.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_hidden_units", "locked": true, "schema_version": 3, "solution": false, "task": false}
# largest = params[0].norm(dim=0).argsort(descending=True)[:24]
# show_images(params[0].T[largest].reshape(24, 8, 8), columns=8)

# %% [markdown]
# ## 6 · The same as a Module
#
# ### 6.1 `MLP`
#
# *difficulty 2/5 · importance 5/5 · about 10 minutes · 10 points*
#
# Notes: 000 §1.4.2.2 · 001 多层感知机简洁实现 · 003 §8.4 · 004 多层感知机
#
# From here on PyTorch keeps the parameters for you. Write the network with one hidden layer as a `torch.nn.Module`:
#
# $$\text{flatten} \;\to\; \text{linear} \;\to\; \text{ReLU} \;\to\; \text{linear}$$
#
# * Use two `torch.nn.Linear` layers (with bias) and assign them to `self`, so that `parameters()` finds them.
#   PyTorch's weights have shape (out, in), the other way round than ours.
# * The input has shape $(n, \dots)$: images $(n, 1, 8, 8)$ or rows $(n, d)$. Flatten (展平) all dimensions but the
#   first; the product of those is `num_inputs`.
# * Return scores: no ReLU and no softmax after the last layer. `torch.nn.CrossEntropyLoss` takes scores.
#
# The grader puts weights of its own in, in float32 and (after `net.double()`) in float64, and compares the scores. It
# also trains your module on the digits, half of them white on black and half black on white, with 128 hidden units: 20
# epochs in batches of 128, `torch.optim.SGD` with momentum 0.9 and a learning rate that falls from 0.4 to 0,
# `CrossEntropyLoss(label_smoothing=0.3)`. It asks for a test accuracy of at least 0.9, the mean of three starts. A right
# answer reaches about 0.97 from any start, in less than a second; one without a hidden ReLU reads a third of them.
#
# **By hand.** `MLP(64, 128, 10)` has the four parameters $(128, 64), (128,), (10, 128), (10,)$: 9610 numbers, as in
# 4.1. A batch of shape $(5, 1, 8, 8)$ gives scores of shape $(5, 10)$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `super().__init__()` comes first in `__init__`; then make the layers. `forward` only uses them.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# In `forward`: `X.flatten(1)` makes rows of the samples, then `self.hidden`, `torch.relu`, `self.output`. Or keep a
# `torch.nn.Sequential` of four modules in `self.net`.
# </details>
#
# <details><summary>Help: I see "optimizer got an empty parameter list"</summary>
#
# The layers are in a plain Python list, or are made anew in `forward`. Assign each to an attribute of `self`.
# </details>
#
# <details><summary>Help: I see "view size is not compatible with input tensor's size and stride"</summary>
#
# `view` refuses tensors whose memory is in another order. `flatten(1)` and `reshape(len(X), -1)` take them all.
# </details>


# %% nbgrader={"grade": false, "grade_id": "MLP", "locked": false, "schema_version": 3, "solution": true, "task": false}
class MLP(torch.nn.Module):
    """One hidden layer: flatten, linear, ReLU, linear."""

    def __init__(self, num_inputs, num_hiddens, num_outputs):
        """Make the two linear layers, (num_inputs -> num_hiddens) and (num_hiddens -> num_outputs)."""
        ### BEGIN SOLUTION
        super().__init__()
        self.hidden = torch.nn.Linear(num_inputs, num_hiddens)
        self.output = torch.nn.Linear(num_hiddens, num_outputs)
        ### END SOLUTION

    def forward(self, X):
        """X: (n, ...) float, num_inputs numbers a sample, dtype of the parameters. Returns: scores (n, num_outputs), dtype of X."""
        ### BEGIN SOLUTION
        return self.output(torch.relu(self.hidden(X.flatten(1))))
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_MLP", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
_net = MLP(64, 128, 10)
check_equal(tuple(_net(torch.rand(5, 1, 8, 8)).shape), (5, 10), "the shape of the scores of five images")
_count = sum(p.numel() for p in _net.parameters())
check_equal(_count, 9610, "the number of parameters of MLP(64, 128, 10)")
check(bool((_net(10 * torch.randn(50, 64)) < 0).any()), "No score is ever negative: is there a ReLU or softmax after the last layer?")

_net = MLP(6, 5, 3).double()
_of_size = {p.numel(): p for p in _net.parameters()}
check(sorted(_of_size) == [3, 5, 15, 30], f"The parameters of MLP(6, 5, 3) have {sorted(_of_size)} entries, expected 3, 5, 15 and 30: two linear layers.")
check(len(_of_size[30].detach().unique()) > 1, "All hidden units start with the same weights, and will stay equal for ever.")
_weights = [_of_size[size] if tuple(_of_size[size].shape) == shape else _of_size[size].T for size, shape in [(30, (6, 5)), (15, (5, 3))]]
for _X in (10 * torch.randn(4, 6).double(), 10 * torch.randn(2, 1, 3, 2).double().transpose(2, 3), 10 * torch.randn(7, 6).double()):
    _X.requires_grad_()
    _expected = torch.relu(_X.flatten(1) @ _weights[0] + _of_size[5]) @ _weights[1] + _of_size[3]
    check_equal(_net(_X * 1), _expected, f"the scores of MLP(6, 5, 3) for an X of shape {tuple(_X.shape)}")
_net(_X * 1).square().sum().backward()
check(_X.grad is not None and all(p.grad is not None for p in _net.parameters()), "A gradient does not reach X or a parameter: is there a .data or .detach()?")
check_promises(_net.forward, torch.randn(4, 6).double())


# %% [markdown]
# What has the hidden layer bought? Here are your MLP and a single linear layer, as in ps05, trained in the same way.
# (Label smoothing, 标签平滑, asks for a probability of 0.91 and not of 1 at the label, so that the scores need not grow
# for ever.)

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_mlp", "locked": true, "schema_version": 3, "solution": false, "task": false}
# torch.manual_seed(0)
# nets = {"MLP(64, 128, 10)": MLP(64, 128, 10), "one linear layer": torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(64, 10))}
# curves = {name: [] for name in nets}
# loss = torch.nn.CrossEntropyLoss(label_smoothing=0.1)
# for name, net in nets.items():
#     optimizer = torch.optim.SGD(net.parameters(), lr=0.2, momentum=0.9)
#     for epoch in range(20):
#         for X, y in batches(X_train, y_train, 64, shuffle=True):
#             optimizer.zero_grad()
#             loss(net(X), y).backward()
#             optimizer.step()
#         with torch.no_grad():
#             curves[name].append((net(X_test).argmax(dim=1) == y_test).double().mean().item())
# plot_curves(curves, "epoch", "test accuracy", "What a hidden layer is worth")
# print({name: f"{accuracies[-1]:.3f}" for name, accuracies in curves.items()})

# %% [markdown]
# ## What you have now, and where to go
#
# A network of any depth, its gradients from your own pen, and the same thing in PyTorch's words. What autograd does in
# `backward()` is what you did in 5.1: keep what each layer was given, then walk back and multiply. It is no longer magic.
#
# To try, if you like: digits with a deeper net, `init_params([64, 128, 128, 128, 10], std=0.1)`. Then the same with std 0.01:
# it learns nothing in 30 epochs, since the signal shrinks from layer to layer. Why the scale matters so much, and how to
# choose it, is the matter of **ps08**. Or count the hidden units of your digit net that are 0 for *every* training sample:
# there are none. Train it again with `lr = 5 * (1 - epoch / 30)`, and there are about ten: a ReLU can die.
#
# An MLP treats a picture as 64 unrelated numbers; shuffle the pixels of all images in the same way, and it learns just as
# well. In **ps10** you build layers that know what a neighbour is.
