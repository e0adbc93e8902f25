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
# # Modules, parameters, files (层、参数与读写文件)
#
# So far you have used `nn.Module` as one uses a kettle: press the button, it works. In this notebook you take it apart. At
# its end you can write layers of your own and put them together in containers of your own; you know for every number in a
# network whether it is trained, saved, moved to the GPU or forgotten; you can stop a training today and go on tomorrow as if
# nothing had been; and you open no file from the internet that takes over your computer. The last exercise is the reward:
# `nn.Module` itself, in thirty lines, and it trains.
#
# It uses what you know of gradients (**ps03**), of ReLU and layers (**ps06**), and a start by Xavier (**ps08**); nothing of
# them has to be at hand.
#
# **How it is marked.** Each exercise has a cell for your answer and, under it, a check that you can run as often as you like.
# A check is an example: it says in words what is wrong with one result. The hidden grader asks more of the same (other
# shapes, other numbers, other layers), and it marks each property on its own, so an answer that is wrong only in some cases
# keeps the points of the others. **Every exercise stands alone**: skip one and come back. Helpers of your own may stand in
# cells of your own, above the exercise that uses them. The points add up to 100; the two written questions are extra credit.
#
# **What holds for every layer**, unless its exercise says otherwise:
#
# * it is an `nn.Module`, and `forward` leaves its input as it was;
# * the result has the dtype and the device of the input, once the layer has been moved there;
# * gradients flow to the input and to every parameter: no `.data`, `.detach()` or `.item()` in the middle of a computation;
# * names of inner layers are yours to choose, where the text names none.
#
# **What "from scratch" means.** An exercise that is marked *from scratch* names what of PyTorch is off limits in it.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import os
import tempfile
from pathlib import Path
from unittest.mock import patch

import torch
from course_tools import batches, check, check_equal, check_promises, digits, plot_curves, show_images
from torch import nn
from torch.nn import functional as F

# %% [markdown]
# ## 1 · Layers of your own (自定义层)
#
# A layer (层) is a class with two methods. `__init__` makes what the layer owns; `forward` says what it does with an input.
# Everything else comes with `nn.Module` (模块), from which the class inherits (继承): that is why `__init__` begins with
# `super().__init__()`, and why one calls `layer(X)` and not `layer.forward(X)`.
#
# ### 1.1 `CenteredLayer`
#
# *difficulty 1/5 · importance 3/5 · about 5 minutes · 4 points*
#
# Notes: 000 §2.1.3 · 001 自定义层 · 004 自定义层
#
# The smallest layer that does something: it takes the mean of **all** entries away from each of them. It owns nothing, so it
# has no parameters.
#
# $$Y = X - \frac{1}{N} \sum_{j} X_j \qquad (N \text{ entries, whatever the shape})$$
#
# **By hand.** $(1, 2, 6)$ has the mean $3$, so the result is $(-2, -1, 3)$. The mean depends on $X$ as well, and the gradient
# knows: with $(1, 0, 0)$ coming back from above, $X$ gets $(1, 0, 0)$ minus *its* mean, $(\tfrac23, -\tfrac13, -\tfrac13)$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# One line in each method. `X.mean()` without arguments is the mean of everything, and it is a tensor.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `super().__init__()` in the one, `return X - X.mean()` in the other.
# </details>
#
# <details><summary>Help: I see a gradient of ones</summary>
#
# `X.mean().item()` is a number without a history: autograd takes it for a constant. Leave the mean a tensor.
# </details>


# %% nbgrader={"grade": false, "grade_id": "CenteredLayer", "locked": false, "schema_version": 3, "solution": true, "task": false}
class CenteredLayer(nn.Module):
    """Takes the mean of all entries away. Has no parameters."""

    def __init__(self):
        ### BEGIN SOLUTION
        super().__init__()
        ### END SOLUTION

    def forward(self, X):
        """X: float, any shape. Returns: the shape and dtype of X."""
        ### BEGIN SOLUTION
        return X - X.mean()
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_CenteredLayer", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
_layer = CenteredLayer()
check(isinstance(_layer, nn.Module), "CenteredLayer() is not an nn.Module.")
_X = torch.tensor([[1.0, 2.0, 6.0], [5.0, -3.0, 1.0]], requires_grad=True)
_Y = _layer(_X)
check_equal(_Y, torch.tensor([[-1.0, 0.0, 4.0], [3.0, -5.0, -1.0]]), "CenteredLayer()(X) for X with the mean 2")
check(_Y.requires_grad, "The result of CenteredLayer carries no graph: was it detached?")
_Y.backward(torch.tensor([[6.0, 0.0, 0.0], [0.0, 0.0, 0.0]]))
check_equal(_X.grad, torch.tensor([[5.0, -1.0, -1.0], [-1.0, -1.0, -1.0]]), "the gradient of X (the mean depends on X as well)")
check_equal(_layer(torch.tensor([4.0, 8.0])), torch.tensor([-2.0, 2.0]), "the result of a second call, with a vector")
check_promises(_layer.forward, torch.tensor([[2.0, -1.0], [0.5, 0.0], [3.0, 4.0]]))
check(not list(_layer.parameters()), "CenteredLayer has parameters; it should have none.")

# %% [markdown]
# ### 1.2 `MyLinear`
#
# *difficulty 2/5 · importance 5/5 · about 10 minutes · 8 points*
#
# Notes: 000 §2.1.3 · 003 §10.8 · 004 自定义层
#
# A layer with parameters (参数) of its own: a fully connected layer (全连接层) with its ReLU.
#
# $$Y = \mathrm{ReLU}(X W + b)$$
#
# `weight` has shape `(in_units, units)`, `bias` has shape `(units,)`. Both are an `nn.Parameter`: a tensor that, assigned to
# an attribute of a module, is entered in its list, so that `parameters()`, the optimizer and `state_dict()` find it. Both
# start at random numbers (`torch.randn`, say). The last dimension of `X` has `in_units` entries; before it may stand any
# number of others, or none: a matrix, one sample alone, a batch of sequences. `@` takes all of them.
#
# **From scratch.** `nn.Linear` and `F.linear` are off limits here.
#
# *Other layers of that name.* There are notes in which `MyLinear(inp, outp)` keeps `w` with shape `(outp, inp)` and has no
# ReLU. That is another layer. And where you read `self.weight.data` in a `forward`: do not copy it. `.data` cuts the
# parameter off from autograd, and such a layer gives the right numbers and never learns.
#
# **By hand.** $W = \begin{pmatrix} 1 & -1 \\ 2 & 0 \end{pmatrix}$, $b = (0, 1)$, and $x = (3, 1)$: $x W = (3 + 2,\ -3 + 0)$,
# plus $b$ that is $(5, -2)$, and the ReLU makes it $(5, 0)$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Two attributes in `__init__`, each an `nn.Parameter` around a random tensor. The formula is one line.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `self.weight = nn.Parameter(torch.randn(in_units, units))`, the bias likewise; `return F.relu(X @ self.weight + self.bias)`.
# </details>
#
# <details><summary>Help: I see AttributeError: cannot assign parameters before Module.__init__() call</summary>
#
# `super().__init__()` comes first: it makes the list in which parameters are entered.
# </details>
#
# <details><summary>Help: I see that the weight gets no gradient</summary>
#
# Is it an `nn.Parameter`, and do you use it as it is, without `.data` and `.detach()`?
# </details>


# %% nbgrader={"grade": false, "grade_id": "MyLinear", "locked": false, "schema_version": 3, "solution": true, "task": false}
class MyLinear(nn.Module):
    """A fully connected layer with its ReLU. Parameters: weight (in_units, units) and bias (units,), random at first."""

    def __init__(self, in_units, units):
        ### BEGIN SOLUTION
        super().__init__()
        self.weight = nn.Parameter(torch.randn(in_units, units))
        self.bias = nn.Parameter(torch.randn(units))
        ### END SOLUTION

    def forward(self, X):
        """X: (…, in_units) float. Returns: (…, units), relu(X W + b)."""
        ### BEGIN SOLUTION
        return F.relu(X @ self.weight + self.bias)
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_MyLinear", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_layer = MyLinear(3, 2)
_shapes = {name: tuple(parameter.shape) for name, parameter in _layer.named_parameters()}
check_equal(_shapes, {"weight": (3, 2), "bias": (2,)}, "the shapes of the parameters of MyLinear(3, 2)")
check(not torch.equal(_layer.weight, MyLinear(3, 2).weight) and _layer.weight.std() > 0, "The weights of two layers should be random numbers.")
with torch.no_grad():
    _layer.weight.copy_(torch.tensor([[1.0, -1.0], [2.0, 0.0], [0.5, 1.0]]))
    _layer.bias.copy_(torch.tensor([0.25, 1.0]))
