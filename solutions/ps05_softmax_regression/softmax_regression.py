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
# # Softmax regression from scratch (softmax 回归)
#
# At the end of this notebook a program of yours reads handwritten digits, gets about 95 of 100 right, and every line that matters is
# your own: turning scores into probabilities, measuring how wrong a guess is, its gradient by hand, and the loop that learns. It
# takes eleven small functions; most are three lines long. The same eleven pieces, hardly changed, train every network of this course.
#
# **How it is marked.** Each exercise has a cell for your answer and, under it, a check that you can run as often as you like. A
# check is an example: it says in words what is wrong with one result. The hidden grader asks more of the same (other shapes,
# other numbers, gradients, very large inputs), and it marks each property on its own, so an answer that is wrong only in some cases
# keeps the points of the others. Up to 5.2 every exercise can be written alone: you may skip one and come back. 5.3 puts
# your own pieces together, and nothing is lent there: it comes last. Helpers of your own may stand in cells of your own, above
# the exercise that uses them. The points add up to 100; the two written questions are extra credit.
#
# **What holds for every exercise**, unless it says otherwise:
#
# * the result has the dtype and the device of the input;
# * the input is left as it was (`sgd`, which is there to change it, says so);
# * gradients flow through: no `.detach()`, `.item()` or `.numpy()` in the middle of a computation. (What counts or measures gives
#   plain numbers and needs none);
# * 1.1, 2.1, 3.1 and 3.2 treat all samples of a batch at once, without a Python loop over them: the grader counts the operations.
#   Elsewhere a loop costs time and no points.
#
# **What "from scratch" means.** An exercise that is marked *from scratch* names the PyTorch functions that are off limits in it. All
# others (`exp`, `sum`, `@`, indexing, …) are yours to use everywhere.
#
# **Letters used throughout.** $n$ samples in a batch, $k$ classes. $O$ or $X$ holds the scores, one row a sample, shape $(n, k)$.
# $y$ holds the labels (标签), integers from 0 to $k-1$, shape $(n,)$.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import torch
from course_tools import batches, check, check_equal, check_promises, digits, plot_curves, show_images

X_train, y_train, X_test, y_test = digits()

# %% [markdown]
# Here is what you are going to read: 8×8 grey pictures of digits, with the label over each. Some you would get wrong yourself.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_digits", "locked": true, "schema_version": 3, "solution": false, "task": false}
# show_images(X_train[:20], y_train[:20].tolist(), columns=10)

# %% [markdown]
# ## 1 · From scores to probabilities
#
# ### 1.1 `softmax`
#
# *difficulty 2/5 · importance 5/5 · about 15 minutes · 12 points*
#
# Notes: 000 §1.3.1 · 001 softmax回归/softmax运算 · 001 softmax实现/softmax运算 · 002 softmax运算
#
# A linear model gives every class a score, a real number of any size, also called a logit. Softmax turns a row of scores into a row of
# probabilities: all positive, adding up to one, the largest score still the largest.
#
# $$\mathrm{softmax}(X)_{ij} = \frac{\exp(X_{ij})}{\sum_{l} \exp(X_{il})}$$
#
# Each row is divided by **its own** sum (broadcasting, 广播机制, does this in one go). On paper that is all. In float32, though,
# `exp(89)` is already infinite (overflow, 上溢), and infinity divided by infinity is NaN. The remedy is to subtract from each row its
# own largest score $m_i$ before `exp`, which changes nothing (written question 1 asks you why):
#
# $$\mathrm{softmax}(X)_{ij} = \frac{\exp(X_{ij} - m_i)}{\sum_{l} \exp(X_{il} - m_i)}, \qquad m_i = \max_l X_{il}$$
#
# **By hand.** For the row $(0,\ \ln 2,\ \ln 3)$ the exponentials are $1, 2, 3$, their sum is $6$, so the probabilities are
# $(\tfrac16, \tfrac13, \tfrac12)$. Shifted by $m = \ln 3$ the exponentials are $\tfrac13, \tfrac23, 1$, their sum is $2$: the same
# probabilities.
#
# **From scratch:** `softmax`, `log_softmax` and `logsumexp` of PyTorch are off limits here. No Python loop over the samples.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Sums and maxima along `dim=1` run over the classes, one result a row. What shape must that result have to be divided into, or
# subtracted from, an (n, k) matrix row by row?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Three steps: `m = X.amax(dim=1, keepdim=True)`, then `E = torch.exp(X - m)`, then `E` divided by its row sums, again with
# `keepdim=True`.
# </details>
#
# <details><summary>Help: I see "The size of tensor a (3) must match the size of tensor b (4)"</summary>
#
# The row sums have shape (n,), and PyTorch lines them up with the columns. `keepdim=True` keeps them as (n, 1). If n happens to be
# equal to k there is no error at all, only wrong numbers: another reason to keep the dimension.
# </details>
#
# <details><summary>Help: I see "unsupported operand type(s) for -: 'Tensor' and 'torch.return_types.max'"</summary>
#
# `X.max(dim=1)` returns two things, the values and where they are. Take `.values`, or use `X.amax(dim=1)`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "softmax", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax(X):
    """Probabilities of each row of scores.

    X: (n, k) float, any size of numbers, left unchanged.
    Returns: (n, k), dtype and device of X; every row is positive and adds up to one.
    """
    ### BEGIN SOLUTION
    E = torch.exp(X - X.amax(dim=1, keepdim=True))
    return E / E.sum(dim=1, keepdim=True)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_softmax", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
_scores = torch.tensor([[1.0, 2.0, 3.0], [1.0, 1.0, 1.0]]).log()
_expected = torch.tensor([[1 / 6, 1 / 3, 1 / 2], [1 / 3, 1 / 3, 1 / 3]])
check_equal(softmax(_scores), _expected, "softmax(X)")
_large = torch.tensor([[1000.0, 1000.0, 1001.0], [-1000.0, -1000.0, -1001.0]])
_expected = torch.tensor([[0.2119416, 0.2119416, 0.5761169], [0.4223188, 0.4223188, 0.1553624]])
check_equal(softmax(_large), _expected, "softmax(X) for scores near 1000 and near -1000")
check_promises(softmax, torch.tensor([[2.0, -1.0], [0.5, 0.0], [3.0, 4.0]]))

