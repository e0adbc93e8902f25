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
# # Data parallel training on several devices (数据并行)
#
# One device computes a gradient in a second. Four devices, each with a quarter of the batch, could do it in a quarter
# of a second, if only they did not have to agree on the result. In this notebook you build that agreement: first by
# hand, then around a ring that sends as little as can be sent, and at last between real processes that talk over a
# wire. At the end four processes of yours learn to read digits, and take step for step the same path as one.
#
# **No GPU is needed.** A device here is whatever `torch.device` says. On a laptop the "four devices" are the CPU, four
# times; the code is the same. One mistake the CPU would forgive you: to compute with tensors of two devices at once. So
# the grader has tensors that *say* they lie on different devices, and that complain when they are mixed.
#
# **How it is marked.** Each exercise has a cell for your answer and, under it, a check that you can run as often as you
# like. A check is an example: it says in words what is wrong with one result. The hidden grader asks more of the same
# (other sizes, other numbers of devices, odd batches), and it marks each property on its own, so an answer that is wrong only
# in some cases keeps the points of the others. If an earlier exercise that this one uses is not right yet, the
# grader lends a right one: one mistake costs its own points only. Helpers of your own may stand in cells of your own,
# above the exercise that uses them. The points add up to 100; the two written questions are extra credit.
#
# **Letters used throughout.** $n$ devices, numbered $0, 1, \dots, n-1$; such a number is called a *rank*. $N$ numbers
# in a tensor, $B$ bytes. $m$ samples in a batch (小批量).

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import math

import torch
import torch.distributed as dist
from course_tools import batches, check, check_equal, digits

# %% [markdown]
# Three helpers. `all_devices(n)` names $n$ devices: your GPUs if there are that many, else the CPU $n$ times. `net` and
# `loss` are a small network and its loss. As always in this course the loss is **one number a sample**; who calls it
# takes the sum.


# %% nbgrader={"grade": false, "grade_id": "model", "locked": true, "schema_version": 3, "solution": false, "task": false}
def all_devices(n):
    """A list of n devices: GPUs where there are n of them, else the CPU n times."""
    if torch.cuda.device_count() >= n:
        return [torch.device("cuda", i) for i in range(n)]
    return [torch.device("cpu")] * n


def net(X, params):
    """A network with one hidden layer: X (m, ...) and [W1, b1, W2, b2] -> scores (m, k)."""
    W1, b1, W2, b2 = params
    return torch.relu(X.flatten(1) @ W1 + b1) @ W2 + b2


def loss(scores, y):
    """Cross-entropy of each sample: scores (m, k), labels (m,) -> (m,)."""
    return torch.nn.functional.cross_entropy(scores, y, reduction="none")


# %% [markdown]
# ## 0 · One device first: what a machine can do (硬件)
#
# Before the work is shared: how long does *one* device need? It does two things at the same time. It computes, at most so many
# operations a second; and it moves numbers between its memory and the place where they are computed with, at most so many bytes a second.
# Whichever takes longer decides. A GPU can do both much faster than a CPU, but it computes faster than it moves by an even larger factor, so
# that many operations leave it idle: it waits for its memory (显存).
#
# ### 0.1 `kernel_time`
#
# *difficulty 1/5 · importance 4/5 · about 8 minutes · 4 points*
#
# Notes: 000 §3.1.1
#
# A piece of work needs `flops` operations and moves `num_bytes` bytes. The device does `peak` operations a second and moves `bandwidth` (带宽)
# bytes a second, both at once:
#
# $$\text{seconds} = \max\Big(\frac{\text{flops}}{\text{peak}},\ \frac{\text{bytes}}{\text{bandwidth}}\Big)$$
#
# Return the seconds and what bounds them: `"compute"` where the first is at least as large as the second, else `"memory"`. This picture of a
# machine is called its *roofline*; you will see why below.
#
# **By hand.** 6 operations and 8 bytes, on a device with 3 operations and 2 bytes a second: computing takes 2 s, moving takes 4 s. So it is
# `(4.0, "memory")`. With 12 operations both take 4 s: `(4.0, "compute")`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Two quotients. Does the device do one after the other, or both at once?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `compute, memory = flops / peak, num_bytes / bandwidth`; the seconds are `max(compute, memory)`, and the word depends on `compute >= memory`.
# </details>
#
# <details><summary>Help: I see "division by zero"</summary>
#
# There may be no bytes, or no operations. Divide by `peak` and `bandwidth` only: they are never 0.
# </details>


# %% nbgrader={"grade": false, "grade_id": "kernel_time", "locked": false, "schema_version": 3, "solution": true, "task": false}
def kernel_time(flops, num_bytes, peak, bandwidth):
    """How long a device needs that computes and moves at the same time, and what bounds it.

    flops: operations, 0 or more. num_bytes: bytes moved, 0 or more. peak: operations a second. bandwidth: bytes a second.
    Returns: (seconds: float, "compute" or "memory"); "compute" where both take equally long.
    """
    ### BEGIN SOLUTION
    compute, memory = flops / peak, num_bytes / bandwidth
    return max(compute, memory), "compute" if compute >= memory else "memory"
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_kernel_time", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check_equal(kernel_time(6, 8, 3.0, 2.0), (4.0, "memory"), "kernel_time of 6 operations and 8 bytes, at 3 operations and 2 bytes a second")
check_equal(kernel_time(12, 8, 3.0, 2.0), (4.0, "compute"), "kernel_time of 12 operations and 8 bytes: both take 4 seconds")
check_equal(kernel_time(30, 8, 3.0, 2.0), (10.0, "compute"), "kernel_time of 30 operations and 8 bytes")
check_equal(kernel_time(0, 5, 3.0, 2.0), (2.5, "memory"), "kernel_time of no operations and 5 bytes")
check_equal(kernel_time(7, 0, 2.0, 4.0), (3.5, "compute"), "kernel_time of 7 operations and no bytes")

# %% [markdown]
# ### 0.2 `matmul_bytes`
#
# *difficulty 3/5 · importance 4/5 · about 15 minutes · 6 points*
#
# Notes: 000 §3.1.1
#
# How many bytes does a matrix product move? That depends on how it is done. Memory is far away: the notes give 0.5 ns for a number in the
# nearest cache (缓存), 7 ns for the next and 100 ns for memory. So what has been fetched should be used as often as possible while it is near
# (locality, 内存本地性).
#
# $C = AB$ with $A$ $(m, k)$ and $B$ $(k, n)$ is computed in square tiles of $C$, `tile` × `tile` numbers each, smaller at the edges. For each
# tile, the rows of $A$ and the columns of $B$ that it needs are read once, whole; then the tile is written once. Nothing stays in the cache from
# one tile to the next. There are $\lceil m / \text{tile} \rceil$ rows of tiles and $\lceil n / \text{tile} \rceil$ columns of tiles, so $A$ is read
# once for each *column* of tiles, and $B$ once for each *row* of tiles:
#
# $$\text{bytes} = \text{itemsize} \cdot \Big(m k \Big\lceil \frac{n}{\text{tile}} \Big\rceil + k n \Big\lceil \frac{m}{\text{tile}} \Big\rceil + m n\Big)$$
#
# **By hand.** $m = 3$, $k = 2$, $n = 5$, tiles of 2: $2 \times 3$ tiles. $A$ has 6 numbers and is read 3 times, $B$ has 10 and is read
# twice, $C$ has 15 and is written once: $18 + 20 + 15 = 53$ numbers, 212 bytes in float32. One tile for everything: $6 + 10 + 15 = 31$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# How many tiles stand side by side, and how many above one another? A tile at the edge counts, however narrow it is.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `math.ceil(n / tile)`, or `-(-n // tile)` without floats. Then the three terms of the formula.
# </details>
#
# <details><summary>Help: I see right numbers for square matrices only</summary>
#
# $A$ is read once for each column of tiles, and their number comes from $n$. That of $B$ comes from $m$.
# </details>


