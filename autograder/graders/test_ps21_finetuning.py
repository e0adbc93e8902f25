"""Hidden grader of ps21_finetuning."""

import math
from copy import deepcopy
from functools import cache
from types import SimpleNamespace

import torch
from course_tools import digits

from autograder import (
    assert_close,
    assert_finite,
    assert_shape,
    assert_unchanged,
    assert_vectorised,
    criterion,
    exercise,
    expect,
    fail,
    kind_of,
    part,
)
from solutions.ps21_finetuning import finetuning as reference

MEAN, STD = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
SAMPLES = 200  # of a random quantity: a bound is five standard deviations from what a right answer gives


def pictures(rng, *shape, low=0.0, high=1.0, dtype=torch.float32):
    return low + (high - low) * torch.rand(*shape, generator=rng, dtype=dtype)


def correlation(a, b):
    return float(torch.corrcoef(torch.stack([a.double(), b.double()]))[0, 1])


# Augmentation --------------------------------------------------------------------------------------------------------


class Augmentation:
    """What the three augmentations have in common: `name`, and `arguments` between the pictures and the generator."""

    name: str
    arguments: tuple
    result_size: tuple | None = None  # of the result, where it is not that of the picture

    def augmented(self, student, X, *arguments, seed=7):
        result = getattr(student, self.name)(X, *arguments, student.run(new_generator, seed=seed))
        if isinstance(result, torch.Tensor):
            assert_finite(result, what=f"the result of {self.name}")
        return result

    def some(self, rng, *shape, device, dtype=torch.float32):
        return pictures(rng, *shape, dtype=dtype).to(device)

    @criterion(
        "all chance comes from the generator: the same state, the same result",
        weight=2,
        hint="torch.rand(shape, generator=generator), and no other source of random numbers",
    )
    def test_reproducible(self, student, rng, device):
        X = self.some(rng, 40, 3, 8, 6, device=device)
        once, again, other = (
            student.run(draws, name=self.name, X=X, arguments=self.arguments, seed=seed, elsewhere=elsewhere, count=8)
            for seed, elsewhere in ((3, 1), (3, 2), (4, 1))
        )
        for result in (*once, *again, *other):
            assert_shape(result, (40, 3, *(self.result_size or (8, 6))), what="the result for 40 pictures")
        same = all(torch.equal(a, b) for a, b in zip(once, again, strict=True))
        expect(same, "the same state of the generator gave two different results: is there chance from elsewhere in it?")
        moves_on = any(not torch.equal(once[0], result) for result in once[1:])
        expect(moves_on, "eight calls one after the other with the same generator all gave the same result: the generator is not used up")
        differ = any(not torch.equal(a, b) for a, b in zip(once, other, strict=True))
        expect(differ, "generators with different seeds gave the same results")

    @criterion("takes a single picture as well", hint="X.shape[:-3] is (n,) for a batch and () for a single picture; count dimensions from the end")
    def test_single(self, student, rng, device):
        for c, h, w in ((3, 8, 6), (1, 5, 9)):
            X = self.some(rng, c, h, w, device=device)
            single = student.run(draws, name=self.name, X=X, arguments=self.arguments, seed=3, elsewhere=1, count=40)
            for result in single:
                assert_shape(result, (c, *(self.result_size or (h, w))), what=f"the result for a single picture ({c}, {h}, {w})")
            expect(any(not torch.equal(single[0], result) for result in single[1:]), "forty calls with a single picture all gave the same result")
            self.check_single(X, single)

    def check_single(self, X, results):
        pass

    @criterion("keeps dtype and device, and takes pictures in any memory order", hint="random numbers are float32 on the CPU: bring them to X with .to(X)")
    def test_dtype(self, student, rng, device):
        X = self.some(rng, 3, 3, 8, 6, device=device, dtype=torch.float64)
        double = self.augmented(student, X.clone(), *self.arguments)
        assert_shape(double, (3, 3, *(self.result_size or (8, 6))), what=f"the result of {self.name}")
        expect(double.dtype == torch.float64, f"the result has dtype {str(double.dtype)[6:]} for float64 pictures, expected float64", "wrong type")
        expect(double.device == X.device, f"the result is on {double.device.type}, expected on {X.device.type}", "wrong type")
        plain, strided = (student.run(draws, name=self.name, X=Y, arguments=self.arguments, seed=3, elsewhere=1, count=1)[0] for Y in (X, X.mT.contiguous().mT))
        assert_close(strided, plain, what="the result for non-contiguous pictures", rtol=1e-4, atol=1e-5)
        single = self.augmented(student, X.float(), *self.arguments)
        expect(single.dtype == torch.float32, f"the result has dtype {str(single.dtype)[6:]} for float32 pictures, expected float32", "wrong type")

    @criterion("leaves the pictures unchanged", hint="operations that end in _, X *= … and X[...] = … write into the caller's tensor")
    def test_unchanged(self, student, rng, device):
        X = self.some(rng, 9, 3, 8, 6, device=device)
        given = X.clone()
        result = self.augmented(student, given, *self.arguments)
        assert_unchanged(X, given, what="X")
        assert_shape(result, (9, 3, *(self.result_size or (8, 6))), what=f"the result of {self.name}")

    @criterion("goes without a loop over the pictures", hint="draw n random numbers at once and shape them (n, 1, 1, 1)")
    def test_vectorised(self, student, rng, device):
        make = lambda n: (self.some(rng, n, 3, 8, 6, device=device), *self.arguments, student.run(new_generator, seed=n))
        assert_vectorised(getattr(student, self.name), make, what=self.name)

    @criterion("is written by hand: torchvision does not do the work", weight=2, hint="no function of torchvision in this part, only tensor operations")
    def test_by_hand(self, student, rng, device):
        for shape in ((4, 3, 8, 6), (3, 8, 6)):
            seen = student.run(runs_torchvision, name=self.name, X=self.some(rng, *shape, device=device), arguments=self.arguments)
            expect(not seen["torchvision"], f"{self.name} calls torchvision; this exercise asks you to write it yourself", "forbidden operation")
            expect(isinstance(seen["result"], torch.Tensor), f"{self.name} does not return a tensor", "wrong type")


def new_generator(student, seed):
    import torch

    return torch.Generator().manual_seed(seed)


def draws(student, name, X, arguments, seed, elsewhere, count):
    import random

    import numpy as np
    import torch

    torch.manual_seed(elsewhere)
    random.seed(elsewhere)
    np.random.seed(elsewhere)
    generator = torch.Generator().manual_seed(seed)
    return [getattr(student, name)(X.clone(), *arguments, generator) for _ in range(count)]


def runs_torchvision(student, name, X, arguments):
    import sys

    import torch

    files = set()
    function, generator = getattr(student, name), torch.Generator().manual_seed(5)
    before = sys.getprofile()
    sys.setprofile(lambda frame, event, argument: files.add(frame.f_code.co_filename))
    try:
        result = function(X, *arguments, generator)
    finally:
        sys.setprofile(before)
    return {"torchvision": any("/torchvision/" in file.replace("\\", "/") for file in files), "result": result}


@exercise("random_flip")
class TestRandomFlip(Augmentation):
    name, arguments = "random_flip", (0.5,)

    @criterion("p = 1 mirrors every picture left to right, p = 0 none", weight=3, hint="X.flip(-1) turns the columns round, the last dimension")
    def test_mirror(self, student, rng, device):
        for shape in ((3, 1, 4, 7), (1, 3, 5, 2), (6, 2, 3, 4)):
            X = pictures(rng, *shape).to(device)
            mirrored = self.augmented(student, X.clone(), 1.0)
            if isinstance(mirrored, torch.Tensor) and mirrored.shape == X.shape:
                expect(not torch.equal(mirrored, X.flip(-2)), "with p = 1 the pictures are turned upside down; left and right should change places")
                expect(shape[0] == 1 or not torch.equal(mirrored, X.flip(0)), "with p = 1 the batch is turned round, not its pictures")
                expect(not torch.equal(mirrored, X), "with p = 1 the pictures are not mirrored")
            assert_close(mirrored, X.flip(-1), what=f"random_flip of {shape[0]} pictures with p = 1", rtol=0, atol=0)
            assert_close(self.augmented(student, X.clone(), 0.0), X, what=f"random_flip of {shape[0]} pictures with p = 0", rtol=0, atol=0)

    @criterion(
        "each picture of a batch is mirrored with probability p, on its own and as a whole",
        weight=3,
        hint="one random number for each picture, none for its channels, rows or pixels",
    )
    def test_each(self, student, rng, device):
        for p in (0.25, 0.8):
            X = pictures(rng, SAMPLES, 2, 4, 3).to(device)
            result = self.augmented(student, X.clone(), p)
            assert_shape(result, X.shape, what=f"random_flip of {SAMPLES} pictures")
            flipped, kept = ((result == Y).flatten(1).all(dim=1) for Y in (X.flip(-1), X))
            expect(bool((flipped | kept).all()), "some pictures are neither mirrored nor as they were: is there one number for each picture?")
            count = int(flipped.sum())
            expect(0 < count < SAMPLES, f"with p = {p} all {SAMPLES} pictures of a batch got the same: one number was drawn for all of them")
            slack = 5 * math.sqrt(SAMPLES * p * (1 - p))
            expect(abs(count - SAMPLES * p) < slack, f"with p = {p}, {count} of {SAMPLES} pictures were mirrored, about {SAMPLES * p:.0f} were expected")

    def check_single(self, X, results):
        for result in results:
            right = torch.equal(result, X) or torch.equal(result, X.flip(-1))
            expect(right, "a single picture came out neither mirrored nor as it was")


RESIZING = (
    "interpolate", "upsample", "upsample_bilinear", "upsample_bilinear2d", "upsample_bilinear2d_aa", "upsample_nearest2d", "upsample_nearest_exact2d",
    "upsample_bicubic2d", "upsample_bicubic2d_aa", "grid_sample", "grid_sampler", "grid_sampler_2d", "grid_sampler_2d_cpu_fallback", "affine_grid",
    "affine_grid_generator",
)  # fmt: skip


def hat(places, num_in):
    """The weights of num_in pixels for these places: bilinear interpolation in one direction."""
    return (1 - (places[..., None] - torch.arange(num_in).to(places)).abs()).clamp(min=0)