# %% [markdown]
# ### 1.2 `log_softmax`
#
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 10 points*
#
# Notes: 001 softmax和交叉熵损失函数 · 004 softmax回归
#
# The loss needs the *logarithm* of the probabilities. Taking `log(softmax(X))` is a trap: when one score lies 200 above another, the
# smaller probability is rounded to 0 (underflow, 下溢), its logarithm is $-\infty$, and the gradient is lost. The logarithm of the
# whole fraction, worked out on paper first, never meets that zero:
#
# $$\log \mathrm{softmax}(X)_{ij} = (X_{ij} - m_i) - \log \sum_{l} \exp(X_{il} - m_i), \qquad m_i = \max_l X_{il}$$
#
# The sum under the logarithm is at least 1, since the largest score contributes $\exp(0) = 1$.
#
# **By hand.** The row $(1000,\ 0)$ has $m = 1000$, so the shifted scores are $(0, -1000)$, the sum is $1 + e^{-1000} \approx 1$, and
# the answer is $(0, -1000)$. `log(softmax(X))` says $(0, -\infty)$.
#
# **From scratch:** `softmax`, `log_softmax` and `logsumexp` of PyTorch are off limits here.
#
# <details><summary>Hint 1: a nudge</summary>
#
# There is no division in the formula. If you divide, you are on the way to `log(softmax(X))`.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Name the shifted scores: `Z = X - X.amax(dim=1, keepdim=True)`. Then take from `Z` the logarithm of the row sums of `exp(Z)`.
# </details>
#
# <details><summary>Help: I see -inf</summary>
#
# Somewhere you take the logarithm of a probability that was rounded to zero. Take the logarithm of the *sum* only.
# </details>


# %% nbgrader={"grade": false, "grade_id": "log_softmax", "locked": false, "schema_version": 3, "solution": true, "task": false}
def log_softmax(X):
    """Logarithms of the probabilities of each row of scores, finite for all finite scores.

    X: (n, k) float, left unchanged.
    Returns: (n, k), dtype and device of X, all entries <= 0.
    """
    ### BEGIN SOLUTION
    Z = X - X.amax(dim=1, keepdim=True)
    return Z - Z.exp().sum(dim=1, keepdim=True).log()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_log_softmax", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
_scores = torch.tensor([[1.0, 2.0, 3.0], [1.0, 1.0, 1.0]]).log()
_expected = torch.tensor([[1 / 6, 1 / 3, 1 / 2], [1 / 3, 1 / 3, 1 / 3]]).log()
check_equal(log_softmax(_scores), _expected, "log_softmax(X)")
_apart = torch.tensor([[1000.0, 0.0], [0.0, 200.0]])
_expected = torch.tensor([[0.0, -1000.0], [-200.0, 0.0]])
check_equal(log_softmax(_apart), _expected, "log_softmax(X) for scores far apart")
check_promises(log_softmax, torch.tensor([[2.0, -1.0], [0.5, 0.0], [3.0, 4.0]]))

# %% [markdown]
# ## 2 · How wrong is a guess?
#
# ### 2.1 `cross_entropy`
#
# *difficulty 2/5 · importance 5/5 · about 10 minutes · 10 points*
#
# Notes: 001 交叉熵损失函数/定义 · 001 softmax实现/定义损失函数 · 002 交叉熵损失函数 · 003 §8.2.2
#
# Cross-entropy (交叉熵) measures how far the predicted probabilities $\hat y$ are from the truth. With the label written as a one-hot
# vector (独热编码) only one term of its sum is left: minus the logarithm of the probability that was given to the right class.
#
# $$\ell^{(i)} = -\sum_j \mathbf 1[j = y^{(i)}] \log \hat y^{(i)}_j = -\log \hat y^{(i)}_{y^{(i)}}$$
#
# Sure and right costs nothing; one chance in ten costs $2.30$; sure and wrong costs $+\infty$.
#
# **Conventions of this course.** You get *probabilities*, not scores. You return *one loss a sample*, shape $(n,)$: whoever calls
# decides about sum or mean. A probability of exactly 0 at the label gives $+\infty$, never NaN; zeros in the other classes do not
# matter, neither for the loss nor for its gradient. No Python loop over the samples.
#
# Nothing is off limits here. But `nll_loss` wants the logarithms of *all* classes, and these zeros are where that goes wrong: see
# "I see NaN" below.
#
# **By hand.** Probabilities $(0.5, 0.25, 0.25)$ with label 1 and $(0.1, 0.1, 0.8)$ with label 2: the losses are
# $-\ln 0.25 = 1.3863$ and $-\ln 0.8 = 0.2231$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# You need entry $y^{(i)}$ of row $i$, for all rows at once. `y_hat[:, y]` is something else: every row with every label, (n, n).
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Index with two lists that run side by side, row numbers and labels: `y_hat[range(len(y)), y]`. Or
# `y_hat.gather(1, y.unsqueeze(1))`, which has shape (n, 1) and needs a `squeeze(1)`.
# </details>
#
# <details><summary>Help: I see NaN</summary>
#
# One-hot times logarithm gives $0 \cdot (-\infty)$, which is NaN, wherever another class has probability 0. Picking from the logarithms
# of all classes gives the right loss, but a gradient of $0 \cdot \frac{1}{0}$, NaN again. Pick first, then take the logarithm.
# </details>


# %% nbgrader={"grade": false, "grade_id": "cross_entropy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cross_entropy(y_hat, y):
    """Minus the logarithm of the probability of the right class, one loss a sample.

    y_hat: (n, k) float, rows of probabilities. y: (n,) int64 labels.
    Returns: (n,), dtype and device of y_hat; +inf where the probability is 0.
    """
    ### BEGIN SOLUTION
    return -torch.log(y_hat.gather(1, y.unsqueeze(1)).squeeze(1))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_cross_entropy", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
