"""What every notebook of the course leans on: checks that speak in sentences, real data without a network, plots.

The build lays this file beside each notebook. It needs torch; scikit-learn, torchvision and matplotlib are looked for only by
the functions that use them, so that `import course_tools` costs nothing.
"""

from __future__ import annotations

import functools
import gzip
import importlib.util
import inspect
import math
import platform
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

TELL_THE_STAFF = "This is not your mistake: tell the staff, and send them this report."

try:
    import torch
except ImportError as error:
    raise ImportError(f"PyTorch cannot be imported here: {error}. {TELL_THE_STAFF}") from error

__all__ = [
    "batches",
    "check",
    "check_equal",
    "check_promises",
    "digits",
    "environment_report",
    "fashion_mnist",
    "plot_curves",
    "show_heatmap",
    "show_images",
]

Split = tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]

PACKAGES = {"sklearn": "scikit-learn"}  # where a package is called otherwise than the module
MINIMUM_PYTHON = (3, 11)
MINIMUM_TORCH = (2, 6)


# Checks --------------------------------------------------------------------------------------------------------------


class CheckFailed(AssertionError):
    """A check does not hold. A notebook shows its sentence alone."""

    def _render_traceback_(self) -> list[str]:
        return textwrap.wrap(f"✗ {self}", 80)  # `nbgrader validate` cuts longer lines off


_held = 0  # checks that have held since the last cell ended


def check(condition: object, message: str) -> None:
    """Raise CheckFailed, an AssertionError, with `message`, a sentence, unless `condition` is true."""
    global _held
    _require(condition, message)
    _held += 1


def _require(condition: object, message: str) -> None:
    """A check of what these tools themselves are given: no ✓ for it."""
    if not condition:
        raise CheckFailed(message)


def _say_what_held(result: Any) -> None:
    """After a cell in which checks have run, and nothing has failed: a short ✓."""
    global _held
    if _held and result.success:
        print("✓")
    _held = 0


def _watch_cells() -> None:
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None:
        shell.events.register("post_run_cell", _say_what_held)


_watch_cells()


def check_equal(actual: object, expected: Any, what: str, rtol: float = 1e-4, atol: float = 1e-6) -> None:
    """Compare a result with the expected one and say in words what differs: type, then shape, then dtype, then values.

    `expected` is a tensor, a number, a bool, a string, None, or a list, tuple or dict of these. A one-element tensor is accepted
    for a number. `what` names the result as the student knows it, e.g. "softmax(X)". A float entry is right when
    |actual - expected| <= atol + rtol * |expected|; NaN is equal to NaN. Raises CheckFailed.
    """
    if isinstance(expected, torch.Tensor):
        _check_tensor(actual, expected.detach(), what, rtol, atol)
    elif isinstance(expected, Mapping):
        check(isinstance(actual, Mapping), f"{what} is {_kind(actual)}, expected a dict.")
        missing, extra = [k for k in expected if k not in actual], [k for k in actual if k not in expected]
        check(not missing, f"{what} has no entry {', '.join(map(repr, missing))}.")
        check(not extra, f"{what} has an entry too many: {', '.join(map(repr, extra))}.")
        for key, value in expected.items():
            check_equal(actual[key], value, f"{what}[{key!r}]", rtol, atol)
    elif isinstance(expected, list | tuple):
        right_type = isinstance(actual, list | tuple)
        check(right_type, f"{what} is {_kind(actual)}, expected {_kind(expected)} of {len(expected)}.{_none_remark(actual)}")
        check(len(actual) == len(expected), f"{what} has {len(actual)} entries, expected {len(expected)}.")
        for i, value in enumerate(expected):
            check_equal(actual[i], value, f"{what}[{i}]", rtol, atol)
    elif isinstance(expected, int | float) and not isinstance(expected, bool):
        _check_number(actual, expected, what, rtol, atol)
    else:
        if isinstance(expected, bool) and isinstance(actual, torch.Tensor) and actual.numel() == 1:
            actual = actual.item()
        same = type(actual) is type(expected) and actual == expected
        check(same, f"{what} is {_shown(actual)}, expected {expected!r}.{_none_remark(actual)}")


