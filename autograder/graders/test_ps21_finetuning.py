"""Hidden grader of ps21_finetuning."""

import math
from copy import deepcopy
from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import torch
from course_tools import digits
from torch.nn.functional import cross_entropy, interpolate

from autograder import (
    Finding,
    as_number,
    assert_close,
    assert_finite,
    assert_program_left,
    assert_shape,
    assert_unchanged,
    case,
    criterion,
    exercise,
    expect,
    fail,
    kind_of,
    part,
)
from autograder.vocabulary.slip import alike
from solutions.ps21_finetuning import finetuning as reference

MEAN, STD = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
SAMPLES = 200  # of a random quantity: a bound is five standard deviations from what a right answer gives

# 1 · Augmentation by hand --------------------------------------------------------------------------------------------
# What comes out where chance decides nothing is the reference's: the promises are about that. What chance decides is looked at below each.

ANY_VALUES = {"rtol": 0, "atol": math.inf}
DTYPE = {"title": "keeps dtype and device, and takes pictures in any memory order", "hint": "random numbers are float32 on the CPU: bring them to X by .to(X)"}
UNCHANGED = {"title": "leaves the pictures unchanged", "hint": "operations that end in _, X *= … and X[...] = … write into the caller's tensor"}
AT_ONCE = {"title": "goes without a loop over the pictures", "hint": "draw n random numbers at once and shape them (n, 1, 1, 1)"}


def often(student, name, arguments, generator, count):
    """Results of calls one after the other, all with the same generator."""
    return [getattr(student, name)(arguments[0].clone(), *arguments[1:], generator) for _ in range(count)]


def takes_one(case, *rest, look=lambda X, result: ""):
    """A criterion: a single picture comes out in its own shape, not always the same. rest: sizes of the case behind n, c, h, w. look: says what is wrong."""

    @criterion("takes a single picture as well", hint="X.shape[:-3] is (n,) for a batch and () for a single picture; count dimensions from the end")
    def test(self, student, draw):
        for c, h, w in ((3, 8, 6), (1, 5, 9)):
            X, *others, generator = case.arguments(draw, 1, c, h, w, *rest)
            X = X[0]
            right = case.right(X, *others, draw.new_generator())
            results = student.run(often, name=case.name, arguments=[X, *others], generator=generator, count=40)
            for result in results:
                assert_shape(result, right.shape, what=f"the result for a single picture ({c}, {h}, {w})")
                told = look(X, result)
                expect(not told, f"a single picture ({c}, {h}, {w}) {told}", follows=True)
            same = all(torch.equal(results[0], result) for result in results[1:])
            expect(not same, "forty calls with a single picture all gave the same result", follows=True)

    return test


def by_hand(case, *size):
    """A criterion: no function of torchvision runs, for a batch nor for a single picture."""

    @criterion("is written by hand: torchvision does not do the work", weight=2, hint="no function of torchvision in this part, only tensor operations")
    def test(self, student, draw):
        X, *rest = case.arguments(draw, *size)
        for pictures in (X, X[0]):
            seen = student.run(runs_torchvision, name=case.name, arguments=[pictures, *rest])
            expect(not seen["torchvision"], f"{case.name} calls torchvision; this exercise asks you to write it yourself", "forbidden operation")
            expect(isinstance(seen["result"], torch.Tensor), f"{case.name} does not return a tensor", "wrong type")

    return test


def runs_torchvision(student, name, arguments):
    import sys

    files = set()
    function, before = getattr(student, name), sys.getprofile()
    sys.setprofile(lambda frame, event, argument: files.add(frame.f_code.co_filename))
    try:
        result = function(*arguments)
    finally:
        sys.setprofile(before)
    return {"torchvision": any("/torchvision/" in file.replace("\\", "/") for file in files), "result": result}


def after(student, case, draw, X, *rest):
    """The student's result for a batch X, without its graph: finite, and of the shape that the reference gives."""
    result = getattr(student, case.name)(X.clone(), *rest, draw.new_generator())
    assert_shape(result, case.right(X, *rest, draw.new_generator()).shape, what=f"{case.name} of {len(X)} pictures")
    assert_finite(result, what=f"the result of {case.name}")
    return result.detach()


flip = case(
    reference.random_flip,
    lambda draw, n=3, c=3, h=8, w=6, p=1.0: (draw.uniform(n, c, h, w), p, draw.new_generator()),
    sizes=[(3, 1, 4, 7, 1.0), (3, 1, 4, 7, 0.0), (1, 3, 5, 2, 1.0), (1, 3, 5, 2, 0.0), (6, 2, 3, 4, 1.0), (6, 2, 3, 4, 0.0)],
    rtol=0,
    atol=0,
    slips={
        "top and bottom change places; left and right should": lambda X, p, _: X.flip(-2) if p else X,
        "the pictures are turned by half a circle": lambda X, p, _: X.flip(-2, -1) if p else X,
        "the order of the batch is turned round, not the pictures": lambda X, p, _: X.flip(0) if p else X,
        "no picture is ever mirrored": lambda X, p, _: X,
        "they are mirrored with probability 1 - p": lambda X, p, _: X if p else X.flip(-1),
    },
)


def neither(X, result):
    return "" if torch.equal(result, X) or torch.equal(result, X.flip(-1)) else "came out neither mirrored nor as it was"


@exercise("random_flip")
class TestRandomFlip:
    @criterion("p = 1 mirrors every picture left to right, p = 0 none", weight=3, hint="X.flip(-1) turns the columns round, the last dimension")
    def test_mirror(self, student, draw):
        asked = flip.ask(student, flip.drawn(draw))
        for (X, p, _), result in asked:
            if isinstance(result, torch.Tensor) and result.shape == X.shape:
                kept, mirrored = ((result == Y).all((-3, -2, -1)) for Y in (X, X.flip(-1)))
                chance = bool((kept ^ mirrored).all()) and 0 < int(mirrored.sum()) < len(X)
                expect(not chance, f"with p = {p:g}, {int(mirrored.sum())} of {len(X)} pictures are mirrored: the probability is another than p")
        flip.compare(asked)

    @criterion(
        "each picture of a batch is mirrored with probability p, on its own and as a whole",
        weight=3,
        hint="one random number for each picture, none for its channels, rows or pixels",
    )
    def test_each(self, student, draw):
        for p in (0.25, 0.8):
            X = draw.uniform(SAMPLES, 2, 4, 3)
            result = after(student, flip, draw, X, p)
            kept, mirrored = result == X, result == X.flip(-1)
            whole = [bool((kept.all(dims) | mirrored.all(dims)).all()) for dims in ((-3, -2, -1), (-2, -1), (-1,))]
            told = ["some channels of a picture are mirrored and others are not", "some rows of a picture are mirrored and others are not"]
            words = next((words for words, yes in zip(told, whole[1:], strict=True) if yes), "some pictures are neither mirrored nor as they were")
            expect(whole[0], f"with p = {p}, {words}")
            count = int(mirrored.all((-3, -2, -1)).sum())
            expect(0 < count < SAMPLES, f"with p = {p} all {SAMPLES} pictures of a batch got the same: one number was drawn for all of them")
            slack = 5 * math.sqrt(SAMPLES * p * (1 - p))
            expect(abs(count - SAMPLES * p) < slack, f"with p = {p}, {count} of {SAMPLES} pictures were mirrored, about {SAMPLES * p:.0f} were expected")

    test_seeded = flip.seeded(weight=2, size=(40, 3, 8, 6, 0.5))
    test_single = takes_one(flip, 0.5, look=neither)
    test_dtype = flip.keeps_dtype(**DTYPE)
    test_unchanged = flip.leaves_inputs(**UNCHANGED)
    test_at_once = flip.at_once("n", **AT_ONCE)
    test_by_hand = by_hand(flip)
    test_again = flip.again(sizes=[(), (), (2, 1, 5, 4)])


RESIZING = (
    "interpolate", "upsample", "upsample_bilinear", "upsample_bilinear2d", "upsample_bilinear2d_aa", "upsample_nearest2d", "upsample_nearest_exact2d",
    "upsample_bicubic2d", "upsample_bicubic2d_aa", "grid_sample", "grid_sampler", "grid_sampler_2d", "grid_sampler_2d_cpu_fallback", "affine_grid",
    "affine_grid_generator",
)  # fmt: skip


def hat(places, num_in):
    """The weights of num_in pixels for these places: bilinear interpolation in one direction."""
    return (1 - (places[..., None] - torch.arange(num_in).to(places)).abs()).clamp(min=0)


def read_at(place):
    """A slip: pixel i of n is read at place(i, n, number of pixels)."""

    def stretched(X, size, *_):
        A, B = (hat(place(torch.arange(n).to(X), n, k), k) for n, k in zip(size, X.shape[-2:], strict=True))
        return A @ X @ B.mT

    return stretched


def middle_of(i, n, k):
    return (i + 0.5) * k / n - 0.5


def picture_and_box(draw, n=3, c=3, h=6, w=6, size=(4, 5), scale=(1.0, 1.0), ratio=(1.0, 1.0)):
    """Square pictures, and boxes that are the whole of them: a mistake in ratio costs its own points."""
    return draw.uniform(n, c, h, w), size, scale, ratio, draw.new_generator()


crop = case(
    reference.random_crop_resize,
    picture_and_box,
    sizes=[(2, 3, 6, 6, (4, 5)), (1, 1, 5, 5, (9, 7)), (3, 2, 9, 9, (3, 20))],
    slips={
        "corner pixels become corner pixels (align_corners=True): the two halves of the formula are missing": lambda X, size, *_: interpolate(
            X, size, mode="bilinear", align_corners=True
        ),
        "pixel i is read at i · height / rows: the two halves of the formula are missing": (
            read_at(lambda i, n, k: (i * k / n).clamp(max=k - 1)), read_at(lambda i, n, k: i * k / n),
        ),
        "places outside of the picture are not cut to it: the edges get dark": read_at(middle_of),
        "the nearest pixel is taken; the two nearest should be mixed": read_at(lambda i, n, k: middle_of(i, n, k).clamp(0, k - 1).round()),
        "size is taken for (columns, rows)": lambda X, size, *_: interpolate(X, size[::-1], mode="bilinear"),
    },
)  # fmt: skip
rough = replace(crop, rtol=1e-3, atol=2e-3)
H, W, SIZE = 40, 56, (5, 7)  # every box below is at least as large as the result, so that places can be read off ramps


def boxes(student, draw, scale, ratio, n=SAMPLES, h=H, w=W, size=SIZE):
    """What the boxes were, read off two ramps: dict of (n,) tensors, and of the places (n, rows), (n, columns). Small samples have a third channel."""
    X = draw.uniform(n, 3 if n < SAMPLES else 2, h, w)
    X[:, 0], X[:, 1] = torch.arange(w) / (w - 1), torch.arange(h)[:, None] / (h - 1)
    result = after(student, crop, draw, X, size, scale, ratio).cpu().double()
    x, y = result[:, 0] * (w - 1), result[:, 1] * (h - 1)
    straight = float(x.std(dim=1).max()) < 0.02 and float(y.std(dim=2).max()) < 0.02
    expect(straight, "rows and columns of the result do not come from rows and columns of the picture: is it turned, or are channels mixed?")
    x, y = x.mean(dim=1), y.mean(dim=2)
    dx, dy = (x[:, -1] - x[:, 0]) / (size[1] - 1), (y[:, -1] - y[:, 0]) / (size[0] - 1)
    corners, halves = student.once(reading, draw)  # a mistake of its own, which costs its own points
    box = {"width": dx * (size[1] - corners) + corners, "height": dy * (size[0] - corners) + corners}
    box |= {"left": x[:, 0] - halves * (dx - 1) / 2, "top": y[:, 0] - halves * (dy - 1) / 2}
    share, ratio = box["width"] * box["height"] / (h * w), box["width"] / box["height"]
    return box | {"x": x, "y": y, "dx": dx, "dy": dy, "share": share, "ratio": ratio, "X": X.cpu().double(), "result": result}


def reading(student, draw):
    """Whether the corner pixels of the box become those of the result; and whether, else, pixels are read at their middles and not where they begin."""
    X = (torch.arange(8) / 7).expand(1, 1, 4, 8).contiguous().to(draw.device)
    first, *_, last = after(student, crop, draw, X, (2, 4), (1.0, 1.0), (2.0, 2.0))[0, 0, 0].tolist()
    return first < 0.03 and last > 0.97, first > 0.03


