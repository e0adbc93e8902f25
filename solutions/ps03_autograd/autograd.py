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
# # Derivatives, by hand and by machine (自动微分)
#
# A network learns by asking one question again and again: *if I nudge this number a little, how does the result
# change?* The answer is a derivative (导数), and a large network has millions of them. In this notebook you find
# derivatives in four ways: with rules on paper, with small steps, with PyTorch's autograd (自动求导), and at the end with
# **a machine of your own**. Yours is about sixty lines long. You give it any computation written in ordinary Python,
# and every number in it learns its derivative. Then it trains a small neural network, with no PyTorch inside.
#
# **What you need.** Python, the tensors of **ps01** (shapes, `@`, copies and views), and from school that the
# derivative of $x^2$ is $2x$. Everything else is explained where it is used.
#
# **How it is marked.** Each exercise has a cell for your answer and, under it, a check that you can run as often as
# you like. A check is an example: it says in words what is wrong with one result. The hidden grader asks more of the
# same (other shapes, other functions, float64) and marks each property on its own, so an answer that is wrong only in
# some cases keeps the points of the others. Every exercise stands alone: you may skip one and come back.
# Helpers of your own may stand in cells of your own, above the exercise that uses them. The points add up to 100;
# the two written questions are extra credit. The cells that draw pictures show what you have just built.
#
# **What holds for every exercise**, unless it says otherwise:
#
# * the result has the dtype and the device of `x`;
# * a derivative carries **no graph**, also when the caller's `x` requires a gradient: it is plain numbers that nobody
#   differentiates any further;
# * what you are given is left as it was. The caller's `x` may require a gradient or not, and it may even hold an old
#   `.grad`: its values, its `requires_grad` and its `.grad` are after the call what they were before. There is an
#   easy way to be safe: begin with `x = x.detach().requires_grad_()`. That is a new tensor with the same numbers, and
#   what happens to *its* gradient is your own business;
# * functions such as `f` are handed to you ready-made. They never change their argument.
#
# **What is off limits.** You build the tools here, so those that are already built stay in their box in the whole
# notebook: `torch.autograd.functional`, `torch.func` and functorch. Where an exercise says *no autograd*,
# `backward()` and `torch.autograd.grad` are off limits too; elsewhere these two are exactly your tools.
#
# **Letters used throughout.** $x$ is what goes in, a vector with $n$ entries unless stated otherwise; $y = f(x)$ is
# what comes out, one number or a vector with $m$ entries. $J$ is the Jacobian matrix (雅可比矩阵): $m$ rows, $n$ columns,
# and $J_{ij} = \partial y_i / \partial x_j$.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import math

import torch
from course_tools import check, check_equal, check_promises, plot_curves

# %% [markdown]
# ## 1 · Rules on paper
#
# ### 1.1 `matrix_derivatives`
#
# *difficulty 2/5 · importance 4/5 · about 20 minutes · 7 points*
#
# Notes: 000 §1.1.4
#
# The derivative of a number by a number is a number. With vectors there is more than one slope to write down, and one
# has to agree where each of them goes. This course writes them so:
#
# | what is differentiated | by what | result | shape |
# |---|---|---|---|
# | a number $y$ | a vector $x$ with $n$ entries | a **row**: $\left[\frac{\partial y}{\partial x_1}, \dots, \frac{\partial y}{\partial x_n}\right]$ | $(1, n)$ |
# | a vector $y$ with $m$ entries | a number $t$ | a **column**: $\frac{\partial y_i}{\partial t}$ below each other | $(m, 1)$ |
# | a vector $y$ with $m$ entries | a vector $x$ with $n$ entries | a **matrix**, row $i$ is the row of $y_i$ | $(m, n)$ |
#
# Seven derivatives are asked for. $A$ has shape $(m, n)$; $B$ has shape $(n, n)$ and is **not** symmetric (对称); $a$
# and $x$ are vectors with $n$ entries; $t$ is a number.
#
# | key | derivative | shape | | key | derivative | shape |
# |---|---|---|---|---|---|---|
# | `"a.x"` | $a^\top x$ by $x$ | $(1, n)$ | | `"Ax"` | $A x$ by $x$ | $(m, n)$ |
# | `"x.x"` | $x^\top x$ by $x$ | $(1, n)$ | | `"Ax.Ax"` | $\lVert A x \rVert^2 = (Ax)^\top (Ax)$ by $x$ | $(1, n)$ |
# | `"x.Bx"` | $x^\top B x$ by $x$ | $(1, n)$ | | `"ttAx"` | $t^2 A x$ by $t$ | $(m, 1)$ |
# | `"x"` | $x$ by $x$ | $(n, n)$ | | | | |
#
# Return a dict with exactly these keys.
#
# **By hand.** Take $x = (1, 2)$ and $B = \begin{pmatrix} 1 & 3 \\ 0 & 2 \end{pmatrix}$. Written out,
# $x^\top B x = x_1^2 + 3 x_1 x_2 + 2 x_2^2$. By $x_1$ that is $2 x_1 + 3 x_2 = 8$, by $x_2$ it is
# $3 x_1 + 4 x_2 = 11$. So the entry `"x.Bx"` is the row $(8, 11)$. Which product of $x$, $B$ and $B^\top$ gives these
# two numbers?
#
# **No autograd:** write the formulas. `x` may require a gradient all the same, so put `x = x.detach()` first. (A good way
# to find a formula: write the sum out for $n = 2$, as above, differentiate, and look for the pattern.)
#
# <details><summary>Hint 1: a nudge</summary>
#
# A vector of shape (n,) becomes a row by `v[None, :]`, shape (1, n), and a column by `v[:, None]`, shape (n, 1). For
# $\lVert Ax \rVert^2$ use what you know already: it is $x^\top B x$ with $B = A^\top A$.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# The product rule gives one term for each place where $x$ stands: $x^\top B x$ has two, and its row is
# $x^\top B + x^\top B^\top$. For a symmetric $B$ the two are equal, which is why $x^\top x$ has the row $2 x^\top$.
# </details>
#
# <details><summary>Help: I see "dtype float32, expected float64"</summary>
#
# `torch.eye(n)` makes float32 numbers, whatever `x` is. Tell it: `torch.eye(n, dtype=x.dtype, device=x.device)`.
# </details>
#
# <details><summary>Help: I see "has shape (3,), expected (1, 3)"</summary>
#
# A row is a matrix with one row. `[None, :]` at the end makes it one.
# </details>


# %% nbgrader={"grade": false, "grade_id": "matrix_derivatives", "locked": false, "schema_version": 3, "solution": true, "task": false}
def matrix_derivatives(A, B, a, x, t):
    """Seven derivatives by their formulas, no autograd.

    A: (m, n) float. B: (n, n), not symmetric. a, x: (n,). t: a number. All are left unchanged. x may require a gradient; the results have no graph.
    Returns: a dict of tensors in dtype and device of x, with the keys "a.x", "x.x", "x.Bx", "x", "Ax", "Ax.Ax", "ttAx";
    a number by a vector is a row (1, n), a vector by a number a column (m, 1), a vector by a vector a matrix (m, n).
    """
    ### BEGIN SOLUTION
    x = x.detach()
    return {
        "a.x": a[None, :],
        "x.x": 2 * x[None, :],
        "x.Bx": (x @ (B + B.T))[None, :],
        "x": torch.eye(len(x), dtype=x.dtype, device=x.device),
        "Ax": A,
        "Ax.Ax": 2 * (x @ A.T @ A)[None, :],
        "ttAx": 2 * t * (A @ x)[:, None],
    }
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_matrix_derivatives", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
_A, _a = torch.tensor([[1.0, 2.0, 0.5], [3.0, -1.0, 4.0]]), torch.tensor([2.0, -3.0, 5.0])
_B, _x = torch.tensor([[1.0, 3.0, 2.0], [0.0, 2.0, -1.0], [4.0, 1.0, 5.0]]), torch.tensor([1.0, 2.0, -3.0])
_result = matrix_derivatives(_A, _B, _a, _x, 1.5)
check(isinstance(_result, dict), "matrix_derivatives should return a dict.")
_expected = {
    "a.x": torch.tensor([[2.0, -3.0, 5.0]]),
    "x.x": torch.tensor([[2.0, 4.0, -6.0]]),
    "x.Bx": torch.tensor([[-10.0, 11.0, -24.0]]),
    "x": torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    "Ax": torch.tensor([[1.0, 2.0, 0.5], [3.0, -1.0, 4.0]]),
    "Ax.Ax": torch.tensor([[-59.0, 36.0, -84.5]]),
    "ttAx": torch.tensor([[10.5], [-33.0]]),
}
check_equal(_result, _expected, "matrix_derivatives(A, B, a, x, 1.5)")
_wide = matrix_derivatives(_A.double(), _B.double(), _a.double(), _x.double(), 1.5)
check_equal(_wide, {key: value.double() for key, value in _expected.items()}, "matrix_derivatives of float64 tensors")
check_equal(_x, torch.tensor([1.0, 2.0, -3.0]), "x after the call")
_result = matrix_derivatives(_A, _B, _a, _x.clone().requires_grad_(), 1.5)
check(not any(value.requires_grad for value in _result.values()), "A result carries a graph, where x requires a gradient. Begin with x = x.detach().")

# %% [markdown]
# ### 1.2 A question on paper
#
# Extra credit, marked by hand. Formulas in LaTeX, plain text or a photograph of your paper: all are welcome.
#
# **Question 1 (up to 4 points).** $|x|$ and $\max(x, 0)$ have a corner at $0$, so there is no tangent there, but
# there are lines that touch the corner and stay below the graph. Their slopes are called the subdifferential (次微分),
# and each of them is a subderivative (亚导数). The lecture notes (000 §1.1.4) say that both functions have the slopes
# $a \in [-1, 1]$ at $0$. For one of the two this is wrong: which one, what is right, and why? And which single slope
# do PyTorch and this course take for $\mathrm{relu}(x) = \max(x, 0)$ at $0$?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_subdifferential", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** A slope $a$ belongs to the subdifferential of $f$ at $0$ when the line through the corner stays
# below the graph: $f(x) \ge f(0) + a x$ for all $x$. In other words, $a$ lies between the slope on the left and the
# slope on the right.
#
# * $|x|$: slope $-1$ on the left, $+1$ on the right, so $a \in [-1, 1]$. The notes are right here.
# * $\max(x, 0)$: slope $0$ on the left, $1$ on the right, so $a \in [0, 1]$. A negative $a$ fails: for $x = -1$ the
#   line is at $-a > 0$, above $\max(-1, 0) = 0$. The notes' $[-1, 1]$ is wrong here.
#
# Any value between is a right subderivative; a program has to choose one. PyTorch and this course take $0$ for ReLU
# at $0$.
#
# **Marking scheme.** 1 point: the definition (a line that touches and stays below), or "between the slopes on the
# left and on the right". 1 point: $[-1, 1]$ for $|x|$. 1 point: $[0, 1]$ for $\max(x, 0)$, with a reason. 1 point:
# $0$ is taken for ReLU.
# ### END SOLUTION

# %% [markdown]
# ## 2 · Small steps
#
# ### 2.1 `numerical_gradient`
#
# *difficulty 2/5 · importance 4/5 · about 15 minutes · 6 points*
#
# Notes: 003 §6.1
#
# You do not need any rule to *measure* a slope: go a small step forward, go a small step back, and see how much the
# result has changed. For a function $f$ of many entries, this is done with one entry at a time, all others stay where
# they are:
#
# $$\frac{\partial f}{\partial x_j} \approx \frac{f(x + \varepsilon e_j) - f(x - \varepsilon e_j)}{2 \varepsilon}$$
#
# $e_j$ is 1 at entry $j$ and 0 elsewhere. This is the **central difference** (中心差分). It is slow (two calls of $f$ for
# every entry) and it is not exact, but it knows nothing of any rule, so it makes a wonderful judge: whoever writes a
# gradient by hand holds it against this one. You will do that yourself for years to come.
#
# `x` may have any shape, `()` and an empty tensor included, and `f` takes a tensor of that shape and returns one
# number (a Python number, or a tensor with one element). **Give `f` a new tensor each time.** It may well return a
# part of its argument (a *view*, 视图, see ps01), and if you write into that tensor later, the result that you already
# have changes with it.
#
# **By hand.** $f(x) = x_1^2 + 5 x_2$ at $x = (3, 1)$ with $\varepsilon = 0.1$:
# $\frac{(3.1^2 + 5) - (2.9^2 + 5)}{0.2} = \frac{14.61 - 13.41}{0.2} = 6$ and $\frac{(9 + 5.5) - (9 + 4.5)}{0.2} = 5$.
#
# **No autograd:** not even `requires_grad`; `x` may have it, though, so put `x = x.detach()` first.
#
# <details><summary>Hint 1: a nudge</summary>
#
# A loop over `x.numel()` entries. For each, make a tensor of zeros with `numel` entries, write `eps` into place `j`,
# and give it the shape of `x`. Then `x + step` and `x - step` are new tensors already.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `step = torch.zeros(x.numel(), dtype=x.dtype, device=x.device)`, `step[j] = eps`, `step = step.reshape(x.shape)`.
# Collect `(float(f(x + step)) - float(f(x - step))) / (2 * eps)` in a tensor with `numel` entries, and reshape that
# in the end as well.
# </details>
#
# <details><summary>Help: I see "a Tensor with 3 elements cannot be converted to Scalar"</summary>
#
# `float` was given a whole tensor: `f` has got several points at once, or `float` something that is no result of `f`. Give
# `f` one tensor of the shape of `x`, with one entry nudged.
# </details>
#
# <details><summary>Help: I see that every slope is 0 when f returns a part of its argument</summary>
#
# You nudge one tensor up, call `f`, nudge the *same* tensor down, call `f` again. Both results look into the same
# memory.
# </details>


