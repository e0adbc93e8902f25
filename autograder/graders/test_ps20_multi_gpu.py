"""Hidden grader of ps20_multi_gpu."""

import math

import torch

from autograder import (
    assert_close,
    assert_gradients,
    assert_shape,
    assert_unchanged,
    criterion,
    exercise,
    expect,
    fail,
)
from solutions.ps20_multi_gpu import multi_gpu as reference

ROUNDING = {"rtol": 1e-4, "atol": 1e-5}  # float32 sums in any order
RANKS_SECONDS = 80.0  # far above what ranks need: they are ended sooner when they wait for each other


def normal(rng, *shape, scale=1.0, dtype=torch.float32):
    return scale * torch.randn(*shape, generator=rng, dtype=dtype)


def clones(tensors):
    return [t.clone() for t in tensors]


def looks_like(actual, other):
    """Whether a tensor equals what a well-known mistake gives: only for the choice of a message."""
    return isinstance(actual, torch.Tensor) and actual.shape == other.shape and torch.allclose(actual.to(other), other, rtol=1e-4, atol=1e-5)


def tensors_in(value, count, what):
    """`value` is a list of so many tensors."""
    expect(isinstance(value, list | tuple), f"{what} should be a list of tensors", "wrong type")
    expect(len(value) == count, f"{what}: there are {len(value)} of them, {count} were expected", "wrong shape")
    expect(all(isinstance(t, torch.Tensor) for t in value), f"{what} should be a list of tensors", "wrong type")
    return list(value)


# One batch, many devices ---------------------------------------------------------------------------------------------


@exercise("get_params")
class TestGetParams:
    SHAPES = ([(3, 5), (5,)], [(2, 3, 4)], [(1,), (4, 1), (6,), (2, 7)])

    def cases(self, rng):
        for shapes in self.SHAPES:
            yield [normal(rng, *shape).requires_grad_(i % 2 == 0) for i, shape in enumerate(shapes)]

    @criterion("copies all parameters, in order, with their shapes, dtypes and values", weight=2, hint="one new tensor for each p of params")
    def test_values(self, student, rng, device):
        for params in self.cases(rng):
            params = [p.detach().to(device) for p in params]
            copies = tensors_in(student.get_params(clones(params), device), len(params), "get_params(params, device)")
            assert_close([c.detach() for c in copies], params, what="get_params(params, device)", rtol=0, atol=0)
        double = [normal(rng, 4, 3, dtype=torch.float64).to(device), normal(rng, 3, 4).to(device).T]
        copies = tensors_in(student.get_params(clones(double), device), 2, "get_params(params, device)")
        assert_close([c.detach() for c in copies], double, what="the copies of a float64 and of a transposed parameter", rtol=0, atol=0)

    @criterion(
        "the copies are leaves that require a gradient",
        weight=2,
        hint="p.clone() of a parameter that requires a gradient is a result, not a leaf: detach first, requires_grad_() last",
    )
    def test_leaves(self, student, rng):
        for params in self.cases(rng):
            for i, seen in enumerate(student.run(copies_of, params=params, device="cpu")["copies"]):
                expect(seen["requires_grad"], f"copy {i} does not require a gradient", "no gradient")
                kind = "requires a gradient" if params[i].requires_grad else "does not require a gradient"
                expect(seen["leaf"], f"the copy of a parameter that {kind} is not a leaf: its .grad would stay None", "no gradient")

    @criterion("every copy has memory of its own", weight=2, hint="to(device) and detach() hand back the same memory; clone() makes new memory")
    def test_memory(self, student, rng):
        for params in self.cases(rng):
            seen = student.run(copies_of, params=params, device="cpu")
            for i, copy in enumerate(seen["copies"]):
                expect(copy["place"] not in seen["originals"], f"copy {i} shares its memory with the original: what one device writes, the other one sees")
            first, second = ([copy["place"] for copy in seen[name]] for name in ("copies", "second"))
            expect(not set(first) & set(second), "the copies of two calls share their memory: two devices would write into the same place")
            expect(len(set(first)) == len(first), "two of the copies share their memory")

    @criterion("the originals stay as they are", hint="requires_grad_() on the original changes the original")
    def test_unchanged(self, student, rng):
        for params in self.cases(rng):
            for i, (seen, p) in enumerate(zip(student.run(copies_of, params=params, device="cpu")["after"], params, strict=True)):
                assert_unchanged(p, seen["value"], what=f"parameter {i}")
                expect(seen["requires_grad"] == p.requires_grad, f"requires_grad of the original parameter {i} was changed by the call")

    @criterion("the copies are on the device asked for", hint=".to(device)")
    def test_device(self, student, rng, device):
        for params in self.cases(rng):
            for place in (device, "meta"):  # "meta" is a device without memory, which every machine has
                for i, seen in enumerate(student.run(copies_of, params=params, device=place)["copies"]):
                    expect(seen["device"] == place, f"copy {i} is on {seen['device']} where {place} was asked for", "wrong type")


def copies_of(student, params, device):
    originals = [p.data_ptr() for p in params]
    show = lambda copies: [
        {"leaf": c.is_leaf, "requires_grad": c.requires_grad, "place": c.data_ptr() if c.device.type != "meta" else 0, "device": c.device.type} for c in copies
    ]
    first, second = student.get_params(params, device), student.get_params(params, device)
    after = [{"value": p.detach().clone(), "requires_grad": p.requires_grad} for p in params]
    return {"copies": show(first), "second": show(second), "originals": originals, "after": after}