# %% nbgrader={"grade": false, "grade_id": "matmul_bytes", "locked": false, "schema_version": 3, "solution": true, "task": false}
def matmul_bytes(m, k, n, itemsize, tile):
    """Bytes between memory and cache for C (m, n) = A (m, k) B (k, n), computed in tiles of C.

    All arguments are ints, 1 or more. itemsize: bytes of a number. tile: rows and columns of a tile; it may be larger than C.
    Returns: an int.
    """
    ### BEGIN SOLUTION
    rows, columns = -(-m // tile), -(-n // tile)
    return itemsize * (m * k * columns + k * n * rows + m * n)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_matmul_bytes", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check_equal(matmul_bytes(3, 2, 5, 4, 2), 212, "the bytes of a product (3, 2) by (2, 5) in float32, in tiles of 2")
check_equal(matmul_bytes(3, 2, 5, 4, 8), 124, "the bytes in one tile")
check_equal(matmul_bytes(3, 2, 5, 1, 1), 75, "the numbers in tiles of 1")
check_equal(matmul_bytes(7, 4, 2, 2, 3), 132, "the bytes of a product (7, 4) by (4, 2) in half precision, in tiles of 3")
check(type(matmul_bytes(7, 4, 2, 2, 3)) is int, "a number of bytes is an int.")

# %% [markdown]
# **The roofline.** Left of the corner a device waits for its memory, right of it for its arithmetic. Each point is a piece of work; how far right
# it lies says how often each byte is used. A product of two 1024 × 1024 matrices moves from the left to the right as its tiles grow: on a device with
# $10^{13}$ operations and $5 \cdot 10^{11}$ bytes a second it takes 17 ms with tiles of 1, 0.28 ms with tiles of 64, and 0.21 ms with one tile. The
# arithmetic is the same.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_roofline", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# work = {"addition of two vectors": (1.0, 12.0), "softmax": (5.0, 8.0), "matrix times vector": (2 * 1024**2, matmul_bytes(1024, 1024, 1, 4, 1024))}
# for tile in (1, 8, 64, 1024):
#     work[f"matrix product, tiles of {tile}"] = (2 * 1024**3, matmul_bytes(1024, 1024, 1024, 4, tile))
# work["3×3 convolution, 64 channels"] = (2 * 9 * 64**2 * 56**2, 4 * (2 * 64 * 56**2 + 9 * 64**2))
# devices = {"a laptop's CPU": (2e11, 4e10), "a GPU": (1e13, 5e11)}
# figure, axes = plt.subplots(figsize=(8, 4.6), layout="constrained")
# intensity = torch.logspace(-1.5, 3, 200).tolist()
# for (name, (peak, bandwidth)), colour in zip(devices.items(), ("tab:blue", "tab:orange")):
#     axes.plot(intensity, [x / kernel_time(x, 1.0, peak, bandwidth)[0] for x in intensity], color=colour, label=name)
#     for number, (flops, num_bytes) in enumerate(work.values()):
#         seconds, _ = kernel_time(flops, num_bytes, peak, bandwidth)
#         axes.plot(flops / num_bytes, flops / seconds, "o", color=colour)
#         if name == "a GPU":
#             axes.annotate(str(number + 1), (flops / num_bytes, flops / seconds), textcoords="offset points", xytext=(0, 8), ha="center")
# axes.set(xscale="log", yscale="log", xlabel="operations a byte", ylabel="operations a second", title="Rooflines, and work below them", ylim=(1e9, 4e13))
# axes.grid(alpha=0.3)
# axes.legend(loc="lower right")
# plt.show()
# print("\n".join(f"{number}: {name}" for number, name in enumerate(work, 1)))

# %% [markdown]
# ## 1 · One batch, many devices
#
# The recipe of data parallelism (数据并行) fits in four lines. Every device holds a full copy of the parameters. The batch
# is cut into as many shards as there are devices. Each device computes the gradient (梯度) of its own shard. The
# gradients are added up, everybody gets the sum, and everybody makes the same step, so the copies stay equal for ever.
# You write one function a line.
#
# ### 1.1 `get_params`
#
# *difficulty 1/5 · importance 4/5 · about 8 minutes · 6 points*
#
# Notes: 000 §3.2.2
#
# A copy of all parameters for one device. Each copy is a **leaf** that requires a gradient: a tensor you made, not the
# result of a computation that autograd has watched. And it has memory **of its own**, even if the device asked for is
# the one on which the original lies. The originals stay as they are.
#
# **By hand.** `params = [tensor([1., 2.])]`, which may itself require a gradient. After `a = get_params(params, "cpu")`
# and `b = get_params(params, "cpu")`, write a 9 into the first entry of `a[0]`: `b[0]` and `params[0]` still say
# `[1., 2.]`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `p.to(device)` hands back `p` *itself* when `p` is there already. On a machine without GPUs that is always.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Three things, in this order: `detach()` cuts it off from autograd, `clone()` gives it memory, `to(device)` moves it. Then
# `requires_grad_()`.
# </details>
#
# <details><summary>Help: I see "is not a leaf"</summary>
#
# If the original requires a gradient, then `p.clone()` is the result of a watched computation, and its `.grad` will stay
# `None`. Put `detach()` first.
# </details>


# %% nbgrader={"grade": false, "grade_id": "get_params", "locked": false, "schema_version": 3, "solution": true, "task": false}
def get_params(params, device):
    """A copy of the parameters for one device.

    params: list of float tensors of any shape, with or without requires_grad; left unchanged. device: e.g. "cpu".
    Returns: a list of new leaves on that device that require a gradient; same order, shapes, dtypes and values, memory
    of their own.
    """
    ### BEGIN SOLUTION
    return [p.detach().clone().to(device).requires_grad_() for p in params]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_get_params", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_original = [torch.tensor([1.0, 2.0], requires_grad=True), torch.tensor([[3.0], [4.0]])]
_a, _b = get_params(_original, "cpu"), get_params(_original, "cpu")
check_equal(_a, [torch.tensor([1.0, 2.0]), torch.tensor([[3.0], [4.0]])], "get_params(params, device)")
for _i, _param in enumerate(_a):
    check(_param.requires_grad and _param.is_leaf, f"copy {_i} is not a leaf that requires a gradient.")
with torch.no_grad():
    _a[0][0] = 9.0
check_equal(_original[0], torch.tensor([1.0, 2.0]), "the original after its copy was changed")
check_equal(_b[0], torch.tensor([1.0, 2.0]), "the other copy after the first was changed")
check_equal([p.requires_grad for p in _original], [True, False], "requires_grad of the originals after get_params")
check_equal(
    get_params([torch.tensor([0.1], dtype=torch.float64)], "cpu")[0],
    torch.tensor([0.1], dtype=torch.float64),
    "the copy of a float64 tensor",
    rtol=1e-12,
    atol=0,
)
check_equal(get_params(_original, "meta")[1].device.type, "meta", 'the device of a copy for "meta", a device without memory that every machine has')

# %% [markdown]
# ### 1.2 `split_batch`
#
# *difficulty 1/5 · importance 4/5 · about 8 minutes · 7 points*
#
# Notes: 000 §3.2.1 · 000 §3.2.2
#
# Cut a batch into one shard a device, in order: the first samples to the first device, and so on; and put each shard
# **on its device**. Samples and labels must be cut at the same places.
#
# **Conventions of this course.** The sizes differ by at most one, and the longer shards come first. If there are more
# devices than samples, the last shards are empty. `torch.tensor_split` cuts exactly so. (`torch.chunk` does not: it
# cuts 5 samples for 4 devices into 2, 2, 1, and nobody works on the fourth.)
#
# **By hand.** 7 samples on 3 devices: 3, 2, 2. And 2 samples on 3 devices: 1, 1, 0.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `torch.tensor_split(X, 3)` gives a tuple of three pieces along dimension 0. `zip` pairs them with the devices.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `[shard.to(device) for shard, device in zip(torch.tensor_split(X, len(devices)), devices)]`, and the same for `y`.
# Return both lists.
# </details>
#
# <details><summary>Help: I see "Expected a non cpu device, but got: cpu"</summary>
#
# `nn.parallel.scatter` works on GPUs only. Cut and move by hand: that runs everywhere.
# </details>


# %% nbgrader={"grade": false, "grade_id": "split_batch", "locked": false, "schema_version": 3, "solution": true, "task": false}
def split_batch(X, y, devices):
    """Cut a batch into one shard for each device.

    X: (m, ...) samples. y: (m, ...) labels. Both left unchanged. devices: list of devices.
    Returns: (X_shards, y_shards), two lists as long as devices; shard i is on devices[i]. Sizes differ by at most one,
    longer ones first; the order of the samples is kept.
    """
    ### BEGIN SOLUTION
    X_shards = [shard.to(device) for shard, device in zip(torch.tensor_split(X, len(devices)), devices)]
    y_shards = [shard.to(device) for shard, device in zip(torch.tensor_split(y, len(devices)), devices)]
    return X_shards, y_shards
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_split_batch", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
_X, _y = torch.arange(14.0).reshape(7, 2), torch.arange(7)
_X_shards, _y_shards = split_batch(_X, _y, ["cpu"] * 3)
check_equal([len(s) for s in _X_shards], [3, 2, 2], "the sizes of the shards of 7 samples on 3 devices")
check_equal(torch.cat(list(_X_shards)), _X, "the shards of X put together again")
check_equal(torch.cat(list(_y_shards)), _y, "the shards of y put together again")
check_equal([len(s) for s in split_batch(_X[:2], _y[:2], ["cpu"] * 3)[1]], [1, 1, 0], "the sizes of the shards of 2 samples on 3 devices")
_X, _y = torch.tensor([[5.0], [-2.0], [3.0]]), torch.tensor([2, 0, 1])
for _what, _shards in zip("Xy", split_batch(_X, _y, ["cpu", "meta"])):
    check_equal(
        [s.device.type for s in _shards], ["cpu", "meta"], f'the devices of the shards of {_what} on ["cpu", "meta"] ("meta" is a device without memory)'
    )
check_equal([_X, _y], [torch.tensor([[5.0], [-2.0], [3.0]]), torch.tensor([2, 0, 1])], "X and y after the call")

# %% [markdown]
# ### 1.3 `allreduce`
#
# *difficulty 2/5 · importance 5/5 · about 15 minutes · 9 points*
#
# Notes: 000 §3.2.1 · 000 §3.2.2
#
# The heart of it all: *all-reduce* (全归约). Each device holds a tensor of the same shape; afterwards each of these
# tensors holds the sum of all of them:
#
# $$x_i \leftarrow \sum_{j=0}^{n-1} x_j \qquad \text{for all } i .$$
#
# The tensors change **in place** (原地). The caller has them under other names too (they will be the `.grad` of
# parameters), and must see the sum there. So write *into* each tensor; do not put other tensors into the list.
#
# The plainest way is good enough here: add everything up on device 0, then copy the sum to all others. A tensor must be
# moved to the other one's device, `x.to(other.device)`, before the two can be added; `copy_` moves by itself.
#
# **By hand.** Three devices hold `[1, 2]`, `[10, 20]`, `[100, 200]`. Afterwards each holds `[111, 222]`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `data[i] = total` changes the *list*: its slot $i$ now points at another tensor. `data[i][:] = total` and
# `data[i].copy_(total)` change the *tensor*.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# A first loop over `data[1:]` does `data[0] += x.to(data[0].device)`. A second one does `x.copy_(data[0])`.
# </details>
#
# <details><summary>Help: I see the sum in the list, but the check says that the tensors have not changed</summary>
#
# The check looks at the tensors themselves, by other names. You have filled the list with new ones: see hint 1.
# </details>


# %% nbgrader={"grade": false, "grade_id": "allreduce", "locked": false, "schema_version": 3, "solution": true, "task": false}
def allreduce(data):
    """Replace every tensor of a list by the sum of them all, in place.

    data: list of tensors of one shape and dtype, each on a device of its own; afterwards all hold the sum. The tensor
    objects, their memory and their devices stay what they are.
    """
    ### BEGIN SOLUTION
    total, *others = data
    for x in others:
        total += x.to(total.device)
    for x in others:
        x.copy_(total)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_allreduce", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
_x, _y, _z = torch.tensor([1.0, 2.0]), torch.tensor([10.0, 20.0]), torch.tensor([100.0, 200.0])
allreduce([_x, _y, _z])
check_equal(_x, torch.tensor([111.0, 222.0]), "the tensor of device 0 after allreduce")
check_equal(_y, torch.tensor([111.0, 222.0]), "the tensor of device 1 after allreduce")
check_equal(_z, torch.tensor([111.0, 222.0]), "the tensor of device 2 after allreduce")
_x += 1
check_equal(_z, torch.tensor([111.0, 222.0]), "the tensor of device 2 after that of device 0 was changed")
_x, _y = torch.tensor([[1.0, 2.0], [3.0, 0.1]], dtype=torch.float64).T, torch.tensor([[-4.0, 0.5], [6.0, 0.2]], dtype=torch.float64)
allreduce([_x, _y])
_sum = torch.tensor([[-3.0, 3.5], [8.0, 0.3]], dtype=torch.float64)
check_equal([_x, _y], [_sum, _sum], "two float64 tensors, the first of them transposed, after allreduce", rtol=1e-12, atol=0)

# %% [markdown]
# ### 1.4 `train_batch`
#
# *difficulty 3/5 · importance 5/5 · about 25 minutes · 12 points*
#
# Notes: 000 §3.2.1 · 000 §3.2.2
#
# Now one step of stochastic gradient descent on $n$ devices. It shall be **the same step that one device makes with the
# whole batch**, to rounding: on the *mean* loss of all $m$ samples,
#
# $$w \leftarrow w - \frac{\eta}{m} \sum_{i=1}^{m} \frac{\partial \ell_i}{\partial w} .$$
#
# A sum does not care who adds up which part of it. So each device takes the **sum** of the losses of its shard, and the
# division by $m$, the size of the *whole* batch, comes last. The learning rate (学习率) $\eta$ stays what it is, however
# many devices there are.
#
# 1. `split_batch` the batch;
# 2. for each device: clear the old gradients of its parameters, put its shard through `net` with its own copy of the
#    parameters, sum up the `loss`, go backward;
# 3. `allreduce` the gradients, parameter by parameter: those of the first parameter on all devices, then those of the
#    second, …;
# 4. on every device step **in place** (原地), under `torch.no_grad()`: $p \leftarrow p - \frac{\eta}{m}\, g$.
#
# Use the `net(X, params)` and `loss(scores, y)` from the top of this notebook, and your own `split_batch` and
# `allreduce`. (While the grader marks this exercise it puts right ones in their place.) Afterwards the parameters are equal
# on all devices. Nothing is returned, and what the `.grad` of the parameters holds at the end is up to you. A shard may be
# empty: the sum of no losses is 0, and gives gradients of 0.
#
# **By hand.** One weight $w = 1$, $\text{net} = wx$, a loss of $\tfrac12 (wx)^2$ a sample, so the gradient of a sample
# is $w x^2$. The batch is $x = 1, 2, 3$: gradients $1, 4, 9$. On two devices with shards $(1, 2)$ and $(3)$ the sums
# are $5$ and $9$; all-reduce makes both $14$; with $\eta = 0.3$ both weights become $1 - 0.3 \cdot 14 / 3 = -0.4$. Had
# each device taken the mean of its shard, $2.5$ and $9$, and the two the mean of these, $5.75$, the odd sample would
# have counted double.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `device_params[c][i]` is parameter $i$ on device $c$. `zip(*device_params)` turns this round: for each parameter, the
# tuple of its copies.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# For each `X_shard, y_shard, params` of the `zip`: set `p.grad = None` for all `p`, then
# `loss(net(X_shard, params), y_shard).sum().backward()`. Then, under `no_grad`, for each `copies` in `zip(*device_params)`:
# `allreduce([p.grad for p in copies])`, and for each `p`: `p -= lr / len(X) * p.grad`.
# </details>
#
# <details><summary>Help: I see the right first step, and a wrong second one</summary>
#
# The gradients of the first step are still there, and `backward` adds to what it finds. Clear them, on all devices.
# </details>
#
# <details><summary>Help: I see a wrong step only if the batch is odd</summary>
#
# Is there a `mean()` over a shard? Shards differ in size, and one may even be empty.
# </details>


# %% nbgrader={"grade": false, "grade_id": "train_batch", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_batch(X, y, device_params, devices, lr):
    """One step of SGD on the mean loss of a batch, computed by several devices; all copies of the parameters move alike.

    X: (m, ...) samples. y: (m,) labels. Both left unchanged. device_params: for each device the list of its parameters,
    leaves, all copies equal; they change in place. devices: list of as many devices. lr: float.
    """
    ### BEGIN SOLUTION
    X_shards, y_shards = split_batch(X, y, devices)
    for X_shard, y_shard, params in zip(X_shards, y_shards, device_params):
        for p in params:
            p.grad = None
        loss(net(X_shard, params), y_shard).sum().backward()
    with torch.no_grad():
        for copies in zip(*device_params):
            allreduce([p.grad for p in copies])
            for p in copies:
                p -= lr / len(X) * p.grad
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_train_batch", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
_generator = torch.Generator().manual_seed(20)
_start = [0.5 * torch.randn(size, generator=_generator) for size in [(4, 6), (6,), (6, 3), (3,)]]
_X, _y = torch.randn(5, 4, generator=_generator), torch.tensor([0, 2, 1, 1, 0])
_devices = ["cpu", "cpu"]
_copies = [[p.clone().requires_grad_() for p in _start] for _ in _devices]
_whole = [p.clone().requires_grad_() for p in _start]
for _step in ("the first step", "the second step"):
    train_batch(_X, _y, _copies, _devices, 0.5)
    _gradients = torch.autograd.grad(loss(net(_X, _whole), _y).mean(), _whole)
    _whole = [(p - 0.5 * g).detach().requires_grad_() for p, g in zip(_whole, _gradients)]
    for _rank in range(2):
        for _i in range(4):
            check_equal(_copies[_rank][_i], _whole[_i], f"parameter {_i} on device {_rank} after {_step}")
_objects = [p for params in _copies for p in params]
train_batch(_X[:1], _y[:1], _copies, _devices, 0.5)
check(all(p is q for p, q in zip(_objects, (p for params in _copies for p in params))), "train_batch put new tensors into the lists: step in place.")
_gradients = torch.autograd.grad(loss(net(_X[:1], _whole), _y[:1]).mean(), _whole)
check_equal(_objects[4], _whole[0] - 0.5 * _gradients[0], "parameter 0 on device 1 after a batch of one sample, of which device 1 has none")

# %% [markdown]
# **Four devices, one curve.** A network learns to read digits, in batches of 50, once on one device and once on four.
# The two curves lie on top of each other: four devices change the time, not the path. (On the CPU the four take turns,
# so there is nothing to gain yet. About 3 seconds.)

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_training", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# torch.set_num_threads(1)  # the tensors are small: a second thread would only get in the way
# X_train, y_train, X_test, y_test = digits()
#
#
# def digit_params():
#     torch.manual_seed(0)
#     return [0.1 * torch.randn(64, 64), torch.zeros(64), 0.1 * torch.randn(64, 10), torch.zeros(10)]
#
#
# curves = {}
# for n in (1, 4):
#     devices = all_devices(n)
#     device_params = [get_params(digit_params(), device) for device in devices]
#     losses = []
#     for epoch in range(15):
#         generator = torch.Generator().manual_seed(epoch)
#         for X, y in batches(X_train, y_train, 50, shuffle=True, generator=generator):
#             train_batch(X, y, device_params, devices, 0.3)
#         with torch.no_grad():
#             losses.append(loss(net(X_test.to(devices[0]), device_params[0]), y_test.to(devices[0])).mean().item())
#     curves[f"{n} device{'s' if n > 1 else ''}"] = losses
# figure, axes = plt.subplots(figsize=(6.4, 3.8), layout="constrained")
# for (name, curve), style in zip(curves.items(), ("-", "--"), strict=True):
#     axes.plot(range(1, 16), curve, style, linewidth=5 if style == "-" else 2, color="lightskyblue" if style == "-" else "black", label=name)
# axes.set(xlabel="epoch", ylabel="test loss", title="One device and four take the same path")
# axes.legend()
# plt.show()
# difference = max(abs(a - b) for a, b in zip(*curves.values()))
# print(f"largest difference of the two curves: {difference:.1e}")

# %% [markdown]
# ## 2 · How few bytes will do?
#
# Your `allreduce` sends everything to device 0 and everything back. With a hundred devices, a hundred tensors press
# through the one wire of device 0, while all other wires lie idle. There is a way in which every wire carries the same,
# and as little as possible.
#
# ### 2.1 `ring_allreduce`
#
# *difficulty 4/5 · importance 4/5 · about 40 minutes · 13 points*
#
# Notes: 000 §3.2.1 · 000 §3.3
#
# Put the ranks in a ring (环): each sends only to its right neighbour, rank $r$ to rank $(r + 1) \bmod n$. Cut the
# tensor of every rank into $n$ **chunks**, in the same way on all of them. Two rounds follow, of $n - 1$ steps each; in
# each step *every rank sends one chunk* to its right neighbour:
#
# * **reduce-scatter**: in step $s = 0, \dots, n - 2$ rank $r$ sends its chunk $(r - s) \bmod n$, and the neighbour
#   **adds** it to its own chunk of that number. Afterwards each rank holds one chunk that is finished: rank $r$ has the
#   full sum of chunk $(r + 1) \bmod n$.
# * **all-gather**: in step $s = 0, \dots, n - 2$ rank $r$ sends its chunk $(r + 1 - s) \bmod n$, which is finished, and
#   the neighbour **overwrites** its own with it.
#
# Each rank has then sent $2 (n - 1)$ chunks of $N / n$ numbers: less than $2 N$, however many ranks there are.
#
# Here all ranks live in one process: `ranks` is the list of their tensors, and a given function plays the wire.
# `received = send(src, dst, chunk)` carries a tensor from rank `src` to rank `dst` and returns what arrives there: a
# **copy**, which you then add or write into the tensor of `dst`. Every message is counted. What a rank learns of the
# others it must learn through `send`.
#
# The tensors of the list change in place. Any length goes, also one that $n$ does not divide, and one shorter than $n$:
# some chunks are then empty, and you may send them or not. `torch.tensor_split(x, n)` cuts `x` into $n$ chunks that are
# **views**: what is written into a chunk is written into `x`.
#
# **By hand.** Three ranks, three chunks of one number each. In each step a number moves one row down (from the last to
# the first), and what has just changed is bold:
#
# | | start | step 1 | step 2 | step 3 | step 4 |
# |---|---|---|---|---|---|
# | rank 0 | 1, 2, 3 | 1, 2, **303** | 1, **222**, 303 | **111**, 222, 303 | 111, 222, **333** |
# | rank 1 | 10, 20, 30 | **11**, 20, 30 | 11, 20, **333** | 11, **222**, 333 | **111**, 222, 333 |
# | rank 2 | 100, 200, 300 | 100, **220**, 300 | **111**, 220, 300 | 111, 220, **333** | 111, **222**, 333 |
#
# Steps 1 and 2 add, steps 3 and 4 overwrite. 12 messages of one number each; every rank has sent 4.
#
# <details><summary>Hint 1: a nudge</summary>
#
# First make `chunks`, so that `chunks[r][c]` is chunk `c` on rank `r`. Then two pairs of loops: steps outside, ranks
# inside. Follow rank 0 through the table with your formula before you run anything.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# In the first pair: `c = (r - step) % n`, `dst = (r + 1) % n`, and `chunks[dst][c].add_(send(r, dst, chunks[r][c]))`. In
# the second: `c = (r + 1 - step) % n`, and `copy_` in place of `add_`.
# </details>
#
# <details><summary>Help: I see "'tuple' object does not support item assignment"</summary>
#
# `chunks[dst][c] += …` adds in place *and* assigns, and a tuple takes no assignment. `chunks[dst][c].add_(…)` only adds.
# </details>
#
# <details><summary>Help: I see some chunks that are too large</summary>
#
# Something was added twice: does the second round add where it should overwrite? Or does it begin with the wrong
# chunk? It begins with the finished one, $(r + 1) \bmod n$.
# </details>


# %% nbgrader={"grade": false, "grade_id": "ring_allreduce", "locked": false, "schema_version": 3, "solution": true, "task": false}
def ring_allreduce(ranks, send):
    """All-reduce around a ring: every tensor of the list becomes the sum of all, in place, by messages between neighbours.

    ranks: list of n 1-D tensors of one length and dtype, one a rank; they change in place. send: (src, dst, chunk) -> what
    arrives at rank dst, a new tensor like chunk. Each rank sends 2(n - 1) chunks of about 1/n of its tensor, all to the
    same neighbour. With n = 1 nothing is sent.
    """
    ### BEGIN SOLUTION
    n = len(ranks)
    chunks = [torch.tensor_split(x, n) for x in ranks]
    for step in range(n - 1):
        for r in range(n):
            c, dst = (r - step) % n, (r + 1) % n
            chunks[dst][c].add_(send(r, dst, chunks[r][c]))
    for step in range(n - 1):
        for r in range(n):
            c, dst = (r + 1 - step) % n, (r + 1) % n
            chunks[dst][c].copy_(send(r, dst, chunks[r][c]))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_ring_allreduce", "locked": true, "points": 13, "schema_version": 3, "solution": false, "task": false}
_messages = []


def _send(src, dst, chunk):
    _messages.append((src, dst, chunk.numel(), chunk.dtype))
    return chunk.clone()


def _send_badly(src, dst, chunk):
    return chunk + 1000.0 if src == 1 else chunk.clone()  # a fault on one wire, that must show


_ranks = [torch.tensor([1.0, 2.0, 3.0]), torch.tensor([10.0, 20.0, 30.0]), torch.tensor([100.0, 200.0, 300.0])]
ring_allreduce(_ranks, _send)
for _r in range(3):
    check_equal(_ranks[_r], torch.tensor([111.0, 222.0, 333.0]), f"the tensor of rank {_r}")
check_equal(len(_messages), 12, "the number of messages of 3 ranks")
check(all(_size == 1 for _, _, _size, _ in _messages), "With 3 ranks and 3 numbers each message should carry 1 number.")
check(len({(_dst - _src) % 3 for _src, _dst, _, _ in _messages}) == 1, "A rank sends to its right neighbour only.")
check(all(_dtype == torch.float32 for *_, _dtype in _messages), "The messages should have the dtype of the tensors, float32.")
_ranks = [torch.tensor([5.0 + _r]) for _r in range(4)]
ring_allreduce(_ranks, _send)
check_equal(_ranks, [torch.tensor([26.0])] * 4, "the tensors of 4 ranks with 1 number each")
_mine = [torch.tensor([0.1, -2.0, 3.0, 4.0, 5.0], dtype=torch.float64), torch.tensor([0.2, 7.0, -1.0, 0.0, 2.0], dtype=torch.float64)]
ring_allreduce(list(_mine), _send)
_sum = torch.tensor([0.3, 5.0, 2.0, 4.0, 7.0], dtype=torch.float64)
check_equal(_mine, [_sum, _sum], "two float64 tensors with 5 numbers, by the names that their owners have for them,", rtol=1e-12, atol=0)
_ranks = [torch.tensor([1.0, 2.0, 3.0]), torch.tensor([10.0, 20.0, 30.0]), torch.tensor([100.0, 200.0, 300.0])]
ring_allreduce(_ranks, _send_badly)
check(max(_x.max() for _x in _ranks) > 900, "What send returns is thrown away: what a rank learns of the others it must learn through send.")

# %% [markdown]
# **The steps of your ring, in pictures.** Each rank starts with a 1 in every place, so each number below says how many
# ranks have been added up in that chunk. A frame marks the chunks that have just changed. In the first three steps the
# sums grow, in the last three the finished ones are handed round. (Under a second.)

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_ring", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# n = 4
# ranks = [torch.ones(n) for _ in range(n)]
# pictures, sent = [], 0
#
#
# def filmed_send(src, dst, chunk):
#     global sent
#     if sent % n == 0:  # each rank has sent once: the next step begins
#         pictures.append(torch.stack(ranks))
#     sent += 1
#     return chunk.clone()
#
#
# ring_allreduce(ranks, filmed_send)
# pictures.append(torch.stack(ranks))
# figure, grid = plt.subplots(1, len(pictures), figsize=(2 * len(pictures), 2.9), sharey=True, layout="constrained")
# for step, (axes, picture) in enumerate(zip(grid, pictures)):
#     axes.imshow(picture, cmap="Blues", vmin=0, vmax=n)
#     for r in range(n):
#         for c in range(n):
#             colour = "white" if picture[r, c] > n / 2 else "black"
#             axes.text(c, r, f"{picture[r, c]:.0f}", ha="center", va="center", color=colour)
#             if step > 0 and picture[r, c] != pictures[step - 1][r, c]:
#                 frame = plt.Rectangle((c - 0.46, r - 0.46), 0.92, 0.92, fill=False, edgecolor="darkorange", linewidth=2.5)
#                 axes.add_patch(frame)
#     title = "start" if step == 0 else f"step {step}: {'add' if step < n else 'overwrite'}"
#     axes.set_title(title, fontsize=10)
#     axes.set(xlabel="chunk", xticks=range(n), yticks=range(n))
# grid[0].set_ylabel("rank")
# figure.suptitle("How many ranks are summed up in each chunk")
# plt.show()

# %% [markdown]
# ### 2.2 `communication_time`
#
# *difficulty 2/5 · importance 3/5 · about 12 minutes · 8 points*
#
# Notes: 000 §3.3
#
# What does it cost? A message of $b$ bytes over one link takes $\alpha + b / \beta$ seconds: the latency (延迟) $\alpha$,
# which every message pays, and the time on the wire at a bandwidth (带宽) of $\beta$ bytes a second. Messages in the
# *same* step over *different* links travel at the same time. $n$ devices each hold $B$ bytes, and want the sum:
#
# | method | steps | bytes through one link in a step | seconds |
# |---|---|---|---|
# | `"ring"` | $2 (n - 1)$ | $B / n$ | $2 (n - 1) \left(\alpha + \dfrac{B}{n \beta}\right)$ |
# | `"tree"`: in pairs up to the root, and down again | $2 \lceil \log_2 n \rceil$ | $B$ | $2 \lceil \log_2 n \rceil \left(\alpha + \dfrac{B}{\beta}\right)$ |
# | `"server"`: all to a parameter server (参数服务器), and back | $2$ | $n B$, through the server's one link | $2 \left(\alpha + \dfrac{n B}{\beta}\right)$ |
#
# The server is a machine besides the $n$ devices. One device alone, $n = 1$, has nobody to talk to: 0 seconds, whatever
# the method. Another method raises a `ValueError` (for $n = 1$ you may do so, or return 0).
#
# **By hand.** $B = 10^8$ bytes (25 million weights), $n = 4$, $\beta = 10^{10}$ bytes a second, $\alpha = 10^{-5}$ s.
# Ring: $6 \cdot (10^{-5} + 0.0025) = 0.01506$ s. Tree: $4 \cdot (10^{-5} + 0.01) = 0.04004$ s. Server:
# $2 \cdot (10^{-5} + 0.04) = 0.08002$ s.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Deal with $n = 1$ first; then one `if` a method. `math.log2` and `math.ceil` are there for you.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `steps = 2 * math.ceil(math.log2(n))` for the tree, `steps * (latency + num_bytes / bandwidth)`. The other two likewise.
# </details>
#
# <details><summary>Help: I see 0.02008 for the ring</summary>
#
# There are $n - 1$ steps down and $n - 1$ round, not $n$: the last neighbour needs nothing from you.
# </details>


# %% nbgrader={"grade": false, "grade_id": "communication_time", "locked": false, "schema_version": 3, "solution": true, "task": false}
def communication_time(num_bytes, n, bandwidth, latency, method):
    """Seconds that an all-reduce takes.

    num_bytes: bytes that each device holds. n: number of devices, at least 1. bandwidth: bytes a second of one link.
    latency: seconds a message. method: "ring", "tree" or "server". Returns: float. Raises ValueError for another method.
    """
    ### BEGIN SOLUTION
    if method not in ("ring", "tree", "server"):
        raise ValueError(f"unknown method {method!r}")
    if n == 1:
        return 0.0
    steps = {"ring": 2 * (n - 1), "tree": 2 * math.ceil(math.log2(n)), "server": 2}[method]
    bytes_a_step = {"ring": num_bytes / n, "tree": num_bytes, "server": n * num_bytes}[method]
    return steps * (latency + bytes_a_step / bandwidth)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_communication_time", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
for _method, _seconds in {"ring": 0.01506, "tree": 0.04004, "server": 0.08002}.items():
    check_equal(communication_time(1e8, 4, 1e10, 1e-5, _method), _seconds, f"the seconds of the example by {_method}")
    check_equal(communication_time(1e8, 1, 1e10, 1e-5, _method), 0.0, f"the seconds of one device by {_method}")
check_equal(communication_time(2e6, 5, 1e9, 0.5, "tree"), 3.012, 'the seconds of 5 devices by "tree", 2 MB, 1 GB/s, half a second of latency')
_error = "no error"
try:
    communication_time(2e6, 3, 1e9, 0.5, "pigeon")
except Exception as error:
    _error = type(error).__name__
check_equal(_error, "ValueError", 'what the method "pigeon" raises for 3 devices')

# %% [markdown]
# **Who wins?** On the left 100 MB over a fast link: the server's time grows with every device, the tree's with every
# doubling, and the ring levels off at about $2 B / \beta = 20$ ms. On the right 1 kB: now latency is nearly all there is,
# and the ring has the most steps. This is why libraries choose by the size of the message. (Both axes are logarithmic.
# About a second.)

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_time", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# sizes = [2, 4, 8, 16, 32, 64]
# figure, grid = plt.subplots(1, 2, figsize=(11, 3.8), layout="constrained")
# for axes, (num_bytes, name) in zip(grid, ((1e8, "100 MB"), (1e3, "1 kB"))):
#     for method in ("server", "tree", "ring"):
#         axes.plot(sizes, [1e3 * communication_time(num_bytes, n, 1e10, 1e-5, method) for n in sizes], marker="o", label=method)
#     axes.set_xscale("log", base=2)
#     axes.set_yscale("log")
#     axes.set_xticks(sizes, sizes)
#     axes.set(xlabel="number of ranks", ylabel="milliseconds", title=f"All-reduce of {name}")
#     axes.grid(alpha=0.3)
#     axes.legend()
# plt.show()

# %% [markdown]
# ### 2.3 A question on paper
#
# Extra credit, marked by hand. Formulas in LaTeX, plain text or a photograph of your paper: all are welcome.
#
# **Question 1 (up to 7 points): nobody can do better.** (a) Derive from the steps of 2.1 how many numbers each rank
# sends in all, for $n$ ranks and $N$ numbers that $n$ divides. (b) To what does this tend as $n$ grows, and what does
# it say about the time of a ring on a slow network with many machines? (c) Show that *any* all-reduce must send at
# least $2 (n - 1) N$ numbers in total if ranks may only add and pass on, and conclude that the ring is optimal. (Hint:
# look at one position of the tensor, at the moment when the first rank knows its total. How many messages have arrived
# by then, and how many must still come?) (d) And inside a machine: a number in the first cache comes after 0.5 ns, in the second after 7 ns,
# in memory after 100 ns. How long does an access take on average if 90 % of them hit the first cache, and 95 % of the others the second? And
# why is walking along the rows of a large matrix faster than walking down its columns?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_ring", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) A chunk has $N/n$ numbers. Each rank sends one chunk a step, in $n - 1$ steps of reduce-scatter and
# $n - 1$ steps of all-gather: $2 (n - 1) N / n$ numbers.
#
# (b) $2 (1 - 1/n) N \to 2N$. The time on the wire is bounded, it hardly grows with the number of machines. What does
# grow is the number of steps, $2 (n - 1)$, and each costs one latency: on small messages the ring is slow.
#
# (c) Take one position, and count a message when it arrives. Look at the moment at which the first rank knows the
# total. The number of each of the other $n - 1$ ranks must have left it, so at least $n - 1$ messages have arrived. No
# other rank knows the total yet, so each of the other $n - 1$ must still receive at least one. Together at least
# $2 (n - 1)$ messages a position, and as a message carries one number for each position, $2 (n - 1) N$ numbers in all.
# The ring sends $n \cdot 2 (n - 1) N / n = 2 (n - 1) N$: exactly that, and the same share on every rank.
#
# (d) $0.9 \cdot 0.5 + 0.1 \cdot (0.95 \cdot 7 + 0.05 \cdot 100) = 1.615$ ns. (Who adds the time of the caches that were asked in vain gets
# a little more; that is right as well.) A row lies in memory number behind number, and memory is fetched in lines of, say, 64 bytes: along a row
# one fetch serves 16 numbers of float32. Down a column every number lies in another line, and 15 of 16 fetched numbers are not used.
#
# **Marking scheme.** 1 point: (a) with its derivation. 1 point: (b) limit $2N$. 1 point: latency grows with $n$. 1
# point: (c) $n - 1$ messages until the first rank can know the total. 1 point: $n - 1$ more, and the comparison. 1 point: (d) the average. 1
# point: lines of neighbours.
# ### END SOLUTION

# %% [markdown]
# ## 3 · Real processes
#
# So far all ranks sat in one process and saw each other's memory. On a cluster each rank is a process of its own, often
# on a machine of its own, and knows nothing of the others but what it is sent. `torch.distributed` is the post office:
#
# | call | what it does |
# |---|---|
# | `dist.get_rank()`, `dist.get_world_size()` | who am I, and how many are we? |
# | `dist.send(tensor, dst)` | sends, and **waits until rank `dst` takes it** |
# | `dist.recv(tensor, src)` | waits for a message from rank `src`, and writes it into `tensor` (same size and dtype) |
# | `request = dist.isend(tensor, dst)` | begins to send, and goes on at once; `request.wait()` waits for the end |
# | `request = dist.irecv(tensor, src)` | likewise for receiving |
# | `dist.all_reduce(tensor)` | the sum of all ranks' tensors, in place, on all ranks |
#
# All ranks run **the same function**; only their rank differs. The helper below, `run_ranks(function, n)`, starts $n$
# real processes on this machine, joined by the backend *gloo* over the machine's own loopback, calls `function()` in
# each, and returns the list of their results. It is plumbing: you need not read it. On machines with several GPUs
# `run_ranks(function, n, backend="nccl")` joins them by NVIDIA's library, if the tensors are on the GPU of the rank.

# %% nbgrader={"grade": false, "grade_id": "run_ranks", "locked": true, "schema_version": 3, "solution": false, "task": false}
import linecache
import multiprocessing
import os
import pickle
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from functools import partial


def run_ranks(function, n, seconds=15.0, backend="gloo"):
    """Call function() in n new processes that form one group of torch.distributed; return their results, rank by rank.

    Raises RuntimeError when a rank fails or ends too early, or when they have not all ended after so many seconds: with a
    sentence that says which rank waits for what.
    """
    with tempfile.TemporaryDirectory() as folder:
        ranks = [_start(partial(_one_rank, function, rank, n, folder, seconds, backend)) for rank in range(n)]
        latest = time.time() + seconds + 60.0  # a new Python may need a while before its own clock starts
        while any(_is_alive(process) and _read(folder, "place", rank) is None for rank, process in enumerate(ranks)) and time.time() < latest:
            time.sleep(0.01)
        alive = [_is_alive(process) for process in ranks]
        results, places = ([_read(folder, kind, rank) for rank in range(n)] for kind in ("result", "place"))
        for process in ranks:  # only now: when one of them goes, others that wait for it fail
            process.kill()
            process.join() if hasattr(process, "join") else process.wait()
    gone = [rank for rank in range(n) if results[rank] is None and not alive[rank]]
    if gone:
        raise RuntimeError(f"Rank {gone[0]} has ended its process in the middle, without a result.")
    failed = sorted((result["when"], rank) for rank, result in enumerate(results) if result and "error" in result)
    if failed:
        first = results[failed[0][1]]
        raise RuntimeError(f"Rank {failed[0][1]} failed: {first['error']}{_line(first)}")
    if None in results:
        stands = ["is done" if result else f"{place['does']}{_line(place)}" if place else "is not done" for result, place in zip(results, places)]
        raise RuntimeError(f"No end after {seconds:g} s: " + "; ".join(f"rank {rank} {words}" for rank, words in enumerate(stands)) + ".")
    return [result["value"] for result in results]


def _start(work):
    """A new process: a fork of this one where that is safe, else a fresh Python that is told what to do (some seconds slower)."""
    if sys.platform == "linux" and not torch.cuda.is_available():
        torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.0)  # its first use takes a second: here, and not in every process
        process = multiprocessing.get_context("fork").Process(target=work)
        process.start()
        return process
    try:
        import cloudpickle
    except ImportError:  # older versions of joblib, which scikit-learn brings, have one inside
        from joblib.externals import cloudpickle

    process = subprocess.Popen([sys.executable, "-c", "import pickle, sys; pickle.load(sys.stdin.buffer)()"], stdin=subprocess.PIPE)
    process.stdin.write(cloudpickle.dumps(work))
    process.stdin.close()
    return process