# %% nbgrader={"grade": false, "grade_id": "numerical_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def numerical_gradient(f, x, eps=1e-4):
    """The gradient of f at x, by central differences.

    f: takes a tensor of the shape of x, returns one number or a one-element tensor. x: float, any shape, left unchanged. eps: the step.
    Returns: shape, dtype and device of x; every entry is (f(x + eps e) - f(x - eps e)) / (2 eps). No graph.
    """
    ### BEGIN SOLUTION
    x = x.detach()
    slopes = torch.empty(x.numel(), dtype=x.dtype, device=x.device)
    for j in range(x.numel()):
        step = torch.zeros_like(slopes)
        step[j] = eps
        step = step.reshape(x.shape)
        slopes[j] = (float(f(x + step)) - float(f(x - step))) / (2 * eps)
    return slopes.reshape(x.shape)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_numerical_gradient", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_x = torch.tensor([[3.0, 1.0, -2.0], [0.5, 2.0, 4.0]], dtype=torch.float64, requires_grad=True)
_weights = torch.tensor([[1.0, 2.0, -1.0], [3.0, 0.5, 1.5]], dtype=torch.float64)
_slopes = numerical_gradient(lambda z: (_weights * z * z * z).sum(), _x, 0.1)
_expected = [[27.01, 6.02, -12.01], [2.28, 6.005, 72.015]]
check_equal(_slopes, torch.tensor(_expected, dtype=torch.float64), "the numerical gradient of a sum of cubes with eps=0.1")
check(not _slopes.requires_grad, "The result carries a graph; it should be plain numbers. x.detach() at the start helps.")
check(_x.grad is None and _x.requires_grad, "x is not as it was before the call: its requires_grad or its .grad has changed.")
_slopes = numerical_gradient(lambda z: z[1], torch.tensor([3.0, -1.0, 2.0]), 0.25)
check_equal(_slopes, torch.tensor([0.0, 1.0, 0.0]), "the numerical gradient of f(x) = x[1], which returns a part of its argument,")
check_equal(numerical_gradient(lambda z: z * z, torch.tensor(3.0), 0.5), torch.tensor(6.0), "the numerical gradient at an x of shape ()")
_x = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]).T
_slopes = numerical_gradient(lambda z: (z * torch.tensor([1.0, 10.0])).sum(), _x, 0.5)
check_equal(_slopes, torch.tensor([[1.0, 10.0]] * 3), "the numerical gradient at an x that is not contiguous")

# %% [markdown]
# **How small should a small step be?** The picture shows the error of your gradient for $f(x) = \sin x$ at $x = 1$.
# On the right, where the steps are large, the curve is not straight enough: the error of the one-sided difference
# (前向差分) shrinks like $\varepsilon$, that of your central one like $\varepsilon^2$. On the left the two values of $f$
# are so nearly equal that their difference is mostly rounding (舍入误差), and the error grows again. Every curve is a V,
# and the central difference has the deeper one. Where would you put $\varepsilon$ for float32?

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_step_size", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# steps = torch.logspace(-12, 0, 61, dtype=torch.float64).tolist()
# figure, axes = plt.subplots(figsize=(7.6, 4.6), layout="constrained")
# for dtype, colour in [(torch.float32, "C1"), (torch.float64, "C0")]:
#     x = torch.tensor(1.0, dtype=dtype)
#     forward = [abs((math.nan if x + eps == x else float((torch.sin(x + eps) - torch.sin(x)) / eps)) - math.cos(1)) for eps in steps]
#     central = [abs((math.nan if x + eps == x else float(numerical_gradient(torch.sin, x, eps))) - math.cos(1)) for eps in steps]
#     name = str(dtype).removeprefix("torch.")
#     axes.loglog(steps, forward, "--", color=colour, alpha=0.6, label=f"{name}, one-sided")
#     axes.loglog(steps, central, "-", color=colour, lw=2, label=f"{name}, central")
# axes.set(xlabel=r"step $\varepsilon$", ylabel="error of the slope", title="Two ways to be wrong: too large a step, and too small a one", ylim=(1e-13, 3))
# axes.text(0.17, 1.2e-1, r"$\propto \varepsilon$", color="C0", fontsize=12, ha="right")
# axes.text(0.3, 2e-3, r"$\propto \varepsilon^2$", color="C0", fontsize=12)
# axes.grid(alpha=0.3)
# axes.legend(loc="lower left")
# plt.show()

# %% [markdown]
# ## 3 · Autograd
#
# PyTorch writes down every operation on a tensor that requires a gradient, in a graph (计算图, computation graph).
# `backward()`, or `torch.autograd.grad(y, x)`, walks this graph from the result back to the start, by the chain rule.
# It looks like this:
#
# ```python
# x = torch.tensor([1.0, 2.0], requires_grad=True)      # floats: integers cannot require a gradient
# y = (x * x).sum()
# (gradient,) = torch.autograd.grad(y, x)               # hands the gradient over: tensor([2., 4.]); x.grad stays as it was
# y = (x * x).sum()
# y.backward()                                          # ADDS the gradient to x.grad, which is None at first
# ```
#
# Both walk the graph once and then throw it away; `retain_graph=True` keeps it for another walk. The difference that
# matters in this section: `backward()` *adds* to `.grad`, and `grad` leaves `.grad` alone.
#
# ### 3.1 `vjp`
#
# *difficulty 2/5 · importance 4/5 · about 15 minutes · 6 points*
#
# Notes: 000 §1.1.5 · 004 自动微分
#
# `y.backward()` wants `y` to be one number. When $y = f(x)$ is a vector, autograd still makes one walk through the
# graph, and for that it needs to know how much each entry of $y$ counts: a vector $v$ of the shape of $y$. What comes
# back is
#
# $$v^\top J, \qquad \text{entry by entry} \qquad \sum_i v_i \frac{\partial y_i}{\partial x_j} ,$$
#
# the **vector-Jacobian product**. It is the gradient of the number $\sum_i v_i y_i$, and no Jacobian is ever written
# down. This one product is all that reverse mode can do, and everything else is made of it.
#
# `x` and $y$ may have any shape (then $v$ has the shape of $y$, and the result that of `x`). Make it in **one**
# backward pass. When $f(x)$ has nothing to do with `x`, the answer is zeros.
#
# **By hand.** $f(x) = (x_1 x_2,\ x_2^2,\ 7)$ at $x = (3, 2)$ has the Jacobian
# $\begin{pmatrix} 2 & 3 \\ 0 & 4 \\ 0 & 0 \end{pmatrix}$. With $v = (10, 1, 5)$ the answer is
# $(20,\ 30 + 4) = (20, 34)$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Both `y.backward(v)` and `torch.autograd.grad(y, x, v)` take $v$. Which of them leaves `.grad` alone?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `x = x.detach().requires_grad_()`, then `y = f(x)`, then `torch.autograd.grad(y, x, v)`, which returns a tuple with
# one entry. Before that: if `y.requires_grad` is False, there is no graph, and `torch.zeros_like(x)` is the answer.
# </details>
#
# <details><summary>Help: I see "grad can be implicitly created only for scalar outputs"</summary>
#
# `v` is missing: PyTorch does not know how much each entry of `y` counts.
# </details>
#
# <details><summary>Help: I see "One of the differentiated Tensors appears to not have been used in the graph"</summary>
#
# `f(x)` has a graph, but it does not lead to `x`. `materialize_grads=True` makes zeros of that. (`allow_unused=True`
# gives `None` instead.)
# </details>


# %% nbgrader={"grade": false, "grade_id": "vjp", "locked": false, "schema_version": 3, "solution": true, "task": false}
def vjp(f, x, v):
    """The vector-Jacobian product of f at x: sum over i of v_i times the gradient of y_i, in one backward pass.

    f: takes a tensor of the shape of x, returns a tensor y of any shape. x: float, any shape. v: the shape of y.
    Returns: shape and dtype of x; zeros where f(x) does not depend on x. No graph; x and x.grad stay as they are.
    """
    ### BEGIN SOLUTION
    x = x.detach().requires_grad_()
    y = f(x)
    if not y.requires_grad:
        return torch.zeros_like(x)
    (product,) = torch.autograd.grad(y, x, v, materialize_grads=True)
    return product
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_vjp", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_x, _v = torch.tensor([3.0, 2.0], requires_grad=True), torch.tensor([10.0, 1.0, 5.0])
_x.grad = torch.tensor([0.25, 0.75])
_product = vjp(lambda z: torch.stack([z[0] * z[1], z[1] ** 2, z[0]]), _x, _v)
check_equal(_product, torch.tensor([25.0, 34.0]), "vjp(f, x, v)")
check(not _product.requires_grad, "The result carries a graph; it should be plain numbers.")
check_equal(_x.grad, torch.tensor([0.25, 0.75]), "x.grad after the call, which should be as it was before,")
check_equal(vjp(lambda z: torch.tensor([1.0, 2.0]), _x, torch.tensor([3.0, 4.0])), torch.zeros(2), "vjp of an f that does not use x")
_other = torch.tensor([2.0, 5.0], requires_grad=True)
check_equal(vjp(lambda z: 3 * _other, _x, torch.tensor([3.0, 4.0])), torch.zeros(2), "vjp of an f that has a graph, but not to x,")
_passes = []


def _f(z):
    z = z * 1
    if z.requires_grad:
        z.register_hook(_passes.append)
    return torch.stack([z[0] * z[1], z[1] ** 2 + z[0]])


check_equal(vjp(_f, torch.tensor([3.0, 2.0]), torch.tensor([10.0, 1.0])), torch.tensor([21.0, 34.0]), "vjp for an x and a y of two entries")
check(len(_passes) == 1, f"vjp made {len(_passes)} backward passes; one is enough for all entries of y.")
_x, _v = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 7.0]], dtype=torch.float64), torch.tensor([[2.0, -1.0]], dtype=torch.float64)
_expected = torch.tensor([[4.0, -4.0, 0.0], [16.0, -10.0, 0.0]], dtype=torch.float64)
check_equal(vjp(lambda z: (z[:, :2] ** 2).sum(dim=0, keepdim=True), _x, _v), _expected, "vjp for an x of shape (2, 3) and a y of shape (1, 2)")

# %% [markdown]
# ### 3.2 `jacobian`
#
# *difficulty 3/5 · importance 4/5 · about 15 minutes · 7 points*
#
# Notes: 000 §1.1.4 · 000 §1.1.5
#
# Now the whole matrix. Row $i$ is the gradient of $y_i$, so it takes one backward pass for each entry of $y$:
#
# $$J = \begin{pmatrix} \nabla y_1 \\ \vdots \\ \nabla y_m \end{pmatrix}, \qquad J_{ij} = \frac{\partial y_i}{\partial x_j}, \qquad \text{shape } (m, n)$$
#
# Here `x` has shape $(n,)$ and $f(x)$ shape $(m,)$, with $m$ and $n$ not equal in general. Rows of entries that do
# not depend on `x` are zeros; and if $f(x)$ has no graph at all, or one that does not lead to `x`, the whole matrix is.
#
# **By hand.** The function of 3.1, $f(x) = (x_1 x_2,\ x_2^2,\ 7)$ at $(3, 2)$, has the rows $(2, 3)$, $(0, 4)$ and
# $(0, 0)$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `[... for y_i in y]` goes through the entries of a vector, and `torch.stack` puts rows into a matrix. All walks go
# through the same graph, so it must be kept after each of them.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `torch.autograd.grad(y_i, x, retain_graph=True, materialize_grads=True)[0]` is row $i$, of zeros where the graph leads
# elsewhere. If `y.requires_grad` is False, there is no graph, and a matrix of zeros is the answer. With `backward()` it works as well, but then clear `x.grad` before every row,
# and store a *copy* of it: `x.grad.clone()`.
# </details>
#
# <details><summary>Help: I see that each row contains the rows above it</summary>
#
# `backward()` adds to `x.grad`. Set `x.grad = None` before each row.
# </details>
#
# <details><summary>Help: I see that all rows are the same, the last one</summary>
#
# You have stored the one tensor `x.grad` $m$ times. `.clone()` makes a copy of what it holds now.
# </details>
#
# <details><summary>Help: I see "Trying to backward through the graph a second time"</summary>
#
# The first walk has thrown the graph away. `retain_graph=True` keeps it.
# </details>


