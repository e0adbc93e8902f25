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
# # Batch and layer normalisation (批量规范化与层规范化)
#
# LeNet with its sigmoids hardly learns: epoch after epoch it guesses. In this notebook you add four small layers to
# it, and it learns from the first epoch on, at nearly any learning rate. The layer is yours from the first line to
# the last: the formula, the module with a memory, the network, a close relative that transformers use, the trick that
# makes it free of charge once training is over, and its gradient by hand.
#
# **How it is marked.** Each exercise has a cell for your answer and, under it, a check that you can run as often as
# you like. A check is an example: it says in words what is wrong with one result. The hidden grader asks more of the
# same (other shapes, other numbers, gradients, constant columns), and it marks each property on its own, so an
# answer that is wrong only in some cases keeps the points of the others. If an earlier exercise that a later one
# uses is not right yet, the grader lends a right one: one mistake costs its own points only. Helpers of your own may
# stand in cells of your own, above the exercise that uses them. (Names that begin with `_` belong to the checks:
# choose others.) The points add up to 100; two written questions are extra credit.
#
# **Letters used throughout.** A batch (小批量) comes in two forms: $(n, d)$, $n$ samples with $d$ features, and
# $(n, c, h, w)$, $n$ images with $c$ channels. $m$ is how many numbers share one mean: $n$ for features,
# $n \cdot h \cdot w$ for channels.
#
# **Conventions of this course**, stated again where you need them. Variances are *biased* (divided by $m$)
# everywhere. $\epsilon$ stands *inside* the root. `momentum` is the share that is *kept*. PyTorch's layer differs in
# two of the three; 2.1 says where.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import torch
from course_tools import batches, check, check_equal, check_promises, digits, plot_curves, show_heatmap
from torch import nn
from torch.nn import functional as F

# %% [markdown]
# ## 1 · The transformation
#
# ### 1.1 `batch_norm`
#
# *difficulty 3/5 · importance 5/5 · about 25 minutes · 24 points*
#
# Notes: 000 §2.10.1 · 002 对全连接层做批量归一化 · 002 对卷积层做批量归一化 · 004 批量规范化
#
# You have scaled the *inputs* of a network to mean 0 and variance 1 before: no feature drowns the others, and one
# learning rate suits all weights. But after one layer this order is gone, and it goes on changing while the layers
# below learn. Batch normalisation does the scaling again, between the layers, with the mean and the variance of the
# batch at hand:
#
# $$\mu = \frac1m \sum_i x_i, \qquad \sigma^2 = \frac1m \sum_i (x_i - \mu)^2, \qquad
# \hat x_i = \frac{x_i - \mu}{\sqrt{\sigma^2 + \epsilon}}, \qquad y_i = \gamma\, \hat x_i + \beta$$
#
# The scale $\gamma$ (拉伸) and the shift $\beta$ (偏移) are learned, so the network may undo all of it where that serves.
#
# **Who shares a mean?** In $(n, d)$ each feature has its own, over the $n$ samples. In $(n, c, h, w)$ each channel
# has its own, over samples *and* pixels: a pixel is a sample too, and its channels are the features. $\gamma$,
# $\beta$ and the statistics have shape $(d,)$ in the first case and $(1, c, 1, 1)$ in the second, ready to broadcast.
#
# **Training and evaluation.** A single image that is to be classified has no batch to be compared with. So training
# keeps a moving average (移动平均) of what it has seen, and evaluation uses that:
#
# | | normalises with | returns as moving statistics |
# |---|---|---|
# | `training=True` | mean and variance of this batch | `momentum` · old + (1 − `momentum`) · that of this batch |
# | `training=False` | `moving_mean`, `moving_var` | `moving_mean`, `moving_var` as they came |
#
# Return all three: `Y, moving_mean, moving_var`. In training the new statistics are *new* tensors (the arguments stay
# as they are) of the same shape and dtype as the old ones, and carry no graph: they remember, they do not learn.
# Through $\mu$ and $\sigma^2$ *inside* $Y$ the gradient must flow. In evaluation only the numbers count: hand the two
# tensors back themselves, or copies.
#
# **By hand.** One feature, two samples: $2$ and $8$. Then $\mu = 5$ and $\sigma^2 = 9$. With $\epsilon = 7$ the root
# is $\sqrt{9 + 7} = 4$ and $\hat x = (-\tfrac34, \tfrac34)$. With $\gamma = 2$ and $\beta = 1$: $y = (-0.5,\ 2.5)$.
# From `moving_mean` 0 and `moving_var` 1 with `momentum` 0.9: $0.9 \cdot 0 + 0.1 \cdot 5 = 0.5$ and
# $0.9 \cdot 1 + 0.1 \cdot 9 = 1.8$. (Dividing by $m - 1$ gives $\sigma^2 = 18$ and $\hat x = \mp\tfrac35$; with
# $\epsilon$ outside the root it would be $\mp\tfrac3{10}$. Both are wrong here.)
#
# **Corners.** $\epsilon$ is never 0. So a column of equal numbers, which has $\sigma^2 = 0$, is no trouble: $y = \beta$,
# and the gradient is finite as well. The same goes for a batch of one sample of features: no error, $y = \beta$.
# Numbers far from zero, such as $2000 \pm 1$, come out right.
#
# **From scratch:** PyTorch's `batch_norm` and all other ready-made normalisations are off limits here. `mean`, `var`,
# `sqrt` and the like are fine. No Python loop over the samples (nor over pixels; one over the channels is allowed, but
# not needed).
#
# <details><summary>Hint 1: a nudge</summary>
#
# `mean` takes a tuple of dimensions: which ones disappear in each case, and where do you need `keepdim=True` to get
# shape $(1, c, 1, 1)$? Write the two modes as one formula with a different mean and variance.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# For images `mean = X.mean(dim=(0, 2, 3), keepdim=True)` and
# `var = ((X - mean) ** 2).mean(dim=(0, 2, 3), keepdim=True)`; for features `dim=0` without `keepdim`. Then
# `moving_mean = momentum * moving_mean + (1 - momentum) * mean.detach()`, and the same for the variance.
# </details>
#
# <details><summary>Help: I see values a little too small, all by the same factor</summary>
#
# `X.var(dim=0)` divides by $m - 1$. Say `unbiased=False`, or take the mean of the squared differences.
# </details>
#
# <details><summary>Help: I see "The size of tensor a (4) must match the size of tensor b (3)"</summary>
#
# A mean over `(0, 2, 3)` without `keepdim=True` has shape (c,), and broadcasting lines it up with the *width* of the
# images.
# </details>
#
# <details><summary>Help: I see a wrong variance or NaN for large numbers</summary>
#
# $\overline{x^2} - \bar x^2$ is right on paper. In float32 it subtracts two huge numbers whose difference is lost in
# rounding, and the "variance" may even be negative. Subtract the mean first, then square.
# </details>