def _is_alive(process):
    return process.is_alive() if hasattr(process, "is_alive") else process.poll() is None


def _one_rank(function, rank, n, folder, seconds, backend):
    """What each new process does."""
    torch.set_num_threads(1)
    threading.Thread(target=_watch, args=(folder, rank, seconds), daemon=True).start()
    loopback = {"linux": "lo", "darwin": "lo0"}.get(sys.platform)
    if loopback:
        os.environ["GLOO_SOCKET_IFNAME"] = loopback
    try:
        if backend == "nccl":
            torch.cuda.set_device(rank)
        store = dist.FileStore(os.path.join(folder, "store"), n)
        dist.init_process_group(backend, store=store, rank=rank, world_size=n)
        result = {"value": function()}
    except BaseException as error:
        cells = [(f.filename, f.lineno) for f in traceback.extract_tb(error.__traceback__) if _is_cell(f.filename) and f.name != "_one_rank"]
        result = {"error": f"{type(error).__name__}: {error}", "when": time.time(), "at": cells[-1] if cells else None}
    _write(folder, "result", rank, result)
    while "value" in result and any(_read(folder, "result", other) is None for other in range(n)):
        time.sleep(0.005)  # stay until all are done: what this rank sent may still be on its way


def _watch(folder, rank, seconds):
    """Beside the work of a rank: writes down, after so many seconds, in which line it stands and what for."""
    time.sleep(seconds)
    frame, does = sys._current_frames()[threading.main_thread().ident], "is not done"
    while frame is not None and not _is_cell(frame.f_code.co_filename):
        name, given = frame.f_code.co_name, frame.f_locals
        if name in ("send", "isend") and given.get("dst") is not None:
            does = f"waits for rank {given['dst']} to take a message"
        elif name in ("recv", "irecv") and "src" in given:
            does = "waits for a message of " + ("any rank" if given["src"] is None else f"rank {given['src']}")
        elif name in ("all_reduce", "reduce", "broadcast", "all_gather", "barrier"):
            does = f"waits for the others to call {name}"
        frame = frame.f_back
    _write(folder, "place", rank, {"does": does, "at": frame and (frame.f_code.co_filename, frame.f_lineno)})