# %% nbgrader={"grade": false, "grade_id": "jacobian", "locked": false, "schema_version": 3, "solution": true, "task": false}
def jacobian(f, x):
    """The matrix of all derivatives of f at x, row by row.

    f: takes a tensor (n,), returns a tensor (m,), m >= 1. x: (n,) float.
    Returns: (m, n), dtype of x; row i is the gradient of y_i, zeros where y_i does not depend on x. No graph.
    """
    ### BEGIN SOLUTION
    x = x.detach().requires_grad_()
    y = f(x)
    if not y.requires_grad:
        return torch.zeros(len(y), len(x), dtype=x.dtype, device=x.device)
    return torch.stack([torch.autograd.grad(y_i, x, retain_graph=True, materialize_grads=True)[0] for y_i in y])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_jacobian", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
_x = torch.tensor([3.0, 2.0], requires_grad=True)
_J = jacobian(lambda z: torch.stack([z[0] * z[1], z[1] ** 2, torch.tensor(7.0), z[0] ** 3]), _x)
check_equal(_J, torch.tensor([[2.0, 3.0], [0.0, 4.0], [0.0, 0.0], [27.0, 0.0]]), "jacobian(f, x)")
check(_x.grad is None, "x.grad has changed; it should be left as it was.")
_wide = torch.tensor([2.0, 5.0, 1.0], dtype=torch.float64)
_expected = torch.tensor([[5.0, 2.0, 0.0]], dtype=torch.float64)
check_equal(jacobian(lambda z: (z[0] * z[1]).reshape(1), _wide), _expected, "jacobian of one number")
check_equal(jacobian(lambda z: torch.tensor([1.0, 2.0]), torch.tensor([1.0, 5.0, 4.0])), torch.zeros(2, 3), "jacobian of an f that does not use x")
_other = torch.tensor([2.0, 5.0, 1.0], requires_grad=True)
check_equal(jacobian(lambda z: 3 * _other, torch.tensor([1.0, 4.0])), torch.zeros(3, 2), "jacobian of an f that has a graph, but not to x,")

# %% [markdown]
# ### 3.3 `chain_rule`
#
# *difficulty 2/5 · importance 4/5 · about 15 minutes · 5 points*
#
# Notes: 000 §1.1.5 · 003 §7.3.2
#
# A long computation is a chain $x \to u_1 \to u_2 \to \dots \to y$, and each link has its Jacobian. The chain rule
# (链式法则) says that the Jacobian of the whole is their product:
#
# $$\underset{(m,\,n)}{\frac{\partial y}{\partial x}} = \underset{(m,\,k)}{\frac{\partial y}{\partial u}}\ \underset{(k,\,n)}{\frac{\partial u}{\partial x}}$$
#
# The product is the same wherever you begin to multiply, but **the work is not**:
#
# * mode `"forward"` (forward accumulation, 前向累积) starts at the input: first $J_2 J_1$, then $J_3 (J_2 J_1)$, and so
#   on;
# * mode `"reverse"` (reverse accumulation, 反向累积) starts at the output: first $J_L J_{L-1}$, then
#   $(J_L J_{L-1}) J_{L-2}$, and so on.
#
# You get the list $[J_1, J_2, \dots, J_L]$ **from the input side**: $J_1$ has shape $(k_1, n)$, $J_2$ has shape
# $(k_2, k_1)$, and so on. Return the product and its cost. A product of a $(p, q)$ and a $(q, r)$ matrix costs
# $p \cdot q \cdot r$ multiplications; add up those of the products that you carry out. One matrix alone costs 0 and
# is the product itself. (`torch.linalg.multi_dot` chooses an order of its own, so it is off limits here.)
#
# **By hand.** Shapes $(3, 4)$, $(2, 3)$, $(1, 2)$: four inputs, one output. Forward: $J_2 J_1$ costs
# $2 \cdot 3 \cdot 4 = 24$, and $J_3$ times that costs $1 \cdot 2 \cdot 4 = 8$, together 32. Reverse: $J_3 J_2$ costs
# $1 \cdot 2 \cdot 3 = 6$, and that times $J_1$ costs $1 \cdot 3 \cdot 4 = 12$, together 18. A network has millions of
# inputs (its weights) and one output (its loss): that is why `backward` goes backwards.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Keep one matrix, the product so far. In which mode does the next Jacobian stand to its left, and in which to its
# right?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Forward: start from `jacobians[0]`, and for each `J` of `jacobians[1:]` the new product is `J @ product`. Reverse:
# start from `jacobians[-1]`, go through the others from the last to the first, and the new product is `product @ J`.
# In both, count *before* you replace `product`: rows of the left one, columns of the left one, columns of the right
# one.
# </details>
#
# <details><summary>Help: I see "mat1 and mat2 shapes cannot be multiplied"</summary>
#
# The list begins at the input, but in the product $J_L \cdots J_2 J_1$ the first link stands on the right.
# </details>


# %% nbgrader={"grade": false, "grade_id": "chain_rule", "locked": false, "schema_version": 3, "solution": true, "task": false}
def chain_rule(jacobians, mode):
    """The Jacobian of a chain, and how many multiplications it took.

    jacobians: list of J_1 (k_1, n), J_2 (k_2, k_1), ..., from the input side, at least one. mode: "forward" or "reverse".
    Returns: (product (k_m, n), cost), dtype of the Jacobians; cost is an int, the sum of p q r over the products (p, q)(q, r) carried out.
    """
    ### BEGIN SOLUTION
    forward = mode == "forward"
    chain = jacobians if forward else jacobians[::-1]
    product, cost = chain[0], 0
    for J in chain[1:]:
        left, right = (J, product) if forward else (product, J)
        cost += left.shape[0] * left.shape[1] * right.shape[1]
        product = left @ right
    return product, cost
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_chain_rule", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
_J1 = torch.tensor([[1.0, 2.0, 0.0, 1.0], [0.0, 1.0, 3.0, 2.0], [2.0, 0.0, 1.0, -1.0]])
_J2, _J3 = torch.tensor([[1.0, 2.0, 3.0], [2.0, 0.0, 5.0]]), torch.tensor([[4.0, -3.0]])
for _mode, _cost in [("forward", 32), ("reverse", 18)]:
    _result = chain_rule([_J1, _J2, _J3], _mode)
    check(isinstance(_result, tuple | list) and len(_result) == 2, "chain_rule should return two things: the product and its cost.")
    check_equal(_result[0], torch.tensor([[-8.0, 4.0, 21.0, 17.0]]), f"the product, mode {_mode}")
    check_equal(_result[1], _cost, f"the cost, mode {_mode}")
check_equal(chain_rule([_J2], "forward")[1], 0, "the cost of a chain with one link")

# %% [markdown]
# ### 3.4 A question on paper
#
# Extra credit, marked by hand.
#
# **Question 2 (up to 5 points).** A computation has $n$ operations on single numbers, $d$ inputs and one output. (a)
# How long do forward and reverse accumulation take for all $d$ derivatives, and how much memory does each need beside
# the inputs? Orders of magnitude ($O(n)$, …) will do. (b) For which shapes $(m, n)$ of a Jacobian is forward
# accumulation the better one? (c) What must reverse accumulation keep until it is done, and why?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_accumulation", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) Forward accumulation follows one input through the computation at a time, so it takes one walk
# of $O(n)$ for each input, $d \cdot O(n)$ in all. It can forget a number as soon as it is used, so it needs $O(1)$
# memory (more exactly, what the computation itself needs at any one time). Reverse accumulation takes one walk
# forward and one back, $O(n)$ in all, for all inputs together, and $O(n)$ memory. (b) Forward needs a walk for each
# column of $J$ (each input), reverse one for each row (each output): forward is better for tall matrices, $m > n$,
# more outputs than inputs. (c) The intermediate values of the forward walk, such as the two factors of each product:
# the local derivatives are made of them, and they are needed in the opposite order, so nothing can be thrown away
# before the walk back comes by.
#
# **Marking scheme.** 1 point: forward takes $d \cdot O(n)$. 1 point: reverse takes $O(n)$. 1 point: memory $O(1)$
# against $O(n)$. 1 point: forward for tall $J$. 1 point: reverse keeps the intermediate values.
# ### END SOLUTION

# %% [markdown]
# ### 3.5 `grad_parts`
#
# *difficulty 2/5 · importance 3/5 · about 10 minutes · 5 points*
#
# Notes: 000 §1.1.5 · 004 自动微分
#
# `u.detach()` is a tensor with the same numbers as `u` and no graph: for autograd it is a constant, no gradient flows
# through it. With that you can look at one path of a gradient alone. Let
#
# $$s(x) = \sum_i f(x)_i \, g(x)_i .$$
#
# `x` reaches $s$ in two ways, through $f$ and through $g$. Return two gradients of $s$: one through $f$ alone (all of
# $g(x)$ held constant), one through $g$ alone (all of $f(x)$ held constant). Their sum is the whole gradient: that is
# the product rule (乘法法则).
#
# `f` and `g` take and return vectors of shape $(n,)$. Each of them may be a constant, whose result has no graph; the
# gradient through it is zeros.
#
# **By hand.** $n = 1$, $f(x) = x^2$ and $g(x) = 3x$ at $x = 2$. Through $f$: $2x \cdot g = 4 \cdot 6 = 24$. Through
# $g$: $f \cdot 3 = 12$. Together 36, and the derivative of $3 x^3$ is $9 x^2 = 36$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Two sums: `(f(x) * g(x).detach()).sum()` and the other way round. Which of them is the gradient through $f$?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# When a factor is a constant, the sum has no graph, and `torch.autograd.grad` complains. Ask `s.requires_grad` first,
# and use `torch.zeros_like(x)` if it is False. A small function for one of the two gradients, called twice, keeps it
# short.
# </details>
#
# <details><summary>Help: I see that the second gradient is the sum of both</summary>
#
# `backward()` has added the second to the first in `x.grad`. Use `torch.autograd.grad`, or clear `x.grad` in between.
# </details>


# %% nbgrader={"grade": false, "grade_id": "grad_parts", "locked": false, "schema_version": 3, "solution": true, "task": false}
def grad_parts(f, g, x):
    """The gradient of sum(f(x) * g(x)) through f alone, and through g alone.

    f, g: take and return tensors (n,); either may be a constant without a graph. x: (n,) float.
    Returns: (through f with g held constant, through g with f held constant), each with shape and dtype of x. No graph.
    """
    ### BEGIN SOLUTION
    x = x.detach().requires_grad_()

    def through(moving, held):
        s = (moving(x) * held(x).detach()).sum()
        return torch.autograd.grad(s, x)[0] if s.requires_grad else torch.zeros_like(x)

    return through(f, g), through(g, f)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_grad_parts", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
_x = torch.tensor([2.0, -1.0, 3.0], requires_grad=True)
_result = grad_parts(lambda z: z * z, lambda z: 3 * z + z.sum(), _x)
check(isinstance(_result, tuple | list) and len(_result) == 2, "grad_parts should return two things: the gradient through f and the one through g.")
check_equal(_result[0], torch.tensor([40.0, -2.0, 78.0]), "the gradient through f")
check_equal(_result[1], torch.tensor([26.0, 17.0, 41.0]), "the gradient through g")
check(_x.grad is None, "x.grad has changed; it should be left as it was.")
_result = grad_parts(lambda z: torch.tensor([1.0, 2.0]), lambda z: z * z, torch.tensor([3.0, 5.0]))
check_equal(_result[0], torch.zeros(2), "the gradient through an f that is a constant")
check_equal(_result[1], torch.tensor([6.0, 20.0]), "the gradient through g, where f is a constant")