# %% nbgrader={"grade": false, "grade_id": "batch_norm", "locked": false, "schema_version": 3, "solution": true, "task": false}
def batch_norm(X, gamma, beta, moving_mean, moving_var, eps, momentum, training):
    """Normalise each feature, or each channel, with the batch (training) or with the moving statistics (evaluation).

    X: (n, d) or (n, c, h, w) float. gamma, beta, moving_mean, moving_var: (d,) or (1, c, 1, 1). All are left unchanged.
    eps: float, inside the root. momentum: float, the share of the moving statistics that is kept. training: bool.
    Returns: (Y, moving_mean, moving_var). Y has shape, dtype and device of X; the statistics have their old shape and dtype, biased variance, no graph.
    """
    ### BEGIN SOLUTION
    if training:
        dims, images = (0, 2, 3) if X.ndim == 4 else 0, X.ndim == 4
        mean = X.mean(dims, keepdim=images)
        var = ((X - mean) ** 2).mean(dims, keepdim=images)
        moving_mean = momentum * moving_mean + (1 - momentum) * mean.detach()
        moving_var = momentum * moving_var + (1 - momentum) * var.detach()
    else:
        mean, var = moving_mean, moving_var
    return gamma * (X - mean) / torch.sqrt(var + eps) + beta, moving_mean, moving_var
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_batch_norm", "locked": true, "points": 24, "schema_version": 3, "solution": false, "task": false}
_X, _one = torch.tensor([[2.0, 0.0], [8.0, 6.0]]), torch.ones(2)
_result = batch_norm(_X, 2 * _one, _one, 0 * _one, _one, eps=7.0, momentum=0.9, training=True)
check(isinstance(_result, tuple | list) and len(_result) == 3, "batch_norm should return three things: Y, moving_mean, moving_var.")
check_equal(_result[0], torch.tensor([[-0.5, -0.5], [2.5, 2.5]]), "Y in training")
check_equal(_result[1], torch.tensor([0.5, 0.3]), "moving_mean after a batch with the means 5 and 3")
check_equal(_result[2], torch.tensor([1.8, 1.8]), "moving_var after a batch with the variances 9 and 9")
_result = batch_norm(_X, 2 * _one, _one, 3 * _one, 2 * _one, eps=7.0, momentum=0.9, training=False)
check_equal(_result[0], torch.tensor([[1 / 3, -1.0], [13 / 3, 3.0]]), "Y in evaluation")
check_equal(_result[1:], (3 * _one, 2 * _one), "(moving_mean, moving_var) after evaluation")
_image = torch.tensor([1.0, 3.0, 5.0, 7.0]).reshape(2, 1, 1, 2)  # a channel with mean 4 and variance 5
_image, _one = torch.cat((_image, _image + 10), dim=1), torch.ones(1, 2, 1, 1)  # and another with mean 14
_result = batch_norm(_image, _one, 0 * _one, 0 * _one, _one, eps=4.0, momentum=0.75, training=True)
check_equal(_result[1], torch.tensor([1.0, 3.5]).reshape(1, 2, 1, 1), "moving_mean of two channels, with momentum=0.75,")
_right = torch.tensor([-1.0, -1 / 3, 1 / 3, 1.0]).reshape(2, 1, 1, 2)
check_equal(_result[0], torch.cat((_right, _right), dim=1), "Y of two images with two channels in training")
_far = batch_norm(torch.tensor([[3000.0], [3001.0]]), torch.ones(1), torch.zeros(1), torch.zeros(1), torch.ones(1), 1e-5, 0.9, True)[0]
check_equal(_far, torch.tensor([[-1.0], [1.0]]), "Y of the column 3000, 3001 in training")


def _y(X, gamma, beta):
    return batch_norm(X, gamma, beta, torch.full_like(beta, 0.5), torch.full_like(beta, 3.0), eps=0.5, momentum=0.9, training=True)[0]


_y.__name__ = "batch_norm"
_X, _gamma, _beta = (
    torch.randn(3, 2, 4, 5).double(),
    torch.tensor([2.0, -0.5]).double().reshape(1, 2, 1, 1),
    torch.tensor([1.0, 3.0]).double().reshape(1, 2, 1, 1),
)
check_promises(_y, _X, _gamma, _beta)
_X.requires_grad_()
_Y, _right = _y(_X, _gamma, _beta), F.batch_norm(_X, None, None, _gamma.flatten(), _beta.flatten(), training=True, eps=0.5)
check_equal(_Y, _right, "Y of random images in float64", rtol=1e-9, atol=1e-9)
_slope, _right = (torch.autograd.grad((Y**3).sum(), _X)[0] for Y in (_Y, _right))
check_equal(_slope, _right, "the gradient of X in training (mean and variance depend on X too)")
_, *_moved = batch_norm(_X, _gamma, _beta, _beta, _beta, eps=0.5, momentum=0.9, training=True)
check(not any(t.requires_grad for t in _moved), "The moving statistics carry the graph of the batch: they need a detach().")

# %% [markdown]
# Look at what it does to three features that could hardly be more different. After the normalisation they lie on top
# of each other: to the layer above, they look alike.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_features", "locked": true, "schema_version": 3, "solution": false, "task": false}
# features = torch.randn(5000, 3) * torch.tensor([0.3, 1.5, 4.0]) + torch.tensor([3.0, -4.0, 5.0])
# normalised, _, _ = batch_norm(features, torch.ones(3), torch.zeros(3), torch.zeros(3), torch.ones(3), 1e-5, 0.9, True)
# for values, title, reach in ((features, "Three features before batch_norm", 15), (normalised, "… and after", 4)):
#     x = torch.linspace(-reach, reach, 61)
#     shares = {f"feature {i}": torch.histc(values[:, i], 61, -reach, reach) / len(values) for i in range(3)}
#     plot_curves(shares, "value", "share of the samples", title, x=x)

# %% [markdown]
# ## 2 · A layer with a memory
#
# ### 2.1 `BatchNorm`
#
# *difficulty 3/5 · importance 5/5 · about 20 minutes · 20 points*
#
# Notes: 000 §2.10.2 · 002 预测时的批量归一化 · 003 §10.4.2
#
# Somebody has to own $\gamma$, $\beta$ and the moving statistics: a module. What it holds is of two kinds.
#
# | attribute | starts at | what it is |
# |---|---|---|
# | `gamma`, `beta` | 1, 0 | parameters (`nn.Parameter`): the optimizer changes them |
# | `moving_mean`, `moving_var` | 0, 1 | *buffers* (缓冲区, `register_buffer`): part of the layer, saved and moved with it, but not trained |
#
# `BatchNorm(num_features, 2)` is for $(n, d)$, all four of shape $(d,)$; `BatchNorm(num_features, 4)` is for
# $(n, c, h, w)$, shape $(1, c, 1, 1)$. The layer uses $\epsilon = 10^{-5}$ and `momentum` 0.9.
#
# *Why buffers?* A tensor that is merely assigned to `self` is invisible to the module: `net.to("cuda")` leaves it
# behind on the CPU, `state_dict()` does not save it, and a network that is loaded from a file evaluates with the
# statistics it was born with. Once registered, a buffer is used and assigned like any attribute:
# `self.moving_mean = …` keeps it registered.
#
# *Who says whether this is training?* `self.training`, which `net.train()` and `net.eval()` set. Asking
# `torch.is_grad_enabled()` instead often gives the same answer, and goes wrong when it matters: with a frozen network
# whose *input* needs a gradient, or when statistics are collected under `torch.no_grad()`.
#
# **By hand.** A new `BatchNorm(1, 2)` sees the column $(2, 8)$: `moving_mean` $= 0.5$, `moving_var` $= 1.8$, as in
# 1.1. It sees the same column again: $0.9 \cdot 0.5 + 0.1 \cdot 5 = 0.95$ and $0.9 \cdot 1.8 + 0.1 \cdot 9 = 2.52$.
# After `eval()` the input $2$ gives $(2 - 0.95) / \sqrt{2.52} \approx 0.6614$, and nothing moves any more.
#
# *PyTorch's `nn.BatchNorm1d` and `nn.BatchNorm2d`* are this layer with two differences. Their `momentum` is the share
# that is *replaced*: our 0.9 is their 0.1. And their moving variance is the unbiased one (they normalise with the
# biased one, as you do). They call the four tensors `weight`, `bias`, `running_mean` and `running_var`.
#
# Use your `batch_norm`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `batch_norm` returns the new statistics. What has to happen to them, so that the next batch finds them?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# In `__init__`: `self.gamma = nn.Parameter(torch.ones(shape))`,
# `self.register_buffer("moving_mean", torch.zeros(shape))`, and so on. In `forward`:
# `Y, self.moving_mean, self.moving_var = batch_norm(X, …, training=self.training)`.
# </details>
#
# <details><summary>Help: I see 'Module [BatchNorm] is missing the required "forward" function'</summary>
#
# Read the name of your method letter by letter.
# </details>
#
# <details><summary>Help: I see "Trying to backward through the graph a second time"</summary>
#
# The moving statistics of the last batch still carry its graph. They need a `detach()`, in `batch_norm`.
# </details>
#
# <details><summary>Help: I see AttributeError: cannot assign parameters before Module.__init__() call</summary>
#
# `super().__init__()` comes first.
# </details>


