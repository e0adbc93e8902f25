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
# # Modern convolutional networks: AlexNet, VGG, NiN, GoogLeNet (现代卷积神经网络)
#
# Between 2012 and 2014 four networks turned computer vision upside down. At the end of this notebook you have built all
# four, down to the last of their millions of parameters, you can say of any network what it weighs and what it costs, and
# you have designed one of your own: small, cheap, and so free of the size of its pictures that you can slide it over a big
# canvas and ask it where the 7 is.
#
# Nothing here takes long. The big networks are counted, not trained, and counting is free: PyTorch has a device called
# `"meta"` on which tensors have a shape but no numbers, so that even 138 million parameters take no memory and no time.
#
# **From earlier notebooks** you need convolution, padding, stride, pooling and LeNet (ps10), and the training loop (ps05). If
# you have not done them, you will still find your way: everything in `torch.nn` may be used, except in 3.2, where the text
# says so.
#
# **How it is marked.** Each exercise has a cell for your answer and, under it, a check that you can run as often as you like.
# A check is an example; the hidden grader asks more of the same (other sizes, other weights, gradients, training and
# evaluation mode) and marks each property on its own, so an answer that is wrong only in some cases keeps the points of the
# others. `vgg` uses your `vgg_block`, `nin` your `nin_block`, `googlenet` your `Inception`; where one of these is not right
# yet, the grader lends a right one: one mistake costs its own points only. All other exercises stand alone. The points add
# up to 100; the two written questions are extra credit.
#
# **What holds for every exercise**
#
# * Pictures are $(n, c, h, w)$: samples, channels, height, width. Convolutions have a bias, PyTorch's default.
# * The names of the layers inside your modules are yours to choose. Define layers in the order in which they are used.
# * Every call makes a new network with parameters of its own.
# * Networks end in scores, one a class. No softmax: the loss brings its own.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import math

import course_tools
import torch
from course_tools import check, check_equal, check_promises
from torch import nn
from torch.nn import functional as F

X_train, y_train, X_test, y_test = course_tools.digits()


def count_parameters(net, *in_shape):
    """How many numbers a network learns. in_shape: of a sample, for networks that get their shapes from the first they see."""
    if any(isinstance(p, nn.parameter.UninitializedParameter) for p in net.parameters()):
        net.eval()(torch.zeros(1, *in_shape))  # gives lazy layers their shapes
    return sum(p.numel() for p in net.parameters())


def numbers(*shape):
    """Numbers that look random and are always the same, with mean 0 and variance 1."""
    k = torch.arange(math.prod(shape), dtype=torch.float64)
    return (2**0.5 * torch.sin(1 + k * k)).reshape(shape).float()


def with_known_weights(net, X):
    """What the network gives for X in evaluation mode when all its parameters hold numbers that are known."""
    net.eval()
    with torch.no_grad():
        net(X)  # gives lazy layers their shapes
        for p in net.parameters():
            p.copy_(numbers(*p.shape) * (1.4 / p[0].numel() ** 0.5 if p.ndim > 1 else 0.3))
    return net(X)


# %% [markdown]
# ## 1 · VGG: networks made of blocks
#
# ### 1.1 `vgg_block`
#
# *difficulty 2/5 · importance 5/5 · about 10 minutes · 8 points*
#
# Notes: 000 §2.7.2 · 002 VGG块 · 004 VGG
#
# Early networks were a list of layers, each chosen by hand. The Visual Geometry Group at Oxford asked for less: one **block**
# (块) that repeats. A VGG block is `num_convs` times (3×3 convolution (卷积) with padding (填充) 1, then ReLU), and after them one
# 2×2 max pooling (最大汇聚/最大池化) with stride (步幅) 2.
#
# $$X \;\to\; \underbrace{\mathrm{ReLU}(\mathrm{conv}_{3\times3}) \;\to\; \cdots \;\to\; \mathrm{ReLU}(\mathrm{conv}_{3\times3})}_{\texttt{num\_convs}\text{ times, each with weights of its own}} \;\to\; \mathrm{maxpool}_{2\times2}$$
#
# The **first** convolution takes `in_channels` to `out_channels`, all others keep `out_channels`. (The lecture notes say
# that a block keeps "$m$ channels in and out"; then no block could ever make a network wider.)
#
# **By hand.** `vgg_block(2, 3, 5)` has convolutions $3 \to 5$ and $5 \to 5$:
# $(9 \cdot 3 \cdot 5 + 5) + (9 \cdot 5 \cdot 5 + 5) = 140 + 230 = 370$ parameters. The convolutions keep height and
# width, the pooling halves them and rounds down: $(2, 3, 7, 4) \to (2, 5, 3, 2)$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Begin with an empty list, append layers in a loop, and hand the list to `nn.Sequential(*layers)`. After the first
# convolution the number of channels that come in is another one: change the variable.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# In the loop: `layers += [nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1), nn.ReLU()]`, then
# `in_channels = out_channels`. After the loop, `nn.MaxPool2d(kernel_size=2, stride=2)`.
# </details>
#
# <details><summary>Help: I see "expected input[2, 5, 7, 4] to have 3 channels, but got 5 channels instead"</summary>
#
# The second convolution was made for the channels of the picture. It sees those of the first convolution.
# </details>
#
# <details><summary>Help: the number of parameters is too small</summary>
#
# `[conv, relu] * num_convs` puts *the same* convolution into the list again and again. Each needs weights of its own: make it
# inside the loop.
# </details>


# %% nbgrader={"grade": false, "grade_id": "vgg_block", "locked": false, "schema_version": 3, "solution": true, "task": false}
def vgg_block(num_convs, in_channels, out_channels):
    """num_convs times (3×3 convolution, ReLU), then 2×2 max pooling.

    num_convs: int >= 1. in_channels, out_channels: int.
    Returns: a new module, (n, in_channels, h, w) -> (n, out_channels, h // 2, w // 2); it leaves its input unchanged.
    """
    ### BEGIN SOLUTION
    layers = []
    for _ in range(num_convs):
        layers += [nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1), nn.ReLU()]
        in_channels = out_channels
    layers.append(nn.MaxPool2d(kernel_size=2, stride=2))
    return nn.Sequential(*layers)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_vgg_block", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_block, _X = vgg_block(2, 3, 5), numbers(2, 3, 7, 4)
_seen = _X.clone()
check_equal(tuple(_block(_seen).shape), (2, 5, 3, 2), "the shape of vgg_block(2, 3, 5)(X) for X of shape (2, 3, 7, 4)")
check_equal(count_parameters(_block), 370, "the number of parameters of vgg_block(2, 3, 5)")
check_equal(_seen, _X, "the input, after vgg_block has seen it,")
check_equal(count_parameters(vgg_block(4, 2, 3), 2, 16, 16), 309, "the number of parameters of vgg_block(4, 2, 3)")
_Y = with_known_weights(_block, _X)
check_equal(
    _Y[0, :, 1, 0], torch.tensor([2.7202, 1.7578, 0.0081, 0.9924, 3.8029]), "one column of vgg_block(2, 3, 5)(X), with weights that are known,", 1e-3, 1e-3
)
check(_Y.requires_grad, "No gradient flows back from vgg_block(2, 3, 5)(X): was it detached?")