# %% [markdown]
# ### 3.6 `accumulate_grad`
#
# *difficulty 3/5 · importance 4/5 · about 15 minutes · 6 points*
#
# Notes: 000 §1.1.5 · 004 自动微分
#
# That `backward()` *adds* to `.grad` is not a nuisance. It lets you compute the gradient of a data set that does not
# fit into memory: batch by batch (小批量), letting `.grad` add up. The result should be the gradient of the **mean over
# all samples**
#
# $$\frac{1}{N} \sum_{i=1}^{N} \ell_i(w), \qquad N = \text{number of samples in all batches together.}$$
#
# `loss(w, X, y)` returns the losses of one batch, one a sample, shape $(\text{size},)$. The batches differ in size,
# and `batches` may be a *generator*: it can be walked through once, and has no length. Leave the gradient in
# `w.grad`; whatever `w.grad` held before the call (a stale gradient from yesterday) does not count. `w` itself keeps
# its values, and stays a leaf that requires a gradient. Here the caller's own `w` is meant: do not detach it.
#
# **By hand.** $\ell_i = (w x_i)^2$ at $w = 1$, with the batches $\{1, 2\}$ and $\{3\}$. The slopes of the samples are
# $2 x_i^2 = 2,\ 8,\ 18$, their mean is $28/3 \approx 9.33$. The mean of the two batch means would be
# $(5 + 18)/2 = 11.5$: the lonely sample in the short batch would count twice as much as the others.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Sums can be added up over batches, means cannot. Divide once, when you know how many samples there were.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `w.grad = None` before the loop. In the loop: `loss(w, X, y).sum().backward()`, and count `len(y)`. After the loop:
# `w.grad /= count`.
# </details>
#
# <details><summary>Help: I see only the gradient of the last batch</summary>
#
# `.grad` is cleared inside the loop. Here it should add up: clear it once, before the loop.
# </details>
#
# <details><summary>Help: I see "object of type 'generator' has no len()", or a gradient of None</summary>
#
# A generator has no length, and a second `for` finds it empty. Count the samples in the same loop that makes the
# gradients.
# </details>


# %% nbgrader={"grade": false, "grade_id": "accumulate_grad", "locked": false, "schema_version": 3, "solution": true, "task": false}
def accumulate_grad(loss, w, batches):
    """Leaves in w.grad the gradient of the mean loss over all samples, batch by batch.

    loss: loss(w, X, y) gives the losses (size,) of a batch. w: a leaf tensor that requires a gradient; its values stay as they are.
    batches: any iterable of (X, y), also a generator, walked through once; the batches differ in size.
    """
    ### BEGIN SOLUTION
    w.grad = None
    count = 0
    for X, y in batches:
        losses = loss(w, X, y)
        losses.sum().backward()
        count += len(losses)
    w.grad /= count
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_accumulate_grad", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_w = torch.tensor([1.0, -2.0], requires_grad=True)
_w.grad = torch.tensor([100.0, 100.0])
_X, _y = torch.tensor([[1.0, 2.0], [3.0, 1.0], [2.0, 5.0], [4.0, -1.0], [1.0, 6.0]]), torch.tensor([1.0, 0.0, 2.0, -1.0, 3.0])
accumulate_grad(lambda w, X, y: (X @ w - y) ** 2, _w, ((_X[i : i + 2], _y[i : i + 2]) for i in (0, 2, 4)))
check(_w.grad is not None, "w.grad is None after the call: did you work on a copy of w, or only return the gradient?")
check(not torch.equal(_w.grad, torch.tensor([100.0, 100.0])), "w.grad is what it was before the call: did you work on a copy of w, or only return it?")
check_equal(_w.grad, torch.tensor([-2.8, -59.2]), "w.grad after the batches of 2, 2 and 1 samples")
check_equal(_w.detach(), torch.tensor([1.0, -2.0]), "w after the call")
check(_w.requires_grad and _w.is_leaf, "w should still be a leaf that requires a gradient.")

# %% [markdown]
# ### 3.7 `heron_sqrt`
#
# *difficulty 3/5 · importance 3/5 · about 20 minutes · 6 points*
#
# Notes: 000 §1.1.5 · 004 自动微分
#
# The graph is made while the program runs. So a program may contain `if` and `while`, and take another way for other
# numbers: autograd follows whatever way was taken. Here is a loop of which nobody knows beforehand how often it
# turns. Heron of Alexandria took square roots like this, two thousand years ago:
#
# $$x \leftarrow \frac12 \left( x + \frac{a}{x} \right), \qquad \text{until } x \text{ no longer changes.}$$
#
# If $x$ is too large, $a/x$ is too small, and the middle of both is closer. Near the root every step doubles the
# number of right digits.
#
# `a` is a tensor of any shape, all entries positive. They may be as small as $10^{-12}$ and as large as $10^{12}$ in
# float64 ($10^{-8}$ to $10^{8}$ in float32), side by side in one tensor. Every root must be right to nearly all
# digits of its dtype, a relative error of $10^{-12}$ in float64 and $10^{-6}$ in float32. And the gradient must flow
# through: $\frac{1}{2\sqrt{a}}$, to ten times these errors. **This result keeps its graph**, so do not begin with
# `detach`.
#
# Two things to think about. *When to stop:* the roots lie between $10^{-6}$ and $10^6$, so a change of $0.001$ is
# nothing for one of them and a thousand times too much for another. And it is over only when it is over for **all**
# entries. *Where to start:* from $(a + 1)/2$, for instance, 24 steps are enough for the whole range in float64, but
# ten are not.
#
# **By hand.** $a = 9$ from $x = 5$: $\frac12(5 + 1.8) = 3.4$, then $3.0235$, then $3.0001$, then $3.000000001$.
#
# **From scratch:** `sqrt` and everything that could stand for it is off limits: `rsqrt`, `pow` and `**` (write
# `x * x`; `square` is `pow` in disguise), `float_power`, `exp`, `log` and their relatives, `hypot`, `norm`, `frexp`, the
# decompositions of `torch.linalg` (eigenvalues, Cholesky, …), and the roots of `math` and NumPy.
# All entries are treated at once: the loop is over the steps, not over the entries.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Compare the change with the size of $x$ itself: a *relative* tolerance. `.all()` tells whether something holds for
# all entries.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `while True:`, compute the next `x`, and leave the loop when `((new - x).abs() <= tolerance * new).all()`.
# `torch.finfo(a.dtype).eps` is the smallest relative step of a dtype; a few times that is a good tolerance.
# </details>
#
# <details><summary>Help: I see a loop that does not end</summary>
#
# A tolerance of exactly 0 cannot be relied on: the last digit may go up and down for ever. A very small absolute one
# is no better for large roots, where neighbouring numbers are far apart. And a larger absolute one, `1e-10` say, stops
# too early for small roots: for $a = 2 \cdot 10^{-12}$ the error is still $10^{-10}$ of the root. Measure the change
# against $x$ itself.
# </details>
#
# <details><summary>Help: I see a gradient of 1, or none</summary>
#
# Somewhere on the way the numbers were taken out of the graph (`detach`, `item`, `torch.no_grad`). Stopping the loop
# by looking at numbers is fine; the last step at least must be made of `a` itself.
# </details>


# %% nbgrader={"grade": false, "grade_id": "heron_sqrt", "locked": false, "schema_version": 3, "solution": true, "task": false}
def heron_sqrt(a):
    """Square roots of all entries by Heron's rule, with a graph.

    a: float tensor of any shape, entries from 1e-12 to 1e12 in float64, from 1e-8 to 1e8 in float32. Left unchanged.
    Returns: shape, dtype and device of a; the gradient 1 / (2 sqrt(a)) flows through.
    """
    ### BEGIN SOLUTION
    tolerance = 4 * torch.finfo(a.dtype).eps
    x = (a + 1) / 2
    while True:
        before, x = x, (x + a / x) / 2
        if ((x - before).abs() <= tolerance * x).all():
            return x
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_heron_sqrt", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_a = torch.tensor([[9.0, 2.25, 1e-6], [1e8, 0.01, 400.0]], dtype=torch.float64, requires_grad=True)
_roots = heron_sqrt(_a * 1)
check_equal(_roots, torch.tensor([[3.0, 1.5, 1e-3], [1e4, 0.1, 20.0]], dtype=torch.float64), "heron_sqrt(a)", rtol=1e-12, atol=0)
check(_roots.requires_grad, "No gradient can flow through heron_sqrt(a): was it detached, or computed outside PyTorch?")
_roots.sum().backward()
_slopes = torch.tensor([[1 / 6, 1 / 3, 500.0], [5e-5, 5.0, 0.025]], dtype=torch.float64)
check_equal(_a.grad, _slopes, "the gradient of heron_sqrt(a)", rtol=1e-11, atol=0)
check_equal(heron_sqrt(torch.tensor(1e-8)), torch.tensor(1e-4), "heron_sqrt of 1e-8 in float32", rtol=1e-6, atol=0)
check_promises(heron_sqrt, torch.tensor([[2.0, 5.0, 30.0], [0.5, 1.0, 7.0]]))

# %% [markdown]
# ## 4 · Landscapes
#
# ### 4.1 `critical_point`
#
# *difficulty 4/5 · importance 3/5 · about 25 minutes · 9 points*
#
# Notes: 001 二元函数
#
# Where the gradient is zero the ground is level. Is it the bottom of a valley, the top of a hill, or a pass between
# two mountains? The second derivatives tell. They form the **Hessian** (海森矩阵), a symmetric matrix:
#
# $$H_{ij} = \frac{\partial^2 f}{\partial x_i \, \partial x_j}$$
#
# You have all the tools: a gradient is a function of $x$ as well, and $H$ is its Jacobian. Autograd can differentiate
# a gradient if it is told to make a graph for it: `torch.autograd.grad(y, x, create_graph=True)`.
#
# How the ground bends, in every direction at once, is in the eigenvalues (特征值) of $H$; `torch.linalg.eigvalsh(H)`
# gives them. A positive one stands for a direction in which it goes up, a negative one for a direction in which it
# goes down. One that is zero says nothing: $x^4$, $-x^4$ and $x^3$ all have $H = 0$ at $0$. Computed zeros are rarely
# exact, so let $\text{small} = 10^{-6} \cdot \max_i |\lambda_i|$ and decide in this order:
#
# 1. some $\lambda > \text{small}$ and some $\lambda < -\text{small}$: `"saddle"` (鞍点), whatever the others are;
# 2. else some $|\lambda| \le \text{small}$: `"undecided"` (so $H = 0$ is undecided, too);
# 3. else all have the same sign: `"minimum"` if they are positive, `"maximum"` if they are negative.
#
# Return the pair `(H, kind)`. That the gradient is zero at `x` you may take for granted. `f` takes a vector $(n,)$
# and returns one number that has a graph; when it is linear (线性), its gradient has none, and $H$ is all zeros (a linear
# $f$ is tried at any `x`, though its gradient is not zero). Call `f` with the dtype that `x` has: it may hold numbers of
# its own.
#
# **By hand.** $f(x) = x_1^2 + 4 x_1 x_2 + x_2^2$ at the origin: $H = \begin{pmatrix} 2 & 4 \\ 4 & 2 \end{pmatrix}$.
# Along both axes it goes up. But along $(1, -1)$, $f = 1 - 4 + 1 = -2$: it goes down, a saddle. The eigenvalues, $6$
# and $-2$, know that; the diagonal alone does not. (`convex_at` of **ps14** asks the same eigenvalues a related
# question: is the function convex here, whatever its gradient?)
#
# <details><summary>Hint 1: a nudge</summary>
#
# First the gradient with `create_graph=True`, then for each of its entries a gradient once more: 3.2 has the loop.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `(g,) = torch.autograd.grad(f(x), x, create_graph=True)`. If `g.requires_grad` is False, $H$ is zeros of shape (n,
# n); else row $i$ is `torch.autograd.grad(g[i], x, retain_graph=True)[0]`. For the kind:
# `(eigenvalues > small).any()`, and so on.
# </details>
#
# <details><summary>Help: I see "element 0 of tensors does not require grad and does not have a grad_fn"</summary>
#
# Either `create_graph=True` is missing, or `f` is linear: then its gradient is a constant.
# </details>
#
# <details><summary>Help: I see a Hessian that is wrong off the diagonal, or a diagonal that is too large</summary>
#
# `grad(g.sum(), x)` adds up the rows of $H$. You need one row for each entry of `g`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "critical_point", "locked": false, "schema_version": 3, "solution": true, "task": false}
def critical_point(f, x):
    """The Hessian of f at x, and what kind of critical point it makes of x.

    f: takes a tensor (n,), returns one number with a graph. x: (n,) float, n >= 1, a point where the gradient of f is zero.
    Returns: (H (n, n), kind), dtype of x, no graph; kind is "minimum", "maximum", "saddle" or "undecided".
    """
    ### BEGIN SOLUTION
    x = x.detach().requires_grad_()
    (g,) = torch.autograd.grad(f(x), x, create_graph=True)
    if g.requires_grad:
        H = torch.stack([torch.autograd.grad(slope, x, retain_graph=True)[0] for slope in g])
    else:
        H = torch.zeros(len(x), len(x), dtype=x.dtype, device=x.device)
    eigenvalues = torch.linalg.eigvalsh(H)
    small = 1e-6 * eigenvalues.abs().max()
    up, down = (eigenvalues > small).any(), (eigenvalues < -small).any()
    if up and down:
        return H, "saddle"
    if (eigenvalues.abs() <= small).any():
        return H, "undecided"
    return H, "minimum" if up else "maximum"
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_critical_point", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
_result = critical_point(lambda z: z[0] ** 2 + 4 * z[0] * z[1] + z[1] ** 2, torch.tensor([0.0, 0.0], requires_grad=True))
check(isinstance(_result, tuple | list) and len(_result) == 2, "critical_point should return two things: the Hessian and the kind.")
check_equal(_result[0], torch.tensor([[2.0, 4.0], [4.0, 2.0]]), "the Hessian of x1² + 4 x1 x2 + x2²")
check_equal(_result[1], "saddle", "the kind of the origin for x1² + 4 x1 x2 + x2²")
_x = torch.tensor([1.0, -1.0, 2.0], dtype=torch.float64)
_result = critical_point(lambda z: 5 - (z[0] - 1) ** 2 - 2 * (z[1] + z[0]) ** 2 - (z[2] - 2) ** 4, _x)
_H = torch.tensor([[-6.0, -4.0, 0.0], [-4.0, -4.0, 0.0], [0.0, 0.0, 0.0]], dtype=torch.float64)
check_equal(_result[0], _H, "the Hessian of a function of three entries")
check_equal(_result[1], "undecided", "the kind of a point where one eigenvalue is 0 and two are negative")
_result = critical_point(lambda z: 3 * z[0] - z[1], torch.tensor([1.0, 2.0]))
check_equal(_result[0], torch.zeros(2, 2), "the Hessian of a linear function")
_result = critical_point(lambda z: z[0] ** 2 - z[1] ** 2 + z[2] ** 4, torch.zeros(3))
check_equal(_result[1], "saddle", "the kind of the origin for x1² - x2² + x3⁴, where the eigenvalues are 2, -2 and 0")
check(not _result[0].requires_grad, "H carries a graph; it should be plain numbers.")
_kind = critical_point(lambda z: 1e-5 * z[0] ** 2 + 1e-5 * z[1] ** 2, torch.zeros(2))[1]
check_equal(_kind, "minimum", "the kind of the origin for a very flat bowl (small is measured against the largest eigenvalue)")
_kind = critical_point(lambda z: z[0] ** 2 + z[0] * z[1] + 3 * z[1] ** 2, torch.zeros(2))[1]
check_equal(_kind, "minimum", "the kind of the origin for x1² + x1 x2 + 3 x2²")
_kind = critical_point(lambda z: -(z[0] ** 2) + z[0] * z[1] - 3 * z[1] ** 2, torch.zeros(2))[1]
check_equal(_kind, "maximum", "the kind of the origin for -x1² + x1 x2 - 3 x2²")
_Q = torch.tensor([[1.0, 1.0], [1.0, 1.0]])
_kind = critical_point(lambda z: z @ _Q @ z, torch.zeros(2))[1]
check_equal(_kind, "undecided", "the kind of the origin for (x1 + x2)², where the eigenvalues are 4 and 0, up to rounding,")
_H = critical_point(lambda z: (z**4).sum() + z[0] * z[1], torch.tensor([1.0, 2.0]))[0]
check(not _H.requires_grad, "H carries a graph where the second derivatives depend on x; it should be plain numbers.")

