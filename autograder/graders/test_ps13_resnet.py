"""Hidden grader of ps13_resnet.

Networks are compared by `forward_pass`, which runs on the student's namespace as a probe and here on the reference: both build the network, fill its
parameters from one seed in the order in which a forward pass uses them, and run it on the same input. No weights travel, and neither the names of inner
layers nor the order of their definition matter.

Where an exercise is built from earlier ones, it is tried with the student's own parts first. If that fails and a part of theirs is wrong, the judge puts a
stand-in in the part's place, on both sides, and tries again. Stand-ins have the signatures of the parts and compute something else: they give nothing away.
"""

from collections import Counter
from types import SimpleNamespace
from unittest.mock import patch

import torch
from torch import nn
from torch.nn import functional as F

from autograder import assert_close, assert_shape, criterion, exercise, expect, fail
from solutions.ps13_resnet import resnet as reference

# Sums of some hundred float32 products through up to twenty layers, in whatever order: far below any missing term.
ROUNDING = {"rtol": 2e-3, "atol": 2e-4}

# Eleven million parameters take half a second on an idle machine, and many times that on one that is busy.
LARGE_NET_S = 40


def forward_pass(student, name, args, options, seed, inputs, training, gradients, dtype):
    """Builds student.name(*args, **options), gives it numbers from the seed, and runs it.

    inputs: list of X. training: list of bool, the modes in which each X is run, one after the other; none for a first look at layers and shapes only.
    gradients: "none", "reached" (which layers get one) or "slopes" (those that autograd gives, and those measured by small steps, for the input and for every
    layer, each along a random direction). dtype: of the parameters. Returns a dict of what was seen.
    """
    import math
    import zlib

    import torch
    from torch.overrides import TorchFunctionMode

    class Watch(TorchFunctionMode):
        """Notes which parameters each call uses first, and the last size of the pictures with so and so many channels."""

        def __init__(self):
            super().__init__()
            self.layers, self.sizes, self.known = [], {}, set()

        def __torch_function__(self, func, types, args=(), kwargs=None):
            result = func(*args, **(kwargs or {}))
            call = getattr(func, "__name__", "")
            values = [*args, *(kwargs or {}).values()]
            new = [v for v in values if isinstance(v, torch.nn.Parameter) and id(v) not in self.known]
            if new and call != "__get__":
                others = [v for v in values if isinstance(v, torch.Tensor) and not isinstance(v, torch.nn.Parameter)]
                self.layers.append((new, [v for v in others if v.ndim == 1] if call == "batch_norm" else []))
                self.known.update(map(id, new))
            if call == "conv2d":
                self.sizes[str(result.shape[1])] = list(result.shape[2:])
            return result

    def numbers(tensor, *key):
        generator = torch.Generator().manual_seed(seed + zlib.crc32(repr(key).encode()))
        some = torch.randn(min(tensor.numel(), 10007), generator=generator)
        return some.repeat(math.ceil(tensor.numel() / len(some)))[: tensor.numel()].view(tensor.shape).to(tensor)

    given = torch.nn.init.kaiming_uniform_
    torch.nn.init.kaiming_uniform_ = lambda tensor, *args, **kwargs: tensor  # eleven million random numbers that are replaced anyway
    try:
        net = getattr(student, name)(*args, **options)
    finally:
        torch.nn.init.kaiming_uniform_ = given
    seen = {"kind": type(net).__name__, "sequential": isinstance(net, torch.nn.Sequential)}
    if isinstance(net, (list, tuple)) and all(isinstance(part, torch.nn.Module) for part in net):
        net = torch.nn.Sequential(*net)
    seen["module"] = isinstance(net, torch.nn.Module)
    if not seen["module"]:
        return seen

    net = net.to(inputs[0].device).eval()
    if any(isinstance(p, torch.nn.parameter.UninitializedParameter) for p in net.parameters()):
        with torch.no_grad():
            net(inputs[0].clone())
    inputs = [X.mT.contiguous().mT if len(X) > 2 else X for X in inputs]  # the same pictures, laid down in memory column by column
    for step in dict.fromkeys([torch.float32, dtype]):  # float32 first: what is not registered would not follow to float64
        inputs = [X.to(step) for X in inputs]
        net = net.to(step)
        with torch.no_grad(), Watch() as watch:
            Y = net(inputs[0].clone())
        registered = {id(p) for p in net.parameters()}
        seen["loose"] = len(watch.known - registered)
        seen["idle"] = len(registered - watch.known)
        if seen["loose"]:
            break
    seen["shape"] = list(Y.shape) if isinstance(Y, torch.Tensor) else type(Y).__name__
    seen["sizes"] = watch.sizes
    seen["used"] = [[list(p.shape) for p in parameters] for parameters, _ in watch.layers]
    count, layers = {}, []
    for parameters, statistics in watch.layers:
        shape = tuple(parameters[0].shape)
        count[shape] = count.get(shape, 0) + 1
        layers.append((shape, count[shape], parameters, statistics))
    layers.sort(key=lambda layer: layer[:2])
    seen["layers"] = [[list(p.shape) for p in parameters] for _, _, parameters, _ in layers]
    if not training or (seen["loose"] and dtype != torch.float32):
        return seen
    with torch.no_grad():
        for shape, number, parameters, statistics in layers:
            weight, biases = parameters[0], parameters[1:]
            z = numbers(weight, shape, number, "weight")
            scale = {4: 2**0.5, 2: 0.3}.get(weight.ndim, 1.0)  # so that scores stay small, and no softmax saturates
            weight.copy_(scale * z / weight[0].numel() ** 0.5 if weight.ndim > 1 else 0.6 + 0.2 * z)
            for p in biases:  # none for convolutions, so that a bias too many or too few is one mistake and not three
                p.copy_(0.3 * numbers(p, shape, number, "bias") * (weight.ndim != 4))
            for i, s in enumerate(statistics):
                z = 0.3 * numbers(s, shape, number, i)
                s.copy_(0.5 + z.abs() if i else z)

    seen.update(outputs=[], changed=False, gradients=[], dtype=str(dtype).removeprefix("torch."))
    for X in inputs:
        for mode in training:
            net.train(mode)
            net.zero_grad()
            own_X = X.clone().requires_grad_(gradients != "none")
            before = own_X.detach().clone()
            with torch.set_grad_enabled(gradients != "none"):
                Y = net(own_X)
            if gradients == "none":
                seen["outputs"].append(Y)
                seen["changed"] = seen["changed"] or not torch.equal(before, own_X)
                continue
            seen["graph"] = isinstance(Y, torch.Tensor) and Y.requires_grad
            if not seen["graph"]:
                return seen
            seen["dtype"] = str(Y.dtype).removeprefix("torch.")
            upstream = numbers(Y.detach(), "upstream", len(seen["gradients"]))
            Y.backward(upstream)
            groups = [[own_X], *(parameters for _, _, parameters, _ in layers)]
            found = [{"missing": any(t.grad is None for t in group), "some": any(t.grad is not None and bool(t.grad.any()) for t in group)} for group in groups]
            seen["gradients"].append(found)
            for group, entry in zip(groups if gradients == "slopes" else [], found):
                for attempt in range(3):  # a small step may cross the kink of a ReLU; three steps in three directions do not
                    steps = [1e-8 * numbers(t.detach(), "step", attempt, i) for i, t in enumerate(group)]
                    entry["slope"] = sum(float((t.grad * step).sum()) for t, step in zip(group, steps) if t.grad is not None) / 1e-8
                    start, ends = [t.detach().clone() for t in group], []
                    with torch.no_grad():
                        for sign in (1, -1):
                            for t, value, step in zip(group, start, steps):
                                t.copy_(value + sign * step)
                            ends.append(float((net(own_X.detach().clone()) * upstream).sum()))
                        for t, value in zip(group, start):
                            t.copy_(value)
                    entry["measured"] = (ends[0] - ends[1]) / 2e-8
                    if abs(entry["slope"] - entry["measured"]) <= 1e-4 * abs(entry["measured"]) + 1e-5:
                        break
    return seen


# What a comparison says -------------------------------------------------------------------------------------------------


