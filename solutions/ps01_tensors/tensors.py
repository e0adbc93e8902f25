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
# # Tensor operations (张量操作)
#
# Everything in this course is made of tensors (张量): images, labels, weights, gradients. Here you write the fourteen
# small functions that the later assignments lean on every day: adding without new memory, moving dimensions,
# broadcasting (广播), picking entries, and masks. At the end they become a classifier that reads handwritten digits,
# without any training.
#
# **How it is marked.** Each exercise has a cell for your answer and, under it, a check that you can run as often as you like.
# It tries an example or two and says in words what is wrong. The hidden grader asks more of the same (other shapes and dtypes,
# a batch of one, awkward numbers, gradients) and marks each property on its own, so an answer that is wrong only in some cases keeps the points of the others. Every exercise stands alone: you may skip one and come back. Helpers of your own may stand in
# cells of your own, above the exercise that uses them. The points add up to 100; the two written questions are extra credit.
#
# **What holds for every exercise**, unless it says otherwise:
#
# * the result has the dtype and the device of the input;
# * the input is left as it was;
# * gradients flow through: no `.detach()`, `.item()`, `.numpy()` or `torch.tensor(...)` in the middle of a
#   computation;
# * no Python loop over the samples of a batch: PyTorch has an operation for it, and it is a hundred times faster.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
import torch
from course_tools import check, check_equal, check_promises, digits, show_images

# %% [markdown]
# ## 1 · Memory (内存)
#
# A tensor is two things: a *storage* (a row of numbers in memory) and a way to read it (shape, strides, dtype). Two
# tensors may read the same storage. Whether an operation writes into the old storage or takes a new one decides
# whether others see the change.
#
# ### 1.1 `add_in_place`
#
# *difficulty 1/5 · importance 4/5 · about 5 minutes · 6 points*
#
# Notes: 000 §1.1.1 · 001 内存开销优化
#
# `Y = X + Y` computes the sum into **new** storage and then hangs the name `Y` on it; whoever else holds the old
# tensor sees nothing. An optimizer (优化器) that worked like this would never change the network's weights. An **in-place
# operation** (原地操作) writes the result into the storage that is there:
#
# $$X \leftarrow X + Y$$
#
# Write the sum into `X`'s own storage and return `X`. A temporary tensor on the way is fine; new storage for `X` is
# not. `Y` may be smaller than `X`, as long as it broadcasts to `X`'s shape.
#
# **By hand.** `X = [1, 2, 3]`, `Y = [10, 20, 30]`. Afterwards `X` is `[11, 22, 33]`, at the same address, and `Y`
# is unchanged.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Three ways are right: an operator that ends in `=`, a method that ends in `_`, and an assignment to a slice that
# covers all of `X`.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `X += Y` and `X.add_(Y)` are the same. `X[...] = X + Y` is right too, with one temporary more. (`X[:]` would do as
# well, but for a tensor of shape (), which has nothing to slice.)
# </details>
#
# <details><summary>Help: I see "X is unchanged"</summary>
#
# `X = X + Y` makes the local name `X` point to a new tensor. The caller's tensor is still the old one.
# </details>


# %% nbgrader={"grade": false, "grade_id": "add_in_place", "locked": false, "schema_version": 3, "solution": true, "task": false}
def add_in_place(X, Y):
    """Add Y to X without giving X new storage.

    X: tensor of any shape, overwritten by X + Y; Y: same dtype, its shape is X's or broadcasts to it.
    Returns X, the same object.
    """
    ### BEGIN SOLUTION
    X += Y
    return X
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_add_in_place", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_X, _Y = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), torch.tensor([[10.0, 20.0, 30.0], [40.0, 50.0, 70.0]])
_address = _X.data_ptr()
_result = add_in_place(_X, _Y)
check(_X[0, 0] != 1.0, "X is unchanged: the sum went somewhere else.")
check_equal(_X, torch.tensor([[11.0, 22.0, 33.0], [44.0, 55.0, 76.0]]), "X after add_in_place(X, Y)")
check(_Y[0, 0] == 10.0, "Y was changed, too; it should be left as it was.")
check(_X.data_ptr() == _address, "X has the right numbers, but in new storage.")
check(_result is _X, "add_in_place(X, Y) returns something other than X itself.")

# %% [markdown]
# ### 1.2 `share_or_copy`
#
# *difficulty 2/5 · importance 3/5 · about 10 minutes · 7 points*
#
# Notes: 000 §1.1.1 · 001 和numpy互转 · 001 tensor/复制 · 003 §4.2
#
# Data often arrives as a NumPy array. PyTorch can **share** its memory (共享内存), which costs nothing but ties the two
# together, or make a **copy** (复制) of its own. Return both: first a tensor that shares the memory of `array`, then
# one that does not. Both keep the array's dtype (a float64 array gives float64 tensors, uint8 stays uint8).
#
# **By hand.** `array = [1., 2., 3.]`, `shares, copy = share_or_copy(array)`, then `array[0] = 100`. Now `shares`
# reads `[100, 2, 3]` and `copy` still `[1, 2, 3]`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `torch.from_numpy`, `torch.as_tensor`, `torch.tensor`: two of them share, one copies.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `torch.from_numpy(array)` shares. `torch.tensor(array)` copies, and so does `.clone()`.
# </details>
#
# <details><summary>Help: I see "dtype float32, expected float64"</summary>
#
# `torch.Tensor(array)` with a capital T converts everything to float32. Use `torch.tensor`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "share_or_copy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def share_or_copy(array):
    """A tensor that shares the memory of a NumPy array, and one that does not.

    array: NumPy array of any shape and numeric dtype; its strides are not negative (PyTorch cannot share those of array[::-1]).
    Returns (shares, copy), two tensors of its shape and dtype.
    """
    ### BEGIN SOLUTION
    shares = torch.from_numpy(array)
    copy = torch.tensor(array)
    return shares, copy
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_share_or_copy", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
_array = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
_shares, _copy = share_or_copy(_array)
_before = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], dtype=torch.float64)
check_equal(_shares, _before, "shares")
check_equal(_copy, _before, "copy")
_array[0, 0] = 100.0
check(_shares[0, 0] == 100.0, "array[0, 0] = 100 does not show in the first tensor: it does not share the array's memory.")
check(_copy[0, 0] == 1.0, "array[0, 0] = 100 shows in the second tensor: it is not a copy.")

