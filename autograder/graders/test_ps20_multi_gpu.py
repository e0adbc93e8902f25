"""Hidden grader of ps20_multi_gpu.

Most functions here write into what they are given, so probes look at them where they run: what was changed, in whose memory, and whether the program is as it
was. Ranks are real processes (`autograder.vocabulary.ranks`); a second GPU is played (`autograder.vocabulary.devices`).
"""

import math

import torch

from autograder import assert_close, assert_gradients, assert_shape, assert_unchanged, case, criterion, exercise, expect, fail
from autograder.judge.reasons import Finding
from autograder.vocabulary.devices import assert_devices_apart
from autograder.vocabulary.program import assert_left_alone
from autograder.vocabulary.ranks import RANKS_SECONDS, results_on_ranks
from autograder.vocabulary.slip import alike
from solutions.ps20_multi_gpu import multi_gpu as reference

ROUNDING = {"rtol": 1e-4, "atol": 1e-5}  # float32 sums in any order
AGAIN = "gives the same when it is called again, and leaves the program as it was"


def clones(tensors):
    return [t.clone() for t in tensors]


def tensors_in(value, count, what):
    """`value` is a list of so many tensors."""
    expect(isinstance(value, list | tuple), f"{what} should be a list of tensors", "wrong type")
    expect(len(value) == count, f"{what}: there are {len(value)} of them, {count} were expected", "wrong shape")
    expect(all(isinstance(t, torch.Tensor) for t in value), f"{what} should be a list of tensors", "wrong type")
    return list(value)


def assert_right(mine, right, what, slips=None, follows=False, **tolerances):
    """`mine` is the tensor `right`. slips: {what else could be said of it: the tensor that it would be then}. follows: other criteria are about that."""
    try:
        assert_close(mine, right, what=what, **{**ROUNDING, **tolerances})
    except Finding as finding:
        finding.follows = follows
        named = [words for words, other in (slips or {}).items() if alike(mine, other) and not alike(right, other)]
        finding.message, finding.named = (f"{what} {named[0]}", named[0]) if named else (finding.message, "")
        raise


# What a machine can do -------------------------------------------------------------------------------------------------

roofline = case(
    reference.kernel_time, lambda draw, *given: given, gives=("the seconds", "what bounds them"), rtol=1e-6, atol=0.0,
    sizes=[(60.0, 8.0, 3.0, 2.0), (7e9, 2e9, 1e13, 5e11), (5e12, 2e9, 1e13, 5e11), (4.0, 9.0, 5.0, 7.0), (9.0, 4.0, 5.0, 7.0), (50, 90, 4, 8)],
)  # fmt: skip
seconds = roofline.only(
    "the seconds",
    slips={
        "both times are added up: the device computes and moves at once": lambda f, b, peak, width: f / peak + b / width,
        "the shorter time is taken": lambda f, b, peak, width: min(f / peak, b / width),
        "only computing is counted": lambda f, b, peak, width: f / peak,
        "only moving is counted": lambda f, b, peak, width: b / width,
        "peak and bandwidth are exchanged": lambda f, b, peak, width: max(f / width, b / peak),
        "milliseconds are given": lambda f, b, peak, width: 1000 * max(f / peak, b / width),
    },
)
bound = roofline.only("what bounds them")


@exercise("kernel_time")
class TestKernelTime:
    test_seconds = seconds.agrees("the seconds are the longer of computing and moving", 2, "max(flops / peak, num_bytes / bandwidth)")

    @criterion("says which of the two it is", weight=2, hint='"compute" if flops / peak >= num_bytes / bandwidth else "memory"')
    def test_bound(self, student, draw):
        asked = bound.ask(student, bound.drawn(draw))
        turned = all(mine in ("compute", "memory") and mine != reference.kernel_time(*given)[1] for given, mine in asked)
        expect(not turned, "the two words are exchanged: is it operations a byte, and not bytes an operation, that is compared?")
        for given, mine in asked:
            right = reference.kernel_time(*given)[1]
            expect(isinstance(mine, str), "what bounds them should be a string", "wrong type")
            expect(mine == right, f"kernel_time{given} says {mine[:20]!r}")

    @criterion("says compute where both take equally long", weight=1, hint=">=, not >")
    def test_tie(self, student):
        for given in ((12, 8, 3.0, 2.0), (5.0, 5.0, 4.0, 4.0), (0, 0, 3.0, 2.0)):
            result = student.kernel_time(*given)
            expect(alike(roofline.pick(result, 0), reference.kernel_time(*given)[0]), f"the seconds of kernel_time{given} are wrong", follows=True)
            expect(result[1] == "compute", f"kernel_time{given}, where both take equally long, says {str(result[1])[:20]!r}")

    test_nothing = roofline.agrees(
        "works for no bytes and for no operations",
        1,
        "divide by peak and bandwidth only",
        [(7, 0, 2.0, 4.0), (0, 5, 3.0, 2.0), (0.0, 1e9, 1e13, 5e11)],
        follows=True,
    )
    test_again = roofline.again(sizes=((60.0, 8.0, 3.0, 2.0), (6.0, 8.0, 3.0, 2.0)))


