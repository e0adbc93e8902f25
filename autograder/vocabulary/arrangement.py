"""Where the reference's weights go in a student's module: by their shapes, whatever its layers are called and in whatever order they are defined.

What shapes do not tell apart is told apart by names, where all of them are the reference's, else by the order in which the forward pass first uses them, or
by that in which they are defined: paths that stand side by side may be used in any order.
A vector may have dimensions of size 1 beside its own: (6,) and (1, 6, 1, 1) are places for each other; scales (weight, gamma) and shifts (bias, beta) are known
by their names.
Parameters of one submodule, or that one call uses first, are a layer; what belongs to a layer of one kind does not go into one of another.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import torch

from ..judge.reasons import Finding

KINDS = {"weight": "scale", "gamma": "scale", "bias": "shift", "beta": "shift"}


@dataclass(frozen=True)
class Place:
    """A parameter of a module. rank: its place in the order of first use; -1 where that is not known, or where it is never used. call: the number of the
    call that first uses it, -1 likewise."""

    name: str
    shape: tuple[int, ...]
    rank: int = -1
    call: int = -1

    @property
    def prefix(self) -> str:
        return self.name.rpartition(".")[0]

    @property
    def vector(self) -> int:
        """How many numbers it holds, where it has one dimension and others of size 1 at most; 0 for a matrix or a kernel."""
        sizes = [size for size in self.shape if size != 1]
        return max([*sizes, 1]) if self.shape and len(sizes) < 2 else 0

    @property
    def kind(self) -> str:
        """Whether a vector scales or shifts, by its name; "" where that does not tell."""
        return KINDS.get(self.name.rpartition(".")[2], "") if self.vector else ""

    @property
    def layer(self) -> str | int:
        """What stands for the layer that it belongs to."""
        return self.prefix or (self.call if self.call >= 0 else self.name)


@dataclass(frozen=True)
class Piece:
    """What goes into a place: the weight called `role`, or one of several parts of it, as it is or transposed."""

    role: str
    part: int = 0
    parts: int = 1

    def of(self, tensors: dict[str, torch.Tensor], shape: Sequence[int]) -> torch.Tensor:
        """The numbers of a place of this shape, from the tensors of all roles: weights, or their gradients."""
        whole = tensors[self.role]
        value = whole.chunk(self.parts)[self.part] if self.parts > 1 else whole
        return value.reshape(shape) if value.shape == tuple(shape) or value.ndim != 2 or 1 in value.shape else value.T.contiguous()


@dataclass(frozen=True)
class Arrangement:
    """pieces: one for each place of the student's, None where nothing belongs. missing: roles without a place."""

    places: Sequence[Place]
    pieces: Sequence[Piece | None]
    missing: Sequence[Place]
    wanted: Sequence[Place] = ()

    @property
    def extra(self) -> list[Place]:
        return [place for place, piece in zip(self.places, self.pieces, strict=True) if piece is None]

    def out_of_order(self, prefixes: set[str]) -> int:
        """How often, among the weights that lie in these submodules, one that the reference uses later is used before the last one."""
        rank = {piece.role: place.rank for place, piece in zip(self.places, self.pieces, strict=True) if piece is not None and place.prefix in prefixes}
        used = [rank[role.name] for role in sorted(self.wanted, key=lambda role: role.rank) if rank.get(role.name, -1) >= 0]
        return sum(later < earlier for earlier, later in pairwise(used))

    @property
    def added(self) -> dict[Place, bool]:
        """Of each place that nothing goes into, whether it was added to a layer: beside others that have their weights, or as a vector alone."""
        placed = {place.layer for place, piece in zip(self.places, self.pieces, strict=True) if piece is not None}
        sizes = Counter(place.layer for place in self.places)
        return {place: place.layer in placed or (len(place.shape) == 1 and sizes[place.layer] == 1) for place in self.extra}

    def check_layers(self, words: str) -> None:
        """Raises Finding, in terms of layers, where those of a network of convolutions are others."""
        if not (self.missing or self.extra) or not any(len(place.shape) == 4 and not place.vector for place in self.wanted):
            return
        mine, right = (Counter(map(layer_in_words, layers_of(places))) for places in (self.places, self.wanted))
        missing = [f"{layer}{f' ({mine[layer]} of {right[layer]})' * (right[layer] > 1)}" for layer in right if mine[layer] < right[layer]]
        extra = [f"{layer}{f' ({mine[layer] - right[layer]} too many)' * (right[layer] > 0)}" for layer in mine if mine[layer] > right[layer]]
        told = [f"{what} {_first_two(layers)}" for what, layers in (("missing:", missing), ("not expected:", extra)) if layers]
        if told:
            raise Finding(f"{words}: {'; '.join(told)}", "wrong shape")

    def check(self, words: str, follows: bool = False) -> None:
        """Raises Finding where a weight finds no place."""
        if self.missing:
            role = self.missing[0]
            name = role.name.removesuffix(".weight")
            has = ", ".join(f"{place.name} {place.shape}" for place in self.places) or "none"
            told = f"{words} has no parameter of shape {role.shape} for {name}: is it registered, and is its size right? Its parameters: {has}"
            raise Finding(told, "missing", follows=follows)

    def check_extra(self, words: str) -> None:
        """Raises Finding where a parameter is left that no weight goes into."""
        if extra := self.extra:
            names, count = ", ".join(f"{place.name} {place.shape}" for place in extra[:3]), len(extra)
            biases = ": is it a bias?" if all(len(place.shape) == 1 for place in extra) else ""
            raise Finding(f"{words} has {count} {'parameter' if count == 1 else 'parameters'} too many, {names}{biases}", "wrong shape")

    def tensors(self, weights: dict[str, torch.Tensor]) -> list[torch.Tensor | None]:
        return [None if piece is None else piece.of(weights, place.shape) for place, piece in zip(self.places, self.pieces, strict=True)]