# %% [markdown]
# Four pieces of ground, seen from above: blue is low, yellow is high. The titles are what your `critical_point` says
# about the white dot, and the arrows are the directions of the two eigenvectors (特征向量), red where it goes up and blue
# where it goes down. Only the last one leaves the matter open: it goes up along one axis, and along the other
# ($x_2^3$) the second derivative has nothing to say.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_kinds", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# grounds = {
#     r"$x_1^2 + x_1 x_2 + x_2^2$": lambda z: z[0] ** 2 + z[0] * z[1] + z[1] ** 2,
#     r"$\cos(x_1) + \cos(1.5\, x_2)$": lambda z: torch.cos(z[0]) + torch.cos(1.5 * z[1]),
#     r"$x_1^2 + 4 x_1 x_2 + x_2^2$": lambda z: z[0] ** 2 + 4 * z[0] * z[1] + z[1] ** 2,
#     r"$x_1^2 + x_2^3 / 2$": lambda z: z[0] ** 2 + z[1] ** 3 / 2,
# }
# line = torch.linspace(-2, 2, 121)
# x1, x2 = torch.meshgrid(line, line, indexing="xy")
# figure, panels = plt.subplots(1, 4, figsize=(12.5, 3.7), layout="constrained", sharey=True)
# for axes, (formula, f) in zip(panels, grounds.items()):
#     H, kind = critical_point(f, torch.zeros(2))
#     height = f(torch.stack([x1, x2]))
#     axes.contourf(x1, x2, height, 24, cmap="viridis")
#     axes.contour(x1, x2, height, 12, colors="white", linewidths=0.5, linestyles="solid", alpha=0.6)
#     eigenvalues, vectors = torch.linalg.eigh(H)
#     for slope, (v1, v2) in zip(eigenvalues, vectors.T):
#         if slope.abs() > 1e-6:
#             for sign in (1, -1):
#                 colour = "tab:red" if slope > 0 else "deepskyblue"
#                 axes.annotate("", (sign * 1.1 * v1, sign * 1.1 * v2), (0, 0), arrowprops={"arrowstyle": "-|>", "color": colour, "lw": 2.2})
#     axes.plot(0, 0, "o", color="white", markeredgecolor="black", markersize=7, zorder=5)
#     axes.set(title=f"{formula}\n{kind}", xlabel="$x_1$", aspect="equal")
# panels[0].set_ylabel("$x_2$")
# plt.show()