_y_hat = torch.tensor([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8]])
_losses = cross_entropy(_y_hat, torch.tensor([1, 2]))
check_equal(_losses, torch.tensor([1.386294, 0.223144]), "cross_entropy(y_hat, y)")
_losses = cross_entropy(torch.tensor([[1.0, 0.0]]), torch.tensor([0]))
check_equal(_losses, torch.tensor([0.0]), "cross_entropy where another class has probability 0")
_y_hat = torch.tensor([[0.25, 0.75, 0.0]], requires_grad=True)
check_promises(cross_entropy, torch.tensor([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8]]), torch.tensor([1, 2]))
cross_entropy(_y_hat, torch.tensor([0])).sum().backward()
check_equal(_y_hat.grad, torch.tensor([[-4.0, 0.0, 0.0]]), "the gradient of y_hat where another class has probability 0")

# %% [markdown]
# The picture shows why this loss and not the squared error $(1 - p)^2$. The model moves *scores*, so look at both losses as
# functions of the score of the right class (of two, the other score is 0). Where the model is sure and wrong, on the left, the
# squared error is flat and hardly pushes; cross-entropy goes on falling with slope $-1$.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_loss", "locked": true, "schema_version": 3, "solution": false, "task": false}
# score = torch.linspace(-6, 6, 200)
# y_hat = torch.softmax(torch.stack([score, torch.zeros(200)], dim=1), dim=1)
# losses = {"cross-entropy": cross_entropy(y_hat, torch.zeros(200, dtype=torch.int64)), "squared error": (1 - y_hat[:, 0]) ** 2}
# plot_curves(losses, "score of the right class, minus that of the other", "loss", "What a guess costs", x=score)

# %% [markdown]
# ## 3 · Gradients by hand
#
# ### 3.1 `softmax_cross_entropy_grad`
#
# *difficulty 3/5 · importance 5/5 · about 10 minutes · 10 points*
#
# Notes: 000 §1.3.1 · 003 §6.4 · 004 softmax回归
#
# Put softmax and cross-entropy together and take the derivative with respect to the scores $O$. Nearly everything cancels, and what is
# left is one of the loveliest formulas of the field: *prediction minus truth*.
#
# $$\frac{\partial \ell^{(i)}}{\partial O_{ij}} = \mathrm{softmax}(O)_{ij} - \mathbf 1[j = y^{(i)}]$$
#
# The right class is pushed up by what it lacks to 1, every other class is pushed down by the probability it took, and each row adds up
# to zero. Row $i$ is the gradient of the loss of sample $i$, **not** divided by $n$.
#
# **By hand.** Scores $(0, \ln 2, \ln 3)$, label 1: probabilities $(\tfrac16, \tfrac13, \tfrac12)$, minus $(0, 1, 0)$, gives
# $(\tfrac16, -\tfrac23, \tfrac12)$.
#
# **From scratch:** write the closed form, for all rows at once. Autograd (`backward`, `torch.autograd`, `torch.func`) and PyTorch's `cross_entropy`,
# `nll_loss` and `log_softmax` are off limits here. `torch.softmax` is allowed, so that this exercise does not hang on your 1.1.
#
# <details><summary>Hint 1: a nudge</summary>
#
# You need the matrix of one-hot rows: 1 at $(i, y^{(i)})$, 0 elsewhere. `torch.nn.functional.one_hot(y, k)` makes it; how do you find
# $k$? Not from `y.max()`: the largest class may not occur in this batch.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `torch.softmax(O, dim=1)` minus the one-hot matrix of width `O.shape[1]`. Or subtract 1 in place from the softmax (your own new
# tensor,
# never `O`) at `[range(len(y)), y]`.
# </details>
#
# <details><summary>Help: I see a row that does not add up to zero</summary>
#
# The minus one is missing, stands at a wrong place, or was subtracted from a whole row or column: `G[:, y] -= 1` does that.
# </details>


# %% nbgrader={"grade": false, "grade_id": "softmax_cross_entropy_grad", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax_cross_entropy_grad(O, y):
    """Gradient of each sample's cross-entropy with respect to its scores, in closed form, no autograd.

    O: (n, k) float scores, left unchanged. y: (n,) int64 labels.
    Returns: (n, k), dtype and device of O; row i belongs to sample i, not divided by n.
    """
    ### BEGIN SOLUTION
    return torch.softmax(O, dim=1) - torch.nn.functional.one_hot(y, O.shape[1])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_softmax_cross_entropy_grad", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
_scores = torch.tensor([[1.0, 2.0, 3.0], [1.0, 1.0, 1.0]]).log()
_expected = torch.tensor([[1 / 6, -2 / 3, 1 / 2], [-2 / 3, 1 / 3, 1 / 3]])
check_equal(softmax_cross_entropy_grad(_scores, torch.tensor([1, 0])), _expected, "softmax_cross_entropy_grad(O, y)")
with torch.inference_mode():
    _gradient = softmax_cross_entropy_grad(_scores, torch.tensor([0, 1]))
check_equal(_gradient[0], torch.tensor([-5 / 6, 1 / 3, 1 / 2]), "the first row where autograd is switched off")
check_promises(softmax_cross_entropy_grad, _scores, torch.tensor([0, 1]), gradient=False)