# %% [markdown]
# ### 1.2 `vgg_arch`
#
# *difficulty 1/5 · importance 3/5 · about 5 minutes · 6 points*
#
# Notes: 000 §2.7.1 · 003 §10.5.4
#
# All VGG networks have five blocks, with 64, 128, 256, 512 and again 512 channels. What differs is how many convolutions each
# block has. The number in the name counts the layers with weights: all convolutions, plus the **three** linear layers at the
# end, for which `vgg_arch` has no entry.
#
# | | block 1 | block 2 | block 3 | block 4 | block 5 | convolutions + 3 |
# |---|---|---|---|---|---|---|
# | channels | 64 | 128 | 256 | 512 | 512 | |
# | VGG-11 | 1 | 1 | 2 | 2 | 2 | 8 + 3 |
# | VGG-13 | 2 | 2 | 2 | 2 | 2 | 10 + 3 |
# | VGG-16 | 2 | 2 | 3 | 3 | 3 | 13 + 3 |
# | VGG-19 | 2 | 2 | 4 | 4 | 4 | 16 + 3 |
#
# `vgg_arch(11)` is `((1, 64), (1, 128), (2, 256), (2, 512), (2, 512))`: pairs (convolutions, channels). Any other number
# is no VGG: raise a `ValueError` that says so. (In the printed notes the cells of this table have slipped into other
# columns. If your copy of it says otherwise, trust this one: it gives the paper's 133, 133, 138 and 144 million
# parameters.)
#
# **By hand.** A block must have as many convolutions as make the sum right: for VGG-16, $2 + 2 + 3 + 3 + 3 = 13 = 16 - 3$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# A dict from the number of layers to the five numbers of convolutions; the channels are the same for all.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `tuple(zip((1, 1, 2, 2, 2), (64, 128, 256, 512, 512)))` is VGG-11. Look first whether the number is among the keys.
# </details>
#
# <details><summary>Help: I see KeyError</summary>
#
# A dict raises `KeyError` for what it has not; a `ValueError` was asked for. `if num_layers not in …: raise ValueError(…)`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "vgg_arch", "locked": false, "schema_version": 3, "solution": true, "task": false}
def vgg_arch(num_layers):
    """The blocks of VGG-11, 13, 16 or 19.

    num_layers: int. Returns: five pairs (convolutions, channels), tuples or lists. Raises ValueError for any other number.
    """
    ### BEGIN SOLUTION
    convolutions = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}
    if num_layers not in convolutions:
        raise ValueError(f"there is no VGG-{num_layers}: 11, 13, 16 and 19 are the numbers of layers")
    return tuple(zip(convolutions[num_layers], (64, 128, 256, 512, 512)))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_vgg_arch", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check_equal([tuple(pair) for pair in vgg_arch(11)], [(1, 64), (1, 128), (2, 256), (2, 512), (2, 512)], "vgg_arch(11)")
for _layers in (13, 16, 19):
    _convolutions = sum(pair[0] for pair in vgg_arch(_layers))
    check_equal(_convolutions + 3, _layers, f"the number of convolutions in vgg_arch({_layers}), with the three linear layers,")
check_equal(tuple(vgg_arch(16)[2]), (3, 256), "the third block in vgg_arch(16)")
try:
    vgg_arch(12)
    check(False, "vgg_arch(12) should raise ValueError: there is no VGG-12.")
except ValueError:
    pass

# %% [markdown]
# ### 1.3 `vgg`
#
# *difficulty 3/5 · importance 4/5 · about 20 minutes · 10 points*
#
# Notes: 000 §2.7.2 · 002 VGG网络 · 004 VGG
#
# The whole network: one `vgg_block` for each pair of `conv_arch`, then the head that AlexNet had already:
#
# $$\text{flatten} \to \text{linear}(c \cdot s \cdot s,\ h) \to \mathrm{ReLU} \to \mathrm{dropout} \to \text{linear}(h, h)
# \to \mathrm{ReLU} \to \mathrm{dropout} \to \text{linear}(h, \texttt{num\_classes})$$
#
# with $h$ = `num_hiddens`, $c$ the channels of the last block, and dropout (暂退法/丢弃法) at a rate of ½. What is $s$? Each
# block halves the side of the picture and rounds down, so after $b$ blocks
#
# $$s = \left\lfloor \texttt{image\_size} / 2^{b} \right\rfloor .$$
#
# For a picture of 224×224 and five blocks that is 7. The notes write `7 * 7` into the code, which is right for this case and
# for no other. Pictures are square here: `image_size` is height and width.
#
# **By hand.** `vgg(((1, 4), (2, 6)), num_classes=3, in_channels=2, image_size=21, num_hiddens=8)`: the side goes
# $21 \to 10 \to 5$, so the first linear layer takes $6 \cdot 5 \cdot 5 = 150$ numbers. Parameters: $76 + 222 + 330$ in the
# convolutions, $1208 + 72 + 27$ in the head, 1935 together.
#
# <details><summary>Hint 1: a nudge</summary>
#
# As in `vgg_block`, carry along how many channels there are. How many halvings there are, `conv_arch` knows: one a block.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `for num_convs, out_channels in conv_arch:` append `vgg_block(num_convs, in_channels, out_channels)` and set
# `in_channels = out_channels`. The side is `image_size // 2 ** len(conv_arch)`.
# </details>
#
# <details><summary>Help: I see "mat1 and mat2 shapes cannot be multiplied (2x150 and 294x8)"</summary>
#
# 150 numbers arrive and the first linear layer was made for $294 = 6 \cdot 7 \cdot 7$: a 7 of 224×224 pictures is still
# in it.
# </details>


# %% nbgrader={"grade": false, "grade_id": "vgg", "locked": false, "schema_version": 3, "solution": true, "task": false}
def vgg(conv_arch, num_classes=10, in_channels=1, image_size=224, num_hiddens=4096):
    """A VGG network.

    conv_arch: tuple or list of pairs (convolutions, channels), one a block. num_classes, in_channels, num_hiddens: int.
    image_size: int, height and width of the pictures.
    Returns: a new module, (n, in_channels, image_size, image_size) -> scores (n, num_classes).
    """
    ### BEGIN SOLUTION
    blocks = []
    for num_convs, out_channels in conv_arch:
        blocks.append(vgg_block(num_convs, in_channels, out_channels))
        in_channels = out_channels
    side = image_size // 2 ** len(conv_arch)
    return nn.Sequential(
        *blocks, nn.Flatten(),
        nn.Linear(in_channels * side * side, num_hiddens), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(num_hiddens, num_hiddens), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(num_hiddens, num_classes),
    )  # fmt: skip
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_vgg", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
_net, _X = vgg(((1, 4), (2, 6)), num_classes=3, in_channels=2, image_size=21, num_hiddens=8), numbers(2, 2, 21, 21)
check_equal(tuple(_net(_X).shape), (2, 3), "the shape of the scores of two pictures of 21×21")
check_equal(count_parameters(_net), 1935, "the number of parameters of the example by hand")
check_equal(with_known_weights(_net, _X)[0], torch.tensor([1.2468, 4.095, 2.4387]), "the scores of a picture, with weights that are known,", 1e-3, 1e-3)
with torch.no_grad():
    _scores = torch.stack([_net.train()(_X[:1]) for _ in range(40)])
check((_scores != _scores[0]).any(), "In training mode all results of vgg are the same: where is the dropout?")
check((_scores != 0).all(), "In training mode some scores are 0: no dropout behind the last linear layer.")
with torch.device("meta"):
    _count = count_parameters(vgg(((1, 64), (1, 128), (2, 256), (2, 512), (2, 512)), num_classes=1000, in_channels=3), 3, 224, 224)
check_equal(f"{_count:,}", "132,863,336", "the number of parameters of the VGG-11 of the paper")

# %% [markdown]
# ## 2 · AlexNet
#
# ### 2.1 `alexnet`
#
# *difficulty 2/5 · importance 4/5 · about 15 minutes · 12 points*
#
# Notes: 000 §2.6.2 · 002 AlexNet/网络模型 · 003 §10.5.3 · 004 AlexNet
#
# The network with which it began, in 2012: LeNet's idea, with larger pictures, more layers, ReLU in place of the sigmoid, max
# pooling in place of the mean, and dropout. It comes after VGG here because you can now read its table as what it is: no
# pattern, every number chosen by hand.
#
# | layer | kernel | stride | padding | channels | side of the map |
# |---|---|---|---|---|---|
# | convolution, ReLU | 11×11 | 4 | **1** | 96 | 54 |
# | max pooling | 3×3 | 2 | 0 | 96 | 26 |
# | convolution, ReLU | 5×5 | 1 | 2 | 256 | 26 |
# | max pooling | 3×3 | 2 | 0 | 256 | 12 |
# | convolution, ReLU | 3×3 | 1 | 1 | 384 | 12 |
# | convolution, ReLU | 3×3 | 1 | 1 | 384 | 12 |
# | convolution, ReLU | 3×3 | 1 | 1 | 256 | 12 |
# | max pooling | 3×3 | 2 | 0 | 256 | 5 |
# | flatten, linear, ReLU, dropout ½ | | | | 6400 → 4096 | |
# | linear, ReLU, dropout ½ | | | | 4096 | |
# | linear | | | | `num_classes` | |
#
# Pictures are 224×224. To play with it, nobody wants 46 million parameters: `ratio` divides every hidden width, that is 96,
# 256, 384 and 4096 (and with them 6400 = 256 · 5 · 5), but neither `in_channels` nor `num_classes`.
#
# **By hand.** The first map: $\lfloor (224 + 2 \cdot 1 - 11) / 4 \rfloor + 1 = 54$. Without padding it is
# $\lfloor 213 / 4 \rfloor + 1 = 54$ too: some notes leave the padding out, all shapes still fit, and every score is another
# one. At `ratio=32` the widths are 3, 8, 12, 8 and 128, and the first linear layer takes $8 \cdot 25 = 200$ numbers.
#
# <details><summary>Hint 1: a nudge</summary>
#
# One `nn.Sequential`, one line of the table after the other. Give the divided widths names first.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `c1, c2, c3, hidden = 96 // ratio, 256 // ratio, 384 // ratio, 4096 // ratio`; then
# `nn.Conv2d(in_channels, c1, kernel_size=11, stride=4, padding=1), nn.ReLU(), nn.MaxPool2d(kernel_size=3, stride=2), …` and
# `nn.Linear(c2 * 5 * 5, hidden)`.
# </details>
#
# <details><summary>Help: I see "mat1 and mat2 shapes cannot be multiplied (1x200 and 6400x128)"</summary>
#
# 6400 is $256 \cdot 25$: with `ratio` there are fewer channels.
# </details>