@exercise("random_crop_resize", forbid=RESIZING)
class TestRandomCropResize(Augmentation):
    name, arguments, result_size = "random_crop_resize", ((4, 5), (0.2, 0.6), (0.7, 1.4)), (4, 5)
    # On pictures of h x w pixels every box of the cases below is at least as large as the result, so that places can be read off ramps.
    h, w, size = 40, 56, (5, 7)

    def boxes(self, student, rng, device, scale, ratio, n=SAMPLES, h=h, w=w, size=size):
        """What the boxes were, read off two ramps: dict of (n,) tensors, and of the places (n, rows), (n, columns). Small samples have a third channel."""
        X = pictures(rng, n, 3 if n < SAMPLES else 2, h, w)
        X[:, 0], X[:, 1] = torch.arange(w) / (w - 1), torch.arange(h)[:, None] / (h - 1)
        result = self.augmented(student, X.to(device).clone(), size, scale, ratio)
        assert_shape(result, (*X.shape[:2], *size), what=f"random_crop_resize of {n} pictures to {size[0]}x{size[1]}")
        result = result.detach().cpu().double()
        x, y = result[:, 0] * (w - 1), result[:, 1] * (h - 1)
        straight = float(x.std(dim=1).max()) < 0.02 and float(y.std(dim=2).max()) < 0.02
        expect(straight, "rows and columns of the result do not come from rows and columns of the picture: is it turned, or are channels mixed?")
        x, y = x.mean(dim=1), y.mean(dim=2)
        dx, dy = (x[:, -1] - x[:, 0]) / (size[1] - 1), (y[:, -1] - y[:, 0]) / (size[0] - 1)
        if self.by_corners(student, device):  # a mistake of its own, which costs its own points
            box = {"width": dx * (size[1] - 1) + 1, "height": dy * (size[0] - 1) + 1, "left": x[:, 0], "top": y[:, 0]}
        else:
            box = {"width": dx * size[1], "height": dy * size[0], "left": x[:, 0] - dx / 2 + 0.5, "top": y[:, 0] - dy / 2 + 0.5}
        share, ratio = box["width"] * box["height"] / (h * w), box["width"] / box["height"]
        return box | {"x": x, "y": y, "dx": dx, "dy": dy, "share": share, "ratio": ratio, "X": X.double(), "result": result}

    def by_corners(self, student, device):
        """Whether the corner pixels of the box become those of the result."""
        X = (torch.arange(8) / 7).expand(1, 4, 8).contiguous().to(device)
        result = self.augmented(student, X, (2, 4), (1.0, 1.0), (2.0, 2.0))
        ends = result.detach()[0, 0, ::3].tolist() if isinstance(result, torch.Tensor) and result.shape == (1, 2, 4) else [0.5, 0.5]
        return ends[0] < 0.05 and ends[1] > 0.95

    @criterion(
        "the whole picture is resized with bilinear interpolation",
        weight=3,
        hint="place i is top + (i + 1/2) · height / rows − 1/2, cut to the picture; the halves matter",
    )
    def test_whole(self, student, rng, device):
        for shape, size in (((2, 3, 6, 9), (4, 5)), ((1, 1, 5, 4), (9, 7)), ((3, 2, 7, 10), (3, 20))):
            X, own = pictures(rng, *shape).to(device), shape[3] / shape[2]
            right = torch.nn.functional.interpolate(X, size, mode="bilinear", align_corners=False)
            result = self.augmented(student, X.clone(), size, (1.0, 1.0), (own, own))
            corners = torch.nn.functional.interpolate(X, size, mode="bilinear", align_corners=True)
            if isinstance(result, torch.Tensor) and result.shape == right.shape and torch.allclose(result, corners, atol=1e-4):
                fail("the corner pixels of the result are those of the picture (align_corners=True): the two halves of the formula are missing")
            A, B = (hat((torch.arange(n) * k / n).to(X), k) for k, n in zip(shape[2:], size, strict=True))
            if isinstance(result, torch.Tensor) and result.shape == right.shape and torch.allclose(result[..., :2, :2], (A @ X @ B.mT)[..., :2, :2], atol=1e-4):
                fail("pixel i of the result is read at i · height / rows: the two halves of the formula are missing")
            assert_close(result, right, what=f"the whole of {shape[2]}x{shape[3]} pixels, stretched to {size[0]}x{size[1]},", rtol=1e-3, atol=2e-3)

    @criterion("each result shows one straight box inside its own picture", weight=3, hint="try a ramp, X[..., i, j] = j: the result must be a ramp again")
    def test_content(self, student, rng, device):
        for n, h, w, size in ((20, 40, 56, (5, 7)), (1, 60, 33, (6, 4)), (7, 31, 50, (4, 3))):
            box = self.boxes(student, rng, device, (0.2, 0.6), (0.7, 1.4), n=n, h=h, w=w, size=size)
            for places, step, start, length, side in (("x", "dx", "left", "width", w), ("y", "dy", "top", "height", h)):
                even = box[places][:, :1] + box[step][:, None] * torch.arange(box[places].shape[1])
                evenly = bool(((box[places] - even).abs() < 0.1).all()) and bool((box[step] > 0).all())
                expect(evenly, "the places of the result are not evenly spaced: does the box lie in the picture, and is the interpolation bilinear?")
                edge = 0.5 * box[step] + 0.1
                inside = bool((box[start] > -edge).all()) and bool((box[start] + box[length] < side + edge).all())
                expect(inside, f"a box leaves the picture: its {start} and {length} do not lie in the {side} pixels there are")
            A, B = hat(box["y"], h), hat(box["x"], w)
            right = A @ box["X"][:, 2] @ B.mT
            assert_close(box["result"][:, 2], right, what="another channel at the places that the ramps show", rtol=1e-3, atol=2e-3)

    @criterion("the box has a share of the area drawn from scale", weight=2, hint="the area of the box is s · h · w, with s uniform from scale[0] to scale[1]")
    def test_share(self, student, rng, device):
        box = self.boxes(student, rng, device, (0.3, 0.3), (1.4, 1.4), n=20)
        expect(bool(((box["share"] / 0.3 - 1).abs() < 0.08).all()), f"with scale (0.3, 0.3) a box takes {float(box['share'][0]):.2f} of the area")
        share = self.boxes(student, rng, device, (0.1, 0.7), (1.3, 1.5))["share"]
        low, high, mean = float(share.min()), float(share.max()), float(share.mean())
        expect(low > 0.09 and high < 0.76, f"with scale (0.1, 0.7) boxes take from {low:.2f} to {high:.2f} of the area")
        uniform = low < 0.2 and high > 0.6 and abs(mean - 0.4) < 0.06
        expect(uniform, f"with scale (0.1, 0.7) shares go from {low:.2f} to {high:.2f}, {mean:.2f} on average: not uniform over the range")

    @criterion("width / height of the box is drawn from ratio", weight=2, hint="height = sqrt(area / r), width = sqrt(area * r)")
    def test_ratio(self, student, rng, device):
        for r in (2.0, 0.5):
            ratio = self.boxes(student, rng, device, (0.3, 0.3), (r, r), n=20)["ratio"]
            expect(not bool(((ratio * r - 1).abs() < 0.08).all()), f"with ratio ({r}, {r}) height / width is {r}; the ratio is width / height")
            expect(bool(((ratio / r - 1).abs() < 0.08).all()), f"with ratio ({r}, {r}) a box has the ratio {float(ratio[0]):.2f}")
        ratio = self.boxes(student, rng, device, (0.3, 0.3), (0.5, 2.5))["ratio"]
        low, high = float(ratio.min()), float(ratio.max())
        expect(low > 0.45 and high < 2.7, f"with ratio (0.5, 2.5) boxes have ratios from {low:.2f} to {high:.2f}")
        expect(low < 0.8 and high > 2.0, f"with ratio (0.5, 2.5) all boxes have ratios between {low:.2f} and {high:.2f}: the range is not used")

    @criterion(
        "the box lies anywhere in the picture, and the four draws are independent",
        weight=2,
        hint="four random numbers for each picture: share, ratio, top, left; top is uniform from 0 to h − height",
    )
    def test_place(self, student, rng, device):
        box = self.boxes(student, rng, device, (0.1, 0.4), (0.8, 1.9))
        drawn = {
            "top": box["top"] / (self.h - box["height"]), "left": box["left"] / (self.w - box["width"]), "share": box["share"], "ratio": box["ratio"],
        }  # fmt: skip
        for name in ("top", "left"):
            low, high, mean = (float(f(drawn[name])) for f in (torch.min, torch.max, torch.mean))
            expect(high - low > 0.01, f"all boxes of a batch lie at the same place ({name}): each picture needs its own")
            used = low < 0.1 and high > 0.9 and abs(mean - 0.5) < 0.1
            expect(used, f"{name} goes from {low:.2f} to {high:.2f} of the way there is, {mean:.2f} on average: not uniform over it")
        names = list(drawn)
        for i, first in enumerate(names):
            for second in names[:i]:
                together = abs(correlation(drawn[first], drawn[second])) > 0.35
                expect(not together, f"{second} and {first} are not independent of each other: is one random number used for both?")

    @criterion("a box longer than the picture is cut to it, and the edges stay bright", hint="height.clamp(max=h), width.clamp(max=w); cut the places too")
    def test_cut(self, student, rng, device):
        for r, side, length in ((2.6, "width", 56.0), (0.4, "height", 40.0)):
            box = self.boxes(student, rng, device, (0.9, 0.9), (r, r), n=12)
            other = "height" if side == "width" else "width"
            right = math.sqrt(0.9 * 40 * 56 / r) if other == "height" else math.sqrt(0.9 * 40 * 56 * r)
            expect(bool(((box[side] - length).abs() < 0.6).all()), f"with ratio {r} the {side} of a box should be that of the picture, but is not")
            expect(bool(((box[other] - right).abs() < 0.6).all()), f"with ratio {r} the {other} of a box should stay as the formula says, but does not")
        flat = torch.full((6, 1, 5, 4), 0.8, device=device)
        result = self.augmented(student, flat, (9, 11), (0.3, 1.0), (0.5, 2.0))
        assert_close(result, torch.full((6, 1, 9, 11), 0.8, device=device), what="a crop of a picture that is 0.8 everywhere", rtol=1e-4, atol=1e-4)


GREY = torch.tensor([0.299, 0.587, 0.114], dtype=torch.float64)[:, None, None]