# %% [markdown]
# ### 3.2 `softmax_jacobian`
#
# *difficulty 3/5 · importance 2/5 · about 15 minutes · 8 points*
#
# Notes: 003 §6.4
#
# Softmax alone takes $k$ numbers to $k$ numbers, so its derivative is a $k \times k$ matrix, the Jacobian (雅可比矩阵). In terms of the
# probabilities $p$ that came out:
#
# $$\frac{\partial p_i}{\partial o_j} = p_i\,(\mathbf 1[i = j] - p_j), \qquad J = \mathrm{diag}(p) - p\,p^\top$$
#
# Return one such matrix for each row of a batch, shape $(n, k, k)$.
#
# **By hand.** For $p = (\tfrac12, \tfrac14, \tfrac14)$:
#
# $$J = \begin{pmatrix} \tfrac14 & -\tfrac18 & -\tfrac18 \\ -\tfrac18 & \tfrac3{16} & -\tfrac1{16} \\
# -\tfrac18 & -\tfrac1{16} & \tfrac3{16} \end{pmatrix}$$
#
# Symmetric, and each row adds up to zero: raising all scores by the same amount changes nothing.
#
# **From scratch:** write the closed form, for all rows of the batch at once. Autograd (`torch.autograd`, `torch.func`, `backward`) is
# off limits here.
#
# <details><summary>Hint 1: a nudge</summary>
#
# For one row, `torch.diag(p) - torch.outer(p, p)`. For a batch, think of `p` once as columns, (n, k, 1), and once as rows, (n, 1, k):
# what does their product broadcast to?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `torch.diag_embed(p)` is the batch version of `diag`. The outer products are `p.unsqueeze(2) * p.unsqueeze(1)`.
# </details>
#
# <details><summary>Help: I see "outer: Expected 1-D argument", or a result with two dimensions</summary>
#
# `torch.outer` wants vectors, and `torch.diag` of a matrix *reads* its diagonal. Use the batch versions of hint 2.
# </details>


