"""Devices that are pretended: a machine without GPUs finds out where tensors of two devices are mixed, and where a result lies on the wrong one."""

from collections.abc import Callable
from typing import Any

from ..judge.checks import fail
from ..judge.student import source_of


def assert_devices_apart(student: Any, name: str, work: Callable, **data: Any) -> None:
    """A Finding where the student's function `name` computes with tensors of two devices at once, or leaves one on a device that is not its own. What the
    pretended tensors cannot play counts for the student.

    work(student, data, place): a function at module level that gives (owners, act, replaced): pairs of device and tensor that should lie there after
    act(), and names of the notebook that stand for something else meanwhile. place(tensor, 1) puts a copy on device 1, place(tensor, -1) on the CPU.
    """
    seen = student.run(on_pretended_devices, work=f"{source_of(work)}\nwork = {work.__name__}\n", data=data)
    if seen["mixed"]:
        a, b = ("the CPU" if where < 0 else f"device {where}" for where in seen["mixed"][0])
        fail(f"{name} computes with a tensor of {a} and one of {b} at once; move one of them first, with .to(device)", "crashed")
    for i, where in seen["places"]:
        fail(f"{name}: a tensor that belongs to device {i} lies on device {where} afterwards")


def on_pretended_devices(student, work, data):
    """Does `work` with tensors that say they are on devices 0, 1, 2, …, and that notice when two of them are mixed."""
    import torch
    from torch.utils._python_dispatch import TorchDispatchMode
    from torch.utils._pytree import tree_map

    mixed, moves, CPU = [], ("_to_copy", "copy_", "to", "clone"), -1

    class Placed(torch.Tensor):
        @staticmethod
        def __new__(cls, inner, place, requires_grad=False):
            made = torch.Tensor._make_wrapper_subclass(cls, inner.shape, strides=inner.stride(), dtype=inner.dtype, device="cpu", requires_grad=requires_grad)
            made.inner, made.place = inner, place
            return made

        @property
        def device(self):
            return torch.device("cpu") if self.place == CPU else torch.device("meta", self.place)

        def to(self, *args, **kwargs):
            goal = kwargs.get("device", args[0] if args else None)
            goal = goal.device if isinstance(goal, torch.Tensor) else torch.device(goal) if isinstance(goal, str) else goal
            if not isinstance(goal, torch.device):
                return super().to(*args, **kwargs)
            stays = goal == self.device and not kwargs.get("copy")
            moved = self if stays else Move.apply(self, CPU if goal.type == "cpu" else goal.index or 0)
            dtype = kwargs.get("dtype", args[1] if len(args) > 1 and isinstance(args[1], torch.dtype) else None)
            return moved if dtype is None else super(Placed, moved).to(dtype)

        def cpu(self):
            return self.to("cpu")

        def __repr__(self):
            return f"tensor on device {self.place}"

        @classmethod
        def __torch_dispatch__(cls, func, types, args=(), kwargs=None):
            return run(func, args, kwargs or {})

    class Move(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, place):
            ctx.place = x.place
            return Placed(x.inner.clone(), place)

        @staticmethod
        def backward(ctx, gradient):
            return Placed(gradient.inner.clone(), ctx.place), None

    def run(func, args, kwargs):
        found = []
        tree_map(lambda x: found.append(x) if isinstance(x, Placed) else None, (args, kwargs))
        word = func._schema.name.partition("::")[2]
        # A tensor with one entry and no dimension may meet any other, as in PyTorch. Backward is autograd's own business.
        places = [x.place for x in found if x.dim() > 0]
        if word not in moves and len(set(places)) > 1 and torch._C._current_graph_task_id() == -1:
            mixed.append(sorted(set(places))[:2])
            raise RuntimeError("Expected all tensors to be on the same device")
        goal = kwargs.get("device")
        place = goal.index or 0 if isinstance(goal, torch.device) and goal.type == "meta" else found[0].place if found else 0
        kwargs = {k: (torch.device("cpu") if k == "device" and v is not None else v) for k, v in kwargs.items()}
        bare = lambda x: x.inner if isinstance(x, Placed) else x
        result = func(*tree_map(bare, args), **tree_map(bare, kwargs))
        if func._schema.is_mutable and found:
            return args[0]
        return tree_map(lambda x: Placed(x, place) if isinstance(x, torch.Tensor) else x, result)

    class Factories(TorchDispatchMode):
        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            goal = (kwargs or {}).get("device")
            if isinstance(goal, torch.device) and goal.type == "meta":
                return run(func, args, kwargs)
            return func(*args, **(kwargs or {}))

    def place(tensor, where):
        """A tensor of its own on a device, CPU or a number: copied from one that is pretended to be elsewhere, or is real."""
        return Placed((tensor.inner if isinstance(tensor, Placed) else tensor).detach().clone(), where)

    scope, error = {}, ""
    exec(work, scope)
    owners, act, replaced = scope["work"](student, data, place)
    kept = {key: getattr(student, key) for key in replaced if key in student.__dict__}
    try:
        student.__dict__.update(replaced)
        with Factories():
            act()
    except Exception as problem:
        error = f"{type(problem).__name__}: {problem}"[:200]
    finally:
        student.__dict__.update(kept)
    return {"mixed": mixed, "places": [[i, x.place] for i, x in owners if x.place != i], "error": error}
