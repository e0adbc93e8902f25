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
# # Generalization: overfitting, and what helps against it (过拟合与正则化)
#
# You begin with a curve that hits nearly every point it was shown, and is useless. At the end of this notebook you can tell such
# a model from a good one **before** anybody relies on it, and you have five remedies, each built by yourself: choosing by
# validation, weight decay, dropout, early stopping, and weights for data that come from the wrong place. Real projects use all of
# them, every day.
#
# There are sixteen functions. Most are three to six lines long.
#
# **How it is marked.** Each exercise has a cell for your answer and, under it, a check that you can run as often as you like. A
# check is an example: it says in words what is wrong with one result. The hidden grader asks more of the same (other shapes,
# other numbers, other dtypes), and it marks each property on its own, so an answer that is wrong only in some cases keeps the
# points of the others. Every exercise can be written alone: skip one and come back whenever you like. The points add up to 100;
# the two written questions are extra credit.
#
# **What holds for every exercise**, unless it says otherwise:
#
# * results have the dtype and the device of the data;
# * inputs are left as they were (`sgd_decay`, which is there to change something, says so);
# * a second call with other data gives what a first call would give: nothing is kept from one call to the next;
# * loops are fine. Only `polynomial_features` should not loop over the points;
# * gradients flow through `polynomial_features`, `penalized_loss`, `dropout_layer` and `Dropout`: no `.detach()`, `.item()` or
#   NumPy on the way there. Elsewhere nobody asks for them.
#
# **From earlier notebooks** you need very little: mini-batches and gradient descent as in ps05 (`sgd`), a network of linear
# layers and ReLU as in ps06. If you have not done them, you will still find your way.
#
# **Letters used throughout.** $n$ samples (样本) with $d$ features (特征) each stand in the rows of $X$, shape $(n, d)$; their labels
# (标签) in $y$. $w$ are weights (权重), $b$ is the bias (偏置), and $\lambda$, in code `lambd` or `weight_decay`, says how strong a
# penalty is (`lambda` is a word of Python's own, so it cannot be a name).

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import copy
import math

import torch
from course_tools import batches, check, check_equal, check_promises, digits


def noisy_cubic(n, generator):
    """n points of a cubic curve with noise: x (n,) between -2 and 2, y (n,), both float64."""
    x = 4 * torch.rand(n, generator=generator, dtype=torch.float64) - 2
    return x, cubic(x) + 0.5 * torch.randn(n, generator=generator, dtype=torch.float64)


def cubic(x):
    """The curve itself, without noise."""
    return 5 + 1.2 * x - 1.7 * x**2 + 0.93 * x**3


# %% [markdown]
# ## 1 · A curve through every point
#
# ### 1.1 `polynomial_features`
#
# *difficulty 1/5 · importance 3/5 · about 5 minutes · 4 points*
#
# Notes: 002 模型复杂度
#
# A straight line $b + w x$ cannot follow a curve. But let the model see $x^2, x^3, \dots$ as well, as if they were further
# features, and the same linear model draws curves. How many powers it gets decides how far it can bend: its capacity (模型容量).
#
# $$x \;\longmapsto\; (x^1,\ x^2,\ \dots,\ x^K), \qquad K = \text{degree}$$
#
# The first column is $x$ itself. There is no column of ones (the bias will do that), and no factorials: just powers.
#
# **By hand.** For $x = (2, -1, \tfrac12)$ and degree 3 the rows are $(2, 4, 8)$, $(-1, 1, -1)$ and
# $(\tfrac12, \tfrac14, \tfrac18)$.
#
# A loop over the *powers* is fine, one over the points is not. Degree 0 is allowed: a matrix with $n$ rows and no column.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `x ** 3` takes the third power of every entry at once. Make one such column for each power and put the columns side by side.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Broadcasting does it in one line: `x.unsqueeze(1)` is a column (n, 1); raise it to the power of the row
# `torch.arange(1, degree + 1)`. Where does that row live if `x` lies on a GPU? `torch.arange(…, device=x.device)`.
# </details>
#
# <details><summary>Help: I see NaN</summary>
#
# `exp(k * log(x))` is a power only for positive $x$: there is no logarithm of a negative number. Use `**`.
# </details>
#
# <details><summary>Help: I see "stack expects a non-empty TensorList"</summary>
#
# That is degree 0. With the row of exponents of hint 2 it needs no special case.
# </details>


# %% nbgrader={"grade": false, "grade_id": "polynomial_features", "locked": false, "schema_version": 3, "solution": true, "task": false}
def polynomial_features(x, degree):
    """The powers x¹ … x^degree of each number.

    x: (n,) float, any sign, left unchanged. degree: int >= 0.
    Returns: (n, degree), dtype and device of x; column k - 1 holds x to the power of k.
    """
    ### BEGIN SOLUTION
    return x.unsqueeze(1) ** torch.arange(1, degree + 1, device=x.device)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_polynomial_features", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
_expected = torch.tensor([[2.0, 4.0, 8.0], [-1.0, 1.0, -1.0], [0.5, 0.25, 0.125]])
check_equal(polynomial_features(torch.tensor([2.0, -1.0, 0.5]), 3), _expected, "polynomial_features(x, 3)")
check_equal(polynomial_features(torch.tensor([3.0, -2.0]), 5)[:, 4], torch.tensor([243.0, -32.0]), "the last column of polynomial_features(x, 5)")
check_equal(tuple(polynomial_features(torch.tensor([3.0, -2.0]), 0).shape), (2, 0), "the shape of polynomial_features(x, 0)")
check_promises(polynomial_features, torch.tensor([2.0, -1.0, 0.5, 1.5]), 2)

# %% [markdown]
# ### 1.2 `fit_polynomial`
#
# *difficulty 2/5 · importance 3/5 · about 15 minutes · 6 points*
#
# Notes: 000 §1.5.2 · 002 模型复杂度 · 002 训练数据集大小 · 003 §9.1
#
# Find the polynomial with the smallest sum of squared errors, bias included:
#
# $$\min_{w,\, b} \sum_{i=1}^{n} \Big(b + \sum_{k=1}^{K} w_k\, x_i^k - y_i\Big)^2$$
#
# That is linear regression (线性回归) on the features of 1.1, and it needs no training loop: least squares (最小二乘法) has an exact
# answer. Put a column of ones in front of the powers, for $b$, and let `torch.linalg.lstsq` solve it.
#
# One thing wants care. High powers make columns of very different size that look alike ($2^{11}$ and $2^{12}$, say), and float32
# loses all its digits in between. **Compute in float64, and convert the answer back** to the dtype of $x$ at the very end.
# Forming $A^\top A$ ("the normal equations") loses twice as many digits as needed: `lstsq` works on $A$ itself.
#
# **By hand.** For the points $(0, 1), (1, 2), (2, 6)$ and degree 1: the means are $\bar x = 1$ and $\bar y = 3$, so
# $w = \frac{(-1)(-2) + 0 + (1)(3)}{1 + 0 + 1} = 2.5$ and $b = 3 - 2.5 \cdot 1 = 0.5$. Note that $b$ is *not* the mean of $y$.
#
# You are judged by the curve that comes out, between the smallest and the largest $x$, and not by the coefficients. There are
# more points than `degree`, and no two have the same $x$. You may call your `polynomial_features`: should it have a slip, the
# grader lends you a right one here.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `torch.linalg.lstsq(A, B).solution` minimises ‖A·solution − B‖². `A` is (n, degree + 1); `B` wants to be a column, (n, 1).
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `A = x.double().unsqueeze(1) ** torch.arange(degree + 1)`: the zeroth power is the column of ones. Solve with
# `torch.linalg.lstsq(A, y.double().unsqueeze(1), driver="gelsd")`, the driver that copes best with columns that look alike (it
# works on the CPU only; on a GPU leave `driver` out). The first number of the solution is `b`, the rest is `w`.
# </details>
#
# <details><summary>Help: I see "expected m1 and m2 to have the same dtype", or float and double mixed up</summary>
#
# Both `A` and the column of labels must be float64: `.double()`. The results go back with `.to(x.dtype)`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "fit_polynomial", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fit_polynomial(x, y, degree):
    """The polynomial b + w₁x + … of smallest squared error.

    x: (n,) float, all different; y: (n,) of the same dtype; degree: int >= 0, smaller than n. No gradient is needed.
    Returns: (w, b), w (degree,) and b one number or a tensor of one entry, both in the dtype of x.
    """
    ### BEGIN SOLUTION
    A = x.double().unsqueeze(1) ** torch.arange(degree + 1, device=x.device)
    driver = "gelsd" if x.device.type == "cpu" else None
    solution = torch.linalg.lstsq(A, y.double().unsqueeze(1), driver=driver).solution.squeeze(1).to(x.dtype)
    return solution[1:], solution[0]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_fit_polynomial", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_w, _b = fit_polynomial(torch.tensor([0.0, 1.0, 2.0]), torch.tensor([1.0, 2.0, 6.0]), 1)
check_equal(_w, torch.tensor([2.5]), "w of fit_polynomial of the points (0, 1), (1, 2), (2, 6) with degree 1")
check_equal(float(_b), 0.5, "b of fit_polynomial of the points (0, 1), (1, 2), (2, 6) with degree 1")
_x = torch.linspace(-2, 1.5, 20)
_y = 1 - 2 * _x + _x**3 + 0.1 * torch.cos(7 * _x)
_w, _b = fit_polynomial(_x, _y, 12)
check(_w.shape == (12,) and _w.dtype == torch.float32, f"w has shape {tuple(_w.shape)} and dtype {_w.dtype}, expected (12,) and float32.")
_curve = float(_b) + sum(_w[k].double() * _x.double() ** (k + 1) for k in range(12))
_off = float(((_curve - _y) ** 2).mean().sqrt())
check(_off < 0.0155, f"The curve of degree 12 misses the points by {_off:.3f} in the mean, and a better one exists: is everything computed in float64?")

# %% [markdown]
# Now look at what you have built. Twenty points of a cubic curve with some noise; the same points, fitted with three degrees. The
# dots are all that the computer sees. The dashed line is the truth, which it does not know.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_three_degrees", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# generator = torch.Generator().manual_seed(6)
# x, y = noisy_cubic(20, generator)
# grid = torch.linspace(float(x.min()), float(x.max()), 300, dtype=torch.float64)
# figure, panels = plt.subplots(1, 3, figsize=(10.5, 3.4), sharey=True, layout="constrained")
# for panel, degree, verdict in zip(panels, (1, 3, 14), ("too stiff: underfitting", "about right", "too flexible: overfitting")):
#     w, b = fit_polynomial(x, y, degree)
#     panel.plot(grid, cubic(grid), "--", color="grey", label="the truth")
#     panel.plot(grid, float(b) + polynomial_features(grid, degree) @ w, color="tab:red", label="the fitted curve")
#     panel.plot(x, y, "o", markersize=4, color="tab:blue", label="the 20 points")
#     panel.set(title=f"degree {degree}\n{verdict}", xlabel="x", ylim=(-12, 14))
#     panel.grid(alpha=0.3)
# panels[0].set_ylabel("y")
# panels[0].legend(loc="lower right", fontsize=8)
# plt.show()

