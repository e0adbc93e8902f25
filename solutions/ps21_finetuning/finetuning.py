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
# # Augmentation and fine-tuning (图像增广与微调)
#
# Ten pictures of each class is all you get. Is that enough to learn from? Alone, hardly. In this notebook you learn the
# two oldest tricks against too little data. *Augmentation* makes many pictures out of one: mirrored, cropped, in
# another light. *Fine-tuning* starts from a network that has already learned to see on other pictures, gives it a new
# head, and teaches it the new classes with gentle steps. At the end a network that has only ever met the digits 0 to 4
# learns 5 to 9 from fifty examples in four short epochs, while the same network from scratch is still guessing. The same
# eleven functions work, without a change, on your own photographs and on the big networks that `torchvision` offers.
#
# **How it is marked.** Each exercise has a cell for your answer and, under it, a check that you can run as often as you
# like. A check is an example: it says in words what is wrong with one result. The hidden grader asks more of the same
# (other shapes, other networks, other files), and it marks each property on its own, so an answer that is wrong only in some
# cases keeps the points of the others. Every exercise stands alone: you may skip one and come back. (6.1 may call your
# 4.2, or do without.) Helpers of your own may stand in cells of your own, above the exercise that uses them. The points add
# up to 100; the two written questions are extra credit.
#
# **No network is needed**, for any point and for any plot.
#
# **Letters used throughout.** Pictures are floats from 0 (dark) to 1 (bright). $n$ pictures in a batch, $c$ channels (1
# for grey, 3 for red, green, blue), $h$ rows, $w$ columns: a batch is $(n, c, h, w)$, a single picture $(c, h, w)$.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import os
import tempfile
from pathlib import Path
from unittest.mock import patch

import torch
import torchvision
from course_tools import batches, check, check_equal, check_promises, digits, plot_curves, show_images
from safetensors.torch import load_file, save_file
from torch import nn
from torchvision.transforms import v2

# %% [markdown]
# ## 1 · Augmentation by hand
#
# A mirrored cat is a cat. So is a cat in the left half of the picture, or at dusk. Nobody has to label such a picture
# anew, so we make them by the thousand, at random, each time a picture is used (图像增广). What the network learns from
# it is what does *not* matter.
#
# The three functions of this part follow the same rules:
#
# * they take a batch $(n, c, h, w)$ or a single picture $(c, h, w)$, and leave it unchanged;
# * in a batch **each picture draws its own luck**, and all channels of a picture share it;
# * there is **no Python loop over the pictures**: draw $n$ random numbers at once, and let broadcasting (广播) do the rest;
# * all chance comes from the `torch.Generator` that is passed in (it lives on the CPU): `torch.rand(shape,
#   generator=generator)`. The same generator state gives the same result on any day, which is how experiments are
#   repeated;
# * dtype and device of the result are those of the picture.
#
# **From scratch:** no function of `torchvision` in this part. Its random transforms come in part 2.
#
# ### 1.1 `random_flip`
#
# *difficulty 1/5 · importance 4/5 · about 10 minutes · 8 points*
#
# Notes: 000 §3.4.1 · 003 §10.9.1 · 004 图像增广
#
# Mirror each picture left to right (左右翻转) with probability $p$: draw a number $u$ from 0 to 1 for each picture, and
# flip those with $u < p$. With $p = 0$ nothing happens, with $p = 1$ all are mirrored.
#
# **By hand.** A picture with the rows $(1, 2, 3)$ and $(4, 5, 6)$ becomes $(3, 2, 1)$ and $(6, 5, 4)$. In a batch of
# three with $u = (0.2,\ 0.7,\ 0.4)$ and $p = 0.5$, the first and the third are mirrored, the second is not.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `X.shape[:-3]` is `(n,)` for a batch and `()` for a single picture: just the shape of the random numbers. `torch.where`
# picks from two tensors, entry by entry.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `coin = torch.rand(X.shape[:-3], generator=generator) < p`, moved to the device of X. Give it three dimensions more,
# `coin[..., None, None, None]`, so that it broadcasts against $(n, c, h, w)$, and choose between `X.flip(-1)` and `X`.
# </details>
#
# <details><summary>Help: I see a batch in which all are mirrored, or none</summary>
#
# One number was drawn for the whole batch. `if torch.rand(1) < p` can only say yes or no to all of them.
# </details>
#
# <details><summary>Help: I see the pictures in another order</summary>
#
# `X.flip(0)` turns the *batch* round. Columns are the last dimension, whatever stands before: -1.
# </details>


# %% nbgrader={"grade": false, "grade_id": "random_flip", "locked": false, "schema_version": 3, "solution": true, "task": false}
def random_flip(X, p, generator):
    """Mirror each picture left to right with probability p.

    X: (n, c, h, w) or (c, h, w) float, left unchanged. p: float from 0 to 1. generator: torch.Generator on the CPU.
    Returns: shape, dtype and device of X; each picture of the batch is flipped or not on its own.
    """
    ### BEGIN SOLUTION
    coin = torch.rand(X.shape[:-3], generator=generator).to(X.device) < p
    return torch.where(coin[..., None, None, None], X.flip(-1), X)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_random_flip", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_generator = torch.Generator().manual_seed(1)
_picture = torch.tensor([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]])
_mirrored = torch.tensor([[[3.0, 2.0, 1.0], [6.0, 5.0, 4.0]]])
check_equal(random_flip(_picture, 1.0, _generator), _mirrored, "random_flip of one picture with p = 1")
check_equal(random_flip(_picture, 0.0, _generator), _picture, "random_flip of one picture with p = 0")
_flipped = (random_flip(_picture.expand(200, 1, 2, 3), 0.5, _generator) == _mirrored).all(dim=(1, 2, 3))
_batch, _state = torch.tensor([[[[1.0, 2.0]], [[3.0, -4.0]]]]).repeat(64, 1, 1, 1), torch.Generator().manual_seed(3)
_once = random_flip(_batch, 0.5, _state)
check(((_once == _batch).all(dim=(1, 2, 3)) | (_once == _batch.flip(-1)).all(dim=(1, 2, 3))).all(), "one channel of a picture is mirrored, the other is not.")
check(not torch.equal(random_flip(_batch, 0.5, _state), _once), "a second call with the same generator mirrors the same pictures: it should draw anew.")
check_equal(random_flip(_batch, 0.5, torch.Generator().manual_seed(3)), _once, "random_flip with the same state of the generator (all chance comes from it)")
check_promises(lambda X: random_flip(X, 0.3, torch.Generator().manual_seed(3)), torch.randn(8, 3, 4, 5))
check(60 < _flipped.sum() < 140, f"{int(_flipped.sum())} of 200 pictures were mirrored with p = 0.5: does each draw its own number?")

# %% [markdown]
# ### 1.2 `random_crop_resize`
#
# *difficulty 4/5 · importance 4/5 · about 35 minutes · 13 points*
#
# Notes: 000 §3.4.1 · 003 §10.9.3 · 003 §10.9.4 · 004 图像增广
#
# Cut a random box out of each picture and stretch it to a fixed size (随机裁剪). The network learns that an object may be
# large or small, anywhere, and partly outside. For each picture draw
#
# * the share $s$ of the area, uniformly from `scale` $= (s_{\min}, s_{\max})$,
# * the aspect ratio $r$ = **width / height** of the box (宽高比), uniformly from `ratio` $= (r_{\min}, r_{\max})$,
# * and a place for it. (`torchvision` draws the logarithm of $r$ uniformly; do that, if you like.)
#
# $$h' = \min\!\big(h, \sqrt{s\,h\,w / r}\,\big), \qquad w' = \min\!\big(w, \sqrt{s\,h\,w \cdot r}\,\big), \qquad
# \text{top} \in [0,\ h - h'], \qquad \text{left} \in [0,\ w - w'],$$
#
# the last two uniformly. There is no need to round: a box may begin at 3.7. Now stretch it to `size` = (rows, columns).
# Pixel $i$ of the result reads the picture at the place
#
# $$y_i = \mathrm{top} + (i + \tfrac12)\,\frac{h'}{\mathrm{rows}} - \tfrac12, \qquad \text{then cut to } [0,\ h - 1],$$
#
# and likewise $x_j$ from left, $w'$ and columns. (The halves are there because a pixel is a little square and its value
# sits in the middle of it. This is what PyTorch calls `align_corners=False`.)
#
# A place between two pixels takes from both, from the nearer one more: that is bilinear interpolation (双线性插值). One hat
# function says it all. Pixel $k$ counts for place $y$ with the weight $\max(0,\ 1 - |y - k|)$. Put these weights into
# two matrices, $A_{ik} = \max(0, 1 - |y_i - k|)$ of shape (rows, $h$) and $B_{jk} = \max(0, 1 - |x_j - k|)$ of shape
# (columns, $w$), and the whole crop-and-stretch is two matrix products, for all pictures of a batch at once:
#
# $$\text{result} = A\, X\, B^\top$$
#
# **By hand.** *The box.* A picture of $6 \times 8$, $s = \tfrac14$ and $r = 3$: the area is 12, so $h' = \sqrt{12/3} = 2$
# and $w' = \sqrt{12 \cdot 3} = 6$. *The stretching.* A row $(0, 4, 8, 12)$, left = 1, $w' = 2$, four columns: the places
# are $1 + (j + \tfrac12) \cdot \tfrac24 - \tfrac12 = (0.75,\ 1.25,\ 1.75,\ 2.25)$, and the values $(3, 5, 7, 9)$. At 1.25
# pixel 1 counts three quarters and pixel 2 one quarter: $\tfrac34 \cdot 4 + \tfrac14 \cdot 8 = 5$.
#
# **From scratch:** `interpolate`, `grid_sample` and their relatives are off limits here.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Draw four numbers for each picture and shape them $(n, 1)$, or $(1,)$ for a single picture. Then `top` minus a row of
# pixel numbers broadcasts to (n, rows). Columns are the same computation as rows: write it once, as a small function.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `u = torch.rand(4, *X.shape[:-3], 1, generator=generator).to(X)`; then `u[0]` makes s, `u[1]` makes r, `u[2]` makes
# top, `u[3]` makes left. A function `weights(start, length, num_in, num_out)`:
# `place = start + (torch.arange(num_out).to(X) + 0.5) * length / num_out - 0.5`, clamped to `[0, num_in - 1]`, then
# `(1 - (place[..., None] - torch.arange(num_in).to(X)).abs()).clamp(min=0)`. Its result is (n, num_out, num_in); give
# it a dimension for the channels with `unsqueeze(-3)`.
# </details>
#
# <details><summary>Help: I see dark edges</summary>
#
# A place outside of $[0, h - 1]$ has nobody near it on one side, and its weights add up to less than one. Cut the
# places first.
# </details>
#
# <details><summary>Help: I see the same crop on every picture of a batch</summary>
#
# The random numbers have shape (4,) instead of (4, n, 1).
# </details>