class Case:
    """One call of a function or class of the notebook, on both sides."""

    _known = {}  # what the reference gives is the same for every submission

    def __init__(self, student, rng, device, name, *args, shapes, training=(), gradients="none", dtype=torch.float32, **options):
        self.name, self.args, self.options = name, args, options
        self.words = f"{name}({', '.join([*map(str, args), *(f'{key}={value}' for key, value in options.items())])})"
        seed = int(torch.randint(1 << 30, (1,), generator=rng))
        self.data = {
            "name": name, "args": list(args), "options": options, "seed": seed, "training": list(training), "gradients": gradients, "dtype": dtype,
            "inputs": [torch.randn(shape, generator=rng).to(device) for shape in shapes],
        }  # fmt: skip
        self.mine = student.run(forward_pass, **self.data)
        expect(self.mine["module"], f"{self.words} is a {self.mine['kind']}, an nn.Module was expected", "wrong type")
        replaced = [part for part in PARTS if getattr(reference, part).__module__ != reference.__name__]
        key = (self.words, seed, str(shapes), str(training), gradients, dtype, device, *replaced)
        if key not in Case._known:
            Case._known[key] = forward_pass(reference, **self.data)
        self.right = Case._known[key]

    def assert_layers(self):
        """The same layers are in use, all of them registered, and no others are kept."""
        mine, right = (Counter(layer_words(shapes) for shapes in seen["used"]) for seen in (self.mine, self.right))
        missing = [f"{words}{f' ({mine[words]} of {right[words]})' * (right[words] > 1)}" for words in right if mine[words] < right[words]]
        extra = [f"{words}{f' ({mine[words] - right[words]} too many)' * (right[words] > 0)}" for words in mine if mine[words] > right[words]]
        wrong = [f"{what} {first_two(layers)}" for what, layers in (("missing:", missing), ("not expected:", extra)) if layers]
        self.assert_registered("missing")
        expect(not wrong, f"{self.words}: {'; '.join(wrong)}", "wrong shape")
        expect(self.mine["idle"] == 0, f"{self.words}: {self.mine['idle']} parameter tensors are there that the forward pass never uses")

    def assert_registered(self, reason):
        words = "a layer is used that the module does not know: keep it as an attribute of self, or in nn.Sequential or nn.ModuleList"
        expect(self.mine["loose"] == 0, f"{self.words}: {words}", reason)

    def assert_shapes(self):
        """The result of a first look, in evaluation mode, has the right shape."""
        X, shape = self.data["inputs"][0], self.mine["shape"]
        what = f"the result of {self.words} for X of shape {tuple(X.shape)}"
        expect(isinstance(shape, list), f"{what} is a {shape}, a torch.Tensor was expected{' (is the return missing?)' * (shape == 'NoneType')}", "wrong type")
        assert_shape(torch.empty(shape), self.right["shape"], what=what)
        self.assert_layers_in_use()

    def assert_outputs(self, mistakes=None):
        """Equal results. Where they are not, and are what one of the usual mistakes gives, the message says so."""
        for X, Y, Z in self.outputs():
            assert_shape(Y, Z.shape, what=f"the result of {self.words} for X of shape {tuple(X.shape)}")
        if not same(self.mine["outputs"], self.right["outputs"]):
            self.assert_registered("wrong value")
            for words, variant in (mistakes or {}).items():
                if self.is_given_by(variant):
                    fail(f"{self.words}: {words}")
        for index, (_, Y, Z) in enumerate(self.outputs()):
            training = self.data["training"][index % len(self.data["training"])]
            assert_close(Y, Z, what=f"the result of {self.words} in {'training' if training else 'evaluation'} mode", **ROUNDING)

    def assert_gradients(self):
        """The gradients at the input and at every layer are those of what the network computes, be it right or wrong."""
        self.assert_graph()
        expect(self.mine["dtype"] == "float64", f"the result of {self.words} has dtype {self.mine['dtype']} for float64 input and parameters", "wrong type")
        for found in self.mine["gradients"]:
            for entry, where in zip(found, ["the input X", *map(layer_words, self.mine["layers"])], strict=True):
                expect(entry["missing"] is False, f"{self.words}: no gradient reaches {where}", "no gradient")
                slope, measured = float(entry["slope"]), float(entry["measured"])
                words = f"{self.words}: the gradient at {where} is not the slope measured by small steps: was something detached on the way?"
                expect(abs(slope - measured) <= 1e-4 * abs(measured) + 1e-5, words, "no gradient")

    def assert_reached(self):
        """Some gradient at every layer."""
        self.assert_graph()
        for found in self.mine["gradients"]:
            for entry, where in zip(found[1:], map(layer_words, self.mine["layers"]), strict=True):
                expect(entry["some"] is True, f"{self.words}: no gradient reaches {where}", "no gradient")

    def assert_graph(self):
        self.assert_registered("no gradient")
        unused = f"{self.words}: {self.mine['idle']} parameter tensors are there that no gradient can reach: they are not used"
        expect(self.mine["idle"] == 0, unused, "no gradient")
        expect(self.mine["graph"], f"the result of {self.words} carries no graph: was it detached, or rebuilt from numbers?", "no gradient")
        self.assert_layers_in_use("no gradient")

    def assert_layers_in_use(self, reason="wrong value"):
        expect(len(self.mine["layers"]) > 0, f"{self.words} uses no layer with parameters", reason)

    def assert_unchanged(self):
        """X is left as it was by a network that does something with it."""
        expect(not self.mine["changed"], f"{self.words} changed its input X; it should be left as it was")
        self.assert_layers_in_use()

    def outputs(self):
        inputs = [X for X in self.data["inputs"] for _ in self.data["training"]]
        return zip(inputs, self.mine["outputs"], self.right["outputs"], strict=True)

    def is_given_by(self, variant):
        try:
            seen = forward_pass(SimpleNamespace(**{self.name: variant}), **self.data)
        except (RuntimeError, ValueError, TypeError):
            return False
        return same(self.mine["outputs"], seen["outputs"])


def same(mine, right):
    """Whether two lists of outputs agree to rounding."""
    return all(isinstance(Y, torch.Tensor) and Y.shape == Z.shape and torch.allclose(Y.to(Z), Z, **ROUNDING) for Y, Z in zip(mine, right, strict=True))


def first_two(layers):
    return ", ".join(layers[:2]) + (f", and {len(layers) - 2} more" if len(layers) > 2 else "")


def layer_words(shapes):
    """A layer in words, from the shapes of its parameters."""
    first, bias = shapes[0], "with" if len(shapes) > 1 else "without"
    if len(first) == 4:
        return f"{first[2]}×{first[3]} convolution from {first[1]} to {first[0]} channels {bias} bias"
    if len(first) == 2:
        return f"linear layer from {first[1]} to {first[0]} {bias} bias"
    return f"BatchNorm over {first[0]} channels" if len(shapes) == 2 else f"parameter of shape {tuple(first)}"


# Parts that an exercise is built from -----------------------------------------------------------------------------------

# Calls on which a part of the student's has to be right, with the shape of X.
PARTS = {
    "Residual": [((3, 5), {"use_1x1conv": True, "strides": 2}, (2, 3, 5, 6)), ((4, 4), {}, (2, 4, 3, 5))],
    "resnet_block": [((3, 4, 2), {}, (2, 3, 6, 5)), ((4, 4, 2), {"first_block": True}, (2, 4, 3, 5))],
    "conv_block": [((3, 4), {}, (2, 3, 4, 5))],
    "DenseBlock": [((2, 3, 4), {}, (2, 3, 4, 5))],
    "transition_block": [((5, 3), {}, (2, 5, 6, 4))],
}


def part_is_right(student, name):
    """Whether the student's part does all that is asked of it: values in both modes, gradients, dtype, input unchanged."""
    rng = torch.Generator().manual_seed(20)
    try:
        for args, options, shape in PARTS[name]:
            case = Case(student, rng, "cpu", name, *args, shapes=[shape], training=(True, False), **options)
            case.assert_layers()
            case.assert_outputs()
            case.assert_unchanged()
            settings = {"training": (True, False), "gradients": "slopes", "dtype": torch.float64}
            Case(student, rng, "cpu", name, *args, shapes=[shape], **settings, **options).assert_gradients()
    except AssertionError:
        return False
    return True