def three(values):
    """Smallest, largest and mean value."""
    return float(values.min()), float(values.max()), float(values.mean())


def within(values, right, slack=0.08):
    return bool(((values / right - 1).abs() < slack).all())


def assert_independent(drawn, what):
    names = list(drawn)
    for i, first in enumerate(names):
        for second in names[:i]:
            together = abs(float(torch.corrcoef(torch.stack([drawn[first].double(), drawn[second].double()]))[0, 1])) > 0.35
            expect(not together, f"{what}{second} and {first} are not independent of each other: is one random number used for both?")


@exercise("random_crop_resize", forbid=RESIZING)
class TestRandomCropResize:
    test_whole = rough.agrees(
        "the whole picture is resized with bilinear interpolation",
        weight=3,
        hint="place i is top + (i + 1/2) · height / rows − 1/2, cut to the picture; the halves matter",
    )

    @criterion("each result shows one straight box inside its own picture", weight=3, hint="try a ramp, X[..., i, j] = j: the result must be a ramp again")
    def test_content(self, student, draw):
        for n, h, w, size in ((20, H, W, SIZE), (1, 60, 33, (6, 4)), (7, 31, 50, (4, 3))):
            box = boxes(student, draw, (0.2, 0.6), (0.7, 1.4), n, h, w, size)
            for places, step, start, length, side in (("x", "dx", "left", "width", w), ("y", "dy", "top", "height", h)):
                even = box[places][:, :1] + box[step][:, None] * torch.arange(box[places].shape[1])
                evenly = bool(((box[places] - even).abs() < 0.1).all()) and bool((box[step] > 0).all())
                last = int((box[places] > side - 1.01).sum(dim=1).max())
                told = f"a box leaves the picture: {last} {'columns' if side == w else 'rows'} of a result all show the last one of the picture"
                expect(evenly or last < 2, told)
                expect(evenly, "the places of the result are not evenly spaced: does the box lie in the picture, and is the interpolation bilinear?")
                edge = 0.5 * box[step] + 0.1
                inside = bool((box[start] > -edge).all()) and bool((box[start] + box[length] < side + edge).all())
                expect(inside, f"a box leaves the picture: its {start} and {length} do not lie in the {side} pixels there are")
            right = hat(box["y"], h) @ box["X"][:, 2] @ hat(box["x"], w).mT
            assert_close(box["result"][:, 2], right, what="another channel at the places that the ramps show", rtol=1e-3, atol=2e-3)

    @criterion("the box has a share of the area drawn from scale", weight=2, hint="the area of the box is s · h · w, with s uniform from scale[0] to scale[1]")
    def test_share(self, student, draw):
        share = boxes(student, draw, (0.3, 0.3), (1.4, 1.4), n=20)["share"]
        likely = {"s is taken for the share of each side": 0.09, "the box is the whole picture": 1.0}
        told = next((f": {words}" for words, value in likely.items() if within(share, value)), "")
        expect(within(share, 0.3), f"with scale (0.3, 0.3) a box takes {float(share[0]):.2f} of the area{told}", follows=True)
        low, high, mean = three(boxes(student, draw, (0.1, 0.7), (1.3, 1.5))["share"])
        expect(high - low > 0.01, f"with scale (0.1, 0.7) all boxes of a batch take {low:.2f} of the area")
        expect(low > 0.09 and high < 0.76, f"with scale (0.1, 0.7) boxes take from {low:.2f} to {high:.2f} of the area")
        uniform = low < 0.2 and high > 0.6 and abs(mean - 0.4) < 0.06
        expect(uniform, f"with scale (0.1, 0.7) shares go from {low:.2f} to {high:.2f}, {mean:.2f} on average: not uniform over the range")

    @criterion("width / height of the box is drawn from ratio", weight=2, hint="height = sqrt(area / r), width = sqrt(area * r)")
    def test_ratio(self, student, draw):
        for r in (2.0, 0.5):
            ratio = boxes(student, draw, (0.3, 0.3), (r, r), n=20)["ratio"]
            expect(not within(ratio, 1 / r), f"with ratio ({r}, {r}) height / width is {r}; the ratio is width / height")
            told = next((f": it is that of {words}" for words, value in {"the picture": W / H, "a square": 1.0}.items() if within(ratio, value)), "")
            expect(within(ratio, r), f"with ratio ({r}, {r}) width / height of a box is {float(ratio[0]):.2f}{told}", follows=not told)
        low, high, _ = three(boxes(student, draw, (0.3, 0.3), (0.5, 2.5))["ratio"])
        expect(low > 0.45 and high < 2.7, f"with ratio (0.5, 2.5) boxes have ratios from {low:.2f} to {high:.2f}")
        told = f"with ratio (0.5, 2.5) all boxes have ratios between {low:.2f} and {high:.2f}: the range is not used"
        expect(low < 0.8 and high > 2.0, told, follows=high - low < 0.01)

    @criterion(
        "the box lies anywhere in the picture, and the four draws are independent",
        weight=2,
        hint="four random numbers for each picture: share, ratio, top, left; top is uniform from 0 to h − height",
    )
    def test_place(self, student, draw):
        box = boxes(student, draw, (0.1, 0.4), (0.8, 1.9))
        drawn = {"top": box["top"] / (H - box["height"]), "left": box["left"] / (W - box["width"]), "share": box["share"], "ratio": box["ratio"]}
        for name in ("top", "left"):
            low, high, mean = three(drawn[name])
            place = {0.0: "0, the edge", 0.5: "half of the way there is, in the middle"}.get(round(mean, 2), f"{mean:.2f} of the way there is")
            expect(high - low > 0.01, f"{name} of all boxes of a batch is {place}: each picture needs a place of its own", follows=True)
            used = low < 0.1 and high > 0.9 and abs(mean - 0.5) < 0.1
            expect(used, f"{name} goes from {low:.2f} to {high:.2f} of the way there is, {mean:.2f} on average: not uniform over it", follows=True)
        assert_independent(drawn, "")

    @criterion("a box longer than the picture is cut to it, and the edges stay bright", hint="height.clamp(max=h), width.clamp(max=w); cut the places too")
    def test_cut(self, student, draw):
        for r, side, length, other, right in (
            (2.6, "width", W, "height", math.sqrt(0.9 * H * W / 2.6)),
            (0.4, "height", H, "width", math.sqrt(0.9 * H * W * 0.4)),
        ):
            box = boxes(student, draw, (0.9, 0.9), (r, r), n=12)
            cut, kept = (bool(((box[name] - value).abs() < 0.6).all()) for name, value in ((side, length), (other, right)))
            expect(cut, f"with scale 0.9 and ratio {r} the {side} of a box should be that of the picture, but is not", follows=True)
            expect(kept, f"with scale 0.9 and ratio {r} the {other} of a box should stay as the formula says, but does not", follows=True)
        flat = torch.full((6, 1, 5, 4), 0.8, device=draw.device)
        result = after(student, crop, draw, flat, (9, 11), (0.3, 1.0), (0.5, 2.0))
        assert_close(result, torch.full_like(result, 0.8), what="a crop of a picture that is 0.8 everywhere", rtol=1e-4, atol=1e-4)

    test_seeded = crop.seeded(weight=2, size=(40, 3, 8, 6, (4, 5), (0.2, 0.6), (0.7, 1.4)))
    test_single = takes_one(crop, (4, 5), (0.2, 0.6), (0.7, 1.4))
    test_dtype = crop.keeps_dtype(**DTYPE)
    test_unchanged = rough.leaves_inputs(**UNCHANGED)
    test_at_once = rough.at_once("n", **AT_ONCE)
    test_by_hand = by_hand(crop, 4, 3, 8, 6, (4, 5), (0.2, 0.6), (0.7, 1.4))
    test_again = rough.again(sizes=[(), (), (2, 1, 7, 7, (6, 3))])


GREY = torch.tensor([0.299, 0.587, 0.114], dtype=torch.float64)[:, None, None]


def grey(X, weights=GREY):
    return (weights.to(X) * X).sum(dim=-3, keepdim=True) if X.shape[-3] == 3 else X


def mean_grey(X):
    return grey(X).mean(dim=(-2, -1), keepdim=True)


def plain_mean(X):
    return X.mean(dim=-3, keepdim=True)


# From what each change goes away, and what it is taken for.
CENTRES = {
    "brightness": (torch.zeros_like, {}),
    "contrast": (
        mean_grey,
        {
            "the mean grey of the whole batch": lambda X: grey(X).mean(),
            "the mean of each channel": lambda X: X.mean(dim=(-2, -1), keepdim=True),
            "the grey of each pixel, as saturation should": grey,
            "a grey that takes red for blue": lambda X: mean_grey(X.flip(-3)),
            "the plain mean of the three channels": lambda X: plain_mean(X).mean(dim=(-2, -1), keepdim=True),
            "0.5": lambda X: torch.full_like(X, 0.5),
        },
    ),
    "saturation": (
        grey,
        {
            "the mean grey of the picture, as contrast should": mean_grey,
            "the plain mean of the three channels": plain_mean,
            "a grey that takes red for blue": lambda X: grey(X.flip(-3)),
            "black": torch.zeros_like,
        },
    ),
}


def factor_from(centre, X, result):
    """The factor f (n,) of each picture, and for which (n,) pictures the result is f X + (1 - f) centre."""
    away, moved = ((Y - centre).expand_as(X).flatten(1) for Y in (X, result))
    f = (away * moved).sum(dim=1) / (away * away).sum(dim=1)
    return f, (moved - f[:, None] * away).abs().amax(dim=1) < 3e-4


def light(kind, strength):
    """The three strengths where one kind of change has this one, and the others 0."""
    return [strength if name == kind else 0.0 for name in CENTRES]


def factors(student, draw, X, kind, strength):
    """The factor of each picture where one kind of change is made alone."""
    result = after(student, jitter, draw, X, *light(kind, strength))
    centre, slips = CENTRES[kind]
    f, right = factor_from(centre(X), X, result)
    if not bool(right.all()):
        if told := next((words for words, slip in slips.items() if bool(factor_from(slip(X), X, result)[1].all())), ""):
            raise Finding(f"{kind} goes away from {told}, or towards it", named=told)
        added = (result - X).flatten(1)
        constant = (added - added[:, :1]).abs().amax(dim=1) < 3e-4
        expect(not bool((constant & (added[:, 0].abs() > 0.01)).any()), f"with {kind} alone the same number is added to all pixels of a picture")
        told = {"brightness": "f · X", "contrast": "f · X + (1 − f) · m, m the picture's mean grey", "saturation": "f · X + (1 − f) · g, g each pixel's grey"}
        fail(f"with {kind} alone the result should be {told[kind]}: this does not hold for {int((~right).sum())} of {len(X)} pictures")
    low, high, least, most = max(0.0, 1 - strength), 1 + strength, float(f.min()), float(f.max())
    outside = least if least < low - 1e-3 else most
    expect(low - 1e-3 < outside < high + 1e-3, f"with {kind} {strength} a factor is {outside:.2f}, outside of [max(0, 1 − a), 1 + a]")
    expect(len(X) == 1 or max(1 - least, most - 1) > 1e-3, f"with {kind} {strength} nothing changes")
    return f


def one_change(title, kind, strength, low, hint):
    """A criterion: one kind of change alone does what it should, with factors from the right range."""

    @criterion(title, weight=3, hint=hint)
    def test(self, student, draw):
        for n in (30, 1):
            factors(student, draw, coloured(draw, n, low), kind, strength)
        if kind == "saturation":
            X = draw.uniform(3, 1, 4, 5)
            result = after(student, jitter, draw, X, *light(kind, strength))
            assert_close(result, X, what="a picture with one channel after a change of saturation", rtol=1e-4, atol=1e-4)

    return test


def three_factors(student, draw, strengths, generator):
    """The factors of all three changes together, dict of (SAMPLES,): read off pictures so dull that nothing is cut."""
    X = coloured(draw, SAMPLES, (0.14, 0.15, 0.16), width=0.02, one_grey=True)
    result = student.color_jitter(X.clone(), *strengths, generator.clone_state())
    assert_shape(result, X.shape, what=f"color_jitter of {SAMPLES} pictures")
    parts = torch.stack([Y.expand_as(X).flatten(1) for Y in (X, grey(X), torch.ones_like(X))], dim=2).cpu()
    target = result.detach().to(parts).flatten(1)
    weights = torch.linalg.lstsq(parts, target[..., None]).solution
    mixed = bool(((parts @ weights)[..., 0] - target).abs().max() < 1e-4)
    expect(mixed, "the result of all three is not a mixture of the picture, its greys and its mean grey", follows=True)
    a, b, c = weights[..., 0].unbind(dim=1)
    brightness = a + b + c / mean_grey(X).flatten().cpu()
    return {"brightness": brightness, "contrast": (a + b) / brightness, "saturation": a / (a + b)}