def check_promises(f: Callable[..., Any], *arguments: Any, gradient: bool = True, dtype: bool = True) -> None:
    """What nearly every function of this course promises, tried on an example of yours: f(*arguments).

    It leaves its arguments unchanged; float64 in, float64 out (`dtype`); the same numbers in another memory order give the same result; a gradient
    flows back from the result to each floating-point argument (`gradient`). Raises CheckFailed with the promise that does not hold.
    """
    name = getattr(f, "__name__", type(f).__name__)
    names = list(inspect.signature(f).parameters)
    given = [_changed(value, lambda t: t.detach().clone()) for value in arguments]
    result = f(*given)
    for i, (before, after) in enumerate(zip(arguments, given, strict=True)):
        for old, new in zip(_tensors(before), _tensors(after), strict=False):
            check(torch.equal(old, new), f"{name} changed its argument {names[i] if i < len(names) else i}; it should be left as it was.")
    if dtype:
        for value in _tensors(f(*(_changed(a, lambda t: t.detach().double() if t.is_floating_point() else t.clone()) for a in arguments))):
            right = value.dtype == torch.float64 or not value.is_floating_point()
            check(right, f"{name} of float64 numbers has dtype {_name(value.dtype)}, expected float64.")
    turned = f(*(_changed(a, _in_another_order) for a in arguments))
    check_equal(turned, _changed(result, torch.detach), f"{name} of the same numbers in another memory order (X.T.contiguous().T)")
    leaves = [_changed(a, lambda t: t.detach().clone().requires_grad_() if t.is_floating_point() else t.clone()) for a in arguments]
    learning = {names[i]: t for i, a in enumerate(leaves) for t in _tensors(a) if t.requires_grad}
    if gradient and learning:
        results = [t for t in _tensors(f(*leaves)) if t.requires_grad]
        check(results, f"no gradient flows back from {name}: was the result detached, or made by .item(), NumPy or torch.tensor?")
        found = torch.autograd.grad([t.sum() + (t * t).sum() for t in results], list(learning.values()), allow_unused=True)
        for leaf, slope in zip(learning, found, strict=True):
            check(slope is not None, f"no gradient flows back from {name} to {leaf}: is it cut off by .item(), .detach() or NumPy?")


def _changed(value: Any, change: Callable[[torch.Tensor], torch.Tensor]) -> Any:
    """The value with every tensor in it changed."""
    if isinstance(value, torch.Tensor):
        return change(value)
    return type(value)(_changed(item, change) for item in value) if isinstance(value, list | tuple) else value