def grey(X):
    return (GREY.to(X) * X).sum(dim=-3, keepdim=True) if X.shape[-3] == 3 else X


def flat_parts(*tensors):
    """Tensors of n pictures as rows (n, numbers)."""
    shape = torch.broadcast_shapes(*(t.shape for t in tensors))
    return [t.expand(shape).flatten(1) for t in tensors]


@exercise("color_jitter")
class TestColorJitter(Augmentation):
    name, arguments = "color_jitter", (0.4, 0.3, 0.5)

    def coloured(self, rng, n, device, low=(0.35, 0.45, 0.55), width=0.1, h=4, w=5, one_grey=False):
        """Pictures whose channels differ: no change below takes them out of [0, 1]. With one_grey the plain mean of the channels is their grey as well."""
        X = pictures(rng, n, 3, h, w, dtype=torch.float64) * width + torch.tensor(low, dtype=torch.float64)[:, None, None]
        if one_grey:  # a mistake in the grey costs its own points
            X[:, 1] = self.third(X[:, 0], X[:, 2])
        return X.to(device)

    def third(self, red, blue):
        """The green for which the grey is the plain mean of the channels."""
        return ((1 / 3 - 0.299) * red + (1 / 3 - 0.114) * blue) / (0.587 - 1 / 3)

    def changed(self, student, X, *strengths, seed=7):
        result = self.augmented(student, X.clone(), *strengths, seed=seed)
        assert_shape(result, X.shape, what=f"color_jitter of {len(X)} pictures")
        return result.detach().to(X)

    def factors(self, student, X, strengths, centre, what, words):
        """The factor f of each picture, where result = f X + (1 - f) centre."""
        result = self.changed(student, X, *strengths)
        away, moved = flat_parts(X - centre, result - centre)
        f = (away * moved).sum(dim=1) / (away * away).sum(dim=1)
        wrong = (moved - f[:, None] * away).abs().amax(dim=1) > 3e-4
        expect(not bool(wrong.any()), f"with {what} alone, {words}: this does not hold for {int(wrong.sum())} of {len(X)} pictures")
        return f

    @criterion("brightness multiplies each picture by a factor of its own", weight=3, hint="f * X, with f of shape (n, 1, 1, 1), then clamp(0, 1)")
    def test_brightness(self, student, rng, device):
        for n in (30, 1):
            X = self.coloured(rng, n, device, low=(0.05, 0.2, 0.3))
            f = self.factors(student, X, (0.9, 0.0, 0.0), 0 * X, "brightness", "all pixels of a picture should be multiplied by the same factor")
            self.check_range(f, 0.1, 1.9, "brightness 0.9")

    @criterion(
        "contrast goes away from the mean grey of the picture, or towards it", weight=3, hint="f * X + (1 - f) * m, m the mean of 0.299 R + 0.587 G + 0.114 B"
    )
    def test_contrast(self, student, rng, device):
        for n in (30, 1):
            X = self.coloured(rng, n, device)
            m = grey(X).mean(dim=(-2, -1), keepdim=True)
            f = self.factors(student, X, (0.0, 0.6, 0.0), m, "contrast", "the result should be f·X + (1 − f)·m with the mean grey m of the picture")
            self.check_range(f, 0.4, 1.6, "contrast 0.6")

    @criterion("saturation goes away from the grey of each pixel, or towards it", weight=3, hint="f * X + (1 - f) * g, g = 0.299 R + 0.587 G + 0.114 B")
    def test_saturation(self, student, rng, device):
        for n in (30, 1):
            X = self.coloured(rng, n, device)
            f = self.factors(student, X, (0.0, 0.0, 0.8), grey(X), "saturation", "the result should be f·X + (1 − f)·g with the grey g of each pixel")
            self.check_range(f, 0.2, 1.8, "saturation 0.8")
        one = pictures(rng, 3, 1, 4, 5).to(device)
        assert_close(self.changed(student, one, 0.0, 0.0, 0.8), one, what="a picture with one channel after a change of saturation", rtol=1e-4, atol=1e-4)

    def check_range(self, f, low, high, what):
        inside = bool((f > low - 1e-3).all()) and bool((f < high + 1e-3).all())
        expect(inside, f"with {what} a factor is {float(f[(f - 1).abs().argmax()]):.2f}, outside of [max(0, 1 − a), 1 + a]")
        expect(float((f - 1).abs().max()) > 0.01 * (high - low), f"with {what} nothing changes")

    @criterion("each picture of a batch has factors of its own", weight=2, hint="u from torch.rand(X.shape[:-3], generator=generator): n numbers, not one")
    def test_own(self, student, rng, device):
        X = self.coloured(rng, 30, device, low=(0.3, 0.4, 0.5))
        centres = {"brightness": 0 * X, "contrast": grey(X).mean(dim=(-2, -1), keepdim=True), "saturation": grey(X)}
        for i, (name, centre) in enumerate(centres.items()):
            result = self.changed(student, X, *(0.5 * (i == k) for k in range(3)))
            away, moved = flat_parts(X - centre, result - centre)
            f = (away * moved).sum(dim=1) / (away * away).sum(dim=1)
            expect(float(f.max() - f.min()) > 0.1, f"with {name} alone all pictures of a batch have nearly the same factor")

    @criterion("all three work together, with independent factors", weight=2, hint="draw anew for each of the three changes")
    def test_together(self, student, rng, device):
        X = self.coloured(rng, SAMPLES, device, one_grey=True)
        result = self.changed(student, X, 0.3, 0.2, 0.4)
        parts = torch.stack(flat_parts(X, grey(X), torch.ones_like(X)), dim=2)
        (target,) = flat_parts(result)
        weights = torch.linalg.lstsq(parts.cpu(), target.cpu()[..., None]).solution
        wrong = ((parts.cpu() @ weights)[..., 0] - target.cpu()).abs().amax(dim=1) > 3e-4
        expect(not bool(wrong.any()), "the result of all three is not a mixture of the picture, its greys and its mean grey")
        a, b, c = weights[..., 0].unbind(dim=1)
        brightness = a + b + c / grey(X).mean(dim=(-3, -2, -1)).cpu()
        found = {"brightness": brightness, "contrast": (a + b) / brightness, "saturation": a / (a + b)}
        for (name, f), strength in zip(found.items(), (0.3, 0.2, 0.4), strict=True):
            furthest = float((f - 1).abs().max())
            expect(furthest < strength + 5e-3, f"with strengths 0.3, 0.2, 0.4 the factor of {name} is {furthest:.2f} away from 1, not {strength} at most")
            expect(furthest > 0.7 * strength, f"with strengths 0.3, 0.2, 0.4 {name} hardly changes")
        names = list(found)
        for i, first in enumerate(names):
            for second in names[:i]:
                together = abs(correlation(found[first], found[second])) > 0.35
                expect(not together, f"the factors of {second} and {first} are not independent: is one random number used for both?")

    @criterion("factors are uniform from max(0, 1 − a) to 1 + a", weight=2, hint="low + (1 + a - low) * u with low = max(0, 1 - a) and u from torch.rand")
    def test_range(self, student, rng, device):
        X = self.coloured(rng, SAMPLES, device, one_grey=True)
        for a, low, high in ((1.5, 0.0, 2.5), (0.6, 0.4, 1.6)):
            f = self.factors(student, X, (0.0, 0.0, a), grey(X), f"saturation {a}", "the result should be f·X + (1 − f)·g with the grey g of each pixel")
            self.check_range(f, low, high, f"saturation {a}")
            ends = float(f.min()) < low + 0.1 * (high - low) and float(f.max()) > high - 0.1 * (high - low)
            even = abs(float(f.mean()) - (low + high) / 2) < 5 * (high - low) / math.sqrt(12 * SAMPLES)
            expect(
                ends and even,
                f"with saturation {a} factors go from {float(f.min()):.2f} to {float(f.max()):.2f}, mean {float(f.mean()):.2f}: not uniform",
            )

    @criterion("values stay in [0, 1]", weight=2, hint="clamp(0, 1) after each change")
    def test_inside(self, student, rng, device):
        X = pictures(rng, 60, 3, 4, 5).to(device)
        for strengths in ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 3.0), (1.0, 1.0, 1.0)):
            result = self.changed(student, X, *strengths)
            low, high = float(result.min()), float(result.max())
            expect(low >= 0 and high <= 1, f"with strengths {strengths} values go from {low:.2f} to {high:.2f}")
            expect(float(result.max() - result.min()) > 0.1, "all pixels have the same value")
        # The darkest pixel shows the factor: the others must be the cut product.
        X = torch.cat([torch.full((60, 3, 1, 5), 0.2), pictures(rng, 60, 3, 3, 5, low=0.3)], dim=2).to(device)
        result = self.changed(student, X, 1.0, 0.0, 0.0)
        right = (result[:, :1, :1, :1] / 0.2 * X).clamp(0, 1)
        assert_close(result, right, what="bright pictures after a change of brightness", rtol=1e-4, atol=1e-4)

    @criterion("brightness, then contrast, then saturation, cut after each", hint="three lines in this order, each with its own clamp(0, 1)")
    def test_order(self, student, rng, device):
        # After brightness a pixel of 0.2 is at most 0.38 and one of 0.9 at most 1. A contrast that still brings the bright one to 1 makes the dark darker.
        X = torch.tensor([0.2, 0.9], device=device).expand(SAMPLES, 3, 3, 2)
        for seed in range(8):  # one is enough if each picture has factors of its own
            dark, bright = self.changed(student, X, 0.9, 0.9, 0.0, seed=seed)[:, 0, 0].unbind(dim=1)
            if bool((bright >= 1 - 1e-5).any()):
                break
        expect(bool((bright >= 1 - 1e-5).any()), "a bright pixel never becomes white, even with brightness 0.9 and contrast 0.9")
        wrong = bool((dark[bright >= 1 - 1e-5] > 0.2 * 1.9 + 1e-3).any())
        expect(not wrong, "brightness and contrast together: values that leave [0, 1] must be cut before contrast begins")
        # Grey pixels show the factor of contrast, as saturation leaves them alone. Then one coloured pixel must follow from the formula.
        X = torch.full((SAMPLES, 3, 3, 4), 0.15, dtype=torch.float64)
        X[..., 0, 1], X[..., 0, 2] = 0.25, torch.tensor([1.0, self.third(1.0, 0.5), 0.5], dtype=torch.float64)
        X = X.to(device)
        result = self.changed(student, X, 0.0, 0.9, 0.9)
        m = grey(X).mean(dim=(-2, -1))
        f = (result[:, 0, 0, 1] - result[:, 0, 0, 0])[:, None] / 0.1
        middle = (f * X[..., 0, 2] + (1 - f) * m).clamp(0, 1)
        g = (GREY[:, 0, 0].to(X) * middle).sum(dim=1, keepdim=True)
        s = (result[:, 2:, 0, 2] - g) / (middle[:, 2:] - g)  # blue is never cut above
        right = (s * middle + (1 - s) * g).clamp(0, 1)
        sound = (result[:, 2, 0, 2] > 1e-3) & (s[:, 0] > 0.05)
        wrong = sound & ((result[..., 0, 2] - right).abs().amax(dim=1) > 2e-3)
        expect(not bool(wrong.any()), "contrast and saturation together: values that leave [0, 1] must be cut before saturation begins")

    def check_single(self, X, results):
        for result in results:
            expect(float(result.min()) >= 0 and float(result.max()) <= 1, "a single picture left [0, 1]")

    @criterion("strengths of 0 change nothing", hint="with a = 0 the factor is 1")
    def test_nothing(self, student, rng, device):
        for shape in ((4, 3, 5, 3), (1, 1, 2, 6), (5, 3, 1, 2)):
            X = pictures(rng, *shape).to(device)
            result = self.augmented(student, X.clone(), 0.0, 0.0, 0.0)
            assert_close(result, X, what="pictures after color_jitter with all strengths 0", rtol=1e-4, atol=1e-5)