def put_stand_ins(student, names):
    """Other modules in the place of these parts. They compute nothing useful, but depend on everything that a part is told."""
    import torch
    from torch import nn

    class Mix(nn.Module):
        def __init__(self, c_in, c_out, stride=1, gate=False, times=1):
            super().__init__()
            self.mix = nn.Conv2d(c_in, c_out, 1, stride=stride)
            self.gate = nn.Conv2d(c_in, c_out, 1, stride=stride) if gate else None
            self.times = times

        def forward(self, X):
            Y = torch.tanh(self.mix(X)) * self.times
            return Y if self.gate is None else Y * torch.sigmoid(self.gate(X))

    def stage(input_channels, num_channels, num_residuals, first_block=False):
        return nn.Sequential(Mix(input_channels, num_channels, 1 if first_block else 2, times=num_residuals))

    def residual(input_channels, num_channels, use_1x1conv=False, strides=1):
        return Mix(input_channels, num_channels, strides, gate=use_1x1conv)

    def dense(num_convs, input_channels, growth):
        return Mix(input_channels, input_channels + num_convs * growth, times=num_convs)

    def transition(c_in, c_out):
        return Mix(c_in, c_out, 2)

    def conv(c_in, c_out):
        return Mix(c_in, c_out)

    parts = {"Residual": residual, "resnet_block": stage, "conv_block": conv, "DenseBlock": dense, "transition_block": transition}
    for name in names:
        setattr(student, name, parts[name])


def with_right_parts(student, parts, check):
    """check(), with the student's own parts; where it fails and some of these are wrong, once more with stand-ins for them."""
    try:
        return check()
    except AssertionError:
        wrong = [name for name in parts if not part_is_right(student, name)]
        if not wrong:
            raise
    student.run(put_stand_ins, names=wrong)
    stand_ins = SimpleNamespace()
    put_stand_ins(stand_ins, wrong)
    with patch.multiple(reference, **vars(stand_ins)):
        check()


# Residual ---------------------------------------------------------------------------------------------------------------


def residual_with(forward):
    """A Residual that goes another way through its layers."""
    return type("Variant", (reference.Residual,), {"forward": forward})


def branch_of(block, X):
    return block.bn2(block.conv2(F.relu(block.bn1(block.conv1(X)))))


def skip_of(block, X):
    return X if block.conv3 is None else block.conv3(X)


def branch_strided_late(block, X):
    Y = F.relu(block.bn1(F.conv2d(X, block.conv1.weight, block.conv1.bias, padding=1)))
    return block.bn2(F.conv2d(Y, block.conv2.weight, block.conv2.bias, padding=1, stride=block.conv1.stride))


class SkipWithNorm(reference.Residual):
    def __init__(self, input_channels, num_channels, use_1x1conv=False, strides=1):
        super().__init__(input_channels, num_channels, use_1x1conv, strides)
        self.bn3 = nn.BatchNorm2d(num_channels) if use_1x1conv else nn.Identity()

    def forward(self, X):
        return F.relu(branch_of(self, X) + self.bn3(skip_of(self, X)))


RESIDUAL_MISTAKES = {
    "the skip is added after the last ReLU; add first, ReLU afterwards": residual_with(lambda b, X: F.relu(branch_of(b, X)) + skip_of(b, X)),
    "the ReLU after the addition is missing": residual_with(lambda b, X: branch_of(b, X) + skip_of(b, X)),
    "the skip is missing: what comes out is the branch alone": residual_with(lambda b, X: F.relu(branch_of(b, X))),
    "a ReLU stands at the end of the branch, before the addition": residual_with(lambda b, X: F.relu(F.relu(branch_of(b, X)) + skip_of(b, X))),
    "the ReLU between the two convolutions is missing": residual_with(
        lambda b, X: F.relu(b.bn2(b.conv2(b.bn1(b.conv1(X)))) + skip_of(b, X)),
    ),
    "the first ReLU stands before its BatchNorm": residual_with(
        lambda b, X: F.relu(b.bn2(b.conv2(b.bn1(F.relu(b.conv1(X))))) + skip_of(b, X)),
    ),
    "branch and skip are averaged, not added": residual_with(lambda b, X: F.relu((branch_of(b, X) + skip_of(b, X)) / 2)),
    "the input is doubled: it is added to the branch twice": residual_with(lambda b, X: F.relu(branch_of(b, X) + 2 * skip_of(b, X))),
    "only the skip comes out: the branch is missing": residual_with(lambda b, X: F.relu(skip_of(b, X))),
    "the second convolution has the stride; the first one takes it": residual_with(lambda b, X: F.relu(branch_strided_late(b, X) + skip_of(b, X))),
    "there is a BatchNorm on the skip": SkipWithNorm,
}  # fmt: skip


@exercise("Residual")
class TestResidual:
    @criterion(
        "the result has the right shape: strides divide height and width once, use_1x1conv=True allows other channels", weight=2,
        hint="the first convolution and the 1×1 convolution take strides, the second convolution does not",
    )  # fmt: skip
    def test_shapes(self, student, rng, device):
        for args, options, shape in [
            ((3, 3), {}, (4, 3, 6, 5)),
            ((2, 5), {"use_1x1conv": True}, (1, 2, 4, 6)),
            ((3, 4), {"use_1x1conv": True, "strides": 2}, (2, 3, 6, 9)),
            ((4, 4), {"use_1x1conv": True, "strides": 2}, (3, 4, 7, 4)),
            ((5, 2), {"use_1x1conv": True, "strides": 3}, (2, 5, 7, 5)),
        ]:
            Case(student, rng, device, "Residual", *args, shapes=[shape], **options).assert_shapes()

    @criterion(
        "has two 3×3 convolutions and two BatchNorms, and a bare 1×1 convolution when it is asked for", weight=2,
        hint="every layer is an attribute of self; each convolution has its bias and its own BatchNorm, the skip has none",
    )  # fmt: skip
    def test_layers(self, student, rng, device):
        for args, options, shape in [((4, 4), {}, (2, 4, 3, 5)), ((3, 5), {"use_1x1conv": True, "strides": 2}, (2, 3, 4, 6))]:
            Case(student, rng, device, "Residual", *args, shapes=[shape], **options).assert_layers()

    @criterion(
        "is ReLU(branch + X), with the same weights as the reference", weight=4,
        hint="Y = relu(bn1(conv1(X))), Y = bn2(conv2(Y)), and relu(Y + X) at the end",
    )  # fmt: skip
    def test_identity_skip(self, student, rng, device):
        for channels, shapes in [(3, [(1, 3, 4, 5), (4, 3, 6, 3), (3, 3, 5, 5)]), (5, [(7, 5, 3, 4)])]:
            case = Case(student, rng, device, "Residual", channels, channels, shapes=shapes, training=(True, False))
            case.assert_outputs(RESIDUAL_MISTAKES)

    @criterion(
        "with use_1x1conv=True the skip goes through the 1×1 convolution, with the same stride", weight=3,
        hint="conv3 and conv1 take strides, conv2 does not; add conv3(X) in the place of X, without BatchNorm or ReLU on the skip",
    )  # fmt: skip
    def test_projected_skip(self, student, rng, device):
        for args, strides, shape in [((3, 5), 2, (4, 3, 6, 7)), ((4, 2), 1, (1, 4, 5, 3)), ((3, 3), 1, (3, 3, 4, 5))]:
            settings = {"shapes": [shape], "training": (True, False), "use_1x1conv": True, "strides": strides}
            Case(student, rng, device, "Residual", *args, **settings).assert_outputs(RESIDUAL_MISTAKES)

    @criterion(
        "gradients reach the input, over the branch and over the skip, and every parameter", weight=2,
        hint="Y + X instead of X += Y; no .detach(), .data or .item() on the way",
    )  # fmt: skip
    def test_gradients(self, student, rng, device):
        settings = {"gradients": "slopes", "training": (True, False), "dtype": torch.float64}
        Case(student, rng, device, "Residual", 3, 3, shapes=[(2, 3, 4, 3)], **settings).assert_gradients()
        options = {"use_1x1conv": True, "strides": 2}
        Case(student, rng, device, "Residual", 2, 4, shapes=[(3, 2, 4, 5)], **settings, **options).assert_gradients()

    @criterion("leaves its input unchanged", hint="X += Y and relu_() on X write into the caller's tensor; Y + X does not")
    def test_unchanged(self, student, rng, device):
        Case(student, rng, device, "Residual", 4, 4, shapes=[(2, 4, 3, 5)], training=(True, False)).assert_unchanged()