@exercise("split_batch")
class TestSplitBatch:
    # m, shape of a sample, number of devices
    SIZES = [(7, (3,), 3), (8, (2, 5), 4), (5, (4,), 4), (1, (6,), 1), (11, (1, 4, 3), 2), (13, (2,), 5)]

    def shards(self, student, X, y, n, device):
        result = student.split_batch(X.clone(), y.clone(), [device] * n)
        pair = isinstance(result, list | tuple) and len(result) == 2 and all(isinstance(part, list | tuple) for part in result)
        expect(pair, "split_batch should return two lists, (X_shards, y_shards)", "wrong type")
        return tensors_in(result[0], n, "the shards of X"), tensors_in(result[1], n, "the shards of y")

    def batch(self, rng, m, shape, device):
        X = normal(rng, m, *shape)
        if len(shape) > 1:  # not contiguous
            X = X.mT.contiguous().mT
        return X.to(device), torch.randint(0, 1000, (m,), generator=rng).to(device)

    @criterion("every sample is in exactly one shard, in order", weight=2, hint="torch.tensor_split(X, len(devices))")
    def test_order(self, student, rng, device):
        for m, shape, n in self.SIZES:
            X, y = self.batch(rng, m, shape, device)
            shards, _ = self.shards(student, X, y, n, device)
            together = torch.cat(shards)
            expect(len(together) == m, f"the shards of {m} samples on {n} devices hold {len(together)} samples together", "wrong shape")
            assert_close(together, X, what=f"the shards of X for {m} samples on {n} devices, put together again,", rtol=0, atol=0)

    @criterion("sizes differ by at most one, longer shards first", weight=2, hint="torch.chunk cuts 5 samples for 4 devices into 2, 2, 1")
    def test_sizes(self, student, rng, device):
        for m, shape, n in self.SIZES:
            X, y = self.batch(rng, m, shape, device)
            sizes = [len(s) for s in self.shards(student, X, y, n, device)[0]]
            right = [m // n + (i < m % n) for i in range(n)]
            expect(sizes == right, f"{m} samples on {n} devices are cut into {', '.join(map(str, sizes))}", "wrong shape")

    @criterion("samples and labels are cut at the same places", weight=2, hint="cut y exactly as X")
    def test_labels(self, student, rng, device):
        for m, shape, n in self.SIZES:
            X, y = self.batch(rng, m, shape, device)
            X_shards, y_shards = self.shards(student, X, y, n, device)
            for i, (samples, labels) in enumerate(zip(X_shards, y_shards, strict=True)):
                expect(len(samples) == len(labels), f"shard {i} has {len(samples)} samples and {len(labels)} labels", "wrong shape")
                rows = [(x == X).flatten(1).all(dim=1).nonzero().flatten().tolist() for x in samples]
                expect(all(len(row) == 1 for row in rows), f"shard {i} of X has a sample that is not in the batch")
                assert_close(labels, y[[row[0] for row in rows]], what=f"the labels of shard {i}")

    @criterion("more devices than samples: the last shards are empty", hint="tensor_split gives empty pieces, with the right shape")
    def test_empty(self, student, rng, device):
        for m, n in [(2, 3), (1, 4), (3, 5)]:
            X, y = self.batch(rng, m, (3, 2), device)
            X_shards, y_shards = self.shards(student, X, y, n, device)
            for i in range(n):
                assert_shape(X_shards[i], (int(i < m), 3, 2), what=f"shard {i} of X for {m} samples on {n} devices")
                assert_shape(y_shards[i], (int(i < m),), what=f"shard {i} of y for {m} samples on {n} devices")

    @criterion("each shard is on its device", weight=2, hint="shard.to(device), with the device of its own place in the list")
    def test_devices(self, student, rng, device):
        X, y = self.batch(rng, 7, (3,), device)
        # "meta" is a device without memory, which every machine has: it stands for the second GPU.
        for devices in ([device, "meta"], ["meta", device, "meta"], ["meta"]):
            for name, places in student.run(places_of_shards, X=X, y=y, devices=devices).items():
                for i, (seen, place) in enumerate(zip(places, devices, strict=False)):
                    expect(seen == place, f"shard {i} of {name} is on {seen}, its device is {place}", "wrong type")

    @criterion("keeps dtypes, and leaves the batch as it is", hint="cut and move; nothing is computed")
    def test_unchanged(self, student, rng, device):
        X, y = normal(rng, 6, 4, dtype=torch.float64).to(device), normal(rng, 6, 2).to(device)
        given = (X.clone(), y.clone())
        for name, T, shards in zip(("X", "y"), (X, y), student.split_batch(*given, [device] * 2), strict=True):
            for shard in tensors_in(shards, 2, f"the shards of {name}"):
                expect(shard.dtype == T.dtype, f"a shard of {name} has dtype {str(shard.dtype)[6:]}, {name} has {str(T.dtype)[6:]}", "wrong type")
        assert_unchanged(X, given[0], what="X")
        assert_unchanged(y, given[1], what="y")


def places_of_shards(student, X, y, devices):
    X_shards, y_shards = student.split_batch(X, y, [torch.device(d) for d in devices])
    return {"X": [s.device.type for s in X_shards], "y": [s.device.type for s in y_shards]}


@exercise("allreduce")
class TestAllreduce:
    SIZES = [(2, (3,)), (3, (4, 2)), (4, (5,)), (1, (2, 3)), (5, (1, 2, 2))]

    @criterion("the list holds the sum of all, in every place", weight=2, hint="each tensor is added once")
    def test_list(self, student, rng, device):
        for n, shape in self.SIZES:
            data = [normal(rng, *shape).to(device) for _ in range(n)]
            after = student.run(reduced, data=data)["list"]
            total = sum(data)
            for i, x in enumerate(tensors_in(after, n, "the list after allreduce")):
                assert_close(x, total, what=f"entry {i} of the list of {n} tensors after allreduce", **ROUNDING)

    @criterion(
        "the tensors themselves change, under whatever name the caller has them",
        weight=3,
        hint="data[i] = total puts another tensor into the list; data[i].copy_(total) writes into the tensor",
    )
    def test_in_place(self, student, rng, device):
        for n, shape in self.SIZES:
            data = [normal(rng, *shape).to(device) for _ in range(n)]
            seen = student.run(reduced, data=data)
            for i, x in enumerate(seen["tensors"]):
                if n > 1 and torch.equal(x, data[i]) and looks_like(seen["list"][i], sum(data)):
                    fail(f"tensor {i} has not changed: the sum was put into the list in its place, where the owner of the tensor does not see it")
                assert_close(x, sum(data), what=f"tensor {i} of {n} after allreduce", **ROUNDING)

    @criterion("each tensor keeps its memory, and shares none", hint="x.data = total makes all of them one tensor; copy_ copies numbers")
    def test_memory(self, student, rng, device):
        for n, shape in self.SIZES:
            data = [normal(rng, *shape).to(device) for _ in range(n)]
            seen = student.run(reduced, data=data)
            expect(n == 1 or any(not torch.equal(x, y) for x, y in zip(seen["tensors"], data, strict=True)), "no tensor has changed")
            for i, (before, after) in enumerate(zip(seen["before"], seen["after"], strict=True)):
                expect(before == after, f"tensor {i} lies in other memory after the call")
            expect(len(set(seen["after"])) == n, "after the call two tensors share their memory: what one device writes, the other one sees")

    @criterion("any dtype and layout, float64 to the last digit", hint="add and copy; no new tensor of a fixed dtype")
    def test_dtypes(self, student, rng, device):
        wide = [normal(rng, 3, 4, dtype=torch.float64).to(device) for _ in range(3)]
        whole = [torch.randint(-1000, 1000, (6,), generator=rng).to(device) + (1 << 40) for _ in range(4)]
        turned = [normal(rng, 4, 3).to(device).T for _ in range(2)]
        for data, name in ((wide, "float64"), (whole, "int64"), (turned, "transposed")):
            for i, x in enumerate(tensors_in(student.run(reduced, data=data)["list"], len(data), "the list after allreduce")):
                assert_close(x, sum(data), what=f"{name} tensor {i} after allreduce")

    @criterion(
        "moves a tensor to the other's device before it adds the two",
        weight=2,
        hint="x.to(data[0].device) before the addition; copy_ moves by itself",
    )
    def test_devices(self, student, rng, device):
        data = [normal(rng, 2, 3) for _ in range(3)]
        changed = zip(student.run(reduced, data=data)["tensors"], data, strict=True)
        expect(any(not torch.equal(x, y) for x, y in changed), "no tensor has changed")
        seen = student.run(on_pretended_devices, name="allreduce", data=data)
        report_devices(seen, "allreduce")
        if device == "cuda":
            mixed = [x.to(place) for x, place in zip(data, ("cuda", "cpu", "cuda"), strict=True)]
            student.allreduce(mixed)
            for i, x in enumerate(mixed):
                assert_close(x.cpu(), sum(data), what=f"tensor {i} of three on two devices", **ROUNDING)


def reduced(student, data):
    names = list(data)
    before = [x.data_ptr() for x in names]
    student.allreduce(data)
    return {"list": list(data), "tensors": [x.clone() for x in names], "before": before, "after": [x.data_ptr() for x in names]}


def report_devices(seen, name):
    """What pretended devices found. Anything that they cannot play counts for the student."""
    if seen["mixed"]:
        a, b = ("the CPU" if place < 0 else f"device {place}" for place in seen["mixed"][0])
        fail(f"{name} computes with a tensor of {a} and one of {b} at once; move one of them first, with .to(device)", "crashed")
    for i, place in seen["places"]:
        fail(f"{name}: a tensor that belongs to device {i} lies on device {place} afterwards")


def on_pretended_devices(student, name, data=None, params=None, X=None, y=None, n=0):
    """Runs a function on tensors that say they are on devices 0, 1, 2, …, and that notice when two of them are mixed."""
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

    cut = lambda T, n: [Placed(t.clone(), i) for i, t in enumerate(torch.tensor_split(T.inner, n))]

    def net(X, params):
        W, b, V = params
        return torch.tanh(X @ W + b) @ V

    def add(data):
        total = sum(x.inner for x in data)
        for x in data:
            x.inner.copy_(total)

    if name == "allreduce":
        tensors = [Placed(x.clone(), i) for i, x in enumerate(data)]
        replaced, work, owners = {}, lambda: student.allreduce(list(tensors)), list(enumerate(tensors))
    else:
        copies = [[Placed(p.clone(), i).requires_grad_() for p in params] for i in range(n)]
        loss = lambda scores, y: ((scores - y[:, None]) ** 2).sum(dim=1)
        replaced = {"net": net, "loss": loss, "split_batch": lambda X, y, devices: (cut(X, n), cut(y, n)), "allreduce": add}
        work = lambda: student.train_batch(Placed(X, CPU), Placed(y, CPU), copies, [torch.device("meta", i) for i in range(n)], 0.1)
        owners = [(i, p) for i, group in enumerate(copies) for p in group]
    kept = {key: getattr(student, key) for key in replaced if key in student.__dict__}
    error = ""
    try:
        student.__dict__.update(replaced)
        with Factories():
            work()
    except Exception as problem:
        error = f"{type(problem).__name__}: {problem}"[:200]
    finally:
        student.__dict__.update(kept)
    places = [[i, x.place] for i, x in owners if x.place != i]
    return {"mixed": mixed, "places": places, "error": error, "values": [x.inner.detach().clone() for _, x in owners]}


# A step on many devices ----------------------------------------------------------------------------------------------


def small_net(X, params):
    """Another network than that of the notebook: three parameters, and gradients that no two samples share."""
    W, b, V = params
    return torch.tanh(X @ W + b) @ V


def squares(scores, y):
    """One loss a sample."""
    return ((scores - y[:, None]) ** 2).sum(dim=1)


def big_batch_step(X, y, params, lr, steps=1):
    """The parameters after so many steps of one device with the whole batch."""
    for _ in range(steps):
        leaves = [p.detach().clone().requires_grad_() for p in params]
        gradients = torch.autograd.grad(squares(small_net(X, leaves), y).mean(), leaves)
        params = [(p - lr * g).detach() for p, g in zip(leaves, gradients, strict=True)]
    return params


def mean_step_of_means(X, y, params, n, lr, i):
    """What is added to parameter i when the means of the shards are averaged: a well-known mistake."""
    shards = list(zip(torch.tensor_split(X, n), torch.tensor_split(y, n), strict=True))
    return sum(big_batch_step(*shard, params, lr)[i] - params[i] for shard in shards) / n


def lonely_steps(X, y, params, n, r, lr, steps):
    """The parameters of device r when no gradient ever reaches another device."""
    X_shard, y_shard = torch.tensor_split(X, n)[r], torch.tensor_split(y, n)[r]
    return big_batch_step(X_shard, y_shard, params, lr * len(X_shard) / len(X), steps) if len(X_shard) else params


def split_here(X, y, devices):
    """What the student's split_batch should do: called back while train_batch is marked."""
    return reference.split_batch(X, y, devices)


def allreduce_here(data):
    reference.allreduce(data)


@exercise("train_batch")
class TestTrainBatch:
    def case(self, rng, m, device):
        d, h, k = 4, 5, 3
        params = [normal(rng, d, h, scale=0.5), normal(rng, h, scale=0.5), normal(rng, h, k, scale=0.5)]
        return normal(rng, m, d).to(device), normal(rng, m).to(device), [p.to(device) for p in params]

    def step(self, student, X, y, params, n, lr, steps=1, stale=False):
        return student.run(trained, X=X, y=y, params=params, n=n, lr=lr, steps=steps, stale=stale, split=split_here, allreduce=allreduce_here)

    def compare(self, student, rng, m, n, device, lr=0.2, steps=1, what="", stale=False):
        X, y, params = self.case(rng, m, device)
        right = big_batch_step(X, y, params, lr, steps)
        seen = self.step(student, X, y, params, n, lr, steps, stale)
        what = what or f"after a step with {m} samples on {n} device{'s' if n > 1 else ''}"
        for r, copies in enumerate(seen["params"]):
            for i, (mine, p) in enumerate(zip(tensors_in(copies, 3, f"the parameters of device {r}"), right, strict=True)):
                if torch.equal(mine, params[i]):
                    fail(f"parameter {i} of device {r} has not changed {what}")
                if not looks_like(mine, p):
                    self.guess(mine, X, y, params, n, lr, steps, r, i, what)
                assert_close(mine, p, what=f"parameter {i} of device {r} {what}", **ROUNDING)

    def guess(self, mine, X, y, params, n, lr, steps, r, i, what):
        """Names the mistake when the wrong parameter is that of a well-known one."""
        m, moved = len(X), f"parameter {i} of device {r} has moved"
        if n > 1 and looks_like(mine, lonely_steps(X, y, params, n, r, lr, steps)[i]):
            fail(f"{moved} by the gradient of its own shard alone {what}")
        if steps > 1:
            return
        of_lr = lambda factor: looks_like(mine, big_batch_step(X, y, params, factor * lr)[i])
        if of_lr(m):
            fail(f"{moved} {m} times too far {what}: the mean over all {m} samples is missing")
        if of_lr(n):
            fail(f"{moved} {n} times too far {what}, once for every device")
        if of_lr(1 / n):
            fail(f"{moved} by 1/{n} of what it should {what}: it is divided by the number of devices once too often")
        if of_lr(-1):
            fail(f"{moved} up the gradient {what}: the step is minus lr times the gradient")
        if m >= n and looks_like(mine, params[i] + mean_step_of_means(X, y, params, n, lr, i)):
            fail(f"{moved} by the mean of the shards' means {what}: samples of a short shard count more")

    @criterion(
        "one step equals the step of one device with the whole batch",
        weight=4,
        hint="the sum of the losses of a shard; all-reduce the gradients; divide by the size of the whole batch, once",
    )
    def test_step(self, student, rng, device):
        for m, n, lr in [(6, 2, 0.3), (8, 4, 0.05), (3, 1, 0.2)]:
            self.compare(student, rng, m, n, device, lr)

    @criterion("every sample counts alike when the shards differ in size", weight=3, hint="no mean over a shard: one of them may even be empty")
    def test_uneven(self, student, rng, device):
        for m, n in [(7, 3), (5, 4), (2, 3), (1, 2)]:
            self.compare(student, rng, m, n, device)

    @criterion("all copies of a parameter move alike", weight=2, hint="the step is made on every device, with the same gradient")
    def test_equal(self, student, rng, device):
        for m, n in [(6, 3), (5, 2)]:
            X, y, params = self.case(rng, m, device)
            copies = self.step(student, X, y, params, n, 0.2, steps=2)["params"]
            for i in range(3):
                expect(not torch.equal(copies[0][i], params[i]), f"parameter {i} of device 0 has not changed after two steps")
                for r in range(1, n):
                    assert_close(copies[r][i], copies[0][i], what=f"parameter {i} of device {r}, compared with device 0,", **ROUNDING)

    @criterion("gradients of earlier steps do not count", weight=2, hint="p.grad = None on all devices before backward")
    def test_cleared(self, student, rng, device):
        for m, n in [(6, 2), (5, 3)]:
            self.compare(student, rng, m, n, device, lr=0.1, steps=3, what="after three steps in a row")

    @criterion("each device works on its own shard, with its own parameters", weight=2, hint="net(X_shard, params) once for each device")
    def test_shards(self, student, rng, device):
        for m, n in [(6, 3), (7, 2)]:
            X, y, params = self.case(rng, m, device)
            calls = self.step(student, X, y, params, n, 0.2)["calls"]
            expect(len(calls) > 0, "the function net of the notebook is not called")
            sizes = [len(shard) for shard in torch.tensor_split(X, n)]
            for r, samples in calls:
                expect(r >= 0, "net is called with parameters that belong to no device")
                expect(samples <= sizes[r], f"net is called with {samples} samples on device {r}, whose shard has {sizes[r]}")
            for r in range(n):
                expect(any(place == r for place, _ in calls), f"nothing is computed with the parameters of device {r}")

    @criterion("parameters change in place, and stay leaves", hint="p -= lr / len(X) * p.grad under torch.no_grad()")
    def test_in_place(self, student, rng, device):
        X, y, params = self.case(rng, 5, device)
        seen = self.step(student, X, y, params, 2, 0.2)
        expect(any(not torch.equal(p, q) for p, q in zip(seen["params"][0], params, strict=True)), "the parameters have not changed")
        expect(seen["same_memory"], "a parameter lies in other memory after the step: it was replaced, not changed")
        expect(seen["leaves"], "a parameter is no longer a leaf that requires a gradient after the step", "no gradient")
        assert_unchanged(X, seen["X"], what="X")
        assert_unchanged(y, seen["y"], what="y")

    @criterion("never computes with tensors of two devices at once", hint="shard, parameters and labels of a device are all there already")
    def test_devices(self, student, rng, device):
        X, y, params = self.case(rng, 5, "cpu")
        copies = self.step(student, X, y, params, 2, 0.2)["params"]
        expect(any(not torch.equal(p, q) for p, q in zip(copies[0], params, strict=True)), "the parameters have not changed")
        report_devices(student.run(on_pretended_devices, name="train_batch", params=params, X=X, y=y, n=2), "train_batch")


def trained(student, X, y, params, n, lr, steps, stale, split, allreduce):
    import torch

    calls = []
    copies = [[p.clone().requires_grad_() for p in params] for _ in range(n)]
    owners = {id(p): r for r, group in enumerate(copies) for p in group}
    memory = [p.data_ptr() for group in copies for p in group]

    def net(X, params):
        places = {owners.get(id(p), -1) for p in params}
        calls.append([places.pop() if len(places) == 1 else -1, len(X)])
        W, b, V = params
        return torch.tanh(X @ W + b) @ V

    def loss(scores, y):
        return ((scores - y[:, None]) ** 2).sum(dim=1)

    devices = [X.device] * n
    cut = lambda X, y, devices: split(X, y, [str(d) for d in devices])
    replaced = {"net": net, "loss": loss, "split_batch": cut, "allreduce": allreduce}
    kept = {key: getattr(student, key) for key in replaced if key in student.__dict__}
    given = (X.clone(), y.clone())
    try:
        student.__dict__.update(replaced)
        for _ in range(steps):
            student.train_batch(*given, copies, devices, lr)
    finally:
        student.__dict__.update(kept)
    every = [p for group in copies for p in group]
    return {
        "params": [[p.detach().clone() for p in group] for group in copies],
        "calls": calls,
        "same_memory": [p.data_ptr() for p in every] == memory,
        "leaves": all(p.is_leaf and p.requires_grad for p in every),
        "X": given[0],
        "y": given[1],
    }


# The ring ------------------------------------------------------------------------------------------------------------


class Wire:
    """The `send` that the student's ring gets: carries messages, and writes down who sent how many bytes to whom."""

    def __init__(self, n, carry=None):
        self.n, self.messages = n, []
        self._carry = carry or torch.clone

    def send(self, src, dst, chunk):
        ranks = all(type(r) is int and 0 <= r < self.n for r in (src, dst))
        expect(ranks, f"send(src, dst, chunk): src and dst should be ranks from 0 to {self.n - 1}", "wrong type")
        expect(isinstance(chunk, torch.Tensor), "send(src, dst, chunk): chunk should be a tensor", "wrong type")
        self.messages.append((src, dst, chunk.numel() * chunk.element_size()))
        return self._carry(chunk.detach())


@exercise("ring_allreduce")
class TestRingAllreduce:
    SIZES = [(3, 7), (4, 8), (2, 5), (5, 13)]

    def ring(self, student, rng, n, length, device, carry=None):
        before = [normal(rng, length).to(device) for _ in range(n)]
        after, wire = clones(before), Wire(n, carry)
        student.ring_allreduce(list(after), wire.send)
        return before, after, wire

    @criterion("every rank holds the sum of all", weight=3, hint="follow rank 0 through the table above the cell with your indices")
    def test_sum(self, student, rng, device):
        for n, length in self.SIZES:
            before, after, _ = self.ring(student, rng, n, length, device)
            for r in range(n):
                if torch.equal(after[r], before[r]):
                    fail(f"the tensor of rank {r} of {n} has not changed")
                assert_close(after[r], sum(before), what=f"the tensor of rank {r} of {n}, with {length} numbers,", **ROUNDING)

    @criterion("works for fewer numbers than ranks, and for one rank", weight=2, hint="torch.tensor_split gives n chunks, empty ones too")
    def test_short(self, student, rng, device):
        for n, length in [(4, 2), (5, 1), (3, 3), (1, 6)]:
            before, after, wire = self.ring(student, rng, n, length, device)
            for r in range(n):
                assert_close(after[r], sum(before), what=f"the tensor of rank {r} of {n}, with {length} numbers,", **ROUNDING)
            expect(n > 1 or not wire.messages, "one rank alone has sent a message")

    @criterion("each rank sends 2 (n − 1) messages, all to the same neighbour", weight=3, hint="rank r sends to rank (r + 1) % n in every step")
    def test_messages(self, student, rng, device):
        for n, length in self.SIZES:
            _, _, wire = self.ring(student, rng, n, length, device)
            expect(len(wire.messages) > 0, "no message was sent: what a rank learns of the others must come through send")
            strides = {(dst - src) % n for src, dst, _ in wire.messages}
            expect(0 not in strides, "a rank sends to itself")
            expect(len(strides) == 1 and strides <= {1, n - 1}, f"with {n} ranks some messages go to other ranks than the neighbour in the ring")
            for r in range(n):
                count = sum(src == r for src, _, _ in wire.messages)
                expect(count == 2 * (n - 1), f"with {n} ranks rank {r} sends {count} messages")

    @criterion("each message carries about 1/n of the tensor", weight=3, hint="a message is one chunk; each chunk travels 2 (n − 1) times")
    def test_bytes(self, student, rng, device):
        for n, length in self.SIZES:
            _, _, wire = self.ring(student, rng, n, length, device)
            sizes = [size for *_, size in wire.messages]
            whole, seen = 4 * length, f"with {n} ranks, each with {length} numbers of 4 bytes,"  # float32
            largest, total = max(sizes, default=0), sum(sizes)
            expect(largest <= 4 * math.ceil(length / n), f"{seen} one message carries {largest} bytes")
            expect(total <= 2 * (n - 1) * whole, f"{seen} {total} bytes are sent in all; fewer will do")
            expect(total == 2 * (n - 1) * whole, f"{seen} only {total} bytes are sent in all; the sum cannot be known everywhere")

    @criterion("what a rank learns of the others comes through send", weight=2, hint="add and write what send returns, not the chunk of the other rank")
    def test_wire(self, student, rng, device):
        for n, length in [(3, 7), (4, 5)]:
            # On a wire that loses everything each number is the rank's own, or what arrived: zero.
            before, after, wire = self.ring(student, rng, n, length, device, carry=torch.zeros_like)
            expect(len(wire.messages) > 0, "no message was sent")
            for r in range(n):
                known = torch.isclose(after[r], before[r]) | (after[r] == 0)
                expect(bool(known.all()), f"rank {r} knows numbers of other ranks although nothing that arrived through send held them")

    @criterion("changes the tensors in their own memory, and keeps their dtype", hint="add_ and copy_ on the views that tensor_split makes")
    def test_memory(self, student, rng, device):
        wide = [normal(rng, 5, dtype=torch.float64).to(device) for _ in range(3)]
        whole = [torch.randint(-1000, 1000, (6,), generator=rng).to(device) + (1 << 40) for _ in range(4)]
        for ranks, name in ((wide, "float64"), (whole, "int64")):
            seen = student.run(ring_here, ranks=ranks)
            for r, x in enumerate(seen["tensors"]):
                assert_close(x, sum(ranks), what=f"the {name} tensor of rank {r}")
            expect(seen["before"] == seen["after"], "a tensor lies in other memory after the call: it was replaced, not changed")
            expect(len(set(seen["after"])) == len(ranks), "after the call two ranks share their memory")


def ring_here(student, ranks):
    tensors = list(ranks)
    before = [x.data_ptr() for x in tensors]
    student.ring_allreduce(ranks, lambda src, dst, chunk: chunk.clone())
    return {"tensors": [x.clone() for x in tensors], "before": before, "after": [x.data_ptr() for x in tensors]}


# What it costs -------------------------------------------------------------------------------------------------------


@exercise("communication_time")
class TestCommunicationTime:
    def compare(self, student, rng, method, sizes):
        for n in sizes:
            num_bytes, bandwidth, latency = (float(x) for x in torch.rand(3, generator=rng) + 0.1)
            num_bytes, bandwidth = num_bytes * 1e9, bandwidth * 1e10
            for what, numbers in {
                "without latency": (num_bytes, n, bandwidth, 0.0),
                "for 0 bytes": (0, n, bandwidth, latency),
                "": (num_bytes, n, bandwidth, latency * 1e-3),
            }.items():
                mine = student.communication_time(*numbers, method)
                assert_close(mine, reference.communication_time(*numbers, method), what=f"the time of {n} devices by {method!r} {what}".strip(), rtol=1e-5)

    @criterion("ring: 2 (n − 1) steps with 1/n of the bytes", weight=2, hint="2 * (n - 1) * (latency + num_bytes / n / bandwidth)")
    def test_ring(self, student, rng):
        self.compare(student, rng, "ring", (2, 3, 8, 13))

    @criterion("tree: up and down, with all bytes in each step", weight=2, hint="2 * log2(n) * (latency + num_bytes / bandwidth)")
    def test_tree(self, student, rng):
        self.compare(student, rng, "tree", (2, 4, 16, 1024))

    @criterion("tree: numbers of devices between powers of two are rounded up", hint="math.ceil(math.log2(n))")
    def test_tree_between(self, student, rng):
        self.compare(student, rng, "tree", (3, 5, 9, 33))

    @criterion("server: the bytes of all devices through one link, twice", weight=2, hint="2 * (latency + n * num_bytes / bandwidth)")
    def test_server(self, student, rng):
        self.compare(student, rng, "server", (2, 3, 7, 12))

    @criterion("one device alone takes no time", hint="deal with n == 1 first")
    def test_one(self, student):
        for method in ("ring", "tree", "server"):
            assert_close(student.communication_time(3e6, 1, 2e9, 1e-3, method), 0.0, what=f"the time of one device by {method!r}")

    @criterion("another method raises a ValueError", hint="raise ValueError(…) after the last if")
    def test_method(self, student):
        for n in (4, 2):
            raised = student.run(raised_by_method, n=n)
            expect(raised != "", "an unknown method raises nothing")
            expect(raised == "ValueError", f"an unknown method raises {raised}, a ValueError was expected", "wrong type")


def raised_by_method(student, n):
    try:
        student.communication_time(1e6, n, 1e9, 1e-4, "pigeon")
    except Exception as error:
        return type(error).__name__
    return ""


# Real processes ------------------------------------------------------------------------------------------------------


def on_ranks(student, name, cases, n, fresh=None):
    """Calls a function of the student's in n processes, joined by gloo over loopback (by nccl where there are n GPUs), and watches how they end.

    Each rank runs all cases. Returns {"ranks": [what each case gave, for each rank]}, or {"failed": …} for the first rank that raised, or {"gone": …}
    for one that ended, or {"stuck": …}, where each rank stands when none of them moves any more. Messages are seen where PyTorch's dispatcher hands
    them to the process group, whatever name called them. The processes are forks of this one; where there is CUDA, which does not survive a fork,
    they are fresh ones, to which the function is sent.
    """
    import datetime
    import faulthandler
    import linecache
    import os
    import pickle
    import re
    import shutil
    import signal
    import subprocess
    import sys
    import tempfile
    import time
    import traceback

    import torch
    import torch.distributed as dist
    from torch.utils._python_dispatch import TorchDispatchMode

    fresh = torch.cuda.is_available() if fresh is None else fresh
    nccl = fresh and torch.cuda.device_count() >= n > 1
    wall_seconds, silent_seconds, cpu_seconds = (60.0, 10.0, 4.0 + 10.0 * n) if fresh else (30.0, 2.0, 3.0 + n)
    folder, parent, function = tempfile.mkdtemp(), os.getpid(), getattr(student, name)

    def place(kind, rank):
        return os.path.join(folder, f"{kind}{rank}")

    class Post(TorchDispatchMode):
        """Sees messages; writes down what the rank is about to do."""

        def __init__(self, rank):
            super().__init__()
            self.board = os.open(place("board", rank), os.O_CREAT | os.O_WRONLY)
            self.sent, self.others = [], set()

        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            space, _, word = func._schema.name.partition("::")
            if space in ("c10d", "_c10d_functional"):
                if word == "send":
                    self.sent.append([int(args[2]), sum(t.numel() for t in args[0])])
                    self.say(f"for rank {args[2]} to take a message")
                elif word == "recv_":
                    self.say(f"for a message of rank {args[2]}")
                elif word == "recv_any_source_":
                    self.say("for a message of any rank")
                else:
                    self.say("for all others in a collective call")
                    self.others |= {word.strip("_")} - {"barrier"}
            return func(*args, **(kwargs or {}))

        def say(self, text):
            os.pwrite(self.board, text[:100].ljust(100).encode(), 0)

    def here(tensor):
        return tensor.cuda() if nccl else tensor

    def run_case(rank, case):
        if name == "dist_allreduce":
            tensor, extra = here(case["tensors"][rank]), {} if case["mean"] is None else {"mean": case["mean"]}
            memory = tensor.data_ptr()
            with Post(rank) as post:
                function(tensor, **extra)
            return {"tensor": tensor.cpu(), "same_memory": tensor.data_ptr() == memory, "sent": post.sent, "others": sorted(post.others)}
        params = [here(p).clone().requires_grad_() for p in case["params"]]
        memory = [p.data_ptr() for p in params]
        if case["stale"]:
            for p in params:
                p.grad = torch.full_like(p, 3.0)
        with Post(rank):
            for X, y in case["batches"][rank]:
                W, b, V = params
                mean_loss = ((torch.tanh(here(X) @ W + b) @ V - here(y)[:, None]) ** 2).sum(dim=1).mean()
                function(params, mean_loss, case["lr"])
        leaves = all(p.is_leaf and p.requires_grad for p in params)
        return {"params": [p.detach().cpu() for p in params], "same_memory": [p.data_ptr() for p in params] == memory, "leaves": leaves}

    def right_allreduce(tensor, mean=False):
        dist.all_reduce(tensor)
        if mean:
            tensor /= n

    def join(rank):
        torch.set_num_threads(1)
        trace = os.open(place("trace", rank), os.O_CREAT | os.O_WRONLY)
        faulthandler.register(signal.SIGUSR1, file=trace, all_threads=True)
        os.environ["GLOO_SOCKET_IFNAME"] = "lo"
        if dist.is_initialized():
            dist.destroy_process_group()
        if nccl:
            torch.cuda.set_device(rank)
        limit = datetime.timedelta(seconds=wall_seconds + 5)
        store = dist.FileStore(os.path.join(folder, "store"), n)
        dist.init_process_group("nccl" if nccl else "gloo", store=store, rank=rank, world_size=n, timeout=limit)

    def be(rank):
        try:
            join(rank)
            if name == "ddp_train_step":
                getattr(function, "__globals__", {})["dist_allreduce"] = right_allreduce
            outcome = {"result": [run_case(rank, case) for case in cases]}
        except BaseException as error:
            lines = [(f.filename, f.lineno) for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith("<ipython-input")]
            outcome = {"failed": {"rank": rank, "type": type(error).__name__, "text": str(error)[:300], "where": lines[-1] if lines else None}}
        with open(place("new", rank), "wb") as file:
            pickle.dump(outcome, file)
        os.rename(place("new", rank), place("outcome", rank))
        # What this rank has sent may still be under way: it stays until it is ended.
        while os.getppid() == parent:
            time.sleep(0.01)

    def start(rank):
        if fresh:
            try:
                import cloudpickle
            except ImportError:  # older versions of joblib, which scikit-learn brings, have one inside
                from joblib.externals import cloudpickle

            with open(place("work", rank), "wb") as file:
                cloudpickle.dump((be, rank), file)
            program = "import pickle, sys; be, rank = pickle.load(open(sys.argv[1], 'rb')); be(rank)"
            return subprocess.Popen([sys.executable, "-c", program, place("work", rank)], stdin=subprocess.DEVNULL).pid
        pid = os.fork()
        if pid == 0:
            try:
                be(rank)
            finally:
                os._exit(0)
        return pid

    def cpu_of(pid):
        try:
            return time.clock_gettime((~pid << 3) | 2)  # the clock of another process
        except OSError:
            return 0.0

    def line_of(where):
        return f"line {where[1]} of the cell: `{linecache.getline(*where).strip()[:100]}`" if where else ""

    def stands(rank):
        text = {}
        for kind in ("trace", "board"):
            if os.path.exists(place(kind, rank)):
                with open(place(kind, rank)) as file:
                    text[kind] = file.read()
        lines = [(f, int(k)) for f, k in re.findall(r'File "(.+)", line (\d+)', text.get("trace", "")) if f.startswith("<ipython-input")]
        return {"rank": rank, "waits": text.get("board", "").strip(), "where": line_of(lines[0] if lines else None)}

    def read_outcomes():
        for rank in range(n):
            if rank not in outcomes and os.path.exists(place("outcome", rank)):
                with open(place("outcome", rank), "rb") as file:
                    outcomes[rank] = pickle.load(file)

    def failures():
        return [outcomes[rank]["failed"] for rank in sorted(outcomes) if "failed" in outcomes[rank]]

    outcomes, gone, pids = {}, set(), []
    silent = waited = last = 0.0
    before = time.monotonic()
    try:
        if not fresh:  # what takes a second when it is first used is used here, and not in every rank
            torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
            with Post(0):
                torch.zeros(1) + 1
        for rank in range(n):
            pids.append(start(rank))
        while True:
            known = len(outcomes)
            read_outcomes()
            if failures():
                time.sleep(0.05)  # others may fail in the same way: the first rank speaks for them
                read_outcomes()
                first = failures()[0]
                return {"failed": {**first, "where": line_of(first["where"])}}
            if len(outcomes) == n:
                return {"ranks": [outcomes[rank]["result"] for rank in range(n)]}
            gone |= {rank for rank, pid in enumerate(pids) if rank not in outcomes and os.waitpid(pid, os.WNOHANG)[0]}
            if gone:
                return {"gone": min(gone)}
            # Time in which this process itself did not get to run does not count: the machine is busy, or was asleep.
            now = time.monotonic()
            step, before = min(now - before, 0.05), now
            cpu = sum(cpu_of(pid) for rank, pid in enumerate(pids) if rank not in outcomes)
            # A rank that waits for a message looks for it now and then: some 4 ms a second.
            moved = cpu > last + 0.01 * silent_seconds * (n - len(outcomes)) or len(outcomes) > known
            silent, waited, last = 0.0 if moved else silent + step, waited + step, cpu if moved else last
            busy = cpu > cpu_seconds
            if busy or silent > silent_seconds or waited > wall_seconds:
                waiting = [rank for rank in range(n) if rank not in outcomes]
                for rank in waiting:
                    os.kill(pids[rank], signal.SIGUSR1)
                time.sleep(0.1)
                return {"stuck": [stands(rank) for rank in waiting], "ended": sorted(outcomes), "busy": busy}
            time.sleep(0.002)
    finally:
        for rank, pid in enumerate(pids):
            if rank not in gone:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
        shutil.rmtree(folder, ignore_errors=True)


def results_of(student, name, cases, n):
    """What each rank gave for each case; a finding when a rank raised, ended, or when all wait."""
    seen = student.run(on_ranks, name=name, cases=cases, n=n)
    many = f"with {n} processes" if n > 1 else "with one process"
    if "failed" in seen:
        failed = seen["failed"]
        if failed["type"] == "NotImplementedError":
            fail(f"{name} is not written yet: it still raises NotImplementedError", "not attempted")
        where = f" ({failed['where']})" if failed["where"] else ""
        fail(f"{many} rank {failed['rank']} raised {failed['type']}: {failed['text']}{where}", "crashed")
    if "gone" in seen:
        fail(f"{many} rank {seen['gone']} ended its process in the middle of {name}", "exited")
    if "stuck" in seen:
        verb = "computes without an end" if seen["busy"] else "waits"
        ranks = [
            f"rank {r['rank']} {verb}{' ' + r['waits'] if r['waits'] and not seen['busy'] else ''}{' (' + r['where'] + ')' if r['where'] else ''}"
            for r in seen["stuck"]
        ]
        ranks += [f"rank {r} is done" for r in seen["ended"]]
        fail(f"no end {many}: {'; '.join(ranks)}", "timeout")
    expect(isinstance(seen.get("ranks"), list) and len(seen["ranks"]) == n, f"{name} gave nothing back {many}", "crashed")
    return seen["ranks"]


COLLECTIVE = {
    "allreduce": "all_reduce", "allgather": "all_gather", "reduce": "reduce", "broadcast": "broadcast", "gather": "gather", "scatter": "scatter",
    "reduce_scatter": "reduce_scatter", "alltoall": "all_to_all",
}  # fmt: skip


def assert_only_messages(ranks, cases, n):
    """Only send and recv were used, and they carried what an all-reduce needs."""
    for k, case in enumerate(cases):
        for rank in ranks:
            for word in rank[k]["others"]:
                fail(f"dist_allreduce calls dist.{COLLECTIVE.get(word, word)}; this exercise asks for send and recv only", "forbidden operation")
        needed = 2 * (n - 1) * case["tensors"][0].numel()
        sent = sum(size for rank in ranks for _, size in rank[k]["sent"])
        total = sum(case["tensors"]) / (n if case["mean"] else 1)
        if all(looks_like(rank[k]["tensor"], total) for rank in ranks):
            expect(sent >= needed, f"the result is there, but send carried only {sent} numbers: it came another way", "forbidden operation")


@exercise("dist_allreduce")
class TestDistAllreduce:
    def reduced(self, student, n, groups, mean=None):
        cases = [{"tensors": tensors, "mean": mean} for tensors in groups]
        ranks = results_of(student, "dist_allreduce", cases, n)
        assert_only_messages(ranks, cases, n)
        for k, tensors in enumerate(groups):
            total = sum(tensors) / n if mean else sum(tensors)
            for r in range(n):
                mine = ranks[r][k]["tensor"]
                shape = f"shape {tuple(total.shape)}"
                if n > 1 and mine.shape == total.shape and torch.equal(mine, tensors[r]):
                    fail(f"with {n} processes the tensor of rank {r} has not changed")
                right = looks_like(mine, total)
                if not right and mean and looks_like(mine, sum(tensors)):
                    fail(f"with mean=True rank {r} of {n} holds the sum: the division is missing")
                if not right and not mean and looks_like(mine, sum(tensors) / n):
                    fail(f"without mean=True rank {r} of {n} holds the mean: the sum was asked for")
                rounding = ROUNDING if total.dtype == torch.float32 else {}
                assert_close(mine, total, what=f"the tensor of rank {r} of {n}, of {shape},", **rounding)
                expect(ranks[r][k]["same_memory"], f"the tensor of rank {r} lies in other memory after the call")

    @criterion(
        "with two processes both hold the sum",
        weight=3,
        hint="for each send there must be a recv on the other side; and the sum must travel back",
        timeout_s=RANKS_SECONDS,
    )
    def test_two(self, student, rng):
        self.reduced(student, 2, [[normal(rng, *shape) for _ in range(2)] for shape in [(6,), (3, 5), (2, 2, 3), (2000,)]])

    @criterion("with four processes all hold the sum", weight=3, hint="every number is added once, on one way only", timeout_s=RANKS_SECONDS)
    def test_four(self, student, rng):
        self.reduced(student, 4, [[normal(rng, *shape) for _ in range(4)] for shape in [(8,), (5, 3), (7,)]])

    @criterion(
        "works for any number of processes, and for tensors of any length",
        weight=2,
        hint="three ranks make no pairs; with one rank there is nobody to send to; some chunks may be empty",
        timeout_s=RANKS_SECONDS,
    )
    def test_any(self, student, rng):
        self.reduced(student, 3, [[normal(rng, *shape) for _ in range(3)] for shape in [(4,), (1,), (2,), (1, 7)]])
        self.reduced(student, 1, [[normal(rng, 5)]])

    @criterion("mean=True divides by the number of processes", weight=2, hint="tensor /= dist.get_world_size(), on every rank", timeout_s=RANKS_SECONDS)
    def test_mean(self, student, rng):
        self.reduced(student, 4, [[normal(rng, *shape) for _ in range(4)] for shape in [(9,), (2, 3)]], mean=True)

    @criterion("keeps the dtype: float64 to the last digit, and integers", hint="receive into torch.empty_like(tensor)", timeout_s=RANKS_SECONDS)
    def test_dtypes(self, student, rng):
        wide = [normal(rng, 5, dtype=torch.float64) for _ in range(2)]
        whole = [torch.randint(-1000, 1000, (3, 2), generator=rng) + (1 << 40) for _ in range(2)]
        self.reduced(student, 2, [wide, whole], mean=False)


@exercise("ddp_train_step")
class TestDdpTrainStep:
    def case(self, rng, n, steps, lr, stale=False):
        d, h, k = 3, 4, 2
        params = [normal(rng, d, h, scale=0.5), normal(rng, h, scale=0.5), normal(rng, h, k, scale=0.5)]
        rounds = [[[normal(rng, 3, d), normal(rng, 3)] for _ in range(steps)] for _ in range(n)]
        return {"params": params, "batches": rounds, "lr": lr, "stale": stale}

    def compare(self, student, rng, n, steps, lr, stale=False):
        case = self.case(rng, n, steps, lr, stale)
        ranks = results_of(student, "ddp_train_step", [case], n)
        what = "after a step" if steps == 1 else f"after {steps} steps"
        right, summed, lonely = (ddp_steps(case, n, factor) for factor in (1 / n, 1.0, None))
        for r in range(n):
            for i in range(3):
                mine = ranks[r][0]["params"][i]
                if torch.equal(mine, case["params"][i]):
                    fail(f"parameter {i} of rank {r} of {n} has not changed {what}")
                wrong = not looks_like(mine, right[i])
                if wrong and looks_like(mine, summed[i]):
                    fail(f"parameter {i} of rank {r} of {n} has moved too far {what}: the gradients were added up, but not averaged")
                if wrong and looks_like(mine, lonely[r][i]):
                    fail(f"rank {r} of {n} has taken the step of its own gradient: the others' gradients are not in it")
                assert_close(mine, right[i], what=f"parameter {i} of rank {r} of {n} {what}", **ROUNDING)
        return case, ranks

    @criterion(
        "two processes take the step of the averaged gradient",
        weight=3,
        hint="dist.all_reduce gives the sum; divide by dist.get_world_size()",
        timeout_s=RANKS_SECONDS,
    )
    def test_two(self, student, rng):
        self.compare(student, rng, 2, 1, 0.3)

    @criterion("four processes do so too, step after step", weight=3, hint="for every parameter, on every rank, in every step", timeout_s=RANKS_SECONDS)
    def test_four(self, student, rng):
        self.compare(student, rng, 4, 3, 0.1)

    @criterion("all processes hold the same parameters afterwards", weight=2, hint="every rank makes the step, not rank 0 alone", timeout_s=RANKS_SECONDS)
    def test_equal(self, student, rng):
        case = self.case(rng, 3, 2, 0.2)
        ranks = results_of(student, "ddp_train_step", [case], 3)
        for i in range(3):
            expect(not torch.equal(ranks[0][0]["params"][i], case["params"][i]), f"parameter {i} of rank 0 has not changed")
            for r in (1, 2):
                assert_close(ranks[r][0]["params"][i], ranks[0][0]["params"][i], what=f"parameter {i} of rank {r}, compared with rank 0,", **ROUNDING)

    @criterion(
        "gradients from before do not count; parameters stay leaves in their memory", weight=2, hint="p.grad = None before backward", timeout_s=RANKS_SECONDS
    )
    def test_stale(self, student, rng):
        _, ranks = self.compare(student, rng, 1, 2, 0.2, stale=True)
        expect(ranks[0][0]["same_memory"], "a parameter lies in other memory after the step: it was replaced, not changed")
        expect(ranks[0][0]["leaves"], "a parameter is no longer a leaf that requires a gradient after the step", "no gradient")


def ddp_steps(case, n, factor):
    """The parameters after all steps with the sum of the ranks' gradients times a factor; without one, each rank's alone."""
    if factor is None:
        return [ddp_steps({**case, "batches": [rounds]}, 1, 1.0) for rounds in case["batches"]]
    params = case["params"]
    for step in range(len(case["batches"][0])):
        leaves = [p.detach().clone().requires_grad_() for p in params]
        losses = [squares(small_net(X, leaves), y).mean() for X, y in (rounds[step] for rounds in case["batches"])]
        gradients = torch.autograd.grad(sum(losses), leaves)
        params = [(p - case["lr"] * factor * g).detach() for p, g in zip(leaves, gradients, strict=True)]
    return params


# Servers and pipelines -----------------------------------------------------------------------------------------------


@exercise("ParameterServer")
class TestParameterServer:
    SIZES = [([(2, 3), (4,)], 3), ([(5,)], 1), ([(1, 2), (3, 2), (2,)], 4), ([(2,), (1,)], 5)]

    def cases(self, rng, device):
        for shapes, num_shards in self.SIZES:
            yield [normal(rng, *shape).to(device) for shape in shapes], num_shards

    def shards(self, server, num_shards):
        return tensors_in(server.shards, num_shards, "self.shards")

    @criterion("the shards are all parameters end to end, cut as by tensor_split", weight=2, hint="flatten, cat, tensor_split, clone")
    def test_shards(self, student, rng, device):
        for params, num_shards in self.cases(rng, device):
            server = student.ParameterServer(clones(params), num_shards)
            flat = torch.cat([p.reshape(-1) for p in params])
            for i, (mine, right) in enumerate(zip(self.shards(server, num_shards), torch.tensor_split(flat, num_shards), strict=True)):
                assert_close(mine, right, what=f"shard {i} of {num_shards} for {len(flat)} numbers", rtol=0, atol=0)

    @criterion("pull gives the parameters back in their shapes", weight=2, hint="cat the shards, split by numel, view in the shapes")
    def test_pull(self, student, rng, device):
        for params, num_shards in self.cases(rng, device):
            server = student.ParameterServer(clones(params), num_shards)
            pulled = tensors_in(server.pull(), len(params), "pull()")
            for i, (mine, p) in enumerate(zip(pulled, params, strict=True)):
                assert_close(mine.detach(), p, what=f"parameter {i} of pull()", rtol=0, atol=0)

    @criterion("each push makes one step, at once", weight=3, hint="shard -= lr * its piece of the gradients")
    def test_push(self, student, rng, device):
        for params, num_shards in self.cases(rng, device):
            server = student.ParameterServer(clones(params), num_shards)
            flat = torch.cat([p.reshape(-1) for p in params])
            for push, lr in enumerate((0.3, 0.05, 0.3)):
                grads = [normal(rng, *p.shape).to(device) for p in params]
                given = clones(grads)
                server.push(given, lr)
                g = torch.cat([g.reshape(-1) for g in grads])
                shards = self.shards(server, num_shards)
                uphill, flat = flat + lr * g, flat - lr * g
                if looks_like(torch.cat(shards), uphill) and not looks_like(uphill, flat):
                    fail("push goes up the gradient: the step is minus lr times the gradient")
                for i, (mine, right) in enumerate(zip(shards, torch.tensor_split(flat, num_shards), strict=True)):
                    assert_close(mine, right, what=f"shard {i} of {num_shards} after push number {push + 1}", **ROUNDING)
                for i, (before, after) in enumerate(zip(grads, given, strict=True)):
                    assert_unchanged(before, after, what=f"gradient {i}")

    @criterion("what is pulled shows every push", weight=2, hint="the shards are the only place where the numbers are kept")
    def test_pull_after_push(self, student, rng, device):
        for params, num_shards in self.cases(rng, device):
            seen = student.run(pushed_and_set, params=params, num_shards=num_shards, lr=0.3)
            for i, (mine, p, g) in enumerate(zip(tensors_in(seen["pulled"], len(params), "pull()"), params, seen["grads"], strict=True)):
                assert_close(mine, p - 0.3 * g, what=f"parameter {i} of pull() after a push", **ROUNDING)
            for i, mine in enumerate(tensors_in(seen["zeroed"], len(params), "pull()")):
                expect(not bool(mine.any()), f"parameter {i} of pull() does not come from the shards: after all of them were set to 0 it is not 0")

    @criterion("server, workers and original parameters share no memory", weight=2, hint="clone what comes in, and hand out copies")
    def test_memory(self, student, rng, device):
        for params, num_shards in self.cases(rng, device):
            for who, changed in student.run(changed_by, params=params, num_shards=num_shards).items():
                expect(not changed, who)

    @criterion("pushes change the shards in place; dtypes stay; nothing carries a graph", hint="detach the parameters; shard -= … keeps its memory")
    def test_in_place(self, student, rng, device):
        for dtype in (torch.float64, torch.float32):
            params = [normal(rng, *shape, dtype=dtype).to(device).requires_grad_() for shape in [(2, 3), (4,)]]
            seen = student.run(pushed_in_place, params=params, num_shards=3)
            expect(seen["same_memory"], "the shards lie in other memory after a push: they were replaced, not changed")
            expect(not seen["graph"], "a shard or a pulled parameter requires a gradient or carries a graph", "wrong type")
            for x in [*seen["shards"], *seen["pulled"]]:
                expect(x.dtype == dtype, f"for {str(dtype)[6:]} parameters a shard or what is pulled has dtype {str(x.dtype)[6:]}", "wrong type")
            assert_close(torch.cat([x.reshape(-1) for x in seen["pulled"]]), torch.cat(list(seen["shards"])), what="what is pulled, end to end,")


def pushed_and_set(student, params, num_shards, lr):
    import torch

    server = student.ParameterServer(params, num_shards)
    grads = [torch.randn_like(p) for p in params]
    server.push(grads, lr)
    pulled = [p.clone() for p in server.pull()]
    with torch.no_grad():
        for shard in server.shards:
            shard.zero_()
    return {"grads": grads, "pulled": pulled, "zeroed": list(server.pull())}


def changed_by(student, params, num_shards):
    import torch

    server = student.ParameterServer(params, num_shards)
    differs = lambda a, b: any(not torch.equal(x, y) for x, y in zip(a, b))
    keep = lambda tensors: [t.detach().clone() for t in tensors]
    start = keep(params)
    before = keep(server.shards)
    for p in params:
        p += 1
    by_originals = differs(server.shards, before)
    first, second = server.pull(), server.pull()
    others = keep(second)
    for p in first:
        p += 1
    by_pulled, between = differs(server.shards, before), differs(second, others)
    server.push([torch.ones_like(p) for p in params], 0.5)
    return {
        "what is written into the original parameters changes the server": by_originals,
        "what a worker writes into pulled parameters changes the server": by_pulled,
        "what a worker writes into pulled parameters changes those of another worker": between,
        "a push changes parameters that were pulled before": differs(second, others),
        "a push changes the original parameters": differs([p - 1 for p in params], start) and differs(params, [s + 1 for s in start]),
    }


def pushed_in_place(student, params, num_shards):
    import torch

    server = student.ParameterServer(params, num_shards)
    before = [s.data_ptr() for s in server.shards]
    server.push([torch.randn_like(p) for p in params], 0.3)
    shards, pulled = list(server.shards), list(server.pull())
    same = [s.data_ptr() for s in shards] == before
    graph = any(x.requires_grad for x in (*shards, *pulled))
    return {"same_memory": same, "graph": graph, "shards": [s.detach().clone() for s in shards], "pulled": [p.detach().clone() for p in pulled]}


class Stages:
    """Stages that keep the first column, the number of the sample, and write down their calls."""

    def __init__(self, rng, count, device, width=3, dtype=torch.float32):
        self.calls = []
        self.weights = [normal(rng, width - 1, width - 1, dtype=dtype).to(device) for _ in range(count)]

    def __iter__(self):
        return iter([self.stage(s) for s in range(len(self.weights))])

    def stage(self, s):
        def stage(X):
            expect(isinstance(X, torch.Tensor) and X.ndim == 2, f"stage {s} is called with something that is not a micro-batch", "wrong type")
            self.calls.append((s, [round(float(i)) for i in X[:, 0].detach()]))
            return self.apply(s, X)

        return stage

    def apply(self, s, X):
        expect(X.shape[1] == 1 + len(self.weights[s]), f"stage {s} is called with something that is not a micro-batch", "wrong shape")
        return torch.cat([X[:, :1], torch.tanh(X[:, 1:] @ self.weights[s])], dim=1)

    def plain(self, X):
        for s in range(len(self.weights)):
            X = self.apply(s, X)
        return X


@exercise("pipeline_forward")
class TestPipelineForward:
    # stages, samples, micro-batches
    SIZES = [(3, 8, 4), (2, 7, 3), (4, 5, 2), (1, 4, 4), (3, 6, 1), (2, 5, 5), (2, 1, 1)]

    def run(self, student, rng, S, m, M, device):
        stages = Stages(rng, S, device)
        X = torch.cat([torch.arange(m)[:, None], normal(rng, m, 2)], dim=1).to(device)
        if m == 7:  # not contiguous
            X = X.mT.contiguous().mT
        given = X.clone()
        Y = student.pipeline_forward(list(stages), given, M)
        assert_unchanged(X, given, what="X")
        return stages, X, Y

    @criterion("equals the plain forward pass", weight=2, hint="the stages in their order; torch.cat of the results in the order of the samples")
    def test_values(self, student, rng, device):
        for S, m, M in self.SIZES:
            stages, X, Y = self.run(student, rng, S, m, M, device)
            assert_close(Y, stages.plain(X), what=f"the result of {S} stages with {m} samples in {M} micro-batches", **ROUNDING)

    @criterion("every stage sees every micro-batch once", weight=2, hint="X is cut by torch.tensor_split; a stage never gets the whole batch")
    def test_calls(self, student, rng, device):
        for S, m, M in self.SIZES:
            stages, X, _ = self.run(student, rng, S, m, M, device)
            right = sorted([int(i) for i in part[:, 0]] for part in torch.tensor_split(X, M))
            for s in range(S):
                seen = sorted(samples for stage, samples in stages.calls if stage == s)
                sizes = f"{', '.join(str(len(samples)) for samples in seen)}" or "none"
                if max(map(len, seen), default=0) > max(map(len, right)):
                    fail(f"stage {s} gets {max(map(len, seen))} samples at once, with {m} samples in {M} micro-batches")
                expect(seen == right, f"stage {s} does not see each micro-batch of {m} samples in {M} exactly once: it sees pieces of sizes {sizes}")

    @criterion("goes tick by tick: in tick t stage s works on micro-batch t − s", weight=2, hint="the outer loop runs over ticks, the inner one over stages")
    def test_ticks(self, student, rng, device):
        for S, m, M in self.SIZES:
            stages, X, _ = self.run(student, rng, S, m, M, device)
            number = {int(part[0, 0]): k for k, part in enumerate(torch.tensor_split(X, M))}
            for s, samples in stages.calls:
                expect(len(samples) > 0 and samples[0] in number, f"stage {s} is called with something that is no micro-batch of X")
            ticks = [s + number[samples[0]] for s, samples in stages.calls]
            expect(len(ticks) == S * M, f"{S} stages and {M} micro-batches make {len(ticks)} calls")
            for k in range(1, len(ticks)):
                early = f"stage {stages.calls[k][0]} works on micro-batch {ticks[k] - stages.calls[k][0]} (tick {ticks[k]})"
                expect(ticks[k] >= ticks[k - 1], f"{early} only after something of tick {ticks[k - 1]} was done")

    @criterion("gradients flow back through all stages", hint="no detach, no new tensor into which results are copied without their graph")
    def test_gradients(self, student, rng, device):
        stages = Stages(rng, 2, device, dtype=torch.float64)
        X = torch.cat([torch.arange(3)[:, None], normal(rng, 3, 2, dtype=torch.float64)], dim=1).to(device).requires_grad_()
        assert_gradients(lambda X: student.pipeline_forward(list(stages), X, 2), X, what="pipeline_forward(stages, X, 2)")