# %% nbgrader={"grade": false, "grade_id": "random_crop_resize", "locked": false, "schema_version": 3, "solution": true, "task": false}
def random_crop_resize(X, size, scale, ratio, generator):
    """Cut a random box out of each picture and stretch it to `size`, with bilinear interpolation.

    X: (n, c, h, w) or (c, h, w) float, left unchanged. size: (rows, columns) of the result, two ints.
    scale: (low, high), share of the picture's area. ratio: (low, high), width / height of the box.
    generator: torch.Generator on the CPU.
    Returns: (n, c, rows, columns) or (c, rows, columns), dtype and device of X; each picture has a box of its own.
    """
    ### BEGIN SOLUTION
    h, w = X.shape[-2:]
    u = torch.rand(4, *X.shape[:-3], 1, generator=generator).to(X)
    area = h * w * (scale[0] + (scale[1] - scale[0]) * u[0])
    r = ratio[0] + (ratio[1] - ratio[0]) * u[1]
    height, width = (area / r).sqrt().clamp(max=h), (area * r).sqrt().clamp(max=w)

    def weights(start, length, num_in, num_out):
        place = start + (torch.arange(num_out).to(X) + 0.5) * length / num_out - 0.5
        distance = place.clamp(0, num_in - 1)[..., None] - torch.arange(num_in).to(X)
        return (1 - distance.abs()).clamp(min=0).unsqueeze(-3)  # (n, 1, num_out, num_in)

    A = weights(u[2] * (h - height), height, h, size[0])
    B = weights(u[3] * (w - width), width, w, size[1])
    return A @ X @ B.mT
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_random_crop_resize", "locked": true, "points": 13, "schema_version": 3, "solution": false, "task": false}
_generator = torch.Generator().manual_seed(1)
_row = torch.tensor([[[0.0, 4.0, 8.0, 12.0]]])
_whole = random_crop_resize(_row, (1, 8), (1.0, 1.0), (4.0, 4.0), _generator)
_expected = torch.tensor([[[0.0, 1.0, 3.0, 5.0, 7.0, 9.0, 11.0, 12.0]]])
check_equal(_whole, _expected, "the whole row (0, 4, 8, 12), stretched to 8 columns", atol=1e-4)
_slope = torch.linspace(0, 1, 61).expand(40, 3, 41, 61)
_crops = random_crop_resize(_slope, (5, 6), (0.25, 0.25), (1.5, 1.5), _generator)
check_equal(tuple(_crops.shape), (40, 3, 5, 6), "the shape of the crops of 40 pictures")
_width = 6 * 60 * (_crops[:, 0, 0, 1] - _crops[:, 0, 0, 0])
check_equal(_width, torch.full((40,), 30.625), "the widths of boxes of a quarter of 41x61 pixels with ratio 1.5", rtol=0.02)
check(_crops[:, 0, 0, 0].std() > 0.05, "all boxes of a batch lie at the same place: each picture needs its own.")
_slopes = torch.stack([torch.linspace(0, 1, 31).expand(31, 31), torch.linspace(0, 1, 31)[:, None].expand(31, 31)]).expand(60, 2, 31, 31)
_crops = random_crop_resize(_slopes, (2, 2), (0.25, 0.25), (1.0, 1.0), _generator)
_apart = torch.corrcoef(torch.stack([_crops[:, 0, 0, 0], _crops[:, 1, 0, 0]]))[0, 1]
check(_apart.abs() < 0.7, "top and left of the boxes go together: each needs a random number of its own.")
_widths = 60 * (random_crop_resize(_slopes, (2, 2), (0.1, 0.9), (1.0, 1.0), _generator)[:, 0, 0, :] @ torch.tensor([-1.0, 1.0])) / 31
check(_widths.min() > 0.25 and _widths.max() - _widths.min() > 0.3, "with scale (0.1, 0.9) the boxes should be of many sizes.")
_flat = random_crop_resize(_slopes[:8], (2, 3), (1.0, 1.0), (4.0, 4.0), _generator)
check_equal(_flat[:, 0, 0], torch.tensor([[0.15, 0.5, 0.85]]).expand(8, 3), "the columns of a box that would be wider than the picture", atol=0.02)
_same = [random_crop_resize(_slopes, (2, 3), (0.1, 0.9), (0.5, 2.0), torch.Generator().manual_seed(3)) for _ in range(2)]
check_equal(_same[1], _same[0], "random_crop_resize with the same state of the generator (all chance comes from it)")
check_promises(lambda X: random_crop_resize(X, (3, 4), (0.3, 0.8), (0.5, 2.0), torch.Generator().manual_seed(3)), torch.randn(8, 3, 6, 5))
_precise = torch.full((1, 1, 4, 4), 0.1, dtype=torch.float64)
check_equal(
    random_crop_resize(_precise, (2, 2), (0.5, 0.5), (1.0, 1.0), _generator), _precise[:, :, :2, :2], "a crop of a float64 picture of 0.1s", rtol=1e-12, atol=0
)

# %% [markdown]
# ### 1.3 `color_jitter`
#
# *difficulty 3/5 · importance 3/5 · about 25 minutes · 11 points*
#
# Notes: 000 §3.4.1 · 004 图像增广
#
# Another lamp, another camera, other weather (颜色调节). Three changes, one after the other, each with a factor $f$ of its
# own for each picture, drawn uniformly from $[\max(0, 1 - a),\ 1 + a]$ where $a$ is the strength that was passed in:
#
# | | what it does | strength $a$ |
# |---|---|---|
# | brightness (亮度) | $X \leftarrow f\, X$ | `brightness` |
# | contrast (对比度) | $X \leftarrow f\, X + (1 - f)\, \bar g$, away from the mean grey $\bar g$ of the picture or towards it | `contrast` |
# | saturation (饱和度) | $X \leftarrow f\, X + (1 - f)\, g$, away from the grey $g$ of each pixel or towards it | `saturation` |
#
# with the grey that the eye sees, $g = 0.299\,R + 0.587\,G + 0.114\,B$, and its mean $\bar g$ over all pixels of the
# picture. After each change cut the values to $[0, 1]$. A picture with one channel is its own grey, so saturation does
# nothing to it. A strength of 0 always gives the factor 1: no change.
#
# **By hand.** *Brightness* with $f = 2$: $0.2$ becomes $0.4$, and $0.6$ becomes $1.2$, cut to $1$. *Contrast* with
# $f = 1.5$ on a grey picture with the pixels $0.2$ and $0.6$, whose mean is $0.4$: $0.3 - 0.2 = 0.1$ and
# $0.9 - 0.2 = 0.7$. *Saturation* with $f = 0.5$ on the orange pixel $(0.8, 0.4, 0.2)$: $g = 0.4968$, so the pixel
# becomes $(0.6484,\ 0.4484,\ 0.3484)$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# A factor for each picture has the shape $(n, 1, 1, 1)$; the grey of each pixel $(n, 1, h, w)$; the mean grey
# $(n, 1, 1, 1)$. `keepdim=True` makes all this easy. Small functions inside for the factor and for the grey are used
# three times and twice.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `low = max(0.0, 1 - strength)`, `f = low + (1 + strength - low) * u` with `u` from
# `torch.rand(X.shape[:-3], generator=generator).to(X)[..., None, None, None]`. The weights of the grey are
# `torch.tensor([0.299, 0.587, 0.114]).to(X)[:, None, None]`; multiply and sum over dim -3. The mean goes over dims
# `(-2, -1)`.
# </details>
#
# <details><summary>Help: I see a picture that depends on its neighbours in the batch</summary>
#
# The mean was taken over the whole batch. Each picture has its own mean grey: only the last two dimensions are averaged.
# </details>