# %% nbgrader={"grade": false, "grade_id": "BatchNorm", "locked": false, "schema_version": 3, "solution": true, "task": false}
class BatchNorm(nn.Module):
    """Batch normalisation as a layer: eps 1e-5, and 0.9 of the moving statistics kept at each training batch."""

    def __init__(self, num_features, num_dims):
        """Make the parameters gamma (ones) and beta (zeros) and the buffers moving_mean (zeros) and moving_var (ones).

        num_features: d or c. num_dims: 2 for inputs (n, d), 4 for inputs (n, c, h, w). Shape of all four: (d,) or (1, c, 1, 1).
        """
        ### BEGIN SOLUTION
        super().__init__()
        shape = (num_features,) if num_dims == 2 else (1, num_features, 1, 1)
        self.gamma = nn.Parameter(torch.ones(shape))
        self.beta = nn.Parameter(torch.zeros(shape))
        self.register_buffer("moving_mean", torch.zeros(shape))
        self.register_buffer("moving_var", torch.ones(shape))
        ### END SOLUTION

    def forward(self, X):
        """Normalise X, (n, d) or (n, c, h, w); in training mode also move the statistics. Returns a tensor of the shape of X."""
        ### BEGIN SOLUTION
        Y, self.moving_mean, self.moving_var = batch_norm(
            X, self.gamma, self.beta, self.moving_mean, self.moving_var, eps=1e-5, momentum=0.9, training=self.training
        )
        return Y
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_BatchNorm", "locked": true, "points": 20, "schema_version": 3, "solution": false, "task": false}
_layer = BatchNorm(1, 2)
check(isinstance(_layer, nn.Module), "BatchNorm(1, 2) is not an nn.Module.")
_names = sorted(name for name, _ in _layer.named_parameters())
check(_names == ["beta", "gamma"], f"The parameters of the layer are {_names}, expected gamma and beta.")
_missing = {"moving_mean", "moving_var"} - set(_layer.state_dict())
check(not _missing, f"state_dict() does not hold {' and '.join(sorted(_missing))}: use register_buffer.")
_column = torch.tensor([[2.0], [8.0]])
check_equal(_layer(_column), torch.tensor([[-1.0], [1.0]]), "BatchNorm(1, 2)(X) in training", atol=1e-4)
_layer(_column)
check_equal(_layer.moving_mean.reshape(-1), torch.tensor([0.95]), "moving_mean after two batches")
check_equal(_layer.moving_var.reshape(-1), torch.tensor([2.52]), "moving_var after two batches")
_layer.eval()
check_equal(_layer(torch.tensor([[2.0]])), torch.tensor([[0.6614]]), "BatchNorm(1, 2)(X) in evaluation, for the single number 2,", atol=1e-3)
_right = torch.tensor([[-0.6882], [0.6882]])  # 0.003 / sqrt(0.003² + 1e-5)
check_equal(BatchNorm(1, 2)(torch.tensor([[0.002], [0.008]])), _right, "BatchNorm(1, 2)(X) for the small numbers 0.002 and 0.008, with eps=1e-5,", atol=1e-4)
_layer, _X = BatchNorm(3, 4), (2 * torch.randn(2, 3, 4, 5) + 7).requires_grad_()
_sizes = {name: getattr(_layer, name).numel() for name in ("gamma", "beta", "moving_mean", "moving_var")}
check_equal(_sizes, dict.fromkeys(_sizes, 3), "how many numbers BatchNorm(3, 4) holds")
for _ in range(2):
    _Y = _layer(_X)
    (_Y**3).sum().backward()  # works twice only if the first batch's graph is not kept
check_equal(tuple(_Y.shape), (2, 3, 4, 5), "the shape of BatchNorm(3, 4)(X) for two images")
check_equal(_Y.detach().mean((0, 2, 3)), torch.zeros(3), "the mean of each channel of BatchNorm(3, 4)(X) in training", atol=1e-4)
check(all(t.grad is not None for t in (_X, _layer.gamma, _layer.beta)), "No gradient reaches X, gamma or beta of BatchNorm(3, 4).")
with torch.no_grad():
    _layer(_X)
_right = (1 - 0.9**3) * _X.detach().mean((0, 2, 3))
check_equal(_layer.moving_mean.reshape(-1), _right, "moving_mean after three times the same batch, once under no_grad,", rtol=1e-3)
check_equal(str(_layer.double()(_X.double()).dtype), "torch.float64", "the dtype of BatchNorm(3, 4).double()(X) for float64 images")

# %% [markdown]
# ## 3 · A network that trains
#
# ### 3.1 `lenet_bn`
#
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 12 points*
#
# Notes: 000 §2.10.2 · 003 §10.4.1 · 003 §10.4.3 · 004 批量规范化
#
# Here is the LeNet of ps10 once more, with sigmoids and average pooling. With PyTorch's initial weights it does not
# learn for a long time.


# %% nbgrader={"grade": false, "grade_id": "given_lenet", "locked": true, "schema_version": 3, "solution": false, "task": false}
def lenet():
    """A new LeNet without batch normalisation: images (n, 1, 28, 28) to logits (n, 10)."""
    return nn.Sequential(
        nn.Conv2d(1, 6, kernel_size=5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2, stride=2),
        nn.Conv2d(6, 16, kernel_size=5), nn.Sigmoid(), nn.AvgPool2d(2, stride=2), nn.Flatten(),
        nn.Linear(16 * 5 * 5, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10),
    )  # fmt: skip