# Pipelines -----------------------------------------------------------------------------------------------------------


def ramp(h, w):
    """A uint8 picture (3, h, w): columns in red, rows in green, flat blue. Bright all over: what is made up looks darker."""
    X = torch.full((3, h, w), 180.0)
    X[0], X[1] = 20 + 220 * torch.arange(w) / (w - 1), 20 + 220 * torch.arange(h)[:, None] / (h - 1)
    return X.round().to(torch.uint8)


def seen_by_eye(tensor):
    """Channels (3, ...) with the normalising undone."""
    return tensor * STD.reshape(3, *[1] * (tensor.ndim - 1)) + MEAN.reshape(3, *[1] * (tensor.ndim - 1))


class Pipeline:
    """What the two pipelines have in common: `name`."""

    name: str

    def records(self, student, *given, count=1, as_pil=None):
        """Of each result: shape, dtype, mean (3,) and, at eight by eight places, grid (3, 8, 8); the normalising undone in both.

        Pictures are given as the pipeline likes them, if as_pil is None.
        """
        seen = student.run(pipeline, name=self.name, given=list(given), count=count, as_pil=as_pil)
        for result in seen:
            expect(result["tensor"], f"what the pipeline gives is not a tensor but a {str(result['type'])[:40]}: v2.ToImage makes one", "wrong type")
            shape = tuple(result["shape"])
            expect(len(shape) == 3 and shape[0] == 3, f"the pipeline gives a picture of shape {shape}, expected (3, 224, 224)", "wrong shape")
        return [result | {"grid": seen_by_eye(result["grid"]), "mean": seen_by_eye(result["mean"])} for result in seen]

    def shown(self, student, given, count=1, what="grid"):
        """Results as shares of the way from 20 to 240, whatever the pipeline makes of these: a mistake in normalising costs its own points."""
        flat = [torch.full((3, 240, 250), value, dtype=torch.uint8) for value in (20, 240)]
        dark, bright = (record["mean"].reshape(3, *[1] * (2 * (what == "grid"))) for record in self.records(student, *flat))
        return [(record[what] - dark) / (bright - dark) for record in self.records(student, given, count=count)]

    @criterion("gives float32 tensors (3, 224, 224) from PIL pictures and from tensors of any size", weight=2, hint="v2.ToImage() first: it takes both")
    def test_kinds(self, student):
        for h, w in ((60, 90), (230, 225), (300, 41)):
            for as_pil in (True, False):
                (record,) = self.records(student, ramp(h, w), as_pil=as_pil)
                shape, dtype = tuple(record["shape"]), record["dtype"]
                expect(shape == (3, 224, 224), f"the pipeline gives a picture of shape {shape}, expected (3, 224, 224)", "wrong shape")
                expect(dtype == torch.float32, f"the pipeline gives {str(dtype)[6:]}, expected float32", "wrong type")
        flat = torch.tensor((30, 200, 90), dtype=torch.uint8)[:, None, None].expand(3, 250, 270)
        (tensor,), (picture,) = (self.records(student, flat, as_pil=as_pil) for as_pil in (False, True))
        assert_close(picture["mean"], tensor["mean"], what="a flat PIL picture after the pipeline, beside the same picture as a tensor,", rtol=0, atol=1.0)

    @criterion(
        "values are brought to [0, 1] and then normalised with mean and std of ImageNet",
        weight=3,
        hint="v2.ToDtype(torch.float32, scale=True), then v2.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))",
    )
    def test_normalised(self, student):
        for values in ((30, 200, 90), (0, 0, 0), (255, 255, 255)):
            given, right = torch.tensor(values, dtype=torch.uint8)[:, None, None].expand(3, 250, 270), torch.tensor(values) / 255
            (record,) = self.records(student, given)
            result = record["mean"]
            if torch.allclose(result, MEAN + STD * right, atol=0.01):
                fail("the values lie in [0, 1] but are not normalised")
            if torch.allclose(result, MEAN + (255 * right - MEAN) / 255, atol=0.01):
                fail("normalised first and scaled to [0, 1] afterwards; it must be the other way round")
            expect(float(result.abs().max()) < 10, "the values are hundreds: they were never brought to [0, 1], or only after normalising")
            assert_close(result, right, what=f"a flat picture with the values {values}, the normalising undone,", rtol=0, atol=5e-3)

    @criterion("works in a data set of picture files, batch by batch", hint="torchvision's ImageFolder calls the pipeline with PIL pictures")
    def test_folder(self, student):
        seen = student.run(folder_batches, name=self.name)
        expect(seen == [[4, 3, 3], [4, 2, 2]], "an ImageFolder of five pictures with this pipeline, in a DataLoader, did not give batches of 3 and 2 pictures")


def pipeline(student, name, given, count, as_pil):
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
            tensor = isinstance(result, torch.Tensor)
            record = {"tensor": tensor, "type": type(result).__name__}
            if tensor:
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


@exercise("train_transforms")
class TestTrainTransforms(Pipeline):
    name = "train_transforms"
    h, w, count = 90, 110, 60

    def boxes(self, student):
        """Of each result: is it mirrored, and its box, read off the ramps."""
        results = torch.stack(self.shown(student, ramp(self.h, self.w), count=self.count))
        x, y = results[:, 0].mean(dim=1) * (self.w - 1), results[:, 1].mean(dim=2) * (self.h - 1)
        dx, dy = ((places[:, 6] - places[:, 1]) / (5 * 28) for places in (x, y))
        expect(bool((dy > 0).all()), "a picture came out upside down")
        middle = (x[:, 3] + x[:, 4]) / 2, (y[:, 3] + y[:, 4]) / 2
        return {"mirrored": dx < 0, "width": 224 * dx.abs(), "height": 224 * dy, "x": middle[0], "y": middle[1]}

    @criterion("a random box of 25 % to 100 % of the area is stretched to 224 x 224", weight=3, hint="v2.RandomResizedCrop(224, scale=(0.25, 1.0))")
    def test_box(self, student):
        box = self.boxes(student)
        share, ratio = box["width"] * box["height"] / (self.h * self.w), box["width"] / box["height"]
        low, high = float(share.min()), float(share.max())
        expect(high - low > 0.02 or float(box["x"].std()) > 0.5, "sixty results all show the same part of the picture: nothing is cropped at random")
        expect(low > 0.22, f"a box takes only {low:.2f} of the area, at least 0.25 was asked for")
        expect(low < 0.45 and high > 0.7, f"sixty boxes take from {low:.2f} to {high:.2f} of the area; 0.25 to 1 was asked for")
        shapes = float(ratio.min()), float(ratio.max())
        expect(0.7 < shapes[0] < 0.95 and 1.1 < shapes[1] < 1.43, f"width / height goes from {shapes[0]:.2f} to {shapes[1]:.2f}; 3/4 to 4/3 was expected")
        moved = float(box["x"].std()) > 3 and float(box["y"].std()) > 3
        expect(moved, "the boxes all have the same middle; they should lie anywhere")

    @criterion("every other picture is mirrored, left to right", weight=2, hint="v2.RandomHorizontalFlip() has p = 0.5")
    def test_mirrored(self, student):
        count = int(self.boxes(student)["mirrored"].sum())
        expect(10 < count < 50, f"{count} of 60 results are mirrored, about half were expected")


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
        "the shorter side becomes 256, and the middle 224 x 224 is kept",
        weight=3,
        hint="v2.Resize(256) with one number, not (256, 256); then v2.CenterCrop",
    )
    def test_middle(self, student):
        for h, w in ((90, 110), (300, 240), (256, 512), (60, 45)):
            right = seen_by_eye(reference.test_transforms()(ramp(h, w)).as_subclass(torch.Tensor)[:, 14::28, 14::28])
            right = (255 * right - 20) / 220
            (result,) = self.shown(student, ramp(h, w))
            wide = bool(result[0].std() > 1.05 * right[0].std()) or bool(result[1].std() > 1.05 * right[1].std())
            words = ". It shows more of the picture than it should: was it squeezed to a square, or are the edges not cut off?" if wide else ""
            close = bool(((result - right)[:2].abs() < 0.03).all())
            expect(close, f"the middle of a picture of {h}x{w} pixels is not what was expected{words}")
        for h, w, edge in ((60, 45, 5), (40, 70, 5)):  # a bright square, whose area tells how much the picture was enlarged
            X = torch.full((3, h, w), 20, dtype=torch.uint8)
            top, left = edge, (w - (h - 2 * edge)) // 2
            if h > w:
                top, left = (h - (w - 2 * edge)) // 2, edge
            side = min(h, w) - 2 * edge
            X[:, top : top + side, left : left + side] = 240
            right = (255 * seen_by_eye(reference.test_transforms()(X).as_subclass(torch.Tensor).mean(dim=(1, 2))) - 20) / 220
            (result,) = self.shown(student, X, what="mean")
            times = math.sqrt(max(float((result / right).mean()), 0))
            expect(
                abs(times - 1) < 0.002, f"a square in a picture of {h}x{w} pixels comes out {times:.3f} times as wide as it should: is the shorter side 256?"
            )