def silenced_block(student, args, use_1x1conv, seed, X, trained, mended=False):
    """What a Residual block of the student's gives before and after zero_init_residual.

    mended: the input is sent through the layers of the student's block by the judge, as it should be; None where the layers for that are not there.
    """
    import copy

    import torch
    from torch.overrides import TorchFunctionMode

    class Projections(TorchFunctionMode):
        """Keeps what 1×1 convolutions give."""

        def __init__(self):
            super().__init__()
            self.results = []

        def __torch_function__(self, func, types, args=(), kwargs=None):
            result = func(*args, **(kwargs or {}))
            if getattr(func, "__name__", "") == "conv2d":
                weight = args[1] if len(args) > 1 else kwargs["weight"]
                self.results += [result.detach().clone()] if weight.shape[-1] == 1 else []
            return result

    def roles(block):
        """The layers of the block by what they do, from the order in which they are called: conv1, norm1, conv2, norm2, and the 1×1 convolution or None."""
        layers = [m for m in block.modules() if isinstance(m, (torch.nn.Conv2d, torch.nn.BatchNorm2d))]
        calls = []
        hooks = [m.register_forward_hook(lambda module, inputs, output: calls.append((module, inputs[0], output))) for m in layers]
        try:
            with torch.no_grad():
                block(X.clone())
        except Exception:  # what was called so far has to do
            pass
        for hook in hooks:
            hook.remove()
        in_order = list(dict.fromkeys([*(m for m, _, _ in calls), *layers]))
        narrow = [m for m in in_order if isinstance(m, torch.nn.Conv2d) and m.kernel_size == (1, 1)]
        convs = [m for m in in_order if isinstance(m, torch.nn.Conv2d) and m not in narrow]
        projected = [output for m, _, output in calls if m in narrow]
        on_skip = [m for m, given, _ in calls if isinstance(m, torch.nn.BatchNorm2d) and any(given is output for output in projected)]
        norms = [m for m in in_order if isinstance(m, torch.nn.BatchNorm2d) and m not in on_skip]
        if [m.in_channels for m in convs] != args or len(narrow) < use_1x1conv or len(norms) not in (1, 2) or {m.num_features for m in norms} != {args[1]}:
            return None
        norms = [torch.nn.BatchNorm2d(args[1]).to(X.device), *norms][-2:]
        return convs[0], norms[0], convs[1], norms[1], narrow[0] if use_1x1conv else None, on_skip

    def mend(block, conv1, norm1, conv2, norm2, conv3, on_skip):
        def forward(X):
            norm1.train(block.training)
            Y = torch.relu(norm1(convolve(conv1, X)))
            return torch.relu(norm2(convolve(conv2, Y)) + (X if conv3 is None else torch.nn.functional.conv2d(X, conv3.weight, conv3.bias)))

        def convolve(conv, X):
            return torch.nn.functional.conv2d(X, conv.weight, conv.bias, padding=1)

        for module in list(block.modules()):
            for name, child in list(module.named_children()):
                if child in on_skip:
                    setattr(module, name, torch.nn.Identity())
        block.forward = forward

    def run(training):
        block.train(training)
        with torch.no_grad(), Projections() as projections:
            Y = block(X.clone())
        return Y, projections.results[-1] if projections.results else None

    torch.manual_seed(seed)
    block = student.Residual(*args, use_1x1conv=use_1x1conv).to(X.device)
    if not mended:
        run(False)  # gives lazy layers their shapes
    found = roles(block.eval())
    if mended and found is None:
        return None
    if mended:
        mend(block, *found)
    if trained:
        with torch.no_grad():
            for p in block.parameters():
                p.copy_(torch.randn(p.shape) * 0.4)
            for module in block.modules():
                if isinstance(module, torch.nn.BatchNorm2d):
                    module.running_mean.copy_(torch.randn(module.running_mean.shape))
                    module.running_var.copy_(0.5 + torch.rand(module.running_var.shape))
    state = copy.deepcopy(block.state_dict())
    before = [run(training)[0] for training in (True, False)]
    block.load_state_dict(state)
    values = [p.detach().clone() for p in block.parameters()]
    block.train(not trained)
    returned = student.zero_init_residual(block)
    left_training = block.training
    silent = [not bool(norm.weight.any()) for norm in (found[1], found[3])] if found else []
    left = list(block.parameters())
    pairs = list(zip(left, values)) if len(left) == len(values) and all(p.shape == v.shape for p, v in zip(left, values)) else []
    changed = [(p, v) for p, v in pairs if not torch.equal(p, v)]
    after = [run(training) for training in (True, False)]

    # One step away from zero: the branch has learned something when it says more than one constant for each channel.
    block.train()
    block.zero_grad()
    learned = 0.0
    Y = block(X + 1)
    if Y.requires_grad:
        Y.backward(torch.randn(Y.shape).to(Y))
        with torch.no_grad():
            for p in block.parameters():
                if p.grad is not None:
                    p -= 0.01 * p.grad
            branch = block(X + 1) - (X + 1) if Y.shape == X.shape else Y
            learned = float((branch - branch.mean(dim=(0, 2, 3), keepdim=True)).abs().max())
    return {
        "before": before, "after": [Y for Y, _ in after], "projected": [Z for _, Z in after], "same": returned is block, "returned": type(returned).__name__,
        "changed": [[p.ndim, p.numel()] for p, _ in changed], "kept": bool(pairs), "mode": left_training is (not trained),
        "learned": learned, "first_only": silent == [True, False],
    }  # fmt: skip


def silence_parts(student, args, state, training):
    """zero_init_residual on a block with the layer names of the notebook's hints, where the student's own Residual does not work."""
    from torch import nn

    class Residual(nn.Module):
        def __init__(self, input_channels, num_channels, use_1x1conv):
            super().__init__()
            self.conv1 = nn.Conv2d(input_channels, num_channels, kernel_size=3, padding=1)
            self.bn1 = nn.BatchNorm2d(num_channels)
            self.conv2 = nn.Conv2d(num_channels, num_channels, kernel_size=3, padding=1)
            self.bn2 = nn.BatchNorm2d(num_channels)
            self.conv3 = nn.Conv2d(input_channels, num_channels, kernel_size=1) if use_1x1conv else None

    block = Residual(*args)
    block.load_state_dict(state)
    block.train(training)
    returned = student.zero_init_residual(block)
    return {"state": {name: tensor.detach().clone() for name, tensor in block.state_dict().items()}, "same": returned is block, "training": block.training}


FIRST_NORM = "zero_init_residual set the first BatchNorm of the branch to zero; the last one, behind the second convolution, still speaks"


