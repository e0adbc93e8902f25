"""Hidden grader of ps13_resnet."""

from functools import cache

import torch
from torch.nn import functional as F

from autograder import Finding, as_number, assert_close, assert_shape, case, criterion, exercise, expect, layer, part
from autograder.vocabulary.draw import Draw
from autograder.vocabulary.layer import drawn_weight
from autograder.vocabulary.part import Lending
from autograder.vocabulary.slip import alike
from solutions.ps13_resnet import resnet as reference

BOTH = (False, True)  # evaluation and training mode


# Residual blocks --------------------------------------------------------------------------------------------------------


branch = lambda b, X: b.bn2(b.conv2(F.relu(b.bn1(b.conv1(X)))))
skip = lambda b, X: X if b.conv3 is None else b.conv3(X)


def strided_late(b, X):
    Y = F.relu(b.bn1(F.conv2d(X, b.conv1.weight, b.conv1.bias, padding=1)))
    return b.bn2(F.conv2d(Y, b.conv2.weight, b.conv2.bias, padding=1, stride=b.conv1.stride))


ADDED_LATE = "the skip is added after the last ReLU: add first, ReLU afterwards"
NO_LAST_RELU = "the ReLU after the addition is missing"
NO_SKIP = "the skip is missing: the branch comes out alone"
RELU_ON_BRANCH = "a ReLU stands at the end of the branch, before the addition"
ONLY_SKIP = "the branch is missing: only the skip comes out"
PROJECTED, PLAIN = (True, 2), (False, 1)  # use_1x1conv and strides

residual = layer(
    reference.Residual, lambda draw, n=2, c=3, out=5, h=5, w=4, options=PROJECTED: ((c, out, *options), (draw.normal(n, c, h, w),)), biases=False,
    slips={
        ADDED_LATE: lambda b, X: F.relu(branch(b, X)) + skip(b, X),
        NO_LAST_RELU: lambda b, X: branch(b, X) + skip(b, X),
        NO_SKIP: lambda b, X: F.relu(branch(b, X)),
        RELU_ON_BRANCH: lambda b, X: F.relu(F.relu(branch(b, X)) + skip(b, X)),
        ONLY_SKIP: lambda b, X: F.relu(skip(b, X)),
        "the ReLU between the two convolutions is missing": lambda b, X: F.relu(b.bn2(b.conv2(b.bn1(b.conv1(X)))) + skip(b, X)),
        "the first ReLU stands before its BatchNorm": lambda b, X: F.relu(b.bn2(b.conv2(b.bn1(F.relu(b.conv1(X))))) + skip(b, X)),
        "branch and skip are averaged, not added": lambda b, X: F.relu((branch(b, X) + skip(b, X)) / 2),
        "the skip is added twice": lambda b, X: F.relu(branch(b, X) + 2 * skip(b, X)),
        "the second convolution has the stride; the first one should take it": lambda b, X: F.relu(strided_late(b, X) + skip(b, X)),
    },
)  # fmt: skip


@exercise("Residual")
class TestResidual:
    test_shapes = residual.gives_shapes(
        "the result has the right shape: strides divide height and width once, use_1x1conv=True allows other channels", 2,
        "the first convolution and the 1×1 convolution take strides, the second convolution does not",
        [(4, 3, 3, 6, 5, ()), (1, 2, 5, 4, 6, (True,)), (2, 3, 4, 6, 9, PROJECTED), (3, 4, 4, 7, 4, PROJECTED), (2, 5, 2, 7, 5, (True, 3))],
    )  # fmt: skip
    test_layers = residual.registers(
        "has two 3×3 convolutions and two BatchNorms, and a bare 1×1 convolution when it is asked for", 2,
        "every layer is an attribute of self; each convolution has its bias and its own BatchNorm, the skip has none",
        [(2, 4, 4, 3, 5, ()), (2, 3, 5, 4, 6, PROJECTED)],
    )  # fmt: skip
    test_identity_skip = residual.agrees(
        "is ReLU(branch + X), with the same weights as the reference", 4, "Y = relu(bn1(conv1(X))), Y = bn2(conv2(Y)), and relu(Y + X) at the end",
        [(4, 3, 3, 6, 3, PLAIN), (1, 3, 3, 4, 5, PLAIN), (3, 3, 3, 5, 5, ()), (7, 5, 5, 3, 4, PLAIN)],
    )  # fmt: skip
    test_projected_skip = residual.agrees(
        "with use_1x1conv=True the skip goes through the 1×1 convolution, with the same stride", 3,
        "conv3 and conv1 take strides, conv2 does not; add conv3(X) in the place of X, without BatchNorm or ReLU on the skip",
        [(4, 3, 5, 6, 7, PROJECTED), (1, 4, 2, 5, 3, (True, 1)), (3, 3, 3, 4, 5, (True, 1)), (2, 2, 4, 7, 8, (True, 3))],
    )  # fmt: skip
    test_gradients = residual.gradients(
        2, "Y + X instead of X += Y; no .detach(), .data or .item() on the way",
        "gradients reach the input, over the branch and over the skip, and every parameter", [(2, 3, 3, 4, 3, PLAIN), (3, 2, 4, 4, 5, PROJECTED)], BOTH,
    )  # fmt: skip
    test_dtype = residual.keeps_dtype()
    test_unchanged = residual.leaves_inputs(1, "X += Y and relu_() on X write into the caller's tensor; Y + X does not", sizes=[(2, 4, 4, 3, 5, PLAIN), ()])
    test_again = residual.again()
    test_saved = residual.saves()