# %% [markdown]
# Make a second one, `lenet_bn`, with a batch normalisation after **each convolution and each of the first two linear
# layers, before the sigmoid**:
#
# $$\text{convolution or linear} \;\to\; \text{batch norm} \;\to\; \text{sigmoid}\;(\to\; \text{pooling})$$
#
# There, in front of the non-linearity, it can keep its input in the region where the sigmoid is steep. Nothing is
# normalised after the last linear layer: logits must be free to grow. All else stays as in `lenet`, the biases too
# (written question 2 asks what they are still good for).
#
# Use your `BatchNorm`. PyTorch's `nn.BatchNorm2d` and `nn.BatchNorm1d` are accepted here as well, so that this
# exercise does not hang on 2.1.
#
# **By hand.** `lenet` has 61706 parameters. The four new layers have $\gamma$ and $\beta$ for 6, 16, 120 and 84
# features or channels: $2 \cdot (6 + 16 + 120 + 84) = 452$ more, together 62158.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Two of the four layers see images, two see rows of features. `num_dims` tells them apart.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Copy the body of `lenet` and add `BatchNorm(6, num_dims=4)` between the first convolution and its sigmoid,
# `BatchNorm(120, num_dims=2)` after the first linear layer, and so on.
# </details>
#
# <details><summary>Help: I see "The size of tensor a (28) must match the size of tensor b (6)"</summary>
#
# A layer made for rows of features, `num_dims=2`, got images.
# </details>


# %% nbgrader={"grade": false, "grade_id": "lenet_bn", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lenet_bn():
    """A new LeNet with batch normalisation before each sigmoid: nn.Module from images (n, 1, 28, 28) to logits (n, 10)."""
    ### BEGIN SOLUTION
    return nn.Sequential(
        nn.Conv2d(1, 6, kernel_size=5, padding=2), BatchNorm(6, num_dims=4), nn.Sigmoid(), nn.AvgPool2d(2, stride=2),
        nn.Conv2d(6, 16, kernel_size=5), BatchNorm(16, num_dims=4), nn.Sigmoid(), nn.AvgPool2d(2, stride=2), nn.Flatten(),
        nn.Linear(16 * 5 * 5, 120), BatchNorm(120, num_dims=2), nn.Sigmoid(),
        nn.Linear(120, 84), BatchNorm(84, num_dims=2), nn.Sigmoid(), nn.Linear(84, 10),
    )  # fmt: skip
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_lenet_bn", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
_net = lenet_bn()
check(isinstance(_net, nn.Module), "lenet_bn() does not return an nn.Module.")
check_equal(sum(p.numel() for p in _net.parameters()), 62158, "the number of parameters")
check_equal(tuple(_net(torch.rand(3, 1, 28, 28)).shape), (3, 10), "the shape of lenet_bn()(X) for three images")
_net.eval()
check_equal(tuple(_net(torch.rand(1, 1, 28, 28)).shape), (1, 10), "the shape for one image in evaluation mode")


def _by_hand(X, weights):
    """The same network in training mode, with nn.functional.batch_norm in place of the new layers. A bias before it has no effect."""
    for shape, padding in (((6, 1, 5, 5), 2), ((16, 6, 5, 5), 0)):
        X = F.avg_pool2d(F.batch_norm(F.conv2d(X, weights[shape], padding=padding), None, None, training=True).sigmoid(), 2)
    X = X.flatten(1)
    for shape in ((120, 400), (84, 120)):
        X = F.batch_norm(X @ weights[shape].T, None, None, training=True).sigmoid()
    return X @ weights[10, 84].T + weights[10,]


_net, _X = lenet_bn().double(), torch.rand(4, 1, 28, 28).double()
_weights = {tuple(p.shape): p for p in _net.parameters()}
_Y = _net(_X)
check_equal(str(_Y.dtype), "torch.float64", "the dtype of lenet_bn().double()(X) for float64 images")
check_equal(_Y, _by_hand(_X, _weights), "lenet_bn()(X) in training mode (is each batch norm right before its sigmoid?)", rtol=1e-3)
_Y.square().sum().backward()
check(all(p.grad is not None for p in _net.parameters()), "No gradient reaches some of the parameters of lenet_bn().")
_others = {tuple(p.shape): p for p in lenet_bn().double().parameters()}
check(not torch.equal(_weights[10, 84], _others[10, 84]), "Two calls of lenet_bn() give the same weights: each should make a new network.")

# %% [markdown]
# **Before any training: what reaches the sigmoids?** For each of the four, and for the logits as the fifth, the plot
# shows how much its input differs *from image to image* (standard deviation over 256 digits, averaged over the
# units). In `lenet` the differences get weaker at every layer, until to the last ones all digits look the same; in
# `lenet_bn` they are brought back to the order of 1 before every sigmoid.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_spread", "locked": true, "schema_version": 3, "solution": false, "task": false}
# X_train, y_train, X_test, y_test = digits()
# X_train, X_test = (F.interpolate(X, size=28, mode="bilinear") for X in (X_train, X_test))
#
#
# def spread_before_sigmoids(net):
#     """What each sigmoid gets, and the logits: standard deviation over 256 digits, averaged over the units."""
#     seen = []
#
#     class Listen(torch.overrides.TorchFunctionMode):
#         def __torch_function__(self, func, types, args=(), kwargs=None):
#             if getattr(func, "__name__", "") == "sigmoid":
#                 seen.append(args[0])
#             return func(*args, **(kwargs or {}))
#
#     with torch.no_grad(), Listen():
#         logits = net(X_train[:256])
#     return [values.std(dim=0).mean().item() for values in (*seen, logits)]
#
#
# curves = {name: spread_before_sigmoids(make()) for name, make in (("lenet", lenet), ("lenet_bn", lenet_bn))}
# plot_curves(curves, "layer (5: the logits)", "spread from image to image", "What reaches the sigmoids, before training")

# %% [markdown]
# **Training, side by side.** The same data, the same plain gradient descent, the same learning rate, ten epochs each.
# The third curve is fair play: in ps10 you rescued `lenet` with weights four times as large. That works too, but it
# needs care that `lenet_bn` does not. (A few seconds for each network.)
#
# Before the test, `settle` shows the training images once more, in training mode but without learning. Gradient
# descent moved the weights up to the very last step, and the moving statistics, being averages, lag behind. Leave
# the call out and run the cell a few times: the test accuracy of `lenet_bn`, 0.93 to 0.97 with it, is about two points
# lower on average then, and 0.89 now and then, although its training loss is as low as ever.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_training", "locked": true, "schema_version": 3, "solution": false, "task": false}
# def train(net, num_epochs, lr):
#     """Train on the digits, in place. Returns the mean loss of each epoch."""
#     optimizer, history = torch.optim.SGD(net.parameters(), lr=lr), []
#     for _ in range(num_epochs):
#         total = 0.0
#         for X, y in batches(X_train, y_train, 64, shuffle=True):
#             loss = F.cross_entropy(net(X), y)
#             optimizer.zero_grad()
#             loss.backward()
#             optimizer.step()
#             total += loss.item() * len(y)
#         history.append(total / len(y_train))
#     return history
#
#
# def settle(net):
#     """One pass over the training images without learning: the moving statistics catch up with the final weights."""
#     net.train()
#     with torch.no_grad():
#         for X, _ in batches(X_train, y_train, 64, shuffle=True):
#             net(X)
#
#
# def rescued_lenet():
#     """A LeNet whose weights start four times as large (ps10)."""
#     net = lenet()
#     for layer in net:
#         if isinstance(layer, nn.Conv2d | nn.Linear):
#             nn.init.xavier_uniform_(layer.weight, gain=4)
#     return net
#
#
# nets = {"lenet": lenet(), "lenet, large weights": rescued_lenet(), "lenet_bn": lenet_bn()}
# curves = {name: train(net, 10, lr=0.3) for name, net in nets.items()}
# plot_curves(curves, "epoch", "mean cross-entropy", "Ten epochs at a learning rate of 0.3")
# for name, net in nets.items():
#     settle(net)
#     net.eval()
#     with torch.no_grad():
#         share = (net(X_test).argmax(dim=1) == y_test).float().mean()
#     print(f"{name:<22} test accuracy {share:.3f}")