# Networks ------------------------------------------------------------------------------------------------------------

BODY = ("conv1", "bn1", "layer1", "layer2", "fc_norm")


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
    parts = [nn.Conv2d(2, c, 3, padding=1), norm(c), nn.Sequential(inner), nn.Sequential(excite), norm(d)]
    net = nn.Sequential(OrderedDict(zip(names, parts)))
    net.add_module("pool", nn.AdaptiveAvgPool2d(1))
    net.add_module("flat", nn.Flatten())
    net.add_module("fc", nn.Linear(d, k))
    if weights is not None:
        net.to(weights["fc.weight"])
        net.load_state_dict(weights)
    net.seen = []
    modes = lambda net: len({layer.training for layer in net.modules()})
    net.register_forward_hook(lambda net, X, Y: net.seen.append([net.training, torch.is_grad_enabled(), len(Y), modes(net) == 1]))
    return net


def two_nets(student, rng, device, sizes=(3, 4, 5), names=BODY, dtype=torch.float32, statistics=True):
    """The same network with random weights and statistics: the student's, by handle, and one here."""
    mine = make_net(None, sizes, None, names, statistics).to(dtype)
    for name, tensor in mine.state_dict().items():
        if tensor.is_floating_point():
            drawn = torch.randn(tensor.shape, generator=rng, dtype=dtype)
            scale = math.sqrt(2 / tensor[0].numel()) if tensor.ndim > 1 else 0.3
            centre = 1.0 if tensor.ndim == 1 and name.endswith("weight") else 0.0  # of a norm layer
            tensor.copy_(centre + scale * drawn if "var" not in name else 0.5 + drawn.abs())
    mine = mine.to(device)
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


@exercise("replace_head")
class TestReplaceHead:
    def head(self, student, net, bias=True):
        seen = student.run(head_of, net=net)
        expect(seen["type"] == "Linear", f"net.fc is a {str(seen['type'])[:40]}, expected nn.Linear", "wrong type")
        expect(seen["bias"] is not None or not bias, "the new head has no bias", "missing")
        return seen

    @criterion("the head is a new nn.Linear with num_classes outputs and the old inputs", weight=3, hint="nn.Linear(net.fc.in_features, num_classes)")
    def test_shape(self, student, rng, device):
        for d, old, new in ((4, 5, 3), (7, 3, 9), (6, 8, 1)):
            net, mine = two_nets(student, rng, device, (3, d, old))
            student.replace_head(net, new)
            seen = self.head(student, net)
            assert_shape(seen["weight"], (new, d), what=f"the weight of the new head for {new} classes")
            assert_shape(seen["bias"], (new,), what="the bias of the new head")
            expect([seen["in"], seen["out"]] == [d, new], "in_features and out_features of the new head do not fit its weight")
            assert_shape(net(torch.rand(2, 2, 5, 6, device=device)), (2, new), what="the scores for two pictures")
            fresh = not torch.allclose(seen["weight"][:1].cpu(), mine.fc.weight[:1].detach().cpu())
            expect(fresh, "the new head has the numbers of the old one; a fresh one was asked for")
            expect(seen["trainable"] is True, "the new head does not require a gradient", "no gradient")

    @criterion(
        "its weight is drawn by Xavier", weight=3, hint="nn.init.xavier_uniform_(net.fc.weight): the spread depends on inputs and outputs, not on inputs alone"
    )
    def test_xavier(self, student, rng, device):
        for d, k in ((30, 220), (200, 40), (90, 90)):
            net, _ = two_nets(student, rng, device, (2, d, 3))
            student.replace_head(net, k)
            weight = self.head(student, net, bias=False)["weight"]
            assert_shape(weight, (k, d), what="the weight of the new head")
            check_xavier(weight, d, k)

    @criterion("its bias is zero", hint="nn.init.zeros_(net.fc.bias)")
    def test_bias(self, student, rng, device):
        for d, k in ((4, 3), (6, 11), (5, 1)):
            net, _ = two_nets(student, rng, device, (3, d, 5))
            student.replace_head(net, k)
            bias = self.head(student, net)["bias"]
            assert_shape(bias, (k,), what="the bias of the new head")
            expect(not bool(bias.any()), "the bias of the new head is not zero")

    @criterion("everything else stays as it is, bit for bit", weight=3, hint="touch nothing but net.fc")
    def test_kept(self, student, rng, device):
        for sizes in ((3, 4, 5), (2, 6, 3)):
            net, mine = two_nets(student, rng, device, sizes)
            head = net.fc
            flags = student.run(flags_of, net=student.run(frozen_by_hand, net=net, children=["conv1"]))
            student.replace_head(net, 7)
            assert_kept(mine.state_dict(), state_of(net), skip=("fc.",))
            after = {name: flag for name, flag in student.run(flags_of, net=net).items() if not name.startswith("fc.")}
            expect(after == {name: flag for name, flag in flags.items() if not name.startswith("fc.")}, "which parameters require a gradient has changed")
            for name in ("weight", "bias"):
                assert_unchanged(getattr(mine.fc, name), getattr(head, name).to(mine.fc.weight), what=f"the {name} of the old head")

    @criterion("the network itself is changed, and returned", hint="set net.fc on the network you got; return net")
    def test_same_net(self, student, rng, device):
        net, _ = two_nets(student, rng, device)
        seen = student.run(replaced, net=net, num_classes=8)
        expect(seen["out"] == 8, "the network that was passed in still has its old head: was a copy changed?")
        expect(seen["same"], "replace_head does not return the network that it was given", "wrong type")

    @criterion("the new head has dtype and device of the old one", hint="nn.Linear(…, device=old.weight.device, dtype=old.weight.dtype)")
    def test_dtype(self, student, rng, device):
        net, _ = two_nets(student, rng, device, dtype=torch.float64)
        student.replace_head(net, 6)
        seen = self.head(student, net)
        for name in ("weight", "bias"):
            assert_shape(seen[name], (6, 4) if name == "weight" else (6,), what=f"the {name} of the new head")
            dtype, place = seen[name].dtype, seen[name].device.type
            expect(dtype == torch.float64, f"the {name} of the new head is {str(dtype)[6:]} in a float64 network", "wrong type")
            expect(place == device, f"the {name} of the new head is on {place}, the network on {device}", "wrong type")
        for place in student.run(places_elsewhere):
            expect(place == "meta", f"the new head is made on {place}, wherever the network is", "wrong type")


def check_xavier(weight, d, k):
    weight = weight.detach().double()
    std, mean, right = float(weight.std()), float(weight.mean()), math.sqrt(2 / (d + k))
    sentence = f"the weights of a head with {d} inputs and {k} outputs have standard deviation {std:.4f}; Xavier gives {right:.4f}"
    expect(abs(std / right - 1) < 0.06, sentence)
    expect(abs(mean) < 5 * right / math.sqrt(weight.numel()), f"the weights of the new head have mean {mean:.4f}, about 0 was expected")


def head_of(student, net):
    fc = net.fc
    linear = isinstance(fc, torch.nn.Linear)
    record = {"type": "Linear" if linear else type(fc).__name__}
    if linear:
        bias = fc.bias.detach() if fc.bias is not None else None
        trainable = fc.weight.requires_grad and (bias is None or fc.bias.requires_grad) and fc.weight.is_leaf
        record |= {"weight": fc.weight.detach(), "bias": bias, "in": fc.in_features, "out": fc.out_features, "trainable": trainable}
    else:
        record |= {"weight": None, "bias": None, "in": None, "out": None, "trainable": False}
    return record


def flags_of(student, net):
    return {name: param.requires_grad for name, param in net.named_parameters()}


def frozen_by_hand(student, net, children):
    """Freezes children without the student's help: no gradients, evaluation mode for good."""
    for name in children:
        child = getattr(net, name)
        child.requires_grad_(False).eval()
        child.train = lambda mode=True, child=child: child
    return net


def replaced(student, net, num_classes):
    same = student.replace_head(net, num_classes)
    return {"same": same is net, "out": getattr(net.fc, "out_features", None)}


def places_elsewhere(student):
    # "meta" is a device without memory, which every machine has. An answer that cannot work there is not asked.
    import torch

    try:
        net = torch.nn.Sequential()
        net.add_module("fc", torch.nn.Linear(3, 4, device="meta"))
        return [p.device.type for p in student.replace_head(net, 2).fc.parameters()]
    except Exception:
        return []