# %% nbgrader={"grade": false, "grade_id": "color_jitter", "locked": false, "schema_version": 3, "solution": true, "task": false}
def color_jitter(X, brightness, contrast, saturation, generator):
    """Change brightness, contrast and saturation of each picture at random.

    X: (n, c, h, w) or (c, h, w) float in [0, 1], c = 1 or 3, left unchanged. brightness, contrast, saturation: floats >= 0,
    the strengths. generator: torch.Generator on the CPU.
    Returns: shape, dtype and device of X, values in [0, 1]; each picture has three factors of its own.
    """
    ### BEGIN SOLUTION

    def factor(strength):
        low = max(0.0, 1 - strength)
        u = torch.rand(X.shape[:-3], generator=generator).to(X)
        return (low + (1 + strength - low) * u)[..., None, None, None]

    def grey(X):
        weights = torch.tensor([0.299, 0.587, 0.114] if X.shape[-3] == 3 else [1.0]).to(X)
        return (weights[:, None, None] * X).sum(dim=-3, keepdim=True)

    f = factor(brightness)
    X = (f * X).clamp(0, 1)
    f, mean_grey = factor(contrast), grey(X).mean(dim=(-2, -1), keepdim=True)
    X = (f * X + (1 - f) * mean_grey).clamp(0, 1)
    f = factor(saturation)
    return (f * X + (1 - f) * grey(X)).clamp(0, 1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_color_jitter", "locked": true, "points": 11, "schema_version": 3, "solution": false, "task": false}
_generator = torch.Generator().manual_seed(1)
_orange = torch.tensor([0.4, 0.2, 0.1]).reshape(3, 1, 1).expand(40, 3, 2, 2)
check_equal(color_jitter(_orange, 0.0, 0.0, 0.0, _generator), _orange, "color_jitter with all strengths 0")
_factors = color_jitter(_orange, 0.5, 0.0, 0.0, _generator) / _orange
check_equal(_factors, _factors[:, :1, :1, :1].expand(40, 3, 2, 2), "the factor at each pixel of a picture", rtol=1e-3)
check(_factors.min() > 0.499 and _factors.max() < 1.501, "with brightness 0.5 the factors should lie between 0.5 and 1.5.")
check(_factors[:, 0, 0, 0].std() > 0.1, "with brightness 0.5 each picture of a batch should have a factor of its own.")
_greys = torch.tensor([0.299, 0.587, 0.114]).reshape(3, 1, 1)
_before, _after = ((_greys * X).sum(dim=1) for X in (_orange, color_jitter(_orange, 0.0, 0.0, 0.5, _generator)))
check_equal(_after, _before, "the grey of the pixels after a change of saturation alone", rtol=1e-3)
_two = torch.tensor([[0.4, 0.6], [0.45, 0.55]])[:, None, None, :].repeat(1, 3, 1, 1)
_grey_after = color_jitter(_two, 0.0, 0.3, 0.0, _generator).mean(dim=(1, 2, 3))
check_equal(_grey_after, torch.tensor([0.5, 0.5]), "the mean grey of two pictures after a change of contrast alone", rtol=1e-3)
_pair = torch.cat([_two[:1], _two[:1] / 2])
_alone = color_jitter(_pair, 0.0, 0.5, 0.0, torch.Generator().manual_seed(3)).mean(dim=(1, 2, 3))
check_equal(_alone, torch.tensor([0.5, 0.25]), "the mean grey of a bright and a dark picture of one batch after a change of contrast alone", rtol=1e-3)
_spread = [x[0, 0, 0, 1] - x[0, 0, 0, 0] for x in (color_jitter(_two, 0.0, 0.5, 0.0, _generator) for _ in range(60))]
check(min(_spread) > 0.099 and max(_spread) < 0.301 and max(_spread) - min(_spread) > 0.1, "with contrast 0.5 the factors should fill 0.5 to 1.5.")
_spread = [(x[0, 0, 0, 0] - x[0, 2, 0, 0]) / 0.3 for x in (color_jitter(_orange[:1], 0.0, 0.0, 0.5, _generator) for _ in range(60))]
check(min(_spread) > 0.499 and max(_spread) < 1.501 and max(_spread) - min(_spread) > 0.5, "with saturation 0.5 the factors should fill 0.5 to 1.5.")
_same = [color_jitter(_orange, 0.3, 0.3, 0.3, torch.Generator().manual_seed(3)) for _ in range(2)]
check_equal(_same[1], _same[0], "color_jitter with the same state of the generator (all chance comes from it)")
check_promises(lambda X: color_jitter(X, 0.2, 0.3, 0.4, torch.Generator().manual_seed(3)), 0.2 + 0.5 * torch.rand(4, 3, 2, 5))
_row = torch.tensor([[[0.3, 0.6]]])
check_equal(color_jitter(_row, 0.0, 0.0, 0.9, _generator), _row, "a picture with one channel after a change of saturation alone")
_moved = (color_jitter(_orange, 0.0, 0.5, 0.0, _generator) - _orange).abs().amax(dim=(1, 2, 3))
check((_moved > 0.01).any(), "contrast goes away from the mean grey of a picture, one number; the mean of each channel was taken.")
_spread = [x[0, 0, 0, 1] - x[0, 0, 0, 0] for x in (color_jitter(_two[:1], 0.0, 1.9, 0.0, _generator) for _ in range(30))]
check(min(_spread) >= -1e-6, "with contrast 1.9 a picture was turned into its negative: the factors begin at max(0, 1 - a).")
_bright = color_jitter(_orange + 0.5, 0.9, 0.9, 0.9, _generator)
check(_bright.min() >= 0 and _bright.max() <= 1, "the values left [0, 1]: cut them after each change.")

# %% [markdown]
# **Your three functions on a photograph.** The flower comes with scikit-learn. First row: mirrored or not; second row: a
# box between a tenth of the picture and all of it; third row: another light. (Less than a second.)

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_augmentation", "locked": true, "schema_version": 3, "solution": false, "task": false}
# from sklearn.datasets import load_sample_image
#
# generator = torch.Generator().manual_seed(4)
# photo = torch.from_numpy(load_sample_image("flower.jpg").copy()).permute(2, 0, 1)  # uint8 (3, 427, 640)
# flowers = v2.functional.resize(photo.float() / 255, [140, 210]).clamp(0, 1).expand(8, 3, 140, 210)
# rows = [
#     random_flip(flowers, 0.5, generator),
#     random_crop_resize(flowers, (140, 210), (0.1, 1.0), (0.75, 2.0), generator),
#     color_jitter(flowers, 0.5, 0.5, 0.9, generator),
# ]
# show_images(torch.cat(rows), columns=8)

# %% [markdown]
# ## 2 · Pipelines with torchvision
#
# For photographs in files there is `torchvision.transforms.v2`, imported here as `v2`: the same ideas, ready-made, for
# pictures as they come from a camera, with whole numbers from 0 to 255. `v2.Compose([...])` runs a list of transforms
# one after the other. Networks that were trained on ImageNet expect pictures of $224 \times 224$, and each channel
# normalised with the mean and the standard deviation of that data set:
#
# $$\text{mean} = (0.485,\ 0.456,\ 0.406), \qquad \text{std} = (0.229,\ 0.224,\ 0.225)$$
#
# ### 2.1 `train_transforms`
#
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 7 points*
#
# Notes: 000 §3.4.2 · 003 §10.9 · 004 图像增广
#
# Return a pipeline for **training**. In this order:
#
# 1. to a tensor image: `v2.ToImage()` (it takes a PIL picture as well as a tensor);
# 2. a random box of 25 % to 100 % of the area, stretched to $224 \times 224$: `v2.RandomResizedCrop`, its `ratio` left as
#    it is;
# 3. mirrored with probability $\tfrac12$: `v2.RandomHorizontalFlip`;
# 4. to float32 in $[0, 1]$: `v2.ToDtype(torch.float32, scale=True)`;
# 5. normalised: `v2.Normalize(mean, std)`.
#
# These five and no others. Normalising comes last: mean and std are made for values from 0 to 1. Whatever can be called with a
# picture is a pipeline: `v2.Compose`, `nn.Sequential`, or a function of your own that does the same.
#
# **By hand.** A red value of 128 becomes $128/255 = 0.502$ and then $(0.502 - 0.485)/0.229 = 0.074$. Without `scale=True`
# it would become $(128 - 0.485)/0.229 = 557$, and the network would see nothing it knows.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Nothing is computed here. You return an object that will compute when it is called with a picture.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `return v2.Compose([v2.ToImage(), v2.RandomResizedCrop(224, scale=(0.25, 1.0)), …])` with the other three behind.
# </details>
#
# <details><summary>Help: I see "ToDtype" leave my values at 255</summary>
#
# Without `scale=True` it only changes the dtype, 255 becomes 255.0.
# </details>


# %% nbgrader={"grade": false, "grade_id": "train_transforms", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_transforms():
    """The pipeline for training pictures: random crop, random flip, scaling, normalising.

    Returns: a transform that takes a PIL picture (RGB) or a uint8 tensor (3, h, w) of any size and gives a float32 tensor
    (3, 224, 224), normalised with the mean and std of ImageNet; another one each time.
    """
    ### BEGIN SOLUTION
    return v2.Compose(
        [
            v2.ToImage(),
            v2.RandomResizedCrop(224, scale=(0.25, 1.0)),
            v2.RandomHorizontalFlip(),
            v2.ToDtype(torch.float32, scale=True),
            v2.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
        ]
    )
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_train_transforms", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
_grey = torch.full((3, 40, 50), 128, dtype=torch.uint8)
_result = torch.as_tensor(train_transforms()(_grey))
check_equal(tuple(_result.shape), (3, 224, 224), "the shape of a training picture")
_expected = torch.tensor([0.0741, 0.2052, 0.4265])
check_equal(_result.mean(dim=(1, 2)), _expected, "the three channels of a picture of 128s after the training pipeline", atol=1e-3)
_slope = torch.arange(50, dtype=torch.uint8).expand(3, 40, 50) * 5
_one, _other = train_transforms()(_slope), train_transforms()(_slope)
check(not torch.equal(_one, _other), "the training pipeline gave the same picture twice: is anything random in it?")
check(_result.dtype == torch.float32, f"the training pipeline gives dtype {_result.dtype}, expected float32.")
_many = [torch.as_tensor(train_transforms()(_slope))[0] * 0.229 + 0.485 for _ in range(24)]
_steps = torch.stack([(x[:, -1] - x[:, 0]).mean() for x in _many])  # negative where the picture is mirrored
check(0 < (_steps < 0).sum() < 24, f"{int((_steps < 0).sum())} of 24 training pictures are mirrored: about half of them should be.")
check(_steps.abs().max() - _steps.abs().min() > 0.1, "all boxes of the training pipeline are equally wide: 25 % to 100 % of the area are asked for.")
check(_steps.abs().min() > 0.3, "a box of the training pipeline is too small: 25 % to 100 % of the area are asked for.")

# %% [markdown]
# ### 2.2 `test_transforms`
#
# *difficulty 2/5 · importance 4/5 · about 5 minutes · 7 points*
#
# Notes: 000 §3.4.2 · 004 图像增广
#
# At test time the same picture must give the same answer, every time: **nothing random**. The usual pipeline:
#
# 1. `v2.ToImage()`;
# 2. the **shorter** side to 256, the other in proportion: `v2.Resize(256)`;
# 3. the middle $224 \times 224$: `v2.CenterCrop(224)`;
# 4. and 5. as in 2.1.
#
# **By hand.** A photograph of 300 rows and 400 columns becomes $256 \times 341$; then 16 rows are cut off above and
# below, and 58 or 59 columns at each side.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Copy 2.1 and replace everything that begins with `Random`.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `v2.Resize(256)` with one number keeps the proportions. `v2.Resize((256, 256))` would squeeze the picture to a square.
# </details>
#
# <details><summary>Help: I see two results for one picture</summary>
#
# A random transform, or a `ColorJitter`, is still in the list.
# </details>


# %% nbgrader={"grade": false, "grade_id": "test_transforms", "locked": false, "schema_version": 3, "solution": true, "task": false}
def test_transforms():
    """The pipeline for test pictures: resize, middle, scaling, normalising; nothing random.

    Returns: a transform that takes a PIL picture (RGB) or a uint8 tensor (3, h, w) of any size and gives a float32 tensor
    (3, 224, 224), normalised with the mean and std of ImageNet; always the same.
    """
    ### BEGIN SOLUTION
    return v2.Compose(
        [
            v2.ToImage(),
            v2.Resize(256),
            v2.CenterCrop(224),
            v2.ToDtype(torch.float32, scale=True),
            v2.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
        ]
    )
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_test_transforms", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
_result = torch.as_tensor(test_transforms()(torch.full((3, 40, 50), 128, dtype=torch.uint8)))
check_equal(tuple(_result.shape), (3, 224, 224), "the shape of a test picture")
_expected = torch.tensor([0.0741, 0.2052, 0.4265])
check_equal(_result.mean(dim=(1, 2)), _expected, "the three channels of a picture of 128s after the test pipeline", atol=1e-3)
_slope = torch.arange(50, dtype=torch.uint8).expand(3, 40, 50) * 5
_one, _other = test_transforms()(_slope), test_transforms()(_slope)
check_equal(torch.as_tensor(_one), torch.as_tensor(_other), "the second result of the test pipeline for one picture")
_column = torch.as_tensor(_one)[0, 100] * 0.229 + 0.485  # 320 columns after the resizing, the middle 224 of them are left
check_equal(_column[[0, 112, 223]], torch.tensor([0.1373, 0.4804, 0.8235]), "the left end, the middle and the right end of a picture of 40x50", atol=0.02)
check(_result.dtype == torch.float32, f"the test pipeline gives dtype {_result.dtype}, expected float32.")

# %% [markdown]
# **Both pipelines at work** on the other photograph that comes with scikit-learn. The first picture is the test
# pipeline's, the other seven the training pipeline's; for the eye the normalising is undone. (Less than a second.)

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_pipelines", "locked": true, "schema_version": 3, "solution": false, "task": false}
# from PIL import Image
# from sklearn.datasets import load_sample_image
#
# photo = Image.fromarray(load_sample_image("china.jpg"))
# pictures = torch.stack([test_transforms()(photo)] + [train_transforms()(photo) for _ in range(7)])
# mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
# show_images((pictures * std[:, None, None] + mean[:, None, None]).clamp(0, 1), ["test"] + ["training"] * 7)

# %% [markdown]
# ## 3 · A new head
#
# A network for pictures is a *feature extractor* with a linear classifier on top. What the lower layers have learned
# (edges, corners, strokes) is of use for any picture; the top layer, the *head*, knows only the classes of the source
# data set (源数据集). So for a target data set (目标数据集) we keep all but the head. In this notebook, as in
# `torchvision`'s ResNets, the head is the layer **`net.fc`**, an `nn.Linear`.
#
# ### 3.1 `replace_head`
#
# *difficulty 1/5 · importance 5/5 · about 10 minutes · 8 points*
#
# Notes: 000 §3.5.2 · 004 微调
#
# Put a fresh `nn.Linear` with `num_classes` outputs in the place of `net.fc`. Its weight is drawn by Xavier (uniform or
# normal: both are right here), its bias is zero. It takes as many inputs as the old head did, and lives on the same
# device with the same dtype. Everything else stays as it is, bit for bit. Change the network itself, and return it.
#
# **By hand.** With 16 inputs and 5 outputs, Xavier's uniform law draws from $\pm\sqrt{6/(16+5)} = \pm 0.535$, and its
# normal law has the standard deviation $\sqrt{2/(16+5)} = 0.309$. Left alone, `nn.Linear` would draw from
# $\pm\sqrt{1/16} = \pm 0.25$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# A Module's layer is an attribute: `net.fc = …` is all it takes to replace it. How many inputs? The old one knows.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `old = net.fc`; make `nn.Linear(old.in_features, num_classes, device=old.weight.device, dtype=old.weight.dtype)`; then
# `nn.init.xavier_uniform_` on its weight and `nn.init.zeros_` on its bias.
# </details>
#
# <details><summary>Help: I see "mat1 and mat2 shapes cannot be multiplied"</summary>
#
# The first number of `nn.Linear` is the number of *inputs*, `old.in_features`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "replace_head", "locked": false, "schema_version": 3, "solution": true, "task": false}
def replace_head(net, num_classes):
    """Give the network a new, untrained head for num_classes classes.

    net: Module whose head net.fc is an nn.Linear; changed in place, all but the head kept. num_classes: int.
    Returns: net. The new net.fc: Xavier weight, zero bias, device and dtype of the old one.
    """
    ### BEGIN SOLUTION
    old = net.fc
    net.fc = nn.Linear(old.in_features, num_classes, device=old.weight.device, dtype=old.weight.dtype)
    nn.init.xavier_uniform_(net.fc.weight)
    nn.init.zeros_(net.fc.bias)
    return net
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_replace_head", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_net = nn.Sequential()
_net.body, _net.fc = nn.Linear(4, 300), nn.Linear(300, 7)
_body = _net.body.weight.detach().clone()
_same = replace_head(_net, 100)
check(_same is _net, "replace_head should return the network that it was given.")
check_equal(tuple(_net.fc.weight.shape), (100, 300), "the shape of the new head's weight")
check_equal(_net.body.weight, _body, "the weight of another layer after replace_head")
check(0.066 < _net.fc.weight.std() < 0.076, f"the new weight has standard deviation {_net.fc.weight.std():.4f}, expected about 0.071.")
check_equal(_net.fc.bias, torch.zeros(100), "the bias of the new head")
check(_net.fc.weight.requires_grad and isinstance(_net.fc, nn.Linear), "the new head should be an nn.Linear whose weight learns.")
_net.fc.double()
check_equal(replace_head(_net, 6).fc.weight.dtype, torch.float64, "the dtype of a new head in the place of a float64 one")
check_equal(_net.fc.bias.dtype, torch.float64, "the dtype of its bias")

# %% [markdown]
# ### 3.2 `reuse_class_weights`
#
# *difficulty 2/5 · importance 3/5 · about 15 minutes · 7 points*
#
# Notes: 000 §3.5.1
#
# Sometimes a class of the target is a class of the source as well. Then its row of the old head is far better than a
# random one: row $k$ of the weight, and entry $k$ of the bias, are all that the head knows about class $k$. Make a new
# `nn.Linear` for `num_classes` classes. For each pair of `mapping`, a dict **{new class: old class}**, copy the row and
# the bias. The other classes begin as in 3.1: a Xavier row, a bias of zero.
#
# **By hand.** The old classes are 0 cat, 1 dog, 2 car, 3 lorry; the new ones 0 bus, 1 dog, 2 cat. The mapping is
# `{1: 1, 2: 0}`: new row 1 is old row 1, new row 2 is old row 0, and new row 0 is drawn afresh.
#
# Copy the numbers, do not share them: training the new head must not change the old one.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Make the whole layer as in 3.1 first. Then overwrite some rows.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Under `with torch.no_grad():` go through `mapping.items()` and write `fc.weight[new] = old_fc.weight[old]`, and the
# same for the bias.
# </details>
#
# <details><summary>Help: I see "a view of a leaf Variable that requires grad is being used in an in-place operation"</summary>
#
# Autograd watches the copying. Put it under `with torch.no_grad():`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "reuse_class_weights", "locked": false, "schema_version": 3, "solution": true, "task": false}
def reuse_class_weights(old_fc, mapping, num_classes):
    """A new head that takes over what the old one knows about classes that recur.

    old_fc: nn.Linear with a bias, left unchanged. mapping: dict {new class: old class}, may be empty. num_classes: int.
    Returns: nn.Linear(old_fc.in_features, num_classes), device and dtype of old_fc: rows and biases of the classes in
    mapping copied, the other rows Xavier, their biases zero.
    """
    ### BEGIN SOLUTION
    fc = nn.Linear(old_fc.in_features, num_classes, device=old_fc.weight.device, dtype=old_fc.weight.dtype)
    nn.init.xavier_uniform_(fc.weight)
    nn.init.zeros_(fc.bias)
    with torch.no_grad():
        for new, old in mapping.items():
            fc.weight[new] = old_fc.weight[old]
            fc.bias[new] = old_fc.bias[old]
    return fc
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_reuse_class_weights", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
_old = nn.Linear(5, 4)
_new = reuse_class_weights(_old, {1: 1, 2: 0}, 3)
check_equal(tuple(_new.weight.shape), (3, 5), "the shape of the new head's weight")
check_equal(_new.weight[2], _old.weight[0], "the row of the new class 2 (cat, which was class 0)")
check_equal(_new.weight[1], _old.weight[1], "the row of the new class 1 (dog, which was class 1)")
check_equal(_new.bias, torch.stack([torch.tensor(0.0), _old.bias[1], _old.bias[0]]), "the bias of the new head")
check(_new.weight[0].abs().min() > 0, "the row of a class without an old one should be drawn at random.")
_old, _before = nn.Linear(300, 4).double(), None
_before = _old.weight.detach().clone()
_new = reuse_class_weights(_old, {2: 3}, 50)
check_equal(_new.weight.dtype, torch.float64, "the dtype of a new head made from a float64 one")
check(_new.weight.requires_grad and _new.weight.is_leaf, "the weight of the new head should be a leaf that learns.")
check(0.068 < _new.weight[3:].std() < 0.083, f"the random rows have standard deviation {_new.weight[3:].std():.4f}, expected about 0.076 (Xavier).")
with torch.no_grad():
    _new.weight.zero_()
check_equal(_old.weight, _before, "the old head's weight after the new one was changed")

# %% [markdown]
# ## 4 · What may move, and how fast
#
# The target data set is small. If all weights may move as they like, the network forgets what it came with and learns
# the few examples by heart. Two brakes: lower layers do not move at all, and the rest moves ten times slower than the
# new head.
#
# ### 4.1 `freeze`
#
# *difficulty 3/5 · importance 5/5 · about 20 minutes · 10 points*
#
# Notes: 000 §3.5.1 · 004 微调
#
# Freeze all children of the network **from the first up to and including** the one named `until`: the layers nearest to
# the picture, whose features are the most general. `net.named_children()` gives `(name, child)` in order; a child may
# have layers inside, which freeze with it. Frozen means two things:
#
# * no parameter of it requires a gradient any more;
# * its normalisation layers stay in **evaluation mode, also after `net.train()`**. A batch norm (批量归一化) has statistics
#   besides its parameters. They move whenever it works in training mode, with or without gradients. A frozen layer
#   whose statistics drift is not frozen (written question 1 asks you how far they drift). Layer norm and group norm keep
#   no statistics: to them the mode makes no difference.
#
# `net.train()` calls the method `train` of every child. A child that shall not listen gets another one: an attribute
# set on the object hides the method of its class. (To keep the whole child in evaluation mode is fine: that is the
# shortest way.) The layers behind `until` stay as they were, and follow `net.train()` as ever. If no child has this name,
# raise a `ValueError` **before anything is changed**. Return the network.
#
# **By hand.** A network with the children conv1, bn1, layer1, layer2, fc: `freeze(net, "bn1")` freezes conv1 and bn1;
# afterwards `net.train()` leaves `net.bn1.training` at `False` and sets `net.layer1.training` to `True`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `child.parameters()` reaches everything inside a child. `child.eval()` puts everything inside in evaluation mode, but
# only until the next `net.train()`.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# In the loop over `net.named_children()`: `child.requires_grad_(False)`, `child.eval()`, and then
# `child.train = lambda mode=True, child=child: child`, a method that does nothing. Leave the loop after `until`.
# </details>
#
# <details><summary>Help: I see the statistics move although requires_grad is False</summary>
#
# Statistics are buffers (缓冲区), not parameters: no gradient has ever moved them. Only evaluation mode holds them still.
# </details>
#
# <details><summary>Help: I see everything frozen, the head too</summary>
#
# The loop ran past `until`: `break` after the child of that name.
# </details>


# %% nbgrader={"grade": false, "grade_id": "freeze", "locked": false, "schema_version": 3, "solution": true, "task": false}
def freeze(net, until):
    """Freeze the children of the network from the first up to and including `until`.

    net: Module, changed in place. until: name of a child (as in net.named_children()); ValueError if there is none.
    Returns: net. Frozen children: no parameter requires a gradient, norm layers stay in evaluation mode for good.
    """
    ### BEGIN SOLUTION
    if until not in dict(net.named_children()):
        raise ValueError(f"the network has no child named {until!r}")
    for name, child in net.named_children():
        child.requires_grad_(False)
        child.eval()
        child.train = lambda mode=True, child=child: child
        if name == until:
            break
    return net
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_freeze", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
_net = nn.Sequential()
_net.conv1, _net.bn1, _net.layer1, _net.fc = nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.BatchNorm2d(4), nn.Flatten()
_same = freeze(_net, "bn1")
check(_same is _net, "freeze should return the network that it was given.")
check_equal([p.requires_grad for p in _net.parameters()], [False] * 4 + [True] * 2, "which parameters require a gradient")
_net.train()
_net(torch.randn(8, 1, 5, 5))
check_equal(_net.bn1.running_mean, torch.zeros(4), "the running mean of the frozen bn1 after a batch in net.train() mode")
check(_net.layer1.running_mean.abs().max() > 0, "layer1 is not frozen: its running mean should follow the batch.")
_net = nn.Sequential()
_net.conv1, _net.layer1, _net.fc = nn.Conv2d(1, 4, 3), nn.Sequential(nn.BatchNorm2d(4)), nn.Conv2d(4, 2, 1)
_error = "no error"
try:
    freeze(_net, "bn1")
except Exception as error:
    _error = type(error).__name__
check_equal(_error, "ValueError", "what freeze raises for a child that is not there")
check(all(p.requires_grad for p in _net.parameters()) and _net.conv1.training, "freeze changed the network before it raised its ValueError.")
_net.eval()
freeze(_net, "layer1")
check(not _net.fc.training, "freeze put a layer behind `until` in training mode; it should stay as it was.")
check(_net.train() is _net and _net.training and _net.fc.training, "after freeze, net.train() should reach the network and its last layers as ever.")
_net(torch.randn(8, 1, 5, 5))
check_equal(_net.layer1[0].running_mean, torch.zeros(4), "the running mean of a batch norm inside a frozen child after a batch in net.train() mode")
_X = torch.randn(8, 4, 3, 3)
check_equal(_net.layer1(_X)[:1], _net.layer1(_X[:1]), "what a frozen batch norm makes of a picture among others, beside the picture alone", atol=1e-5)
check_equal([p.requires_grad for p in _net.parameters()], [False] * 4 + [True] * 2, "which parameters require a gradient, some of them deeper inside")
check(not _net.eval().fc.training, "after freeze, net.eval() should reach the last layers as ever.")

# %% [markdown]
# ### 4.2 `param_groups`
#
# *difficulty 2/5 · importance 5/5 · about 10 minutes · 7 points*
#
# Notes: 000 §3.5.1 · 004 微调
#
# An optimizer of PyTorch takes, instead of parameters, a list of *groups*: dicts with a list `"params"` and settings for
# it. Return two: first **the rest** of the network with learning rate (学习率) `lr`, then **the head** `net.fc` with
# `10 * lr`. What does not require a gradient, because it is frozen, is in no group.
#
# Only `net.fc` is the head. Many networks have other layers with "fc" somewhere in their name, deep inside: they belong
# to the rest.
#
# **By hand.** A network with conv1, frozen, layer1 and fc, each with weight and bias, and `lr = 0.01`:
# `[{"params": [layer1.weight, layer1.bias], "lr": 0.01}, {"params": [fc.weight, fc.bias], "lr": 0.1}]`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `net.named_parameters()` gives `("layer1.weight", parameter)` and so on. Those of the head begin with `"fc."`, dot
# included.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Two list comprehensions over `net.named_parameters()`, both with `if p.requires_grad and …`: one with
# `not name.startswith("fc.")`, one with `name.startswith("fc.")`.
# </details>
#
# <details><summary>Help: I see "The size of tensor a (6) must match the size of tensor b (2)", or "Boolean value of Tensor … is ambiguous"</summary>
#
# `p in list(net.fc.parameters())` compares tensors entry by entry. Compare names, or identities: `id(p)`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "param_groups", "locked": false, "schema_version": 3, "solution": true, "task": false}
def param_groups(net, lr):
    """Parameter groups for an optimizer: the head learns ten times as fast as the rest.

    net: Module with the head net.fc. lr: float.
    Returns: [{"params": [rest], "lr": lr}, {"params": [head], "lr": 10 * lr}], without parameters that are frozen.
    """
    ### BEGIN SOLUTION
    moving = [(name, param) for name, param in net.named_parameters() if param.requires_grad]
    rest = [param for name, param in moving if not name.startswith("fc.")]
    head = [param for name, param in moving if name.startswith("fc.")]
    return [{"params": rest, "lr": lr}, {"params": head, "lr": 10 * lr}]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_param_groups", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
_net = nn.Sequential()
_net.conv1, _net.layer1, _net.fc = nn.Conv2d(1, 4, 3).requires_grad_(False), nn.Linear(4, 6), nn.Linear(6, 2)
_rest, _head = param_groups(_net, 0.01)
check_equal([_rest["lr"], _head["lr"]], [0.01, 0.1], "the learning rates of the rest and of the head")
check_equal([tuple(p.shape) for p in _rest["params"]], [(6, 4), (6,)], "the shapes of the parameters of the rest")
check_equal([tuple(p.shape) for p in _head["params"]], [(2, 6), (2,)], "the shapes of the parameters of the head")
_net = nn.Sequential()
_net.fc1, _net.body, _net.fc = nn.Linear(3, 4), nn.Sequential(), nn.Linear(7, 2)
_net.body.fc = nn.Linear(4, 7)
_groups = [dict(group, params=list(group["params"])) for group in param_groups(_net, 0.02)]
check_equal([len(group["params"]) for group in _groups], [4, 2], "the numbers of parameters of rest and head, where inner layers are called fc1 and body.fc")
check(_groups[1]["params"][0] is _net.fc.weight, "the group of the head should hold the parameters of net.fc themselves, no copies.")
torch.optim.SGD(_groups, lr=0.02)
_net.fc.weight.requires_grad_(False)
check_equal(len(list(param_groups(_net, 0.02)[1]["params"])), 1, "the number of parameters of a head whose weight is frozen")

# %% [markdown]
# ### 4.3 Two questions on paper
#
# Extra credit, marked by hand. Formulas in LaTeX, plain text or a photograph of your paper: all are welcome.
#
# **Question 1 (up to 5 points): the drifting statistics.** Somebody freezes all parameters of a batch norm but leaves it in
# training mode. PyTorch then updates its running mean with each batch: $m \leftarrow 0.9\, m + 0.1\, \mu_B$. (a) What share
# of $m$ still stems from the source data set after $k$ batches? After how many is it below one per cent? (b) Fine-tuning
# on 50 pictures in batches of 10 for 10 epochs: how much is left at the end? (c) Say in two or three sentences why this
# harms the network although not one weight of the frozen part has moved. Think of the layers above it, and of a batch
# of 10.

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_statistics", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) Each batch multiplies what was there by $0.9$, so the share is $0.9^k$. It is below $0.01$ when
# $k > \ln 0.01 / \ln 0.9 = 43.7$: after 44 batches.
#
# (b) 50 pictures in batches of 10 are 5 batches an epoch, 50 in all: $0.9^{50} = 0.0052$, half a per cent.
#
# (c) The layers above were trained on outputs that were normalised with the statistics of the source. With other
# statistics the same picture gives other outputs, shifted and stretched channel by channel: the frozen features are no
# longer the ones that were learned. Besides, in training mode the batch's own mean and variance are used, and those of 10
# pictures are noisy, so a picture's features depend on which others happen to be in its batch; at test time, with the
# running statistics, they are different again.
#
# **Marking scheme.** 1 point: $0.9^k$. 1 point: 44 batches (43 or 44 with a right formula). 1 point: 50 batches, about
# 0.5 %. 1 point: outputs of the frozen part change, and the layers above were trained on the old ones. 1 point: batches of
# 10 make noisy statistics, or training and test disagree.
# ### END SOLUTION

# %% [markdown]
# **Question 2 (up to 5 points): what may be changed?** An augmentation is a promise: *this does not change the label.*
# (a) For each of these say whether the promise holds, and why: mirroring handwritten digits; turning handwritten digits
# by 180°; mirroring photographs of leaves top to bottom; strong colour jitter for telling ripe from unripe tomatoes; a
# crop of 5 % of the area for photographs of single animals. (b) Name an augmentation for spoken words that keeps the
# promise. (c) Why must the test set not be augmented at random?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_promise", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) *Mirrored digits:* broken for most. 0, 1 and 8 survive, but a mirrored 2 or 7 is a shape that never
# occurs at test time, and a mirrored 2 comes near a 5. *Turned by 180°:* broken, 6 becomes 9 and 9 becomes 6. *Leaves
# top to bottom:* holds, a leaf on the ground has no upside. *Colour jitter for tomatoes:* broken, the colour *is* the
# label. *A crop of 5 %:* broken too often, the box may show nothing but grass.
#
# (b) For instance background noise, another loudness, a small shift in time or a slightly different speed.
#
# (c) The test accuracy would change from run to run and would measure the luck of the draw as well as the network. Two
# networks could no longer be compared, and the pictures would not be those that the network meets in use.
#
# **Marking scheme.** 3 points for (a): all five right with a reason; 2 points for four or three; 1 point for two. 1 point
# for (b). 1 point for (c): not repeatable or not comparable, or another distribution than in use.
# ### END SOLUTION

# %% [markdown]
# ## 5 · Weights from a file
#
# ### 5.1 `load_backbone`
#
# *difficulty 3/5 · importance 4/5 · about 20 minutes · 9 points*
#
# Notes: 000 §3.5.2 · 004 微调
#
# A trained network comes as a *state dict* (状态字典): a dict from names such as `"conv1.weight"` to tensors, which
# `net.load_state_dict` takes. Get one, from one of two kinds of `source`, a string or a `Path`:
#
# | source | how | what may go wrong |
# |---|---|---|
# | ends in `.safetensors` | `load_file` (imported above) | no such file: `FileNotFoundError` · a file that cannot be read: `ValueError` |
# | ends in `.pt` or `.pth` | `torch.load(path, map_location="cpu", weights_only=True)` | the same two |
# | anything else: the name of weights of torchvision, e.g. `"ResNet18_Weights.IMAGENET1K_V1"` | `torchvision.models.get_weight(name).get_state_dict()`, which downloads them once and keeps them | no network: `ConnectionError` |
#
# All three errors carry **a sentence that names the source**: whoever reads it at midnight wants to know which file. What the table
# does not name is not asked: a name that torchvision does not know, a folder called `x.pt`, a `.pt` file with a list in it. Any
# error will do there.
#
# Two words of the second row matter. A `.pt` file is a pickle (序列化), and a pickle may hold *code* that runs while it is
# read; `weights_only=True` refuses everything but tensors. And a file that was saved on a machine with a GPU asks for
# that GPU again; `map_location="cpu"` brings the tensors here, wherever they were made.
#
# **By hand.** `load_backbone("nowhere.pt")` raises `FileNotFoundError: there is no file nowhere.pt`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `Path(source).suffix` is `".pt"`, or `".IMAGENET1K_V1"`. Without a network `get_state_dict` raises a `URLError`, which is
# an `OSError`.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Names first: `try: return torchvision.models.get_weight(str(source)).get_state_dict()`, and
# `except OSError as error: raise ConnectionError(f"…{source}…") from error`. For paths: if not `path.is_file()`, raise
# `FileNotFoundError(f"…")`. Then a second `try` around the reading; damaged files raise many kinds of errors, so here
# `except Exception as error` is right.
# </details>
#
# <details><summary>Help: I see "Attempting to deserialize object on a CUDA device"</summary>
#
# The file was saved on a machine with a GPU: `map_location="cpu"`.
# </details>
#
# <details><summary>Help: I see ValueError where FileNotFoundError should be</summary>
#
# `except Exception` catches that one too. Ask whether the file exists before the `try`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "load_backbone", "locked": false, "schema_version": 3, "solution": true, "task": false}
def load_backbone(source):
    """A state dict from a file, or from torchvision's collection of trained weights.

    source: str or Path. Ends in .safetensors, .pt or .pth: a file. Else the name of weights of torchvision.
    Returns: dict from names to tensors, on the CPU, head included.
    Raises FileNotFoundError (no such file), ValueError (not readable as weights), ConnectionError (no network), each with a
    sentence that names the source.
    """
    ### BEGIN SOLUTION
    path = Path(source)
    if path.suffix not in (".safetensors", ".pt", ".pth"):
        try:
            return torchvision.models.get_weight(str(source)).get_state_dict()
        except OSError as error:
            raise ConnectionError(f"the weights {source} could not be downloaded: is there a network?") from error
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {source}")
    try:
        return load_file(path) if path.suffix == ".safetensors" else torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise ValueError(f"the file {source} cannot be read as weights: {error}") from error
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_load_backbone", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
def _error_of(source):
    try:
        load_backbone(source)
    except Exception as error:
        check(str(source) in str(error), f"the message of {type(error).__name__} should name the source, {source}.")
        return type(error).__name__
    return "no error"


with tempfile.TemporaryDirectory() as _folder:
    _weights = {"conv1.weight": torch.randn(2, 1, 3, 3), "fc.bias": torch.randn(4)}
    torch.save(_weights, f"{_folder}/weights.pt")
    save_file(_weights, f"{_folder}/weights.safetensors")
    Path(_folder, "damaged.pt").write_text("these are not weights")
    check_equal(load_backbone(f"{_folder}/weights.pt"), _weights, "load_backbone of a .pt file")
    check_equal(load_backbone(Path(_folder, "weights.safetensors")), _weights, "load_backbone of a .safetensors file")
    check_equal(_error_of(f"{_folder}/nowhere.pt"), "FileNotFoundError", "the error for a file that is not there")
    check_equal(_error_of(f"{_folder}/damaged.pt"), "ValueError", "the error for a damaged file")
    Path(_folder, "damaged.safetensors").write_text("nor are these")
    check_equal(_error_of(f"{_folder}/damaged.safetensors"), "ValueError", "the error for a damaged .safetensors file")
    check_equal(_error_of(f"{_folder}/nowhere.safetensors"), "FileNotFoundError", "the error for a .safetensors file that is not there")
    torch.save(_weights, f"{_folder}/weights.pth")
    check_equal(load_backbone(Path(_folder, "weights.pth")), _weights, "load_backbone of a .pth file")
    torch.save({"net": nn.Flatten()}, f"{_folder}/code.pt")
    check(_error_of(f"{_folder}/code.pt") != "no error", "a .pt file that holds more than tensors was read: weights_only=True refuses it.")
    with patch("torch.serialization.location_tag", return_value="cuda:0"):  # as a machine with a GPU writes it
        torch.save(_weights, f"{_folder}/gpu.pt")
    check_equal(load_backbone(f"{_folder}/gpu.pt"), _weights, "load_backbone of a file that was written on a GPU")
    _offline = patch("socket.getaddrinfo", side_effect=OSError("this check switches the network off"))
    with _offline, patch.dict(os.environ, TORCH_HOME=_folder), patch("sys.stdout"):  # torch announces a download that does not come
        check_equal(_error_of("ResNet18_Weights.IMAGENET1K_V1"), "ConnectionError", "the error without a network")

# %% [markdown]
# ## 6 · Fine-tuning
#
# The network of this notebook is small enough to be trained in a second. It has what all big ones have: a first
# convolution with its batch norm, blocks of layers, and a head called `fc`.


# %% nbgrader={"grade": false, "grade_id": "given_network", "locked": true, "schema_version": 3, "solution": false, "task": false}
class DigitNet(nn.Module):
    """A small convolutional network for 8x8 pictures: (n, 1, 8, 8) -> scores (n, num_classes)."""

    def __init__(self, num_classes):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(8)
        self.layer1 = nn.Sequential(nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        self.layer2 = nn.Sequential(nn.Conv2d(16, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        self.fc = nn.Linear(16, num_classes)

    def forward(self, X):
        X = torch.relu(self.bn1(self.conv1(X)))
        X = self.layer2(self.layer1(X))
        return self.fc(X.mean(dim=(2, 3)))


# %% [markdown]
# ### 6.1 `finetune`
#
# *difficulty 3/5 · importance 5/5 · about 20 minutes · 13 points*
#
# Notes: 000 §3.5.1 · 004 微调
#
# All that is left is a training loop that respects what was prepared. The network comes with its new head, and maybe
# with frozen layers.
#
# * The optimizer is `torch.optim.SGD` with momentum (动量) 0.9 and nothing else, made **once**: learning rate `lr` for the
#   rest, `10 * lr` for `net.fc`, frozen parameters left out. You may call your `param_groups`: should it be wrong, the
#   grader tries this exercise with a right one too, so that the mistake costs its own points only.
# * In each of `num_epochs` epochs: `net.train()`, and for every batch of `train` one step on the mean cross-entropy
#   (`nn.functional.cross_entropy`).
# * After the last epoch: `net.eval()`, no graph, and the share of right answers over **all** samples of `test`. Batches
#   may differ in size: add up, and divide at the end. The network stays in evaluation mode.
#
# `train` and `test` give $(X, y)$ anew each time they are gone through: a list, `batches(...)`, or a PyTorch `DataLoader` on
# a folder of photographs.
#
# **By hand.** Test batches of 4 with 3 right and of 1 with 0 right: $3/5 = 0.6$. And a first step with `lr = 0.01`: a
# weight of the head with gradient 2 moves by $-0.2$, any other with the same gradient by $-0.02$.
#
# The grader fine-tunes for 7 epochs on 10 samples of each digit from 5 to 9, on five such sets. The median of your test
# accuracies must be at least 0.7. A right answer reaches more than 0.8; from scratch the same network reaches about 0.4.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Three parts: the optimizer, two nested loops, a count. You have written each of them in an earlier assignment.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `optimizer = torch.optim.SGD(param_groups(net, lr), lr=lr, momentum=0.9)`. For a batch: `optimizer.zero_grad()`, then
# `nn.functional.cross_entropy(net(X), y).backward()`, then `optimizer.step()`. To test: `with torch.no_grad():`, add up
# `(net(X).argmax(dim=1) == y).sum().item()` and `len(y)`.
# </details>
#
# <details><summary>Help: I see an accuracy that is lower than I expect, and changes with the batch size of test</summary>
#
# The network is still in training mode while it is tested, or means of batches were averaged.
# </details>
#
# <details><summary>Help: I see a loss that jumps around</summary>
#
# Are the gradients cleared before each `backward()`? Is the optimizer made once, before the loops?
# </details>


# %% nbgrader={"grade": false, "grade_id": "finetune", "locked": false, "schema_version": 3, "solution": true, "task": false}
def finetune(net, train, test, num_epochs, lr):
    """Fine-tune a network: the head at ten times the learning rate of the rest, frozen parameters left alone.

    net: Module with the head net.fc, (n, ...) -> (n, k) scores; trained in place, left in evaluation mode.
    train, test: give batches (X, y), y (n,) int64, anew in every pass; batches may differ in size. num_epochs: int. lr: float.
    Returns: accuracy on test, a number from 0 to 1.
    """
    ### BEGIN SOLUTION
    optimizer = torch.optim.SGD(param_groups(net, lr), lr=lr, momentum=0.9)
    for _ in range(num_epochs):
        net.train()
        for X, y in train:
            optimizer.zero_grad()
            nn.functional.cross_entropy(net(X), y).backward()
            optimizer.step()
    net.eval()
    right, total = 0, 0
    with torch.no_grad():
        for X, y in test:
            right += (net(X).argmax(dim=1) == y).sum().item()
            total += len(y)
    return right / total
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_finetune", "locked": true, "points": 13, "schema_version": 3, "solution": false, "task": false}
_net = nn.Sequential()
_net.flat, _net.fc = nn.Flatten(), nn.Linear(2, 2)
with torch.no_grad():
    _net.fc.weight.zero_()
    _net.fc.bias.zero_()
_train = [(torch.tensor([[1.0, 0.0], [0.0, 1.0]]), torch.tensor([0, 1]))]
_test = [(torch.eye(2).repeat(2, 1), torch.tensor([0, 1, 0, 0])), (torch.eye(2)[:1], torch.tensor([1]))]
check_equal(finetune(_net, _train, _test, 1, 0.1), 0.6, "the accuracy of finetune with test batches of 4 and 1")
check_equal(_net.fc.weight, torch.tensor([[0.25, -0.25], [-0.25, 0.25]]), "the head's weight after one step with lr = 0.1")
check(not _net.training, "finetune should leave the network in evaluation mode.")


class _Watched(nn.Module):
    """A body and a head, each one number wide; notes whether it is called in training mode, and with a graph."""

    def __init__(self):
        super().__init__()
        self.frozen, self.body, self.fc, self.seen = nn.Linear(1, 1, bias=False), nn.Linear(1, 1, bias=False), nn.Linear(1, 2), []
        with torch.no_grad():
            for p, start in zip(self.parameters(), ([[2.0]], [[0.5]], [[1.0], [-0.5]], [0.25, -0.75]), strict=True):
                p.copy_(torch.tensor(start))
        self.frozen.weight.requires_grad_(False)

    def forward(self, X):
        self.seen.append((self.training, torch.is_grad_enabled()))
        return self.fc(self.body(self.frozen(X)))


_net, _train = _Watched(), [(torch.tensor([[1.0], [-2.0]]), torch.tensor([1, 0])), (torch.tensor([[0.5]]), torch.tensor([1]))]
finetune(_net.eval(), _train, [(torch.tensor([[1.0]]), torch.tensor([0]))], 2, 0.1)
check_equal(_net.seen, [(True, True)] * 4 + [(False, False)], "(training mode, graph) of the calls of the network: 2 epochs of 2 batches, one test batch")
check_equal(_net.body.weight, torch.tensor([[1.214315]]), "the weight of the body after 2 epochs of 2 batches, lr = 0.1", rtol=1e-3)
check_equal(_net.fc.bias, torch.tensor([-1.490876, 0.990876]), "the bias of the head after 2 epochs of 2 batches, lr = 0.1", rtol=1e-3)
check_equal(_net.frozen.weight, torch.tensor([[2.0]]), "the weight of a frozen layer")

# %% [markdown]
# ## 7 · Your functions at work
#
# **The source data set**, real handwriting: the digits 0 to 4, each in four positions. "Which digit, and which way up?"
# makes twenty classes out of five. The harder question teaches the network more about strokes: a source should be richer
# than the target. The second row is the target, digits that the network will never have seen.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_source", "locked": true, "schema_version": 3, "solution": false, "task": false}
# X_train, y_train, X_test, y_test = digits()
# old = y_train < 5
# X_source = torch.cat([X_train[old].rot90(r, (2, 3)) for r in range(4)])
# y_source = torch.cat([y_train[old] + 5 * r for r in range(4)])
# X_new, y_new = X_train[~old], y_train[~old] - 5
# test_iter = batches(X_test[y_test >= 5], y_test[y_test >= 5] - 5, 64)
#
# shown = torch.randperm(len(X_source), generator=torch.Generator().manual_seed(1))[:10]
# titles = [f"{int(k) % 5}, {int(k) // 5 * 90}°" for k in y_source[shown]]
# show_images(torch.cat([X_source[shown], X_new[:10]]), titles + (y_new[:10] + 5).tolist(), columns=10)

# %% [markdown]
# **Pretraining** (预训练) on the source, with a plain loop, and the result into a file; then your `load_backbone` gets it
# back. (About 3 seconds.)

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_pretraining", "locked": true, "schema_version": 3, "solution": false, "task": false}
# torch.manual_seed(0)
# source_net = DigitNet(20)
# optimizer = torch.optim.SGD(source_net.parameters(), lr=0.05, momentum=0.9)
# for _ in range(4):
#     for X, y in batches(X_source, y_source, 32, shuffle=True):
#         optimizer.zero_grad()
#         nn.functional.cross_entropy(source_net(X), y).backward()
#         optimizer.step()
# source_net.eval()
# with torch.no_grad():
#     accuracy = (source_net(X_source).argmax(dim=1) == y_source).float().mean()
# with tempfile.TemporaryDirectory() as folder:
#     save_file(source_net.state_dict(), f"{folder}/backbone.safetensors")
#     weights = load_backbone(f"{folder}/backbone.safetensors")
#     size = os.path.getsize(f"{folder}/backbone.safetensors")
# check(isinstance(weights, dict), "load_backbone gives no dict: see its check in 5.1.")
# print(f"accuracy on the source {accuracy:.2f}; {len(weights)} tensors, {size} bytes in the file")

# %% [markdown]
# **From scratch against fine-tuned**, on ten samples of each new digit; every point is the median of five seeds (five
# other draws of the fifty samples). Same network, same optimizer, same epochs; only the starting point differs. The
# third curve freezes the network up to layer1. (About 20 seconds.)

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_finetuning", "locked": true, "schema_version": 3, "solution": false, "task": false}
# def prepared(kind):
#     net = DigitNet(20)
#     if kind != "from scratch":
#         net.load_state_dict(weights)
#     if kind == "fine-tuned, frozen up to layer1":
#         freeze(net, "layer1")
#     return replace_head(net, 5)
#
#
# def ten_of_each(seed):
#     generator = torch.Generator().manual_seed(seed)
#     order = torch.randperm(len(y_new), generator=generator)
#     rows = torch.cat([order[y_new[order] == k][:10] for k in range(5)])
#     return batches(X_new[rows], y_new[rows], 10, shuffle=True, generator=generator)
#
#
# def tuned(net, train, test, num_epochs, lr):
#     check(isinstance(net, nn.Module), "replace_head or freeze does not return the network: see their checks in 3.1 and 4.1.")
#     accuracy = finetune(net, train, test, num_epochs, lr)
#     check(isinstance(accuracy, (int, float, torch.Tensor)) and 0 <= accuracy <= 1, "finetune gives no accuracy: see its check in 6.1.")
#     return float(accuracy)
#
#
# epochs = [1, 2, 4, 6, 10, 20, 40]
# curves = {}
# for kind in ("fine-tuned", "fine-tuned, frozen up to layer1", "from scratch"):
#     reached = torch.tensor([[tuned(prepared(kind), ten_of_each(seed), test_iter, n, 0.01) for n in epochs] for seed in range(5)])
#     curves[kind] = reached.median(dim=0).values.tolist()
# plot_curves(curves, "epochs", "accuracy on 177 test digits", "Ten samples of each digit from 5 to 9", x=epochs)

# %% [markdown]
# Where the fine-tuned networks begin, the other one needs many times the steps to get to. On digits this small it does
# catch up in the end: fifty pictures of 64 pixels are soon learned. The larger the pictures and the deeper the network,
# the longer the way that a good start saves you; with ten photographs a class and a ResNet you need not wait for it.
#
# **What it reads now**, after ten epochs on fifty examples: test digits, "label → prediction", mistakes first.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_predictions", "locked": true, "schema_version": 3, "solution": false, "task": false}
# net = prepared("fine-tuned")
# print(f"test accuracy {tuned(net, ten_of_each(0), test_iter, 10, 0.01):.3f}")
# X, y = X_test[y_test >= 5], y_test[y_test >= 5]
# with torch.no_grad():
#     predicted = net(X).argmax(dim=1) + 5
# first = torch.argsort((predicted == y).int(), stable=True)[:24]
# show_images(X[first], [f"{int(y[i])} → {int(predicted[i])}" for i in first])

# %% [markdown]
# **The same for photographs.** This is how you would do it with pictures of your own: one folder for each class, a big
# network with a head called `fc`, your two pipelines. Here the folders are filled with 32 pieces of scikit-learn's two
# photographs, a Chinese temple and a flower. As it stands the network starts from random weights, so that nothing need
# be fetched; fifty layers learn next to nothing from 24 pictures (guessing gets one half right), so three epochs will do.
# With `DOWNLOAD = True` it starts from weights that have seen a million photographs, 5 MB, fetched once: copy the cell, and
# try it where you have a network. First you see what it trains on, then what it says. (About 3 seconds.)

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_photographs", "locked": true, "schema_version": 3, "solution": false, "task": false}
# from sklearn.datasets import load_sample_image
# from torch.utils.data import DataLoader
# from torchvision.datasets import ImageFolder
#
# DOWNLOAD = False
# mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
# torch.manual_seed(0)
# with tempfile.TemporaryDirectory() as folder:
#     for name in ("china", "flower"):
#         photo = torch.from_numpy(load_sample_image(f"{name}.jpg").copy()).permute(2, 0, 1)
#         for i in range(16):
#             place = Path(folder, "test" if i % 4 == 0 else "train", name)
#             place.mkdir(parents=True, exist_ok=True)
#             v2.ToPILImage()(v2.RandomCrop(128)(photo[:, 160:])).save(place / f"{i}.png")  # no pieces of mere sky
#     train = DataLoader(ImageFolder(f"{folder}/train", train_transforms()), batch_size=8, shuffle=True)
#     test = DataLoader(ImageFolder(f"{folder}/test", test_transforms()), batch_size=8)
#     X, y = next(iter(train))
#     show_images((X * std[:, None, None] + mean[:, None, None]).clamp(0, 1), [train.dataset.classes[k] for k in y], columns=8)
#     net = torchvision.models.shufflenet_v2_x0_5(weights=None)
#     if DOWNLOAD:
#         net.load_state_dict(load_backbone("ShuffleNet_V2_X0_5_Weights.IMAGENET1K_V1"))
#         freeze(net, "stage3")
#     accuracy = tuned(replace_head(net, 2), train, test, 10 if DOWNLOAD else 3, 0.005)
#     print(f"accuracy on {len(test.dataset)} pieces that were not trained on: {accuracy:.2f}")
#     X, y = next(iter(test))
#     with torch.no_grad():
#         predicted = net(X).argmax(dim=1)
#     shown = (X * std[:, None, None] + mean[:, None, None]).clamp(0, 1)
#     show_images(shown, [f"{test.dataset.classes[a]} → {test.dataset.classes[b]}" for a, b in zip(y, predicted)], columns=4)

# %% [markdown]
# ## What you have now, and where to go
#
# The way most networks for pictures are really made: somebody else's weights, a new head, the lower layers frozen, small
# steps for the rest and large ones for the head, and augmentation so that few examples go a long way. `replace_head`,
# `freeze`, `param_groups` and `finetune` take any network whose head is called `fc`, all of `torchvision`'s ResNets among
# them.
#
# To try, if you like: photographs of your own in two folders, with `DOWNLOAD = True`. Augment the fifty digits: draw
# another `random_crop_resize(X, (8, 8), (0.6, 1.0), (0.8, 1.25), generator)` of every batch (and no flips: question 2 tells
# why). Or freeze more, or less, or give the head the same learning rate as the rest, and watch the curves.
#
# What a network has learned to see serves for more than naming pictures. In **ps22** it draws boxes around what it sees.