def arranged(mine: Sequence[Place], wanted: Sequence[Place], parts: int = 1) -> Arrangement:
    """mine: the student's parameters. wanted: the reference's. parts: a weight may be cut along its first dimension into as many parameters (heads, gates)."""
    found = _arranged(mine, wanted, parts, set())
    turned = _with_mirrored_matrices(mine)
    if not turned or _names_tell(mine, wanted):
        return found
    other = _arranged(mine, wanted, parts, turned)
    better = len(other.missing) <= len(found.missing) and other.out_of_order(turned) < found.out_of_order(turned)
    return other if better else found


def _with_mirrored_matrices(places: Sequence[Place]) -> set[str]:
    """The submodules that hold two matrices of which one has the shape of the other transposed, as W1 (5, 6) and W2 (6, 5) of X @ W1 @ W2: whether they lie as
    those of a linear layer do, or transposed, shows in the order in which they are used."""
    shapes: dict[str, set[tuple[int, ...]]] = {}
    for place in places:
        if len(place.shape) == 2 and place.shape[0] != place.shape[1] and place.rank >= 0:
            shapes.setdefault(place.prefix, set()).add(place.shape)
    return {prefix for prefix, found in shapes.items() if any(shape[::-1] in found for shape in found)}


def _arranged(mine: Sequence[Place], wanted: Sequence[Place], parts: int, turned: set[str]) -> Arrangement:
    """turned: the submodules whose matrices are taken for transposed ones, where both are possible."""
    free = dict(enumerate(mine))
    found: dict[int, Piece] = {}
    by_name = _names_tell(mine, wanted)
    homes: dict[str, list[Place]] = {}  # by prefix of the reference: where its weight is
    missing = []
    kinds, theirs = _kinds(wanted), _kinds(mine)
    common = {kind for kind in kinds.values() if len(kind) > 1}
    in_order = sorted(wanted, key=lambda place: (len(place.shape) != 2 and place.vector > 0, place.rank))
    for role in in_order:
        others = common - {kinds[role.layer]}
        fit = {index: place for index, place in free.items() if theirs[place.layer] not in others}
        places = _places_for(role, fit, parts, by_name, homes.get(role.prefix, []), turned)
        if not places:
            missing.append(role)
            continue
        for part, index in enumerate(places):
            found[index] = Piece(role.name, part, len(places))
            del free[index]
        homes.setdefault(role.prefix, [mine[index] for index in places])
    return Arrangement(mine, [found.get(index) for index in range(len(mine))], missing, wanted)


def arranged_by_definition(mine: Sequence[Place], wanted: Sequence[Place], parts: int = 1) -> Arrangement | None:
    """As `arranged`, by the order in which parameters are defined; None where it is the same."""
    if [place.rank for place in mine] == sorted(place.rank for place in mine):
        return None
    theirs, right = ([replace(place, rank=index) for index, place in enumerate(places)] for places in (mine, wanted))
    found = arranged(theirs, right, parts)
    return None if found.pieces == arranged(mine, wanted, parts).pieces else replace(found, places=mine, wanted=wanted)