@exercise("zero_init_residual")
class TestZeroInitResidual:
    def check(self, student, rng, device, holds, **case):
        """holds(what was seen) with the student's own Residual. Where that one is wrong: with its layers, through which the judge sends the input; where
        these do not do for that, with a block of the judge's, whose layers have the names of the notebook's hints.
        """
        args = case.pop("args")
        X = torch.rand(3, args[0], 4, 5, generator=rng).to(device)
        data = {"args": args, "use_1x1conv": False, "trained": False, "X": X, "seed": int(torch.randint(1 << 30, (1,), generator=rng)), **case}
        try:
            return holds(student.run(silenced_block, **data), X)
        except AssertionError as error:
            if part_is_right(student, "Residual"):
                raise
            own = error
        try:
            seen = student.run(silenced_block, **data, mended=True)
        except AssertionError as error:
            own, seen = error, None
        if seen is not None:
            return holds(seen, X)

        def zero_init_residual(block):
            sizes = [block.conv1.in_channels, block.conv1.out_channels, block.conv3 is not None]
            state = {name: tensor.detach().cpu() for name, tensor in block.state_dict().items()}
            try:
                reply = student.run(silence_parts, args=sizes, state=state, training=block.training)
            except AssertionError as error:  # the names of the hints are not the student's: what happened with the student's block says more
                raise own if "has no attribute" in str(error) else error from None
            block.load_state_dict(reply["state"])
            block.train(reply["training"])
            return block if reply["same"] else None

        holds(silenced_block(SimpleNamespace(Residual=reference.Residual, zero_init_residual=zero_init_residual), **data), X)

    def is_identity(self, seen, X):
        for mode, before, after in zip(("training", "evaluation"), seen["before"], seen["after"], strict=True):
            expect(not torch.allclose(before, X, atol=1e-3), "Residual itself passes its input on as it is")
            expect(not seen["first_only"] or torch.allclose(after, X, rtol=1e-5, atol=1e-5), FIRST_NORM)
            assert_close(after, X, what=f"a block on non-negative X after zero_init_residual, in {mode} mode,", rtol=1e-5, atol=1e-5)

    @criterion(
        "a fresh block becomes the identity on non-negative input, in training and in evaluation mode", weight=3,
        hint="scale and shift of the last BatchNorm on the branch, its weight and its bias, become zero",
    )  # fmt: skip
    def test_fresh(self, student, rng, device):
        for channels in (3, 5):
            self.check(student, rng, device, self.is_identity, args=[channels, channels])

    @criterion(
        "so does a block that has been trained", weight=2,
        hint="after training the shift is no longer zero by itself, and the running statistics are not either: set both weight and bias",
    )  # fmt: skip
    def test_trained(self, student, rng, device):
        for channels in (4, 2):
            self.check(student, rng, device, self.is_identity, args=[channels, channels], trained=True)

    @criterion("a block with a 1×1 convolution becomes ReLU of that convolution", weight=2, hint="the skip is not part of the branch: leave it alone")
    def test_projection(self, student, rng, device):
        def holds(seen, X):
            for Y, Z in zip(seen["after"], seen["projected"], strict=True):
                expect(not seen["first_only"], FIRST_NORM)
                expect(isinstance(Z, torch.Tensor) and bool((Z != 0).any()), "after zero_init_residual nothing comes out of the 1×1 convolution on the skip")
                assert_close(Y, F.relu(Z), what="a block with a 1×1 convolution after zero_init_residual", rtol=1e-5, atol=1e-5)

        for args in ([3, 5], [2, 7]):
            self.check(student, rng, device, holds, args=args, use_1x1conv=True)

    @criterion(
        "changes the scale and shift of one BatchNorm, and nothing else", weight=1,
        hint="no convolution, no other BatchNorm, and the block stays in the mode (training or evaluation) it was in",
    )  # fmt: skip
    def test_rest(self, student, rng, device):
        def holds(seen, X):
            expect(seen["kept"], "the block has other parameters after zero_init_residual than before")
            count, sizes = len(seen["changed"]), [size for ndim, size in seen["changed"] if ndim != 1 or size != 4]
            expect(count > 0, "no parameter of the block was changed")
            expect(not sizes and count <= 2, f"{count} parameter tensors of a block were changed; two were expected, both of the last BatchNorm")
            expect(seen["mode"], "the block was switched between training and evaluation mode")

        self.check(student, rng, device, holds, args=[3, 4], use_1x1conv=True, trained=True)
        self.check(student, rng, device, holds, args=[4, 4])

    @criterion(
        "the silenced block can still learn",
        weight=1,
        hint="write zeros into the parameter; it must keep requires_grad, and something on the branch must not be zero",
    )
    def test_awake(self, student, rng, device):
        def holds(seen, X):
            expect(len(seen["changed"]) > 0, "zero_init_residual changed nothing in the block")
            expect(not seen["first_only"], f"{FIRST_NORM}, and since ReLU passes no gradient at zero, it can never wake up", "no gradient")
            words = "after one step of gradient descent the branch still says the same for every pixel of a channel: the block cannot wake up"
            expect(seen["learned"] > 1e-4, words, "no gradient")

        self.check(student, rng, device, holds, args=[4, 4])

    @criterion("changes the block in place and returns it", hint="return block, the very object that came in")
    def test_returns(self, student, rng, device):
        def holds(seen, X):
            expect(seen["same"], f"zero_init_residual returns a {seen['returned']} that is not the block it was given", "wrong type")
            expect(len(seen["changed"]) > 0, "zero_init_residual changed nothing in the block")

        self.check(student, rng, device, holds, args=[3, 3])


# Gradient norms ---------------------------------------------------------------------------------------------------------


def norms_of_stack(student, depth, skip, width, X, weights):
    """gradient_norms on a stack with these numbers, and the sizes that deep_stack was asked for."""
    asked = []

    def deep_stack(depth, width):
        asked.append([depth, width])
        return X.clone(), [W.clone().requires_grad_() for W in weights]

    given, student.deep_stack = student.deep_stack, deep_stack
    try:
        norms = student.gradient_norms(depth, skip) if width is None else student.gradient_norms(depth, skip, width)
    finally:
        student.deep_stack = given
    return {"norms": norms, "asked": asked}


@exercise("gradient_norms")
class TestGradientNorms:
    def stack(self, rng, device, depth, width, samples):
        """X and weights of a size at which the norms of neighbouring layers differ."""
        X = torch.randn(samples, width, generator=rng, dtype=torch.float64).to(device)
        return X, [(torch.randn(width, width, generator=rng, dtype=torch.float64) / width**0.5).to(device) for _ in range(depth)]

    def agrees(self, student, rng, device, skip):
        for depth, width, samples in [(1, 3, 4), (4, 5, 7), (9, 2, 1)]:
            X, weights = self.stack(rng, device, depth, width, samples)
            data = {"depth": depth, "skip": skip, "width": width, "X": X, "weights": weights}
            seen = student.run(norms_of_stack, **data)
            expect(len(seen["asked"]) > 0, "gradient_norms does not take its input and weights from deep_stack", "missing")
            norms, right = seen["norms"], norms_of_stack(reference, **data)["norms"]
            what = f"gradient_norms({depth}, skip={skip}, width={width})"
            if isinstance(norms, list | tuple) and len(norms) == depth > 1:
                other = norms_of_stack(reference, **{**data, "skip": not skip})["norms"]
                for words, pattern in {
                    "the last layer stands first": right[::-1],
                    f"these are the norms of the stack {'without' if skip else 'with'} skip": other,
                    "these are the squares of the norms": [norm**2 for norm in right],
                    "these are the norms of the weights, not of their gradients": [W.norm().item() for W in weights],
                }.items():
                    if close_numbers(norms, pattern):
                        fail(f"{what}: {words}")
            assert_close(norms, right, what=what, rtol=1e-5, atol=1e-14)

    @criterion("gives one number a layer, for every depth and width", weight=2, hint="ask deep_stack for depth and width; width is 32 by default")
    def test_length(self, student, rng, device):
        total = 0.0
        for depth, skip, width in [(1, True, 3), (5, False, 4), (7, True, None)]:
            X, weights = self.stack(rng, device, depth, width or 32, 3)
            seen = student.run(norms_of_stack, depth=depth, skip=skip, width=width, X=X, weights=weights)
            norms, asked = seen["norms"], seen["asked"]
            what = f"gradient_norms({depth}, {skip}{'' if width is None else f', {width}'})"
            expect(isinstance(norms, list | tuple), f"{what} is not a list", "wrong type")
            expect(len(norms) == depth, f"{what} has {len(norms)} numbers, one for each of {depth} layers was expected", "wrong shape")
            for norm in norms:
                number = isinstance(norm, int | float) or (isinstance(norm, torch.Tensor) and norm.numel() == 1)
                expect(number, f"{what} holds something that is not a number", "wrong type")
            total += sum(float(norm) for norm in norms)
            expect(all(sizes == [depth, width or 32] for sizes in asked), f"{what} asks deep_stack for {asked[:1]}: depth and width are not passed on")
        expect(total > 0, "gradient_norms gives zeros only")

    @criterion(
        "plain stack: the norms of the gradients of the mean square, first layer first", weight=3,
        hint="H = sigmoid(H @ W) for each W, then H.square().mean().backward(), then W.grad.norm()",
    )  # fmt: skip
    def test_plain(self, student, rng, device):
        self.agrees(student, rng, device, skip=False)

    @criterion(
        "with skip: every layer's input is added to what the layer gives", weight=3,
        hint="H = H + sigmoid(H @ W): the H from before this layer, at every layer",
    )  # fmt: skip
    def test_skip(self, student, rng, device):
        self.agrees(student, rng, device, skip=True)

    @criterion(
        "on random stacks the gradient vanishes without skip, and does not with it", weight=2,
        hint="the first of the norms belongs to the layer next to the input",
    )  # fmt: skip
    def test_vanishing(self, student):
        for depth, width in [(20, 8), (25, 32)]:
            plain, skip = student.gradient_norms(depth, False, width), student.gradient_norms(depth, True, width)
            for norms in (plain, skip):
                expect(isinstance(norms, list | tuple) and len(norms) == depth, f"gradient_norms({depth}, …) is not a list of {depth} numbers", "wrong shape")
                expect(all(0 < float(norm) < float("inf") for norm in norms), f"gradient_norms({depth}, …) has norms that are not positive", "unstable")
            expect(float(plain[0]) < 1e-4 * float(plain[-1]), "without skip, the first layer's gradient should be far smaller than the last layer's")
            ratio = float(skip[0]) / float(skip[-1])
            expect(1e-5 < ratio < 1e5, "with skip, the first and the last layer's gradients should be of similar size")