def _is_cell(filename):
    return "ipython-input" in filename or "ipykernel" in filename


def _line(place):
    return f" (line {place['at'][1]}, `{linecache.getline(*place['at']).strip()}`)" if place["at"] else ""


def _write(folder, kind, rank, value):
    path = os.path.join(folder, f"{kind}{rank}")
    with open(path + ".new", "wb") as file:
        pickle.dump(value, file)
    os.replace(path + ".new", path)


def _read(folder, kind, rank):
    path = os.path.join(folder, f"{kind}{rank}")
    if not os.path.exists(path):
        return None
    with open(path, "rb") as file:
        return pickle.load(file)


# %% [markdown]
# ### 3.1 `dist_allreduce`
#
# *difficulty 4/5 · importance 4/5 · about 40 minutes · 13 points*
#
# Notes: 000 §3.3
#
# All-reduce again, now as each rank sees it: it has *one* tensor, its own, and messages. The sum of all ranks' tensors
# is to stand in this tensor, in place, on **every** rank; with `mean=True` it is the sum divided by the number of
# ranks. Use `send`, `recv`, `isend` and `irecv` only.
#
# Any way that uses only these is fine. Two of them: *Through rank 0*: all others send their tensor to it, it adds them up, and sends the sum back.
# Or your *ring* of 2.1: in step $s$ of all $2 (n - 1)$, rank $r$ sends chunk $(r - s) \bmod n$ to the right and
# receives chunk $(r - s - 1) \bmod n$ from the left; in the first half it adds, then it overwrites.
#
# **Beware of the deadlock (死锁).** `send` waits until the other side takes the message. If *all* ranks begin with
# `send`, nobody takes anything, and all wait for ever. So in a ring begin with `isend`, then `recv`, and only then
# `wait()` for the request. And do not change a tensor that is still being sent.
#
# **By hand.** Two ranks hold `[1., 2.]` and `[10., 20.]`. Afterwards both hold `[11., 22.]`, and with `mean=True`
# `[5.5, 11.]`.
#
# **From scratch:** `dist.all_reduce` and the other collective calls (`reduce`, `broadcast`, `gather`, …) are off limits
# here.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `recv` writes into a tensor that you give it, and would overwrite your own numbers: give it an empty one,
# `torch.empty_like(…)`, and add that. Through rank 0 it is one `if` with two branches; write down who sends what to whom, and who
# takes it: for each `send` there must be a `recv` on the other side, in the same order.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Through rank 0. On rank 0: for each other rank `recv` into a buffer and `tensor += buffer`; then `send(tensor, r)` to each
# of them. On the others: `send(tensor, 0)`, then `recv(tensor, 0)`. At the end, on all ranks: if `mean`, divide in
# place. The ring: `chunks = torch.tensor_split(tensor.view(-1), n)`; in each step `request = dist.isend(outgoing, right)`,
# `dist.recv(received, left)`, `request.wait()`, then `incoming.add_(received)` or `incoming.copy_(received)`.
# </details>
#
# <details><summary>Help: I see "No end after 15 s: rank 0 waits for …"</summary>
#
# That is a deadlock, and the sentence says what each rank waits for, and in which line of the cell. Is every one of them
# at a `send`? Then nobody is at a `recv`. Is one of them at a `recv`? Then look for the `send` that it waits for: to this
# rank, and not skipped by an `if`.
# </details>
#
# <details><summary>Help: I see the sum on rank 0 only</summary>
#
# Half of the work is still to be done: the sum must travel back. And on the other ranks it must arrive in `tensor` itself,
# not in a variable that is forgotten when the function ends.
# </details>