_X = torch.tensor([[3.0, 1.0, 0.5], [-1.0, 2.0, 4.0]], requires_grad=True)
_Y = _layer(_X)
check_equal(_Y, torch.tensor([[5.5, 0.0], [5.25, 6.0]]), "MyLinear(3, 2)(X)")
check(_Y.requires_grad, "The result of MyLinear carries no graph.")
_Y.backward(torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
check(_layer.weight.grad is not None, "No gradient comes back to weight: is .data or .detach() on the way?")
check_equal(_layer.weight.grad, torch.tensor([[0.0, -4.0], [7.0, 8.0], [12.5, 16.0]]), "the gradient of weight")
check(_layer.bias.grad is not None, "No gradient comes back to bias: is .data or .detach() on the way?")
check_equal(_layer.bias.grad, torch.tensor([4.0, 4.0]), "the gradient of bias")
check_equal(_layer(_X[0]), torch.tensor([5.5, 0.0]), "MyLinear(3, 2)(x) for one sample, shape (3,)")
check_equal(_layer(_X.expand(4, 2, 3))[2], _Y, "MyLinear(3, 2)(X) for a batch of shape (4, 2, 3)")
check_equal(str(_layer.double()(_X.double()).dtype), "torch.float64", "the dtype of the layer in float64")

# %% [markdown]
# ### 1.3 `TestNet`
#
# *difficulty 2/5 · importance 3/5 · about 10 minutes · 6 points*
#
# Notes: 003 §10.8
#
# Modules live in modules: a whole network is one more class. This one reads images of 28×28 pixels with one channel, and is
# made of PyTorch's own layers:
#
# | layer | result for $n$ images |
# |---|---|
# | convolution, 1 channel to 16, kernel 3×3, stride 1, padding 1 | $(n, 16, 28, 28)$ |
# | max pooling (汇聚), 2×2, stride 2 | $(n, 16, 14, 14)$ |
# | flatten (展平), all but the batch, channels first | $(n, 16 \cdot 14 \cdot 14)$ |
# | linear | $(n, \text{num\_classes})$ |
#
# There is no activation anywhere; convolution and linear layer have their biases, and the parameters stand in the order of the
# table. (What convolution and pooling do is the matter of **ps10**; here they are two boxes with
# known sizes.)
#
# **By hand.** How many inputs has the linear layer? Each of the 16 channels arrives with $14 \times 14$ numbers, together
# $3136$. Of one channel alone, $1 \cdot 14 \cdot 14 = 196$, there is enough for a line in some notes and not for a network.
#
# *How to flatten.* `X.view(n, -1)` wants numbers that lie in memory in the order of their indices. Networks for images are
# often kept in the memory order `channels_last`, which is faster on GPUs, and then `view` refuses. `nn.Flatten()`,
# `X.flatten(1)` and `X.reshape(n, -1)` copy where they must, and give the same numbers in every memory order.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `nn.Sequential(…)` with four layers, as one attribute. The sizes stand in the table.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `nn.Conv2d(1, 16, kernel_size=3, stride=1, padding=1)`, `nn.MaxPool2d(2, 2)`, `nn.Flatten()`,
# `nn.Linear(16 * 14 * 14, num_classes)`.
# </details>
#
# <details><summary>Help: I see "mat1 and mat2 shapes cannot be multiplied"</summary>
#
# The message names both shapes. The second of the first is what the flattened image has; the first of the second is what your
# linear layer was made for.
# </details>


# %% nbgrader={"grade": false, "grade_id": "TestNet", "locked": false, "schema_version": 3, "solution": true, "task": false}
class TestNet(nn.Module):
    """Convolution, max pooling, flatten, linear, for images of 28×28 pixels."""

    def __init__(self, num_classes=10):
        ### BEGIN SOLUTION
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 16, kernel_size=3, stride=1, padding=1),
            nn.MaxPool2d(2, 2),
            nn.Flatten(),
            nn.Linear(16 * 14 * 14, num_classes),
        )
        ### END SOLUTION

    def forward(self, X):
        """X: (n, 1, 28, 28) float. Returns: (n, num_classes)."""
        ### BEGIN SOLUTION
        return self.net(X)
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_TestNet", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_net = TestNet(3)
_shapes = [tuple(parameter.shape) for parameter in _net.parameters()]
check_equal(_shapes, [(16, 1, 3, 3), (16,), (3, 3136), (3,)], "the shapes of the parameters of TestNet(3)")
check_equal(tuple(TestNet()(torch.zeros(2, 1, 28, 28)).shape), (2, 10), "the shape of TestNet()(X) for two images")
with torch.no_grad():  # channel c is the image moved to the right by a pixel, times c + 1; class 0 sums channel 2, class 1 reads one pixel, class 2 a bias
    for _parameter in _net.parameters():
        _parameter.zero_()
    _kernels, _, _weight, _bias = _net.parameters()
    _kernels[:, 0, 1, 0] = torch.arange(1.0, 17.0)
    _weight[0, 2 * 196 : 3 * 196] = 1
    _weight[1, 5 * 196 + 14 * 1 + 2] = 1
    _bias[2] = 7
_X = torch.zeros(2, 1, 28, 28)
_X[0, 0, 2, 4], _X[1, 0, 3, 3], _X[1, 0, 20, 9] = 10.0, 1.0, -2.0
_expected = torch.tensor([[30.0, 60.0, 7.0], [3.0, 6.0, 7.0]])
check_equal(_net(_X), _expected, "TestNet(3)(X) with weights of our own")
check_equal(_net(_X[1:]), _expected[1:], "TestNet(3)(X) for one image")
_turned = _net.to(memory_format=torch.channels_last)(_X.to(memory_format=torch.channels_last))
check_equal(_turned, _expected, "TestNet(3)(X) in the memory order channels_last")

# %% [markdown]
# ## 2 · Containers (容器)
#
# A container is a module that is made of others. You write three of them: one that runs its layers in a chain, and two that
# only hold them. In PyTorch they are called `nn.Sequential`, `nn.ModuleList` and `nn.ModuleDict`.
#
# How does a module know its layers? An assignment `self.hidden = nn.Linear(20, 256)` goes through the module's `__setattr__`,
# which enters the layer in a dictionary, `self._modules["hidden"]`. From this one dictionary come `children()`,
# `named_parameters()`, `state_dict()`, `to()`, `train()` and `eval()`. A layer in a Python list of yours is not in it: it
# computes, and nobody trains, saves or moves it.
#
# A layer is entered under a **name**, which is a string, in one of three ways that do the same: `self.hidden = layer`,
# `setattr(self, "hidden", layer)`, or `self.add_module("hidden", layer)`. A name may also be a number, as text:
# `self.add_module("0", layer)`.
#
# One trap, for all three containers. The same layer may stand at two places (*parameter sharing*, 参数共享). `children()` and
# `modules()` name every object **once**, for good reason: an optimizer must not see a parameter twice. So they are not the
# list of places. `self._modules.values()` is.
#
# ### 2.1 `MySequential`
#
# *difficulty 2/5 · importance 5/5 · about 15 minutes · 8 points*
#
# Notes: 000 §2.1.1 · 001 Sequential类 · 001 定义和初始化模型 · 004 层与块
#
# `MySequential(block0, block1, …)` feeds its input to the first block, the result to the second, and so on:
#
# $$Y = f_{m-1}(\cdots f_1(f_0(X)))$$
#
# * The blocks are called `"0"`, `"1"`, …: `state_dict()` and `named_parameters()` have the names of `nn.Sequential`, so that
#   weights can be exchanged with it.
# * `net[i]` is the block at place $i$, counted from the end if negative; outside of that an `IndexError`. `len(net)` is the
#   number of places.
# * A layer that stands at two places is run twice; its parameters are listed once; `len` counts both.
# * `MySequential()` without blocks gives its input back.
#
# **From scratch.** `nn.Sequential`, `nn.ModuleList` and `nn.ModuleDict` are off limits, as base and inside.
#
# **By hand.** `MySequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))` has the parameters `0.weight`, `0.bias`,
# `2.weight`, `2.bias`: the ReLU has the place 1 and no parameters. With `double = MyDouble()`, which doubles,
# `MySequential(double, double)` makes $3$ into $12$.
#
# *What stands in some notes*, `self._modules[block] = block`, runs and computes. Then `net.state_dict()` raises a
# `TypeError`: a layer is no name.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Which of the three ways to enter a layer takes a name that is made at run time? And in what order does a dictionary keep its
# values?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `for i, block in enumerate(args): self.add_module(str(i), block)`. In `forward`:
# `for block in self._modules.values(): X = block(X)`. For `[i]`, a list of these values knows about negative numbers and
# `IndexError` already.
# </details>
#
# <details><summary>Help: I see that a shared layer is run once only</summary>
#
# Do you walk over `self.children()`, or use a name that two equal layers have in common, such as `str(block)`?
# </details>


# %% nbgrader={"grade": false, "grade_id": "MySequential", "locked": false, "schema_version": 3, "solution": true, "task": false}
class MySequential(nn.Module):
    """Runs modules one after the other. They are registered as "0", "1", …"""

    def __init__(self, *args):
        """args: modules; the same one may occur several times."""
        ### BEGIN SOLUTION
        super().__init__()
        for i, block in enumerate(args):
            self.add_module(str(i), block)
        ### END SOLUTION

    def forward(self, X):
        """The result of the last block; X itself if there is none."""
        ### BEGIN SOLUTION
        for block in self._modules.values():
            X = block(X)
        return X
        ### END SOLUTION

    def __len__(self):
        """The number of places."""
        ### BEGIN SOLUTION
        return len(self._modules)
        ### END SOLUTION

    def __getitem__(self, i):
        """The block at place i, an int from -n to n - 1. Raises IndexError outside."""
        ### BEGIN SOLUTION
        return list(self._modules.values())[i]
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_MySequential", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_blocks = [nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1)]
_net, _X = MySequential(*_blocks), torch.tensor([[1.0, -2.0], [0.5, 3.0]])
check(not isinstance(_net, (nn.Sequential, nn.ModuleList, nn.ModuleDict)), "MySequential should be written from scratch: class MySequential(nn.Module).")
check_equal(_net(_X).detach(), nn.Sequential(*_blocks)(_X).detach(), "MySequential(…)(X), beside nn.Sequential's result,")
check_equal(list(_net.state_dict()), ["0.weight", "0.bias", "2.weight", "2.bias"], "the names in state_dict()")
check_equal([name for name, _ in _net.named_parameters()], ["0.weight", "0.bias", "2.weight", "2.bias"], "the names of the parameters")
_square = nn.Linear(2, 2)
_shared = MySequential(_square, nn.Tanh(), _square, nn.Tanh())
check_equal(_shared(_X).detach(), _square(_square(_X).tanh()).tanh().detach(), "the result where one layer stands at two places")
check_equal(len(_shared), 4, "len of a chain with four places")
check_equal(len(list(_shared.parameters())), 2, "the number of parameters where one layer stands at two places")
check(_shared[2] is _square and _shared[-1] is not _shared[1] and isinstance(_shared[-1], nn.Tanh), "net[i] is not the block at place i.")
try:
    _shared[4]
    check(False, "net[4] of a chain with four places should raise IndexError.")
except IndexError:
    pass
check_equal(MySequential()(_X), _X, "MySequential()(X), without any block,")
check_equal(MySequential(MySequential(_square), nn.ReLU())(_X).detach(), _square(_X).relu().detach(), "a chain in a chain")

