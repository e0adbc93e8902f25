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
# # ps10 · Convolution and pooling 卷积与池化
#
# A fully connected layer that looks at a photograph of 36 million values needs billions of weights. A convolution
# needs nine. In this assignment you build everything a convolutional network (卷积神经网络, CNN) is made of: the
# sliding window, padding, stride, channels, pooling. You watch a kernel learn to see edges, write the fast version
# that deep-learning libraries use inside, and at the end train LeNet, the network that read the cheques of the
# 1990s, to read handwritten digits.
#
# **How it works.** Put your code where it says `raise NotImplementedError()`. The cell below it checks a few examples
# and says in words what is wrong. When you submit, a hidden grader checks more: other shapes, other dtypes, a batch of
# one, negative numbers. Every exercise stands alone: you may skip one and come back, and where one is built on another,
# the grader puts a right one in its place if yours is wrong, so that no mistake costs you twice. Helpers of your own may
# stand in cells of your own, above the exercise that uses them. The points add up to 100; the written questions are
# extra credit.
#
# **What holds for every exercise**, unless it says otherwise:
#
# * the result has the dtype and the device of the input, and the input is left as it was;
# * the numbers of the input may lie in memory in any order, as those of a transposed image do;
# * a function gives the same when it is called again, and switches nothing for the rest of the program;
# * gradients flow through: no `.detach()`, `.item()` or `.numpy()` in the middle of a computation;
# * heights come before widths, everywhere: `(h, w)`, `(kh, kw)`, `(ph, pw)`, `(sh, sw)`;
# * *from scratch* means that PyTorch's own convolution and pooling stay out of it (the grader watches which operations
#   run). What only moves numbers around is welcome: `F.pad`, `F.unfold`, `Tensor.unfold`, `einsum`, `@`.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import course_tools
import torch
from course_tools import check, check_equal, check_promises
from torch import nn
from torch.nn import functional as F


def pair(value):
    """(value, value) for an int, the value itself for a pair: pair(3) == (3, 3), pair((1, 2)) == (1, 2)."""
    return (value, value) if isinstance(value, int) else tuple(value)


# %% [markdown]
# ## 1 Cross-correlation 互相关
#
# Two thoughts turn a fully connected layer into a convolution (卷积). *Locality* (局部性): to know what is at a pixel,
# look at its neighbours only. *Translation invariance* (平移不变性): an edge is an edge wherever it lies, so use the same
# weights everywhere. What is left is one small window of weights, the **kernel** (卷积核), that slides over the image.
#
# ### Exercise 1: `corr2d`
# *difficulty 2/5 · importance 5/5 · about 15 minutes · 12 points*
#
# Notes: 000 §2.2.1 · 001 自定义层实现 · 002 二维互相关运算 · 003 §10.1
#
# Lay the kernel $K$ of height $k_h$ and width $k_w$ on the image $X$, multiply what lies on top of each other, add up,
# move on by one:
#
# $$Y_{i,j} = \sum_{a=0}^{k_h-1}\sum_{b=0}^{k_w-1} K_{a,b}\,X_{i+a,\,j+b}
# \qquad Y:\ (n_h-k_h+1)\times(n_w-k_w+1)$$
#
# Strictly speaking this is a *cross-correlation* (互相关). The convolution of mathematics turns the kernel upside down
# and left to right first. Since kernels are learned, it makes no difference to what a network can do, and everyone says
# convolution. Here too: **do not flip the kernel.** Write it from scratch; loops over the positions of the output are
# fine in this exercise.
#
# *By hand:*
#
# $$X=\begin{pmatrix}1&2&0&1\\0&1&3&2\\2&0&1&1\end{pmatrix},\quad
# K=\begin{pmatrix}1&0\\2&-1\end{pmatrix},\quad
# Y=\begin{pmatrix}0&1&4\\4&0&4\end{pmatrix}$$
#
# The first entry is $1\cdot1+0\cdot2+2\cdot0-1\cdot1=0$, the one to its right $1\cdot2+0\cdot0+2\cdot1-1\cdot3=1$.
#
# <details><summary>Hint 1: a nudge</summary>
# How many positions are there for the window from top to bottom, and how many from left to right? That is the shape
# of <code>Y</code>, and those are the two loops.
# </details>
# <details><summary>Hint 2: nearly the answer</summary>
# Make a <code>Y</code> of zeros with <code>X.new_zeros(...)</code>, which takes over dtype and device. At (i, j) the
# window is <code>X[i : i + kh, j : j + kw]</code>; multiply it by <code>K</code> and sum.
# </details>
# <details><summary>Help: I see "shape (2, 2), expected (2, 3)"</summary>
# The height comes from <code>X.shape[0]</code>, the width from <code>X.shape[1]</code>. With a square image the mix-up
# goes unnoticed.
# </details>
# <details><summary>Help: I see "The size of tensor a must match the size of tensor b"</summary>
# The window has not the kernel's shape: it goes to <code>i + kh</code> downwards and to <code>j + kw</code> sideways.
# </details>


# %% nbgrader={"grade": false, "grade_id": "corr2d", "locked": false, "schema_version": 3, "solution": true, "task": false}
def corr2d(X, K):
    """Cross-correlation of an image with a kernel, from scratch.

    X: (h, w) float; K: (kh, kw), same dtype, not larger than X. Returns (h - kh + 1, w - kw + 1), dtype and device of X.
    """
    ### BEGIN SOLUTION
    (h, w), (kh, kw) = X.shape, K.shape
    Y = X.new_zeros(h - kh + 1, w - kw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + kh, j : j + kw] * K).sum()
    return Y
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_corr2d", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
_X = torch.tensor([[1.0, 2.0, 0.0, 1.0], [0.0, 1.0, 3.0, 2.0], [2.0, 0.0, 1.0, 1.0]])
_K = torch.tensor([[1.0, 0.0], [2.0, -1.0]])
check_equal(corr2d(_X, _K), torch.tensor([[0.0, 1.0, 4.0], [4.0, 0.0, 4.0]]), "corr2d(X, K)")
_tall = torch.tensor([[2.0, -1.0], [3.0, 1.0], [-2.0, 4.0], [5.0, -3.0]])
check_equal(corr2d(_tall, torch.tensor([[1.0], [-2.0], [3.0]])), torch.tensor([[-10.0, 9.0], [22.0, -16.0]]), "corr2d of a tall image and a 3×1 kernel")
check_promises(corr2d, _tall, torch.tensor([[1.0, -1.0], [2.0, 3.0]]))

# %% [markdown]
# ### Exercise 2: `Conv2D`
# *difficulty 1/5 · importance 4/5 · about 10 minutes · 8 points*
#
# Notes: 000 §2.2.2 · 001 自定义层实现 · 002 二维卷积层 · 004 CNN
#
# A convolutional layer (卷积层) is the operation together with what it learns: $Y = X \star W + b$. Write it as a module
# with exactly two parameters: `weight` of shape `kernel_size`, random at the start (`torch.rand` or `torch.randn`), and
# `bias`, **one** number for the whole output, of shape `(1,)`. One image goes in, `(h, w)`, without batch or channels.
#
# Use your `corr2d`, or another way to compute the same: `F.conv2d` is welcome here too. If your `corr2d` is not right yet,
# never mind: the grader puts a right one in its place.
#
# *By hand:* with weight `[[1, -1]]` and bias `[10]`, the image `[[3, 5, 4]]` becomes `[[3-5+10, 5-4+10]] = [[8, 11]]`.
#
# <details><summary>Hint 1: a nudge</summary>
# How does a module know which of its tensors are to be learned? A plain tensor as an attribute is not enough.
# </details>
# <details><summary>Hint 2: nearly the answer</summary>
# <code>self.weight = nn.Parameter(torch.rand(kernel_size))</code>, after <code>super().__init__()</code>.
# </details>
# <details><summary>Help: I see "cannot assign parameters before Module.__init__() call"</summary>
# The first line of <code>__init__</code> is <code>super().__init__()</code>.
# </details>


