"""Hidden grader of ps11_modern_cnn.

Whole networks are judged at a fraction of their widths, with the reference's weights; at full width they are counted on the device `meta`.
"""

import copy
from collections import Counter
from itertools import permutations

import torch
from torch import nn
from torch.nn import functional as F

from autograder import Finding, case, criterion, exercise, expect, goal, layer, part
from autograder.vocabulary.slip import alike, slip_in
from solutions.ps11_modern_cnn import modern_cnn as reference

ROUNDING = {"atol": 1e-4}  # float32 sums of some hundred products, through up to twenty layers


# Mistakes in a chain of layers ------------------------------------------------------------------------------------------


def layers_of(net):
    """The layers of a network one after the other; an Inception block is one."""
    return [one for part_of_net in net for one in (layers_of(part_of_net) if isinstance(part_of_net, nn.Sequential) else [part_of_net])]


def run_through(layers, X):
    """None where the layers do not fit together."""
    try:
        for one in layers:
            X = one(X)
    except RuntimeError:
        return None
    return X


def replaced(kind, other, where=slice(None)):
    """A slip: the layers of a kind, or those `where`, are replaced by other(layer)."""

    def slip(net, X):
        layers = layers_of(net)
        for i in [i for i, one in enumerate(layers) if isinstance(one, kind)][where]:
            layers[i] = other(layers[i])
        return run_through(layers, X)

    return slip


def nothing(_layer):
    return nn.Identity()


def mean_pool(pool):
    return nn.AvgPool2d(pool.kernel_size, pool.stride, pool.padding)


def changed(**attributes):
    """Makes of a layer one with other attributes."""

    def other(one):
        one = copy.copy(one)
        vars(one).update(attributes)
        return one

    return other


def ends_in(f):
    return lambda net, X: f(net(X))


NO_RELU = "there is no ReLU at all"
SOFTMAX = {
    "there is a softmax at the end; scores were asked for": ends_in(lambda Y: Y.softmax(1)),
    "there is a ReLU behind the scores": ends_in(torch.relu),
}


# Networks at full width -------------------------------------------------------------------------------------------------


def shapes_on_meta(student, name, args, in_channels):
    """Those of the parameters of a network, of which no number is drawn."""
    import torch

    with torch.device("meta"):
        net = getattr(student, name)(*args)
    if any(isinstance(p, torch.nn.parameter.UninitializedParameter) for p in net.parameters()):
        # A layer that runs on meta loads a good part of PyTorch first, which takes longer than a picture on the CPU.
        drawn = torch.nn.init.kaiming_uniform_, torch.nn.init.uniform_
        torch.nn.init.kaiming_uniform_ = torch.nn.init.uniform_ = lambda tensor, *args, **kwargs: tensor
        try:
            net = getattr(student, name)(*args).eval()
            with torch.no_grad():
                net(torch.zeros(1, in_channels, 224, 224))
        finally:
            torch.nn.init.kaiming_uniform_, torch.nn.init.uniform_ = drawn
    return [list(p.shape) for p in net.parameters()]


def full_size(name, title, weight, hint, *calls):
    """A criterion: the network that these arguments make has layers of the reference's sizes."""

    @criterion(title, weight, hint, hint_for=("wrong value", "wrong shape"))
    def test(self, student):
        for args, in_channels in calls:
            call = {"name": name, "args": list(args), "in_channels": in_channels}
            mine, right = (Counter(map(tuple, shapes)) for shapes in (student.run(shapes_on_meta, **call), shapes_on_meta(reference, **call)))
            words = f"{name}({', '.join(map(repr, args))})"
            numbers = [sum(torch.Size(shape).numel() * times for shape, times in shapes.items()) for shapes in (mine, right)]
            expect(numbers[0] == numbers[1], f"{words} has {numbers[0]:,} parameters, {numbers[1]:,} were expected", "wrong shape")
            wrong = [*(mine - right)]
            expect(
                mine == right, f"{words} has as many parameters as it should, but one of shape {wrong[0] if wrong else ()} does not belong there", "wrong shape"
            )

    return test


# Dropout behind the two hidden layers of a head -------------------------------------------------------------------------


def head_that_shows(network, draw, hidden_layer, **sizes):
    """A network of which one hidden layer (0 or 1) is `shown`, whatever the picture is, and each of its numbers gives two scores, larger by ¼."""
    net, X = network.arguments(draw, **sizes)
    first, second, last = [one for one in layers_of(net) if isinstance(one, nn.Linear)]
    width = second.in_features
    shown, eye = draw.uniform(width, low=0.5, high=1.5), torch.eye(width, device=draw.device)
    with torch.no_grad():
        last.weight.copy_(torch.cat([eye, eye]))
        last.bias.fill_(0.25)
        for one, weight, bias in [(first, 0, shown), (second, eye, 0)] if hidden_layer == 0 else [(second, 0, shown)]:
            one.weight.copy_(torch.as_tensor(weight).expand_as(one.weight))
            one.bias.copy_(torch.as_tensor(bias).expand_as(one.bias))
    return net, X, shown


def drops_behind_hidden_layers(network, weight, **sizes):
    @criterion(
        "half of each hidden layer is dropped in training, nothing of the scores, and nothing at all in evaluation", weight,
        "nn.Dropout(0.5) behind the ReLU of each hidden layer, and none behind the last linear layer", hint_for=("wrong value",),
    )  # fmt: skip
    def test(self, student, draw):
        for hidden_layer, words in enumerate(("first", "second")):
            net, X, shown = head_that_shows(network, draw, hidden_layer, **sizes)
            [module] = network.loaded(student, [(net, X)])
            whole, again, first, second = network.run(student, module.net, [(mode, (X,)) for mode in (False, False, True, True)])
            expect(alike(whole, again), f"{network.name} gives another result at each call in evaluation mode: dropout is still on")
            network.compare([((net, X), whole)], follows=True)
            expect(first.shape == whole.shape, f"{network.name} gives a result of another shape in training mode", "wrong shape")
            left, right = (first - 0.25).chunk(2, dim=1)
            same = alike(left, right) and not bool((first == 0).any())
            expect(same, f"{network.name} drops some of its scores in training mode; only hidden layers are dropped")
            times = left / shown  # 2 behind one dropout, 4 behind two; 0 where something was dropped
            kept = times[times > 0.1]
            expect(bool((times < 0.1).any()), f"{network.name} drops nothing in training mode behind its {words} hidden layer")
            want = 4.0 if hidden_layer == 0 else 2.0
            told = f"{network.name} in training mode: half of the {words} hidden layer should be dropped and the rest doubled, as nn.Dropout(0.5) does it"
            single = hidden_layer == 0 and alike(kept, torch.full_like(kept, 2.0))
            expect(not single, f"{network.name} drops nothing in training mode behind one of its two hidden layers")
            expect(alike(kept, torch.full_like(kept, want)), told)
            expect(abs(len(kept) / times.numel() - 1 / want) < 0.2, told)
            expect(not torch.equal(first, second), f"{network.name} drops the same numbers at each call in training mode")

    return test