# %% [markdown]
# ### 2.2 `MyModuleList`
#
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 6 points*
#
# Notes: 001 ModuleList类
#
# A list of modules. It has **no** `forward`: whoever owns it says in which order its layers are run, once, twice or not at
# all. All it does more than a Python list is that the module knows what is in it.
#
# * `MyModuleList(modules)` takes any iterable of modules; names are `"0"`, `"1"`, …
# * `len(layers)`, `for layer in layers`, `layers[i]`; `layers[i] = module` puts another module at that place (also for
#   negative $i$), and the old one is no longer part of it; `layers.append(module)` adds a place. Outside of the list an
#   `IndexError`.
# * A module that stands at two places is there twice.
#
# **From scratch.** `nn.Sequential`, `nn.ModuleList` and `nn.ModuleDict` are off limits, as base and inside.
#
# **By hand.** `layers = MyModuleList([nn.Linear(2, 3), nn.ReLU()])`, then `layers.append(nn.Linear(3, 1))`: the parameters
# are `0.weight`, `0.bias`, `2.weight`, `2.bias`. `layers[-1] = nn.Linear(3, 5)` replaces place 2; there is no place `"-1"`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# If you keep a Python list beside the registered names, every change has to be made twice. Is `self._modules` not enough?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `range(len(self))[i]` turns −1 into the last place, and raises `IndexError` where it should. Then `self._modules[str(…)]`. For
# `__setitem__`, `self.add_module(name, module)` with the name of a place replaces what is there. With `__len__` and
# `__getitem__` a `for` loop works; an `__iter__` may be added.
# </details>
#
# <details><summary>Help: I see "MyModuleList is not subscriptable", or an endless loop</summary>
#
# Python's `for` calls `__getitem__` with 0, 1, 2, … until it raises `IndexError`. If yours raises `KeyError`, or nothing, it
# does not end well.
# </details>


# %% nbgrader={"grade": false, "grade_id": "MyModuleList", "locked": false, "schema_version": 3, "solution": true, "task": false}
class MyModuleList(nn.Module):
    """A list of modules, registered as "0", "1", … It has no forward."""

    def __init__(self, modules=()):
        """modules: an iterable of modules."""
        ### BEGIN SOLUTION
        super().__init__()
        for module in modules:
            self.append(module)
        ### END SOLUTION

    def append(self, module):
        """Adds a place at the end."""
        ### BEGIN SOLUTION
        self.add_module(str(len(self)), module)
        ### END SOLUTION

    def __len__(self):
        ### BEGIN SOLUTION
        return len(self._modules)
        ### END SOLUTION

    def __getitem__(self, i):
        """The module at place i, an int from -n to n - 1. Raises IndexError outside."""
        ### BEGIN SOLUTION
        return self._modules[str(range(len(self))[i])]
        ### END SOLUTION

    def __setitem__(self, i, module):
        """Replaces the module at place i, an int from -n to n - 1. Raises IndexError outside."""
        ### BEGIN SOLUTION
        self.add_module(str(range(len(self))[i]), module)
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_MyModuleList", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_first, _other = nn.Linear(2, 3), nn.Linear(3, 4)
_list = MyModuleList([_first, nn.ReLU(), _first])
check(not isinstance(_list, (list, nn.Sequential, nn.ModuleList, nn.ModuleDict)), "MyModuleList should be written from scratch: class MyModuleList(nn.Module).")
check_equal(len(_list), 3, "len of a list with three places")
check(_list[0] is _first and _list[-1] is _first and isinstance(_list[1], nn.ReLU), "layers[i] is not the module at place i.")
check_equal([type(module).__name__ for module in _list], ["Linear", "ReLU", "Linear"], "the modules of a for loop")
_list.append(_other)
_list[-2] = nn.Linear(5, 6)
_shapes = {name: tuple(parameter.shape) for name, parameter in _list.named_parameters()}
_expected = {"0.weight": (3, 2), "0.bias": (3,), "2.weight": (6, 5), "2.bias": (6,), "3.weight": (4, 3), "3.bias": (4,)}
check_equal(_shapes, _expected, "the parameters after append(…) and layers[-2] = nn.Linear(5, 6)")
check_equal(list(_shapes), list(_expected), "the names of the parameters, in order")
check(len(_list) == 4 and _list[3] is _other and _list[2].in_features == 5, "After append(…) and layers[-2] = … the list does not hold what it should.")
for _i in (4, -5):
    try:
        _list[_i]
        check(False, f"layers[{_i}] of a list with four places should raise IndexError.")
    except IndexError:
        pass
check_equal(len(MyModuleList()), 0, "len(MyModuleList())")

# %% [markdown]
# ### 2.3 `MyModuleDict`
#
# *difficulty 2/5 · importance 3/5 · about 10 minutes · 6 points*
#
# Notes: 001 ModuleDict类
#
# The same with names that you choose: a dictionary of modules, in the order in which they were put in. No `forward` either.
#
# * `MyModuleDict({"hidden": …, "act": …})` takes a dictionary, which stays as it is and is not kept, or nothing. The keys are
#   the names.
# * `layers[key]`, with a `KeyError` where there is none; `layers[key] = module` adds, or replaces in place: the order stays.
# * `key in layers`, `len(layers)`, `for key in layers`; `keys()`, `values()` and `items()` in order, as lists or views.
# * A module under two keys is there twice.
#
# (Keys that are names of something else in a module, like `"forward"` or `"training"`, are not tried.)
#
# **From scratch.** `nn.Sequential`, `nn.ModuleList` and `nn.ModuleDict` are off limits, as base and inside.
#
# **By hand.** `layers = MyModuleDict({"out": nn.Linear(3, 1), "act": nn.ReLU()})`, then `layers["in"] = nn.Linear(2, 3)` and
# `layers["out"] = nn.Linear(3, 5)`: the keys are `out`, `act`, `in`, in this order, and the parameters `out.weight`,
# `out.bias`, `in.weight`, `in.bias`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `self._modules` *is* a dictionary in order of insertion. Nearly every method here is one that it has.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `__getitem__` returns `self._modules[key]`, `__setitem__` calls `self.add_module(key, module)`, `values()` returns
# `self._modules.values()`, `__iter__` returns `iter(self._modules)`.
# </details>
#
# <details><summary>Help: I see one module too few in values()</summary>
#
# `children()`, `named_children()` and `named_modules()` name each object once, whatever it is called.
# </details>


# %% nbgrader={"grade": false, "grade_id": "MyModuleDict", "locked": false, "schema_version": 3, "solution": true, "task": false}
class MyModuleDict(nn.Module):
    """A dictionary of modules, registered by their keys, in order of insertion. It has no forward."""

    def __init__(self, modules=None):
        """modules: a dict from names to modules, or None."""
        ### BEGIN SOLUTION
        super().__init__()
        for key, module in (modules or {}).items():
            self[key] = module
        ### END SOLUTION

    def __getitem__(self, key):
        """Raises KeyError for a key that is not there."""
        ### BEGIN SOLUTION
        return self._modules[key]
        ### END SOLUTION

    def __setitem__(self, key, module):
        """Adds a module, or replaces one in its place."""
        ### BEGIN SOLUTION
        self.add_module(key, module)
        ### END SOLUTION

    def __contains__(self, key):
        ### BEGIN SOLUTION
        return key in self._modules
        ### END SOLUTION

    def __len__(self):
        ### BEGIN SOLUTION
        return len(self._modules)
        ### END SOLUTION

    def __iter__(self):
        """Iterates over the keys."""
        ### BEGIN SOLUTION
        return iter(self._modules)
        ### END SOLUTION

    def keys(self):
        ### BEGIN SOLUTION
        return self._modules.keys()
        ### END SOLUTION

    def values(self):
        ### BEGIN SOLUTION
        return self._modules.values()
        ### END SOLUTION

    def items(self):
        ### BEGIN SOLUTION
        return self._modules.items()
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_MyModuleDict", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_relu, _given = nn.ReLU(), {"out": nn.Linear(3, 1), "act": nn.ReLU()}
_given["again"] = _given["act"]
_dict = MyModuleDict(_given)
check(not isinstance(_dict, (dict, nn.Sequential, nn.ModuleList, nn.ModuleDict)), "MyModuleDict should be written from scratch: class MyModuleDict(nn.Module).")
check_equal(list(_dict.keys()), ["out", "act", "again"], "keys()")
_dict["in"] = nn.Linear(2, 3)
_dict["out"] = nn.Linear(3, 5)
check_equal(list(_given), ["out", "act", "again"], "the keys of the dictionary that was handed over (it should stay as it was)")
check_equal(list(_dict), ["out", "act", "again", "in"], "the keys of a for loop, after one was added and one replaced")
_shapes = {name: tuple(parameter.shape) for name, parameter in _dict.named_parameters()}
_expected = {"out.weight": (5, 3), "out.bias": (5,), "in.weight": (3, 2), "in.bias": (3,)}
check_equal(_shapes, _expected, "the parameters, after one module was added and one replaced")
check_equal(list(_shapes), list(_expected), "the names of the parameters, in order")
_kinds = ["Linear", "ReLU", "ReLU", "Linear"]
check_equal([type(module).__name__ for module in _dict.values()], _kinds, "the kinds of values(), where one module stands under two keys")
check_equal([(key, type(module).__name__) for key, module in _dict.items()], list(zip(_dict.keys(), _kinds, strict=True)), "the kinds of items()")
check(_dict["again"] is _given["act"] and _dict["out"].out_features == 5, "layers[key] is not the module under that key.")
check("in" in _dict and "input" not in _dict and len(_dict) == 4, "`key in layers` or len(layers) is wrong.")
try:
    _dict["nowhere"]
    check(False, "layers[key] should raise KeyError for a key that is not there.")
except KeyError:
    pass
check_equal(len(MyModuleDict()), 0, "len(MyModuleDict())")

# %% [markdown]
# **The tree that you have built.** Modules in modules are a tree. `named_children()` names what stands directly below,
# `named_modules()` all of it, the module itself included. Here is a network of your containers and layers, each with the
# shapes that it owns and the count of its numbers.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_tree", "locked": true, "schema_version": 3, "solution": false, "task": false}
# def show_tree(module, name="net", before="", branch=""):
#     own = [f"{key} {tuple(value.shape)}" for key, value in module.named_parameters(recurse=False)]
#     count = sum(parameter.numel() for parameter in module.parameters())
#     print(f"{f'{before}{branch}{name}: {type(module).__name__}':<34}{count:>7,}  {', '.join(own)}")
#     children = list(module.named_children())
#     for i, (key, child) in enumerate(children):
#         last = i == len(children) - 1
#         show_tree(child, key, before + {"": "", "├─ ": "│  ", "└─ ": "   "}[branch], "└─ " if last else "├─ ")
#
#
# class TwoHeads(nn.Module):
#     def __init__(self):
#         super().__init__()
#         self.body = MySequential(nn.Flatten(), CenteredLayer(), MyLinear(64, 32))
#         self.middle = MyModuleList([MyLinear(32, 32) for _ in range(2)])
#         self.heads = MyModuleDict({"digit": nn.Linear(32, 10), "is_even": nn.Linear(32, 1)})
#
#     def forward(self, X):
#         X = self.body(X)
#         for layer in self.middle:
#             X = X + layer(X)
#         return {name: head(X) for name, head in self.heads.items()}
#
#
# print(f"{'module':<34}{'numbers':>7}  its own parameters")
# show_tree(TwoHeads())
# print("\nIts results for 5 images:", {name: tuple(Y.shape) for name, Y in TwoHeads()(torch.rand(5, 1, 8, 8)).items()})