def tiled(m, k, n, itemsize, tile, count=lambda size, tile: -(-size // tile), exchanged=False, written=1):
    """Bytes of a tiled product, or with a slip in it."""
    rows, columns = count(m, tile), count(n, tile)
    rows, columns = (columns, rows) if exchanged else (rows, columns)
    return itemsize * (m * k * columns + k * n * rows + written * m * n)


matmul_bytes = case(
    reference.matmul_bytes, lambda draw, *given: given, rtol=0.0, atol=0.0,
    sizes=[(6, 4, 9, 4, 3), (8, 5, 2, 2, 2), (12, 7, 4, 8, 4), (1024, 1024, 512, 4, 64)],
    slips={
        "A is read once for each row of tiles and B once for each column; it is the other way round": lambda *given: tiled(*given, exchanged=True),
        "C is forgotten": lambda *given: tiled(*given, written=0),
        "C is read and written": lambda *given: tiled(*given, written=2),
        "the size of a tile is squared": lambda m, k, n, itemsize, tile: tiled(m, k, n, itemsize, tile**2),
        "tiles at the edges are forgotten": lambda *given: tiled(*given, count=lambda size, tile: size // tile),
        "the number of tiles is not rounded": lambda *given: tiled(*given, count=lambda size, tile: size / tile),
        "numbers are counted, and not bytes": lambda m, k, n, itemsize, tile: tiled(m, k, n, 1, tile),
        "A and B are read once only": lambda m, k, n, itemsize, tile: tiled(m, k, n, itemsize, max(m, n)),
        "tiles do not matter: every number of C reads its own row and column": lambda m, k, n, itemsize, tile: tiled(m, k, n, itemsize, 1),
    },
)  # fmt: skip


@exercise("matmul_bytes")
class TestMatmulBytes:
    test_values = matmul_bytes.agrees(
        "counts the bytes where tiles divide the sizes", 3, "itemsize * (m * k * columns of tiles + k * n * rows of tiles + m * n)", follows=False
    )
    test_edges = matmul_bytes.agrees(
        "counts the tiles at the edges, which are smaller", 2, "math.ceil(n / tile), or -(-n // tile)",
        [(3, 2, 5, 4, 2), (7, 4, 2, 2, 3), (10, 3, 11, 4, 4), (5, 6, 9, 1, 7)],
        follows=True,
    )  # fmt: skip
    test_extremes = matmul_bytes.agrees(
        "works for tiles of 1, and for tiles larger than the matrix", 1, "rounding up gives one tile where it is larger",
        [(3, 2, 5, 4, 1), (3, 2, 5, 4, 8), (1, 6, 1, 2, 5)],
        follows=True,
    )  # fmt: skip

    @criterion("is an int, exact for large matrices too", weight=1, hint="-(-n // tile) needs no floats", hint_for=("wrong type", "wrong value"))
    def test_exact(self, student):
        small, large = (30, 4, 7, 2, 4), (10**9 + 7, 10**8 + 3, 10**9 + 9, 8, 10**3 + 1)
        for given, result in zip((small, large), student.matmul_bytes.each([small, large]), strict=True):
            matmul_bytes.compare([(given, result)], [f"matmul_bytes{given}"], follows=given is small)
            expect(type(result) is int, f"matmul_bytes{given} is no int", "wrong type")
            expect(result == reference.matmul_bytes(*given), f"matmul_bytes{given} is not exact")

    test_again = matmul_bytes.again(sizes=((6, 4, 9, 4, 3), (8, 5, 2, 2, 2)))


# One batch, many devices ---------------------------------------------------------------------------------------------

PARAMETERS = ([(3, 5), (5,)], [(2, 3, 4)], [(1,), (4, 1), (6,), (2, 7)])


def parameters(draw):
    for shapes in PARAMETERS:
        yield [draw.normal(*shape).requires_grad_(i % 2 == 0) for i, shape in enumerate(shapes)]


@exercise("get_params")
class TestGetParams:
    @criterion("copies all parameters, in order, with their shapes, dtypes and values", weight=2, hint="one new tensor for each p of params")
    def test_values(self, student, draw, device):
        for params in parameters(draw):
            params = [p.detach() for p in params]
            copies = tensors_in(student.get_params(clones(params), device), len(params), "get_params(params, device)")
            assert_close([c.detach() for c in copies], params, what="get_params(params, device)", rtol=0, atol=0)
        double = [draw.float64.normal(4, 3), draw.normal(3, 4).T]
        copies = tensors_in(student.get_params(clones(double), device), 2, "get_params(params, device)")
        assert_close([c.detach() for c in copies], double, what="the copies of a float64 and of a transposed parameter", rtol=0, atol=0)

    @criterion(
        "the copies are leaves that require a gradient",
        weight=2,
        hint="p.clone() of a parameter that requires a gradient is a result, not a leaf: detach first, requires_grad_() last",
    )
    def test_leaves(self, student, draw):
        for params in parameters(draw):
            for place, where in (("cpu", ""), ("meta", " on another device")):  # "meta" is a device without memory, which every machine has
                for i, seen in enumerate(student.run(copies_of, params=params, device=place)["copies"]):
                    expect(seen["requires_grad"], f"copy {i}{where} does not require a gradient", "no gradient")
                    kind = "requires a gradient" if params[i].requires_grad else "does not require a gradient"
                    expect(seen["leaf"], f"the copy{where} of a parameter that {kind} is not a leaf: its .grad would stay None", "no gradient")

    @criterion("every copy has memory of its own", weight=2, hint="to(device) and detach() hand back the same memory; clone() makes new memory")
    def test_memory(self, student, draw):
        for params in parameters(draw):
            seen = student.run(copies_of, params=params, device="cpu")
            for i, copy in enumerate(seen["copies"]):
                expect(copy["place"] not in seen["originals"], f"copy {i} shares its memory with the original: what one device writes, the other one sees")
            first, second = ([copy["place"] for copy in seen[name]] for name in ("copies", "second"))
            expect(not set(first) & set(second), "the copies of two calls share their memory: two devices would write into the same place")
            expect(len(set(first)) == len(first), "two of the copies share their memory")

    @criterion("the originals stay as they are", hint="requires_grad_() on the original changes the original")
    def test_unchanged(self, student, draw):
        for params in parameters(draw):
            for i, (seen, p) in enumerate(zip(student.run(copies_of, params=params, device="cpu")["after"], params, strict=True)):
                assert_unchanged(p, seen["value"], what=f"parameter {i}")
                expect(seen["requires_grad"] == p.requires_grad, f"requires_grad of the original parameter {i} was changed by the call")
                expect(seen["grad"], f"the gradient of the original parameter {i} was cleared or changed by the call")

    @criterion("the copies are on the device asked for", hint=".to(device)")
    def test_device(self, student, draw, device):
        for params in parameters(draw):
            for place in (device, "meta"):
                for i, seen in enumerate(student.run(copies_of, params=params, device=place)["copies"]):
                    expect(seen["device"] == place, f"copy {i} is on {seen['device']} where {place} was asked for", "wrong type")

    test_again = case(reference.get_params, lambda draw, shapes=((2, 3), (4,)): ([draw.normal(*shape) for shape in shapes], draw.device)).again(
        title=AGAIN, sizes=[(), (((5,), (2, 2), (3,)),)]
    )


def copies_of(student, params, device):
    import torch

    originals = [p.data_ptr() for p in params]
    for p in params:
        p.grad = torch.ones_like(p) if p.requires_grad else None
    show = lambda copies: [
        {"leaf": c.is_leaf, "requires_grad": c.requires_grad, "place": c.data_ptr() if c.device.type != "meta" else 0, "device": c.device.type} for c in copies
    ]
    first, second = student.get_params(params, device), student.get_params(params, device)
    kept = [(p.grad is None) != p.requires_grad and (p.grad is None or bool((p.grad == 1).all())) for p in params]
    after = [{"value": p.detach().clone(), "requires_grad": p.requires_grad, "grad": grad} for p, grad in zip(params, kept)]
    return {"copies": show(first), "second": show(second), "originals": originals, "after": after}


def batch(draw, m=7, shape=(3,), n=3):
    """m samples of a shape with labels, and n times one device. Samples of more than one dimension are not contiguous."""
    X = draw.normal(m, *shape)
    return X.mT.contiguous().mT if len(shape) > 1 else X, draw.integers(0, 1000, m), [draw.device] * n


def cut_apart(cut):
    """A slip: both are cut by `cut`."""
    return lambda X, y, devices: (list(cut(X, len(devices))), list(cut(y, len(devices))))


split_batch = case(
    reference.split_batch,
    batch,
    [(7, (3,), 3), (8, (2, 5), 4), (5, (4,), 4), (1, (6,), 1), (11, (1, 4, 3), 2), (13, (2,), 5)],
    gives=("X_shards", "y_shards"),
)


def sizes_said(shards):
    return ", ".join(str(len(shard)) for shard in shards)


@exercise("split_batch")
class TestSplitBatch:
    def cut(self, student, arguments):
        """(X_shards, y_shards) for copies of the arguments."""
        X, y, devices = arguments
        result = student.split_batch(X.clone(), y.clone(), devices)
        pair = isinstance(result, list | tuple) and len(result) == 2 and all(isinstance(part, list | tuple) for part in result)
        expect(pair, "split_batch should return two lists, (X_shards, y_shards)", "wrong type")
        return tensors_in(result[0], len(devices), "the shards of X"), tensors_in(result[1], len(devices), "the shards of y")

    @criterion("every sample is in exactly one shard, in order", weight=2, hint="torch.tensor_split(X, len(devices))")
    def test_order(self, student, draw):
        for arguments in split_batch.drawn(draw):
            X, _, devices = arguments
            together = torch.cat(self.cut(student, arguments)[0])
            many = f"{len(X)} samples on {len(devices)} devices"
            expect(len(together) == len(X), f"the shards of {many} hold {len(together)} samples together", "wrong shape")
            assert_close(together, X, what=f"the shards of X for {many}, put together again,", rtol=0, atol=0)

    @criterion("sizes differ by at most one, longer shards first", weight=2, hint="torch.chunk cuts 5 samples for 4 devices into 2, 2, 1")
    def test_sizes(self, student, draw):
        for X, y, devices in split_batch.drawn(draw):
            shards = self.cut(student, (X, y, devices))[0]
            right = [len(shard) for shard in torch.tensor_split(X, len(devices))]
            expect([len(s) for s in shards] == right, f"{len(X)} samples on {len(devices)} devices are cut into {sizes_said(shards)}", "wrong shape")

    @criterion("samples and labels are cut at the same places", weight=2, hint="cut y exactly as X")
    def test_labels(self, student, draw):
        for X, y, devices in split_batch.drawn(draw):
            for i, (samples, labels) in enumerate(zip(*self.cut(student, (X, y, devices)), strict=True)):
                expect(len(samples) == len(labels), f"shard {i} has {len(samples)} samples and {len(labels)} labels", "wrong shape")
                rows = [(x == X).flatten(1).all(dim=1).nonzero().flatten().tolist() for x in samples]
                expect(all(len(row) == 1 for row in rows), f"shard {i} of X has a sample that is not in the batch")
                assert_close(labels, y[[row[0] for row in rows]], what=f"the labels of shard {i}")

    @criterion("more devices than samples: the last shards are empty", hint="tensor_split gives empty pieces, with the right shape")
    def test_empty(self, student, draw):
        for m, n in [(2, 3), (1, 4), (3, 5)]:
            X_shards, y_shards = self.cut(student, batch(draw, m, (3, 2), n))
            for i in range(n):
                assert_shape(X_shards[i], (int(i < m), 3, 2), what=f"shard {i} of X for {m} samples on {n} devices")
                assert_shape(y_shards[i], (int(i < m),), what=f"shard {i} of y for {m} samples on {n} devices")

    @criterion("each shard is on its device", weight=2, hint="shard.to(device), with the device of its own place in the list")
    def test_devices(self, student, draw, device):
        X, y, _ = batch(draw)
        # "meta" stands for the second GPU.
        for devices in ([device, "meta"], ["meta", device, "meta"], ["meta"]):
            for name, places in student.run(places_of_shards, X=X, y=y, devices=devices).items():
                for i, (seen, place) in enumerate(zip(places, devices, strict=False)):
                    expect(seen == place, f"shard {i} of {name} is on {seen}, its device is {place}", "wrong type")

    @criterion("keeps dtypes, and leaves the batch as it is", hint="cut and move; nothing is computed")
    def test_unchanged(self, student, draw, device):
        X, y = draw.float64.normal(6, 4), draw.normal(6, 2)
        given = (X.clone(), y.clone())
        for name, T, shards in zip(("X", "y"), (X, y), student.split_batch(*given, [device] * 2), strict=True):
            for shard in tensors_in(shards, 2, f"the shards of {name}"):
                expect(shard.dtype == T.dtype, f"a shard of {name} has dtype {str(shard.dtype)[6:]}, {name} has {str(T.dtype)[6:]}", "wrong type")
                expect(shard.shape[1:] == T.shape[1:], f"a shard of {name} {tuple(T.shape)} has shape {tuple(shard.shape)}", "wrong shape")
        assert_unchanged(X, given[0], what="X")
        assert_unchanged(y, given[1], what="y")

    test_again = split_batch.again(title=AGAIN, sizes=[(7, (3,), 3), (7, (3,), 3), (10, (2,), 3)])


def places_of_shards(student, X, y, devices):
    X_shards, y_shards = student.split_batch(X, y, [torch.device(d) for d in devices])
    return {"X": [s.device.type for s in X_shards], "y": [s.device.type for s in y_shards]}


LISTS = [(2, (3,)), (3, (4, 2)), (4, (5,)), (1, (2, 3)), (5, (1, 2, 2))]  # devices, shape


def lists(draw):
    return [[draw.normal(*shape) for _ in range(n)] for n, shape in LISTS]


def sum_slips(data):
    """What else a tensor may hold after an all-reduce."""
    n, total = len(data), sum(data)
    return {
        "holds the mean, the sum was asked for": total / n,
        "holds the sum with the first tensor counted twice": total + data[0],
        **{f"holds what tensor {j} held before, and not the sum": x for j, x in enumerate(data) if n > 1},
        **{f"holds {factor} times the sum": factor * total for factor in (2, n) if n > 1},
        **{f"holds the sum of the first {j} tensors only": sum(data[:j]) for j in range(2, n)},
    }


@exercise("allreduce")
class TestAllreduce:
    @criterion("the list holds the sum of all, in every place", weight=2, hint="each tensor is added once", hint_for=("wrong value",))
    def test_list(self, student, draw):
        for data in lists(draw):
            after = student.run(reduced, data=data)["list"]
            for i, x in enumerate(tensors_in(after, len(data), "the list after allreduce")):
                assert_right(x, sum(data), f"entry {i} of the list of {len(data)} tensors", sum_slips(data))

    @criterion(
        "the tensors themselves change, under whatever name the caller has them",
        weight=3,
        hint="data[i] = total puts another tensor into the list; data[i].copy_(total) writes into the tensor",
    )
    def test_in_place(self, student, draw):
        for data in lists(draw):
            seen = student.run(reduced, data=data)
            for i, x in enumerate(seen["tensors"]):
                if len(data) > 1 and torch.equal(x, data[i]) and alike(seen["list"][i], sum(data)):
                    fail(f"tensor {i} has not changed: the sum was put into the list in its place, where the owner of the tensor does not see it")
                assert_right(x, sum(data), f"tensor {i} of {len(data)} after allreduce", sum_slips(data))

    @criterion("each tensor keeps its memory, and shares none", hint="x.data = total makes all of them one tensor; copy_ copies numbers")
    def test_memory(self, student, draw):
        for data in lists(draw):
            seen, n = student.run(reduced, data=data), len(data)
            expect(n == 1 or any(not torch.equal(x, y) for x, y in zip(seen["tensors"], data, strict=True)), "no tensor has changed")
            for i, (before, after) in enumerate(zip(seen["before"], seen["after"], strict=True)):
                expect(before == after, f"tensor {i} lies in other memory after the call")
            expect(len(set(seen["after"])) == n, "after the call two tensors share their memory: what one device writes, the other one sees")

    @criterion("any dtype and layout, float64 to the last digit", hint="add and copy; no new tensor of a fixed dtype")
    def test_dtypes(self, student, draw):
        wide = [draw.float64.normal(3, 4) for _ in range(3)]
        whole = [draw.integers(-1000, 1000, 6) + (1 << 60) // 4 for _ in range(3)]
        turned = [draw.normal(4, 3).T for _ in range(2)]
        for data, name in ((wide, "float64"), (whole, "int64"), (turned, "transposed")):
            for i, x in enumerate(tensors_in(student.run(reduced, data=data)["list"], len(data), "the list after allreduce")):
                assert_close(x, sum(data), what=f"{name} tensor {i} after allreduce")

    @criterion(
        "moves a tensor to the other's device before it adds the two",
        weight=2,
        hint="x.to(data[0].device) before the addition; copy_ moves by itself",
        hint_for=("crashed",),
    )
    def test_devices(self, student, draw, device):
        data = [draw.normal(2, 3).cpu() for _ in range(3)]
        changed = zip(student.run(reduced, data=data)["tensors"], data, strict=True)
        expect(any(not torch.equal(x, y) for x, y in changed), "no tensor has changed")
        assert_devices_apart(student, "allreduce", reduced_on_devices, data=data)
        if device == "cuda":
            mixed = [x.to(place) for x, place in zip(data, ("cuda", "cpu", "cuda"), strict=True)]
            student.allreduce(mixed)
            for i, x in enumerate(mixed):
                assert_close(x.cpu(), sum(data), what=f"tensor {i} of three on two devices", **ROUNDING)

    @criterion(AGAIN, hint="keep nothing from one call for the next, and switch nothing for the whole program")
    def test_again(self, student, draw):
        calls = [[draw.normal(2, 3) for _ in range(n)] for n in (2, 4, 3)]
        seen = student.run(reduced_in_turn, calls=calls)
        assert_left_alone(seen["program"], "allreduce")
        for k, (data, after) in enumerate(zip(calls, seen["lists"], strict=True)):
            for i, x in enumerate(tensors_in(after, len(data), "the list after allreduce")):
                assert_right(x, sum(data), f"tensor {i} of {len(data)}, at call {k + 1},", sum_slips(data), follows=k == 0)


def reduced(student, data):
    names = list(data)
    before = [x.data_ptr() for x in names]
    student.allreduce(data)
    return {"list": list(data), "tensors": [x.clone() for x in names], "before": before, "after": [x.data_ptr() for x in names]}


def reduced_in_turn(student, calls):
    import torch

    kept = [list(data) for data in calls]
    for data in calls:
        student.allreduce(data)
    return {"lists": kept, "program": [torch.is_grad_enabled(), str(torch.get_default_dtype())]}


def reduced_on_devices(student, data, place):
    tensors = [place(x, i) for i, x in enumerate(data["data"])]
    return list(enumerate(tensors)), lambda: student.allreduce(list(tensors)), {}


# A step on many devices ----------------------------------------------------------------------------------------------


def small_net(X, params):
    """Another network than that of the notebook: three parameters, and gradients that no two samples share."""
    W, b, V = params
    return torch.tanh(X @ W + b) @ V


def squares(scores, y):
    """One loss a sample."""
    return ((scores - y[:, None]) ** 2).sum(dim=1)


def small_params(draw, d=4, h=5, k=3):
    return [draw.normal(d, h, scale=0.5), draw.normal(h, scale=0.5), draw.normal(h, k, scale=0.5)]


def big_batch_step(X, y, params, lr, steps=1):
    """The parameters after so many steps of one device with the whole batch."""
    for _ in range(steps):
        leaves = [p.detach().clone().requires_grad_() for p in params]
        gradients = torch.autograd.grad(squares(small_net(X, leaves), y).mean(), leaves)
        params = [(p - lr * g).detach() for p, g in zip(leaves, gradients, strict=True)]
    return params


def step_slips(X, y, params, n, lr, steps, r):
    """{where else the parameters of device r may have gone: the parameters}"""
    m, shards = len(X), list(zip(torch.tensor_split(X, n), torch.tensor_split(y, n), strict=True))
    slips = {}
    if n > 1:
        alone = big_batch_step(*shards[r], params, lr * len(shards[r][0]) / m, steps) if len(shards[r][0]) else params
        slips["has moved by the gradient of its own shard alone"] = alone
    if steps > 1:
        return slips
    factors = {
        f"has moved {m} times too far: the mean over all {m} samples is missing": m,
        f"has moved {n} times too far, once for every device": n,
        f"has moved by 1/{n} of what it should: it is divided by the number of devices once too often": 1 / n,
        "has moved up the gradient: the step is minus lr times the gradient": -1,
    }
    slips |= {words: big_batch_step(X, y, params, factor * lr) for words, factor in factors.items()}
    if m >= n > 1:
        means = [big_batch_step(*shard, params, lr) for shard in shards]
        words = "has moved by the mean of the shards' means: samples of a short shard count more"
        slips[words] = [sum(moved) / n for moved in zip(*means, strict=True)]
        slips["has moved by the gradient of the first shard alone"] = big_batch_step(*shards[0], params, lr * len(shards[0][0]) / m)
        slips["has moved by the sum of the shards' means; the mean over the whole batch is asked for"] = [
            p + sum(each - p for each in moved) for p, *moved in zip(params, *means, strict=True)
        ]
    return slips


def split_here(X, y, devices):
    """What the student's split_batch should do: called back while train_batch is marked."""
    return reference.split_batch(X, y, devices)


def allreduce_here(data):
    reference.allreduce(data)


@exercise("train_batch")
class TestTrainBatch:
    def case(self, draw, m):
        return draw.normal(m, 4), draw.normal(m), small_params(draw)

    def step(self, student, X, y, params, n, lr, steps=1):
        return student.run(trained, X=X, y=y, params=params, n=n, lr=lr, steps=steps, split=split_here, allreduce=allreduce_here)

    def compare(self, student, draw, m, n, lr=0.2, steps=1, what=""):
        X, y, params = self.case(draw, m)
        right = big_batch_step(X, y, params, lr, steps)
        seen = self.step(student, X, y, params, n, lr, steps)
        what = what or f"after a step with {m} samples on {n} device{'s' if n > 1 else ''}"
        for r, copies in enumerate(seen["params"]):
            slips = step_slips(X, y, params, n, lr, steps, r)
            for i, (mine, p) in enumerate(zip(tensors_in(copies, 3, f"the parameters of device {r}"), right, strict=True)):
                if torch.equal(mine, params[i]):
                    fail(f"parameter {i} of device {r} has not changed {what}")
                assert_right(mine, p, f"{what}, parameter {i} of device {r}", {words: others[i] for words, others in slips.items()})

    @criterion(
        "one step equals the step of one device with the whole batch",
        weight=4,
        hint="the sum of the losses of a shard; all-reduce the gradients; divide by the size of the whole batch, once",
    )
    def test_step(self, student, draw):
        for m, n, lr in [(6, 2, 0.3), (8, 4, 0.05), (3, 1, 0.2)]:
            self.compare(student, draw, m, n, lr)

    @criterion("every sample counts alike when the shards differ in size", weight=3, hint="no mean over a shard: one of them may even be empty")
    def test_uneven(self, student, draw):
        for m, n in [(7, 3), (5, 4), (2, 3), (1, 2)]:
            self.compare(student, draw, m, n)

    @criterion("all copies of a parameter move alike", weight=2, hint="the step is made on every device, with the same gradient")
    def test_equal(self, student, draw):
        for m, n in [(6, 3), (5, 2)]:
            X, y, params = self.case(draw, m)
            copies = self.step(student, X, y, params, n, 0.2, steps=2)["params"]
            for i in range(3):
                expect(not torch.equal(copies[0][i], params[i]), f"parameter {i} of device 0 has not changed after two steps")
                for r in range(1, n):
                    assert_close(copies[r][i], copies[0][i], what=f"parameter {i} of device {r}, compared with device 0,", **ROUNDING)

    @criterion("gradients of earlier steps do not count", weight=2, hint="p.grad = None on all devices before backward", hint_for=("wrong value",))
    def test_cleared(self, student, draw):
        for m, n in [(6, 2), (5, 3)]:
            self.compare(student, draw, m, n, lr=0.1, steps=3, what="after three steps in a row")

    @criterion("each device works on its own shard, with its own parameters", weight=2, hint="net(X_shard, params) once for each device")
    def test_shards(self, student, draw):
        for m, n in [(6, 3), (7, 2)]:
            X, y, params = self.case(draw, m)
            calls = self.step(student, X, y, params, n, 0.2)["calls"]
            expect(len(calls) > 0, "the function net of the notebook is not called")
            sizes = [len(shard) for shard in torch.tensor_split(X, n)]
            for r, samples in calls:
                expect(r >= 0, "net is called with parameters that belong to no device")
                expect(samples <= sizes[r], f"net is called with {samples} samples on device {r}, whose shard has {sizes[r]}")
            for r in range(n):
                expect(any(place == r for place, _ in calls), f"nothing is computed with the parameters of device {r}")

    @criterion("parameters change in place, and stay leaves", weight=2, hint="p -= lr / len(X) * p.grad under torch.no_grad()")
    def test_in_place(self, student, draw):
        X, y, params = self.case(draw, 5)
        seen = self.step(student, X, y, params, 2, 0.2)
        expect(any(not torch.equal(p, q) for p, q in zip(seen["params"][0], params, strict=True)), "the parameters have not changed")
        expect(seen["same_memory"], "a parameter lies in other memory after the step: it was replaced, not changed")
        expect(seen["leaves"], "a parameter is no longer a leaf that requires a gradient after the step", "no gradient")
        assert_unchanged(X, seen["X"], what="X")
        assert_unchanged(y, seen["y"], what="y")

    @criterion("never computes with tensors of two devices at once", hint="shard, parameters and labels of a device are all there already")
    def test_devices(self, student, draw):
        X, y, params = (value.cpu() if isinstance(value, torch.Tensor) else [p.cpu() for p in value] for value in self.case(draw, 5))
        copies = self.step(student, X, y, params, 2, 0.2)["params"]
        expect(any(not torch.equal(p, q) for p, q in zip(copies[0], params, strict=True)), "the parameters have not changed")
        assert_devices_apart(student, "train_batch", trained_on_devices, params=params, X=X, y=y, n=2)

    @criterion("leaves the program as it was", hint="with torch.no_grad(): ends by itself; torch.set_grad_enabled(False) stays")
    def test_program(self, student, draw):
        X, y, params = self.case(draw, 5)
        seen = self.step(student, X, y, params, 2, 0.2)
        expect(any(not torch.equal(p, q) for p, q in zip(seen["params"][0], params, strict=True)), "the parameters have not changed")
        assert_left_alone(seen["program"], "train_batch")


def trained(student, X, y, params, n, lr, steps, split, allreduce):
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
    torch.set_grad_enabled(True)  # whatever an earlier call has left
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
        "program": [torch.is_grad_enabled(), str(torch.get_default_dtype())],
    }


def trained_on_devices(student, data, place):
    import torch

    n = data["n"]
    copies = [[place(p, i).requires_grad_() for p in data["params"]] for i in range(n)]

    def net(X, params):
        W, b, V = params
        return torch.tanh(X @ W + b) @ V

    def loss(scores, y):
        return ((scores - y[:, None]) ** 2).sum(dim=1)

    def cut(X, y, devices):
        return tuple([place(t, i) for i, t in enumerate(torch.tensor_split(T.inner, n))] for T in (X, y))

    def add(tensors):
        total = sum(x.inner for x in tensors)
        for x in tensors:
            x.inner.copy_(total)

    def act():
        student.train_batch(place(data["X"], -1), place(data["y"], -1), copies, [torch.device("meta", i) for i in range(n)], 0.1)

    return [(i, p) for i, group in enumerate(copies) for p in group], act, {"net": net, "loss": loss, "split_batch": cut, "allreduce": add}


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


def chunks_said(mine, right, n):
    """Which chunks of a tensor are not what they should be, where some are: " (chunk 1 of 3 is wrong)"."""
    if not isinstance(mine, torch.Tensor) or mine.shape != right.shape:
        return ""
    pairs = [pair for pair in zip(torch.tensor_split(mine, n), torch.tensor_split(right, n), strict=True) if len(pair[0])]
    wrong = [str(c) for c, pair in enumerate(pairs) if not alike(*pair)]
    return (
        f" (only chunk{'s' if len(wrong) > 1 else ''} {', '.join(wrong)} of {n} {'are' if len(wrong) > 1 else 'is'} wrong)"
        if 0 < len(wrong) < len(pairs)
        else ""
    )


@exercise("ring_allreduce")
class TestRingAllreduce:
    SIZES = [(3, 7), (4, 8), (2, 5), (5, 13)]

    def ring(self, student, draw, n, length, carry=None):
        before = [draw.normal(length) for _ in range(n)]
        after, wire = clones(before), Wire(n, carry)
        student.ring_allreduce(list(after), wire.send)
        return before, after, wire

    def assert_sums(self, before, after, follows=False):
        n, length = len(before), len(before[0])
        for r in range(n):
            if n > 1 and length and torch.equal(after[r], before[r]):
                raise Finding(f"the tensor of rank {r} of {n} has not changed", follows=follows)
            seen = chunks_said(after[r], sum(before), n)
            assert_right(after[r], sum(before), f"the tensor of rank {r} of {n}, with {length} numbers{seen},", sum_slips(before), follows)

    @criterion("every rank holds the sum of all", weight=3, hint="follow rank 0 through the table above the cell with your indices", hint_for=("wrong value",))
    def test_sum(self, student, draw):
        for n, length in self.SIZES:
            before, after, _ = self.ring(student, draw, n, length)
            self.assert_sums(before, after)

    @criterion("works for fewer numbers than ranks, and for one rank", weight=2, hint="torch.tensor_split gives n chunks, empty ones too")
    def test_short(self, student, draw):
        for n, length in [(4, 2), (5, 1), (3, 3), (1, 6)]:
            before, after, wire = self.ring(student, draw, n, length)
            self.assert_sums(before, after)
            expect(n > 1 or not wire.messages, "one rank alone has sent a message")

    @criterion("each rank sends 2 (n − 1) messages, all to the same neighbour", weight=3, hint="rank r sends to rank (r + 1) % n in every step")
    def test_messages(self, student, draw):
        for n, length in self.SIZES:
            _, _, wire = self.ring(student, draw, n, length)
            expect(len(wire.messages) > 0, "no message was sent: what a rank learns of the others must come through send")
            strides = {(dst - src) % n for src, dst, _ in wire.messages}
            expect(0 not in strides, "a rank sends to itself")
            expect(len(strides) == 1 and strides <= {1, n - 1}, f"with {n} ranks some messages go to other ranks than the neighbour in the ring")
            for r in range(n):
                count = sum(src == r for src, _, _ in wire.messages)
                expect(count == 2 * (n - 1), f"with {n} ranks rank {r} sends {count} messages")

    @criterion("each message carries about 1/n of the tensor", weight=3, hint="a message is one chunk; each chunk travels 2 (n − 1) times")
    def test_bytes(self, student, draw):
        for n, length in self.SIZES:
            _, _, wire = self.ring(student, draw, n, length)
            sizes = [size for *_, size in wire.messages]
            whole, seen = 4 * length, f"with {n} ranks, each with {length} numbers of 4 bytes,"  # float32
            largest, total = max(sizes, default=0), sum(sizes)
            expect(largest <= 4 * math.ceil(length / n), f"{seen} one message carries {largest} bytes")
            expect(total <= 2 * (n - 1) * whole, f"{seen} {total} bytes are sent in all; fewer will do")
            expect(total == 2 * (n - 1) * whole, f"{seen} only {total} bytes are sent in all; the sum cannot be known everywhere")

    @criterion("what a rank learns of the others comes through send", weight=2, hint="add and write what send returns, not the chunk of the other rank")
    def test_wire(self, student, draw):
        for n, length in [(3, 7), (4, 5)]:
            # On a wire that loses everything each number is the rank's own, or what arrived: zero.
            before, after, wire = self.ring(student, draw, n, length, carry=torch.zeros_like)
            expect(len(wire.messages) > 0, "no message was sent")
            for r in range(n):
                known = torch.isclose(after[r], before[r]) | (after[r] == 0)
                expect(bool(known.all()), f"rank {r} knows numbers of other ranks although nothing that arrived through send held them")

    @criterion("changes the tensors in their own memory, and keeps their dtype", hint="add_ and copy_ on the views that tensor_split makes")
    def test_memory(self, student, draw):
        wide = [draw.float64.normal(5) for _ in range(3)]
        whole = [draw.integers(-1000, 1000, 6) + (1 << 58) for _ in range(4)]
        for ranks, name in ((wide, "float64"), (whole, "int64")):
            seen = student.run(ring_here, ranks=ranks)
            for r, x in enumerate(seen["tensors"]):
                assert_close(x, sum(ranks), what=f"the {name} tensor of rank {r}")
            expect(seen["before"] == seen["after"], "a tensor lies in other memory after the call: it was replaced, not changed")
            expect(len(set(seen["after"])) == len(ranks), "after the call two ranks share their memory")

    @criterion("leaves the program as it was", hint="with torch.no_grad(): ends by itself; torch.set_grad_enabled(False) stays")
    def test_program(self, student, draw):
        ranks = [draw.normal(4) for _ in range(3)]
        seen = student.run(ring_here, ranks=ranks)
        self.assert_sums(ranks, seen["tensors"], follows=True)
        assert_left_alone(seen["program"], "ring_allreduce")


def ring_here(student, ranks):
    import torch

    torch.set_grad_enabled(True)  # whatever an earlier call has left
    tensors = list(ranks)
    before = [x.data_ptr() for x in tensors]
    student.ring_allreduce(ranks, lambda src, dst, chunk: chunk.clone())
    program = [torch.is_grad_enabled(), str(torch.get_default_dtype())]
    return {"tensors": [x.clone() for x in tensors], "before": before, "after": [x.data_ptr() for x in tensors], "program": program}


# What it costs -------------------------------------------------------------------------------------------------------


def cost(draw, n, method, bytes_=None, latency=None):
    """Arguments of communication_time; bytes, bandwidth and latency of a size at which none is lost beside the others."""
    num_bytes, bandwidth, usual = draw.float64.uniform(3, low=0.1, high=1.1).tolist()
    return num_bytes * 1e9 if bytes_ is None else bytes_, n, bandwidth * 1e10, usual * 1e-3 if latency is None else latency, method


def steps_and_bytes(steps, share):
    """A slip: the time of `steps` messages with `share` of the bytes each, both functions of n."""
    return lambda num_bytes, n, bandwidth, latency, method: steps(n) * (latency + share(n) * num_bytes / bandwidth)


def levels(n):
    return math.ceil(math.log2(n))


def only(method, slips):
    """Slips that apply to one method."""
    return {words: (lambda *a, result=result: result(*a) if a[-1] == method else None) for words, result in slips.items()}


communication_time = case(
    reference.communication_time,
    lambda draw, n=3, method="ring", *rest: cost(draw, n, method, *rest),
    rtol=1e-5,
    slips={
        **only("ring", {
            "n steps are counted where 2 (n - 1) are needed": steps_and_bytes(lambda n: n, lambda n: 1 / n),
            "only one round is counted; the ring is gone round twice": steps_and_bytes(lambda n: n - 1, lambda n: 1 / n),
            "2 n steps are counted": steps_and_bytes(lambda n: 2 * n, lambda n: 1 / n),
            "every message carries all bytes; one carries the n-th part": steps_and_bytes(lambda n: 2 * (n - 1), lambda n: 1),
        }),
        **only("tree", {
            "only the way up is counted": steps_and_bytes(levels, lambda n: 1),
            "the number of levels is rounded down": steps_and_bytes(lambda n: 2 * math.floor(math.log2(n)), lambda n: 1),
            "the number of levels is not rounded": steps_and_bytes(lambda n: 2 * math.log2(n), lambda n: 1),
            "the natural logarithm is taken": steps_and_bytes(lambda n: 2 * math.ceil(math.log(n)), lambda n: 1),
            "the natural logarithm is taken, and not rounded": steps_and_bytes(lambda n: 2 * math.log(n), lambda n: 1),
        }),
        **only("server", {
            "the bytes of one device go through the link; those of all do": steps_and_bytes(lambda n: 2, lambda n: 1),
            "the bytes of the others alone go through the link": steps_and_bytes(lambda n: 2, lambda n: n - 1),
            "the latency is counted for every device": lambda b, n, w, latency, _: 2 * n * (latency + b / w),
            "only one way is counted; the bytes go up and down": steps_and_bytes(lambda n: 1, lambda n: n),
        }),
        "the latency is left out": lambda b, n, w, latency, method: reference.communication_time(b, n, w, 0.0, method),
        "the latency is counted once, and not in every step": lambda b, n, w, latency, method: reference.communication_time(b, n, w, 0.0, method) + latency,
        "milliseconds are given": lambda *a: 1000 * reference.communication_time(*a),
    },
)  # fmt: skip


def times_of(method, sizes):
    """{what is asked: arguments} with and without bytes and latency, and for a few bytes."""

    def drawn(draw):
        asked = {}
        for n in sizes:
            name = f"the time of {n} devices by {method!r}"
            asked |= {
                name: cost(draw, n, method),
                f"{name} without latency": cost(draw, n, method, latency=0.0),
                f"{name} for 0 bytes": cost(draw, n, method, 0),
            }
            asked[f"{name} for 10 bytes without latency"] = (10, n, 1000.0, 0.0, method)
        return asked

    return drawn


@exercise("communication_time")
class TestCommunicationTime:
    test_ring = communication_time.agrees(
        "ring: 2 (n − 1) steps with 1/n of the bytes", 2, "2 * (n - 1) * (latency + num_bytes / n / bandwidth)", arguments=times_of("ring", (2, 3, 8, 13))
    )
    test_tree = communication_time.agrees(
        "tree: up and down, with all bytes in each step", 2, "2 * log2(n) * (latency + num_bytes / bandwidth)", arguments=times_of("tree", (2, 4, 16, 1024))
    )
    test_tree_between = communication_time.agrees(
        "tree: numbers of devices between powers of two are rounded up", hint="math.ceil(math.log2(n))", arguments=times_of("tree", (3, 5, 9, 33))
    )
    test_server = communication_time.agrees(
        "server: the bytes of all devices through one link, twice", 2, "2 * (latency + n * num_bytes / bandwidth)", arguments=times_of("server", (2, 3, 7, 12))
    )

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

COLLECTIVE = {
    "allreduce": "all_reduce", "allgather": "all_gather", "reduce": "reduce", "broadcast": "broadcast", "gather": "gather", "scatter": "scatter",
    "reduce_scatter": "reduce_scatter", "alltoall": "all_to_all",
}  # fmt: skip


def reduced_on_rank(function, case, rank, n, here, watched):
    """Work of one rank: case is {"tensors": one for each rank, "mean": True, False, or None where it is not given}."""
    import torch

    tensor, extra = here(case["tensors"][rank]), {} if case["mean"] is None else {"mean": case["mean"]}
    memory = tensor.data_ptr()
    with watched() as post:
        function(tensor, **extra)
    program = [torch.is_grad_enabled(), str(torch.get_default_dtype())]
    return {"tensor": tensor.cpu(), "same_memory": tensor.data_ptr() == memory, "sent": post.sent, "others": sorted(post.others), "program": program}


def assert_only_messages(ranks, cases, n):
    """Only send and recv were used, and they carried what an all-reduce needs."""
    for k, asked in enumerate(cases):
        for rank in ranks:
            for word in rank[k]["others"]:
                fail(f"dist_allreduce calls dist.{COLLECTIVE.get(word, word)}; this exercise asks for send and recv only", "forbidden operation")
        needed = 2 * (n - 1) * asked["tensors"][0].numel()
        sent = sum(size for rank in ranks for _, size in rank[k]["sent"])
        total = sum(asked["tensors"]) / (n if asked["mean"] else 1)
        if all(alike(rank[k]["tensor"], total) for rank in ranks):
            expect(sent >= needed, f"the result is there, but send carried only {sent} numbers: it came another way", "forbidden operation")


@exercise("dist_allreduce")
class TestDistAllreduce:
    def reduced(self, student, n, groups, mean=None, follows=False):
        cases = [{"tensors": tensors, "mean": mean} for tensors in groups]
        ranks = results_on_ranks(student, "dist_allreduce", reduced_on_rank, cases, n)
        assert_only_messages(ranks, cases, n)
        for k, tensors in enumerate(groups):
            total = sum(tensors) / n if mean else sum(tensors)
            slips = {"holds the sum: the division is missing": sum(tensors)} if mean else {}
            if mean is None:
                slips["holds the mean without mean=True: the sum was asked for"] = sum(tensors) / n if total.is_floating_point() else None
            for r in range(n):
                mine = ranks[r][k]["tensor"]
                what = f"the tensor of rank {r} of {n}, of shape {tuple(total.shape)}{', with mean=True,' if mean else ','}"
                if n > 1 and mine.shape == total.shape and torch.equal(mine, tensors[r]):
                    raise Finding(f"with {n} processes the tensor of rank {r} has not changed", follows=follows)
                rounding = {} if total.dtype == torch.float32 else {"rtol": 1e-10, "atol": 1e-12} if total.dtype == torch.float64 else {"rtol": 0, "atol": 0}
                assert_right(mine, total, what, {**slips, **(sum_slips(tensors) if not mean and total.is_floating_point() else {})}, follows, **rounding)
                expect(ranks[r][k]["same_memory"], f"the tensor of rank {r} lies in other memory after the call")
        return ranks

    @criterion(
        "with two processes both hold the sum",
        weight=3,
        hint="for each send there must be a recv on the other side; and the sum must travel back",
        timeout_s=RANKS_SECONDS,
    )
    def test_two(self, student, draw):
        self.reduced(student, 2, [[draw.normal(*shape).cpu() for _ in range(2)] for shape in [(6,), (3, 5), (2, 2, 3), (2000,)]])

    @criterion("with four processes all hold the sum", weight=3, hint="every number is added once, on one way only", timeout_s=RANKS_SECONDS)
    def test_four(self, student, draw):
        self.reduced(student, 4, [[draw.normal(*shape).cpu() for _ in range(4)] for shape in [(8,), (5, 3), (7,)]])

    @criterion(
        "works for any number of processes, and for tensors of any length",
        weight=2,
        hint="three ranks make no pairs; with one rank there is nobody to send to; some chunks may be empty",
        timeout_s=RANKS_SECONDS,
    )
    def test_any(self, student, draw):
        self.reduced(student, 3, [[draw.normal(*shape).cpu() for _ in range(3)] for shape in [(4,), (1,), (2,), (1, 7)]])
        self.reduced(student, 1, [[draw.normal(5).cpu()]])

    @criterion("mean=True divides by the number of processes", weight=2, hint="tensor /= dist.get_world_size(), on every rank", timeout_s=RANKS_SECONDS)
    def test_mean(self, student, draw):
        groups = [[draw.normal(*shape).cpu() for _ in range(4)] for shape in [(9,), (2, 3)]]
        self.reduced(student, 4, [*groups, [draw.float64.normal(5).cpu() for _ in range(4)]], mean=True)

    @criterion("keeps the dtype: float64 to the last digit, and integers", hint="receive into torch.empty_like(tensor)", timeout_s=RANKS_SECONDS)
    def test_dtypes(self, student, draw):
        wide = [draw.float64.normal(5).cpu() for _ in range(2)]
        whole = [draw.integers(-1000, 1000, 3, 2).cpu() + (1 << 58) for _ in range(2)]
        self.reduced(student, 2, [wide, whole], mean=False)

    @criterion("leaves the program as it was", hint="torch.set_grad_enabled(False) stays; torch.no_grad() ends by itself", timeout_s=RANKS_SECONDS)
    def test_program(self, student, draw):
        ranks = self.reduced(student, 2, [[draw.normal(3).cpu() for _ in range(2)]], follows=True)
        assert_left_alone(ranks[0][0]["program"], "dist_allreduce")


def stepped_on_rank(function, case, rank, n, here, watched):
    """Work of one rank: case is {"params", "batches": for each rank a list of X and y, "lrs": one for each batch, "stale": whether there are old gradients}."""
    import torch
    import torch.distributed as dist

    def dist_allreduce(tensor, mean=False):
        dist.all_reduce(tensor)
        if mean:
            tensor /= n

    getattr(function, "__globals__", {})["dist_allreduce"] = dist_allreduce  # a right one: its own has its own exercise
    params = [here(p).clone().requires_grad_() for p in case["params"]]
    memory = [p.data_ptr() for p in params]
    if case["stale"]:
        for p in params:
            p.grad = torch.full_like(p, 3.0)
    with watched():
        for (X, y), lr in zip(case["batches"][rank], case["lrs"]):
            W, b, V = params
            mean_loss = ((torch.tanh(here(X) @ W + b) @ V - here(y)[:, None]) ** 2).sum(dim=1).mean()
            function(params, mean_loss, lr)
    program = [torch.is_grad_enabled(), str(torch.get_default_dtype())]
    leaves = all(p.is_leaf and p.requires_grad for p in params)
    same_memory = [p.data_ptr() for p in params] == memory
    return {"params": [p.detach().cpu() for p in params], "same_memory": same_memory, "leaves": leaves, "program": program}


def ddp_steps(case, factor):
    """The parameters after all steps with the sum of the ranks' gradients times a factor."""
    params = case["params"]
    for step, lr in enumerate(case["lrs"]):
        leaves = [p.detach().clone().requires_grad_() for p in params]
        losses = [squares(small_net(X, leaves), y).mean() for X, y in (rounds[step] for rounds in case["batches"])]
        gradients = torch.autograd.grad(sum(losses), leaves)
        params = [(p - lr * factor * g).detach() for p, g in zip(leaves, gradients, strict=True)]
    return params


def ddp_slips(case, n, r):
    """{where else the parameters of rank r may have gone: the parameters}"""
    return {
        "has moved too far: the gradients were added up, but not averaged": ddp_steps(case, 1.0),
        "has moved by its own gradient alone: the others' gradients are not in it": ddp_steps({**case, "batches": [case["batches"][r]]}, 1.0),
        "has moved by the gradient of rank 0 alone": ddp_steps({**case, "batches": [case["batches"][0]]}, 1.0),
        "has moved up the gradient: the step is minus lr times the gradient": ddp_steps(case, -1 / n),
        f"has moved by 1/{n} of what it should: it is divided by the number of processes twice": ddp_steps(case, 1 / n**2),
        "has moved as if every step were made with the first lr": ddp_steps({**case, "lrs": [case["lrs"][0]] * len(case["lrs"])}, 1 / n),
    }


@exercise("ddp_train_step")
class TestDdpTrainStep:
    def case(self, draw, n, lrs, stale=False):
        params = [p.cpu() for p in small_params(draw, 3, 4, 2)]
        rounds = [[[draw.normal(3, 3).cpu(), draw.normal(3).cpu()] for _ in lrs] for _ in range(n)]
        return {"params": params, "batches": rounds, "lrs": lrs, "stale": stale}

    def compare(self, student, draw, n, lrs, stale=False):
        asked = self.case(draw, n, lrs, stale)
        ranks = results_on_ranks(student, "ddp_train_step", stepped_on_rank, [asked], n)
        what = "after a step" if len(lrs) == 1 else f"after {len(lrs)} steps"
        right = ddp_steps(asked, 1 / n)
        for r in range(n):
            slips = ddp_slips(asked, n, r)
            for i in range(3):
                mine = ranks[r][0]["params"][i]
                if torch.equal(mine, asked["params"][i]):
                    fail(f"parameter {i} of rank {r} of {n} has not changed {what}")
                assert_right(mine, right[i], f"{what}, parameter {i} of rank {r} of {n}", {words: others[i] for words, others in slips.items()})
        return ranks

    @criterion(
        "two processes take the step of the averaged gradient",
        weight=3,
        hint="dist.all_reduce gives the sum; divide by dist.get_world_size()",
        timeout_s=RANKS_SECONDS,
    )
    def test_two(self, student, draw):
        self.compare(student, draw, 2, [0.3])

    @criterion("four processes do so too, step after step", weight=3, hint="for every parameter, on every rank, in every step", timeout_s=RANKS_SECONDS)
    def test_four(self, student, draw):
        self.compare(student, draw, 4, [0.1, 0.3, 0.05])

    @criterion("all processes hold the same parameters afterwards", weight=2, hint="every rank makes the step, not rank 0 alone", timeout_s=RANKS_SECONDS)
    def test_equal(self, student, draw):
        asked = self.case(draw, 3, [0.2, 0.2])
        ranks = results_on_ranks(student, "ddp_train_step", stepped_on_rank, [asked], 3)
        for i in range(3):
            expect(not torch.equal(ranks[0][0]["params"][i], asked["params"][i]), f"parameter {i} of rank 0 has not changed")
            for r in (1, 2):
                assert_close(ranks[r][0]["params"][i], ranks[0][0]["params"][i], what=f"parameter {i} of rank {r}, compared with rank 0,", **ROUNDING)

    @criterion(
        "gradients from before do not count; parameters stay leaves in their memory", weight=2, hint="p.grad = None before backward", timeout_s=RANKS_SECONDS
    )
    def test_stale(self, student, draw):
        ranks = self.compare(student, draw, 1, [0.2, 0.2], stale=True)
        expect(ranks[0][0]["same_memory"], "a parameter lies in other memory after the step: it was replaced, not changed")
        expect(ranks[0][0]["leaves"], "a parameter is no longer a leaf that requires a gradient after the step", "no gradient")
        assert_left_alone(ranks[0][0]["program"], "ddp_train_step")


# Servers and pipelines -----------------------------------------------------------------------------------------------


@exercise("ParameterServer")
class TestParameterServer:
    SIZES = [([(2, 3), (4,)], 3), ([(5,)], 1), ([(1, 2), (3, 2), (2,)], 4), ([(2,), (1,)], 5)]

    def cases(self, draw):
        for shapes, num_shards in self.SIZES:
            yield [draw.normal(*shape) for shape in shapes], num_shards

    def shards(self, server, num_shards):
        return tensors_in(server.shards, num_shards, "self.shards")

    @criterion("the shards are all parameters end to end, cut as by tensor_split", weight=2, hint="flatten, cat, tensor_split, clone")
    def test_shards(self, student, draw):
        for params, num_shards in self.cases(draw):
            server = student.ParameterServer(clones(params), num_shards)
            flat = torch.cat([p.reshape(-1) for p in params])
            for i, (mine, right) in enumerate(zip(self.shards(server, num_shards), torch.tensor_split(flat, num_shards), strict=True)):
                assert_close(mine, right, what=f"shard {i} of {num_shards} for {len(flat)} numbers", rtol=0, atol=0)

    @criterion("pull gives the parameters back in their shapes", weight=2, hint="cat the shards, split by numel, view in the shapes")
    def test_pull(self, student, draw):
        for params, num_shards in self.cases(draw):
            server = student.ParameterServer(clones(params), num_shards)
            pulled = tensors_in(server.pull(), len(params), "pull()")
            for i, (mine, p) in enumerate(zip(pulled, params, strict=True)):
                assert_close(mine.detach(), p, what=f"parameter {i} of pull()", rtol=0, atol=0)

    @criterion("each push makes one step, at once", weight=3, hint="shard -= lr * its piece of the gradients")
    def test_push(self, student, draw):
        for params, num_shards in self.cases(draw):
            server = student.ParameterServer(clones(params), num_shards)
            flat = torch.cat([p.reshape(-1) for p in params])
            for push, lr in enumerate((0.3, 0.05, 0.3)):
                grads = [draw.normal(*p.shape) for p in params]
                given = clones(grads)
                server.push(given, lr)
                g = torch.cat([g.reshape(-1) for g in grads])
                shards = self.shards(server, num_shards)
                slips = {
                    "has gone up the gradient: the step is minus lr times the gradient": flat + lr * g,
                    "has moved by the whole gradient: lr is missing": flat - g,
                    "has not moved": flat,
                    **({"has moved as if with the lr of the first push": flat - 0.3 * g} if lr != 0.3 else {}),
                }
                flat = flat - lr * g
                for i, (mine, right) in enumerate(zip(shards, torch.tensor_split(flat, num_shards), strict=True)):
                    others = {words: torch.tensor_split(other, num_shards)[i] for words, other in slips.items()}
                    assert_right(mine, right, f"after push number {push + 1}, shard {i} of {num_shards}", others)
                for i, (before, after) in enumerate(zip(grads, given, strict=True)):
                    assert_unchanged(before, after, what=f"gradient {i}")

    @criterion("what is pulled shows every push", weight=2, hint="the shards are the only place where the numbers are kept")
    def test_pull_after_push(self, student, draw):
        for params, num_shards in self.cases(draw):
            seen = student.run(pushed_and_set, params=params, num_shards=num_shards, lr=0.3)
            for i, (mine, p, g) in enumerate(zip(tensors_in(seen["pulled"], len(params), "pull()"), params, seen["grads"], strict=True)):
                assert_close(mine, p - 0.3 * g, what=f"parameter {i} of pull() after a push", **ROUNDING)
            for i, mine in enumerate(tensors_in(seen["zeroed"], len(params), "pull()")):
                expect(not bool(mine.any()), f"parameter {i} of pull() does not come from the shards: after all of them were set to 0 it is not 0")

    @criterion("server, workers and original parameters share no memory", weight=2, hint="clone what comes in, and hand out copies")
    def test_memory(self, student, draw):
        for params, num_shards in self.cases(draw):
            seen = student.run(changed_by, params=params, num_shards=num_shards)
            for who, changed in seen["changes"].items():
                expect(not changed, who)

    @criterion("pushes change the shards in place; dtypes stay; nothing carries a graph", hint="detach the parameters; shard -= … keeps its memory")
    def test_in_place(self, student, draw):
        for dtype in (torch.float64, torch.float32):
            params = [draw.of(dtype).normal(*shape).requires_grad_() for shape in [(2, 3), (4,)]]
            seen = student.run(pushed_in_place, params=params, num_shards=3)
            expect(seen["same_memory"], "the shards lie in other memory after a push: they were replaced, not changed")
            expect(not seen["graph"], "a shard or a pulled parameter requires a gradient or carries a graph", "wrong type")
            assert_left_alone(seen["program"], "push")
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
    other = student.ParameterServer(start, num_shards)
    untouched = keep(other.shards)
    server.push([torch.ones_like(p) for p in params], 0.5)
    changes = {
        "what is written into the original parameters changes the server": by_originals,
        "what a worker writes into pulled parameters changes the server": by_pulled,
        "what a worker writes into pulled parameters changes those of another worker": between,
        "a push changes parameters that were pulled before": differs(second, others),
        "a push changes the original parameters": differs([p - 1 for p in params], start) and differs(params, [s + 1 for s in start]),
        "a push to one server changes another server": differs(other.shards, untouched),
    }
    return {"changes": changes}


def pushed_in_place(student, params, num_shards):
    import torch

    torch.set_grad_enabled(True)  # whatever an earlier call has left
    server = student.ParameterServer(params, num_shards)
    before = [s.data_ptr() for s in server.shards]
    server.push([torch.randn_like(p) for p in params], 0.3)
    shards, pulled = list(server.shards), list(server.pull())
    same = [s.data_ptr() for s in shards] == before
    graph = any(x.requires_grad for x in (*shards, *pulled))
    program = [torch.is_grad_enabled(), str(torch.get_default_dtype())]
    return {
        "program": program,
        "same_memory": same,
        "graph": graph,
        "shards": [s.detach().clone() for s in shards],
        "pulled": [p.detach().clone() for p in pulled],
    }


class Stages:
    """Stages that keep the first column, the number of the sample, and write down their calls. trailing: dimensions behind that of the columns."""

    def __init__(self, draw, count, width=3, trailing=()):
        self.calls, self.trailing = [], trailing
        self.weights = [draw.normal(width - 1, width - 1) for _ in range(count)]

    def __iter__(self):
        return iter([self.stage(s) for s in range(len(self.weights))])

    def batch(self, draw, m):
        """(m, width, *trailing), the first column numbers the samples."""
        width = 1 + len(self.weights[0])
        numbers = torch.arange(m, device=draw.device, dtype=draw.dtype).reshape(m, 1, *(1 for _ in self.trailing)).expand(m, 1, *self.trailing)
        return torch.cat([numbers, draw.normal(m, width - 1, *self.trailing)], dim=1)

    def stage(self, s):
        def stage(X):
            expect(
                isinstance(X, torch.Tensor) and X.ndim == 2 + len(self.trailing), f"stage {s} is called with something that is not a micro-batch", "wrong type"
            )
            self.calls.append((s, X[:, 0].detach().reshape(len(X), -1).amax(dim=1).round().int().tolist() if len(X) else []))
            return self.apply(s, X)

        return stage

    def apply(self, s, X):
        expect(X.shape[1] == 1 + len(self.weights[s]), f"stage {s} is called with something that is not a micro-batch", "wrong shape")
        return torch.cat([X[:, :1], torch.tanh(torch.einsum("ij...,jk->ik...", X[:, 1:], self.weights[s]))], dim=1)

    def plain(self, X):
        for s in range(len(self.weights)):
            X = self.apply(s, X)
        return X


def pipeline_slips(stages, X, m_parts):
    """What else a pipeline may give."""
    count, parts = len(stages.weights), torch.tensor_split(X, m_parts)
    through = lambda X, order: through(stages.apply(order[0], X), order[1:]) if order else X
    return {
        "is what the stages give in reverse order": through(X, list(reversed(range(count)))) if count > 1 else None,
        "is what comes out without the last stage": through(X, list(range(count - 1))),
        "is X itself, as if no stage had been applied": X,
        "holds only part of the samples: the last micro-batch is missing": stages.plain(torch.cat(parts[:-1])) if len(parts) > 1 else None,
        "has the micro-batches in reverse order": stages.plain(torch.cat(parts[::-1])) if len(parts) > 1 else None,
    }


@exercise("pipeline_forward")
class TestPipelineForward:
    # stages, samples, micro-batches
    SIZES = [(3, 8, 4), (2, 7, 3), (4, 5, 2), (1, 4, 4), (3, 6, 1), (2, 5, 5), (2, 1, 1)]

    def run(self, student, draw, S, m, M, trailing=()):
        stages = Stages(draw, S, trailing=trailing)
        X = stages.batch(draw, m)
        if m == 7:  # not contiguous
            X = X.mT.contiguous().mT
        given = X.clone()
        Y = student.pipeline_forward(list(stages), given, M)
        assert_unchanged(X, given, what="X")
        return stages, X, Y

    @criterion("equals the plain forward pass", weight=2, hint="the stages in their order; torch.cat of the results in the order of the samples")
    def test_values(self, student, draw):
        for S, m, M, *trailing in [*self.SIZES, (2, 6, 4, 2)]:
            stages, X, Y = self.run(student, draw, S, m, M, tuple(trailing))
            many = f"the result of {S} stages with {m} samples in {M} micro-batches" + (f", X of shape {tuple(X.shape)}," if trailing else "")
            assert_right(Y, stages.plain(X), many, pipeline_slips(stages, X, M))

    @criterion("every stage sees every micro-batch once", weight=2, hint="X is cut by torch.tensor_split; a stage never gets the whole batch")
    def test_calls(self, student, draw):
        for S, m, M in self.SIZES:
            stages, X, _ = self.run(student, draw, S, m, M)
            right = sorted([int(i) for i in part[:, 0]] for part in torch.tensor_split(X, M))
            for s in range(S):
                seen = sorted(samples for stage, samples in stages.calls if stage == s)
                sizes = ", ".join(str(len(samples)) for samples in seen) or "none"
                if max(map(len, seen), default=0) > max(map(len, right)):
                    fail(f"stage {s} gets {max(map(len, seen))} samples at once, with {m} samples in {M} micro-batches")
                expect(seen == right, f"stage {s} does not see each micro-batch of {m} samples in {M} exactly once: it sees pieces of sizes {sizes}")

    @criterion("goes tick by tick: in tick t stage s works on micro-batch t − s", weight=2, hint="the outer loop runs over ticks, the inner one over stages")
    def test_ticks(self, student, draw):
        for S, m, M in self.SIZES:
            stages, X, _ = self.run(student, draw, S, m, M)
            number = {int(part[0, 0]): k for k, part in enumerate(torch.tensor_split(X, M))}
            for s, samples in stages.calls:
                expect(len(samples) > 0 and samples[0] in number, f"stage {s} is called with something that is no micro-batch of X")
            ticks = [s + number[samples[0]] for s, samples in stages.calls]
            expect(len(ticks) == S * M, f"{S} stages and {M} micro-batches make {len(ticks)} calls")
            for k in range(1, len(ticks)):
                early = f"stage {stages.calls[k][0]} works on micro-batch {ticks[k] - stages.calls[k][0]} (tick {ticks[k]})"
                expect(ticks[k] >= ticks[k - 1], f"{early} only after something of tick {ticks[k - 1]} was done")

    @criterion("gradients flow back through all stages", hint="no detach, no new tensor into which results are copied without their graph")
    def test_gradients(self, student, draw):
        stages = Stages(draw.float64, 2)
        X = stages.batch(draw.float64, 3).requires_grad_()
        assert_gradients(lambda X: student.pipeline_forward(list(stages), X, 2), X, what="pipeline_forward(stages, X, 2)")

    @criterion("leaves the program as it was", hint="torch.set_grad_enabled and torch.set_default_dtype stay until they are called again")
    def test_program(self, student, draw):
        X = draw.float64.normal(5, 2)
        seen = student.run(doubled_twice, X=X, micro_batches=2)
        assert_right(seen["X"], X, "X after the call", follows=True)
        assert_right(seen["result"], 4 * X, "the result of two stages that double", follows=True)
        assert_left_alone(seen["program"], "pipeline_forward")


def doubled_twice(student, X, micro_batches):
    import torch

    torch.set_grad_enabled(True)  # whatever an earlier call has left
    torch.set_default_dtype(torch.float32)
    result = student.pipeline_forward([lambda X: 2 * X] * 2, X, micro_batches)
    return {"result": result.clone(), "X": X, "program": [torch.is_grad_enabled(), str(torch.get_default_dtype())]}