# %% nbgrader={"grade": false, "grade_id": "dist_allreduce", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dist_allreduce(tensor, mean=False):
    """The sum (or mean) of the tensors of all ranks, in place, on every rank; by send and recv only.

    tensor: this rank's, contiguous, of any shape, without a graph; same shape and dtype on all ranks, floating for a mean.
    mean: divide the sum by the number of ranks. Works for any number of ranks, 1 among them.
    """
    ### BEGIN SOLUTION
    rank, n = dist.get_rank(), dist.get_world_size()
    chunks = torch.tensor_split(tensor.view(-1), n)
    for step in range(2 * (n - 1)):
        outgoing, incoming = chunks[(rank - step) % n], chunks[(rank - step - 1) % n]
        received = torch.empty_like(incoming)
        request = dist.isend(outgoing, (rank + 1) % n)
        dist.recv(received, (rank - 1) % n)
        request.wait()
        if step < n - 1:
            incoming.add_(received)
        else:
            incoming.copy_(received)
    if mean:
        tensor /= n
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_dist_allreduce", "locked": true, "points": 13, "schema_version": 3, "solution": false, "task": false}
def _sum_and_mean():
    def off_limits(*args, **kwargs):
        raise RuntimeError("collective calls are off limits here: use send, recv, isend and irecv.")

    for name in ("all_reduce", "reduce", "broadcast", "all_gather", "gather", "scatter", "reduce_scatter"):  # in this process only
        setattr(dist, name, off_limits)
    results = []
    for mean, dtype in ((False, torch.float32), (True, torch.float32), (False, torch.float64)):
        tensor = torch.tensor([1.0, 2.0], dtype=dtype) * 10 ** dist.get_rank() + (1e-9 if dtype == torch.float64 else 0)
        dist_allreduce(tensor, mean=mean)
        results.append(tensor)
    return results