# %% [markdown]
# Degree 1 cannot follow: **underfitting** (欠拟合). Degree 14 comes nearest to the dots of all three, and runs wild between them:
# **overfitting** (过拟合). It has learned the noise by heart. And now the uncomfortable part: judged by the error on the dots, the
# *training error* (训练误差), degree 14 wins. What we want to be small is the error on points that nobody has seen, the
# *generalization error* (泛化误差). Section 2 is about how to measure that.
#
# ## 2 · Judging by what was not learned from
#
# ### 2.1 `train_val_split`
#
# *difficulty 2/5 · importance 5/5 · about 10 minutes · 7 points*
#
# Notes: 000 §1.5.1 · 001 验证数据集 · 002 验证数据集 · 003 §9.2.1
#
# Keep some samples away from training, and you have honest judges: the validation set (验证集). Four things make a split right:
#
# * the rows are chosen **at random**: data often come sorted, and the tail of a sorted file is not like the rest;
# * no row is in both parts, and none is lost;
# * a sample and its label stay together, so both follow **one** permutation;
# * it can be repeated. All chance comes from the `generator` you are given: `torch.randperm(n, generator=generator)`. The same
#   state of the generator gives the same split, and PyTorch's global generator is not touched.
#
# The validation set gets `round(val_share * n)` samples.
#
# **By hand.** With $n = 10$ and `val_share = 0.3`, 3 samples are set apart and 7 are left to train on. If the permutation begins
# $4, 0, 7, \dots$ these may be the rows 4, 0 and 7 of $X$ *and* of $y$. (You may as well take the last three of the permutation,
# and the order inside the two parts is free.)
#
# <details><summary>Hint 1: a nudge</summary>
#
# A permutation of the row numbers, cut in two. `X[rows]` with a tensor of row numbers picks those rows.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `order = torch.randperm(len(X), generator=generator)`; validation is `order[:n_val]`, training is `order[n_val:]`. Use both for
# `X` and for `y`.
# </details>
#
# <details><summary>Help: I see "Expected a 'cuda' device type for generator but found 'cpu'"</summary>
#
# The generator lives on the CPU. Draw the permutation there, and move the row numbers to the data: `order.to(X.device)`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "train_val_split", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_val_split(X, y, val_share, generator):
    """Sets a random part of the samples apart for validation.

    X: (n, ...), y: (n,) or (n, ...). val_share: the part of the samples for validation, 0 < val_share < 1. generator: a torch.Generator on the CPU, the only
    source of chance.
    Returns: (X_train, y_train, X_val, y_val); the validation part has round(val_share * n) samples.
    """
    ### BEGIN SOLUTION
    n_val = round(val_share * len(X))
    order = torch.randperm(len(X), generator=generator).to(X.device)
    train, val = order[n_val:], order[:n_val]
    return X[train], y[train], X[val], y[val]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_train_val_split", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
_X = torch.tensor([[7.0, 1.0], [2.0, 9.0], [4.0, 3.0], [8.0, 8.0], [5.0, 6.0], [1.0, 4.0], [3.0, 2.0], [6.0, 5.0], [9.0, 0.0], [0.0, 7.0]])
_y = _X[:, 0].long() * 10
_global = torch.get_rng_state()
_parts = [train_val_split(_X, _y, 0.28, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2, 3, 4)]
check(torch.equal(_global, torch.get_rng_state()), "PyTorch's global generator was used: all chance should come from the generator that is given.")
for _X_train, _y_train, _X_val, _y_val in _parts:
    check_equal(
        [len(_X_train), len(_y_train), len(_X_val), len(_y_val)], [7, 7, 3, 3], "the lengths of X_train, y_train, X_val and y_val for val_share=0.28 of 10"
    )
    check(torch.equal(_X_val[:, 0].long() * 10, _y_val), "In the validation part a sample stands beside the label of another.")
    check(torch.equal(_X_train[:, 0].long() * 10, _y_train), "In the training part a sample stands beside the label of another.")
    check_equal(torch.cat([_y_train, _y_val]).sort().values, _y.sort().values, "all labels of both parts, sorted,")
check(torch.equal(_parts[0][2], _parts[1][2]), "Two generators with the same seed gave two different splits.")
check(any(not torch.equal(_parts[0][2], _part[2]) for _part in _parts[2:]), "Four generators with different seeds all gave the same split.")

# %% [markdown]
# ### 2.2 `get_k_fold_data`
#
# *difficulty 2/5 · importance 4/5 · about 15 minutes · 6 points*
#
# Notes: 000 §1.5.1 · 001 K折交叉验证 · 003 §9.2.2 · 004 K折叠交叉验证
#
# With few samples one cannot afford to lose a third of them, and the luck of a single split weighs heavily. *K-fold
# cross-validation* (K 折交叉验证) lets everybody be a judge once: cut the rows into $k$ folds, learn from $k - 1$ of them, validate on
# the one that is left, and do so $k$ times.
#
# This function makes the data of round $i$, counted from 0. The folds are **consecutive rows**, in order. When $k$ does not
# divide $n$, their sizes differ by at most one and the first ones are the longer ones, as `torch.tensor_split` does it. No row
# may get lost: cutting folds of `n // k` rows would never look at the last few.
#
# **By hand.** $n = 7$ and $k = 3$ give folds of 3, 2 and 2 rows: $\{0, 1, 2\}, \{3, 4\}, \{5, 6\}$. For $i = 1$ we validate on
# the rows 3 and 4 and train on $0, 1, 2, 5, 6$, in this order.
#
# With $k = n$ every fold is a single sample: leave-one-out (留一法).
#
# <details><summary>Hint 1: a nudge</summary>
#
# `torch.tensor_split(X, k)` gives a tuple of $k$ pieces. Piece $i$ is for validation. What are the others, put together again?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `folds = torch.arange(len(X)).tensor_split(k)` cuts the row *numbers*. The training rows are
# `torch.cat(folds[:i] + folds[i + 1:])`.
# </details>
#
# <details><summary>Help: I see "can only concatenate tuple (not "list") to tuple"</summary>
#
# `tensor_split` gives a tuple. `folds[:i] + folds[i + 1:]` joins two tuples; make a list of it first with `list(folds)` if you
# like lists better.
# </details>


# %% nbgrader={"grade": false, "grade_id": "get_k_fold_data", "locked": false, "schema_version": 3, "solution": true, "task": false}
def get_k_fold_data(k, i, X, y):
    """The data of round i of k-fold cross-validation.

    k: number of folds, 2 <= k <= n. i: which fold validates, 0 <= i < k. X: (n, ...), y: (n,) or (n, ...).
    Returns: (X_train, y_train, X_valid, y_valid); folds are consecutive rows of sizes as torch.tensor_split, training rows keep their order.
    """
    ### BEGIN SOLUTION
    folds = torch.arange(len(X), device=X.device).tensor_split(k)
    train, valid = torch.cat(folds[:i] + folds[i + 1 :]), folds[i]
    return X[train], y[train], X[valid], y[valid]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_get_k_fold_data", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_X = torch.tensor([[3.0, 1.0], [1.0, 4.0], [4.0, 1.0], [1.0, 5.0], [5.0, 9.0], [9.0, 2.0], [2.0, 6.0], [6.0, 5.0]])
_y = torch.tensor([31, 14, 41, 15, 59, 92, 26, 65])
for _i, _train, _valid in [(0, [3, 4, 5, 6, 7], [0, 1, 2]), (1, [0, 1, 2, 6, 7], [3, 4, 5]), (2, [0, 1, 2, 3, 4, 5], [6, 7])]:
    _parts = get_k_fold_data(3, _i, _X, _y)
    for _part, _expected, _name in zip(_parts, (_X[_train], _y[_train], _X[_valid], _y[_valid]), ("X_train", "y_train", "X_valid", "y_valid"), strict=True):
        check_equal(_part, _expected, f"{_name} of get_k_fold_data(3, {_i}, X, y) with 8 rows")
check_equal([len(get_k_fold_data(3, _i, _X[:7], _y[:7])[3]) for _i in range(3)], [3, 2, 2], "the sizes of the three folds of 7 rows")
check_promises(get_k_fold_data, 8, 5, _X, _y, gradient=False)

# %% [markdown]
# ### 2.3 `k_fold`
#
# *difficulty 2/5 · importance 5/5 · about 10 minutes · 6 points*
#
# Notes: 001 K折交叉验证 · 002 $K$ 折交叉验证 · 003 §9.2.2 · 004 K折叠交叉验证
#
# Now the loop over the $k$ rounds. You are given two functions: `fit(X, y)` learns and returns a model, whatever that is, and
# `error(model, X, y)` says how wrong the model is on some data. In each round fit on the $k - 1$ training folds, **once**, then
# measure the error twice: on what was learned from, and on the fold that was left out. Return the two means over the $k$ rounds:
#
# $$\Big(\frac1k \sum_{i} \text{training error}_i,\ \ \frac1k \sum_{i} \text{validation error}_i\Big)$$
#
# Plain means: every round counts the same, also when one fold is a row shorter. Each round starts with a **new** fit: a model
# that has seen all the data has nothing left to be judged by.
#
# **By hand.** Let a "model" be the mean of its training labels, and the error the mean squared distance to it. Labels
# $(1, 3, 8)$, $k = 3$. Without the 1 the model is $5.5$: training error $2.5^2 = 6.25$, validation error $4.5^2 = 20.25$. Without
# the 3: $4.5$, errors $12.25$ and $2.25$. Without the 8: $2$, errors $1$ and $36$. The answer is $(6.5,\ 19.5)$.
#
# You may call your `get_k_fold_data`. Should it have a slip, the grader lends you a right one here.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Two lists, one loop `for i in range(k)`, and the `return` after the loop.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# In the loop: `model = fit(X_train, y_train)`, then `training.append(float(error(model, X_train, y_train)))`, and the same for
# the validation fold. At the end `sum(training) / k`.
# </details>
#
# <details><summary>Help: I see a training error and a validation error that are nearly the same</summary>
#
# Is the model fitted on *all* of `X`? Or is the training error measured on everything, the validation fold included?
# </details>


# %% nbgrader={"grade": false, "grade_id": "k_fold", "locked": false, "schema_version": 3, "solution": true, "task": false}
def k_fold(k, X, y, fit, error):
    """Mean training and validation error over the k rounds of cross-validation.

    k: number of folds, 2 <= k <= n. X: (n, ...), y: (n,) or (n, ...).
    fit(X, y) -> a model; called exactly k times. error(model, X, y) -> a number or a one-element tensor.
    Returns: (mean training error, mean validation error), two floats; folds as in get_k_fold_data.
    """
    ### BEGIN SOLUTION
    training, validation = [], []
    for i in range(k):
        X_train, y_train, X_valid, y_valid = get_k_fold_data(k, i, X, y)
        model = fit(X_train, y_train)
        training.append(float(error(model, X_train, y_train)))
        validation.append(float(error(model, X_valid, y_valid)))
    return sum(training) / k, sum(validation) / k
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_k_fold", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_fits = []