# %% nbgrader={"grade": false, "grade_id": "softmax_jacobian", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax_jacobian(p):
    """Derivatives of the probabilities with respect to the scores, one matrix a sample, in closed form, no autograd.

    p: (n, k) float, rows of probabilities (what softmax returned), left unchanged.
    Returns: (n, k, k), dtype and device of p; entry [s, i, j] is the derivative of p[s, i] by score j.
    """
    ### BEGIN SOLUTION
    return torch.diag_embed(p) - p.unsqueeze(2) * p.unsqueeze(1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_softmax_jacobian", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_p = torch.tensor([[1 / 2, 1 / 4, 1 / 4], [0, 1 / 2, 1 / 2]])
_first = [[1 / 4, -1 / 8, -1 / 8], [-1 / 8, 3 / 16, -1 / 16], [-1 / 8, -1 / 16, 3 / 16]]
_second = [[0, 0, 0], [0, 1 / 4, -1 / 4], [0, -1 / 4, 1 / 4]]
check_equal(softmax_jacobian(_p), torch.tensor([_first, _second]), "softmax_jacobian(p)")
with torch.inference_mode():
    _one = softmax_jacobian(torch.tensor([[0.25, 0.75]]))
check_equal(_one, torch.tensor([[[3 / 16, -3 / 16], [-3 / 16, 3 / 16]]]), "softmax_jacobian of two classes, with autograd switched off")
check_promises(softmax_jacobian, _p, gradient=False)

# %% [markdown]
# ### 3.3 Two questions on paper
#
# Extra credit, marked by hand. Formulas in LaTeX, plain text or a photograph of your paper: all are welcome.
#
# **Question 1 (up to 4 points).** (a) Show that subtracting the same number $c$ from all scores of a row leaves its softmax as it is.
# (b) Why do we choose $c = \max_l o_l$, and not, say, the mean? Say what can still happen to the exponentials, and why it does no harm.

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_shift", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) $\exp(o_j - c) = e^{-c} \exp(o_j)$. The factor $e^{-c}$ stands in the numerator and in every term of the
# denominator,
# and cancels:
#
# $$\frac{\exp(o_j - c)}{\sum_l \exp(o_l - c)} = \frac{e^{-c} \exp(o_j)}{e^{-c} \sum_l \exp(o_l)} = \mathrm{softmax}(o)_j .$$
#
# (b) With $c = \max_l o_l$ all shifted scores are $\le 0$, so every exponential lies in $(0, 1]$: no overflow is possible. One of
# them is
# exactly $e^0 = 1$, so the sum is at least 1: no division by zero either. Exponentials of far smaller scores may be rounded to 0;
# their true
# share of the sum is then below what a float can resolve, so the probabilities are right to rounding. After subtracting the mean,
# one score may
# still lie far above it and overflow.
#
# **Marking scheme.** 1 point: the factor $e^{-c}$ is pulled out. 1 point: it cancels, in numerator and whole denominator. 1 point:
# after the
# shift the exponentials are at most 1, hence no overflow. 1 point: the sum is at least 1, or underflow to 0 is harmless (either
# will do).
# ### END SOLUTION

# %% [markdown]
# **Question 2 (up to 6 points).** Derive the formula of 3.1. Start from $\ell = -\log \mathrm{softmax}(o)_y$, write it as a
# difference of two terms,
# and take the derivative with respect to $o_j$: first for $j \ne y$, then for $j = y$. In a last sentence say what the gradient
# does to the
# scores in one step of gradient descent, and when it vanishes.

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_gradient", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** The logarithm turns the fraction into a difference:
#
# $$\ell = -\log \frac{\exp(o_y)}{\sum_l \exp(o_l)} = -o_y + \log \sum_l \exp(o_l).$$
#
# By the chain rule the second term has the derivative
#
# $$\frac{\partial}{\partial o_j} \log \sum_l \exp(o_l) = \frac{\exp(o_j)}{\sum_l \exp(o_l)} = \mathrm{softmax}(o)_j$$
#
# for every $j$. The first term has derivative $0$ for $j \ne y$ and $-1$ for $j = y$. Together
#
# $$\frac{\partial \ell}{\partial o_j} = \mathrm{softmax}(o)_j - \mathbf 1[j = y].$$
#
# A step against the gradient raises the score of the right class by (step size times) $1 - p_y$ and lowers every other by $p_j$.
# It vanishes only
# in the limit $p_y \to 1$, when prediction and truth agree.
#
# **Marking scheme.** 1 point: the loss as a difference. 2 points: derivative of log-sum-exp by the chain rule, recognised as
# softmax. 1 point: case
# $j \ne y$. 1 point: case $j = y$ with its minus one. 1 point: what a step does, and that the gradient vanishes as $p_y \to 1$. A
# derivation
# through the Jacobian of 3.2 earns the same points.
# ### END SOLUTION

# %% [markdown]
# ## 4 · Counting what is right
#
# ### 4.1 `accuracy`
#
# *difficulty 1/5 · importance 3/5 · about 5 minutes · 8 points*
#
# Notes: 000 §1.3.4.1 · 001 计算分类准确率 · 003 §8.1
#
# The prediction is the class with the largest probability. Count how many predictions are equal to their labels. **Return the number
# right, not the share**: counts of batches can be added up, shares cannot.
#
# Take both kinds of prediction: a matrix of probabilities $(n, k)$, or labels $(n,)$ that were chosen already.
#
# **By hand.** Rows $(0.1, 0.3, 0.6)$ and $(0.3, 0.2, 0.5)$ both predict class 2. Against the labels $(2, 0)$ the answer is 1.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Comparing two tensors gives a tensor of `True` and `False`, and `sum` counts the `True`s. Look at `y_hat.ndim` to tell the two
# kinds apart.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# If `y_hat.ndim == 2`, replace it by `y_hat.argmax(dim=1)`. Then `(y_hat == y).sum()`, as a number: `.item()`.
# </details>
#
# <details><summary>Help: I see the right answer for batches, the wrong one for a single sample</summary>
#
# A batch of one has shape (1, k). A test such as `y_hat.shape[0] > 1` misses it; ask for the number of dimensions.
# </details>


# %% nbgrader={"grade": false, "grade_id": "accuracy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def accuracy(y_hat, y):
    """How many predictions are right.

    y_hat: (n, k) float, rows of probabilities or scores, k >= 2; or (n,) int64, predicted labels. y: (n,) int64 labels.
    Returns: a number, the count (not the share).
    """
    ### BEGIN SOLUTION
    if y_hat.ndim == 2:
        y_hat = y_hat.argmax(dim=1)
    return (y_hat == y).sum().item()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_accuracy", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_guesses = torch.tensor([[0.1, 0.3, 0.6], [0.3, 0.2, 0.5], [-3.0, -1.0, -2.0]])
check_equal(accuracy(_guesses, torch.tensor([2, 0, 1])), 2, "accuracy of two guesses in probabilities and one in scores, two of them right,")
check_promises(accuracy, _guesses, torch.tensor([2, 0, 1]), gradient=False)
check_equal(accuracy(torch.tensor([2, 1, 0]), torch.tensor([2, 1, 1])), 2, "accuracy of predicted labels")

# %% [markdown]
# ### 4.2 `Accumulator`
#
# *difficulty 1/5 · importance 2/5 · about 5 minutes · 4 points*
#
# Notes: 000 §1.3.4.1 · 001 tensor/取值
#
# Over an epoch you add up several numbers side by side: the losses, the right answers, the samples. This small class does it.
#
# **By hand.** `m = Accumulator(2)` starts at $(0, 0)$. After `m.add(3, 4)` and `m.add(1, 2)` we have `m[0] == 4`, `m[1] == 6`. After
# `m.reset()` all is zero again. It holds plain Python floats, also when a one-element tensor is added: a tensor would keep its whole
# computation graph (计算图) alive.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Keep a list of `n` floats in `self`. `add(self, *args)` receives its numbers as a tuple.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# In `add`, for the `i`-th number of `args`: `self.data[i] += float(number)`. `enumerate(args)` gives both.
# </details>
#
# <details><summary>Help: I see TypeError: 'Accumulator' object is not subscriptable</summary>
#
# `m[0]` calls the method `__getitem__(self, i)`, with two underscores on each side.
# </details>


# %% nbgrader={"grade": false, "grade_id": "Accumulator", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Accumulator:
    """n running sums side by side."""

    def __init__(self, n):
        """Start n sums at 0.0."""
        ### BEGIN SOLUTION
        self.data = [0.0] * n
        ### END SOLUTION

    def add(self, *args):
        """Add one number (or one-element tensor) to each of the n sums, in order."""
        ### BEGIN SOLUTION
        for i, number in enumerate(args):
            self.data[i] += float(number)
        ### END SOLUTION

    def reset(self):
        """Set all sums back to 0.0."""
        ### BEGIN SOLUTION
        self.data = [0.0] * len(self.data)
        ### END SOLUTION

    def __getitem__(self, i):
        """Return sum number i, a float: what m[i] means."""
        ### BEGIN SOLUTION
        return self.data[i]
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_Accumulator", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
_sums = Accumulator(2)
_sums.add(3, 4)
_sums.add(torch.tensor(1.5), 2)
check_equal([_sums[0], _sums[1]], [4.5, 6.0], "the two sums after add(3, 4) and add(torch.tensor(1.5), 2)")
check(not isinstance(_sums[0], torch.Tensor), "The first sum is a tensor, expected a plain number: float(...) makes one.")
_other = Accumulator(2)
_other.add(1, 1)
check_equal([_sums[0], _sums[1]], [4.5, 6.0], "the two sums, after another Accumulator was used,")
_sums.reset()
check_equal([_sums[0], _sums[1]], [0.0, 0.0], "the two sums after reset()")

# %% [markdown]
# ### 4.3 `evaluate_accuracy`
#
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 10 points*
#
# Notes: 000 §1.3.4.1 · 001 计算分类准确率 · 003 §8.6.1
#
# The share of right answers over a whole data set that arrives in batches (小批量). Three things make it honest:
#
# * divide **once, at the end**: all right answers by all samples. The mean of the batches' shares is wrong as soon as one batch is
#   shorter;
# * if `net` is a `torch.nn.Module`, put it in evaluation mode (`net.eval()`) and leave it there. A plain function has no such mode;
# * record no graph: call `net` under `torch.no_grad()`. Nobody will ask for gradients here, and the graph costs memory.
#
# **By hand.** A batch of 4 with 3 right, then a batch of 1 with 0 right: $3 / 5 = 0.6$. The mean of the shares would be
# $(0.75 + 0)/2 = 0.375$.
#
# You may call your `accuracy` and `Accumulator` here, and below. They are then part of this answer, and nothing is lent for
# them: see their checks pass first. The comparison written out is one short line as well.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Two running numbers, right and total, and one loop `for X, y in data_iter`. `isinstance(net, torch.nn.Module)` tells modules apart.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Put the loop inside `with torch.no_grad():`. In it, `right += (net(X).argmax(dim=1) == y).sum().item()` and `total += len(y)`.
# </details>
#
# <details><summary>Help: I see AttributeError: 'function' object has no attribute 'eval'</summary>
#
# `net` may be a plain function. Ask `isinstance(net, torch.nn.Module)` first.
# </details>


# %% nbgrader={"grade": false, "grade_id": "evaluate_accuracy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def evaluate_accuracy(net, data_iter):
    """Share of right predictions over all batches.

    net: a Module (left in eval mode) or a function, (n, ...) -> (n, k). data_iter: gives (X, y), y (n,) int64; batches may differ in size.
    Returns: a number from 0 to 1. No graph is recorded.
    """
    ### BEGIN SOLUTION
    if isinstance(net, torch.nn.Module):
        net.eval()
    right, total = 0, 0
    with torch.no_grad():
        for X, y in data_iter:
            right += (net(X).argmax(dim=1) == y).sum().item()
            total += len(y)
    return right / total
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_evaluate_accuracy", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
_rows = torch.tensor([[2.0, 1.0], [0.0, 3.0], [5.0, 4.0], [1.0, 2.0], [7.0, 6.0]])
_labels = torch.tensor([0, 1, 0, 0, 1])
_batches = batches(_rows, _labels, 4)
check_equal(evaluate_accuracy(lambda X: X, _batches), 0.6, "evaluate_accuracy with batches of 4 and 1")
_module = torch.nn.Identity()
evaluate_accuracy(_module, _batches)
check(not _module.training, "evaluate_accuracy left the module in training mode: call net.eval() first.")
_recording = []
evaluate_accuracy(lambda X: _recording.append(torch.is_grad_enabled()) or X, _batches)
check(not any(_recording), "net was called while autograd was recording: call it under torch.no_grad().")

# %% [markdown]
# ## 5 · Learning
#
# ### 5.1 `sgd`
#
# *difficulty 2/5 · importance 5/5 · about 10 minutes · 10 points*
#
# Notes: 000 §1.2.2.2 · 001 线性回归实现/定义优化算法 · 002 优化算法
#
# One step of mini-batch stochastic gradient descent (小批量随机梯度下降). In this course the losses of a batch are *summed* before
# `backward()`, so each parameter's `.grad` holds a sum over the batch, and **`sgd` is the one who divides** by the batch size:
#
# $$w \leftarrow w - \frac{\eta}{|B|}\, \frac{\partial}{\partial w} \sum_{i \in B} \ell^{(i)}$$
#
# The step happens **in place** (原地): the tensor you were given, in the memory it already has, takes the new values. After the step the
# gradient is cleared (zero or `None`), because `backward()` *adds* to what it finds.
#
# **By hand.** $w = 1$, `w.grad` $= 4$ (a sum over 2 samples), learning rate (学习率) $\eta = 0.5$, batch size 2: $w$ becomes
# $1 - 0.5 \cdot 4 / 2 = 0$, and the gradient is 0 again.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `param = param - …` makes a new tensor and calls it `param`; the caller's tensor never changes. `param -= …` writes into the old one.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Under `with torch.no_grad():`, for each parameter: `param -= lr * param.grad / batch_size`, then `param.grad.zero_()`.
# </details>
#
# <details><summary>Help: I see "a leaf Variable that requires grad is being used in an in-place operation"</summary>
#
# Autograd watches the step. Put it under `with torch.no_grad():`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "sgd", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sgd(params, lr, batch_size):
    """One step of gradient descent, in place; afterwards the gradients are cleared.

    params: list of leaf tensors of any shapes whose .grad holds the sum over the batch. lr: float. batch_size: int.
    Returns: nothing.
    """
    ### BEGIN SOLUTION
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad / batch_size
            param.grad.zero_()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_sgd", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
_w = torch.tensor([1.0, 2.0], requires_grad=True)
(_w * torch.tensor([4.0, -2.0])).sum().backward()
sgd([_w], 0.5, 2)
check_equal(_w, torch.tensor([0.0, 2.5]), "w after sgd([w], lr=0.5, batch_size=2)")
check(_w.grad is None or not _w.grad.any(), f"w.grad is {_w.grad} after the step, expected zeros or None: clear it.")
_w, _b = torch.tensor([1.0, 2.0], requires_grad=True), torch.tensor(3.0, requires_grad=True)
_memory = _b.detach()
(_w.sum() + 2 * _b).backward()
sgd([_w, _b], 0.5, 1)
check_equal(_memory, torch.tensor(2.0), "the memory of the second parameter after a step")
check(_w.requires_grad and _w.is_leaf, "After the step w is no longer a leaf that requires a gradient: change it in place, under torch.no_grad().")
check(all(p.grad is None or not p.grad.any() for p in (_w, _b)), "One of two gradients is not cleared after the step.")

# %% [markdown]
# ### 5.2 `train_epoch`
#
# *difficulty 3/5 · importance 5/5 · about 20 minutes · 12 points*
#
# Notes: 000 §1.3.4.1 · 001 softmax实现/训练模型 · 001 softmax简洁实现/定义优化算法 · 001 softmax简洁实现/训练模型
#
# One pass over the training data, an epoch (轮次): for each batch predict, measure, go backward, step. It serves two kinds of updater:
#
# | `updater` | what you do |
# |---|---|
# | a `torch.optim.Optimizer` | `zero_grad()`, `backward()` on the **mean** of the batch's losses, `step()` |
# | a function, e.g. `lambda n: sgd(params, lr, n)` | `backward()` on the **sum**, then `updater(size of this batch)`, which divides and clears |
#
# Both make the same step. `loss(y_hat, y)` returns one loss a sample, as your `cross_entropy` does. If `net` is a Module, put it in
# training mode (`net.train()`) first.
#
# Return the mean loss a sample and the accuracy **of the whole epoch**: two sums, each divided by the number of samples at the
# end. Use the
# `y_hat` you trained on (from before that batch's step); calling `net` again would cost double.
#
# **By hand.** Losses $1, 3$ in the first batch and $5$ in the second: the mean loss is $9/3 = 3$. The mean of the batch means would be
# $(2 + 5)/2 = 3.5$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Three running sums: losses, right answers, samples. The `return` stands *after* the loop: one indent too many, and the epoch ends
# with its first batch.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# In the loop: `y_hat = net(X)`, `losses = loss(y_hat, y)`; then the branch of the table, chosen by
# `isinstance(updater, torch.optim.Optimizer)`; then add `losses.sum().item()`, the number right and `len(y)` to the three sums.
# </details>
#
# <details><summary>Help: I see "grad can be implicitly created only for scalar outputs"</summary>
#
# There is one loss a sample. Take their `mean()` or their `sum()` before `backward()`.
# </details>
#
# <details><summary>Help: I see a loss that grows from batch to batch</summary>
#
# Are the gradients cleared? The optimizer needs your `zero_grad()`; `sgd` clears its own.
# </details>


# %% nbgrader={"grade": false, "grade_id": "train_epoch", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_epoch(net, train_iter, loss, updater):
    """Train for one pass over the data.

    net: a Module (put in training mode) or a function, (n, ...) -> (n, k). train_iter: gives (X, y); the last batch may be short.
    loss: (y_hat, y) -> (n,), one loss a sample. updater: a torch.optim.Optimizer, or a function of the batch size.
    Returns: (mean loss a sample, share of right predictions), two numbers over the whole epoch.
    """
    ### BEGIN SOLUTION
    if isinstance(net, torch.nn.Module):
        net.train()
    loss_sum, right, total = 0.0, 0, 0
    for X, y in train_iter:
        y_hat = net(X)
        losses = loss(y_hat, y)
        if isinstance(updater, torch.optim.Optimizer):
            updater.zero_grad()
            losses.mean().backward()
            updater.step()
        else:
            losses.sum().backward()
            updater(len(y))
        loss_sum += losses.sum().item()
        right += (y_hat.argmax(dim=1) == y).sum().item()
        total += len(y)
    return loss_sum / total, right / total
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_train_epoch", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
_data = batches(torch.tensor([[2.0, 1.0], [0.0, 3.0], [5.0, 1.0]]), torch.tensor([1, 1, 0]), 2)
_W = torch.eye(2, requires_grad=True)
_told = []
_mean_loss, _share = train_epoch(lambda X: X @ _W, _data, lambda y_hat, y: y_hat.sum(dim=1), _told.append)
check_equal(_told, [2, 1], "the sizes of the batches that the updater was told")
check_equal(_mean_loss, 4.0, "the mean loss of three samples with losses 3, 3 and 6")
check_equal(_share, 2 / 3, "the accuracy of an epoch with two of three right")
_net = torch.nn.Linear(2, 2, bias=False).eval()
with torch.no_grad():
    _net.weight.copy_(torch.eye(2))
train_epoch(_net, _data, lambda y_hat, y: y_hat.sum(dim=1), torch.optim.SGD(_net.parameters(), lr=0.5))
check_equal(_net.weight, torch.tensor([[-2.0, -1.5], [-3.0, -0.5]]), "the weight after an epoch with an optimizer, lr=0.5 (two batches, two steps)")
check(_net.training, "train_epoch left the module in evaluation mode: call net.train() first.")

# %% [markdown]
# ### 5.3 `train`
#
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 6 points*
#
# Notes: 000 §1.3.4.2 · 001 softmax回归/矢量计算表达式 · 001 softmax实现/定义模型 · 002 小批量样本分类的矢量计算表达式
#
# Several epochs. After each one, measure the accuracy on the test data, and keep a record: a list with one tuple
# `(train loss, train accuracy, test accuracy)` an epoch, in order. Here your pieces come together: call your `train_epoch` and your
# `evaluate_accuracy`.
#
# The grader trains with all your own pieces on the digits until the test accuracy is 0.9, for twelve epochs at most. A right answer is
# there after four or so, from any start.
#
# **By hand.** Two epochs give a list such as `[(1.9, 0.61, 0.80), (1.3, 0.83, 0.86)]`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `train_epoch` switches a Module to training mode and `evaluate_accuracy` to evaluation mode: call them in this order in every epoch.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `train_loss, train_acc = train_epoch(net, train_iter, loss, updater)`, then `evaluate_accuracy(net, test_iter)`, then append all
# three.
# </details>
#
# <details><summary>Help: I see NaN from the second epoch on</summary>
#
# The learning rate is too large, the gradients are not cleared, or softmax overflows. Print the loss of the first epoch: with ten
# classes and
# tiny weights it starts near $\ln 10 = 2.30$.
# </details>


# %% nbgrader={"grade": false, "grade_id": "train", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train(net, train_iter, test_iter, loss, num_epochs, updater):
    """Train for num_epochs epochs and keep a record.

    net, loss, updater: as in train_epoch. train_iter, test_iter: give (X, y) anew in every epoch.
    Returns: a list of num_epochs tuples (train loss, train accuracy, test accuracy).
    """
    ### BEGIN SOLUTION
    history = []
    for _ in range(num_epochs):
        train_loss, train_acc = train_epoch(net, train_iter, loss, updater)
        history.append((train_loss, train_acc, evaluate_accuracy(net, test_iter)))
    return history
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_train", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_linear = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(64, 10))
torch.nn.init.zeros_(_linear[1].weight)
_history = train(
    _linear,
    batches(X_train[:200], y_train[:200], 40),
    batches(X_test[:100], y_test[:100], 64),
    torch.nn.CrossEntropyLoss(reduction="none"),
    3,
    torch.optim.SGD(_linear.parameters(), lr=0.3),
)
check(isinstance(_history, list), "train should return a list, with one tuple an epoch.")
check_equal(len(_history), 3, "the number of entries after 3 epochs")
check_equal(len(_history[0]), 3, "the length of an entry: (train loss, train accuracy, test accuracy)")
check(_history[2][0] < _history[0][0], "The train loss did not fall from the first epoch to the third.")
_test_acc = evaluate_accuracy(_linear, batches(X_test[:100], y_test[:100], 64))
check_equal(_history[2][2], _test_acc, "the last test accuracy of the record")
check(_history[0][2] < _history[2][2], "The test accuracy of the third epoch is not above that of the first: measure it anew after every epoch.")

# %% [markdown]
# ## 6 · Your classifier at work
#
# Everything below is yours: your softmax, your loss, your step, your loop. One linear layer, $64 \times 10$ weights and 10 biases.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_training", "locked": true, "schema_version": 3, "solution": false, "task": false}
# W = torch.normal(0, 0.01, size=(64, 10), requires_grad=True)
# b = torch.zeros(10, requires_grad=True)
#
#
# def net(X):
#     return softmax(X.reshape(-1, 64) @ W + b)
#
#
# train_iter = batches(X_train, y_train, 64, shuffle=True)
# test_iter = batches(X_test, y_test, 64)
# history = train(net, train_iter, test_iter, cross_entropy, 20, lambda n: sgd([W, b], 0.3, n))
# train_loss, train_acc, test_acc = zip(*history)
# curves = {"train loss": train_loss, "train accuracy": train_acc, "test accuracy": test_acc}
# plot_curves(curves, "epoch", "loss, accuracy", "Learning to read digits")
# print(f"test accuracy after {len(history)} epochs: {test_acc[-1]:.3f}")

# %% [markdown]
# **What it has learned.** Each class has one weight per pixel, so its weights can be shown as a picture. Red pixels speak for the
# digit, blue
# ones against it. Look at the 0: ink in the middle is strong evidence against it.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_weights", "locked": true, "schema_version": 3, "solution": false, "task": false}
# show_images(W.detach().T.reshape(10, 8, 8), range(10), columns=5)

# %% [markdown]
# **What it gets wrong.** Off the diagonal of this table (confusion matrix, 混淆矩阵) stand the mistakes, and under it the digits
# themselves,
# "label → prediction". Which of them would you have read right?

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_mistakes", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# with torch.no_grad():
#     predicted = net(X_test).argmax(dim=1)
# confusion = torch.zeros(10, 10)
# confusion.index_put_((y_test, predicted), torch.ones(len(y_test)), accumulate=True)
# mistakes = confusion.clone().fill_diagonal_(0)
# figure, axes = plt.subplots(figsize=(4.6, 4.2), layout="constrained")
# axes.imshow(mistakes, cmap="Reds", vmax=max(4, mistakes.max()))
# for label in range(10):
#     for guess in range(10):
#         if confusion[label, guess] > 0:
#             axes.text(guess, label, int(confusion[label, guess]), ha="center", va="center", color="grey" if label == guess else "black")
# axes.set(xlabel="prediction", ylabel="label", title="What was taken for what", xticks=range(10), yticks=range(10))
# plt.show()
# wrong = (predicted != y_test).nonzero().flatten()[:16]
# show_images(X_test[wrong], [f"{int(y_test[i])} → {int(predicted[i])}" for i in wrong])

# %% [markdown]
# **Where `log_softmax` pays.** A learning rate of 10 is far too large: soon a probability is rounded to exactly 0 where it matters,
# its logarithm has no gradient there, and all weights become NaN. Your `log_softmax` of the same scores, with minus the entry of
# the label as the loss, never meets that zero. It is the same classifier, and it survives. (About three seconds.)

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_large_steps", "locked": true, "schema_version": 3, "solution": false, "task": false}
# def log_loss(logs, y):
#     return -logs[range(len(y)), y]
#
#
# curves = {}
# for name, output, loss in (("softmax, cross_entropy", softmax, cross_entropy), ("log_softmax", log_softmax, log_loss)):
#     W, b = torch.normal(0, 0.01, size=(64, 10), requires_grad=True), torch.zeros(10, requires_grad=True)
#     history = train(lambda X: output(X.reshape(-1, 64) @ W + b), train_iter, test_iter, loss, 20, lambda n: sgd([W, b], 10, n))
#     curves[name] = [test_acc for _, _, test_acc in history]
# plot_curves(curves, "epoch", "test accuracy", "Learning rate 10")

# %% [markdown]
# ## What you have now, and where to go
#
# A complete classifier, from raw scores to a training loop, with gradients that you can write down without any library. PyTorch
# packs the
# same pieces into `torch.nn.CrossEntropyLoss` (your `log_softmax` and `cross_entropy` in one, on *scores*, averaged) and
# `torch.optim.SGD` (your `sgd`). From now on you know what is inside.
#
# To try, if you like: train with learning rates of 0.003, 1 and 3, and look at the curves. (After twenty epochs the largest has the
# lowest train loss, about 0.08. Has it the best test accuracy as well?) PyTorch's loss takes scores for the reason that the last
# picture shows. Or replace the digits by clothes with
# `fashion_mnist("data", download=True)` from `course_tools` (784 pixels instead of 64, 30 MB to fetch); one linear layer gets
# about 84 of 100.
#
# Its limit is that it can only draw straight borders between classes. In **ps06** you put a second layer on top, and the borders bend.