def close_numbers(mine, right):
    """Whether two lists of numbers agree, and are more than rounding."""
    if not all(isinstance(a, int | float) or (isinstance(a, torch.Tensor) and a.numel() == 1) for a in mine):
        return False
    return all(abs(float(a) - float(b)) <= 1e-6 * abs(float(b)) for a, b in zip(mine, right, strict=True))


# ResNet -----------------------------------------------------------------------------------------------------------------


@exercise("resnet_block")
class TestResnetBlock:
    STAGES = [
        ((3, 5, 2), {}, (4, 3, 8, 6)),
        ((4, 4, 2), {"first_block": True}, (1, 4, 3, 5)),
        ((2, 3, 1), {}, (2, 2, 5, 7)),
        ((3, 3, 3), {"first_block": True}, (3, 3, 4, 3)),
        ((5, 2, 3), {"first_block": False}, (2, 5, 9, 6)),
        ((3, 3, 2), {}, (2, 3, 6, 6)),
    ]

    def each(self, student, rng, device, check, stages=STAGES, **settings):
        def cases():
            for args, options, shape in stages:
                check(Case(student, rng, device, "resnet_block", *args, shapes=[shape], **settings, **options))

        with_right_parts(student, ["Residual"], cases)

    @criterion(
        "halves height and width once; with first_block=True keeps them", weight=3,
        hint="only the block with i == 0 has strides=2, and only if first_block is False",
    )  # fmt: skip
    def test_shapes(self, student, rng, device):
        self.each(student, rng, device, Case.assert_shapes)

    @criterion(
        "has num_residuals blocks, of which only the first one may change the shape", weight=3,
        hint="use_1x1conv=True for i == 0 unless first_block; every other block is Residual(num_channels, num_channels)",
    )  # fmt: skip
    def test_layers(self, student, rng, device):
        self.each(student, rng, device, Case.assert_layers)

    @criterion("with the same weights, gives what its blocks give one after the other", weight=2, hint="every round makes a new Residual")
    def test_outputs(self, student, rng, device):
        self.each(student, rng, device, Case.assert_outputs, stages=self.STAGES[:5], training=(True, False))

    @criterion("gradients reach the input and every parameter")
    def test_gradients(self, student, rng, device):
        self.each(
            student,
            rng,
            device,
            Case.assert_gradients,
            [self.STAGES[2], ((2, 2, 2), {"first_block": True}, (2, 2, 3, 4))],
            training=(True,),
            gradients="slopes",
            dtype=torch.float64,
        )

    @criterion("is an nn.Sequential", hint="nn.Sequential(*blocks), with the star")
    def test_sequential(self, student, rng, device):
        def is_sequential(case):
            expect(case.mine["sequential"], f"{case.words} is a {case.mine['kind']}, an nn.Sequential was expected", "wrong type")
            case.assert_layers_in_use()

        self.each(student, rng, device, is_sequential, self.STAGES[1:3])

    @criterion("leaves its input unchanged", hint="operations that end in _ write into the old tensor; so does inplace=True on the input itself")
    def test_unchanged(self, student, rng, device):
        self.each(student, rng, device, Case.assert_unchanged, self.STAGES[1:3], training=(True, False))


def resnet18_with(start_activation=nn.ReLU, start_pool=lambda: nn.MaxPool2d(3, 2, 1), end_pool=lambda: nn.AdaptiveAvgPool2d(1), last=nn.Identity):
    """A builder of ResNets, or of one with a usual mistake in it."""

    def resnet18(num_classes, in_channels=1):
        stage = reference.resnet_block
        return nn.Sequential(
            nn.Conv2d(in_channels, 64, 7, 2, 3), nn.BatchNorm2d(64), start_activation(), start_pool(),
            stage(64, 64, 2, first_block=True), stage(64, 128, 2), stage(128, 256, 2), stage(256, 512, 2),
            end_pool(), nn.Flatten(), nn.Linear(512, num_classes), last(),
        )  # fmt: skip

    return resnet18


RESNET_MISTAKES = {
    "the ReLU after the first BatchNorm is missing": resnet18_with(start_activation=nn.Identity),
    "the pooling at the start takes the average, not the maximum": resnet18_with(start_pool=lambda: nn.AvgPool2d(3, 2, 1)),
    "the pooling at the start has no padding": resnet18_with(start_pool=lambda: nn.MaxPool2d(3, 2)),
    "the pooling at the end takes the maximum, not the average": resnet18_with(end_pool=lambda: nn.AdaptiveMaxPool2d(1)),
    "there is a softmax at the end; scores were expected": resnet18_with(last=lambda: nn.Softmax(1)),
    "there is a log-softmax at the end; scores were expected": resnet18_with(last=lambda: nn.LogSoftmax(1)),
    "there is a ReLU at the end; scores were expected": resnet18_with(last=nn.ReLU),
}


@exercise("resnet18")
class TestResnet18:
    def one(self, student, rng, device, check, *args, shape, **settings):
        with_right_parts(student, ["Residual", "resnet_block"], lambda: check(Case(student, rng, device, "resnet18", *args, shapes=[shape], **settings)))

    @criterion(
        "has the layers of the table: 11,178,378 parameters for ten classes and one channel", weight=3,
        hint="count the parameters part by part and compare with the numbers of the example by hand", timeout_s=LARGE_NET_S,
    )  # fmt: skip
    def test_layers(self, student, rng, device):
        self.one(student, rng, device, Case.assert_layers, 10, shape=(2, 1, 32, 32))

    @criterion(
        "takes num_classes and in_channels as they are given", weight=1,
        hint="the first convolution begins with in_channels, the linear layer ends with num_classes", timeout_s=LARGE_NET_S,
    )  # fmt: skip
    def test_arguments(self, student, rng, device):
        def holds(case):
            case.assert_shapes()
            first = [shapes[0] for shapes in case.mine["layers"] if shapes[0][2:] == [7, 7]]
            last = [shapes[0] for shapes in case.mine["layers"] if len(shapes[0]) == 2]
            expect(bool(first) and first[0][1] == 3, f"{case.words} has no 7×7 convolution from 3 channels", "wrong shape")
            expect(bool(last) and last[-1][0] == 7, f"{case.words} has no linear layer to 7 scores", "wrong shape")

        self.one(student, rng, device, holds, 7, 3, shape=(2, 3, 32, 33))

    @criterion(
        "the four stages have the sizes of the table, for pictures of any size", weight=3,
        hint="the start divides height and width by 4, stage 1 keeps them, stages 2 to 4 halve them", timeout_s=LARGE_NET_S,
    )  # fmt: skip
    def test_stages(self, student, rng, device):
        def holds(case):
            for channels, size in case.right["sizes"].items():
                mine = case.mine["sizes"].get(channels)
                expect(mine is not None, f"no picture with {channels} channels comes out of any convolution of {case.words}", "missing")
                words = f"the last picture with {channels} channels is {mine[0]}×{mine[1]}, expected {size[0]}×{size[1]} for an input of 64×40"
                expect(mine == size, words, "wrong shape")
            case.assert_shapes()

        self.one(student, rng, device, holds, 10, shape=(1, 1, 64, 40))

    @criterion(
        "with the same weights, gives the same scores", weight=5,
        hint="max pooling after the first ReLU, global average pooling before the linear layer, nothing after it", timeout_s=LARGE_NET_S,
    )  # fmt: skip
    def test_outputs(self, student, rng, device):
        self.one(student, rng, device, lambda case: case.assert_outputs(RESNET_MISTAKES), 6, shape=(2, 1, 72, 33), training=(False,))

    @criterion("gradients reach every parameter", weight=2, timeout_s=LARGE_NET_S)
    def test_gradients(self, student, rng, device):
        self.one(student, rng, device, Case.assert_reached, 10, shape=(2, 1, 32, 33), training=(False,), gradients="reached")

    @criterion("leaves its input unchanged", weight=1, hint="operations that end in _ write into the old tensor", timeout_s=LARGE_NET_S)
    def test_unchanged(self, student, rng, device):
        self.one(student, rng, device, Case.assert_unchanged, 5, shape=(2, 1, 32, 32), training=(False,))


