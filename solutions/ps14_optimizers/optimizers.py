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
# # Optimizers: from one step downhill to Adam (优化算法)
#
# Every network of this course learns by walking downhill. You know the plain walk: compute the gradient, take a step against
# it. In this notebook you build everything that has been put on top of it in seventy years, and at the end you can
#
# * say *before* you start whether a problem has one valley or many, and what that means for you;
# * choose a step by looking at curvature, by searching along the line, or under a constraint;
# * write momentum, AdaGrad, RMSProp, AdaDelta and Adam from memory, with every $\epsilon$ where it belongs, and tell where
#   PyTorch's differ;
# * let the learning rate warm up, fall and notice a plateau, and train a network with a loop of your own that holds all of it.
#
# There are fifteen functions and one small class. Most are three to six lines long.
#
# **How it is marked.** Each exercise has a cell for your answer and, under it, a check that you can run as often as you like. A
# check is an example: it says in words what is wrong with one result. The hidden grader asks more of the same (other shapes,
# other numbers, other dtypes), and it marks each property on its own, so an answer that is wrong only in some cases keeps the
# points of the others. Every exercise stands alone: skip one and come back whenever you like. Helpers of your own
# may stand in cells of your own, above the exercise that uses them. The points add up to 100; the
# three written questions are extra credit.
#
# **What holds for every exercise**, unless it says otherwise:
#
# * results have the dtype and the device of the data, and inputs are left as they were (the optimizers, which are there to
#   change something, say so);
# * autograd does the derivatives: `torch.autograd.grad(f(x), x)`, `backward()`, `torch.func`, as you like;
# * results carry no graph, except for `jensen_gap` and `project_ball`, through which gradients flow;
# * loops are fine;
# * a second call with other data gives what a first call would give: nothing is kept from one call to the next.
#
# **From earlier notebooks** you need `torch.autograd.grad` (ps03, where `minimize` is the plain walk and `critical_point` looks
# at the ground where it ends) and the training loop with mini-batches (ps05). If you have not done them, you will still find
# your way.
#
# **Letters used throughout.** $x$ is where we are, $f(x)$ what we want to be small, $g$ or $\nabla f(x)$ its gradient (梯度), $H$
# or $\nabla^2 f(x)$ its Hessian (海森矩阵), the matrix of second derivatives, and $\eta$ (`eta` or `lr`) the learning rate (学习率).
# `f` is always a function of one tensor, and its result is a tensor of no dimension.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import math

import torch
from course_tools import batches, check, check_equal, check_promises, digits, plot_curves
from torch import nn