def with_factors(order=tuple(CENTRES), cut_after=tuple(CENTRES)):
    """color_jitter with factors that are known, dict of (n,). The options are mistakes."""

    def jittered(X, f):
        for kind in order:
            factor = f[kind].to(X)[:, None, None, None]
            X = factor * X + (1 - factor) * CENTRES[kind][0](X)
            X = X.clamp(0, 1) if kind in cut_after else X
        return X

    return jittered


known = case(
    with_factors(),
    lambda draw: (),
    name="color_jitter",
    rtol=1e-3,
    atol=2e-3,
    check_dtype=False,
    slips={
        "values are cut to [0, 1] at the end alone; they should be after each change": with_factors(cut_after=["saturation"]),
        "values are not cut to [0, 1] after brightness": with_factors(cut_after=["contrast", "saturation"]),
        "values are not cut to [0, 1] after contrast": with_factors(cut_after=["brightness", "saturation"]),
        "values are never cut to [0, 1]": with_factors(cut_after=()),
        "contrast comes before brightness": with_factors(("contrast", "brightness", "saturation")),
        "saturation comes before contrast": with_factors(("brightness", "saturation", "contrast")),
        "saturation comes first": with_factors(("saturation", "brightness", "contrast")),
        "the three changes come in the opposite order": with_factors(("saturation", "contrast", "brightness")),
    },
)


def coloured(draw, n, low=(0.35, 0.45, 0.55), width=0.1, one_grey=False):
    """Pictures whose channels differ: no change below takes them out of [0, 1]. With one_grey the plain mean of the channels is their grey as well."""
    X = draw.float64.uniform(n, 3, 4, 5, high=width) + torch.tensor(low, dtype=torch.float64, device=draw.device)[:, None, None]
    if one_grey:  # a mistake in the grey costs its own points
        X[:, 1] = ((1 / 3 - 0.299) * X[:, 0] + (1 / 3 - 0.114) * X[:, 2]) / (0.587 - 1 / 3)
    return X


def flat_pictures(draw, n=3, c=1, h=8, w=6, strengths=(0.0, 0.3, 0.5), flat=True):
    """Of one channel and one brightness each, so that contrast and saturation change nothing, whatever the factors; or any, with flat=False."""
    X = draw.uniform(n, c, h, w)
    return X * 0 + X[:, :1, :1, :1] if flat else X, *strengths, draw.new_generator()


def any_picture(draw, n=3, strengths=(0.4, 0.3, 0.5)):
    return flat_pictures(draw, n, 3, 8, 6, strengths, flat=False)


jitter = case(reference.color_jitter, flat_pictures)
NOTHING = [(4, 3, 5, 3, (0.0, 0.0, 0.0), False), (1, 1, 2, 6, (0.0, 0.0, 0.0), False), (5, 3, 1, 2, (0.0, 0.0, 0.0), False)]
moving = replace(jitter, arguments=any_picture, **ANY_VALUES)


@exercise("color_jitter")
class TestColorJitter:
    test_brightness = one_change(
        "brightness multiplies each picture by a factor of its own", "brightness", 0.9, (0.05, 0.2, 0.3), "f * X, f of shape (n, 1, 1, 1); then clamp(0, 1)"
    )
    test_contrast = one_change(
        "contrast goes away from the mean grey of the picture, or towards it", "contrast", 0.6, (0.35, 0.45, 0.55),
        "f * X + (1 - f) * m, m the mean of 0.299 R + 0.587 G + 0.114 B",
    )  # fmt: skip
    test_saturation = one_change(
        "saturation goes away from the grey of each pixel, or towards it", "saturation", 0.8, (0.35, 0.45, 0.55),
        "f * X + (1 - f) * g, g = 0.299 R + 0.587 G + 0.114 B",
    )  # fmt: skip

    @criterion("each picture of a batch has factors of its own", weight=2, hint="u from torch.rand(X.shape[:-3], generator=generator): n numbers, not one")
    def test_own(self, student, draw):
        X = coloured(draw, 30, (0.3, 0.4, 0.5))
        for kind, (centre, _) in CENTRES.items():
            f, _ = factor_from(centre(X), X, after(student, jitter, draw, X, *light(kind, 0.5)))
            expect(float(f.max() - f.min()) > 0.1, f"with {kind} alone all pictures of a batch have nearly the same factor", follows=True)

    @criterion("all three work together, with independent factors", weight=2, hint="draw anew for each of the three changes")
    def test_together(self, student, draw):
        strengths = (0.3, 0.2, 0.4)
        found = three_factors(student, draw, strengths, draw.new_generator())
        for (name, f), strength in zip(found.items(), strengths, strict=True):
            furthest = float((f - 1).abs().max())
            told = f"with strengths 0.3, 0.2, 0.4 the factor of {name} is up to {furthest:.2f} away from 1"
            expect(0.7 * strength < furthest < strength + 5e-3, told, follows=True)
        assert_independent(found, "the factors of ")

    @criterion("factors are uniform from max(0, 1 − a) to 1 + a", weight=2, hint="low + (1 + a - low) * u with low = max(0, 1 - a) and u from torch.rand")
    def test_range(self, student, draw):
        X = coloured(draw, SAMPLES, one_grey=True)
        for a, low, high in ((1.5, 0.0, 2.5), (0.6, 0.4, 1.6)):
            least, most, mean = three(factors(student, draw, X, "saturation", a))
            ends = least < low + 0.1 * (high - low) and most > high - 0.1 * (high - low)
            even = abs(mean - (low + high) / 2) < 5 * (high - low) / math.sqrt(12 * SAMPLES)
            expect(ends and even, f"with saturation {a} factors go from {least:.2f} to {most:.2f}, mean {mean:.2f}: not uniform")

    @criterion("values stay in [0, 1]", weight=2, hint="clamp(0, 1) after each change")
    def test_inside(self, student, draw):
        X = draw.uniform(60, 3, 4, 5)
        for strengths in ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 3.0), (1.0, 1.0, 1.0)):
            low, high, _ = three(after(student, jitter, draw, X, *strengths))
            expect(low >= 0 and high <= 1, f"with strengths {strengths} values go from {low:.2f} to {high:.2f}")
            expect(high - low > 0.1, "all pixels have the same value")

    test_seeded = jitter.seeded(weight=2, size=(40, 3, 8, 6, (0.4, 0.3, 0.5), False))

    @criterion("brightness, then contrast, then saturation, cut after each", hint="three lines in this order, each with its own clamp(0, 1)")
    def test_order(self, student, draw):
        asked, words = [], []
        for strengths in ((0.9, 0.9, 0.9), (0.9, 0.9, 0.0), (0.0, 0.9, 0.9)):  # the same state of the generator gives the same factors
            generator = draw.new_generator()
            f = three_factors(student, draw, strengths, generator)
            X = draw.float64.uniform(SAMPLES, 3, 4, 5)
            asked.append(((X, f), student.color_jitter(X.clone(), *strengths, generator.clone_state())))
            words.append(f"color_jitter of bright and dark pictures, strengths {', '.join(map(str, strengths))},")
        known.compare(asked, words, follows=True)

    test_nothing = jitter.agrees("strengths of 0 change nothing", hint="with a = 0 the factor is 1", sizes=NOTHING)
    test_single = takes_one(
        jitter, (0.4, 0.3, 0.5), False, look=lambda X, result: "" if float(result.min()) >= 0 and float(result.max()) <= 1 else "left [0, 1]"
    )
    test_dtype = jitter.keeps_dtype(**DTYPE)
    test_unchanged = moving.leaves_inputs(**UNCHANGED)
    test_at_once = moving.at_once("n", **AT_ONCE)
    test_by_hand = by_hand(moving)
    test_again = jitter.again(sizes=[(), (), (2, 1, 5, 4)])


# 2 · Pipelines -------------------------------------------------------------------------------------------------------


def ramp(h, w):
    """A uint8 picture (3, h, w): columns in red, rows in green, flat blue. Bright all over: what is made up looks darker."""
    X = torch.full((3, h, w), 180.0)
    X[0], X[1] = 20 + 220 * torch.arange(w) / (w - 1), 20 + 220 * torch.arange(h)[:, None] / (h - 1)
    return X.round().to(torch.uint8)


def flat(*values):
    """A uint8 picture (3, 250, 270) of one colour."""
    return torch.tensor(values, dtype=torch.uint8)[:, None, None].expand(3, 250, 270)


normalised = case(
    lambda values: (values / 255 - MEAN) / STD,
    lambda draw: (),
    rtol=0,
    atol=0.02,
    check_dtype=False,
    slips={
        "the values lie in [0, 1] and are not normalised": lambda values: values / 255,
        "they are normalised first and brought to [0, 1] afterwards": lambda values: (values - MEAN) / STD / 255,
        "they are never brought to [0, 1]": lambda values: (values - MEAN) / STD,
        "mean and std have changed places": lambda values: (values / 255 - STD) / MEAN,
        "mean and std are 0.5": lambda values: values / 255 * 2 - 1,
        "the mean is subtracted, and not divided by std": lambda values: values / 255 - MEAN,
        "they are divided by std, and no mean is subtracted": lambda values: values / 255 / STD,
    },
)


class Pipeline:
    """What the two pipelines have in common: `name`."""

    name: str

    def records(self, student, *given, count=1, as_pil=None):
        """Of each result: shape, dtype, mean (3,) and, at eight by eight places, grid (3, 8, 8). Pictures are given as the pipeline likes them, if as_pil
        is None."""
        seen = student.run(results_of, name=self.name, given=list(given), count=count, as_pil=as_pil)
        for result in seen:
            expect(result["tensor"], f"what the pipeline gives is not a tensor but a {str(result['type'])[:40]}: v2.ToImage makes one", "wrong type")
            shape = tuple(result["shape"])
            expect(len(shape) == 3 and shape[0] == 3, f"the pipeline gives a picture of shape {shape}, expected (3, 224, 224)", "wrong shape")
        return seen

    def shown(self, student, given, count=1, what="grid"):
        """Results as shares of the way from 20 to 240, whatever the pipeline makes of these: a mistake in normalising costs its own points."""
        dark, bright = (record["mean"].reshape(3, *[1] * (2 * (what == "grid"))) for record in self.records(student, flat(20, 20, 20), flat(240, 240, 240)))
        return [(record[what] - dark) / (bright - dark) for record in self.records(student, given, count=count)]

    @criterion("gives float32 tensors (3, 224, 224) from PIL pictures and from tensors of any size", weight=2, hint="v2.ToImage() first: it takes both")
    def test_kinds(self, student):
        for h, w in ((60, 90), (230, 225), (300, 41)):
            for as_pil in (True, False):
                (record,) = self.records(student, ramp(h, w), as_pil=as_pil)
                shape, dtype = tuple(record["shape"]), record["dtype"]
                expect(shape == (3, 224, 224), f"the pipeline gives a picture of shape {shape}, expected (3, 224, 224)", "wrong shape")
                expect(dtype == torch.float32, f"the pipeline gives {str(dtype)[6:]}, expected float32", "wrong type")
        (tensor,), (picture,) = (self.records(student, flat(30, 200, 90), as_pil=as_pil) for as_pil in (False, True))
        what = "a flat PIL picture after the pipeline, beside the same picture as a tensor,"
        assert_close(picture["mean"], tensor["mean"], what=what, rtol=0, atol=5.0)

    @criterion(
        "values are brought to [0, 1] and then normalised with mean and std of ImageNet",
        weight=3,
        hint="v2.ToDtype(torch.float32, scale=True), then v2.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))",
    )
    def test_normalised(self, student):
        colours = [(30, 200, 90), (0, 0, 0), (255, 255, 255)]
        results = [record["mean"] for record in self.records(student, *(flat(*values) for values in colours))]
        asked = [((torch.tensor(values, dtype=torch.float32),), result) for values, result in zip(colours, results, strict=True)]
        normalised.compare(asked, [f"a picture with the colour {values} all over" for values in colours])

    @criterion("works in a data set of picture files, batch by batch", hint="torchvision's ImageFolder calls the pipeline with PIL pictures")
    def test_folder(self, student):
        seen = student.run(folder_batches, name=self.name)
        expect(seen == [[4, 3, 3], [4, 2, 2]], "an ImageFolder of five pictures with this pipeline, in a DataLoader, did not give batches of 3 and 2 pictures")