# %% [markdown]
# **And it learns.** The digits (8×8 pixels), read by a chain of your own: `MySequential` with `MyLinear` and `CenteredLayer`
# inside. `MyLinear` starts at `randn`, far too large for a layer with 64 inputs; here the weights are divided by the root of
# their number first, as in **ps08**. After a few seconds about 95 of 100 digits that it has never seen are right.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_digits", "locked": true, "schema_version": 3, "solution": false, "task": false}
# torch.manual_seed(0)
# X_train, y_train, X_test, y_test = digits()
# net = MySequential(nn.Flatten(), CenteredLayer(), MyLinear(64, 64), MyLinear(64, 32), nn.Linear(32, 10))
# with torch.no_grad():
#     for layer in net:
#         if isinstance(layer, MyLinear):
#             layer.weight *= (2 / layer.weight.shape[0]) ** 0.5
#             layer.bias.zero_()
# optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
# curves = {"training": [], "test": []}
# for epoch in range(12):
#     for X, y in batches(X_train, y_train, 64, shuffle=True):
#         optimizer.zero_grad()
#         F.cross_entropy(net(X), y).backward()
#         optimizer.step()
#     with torch.no_grad():
#         for name, X, y in (("training", X_train, y_train), ("test", X_test, y_test)):
#             curves[name].append((net(X).argmax(dim=1) == y).float().mean().item())
# plot_curves(curves, "epoch", "accuracy", f"A chain of your own reads digits: {curves['test'][-1]:.3f} of the test set")

# %% [markdown]
# ## 3 · Numbers in a module
#
# Not every number of a module is a parameter, and not every layer is used once. Three exercises on what a module owns.
#
# ### 3.1 `FixedHiddenMLP`
#
# *difficulty 3/5 · importance 4/5 · about 15 minutes · 10 points*
#
# Notes: 000 §2.1.1 · 001 模型构造/Module · 004 层与块
#
# `forward` is Python: it may use a constant, call a layer twice, and even loop as long as the *numbers* say so. This network
# does all three, for no other reason than to show it. With $h$ = `num_hiddens`, one linear layer $(W, b)$ from $h$ to $h$,
# and a constant matrix $R$:
#
# 1. $X \leftarrow$ `linear`$(X)$
# 2. $X \leftarrow \mathrm{ReLU}(X R + 1)$
# 3. $X \leftarrow$ `linear`$(X)$, the same layer again
# 4. while $\sum |X_{ij}| > 1$: $\;X \leftarrow X / 2$
# 5. the result is $\sum X_{ij}$, one number
#
# $R$ is called `rand_weight`, shape $(h, h)$, drawn once from the uniform distribution on $[0, 1)$, in `__init__`. It is not
# trained. But it *belongs* to the network: without these very numbers the trained weights are worth nothing, so it must be
# saved with them, and go to the GPU with them. Such a tensor is a **buffer** (缓冲区): `self.register_buffer("rand_weight", …)`.
# As a plain attribute, `self.rand_weight = torch.rand(…)`, as a famous book prints it, it is in no `state_dict()`, and
# `net.to("cuda")` leaves it behind.
#
# The linear layer is `self.linear`, an `nn.Linear`. The parameters are `linear.weight` and `linear.bias`, and no others.
#
# **By hand.** $h = 2$, $W = \begin{pmatrix} 1 & 2 \\ 0 & -1 \end{pmatrix}$, $b = (0, 1)$,
# $R = \begin{pmatrix} 0.5 & 0.25 \\ 0 & 1 \end{pmatrix}$, and $X = (1, 1)$. The linear layer gives $X W^\top + b = (3, 0)$.
# Times $R$, plus 1: $(2.5, 1.75)$. The linear layer again: $(6, -0.75)$. The absolute values add up to $6.75$, then $3.375$,
# $1.6875$, $0.84375$: three halvings. The result is $(6 - 0.75)/8 = 0.65625$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Write the five lines as they stand. What has to be made once goes into `__init__`; what depends on `X` into `forward`.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `X = F.relu(X @ self.rand_weight + 1)`, and `while X.abs().sum() > 1: X = X / 2`. A comparison of tensors may stand in a
# `while`.
# </details>
#
# <details><summary>Help: I see TypeError: unsupported operand … 'method'</summary>
#
# A pair of brackets is missing: `X.sum` is a method, `X.sum()` its result.
# </details>


# %% nbgrader={"grade": false, "grade_id": "FixedHiddenMLP", "locked": false, "schema_version": 3, "solution": true, "task": false}
class FixedHiddenMLP(nn.Module):
    """A linear layer that is used twice, around a constant matrix. Parameters: those of linear. Buffer: rand_weight (num_hiddens, num_hiddens)."""

    def __init__(self, num_hiddens=20):
        ### BEGIN SOLUTION
        super().__init__()
        self.register_buffer("rand_weight", torch.rand(num_hiddens, num_hiddens))
        self.linear = nn.Linear(num_hiddens, num_hiddens)
        ### END SOLUTION

    def forward(self, X):
        """X: (n, num_hiddens) float, finite. Returns: one number, a tensor without dimensions."""
        ### BEGIN SOLUTION
        X = self.linear(X)
        X = F.relu(X @ self.rand_weight + 1)
        X = self.linear(X)
        while X.abs().sum() > 1:
            X = X / 2
        return X.sum()
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_FixedHiddenMLP", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
_net = FixedHiddenMLP(2)
check_equal(sorted(_net.state_dict()), ["linear.bias", "linear.weight", "rand_weight"], "the names in state_dict()")
check_equal(sorted(name for name, _ in _net.named_parameters()), ["linear.bias", "linear.weight"], "the names of the parameters (rand_weight is none)")
_uniform = FixedHiddenMLP().rand_weight
check_equal(tuple(_uniform.shape), (20, 20), "the shape of rand_weight of FixedHiddenMLP()")
check(0 <= _uniform.min() < 0.2 and 0.8 < _uniform.max() < 1, "rand_weight should be uniform in [0, 1): torch.rand.")
check(not torch.equal(_uniform, FixedHiddenMLP().rand_weight), "Two networks should have constants of their own.")
_net.load_state_dict(
    {
        "linear.weight": torch.tensor([[1.0, 2.0], [0.0, -1.0]]),
        "linear.bias": torch.tensor([0.0, 1.0]),
        "rand_weight": torch.tensor([[0.5, 0.25], [0.0, 1.0]]),
    }
)
_X = torch.tensor([[1.0, 1.0]], requires_grad=True)
_loss = _net(_X)
check_equal(_loss, torch.tensor(0.65625), "the result of the example")
check(_loss.requires_grad, "The result carries no graph.")
_loss.backward()
check_equal(_net.linear.bias.grad, torch.tensor([0.21875, 0.25]), "the gradient of linear.bias, from both uses,")
check_equal(_X.grad, torch.tensor([[0.09375, 0.0625]]), "the gradient of X")
check_equal(_net(torch.tensor([[1.0, 1.0], [-40.0, 3.0]])), torch.tensor(0.78125), "the result for two samples")
_net.load_state_dict({**_net.state_dict(), "linear.bias": torch.tensor([-3.25, 0.0])})
check_equal(_net(torch.tensor([[3.25, 0.0]])), torch.tensor(-0.625), "the result where one halving is enough")
check_equal(str(_net.double().rand_weight.dtype), "torch.float64", "the dtype of rand_weight after net.double()")

# %% [markdown]
# ### 3.2 `my_init`
#
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 8 points*
#
# Notes: 000 §2.1.2 · 001 参数初始化/自定义初始化 · 001 参数初始化/使用init · 004 参数管理
#
# `net.apply(f)` calls `f` once for every module of the tree: children first, the whole last. So a function that knows what to
# do with **one** module starts a whole network. Yours gives every `nn.Linear` a start that no library has:
#
# $$w \sim U(-10, 10), \quad\text{and then}\quad w \leftarrow \begin{cases} w & |w| \ge 5 \\ 0 & \text{otherwise}\end{cases} \qquad b \leftarrow 0$$
#
# So half of the weights are 0, and the others uniform in $[5, 10]$ and $[-10, -5]$. A linear layer may have no bias
# (`bias=False`). All modules that are no `nn.Linear` stay as they are: convolutions, batch normalisations, embeddings have a
# `weight`, too.
#
# The numbers change **in place**: the parameters stay the same objects, because an optimizer may hold them already; and what
# requires a gradient before does so after. The function returns nothing.
#
# **By hand.** Drawn: $7.2,\ -3.1,\ -9.9,\ 4.99$. Kept: $7.2,\ 0,\ -9.9,\ 0$. One draw decides both whether a weight lives and
# what it is.
#
# *Two traps.* `param = 1` in a function gives the name `param` to a number, and the network never hears of it. And five
# `nn.init` calls in a row are five answers to one question: the last one wins.
#
# <details><summary>Hint 1: a nudge</summary>
#
# The functions `nn.init.…_` write in place and outside of autograd. For the second step you write yourself, so say
# `with torch.no_grad():`.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `nn.init.uniform_(module.weight, -10, 10)`, then under `no_grad`: `module.weight.mul_(module.weight.abs() >= 5)`. A bias of
# `None` needs no zeros.
# </details>
#
# <details><summary>Help: I see "a leaf Variable that requires grad is being used in an in-place operation"</summary>
#
# That is what `with torch.no_grad():` is for.
# </details>