def restored(student, ask):
    """Their Residual, with a forward that sends X through its layers as it should. Where layers are missing, one with the names of the notebook's hints."""
    import torch
    from torch import nn

    own = student.Residual

    class Residual(nn.Module):
        def __init__(self, input_channels, num_channels, use_1x1conv=False, strides=1):
            super().__init__()
            self.conv1 = nn.Conv2d(input_channels, num_channels, kernel_size=3, padding=1, stride=strides)
            self.bn1 = nn.BatchNorm2d(num_channels)
            self.conv2 = nn.Conv2d(num_channels, num_channels, kernel_size=3, padding=1)
            self.bn2 = nn.BatchNorm2d(num_channels)
            self.conv3 = nn.Conv2d(input_channels, num_channels, kernel_size=1, stride=strides) if use_1x1conv else None

        def __getattr__(self, name):
            try:
                return super().__getattr__(name)
            except AttributeError:
                words = "your Residual lacks a layer, so this was tried with a block whose layers are conv1, bn1, conv2, bn2 and conv3"
                raise AttributeError(f"{words}; it has no {name}") from None

    def layers_of(block, input_channels, num_channels, use_1x1conv):
        """conv1, norm1, conv2, norm2, the 1×1 convolution or None, as they are called; what normalises the skip. None if one is missing."""
        layers, calls = [m for m in block.modules() if isinstance(m, (nn.Conv2d, nn.BatchNorm2d))], []
        hooks = [m.register_forward_hook(lambda module, inputs, output: calls.append((module, inputs[0], output))) for m in layers]
        try:
            with torch.no_grad():
                block.eval()(torch.rand(2, input_channels, 4, 5))
        except Exception:  # what was called so far has to do
            pass
        for hook in hooks:
            hook.remove()
        in_order = list(dict.fromkeys([*(m for m, _, _ in calls), *layers]))
        narrow = [m for m in in_order if isinstance(m, nn.Conv2d) and m.kernel_size == (1, 1)]
        convs = [m for m in in_order if isinstance(m, nn.Conv2d) and m not in narrow]
        projected = [output for m, _, output in calls if m in narrow]
        on_skip = [m for m, given, _ in calls if isinstance(m, nn.BatchNorm2d) and any(given is output for output in projected)]
        norms = [m for m in in_order if isinstance(m, nn.BatchNorm2d) and m not in on_skip]
        sizes = [input_channels, num_channels]
        if (
            [m.in_channels for m in convs] != sizes
            or len(narrow) < use_1x1conv
            or len(norms) not in (1, 2)
            or {m.num_features for m in norms} != {num_channels}
        ):
            return None
        norms = [nn.BatchNorm2d(num_channels), *norms][-2:]
        return convs[0], norms[0], convs[1], norms[1], narrow[0] if use_1x1conv else None, on_skip

    def make(input_channels, num_channels, use_1x1conv=False, strides=1):
        try:
            block = own(input_channels, num_channels, use_1x1conv, strides)
            found = layers_of(block, input_channels, num_channels, use_1x1conv)
        except Exception:  # it has its own exercise
            found = None
        if found is None:
            block = Residual(input_channels, num_channels, use_1x1conv, strides)
            found = block.conv1, block.bn1, block.conv2, block.bn2, block.conv3, []
        conv1, norm1, conv2, norm2, conv3, on_skip = found
        for module in list(block.modules()):
            for name, child in list(module.named_children()):
                if child in on_skip:
                    setattr(module, name, nn.Identity())

        def forward(X):
            norm1.to(X.device).train(block.training)
            Y = torch.relu(norm1(nn.functional.conv2d(X, conv1.weight, conv1.bias, strides, 1)))
            Y = norm2(nn.functional.conv2d(Y, conv2.weight, conv2.bias, 1, 1))
            return torch.relu(Y + (X if conv3 is None else nn.functional.conv2d(X, conv3.weight, conv3.bias, strides)))

        block.forward = forward
        return block.train()

    return make