# %% [markdown]
# **And the learning rate?** Three epochs at each of five learning rates (学习率), from 0.03 to 3. `lenet` with large
# weights has hardly begun by then, and large steps throw it off altogether; `lenet_bn` learns at all five, and the
# bolder the faster, up to a point. Written question 2 shows where this comes from. (About ten seconds.)

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_learning_rates", "locked": true, "schema_version": 3, "solution": false, "task": false}
# rates = torch.tensor([0.03, 0.1, 0.3, 1.0, 3.0])
# curves = {}
# for name, make in (("lenet, large weights", rescued_lenet), ("lenet_bn", lenet_bn)):
#     curves[name] = [train(make(), 3, lr=rate)[-1] for rate in rates.tolist()]
# plot_curves(curves, "log10 of the learning rate", "mean cross-entropy in epoch 3", "Who can use which learning rate", x=rates.log10())

# %% [markdown]
# *Why does it work?* The paper that introduced it (2015) said: because the distribution that a layer sees no longer
# shifts while the layers below it learn ("internal covariate shift", 内部协变量偏移). Later experiments did not bear that
# out: networks with batch norm and noise added on purpose, whose distributions shift all the time, train just as
# fast. What can be seen and proved is more modest. Signals stay where the non-linearity is steep (the plot "What
# reaches the sigmoids"), the scale of the weights stops mattering, so that one learning rate suits all layers ("Who can
# use which learning rate"), and the noise in each batch's mean and variance acts as a mild regulariser, a little like
# dropout.
#
# ## 4 · Two relatives
#
# ### 4.1 `LayerNorm`
#
# *difficulty 2/5 · importance 4/5 · about 15 minutes · 14 points*
#
# Notes: 004 Transformer
#
# A batch is not always good company. Sentences differ in length, batches may be small, and in evaluation a sample's
# neighbours should not matter at all. Layer normalisation (层规范化) asks nobody but the sample itself: the same formula,
# but mean and variance are taken over the *last dimensions*, separately for everything that stands before them.
#
# $$y = \gamma \odot \frac{x - \mu(x)}{\sqrt{\sigma^2(x) + \epsilon}} + \beta$$
#
# `shape` says which dimensions: an int `d` is the last one, of size $d$; a tuple such as `(c, h, w)` stands for the
# last three *together*: one mean over all $c \cdot h \cdot w$ numbers. $\gamma$ (ones at the start) and $\beta$
# (zeros) are parameters of exactly this shape, so each entry has its own. No moving statistics, no difference between
# training and evaluation. Biased variance, $\epsilon$ inside the root, as always here (and as in PyTorch's
# `nn.LayerNorm`).
#
# **By hand.** The row $(2, 8)$ has $\mu = 5$, $\sigma^2 = 9$. With $\epsilon = 7$: $(-\tfrac34, \tfrac34)$. The
# numbers of 1.1, but across the features of one sample, not down a column.
#
# **From scratch:** ready-made normalisations are off limits. No Python loop over the samples.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Negative numbers count dimensions from the end. For a `shape` of length 2 they are −2 and −1.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Turn an int into a tuple first: `shape = (shape,) if isinstance(shape, int) else tuple(shape)`. Then
# `dims = tuple(range(-len(shape), 0))`, and `X.mean(dims, keepdim=True)`.
# </details>
#
# <details><summary>Help: I see the right values for (n, d), wrong ones for (n, t, d)</summary>
#
# `dim=1` is the last dimension only when there are two. Count from the end.
# </details>


# %% nbgrader={"grade": false, "grade_id": "LayerNorm", "locked": false, "schema_version": 3, "solution": true, "task": false}
class LayerNorm(nn.Module):
    """Layer normalisation over the last dimensions, with a scale and a shift for each entry."""

    def __init__(self, shape, eps=1e-5):
        """Make the parameters gamma (ones) and beta (zeros), both of this shape.

        shape: an int d, or a tuple of ints: the sizes of the last dimensions of the input. eps: float, inside the root.
        """
        ### BEGIN SOLUTION
        super().__init__()
        shape = (shape,) if isinstance(shape, int) else tuple(shape)
        self.dims, self.eps = tuple(range(-len(shape), 0)), eps
        self.gamma = nn.Parameter(torch.ones(shape))
        self.beta = nn.Parameter(torch.zeros(shape))
        ### END SOLUTION

    def forward(self, X):
        """Normalise X, (..., *shape) float, left unchanged. Returns a tensor of the shape, dtype and device of X."""
        ### BEGIN SOLUTION
        mean = X.mean(self.dims, keepdim=True)
        var = ((X - mean) ** 2).mean(self.dims, keepdim=True)
        return self.gamma * (X - mean) / torch.sqrt(var + self.eps) + self.beta
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_LayerNorm", "locked": true, "points": 14, "schema_version": 3, "solution": false, "task": false}
_layer = LayerNorm(2, eps=7.0)
_names = sorted(name for name, _ in _layer.named_parameters())
check(_names == ["beta", "gamma"], f"The parameters of the layer are {_names}, expected gamma and beta.")
check_equal(_layer(torch.tensor([[2.0, 8.0], [3.0, 3.0]])), torch.tensor([[-0.75, 0.75], [0.0, 0.0]]), "LayerNorm(2, eps=7)(X)")
_image = torch.tensor([1.0, 3.0, 5.0, 7.0]).reshape(1, 2, 2)  # mean 4, variance 5
check_equal(
    LayerNorm((2, 2), eps=4.0)(_image),
    torch.tensor([-1.0, -1 / 3, 1 / 3, 1.0]).reshape(1, 2, 2),
    "LayerNorm((2, 2), eps=4)(X): one mean over the last two dimensions",
)
_layer, _X = LayerNorm((3, 4)).double(), torch.randn(2, 5, 3, 4).double() - 2
with torch.no_grad():
    _layer.gamma.copy_(torch.randn(3, 4))
    _layer.beta.copy_(torch.randn(3, 4))


def _y(X):
    return _layer(X)


_y.__name__ = "LayerNorm((3, 4))"
check_promises(_y, _X)
_leaf = (_X / 100).requires_grad_()  # small numbers, so that eps counts
_right = F.layer_norm(_leaf, (3, 4), _layer.gamma, _layer.beta, eps=1e-5)
check_equal(_layer(_leaf), _right, "LayerNorm((3, 4))(X) of random numbers in float64, with eps=1e-5,", rtol=1e-9, atol=1e-9)
_slopes = [torch.autograd.grad((Y**3).sum(), (_leaf, _layer.gamma, _layer.beta), allow_unused=True) for Y in (_layer(_leaf), _right)]
check(all(slope is not None for slope in _slopes[0]), "No gradient reaches X, gamma or beta of LayerNorm((3, 4)).")
check_equal(_slopes[0], _slopes[1], "the gradients of (X, gamma, beta) of LayerNorm((3, 4))")
check_equal(_layer.eval()(_leaf), _right, "LayerNorm((3, 4))(X) in evaluation, as in training,")
check_equal(LayerNorm(2)(torch.tensor([[3000.0, 3001.0]])), torch.tensor([[-1.0, 1.0]]), "LayerNorm(2)(X) of the row 3000, 3001")