@exercise("reuse_class_weights")
class TestReuseClassWeights:
    cases = [(5, 6, 4, {0: 5, 2: 1}), (3, 4, 7, {6: 0, 1: 3, 2: 2, 4: 1}), (4, 9, 2, {1: 8})]  # inputs, old classes, new classes, mapping

    def made(self, student, rng, device, d, old, new, mapping, dtype=torch.float32):
        """What the student's layer is like, and the old head's tensors."""
        weight, bias = torch.randn(old, d, generator=rng, dtype=dtype).to(device), torch.randn(old, generator=rng, dtype=dtype).to(device)
        seen = student.run(reused, weight=weight, bias=bias, mapping=mapping, num_classes=new)
        expect(seen["type"] == "Linear", f"reuse_class_weights returns a {str(seen['type'])[:40]}, expected nn.Linear", "wrong type")
        assert_shape(seen["weight"], (new, d), what=f"the weight of the new head for {new} classes")
        assert_shape(seen["bias"], (new,), what="the bias of the new head")
        return seen, weight, bias

    @criterion("rows of classes that recur are those of the old head", weight=3, hint="mapping is {new: old}: fc.weight[new] = old_fc.weight[old]")
    def test_rows(self, student, rng, device):
        for case in self.cases:
            seen, weight, _ = self.made(student, rng, device, *case)
            for new, old in case[3].items():
                assert_close(seen["weight"][new], weight[old], what=f"with mapping {case[3]}, row {new} of the weight", check_dtype=False)

    @criterion("their biases come along", weight=2, hint="fc.bias[new] = old_fc.bias[old]")
    def test_biases(self, student, rng, device):
        for case in self.cases:
            seen, _, bias = self.made(student, rng, device, *case)
            for new, old in case[3].items():
                assert_close(seen["bias"][new], bias[old], what=f"with mapping {case[3]}, entry {new} of the bias", check_dtype=False)

    @criterion("the other classes begin with a Xavier row and a bias of zero", weight=3, hint="make the layer as in replace_head first, then overwrite rows")
    def test_others(self, student, rng, device):
        for d, old, new, mapping in ((30, 5, 220, {3: 1, 7: 0}), (200, 4, 40, {}), (40, 90, 90, {0: 9})):
            seen, _, _ = self.made(student, rng, device, d, old, new, mapping)
            others = [k for k in range(new) if k not in mapping]
            check_xavier(seen["weight"][others], d, new)
            expect(not bool(seen["bias"][others].any()), "the bias of a class that is not in mapping is not zero")

    @criterion("the old head is left unchanged, and shares no memory with the new one", weight=2, hint="copy the numbers of single rows; nothing else")
    def test_own(self, student, rng, device):
        for case in self.cases:
            seen, weight, bias = self.made(student, rng, device, *case)
            expect(seen["same"] is not True, "the old head itself is returned; a new one was asked for")
            for name, before in (("weight", weight), ("bias", bias)):
                assert_unchanged(before, seen[f"old {name}"], what=f"the old head's {name}")
                assert_unchanged(before, seen[f"old {name} later"], what=f"after training the new head the old head's {name}")

    @criterion("is trainable, with dtype and device of the old head", weight=2, hint="copy under torch.no_grad(), so that the weight stays a leaf")
    def test_trainable(self, student, rng, device):
        for case in (*self.cases, (3, 2, 4, {})):
            seen, *_ = self.made(student, rng, device, *case, dtype=torch.float64)
            for name in ("weight", "bias"):
                expect(seen.get(f"{name} trainable") is True, f"the {name} of the new head is not a leaf that requires a gradient", "no gradient")
                expect(seen[name].dtype == torch.float64, f"the {name} of the new head is {str(seen[name].dtype)[6:]}, the old one float64", "wrong type")
                expect(seen[name].device.type == device, f"the {name} of the new head is on {seen[name].device.type}, the old one on {device}", "wrong type")
        for place in student.run(reused_elsewhere):
            expect(place == "meta", f"the new head is made on {place}, wherever the old one is", "wrong type")


def reused(student, weight, bias, mapping, num_classes):
    import torch

    old = torch.nn.Linear(weight.shape[1], len(weight)).to(weight)
    with torch.no_grad():
        old.weight.copy_(weight)
        old.bias.copy_(bias)
    new = student.reuse_class_weights(old, dict(mapping), num_classes)
    record = {"type": type(new).__name__, "same": new is old, "weight": None, "bias": None}
    if isinstance(new, torch.nn.Linear):
        record |= {"type": "Linear", "weight": new.weight.detach().clone(), "bias": None if new.bias is None else new.bias.detach().clone()}
        record |= {f"{name} trainable": p.is_leaf and p.requires_grad for name, p in new.named_parameters()}
        record |= {f"old {name}": p.detach().clone() for name, p in old.named_parameters()}
        with torch.no_grad():
            for p in new.parameters():
                p.add_(1.0)
        record |= {f"old {name} later": p.detach().clone() for name, p in old.named_parameters()}
    return record


def reused_elsewhere(student):
    import torch

    try:
        return [p.device.type for p in student.reuse_class_weights(torch.nn.Linear(3, 4, device="meta"), {}, 2).parameters()]
    except Exception:
        return []


OTHER_NAMES = ("stem", "norm", "block_a", "block_b", "fc_norm")


@exercise("freeze")
class TestFreeze:
    def frozen(self, student, rng, device, until, names=BODY):
        net, mine = two_nets(student, rng, device, names=names)
        student.freeze(net, until)
        children = [name for name, _ in mine.named_children()]
        part = children[: children.index(until) + 1]
        return net, mine, part

    @criterion("parameters up to and including `until` require no gradient, all others do", weight=3, hint="leave the loop over named_children() after `until`")
    def test_parameters(self, student, rng, device):
        for until, names in (("bn1", BODY), ("layer1", BODY), ("stem", OTHER_NAMES), ("block_b", OTHER_NAMES)):
            net, _, part = self.frozen(student, rng, device, until, names)
            for name, flag in student.run(flags_of, net=net).items():
                due = name.partition(".")[0] not in part
                words = "still requires a gradient" if flag else "does not require a gradient any more"
                expect(flag is due, f"after freeze(net, {until!r}), with the children {', '.join(names[:4])}, …, {name} {words}")

    @criterion(
        "norm layers of the frozen part stay in evaluation mode after net.train()",
        weight=4,
        hint="their statistics are buffers: child.eval(), and a train method that does nothing",
    )
    def test_norms(self, student, rng, device):
        for until, names in (("bn1", BODY), ("layer1", BODY), ("block_b", OTHER_NAMES)):
            net, mine, part = self.frozen(student, rng, device, until, names)
            X = pictures(rng, 6, 2, 5, 4, high=3.0).to(device)
            for mode in ("train", "eval", "train"):
                getattr(net, mode)()
                net(X)
                after = state_of(net)
                for name, tensor in mine.state_dict().items():
                    if name.partition(".")[0] in part:
                        moved = not torch.equal(after[name].to(tensor), tensor)
                        expect(not moved, f"after freeze(net, {until!r}), net.train() and a batch, {name} has moved")
            mine.load_state_dict(after)
            right = self.outputs(mine, part, X)
            net.train()
            assert_close(net(X), right, what="the scores in net.train() mode, with the frozen part in evaluation mode,", rtol=1e-3, atol=1e-4)

    def outputs(self, mine, part, X):
        mine.train()
        for name in part:
            getattr(mine, name).eval()
        with torch.no_grad():
            return mine(X)

    @criterion("the layers behind it follow net.train() and net.eval() as ever", weight=2, hint="only the children up to `until` get another train method")
    def test_others(self, student, rng, device):
        for until, names in (("conv1", BODY), ("bn1", BODY), ("block_a", OTHER_NAMES)):
            net, mine, part = self.frozen(student, rng, device, until, names)
            X = pictures(rng, 6, 2, 5, 4, high=3.0).to(device)
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
    def test_kept(self, student, rng, device):
        for until in ("conv1", "layer2", "fc"):
            net, mine = two_nets(student, rng, device)
            student.freeze(net, until)
            assert_kept(mine.state_dict(), state_of(net))
            net.eval()
            X = pictures(rng, 2, 2, 5, 4).to(device)
            mine.eval()
            assert_close(net(X), mine(X), what="the scores in evaluation mode", rtol=1e-4, atol=1e-5)
            expect(student.run(is_touched, net=net), f"freeze(net, {until!r}) froze nothing")

    @criterion("returns the network", hint="return net")
    def test_returns(self, student, rng, device):
        for until in ("bn1", "layer2"):
            net, _ = two_nets(student, rng, device)
            expect(student.run(freezes_itself, net=net, until=until), "freeze does not return the network that it was given", "wrong type")
            expect(student.run(is_touched, net=net), f"freeze(net, {until!r}) froze nothing")

    @criterion("an unknown name raises ValueError and changes nothing", hint="compare `until` with the names of the children before the loop")
    def test_unknown(self, student, rng, device):
        for until in ("layer9", "layer", ""):
            net, mine = two_nets(student, rng, device)
            seen = student.run(freezing_fails, net=net, until=until)
            expect(seen != "nothing", f"freeze(net, {until!r}) raised no error, but no child has this name")
            expect(seen == "ValueError", f"freeze(net, {until!r}) raised {str(seen)[:40]}, expected ValueError", "wrong type")
            expect(all(student.run(flags_of, net=net).values()), f"freeze(net, {until!r}) raised its error only after it had frozen something")
            assert_kept(mine.state_dict(), state_of(net))


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

    def cases(self, student, rng, device):
        for sizes, names, children, single in (
            ((3, 4, 5), BODY, [], []), ((2, 6, 3), OTHER_NAMES, ["stem", "norm"], []), ((3, 4, 5), BODY, ["conv1", "bn1", "layer1"], ["fc.bias"]),
            ((2, 3, 4), BODY, list(BODY), []),
        ):  # fmt: skip
            net, mine = two_nets(student, rng, device, sizes, names)
            student.run(frozen_by_hand, net=net, children=children)
            student.run(flags_off, net=net, names=single)
            moving = [name for name, _ in mine.named_parameters() if name.partition(".")[0] not in children and name not in single]
            yield net, moving

    @criterion("the first group is the rest, the second is net.fc", weight=3, hint="the head's parameters are named fc.weight and fc.bias")
    def test_groups(self, student, rng, device):
        for net, moving in self.cases(student, rng, device):
            (rest, _), (head, _) = self.groups(student, net, 0.01)
            swapped = any(name.startswith("fc.") for name in rest) and not any(name.startswith("fc.") for name in head)
            expect(not swapped, "the groups stand in the wrong order: first the rest, then the head")
            missing = [name for name in moving if name not in rest + head]
            expect(not missing, f"{(missing or ['?'])[0]} is in no group")
            for name in moving:
                where, other = (head, rest) if name.startswith("fc.") else (rest, head)
                words = "belongs to the head" if where is head else "belongs to the rest: only net.fc is the head"
                expect(name in where and name not in other, f"{name} {words}")

    @criterion("learning rates are lr and 10 · lr", weight=3, hint="{'params': rest, 'lr': lr}, {'params': head, 'lr': 10 * lr}")
    def test_rates(self, student, rng, device):
        net, _ = two_nets(student, rng, device)
        for lr in (0.03, 0.2, 1e-4):
            rates = [rate for _, rate in self.groups(student, net, lr)]
            expect(rates[0] != 10 * lr or rates[1] != lr, "the head has the small learning rate and the rest the large one: it is the other way round")
            assert_close(rates, [lr, 10 * lr], what=f"the learning rates for lr={lr}", rtol=1e-6, atol=0)

    @criterion("frozen parameters are in no group", weight=2, hint="if param.requires_grad")
    def test_frozen(self, student, rng, device):
        for net, moving in self.cases(student, rng, device):
            names = [name for group, _ in self.groups(student, net, 0.01) for name in group]
            frozen = [name for name in names if name not in moving]
            expect(not frozen, f"{(frozen or ['?'])[0]} does not require a gradient, and is in a group")
            expect(any(name in moving for name in names), "no parameter is in any group")

    @criterion("each parameter stands in them once, and an optimizer takes them", weight=2, hint="torch.optim.SGD(param_groups(net, lr), lr=lr)")
    def test_optimizer(self, student, rng, device):
        for net, moving in self.cases(student, rng, device):
            names = [name for group, _ in self.groups(student, net, 0.01) for name in group]
            double = [name for name in names if names.count(name) > 1]
            expect(not double, f"{(double or ['?'])[0]} is in the groups twice")
            X = pictures(rng, 4, 2, 5, 4).to(device)
            before, flags = state_of(net), student.run(flags_of, net=net)
            student.run(one_step, net=net, X=X, lr=0.01)
            after = state_of(net)
            for name in flags:
                same = torch.equal(before[name], after[name])
                expect(same is (name not in moving), f"{name} {'did not move' if same else 'moved'} in a step of an optimizer with these groups")
            flags_after = student.run(flags_of, net=net)
            expect(flags_after == flags, "param_groups changed which parameters require a gradient")


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
    (scores * torch.randn_like(scores)).sum().backward()
    with torch.no_grad():
        for param in net.parameters():
            if param.grad is not None:
                param.grad.add_(0.01 * torch.randn_like(param))
    optimizer.step()