# %% [markdown]
# ## 2 · Shape (形状)
#
# ### 2.1 `nchw_to_nhwc`
#
# *difficulty 2/5 · importance 5/5 · about 10 minutes · 6 points*
#
# Notes: 001 改变形状 · 003 §4.4
#
# PyTorch keeps a batch of images as $(n, c, h, w)$: sample, channel (通道), row, column. Most picture files and
# plotting tools want $(n, h, w, c)$: for each pixel its channels side by side. The numbers stay, the order of the
# dimensions changes:
#
# $$\text{out}_{n,i,j,c} = X_{n,c,i,j}$$
#
# The result is to be **contiguous** (连续): its numbers lie in memory in the order in which they are read. `permute`
# alone only changes the strides.
#
# **By hand.** One image with two channels of one row and three columns, `X[0] = [[[1, 2, 3]], [[4, 5, 6]]]`, shape
# (1, 2, 1, 3). The pixels are `[1, 4]`, `[2, 5]`, `[3, 6]`, so the result is `[[[[1, 4], [2, 5], [3, 6]]]]` of
# shape (1, 1, 3, 2).
#
# Beware of `reshape` and `view`: they keep the numbers in their old order and put up new fences.
# `X.reshape(1, 1, 3, 2)` has the right shape and the pixels `[1, 2]`, `[3, 4]`, `[5, 6]`: channels and columns are
# mixed, and no error tells you.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `X.permute(...)` takes the old dimensions in their new order. Which old dimension comes last?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `permute(0, 2, 3, 1)` lists the old positions: sample, row, column, channel. One more call makes it contiguous.
# </details>
#
# <details><summary>Help: I see "is not contiguous"</summary>
#
# `.contiguous()` copies the numbers into the order in which they are read. It returns a new tensor: use its result.
# </details>
#
# <details><summary>Help: I see the right shape and wrong entries</summary>
#
# A `reshape` or `view` is at work, or two dimensions of equal size have changed places (`transpose(1, 3)` gives n,
# w, h, c).
# </details>


# %% nbgrader={"grade": false, "grade_id": "nchw_to_nhwc", "locked": false, "schema_version": 3, "solution": true, "task": false}
def nchw_to_nhwc(X):
    """Move the channels of a batch of images to the end.

    X: (n, c, h, w), any dtype. Returns a contiguous tensor (n, h, w, c).
    """
    ### BEGIN SOLUTION
    return X.permute(0, 2, 3, 1).contiguous()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_nchw_to_nhwc", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_X = torch.tensor([[[[1.0, 2.0, 3.0]], [[4.0, 5.0, 6.0]]]])
