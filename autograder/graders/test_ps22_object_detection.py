"""Hidden grader of ps22_object_detection."""

import math
from dataclasses import replace
from types import SimpleNamespace

import torch
from torch.nn import functional as F

from autograder import case, criterion, exercise, expect, goal, kind_of, layer, other_order, part
from solutions.ps22_object_detection import object_detection as reference

ROUNDING = {"rtol": 1e-4, "atol": 1e-4}  # an eps of 1e-6 inside a logarithm is right, too
RATIOS = {"rtol": 1e-5, "atol": 2e-6}  # an eps that moves a ratio by less is right, too
BOXES = part(reference.box_corner_to_center), part(reference.box_center_to_corner)


def laid(draw, value):
    """The tensor as `draw` lays out its own."""
    return other_order(value) if draw.turned else value


def boxes(draw, n, low=0.1, high=0.6, scale=1.0, shift=0.0):
    """n boxes in and around the picture, with sides from low to high; scaled and shifted afterwards."""
    corner, size = draw.uniform(n, 2, low=-0.2, high=0.7), draw.uniform(n, 2, low=low, high=high)
    return laid(draw, shift + scale * torch.cat([corner, corner + size], dim=1))


def near(draw, targets, share=0.15):
    """A box near each of the targets: its corners are moved by up to this share of the sides."""
    side = (targets[:, 2:] - targets[:, :2]).repeat(1, 2)
    return laid(draw, targets + side * draw.uniform(len(targets), 4, low=-share, high=share))


FAR = 3e6  # from 0; in float32 the numbers there are a quarter apart
FAR_TITLE, FAR_HINT = "holds for float64 boxes far from 0", "no float32 on the way: no .float(), and no new tensor with a dtype of its own"


def far(case, words, *places):
    """A criterion: the numbers of float64 count. places: which of the arguments are moved away, all their coordinates alike."""

    def arguments(draw):
        drawn = case.arguments(draw.float64)
        return {words: tuple(value + FAR if i in places else value for i, value in enumerate(drawn))}

    return case.agrees(FAR_TITLE, hint=FAR_HINT, arguments=arguments, follows=True)


def strips(draw, *pairs):
    """Boxes of one height, from left to right, so that numbers can be chosen by hand."""
    return torch.tensor([[left, 0.1, right, 0.9] for left, right in pairs], dtype=draw.dtype, device=draw.device).reshape(-1, 4)


def by_hand(case, weight=1.0):
    """A criterion: no function of torchvision runs."""

    @criterion("is written by hand: torchvision does not do the work", weight=weight, hint="no function of torchvision.ops: write it, or call your own")
    def test(self, student, draw):
        arguments = tuple(case.arguments(draw))
        seen = student.run(runs_torchvision, name=case.name, arguments=list(arguments))
        expect(not seen["torchvision"], f"{case.name} calls torchvision; this exercise asks you to write it yourself", "forbidden operation")
        case.compare([(arguments, case.call(lambda *_: seen["result"])(*arguments))], follows=True)

    return test


def runs_torchvision(student, name, arguments):
    import sys

    files, function, before = set(), getattr(student, name), sys.getprofile()
    sys.setprofile(lambda frame, event, argument: files.add(frame.f_code.co_filename))
    try:
        result = function(*arguments)
    finally:
        sys.setprofile(before)
    return {"torchvision": any("/torchvision/" in file.replace("\\", "/") for file in files), "result": result}


# Boxes ----------------------------------------------------------------------------------------------------------------


def centers(boxes, x=lambda a, b: (a + b) / 2, w=lambda a, b: b - a, turned=False):
    """Corners to centre and size, or with a slip in it."""
    x1, y1, x2, y2 = boxes.unbind(-1)
    sizes = [w(x1, x2), w(y1, y2)]
    return torch.stack([x(x1, x2), x(y1, y2), *(reversed(sizes) if turned else sizes)], -1)


BY_COLUMNS = "all numbers of one column come before those of the next: torch.stack(…, dim=-1) lays four columns side by side"


def by_columns(boxes):
    return boxes.T.reshape(boxes.shape)