if __name__ == "__main__":  # in a notebook, that is
    for _n in (2, 3):
        _sum = torch.tensor([11.0, 22.0]) if _n == 2 else torch.tensor([111.0, 222.0])
        for _rank, _results in enumerate(run_ranks(_sum_and_mean, _n)):
            check_equal(_results[0], _sum, f"the tensor of rank {_rank} of {_n} after dist_allreduce(tensor)")
            check_equal(_results[1], _sum / _n, f"the tensor of rank {_rank} of {_n} after dist_allreduce(tensor, mean=True)")
            check_equal(_results[2], _sum.double() + _n * 1e-9, f"the float64 tensor of rank {_rank} of {_n} after dist_allreduce(tensor)", rtol=1e-13, atol=0)

# %% [markdown]
# ### 3.2 `ddp_train_step`
#
# *difficulty 3/5 · importance 5/5 · about 15 minutes · 8 points*
#
# Notes: 000 §3.3
#
# The step of 1.4, as each rank sees it; this is what `DistributedDataParallel` does. The rank has its own copy of the
# parameters, and has computed the **mean loss of its own shard**: `loss` is a tensor with one entry that carries the
# graph. (A *number*, not the function of 1.4.) Clear the old gradients, go backward, **average** the gradients over all
# ranks, and step in place:
#
# $$p \leftarrow p - \eta \cdot \frac 1 n \sum_{r=0}^{n-1} g^{(r)} .$$
#
# Here the mean of the means is right, because shards are taken to be of equal size. All ranks began with equal
# parameters and take equal steps, so they stay equal; nobody ever sends a parameter.
#
# `dist.all_reduce` is allowed here, and so is your `dist_allreduce` (the grader puts a right one in its place). But for
# *every* parameter, on *every* rank, in the *same* order: a rank that stays away from a collective call makes all
# others wait. (All gradients in one long tensor, and one call for it, is fine too.)
#
# **By hand.** Two ranks, one parameter $w = 1$, $\eta = 0.1$, gradients 2 and 4. Their mean is 3, so both get
# $1 - 0.3 = 0.7$. With the sum it would be $0.4$: a step twice as long, on two ranks.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Only gradients travel. Everything else is the step that you know from one device.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Set `p.grad = None` for all `p`; `loss.backward()`; then under `torch.no_grad()` for each `p`: `dist.all_reduce(p.grad)` and
# `p -= lr / n * p.grad`.
# </details>
#
# <details><summary>Help: I see parameters that differ from rank to rank</summary>
#
# Did the step come before the gradients were averaged? Or is it made on one rank only?
# </details>


