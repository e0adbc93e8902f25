"""`draw`: random inputs on the right device. The same numbers in every run, since it draws from the criterion's own generator."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import torch

Item = TypeVar("Item")


@dataclass(frozen=True)
class Draw:
    """Floating-point numbers are drawn in float64 and rounded to `dtype`: `draw.float64.normal(3)` gives the digits that `draw.normal(3)` lost.

    generator: on the CPU. turned: tensors lie in memory in another order than their dimensions; their numbers are the same.
    """

    generator: torch.Generator
    device: str = "cpu"
    dtype: torch.dtype = torch.float32
    turned: bool = False

    # -- how it draws

    @property
    def float64(self) -> "Draw":
        return replace(self, dtype=torch.float64)

    @property
    def float16(self) -> "Draw":
        return replace(self, dtype=torch.float16)

    def of(self, dtype: torch.dtype) -> "Draw":
        return replace(self, dtype=dtype)

    @property
    def other_order(self) -> "Draw":
        """Draws tensors that are not contiguous where they have two dimensions of more than one entry, or are parts of larger ones where they have not."""
        return replace(self, turned=True)

    # -- numbers

    def normal(self, *shape: int, scale: float = 1.0, mean: float = 0.0) -> torch.Tensor:
        """Normal numbers of standard deviation `scale`."""
        return self._placed(mean + scale * torch.randn(shape, generator=self.generator, dtype=torch.float64))

    def uniform(self, *shape: int, low: float = 0.0, high: float = 1.0) -> torch.Tensor:
        """Numbers between `low` and `high`."""
        return self._placed(low + (high - low) * torch.rand(shape, generator=self.generator, dtype=torch.float64))

    def away_from_zero(self, *shape: int, low: float = 0.5, high: float = 2.0) -> torch.Tensor:
        """Numbers of both signs whose size lies between `low` and `high`."""
        size = low + (high - low) * torch.rand(shape, generator=self.generator, dtype=torch.float64)
        return self._placed(torch.where(torch.rand(shape, generator=self.generator) < 0.5, -size, size))

    def probabilities(self, *shape: int, scale: float = 1.5) -> torch.Tensor:
        """Positive numbers that add up to 1 along the last dimension."""
        return self._placed(torch.softmax(scale * torch.randn(shape, generator=self.generator, dtype=torch.float64), dim=-1))

    # -- whole numbers

    def integers(self, low: int, high: int, *shape: int) -> torch.Tensor:
        """Whole numbers (int64), `low` included, `high` left out."""
        return self._placed(torch.randint(low, high, shape, generator=self.generator))

    def labels(self, n: int, k: int) -> torch.Tensor:
        """Labels (n,) of k classes; the last class occurs, so that the largest label is k - 1."""
        y = torch.randint(k, (n,), generator=self.generator)
        y[0] = k - 1
        return self._placed(y)

    def lengths(self, longest: int, *shape: int, low: int = 1) -> torch.Tensor:
        """Lengths from `low` to `longest`; where there are two or more, both ends occur."""
        lengths = torch.randint(low, longest + 1, shape, generator=self.generator).flatten()
        lengths[:1] = longest
        if len(lengths) > 1:
            lengths[-1] = low
        return self._placed(lengths[self.permutation(len(lengths))].reshape(shape))

    def mask(self, *shape: int, share: float = 0.5) -> torch.Tensor:
        """True for about `share` of the entries; both values occur where there are two or more."""
        mask = (torch.rand(shape, generator=self.generator) < share).flatten()
        if len(mask) > 1:
            mask[0], mask[-1] = True, False
        return self._placed(mask[self.permutation(len(mask))].reshape(shape))

    # -- choices

    def permutation(self, n: int) -> torch.Tensor:
        """The numbers 0 … n - 1 in random order, on the CPU."""
        return torch.randperm(n, generator=self.generator)

    def new_generator(self) -> torch.Generator:
        """A generator on the CPU with a seed of its own, for a function that takes one."""
        return torch.Generator().manual_seed(int(torch.randint(2**31, (), generator=self.generator)))

    def one_of(self, items: Sequence[Item]) -> Item:
        """One of them."""
        return items[int(torch.randint(len(items), (), generator=self.generator))]

    def _placed(self, value: torch.Tensor) -> torch.Tensor:
        value = value.to(self.device, self.dtype if value.is_floating_point() else value.dtype)
        return other_order(value) if self.turned else value


def other_order(value: torch.Tensor) -> torch.Tensor:
    """The same numbers in another order in memory: dimensions from last to first; a vector is every other entry of a longer one."""
    if value.ndim < 2:
        return torch.stack([value, value], dim=-1)[..., 0]
    backwards = tuple(reversed(range(value.ndim)))
    return value.permute(backwards).contiguous().permute(backwards)
