"""The reference's weights in the student's network: by order and shape, whatever the layers are called."""

from typing import Any

import torch

from .reasons import Finding
from .words import shape_words


def parameters_of(module: torch.nn.Module) -> list[torch.Tensor]:
    """Copies of a reference module's parameters, in the order they were registered."""
    return [parameter.detach().clone() for parameter in module.parameters()]


def load_weights(student: Any, net: Any, tensors: list[torch.Tensor], what: str = "the network") -> None:
    """Copies `tensors` into the parameters of the student's module.

    In order when the shapes agree in order; otherwise each goes to the first free parameter of its shape, so that the order in which layers are
    defined does not matter where shapes tell them apart. Raises Finding (*wrong shape*, *missing*) when the shapes do not match one to one.
    """
    shapes = student.run(_shapes, net=net)
    if not isinstance(shapes, list) or not all(isinstance(shape, list | tuple) for shape in shapes):
        raise Finding(f"{what} has no parameters that can be read", "missing")
    shapes = [tuple(shape) for shape in shapes]
    wanted = [tuple(tensor.shape) for tensor in tensors]
    if sorted(shapes) != sorted(wanted):
        raise _mismatch(what, shapes, wanted)
    order = list(range(len(wanted))) if shapes == wanted else _by_shape(shapes, wanted)
    student.run(_copy, net=net, tensors=[tensors[i] for i in order])


def _by_shape(shapes: list[tuple], wanted: list[tuple]) -> list[int]:
    free = list(range(len(wanted)))
    order = []
    for shape in shapes:
        index = next(i for i in free if wanted[i] == shape)
        free.remove(index)
        order.append(index)
    return order


def _mismatch(what: str, shapes: list[tuple], wanted: list[tuple]) -> Finding:
    if not shapes:
        return Finding(f"{what} has no parameters: are its layers registered (nn.Parameter, nn.Module attributes)?", "missing")
    if len(shapes) != len(wanted):
        return Finding(f"{what} has {len(shapes)} parameter tensors, {len(wanted)} were expected", "wrong shape")
    rest, odd = list(wanted), shapes[0]
    for odd in shapes:
        if odd not in rest:
            break
        rest.remove(odd)
    return Finding(f"{what} has a parameter of shape {shape_words(odd)} that does not fit the description", "wrong shape")


def _shapes(student, net):
    return [list(p.shape) for p in net.parameters()]


def _copy(student, net, tensors):
    import torch

    with torch.no_grad():
        for parameter, tensor in zip(net.parameters(), tensors, strict=True):
            parameter.copy_(tensor)