def _mean_label(X, y):
    _fits.append(len(y))
    return y.mean()


def _mean_square(model, X, y):
    return ((y - model) ** 2).mean()


_training, _validation = k_fold(3, torch.zeros(3, 1), torch.tensor([1.0, 3.0, 8.0]), _mean_label, _mean_square)
check_equal(_training, 6.5, "the mean training error for the labels 1, 3, 8")
check_equal(_validation, 19.5, "the mean validation error for the labels 1, 3, 8")
check_equal(_fits, [2, 2, 2], "the numbers of samples that fit was given, call after call,")
_training, _validation = k_fold(2, torch.zeros(5, 1), torch.tensor([2.0, 4.0, 9.0, 1.0, 7.0]), _mean_label, _mean_square)
check_equal(_training, 8.833333, "the mean training error of two folds for the labels 2, 4, 9, 1, 7")
check_equal(_validation, 9.833333, "the mean validation error of two folds for the labels 2, 4, 9, 1, 7")
check(not isinstance(_validation, torch.Tensor), "The mean validation error is a tensor, expected a plain number: float(…) makes one.")

# %% [markdown]
# ### 2.4 `select_model`
#
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 6 points*
#
# Notes: 000 §1.5.2 · 001 欠拟合过拟合 · 003 §9.3.1
#
# Several models stand for election, from simple to complex. Each gives its `fit` function; `cross_validate(fit)` returns its
# (training error, validation error). Three rules:
#
# * the smallest **validation** error wins. The training error always prefers the most complex one;
# * on a tie the **simplest** wins, the one that stands first. More things should not be used than are necessary: Ockham's razor
#   (奥卡姆剃刀);
# * a validation error of NaN (a model that blew up) **never** wins. Every comparison with NaN is False, so look twice at how your
#   loop begins. (At least one error is a number.)
#
# Cross-validation chooses, it does not train: its $k$ models are thrown away. So fit the winner once more, now on **all** of `X`
# and `y`.
#
# **By hand.** Validation errors $(0.9,\ 0.4,\ 0.4,\ \text{NaN})$: number 1 wins (counted from 0), and you return
# `(1, fits[1](X, y))`.
#
# `cross_validate` may take long: call it once for each model.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Walk through `enumerate(fits)` and remember the smallest error so far. What should it be before the first model?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Begin with `smallest = math.inf`. Then `if error < smallest`: with `<` the first of equals stays, and NaN is never smaller than
# anything.
# </details>
#
# <details><summary>Help: NaN wins</summary>
#
# If the loop begins with the error of the first model, and that is NaN, nothing is ever smaller. `min` of a list and `argmin`
# have the same trap.
# </details>


# %% nbgrader={"grade": false, "grade_id": "select_model", "locked": false, "schema_version": 3, "solution": true, "task": false}
def select_model(fits, cross_validate, X, y):
    """Chooses by validation error, and fits the winner on all data.

    fits: functions (X, y) -> model, from simple to complex. cross_validate(fit) -> (training error, validation error), called once for each.
    Returns: (index of the winner in fits, its model fitted on X and y). Ties go to the first; NaN never wins.
    """
    ### BEGIN SOLUTION
    winner, smallest = 0, math.inf
    for index, fit in enumerate(fits):
        _, validation_error = cross_validate(fit)
        if validation_error < smallest:
            winner, smallest = index, validation_error
    return winner, fits[winner](X, y)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_select_model", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_X, _y = torch.tensor([[1.0], [2.0], [5.0]]), torch.tensor([3.0, 4.0, 9.0])
_names = ["constant", "line", "parabola", "cubic", "quartic"]
_fits = [lambda X, y, _name=_name: f"{_name} of {len(X)} samples" for _name in _names]
for _validation_errors, _winner in [((0.9, 0.4, 0.4, 0.7, math.nan), 1), ((math.nan, 3.0, 2.5, 2.0, 2.5), 3), ((0.5, 0.6, 0.7, 0.8, 0.9), 0)]:
    _errors = {_fit: (1.0 - 0.1 * _i, _validation_errors[_i]) for _i, _fit in enumerate(_fits)}
    _index, _model = select_model(_fits, lambda fit, _errors=_errors: _errors[fit], _X, _y)
    check_equal(_index, _winner, f"the index of the winner for validation errors {_validation_errors}")
    check(_model == f"{_names[_winner]} of 3 samples", f"The model is “{_model}”, expected the winner, fitted on all 3 samples.")

# %% [markdown]
# Your four functions, put to work on the twenty points. On the left, the error against the degree. The scale is logarithmic: each
# line is ten times the one below. The training error falls for ever. The test error, measured on 2000 new points, has a valley;
# and cross-validation, which sees nothing but the twenty points, finds the way to it. On the right, learning curves (学习曲线): more
# data tame a flexible model, and do nothing for one that is too stiff.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_degrees", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# def polynomial_of(degree):
#     return lambda x, y: (degree, *fit_polynomial(x, y, degree))
#
# def mean_squared_error(model, x, y):
#     degree, w, b = model
#     return ((float(b) + polynomial_features(x, degree) @ w - y) ** 2).mean().item()
#
# generator = torch.Generator().manual_seed(6)
# x, y = noisy_cubic(20, generator)
# x_test, y_test_points = noisy_cubic(2000, generator)
# degrees = range(1, 15)
# fits = [polynomial_of(degree) for degree in degrees]
# cross_validate = lambda fit: k_fold(5, x, y, fit, mean_squared_error)
# training = [mean_squared_error(fit(x, y), x, y) for fit in fits]
# validation = [cross_validate(fit)[1] for fit in fits]
# test = [mean_squared_error(fit(x, y), x_test, y_test_points) for fit in fits]
# index, model = select_model(fits, cross_validate, x, y)
#
# figure, (left, right) = plt.subplots(1, 2, figsize=(10.5, 3.9), layout="constrained")
# for errors, name, colour in [(training, "training", "tab:blue"), (validation, "5-fold validation", "tab:orange"), (test, "test (2000 new points)", "tab:green")]:
#     left.semilogy(degrees, errors, "o-", markersize=4, color=colour, label=name)
# left.axvline(degrees[index], color="grey", linestyle=":", label="chosen by select_model")
# left.set(xlabel="degree", ylabel="mean squared error", title="Three errors, one chooses", ylim=(1e-2, 1e4))
# left.legend(fontsize=8)
#
# sizes = [12, 16, 20, 30, 45, 70, 100, 150]
# for degree, colour in [(1, "tab:purple"), (3, "tab:green"), (9, "tab:red")]:
#     median = {"training": [], "test": []}
#     for n in sizes:
#         runs = []
#         for _ in range(15):
#             x_n, y_n = noisy_cubic(n, generator)
#             model = polynomial_of(degree)(x_n, y_n)
#             runs.append((mean_squared_error(model, x_n, y_n), mean_squared_error(model, x_test, y_test_points)))
#         for part, values in zip(median, torch.tensor(runs).median(dim=0).values.tolist()):
#             median[part].append(values)
#     right.loglog(sizes, median["test"], "o-", markersize=4, color=colour, label=f"degree {degree}, test")
#     right.loglog(sizes, median["training"], "--", color=colour, label=f"degree {degree}, training")
# right.axhline(0.25, color="grey", linestyle=":", label="the noise itself")
# right.set(xlabel="number of training points", ylabel="mean squared error (median of 15)", title="What more data do", xticks=sizes, xticklabels=sizes)
# right.minorticks_off()
# right.legend(fontsize=7, ncols=2)
# for panel in (left, right):
#     panel.grid(alpha=0.3)
# plt.show()
# print(f"select_model chose degree {degrees[index]}.")

# %% [markdown]
# ### 2.5 A question on paper
#
# Extra credit, marked by hand. Plain text, formulas in LaTeX or a photograph of your paper: all are welcome.
#
# **Question 1 (up to 6 points).** How flexible is a model, in one number? One answer is the *VC dimension* (VC 维): the size of
# the largest set of points that the model can *shatter*, that is, label correctly whatever labels are chosen for them. The model
# here is a line in the plane with bias, which says + on one side and − on the other.
#
# (a) Give three points that a line can label in all $2^3 = 8$ ways, and say why it can. (b) Lecture notes sometimes say that this
# goes for *any* three points. Give three for which it does not. (c) Show that *no* four points can be shattered. There are two
# cases: one point lies in the triangle of the other three (or on its edge), or the four are the corners of a convex
# quadrilateral. (d) What is the VC dimension of a linear classifier with $N$ inputs and bias? (e) Why is this number of little
# use for deep networks?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_vc_dimension", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) Any three points that are not on one line, for instance $(0,0), (1,0), (0,1)$. All three alike: a line
# that passes them by on one side. One of them different from the other two: the line cuts that corner off the triangle, between
# it and the opposite edge. These are $2 + 6 = 8$ labellings.
#
# (b) Three points on a line, such as $(0,0), (1,0), (2,0)$ with the labels $+, -, +$. Each side of a line is convex: with both
# ends it holds the point between them. The VC dimension asks for *one* set of three that can be shattered, not for every set.
#
# (c) *A point in the triangle of the others:* label the three corners + and the inner point −. The + side is convex; it holds the
# corners, hence the whole triangle and the inner point as well. *A quadrilateral:* label the ends of one diagonal + and the ends
# of the other −; this is XOR. The diagonals cross, and the crossing point would lie on the + side, being between two + points,
# and on the − side, being between two − points.
#
# (d) $N + 1$.
#
# (e) Any one of: it is hardly computable, and known within wide bounds only; it is so large for real networks that its bounds on
# the error say nothing (above 1); it counts what a model *could* fit and knows nothing of the data, the training and the size of
# the weights, on which generalization depends; networks that can memorise random labels still generalize on real ones.
#
# **Marking scheme.** 1 point: three points with all eight ways explained. 1 point: three on a line. 2 points: the two cases of
# (c), one each, with the convexity (or an argument as good). 1 point: $N + 1$. 1 point: a reason for (e).
# ### END SOLUTION