# Weights from files --------------------------------------------------------------------------------------------------

SQUEEZENET = "SqueezeNet1_1_Weights.IMAGENET1K_V1"


@exercise("load_backbone")
class TestLoadBackbone:
    def weights(self, rng):
        return {
            "conv1.weight": torch.randn(3, 1, 2, 4, generator=rng), "bn1.running_var": torch.rand(3, generator=rng, dtype=torch.float64),
            "bn1.num_batches_tracked": torch.tensor(17), "fc.bias": torch.randn(5, generator=rng).half(),
        }  # fmt: skip

    def check_loaded(self, student, rng, file, **how):
        weights = self.weights(rng)
        loaded = student.run(loaded_from, weights=weights, file=file, **how)
        expect(isinstance(loaded, dict), f"load_backbone of a {file} file returns {kind_of(loaded)}, expected a dict from names to tensors", "wrong type")
        assert_close(loaded, weights, what=f"the state dict from a {file} file", rtol=0, atol=0)

    @criterion("reads .pt and .pth files", weight=2, hint='torch.load(path, map_location="cpu", weights_only=True)')
    def test_torch_files(self, student, rng):
        for file in ("backbone.pt", "a.b.pth", "ResNet18_Weights.pt"):
            self.check_loaded(student, rng, file)

    @criterion("reads .safetensors files", weight=2, hint="load_file(path)")
    def test_safetensors(self, student, rng):
        for file in ("backbone.safetensors", "my weights.v2.safetensors"):
            self.check_loaded(student, rng, file)

    @criterion("takes a Path as well as a string", hint="Path(source) works for both")
    def test_path(self, student, rng):
        for file in ("net.pt", "net.safetensors"):
            self.check_loaded(student, rng, file, as_path=True)

    @criterion("weights that were saved on a GPU come to the CPU", hint='map_location="cpu"')
    def test_from_gpu(self, student, rng):
        self.check_loaded(student, rng, "trained_elsewhere.pth", from_gpu=True)

    def check_error(self, seen, kind, what):
        expect(seen["error"] != "", f"load_backbone of {what} raised no error")
        expect(seen["error"] == kind, f"load_backbone of {what} raised {str(seen['error'])[:60]}, expected {kind}", "wrong type")
        expect(seen["named"], f"the message of the {kind} for {what} does not name the source")
        expect(seen["words"] >= 4, f"the message of the {kind} for {what} is not a sentence")

    @criterion("a file that is not there raises FileNotFoundError, with a sentence that names it", weight=2, hint="if not path.is_file(): raise …")
    def test_missing(self, student):
        for file in ("nowhere.pt", "alexnet.pth", "resnet.safetensors"):
            self.check_error(student.run(error_for, file=file, content=None), "FileNotFoundError", f"a missing file {file}")

    @criterion("a file that cannot be read raises ValueError, with a sentence that names it", weight=2, hint="except Exception as error: raise ValueError(…)")
    def test_damaged(self, student):
        for file in ("damaged.pt", "damaged.pth", "damaged.safetensors"):
            for content in ("garbage", "half", "empty"):
                what = {"garbage": "text", "half": "only the first half", "empty": "nothing"}[content]
                self.check_error(student.run(error_for, file=file, content=content), "ValueError", f"{file}, which holds {what},")

    @criterion("runs no code that hides in a file", weight=2, hint="weights_only=True")
    def test_code(self, student):
        seen = student.run(error_for, file="harmless.pt", content="code")
        expect(not seen["code ran"], "a file with code in it was read, and the code was run", "unstable")
        expect(seen["error"] != "", "a file with code in it was read without an error")

    @criterion("gets torchvision's weights by name", weight=2, hint="torchvision.models.get_weight(name).get_state_dict()")
    def test_torchvision(self, student):
        seen = student.run(torchvision_weights, name=SQUEEZENET, offline=False)
        expect(seen["error"] == "", f"load_backbone({SQUEEZENET!r}) raised {str(seen['error'])[:60]}, although the weights have been downloaded before")
        expect(seen["names"] == seen["right names"], f"load_backbone({SQUEEZENET!r}) does not give the names of that network's weights")
        assert_close(seen["some"], seen["right"], what=f"some of the tensors of load_backbone({SQUEEZENET!r})", rtol=0, atol=0)

    @criterion("without a network it raises ConnectionError, with a sentence that names the weights", weight=2, hint="except OSError: a URLError is one")
    def test_offline(self, student):
        for name in (SQUEEZENET, "ResNet50_Weights.IMAGENET1K_V2"):
            seen = student.run(torchvision_weights, name=name, offline=True)
            self.check_error(seen, "ConnectionError", f"{name} without a network")


def loaded_from(student, weights, file, as_path=False, from_gpu=False):
    import os
    import tempfile
    from pathlib import Path
    from unittest.mock import patch

    import torch
    from safetensors.torch import save_file

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, file)
        if file.endswith(".safetensors"):
            save_file(weights, path)
        elif from_gpu:
            with patch("torch.serialization.location_tag", return_value="cuda:0"):  # as a machine with a GPU writes it
                torch.save(weights, path)
        else:
            torch.save(weights, path)
        loaded = student.load_backbone(Path(path) if as_path else path)
        return {name: tensor.clone() for name, tensor in loaded.items()} if isinstance(loaded, dict) else loaded