# VGG --------------------------------------------------------------------------------------------------------------------

block = layer(
    reference.vgg_block, lambda draw, k=2, c=3, o=5, n=2, h=7, w=6: ((k, c, o), (draw.normal(n, c, h, w),)),
    sizes=[(1, 2, 3, 1, 4, 6), (2, 3, 5, 2, 7, 6), (3, 4, 2, 3, 8, 9), (4, 3, 3, 2, 11, 10)],
    slips={
        "a ReLU stands at the end only; there should be one behind every convolution": replaced(nn.ReLU, nothing, slice(0, -1)),
        "the ReLU behind the last convolution is missing": replaced(nn.ReLU, nothing, slice(-1, None)),
        NO_RELU: replaced(nn.ReLU, nothing),
        "the pooling rounds up where the size is odd (ceil_mode)": replaced(nn.MaxPool2d, changed(ceil_mode=True)),
        "the pooling takes the mean of each window, not its maximum": replaced(nn.MaxPool2d, mean_pool),
        "the pooling is missing": replaced(nn.MaxPool2d, nothing),
        "the pooling has stride 1": replaced(nn.MaxPool2d, changed(stride=1)),
        "the pooling is 3×3 with padding 1; it is 2×2 without": replaced(nn.MaxPool2d, lambda _: nn.MaxPool2d(3, 2, 1)),
        "the pooling stands in front of the convolutions; it comes after them": lambda net, X: run_through([net[-1], *net[:-1]], X),
        "a pooling stands behind every convolution; there should be one at the end": lambda net, X: run_through(
            [one for conv in net[:-1:2] for one in (conv, nn.ReLU(), net[-1])], X
        ),
        "the convolutions are not padded": replaced(nn.Conv2d, changed(padding=(0, 0))),
    },
    **ROUNDING,
)  # fmt: skip


@exercise("vgg_block")
class TestVggBlock:
    test_layers = block.registers(
        "has num_convs convolutions of 3×3 with weights of their own: the first from in_channels to out_channels, the others keep out_channels", weight=3,
        hint="in the loop, a new nn.Conv2d(in_channels, out_channels, …) each time, then in_channels = out_channels",
    )  # fmt: skip
    test_values = block.agrees(
        "a ReLU behind every convolution, then 2×2 max pooling, for odd sizes too", weight=4,
        hint="convolution with padding=1, ReLU, and so on; one nn.MaxPool2d(2, stride=2) at the end",
    )  # fmt: skip
    test_gradients = block.gradients(weight=2)
    test_dtype = block.keeps_dtype()
    test_unchanged = block.leaves_inputs()
    test_again = block.again()


CHANNELS = (64, 128, 256, 512, 512)
AS_PRINTED = {11: (1, 1, 2, 2, 2), 13: (1, 1, 3, 3, 3), 16: (1, 1, 4, 4, 4), 19: (1, 2, 2, 2, 2)}


def doubled_channels(num_layers):
    return tuple((convolutions, 64 * 2**i) for i, (convolutions, _) in enumerate(reference.vgg_arch(num_layers)))


def pairs_of(arch):
    """The table as tuples, whatever kind of sequences it is made of."""
    pairs = isinstance(arch, list | tuple) and all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in arch)
    expect(pairs, "vgg_arch should return five pairs (convolutions, channels)", "wrong type")
    return tuple((int(convolutions), int(channels)) for convolutions, channels in arch)


architecture = case(
    reference.vgg_arch, lambda draw, num_layers=16: (num_layers,), sizes=[(11,), (13,), (16,), (19,)],
    call=lambda f: lambda num_layers: pairs_of(f(num_layers)),
    slips={
        "the table is read as the notes print it, where cells have slipped into other columns": lambda n: tuple(zip(AS_PRINTED[n], CHANNELS, strict=True)),
        "the last block has 1024 channels; it keeps 512": doubled_channels,
        "each pair is (channels, convolutions); it should be (convolutions, channels)": lambda n: tuple(pair[::-1] for pair in reference.vgg_arch(n)),
    },
)  # fmt: skip


def errors_of(student, numbers):
    """The name of the exception that vgg_arch raises for each number, "" where it raises none."""
    found = []
    for number in numbers:
        try:
            student.vgg_arch(number)
            found.append("")
        except Exception as error:
            found.append("ValueError" if isinstance(error, ValueError) else type(error).__name__)
    return found


@exercise("vgg_arch")
class TestVggArch:
    @criterion("the convolutions and three linear layers add up to the number in the name", weight=2, hint="11, 13, 16 and 19 count layers with weights")
    def test_sum(self, student):
        asked = architecture.ask(student, architecture.drawn(None))
        for (num_layers,), arch in asked:
            count = sum(convolutions for convolutions, _ in arch)
            if count + 3 != num_layers and slip_in(asked, architecture.slips):
                architecture.compare(asked)
            told = f"vgg_arch({num_layers}) has {count} convolutions; with the three linear layers of the head that makes {count + 3} layers with weights"
            expect(count + 3 == num_layers, told)

    test_table = architecture.agrees("has the convolutions and channels of the table, block by block", weight=4, hint="512 channels in the last two blocks")

    @criterion("raises ValueError for any other number", weight=1, hint="if num_layers not in the table: raise ValueError(…)")
    def test_others(self, student):
        for number, error in zip(others := [12, 10, 15, 17, 0, 22, 18], student.run(errors_of, numbers=others), strict=True):
            told = f"raises {error}" if error else "returns something"
            expect(error == "ValueError", f"vgg_arch({number}) {told}, and should raise ValueError: there is no such VGG", "wrong type")
        architecture.compare(architecture.ask(student, [(13,)]), follows=True)

    test_again = architecture.again(sizes=[(19,), (11,)])


TWO_BLOCKS, THREE_BLOCKS = ((1, 3), (2, 4)), ((1, 2), (1, 4), (2, 3))

vgg = layer(
    reference.vgg,
    lambda draw, arch=TWO_BLOCKS, k=5, c=2, side=13, h=6, n=2: ((arch, k, c, side, h), (draw.normal(n, c, side, side),)),
    sizes=[(TWO_BLOCKS, 5, 2, 13, 6), (((2, 3),), 3, 1, 9, 7, 1), (THREE_BLOCKS, 4, 3, 20, 5, 3)],
    trains=False,
    slips={
        "the ReLU behind the first hidden layer is missing": replaced(nn.ReLU, nothing, slice(-2, -1)),
        "the ReLU behind the second hidden layer is missing": replaced(nn.ReLU, nothing, slice(-1, None)),
        "the ReLUs behind both hidden layers are missing": replaced(nn.ReLU, nothing, slice(-2, None)),
        **SOFTMAX,
    },
    **ROUNDING,
)  # fmt: skip
VGG_PARTS = [part(reference.vgg_block, module=True)]
PAPER = ((reference.vgg_arch(11), 1000, 3), 3), ((reference.vgg_arch(13),), 1)