# %% [markdown]
# ## 3 · Weight decay (权重衰减)
#
# ### 3.1 `penalized_loss`
#
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 6 points*
#
# Notes: 000 §1.6.1 · 001 L2范数正则化 · 002 权重衰减/方法 · 003 §9.3.3
#
# The polynomial of degree 14 had enormous weights, hundreds up and hundreds down. So here is a remedy: let the model *pay* for
# large weights. The loss becomes
#
# $$\frac1n \sum_{i=1}^n \ell^{(i)} \;+\; \lambda_1 \sum_w |w| \;+\; \frac{\lambda_2}{2} \sum_w w^2$$
#
# The first penalty is the $L_1$ norm (范数): it pulls every weight towards zero with the same force, and many end up at exactly
# zero. The second is the *squared* $L_2$ norm: it pulls hardest at the largest.
#
# **The convention of this course**: $\frac\lambda2 \|w\|^2$ is added to the **mean** loss. Elsewhere you will meet
# $\frac{\lambda}{2n}\|w\|^2$, or the penalty inside the mean. They mean the same thing with another $\lambda$, so look before you
# copy a number. And only **weights** are penalised, never biases: a bias does not make a function wilder, it only moves it up or
# down.
#
# **By hand.** Losses $(1, 3)$, one weight tensor $(1, -2)$, $\lambda_1 = 0.1$, $\lambda_2 = 0.2$: the mean is $2$, $\sum|w| = 3$,
# $\sum w^2 = 5$, so the result is $2 + 0.1 \cdot 3 + 0.1 \cdot 5 = 2.8$.
#
# The result is one number in a tensor of no dimension, with a graph: `backward()` on it must reach the weights. The list of
# weights may be empty.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Start with `losses.mean()` and add to it, one weight tensor after the other. Every λ is *multiplied* with its sum.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# For each `w`: `l1 * w.abs().sum() + l2 / 2 * (w**2).sum()`. Neither is divided by the number of samples, and there is no square
# root.
# </details>
#
# <details><summary>Help: the weights get no gradient</summary>
#
# `.item()` and `float(…)` cut the graph: the penalty becomes a mere number. Keep tensors.
# </details>


# %% nbgrader={"grade": false, "grade_id": "penalized_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def penalized_loss(losses, weights, l1, l2):
    """Mean loss plus l1 times the sum of |w| plus l2 / 2 times the sum of w².

    losses: (n,) float, one a sample. weights: a list of float tensors of any shapes, perhaps empty. l1, l2: numbers >= 0.
    Returns: a tensor of no dimension, in the dtype of losses, with a graph to losses and weights.
    """
    ### BEGIN SOLUTION
    loss = losses.mean()
    for w in weights:
        loss = loss + l1 * w.abs().sum() + l2 / 2 * (w**2).sum()
    return loss
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_penalized_loss", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_losses, _weights = torch.tensor([1.0, 3.0]), [torch.tensor([1.0, -2.0]), torch.tensor([[0.5, -0.5, 3.0]])]
check_equal(penalized_loss(_losses, _weights[:1], 0.1, 0.2), torch.tensor(2.8), "penalized_loss of losses 1, 3 and weights 1, -2 with l1=0.1, l2=0.2")
check_equal(penalized_loss(_losses, _weights, 0.5, 0), torch.tensor(5.5), "penalized_loss of two weight tensors with the L1 penalty alone")
check_equal(penalized_loss(_losses, _weights, 0, 0.5), torch.tensor(5.625), "penalized_loss of two weight tensors with the L2 penalty alone")
check_equal(penalized_loss(_losses, [], 0.5, 0.5), torch.tensor(2.0), "penalized_loss with no weights at all")
check_promises(penalized_loss, _losses, _weights, 0.3, 0.7)

# %% [markdown]
# ### 3.2 `sgd_decay`
#
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 6 points*
#
# Notes: 000 §1.6.1 · 001 L2范数正则化 · 002 权重衰减/方法
#
# Where does the name come from? The gradient of $\frac\lambda2 \|w\|^2$ is $\lambda w$. Put it into the step of gradient descent
# and collect what belongs to $w$:
#
# $$w \leftarrow w - \eta\,(\partial_w L + \lambda w) \;=\; (1 - \eta\lambda)\, w - \eta\, \partial_w L$$
#
# In every step the weights first *decay* by a small share, then the data may push. Nobody needs to add up the penalty: the step
# does it all. As in the `sgd` of ps05, the gradients hold the **sum** over the batch, and the step divides by the batch size. The
# decay is *not* divided:
#
# $$w \leftarrow (1 - \eta\lambda)\, w - \frac{\eta}{|B|}\, \partial_w \textstyle\sum \ell, \qquad b \leftarrow b - \frac{\eta}{|B|}\, \partial_b \textstyle\sum \ell$$
#
# The decay acts on the weight as it was **before** the step. (Notes that add $\lambda w$ to the summed gradient divide it by
# $|B|$ with all the rest. Our $\lambda$ belongs to the *mean* loss.)
#
# Work **in place**, under `torch.no_grad()`, and clear the gradients at the end (zero or `None`, both are fine).
#
# **By hand.** $w = 2$ with gradient $6$, $\eta = 0.1$, $|B| = 3$, $\lambda = 0.5$: $w$ becomes
# $0.95 \cdot 2 - 0.1 \cdot 6 / 3 = 1.7$. A bias with the same numbers becomes $2 - 0.2 = 1.8$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Two loops: the weights shrink first. Then weights and biases alike take the ordinary step of `sgd`.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `w *= 1 - lr * weight_decay` for the weights, then `param -= lr * param.grad / batch_size` and `param.grad.zero_()` for
# `[*weights, *biases]`.
# </details>
#
# <details><summary>Help: I see "a leaf Variable that requires grad is being used in an in-place operation"</summary>
#
# The step itself must not be recorded: put the loops under `with torch.no_grad():`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "sgd_decay", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sgd_decay(weights, biases, lr, batch_size, weight_decay):
    """One step of mini-batch gradient descent with weight decay, in place.

    weights, biases: lists of tensors that require a gradient; .grad holds the sum over the batch. lr, weight_decay: numbers. batch_size: int.
    Weights become (1 - lr * weight_decay) * w - lr * grad / batch_size, biases b - lr * grad / batch_size; the gradients are cleared.
    """
    ### BEGIN SOLUTION
    with torch.no_grad():
        for w in weights:
            w *= 1 - lr * weight_decay
        for param in [*weights, *biases]:
            param -= lr * param.grad / batch_size
            param.grad.zero_()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_sgd_decay", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_w, _b = torch.tensor([2.0, -4.0], requires_grad=True), torch.tensor([2.0], requires_grad=True)
_seen_w = _w.detach()
(6 * _w + 6 * _b).sum().backward()
sgd_decay([_w], [_b], 0.1, 3, 0.5)
check_equal(_w.detach(), torch.tensor([1.7, -4.0]), "w after sgd_decay")
check_equal(_b.detach(), torch.tensor([1.6]), "b after sgd_decay")
check(torch.equal(_seen_w, _w.detach()), "The weight was not changed in place: it has moved to other memory.")
check(all(p.grad is None or not p.grad.any() for p in (_w, _b)), "A gradient is not cleared after the step.")
check(_w.requires_grad, "The weight no longer requires a gradient.")

# %% [markdown]
# ### 3.3 `decay_groups`
#
# *difficulty 3/5 · importance 4/5 · about 15 minutes · 6 points*
#
# Notes: 004 权重衰减：
#
# PyTorch's optimizers have weight decay built in: `torch.optim.SGD(net.parameters(), lr, weight_decay=0.1)`. But this lets
# *every* parameter decay, biases too. The remedy is to hand over the parameters in groups, each a dict with a setting of its own:
#
# ```python
# [{"params": [...], "weight_decay": 0.1}, {"params": [...], "weight_decay": 0.0}]
# ```
#
# How does one tell weights from the rest, in *any* network? Not by name: names are the author's choice. By **shape**. The weights
# of linear layers are matrices, those of convolutions (卷积) have four dimensions; biases, and the scales of normalisation layers,
# are vectors. So:
#
# * first group, with `weight_decay`: all trained parameters with **two or more** dimensions;
# * second group, with `0.0` written out: all others that are trained. Left out, the optimizer's own default would count there;
# * **trained** means `requires_grad`. What is frozen belongs to neither group;
# * each parameter once, also when two layers share it.
#
# All layers of the network count, however deep they lie in it. The order inside the groups is free.
#
# **By hand.** `nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3), nn.Linear(3, 2))` has two weight matrices for the first group,
# and two biases, one scale and one shift for the second.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `net.parameters()` walks through all layers, and gives a shared parameter only once. `p.ndim` is its number of dimensions.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `trained = [p for p in net.parameters() if p.requires_grad]`, then one list with `p.ndim >= 2` and one with the others.
# </details>
#
# <details><summary>Help: I see "some parameters appear in more than one parameter group"</summary>
#
# Did you walk through `net.modules()` and collect the parameters of each? A layer that contains layers brings theirs along once
# more.
# </details>


# %% nbgrader={"grade": false, "grade_id": "decay_groups", "locked": false, "schema_version": 3, "solution": true, "task": false}
def decay_groups(net, weight_decay):
    """Parameter groups for an optimizer: weights decay, biases and scales do not.

    net: a torch.nn.Module. weight_decay: a number.
    Returns: [{"params": list, "weight_decay": weight_decay}, {"params": list, "weight_decay": 0.0}]; first the trained parameters with two or more
    dimensions, then all other trained ones.
    """
    ### BEGIN SOLUTION
    trained = [p for p in net.parameters() if p.requires_grad]
    return [
        {"params": [p for p in trained if p.ndim >= 2], "weight_decay": weight_decay},
        {"params": [p for p in trained if p.ndim < 2], "weight_decay": 0.0},
    ]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_decay_groups", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_inner = torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.ReLU(), torch.nn.Linear(3, 2))
_net = torch.nn.Sequential(torch.nn.Conv1d(1, 4, 2), torch.nn.Flatten(), torch.nn.Linear(8, 3), torch.nn.BatchNorm1d(3), _inner)
_inner[2].weight.requires_grad_(False)
_groups = decay_groups(_net, 0.25)
check_equal([_group.get("weight_decay") for _group in _groups], [0.25, 0.0], "the weight_decay of the groups")
check_equal([len(list(_group["params"])) for _group in _groups], [3, 6], "the numbers of parameters in the groups")
_shapes = sorted(str(tuple(p.shape)) for p in _groups[0]["params"])
check_equal(_shapes, ["(3, 3)", "(3, 8)", "(4, 1, 2)"], "the shapes of the parameters that decay, sorted,")
torch.optim.SGD(_groups, lr=0.1, weight_decay=0.5)
_groups = decay_groups(torch.nn.Sequential(torch.nn.LayerNorm([2, 3]), torch.nn.Linear(3, 1, bias=False)), 0.75)
check_equal(_groups[0].get("weight_decay"), 0.75, "the weight_decay of the first group for decay_groups(net, 0.75)")
check_equal([len(_group["params"]) for _group in _groups], [3, 0], "the numbers of parameters in the groups, where a scale has two dimensions,")

