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
# # Object detection (目标检测)
#
# A classifier says *what* is in a picture. A detector says **what and where**: it draws a box around each thing it finds, writes
# a name on it, and says how sure it is. In this notebook you build one from nothing: boxes and how to compare them,
# thousands of *anchors* that wait for an object, the labels they learn from, the head of an SSD, its loss, its training, and
# the judge who says how good it is. At the end your detector finds handwritten digits that are scattered over a black
# canvas, large ones and small ones, and puts a tight box around each. Training takes a few seconds.
#
# When you are through, you can
#
# * compare boxes by their overlap, and lay anchors over a picture,
# * turn "here is a 3" into targets for a network, and a network's numbers back into boxes,
# * throw away the fifty boxes too many that every detector draws,
# * say of any detector how good it is, with the number that papers print.
#
# **How it is marked.** Each exercise has a cell for your answer and, under it, a check that you can run as often as you like.
# A check is an example: it says in words what is wrong with one result. The hidden grader asks more of the same (other numbers,
# other shapes, nothing to find at all), and it marks each property on its own, so an answer that is wrong only in some cases
# keeps the points of the others. The points add up to 100; the two written questions are extra credit.
#
# **Exercises that build on others.** Nearly all of them call earlier ones: the head lays anchors, the targets need the
# overlap. If an earlier exercise that this one uses is not right yet, the grader lends a right one: one mistake costs
# its own points only. So never stop at an exercise; go on and come back. Helpers of your own may stand in cells of your own,
# above the exercise that uses them.
#
# **From scratch.** `torchvision.ops` holds `box_iou`, `box_convert` and `nms` ready-made. They are off limits in this notebook:
# here you write them, and the grader looks whether torchvision was called.
#
# **Earlier notebooks** that help: broadcasting and indexing from **ps01**, cross-entropy from **ps05**, convolutions from
# **ps10**, batch normalisation from **ps12**.
#
# **Conventions used throughout.** A box (边界框) is $(x_1, y_1, x_2, y_2)$: its upper left and its lower right corner. $x$
# runs to the right, $y$ **downwards**, as the rows of a picture do. Unless said otherwise the numbers are shares of the picture:
# $x$ of its width and $y$ of its height, so that $(0, 0, 1, 1)$ is the whole of it. Corners are in order, $x_1 \le x_2$ and
# $y_1 \le y_2$. Boxes may reach out of the picture; **they are never cut off** at 0 or 1. Boxes, anchors and pictures go through a formula
# **all at once**: a loop over them is fine only where the text says so.
#
# | letter | is |
# |---|---|
# | $n$ | pictures in a batch |
# | $A$ | anchors of a picture |
# | $M$ | true boxes of a picture |
# | $C$ | classes, the background not counted |

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import math

import torch
from course_tools import batches, check, check_equal, check_promises, digits, plot_curves
from torch import nn


# %% nbgrader={"grade": false, "grade_id": "drawing", "locked": true, "schema_version": 3, "solution": false, "task": false}
def show_boxes(axes, boxes, colours="tab:red", names=None, **options):
    """Draws boxes (k, 4), shares of the picture, into axes that `show_picture` has made.

    colours: one for all or a list; names: what is written above the boxes, if anything; options: of matplotlib's rectangles, linestyle="--" for instance.
    """
    from matplotlib.patches import Rectangle

    for i, (x1, y1, x2, y2) in enumerate(torch.as_tensor(boxes).detach().tolist()):
        colour = colours if isinstance(colours, str) else colours[i]
        axes.add_patch(Rectangle((x1, y1), x2 - x1, y2 - y1, **{"fill": False, "edgecolor": colour, "linewidth": 2, "clip_on": False, **options}))
        if names is not None:
            label = {"facecolor": colour, "edgecolor": "none", "pad": 1.2}
            axes.text(max(x1, 0), max(y1, 0), names[i], color="white", fontsize=8, va="bottom", ha="left", bbox=label)


def show_picture(axes, picture, title=""):
    """Shows a grey picture (1, h, w) or one in colour (h, w, 3), so that its width and its height run from 0 to 1."""
    picture = torch.as_tensor(picture)
    height, width = picture.shape[-2:] if picture.shape[-1] != 3 else picture.shape[:2]
    grey = {"cmap": "gray", "vmin": 0, "vmax": 1} if picture.shape[-1] != 3 else {}
    axes.imshow(picture[0] if picture.shape[-1] != 3 else picture, extent=(0, 1, 1, 0), aspect=height / width, **grey)
    axes.set(xticks=[], yticks=[])
    axes.set_title(title, fontsize=9, pad=14)


# %% [markdown]
# ## 1 · Boxes
#
# ### 1.1 `box_corner_to_center`
#
# *difficulty 1/5 · importance 3/5 · about 5 minutes · 3 points*
#
# Notes: 004 目标检测和边界框
#
# Two corners are good for drawing. For learning, the other way to say the same is better: the centre $(x, y)$ and the sizes,
# width $w$ and height $h$.
#
# $$x = \frac{x_1 + x_2}{2}, \qquad y = \frac{y_1 + y_2}{2}, \qquad w = x_2 - x_1, \qquad h = y_2 - y_1$$
#
# **By hand.** The box $(0.1, 0.2, 0.7, 0.4)$ has its centre at $(0.4, 0.3)$; it is $0.6$ wide and $0.2$ high. So
# $(0.1, 0.2, 0.7, 0.4)$ becomes $(0.4, 0.3, 0.6, 0.2)$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Take the four columns apart, compute four new ones, and put these together again. No loop over the boxes.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `x1, y1, x2, y2 = boxes.unbind(dim=-1)` takes the last dimension apart, `torch.stack([…], dim=-1)` puts four new columns
# together.
# </details>
#
# <details><summary>Help: I see that the check says my argument was changed</summary>
#
# `boxes[:, 0] = …` writes into the tensor of the caller. Make a new one.
# </details>