def silenced(student, args, trained, X):
    """What a Residual gives before and after zero_init_residual, each in training and in evaluation mode, and what became of it."""
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

    def run(training):
        block.train(training)
        with torch.no_grad(), Projections() as projections:
            Y = block(X.clone())
        return Y, projections.results[-1] if projections.results else None

    block = student.Residual(*args).to(X.device)
    norms = []
    hooks = [m.register_forward_hook(lambda m, *_: norms.append(m)) for m in block.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    run(False)  # gives lazy layers their shapes
    for hook in hooks:
        hook.remove()
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
    buffers = [b.clone() for b in block.buffers()]
    block.train(not trained)
    returned = student.zero_init_residual(block)
    mode_left, left = block.training is (not trained), list(block.parameters())
    kept = len(left) == len(values) and all(p.shape == v.shape for p, v in zip(left, values))
    changed = [p for p, v in zip(left, values) if not torch.equal(p, v)] if kept else []
    statistics_left = len(buffers) == len(list(block.buffers())) and all(map(torch.equal, block.buffers(), buffers))
    trains = all(p.requires_grad for p in left)
    program_left = torch.is_grad_enabled() and torch.get_default_dtype() == torch.float32
    after = [run(training) for training in (True, False)]

    # One step away from zero: the branch has learned something when it says more than one constant for each channel.
    torch.set_grad_enabled(True)
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
    silent = [not bool(norm.weight.any()) for norm in dict.fromkeys(norms)]
    return {
        "before": before, "after": [Y for Y, _ in after], "projected": [Z for _, Z in after], "same": returned is block, "returned": type(returned).__name__,
        "changed": [list(p.shape) for p in changed], "kept": kept, "mode_left": mode_left, "statistics_left": statistics_left, "trains": trains,
        "learned": learned, "program_left": program_left, "first_only": silent == [True, False],
    }  # fmt: skip


FIRST_NORM = "zero_init_residual set the first BatchNorm of the branch to zero; the last one, behind the second convolution, still speaks"


RESTORED = part(reference.Residual, module=False, there=restored)


def check(student, draw, holds, c, out, use_1x1conv=False, trained=False):
    """holds(what `silenced` sees, X) with their own Residual; where it does not and that one is wrong, with its layers as they should be called."""
    X = draw.uniform(3, c, 4, 5)
    look = lambda: holds(student.run(silenced, args=[c, out, use_1x1conv, 1], trained=trained, X=X), X)
    try:
        return look()
    except Finding:
        if residual_is_right(student, draw):
            raise
    lending = Lending(student)
    lending.lend([RESTORED])
    try:
        look()
    finally:
        lending.take_back()


def residual_is_right(student, draw):
    try:
        for test in (TestResidual.test_identity_skip, TestResidual.test_projected_skip, TestResidual.test_gradients, TestResidual.test_unchanged):
            test(None, student, draw)
    except Finding:
        return False
    return True


def is_identity(seen, X):
    for mode, before, after in zip(("training", "evaluation"), seen["before"], seen["after"], strict=True):
        expect(not alike(before, X), "Residual itself passes its input on as it is")
        expect(not seen["first_only"] or alike(after, X), FIRST_NORM)
        assert_close(after, X, what=f"a block on non-negative X after zero_init_residual, in {mode} mode,", rtol=1e-5, atol=1e-5)


def is_projected(seen, _):
    for Y, Z in zip(seen["after"], seen["projected"], strict=True):
        expect(not seen["first_only"], FIRST_NORM)
        expect(isinstance(Z, torch.Tensor) and bool((Z != 0).any()), "after zero_init_residual nothing comes out of the 1×1 convolution on the skip")
        assert_close(Y, F.relu(Z), what="a block with a 1×1 convolution after zero_init_residual", rtol=1e-5, atol=1e-5)


def is_left(seen, _):
    expect(seen["kept"], "the block has other parameters after zero_init_residual than before")
    count = len(seen["changed"])
    expect(count > 0, "no parameter of the block was changed")
    told = f"{count} parameter tensors of a block were changed; two were expected, both of the last BatchNorm"
    expect(count <= 2 and all(shape == [4] for shape in seen["changed"]), told)
    expect(seen["mode_left"], "the block was switched between training and evaluation mode")
    expect(seen["statistics_left"], "zero_init_residual changed the running statistics of a BatchNorm")
    expect(seen["program_left"], "after zero_init_residual autograd is switched off, or the default dtype is another")


def can_learn(seen, _):
    expect(len(seen["changed"]) > 0, "zero_init_residual changed nothing in the block")
    expect(not seen["first_only"], f"{FIRST_NORM}, and since ReLU passes no gradient at zero, it can never wake up", "no gradient")
    expect(seen["trains"], "after zero_init_residual a parameter of the block does not require a gradient", "no gradient")
    words = "after one step of gradient descent the branch still says the same for every pixel of a channel: the block cannot wake up"
    expect(seen["learned"] > 1e-4, words, "no gradient")


def is_returned(seen, _):
    expect(seen["same"], f"zero_init_residual returns a {seen['returned']} that is not the block it was given", "wrong type")
    expect(len(seen["changed"]) > 0, "zero_init_residual changed nothing in the block")


def silences(title, weight, hint, holds, *blocks):
    """blocks: the arguments of `check`, of each block that is silenced."""

    @criterion(title, weight, hint)
    def test(self, student, draw):
        for block in blocks:
            check(student, draw, holds, *block)

    return test


@exercise("zero_init_residual")
class TestZeroInitResidual:
    test_fresh = silences(
        "a fresh block becomes the identity on non-negative input, in training and in evaluation mode", 3,
        "scale and shift of the last BatchNorm on the branch, its weight and its bias, become zero", is_identity, (3, 3), (5, 5), (3, 3),
    )  # fmt: skip
    test_trained = silences(
        "so does a block that has been trained", 2,
        "after training the shift is no longer zero by itself, and the running statistics are not either: set both weight and bias",
        is_identity, (4, 4, False, True), (2, 2, False, True),
    )  # fmt: skip
    test_projection = silences(
        "a block with a 1×1 convolution becomes ReLU of that convolution", 2, "the skip is not part of the branch: leave it alone",
        is_projected, (3, 5, True), (2, 7, True),
    )  # fmt: skip
    test_rest = silences(
        "changes the scale and shift of one BatchNorm, and nothing else", 1,
        "no convolution, no other BatchNorm, no running statistics, and the block stays in the mode (training or evaluation) it was in",
        is_left, (3, 4, True, True), (4, 4),
    )  # fmt: skip
    test_awake = silences(
        "the silenced block can still learn", 1,
        "write zeros into the parameter; it must keep requires_grad, and something on the branch must not be zero", can_learn, (4, 4),
    )  # fmt: skip
    test_returns = silences("changes the block in place and returns it", 1, "return block, the very object that came in", is_returned, (3, 3))


# Gradient norms ---------------------------------------------------------------------------------------------------------


def norms_of_stacks(student, stacks):
    """gradient_norms on stacks with the numbers that are given, one after the other; and the sizes that deep_stack was asked for."""
    import torch

    given, results, asked = student.deep_stack, [], []

    def deep_stack(depth, width):
        asked[-1].append([depth, width])
        return stack["X"].clone(), [W.clone().requires_grad_() for W in stack["weights"]]

    torch.set_grad_enabled(True)
    student.deep_stack = deep_stack
    try:
        for stack in stacks:
            asked.append([])
            results.append(student.gradient_norms(stack["depth"], stack["skip"], *([stack["width"]] if stack["width"] else [])))
    finally:
        student.deep_stack = given
    return {"norms": results, "asked": asked, "program_left": torch.is_grad_enabled() and torch.get_default_dtype() == torch.float32}


def through(depth, skip, width, X, weights, activation=torch.sigmoid, start=False, inside=False, loss=lambda H: H.square().mean(), norm=torch.norm, last=False):
    """The norms of the gradients, or with a slip in them. start: the skip comes from the input of the whole stack; last: there is only one, at the end."""
    leaves, H = [W.clone().requires_grad_() for W in weights], X
    for W in leaves:
        before = X if start else 0 if last or not skip else H
        H = activation(H @ W + before) if inside else activation(H @ W) + before
    loss(H + X if last and skip else H).backward()
    return [float(norm(W.grad)) for W in leaves]


stacks = case(
    through, lambda draw, depth=4, skip=True, width=5, samples=7: (
        depth, skip, width, draw.float64.normal(samples, width), [draw.float64.normal(width, width, scale=width**-0.5) for _ in range(depth)]
    ), name="gradient_norms", rtol=1e-5, atol=1e-14,
    slips={
        "the last layer stands first": lambda *given: through(*given)[::-1],
        "there is a skip, and none was asked for": lambda depth, skip, *given: None if skip else through(depth, True, *given),
        "there is no skip, and one was asked for": lambda depth, skip, *given: through(depth, False, *given) if skip else None,
        "the skip comes from the input of the whole stack, not from that of the layer": lambda *given: through(*given, start=True),
        "there is one skip around the whole stack; each layer should have its own": lambda *given: through(*given, last=True),
        "the skip is added before the sigmoid": lambda *given: through(*given, inside=True),
        "the layers have a ReLU in the place of the sigmoid": lambda *given: through(*given, activation=torch.relu),
        "the norms are squared": lambda *given: [norm**2 for norm in through(*given)],
        "the loss is the sum of the squares, not their mean": lambda *given: through(*given, loss=lambda H: H.square().sum()),
        "the loss is the mean of the entries, not of their squares": lambda *given: through(*given, loss=lambda H: H.mean()),
        "absolute values are added up": lambda *given: through(*given, norm=lambda g: g.abs().sum()),
        "the largest entry of each gradient is taken": lambda *given: through(*given, norm=lambda g: g.abs().max()),
        "the norms of the weights are taken, not those of their gradients": lambda depth, skip, width, X, weights: [float(W.norm()) for W in weights],
    },
)  # fmt: skip


def norms_of(student, drawn):
    """What gradient_norms gives for arguments of the case, one after the other, and what else was seen."""
    seen = student.run(norms_of_stacks, stacks=[dict(zip(stacks.names, given, strict=False)) for given in drawn])
    expect(all(seen["asked"]), "gradient_norms does not take its input and weights from deep_stack", "missing")
    return seen["norms"], seen


def norms_agree(title, hint, skip):
    @criterion(title, weight=3, hint=hint, hint_for=("wrong value",))
    def test(self, student, draw):
        drawn = stacks.drawn(draw, [(1, skip, 3, 4), (4, skip, 5, 7), (4, skip, 5, 7), (9, skip, 2, 1)])
        stacks.compare(list(zip(drawn, norms_of(student, drawn)[0], strict=True)))

    return test


@exercise("gradient_norms")
class TestGradientNorms:
    @criterion("gives one number a layer, for every depth and width", weight=2, hint="ask deep_stack for depth and width; width is 32 by default")
    def test_length(self, student, draw):
        total, sizes = 0.0, [(1, True, 3), (5, False, 4), (7, True, None)]
        drawn = [(depth, skip, width, *stacks.arguments(draw, depth, skip, width or 32, 3)[3:]) for depth, skip, width in sizes]
        _, seen = norms_of(student, drawn)
        for (depth, skip, width), norms, asked in zip(sizes, seen["norms"], seen["asked"], strict=True):
            what = f"gradient_norms({depth}, {skip}{'' if width is None else f', {width}'})"
            expect(isinstance(norms, list | tuple), f"{what} is not a list", "wrong type")
            expect(len(norms) == depth, f"{what} has {len(norms)} numbers, one for each of {depth} layers was expected", "wrong shape")
            total += sum(as_number(norm, what=f"an entry of {what}") for norm in norms)
            expect(all(one == [depth, width or 32] for one in asked), f"{what} asks deep_stack for {asked[:1]}: depth and width are not passed on")
        expect(total > 0, "gradient_norms gives zeros only")

    test_plain = norms_agree(
        "plain stack: the norms of the gradients of the mean square, first layer first",
        "H = sigmoid(H @ W) for each W, then H.square().mean().backward(), then W.grad.norm()", False,
    )  # fmt: skip
    test_skip = norms_agree("with skip: every layer's input is added to what the layer gives", "H = H + sigmoid(H @ W): the H from before this layer", True)

    @criterion(
        "on random stacks the gradient vanishes without skip, and does not with it",
        weight=2,
        hint="the first of the norms belongs to the layer next to the input",
    )
    def test_vanishing(self, student):
        for depth, width in [(20, 8), (25, 32)]:
            plain, with_skip = student.gradient_norms(depth, False, width), student.gradient_norms(depth, True, width)
            for norms in (plain, with_skip):
                expect(isinstance(norms, list | tuple) and len(norms) == depth, f"gradient_norms({depth}, …) is not a list of {depth} numbers", "wrong shape")
                expect(all(0 < float(norm) < float("inf") for norm in norms), f"gradient_norms({depth}, …) has norms that are not positive", "unstable")
            expect(
                float(plain[0]) < 1e-4 * float(plain[-1]), "without skip, the first layer's gradient should be far smaller than the last layer's", follows=True
            )
            ratio = float(with_skip[0]) / float(with_skip[-1])
            expect(1e-5 < ratio < 1e5, "with skip, the first and the last layer's gradients should be of similar size", follows=True)

    @criterion("gives the same when it is called again, and leaves the program as it was", hint="keep nothing from one call for the next")
    def test_again(self, student, draw):
        drawn = stacks.drawn(draw, [(3, True, 4, 5), (3, True, 4, 5), (3, False, 4, 5)])
        drawn += drawn[:1]
        norms, seen = norms_of(student, drawn)
        expect(seen["program_left"], "after a call of gradient_norms autograd is switched off, or the default dtype is another")
        stacks.compare(list(zip(drawn, norms, strict=True)), [f"{stacks.words(given)}, at one of several calls," for given in drawn], follows=True)


# ResNet -----------------------------------------------------------------------------------------------------------------


picture = lambda draw, n, c, h, w: (draw.normal(n, c, h, w),)
stage = layer(
    reference.resnet_block, lambda draw, n=2, c=3, out=5, count=2, h=8, w=6, options=(): ((c, out, count, *options), picture(draw, n, c, h, w)),
    sizes=[(4, 3, 5, 2), (1, 4, 4, 2, 3, 5, (True,)), (2, 2, 3, 1, 5, 7), (3, 3, 3, 3, 4, 3, (True,)), (2, 5, 2, 3, 9, 6, (False,)), (2, 3, 3, 2, 6, 6)],
    biases=False,
)  # fmt: skip


@exercise("resnet_block", parts=[reference.Residual])
class TestResnetBlock:
    test_shapes = stage.gives_shapes(
        "halves height and width once; with first_block=True keeps them", 3, "only the block with i == 0 has strides=2, and only if first_block is False"
    )
    test_layers = stage.registers(
        "has num_residuals blocks, of which only the first one may change the shape", 3,
        "use_1x1conv=True for i == 0 unless first_block; every other block is Residual(num_channels, num_channels)",
    )  # fmt: skip
    test_outputs = stage.agrees("with the same weights, gives what its blocks give one after the other", 2, "every round makes a new Residual")
    test_gradients = stage.gradients(sizes=[(2, 2, 3, 1, 5, 7), (2, 2, 2, 2, 3, 4, (True,))], modes=BOTH)

    @criterion("is an nn.Sequential", hint="nn.Sequential(*blocks), with the star")
    def test_sequential(self, student, draw):
        for arguments in ((3, 5, 2), (4, 4, 3, True)):
            kind = student.run(kind_of_stage, arguments=list(arguments))
            what = f"resnet_block{arguments}"
            expect(kind["sequential"], f"{what} is of type {kind['type']}, an nn.Sequential was expected", "wrong type")
            expect(kind["parameters"], f"{what} has no layer with parameters")

    test_dtype = stage.keeps_dtype()
    test_unchanged = stage.leaves_inputs(1, "operations that end in _ write into the old tensor; so does inplace=True on the input itself")
    test_again = stage.again()
    test_saved = stage.saves()


def kind_of_stage(student, arguments):
    import torch

    net = student.resnet_block(*arguments)
    sequential = isinstance(net, torch.nn.Sequential)
    return {"sequential": sequential, "type": type(net).__name__, "parameters": sequential and any(True for _ in net.parameters())}


def repeated(draw, name, shape):
    """Some numbers, again and again: eleven million different ones are dear."""
    count = torch.Size(shape).numel()
    scale = 1.5 / torch.Size(shape[1:]).numel() ** 0.5
    some = draw.normal(min(count, 10007), scale=scale) if len(shape) > 1 else drawn_weight(draw, name, (min(count, 10007),))
    return some.repeat(-(-count // len(some)))[:count].reshape(shape)


def classified(net, X, relu=F.relu, pool=lambda Y: F.max_pool2d(Y, 3, 2, 1), to=-3, end=lambda Y: Y.mean((2, 3)), after=torch.clone):
    """A network of convolution, BatchNorm, ReLU and pooling, then blocks, then pooling, flatten and a linear layer; or one with a slip in it."""
    return after(net[-1](end(net[4:to](pool(relu(net[1](net[0](X))))))))


NETWORK_SLIPS = {
    "the ReLU after the first BatchNorm is missing": lambda net, X: classified(net, X, relu=torch.clone),
    "the pooling at the start takes the average, not the maximum": lambda net, X: classified(net, X, pool=lambda Y: F.avg_pool2d(Y, 3, 2, 1)),
    "the pooling at the start has no padding": lambda net, X: classified(net, X, pool=lambda Y: F.max_pool2d(Y, 3, 2)),
    "the pooling at the start is missing": lambda net, X: classified(net, X, pool=torch.clone),
    "the pooling at the end takes the maximum, not the average": lambda net, X: classified(net, X, end=lambda Y: Y.amax((2, 3))),
    "there is a softmax at the end; scores were expected": lambda net, X: classified(net, X, after=lambda Y: Y.softmax(1)),
    "there is a log-softmax at the end; scores were expected": lambda net, X: classified(net, X, after=lambda Y: Y.log_softmax(1)),
    "there is a ReLU at the end; scores were expected": lambda net, X: classified(net, X, after=F.relu),
}

resnet = layer(
    reference.resnet18,
    lambda draw, n=2, classes=6, channels=3, h=72, w=33: ((classes, channels) if channels else (classes,), picture(draw, n, channels or 1, h, w)),
    weight=repeated, biases=False, rtol=2e-3, atol=2e-4, slips=NETWORK_SLIPS,
)  # fmt: skip
LARGE_NET_S = 40  # eleven million parameters take half a second on an idle machine, and many times that on one that is busy


def made_twice(student, X):
    """Of two networks that are made alike: what layers one has, what comes out of it, and how large its pictures are; what the two share."""
    import torch
    from torch.overrides import TorchFunctionMode

    sizes = {}

    class Pictures(TorchFunctionMode):
        """The size of the last pictures with so and so many channels."""

        def __torch_function__(self, func, types, args=(), kwargs=None):
            result = func(*args, **(kwargs or {}))
            if getattr(func, "__name__", "") == "conv2d":
                sizes[str(result.shape[1])] = list(result.shape[2:])
            return result

    def block_ended(module, inputs, output):
        sizes[str(output.shape[1])] = list(output.shape[2:])

    kaiming, torch.nn.init.kaiming_uniform_ = torch.nn.init.kaiming_uniform_, lambda tensor, *args, **kwargs: tensor.data.fill_(0.001)
    try:
        first, second = (student.resnet18(7, 3) for _ in range(2))
    finally:
        torch.nn.init.kaiming_uniform_ = kaiming
    if not isinstance(first, torch.nn.Module):
        return {"module": False, "type": type(first).__name__}
    for module in first.modules():
        if type(module).__name__ in ("Residual", "resnet_block"):
            module.register_forward_hook(block_ended)
    with torch.no_grad(), Pictures():
        result = first.eval()(X)
    known = [p for p in second.parameters() if not isinstance(p, torch.nn.parameter.UninitializedParameter)]  # the others are nobody's yet
    shared = {p.data_ptr() for p in first.parameters()} & {p.data_ptr() for p in known}
    program_left = torch.is_grad_enabled() and torch.get_default_dtype() == torch.float32
    shapes = [list(p.shape) for p in first.parameters()]
    return {"module": True, "result": result, "sizes": sizes, "shapes": shapes, "shared": len(shared), "program_left": program_left}


def look_at_two(student, device):
    seen = student.run(made_twice, X=torch.randn(1, 3, 64, 40, generator=torch.Generator().manual_seed(1)).to(device))
    expect(seen["module"], f"resnet18(7, 3) is of type {seen.get('type')}, an nn.Module was expected", "wrong type")
    return seen


def looked_through(student, net, X, upstream):
    """What comes out of a network in evaluation mode, whether it writes into X, and the gradients of X and of every parameter."""
    import torch

    leaf = X.clone().requires_grad_()
    given = leaf * 1
    scores = net.eval()(given)
    changed = not torch.equal(given.detach(), X)
    graph = isinstance(scores, torch.Tensor) and scores.requires_grad and scores.shape == upstream.shape
    if graph:
        scores.backward(upstream)
    reached = [p.grad is not None and bool(p.grad.any()) for p in net.parameters()]
    scores = scores.detach() if isinstance(scores, torch.Tensor) else scores
    return {"scores": scores, "changed": changed, "graph": graph, "reached": reached, "slope": leaf.grad}


@cache
def right_net(device):
    """The reference's network, its input, the gradient of its scores, and what is seen in it: the same for every submission."""
    draw = Draw(torch.Generator().manual_seed(13), device)
    [(right, X)], upstream = resnet.drawn(draw, [()]), draw.normal(2, 6)
    return right, X, upstream, looked_through(None, right, X, upstream)


def look_through(student, device):
    right, X, upstream, _ = right_net(device)
    [module] = resnet.loaded(student, [(right, X)])
    seen = student.run(looked_through, net=module.net, X=X, upstream=upstream)
    return {**seen, "names": [f"{place.name} {place.shape}" for place in module.arrangement.places], "more": module.has_more_layers}


def check_scores(seen, device, follows):
    right, X, _, _ = right_net(device)
    resnet.compare([((right, X), seen["scores"])], follows=follows)


@exercise("resnet18", parts=[reference.Residual, part(reference.resnet_block, module=True)])
class TestResnet18:
    test_layers = resnet.registers(
        "has the layers of the table: 11,178,378 parameters for ten classes and one channel", 3,
        "count the parameters part by part and compare with the numbers of the example by hand", [(2, 10, 0, 32, 32)],
    )  # fmt: skip

    @criterion(
        "takes num_classes and in_channels as they are given", weight=1,
        hint="the first convolution begins with in_channels, the linear layer ends with num_classes", timeout_s=LARGE_NET_S,
    )  # fmt: skip
    def test_arguments(self, student, device):
        seen, what = student.once(look_at_two, device), "resnet18(7, 3)"
        expect([64, 3, 7, 7] in seen["shapes"], f"{what} has no 7×7 convolution from 3 channels", "wrong shape")
        expect([7, 512] in seen["shapes"], f"{what} has no linear layer from 512 channels to 7 scores", "wrong shape")
        assert_shape(seen["result"], (1, 7), what=f"the result of {what}")

    @criterion(
        "the four stages have the sizes of the table, for pictures of any size", weight=3,
        hint="the start divides height and width by 4, stage 1 keeps them, stages 2 to 4 halve them", timeout_s=LARGE_NET_S,
    )  # fmt: skip
    def test_stages(self, student, device):
        seen = student.once(look_at_two, device)
        for channels, size in {64: [16, 10], 128: [8, 5], 256: [4, 3], 512: [2, 2]}.items():
            mine = seen["sizes"].get(str(channels))
            expect(mine is not None, f"no picture with {channels} channels comes out of any convolution of resnet18(7, 3)", "missing")
            words = f"the last picture with {channels} channels is {mine[0]}×{mine[1]}, expected {size[0]}×{size[1]} for an input of 64×40"
            expect(mine == size, words, "wrong shape")

    @criterion(
        "with the same weights, gives the same scores", weight=5, hint_for=("wrong value", "wrong shape"), timeout_s=LARGE_NET_S,
        hint="max pooling after the first ReLU, global average pooling before the linear layer, nothing after it",
    )  # fmt: skip
    def test_outputs(self, student, device):
        seen = student.once(look_through, device)
        check_scores(seen, device, follows=seen["more"])

    @criterion("gradients reach every parameter", weight=2, timeout_s=LARGE_NET_S, hint="no .detach() and no .data on the way", hint_for=("no gradient",))
    def test_gradients(self, student, device):
        seen, slope = student.once(look_through, device), right_net(device)[3]["slope"]
        expect(seen["graph"], "the scores carry no graph: were they detached, or rebuilt from numbers?", "no gradient")
        for name, reached in zip(seen["names"], seen["reached"], strict=True):
            expect(reached is True, f"no gradient reaches {name}", "no gradient")
        check_scores(seen, device, follows=True)
        expect(isinstance(seen["slope"], torch.Tensor), "no gradient reaches the input X", "no gradient")
        assert_shape(seen["slope"], slope.shape, what="the gradient of X")
        wrong = float((seen["slope"] - slope).norm() / slope.norm())
        expect(wrong < 0.02, "the gradient of X, through the whole network, is another: was a part of it detached?", "no gradient")

    @criterion("leaves its inputs unchanged", hint="operations that end in _ write into the old tensor", timeout_s=LARGE_NET_S)
    def test_unchanged(self, student, device):
        seen = student.once(look_through, device)
        expect(not seen["changed"], "resnet18 changed its input X; it should be left as it was")
        check_scores(seen, device, follows=True)

    @criterion("gives a new network at each call, and leaves the program as it was", hint="make all layers inside the function", timeout_s=LARGE_NET_S)
    def test_again(self, student, device):
        seen = student.once(look_at_two, device)
        expect(seen["shared"] == 0, f"two networks share {seen['shared']} of their parameters: one cannot be trained without the other")
        expect(len(seen["shapes"]) > 0, "resnet18(7, 3) has no parameters", "missing")
        expect(seen["program_left"], "after a call of resnet18 autograd is switched off, or the default dtype is another")


# Bottleneck -------------------------------------------------------------------------------------------------------------


of_branch = lambda combine: lambda net, X: combine(net.branch, X)
bottleneck = layer(
    reference.Bottleneck, lambda draw, n=2, channels=6, mid=4, h=3, w=5: ((channels, mid), picture(draw, n, channels, h, w)),
    sizes=[(4, 6, 2, 3, 3), (1, 6, 2, 4, 5), (3, 3, 5, 5, 2), (7, 8, 3, 4, 3)],
    slips={
        ADDED_LATE: of_branch(lambda b, X: F.relu(b(X)) + X),
        NO_LAST_RELU: of_branch(lambda b, X: b(X) + X),
        NO_SKIP: of_branch(lambda b, X: F.relu(b(X))),
        RELU_ON_BRANCH: of_branch(lambda b, X: F.relu(F.relu(b(X)) + X)),
        "the ReLU after the first convolution is missing": of_branch(lambda b, X: F.relu(b[3:](b[:2](X)) + X)),
        "the ReLU after the 3×3 convolution is missing": of_branch(lambda b, X: F.relu(b[6:](b[:5](X)) + X)),
        "both ReLUs between the convolutions are missing": of_branch(lambda b, X: F.relu(b[6:](b[3:5](b[:2](X))) + X)),
        ONLY_SKIP: of_branch(lambda b, X: F.relu(X)),
    },
)  # fmt: skip


@exercise("Bottleneck")
class TestBottleneck:
    test_shapes = bottleneck.gives_shapes("keeps the shape of its input", 1, "padding=1 for the 3×3 convolution, none for the others")
    test_layers = bottleneck.registers(
        "has 1×1, 3×3 and 1×1 convolutions without bias, 69,632 weights for 256 → 64 → 256, and three BatchNorms", 3,
        "bias=False in all three; BatchNorms over mid, mid and channels channels", [(2, 6, 2, 3, 5), (1, 256, 64, 3, 2)],
    )  # fmt: skip
    test_outputs = bottleneck.agrees(
        "is ReLU(X + branch), with the same weights as the reference", 4, "BatchNorm after each convolution, ReLU after the first two, then add, then ReLU"
    )
    test_gradients = bottleneck.gradients(1, "no .detach(), .data or in-place addition into X", modes=BOTH)
    test_dtype = bottleneck.keeps_dtype()
    test_unchanged = bottleneck.leaves_inputs(1, "X += … and relu_() on X write into the caller's tensor")
    test_again = bottleneck.again()
    test_saved = bottleneck.saves()


# DenseNet ---------------------------------------------------------------------------------------------------------------


NO_RELU, RELU_FIRST = "the ReLU is missing", "the ReLU stands before the BatchNorm"
RELU_AFTER, RELU_TWICE = "the ReLU stands after the convolution", "there is a second ReLU, after the convolution"
unit = layer(
    reference.conv_block, lambda draw, n=2, c=3, out=5, h=4, w=6: ((c, out), picture(draw, n, c, h, w)), biases=False,
    sizes=[(4, 3, 5, 6, 4), (1, 4, 2, 3, 5), (7, 2, 2, 4, 3), (3, 3, 1, 5, 3)],
    slips={
        NO_RELU: lambda net, X: net[2](net[0](X)),
        RELU_FIRST: lambda net, X: net[2](net[0](F.relu(X))),
        RELU_AFTER: lambda net, X: F.relu(net[2](net[0](X))),
        RELU_TWICE: lambda net, X: F.relu(net(X)),
        "the BatchNorm is missing": lambda net, X: net[2](F.relu(X)),
    },
)  # fmt: skip


@exercise("conv_block")
class TestConvBlock:
    test_shapes = unit.gives_shapes("keeps height and width, and has c_out channels", 2, "padding=1 with a 3×3 kernel")
    test_layers = unit.registers(
        "has a BatchNorm over c_in channels and a 3×3 convolution with bias", 2, "the BatchNorm comes first: it sees c_in channels",
        [(2, 3, 5, 4, 6), (2, 4, 1, 3, 5)],
    )  # fmt: skip
    test_outputs = unit.agrees("is BatchNorm, then ReLU, then convolution", 4, "nn.Sequential(BatchNorm, ReLU, convolution), in this order")
    test_gradients = unit.gradients(modes=BOTH)
    test_dtype = unit.keeps_dtype()
    test_unchanged = unit.leaves_inputs(1, "an in-place ReLU may follow the BatchNorm, never come before it")
    test_again = unit.again()
    test_saved = unit.saves()


def grown(net, X, join=lambda X, Y: (X, Y), last=torch.clone):
    for one in net.units:
        X = torch.cat(join(X, one(X)), 1)
    return last(X)


dense = layer(
    reference.DenseBlock, lambda draw, n=2, count=2, c=3, growth=4, h=5, w=3: ((count, c, growth), picture(draw, n, c, h, w)), biases=False,
    sizes=[(4, 2, 3, 4, 5, 3), (1, 1, 2, 5, 3, 4), (3, 3, 4, 2, 4, 5), (2, 2, 3, 3, 4, 4)],
    slips={
        "the new channels stand before the old ones": lambda net, X: grown(net, X, lambda X, Y: (Y, X)),
        "there is a ReLU at the end": lambda net, X: grown(net, X, last=F.relu),
        "the input is left out: only new channels come out": lambda net, X: grown(net, X)[:, X.shape[1] :],
        "only the input and what the last unit makes come out": lambda net, X: torch.cat((X, grown(net, X)[:, -net.units[0][2].out_channels :]), 1),
    },
)  # fmt: skip


@exercise("DenseBlock", parts=[part(reference.conv_block, module=True)])
class TestDenseBlock:
    test_shapes = dense.gives_shapes(
        "gives input_channels + num_convs · growth channels, and keeps height and width", 2, "torch.cat((X, unit(X)), dim=1) after every unit"
    )
    test_layers = dense.registers(
        "each unit takes all channels that are there so far, and makes growth new ones", 3,
        "unit i is conv_block(input_channels + i * growth, growth), and all units stand in an nn.ModuleList",
    )  # fmt: skip
    test_outputs = dense.agrees(
        "with the same weights, gives the input first and the new channels behind it, in order", 3, "old channels first: torch.cat((X, Y), dim=1)"
    )
    test_gradients = dense.gradients(modes=BOTH)
    test_dtype = dense.keeps_dtype()
    test_unchanged = dense.leaves_inputs(1, "torch.cat makes a new tensor; operations that end in _ write into the old one")
    test_again = dense.again()
    test_saved = dense.saves()


transition = layer(
    reference.transition_block, lambda draw, n=2, c=6, out=3, h=4, w=7: ((c, out), picture(draw, n, c, h, w)), biases=False,
    sizes=[(4, 6, 3, 8, 4), (1, 3, 5, 5, 6), (7, 4, 2, 4, 7), (3, 3, 3, 4, 4), (2, 2, 5, 4, 2)],
    slips={
        NO_RELU: lambda net, X: net[2:](net[0](X)),
        RELU_FIRST: lambda net, X: net[2:](net[0](F.relu(X))),
        RELU_AFTER: lambda net, X: net[3](F.relu(net[2](net[0](X)))),
        RELU_TWICE: lambda net, X: net[3](F.relu(net[:3](X))),
        "the BatchNorm is missing": lambda net, X: net[2:](F.relu(X)),
        "the pooling takes the maximum, not the average": lambda net, X: F.max_pool2d(net[:3](X), 2),
        "the convolution has stride 2 in the place of the pooling": lambda net, X: net[2](net[:2](X)[..., ::2, ::2]),
        "the pooling is missing": lambda net, X: net[:3](X),
        "the pooling has stride 1": lambda net, X: F.avg_pool2d(net[:3](X), 2, 1),
        "the size is rounded up": lambda net, X: F.avg_pool2d(net[:3](X), 2, ceil_mode=True),
        "each channel is pooled as a whole": lambda net, X: net[:3](X).mean((2, 3), keepdim=True),
    },
)  # fmt: skip


@exercise("transition_block")
class TestTransitionBlock:
    test_shapes = transition.gives_shapes(
        "has c_out channels, and half the height and width, rounded down", 2, "nn.AvgPool2d(kernel_size=2, stride=2), and no padding anywhere"
    )
    test_layers = transition.registers(
        "has a BatchNorm over c_in channels and a 1×1 convolution with bias", 2, "the BatchNorm comes first: it sees c_in channels",
        [(2, 6, 3, 4, 6), (2, 2, 5, 4, 2)],
    )  # fmt: skip
    test_outputs = transition.agrees("is BatchNorm, ReLU, convolution and average pooling", 4, "the average of each 2×2 window, not its maximum")
    test_gradients = transition.gradients(modes=BOTH)
    test_dtype = transition.keeps_dtype()
    test_unchanged = transition.leaves_inputs(1, "an in-place ReLU may follow the BatchNorm, never come before it")
    test_again = transition.again()
    test_saved = transition.saves()


NETS = [(2, 7, 40, 33, (3, 4, [2, 1, 3])), (1, 3, 32, 24, (1, 5, [1, 2])), (3, 4, 24, 32, (1, 3, [2]))]
densenet = layer(
    reference.densenet,
    lambda draw, n=2, classes=5, h=33, w=32, options=(2, 4, (2, 1)): ((classes, *options), picture(draw, n, options[0] if options else 1, h, w)),
    sizes=NETS, biases=False,
    slips=NETWORK_SLIPS | {"the ReLU after the last BatchNorm is missing": lambda net, X: classified(net, X, to=-4)},
)  # fmt: skip


@exercise("densenet", parts=[reference.DenseBlock, part(reference.transition_block, module=True)])
class TestDensenet:
    test_shapes = densenet.gives_shapes(
        "gives one row of num_classes scores for each picture, of any size", 1, "global average pooling and flatten before the linear layer"
    )
    test_layers = densenet.registers(
        "has the layers of the description, whatever growth and num_convs are", 3,
        "channels grow by n · growth in a dense block and are halved between two blocks; print them after each line",
    )  # fmt: skip
    test_defaults = densenet.registers(
        "growth is 32 and num_convs (4, 4, 4, 4) by default: 758,226 parameters", 1, "64, 192, 96, 224, 112, 240, 120, 248 channels",
        [(1, 10, 32, 32, ()), (1, 3, 32, 32, ())], follows=True,
    )  # fmt: skip
    test_outputs = densenet.agrees(
        "with the same weights, gives the same scores", 3, "BatchNorm and ReLU before the global average pooling, nothing after the linear layer"
    )
    test_gradients = densenet.gradients()
    test_dtype = densenet.keeps_dtype()
    test_unchanged = densenet.leaves_inputs(1, "operations that end in _ write into the old tensor")
    test_again = densenet.again()
    test_saved = densenet.saves()