# %% [markdown]
# ### 3.4 `ridge`
#
# *difficulty 3/5 · importance 3/5 · about 20 minutes · 8 points*
#
# Notes: 000 §1.6.1 · 004 权重衰减：
#
# For linear regression with weight decay the best weights can be written down: *ridge regression* (岭回归). Minimise
#
# $$\frac{1}{2n} \|y - Xw - b\|^2 + \frac{\lambda}{2} \|w\|^2, \qquad b \text{ not penalised.}$$
#
# The derivative by $b$ is zero when the residuals add up to zero, which gives $b = \bar y - \bar x^\top w$ with the means
# $\bar x$ (of each column) and $\bar y$. Put that in, and only the *centred* data $X_c = X - \bar x$, $y_c = y - \bar y$ are
# left. The derivative by $w$ then says
#
# $$(X_c^\top X_c + n\lambda\, I)\; w = X_c^\top y_c$$
#
# Where does the $n$ come from? From multiplying by $n$, to be rid of the $\frac1n$ of the mean.
#
# With $\lambda > 0$ the matrix on the left can always be inverted, even with 200 features and 20 samples, where plain least
# squares has infinitely many answers.
#
# **By hand.** The points $(0, 1), (1, 2), (2, 6)$ of 1.2: $\bar x = 1$, $\bar y = 3$, $X_c^\top X_c = 2$, $X_c^\top y_c = 5$.
# With $\lambda = 1$: $(2 + 3 \cdot 1)\, w = 5$, so $w = 1$ (without decay it was 2.5) and $b = 3 - 1 \cdot 1 = 2$.
#
# **Another way to see it.** Suppose that before seeing any data you believe the weights to be normal with mean 0 and variance
# $\tau^2$ (a *prior*, 先验), and that labels carry normal noise of variance $\sigma^2$. The most probable weights, given the data,
# are exactly these, with $\tau^2 = \sigma^2 / (n\lambda)$. Weight decay is a belief: small weights are more likely.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Bring `y` into the shape (n, 1) first. `X.mean(dim=0)` is the mean of each column, and broadcasting subtracts it from every row.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `torch.linalg.solve(A, B)` solves `A @ w = B`. `A` is `Xc.T @ Xc` plus `n * lambd` times
# `torch.eye(d, dtype=X.dtype, device=X.device)`.
# </details>
#
# <details><summary>Help: w is right when the data are centred, and wrong otherwise</summary>
#
# Is the bias penalised as well (a column of ones appended to X does that), or is `b` the mean of `y`? It is
# `y_mean - x_mean @ w`.
# </details>
#
# <details><summary>Help: w has shape (d, n)</summary>
#
# `y` of shape (n,) minus something of shape (n, 1) broadcasts to (n, n). `y.reshape(-1, 1)` first.
# </details>


# %% nbgrader={"grade": false, "grade_id": "ridge", "locked": false, "schema_version": 3, "solution": true, "task": false}
def ridge(X, y, lambd):
    """Weights and bias that minimise the mean of half the squared errors plus lambd / 2 times ‖w‖².

    X: (n, d) float, n >= 1, d may be larger than n. y: (n,) or (n, 1) of the same dtype. lambd: a number > 0. No gradient is needed.
    Returns: (w, b), w (d, 1) and b (1,), dtype and device of X.
    """
    ### BEGIN SOLUTION
    n, d = X.shape
    y = y.reshape(-1, 1)
    x_mean, y_mean = X.mean(dim=0), y.mean()
    Xc, yc = X - x_mean, y - y_mean
    w = torch.linalg.solve(Xc.T @ Xc + n * lambd * torch.eye(d, dtype=X.dtype, device=X.device), Xc.T @ yc)
    return w, y_mean - x_mean @ w
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_ridge", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_w, _b = ridge(torch.tensor([[0.0], [1.0], [2.0]]), torch.tensor([1.0, 2.0, 6.0]), 1.0)
check_equal(_w, torch.tensor([[1.0]]), "w of ridge of the points (0, 1), (1, 2), (2, 6) with lambd=1")
check_equal(_b, torch.tensor([2.0]), "b of ridge of the points (0, 1), (1, 2), (2, 6) with lambd=1")
_X = torch.tensor([[1.0, 3.0, 2.0], [4.0, 0.0, 1.0]])
_w, _b = ridge(_X.clone(), torch.tensor([[5.0], [9.0]]), 0.5)
check_equal(_w, torch.tensor([[0.571429], [-0.571429], [-0.190476]]), "w of ridge with two samples and three features")
check_equal(_b, torch.tensor([6.714286]), "b of ridge with two samples and three features")
check_promises(ridge, _X, torch.tensor([5.0, 9.0]), 0.5, gradient=False)

# %% [markdown]
# ### 3.5 `train_weight_decay`
#
# *difficulty 3/5 · importance 4/5 · about 20 minutes · 8 points*
#
# Notes: 000 §1.6.1 · 002 权重衰减/方法 · 004 权重衰减：
#
# The same minimum, reached step by step. This is the way that works for every network, also where no formula exists.
#
# 1. Start with $w$ drawn from a normal distribution of mean 0 and standard deviation 1, and $b = 0$. (Large on purpose: with 200
#    features and 20 samples, what the data do not determine *stays* as it was drawn, unless something makes it decay.)
# 2. In each epoch go through all samples once in mini-batches of `batch_size`, in a **new random order**; the last batch may be
#    short.
# 3. Each step goes downhill on **this batch's** loss: the *mean* over the batch of $\frac12 (\hat y - y)^2$, plus
#    $\frac\lambda2 \|w\|^2$.
#
# **The damage that small slips do.** `torch.nn.MSELoss` has no $\frac12$: the data then weigh twice as much, and the $\lambda$
# that is left is half. Decay once an *epoch* instead of once a *step* is too weak by the number of batches. A penalised bias is
# drawn towards 0 and takes the whole line with it.
#
# **By hand.** One step with one sample: $x = 2$, $y = 1$, $w = 1$, $b = 0$, $\lambda = 0.5$, $\eta = 0.1$. The residual is
# $2 - 1 = 1$, the gradient of the loss is $1 \cdot 2 = 2$ for $w$ and $1$ for $b$. So $w \leftarrow 1 - 0.1\,(2 + 0.5) = 0.75$
# and $b \leftarrow -0.1$.
#
# Write the step as you like: autograd and your own update, `sgd_decay` of 3.2 (with summed losses), an optimizer with parameter
# groups, or the gradient by hand. What you return must not carry a graph. (Should your `sgd_decay` or `decay_groups` have a slip,
# the grader lends you a right one here.)
#
# <details><summary>Hint 1: a nudge</summary>
#
# Two nested loops: epochs, and in each `for rows in torch.randperm(n).split(batch_size)`. `X[rows]` and `y[rows]` are the batch.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `loss = ((X[rows] @ w + b - y[rows]) ** 2 / 2).mean() + lambd / 2 * (w**2).sum()`, with `y` of shape (n, 1). Then
# `loss.backward()`, and under `torch.no_grad()` a step for `w` and `b`, and their gradients to zero.
# </details>
#
# <details><summary>Help: w and b stay near where they began, or the loss does not fall</summary>
#
# Is `y` of shape (n,) where the predictions are (n, 1)? Their difference is then (n, n), every prediction against every label.
# And are the gradients cleared after each step?
# </details>


# %% nbgrader={"grade": false, "grade_id": "train_weight_decay", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_weight_decay(X, y, lambd, lr, num_epochs, batch_size):
    """Linear regression with weight decay by mini-batch gradient descent.

    X: (n, d) float, y: (n,) or (n, 1) of the same dtype. lambd: a number >= 0. lr: learning rate. num_epochs, batch_size: int >= 1.
    Returns: (w, b), w (d, 1) and b (1,), dtype and device of X, without a graph.
    """
    ### BEGIN SOLUTION
    n, d = X.shape
    y = y.reshape(-1, 1)
    w = torch.randn(d, 1, dtype=X.dtype, device=X.device, requires_grad=True)
    b = torch.zeros(1, dtype=X.dtype, device=X.device, requires_grad=True)
    for _ in range(num_epochs):
        for rows in torch.randperm(n, device=X.device).split(batch_size):
            loss = ((X[rows] @ w + b - y[rows]) ** 2 / 2).mean() + lambd / 2 * (w**2).sum()
            loss.backward()
            with torch.no_grad():
                for param in (w, b):
                    param -= lr * param.grad
                    param.grad.zero_()
    return w.detach(), b.detach()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_train_weight_decay", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_X, _y = torch.tensor([[0.0], [1.0], [2.0]]), torch.tensor([[1.0], [2.0], [6.0]])
_w, _b = train_weight_decay(_X, _y, 1.0, 0.2, 200, 3)
check_equal(_w, torch.tensor([[1.0]]), "w after 200 epochs on the points (0, 1), (1, 2), (2, 6) with lambd=1", atol=1e-3)
check_equal(_b, torch.tensor([2.0]), "b after 200 epochs on the points (0, 1), (1, 2), (2, 6) with lambd=1", atol=1e-3)
_X, _y = torch.tensor([[1.0, -1.0, 2.0], [-2.0, 0.0, 1.0]], dtype=torch.float64), torch.tensor([5.0, 9.0], dtype=torch.float64)
_w, _b = train_weight_decay(_X, _y, 2.0, 0.1, 300, 5)
_expected = torch.tensor([[-0.631579], [0.210526], [-0.210526]], dtype=torch.float64)
check_equal(_w, _expected, "w after 300 epochs on two samples and three features in float64", atol=1e-3)
_w, _b = train_weight_decay(
    torch.zeros(5, 2000), torch.ones(5), 2.0, 0.1, 2, 2
)  # six steps in which nothing but decay moves the weights: 0.8 to the power of 6
_size = float(_w.square().mean().sqrt())
check(0.23 < _size < 0.3, f"After two epochs of three batches in which weights only decay, their size is {_size:.2f}, expected 0.26: does each step decay?")
check(not _w.requires_grad and not _b.requires_grad, "w or b still carries a graph: detach() it at the end.")

# %% [markdown]
# And here is what it is good for: 200 features and only 20 samples, a model that can explain *anything*. Almost without decay, on
# the left of both pictures, it is right about its own samples to the fourth digit and wrong about new ones by ten thousand times
# the best that is possible. From $\lambda = 3$ on it does on new data what the exact minimum does. (There is so little to be
# learned from 20 samples here that even far too much decay does no harm. Usually it does, there is a valley, and finding its
# floor is the job of section 2.)

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_weight_decay", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# torch.manual_seed(0)
# X_all = torch.randn(220, 200)
# y_all = 0.01 * X_all.sum(dim=1, keepdim=True) + 0.05 + 0.01 * torch.randn(220, 1)
# X_few, y_few, X_new, y_new = X_all[:20], y_all[:20], X_all[20:], y_all[20:]
# half_squared = lambda w, b, X, y: ((X @ w + b - y) ** 2 / 2).mean().item()
#
# lambdas = [0.001, 0.01, 0.1, 0.3, 1, 3, 10, 30, 100]
# norms, training, test, exact = [], [], [], []
# for lambd in lambdas:
#     w, b = train_weight_decay(X_few, y_few, lambd, 0.005, 100, 5)
#     norms.append(w.norm().item())
#     training.append(half_squared(w, b, X_few, y_few))
#     test.append(half_squared(w, b, X_new, y_new))
#     exact.append(half_squared(*ridge(X_few, y_few, lambd), X_new, y_new))
# figure, (left, right) = plt.subplots(1, 2, figsize=(10.5, 3.7), layout="constrained")
# left.loglog(lambdas, norms, "o-", color="tab:purple")
# left.set(xlabel="λ", ylabel="‖w‖ after 100 epochs", title="The weights shrink …")
# right.loglog(lambdas, training, "o-", label="training", color="tab:blue")
# right.loglog(lambdas, test, "o-", label="test", color="tab:green")
# right.loglog(lambdas, exact, ":", label="test, exact minimum (ridge)", color="grey")
# right.set(xlabel="λ", ylabel="mean of half the squared errors", title="… and new data are understood")
# right.legend()
# for panel in (left, right):
#     panel.grid(alpha=0.3)
# plt.show()