# %% [markdown]
# ### 4.2 `himmelblau`
#
# *difficulty 1/5 · importance 2/5 · about 5 minutes · 2 points*
#
# Notes: 003 §7.5
#
# A landscape that optimizers have been tried on for fifty years. It has four valleys, all equally deep, and a hill in
# the middle:
#
# $$f(x) = (x_1^2 + x_2 - 11)^2 + (x_1 + x_2^2 - 7)^2$$
#
# `x` is a pair: `x[0]` is $x_1$ and `x[1]` is $x_2$. They may be numbers, or tensors or arrays of one shape (a whole
# grid of points, for a picture): the result has that shape, and a graph where `x` has one.
#
# **By hand.** At $(0, 0)$ it is $121 + 49 = 170$, and at $(3, 2)$ it is $(9 + 2 - 11)^2 + (3 + 4 - 7)^2 = 0$: the
# bottom of a valley.
#
# <details><summary>Hint: nearly the answer</summary>
#
# Plain arithmetic with `x[0]` and `x[1]` works for numbers, tensors and arrays alike. No `torch.` anything, no
# `float`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "himmelblau", "locked": false, "schema_version": 3, "solution": true, "task": false}
def himmelblau(x):
    """(x1² + x2 - 11)² + (x1 + x2² - 7)², entry by entry.

    x: a pair x[0], x[1] of numbers, or of tensors or arrays of one shape.
    Returns: a number, or a tensor or array of that shape, with a graph where x has one.
    """
    ### BEGIN SOLUTION
    return (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_himmelblau", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check_equal(himmelblau([1.0, 2.5]), 56.3125, "himmelblau at (1, 2.5)")
_grid = torch.tensor([[[1.0, 3.0, -2.0]], [[2.5, 2.0, 1.0]]], requires_grad=True)
_height = himmelblau(_grid)
check_equal(_height, torch.tensor([[56.3125, 0.0, 100.0]]), "himmelblau of three points")
check(_height.requires_grad, "The result has no graph, though x has one.")

# %% [markdown]
# ### 4.3 `minimize`
#
# *difficulty 2/5 · importance 5/5 · about 15 minutes · 6 points*
#
# Notes: 000 §1.2.2.1 · 003 §7.5
#
# The gradient points where it goes up most steeply. So walk the other way, a bit at a time: this is **gradient
# descent** (梯度下降), and every network of this course learns by it or by one of its children.
#
# $$x \leftarrow x - \eta\, \nabla f(x)$$
#
# $\eta$ is the learning rate (学习率), `lr` in the code. Start at `x0`, take `num_steps` such steps, and return the last
# point together with the whole path: a tensor with `num_steps + 1` rows, the first of which is `x0`. `num_steps = 0`
# is allowed, and gives a path of one row. Both results are plain numbers without a graph.
#
# (The lecture notes write this rule beside a program that uses Adam. That is another method, which you meet in
# **ps14**; here it is the rule above, nothing else. If you like, `torch.optim.SGD` without momentum takes the same
# steps.)
#
# **By hand.** $f(x) = x^2$ from $x_0 = 4$ with $\eta = 0.25$: the slope is 8, so $x = 4 - 2 = 2$; then it is 4, so
# $x = 1$. The path is $4, 2, 1$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# In every step: make `x` a fresh leaf, compute `f(x)`, ask for the gradient, step. What keeps `x0` from being
# changed?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Start with `x = x0.detach().clone()` and `path = [x]`. A step: `leaf = x.detach().requires_grad_()`,
# `(g,) = torch.autograd.grad(f(leaf), leaf)`, `x = (leaf - lr * g).detach()`, and append it. In the end
# `torch.stack(path)`.
# </details>
#
# <details><summary>Help: I see a path whose rows are all the same</summary>
#
# `x -= …` writes into the one tensor that stands in the list many times. Make a new tensor in each step, or append
# `x.clone()`.
# </details>
#
# <details><summary>Help: I see that the steps grow longer and longer, or NaN</summary>
#
# With `backward()` the gradients add up, unless you clear `x.grad` in every step. Or the learning rate is too large:
# try a tenth.
# </details>


# %% nbgrader={"grade": false, "grade_id": "minimize", "locked": false, "schema_version": 3, "solution": true, "task": false}
def minimize(f, x0, lr, num_steps):
    """Gradient descent with a record of its path.

    f: takes a tensor (n,), returns one number with a graph. x0: (n,) float, left unchanged. lr: the learning rate. num_steps: int, 0 or more.
    Returns: (x (n,), path (num_steps + 1, n)), dtype of x0, no graph; path[0] is x0 and path[-1] is x.
    """
    ### BEGIN SOLUTION
    x = x0.detach().clone()
    path = [x]
    for _ in range(num_steps):
        x = x.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(f(x), x)
        x = x.detach() - lr * gradient
        path.append(x)
    return x, torch.stack(path)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_minimize", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_x0 = torch.tensor([4.0, -2.0], requires_grad=True)
_result = minimize(lambda z: z[0] ** 2 + 0.5 * z[1] ** 2, _x0, 0.25, 2)
check(isinstance(_result, tuple | list) and len(_result) == 2, "minimize should return two things: the last point and the path.")
check_equal(_result[1], torch.tensor([[4.0, -2.0], [2.0, -1.5], [1.0, -1.125]]), "the path of two steps")
check_equal(_result[0], torch.tensor([1.0, -1.125]), "the last point")
check(not _result[0].requires_grad and not _result[1].requires_grad, "The results should carry no graph.")
check_equal(_x0.detach(), torch.tensor([4.0, -2.0]), "x0 after the call")
check(_x0.grad is None, "x0.grad has changed; it should be left as it was.")
check_equal(minimize(lambda z: (z * z).sum(), torch.tensor([3.0, 1.0, 5.0]), 0.1, 0)[1], torch.tensor([[3.0, 1.0, 5.0]]), "the path of no step")

# %% [markdown]
# Nine walkers on Himmelblau's landscape, with nothing but your gradient to guide them. With a learning rate of 0.01
# all of them arrive, and which valley they end in depends on where they started. With 0.02 it is another story: four
# of the nine never come to rest. In the steep places their steps throw them from one wall of the valley to the other.
# *A larger learning rate is not simply a faster one.*

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_himmelblau", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
# from matplotlib.colors import LogNorm
#
# starts = [(0, 0), (-1, 1), (-4, -3), (4, -1), (4.5, 4.5), (-4.5, 4.5), (0, -4.5), (4.5, -4.5), (-2, -1)]
# valleys = torch.tensor([[3.0, 2.0], [-2.805118, 3.131312], [-3.779310, -3.283186], [3.584428, -1.848126]])
# x1, x2 = torch.meshgrid(torch.linspace(-5.5, 5.5, 221), torch.linspace(-5.5, 5.5, 221), indexing="xy")
# height = himmelblau([x1, x2])
# figure, panels = plt.subplots(1, 2, figsize=(12, 5.6), layout="constrained", sharey=True)
# for axes, lr in zip(panels, (0.01, 0.02)):
#     picture = axes.contourf(x1, x2, height + 0.1, torch.logspace(-1, 3.1, 34), norm=LogNorm(), cmap="YlGnBu_r", alpha=0.85)
#     arrived = 0
#     for start in starts:
#         x, path = minimize(himmelblau, torch.tensor(start, dtype=torch.float32), lr, 200)
#         there = bool((x - valleys).norm(dim=1).min() < 0.01)
#         arrived += there
#         colour = "darkorange" if there else "crimson"
#         axes.plot(*path.T, "-", color=colour, lw=1.4 if there else 0.5)
#         axes.plot(*path.T, ".", color=colour, markersize=3.5)
#         axes.plot(*path[0], "o", color="white", markeredgecolor="black", markersize=6)
#     axes.plot(*valleys.T, "*", color="gold", markeredgecolor="black", markersize=15, linestyle="none")
#     axes.set(title=f"learning rate {lr}: {arrived} of {len(starts)} arrive", xlabel="$x_1$", xlim=(-5.5, 5.5), ylim=(-5.5, 5.5), aspect="equal")
# panels[0].set_ylabel("$x_2$")
# figure.colorbar(picture, ax=panels, label="height (logarithmic colours)", ticks=[0.1, 1, 10, 100, 1000], shrink=0.8)
# plt.show()

# %% [markdown]
# ## 5 · A small network by hand
#
# ### 5.1 `delta_rule`
#
# *difficulty 4/5 · importance 4/5 · about 25 minutes · 8 points*
#
# Notes: 003 §7.1 · 003 §7.2 · 003 §7.4
#
# Before there was autograd, people worked out the gradient of a network on paper, once, and typed it in. Do it once
# in your life: afterwards `backward()` is no longer magic. The network has one hidden layer (隐藏层) and no biases:
#
# $$H = \sigma(X W_1^\top), \qquad O = \sigma(H W_2^\top), \qquad E = \frac12 \sum_{i,k} (O_{ik} - T_{ik})^2$$
#
# $\sigma(z) = \frac{1}{1 + e^{-z}}$ is the sigmoid, and $\sigma'(z) = \sigma(z)\,(1 - \sigma(z))$: its slope can be
# read off its *value*. $X$ is $(n, d)$, one sample a row, $W_1$ is $(h, d)$, $W_2$ is $(k, h)$, and the targets $T$
# are $(n, k)$. $E$ is **half the sum** over all samples and outputs, not a mean. (PyTorch's `mse_loss` is the mean
# without the half; the lecture notes write the one and compute the other.)
#
# Go backwards, layer by layer, and call the derivative of $E$ by what goes *into* a sigmoid $\delta$:
#
# $$\delta^{\text{out}} = (O - T) \odot O \odot (1 - O), \qquad \delta^{\text{hidden}} = (\delta^{\text{out}} W_2) \odot H \odot (1 - H)$$
#
# $\odot$ multiplies entry by entry (逐元素), `*` in PyTorch. A weight multiplies what comes in from below and passes it
# up to a $\delta$; so its derivative is the product of the two, summed over the samples:
#
# $$\frac{\partial E}{\partial W_2} = \delta^{\text{out}\top} H, \qquad \frac{\partial E}{\partial W_1} = \delta^{\text{hidden}\top} X$$
#
# **By hand.** One sample, one of everything: $x = 1$, $w_1 = 0$, $w_2 = 2 \ln 3$, $t = 0$. Then $H = \frac12$,
# $O = \sigma(\ln 3) = \frac34$, $\delta^{\text{out}} = \frac34 \cdot \frac34 \cdot \frac14 = \frac{9}{64}$, so
# $\partial E/\partial w_2 = \frac{9}{128}$. And $\delta^{\text{hidden}} = \frac{9}{64} \cdot 2 \ln 3 \cdot \frac14$,
# which is $\partial E/\partial w_1 \approx 0.0772$.
#
# **No autograd**, and no loop over the samples. `torch.sigmoid` is allowed. The weights of a network usually require a
# gradient, and yours are plain numbers: put `W1, W2 = W1.detach(), W2.detach()` first.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Five lines: `H`, `O`, two deltas, and the return. Let the shapes guide you: the gradient of a matrix has the shape
# of that matrix, and `@` sums over what stands in the middle.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `O = torch.sigmoid(H @ W2.T)`. `delta_out` is (n, k) and `W2` is (k, h), so `delta_out @ W2` is (n, h), as `H` is.
# `delta_out.T @ H` is (k, h), as `W2` is.
# </details>
#
# <details><summary>Help: I see that every entry is a constant times what is expected</summary>
#
# That is the mean in place of the sum, or the missing half: $\frac12 (O - T)^2$ has the slope $O - T$, without a 2.
# </details>


# %% nbgrader={"grade": false, "grade_id": "delta_rule", "locked": false, "schema_version": 3, "solution": true, "task": false}
def delta_rule(X, W1, W2, T):
    """Gradients of a network with two sigmoid layers and half the sum of squared errors, by hand.

    X: (n, d) float, one sample a row. W1: (h, d). W2: (k, h). T: (n, k) targets. All are left unchanged. W1 and W2 may require a gradient.
    Returns: (gradient of E by W1 (h, d), gradient of E by W2 (k, h)), dtype and device of X. No autograd, no graph.
    """
    ### BEGIN SOLUTION
    W1, W2 = W1.detach(), W2.detach()
    H = torch.sigmoid(X @ W1.T)
    O = torch.sigmoid(H @ W2.T)
    delta_out = (O - T) * O * (1 - O)
    delta_hidden = delta_out @ W2 * H * (1 - H)
    return delta_hidden.T @ X, delta_out.T @ H
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_delta_rule", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_result = delta_rule(torch.tensor([[1.0]]), torch.tensor([[0.0]]), torch.tensor([[2 * math.log(3)]]), torch.tensor([[0.0]]))
check(isinstance(_result, tuple | list) and len(_result) == 2, "delta_rule should return two things: the gradients by W1 and by W2.")
check_equal(_result[1], torch.tensor([[9 / 128]]), "the gradient by W2 in the example by hand")
check_equal(_result[0], torch.tensor([[9 * math.log(3) / 128]]), "the gradient by W1 in the example by hand")
_X, _T = torch.tensor([[1.0, 2.0], [0.5, -1.0], [3.0, 0.5]]), torch.tensor([[1.0, 0.25], [0.0, 0.5], [0.75, 1.0]])
_W1, _W2 = torch.tensor([[0.5, -1.0], [1.0, 0.25], [-0.75, 0.5], [0.2, 0.6]]), torch.tensor([[1.0, -0.5, 2.0, 0.3], [0.4, 1.5, -1.0, -0.8]])
_first, _second = delta_rule(_X, _W1, _W2, _T)
_first_layer = [[-0.012086, -0.034746], [0.007955, 0.041082], [-0.009060, -0.127021], [0.012566, -0.021729]]
_second_layer = [[0.085100, 0.023296, 0.013058, 0.003151], [0.000152, 0.025350, 0.041663, 0.030910]]
check_equal(_second, torch.tensor(_second_layer), "the gradient by W2 for three samples, four hidden units and two outputs")
check_equal(_first, torch.tensor(_first_layer), "the gradient by W1 for three samples, four hidden units and two outputs")
check_promises(delta_rule, _X, _W1, _W2, _T, gradient=False)
_first, _second = delta_rule(_X, _W1.clone().requires_grad_(), _W2.clone().requires_grad_(), _T)
check(not (_first.requires_grad or _second.requires_grad), "A gradient carries a graph, where W1 and W2 require one. Detach both first.")

# %% [markdown]
# ## 6 · Machines that differentiate
#
# Now the other way round: not the derivative of one formula by hand, but a *kind of number* that differentiates
# whatever is done to it. Python lets you say what `+`, `*` and the rest mean for a class of your own: `a + b` calls
# `a.__add__(b)`, and when `a` is a plain number that does not know your class, Python tries `b.__radd__(a)`. So you
# teach a class a dozen small rules, and then every program that anybody writes with them, loops and all, comes
# with its derivative.
#
# ### 6.1 `Dual`
#
# *difficulty 3/5 · importance 3/5 · about 30 minutes · 9 points*
#
# Notes: 003 §6.2 · 003 §7.3.1
#
# Forward mode (前向累积). A `Dual` carries two plain numbers: a value, and the derivative of that value by the input. The
# input itself is `Dual(x, 1.0)`, a constant is `Dual(c)`, with derivative 0. Each operation computes both, by the
# rules of school:
#
# | | value | derivative | | | value | derivative |
# |---|---|---|---|---|---|---|
# | sum | $u + v$ | $u' + v'$ | | exponential | $e^u$ | $e^u\,u'$ |
# | product | $u\,v$ | $u'v + u\,v'$ | | logarithm | $\ln u$ | $u'/u$ |
# | quotient | $u / v$ | $(u'v - u\,v')/v^2$ | | sine, cosine | $\sin u$, $\cos u$ | $\cos u \cdot u'$, $-\sin u \cdot u'$ |
# | power | $u^n$ | $n\,u^{n-1}\,u'$ | | tangent | $\tan u$ | $u' / \cos^2 u$ |
# | power of a number | $a^u$ | $a^u \ln a \cdot u'$ | | | | |
#
# The $u'$ at the end of each is the chain rule: *derivative of the outside times derivative of the inside*. (The
# notes have a slip here: they say that $\tan$ has the derivative $\sec$; it is $\sec^2 = 1/\cos^2$.)
#
# * `+ - * /` take a `Dual` or a plain number, on either side: `5 - x` is not `x - 5`.
# * `x ** n` takes a plain number $n$, also a negative one or a fraction; the base may be negative when $n$ is whole.
#   `x ** 0` is 1 with derivative 0, even at 0. `a ** x` takes a plain number $a > 0$.
# * `exp`, `log` (the natural one), `sin`, `cos`, `tan` are methods: `x.sin()`.
# * Every operation makes a new `Dual`. The old ones are never changed.
#
# **By hand.** $f(x) = x^2 + 2x$ at $x = 3$: `x * x` is $(9, 3 + 3) = (9, 6)$, `2 * x` is $(6, 2)$, their sum is
# $(15, 8)$. And indeed $f(3) = 15$, $f'(3) = 8$. The machine never saw the formula $2x + 2$.
#
# Some of the class is given, and already right: `__init__`, how it is printed, and the two mirror images `__radd__`
# and `__rmul__`, for which the order does not matter. `_dual` makes a `Dual` of a plain number. You may change these, as long as
# `Dual(value, derivative)`, `.value` and `.derivative` work.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Begin each operation of two with `other = _dual(other)`; then there is only one case left. `u - v` is `u + (-v)`. In
# `__rsub__(self, other)` the number `other` stands on the *left*.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `return Dual(self.value * other.value, self.derivative * other.value + self.value * other.derivative)` is the whole
# product. For the power: the factor is `n * self.value ** (n - 1)`, but 0 when `n` is 0, since `0.0 ** -1` is an
# error.
# </details>
#
# <details><summary>Help: I see "unsupported operand type(s) for -: 'int' and 'Dual'"</summary>
#
# The number stands on the left, and Python asks for `__rsub__` (or `__rtruediv__`, `__rpow__`).
# </details>
#
# <details><summary>Help: I see the right derivative for sin(x), and a wrong one for sin(3 x)</summary>
#
# The derivative of the inside is missing: multiply by `self.derivative`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "Dual", "locked": false, "schema_version": 3, "solution": true, "task": false}
def _dual(x):
    """A plain number as a Dual that does not move; a Dual as it is."""
    return x if isinstance(x, Dual) else Dual(x)


class Dual:
    """A number that carries its derivative: forward mode.

    value, derivative: plain numbers. + - * / with a Dual or a plain number on either side, - x, x ** n for a number n, a ** x for a
    number a > 0, and the methods exp, log, sin, cos, tan. Every operation gives a new Dual.
    """

    def __init__(self, value, derivative=0.0):
        self.value, self.derivative = value, derivative

    def __repr__(self):
        return f"Dual({self.value}, {self.derivative})"

    def __add__(self, other):
        ### BEGIN SOLUTION
        other = _dual(other)
        return Dual(self.value + other.value, self.derivative + other.derivative)
        ### END SOLUTION

    def __neg__(self):
        ### BEGIN SOLUTION
        return Dual(-self.value, -self.derivative)
        ### END SOLUTION

    def __sub__(self, other):
        ### BEGIN SOLUTION
        return self + -_dual(other)
        ### END SOLUTION

    def __rsub__(self, other):  # other - self
        ### BEGIN SOLUTION
        return _dual(other) - self
        ### END SOLUTION

    def __mul__(self, other):
        ### BEGIN SOLUTION
        other = _dual(other)
        return Dual(self.value * other.value, self.derivative * other.value + self.value * other.derivative)
        ### END SOLUTION

    def __truediv__(self, other):
        ### BEGIN SOLUTION
        other = _dual(other)
        slope = (self.derivative * other.value - self.value * other.derivative) / (other.value * other.value)
        return Dual(self.value / other.value, slope)
        ### END SOLUTION

    def __rtruediv__(self, other):  # other / self
        ### BEGIN SOLUTION
        return _dual(other) / self
        ### END SOLUTION

    def __pow__(self, n):  # n is a plain number
        ### BEGIN SOLUTION
        factor = n * self.value ** (n - 1) if n != 0 else 0.0
        return Dual(self.value**n, factor * self.derivative)
        ### END SOLUTION

    def __rpow__(self, a):  # a ** self, a is a plain number
        ### BEGIN SOLUTION
        value = a**self.value
        return Dual(value, value * math.log(a) * self.derivative)
        ### END SOLUTION

    def exp(self):
        ### BEGIN SOLUTION
        value = math.exp(self.value)
        return Dual(value, value * self.derivative)
        ### END SOLUTION

    def log(self):
        ### BEGIN SOLUTION
        return Dual(math.log(self.value), self.derivative / self.value)
        ### END SOLUTION

    def sin(self):
        ### BEGIN SOLUTION
        return Dual(math.sin(self.value), math.cos(self.value) * self.derivative)
        ### END SOLUTION

    def cos(self):
        ### BEGIN SOLUTION
        return Dual(math.cos(self.value), -math.sin(self.value) * self.derivative)
        ### END SOLUTION

    def tan(self):
        ### BEGIN SOLUTION
        return Dual(math.tan(self.value), self.derivative / math.cos(self.value) ** 2)
        ### END SOLUTION

    __radd__, __rmul__ = __add__, __mul__  # 2 + x and 2 * x are x + 2 and x * 2


# %% nbgrader={"grade": true, "grade_id": "test_Dual", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
def _check_dual(result, value, derivative, what):
    check(isinstance(result, Dual), f"{what} is a {type(result).__name__}, expected a Dual.")
    check_equal(result.value, value, f"the value of {what}")
    check_equal(result.derivative, derivative, f"the derivative of {what}")


_u, _v = Dual(3.0, 2.0), Dual(4.0, -5.0)
_check_dual(_u + _v, 7.0, -3.0, "u + v")
_check_dual(_u + 1, 4.0, 2.0, "u + 1")
_check_dual(_u - _v, -1.0, 7.0, "u - v")
_check_dual(5 - _u, 2.0, -2.0, "5 - u")
_check_dual(_u * _v, 12.0, -7.0, "u * v")
_check_dual(_u / _v, 0.75, 1.4375, "u / v")
_check_dual(6 / _u, 2.0, -4 / 3, "6 / u")
_check_dual(_u**3, 27.0, 54.0, "u ** 3")
_check_dual(Dual(0.0, 1.0) ** 0, 1.0, 0.0, "x ** 0 at x = 0")
_check_dual(Dual(0.0, 1.0) ** 2, 0.0, 0.0, "x ** 2 at x = 0")
_check_dual(2**_u, 8.0, 11.090355, "2 ** u")
_check_dual(_u.exp(), 20.085537, 40.171074, "u.exp()")
_check_dual(_v.log(), 1.386294, -1.25, "v.log()")
_check_dual((_u * _v).sin(), -0.536573, -5.906977, "(u * v).sin()")
_check_dual(_u.cos(), -0.989992, -0.282240, "u.cos()")
_check_dual(_u.tan(), -0.142547, 2.040639, "u.tan()")
check_equal([_u.value, _u.derivative], [3.0, 2.0], "u after all this")

# %% [markdown]
# Here is what you have made: a program with a loop in it, `Dual(x, 1.0)` put in, and the derivative comes out, exact
# to the last digit. Nobody wrote down a formula for it. (The orange curve is your machine's, the dots are measured
# with small steps.)

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_dual", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
#
# def wave(x):
#     total = 0
#     for k in (1, 2, 3, 5):
#         total = total + (k * x).sin() / k
#     return total * (-x * x / 8).exp()
#
#
# places = torch.linspace(-5, 5, 400, dtype=torch.float64).tolist()
# curve = [wave(Dual(x, 1.0)) for x in places]
# dots = places[::10]
# measured = [(wave(Dual(x + 1e-5)).value - wave(Dual(x - 1e-5)).value) / 2e-5 for x in dots]
# figure, axes = plt.subplots(figsize=(8, 3.8), layout="constrained")
# axes.axhline(0, color="grey", lw=0.6)
# axes.plot(places, [y.value for y in curve], color="C0", lw=2, label="the function")
# axes.plot(places, [y.derivative for y in curve], color="C1", lw=2, label="its derivative, by Dual")
# axes.plot(dots, measured, "o", color="black", markersize=3, label="the slope, measured with small steps")
# axes.set(xlabel="$x$", title="One call gives both: value and derivative")
# axes.legend()
# plt.show()

# %% [markdown]
# ### 6.2 `Value`
#
# *difficulty 5/5 · importance 5/5 · about 60 minutes · 18 points*
#
# Notes: 000 §1.1.5 · 002 正向传播的计算图 · 003 §7.3.2
#
# A `Dual` follows one input. A network has thousands of weights, and you want the derivative of one loss by all of
# them: reverse mode (反向累积). This is the heart of the notebook, and of every deep-learning library.
#
# **Forward**, every operation makes a new `Value` that remembers what it was made of, and how strongly: a list of
# pairs (parent, slope), where the slope is the local derivative. For `c = a * b` these are $(a,\ b)$ and $(b,\ a)$,
# since $\partial c/\partial a = b$ and $\partial c/\partial b = a$. That is the whole graph.
#
# **Backward**, `y.backward()` starts with $\partial y/\partial y = 1$ at the result, and every `Value` hands to each
# of its parents its own derivative times the slope. Two things make it interesting:
#
# * **Several ways lead to the same place.** In `y = a * b + a` the derivative by `a` comes along two edges, and they
#   are *added*.
# * **The order matters.** A `Value` may hand on only when *everything* that was made of it has handed down to it. In
#   `c = a * b`, `d = c + 1`, `y = c * d` the `c` must wait for `d`. Handing on too early, or once for each way, is
#   wrong or takes for ever: after fifty times `x = x + x` there are $2^{50}$ ways from the result to the start, but
#   only fifty values.
#
# **By hand.** $a = 2$, $b = -3$, $y = ab + a = -4$. At `y` the derivative is 1; the sum hands 1 to `a * b` and 1 to
# `a`; the product hands $1 \cdot b = -3$ to `a` and $1 \cdot a = 2$ to `b`. So `a.grad` is $1 - 3 = -2$ and `b.grad`
# is $2$.
#
# What is asked for:
#
# * `Value(data)` has `.data` and `.grad`, which is `0.0` at first. Plain Python numbers inside (int or float) and the
#   module `math`; torch and NumPy stay outside.
# * `+ - * /` with a `Value` or a plain number on either side, `-x`, and `x ** n` for a plain number $n$ (`x ** 0` is
#   1 with slope 0, at 0 too).
# * the methods `exp()`, `log()`, `tanh()` and `relu()`. The derivative of $\tanh u$ is $1 - \tanh^2 u$. The slope of
#   relu is 1 above 0, and 0 below 0 **and at 0** (the notes say 1 there; written question 1 has a word on it).
# * `y.backward()` **adds** $\partial y/\partial v$ to `v.grad` for every `v` that `y` was made of, and for `y`
#   itself. Clearing is the user's business (`v.grad = 0.0`), as in PyTorch. So calling it for two results, or twice
#   for one, adds both to the values at the start. (What values in between, and `y`, hold after a second call is not asked for.)
# * The time grows with the size of the graph, and no faster (so no search through a list for what was met already); and
#   there is no recursion (递归), since Python gives up after a thousand calls inside each other, and a sum of two thousand
#   terms is deeper than that. Raising that limit does not count: the grader sets it back.
#
# Given are a constructor that keeps the parents (yours to change, as long as `Value(data)` works), how it is printed,
# the mirror images, and `_value`, which makes a `Value` of a plain number.
#
# <details><summary>Hint 1: a nudge for the operations</summary>
#
# Each is one line: a new `Value` with the number, and the pairs. The sum:
# `Value(self.data + other.data, [(self, 1.0), (other, 1.0)])`. Write `+`, `*`, `**`, `-x`, and build `-` and `/` out
# of these: `a / b` is `a * b ** -1`.
# </details>
#
# <details><summary>Hint 2: a nudge for backward</summary>
#
# Two walks. The first counts, for every `Value` of the graph, how many edges lead down to it from above. The second
# starts at the result with 1, and lets a `Value` hand on when its count has come down to 0. A list of those that are
# ready takes the place of recursion.
# </details>
#
# <details><summary>Hint 3: nearly the answer</summary>
#
# First walk: `edges = {self: 0}`, `found = [self]`; `for v in found:` (a `for` over a list goes on with what you
# append meanwhile) `for parent, _ in v._parents:` when the parent is not in `edges`, enter it with 0 and append it to
# `found`; then add 1 to its count.
#
# Second walk: `flow = {self: 1.0}`, `ready = [self]`; `while ready:` take `v = ready.pop()`, add `flow[v]` to
# `v.grad`; for each `(parent, slope)`: add `slope * flow[v]` to `flow[parent]` (from 0.0), take 1 from
# `edges[parent]`, and append the parent to `ready` when that is 0.
# </details>
#
# <details><summary>Help: I see a derivative that is too small where a Value is used twice</summary>
#
# Somewhere `=` stands where `+=` belongs. Look at `a + a` first.
# </details>
#
# <details><summary>Help: I see "maximum recursion depth exceeded"</summary>
#
# `backward` (or a helper that sorts the graph) calls itself for the parents. Use a list of what is still to be done,
# as in hint 3.
# </details>
#
# <details><summary>Help: I see that the second backward gives too much</summary>
#
# If values in between keep the `.grad` of the first call and hand it on once more, the start gets it twice. Let the
# flow of each call live in a dict of its own, as in hint 3, or set the inner gradients to 0 first.
# </details>


# %% nbgrader={"grade": false, "grade_id": "Value", "locked": false, "schema_version": 3, "solution": true, "task": false}
def _value(x):
    """A plain number as a Value that was made of nothing; a Value as it is."""
    return x if isinstance(x, Value) else Value(x)


class Value:
    """A number that remembers how it was made, and can tell what it depends on: reverse mode.

    data: an int or a float. grad: the derivative that backward() has added up, 0.0 at first. + - * / with a Value or a plain number on either
    side, - x, x ** n for a number n, and the methods exp, log, tanh, relu and backward.
    """

    def __init__(self, data, parents=()):
        self.data, self.grad = data, 0.0
        self._parents = parents  # pairs (Value that this one was made of, derivative of this one by that one)

    def __repr__(self):
        return f"Value({self.data}, grad={self.grad})"

    def __add__(self, other):
        ### BEGIN SOLUTION
        other = _value(other)
        return Value(self.data + other.data, [(self, 1.0), (other, 1.0)])
        ### END SOLUTION

    def __neg__(self):
        ### BEGIN SOLUTION
        return self * -1.0
        ### END SOLUTION

    def __sub__(self, other):
        ### BEGIN SOLUTION
        return self + -_value(other)
        ### END SOLUTION

    def __rsub__(self, other):  # other - self
        ### BEGIN SOLUTION
        return _value(other) - self
        ### END SOLUTION

    def __mul__(self, other):
        ### BEGIN SOLUTION
        other = _value(other)
        return Value(self.data * other.data, [(self, other.data), (other, self.data)])
        ### END SOLUTION

    def __truediv__(self, other):
        ### BEGIN SOLUTION
        return self * _value(other) ** -1
        ### END SOLUTION

    def __rtruediv__(self, other):  # other / self
        ### BEGIN SOLUTION
        return _value(other) / self
        ### END SOLUTION

    def __pow__(self, n):  # n is a plain number
        ### BEGIN SOLUTION
        slope = n * self.data ** (n - 1) if n != 0 else 0.0
        return Value(self.data**n, [(self, slope)])
        ### END SOLUTION

    def exp(self):
        ### BEGIN SOLUTION
        data = math.exp(self.data)
        return Value(data, [(self, data)])
        ### END SOLUTION

    def log(self):
        ### BEGIN SOLUTION
        return Value(math.log(self.data), [(self, 1 / self.data)])
        ### END SOLUTION

    def tanh(self):
        ### BEGIN SOLUTION
        data = math.tanh(self.data)
        return Value(data, [(self, 1 - data * data)])
        ### END SOLUTION

    def relu(self):
        ### BEGIN SOLUTION
        return Value(max(self.data, 0.0), [(self, 1.0 if self.data > 0 else 0.0)])
        ### END SOLUTION

    def backward(self):
        """Adds the derivative of this Value by v to v.grad, for every v that it was made of, itself included."""
        ### BEGIN SOLUTION
        edges, found = {self: 0}, [self]
        for v in found:
            for parent, _ in v._parents:
                if parent not in edges:
                    edges[parent] = 0
                    found.append(parent)
                edges[parent] += 1
        flow, ready = {self: 1.0}, [self]
        while ready:
            v = ready.pop()
            v.grad += flow[v]
            for parent, slope in v._parents:
                flow[parent] = flow.get(parent, 0.0) + slope * flow[v]
                edges[parent] -= 1
                if edges[parent] == 0:
                    ready.append(parent)
        ### END SOLUTION

    __radd__, __rmul__ = __add__, __mul__  # 2 + x and 2 * x are x + 2 and x * 2


# %% nbgrader={"grade": true, "grade_id": "test_Value", "locked": true, "points": 18, "schema_version": 3, "solution": false, "task": false}
def _check_value(make, numbers, data, grads, what):
    leaves = [Value(number) for number in numbers]
    result = make(*leaves)
    check(isinstance(result, Value), f"{what} is a {type(result).__name__}, expected a Value.")
    check_equal(result.data, data, f"the data of {what}")
    result.backward()
    for leaf, grad, letter in zip(leaves, grads, "abc"):
        check_equal(leaf.grad, grad, f"{letter}.grad after y = {what}; y.backward()")


_check_value(lambda a, b: a + b, [2.0, -3.0], -1.0, [1.0, 1.0], "a + b")
_check_value(lambda a, b: a * b, [2.0, -3.0], -6.0, [-3.0, 2.0], "a * b")
_check_value(lambda a: a * 2 + 2 * a, [3.0], 12.0, [4.0], "a * 2 + 2 * a")
_check_value(lambda a, b: a - b, [2.0, -3.0], 5.0, [1.0, -1.0], "a - b")
_check_value(lambda a: 5 - a, [2.0], 3.0, [-1.0], "5 - a")
_check_value(lambda a, b: a / b, [3.0, -4.0], -0.75, [-0.25, -0.1875], "a / b")
_check_value(lambda a: 6 / a, [3.0], 2.0, [-2 / 3], "6 / a")
_check_value(lambda a: a**3, [-2.0], -8.0, [12.0], "a ** 3")
_check_value(lambda a: a**0, [0.0], 1.0, [0.0], "a ** 0 at a = 0")
_check_value(lambda a: a.exp() + a.log(), [2.0], 8.082203, [7.889056], "a.exp() + a.log()")
_check_value(lambda a: a.tanh(), [0.5], 0.462117, [0.786448], "a.tanh()")
_check_value(lambda a, b, c: a.relu() + b.relu() + c.relu(), [2.0, -3.0, 0.0], 2.0, [1.0, 0.0, 0.0], "a.relu() + b.relu() + c.relu() for a = 2, b = -3, c = 0")
_check_value(lambda a, b: a * b + a, [2.0, -3.0], -4.0, [-2.0, 2.0], "a * b + a")
_check_value(lambda a, b: (a * b) * (a * b + 1), [2.0, -3.0], 30.0, [33.0, -22.0], "(a * b) * (a * b + 1)")
_a, _b = Value(0.5), Value(-3.0)
_c = _a * _b
_y = _c * (_c + _a).tanh() * _c
_y.backward()
_first = _a.grad
check_equal(_first, -8.744232, "a.grad after c = a * b; y = c * (c + a).tanh() * c; y.backward()")
check_equal(_b.grad, 1.614862, "b.grad after c = a * b; y = c * (c + a).tanh() * c; y.backward()")
_y.backward()
check_equal(_a.grad, 2 * _first, "a.grad after y.backward() was called twice")
_x = _start = Value(1.0)
for _ in range(20):
    _x = _x + _x
_x.backward()
check_equal(_start.grad, 2.0**20, "the gradient of the start after twenty times x = x + x")
_many = [Value(1.0) for _ in range(2000)]
sum(_many).backward()
check_equal(_many[0].grad, 1.0, "the gradient of the first of two thousand terms")

# %% [markdown]
# ### 6.3 Your machine, drawn
#
# A small computation as your `Value`s see it. Numbers flow from left to right: that is `data`. Then `backward()`
# sends derivatives from right to left: that is `grad`, under each number. Look at `b`: two arrows lead out of it, so
# two contributions come back along them, and its `grad` is their sum.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_graph", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
# from matplotlib.patches import Circle, FancyBboxPatch
#
# a, b, c = Value(2.0), Value(-0.5), Value(2.0)
# p = a * b
# q = b + c
# r = p + q
# s = p * q
# t = s.tanh()
# y = t * r
# y.backward()
# nodes = {  # name: (Value, column, row, operation, made of)
#     "a": (a, 0, 2, "", ""), "b": (b, 0, 1, "", ""), "c": (c, 0, 0, "", ""),
#     "p": (p, 1, 1.75, "×", "ab"), "q": (q, 1, 0.25, "+", "bc"), "s": (s, 2, 0.25, "×", "pq"),
#     "r": (r, 2.5, 1.75, "+", "pq"), "t": (t, 3.05, 0.25, "tanh", "s"), "y": (y, 4.1, 1, "×", "tr"),
# }
# wide, high = 2.6, 1.45
# figure, axes = plt.subplots(figsize=(12, 4.8), layout="constrained")
# for name, (value, column, row, operation, parents) in nodes.items():
#     left, middle = column * wide, row * high
#     face = {"": "#e8f1fb", "tanh": "#fdf0dc"}.get(operation, "#f4f4f4") if name != "y" else "#e3f4e1"
#     axes.add_patch(FancyBboxPatch((left - 0.55, middle - 0.4), 1.15, 0.8, boxstyle="round,pad=0.04", facecolor=face, edgecolor="#555555", lw=1.2, zorder=3))
#     axes.text(left - 0.47, middle, name, fontsize=15, style="italic", va="center", zorder=4)
#     axes.text(left + 0.53, middle + 0.19, f"{value.data:.3f}", fontsize=11, ha="right", va="center", color="#1f5fa8", zorder=4)
#     axes.text(left + 0.53, middle - 0.19, f"{value.grad:.3f}", fontsize=11, ha="right", va="center", color="#c0392b", zorder=4)
#     if operation:
#         axes.add_patch(Circle((left - 0.95, middle), 0.24 if operation != "tanh" else 0.28, facecolor="white", edgecolor="#555555", zorder=3))
#         axes.text(left - 0.95, middle - 0.01, operation, ha="center", va="center", fontsize=13 if operation != "tanh" else 8.5, zorder=4)
#     for parent in parents:
#         _, column_from, row_from, _, _ = nodes[parent]
#         arrow = {"arrowstyle": "-|>", "color": "#888888", "lw": 1.3, "shrinkA": 0, "shrinkB": 1}
#         axes.annotate("", (left - 1.2, middle), (column_from * wide + 0.64, row_from * high), arrowprops=arrow, zorder=2)
# axes.text(-0.55, -0.95, "data, computed from left to right", color="#1f5fa8", fontsize=11)
# axes.text(4.1 * wide + 0.6, -0.95, "grad, sent back from right to left by y.backward()", color="#c0392b", fontsize=11, ha="right")
# axes.set(xlim=(-0.8, 4.1 * wide + 0.9), ylim=(-1.2, 2 * high + 0.6), aspect="equal", title="y = tanh(p q) (p + q)   with   p = a b,   q = b + c")
# axes.axis("off")
# plt.show()

# %% [markdown]
# ### 6.4 Your machine learns
#
# Forty points in two moons, orange and blue. A network with eight hidden units, $8 \cdot (2 + 1 + 1) + 1 = 33$
# weights, every one of them a `Value` of yours. One hundred times: compute the loss over all points, `backward()`,
# and take a step downhill, $w \leftarrow w - \eta\, w.\mathtt{grad}$, which is `minimize` of 4.3 again. There is no
# PyTorch in this network. (About three seconds.)

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_moons", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import random
# import time
#
# import matplotlib.pyplot as plt
#
#
# class Network:
#     """Two inputs, a hidden layer of tanh units, one score: positive for one class, negative for the other."""
#
#     def __init__(self, hidden, seed):
#         chance = random.Random(seed)
#         self.units = [[Value(chance.gauss(0, 1)) for _ in range(3)] for _ in range(hidden)]
#         self.out = [Value(chance.gauss(0, 1)) for _ in range(hidden + 1)]
#
#     def weights(self):
#         return [w for unit in self.units for w in unit] + self.out
#
#     def score(self, x1, x2):
#         total = self.out[-1]
#         for (w1, w2, b), v in zip(self.units, self.out):
#             total = total + v * (w1 * x1 + w2 * x2 + b).tanh()
#         return total
#
#     def numbers(self):
#         """The weights as plain numbers, for the picture."""
#         return torch.tensor([[w.data for w in unit] for unit in self.units]), torch.tensor([v.data for v in self.out])
#
#
# def moons(count, seed):
#     chance, points = random.Random(seed), []
#     for i in range(count):
#         angle, upper = math.pi * (i // 2 + 0.5) / (count // 2), i % 2 == 0
#         x1, x2 = (math.cos(angle), math.sin(angle)) if upper else (1 - math.cos(angle), 0.5 - math.sin(angle))
#         points.append((2 * x1 - 1 + chance.gauss(0, 0.15), 2 * x2 - 0.5 + chance.gauss(0, 0.15), 1 if upper else -1))
#     return points
#
#
# points, network = moons(40, 3), Network(8, 3)
# start, losses, seen = time.time(), [], {0: network.numbers()}
# for step in range(1, 101):
#     loss = sum(((-label * network.score(x1, x2)).exp() + 1).log() for x1, x2, label in points) / len(points)
#     for w in network.weights():
#         w.grad = 0.0
#     loss.backward()
#     for w in network.weights():
#         w.data -= 1.5 * w.grad
#     losses.append(loss.data)
#     seen[step] = network.numbers()
# print(f"{time.time() - start:.1f} s; loss {losses[0]:.2f} → {losses[-1]:.2f}")
#
# x1, x2 = torch.meshgrid(torch.linspace(-3.6, 3.6, 181), torch.linspace(-2.4, 2.4, 121), indexing="xy")
# figure, panels = plt.subplots(1, 4, figsize=(14.5, 3.2), layout="constrained", width_ratios=[1, 1, 1, 0.75])
# for axes, step in zip(panels, (0, 10, 100)):
#     units, out = seen[step]
#     score = torch.tanh(x1[..., None] * units[:, 0] + x2[..., None] * units[:, 1] + units[:, 2]) @ out[:-1] + out[-1]
#     axes.contourf(x1, x2, torch.sigmoid(score), torch.linspace(0, 1, 21), cmap="RdYlBu_r", alpha=0.75)
#     axes.contour(x1, x2, score, [0], colors="black", linewidths=1.5)
#     for label, colour in [(1, "#e8590c"), (-1, "#1c5fb0")]:
#         chosen = [(p1, p2) for p1, p2, kind in points if kind == label]
#         axes.scatter(*zip(*chosen), color=colour, edgecolor="white", s=34, zorder=3)
#     axes.set(title="before the first step" if step == 0 else f"after {step} steps", xlabel="$x_1$", aspect="equal")
# panels[0].set_ylabel("$x_2$")
# panels[3].plot(range(1, 101), losses, color="black")
# panels[3].set(xlabel="step", ylabel="loss", title="Learning", ylim=(0, None))
# panels[3].grid(alpha=0.3)
# plt.show()

# %% [markdown]
# ## What you have now, and where to go
#
# You can find a derivative in four ways, and you know when to use which: rules on paper for a formula that runs a
# billion times, small steps as a judge, forward mode for few inputs, reverse mode for many. The `backward()` of
# PyTorch is your `Value.backward()`, with tensors in place of single numbers and a thousand operations in place of
# ten. When it says something strange (*"Trying to backward through the graph a second time"*), you know now what it
# is talking about.
#
# To try, if you like: give `Value` a method `sin`, and let it learn a wave. Draw the moons with two hidden units, and
# with thirty. Start the walkers of 4.3 on top of the hill, at $(-0.270845, -0.923039)$, where the gradient is zero:
# what does `critical_point` say about it?
#
# In **ps04** the same gradient descent fits a line through points, and you meet it as you will use it ever after:
# with batches, a loss and an optimizer. In **ps06** the delta rule returns for a network of any depth, and in
# **ps14** the walkers get better boots.