# %% nbgrader={"grade": false, "grade_id": "ddp_train_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def ddp_train_step(params, loss, lr):
    """One step of SGD with gradients averaged over all ranks; called by every rank.

    params: this rank's list of leaves, equal on all ranks; they change in place. loss: this rank's mean loss, one number with
    its graph, in which every parameter takes part. lr: float. Gradients from before the call do not count.
    """
    ### BEGIN SOLUTION
    for p in params:
        p.grad = None
    loss.backward()
    with torch.no_grad():
        for p in params:
            dist.all_reduce(p.grad)
            p -= lr / dist.get_world_size() * p.grad
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_ddp_train_step", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
def _two_steps():
    w, b, slope = torch.tensor([1.0], requires_grad=True), torch.tensor([5.0, -1.0], requires_grad=True), 2.0 + 2 * dist.get_rank()
    in_memory, values = (w.detach(), b.detach()), []
    for _ in range(2):
        ddp_train_step([w, b], (slope * w).sum() + (slope * slope * b).sum(), 0.1)
        values += [in_memory[0].item(), in_memory[1][1].item()]
    return values


if __name__ == "__main__":
    for _n, _expected in ((2, [0.7, -2.0, 0.4, -3.0]), (3, [0.6, -2.866667, 0.2, -4.733333])):
        for _rank, _values in enumerate(run_ranks(_two_steps, _n)):
            check_equal(_values[::2], _expected[::2], f"w on rank {_rank} of {_n} after one step and after two")
            check_equal(_values[1::2], _expected[1::2], f"the second parameter on rank {_rank} of {_n} after one step and after two")

# %% [markdown]
# **Four real processes learn to read.** Each takes every fourth sample of a batch of 48. The curves of one, two and
# four processes are one curve again. (About 10 seconds; more where processes cannot be forked.)

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_processes", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
#
# def learn_digits():
#     rank, n = dist.get_rank(), dist.get_world_size()
#     X_train, y_train, X_test, y_test = digits()
#     generator = torch.Generator().manual_seed(0)
#     shapes = [(64, 64), (64,), (64, 10), (10,)]
#     params = [(0.1 * torch.randn(shape, generator=generator)).requires_grad_() for shape in shapes]
#     accuracies = []
#     for _ in range(10):
#         for X, y in batches(X_train[:1440], y_train[:1440], 48, shuffle=True, generator=generator):
#             ddp_train_step(params, loss(net(X[rank::n], params), y[rank::n]).mean(), 0.3)
#         with torch.no_grad():
#             accuracies.append((net(X_test, params).argmax(dim=1) == y_test).float().mean().item())
#     return accuracies
#
#
# curves = {}
# for n in (1, 2, 4):
#     results = run_ranks(learn_digits, n, seconds=120.0)
#     curves[f"{n} process{'es' if n > 1 else ''}"] = results[0]
# figure, axes = plt.subplots(figsize=(6.4, 3.8), layout="constrained")
# for (name, curve), style, width, colour in zip(curves.items(), ("-", "--", ":"), (6, 3, 2), ("lightskyblue", "darkorange", "black"), strict=True):
#     axes.plot(range(1, 11), curve, style, linewidth=width, color=colour, label=name)
# axes.set(xlabel="epoch", ylabel="test accuracy", title="Processes that share only their gradients")
# axes.legend()
# plt.show()

# %% [markdown]
# ### 3.3 A question on paper
#
# **Question 2 (up to 5 points): equal paths, and waiting.** (a) Shards of sizes $m_1, \dots, m_n$ with
# $m = m_1 + \dots + m_n$. Show that the sum of the shards' gradient sums, divided by $m$, is the gradient of the mean
# loss of the whole batch, and give the weights with which the shards' *means* would have to be averaged. When do they
# all equal $1/n$? (b) A colleague has four times as many devices and keeps the shard of each as large as it was. What
# happens to the batch, what may be done with the learning rate, and why does this not go on for ever? (c) Three ranks
# in a ring each call `send` to the right, then `recv` from the left. Why does this never end? Now rank 0 alone calls
# `recv` first, then `send`. Show, message by message, that all get through.

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_waiting", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) Differentiation is linear, and the shards $S_1, \dots, S_n$ are disjoint and make up the batch:
#
# $$\frac 1m \sum_{k=1}^{n} \sum_{i \in S_k} \nabla \ell_i = \frac 1m \sum_{i=1}^{m} \nabla \ell_i = \nabla \Big(\frac 1m \sum_{i=1}^m \ell_i\Big).$$
#
# With the means $\bar g_k = \frac{1}{m_k} \sum_{i \in S_k} \nabla \ell_i$ this is $\sum_k \frac{m_k}{m}\, \bar g_k$:
# the weights are $m_k / m$, and all are $1/n$ exactly when all shards have the same size.
#
# (b) The batch is four times as large. Its gradient is less noisy (a quarter of the variance), there are a quarter as
# many steps an epoch, and so a larger learning rate, up to about four times, is often used, with a warm-up. It does not
# go on: once the noise is small, more samples hardly change the gradient, and the length of a step is bounded by the
# curvature of the loss.
#
# (c) Each `send` waits for the neighbour's `recv`, which the neighbour reaches only after its own `send`: a circle of
# waiting in which nobody is first. With rank 0 at `recv`: it takes the message of rank 2, whose `send` ends; rank 2
# goes on to its `recv` and takes the message of rank 1; rank 1 goes on and takes the message that rank 0, done with its
# `recv`, now sends.
#
# **Marking scheme.** 1 point: (a) the equation. 1 point: weights $m_k / m$, equal sizes. 1 point: (b) larger batch, larger
# learning rate, one reason for a limit. 1 point: (c) the circle of waiting. 1 point: the three messages in order.
# ### END SOLUTION

# %% [markdown]
# ## 4 · Two other ways to share the work
#
# ### 4.1 `ParameterServer`
#
# *difficulty 2/5 · importance 3/5 · about 20 minutes · 8 points*
#
# Notes: 000 §3.3
#
# Before rings there were servers, and for very large models there still are. The parameters live on **parameter
# servers** (参数服务器); a worker *pulls* them, computes a gradient on its samples, and *pushes* the gradient back. So that
# no single machine is the bottleneck, the parameters are **sharded**: laid end to end in one long vector, in their
# order, and cut into `num_shards` pieces as by `torch.tensor_split`, one a server. A server knows only its own piece.
#
# * `ParameterServer(params, num_shards)` keeps the pieces in the list `self.shards`: 1-D tensors with memory of their
#   own, without gradient.
# * `push(grads, lr)` takes one worker's gradients, shaped like the parameters, and each server steps on its own piece,
#   **in place**: $w \leftarrow w - \eta\, g$. Each push counts at once; nobody waits for the other workers.
# * `pull()` puts the pieces together again, and returns the parameters in their shapes: **copies**, which a worker may
#   change as it likes.
#
# **By hand.** $W = \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}$ and $b = (5)$ on two servers: shards $(1, 2, 3)$ and
# $(4, 5)$. After a push of gradients that are all 1, with $\eta = \tfrac12$: $(0.5, 1.5, 2.5)$ and $(3.5, 4.5)$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `torch.cat([p.reshape(-1) for p in params])` lays everything end to end; it serves parameters and gradients alike. Remember the shapes.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `tensor_split` gives views of one vector: `clone()` each. To pull: `torch.cat(self.shards)`, then
# `split([shape.numel() for shape in self.shapes])`, then `view` each piece in its shape.
# </details>
#
# <details><summary>Help: I see a shard that changes when I change what was pulled</summary>
#
# A view was handed out. `torch.cat` makes a new vector each time; a slice of something that is kept does not.
# </details>


