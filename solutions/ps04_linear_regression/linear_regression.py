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
# # Linear regression, from scratch and with nn (线性回归)
#
# Linear regression is the smallest model that learns, and everything that larger networks do is in it already. At the end of this
# notebook you can
#
# * make data of which you know the truth, and hand them out in small batches;
# * say in three ways how wrong a prediction is, and work out the gradients of all three by hand;
# * find the best weights in two ways: at one blow, by a formula, or step by step, downhill;
# * write the training loop twice, once with nothing but tensors and once with PyTorch's own parts;
# * tell how long a step may be before learning turns into an explosion, and draw a line that a tenth of spoiled labels cannot move.
#
# It takes fourteen small functions. The shortest are one line, the longest about ten, and no answer needs a trick.
#
# **What you have already.** Indexing, broadcasting (广播) and means over rows are those of ps01, the matrix product is that of ps02, and
# `backward()` is that of ps03. Nothing else is needed.
#
# **How it is marked.** Each exercise has a cell for your answer and, under it, a check that you can run as often as you like. A
# check is an example: it says in words what is wrong with one result. The hidden grader asks more of the same (other shapes,
# other numbers), and it marks each property on its own, so an answer that is wrong only in some cases keeps the points of the
# others. Every exercise can be written alone: you may skip one and come back. Where an answer calls an earlier one of yours that
# is not right yet, the grader lends a right one, so that no mistake costs you twice. Helpers of your own may stand in cells of
# your own, above the exercise that uses them. The points add up to 100; the two written questions are extra credit.
#
# **What holds for every exercise**, unless it says otherwise:
#
# * the result has the dtype of the input: float64 in, float64 out;
# * the input is left as it was.
#
# **Letters and shapes used throughout.** They are the same in all fourteen functions:
#
# | letter | what it is | shape |
# |---|---|---|
# | $n$, $d$ | number of samples (样本), number of features (特征) | |
# | $X$, `features` | the features, one sample a row | $(n, d)$ |
# | $y$, `labels` | the labels (标签): what should be predicted | $(n, 1)$, sometimes $(n,)$ |
# | $\hat y$, `y_hat` | the predictions | $(n, 1)$ |
# | $w$, $b$ | the weights (权重) and the bias (偏差): what is learned | $(d, 1)$ and $(1,)$ |
#
# **The one trap to know about.** Labels come as $(n, 1)$ or as $(n,)$, and your functions should take both. Why does it matter? Take
# five predictions of shape $(5, 1)$ minus five labels of shape $(5,)$. There is no error: broadcasting pairs *every* prediction with
# *every* label, and you get a table of shape $(5, 5)$. Whatever is computed from it looks sensible, and the model learns nothing but
# the mean. The remedy is short: bring $y$ into the shape of the predictions first, with `y.reshape(y_hat.shape)`.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import torch
from course_tools import batches, check, check_equal, check_promises
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

# %% [markdown]
# ## 1 · Data whose truth we know
#
# ### 1.1 `synthesize_data`
#
# *difficulty 1/5 · importance 3/5 · about 10 minutes · 7 points*
#
# Notes: 000 §1.2.3.1 · 001 模型定义 · 001 线性回归实现/生成数据集 · 004 线性回归
#
# Before a program meets real data it should meet made-up ones: if we have chosen the right answer ourselves, we can see whether the
# program finds it. So here is our little world: a label is a weighted sum of the features, plus a constant, plus a little bad luck.
#
# $$y = Xw + b + \varepsilon, \qquad X_{ij} \sim \mathcal N(0, 1), \qquad \varepsilon_i \sim \mathcal N(0,\ 0.01^2)$$
#
# $\mathcal N(0, \sigma^2)$ is the normal distribution (正态分布) with mean 0 and **standard deviation** (标准差) $\sigma$; here $\sigma = 0.01$.
# Every sample has noise (噪声) of its own. Two calls give two different data sets. Set no seed inside: whether the numbers can be
# repeated is for the caller to say. PyTorch, NumPy and `random` are all fine as sources of random numbers.
#
# As in the lecture notes, this one function takes $w$ flat, with shape $(d,)$, and $b$ as a plain number.
#
# **By hand.** With $w = (2, -3.4)$ and $b = 4.2$, the sample $x = (1, 0.5)$ gets the label $2 \cdot 1 - 3.4 \cdot 0.5 + 4.2 = 4.5$, give or
# take a few hundredths.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `torch.normal(0, 1, (rows, columns))` draws a whole table of normal numbers at once. How many rows and how many columns has $X$?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Three lines: `X` from `torch.normal` with `len(w)` columns; `y = X @ w + b`; then add `torch.normal(0, 0.01, y.shape)` to `y`. Return
# `X` and `y.reshape(-1, 1)`.
# </details>
#
# <details><summary>Help: I see float64, where float32 is expected</summary>
#
# Random numbers from NumPy are float64, and they turn the sum into float64. `torch.tensor(…, dtype=torch.float32)` brings them back.
# </details>