# %% nbgrader={"grade": false, "grade_id": "Conv2D", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Conv2D(nn.Module):
    """A convolutional layer for one image: cross-correlation with a learned kernel, plus a learned bias.

    kernel_size: (kh, kw). Parameters: weight (kh, kw), random; bias (1,). forward: (h, w) -> (h - kh + 1, w - kw + 1).
    """

    def __init__(self, kernel_size):
        ### BEGIN SOLUTION
        super().__init__()
        self.weight = nn.Parameter(torch.rand(kernel_size))
        self.bias = nn.Parameter(torch.zeros(1))
        ### END SOLUTION

    def forward(self, X):
        ### BEGIN SOLUTION
        return corr2d(X, self.weight) + self.bias
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_Conv2D", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_layer = Conv2D((1, 2))
_shapes = {name: tuple(p.shape) for name, p in _layer.named_parameters()}
check(set(_shapes) == {"weight", "bias"} and _shapes["weight"] == (1, 2), f"the parameters are {_shapes}, expected weight (1, 2) and bias (1,).")
check(_layer.bias.numel() == 1, f"the bias has shape {_shapes['bias']}, expected (1,): one number for the whole output.")
_weight = Conv2D((3, 2)).weight.detach()
check_equal(tuple(_weight.shape), (3, 2), "the shape of the weight of Conv2D((3, 2))")
check(bool((_weight != _weight[0, 0]).any()), "all entries of the weight start with the same number: they should be random.")
with torch.no_grad():
    _layer.weight.copy_(torch.tensor([[1.0, -1.0]]))
    _layer.bias.fill_(10.0)
_Y = _layer(torch.tensor([[3.0, 5.0, 4.0]]))
check_equal(_Y, torch.tensor([[8.0, 11.0]]), "layer([[3, 5, 4]])")
check(_Y.requires_grad, "no gradient can flow back from the layer: was the result detached, or computed with .data?")
_Y.sum().backward()
check_equal(_layer.weight.grad, torch.tensor([[8.0, 9.0]]), "the gradient of the weight after layer([[3, 5, 4]]).sum().backward()")
check_equal(_layer.bias.grad, 2.0, "the gradient of the bias after layer([[3, 5, 4]]).sum().backward()")

# %% [markdown]
# ### Exercise 3: `learn_kernel`
# *difficulty 3/5 · importance 4/5 · about 15 minutes · 7 points*
#
# Notes: 000 §2.2.2 · 002 互相关运算和卷积运算
#
# The kernel `[[1, -1]]` answers 1 where the image goes from white to black, −1 from black to white, 0 elsewhere: an edge
# detector (边缘检测), designed by hand. Now find such a kernel from examples alone. Given an image $X$ and the output $Y$
# that some unknown kernel of shape `kernel_size` gave, start from a random kernel and go down the gradient of the squared
# error:
#
# $$K \leftarrow K - \eta\,\frac{\partial}{\partial K}\,\frac{1}{|Y|}\sum_{i,j}\big((X\star K)_{i,j} - Y_{i,j}\big)^2$$
#
# Return the kernel, a tensor of shape `kernel_size`. There is no bias. Every entry must come within 0.05 of the true one,
# **whatever the start**. The hidden images are like those of the check: black-and-white stripes of 6×8, and noise of
# standard deviation 0.5, 6×8 to 7×9; the kernels have one to three rows, one to three columns and at most six entries,
# from a normal distribution; all float32. So take enough steps: a few hundred cost a tenth of a second, if you convolve
# with `F.conv2d` or `nn.Conv2d` (allowed here).
# The optimizer is up to you; only solving for the kernel directly (`lstsq`, `solve`, `pinv`, `inv`) is not learning.
#
# *By hand:* $X = (1, 0)$, $Y = (1)$, a kernel of shape (1, 2), start $K = (0, 0)$. The output is 0, the error −1, the
# gradient $2\cdot(-1)\cdot(1, 0) = (-2, 0)$. One step with $\eta = 0.25$ gives $K = (0.5, 0)$, the next $(0.75, 0)$. The
# second entry never moves: this image does not tell anything about it.
#
# <details><summary>Hint 1: a nudge</summary>
# It is the training loop that you know: output, loss, backward, step. What has to happen to the old gradient before
# the next <code>backward()</code>?
# </details>
# <details><summary>Hint 2: nearly the answer</summary>
# <code>K = torch.randn(kernel_size, requires_grad=True)</code> and <code>torch.optim.SGD([K], lr=0.5)</code> on the
# <em>mean</em> of the squares, 200 steps. <code>F.conv2d(X[None, None], K[None, None])[0, 0]</code> is
# <code>corr2d(X, K)</code>, only faster.
# </details>
# <details><summary>Help: I see NaN, or numbers that grow</summary>
# The steps are too long. With a <em>sum</em> instead of a mean the gradient grows with the image, and the learning rate
# has to shrink accordingly.
# </details>
# <details><summary>Help: The kernel circles around the right one and never arrives</summary>
# The gradients add up from step to step: clear them.
# </details>


# %% nbgrader={"grade": false, "grade_id": "learn_kernel", "locked": false, "schema_version": 3, "solution": true, "task": false}
def learn_kernel(X, Y, kernel_size):
    """Find by gradient descent the kernel that turns X into Y.

    X: (h, w) float32; Y: (h - kh + 1, w - kw + 1) float32; kernel_size: (kh, kw). Returns the kernel, a tensor (kh, kw).
    """
    ### BEGIN SOLUTION
    image, answer = X[None, None], Y[None, None]
    K = torch.randn(1, 1, *kernel_size, requires_grad=True)
    optimizer = torch.optim.SGD([K], lr=0.75)
    for _ in range(100):
        loss = F.mse_loss(F.conv2d(image, K), answer)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return K.detach()[0, 0]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_learn_kernel", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
_stripes = torch.ones(6, 8)
_stripes[:, 2:6] = 0.0
_edges = _stripes[:, :-1] - _stripes[:, 1:]
_given = _edges.clone()
check_equal(learn_kernel(_stripes, _given, (1, 2)), torch.tensor([[1.0, -1.0]]), "kernel from the stripes", atol=0.05)
check_equal(_given, _edges, "Y after the call")
for _ in range(3):
    _noise, _secret = 0.5 * torch.randn(6, 8), torch.randn(3, 2)
    _answer = F.conv2d(_noise[None, None], _secret[None, None])[0, 0]
    check_equal(learn_kernel(_noise, _answer, (3, 2)), _secret, "kernel from a noise image", atol=0.05)

# %% [markdown]
# ### See it: edges
#
# Your learned kernel on a real digit, and its transpose for the other direction. Red is positive, blue negative.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_edges", "locked": true, "schema_version": 3, "solution": false, "task": false}
# digit = F.interpolate(course_tools.digits()[0][4:5], size=28, mode="bilinear")[0, 0]
# K = learn_kernel(_stripes, _edges, (1, 2))
# pictures = [corr2d(digit, K), corr2d(digit, K.T)]
# course_tools.show_images([digit], ["the digit"])
# course_tools.show_images(pictures, ["K = [1, -1]", "K transposed"])

# %% [markdown]
# ## 2 Padding and stride 填充与步幅
#
# ### Exercise 4: `conv_output_size`
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 6 points*
#
# Notes: 000 §2.3.1 · 000 §2.3.2 · 001 卷积输入输出尺寸 · 002 步幅
#
# Every convolution eats the border. **Padding** (填充) adds rows and columns of zeros around the image so that it shrinks
# less; **stride** (步幅) moves the window by more than one pixel so that it shrinks faster. With size $n$, kernel $k$,
# padding $p$ and stride $s$, in each dimension:
#
# $$\text{size} = \left\lfloor\frac{n-k+p+s}{s}\right\rfloor$$
#
# At the far end, what is too little for a whole window is dropped.
#
# > **Two conventions of padding.** In this formula, as in the lecture, $p$ is the **total**: both sides together. In
# > PyTorch, and in all later exercises (`pad2d`, `conv2d`, `pool2d`), padding is **per side**. `padding=2` of a layer is
# > $p = 4$ here.
#
# Each argument is an int or a pair (height, width). If all four are ints, return an int; if any is a pair, return a pair
# `(height, width)`, and ints count for both dimensions.
#
# *By hand:* $n=28$, $k=5$, $p=4$, $s=1$: $\lfloor 28/1\rfloor = 28$, the size is kept. For $n=(9,13)$, $k=(3,4)$,
# $p=(2,1)$, $s=2$: $\lfloor 10/2\rfloor=5$ and $\lfloor 12/2\rfloor=6$.
#
# <details><summary>Hint 1: a nudge</summary>
# Write the formula for ints first. <code>//</code> rounds down.
# </details>
# <details><summary>Hint 2: nearly the answer</summary>
# If all are ints, return the formula. Otherwise turn each argument into a pair with <code>pair(...)</code> from the setup
# cell, and use the formula on all first entries and on all second entries: <code>zip</code> does the sorting.
# </details>
# <details><summary>Help: I see 32 where 28 is expected</summary>
# The padding was counted twice: it is already the total of both sides.
# </details>