_result = nchw_to_nhwc(_X)
check_equal(_result, torch.tensor([[[[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]]]), "nchw_to_nhwc(X)")
check(_result.is_contiguous(), "nchw_to_nhwc(X) is not contiguous.")
_picture = torch.arange(12.0).reshape(1, 2, 2, 3)  # channel 0 holds 0 to 5, channel 1 holds 6 to 11
check_equal(nchw_to_nhwc(_picture)[0, 1], torch.tensor([[3.0, 9.0], [4.0, 10.0], [5.0, 11.0]]), "the second row of pixels of a 2×3 picture")
check_promises(nchw_to_nhwc, _picture)

# %% [markdown]
# ### 2.2 `nhwc_to_nchw`
#
# *difficulty 1/5 · importance 4/5 · about 5 minutes · 4 points*
#
# Notes: 001 改变形状 · 003 §4.4 · 004 keys
#
# The way back, from pixels with their channels side by side to one plane a channel, contiguous again:
#
# $$\text{out}_{n,c,i,j} = X_{n,i,j,c}$$
#
# **By hand.** The pixels `[[[[1, 4], [2, 5], [3, 6]]]]` of 2.1 give back `[[[[1, 2, 3]], [[4, 5, 6]]]]`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# The channel is now at position 3. It has to come second, and rows and columns follow in their order.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `permute(0, 3, 1, 2)`, made contiguous.
# </details>
#
# <details><summary>Help: I see rows and columns exchanged</summary>
#
# Doing the `permute` of 2.1 again does not undo it: (n, h, w, c) would become (n, w, c, h). And `transpose(1, 3)`
# leaves (n, c, w, h).
# </details>


# %% nbgrader={"grade": false, "grade_id": "nhwc_to_nchw", "locked": false, "schema_version": 3, "solution": true, "task": false}
def nhwc_to_nchw(X):
    """Move the channels of a batch of images from the end to the second place.

    X: (n, h, w, c), any dtype. Returns a contiguous tensor (n, c, h, w).
    """
    ### BEGIN SOLUTION
    return X.permute(0, 3, 1, 2).contiguous()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_nhwc_to_nchw", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
_X = torch.tensor([[[[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]]])
_result = nhwc_to_nchw(_X)
check_equal(_result, torch.tensor([[[[1.0, 2.0, 3.0]], [[4.0, 5.0, 6.0]]]]), "nhwc_to_nchw(X)")
check(_result.is_contiguous(), "nhwc_to_nchw(X) is not contiguous.")
_picture = torch.arange(12.0).reshape(1, 2, 3, 2)  # channel 0 holds the even numbers, channel 1 the odd ones
check_equal(nhwc_to_nchw(_picture)[0, 1], torch.tensor([[1.0, 3.0, 5.0], [7.0, 9.0, 11.0]]), "channel 1 of a 2×3 picture")
check_promises(nhwc_to_nchw, _picture)

# %% [markdown]
# **See it.** Six digits, each in a colour of its own. The upper row goes to NHWC and back with your two functions.
# The lower row goes there with `reshape` and back with yours: no error, no warning, and the picture is gone.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_layout", "locked": true, "schema_version": 3, "solution": false, "task": false}
# colours = torch.tensor([[1, 0.3, 0.2], [1, 0.9, 0.2], [0.3, 1, 0.3], [0.2, 1, 1], [0.3, 0.5, 1], [1, 0.4, 0.8]])
# colours = colours[:, :, None, None]  # (6, 3) as (6, 3, 1, 1)
# images = digits()[0][:6] * colours  # (6, 1, 8, 8) * (6, 3, 1, 1) broadcasts to (6, 3, 8, 8)
# there_and_back = nhwc_to_nchw(nchw_to_nhwc(images))
# polluted = nhwc_to_nchw(images.reshape(6, 8, 8, 3))
# titles = ["there and back"] * 6 + ["reshape"] * 6
# show_images(torch.cat([there_and_back, polluted]), titles, columns=6)

# %% [markdown]
# ### 2.3 `split_batches`
#
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 6 points*
#
# Notes: 003 §5.2
#
# Training reads the data in **mini-batches** (小批量). Cut a tensor along dim 0 into parts of `size` rows, in order.
# When the rows do not come out even, the **last part is shorter**; no row is lost. Views or copies, both are fine.
#
# **By hand.** `[1, 2, 3, 4, 5, 6, 7]` with `size=3` gives the list `[1, 2, 3]`, `[4, 5, 6]`, `[7]`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Two methods cut a tensor: `chunk` takes the *number* of parts, `split` the *size* of a part.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `X.split(size)` gives a tuple; `list(...)` makes a list of it. A loop over `range(0, len(X), size)` is right too:
# it runs over parts, not over rows.
# </details>
#
# <details><summary>Help: I see one part too few</summary>
#
# `len(X) // size` rounds down and drops the short last part.
# </details>


# %% nbgrader={"grade": false, "grade_id": "split_batches", "locked": false, "schema_version": 3, "solution": true, "task": false}
def split_batches(X, size):
    """Cut X along dim 0 into parts of `size` rows; the last one may be shorter.

    X: (n, ...), any dtype, n ≥ 1; size: int ≥ 1. Returns a list of ceil(n / size) tensors.
    """
    ### BEGIN SOLUTION
    return list(X.split(size))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_split_batches", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_parts = split_batches(torch.tensor([1, 2, 3, 4, 5, 6, 7]), 3)
check_equal(_parts, [torch.tensor([1, 2, 3]), torch.tensor([4, 5, 6]), torch.tensor([7])], "split_batches(X, 3)")
_sizes = [len(part) for part in split_batches(torch.zeros(9, 2), 4)]
check_equal(_sizes, [4, 4, 1], "the numbers of rows in the parts of nine rows, size 4,")
check_promises(split_batches, torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), 2)

# %% [markdown]
# ### 2.4 `merge_batches`
#
# *difficulty 1/5 · importance 4/5 · about 5 minutes · 5 points*
#
# Notes: 000 §1.1.1 · 001 基本操作/拼接 · 003 §5.2 · 004 keys
#
# There are two ways to put tensors together:
#
# * `stack=False`, **concatenate** (拼接): the parts follow one another along dim 0. They may have different numbers
#   of rows, and the number of dimensions stays. Two parts (2, 5) and (1, 5) give (3, 5).
# * `stack=True`, **stack** (堆叠): the parts become the entries of a *new* dim 0. They must have the same shape.
#   Three parts (2, 5) give (3, 2, 5).
#
# **By hand.** The parts `[1, 2]` and `[3, 4]` give `[1, 2, 3, 4]` concatenated and `[[1, 2], [3, 4]]` stacked.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Both operations have a function in `torch` that takes a list of tensors.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `torch.cat(parts)` and `torch.stack(parts)`; dim 0 is what both take by default.
# </details>
#
# <details><summary>Help: I see "stack expects each tensor to be equal size"</summary>
#
# `stack` was called where `stack=False` was asked: the argument decides, not the shapes.
# </details>


# %% nbgrader={"grade": false, "grade_id": "merge_batches", "locked": false, "schema_version": 3, "solution": true, "task": false}
def merge_batches(parts, stack):
    """Put tensors together: one after the other along dim 0, or side by side along a new dim 0.

    parts: list of at least one tensor; stack: bool.
    Returns (n_1 + n_2 + ..., ...) for stack=False and (len(parts), n, ...) for stack=True.
    """
    ### BEGIN SOLUTION
    return torch.stack(parts) if stack else torch.cat(parts)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_merge_batches", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
_parts = [torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0])]
check_equal(merge_batches(_parts, False), torch.tensor([1.0, 2.0, 3.0, 4.0]), "merge_batches(parts, False)")
check_equal(merge_batches(_parts, True), torch.tensor([[1.0, 2.0], [3.0, 4.0]]), "merge_batches(parts, True)")
check_promises(merge_batches, [torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0, 4.0]])], False)
check_promises(merge_batches, _parts, True)