# %% [markdown]
# The same 8 samples with 12 features, as they come, by columns, by rows. Batch norm takes away what the *features*
# differ in; what the samples differ in stays. Layer norm does the opposite.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_rows_and_columns", "locked": true, "schema_version": 3, "solution": false, "task": false}
# samples = torch.randn(8, 12) + 3 * torch.randn(12) + 3 * torch.randn(8, 1)
# pictures = {"As they come": samples, "BatchNorm: columns": BatchNorm(12, 2)(samples), "LayerNorm: rows": LayerNorm(12)(samples)}
# for title, matrix in pictures.items():
#     show_heatmap(matrix, "feature", "sample", title)

# %% [markdown]
# ### 4.2 `fold_batch_norm`
#
# *difficulty 3/5 · importance 3/5 · about 15 minutes · 12 points*
#
# Notes: 002 对卷积层做批量归一化 · 002 预测时的批量归一化
#
# In evaluation mode the statistics stand still, and batch norm is nothing but a multiplication and an addition in
# each channel. A convolution can do both itself: scale its kernels, change its bias. So a trained network runs
# without its batch norm layers, with the same results and less work. Every phone does this.
#
# With $s = \dfrac{\gamma}{\sqrt{\sigma^2 + \epsilon}}$, one number for each *output* channel:
#
# $$s\,(W * x + b - \mu) + \beta \;=\; \underbrace{(s\,W)}_{\text{new kernels}} * \,x \;+\; \underbrace{s\,(b - \mu) + \beta}_{\text{new bias}}$$
#
# Here both come from PyTorch: `conv` is an `nn.Conv2d`, whose weight has shape (c_out, c_in / groups, kh, kw) and
# whose bias may be missing (`None`, which counts as zero); it pads with zeros (`padding_mode="zeros"`, PyTorch's
# default; the other modes are not asked for). `bn` is an `nn.BatchNorm2d` in evaluation mode with
# `weight` $= \gamma$, `bias` $= \beta$, `running_mean` $= \mu$, `running_var` $= \sigma^2$ and `eps`. Return
# a **new** `nn.Conv2d` with a bias, with the same stride, padding, dilation and groups, the same dtype and device.
# Leave `conv` and `bn` as they are.
#
# **By hand.** A 1×1 convolution $3x + 1$; $\gamma = 2$, $\beta = 5$, $\mu = 4$, $\sigma^2 = 12$, $\epsilon = 4$. Then
# $s = 2 / \sqrt{16} = 0.5$, the new weight is $1.5$ and the new bias $0.5 \cdot (1 - 4) + 5 = 3.5$. Check with
# $x = 2$: first $3 \cdot 2 + 1 = 7$, then $0.5 \cdot (7 - 4) + 5 = 6.5$; and at once $1.5 \cdot 2 + 3.5 = 6.5$. (With
# $\gamma = 4$, in the check's second channel, $s = 1$: weight $3$ and bias $2$.)
#
# PyTorch has this in `torch.nn.utils.fusion`; write it yourself here.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `s` has shape (c_out,) and must meet the *first* dimension of a weight with four dimensions.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `nn.Conv2d(conv.in_channels, conv.out_channels, conv.kernel_size, conv.stride, conv.padding, conv.dilation, conv.groups, bias=True)`,
# then, under `torch.no_grad()`, `folded.weight.copy_(conv.weight * s.reshape(-1, 1, 1, 1))`. Move it to the dtype and
# device of `conv.weight` first: `.to(conv.weight)`.
# </details>
#
# <details><summary>Help: I see "a leaf Variable that requires grad is being used in an in-place operation"</summary>
#
# Copy under `with torch.no_grad():`, or assign `nn.Parameter(…)`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "fold_batch_norm", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fold_batch_norm(conv, bn):
    """One convolution that equals `bn(conv(X))` in evaluation mode.

    conv: nn.Conv2d that pads with zeros, with or without bias. bn: nn.BatchNorm2d in evaluation mode, over conv's output channels. Both are left unchanged.
    Returns: a new nn.Conv2d with bias; stride, padding, dilation, groups, dtype and device are those of conv.
    """
    ### BEGIN SOLUTION
    folded = nn.Conv2d(conv.in_channels, conv.out_channels, conv.kernel_size, conv.stride, conv.padding, conv.dilation, conv.groups)
    folded = folded.to(conv.weight)
    with torch.no_grad():
        scale = bn.weight / torch.sqrt(bn.running_var + bn.eps)
        bias = 0 if conv.bias is None else conv.bias
        folded.weight.copy_(conv.weight * scale.reshape(-1, 1, 1, 1))
        folded.bias.copy_((bias - bn.running_mean) * scale + bn.bias)
    return folded
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_fold_batch_norm", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
_conv, _bn = nn.Conv2d(1, 2, kernel_size=1), nn.BatchNorm2d(2, eps=4.0).eval()
for _tensor, _value in ((_conv.weight, 3), (_conv.bias, 1), (_bn.weight, 2), (_bn.bias, 5), (_bn.running_mean, 4), (_bn.running_var, 12)):
    _tensor.data.fill_(_value)
_bn.weight.data[1] = 4.0  # a second channel, whose s is 1
_folded = fold_batch_norm(_conv, _bn)
check(isinstance(_folded, nn.Conv2d), "fold_batch_norm should return one nn.Conv2d.")
check(_folded is not _conv, "fold_batch_norm returned conv itself: it should make a new convolution.")
check_equal(_folded.weight, torch.tensor([1.5, 3.0]).reshape(2, 1, 1, 1), "the weight of the folded convolution")
check_equal(_folded.bias, torch.tensor([3.5, 2.0]), "the bias of the folded convolution")
check_equal(_conv.weight.detach().flatten(), torch.tensor([3.0, 3.0]), "the weight of conv itself, after fold_batch_norm")
for _bias in (False, True):
    _conv = nn.Conv2d(4, 6, kernel_size=3, stride=2, padding=1, dilation=(1, 2), groups=2, bias=_bias).double()
    _bn, _X = nn.BatchNorm2d(6, eps=0.3).double().eval(), torch.randn(2, 4, 9, 7).double()
    for _tensor in (_bn.weight, _bn.bias, _bn.running_mean):
        nn.init.normal_(_tensor)
    _folded = fold_batch_norm(_conv, _bn)
    check(_folded.bias is not None, f"The folded convolution has no bias (conv was made with bias={_bias}).")
    check(not _bn.training, "bn is in training mode after fold_batch_norm; it should be left as it was.")
    check_equal(str(_folded.weight.dtype), "torch.float64", "the dtype of a folded float64 convolution")
    _what = f"folded(X), for a random convolution with stride, padding, dilation, groups and bias={_bias},"
    check_equal(_folded(_X), _bn(_conv(_X)), _what, rtol=1e-9, atol=1e-9)