# %% [markdown]
# ## 4 · Dropout (暂退法/丢弃法)
#
# ### 4.1 `dropout_layer`
#
# *difficulty 2/5 · importance 5/5 · about 15 minutes · 7 points*
#
# Notes: 000 §1.6.3 · 001 丢弃法 · 002 丢弃法/方法 · 004 暂退法：
#
# Another remedy is noise. A good model should not hang on any single number inside it. So while it learns, set each hidden
# value to zero with probability $p$, drawn anew every time, and let the network get along with the rest. To keep the *expected*
# value as it was, what survives is made larger:
#
# $$x' = \begin{cases} 0 & \text{with probability } p \\[2pt] \dfrac{x}{1-p} & \text{otherwise} \end{cases} \qquad E[x'] = p \cdot 0 + (1-p) \cdot \frac{x}{1-p} = x$$
#
# Here $p$ = `dropout` is the share that is **dropped**. Each entry throws a coin of its own: not one for a whole row or column.
#
# The two ends need a look: $p = 0$ changes nothing, and $p = 1$ gives zeros. The formula as it stands would say $0 / 0$ there,
# NaN.
#
# **By hand.** With $p = \tfrac14$ an entry 3 becomes 0 or $3 / \tfrac34 = 4$; in the mean
# $\tfrac14 \cdot 0 + \tfrac34 \cdot 4 = 3$. With $p = \tfrac34$ an entry 1 becomes 0 or 4.
#
# Gradients flow through the entries that were kept, times $\frac{1}{1-p}$, and not through the others.
#
# **From scratch:** `F.dropout`, `nn.Dropout` and their relatives are off limits in 4.1 and 4.2. `torch.rand`, `torch.rand_like`
# and `torch.bernoulli` are yours to use.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `torch.rand(X.shape)` draws a number between 0 and 1 for each entry. With which probability is such a number at least $p$?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `mask = torch.rand(X.shape, device=X.device) >= dropout`, and the result is `X * mask / (1 - dropout)`. Look after
# `dropout == 1` first: `torch.zeros_like(X)`.
# </details>
#
# <details><summary>Help: the mean of the result is too small, or too large</summary>
#
# Too small: is the division by `1 - dropout` there? Too large or odd: is it by `dropout` instead, or is `dropout` taken for the
# share that is *kept*? For $p = 0.5$ one cannot see the difference; try 0.2.
# </details>


# %% nbgrader={"grade": false, "grade_id": "dropout_layer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dropout_layer(X, dropout):
    """Drops each entry with probability `dropout`, and divides what is kept by 1 - dropout.

    X: float of any shape, left unchanged. dropout: 0 <= dropout <= 1.
    Returns: shape, dtype and device of X; a new mask at every call.
    """
    ### BEGIN SOLUTION
    if dropout == 1:
        return torch.zeros_like(X)
    mask = torch.rand(X.shape, device=X.device) >= dropout
    return X * mask / (1 - dropout)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_dropout_layer", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
_X = torch.arange(1.0, 4001.0).reshape(50, 80)
for _p in (0.2, 0.75):
    _result = dropout_layer(_X.clone(), _p)
    check_equal(tuple(_result.shape), (50, 80), f"the shape of dropout_layer(X, {_p})")
    _kept = _result != 0
    _share = 1 - float(_kept.float().mean())
    check(abs(_share - _p) < 0.06, f"dropout_layer(X, {_p}) drops {_share:.0%} of the entries, expected about {_p:.0%}.")
    check_equal(_result[_kept], _X[_kept] / (1 - _p), f"the entries that dropout_layer(X, {_p}) keeps")
    check(bool((_kept != _kept[0]).any()), f"dropout_layer(X, {_p}) drops the same columns in every row: each entry has a coin of its own.")
    check(bool((_kept != _kept[:, :1]).any()), f"dropout_layer(X, {_p}) drops whole rows: each entry has a coin of its own.")
    check(not torch.equal(_kept, dropout_layer(_X.clone(), _p) != 0), f"dropout_layer(X, {_p}) drops the same entries at every call.")
check_equal(dropout_layer(_X.clone(), 0), _X, "dropout_layer(X, 0)")
check_equal(dropout_layer(_X.clone(), 1), torch.zeros(50, 80), "dropout_layer(X, 1)")
check(dropout_layer(_X.double(), 0.5).dtype == torch.float64, "dropout_layer of float64 entries does not give float64.")
_leaf = torch.full((30, 40), 3.0, requires_grad=True)
_result = dropout_layer(_leaf * 1, 0.2)
check(_result.requires_grad, "No gradient flows back from dropout_layer.")
_result.sum().backward()
check_equal(_leaf.grad, (_result.detach() != 0) / 0.8, "the gradient of X through dropout_layer(X, 0.2)")
_before = _X.clone()
dropout_layer(_X, 0.5)
check_equal(_X, _before, "X after a call of dropout_layer")

# %% [markdown]
# ### 4.2 `Dropout`
#
# *difficulty 1/5 · importance 4/5 · about 5 minutes · 3 points*
#
# Notes: 000 §1.6.3 · 001 丢弃法/简介实现 · 003 §9.5.2
#
# The same as a layer. While the network learns it drops; while it is **used** (evaluation mode, 评估模式) it hands its input on just
# as it is: no zeros, no factor. Whoever predicts wants the whole network, and the same answer twice.
#
# `net.train()` and `net.eval()` set `self.training` in every layer; that is what decides, and nothing else. In particular not
# whether autograd is recording. The layer has no parameters and no buffers.
#
# **By hand.** `Dropout(0.25)` of an entry 3: in training mode 0 or 4, in evaluation mode 3.
#
# You may call your `dropout_layer` (it is then a part of this answer), or write it anew.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Keep the probability in `__init__`, after `super().__init__()`. `forward` asks `self.training`.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `if self.training: return dropout_layer(X, self.dropout)`, otherwise `return X`.
# </details>
#
# <details><summary>Help: I see "cannot assign module before Module.__init__() call", or eval() changes nothing</summary>
#
# `super().__init__()` must come first in `__init__`. And leave `train` and `eval` to `torch.nn.Module`: you need not write them.
# </details>


# %% nbgrader={"grade": false, "grade_id": "Dropout", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Dropout(torch.nn.Module):
    """Dropout in training mode, the identity in evaluation mode."""

    def __init__(self, dropout):
        """dropout: the probability that an entry is dropped, 0 <= dropout <= 1."""
        super().__init__()
        ### BEGIN SOLUTION
        self.dropout = dropout
        ### END SOLUTION

    def forward(self, X):
        """X: float of any shape, left unchanged. Returns the same shape, dtype and device."""
        ### BEGIN SOLUTION
        return dropout_layer(X, self.dropout) if self.training else X
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_Dropout", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
_layer, _X = Dropout(0.25), torch.full((40, 60), 3.0)
_net = torch.nn.Sequential(_layer)
_net.eval()
check_equal(_net(_X.clone()), _X, "Dropout(0.25) of X in evaluation mode")
_net.train()
with torch.no_grad():
    _result = _net(_X.clone())
_share = float((_result == 0).float().mean())
check(0.15 < _share < 0.35, f"Dropout(0.25) in training mode under no_grad drops {_share:.0%} of the entries, expected about 25%.")
check_equal(_result[_result != 0].unique(), torch.tensor([4.0]), "what Dropout(0.25) makes of an entry 3 that it keeps")
check(not torch.equal(_result, _net(_X.clone())), "Dropout(0.25) drops the same entries at every call.")
check(len(_layer.state_dict()) == 0, "Dropout has parameters or buffers; it needs none.")

# %% [markdown]
# ### 4.3 `mc_dropout`
#
# *difficulty 3/5 · importance 3/5 · about 15 minutes · 5 points*
#
# Notes: 004 暂退法：
#
# Now turn the rule around. What if dropout stays on while we predict? Each pass then asks a slightly different network, and where
# their answers differ, the model is guessing. This is *Monte Carlo dropout* (蒙特卡罗暂退), a cheap measure of uncertainty (不确定性). Run
# the network `num_samples` times and return, entry by entry,
#
# $$\bar y = \frac1S \sum_{s=1}^{S} y_s, \qquad \sqrt{\frac1S \sum_{s=1}^{S} (y_s - \bar y)^2}, \qquad S = \text{num\_samples}$$
#
# with $\frac1S$ and not $\frac{1}{S-1}$ (`correction=0`), so that one sample gives a deviation of 0 and not NaN.
#
# * Only the layers of class `torch.nn.Dropout` are in training mode. Everything else is in **evaluation mode**: `net.train()`
#   would also wake the batch normalisation (批量归一化), which then looks at this batch, *and changes its moving statistics*.
# * When you are done, every module is in the mode in which it was before. (Working on a copy, `copy.deepcopy(net)`, leaves the
#   original alone altogether.)
# * No graph.
#
# **By hand.** If four passes give $0, 2, 2, 2$, the mean is $1.5$ and the deviation $\sqrt{(2.25 + 3 \cdot 0.25) / 4} = 0.866$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `net.modules()` walks through the network and all layers in it. `isinstance(module, torch.nn.Dropout)` finds the ones to wake.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# On a copy: `net = copy.deepcopy(net).eval()`, then `module.train()` for each dropout layer. Under `torch.no_grad()`,
# `torch.stack([net(X) for _ in range(num_samples)])`, and of this `mean(dim=0)` and `std(dim=0, correction=0)`.
# </details>
#
# <details><summary>Help: the deviation is 0 everywhere</summary>
#
# Dropout is asleep: `net.eval()` came after `module.train()`. Or the network is called once only.
# </details>