@exercise("vgg", parts=VGG_PARTS)
class TestVgg:
    @criterion(
        "the first linear layer takes what the blocks leave, for any picture size and number of blocks", weight=2,
        hint="each block halves the side and rounds down: image_size // 2 ** len(conv_arch)", hint_for=("wrong shape",),
    )  # fmt: skip
    def test_side(self, student, draw):
        for module, (net, *_) in zip(vgg.looked_at(student, drawn := vgg.drawn(draw)), drawn, strict=True):
            arch, _, _, size, _ = net.made_with
            channels, side = arch[-1][1], size // 2 ** len(arch)
            taken = next((shape[1] for shape in module.shapes if len(shape) == 2), 0)
            if taken != channels * side * side:
                seven = taken == channels * 49
                why = "7·7 is right for pictures of 224×224 and five blocks only" if seven else "each block halves the side once, rounding down"
                told = f"the first linear layer of {module.words} takes {taken} numbers, and the blocks leave {channels} maps of {side}×{side}: {why}"
                raise Finding(told, "wrong shape", named=why)

    test_layers = vgg.registers(
        "has a block for each pair, and three linear layers of the sizes in the text", weight=2,
        hint="carry the channels along from block to block; two hidden layers of num_hiddens, then num_classes",
    )  # fmt: skip
    test_values = vgg.agrees(
        "gives the scores of these layers, in evaluation mode",
        weight=3,
        hint="flatten; linear, ReLU, dropout twice; a last linear layer",
    )
    test_dropout = drops_behind_hidden_layers(vgg, 2, arch=((1, 2),), k=32, c=1, side=4, h=16, n=16)
    test_full = full_size(
        "vgg", "has the parameters of the paper at full size, and the defaults of the text", 2, "num_hiddens=4096, image_size=224, in_channels=1, 10 classes",
        *PAPER,
    )  # fmt: skip
    test_gradients = vgg.gradients()
    test_again = vgg.again()


# AlexNet ----------------------------------------------------------------------------------------------------------------

PLACES = ["first", "second", "third", "fourth", "fifth"]

alexnet = layer(
    reference.alexnet, lambda draw, k=3, c=2, ratio=32, n=1: ((k, c, ratio), (draw.normal(n, c, 224, 224),)),
    sizes=[(3, 2, 32, 2), (5, 1, 16, 1)],
    trains=False,
    slips={
        "the first convolution is not padded; it has padding 1": replaced(nn.Conv2d, changed(padding=(0, 0)), slice(0, 1)),
        "the poolings take the mean of each window, not its maximum": replaced(nn.MaxPool2d, mean_pool),
        **{
            f"the ReLU behind the {words} is missing": replaced(nn.ReLU, nothing, slice(i, i + 1))
            for i, words in enumerate([*(f"{place} convolution" for place in PLACES), "first linear layer", "second linear layer"])
        },
        "the ReLUs behind the hidden linear layers are missing": replaced(nn.ReLU, nothing, slice(5, None)),
        "the ReLUs behind the convolutions are missing": replaced(nn.ReLU, nothing, slice(0, 5)),
        "sigmoids stand where ReLUs should be": replaced(nn.ReLU, lambda _: nn.Sigmoid()),
        "a LocalResponseNorm stands behind the first two ReLUs, as in the paper; the table has none": replaced(
            nn.ReLU, lambda relu: nn.Sequential(relu, nn.LocalResponseNorm(5)), slice(0, 2)
        ),
        NO_RELU: replaced(nn.ReLU, nothing),
        **SOFTMAX,
    },
    **ROUNDING,
)  # fmt: skip


@exercise("alexnet")
class TestAlexnet:
    test_layers = alexnet.registers(
        "has the five convolutions and three linear layers of the table, with all hidden widths divided by ratio", weight=3,
        hint="96, 256, 384 and 4096 are divided by ratio, and so is 6400 = 256 · 5 · 5; num_classes and in_channels are not",
    )  # fmt: skip
    test_values = alexnet.agrees(
        "gives the scores of these layers, in evaluation mode", weight=5,
        hint="compare with the table line by line: padding 1, 2, 1, 1, 1, max pooling of 3×3 with stride 2 three times, a ReLU behind all layers but the last",
    )  # fmt: skip
    test_dropout = drops_behind_hidden_layers(alexnet, 3, k=256, c=1, n=2)
    test_full = full_size("alexnet", "has 46,764,746 parameters by default", 2, "num_classes=10, in_channels=1, ratio=1", ((), 1), ((7, 3, 2), 3))
    test_gradients = alexnet.gradients()
    test_again = alexnet.again()


# NiN --------------------------------------------------------------------------------------------------------------------


def for_all_three(attribute):
    """The stride or the padding of the first convolution is that of the two others, too."""
    return lambda net, X: replaced(nn.Conv2d, changed(**{attribute: getattr(net[0], attribute)}))(net, X)


nin_block = layer(
    reference.nin_block, lambda draw, c=3, o=4, k=5, s=2, p=1, n=2, h=9, w=8: ((c, o, k, s, p), (draw.normal(n, c, h, w),)),
    sizes=[(2, 3, 3, 1, 0, 1, 6, 4), (3, 4, 5, 2, 1, 2, 9, 8), (4, 2, 3, 3, 2, 3, 10, 7), (2, 5, 1, 1, 0, 2, 3, 5)],
    slips={
        "all three convolutions have the stride; the two 1×1 convolutions have none": for_all_three("stride"),
        "all three convolutions are padded; the two 1×1 convolutions are not": for_all_three("padding"),
        **{f"the ReLU behind the {place} convolution is missing": replaced(nn.ReLU, nothing, slice(i, i + 1)) for i, place in enumerate(PLACES[:3])},
        "the ReLUs behind the two 1×1 convolutions are missing": replaced(nn.ReLU, nothing, slice(1, None)),
        "a ReLU stands at the end only": replaced(nn.ReLU, nothing, slice(0, -1)),
        NO_RELU: replaced(nn.ReLU, nothing),
        "the stride is left out": replaced(nn.Conv2d, changed(stride=(1, 1))),
        "the padding is left out": replaced(nn.Conv2d, changed(padding=(0, 0))),
    },
    **ROUNDING,
)  # fmt: skip


def called_by_name(student, X):
    named = {"kernel_size": 3, "strides": 2, "padding": 1}
    blocks = [student.nin_block(in_channels=2, out_channels=3, **named), student.nin_block(2, 3, **named), student.nin_block(2, 3, 3, padding=1, strides=2)]
    return [list(net(X.clone()).shape) for net in blocks]