def results_of(student, name, given, count, as_pil):
    import torch
    from PIL import Image

    transform = getattr(student, name)()
    as_picture = lambda X: Image.fromarray(X.permute(1, 2, 0).contiguous().numpy())
    if as_pil is None:
        try:
            as_pil = not isinstance(transform(given[0]), torch.Tensor)
        except Exception:
            as_pil = True
    results = []
    for X in given:
        picture = as_picture(X) if as_pil else X
        for _ in range(count):
            result = transform(picture)
            record = {"tensor": isinstance(result, torch.Tensor), "type": type(result).__name__}
            if record["tensor"]:
                full = result.as_subclass(torch.Tensor)
                record |= {"shape": list(full.shape), "dtype": full.dtype, "grid": None, "mean": None}
                if full.ndim == 3:
                    rows, columns = (((torch.arange(8) + 0.5) * length / 8).long() for length in full.shape[1:])
                    record |= {"grid": full[:, rows][..., columns].float(), "mean": full.float().mean(dim=(1, 2))}
            results.append(record)
    return results


def folder_batches(student, name):
    import os
    import tempfile

    import torch
    from PIL import Image
    from torch.utils.data import DataLoader
    from torchvision.datasets import ImageFolder

    with tempfile.TemporaryDirectory() as folder:
        for i in range(5):
            place = os.path.join(folder, "cats" if i % 2 else "dogs")
            os.makedirs(place, exist_ok=True)
            values = torch.randint(256, (30 + i, 40, 3), dtype=torch.uint8)
            Image.fromarray(values.numpy()).save(os.path.join(place, f"{i}.png"))
        data = ImageFolder(folder, transform=getattr(student, name)())
        return [[X.ndim, len(X), len(y)] for X, y in DataLoader(data, batch_size=3)]


def training_boxes(student, pipeline, h=90, w=110, count=60):
    """Of each result of the training pipeline: is it mirrored, and its box, read off the ramps."""
    results = torch.stack(pipeline.shown(student, ramp(h, w), count=count))
    x, y = results[:, 0].mean(dim=1) * (w - 1), results[:, 1].mean(dim=2) * (h - 1)
    dx, dy = ((places[:, 6] - places[:, 1]) / (5 * 28) for places in (x, y))
    width, height = 224 * dx.abs(), 224 * dy
    middle = {"x": (x[:, 3] + x[:, 4]) / 2, "y": (y[:, 3] + y[:, 4]) / 2}
    return {"mirrored": dx < 0, "upright": dy > 0, "share": width * height / (h * w), "ratio": width / height, **middle}


@exercise("train_transforms")
class TestTrainTransforms(Pipeline):
    name = "train_transforms"

    @criterion("a random box of 25 % to 100 % of the area is stretched to 224 x 224", weight=3, hint="v2.RandomResizedCrop(224, scale=(0.25, 1.0))")
    def test_box(self, student):
        box = student.once(training_boxes, self)
        expect(bool(box["upright"].all()), "a picture came out upside down")
        (low, high, _), (narrow, wide, _) = three(box["share"]), three(box["ratio"])
        same = high - low < 0.02 and float(box["x"].std()) < 0.5
        expect(not same, "sixty results all show the same part of the picture: nothing is cropped at random")
        expect(low > 0.22, f"a box takes only {low:.2f} of the area, at least 0.25 was asked for")
        expect(low < 0.45 and high > 0.7, f"sixty boxes take from {low:.2f} to {high:.2f} of the area; 0.25 to 1 was asked for")
        expect(0.7 < narrow < 0.95 and 1.1 < wide < 1.43, f"width / height goes from {narrow:.2f} to {wide:.2f}; 3/4 to 4/3 was expected")
        expect(float(box["x"].std()) > 3 and float(box["y"].std()) > 3, "the boxes all have the same middle; they should lie anywhere")

    @criterion("every other picture is mirrored, left to right", weight=2, hint="v2.RandomHorizontalFlip() has p = 0.5")
    def test_mirrored(self, student):
        box = student.once(training_boxes, self)
        expect(bool(box["upright"].all()), "a picture came out upside down")
        count = int(box["mirrored"].sum())
        expect(10 < count < 50, f"{count} of 60 results are mirrored, about half were expected")