# %% nbgrader={"grade": false, "grade_id": "my_init", "locked": false, "schema_version": 3, "solution": true, "task": false}
def my_init(module):
    """For net.apply. Weights of an nn.Linear: uniform in (-10, 10), those with |w| < 5 become 0; its bias: 0. Other modules stay as they are.

    In place: parameters stay the same objects. Returns nothing.
    """
    ### BEGIN SOLUTION
    if isinstance(module, nn.Linear):
        with torch.no_grad():
            module.weight.uniform_(-10, 10)
            module.weight.mul_(module.weight.abs() >= 5)
            if module.bias is not None:
                module.bias.zero_()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_my_init", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_net = nn.Sequential(nn.Linear(60, 50), nn.BatchNorm1d(50), nn.Sequential(nn.Linear(50, 40, bias=False)), nn.Embedding(3, 2))
_before, _held = {name: value.clone() for name, value in _net.state_dict().items()}, dict(_net.named_parameters())
check(my_init(nn.Linear(2, 3)) is None, "my_init should return nothing.")
_net.apply(my_init)
for _layer, _name in ((_net[0], "the first linear layer"), (_net[2][0], "a linear layer without bias, in a container")):
    _w = _layer.weight.detach()
    check(not torch.equal(_w, _before["0.weight" if _layer is _net[0] else "2.0.weight"]), f"my_init left {_name} as it was.")
    check(((_w == 0) | ((_w.abs() >= 5) & (_w.abs() <= 10))).all(), f"{_name}: every weight should be 0, or of a size between 5 and 10.")
    check(0.4 < (_w == 0).float().mean() < 0.6, f"{_name}: about half of the weights should be 0, it is {(_w == 0).float().mean():.2f} of them.")
    check(0.4 < (_w[_w != 0] > 0).float().mean() < 0.6, f"{_name}: about half of the weights that are not 0 should be positive.")
    check(7.3 < _w[_w != 0].abs().mean() < 7.7, f"{_name}: weights that are not 0 should have a size of 7.5 on average.")
check_equal(_net[0].bias.detach(), torch.zeros(50), "the bias of a linear layer")
for _name in ("1.weight", "1.bias", "3.weight"):
    check_equal(_net.state_dict()[_name], _before[_name], f"{_name}, which is no linear layer's,")
_same = all(parameter is _held[name] and parameter.requires_grad and parameter.is_leaf for name, parameter in _net.named_parameters())
check(_same, "The parameters should stay the same objects, and require a gradient as before.")

# %% [markdown]
# ### 3.3 `gradient_by_use`
#
# *difficulty 3/5 · importance 4/5 · about 20 minutes · 8 points*
#
# Notes: 000 §2.1.2 · 001 参数共享 · 004 参数管理
#
# What is the gradient of a weight that is used several times (共享权重)? A popular answer is: "the gradient is doubled". It is
# not. Each use has a gradient of its own, and the weight gets their **sum** (ps03 says why: where paths meet, gradients add
# up). Here you take that sum apart.
#
# One square matrix $W$ is used `num_uses` times in a row:
#
# $$H_0 = X, \qquad H_i = \tanh(H_{i-1} W), \quad i = 1, \dots, m, \qquad \ell = \sum_{a,b} (H_m)_{ab}\, G_{ab}$$
#
# Call the matrix of the $i$-th use $W_i$, as if there were $m$ different ones that happen to be equal. The share of use $i$
# is $\partial \ell / \partial W_i$ with the other uses held fixed. Return the shares as a list, first use first. They add up
# to $\partial \ell / \partial W$. With `num_uses` = 0 the list is empty.
#
# By autograd or by hand, both are welcome. By hand, going backwards with $D_m = G$:
# $$A_i = D_i \odot (1 - H_i \odot H_i), \qquad \frac{\partial \ell}{\partial W_i} = H_{i-1}^\top A_i, \qquad D_{i-1} = A_i W^\top$$
#
# `W` may be an `nn.Parameter` of somebody's network: leave its `.grad` alone. The shares carry no graph.
#
# **By hand.** One number each: $w = 1$, $x = 1$, $G = 1$, two uses. $H_1 = \tanh 1 = 0.7616$, $H_2 = \tanh 0.7616 = 0.6420$.
# The second use has the share $H_1 (1 - H_2^2) = 0.7616 \cdot 0.5878 = 0.4477$. The first:
# $x\,(1 - H_1^2) \cdot w\,(1 - H_2^2) = 0.4200 \cdot 0.5878 = 0.2469$. They are not equal, and $0.6945$, their sum, is twice
# neither.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Autograd adds up what belongs to one tensor. How many tensors do you need so that it keeps the uses apart?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `uses = [W.detach().clone().requires_grad_() for _ in range(num_uses)]`, a loop that uses each once, and
# `torch.autograd.grad(loss, uses)`, which writes into no `.grad`.
# </details>
#
# <details><summary>Help: I see that my first share is the last one of the check</summary>
#
# Going backwards one meets the last use first. The list begins with the first use: turn it round at the end.
# </details>


# %% nbgrader={"grade": false, "grade_id": "gradient_by_use", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gradient_by_use(W, X, G, num_uses):
    """The gradient of sum(H_m * G) through each use of W alone, where H_0 = X and H_i = tanh(H_{i-1} W).

    W: (d, d) float, perhaps a Parameter, whose .grad is left alone. X, G: (n, d), dtype of W. num_uses: int >= 0.
    Returns: a list of num_uses tensors (d, d) without a graph, first use first.
    """
    ### BEGIN SOLUTION
    uses = [W.detach().clone().requires_grad_() for _ in range(num_uses)]
    H = X.detach()
    for use in uses:
        H = torch.tanh(H @ use)
    return list(torch.autograd.grad((H * G).sum(), uses)) if uses else []
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_gradient_by_use", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_one = torch.ones(1, 1)
check_equal(gradient_by_use(_one, _one, _one, 2), [torch.tensor([[0.2468633]]), torch.tensor([[0.4476977]])], "the shares of the example", rtol=1e-3)
_W = nn.Parameter(torch.tensor([[0.5, -1.0], [0.25, 0.75]]))
_X, _G = torch.tensor([[1.0, 0.5], [-0.5, 2.0], [0.25, -1.0]]), torch.tensor([[1.0, -2.0], [0.5, 3.0], [-1.0, 0.5]])
_H = torch.tanh(torch.tanh(torch.tanh(_X @ _W) @ _W) @ _W)
(_whole,) = torch.autograd.grad((_H * _G).sum(), _W)
_shares = gradient_by_use(_W, _X, _G, 3)
check(isinstance(_shares, list) and len(_shares) == 3, "gradient_by_use(W, X, G, 3) should be a list of three tensors.")
check_equal(sum(_shares), _whole, "the sum of the three shares")
_before_last = torch.tanh(torch.tanh(_X @ _W) @ _W).detach()
check_equal(_shares[2], _before_last.T @ (_G * (1 - _H.detach() ** 2)), "the share of the last use of three")
check(_W.grad is None, "gradient_by_use changed W.grad; it should be left alone.")
check(not any(share.requires_grad for share in _shares), "The shares should carry no graph.")
check_equal(gradient_by_use(_W, _X, _G, 0), [], "the shares of no use at all")
check_equal(str(gradient_by_use(_W.detach().double(), _X.double(), _G.double(), 1)[0].dtype), "torch.float64", "the dtype of a share in float64")

# %% [markdown]
# **Six uses, six different shares.** Red entries of a share would make the loss larger, blue ones smaller. If the gradient of a weight with six uses
# were "times six", the first six pictures would be one and the same. The last is their sum: what autograd hands to the optimizer.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_uses", "locked": true, "schema_version": 3, "solution": false, "task": false}
# torch.manual_seed(3)
# W, X, G = torch.randn(8, 8) / 3, torch.randn(16, 8), torch.randn(16, 8)
# shares = gradient_by_use(W, X, G, 6)
# show_images([*shares, sum(shares)], [*(f"use {i}" for i in range(1, 7)), "their sum"], columns=7)

# %% [markdown]
# ### Written question 1 · Twice the gradient? (up to 4 points of extra credit, marked by hand)
#
# One number $w$ is used twice: $h = w \cdot \tanh(w \cdot x)$, and the loss is $\ell(h)$.
#
# (a) Write $d\ell/dw$ as a sum of two terms, one for each use. (b) Put in numbers of your own, and show that the two shares
# differ. (c) When *exactly* is it true that the gradient of a layer that is used twice is "the gradient times 2"? Say what
# the condition is, and give an example.

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_shares", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) Call the first use (inside) $w_1$ and the second (outside) $w_2$: $h = w_2 \tanh(w_1 x)$. Then
#
# $$\frac{d\ell}{dw} = \ell'(h) \Big( \underbrace{\tanh(w x)}_{\partial h/\partial w_2}
# + \underbrace{w\, x\, (1 - \tanh^2(w x))}_{\partial h/\partial w_1} \Big).$$
#
# (b) $w = 1$, $x = 1$, $\ell' = 1$: the outer use has $\tanh 1 = 0.762$, the inner one $1 - 0.762^2 = 0.420$. The sum is
# $1.182$, twice neither.
#
# (c) Exactly when the shares of both uses are equal, since the gradient is always their sum. That is so, for instance, when
# both uses are parallel and alike: the same layer is applied to the same input, and both results enter the loss in the same
# way, as in $h = w x + w x$. Two uses one after the other, as in `Sequential(linear, linear)`, get different inputs and
# different gradients from above; equal shares would be chance.
#
# **Marking scheme.** 2 points: the sum, with both terms right (1 for one of them). 1 point: numbers that show two different
# shares. 1 point: equal shares only, with an example such as equal parallel uses.
# ### END SOLUTION