# %% nbgrader={"grade": false, "grade_id": "mc_dropout", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mc_dropout(net, X, num_samples):
    """Mean and deviation of the network's answers with dropout left on.

    net: a torch.nn.Module with torch.nn.Dropout layers in it, in any mode, left as it was. X: what net takes. num_samples: int >= 1.
    Returns: (mean, deviation), each of the shape of net(X), without a graph; the deviation is that with 1 / num_samples.
    """
    ### BEGIN SOLUTION
    net = copy.deepcopy(net).eval()
    for module in net.modules():
        if isinstance(module, torch.nn.Dropout):
            module.train()
    with torch.no_grad():
        samples = torch.stack([net(X) for _ in range(num_samples)])
    return samples.mean(dim=0), samples.std(dim=0, correction=0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_mc_dropout", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
_net = torch.nn.Sequential(torch.nn.BatchNorm1d(3), torch.nn.Dropout(0.5))
_net[0].train()
_net[1].eval()
_X = torch.tensor([[1.0, 2.0, 4.0], [3.0, 1.0, 2.0]]).repeat(20, 1)
_mean, _deviation = mc_dropout(_net, _X.clone(), 8)
check_equal(tuple(_mean.shape), (40, 3), "the shape of the mean")
check(_net[0].training and not _net[1].training, "A module of the network is not in the mode in which it was.")
check_equal(_net[0].running_mean, torch.zeros(3), "the moving mean of the batch normalisation after the call")
check(bool((_deviation > 0).any()), "The deviation is 0 everywhere: is dropout active?")
_kept = _mean / (_X * 2 / math.sqrt(1 + 1e-5))  # the part of the eight passes in which each entry was kept
check(bool(((8 * _kept - (8 * _kept).round()).abs() < 1e-2).all()), "The mean is not that of 8 passes in which the batch normalisation is in evaluation mode.")
check_equal(_deviation, 2 * _X * (_kept * (1 - _kept)).clamp(min=0).sqrt(), "the deviation of 8 passes", rtol=1e-3, atol=5e-3)
_mean, _deviation = mc_dropout(_net, _X.clone(), 1)
check_equal(_deviation, torch.zeros(40, 3), "the deviation of a single pass")
check(not mc_dropout(torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Dropout(0.5)), _X, 2)[0].requires_grad, "The mean carries a graph.")

# %% [markdown]
# A small network with dropout learned the red points. There are none between −1 and 1.5, and none outside of −3 and 3.5. The band
# is two deviations wide on either side: narrower where there are data, as a rule, and wider where the network can only guess. (It is a
# hint and no guarantee: look how far the truth leaves the band in the gap and on the right.)

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_uncertainty", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# torch.manual_seed(1)
# x_seen = torch.cat([torch.linspace(-3, -1, 40), torch.linspace(1.5, 3.5, 40)])[:, None]
# y_seen = 2 + torch.sin(2 * x_seen) + 0.1 * torch.randn_like(x_seen)
# net = torch.nn.Sequential(
#     torch.nn.Linear(1, 100), torch.nn.ReLU(), torch.nn.Dropout(0.1), torch.nn.Linear(100, 100), torch.nn.ReLU(), torch.nn.Dropout(0.1), torch.nn.Linear(100, 1)
# )
# optimizer = torch.optim.Adam(net.parameters(), lr=0.005)
# for step in range(1500):
#     optimizer.zero_grad()
#     ((net(x_seen) - y_seen) ** 2).mean().backward()
#     optimizer.step()
# grid = torch.linspace(-5, 6, 300)[:, None]
# mean, deviation = (part.squeeze(1) for part in mc_dropout(net, grid, 200))
# figure, axes = plt.subplots(figsize=(7.5, 3.8), layout="constrained")
# axes.fill_between(grid.squeeze(1), mean - 2 * deviation, mean + 2 * deviation, alpha=0.25, color="tab:blue", label="mean ± 2 deviations")
# axes.plot(grid, mean, color="tab:blue", label="mean of 200 passes")
# axes.plot(grid, 2 + torch.sin(2 * grid), "--", color="grey", label="the truth")
# axes.plot(x_seen, y_seen, ".", color="tab:red", label="training points")
# axes.set(xlabel="x", ylabel="y", title="A network that says where it is guessing", ylim=(-1, 7))
# axes.grid(alpha=0.3)
# axes.legend(fontsize=8, loc="upper left")
# plt.show()

# %% [markdown]
# ## 5 · Early stopping (提前停止)
#
# ### 5.1 `early_stopping`
#
# *difficulty 3/5 · importance 5/5 · about 20 minutes · 8 points*
#
# Notes: 003 §9.5.1
#
# The last remedy against overfitting costs nothing: stop in time. During training the validation loss first falls, then rises
# again while the network begins to learn the noise. Watch it, stop when it has not improved for a while, and go back to the best.
#
# Each epoch: call `train_epoch(net)`, then $v$ = `validate(net)`, once. Then
#
# * $v$ is an **improvement** if it is strictly smaller than the best so far (the best, not the one of the epoch before). The
#   first $v$ always is one. NaN never is;
# * on an improvement keep a **copy** of everything in the network;
# * stop after `patience` epochs **in a row** without an improvement, or after `max_epochs`.
#
# At the end the network gets back what it had in the best epoch, and you return the number of that epoch, counted from 0, with
# the list of all $v$.
#
# Two traps. `net.state_dict()` holds parameters *and* buffers, such as the moving statistics of batch normalisation: both belong
# to the best state. But what it gives you are not copies, it is the network's own memory, which goes on changing.
# `copy.deepcopy(net.state_dict())` stands still. Put the best state back into the network's **own** tensors, as `load_state_dict`
# does: an optimizer somewhere holds on to these.
#
# **By hand.** `patience=2`, validation losses $5, 4, 4.5, 4, 3.9$. Epoch 1 is the best with 4; epoch 2 is none, and neither is
# epoch 3 (4 is not *smaller* than 4): stop. The answer is $(1, [5, 4, 4.5, 4])$; nobody ever sees the 3.9.
#
# <details><summary>Hint 1: a nudge</summary>
#
# You need the list of losses, the number of the best epoch, and the copy. How many epochs ago was the best? `epoch - best`.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# In each epoch, after appending `v`: `if epoch == 0 or v < history[best]`, set `best = epoch` and make the copy;
# `elif epoch - best == patience`, `break`. After the loop `net.load_state_dict(kept)`.
# </details>
#
# <details><summary>Help: the network has the weights of the last epoch</summary>
#
# The copy is none: without `copy.deepcopy` (or `.clone()` of each tensor) it changes along with the network.
# </details>


# %% nbgrader={"grade": false, "grade_id": "early_stopping", "locked": false, "schema_version": 3, "solution": true, "task": false}
def early_stopping(net, train_epoch, validate, patience, max_epochs):
    """Trains until the validation loss has not improved for `patience` epochs, and restores the best state.

    net: a torch.nn.Module, trained in place. train_epoch(net) trains one epoch. validate(net) -> a number or a one-element tensor, the first one is not NaN.
    patience, max_epochs: int >= 1.
    Returns: (best epoch counted from 0, list of all validation losses as floats); net has the parameters and buffers of the best epoch.
    """
    ### BEGIN SOLUTION
    history, best, kept = [], 0, None
    for epoch in range(max_epochs):
        train_epoch(net)
        history.append(float(validate(net)))
        if epoch == 0 or history[epoch] < history[best]:
            best, kept = epoch, copy.deepcopy(net.state_dict())
        elif epoch - best == patience:
            break
    net.load_state_dict(kept)
    return best, history
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_early_stopping", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
class _Counting(torch.nn.Module):
    """Counts its epochs, in a parameter and in a buffer."""

    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(2))
        self.register_buffer("moving", torch.zeros(1))


def _one_more(net):
    with torch.no_grad():
        net.weight += 1
        net.moving += 1


for _losses, _patience, _best, _seen in [
    ([5.0, 4.0, 4.5, 4.0, 3.9], 2, 1, [5.0, 4.0, 4.5, 4.0]),
    ([5.0, 6.0, 4.0, 5.0, 3.0, 7.0, 6.0, 1.0], 2, 4, [5.0, 6.0, 4.0, 5.0, 3.0, 7.0, 6.0]),
    ([3.0, 2.5, 2.0, 1.5], 3, 3, [3.0, 2.5, 2.0, 1.5]),
]:
    _net, _coming = _Counting(), iter(_losses)
    _epoch, _history = early_stopping(_net, _one_more, lambda net, _coming=_coming: torch.tensor(next(_coming)), _patience, len(_losses))
    check_equal(_epoch, _best, f"the best epoch for the validation losses {_losses} with patience={_patience}")
    check_equal(_history, _seen, f"the history for the validation losses {_losses} with patience={_patience}", rtol=1e-6)
    check_equal(_net.weight.detach(), torch.full((2,), _best + 1.0), f"the parameter of the net (the number of its epochs) after the losses {_losses}")
    check_equal(_net.moving, torch.tensor([_best + 1.0]), f"the buffer of the net (the number of its epochs) after the losses {_losses}")

# %% [markdown]
# One hundred digits, ten of each class, are all that this network gets to learn from. Its training loss goes to zero. Look at the
# validation loss.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_early_stopping", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# X_digits, y_digits, _, _ = digits()
# mixed = torch.randperm(len(y_digits), generator=torch.Generator().manual_seed(0))
# few = torch.cat([mixed[y_digits[mixed] == digit][:10] for digit in range(10)])
# rest = torch.ones(len(y_digits), dtype=torch.bool)
# rest[few] = False
# X_rest, y_rest = X_digits[rest][::4], y_digits[rest][::4]
# loss = torch.nn.CrossEntropyLoss()
#
# def small_net():
#     torch.manual_seed(0)
#     net = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(64, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10))
#     return net, torch.optim.Adam(net.parameters(), lr=0.01)
#
# def one_epoch(net):
#     for X, y in batches(X_digits[few], y_digits[few], 20, shuffle=True):
#         optimizer.zero_grad()
#         loss(net(X), y).backward()
#         optimizer.step()
#     with torch.no_grad():
#         training.append(loss(net(X_digits[few]), y_digits[few]).item())
#
# def validation_loss(net):
#     with torch.no_grad():
#         return loss(net(X_rest), y_rest).item()
#
# runs = {}
# for name, patience in [("without", 1000), ("with", 10)]:
#     training = []
#     net, optimizer = small_net()
#     best, history = early_stopping(net, one_epoch, validation_loss, patience, 100)
#     runs[name] = best, history, training
# _, history, training = runs["without"]
# figure, axes = plt.subplots(figsize=(7.5, 3.9), layout="constrained")
# epochs = range(1, len(history) + 1)
# axes.plot(epochs, training, color="tab:blue", label="training loss")
# axes.plot(epochs, history, color="tab:orange", label="validation loss")
# best, seen, _ = runs["with"]
# axes.axvline(best + 1, color="tab:green", linestyle="--", label="the best epoch: restored")
# axes.axvline(len(seen), color="tab:red", linestyle=":", label="stopped here (patience 10)")
# axes.set(xlabel="epoch", ylabel="cross-entropy", title="100 digits to learn from", ylim=(0, 1.2))
# axes.grid(alpha=0.3)
# axes.legend(fontsize=8)
# plt.show()
# print(f"stopped after {len(seen)} of 100 epochs; validation loss {history[best]:.3f}, after all 100 it is {history[-1]:.3f}")