# %% nbgrader={"grade": false, "grade_id": "alexnet", "locked": false, "schema_version": 3, "solution": true, "task": false}
def alexnet(num_classes=10, in_channels=1, ratio=1):
    """AlexNet, for pictures of 224×224.

    num_classes, in_channels: int. ratio: int, divides every hidden width.
    Returns: a new module, (n, in_channels, 224, 224) -> scores (n, num_classes).
    """
    ### BEGIN SOLUTION
    c1, c2, c3, hidden = (width // ratio for width in (96, 256, 384, 4096))
    return nn.Sequential(
        nn.Conv2d(in_channels, c1, kernel_size=11, stride=4, padding=1), nn.ReLU(), nn.MaxPool2d(kernel_size=3, stride=2),
        nn.Conv2d(c1, c2, kernel_size=5, padding=2), nn.ReLU(), nn.MaxPool2d(kernel_size=3, stride=2),
        nn.Conv2d(c2, c3, kernel_size=3, padding=1), nn.ReLU(),
        nn.Conv2d(c3, c3, kernel_size=3, padding=1), nn.ReLU(),
        nn.Conv2d(c3, c2, kernel_size=3, padding=1), nn.ReLU(), nn.MaxPool2d(kernel_size=3, stride=2),
        nn.Flatten(),
        nn.Linear(c2 * 5 * 5, hidden), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(hidden, num_classes),
    )  # fmt: skip
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_alexnet", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
_net, _X = alexnet(num_classes=3, in_channels=2, ratio=32), numbers(2, 2, 224, 224)
check_equal(tuple(_net(_X).shape), (2, 3), "the shape of the scores of two pictures, at ratio=32")
check_equal(count_parameters(_net), 47_020, "the number of parameters of alexnet(num_classes=3, in_channels=2, ratio=32)")
check_equal(with_known_weights(_net, _X)[0], torch.tensor([2.2616, -2.2195, -0.7372]), "the scores of a picture, with weights that are known,", 1e-3, 1e-3)
with torch.no_grad():
    _scores = torch.stack([_net.train()(_X[:1]) for _ in range(20)])
check((_scores != _scores[0]).any(), "In training mode all results of alexnet are the same: where is the dropout?")
check((_scores != 0).all(), "In training mode some scores are 0: no dropout behind the last linear layer.")
with torch.device("meta"):
    check_equal(f"{count_parameters(alexnet(), 1, 224, 224):,}", "46,764,746", "the number of parameters of alexnet()")

# %% [markdown]
# ## 3 · NiN: a network in every pixel
#
# ### 3.1 `nin_block`
#
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 8 points*
#
# Notes: 000 §2.8.1 · 002 NiN块 · 004 NiN
#
# A 1×1 convolution looks at one pixel and mixes its channels: a linear layer, the same for every pixel. Two of them behind an
# ordinary convolution, each with a ReLU, are a small MLP that is run at every place of the map. Hence the name: Network in
# Network (NiN, 网络中的网络).
#
# | layer | kernel | stride | padding | channels |
# |---|---|---|---|---|
# | convolution, ReLU | `kernel_size` | `strides` | `padding` | `in_channels` → `out_channels` |
# | convolution, ReLU | 1×1 | 1 | 0 | `out_channels` → `out_channels` |
# | convolution, ReLU | 1×1 | 1 | 0 | `out_channels` → `out_channels` |
#
# The parameters are called `kernel_size`, `strides` (with an s) and `padding`, so that the block can be called with or
# without their names. For `nn.Conv2d` it is `stride`, without.
#
# **By hand.** `nin_block(3, 4, kernel_size=5, strides=2, padding=1)` has $(25 \cdot 3 \cdot 4 + 4) + 20 + 20 = 344$
# parameters and takes a map of 9×8 to $\lfloor (9 + 2 - 5)/2 \rfloor + 1 = 4$ by $\lfloor (8 + 2 - 5)/2 \rfloor + 1 = 3$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Six layers in one `nn.Sequential`. Only the first of them needs to know about stride and padding.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `nn.Conv2d(in_channels, out_channels, kernel_size, strides, padding), nn.ReLU()`, then twice
# `nn.Conv2d(out_channels, out_channels, kernel_size=1), nn.ReLU()`.
# </details>
#
# <details><summary>Help: I see "got an unexpected keyword argument 'strides'"</summary>
#
# If the message names `nin_block`, its parameter is misspelt. If it names `Conv2d.__init__`: there it is `stride=strides`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "nin_block", "locked": false, "schema_version": 3, "solution": true, "task": false}
def nin_block(in_channels, out_channels, kernel_size, strides, padding):
    """A convolution and two 1×1 convolutions, a ReLU behind each.

    in_channels, out_channels: int. kernel_size, strides, padding: int, of the first convolution only.
    Returns: a new module, (n, in_channels, h, w) -> (n, out_channels, oh, ow); it leaves its input unchanged.
    """
    ### BEGIN SOLUTION
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, kernel_size, stride=strides, padding=padding), nn.ReLU(),
        nn.Conv2d(out_channels, out_channels, kernel_size=1), nn.ReLU(),
        nn.Conv2d(out_channels, out_channels, kernel_size=1), nn.ReLU(),
    )  # fmt: skip
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_nin_block", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_block, _X = nin_block(3, 4, kernel_size=5, strides=2, padding=1), numbers(2, 3, 9, 8)
_seen = _X.clone()
check_equal(tuple(_block(_seen).shape), (2, 4, 4, 3), "the shape of nin_block(3, 4, kernel_size=5, strides=2, padding=1)(X) for X of shape (2, 3, 9, 8)")
check_equal(count_parameters(_block), 344, "the number of parameters of nin_block(3, 4, kernel_size=5, strides=2, padding=1)")
check_equal(_seen, _X, "the input, after nin_block has seen it,")
_Y = with_known_weights(_block, _X)
check_equal(
    _Y[0, :, 1, :2],
    torch.tensor([[2.0446, 0.0], [0.0, 0.066], [1.4876, 0.0257], [1.3456, 0.0]]),
    "a part of nin_block(3, 4, 5, 2, 1)(X), with weights that are known,",
    1e-3,
    1e-3,
)
check(_Y.requires_grad, "No gradient flows back from nin_block(3, 4, 5, 2, 1)(X): was it detached?")