# %% [markdown]
# ### Written question 2 · Where a number lives (up to 5 points of extra credit, marked by hand)
#
# A tensor of a module can be (1) a Parameter, (2) a buffer, (3) a plain tensor attribute, (4) a Parameter with
# `requires_grad=False`, (5) a local variable of `forward`. Make the table with one row for each and the columns *moves with
# `.to`*, *saved in `state_dict`*, *an optimizer over `net.parameters()` is handed it*, *gets a gradient*. Add to each row a
# use for which it is the right choice. (For 3 and 5 say what you assume about `requires_grad`.)

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_homes", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.**
#
# | | moves with `.to` | in `state_dict` | handed to the optimizer | gets a gradient | right for |
# |---|---|---|---|---|---|
# | Parameter | yes | yes | yes | yes | weights and biases |
# | buffer | yes | yes (unless `persistent=False`) | no | no | moving statistics; a constant matrix; a mask |
# | plain tensor | no | no | no | no (unless made with `requires_grad=True`) | a thing to look at: the attention weights of the last call |
# | Parameter, `requires_grad=False` | yes | yes | yes; without a gradient it is skipped | no | frozen layers in fine-tuning |
# | local variable | is made on the device of its inputs | no | no | gradients pass through it; it keeps none (it is no leaf) | intermediate results |
#
# **Marking scheme.** 1 point a row, with all four columns and a sensible use. A footnote about `persistent=False`, or about
# `retain_grad()`, is not needed.
# ### END SOLUTION

# %% [markdown]
# ## 4 · Devices and files
#
# ### 4.1 `try_gpu`
#
# *difficulty 1/5 · importance 4/5 · about 5 minutes · 4 points*
#
# Notes: 001 tensor/device · 001 GPU信息 · 001 GPU计算 · 003 §8.5.2
#
# Code that runs on your laptop and on the machine with four GPUs asks first what there is (设备, device). `try_gpu(i)` is the
# $i$-th GPU, counted from 0, if there are that many, else the CPU: a `torch.device`, which `net.to(…)` and
# `torch.zeros(…, device=…)` take.
#
# **By hand.** With two GPUs: `try_gpu()` is `cuda:0`, `try_gpu(1)` is `cuda:1`, `try_gpu(2)` is `cpu`. Without any, all three
# are `cpu`.
#
# (The check and the grader play machines with 0, 1 or 2 GPUs: there `torch.cuda.device_count()` and
# `torch.cuda.is_available()` say so. Ask one of them; do not try to put something onto a GPU.)
#
# <details><summary>Hint 1: a nudge</summary>
#
# `torch.cuda.device_count()` is the number of GPUs. Which $i$ exist when it is 2?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `torch.device("cuda", i)` or `torch.device(f"cuda:{i}")`, if `torch.cuda.device_count() >= i + 1`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "try_gpu", "locked": false, "schema_version": 3, "solution": true, "task": false}
def try_gpu(i=0):
    """The i-th GPU as a torch.device, or the CPU where there is no such GPU. i: int >= 0."""
    ### BEGIN SOLUTION
    return torch.device("cuda", i) if i < torch.cuda.device_count() else torch.device("cpu")
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_try_gpu", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
for _count in (2, 1, 0):  # the check plays a machine with so many GPUs
    with patch("torch.cuda.device_count", return_value=_count), patch("torch.cuda.is_available", return_value=_count > 0):
        for _i in (0, 1, 2):
            _device, _expected = try_gpu(_i), torch.device(f"cuda:{_i}" if _i < _count else "cpu")
            check(isinstance(_device, torch.device), f"try_gpu({_i}) should be a torch.device, it is {_device!r}.")
            check(_device == _expected, f"try_gpu({_i}) with {_count} GPUs is {_device}, expected {_expected}.")
        check(try_gpu() == try_gpu(0), "try_gpu() should be try_gpu(0).")

# %% [markdown]
# ### 4.2 `save_checkpoint`
#
# *difficulty 2/5 · importance 5/5 · about 10 minutes · 6 points*
#
# Notes: 000 §2.1.4 · 001 读取和存储/参数 · 001 读取和存储/模型 · 004 读写文件
#
# A training that takes days is stopped on the way: the time is up, the machine is needed, the power fails. A checkpoint (检查点)
# is a file from which it goes on **as if nothing had been**. What has to be in it?
#
# * The state of the network, `net.state_dict()` (状态字典): all parameters *and buffers*. Without the moving statistics of a
#   batch normalisation the weights are worth little.
# * The state of the optimizer, `optimizer.state_dict()`. Momentum and Adam remember earlier gradients; without that memory
#   the next step is another one.
# * How far we are: the number of epochs done.
#
# The file is written by `torch.save` and holds a dictionary with exactly the keys `"net"`, `"optimizer"` (the two state
# dicts, as they are) and `"epoch"` (the int that was handed over). `path` is a string or a `Path`.
#
# *Not the network itself.* `torch.save(net, path)` writes the object as a *pickle* (序列化), with the names of its classes in
# it. Rename a class, move a file, and it cannot be read again. And since PyTorch 2.6 `torch.load` refuses it by default, for
# the reason that 4.3 is about. State dicts are tensors and names: they last.
#
# **By hand.** `nn.Linear(2, 1)` and a new `SGD` after epoch 3:
# `{"net": {"weight": …, "bias": …}, "optimizer": {"state": {}, "param_groups": […]}, "epoch": 3}`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# One dictionary, one call.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `torch.save({"net": net.state_dict(), "optimizer": …, "epoch": epoch}, path)`
# </details>


# %% nbgrader={"grade": false, "grade_id": "save_checkpoint", "locked": false, "schema_version": 3, "solution": true, "task": false}
def save_checkpoint(path, net, optimizer, epoch):
    """Writes the states of a network and its optimizer, and the number of epochs done, to a file of torch.save: a dict with "net", "optimizer", "epoch".

    path: str or Path. net and optimizer stay as they are. Returns nothing.
    """
    ### BEGIN SOLUTION
    torch.save({"net": net.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch}, path)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_save_checkpoint", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
def _two_steps(net, optimizer):
    for i in range(2):
        optimizer.zero_grad()
        net(torch.tensor([[1.0, -2.0], [0.5, 3.0], [2.0, 0.25 * i]])).square().sum().backward()
        optimizer.step()


_net = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
_optimizer = torch.optim.Adam(_net.parameters(), lr=0.1)
_two_steps(_net, _optimizer)
with tempfile.TemporaryDirectory() as _folder:
    for _path in (os.path.join(_folder, "text.pt"), Path(_folder) / "path.pt"):
        save_checkpoint(_path, _net, _optimizer, 7)
        check(os.path.isfile(_path), "save_checkpoint wrote no file at the path.")
        try:
            _saved = torch.load(_path, weights_only=True)
        except Exception as _error:
            check(False, f"The file cannot be read with weights_only=True ({type(_error).__name__}): it should hold state dicts and an int, and no objects.")
        _keys = sorted(_saved) if isinstance(_saved, dict) else type(_saved).__name__
        check(_keys == ["epoch", "net", "optimizer"], f'The file should hold a dict with the keys "net", "optimizer", "epoch"; it holds {_keys}.')
        check_equal(_saved["epoch"], 7, 'the entry "epoch"')
        check_equal(_saved["net"], dict(_net.state_dict()), 'the entry "net"')
        check_equal(_saved["optimizer"], _optimizer.state_dict(), 'the entry "optimizer" after two steps of Adam')

# %% [markdown]
# ### 4.3 `load_checkpoint`
#
# *difficulty 3/5 · importance 5/5 · about 15 minutes · 8 points*
#
# Notes: 000 §2.1.4 · 001 读取和存储/tensor · 001 读取和存储/参数 · 004 读写文件
#
# The way back. `load_checkpoint(path, net, optimizer)` reads such a file, writes the states into the network and the
# optimizer that it is given, and returns the epoch.
#
# * **In place.** `net.load_state_dict(…)` copies numbers into the parameters that are there. They stay the same objects, so
#   the optimizer, which holds them, goes on moving them.
# * **Strict.** Where an entry is missing, too many, or of another shape, an exception is raised. A network of which half was
#   loaded in silence is worse than an error.
# * Without an optimizer (`None`, the default) only the network is loaded: to look at it, or to use it.
# * The mode is left alone: what was in `train()` or `eval()` stays so.
# * Tensors come to the CPU first (`map_location="cpu"`), so that a file from a machine with a GPU opens everywhere;
#   `load_state_dict` copies them to where the parameters are.
# * **A file cannot run code.**
#
# *Why could it?* A pickle is not a list of numbers. It is a small program for a machine that can, among other things, *import
# any function and call it*. Whoever writes the file decides which: it may as well delete your folder. Opening it is running
# it. `torch.load(path, weights_only=True)` reads with a machine that knows tensors, numbers, texts and containers, and
# refuses everything else. It is the default since PyTorch 2.6; say it all the same, for older ones. `weights_only=False` on a
# file from somewhere is like running a program from somewhere. Here is such a file; look at its last line.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_pickle", "locked": true, "schema_version": 3, "solution": false, "task": false}
# class Harmless:
#     def __reduce__(self):  # what pickle asks an object: how are you made again? The answer is a function and its arguments
#         return print, ("… and this line was printed by the file: it could have been any function at all.",)
#
#
# with tempfile.TemporaryDirectory() as folder:
#     path = os.path.join(folder, "weights.pt")
#     torch.save({"net": Harmless()}, path)
#     try:
#         torch.load(path, weights_only=True)
#     except Exception as error:
#         print(f"weights_only=True refuses the file: {type(error).__name__}.\n")
#     print("weights_only=False:")
#     torch.load(path, weights_only=False)

# %% [markdown]
# **By hand.** Saved after epoch 3, `weight` = $(1, 2)$. A new network with `weight` = $(0.3, -0.1)$: after
# `load_checkpoint(path, net)`, which returns 3, the very same Parameter object holds $(1, 2)$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `load_state_dict` of `nn.Module` is strict and works in place, if you add nothing to it. The optimizer has one as well.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `checkpoint = torch.load(path, map_location="cpu", weights_only=True)`, then the two `load_state_dict` (the second only if
# there is an optimizer), then `return checkpoint["epoch"]`.
# </details>
#
# <details><summary>Help: I see that training goes on differently than before</summary>
#
# Is the optimizer's state loaded, too? Are parameters the same objects as before (no `assign=True`, no new network)? Was the
# epoch counted one too far?
# </details>


# %% nbgrader={"grade": false, "grade_id": "load_checkpoint", "locked": false, "schema_version": 3, "solution": true, "task": false}
def load_checkpoint(path, net, optimizer=None):
    """Reads a file of save_checkpoint into net and, where there is one, optimizer, both in place. A file cannot run code.

    path: str or Path. Returns: the epoch, an int. Raises an exception where the file does not fit the network, or holds anything but data.
    """
    ### BEGIN SOLUTION
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    net.load_state_dict(checkpoint["net"])
    if optimizer is not None:
        optimizer.load_state_dict(checkpoint["optimizer"])
    return checkpoint["epoch"]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_load_checkpoint", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