@exercise("nin_block")
class TestNinBlock:
    test_layers = nin_block.registers(
        "has a convolution from in_channels to out_channels, and two of 1×1 that keep out_channels, with weights of their own", weight=3,
        hint="make the two 1×1 convolutions separately: one that is used twice has one set of weights",
    )  # fmt: skip
    test_values = nin_block.agrees(
        "a ReLU behind every convolution; stride and padding belong to the first one only", weight=4,
        hint="nn.Conv2d(out_channels, out_channels, kernel_size=1), ReLU, twice, behind the first convolution and its ReLU",
    )  # fmt: skip

    @criterion("may be called with in_channels, out_channels, kernel_size, strides and padding by name", hint="nin_block wants strides, nn.Conv2d stride")
    def test_names(self, student, draw):
        for shape in student.run(called_by_name, X=draw.normal(2, 2, 7, 9)):
            expect(shape == [2, 3, 4, 5], "nin_block called with names gives a map of another size than without them", "wrong shape", follows=True)

    test_gradients = nin_block.gradients(weight=2)
    test_dtype = nin_block.keeps_dtype()
    test_unchanged = nin_block.leaves_inputs()
    test_again = nin_block.again()


def first_row(i, size, out):
    return i * size // out


def behind_last_row(i, size, out):
    return -(-(i + 1) * size // out)


def pooled(X, output_size, first=first_row, end=behind_last_row, take=lambda window: window.mean((2, 3))):
    """Adaptive pooling, or with a slip in it; None where a window would be empty."""
    pair = (output_size, output_size) if isinstance(output_size, int) else output_size
    bounds = [[(first(i, size, out), end(i, size, out)) for i in range(out)] for size, out in zip(X.shape[2:], pair, strict=True)]
    if any(low >= min(high, size) for size, pairs in zip(X.shape[2:], bounds, strict=True) for low, high in pairs):
        return None
    rows, columns = bounds
    return torch.stack([torch.stack([take(X[:, :, a:b, c:d]) for c, d in columns], -1) for a, b in rows], -2)


def of_pair(change):
    """A slip in what is read from a pair of sizes."""
    return lambda X, size: None if isinstance(size, int) else pooled(X, change(size))


def by_shares(X, output_size):
    """Windows of h / oh rows exactly, one beside the other."""
    (oh, ow), (h, w) = (output_size, output_size) if isinstance(output_size, int) else output_size, X.shape[2:]
    return X.repeat_interleave(oh, 2).repeat_interleave(ow, 3).reshape(*X.shape[:2], oh, h, ow, w).mean((3, 5))


ADAPTIVE = {
    "the windows do not overlap: the end of each is rounded down, and should be rounded up": lambda X, size: pooled(
        X, size, end=lambda i, h, o: (i + 1) * h // o
    ),
    "all windows have h // oh rows, and the rest is dropped": lambda X, size: pooled(X, size, lambda i, h, o: i * (h // o), lambda i, h, o: (i + 1) * (h // o)),
    "all windows have h / oh rows, rounded up": lambda X, size: pooled(X, size, end=lambda i, h, o: i * h // o + -(-h // o)),
    "each window begins where the one before ends": lambda X, size: pooled(X, size, lambda i, h, o: -(-i * h // o)),
    "each window has h / oh rows, and they stand h // oh apart": lambda X, size: pooled(
        X, size, lambda i, h, o: i * (h // o), lambda i, h, o: i * (h // o) + h - (o - 1) * (h // o)
    ),
    "a row that two windows share counts in each of them by a share only; it counts as a whole": lambda X, size: by_shares(X, size),
    "the largest of each window is taken where its mean belongs": lambda X, size: pooled(X, size, take=lambda window: window.amax((2, 3))),
    "the result is a square: its width is taken from the height": of_pair(lambda size: (size[0], size[0])),
    "height and width of the result are exchanged": of_pair(lambda size: size[::-1]),
}  # fmt: skip

adaptive = case(
    reference.adaptive_avg_pool2d, lambda draw, out=(3, 2), n=2, c=3, h=7, w=5: (draw.normal(n, c, h, w), out),
    sizes=[((2, 3), 1, 2, 5, 4), ((3, 2), 2, 3, 7, 5), ((4, 5), 3, 1, 10, 13), ((2, 3), 2, 2, 8, 9)], slips=ADAPTIVE,
)  # fmt: skip


@exercise("adaptive_avg_pool2d", forbid=["pool"])
class TestAdaptiveAvgPool2d:
    test_values = adaptive.agrees(
        "each number is the mean of its window, also where windows share a row", weight=4, hint="rows from i·h // oh up to (i + 1)·h / oh, rounded up"
    )
    test_larger = adaptive.agrees(
        "the result may be larger than X, or as large", weight=2, hint="rounded up, the end of a window lies behind its beginning: none is empty",
        sizes=[((5, 4), 2, 2, 3, 2), ((7, 2), 1, 3, 4, 5), ((3, 4), 2, 1, 3, 4), ((2, 3), 2, 1, 1, 1)], follows=True,
    )  # fmt: skip
    test_one_number = adaptive.agrees(
        "an int stands for both sizes; 1 gives the mean of the whole map", weight=2, hint="isinstance(output_size, int)",
        sizes=[(1, 2, 3, 4, 7), (3, 1, 2, 7, 5), ((1, 1), 3, 2, 5, 2)], follows=True,
    )  # fmt: skip
    test_gradients = adaptive.gradients()
    test_at_once = adaptive.at_once("n", "c", hint="a slice X[:, :, top:bottom, left:right] holds the window of all samples and channels")
    test_dtype = adaptive.keeps_dtype()
    test_unchanged = adaptive.leaves_inputs()
    test_again = adaptive.again(sizes=[(), ((2, 4), 3, 1, 5, 9), ((3, 2), 2, 3, 8, 6)])


nin = layer(
    reference.nin, lambda draw, k=3, c=2, ratio=32, n=1, h=96, w=110: ((k, c, ratio), (draw.normal(n, c, h, w),)),
    sizes=[(3, 2, 16, 1, 224, 224), (4, 1, 32, 2, 256, 224), (5, 3, 32, 1, 160, 200)],
    trains=False,
    slips={
        "the first block has padding 4; it has none": replaced(nn.Conv2d, changed(padding=(4, 4)), slice(0, 1)),
        "the first block has padding 1; it has none": replaced(nn.Conv2d, changed(padding=(1, 1)), slice(0, 1)),
        "the largest number of each map is taken where its mean belongs": replaced(nn.AdaptiveAvgPool2d, lambda _: nn.AdaptiveMaxPool2d(1)),
        "the poolings between the blocks take the mean, not the maximum": replaced(nn.MaxPool2d, mean_pool),
        "the last block lost its ReLU": replaced(nn.ReLU, nothing, slice(-1, None)),
        "a pooling of 3×3 stands behind the last block, too": lambda net, X: run_through([*net[:-2], nn.MaxPool2d(3, 2), *net[-2:]], X),
        "there is a softmax at the end; scores were asked for": ends_in(lambda Y: Y.softmax(1)),
    },
    **ROUNDING,
)  # fmt: skip


@exercise("nin", parts=[part(reference.nin_block, module=True)])
class TestNin:
    test_layers = nin.registers(
        "has the four blocks of the table and no linear layer, with all hidden widths divided by ratio", weight=3,
        hint="the last block has num_classes channels, whatever ratio is",
    )  # fmt: skip
    test_values = nin.agrees(
        "gives the scores of these layers for pictures of any size", weight=4,
        hint="padding 0, 2, 1, 1; max pooling 3×3 with stride 2 behind the first three blocks; the mean over the whole map, then flatten",
    )  # fmt: skip
    test_full = full_size("nin", "has 1,992,166 parameters by default", 1, "num_classes=10, in_channels=1, ratio=1", ((), 1), ((7, 3, 2), 3))
    test_gradients = nin.gradients()
    test_again = nin.again()


# GoogLeNet --------------------------------------------------------------------------------------------------------------


def inception(net, X, order=(0, 1, 2, 3), pool=None, quiet=()):
    """An Inception block, or with a slip in it. pool: in the place of path 4. quiet: places (path, layer) of ReLUs that are missing."""
    paths = []
    for number, path in enumerate((net.path1, net.path2, net.path3, net.path4), 1):
        layers = [nn.Identity() if (number, i) in quiet else one for i, one in enumerate(path)]
        paths.append(pool(net.path4, X) if number == 4 and pool else run_through(layers, X))
    return torch.cat([paths[i] for i in order], 1)


INCEPTION = {
    "the pooling of path 4 pads with zeros, which win over negative numbers": lambda net, X: inception(
        net, X, pool=lambda path, X: path[1:](F.max_pool2d(F.pad(X, (1, 1, 1, 1)), 3, 1))
    ),
    "the pooling of path 4 takes the mean, not the maximum": lambda net, X: inception(net, X, pool=lambda path, X: path[1:](F.avg_pool2d(X, 3, 1, 1))),
    "the pooling of path 4 is missing": lambda net, X: inception(net, X, pool=lambda path, X: path[1:](X)),
    "path 4 has the convolution before the pooling": lambda net, X: inception(net, X, pool=lambda path, X: path[0](path[1:](X))),
    "the ReLUs behind the 1×1 convolutions of paths 2 and 3 are missing": lambda net, X: inception(net, X, quiet=[(2, 1), (3, 1)]),
    "the ReLU behind the 1×1 convolution of path 2 is missing": lambda net, X: inception(net, X, quiet=[(2, 1)]),
    "the ReLU behind the 1×1 convolution of path 3 is missing": lambda net, X: inception(net, X, quiet=[(3, 1)]),
    "the ReLUs at the ends of the paths are missing": lambda net, X: inception(net, X, quiet=[(1, 1), (2, 3), (3, 3), (4, 2)]),
    "the ReLU of path 1 is missing": lambda net, X: inception(net, X, quiet=[(1, 1)]),
    "the ReLU of path 4 is missing": lambda net, X: inception(net, X, quiet=[(4, 2)]),
    NO_RELU: lambda net, X: inception(net, X, quiet=[(1, 1), (2, 1), (2, 3), (3, 1), (3, 3), (4, 2)]),
    "the paths are joined in another order": tuple(
        lambda net, X, order=order: inception(net, X, order) for order in permutations(range(4)) if order != (0, 1, 2, 3)
    ),
}  # fmt: skip

inception_block = layer(
    reference.Inception,
    lambda draw, c=3, c1=2, c2=(4, 5), c3=(1, 6), c4=3, n=2, h=7, w=4: ((c, c1, c2, c3, c4), (draw.normal(n, c, h, w) - 0.7,)),
    sizes=[(2, 3, (2, 4), (1, 6), 5, 1, 5, 6), (3, 2, (4, 5), (1, 6), 3, 2, 7, 4), (4, 5, (3, 2), (6, 7), 1, 3, 3, 8)],
    slips=INCEPTION, **ROUNDING,
)  # fmt: skip


@exercise("Inception")
class TestInception:
    test_layers = inception_block.registers(
        "has six convolutions of the sizes in the table", weight=3,
        hint="c2[0] and c3[0] are the channels of the 1×1 convolutions, c2[1] and c3[1] those of the 3×3 and the 5×5",
    )  # fmt: skip
    test_values = inception_block.agrees(
        "joins the four paths along the channels, in the order of the table", weight=5,
        hint="padding 1 for 3×3, 2 for 5×5, pooling with stride 1 and padding 1; a ReLU behind every convolution; torch.cat((…), dim=1)",
    )  # fmt: skip
    test_gradients = inception_block.gradients(weight=2)
    test_dtype = inception_block.keeps_dtype()
    test_unchanged = inception_block.leaves_inputs()
    test_again = inception_block.again()


def poolings_moved(by):
    """A slip: the poolings behind stages 3 and 4 stand so many Inception blocks further."""

    def slip(net, X):
        layers = layers_of(net)
        for i in [i for i, one in enumerate(layers) if isinstance(one, nn.MaxPool2d)][2:][:: -1 if by > 0 else 1]:
            layers.insert(i + by, layers.pop(i))
        return run_through(layers, X)

    return slip


googlenet = layer(
    reference.googlenet, lambda draw, k=3, c=2, ratio=8, n=2, h=32, w=32: ((k, c, ratio), (draw.normal(n, c, h, w),)),
    sizes=[(3, 2, 8, 1, 96, 96), (4, 1, 8, 2, 64, 80)],
    slips={
        "the poolings are not padded; all have padding 1": replaced(nn.MaxPool2d, changed(padding=0)),
        "the ReLU behind the first convolution is missing": replaced(nn.ReLU, nothing, slice(0, 1)),
        "the ReLU behind the 1×1 convolution of stage 2 is missing": replaced(nn.ReLU, nothing, slice(1, 2)),
        "the ReLU behind the 3×3 convolution of stage 2 is missing": replaced(nn.ReLU, nothing, slice(2, 3)),
        "both ReLUs of stage 2 are missing": replaced(nn.ReLU, nothing, slice(1, 3)),
        "the largest number of each map is taken where its mean belongs": replaced(nn.AdaptiveAvgPool2d, lambda _: nn.AdaptiveMaxPool2d(1)),
        "the poolings between the stages take the mean, not the maximum": replaced(nn.MaxPool2d, mean_pool),
        "the poolings stand one Inception block too early: they come behind the second and the seventh": poolings_moved(-1),
        "the poolings stand one Inception block too late: they come behind the second and the seventh": poolings_moved(1),
        **{f"the pooling behind stage {i + 1} is missing": replaced(nn.MaxPool2d, nothing, slice(i, i + 1)) for i in range(4)},
        **SOFTMAX,
    },
    **ROUNDING,
)  # fmt: skip


@exercise("googlenet", parts=[part(reference.Inception)])
class TestGooglenet:
    test_layers = googlenet.registers(
        "has the convolutions, the nine Inception blocks and the linear layer of the tables, with all hidden widths divided by ratio", weight=3,
        hint="print the channels behind each block: 256, 480, 512, 512, 512, 528, 832, 832, 1024, each divided by ratio",
    )  # fmt: skip
    test_values = googlenet.agrees(
        "gives the scores of these layers for pictures of any size", weight=4, modes=(False,),
        hint="compare with the tables line by line; all poolings are 3×3 with stride 2 and padding 1; the mean over the whole map before the linear layer",
    )  # fmt: skip
    test_small = googlenet.agrees(
        "a picture of 32×32 is large enough, in training mode as well", hint="padded poolings leave one pixel of it; there is no dropout in the tables",
        sizes=[(), (5, 1, 8, 1, 33, 32)], modes=(True,), follows=True,
    )  # fmt: skip
    test_full = full_size("googlenet", "has 5,977,530 parameters by default", 2, "num_classes=10, in_channels=1, ratio=1", ((), 1), ((7, 3, 2), 3))
    test_gradients = googlenet.gradients()
    test_again = googlenet.again()


# Cost -------------------------------------------------------------------------------------------------------------------


def network_of(layers):
    """A chain of layers: [name, *arguments, options], or the number of an earlier one, which is used again."""
    made = []
    for one in layers:
        made.append(made[one] if isinstance(one, int) else getattr(nn, one[0])(*one[1:-1], **one[-1]))
    return nn.Sequential(*made)


def asked_for_cost(student, layers, in_shape, frozen, dtype, untrained=()):
    """What two calls of network_cost say of a chain of layers, and whether all sorts of things are as they were before. frozen: layers in evaluation mode.
    untrained: layers whose parameters require no gradient.

    The first layer lies one level deeper than the others.
    """
    import torch

    made = []
    for one in layers:
        made.append(made[one] if isinstance(one, int) else getattr(torch.nn, one[0])(*one[1:-1], **one[-1]))
    net = torch.nn.Sequential(torch.nn.Sequential(made[0]), *made[1:]).to(getattr(torch, dtype))
    for p in net.parameters():
        p.grad = torch.ones_like(p)
    for i in frozen:
        made[i].eval()
    for i in untrained:
        made[i].requires_grad_(False)

    def values(tensors):
        return [t.tolist() for t in tensors]

    def seen():
        modules = list(net.modules())
        return {
            "hooks": [(len(m._forward_hooks), len(m._forward_pre_hooks), len(m._backward_hooks)) for m in modules],
            "modes": [m.training for m in modules],
            "statistics": values(net.buffers()),
            "gradients": values(p.grad for p in net.parameters() if p.grad is not None) + [p.requires_grad and p.grad is not None for p in net.parameters()],
            "parameters": values(net.parameters()) + [(str(p.dtype), str(p.device)) for p in net.parameters()],
            "program": [torch.is_grad_enabled(), str(torch.get_default_dtype()), torch.get_rng_state().tolist()],
        }

    torch.set_grad_enabled(True)
    before = seen()
    costs = [student.network_cost(net, tuple(in_shape)) for _ in range(2)]
    after = seen()
    return {"costs": costs, "left": [key for key in before if before[key] == after[key]]}


def shown_on_meta(student, in_shape):
    """Device and dtype of what network_cost sends through a network on the device meta; none of its layers computes anything."""
    import torch

    class Watch(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = torch.nn.Parameter(torch.empty(3, 5, device="meta", dtype=torch.float64))

        def forward(self, X):
            seen.append([X.device.type, str(X.dtype)])
            return X

    seen = []
    student.network_cost(Watch(), tuple(in_shape))
    return {"sample": seen[-1] if seen else None}


def priced(
    price=lambda one, X, Y: Y.numel() * one.weight[0].numel(), once=False, by_place=False, kinds=(nn.Conv2d, nn.Linear), counted=lambda net: net.parameters()
):  # fmt: skip
    """What a chain of layers costs, or with a slip in it. price(layer, input, output): of one call. by_place: paid once for each place of the layer."""

    def cost(layers, in_shape):
        net, X, paid = network_of(layers).eval(), torch.zeros(1, *in_shape), {}
        for call, one in enumerate(net):
            Y = one(X)
            if isinstance(one, kinds):
                paid[id(one) if once else call] = price(one, X, Y) * (sum(other is one for other in net) if by_place else 1)
            X = Y
        return sum(p.numel() for p in counted(net)), sum(paid.values())

    return cost


def right_price(one, Y):
    return Y.numel() * one.weight[0].numel()


def of_input(one, X, Y):
    return X[0, 0].numel() * len(one.weight) * one.weight[0].numel() if isinstance(one, nn.Conv2d) else right_price(one, Y)


def left_out(layers, in_shape):
    """The first layer is not seen."""
    parameters, multiply_adds = priced()(layers, in_shape)
    first = network_of(layers[:1])[0]
    return parameters, multiply_adds - right_price(first, first(torch.zeros(1, *in_shape))) if hasattr(first, "weight") else multiply_adds


cost = case(
    priced(), lambda draw, layers, in_shape: (layers, in_shape), name="network_cost",
    slips={
        "the size of the input of a convolution is taken where that of its output belongs": priced(of_input),
        "the groups are ignored: with groups a number sees c_in / groups channels only": priced(
            lambda one, X, Y: right_price(one, Y) * getattr(one, "groups", 1)
        ),
        "a layer that is used twice is paid for once": priced(once=True),
        "a layer that stands in two modules gets two hooks (net.modules() gives it once, net.apply twice)": priced(by_place=True),
        "biases are counted as operations": priced(lambda one, X, Y: right_price(one, Y) + Y.numel() * (one.bias is not None)),
        "multiplications and additions are counted each for itself": priced(lambda one, X, Y: 2 * right_price(one, Y)),
        "linear layers are left out of the operations": priced(kinds=(nn.Conv2d,)),
        "convolutions are left out of the operations": priced(kinds=(nn.Linear,)),
        "a linear layer is paid for once, however many rows go through it": priced(
            lambda one, X, Y: one.weight.numel() if isinstance(one, nn.Linear) else right_price(one, Y)
        ),
        "biases are left out of the parameters": priced(counted=lambda net: [p for name, p in net.named_parameters() if not name.endswith("bias")]),
        "only parameters of convolutions and linear layers are counted": priced(
            counted=lambda net: {p for one in net if isinstance(one, nn.Conv2d | nn.Linear) for p in one.parameters()}
        ),
        "layers inside of other modules are left out": left_out,
        "the parameters of a layer that is used twice are counted twice": priced(counted=lambda net: [p for one in net for p in one.parameters()]),
    },
)  # fmt: skip

SMALL = [["Conv2d", 2, 6, 3, {"stride": 2}], ["ReLU", {}], ["Flatten", {}], ["Linear", 36, 5, {}]], (2, 5, 8)
GROUPS = [["Conv2d", 4, 6, [3, 1], {"stride": 2, "padding": 1, "groups": 2}], ["ReLU", {}], ["Conv2d", 6, 6, 2, {"groups": 6, "bias": False}]], (4, 6, 9)
NORMS = (
    [["Conv2d", 3, 4, 3, {"bias": False}], ["BatchNorm2d", 4, {}], ["Dropout", {}], ["AdaptiveAvgPool2d", 1, {}], ["Flatten", {}], ["Linear", 4, 7, {}]],
    (3, 6, 5),
)
TWICE = [["Conv2d", 3, 3, [2, 3], {"stride": 2}], ["ReLU", {}], 0, ["Conv2d", 3, 2, 1, {}]], (3, 9, 15)
ROWS = [["Linear", 4, 3, {"bias": False}], ["ReLU", {}], ["Linear", 3, 1, {}]], (5, 4)
ROWS_TWICE = [["Linear", 3, 3, {}], ["ReLU", {}], 0, ["Linear", 3, 2, {}]], (5, 3)
NO_LAYERS = [["BatchNorm2d", 3, {}], ["ReLU", {}]], (3, 4, 5)
NO_PARAMETERS = [["Flatten", {}], ["ReLU", {}]], (3, 4)


def costs_of(student, spec, frozen=(), dtype="float32", untrained=()):
    layers, in_shape = spec
    seen = student.run(asked_for_cost, layers=layers, in_shape=list(in_shape), frozen=list(frozen), dtype=dtype, untrained=list(untrained))
    if not isinstance(seen, dict) or not isinstance(seen.get("costs"), list) or len(seen["costs"]) != 2 or not isinstance(seen.get("left"), list):
        raise Finding("network_cost gave back something that cannot be read", "tampered")
    return seen


def words_of(spec):
    layers, in_shape = spec
    first, *others = [f"{layers[one][0]} (the first once more)" if isinstance(one, int) else one[0] for one in layers]
    return f"network_cost of Sequential({first}), {', '.join(others)}, for a sample of shape {in_shape},"


def costs(title, weight, hint, *specs):
    @criterion(title, weight, hint, hint_for=("wrong value",))
    def test(self, student):
        asked = [(spec, costs_of(student, spec)["costs"][0]) for spec in specs]
        cost.compare(asked, [words_of(spec) for spec in specs])

    return test


def leaves(what, title, told, hint, weight=1):
    """A criterion: `what` of a network is after the call as it was before, and the cost is right."""

    @criterion(title, weight, hint, hint_for=("wrong value",))
    def test(self, student):
        for spec in (NORMS, TWICE):
            seen = costs_of(student, spec, frozen=[2])
            expect(set(what) <= set(seen["left"]), f"after a call of network_cost {told}")
            cost.compare([(spec, seen["costs"][0])], [words_of(spec)], follows=True)

    return test


@exercise("network_cost")
class TestNetworkCost:
    test_values = costs(
        "counts parameters, and multiply-adds by the size of what comes out", 3, "output.numel() * layer.weight[0].numel(), for convolutions and linear layers",
        SMALL, NORMS, ROWS,
    )  # fmt: skip
    test_groups = costs("a convolution with groups costs less", 1, "layer.weight has shape (c_out, c_in / groups, kh, kw)", GROUPS)
    test_twice = costs(
        "a layer that is used twice is paid twice, and has its parameters once", 2, "a hook is called at every call of its layer", TWICE, ROWS_TWICE
    )
    test_nothing = costs(
        "a network without parameters costs (0, 0); one without such layers no operations", 1, "no parameters, no next(…)", NO_PARAMETERS, NO_LAYERS
    )

    @criterion("parameters that are not trained count as well", hint="all of net.parameters(), whatever their requires_grad says", hint_for=("wrong value",))
    def test_untrained(self, student):
        seen = costs_of(student, SMALL, untrained=[0])
        cost.compare([(SMALL, seen["costs"][0])], [f"{words_of(SMALL)} with requires_grad=False in its first layer,"], follows=True)

    @criterion("takes the dtype and the device of the network, meta too", hint="zeros made by next(net.parameters()).new_zeros(1, *in_shape)")
    def test_dtype(self, student):
        for dtype in ("float64", "bfloat16"):
            seen = costs_of(student, NORMS, [2], dtype)
            cost.compare([(NORMS, seen["costs"][0])], [f"{words_of(NORMS)} in {dtype},"], follows=True)
        seen = student.run(shown_on_meta, in_shape=[2, 4])
        expect(seen["sample"] == ["meta", "torch.float64"], f"a network in float64 on the device meta was shown {seen['sample']}", follows=True)

    test_hooks = leaves(
        ["hooks"], "leaves no hooks behind", "there are still hooks on its layers", "keep what register_forward_hook returns, and call its remove()"
    )
    test_modes = leaves(
        ["modes"],
        "every module is in the mode in which it was",
        "modules are in another mode than before",
        "remember module.training of every module; put it back",
    )
    test_traces = leaves(
        ["statistics", "gradients", "parameters", "program"], "leaves parameters, gradients, statistics of BatchNorm and the program alone",
        "parameters, gradients, statistics of BatchNorm or the state of the program are others", "evaluation mode, torch.no_grad(), and zeros for a picture",
    )  # fmt: skip

    @criterion("gives the same at a second call", hint="the sum belongs to one call: begin anew each time")
    def test_again(self, student):
        for spec in (SMALL, GROUPS):
            first, second = costs_of(student, spec)["costs"]
            cost.compare([(spec, first)], [words_of(spec)], follows=True)
            cost.compare([(spec, second)], [f"{words_of(spec)} at a second call,"])


# A network of one's own ---------------------------------------------------------------------------------------------------

MOST_PARAMETERS, MOST_OPERATIONS = 20_000, 300_000
SIZES = (DIGITS := (3, 1, 8, 8)), (2, 1, 12, 12), (1, 1, 9, 13)


def looked_at(student, pictures):
    """What a digit_net gives for pictures, twice, the first of them alone, and what it is made of."""
    import torch
    from torch.overrides import TorchFunctionMode

    class Meter(TorchFunctionMode):
        def __init__(self):
            super().__init__()
            self.paid, self.linear = 0, []

        def __torch_function__(self, func, types, args=(), kwargs=None):
            result = func(*args, **(kwargs or {}))
            name = getattr(func, "__name__", "")
            tensors = [value for value in [*args, *(kwargs or {}).values()] if isinstance(value, torch.Tensor)]
            if name in ("conv2d", "linear"):
                self.paid += result.numel() * tensors[1][0].numel()
            elif name in ("matmul", "__matmul__", "mm", "bmm", "addmm", "baddbmm"):
                self.paid += result.numel() * tensors[-2].shape[-1]
            if name == "linear":
                self.linear.append(tensors[1])
            return result

    torch.set_grad_enabled(True)
    net = student.digit_net()
    if not isinstance(net, torch.nn.Module):
        return {"kind": type(net).__name__}
    net.eval()
    with torch.no_grad():
        once, twice = ([net(X.clone()) for X in pictures] for _ in range(2))
        with Meter() as meter:
            alone = net(pictures[0][:1].clone())
    linear = {id(weight) for weight in meter.linear} | {id(one.weight) for one in net.modules() if isinstance(one, torch.nn.Linear)}
    return {
        "once": once, "twice": twice, "alone": alone, "parameters": sum(p.numel() for p in net.parameters()), "paid": meter.paid, "linear": len(linear),
    }  # fmt: skip


def look(student, draw, sizes=(DIGITS,)):
    """As `looked_at`, for pictures of these sizes."""
    seen = student.run(looked_at, pictures=[draw.uniform(*size) for size in sizes])
    expect("kind" not in seen, f"digit_net() is a {seen.get('kind')}, an nn.Module was expected", "wrong type")
    return seen


def assert_scores(scores, size, follows=True):
    """Ten finite scores for each of the pictures."""
    n, shape = size[0], tuple(scores.shape) if isinstance(scores, torch.Tensor) else ()
    words = f"digit_net()(X) for X of shape {size}"
    if shape != (n, 10):
        raise Finding(f"{words} has shape {shape}, expected ({n}, 10)", "wrong shape", follows=follows)
    if not bool(scores.isfinite().all()):
        raise Finding(f"{words} is not finite", "unstable", follows=follows)


def new_networks(student, X):
    """How many parameters the first digit_net has, how many of them the second has too, and whether the program is as it was."""
    import torch

    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)
    nets = [student.digit_net() for _ in range(2)]
    for net in nets:
        net(X.clone())
    first, second = ({id(p) for p in net.parameters()} for net in nets)
    return len(first), len(first & second), torch.is_grad_enabled() and torch.get_default_dtype() == torch.float32


def trained(student, ending, enough, X, y, X_test, y_test):
    """What a digit_net says of the test digits, trained as train_digits does it; it ends with the first epoch that is good enough."""
    import torch

    net, num_epochs = student.digit_net(), 6
    net.eval()(X_test[:1])  # gives lazy layers their shapes
    for one in net.modules():
        if isinstance(one, (torch.nn.Conv2d, torch.nn.Linear)):
            torch.nn.init.kaiming_normal_(one.weight, nonlinearity="relu")
            if one.bias is not None:
                torch.nn.init.zeros_(one.bias)
    optimizer = torch.optim.Adam(net.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.01, total_steps=num_epochs * -(-len(X) // 64))
    for _ in range(num_epochs):
        net.train()
        for rows in torch.randperm(len(X)).split(64):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(net(X[rows]), y[rows]).backward()
            optimizer.step()
            schedule.step()
        net.eval()
        with torch.no_grad():
            said = net(X_test).argmax(1)
        if float((said == y_test).float().mean()) >= enough:
            break
    return said


digits = goal(
    "the share of the test digits that is read right", at_least=0.9, margin=0.04, within="6 epochs", share=True, tries=3,
    data=lambda: dict(zip(("X", "y", "X_test", "y_test"), reference.course_tools.digits(), strict=True)),
    recipe=trained, reached=lambda data, said: float((said == data["y_test"]).float().mean()),
    wrong={"pools at once": 0.7, "uses sigmoids": 0.25, "sees single pixels only": 0.4},
)  # fmt: skip


@exercise("digit_net", parts=[*VGG_PARTS, part(reference.nin_block, module=True), part(reference.Inception)])
class TestDigitNet:
    @criterion("gives ten scores for each picture of any size from 8×8 on", weight=2, hint="the mean over the whole map before the linear layer, not flatten")
    def test_sizes(self, student, draw):
        for scores, size in zip(look(student, draw, SIZES)["once"], SIZES, strict=True):
            assert_scores(scores, size, follows=False)

    @criterion("has at most 20,000 parameters", hint="a 3×3 convolution has 9 · c_in · c_out of them: fewer channels in the last layers")
    def test_parameters(self, student, draw):
        seen = look(student, draw)
        assert_scores(seen["once"][0], DIGITS)
        expect(0 < seen["parameters"] <= MOST_PARAMETERS, f"digit_net has {seen['parameters']:,} parameters; {MOST_PARAMETERS:,} are allowed")

    @criterion("takes at most 300,000 multiply-adds for a picture of 8×8", hint="fewer channels where the map is still large")
    def test_operations(self, student, draw):
        seen = look(student, draw)
        assert_scores(seen["once"][0], DIGITS)
        expect(seen["paid"] <= MOST_OPERATIONS, f"digit_net takes {seen['paid']:,} multiply-adds for a picture of 8×8; {MOST_OPERATIONS:,} are allowed")

    @criterion("has at most one linear layer", hint="global average pooling, then straight to the ten scores")
    def test_linear(self, student, draw):
        seen = look(student, draw)
        assert_scores(seen["once"][0], DIGITS)
        expect(seen["linear"] <= 1, f"digit_net has {seen['linear']} linear layers; one is allowed")

    @criterion(
        "in evaluation mode a picture gets the same scores each time, whatever else is in the batch",
        hint="in evaluation mode nn.Dropout sleeps, and nn.BatchNorm2d takes what it has kept; F.dropout and statistics of the batch stay as they are",
    )
    def test_evaluation(self, student, draw):
        seen = look(student, draw)
        assert_scores(seen["once"][0], DIGITS)
        expect(alike(seen["twice"], seen["once"]), "digit_net in evaluation mode gives other scores at a second call: is there a dropout that never sleeps?")
        expect(alike(seen["alone"], seen["once"][0][:1]), "digit_net in evaluation mode gives a picture other scores when other pictures stand beside it")

    @criterion("every call makes a new network", hint="make the layers inside the function")
    def test_new(self, student, draw):
        count, common, as_before = student.run(new_networks, X=draw.uniform(3, 1, 8, 8))
        expect(count > 0, "digit_net has no parameters", "missing")
        expect(common == 0, "two calls of digit_net share their parameters")
        expect(as_before, "after a call of digit_net autograd is switched off, or the default dtype is another")

    test_digits = digits.is_reached(
        "learns to read: at least 90 % of the test digits after six epochs of train_digits", weight=6, timeout_s=90,
        hint="ReLUs, 3×3 convolutions before the mean, about two poolings of 2×2, and no ReLU behind the scores",
    )  # fmt: skip