# %% [markdown]
# ## 3 · Broadcasting and sums (广播与求和)
#
# When two shapes differ, PyTorch compares them **from the last dimension on**. A dimension of size 1 is read again
# and again until it matches; a missing one counts as size 1; anything else is an error. No number is copied for it.
#
# ### 3.1 `outer_sum`
#
# *difficulty 1/5 · importance 4/5 · about 5 minutes · 5 points*
#
# Notes: 001 广播机制 · 003 §5.1 · 004 张量
#
# Every entry of `a` plus every entry of `b`:
#
# $$S_{ij} = a_i + b_j$$
#
# **By hand.** `a = [1, 2, 3]`, `b = [10, 20]` give `[[11, 21], [12, 22], [13, 23]]`: rows follow `a`, columns
# follow `b`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `a + b` fails for lengths 3 and 2. Which two shapes broadcast to (3, 2)?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `a[:, None]` (or `a.unsqueeze(1)`, or `a.reshape(-1, 1)`) is the column (n, 1).
# </details>
#
# <details><summary>Help: I see the shape (2, 3) where (3, 2) is expected</summary>
#
# The wrong one of the two became a column: rows belong to `a`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "outer_sum", "locked": false, "schema_version": 3, "solution": true, "task": false}
def outer_sum(a, b):
    """All sums of an entry of a and an entry of b, by broadcasting.

    a: (n,), b: (m,), of the same dtype, any numeric one. Returns (n, m), of that dtype, with a[i] + b[j] at [i, j].
    """
    ### BEGIN SOLUTION
    return a[:, None] + b[None, :]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_outer_sum", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
_result = outer_sum(torch.tensor([1.0, 2.0, 3.0]), torch.tensor([10.0, 20.0]))
check_equal(_result, torch.tensor([[11.0, 21.0], [12.0, 22.0], [13.0, 23.0]]), "outer_sum(a, b)")
check_promises(outer_sum, torch.tensor([0.5, -2.0]), torch.tensor([4.0, 1.0, 7.0]))

# %% [markdown]
# ### 3.2 `matrix_norms`
#
# *difficulty 1/5 · importance 3/5 · about 10 minutes · 6 points*
#
# Notes: 000 §1.1.3 · 003 §5.4 · 004 线性代数
#
# A **norm** (范数) says how large something is. Return three of them in one dict, each taken over **all entries** of
# the matrix, as if it were one long vector:
#
# $$\text{l1} = \sum_{i,j} |a_{ij}| \qquad \text{frobenius} = \sqrt{\sum_{i,j} a_{ij}^2}
# \qquad \text{max} = \max_{i,j} |a_{ij}|$$
#
# Each value is one number: a tensor of shape () or a Python float, as you like. Books also know a *matrix* 1-norm,
# the largest column sum of $|a_{ij}|$. That is another thing, and not the one meant here.
#
# **By hand.** `A = [[3, -4, 0], [0, 0, 12]]`. l1 = 3 + 4 + 12 = 19. Frobenius = √(9 + 16 + 144) = √169 = 13. max = 12.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `A.abs()` is needed twice. A sum without `dim` runs over everything.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `A.abs().sum()`, `(A ** 2).sum().sqrt()`, `A.abs().max()`.
# </details>
#
# <details><summary>Help: my "l1" is too small</summary>
#
# Without `abs` positive and negative entries cancel; and `torch.linalg.matrix_norm(A, 1)` is the largest column
# sum, not the sum of all.
# </details>


# %% nbgrader={"grade": false, "grade_id": "matrix_norms", "locked": false, "schema_version": 3, "solution": true, "task": false}
def matrix_norms(A):
    """Three norms of a matrix, over all its entries.

    A: (n, m) float.
    Returns {"l1": sum of |a|, "frobenius": root of the sum of squares, "max": largest |a|}, one number each.
    """
    ### BEGIN SOLUTION
    return {"l1": A.abs().sum(), "frobenius": (A**2).sum().sqrt(), "max": A.abs().max()}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_matrix_norms", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_A = torch.tensor([[3.0, -4.0, 1.0], [-2.0, 3.0, -5.0], [4.0, -1.0, 0.0]])
check_equal(matrix_norms(_A), {"l1": 23.0, "frobenius": 9.0, "max": 5.0}, "matrix_norms(A)")
check(_A[0, 1] == -4.0, "A was changed; it should be left as it was.")

# %% [markdown]
# ### 3.3 `standardize`
#
# *difficulty 3/5 · importance 5/5 · about 15 minutes · 10 points*
#
# Notes: 001 对某维度进行运算 · 003 §5.4 · 004 初始化
#
# Features come in all sizes: metres, years, pixel values. **Standardising** (标准化) gives each the mean 0 and the
# variance 1 along `dim`:
#
# $$Z = \frac{X - \mu}{\sigma}, \qquad \mu = \frac{1}{n}\sum_i X_i, \qquad \sigma^2 = \frac{1}{n}\sum_i (X_i - \mu)^2$$
#
# where $i$ runs along `dim` and everything else stays apart: `dim=0` treats each column of a matrix by itself,
# `dim=1` each row, `dim=-1` the last dimension of any tensor.
#
# Three conventions:
#
# * the variance divides by $n$, not by $n-1$ (the *population* variance, 总体方差; PyTorch's `std` divides by $n-1$
#   unless told otherwise);
# * where all numbers along `dim` are equal the result is **0**, not 0/0;
# * no small eps is added under the fraction: numbers that differ by 0.0001 are brought to variance 1 like all
#   others.
#
# **By hand.** `X = [[1, 5], [1, 5], [5, 5], [5, 5]]`, `dim=0`. First column: mean 3, deviations −2, −2, 2, 2,
# variance 4, σ = 2, so −1, −1, 1, 1. Second column: constant, so 0, 0, 0, 0. With `dim=1` the rows are `[1, 5]` →
# `[−1, 1]` and `[5, 5]` → `[0, 0]`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `X.mean(dim=dim)` loses a dimension, and then the subtraction broadcasts the wrong way or fails. Which argument
# keeps it?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Compute `centred = X - X.mean(dim=dim, keepdim=True)`, then the mean of its squares, again with `keepdim=True`.
# Before you take the root and divide, replace variances of 0 by 1: 0/1 is the 0 you want.
# </details>
#
# <details><summary>Help: I see nan</summary>
#
# Somewhere all numbers are equal and 0 is divided by 0. `masked_fill`, `torch.where` or `clamp` on the divisor,
# before the division, cure it.
# </details>
#
# <details><summary>Help: all my entries are a little too small</summary>
#
# If every entry is √((n−1)/n) times the right one, the variance was divided by n − 1: `correction=0` (or
# `unbiased=False`). If only data with a small spread comes out small, an eps sits under the fraction.
# </details>
#
# <details><summary>One step further: when is a column constant?</summary>
#
# In floating point the mean of equal numbers may be off in the last digit: in float32 the mean of seven times 0.1
# is not 0.1. A variance that is compared with 0 then misses the constant column. The safe test: is the largest
# number equal to the smallest? (The grader uses constants for which every test works, and does not ask for the
# gradient of a constant column.)
# </details>