# Bottleneck -------------------------------------------------------------------------------------------------------------


def bottleneck_with(forward):
    """A Bottleneck that goes another way through its layers b[0] … b[7]."""
    return type("Variant", (reference.Bottleneck,), {"forward": lambda self, X: forward(self.branch, X)})


BOTTLENECK_MISTAKES = {
    "the skip is added after the last ReLU; add first, ReLU afterwards": bottleneck_with(lambda b, X: F.relu(b(X)) + X),
    "the ReLU after the addition is missing": bottleneck_with(lambda b, X: b(X) + X),
    "the skip is missing: what comes out is the branch alone": bottleneck_with(lambda b, X: F.relu(b(X))),
    "a ReLU stands at the end of the branch, before the addition": bottleneck_with(lambda b, X: F.relu(F.relu(b(X)) + X)),
    "the ReLU after the first convolution is missing": bottleneck_with(lambda b, X: F.relu(b[3:](b[:2](X)) + X)),
    "the ReLU after the 3×3 convolution is missing": bottleneck_with(lambda b, X: F.relu(b[6:](b[:5](X)) + X)),
    "both ReLUs between the convolutions are missing": bottleneck_with(lambda b, X: F.relu(b[6:](b[3:5](b[:2](X))) + X)),
    "only the skip comes out: the branch is missing": bottleneck_with(lambda b, X: F.relu(X)),
}


@exercise("Bottleneck")
class TestBottleneck:
    @criterion("keeps the shape of its input", weight=1, hint="padding=1 for the 3×3 convolution, none for the others")
    def test_shapes(self, student, rng, device):
        for args, shape in [((6, 2), (4, 6, 3, 5)), ((3, 4), (1, 3, 5, 4)), ((8, 3), (7, 8, 4, 3))]:
            Case(student, rng, device, "Bottleneck", *args, shapes=[shape]).assert_shapes()

    @criterion(
        "has 1×1, 3×3 and 1×1 convolutions without bias, 69,632 weights for 256 → 64 → 256, and three BatchNorms", weight=3,
        hint="bias=False in all three; BatchNorms over mid, mid and channels channels",
    )  # fmt: skip
    def test_layers(self, student, rng, device):
        for args, shape in [((6, 2), (2, 6, 3, 5)), ((256, 64), (1, 256, 3, 2))]:
            Case(student, rng, device, "Bottleneck", *args, shapes=[shape]).assert_layers()

    @criterion(
        "is ReLU(X + branch), with the same weights as the reference", weight=4,
        hint="BatchNorm after each convolution, ReLU after the first two, then add, then ReLU",
    )  # fmt: skip
    def test_outputs(self, student, rng, device):
        for args, shapes in [((6, 2), [(1, 6, 4, 5), (4, 6, 3, 3)]), ((3, 5), [(3, 3, 5, 2)])]:
            case = Case(student, rng, device, "Bottleneck", *args, shapes=shapes, training=(True, False))
            case.assert_outputs(BOTTLENECK_MISTAKES)

    @criterion("gradients reach the input and every parameter", weight=1, hint="no .detach(), .data or in-place addition into X")
    def test_gradients(self, student, rng, device):
        settings = {"gradients": "slopes", "training": (True, False), "dtype": torch.float64}
        Case(student, rng, device, "Bottleneck", 4, 2, shapes=[(2, 4, 3, 4)], **settings).assert_gradients()

    @criterion("leaves its input unchanged", hint="X += … and relu_() on X write into the caller's tensor")
    def test_unchanged(self, student, rng, device):
        Case(student, rng, device, "Bottleneck", 4, 2, shapes=[(2, 4, 3, 5)], training=(True, False)).assert_unchanged()


# DenseNet ---------------------------------------------------------------------------------------------------------------


def chain(*layers):
    """A builder of an nn.Sequential of these layers; `bn` and `conv` stand for those of the exercise."""

    def build(kernel_size, padding):
        def block(c_in, c_out):
            parts = {"bn": lambda: nn.BatchNorm2d(c_in), "conv": lambda: nn.Conv2d(c_in, c_out, kernel_size, padding=padding)}
            return nn.Sequential(*[parts[layer]() if isinstance(layer, str) else layer() for layer in layers])

        return block

    return build


CONV_MISTAKES = {
    "the ReLU stands before the BatchNorm": chain(nn.ReLU, "bn", "conv")(3, 1),
    "the ReLU is missing": chain("bn", "conv")(3, 1),
    "there is a ReLU after the convolution": chain("bn", nn.ReLU, "conv", nn.ReLU)(3, 1),
    "the ReLU stands after the convolution": chain("bn", "conv", nn.ReLU)(3, 1),
    "BatchNorm and ReLU stand after the convolution": lambda c_in, c_out: nn.Sequential(nn.Conv2d(c_in, c_out, 3, padding=1), nn.BatchNorm2d(c_out), nn.ReLU()),
}


@exercise("conv_block")
class TestConvBlock:
    @criterion("keeps height and width, and has c_out channels", weight=2, hint="padding=1 with a 3×3 kernel")
    def test_shapes(self, student, rng, device):
        for args, shape in [((3, 5), (4, 3, 6, 4)), ((4, 2), (1, 4, 3, 5)), ((2, 2), (7, 2, 4, 3))]:
            Case(student, rng, device, "conv_block", *args, shapes=[shape]).assert_shapes()

    @criterion("has a BatchNorm over c_in channels and a 3×3 convolution with bias", weight=2, hint="the BatchNorm comes first: it sees c_in channels")
    def test_layers(self, student, rng, device):
        for args, shape in [((3, 5), (2, 3, 4, 6)), ((4, 1), (2, 4, 3, 5))]:
            Case(student, rng, device, "conv_block", *args, shapes=[shape]).assert_layers()

    @criterion("is BatchNorm, then ReLU, then convolution", weight=4, hint="nn.Sequential(BatchNorm, ReLU, convolution), in this order")
    def test_outputs(self, student, rng, device):
        for args, shapes in [((3, 5), [(1, 3, 4, 5), (4, 3, 3, 6)]), ((3, 3), [(3, 3, 5, 2)])]:
            case = Case(student, rng, device, "conv_block", *args, shapes=shapes, training=(True, False))
            case.assert_outputs(CONV_MISTAKES)

    @criterion("gradients reach the input and every parameter")
    def test_gradients(self, student, rng, device):
        settings = {"gradients": "slopes", "training": (True, False), "dtype": torch.float64}
        Case(student, rng, device, "conv_block", 3, 2, shapes=[(2, 3, 4, 3)], **settings).assert_gradients()

    @criterion("leaves its input unchanged", hint="an in-place ReLU may follow the BatchNorm, never come before it")
    def test_unchanged(self, student, rng, device):
        Case(student, rng, device, "conv_block", 4, 3, shapes=[(2, 4, 3, 5)], training=(True, False)).assert_unchanged()


def dense_with(forward):
    """A DenseBlock that goes another way through its units."""
    return type("Variant", (reference.DenseBlock,), {"forward": lambda self, X: forward(self.units, X)})


def newest_first(units, X):
    for unit in units:
        X = torch.cat((unit(X), X), dim=1)
    return X


def all_units(units, X):
    for unit in units:
        X = torch.cat((X, unit(X)), dim=1)
    return X


DENSE_MISTAKES = {
    "the new channels stand before the old ones": dense_with(newest_first),
    "there is a ReLU at the end": dense_with(lambda units, X: F.relu(all_units(units, X))),
}