# %% nbgrader={"grade": false, "grade_id": "ParameterServer", "locked": false, "schema_version": 3, "solution": true, "task": false}
class ParameterServer:
    """Parameters in shards: pulled and pushed by workers.

    self.shards: list of num_shards 1-D tensors; end to end they are all parameters, each flattened, in their order. Sizes as
    by torch.tensor_split.
    """

    def __init__(self, params, num_shards):
        """params: list of tensors of one dtype, of any shapes, left unchanged and not kept. num_shards: int, at least 1."""
        ### BEGIN SOLUTION
        self.shapes = [p.shape for p in params]
        flat = torch.cat([p.detach().reshape(-1) for p in params])
        self.shards = [shard.clone() for shard in torch.tensor_split(flat, num_shards)]
        ### END SOLUTION

    def push(self, grads, lr):
        """One step of SGD on the shards, in place. grads: list of tensors, shaped like the parameters, left unchanged. lr: float."""
        ### BEGIN SOLUTION
        flat = torch.cat([g.reshape(-1) for g in grads])
        for shard, g in zip(self.shards, torch.tensor_split(flat, len(self.shards))):
            shard -= lr * g
        ### END SOLUTION

    def pull(self):
        """The parameters as they are now: a list of new tensors in the shapes of the first ones."""
        ### BEGIN SOLUTION
        flat = torch.cat(self.shards)
        pieces = flat.split([shape.numel() for shape in self.shapes])
        return [piece.view(shape) for piece, shape in zip(pieces, self.shapes)]
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_ParameterServer", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_W, _b = torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([5.0])
_server = ParameterServer([_W, _b], 2)
check_equal(list(_server.shards), [torch.tensor([1.0, 2.0, 3.0]), torch.tensor([4.0, 5.0])], "the shards of the example")
_server.push([torch.ones(2, 2), torch.ones(1)], 0.5)
check_equal(list(_server.shards), [torch.tensor([0.5, 1.5, 2.5]), torch.tensor([3.5, 4.5])], "the shards after a push")
check_equal(list(_server.pull()), [torch.tensor([[0.5, 1.5], [2.5, 3.5]]), torch.tensor([4.5])], "what is pulled after a push")
check_equal(_W, torch.tensor([[1.0, 2.0], [3.0, 4.0]]), "the parameters that the server was made from")
_server.pull()[0][:] = 9.0
check_equal(list(_server.pull()), [torch.tensor([[0.5, 1.5], [2.5, 3.5]]), torch.tensor([4.5])], "what is pulled after a worker has overwritten what it pulled")
_W, _b = torch.tensor([[1.0, -2.0, 3.0], [0.1, 5.0, 6.0]], dtype=torch.float64, requires_grad=True), torch.tensor([7.0], dtype=torch.float64)
_server = ParameterServer([_W, _b], 3)
_first, _grads = _server.shards[0], [torch.tensor([[2.0, 4.0, -2.0], [1.0, 0.0, 2.0]], dtype=torch.float64), torch.tensor([-3.0], dtype=torch.float64)]
_server.push(_grads, 0.25)
_server.push([2 * g for g in _grads], 0.25)
check_equal(
    _first, torch.tensor([-0.5, -5.0, 4.5], dtype=torch.float64), "the memory of the first of three float64 shards after two pushes", rtol=1e-12, atol=0
)
check_equal(list(_server.shards)[2], torch.tensor([4.5, 9.25], dtype=torch.float64), "the last of three float64 shards after two pushes", rtol=1e-12, atol=0)
check_equal(_grads[0], torch.tensor([[2.0, 4.0, -2.0], [1.0, 0.0, 2.0]], dtype=torch.float64), "the gradients after they were pushed")
check(not any(t.requires_grad for t in [*_server.shards, *_server.pull()]), "a shard, or what is pulled, carries a graph: detach the parameters.")

# %% [markdown]
# ### 4.2 `pipeline_forward`
#
# *difficulty 3/5 · importance 3/5 · about 15 minutes · 6 points*
#
# Notes: 000 §3.2.1
#
# What if the *model* does not fit on one device? Then cut the model: the first layers on device 0, the next ones on
# device 1, and so on. This is model parallelism (模型并行). Done naively only one device works at a time, and all others
# wait for it. A **pipeline** (流水线) cuts the batch as well, into *micro-batches*: while device 1 works on the first,
# device 0 already has the second. In tick $t = 0, 1, 2, \dots$ stage $s$ works on micro-batch $t - s$, if there is one:
#
# | | tick 0 | tick 1 | tick 2 | tick 3 | tick 4 | tick 5 |
# |---|---|---|---|---|---|---|
# | stage 0 | 0 | 1 | 2 | 3 | | |
# | stage 1 | | 0 | 1 | 2 | 3 | |
# | stage 2 | | | 0 | 1 | 2 | 3 |
#
# With $S$ stages and $M$ micro-batches the last tick is number $S + M - 2$. Go through the ticks **in this order**;
# within a tick the order is yours. Cut `X` as `torch.tensor_split` does, and join the results in the order of the
# samples. The result, and its gradients, are those of the plain forward pass. A stage is a function (or a module) that
# takes a micro-batch and moves it to its own device by itself.
#
# **By hand.** The table has $S = 3$, $M = 4$: 6 ticks, each a quarter of a batch long, so 1.5 times as long as one
# stage needs for a whole batch. Without micro-batches, one stage after the other, it takes 3 times as long: the
# pipeline is twice as fast.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Keep a list of the micro-batches, and let each stage replace its entry: `parts[m] = stage(parts[m])`.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Outer loop: `for tick in range(len(parts) + len(stages) - 1)`. Inner loop: `for s, stage in enumerate(stages)`, with
# `m = tick - s`, and only `if 0 <= m < len(parts)`.
# </details>
#
# <details><summary>Help: I see a stage that is called twice for the same micro-batch</summary>
#
# In Python `parts[-1]` is the last one, not an error. Is there a check for $t - s \ge 0$?
# </details>


# %% nbgrader={"grade": false, "grade_id": "pipeline_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pipeline_forward(stages, X, micro_batches):
    """The forward pass of a model in stages, micro-batch by micro-batch: in tick t stage s works on micro-batch t - s.

    stages: list of functions (k, ...) -> (k, ...), to be applied one after the other; each treats every sample on its own.
    X: (m, ...), left unchanged. micro_batches: int from 1 to m. Returns: what the stages give for all of X, (m, ...), with its graph.
    """
    ### BEGIN SOLUTION
    parts = list(torch.tensor_split(X, micro_batches))
    for tick in range(len(parts) + len(stages) - 1):
        for s, stage in enumerate(stages):
            m = tick - s
            if 0 <= m < len(parts):
                parts[m] = stage(parts[m])
    return torch.cat(parts)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_pipeline_forward", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_calls = []


def _stage(number, factor):
    def stage(X):
        _calls.append((number, len(X)))
        return factor * X + 1

    return stage


_X = torch.tensor([[1.0], [2.0], [3.0], [4.0], [5.0]])
_Y = pipeline_forward([_stage(0, 2.0), _stage(1, 10.0)], _X, 2)
check_equal(_Y, 20 * _X + 11, "pipeline_forward(stages, X, 2)")
check_equal(sorted(_calls), [(0, 2), (0, 3), (1, 2), (1, 3)], "the calls of the stages, as (stage, samples)")
check_equal(_calls[0], (0, 3), "the first call, as (stage, samples)")
check_equal(_calls[-1], (1, 2), "the last call, as (stage, samples)")
_ticks = []


def _timed_stage(number):
    def stage(X):
        _ticks.append(number + int(X[0, 0] // 2))  # 2 samples a micro-batch
        return X * 1

    return stage


_X = torch.arange(8.0)[:, None].requires_grad_()
_Y = pipeline_forward([_timed_stage(s) for s in range(3)], _X, 4)
check_equal(_ticks, [0, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5], "the ticks of the calls as they came, 3 stages and 4 micro-batches (the table above)")
check_equal(_X, torch.arange(8.0)[:, None], "X after the call")
check(_Y.requires_grad, "pipeline_forward(stages, X, 4) carries no gradient back to X.")

# %% [markdown]
# **Your pipeline at work.** Four stages, and a bar for every call, in the tick in which it can start: when its stage is
# free and its micro-batch has come through the stage before. White is waiting, and the more micro-batches, the less of
# it. The numbers in the middle picture say in which order your calls came. The bars lie the same for one that does not go
# tick by tick; its numbers do not grow from left to right. (Under a second.)

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_pipeline", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# figure, grid = plt.subplots(1, 3, figsize=(12, 2.6), sharey=True, layout="constrained")
# S, m = 4, 48
# for axes, M in zip(grid, (1, 4, 16)):
#     free, ready, calls = [0.0] * S, {}, []
#
#     def stage(s):
#         def run(X):
#             first = int(X[0, 0])  # the first sample tells which micro-batch this is
#             start = max(free[s], ready.get(first, 0.0))
#             free[s] = ready[first] = start + len(X) / m
#             axes.barh(s, len(X) / m, left=start, color=plt.cm.viridis(first / m), edgecolor="white")
#             calls.append(s)
#             if M == 4:
#                 axes.text(start + len(X) / m / 2, s, len(calls), ha="center", va="center", color="white" if first < m / 2 else "black")
#             return X
#
#         return run
#
#     pipeline_forward([stage(s) for s in range(S)], torch.arange(float(m))[:, None], M)
#     busy = 1 / max(free)
#     axes.set_title(f"{M} micro-batch{'es' if M > 1 else ''}: stages work {busy:.0%} of the time", fontsize=10)
#     axes.set(xlabel="time", yticks=range(S), xlim=(0, 4), ylim=(S - 0.5, -0.5))
# grid[0].set_ylabel("stage")
# plt.show()

# %% [markdown]
# ## What you have now, and where to go
#
# A data parallel trainer in one process, the all-reduce that the large libraries use, the same between real processes
# with only messages between them, and the two other ways to cut the work: by parameters and by layers.
# `nn.parallel.DistributedDataParallel` is your `ddp_train_step` with two refinements: it sends gradients in buckets
# while the rest of the backward pass is still running, and it copies rank 0's parameters to all others once, at the
# start. FSDP and ZeRO are your ring, split in the middle: they keep what reduce-scatter leaves behind, one shard a
# rank, and gather only when it is needed.
#
# To try, if you like: give one rank a `time.sleep(0.5)` in every step, and watch all others wait for it. Take the mean
# of shard means in `train_batch` with 3 devices, and see whether the curve tells you. Plot the share of white in the
# pipeline against $M$: it is $(S - 1) / (S + M - 1)$.
#
# In **ps21** the network itself comes ready-made: you take one that others have trained, and teach it something new.