# %% nbgrader={"grade": false, "grade_id": "standardize", "locked": false, "schema_version": 3, "solution": true, "task": false}
def standardize(X, dim):
    """Mean 0 and population variance 1 along one dimension; 0 where all numbers along it are equal.

    X: float tensor of any shape; dim: int, may be negative. Returns a tensor of the same shape and dtype.
    """
    ### BEGIN SOLUTION
    centred = X - X.mean(dim=dim, keepdim=True)
    variance = (centred**2).mean(dim=dim, keepdim=True)
    constant = X.amax(dim=dim, keepdim=True) == X.amin(dim=dim, keepdim=True)
    return (centred / variance.masked_fill(constant, 1).sqrt()).masked_fill(constant, 0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_standardize", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
_X = torch.tensor([[1.0, 5.0], [1.0, 5.0], [5.0, 5.0], [5.0, 5.0]])
check_equal(standardize(_X[:, :1], 0), torch.tensor([[-1.0], [-1.0], [1.0], [1.0]]), "standardize(X, 0) of [1, 1, 5, 5]")
check_equal(standardize(_X[:, 1:], 0), torch.zeros(4, 1), "standardize(X, 0) of [5, 5, 5, 5]")
_expected = torch.tensor([[-1.0, 1.0], [-1.0, 1.0], [0.0, 0.0], [0.0, 0.0]])
check_equal(standardize(_X, 1), _expected, "standardize(X, 1)")
_far, _near = torch.tensor([[4097.0], [4099.0]]), torch.tensor([[0.0], [0.0002]], dtype=torch.float64)
check_equal(standardize(_far, 0), torch.tensor([[-1.0], [1.0]]), "standardize(X, 0) of [4097, 4099]")
check_equal(standardize(_near, 0), torch.tensor([[-1.0], [1.0]], dtype=torch.float64), "standardize(X, 0) of [0, 0.0002] in float64")
check_promises(standardize, torch.tensor([[1.0, 2.0], [4.0, 0.0], [-1.0, 5.0]]), 0)

# %% [markdown]
# ## 4 · Picking entries (索引)
#
# ### 4.1 `pick_probabilities`
#
# *difficulty 2/5 · importance 5/5 · about 10 minutes · 7 points*
#
# Notes: 001 预测概率 · 001 基本操作/索引 · 003 §4.3
#
# A classifier gives each sample a row of probabilities, `y_hat` of shape (n, k); `y` of shape (n,) holds the true
# labels. The cross-entropy loss (交叉熵损失) of ps05 needs, for each sample, the probability of **its own** label:
#
# $$p_i = \hat y_{i,\, y_i}$$
#
# **By hand.** `y_hat = [[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]]`, `y = [1, 2]`. Sample 0 has label 1: 0.2. Sample 1 has
# label 2: 0.6. The answer is `[0.2, 0.6]`, of shape (2,).
#
# <details><summary>Hint 1: a nudge</summary>
#
# Indexing with *two* integer tensors of equal length picks one entry for each pair (row, column). The columns are
# `y`; what are the rows?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `y_hat[torch.arange(len(y)), y]`; or `y_hat.gather(1, y[:, None])`, which gives (n, 1) and wants one dimension
# less.
# </details>
#
# <details><summary>Help: I see the shape (n, n)</summary>
#
# `y_hat[:, y]` means: for *every* row the columns `y`. The answer sits on its diagonal; the rest is wasted.
# </details>
#
# <details><summary>Help: I see (n, 1), or for one sample a shape ()</summary>
#
# `gather` keeps the index's shape (n, 1): `squeeze(1)` takes off dimension 1 and no other. A bare `squeeze()` takes
# off the batch too when there is one sample.
# </details>


# %% nbgrader={"grade": false, "grade_id": "pick_probabilities", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pick_probabilities(y_hat, y):
    """The probability that each sample gives its own label.

    y_hat: (n, k) float; y: (n,) int64 in 0 ... k-1. Returns (n,) with y_hat[i, y[i]] at i.
    """
    ### BEGIN SOLUTION
    return y_hat[torch.arange(len(y), device=y.device), y]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_pick_probabilities", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
_y_hat = torch.tensor([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]])
check_equal(pick_probabilities(_y_hat, torch.tensor([1, 2])), torch.tensor([0.2, 0.6]), "pick_probabilities(y_hat, y)")
check_equal(pick_probabilities(_y_hat[:1], torch.tensor([0])), torch.tensor([0.7]), "pick_probabilities(y_hat, y) of one sample")
check_promises(pick_probabilities, torch.tensor([[0.2, 0.8], [0.5, 0.5], [0.9, 0.1]]), torch.tensor([0, 1, 0]))