# %% [markdown]
# Ten convolutions, each with its batch norm, and the same network folded: a third of the layers is gone, and the
# outputs are equal up to rounding, wherever you look. The pictures show one output map of both, the liveliest of the
# eight.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_folding", "locked": true, "schema_version": 3, "solution": false, "task": false}
# pairs = [(nn.Conv2d(8, 8, 3, padding=1), nn.BatchNorm2d(8)) for _ in range(10)]
# deep = nn.Sequential(*(layer for conv, bn in pairs for layer in (conv, bn, nn.ReLU())))
# images = torch.randn(16, 8, 28, 28)
# with torch.no_grad():
#     for _ in range(60):
#         deep(images)  # lets the moving statistics settle, layer after layer
#     deep.eval()
#     folded = nn.Sequential(*(layer for conv, bn in pairs for layer in (fold_batch_norm(conv, bn), nn.ReLU())))
#     before, after = deep(images), folded(images)
# print(f"{len(deep)} layers before, {len(folded)} after; largest difference {(before - after).abs().max():.1e}")
# liveliest = before[0].std(dim=(1, 2)).argmax()
# for title, maps in (("With batch norm", before), ("Folded", after)):
#     show_heatmap(maps[0, liveliest], "column", "row", title)

# %% [markdown]
# ## 5 · The gradient by hand
#
# ### 5.1 `batch_norm_backward`
#
# *difficulty 5/5 · importance 3/5 · about 40 minutes · 18 points*
#
# Notes: 000 §2.10.1 · 002 对全连接层做批量归一化
#
# Autograd did this for you so far. It is a fine piece of chain rule (链式法则), because every $x_i$ acts on every $y_j$
# of its feature, on three ways: directly, through the mean, and through the variance.
#
# You get `dY`, the gradient of the loss with respect to $Y$, and find those with respect to $X$, $\gamma$ and $\beta$
# (training mode). Write $\hat\sigma = \sqrt{\sigma^2 + \epsilon}$ and let $\langle\cdot\rangle$ be the mean over the
# $m$ numbers that share their statistics.
#
# $$\frac{\partial L}{\partial \beta} = \sum_i \frac{\partial L}{\partial y_i}, \qquad
# \frac{\partial L}{\partial \gamma} = \sum_i \frac{\partial L}{\partial y_i}\, \hat x_i$$
#
# The rest on paper. Let $g_i = \gamma\, \partial L / \partial y_i$ be the gradient that arrives at $\hat x_i$. From
# $\hat x_i = (x_i - \mu) / \hat\sigma$,
#
# $$\frac{\partial \hat x_j}{\partial x_i} = \frac{1}{\hat\sigma} \Big( \mathbf 1[i = j]
# \underbrace{-\, \frac1m}_{\text{through } \mu} \underbrace{-\, \frac{\hat x_i\, \hat x_j}{m}}_{\text{through } \sigma^2} \Big),
# \qquad\text{so}\qquad
# \frac{\partial L}{\partial x_i} = \frac{1}{\hat\sigma} \Big( g_i - \langle g \rangle - \hat x_i \, \langle g\, \hat x \rangle \Big).$$
#
# Read it as a projection: what would only move the mean, and what would only change the scale, is taken out of the
# gradient, since the normalisation would undo it anyway.
#
# **By hand.** The column $(2, 8)$ of 1.1 with $\epsilon = 7$, $\gamma = 2$ and `dY` $= (1, 3)$: $\hat\sigma = 4$,
# $\hat x = (-\tfrac34, \tfrac34)$. So $\partial L / \partial \beta = 4$ and
# $\partial L / \partial \gamma = -\tfrac34 + \tfrac94 = \tfrac32$. Further $g = (2, 6)$, $\langle g \rangle = 4$,
# $\langle g\,\hat x \rangle = \tfrac32$, and
# $\tfrac14 \big( 2 - 4 + \tfrac98,\; 6 - 4 - \tfrac98 \big) = \big({-\tfrac7{32}},\; \tfrac7{32}\big)$. (With
# $\epsilon = 0$ it would be zero: two numbers, normalised, are always $-1$ and $1$.)
#
# $X$ is $(n, d)$ or $(n, c, h, w)$, $\gamma$ is $(d,)$ or $(1, c, 1, 1)$; return the three gradients in the shapes of
# $X$, $\gamma$ and $\beta$. `dY` belongs to the loss as it is: nothing is divided by the batch size once more.
#
# **From scratch:** write the closed form. Autograd (`backward`, `torch.autograd`, `torch.func`) and ready-made
# normalisations are off limits. No Python loop over the samples. (NumPy is allowed here: nothing has to be
# differentiated.)
#
# <details><summary>Hint 1: a nudge</summary>
#
# Compute $\hat\sigma$ and $\hat x$ again, as in 1.1. All means and sums run over the same dimensions: all but
# dimension 1.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `dims = [i for i in range(X.ndim) if i != 1]`, every mean with `keepdim=True`. The two small gradients are sums over
# `dims`, then `reshape(gamma.shape)`. The large one is one line:
# `(g - g.mean(…) - X_hat * (g * X_hat).mean(…)) / std`.
# </details>
#
# <details><summary>Help: how do I find out which part is wrong?</summary>
#
# Compare with autograd, in a cell of your own: `Y, _, _ = batch_norm(X, …)` in float64, then `Y.backward(dY)` and
# look at `X.grad`. Then choose `dY` constant (only the mean's part acts: the answer is 0) or equal to $\hat x$ (only
# the variance's part acts).
# </details>


# %% nbgrader={"grade": false, "grade_id": "batch_norm_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def batch_norm_backward(dY, X, gamma, eps):
    """Gradients of the loss with respect to X, gamma and beta, for batch norm in training mode, in closed form.

    dY: gradient with respect to Y, shape of X. X: (n, d) or (n, c, h, w) float. gamma: (d,) or (1, c, 1, 1). All are left unchanged.
    eps: float, inside the root.
    Returns: (dX, dgamma, dbeta), with the shapes of X, gamma and gamma, and their dtype and device.
    """
    ### BEGIN SOLUTION
    dims = [i for i in range(X.ndim) if i != 1]
    mean = X.mean(dims, keepdim=True)
    std = torch.sqrt(((X - mean) ** 2).mean(dims, keepdim=True) + eps)
    X_hat = (X - mean) / std
    g = gamma * dY
    dX = (g - g.mean(dims, keepdim=True) - X_hat * (g * X_hat).mean(dims, keepdim=True)) / std
    return dX, (dY * X_hat).sum(dims).reshape(gamma.shape), dY.sum(dims).reshape(gamma.shape)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_batch_norm_backward", "locked": true, "points": 18, "schema_version": 3, "solution": false, "task": false}
_X, _upstream = torch.tensor([[2.0, 0.0], [8.0, 6.0]]), torch.tensor([[1.0, 5.0], [3.0, 5.0]])
_result = batch_norm_backward(_upstream, _X, torch.tensor([2.0, 1.0]), 7.0)
check(isinstance(_result, tuple | list) and len(_result) == 3, "batch_norm_backward should return three things: dX, dgamma, dbeta.")
check_equal(_result[2], torch.tensor([4.0, 10.0]), "dbeta")
check_equal(_result[1], torch.tensor([1.5, 0.0]), "dgamma")
check_equal(_result[0], torch.tensor([[-7 / 32, 0.0], [7 / 32, 0.0]]), "dX")
_upstream, _X, _gamma = torch.randn(2, 3, 4, 5).double(), torch.randn(2, 3, 4, 5).double(), torch.randn(1, 3, 1, 1).double()
_shapes = [tuple(t.shape) for t in batch_norm_backward(_upstream.clone(), _X.clone(), _gamma, 0.1)]
check_equal(_shapes, [(2, 3, 4, 5), (1, 3, 1, 1), (1, 3, 1, 1)], "the shapes of the three gradients for images")