def middle_square(h, w, edge=5):
    """A dark picture with a bright square in its middle, which leaves `edge` pixels free on the shorter side."""
    X, side = torch.full((3, h, w), 20, dtype=torch.uint8), min(h, w) - 2 * edge
    X[:, (h - side) // 2 : (h + side) // 2, (w - side) // 2 : (w + side) // 2] = 240
    return X


def right_test_picture(X):
    """What the reference's test pipeline makes of a picture, as a share of the way from 20 to 240."""
    result = reference.test_transforms()(X).as_subclass(torch.Tensor)
    return (255 * (result * STD[:, None, None] + MEAN[:, None, None]) - 20) / 220


@exercise("test_transforms")
class TestTestTransforms(Pipeline):
    name = "test_transforms"

    @criterion("the same picture gives the same result every time", weight=3, hint="nothing that begins with Random, and no ColorJitter")
    def test_same(self, student):
        for h, w in ((90, 110), (300, 240)):
            first, *others = [record["grid"] for record in self.records(student, ramp(h, w), count=25)]
            same = all(torch.equal(first, other) for other in others)
            expect(same, "the same picture gave different results: something random is in the pipeline")
            expect(float(first.std()) > 0.005, "the result is flat: nothing of the picture is left")

    @criterion(
        "the shorter side becomes 256, and the middle 224 x 224 is kept", weight=3, hint="v2.Resize(256) with one number, not (256, 256); then v2.CenterCrop"
    )
    def test_middle(self, student):
        for h, w in ((90, 110), (300, 240), (256, 512), (60, 45)):
            right = right_test_picture(ramp(h, w))[:, 14::28, 14::28]
            (result,) = self.shown(student, ramp(h, w))
            wide = bool(result[0].std() > 1.05 * right[0].std()) or bool(result[1].std() > 1.05 * right[1].std())
            words = ". It shows more of the picture than it should: was it squeezed to a square, or are the edges not cut off?" if wide else ""
            close = bool(((result - right)[:2].abs() < 0.03).all())
            expect(close, f"the middle of a picture of {h}x{w} pixels is not what was expected{words}", follows=not wide)
        for h, w in ((60, 45), (40, 70)):  # the area of a bright square tells how much the picture was enlarged
            X = middle_square(h, w)
            (result,) = self.shown(student, X, what="mean")
            times = math.sqrt(max(float((result / right_test_picture(X).mean(dim=(1, 2))).mean()), 0))
            told = f"a square in a picture of {h}x{w} pixels comes out {times:.3f} times as wide as it should: is the shorter side 256?"
            expect(abs(times - 1) < 0.002, told)


# 3, 4 · A new head; what may move -------------------------------------------------------------------------------------

BODY = ("conv1", "bn1", "layer1", "layer2", "fc_norm")
OTHER_NAMES = ("stem", "norm", "block_a", "block_b", "fc_norm")


def make_net(student, sizes, weights, names, statistics=True):
    """A small network with a head called fc: pictures (n, 2, h, w) -> scores. Keeps in `seen` how it was called.

    Without statistics it is the same in both modes.
    """
    from collections import OrderedDict

    import torch

    nn = torch.nn
    c, d, k = sizes
    norm = nn.BatchNorm2d if statistics else (lambda channels: nn.GroupNorm(1, channels))
    inner = OrderedDict(act=nn.ReLU(), conv=nn.Conv2d(c, d, 3, padding=1), norm=norm(d))
    excite = OrderedDict(fc1=nn.Conv2d(d, d, 1), norm=nn.Sequential(norm(d), nn.ReLU()), fc=nn.Conv2d(d, d, 1))
    flat = OrderedDict(pool=nn.AdaptiveAvgPool2d(1), flat=nn.Flatten(), norm=nn.BatchNorm1d(d) if statistics else nn.LayerNorm(d))
    parts = [nn.Conv2d(2, c, 3, padding=1), norm(c), nn.Sequential(inner), nn.Sequential(excite), nn.Sequential(flat)]
    net = nn.Sequential(OrderedDict(zip(names, parts)))
    net.add_module("fc", nn.Linear(d, k))
    if weights is not None:
        net.to(weights["fc.weight"])
        net.load_state_dict(weights)
    net.seen = []
    modes = lambda net: len({layer.training for layer in net.modules()})
    net.register_forward_hook(lambda net, X, Y: net.seen.append([net.training, torch.is_grad_enabled(), len(Y), modes(net) == 1, float(X[0].sum())]))
    return net


def two_nets(student, draw, sizes=(3, 4, 5), names=BODY, statistics=True):
    """The same network with random weights and statistics: the student's, by handle, and one here."""
    mine = make_net(None, sizes, None, names, statistics).to(draw.dtype)
    for name, tensor in mine.state_dict().items():
        if tensor.is_floating_point():
            scale = math.sqrt(2 / tensor[0].numel()) if tensor.ndim > 1 else 0.3
            centre = 1.0 if tensor.ndim == 1 and name.endswith("weight") else 0.0  # of a norm layer
            drawn = draw.normal(*tensor.shape).cpu()
            tensor.copy_(centre + scale * drawn if "var" not in name else 0.5 + drawn.abs())
    mine = mine.to(draw.device)
    return student.run(make_net, sizes=sizes, weights=dict(mine.state_dict()), names=list(names), statistics=statistics), mine


def state_of(net):
    """The state dict of a network of the student's, by name."""
    state = net.state_dict()
    expect(isinstance(state, dict), "the network's state_dict() is not a dict any more", "wrong type")
    return {name: tensor.detach().clone() for name, tensor in state.items()}


def assert_kept(before, after, skip=()):
    """All entries but those that begin with one of `skip` are as they were, bit for bit."""
    expect(set(before) == set(after), "the network's state_dict has other names than before: was a layer wrapped, added or lost?")
    for name, tensor in before.items():
        if not name.startswith(tuple(skip)):
            same = isinstance(after[name], torch.Tensor) and after[name].shape == tensor.shape and torch.equal(after[name].to(tensor), tensor)
            expect(same, f"{name} was changed; only the head should be" if skip else f"{name} was changed")


def flags_of(student, net):
    return {name: param.requires_grad for name, param in net.named_parameters()}


def frozen_by_hand(student, net, children):
    """Freezes children without the student's help: no gradients, evaluation mode for good."""
    for name in children:
        child = getattr(net, name)
        child.requires_grad_(False).eval()
        child.train = lambda mode=True, child=child: child
    return net


class NewHead:
    """What the two exercises that make a head have in common. Without a mapping it is made by replace_head."""

    def made(self, student, draw, d, old, k, mapping=None, bias=True):
        """What can be seen of the head with k classes that is made for an old one of `old` classes, and the old one's tensors."""
        weight, old_bias = draw.normal(old, d), draw.normal(old)
        seen = student.run(new_head, weight=weight, bias=old_bias, num_classes=k, mapping=mapping)
        expect(seen["type"] == "Linear", f"the new head is a {str(seen['type'])[:40]}, expected nn.Linear", "wrong type")
        expect(seen["bias"] is not None or not bias, "the new head has no bias", "missing")
        for name, shape in {"weight": (k, d), "bias": (k,)}.items():
            if bias or name == "weight":
                assert_shape(seen[name], shape, what=f"the {name} of the new head for {k} classes")
        expect([seen["in"], seen["out"]] == [d, k], "in_features and out_features of the new head do not fit its weight")
        return seen, weight, old_bias

    def assert_trainable(self, seen):
        for name in ("weight", "bias"):
            expect(seen["learns"].get(name) is True, f"the {name} of the new head does not learn: it is no leaf that requires a gradient", "no gradient")

    def assert_like_old(self, student, draw, mapping):
        """dtype and device of the new head are those of the old one, on a device without memory as well."""
        seen, *_ = self.made(student, draw.float64, 3, 5, 4, mapping)
        for name in ("weight", "bias"):
            dtype, place = seen[name].dtype, seen[name].device.type
            expect(dtype == torch.float64, f"the {name} of the new head is {str(dtype)[6:]}, the old one float64", "wrong type")
            expect(place == draw.device, f"the {name} of the new head is on {place}, the old one on {draw.device}", "wrong type")
        for place in seen["on meta"]:
            expect(place == "meta", f"the new head is made on {place}, wherever the old one is", "wrong type")

    def assert_anew(self, student, draw, mapping):
        seen, *_ = self.made(student, draw, 6, 3, 5, mapping)
        expect(not seen["same"], "a second head of the same size is the very layer that was made first")
        expect(not seen["equal"], "a second head of the same size has the same random numbers as the first", follows=True)
        net, _ = two_nets(student, draw)
        assert_program_left(student, *(("replace_head", net, 4) if mapping is None else ("reuse_class_weights", net.fc, {2: 1}, 4)))


ANEW = {"title": "each head is drawn anew, and the program is left as it was", "hint": "keep no layer for the next call, and set no seed"}


def new_head(student, weight, bias, num_classes, mapping):
    import contextlib

    import torch

    torch.set_grad_enabled(True)

    def make(mapping, **place):
        net = torch.nn.Sequential()
        net.add_module("fc", old := torch.nn.Linear(weight.shape[1], len(weight), dtype=weight.dtype, **place))
        if not place:
            old.to(weight.device).load_state_dict({"weight": weight, "bias": bias})
        return old, (student.replace_head(net, num_classes), net.fc)[1] if mapping is None else student.reuse_class_weights(old, dict(mapping), num_classes)

    (old, new), (_, second) = make(mapping), make(mapping)
    if not isinstance(new, torch.nn.Linear):
        return {"type": type(new).__name__}
    record = {"type": "Linear", "old": new is old, "in": new.in_features, "out": new.out_features, "bias": None, "on meta": [], "same": second is new}
    tensors = {name: tensor for name in ("weight", "bias") if (tensor := getattr(new, name)) is not None}
    record |= {name: tensor.detach().clone() for name, tensor in tensors.items()}
    record["learns"] = {name: isinstance(p, torch.nn.Parameter) and p.requires_grad for name, p in tensors.items()}
    record |= {f"old {name}": p.detach().clone() for name, p in old.named_parameters()}
    record["equal"] = all(torch.equal(p, q) for p, q in zip(new.parameters(), second.parameters()))
    with contextlib.suppress(Exception):  # "meta" is a device without memory, which every machine has. An answer that cannot work there is not asked.
        record["on meta"] = [p.device.type for p in make(mapping and {}, device="meta")[1].parameters()]
    with torch.no_grad():
        for p in new.parameters():
            p.add_(1.0)
    return record | {f"old {name} later": p.detach().clone() for name, p in old.named_parameters()}


def assert_xavier(weight, d, k):
    weight = weight.detach().double()
    std, mean, right = float(weight.std()), float(weight.mean()), math.sqrt(2 / (d + k))
    likely = {"the one of nn.Linear as it comes": math.sqrt(1 / 3 / d), "Kaiming's": math.sqrt(2 / d), "that of torch.randn": 1.0}
    told = next((f": it is {words}" for words, value in likely.items() if abs(std / value - 1) < 0.06), "")
    sentence = f"the weights of a head with {d} inputs and {k} outputs have standard deviation {std:.4f}; Xavier gives {right:.4f}{told}"
    expect(abs(std / right - 1) < 0.06, sentence)
    expect(abs(mean) < 5 * right / math.sqrt(weight.numel()), f"the weights of the new head have mean {mean:.4f}, about 0 was expected")
    expect(len(weight) == len(weight.unique(dim=0)), "two rows of the new head's weight have the same numbers")


@exercise("replace_head")
class TestReplaceHead(NewHead):
    @criterion("the head is a new nn.Linear with num_classes outputs and the old inputs", weight=3, hint="nn.Linear(net.fc.in_features, num_classes)")
    def test_shape(self, student, draw):
        for d, old, new in ((4, 5, 3), (7, 3, 9), (6, 8, 1)):
            seen, weight, _ = self.made(student, draw, d, old, new)
            fresh = not torch.allclose(seen["weight"][:1].to(weight), weight[:1])
            expect(fresh, "the new head has the numbers of the old one; a fresh one was asked for")
            self.assert_trainable(seen)

    @criterion(
        "its weight is drawn by Xavier", weight=3, hint="nn.init.xavier_uniform_(net.fc.weight): the spread depends on inputs and outputs, not on inputs alone"
    )
    def test_xavier(self, student, draw):
        for d, k in ((30, 220), (200, 40), (90, 90)):
            assert_xavier(self.made(student, draw, d, 3, k, bias=False)[0]["weight"], d, k)

    @criterion("its bias is zero", hint="nn.init.zeros_(net.fc.bias)")
    def test_bias(self, student, draw):
        for d, k in ((4, 3), (6, 11), (5, 1)):
            expect(not bool(self.made(student, draw, d, 5, k)[0]["bias"].any()), "the bias of the new head is not zero")

    @criterion("everything else stays as it is, bit for bit", weight=3, hint="touch nothing but net.fc")
    def test_kept(self, student, draw):
        for sizes in ((3, 4, 5), (2, 6, 3)):
            net, mine = two_nets(student, draw, sizes)
            head, flags = net.fc, student.run(flags_of, net=student.run(frozen_by_hand, net=net, children=["conv1"]))
            student.replace_head(net, 7)
            assert_kept(mine.state_dict(), state_of(net), skip=("fc.",))
            after = student.run(flags_of, net=net)
            for name, flag in flags.items():
                expect(name.startswith("fc.") or after.get(name) is flag, f"whether {name} requires a gradient has changed")
            for name in ("weight", "bias"):
                assert_unchanged(getattr(mine.fc, name), getattr(head, name).to(mine.fc.weight), what=f"the {name} of the old head")

    @criterion("the network itself is changed, and returned", hint="set net.fc on the network you got; return net")
    def test_same_net(self, student, draw):
        net, _ = two_nets(student, draw)
        seen = student.run(replaced_in_place, net=net, num_classes=8)
        expect(seen["out"] == 8, "the network that was passed in still has its old head: was a copy changed?")
        expect(seen["same"], "replace_head does not return the network that it was given", "wrong type")

    @criterion("the new head has dtype and device of the old one", hint="nn.Linear(…, device=old.weight.device, dtype=old.weight.dtype)")
    def test_dtype(self, student, draw):
        self.assert_like_old(student, draw, None)

    @criterion(**ANEW)
    def test_again(self, student, draw):
        self.assert_anew(student, draw, None)


def replaced_in_place(student, net, num_classes):
    same = student.replace_head(net, num_classes)
    return {"same": same is net, "out": getattr(net.fc, "out_features", None)}


MAPPINGS = [(5, 6, 4, {0: 5, 2: 1}), (3, 4, 7, {6: 0, 1: 3, 2: 2, 4: 1}), (4, 9, 2, {1: 8})]  # inputs, old classes, new classes, {new: old}


@exercise("reuse_class_weights")
class TestReuseClassWeights(NewHead):
    def assert_rows(self, student, draw, name, what):
        """Rows of the weight, or entries of the bias, are those that the mapping says; else names the row of the old head that they are."""
        for given in MAPPINGS:
            seen, *tensors = self.made(student, draw, *given)
            right, mapping = tensors[name == "bias"], given[3]
            for new, old in mapping.items():
                row = seen[name][new].to(right)
                others = [k for k in range(len(right)) if torch.allclose(row, right[k], atol=1e-5)]
                told = f"with mapping {mapping}, {what} {new} of the new {name} is {what} {(others or [0])[0]} of the old one"
                expect(not others or old in others, told)
                assert_close(row, right[old], what=f"with mapping {mapping}, {what} {new} of the {name}")

    @criterion("rows of classes that recur are those of the old head", weight=3, hint="mapping is {new: old}: fc.weight[new] = old_fc.weight[old]")
    def test_rows(self, student, draw):
        self.assert_rows(student, draw, "weight", "row")

    @criterion("their biases come along", weight=2, hint="fc.bias[new] = old_fc.bias[old]")
    def test_biases(self, student, draw):
        self.assert_rows(student, draw, "bias", "entry")

    @criterion("the other classes begin with a Xavier row and a bias of zero", weight=3, hint="make the layer as in replace_head first, then overwrite rows")
    def test_others(self, student, draw):
        for d, old, new, mapping in ((30, 5, 220, {3: 1, 7: 0}), (200, 4, 40, {}), (40, 90, 90, {0: 9})):
            seen, *_ = self.made(student, draw, d, old, new, mapping)
            others = [k for k in range(new) if k not in mapping]
            assert_xavier(seen["weight"][others], d, new)
            expect(not bool(seen["bias"][others].any()), "the bias of a class that is not in mapping is not zero")

    @criterion("the old head is left unchanged, and shares no memory with the new one", weight=2, hint="copy the numbers of single rows; nothing else")
    def test_own(self, student, draw):
        for given in MAPPINGS:
            seen, weight, bias = self.made(student, draw, *given)
            expect(not seen["old"], "the old head itself is returned; a new one was asked for")
            for name, before in (("weight", weight), ("bias", bias)):
                assert_unchanged(before, seen[f"old {name}"], what=f"the old head's {name}")
                assert_unchanged(before, seen[f"old {name} later"], what=f"after training the new head the old head's {name}")

    @criterion("is trainable, with dtype and device of the old head", weight=2, hint="copy under torch.no_grad(), so that the weight stays a leaf")
    def test_trainable(self, student, draw):
        for given in (*MAPPINGS, (3, 2, 4, {})):
            self.assert_trainable(self.made(student, draw, *given)[0])
        self.assert_like_old(student, draw, {2: 1})

    @criterion(**ANEW)
    def test_again(self, student, draw):
        self.assert_anew(student, draw, {})


@exercise("freeze")
class TestFreeze:
    def frozen(self, student, draw, until, names=BODY):
        """The student's network, frozen; mine; the names of the children that should be frozen."""
        net, mine = two_nets(student, draw, names=names)
        student.freeze(net, until)
        children = [name for name, _ in mine.named_children()]
        return net, mine, children[: children.index(until) + 1]

    @criterion("parameters up to and including `until` require no gradient, all others do", weight=3, hint="leave the loop over named_children() after `until`")
    def test_parameters(self, student, draw):
        for until, names in (("bn1", BODY), ("layer1", BODY), ("stem", OTHER_NAMES), ("block_b", OTHER_NAMES)):
            net, _, part = self.frozen(student, draw, until, names)
            for name, flag in student.run(flags_of, net=net).items():
                words = "still requires a gradient" if flag else "does not require a gradient any more"
                due = name.partition(".")[0] not in part
                expect(flag is due, f"after freeze(net, {until!r}), with the children {', '.join(names[:4])}, …, {name} {words}")

    @criterion(
        "norm layers of the frozen part stay in evaluation mode after net.train()",
        weight=4,
        hint="their statistics are buffers: child.eval(), and a train method that does nothing",
    )
    def test_norms(self, student, draw):
        for until, names in (("bn1", BODY), ("layer1", BODY), ("block_b", OTHER_NAMES), ("fc_norm", BODY)):
            net, mine, part = self.frozen(student, draw, until, names)
            X = draw.uniform(6, 2, 5, 4, high=3.0)
            for mode in ("train", "eval", "train"):
                getattr(net, mode)()
                net(X)
                after = state_of(net)
                for name, tensor in mine.state_dict().items():
                    moved = name.partition(".")[0] in part and not torch.equal(after[name].to(tensor), tensor)
                    expect(not moved, f"after freeze(net, {until!r}), net.train() and a batch, {name} has moved")
            mine.load_state_dict(after)
            right = half_frozen(mine, part, X)
            net.train()
            assert_close(net(X), right, what="the scores in net.train() mode, with the frozen part in evaluation mode,", rtol=1e-3, atol=1e-4)

    @criterion("the layers behind it follow net.train() and net.eval() as ever", weight=2, hint="only the children up to `until` get another train method")
    def test_others(self, student, draw):
        for until, names in (("conv1", BODY), ("bn1", BODY), ("block_a", OTHER_NAMES)):
            net, mine, part = self.frozen(student, draw, until, names)
            X = draw.uniform(6, 2, 5, 4, high=3.0)
            net.train()
            net(X)
            before = state_of(net)
            for name in before:
                if name.endswith("running_mean") and name.partition(".")[0] not in part:
                    still = torch.equal(before[name].to(X), mine.state_dict()[name])
                    expect(not still, f"after freeze(net, {until!r}) the statistics of {name.removesuffix('.running_mean')} stand still in training mode")
            net.eval()
            net(X)
            assert_kept(before, state_of(net))
            net.train()
            expect(net.training is True, "the network itself does not follow net.train() any more")

    @criterion("no weight, statistic or name of the network is changed by freezing", hint="freeze by flags and modes only")
    def test_kept(self, student, draw):
        for until in ("conv1", "layer2", "fc"):
            net, mine, _ = self.frozen(student, draw, until)
            assert_kept(mine.state_dict(), state_of(net))
            net.eval()
            X = draw.uniform(2, 2, 5, 4)
            assert_close(net(X), mine.eval()(X), what="the scores in evaluation mode", rtol=1e-4, atol=1e-5)
            expect(student.run(is_touched, net=net), f"freeze(net, {until!r}) froze nothing", follows=True)

    @criterion("returns the network", hint="return net")
    def test_returns(self, student, draw):
        for until in ("bn1", "layer2"):
            net, _ = two_nets(student, draw)
            expect(student.run(freezes_itself, net=net, until=until), "freeze does not return the network that it was given", "wrong type")
            expect(student.run(is_touched, net=net), f"freeze(net, {until!r}) froze nothing", follows=True)

    @criterion("an unknown name raises ValueError and changes nothing", hint="compare `until` with the names of the children before the loop")
    def test_unknown(self, student, draw):
        for until in ("layer9", "layer", ""):
            net, mine = two_nets(student, draw)
            seen = student.run(freezing_fails, net=net, until=until)
            expect(seen != "nothing", f"freeze(net, {until!r}) raised no error, but no child has this name")
            expect(seen == "ValueError", f"freeze(net, {until!r}) raised {str(seen)[:40]}, expected ValueError", "wrong type")
            expect(all(student.run(flags_of, net=net).values()), f"freeze(net, {until!r}) raised its error only after it had frozen something")
            assert_kept(mine.state_dict(), state_of(net))

    @criterion("touches no other network, nor the mode of the layers behind it, nor the program", hint="change nothing but this network's own layers")
    def test_alone(self, student, draw):
        (net, _), (other, _) = two_nets(student, draw), two_nets(student, draw)
        net.eval()
        student.freeze(net, "bn1")
        expect(net.layer2.training is False, "freeze put a layer behind `until` in training mode; it should stay as it was")
        expect(not student.run(is_touched, net=other), "after a call of freeze another network is frozen as well")
        assert_program_left(student, "freeze", other, "bn1")


def half_frozen(mine, part, X):
    """The scores in training mode, with the children `part` in evaluation mode."""
    mine.train()
    for name in part:
        getattr(mine, name).eval()
    with torch.no_grad():
        return mine(X)


def freezes_itself(student, net, until):
    return student.freeze(net, until) is net


def is_touched(student, net):
    """Whether anything is frozen, if only half."""
    net.train()
    return not all(param.requires_grad for param in net.parameters()) or not all(layer.training for layer in net.modules())


def freezing_fails(student, net, until):
    try:
        student.freeze(net, until)
    except NotImplementedError:
        raise
    except Exception as error:
        return "ValueError" if isinstance(error, ValueError) else type(error).__name__
    return "nothing"


@exercise("param_groups")
class TestParamGroups:
    def groups(self, student, net, lr):
        """[(names of the parameters, learning rate)], names by identity."""
        seen = student.run(grouped, net=net, lr=lr)
        expect(seen != "not groups", "param_groups should return a list of dicts, each with the keys 'params' and 'lr'", "wrong type")
        expect(len(seen) == 2, f"param_groups returns {len(seen)} groups, two were expected: the rest, then the head", "wrong shape")
        for names, _ in seen:
            expect("?" not in names, "a group holds something that is not a parameter of the network: was it copied or detached?")
        return seen

    def cases(self, student, draw):
        """Networks, partly frozen, each with the names of the parameters that move."""
        for sizes, names, children, single in (
            ((3, 4, 5), BODY, [], []), ((2, 6, 3), OTHER_NAMES, ["stem", "norm"], []), ((3, 4, 5), BODY, ["conv1", "bn1", "layer1"], ["fc.bias"]),
            ((2, 3, 4), BODY, list(BODY), []), ((3, 5, 2), BODY, ["conv1"], ["fc.weight", "fc.bias"]),
        ):  # fmt: skip
            net, mine = two_nets(student, draw, sizes, names)
            student.run(frozen_by_hand, net=net, children=children)
            student.run(flags_off, net=net, names=single)
            yield net, [name for name, _ in mine.named_parameters() if name.partition(".")[0] not in children and name not in single]

    @criterion("the first group is the rest, the second is net.fc", weight=3, hint="the head's parameters are named fc.weight and fc.bias")
    def test_groups(self, student, draw):
        for net, moving in self.cases(student, draw):
            (rest, _), (head, _) = self.groups(student, net, 0.01)
            swapped = any(name.startswith("fc.") for name in rest) and not any(name.startswith("fc.") for name in head)
            expect(not swapped, "the groups stand in the wrong order: first the rest, then the head")
            missing = [name for name in moving if name not in rest + head]
            expect(not missing, f"{(missing or ['?'])[0]} is in no group")
            for name in moving:
                where, other, words = (head, rest, "the head") if name.startswith("fc.") else (rest, head, "the rest: only net.fc is the head")
                expect(name in where and name not in other, f"{name} belongs to {words}")

    @criterion("learning rates are lr and 10 · lr", weight=3, hint="{'params': rest, 'lr': lr}, {'params': head, 'lr': 10 * lr}")
    def test_rates(self, student, draw):
        net, _ = two_nets(student, draw)
        for lr in (0.03, 0.2, 1e-4):
            rates = [rate for _, rate in self.groups(student, net, lr)]
            expect(rates[0] != 10 * lr or rates[1] != lr, "the head has the small learning rate and the rest the large one: it is the other way round")
            assert_close(rates, [lr, 10 * lr], what=f"the learning rates for lr={lr}", rtol=1e-6, atol=0)

    @criterion("frozen parameters are in no group", weight=2, hint="if param.requires_grad")
    def test_frozen(self, student, draw):
        for net, moving in self.cases(student, draw):
            names = [name for group, _ in self.groups(student, net, 0.01) for name in group]
            frozen = [name for name in names if name not in moving]
            expect(not frozen, f"{(frozen or ['?'])[0]} does not require a gradient, and is in a group")
            expect(any(name in moving for name in names), "no parameter is in any group", follows=True)

    @criterion("each parameter stands in them once, and an optimizer takes them", weight=2, hint="torch.optim.SGD(param_groups(net, lr), lr=lr)")
    def test_optimizer(self, student, draw):
        for net, moving in self.cases(student, draw):
            names = [name for group, _ in self.groups(student, net, 0.01) for name in group]
            double = [name for name in names if names.count(name) > 1]
            expect(not double, f"{(double or ['?'])[0]} is in the groups twice")
            before, flags = state_of(net), student.run(flags_of, net=net)
            student.run(one_step, net=net, X=draw.uniform(4, 2, 5, 4), lr=0.01)
            after = state_of(net)
            for name in flags:
                same = torch.equal(before[name], after[name])
                told = f"{name} {'did not move' if same else 'moved'} in a step of an optimizer with these groups"
                expect(same is (name not in moving), told, follows=True)
            expect(student.run(flags_of, net=net) == flags, "param_groups changed which parameters require a gradient")


def flags_off(student, net, names):
    for name, param in net.named_parameters():
        if name in names:
            param.requires_grad_(False)


def grouped(student, net, lr):
    names = {id(param): name for name, param in net.named_parameters()}
    groups = student.param_groups(net, lr)
    if not isinstance(groups, (list, tuple)) or not all(isinstance(g, dict) and "params" in g and "lr" in g for g in groups):
        return "not groups"
    return [[[names.get(id(param), "?") for param in group["params"]], group["lr"]] for group in groups]


def one_step(student, net, X, lr):
    import torch

    optimizer = torch.optim.SGD(student.param_groups(net, lr), lr=lr)
    net.eval()  # in training mode a bias in front of a norm layer gets no gradient
    scores = net(X)
    if scores.requires_grad:
        (scores * torch.randn_like(scores)).sum().backward()
    with torch.no_grad():
        for param in net.parameters():
            if param.grad is not None:
                param.grad.add_(0.01 * torch.randn_like(param))
    optimizer.step()


# 5 · Weights from files ----------------------------------------------------------------------------------------------

SQUEEZENET = "SqueezeNet1_1_Weights.IMAGENET1K_V1"


def some_weights(draw):
    weights = {"conv1.weight": draw.normal(3, 1, 2, 4), "bn1.running_var": draw.float64.uniform(3), "fc.bias": draw.float16.normal(5)}
    return {name: tensor.cpu() for name, tensor in weights.items()} | {"bn1.num_batches_tracked": torch.tensor(17)}


def written(student, file, weights, content="weights"):
    """The path of a file in a folder of its own: it holds these weights, half of them, text, nothing, code, or (None) is not there."""
    import os
    import tempfile

    import torch
    from safetensors.torch import save_file

    folder = tempfile.mkdtemp()
    path = os.path.join(folder, file)

    class Code:
        def __reduce__(self):
            return os.mkdir, (os.path.join(folder, "the code has run"),)

    if content in ("weights", "half", "code", "from a GPU"):
        usual = torch.serialization.location_tag
        torch.serialization.location_tag = (lambda storage: "cuda:0") if content == "from a GPU" else usual  # as a machine with a GPU writes it
        (save_file if file.endswith(".safetensors") else torch.save)({"fc.weight": Code()} if content == "code" else weights, path)
        torch.serialization.location_tag = usual
    elif content is not None:
        with open(path, "w") as target:
            target.write("these are not weights at all, only words " * 20 if content == "text" else "")
    if content == "half":
        os.truncate(path, os.path.getsize(path) // 2)
    return path


def downloaded(student, name):
    """A folder with made-up weights of this name, as torchvision keeps them; and what it holds."""
    import os
    import tempfile

    import torch
    import torchvision

    folder = tempfile.mkdtemp()
    with torch.device("meta"):
        state = torchvision.models.squeezenet1_1().state_dict()
    state = {key: 0.01 * torch.randn(value.shape) for key, value in state.items()}
    os.makedirs(os.path.join(folder, "hub", "checkpoints"))
    torch.save(state, os.path.join(folder, "hub", "checkpoints", os.path.basename(torchvision.models.get_weight(name).url)))
    return {"folder": folder, "names": sorted(state), "biases": {key: value for key, value in state.items() if key.endswith("bias")}}


def loaded(student, source, folder=None, as_path=False):
    """What load_backbone gives where there is no network: {"state"}, or of its error {"error", "named", "words"}; and whether code has run."""
    import os
    import tempfile
    from pathlib import Path
    from unittest.mock import patch

    seen = {"error": "", "state": None}
    no_network = patch("socket.getaddrinfo", side_effect=OSError("there is no network here"))
    with no_network, patch.dict(os.environ, TORCH_HOME=folder or tempfile.mkdtemp()), patch("torch.hub._hub_dir", None):
        try:
            state = student.load_backbone(Path(source) if as_path else source)
            seen["state"] = {name: tensor.clone() for name, tensor in state.items()} if isinstance(state, dict) else state
        except NotImplementedError:
            raise
        except Exception as raised:
            kinds = (FileNotFoundError, ConnectionError, ValueError)
            kind = next((k.__name__ for k in kinds if isinstance(raised, k)), type(raised).__name__)
            seen |= {"error": kind, "said": str(raised)[:200], "named": os.path.basename(source) in str(raised), "words": len(str(raised).split())}
    return seen | {"code ran": os.path.exists(os.path.join(os.path.dirname(source), "the code has run"))}


def state_from(student, source, what, follows=False, **how):
    """The state dict that load_backbone gives."""
    seen = student.run(loaded, source=source, **how)
    expect(seen["error"] == "", f"load_backbone of {what} raised {str(seen['error'])[:60]}: {seen.get('said')}", "crashed", follows=follows)
    expect(isinstance(seen["state"], dict), f"load_backbone of {what} returns {kind_of(seen['state'])}, expected a dict from names to tensors", "wrong type")
    return seen["state"]


def reads(title, files, weight=1.0, hint="", content="weights", **how):
    """A criterion: load_backbone gives what was saved in files of these names."""

    @criterion(title, weight, hint)
    def test(self, student, draw):
        for file in files:
            weights = some_weights(draw)
            path = student.run(written, file=file, weights=weights, content=content)
            assert_close(state_from(student, path, f"a {file} file", **how), weights, what=f"the state dict from a {file} file", rtol=0, atol=0)

    return test


def assert_raises(student, source, kind, what):
    """load_backbone raises this kind of error, with a sentence that names the source."""
    seen = student.run(loaded, source=source)
    expect(seen["error"] != "", f"load_backbone of {what} raised no error")
    expect(seen["error"] == kind, f"load_backbone of {what} raised {str(seen['error'])[:60]}, expected {kind}", "wrong type")
    expect(seen["named"], f"the message of the {kind} for {what} does not name the source")
    expect(seen["words"] >= 4, f"the message of the {kind} for {what} is not a sentence")


@exercise("load_backbone")
class TestLoadBackbone:
    test_torch_files = reads(
        "reads .pt and .pth files", ["backbone.pt", "a.b.pth", "ResNet18_Weights.pt"], 2, 'torch.load(path, map_location="cpu", weights_only=True)'
    )
    test_safetensors = reads("reads .safetensors files", ["backbone.safetensors", "my weights.v2.safetensors"], 2, "load_file(path)")
    test_path = reads("takes a Path as well as a string", ["net.pt", "net.safetensors"], hint="Path(source) works for both", as_path=True)
    test_from_gpu = reads("weights that were saved on a GPU come to the CPU", ["trained_elsewhere.pth"], hint='map_location="cpu"', content="from a GPU")

    @criterion("a file that is not there raises FileNotFoundError, with a sentence that names it", weight=2, hint="if not path.is_file(): raise …")
    def test_missing(self, student):
        for file in ("nowhere.pt", "alexnet.pth", "resnet.safetensors"):
            path = student.run(written, file=file, weights={}, content=None)
            assert_raises(student, path, "FileNotFoundError", f"a missing file {file}")

    @criterion("a file that cannot be read raises ValueError, with a sentence that names it", weight=2, hint="except Exception as error: raise ValueError(…)")
    def test_damaged(self, student, draw):
        for file in ("damaged.pt", "damaged.pth", "damaged.safetensors"):
            for content, words in {"text": "text", "half": "only the first half", "empty": "nothing"}.items():
                path = student.run(written, file=file, weights={"fc.weight": draw.normal(20, 30).cpu()}, content=content)
                assert_raises(student, path, "ValueError", f"{file}, which holds {words},")

    @criterion("runs no code that hides in a file", weight=2, hint="weights_only=True")
    def test_code(self, student):
        seen = student.run(loaded, source=student.run(written, file="harmless.pt", weights={}, content="code"))
        expect(not seen["code ran"], "a file with code in it was read, and the code was run", "unstable")
        expect(seen["error"] != "", "a file with code in it was read without an error")

    @criterion("gets torchvision's weights by name", weight=2, hint="torchvision.models.get_weight(name).get_state_dict()")
    def test_torchvision(self, student):
        right = student.run(downloaded, name=SQUEEZENET)
        state = state_from(student, SQUEEZENET, f"{SQUEEZENET}, which has been downloaded before,", folder=right["folder"])
        expect(sorted(state) == right["names"], f"load_backbone({SQUEEZENET!r}) does not give the names of that network's weights")
        what = f"some of the tensors of load_backbone({SQUEEZENET!r})"
        assert_close({name: state[name] for name in right["biases"]}, right["biases"], what=what, rtol=0, atol=0)

    @criterion("without a network it raises ConnectionError, with a sentence that names the weights", weight=2, hint="except OSError: a URLError is one")
    def test_offline(self, student):
        for name in (SQUEEZENET, "ResNet50_Weights.IMAGENET1K_V2"):
            assert_raises(student, name, "ConnectionError", f"{name} without a network")

    @criterion("reads a file anew each time", hint="keep nothing of a file for the next call")
    def test_again(self, student, draw):
        for file in ("net.pt", "net.safetensors"):
            first, second = some_weights(draw), some_weights(draw)
            path = student.run(written, file=file, weights=first)
            state_from(student, path, f"a {file} file", follows=True)
            student.run(overwritten, path=path, other=student.run(written, file=file, weights=second))
            state = state_from(student, path, f"a {file} file that was written anew")
            old = all(torch.equal(tensor, first[name]) for name, tensor in state.items() if name in first)
            expect(not old, f"load_backbone of a {file} file that was written anew gives what it held before")


def overwritten(student, path, other):
    import os

    os.replace(other, path)


# 6 · Fine-tuning -----------------------------------------------------------------------------------------------------


def labelled(draw, sizes, k=5):
    """Batches (X, y) of these sizes, pictures (n, 2, 5, 4)."""
    return [(draw.uniform(n, 2, 5, 4, high=2.0), draw.integers(0, k, n)) for n in sizes]


def accuracy_of(net, test):
    net.eval()
    with torch.no_grad():
        right = sum(int((net(X).argmax(dim=1) == y).sum()) for X, y in test)
    return right / sum(len(y) for _, y in test)


def sgd(groups, **options):
    return torch.optim.SGD(groups, lr=0.0, **{"momentum": 0.9, **options})


def moves(net, train, num_epochs, lr, rates=None, make=sgd, cleared=True, fresh=False, reduction="mean", clipped=False):
    """How far plain SGD moves each parameter, beside lr, by name. rates: of the rest and of the head, beside lr. The options are mistakes."""
    mine = deepcopy(net).train()
    parts = [[p for name, p in mine.named_parameters() if name.startswith("fc.") is head] for head in (False, True)]
    groups = [{"params": part, "lr": lr * rate} for part, rate in zip(parts, rates or (1, 10), strict=True)]
    optimizer = make(groups)
    for _ in range(num_epochs):
        optimizer = make(groups) if fresh else optimizer
        for X, y in train:
            if cleared:
                optimizer.zero_grad()
            cross_entropy(mine(X), y, reduction=reduction).backward()
            if clipped:
                torch.nn.utils.clip_grad_norm_(mine.parameters(), 1.0)
            optimizer.step()
    return moved(net, dict(mine.named_parameters()), lr)


def moved(net, after, lr):
    return {name: (after[name].detach().to(before) - before.detach()) / lr for name, before in net.named_parameters()}


def mistaken(change=lambda train, num_epochs: (train, num_epochs), **mistake):
    """A slip: `moves` with a mistake, or other data or epochs."""
    return lambda net, train, num_epochs, lr, rates=None: moves(net, *change(train, num_epochs), lr, **{"rates": rates, **mistake})


first_step = case(
    lambda net, train, num_epochs, lr: moves(net, train, num_epochs, lr),
    lambda draw: (),
    rtol=2e-2,
    atol=5e-3,
    slips={
        "the head goes no faster than the rest": mistaken(rates=(1, 1)),
        "the rest goes as fast as the head, 10 · lr": mistaken(rates=(10, 10)),
        "the rest goes 10 · lr, and the head lr": mistaken(rates=(10, 1)),
        "the head goes lr, and the rest a tenth of it": mistaken(rates=(0.1, 1)),
        "only the head moves": mistaken(rates=(0, 10)),
        "nothing moves": mistaken(rates=(0, 0)),
        "the loss of a batch is the sum over its samples, not their mean": mistaken(reduction="sum"),
        "gradients are cut to the norm 1": mistaken(clipped=True),
        "Adam is taken; SGD with momentum was asked for": mistaken(make=torch.optim.Adam),
        "the momentum is Nesterov's": mistaken(make=lambda groups: sgd(groups, nesterov=True)),
    },
)
RATES = [(1, 10), (1, 1), (10, 10), (10, 1), (0.1, 1), (0, 10)]
more_steps = replace(
    first_step,
    right=lambda net, train, num_epochs, lr, rates: moves(net, train, num_epochs, lr, rates),
    slips={
        "there is no momentum: is it 0.9, and is the optimizer made before the loops?": mistaken(make=lambda groups: sgd(groups, momentum=0.0)),
        "gradients are not cleared: each backward() adds to those of the batch before": mistaken(cleared=False),
        "the optimizer is made anew in each epoch, which loses its momentum": mistaken(fresh=True),
        "there is only one epoch": mistaken(lambda train, _: (train, 1)),
        "only the first batch of an epoch is used": mistaken(lambda train, num_epochs: (train[:1], num_epochs)),
        "only one batch is ever used": mistaken(lambda train, _: (train[:1], 1)),
        "the last batch of an epoch is left out": mistaken(lambda train, num_epochs: (train[:-1], num_epochs)),
    },
)

share = case(
    lambda right, sizes, trained: sum(right) / sum(sizes),
    lambda draw: (),
    rtol=1e-4,
    atol=1e-5,
    slips={
        "the shares of the batches are averaged; batches must count by their size": lambda right, sizes, _: (
            sum(r / n for r, n in zip(right, sizes)) / len(sizes)
        ),
        "only the last test batch counts": lambda right, sizes, _: right[-1] / sizes[-1],
        "only the first test batch counts": lambda right, sizes, _: right[0] / sizes[0],
        "right answers are counted, and not divided": lambda right, sizes, _: sum(right),
        "it is a percentage; a number from 0 to 1 was asked for": lambda right, sizes, _: 100 * sum(right) / sum(sizes),
        "the share of wrong answers is taken": lambda right, sizes, _: 1 - sum(right) / sum(sizes),
        "the number of batches is divided by, not that of the samples": lambda right, sizes, _: sum(right) / len(sizes),
        "the share on the training data is taken": lambda right, sizes, trained: trained,
    },
)


def groups_by_name(flags, lr):
    """param_groups of parameters by name, each with whether it requires a gradient: the names and the learning rate of each group."""
    params = {name: torch.nn.Parameter(torch.zeros(1), requires_grad=flag) for name, flag in flags.items()}
    names = {id(param): name for name, param in params.items()}
    groups = reference.param_groups(SimpleNamespace(named_parameters=params.items), lr)
    return [[[names[id(param)] for param in group["params"]], group["lr"]] for group in groups]


def groups_there(student, ask):
    def param_groups(net, lr):
        params = dict(net.named_parameters())
        groups = ask({name: param.requires_grad for name, param in params.items()}, lr)
        return [{"params": [params[name] for name in names], "lr": rate} for names, rate in groups]

    return param_groups


@exercise("finetune", parts=[part(groups_by_name, "param_groups", there=groups_there)])
class TestFinetune:
    def stepped(self, student, draw, sizes, num_epochs, lr):
        """A network that is the same in both modes, the training data, epochs and rate; and how far the student's parameters have moved, beside lr."""
        net, mine = two_nets(student, draw, statistics=False)
        train = labelled(draw, sizes)
        student.finetune(net, train, labelled(draw, [4]), num_epochs, lr)
        return (mine, train, num_epochs, lr), moved(mine, state_of(net), lr)

    @criterion("the first step: the head goes 10 · lr against its gradient, the rest lr", weight=3, hint="an SGD optimizer with two parameter groups")
    def test_first_step(self, student, draw):
        asked = [self.stepped(student, draw, [n], 1, lr) for n, lr in ((6, 0.01), (3, 0.002), (9, 0.03))]
        first_step.compare(asked, [f"how far parameters move in one step with lr = {arguments[-1]}, beside lr," for arguments, _ in asked])

    @criterion(
        "more steps: momentum 0.9, gradients cleared, all batches of all epochs",
        weight=3,
        hint="zero_grad() before each backward(); the optimizer is made once, before the loops",
    )
    def test_more_steps(self, student, draw):
        first, step = self.stepped(student, draw, [6], 1, 0.01)  # a wrong rate costs its own points
        rates = next((rates for rates in RATES if alike(step, moves(*first, rates))), RATES[0])
        asked = [self.stepped(student, draw, *given) for given in (([5, 5, 2], 1, 0.01), ([4, 3], 3, 0.005), ([6], 4, 0.01))]
        words = [f"how far parameters move where epochs × batches are {n} × {len(train)}, beside lr," for (_, train, n, _), _ in asked]
        more_steps.compare([((*arguments, rates), result) for arguments, result in asked], words, follows=True)

    @criterion("goes through the training data anew in each epoch", hint="for X, y in train, inside the loop over the epochs: keep no list of its batches")
    def test_anew(self, student, draw):
        net, _ = two_nets(student, draw, statistics=False)
        epochs = [labelled(draw, [3, 2]) for _ in range(4)]
        seen = student.run(trained_on, net=net, epochs=epochs, test=labelled(draw, [4]))
        met = len({round(total, 3) for total in seen})
        told = f"3 epochs of 2 batches, other ones in each: the network was called {len(seen)} times, and has met {met} different batches"
        expect(met >= 6, told, follows=len(seen) < 6)

    @criterion("trains in training mode, tests in evaluation mode and without a graph", weight=3, hint="net.train() first, then net.eval() and torch.no_grad()")
    def test_modes(self, student, draw):
        for num_epochs in (1, 3):
            net, _ = two_nets(student, draw)
            net.eval()  # as a look at its scores leaves it
            student.finetune(net, labelled(draw, [5, 4]), labelled(draw, [3, 2, 6]), num_epochs, 0.0)
            seen = [call[:4] for call in net.seen]
            expect(all(one for *_, one in seen), "some layers were in training mode and others not: net.train() and net.eval() reach them all")
            for mode, graph, n, _ in seen:
                if n in (5, 4) and graph:
                    expect(mode, "a training batch met the network in evaluation mode: net.train() belongs at the beginning of each epoch")
                elif n not in (5, 4):
                    expect(not mode, "a test batch met the network in training mode: net.eval() comes first")
                    expect(not graph, "a graph is recorded while testing: use torch.no_grad()")
            for mode, words in ((True, "training"), (False, "evaluation")):
                expect(any(call[0] is mode for call in seen), f"the network was never called in {words} mode", follows=not seen)
            expect(net.training is False, "the network is left in training mode")

    @criterion("returns the share of right answers over all test samples", weight=3, hint="add up the right ones and the samples, divide once")
    def test_accuracy(self, student, draw):
        asked, words = [], []
        for sizes, wrong, k in (([7, 2], [2, 1], 5), ([1, 6, 3], [1, 1, 2], 5), ([8], [3], 512)):
            net, mine = two_nets(student, draw, (3, 4, k), statistics=False)
            test = []
            for (X, _), count in zip(labelled(draw, sizes), wrong, strict=True):
                y = mine(X).argmax(dim=1)
                rows = draw.permutation(len(y))[:count].to(y.device)
                y[rows] = y[rows] ^ 256 if k > 256 else (y[rows] + 1) % k  # the same but for the ninth bit, or the next class
                test.append((X, y))
            train = labelled(draw, [5], k)
            claimed = student.finetune(net, train, test, 1, 0.0)
            expect(kind_of(claimed) in ("number", "tensor"), f"finetune returns {kind_of(claimed)}, expected a number", "wrong type")
            mine.load_state_dict({name: tensor.to(draw.device) for name, tensor in state_of(net).items()})
            asked.append((([accuracy_of(mine, [batch]) * len(batch[1]) for batch in test], sizes, accuracy_of(mine, train)), claimed))
            words.append(f"what finetune returns for test batches of {', '.join(map(str, sizes))} samples")
        share.compare(asked, words)

    @criterion("the accuracy is that after the last epoch", hint="test once, behind the loop over the epochs")
    def test_last(self, student, draw):
        net, mine = two_nets(student, draw, statistics=False)
        test = [(X, mine(X).argmax(dim=1)) for X, _ in labelled(draw, [9, 4])]  # all right before, and taught to be wrong, at a rate that takes some epochs
        train = [(X, (y + 1) % 5) for X, y in test]
        after = lambda num_epochs, lr: reference.finetune(deepcopy(mine), train, test, num_epochs, lr)
        lr = next((lr for lr in (0.001, 0.002, 0.004, 0.008, 0.016) if after(1, lr) > after(12, lr) + 0.2), 0.03)
        claimed = as_number(student.finetune(net, train, test, 12, lr), what="what finetune returns")
        mine.load_state_dict({name: tensor.to(draw.device) for name, tensor in state_of(net).items()})
        right = accuracy_of(mine, test)
        told = f"a network gets worse from epoch to epoch: finetune returns {claimed:.3g}, {'more' if claimed > right else 'less'} than its accuracy at the end"
        expect(abs(claimed - right) < 1e-4, told, follows=True)

    @criterion("frozen layers are left alone", weight=2, hint="no parameter without requires_grad in the optimizer, and no train() on single layers")
    def test_frozen(self, student, draw):
        for frozen in (("conv1", "bn1"), ("conv1", "bn1", "layer1"), BODY):
            net, mine = two_nets(student, draw)
            before = {name: tensor.clone() for name, tensor in mine.state_dict().items()}
            student.run(frozen_by_hand, net=net, children=list(frozen))
            student.finetune(net, labelled(draw, [5, 4]), labelled(draw, [4]), 2, 0.01)
            after, flags = state_of(net), student.run(flags_of, net=net)
            for name, tensor in before.items():
                if name.partition(".")[0] in frozen:
                    expect(torch.equal(after[name].to(tensor), tensor), f"{name} is frozen, and was changed", follows=True)
                    expect(not flags.get(name), f"{name} is frozen, and requires a gradient again")
            expect(not torch.equal(after["fc.weight"].to(draw.device), before["fc.weight"]), "the head did not learn", follows=True)

    @criterion("leaves the program as it was", hint="torch.no_grad() as a block ends by itself; set no seed")
    def test_program(self, student, draw):
        net, _ = two_nets(student, draw)
        draws = [student.run(draws_after, net=net, train=labelled(draw, [3]), test=labelled(draw, [3]), seed=seed) for seed in (1, 2)]
        expect(draws[0] != draws[1], "a call of finetune sets the seed of torch's random numbers")
        assert_program_left(student, "finetune", net, labelled(draw, [3]), labelled(draw, [3]), 1, 0.01)

    @criterion("learns from picture files, through a DataLoader", weight=2, hint="train and test are only gone through with for: nothing else is asked of them")
    def test_folder(self, student):
        right = accuracy_on_files(student)
        expect(right > FILES_GOAL, f"after fine-tuning on dark and bright pictures from files the accuracy is {right:.2f}", follows=True)

    @criterion(
        "reads new digits after ten samples of each: accuracy at least 0.7, in the median of five sets",
        weight=4,
        hint="if the criteria above pass, this one does too",
        timeout_s=60,
    )
    def test_digits(self, student, device):
        median = accuracy_on_new_digits(student, device)
        expect(median >= DIGITS_GOAL, f"fine-tuned to a median accuracy of {median:.2f} on new digits, at least {DIGITS_GOAL} was expected", follows=True)


def trained_on(student, net, epochs, test):
    """The sum of the first sample of each training batch that the network met, where each pass gives the batches of another epoch."""

    class Anew:
        passes = 0

        def __iter__(self):
            Anew.passes += 1
            return iter(epochs[(Anew.passes - 1) % len(epochs)])

    del net.seen[:]
    student.finetune(net, Anew(), test, 3, 0.0)
    return [total for _, _, n, _, total in net.seen if n in (3, 2)]


def draws_after(student, net, train, test, seed):
    import torch

    torch.set_grad_enabled(True)
    torch.manual_seed(seed)
    student.finetune(net, train, test, 1, 0.01)
    return torch.rand(4).tolist()


FILES_GOAL = 0.85


def accuracy_on_files(student):
    """The accuracy on pictures from files of a network that was trained on such pictures."""
    seen = student.run(tuned_on_files)
    net = torch.nn.Linear(*reversed(seen["weight"].shape))
    net.load_state_dict({"weight": seen["weight"], "bias": seen["bias"]})
    return accuracy_of(net, [(seen["X"].flatten(1), seen["y"])])


def tuned_on_files(student):
    import os
    import tempfile
    from collections import OrderedDict

    import torch
    from PIL import Image
    from torch.utils.data import DataLoader
    from torchvision.datasets import ImageFolder
    from torchvision.transforms import v2

    to_tensor = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize([0.5] * 3, [0.5] * 3)])
    with tempfile.TemporaryDirectory() as folder:
        for part, count in (("train", 8), ("test", 5)):
            for name, low in (("dark", 0), ("bright", 130)):
                place = os.path.join(folder, part, name)
                os.makedirs(place)
                for i in range(count):
                    values = low + torch.randint(120, (5, 6, 3))
                    Image.fromarray(values.to(torch.uint8).numpy()).save(os.path.join(place, f"{i}.png"))
        train, test = (ImageFolder(os.path.join(folder, part), transform=to_tensor) for part in ("train", "test"))
        net = torch.nn.Sequential(OrderedDict(flat=torch.nn.Flatten(), fc=torch.nn.Linear(90, 2)))
        with torch.no_grad():  # it begins with all of them wrong: bright, the first class, adds up to more than dark
            net.fc.weight.copy_(torch.tensor([[-0.01], [0.01]]).expand(2, 90))
            net.fc.bias.zero_()
        student.finetune(net, DataLoader(train, batch_size=6, shuffle=True), DataLoader(test, batch_size=4), 5, 0.002)
        X, y = next(iter(DataLoader(test, batch_size=10)))
    return {"weight": net.fc.weight.detach(), "bias": net.fc.bias.detach(), "X": X, "y": y}