# %% [markdown]
# ### 4.2 `one_hot`
#
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 7 points*
#
# Notes: 001 tensor/创建 · 003 §4.1 · 004 keys
#
# **One-hot encoding** (独热编码) writes a label as a row of zeros with a single one:
#
# $$\text{out}_{ij} = \begin{cases} 1 & j = y_i \\ 0 & \text{otherwise} \end{cases}$$
#
# The result is int64 of shape (n, num_classes). Its width is `num_classes`, also when the last classes do not occur
# in `y`: a batch is only a sample of the data. Build it yourself: `torch.nn.functional.one_hot` is not allowed
# here.
#
# **By hand.** `y = [2, 0]`, `num_classes = 4` gives `[[0, 0, 1, 0], [1, 0, 0, 0]]`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Compare every label with every class number: that is `outer_sum` with `==` in place of `+`. Or start from zeros
# and write the ones. Or pick rows of the identity matrix.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `y[:, None] == torch.arange(num_classes)` is a (n, num_classes) tensor of bools; one call makes it int64. The
# `arange` lives on `y`'s device.
# </details>
#
# <details><summary>Help: I see "dtype float32, expected int64"</summary>
#
# `torch.zeros` and `torch.eye` make floats unless you give `dtype=torch.int64`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "one_hot", "locked": false, "schema_version": 3, "solution": true, "task": false}
def one_hot(y, num_classes):
    """Labels as rows of zeros with a single one.

    y: (n,) int64 in 0 ... num_classes-1. Returns (n, num_classes) int64.
    """
    ### BEGIN SOLUTION
    classes = torch.arange(num_classes, device=y.device)
    return (y[:, None] == classes).long()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_one_hot", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
check_equal(one_hot(torch.tensor([2, 0]), 4), torch.tensor([[0, 0, 1, 0], [1, 0, 0, 0]]), "one_hot([2, 0], 4)")
check_equal(one_hot(torch.tensor([1]), 3), torch.tensor([[0, 1, 0]]), "one_hot([1], 3)")
check_promises(one_hot, torch.tensor([2, 0, 1, 1]), 3)

# %% [markdown]
# ### 4.3 `topk_labels`
#
# *difficulty 2/5 · importance 3/5 · about 10 minutes · 7 points*
#
# Notes: 003 §5.4 · 003 §5.5
#
# "Cat, or else dog, or else fox": an image search shows the `k` likeliest classes. `probs` (n, c) holds a
# probability for each class, and the 1-D tensor `labels` (c,) holds the **name** of each class, a number such as 103.
# Return the names of the k likeliest classes of each sample, likeliest first.
#
# **By hand.** `probs = [[0.1, 0.6, 0.3], [0.5, 0.1, 0.4]]`, `labels = [103, 101, 107]`, `k = 2`. Sample 0:
# positions 1, 2, names 101, 107. Sample 1: positions 0, 2, names 103, 107. The answer is
# `[[101, 107], [103, 107]]`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `topk` gives two things: the largest values, and the positions where they stand.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# With `positions` of shape (n, k), `labels[positions]` looks every one of them up, in one step.
# </details>
#
# <details><summary>Help: my names come in the wrong order</summary>
#
# `sort` and `argsort` put the *smallest* first unless you say `descending=True`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "topk_labels", "locked": false, "schema_version": 3, "solution": true, "task": false}
def topk_labels(probs, labels, k):
    """The names of the k likeliest classes of each sample, likeliest first.

    probs: (n, c) float; labels: (c,), any dtype; k: int, 1 ≤ k ≤ c. Returns (n, k), of the dtype of labels.
    """
    ### BEGIN SOLUTION
    positions = probs.topk(k, dim=1).indices
    return labels[positions]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_topk_labels", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
_probs = torch.tensor([[0.1, 0.6, 0.3], [0.5, 0.1, 0.4]])
_result = topk_labels(_probs, torch.tensor([103, 101, 107]), 2)
check_equal(_result, torch.tensor([[101, 107], [103, 107]]), "topk_labels(probs, labels, 2)")
_result = topk_labels(torch.tensor([[0.2, 0.5, 0.3]]), torch.tensor([9, 8, 7]), 3)
check_equal(_result, torch.tensor([[8, 7, 9]]), "topk_labels(probs, labels, 3) of one sample")
check_equal(topk_labels(_probs, torch.tensor([5, 6, 4]), 1), torch.tensor([[6], [5]]), "topk_labels(probs, labels, 1)")
check_promises(topk_labels, _probs, torch.tensor([103, 101, 107]), 2, gradient=False)

# %% [markdown]
# ## 5 · All together (综合)
#
# ### 5.1 `masked_mean`
#
# *difficulty 3/5 · importance 4/5 · about 15 minutes · 10 points*
#
# Notes: 003 §4.3 · 003 §5.5 · 004 keys
#
# Sentences have different lengths, and a batch of them is filled up to one length. A **mask** (掩码) says which
# entries are real. Take the mean of each row over the entries where the mask is True:
#
# $$m_i = \frac{\sum_j \text{mask}_{ij}\, X_{ij}}{\sum_j \text{mask}_{ij}}$$
#
# Two conventions:
#
# * a row without any True gives **0**;
# * what lies outside the mask is no data and may be anything, **also NaN or infinity**. It must not reach the
#   result.
#
# **By hand.** `X = [[1, 2, 9], [4, 6, 8]]`, `mask = [[True, True, False], [False, False, False]]`. Row 0:
# (1 + 2) / 2 = 1.5. Row 1: 0.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `mask.sum(dim=1)` counts the Trues of each row. What do you divide by where it is 0, so that 0 comes out?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Put zeros where the mask is False (`X.masked_fill(~mask, 0)` or `torch.where`), sum, and divide by the count with
# `.clamp(min=1)`.
# </details>
#
# <details><summary>Help: I see nan</summary>
#
# Either 0 / 0 in an empty row, or `X * mask` with a NaN outside the mask: NaN · 0 is NaN, and ∞ · 0 is NaN too.
# Replace these entries, do not multiply them away.
# </details>
#
# <details><summary>Help: my means are too small</summary>
#
# `mean(dim=1)` divides by the full length of the row. Divide the sum by the number of Trues.
# </details>