@exercise("DenseBlock")
class TestDenseBlock:
    BLOCKS = [((2, 3, 4), (4, 3, 5, 3)), ((1, 2, 5), (1, 2, 3, 4)), ((3, 4, 2), (3, 4, 4, 5))]

    def each(self, student, rng, device, check, blocks=BLOCKS, **settings):
        def cases():
            for args, shape in blocks:
                check(Case(student, rng, device, "DenseBlock", *args, shapes=[shape], **settings))

        with_right_parts(student, ["conv_block"], cases)

    @criterion(
        "gives input_channels + num_convs · growth channels, and keeps height and width", weight=2,
        hint="torch.cat((X, unit(X)), dim=1) after every unit",
    )  # fmt: skip
    def test_shapes(self, student, rng, device):
        self.each(student, rng, device, Case.assert_shapes)

    @criterion(
        "each unit takes all channels that are there so far, and makes growth new ones", weight=3,
        hint="unit i is conv_block(input_channels + i * growth, growth), and all units stand in an nn.ModuleList",
    )  # fmt: skip
    def test_layers(self, student, rng, device):
        self.each(student, rng, device, Case.assert_layers)

    @criterion(
        "with the same weights, gives the input first and the new channels behind it, in order", weight=3,
        hint="old channels first: torch.cat((X, Y), dim=1)",
    )  # fmt: skip
    def test_outputs(self, student, rng, device):
        self.each(student, rng, device, lambda case: case.assert_outputs(DENSE_MISTAKES), training=(True, False))

    @criterion("gradients reach the input and every parameter")
    def test_gradients(self, student, rng, device):
        self.each(student, rng, device, Case.assert_gradients, [((2, 3, 2), (2, 3, 4, 3))], gradients="slopes", dtype=torch.float64, training=(True, False))

    @criterion("leaves its input unchanged", hint="torch.cat makes a new tensor; operations that end in _ write into the old one")
    def test_unchanged(self, student, rng, device):
        self.each(student, rng, device, Case.assert_unchanged, self.BLOCKS[:1], training=(True, False))


TRANSITION_MISTAKES = {
    "the ReLU stands before the BatchNorm": chain(nn.ReLU, "bn", "conv", lambda: nn.AvgPool2d(2))(1, 0),
    "the ReLU is missing": chain("bn", "conv", lambda: nn.AvgPool2d(2))(1, 0),
    "the pooling takes the maximum, not the average": chain("bn", nn.ReLU, "conv", lambda: nn.MaxPool2d(2))(1, 0),
    "there is a ReLU after the convolution": chain("bn", nn.ReLU, "conv", nn.ReLU, lambda: nn.AvgPool2d(2))(1, 0),
    "the ReLU stands after the convolution": chain("bn", "conv", nn.ReLU, lambda: nn.AvgPool2d(2))(1, 0),
    "the convolution has stride 2 in the place of the pooling": lambda c_in, c_out: nn.Sequential(
        nn.BatchNorm2d(c_in), nn.ReLU(), nn.Conv2d(c_in, c_out, 1, stride=2)
    ),
}


@exercise("transition_block")
class TestTransitionBlock:
    @criterion(
        "has c_out channels, and half the height and width, rounded down", weight=2, hint="nn.AvgPool2d(kernel_size=2, stride=2), and no padding anywhere"
    )
    def test_shapes(self, student, rng, device):
        for args, shape in [((6, 3), (4, 6, 8, 4)), ((3, 5), (1, 3, 5, 6)), ((4, 2), (7, 4, 4, 7))]:
            Case(student, rng, device, "transition_block", *args, shapes=[shape]).assert_shapes()

    @criterion("has a BatchNorm over c_in channels and a 1×1 convolution with bias", weight=2, hint="the BatchNorm comes first: it sees c_in channels")
    def test_layers(self, student, rng, device):
        for args, shape in [((6, 3), (2, 6, 4, 6)), ((2, 5), (2, 2, 4, 2))]:
            Case(student, rng, device, "transition_block", *args, shapes=[shape]).assert_layers()

    @criterion("is BatchNorm, ReLU, convolution and average pooling", weight=4, hint="the average of each 2×2 window, not its maximum")
    def test_outputs(self, student, rng, device):
        for args, shapes in [((6, 3), [(1, 6, 4, 5), (4, 6, 6, 2)]), ((3, 3), [(3, 3, 4, 4)])]:
            case = Case(student, rng, device, "transition_block", *args, shapes=shapes, training=(True, False))
            case.assert_outputs(TRANSITION_MISTAKES)

    @criterion("gradients reach the input and every parameter")
    def test_gradients(self, student, rng, device):
        settings = {"gradients": "slopes", "training": (True, False), "dtype": torch.float64}
        Case(student, rng, device, "transition_block", 3, 2, shapes=[(2, 3, 4, 5)], **settings).assert_gradients()

    @criterion("leaves its input unchanged", hint="an in-place ReLU may follow the BatchNorm, never come before it")
    def test_unchanged(self, student, rng, device):
        Case(student, rng, device, "transition_block", 4, 3, shapes=[(2, 4, 4, 5)], training=(True, False)).assert_unchanged()


def densenet_with(
    start_activation=nn.ReLU, start_pool=lambda: nn.MaxPool2d(3, 2, 1), end_activation=nn.ReLU, end_pool=lambda: nn.AdaptiveAvgPool2d(1), last=nn.Identity
):
    """A builder of DenseNets, or of one with a usual mistake in it: the reference's, with some of its layers replaced."""

    def densenet(num_classes, **options):
        layers = list(reference.densenet(num_classes, **options))
        layers[2:4] = [start_activation(), start_pool()]
        layers[-4:-2] = [end_activation(), end_pool()]
        return nn.Sequential(*layers, last())

    return densenet


DENSENET_MISTAKES = {
    "the ReLU after the first BatchNorm is missing": densenet_with(start_activation=nn.Identity),
    "the pooling at the start takes the average, not the maximum": densenet_with(start_pool=lambda: nn.AvgPool2d(3, 2, 1)),
    "the ReLU after the last BatchNorm is missing": densenet_with(end_activation=nn.Identity),
    "the pooling at the end takes the maximum, not the average": densenet_with(end_pool=lambda: nn.AdaptiveMaxPool2d(1)),
    "there is a softmax at the end; scores were expected": densenet_with(last=lambda: nn.Softmax(1)),
    "there is a log-softmax at the end; scores were expected": densenet_with(last=lambda: nn.LogSoftmax(1)),
}


@exercise("densenet")
class TestDensenet:
    NETS = [
        ((7,), {"in_channels": 3, "growth": 4, "num_convs": [2, 1, 3]}, (2, 3, 40, 33)),
        ((3,), {"growth": 5, "num_convs": [1, 2]}, (1, 1, 32, 24)),
        ((4,), {"growth": 3, "num_convs": [2]}, (3, 1, 24, 32)),
    ]

    def each(self, student, rng, device, check, nets=NETS, **settings):
        def cases():
            for args, options, shape in nets:
                check(Case(student, rng, device, "densenet", *args, shapes=[shape], **settings, **options))

        with_right_parts(student, ["conv_block", "DenseBlock", "transition_block"], cases)

    @criterion("gives one row of num_classes scores for each picture, of any size", weight=1, hint="global average pooling and flatten before the linear layer")
    def test_shapes(self, student, rng, device):
        self.each(student, rng, device, Case.assert_shapes)

    @criterion(
        "has the layers of the description, whatever growth and num_convs are", weight=3,
        hint="channels grow by n · growth in a dense block and are halved between two blocks; print them after each line",
    )  # fmt: skip
    def test_layers(self, student, rng, device):
        self.each(student, rng, device, Case.assert_layers)

    @criterion("growth is 32 and num_convs (4, 4, 4, 4) by default: 758,226 parameters", weight=1, hint="64, 192, 96, 224, 112, 240, 120, 248 channels")
    def test_defaults(self, student, rng, device):
        self.each(student, rng, device, Case.assert_layers, [((10,), {}, (1, 1, 32, 32))] * 2)

    @criterion(
        "with the same weights, gives the same scores", weight=3,
        hint="BatchNorm and ReLU before the global average pooling, nothing after the linear layer",
    )  # fmt: skip
    def test_outputs(self, student, rng, device):
        self.each(student, rng, device, lambda case: case.assert_outputs(DENSENET_MISTAKES), training=(True, False))

    @criterion("gradients reach every parameter", weight=1)
    def test_gradients(self, student, rng, device):
        self.each(student, rng, device, Case.assert_reached, self.NETS[:1], training=(True,), gradients="reached")

    @criterion("leaves its input unchanged", weight=1, hint="operations that end in _ write into the old tensor")
    def test_unchanged(self, student, rng, device):
        self.each(student, rng, device, Case.assert_unchanged, [((7,), {"growth": 4, "num_convs": [2, 1, 3]}, (2, 1, 40, 33))], training=(True, False))