class _Mischief:
    def __reduce__(self):
        return os.mkdir, (os.path.join(_folder, "the file has run"),)


def _new_pair():
    net = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
    return net, torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)


def _numbers(net):
    return {name: value.clone() for name, value in net.state_dict().items()}


with tempfile.TemporaryDirectory() as _folder:
    _path, (_net, _optimizer) = os.path.join(_folder, "checkpoint.pt"), _new_pair()
    _two_steps(_net, _optimizer)
    torch.save({"net": _net.state_dict(), "optimizer": _optimizer.state_dict(), "epoch": 5}, _path)
    _saved = _numbers(_net)
    _two_steps(_net, _optimizer)
    _other, _resumed = _new_pair()
    _held = list(_other.eval().parameters())
    check_equal(load_checkpoint(_path, _other, _resumed), 5, "load_checkpoint(path, net, optimizer)")
    check_equal(_numbers(_other), _saved, "the network after load_checkpoint")
    check(not _other.training, "load_checkpoint switched a network in evaluation mode to training mode.")
    check(all(a is b for a, b in zip(_held, _other.parameters(), strict=True)), "The parameters should stay the same objects: the optimizer holds them.")
    _two_steps(_other.train(), _resumed)
    check_equal(_numbers(_other), _numbers(_net), "the network two steps later, beside one that was never stopped,")
    _alone, _ = _new_pair()
    check_equal(load_checkpoint(Path(_path), _alone), 5, "load_checkpoint(path, net) without an optimizer")
    check_equal(_numbers(_alone), _saved, "the network after load_checkpoint without an optimizer")
    _wrong = {
        "with an entry missing": {name: value for name, value in _saved.items() if name != "0.bias"},
        "with an entry too many": {**_saved, "2.bias": torch.zeros(3)},
        "with an entry of another shape": {**_saved, "0.bias": torch.zeros(1)},
        "with code in it": {**_saved, "0.bias": _Mischief()},
    }
    for _words, _state in _wrong.items():
        torch.save({"net": _state, "optimizer": _optimizer.state_dict(), "epoch": 5}, _path)
        try:
            load_checkpoint(_path, *_new_pair())
            _raised = False
        except Exception:
            _raised = True
        check(not os.path.exists(os.path.join(_folder, "the file has run")), "load_checkpoint ran code that was hidden in a file.")
        check(_raised, f"load_checkpoint should raise an exception for a file {_words}.")

# %% [markdown]
# **Stopped and resumed.** The digits again, with momentum. One training goes through. Another is stopped after epoch 4, its
# network and optimizer are thrown away, new ones are made, with new random weights, and the checkpoint is read. (The order of
# the batches is the same in both: it comes from the number of the epoch.) The second curve lies on the first. The third reads
# the network and forgets the optimizer.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_resume", "locked": true, "schema_version": 3, "solution": false, "task": false}
# X_train, y_train, _, _ = digits()
#
#
# def a_start():
#     net = nn.Sequential(nn.Flatten(), nn.Linear(64, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 10))
#     return net, torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.95)
#
#
# def an_epoch(net, optimizer, epoch):
#     losses = []
#     for X, y in list(batches(X_train, y_train, 128, shuffle=True, generator=torch.Generator().manual_seed(epoch))):
#         optimizer.zero_grad()
#         loss = F.cross_entropy(net(X), y)
#         loss.backward()
#         optimizer.step()
#         losses.append(loss.item())
#     return losses
#
#
# torch.manual_seed(0)
# with tempfile.TemporaryDirectory() as folder:
#     path = os.path.join(folder, "epoch4.pt")
#     net, optimizer = a_start()
#     through, resumed, forgetful = [], [float("nan")] * 4 * 12, [float("nan")] * 4 * 12
#     for epoch in range(8):
#         through += an_epoch(net, optimizer, epoch)
#         if epoch == 3:
#             save_checkpoint(path, net, optimizer, epoch + 1)
#     for curve, whole in ((resumed, True), (forgetful, False)):
#         net, optimizer = a_start()
#         for epoch in range(load_checkpoint(path, net, optimizer if whole else None), 8):
#             curve += an_epoch(net, optimizer, epoch)
# first = 36  # the steps around the stop
# curves = {"never stopped": through[first:], "resumed, without the optimizer": forgetful[first:], "resumed": resumed[first:]}
# plot_curves(curves, "step", "loss", "Stopped after step 48, and resumed", x=range(first + 1, len(through) + 1))
# print("largest difference between the loss of the resumed training and the other:", max(abs(a - b) for a, b in zip(through[48:], resumed[48:], strict=True)))

# %% [markdown]
# ## 5 · Behind the curtain
#
# ### 5.1 `LazyDense`
#
# *difficulty 3/5 · importance 3/5 · about 15 minutes · 6 points*
#
# Notes: 004 延后初始化
#
# How many inputs had the linear layer of `TestNet`? You had to work out $16 \cdot 14 \cdot 14$. *Deferred initialisation*
# (延后初始化) spares you that: the layer waits for its first input, and *then* makes its weights. In PyTorch that is
# `nn.LazyLinear`.
#
# `LazyDense(units)` computes $X W + b$, without activation. At the **first call** it makes, as registered Parameters,
#
# * `weight`, shape `(X.shape[-1], units)`, by Xavier's uniform start (ps08): $U(-a, a)$ with
#   $a = \sqrt{6 / (\text{in} + \text{out})}$, which is `nn.init.xavier_uniform_`;
# * `bias`, shape `(units,)`, zeros;
#
# with the dtype and on the device of `X`, and both require a gradient, also if that first call happens under
# `torch.no_grad()`. Before it, `weight` and `bias` may be absent, `None` or uninitialised. **Every later call uses the same
# Parameters**; an input of another width raises an exception and changes nothing.
#
# The input is $(\dots, \text{in})$, with any number of dimensions before the last.
#
# **From scratch.** `nn.LazyLinear`, `nn.Linear` and `F.linear` are off limits here.
#
# **By hand.** `layer = LazyDense(3)`; `layer(torch.rand(5, 2))` makes `weight` $(2, 3)$ with numbers between
# $\pm\sqrt{6/5} = \pm 1.095$. `layer(torch.rand(7, 4, 2))` uses it again. `layer(torch.rand(5, 3))` is an error.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `self.weight = None` in `__init__` is a mark that says "not yet". `forward` looks at it first. And an attribute that holds
# `None` may become a Parameter later: the assignment registers it.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `W = torch.empty(X.shape[-1], self.units, dtype=X.dtype, device=X.device)`, then
# `self.weight = nn.Parameter(nn.init.xavier_uniform_(W))`.
# </details>
#
# <details><summary>Help: I see that an optimizer over layer.parameters() does nothing</summary>
#
# Before the first call there are no parameters to hand over. Run one batch through the network first, then make the
# optimizer. (The same is true of `nn.LazyLinear`.)
# </details>


# %% nbgrader={"grade": false, "grade_id": "LazyDense", "locked": false, "schema_version": 3, "solution": true, "task": false}
class LazyDense(nn.Module):
    """X W + b, where weight (in, units) and bias (units,) are made at the first call, for the width, dtype and device of its input."""

    def __init__(self, units):
        ### BEGIN SOLUTION
        super().__init__()
        self.units = units
        self.weight = self.bias = None
        ### END SOLUTION

    def forward(self, X):
        """X: (…, in) float; in is that of the first call, else an exception is raised. Returns: (…, units)."""
        ### BEGIN SOLUTION
        if self.weight is None:
            W = torch.empty(X.shape[-1], self.units, dtype=X.dtype, device=X.device)
            self.weight = nn.Parameter(nn.init.xavier_uniform_(W))
            self.bias = nn.Parameter(W.new_zeros(self.units))
        return X @ self.weight + self.bias
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_LazyDense", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_layer, _X = LazyDense(30), torch.randn(4, 3, 50)
check(not any(isinstance(part, nn.Linear) for part in _layer.modules()), "nn.Linear and nn.LazyLinear are off limits in LazyDense.")
with torch.no_grad():
    _Y = _layer(_X)
_shapes = {name: tuple(parameter.shape) for name, parameter in _layer.named_parameters()}
check_equal(_shapes, {"weight": (50, 30), "bias": (30,)}, "the parameters of LazyDense(30) after a first input (4, 3, 50)")
check(all(parameter.requires_grad for parameter in _layer.parameters()), "The parameters should require a gradient, also after a first call under no_grad.")
_a = (6 / 80) ** 0.5
check(0.95 * _a < _layer.weight.abs().max() <= _a and _layer.weight.min() < 0, f"weight should be Xavier uniform: between -{_a:.3f} and {_a:.3f}.")
check_equal(_layer.bias.detach(), torch.zeros(30), "bias after the first call")
check_equal(_Y, _X @ _layer.weight.detach(), "the result of the first call")
_held = list(_layer.parameters())
with torch.no_grad():
    _layer.bias += 1
check_equal(_layer(_X[0]).detach(), _Y[0] + 1, "the result of a later call, with the bias changed in between,")
try:
    _layer(torch.randn(4, 51))
    _raised = False
except Exception:
    _raised = True
check(_raised, "LazyDense should raise an exception for an input of another width than the first.")
check(all(a is b for a, b in zip(_held, _layer.parameters(), strict=True)), "The parameters should be made once, at the first call.")
_layer = LazyDense(2)
_layer(torch.randn(3, dtype=torch.float64))
check_equal(str(_layer.weight.dtype), "torch.float64", "the dtype of weight after a first input in float64")