# %% nbgrader={"grade": false, "grade_id": "masked_mean", "locked": false, "schema_version": 3, "solution": true, "task": false}
def masked_mean(X, mask):
    """The mean of each row over the entries where mask is True; 0 where there are none.

    X: (n, d) float, anything outside the mask; mask: (n, d) bool. Returns (n,), of the dtype of X.
    """
    ### BEGIN SOLUTION
    total = X.masked_fill(~mask, 0).sum(dim=1)
    count = mask.sum(dim=1).clamp(min=1)
    return total / count
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_masked_mean", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
_X = torch.tensor([[1.0, 2.0, 9.0], [4.0, 6.0, 8.0], [5.0, float("nan"), 7.0]])
_mask = torch.tensor([[True, True, False], [False, False, False], [True, False, True]])
check_equal(masked_mean(_X[:1], _mask[:1]), torch.tensor([1.5]), "masked_mean of the row [1, 2, (9)]")
check_equal(masked_mean(_X[1:2], _mask[1:2]), torch.tensor([0.0]), "masked_mean of a row without any True")
check_equal(masked_mean(_X[2:], _mask[2:]), torch.tensor([6.0]), "masked_mean of the row [5, (nan), 7]")
check_equal(masked_mean(_X, _mask), torch.tensor([1.5, 0.0, 6.0]), "masked_mean of the three rows together")
check_promises(masked_mean, torch.tensor([[1.0, 2.0, 9.0], [4.0, 6.0, 8.0]]), _mask[::2])

# %% [markdown]
# ### 5.2 `pairwise_distances`
#
# *difficulty 4/5 · importance 4/5 · about 25 minutes · 14 points*
#
# Notes: 001 广播机制 · 003 §5.1 · 003 §5.3
#
# How far is each point of `X` (n, d) from each point of `Y` (m, d)? The **Euclidean distance** (欧氏距离) of all pairs:
#
# $$D_{ij} = \lVert x_i - y_j \rVert = \sqrt{\sum_{l=1}^{d} (x_{il} - y_{jl})^2}$$
#
# No loop over the points, and not with `torch.cdist` or `F.pairwise_distance`, which is what you are building.
# There are two good ways:
#
# * **differences**: broadcast to all differences (n, m, d), square, sum, root. Simple and accurate, but it needs
#   n·m·d numbers;
# * **expansion**: $\lVert x\rVert^2 + \lVert y\rVert^2 - 2\,x\cdot y$ with one matrix product. Little memory, but
#   rounding can leave a squared distance that is slightly **negative**, and its root is NaN.
#
# Both have one trap in common. The root has an infinite slope at 0, so where two points are **equal** the gradient
# becomes ∞ · 0 = NaN, and one such pair spoils all the weights. At equal points the distance is to be 0 (up to rounding:
# the expansion may leave 0.001, and that is accepted; NaN is not), and the gradient it passes on **0** too.
#
# **By hand.** `X = [[0, 0], [3, 4]]`, `Y = [[0, 0], [3, 0], [0, 4]]`. From (0, 0): 0, 3, 4. From (3, 4):
# √(9 + 16) = 5, then 4, then 3. So `[[0, 3, 4], [5, 4, 3]]`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `X[:, None, :] - Y[None, :, :]` has the shape (n, m, d). Which dimension is summed?
# </details>
#
# <details><summary>Hint 2: the trap</summary>
#
# The root must never *see* a zero. Replace the zeros under it by 1 and set the result to 0 there: one `masked_fill`
# before the root and one after it. Only after it is too late: the slope at 0 is still computed.
# </details>
#
# <details><summary>Hint 3: nearly the answer</summary>
#
# `equal = squared <= 0`, then `squared.masked_fill(equal, 1).sqrt().masked_fill(equal, 0)`. This serves for
# slightly negative numbers as well.
# </details>
#
# <details><summary>Help: I see nan in the distances</summary>
#
# You expand the square and rounding made it negative: clamp it at 0, or use Hint 3.
# </details>
#
# <details><summary>Help: I see nan in the gradient only</summary>
#
# A `sqrt` of 0. `torch.where(equal, 0, squared.sqrt())` does not help: the branch that was not chosen still takes
# part in the backward pass, with 0 · ∞.
# </details>