# A right answer reaches about 0.86, one that goes on from random weights 0.4. Ten times the rate for everything makes the body diverge.
EPOCHS, RATE, DIGITS_GOAL = 7, 0.02, 0.7


def accuracy_on_new_digits(student, device, seed=0):
    """The median of the accuracies on the digits 5 to 9 that are reached from five sets of ten samples of each. seed: of the data and of the body."""
    body, sets, test = little_data(device, seed)
    heads = [fresh_head(5 * seed + i) for i in range(5)]
    states = student.run(tuned_on_digits, body=body, heads=heads, sets=sets, test=test, num_epochs=EPOCHS, lr=RATE)
    net, reached = reference.DigitNet(5).to(device), []
    for state in states:
        net.load_state_dict({name: tensor.to(device) for name, tensor in state.items()})
        reached.append(accuracy_of(net, test))
    return sorted(reached)[2]


def tuned_on_digits(student, body, heads, sets, test, num_epochs, lr):
    states = []
    for head, train in zip(heads, sets):
        net = student.DigitNet(5)
        net.load_state_dict({**body, **head})
        net.to(test[0][0].device)
        student.finetune(net, train, test, num_epochs, lr)
        states.append({name: tensor.detach().clone() for name, tensor in net.state_dict().items()})
    return states