# %% nbgrader={"grade": false, "grade_id": "box_corner_to_center", "locked": false, "schema_version": 3, "solution": true, "task": false}
def box_corner_to_center(boxes):
    """Corners to centre and size.

    boxes: (n, 4) float, rows (x1, y1, x2, y2), left unchanged.
    Returns: a new tensor (n, 4), rows (x, y, w, h), dtype and device of the boxes.
    """
    ### BEGIN SOLUTION
    x1, y1, x2, y2 = boxes.unbind(dim=-1)
    return torch.stack([(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1], dim=-1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_box_corner_to_center", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
_boxes = torch.tensor([[0.1, 0.2, 0.7, 0.4], [-0.2, 0.5, 0.3, 1.2], [30.0, 41.0, 33.0, 46.0]])
_centers = torch.tensor([[0.4, 0.3, 0.6, 0.2], [0.05, 0.85, 0.5, 0.7], [31.5, 43.5, 3.0, 5.0]])
check_equal(box_corner_to_center(_boxes), _centers, "the centres and sizes of three boxes")
check_promises(box_corner_to_center, _boxes)

# %% [markdown]
# ### 1.2 `box_center_to_corner`
#
# *difficulty 1/5 · importance 3/5 · about 3 minutes · 3 points*
#
# Notes: 004 目标检测和边界框
#
# And back. From the centre to a corner it is **half** the width and half the height.
#
# $$x_1 = x - \tfrac{w}{2}, \qquad y_1 = y - \tfrac{h}{2}, \qquad x_2 = x + \tfrac{w}{2}, \qquad y_2 = y + \tfrac{h}{2}$$
#
# **By hand.** $(0.4, 0.3, 0.6, 0.2)$ becomes $(0.4 - 0.3,\ 0.3 - 0.1,\ 0.4 + 0.3,\ 0.3 + 0.1) = (0.1, 0.2, 0.7, 0.4)$, the box of 1.1.
#
# <details><summary>Hint 1: a nudge</summary>
#
# As in 1.1. Widths go with $x$, heights with $y$.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `x, y, w, h = boxes.unbind(dim=-1)`, then stack `x - w / 2`, `y - h / 2`, and two more.
# </details>
#
# <details><summary>Help: I see boxes of twice the size</summary>
#
# The whole width was taken where the half belongs.
# </details>


# %% nbgrader={"grade": false, "grade_id": "box_center_to_corner", "locked": false, "schema_version": 3, "solution": true, "task": false}
def box_center_to_corner(boxes):
    """Centre and size to corners.

    boxes: (n, 4) float, rows (x, y, w, h), left unchanged.
    Returns: a new tensor (n, 4), rows (x1, y1, x2, y2), dtype and device of the boxes.
    """
    ### BEGIN SOLUTION
    x, y, w, h = boxes.unbind(dim=-1)
    return torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=-1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_box_center_to_corner", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check_equal(box_center_to_corner(_centers), _boxes, "the corners of three boxes")
check_promises(box_center_to_corner, _centers)

# %% [markdown]
# ### 1.3 `box_iou`
#
# *difficulty 3/5 · importance 5/5 · about 20 minutes · 9 points*
#
# Notes: 004 锚框
#
# How much are two boxes the same? Divide the area that they share by the area that they cover together. That is the Jaccard index
# (杰卡德系数) of two sets of points; for boxes it is called *intersection over union* (IoU, 交并比):
#
# $$J(\mathcal A, \mathcal B) = \frac{|\mathcal A \cap \mathcal B|}{|\mathcal A \cup \mathcal B|}
# = \frac{|\mathcal A \cap \mathcal B|}{|\mathcal A| + |\mathcal B| - |\mathcal A \cap \mathcal B|}$$
#
# It is 1 for equal boxes, 0 for boxes that do not meet, and it does not change when all boxes are scaled alike.
#
# You compute it for **every pair**: of $n$ boxes with $m$ boxes a table $(n, m)$. The overlap of two boxes is a box again: its
# left edge is the larger one of the two left edges, its right edge the smaller one of the two right edges, likewise up and down. Where
# the edges come out in the wrong order there is no overlap.
#
# **Conventions.** $n$ or $m$ may be 0; then the table is empty, of shape $(n, m)$. Boxes that only touch have 0. Two boxes whose
# union has no area have 0 as well, never NaN. Boxes are not pixels: no "+ 1" anywhere. No loop over the boxes.
#
# **By hand.** $(0, 0, 4, 2)$ and $(2, 1, 6, 4)$: the overlap is $(2, 1, 4, 2)$, of area $2 \cdot 1 = 2$. The areas are $8$ and $12$, the
# union is $8 + 12 - 2 = 18$, and the IoU is $2/18 = 1/9$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `boxes1[:, None]` has shape $(n, 1, 4)$ and meets `boxes2`, $(m, 4)$, in a table $(n, m, 4)$. What happens where both the width and
# the height of an overlap are negative?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `torch.maximum(boxes1[:, None, :2], boxes2[:, :2])` are the upper left corners, `torch.minimum` of the others the lower right ones.
# Their difference, clamped at 0 from below, gives width and height of each overlap. For the division, put 1 in the place of a union
# that is 0: `union.masked_fill(union == 0, 1)`.
# </details>
#
# <details><summary>Help: I see an IoU of 4 or so for boxes that are far from each other</summary>
#
# Minus times minus is plus. Clamp width and height **before** you multiply them.
# </details>


# %% nbgrader={"grade": false, "grade_id": "box_iou", "locked": false, "schema_version": 3, "solution": true, "task": false}
def box_iou(boxes1, boxes2):
    """Intersection over union of every pair.

    boxes1: (n, 4), boxes2: (m, 4), float, corners; n and m may be 0. Both are left unchanged.
    Returns: (n, m), dtype and device of the boxes; 0 where the union has no area.
    """
    ### BEGIN SOLUTION
    area1 = (boxes1[:, 2] - boxes1[:, 0]) * (boxes1[:, 3] - boxes1[:, 1])
    area2 = (boxes2[:, 2] - boxes2[:, 0]) * (boxes2[:, 3] - boxes2[:, 1])
    upper_left = torch.maximum(boxes1[:, None, :2], boxes2[:, :2])  # (n, m, 2)
    lower_right = torch.minimum(boxes1[:, None, 2:], boxes2[:, 2:])
    size = (lower_right - upper_left).clamp(min=0)
    overlap = size[:, :, 0] * size[:, :, 1]
    union = area1[:, None] + area2 - overlap
    return overlap / union.masked_fill(union == 0, 1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_box_iou", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
_boxes1 = torch.tensor([[0.0, 0.0, 4.0, 2.0], [1.0, 0.5, 3.0, 2.5]])
_boxes2 = torch.tensor([[2.0, 1.0, 6.0, 4.0], [0.0, 0.0, 4.0, 2.0], [7.0, 8.0, 9.0, 9.0]])
_table = torch.tensor([[1 / 9, 1.0, 0.0], [1.5 / 14.5, 1 / 3, 0.0]])
check_equal(box_iou(_boxes1, _boxes2), _table, "the IoU of two boxes with three others (the last one is far away)")
check_equal(box_iou(_boxes1 / 64, _boxes2 / 64), _table, "the IoU of the same boxes, 64 times as small")
check_equal(box_iou(_boxes1[:0], _boxes2), torch.zeros(0, 3), "the IoU of no box with three")
_points = torch.tensor([[0.5, 0.5, 0.5, 0.5], [0.5, 0.5, 0.5, 0.5], [0.2, 0.3, 0.4, 0.3]])
check_equal(box_iou(_points, _points), torch.zeros(3, 3), "the IoU of boxes without an area")
check_promises(box_iou, _boxes1, _boxes2[:2])

# %% [markdown]
# ## 2 · Anchors
#
# Where should a detector look? Everywhere, and for every shape. So boxes are laid all over the picture before anything is known
# about it; they are called *anchor boxes* (锚框). The network then says of each one two things: which class is in it, and how it should be
# moved and stretched to fit.
#
# ### 2.1 `multibox_prior`
#
# *difficulty 4/5 · importance 5/5 · about 30 minutes · 10 points*
#
# Notes: 004 锚框
#
# Around the centre of every pixel of a *feature map* (特征图), $h$ rows and $w$ columns, anchors of several scales
# $s_1, \dots, s_n$ (缩放比) and ratios of width to height $r_1, \dots, r_m$ (宽高比). All $n \cdot m$ pairs would be many; one takes only those with the first
# scale or the first ratio, which are $n + m - 1$, **in this order**:
#
# $$(s_1, r_1),\ (s_1, r_2),\ \dots,\ (s_1, r_m),\ (s_2, r_1),\ (s_3, r_1),\ \dots,\ (s_n, r_1)$$
#
# **Sizes.** The notes give the anchor the width $h s \sqrt r$ and the height $h s / \sqrt r$. These are lengths in pixels of the map.
# As shares of the picture, which is what we want, the width has to be divided by $w$ and the height by $h$:
#
# $$\text{width} = s \sqrt r \cdot \frac{h}{w}, \qquad \text{height} = \frac{s}{\sqrt r}$$
#
# So an anchor of ratio 1 is a square of pixels on every map, square or not.
#
# **Centres.** Pixel $(i, j)$, row $i$ and column $j$, both from 0, has its centre at
# $x = (j + \tfrac12) / w$, $y = (i + \tfrac12) / h$.
#
# **Order of all anchors.** Pixel after pixel, row by row; at each pixel its $n + m - 1$ anchors in the order above. Nothing is
# cut off where an anchor reaches out of the picture. A loop over the pairs $(s, r)$ is fine.
#
# *If you know the book:* it prints the same order, and its code returns another one, $(s_1, r_1), (s_2, r_1), \dots, (s_n, r_1), (s_1, r_2), \dots$
# This course keeps to the formula.
#
# **By hand.** A map of 2 rows and 4 columns, $s = (0.5, 0.25)$, $r = (1, 4)$. The first pixel has its centre at
# $(\tfrac18, \tfrac14)$, and $h / w = \tfrac12$. $(s_1, r_1)$ is $0.25$ wide and $0.5$ high: $(0, 0, 0.25, 0.5)$.
# $(s_1, r_2)$ with $\sqrt r = 2$ is $0.5$ wide and $0.25$ high: $(-0.125, 0.125, 0.375, 0.375)$. $(s_2, r_1)$ is $0.125$ wide
# and $0.25$ high: $(0.0625, 0.125, 0.1875, 0.375)$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Two tables: the centres, $(hw, 1, 2)$, and half the sizes, $(1, n + m - 1, 2)$. Centres minus half sizes are the upper left corners of
# all anchors at once.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `pairs = [(sizes[0], r) for r in ratios] + [(s, ratios[0]) for s in sizes[1:]]`. `torch.meshgrid(y, x, indexing="ij")` gives $y$ and $x$ of each pixel
# as two tables $(h, w)$; flattened, they run row by row. Centre and size of each anchor, or its corners at once: both ways
# are good. At the end `reshape(1, -1, 4)`.
# </details>
#
# <details><summary>Help: I see the right boxes in another order</summary>
#
# Pixels first, then the pairs: before the last reshape the shape must be `(h * w, n + m - 1, 4)`. And do the ratios come before the
# further scales?
# </details>


# %% nbgrader={"grade": false, "grade_id": "multibox_prior", "locked": false, "schema_version": 3, "solution": true, "task": false}
def multibox_prior(data, sizes, ratios):
    """Anchors around every pixel of a feature map.

    data: (n, c, h, w) float; only h, w, dtype and device are used. sizes, ratios: sequences of floats > 0.
    Returns: (1, h * w * (len(sizes) + len(ratios) - 1), 4), corners in shares of the picture, not cut off; dtype and device of the data.
    """
    ### BEGIN SOLUTION
    h, w = data.shape[-2:]
    options = {"dtype": data.dtype, "device": data.device}
    pairs = [(sizes[0], r) for r in ratios] + [(s, ratios[0]) for s in sizes[1:]]
    shapes = torch.tensor([[s * math.sqrt(r) * h / w, s / math.sqrt(r)] for s, r in pairs], **options)  # (a, 2)
    y, x = torch.meshgrid((torch.arange(h, **options) + 0.5) / h, (torch.arange(w, **options) + 0.5) / w, indexing="ij")
    centers = torch.stack([x.flatten(), y.flatten()], dim=1)[:, None]  # (hw, 1, 2)
    anchors = torch.cat([centers - shapes / 2, centers + shapes / 2], dim=2)  # (hw, a, 4)
    return anchors.reshape(1, -1, 4)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_multibox_prior", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
_anchors = multibox_prior(torch.rand(3, 5, 2, 4), [0.5, 0.25], [1.0, 4.0])
check_equal(_anchors.shape, (1, 24, 4), "the shape of the anchors of 2 × 4 pixels with 2 + 2 - 1 anchors each")
check_equal(_anchors[0, 0], torch.tensor([0.0, 0.0, 0.25, 0.5]), "the first anchor of the first pixel, of scale 0.5 and ratio 1")
check_equal(_anchors[0, 1], torch.tensor([-0.125, 0.125, 0.375, 0.375]), "the second anchor of the first pixel, of scale 0.5 and ratio 4")
check_equal(_anchors[0, 2], torch.tensor([0.0625, 0.125, 0.1875, 0.375]), "the third anchor of the first pixel, of scale 0.25 and ratio 1")
check_equal(_anchors[0, 3], torch.tensor([0.25, 0.0, 0.5, 0.5]), "the first anchor of the second pixel, right of the first")
check_equal(_anchors[0, 22], torch.tensor([0.625, 0.625, 1.125, 0.875]), "the second anchor of the last pixel")
_anchors = multibox_prior(torch.rand(1, 1, 5, 2, dtype=torch.float64), [0.3, 0.2, 0.6], [2.0, 0.5])
check_equal(_anchors.shape, (1, 40, 4), "the shape of the anchors of 5 × 2 pixels with 3 + 2 - 1 anchors each")
_sizes = torch.tensor([[1.06066, 0.212132], [0.53033, 0.424264], [0.707107, 0.141421], [2.12132, 0.424264]], dtype=torch.float64)
check_equal(
    _anchors[0, 4:8, 2:] - _anchors[0, 4:8, :2], _sizes, "width and height of the anchors of one pixel, 5 × 2 pixels, scales 0.3, 0.2, 0.6 and ratios 2, 0.5"
)

# %% [markdown]
# **Anchors on a picture.** Left: the five anchors of one pixel of a map of $8 \times 12$ pixels. Right: three maps, each with anchors of its own
# scale. Coarse maps are for large things, fine maps for small ones. That is *multiscale detection* (多尺度目标检测).

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_anchors", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
# from sklearn.datasets import load_sample_image
#
# pagoda = torch.from_numpy(load_sample_image("china.jpg").copy())
# figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.1), layout="constrained")
#
# sizes, ratios = [0.75, 0.5, 0.25], [1.0, 2.0, 0.5]
# per_pixel = multibox_prior(torch.zeros(1, 1, 8, 12), sizes, ratios).reshape(8, 12, 5, 4)
# colours = ["tab:red", "tab:orange", "gold", "tab:cyan", "white"]
# show_picture(left, pagoda, "The anchors of one pixel: scales 0.75, 0.5, 0.25, ratios 1, 2, 0.5")
# names = [f"{s}, {r:g}" for s, r in [(0.75, 1), (0.75, 2), (0.75, 0.5), (0.5, 1), (0.25, 1)]]
# show_boxes(left, per_pixel[4, 3], colours)
# for (x1, y1, _, _), name, colour in zip(per_pixel[4, 3].tolist(), names, colours, strict=True):
#     left.text(x1, y1, name, fontsize=8, color="black", bbox={"facecolor": colour, "edgecolor": "none", "pad": 1})
#
# show_picture(right, pagoda, "One anchor a pixel on three maps: 2 × 3, 4 × 6 and 8 × 12 pixels")
# for (h, w), scale, colour in (((2, 3), 0.42, "tab:red"), ((4, 6), 0.2, "gold"), ((8, 12), 0.09, "white")):
#     show_boxes(right, multibox_prior(torch.zeros(1, 1, h, w), [scale], [1.0])[0], colour, linewidth=1.5)
# plt.show()

# %% [markdown]
# ## 3 · What each anchor should say
#
# In training, each anchor is a sample with a label of its own: the class of the object that it is responsible for, or *background*
# (背景), and the four numbers that would carry it onto the true box (真实边界框).
#
# ### 3.1 `offset_boxes`
#
# *difficulty 2/5 · importance 4/5 · about 15 minutes · 6 points*
#
# Notes: 004 锚框
#
# How far is a true box $b$ from its anchor $a$? With centres $(x, y)$, widths $w$ and heights $h$, four *offsets* (偏移量):
#
# $$\left( \frac{(x_b - x_a) / w_a}{\sigma_x},\ \ \frac{(y_b - y_a) / h_a}{\sigma_y},\ \
# \frac{\log (w_b / w_a)}{\sigma_w},\ \ \frac{\log (h_b / h_a)}{\sigma_h} \right),
# \qquad \sigma_x = \sigma_y = 0.1,\quad \sigma_w = \sigma_h = 0.2$$
#
# All is measured by the **anchor**: a step of one anchor width is 10, whatever the size of the anchor. (The notes have a $\mu$ to subtract as
# well; all of them are 0.) Anchors and boxes have positive sides.
#
# **By hand.** The anchor $(0.2, 0.2, 0.6, 0.4)$ has the centre $(0.4, 0.3)$ and is $0.4 \times 0.2$. The box $(0.1, 0.27, 0.9, 0.37)$ has the
# centre $(0.5, 0.32)$ and is $0.8 \times 0.1$. The offsets are $\frac{0.1}{0.4} / 0.1 = 2.5$, then $\frac{0.02}{0.2} / 0.1 = 1$, then
# $\ln 2 / 0.2 = 3.466$ and $\ln \tfrac12 / 0.2 = -3.466$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Both to centre and size first (1.1). The first two columns are centres, the last two sizes: two formulas, each for two columns.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `(b[:, :2] - a[:, :2]) / a[:, 2:] / 0.1` and `torch.log(b[:, 2:] / a[:, 2:]) / 0.2`, joined by `torch.cat(…, dim=1)`.
# </details>
#
# <details><summary>Help: I see the right numbers with the wrong sign in the last two columns</summary>
#
# The logarithm is of box over anchor. A box that is larger than its anchor has positive offsets there.
# </details>


# %% nbgrader={"grade": false, "grade_id": "offset_boxes", "locked": false, "schema_version": 3, "solution": true, "task": false}
def offset_boxes(anchors, assigned_bb):
    """Offsets that carry anchors onto boxes.

    anchors, assigned_bb: (A, 4) float, corners, with positive sides; A may be 0. Both are left unchanged.
    Returns: (A, 4), the four offsets of each; dtype and device of the anchors.
    """
    ### BEGIN SOLUTION
    a, b = box_corner_to_center(anchors), box_corner_to_center(assigned_bb)
    center = (b[:, :2] - a[:, :2]) / a[:, 2:] / 0.1
    size = torch.log(b[:, 2:] / a[:, 2:]) / 0.2
    return torch.cat([center, size], dim=1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_offset_boxes", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_anchors = torch.tensor([[0.2, 0.2, 0.6, 0.4], [-0.1, 0.3, 0.3, 0.8]])
_boxes = torch.tensor([[0.1, 0.27, 0.9, 0.37], [0.05, 0.35, 0.15, 0.6]])
_offsets = torch.tensor([[2.5, 1.0, 3.465736, -3.465736], [0.0, -1.5, -6.931472, -3.465736]])
check_equal(offset_boxes(_anchors, _boxes), _offsets, "the offsets of two boxes from their anchors", rtol=1e-3, atol=1e-3)
check_promises(offset_boxes, _anchors, _boxes)

# %% [markdown]
# ### 3.2 `offset_inverse`
#
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 5 points*
#
# Notes: 004 锚框
#
# The way back: a network predicts offsets, and we want the box. Solve the formula of 3.1 for the box:
#
# $$x = x_a + 0.1\, d_x\, w_a, \qquad y = y_a + 0.1\, d_y\, h_a, \qquad w = w_a\, e^{0.2\, d_w}, \qquad h = h_a\, e^{0.2\, d_h}$$
#
# and give it by its **corners**.
#
# **By hand.** The anchor $(0.2, 0.2, 0.6, 0.4)$ and the offsets $(2.5,\ 1,\ 3.466,\ -3.466)$ of 3.1: the centre is
# $(0.4 + 0.1 \cdot 2.5 \cdot 0.4,\ 0.3 + 0.1 \cdot 1 \cdot 0.2) = (0.5, 0.32)$, the size $(0.4 \cdot 2,\ 0.2 / 2) = (0.8, 0.1)$, and the corners are
# $(0.1, 0.27, 0.9, 0.37)$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Undo the steps of 3.1, the last one first: times 0.2, then `exp`, then times the size of the anchor.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Centre and size of each box, joined as in 3.1, and at the end 1.2.
# </details>
#
# <details><summary>Help: I see boxes of no size, or with corners in the wrong order</summary>
#
# Without `exp` an offset of 0 gives the width 0. With it, the width is that of the anchor.
# </details>


# %% nbgrader={"grade": false, "grade_id": "offset_inverse", "locked": false, "schema_version": 3, "solution": true, "task": false}
def offset_inverse(anchors, offset_preds):
    """Boxes from anchors and offsets: the inverse of offset_boxes.

    anchors: (A, 4) float, corners, with positive sides. offset_preds: (A, 4) float. Both are left unchanged.
    Returns: (A, 4), boxes by their corners, not cut off; dtype and device of the anchors.
    """
    ### BEGIN SOLUTION
    a = box_corner_to_center(anchors)
    center = a[:, :2] + 0.1 * offset_preds[:, :2] * a[:, 2:]
    size = a[:, 2:] * torch.exp(0.2 * offset_preds[:, 2:])
    return box_center_to_corner(torch.cat([center, size], dim=1))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_offset_inverse", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check_equal(offset_inverse(_anchors, _offsets), _boxes, "the boxes of 3.1 from their offsets", atol=1e-5)
check_promises(offset_inverse, _anchors, _offsets)

# %% [markdown]
# ### 3.3 A question on paper
#
# **Question 1 (up to 4 points of extra credit, marked by hand): why offsets look like that.** (a) Why are the differences of the centres divided by $w_a$ and
# $h_a$? (b) Why is the logarithm of the ratio of the sizes taken, and not their difference? (c) What do the divisors 0.1 and 0.2 do? (d) For which box are all four
# offsets 0? What would go wrong with the loss, if the network had to predict the four corners in raw pixels?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_offsets", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) So that they do not depend on scale: what matters for the overlap is a shift *beside the size*. A shift of 5 pixels is nothing for a box of
# 200 pixels and a miss for one of 10. Divided by the anchor's size, the same shift relative to the box has the same offset on every map and at every scale, so one convolution
# can predict it everywhere.
#
# (b) Sizes are positive and act by factors. $\log (w_b / w_a)$ is symmetric: twice as wide is $+\log 2$, half as wide $-\log 2$, an error as
# large. Any real prediction gives a positive width after the exponential. It, too, does not depend on the scale.
#
# (c) An anchor that was assigned overlaps its box by half or more, so shifts are about a tenth of its size, and logarithms of the ratios about 0.2. Divided by these,
# all four targets are about 1 in size: similar weight in the loss, and beside the cross-entropy, too.
#
# (d) For the box that equals its anchor: a network that predicts zeros proposes the anchors themselves. In raw pixels large boxes would rule the loss, since their errors are
# larger by the same factor as they are; coordinates would depend on where in the picture the anchor is, which a convolution does not see.
#
# **Marking scheme.** 2 points: the scale, that is, relative shifts and why they are the same for small and large boxes (1), and what raw pixels do to the loss (1).
# 1 point: the logarithm treats ×2 and ÷2 alike (or: keeps the width positive). 1 point: σ brings the four numbers to a similar size, and zeros mean the anchor itself.
# ### END SOLUTION

# %% [markdown]
# ### 3.4 `assign_anchor_to_bbox`
#
# *difficulty 4/5 · importance 5/5 · about 30 minutes · 10 points*
#
# Notes: 004 锚框
#
# Which anchor is responsible for which true box? Let $X$ be the table of all IoUs, a row for each of the $A$ anchors and a
# column for each of the $M$ boxes.
#
# 1. **Every box gets an anchor.** Take the largest entry of the whole table, row $i_1$ and column $j_1$: anchor $i_1$ gets box $j_1$. Strike out the row **and** the
#    column. Take the largest entry that is left, and so on, until all columns are struck out. No threshold here: nobody goes away with empty hands.
# 2. **Good anchors may join in.** Each anchor that has no box yet, $A - M$ of them, looks at **its own row of the original table**: if the largest entry there is at least
#    `iou_threshold`, the anchor gets that box. Otherwise it is background, written $-1$.
#
# (Where the notes count the anchors of step 2, they print $n_b - n_b$; it is $n_a - n_b$.)
#
# Step 2 does not touch what step 1 has given. A loop over the boxes is fine. There are at least as many anchors as boxes; without any box all anchors are background.
#
# **By hand.** Threshold 0.5 and the table
#
# | | box 0 | box 1 |
# |---|---|---|
# | anchor 0 | 0.6 | **0.9** |
# | anchor 1 | **0.3** | 0.7 |
# | anchor 2 | 0.2 | 0.8 |
# | anchor 3 | 0.1 | 0.4 |
#
# The largest entry is 0.9: anchor 0 gets box 1. Row 0 and column 1 are gone; what is left is 0.3, 0.2, 0.1, so anchor 1 gets box 0, though it overlaps
# box 1 more. Step 2: the largest entry of anchor 2 in the original table is 0.8, box 1. For anchor 3 it is 0.4, too little. Result: $(1, 0, 1, -1)$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Step 2 is one line for all anchors: the largest entry of each row, and where. Do it first, if you like, and let step 1 write over it. Step 1 is a loop over the boxes.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Work on a copy of the table. `divmod(int(left.argmax()), m)` gives row and column of its largest entry. To strike out, write $-1$ into `left[i, :]` and
# `left[:, j]`: an IoU is never negative.
# </details>
#
# <details><summary>Help: I see an error where there is no box</summary>
#
# The largest entry of an empty row does not exist. Return all $-1$ before you look for it.
# </details>


# %% nbgrader={"grade": false, "grade_id": "assign_anchor_to_bbox", "locked": false, "schema_version": 3, "solution": true, "task": false}
def assign_anchor_to_bbox(ground_truth, anchors, iou_threshold=0.5):
    """The true box of each anchor.

    ground_truth: (M, 4), anchors: (A, 4), float, corners, A >= M; M may be 0. Both are left unchanged.
    Returns: (A,) int64 on their device: the number of the box of each anchor, -1 for none.
    """
    ### BEGIN SOLUTION
    num_anchors, num_boxes = len(anchors), len(ground_truth)
    if num_boxes == 0:
        return torch.full((num_anchors,), -1, dtype=torch.int64, device=anchors.device)
    iou = box_iou(anchors, ground_truth)
    best, box = iou.max(dim=1)
    assigned = torch.where(best >= iou_threshold, box, -1)  # step 2, for all anchors
    left = iou.clone()
    for _ in range(num_boxes):  # step 1 has the last word
        i, j = divmod(int(left.argmax()), num_boxes)
        assigned[i] = j
        left[i, :] = -1
        left[:, j] = -1
    return assigned
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_assign_anchor_to_bbox", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
def _strips(*pairs):
    """Boxes of the same height, from left to right."""
    return torch.tensor([[left, 0.0, right, 1.0] for left, right in pairs])


_truth = _strips((0.0, 6.0), (2.0, 8.0), (20.0, 30.0))
_anchors = _strips((1.0, 8.0), (1.5, 10.0), (3.0, 9.0), (22.0, 24.0), (26.0, 45.0), (9.0, 12.0))
_assigned = assign_anchor_to_bbox(_truth, _anchors)
check_equal(_assigned, torch.tensor([1, 0, 1, 2, -1, -1]), "the boxes of six anchors (of 0 to 6, 2 to 8 and 20 to 30)")
_assigned = assign_anchor_to_bbox(_truth, _anchors, 0.1)
check_equal(_assigned, torch.tensor([1, 0, 1, 2, 2, -1]), "the boxes of the six anchors with the threshold 0.1")
_assigned = assign_anchor_to_bbox(_truth[:0], _anchors)
check_equal(_assigned, torch.full((6,), -1), "the boxes of six anchors where there is no box")
check_promises(assign_anchor_to_bbox, _truth, _anchors, gradient=False, dtype=False)

# %% [markdown]
# **Who is responsible for the pagoda?** Two true boxes, drawn thick, and all anchors of two maps. Left, what step 1 alone gives: one anchor for each box, the best one. Right: with the
# anchors of step 2, which overlap by half or more. Without them a detector had two positive samples among hundreds of background ones.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_assign", "locked": true, "schema_version": 3, "solution": false, "task": false}
# truth = torch.tensor([[0.10, 0.06, 0.555, 0.97], [0.855, 0.32, 1.0, 0.99]])
# maps = [((6, 9), [0.62, 0.45], [0.5, 0.35, 0.75]), ((3, 5), [0.9, 0.75], [0.75, 0.5, 1.0])]
# anchors = torch.cat([multibox_prior(torch.zeros(1, 1, h, w), sizes, ratios)[0] for (h, w), sizes, ratios in maps])
# figure, grid = plt.subplots(1, 2, figsize=(11, 4.1), layout="constrained")
# colours = ["tab:red", "gold"]
# for axes, threshold, words in ((grid[0], 2.0, "Step 1 alone"), (grid[1], 0.5, "Both steps, threshold 0.5")):
#     assigned = assign_anchor_to_bbox(truth, anchors, threshold)
#     show_picture(axes, pagoda, f"{words}: {int((assigned >= 0).sum())} of {len(anchors)} anchors have a box")
#     show_boxes(axes, truth, colours, linewidth=4)
#     for j, colour in enumerate(colours):
#         show_boxes(axes, anchors[assigned == j], colour, linewidth=1.2, linestyle="--", clip_on=True)
# plt.show()

# %% [markdown]
# ### 3.5 `multibox_target`
#
# *difficulty 4/5 · importance 5/5 · about 30 minutes · 10 points*
#
# Notes: 004 锚框
#
# All labels of a batch at once. Every picture has the same anchors, $(1, A, 4)$, and objects of its own: `labels`, $(n, M, 5)$, rows
# $(\text{class}, x_1, y_1, x_2, y_2)$. Pictures with fewer objects are filled up with rows of class $-1$; such a row is **no object**, whatever
# its coordinates say and wherever it stands. What comes out:
#
# | | shape | is |
# |---|---|---|
# | offsets | $(n, 4A)$ | those of 3.1 for each anchor that has a box (3.4, threshold 0.5); exactly 0 for the background |
# | mask (掩码) | $(n, 4A)$ | 1 for the four offsets of an anchor that has a box, 0 for those of the background |
# | classes | $(n, A)$, int64 | class of the box **+ 1**; 0 is the background |
#
# Order in the long rows: the four offsets of anchor 0, those of anchor 1, and so on. A loop over the pictures is fine.
#
# **By hand.** Three anchors, of which the first belongs to an object of class 2 and the others to nothing. Then the classes are $(3, 0, 0)$, the mask is
# $(1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0)$, and the offsets are four numbers and eight zeros.
#
# <details><summary>Hint 1: a nudge</summary>
#
# For each picture: throw away the padding rows, assign, and fill three tensors of zeros at the anchors that have a box.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `objects = label[label[:, 0] >= 0]`, `assigned = assign_anchor_to_bbox(objects[:, 1:], anchors[0])`, `positive = assigned >= 0`. Then
# `own = objects[assigned[positive]]` are the objects of these anchors, row by row. At the end stack the pictures.
# </details>
#
# <details><summary>Help: I see NaN or minus infinity among the offsets</summary>
#
# That is the logarithm of a box without a size, made for an anchor that has no box. Times 0 it stays NaN. Compute offsets for the
# positive anchors only.
# </details>


# %% nbgrader={"grade": false, "grade_id": "multibox_target", "locked": false, "schema_version": 3, "solution": true, "task": false}
def multibox_target(anchors, labels):
    """Offsets, masks and classes that the anchors should learn, for each picture of a batch.

    anchors: (1, A, 4) float, corners. labels: (n, M, 5) float, rows (class, x1, y1, x2, y2); class -1 is padding. Both are left unchanged.
    Returns: bbox_offset (n, 4A) and bbox_mask (n, 4A), both of the anchors' dtype, and bbox_labels (n, A) int64: class + 1, or 0 for the background.
    """
    ### BEGIN SOLUTION
    anchors = anchors[0]
    offsets, masks, classes = [], [], []
    for label in labels:
        objects = label[label[:, 0] >= 0]
        assigned = assign_anchor_to_bbox(objects[:, 1:], anchors)
        positive = assigned >= 0
        own = objects[assigned[positive]]  # the object of each positive anchor
        offset = torch.zeros_like(anchors)
        offset[positive] = offset_boxes(anchors[positive], own[:, 1:])
        label_of = torch.zeros_like(assigned)
        label_of[positive] = own[:, 0].long() + 1
        offsets.append(offset.flatten())
        masks.append(positive.repeat_interleave(4).to(anchors.dtype))
        classes.append(label_of)
    return torch.stack(offsets), torch.stack(masks), torch.stack(classes)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_multibox_target", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
_anchors = torch.tensor([[[0.1, 0.1, 0.5, 0.5], [0.4, 0.4, 0.8, 1.0], [0.6, 0.1, 0.9, 0.3], [0.1, 0.12, 0.5, 0.56]]])
_labels = torch.tensor(
    [
        [[2.0, 0.1, 0.1, 0.5, 0.6], [0.0, 0.65, 0.15, 0.75, 0.35]],
        [[1.0, 0.35, 0.4, 0.8, 1.0], [-1.0, 0.1, 0.1, 0.5, 0.5]],
        [[-1.0, -1.0, -1.0, -1.0, -1.0], [-1.0, -1.0, -1.0, -1.0, -1.0]],
    ]
)
_offset, _mask, _classes = multibox_target(_anchors, _labels)
check_equal(_classes, torch.tensor([[3, 0, 1, 3], [0, 2, 0, 0], [0, 0, 0, 0]]), "the classes of four anchors in three pictures")
_mask_of = torch.tensor([[1.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]]).repeat_interleave(4, dim=1)
check_equal(_mask, _mask_of, "the masks of four anchors in three pictures")
_picture = torch.tensor([[0.0, 1.25, 0.0, 1.115718], [0.0, 0.0, 0.0, 0.0], [-1.666667, 2.5, -5.493061, 0.0], [0.0, 0.227273, 0.0, 0.639167]])
check_equal(_offset[0], _picture.flatten(), "the offsets of the first picture", rtol=1e-3, atol=1e-3)
_picture = torch.tensor([[0.0, 0.0, 0.0, 0.0], [-0.625, 0.0, 0.588915, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]])
check_equal(_offset[1], _picture.flatten(), "the offsets of the second picture, with one object", rtol=1e-3, atol=1e-3)
check_equal(_offset[2], torch.zeros(16), "the offsets of the third picture, without an object")

# %% [markdown]
# ## 4 · From numbers to boxes
#
# ### 4.1 `nms`
#
# *difficulty 3/5 · importance 5/5 · about 20 minutes · 8 points*
#
# Notes: 004 锚框
#
# A detector with hundreds of anchors finds each object many times. *Non-maximum suppression* (非极大值抑制, NMS) keeps the best box of each heap:
#
# 1. Of the boxes that are left take the one with the highest score, and keep it. Remove all that overlap **it** with an IoU of more than the threshold.
# 2. Repeat, until no box is left.
#
# A box that was removed has no say any more: only **kept** boxes remove others. In the end any two *kept* boxes overlap by no more than
# the threshold. (The notes say "any two boxes"; it is true for those that are left.)
#
# **Conventions.** The result holds the numbers of the kept boxes, int64, highest score first. Without boxes it is empty. A loop over the kept boxes is fine.
#
# **By hand.** Threshold 0.5. Box 0 scores 0.7, box 1 0.9, box 2 0.8. IoU of 1 and 2: 0.6; of 2 and 0: 0.6; of 1 and 0: 0.3. Box 1 is kept and removes
# box 2. Box 0 would have been removed by box 2, but that one is gone: it is kept. Result: $(1, 0)$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Sort once, highest score first. The first number is kept; what of the rest stays for the next round?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `order = scores.argsort(descending=True)`. While it is not empty: keep `order[0]`, and go on with those of `order[1:]` whose IoU with this box is at most the
# threshold. `box_iou(boxes[order[:1]], boxes[order[1:]])[0]` has all of them at once.
# </details>
#
# <details><summary>Help: I see too few boxes</summary>
#
# Has a box that was removed before removed another one? Chains of boxes, each overlapping the next, show it.
# </details>


# %% nbgrader={"grade": false, "grade_id": "nms", "locked": false, "schema_version": 3, "solution": true, "task": false}
def nms(boxes, scores, iou_threshold):
    """Non-maximum suppression.

    boxes: (B, 4) float, corners; scores: (B,) float, no two the same; B may be 0. Both are left unchanged.
    Returns: (K,) int64, the numbers of the boxes that are kept, highest score first.
    """
    ### BEGIN SOLUTION
    order = scores.argsort(descending=True)
    kept = []
    while len(order) > 0:
        best, rest = order[:1], order[1:]
        kept.append(best)
        order = rest[box_iou(boxes[best], boxes[rest])[0] <= iou_threshold]
    return torch.cat(kept) if kept else order
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_nms", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_boxes = _strips((6.0, 16.0), (0.0, 10.0), (1.0, 11.0), (3.0, 13.0), (40.0, 50.0))
_scores = torch.tensor([0.7, 0.9, 0.6, 0.8, 0.75])
check_equal(nms(_boxes, _scores, 0.5), torch.tensor([1, 4, 0]), "the boxes that are kept of five, threshold 0.5")
check_equal(nms(_boxes, _scores, 0.2), torch.tensor([1, 4]), "the boxes that are kept of five, threshold 0.2")
check_equal(nms(_boxes[:0], _scores[:0], 0.5), torch.tensor([], dtype=torch.int64), "the boxes that are kept of none")
check_promises(nms, _boxes, _scores, 0.5, gradient=False, dtype=False)

# %% [markdown]
# **A heap of boxes.** Sixty boxes, somewhere around two things, the better the surer. What is left of them with two thresholds?

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_nms", "locked": true, "schema_version": 3, "solution": false, "task": false}
# torch.manual_seed(3)
# size = (truth[:, 2:] - truth[:, :2]).repeat(1, 2).repeat_interleave(30, dim=0)
# shift = 0.12 * torch.randn(60, 4)
# heap = truth.repeat_interleave(30, dim=0) + shift * size
# confidence = (1 - 4.5 * shift.abs().mean(dim=1)).clamp(min=0.02)
#
# figure, grid = plt.subplots(1, 3, figsize=(13, 3.3), layout="constrained")
# shades = [plt.cm.plasma(score**0.7) for score in confidence.tolist()]
# show_picture(grid[0], pagoda, f"{len(heap)} boxes, the brighter the surer")
# show_boxes(grid[0], heap, shades, linewidth=1, clip_on=True)
# for axes, threshold in ((grid[1], 0.6), (grid[2], 0.2)):
#     kept = nms(heap, confidence, threshold)
#     show_picture(axes, pagoda, f"after nms with threshold {threshold}: {len(kept)} boxes")
#     weakest_first = kept.flip(0).tolist()
#     show_boxes(axes, heap[weakest_first], [shades[k] for k in weakest_first], [f"{confidence[k]:.2f}" for k in weakest_first], clip_on=True)
# plt.show()

# %% [markdown]
# ### 4.2 `multibox_detection`
#
# *difficulty 4/5 · importance 4/5 · about 30 minutes · 9 points*
#
# Notes: 004 锚框
#
# What a network says of each anchor, made into a list of detections. For each picture:
#
# 1. **Class and confidence** (置信度) of each anchor: the largest probability of the $C$ *real* classes, and which one it is, counted from 0. The background, row 0 of
#    `cls_probs`, takes no part, even where it is the largest.
# 2. **Boxes**: your `offset_inverse` of the anchors and the predicted offsets.
# 3. **NMS once over all boxes** of the picture, whatever their class: the notes make one list of them.
# 4. Those that were removed, and those with a confidence below `pos_threshold`, get the class $-1$.
#
# The result has a row for each anchor, $(\text{class}, \text{confidence}, x_1, y_1, x_2, y_2)$: first the rows with a real class, falling confidence; behind
# them those of class $-1$, in any order. Their confidence may be anything, their boxes are still the boxes. A loop over the pictures is fine.
#
# **By hand.** One class, two anchors of IoU 0.8, offsets 0, and probabilities (background, class 0) of $(0.7, 0.3)$ and $(0.4, 0.6)$. The confidences are 0.3 and 0.6. NMS keeps the second and
# removes the first: the rows are $(0, 0.6, \text{anchor } 1)$ and $(-1, \cdot, \text{anchor } 0)$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `probs[1:].max(dim=0)` gives confidence and class of all anchors of a picture at once.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Give all anchors their class, then write $-1$ at those that are not to count. The order of the rows: the kept ones as `nms` gives them, then the others. Which are the
# others? Start from a mask of True and write False at the kept ones.
# </details>
#
# <details><summary>Help: I see a few rows of class −1 between the others</summary>
#
# A box that `nms` keeps may still be below `pos_threshold`. Kept boxes come with falling scores, so those are the last ones.
# </details>


# %% nbgrader={"grade": false, "grade_id": "multibox_detection", "locked": false, "schema_version": 3, "solution": true, "task": false}
def multibox_detection(cls_probs, offset_preds, anchors, nms_threshold=0.5, pos_threshold=0.009999999):
    """Detections from the predictions of a network.

    cls_probs: (n, C + 1, A) float, class 0 is the background. offset_preds: (n, 4A) float. anchors: (1, A, 4) float, corners.
    Returns: (n, A, 6), dtype of cls_probs, rows (class, confidence, x1, y1, x2, y2): those of a class >= 0 first, falling confidence, then those of class -1.
    """
    ### BEGIN SOLUTION
    pictures = []
    for probs, offsets in zip(cls_probs, offset_preds):
        confidence, classes = probs[1:].max(dim=0)
        boxes = offset_inverse(anchors[0], offsets.reshape(-1, 4))
        kept = nms(boxes, confidence, nms_threshold)
        removed = torch.ones_like(classes, dtype=torch.bool)
        removed[kept] = False
        classes[removed | (confidence < pos_threshold)] = -1
        order = torch.cat([kept, removed.nonzero().flatten()])
        rows = torch.cat([classes[:, None].to(probs.dtype), confidence[:, None], boxes], dim=1)
        pictures.append(rows[order])
    return torch.stack(pictures)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_multibox_detection", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
_anchors = _strips((0.0, 10.0), (1.0, 11.0), (12.0, 20.0), (30.0, 40.0))[None]
_probs = torch.tensor([[[0.2, 0.05, 0.6, 0.9], [0.3, 0.75, 0.1, 0.06], [0.5, 0.2, 0.3, 0.04]]])
_preds = torch.zeros(1, 16)
_preds[0, 8:12] = torch.tensor([2.5, 1.0, 3.465736, -3.465736])
_rows = torch.tensor([[0.0, 0.75, 1.0, 0.0, 11.0, 1.0], [1.0, 0.3, 10.0, 0.35, 26.0, 0.85], [0.0, 0.06, 30.0, 0.0, 40.0, 1.0]])
_detected = multibox_detection(_probs, _preds, _anchors)
check_equal(_detected.shape, (1, 4, 6), "the shape of the detections of one picture with four anchors")
check_equal(_detected[0, :3], _rows, "the detections of four anchors", atol=1e-4)
check_equal(_detected[0, 3, [0, 2, 3, 4, 5]], torch.tensor([-1.0, 0.0, 0.0, 10.0, 1.0]), "class and box of the one that was removed", atol=1e-4)
_detected = multibox_detection(_probs, _preds, _anchors, pos_threshold=0.1)
check_equal(_detected[0, :2], _rows[:2], "the detections with pos_threshold 0.1", atol=1e-4)
check_equal(_detected[0, 2:, 0], torch.tensor([-1.0, -1.0]), "the classes of the others with pos_threshold 0.1")
_detected = multibox_detection(_probs, _preds, _anchors, nms_threshold=0.9)
check_equal(_detected[0, :, 0], torch.tensor([0.0, 1.0, 1.0, 0.0]), "the classes with nms_threshold 0.9")

# %% [markdown]
# ### 4.3 A second question on paper
#
# **Question 2 (up to 4 points of extra credit, marked by hand): two digits, one list.** The notes suppress over all classes at once; many libraries suppress class by class. (a) Describe a
# scene in which one list for all classes loses a right box. (b) Describe one in which class-by-class suppression keeps a wrong one. (c) "In the end the IoU of any two boxes
# is below the threshold", says the text you learn from (任意一对边界框的 IoU 都小于阈值). Correct this sentence.

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_one_list", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) Two objects of different classes at nearly the same place: a rider on a horse, a person behind a bicycle. Both boxes are right and overlap by more than the
# threshold; in one list the surer one removes the other.
#
# (b) One object about whose class the network is of two minds: a 4 that looks like a 9 gets one box as "4" (0.6) and, from a neighbouring anchor, another as "9" (0.5). They are in different lists,
# so neither removes the other, and the wrong name stays in the picture.
#
# (c) It holds for two boxes that were **kept**. A box that was removed may overlap kept ones and other removed ones as much as it likes. (At most the threshold, strictly speaking: only more than it
# removes.)
#
# **Marking scheme.** 1½ points each for (a) and (b): a scene with two classes, two boxes that overlap above the threshold, and which of them goes or stays. 1 point: (c) only the kept ones.
# ### END SOLUTION

# %% [markdown]
# ## 5 · The detector
#
# ### 5.1 `SSDHead`
#
# *difficulty 4/5 · importance 5/5 · about 35 minutes · 9 points*
#
# Notes: 004 多尺度目标检测
#
# The *single shot multibox detector* (单发多框检测, SSD) looks at the picture once. A backbone makes feature maps, fine ones and coarse ones; the head
# sees each map and says for each of its anchors a score for every class and four offsets. Nothing but convolutions: a pixel of the map looks at its surroundings and speaks
# for the anchors around it.
#
# For map $l$, with $c_l$ channels and $a_l = n_l + m_l - 1$ anchors at every pixel, **two** convolutions $3 \times 3$ with padding 1 and bias:
#
# | | channels out | channel … | belongs to |
# |---|---|---|---|
# | classes | $a_l\,(C + 1)$ | $a\,(C + 1) + c$ | anchor $a$ of the pixel, class $c$; class 0 is the background |
# | offsets | $4\, a_l$ | $4 a + k$ | anchor $a$ of the pixel, offset $k$ |
#
# `forward` takes the list of maps and returns
#
# | | shape |
# |---|---|
# | the anchors of all maps | $(1, A, 4)$ |
# | class scores (no softmax) | $(n, A, C + 1)$ |
# | offsets | $(n, 4A)$ |
#
# with the maps in the order of the list, the pixels row by row, and at each pixel its anchors: **the same order as the anchors**. Otherwise everything runs, and nothing is learned.
#
# Why permute? A convolution gives $(n, \text{channels}, h, w)$: flattened as it is, all pixels of channel 0 come first. We want all channels of pixel 0 first, so the channels must become the last
# dimension before anything is flattened.
#
# **By hand.** A map of $8 \times 8$ pixels with 2 scales and 2 ratios has $64 \cdot 3 = 192$ anchors, one of $4 \times 4$ with 1 scale and 2 ratios $16 \cdot 2 = 32$: together
# $A = 224$. With one class, the convolutions have $3 \cdot 2 = 6$ and $12$ channels for the first map, $4$ and $8$ for the second.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `nn.ModuleList` holds the convolutions of all maps; a plain list would hide their parameters. In `forward`, treat each map alone and join with `torch.cat(…, dim=1)` at the end.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `conv(X).permute(0, 2, 3, 1)` is $(n, h, w, \text{channels})$. Flattened from dimension 1 on it has, pixel by pixel, the channels in the order above; for the classes `reshape(n, -1, C + 1)`.
# </details>
#
# <details><summary>Help: I see right shapes and a wrong order</summary>
#
# `reshape(n, -1, C + 1)` without `permute` mixes pixels and classes and complains about nothing.
# </details>


# %% nbgrader={"grade": false, "grade_id": "SSDHead", "locked": false, "schema_version": 3, "solution": true, "task": false}
class SSDHead(nn.Module):
    """Anchors, class scores and offsets from several feature maps."""

    def __init__(self, channels, sizes, ratios, num_classes):
        """channels: list of L ints, those of the maps. sizes, ratios: lists of L sequences of floats. num_classes: C, the background not counted."""
        super().__init__()
        ### BEGIN SOLUTION
        self.sizes, self.ratios, self.num_classes = sizes, ratios, num_classes
        counts = [len(s) + len(r) - 1 for s, r in zip(sizes, ratios)]
        self.class_convs = nn.ModuleList(nn.Conv2d(c, a * (num_classes + 1), 3, padding=1) for c, a in zip(channels, counts))
        self.offset_convs = nn.ModuleList(nn.Conv2d(c, a * 4, 3, padding=1) for c, a in zip(channels, counts))
        ### END SOLUTION

    def forward(self, maps):
        """maps: list of L tensors (n, c_l, h_l, w_l) float.

        Returns: anchors (1, A, 4), class scores (n, A, C + 1), offsets (n, 4A); dtype and device of the maps.
        """
        ### BEGIN SOLUTION
        anchors = [multibox_prior(X, s, r) for X, s, r in zip(maps, self.sizes, self.ratios)]
        scores = [conv(X).permute(0, 2, 3, 1).flatten(1) for X, conv in zip(maps, self.class_convs)]
        offsets = [conv(X).permute(0, 2, 3, 1).flatten(1) for X, conv in zip(maps, self.offset_convs)]
        scores = torch.cat(scores, dim=1)
        return torch.cat(anchors, dim=1), scores.reshape(len(scores), -1, self.num_classes + 1), torch.cat(offsets, dim=1)
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_SSDHead", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
_head = SSDHead([2, 3], [[0.2, 0.3], [0.5]], [[1.0, 2.0], [1.0, 0.5]], num_classes=2)
_convs = sorted([conv for conv in _head.modules() if isinstance(conv, nn.Conv2d)], key=lambda conv: (conv.in_channels, conv.out_channels))
_channels = [(conv.in_channels, conv.out_channels) for conv in _convs]
check(
    _channels == [(2, 9), (2, 12), (3, 6), (3, 8)],
    f"the convolutions of the head have channels (in, out) {_channels}: expected (2, 9), (2, 12), (3, 6), (3, 8).",
)
with torch.no_grad():
    for conv, _first in zip(_convs, (0.0, 1000.0, 100.0, 2000.0)):  # each channel says its number
        conv.weight.zero_()
        conv.bias.copy_(_first + torch.arange(conv.out_channels))
_maps = [torch.rand(2, 2, 2, 3), torch.rand(2, 3, 1, 2)]
_anchors, _scores, _preds = _head(_maps)
_expected = torch.cat([multibox_prior(_maps[0], [0.2, 0.3], [1.0, 2.0]), multibox_prior(_maps[1], [0.5], [1.0, 0.5])], dim=1)
check_equal(_anchors, _expected, "the anchors of the head, those of the first map first")
check_equal(_scores.shape, (2, 22, 3), "the shape of the class scores for two pictures with 22 anchors each")
_numbers = torch.cat([torch.arange(9.0).repeat(6), 100 + torch.arange(6.0).repeat(2)])
check_equal(_scores[1].flatten(), _numbers, "the channels of the class scores, in the order in which they come out,")
_numbers = torch.cat([1000 + torch.arange(12.0).repeat(6), 2000 + torch.arange(8.0).repeat(2)])
check_equal(_preds[1], _numbers, "the channels of the offsets, in the order in which they come out,")
_maps = [_map.requires_grad_() for _map in _maps]
for conv in _convs:
    nn.init.constant_(conv.weight, 0.1)
_anchors, _scores, _preds = _head(_maps)
check_equal(
    _scores[0, 0, 0].item(),
    0.1 * _maps[0][0, :, :2, :2].sum().item(),
    "the first score, with all weights 0.1: a tenth of the sum around the first pixel",
    atol=1e-4,
)
(_scores.sum() + _preds.sum()).backward()
check(_head.get_parameter(next(iter(dict(_head.named_parameters())))).grad is not None, "no gradient reaches the parameters of the head.")

# %% [markdown]
# ### 5.2 `calc_loss`
#
# *difficulty 2/5 · importance 4/5 · about 15 minutes · 5 points*
#
# Notes: 004 锚框
#
# Two things are learned at once, so there are two losses, added. For each picture:
#
# $$\ell = \frac1A \sum_{i=1}^{A} \text{cross-entropy}_i
# \;+\; \frac{1}{4A} \sum_{k=1}^{4A} \big|\, \hat t_k\, m_k - t_k\, m_k \,\big|$$
#
# The cross-entropy is that of the class scores of each anchor; the background is a class like the others. The offsets $\hat t$ are compared with the targets $t$ by the
# absolute difference ($L_1$): it does not run away when a prediction is far off. The mask $m$ silences the anchors of the background, which have no box to predict. Both means are over **all** anchors.
# **One loss a picture**, shape $(n,)$, and no loop over the pictures.
#
# **By hand.** One picture, two anchors, one class. Scores $(0, 0)$ and $(\ln 3, 0)$, both background: the cross-entropies are $\ln 2 = 0.693$ and $\ln \tfrac43 = 0.288$, their mean
# is $0.490$. Say the first anchor has mask 1 and is off by $0.8$ in each offset, the second has mask 0: $\frac18 (4 \cdot 0.8) = 0.4$. Together $0.890$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `reduction="none"` keeps the losses apart; the means come afterwards, each over dimension 1.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `nn.functional.cross_entropy` wants the classes in dimension 1: `cls_preds.transpose(1, 2)` is $(n, C + 1, A)$, and the result is $(n, A)$.
# </details>
#
# <details><summary>Help: I see one number, or a shape of (n, A)</summary>
#
# `.mean(dim=1)`, and not `.mean()`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "calc_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def calc_loss(cls_preds, cls_labels, bbox_preds, bbox_labels, bbox_masks):
    """Cross-entropy of the classes plus the masked L1 distance of the offsets, one loss a picture.

    cls_preds: (n, A, C + 1) scores, cls_labels: (n, A) int64. bbox_preds, bbox_labels, bbox_masks: (n, 4A) float.
    Returns: (n,), dtype and device of the scores.
    """
    ### BEGIN SOLUTION
    cross_entropy = nn.functional.cross_entropy(cls_preds.transpose(1, 2), cls_labels, reduction="none")  # (n, A)
    distance = (bbox_preds * bbox_masks - bbox_labels * bbox_masks).abs()  # (n, 4A)
    return cross_entropy.mean(dim=1) + distance.mean(dim=1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_calc_loss", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
_scores = torch.tensor([[[0.0, 0.0], [1.098612, 0.0]], [[0.0, 1.098612], [2.0, 2.0]]])
_labels = torch.tensor([[0, 0], [1, 1]])
_preds = torch.tensor([[0.5, -0.5, 1.0, 0.3, 5.0, 5.0, 5.0, 5.0], [7.0, 7.0, 7.0, 7.0, 0.2, 0.4, -0.6, 1.0]])
_targets = torch.tensor([[1.3, 0.3, 0.2, -0.5, 9.0, 9.0, 9.0, 9.0], [0.0, 0.0, 0.0, 0.0, 2.2, 0.4, 0.4, 1.6]])
_masks = torch.tensor([[1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]])
check_equal(calc_loss(_scores, _labels, _preds, _targets, _masks), torch.tensor([0.890415, 0.940415]), "the losses of two pictures")
_each = calc_loss(1000 * _scores, _labels, _preds, _targets, _masks)
check_equal(_each, torch.tensor([0.746574, 0.796574]), "the losses of two pictures with very large scores")
_learn = [_scores.clone().requires_grad_(), _preds.clone().requires_grad_()]
calc_loss(_learn[0], _labels, _learn[1], _targets, _masks).sum().backward()
check(_learn[0].grad is not None, "no gradient flows back from the losses to the class scores.")
check(_learn[1].grad is not None, "no gradient flows back from the losses to the predicted offsets.")
check_promises(calc_loss, _scores, _labels, _preds, _targets, _masks, gradient=False)

# %% [markdown]
# ### 5.3 Something to find
#
# Given, and locked: a canvas with one or two digits on it, and a network of four small layers under **your** head. The backbone gives two maps, $8 \times 8$ for the smaller digits and
# $4 \times 4$ for the larger ones; as computed in 5.1 that makes 224 anchors.


# %% nbgrader={"grade": false, "grade_id": "canvas", "locked": true, "schema_version": 3, "solution": false, "task": false}
def canvas(num_images, split, generator, classes=None):
    """Black pictures with one or two handwritten digits of different sizes.

    split: "train" or "test", from which the digits are taken. classes: None where all ten digits are one class, "digit"; or a list of the digits that occur,
    each a class of its own.
    Returns: pictures (n, 1, 32, 32), labels (n, 2, 5) with rows (class, x1, y1, x2, y2), class -1 where there is no second digit.
    """
    X_train, y_train, X_test, y_test = digits()
    X, y = (X_train, y_train) if split == "train" else (X_test, y_test)
    if classes is not None:
        X, y = X[torch.isin(y, torch.tensor(classes))], y[torch.isin(y, torch.tensor(classes))]
    draw = lambda low, high: int(torch.randint(low, high, (), generator=generator))
    pictures, labels = torch.zeros(num_images, 1, 32, 32), torch.full((num_images, 2, 5), -1.0)
    for picture, label in zip(pictures, labels):
        squares = []
        for row in label[: draw(1, 3)]:
            while True:  # until the squares do not overlap
                size = draw(8, 17)
                left, top = draw(0, 33 - size), draw(0, 33 - size)
                if all(left + size <= l or l + s <= left or top + size <= t or t + s <= top for l, t, s in squares):
                    break
            squares.append((left, top, size))
            number = draw(0, len(X))
            digit = nn.functional.interpolate(X[number : number + 1], size=(size, size), mode="bilinear")[0]
            picture[:, top : top + size, left : left + size] = digit
            bright = (digit[0] > 0.1).nonzero()  # rows (y, x)
            (y1, x1), (y2, x2) = bright.amin(dim=0).tolist(), (bright.amax(dim=0) + 1).tolist()
            row[0] = 0 if classes is None else classes.index(int(y[number]))
            row[1:] = torch.tensor([left + x1, top + y1, left + x2, top + y2]) / 32
    return pictures, labels


class TinyBackbone(nn.Module):
    """Pictures (n, 1, 32, 32) to two maps, (n, 16, 8, 8) and (n, 16, 4, 4)."""

    def __init__(self):
        super().__init__()

        def block(channels_in, channels_out):
            return [nn.Conv2d(channels_in, channels_out, 3, padding=1), nn.BatchNorm2d(channels_out), nn.ReLU()]

        self.fine = nn.Sequential(*block(1, 8), nn.MaxPool2d(2), *block(8, 16), nn.MaxPool2d(2), *block(16, 16))
        self.coarse = nn.Sequential(*block(16, 16), nn.MaxPool2d(2))

    def forward(self, X):
        fine = self.fine(X)
        return [fine, self.coarse(fine)]


class TinySSD(nn.Module):
    """A detector: TinyBackbone under your SSDHead. Returns anchors (1, 224, 4), class scores (n, 224, C + 1) and offsets (n, 896)."""

    def __init__(self, num_classes):
        super().__init__()
        self.backbone = TinyBackbone()
        self.head = SSDHead([16, 16], [[0.25, 0.35], [0.45]], [[1.0, 0.6], [1.0, 0.6]], num_classes)

    def forward(self, X):
        return self.head(self.backbone(X))


# %% [markdown]
# ### 5.4 `train_detector`
#
# *difficulty 3/5 · importance 5/5 · about 20 minutes · 5 points*
#
# Notes: 004 多尺度目标检测
#
# The loop you know, with targets that are made on the way. In each of `num_epochs` epochs go through `data_iter`, and for each batch `(X, labels)`:
#
# 1. `anchors, cls_preds, bbox_preds = net(X)`, in training mode,
# 2. the targets of **this** batch, by your `multibox_target`,
# 3. one loss a picture, by your `calc_loss`,
# 4. clear the gradients, `backward` from the **mean** over the batch, one step of the optimizer.
#
# **Conventions.** `data_iter` starts a new pass at every `for`; the last batch of a pass may be short. The optimizer is one of `torch.optim` and knows the parameters of the net. Returned is a list of
# `num_epochs` floats: for each epoch the mean loss **a picture** over all its pictures, each counted once, computed before the step that follows it.
#
# **By hand.** An epoch of two batches: three pictures with the losses 1, 2, 3, then one with the loss 6. Its record is $(1 + 2 + 3 + 6)/4 = 3$, not the mean $(2 + 6)/2 = 4$ of the batches.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `multibox_target` returns three things, `calc_loss` takes five. Which goes where? The mask, too.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Add up `loss.sum().item()` and `len(X)` over the epoch, and divide once at its end.
# </details>
#
# <details><summary>Help: I see a loss that jumps or grows</summary>
#
# `optimizer.zero_grad()` before each `backward()`: otherwise the gradients of all batches pile up.
# </details>


# %% nbgrader={"grade": false, "grade_id": "train_detector", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_detector(net, data_iter, num_epochs, optimizer):
    """Trains a detector.

    net(X) returns anchors (1, A, 4), class scores (n, A, C + 1) and offsets (n, 4A). data_iter yields batches: X (n, c, h, w), labels (n, M, 5).
    Returns: a list of num_epochs floats, the mean loss a picture of each epoch.
    """
    ### BEGIN SOLUTION
    net.train()
    history = []
    for _ in range(num_epochs):
        total, count = 0.0, 0
        for X, labels in data_iter:
            anchors, cls_preds, bbox_preds = net(X)
            bbox_labels, bbox_masks, cls_labels = multibox_target(anchors, labels)
            loss = calc_loss(cls_preds, cls_labels, bbox_preds, bbox_labels, bbox_masks)
            optimizer.zero_grad()
            loss.mean().backward()
            optimizer.step()
            total += loss.sum().item()
            count += len(X)
        history.append(total / count)
    return history
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_train_detector", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
class _Net(nn.Module):
    """Says the same of every picture, times the picture's one number."""

    def __init__(self):
        super().__init__()
        self.scores, self.offsets = nn.Parameter(torch.tensor([[0.5, 0.0], [0.0, 0.2]])), nn.Parameter(torch.full((8,), 0.3))

    def forward(self, X):
        self.mode, X = self.training, X.flatten(1)
        return torch.tensor([[[0.1, 0.1, 0.5, 0.5], [0.5, 0.5, 0.9, 0.9]]]), X[:, :, None] * self.scores, X * self.offsets


_X = torch.tensor([1.0, 2.0, -1.0]).reshape(3, 1, 1, 1)
_labels = torch.tensor([[[0.0, 0.1, 0.1, 0.5, 0.6]], [[-1.0, 0.0, 0.0, 0.0, 0.0]], [[0.0, 0.5, 0.4, 0.9, 0.9]]])
_net = _Net().eval()
_history = train_detector(_net, [(_X[:2], _labels[:2]), (_X[2:], _labels[2:])], 3, torch.optim.SGD(_net.parameters(), lr=0.5))
check(_net.mode, "the network was not in training mode: net.train() belongs at the beginning.")
check_equal(_history, [0.97901, 0.768575, 0.686764], "the mean losses of three epochs")
check_equal(_net.scores.detach(), torch.tensor([[0.168332, 0.331668], [0.673151, -0.473151]]), "the parameter of the scores after three epochs", atol=1e-4)
_offsets = torch.tensor([0.20625, 0.39375, 0.20625, 0.39375, 0.1125, 0.4875, 0.1125, 0.1125])
check_equal(_net.offsets.detach(), _offsets, "the parameter of the offsets after three epochs", atol=1e-4)

# %% [markdown]
# **A few seconds of training.** 200 pictures, 10 epochs.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_training", "locked": true, "schema_version": 3, "solution": false, "task": false}
# torch.manual_seed(1)
# generator = torch.Generator().manual_seed(1)
# images, labels = canvas(200, "train", generator)
# detector = TinySSD(1)
# history = train_detector(detector, batches(images, labels, 20, True, generator), 10, torch.optim.Adam(detector.parameters(), lr=0.01))
# plot_curves({"training": history}, "epoch", "loss a picture", "A detector learns to find digits")

# %% [markdown]
# **What it finds**, on pictures with digits that it has never seen. Thin white boxes are the truth; the coloured ones, with their confidences, are yours. Only detections surer than 0.5 are drawn.


# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_found", "locked": true, "schema_version": 3, "solution": false, "task": false}
# def detect(net, pictures, **thresholds):
#     net.eval()
#     with torch.no_grad():
#         anchors, cls_preds, bbox_preds = net(pictures)
#         return multibox_detection(torch.softmax(cls_preds, dim=2).transpose(1, 2), bbox_preds, anchors, **thresholds)
#
#
# def show_found(net, pictures, labels, names=None):
#     figure, grid = plt.subplots(2, 6, figsize=(13, 4.7), layout="constrained")
#     for axes, picture, rows, objects in zip(grid.flat, pictures, detect(net, pictures, pos_threshold=0.5), labels, strict=False):
#         rows = rows[rows[:, 0] >= 0]
#         show_picture(axes, picture)
#         show_boxes(axes, objects[objects[:, 0] >= 0, 1:], "white", linewidth=1, linestyle=":")
#         colours = [["tab:orange", "tab:cyan", "tab:pink"][int(c)] for c in rows[:, 0]]
#         words = [f"{names[int(c)]}: {p:.2f}" if names else f"{p:.2f}" for c, p in rows[:, :2].tolist()]
#         show_boxes(axes, rows[:, 2:], colours, words)
#     plt.show()
#
#
# test_images, test_labels = canvas(60, "test", torch.Generator().manual_seed(7))
# show_found(detector, test_images[:12], test_labels[:12])

# %% [markdown]
# ## 6 · How good is it?
#
# Looking at twelve pictures is fun and proves nothing. The number that papers print is the *average precision* (平均精度, AP). It takes two steps.
#
# ### 6.1 `match_detections`
#
# *difficulty 3/5 · importance 3/5 · about 15 minutes · 4 points*
#
# Notes: 004 目标检测和边界框
#
# Which detections are hits? For one picture and one class, in order of **falling score**: a detection is a *hit* if, of all objects, the one that it overlaps **most** has an IoU of at least
# `iou_threshold` with it, **and** no detection before it has hit that object. Otherwise it is a miss: finding the same digit twice is an error. There is no second choice: if its best object is taken, it does not
# get another one (that is the rule of the Pascal VOC challenge). A loop over the detections is fine.
#
# **By hand.** One object. Detection 0 has the score 0.6 and IoU 0.9 with it, detection 1 the score 0.8 and IoU 0.7. Detection 1 comes first and hits; detection 0 fits better and still is a miss: $(\text{False}, \text{True})$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `box_iou(boxes, objects).max(dim=1)` gives the best object of each detection and the overlap with it, for all at once. Then a loop by falling score.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# A set of objects that were hit. `for k in scores.argsort(descending=True).tolist()`: if the overlap is large enough and the object not yet in the set, `hits[k] = True`, and it is in.
# </details>
#
# <details><summary>Help: I see an error where there is no object</summary>
#
# `max` of an empty row does not exist. Without objects everything is a miss.
# </details>


# %% nbgrader={"grade": false, "grade_id": "match_detections", "locked": false, "schema_version": 3, "solution": true, "task": false}
def match_detections(boxes, scores, objects, iou_threshold=0.5):
    """Which detections of one class in one picture are hits.

    boxes: (K, 4), scores: (K,), no two the same, objects: (M, 4), all float; K and M may be 0. All are left unchanged.
    Returns: (K,) bool in the order of the boxes.
    """
    ### BEGIN SOLUTION
    hits = torch.zeros(len(boxes), dtype=torch.bool, device=boxes.device)
    if len(objects) == 0:
        return hits
    overlap, best = box_iou(boxes, objects).max(dim=1)
    found = set()
    for k in scores.argsort(descending=True).tolist():
        if overlap[k] >= iou_threshold and int(best[k]) not in found:
            hits[k] = True
            found.add(int(best[k]))
    return hits
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_match_detections", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
_objects = _strips((0.0, 10.0), (3.0, 13.0), (40.0, 44.0))
_boxes, _scores = _strips((1.0, 11.0), (0.0, 10.0), (4.0, 14.0), (22.0, 25.0), (39.0, 44.5)), torch.tensor([0.7, 0.9, 0.4, 0.8, 0.3])
check_equal(match_detections(_boxes, _scores, _objects), torch.tensor([False, True, True, False, True]), "the hits among five detections of three objects")
check_equal(match_detections(_boxes, _scores, _objects, 0.85), torch.tensor([False, True, False, False, False]), "the hits with iou_threshold 0.85")
check_equal(match_detections(_boxes, _scores, _objects[:0]), torch.zeros(5, dtype=torch.bool), "the hits where there is no object")
check_promises(match_detections, _boxes, _scores, _objects, gradient=False, dtype=False)

# %% [markdown]
# ### 6.2 `average_precision`
#
# *difficulty 3/5 · importance 4/5 · about 20 minutes · 4 points*
#
# Notes: 004 目标检测和边界框
#
# The detections of **all** pictures in one list, the surest first. Go down this list: after $k$ detections the *precision* (精确率) is the share of hits among them, the *recall* (召回率) the share of objects that were
# found. The precision goes up and down on the way; it is made falling by taking at each rank the largest that is still to come:
#
# $$P_k = \frac{\text{hits among the first } k}{k}, \qquad \hat P_k = \max_{l \ge k} P_l, \qquad
# \text{AP} = \frac{1}{\text{number of objects}} \sum_{k \text{ is a hit}} \hat P_k$$
#
# This is the area under the stepped precision-recall curve. Objects that nobody found count in the number of objects: a detector that sees one digit in ten, and that one surely, has an AP of 0.1.
#
# **Conventions.** The scores come in any order. The AP is 0.0 if there is no object or no detection.
#
# **By hand.** By falling score: hit, miss, hit, hit; five objects. $P = (1, \tfrac12, \tfrac23, \tfrac34)$. From the right: $\hat P = (1, \tfrac34, \tfrac34, \tfrac34)$. At the hits: $1 + \tfrac34 + \tfrac34 = \tfrac52$, and
# $\text{AP} = \tfrac52 / 5 = \tfrac12$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Sort the hits by their scores. `cumsum` counts the hits, `torch.arange(1, K + 1)` the detections.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# The running maximum from the right: turn round, `cummax`, turn back. `precision.flip(0).cummax(0).values.flip(0)`.
# </details>
#
# <details><summary>Help: I see an AP above 1, or of 1 for a poor detector</summary>
#
# Is the sum divided by the number of objects, and not by that of the hits? Is it taken at the hits only?
# </details>


# %% nbgrader={"grade": false, "grade_id": "average_precision", "locked": false, "schema_version": 3, "solution": true, "task": false}
def average_precision(scores, hits, num_objects):
    """Area under the precision-recall curve.

    scores: (K,) float, no two the same. hits: (K,) bool. num_objects: int, found or not. K and num_objects may be 0. All are left unchanged.
    Returns: a float between 0 and 1.
    """
    ### BEGIN SOLUTION
    if num_objects == 0 or len(scores) == 0:
        return 0.0
    hits = hits[scores.argsort(descending=True)].double()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1, device=hits.device)
    envelope = precision.flip(0).cummax(0).values.flip(0)
    return float((envelope * hits).sum() / num_objects)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_average_precision", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
_scores, _hits = torch.tensor([0.6, 0.9, 0.2, 0.8, 0.5]), torch.tensor([True, True, False, False, True])
check_equal(average_precision(_scores, _hits, 5), 0.5, "the average precision of five detections of five objects")
check_equal(average_precision(_scores, ~_hits, 2), 0.45, "the average precision where hits and misses are swapped, of two objects")
check_equal(average_precision(_scores, _hits, 0), 0.0, "the average precision where there is no object")
check_equal(average_precision(_scores[:0], _hits[:0], 3), 0.0, "the average precision without detections")


# %% [markdown]
# ### 6.3 The judge
#
# Given: `judge_detector` collects the detections of all pictures, class by class, and `mean_average_precision` is the mean of the AP over the classes. Both call your `multibox_detection`, `match_detections` and `average_precision`.


# %% nbgrader={"grade": false, "grade_id": "judge", "locked": true, "schema_version": 3, "solution": false, "task": false}
def judge_detector(net, images, labels):
    """For each class of a detector: (scores, hits, number of objects) over all pictures."""
    net.eval()
    with torch.no_grad():
        anchors, cls_preds, bbox_preds = net(images)
        found = multibox_detection(torch.softmax(cls_preds, dim=2).transpose(1, 2), bbox_preds, anchors)
    judged = []
    for c in range(cls_preds.shape[2] - 1):
        scores, hits = [], []
        for rows, objects in zip(found, labels):
            rows, objects = rows[rows[:, 0] == c], objects[objects[:, 0] == c]
            scores.append(rows[:, 1])
            hits.append(match_detections(rows[:, 2:], rows[:, 1], objects[:, 1:]))
        judged.append((torch.cat(scores), torch.cat(hits), int((labels[:, :, 0] == c).sum())))
    return judged


def mean_average_precision(net, images, labels):
    """The mean over the classes of the average precision at IoU 0.5."""
    judged = judge_detector(net, images, labels)
    return sum(average_precision(*one) for one in judged) / len(judged)


# %% [markdown]
# **The whole of it, with names.** Three classes now, the digits 0, 1 and 2: the detector has to say which one it has found. 500 pictures and 12 epochs, about ten seconds. Beside the training curve stands the precision-recall curve of each
# class, on 60 pictures with digits that it has never seen; the mean average precision is in the title.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_three_classes", "locked": true, "schema_version": 3, "solution": false, "task": false}
# print(f"average precision of the detector of 5.4, on 60 pictures with new digits: {mean_average_precision(detector, test_images, test_labels):.3f}")
#
# torch.manual_seed(2)
# generator = torch.Generator().manual_seed(2)
# images, labels = canvas(500, "train", generator, classes=[0, 1, 2])
# test_images, test_labels = canvas(60, "test", torch.Generator().manual_seed(8), classes=[0, 1, 2])
# reader = TinySSD(3)
# history = train_detector(reader, batches(images, labels, 20, True, generator), 12, torch.optim.Adam(reader.parameters(), lr=0.01))
#
# figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained")
# left.plot(range(1, 13), history, marker="o", markersize=4)
# left.set(xlabel="epoch", ylabel="loss a picture", title="Three classes: training")
# for c, ((scores, hits, num_objects), colour) in enumerate(zip(judge_detector(reader, test_images, test_labels), ["tab:orange", "tab:cyan", "tab:pink"], strict=True)):
#     found = hits[scores.argsort(descending=True)].cumsum(0)
#     recall, precision = found / num_objects, found / torch.arange(1, len(found) + 1)
#     right.plot(recall, precision, color=colour, alpha=0.35, linewidth=1)
#     right.step(recall, precision.flip(0).cummax(0).values.flip(0), color=colour, where="pre", label=f"digit {c}: AP {average_precision(scores, hits, num_objects):.3f}")
# mean = mean_average_precision(reader, test_images, test_labels)
# right.set(xlabel="recall", ylabel="precision", title=f"Precision and recall, mean average precision {mean:.3f}", xlim=(0, 1.02), ylim=(0, 1.05))
# right.legend(loc="lower left")
# for axes in (left, right):
#     axes.grid(alpha=0.3)
# plt.show()
# show_found(reader, test_images[:12], test_labels[:12], ["0", "1", "2"])

# %% [markdown]
# ## What you have now, and where to go
#
# A whole detector, and its judge: boxes and their overlap, anchors, assignment, offsets, targets, the head, the loss, suppression, average precision. What `torchvision.models.detection` offers is larger, and made of exactly these parts; you can read
# it now.
#
# To try, if you like: train without step 2 of the assignment, with 2 as its threshold. (The AP hardly falls here. Why?) Leave the mask out of the loss and watch the AP at IoU 0.5 and at 0.75. Put the digits closer, so that their
# squares may overlap, and see what `nms` does with them.
#
# The backbone here started from nothing. On photographs one takes a network that has learned to see already, as in **ps21**, and puts this head on top of it.