# %% [markdown]
# ### 3.2 `adaptive_avg_pool2d`
#
# *difficulty 3/5 · importance 4/5 · about 20 minutes · 10 points*
#
# Notes: 000 §2.8.1 · 004 NiN · 004 汇聚层(池化)
#
# Ordinary pooling has windows of a given size, and the size of its result depends on the picture. Adaptive pooling
# (自适应汇聚) turns that around: you say how large the result should be, and the windows adapt. With a result of 1×1 it is
# the mean of each whole map: global average pooling (全局平均汇聚), with which a network takes pictures of any size. The notes
# call `nn.AdaptiveAvgPool2d`; here you write it yourself, **without any pooling of PyTorch's** (`F.interpolate(mode="area")`
# is one as well).
#
# Row $i$ of a result with $o_h$ rows is the mean over the rows of $X$ from
#
# $$\left\lfloor \frac{i \cdot h}{o_h} \right\rfloor \quad\text{up to, but without,}\quad \left\lceil \frac{(i + 1) \cdot h}{o_h} \right\rceil ,$$
#
# and the columns alike. Where $o_h$ does not divide $h$, neighbouring windows share a row, and where the result is larger
# than $X$, rows are used several times.
#
# **By hand.** Seven columns $(1, 2, 4, 8, 16, 32, 64)$ to $o_w = 3$. The windows are columns $0 \dots 2$ (up to
# $\lceil 7/3 \rceil = 3$), $2 \dots 4$ (from $\lfloor 7/3 \rfloor = 2$ up to $\lceil 14/3 \rceil = 5$) and $4 \dots 6$:
# the means are $\tfrac{7}{3}$, $\tfrac{28}{3}$ and $\tfrac{112}{3}$. Two columns $(3, 5)$ to $o_w = 3$: the windows are
# $\{0\}$, $\{0, 1\}$, $\{1\}$, and the result is $(3, 4, 5)$.
#
# A loop over the places of the *result* is fine, one over samples or channels is not.
#
# <details><summary>Hint 1: a nudge</summary>
#
# A slice `X[:, :, top:bottom, left:right]` holds one window of all samples and channels at once. What is its mean over
# the last two dimensions, and how do you put such results together?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Rounding up in whole numbers: `-(-(i + 1) * h // oh)`. For each `i` stack the means of the windows of that row with
# `torch.stack(…, dim=-1)`, then stack the rows with `dim=-2`.
# </details>
#
# <details><summary>Help: I see NaN</summary>
#
# The mean of an empty window. The end of a window is rounded **up**; then no window is empty.
# </details>