# %% [markdown]
# Stopping early has saved most of the work, too. How do the remedies compare? Try it: put `torch.nn.Dropout(0.5)` or your own
# `Dropout` behind the ReLU, or give the optimizer your `decay_groups`, and compare test accuracies over a few seeds. The
# differences are small: about as large as those between two seeds. The one remedy that beats them all is more data (ps21 shows how to get
# some out of nothing).
#
# ## 6 · When the data come from the wrong place
#
# ### 6.1 `covariate_weights`
#
# *difficulty 4/5 · importance 3/5 · about 25 minutes · 8 points*
#
# Notes: 004 分布偏移
#
# All of the above trusts that new data are like the old ones. Often they are not. A model learned from patients of one hospital
# (the *source*) is used in another (the *target*), where people are older. What follows from a patient's data, $p(y \mid x)$, is
# the same; which patients come, $p(x)$, is not. This is called *covariate shift* (协变量偏移). Its relatives: *label shift* (标签偏移),
# where $p(y)$ changes and $p(x \mid y)$ stays, and *concept shift* (概念偏移), where $p(y \mid x)$ itself changes.
#
# The cure for covariate shift is to let each source sample count as much as its like occurs in the target:
#
# $$\beta(x) = \frac{p_\text{target}(x)}{p_\text{source}(x)}$$
#
# We know neither density. But we have a trick: mix the samples of both, label them $z = 1$ (target) and $z = 0$ (source), and
# train a classifier to tell them apart. It learns the odds (几率)
#
# $$\frac{P(z = 1 \mid x)}{P(z = 0 \mid x)} = \frac{n_t\; p_\text{target}(x)}{n_s\; p_\text{source}(x)}$$
#
# with $n_s$ source and $n_t$ target samples. (Of two equal clouds, the larger is likelier everywhere: that is why the sizes come
# in.) The given `fit_logistic(X, z)` returns a function $h$ with the **logarithm of these odds**, $h(X)$ of shape $(n,)$. Solve
# for $\beta$:
#
# $$\beta(x) = \exp\big(h(x)\big) \cdot \frac{n_s}{n_t}$$
#
# Return the weights of the **source** samples only. No graph.
#
# **By hand.** 300 source and 100 target samples from the *same* distribution: a good classifier answers
# $h(x) = \ln \frac{100}{300}$ everywhere, and the weights are $\frac13 \cdot \frac{300}{100} = 1$. As they should.
#
# The next cell is given. It is logistic regression, solved by Newton's method.

# %% nbgrader={"grade": false, "grade_id": "fit_logistic", "locked": true, "schema_version": 3, "solution": false, "task": false}


def fit_logistic(X, z):
    """Logistic regression. X: (n, d) float, z: (n,) zeros and ones, of any dtype. Returns h: h(X) is (n,), the log-odds of z = 1 for each row of X."""
    A = torch.cat([X, torch.ones_like(X[:, :1])], dim=1).double()
    z, theta = z.double(), torch.zeros(A.shape[1], dtype=torch.float64, device=X.device)
    for _ in range(25):  # Newton steps; 1e-6 keeps the matrix invertible when the two kinds can be told apart without error
        p = torch.sigmoid(A @ theta)
        hessian = (A * (p * (1 - p))[:, None]).T @ A + 1e-6 * torch.eye(len(theta), dtype=torch.float64, device=X.device)
        theta = theta + torch.linalg.solve(hessian, A.T @ (z - p) - 1e-6 * theta)
    return lambda X: (X.double() @ theta[:-1] + theta[-1]).to(X.dtype)


# %% [markdown]
# <details><summary>Hint 1: a nudge</summary>
#
# `torch.cat` puts the two data sets together. Their labels are `torch.zeros(n_s)` and `torch.ones(n_t)`, in the same order.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `h = fit_logistic(X, z)`, then `h(X_source).exp()` times `len(X_source) / len(X_target)`.
# </details>
#
# <details><summary>Help: all my weights are below 1, or the largest are where the source is</summary>
#
# Below 1: a probability `sigmoid(h)` was taken where the odds `exp(h)` belong. Upside down: which kind of samples has the label
# 1? (If it is the source, the odds must be turned over: `exp(-h)`.)
# </details>


# %% nbgrader={"grade": false, "grade_id": "covariate_weights", "locked": false, "schema_version": 3, "solution": true, "task": false}
def covariate_weights(X_source, X_target, fit_logistic):
    """How much each source sample counts under the target's distribution: p_target(x) / p_source(x).

    X_source: (n_s, d) float, X_target: (n_t, d). fit_logistic(X (n, d), z (n,)) -> h, h(X) -> (n,) log-odds of z = 1.
    Returns: (n_s,), dtype and device of X_source, without a graph.
    """
    ### BEGIN SOLUTION
    X = torch.cat([X_source, X_target])
    z = torch.cat([torch.zeros_like(X_source[:, 0]), torch.ones_like(X_target[:, 0])])
    h = fit_logistic(X, z)
    return (h(X_source).exp() * len(X_source) / len(X_target)).detach()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_covariate_weights", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
# Source: the numbers 0 and 1, three to one. Target: one to two. So p_target / p_source is (1/3) / (3/4) = 4/9 at 0 and (2/3) / (1/4) = 8/3 at 1.
_source, _target = torch.tensor([[0.0], [1.0], [0.0], [0.0]]), torch.tensor([[1.0], [0.0], [1.0]])
_expected = torch.tensor([4 / 9, 8 / 3, 4 / 9, 4 / 9])
check_equal(covariate_weights(_source, _target, fit_logistic), _expected, "covariate_weights of 0, 1, 0, 0 with the target 1, 0, 1", rtol=1e-3)
_target = _target.repeat(5, 1)
check_equal(covariate_weights(_source, _target, fit_logistic), _expected, "covariate_weights with the same target samples five times over", rtol=1e-3)
check(covariate_weights(_source.double(), _target.double(), fit_logistic).dtype == torch.float64, "The weights of float64 samples are not float64.")
_slope = torch.ones(1, requires_grad=True)
_weights = covariate_weights(_source, _target, lambda X, z: lambda X: X[:, 0] * _slope)
check(not _weights.requires_grad, "The weights carry a graph, where the classifier's answers do: detach() them.")

# %% [markdown]
# Source and target, side by side. The truth is a curve; the model is a straight line, which cannot be right everywhere. Fitted to
# the source (grey), the line is good where the grey points are many. With your weights, drawn as the *size* of the points, the
# same line looks at the right places.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_covariate_shift", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# torch.manual_seed(0)
# truth = lambda x: x**3 / 4 - x
# x_source, x_target = 0.4 + 0.8 * torch.randn(300, 1), 1.6 + 0.8 * torch.randn(150, 1)
# y_source, y_target = (truth(x) + 0.3 * torch.randn_like(x) for x in (x_source, x_target))
# weights = covariate_weights(x_source, x_target, fit_logistic)
#
# def line(x, y, weights):
#     """Weighted least squares."""
#     A, root = torch.cat([x, torch.ones_like(x)], dim=1), weights.sqrt().unsqueeze(1)
#     return torch.linalg.lstsq(root * A, root * y).solution
#
# grid = torch.linspace(-2, 4, 200)[:, None]
# figure, axes = plt.subplots(figsize=(7.8, 4.3), layout="constrained")
# axes.scatter(x_source, y_source, s=3 + 12 * weights, color="grey", alpha=0.5)
# axes.scatter([], [], s=25, color="grey", alpha=0.5, label="source (size: weight)")
# axes.scatter(x_target, y_target, s=10, color="tab:orange", alpha=0.6, label="target")
# for name, w, colour in [("fitted without weights", torch.ones(300), "tab:red"), ("fitted with weights", weights, "tab:green")]:
#     slope, shift = line(x_source, y_source, w).flatten().tolist()
#     error = ((slope * x_target + shift - y_target) ** 2).mean().item()
#     axes.plot(grid, slope * grid + shift, color=colour, label=f"{name}: error {error:.2f} on the target")
# axes.plot(grid, truth(grid), "--", color="black", linewidth=1, label="the truth")
# axes.set(xlabel="x", ylabel="y", title="The same line, the same data, other weights", xlim=(-2, 4), ylim=(-3, 7))
# axes.grid(alpha=0.3)
# axes.legend(fontsize=8, loc="upper left")
# plt.show()

# %% [markdown]
# ### 6.2 A question on paper
#
# **Question 2 (up to 5 points).** (a) Which kind of shift is it, covariate, label or concept? (i) A spam filter of last year
# meets this year's mail, in which the part of spam has doubled while the spam itself reads as before. (ii) A model of house
# prices from before a crisis is used after it. (iii) A detector of road signs was trained on sunny days and drives at night. (iv)
# A test for a disease was built with as many sick as healthy people; in the population one of a thousand is sick. (b) Show that
# for $\beta = p_t / p_s$ we have $E_{x \sim p_s}[\beta(x)\, \ell(x)] = E_{x \sim p_t}[\ell(x)]$. (c) When does this fail? And
# what happens to the variance of the weighted mean where $\beta$ is large?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_shift", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) (i) label shift: $p(y)$ changes, $p(x \mid y)$ stays. (ii) concept shift: the same house has another
# price, $p(y \mid x)$ changes. (iii) covariate shift: pictures differ, what a sign means does not. (iv) label shift.
#
# (b)
#
# $$E_{p_s}[\beta\, \ell] = \int p_s(x)\, \frac{p_t(x)}{p_s(x)}\, \ell(x)\, dx = \int p_t(x)\, \ell(x)\, dx = E_{p_t}[\ell].$$
#
# (c) It needs $p_s(x) > 0$ wherever $p_t(x) > 0$ (the support of the source covers that of the target): of what never occurs in
# the source, no weight can make anything. Where $\beta$ is large, few source samples carry nearly all of the weight: the variance
# of the weighted mean is $\frac1n \mathrm{Var}_{p_s}[\beta \ell]$, with $E_{p_s}[\beta^2 \ell^2] = E_{p_t}[\beta\, \ell^2]$ in
# it, which grows with $\beta$; the mean is as if it came from far fewer samples. (Clipping the weights trades this for a bias.)
#
# **Marking scheme.** 2 points: the four kinds (1 for three of them). 1 point: the identity, by cancelling $p_s$ under the
# integral or sum. 1 point: the condition on the supports. 1 point: the variance grows with $\beta$, few samples dominate.
# ### END SOLUTION

# %% [markdown]
# ## What you have now, and where to go
#
# You can tell whether a model has learned or only memorised, choose between models without fooling yourself, and you have built
# each of the usual remedies. `early_stopping` takes any network, and the network of any later notebook will thank you for it;
# `torch.nn.Dropout` and `weight_decay` are now words whose inside you know.
#
# To try, if you like: choose the $\lambda$ of 3.5 with `k_fold` and `select_model`. Put your own `Dropout` into the network of
# 4.3 (why does `mc_dropout` not find it, and what would you change?). Repeat the learning curves with `ridge` on
# `polynomial_features` of degree 9: decay does for a small data set what more data would do.
#
# One thing was taken for granted here: that training begins at all. With deep networks it often does not, because the very first
# weights are too large or too small. How to begin is the matter of **ps08**.