def fresh_head(seed):
    generator = torch.Generator().manual_seed(seed)
    return {"fc.weight": torch.randn(5, 16, generator=generator) * math.sqrt(2 / 21), "fc.bias": torch.zeros(5)}


def shuffled(X, y, batch_size, generator):
    order = torch.randperm(len(y), generator=generator)
    return [(X[rows], y[rows]) for rows in order.split(batch_size)]


def trained(net, data, num_epochs, lr, generator):
    """Plain training, batches of 32."""
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
    for _ in range(num_epochs):
        for X, y in shuffled(*data, 32, generator):
            optimizer.zero_grad()
            cross_entropy(net(X), y).backward()
            optimizer.step()
    return net


@cache
def little_data(device, seed):
    """A network trained on the digits 0 to 4 in four positions, without its head; five sets of ten samples of each of the digits 5 to 9, in batches of
    ten, the first of them without 7, 8 and 9; the test samples."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        generator = torch.Generator().manual_seed(seed)
        X, y, X_test, y_test = digits()
        old = y < 5
        turned = torch.cat([X[old].rot90(r, (2, 3)) for r in range(4)]), torch.cat([y[old] + 5 * r for r in range(4)])
        net = trained(reference.DigitNet(20), turned, 4, 0.05, generator)
    body = {name: tensor for name, tensor in net.state_dict().items() if not name.startswith("fc.")}
    for name in ("layer2.2.weight", "layer2.2.bias"):  # smaller features, so that ten times the rate is not too much for the head
        body[name] = body[name] / 2
    test = [(X_test[y_test >= 5].to(device), y_test[y_test >= 5].to(device) - 5)]
    sets = [few_samples(X.to(device), y.to(device), generator) for _ in range(5)]
    return body, sets, test


def few_samples(X, y, generator):
    """Five batches with ten samples of each of the digits 5 to 9 in all."""
    of_each = [(y == digit).nonzero()[:, 0][torch.randperm(int((y == digit).sum()), generator=generator)[:10].to(y.device)] for digit in range(5, 10)]
    first, rest = torch.cat([rows[:5] for rows in of_each[:2]]), torch.cat([*(rows[5:] for rows in of_each[:2]), *of_each[2:]])
    rest = rest[torch.randperm(len(rest), generator=generator).to(y.device)]
    return [(X[rows], y[rows] - 5) for rows in (first, *rest.split(10))]