def layer_in_words(shapes: Sequence[tuple[int, ...]]) -> str:
    """A layer, by the shapes of its parameters: "3×3 convolution from 3 to 5 channels with bias"."""
    first, *others = shapes
    bias = f"with{'' if others else 'out'} bias"
    if len(first) == 4 and len(others) < 2:
        return f"{first[2]}×{first[3]} convolution from {first[1]} to {first[0]} channels {bias}"
    if len(first) == 2 and len(others) < 2:
        return f"linear layer from {first[1]} to {first[0]} {bias}"
    if len(first) == 1 and others == [first]:
        return f"BatchNorm over {first[0]} channels"
    return f"layer with parameters {', '.join(map(str, shapes))}"


def _first_two(layers: Sequence[str]) -> str:
    return ", ".join(layers[:2]) + (f", and {len(layers) - 2} more" if len(layers) > 2 else "")


def layers_of(places: Sequence[Place]) -> list[list[tuple[int, ...]]]:
    """The shapes of each layer's parameters, matrices and kernels first."""
    found: dict[str | int, list[Place]] = {}
    for place in sorted(places, key=lambda place: (place.rank < 0, place.rank)):
        found.setdefault(place.layer, []).append(place)
    return [sorted(_plain(layer), key=len, reverse=True) for layer in found.values()]


def _plain(layer: Sequence[Place]) -> list[tuple[int, ...]]:
    """Shapes; two vectors of one size, a scale and a shift, without dimensions of size 1."""
    vectors = [place.vector for place in layer]
    return [(vectors[0],)] * 2 if len(layer) == 2 and 0 < vectors[0] == vectors[1] else [place.shape for place in layer]


def _kinds(places: Sequence[Place]) -> dict[str | int, tuple]:
    """What kind of layer each is: the shapes of its parameters."""
    found: dict[str | int, list[tuple[int, ...]]] = {}
    for place in places:
        found.setdefault(place.layer, []).append(place.shape)
    return {layer: tuple(sorted(shapes)) for layer, shapes in found.items()}


def _names_tell(mine: Sequence[Place], wanted: Sequence[Place]) -> bool:
    """Whether the student's parameters are called as the reference's are, by names that mean something."""
    names = {place.name for place in mine}
    return all(role.name in names and not any(step.isdigit() for step in role.name.split(".")) for role in wanted)


def _places_for(role: Place, free: dict[int, Place], parts: int, by_name: bool, homes: list[Place], turned: set[str]) -> list[int]:
    """Indices of the places that a weight goes into: one of its shape, or several of the shape of its parts. homes: the places of the weight of a bias."""
    home = homes[0] if homes else None

    def order(index: int) -> tuple:
        place = free[index]
        at_home = home is not None and place.layer == home.layer
        other_kind = {place.kind, role.kind} == {"scale", "shift"}
        before = home is not None and place.rank < home.rank
        return (not (by_name and place.name == role.name), not at_home, before, other_kind, place.rank < 0, place.rank, index)

    forms = _forms(role.shape)
    for number in range(len(forms)) if len(homes) < 2 else ():
        shapes = {True: [*forms[1::-1], *forms[2:]][number], False: forms[number]}
        if fitting := sorted((index for index, place in free.items() if place.shape == shapes[place.prefix in turned]), key=order):
            return fitting[:1]
    if (
        role.vector
        and len(role.shape) != 2
        and len(homes) < 2
        and (fitting := sorted((index for index, place in free.items() if place.vector == role.vector), key=order))
    ):
        return fitting[:1]
    if parts > 1 and role.shape and role.shape[0] % parts == 0:
        for shape in _forms((role.shape[0] // parts, *role.shape[1:])):
            fitting = [index for index, place in free.items() if place.shape == shape]
            beside = [index for one in homes if one.prefix for index in fitting if free[index].prefix == one.prefix]
            if len(beside) == parts:
                return beside
            if len(fitting) >= parts and len(fitting) % parts == 0:
                return fitting[:parts]
    return []


def _forms(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The shapes in which a weight may lie: as it is, transposed, and without a dimension of size 1."""
    if len(shape) != 2:
        return [shape]
    out, into = shape
    return [shape, (into, out), *([(into,)] if out == 1 else [(out,)] if into == 1 else [])]


def places_of(names: Any, shapes: Any, ranks: Any, calls: Any) -> list[Place]:
    """From what a process of the student's says. Raises Finding where that cannot be read."""
    lists = [value for value in (names, shapes, ranks, calls) if isinstance(value, list)]
    if len(lists) != 4 or len({len(value) for value in lists}) != 1:
        raise Finding("the parameters of the module cannot be read", "tampered")
    return [Place(str(name), tuple(map(int, shape)), int(rank), int(call)) for name, shape, rank, call in zip(names, shapes, ranks, calls, strict=True)]