# %% nbgrader={"grade": false, "grade_id": "pairwise_distances", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pairwise_distances(X, Y):
    """Euclidean distances between all points of X and all points of Y.

    X: (n, d), Y: (m, d), both float of one dtype. Returns (n, m); 0 with gradient 0 where the two points are equal.
    """
    ### BEGIN SOLUTION
    squared = ((X[:, None, :] - Y[None, :, :]) ** 2).sum(dim=2)
    equal = squared <= 0
    return squared.masked_fill(equal, 1).sqrt().masked_fill(equal, 0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_pairwise_distances", "locked": true, "points": 14, "schema_version": 3, "solution": false, "task": false}
_X = torch.tensor([[0.0, 0.0], [3.0, 4.0]], requires_grad=True)
_Y = torch.tensor([[0.0, 0.0], [3.0, 0.0], [0.0, 4.0]])
_result = pairwise_distances(_X, _Y)
check_equal(_result, torch.tensor([[0.0, 3.0, 4.0], [5.0, 4.0, 3.0]]), "pairwise_distances(X, Y)", atol=1e-3)
check(_result.requires_grad, "pairwise_distances(X, Y) carries no gradient back to X.")
_result[0].sum().backward()
check(not _X.grad.isnan().any(), "One of the distances is 0, and its gradient is NaN.")
check_equal(_X.grad, torch.tensor([[-1.0, -1.0], [0.0, 0.0]]), "the gradient of the distances from (0, 0)", atol=1e-3)
check_promises(pairwise_distances, torch.tensor([[1.0, 2.0], [0.0, 5.0], [3.0, 3.0]]), torch.tensor([[7.0, 8.0], [6.0, -2.0]]))

# %% [markdown]
# **See it.** First the distances between a hundred digits, ten of each class in order: dark is near. The squares
# along the diagonal are the classes. Which two digits look alike to this distance?
#
# Then a classifier from your own pieces: `split_batches` cuts the test set, `pairwise_distances` compares each part
# with all training digits, `merge_batches` puts the parts together, and `topk_labels` names the labels of the three
# nearest. The title of each picture is its true label, then these three.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_distances", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# X_train, y_train, X_test, y_test = digits()
# ten_of_each = torch.cat([(y_test == label).nonzero()[:10, 0] for label in range(10)])
# points = X_test[ten_of_each].flatten(1)
# figure, axes = plt.subplots(figsize=(5.6, 4.6), layout="constrained")
# figure.colorbar(axes.imshow(pairwise_distances(points, points)), label="distance")
# places, names = [10 * label + 4.5 for label in range(10)], range(10)
# axes.set(xlabel="test digit, ten of each", ylabel="test digit, ten of each", title="Distances between handwritten digits")
# axes.set(xticks=places, xticklabels=names, yticks=places, yticklabels=names)
# plt.show()

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_neighbours", "locked": true, "schema_version": 3, "solution": false, "task": false}
# X_train, y_train, X_test, y_test = digits()
# parts = [pairwise_distances(part, X_train.flatten(1)) for part in split_batches(X_test.flatten(1), 64)]
# distances = merge_batches(parts, stack=False)
# nearest = topk_labels(-distances, y_train, 3)
# right = (nearest[:, 0] == y_test).sum().item()
# print(f"The nearest neighbour has the right label for {right} of {len(y_test)} test digits.")
# titles = [f"{label}: {a} {b} {c}" for label, (a, b, c) in zip(y_test.tolist(), nearest.tolist())]
# show_images(X_test[:16], titles[:16])

# %% [markdown]
# ## Written questions
#
# Marked by hand; together up to 10 points of extra credit.
#
# ### Written question 1: why `reshape` pollutes (up to 5 points)
#
# Let `X` be contiguous, of shape $(N, C, H, W)$.
#
# 1. At which place in memory, counted from 0, does $X_{n,c,i,j}$ stand?
# 2. Let `R = X.reshape(N, H, W, C)`. Take one image ($N=1$) with $C=2$, $H=1$, $W=3$ and show which entry of `X`
#    stands at `R[0, 0, 1, 0]`, and which should.
# 3. `X.permute(0, 2, 3, 1)` copies nothing. How then can it read in another order? Why does `.view(-1)` refuse its
#    result while `.reshape(-1)` does not?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_layout", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# 1. $((n \cdot C + c) \cdot H + i) \cdot W + j$: the last index moves fastest.
# 2. `R[0, 0, 1, 0]` stands at place $((0 \cdot 1 + 0) \cdot 3 + 1) \cdot 2 + 0 = 2$. In `X` place 2 is
#    $c=0, i=0, j=2$: `X[0, 0, 0, 2]`. It should be channel 0 of the pixel in column 1, `X[0, 0, 0, 1]`, at place 1.
#    `reshape` keeps the order in memory and only counts it off anew.
# 3. `permute` changes the strides: how far to step in memory for one step along each dimension, here from
#    $(CHW, HW, W, 1)$ to $(CHW, W, 1, HW)$. `view(-1)` would have to read all numbers with one constant stride; in
#    the new order there is none, so it refuses. `reshape` copies into a new, contiguous storage where a view is
#    impossible.
#
# Marking: question 1 one point; question 2 two points (place 2 and `X[0, 0, 0, 2]` one, the right entry and why
# one); question 3 two points (strides one, view against copy one).
# ### END SOLUTION

# %% [markdown]
# ### Written question 2: two ways to a distance (up to 5 points)
#
# 1. Show that $\lVert x - y\rVert^2 = \lVert x\rVert^2 + \lVert y\rVert^2 - 2\,x\cdot y$.
# 2. float32 keeps about 7 decimal digits. Let $x$ and $y$ be points near $(1000, 1000)$ that are $0.01$ apart. How
#    large are the three terms on the right, how large is their rounding error, and what does this do to the
#    difference? Does the left-hand side suffer from it?
# 3. n = m = 10 000 points with d = 64. How many numbers does each way keep in memory at once, roughly? When would
#    you use which?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_distances", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# 1. $\lVert x-y\rVert^2 = (x-y)\cdot(x-y) = x\cdot x - 2\,x\cdot y + y\cdot y$.
# 2. $\lVert x\rVert^2$ and $\lVert y\rVert^2$ are about $2\cdot 10^6$ and $2\,x\cdot y$ is about $4\cdot 10^6$.
#    With 7 digits each carries an error of the order of $0.1$. The true result is $10^{-4}$: it drowns, and may
#    come out as 0, as 0.25 or negative (cancellation). The left-hand side subtracts first: the coordinates carry an
#    error of about $3\cdot 10^{-5}$ each, so the difference $0.01$ is right to about one per cent.
# 3. Differences: $nmd = 6.4\cdot 10^9$ numbers, 26 GB. Expansion: $nm = 10^8$ numbers for the result (0.4 GB, a few
#    such matrices on the way). Differences for few points or where small distances matter; expansion for many
#    points that are not near one another compared with their norms. Cutting `X` into batches makes differences
#    possible at any size.
#
# Marking: question 1 one point; question 2 two points (sizes and errors one, cancellation against subtracting first
# one); question 3 two points (counts one, a choice with a reason one).
# ### END SOLUTION

# %% [markdown]
# ## What you have now
#
# You can say where a tensor's numbers lie and who else sees them, move its dimensions without mixing them up, and
# compute with all samples at once. `pick_probabilities` returns in ps05 as the heart of the cross-entropy,
# `standardize` in ps12 as batch normalisation (批量规范化), `masked_mean` and its NaN-proof mask in ps18 as attention
# (注意力), and in-place updates wherever something learns. When a shape puzzles you there, come back to the small
# example done by hand: it is nearly always enough.