def himmelblau(x):
    """A landscape with four valleys, all equally deep (ps03). x: (2,) or (2, …)."""
    return (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2


def valley(x):
    """A long narrow valley: flat along x[0], steep along x[1]. x: (2,) or (2, …)."""
    return 0.1 * x[0] ** 2 + 2 * x[1] ** 2


# %% [markdown]
# ## 1 · Downhill
#
# ### 1.1 `gradient_descent`
#
# *difficulty 2/5 · importance 5/5 · about 15 minutes · 6 points*
#
# Notes: 000 §1.2.2.1 · 001 一维梯度下降 · 001 多维梯度下降 · 004 梯度下降
#
# Gradient descent (梯度下降), with two things that practice asks for:
#
# $$x \;\leftarrow\; \mathrm{Proj}\big(x - \eta\, \nabla f(x)\big)$$
#
# * **A place where it must stay.** Where `project` is given, it is applied to the new point after each step, once. It might
#   pull a point back into a ball (you write that one in 4.1).
# * **A time to stop.** Before each step, look at the length of the whole gradient: if $\|\nabla f(x)\|_2 < \mathtt{tol}$, stop,
#   without taking that step. The comparison is strict, so `tol=0.0` never stops.
#
# Return the whole path, a tensor with one row for every point: row 0 is `x0` as it is (not projected), and after $k$ steps there
# are $k + 1$ rows. `num_steps` is the largest $k$; it may be 0. `x0` has shape $(d,)$, or no dimension at all: then the path has
# shape $(k + 1,)$.
#
# **By hand.** $f(x) = x^2$ from $x_0 = 4$ with $\eta = 0.25$: the slope is 8, so $x = 4 - 2 = 2$; then it is 4, so $x = 1$; then
# $x = 0.5$. The path is $4, 2, 1, 0.5$. With `tol=3` it is $4, 2, 1$: at $x = 1$ the slope is $2 < 3$.
#
# In more dimensions nothing changes, and $\eta$ stays: some lecture notes lose it there. (`minimize` of **ps03** is the plain case,
# without stopping and without a projection.)
#
# <details><summary>Hint 1: a nudge</summary>
#
# In every step: make `x` a fresh leaf, compute `f`, ask for the gradient, look at its length, step. What keeps `x0` from being
# changed, and the rows of the path from being one and the same tensor?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Start with `x = x0.detach().clone()` and `trace = [x]`. A step: `leaf = x.clone().requires_grad_()`,
# `(g,) = torch.autograd.grad(f(leaf), leaf)`, `if g.norm() < tol: break`, `x = x - eta * g`, then
# `if project is not None: x = project(x)`, and append. In the end `torch.stack(trace)`.
# </details>
#
# <details><summary>Help: I see a path whose rows are all the same</summary>
#
# `x -= …` writes into the one tensor that stands in the list many times. Make a new tensor in each step, or append
# `x.clone()`.
# </details>
#
# <details><summary>Help: I see that the steps grow longer and longer</summary>
#
# With `backward()` the gradients add up unless you clear `x.grad` in every step. Or the learning rate is too large: the demo
# below shows what that looks like.
# </details>


# %% nbgrader={"grade": false, "grade_id": "gradient_descent", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gradient_descent(f, x0, eta, num_steps, project=None, tol=0.0):
    """x ← project(x - eta ∇f(x)), with a record of the path.

    f: takes a tensor of the shape of x0, returns a tensor of no dimension with a graph. x0: float, (d,) or (), left unchanged. eta: number. num_steps: int >= 0.
    project: None, or a function of a point that gives a point. tol: number >= 0; stops before a step where the norm of the gradient is smaller.
    Returns: (k + 1, *x0.shape), k <= num_steps the number of steps taken, row 0 is x0; dtype of x0, no graph.
    """
    ### BEGIN SOLUTION
    x = x0.detach().clone()
    trace = [x]
    for _ in range(num_steps):
        leaf = x.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(f(leaf), leaf)
        if gradient.norm() < tol:
            break
        x = x - eta * gradient
        if project is not None:
            x = project(x)
        trace.append(x)
    return torch.stack(trace)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_gradient_descent", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check_equal(gradient_descent(lambda x: x**2, torch.tensor(4.0), 0.25, 3), torch.tensor([4.0, 2.0, 1.0, 0.5]), "the path over x² from 4 with eta=0.25")
_x0 = torch.tensor([4.0, -2.0], dtype=torch.float64)
_bowl = lambda x: x[0] ** 2 + 0.5 * x[1] ** 2
_expected = torch.tensor([[4.0, -2.0], [2.0, -1.5], [1.0, -1.125]], dtype=torch.float64)
check_equal(gradient_descent(_bowl, _x0, 0.25, 2), _expected, "the path over x1² + x2²/2 from (4, -2) with eta=0.25")
check_equal(_x0, torch.tensor([4.0, -2.0], dtype=torch.float64), "x0 after the call")
check_equal(len(gradient_descent(_bowl, _x0, 0.25, 9, tol=2.3)), 3, "the number of rows with tol=2.3 (the gradients are (8, -2), (4, -1.5), (2, -1.125))")
_path = gradient_descent(_bowl, _x0, 0.25, 2, project=lambda x: x.clamp(max=1.5))
_expected = torch.tensor([[4.0, -2.0], [1.5, -1.5], [0.75, -1.125]], dtype=torch.float64)
check_equal(_path, _expected, "the path when a projection keeps x1 and x2 below 1.5")
check_equal(gradient_descent(_bowl, _x0, 0.25, 0), _x0[None], "the path of no step")
check(not gradient_descent(_bowl, _x0.requires_grad_(), 0.25, 2).requires_grad, "The path carries a graph; plain numbers were expected.")

# %% [markdown]
# One number decides. This valley is flat along $x_1$ and steep along $x_2$, and both directions have to live with the same
# $\eta$. With 0.4 the walk zigzags down and arrives, slowly. With 0.6 every step across the valley overshoots by more than it
# gains: $x_2 \leftarrow (1 - 4\eta)\, x_2 = -1.4\, x_2$. Yet along $x_1$ a *larger* step would do good. Nearly everything in this
# notebook is an answer to this picture.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_two_rates", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# x1, x2 = torch.meshgrid(torch.linspace(-6, 2.5, 160), torch.linspace(-4, 4, 160), indexing="xy")
# figure, panels = plt.subplots(1, 2, figsize=(11, 4.2), layout="constrained", sharey=True)
# for axes, eta, steps, colour in zip(panels, (0.4, 0.6), (20, 4), ("darkorange", "crimson")):
#     path = gradient_descent(valley, torch.tensor([-5.0, -1.0]), eta, steps)
#     axes.contourf(x1, x2, valley([x1, x2]).sqrt(), 24, cmap="Blues_r", alpha=0.9)
#     axes.contour(x1, x2, valley([x1, x2]).sqrt(), 12, colors="white", linewidths=0.5, alpha=0.6)
#     axes.plot(*path.T, "-o", color=colour, lw=1.6, markersize=4, label="gradient descent")
#     axes.plot(*path[0], "o", color="white", markeredgecolor="black", markersize=8, label="start")
#     axes.plot(0, 0, "*", color="gold", markeredgecolor="black", markersize=16, label="minimum")
#     axes.set(title=f"η = {eta}: {steps} steps", xlabel="$x_1$", xlim=(-6, 2.5), ylim=(-4, 4))
# panels[0].set_ylabel("$x_2$")
# panels[0].legend(loc="upper left", fontsize=8)
# plt.show()

# %% [markdown]
# ## 2 · One valley, or many?
#
# ### 2.1 `jensen_gap`
#
# *difficulty 1/5 · importance 3/5 · about 5 minutes · 4 points*
#
# Notes: 004 凸性
#
# A function is **convex** (凸) when the straight line between two points of its graph never runs below the graph. Said of more
# points, with weights $\alpha_i \ge 0$ that add up to 1, this is Jensen's inequality (詹森不等式): the mean of the values is at
# least the value at the mean,
#
# $$\sum_i \alpha_i f(x_i) \;\ge\; f\Big(\sum_i \alpha_i x_i\Big).$$
#
# Return the left side minus the right side. For a convex function this gap is never negative, wherever you try it. One negative
# gap, and you know that the function is not convex.
#
# **By hand.** $f(x) = x^2$, points $1$ and $5$, weights $\tfrac34$ and $\tfrac14$: the mean of the values is
# $\tfrac34 \cdot 1 + \tfrac14 \cdot 25 = 7$, the mean is $2$, its value $4$, the gap $3$.
#
# `X` holds a point $x_i$ in each row. `f` takes one point $(d,)$ and gives a number, or many points $(n, d)$ at once and gives
# $(n,)$. The gap is a tensor of no dimension, and gradients flow through it to `X` and `alpha`: stay with tensors, no `float`.
#
# <details><summary>Hint: nearly the answer</summary>
#
# `alpha @ X` is the weighted mean of the rows, `alpha @ f(X)` the weighted mean of the values.
# </details>


# %% nbgrader={"grade": false, "grade_id": "jensen_gap", "locked": false, "schema_version": 3, "solution": true, "task": false}
def jensen_gap(f, X, alpha):
    """Σ alpha_i f(x_i) - f(Σ alpha_i x_i).

    f: maps (…, d) to (…). X: (n, d) float, a point in each row. alpha: (n,) of the same dtype, >= 0, with sum 1.
    Returns: a tensor of no dimension, dtype of X, with a graph to X and alpha.
    """
    ### BEGIN SOLUTION
    return alpha @ f(X) - f(alpha @ X)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_jensen_gap", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
_squares = lambda x: (x * x).sum(dim=-1)
check_equal(jensen_gap(_squares, torch.tensor([[1.0], [5.0]]), torch.tensor([0.75, 0.25])), torch.tensor(3.0), "the gap of x² for 1 and 5, weights 3/4 and 1/4")
_X, _alpha = torch.tensor([[1.0, -2.0], [3.0, 0.5], [-1.0, 4.0]]), torch.tensor([0.5, 0.2, 0.3])
check_equal(jensen_gap(lambda x: -_squares(x), _X, _alpha), torch.tensor(-8.72), "the gap of -(x1² + x2²), which is not convex, for three points")
check_promises(lambda X, alpha: jensen_gap(_squares, X, alpha), _X, _alpha)

# %% [markdown]
# ### 2.2 `convex_at`
#
# *difficulty 2/5 · importance 3/5 · about 15 minutes · 6 points*
#
# Notes: 001 二元函数 · 004 凸性
#
# Jensen's inequality can show that a function is *not* convex. To show that it is, look at its second derivatives: a smooth
# function is convex exactly when its Hessian is positive semidefinite (半正定) everywhere, $\nabla^2 f \succeq 0$. That means:
# it bends upwards, or not at all, in **every** direction, so no eigenvalue (特征值) of $H$ is negative.
#
# Here the question is asked at single points: for each row of `X`, is the smallest eigenvalue of the Hessian of $f$ at that
# point at least `-tol`? Zero is allowed (a straight line is convex), and since computed zeros are rarely exact, there is a
# little room below it.
#
# **By hand.** $f(x) = x_1^2 + x_2^2 + 4 x_1 x_2$ has $H = \begin{pmatrix} 2 & 4 \\ 4 & 2 \end{pmatrix}$. Along both axes it bends
# upwards, yet along $(1, -1)$ it bends downwards: the eigenvalues are $6$ and $-2$, so the answer is `False`. The diagonal alone
# does not know. And $f(x) = x^3$ is convex at $1$, not at $-1$.
#
# (**ps03**'s `critical_point` asks the same eigenvalues another question: where the gradient is zero, is it a minimum, a maximum
# or a saddle? A minimum wants them all positive, convexity wants none of them negative, and here the gradient may be anything.)
#
# `f` may ignore some coordinates, and it may be linear: then its gradient has no graph, and its Hessian is zero.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `torch.autograd.functional.hessian(f, x)` gives the matrix for one point, also where `f` is linear. `torch.linalg.eigvalsh`
# gives the eigenvalues of a symmetric matrix, the smallest first.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Stack the Hessians of all rows to (n, d, d). `torch.linalg.eigvalsh(H)` is then (n, d), and its column 0 holds the smallest of
# each point. Compare it with `-tol`.
# </details>
#
# <details><summary>Help: log-sum-exp comes out as not convex</summary>
#
# One of its eigenvalues is zero, and rounding makes $-10^{-17}$ of it. That is what `tol` is for.
# </details>


# %% nbgrader={"grade": false, "grade_id": "convex_at", "locked": false, "schema_version": 3, "solution": true, "task": false}
def convex_at(f, X, tol=1e-6):
    """Whether the Hessian of f is positive semidefinite, at each of these points.

    f: takes a tensor (d,), returns a tensor of no dimension; it may be linear, or ignore coordinates. X: (n, d) float, n >= 1, a point in each row.
    tol: an eigenvalue counts as negative where it is below -tol.
    Returns: (n,) bool.
    """
    ### BEGIN SOLUTION
    H = torch.stack([torch.autograd.functional.hessian(f, x) for x in X])
    return torch.linalg.eigvalsh(H)[:, 0] >= -tol
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_convex_at", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_X = torch.tensor([[1.0, 2.0, -0.5], [-1.0, 0.5, 2.0]], dtype=torch.float64)
_result = convex_at(lambda x: x[0] ** 3 + x[1] ** 2 + x[2] ** 4, _X)
check(isinstance(_result, torch.Tensor) and _result.dtype == torch.bool, "convex_at should return a tensor of dtype bool.")
check_equal(_result, torch.tensor([True, False]), "convex_at of x1³ + x2² + x3⁴ at points with x1 = 1 and x1 = -1")
check_equal(convex_at(lambda x: x[0] ** 2 + x[1] ** 2 + 4 * x[0] * x[1], _X[:, :2]), torch.tensor([False, False]), "convex_at of x1² + x2² + 4 x1 x2")
check_equal(convex_at(lambda x: 3 * x[0] ** 2 - x[1] ** 2 - x[2] ** 2, _X[:1]), torch.tensor([False]), "convex_at of 3 x1² - x2² - x3²")
check_equal(convex_at(lambda x: 3 * x[1] ** 2 - 2 * x[2] ** 2, _X.float()), torch.tensor([False, False]), "convex_at of 3 x2² - 2 x3², in float32")
check_equal(convex_at(lambda x: 3 * x[0] - x[2], _X), torch.tensor([True, True]), "convex_at of the linear function 3 x1 - x3")
_almost = lambda x, size: -size * x[0] ** 2 + 0.01 * x[1] ** 2
check_equal(convex_at(lambda x: _almost(x, 1e-7), _X), torch.tensor([True, True]), "convex_at where an eigenvalue is -2e-7, and tol=1e-6")
check_equal(convex_at(lambda x: _almost(x, 1e-4), _X), torch.tensor([False, False]), "convex_at where an eigenvalue is -2e-4, and tol=1e-6")

# %% [markdown]
# Himmelblau's landscape from above. Blue is where your `convex_at` says yes. Around each of the four valleys there is a convex
# neighbourhood: inside it, everything that is proved about convex functions holds. In between it does not, and which valley you end in is
# a matter of where you start.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_convex_map", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
# from matplotlib.patches import Patch
#
# line = torch.linspace(-5.5, 5.5, 51, dtype=torch.float64)
# x1, x2 = torch.meshgrid(line, line, indexing="xy")
# convex = convex_at(himmelblau, torch.stack([x1.flatten(), x2.flatten()], dim=1)).reshape(x1.shape)
# fine = torch.linspace(-5.5, 5.5, 221)
# f1, f2 = torch.meshgrid(fine, fine, indexing="xy")
# valleys = torch.tensor([[3.0, 2.0], [-2.805118, 3.131312], [-3.779310, -3.283186], [3.584428, -1.848126]])
# figure, axes = plt.subplots(figsize=(6, 5.4), layout="constrained")
# axes.contourf(x1, x2, convex.float(), levels=[-0.5, 0.5, 1.5], colors=["#fbe3d6", "#a9cfe8"])
# axes.contour(f1, f2, himmelblau([f1, f2]) + 0.1, torch.logspace(-0.5, 3, 14), colors="#444444", linewidths=0.7, alpha=0.7)
# axes.plot(*valleys.T, "*", color="gold", markeredgecolor="black", markersize=16, linestyle="none")
# axes.set(xlabel="$x_1$", ylabel="$x_2$", title="Where Himmelblau's function is convex", aspect="equal")
# axes.legend(handles=[Patch(color="#a9cfe8", label="convex here"), Patch(color="#fbe3d6", label="not convex")], loc="upper right", framealpha=0.9)
# plt.show()

# %% [markdown]
# And in many dimensions? Suppose that the Hessian at a critical point were a random symmetric matrix. How often does it have
# eigenvalues of both signs, so that the point is a saddle (鞍点)? With one number never; with six, nearly always. The
# landscapes of networks have millions: when a walk comes to rest for a while, it is rarely in a valley and mostly near a pass.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_saddles", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# generator = torch.Generator().manual_seed(0)
# sizes, shares = range(1, 7), []
# for d in sizes:
#     A = torch.randn(20000, d, d, generator=generator)
#     eigenvalues = torch.linalg.eigvalsh((A + A.mT) / 2)
#     shares.append(((eigenvalues[:, 0] < 0) & (eigenvalues[:, -1] > 0)).float().mean().item())
# figure, axes = plt.subplots(figsize=(6, 3.2), layout="constrained")
# bars = axes.bar(sizes, shares, color="#5b8fb9")
# axes.bar_label(bars, [f"{share:.3f}" for share in shares], padding=2)
# axes.set(xlabel="number of dimensions", ylabel="share", ylim=(0, 1.12), title="Saddles among random symmetric matrices")
# plt.show()

# %% [markdown]
# ### 2.3 A question on paper
#
# Extra credit, marked by hand. Plain text, formulas in LaTeX or a photograph of your paper: all are welcome.
#
# **Question 1 (up to 7 points).** A function $f$ on a convex set is convex when for all $x, y$ in it and all $\lambda \in [0, 1]$
#
# $$f(\lambda x + (1 - \lambda)\, y) \;\le\; \lambda f(x) + (1 - \lambda) f(y).$$
#
# (a) Prove Jensen's inequality for $n$ points from this definition, which has two. (b) Show with the definition that a local
# minimum of a convex function is a global one. (c) Show in two lines that the sublevel sets (下水平集) $\{x : f(x) \le b\}$ are
# convex. (d) Some lecture notes say: "only convex functions have a global minimum". What is right?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_convexity", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) By induction over $n$. For $n = 1$ there is nothing to show, and $n = 2$ is the definition. Let it hold for
# $n - 1$ points, and let $\alpha_1, \dots, \alpha_n \ge 0$ have the sum 1. If $\alpha_n = 1$ all others are 0 and both sides are
# equal. Else put $\beta_i = \alpha_i / (1 - \alpha_n)$ for $i < n$: these are not negative and add up to 1. Then
#
# $$f\Big(\sum_{i=1}^n \alpha_i x_i\Big) = f\Big((1 - \alpha_n) \sum_{i<n} \beta_i x_i + \alpha_n x_n\Big) \le (1 - \alpha_n)\, f\Big(\sum_{i<n} \beta_i x_i\Big) + \alpha_n f(x_n) \le \sum_{i=1}^n \alpha_i f(x_i),$$
#
# first by the definition with $\lambda = 1 - \alpha_n$, then by the case of $n - 1$ points.
#
# (b) Let $x$ be a local minimum, and suppose that some $y$ has $f(y) < f(x)$. For $0 < \lambda < 1$ the point
# $z = \lambda x + (1 - \lambda) y$ has $f(z) \le \lambda f(x) + (1 - \lambda) f(y) < f(x)$. With $\lambda$ near 1, $z$ is as near
# to $x$ as we like and yet lower: $x$ is no local minimum after all.
#
# (c) If $f(x) \le b$ and $f(y) \le b$, then $f(\lambda x + (1 - \lambda) y) \le \lambda f(x) + (1 - \lambda) f(y) \le b$.
#
# (d) Many functions that are not convex have a global minimum: Himmelblau's has four, $x^4 - x^2$ has two, $-\cos x$ infinitely many.
# And a convex function need not have one: $e^x$ has none. What is right: where a function is convex, every *local* minimum is global.
#
# **Marking scheme.** (a) 3 points: induction with the right case it builds on 1, the weights divided by $1 - \alpha_n$ 1 (the case
# $\alpha_n = 1$ may be missing), both inequalities 1. (b) 2 points: a point between that is lower 1, as near as we like 1. (c) 1
# point. (d) 1 point: a counterexample, or the right sentence.
# ### END SOLUTION

# %% [markdown]
# ## 3 · Looking at curvature, and along the line
#
# ### 3.1 `second_order_step`
#
# *difficulty 3/5 · importance 3/5 · about 20 minutes · 8 points*
#
# Notes: 001 二元函数 · 004 梯度下降
#
# Near $x$ a function is nearly a parabola, $f(x + \varepsilon) \approx f(x) + \varepsilon^\top g + \tfrac12 \varepsilon^\top H \varepsilon$.
# Its lowest point is where the derivative by $\varepsilon$ is zero: $g + H \varepsilon = 0$. So, jump there. This is **Newton's method**
# (牛顿法), and it needs no learning rate. You write three versions, and return the step $\varepsilon$ that is to be *added* to $x$:
#
# | `method` | step $\varepsilon$ | what it is |
# |---|---|---|
# | `"newton"` | $-H^{-1} g$ | exact for parabolas, but needs all of $H$ |
# | `"diagonal"` | $-\mathrm{diag}(H)^{-1} g$ | preconditioning (预处理): divide each slope by its own curvature, ignore the rest of $H$ |
# | `"absolute"` | $-\lvert H\rvert^{-1} g$ | Newton, made to go downhill everywhere |
#
# Why the third? Where the curvature is negative, Newton jumps to the *top* of the parabola. With $H = Q \Lambda Q^\top$, the
# eigenvalues in $\Lambda$ and the eigenvectors in the columns of $Q$, let $\lvert H \rvert = Q\, \lvert \Lambda \rvert\, Q^\top$:
# the same directions, and every curvature counted as positive. That is not the matrix of the absolute entries.
#
# **By hand.** $H = \begin{pmatrix} 2 & 0 \\ 0 & -4 \end{pmatrix}$ and $g = (2, 2)$. Newton and the diagonal give $(-1, \tfrac12)$:
# along $x_2$ that is *up*hill. The third gives $(-1, -\tfrac12)$. When $H$ is not diagonal, all three differ. For
# $H = \begin{pmatrix} 2 & 1 \\ 1 & 1 \end{pmatrix}$ and $g = (1, 2)$: Newton solves $2a + b = -1$, $a + b = -2$, so $(1, -3)$; the
# diagonal gives $(-\tfrac12, -2)$.
#
# $H$ is symmetric and invertible and has no zero on its diagonal. Other methods are not asked for.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `torch.linalg.solve(H, g)` is $H^{-1} g$, without ever forming the inverse. `H.diagonal()` is the diagonal of $H$; the diagonal
# of the inverse is something else.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# For the third: `eigenvalues, Q = torch.linalg.eigh(H)`. `Q.T @ g` is the gradient in the directions of the eigenvectors. Divide
# it by the absolute eigenvalues, and go back with `Q @ …`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "second_order_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def second_order_step(g, H, method="newton"):
    """The step that a parabola with gradient g and Hessian H suggests; it is to be added to x.

    g: (d,) float. H: (d, d), symmetric, invertible, no zero on the diagonal. method: "newton", "diagonal" or "absolute".
    Returns: (d,), dtype of g.
    """
    ### BEGIN SOLUTION
    if method == "newton":
        return -torch.linalg.solve(H, g)
    if method == "diagonal":
        return -g / H.diagonal()
    eigenvalues, Q = torch.linalg.eigh(H)
    return -Q @ ((Q.T @ g) / eigenvalues.abs())
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_second_order_step", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_g, _H = torch.tensor([1.0, 2.0]), torch.tensor([[2.0, 1.0], [1.0, 1.0]])
check_equal(second_order_step(_g, _H), torch.tensor([1.0, -3.0]), "the Newton step for g = (1, 2) and H = [[2, 1], [1, 1]]")
check_equal(second_order_step(_g, _H, "diagonal"), torch.tensor([-0.5, -2.0]), 'the step with method="diagonal" for the same g and H')
_g, _H = torch.tensor([2.0, -1.0]), torch.tensor([[1.0, 2.0], [2.0, -2.0]])
check_equal(second_order_step(_g, _H, "newton"), torch.tensor([-1 / 3, -5 / 6]), "the Newton step where one eigenvalue is 2 and the other -3")
check_equal(
    second_order_step(_g, _H, "absolute"), torch.tensor([-13 / 15, 7 / 30]), 'the step with method="absolute" where one eigenvalue is 2 and the other -3'
)
check_equal(second_order_step(_g, _H, "diagonal"), torch.tensor([-2.0, -0.5]), 'the step with method="diagonal" where H[1, 1] is -2')
_flat = torch.tensor([[1.0, 1.0], [1.0, 1.0001]], dtype=torch.float64)
for _method in ("newton", "absolute"):
    _long = second_order_step(torch.tensor([1.0, 2.0], dtype=torch.float64), _flat, _method)
    check_equal(_long, torch.tensor([9999.0, -10000.0], dtype=torch.float64), f"the step with method={_method!r} for g = (1, 2) and H = [[1, 1], [1, 1.0001]]")
for _method in ("newton", "diagonal", "absolute"):
    check_promises(lambda g, H, _method=_method: second_order_step(g, H, _method), _g, _H, gradient=False)

# %% [markdown]
# ### 3.2 `line_search`
#
# *difficulty 3/5 · importance 2/5 · about 20 minutes · 6 points*
#
# Notes: 004 梯度下降
#
# The gradient says where to go, not how far. So why not find out? Along the line
#
# $$h(\eta) = f\big(x - \eta\, \nabla f(x)\big), \qquad 0 \le \eta \le \eta_{\max}$$
#
# look for the $\eta$ with the smallest $h$. The gradient $\nabla f(x)$ is computed once, at the start of the line; it is the
# direction, and it stays. For a function that is convex along the line, bisection (二分搜索) of the slope does it: if $h' < 0$ in the
# middle of the interval it still goes down there, so the lowest point lies in the right half; else in the left half. Every step halves the
# interval. The slope at $\eta$ is, by the chain rule,
#
# $$h'(\eta) = -\nabla f\big(x - \eta\, \nabla f(x)\big)^\top \nabla f(x),$$
#
# one number. (Comparing the heights of the two ends is no substitute: a valley may be steep on one side and flat on the other.)
#
# **By hand.** $f(x) = x^2$ from $x = 3$ with $\eta_{\max} = 1$: the slope there is 6, $h(\eta) = (3 - 6\eta)^2$, lowest at
# $\eta = \tfrac12$: one step, and we are at the minimum.
#
# Return a Python float that lies within $\eta_{\max} / 2^{\mathtt{num\_halvings}}$ of the best $\eta$ in the interval. If the slope
# is still negative at the end, the best is $\eta_{\max}$ itself, and bisection runs there by itself. Where the gradient is zero
# there is nothing to gain: return `0.0`. (Any method that is accurate enough will do.)
#
# <details><summary>Hint 1: a nudge</summary>
#
# Keep `left` and `right`. In each round compute the gradient at the middle point and its inner product with the direction.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# With a little function `gradient(point)`: `direction = -gradient(x)`; for each halving `middle = (left + right) / 2`, and
# `if gradient(x + middle * direction) @ direction < 0: left = middle`, else `right = middle`. Return the middle of what is left.
# </details>


# %% nbgrader={"grade": false, "grade_id": "line_search", "locked": false, "schema_version": 3, "solution": true, "task": false}
def line_search(f, x, eta_max, num_halvings):
    """The eta in [0, eta_max] with the smallest f(x - eta ∇f(x)), by bisection of the slope.

    f: takes a tensor (d,), returns a tensor of no dimension with a graph; convex along the line. x: (d,) float, left unchanged. eta_max: number > 0.
    num_halvings: int >= 1.
    Returns: float, within eta_max / 2^num_halvings of the best; 0.0 where the gradient is zero.
    """
    ### BEGIN SOLUTION

    def gradient(point):
        leaf = point.detach().clone().requires_grad_()
        return torch.autograd.grad(f(leaf), leaf)[0]

    direction = -gradient(x)
    if not direction.any():
        return 0.0
    left, right = 0.0, float(eta_max)
    for _ in range(num_halvings):
        middle = (left + right) / 2
        if gradient(x.detach() + middle * direction) @ direction < 0:
            left = middle
        else:
            right = middle
    return (left + right) / 2
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_line_search", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
def _check_search(f, x, eta_max, num_halvings, best, what):
    x = torch.tensor(x, dtype=torch.float64)
    eta = line_search(f, x, eta_max, num_halvings)
    check(isinstance(eta, float), f"line_search returned {type(eta).__name__}, expected a float.")
    room = eta_max / 2**num_halvings
    check(abs(eta - best) <= room * (1 + 1e-9), f"line_search {what}: {eta:.6g} is further than {room:.3g} from the best rate, {best:.6g}.")


_check_search(lambda x: (x * x).sum(), [3.0], 1.0, 6, 0.5, "over x² from 3 with eta_max=1 and 6 halvings")
_check_search(lambda x: (x * x).sum(), [3.0, -1.0], 0.3, 10, 0.3, "over x1² + x2² with eta_max=0.3, where it goes down to the end,")
_check_search(valley, [-5.0, 2.0], 4.0, 12, 65 / 256.2, "over the long valley from (-5, 2) with eta_max=4")
_check_search(lambda x: (torch.exp(-x) + 3 * x).sum(), [2.0], 2.0, 16, 1.081667, "over exp(-x) + 3x from 2, steep on one side,")
check_equal(line_search(lambda x: (x * x).sum(), torch.zeros(2, dtype=torch.float64), 1.0, 3), 0.0, "line_search where the gradient is zero")

# %% [markdown]
# ## 4 · Staying where it is allowed
#
# ### 4.1 `project_ball`
#
# *difficulty 2/5 · importance 3/5 · about 10 minutes · 4 points*
#
# Notes: 004 凸性
#
# Sometimes $x$ may not be anywhere: its length is limited, say. The simplest remedy is to step as usual and then go to the
# **nearest** allowed point. That is a projection (投影). For the ball of radius $r$ around the origin
#
# $$\mathrm{Proj}(x) = \begin{cases} x & \|x\|_2 \le r \\ \dfrac{r}{\|x\|_2}\, x & \text{otherwise} \end{cases}$$
#
# A point inside stays exactly as it is; only what is outside is pulled back, straight towards the centre. (Gradient clipping is this
# projection, applied to a gradient.)
#
# **By hand.** $r = 2$: $(3, 4)$ has length 5 and goes to $\tfrac25 (3, 4) = (1.2, 1.6)$. $(1, -1)$ has length 1.41 and stays.
#
# `X` has shape $(\dots, d)$; each vector along the last dimension is a point of its own. The zero vector stays, with $r = 0$ as
# well. Gradients flow through the projection and are finite everywhere, at the zero vector too.
#
# <details><summary>Hint 1: a nudge</summary>
#
# A length for each point: `X.norm(dim=-1, keepdim=True)`, and a factor for each point. Which factor has a point that is inside?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `outside = norm > radius`. The factor is `torch.where(outside, radius / torch.where(outside, norm, 1.0), 1.0)`: the inner
# `where` sees to it that nothing is ever divided by zero.
# </details>
#
# <details><summary>Help: I see NaN in the gradient</summary>
#
# `torch.where` does not stop a NaN from flowing back out of the branch that was not taken ($0 \cdot \infty$). Divide by a number that
# is not zero in the first place. And `sqrt` of a sum of squares has no slope at 0: take `torch.linalg.vector_norm`, which has.
# </details>


# %% nbgrader={"grade": false, "grade_id": "project_ball", "locked": false, "schema_version": 3, "solution": true, "task": false}
def project_ball(X, radius):
    """The nearest point of the ball of this radius about the origin, for each point.

    X: (…, d) float, left unchanged; a point along the last dimension. radius: number >= 0.
    Returns: the shape and dtype of X; points inside are as they were, others have the norm radius; with a graph to X, gradients finite.
    """
    ### BEGIN SOLUTION
    norm = torch.linalg.vector_norm(X, dim=-1, keepdim=True)
    outside = norm > radius
    return X * torch.where(outside, radius / torch.where(outside, norm, 1.0), 1.0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_project_ball", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
_X = torch.tensor([[[3.0, 4.0], [1.0, -1.0]], [[0.0, 0.0], [1.9, -1.9]]])
_expected = torch.tensor([[[1.2, 1.6], [1.0, -1.0]], [[0.0, 0.0], [2**0.5, -(2**0.5)]]])
check_equal(project_ball(_X, 2.0), _expected, "project_ball of four points with radius 2")
check_equal(project_ball(torch.tensor([0.3, -0.7]), 1.0), torch.tensor([0.3, -0.7]), "project_ball of a point inside", rtol=0, atol=0)
check_equal(project_ball(_X, 0), torch.zeros(2, 2, 2), "project_ball with radius 0")
_leaf = _X.clone().requires_grad_()
(_gradient,) = torch.autograd.grad(project_ball(_leaf, 2.0)[..., 0].sum(), _leaf)
_expected = torch.tensor([[[0.256, -0.192], [1.0, 0.0]], [[1.0, 0.0], [0.372161, 0.372161]]])
check_equal(_gradient, _expected, "the gradient through project_ball with radius 2")
check_promises(project_ball, _X, 2.0)

# %% [markdown]
# ### 4.2 `lagrangian_descent`
#
# *difficulty 4/5 · importance 2/5 · about 25 minutes · 8 points*
#
# Notes: 004 凸性
#
# Not every constraint has a projection that is easy to write. The general problem (约束优化) is
#
# $$\min_x f(x) \qquad \text{subject to} \qquad c_i(x) \le 0, \quad i = 1, \dots, m.$$
#
# Lagrange's idea is to put a *price* on each violation, the multiplier (拉格朗日乘数) $\alpha_i \ge 0$:
#
# $$L(x, \alpha) = f(x) + \sum_i \alpha_i\, c_i(x).$$
#
# The walker goes downhill in $x$. The prices go **up**hill in $\alpha$, where $\partial L / \partial \alpha_i = c_i(x)$: what is violated
# becomes dearer, what is kept becomes cheaper, but never below zero. They meet in a saddle point (鞍点) of $L$, and that is the
# solution. So, from $\alpha = 0$, in every step
#
# $$x \leftarrow x - \eta\, \nabla_x L(x, \alpha), \qquad \text{then, with the new } x, \qquad \alpha \leftarrow \max\big(0,\ \alpha + \eta\, c(x)\big).$$
#
# **By hand.** $f(x) = (x - 2)^2$ with $c(x) = x - 1 \le 0$, from $x = 0$ with $\eta = \tfrac12$. First step: the slope is $-4$, so
# $x = 2$; now $c = 1$ and $\alpha = \tfrac12$. Second step: the slope is $0 + \tfrac12$, so $x = 1.75$, $c = 0.75$ and
# $\alpha = 0.875$. It settles at $x = 1$, $\alpha = 2$: there the pull of $f$, which is $2$, and the price hold each other.
#
# `c` takes $x$ of shape $(d,)$ and gives all $m$ constraints at once, $(m,)$. Return `(x, alpha)`, plain numbers without a graph.
#
# <details><summary>Hint 1: a nudge</summary>
#
# In every step: a fresh leaf, the number $L$ = `f(leaf) + alpha @ c(leaf)`, its gradient, the step of $x$. Then $\alpha$, without
# any gradient at all.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `alpha = (alpha + eta * c(x)).clamp(min=0)`, after `x` has been replaced. It begins as `torch.zeros_like(c(x))`.
# </details>
#
# <details><summary>Help: it runs away, or swings ever wider</summary>
#
# The signs: minus for $x$, plus for $\alpha$. And $\alpha$ must see the *new* $x$.
# </details>


# %% nbgrader={"grade": false, "grade_id": "lagrangian_descent", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lagrangian_descent(f, c, x0, eta, num_steps):
    """Descent in x and ascent in the multipliers of f(x) + Σ alpha_i c_i(x), where c_i(x) <= 0 is allowed.

    f: takes a tensor (d,), returns a tensor of no dimension with a graph. c: takes a tensor (d,), returns (m,) with a graph. x0: (d,) float, left unchanged.
    eta: number. num_steps: int >= 0.
    Returns: (x (d,), alpha (m,)), alpha >= 0, dtype of x0, no graph.
    """
    ### BEGIN SOLUTION
    x = x0.detach().clone()
    alpha = torch.zeros_like(c(x))
    for _ in range(num_steps):
        leaf = x.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(f(leaf) + alpha @ c(leaf), leaf)
        x = x - eta * gradient
        alpha = (alpha + eta * c(x)).clamp(min=0)
    return x, alpha
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_lagrangian_descent", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_f, _c = lambda x: ((x - 2) ** 2).sum(), lambda x: x - 1
_result = lagrangian_descent(_f, _c, torch.tensor([0.0]), 0.5, 2)
check(isinstance(_result, tuple | list) and len(_result) == 2, "lagrangian_descent should return two things: x and alpha.")
check_equal(_result[0], torch.tensor([1.75]), "x after two steps with (x - 2)² and x <= 1, eta=0.5")
check_equal(_result[1], torch.tensor([0.875]), "alpha after two steps with (x - 2)² and x <= 1, eta=0.5")
_x0 = torch.tensor([0.0, 3.0], dtype=torch.float64)
_two = lambda x: torch.stack([x.sum() - 1, x[0] - 2 * x[1] - 1])
_x, _alpha = lagrangian_descent(_f, _two, _x0, 0.25, 3)
check_equal(_x, torch.tensor([1.36328125, 1.73828125], dtype=torch.float64), "x after three steps with x1 + x2 <= 1 and x1 - 2 x2 <= 1")
check_equal(_alpha, torch.tensor([1.759765625, 0.0], dtype=torch.float64), "alpha after three steps with x1 + x2 <= 1 and x1 - 2 x2 <= 1")
check(not _x.requires_grad and not _alpha.requires_grad, "The results carry a graph; plain numbers were expected.")
check_equal(_x0, torch.tensor([0.0, 3.0], dtype=torch.float64), "x0 after the call")
_x, _alpha = lagrangian_descent(_f, _two, _x0, 0.1, 300)
check_equal(_x, torch.tensor([0.5, 0.5], dtype=torch.float64), "x after three hundred steps", atol=1e-3)
check_equal(_alpha, torch.tensor([3.0, 0.0], dtype=torch.float64), "alpha after three hundred steps", atol=1e-3)

# %% [markdown]
# Both ways to stay in bounds, over the long valley. On the left your `gradient_descent` with your `project_ball`: the minimum of the
# valley, moved to $(4, 1)$, lies outside the disc; the walk stops at the rim, as low as the disc lets it. On the right
# `lagrangian_descent` with $x_1 + x_2 \le 1$: it may overshoot, the price rises, and it spirals in on the line.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_constraints", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
# from matplotlib.patches import Circle
#
# target = torch.tensor([4.0, 1.0])
# moved = lambda x: valley([x[0] - target[0], x[1] - target[1]])
# start = torch.tensor([-2.0, -1.5])
# x1, x2 = torch.meshgrid(torch.linspace(-3.5, 5, 170), torch.linspace(-3, 3, 120), indexing="xy")
# height = moved([x1, x2]).sqrt()
# disc = gradient_descent(moved, start, 0.2, 60, project=lambda x: project_ball(x, 2.0))
# line = torch.stack([start, *(lagrangian_descent(moved, lambda x: x.sum(dim=0, keepdim=True) - 1, start, 0.2, k)[0] for k in range(1, 120))])
# figure, panels = plt.subplots(1, 2, figsize=(11.5, 4.2), layout="constrained", sharey=True)
# for axes, path, title in zip(panels, (disc, line), ("projection: $\\|x\\| \\leq 2$", "Lagrange: $x_1 + x_2 \\leq 1$")):
#     axes.contourf(x1, x2, height, 24, cmap="Blues_r", alpha=0.9)
#     axes.contour(x1, x2, height, 12, colors="white", linewidths=0.5, alpha=0.6)
#     axes.plot(*path.T, "-o", color="darkorange", lw=1.6, markersize=3.5, label="path")
#     axes.plot(*path[0], "o", color="white", markeredgecolor="black", markersize=8, label="start")
#     axes.plot(*target, "*", color="grey", markeredgecolor="black", markersize=13, linestyle="none", label="minimum without constraint")
#     axes.plot(*path[-1], "*", color="gold", markeredgecolor="black", markersize=16, linestyle="none", label="end of the path")
#     axes.set(title=title, xlabel="$x_1$", xlim=(-3.5, 5), ylim=(-3, 3), aspect="equal")
# panels[0].add_patch(Circle((0, 0), 2, facecolor="none", edgecolor="crimson", lw=2))
# panels[1].fill_between(x1[0], 1 - x1[0], 3, where=1 - x1[0] < 3, color="crimson", alpha=0.16)
# panels[1].plot(x1[0], 1 - x1[0], color="crimson", lw=2)
# panels[0].set_ylabel("$x_2$")
# panels[0].legend(loc="upper left", fontsize=7.5)
# plt.show()

# %% [markdown]
# ## 5 · Remembering
#
# ### 5.1 `leaky_average`
#
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 4 points*
#
# Notes: 001 指数加权移动平均 · 004 动量法
#
# A mini-batch gives a gradient that is right only on average. So average over the last steps! To keep all of them would be dear; the leaky
# average (泄漏平均, 指数加权移动平均) keeps one number and lets the old ones leak away:
#
# $$y_t = \beta\, y_{t-1} + (1 - \beta)\, x_t, \qquad y_0 = 0.$$
#
# Since it starts at 0, it is too small at first. The weights of $x_1, \dots, x_t$ in $y_t$ add up to $1 - \beta^t$ only. Dividing by
# that is Adam's **correction** (偏差修正): $\hat y_t = y_t / (1 - \beta^t)$. What is carried on to the next step is $y_t$, not $\hat y_t$.
#
# **By hand.** $\beta = \tfrac12$ and $x = (4, 2, 6)$: $y = (2, 2, 4)$. Corrected: $2 / \tfrac12 = 4$, $2 / \tfrac34 = 2.667$,
# $4 / \tfrac78 = 4.571$.
#
# One warning about names. Some texts call $v_t = \beta v_{t-1} + g_t$ a leaky average as well, without the $1 - \beta$. It is this one divided by
# $1 - \beta$, so with $\beta = 0.9$ it is ten times as large. That is the $v$ of momentum, next exercise.
#
# `values` has shape $(T, \dots)$, time along dim 0; the result has the same shape and holds $y_1, \dots, y_T$. $T = 0$ is allowed.
#
# <details><summary>Hint 1: a nudge</summary>
#
# A loop over time, with `y` starting at 0. In step $t$, counted from 1, put `y` or `y / (1 - beta**t)` into the result.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `averages = torch.zeros_like(values)` has the right shape, also where there are no values. Fill `averages[t - 1]` for
# `t, x in enumerate(values, start=1)`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "leaky_average", "locked": false, "schema_version": 3, "solution": true, "task": false}
def leaky_average(values, beta, corrected=False):
    """y_t = beta y_{t-1} + (1 - beta) x_t from y_0 = 0, for each t.

    values: (T, …) float, x_1 … x_T along dim 0, T >= 0. beta: 0 <= beta < 1. corrected: whether y_t is divided by 1 - beta^t.
    Returns: the shape and dtype of values, y_1 … y_T.
    """
    ### BEGIN SOLUTION
    averages, y = torch.zeros_like(values), 0.0
    for t, x in enumerate(values, start=1):
        y = beta * y + (1 - beta) * x
        averages[t - 1] = y / (1 - beta**t) if corrected else y
    return averages
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_leaky_average", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
_values = torch.tensor([4.0, 2.0, 6.0])
check_equal(leaky_average(_values, 0.5), torch.tensor([2.0, 2.0, 4.0]), "leaky_average of 4, 2, 6 with beta=1/2")
check_equal(leaky_average(_values, 0.5, corrected=True), torch.tensor([4.0, 8 / 3, 32 / 7]), "the corrected leaky_average of 4, 2, 6 with beta=1/2")
check_equal(leaky_average(torch.tensor([[1.0, -2.0], [3.0, 5.0]]), 0.8), torch.tensor([[0.2, -0.4], [0.76, 0.68]]), "leaky_average of two pairs with beta=0.8")
check_equal(tuple(leaky_average(torch.zeros(0, 3), 0.9, True).shape), (0, 3), "the shape of leaky_average of no values at all")
check_promises(leaky_average, torch.tensor([[1.0, -2.0, 4.0], [3.0, 5.0, 7.0]]), 0.7, True, gradient=False)

# %% [markdown]
# ### How an optimizer looks from now on
#
# Here comes the signature of the next five exercises, the book's: `optimizer(params, states, hyperparams)`.
#
# * `params` is a list of tensors that require a gradient; `.grad` of each holds its gradient (it is never `None`).
# * `states` is a list with one entry for each parameter, in the same order: what the method remembers. Zeros at the start.
# * `hyperparams` is a dict with **everything** that can be set, `"lr"` for instance. There are no constants in your code.
#
# One call is one step. It changes parameters and states **in place**, in the memory they have (`p -= …`, `s[:] = …`, `s.mul_(…)`; not
# `p = …`, not `p.data = …`), under `torch.no_grad()`. Afterwards all gradients are cleared (zero or `None`). It returns nothing and leaves
# `hyperparams` as it is; only `adam` counts up its `"t"`.
#
# The next cell gives you two tools: one makes states, one walks over a landscape and keeps the path. The third is for the checks.


# %% nbgrader={"grade": false, "grade_id": "tools_for_optimizers", "locked": true, "schema_version": 3, "solution": false, "task": false}
def init_states(params, slots=1):
    """Zeros of the shape of each parameter: one tensor for each, or a pair with slots=2."""
    if slots == 1:
        return [torch.zeros_like(p, requires_grad=False) for p in params]
    return [tuple(torch.zeros_like(p, requires_grad=False) for _ in range(slots)) for p in params]


def walk(optimizer, f, x0, hyperparams, num_steps, slots=1):
    """The path of an optimizer over the landscape f, (num_steps + 1, d)."""
    x = torch.tensor(x0, requires_grad=True)
    states, path = init_states([x], slots), [x.detach().clone()]
    for _ in range(num_steps):
        f(x).backward()
        optimizer([x], states, hyperparams)
        path.append(x.detach().clone())
    return torch.stack(path)


def check_optimizer(optimizer, slots, hyperparams, first, third):
    """Two parameters take three steps with gradients that are given; "lr" is halved before the third. first, third: their five numbers after these steps."""
    name = optimizer.__name__
    params = [torch.tensor([[1.0, -2.0, 0.5]], requires_grad=True), torch.tensor([3.0, -1.0], requires_grad=True)]
    states, hyperparams = init_states(params, slots), dict(hyperparams)
    held, memory = [p.detach() for p in params], [s.view_as(s) for entry in states for s in ([entry] if slots == 1 else entry)]
    gradients = [[[[0.5, -1.0, 2.0]], [-0.1, 3.0]], [[[1.0, 0.5, -0.4]], [0.2, 1.0]], [[[-0.3, 2.0, 0.6]], [0.4, -2.0]]]
    for step, (now, expected) in enumerate(zip(gradients, (first, None, third)), start=1):
        if step == 3 and "lr" in hyperparams:
            hyperparams["lr"] /= 2
        for p, g in zip(params, now):
            p.grad = torch.tensor(g)
        before = dict(hyperparams)
        check(optimizer(params, states, hyperparams) is None, f"{name} should return nothing: it changes params and states in place.")
        if "t" in before:
            before["t"] += 1
        check(hyperparams == before, f"{name} has left hyperparams as {hyperparams}, expected {before}.")
        check(not any(p.grad is not None and p.grad.any() for p in params), f"{name} has left a gradient that is not zero.")
        check(torch.is_grad_enabled(), f"{name} has switched autograd off for the whole program: use `with torch.no_grad():`.")
        if expected is not None:
            check_equal(torch.cat([p.detach().flatten() for p in params]), torch.tensor(expected), f"{name}: the five numbers after step {step}")
    check_equal(torch.cat([p.flatten() for p in held]), torch.tensor(third), f"{name}: the memory that the parameters had at the start")
    check(all(s.any() for s in memory), f"{name} should change the states it was given, in place; their memory still holds zeros.")


# %% [markdown]
# ### 5.2 `sgd_momentum`
#
# *difficulty 2/5 · importance 5/5 · about 10 minutes · 8 points*
#
# Notes: 001 动量法 · 003 §9.4.1 · 004 动量法
#
# A ball that rolls through the long valley does not turn on the spot. Across the valley the gradients change sign from step to step and cancel in
# its memory; along the valley they agree and add up. That is momentum (动量法):
#
# $$v \leftarrow \beta\, v + g, \qquad x \leftarrow x - \eta\, v$$
#
# $\beta$ is `hyperparams["momentum"]`, the share kept. There is no $1 - \beta$ before the $g$: a steady gradient drives $v$ up to
# $g / (1 - \beta)$. And $\eta$ stands outside $v$. Some notes write $v \leftarrow \beta v + \eta g$, $x \leftarrow x - v$; as long as $\eta$ is constant
# that is the same walk. When $\eta$ falls it is not: there old steps keep the old rate. The states are one tensor $v$ for each
# parameter. `torch.optim.SGD(momentum=β)` computes exactly this.
#
# **By hand.** $x = 1$, $v = 0$, $\beta = \tfrac12$, $\eta = 0.1$, gradients $2$, then $3$: $v = 2$, $x = 0.8$; then $v = 1 + 3 = 4$, $x = 0.4$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `for p, v in zip(params, states)`, inside `with torch.no_grad():`. First the state, then the parameter with the *new* state, then the gradient
# is cleared.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `v.mul_(beta).add_(p.grad)` writes into `v`, and so does `v[:] = beta * v + p.grad`. Then `p -= lr * v` and `p.grad.zero_()`.
# </details>
#
# <details><summary>Help: the velocity is always zero</summary>
#
# `v = beta * v + p.grad` makes a new tensor with the name `v`, and `states` never hears of it.
# </details>


# %% nbgrader={"grade": false, "grade_id": "sgd_momentum", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sgd_momentum(params, states, hyperparams):
    """v ← momentum v + grad, p ← p - lr v, in place; clears the gradients.

    params: list of tensors with a gradient. states: list of v, one for each. hyperparams: "lr", "momentum".
    """
    ### BEGIN SOLUTION
    with torch.no_grad():
        for p, v in zip(params, states):
            v *= hyperparams["momentum"]
            v += p.grad
            p -= hyperparams["lr"] * v
            p.grad.zero_()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_sgd_momentum", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
check_optimizer(sgd_momentum, 1, {"lr": 0.2, "momentum": 0.7}, [0.9, -1.8, 0.1, 3.02, -1.6], [0.5655, -1.946, -0.23, 2.9449, -2.237])

# %% [markdown]
# ### 5.3 A question on paper
#
# **Question 2 (up to 5 points).** (a) Unroll $v_t = \beta v_{t-1} + (1 - \beta) g_t$ from $v_0 = 0$ into a sum over $g_1, \dots, g_t$. (b) Show that the
# weights add up to $1 - \beta^t$. One set of lecture notes has
# $(1 - \gamma) \sum_{i=1}^t \gamma^{t-i} = (1 - \gamma)\big(\tfrac{1}{1-\gamma} - \tfrac{1-\gamma^t}{1-\gamma}\big) = 1 - \gamma^t$. Where is the mistake? (c) People say that
# the average "looks back about $\tfrac{1}{1-\beta}$ steps". Why? Show that a gradient of $n = \tfrac{1}{1-\beta}$ steps ago has about $e^{-1}$
# of the weight of the newest, when $\beta$ is near 1. (d) What does the correction do for $t = 1$?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_averages", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) $v_t = (1-\beta) g_t + \beta (1-\beta) g_{t-1} + \beta^2 v_{t-2} = \dots = (1-\beta) \sum_{i=1}^t \beta^{t-i} g_i$, since $v_0 = 0$.
#
# (b) $\sum_{i=1}^t \beta^{t-i} = 1 + \beta + \dots + \beta^{t-1} = \frac{1-\beta^t}{1-\beta}$, so the weights add up to $1 - \beta^t$. The notes subtract that
# sum from $\frac{1}{1-\beta}$, the sum of the infinite series: what they write in the middle is $(1-\gamma) \cdot \frac{\gamma^t}{1-\gamma} = \gamma^t$, the weight that is
# *missing*. The subtraction is one too many; their end result is right.
#
# (c) A weight is $\beta^k$ of the newest for a gradient of $k$ steps ago. With $n = \frac{1}{1-\beta}$, $\beta^n = (1 - \frac1n)^n \to e^{-1}$ for $n \to \infty$ (or:
# $n \ln \beta \approx -n(1-\beta) = -1$). Gradients older than that hold together about $e^{-1}$, a bit over a third, of all the weight; the weights are those of a plain
# mean over $n$ steps in the sense that the newest has $1 - \beta = \frac1n$.
#
# (d) $v_1 = (1-\beta) g_1$, and divided by $1 - \beta^1$ this is $g_1$ itself: the average of one gradient is that gradient, not a tenth of it.
#
# **Marking scheme.** (a) 1 point. (b) 2 points: the geometric sum 1, the mistake 1. (c) 1 point: $\beta^n \approx e^{-1}$ with a reason. (d) 1 point.
# ### END SOLUTION

# %% [markdown]
# ## 6 · A learning rate for each number
#
# ### 6.1 `adagrad`
#
# *difficulty 2/5 · importance 3/5 · about 10 minutes · 6 points*
#
# Notes: 001 AdaGrad · 004 AdaGrad算法
#
# Momentum still has one $\eta$ for all. But one direction is steep, another flat; one weight belongs to a word that comes in every sentence, another
# to a word that comes once a year. AdaGrad adds up the squares of all gradients so far, for each number on its own, and divides by the root:
#
# $$s \leftarrow s + g \odot g, \qquad x \leftarrow x - \frac{\eta}{\sqrt{s + \epsilon}} \odot g$$
#
# All operations are entry by entry. The tiny $\epsilon$ keeps it from dividing by zero. **In this course it stands under the root**, as in the notes and
# in the book. `torch.optim.Adagrad` puts it outside, $\sqrt s + \epsilon$. With $\epsilon = 10^{-10}$ nobody notices; the grader uses
# $\epsilon = 0.1$, so that it does. (A demo below shows both.)
#
# **By hand.** $x = 1$, $s = 0$, $\eta = 0.5$, $\epsilon = 0.75$, gradient $0.5$: $s = 0.25$, the root is $1$, and $x = 1 - 0.5 \cdot 0.5 = 0.75$.
#
# States: one tensor $s$ for each parameter. Hyperparameters: `"lr"`, `"eps"`.
#
# <details><summary>Hint: nearly the answer</summary>
#
# `s += p.grad**2`, then `p -= lr * p.grad / torch.sqrt(s + eps)`: first the state, then the step with the new state.
# </details>


# %% nbgrader={"grade": false, "grade_id": "adagrad", "locked": false, "schema_version": 3, "solution": true, "task": false}
def adagrad(params, states, hyperparams):
    """s ← s + grad², p ← p - lr grad / sqrt(s + eps), in place; clears the gradients.

    params: list of tensors with a gradient. states: list of s, one for each. hyperparams: "lr", "eps".
    """
    ### BEGIN SOLUTION
    with torch.no_grad():
        for p, s in zip(params, states):
            s += p.grad**2
            p -= hyperparams["lr"] * p.grad / torch.sqrt(s + hyperparams["eps"])
            p.grad.zero_()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_adagrad", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check_optimizer(adagrad, 1, {"lr": 0.2, "eps": 0.1}, [0.830969, -1.809307, 0.302454, 3.060302, -1.198898], [0.683837, -1.981841, 0.3133, 2.885181, -1.208567])

# %% [markdown]
# ### 6.2 `rmsprop`
#
# *difficulty 2/5 · importance 3/5 · about 10 minutes · 6 points*
#
# Notes: 001 RMSProp · 004 RMSProp算法
#
# AdaGrad's $s$ only grows, so its steps only shrink, and in a long training they die. RMSProp lets the old squares leak away: $s$ becomes a leaky
# average of $g^2$.
#
# $$s \leftarrow \gamma\, s + (1 - \gamma)\, g \odot g, \qquad x \leftarrow x - \frac{\eta}{\sqrt{s + \epsilon}} \odot g$$
#
# Again $\epsilon$ stands under the root (`torch.optim.RMSprop` has it outside), and nothing is corrected for the start at 0.
#
# **By hand.** $x = 1$, $s = 0$, $\gamma = \tfrac34$, $\eta = 0.1$, $\epsilon = 0.75$, gradient $1$: $s = \tfrac14$, the root is $1$, and $x = 0.9$.
#
# States: one tensor $s$ for each parameter. Hyperparameters: `"lr"`, `"gamma"`, `"eps"`.
#
# <details><summary>Hint: nearly the answer</summary>
#
# One line of `adagrad` changes: `s[:] = gamma * s + (1 - gamma) * p.grad**2`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "rmsprop", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rmsprop(params, states, hyperparams):
    """s ← gamma s + (1 - gamma) grad², p ← p - lr grad / sqrt(s + eps), in place; clears the gradients.

    params: list of tensors with a gradient. states: list of s, one for each. hyperparams: "lr", "gamma", "eps".
    """
    ### BEGIN SOLUTION
    gamma = hyperparams["gamma"]
    with torch.no_grad():
        for p, s in zip(params, states):
            s[:] = gamma * s + (1 - gamma) * p.grad**2
            p -= hyperparams["lr"] * p.grad / torch.sqrt(s + hyperparams["eps"])
            p.grad.zero_()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_rmsprop", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check_optimizer(
    rmsprop,
    1,
    {"lr": 0.2, "gamma": 0.7, "eps": 0.1},
    [0.760954, -1.683772, 0.149177, 3.062318, -1.358569],
    [0.512708, -2.008263, 0.163787, 2.843228, -1.371908],
)

# %% [markdown]
# ### 6.3 `adadelta`
#
# *difficulty 3/5 · importance 2/5 · about 15 minutes · 8 points*
#
# Notes: 001 AdaDelta · 004 Adadelta
#
# Can one do without $\eta$ altogether? AdaDelta measures how large its own steps have been lately, and takes that for the rate. It keeps **two** leaky
# averages: $s$ of the squared gradients, and $\Delta$ of the squared *updates*, what was actually subtracted from $x$.
#
# $$s \leftarrow \rho\, s + (1 - \rho)\, g^2, \qquad u = \sqrt{\frac{\Delta + \epsilon}{s + \epsilon}} \odot g, \qquad x \leftarrow x - u, \qquad \Delta \leftarrow \rho\, \Delta + (1 - \rho)\, u^2$$
#
# The order matters: $u$ is computed with the *old* $\Delta$, which learns of $u$ afterwards. And $\epsilon$ stands under both roots. At the
# very start, where $\Delta = 0$, it is what makes the first step possible at all. (One set of notes leaks $g^2$ into $\Delta$; then it is just a second
# copy of $s$. And "二阶" here means the second *moment*, the mean of squares, not a second derivative.)
#
# **By hand.** $x = 1$, $s = \Delta = 0$, $\rho = \tfrac12$, $\epsilon = 1$, gradient $4$: $s = 8$, $u = \sqrt{1/9} \cdot 4 = \tfrac43$, $x = -\tfrac13$,
# $\Delta = \tfrac12 \cdot \tfrac{16}{9} = \tfrac89$.
#
# States: a pair $(s, \Delta)$ for each parameter. Hyperparameters: `"rho"`, `"eps"` (the book's: 0.9 and $10^{-5}$). A `"lr"` that may be there is
# ignored. `torch.optim.Adadelta(lr=1)` computes the same.
#
# <details><summary>Hint: nearly the answer</summary>
#
# `for p, (s, delta) in zip(params, states)`: four lines, one for each formula. `update` gets a name of its own, since it is used twice.
# </details>


# %% nbgrader={"grade": false, "grade_id": "adadelta", "locked": false, "schema_version": 3, "solution": true, "task": false}
def adadelta(params, states, hyperparams):
    """A step without a learning rate, in place; clears the gradients.

    params: list of tensors with a gradient. states: list of pairs (s, delta), one for each: leaky averages of grad² and of the squared updates.
    hyperparams: "rho", "eps"; a "lr" is ignored.
    """
    ### BEGIN SOLUTION
    rho, eps = hyperparams["rho"], hyperparams["eps"]
    with torch.no_grad():
        for p, (s, delta) in zip(params, states):
            s[:] = rho * s + (1 - rho) * p.grad**2
            update = torch.sqrt((delta + eps) / (s + eps)) * p.grad
            p -= update
            delta[:] = rho * delta + (1 - rho) * update**2
            p.grad.zero_()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_adadelta", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
check_optimizer(
    adadelta, 2, {"rho": 0.7, "eps": 0.1, "lr": 0.2}, [0.622036, -1.5, -0.0547, 3.098533, -1.566947], [0.292776, -2.542608, -0.152978, 2.570382, -1.33749]
)

# %% [markdown]
# ### 6.4 `adam`
#
# *difficulty 3/5 · importance 5/5 · about 20 minutes · 10 points*
#
# Notes: 001 Adam
#
# And now everything together. Adam takes momentum's memory and RMSProp's division, both as leaky averages of 5.1, both corrected for their start at 0:
#
# $$v \leftarrow \beta_1 v + (1 - \beta_1)\, g, \qquad s \leftarrow \beta_2 s + (1 - \beta_2)\, g^2$$
# $$\hat v = \frac{v}{1 - \beta_1^t}, \qquad \hat s = \frac{s}{1 - \beta_2^t}, \qquad x \leftarrow x - \eta\, \frac{\hat v}{\sqrt{\hat s} + \epsilon}$$
#
# Mind three things. The two averages have a $\beta$ each (0.9 and 0.999 as a rule; one set of notes uses the same letter for both). Here $\epsilon$ stands
# **outside** the root, in the notes, the book and `torch.optim.Adam` alike. And $t$ is the number of this step: `hyperparams["t"]` is 1 at the first
# call, and each call adds 1 to it at its end, **once**, however many parameters there are.
#
# The corrected values are used and forgotten; the states go on as $v$ and $s$.
#
# **By hand.** First step, gradient $g$: $v = (1 - \beta_1) g$, so $\hat v = g$, and likewise $\hat s = g^2$. The step is $\eta\, g / (|g| + \epsilon)$: nearly
# $\eta$, with the sign of $g$, *whatever the size of the gradient*. That is why Adam's learning rates look alike from problem to problem.
#
# States: a pair $(v, s)$ for each parameter. Hyperparameters: `"lr"`, `"beta1"`, `"beta2"`, `"eps"`, `"t"` (the book's eps is $10^{-6}$, PyTorch's $10^{-8}$).
#
# <details><summary>Hint 1: a nudge</summary>
#
# Read `t` before the loop over the parameters, and count it up after the loop.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `v[:] = beta1 * v + (1 - beta1) * p.grad`, the same for `s` with `beta2` and `p.grad**2`; `v_hat = v / (1 - beta1**t)` makes a new tensor and leaves
# `v` alone. Then `p -= lr * v_hat / (torch.sqrt(s_hat) + eps)`.
# </details>
#
# <details><summary>Help: only the first parameter is right</summary>
#
# `hyperparams["t"] += 1` stands inside the loop, so every parameter sees another $t$.
# </details>


# %% nbgrader={"grade": false, "grade_id": "adam", "locked": false, "schema_version": 3, "solution": true, "task": false}
def adam(params, states, hyperparams):
    """A step of Adam, in place; clears the gradients and adds 1 to hyperparams["t"].

    params: list of tensors with a gradient. states: list of pairs (v, s), one for each: leaky averages of grad and of grad².
    hyperparams: "lr", "beta1", "beta2", "eps" and "t", the number of this step, 1 for the first.
    """
    ### BEGIN SOLUTION
    beta1, beta2, t = hyperparams["beta1"], hyperparams["beta2"], hyperparams["t"]
    with torch.no_grad():
        for p, (v, s) in zip(params, states):
            v[:] = beta1 * v + (1 - beta1) * p.grad
            s[:] = beta2 * s + (1 - beta2) * p.grad**2
            v_hat, s_hat = v / (1 - beta1**t), s / (1 - beta2**t)
            p -= hyperparams["lr"] * v_hat / (torch.sqrt(s_hat) + hyperparams["eps"])
            p.grad.zero_()
    hyperparams["t"] += 1
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_adam", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
check_optimizer(
    adam,
    2,
    {"lr": 0.2, "beta1": 0.6, "beta2": 0.8, "eps": 0.1, "t": 1},
    [0.833333, -1.818182, 0.309524, 3.1, -1.193548],
    [0.623634, -1.869329, 0.196071, 2.969421, -1.342704],
)

# %% [markdown]
# Now the picture that the first demo promised. The same long valley, the same start, and everything you have built. Look at *how* each one deals with the steep
# direction: momentum swings across and calms down; AdaGrad and RMSProp see no difference between steep and flat; AdaDelta has to find its own
# pace first; Adam heads off with equal steps in both directions and, being heavy, overshoots a little; Newton knows the curvature, and is there in one step.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_paths", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# start = [-5.0, -2.0]
# H = torch.tensor([[0.2, 0.0], [0.0, 4.0]])
# x0 = torch.tensor(start)
# paths = {
#     "gradient descent, η = 0.4": gradient_descent(valley, x0, 0.4, 30),
#     "momentum, η = 0.4, β = 0.5": walk(sgd_momentum, valley, start, {"lr": 0.4, "momentum": 0.5}, 30),
#     "AdaGrad, η = 2": walk(adagrad, valley, start, {"lr": 2.0, "eps": 1e-6}, 30),
#     "RMSProp, η = 0.4, γ = 0.9": walk(rmsprop, valley, start, {"lr": 0.4, "gamma": 0.9, "eps": 1e-6}, 30),
#     "AdaDelta, ρ = 0.9, ε = 0.01": walk(adadelta, valley, start, {"rho": 0.9, "eps": 1e-2}, 60, slots=2),
#     "Adam, η = 0.6, β = (0.7, 0.9)": walk(adam, valley, start, {"lr": 0.6, "beta1": 0.7, "beta2": 0.9, "eps": 1e-6, "t": 1}, 30, slots=2),
# }
# newton = torch.stack([x0, x0 + second_order_step(H @ x0, H)])
# x1, x2 = torch.meshgrid(torch.linspace(-6, 2, 160), torch.linspace(-3, 3, 120), indexing="xy")
# height = valley([x1, x2]).sqrt()
# colours = ["#e8590c", "#c2255c", "#2b8a3e", "#862e9c", "#a1661b", "#d6336c"]
# figure, panels = plt.subplots(2, 3, figsize=(13, 6.6), layout="constrained", sharex=True, sharey=True)
# for axes, (name, path), colour in zip(panels.flat, paths.items(), colours):
#     axes.contourf(x1, x2, height, 28, cmap="Blues_r", alpha=0.95)
#     axes.contour(x1, x2, height, 14, colors="white", linewidths=0.5, alpha=0.55)
#     axes.plot(*newton.T, "--", color="white", lw=1.3, label="Newton, one step")
#     axes.plot(*path.T, "-", color=colour, lw=2, label=f"{len(path) - 1} steps")
#     axes.scatter(*path.T, s=torch.linspace(26, 8, len(path)), color=colour, edgecolor="white", linewidth=0.5, zorder=3)
#     axes.plot(*start, "o", color="white", markeredgecolor="black", markersize=8, zorder=4)
#     axes.plot(0, 0, "*", color="gold", markeredgecolor="black", markersize=16, zorder=4)
#     axes.set(title=name, xlim=(-6, 2), ylim=(-3, 3))
#     axes.legend(loc="upper left", fontsize=8, facecolor="#dbe7f3", framealpha=0.85)
# for axes in panels[1]:
#     axes.set_xlabel("$x_1$")
# for axes in panels[:, 0]:
#     axes.set_ylabel("$x_2$")
# figure.suptitle("One valley, six ways down", fontsize=14)
# plt.show()

# %% [markdown]
# Back on Himmelblau's landscape. Four starts, your `adam` with $\eta = 0.05$, 500 steps, and each of the four valleys gets its visitor. The blue ground is the
# convex part, from `convex_at`: once a path has come in, it does not leave it again.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_himmelblau", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# line = torch.linspace(-5.5, 5.5, 41, dtype=torch.float64)
# x1, x2 = torch.meshgrid(line, line, indexing="xy")
# convex = convex_at(himmelblau, torch.stack([x1.flatten(), x2.flatten()], dim=1)).reshape(x1.shape)
# fine = torch.linspace(-5.5, 5.5, 221)
# f1, f2 = torch.meshgrid(fine, fine, indexing="xy")
# figure, axes = plt.subplots(figsize=(6.6, 6), layout="constrained")
# axes.contourf(x1, x2, convex.float(), levels=[-0.5, 0.5, 1.5], colors=["#f6f1ea", "#c3def0"])
# axes.contour(f1, f2, himmelblau([f1, f2]) + 0.1, torch.logspace(-0.5, 3, 14), colors="#666666", linewidths=0.6, alpha=0.6)
# for start, colour in zip([[0.0, 0.0], [-1.0, 0.0], [4.0, 0.0], [0.0, -4.0]], ["#e8590c", "#2b8a3e", "#862e9c", "#c2255c"]):
#     path = walk(adam, himmelblau, start, {"lr": 0.05, "beta1": 0.9, "beta2": 0.999, "eps": 1e-6, "t": 1}, 500, slots=2)
#     axes.plot(*path.T, "-", color=colour, lw=2.2, label=f"from ({start[0]:g}, {start[1]:g}) to ({path[-1][0]:.2f}, {path[-1][1]:.2f})")
#     axes.plot(*path[::25].T, "o", color=colour, markersize=3.5)
#     axes.plot(*path[0], "o", color="white", markeredgecolor=colour, markeredgewidth=2, markersize=8)
#     axes.plot(*path[-1], "*", color="gold", markeredgecolor="black", markersize=16)
# axes.set(xlabel="$x_1$", ylabel="$x_2$", title="Adam on Himmelblau's function, a dot every 25 steps", aspect="equal")
# axes.legend(fontsize=8, loc="upper right", framealpha=0.92)
# plt.show()

# %% [markdown]
# **Where `torch.optim` differs.** The same gradients, twenty steps, $\epsilon = 0.1$ so that it shows: your optimizer (line) and PyTorch's (dots). SGD with
# momentum, Adadelta with `lr=1` and Adam lie on each other. Adagrad and RMSprop do not: there $\epsilon$ stands outside the root. With the usual tiny
# $\epsilon$ the gap is far below what you could see, so code that uses PyTorch's is fine; but two people who compare numbers should know.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_two_conventions", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# pairs = {
#     "SGD with momentum": (sgd_momentum, 1, {"lr": 0.1, "momentum": 0.7}, lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.7)),
#     "Adagrad": (adagrad, 1, {"lr": 0.1, "eps": 0.1}, lambda p: torch.optim.Adagrad(p, lr=0.1, eps=0.1)),
#     "RMSprop": (rmsprop, 1, {"lr": 0.1, "gamma": 0.7, "eps": 0.1}, lambda p: torch.optim.RMSprop(p, lr=0.1, alpha=0.7, eps=0.1)),
#     "Adadelta": (adadelta, 2, {"rho": 0.7, "eps": 0.1}, lambda p: torch.optim.Adadelta(p, lr=1.0, rho=0.7, eps=0.1)),
#     "Adam": (adam, 2, {"lr": 0.1, "beta1": 0.7, "beta2": 0.8, "eps": 0.1, "t": 1}, lambda p: torch.optim.Adam(p, lr=0.1, betas=(0.7, 0.8), eps=0.1)),
# }
# generator = torch.Generator().manual_seed(1)
# gradients = 0.3 * torch.randn(20, 1, generator=generator) + 0.15
# figure, panels = plt.subplots(1, 5, figsize=(15, 3.2), layout="constrained")
# for axes, (name, (optimizer, slots, hyperparams, make)) in zip(panels, pairs.items()):
#     mine, theirs = torch.zeros(1, requires_grad=True), torch.zeros(1, requires_grad=True)
#     states, library, rows = init_states([mine], slots), make([theirs]), [[0.0, 0.0]]
#     for g in gradients:
#         mine.grad, theirs.grad = g.clone(), g.clone()
#         optimizer([mine], states, hyperparams)
#         library.step()
#         rows.append([mine.item(), theirs.item()])
#     rows = torch.tensor(rows)
#     gap = (rows[:, 0] - rows[:, 1]).abs().max()
#     axes.plot(rows[:, 0], color="#e8590c", lw=2, label="yours")
#     axes.plot(rows[:, 1], "o", color="#1c5fb0", markersize=3.5, label="torch.optim")
#     axes.set(title=f"{name}\nlargest gap {gap:.1g}", xlabel="step", xticks=[0, 10, 20])
#     axes.grid(alpha=0.3)
# panels[0].set_ylabel("x")
# panels[0].legend(fontsize=8)
# plt.show()

# %% [markdown]
# ## 7 · The rate over time, and the loop
#
# ### 7.1 `learning_rate`
#
# *difficulty 2/5 · importance 4/5 · about 15 minutes · 6 points*
#
# Notes: 001 小批量随机梯度下降 · 003 §9.4.2 · 004 随机梯度下降
#
# Mini-batches are noisy, and with a constant $\eta$ the walk never comes to rest: it trembles around the minimum. Large steps at first, small ones later, is what we
# want: a schedule (学习率调度). And often the very first steps should be small too, while the averages are young: **warm-up** (预热).
#
# While $t < \mathtt{warmup}$ the rate climbs in a straight line from 0: $\eta_0\, t / \mathtt{warmup}$, whatever the kind. Then the schedule begins, and its clock
# begins with it: let $s = t - \mathtt{warmup}$.
#
# | `kind` | options | rate |
# |---|---|---|
# | `"constant"` | | $\eta_0$ |
# | `"piecewise"` (分段常数) | `milestones`, `gamma` | $\eta_0\, \gamma^{k}$, $k$ the number of milestones $\le s$ |
# | `"exponential"` (指数衰减) | `lam` | $\eta_0\, e^{-\lambda s}$ |
# | `"polynomial"` (多项式衰减) | `beta`, `alpha` | $\eta_0\, (\beta s + 1)^{-\alpha}$ |
# | `"cosine"` (余弦) | `total`, `final=0` | $\mathrm{final} + \dfrac{\eta_0 - \mathrm{final}}{2} \Big(1 + \cos \dfrac{\pi s}{\mathtt{total} - \mathtt{warmup}}\Big)$ while $t < \mathtt{total}$, then final |
#
# At a milestone the *new* rate holds already. (Notes that give ranges closed on both sides leave that open.) A cosine that is not stopped at `total` would climb again.
#
# **By hand.** $\eta_0 = 0.8$, piecewise with milestones 3 and 5, $\gamma = \tfrac12$, no warm-up: $t = 0, \dots, 6$ gives $0.8, 0.8, 0.8, 0.4, 0.4, 0.2, 0.2$.
# With `warmup=2`: $0, 0.4, 0.8, 0.8, 0.8, 0.4, 0.4, 0.2, \dots$
#
# Return a Python float, for any integer $t \ge 0$. The options come by keyword, so in your function they stand in the dict `options`.
#
# <details><summary>Hint: nearly the answer</summary>
#
# First the warm-up, with a `return`. Then `s = t - warmup`, and one `if kind == …` after the other. `sum(m <= s for m in options["milestones"])`
# counts the milestones; `options.get("final", 0.0)` has a default.
# </details>


# %% nbgrader={"grade": false, "grade_id": "learning_rate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def learning_rate(kind, eta0, t, warmup=0, **options):
    """The rate of step t.

    kind: "constant", "piecewise" (milestones, gamma), "exponential" (lam), "polynomial" (beta, alpha) or "cosine" (total, final=0).
    eta0: number. t: int >= 0. warmup: int >= 0, the number of steps in which the rate climbs from 0.
    Returns: float.
    """
    ### BEGIN SOLUTION
    if t < warmup:
        return eta0 * t / warmup
    s = t - warmup
    if kind == "piecewise":
        return eta0 * options["gamma"] ** sum(milestone <= s for milestone in options["milestones"])
    if kind == "exponential":
        return eta0 * math.exp(-options["lam"] * s)
    if kind == "polynomial":
        return eta0 * (options["beta"] * s + 1) ** -options["alpha"]
    if kind == "cosine":
        total, final = options["total"], options.get("final", 0.0)
        return final + (eta0 - final) * (1 + math.cos(math.pi * s / (total - warmup))) / 2 if t < total else float(final)
    return float(eta0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_learning_rate", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
def _check_rates(expected, kind, eta0, steps, **options):
    rates = [learning_rate(kind, eta0, t, **options) for t in steps]
    check(all(isinstance(rate, float) for rate in rates), f"learning_rate of kind {kind!r} should return floats.")
    check_equal(torch.tensor(rates), torch.tensor(expected), f"the rates of kind {kind!r} with {options} at the steps {list(steps)}")


_check_rates([0.8, 0.8, 0.8, 0.4, 0.4, 0.2, 0.2], "piecewise", 0.8, range(7), milestones=[3, 5], gamma=0.5)
_check_rates([0.0, 0.4, 0.8, 0.8, 0.8, 0.4, 0.4, 0.2], "piecewise", 0.8, range(8), warmup=2, milestones=[3, 5], gamma=0.5)
_check_rates([0.0, 0.15, 0.3, 0.3, 0.3], "constant", 0.3, range(5), warmup=2)
_check_rates([0.5, 0.409365, 0.183940], "exponential", 0.5, [0, 1, 5], lam=0.2)
_check_rates([0.5, 0.125, 0.071429], "polynomial", 0.5, [0, 2, 4], beta=1.5, alpha=1.0)
_check_rates([0.4, 0.2], "polynomial", 0.4, [3, 9], warmup=3, beta=0.5, alpha=0.5)
_check_rates([0.6, 0.350000, 0.1, 0.1, 0.1], "cosine", 0.6, [0, 5, 10, 13, 20], total=10, final=0.1)
_check_rates([0.3, 0.6, 0.3, 0.0], "cosine", 0.6, [1, 2, 6, 10], warmup=2, total=10)

# %% [markdown]
# The schedules as curves, all from $\eta_0 = 0.3$ over a hundred steps; on the right with ten steps of warm-up.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_schedules", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# kinds = {
#     "constant": {},
#     "piecewise": {"milestones": [30, 60], "gamma": 0.4},
#     "exponential": {"lam": 0.03},
#     "polynomial": {"beta": 0.1, "alpha": 0.5},
#     "cosine": {"total": 90, "final": 0.02},
# }
# figure, panels = plt.subplots(1, 2, figsize=(11.5, 3.7), layout="constrained", sharey=True)
# for axes, warmup in zip(panels, (0, 10)):
#     for (kind, options), colour in zip(kinds.items(), ["#888888", "#e8590c", "#2b8a3e", "#1c5fb0", "#862e9c"]):
#         axes.plot([learning_rate(kind, 0.3, t, warmup, **options) for t in range(100)], color=colour, lw=2.2, label=kind)
#     axes.set(xlabel="step t", title=f"warmup={warmup}" if warmup else "without warm-up", ylim=(-0.01, 0.33))
#     axes.grid(alpha=0.3)
# panels[0].set_ylabel("learning rate")
# panels[1].legend(fontsize=9, loc="upper right", bbox_to_anchor=(1, 0.86))
# plt.show()

# %% [markdown]
# ### 7.2 `ReduceOnPlateau`
#
# *difficulty 2/5 · importance 3/5 · about 15 minutes · 4 points*
#
# Notes: 003 §9.4.2
#
# A schedule must know beforehand when to slow down. This one looks: as long as the loss keeps falling, go on; when it has not got better for a while, cut the rate.
#
# `ReduceOnPlateau(lr, factor=0.1, patience=10)` has one method, `step(loss)`, called after each epoch. It returns the rate for the next epoch, which is also in the
# attribute `lr`.
#
# * A loss strictly below the **best so far** is progress: it becomes the best, and the count of bad epochs goes back to 0. (The first loss is always progress,
#   unless it is NaN.)
# * Everything else, an equal loss and NaN too, is a bad epoch: count it.
# * When the count is **larger** than `patience`, multiply the rate with `factor`, and set the count back to 0. The best stays.
#
# **By hand.** `lr=0.8, factor=0.5, patience=1`, losses $3, 2, 2.5, 2.2, 1, 1$: the fourth is the second bad one in a row, and $2 > 1$. The rates are
# $0.8, 0.8, 0.8, 0.4, 0.4, 0.4$.
#
# PyTorch's `torch.optim.lr_scheduler.ReduceLROnPlateau` wants besides that an improvement exceeds a threshold; with `threshold=0` it does the same.
# (It is called after training. Some notes call `schedule.step()` before it: a step too early.)
#
# <details><summary>Hint: nearly the answer</summary>
#
# Keep `self.lr`, `self.best = math.inf` and `self.count = 0`. `if loss < self.best:` … `else: self.count += 1`: NaN is smaller than nothing, so it lands in the
# `else` by itself.
# </details>


# %% nbgrader={"grade": false, "grade_id": "ReduceOnPlateau", "locked": false, "schema_version": 3, "solution": true, "task": false}
class ReduceOnPlateau:
    """Cuts the rate when the loss has not got better for more than `patience` epochs.

    lr: number, the rate at the start and the attribute that holds the present one. factor: number between 0 and 1. patience: int >= 0.
    """

    def __init__(self, lr, factor=0.1, patience=10):
        ### BEGIN SOLUTION
        self.lr, self.factor, self.patience = lr, factor, patience
        self.best, self.count = math.inf, 0
        ### END SOLUTION

    def step(self, loss):
        """Takes the loss of an epoch, a number; returns the rate for the next one."""
        ### BEGIN SOLUTION
        if loss < self.best:
            self.best, self.count = loss, 0
        else:
            self.count += 1
        if self.count > self.patience:
            self.lr, self.count = self.lr * self.factor, 0
        return self.lr
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_ReduceOnPlateau", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
def _check_plateau(losses, rates, **made_with):
    watcher = ReduceOnPlateau(**made_with)
    check_equal([watcher.step(loss) for loss in losses], rates, f"the rates of ReduceOnPlateau with {made_with} and the losses {losses}")
    check_equal(watcher.lr, rates[-1], "the attribute lr in the end")


_check_plateau([3.0, 2.0, 2.5, 2.2, 1.0, 1.0], [0.8, 0.8, 0.8, 0.4, 0.4, 0.4], lr=0.8, factor=0.5, patience=1)
_check_plateau([2.0, 2.0, 2.0, 2.0, 2.0], [0.8, 0.8, 0.4, 0.4, 0.2], lr=0.8, factor=0.5, patience=1)
_check_plateau([2.0, 3.0, 1.0, 1.5, 1.4, 1.3, 0.5], [0.6, 0.6, 0.6, 0.6, 0.6, 0.3, 0.3], lr=0.6, factor=0.5, patience=2)
_check_plateau([math.nan, 4.0, math.nan, 3.0, math.nan, math.nan], [1.0, 1.0, 1.0, 1.0, 1.0, 0.25], lr=1.0, factor=0.25, patience=1)
_check_plateau([1.0] * 12, [0.5] * 11 + [0.05], lr=0.5)

# %% [markdown]
# ### 7.3 `train`
#
# *difficulty 3/5 · importance 5/5 · about 20 minutes · 6 points*
#
# Notes: 000 §1.2.2.2 · 001 随机梯度下降 (SGD) · 001 小批量随机梯度下降 · 004 小批量随机梯度下降
#
# The loop that puts everything together. For `num_epochs` passes through `data_iter`, and for each batch `(X, y)`:
#
# 1. the losses of the batch, `loss(net(X), y)`, one for each sample as always in this course; their **mean** is what is differentiated;
# 2. `backward()` on it;
# 3. if there is a `schedule`, `hyperparams["lr"] = schedule(t)`, where $t = 0, 1, 2, \dots$ counts the steps through *all* epochs, and this happens **before** the
#    step;
# 4. `optimizer(params, states, hyperparams)`, which also clears the gradients. `params` are the parameters of the net, as a list.
#
# Whether the net is in training or in evaluation mode is the caller's business: leave it as it is.
#
# Return the mean losses of all steps, as a list of floats. A schedule that comes after the step, as in some notes, gives the first step the wrong rate.
#
# **By hand.** Two epochs of three batches are six steps: $t = 0, \dots, 5$, and six losses. The schedule is asked for $t = 3$ in the second epoch's first step.
#
# `states` were made by the caller, for instance with `init_states(list(net.parameters()), slots=2)` for `adam`. The grader tries your `train` with optimizers of its own, and once with
# your `adam` and your `learning_rate`.
#
# <details><summary>Hint: nearly the answer</summary>
#
# `params = list(net.parameters())`, made once. `value = loss(net(X), y).mean()`, `value.backward()`; the list gets `value.item()`. `t` is set to 0 outside of both loops.
# </details>


# %% nbgrader={"grade": false, "grade_id": "train", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train(net, data_iter, loss, optimizer, states, hyperparams, num_epochs, schedule=None):
    """Trains net in place.

    net: nn.Module. data_iter: gives batches (X, y), once an epoch. loss(net(X), y): (n,), one loss for each sample. optimizer(params, states, hyperparams): one step,
    in place. hyperparams: dict; its "lr" is set to schedule(t) before step t, counted from 0 through all epochs, where there is a schedule. num_epochs: int.
    Returns: list of floats, the mean loss of each step.
    """
    ### BEGIN SOLUTION
    params, losses = list(net.parameters()), []
    for _ in range(num_epochs):
        for X, y in data_iter:
            value = loss(net(X), y).mean()
            value.backward()
            if schedule is not None:
                hyperparams["lr"] = schedule(len(losses))
            optimizer(params, states, hyperparams)
            losses.append(value.item())
    return losses
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_train", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
def _plain(params, states, hyperparams):
    check(isinstance(params, list), f"The optimizer was given the parameters as a {type(params).__name__}, expected a list.")
    with torch.no_grad():
        for p in params:
            p -= hyperparams["lr"] * p.grad
            p.grad = None


_net = nn.Linear(1, 1, bias=False)
nn.init.constant_(_net.weight, 2.0)
_batches = [(torch.tensor([[1.0], [2.0]]), torch.tensor([[1.0], [3.0]])), (torch.tensor([[-1.0]]), torch.tensor([[1.0]]))]
_settings = {"lr": 100.0}
_squared = lambda y_hat, y: ((y_hat - y) ** 2).reshape(-1)
_losses = train(_net, _batches, _squared, _plain, None, _settings, 2, schedule=lambda t: [0.1, 0.05, 0.2, 0.0][t])
check(isinstance(_losses, list) and all(isinstance(value, float) for value in _losses), "train should return a list of floats.")
check_equal(_losses, [1.0, 7.29, 0.10225, 5.76], "the losses of four steps")
check_equal(_net.weight.item(), 1.4, "the weight after four steps")
check_equal(_settings["lr"], 0.0, 'hyperparams["lr"] after training with a schedule')
_settings = {"lr": 0.1}
_net, _in_float64 = _net.double().eval(), [(X.double(), y.double()) for X, y in _batches[::-1]]
check_equal(
    train(_net, iter(_in_float64), _squared, _plain, None, _settings, 1), [5.76, 0.676], "the losses of a second training, in float64 and without a schedule"
)
check_equal(_settings["lr"], 0.1, 'hyperparams["lr"] after training without a schedule')
check(not _net.training, "train has switched the mode of the net.")

# %% [markdown]
# Your five optimizers read handwritten digits: a network with 64 hidden units, five epochs, batches of 64. Same net, same start, same order of the batches. The thin lines
# are single batches, the thick ones their leaky average, corrected, by your function. They all get there; the rates that suit them differ by a factor of twenty.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_digits", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# X_train, y_train, X_test, y_test = digits()
# X_train, X_test = X_train.flatten(1), X_test.flatten(1)
# cross_entropy = nn.CrossEntropyLoss(reduction="none")
# recipes = {
#     "momentum": (sgd_momentum, 1, {"lr": 0.1, "momentum": 0.9}),
#     "AdaGrad": (adagrad, 1, {"lr": 0.05, "eps": 1e-6}),
#     "RMSProp": (rmsprop, 1, {"lr": 0.005, "gamma": 0.9, "eps": 1e-6}),
#     "AdaDelta": (adadelta, 2, {"rho": 0.9, "eps": 1e-4}),
#     "Adam": (adam, 2, {"lr": 0.01, "beta1": 0.9, "beta2": 0.999, "eps": 1e-6, "t": 1}),
#     "Adam, warm-up and cosine": (adam, 2, {"lr": 0.01, "beta1": 0.9, "beta2": 0.999, "eps": 1e-6, "t": 1}),
# }
# figure, axes = plt.subplots(figsize=(8.5, 4.6), layout="constrained")
# for (name, (optimizer, slots, hyperparams)), colour in zip(recipes.items(), ["#c2255c", "#2b8a3e", "#862e9c", "#a1661b", "#e8590c", "#1c5fb0"]):
#     torch.manual_seed(0)
#     net = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
#     data = batches(X_train, y_train, 64, shuffle=True, generator=torch.Generator().manual_seed(0))
#     schedule = (lambda t: learning_rate("cosine", 0.01, t, warmup=10, total=115)) if "cosine" in name else None
#     losses = train(net, data, cross_entropy, optimizer, init_states(list(net.parameters()), slots), hyperparams, 5, schedule)
#     accuracy = (net(X_test).argmax(dim=1) == y_test).float().mean().item()
#     axes.semilogy(losses, color=colour, lw=0.5, alpha=0.35)
#     axes.semilogy(leaky_average(torch.tensor(losses), 0.85, corrected=True), color=colour, lw=2.2, label=f"{name}: test accuracy {accuracy:.3f}")
# axes.set(xlabel="step", ylabel="loss", title="Five optimizers read digits")
# axes.grid(alpha=0.3)
# axes.legend(fontsize=9)
# plt.show()

# %% [markdown]
# ### 7.4 A question on paper
#
# **Question 3 (up to 4 points).** Let $f = \frac1n \sum_{i=1}^n f_i$, and draw $i$ uniformly from $1, \dots, n$. (a) Show that $\mathbb{E}_i \nabla f_i(x) = \nabla f(x)$. (b) A
# mini-batch takes $b$ samples, drawn independently, and averages their gradients. Show for one coordinate of the gradient that its variance is $\frac1b$ of that of one sample.
# (c) Why does stochastic gradient descent with a constant $\eta$ not come to rest in the minimum, and why does it help to let $\eta_t$ fall?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_noise", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) $\mathbb{E}_i \nabla f_i(x) = \sum_{i=1}^n \frac1n \nabla f_i(x) = \nabla \frac1n \sum_i f_i(x) = \nabla f(x)$.
#
# (b) Let $g_1, \dots, g_b$ be one coordinate of the gradients of the samples, independent and each with variance $\sigma^2$. For independent variables variances add, and a
# factor comes out squared: $\mathrm{Var}\big(\frac1b \sum_j g_j\big) = \frac{1}{b^2} \cdot b\, \sigma^2 = \frac{\sigma^2}{b}$.
#
# (c) In the minimum the *mean* gradient is zero, but that of a sample is not: its variance stays. So each step moves by something of size $\eta \sigma$, however long one waits, and $x$ trembles
# in a cloud around the minimum whose size grows with $\eta$. With $\eta_t \to 0$ the cloud shrinks to a point. (Not too fast: the steps must still
# add up to infinity to get there from anywhere.)
#
# **Marking scheme.** (a) 1 point. (b) 1 point: variances add and the factor is squared. (c) 2 points: the noise does not vanish in the minimum 1, its effect is proportional to $\eta$ and vanishes with it 1.
# ### END SOLUTION

# %% [markdown]
# ## What you have now, and where to go
#
# When somebody says "I trained it with Adam, cosine, ten steps of warm-up, gradients clipped", you can write every word of it. You know what the five methods have in common: a memory of
# gradients, a memory of their squares, or both. You know what convexity would promise, and that networks do not keep to it.
#
# To try, if you like: give gradient descent your `line_search` in every step, and walk down the long valley again. Let `adam` forget its correction, and look at the
# first twenty steps. Watch `ReduceOnPlateau` in the digits' training, with a rate that is too large at first.
#
# In **ps16** the length of a gradient becomes a danger, and clipping (your `project_ball`, in a way) the remedy; in **ps18** and after, warm-up is no luxury any more. And
# whenever a training does not move: look at the loss, look at the rate, and now you also know where to look next.