def error_for(student, file, content):
    import os
    import tempfile

    import torch
    from safetensors.torch import save_file

    with tempfile.TemporaryDirectory() as folder:
        path, marker = os.path.join(folder, file), os.path.join(folder, "the code has run")
        weights = {"fc.weight": torch.randn(20, 30), "fc.bias": torch.randn(20)}
        if content == "garbage":
            with open(path, "w") as target:
                target.write("these are not weights at all, only words " * 20)
        elif content == "empty":
            open(path, "w").close()
        elif content == "code":

            class Code:
                def __reduce__(self):
                    return os.mkdir, (marker,)

            torch.save({"fc.weight": Code()}, path)
        elif content == "half":
            save_file(weights, path) if file.endswith(".safetensors") else torch.save(weights, path)
            with open(path, "rb") as source:
                data = source.read()
            with open(path, "wb") as target:
                target.write(data[: len(data) // 2])
        error = {"error": "", "named": False, "words": 0}
        try:
            student.load_backbone(path)
        except NotImplementedError:
            raise
        except Exception as raised:
            kinds = (FileNotFoundError, ConnectionError, ValueError)
            kind = next((k.__name__ for k in kinds if isinstance(raised, k)), type(raised).__name__)
            error = {"error": kind, "named": file in str(raised), "words": len(str(raised).split())}
        return {**error, "code ran": os.path.exists(marker)}


def torchvision_weights(student, name, offline):
    import os
    import tempfile
    from unittest.mock import patch

    import torch
    import torchvision

    record = {"error": "", "named": False, "words": 0}
    no_network = patch("socket.getaddrinfo", side_effect=OSError("there is no network here"))
    with tempfile.TemporaryDirectory() as folder, no_network, patch.dict(os.environ, TORCH_HOME=folder), patch("torch.hub._hub_dir", None):
        if not offline:
            weights = torchvision.models.get_weight(name)
            with torch.device("meta"):
                state = torchvision.models.squeezenet1_1().state_dict()
            state = {key: 0.01 * torch.randn(value.shape) for key, value in state.items()}
            os.makedirs(os.path.join(folder, "hub", "checkpoints"))
            torch.save(state, os.path.join(folder, "hub", "checkpoints", os.path.basename(weights.url)))
            some = [key for key in state if key.endswith("bias")][::5]
            record |= {"right names": sorted(state), "right": {key: state[key] for key in some}}
        try:
            loaded = student.load_backbone(name)
        except NotImplementedError:
            raise
        except Exception as raised:
            kind = next((k.__name__ for k in (ConnectionError, FileNotFoundError) if isinstance(raised, k)), type(raised).__name__)
            return {**record, "error": kind, "named": name in str(raised), "words": len(str(raised).split())}
        if not offline:
            is_dict = isinstance(loaded, dict)
            record |= {"names": sorted(loaded) if is_dict else [], "some": {key: loaded[key] for key in some if key in loaded} if is_dict else {}}
    return record


# Fine-tuning ---------------------------------------------------------------------------------------------------------


def labelled(rng, sizes, k, device):
    """Batches (X, y) of these sizes, pictures (n, 2, 5, 4)."""
    return [(pictures(rng, n, 2, 5, 4, high=2.0).to(device), torch.randint(k, (n,), generator=rng).to(device)) for n in sizes]


def accuracy_of(net, test):
    net.eval()
    with torch.no_grad():
        right = sum(int((net(X).argmax(dim=1) == y).sum()) for X, y in test)
    return right / sum(len(y) for _, y in test)


def descended(net, train, num_epochs, rates, momentum=0.9, cleared=True, fresh=False):
    """Plain SGD from `net` on: the parameters afterwards, by name. rates: of the rest and of the head. The options are mistakes."""
    net = deepcopy(net).train()
    rest = [param for name, param in net.named_parameters() if not name.startswith("fc.")]
    make = lambda: torch.optim.SGD([{"params": rest, "lr": rates[0]}, {"params": list(net.fc.parameters()), "lr": rates[1]}], lr=0.0, momentum=momentum)
    optimizer = make()
    for _ in range(num_epochs):
        optimizer = make() if fresh else optimizer
        for X, y in train:
            if cleared:
                optimizer.zero_grad()
            torch.nn.functional.cross_entropy(net(X), y).backward()
            optimizer.step()
    return {name: param.detach() for name, param in net.named_parameters()}


def way(before, after, due):
    """How a tensor has moved, beside how it should: (times as far, in the same direction, nearly the same)."""
    moved, due = (after.to(before) - before).double(), (due - before).double()
    along = float((moved * due).sum() / (due * due).sum())
    same = bool((moved - along * due).abs().max() <= 0.05 * moved.abs().max())
    return along, same, bool((moved - due).abs().max() <= 0.02 * due.abs().max() + 1e-7)


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
    def stepped(self, student, rng, device, sizes, num_epochs, lr):
        """The student's parameters after these epochs, the network before them (one that is the same in both modes), and the training data."""
        net, mine = two_nets(student, rng, device, statistics=False)
        train, test = labelled(rng, sizes, 5, device), labelled(rng, [4], 5, device)
        student.finetune(net, train, test, num_epochs, lr)
        return state_of(net), mine, train

    def rates(self, student, rng, device):
        """How far the student goes in a first step, beside lr and 10 lr; (1, 1) when that cannot be said. A wrong rate costs its own points."""
        after, mine, train = self.stepped(student, rng, device, [6], 1, 0.01)
        due, before = descended(mine, train, 1, (0.01, 0.1)), dict(mine.named_parameters())
        ways = {name: way(before[name].detach(), after[name], due[name]) for name in due}
        rest, head = ([w for name, w in ways.items() if name.startswith("fc.") is last] for last in (False, True))
        clear = all(same and abs(along - group[0][0]) < 0.02 * abs(group[0][0]) + 1e-3 for group in (rest, head) for along, same, _ in group)
        return (rest[0][0], head[0][0]) if clear and head[0][0] else (1.0, 1.0)

    @criterion("the first step: the head goes 10 · lr against its gradient, the rest lr", weight=3, hint="an SGD optimizer with two parameter groups")
    def test_first_step(self, student, rng, device):
        for n, lr in ((6, 0.01), (3, 0.002), (9, 0.03)):
            after, mine, train = self.stepped(student, rng, device, [n], 1, lr)
            due = descended(mine, train, 1, (lr, 10 * lr))
            for name, before in mine.named_parameters():
                part = "in the head" if name.startswith("fc.") else "in the rest of the network"
                expect(not torch.equal(after[name].to(before), before), f"{name} ({part}) did not move")
                along, same, right = way(before.detach(), after[name], due[name])
                expect(right or not same, f"after one step {name} ({part}) has moved {along:.3g} times as far as it should")
                expect(
                    right, f"after one step {name} ({part}) has not moved against its gradient: is the optimizer plain SGD, the loss the mean cross-entropy?"
                )

    @criterion(
        "more steps: momentum 0.9, gradients cleared, all batches of all epochs",
        weight=3,
        hint="zero_grad() before each backward(); the optimizer is made once, before the loops",
    )
    def test_more_steps(self, student, rng, device):
        rest, head = self.rates(student, rng, device)
        for sizes, num_epochs, lr in (([5, 5, 2], 1, 0.01), ([4, 3], 3, 0.005), ([6], 4, 0.01)):
            after, mine, train = self.stepped(student, rng, device, sizes, num_epochs, lr)
            rates = (lr * rest, 10 * lr * head)
            wrong = self.elsewhere(mine, after, descended(mine, train, num_epochs, rates))
            for words, (batches, epochs, options) in slips(train, num_epochs).items() if wrong else ():
                if not self.elsewhere(mine, after, descended(mine, batches, epochs, rates, **options)):
                    fail(f"after {epochs_of(num_epochs, sizes)} the weights are those that come out when {words}")
            expect(not wrong, f"after {epochs_of(num_epochs, sizes)} {(wrong or ['?'])[0]} is not where SGD with momentum 0.9 would bring it")

    def elsewhere(self, mine, after, due):
        """The names of the parameters that are not where they should be."""
        return [name for name, before in mine.named_parameters() if not way(before.detach(), after[name], due[name])[2]]

    @criterion("trains in training mode, tests in evaluation mode and without a graph", weight=3, hint="net.train() first, then net.eval() and torch.no_grad()")
    def test_modes(self, student, rng, device):
        for num_epochs in (1, 3):
            net, _ = two_nets(student, rng, device)
            net.eval()  # as a look at its scores leaves it
            train, test = labelled(rng, [5, 4], 5, device), labelled(rng, [3, 2, 6], 5, device)
            student.finetune(net, train, test, num_epochs, 0.0)
            seen = net.seen
            expect(
                all(one for _, _, _, one in seen), "some layers were in training mode and others not: net.train() and net.eval() reach them all", "wrong value"
            )
            for mode, graph, n, _ in seen:
                if n in (5, 4) and graph:
                    expect(mode, "a training batch met the network in evaluation mode: net.train() belongs at the beginning of each epoch")
                elif n not in (5, 4):
                    expect(not mode, "a test batch met the network in training mode: net.eval() comes first")
                    expect(not graph, "a graph is recorded while testing: use torch.no_grad()")
            expect(any(mode for mode, _, _, _ in seen), "the network was never called in training mode")
            expect(any(not mode for mode, _, _, _ in seen), "the network was never called in evaluation mode")
            expect(net.training is False, "the network is left in training mode")

    @criterion("returns the share of right answers over all test samples", weight=3, hint="add up the right ones and the samples, divide once")
    def test_accuracy(self, student, rng, device):
        for sizes, wrong in (([7, 2], [2, 1]), ([1, 6, 3], [1, 1, 2]), ([8], [3])):
            net, mine = two_nets(student, rng, device, statistics=False)
            test = []
            for (X, _), count in zip(labelled(rng, sizes, 5, device), wrong, strict=True):
                y = mine(X).argmax(dim=1)
                y[torch.randperm(len(y), generator=rng)[:count].to(device)] += 1
                test.append((X, y % 5))
            claimed = student.finetune(net, labelled(rng, [5], 5, device), test, 1, 0.0)
            expect(kind_of(claimed) in ("number", "tensor"), f"finetune returns {kind_of(claimed)}, expected a number", "wrong type")
            mine.load_state_dict({name: tensor.to(device) for name, tensor in state_of(net).items()})
            shares, right = [accuracy_of(mine, [batch]) for batch in test], accuracy_of(mine, test)
            mistakes = {
                "the mean of the batches' shares; batches of different sizes must count by their size": sum(shares) / len(shares),
                "the share in the last batch alone": shares[-1],
                "the share in the first batch alone": shares[0],
                "the number of right answers, not their share": right * sum(sizes),
                "a percentage; a number from 0 to 1 was asked for": 100 * right,
                "the share of wrong answers": 1 - right,
            }
            given = float(claimed) if kind_of(claimed) == "number" or claimed.numel() == 1 else math.nan
            for words, value in mistakes.items():
                if abs(given - value) < 1e-5 and abs(value - right) > 1e-4:
                    fail(f"on test batches of {', '.join(map(str, sizes))} samples finetune returns {words}")
            assert_close(claimed, right, what=f"the accuracy on test batches of {', '.join(map(str, sizes))} samples", rtol=1e-4, atol=1e-5)

    @criterion("frozen layers are left alone", weight=2, hint="no parameter without requires_grad in the optimizer, and no train() on single layers")
    def test_frozen(self, student, rng, device):
        for frozen in (("conv1", "bn1"), ("conv1", "bn1", "layer1"), BODY):
            train, test = labelled(rng, [5, 4], 5, device), labelled(rng, [4], 5, device)
            net, mine = two_nets(student, rng, device)
            before = {name: tensor.clone() for name, tensor in mine.state_dict().items()}
            student.run(frozen_by_hand, net=net, children=list(frozen))
            student.finetune(net, train, test, 2, 0.01)
            after = state_of(net)
            for name, tensor in before.items():
                if name.partition(".")[0] in frozen:
                    expect(torch.equal(after[name].to(tensor), tensor), f"{name} is frozen, and was changed")
            expect(not torch.equal(after["fc.weight"].to(device), before["fc.weight"]), "the head did not learn")
            flags = student.run(flags_of, net=net)
            expect(not any(flags[name] for name in flags if name.partition(".")[0] in frozen), "a frozen parameter requires a gradient again")

    @criterion("learns from picture files, through a DataLoader", weight=2, hint="train and test are only gone through with for: nothing else is asked of them")
    def test_folder(self, student):
        right = accuracy_on_files(student)
        expect(right > FILES_GOAL, f"after fine-tuning on dark and bright pictures from files the accuracy is {right:.2f}")

    @criterion(
        "reads new digits after ten samples of each: accuracy at least 0.65, in the median of five sets",
        weight=4,
        hint="if the criteria above pass, this one does too",
        timeout_s=60,
    )
    def test_digits(self, student, device):
        median = accuracy_on_new_digits(student, device)
        expect(median >= DIGITS_GOAL, f"fine-tuned to a median accuracy of {median:.2f} on new digits, at least {DIGITS_GOAL} was expected")


def epochs_of(num_epochs, sizes):
    return f"{num_epochs} {'epoch' if num_epochs == 1 else 'epochs'} of {len(sizes)} {'batch' if len(sizes) == 1 else 'batches'}"


def slips(train, num_epochs):
    """Common mistakes, in words, as (batches, epochs, options) of `descended`; without those that make no difference here."""
    several, one_batch = num_epochs > 1, len(train) == 1
    found = {
        "there is no momentum: is it 0.9, and is the optimizer made before the loops?": (train, num_epochs, {"momentum": 0.0}),
        "gradients are not cleared: each backward() adds to those of the batch before": (train, num_epochs, {"cleared": False}),
    }
    if several and not one_batch:
        found["the optimizer is made anew in each epoch, which loses its momentum"] = (train, num_epochs, {"fresh": True})
    if several:
        found["there is only one epoch"] = (train, 1, {})
    if not one_batch:
        found["only the first batch of an epoch is used"] = (train[:1], num_epochs, {})
    return found


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
EPOCHS, RATE, DIGITS_GOAL = 7, 0.02, 0.65


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
            torch.nn.functional.cross_entropy(net(X), y).backward()
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