def _tensors(value: Any) -> list[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        return [value]
    return [t for item in value for t in _tensors(item)] if isinstance(value, list | tuple) else []


def _in_another_order(value: torch.Tensor) -> torch.Tensor:
    backwards = tuple(reversed(range(value.ndim)))
    return value.detach().permute(backwards).contiguous().permute(backwards)


def _check_number(actual: Any, expected: float, what: str, rtol: float, atol: float) -> None:
    if isinstance(actual, torch.Tensor):
        size = tuple(actual.shape)
        check(actual.numel() == 1, f"{what} is a tensor of shape {size}, expected one number.{_sum_remark(actual)}")
        actual = actual.item()
    is_number = isinstance(actual, int | float) or (type(actual).__module__ == "numpy" and getattr(actual, "ndim", 1) == 0)
    check(is_number, f"{what} is {_kind(actual)}, expected a number.{_none_remark(actual)}")
    actual = float(actual)
    close = actual == expected or (math.isfinite(expected) and abs(actual - expected) <= atol + rtol * abs(expected))
    check(close or (math.isnan(actual) and math.isnan(expected)), f"{what} is {actual:.6g}, expected {expected:.6g}.")


def _check_tensor(actual: Any, expected: torch.Tensor, what: str, rtol: float, atol: float) -> None:
    is_tensor = isinstance(actual, torch.Tensor)
    check(is_tensor, f"{what} is {_kind(actual)}, expected a tensor.{_none_remark(actual)}")
    has, wants = tuple(actual.shape), tuple(expected.shape)
    check(has == wants, f"{what} has shape {has}, expected {wants}{_shape_remark(has, wants)}")
    same_dtype = actual.dtype == expected.dtype
    check(same_dtype, f"{what} has dtype {_name(actual.dtype)}, expected {_name(expected.dtype)}.")

    got, want = actual.detach().cpu(), expected.cpu()
    right = torch.isclose(got, want, rtol=rtol, atol=atol, equal_nan=True)
    if bool(right.all()):
        return check(True, "")
    wide = torch.complex128 if got.is_complex() else torch.float64
    difference = (got.to(wide) - want.to(wide)).abs().masked_fill(right, -1.0)
    difference = difference.nan_to_num(nan=math.inf, posinf=math.inf)
    flat = int(difference.argmax())
    entry = [int(i) for i in torch.unravel_index(torch.tensor(flat), difference.shape)]
    worst = difference.flatten()[flat].item()
    values = "{} where {} is expected".format(*_told_apart(got.flatten()[flat].item(), want.flatten()[flat].item()))
    if not entry:
        raise CheckFailed(f"{what} is {values}.{_value_remark(got, want, rtol, atol)}")
    wrong = int((~right).sum())
    share = f"{wrong} of {right.numel()} entries {'is' if wrong == 1 else 'are'} wrong"
    where = f"the largest difference, {worst:.4g}, is at {entry}" if math.isfinite(worst) else f"look at {entry}"
    raise CheckFailed(f"{what}: {share}; {where}: {values}.{_value_remark(got, want, rtol, atol)}")


def _shape_remark(has: tuple[int, ...], wants: tuple[int, ...]) -> str:
    """How the shape may have come about, as the end of a sentence."""
    for d in range(len(wants)):
        if has == wants[:d] + wants[d + 1 :]:
            if wants[d] == 1:
                return f": dimension {d}, of size 1, is missing (keepdim=True keeps it, unsqueeze({d}) puts it back)."
            return f": was dimension {d} summed or indexed away?"
    for d in reversed(range(len(has))):
        if wants == has[:d] + has[d + 1 :] and has[d] == 1:
            return f": there is a dimension of size 1 too many at position {d}; squeeze({d}) or reshape(-1) removes it."
    if not has:
        return ": was everything summed or averaged into one number?"
    if len(has) == len(wants) and sorted(has) == sorted(wants):
        return ": the dimensions stand in another order; is it transposed?"
    if len(wants) == 1 and has == wants * 2:
        return f": did ({wants[0]}, 1) meet ({wants[0]},) and broadcast to a square, or did an index like [:, y] pick every pair?"
    if math.prod(has) == math.prod(wants):
        return ": the number of entries is right, their arrangement is not."
    return "."


def _value_remark(got: torch.Tensor, want: torch.Tensor, rtol: float, atol: float) -> str:
    """A guess at what went wrong with the values, where one pattern fits all entries."""
    if not (got.is_floating_point() and want.is_floating_point()) or got.numel() < 2:
        return ""
    if bool(got.isnan().any()) and not bool(want.isnan().any()):
        return " There is NaN in it: look for 0/0, inf - inf, inf/inf or the log of a negative number."
    if bool(got.isinf().any()) and not bool(want.isinf().any()):
        return " There is an infinity in it: look for exp of a large number, log of 0, or a division by 0."
    if not bool(want.isfinite().all()):
        return ""
    ratio = (got.double() * want.double()).sum() / want.double().square().sum()
    left, off = ((got.double() - times * want.double()).abs().max() for times in (ratio, 1.0))
    if left <= 1e-3 * off and abs(ratio) > 1e-3:  # the ratio explains all of the difference, however wide the tolerance is
        return f" Every entry is {ratio:.4g} times what is expected."
    if got.ndim == 2 and got.shape[0] == got.shape[1] and torch.allclose(got.T, want, rtol=rtol, atol=atol):
        return " It would be right transposed."
    return ""


def _sum_remark(value: torch.Tensor) -> str:
    return " Is a sum or a mean missing?" if value.ndim else ""


def _none_remark(value: object) -> str:
    return " Is the `return` missing?" if value is None else ""


def _kind(value: object) -> str:
    if value is None:
        return "None"
    name = type(value).__name__
    if type(value).__module__ == "numpy":
        return f"a NumPy {name}"
    name = {"Tensor": "tensor", "str": "string", "builtin_function_or_method": "function"}.get(name, name)
    return f"an {name}" if name[0].lower() in "aeio" else f"a {name}"


def _shown(value: object) -> str:
    return repr(value) if isinstance(value, bool | int | float | str) else _kind(value)


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _told_apart(got: Any, want: Any) -> tuple[str, str]:
    """Both numbers with as many digits as it takes to see that they differ, at least six."""
    for digits in (6, 9, 12, 17):
        shown = tuple(f"{value:.{digits}g}" if isinstance(value, float) else str(value) for value in (got, want))
        if shown[0] != shown[1]:
            break
    return shown


# Data ----------------------------------------------------------------------------------------------------------------


def digits() -> Split:
    """Handwritten digits, 8x8 grey values, as they come with scikit-learn: real data, no download.

    Returns (X_train, y_train, X_test, y_test): float32 (1442, 1, 8, 8) in [0, 1] and int64 (1442,) to train on, 355 more to test on.
    The split is fixed: of each digit, every fifth goes to the test set. The order is that of the data set, not shuffled.
    """
    table = _digits_table()
    X = (table[:, :64] / 16).float().reshape(-1, 1, 8, 8)
    y = table[:, 64].long()
    counted = torch.nn.functional.one_hot(y, 10).cumsum(0)
    rank_in_class = counted.gather(1, y[:, None]).squeeze(1)
    test = rank_in_class % 5 == 0
    return X[~test], y[~test], X[test], y[test]


def preload() -> None:
    """Reads the digits, for those that come later. The grader calls it once for all submissions."""
    _digits_table()


@functools.cache
def _digits_table() -> torch.Tensor:
    """float64 (1797, 65): 64 grey values from 0 to 16 and the label. Read from scikit-learn's file: importing sklearn takes a second."""
    found = importlib.util.find_spec("sklearn")
    if found is None:
        raise ModuleNotFoundError("scikit-learn, which carries the digits, is not installed here: pip install scikit-learn", name="sklearn")
    file = Path(next(iter(found.submodule_search_locations or []))) / "datasets" / "data" / "digits.csv.gz"
    if file.exists():
        import numpy

        with gzip.open(file) as lines:
            return torch.from_numpy(numpy.loadtxt(lines, delimiter=","))
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    return torch.cat([torch.as_tensor(images).double(), torch.as_tensor(labels).double()[:, None]], dim=1)


def fashion_mnist(root: str | Path = "data", download: bool = False) -> Split:
    """Fashion-MNIST through torchvision: pictures of ten kinds of clothing.

    Returns (X_train, y_train, X_test, y_test): float32 (60000, 1, 28, 28) in [0, 1], int64 (60000,), and 10000 of each to test on.
    Nothing is downloaded unless you ask for it. Raises ImportError without torchvision, FileNotFoundError when the files are not
    under `root`, ConnectionError when the download fails.
    """
    if importlib.util.find_spec("torchvision") is None:
        raise ImportError("Fashion-MNIST needs torchvision, which is not installed here. digits() works without it.")
    from torchvision.datasets import FashionMNIST

    try:
        train, test = (FashionMNIST(str(root), train=part, download=download) for part in (True, False))
    except (RuntimeError, OSError) as error:
        if download:
            raise ConnectionError(f"Fashion-MNIST could not be downloaded ({error}). digits() needs no network.") from error
        raise FileNotFoundError(
            f"Fashion-MNIST is not in the folder {str(root)!r}. fashion_mnist(root, download=True) fetches it (30 MB). digits() needs no network."
        ) from error
    X_train, X_test = (part.data.unsqueeze(1).float() / 255 for part in (train, test))
    return X_train, train.targets.long(), X_test, test.targets.long()


class _Batches:
    """The mini-batches of (X, y); every `for` starts a new pass, in a new order when shuffled."""

    def __init__(self, X: torch.Tensor, y: torch.Tensor, batch_size: int, shuffle: bool, generator: torch.Generator | None) -> None:
        _require(len(X) == len(y), f"X has {len(X)} samples and y has {len(y)}: they must be as many.")
        _require(batch_size >= 1, f"batch_size is {batch_size}, expected at least 1.")
        self.X, self.y, self.batch_size, self.shuffle, self.generator = X, y, batch_size, shuffle, generator

    def __len__(self) -> int:
        return math.ceil(len(self.X) / self.batch_size)

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        order = torch.randperm(len(self.X), generator=self.generator) if self.shuffle else torch.arange(len(self.X))
        for rows in order.split(self.batch_size):
            yield self.X[rows], self.y[rows]


def batches(X: torch.Tensor, y: torch.Tensor, batch_size: int, shuffle: bool = False, generator: torch.Generator | None = None) -> _Batches:
    """Mini-batches of samples X (n, ...) and labels y (n,): `for X, y in batches(...)` as often as you like.

    Each pass yields every sample once; the last batch may be short. `len()` is the number of batches. With `shuffle` each pass has a
    new order, drawn from `generator` where one is given.
    """
    return _Batches(X, y, batch_size, shuffle, generator)


# Plots ---------------------------------------------------------------------------------------------------------------


def plot_curves(
    curves: Mapping[str, Sequence[float]],
    xlabel: str,
    ylabel: str,
    title: str,
    x: Sequence[float] | torch.Tensor | None = None,
) -> None:
    """Draw named curves into one picture. The abscissa is `x` where it is given, else 1, 2, 3, … (epochs, steps)."""
    plt = _pyplot()
    figure, axes = plt.subplots(figsize=(6.4, 3.8), layout="constrained")
    for name, values in curves.items():
        values = [float(v) for v in values]
        places = [float(v) for v in x] if x is not None else range(1, len(values) + 1)
        axes.plot(places, values, label=name, marker="o" if len(values) <= 20 else None, markersize=4)
    if x is None:
        axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set(xlabel=xlabel, ylabel=ylabel, title=title)
    axes.grid(alpha=0.3)
    if len(curves) > 1:
        axes.legend()
    _show(plt, figure)


def show_images(images: torch.Tensor | Sequence[torch.Tensor], titles: Sequence[object] | None = None, columns: int = 8) -> None:
    """Show images in a grid: each (h, w), (1, h, w) or (3, h, w), a batch of them or a list.

    Values in [0, 1] are shown as grey or colour. One-channel images that leave this range (weights, kernels, feature maps) are shown
    from blue (negative) over white (zero) to red (positive), all on one scale.
    """
    plt = _pyplot()
    pictures = [torch.as_tensor(image).detach().cpu().float() for image in images]
    for i, picture in enumerate(pictures):
        ok = picture.ndim == 2 or (picture.ndim == 3 and picture.shape[0] in (1, 3))
        _require(ok, f"image {i} has shape {tuple(picture.shape)}, expected (h, w), (1, h, w) or (3, h, w).")
    signed = any(float(p.min()) < -1e-3 or float(p.max()) > 1 + 1e-3 for p in pictures)
    reach = max(float(p.abs().max()) for p in pictures)
    colours = {"cmap": "RdBu_r", "vmin": -reach, "vmax": reach} if signed else {"cmap": "gray", "vmin": 0, "vmax": 1}

    columns = min(columns, len(pictures))
    rows = math.ceil(len(pictures) / columns)
    height = 1.2 if titles is None else 1.45
    figure, grid = plt.subplots(rows, columns, figsize=(1.2 * columns, height * rows), squeeze=False, layout="constrained")
    for axes in grid.flat:
        axes.axis("off")
    for i, (axes, picture) in enumerate(zip(grid.flat, pictures, strict=False)):
        if picture.ndim == 3 and picture.shape[0] == 3:
            axes.imshow(picture.permute(1, 2, 0).clamp(0, 1))
        else:
            axes.imshow(picture.reshape(picture.shape[-2:]), **colours)
        if titles is not None:
            axes.set_title(str(titles[i]), fontsize=9)
    _show(plt, figure)


def show_heatmap(matrix: torch.Tensor, xlabel: str, ylabel: str, title: str) -> None:
    """Show a matrix (rows, columns) as colours with a scale beside it: ylabel names the rows, xlabel the columns."""
    plt = _pyplot()
    matrix = torch.as_tensor(matrix).detach().cpu().float()
    _require(matrix.ndim == 2, f"the matrix has shape {tuple(matrix.shape)}, expected two dimensions.")
    figure, axes = plt.subplots(figsize=(5.2, 4.2), layout="constrained")
    picture = axes.imshow(matrix, cmap="viridis", aspect="auto", interpolation="nearest")
    figure.colorbar(picture, ax=axes)
    for axis, size in ((axes.xaxis, matrix.shape[1]), (axes.yaxis, matrix.shape[0])):
        if size <= 20:
            axis.set_ticks(range(size))
    axes.set(xlabel=xlabel, ylabel=ylabel, title=title)
    _show(plt, figure)


def _pyplot() -> Any:
    if importlib.util.find_spec("matplotlib") is None:
        raise ImportError("Plots need matplotlib, which is not installed here: pip install matplotlib")
    import matplotlib.pyplot

    return matplotlib.pyplot


def _show(plt: Any, figure: Any) -> None:
    plt.show()
    plt.close(figure)


# Environment ---------------------------------------------------------------------------------------------------------


def environment_report() -> str:
    """What this machine offers, line by line, as text; the last line says whether you can start."""
    lines, healthy = [], True
    for name, probe in _PROBES.items():
        try:
            right, found = probe()
        except ModuleNotFoundError as error:
            right, found = False, f"{error.name} is not installed: pip install {PACKAGES.get(str(error.name), error.name)}"
        except ImportError as error:
            right, found = False, f"installed, but broken, it cannot be imported: {error}"
        except (ArithmeticError, AttributeError, OSError, RuntimeError, TypeError, ValueError) as error:
            right, found = False, f"installed, but broken: {type(error).__name__}: {error}"
        healthy = healthy and right
        lines.append(f"{'ok   ' if right else 'WRONG'}  {name:<18} {found}")
    lines.append("Everything is in place: you can start." if healthy else TELL_THE_STAFF)
    return "\n".join(lines)


def _probe_python() -> tuple[bool, str]:
    wanted = ".".join(map(str, MINIMUM_PYTHON))
    return sys.version_info[:2] >= MINIMUM_PYTHON, f"{platform.python_version()} (at least {wanted})"


def _probe_torch() -> tuple[bool, str]:
    version = tuple(int(part) for part in torch.__version__.split("+")[0].split(".")[:2])
    return version >= MINIMUM_TORCH, f"{torch.__version__} (at least {'.'.join(map(str, MINIMUM_TORCH))})"


def _probe_generator() -> tuple[bool, str]:
    first, again, other = (torch.rand(8, generator=torch.Generator().manual_seed(seed)) for seed in (2024, 2024, 2025))
    repeats = torch.equal(first, again) and not torch.equal(first, other)
    return (
        repeats,
        "the same seed gives the same numbers" if repeats else "the same seed does not give the same numbers",
    )


def _probe_arithmetic() -> tuple[bool, str]:
    product = torch.tensor([[1.0, 2.0], [3.0, 4.0]]) @ torch.tensor([[0.0, 1.0], [1.0, 0.0]])
    right = torch.equal(product, torch.tensor([[2.0, 1.0], [4.0, 3.0]]))
    return right, "a 2x2 product comes out right" if right else f"a 2x2 product comes out as {product.tolist()}"


def _probe_autograd() -> tuple[bool, str]:
    x = torch.tensor(3.0, requires_grad=True)
    (x * x).backward()
    right = x.grad is not None and x.grad.item() == 6.0
    return right, "the derivative of x² at 3 is 6" if right else f"the derivative of x² at 3 comes out as {x.grad}"


def _probe_digits() -> tuple[bool, str]:
    X_train, _, X_test, _ = digits()
    return len(X_train) + len(X_test) == 1797, f"{len(X_train)} digits to train on, {len(X_test)} to test on"


def _probe_plots() -> tuple[bool, str]:
    import matplotlib.pyplot

    return True, f"matplotlib {matplotlib.__version__}"


def _probe_device() -> tuple[bool, str]:
    if torch.cuda.is_available():
        return True, f"{torch.cuda.get_device_name()} (not needed, but nice)"
    return True, "CPU (all you need)"


_PROBES: dict[str, Callable[[], tuple[bool, str]]] = {
    "Python": _probe_python,
    "PyTorch": _probe_torch,
    "random generator": _probe_generator,
    "arithmetic": _probe_arithmetic,
    "autograd": _probe_autograd,
    "data": _probe_digits,
    "plots": _probe_plots,
    "device": _probe_device,
}