# %% nbgrader={"grade": false, "grade_id": "synthesize_data", "locked": false, "schema_version": 3, "solution": true, "task": false}
def synthesize_data(w, b, num_examples):
    """Make data with a known truth: y = Xw + b + noise.

    w: (d,) float32. b: a number. num_examples: n, int.
    Returns: (X, y). X: (n, d) float32, standard normal. y: (n, 1) float32, noise of standard deviation 0.01, its own for each sample.
    """
    ### BEGIN SOLUTION
    X = torch.normal(0, 1, (num_examples, len(w)))
    y = X @ w + b
    y = y + torch.normal(0, 0.01, y.shape)
    return X, y.reshape(-1, 1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_synthesize_data", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
_w = torch.tensor([1.5, -2.0, 0.5])
_X, _y = synthesize_data(_w, 3.0, 2000)
check_equal(tuple(_X.shape), (2000, 3), "the shape of X for 2000 samples of 3 features")
check_equal(tuple(_y.shape), (2000, 1), "the shape of y for 2000 samples")
check(_X.dtype == _y.dtype == torch.float32, f"X has dtype {_X.dtype} and y has dtype {_y.dtype}, expected float32 for both.")
check(0.9 < _X.std() < 1.1 and abs(_X.mean()) < 0.1, "The features should be standard normal: mean 0, standard deviation 1.")
_noise = _y - (_X @ _w + 3.0).reshape(-1, 1)
check(_noise.std() > 1e-4, "The noise is the same for all samples: draw one number for each.")
check(abs(_noise.mean()) < 0.002, f"The mean of y - Xw - b is {_noise.mean():.4f}, expected nearly 0.")
check(0.009 < _noise.std() < 0.011, f"The standard deviation of the noise is {_noise.std():.4f}, expected nearly 0.01.")
torch.manual_seed(1)
_first, _ = synthesize_data(_w, 3.0, 50)
torch.manual_seed(2)
_second, _ = synthesize_data(_w, 3.0, 50)
check(not torch.equal(_first, _second), "Two data sets are the same, number for number: is a seed set inside the function?")

# %% [markdown]
# ### 1.2 `data_iter`
#
# *difficulty 2/5 · importance 5/5 · about 15 minutes · 9 points*
#
# Notes: 000 §1.2.3.1 · 001 线性回归实现/读取数据 · 004 keys
#
# Nobody learns a whole book in one look. Training goes through the data in mini-batches (小批量): a few samples at a time, in random
# order, until all have been seen. One such pass is called an epoch (轮次). Write the function that deals out the batches, like cards:
#
# * every sample comes **once** in a pass, and stays together with its own label;
# * the order is shuffled anew for every pass (every call), and it is the *samples* that are shuffled, not whole batches;
# * batches have `batch_size` samples; the last one takes what is left, so it may be shorter. If there are fewer samples than
#   `batch_size`, there is one batch with all of them, and if there are none at all, there is no batch.
#
# **By hand.** Five samples, `batch_size` 2. A shuffled order might be $3, 0, 4, 1, 2$: the batches are the samples $(3, 0)$, then
# $(4, 1)$, then
# $(2)$ alone.
#
# The function is used as `for X, y in data_iter(10, features, labels):`. The easiest way there is `yield`: a function that says `yield X, y`
# inside a loop hands out one pair after the other, and goes on where it was when the next one is asked for. A list of pairs is just as good.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Shuffle the *numbers* of the samples, $0 \dots n - 1$, and leave the samples where they are. Then cut that list into pieces.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `order = torch.randperm(len(features))` is a shuffled list of row numbers. In `for i in range(0, len(features), batch_size)`, take
# `rows = order[i : i + batch_size]`, then `yield features[rows], labels[rows]`. A slice that reaches beyond the end simply stops there.
# </details>
#
# <details><summary>Help: I see "name 'feature' is not defined"</summary>
#
# The arguments are called `features` and `labels`, with an s. (It happens to the best: lecture notes have been printed so.)
# </details>
#
# <details><summary>Help: I see features that do not belong to their labels</summary>
#
# Shuffle once and use the same row numbers for both. Two shuffles tear the pairs apart.
# </details>


# %% nbgrader={"grade": false, "grade_id": "data_iter", "locked": false, "schema_version": 3, "solution": true, "task": false}
def data_iter(batch_size, features, labels):
    """Deal out the samples in mini-batches, in a new random order each time.

    batch_size: int. features: (n, ...). labels: (n, ...), row i belongs to row i of features.
    Gives: pairs (X, y) of up to batch_size rows each; all n rows come once.
    """
    ### BEGIN SOLUTION
    order = torch.randperm(len(features))
    for i in range(0, len(features), batch_size):
        rows = order[i : i + batch_size]
        yield features[rows], labels[rows]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_data_iter", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
_features = torch.tensor([[i, 100.0 - i * i] for i in range(40)])
_labels = _features.sum(dim=1, keepdim=True)
_pass = list(data_iter(12, _features, _labels))
check_equal([len(_X) for _X, _ in _pass], [12, 12, 12, 4], "the sizes of the batches of 40 samples, batch_size=12")
_X, _y = (torch.cat(parts) for parts in zip(*_pass))
check_equal(_X[_X[:, 0].argsort()], _features, "all features of one pass, sorted")
check_equal(_y, _X.sum(dim=1, keepdim=True), "the labels beside their features")
check((_X[:, 0].diff().abs() == 1).sum() < 20, "Most samples come beside their neighbours: shuffle the samples, not whole batches.")
_again = torch.cat([_X for _X, _ in data_iter(12, _features, _labels)])
check(not torch.equal(_X, _again), "Two passes have the same order: shuffle anew in every call.")
check_equal([len(_X) for _X, _ in data_iter(50, _features, _labels)], [40], "the sizes of the batches of 40 samples, batch_size=50")
check_equal(len(list(data_iter(5, _features[:0], _labels[:0]))), 0, "the number of batches of no samples")

# %% [markdown]
# ## 2 · A model, and how wrong it is
#
# ### 2.1 `linreg`
#
# *difficulty 1/5 · importance 5/5 · about 5 minutes · 4 points*
#
# Notes: 000 §1.2.1 · 001 线性回归/预测表达式 · 001 线性回归实现/定义模型 · 002 线性回归/建模
#
# The model: a weighted sum of the features, plus the bias, for all samples at once.
#
# $$\hat y = Xw + b$$
#
# Shapes: $(n, d)$ times $(d, 1)$ is $(n, 1)$; the bias, $(1,)$, is added to each row. The result keeps its second dimension: $(n, 1)$.
#
# **By hand.** $X = \begin{pmatrix} 1 & 2 \\ 3 & -1 \end{pmatrix}$, $w = \begin{pmatrix} 2 \\ 1 \end{pmatrix}$, $b = 1$: the first
# prediction is $1 \cdot 2 + 2 \cdot 1 + 1 = 5$, the second $3 \cdot 2 - 1 \cdot 1 + 1 = 6$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# It is the formula, typed. In Python the matrix product is written `@`.
# </details>
#
# <details><summary>Help: I see "no gradient flows back"</summary>
#
# `b.item()` or `float(b)` turns the bias into a plain number, which autograd cannot follow. Add the tensor itself.
# </details>


# %% nbgrader={"grade": false, "grade_id": "linreg", "locked": false, "schema_version": 3, "solution": true, "task": false}
def linreg(X, w, b):
    """Predictions of the linear model.

    X: (n, d) float. w: (d, 1). b: (1,).
    Returns: (n, 1), dtype of X; gradients flow to X, w and b.
    """
    ### BEGIN SOLUTION
    return X @ w + b
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_linreg", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
_X = torch.tensor([[1.0, 2.0, 0.5], [3.0, -1.0, 2.0]])
_w, _b = torch.tensor([[2.0], [1.0], [-4.0]]), torch.tensor([1.5])
check_equal(linreg(_X, _w, _b), torch.tensor([[3.5], [-1.5]]), "linreg(X, w, b)")
check_promises(linreg, _X, _w, _b)

# %% [markdown]
# ### 2.2 `squared_loss`
#
# *difficulty 1/5 · importance 5/5 · about 5 minutes · 5 points*
#
# Notes: 000 §1.3.2.1 · 001 线性回归/损失函数 · 001 线性回归实现/定义损失函数 · 002 损失函数
#
# A loss (损失) says how wrong one prediction is. The squared loss (平方损失, L2) hardly minds small errors and cannot stand large ones:
#
# $$\ell(\hat y, y) = \tfrac12 (\hat y - y)^2$$
#
# Why the $\tfrac12$? For beauty: the derivative of the square brings a factor 2, and the two cancel.
#
# **Conventions of this course**, for this and the next two: you return *one loss a sample*, in the shape of `y_hat`; whoever calls
# decides about sum or mean. Labels may come as $(n, 1)$ or $(n,)$, and so may predictions (here is the trap of the first page).
#
# **By hand.** Predictions $3, 1$ and labels $1, 1.5$: the losses are $\tfrac12 \cdot 2^2 = 2$ and $\tfrac12 \cdot 0.5^2 = 0.125$.
#
# **From scratch**, all three losses: PyTorch's own (`nn.MSELoss`, `nn.L1Loss`, `nn.HuberLoss`, `nn.SmoothL1Loss` and the functions of
# the same names) are off limits here.
#
# <details><summary>Hint 1: a nudge</summary>
#
# First bring $y$ into the shape of `y_hat`. Then it is the formula, typed; `**` is the power.
# </details>
#
# <details><summary>Help: I see shape (5, 5), expected (5, 1)</summary>
#
# Here it is, the trap. `y.reshape(y_hat.shape)` before you subtract.
# </details>


# %% nbgrader={"grade": false, "grade_id": "squared_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def squared_loss(y_hat, y):
    """Half the squared error, one loss a sample.

    y_hat: (n, 1) or (n,) float. y: (n, 1) or (n,) float.
    Returns: shape and dtype of y_hat.
    """
    ### BEGIN SOLUTION
    return (y_hat - y.reshape(y_hat.shape)) ** 2 / 2
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_squared_loss", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
_y_hat, _y = torch.tensor([[3.0], [1.0], [-2.0]]), torch.tensor([1.0, 1.5, 1.0])
check_equal(squared_loss(_y_hat, _y), torch.tensor([[2.0], [0.125], [4.5]]), "squared_loss of y_hat (3, 1) and y (3,)")
check_equal(squared_loss(_y_hat[:, 0], _y[:, None]), torch.tensor([2.0, 0.125, 4.5]), "squared_loss of y_hat (3,) and y (3, 1)")
check_promises(squared_loss, _y_hat, _y)

# %% [markdown]
# ### 2.3 `l1_loss`
#
# *difficulty 1/5 · importance 3/5 · about 5 minutes · 4 points*
#
# Notes: 000 §1.3.2.2
#
# The absolute loss (绝对值损失, L1) charges the same price for every unit of error, near or far:
#
# $$\ell(\hat y, y) = |\hat y - y|$$
#
# **By hand.** Predictions $3, 1$ and labels $1, 1.5$: the losses are $2$ and $0.5$.
#
# Where prediction and label agree, the loss has a corner and no slope. Any value in $[-1, 1]$ will do as its gradient there, as long as
# it is a number: NaN would spread to all weights at once.
#
# <details><summary>Hint 1: a nudge</summary>
#
# As before, with another function at the end.
# </details>
#
# <details><summary>Help: I see NaN in the gradient</summary>
#
# `sqrt(d ** 2)` is $|d|$, but its derivative at 0 is $0 / 0$. `abs` has been taught what to do there.
# </details>


# %% nbgrader={"grade": false, "grade_id": "l1_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def l1_loss(y_hat, y):
    """The absolute error, one loss a sample.

    y_hat: (n, 1) or (n,) float. y: (n, 1) or (n,) float.
    Returns: shape and dtype of y_hat; the gradient is finite everywhere.
    """
    ### BEGIN SOLUTION
    return (y_hat - y.reshape(y_hat.shape)).abs()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_l1_loss", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
_y_hat, _y = torch.tensor([[3.0], [1.0], [-2.0]]), torch.tensor([1.0, 1.5, 1.0])
check_equal(l1_loss(_y_hat, _y), torch.tensor([[2.0], [0.5], [3.0]]), "l1_loss of y_hat (3, 1) and y (3,)")
check_equal(l1_loss(_y_hat[:, 0], _y[:, None]), torch.tensor([2.0, 0.5, 3.0]), "l1_loss of y_hat (3,) and y (3, 1)")
check_promises(l1_loss, _y_hat, _y)
_exact = torch.tensor([[1.5]], requires_grad=True)
l1_loss(_exact, torch.tensor([1.5])).sum().backward()
check(abs(_exact.grad.item()) <= 1, f"The gradient of l1_loss where y_hat = y is {_exact.grad.item()}, expected a number from -1 to 1.")

# %% [markdown]
# ### 2.4 `huber_loss`
#
# *difficulty 2/5 · importance 3/5 · about 10 minutes · 6 points*
#
# Notes: 000 §1.3.3.3
#
# Huber's loss takes the best of both: round at the bottom, like the square, so that learning settles down calmly; straight further out, like
# the absolute value, so that one wild label cannot shout the others down. With the error $d = \hat y - y$ and a threshold $\delta > 0$:
#
# $$\ell = \begin{cases} \delta\,\bigl(|d| - \tfrac12 \delta\bigr) & \text{if } |d| > \delta \\[2pt] \tfrac12 d^2 & \text{otherwise} \end{cases}$$
#
# The $-\tfrac12\delta$ is there so that the two pieces meet: at $|d| = \delta$ both are $\tfrac12 \delta^2$. With $\delta = 1$ it is
# the formula of the lecture notes.
#
# **By hand.** $\delta = 1$. An error of $3$ lies outside: $1 \cdot (3 - 0.5) = 2.5$. An error of $-0.5$ lies inside:
# $\tfrac12 \cdot 0.25 = 0.125$. With $\delta = 2$ the error of $3$ costs $2 \cdot (3 - 1) = 4$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `torch.where(condition, A, B)` takes from `A` where the condition is true and from `B` elsewhere, for all entries at once. Which of
# $d$ and $|d|$ belongs into the condition?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `d = y_hat - y.reshape(y_hat.shape)`, then `torch.where(d.abs() > delta, …, d ** 2 / 2)`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "huber_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def huber_loss(y_hat, y, delta=1.0):
    """Huber's robust loss, one loss a sample: half the square up to an error of delta, straight beyond.

    y_hat: (n, 1) or (n,) float. y: (n, 1) or (n,) float. delta: a number > 0.
    Returns: shape and dtype of y_hat.
    """
    ### BEGIN SOLUTION
    d = y_hat - y.reshape(y_hat.shape)
    return torch.where(d.abs() > delta, delta * (d.abs() - delta / 2), d**2 / 2)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_huber_loss", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_y_hat, _y = torch.tensor([[3.0], [1.0], [-2.0]]), torch.tensor([1.0, 1.5, 1.0])
check_equal(huber_loss(_y_hat, _y), torch.tensor([[1.5], [0.125], [2.5]]), "huber_loss of y_hat (3, 1) and y (3,)")
check_equal(huber_loss(_y_hat[:, 0], _y[:, None], 2.5), torch.tensor([2.0, 0.125, 4.375]), "huber_loss of y_hat (3,) and y (3, 1) with delta=2.5")
check_promises(huber_loss, _y_hat, _y, 0.8)

# %% [markdown]
# ## 3 · Gradients by hand
#
# ### 3.1 `loss_gradient`
#
# *difficulty 2/5 · importance 4/5 · about 15 minutes · 8 points*
#
# Notes: 000 §1.3.2.2 · 000 §1.3.3.3 · 003 §6.4
#
# The slope of a loss says which way a prediction should move, and how hard it is pushed. Work it out for all three losses, as the
# derivative with respect to the prediction $\hat y$. With $d = \hat y - y$:
#
# | `name` | loss | derivative with respect to $\hat y$ |
# |---|---|---|
# | `"l2"` | $\tfrac12 d^2$ | $d$: the further off, the harder the push |
# | `"l1"` | $\lvert d \rvert$ | $1$ if $d > 0$, $-1$ if $d < 0$, and $0$ if $d = 0$: always the same push |
# | `"huber"` | as in 2.4 | $d$ where $\lvert d \rvert \le \delta$; beyond that $\delta$ or $-\delta$, with the sign of $d$ |
#
# Mind the direction: $d$ is *prediction minus label*. If the prediction is too large, the slope is positive.
#
# One number a sample, in the shape of `y_hat`, not divided by anything. `delta` matters for `"huber"` only.
#
# **By hand.** Errors $2, -0.5, 0$: `"l2"` gives $2, -0.5, 0$; `"l1"` gives $1, -1, 0$; `"huber"` with $\delta = 1$ gives $1, -0.5, 0$.
#
# **From scratch:** autograd (`backward`, `torch.autograd`, `torch.func`) and PyTorch's losses are off limits here.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Three branches, `if name == "l2": …`. PyTorch has a function for each of the last two lines of the table: one gives the sign of every
# entry, the other cuts off what lies beyond two limits.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# With `d = y_hat - y.reshape(y_hat.shape)`: `d`, `d.sign()` and `d.clamp(-delta, delta)`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "loss_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def loss_gradient(name, y_hat, y, delta=1.0):
    """Derivative of a loss with respect to each prediction, written out, no autograd.

    name: "l2", "l1" or "huber". y_hat: (n, 1) or (n,) float. y: (n, 1) or (n,) float. delta: threshold of "huber", > 0.
    Returns: shape and dtype of y_hat, one derivative a sample.
    """
    ### BEGIN SOLUTION
    d = y_hat - y.reshape(y_hat.shape)
    if name == "l2":
        return d
    if name == "l1":
        return d.sign()
    return d.clamp(-delta, delta)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_loss_gradient", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_y_hat, _y = torch.tensor([[3.0], [1.0], [-2.0], [0.5]]), torch.tensor([1.0, 1.5, 1.0, 0.5])
check_equal(loss_gradient("l2", _y_hat, _y), torch.tensor([[2.0], [-0.5], [-3.0], [0.0]]), 'loss_gradient("l2", y_hat, y)')
check_equal(loss_gradient("l1", _y_hat, _y), torch.tensor([[1.0], [-1.0], [-1.0], [0.0]]), 'loss_gradient("l1", y_hat, y)')
check_equal(loss_gradient("huber", _y_hat, _y), torch.tensor([[1.0], [-0.5], [-1.0], [0.0]]), 'loss_gradient("huber", y_hat, y)')
_expected = torch.tensor([2.0, -0.5, -2.5, 0.0])
check_equal(loss_gradient("huber", _y_hat[:, 0], _y[:, None], 2.5), _expected, 'loss_gradient("huber", y_hat, y, 2.5) of y_hat (4,) and y (4, 1)')
for _name in ("l2", "l1", "huber"):
    with torch.inference_mode():
        loss_gradient(_name, _y_hat, _y)
    check_promises(lambda y_hat, y, _name=_name: loss_gradient(_name, y_hat, y), _y_hat, _y, gradient=False)

# %% [markdown]
# Here are your four functions in one picture. Look at the right half: that is how hard each loss pulls. The squared loss pulls without
# limit, so a label that is 30 off pulls as hard as thirty labels that are 1 off. The other two stay calm.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_losses", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# d = torch.linspace(-3, 3, 301)
# zero = torch.zeros(301)
# figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
# for name, loss, style in (("l2", squared_loss, "-"), ("l1", l1_loss, "--"), ("huber", huber_loss, "-.")):
#     left.plot(d, loss(d, zero), style, label=name, linewidth=2)
#     right.plot(d, loss_gradient(name, d, zero), style, label=name, linewidth=2)
# left.set(xlabel="prediction minus label", ylabel="loss", title="What an error costs")
# right.set(xlabel="prediction minus label", ylabel="derivative", title="How hard it pulls")
# for axes in (left, right):
#     axes.grid(alpha=0.3)
#     axes.legend()
# plt.show()

# %% [markdown]
# ### 3.2 `linreg_gradients`
#
# *difficulty 2/5 · importance 5/5 · about 15 minutes · 9 points*
#
# Notes: 001 线性回归/优化算法 · 001 线性回归/矢量计算表达式 · 002 优化算法 · 002 矢量计算表达式
#
# Now the gradient that training needs: how does the *sum* of the squared losses of a batch change with each weight, and with the bias? By the
# chain rule it is the slope of the loss, which is the error, times the slope of the model, which is the feature (for the bias: 1):
#
# $$L = \sum_i \tfrac12 (\hat y_i - y_i)^2, \qquad \hat y = Xw + b, \qquad
# \frac{\partial L}{\partial w} = X^\top (\hat y - y), \qquad \frac{\partial L}{\partial b} = \sum_i (\hat y_i - y_i)$$
#
# Read the first one slowly: the weight of a feature is moved by the samples in which that feature is large. It is a sum over the batch,
# **not** a mean.
#
# **By hand.** $X = \begin{pmatrix} 1 & 2 \\ 3 & -1 \end{pmatrix}$, $w = \begin{pmatrix} 2 \\ 1 \end{pmatrix}$, $b = 1$ gives the predictions
# $5, 6$. With the labels $4, 8$ the errors are $1, -2$. So $\frac{\partial L}{\partial w} = (1 \cdot 1 + 3 \cdot (-2),\ 2 \cdot 1 - 1 \cdot (-2)) = (-5, 4)$ and
# $\frac{\partial L}{\partial b} = -1$.
#
# **From scratch:** autograd is off limits here. No Python loop over the samples.
#
# <details><summary>Hint 1: a nudge</summary>
#
# First the errors, shape $(n, 1)$. $(d, n)$ times $(n, 1)$ is $(d, 1)$, which is the shape of $w$.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `error = X @ w + b - y.reshape(-1, 1)`; then `X.T @ error`, and `error.sum(dim=0)`, which has shape $(1,)$.
# </details>
#
# <details><summary>Help: I see every entry with the wrong sign</summary>
#
# Prediction minus label, $\hat y - y$. With label minus prediction the gradient points downhill, and a step against it goes up.
# </details>


# %% nbgrader={"grade": false, "grade_id": "linreg_gradients", "locked": false, "schema_version": 3, "solution": true, "task": false}
def linreg_gradients(X, y, w, b):
    """Gradients of the summed squared loss of a batch, written out, no autograd.

    X: (n, d) float. y: (n, 1) or (n,). w: (d, 1). b: (1,).
    Returns: (dw, db). dw: (d, 1), db: (1,), dtype of X; sums over the batch.
    """
    ### BEGIN SOLUTION
    error = X @ w + b - y.reshape(-1, 1)
    return X.T @ error, error.sum(dim=0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_linreg_gradients", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
_X = torch.tensor([[1.0, 2.0], [3.0, -1.0], [0.5, 1.0]])
_w, _b, _y = torch.tensor([[2.0], [1.0]]), torch.tensor([1.0]), torch.tensor([4.0, 8.0, 2.5])
_dw, _db = linreg_gradients(_X, _y, _w, _b)
check_equal(_dw, torch.tensor([[-4.75], [4.5]]), "dw of linreg_gradients(X, y, w, b)")
check_equal(_db, torch.tensor([-0.5]), "db of linreg_gradients(X, y, w, b)")
check_equal(linreg_gradients(_X[:1], _y[:1, None], _w, _b), (torch.tensor([[1.0], [2.0]]), torch.tensor([1.0])), "(dw, db) of one sample with y (1, 1)")
with torch.inference_mode():
    linreg_gradients(_X, _y, _w, _b)
check_promises(linreg_gradients, _X, _y, _w, _b, gradient=False)

# %% [markdown]
# ### 3.3 On paper: why these losses?
#
# **Question 1 (up to 5 points of extra credit, marked by hand).** Say that the labels follow $y_i = w^\top x_i + b + \varepsilon_i$
# with independent noise. Show that the parameters that make the observed labels most likely (maximum likelihood, 极大似然) are those with
# the smallest sum of *squared* losses if the noise is Gaussian,
# $p(\varepsilon) \propto e^{-\varepsilon^2 / 2\sigma^2}$, and those with the smallest sum of *absolute* losses if it is Laplacian, $p(\varepsilon) \propto e^{-|\varepsilon| / s}$. Then leave the
# features away: which constant prediction $b$ does each of the two choose for the labels $y_1, \dots, y_n$, and what does one wild
# label do to it?
#
# Formulas in LaTeX, plain text or a photograph of your paper: all are welcome.

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_likelihood", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** The samples are independent, so the likelihood is a product, and its negative logarithm a sum. With the errors
# $\varepsilon_i = y_i - \hat y_i$, $\hat y_i = w^\top x_i + b$:
#
# $$-\log \prod_i \frac{1}{\sqrt{2\pi}\,\sigma}\, e^{-\varepsilon_i^2 / 2\sigma^2} = n \log(\sqrt{2\pi}\,\sigma) + \frac{1}{\sigma^2} \sum_i \tfrac12 (y_i - \hat y_i)^2$$
#
# $$-\log \prod_i \frac{1}{2s}\, e^{-|\varepsilon_i| / s} = n \log(2s) + \frac1s \sum_i |y_i - \hat y_i|$$
#
# The first terms, and the positive factors $1/\sigma^2$ and $1/s$, do not depend on $w$ and $b$; they change the value of the minimum
# but not its place. What is left is the sum of the squared losses, and the sum of the absolute losses. The logarithm is increasing, so
# the smallest negative logarithm is the largest likelihood.
#
# A constant: $\sum_i (b - y_i) = 0$ gives the **mean**. $\sum_i \mathrm{sign}(b - y_i) = 0$ asks for as many labels below as above: the
# **median**. One wild label that is off by $\Delta$ moves the mean by $\Delta / n$, without limit; it moves the median to a neighbour
# at most, however wild it is.
#
# **Marking scheme.** 1 point: the negative logarithm for Gaussian noise. 1 point: that for Laplacian noise. 1 point: constants and
# positive factors are dropped, with the reason. 1 point: mean and median. 1 point: the outlier moves the mean as far as it likes, and
# the median hardly.
# ### END SOLUTION

# %% [markdown]
# ## 4 · At one blow
#
# ### 4.1 `normal_equations`
#
# *difficulty 3/5 · importance 4/5 · about 25 minutes · 11 points*
#
# Notes: 000 §1.2.1 · 002 优化算法 · 004 线性回归
#
# For the squared loss, and for hardly anything else in this course, the best weights can be written down. First a trick that gets rid
# of the bias: give every sample one more feature that is always 1, and the bias is that feature's weight. With $A = [X,\ \mathbf 1]$,
# shape $(n, d + 1)$, and
# $\theta = \begin{pmatrix} w \\ b \end{pmatrix}$ we look for the smallest $\|y - A\theta\|^2$. Its gradient is zero where
#
# $$A^\top A\, \theta = A^\top y, \qquad \text{so}\quad \theta = (A^\top A)^{-1} A^\top y .$$
#
# These are the normal equations (正规方程). Return $w$, shape $(d, 1)$, and $b$, shape $(1,)$. There is no penalty and no other addition:
# it is the minimum itself.
#
# **By hand.** One feature, $x = (0, 1, 2)$, labels $(1, 3, 4)$. Then
# $A^\top A = \begin{pmatrix} 5 & 3 \\ 3 & 3 \end{pmatrix}$, $A^\top y = \begin{pmatrix} 11 \\ 8 \end{pmatrix}$: that is $5w + 3b = 11$ and $3w + 3b = 8$. The
# difference says $2w = 3$, so $w = 1.5$, and then $b = 7/6$.
#
# **Two things that happen with real data**, and that your answer should stand:
#
# * *Large features.* A column of years, $2000 \pm 10$, in float32. $A^\top A$ holds numbers near $4\,000\,000\,n$, of which float32
#   keeps seven digits, and what the years really say drowns in the rounding. Compute in float64 inside (`X.double()`), or subtract the
#   mean of every column first, or do both.
# * *Columns that say the same*, such as a length in metres and again in centimetres. Then $A^\top A$ has no inverse (逆): there are many
#   best $\theta$, all with the same predictions. Any of them is right. The pseudo-inverse (伪逆) finds one: `torch.linalg.pinv(A) @ y`,
#   without $A^\top A$ at all.
#
# Everything in `torch.linalg` is allowed: `inv`, `solve`, `pinv`, `lstsq`, `qr`, `svd`. The result has the dtype of $X$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `torch.cat([X, ones], dim=1)` glues a column to a matrix; `X.new_ones(len(X), 1)` makes the column. At the end, the last entry of
# $\theta$ is $b$.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# In float64: `theta = torch.linalg.pinv(A) @ y.reshape(-1, 1)`. Then `theta[:-1]` and `theta[-1]`, each brought back with `.to(X.dtype)`.
# </details>
#
# <details><summary>Help: I see "The inverse could not be completed because the input matrix is singular"</summary>
#
# That is the second of the two things. `inv` and `solve` need an inverse that exists; `pinv` does not.
# </details>


# %% nbgrader={"grade": false, "grade_id": "normal_equations", "locked": false, "schema_version": 3, "solution": true, "task": false}
def normal_equations(X, y):
    """Weights and bias with the smallest sum of squared errors, in closed form.

    X: (n, d) float, n > d; columns may be large, or depend on each other. y: (n, 1) or (n,).
    Returns: (w, b). w: (d, 1), b: (1,), dtype of X.
    """
    ### BEGIN SOLUTION
    A = torch.cat([X, X.new_ones(len(X), 1)], dim=1).double()
    theta = torch.linalg.pinv(A) @ y.reshape(-1, 1).double()
    return theta[:-1].to(X.dtype), theta[-1].to(X.dtype)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_normal_equations", "locked": true, "points": 11, "schema_version": 3, "solution": false, "task": false}
_w, _b = normal_equations(torch.tensor([[0.0], [1.0], [2.0]]), torch.tensor([1.0, 3.0, 4.0]))
check_equal(_w, torch.tensor([[1.5]]), "w of the example by hand")
check_equal(_b, torch.tensor([7 / 6]), "b of the example by hand")
_X = torch.tensor([[1.0, 2.0], [3.0, -1.0], [0.5, 1.0], [-2.0, 0.0], [4.0, 3.0]])
_w, _b = normal_equations(_X, _X @ torch.tensor([[2.0], [-3.0]]) + 5.0)
check_equal(_w, torch.tensor([[2.0], [-3.0]]), "w for labels that are 2 x_1 - 3 x_2 + 5", atol=1e-4)
check_equal(_b, torch.tensor([5.0]), "b for labels that are 2 x_1 - 3 x_2 + 5", atol=1e-4)
_years = torch.tensor([[1990.0], [1995.0], [2001.0], [2004.0], [2010.0]])
_w, _b = normal_equations(_years, 0.5 * (_years - 2000) + 3)
check_equal(_years @ _w + _b, 0.5 * (_years - 2000) + 3, "the predictions for years from 1990 to 2010", atol=0.01)
_metres = torch.tensor([[1.5], [2.5], [1.0], [4.0]])
_w, _b = normal_equations(torch.cat([_metres, 100 * _metres], dim=1), 3 * _metres - 1)
check_equal(torch.cat([_metres, 100 * _metres], dim=1) @ _w + _b, 3 * _metres - 1, "the predictions for metres beside centimetres", atol=0.01)
check_promises(normal_equations, _X, torch.tensor([1.0, 0.0, 2.0, 1.0, 5.0]), gradient=False)

# %% [markdown]
# Two features and a label: that is a cloud of points in space, and linear regression lays a plane through it. Here are 200 samples with
# the noise made a hundred times larger than usual, so that it can be seen, and the plane that your `normal_equations` found. The thin
# lines are the errors.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_plane", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# torch.manual_seed(4)
# X, y = synthesize_data(torch.tensor([2.0, -3.4]), 4.2, 200)
# y = y + torch.normal(0, 1.0, y.shape)
# w, b = normal_equations(X, y)
# grid = torch.linspace(-2.8, 2.8, 15)
# x1, x2 = torch.meshgrid(grid, grid, indexing="ij")
# plane = linreg(torch.stack([x1.flatten(), x2.flatten()], dim=1), w, b).reshape(15, 15)
# error = (y - linreg(X, w, b)).flatten()
# axes = plt.figure(figsize=(6.4, 5.4), layout="constrained").add_subplot(projection="3d")
# axes.plot_surface(x1.numpy(), x2.numpy(), plane.numpy(), color="tab:blue", alpha=0.25, linewidth=0)
# for (a, c), label, off in zip(X.tolist(), y.flatten().tolist(), error.tolist()):
#     axes.plot([a, a], [c, c], [label - off, label], color="grey", linewidth=0.7)
# axes.scatter(X[:, 0], X[:, 1], y[:, 0], c=error, cmap="coolwarm", vmin=-3, vmax=3, s=16, depthshade=False)
# axes.set(xlabel="$x_1$", ylabel="$x_2$", zlabel="label", title=f"w = ({w[0].item():.2f}, {w[1].item():.2f}), b = {b.item():.2f}")
# axes.view_init(22, 62)
# plt.show()

# %% [markdown]
# ### 4.2 On paper: where the formula comes from
#
# **Question 2 (up to 5 points of extra credit, marked by hand).** Derive the normal equations from the loss
# $L(\theta) = \frac{1}{2n} \|y - A\theta\|^2$. Write down its gradient (mind the sign), set it to 0, and solve for $\theta$ (mind where
# the transpose stands). When is $A^\top A$ not invertible, and what can one do then? What does the closed form cost in $n$ and $d$, and
# what does one step of gradient descent over all data cost?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_normal_equations", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** $L(\theta) = \frac{1}{2n} (y - A\theta)^\top (y - A\theta)$. A small change $h$ of $\theta$ changes $L$ by
# $-\frac1n (y - A\theta)^\top A h$, up to terms of second order. So the gradient, as a column, is
#
# $$\nabla L = -\frac1n A^\top (y - A\theta) = \frac1n A^\top (A\theta - y).$$
#
# $L$ is convex, so the minimum lies where the gradient is 0: $A^\top A\, \theta = A^\top y$, that is $\theta = (A^\top A)^{-1} A^\top y$. Shapes: $A^\top A$ is $(d+1, d+1)$, and $A^\top y$, with its transpose, is $(d+1, 1)$;
# $A y$ would not even exist.
#
# $A^\top A$ is not invertible when the columns of $A$ are linearly dependent: one feature is a combination of others and a constant, or there are fewer samples than columns, $n < d + 1$. Then there are many
# minima, all with the same predictions. The pseudo-inverse takes the shortest of them; or one drops a column, or adds a small penalty
# (ridge), which makes the matrix invertible and the minimum a slightly different one.
#
# The closed form costs about $n d^2$ for $A^\top A$ and $d^3$ to solve. A step of descent costs about $n d$: two products with $A$.
# With many features, many steps are cheaper than one formula; with few, the formula is.
#
# **Marking scheme.** 1 point: gradient with its right sign. 1 point: set to 0 and solved, the transpose in its place. 1 point: when
# $A^\top A$ is not invertible. 1 point: what then (pseudo-inverse, drop a column, or ridge). 1 point:
# $O(n d^2 + d^3)$ against $O(n d)$ a step.
# ### END SOLUTION

# %% [markdown]
# ## 5 · Step by step
#
# A formula for the best weights is a rare stroke of luck. For all other models of this course we walk: from somewhere, a small step
# downhill, and again. One step of mini-batch stochastic gradient descent (小批量随机梯度下降) with learning rate (学习率) $\eta$ on a batch $B$ is
#
# $$w \leftarrow w - \frac{\eta}{|B|}\, \frac{\partial}{\partial w} \sum_{i \in B} \ell_i, \qquad b \leftarrow b - \frac{\eta}{|B|}\, \frac{\partial}{\partial b} \sum_{i \in B} \ell_i$$
#
# The next cell gives you this step. You call `backward()` on the **sum** of the losses; `sgd` divides by the batch size, steps in
# place, and clears the gradients, because `backward()` *adds* to what it finds. (In ps05 you write this function yourself.) Two helpers
# may save you work here, and both are optional: `sgd`, and `batches(features, labels, batch_size, shuffle=True)` from `course_tools`,
# which deals out batches as your `data_iter` does.


# %% nbgrader={"grade": false, "grade_id": "given_sgd", "locked": true, "schema_version": 3, "solution": false, "task": false}
def sgd(params, lr, batch_size):
    """One step of gradient descent, in place; afterwards the gradients are cleared.

    params: list of leaf tensors of any shapes whose .grad holds the sum over the batch. lr: float. batch_size: how many samples that sum has.
    Returns: nothing.
    """
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad / batch_size
            param.grad.zero_()


# %% [markdown]
# ### 5.1 `train_linreg`
#
# *difficulty 3/5 · importance 5/5 · about 30 minutes · 11 points*
#
# Notes: 000 §1.2.3.2 · 001 线性回归实现/训练模型 · 001 线性回归实现/初始化模型参数 · 003 §3
#
# The heart of the notebook, and of every program that learns:
#
# 1. **Start.** $w$: small random numbers, $\mathcal N(0, 0.01^2)$, shape $(d, 1)$. $b$: zero, shape $(1,)$.
# 2. **In every epoch**, go through all samples in a new random order, batch by batch: predict, measure with the squared loss
#    $\tfrac12(\hat y - y)^2$, gradient, step. Both gradients belong to the same $w$ and $b$: first work out both, then move both.
# 3. **After every epoch**, write down the mean loss over **all** data, as a plain number.
#
# Return three things: $w$, $b$ (as plain data, without a graph: `.detach()`) and the list of losses, one number an epoch.
#
# **Mind the last batch.** With 25 samples and `batch_size` 10 it has only 5. The step is the *mean* gradient over the samples **in the
# batch**: divide by 5, not by 10. (With `sgd`: give it `len(y)`.)
#
# **By hand.** One sample, $x = 2$, $y = 3$, and let us start at exactly $w = 0$, $b = 0$. The error is $-3$, so
# $\partial w = 2 \cdot (-3) = -6$ and $\partial b = -3$. With learning rate $0.1$: $w = 0.6$, $b = 0.3$. The loss after this epoch: the
# prediction is $0.6 \cdot 2 + 0.3 = 1.5$, so $\tfrac12 \cdot 1.5^2 = 1.125$.
#
# You may call what you wrote above (`data_iter`, `linreg`, `squared_loss`, `linreg_gradients`). Autograd and your formulas are equally
# welcome. The grader makes single steps whose outcome it knows, and then trains on a few hundred samples of a known truth: three
# epochs, and every parameter must be right to 0.02.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Two loops, one in the other: epochs outside, batches inside. The loss that you write down is computed between the two, after the inner
# loop has ended: one indent less.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `w = torch.normal(0, 0.01, size=(d, 1), requires_grad=True)`, `b = torch.zeros(1, requires_grad=True)`. In the inner loop:
# `squared_loss(linreg(X, w, b), y).sum().backward()`, then `sgd([w, b], lr, len(y))`. After it, under `torch.no_grad()`: append
# `squared_loss(linreg(features, w, b), labels).mean().item()`.
# </details>
#
# <details><summary>Help: I see a loss that grows, or NaN</summary>
#
# Are the gradients cleared after every step? Does the step go *against* the gradient? Is the learning rate the one that was given?
# </details>
#
# <details><summary>Help: I see "grad can be implicitly created only for scalar outputs"</summary>
#
# There is one loss a sample. Take their `sum()` before `backward()`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "train_linreg", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_linreg(features, labels, lr, num_epochs, batch_size):
    """Train a linear model with the squared loss by mini-batch gradient descent, from scratch.

    features: (n, d) float32. labels: (n, 1) or (n,) float32. lr: float. num_epochs: int, may be 0. batch_size: int, may be larger than n.
    Returns: (w, b, losses). w: (d, 1), b: (1,), without a graph. losses: list of floats, the mean loss over all data after each epoch.
    """
    ### BEGIN SOLUTION
    w = torch.normal(0, 0.01, size=(features.shape[1], 1), requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    losses = []
    for _ in range(num_epochs):
        for X, y in data_iter(batch_size, features, labels):
            squared_loss(linreg(X, w, b), y).sum().backward()
            sgd([w, b], lr, len(y))
        with torch.no_grad():
            losses.append(squared_loss(linreg(features, w, b), labels).mean().item())
    return w.detach(), b.detach(), losses
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_train_linreg", "locked": true, "points": 11, "schema_version": 3, "solution": false, "task": false}
_X, _y = torch.tensor([[1.0, 4.0], [2.0, 1.0], [3.0, 2.0]]), torch.tensor([300.0, 400.0, 200.0])
_w, _b, _losses = train_linreg(_X, _y, 0.01, 1, 3)
check_equal(_w, torch.tensor([[5.6667], [6.6667]]), "w after one step over 3 samples, lr=0.01 (the start is small)", rtol=0, atol=0.08)
check_equal(_b, torch.tensor([3.0]), "b after one step over 3 samples, lr=0.01", rtol=0, atol=0.01)
check(not _w.requires_grad and not _b.requires_grad, "w or b still belongs to a graph: return w.detach() and b.detach().")
check(isinstance(_losses, list) and all(isinstance(_loss, float) for _loss in _losses), "The losses should be a list of plain numbers: .item() makes one.")
check_equal(_losses, [((_X @ _w + _b - _y[:, None]) ** 2 / 2).mean().item()], "the record of one epoch", rtol=1e-3)
_w, _b, _ = train_linreg(_X, _y, 0.01, 1, 12)
check_equal(_b, torch.tensor([3.0]), "b after one step over 3 samples with batch_size=12", rtol=0, atol=0.01)
_x, _y = torch.tensor([[1.0], [2.0], [3.0], [4.0]]), 1e5 * torch.tensor([3.0, 1.0, 4.0, 2.0])
_w, _, _ = train_linreg(_x, _y, 1e-4, 1, 2)
check_equal(_w, torch.tensor([[125.0]]), "w after one epoch of two batches with very small steps", rtol=0.005)
_X = torch.tensor([[1.0, -1.0], [2.0, 0.5], [-1.5, 1.0], [0.0, 2.0], [-0.5, -2.0], [1.0, 0.0], [-2.0, -0.5]])
_w, _b, _losses = train_linreg(_X, _X @ torch.tensor([[2.0], [-3.0]]) + 5.0, 0.2, 20, 3)
check_equal(len(_losses), 20, "the number of losses after 20 epochs")
check_equal(_w, torch.tensor([[2.0], [-3.0]]), "w learned from seven samples of 2 x_1 - 3 x_2 + 5", atol=0.02)
check_equal(_b, torch.tensor([5.0]), "b learned from seven samples of 2 x_1 - 3 x_2 + 5", atol=0.02)
check_equal(tuple(train_linreg(_X, _X[:, :1], 0.1, 0, 3)[0].shape), (2, 1), "the shape of w after 0 epochs")

# %% [markdown]
# ## 6 · The same with PyTorch's own parts
#
# Now that you know what is inside, you may use the ready-made ones. This is how training is written from here on.
#
# ### 6.1 `load_array`
#
# *difficulty 1/5 · importance 4/5 · about 10 minutes · 4 points*
#
# Notes: 000 §1.2.3.3 · 001 线性回归简洁实现/读取数据
#
# `TensorDataset` ties tensors together, row by row; `DataLoader` deals out their rows in batches. Put them together:
#
# * `data_arrays` is a tuple of tensors with as many rows each. Often there are two, features and labels, but there may be one, or three;
# * the loader shuffles anew in every pass if `is_train` is true, and keeps the order if it is false (for measuring, order does not matter);
# * the last batch takes what is left.
#
# **By hand.** `load_array((features, labels), 10)` with 25 samples gives batches of 10, 10 and 5 in random order.
# `load_array((features, labels), 10, False)` gives rows 0 to 9 first, then 10 to 19, then 20 to 24.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `TensorDataset` takes any number of tensors as separate arguments. A star takes a tuple apart: `f(*(1, 2, 3))` is `f(1, 2, 3)`.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `DataLoader(TensorDataset(*data_arrays), batch_size, shuffle=…)`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "load_array", "locked": false, "schema_version": 3, "solution": true, "task": false}
def load_array(data_arrays, batch_size, is_train=True):
    """A DataLoader over the rows of tensors.

    data_arrays: tuple of tensors, (n, ...) each. batch_size: int. is_train: whether each pass has a new random order.
    Returns: a torch.utils.data.DataLoader; each batch holds the same rows of all tensors.
    """
    ### BEGIN SOLUTION
    return DataLoader(TensorDataset(*data_arrays), batch_size, shuffle=is_train)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_load_array", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
_features = torch.tensor([[i, 100.0 - i * i] for i in range(40)])
_loader = load_array((_features, _features.sum(dim=1)), 12, False)
check(isinstance(_loader, DataLoader), f"load_array gave {type(_loader).__name__}, expected a DataLoader.")
check_equal([len(_X) for _X, _ in _loader], [12, 12, 12, 4], "the sizes of the batches of 40 samples, batch_size=12")
check_equal(torch.cat([_X for _X, _ in _loader]), _features, "all features of a pass with is_train=False")
_loader = load_array((_features, _features.sum(dim=1)), 12)
check_equal([len(_X) for _X, _ in _loader], [12, 12, 12, 4], "the sizes of the batches with is_train=True")
_first, _second = (torch.cat([_X for _X, _ in _loader]) for _ in range(2))
check(not torch.equal(_first, _features), "With is_train=True the samples come in their old order: shuffle.")
check(not torch.equal(_first, _second), "Two passes with is_train=True have the same order: shuffle anew in every pass.")
check_equal(len(next(iter(load_array((_features, _features, _features), 5)))), 3, "the number of tensors in a batch of three arrays")

# %% [markdown]
# ### 6.2 `train_concise`
#
# *difficulty 2/5 · importance 5/5 · about 20 minutes · 9 points*
#
# Notes: 000 §1.2.3.3 · 001 线性回归简洁实现 · 004 线性回归
#
# Training with PyTorch's parts, as it will look in all later notebooks:
#
# 1. **Model.** One `nn.Linear` layer with $d$ inputs and 1 output; alone, inside an `nn.Sequential`, or in a module of your own. Give
#    it the start that we want: weight $\mathcal N(0, 0.01^2)$, bias 0. (Left alone, it would start elsewhere.)
# 2. **Loss.** `nn.MSELoss()`: the *mean* of the squared errors of a batch.
# 3. **Step.** `torch.optim.SGD`: `zero_grad()`, `backward()`, `step()`, in every batch.
# 4. Go through all samples in a new random order, `num_epochs` times, then return the model.
#
# **One factor to know about.** `MSELoss` has **no ½**: it is twice our squared loss, so its gradient is twice as long, and the same
# learning rate makes steps twice as large as in 5.1. That is no mistake, it is another convention. Only if you compare the two do you
# have to remember it (in the picture below, for instance).
#
# **By hand.** The sample of 5.1, $x = 2$, $y = 3$, from $w = b = 0$ with learning rate $0.1$: the derivative of $(\hat y - y)^2$ is
# $2 \cdot (-3) = -6$ for the bias and $-12$ for the weight, so after one step $w = 1.2$ and $b = 0.6$.
#
# Labels may come as $(n,)$ here as well, and `MSELoss` does not reshape for you: it warns and then computes the table of the trap.
#
# You may call your `load_array`. The grader makes single steps whose outcome it knows, and then trains on a known truth, as in 5.1.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `net.weight` has shape $(1, d)$, since `nn.Linear` multiplies by the transpose. `nn.init.normal_(net.weight, 0, 0.01)` fills it;
# `nn.init.zeros_(net.bias)` does the bias.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Reshape the labels once, at the top: `labels.reshape(-1, 1)`. In the inner loop: `trainer.zero_grad()`, `loss(net(X), y).backward()`,
# `trainer.step()`, with `trainer = torch.optim.SGD(net.parameters(), lr)`.
# </details>
#
# <details><summary>Help: I see "Using a target size that is different to the input size"</summary>
#
# The predictions are $(n, 1)$ and the labels $(n,)$. Reshape the labels.
# </details>


# %% nbgrader={"grade": false, "grade_id": "train_concise", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_concise(features, labels, lr, num_epochs, batch_size):
    """Train a linear model by mini-batch gradient descent with nn.MSELoss and torch.optim.SGD.

    features: (n, d) float32. labels: (n, 1) or (n,) float32. lr: float. num_epochs: int, may be 0. batch_size: int, may be larger than n.
    Returns: a Module with one weight (1, d) and one bias (1,); net(features) has shape (n, 1).
    """
    ### BEGIN SOLUTION
    net = nn.Linear(features.shape[1], 1)
    nn.init.normal_(net.weight, 0, 0.01)
    nn.init.zeros_(net.bias)
    loss = nn.MSELoss()
    trainer = torch.optim.SGD(net.parameters(), lr)
    for _ in range(num_epochs):
        for X, y in load_array((features, labels.reshape(-1, 1)), batch_size):
            trainer.zero_grad()
            loss(net(X), y).backward()
            trainer.step()
    return net
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_train_concise", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
_X, _y = torch.tensor([[1.0, 4.0], [2.0, 1.0], [3.0, 2.0]]), torch.tensor([300.0, 400.0, 200.0])
_net = train_concise(_X, _y, 0.01, 1, 3)
check(isinstance(_net, nn.Module), f"train_concise gave {type(_net).__name__}, expected a Module.")
check_equal(tuple(_net(_X).shape), (3, 1), "the shape of net(features) for 3 samples")
_w, _b = sorted(_net.parameters(), key=lambda p: -p.ndim)
check_equal(_w, torch.tensor([[11.3333, 13.3333]]), "the weight after one step over 3 samples, lr=0.01 (the start is small)", rtol=0, atol=0.08)
check_equal(_b, torch.tensor([6.0]), "the bias after one step over 3 samples, lr=0.01", rtol=0, atol=0.02)
_, _b = sorted(train_concise(_X, _y, 0.01, 1, 12).parameters(), key=lambda p: -p.ndim)
check_equal(_b, torch.tensor([6.0]), "the bias after one step over 3 samples with batch_size=12", rtol=0, atol=0.02)
_x, _long = torch.tensor([[1.0], [2.0], [3.0], [4.0]]), 1e5 * torch.tensor([3.0, 1.0, 4.0, 2.0])
_w, _ = sorted(train_concise(_x, _long, 1e-4, 1, 2).parameters(), key=lambda p: -p.ndim)
check_equal(_w, torch.tensor([[250.0]]), "the weight after one epoch of two batches with very small steps", rtol=0.005)
_w, _b = sorted(train_concise(_X, _y, 0.01, 0, 3).parameters(), key=lambda p: -p.ndim)
check(_w.abs().max() < 0.07 and _b.item() == 0, "After 0 epochs the weight should be tiny and random, N(0, 0.01²), and the bias 0.")
_X = torch.tensor([[1.0, -1.0], [2.0, 0.5], [-1.5, 1.0], [0.0, 2.0], [-0.5, -2.0], [1.0, 0.0], [-2.0, -0.5]])
_net = train_concise(_X, _X @ torch.tensor([[2.0], [-3.0]]) + 5.0, 0.1, 20, 3)
check_equal(_net(_X), _X @ torch.tensor([[2.0], [-3.0]]) + 5.0, "net(features) after learning seven samples of 2 x_1 - 3 x_2 + 5", atol=0.02)

# %% [markdown]
# The book's own example, twice: 1000 samples of $y = 2 x_1 - 3.4 x_2 + 4.2$. The dots are your `train_linreg`, the crosses your
# `train_concise` with half the learning rate, to make up for the missing ½. Both fall by orders of magnitude and come to rest at the
# dashed line: half the variance of the noise, $\tfrac12 \cdot 0.01^2$. Nothing can predict the noise itself.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_training", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# torch.manual_seed(0)
# true_w, true_b = torch.tensor([2.0, -3.4]), 4.2
# features, labels = synthesize_data(true_w, true_b, 1000)
# w, b, losses = train_linreg(features, labels, 0.03, 6, 10)
# concise = []
# for epochs in range(1, 7):
#     net = train_concise(features, labels, 0.015, epochs, 10)
#     with torch.no_grad():
#         concise.append(squared_loss(net(features), labels).mean().item())
# figure, axes = plt.subplots(figsize=(6.4, 3.8), layout="constrained")
# axes.semilogy(range(1, 7), losses, "o-", label="from scratch", linewidth=2)
# axes.semilogy(range(1, 7), concise, "x--", label="with nn", markersize=8)
# axes.axhline(0.01**2 / 2, color="grey", linestyle="--", linewidth=1, label="half the variance of the noise")
# axes.set(xlabel="epoch", ylabel="mean loss (logarithmic)", title="Two ways to write the same training")
# axes.grid(alpha=0.3)
# axes.legend()
# plt.show()
# print(f"from scratch, after 6 epochs: w = {[round(v, 4) for v in w.flatten().tolist()]}, b = {b.item():.4f}")

# %% [markdown]
# ## 7 · Descent with your eyes open
#
# ### 7.1 `fit_linear`
#
# *difficulty 3/5 · importance 4/5 · about 15 minutes · 8 points*
#
# Notes: 000 §1.2.2.1 · 000 §1.3.3.3
#
# In 3.1 you found that the three losses differ in one thing only, for learning: the slope. So let us write a descent that works for
# *any* loss, and takes the slope as an argument. All data in every step, no batches, no chance:
#
# 1. Start at $w = 0$, $b = 0$.
# 2. In each of `num_steps` steps: $g = \mathrm{gradient}(\hat y,\, y)$ with $\hat y = Xw + b$, one number a sample, shape $(n, 1)$;
#    then, both from **the same** $g$,
#
# $$w \leftarrow w - \frac{\eta}{n} X^\top g, \qquad b \leftarrow b - \frac{\eta}{n} \sum_i g_i$$
#
# `gradient` is a function of two tensors of shape $(n, 1)$, such as `lambda y_hat, y: loss_gradient("huber", y_hat, y)`. Give it $y$ as
# $(n, 1)$, however it came. `num_steps` may be 0: then $w$ and $b$ are zeros.
#
# **By hand.** $x = (1, 3)$, $y = (2, 2)$, the squared loss, $\eta = 0.1$. At the start $\hat y = (0, 0)$, so $g = (-2, -2)$. Then
# $w = 0 - 0.1 \cdot \tfrac12 (1 \cdot (-2) + 3 \cdot (-2)) = 0.4$ and $b = 0 - 0.1 \cdot \tfrac12 (-4) = 0.2$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# It is `linreg_gradients` again, with $g$ in the place of the error, divided by $n$, in a loop.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `w = X.new_zeros(X.shape[1], 1)` has the dtype of `X`. In the loop: `g = gradient(X @ w + b, y)`, then `w = w - lr * X.T @ g / len(X)`
# and `b = b - lr * g.mean(dim=0)`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "fit_linear", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fit_linear(X, y, gradient, lr, num_steps):
    """Fit a linear model by gradient descent over all data, for any loss, which is given by its derivative.

    X: (n, d) float. y: (n, 1) or (n,). gradient: (y_hat (n, 1), y (n, 1)) -> (n, 1), derivative of each sample's loss by its prediction.
    lr: float. num_steps: int, may be 0.
    Returns: (w, b). w: (d, 1), b: (1,), dtype of X.
    """
    ### BEGIN SOLUTION
    w, b = X.new_zeros(X.shape[1], 1), X.new_zeros(1)
    y = y.reshape(-1, 1)
    for _ in range(num_steps):
        g = gradient(X @ w + b, y)
        w = w - lr * X.T @ g / len(X)
        b = b - lr * g.mean(dim=0)
    return w, b
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_fit_linear", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_X, _y = torch.tensor([[1.0], [3.0]]), torch.tensor([2.0, 2.0])
check_equal(fit_linear(_X, _y, torch.sub, 0.1, 1), (torch.tensor([[0.4]]), torch.tensor([0.2])), "(w, b) of the example by hand")
check_equal(fit_linear(_X, _y[:, None], torch.sub, 0.1, 2), (torch.tensor([[0.56]]), torch.tensor([0.3])), "(w, b) of the example by hand after two steps")
check_equal(fit_linear(_X, _y, lambda y_hat, y: 2 + 0 * y_hat, 0.1, 1)[1], torch.tensor([-0.2]), "b after a step with a gradient that is 2 everywhere")
_w, _b = fit_linear(_X.double(), _y.double(), torch.sub, 0.1, 0)
check_equal((_w, _b), (torch.zeros(1, 1, dtype=torch.float64), torch.zeros(1, dtype=torch.float64)), "(w, b) of float64 data after 0 steps")
check_promises(
    lambda X, y: fit_linear(X, y, torch.sub, 0.1, 3), torch.tensor([[1.0, 2.0], [3.0, -1.0], [0.5, 1.0]]), torch.tensor([4.0, 8.0, 2.5]), gradient=False
)

# %% [markdown]
# **One bad apple in ten.** Forty points on a line, four of them with a label that is 30 too high: a slipped decimal point, a sensor
# that was asleep. The squared loss tries to please the four and is wrong for all. The other two losses shrug and draw the line through
# the rest. It is the same `fit_linear`, three times; only the slope is another.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_robust", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# torch.manual_seed(3)
# x = torch.linspace(-2, 2, 40)[:, None]
# y = 3 * x + 2 + torch.normal(0, 1.0, x.shape)
# spoiled = torch.tensor([24, 29, 33, 38])
# y[spoiled] += 30
# figure, axes = plt.subplots(figsize=(6.8, 4.2), layout="constrained")
# good = torch.ones(40, dtype=torch.bool)
# good[spoiled] = False
# axes.scatter(x[good], y[good], s=20, color="grey", label="labels")
# axes.scatter(x[spoiled], y[spoiled], s=45, color="black", marker="x", label="spoiled labels")
# for name, colour, style in (("l2", "tab:red", "-"), ("l1", "tab:green", "--"), ("huber", "tab:blue", "-.")):
#     w, b = fit_linear(x, y, lambda y_hat, y: loss_gradient(name, y_hat, y), 0.3, 300)
#     axes.plot(x, linreg(x, w, b), style, color=colour, linewidth=2, label=f"{name}: {w.item():.2f} x + {b.item():.2f}")
# axes.set(xlabel="x", ylabel="label", title="A line through 3 x + 2, where a tenth of the labels is spoiled")
# axes.grid(alpha=0.3)
# axes.legend()
# plt.show()

# %% [markdown]
# ### 7.2 `largest_learning_rate`
#
# *difficulty 3/5 · importance 4/5 · about 15 minutes · 5 points*
#
# Notes: 000 §1.2.2.1 · 002 优化算法
#
# How long may a step be? Too short, and learning takes for ever. Too long, and every step jumps across the valley and lands higher up
# on the other side. For the squared loss the border between the two is known exactly. With $A = [X,\ \mathbf 1]$ the loss
# $\frac{1}{2n}\|y - A\theta\|^2$ is a bowl, and its curvature (曲率) is the matrix $H = \frac1n A^\top A$. Along a direction of curvature
# $\lambda$, an eigenvalue (特征值) of $H$, each step multiplies the distance to the bottom by
# $1 - \eta\lambda$. It shrinks as long as $|1 - \eta\lambda| < 1$, that is $\eta < 2 / \lambda$. The steepest direction decides:
#
# $$\eta_{\max} = \frac{2}{\lambda_{\max}}, \qquad \lambda_{\max} = \text{the largest eigenvalue of } \tfrac1n [X,\ \mathbf 1]^\top [X,\ \mathbf 1]$$
#
# **By hand.** $X = \begin{pmatrix} 1 \\ -1 \end{pmatrix}$: $A^\top A = \begin{pmatrix} 2 & 0 \\ 0 & 2 \end{pmatrix}$, divided by
# $n = 2$ the unit matrix. Both eigenvalues are 1, so $\eta_{\max} = 2$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# The column of ones is that of 4.1. $H$ is symmetric, and for symmetric matrices `torch.linalg.eigvalsh(H)` gives all eigenvalues, the
# largest one last.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `H = A.T @ A / len(A)`, then 2 divided by `torch.linalg.eigvalsh(H)[-1]`, as a number: `.item()`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "largest_learning_rate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def largest_learning_rate(X):
    """The learning rate at which descent on the mean squared loss (with its ½) turns from converging to diverging.

    X: (n, d) float. The model has a bias.
    Returns: a float.
    """
    ### BEGIN SOLUTION
    A = torch.cat([X, X.new_ones(len(X), 1)], dim=1)
    return 2 / torch.linalg.eigvalsh(A.T @ A / len(A))[-1].item()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_largest_learning_rate", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check_equal(largest_learning_rate(torch.tensor([[1.0], [-1.0]])), 2.0, "largest_learning_rate of the example by hand")
check_equal(largest_learning_rate(torch.tensor([[2.0], [0.0], [4.0]])), 0.2739185, "largest_learning_rate of features 2, 0, 4")
check_equal(largest_learning_rate(torch.tensor([[1.0, 2.0], [3.0, -1.0], [0.5, 1.0], [-2.0, 0.0]])), 0.5395412, "largest_learning_rate of X (4, 2)")

# %% [markdown]
# Three walks down the same bowl, all from $w = (0, 0)$, forty steps each, with your `fit_linear` and your border. At half the largest
# rate descent runs to the bottom (the star) without fuss. At 0.98 of it the steps jump from wall to wall, but each lands a little
# lower. At 1.02 each lands a little higher, and there is no end to it.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_rates", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# torch.manual_seed(0)
# X = torch.randn(100, 2) @ torch.tensor([[1.5, 0.9], [0.0, 0.6]])
# X = X - X.mean(dim=0)
# y = X @ torch.tensor([[2.0], [-1.0]])
# border = largest_learning_rate(X)
# w1, w2 = torch.meshgrid(torch.linspace(-2.5, 4.5, 80), torch.linspace(-3.5, 2.5, 80), indexing="ij")
# loss = ((X @ torch.stack([w1.flatten(), w2.flatten()]) - y) ** 2 / 2).mean(dim=0).reshape(80, 80)
# figure, row = plt.subplots(1, 3, figsize=(11, 3.9), layout="constrained", sharey=True)
# for axes, share in zip(row, (0.5, 0.98, 1.02)):
#     path = torch.cat([fit_linear(X, y, lambda y_hat, y: y_hat - y, share * border, k)[0].T for k in range(41)])
#     axes.contour(w1, w2, loss, levels=[0.02, 0.1, 0.3, 0.8, 1.8, 3.5, 6, 10, 16], cmap="viridis_r", linewidths=0.8)
#     axes.plot(path[:, 0], path[:, 1], "o-", color="tab:red", markersize=3, linewidth=1)
#     axes.plot(2, -1, "*", color="black", markersize=12)
#     axes.set(xlabel="$w_1$", title=f"{share} times the largest rate", xlim=(-2.5, 4.5), ylim=(-3.5, 2.5))
# row[0].set_ylabel("$w_2$")
# plt.show()

# %% [markdown]
# ## 8 · Real data
#
# 442 patients, ten measurements each (age, sex, body mass index, blood pressure, six blood values), and how far their diabetes had
# advanced a year later. The formula has its answer at once. Descent, 200 epochs of it, agrees on most weights, and not at all on some:
# `s1` and `s2`, two kinds of cholesterol, go up and down together, so that one may be raised and the other lowered, and the loss hardly
# notices. Along such a flat valley descent creeps. The predictions of the two are nearly the same.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_diabetes", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
# from sklearn.datasets import load_diabetes
#
# torch.manual_seed(0)
# table = load_diabetes()
# X = torch.tensor(table.data, dtype=torch.float32)
# X = (X - X.mean(dim=0)) / X.std(dim=0)
# y = torch.tensor(table.target, dtype=torch.float32)[:, None]
# closed, closed_b = normal_equations(X, y)
# walked, walked_b, _ = train_linreg(X, y, 0.003, 200, 10)
# figure, axes = plt.subplots(figsize=(8, 3.8), layout="constrained")
# places = torch.arange(10)
# axes.bar(places - 0.2, closed[:, 0], 0.4, label="closed form")
# axes.bar(places + 0.2, walked[:, 0], 0.4, label="200 epochs of descent")
# axes.axhline(0, color="black", linewidth=0.8)
# axes.set(xlabel="feature, scaled to deviation 1", ylabel="weight", title="What speaks for diabetes, and what against")
# axes.set_xticks(places, table.feature_names)
# axes.legend()
# plt.show()
# for name, w, b in (("closed form", closed, closed_b), ("200 epochs", walked, walked_b)):
#     print(f"{name:>12}: mean squared loss {squared_loss(linreg(X, w, b), y).mean().item():.1f}, bias {b.item():.1f}")

# %% [markdown]
# ## What you have now, and where to go
#
# Data, model, loss, gradient, step, loop: these six pieces are all there is. Every later notebook exchanges one of them and keeps the
# others. You have also seen both sides of the trade: a formula that is exact and works for one loss and one model, and a walk that
# works for all of them, if the step is neither too long nor too short.
#
# To try, if you like: train on the years of 4.1 with `train_linreg`, look at `largest_learning_rate` of them, and then standardize the
# column first (ps02). Or spoil more and more labels in the picture of 7.1: how many does Huber's loss bear?
#
# What linear regression cannot do is say *which one*: cat or dog, 3 or 8. In **ps05** a softmax on top of the same linear model turns
# numbers into probabilities, and your loop, hardly changed, reads handwritten digits.