# %% nbgrader={"grade": false, "grade_id": "adaptive_avg_pool2d", "locked": false, "schema_version": 3, "solution": true, "task": false}
def adaptive_avg_pool2d(X, output_size):
    """Average pooling to a result of a given size.

    X: (n, c, h, w) float, left unchanged. output_size: int, or a pair (oh, ow) of ints; an int stands for both.
    Returns: (n, c, oh, ow), dtype and device of X.
    """
    ### BEGIN SOLUTION
    oh, ow = (output_size, output_size) if isinstance(output_size, int) else output_size
    h, w = X.shape[2:]
    rows = [X[:, :, i * h // oh : -(-(i + 1) * h // oh)].mean(dim=2) for i in range(oh)]
    X = torch.stack(rows, dim=2)
    columns = [X[:, :, :, j * w // ow : -(-(j + 1) * w // ow)].mean(dim=3) for j in range(ow)]
    return torch.stack(columns, dim=3)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_adaptive_avg_pool2d", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
_X = torch.tensor([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0]).reshape(1, 1, 1, 7).repeat(2, 1, 2, 1)
_X[1] *= -3
check_equal(
    adaptive_avg_pool2d(_X, (1, 3))[:, 0, 0], torch.tensor([[7.0, 28.0, 112.0], [-21.0, -84.0, -336.0]]) / 3, "the seven columns of the example, to three,"
)
check_equal(adaptive_avg_pool2d(_X.mT, (3, 1))[1, 0, :, 0], torch.tensor([-7.0, -28.0, -112.0]), "seven rows to three")
_X = torch.tensor([[3.0, 5.0], [13.0, 15.0], [4.0, 6.0]]).reshape(1, 1, 3, 2)
check_equal(adaptive_avg_pool2d(_X, (2, 3))[0, 0], torch.tensor([[8.0, 9.0, 10.0], [8.5, 9.5, 10.5]]), "adaptive_avg_pool2d of 3×2 to (2, 3)")
check_equal(adaptive_avg_pool2d(_X, 1).flatten(), torch.tensor([46 / 6]), "adaptive_avg_pool2d(X, 1), the mean of all six,")
check_promises(adaptive_avg_pool2d, numbers(2, 3, 4, 5), (2, 3))

# %% [markdown]
# ### 3.3 `nin`
#
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 8 points*
#
# Notes: 000 §2.8.1 Pytorch实现 · 002 NiN模型 · 004 NiN
#
# Linear layers were where AlexNet and VGG kept most of their parameters. NiN has none. Its last block has one channel a
# class, and the score of a class is the mean of its map.
#
# | layer | kernel | stride | padding | channels | side for 224 |
# |---|---|---|---|---|---|
# | `nin_block` | 11×11 | 4 | **0** | 96 | 54 |
# | max pooling | 3×3 | 2 | 0 | | 26 |
# | `nin_block` | 5×5 | 1 | 2 | 256 | 26 |
# | max pooling | 3×3 | 2 | 0 | | 12 |
# | `nin_block` | 3×3 | 1 | 1 | 384 | 12 |
# | max pooling | 3×3 | 2 | 0 | | 5 |
# | dropout ½, or none | | | | | |
# | `nin_block` | 3×3 | 1 | 1 | `num_classes` | 5 |
# | mean over the whole map, flatten | | | | | 1 |
#
# `ratio` divides 96, 256 and 384, never `num_classes`. The mean is over the whole map, whatever its size: 5×5 for pictures of
# 224×224, another for others. (The notes print padding 4 for the first block. Then the first map is 56 wide; AlexNet's
# geometry, which NiN takes over, has 54. The book has a dropout before the last block and the notes have not: both are fine.)
#
# **By hand.** At `ratio=16` the channels are 6, 16 and 24. The first block has $(121 \cdot 1 \cdot 6 + 6) + 42 + 42 = 816$
# parameters. A picture of 160×200 has maps of $38 \times 48$, $18 \times 23$, $8 \times 11$ and $3 \times 5$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# The table is the answer; `nn.AdaptiveAvgPool2d` does the mean.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `nin_block(in_channels, 96 // ratio, kernel_size=11, strides=4, padding=0), nn.MaxPool2d(3, stride=2), …`, and at the end
# `nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten()`.
# </details>
#
# <details><summary>Help: the scores have shape (2, 3, 1, 1)</summary>
#
# The mean leaves a map of 1×1. `nn.Flatten()` takes the two dimensions away.
# </details>


# %% nbgrader={"grade": false, "grade_id": "nin", "locked": false, "schema_version": 3, "solution": true, "task": false}
def nin(num_classes=10, in_channels=1, ratio=1):
    """Network in Network.

    num_classes, in_channels: int. ratio: int, divides every hidden width.
    Returns: a new module, (n, in_channels, h, w) -> scores (n, num_classes), for pictures of any sufficient size.
    """
    ### BEGIN SOLUTION
    c1, c2, c3 = (width // ratio for width in (96, 256, 384))
    return nn.Sequential(
        nin_block(in_channels, c1, kernel_size=11, strides=4, padding=0), nn.MaxPool2d(kernel_size=3, stride=2),
        nin_block(c1, c2, kernel_size=5, strides=1, padding=2), nn.MaxPool2d(kernel_size=3, stride=2),
        nin_block(c2, c3, kernel_size=3, strides=1, padding=1), nn.MaxPool2d(kernel_size=3, stride=2),
        nin_block(c3, num_classes, kernel_size=3, strides=1, padding=1), nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten(),
    )  # fmt: skip
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_nin", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_net, _X = nin(num_classes=5, in_channels=2, ratio=16), numbers(2, 2, 160, 200)
check_equal(tuple(_net(_X).shape), (2, 5), "the shape of the scores of two pictures of 160×200, at ratio=16")
check_equal(count_parameters(_net), 10_327, "the number of parameters of nin(num_classes=5, in_channels=2, ratio=16)")
check_equal(
    with_known_weights(_net, _X)[0], torch.tensor([0.0832, 0.0, 10.2398, 0.0, 4.4136]), "the scores of a picture, with weights that are known,", 1e-3, 1e-3
)
with torch.device("meta"):
    check_equal(f"{count_parameters(nin(), 1, 224, 224):,}", "1,992,166", "the number of parameters of nin()")

# %% [markdown]
# ## 4 · GoogLeNet: four paths at once
#
# ### 4.1 `Inception`
#
# *difficulty 3/5 · importance 5/5 · about 20 minutes · 12 points*
#
# Notes: 000 §2.9.2 · 002 Inception 块 · 003 §10.5.5 · 004 GoogLeNet
#
# Which kernel is best, 1×1, 3×3 or 5×5? GoogLeNet's answer: all of them, side by side, and the next layer may choose. An
# Inception block (Inception块) sends its input along four paths (路径) and joins the four results along the channels.
#
# | path | layers, a ReLU behind every convolution | channels |
# |---|---|---|
# | 1 | 1×1 convolution | `c1` |
# | 2 | 1×1 convolution → 3×3 convolution, padding 1 | `c2[0]` → `c2[1]` |
# | 3 | 1×1 convolution → 5×5 convolution, padding **2** | `c3[0]` → `c3[1]` |
# | 4 | 3×3 max pooling, stride 1, padding 1 → 1×1 convolution | `c4` |
#
# All paths keep height and width, else they could not be joined. The 1×1 convolutions of paths 2 and 3 are there to save:
# they make few channels out of many, so that the large kernels have little to do.
#
# **By hand.** `Inception(3, 2, (4, 5), (1, 6), 3)` gives $2 + 5 + 6 + 3 = 16$ channels. Its parameters: path 1
# $3 \cdot 2 + 2 = 8$; path 2 $16 + (9 \cdot 4 \cdot 5 + 5) = 201$; path 3 $4 + (25 \cdot 1 \cdot 6 + 6) = 160$; path 4
# $12$; together 381.
#
# The pooling of path 4 pads, too, and not with zeros: a padded place never wins, whatever the numbers are. In the window
# $(-3, -1)$ at the border the largest is $-1$, and not 0. `nn.MaxPool2d(3, stride=1, padding=1)` does it that way.
#
# <details><summary>Hint 1: a nudge</summary>
#
# One `nn.Sequential` a path, made in `__init__`. `forward` calls the four with the same `X`.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `self.path2 = nn.Sequential(nn.Conv2d(in_channels, c2[0], 1), nn.ReLU(), nn.Conv2d(c2[0], c2[1], 3, padding=1), nn.ReLU())`,
# and in the end `torch.cat((…), dim=1)`.
# </details>
#
# <details><summary>Help: I see "Sizes of tensors must match except in dimension 1. Expected size 7 but got size 5"</summary>
#
# One path makes the map smaller. A 5×5 kernel takes 4 rows away, so it needs a padding of 2; 1×1 kernels need none; the
# pooling has stride 1.
# </details>
#
# <details><summary>Help: I see a negative number where it should be 0 or more</summary>
#
# A ReLU is missing behind the last convolution of a path.
# </details>


# %% nbgrader={"grade": false, "grade_id": "Inception", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Inception(nn.Module):
    """Four paths side by side, joined along the channels."""

    def __init__(self, in_channels, c1, c2, c3, c4):
        """in_channels, c1, c4: int. c2, c3: pair of ints, the channels of the 1×1 convolution and of the large one."""
        super().__init__()
        ### BEGIN SOLUTION
        self.path1 = nn.Sequential(nn.Conv2d(in_channels, c1, kernel_size=1), nn.ReLU())
        self.path2 = nn.Sequential(
            nn.Conv2d(in_channels, c2[0], kernel_size=1), nn.ReLU(), nn.Conv2d(c2[0], c2[1], kernel_size=3, padding=1), nn.ReLU(),
        )  # fmt: skip
        self.path3 = nn.Sequential(
            nn.Conv2d(in_channels, c3[0], kernel_size=1), nn.ReLU(), nn.Conv2d(c3[0], c3[1], kernel_size=5, padding=2), nn.ReLU(),
        )  # fmt: skip
        self.path4 = nn.Sequential(nn.MaxPool2d(kernel_size=3, stride=1, padding=1), nn.Conv2d(in_channels, c4, kernel_size=1), nn.ReLU())
        ### END SOLUTION

    def forward(self, X):
        """X: (n, in_channels, h, w), left unchanged. Returns: (n, c1 + c2[1] + c3[1] + c4, h, w), the paths in this order."""
        ### BEGIN SOLUTION
        return torch.cat((self.path1(X), self.path2(X), self.path3(X), self.path4(X)), dim=1)
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_Inception", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
_block, _X = Inception(3, 2, (4, 5), (1, 6), 3), numbers(2, 3, 7, 4) - 1
_seen = _X.clone()
check_equal(tuple(_block(_seen).shape), (2, 16, 7, 4), "the shape of Inception(3, 2, (4, 5), (1, 6), 3)(X) for X of shape (2, 3, 7, 4)")
check_equal(_seen, _X, "the input, after Inception has seen it,")
check_equal(count_parameters(_block), 381, "the number of parameters of Inception(3, 2, (4, 5), (1, 6), 3)")
_Y, _start = with_known_weights(_block, _X), 0
check(_Y.requires_grad, "No gradient flows back from Inception(3, 2, (4, 5), (1, 6), 3)(X): was it detached?")
for _path, _sums in enumerate(
    [[24.498, 77.874], [64.855, 65.588, 31.844, 32.154, 11.304], [43.118, 48.806, 25.908, 12.169, 12.732, 57.714], [32.363, 13.129, 2.523]], 1
):
    _right, _end = torch.tensor(_sums), _start + len(_sums)
    check_equal(_Y[:, _start:_end].sum((0, 2, 3)), _right, f"path {_path} of Inception, with weights that are known: the sums of its maps", 1e-3, 1e-3)
    _start = _end

# %% [markdown]
# ### 4.2 `googlenet`
#
# *difficulty 3/5 · importance 3/5 · about 20 minutes · 10 points*
#
# Notes: 000 §2.9.1 · 002 GoogLeNet模型 · 003 §10.5.5 · 004 GoogLeNet
#
# Nine Inception blocks in five stages. Every max pooling is 3×3 with stride 2 and **padding 1**; a ReLU stands behind every
# convolution.
#
# | stage | layers |
# |---|---|
# | 1 | convolution 7×7, stride 2, padding 3 → 64; pooling |
# | 2 | convolution 1×1 → 64; convolution 3×3, padding 1 → 192; pooling |
# | 3 | two Inception blocks; pooling |
# | 4 | five Inception blocks; pooling |
# | 5 | two Inception blocks; mean over the whole map; flatten; linear 1024 → `num_classes` |
#
# | stage | in | `c1` | `c2` | `c3` | `c4` | out |
# |---|---|---|---|---|---|---|
# | 3 | 192 | 64 | (96, 128) | (16, 32) | 32 | 256 |
# | | 256 | 128 | (128, 192) | (32, 96) | 64 | 480 |
# | 4 | 480 | 192 | (96, 208) | (16, 48) | 64 | 512 |
# | | 512 | 160 | (112, 224) | (24, 64) | 64 | 512 |
# | | 512 | 128 | (128, 256) | (24, 64) | 64 | 512 |
# | | 512 | 112 | (144, 288) | (32, 64) | 64 | 528 |
# | | 528 | 256 | (160, 320) | (32, 128) | 128 | 832 |
# | 5 | 832 | 256 | (160, 320) | (32, 128) | 128 | 832 |
# | | 832 | 384 | (192, 384) | (48, 128) | 128 | 1024 |
#
# `ratio` divides every number of channels in both tables, but neither `in_channels` nor `num_classes`. (1, 2, 4 and 8
# divide them all.)
#
# **By hand.** The channels that come in are those that came out before: $64 + 128 + 32 + 32 = 256$, so only the columns
# $c_1$ to $c_4$ need to be typed. The map of a picture of 96×96 is 48 wide behind the first
# convolution, and 24, 12, 6 and 3 behind the four poolings.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Put the nine rows into a list and make the blocks in a loop. Where do the poolings go? Behind the second and the seventh
# row.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# In the loop divide first: `c2 = (c2[0] // ratio, c2[1] // ratio)`, and so on; append
# `Inception(channels, c1, c2, c3, c4)`; then `channels = c1 + c2[1] + c3[1] + c4`.
# </details>
#
# <details><summary>Help: it works for 32×32 and for nothing else</summary>
#
# At 32×32 the last map has only one pixel, so flattening it is as good as its mean. For larger pictures take the mean
# over the map (`nn.AdaptiveAvgPool2d(1)`) first.
# </details>


# %% nbgrader={"grade": false, "grade_id": "googlenet", "locked": false, "schema_version": 3, "solution": true, "task": false}
def googlenet(num_classes=10, in_channels=1, ratio=1):
    """GoogLeNet.

    num_classes, in_channels: int. ratio: 1, 2, 4 or 8, divides every hidden width.
    Returns: a new module, (n, in_channels, h, w) -> scores (n, num_classes), for pictures of any size.
    """
    ### BEGIN SOLUTION
    table = [
        (64, 96, 128, 16, 32, 32), (128, 128, 192, 32, 96, 64), "pooling",
        (192, 96, 208, 16, 48, 64), (160, 112, 224, 24, 64, 64), (128, 128, 256, 24, 64, 64), (112, 144, 288, 32, 64, 64),
        (256, 160, 320, 32, 128, 128), "pooling",
        (256, 160, 320, 32, 128, 128), (384, 192, 384, 48, 128, 128),
    ]  # fmt: skip
    first, channels = 64 // ratio, 192 // ratio
    layers = [
        nn.Conv2d(in_channels, first, kernel_size=7, stride=2, padding=3), nn.ReLU(), nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
        nn.Conv2d(first, first, kernel_size=1), nn.ReLU(),
        nn.Conv2d(first, channels, kernel_size=3, padding=1), nn.ReLU(), nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
    ]  # fmt: skip
    for row in table:
        if row == "pooling":
            layers.append(nn.MaxPool2d(kernel_size=3, stride=2, padding=1))
        else:
            c1, reduced2, c2, reduced3, c3, c4 = (c // ratio for c in row)
            layers.append(Inception(channels, c1, (reduced2, c2), (reduced3, c3), c4))
            channels = c1 + c2 + c3 + c4
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten(), nn.Linear(channels, num_classes))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_googlenet", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
_net, _X = googlenet(num_classes=3, in_channels=2, ratio=8), numbers(2, 2, 64, 80)
check_equal(tuple(_net(_X).shape), (2, 3), "the shape of the scores of two pictures of 64×80, at ratio=8")
check_equal(count_parameters(_net), 95_157, "the number of parameters of googlenet(num_classes=3, in_channels=2, ratio=8)")
check_equal(with_known_weights(_net, _X)[0], torch.tensor([1.6109, 0.9099, 0.4765]), "the scores of a picture, with weights that are known,", 1e-3, 1e-3)
with torch.device("meta"):
    check_equal(f"{count_parameters(googlenet(), 1, 224, 224):,}", "5,977,530", "the number of parameters of googlenet()")

# %% [markdown]
# ### 4.3 On paper
#
# **Question 1 (up to 6 points of extra credit, marked by hand).** Why small kernels? Count weights without biases.
#
# (a) One 7×7 convolution or three 3×3 convolutions in a row, with $C$ channels in and out throughout: how many weights
# has each? Then the same for a 5×5 and an 11×11 convolution and the stack of 3×3 convolutions that replaces it. (b) Show
# that the stack sees as far: how wide is its receptive field (感受野)? (c) What does the stack have more of, apart from
# layers, and what is it good for? (d) Path 3 of GoogLeNet's first Inception block: a map of 28×28 with 192 channels, 32
# channels out. How many multiply-adds (乘加运算) does the 5×5 convolution take on its own, and how many with the 1×1
# convolution to 16 channels before it?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_small_kernels", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) $7 \cdot 7 \cdot C \cdot C = 49\,C^2$ against $3 \cdot 9\,C^2 = 27\,C^2$. For 5×5: $25\,C^2$
# against two layers, $18\,C^2$. For 11×11: $121\,C^2$ against five layers, $45\,C^2$.
#
# (b) At stride 1 every 3×3 layer lets a number see one pixel further on each side. $k$ layers see $1 + 2k$ pixels: 5 for
# two, 7 for three, 11 for five.
#
# (c) It has a ReLU behind every layer: three instead of one. A stack of linear maps would be one linear map; with the
# ReLUs in between, the stack can represent functions that one 7×7 layer cannot.
#
# (d) Alone: $28 \cdot 28 \cdot 192 \cdot 25 \cdot 32 = 120{,}422{,}400$, about 120.4 million. With the reduction:
# $28 \cdot 28 \cdot 192 \cdot 16 = 2{,}408{,}448$ for the 1×1 convolution and
# $28 \cdot 28 \cdot 16 \cdot 25 \cdot 32 = 10{,}035{,}200$ for the 5×5, together 12.4 million: a tenth.
#
# **Marking scheme.** 2 points: the weights of all three pairs (1 point for two right pairs). 1 point: the receptive
# field, with the reason. 1 point: the ReLUs, and that they make the stack more than one linear map. 2 points: 120.4
# million, and 2.4 + 10.0 million (one point each).
# ### END SOLUTION

# %% [markdown]
# ## 5 · What does it cost?
#
# ### 5.1 `network_cost`
#
# *difficulty 3/5 · importance 4/5 · about 25 minutes · 8 points*
#
# Notes: 000 §2.6.1 · 000 §2.9.1
#
# In ps10 you worked out what one convolution costs. Now for a whole network, and without reading its code: let it tell
# you itself. A **hook** (钩子) is a function that PyTorch calls whenever a layer has run; it is given the layer, its inputs
# and its output. Put one on every `nn.Conv2d` and every `nn.Linear`, send a picture through, and add up.
#
# * **Parameters**: all numbers in `net.parameters()`. A layer that is used twice has them once.
# * **Multiply-adds**: for every *call* of such a layer, the numbers that come out times the weights that each of them needs,
#
# $$\text{numbers that come out} \times \begin{cases} \dfrac{c_{\text{in}}}{\text{groups}} \cdot k_h \cdot k_w & \text{convolution} \\[1ex] \text{in\_features} & \text{linear layer.}\end{cases}$$
#
#   A layer that is used twice is paid twice. Biases, activations and poolings cost nothing.
#
# Count for **one** sample of shape `in_shape`, with zeros of the parameters' dtype on the parameters' device (then it
# works on `"meta"` as well). And **leave no trace**: afterwards no hook is left, every module is in the mode in which it
# was, statistics of BatchNorms and gradients are untouched. A network without parameters costs (0, 0).
#
# **By hand.** `nn.Conv2d(2, 6, 3, stride=2, padding=1, groups=2)` on a picture (2, 5, 7): a map of 3×4 with 6 channels
# comes out, 72 numbers, and each needs $\tfrac{2}{2} \cdot 3 \cdot 3 = 9$ weights: 648 multiply-adds, and
# $6 \cdot 9 + 6 = 60$ parameters. `nn.Linear(72, 5)` behind it: $5 \cdot 72 = 360$, and 365 parameters. Together
# $(425, 1008)$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `handle = layer.register_forward_hook(f)` calls `f(layer, inputs, output)`, and `handle.remove()` takes it away again.
# How many weights one number needs, `layer.weight[0].numel()` says, for both kinds of layers, groups included.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Remember the modes: `modes = [(module, module.training) for module in net.modules()]`. Then `net.eval()`, hooks, and
# under `torch.no_grad()` one call with `next(net.parameters()).new_zeros(1, *in_shape)`. In the end remove the hooks and
# put back `module.training` for each module.
# </details>
#
# <details><summary>Help: I see "Expected more than 1 value per channel when training"</summary>
#
# A BatchNorm in training mode wants more than one sample. Count in evaluation mode, and put the modes back afterwards.
# </details>
#
# <details><summary>Help: a second call gives more than the first</summary>
#
# The hooks of the first call are still there, or your sum is kept between calls.
# </details>


# %% nbgrader={"grade": false, "grade_id": "network_cost", "locked": false, "schema_version": 3, "solution": true, "task": false}
def network_cost(net, in_shape):
    """What a network costs, for one sample.

    net: module whose nn.Conv2d and nn.Linear layers are counted; left as it was. in_shape: tuple of int, the shape of a sample, without batch.
    Returns: (parameters, multiply_adds), two ints; (0, 0) for a network without parameters.
    """
    ### BEGIN SOLUTION
    parameters = list(net.parameters())
    if not parameters:
        return 0, 0
    multiply_adds = []

    def pay(layer, inputs, output):
        multiply_adds.append(output.numel() * layer.weight[0].numel())

    modes = [(module, module.training) for module in net.modules()]
    hooks = [module.register_forward_hook(pay) for module, _ in modes if isinstance(module, nn.Conv2d | nn.Linear)]
    net.eval()
    with torch.no_grad():
        net(parameters[0].new_zeros(1, *in_shape))
    for hook in hooks:
        hook.remove()
    for module, mode in modes:
        module.training = mode
    return sum(p.numel() for p in parameters), sum(multiply_adds)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_network_cost", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_conv = nn.Conv2d(2, 6, 3, stride=2, padding=1, groups=2)
_net = nn.Sequential(_conv, nn.BatchNorm2d(6), nn.ReLU(), nn.Flatten(), nn.Dropout(), nn.Linear(72, 5, bias=False))
_net[4].eval()
_before = _net[1].running_var.clone()
check_equal(network_cost(_net, (2, 5, 7)), (432, 1008), "network_cost of a convolution with two groups, BatchNorm and a linear layer, on (2, 5, 7),")
check_equal(network_cost(_net, (2, 5, 7)), (432, 1008), "a second call of network_cost")
check_equal([module.training for module in _net.modules()], [True, True, True, True, True, False, True], "the modes of the modules afterwards: training")
check_equal(_net[1].running_var, _before, "the variances that BatchNorm keeps, afterwards,")
check(not any(module._forward_hooks for module in _net.modules()), "There are still hooks on the layers after network_cost: remove them.")
_twice = nn.Conv2d(3, 3, (2, 3), stride=2)
check_equal(network_cost(nn.Sequential(_twice, nn.ReLU(), _twice), (3, 9, 15)), (57, 4 * 7 * 54 + 2 * 3 * 54), "network_cost of a layer that is used twice")
check_equal(network_cost(nn.Sequential(nn.Flatten(), nn.ReLU()), (3, 4)), (0, 0), "network_cost of a network without parameters")
check_equal(network_cost(nn.Linear(3, 5).double(), (3,)), (20, 15), "network_cost of a linear layer in float64")

# %% [markdown]
# **The bill.** LeNet of ps10 and the networks of this notebook, at 224×224 (LeNet at its 28×28). Both axes of costs are
# logarithmic: one line of the grid is a factor of ten. Which of them is heavy, and which is slow?

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_costs", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# with torch.device("meta"):
#     lenet = nn.Sequential(
#         nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten(),
#         nn.Linear(400, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10),
#     )
#     nets = {"AlexNet": alexnet(), "VGG-11": vgg(vgg_arch(11)), "VGG-16": vgg(vgg_arch(16)), "NiN": nin(), "GoogLeNet": googlenet()}
#     for net in nets.values():
#         count_parameters(net, 1, 224, 224)  # gives lazy layers their shapes
#     costs = {"LeNet": network_cost(lenet, (1, 28, 28))} | {name: network_cost(net, (1, 224, 224)) for name, net in nets.items()}
#
# figure, axes = plt.subplots(1, 2, figsize=(11, 3.4), sharey=True)
# titles = ["parameters", "multiply-adds for one picture"]
# for axis, title, values, color in zip(axes, titles, zip(*costs.values()), ["#4878a8", "#c8763c"]):
#     bars = axis.barh(list(costs), values, color=color)
#     axis.bar_label(bars, [f"{value / 1e6:,.1f} million" if value >= 1e6 else f"{value:,}" for value in values], padding=4)
#     axis.set_xscale("log")
#     axis.set_xlim(min(values) / 3, max(values) * 90)
#     axis.set_title(title)
#     axis.grid(axis="x", alpha=0.3)
# axes[0].invert_yaxis()
# figure.suptitle("Heavy is not the same as slow")
# figure.tight_layout()
# plt.show()

# %% [markdown]
# **How a picture shrinks.** The shapes of the maps behind the layers of each network, for a picture of 224×224, again
# without computing a single number.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_shapes", "locked": true, "schema_version": 3, "solution": false, "task": false}
# from itertools import groupby
#
# with torch.device("meta"):
#     for name, net in nets.items():
#         shapes = []
#         layers = [layer for child in net.children() for layer in (child if isinstance(child, nn.ModuleList) else [child])]
#         hooks = [layer.register_forward_hook(lambda layer, inputs, Y: shapes.append("×".join(map(str, Y.shape[1:])))) for layer in layers]
#         net.eval()(torch.zeros(1, 1, 224, 224))
#         for hook in hooks:
#             hook.remove()
#         print(f"{name:10}", " → ".join(shape for shape, _ in groupby(shapes)), end="\n\n")

# %% [markdown]
# ### 5.2 On paper
#
# **Question 2 (up to 6 points of extra credit, marked by hand).** Check the notes with your `network_cost`. One of them
# says that AlexNet has "more than 10 times" LeNet's parameters and takes 250 times as many operations; another, that its
# two linear layers of 4096 weigh "nearly 1 GB". LeNet is that of ps10 on 28×28, AlexNet your `alexnet()` on 224×224, a
# parameter takes 4 bytes.
#
# (a) Give the parameters and the multiply-adds of both networks, and the two factors. (b) What do the weights of the
# linear layers $6400 \to 4096$ and $4096 \to 4096$ weigh? (c) Which layers of AlexNet hold most of its parameters, and
# (d) which take most of its operations? (e) What do NiN and GoogLeNet do about the parameters?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_costs", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) LeNet has 61,706 parameters and takes 416,520 multiply-adds; AlexNet has 46,764,746 and takes
# 938,146,176: 758 times the parameters and 2252 times the operations. (b)
# $6400 \cdot 4096 + 4096 \cdot 4096 = 42{,}991{,}616$ weights, at 4 bytes 172 MB.
#
# (c) The linear layers: about 43.0 of 46.8 million, 92 %. (d) The convolutions: the linear layers take 43 million of 938
# million multiply-adds, 5 %. A weight of a linear layer is used once for a picture, one of a convolution at every place
# of the map. (e) They have no large linear layers. NiN makes one map a class and takes its mean; GoogLeNet takes the mean
# of each of its 1024 maps first (global average pooling), so that its one linear layer has 1024 weights a class.
#
# **Marking scheme.** 2 points: the four numbers and both factors (1 point for one network or one factor wrong). 1 point:
# 172 MB. 1 point: the parameters lie in the linear layers, with a share or numbers. 1 point: the operations are in the
# convolutions, with a reason or numbers. 1 point: global average pooling.
# ### END SOLUTION

# %% [markdown]
# ## 6 · A network of your own
#
# ### 6.1 `digit_net`
#
# *difficulty 4/5 · importance 5/5 · about 40 minutes · 8 points*
#
# Notes: 000 §2.8.1 · 004 现代CNN
#
# Now you are the architect. Build a network that reads handwritten digits of 8×8 pixels, within a budget:
#
# | | |
# |---|---|
# | pictures | $(n, 1, h, w)$ for **all** $h, w \ge 8$, each to its own 10 scores |
# | parameters | at most 20,000 |
# | multiply-adds | at most 300,000 for a picture of 8×8 |
# | linear layers | at most one `nn.Linear` |
# | evaluation mode | the same picture gives the same scores, whatever else is in the batch |
# | training | `train_digits(digit_net())` ends with at least 90 % of the test digits right |
#
# Your blocks from above are there to be used, and BatchNorm may be as well. The recipe `train_digits`, next cell, is
# given and sets all weights anew; you choose layers only. Most designs that follow the ideas of this notebook reach 95 %
# and more.
#
# **By hand.** `vgg_block(1, 1, 16)` on 8×8 costs $64 \cdot 16 \cdot 9 = 9216$ multiply-adds and has 160 parameters. A
# further `vgg_block(1, 16, 32)` sees maps of 4×4 and costs $16 \cdot 32 \cdot 9 \cdot 16 = 73{,}728$, with $4640$
# parameters. On 2×2 maps even a convolution $32 \to 64$ costs only $4 \cdot 64 \cdot 9 \cdot 32 = 73{,}728$, but it has
# 18,496 parameters, and that would be too many. Where a map is large, operations are dear; where channels are many,
# parameters are.
#
# <details><summary>Hint 1: a nudge</summary>
#
# A picture of any size: that calls for global average pooling in front of the linear layer. Do not pool too early,
# though: with 8×8 pixels, two halvings are about enough, and each number should see most of the digit before the mean is
# taken.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Two VGG blocks, one more 3×3 convolution with a ReLU, global average pooling, flatten, one linear layer to 10 scores.
# Choose the channels, then ask `network_cost(net, (1, 8, 8))`.
# </details>
#
# <details><summary>Help: the accuracy is stuck at some 60, 70 or 80 %</summary>
#
# If the last layer ends in a ReLU, as NiN's last block does: a class whose scores are all negative gets no gradient any
# more, and dies. Leave that last ReLU out: a plain `nn.Conv2d(…, 10, kernel_size=1)` in front of the mean.
# </details>
#
# <details><summary>Help: I see "mat1 and mat2 shapes cannot be multiplied" for 12×12 only</summary>
#
# A flattened map has more numbers when the picture is larger. Take the mean over the map before the linear layer.
# </details>


# %% nbgrader={"grade": false, "grade_id": "training", "locked": true, "schema_version": 3, "solution": false, "task": false}
def train_digits(net, num_epochs=6):
    """Trains a network on the digits, from new weights. Returns the share of the test digits that is read right after each epoch, a list."""
    net.eval()(X_train[:1])  # gives lazy layers their shapes
    for layer in net.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
    batches = course_tools.batches(X_train, y_train, 64, shuffle=True)
    optimizer = torch.optim.Adam(net.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.01, total_steps=num_epochs * len(batches))
    shares = []
    for _ in range(num_epochs):
        net.train()
        for X, y in batches:
            optimizer.zero_grad()
            F.cross_entropy(net(X), y).backward()
            optimizer.step()
            schedule.step()
        net.eval()
        with torch.no_grad():
            shares.append(float((net(X_test).argmax(dim=1) == y_test).float().mean()))
    return shares


# %% nbgrader={"grade": false, "grade_id": "digit_net", "locked": false, "schema_version": 3, "solution": true, "task": false}
def digit_net():
    """A small network for digits.

    Returns: a new module, (n, 1, h, w) -> scores (n, 10) for all h, w >= 8; at most 20,000 parameters, 300,000 multiply-adds for 8×8 and one nn.Linear.
    """
    ### BEGIN SOLUTION
    return nn.Sequential(
        vgg_block(1, 1, 16), vgg_block(1, 16, 32),
        nn.Conv2d(32, 32, kernel_size=3, padding=1), nn.ReLU(),
        nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten(), nn.Linear(32, 10),
    )  # fmt: skip
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_digit_net", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_net = digit_net().eval()
for _size in ((8, 8), (12, 12), (9, 13)):
    check_equal(tuple(_net(numbers(3, 1, *_size)).shape), (3, 10), f"the shape of the scores of three pictures of {_size[0]}×{_size[1]}")
check(count_parameters(_net) <= 20_000, f"digit_net has {count_parameters(_net):,} parameters; 20,000 are allowed.")
check(sum(isinstance(_m, nn.Linear) for _m in _net.modules()) <= 1, "digit_net has more than one nn.Linear.")
_paid = []
_hooks = [
    _m.register_forward_hook(lambda m, _, Y: _paid.append(Y.numel() * m.weight[0].numel())) for _m in _net.modules() if isinstance(_m, nn.Conv2d | nn.Linear)
]
_scores = _net(X_test[:1])
for _hook in _hooks:
    _hook.remove()
check(sum(_paid) <= 300_000, f"digit_net takes {sum(_paid):,} multiply-adds for a picture of 8×8; 300,000 are allowed.")
check(not {id(_p) for _p in _net.parameters()} & {id(_p) for _p in digit_net().parameters()}, "Two calls of digit_net give the same network.")
check_equal(_net(X_test[:3])[:1], _scores, "the scores of the first of three pictures in evaluation mode, beside those that it gets alone,", 1e-3, 1e-4)

# %% [markdown]
# The check looks at the budget; whether it *learns*, this cell shows. (One to five seconds.)

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_digit_net", "locked": true, "schema_version": 3, "solution": false, "task": false}
# torch.manual_seed(0)
# my_net = digit_net()
# shares = train_digits(my_net)
# parameters, multiply_adds = network_cost(my_net, (1, 8, 8))
# print(f"{parameters:,} parameters, {multiply_adds:,} multiply-adds; test digits read right after each epoch:", *(f"{share:.1%}" for share in shares))

# %% [markdown]
# **The race.** Four networks of about the same size, one for each idea: a stack of VGG blocks, a NiN, two Inception
# blocks, and, to see what convolution is worth, a multilayer perceptron. Same pictures, same recipe. (About ten seconds.)
# The perceptron keeps up: every digit here stands in the middle of its 8×8 pixels. Of a picture of another size it can make
# nothing, and the canvas at the end of this notebook would be too much for it.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_race", "locked": true, "schema_version": 3, "solution": false, "task": false}
# torch.manual_seed(3)
# racers = {
#     "VGG": nn.Sequential(vgg_block(1, 1, 16), vgg_block(1, 16, 32), nn.Conv2d(32, 24, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(24, 10)),
#     "NiN": nn.Sequential(
#         nin_block(1, 16, 3, 1, 1), nn.MaxPool2d(2), nin_block(16, 32, 3, 1, 1), nn.MaxPool2d(2),
#         nn.Conv2d(32, 10, 3, padding=1), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
#     ),
#     "Inception": nn.Sequential(
#         Inception(1, 8, (8, 8), (8, 8), 8), nn.MaxPool2d(2), Inception(32, 16, (16, 32), (8, 16), 16), nn.MaxPool2d(2),
#         nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(80, 10),
#     ),
#     "MLP": nn.Sequential(nn.Flatten(), nn.Linear(64, 150), nn.ReLU(), nn.Linear(150, 10)),
# }
# curves = {f"{name}, {count_parameters(net):,} parameters": train_digits(net) for name, net in racers.items()}
# course_tools.plot_curves(curves, "epoch", "test digits read right", "Four ideas, one race")

# %% [markdown]
# **What the four paths see.** The first Inception block of the race has four paths of eight channels. Here is a 3, and
# what the two liveliest channels of each path make of it. Path 1 sees single pixels and can only repaint the picture,
# path 4 thickens the strokes; paths 2 and 3 have found edges and ends of lines.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_paths", "locked": true, "schema_version": 3, "solution": false, "task": false}
# three = X_test[y_test == 3][:1]
# with torch.no_grad():
#     maps = racers["Inception"][0](three)[0].reshape(4, 8, 8, 8)
# images, titles = [three[0, 0]], ["the picture"]
# for path, (channels, words) in enumerate(zip(maps, ["1×1", "3×3", "5×5", "pooling"]), 1):
#     for channel in channels[channels.std((1, 2)).argsort(descending=True)[:2]]:
#         images.append(channel / channel.max().clamp(min=1e-6))
#         titles.append(f"path {path}: {words}")
# course_tools.show_images(images, titles, 9)

# %% [markdown]
# **Where is the 7?** Your network was trained on single digits of 8×8 pixels. Now put several on a canvas of 24×24 and
# slide the network over it, one pixel at a time: 17×17 windows, and for each of them ten scores. The map of a class
# shows, for each place, how sure your network is that there it stands, well in the middle of the window. It was never
# told where anything is.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_class_maps", "locked": true, "schema_version": 3, "solution": false, "task": false}
# places = {7: (1, 14), 3: (1, 2), 0: (14, 1), 4: (15, 13)}  # the upper left corners
# canvas = torch.zeros(24, 24)
# for digit, (row, column) in places.items():
#     canvas[row : row + 8, column : column + 8] = X_test[y_test == digit][2, 0]
# windows = canvas.unfold(0, 8, 1).unfold(1, 8, 1)
# with torch.no_grad():
#     maps = my_net.eval()(windows.reshape(-1, 1, 8, 8)).softmax(1).T.reshape(10, 17, 17)
# maps = maps * (windows.sum((2, 3)) / 15).clamp(max=1)  # nothing is there where there is no ink
#
# figure, axes = plt.subplots(1, 5, figsize=(15, 3.4))
# axes[0].imshow(canvas, cmap="gray_r")
# axes[0].set_title("the canvas")
# for axis, digit in zip(axes[1:], places):
#     image = axis.imshow(maps[digit], cmap="magma", vmin=0, vmax=1, extent=(3.5, 20.5, 20.5, 3.5))
#     axis.contour(canvas, levels=[0.4], colors="white", linewidths=0.8)
#     row, column = divmod(int(maps[digit].argmax()), 17)
#     axis.add_patch(plt.Rectangle((column - 0.5, row - 0.5), 8, 8, fill=False, edgecolor="#30c060", linewidth=2))
#     axis.set(xlim=(-0.5, 23.5), ylim=(23.5, -0.5), title=f"where is the {digit}?", facecolor="black")
# for axis in axes:
#     axis.set(xticks=[], yticks=[])
# figure.colorbar(image, ax=axes, shrink=0.8, label="how sure")
# plt.show()

# %% [markdown]
# ## What you have now, and where to go
#
# Four ideas that every later network uses: blocks that repeat (VGG), 1×1 convolutions and global average pooling (NiN),
# paths side by side (GoogLeNet). And a way to tell what a network costs before you train it.
#
# If you like, try: slide `my_net` over the canvas *without* cutting windows. It is convolutions up to the mean; put the
# canvas through these all at once, and use the linear layer as a 1×1 convolution. What was computed 289 times over is
# then computed once. Detectors do exactly that.
#
# Why did nobody simply train a network of fifty layers in 2014? Because deep stacks of this kind do not learn well. Two
# inventions of the next year changed that: **ps12** has the first, batch normalisation, and **ps13** the second, the skip
# connection.