# %% nbgrader={"grade": false, "grade_id": "conv_output_size", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_output_size(n, k, padding=0, stride=1):
    """Size of a convolution's output. padding is the total of both sides.

    n, k, padding, stride: int or pair of ints (height, width). Returns an int if all are ints, else a pair of ints.
    """
    ### BEGIN SOLUTION
    if all(isinstance(value, int) for value in (n, k, padding, stride)):
        return (n - k + padding + stride) // stride
    sides = zip(pair(n), pair(k), pair(padding), pair(stride))
    return tuple((n - k + p + s) // s for n, k, p, s in sides)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_conv_output_size", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check_equal(conv_output_size(32, 5), 28, "conv_output_size(32, 5)")
check_equal(conv_output_size(28, 5, 4, 1), 28, "conv_output_size(28, 5, 4, 1)")
check_equal(conv_output_size(8, 3, 0, 3), 2, "conv_output_size(8, 3, 0, 3)")
check_equal(conv_output_size((9, 13), (3, 4), (2, 1), 2), (5, 6), "conv_output_size((9, 13), (3, 4), (2, 1), 2)")

# %% [markdown]
# ### Exercise 5: `pad2d`
# *difficulty 1/5 · importance 3/5 · about 10 minutes · 4 points*
#
# Notes: 000 §2.3.1 · 001 填充 · 002 填充 · 004 填充与步幅
#
# Put a frame of zeros around an image. `padding` is **per side**: an int, or `(ph, pw)` with `ph` rows above *and* `ph`
# rows below, `pw` columns left *and* right. Only the last two dimensions grow; whatever comes before them (batch,
# channels) stays as it is. From scratch: without `F.pad` and `nn.ZeroPad2d`, and without a loop over the batch.
#
# *By hand:* `[[1, 2]]` with `padding=(1, 2)` becomes three rows of six:
# `[[0,0,0,0,0,0], [0,0,1,2,0,0], [0,0,0,0,0,0]]`.
#
# <details><summary>Hint 1: a nudge</summary>
# Make the large tensor of zeros first, then lay the image into its middle.
# </details>
# <details><summary>Hint 2: nearly the answer</summary>
# <code>Y = X.new_zeros(*X.shape[:-2], h + 2 * ph, w + 2 * pw)</code>, then an assignment to
# <code>Y[..., ph : ph + h, pw : pw + w]</code>.
# </details>
# <details><summary>Help: it works, except with padding 0</summary>
# <code>Y[ph:-ph]</code> is empty when <code>ph</code> is 0, because −0 is 0. Count from the front:
# <code>ph : ph + h</code>.
# </details>


# %% nbgrader={"grade": false, "grade_id": "pad2d", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pad2d(X, padding):
    """Zeros around the last two dimensions, from scratch.

    X: (..., h, w); padding: int or (ph, pw), per side. Returns (..., h + 2 ph, w + 2 pw), dtype and device of X.
    """
    ### BEGIN SOLUTION
    (ph, pw), (h, w) = pair(padding), X.shape[-2:]
    Y = X.new_zeros(*X.shape[:-2], h + 2 * ph, w + 2 * pw)
    Y[..., ph : ph + h, pw : pw + w] = X
    return Y
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_pad2d", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
_framed = torch.tensor([[0, 0, 0, 0, 0, 0], [0, 0, 1, 2, 0, 0], [0, 0, 0, 0, 0, 0]]).float()
check_equal(pad2d(torch.tensor([[1.0, 2.0]]), (1, 2)), _framed, "pad2d([[1, 2]], (1, 2))")
_images = torch.tensor([[[3.0], [-1.0]], [[2.0], [5.0]]])
_framed = torch.tensor([[[0.0, 3.0, 0.0], [0.0, -1.0, 0.0]], [[0.0, 2.0, 0.0], [0.0, 5.0, 0.0]]])
check_equal(pad2d(_images, (0, 1)), _framed, "pad2d of two images of 2×1, padding (0, 1)")
check_equal(pad2d(_images, 2).sum(dim=(1, 2)), torch.tensor([2.0, 7.0]), "the sums of two images after pad2d(images, 2)")
check_promises(pad2d, _images, 2)

# %% [markdown]
# ## 3 Channels 通道
#
# A colour image has three channels (通道), a layer inside a network has hundreds: each is a map of where some pattern was
# found. A convolution looks at all of them at once.
#
# ### Exercise 6: `corr2d_multi_in`
# *difficulty 1/5 · importance 4/5 · about 5 minutes · 5 points*
#
# Notes: 000 §2.3.4 · 001 多输入通道 · 002 多输入通道 · 004 多输入与多输出通道
#
# Several input channels, one output channel: each channel of $X$ has its own slice of the kernel, and the results are
# added:
#
# $$Y = \sum_{c} X_c \star K_c$$
#
# You may use your `corr2d` (the grader puts a right one in its place if it is wrong); PyTorch's convolution stays out of it.
#
# *By hand:*
# $X_0=\begin{pmatrix}1&2&0\\0&1&3\end{pmatrix}$, $X_1=\begin{pmatrix}0&1&1\\2&0&1\end{pmatrix}$, $K_0=(1\ \ {-1})$,
# $K_1=(0\ \ 2)$. Then
# $Y=\begin{pmatrix}-1&2\\-1&-2\end{pmatrix}+\begin{pmatrix}2&2\\0&2\end{pmatrix}=\begin{pmatrix}1&4\\-1&0\end{pmatrix}$.
#
# <details><summary>Hint 1: a nudge</summary>
# <code>zip(X, K)</code> walks through the channels of both.
# </details>
# <details><summary>Hint 2: nearly the answer</summary>
# Python's <code>sum(...)</code> over <code>corr2d(x, k) for x, k in zip(X, K)</code>.
# </details>
# <details><summary>Help: I see a shape with one dimension too many</summary>
# The channels were stacked, not added. One output channel is one map.
# </details>


# %% nbgrader={"grade": false, "grade_id": "corr2d_multi_in", "locked": false, "schema_version": 3, "solution": true, "task": false}
def corr2d_multi_in(X, K):
    """Cross-correlation with several input channels and one output channel.

    X: (c_in, h, w); K: (c_in, kh, kw). Returns (h - kh + 1, w - kw + 1), dtype and device of X.
    """
    ### BEGIN SOLUTION
    return sum(corr2d(x, k) for x, k in zip(X, K))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_corr2d_multi_in", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
_X = torch.tensor([[[1.0, 2.0, 0.0], [0.0, 1.0, 3.0]], [[0.0, 1.0, 1.0], [2.0, 0.0, 1.0]]])
_K = torch.tensor([[[1.0, -1.0]], [[0.0, 2.0]]])
check_equal(corr2d_multi_in(_X, _K), torch.tensor([[1.0, 4.0], [-1.0, 0.0]]), "corr2d_multi_in(X, K)")
check_promises(corr2d_multi_in, torch.tensor([[[2.0, -1.0]], [[1.0, 3.0]], [[-2.0, 4.0]]]), torch.tensor([[[3.0]], [[-1.0]], [[2.0]]]))

# %% [markdown]
# ### Exercise 7: `corr2d_multi_in_out`
# *difficulty 2/5 · importance 4/5 · about 5 minutes · 5 points*
#
# Notes: 000 §2.3.4 · 001 多输出通道 · 002 多输出通道 · 003 §10.2.2
#
# One kernel finds one pattern. For $c_o$ patterns take $c_o$ kernels, each as deep as the input, and stack their maps:
#
# $$Y_o = \sum_{c} X_c \star K_{o,c}$$
#
# The weights of a layer therefore have four dimensions: (out, in, height, width).
#
# *By hand:* take $X$ and the kernel of exercise 6 as the first, and a second one with slices $(0\ \ 1)$ and
# $(1\ \ 0)$. Its map is
# $\begin{pmatrix}2&0\\1&3\end{pmatrix}+\begin{pmatrix}0&1\\2&0\end{pmatrix}=\begin{pmatrix}2&1\\3&3\end{pmatrix}$,
# and the output is the two maps on top of each other, of shape (2, 2, 2).
#
# <details><summary>Hint 1: a nudge</summary>
# One output channel is the previous exercise. <code>torch.stack</code> puts them together.
# </details>
# <details><summary>Hint 2: nearly the answer</summary>
# <code>torch.stack([corr2d_multi_in(X, k) for k in K])</code>: going through <code>K</code> goes through dimension 0,
# the output channels.
# </details>
# <details><summary>Help: the numbers are right, in the wrong channel</summary>
# Dimension 0 of <code>K</code> is out, dimension 1 is in.
# </details>


# %% nbgrader={"grade": false, "grade_id": "corr2d_multi_in_out", "locked": false, "schema_version": 3, "solution": true, "task": false}
def corr2d_multi_in_out(X, K):
    """Cross-correlation with several input and several output channels.

    X: (c_in, h, w); K: (c_out, c_in, kh, kw). Returns (c_out, h - kh + 1, w - kw + 1), dtype and device of X.
    """
    ### BEGIN SOLUTION
    return torch.stack([corr2d_multi_in(X, k) for k in K])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_corr2d_multi_in_out", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
_X = torch.tensor([[[1.0, 2.0, 0.0], [0.0, 1.0, 3.0]], [[0.0, 1.0, 1.0], [2.0, 0.0, 1.0]]])
_K = torch.tensor([[[[1.0, -1.0]], [[0.0, 2.0]]], [[[0.0, 1.0]], [[1.0, 0.0]]]])
_maps = torch.tensor([[[1.0, 4.0], [-1.0, 0.0]], [[2.0, 1.0], [3.0, 3.0]]])
check_equal(corr2d_multi_in_out(_X, _K), _maps, "corr2d_multi_in_out(X, K)")
check_equal(corr2d_multi_in_out(_X, _K[1:]), _maps[1:], "corr2d_multi_in_out(X, K[1:])")
check_promises(corr2d_multi_in_out, torch.tensor([[[2.0, -1.0]], [[1.0, 3.0]]]), torch.tensor([[3.0, -1.0], [2.0, 4.0], [-2.0, 1.0]])[:, :, None, None])

# %% [markdown]
# ### Exercise 8: `corr2d_multi_in_out_1x1`
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 5 points*
#
# Notes: 001 1*1卷积层 · 002 $1\times 1$卷积层 · 004 $1\times 1$ 卷积层
#
# A kernel of 1×1 sees no neighbours. It mixes the channels of each pixel, the same way at every pixel: a fully connected
# layer (全连接层) on the channels, with the pixels as samples. Networks use it all the time to change the number of
# channels cheaply.
#
# So no window has to slide: it is **one matrix product** and two reshapes. Write it as one product (`@`, `mm`, `einsum`,
# `tensordot`, as you like), without a loop.
#
# *By hand:* $X$ with channels $(1\ 2\ 0)$ and $(0\ 1\ 1)$, three pixels each, and three output channels:
#
# $$\begin{pmatrix}1&1\\2&0\\0&-1\end{pmatrix}\begin{pmatrix}1&2&0\\0&1&1\end{pmatrix}
# =\begin{pmatrix}1&3&1\\2&4&0\\0&-1&-1\end{pmatrix}$$
#
# <details><summary>Hint 1: a nudge</summary>
# Which matrix has one row for each output channel? Which has one column for each pixel?
# </details>
# <details><summary>Hint 2: nearly the answer</summary>
# <code>K.reshape(c_out, c_in) @ X.reshape(c_in, h * w)</code>, and back to (c_out, h, w).
# </details>
# <details><summary>Help: I see "view size is not compatible"</summary>
# <code>view</code> wants contiguous memory; <code>reshape</code> copies where it has to.
# </details>


# %% nbgrader={"grade": false, "grade_id": "corr2d_multi_in_out_1x1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def corr2d_multi_in_out_1x1(X, K):
    """1x1 cross-correlation as one matrix product.

    X: (c_in, h, w); K: (c_out, c_in, 1, 1). Returns (c_out, h, w), dtype and device of X.
    """
    ### BEGIN SOLUTION
    (c_in, h, w), c_out = X.shape, K.shape[0]
    Y = K.reshape(c_out, c_in) @ X.reshape(c_in, h * w)
    return Y.reshape(c_out, h, w)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_corr2d_multi_in_out_1x1", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
_X = torch.tensor([[[1.0, 2.0, 0.0]], [[0.0, 1.0, 1.0]]])
_K = torch.tensor([[1.0, 1.0], [2.0, 0.0], [0.0, -1.0]]).reshape(3, 2, 1, 1)
_mixed = torch.tensor([[[1.0, 3.0, 1.0]], [[2.0, 4.0, 0.0]], [[0.0, -1.0, -1.0]]])
check_equal(corr2d_multi_in_out_1x1(_X, _K), _mixed, "corr2d_multi_in_out_1x1(X, K)")
check_promises(corr2d_multi_in_out_1x1, torch.tensor([[[2.0, -1.0], [4.0, 1.0], [5.0, -2.0]], [[1.0, 3.0], [-2.0, 2.0], [1.0, 6.0]]]), _K)

# %% [markdown]
# ## 4 The real thing
#
# ### Exercise 9: `conv2d`
# *difficulty 4/5 · importance 5/5 · about 30 minutes · 14 points*
#
# Notes: 000 §2.3.3 · 001 步幅 · 003 §10.2.5 · 003 §10.2.6
#
# Now all of it together, for a whole batch, and fast: a batch of images `(n, c_in, h, w)`, weights, one bias for each
# output channel, stride, and padding per side. Loops over pixels are slow; matrix products are what computers do best.
# The trick is called *im2col*, or **unfolding** (展开): write out the patch under the window, for every sample and every
# position, as one row of a large matrix. Then all windows, all channels and all samples are one product:
#
# $$\underbrace{P}_{(n\,o_h\,o_w)\times(c_i\,k_h\,k_w)}\;
# \underbrace{W^\top}_{(c_i\,k_h\,k_w)\times c_o} + b$$
#
# and what is left is to reshape and permute to `(n, c_out, oh, ow)`. `stride` and `padding` are ints or pairs.
# Write it from scratch and for the whole batch at once: no loop over samples, and none over the pixels of the output (a
# loop over the few positions of the kernel is all right). To check your work: `F.conv2d` takes the same arguments in the
# same order.
#
# *By hand:* one sample, one channel, $X=\begin{pmatrix}1&2&0\\0&1&3\\2&0&1\end{pmatrix}$,
# $W=\begin{pmatrix}1&0\\2&-1\end{pmatrix}$, $b=1$, stride 2, padding 1. In the padded 5×5 image the windows start at rows
# and columns 0 and 2:
#
# $$P=\begin{pmatrix}0&0&0&1\\0&0&2&0\\0&0&0&2\\1&3&0&1\end{pmatrix},\quad
# P\begin{pmatrix}1\\0\\2\\-1\end{pmatrix}+1=\begin{pmatrix}-1\\4\\-2\\0\end{pmatrix}+1
# \quad\Rightarrow\quad Y=\begin{pmatrix}0&5\\-1&1\end{pmatrix}$$
#
# <details><summary>Hint 1: a nudge</summary>
# <code>X.unfold(dim, size, step)</code> cuts a dimension into windows and puts each window into a new last dimension.
# Once for the rows, once for the columns. Or look at <code>F.unfold</code>, which does all of it.
# </details>
# <details><summary>Hint 2: nearly the answer</summary>
# After padding, <code>P = X.unfold(2, kh, sh).unfold(3, kw, sw)</code> has shape (n, c_in, oh, ow, kh, kw). Bring it to
# (n, oh, ow, c_in, kh, kw) before you reshape it to rows. <code>torch.einsum("ncijab,ocab->noij", P, W)</code> does the
# reordering and the product in one line.
# </details>
# <details><summary>Help: shapes are right, numbers are mixed up</summary>
# <code>reshape</code> reads in memory order. The dimensions must be in the right order before it: <code>permute</code>
# first. On the way back as well: the channels come last out of the product, and belong to dimension 1.
# </details>
# <details><summary>Help: it is wrong only when stride or padding is a pair</summary>
# <code>F.pad(X, (left, right, top, bottom))</code> begins with the <em>last</em> dimension: the widths come first.
# </details>


# %% nbgrader={"grade": false, "grade_id": "conv2d", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv2d(X, W, b, stride=1, padding=0):
    """Convolution of a batch by unfolding to a matrix product.

    X: (n, c_in, h, w); W: (c_out, c_in, kh, kw); b: (c_out,); stride, padding: int or pair (height, width), padding per side.
    Returns (n, c_out, oh, ow), dtype and device of X, where oh = (h + 2 ph - kh) // sh + 1 and ow likewise.
    """
    ### BEGIN SOLUTION
    (sh, sw), (ph, pw) = pair(stride), pair(padding)
    c_out, _, kh, kw = W.shape
    P = F.pad(X, (pw, pw, ph, ph)).unfold(2, kh, sh).unfold(3, kw, sw)  # (n, c_in, oh, ow, kh, kw)
    n, _, oh, ow = P.shape[:4]
    P = P.permute(0, 2, 3, 1, 4, 5).reshape(n * oh * ow, -1)
    Y = P @ W.reshape(c_out, -1).T + b
    return Y.reshape(n, oh, ow, c_out).permute(0, 3, 1, 2)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_conv2d", "locked": true, "points": 14, "schema_version": 3, "solution": false, "task": false}
_X = torch.tensor([[[[1.0, 2.0, 0.0], [0.0, 1.0, 3.0], [2.0, 0.0, 1.0]]]])
_W, _b = torch.tensor([[[[1.0, 0.0], [2.0, -1.0]]]]), torch.tensor([1.0])
check_equal(conv2d(_X, _W, _b, 2, 1), torch.tensor([[[[0.0, 5.0], [-1.0, 1.0]]]]), "conv2d(X, W, b, stride=2, padding=1)")
check_equal(conv2d(_X, _W, _b), torch.tensor([[[[1.0, 2.0], [5.0, 1.0]]]]), "conv2d(X, W, b)")
_X, _W, _b = torch.randn(2, 3, 6, 5), torch.randn(4, 3, 2, 3), torch.randn(4)
check_equal(conv2d(_X, _W, _b, 2, 1), F.conv2d(_X, _W, _b, 2, 1), "conv2d on two samples with 3 -> 4 channels", atol=1e-4)
check_equal(conv2d(_X, _W, _b, (2, 1), (1, 0)), F.conv2d(_X, _W, _b, (2, 1), (1, 0)), "conv2d with stride=(2, 1), padding=(1, 0)", atol=1e-4)
check_promises(conv2d, torch.tensor([[[[2.0, -1.0, 4.0], [1.0, 3.0, -2.0]]]]), torch.tensor([[[[1.0, -3.0], [2.0, 5.0]]]] * 2), torch.tensor([1.0, -2.0]))

# %% [markdown]
# ## 5 Pooling and upsampling 池化与上采样
#
# ### Exercise 10: `pool2d`
# *difficulty 3/5 · importance 5/5 · about 20 minutes · 11 points*
#
# Notes: 000 §2.4 · 001 池化层 · 002 二维最大池化层和平均池化层 · 003 §10.3.1
#
# A convolution is touchy about position: shift the image by one pixel and every edge in the output shifts too.
# **Pooling** (汇聚/池化) makes a network forgiving. Again a window slides, but nothing is learned: it answers with the
# maximum (最大汇聚) or the mean (平均汇聚) of what it sees. Each channel is pooled **on its own**; there are as many
# channels after as before.
#
# Three conventions, all as in PyTorch:
# * without a `stride`, the windows lie side by side: the stride is the size of the window;
# * `padding` is per side, at most half the window, and **the mean counts it**: it divides by the window's full size;
# * the padding of a **maximum never wins**: it counts as $-\infty$, not as 0.
#
# *By hand:* $\begin{pmatrix}1&3&2&0\\-1&5&0&2\end{pmatrix}$ in windows of 2×2: maximum $(5\ \ 2)$, mean $(2\ \ 1)$.
# And $\begin{pmatrix}-3&-1\\-2&-4\end{pmatrix}$ with padding 1: every window holds one number and three of padding; the
# maximum is the matrix itself, the mean a quarter of it.
#
# <details><summary>Hint 1: a nudge</summary>
# The unfolding of the last exercise works here too. Counted from the end, it does not matter how many dimensions come
# before height and width.
# </details>
# <details><summary>Hint 2: nearly the answer</summary>
# <code>F.pad(X, (pw, pw, ph, ph), value=...)</code> with −inf or 0, then <code>unfold(-2, kh, sh)</code>. The windows of
# rows are now the last dimension, so the width is at −2 as well: <code>unfold(-2, kw, sw)</code>. Then
# <code>amax</code> or <code>mean</code> over the last two dimensions.
# </details>
# <details><summary>Help: I see zeros in a maximum over negative numbers</summary>
# The zeros of the padding have won. Pad with <code>float("-inf")</code>.
# </details>
# <details><summary>Help: the output is one smaller than the input</summary>
# The stride is 1. Without an argument it is the size of the window.
# </details>


# %% nbgrader={"grade": false, "grade_id": "pool2d", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pool2d(X, size, mode="max", stride=None, padding=0):
    """Max or average pooling of the last two dimensions, from scratch.

    X: (..., h, w); size: int or (kh, kw); mode: "max" or "avg"; stride: int or pair, None for size; padding: int or pair, per
    side, at most half of size. Returns (..., oh, ow), dtype and device of X, where oh = (h + 2 ph - kh) // sh + 1.
    """
    ### BEGIN SOLUTION
    (kh, kw), (ph, pw) = pair(size), pair(padding)
    sh, sw = pair(size if stride is None else stride)
    X = F.pad(X, (pw, pw, ph, ph), value=float("-inf") if mode == "max" else 0.0)
    P = X.unfold(-2, kh, sh).unfold(-2, kw, sw)  # (..., oh, ow, kh, kw): the windows go to the end
    return P.amax(dim=(-2, -1)) if mode == "max" else P.mean(dim=(-2, -1))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_pool2d", "locked": true, "points": 11, "schema_version": 3, "solution": false, "task": false}
_X = torch.tensor([[1.0, 3.0, 2.0, 0.0], [-1.0, 5.0, 0.0, 2.0]])
check_equal(pool2d(_X, 2), torch.tensor([[5.0, 2.0]]), "pool2d(X, 2)")
check_equal(pool2d(_X, 2, "avg"), torch.tensor([[2.0, 1.0]]), 'pool2d(X, 2, "avg")')
check_equal(pool2d(_X, (1, 3), "max", (1, 1)), torch.tensor([[3.0, 3.0], [5.0, 5.0]]), 'pool2d(X, (1, 3), "max", (1, 1))')
check_equal(pool2d(_X.T, (3, 1)), torch.tensor([[3.0, 5.0]]), "pool2d(X.T, (3, 1))")
check_equal(pool2d(_X.T, (1, 2), "avg", (2, 1)), torch.tensor([[0.0], [1.0]]), 'pool2d(X.T, (1, 2), "avg", (2, 1))')
_X = torch.tensor([[[-3.0, -1.0], [-2.0, -4.0]], [[-5.0, -7.0], [-6.0, -8.0]]])  # two channels
check_equal(pool2d(_X, 2, "max", None, 1), _X, "max pooling with padding 1 of negative numbers")
check_equal(pool2d(1e9 * _X, 2, "max", None, 1), 1e9 * _X, "max pooling with padding 1 of numbers near -1e9")
check_equal(pool2d(_X, 2, "avg", None, 1), _X / 4, "average pooling with padding 1")
check_equal(pool2d(_X, (1, 2), "max", 2, (0, 1)), _X[:, :1], 'pool2d(X, (1, 2), "max", 2, (0, 1)) of negative numbers')
check_promises(pool2d, torch.tensor([[[2.0, -1.0, 4.0], [1.0, 3.0, -2.0]]]), 2, "avg", 1)

# %% [markdown]
# ### See it: pooling forgives a small shift
#
# A digit in black and white, and the same digit one pixel to the left. Their edge maps have hardly a pixel in common.
# The larger the windows of the max pooling, the more alike they become; the percentage says how large the difference is
# compared with the map itself. The curves say the same for a hundred digits, and for the average beside the maximum.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_pooling", "locked": true, "schema_version": 3, "solution": false, "task": false}
# images = (F.interpolate(course_tools.digits()[0][:100], size=28, mode="bilinear") > 0.5).float()
# K = torch.tensor([[[[1.0, -1.0]]]])
# maps, shifted = (conv2d(X, K, torch.zeros(1)).abs() for X in (images, images.roll(-1, 3)))
#
#
# def change(X, Y):
#     return float((X - Y).abs().sum() / X.sum())
#
#
# pictures, names = [], []
# for size in (1, 2, 4):
#     X, Y = pool2d(maps[4], size), pool2d(shifted[4], size)
#     pictures += [X, Y, (X - Y).abs()]
#     names += [f"edges, pool {size}", "shifted by 1", f"differ {change(X, Y):.0%}"]
# course_tools.show_images(pictures, names, columns=3)
# curves = {mode: [change(pool2d(maps, size, mode), pool2d(shifted, size, mode)) for size in range(1, 7)] for mode in ("max", "avg")}
# course_tools.plot_curves(curves, "size of the pooling window", "difference / map", "Pooling forgives a shift: a hundred digits")

# %% [markdown]
# ### Exercise 11: `upsample_nearest`
# *difficulty 1/5 · importance 2/5 · about 5 minutes · 4 points*
#
# Notes: 003 §10.3.2
#
# Pooling makes maps smaller. Networks that draw (segmentation, image generation) need the way back: **upsampling**
# (上采样). The simplest kind repeats every pixel `scale` times in both directions, so that it becomes a small square.
# From scratch, for any number of leading dimensions at once: without `F.interpolate` and `nn.Upsample`.
#
# *By hand:* `[[1, 2, 3]]` with `scale=2` becomes `[[1, 1, 2, 2, 3, 3], [1, 1, 2, 2, 3, 3]]`.
#
# <details><summary>Hint 1: a nudge</summary>
# There is an operation that repeats each entry along one dimension. Not <code>repeat</code>, which lays whole copies
# side by side.
# </details>
# <details><summary>Hint 2: nearly the answer</summary>
# <code>X.repeat_interleave(scale, dim=-1)</code>, and the same for the other dimension.
# </details>
# <details><summary>Help: I see 1, 2, 3, 1, 2, 3</summary>
# That is <code>repeat</code> (or <code>tile</code>): four small images instead of a large one.
# </details>


# %% nbgrader={"grade": false, "grade_id": "upsample_nearest", "locked": false, "schema_version": 3, "solution": true, "task": false}
def upsample_nearest(X, scale):
    """Every pixel becomes a square of scale x scale pixels, from scratch.

    X: (..., h, w); scale: int, at least 1. Returns (..., h * scale, w * scale), dtype and device of X.
    """
    ### BEGIN SOLUTION
    return X.repeat_interleave(scale, dim=-2).repeat_interleave(scale, dim=-1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_upsample_nearest", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
_large = torch.tensor([[1.0, 1.0, 2.0, 2.0, 3.0, 3.0], [1.0, 1.0, 2.0, 2.0, 3.0, 3.0]])
check_equal(upsample_nearest(torch.tensor([[1.0, 2.0, 3.0]]), 2), _large, "upsample_nearest([[1, 2, 3]], 2)")
_X = torch.tensor([[[4.0, -1.0]], [[-2.0, 5.0]]], dtype=torch.float64).requires_grad_()  # two images of 1×2
_large = upsample_nearest(_X * 1, 3)
check_equal(
    _large, torch.tensor([[[4.0, 4, 4, -1, -1, -1]] * 3, [[-2.0, -2, -2, 5, 5, 5]] * 3], dtype=torch.float64), "upsample_nearest of two images in float64"
)
check(_large.requires_grad, "no gradient flows back from upsample_nearest: was the result detached, or made in NumPy?")
_X = torch.tensor([[4.0, -1.0], [-2.0, 5.0]])
check_equal(upsample_nearest(_X, 1), torch.tensor([[4.0, -1.0], [-2.0, 5.0]]), "upsample_nearest(X, 1)")
check_equal(_X, torch.tensor([[4.0, -1.0], [-2.0, 5.0]]), "X after the call")

# %% [markdown]
# ## 6 What it costs and what it sees
#
# ### Exercise 12: `conv_cost`
# *difficulty 1/5 · importance 3/5 · about 5 minutes · 4 points*
#
# Notes: 000 §2.2.1 · 000 §2.3.4
#
# Two numbers decide whether a layer fits: its **parameters** (memory) and its **multiply-adds** (time; one
# multiplication and one addition count as one, the bias does not count). Parameters are shared by all pixels.
# Multiply-adds are not: every entry of every output map costs a whole kernel.
#
# *By hand:* 3 channels to 8, kernel 3×3, output 10×12, with bias. Parameters: $8\cdot3\cdot9 + 8 = 224$. Multiply-adds:
# $8\cdot3\cdot9\cdot120 = 25920$.
#
# <details><summary>Hint 1: a nudge</summary>
# How many weights does one output channel have? How many output channels, how many pixels each?
# </details>
# <details><summary>Hint 2: nearly the answer</summary>
# The weights are <code>c_out * c_in * kh * kw</code>. One bias for each output channel.
# </details>
# <details><summary>Help: the parameters depend on the image size</summary>
# Then they are counted for every pixel. The same kernel is used at all of them.
# </details>


# %% nbgrader={"grade": false, "grade_id": "conv_cost", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_cost(c_in, c_out, kernel_size, out_size, bias=True):
    """What a convolutional layer costs, for one image.

    c_in, c_out: channels; kernel_size: (kh, kw); out_size: (oh, ow), size of the output; bias: whether there is one.
    Returns (parameters, multiply_adds), two ints.
    """
    ### BEGIN SOLUTION
    (kh, kw), (oh, ow) = kernel_size, out_size
    weights = c_out * c_in * kh * kw
    return weights + (c_out if bias else 0), weights * oh * ow
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_conv_cost", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check_equal(conv_cost(3, 8, (3, 3), (10, 12), True), (224, 25920), "conv_cost(3, 8, (3, 3), (10, 12), True)")
check_equal(conv_cost(100, 100, (5, 5), (64, 64), False), (250000, 1024000000), "the lecture's layer, without bias")
check_equal(conv_cost(2, 5, (1, 3), (4, 7)), (35, 840), "conv_cost(2, 5, (1, 3), (4, 7))")

# %% [markdown]
# ### Exercise 13: `receptive_field`
# *difficulty 3/5 · importance 3/5 · about 10 minutes · 5 points*
#
# Notes: 001 特征图和感受野 · 002 特征图和感受野
#
# The **receptive field** (感受野) of a number deep in a network is the part of the image that it can see. Each layer is a
# window `(kernel, stride)` on the one before, first layer first; pooling counts like a convolution. How many pixels wide
# is the field of one number after the last layer?
#
# A kernel of $k$ reaches $k-1$ steps further than one number does. A step is one pixel long at first; every stride makes
# the steps of all **later** layers longer. So with step length $j$, starting at field $r=1$ and $j=1$, for each layer:
#
# $$r \leftarrow r + (k-1)\,j,\qquad j \leftarrow j\cdot s$$
#
# *By hand:* two layers of (2, 1): $r=1+1=2$, then $3$. LeNet's first half, (5, 1), (2, 2), (5, 1), (2, 2):
# $r = 5,\ 6,\ 6+4\cdot2=14,\ 14+1\cdot2=16$. No layers at all: 1.
#
# <details><summary>Hint 1: a nudge</summary>
# Two variables, one loop.
# </details>
# <details><summary>Hint 2: nearly the answer</summary>
# The order matters: the layer's own stride counts only for the layers after it.
# </details>
# <details><summary>Help: I see 11, 15 or 19 for LeNet's first half</summary>
# 11: the strides are left out. 15: the step is the last stride only, not the product of all so far. 19: a layer's own
# stride was counted for the layer itself.
# </details>


# %% nbgrader={"grade": false, "grade_id": "receptive_field", "locked": false, "schema_version": 3, "solution": true, "task": false}
def receptive_field(layers):
    """How many pixels wide the field of one number after the last layer is.

    layers: list of (kernel, stride), ints, first layer first. Returns an int, 1 for an empty list.
    """
    ### BEGIN SOLUTION
    field, step = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * step
        step *= stride
    return field
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_receptive_field", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check_equal(receptive_field([(2, 1), (2, 1)]), 3, "receptive_field([(2, 1), (2, 1)])")
check_equal(receptive_field([(5, 1), (2, 2), (5, 1), (2, 2)]), 16, "receptive_field of LeNet's first half")
check_equal(receptive_field([(4, 3), (3, 2), (2, 1)]), 16, "receptive_field([(4, 3), (3, 2), (2, 1)])")
check_equal(receptive_field([]), 1, "receptive_field([])")

# %% [markdown]
# ## 7 LeNet
#
# ### Exercise 14: `lenet`
# *difficulty 2/5 · importance 5/5 · about 10 minutes · 6 points*
#
# Notes: 000 §2.5.1 · 000 §2.5.2 · 001 卷积神经网络 LeNet · 002 LenNet模型
#
# Convolutions find patterns, pooling makes the maps coarser, more channels make them richer, and at the end fully
# connected layers decide. LeNet (1998) is the pattern of nearly every network since. Build it from PyTorch's layers
# (`nn.Conv2d` and friends are what this exercise is about):
#
# | layer | output |
# |---|---|
# | input | (n, 1, 28, 28) |
# | convolution 5×5, **padding 2 per side**, sigmoid | (n, 6, 28, 28) |
# | **average** pooling 2×2, stride 2 | (n, 6, 14, 14) |
# | convolution 5×5, sigmoid | (n, 16, 10, 10) |
# | average pooling 2×2, stride 2 | (n, 16, 5, 5) |
# | flatten | (n, 400) |
# | fully connected, sigmoid | (n, 120) |
# | fully connected, sigmoid | (n, 84) |
# | fully connected, nothing after it | (n, 10) |
#
# Return the network, any `nn.Module`; every call makes a new one. The ten outputs are logits: the softmax belongs to the
# loss.
#
# *By hand:* parameters: $156 + 2416 + 48120 + 10164 + 850 = 61706$. For the first, `conv_cost` says $6\cdot25+6=156$.
#
# <details><summary>Hint 1: a nudge</summary>
# <code>nn.Sequential</code> with one line of the table after the other.
# </details>
# <details><summary>Hint 2: nearly the answer</summary>
# <code>nn.Conv2d(1, 6, kernel_size=5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2), ...,
# nn.Linear(16 * 5 * 5, 120), ...</code>
# </details>
# <details><summary>Help: I see "mat1 and mat2 shapes cannot be multiplied (3x256 and 400x120)"</summary>
# 256 is 16·4·4: the padding of the first convolution is missing.
# </details>


# %% nbgrader={"grade": false, "grade_id": "lenet", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lenet():
    """A new LeNet: nn.Module from images (n, 1, 28, 28) to logits (n, 10)."""
    ### BEGIN SOLUTION
    return nn.Sequential(
        nn.Conv2d(1, 6, kernel_size=5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, kernel_size=5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten(),
        nn.Linear(16 * 5 * 5, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10),
    )  # fmt: skip
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_lenet", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_net = lenet()
check(isinstance(_net, nn.Module), "lenet() does not return an nn.Module.")
_X = torch.arange(2 * 784, dtype=torch.float64).square().cos().float().reshape(2, 1, 28, 28)
check_equal(tuple(_net(_X).shape), (2, 10), "shape of lenet()(X) for two images")
check_equal(sum(p.numel() for p in _net.parameters()), 61706, "number of parameters")
with torch.no_grad():  # weights that are known, so that the logits are known
    for _p in _net.parameters():
        _p.copy_(torch.arange(_p.numel(), dtype=torch.float64).square().sin().reshape(_p.shape) * 4 / _p[0].numel() ** 0.5)
check_equal(
    _net(_X)[:, :3],
    torch.tensor([[9.5762, 2.4991, -3.0018], [9.565, 2.4924, -2.9994]]),
    "the first logits of two images, for weights that are known,",
    rtol=1e-4,
    atol=1e-4,
)
_net(_X).square().sum().backward()
check(all(p.grad is not None for p in _net.parameters()), "some parameters of the network get no gradient.")
check(_net is not lenet(), "two calls of lenet() give the same network; every call should make a new one.")

# %% [markdown]
# ### Exercise 15: `train_lenet`
# *difficulty 3/5 · importance 5/5 · about 25 minutes · 4 points*
#
# Notes: 000 §2.5.2 · 003 §10.2.3 · 003 §10.5.2 · 004 卷积神经网络（LeNet）
#
# Train a given network with cross-entropy (交叉熵): loop over the epochs, in each over the batches of `train_iter`, and
# return a list with the **mean cross-entropy of each epoch**, one number an epoch. Optimizer, learning rate and
# initialisation are yours to choose, and the choice matters. With PyTorch's default initialisation a LeNet with sigmoids
# learns nothing for a long time, with plain SGD for dozens of epochs: the loss stays at $\log 10 \approx 2.3$, a plateau.
# A mean taken while the epoch runs, as here, or measured after it: both will do. Why the plateau, is worth two minutes:
#
# The slope of the sigmoid at 0 is $\tfrac14$. So at every layer the differences between images shrink to a quarter of
# what a linear layer would pass on, and after four layers little is left but a constant. The gradients shrink on their
# way back just the same. Xavier initialisation keeps the variance for activations of slope 1; to make up for the sigmoid,
# draw the weights **four times as large** (`gain=4`). With that, Adam at a learning rate of a few thousandths leaves the
# plateau within an epoch.
#
# What the hidden grader does: it builds a LeNet with PyTorch's default initialisation, hands it to you with 180 images
# of the digits 0, 6 and 7 in shuffled batches of 8, `num_epochs=10` (230 steps, about a second), and wants 87% of the
# unseen images of these digits read right. It looks after each of your epochs, and ends the training there when the net
# is good enough; a recipe that depends on its luck has five tries. In a short run it looks at the list you return,
# and whether every epoch uses every batch. `net` is changed in place; it is made of `nn.Conv2d` and `nn.Linear` layers.
# The demo below does the same with all ten digits.
#
# *By hand:* two batches with mean losses 2.3 and 2.1, equally large: this epoch's entry is 2.2.
#
# <details><summary>Hint 1: a nudge</summary>
# Before the loop: go through <code>net.modules()</code> and give the weights of every convolution and linear layer a new
# start. Then the loop you have written before.
# </details>
# <details><summary>Hint 2: nearly the answer</summary>
# <code>nn.init.xavier_uniform_(layer.weight, gain=4)</code>, and
# <code>torch.optim.Adam(net.parameters(), lr=0.003)</code>.
# </details>
# <details><summary>Help: the loss stays at 2.3 (or at 1.1 with three digits)</summary>
# The plateau: every image gets the same answer. Look at the initialisation first, then at the learning rate; and are the
# parameters of this <code>net</code> the ones in the optimizer?
# </details>
# <details><summary>Help: the loss stops at about 1.5</summary>
# Is there a softmax before the cross-entropy? <code>F.cross_entropy</code> contains one already.
# </details>


# %% nbgrader={"grade": false, "grade_id": "train_lenet", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_lenet(net, train_iter, num_epochs):
    """Train a network of nn.Conv2d and nn.Linear layers with sigmoids, in place, initialisation included.

    net: nn.Module, (n, 1, 28, 28) -> logits (n, 10); train_iter: re-iterable of (X, y), y int64 (n,); num_epochs: int.
    Returns a list of num_epochs floats, the mean cross-entropy of each epoch.
    """
    ### BEGIN SOLUTION
    for layer in net.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.xavier_uniform_(layer.weight, gain=4)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.003)
    history = []
    for _ in range(num_epochs):
        total, count = 0.0, 0
        for X, y in train_iter:
            loss = F.cross_entropy(net(X), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total, count = total + loss.item() * len(y), count + len(y)
        history.append(total / count)
    return history
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_train_lenet", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
_net = nn.Sequential(nn.Conv2d(1, 2, kernel_size=5, stride=5), nn.Sigmoid(), nn.Flatten(), nn.Linear(50, 10))
_before = [p.detach().clone() for p in _net.parameters()]
_X, _y, _logits = torch.rand(6, 1, 28, 28), torch.tensor([4, 1, 7, 0, 2, 9]), []
_net.register_forward_hook(lambda net, inputs, output: _logits.append(output.detach()))
_losses = train_lenet(_net, course_tools.batches(_X, _y, batch_size=2), 3)
check(isinstance(_losses, list | tuple), "train_lenet does not return a list.")
check(len(_losses) == 3, f"train_lenet returned {len(_losses)} losses for 3 epochs.")
check(all(0 < float(loss) < 20 for loss in _losses), f"the losses are {_losses}: expected mean cross-entropies.")
_changed = [not torch.equal(old, new) for old, new in zip(_before, _net.parameters(), strict=True)]
check(all(_changed), "some parameters of the network have not changed.")
check(sum(map(len, _logits)) >= 18, f"6 images and 3 epochs: {sum(map(len, _logits))} images went through the network, expected 18.")
if [len(logits) for logits in _logits] == [2] * 9:  # one pass for each batch: the losses are known
    _each = [float(F.cross_entropy(logits, _y[i % 3 * 2 : i % 3 * 2 + 2])) for i, logits in enumerate(_logits)]
    check_equal([float(loss) for loss in _losses], [sum(_each[i : i + 3]) / 3 for i in (0, 3, 6)], "the mean cross-entropies of three epochs", rtol=1e-3)

# %% [markdown]
# ### See it: LeNet reads
#
# Ten epochs on 1442 digits, enlarged to 28×28, then the 355 it has never seen. It should get 95% of them or more, from
# any start: run the cell twice. The first row shows the six kernels of the first layer as they were when the training
# began, the second what they are after it: much of what you see in a kernel is its random start. What was learned is the
# difference, in the third row. Below them, what the kernels make of one digit.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_lenet", "locked": true, "schema_version": 3, "solution": false, "task": false}
# X_train, y_train, X_test, y_test = course_tools.digits()
# X_train, X_test = (F.interpolate(X, size=28, mode="bilinear") for X in (X_train, X_test))
# net = lenet()
# first = next(layer for layer in net.modules() if isinstance(layer, nn.Conv2d))
# starts = []
# watch = first.register_forward_hook(lambda layer, inputs, output: starts.append(layer.weight.detach().clone()) if not starts else None)
# losses = train_lenet(net, course_tools.batches(X_train, y_train, batch_size=16, shuffle=True), num_epochs=10)
# watch.remove()
# with torch.no_grad():
#     guesses = net(X_test).argmax(dim=1)
#     maps = torch.sigmoid(first(X_test[:1]))[0]
#     start, end = starts[0], first.weight.clone()
# print(f"test accuracy: {(guesses == y_test).float().mean():.3f}")
# course_tools.plot_curves({"training loss": losses}, "epoch", "mean cross-entropy", "LeNet on the digits")
# names = [f"{when} {i}" for when in ("start", "end", "change") for i in range(6)]
# course_tools.show_images([*start, *end, *(end - start)], names, columns=6)
# course_tools.show_images([*maps], [f"map {i}" for i in range(6)], columns=6)
# wrong = (guesses != y_test).nonzero().flatten()[:8]
# if len(wrong):
#     course_tools.show_images(X_test[wrong], [f"{y_test[i]}, read as {guesses[i]}" for i in wrong])

# %% [markdown]
# ## 8 In your own words
#
# Two questions for extra credit, marked by hand. A few sentences and formulas each.

# %% [markdown]
# **Question 1** (up to 5 points of extra credit). A fully connected layer from an image $x_{k,l}$ to a map $h_{i,j}$ of the
# same size is $h_{i,j}=\sum_{k,l} w_{i,j,k,l}\,x_{k,l}$. Derive from it the cross-correlation with one small kernel: say at
# each step which assumption you use and what becomes of the weights. How many weights are there for a 28×28 image before,
# between, and after, if the kernel is 5×5?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_convolution", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# *Your answer:*
#
# ### BEGIN SOLUTION
# Count from the output position: $k=i+a$, $l=j+b$, $v_{i,j,a,b}=w_{i,j,i+a,j+b}$, so
# $h_{i,j}=\sum_{a,b}v_{i,j,a,b}\,x_{i+a,j+b}$. Nothing is assumed yet: $784^2=614656$ weights.
#
# *Locality*: what is far away does not matter, $v_{i,j,a,b}=0$ for $|a|,|b|>\Delta$. With 5×5 ($\Delta=2$):
# $784\cdot25=19600$ weights (a little less with care at the border).
#
# *Translation invariance*: the same patch must give the same answer wherever it lies, so $v$ may not depend on $(i,j)$:
# $v_{i,j,a,b}=v_{a,b}$. Then $h_{i,j}=\sum_{|a|,|b|\le\Delta}v_{a,b}\,x_{i+a,j+b}$, a cross-correlation; 25 weights.
#
# Marking scheme: change of indices 1, locality with its consequence 1, translation invariance with its consequence 1,
# final formula 1, the three counts 1 (border effects are not asked for; a bias of 1 may be added).
# ### END SOLUTION

# %% [markdown]
# **Question 2** (up to 5 points of extra credit). The row $y = (0, 0, 1, 0, 0, 0)$ marks an edge. Apply max pooling with a
# window of 2 and stride 2. Now shift $y$ by one to the right, then by one to the left. In which case does the output stay
# the same, in which does it change, and why? What does average pooling give, and what would stride 1 give? Conclude in one
# sentence what pooling promises and what it does not.

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_pooling", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# *Your answer:*
#
# ### BEGIN SOLUTION
# Windows (0,0), (1,0), (0,0): $(0,1,0)$. Right: $y=(0,0,0,1,0,0)$, the edge stays inside its window: $(0,1,0)$, the same.
# Left: $y=(0,1,0,0,0,0)$, it crosses into the window before: $(1,0,0)$, changed. Average pooling has the same pattern with
# $\tfrac12$ for 1: weaker, and just as dependent on the windows' borders. With stride 1 the windows overlap:
# $(0,1,1,0,0)$, to the right $(0,0,1,1,0)$, to the left $(1,1,0,0,0)$: it shifts along, but each shift shares an entry
# with the unshifted output, in both directions. Pooling tolerates shifts smaller than a window as long as the strongest
# entry stays inside; it does not make the output independent of position.
#
# Marking scheme: the pooled row 1, both shifts right 1, reason (window borders) 1, average and stride 1 together 1,
# conclusion with both halves 1.
# ### END SOLUTION

# %% [markdown]
# ## What you have now
#
# Every piece of a convolutional network: windows, padding, stride, channels, the matrix product inside, pooling, the
# arithmetic of sizes, costs and receptive fields, and a LeNet that reads handwriting. From here on you may use
# `nn.Conv2d` with a good conscience: you know what it does.
#
# Where to go: sigmoids made the training delicate, and the recipe had to be found by thinking. In `ps12` batch
# normalisation takes that care away; in `ps13` residual connections make networks of a hundred layers trainable. A
# try of your own: replace the sigmoids by ReLU and the average by the maximum. How many epochs does it take now?