# %% [markdown]
# ### 5.2 `TinyModule`
#
# *difficulty 4/5 · importance 5/5 · about 30 minutes · 12 points*
#
# Notes: 000 §2.1.2 · 001 模型构造/Module · 001 参数访问 · 003 §10.8
#
# The last curtain. Everything that `nn.Module` did for you in this notebook comes from one idea: *an object can look through
# its own attributes*. Write a class that does so, **not** derived from `nn.Module`, on which layers and networks are built
# like this:
#
# ```python
# class Dense(TinyModule):
#     def __init__(self, fan_in, fan_out):
#         super().__init__()                      # always first
#         self.weight = nn.Parameter(torch.randn(fan_in, fan_out))
#         self.bias = nn.Parameter(torch.zeros(fan_out))
#
#     def forward(self, X):
#         return X @ self.weight + self.bias
#
# class Net(TinyModule):
#     def __init__(self):
#         super().__init__()
#         self.hidden = Dense(64, 32)
#         self.out = Dense(32, 10)
#         self.scale = nn.Parameter(torch.ones(()))
#
#     def forward(self, X):
#         return self.scale * self.out(self.hidden(X).relu())
# ```
#
# An attribute that is an `nn.Parameter` is a parameter of the module; one that is a `TinyModule` is a child.
#
# | method | does |
# |---|---|
# | `net(…)` | calls `forward` with all arguments, by position and by name, and returns its result |
# | `named_parameters(prefix="")` | pairs (name, parameter), as an iterator or a list; see below |
# | `parameters()` | the same without names |
# | `apply(fn)` | calls `fn(module)` for every module of the tree, children before their parent, itself last; returns itself |
# | `train(mode=True)` | sets `training` to `mode` in the whole tree; returns the module. A new module has `training` True |
# | `eval()` | is `train(False)` |
#
# * **The order of parameters**: the module's own, in the order in which they were assigned; then those of each child, in the order of
#   the children. **Names** are paths with dots: `scale`, `hidden.weight`, … With the prefix `"p"` all of them begin with `p.`
# * **Each parameter object once**, under its first name, also where it is shared by several layers, or one layer by several
#   places. (Else an optimizer would move it twice.)
# * **An attribute that is set anew replaces**: a parameter by another, a child by another, either of them by `None` or
#   whatever you like. What was there before is no longer listed; a parameter or child in its stead keeps its place in the order.
# * Attributes that are not there raise an `AttributeError`, as in any object. Lists of modules need not be looked into.
#
# **From scratch.** `nn.Module` is off limits, as base and inside. (`nn.Parameter` is only a tensor with a name tag.)
#
# **By hand.** `Net()` above: `[name for name, _ in net.named_parameters()]` is
# `["scale", "hidden.weight", "hidden.bias", "out.weight", "out.bias"]`. `net.apply(print_name)` meets `hidden`, `out`, `net`.
# After `net.out = net.hidden` the names are `scale`, `hidden.weight`, `hidden.bias`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `vars(self)` is the dictionary of an object's attributes, in the order in which they were first set; setting one anew
# changes its value. So nothing needs to be registered at all: look when you are asked. (PyTorch keeps dictionaries and fills
# them in `__setattr__`; that is right, too.)
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Two loops over `vars(self).items()` in `named_parameters`: one for values that are an `nn.Parameter`, one for values that
# are a `TinyModule`, which are asked for theirs with a longer prefix. A set of those already seen keeps each parameter to one
# name. `train` is `apply` with a function that sets one attribute.
# </details>
#
# <details><summary>Help: I see RecursionError in __getattr__</summary>
#
# `__getattr__` is called for what is *not* there. If it looks for an attribute of self that is not there either, it calls
# itself. With `vars(self)` you need no `__getattr__`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "TinyModule", "locked": false, "schema_version": 3, "solution": true, "task": false}
class TinyModule:
    """nn.Module in thirty lines. Subclasses call super().__init__() first, assign Parameters and TinyModules to attributes, and define forward."""

    def __init__(self):
        ### BEGIN SOLUTION
        self.training = True
        ### END SOLUTION

    def __call__(self, *args, **kwargs):
        ### BEGIN SOLUTION
        return self.forward(*args, **kwargs)
        ### END SOLUTION

    def named_parameters(self, prefix=""):
        """(name, parameter): the own ones, then those of the children, each parameter once. Names are paths with dots, behind the prefix."""
        ### BEGIN SOLUTION
        dot, seen = prefix and prefix + ".", set()
        own = [(dot + name, value) for name, value in vars(self).items() if isinstance(value, nn.Parameter)]
        children = [pair for name, value in vars(self).items() if isinstance(value, TinyModule) for pair in value.named_parameters(dot + name)]
        for name, parameter in own + children:
            if id(parameter) not in seen:
                seen.add(id(parameter))
                yield name, parameter
        ### END SOLUTION

    def parameters(self):
        """The same without names."""
        ### BEGIN SOLUTION
        return [parameter for _, parameter in self.named_parameters()]
        ### END SOLUTION

    def apply(self, fn):
        """Calls fn for every module of the tree, children before their parent. Returns self."""
        ### BEGIN SOLUTION
        for value in list(vars(self).values()):
            if isinstance(value, TinyModule):
                value.apply(fn)
        fn(self)
        return self
        ### END SOLUTION

    def train(self, mode=True):
        """Sets training to mode in the whole tree. Returns self."""
        ### BEGIN SOLUTION
        return self.apply(lambda module: setattr(module, "training", mode))
        ### END SOLUTION

    def eval(self):
        """Sets training to False in the whole tree. Returns self."""
        ### BEGIN SOLUTION
        return self.train(False)
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_TinyModule", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
class _Dense(TinyModule):
    def __init__(self, fan_in, fan_out):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(fan_in, fan_out))
        self.bias = nn.Parameter(torch.zeros(fan_out))

    def forward(self, X, times=1, plus=0):
        return times * (X @ self.weight + self.bias) + plus


class _Holder(TinyModule):
    def forward(self, X):
        return X


class _Net(TinyModule):
    def __init__(self):
        super().__init__()
        self.hidden = _Dense(2, 3)
        self.scale = nn.Parameter(torch.tensor(2.0))
        self.inner = _Holder()
        self.inner.out = _Dense(3, 1)

    def forward(self, X):
        return self.scale * self.inner.out(self.hidden(X))


def _names(module, **prefix):
    return [name for name, _ in module.named_parameters(**prefix)]


check(not issubclass(TinyModule, nn.Module), "TinyModule should be written from scratch: it is no nn.Module.")
_net = _Net()
check_equal(_net(torch.tensor([[1.0, 2.0]])), torch.tensor([[18.0]]), "the result of a net on TinyModule")
_result = _net.hidden(torch.tensor([[1.0, 2.0]]), 10, plus=5)
check_equal(_result, torch.tensor([[35.0, 35.0, 35.0]]), "a call with a second argument and one by name")
_expected = ["scale", "hidden.weight", "hidden.bias", "inner.out.weight", "inner.out.bias"]
check_equal(_names(_net), _expected, "the names of the parameters")
check_equal(_names(_net, prefix="net"), [f"net.{name}" for name in _expected], 'the names of named_parameters(prefix="net")')
check_equal(sum(parameter.numel() for parameter in _net.parameters()), 14, "the number of weights, from parameters()")
_met = []
check(_net.apply(_met.append) is _net, "apply should return the module itself.")
_order = [{id(_net): "net", id(_net.hidden): "hidden", id(_net.inner): "inner", id(_net.inner.out): "out"}[id(module)] for module in _met]
check_equal(_order, ["hidden", "out", "inner", "net"], "the modules in the order in which apply meets them")
check(_net.training is True and _net.inner.out.training is True, "A new module should have training = True.")
check(_net.eval() is _net and not any(module.training for module in _met), "eval() should set training to False in the whole tree, and return the module.")
check(_net.train() is _net and all(module.training for module in _met), "train() should set training to True in the whole tree, and return the module.")
_net.inner.out.weight = _net.hidden.weight
check_equal(_names(_net), _expected[:3] + _expected[4:], "the names after one parameter stands in two layers")
_net.scale, _net.hidden = nn.Parameter(torch.tensor(3.0)), None
check_equal(_names(_net), ["scale", *_expected[3:]], "the names after scale was set anew and hidden to None")
check_equal(next(iter(_net.parameters())), torch.tensor(3.0, requires_grad=True), "the first parameter after scale was set anew")
check(not hasattr(_net, "nowhere"), "An attribute that was never set should raise AttributeError.")

# %% [markdown]
# **It trains.** A network for the digits on your `TinyModule`, with dropout (暂退法) that listens to `training`; and
# `torch.optim.SGD`, which never asks what a module is. It wants parameters, and you list them.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_tiny", "locked": true, "schema_version": 3, "solution": false, "task": false}
# class Dense(TinyModule):
#     def __init__(self, fan_in, fan_out):
#         super().__init__()
#         self.weight = nn.Parameter(torch.randn(fan_in, fan_out) * (2 / fan_in) ** 0.5)
#         self.bias = nn.Parameter(torch.zeros(fan_out))
#
#     def forward(self, X):
#         return X @ self.weight + self.bias
#
#
# class TinyNet(TinyModule):
#     def __init__(self):
#         super().__init__()
#         self.hidden, self.out = Dense(64, 64), Dense(64, 10)
#
#     def forward(self, X):
#         H = self.hidden(X.flatten(1) - 0.3).relu()
#         return self.out(F.dropout(H, 0.2, training=self.training))
#
#
# torch.manual_seed(0)
# X_train, y_train, X_test, y_test = digits()
# net = TinyNet()
# print("parameters:", ", ".join(f"{name} {tuple(parameter.shape)}" for name, parameter in net.named_parameters()))
# optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
# curves = {"training": [], "test": []}
# for epoch in range(12):
#     net.train()
#     for X, y in batches(X_train, y_train, 64, shuffle=True):
#         optimizer.zero_grad()
#         F.cross_entropy(net(X), y).backward()
#         optimizer.step()
#     net.eval()
#     with torch.no_grad():
#         for name, X, y in (("training", X_train, y_train), ("test", X_test, y_test)):
#             curves[name].append((net(X).argmax(dim=1) == y).float().mean().item())
# plot_curves(curves, "epoch", "accuracy", f"nn.Module in thirty lines, and it reads digits: {curves['test'][-1]:.3f} of the test set")

# %% [markdown]
# ## What you have now, and where to go
#
# You can build a layer, a container and a network; you know what a parameter is, what a buffer is, and what is lost when it
# is neither. A checkpoint of yours goes on as if nothing had been, and reads no file that runs code. And `nn.Module` has no
# secrets left: it is an object that looks through its own attributes.
#
# To try, if you like: give `TinyModule` a `state_dict()` and a `load_state_dict()`, and put it through `save_checkpoint`. Let
# `MySequential` take slices. Make `LazyDense` work with a `state_dict` that is loaded before the first call (what would
# `nn.LazyLinear` do?).
#
# The layer in `TestNet` that was only a box, the convolution, is opened next: **ps10**.