def _gradients(dY, X, gamma):
    return batch_norm_backward(dY, X, gamma, 0.1)


_gradients.__name__ = "batch_norm_backward"
check_promises(_gradients, _upstream, _X, _gamma, gradient=False)
_leaves = [_X.clone().requires_grad_(), _gamma.flatten().requires_grad_(), torch.zeros(3).double().requires_grad_()]
_right = torch.autograd.grad(F.batch_norm(_leaves[0], None, None, *_leaves[1:], training=True, eps=0.1), _leaves, _upstream)
_right = (_right[0], *(slope.reshape(1, 3, 1, 1) for slope in _right[1:]))
check_equal(_gradients(_upstream, _X, _gamma), _right, "(dX, dgamma, dbeta) of random images, compared with autograd,", rtol=1e-9, atol=1e-9)

# %% [markdown]
# The projection, seen. For 60 samples of one feature, `dY` is a constant, plus a slope along $\hat x$, plus a wave.
# Of the three only the wave comes back.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_projection", "locked": true, "schema_version": 3, "solution": false, "task": false}
# x = torch.linspace(-1.7, 1.7, 60)[:, None]
# wave = torch.cos(4 * x) - torch.cos(4 * x).mean()
# dY = 2 + 1.5 * x + wave
# dX, _, _ = batch_norm_backward(dY, x, torch.ones(1), 1e-5)
# curves = {"dY: constant + slope + wave": dY.flatten(), "dX": dX.flatten()}
# plot_curves(curves, "x", "gradient", "What batch norm lets through", x=x.flatten())

# %% [markdown]
# ### 5.2 Two questions on paper
#
# Extra credit, marked by hand. Formulas in LaTeX, plain text or a photograph of your paper: all are welcome.
#
# **Question 1 (up to 5 points).** The variance of a batch, $v = \frac1m \sum_i (x_i - \bar x)^2$, is called *biased*
# (有偏). (a) Let $x_1, \dots, x_m$ be independent with mean $\mu$ and variance $\sigma^2$. Show that the expectation of
# $v$ is $\frac{m-1}{m} \sigma^2$. (b) Why do we nevertheless normalise with $v$, and not with $\frac{m}{m-1} v$? What
# would the latter do to a batch of one sample? (c) The moving variance stands for all data, so there the bias is a
# real error. How large is it, in per cent, for $m = 2$, for $m = 32$, and for a convolution with 32 maps of 28×28?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_bias", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) Insert $\mu$: since $\sum_i (x_i - \mu) = m (\bar x - \mu)$,
#
# $$\sum_i (x_i - \bar x)^2 = \sum_i (x_i - \mu)^2 - m\,(\bar x - \mu)^2 .$$
#
# In expectation the first sum is $m \sigma^2$, and $E(\bar x - \mu)^2 = \mathrm{Var}(\bar x) = \sigma^2 / m$ because
# the samples are independent. So $E\,v = \frac1m (m \sigma^2 - \sigma^2) = \frac{m-1}{m} \sigma^2$. In words:
# $\bar x$ lies in the middle of just these numbers, so they are nearer to it than to $\mu$.
#
# (b) The normalisation does not estimate anything: it wants *this* batch to have variance 1, and with $v$ (and
# $\epsilon = 0$) the mean of $\hat x^2$ is exactly 1. With $\frac{m}{m-1} v$ it would be $\frac{m-1}{m}$, another
# number for every batch size. For $m = 1$ it would be $0/0$.
#
# (c) $v$ is too small by the factor $\frac{m-1}{m}$, that is by $1/m$: 50 % for $m = 2$, 3.1 % for $m = 32$, and for
# $m = 32 \cdot 784 = 25088$ about 0.004 % (pixels are not independent, so this is only a rule of thumb). This is why
# PyTorch corrects its `running_var`, and why the correction hardly ever matters.
#
# **Marking scheme.** 1 point: the sum is split, with the cross term right. 1 point:
# $\mathrm{Var}(\bar x) = \sigma^2/m$ and the result. 1 point: the aim is variance 1 in this batch, not an estimate. 1
# point: 0/0 (or NaN) for one sample. 1 point: the three numbers.
# ### END SOLUTION

# %% [markdown]
# **Question 2 (up to 5 points).** A layer computes $\mathrm{BN}(Wu + b)$, in training mode; take $\epsilon = 0$. (a)
# Show that the bias $b$ changes nothing. What is its gradient, and which parameter does its work now? (b) Show that
# $W$ and $aW$ give the same output for every number $a > 0$. What follows for the gradient with respect to the
# weights: how does it change when the weights are $a$ times as large? Why does this make training less sensitive to
# the learning rate? (c) Why are $\gamma$ and $\beta$ there at all, if the point is to have mean 0 and variance 1?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_why", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) With $b$ the batch's mean is $\mu + b$, and $(Wu + b) - (\mu + b) = Wu - \mu$; the variance is
# not changed by a shift. So the output does not depend on $b$, its gradient is zero, and it stays where it started.
# The shift is done by $\beta$.
#
# (b) Mean and standard deviation of $aWu$ are $a\mu$ and $a\sigma$, so
# $(aWu - a\mu) / (a\sigma) = (Wu - \mu)/\sigma$. Hence $L(aW) = L(W)$. Taking the derivative with respect to $W$ on
# both sides gives $a\, \nabla L(aW) = \nabla L(W)$, that is $\nabla L(aW) = \frac1a \nabla L(W)$: large weights get
# small gradients. A step that is too large makes the weights large (the gradient is orthogonal to $W$, so every step
# lengthens it), and large weights make the next steps small, relative to $W$ even by $1/a^2$: the layer finds a step
# size of its own. And a badly scaled start does no harm.
#
# (c) Forced to mean 0 and variance 1, a sigmoid would see only its middle, nearly linear part, and half of all ReLUs
# would always be off. With $\gamma$ and $\beta$ the network chooses the range; with $\gamma = \sigma$, $\beta = \mu$
# it can even have back the values that came in, so nothing that could be represented before is lost. The gain is that
# two parameters, and no longer all weights below, decide on the range.
#
# **Marking scheme.** 1 point: $b$ cancels against the mean. 1 point: gradient zero, and $\beta$ takes over. 1 point:
# same output for $aW$. 1 point: gradient $\frac1a$ as large, and what this means for too large a step. 1 point:
# $\gamma$, $\beta$ give back the freedom (identity, or the range of the non-linearity).
# ### END SOLUTION

# %% [markdown]
# ## What you have now, and where to go
#
# Two normalisations, one with a memory and one without, the gradient of the first by hand, and a network that trains
# where another was stuck.
# From here on use `nn.BatchNorm2d` and `nn.LayerNorm` with a good conscience; remember that PyTorch's `momentum` 0.1
# is our 0.9.
#
# To try, if you like: train `lenet_bn` with batches of 2 and look at the test accuracy; put the normalisation *after*
# the sigmoid; replace `BatchNorm` by `LayerNorm` in the linear layers. Does it still train as fast?
#
# In **ps13** batch norm stands after every convolution of a residual network, and lets it grow to hundreds of layers.
# Layer norm comes back in the transformers, where it normalises every word by itself.