corner_to_center = case(
    reference.box_corner_to_center, lambda draw, n=5, *more: (boxes(draw, n, *more),), sizes=[(1,), (5,), (4,), (9,)],
    slips={
        "the centre is half the difference of the corners; it is half their sum": lambda boxes: centers(boxes, lambda a, b: (b - a) / 2),
        "width and height are swapped": lambda boxes: centers(boxes, turned=True),
        "the division by 2 is one of whole numbers": lambda boxes: centers(boxes, lambda a, b: (a + b) // 2),
        "the sum of the corners is not halved": lambda boxes: centers(boxes, lambda a, b: a + b),
        "half the width and half the height are taken": lambda boxes: centers(boxes, w=lambda a, b: (b - a) / 2),
        "width and height have the wrong sign": lambda boxes: centers(boxes, w=lambda a, b: a - b),
        "the sizes are the lower right corner, as it was": lambda boxes: centers(boxes, w=lambda a, b: b),
        "the centre is the upper left corner, as it was": lambda boxes: centers(boxes, x=lambda a, b: a),
        "x and y are mixed: the first two columns are one corner, the last two the other":
            lambda boxes: torch.cat([boxes.unflatten(1, (2, 2)).mean(2), boxes[:, 2:] - boxes[:, :2]], 1),
        BY_COLUMNS: lambda boxes: by_columns(centers(boxes)),
    },
)  # fmt: skip


def corners(boxes, half=2, turned=False, up=-1, down=1):
    """Centre and size to corners, or with a slip in it."""
    x, y, w, h = boxes.unbind(-1)
    w, h = (h, w) if turned else (w, h)
    return torch.stack([x + up * w / half, y + up * h / half, x + down * w / half, y + down * h / half], -1)


center_to_corner = case(
    reference.box_center_to_corner, lambda draw, n=5, *more: (laid(draw, centers(boxes(draw, n, *more))),), sizes=[(1,), (5,), (4,), (9,)],
    slips={
        "the whole width and height are taken; from the centre to a corner it is half of them": lambda boxes: corners(boxes, half=1),
        "width and height are swapped": lambda boxes: corners(boxes, turned=True),
        "the division by 2 is one of whole numbers": lambda boxes: corners(torch.cat([boxes[:, :2], boxes[:, 2:] // 2 * 2], 1)),
        "plus and minus are swapped": lambda boxes: corners(boxes, up=1, down=-1),
        "the centre is taken for the upper left corner": lambda boxes: corners(boxes, up=0, down=2),
        "the lower right corner is the centre: it is the centre plus half, or the upper left corner plus the whole": lambda boxes: corners(boxes, down=0),
        "the columns come in the order x1, x2, y1, y2": lambda boxes: corners(boxes)[:, [0, 2, 1, 3]],
        BY_COLUMNS: lambda boxes: by_columns(corners(boxes)),
    },
)  # fmt: skip


def in_pixels(conversion):
    return lambda draw: {f"{conversion.name} of boxes in pixels": conversion.arguments(draw, 6, 0.1, 0.6, 300.0)}


COLUMNS, NEW_ONE = "columns are treated whole: no loop over the boxes", "boxes[:, 0] = … writes into the caller's tensor: make a new one"


@exercise("box_corner_to_center")
class TestBoxCornerToCenter:
    test_values = corner_to_center.agrees("gives centre, width and height", weight=4, hint="half the sum of the corners, and their difference")
    test_pixels = corner_to_center.agrees(
        "works for boxes in pixels as well", hint="no rounding, and nothing cut off", arguments=in_pixels(corner_to_center), follows=True
    )
    test_gradients = corner_to_center.gradients()
    test_at_once = corner_to_center.at_once("n", hint=COLUMNS)
    test_dtype = corner_to_center.keeps_dtype()
    test_unchanged = corner_to_center.leaves_inputs(weight=2, hint=NEW_ONE)
    test_again = corner_to_center.again(sizes=((5,), (5,), (8,)))
    test_by_hand = by_hand(corner_to_center, weight=4)


@exercise("box_center_to_corner")
class TestBoxCenterToCorner:
    test_values = center_to_corner.agrees("gives the two corners", weight=4, hint="the centre minus and plus half the width and half the height")
    test_pixels = center_to_corner.agrees(
        "works for boxes in pixels as well", hint="no rounding, and nothing cut off", arguments=in_pixels(center_to_corner), follows=True
    )
    test_gradients = center_to_corner.gradients()
    test_at_once = center_to_corner.at_once("n", hint=COLUMNS)
    test_dtype = center_to_corner.keeps_dtype()
    test_unchanged = center_to_corner.leaves_inputs(weight=2, hint=NEW_ONE)
    test_again = center_to_corner.again(sizes=((5,), (5,), (8,)))
    test_by_hand = by_hand(center_to_corner, weight=4)


def areas(boxes, more=0.0):
    return (boxes[:, 2] - boxes[:, 0] + more) * (boxes[:, 3] - boxes[:, 1] + more)


def overlaps(boxes1, boxes2, clamped=True, more=0.0, union=lambda a, b, both: a[:, None] + b - both):
    """IoU of every pair, or with a slip in it."""
    size = torch.minimum(boxes1[:, None, 2:], boxes2[:, 2:]) - torch.maximum(boxes1[:, None, :2], boxes2[:, :2]) + more
    both = (size.clamp(min=0) if clamped is True else size).prod(2)
    both = both.clamp(min=0) if clamped == "late" else both
    return both / union(areas(boxes1, more), areas(boxes2, more), both)


def around(boxes1, boxes2):
    """The area of the smallest box around both, of every pair."""
    return (torch.maximum(boxes1[:, None, 2:], boxes2[:, 2:]) - torch.minimum(boxes1[:, None, :2], boxes2[:, :2])).prod(2)


box_iou = case(
    reference.box_iou, lambda draw, n=4, m=6, *more: (boxes(draw, n, *more), boxes(draw, m, *more)), sizes=[(1, 2), (3, 5), (6, 2), (4, 4), (2, 9)],
    slips={
        "negative widths and heights are multiplied, and two negatives make a plus":
            (lambda a, b: overlaps(a, b, clamped=False), lambda a, b: overlaps(a, b, clamped="late")),
        "the overlap is divided by the smallest box around both and not by the union": lambda a, b: overlaps(a, b, union=lambda *_: around(a, b)),
        "the overlap is counted twice in the union: it is area plus area minus the overlap":
            lambda a, b: overlaps(a, b, union=lambda a, b, both: a[:, None] + b),
        "1 is added to widths and heights, as for whole pixels": lambda a, b: overlaps(a, b, more=1.0),
        "the overlap is divided by the smaller area and not by the union":
            lambda a, b: overlaps(a, b, union=lambda a, b, both: torch.minimum(a[:, None], b.expand(len(a), -1))),
        "the overlap is divided by the area of the first box only": lambda a, b: overlaps(a, b, union=lambda a, b, both: a[:, None].expand_as(both)),
        "the overlap is divided by the area of the second box only": lambda a, b: overlaps(a, b, union=lambda a, b, both: b.expand_as(both)),
        "the overlap is not divided by the union": lambda a, b: overlaps(a, b, union=lambda a, b, both: torch.ones_like(both)),
        "the table is transposed: a row should be a box of boxes1": lambda a, b: overlaps(b, a),
        "an eps in the denominator is so large that it shows": tuple(
            lambda a, b, eps=eps: overlaps(a, b, union=lambda a, b, both: a[:, None] + b - both + eps) for eps in (1e-5, 1e-6, 1e-4, 1e-3, 1e-2)
        ),
    },
    **RATIOS,
)  # fmt: skip


def apart(draw):
    """Boxes that touch, lie apart in one direction or in both, and lie in one another."""
    one = torch.tensor([[0.25, 0.25, 0.5, 0.625]], dtype=draw.dtype, device=draw.device)
    width, height = 0.25, 0.375
    steps = {"touch at a side": (1, 0), "touch at a corner": (-1, 1), "lie apart in x and y": (2.5, 1.5), "lie far apart in x and y": (-7, -9),
             "lie apart in y only": (0.2, 1.4), "lie apart in x only": (-1.3, 0.3)}  # fmt: skip
    drawn = {}
    for words, (x, y) in steps.items():
        shift = torch.tensor([x * width, y * height], device=draw.device).repeat(2).to(one)
        drawn[f"box_iou of boxes that {words}"] = (one, one + shift)
    return drawn


def flat(draw):
    """Boxes without an area, with themselves and others."""
    corner = draw.uniform(3, 2)
    points, lines = corner.repeat(1, 2), torch.cat([corner, corner + torch.tensor([0.3, 0.0]).to(corner)], dim=1)
    drawn = {"points": points, "lines": lines, "points and boxes": torch.cat([points, boxes(draw, 2, 0.6, 0.9)])}
    return {words: (made, made.clone()) for words, made in drawn.items()}


@exercise("box_iou")
class TestBoxIou:
    test_values = box_iou.agrees("is intersection over union, for every pair", weight=4, hint="boxes1[:, None] meets boxes2 in a table (n, m)")
    test_apart = box_iou.agrees(
        "boxes that touch or lie apart have 0", weight=2, hint="clamp width and height at 0 from below, before they are multiplied", arguments=apart,
    )  # fmt: skip
    test_finite = box_iou.stays_finite("boxes without an area have 0, and no NaN", flat, weight=2, hint="where the union is 0 put 1 in its place: 0/1 is 0")
    test_sizes = box_iou.agrees(
        "holds for large and small boxes alike, in pixels too", weight=2, hint="no + 1, and no eps that shows for small boxes", follows=True,
        arguments=lambda draw: {
            "box_iou of boxes in pixels": box_iou.arguments(draw, 4, 5, 0.1, 0.6, 300.0),
            "box_iou of small boxes": tuple(scale * value for scale, value in zip((0.03, 0.03), box_iou.arguments(draw, 4, 5, 0.2, 0.9), strict=True)),
            "box_iou of float64 boxes far from 0": box_iou.arguments(draw.float64, 4, 5, 0.1, 0.6, 100.0, 3e6),
        },
    )  # fmt: skip
    test_empty = box_iou.agrees(
        "no boxes give an empty table", hint="shapes (0, m) and (n, 0) come by themselves, without a loop",
        arguments=lambda draw: {f"box_iou of {n} and {m} boxes": (boxes(draw, n), boxes(draw, m)) for n, m in [(0, 3), (2, 0), (0, 0)]},
    )  # fmt: skip
    test_gradients = box_iou.gradients(weight=2)
    test_at_once = box_iou.at_once("n", "m", hint="one table for all pairs: no loop over boxes")
    test_dtype = box_iou.keeps_dtype()
    test_unchanged = box_iou.leaves_inputs()
    test_again = box_iou.again(sizes=((4, 6), (4, 6), (5, 3)))
    test_by_hand = by_hand(box_iou, weight=6)


# Anchors --------------------------------------------------------------------------------------------------------------


def laid_out(
    data, sizes, ratios, pairs=None, share=lambda h, w: h / w, root=math.sqrt, half=0.5, order="ij", swapped=False, clipped=False, inner="pair", by="own"
):
    """Anchors, or with a slip in them."""
    h, w = data.shape[-2:]
    pairs = pairs(sizes, ratios) if pairs else [(sizes[0], r) for r in ratios] + [(s, ratios[0]) for s in sizes[1:]]
    size = torch.tensor([[s * root(r) * share(h, w), s / root(r)] for s, r in pairs], device=data.device, dtype=torch.float64)
    sides = (h, w) if by == "own" else (w, h)
    y, x = ((torch.arange(k, device=data.device, dtype=torch.float64) + half) / side for k, side in zip((h, w), sides, strict=True))
    y, x = torch.meshgrid(y, x, indexing="ij")
    center = torch.stack([y, x] if swapped else [x, y], 2)
    center = (center.transpose(0, 1) if order == "ji" else center).reshape(-1, 1, 2)
    anchors = torch.cat([center - size / 2, center + size / 2], 2)
    anchors = anchors.transpose(0, 1) if inner == "pixel" else anchors
    return (anchors.clamp(0, 1) if clipped else anchors).reshape(1, -1, 4).to(data)


def of_the_book(sizes, ratios):
    return [(s, ratios[0]) for s in sizes] + [(sizes[0], r) for r in ratios[1:]]


def map_and_anchors(draw, h=3, w=5, n=3, m=2, batch=2, channels=3):
    sizes, ratios = (draw.float64.uniform(k, low=low, high=high).tolist() for k, low, high in ((n, 0.15, 0.9), (m, 0.4, 2.5)))
    return draw.normal(batch, channels, h, w), sizes, ratios


prior = case(
    reference.multibox_prior, map_and_anchors, sizes=[(2, 3, 1, 1), (3, 5, 3, 2), (4, 2, 2, 4), (5, 5, 2, 2), (1, 6, 1, 3), (6, 1, 3, 1), (2, 7, 4, 3, 1, 1)],
    slips={
        "the further scales come before the further ratios, as in the book's code; here (s₁, r₁), (s₁, r₂), … come first":
            lambda *given: laid_out(*given, of_the_book),
        "the width is not corrected for maps that are not square: as a share of the picture it is s√r · h/w":
            lambda *given: laid_out(*given, share=lambda h, w: 1),
        "the width is corrected by w/h; it is h/w": lambda *given: laid_out(*given, share=lambda h, w: w / h),
        "the centres lie at the corners of the pixels: half a pixel is missing": lambda *given: laid_out(*given, half=0.0),
        "the pixels come column by column; they should come row by row": lambda *given: laid_out(*given, order="ji"),
        "x and y of the centres are swapped":
            (lambda *given: laid_out(*given, swapped=True), lambda *given: laid_out(*given, swapped=True, order="ji")),
        "the columns are divided by h and the rows by w: x = (j + ½) / w, y = (i + ½) / h": lambda *given: laid_out(*given, by="other"),
        "the root of the ratio is left out": lambda *given: laid_out(*given, root=float),
        "the ratio is height to width; it should be width to height": lambda *given: laid_out(*given, root=lambda r: r**-0.5),
        "every scale meets every ratio: only those pairs count that have the first scale or the first ratio": (
            lambda *given: laid_out(*given, lambda sizes, ratios: [(s, r) for s in sizes for r in ratios]),
            lambda *given: laid_out(*given, lambda sizes, ratios: [(s, r) for r in ratios for s in sizes]),
        ),
        "the pair of first scale and first ratio stands there twice": (
            lambda *given: laid_out(*given, lambda sizes, ratios: [(sizes[0], r) for r in ratios] + [(s, ratios[0]) for s in sizes]),
            lambda *given: laid_out(*given, lambda sizes, ratios: [(s, ratios[0]) for s in sizes] + [(sizes[0], r) for r in ratios]),
        ),
        "the anchors are cut off at 0 and 1": lambda *given: laid_out(*given, clipped=True),
        "all pixels come for the first pair, then all for the second: at each pixel all pairs should come": lambda *given: laid_out(*given, inner="pixel"),
    },
)  # fmt: skip


def sorted_by_width(result, data, sizes, ratios):
    """The anchors of each pixel from the narrowest to the widest, and by their corners; what has another shape is left as it is."""
    h, w = data.shape[-2:]
    if not isinstance(result, torch.Tensor) or result.shape != (1, h * w * (len(sizes) + len(ratios) - 1), 4):
        return result
    each = result.reshape(h * w, -1, 4)
    order = (each @ torch.tensor([-30.0, 0.37, 31.0, 0.0]).to(each)).argsort(dim=1)
    return each.gather(1, order[:, :, None].expand_as(each)).reshape(result.shape)


in_any_order = replace(  # so that the order costs a criterion of its own
    prior, right=lambda data, sizes, ratios: sorted_by_width(reference.multibox_prior(data, sizes, ratios), data, sizes, ratios), part="the anchors",
    call=lambda f: lambda data, sizes, ratios: sorted_by_width(f(data, sizes, ratios), data, sizes, ratios),
    slips={words: tuple(lambda *given, way=way: sorted_by_width(way(*given), *given) for way in (ways if isinstance(ways, tuple) else (ways,)))
           for words, ways in prior.slips.items()},
)  # fmt: skip


@exercise("multibox_prior")
class TestMultiboxPrior:
    test_boxes = in_any_order.agrees(
        "has the right anchors at each pixel, row by row", weight=6,
        hint="centre ((j + ½)/w, (i + ½)/h), width s√r · h/w, height s/√r; reshape from (h · w, n + m - 1, 4)",
    )  # fmt: skip
    test_order = prior.agrees(
        "at each pixel they come in the order (s₁, r₁), (s₁, r₂), …, (s_n, r₁)", weight=3,
        hint="all ratios with the first scale, then the other scales",
        sizes=[(2, 3, 3, 3), (3, 2, 2, 4), (1, 2, 4, 2)], follows=True,
    )  # fmt: skip
    test_square = in_any_order.agrees(
        "a ratio of 1 is a square of pixels on any map", hint="the width as a share of the picture is s√r · h/w", follows=True,
        arguments=lambda draw: {
            f"the anchors of a map of {h} × {w} pixels, of ratio 1,": (draw.normal(1, 2, h, w), [0.3, 0.7], [1.0]) for h, w in [(2, 9), (9, 2), (4, 4)]
        },
    )  # fmt: skip
    test_not_cut = in_any_order.agrees(
        "nothing is cut off where anchors reach out of the picture", hint="no clamp", follows=True,
        arguments=lambda draw: {
            f"the anchors of a map of {h} × {w} pixels, of scales 1.5 and 0.9,": (draw.normal(1, 1, h, w), [1.5, 0.9], [2.0, 0.7]) for h, w in [(2, 3), (5, 4)]
        },
    )  # fmt: skip
    test_at_once = in_any_order.at_once(
        "h", "w", "batch", hint="a table of all centres, a table of all sizes; no loop over pixels",
        grows={"h": ("a map of {} rows", "the rows"), "w": ("a map of {} columns", "the columns")},
    )  # fmt: skip
    test_dtype = in_any_order.keeps_dtype(hint="make tensors with dtype=data.dtype and device=data.device", sizes=[(3, 5, 3, 2), (4, 2, 2, 4)])
    test_unchanged = in_any_order.leaves_inputs(hint="nothing is written into data")

    @criterion("leaves the lists of scales and ratios as they are", hint="no pop, no append and no sort on what belongs to the caller")
    def test_lists(self, student, draw):
        data, sizes, ratios = map_and_anchors(draw, 2, 3, 3, 4)
        seen = student.run(lists_after, data=data, sizes=sizes, ratios=ratios)
        expect(seen["sizes"] == sizes, "multibox_prior has changed the list of scales")
        expect(seen["ratios"] == ratios, "multibox_prior has changed the list of ratios")
        in_any_order.compare([((data, sizes, ratios), sorted_by_width(seen["result"], data, sizes, ratios))], follows=True)

    test_again = in_any_order.again(sizes=((3, 5), (3, 5), (4, 2, 1, 3)))


def lists_after(student, data, sizes, ratios):
    result = student.multibox_prior(data, sizes, ratios)
    return {"result": result, "sizes": list(sizes), "ratios": list(ratios)}


# Offsets --------------------------------------------------------------------------------------------------------------


def offsets_of(anchors, boxes, sigmas=(0.1, 0.2), by=lambda a, b: a[:, 2:], size=lambda a, b: torch.log(b / a), sign=1):
    """Offsets, or with a slip in them."""
    a, b = centers(anchors), centers(boxes)
    return torch.cat([sign * (b[:, :2] - a[:, :2]) / by(a, b) / sigmas[0], size(a[:, 2:], b[:, 2:]) / sigmas[1]], 1)


OTHER_SIGMA = "σ is not 0.1 for the centre and 0.2 for the size"
NO_SIGMA = "they are not divided by σ: 0.1 for the centre, 0.2 for the size"
offset_boxes = case(
    reference.offset_boxes, lambda draw, n=6: (boxes(draw, n), boxes(draw, n)), sizes=[(1,), (6,), (4,), (13,)],
    slips={
        NO_SIGMA: lambda *given: offsets_of(*given, sigmas=(1, 1)),
        OTHER_SIGMA: (lambda *given: offsets_of(*given, sigmas=(0.1, 0.1)), lambda *given: offsets_of(*given, sigmas=(0.2, 0.1))),
        "they are multiplied by σ where they should be divided": lambda *given: offsets_of(*given, sigmas=(10, 5)),
        "the centre is divided by the size of the true box; it should be that of the anchor": lambda *given: offsets_of(*given, by=lambda a, b: b[:, 2:]),
        "the centre is not divided by the size of the anchor": lambda *given: offsets_of(*given, by=lambda a, b: 1.0),
        "the centre is divided by the wrong side: x belongs to the width, y to the height": lambda *given: offsets_of(*given, by=lambda a, b: a[:, [3, 2]]),
        "the logarithm is of anchor over box; it should be box over anchor": lambda *given: offsets_of(*given, size=lambda a, b: torch.log(a / b)),
        "the logarithm is left out":
            (lambda *given: offsets_of(*given, size=lambda a, b: b / a), lambda *given: offsets_of(*given, size=lambda a, b: (b - a) / a)),
        "the difference of the centres has the wrong sign": lambda *given: offsets_of(*given, sign=-1),
        "anchors and boxes are swapped": lambda anchors, boxes: offsets_of(boxes, anchors),
        "the logarithm is not the natural one, torch.log": (
            lambda *given: offsets_of(*given, size=lambda a, b: torch.log10(b / a)), lambda *given: offsets_of(*given, size=lambda a, b: torch.log2(b / a)),
        ),
        "the offsets come in another order than x, y, width, height": lambda *given: offsets_of(*given)[:, [0, 2, 1, 3]],
    },
    **ROUNDING,
)  # fmt: skip


def same_centers(draw, n=6):
    """Anchors, and boxes of other sizes with their centres."""
    a = centers(boxes(draw, n))
    return corners(a), corners(torch.cat([a[:, :2], draw.uniform(n, 2, low=0.1, high=0.6)], 1))


def same_sizes(draw, n=6):
    """Anchors, and boxes of their sizes with other centres."""
    a = boxes(draw, n)
    return a, a + draw.uniform(n, 2, low=-0.3, high=0.3).repeat(1, 2)


@exercise("offset_boxes", parts=[reference.box_corner_to_center])
class TestOffsetBoxes:
    test_centers = offset_boxes.agrees(
        "says how far the centre is moved, beside the size of the anchor", weight=3, hint="(b[:, :2] - a[:, :2]) / a[:, 2:] / 0.1",
        arguments=lambda draw: {f"offset_boxes for {n} boxes of their anchors' sizes": same_sizes(draw, n) for n in (1, 5)},
    )  # fmt: skip
    test_sizes = offset_boxes.agrees(
        "says how much larger the box is, as a logarithm", weight=3, hint="torch.log(b[:, 2:] / a[:, 2:]) / 0.2",
        arguments=lambda draw: {f"offset_boxes for {n} boxes with their anchors' centres": same_centers(draw, n) for n in (1, 5)},
    )  # fmt: skip
    test_values = offset_boxes.agrees("equals the formula for any boxes", weight=2, hint="all is measured by the anchor, not by the box", follows=True)
    test_empty = offset_boxes.agrees(
        "no anchors give no offsets", hint="the result has shape (0, 4)", arguments=lambda draw: {"offset_boxes of 0 anchors": (boxes(draw, 0), boxes(draw, 0))}
    )
    test_gradients = offset_boxes.gradients()
    test_at_once = offset_boxes.at_once("n", hint="columns are treated whole: no loop over the anchors")
    test_dtype = offset_boxes.keeps_dtype()
    test_unchanged = offset_boxes.leaves_inputs()
    test_again = offset_boxes.again(sizes=((6,), (6,), (9,)))


def moved(anchors, offsets, sigmas=(0.1, 0.2), grow=torch.exp, by=lambda a: a[:, 2:], as_corners=True, start=lambda a: a[:, :2], half=2):
    """The boxes that offsets lead to, or with a slip."""
    a = centers(anchors)
    b = torch.cat([start(a) + sigmas[0] * offsets[:, :2] * by(a), a[:, 2:] * grow(sigmas[1] * offsets[:, 2:])], 1)
    return corners(b, half) if as_corners else b


offset_inverse = case(
    reference.offset_inverse, lambda draw, n=6: (boxes(draw, n), draw.normal(n, 4, scale=2.0)), sizes=[(1,), (6,), (4,), (13,)],
    slips={
        "the result is centre and size; corners were asked for": lambda *given: moved(*given, as_corners=False),
        "the offsets are not multiplied by σ: 0.1 for the centre, 0.2 for the size": lambda *given: moved(*given, sigmas=(1, 1)),
        OTHER_SIGMA: (lambda *given: moved(*given, sigmas=(0.1, 0.1)), lambda *given: moved(*given, sigmas=(0.2, 0.1))),
        "the exponential is forgotten": (lambda *given: moved(*given, grow=torch.clone), lambda *given: moved(*given, grow=lambda d: 1 + d)),
        "the centre is scaled by the wrong side: x belongs to the width, y to the height": lambda *given: moved(*given, by=lambda a: a[:, [3, 2]]),
        "the shift of the centre is not multiplied by the size of the anchor": lambda *given: moved(*given, by=lambda a: 1.0),
        "the exponent has the wrong sign": lambda *given: moved(*given, grow=lambda d: torch.exp(-d)),
        "offsets are divided by σ where they should be multiplied": lambda *given: moved(*given, sigmas=(10, 5)),
        "the boxes are cut off at 0 and 1": lambda *given: moved(*given).clamp(0, 1),
        "0.2 stands outside of the exponential": lambda *given: moved(*given, sigmas=(0.1, 1), grow=lambda d: 0.2 * torch.exp(d)),
        "the upper left corner of the anchor is moved, not its centre": lambda *given: moved(*given, start=lambda a: a[:, :2] - a[:, 2:] / 2),
        "the whole width and height are taken; from the centre to a corner it is half of them": lambda *given: moved(*given, half=1),
    },
    **ROUNDING,
)  # fmt: skip


@exercise("offset_inverse", parts=BOXES)
class TestOffsetInverse:
    test_values = offset_inverse.agrees(
        "gives the corners of the box that the offsets lead to", weight=5, hint="undo 3.1 step by step, and end with box_center_to_corner"
    )
    test_back = offset_inverse.agrees(
        "undoes offset_boxes", weight=2, hint="times 0.1 and the anchor's size; exp of 0.2 times the offset", follows=True,
        arguments=lambda draw: {
            f"offset_inverse of what offset_boxes gives for {n} boxes": (anchors := boxes(draw, n), offsets_of(anchors, boxes(draw, n))) for n in (1, 7)
        },
    )  # fmt: skip
    test_empty = offset_inverse.agrees(
        "no anchors give no boxes", hint="the result has shape (0, 4)",
        arguments=lambda draw: {"offset_inverse of 0 anchors": (boxes(draw, 0), draw.normal(0, 4))},
    )  # fmt: skip
    test_gradients = offset_inverse.gradients()
    test_at_once = offset_inverse.at_once("n", hint="columns are treated whole: no loop over the anchors")
    test_dtype = offset_inverse.keeps_dtype()
    test_unchanged = offset_inverse.leaves_inputs()
    test_again = offset_inverse.again(sizes=((6,), (6,), (9,)))


# Assignment -----------------------------------------------------------------------------------------------------------


def scene(draw, m=4, num_anchors=16, threshold=0.5):
    """Boxes, every second one near the one before it, so that they want the same anchors; and anchors, most of them near one of the boxes."""
    truth = boxes(draw, m, 0.25, 0.6)
    truth[1::2] = near(draw, truth[: m // 2 * 2 : 2], 0.2)
    close = num_anchors if num_anchors < 3 * m else num_anchors - num_anchors // 4
    anchors = torch.cat([near(draw, truth[torch.arange(close) % m], 0.25), boxes(draw, num_anchors - close)])
    return truth, laid(draw, anchors[draw.permutation(num_anchors)]), threshold


def assigned(truth, anchors, threshold=0.5, first=True, strike_row=True, strike_column=True, order="largest", second="table", writes_over=False, more=False):
    """The box of each anchor, or with a slip. first: whether step 1 is made. second: what of the table step 2 looks at. writes_over: step 2 over step 1.
    more: an overlap of the threshold itself is too little."""
    table = overlaps(anchors, truth)
    m, left = len(truth), table.clone()
    result = torch.full((len(anchors),), -1, device=anchors.device)
    if m == 0:
        return result
    for j in range(m if first else 0):
        i, j = (int(left[:, j].argmax()), j) if order == "boxes" else divmod(int(left.argmax()), m)
        result[i] = j
        if strike_row:
            left[i] = -1
        if strike_column:
            left[:, j] = -1
    best, box = (left if second == "left" else table).max(1)
    may = (best > threshold if more else best >= threshold) & ((result < 0) | bool(writes_over))
    return torch.where(may, box, torch.full_like(box, -1) if writes_over == "all" else result)


AT_LEAST = "an overlap of the threshold itself is too little; at least the threshold is enough"


def at_the_threshold(draw):
    """Boxes, one in the other, whose IoU with the first one is exactly 1, 1/2, 1/4 and 1/8, in whatever way it is computed."""
    return torch.tensor([[0.0, 0.0, width, 1024.0] for width in (2048, 1024, 512, 256)], dtype=draw.dtype, device=draw.device)


assign = case(
    reference.assign_anchor_to_bbox, scene, sizes=[(1, 4), (2, 6), (4, 16), (3, 3), (5, 24, 0.3), (4, 20, 0.7), (4, 5, 0.4), (5, 7)],
    slips={
        "there is only the threshold: every box should get an anchor first, however small its overlap": lambda *given: assigned(*given, first=False),
        "an anchor that has a box may get another one: strike out its row, too": lambda *given: assigned(*given, strike_row=False),
        "a box that has an anchor may get another one in step 1: strike out its column, too": lambda *given: assigned(*given, strike_column=False),
        "the boxes choose their anchors in their own order; the largest entry of the whole table comes first": (
            lambda *given: assigned(*given, order="boxes"),
            lambda *given: assigned(*given, order="boxes", strike_row=False),
        ),
        "the threshold of step 2 writes over what step 1 has given":
            (lambda *given: assigned(*given, writes_over=True), lambda *given: assigned(*given, writes_over="all")),
        "step 2 is missing, or looks at the table with the struck out rows and columns; it looks at the original one":
            (lambda *given: assigned(*given, second="left"), lambda truth, anchors, _: assigned(truth, anchors, 9.0)),
        AT_LEAST: lambda *given: assigned(*given, more=True),
        "step 2 has no threshold": lambda truth, anchors, _: assigned(truth, anchors, 0.0),
        "the threshold is always 0.5": lambda truth, anchors, threshold: None if threshold == 0.5 else assigned(truth, anchors),
    },
)  # fmt: skip


def far_apart(draw, m, near_each, threshold=0.5):
    """Boxes that do not meet, each with the same number of anchors near it, in any order, and some anchors elsewhere."""
    truth = boxes(draw, m, 0.3, 0.6)
    truth = truth + 3.0 * torch.arange(m, dtype=truth.dtype, device=truth.device)[:, None]
    anchors = torch.cat([near(draw, truth.repeat(near_each, 1), 0.3), truth + 1.5])
    return truth, anchors[draw.permutation(len(anchors))], threshold


@exercise("assign_anchor_to_bbox", parts=[reference.box_iou])
class TestAssignAnchorToBbox:
    test_first = assign.agrees(
        "step 1: every box gets an anchor, the largest overlap first", weight=4, hint="strike out row and column of each largest entry; no threshold here",
        arguments=lambda draw: {
            f"the boxes of {a} anchors for {m} boxes, with a threshold that nothing reaches,": scene(draw, m, a, 1.5)
            for m, a in [(1, 5), (2, 6), (4, 14), (3, 3)]
        },
    )  # fmt: skip
    test_second = assign.agrees(
        "step 2: anchors that overlap a box by the threshold or more get it, too", weight=3, hint="the largest entry of each row of the original table",
        arguments=lambda draw: {
            f"the boxes of {m * (k + 1)} anchors for {m} boxes that lie apart, threshold {t},": far_apart(draw, m, k, t)
            for m, k, t in [(1, 6, 0.5), (3, 5, 0.4), (2, 7, 0.6)]
        },
    )  # fmt: skip
    test_values = assign.agrees(
        "both steps together, where boxes want the same anchors", weight=4, hint="step 2 does not touch what step 1 has given", follows=True
    )

    test_exactly = assign.agrees(
        "an overlap of exactly the threshold is enough", hint=">=", follows=True,
        arguments=lambda draw: {
            f"the boxes of four anchors whose overlaps are 1, 1/2, 1/4 and 1/8, threshold {t},": (at_the_threshold(draw)[:1], at_the_threshold(draw), t)
            for t in (0.5, 0.25)
        },
    )  # fmt: skip

    @criterion("the threshold is 0.5 by default, and may be named", hint="def assign_anchor_to_bbox(ground_truth, anchors, iou_threshold=0.5)")
    def test_default(self, student, draw):
        truth, anchors, _ = scene(draw, 3, 24)
        for given, threshold in (({}, 0.5), ({"iou_threshold": 0.2}, 0.2)):
            result = student.assign_anchor_to_bbox(truth.clone(), anchors.clone(), **given)
            assign.compare([((truth, anchors, threshold), result)], [f"assign_anchor_to_bbox with {given or 'no threshold named'}"], follows=True)

    test_no_box = assign.agrees(
        "without any box all anchors are background", weight=2, hint="return -1 for all before you look for a largest entry",
        arguments=lambda draw: {f"the boxes of {a} anchors where there is no box": (boxes(draw, 0), boxes(draw, a), 0.5) for a in (5, 1)},
    )  # fmt: skip
    test_dtype = assign.keeps_dtype(title="gives int64, for boxes of float32 and float64, in any memory order", hint="dtype=torch.int64", size=(3, 14))
    test_far = far(assign, "assign_anchor_to_bbox far from 0", 0, 1)
    test_unchanged = assign.leaves_inputs(sizes=((), (3, 9)))
    test_again = assign.again(sizes=((), (), (3, 9)))
    test_by_hand = by_hand(assign)


# Targets --------------------------------------------------------------------------------------------------------------


def pictures(draw, n=3, m=3, num_anchors=12, shown=None):
    """Anchors and labels of n pictures with m objects at most. shown: how many there are in each; they need not come first."""
    truth, labels = [], []
    for i in range(n):
        count = shown[i] if shown else 1 + int(draw.permutation(m)[0])
        drawn = boxes(draw, m, 0.25, 0.6)
        classes = draw.permutation(7)[:m].to(drawn)
        classes[draw.permutation(m)[count:].to(classes.device)] = -1
        labels.append(torch.cat([classes[:, None], drawn], 1))
        truth.append(drawn)
    truth = torch.cat(truth)
    close = torch.arange(num_anchors, device=truth.device) % len(truth)
    anchors = near(draw, truth[close], 0.2)[draw.permutation(num_anchors)]
    return laid(draw, anchors[None]), laid(draw, torch.stack(labels))


def targets(anchors, labels, more=1, padded=True, mask_of=4, own=None, silent=True, kept=lambda offsets: offsets, turned=False):
    """Targets, or with a slip. padded: rows of class -1 are left out. own: the picture whose objects are taken. silent: the background has offsets 0."""
    found = []
    for i, label in enumerate(labels):
        label = labels[i if own is None else own(i, len(labels))]
        objects = label[label[:, 0] >= 0] if padded else label
        box = assigned(objects[:, 1:], anchors[0]) if len(objects) else torch.full((anchors.shape[1],), -1, device=anchors.device)
        rows = objects[box] if len(objects) else anchors.new_zeros(len(box), 5)
        positive = box >= 0
        pair = (rows[:, 1:], anchors[0]) if turned else (anchors[0], rows[:, 1:])
        offsets = offsets_of(*pair) if len(objects) else torch.zeros_like(anchors[0])
        offsets = torch.where(positive[:, None], offsets, 0) if silent else offsets
        classes = torch.where(positive, rows[:, 0].long() + more, 0)
        found.append((kept(offsets).flatten(), positive.repeat_interleave(mask_of).to(anchors), classes))
    return tuple(torch.stack(values) for values in zip(*found, strict=True))


PARTS_OF_TARGETS = ("bbox_offset", "bbox_mask", "bbox_labels")
target = case(reference.multibox_target, pictures, sizes=[(1, 1, 4), (3, 3, 12), (2, 4, 9), (5, 2, 11)], gives=PARTS_OF_TARGETS, **ROUNDING)
PADDING = "rows of class -1 are taken for objects; they are padding"
OTHER_PICTURE = "the objects of another picture are taken"
ANOTHER = (lambda i, n: (i + 1) % n, lambda i, n: 0, lambda i, n: n - 1)


def part_of_targets(name, **slips):
    """The case of one part of the targets; slips: keywords of `targets` for each mistake, by its words."""
    index = PARTS_OF_TARGETS.index(name)
    ways = {words: tuple(lambda *given, options=options: targets(*given, **options)[index] for options in each) for words, each in slips.items()}
    shared = {PADDING: (lambda *given: targets(*given, padded=False)[index],),
              OTHER_PICTURE: tuple(lambda *given, own=own: targets(*given, own=own)[index] for own in ANOTHER)}  # fmt: skip
    return target.only(name, slips={**ways, **shared})


bbox_offset = part_of_targets(
    "bbox_offset", **{
        "the offsets of the background are those of the last object; they should be 0": [{"silent": False}],
        "they come all dx first, then all dy; anchor by anchor was asked for": [{"kept": lambda offsets: offsets.T}],
        "offset_boxes is given the boxes first and the anchors second": [{"turned": True}],
    },
)  # fmt: skip
bbox_mask = part_of_targets("bbox_mask", **{"there is one number an anchor; there should be four": [{"mask_of": 1}]})
bbox_labels = part_of_targets("bbox_labels", **{"the class is not raised by one: 0 is the background": [{"more": 0}]})


def padding(draw):
    """Labels whose padding lies exactly on anchors, or is of zeros, or far away."""
    anchors, labels = pictures(draw, 4, 3, 12, (2, 1, 2, 1))
    for i, place in enumerate((anchors[0, 0], anchors[0, 5], torch.zeros(4), torch.full((4,), -1.0))):
        rows = labels[i, :, 0] < 0
        labels[i, rows, 1:] = place.to(labels)
    return {"multibox_target where some rows are padding": (anchors, labels)}


def nothing(draw):
    """Pictures of which some, or all, are without an object."""
    return {
        f"multibox_target for pictures with {', '.join(map(str, shown))} objects": pictures(draw, len(shown), 2, 8, shown)
        for shown in [(0, 2, 0), (1, 0), (0,)]
    }


def moved_away(anchors, labels):
    return anchors + FAR, torch.cat([labels[:, :, :1], labels[:, :, 1:] + FAR], dim=2)


@exercise("multibox_target", parts=[reference.box_iou, *BOXES, reference.offset_boxes, reference.assign_anchor_to_bbox])
class TestMultiboxTarget:
    test_classes = bbox_labels.agrees(
        "classes: class + 1 for an anchor that has a box, 0 for the background", weight=3, hint="objects[assigned[positive], 0].long() + 1"
    )
    test_mask = bbox_mask.agrees(
        "mask: four ones for an anchor that has a box, else four zeros", weight=3, hint="positive.repeat_interleave(4), in the anchors' dtype"
    )
    test_offsets = bbox_offset.agrees(
        "offsets: those of 3.1 for an anchor that has a box, 0 for the background",
        weight=4,
        hint="offset_boxes for the positive anchors only; all others stay 0",
    )
    test_padding = target.agrees(
        "rows of class -1 are no objects, whatever their coordinates are", weight=2, hint="label[label[:, 0] >= 0]", arguments=padding, follows=True
    )
    test_nothing = target.agrees(
        "a picture without objects is background throughout", weight=2, hint="all three tensors are zeros there", arguments=nothing, follows=True
    )
    test_far = target.agrees(
        FAR_TITLE, hint=FAR_HINT, follows=True,
        arguments=lambda draw: {"multibox_target far from 0": moved_away(*pictures(draw.float64))},
    )  # fmt: skip
    test_dtype = target.keeps_dtype(hint="offsets and mask have the dtype of the anchors, classes are int64")
    test_unchanged = target.leaves_inputs(sizes=((), (2, 4, 9)))
    test_again = target.again(sizes=((), (), (2, 2, 7)))


# Detections -----------------------------------------------------------------------------------------------------------


def heap(draw, n=12, threshold=0.5, places=3):
    """Boxes in heaps around a few places, and scores in no order."""
    spots = boxes(draw, places, 0.3, 0.6)
    made = near(draw, spots[torch.arange(n) % places], 0.3)
    scores = (draw.permutation(n).double() + draw.float64.uniform(n, low=0.1, high=0.9).cpu()) / n
    return made, laid(draw, scores.to(made)), threshold


def suppressed(boxes, scores, threshold, by="kept", sort=True, ascending=False, at_least=False):
    """The kept boxes, or with a slip. by: which boxes suppress others: kept ones, all before, or the last kept one."""
    order, table, kept = scores.argsort(descending=not ascending).tolist(), overlaps(boxes, boxes), []
    for place, k in enumerate(order):
        before = {"kept": kept, "all": order[:place], "last": kept[-1:]}[by]
        if all((table[k, other] < threshold) if at_least else (table[k, other] <= threshold) for other in before):
            kept.append(k)
    return torch.tensor(kept if sort else sorted(kept), dtype=torch.int64, device=boxes.device)


nms = case(
    reference.nms, heap, sizes=[(1,), (6, 0.5, 2), (15, 0.3), (30, 0.6, 4), (20, 0.75)],
    slips={
        "boxes that were removed remove others; only kept ones do": lambda *given: suppressed(*given, by="all"),
        "a box is compared with the last kept one only; compare it with all that are kept": lambda *given: suppressed(*given, by="last"),
        "the kept boxes come in the order of the boxes; the highest score comes first": lambda *given: suppressed(*given, sort=False),
        "the box with the lowest score comes first": lambda *given: suppressed(*given, ascending=True),
        "an overlap of the threshold itself removes a box; only more than the threshold does": lambda *given: suppressed(*given, at_least=True),
        "nothing is removed": lambda boxes, scores, _: scores.argsort(descending=True),
        "the boxes are taken in their own order, whatever their scores":
            lambda boxes, scores, threshold: suppressed(boxes, -torch.arange(len(scores)), threshold),
        "the threshold is always 0.5": lambda boxes, scores, threshold: None if threshold == 0.5 else suppressed(boxes, scores, 0.5),
    },
)  # fmt: skip


def chains(draw):
    """Boxes each of which overlaps the next, and boxes that come back to where the first ones were, with falling and with mixed scores."""
    chain = strips(draw, *[(0.3 * i, 0.3 * i + 1) for i in range(7)])
    back = strips(draw, (0, 1), (3, 4), (0.1, 1.1), (6, 7), (3.1, 4.1), (0.2, 1.2), (6.1, 7.1))
    falling = torch.tensor([0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4], dtype=draw.dtype, device=draw.device)
    mixed = draw.permutation(7)
    return {
        "nms of a chain of boxes, threshold 0.5": (chain, falling, 0.5), "nms of a chain of boxes, threshold 0.2": (chain, falling, 0.2),
        "nms of a chain of boxes with mixed scores": (chain[mixed], falling[mixed], 0.5), "nms of boxes at three places": (back[mixed], falling[mixed], 0.5),
    }  # fmt: skip


def any_scores(draw):
    made, scores, threshold = heap(draw.float64, 14)
    return {
        "nms with scores below 0": (made, scores - 3.0, threshold), "nms with large scores": (made, 1e4 * (scores - 0.5), threshold),
        "nms with scores that differ little": (made, 0.5 + 1e-11 * scores, threshold), "nms far from 0": (made + FAR, scores, threshold),
    }  # fmt: skip


@exercise("nms", forbid=["nms"], parts=[reference.box_iou])
class TestNms:
    test_values = nms.agrees(
        "keeps the best box of each heap, highest score first", weight=4, hint="sort once; keep the first of what is left, and drop what overlaps it too much"
    )
    test_chains = nms.agrees(
        "boxes are removed by kept boxes, by each of them, and by no others", weight=3, hint="a box that was removed has no say any more", arguments=chains,
        follows=True,
    )  # fmt: skip
    test_empty = nms.agrees(
        "no boxes give an empty int64 tensor", hint="torch.cat and torch.stack want at least one tensor",
        arguments=lambda draw: {"nms of no boxes": (boxes(draw, 0), draw.uniform(0), 0.5)},
    )  # fmt: skip
    test_exactly = nms.agrees(
        "an overlap of exactly the threshold removes nothing", hint="keep those whose IoU is <= iou_threshold", follows=True,
        arguments=lambda draw: {
            f"nms of boxes whose overlaps with the first are 1/2, 1/4 and 1/8, threshold {t},":
                (at_the_threshold(draw), torch.tensor([0.9, 0.5, 0.7, 0.6]).to(draw.dtype).to(draw.device), t) for t in (0.5, 0.25)
        },
    )  # fmt: skip
    test_scores = nms.agrees("scores may be any numbers", hint="mark what is gone in a mask of its own, not by a score", arguments=any_scores, follows=True)
    test_dtype = nms.keeps_dtype(title="gives int64, for boxes of float32 and float64, in any memory order", hint="numbers of boxes are int64")
    test_unchanged = nms.leaves_inputs(weight=2, hint="a score of a box that is gone is not written into the caller's tensor", sizes=((), (20, 0.3)))
    test_again = nms.again(sizes=((), (), (20, 0.3)))
    test_by_hand = by_hand(nms)


def sure(draw, pos_threshold):
    """Three anchors that lie apart, with confidences 1/4, 1/2 and 1/8, none of which is moved."""
    probs = torch.tensor([[[0.75, 0.5, 0.875], [0.25, 0.5, 0.125]]]).to(draw.dtype).to(draw.device)
    return probs, torch.zeros(1, 12).to(probs), strips(draw, (0.0, 0.25), (0.5, 0.75), (1.0, 1.25))[None], 0.5, pos_threshold


OFF = (0.999, 0.0)  # thresholds that remove nothing; a box may remove itself, by its IoU of 1


def predictions(draw, n=2, C=3, num_anchors=10, nms_threshold=0.5, pos_threshold=0.3, still=False):
    """Probabilities, offsets and anchors in heaps. still: all offsets are 0."""
    anchors = heap(draw, num_anchors)[0][None]
    probs = laid(draw, draw.probabilities(n, num_anchors, C + 1).transpose(1, 2).contiguous())
    return probs, draw.normal(n, 4 * num_anchors, scale=0.0 if still else 0.7), laid(draw, anchors), nms_threshold, pos_threshold


def detected(
    cls_probs, offset_preds, anchors, nms_threshold, pos_threshold, background=0, each=False, moves=True, marked=True, threshold=True, numbered=0,
    laid_out=lambda offsets: offsets.reshape(-1, 4), behind=True, more=False,
):  # fmt: skip
    """Detections, or with a slip. background: rows that take no part begin behind it. each: suppression class by class. moves: the offsets are applied.
    marked: removed boxes get class -1. behind: they stand behind the others. more: a confidence of pos_threshold itself is too little."""
    found = []
    for probs, offsets in zip(cls_probs, offset_preds, strict=True):
        confidence, classes = probs[1 + background :].max(0)
        offsets = laid_out(offsets)
        boxes = moved(anchors[0], offsets) if moves is True else anchors[0] if moves is None else offsets
        lists = [torch.arange(len(classes), device=classes.device)] if not each else [(classes == c).nonzero().flatten() for c in classes.unique()]
        kept = torch.cat([rows[suppressed(boxes[rows], confidence[rows], nms_threshold)] for rows in lists])
        kept = kept[confidence[kept].argsort(descending=True)]
        gone = torch.ones_like(classes, dtype=torch.bool)
        gone[kept] = False
        low = (confidence <= pos_threshold if more else confidence < pos_threshold) & threshold
        classes = torch.where(low | (gone & marked), -1, classes + numbered)
        rows = torch.cat([classes[:, None].to(probs), confidence[:, None], boxes], 1)
        found.append(rows[torch.cat([kept, gone.nonzero().flatten()]) if behind else confidence.argsort(descending=True)])
    return torch.stack(found)


def without_order_of_the_removed(result, *_):
    """Rows of class -1 by their left edge, and without their confidence: both are free. What has another shape is left as it is."""
    if not isinstance(result, torch.Tensor) or result.ndim != 3 or result.shape[-1] != 6:
        return result
    result = result.clone()
    for rows in result:
        removed = (rows[:, 0] == -1).nonzero().flatten()
        rows[removed] = rows[removed[rows[removed, 2].argsort()]]
        rows[removed, 1] = 0.0
    return result


def with_background(*given):
    """All rows take part: class 0 is the background."""
    return detected(*given, background=-1)


def compared(way):
    return lambda *given: without_order_of_the_removed(way(*given))


def right_detections(cls_probs, offset_preds, anchors, nms_threshold, pos_threshold):
    return without_order_of_the_removed(reference.multibox_detection(cls_probs, offset_preds, anchors, nms_threshold, pos_threshold))


detection = case(
    right_detections, predictions, name="multibox_detection",
    sizes=[(1, 1, 4), (2, 3, 10), (3, 2, 15, 0.3, 0.4), (2, 4, 12, 0.7, 0.2)],
    call=lambda f: lambda *given: without_order_of_the_removed(f(*given)), said=("cls_probs", "nms_threshold", "pos_threshold"),
    slips={words: tuple(map(compared, ways)) for words, ways in {
        "the background takes part as a class": (with_background, lambda *given: detected(*given, background=-1, numbered=-1)),
        "boxes are suppressed class by class; here it is one list for all classes": (lambda *given: detected(*given, each=True),),
        "the offsets are taken for boxes: offset_inverse moves the anchors by them": (lambda *given: detected(*given, moves=False),),
        "the boxes are the anchors; the offsets have not moved them": (lambda *given: detected(*given, moves=None),),
        "boxes that were removed keep their class; it should be -1": (lambda *given: detected(*given, marked=False),),
        "pos_threshold is ignored": (lambda *given: detected(*given, threshold=False),),
        "classes are numbered from 1; the first real class is 0": (lambda *given: detected(*given, numbered=1),),
        "the offsets of a picture are laid out as all dx, all dy, …; they come anchor by anchor": (
            lambda *given: detected(*given, laid_out=lambda offsets: offsets.reshape(4, -1).T),
        ),
        "rows of class -1 stand between the others; they come behind them": (lambda *given: detected(*given, behind=False),),
        "a confidence of pos_threshold itself gets class -1; only one below it does": (lambda *given: detected(*given, more=True),),
        "nothing is suppressed": (lambda probs, offsets, anchors, _, low: detected(probs, offsets, anchors, 2.0, low),),
    }.items()},
    **ROUNDING,
)  # fmt: skip


def first_two(result, *_):
    return result[..., :2] if isinstance(result, torch.Tensor) and result.ndim == 3 else result


classes_alone = replace(
    detection, right=lambda *given: first_two(detection.right(*given)), call=lambda f: lambda *given: first_two(detection.call(f)(*given)),
    part="class and confidence",
    slips={words: tuple(lambda *given, way=way: first_two(way(*given)) for way in ways) for words, ways in detection.slips.items()},
)  # fmt: skip
PARTS_OF_DETECTION = [reference.box_iou, *BOXES, reference.offset_inverse, reference.nms]


@exercise("multibox_detection", forbid=["nms"], parts=PARTS_OF_DETECTION)
class TestMultiboxDetection:
    test_classes = classes_alone.agrees(
        "class and confidence are those of the likeliest real class, numbered from 0", weight=3,
        hint="probs[1:].max(dim=0): the background, row 0, is left out",
        sizes=[(1, 1, 3, *OFF), (2, 3, 8, *OFF), (3, 4, 5, *OFF)],
    )  # fmt: skip
    test_boxes = detection.agrees(
        "boxes are the anchors, moved by the offsets; falling confidence", weight=3, hint="offset_inverse(anchors[0], offsets.reshape(-1, 4))", follows=True,
        sizes=[(1, 1, 3, *OFF), (2, 3, 8, *OFF), (3, 4, 5, *OFF)],
    )  # fmt: skip
    test_suppression = detection.agrees(
        "suppression is one for all classes; what is removed has class -1 and stands behind", weight=4, follows=True,
        hint="nms once over all boxes of a picture; then -1 for all that it has not kept",
        sizes=[(1, 1, 6, 0.5, 0.0), (2, 3, 12, 0.3, 0.0), (3, 2, 9, 0.7, 0.0)],
    )  # fmt: skip
    test_threshold = detection.agrees(
        "below pos_threshold the class is -1", weight=2, hint="classes[confidence < pos_threshold] = -1", follows=True,
        sizes=[(1, 1, 6, 0.999, 0.5), (2, 3, 12, 0.999, 0.4)],
    )  # fmt: skip
    test_exactly = detection.agrees(
        "a confidence of exactly pos_threshold is enough", hint="below pos_threshold: <", follows=True,
        arguments=lambda draw: {f"multibox_detection of confidences 1/2, 1/4 and 1/8, pos_threshold {t},": sure(draw, t) for t in (0.5, 0.25)},
    )  # fmt: skip
    test_both = detection.agrees("both together, picture by picture", weight=2, hint="suppression comes before the threshold", follows=True)

    @criterion("the thresholds are 0.5 and 0.009999999 by default", hint="nms_threshold=0.5, pos_threshold=0.009999999 in the first line")
    def test_default(self, student, draw):
        probs, offsets, anchors, *_ = predictions(draw, 2, 2, 12)
        probs[:, 1:, ::3] *= 0.02  # some below 0.01, some above
        for given, thresholds in (({}, (0.5, 0.009999999)), ({"pos_threshold": 0.3}, (0.5, 0.3)), ({"nms_threshold": 0.2}, (0.2, 0.009999999))):
            result = without_order_of_the_removed(student.multibox_detection(probs.clone(), offsets.clone(), anchors.clone(), **given))
            words = f"multibox_detection with {given or 'no threshold named'}"
            detection.compare([((probs, offsets, anchors, *thresholds), result)], [words], follows=True)

    test_far = far(detection, "multibox_detection far from 0", 2)
    test_dtype = detection.keeps_dtype(hint="classes are turned into the dtype of cls_probs before they are joined with the rest")
    test_unchanged = detection.leaves_inputs(sizes=((), (3, 2, 9)))
    test_again = detection.again(sizes=((), (), (3, 2, 9)))
    test_by_hand = by_hand(detection)


# The detector ---------------------------------------------------------------------------------------------------------

# Channels, sizes, ratios, classes, and the sizes of the maps. The numbers of channels of all convolutions of a head differ.
HEADS = [
    ([2, 3], [[0.2, 0.3], [0.5]], [[1.0, 2.0], [1.0, 0.5, 3.0]], 2, [(3, 4), (2, 1)]),
    ([4], [[0.4, 0.7, 0.2]], [[1.5, 0.6]], 1, [(2, 5)]),
    ([3, 5, 2], [[0.15], [0.3, 0.4], [0.8]], [[1.0], [1.0, 0.5], [2.0, 0.7]], 4, [(4, 3), (2, 2), (1, 1)]),
    ([3, 3], [[0.25, 0.35], [0.45]], [[1.0, 0.6], [1.0, 0.6]], 1, [(5, 3), (2, 3)]),
]


def head_and_maps(draw, n=3, which=0):
    channels, sizes, ratios, num_classes, shapes = HEADS[which]
    return (channels, sizes, ratios, num_classes), ([draw.normal(n, c, h, w) for c, (h, w) in zip(channels, shapes, strict=True)],)


def headed(net, maps, flat=lambda Y: Y.permute(0, 2, 3, 1), order=1, split="anchors", squash=lambda scores: scores, anchors_order=1, end=lambda Y: Y):
    """What a head gives, or with a slip. flat: how channels and pixels are laid out; order: of the maps; split: whether a channel is a·(C + 1) + c."""
    C = net.num_classes + 1
    anchors = [reference.multibox_prior(X, s, r) for X, s, r in zip(maps, net.sizes, net.ratios, strict=True)][::anchors_order]
    scores, offsets = [], []
    for X, classes, moves in list(zip(maps, net.class_convs, net.offset_convs, strict=True))[::order]:
        for values, Y, k in ((scores, end(classes(X)), C), (offsets, end(moves(X)), 4)):
            rows = flat(Y).flatten(1)
            if split == "classes":  # channel c·a + anchor
                pixels = Y.permute(0, 2, 3, 1)
                rows = pixels.unflatten(3, (k, -1)).transpose(3, 4).flatten(1)
            values.append(rows)
    scores = torch.cat(scores, 1)
    return torch.cat(anchors, 1), squash(scores.reshape(len(scores), -1, C)), torch.cat(offsets, 1)


head = layer(
    reference.SSDHead, head_and_maps, sizes=[(1, 1), (2, 0), (3, 2), (2, 3)], gives=("the anchors", "the class scores", "the offsets"),
    slips={
        "the channels are not moved behind the pixels before flattening: permute(0, 2, 3, 1)": lambda net, maps: headed(net, maps, flat=lambda Y: Y),
        "rows and columns of the maps are swapped": lambda net, maps: headed(net, maps, flat=lambda Y: Y.permute(0, 3, 2, 1)),
        "the maps are joined in another order than their anchors":
            (lambda net, maps: headed(net, maps, order=-1), lambda net, maps: headed(net, maps, anchors_order=-1)),
        "the maps are joined in the reverse order": lambda net, maps: headed(net, maps, order=-1, anchors_order=-1),
        "channels are taken for class by class; channel a · (C + 1) + c belongs to anchor a and class c": lambda net, maps: headed(net, maps, split="classes"),
        "a ReLU stands behind the convolutions: scores and offsets may be negative": (
            lambda net, maps: headed(net, maps, end=torch.relu), lambda net, maps: headed(net, maps, squash=torch.relu),
        ),
        "the scores are probabilities; scores without a softmax were asked for": lambda net, maps: headed(net, maps, squash=lambda scores: scores.softmax(2)),
    },
)  # fmt: skip


@exercise("SSDHead", parts=[reference.multibox_prior])
class TestSSDHead:
    test_layers = head.registers(
        "has two 3×3 convolutions a map, with a channel for the background", weight=3,
        hint="a_l = n_l + m_l - 1; a_l · (C + 1) and 4 · a_l channels out, in nn.ModuleList",
    )  # fmt: skip
    test_values = head.agrees(
        "anchors, scores and offsets come in one order: map by map, pixel by pixel, anchor by anchor", weight=6,
        hint="conv(X).permute(0, 2, 3, 1).flatten(1), then torch.cat(…, dim=1)",
    )  # fmt: skip
    test_one_map = head.agrees("works for one map, and for one picture", hint="no index [1], and no squeeze", sizes=[(1, 1), (4, 1)], follows=True)
    test_gradients = head.gradients(weight=2, sizes=[(2, 0), (1, 2)])
    test_at_once = head.at_once("n", which=[0, 2], hint="convolutions treat the whole batch")
    test_dtype = head.keeps_dtype()
    test_unchanged = head.leaves_inputs(sizes=((3, 0), (2, 2)))
    test_again = head.again(sizes=((3, 0), (3, 0)))


def losses(scores, labels, preds, targets, masks, masked="both", distance=torch.abs, over=lambda values: values.mean(1), weights=(1.0, 1.0), rows=None):
    """The losses, or with a slip."""
    classes = F.cross_entropy(scores.transpose(1, 2), labels, reduction="none")
    classes = classes if rows is None else classes * rows(labels)
    difference = preds - targets if masked is None else preds * masks - targets * masks
    return weights[0] * over(classes) + weights[1] * over(distance(difference))


def predicted(draw, n=3, A=5, C=2, masked=0.5, silent=True):
    """masked: the share of anchors with a box. silent: the targets of the background are 0, as multibox_target makes them."""
    masks = draw.mask(n, A, share=masked)[..., None].expand(n, A, 4).reshape(n, 4 * A)
    masks = laid(draw, masks.to(draw.dtype))
    targets = draw.normal(n, 4 * A) * (masks if silent else 1)
    return draw.normal(n, A, C + 1), draw.integers(0, C + 1, n, A), draw.normal(n, 4 * A), laid(draw, targets), masks


loss = case(
    reference.calc_loss, predicted, sizes=[(1, 3, 1), (3, 5, 2), (2, 7, 4), (4, 4, 3)], said=("cls_preds", "bbox_preds"),
    slips={
        "the mask is left out: the background has no box to predict": lambda *given: losses(*given, masked=None),
        "the differences are squared; their absolute values were asked for": lambda *given: losses(*given, distance=torch.square),
        "one loss is made of the whole batch; there is one for each picture": (
            lambda *given: losses(*given).mean(), lambda *given: losses(*given).sum(),
            lambda *given: losses(*given, over=lambda values: values.mean().expand(len(values))),
            lambda *given: losses(*given, weights=(1.0, 0.0)).mean() + losses(*given, weights=(0.0, 1.0)),
            lambda *given: losses(*given, weights=(1.0, 0.0)) + losses(*given, weights=(0.0, 1.0)).mean(),
        ),
        "losses are summed over the anchors; their mean was asked for": (
            lambda *given: losses(*given, over=lambda values: values.sum(1)),
            lambda scores, labels, *rest: losses(scores, labels, *rest, weights=(1.0, labels.shape[1] * 4.0)),
            lambda scores, labels, *rest: losses(scores, labels, *rest, weights=(1.0 * labels.shape[1], 1.0)),
        ),
        "large and small differences count in different ways (smooth L1, Huber); their absolute values were asked for":
            lambda *given: losses(*given, distance=lambda d: torch.where(d.abs() < 1, d * d / 2, d.abs() - 0.5)),
        "the sum over the offsets is divided by A; it is a mean over all 4A": lambda *given: losses(*given, weights=(1.0, 4.0)),
        "the cross-entropy is left out": lambda *given: losses(*given, weights=(0.0, 1.0)),
        "the offsets are left out": lambda *given: losses(*given, weights=(1.0, 0.0)),
        "the background does not count in the cross-entropy; it is a class like the others": lambda *given: losses(*given, rows=lambda labels: labels > 0),
        "the offsets are averaged over the masked entries; the mean is over all 4A": lambda scores, labels, preds, targets, masks: (
            losses(scores, labels, preds, targets, masks, weights=(1.0, 0.0))
            + ((preds - targets) * masks).abs().sum(1) / masks.sum(1).clamp(min=1)
        ),
    },
    rtol=1e-5, atol=1e-5,
)  # fmt: skip


@exercise("calc_loss")
class TestCalcLoss:
    test_classes = loss.agrees(
        "the cross-entropy: its mean over all anchors, for each picture", weight=3, hint='reduction="none", then .mean(dim=1)',
        arguments=lambda draw: {
            f"calc_loss of {n} pictures where every mask is 0": (lambda a, b, p, t, m: (a, b, p, 0 * t, 0 * m))(*predicted(draw, n, A, C))
            for n, A, C in [(1, 4, 1), (3, 5, 3)]
        },
    )  # fmt: skip
    test_offsets = loss.agrees(
        "plus the absolute differences under the mask: their mean over all 4A", weight=3,
        hint="(bbox_preds * bbox_masks - bbox_labels * bbox_masks).abs().mean(dim=1)",
    )  # fmt: skip
    test_masked = loss.agrees(
        "where the mask is 0 nothing counts, neither prediction nor target", hint="both are multiplied by the mask", follows=True,
        arguments=lambda draw: {"calc_loss where targets under a mask of 0 are not 0": predicted(draw, 3, 6, 2, 0.4, False)},
    )  # fmt: skip
    test_gradients = loss.gradients(weight=2, wrt=["cls_preds", "bbox_preds"])
    test_stable = loss.stays_finite(
        "stays finite for large scores",
        lambda draw: {"scores near 1000": (lambda scores, *rest: (300.0 * scores + 1000.0, *rest))(*predicted(draw))},
        hint="F.cross_entropy takes scores; log of a softmax of your own overflows", rtol=1e-4, atol=1e-3,
    )  # fmt: skip
    test_at_once = loss.at_once("n", "A", hint="no loop over pictures or anchors", grows={"A": ("{} anchors", "the anchors")})
    test_dtype = loss.keeps_dtype()
    test_unchanged = loss.leaves_inputs()
    test_again = loss.again(sizes=((), (), (2, 7, 4)))


# Training -------------------------------------------------------------------------------------------------------------


def trained(student, num_epochs, lr, weights, anchors, epochs, fixed):
    """A small detector that student.train_detector has trained: what it returned, the parameters after it, and what was seen on the way.

    epochs: the batches of each pass, from the first on again. fixed: the passes come from a list, else from a plain iterable without a length.
    """
    import torch

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.scores, self.offsets = (torch.nn.Parameter(weight.clone()) for weight in weights)
            self.modes, self.sizes = [], []

        def forward(self, X):
            self.modes.append(self.training)
            self.sizes.append(len(X))
            X = X.flatten(1)
            return anchors, (X @ self.scores).reshape(len(X), anchors.shape[1], -1), X @ self.offsets

    class Passes:
        count = 0

        def __iter__(self):
            self.count += 1
            return iter([(X.clone(), labels.clone()) for X, labels in epochs[(self.count - 1) % len(epochs)]])

    torch.set_grad_enabled(True)
    net, passes, seed = Net().eval(), [tuple(batch) for batch in epochs[0]] if fixed else Passes(), torch.initial_seed()
    history = student.train_detector(net, passes, num_epochs, torch.optim.SGD(net.parameters(), lr=lr))
    seen = {"modes": net.modes, "sizes": net.sizes, "autograd": torch.is_grad_enabled(), "seed": torch.initial_seed() == seed}
    return {"history": history, "parameters": [net.scores.detach(), net.offsets.detach()], **seen}


def recipe(
    net, data_iter, num_epochs, optimizer, cleared=True, own_targets=True, masked=True, summed=False, recorded="mean", late=False, exchanged=False
):  # fmt: skip
    """train_detector with a slip in it."""
    history, first = [], None
    for _ in range(num_epochs):
        values, sizes = [], []
        if cleared:
            optimizer.zero_grad()
        for X, labels in data_iter:
            anchors, scores, preds = net(X)
            first = first if first is not None and len(first) >= len(X) else labels
            goals, masks, classes = reference.multibox_target(anchors, labels if own_targets else first[: len(X)])
            goals, masks = (masks, goals) if exchanged else (goals, masks)
            loss_of = lambda scores, preds: reference.calc_loss(scores, classes, preds, goals, masks if masked else torch.ones_like(masks))  # noqa: B023
            loss = loss_of(scores, preds)
            if cleared is True:
                optimizer.zero_grad()
            (loss.sum() if summed else loss.mean()).backward()
            optimizer.step()
            values.append(loss_of(*net(X)[1:]).detach() if late else loss.detach())
            sizes.append(len(X))
        every = torch.cat(values)
        record = {"mean": every.mean(), "means": torch.stack([v.mean() for v in values]).mean(), "sum": every.sum(), "last": values[-1].mean(),
                  "batches": every.sum() / len(values), "sums": torch.stack([v.sum() for v in values]).mean(),
                  "means of batches by pictures": torch.stack([v.mean() for v in values]).sum() / len(every)}  # fmt: skip
        history.append(float(record[recorded]))
    return history


def lesson(draw, sizes=(3, 2), num_epochs=3, lr=0.3, different=1, fixed=True, A=4, C=2, d=3):
    """num_epochs, lr, weights, anchors, the batches of `different` epochs, and whether they come from a list."""
    anchors, _ = pictures(draw, 1, 3, A)
    epochs = [[[draw.normal(n, d, 1, 1), pictures(draw, n, 2, A)[1]] for n in sizes] for _ in range(different)]
    for epoch in epochs:
        for _, labels in epoch:
            labels[:, :, 0] = torch.where(labels[:, :, 0] < 0, -1.0, labels[:, :, 0] % C)
            for label in labels:  # near anchors that differ from picture to picture
                label[:, 1:] = near(draw, anchors[0][draw.permutation(A)[:2]], 0.15)
    weights = [draw.normal(d, A * (C + 1), scale=0.5), draw.normal(d, 4 * A, scale=0.5)]
    return num_epochs, lr, weights, anchors, epochs, fixed


def what_comes_of(key, **slip):
    """What of a lesson a recipe gives."""
    student = SimpleNamespace(train_detector=lambda *given: recipe(*given, **slip) if slip else reference.train_detector(*given))
    return lambda *given: trained(student, *given)[key]


def cut_short(key, **changes):
    """What the reference gives for other arguments."""
    names = ("num_epochs", "lr", "weights", "anchors", "epochs", "fixed")
    return lambda *given: what_comes_of(key)(*{**dict(zip(names, given, strict=True)), **{k: f(*given) for k, f in changes.items()}}.values())


RECIPES = {
    "the gradients are not cleared: those of all batches pile up": {"cleared": False},
    "the gradients are cleared once an epoch: those of its batches pile up": {"cleared": "each epoch"},
    "the targets of the first batch are used for all": {"own_targets": False},
    "offsets and mask are exchanged on their way from multibox_target to calc_loss": {"exchanged": True},
    "the mask is not handed on: the background learns offsets, too": {"masked": False},
    "backward starts from the sum over the batch; it should be the mean": {"summed": True},
}
parameters = case(
    what_comes_of("parameters"), lesson, name="train_detector", rtol=1e-3, atol=1e-4,
    slips={words: what_comes_of("parameters", **slip) for words, slip in RECIPES.items()} | {
        "the parameters do not move": lambda num_epochs, lr, weights, *_: weights,
        "there is only one epoch": cut_short("parameters", num_epochs=lambda *_: 1),
        "only the first batch of an epoch is used": cut_short("parameters", epochs=lambda *given: [epoch[:1] for epoch in given[4]]),
        "the last batch of an epoch is left out": cut_short("parameters", epochs=lambda *given: [epoch[:-1] or epoch for epoch in given[4]]),
    },
)  # fmt: skip
record = case(
    what_comes_of("history"), lesson, name="train_detector", rtol=1e-3, atol=1e-4, check_dtype=False,
    slips={
        "the means of the batches are averaged; each picture should count once": what_comes_of("history", recorded="means"),
        "the losses are added up and not divided by the number of pictures": what_comes_of("history", recorded="sum"),
        "the sum is divided by the number of batches, not of pictures": what_comes_of("history", recorded="batches"),
        "the means of the batches are added up and divided by the number of pictures; add up the losses of all pictures":
            what_comes_of("history", recorded="means of batches by pictures"),
        "only the last batch of an epoch is recorded": what_comes_of("history", recorded="last"),
        "the loss is computed after the step; that before it was asked for": what_comes_of("history", late=True),
        **{words: what_comes_of("history", **slip) for words, slip in RECIPES.items()},
    },
)  # fmt: skip


def taught(student, lessons):
    return [student.run(trained, **dict(zip(("num_epochs", "lr", "weights", "anchors", "epochs", "fixed"), one, strict=True))) for one in lessons]


GOAL = 0.8


def canvases(seed=3):
    generator = torch.Generator().manual_seed(1000 + seed)
    images, labels = reference.canvas(200, "train", generator)
    test_images, test_labels = reference.canvas(60, "test", generator)
    return {"images": images, "labels": labels, "test_images": test_images, "seed": seed, "judge": lambda *said: precision_of(test_labels, *said)}


def trained_on_canvases(student, ending, enough, images, labels, test_images, seed, judge):
    """What a TinySSD says of the test pictures; its training ends with the first epoch after which it is good enough."""
    import torch

    torch.manual_seed(seed)
    net, generator = student.TinySSD(1), torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)

    class Shuffled:
        def __iter__(self):
            for rows in torch.randperm(len(images), generator=generator).split(20):
                yield images[rows], labels[rows]

    def said():
        mode = net.training
        net.eval()
        with torch.no_grad():
            result = list(net(test_images))
        net.train(mode)
        return result

    with ending(Shuffled(), lambda: judge(*said()), enough) as data:
        student.train_detector(net, data, 6, optimizer)
    return said()


def precision_of(labels, anchors, scores, offsets):
    """The average precision at IoU 0.5 of what a detector with one class says of pictures with these labels; all pictures at once."""
    n, count = len(labels), 224
    if [tuple(value.shape) for value in (anchors, scores, offsets)] != [(1, count, 4), (n, count, 2), (n, 4 * count)]:
        return 0.0
    anchors, scores, offsets = (value.detach().cpu() for value in (anchors, scores, offsets))
    confidence, order = scores.softmax(2)[:, :, 1].sort(dim=1, descending=True)
    found = reference.offset_inverse(anchors.expand(n, count, 4).reshape(-1, 4), offsets.reshape(-1, 4)).reshape(n, count, 4)
    found = found.gather(1, order[:, :, None].expand(n, count, 4))
    kept = confidence >= 0.009999999
    over = torch.stack([reference.box_iou(boxes, boxes) for boxes in found]) > 0.5
    for k in range(count):
        kept[:, k + 1 :] &= ~(over[:, k, k + 1 :] & kept[:, k : k + 1])
    pictures = zip(found, confidence, kept, labels, strict=True)
    hits = [reference.match_detections(boxes[mask], p[mask], label[label[:, 0] >= 0, 1:]) for boxes, p, mask, label in pictures]
    return reference.average_precision(confidence[kept], torch.cat(hits), int((labels[:, :, 0] >= 0).sum()))


digits = goal(
    "the average precision on new digits", at_least=GOAL, margin=0.05, within="6 epochs", data=canvases, recipe=trained_on_canvases,
    reached=lambda data, said: data["judge"](*said), wrong={"leave the mask out": 0.6, "learn no boxes": 0.72},
)  # fmt: skip
PARTS_OF_TRAINING = [
    reference.box_iou, *BOXES, reference.offset_boxes, reference.assign_anchor_to_bbox, reference.multibox_target, reference.multibox_prior, reference.SSDHead,
    reference.calc_loss,
]  # fmt: skip


@exercise("train_detector", parts=PARTS_OF_TRAINING)
class TestTrainDetector:
    @criterion(
        "moves the parameters as the text says, step by step", weight=4,
        hint="targets of this batch, all five to calc_loss, zero_grad, backward of the mean, step",
    )  # fmt: skip
    def test_steps(self, student, draw):
        lessons = [lesson(draw, *given) for given in [((4,), 1, 0.5), ((3, 2), 1, 0.3), ((2, 3, 1), 3, 0.2)]]
        seen = taught(student, lessons)
        words = [f"what the parameters are after {len(e[0])} × {k} steps" for k, _, _, _, e, _ in lessons]
        parameters.compare([(one, values["parameters"]) for one, values in zip(lessons, seen, strict=True)], words)

    @criterion(
        "records the mean loss a picture of each epoch, before each step", weight=4,
        hint="add up loss.sum().item() and len(X); divide at the end of the epoch",
    )  # fmt: skip
    def test_record(self, student, draw):
        lessons = [lesson(draw, *given) for given in [((5, 1), 2, 0.0), ((4, 4, 1), 1, 0.5), ((3,), 3, 0.4)]]
        seen = taught(student, lessons)
        for (num_epochs, *_), values in zip(lessons, seen, strict=True):
            history = values["history"]
            expect(isinstance(history, list), f"train_detector returns {kind_of(history)}, expected a list of numbers", "wrong type")
            expect(len(history) == num_epochs, f"train_detector returns {len(history)} numbers for {num_epochs} epochs", "wrong shape")
        words = [f"the record of {k} epochs of {len(e[0])} batches" for k, _, _, _, e, _ in lessons]
        record.compare([(one, values["history"]) for one, values in zip(lessons, seen, strict=True)], words)

    @criterion("trains in training mode", weight=1, hint="net.train() before the first batch")
    def test_mode(self, student, draw):
        [seen] = taught(student, [lesson(draw, (2, 3), 2)])
        expect(bool(seen["modes"]), "the network was never called", follows=True)
        expect(all(seen["modes"]), "a training batch met the network in evaluation mode")

    @criterion(
        "goes through the data anew in each epoch, and asks nothing else of them", weight=2, hint="for X, labels in data_iter, inside the loop over the epochs"
    )
    def test_anew(self, student, draw):
        one = lesson(draw, (3, 2), 3, 0.3, 3, False)
        [seen] = taught(student, [one])
        sizes = ", ".join(map(str, seen["sizes"]))
        expect(seen["sizes"] == [3, 2] * 3, f"3 epochs of batches of 3 and 2 pictures: the network was called with {sizes} pictures")
        parameters.compare([(one, seen["parameters"])], ["what the parameters are after 3 epochs with other batches each"], follows=True)

    @criterion("leaves the program as it was", hint="no seed, and autograd stays on")
    def test_program(self, student, draw):
        one = lesson(draw, (2,), 1)
        [seen] = taught(student, [one])
        expect(seen["autograd"] is True, "after a call of train_detector autograd is switched off")
        expect(seen["seed"] is True, "a call of train_detector sets the seed of torch's random numbers")
        parameters.compare([(one, seen["parameters"])], ["what the parameters are after one step"], follows=True)

    test_digits = digits.is_reached(
        f"finds new digits on a canvas: average precision at least {GOAL}", weight=4, hint="if the criteria above pass, this one does too", timeout_s=60
    )


# Judging --------------------------------------------------------------------------------------------------------------


def found_in(draw, k=9, m=3, threshold=0.5):
    """Detections near objects, of which every second one is near the one before it, so that a detection may fit two; scores in no order."""
    objects = boxes(draw, m, 0.3, 0.6)
    objects[1::2] = near(draw, objects[: m // 2 * 2 : 2], 0.15)
    made, scores, _ = heap(draw, k)
    close = k - k // 4
    made = torch.cat([near(draw, objects[torch.arange(close) % m], 0.2), made[close:]])[draw.permutation(k)]
    return laid(draw, made), scores, laid(draw, objects), threshold


def matched(boxes, scores, objects, threshold=0.5, once=True, order="scores", second=False, more=False, spent=False):
    """Hits, or with a slip. second: a detection whose best object is taken gets its next one. more: an overlap of the threshold itself is too little. spent:
    what a detection overlaps most is taken even by a miss."""
    table = overlaps(boxes, objects)
    hits, found = torch.zeros(len(boxes), dtype=torch.bool, device=boxes.device), set()
    places = {"scores": scores.argsort(descending=True).tolist(), "boxes": list(range(len(boxes))), "lowest": scores.argsort().tolist()}[order]
    for k in places:
        wishes = table[k].argsort(descending=True).tolist()
        wishes = [j for j in wishes if j not in found] if second else wishes
        enough = bool(wishes) and bool(table[k, wishes[0]] > threshold if more else table[k, wishes[0]] >= threshold)
        if enough and (not once or wishes[0] not in found):
            hits[k] = True
        if wishes and (enough or spent):
            found.add(wishes[0])
    return hits


def best_of_each_object(boxes, scores, objects, threshold=0.5):
    table, hits = overlaps(boxes, objects), torch.zeros(len(boxes), dtype=torch.bool, device=boxes.device)
    best, k = table.max(0) if len(boxes) and len(objects) else (boxes.new_zeros(0), torch.zeros(0, dtype=torch.int64, device=boxes.device))
    hits[k[best >= threshold]] = True
    return hits


match = case(
    reference.match_detections, found_in, sizes=[(1, 1), (6, 2), (12, 4), (9, 1), (16, 3, 0.7), (16, 4, 0.3)],
    slips={
        "an object may be hit more than once": lambda *given: matched(*given, once=False),
        "detections come in the order of the boxes; the highest score comes first": lambda *given: matched(*given, order="boxes"),
        "the lowest score comes first": lambda *given: matched(*given, order="lowest"),
        "a detection whose best object is taken gets its second-best one": lambda *given: matched(*given, second=True),
        "the hits come in the order of the scores; that of the boxes was asked for":
            lambda boxes, scores, *rest: matched(boxes, scores, *rest)[scores.argsort(descending=True)],
        "each object is given to the detection that fits it best; the surest one comes first": best_of_each_object,
        "an object is taken by a detection that does not overlap it enough": lambda *given: matched(*given, spent=True),
        AT_LEAST: lambda *given: matched(*given, more=True),
        "the threshold is always 0.5": lambda boxes, scores, objects, threshold: None if threshold == 0.5 else matched(boxes, scores, objects),
    },
)  # fmt: skip


@exercise("match_detections", parts=[reference.box_iou])
class TestMatchDetections:
    test_one = match.agrees(
        "one object is hit once, by the surest detection that overlaps it enough", weight=3, hint="go through scores.argsort(descending=True)",
        sizes=[(1, 1), (5, 1), (9, 1, 0.6)],
    )  # fmt: skip
    test_values = match.agrees(
        "with several objects each detection asks for the one it overlaps most, and for no other", weight=3, hint="no second choice", follows=True
    )

    @criterion("the threshold is 0.5 by default", hint="iou_threshold=0.5 in the first line")
    def test_default(self, student, draw):
        given = found_in(draw, 12, 3)
        result = student.match_detections(*(value.clone() for value in given[:3]))
        match.compare([(given, result)], ["match_detections with no threshold named"], follows=True)

    test_empty = match.agrees(
        "no object: all are misses; no detection: no hits", weight=2, hint="return zeros before you look for the best object", follows=True,
        arguments=lambda draw: {
            f"match_detections of {k} detections and {m} objects": (boxes(draw, k), draw.uniform(k), boxes(draw, m), 0.5) for k, m in [(4, 0), (0, 3), (0, 0)]
        },
    )  # fmt: skip
    test_exactly = match.agrees(
        "an overlap of exactly the threshold is enough", hint=">=", follows=True,
        arguments=lambda draw: {
            f"match_detections of a detection whose overlap is the threshold {t},":
                (at_the_threshold(draw)[i : i + 1], draw.uniform(1), at_the_threshold(draw)[:1], t) for i, t in [(1, 0.5), (2, 0.25)]
        },
    )  # fmt: skip
    test_far = far(match, "match_detections far from 0", 0, 2)
    test_dtype = match.keeps_dtype(title="gives bool, for boxes of float32 and float64, in any memory order", hint="dtype=torch.bool")
    test_unchanged = match.leaves_inputs()
    test_again = match.again(sizes=((), (), (5, 2)))
    test_by_hand = by_hand(match)


def area(scores, hits, num_objects, envelope=True, sort=True, by=lambda hits, num_objects: num_objects, at=lambda hits: hits, ascending=False):
    """The average precision, or with a slip."""
    order = scores.argsort(descending=not ascending) if sort else torch.arange(len(scores), device=scores.device)
    hits = hits[order].double()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1, device=hits.device)
    falling = precision.flip(0).cummax(0).values.flip(0) if envelope is True else precision.cummax(0).values if envelope == "left" else precision
    divisor = by(hits, num_objects)
    return float((falling * at(hits)).sum() / divisor) if divisor else 0.0


def by_trapezoids(scores, hits, num_objects):
    hits = hits[scores.argsort(descending=True)].double()
    falling = (hits.cumsum(0) / torch.arange(1, len(hits) + 1, device=hits.device)).flip(0).cummax(0).values.flip(0)
    return float(torch.trapezoid(falling, hits.cumsum(0) / num_objects)) if num_objects else 0.0


def at_eleven_recalls(scores, hits, num_objects):
    hits = hits[scores.argsort(descending=True)].double()
    precision, recall = hits.cumsum(0) / torch.arange(1, len(hits) + 1, device=hits.device), hits.cumsum(0) / max(num_objects, 1)
    return sum(float(precision[recall >= step / 10].max()) / 11 for step in range(11) if bool((recall >= step / 10).any()))


def ranked(draw, k=10, more=3):
    """Scores in no order, hits, and `more` objects that were not found."""
    scores = heap(draw, k)[1]
    hits = draw.mask(k, share=0.6)
    return scores, hits, int(hits.sum()) + more


precision = case(
    reference.average_precision, ranked, sizes=[(1, 2), (2, 1), (10, 3), (25, 7), (6, 0)], rtol=1e-4, atol=1e-5,
    slips={
        "the precision is not made falling: at each rank the largest that is still to come": lambda *given: area(*given, envelope=False),
        "the running maximum comes from the left; it should come from the right": lambda *given: area(*given, envelope="left"),
        "the sum is divided by the number of hits, and objects that were never found are forgotten":
            lambda *given: area(*given, by=lambda hits, _: float(hits.sum())),
        "the sum is divided by the number of detections": lambda *given: area(*given, by=lambda hits, _: len(hits)),
        "the hits are not sorted by their scores": lambda *given: area(*given, sort=False),
        "the lowest score comes first": lambda *given: area(*given, ascending=True),
        "the curve is joined by slanting lines (trapezoids); it goes in steps": by_trapezoids,
        "the precision is read at eleven recalls only; here every hit counts": at_eleven_recalls,
        "the precision at every rank is added up; it counts at the hits only": (
            lambda *given: area(*given, at=torch.ones_like), lambda *given: area(*given, at=torch.ones_like, by=lambda hits, _: len(hits)),
        ),
    },
)  # fmt: skip


@exercise("average_precision")
class TestAveragePrecision:
    test_values = precision.agrees(
        "is the area under the stepped curve", weight=4, hint="sorted hits; cumsum / rank; running maximum from the right; sum at the hits / num_objects"
    )
    test_missed = precision.agrees(
        "objects that were never found count", weight=2, hint="divide by num_objects", sizes=[(5, 9), (8, 100), (3, 1)], follows=True
    )
    test_all = precision.agrees(
        "holds for nothing but hits, and for nothing but misses", hint="no division by the number of hits", follows=True,
        arguments=lambda draw: {
            "average_precision of nothing but hits": (draw.uniform(6), torch.ones(6, dtype=torch.bool, device=draw.device), 8),
            "average_precision of nothing but misses": (draw.uniform(5), torch.zeros(5, dtype=torch.bool, device=draw.device), 4),
            "average_precision of scores that differ little": (0.5 + 1e-11 * draw.float64.uniform(9), draw.mask(9), 7),
            "average_precision of scores below 0": (draw.uniform(7, low=-9.0, high=-1.0), draw.mask(7), 7),
        },
    )  # fmt: skip
    test_empty = precision.agrees(
        "is 0.0 where there is no object or no detection", weight=2, hint="return 0.0 before you divide", follows=True,
        arguments=lambda draw: {
            f"average_precision of {k} detections and {m} objects": (draw.uniform(k), torch.zeros(k, dtype=torch.bool, device=draw.device), m)
            for k, m in [(4, 0), (0, 5), (0, 0)]
        },
    )  # fmt: skip
    test_dtype = precision.keeps_dtype(title="takes scores of float32 and float64, in any memory order", hint="argsort takes every dtype")
    test_unchanged = precision.leaves_inputs()
    test_again = precision.again(sizes=((), (), (5, 2)))
