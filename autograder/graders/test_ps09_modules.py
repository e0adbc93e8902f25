"""Hidden grader of ps09_modules."""

import torch
from torch.nn import functional as F

from autograder import Finding, StudentFailure, assert_close, case, copied, criterion, exercise, expect, kind_of, layer
from solutions.ps09_modules import modules as reference

# What probes see ------------------------------------------------------------------------------------------------------


def shown(value):
    """A thing that is no tensor, as a message has it."""
    return ", ".join(map(str, value)) or "none" if isinstance(value, list) else str(value)


def assert_seen(student, probe, follows=False, **data):
    """A probe sees of the student's classes what it sees of the reference's: {what it is called: a tensor, or anything else that can be compared}."""
    with torch.random.fork_rng(devices=[]):
        right = probe(reference, **copied(data))
    seen = student.run(probe, **data)
    expect(isinstance(seen, dict) and seen.keys() == right.keys(), "what came back cannot be read", "tampered")
    for words, value in right.items():
        try:
            if isinstance(value, torch.Tensor):
                assert_close(seen[words], value, what=words, rtol=1e-4, atol=1e-5)
            else:
                expect(type(seen[words]) is type(value) and seen[words] == value, f"{words}: {shown(seen[words])[:300]}")
        except Finding as finding:
            finding.follows = follows
            raise


def from_scratch(name, work, file, words):
    """A criterion: no line of a file of torch.nn.modules runs when the student's class is made and used."""

    @criterion("is written from scratch", hint=f"class {name} is made without {words}, as base and inside")
    def test(self, student):
        files = student.run(files_of, work=work)
        told = f"{name} uses {words}; this exercise asks you to write it yourself"
        expect(
            isinstance(files, list) and not any(str(one).replace("\\", "/").endswith(f"torch/nn/modules/{file}") for one in files), told, "forbidden operation"
        )

    return test


def files_of(student, work):
    """The files of torch whose lines run when some lines are."""
    import sys

    scope = {"student": student, "nn": torch.nn, "torch": torch, "Linear": torch.nn.Linear(3, 3), "ReLU": torch.nn.ReLU()}
    files, before = set(), sys.getprofile()
    sys.setprofile(lambda frame, event, argument: files.add(frame.f_code.co_filename))
    try:
        exec(work, scope)
    finally:
        sys.setprofile(before)
    return sorted(file for file in files if "torch" in file)


# 1 · Layers -----------------------------------------------------------------------------------------------------------

centered = layer(
    reference.CenteredLayer, lambda draw, *shape: ((), (draw.normal(*(shape or (4, 3)), mean=1.7),)), sizes=[(1, 4), (3, 5), (7,), (2, 3, 4)],
    slips={
        "each column loses its own mean; all entries should lose that of all": lambda net, X: X - X.mean(0),
        "each row loses its own mean; all entries should lose that of all": lambda net, X: X - X.mean(-1, keepdim=True),
        "the sum is taken away, not the mean": lambda net, X: X - X.sum(),
        "X is standardised: it should be centred only": (lambda net, X: (X - X.mean()) / X.std(), lambda net, X: F.layer_norm(X, X.shape)),
        "the mean is taken the wrong way round: it should be X minus the mean": lambda net, X: X.mean() - X,
        "nothing is taken away": lambda net, X: X,
    },
)  # fmt: skip


def shapes_of_parameters(student, name):
    return [f"{name} {tuple(p.shape)}" for name, p in getattr(student, name)().named_parameters()]


def slope(student, net, X, G):
    """The result, and what of G comes back to X."""
    X.requires_grad_()
    result = net(X * 1)
    return result.detach(), torch.autograd.grad(result, X, G)[0] if result.requires_grad else None


@exercise("CenteredLayer")
class TestCenteredLayer:
    test_values = centered.agrees("takes the mean of all entries away", weight=3, hint="X.mean() without a dimension is the mean of everything")

    @criterion(
        "gradients are right, through the mean as well",
        weight=3,
        hint="X.mean() is a tensor: leave it one, without .item(), .detach() and no_grad",
        hint_for=("no gradient",),
    )
    def test_gradients(self, student, draw):
        for shape in ((4, 3), (5,)):
            net, right, (X,) = centered.net(student, draw.float64, *shape)
            G = draw.float64.normal(*shape)
            result, gradient = student.run(slope, net=net, X=X, G=G)
            centered.compare([((right, X), result)], follows=True)
            expect(gradient is not None, "the result of CenteredLayer carries no graph: was it detached, or rebuilt from numbers?", "no gradient")
            told = "the gradient of X is that of X minus a constant: the mean was taken for a number, but it depends on X as well"
            expect(not torch.allclose(gradient, G), told, "no gradient")
            assert_close(gradient, G - G.mean(), what="the gradient of X, through CenteredLayer,")

    test_dtype = centered.keeps_dtype()
    test_unchanged = centered.leaves_inputs()
    test_again = centered.again()

    @criterion("has no parameters")
    def test_parameters(self, student, draw):
        shapes = student.run(shapes_of_parameters, name="CenteredLayer")
        expect(shapes == [], f"CenteredLayer() has parameters: {shown(shapes)}")
        arguments = centered.arguments(draw)
        centered.compare(centered.ask(student, [arguments]), follows=True)


def dense(draw, i=3, u=5, lead=(4,)):
    return (i, u), (draw.normal(*lead, i),)


my_linear = layer(
    reference.MyLinear, dense, sizes=[(3, 5, (1,)), (3, 5), (4, 2, ()), (2, 6, (3, 4)), (5, 3, (2, 1, 3))],
    slips={
        "the ReLU is missing: here it belongs to the layer": lambda net, X: X @ net.weight + net.bias,
        "the bias comes after the ReLU": lambda net, X: F.relu(X @ net.weight) + net.bias,
        "the bias is left out": lambda net, X: F.relu(X @ net.weight),
        "the bias is taken away": lambda net, X: F.relu(X @ net.weight - net.bias),
        "a sigmoid stands where the ReLU should be": lambda net, X: torch.sigmoid(X @ net.weight + net.bias),
        "a tanh stands where the ReLU should be": lambda net, X: torch.tanh(X @ net.weight + net.bias),
        "a leaky ReLU stands where the ReLU should be": lambda net, X: F.leaky_relu(X @ net.weight + net.bias),
    },
)  # fmt: skip


def at_the_start(student, i, u):
    """Two new layers."""
    nets = [student.MyLinear(i, u) for _ in range(2)]
    return {
        "shapes": [[name, list(p.shape)] for name, p in nets[0].named_parameters()],
        "library": any(isinstance(part, torch.nn.Linear) for part in nets[0].modules()),
        "weights": [[*(p for p in net.parameters() if p.ndim == 2), getattr(net, "weight", torch.zeros(1))][0].detach().clone() for net in nets],
    }


@exercise("MyLinear", forbid=["linear"])
class TestMyLinear:
    test_parameters = my_linear.registers(
        "its weight and its bias are Parameters, and trained", weight=2, hint="self.weight = nn.Parameter(…), self.bias = nn.Parameter(…)"
    )

    @criterion("they are called weight, (in_units, units), and bias, (units,)", hint="nn.Parameter(torch.randn(in_units, units)): no transposition in forward")
    def test_names(self, student):
        for i, u in ((3, 5), (6, 2)):
            seen = student.run(at_the_start, i=i, u=u)
            expect(not seen["library"], f"MyLinear({i}, {u}) has an nn.Linear inside; this exercise asks you to write it yourself", "forbidden operation")
            told = "; ".join(f"{name} {tuple(shape)}" for name, shape in seen["shapes"]) or "none"
            expect(sorted(seen["shapes"]) == [["bias", [u]], ["weight", [i, u]]], f"MyLinear({i}, {u}) has the parameters {told}", follows=not seen["shapes"])

    @criterion("starts at random weights", hint="torch.randn, without a seed of its own")
    def test_start(self, student):
        first, second = student.run(at_the_start, i=6, u=5)["weights"]
        expect(bool(first.isfinite().all()) and first.numel() == 30, "the weight of MyLinear(6, 5) is not 30 finite numbers", follows=True)
        expect(len(first.unique()) > 15, "the weights of MyLinear are not random: many of them are equal")
        expect(not torch.equal(first, second), "two layers MyLinear(6, 5) have the same weights: they should be drawn anew for each")

    test_values = my_linear.agrees("gives relu(X W + b), for any number of leading dimensions", weight=3, hint="F.relu(X @ self.weight + self.bias)")
    test_gradients = my_linear.gradients(
        weight=3, hint="use self.weight and self.bias as they are: .data and .detach() cut them off from autograd", sizes=[(), (3, 4, (2, 5))]
    )
    test_dtype = my_linear.keeps_dtype()
    test_unchanged = my_linear.leaves_inputs()
    test_again = my_linear.again()


def passed(net, X, act=torch.clone, pool=F.max_pool2d, last=False):
    """Convolution, pooling, flatten, linear, with a slip in it."""
    convolution, _, _, linear = net.net
    Y = pool(act(convolution(X)), 2)
    return linear((Y.permute(0, 2, 3, 1) if last else Y).flatten(1))


images = layer(
    reference.TestNet, lambda draw, n=3, k=7: ((k,), (draw.normal(n, 1, 28, 28),)), sizes=[(1, 7), (3, 7), (2, 4)],
    slips={
        "the image is flattened with its channels last": lambda net, X: passed(net, X, last=True),
        "there is an activation behind the convolution: here there is none": (
            lambda net, X: passed(net, X, torch.relu), lambda net, X: passed(net, X, torch.sigmoid), lambda net, X: passed(net, X, torch.tanh)
        ),
        "the mean is pooled, not the largest": lambda net, X: passed(net, X, pool=F.avg_pool2d),
        "there is an activation behind the last layer: here there is none": (lambda net, X: net(X).relu(), lambda net, X: net(X).softmax(1)),
    },
    atol=1e-4,
)  # fmt: skip


def shapes_of(student, made_with):
    """Those of TestNet's parameters, in order, and of its result for two images."""
    net = student.TestNet(*made_with)
    return {
        "the shapes of its parameters, in order": [tuple(p.shape) for p in net.parameters()],
        "the shape of its result for 2 images": tuple(net(torch.zeros(2, 1, 28, 28)).shape),
    }


def in_channels_last(student, net, X):
    return net.to(memory_format=torch.channels_last)(X.to(memory_format=torch.channels_last)).detach()


@exercise("TestNet")
class TestTestNet:
    test_registers = images.registers(
        "its layers have the sizes of the table", hint="the linear layer gets 16 channels of 14×14 numbers each: 16 * 14 * 14", weight=2
    )
    test_values = images.agrees("gives with the reference's weights what the four layers give", weight=4, hint="convolution, pooling, flatten, linear; no more")

    @criterion("has num_classes outputs, 10 if nothing is said, and its parameters in the order of the layers", hint="def __init__(self, num_classes=10)")
    def test_classes(self, student):
        for made_with in ((), (10,), (7,)):
            words = f"TestNet({', '.join(map(str, made_with))})"
            right, seen = shapes_of(reference, made_with), student.run(shapes_of, made_with=made_with)
            for what, value in right.items():
                expect([*map(tuple, seen[what])] == value if isinstance(value, list) else tuple(seen[what]) == value, f"{words}, {what}: {shown(seen[what])}")

    @criterion(
        "takes images and weights in the memory order channels_last", weight=2, hint="nn.Flatten(), flatten(1) or reshape; view wants another memory order"
    )
    def test_channels_last(self, student, draw):
        for n in (1, 3):
            net, right, (X,) = images.net(student, draw, n, 7)
            result = student.run(in_channels_last, net=net, X=X)
            images.compare([((right, X), result)], [f"the result of TestNet(7) for X {tuple(X.shape)} in channels_last"])

    test_gradients = images.gradients()
    test_dtype = images.keeps_dtype()
    test_unchanged = images.leaves_inputs()
    test_again = images.again()


# 2 · Containers -------------------------------------------------------------------------------------------------------

CONTAINERS = "nn.Sequential, nn.ModuleList or nn.ModuleDict"


def chains(student, X):
    """Results of chains, all made before any is called; each called twice, the second time with other numbers."""
    nn, made = torch.nn, student.MySequential
    torch.manual_seed(5)
    a, b, c = (nn.Linear(*sizes).to(X) for sizes in ((4, 5), (5, 6), (6, 3)))
    nets = {
        "a chain of three layers": made(a, b, c),
        "a chain of one layer": made(a),
        "a chain with two activations that are equal": made(a, nn.Tanh(), b, nn.Tanh(), c),
        "a chain of eleven and more blocks": made(a, *(nn.Threshold(0.05 * i, -0.3 * i) for i in range(12)), b),
        "a chain in a chain": made(made(a, nn.Tanh()), made(b, made(nn.Tanh(), c))),
    }
    return {
        f"the result of {words}{of}": net(Z).detach().clone() for of, Z in (("", X), (", at a later call,", 0.5 * X[:1] - 1)) for words, net in nets.items()
    }


def without_blocks(student, X):
    made = student.MySequential
    return {"the result of MySequential() without blocks": made()(X), "the result of MySequential(MySequential())": made(made())(X)}


def names_of_chains(student, X):
    nn, made = torch.nn, student.MySequential
    shared = nn.Linear(4, 4)
    nets = {
        "a linear layer, a ReLU, a batch normalisation": made(nn.Linear(4, 5), nn.ReLU(), nn.BatchNorm1d(5)),
        "a chain in a chain": made(nn.ReLU(), made(nn.Linear(4, 5, bias=False), nn.Linear(5, 2))),
        "twelve layers": made(*(nn.Linear(1, 1, bias=False) for _ in range(12))),
        "a layer at two places": made(shared, nn.ReLU(), shared),
    }
    seen = {f"the names in state_dict() of {words}": list(net.state_dict()) for words, net in nets.items()}
    seen |= {f"the names of the parameters of {words}": [name for name, _ in net.named_parameters()] for words, net in nets.items()}
    return seen | {"the number of parameters of a chain of two layers": len(list(made(nn.Linear(2, 3), nn.Linear(3, 1)).parameters()))}


def exchanged(student, X):
    """A chain with the weights of an nn.Sequential, in float64; and what eval() and train() reach."""
    nn = torch.nn
    torch.manual_seed(7)
    blocks = lambda: (nn.Linear(4, 5), nn.BatchNorm1d(5), nn.Dropout(0.5), nn.Linear(5, 2))
    theirs, mine = nn.Sequential(*blocks()), student.MySequential(*blocks())
    fits = list(mine.state_dict()) == list(theirs.state_dict())
    if fits:
        mine.load_state_dict(theirs.state_dict())
    mine.double().eval()
    seen = {
        "whether the weights of an nn.Sequential of the same layers can be loaded": fits,
        "the result of a chain that has the weights of an nn.Sequential, in float64, after eval(),": mine(X.double()).detach(),
        "the modules in training mode after eval()": [type(m).__name__ for m in mine.modules() if m.training],
    }
    mine.train()
    return seen | {"the modules in evaluation mode after train()": [type(m).__name__ for m in mine.modules() if not m.training]}


def slopes_of_chain(student, X, G):
    nn = torch.nn
    torch.manual_seed(9)
    shared, last = nn.Linear(4, 4), nn.Linear(4, 3)
    result = student.MySequential(shared, nn.Tanh(), shared, nn.Sigmoid(), last)(X)
    if result.requires_grad:
        result.backward(G)
    gradients = {"X": X.grad, "a weight that is used twice": shared.weight.grad, "the last bias": last.bias.grad}
    return {"whether the result carries a graph": result.requires_grad} | {f"the gradient of {words}": value for words, value in gradients.items()}


def shared_in_chain(student, X):
    nn, made = torch.nn, student.MySequential
    torch.manual_seed(6)
    a, b, act = nn.Linear(4, 4).to(X), nn.Linear(4, 4).to(X), nn.Tanh()
    nets = {"one layer, twice": made(a, a), "two layers, in turn": made(a, b, a, b), "an activation that stands at two places": made(a, act, b, act)}
    seen = {f"the result of {words}": net(X).detach().clone() for words, net in nets.items()}
    return seen | {f"the number of parameters of {words}": len(list(net.parameters())) for words, net in nets.items()}


def places_of_chain(student, X):
    nn, made = torch.nn, student.MySequential
    a, act, b = nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 2)
    known = {id(a): "a", id(act): "act", id(b): "b"}
    blocks = [a, act, a, b, act]
    net, other = made(*blocks), made(b)

    def at(net, i):
        try:
            return known.get(id(net[i]), "something else")
        except Exception as error:
            return type(error).__name__

    return {
        "len of a chain of 5 places, two of them taken twice": len(net),
        "len of a chain of one": len(other),
        "len of a chain of none": len(made()),
        "net[0] … net[4] of MySequential(a, act, a, b, act)": [at(net, i) for i in range(5)],
        "net[-1] … net[-5] of MySequential(a, act, a, b, act)": [at(net, -i) for i in range(1, 6)],
        "net[5] and net[-6] of a chain of 5 places": [at(net, 5), at(net, -6)],
        "net[0] of another chain": at(other, 0),
        "net[0] of a chain of none": at(made(), 0),
    }


@exercise("MySequential")
class TestMySequential:
    @criterion("gives what its blocks give, one after the other", weight=3, hint="for block in self._modules.values(): X = block(X)")
    def test_values(self, student, draw):
        for X in (draw.normal(3, 4), draw.normal(1, 4), draw.other_order.normal(5, 4), draw.float64.normal(2, 4)):
            assert_seen(student, chains, X=X)

    @criterion("without blocks it gives its input back", hint="the loop over no block leaves X as it is")
    def test_empty(self, student, draw):
        assert_seen(student, without_blocks, follows=True, X=draw.normal(3, 4))

    @criterion("registers its blocks under the names of nn.Sequential", weight=3, hint="self.add_module(str(i), block): a name is a string")
    def test_names(self, student, draw):
        assert_seen(student, names_of_chains, X=draw.normal(3, 4))

    @criterion("weights can be exchanged with nn.Sequential; double(), eval() and train() reach its blocks", weight=2, hint="blocks are registered, in no list")
    def test_exchange(self, student, draw):
        assert_seen(student, exchanged, follows=True, X=draw.normal(3, 4))

    @criterion(
        "a layer at two places is run twice, and its parameters are listed once", weight=2, hint="children() names each layer once; self._modules does not"
    )
    def test_shared(self, student, draw):
        assert_seen(student, shared_in_chain, follows=True, X=draw.normal(3, 4))

    @criterion("len counts the places, and [i] gives the block at a place", weight=2, hint="list(self._modules.values())[i] knows negative i and IndexError")
    def test_places(self, student, draw):
        assert_seen(student, places_of_chain, X=draw.normal(3, 4))

    @criterion("gradients reach the input and every block", hint="no .detach() and no no_grad() between the blocks")
    def test_gradients(self, student, draw):
        assert_seen(student, slopes_of_chain, follows=True, X=draw.normal(3, 4).requires_grad_(), G=draw.normal(3, 3))

    test_scratch = from_scratch(
        "MySequential", "net = student.MySequential(Linear, ReLU, Linear)\nnet(torch.ones(2, 3)), len(net), net[0]", "container.py", CONTAINERS
    )


def looked_through(student, steps):
    """What a MyModuleList holds after steps, lines of Python in which `layers` is the list and a, b, c, … are modules."""
    nn = torch.nn
    modules = {name: nn.Linear(i + 1, i + 2) for i, name in enumerate("abcdefghijkl")} | {
        "act": nn.ReLU(),
        "nest": nn.Sequential(nn.Linear(7, 8), nn.Dropout(0.5)),
    }
    known = {id(module): name for name, module in modules.items()}
    scope = {**modules, "MyModuleList": student.MyModuleList}
    named = lambda module: known.get(id(module), f"something of type {type(module).__name__}")

    def at(i):
        try:
            return named(layers[i])
        except Exception as error:
            return type(error).__name__

    exec(steps, scope)
    layers, n = scope["layers"], scope.get("n", 4)
    return {
        f"after “{steps}”: {words}": value
        for words, value in {
            "len(layers)": len(layers),
            "the modules of a for loop": [named(module) for module in layers],
            f"layers[0] … layers[{n - 1}]": [at(i) for i in range(n)],
            f"layers[-1] … layers[-{n}]": [at(-i) for i in range(1, n + 1)],
            "the names of the parameters": [name for name, _ in layers.named_parameters()],
            "the shapes of the parameters": [tuple(p.shape) for p in layers.parameters()],
            "the names in state_dict()": list(layers.state_dict()),
            "the modules that eval() reaches": [named(m) for m in layers.eval().modules() if not m.training and id(m) in known],
        }.items()
    }


def errors_of_list(student):
    """What is raised outside of a list of two."""
    nn, seen = torch.nn, {}
    for words in ("layers[2]", "layers[-3]", "layers[2] = nn.ReLU()", "layers[-3] = nn.ReLU()"):
        layers = student.MyModuleList([nn.Linear(1, 2), nn.Linear(2, 3)])
        try:
            exec(words, {"layers": layers, "nn": nn})
            seen[f"{words} with two modules in the list"] = "no error"
        except Exception as error:
            seen[f"{words} with two modules in the list"] = type(error).__name__
        seen[f"len(layers) after {words}"] = len(layers)
    return seen


def lists_apart(student):
    nn = torch.nn
    given = [nn.Linear(1, 2), nn.Linear(2, 3)]
    first, second, empty = student.MyModuleList(given), student.MyModuleList(), student.MyModuleList()
    second.append(nn.Linear(5, 6))
    given.append(nn.Linear(7, 8))
    first[0] = nn.Linear(9, 9)
    return {
        "the sizes of the linear layers in a list": [m.in_features for m in first],
        "… and in the list that it was made from": [m.in_features for m in given],
        "… in a list that was made empty and got one": [m.in_features for m in second],
        "… in another list that was made empty": [m.in_features for m in empty],
    }


def steps_agree(title, *programs, weight=1.0, hint="", follows=True):
    @criterion(title, weight, hint)
    def test(self, student):
        for steps in programs:
            assert_seen(student, looked_through, follows, steps=steps)

    return test


@exercise("MyModuleList")
class TestMyModuleList:
    test_holds = steps_agree(
        "holds and registers modules, in order, by the names 0, 1, …", "layers = MyModuleList([a, act, b, nest])", "n = 1; layers = MyModuleList([c])",
        weight=3, hint="self.add_module(str(i), module): a Python list of modules is not seen by the module",
    )  # fmt: skip
    test_iterables = steps_agree(
        "takes any iterable, or nothing", "layers = MyModuleList((a, b, c, d))", "layers = MyModuleList(m for m in (b, a, act, c))",
        "n = 0; layers = MyModuleList()", "n = 12; layers = MyModuleList([l, k, j, i, h, g, f, e, d, c, b, a])",
    )  # fmt: skip
    test_append = steps_agree(
        "append adds a place", "layers = MyModuleList([a, b]); layers.append(act); layers.append(c)", "n = 1; layers = MyModuleList(); layers.append(d)",
        hint="the next name is str(len(self))",
    )  # fmt: skip
    test_replaced = steps_agree(
        "layers[i] = module replaces the module at that place, for the list and for the parameters", "layers = MyModuleList([a, b, c, act]); layers[1] = d",
        "layers = MyModuleList([a, act, b, c]); layers[-1] = e", "layers = MyModuleList([a, b, act, nest]); layers[-4] = d; layers[3] = e; layers[-2] = a",
        weight=3, hint="str(range(len(self))[i]) is the name of a place, for negative i too; self.add_module(name, module) replaces what is there",
    )  # fmt: skip
    test_twice = steps_agree(
        "a module that stands at two places is there twice", "layers = MyModuleList([a, act, a, act])", "layers = MyModuleList([a, a, b]); layers.append(a)",
        "layers = MyModuleList([b, a, b, a]); layers[0] = a", weight=2, hint="children() and modules() name each object once; self._modules does not",
    )  # fmt: skip

    @criterion("raises IndexError outside", hint="range(len(self))[i] raises it")
    def test_errors(self, student):
        assert_seen(student, errors_of_list, follows=True)

    @criterion("shares nothing with another list, nor with the one that it was made from")
    def test_apart(self, student):
        assert_seen(student, lists_apart, follows=True)

    test_scratch = from_scratch(
        "MyModuleList",
        "net = student.MyModuleList([Linear, ReLU])\nnet.append(Linear)\nnet[0] = Linear\nlen(net), net[0], list(net)",
        "container.py",
        CONTAINERS,
    )


def looked_up(student, steps):
    """What a MyModuleDict holds after steps, lines of Python in which `layers` is the dict and a, b, c, … are modules."""
    nn = torch.nn
    modules = {name: nn.Linear(i + 1, i + 2) for i, name in enumerate("abcde")} | {"act": nn.ReLU(), "nest": nn.Sequential(nn.Linear(7, 8), nn.Dropout(0.5))}
    known = {id(module): name for name, module in modules.items()}
    scope = {**modules, "MyModuleDict": student.MyModuleDict}
    named = lambda module: known.get(id(module), f"something of type {type(module).__name__}")
    exec(steps, scope)
    layers = scope["layers"]
    return {
        f"after “{steps}”: {words}": value
        for words, value in {
            "len(layers)": len(layers),
            "keys()": list(layers.keys()),
            "the keys of a for loop": [key for key in layers],  # noqa: C416
            "values()": [named(module) for module in layers.values()],
            "items()": [[key, named(module)] for key, module in layers.items()],
            "layers[key] for each key": [named(layers[key]) for key in layers.keys()],  # noqa: SIM118
            "the names of the parameters": [name for name, _ in layers.named_parameters()],
            "the shapes of the parameters": [tuple(p.shape) for p in layers.parameters()],
            "the names in state_dict()": list(layers.state_dict()),
            "the modules that eval() reaches": [named(m) for m in layers.eval().modules() if not m.training and id(m) in known],
        }.items()
    }


def keys_of_dict(student):
    nn, seen = torch.nn, {}
    layers = student.MyModuleDict({"out": nn.Linear(3, 1), "1": nn.ReLU(), "nest": nn.Sequential(nn.ReLU())})
    for key in ("in", "0", "nest.0", "", "Out"):
        try:
            layers[key]
            seen[f"layers[{key!r}], which is not there"] = "no error"
        except Exception as error:
            seen[f"layers[{key!r}], which is not there"] = type(error).__name__
    contained = {f"{key!r} in layers, whose keys are out, 1, nest": key in layers for key in ("out", "1", "nest", "in", "0", "nest.0", "Out")}
    layers["in"] = nn.ReLU()
    return seen | contained | {"'in' in layers, after it was put in": "in" in layers}


def dicts_apart(student):
    nn = torch.nn
    given = {"z": nn.Linear(1, 2), "y": nn.Linear(2, 3)}
    first, second, empty = student.MyModuleDict(given), student.MyModuleDict(), student.MyModuleDict(None)
    second["x"] = nn.Linear(5, 6)
    given["w"] = nn.Linear(7, 8)
    first["z"], first["v"] = nn.Linear(9, 9), nn.Linear(4, 4)
    sizes = lambda items: [[key, m.in_features] for key, m in items.items()]
    return {
        "keys and sizes of a MyModuleDict": sizes(first), "keys and sizes of the dict that it was made from": sizes(given),
        "keys and sizes of one that was made empty and got one": sizes(second), "keys and sizes of another that was made empty": sizes(empty),
    }  # fmt: skip


def lookups_agree(title, *programs, weight=1.0, hint="", follows=True):
    @criterion(title, weight, hint)
    def test(self, student):
        for steps in programs:
            assert_seen(student, looked_up, follows, steps=steps)

    return test


@exercise("MyModuleDict")
class TestMyModuleDict:
    test_holds = lookups_agree(
        "holds and registers modules by their keys, in order of insertion", "layers = MyModuleDict({'out': a, 'act': act, 'body': nest, 'b': b})",
        "layers = MyModuleDict({'10': c, '9': d})", weight=3, hint="self.add_module(key, module); self._modules keeps the order",
    )  # fmt: skip
    test_empty = lookups_agree("may begin empty", "layers = MyModuleDict()", "layers = MyModuleDict(None)", "layers = MyModuleDict({})", hint="modules or {}")
    test_added = lookups_agree(
        "layers[key] = module adds a module at the end", "layers = MyModuleDict({'z': a}); layers['m'] = act; layers['a'] = b",
        "layers = MyModuleDict(); layers['last'] = c", hint="the same as in __init__: self.add_module(key, module)",
    )  # fmt: skip
    test_replaced = lookups_agree(
        "layers[key] = module replaces in place: the order stays, and the old module is gone", "layers = MyModuleDict({'z': a, 'b': b}); layers['z'] = d",
        "layers = MyModuleDict({'z': a, 'b': nest}); layers['b'] = e; layers['z'] = act; layers['c'] = a", weight=2,
        hint="add_module replaces what has that name",
    )  # fmt: skip
    test_twice = lookups_agree(
        "a module under two keys is there twice", "layers = MyModuleDict({'z': a, 'act': act, 'b': a, 'c': act})",
        "layers = MyModuleDict({'z': a}); layers['y'] = a", weight=2, hint="children() and named_modules() name each object once; self._modules does not",
    )  # fmt: skip

    @criterion("`key in layers` is true for its keys only, and layers[key] raises KeyError for others", hint="ask self._modules, a dictionary")
    def test_keys(self, student):
        assert_seen(student, keys_of_dict)

    @criterion("shares nothing with another, and neither keeps nor changes the dictionary that it was made from", hint="copy the entries, one by one")
    def test_apart(self, student):
        assert_seen(student, dicts_apart, follows=True)

    test_scratch = from_scratch(
        "MyModuleDict",
        "net = student.MyModuleDict({'a': Linear})\nnet['b'] = ReLU\nlen(net), net['a'], list(net), list(net.items())",
        "container.py",
        CONTAINERS,
    )


# 3 · Numbers in a module ----------------------------------------------------------------------------------------------


def halved(X, weight, bias, rand_weight, act=F.relu, plus=1, first=True, again=True, size=lambda X: X.abs().sum(), most=10**6, result=torch.sum):
    """The loss of FixedHiddenMLP, or with a slip in it. most: of how many halvings there are."""
    X = act((F.linear(X, weight, bias) if first else X) @ rand_weight + plus)
    X = F.linear(X, weight, bias) if again else X
    while most > 0 and size(X) > 1:
        X, most = X / 2, most - 1
    return result(X)


def with_numbers(make):
    """A function of numbers, of a class of networks; rand_weight may be of any kind there, which has a criterion of its own."""

    def loss(X, weight, bias, rand_weight):
        net = make(X.shape[-1])
        net.to(dtype=X.dtype, device=X.device)
        try:
            net.rand_weight = rand_weight
        except (StudentFailure, TypeError):  # a Parameter
            net.load_state_dict({"rand_weight": rand_weight}, strict=False)
        net.linear.load_state_dict({"weight": weight, "bias": bias})
        return net(X)

    return loss


def numbers(draw, n=3, h=4, of_inputs=1.0, of_weights=1.0):
    return draw.normal(n, h, scale=of_inputs), draw.normal(h, h, scale=of_weights), draw.normal(h, scale=0.5 * of_weights), draw.uniform(h, h)


fixed = case(
    halved, numbers, sizes=[(1, 5), (3, 4), (6, 2, 300.0), (3, 20, 1e4), (2, 3, 0.01, 0.02), (4, 3, 1.0, 0.05)], name="FixedHiddenMLP", call=with_numbers,
    rtol=1e-4, atol=1e-5,
    slips={
        "the loop is an if: X is halved once at most": lambda *given: halved(*given, most=1),
        "X is never halved": lambda *given: halved(*given, most=0),
        "the sum is looked at, where the sum of absolute values should be": lambda *given: halved(*given, size=torch.sum),
        "the mean of the absolute values is looked at, not their sum": lambda *given: halved(*given, size=lambda X: X.abs().mean()),
        "the sum of squares is looked at, where the sum of absolute values should be": lambda *given: halved(*given, size=lambda X: X.square().sum()),
        "the largest absolute value is looked at, where their sum should be": lambda *given: halved(*given, size=lambda X: X.abs().max()),
        "the linear layer is used once only": (lambda *given: halved(*given, again=False), lambda *given: halved(*given, first=False)),
        "the ReLU is missing": lambda *given: halved(*given, act=torch.clone),
        "1 is not added": lambda *given: halved(*given, plus=0),
        "rand_weight is transposed": lambda X, weight, bias, R: halved(X, weight, bias, R.T),
        "the mean is returned, not the sum": lambda *given: halved(*given, result=torch.mean),
        "the absolute values are summed up at the end, where the numbers should be": lambda *given: halved(*given, result=lambda X: X.abs().sum()),
    },
)  # fmt: skip


def entries_of_fixed(student, h):
    net = student.FixedHiddenMLP(h)
    return {
        f"the names in state_dict() of FixedHiddenMLP({h})": sorted(net.state_dict()),
        f"the names of the parameters of FixedHiddenMLP({h})": sorted(name for name, p in net.named_parameters() if p.requires_grad),
        f"the names of parameters of FixedHiddenMLP({h}) that are not trained": sorted(name for name, p in net.named_parameters() if not p.requires_grad),
        f"the shapes in state_dict() of FixedHiddenMLP({h})": [tuple(value.shape) for _, value in sorted(net.state_dict().items())],
        "the type of linear": type(net.linear).__name__,
    }


def constants(student, sizes):
    return [student.FixedHiddenMLP(*size).rand_weight.detach().clone() for size in sizes]


def moved_constant(student):
    """Where rand_weight is after the network has been moved."""
    net, other = student.FixedHiddenMLP(3).double(), student.FixedHiddenMLP(3).to("meta")
    return {"the dtype of rand_weight after net.double()": str(net.rand_weight.dtype), "its device after net.to('meta')": str(other.rand_weight.device)}


def fixed_in_turn(student, X, states):
    """Two networks, called in turn, and their gradients."""
    nets = [student.FixedHiddenMLP(X.shape[1]).to(X) for _ in states]
    for net, (weight, bias, rand_weight) in zip(nets, states):
        net.linear.load_state_dict({"weight": weight, "bias": bias})
        try:
            net.rand_weight = rand_weight
        except TypeError:
            net.rand_weight.data.copy_(rand_weight)
    turns = [nets[0](X), nets[1](X), nets[0](2 * X - 1), nets[1](X[:1]), nets[0](X), nets[1](X)]
    seen = {f"the result of call {i + 1} of two networks, called in turn": torch.as_tensor(loss).detach() for i, loss in enumerate(turns)}
    for loss in turns[: len(nets)]:
        if isinstance(loss, torch.Tensor) and loss.requires_grad:
            (3 * loss).backward()
    named = [dict(net.linear.named_parameters()) for net in nets]
    return seen | {f"the gradient of linear.{name}, from both uses, of network {i + 1}": named[i][name].grad for name in ("weight", "bias") for i in (0, 1)}


@exercise("FixedHiddenMLP")
class TestFixedHiddenMLP:
    @criterion(
        "rand_weight is a buffer, in state_dict() and no parameter; the parameters are those of linear", weight=3,
        hint='self.register_buffer("rand_weight", torch.rand(num_hiddens, num_hiddens)); self.linear = nn.Linear(num_hiddens, num_hiddens)',
    )  # fmt: skip
    def test_entries(self, student):
        for h in (5, 1):
            assert_seen(student, entries_of_fixed, h=h)

    @criterion("rand_weight is uniform in [0, 1), drawn anew for each network, 20×20 if nothing is said", hint="torch.rand, without a seed of its own")
    def test_uniform(self, student):
        first, second, usual = student.run(constants, sizes=[(40,), (40,), ()])
        expect(first.shape == (40, 40) and usual.shape == (20, 20), f"rand_weight of FixedHiddenMLP() has shape {tuple(usual.shape)}", "wrong shape")
        told = "rand_weight is not uniform in [0, 1)"
        expect(0 <= float(first.min()) < 0.05 and 0.95 < float(first.max()) < 1, f"{told}: it reaches from {first.min():.2f} to {first.max():.2f}")
        quarters = torch.histc(first, 4, 0, 1) / first.numel()
        expect(bool(((quarters - 0.25).abs() < 0.06).all()), f"{told}: of its numbers the quarters hold {shown([round(float(q), 2) for q in quarters])}")
        expect(not torch.equal(first, second), "two networks have the same rand_weight")

    test_values = fixed.agrees("gives the formula's result, for inputs and weights small and large", weight=4, hint="the five lines of the text, one by one")

    @criterion("a sum of exactly 1 is not halved", hint="while … > 1, not >=")
    def test_exactly_one(self, student, draw):
        bias = torch.tensor([0.5, -0.125, 0.375], device=draw.device)
        given = (draw.normal(2, 3)[:1], torch.zeros(3, 3, device=draw.device), bias, draw.uniform(3, 3))
        fixed.compare(fixed.ask(student, [given]), ["the result where the absolute values add up to exactly 1"], follows=True)

    test_gradients = fixed.gradients(
        weight=2, hint="no .data, no .detach() and no .item() on the way", title="the gradient of X is right", wrt=["X"],
        sizes=[(2, 3), (2, 3, 200.0), (2, 3, 1.0, 0.05)],
    )  # fmt: skip

    @criterion("rand_weight moves with the network", hint="register_buffer: a plain attribute stays where it was made")
    def test_moved(self, student):
        assert_seen(student, moved_constant)

    test_dtype = fixed.keeps_dtype()
    test_unchanged = fixed.leaves_inputs(sizes=[(), (3, 4, 50.0)], hint="X /= 2 in the loop is fine for a tensor of your own, and not for the caller's")

    @criterion(
        "the gradients of linear hold both of its uses; other calls and a second network change nothing", weight=3,
        hint="one nn.Linear, called twice; no .data on the way; rand_weight is drawn once, in __init__",
    )  # fmt: skip
    def test_in_turn(self, student, draw):
        for n, scale in ((3, 1.0), (1, 50.0)):
            assert_seen(student, fixed_in_turn, follows=True, X=draw.normal(n, 4, scale=scale), states=[list(numbers(draw)[1:]) for _ in range(2)])


def initialised(student, double=False):
    """A network before and after my_init, and what became of its parameters. One of its linear layers is frozen."""
    nn = torch.nn
    net = nn.Sequential(nn.Linear(300, 200), nn.ReLU(), nn.Sequential(nn.Linear(200, 100, bias=False), nn.Sequential(nn.Linear(50, 60))), nn.Linear(40, 50))
    net = net.double() if double else net
    net[3].requires_grad_(False)
    for parameter in net.parameters():
        parameter.grad = torch.ones_like(parameter) if parameter.requires_grad else None
    objects, flags = list(net.parameters()), [p.requires_grad for p in net.parameters()]
    copy = lambda: {name: value.clone() for name, value in net.state_dict().items()}
    seen = {"before": copy(), "returned": [], "same": True, "leaves": True, "flags": True, "grads": True}
    for module in net.modules():
        if isinstance(module, nn.Linear):
            returned = student.my_init(module)
            seen["returned"].append("None" if returned is None else type(returned).__name__)
    after = list(net.parameters())
    seen["same"] = len(after) == len(objects) and all(a is b for a, b in zip(objects, after))
    seen["leaves"] = all(p.is_leaf and p.grad_fn is None for p in after)
    seen["flags"] = [p.requires_grad for p in after] == flags
    seen["grads"] = all(p.grad is None or bool((p.grad == 1).all()) for p in after)
    return seen | {"after": copy(), "grad mode": torch.is_grad_enabled()}


def others_initialised(student):
    """What my_init changes in modules that are no linear layers, and whether apply takes it."""
    nn = torch.nn
    torch.manual_seed(3)
    others = {
        "nn.Conv2d": nn.Conv2d(2, 3, 3), "nn.BatchNorm1d": nn.BatchNorm1d(4), "nn.LayerNorm": nn.LayerNorm(4), "nn.Embedding": nn.Embedding(3, 4),
        "nn.Bilinear": nn.Bilinear(2, 3, 4), "nn.LSTM": nn.LSTM(2, 3), "nn.ReLU": nn.ReLU(), "nn.PReLU": nn.PReLU(),
        "an nn.Sequential with a linear layer inside": nn.Sequential(nn.Linear(3, 4)), "an nn.ModuleDict": nn.ModuleDict({"weight": nn.Linear(2, 3)}),
    }  # fmt: skip
    changed = []
    for words, module in others.items():
        before = {name: value.clone() for name, value in module.state_dict().items()}
        student.my_init(module)
        after = module.state_dict()
        if before.keys() != after.keys() or not all(torch.equal(value, after[name]) for name, value in before.items()):
            changed.append(words)
    net = nn.Sequential(nn.Linear(30, 20), nn.Sequential(nn.Linear(20, 30, bias=False)))
    before = [p.detach().clone() for p in net.parameters()]
    net.apply(student.my_init)
    reached = [not torch.equal(old, new) for old, new in zip(before, net.parameters()) if old.ndim == 2]
    return {"modules that are no linear layers, and are changed,": changed, "whether net.apply(my_init) reaches every linear layer": all(reached)}


WEIGHTS = {"0.weight": "a layer 300 → 200", "2.0.weight": "a layer without bias", "2.1.0.weight": "a layer deep in the tree"}


@exercise("my_init")
class TestMyInit:
    @criterion(
        "half of the weights are 0, the others uniform in [5, 10] and [-10, -5]", weight=5,
        hint="nn.init.uniform_(module.weight, -10, 10), then a product in place with module.weight.abs() >= 5",
    )  # fmt: skip
    def test_weights(self, student):
        seen = student.run(initialised)
        for name, words in WEIGHTS.items():
            w, n = seen["after"][name], seen["after"][name].numel()
            rough = 6 / n**0.5  # six standard deviations of a share
            expect(not torch.equal(w, seen["before"][name]), f"my_init leaves the weights of {words} as they were")
            expect(bool(((w == 0) | (w.abs() >= 5)).all()), f"in {words} there are weights of a size between 0 and 5")
            expect(float(w.abs().max()) <= 10, f"in {words} there are weights of a size above 10")
            rows = (w == 0).double().mean(dim=1)
            expect(float(rows.max()) < 0.99 or float(rows.min()) > 0.9, f"in {words} whole rows are 0")
            zeros, alive = float((w == 0).double().mean()), w[w != 0]
            expect(abs(zeros - 0.5) < rough, f"in {words} {zeros:.3f} of the weights are 0, it should be about half")
            expect(len(alive) < 2 or len(alive.unique()) > 0.9 * len(alive), f"in {words} many weights are equal")
            positive = float((alive > 0).double().mean())
            expect(abs(positive - 0.5) < 2 * rough, f"in {words} {positive:.3f} of the weights that are not 0 are positive, it should be about half")
            fifths = torch.histc(alive.abs().float(), 5, 5, 10) / len(alive)
            expect(bool(((fifths - 0.2).abs() < 2 * rough).all()), f"in {words} the sizes of the weights are not uniform between 5 and 10")
        first, second = (student.run(initialised)["after"]["0.weight"] for _ in range(2))
        expect(not torch.equal(first, second), "two networks get the same weights")

    @criterion("biases are 0, and a layer may have none", hint="if module.bias is not None: nn.init.zeros_(module.bias)")
    def test_biases(self, student):
        seen = student.run(initialised)
        expect(not torch.equal(seen["after"]["0.weight"], seen["before"]["0.weight"]), "my_init leaves the weights as they were", follows=True)
        for name in ("0.bias", "2.1.0.bias"):
            expect(not bool(seen["after"][name].any()), "a bias is not 0")

    @criterion(
        "works in place: parameters stay the same objects, and require a gradient as before", weight=2, hint="with torch.no_grad(): module.weight.mul_(…)"
    )
    def test_in_place(self, student):
        seen = student.run(initialised)
        expect(not torch.equal(seen["after"]["0.weight"], seen["before"]["0.weight"]), "my_init leaves the weights as they were", follows=True)
        expect(seen["same"], "a parameter is another object afterwards: an optimizer that was made before does not know it")
        expect(seen["leaves"], "a parameter has a graph afterwards: it is no leaf any more")
        expect(seen["flags"], "a parameter requires a gradient that did not, or the other way round")
        expect(seen["grads"], "a .grad was changed")
        expect(seen["grad mode"], "after a call of my_init autograd is switched off")
        expect(not torch.equal(seen["after"]["3.weight"], seen["before"]["3.weight"]), "a layer whose parameters do not require a gradient is left out")

    @criterion(
        "leaves all other modules as they are, and works with net.apply", weight=2, hint="if isinstance(module, nn.Linear): other layers have a weight, too"
    )
    def test_others(self, student):
        assert_seen(student, others_initialised)

    @criterion("keeps the dtype of the parameters, and returns nothing", hint="write into the parameters that are there")
    def test_dtype(self, student):
        for double in (True, False):
            seen = student.run(initialised, double=double)
            wrong = [name for name, value in seen["after"].items() if value.dtype != (torch.float64 if double else torch.float32)]
            expect(not wrong, f"{shown(wrong)} has another dtype afterwards", "wrong type")
            expect(not torch.equal(seen["after"]["0.weight"], seen["before"]["0.weight"]), "my_init leaves the weights as they were", follows=True)
            expect(set(seen["returned"]) == {"None"}, f"my_init returns something of type {seen['returned'][0]}, nothing was expected", "wrong type")


def shares(W, X, G, num_uses, slope=lambda H: 1 - H * H, back=lambda W: W.T, at=0):
    """The shares by hand, or with a slip in them. at: whether the slope is taken at H behind the use (0) or in front of it (1)."""
    states = [X]
    for _ in range(num_uses):
        states.append(torch.tanh(states[-1] @ W))
    found, D = [], G
    for before, after in zip(states[-2::-1], states[:0:-1], strict=True):
        A = D * slope((after, before)[at])
        found.insert(0, before.T @ A)
        D = A @ back(W)
    return found


def total(*given):
    return sum(shares(*given))


by_use = case(
    reference.gradient_by_use, lambda draw, n=3, d=4, num_uses=3: (draw.normal(d, d, scale=0.7), draw.normal(n, d), draw.normal(n, d), num_uses),
    sizes=[(1, 2, 2), (3, 4, 3), (5, 3, 1), (2, 3, 6)], atol=5e-5,
    slips={
        "the whole gradient is divided by the number of uses": lambda *given: [total(*given) / max(given[3], 1)] * given[3],
        "each use is given the whole gradient": lambda *given: [total(*given)] * given[3],
        "the list begins with the last use": lambda *given: shares(*given)[::-1],
        "the shares of later uses are counted in": lambda *given: [sum(shares(*given)[i:]) for i in range(given[3])],
        "the shares of earlier uses are counted in": lambda *given: [sum(shares(*given)[: i + 1]) for i in range(given[3])],
        "the transpose of W is missing on the way back": lambda *given: shares(*given, back=lambda W: W),
        "the slope of tanh is left out": lambda *given: shares(*given, slope=torch.ones_like),
        "the slope of tanh is taken as 1 - H where it is 1 - H²": lambda *given: shares(*given, slope=lambda H: 1 - H),
        "the slope of tanh is taken at H in front of the use; it is 1 - H² with the H behind it": lambda *given: shares(*given, at=1),
        "the shares are divided by the number of samples": lambda *given: [share / len(given[1]) for share in shares(*given)],
    },
)  # fmt: skip


def uses_of_a_parameter(student, W, X, G, old):
    """A Parameter of somebody's, with an old gradient or none."""
    W = torch.nn.Parameter(W)
    W.grad = old if old is None else old.clone()
    found = student.gradient_by_use(W, X, G, 3)
    return {"shares": list(found), "graph": any(share.requires_grad for share in found), "W.grad": W.grad, "trained": W.requires_grad}


@exercise("gradient_by_use")
class TestGradientByUse:
    test_values = by_use.agrees("gives the share of each use, first use first", weight=5, hint="one copy of W for each use, and the gradients of the copies")
    test_none = by_use.agrees("gives an empty list for no use", sizes=[(3, 4, 0)], hint="torch.autograd.grad wants at least one tensor: treat 0 before it")

    @criterion("takes a Parameter, leaves its .grad alone, and gives shares without a graph", weight=2, hint="torch.autograd.grad writes into no .grad")
    def test_parameter(self, student, draw):
        for old in (None, draw.normal(4, 4)):
            W, X, G, _ = by_use.arguments(draw)
            seen = student.run(uses_of_a_parameter, W=W, X=X, G=G, old=old)
            expect(isinstance(seen["shares"], list) and len(seen["shares"]) == 3, "gradient_by_use of a Parameter gives no list of three", "wrong type")
            by_use.compare([((W, X, G, 3), [share.detach() for share in seen["shares"]])], follows=True)
            was = "None" if old is None else "an old gradient"
            untouched = seen["W.grad"] is None if old is None else isinstance(seen["W.grad"], torch.Tensor) and torch.equal(seen["W.grad"], old)
            expect(untouched, f"W.grad, which was {was}, is another after the call")
            expect(seen["trained"], "W does not require a gradient any more after the call")
            expect(not seen["graph"], "the shares carry a graph")

    @criterion("returns a list", hint="list(torch.autograd.grad(…)) makes a list of the tuple")
    def test_list(self, student, draw):
        arguments = by_use.arguments(draw)
        result = student.gradient_by_use(*copied(arguments))
        expect(kind_of(result) == "list", f"gradient_by_use returns a {kind_of(result)}, a list was expected", "wrong type")
        by_use.compare([(arguments, result)], follows=True)

    test_dtype = by_use.keeps_dtype()
    test_unchanged = by_use.leaves_inputs()
    test_again = by_use.again()


# 4 · Devices and files ------------------------------------------------------------------------------------------------


def devices(student, machines):
    """What try_gpu gives on machines with so many GPUs, one after the other: [its type, its name] for each i; None stands for no argument."""
    from unittest.mock import patch

    seen = []
    for count, indices in machines:
        with patch("torch.cuda.device_count", lambda: count), patch("torch.cuda.is_available", lambda: count > 0):  # noqa: B023
            given = [student.try_gpu() if i is None else student.try_gpu(i) for i in indices]
        seen.append([[type(device).__name__, str(device)] for device in given])
    return seen


def gpus(title, machines, weight=1.0, hint=""):
    @criterion(title, weight, hint)
    def test(self, student):
        for (count, indices), given in zip(machines, student.run(devices, machines=machines), strict=True):
            for i, (kind, device) in zip(indices, given, strict=True):
                words = f"try_gpu({'' if i is None else i}) on a machine with {count} GPU{'' if count == 1 else 's'}"
                right = f"cuda:{i or 0}" if (i or 0) < count else "cpu"
                expect(str(device) == right, f"{words} is {device}")
                expect(kind == "device", f"{words} is of type {kind}, a torch.device was expected", "wrong type")

    return test


@exercise("try_gpu")
class TestTryGpu:
    test_there = gpus("is the i-th GPU where there is one", [(1, [0]), (2, [0, 1]), (2, [1]), (1, [0])], 2, 'torch.device("cuda", i), with its number')
    test_not_there = gpus(
        "is the CPU where there is no i-th GPU", [(2, [2, 3]), (0, [0, 1, 2]), (1, [1, 2, 3]), (0, [0, 3])], 2,
        "GPU i exists if torch.cuda.device_count() > i",
    )  # fmt: skip
    test_default = gpus("i is 0 if nothing is said", [(2, [None]), (0, [None]), (1, [None, 0])], hint="def try_gpu(i=0)")


def workshop(student):
    """Makes runs: a network with an optimizer of some kind, which are trained step by step on inputs of their own."""
    import os
    import tempfile
    from pathlib import Path

    nn, optim = torch.nn, torch.optim
    optimizers = {
        "plain SGD": lambda net, lr: optim.SGD(net.parameters(), lr=lr),
        "SGD with momentum": lambda net, lr: optim.SGD(net.parameters(), lr=lr, momentum=0.7),
        "Adam": lambda net, lr: optim.Adam(net.parameters(), lr=lr),
        "AdamW with two groups": lambda net, lr: optim.AdamW([{"params": net[0].parameters(), "lr": 3 * lr}, {"params": net[1:].parameters()}], lr=lr),
    }

    class Run:
        def __init__(self, kind, seed, lr=0.05):
            torch.manual_seed(seed)
            self.net = nn.Sequential(nn.Linear(4, 5), nn.BatchNorm1d(5, momentum=0.7), nn.Tanh(), nn.Linear(5, 2))
            self.optimizer = optimizers[kind](self.net, lr)
            self.objects = list(self.net.parameters())

        def train(self, first, last):
            for step in range(first, last):
                X = torch.randn(6, 4, generator=torch.Generator().manual_seed(step))
                self.optimizer.zero_grad()
                self.net(X).sin().sum().backward()
                self.optimizer.step()

        def state(self):
            return {name: value.detach().clone() for name, value in self.net.state_dict().items()}

        def memory(self):
            state = self.optimizer.state_dict()
            kept = {i: {key: v.clone() if isinstance(v, torch.Tensor) else v for key, v in one.items()} for i, one in state["state"].items()}
            return {"state": kept, "param_groups": [dict(group) for group in state["param_groups"]]}

        def write(self, path, epoch, **others):
            net = {**self.net.state_dict(), **others}
            torch.save({"net": {k: v for k, v in net.items() if v is not None}, "optimizer": self.optimizer.state_dict(), "epoch": epoch}, path)

        def is_same(self):
            held = [p for group in self.optimizer.param_groups for p in group["params"]]
            same = lambda these: len(these) == len(self.objects) and all(a is b for a, b in zip(these, self.objects))
            return [same(list(self.net.parameters())), same(held), all(p.requires_grad and p.is_leaf for p in self.net.parameters())]

        def modes(self):
            return [module.training for module in self.net.modules()]

        def path(self, name, as_path=False):
            whole = os.path.join(tempfile.mkdtemp(), name)
            return Path(whole) if as_path else whole

    return Run


KINDS = ("plain SGD", "SGD with momentum", "Adam", "AdamW with two groups")
EXACT = {"rtol": 0.0, "atol": 0.0}


def content(student, path):
    """What is in a file of torch.save, read as it should be; of what cannot be read so, the error."""
    import os

    if not os.path.isfile(path):
        return {"error": "there is no such file"}
    try:
        return {"error": "", "content": torch.load(path, map_location="cpu", weights_only=True)}
    except Exception as error:
        return {"error": type(error).__name__}


def saved(student, run, epoch=3, **how):
    """The dictionary in a file of save_checkpoint."""
    path = run.path("checkpoint.pt", **how)
    student.save_checkpoint(path, run.net, run.optimizer, epoch)
    return read(student, path)


def read(student, path):
    seen = student.run(content, path=path)
    told = "it cannot be read with weights_only=True: it holds other things than state dicts and an int"
    expect(seen["error"] != "there is no such file", "save_checkpoint writes no file at its path")
    expect(seen["error"] == "", f"the file of save_checkpoint: {told} ({seen['error']})")
    expect(isinstance(seen["content"], dict), f"the file of save_checkpoint holds a {kind_of(seen['content'])}, a dict was expected", "wrong type")
    return seen["content"]


def entry(found, name):
    """One entry of such a dictionary."""
    expect(name in found, f"the file of save_checkpoint has no entry {name!r}, it has {shown(sorted(map(str, found)))}", follows=True)
    return found[name]


@exercise("save_checkpoint")
class TestSaveCheckpoint:
    @criterion('the file holds a dict with exactly "net", "optimizer" and "epoch", which weights_only=True can read', weight=2, hint="one dict, one torch.save")
    def test_keys(self, student):
        found = saved(student, student.run(workshop)("plain SGD", 1))
        expect(sorted(map(str, found)) == ["epoch", "net", "optimizer"], f"the file of save_checkpoint has the entries {shown(sorted(map(str, found)))}")

    @criterion('"net" is the state_dict of the network: parameters and buffers, in full precision', weight=3, hint="net.state_dict(), as it is")
    def test_net(self, student):
        for kind, steps in (("plain SGD", 0), ("Adam", 2)):
            run = student.run(workshop)(kind, 2)
            run.train(0, steps)
            state = run.state()
            assert_close(entry(saved(student, run), "net"), state, what='the entry "net"', **EXACT)

    @criterion('"optimizer" is the state_dict of the optimizer, with its memory', weight=3, hint="optimizer.state_dict(), as it is")
    def test_optimizer(self, student):
        for kind in KINDS:
            run = student.run(workshop)(kind, 3)
            run.train(0, 2)
            memory = run.memory()
            assert_close(entry(saved(student, run), "optimizer"), memory, what=f'the entry "optimizer", after two steps of {kind},', **EXACT)

    @criterion('"epoch" is the int that was handed over', hint="epoch as it is: whoever calls knows what it counts")
    def test_epoch(self, student):
        run = student.run(workshop)("plain SGD", 4)
        for epoch in (0, 7, 12345):
            found = entry(saved(student, run, epoch), "epoch")
            expect(type(found) is int, f'the entry "epoch" is a {kind_of(found)}, an int was expected', "wrong type")
            expect(found == epoch, f'the entry "epoch" is {found}, where {epoch} was handed over')

    @criterion("takes a string or a Path, and writes anew what is there", hint="torch.save takes both")
    def test_paths(self, student):
        run = student.run(workshop)("SGD with momentum", 5)
        for as_path in (False, True):
            path, epochs = run.path("run 1.checkpoint", as_path), []
            for epoch in (1, 2):
                student.save_checkpoint(path, run.net, run.optimizer, epoch)
                epochs.append(entry(read(student, path), "epoch"))
            expect(epochs[0] != epochs[1], f"a file at a {'Path' if as_path else 'string'} that is there already holds what it held before")

    @criterion("leaves the network and the optimizer as they were, so that training goes on", hint="saving reads; it moves and switches nothing")
    def test_left(self, student):
        make = student.run(workshop)
        run, other = make("Adam", 6), make("Adam", 6)
        for one in (run, other):
            one.train(0, 2)
        modes = run.modes()
        found = saved(student, run)
        expect(run.modes() == modes, "the network is in another mode afterwards")
        expect(run.is_same() == [True, True, True], "the parameters of the network are others afterwards")
        for one in (run, other):
            one.train(2, 4)
        assert_close(run.state(), other.state(), what="the network two steps after save_checkpoint, beside one that was not saved,", **EXACT)
        expect("net" in found, 'the file of save_checkpoint has no entry "net"', follows=True)


def raised(student, path, net, optimizer):
    """The name of what load_checkpoint raises, "" if nothing."""
    try:
        student.load_checkpoint(path, net, optimizer)
    except NotImplementedError:
        raise
    except Exception as error:
        return type(error).__name__
    return ""


def as_if_from_a_gpu(student, run, path):
    """Writes the file as a machine with a GPU does."""
    usual = torch.serialization.location_tag
    torch.serialization.location_tag = lambda storage: "cuda:0"
    try:
        run.write(path, 4)
    finally:
        torch.serialization.location_tag = usual


def hostile(student, run, path, trick, place):
    """Writes a checkpoint that makes a folder when it is opened by a reader that lets a file call functions. Returns the name of that folder."""
    import os
    import pickle

    trace = os.path.join(os.path.dirname(path), "the code has run")

    class Code:
        def __reduce__(self):
            calls = {
                "os.mkdir": (os.mkdir, (trace,)),
                "exec": (exec, (f"import os\nos.mkdir({trace!r})",)),
                "eval": (eval, (f"__import__('os').makedirs({trace!r}) or 7",)),
                "a method": (getattr(__import__("pathlib").Path(trace), "mkdir"), ()),  # noqa: B009
            }
            return calls[trick]

    state = {"net": dict(run.net.state_dict()), "optimizer": run.optimizer.state_dict(), "epoch": 4}
    if place == "the whole file":
        state = Code()
    elif place == "net":
        state["net"]["0.bias"] = Code()
    elif place == "a pickle":
        state["epoch"] = Code()
        with open(path, "wb") as file:
            pickle.dump(state, file, protocol=2)
        return trace
    else:
        state[place] = Code()
    torch.save(state, path, _use_new_zipfile_serialization=place != "optimizer")
    return trace


def exists(student, path):
    import os

    return os.path.exists(path)


def fresh(student, seed=1, kind="SGD with momentum", steps=3, epoch=4):
    """Two runs: one that has been trained and written to a file, and a new one with other weights; and the path."""
    make = student.run(workshop)
    run, other = make(kind, seed), make(kind, seed + 50, 0.01)
    run.train(0, steps)
    path = run.path("checkpoint.pt")
    run.write(path, epoch)
    return run, other, path


def assert_loaded(other, run, words):
    """The network has the weights of the file. Whether it has all of them is asked for elsewhere."""
    expect(torch.equal(other.state()["0.weight"], run.state()["0.weight"]), f"load_checkpoint {words} does not load the network", follows=True)


def assert_loads(student):
    run, other, path = fresh(student)
    student.load_checkpoint(path, other.net, other.optimizer)
    assert_loaded(other, run, "of a file that fits")


@exercise("load_checkpoint")
class TestLoadCheckpoint:
    @criterion("a training that is resumed goes on as if it had never been stopped", weight=4, hint="net.load_state_dict and optimizer.load_state_dict, both")
    def test_resumed(self, student):
        for seed, kind in enumerate(KINDS):
            run, other, path = fresh(student, 10 + seed, kind)
            run.train(3, 6)
            student.load_checkpoint(path, other.net, other.optimizer)
            other.net.train()
            other.train(3, 6)
            mine, right = ({name: value for name, value in one.state().items() if not name.startswith(("1.running", "1.num"))} for one in (other, run))
            assert_close(mine, right, what=f"the network after 3 steps with {kind}, a stop and 3 more, beside one without a stop,")

    @criterion("loads all of the network: parameters and buffers", weight=2, hint="net.load_state_dict")
    def test_net(self, student):
        for as_path in (False, True):
            run, other, path = fresh(student, 20)
            path = run.path("as a Path.pt", True) if as_path else path
            run.write(path, 4)
            student.load_checkpoint(path, other.net, other.optimizer)
            assert_close(other.state(), run.state(), what=f"the network after load_checkpoint of a {'Path' if as_path else 'string'}", **EXACT)

    @criterion("returns the epoch of the file", hint='checkpoint["epoch"], as it is')
    def test_epoch(self, student):
        for epoch in (0, 7, 12345):
            _, other, path = fresh(student, 30, epoch=epoch)
            found = student.load_checkpoint(path, other.net, other.optimizer)
            expect(type(found) is int, f"load_checkpoint returns a {kind_of(found)}, an int was expected", "wrong type")
            expect(found == epoch, f"load_checkpoint returns {found} for a file that was written at epoch {epoch}")

    @criterion("works without an optimizer, and for a file from a machine with a GPU", weight=2, hint='optimizer=None; map_location="cpu"')
    def test_alone(self, student):
        for words in ("without an optimizer", "with optimizer=None", "of a file from a machine with a GPU"):
            run, other, path = fresh(student, 40)
            if "GPU" in words:
                student.run(as_if_from_a_gpu, run=run, path=path)
            student.load_checkpoint(path, other.net, *([None] if "None" in words else []))
            assert_loaded(other, run, words)

    @criterion("is in place: parameters stay the objects that the optimizer holds", weight=2, hint="no assign=True, and no new tensors")
    def test_in_place(self, student):
        run, other, path = fresh(student, 50)
        student.load_checkpoint(path, other.net, other.optimizer)
        parameters, held, trained = other.is_same()
        expect(parameters, "the parameters of the network are other objects afterwards: the optimizer does not move them any more")
        expect(held, "the optimizer holds other objects afterwards")
        expect(trained, "a parameter does not require a gradient any more")
        assert_loaded(other, run, "of a file that fits")

    @criterion("raises an exception for entries that are missing, too many, or of another shape", weight=2, hint="load_state_dict is strict by default")
    def test_strict(self, student):
        wrong = {
            "without 0.bias": {"0.bias": None},
            "without a buffer": {"1.running_var": None},
            "with an entry too many": {"5.weight": torch.ones(2)},
            "with a bias of shape (1,)": {"0.bias": torch.ones(1)},
            "with a weight of another shape": {"0.weight": torch.ones(4, 5)},
        }
        for words, entries in wrong.items():
            run, other, path = fresh(student, 60)
            run.write(path, 4, **entries)
            expect(student.run(raised, path=path, net=other.net, optimizer=other.optimizer) != "", f"load_checkpoint of a file {words} raises no exception")
        assert_loads(student)

    @criterion("leaves training and evaluation mode as they are", hint="no train() and no eval()")
    def test_modes(self, student):
        for mode in (True, False):
            run, other, path = fresh(student, 70)
            other.net.train(mode)
            student.load_checkpoint(path, other.net, other.optimizer)
            expect(set(other.modes()) == {mode}, f"a network in {'training' if mode else 'evaluation'} mode is in another after load_checkpoint")
            assert_loaded(other, run, "of a file that fits")

    @criterion("a file cannot run code", weight=4, hint="torch.load(path, weights_only=True), and no second try without it")
    def test_code(self, student):
        places = {"os.mkdir": "the whole file", "exec": "net", "eval": "epoch", "a method": "optimizer"}
        for trick, place in [*places.items(), ("os.mkdir", "a pickle")]:
            run, other, path = fresh(student, 80)
            trace = student.run(hostile, run=run, path=path, trick=trick, place=place)
            error = student.run(raised, path=path, net=other.net, optimizer=other.optimizer)
            expect(student.run(exists, path=trace) is False, "a file with code in it was read, and the code was run")
            expect(error != "", "a file with code in it was read without an exception")
        assert_loads(student)


# 5 · Behind the curtain -----------------------------------------------------------------------------------------------


def called_once(units):
    """A LazyDense that has its parameters, for inputs that are two wider than its result."""
    net = reference.LazyDense(units)
    net(torch.zeros(1, units + 2))
    return net


lazy = layer(
    called_once, lambda draw, units=3, lead=(4,): ((units,), (draw.normal(*lead, units + 2),)), sizes=[(3, (1,)), (5, (4,)), (2, (3, 5)), (4, ())],
    name="LazyDense", lazy=True,
    slips={
        "there is a ReLU behind it: here there is none": lambda net, X: net(X).relu(),
        "the bias is left out": lambda net, X: X @ net.weight,
    },
)  # fmt: skip


def first_calls(student, units, shape, no_grad=False, dtype="float32", device="cpu", shift=0.0):
    """A layer after its first call."""
    net = student.LazyDense(units)
    before = [name for name, p in net.named_parameters() if not isinstance(p, torch.nn.parameter.UninitializedParameter)]
    X = torch.randn(shape, dtype=getattr(torch, dtype), device=device) + shift
    with torch.set_grad_enabled(not no_grad):
        Y = net(X)
    return {
        "before": before,
        "shapes": [[name, tuple(p.shape)] for name, p in net.named_parameters()],
        "parameters": {name: p.detach().clone() for name, p in net.named_parameters()},
        "trained": [p.requires_grad and p.is_leaf for p in net.parameters()],
        "kinds": sorted({type(part).__name__ for part in net.modules()}),
        "X": X,
        "Y": Y.detach(),
        "grad mode": torch.is_grad_enabled(),
    }


def later_calls(student, units, width):
    """Which of several calls leave the parameters the same objects, with the same numbers, and whether another width is an error."""
    net = student.LazyDense(units)
    net(torch.randn(2, width))
    objects, numbers = list(net.parameters()), [p.detach().clone() for p in net.parameters()]

    def same():
        now = list(net.parameters())
        return len(now) == len(objects) and all(a is b for a, b in zip(now, objects)) and all(torch.equal(a, b) for a, b in zip(now, numbers))

    seen = {}
    for shape in ((5, width), (width,), (3, 4, width), (1, width)):
        net(torch.randn(shape))
        seen[f"whether the parameters are the same after a call with X {shape}"] = same()
    for shape in ((5, width + 1), (5, width - 1), (width, 5, width + 2), (units, units)):
        try:
            net(torch.randn(shape))
            seen[f"what a call with X {shape} raises"] = "nothing"
        except NotImplementedError:
            raise
        except Exception:
            seen[f"what a call with X {shape} raises"] = "an exception"
        seen[f"whether the parameters are the same after a call with X {shape}"] = same()
    net(torch.randn(2, width))
    return seen | {"whether the parameters are the same at the end": same()}


@exercise("LazyDense", forbid=["linear"])
class TestLazyDense:
    test_parameters = lazy.registers("after a first call it has weight and bias, registered and trained", hint="self.weight = nn.Parameter(…), in forward")
    test_values = lazy.agrees("gives X W + b, for any number of leading dimensions", weight=2, hint="X @ self.weight + self.bias")

    @criterion(
        "makes at the first call a weight (in, units) by Xavier's uniform start and a bias of zeros",
        weight=3,
        hint="nn.init.xavier_uniform_ of an empty tensor",
    )
    def test_start(self, student):
        for units, shape, no_grad in ((30, (2, 50), False), (40, (3, 2, 20), True), (25, (60,), False)):
            seen = student.run(first_calls, units=units, shape=shape, no_grad=no_grad)
            words = f"LazyDense({units}), after a first call with X {shape}"
            told = "; ".join(f"{name} {tuple(size)}" for name, size in seen["shapes"]) or "none"
            expect(not {"Linear", "LazyLinear"} & set(seen["kinds"]), f"LazyDense has {shown(seen['kinds'])} inside", "forbidden operation")
            right = [["bias", (units,)], ["weight", (shape[-1], units)]]
            expect(sorted([name, tuple(size)] for name, size in seen["shapes"]) == right, f"{words}, has the parameters {told}")
            W, b, reach = seen["parameters"]["weight"], seen["parameters"]["bias"], (6 / (shape[-1] + units)) ** 0.5
            expect(not bool(b.any()), f"{words}: the bias is not zero")
            largest = float(W.abs().max())
            expect(0.97 * reach < largest < 1.0001 * reach, f"{words}: the largest weight is {largest / reach:.2f} times the bound of Xavier's uniform start")
            quarters = torch.histc(W / reach, 4, -1, 1) / W.numel()
            expect(bool(((quarters - 0.25).abs() < 0.08).all()), f"{words}: the weights are not uniform")
            expect(all(seen["trained"]), f"{words}{' under no_grad' if no_grad else ''}: a parameter does not require a gradient", "no gradient")
            expect(seen["grad mode"], f"{words}: autograd is switched off")
            assert_close(seen["Y"], seen["X"] @ W + b, what=f"the result of {words}", atol=1e-4, rtol=1e-4)
        expect(not torch.equal(W, student.run(first_calls, units=units, shape=shape)["parameters"]["weight"]), "two layers have the same weights")

    @criterion("takes dtype and device from the first input", hint="dtype=X.dtype, device=X.device")
    def test_dtype_of_first(self, student, device):
        for dtype in ("float64", "float32", "bfloat16"):
            seen = student.run(first_calls, units=3, shape=(4, 5), dtype=dtype, device=device)
            for name, parameter in seen["parameters"].items():
                expect(str(parameter.dtype) == f"torch.{dtype}", f"{name} has dtype {parameter.dtype} after a first input in {dtype}", "wrong type")
                expect(parameter.device.type == device, f"{name} is on {parameter.device} after a first input on {device}", "wrong type")

    @criterion(
        "makes them once; another width is an error and changes nothing", weight=2, hint="if self.weight is None: … ; the product raises the error by itself"
    )
    def test_once(self, student):
        for units, width in ((3, 5), (4, 3)):
            assert_seen(student, later_calls, units=units, width=width)

    test_gradients = lazy.gradients(weight=2, sizes=[(), (2, (3, 2))])
    test_dtype = lazy.keeps_dtype()
    test_unchanged = lazy.leaves_inputs()
    test_again = lazy.again()


def grown(student, steps, looks):
    """What a tree of modules says of itself after steps, lines of Python that make `net`. Parameters hold a number each, modules a label."""
    nn = torch.nn

    class Leaf(student.TinyModule):
        def __init__(self, label):
            super().__init__()
            self.label = label

        def forward(self, X):
            return X

    class Pair(Leaf):
        def __init__(self, label, first):
            super().__init__(label)
            self.weight, self.bias = number(first), number(first + 1)

    class Late(Leaf):
        def __init__(self, label, first):
            super().__init__(label)
            self.inner = Pair("in " + label, first)
            self.scale = number(first + 2)

    number = lambda value: nn.Parameter(torch.tensor(float(value)))
    label = lambda module: getattr(module, "label", type(module).__name__)
    scope = {"Leaf": Leaf, "Pair": Pair, "Late": Late, "number": number, "torch": torch}
    exec(steps, scope)
    net, met = scope["net"], []

    def again(result):
        return "itself" if result is net else type(result).__name__

    def modes():
        found = []
        net.apply(lambda module: found.append([label(module), module.training]))
        return sorted(map(list, {tuple(one) for one in found}))

    seen = {}
    for look in looks:
        if look == "names":
            seen["named_parameters()"] = [f"{name} = {p.item():g}" for name, p in net.named_parameters()]
            seen["named_parameters(), a second time"] = [name for name, _ in net.named_parameters()]
            seen["parameters()"] = [p.item() for p in net.parameters()]
        elif look == "prefix":
            seen["named_parameters('p')"] = [name for name, _ in net.named_parameters("p")]
            seen["named_parameters(prefix='a.b')"] = [name for name, _ in net.named_parameters(prefix="a.b")]
        elif look == "apply":
            result = net.apply(lambda module: met.append(label(module)))
            seen["the modules that apply meets"] = list(dict.fromkeys(met))
            seen["what apply returns"] = again(result)
        else:
            seen["training of the new modules"] = modes()
            for call in ("eval()", "train()", "train(False)", "train(True)", "train(mode=False)"):
                seen[f"what {call} returns"] = again(eval(f"net.{call}", {"net": net}))
                seen[f"training after {call}"] = modes()
    return {f"after “{steps}”: {words}": value for words, value in seen.items()}


NET = "net = Leaf('net'); net.hidden = Pair('hidden', 1); net.scale = number(9); net.body = Late('body', 3); net.shift = number(8)"
DEEP = "net = Leaf('a'); net.z = Leaf('b'); net.z.y = Leaf('c'); net.z.y.x = Late('d', 1); net.z.w = number(5); net.v = Leaf('e')"


def grows(title, looks, *programs, weight=1.0, hint="", follows=True):
    @criterion(title, weight, hint)
    def test(self, student):
        for steps in programs:
            assert_seen(student, grown, follows, steps=steps, looks=looks)

    return test


def called(student, X):
    """What forward is handed, and what a call gives back."""

    class Net(student.TinyModule):
        def forward(self, X, times=1, *more, plus=0, **others):
            return X * times + plus, list(more), sorted(others)

    class Plain(student.TinyModule):
        def forward(self):
            return "nothing handed over"

    net = Net()
    return {
        "net(X)": list(net(X)), "net(X, 3)": list(net(X, 3)), "net(X, times=2, plus=1)": list(net(X, times=2, plus=1)),
        "net(X, 2, 'a', 'b', plus=3, key=4)": list(net(X, 2, "a", "b", plus=3, key=4)), "net() of a net without inputs": Plain()(),
    }  # fmt: skip


def attributes(student):
    class Net(student.TinyModule):
        def __init__(self):
            super().__init__()
            self.sizes, self.nothing = [3, 4], None
            self.weight = torch.nn.Parameter(torch.tensor(2.0))
            self.inner = Other()

        def forward(self, X):
            return self.weight * X

    class Other(student.TinyModule):
        def forward(self, X):
            return X

    net, seen = Net(), {}
    for name in ("nowhere", "weigth", "bias"):
        try:
            seen[f"net.{name}, which was never set"] = type(getattr(net, name)).__name__
        except Exception as error:
            seen[f"net.{name}, which was never set"] = type(error).__name__
    net.inner = None
    return seen | {
        "whether hasattr(net, 'nowhere')": hasattr(net, "nowhere"),
        "net.sizes": net.sizes,
        "whether net.nothing is None": net.nothing is None,
        "net.weight": net.weight.item(),
        "whether net.inner, set to None, is None": net.inner is None,
    }


def trained_tiny(student, seed):
    """Numbers of a small network after steps of torch.optim.SGD."""
    X, Y = torch.randn(2, 6, 5, generator=torch.Generator().manual_seed(seed))

    class Dense(student.TinyModule):
        def __init__(self, weight):
            super().__init__()
            self.weight, self.bias = torch.nn.Parameter(weight), torch.nn.Parameter(torch.zeros(weight.shape[1]))

        def forward(self, X):
            return X @ self.weight + self.bias

    class Net(student.TinyModule):
        def __init__(self):
            super().__init__()
            self.first = Dense(0.3 * X[:5, :4])
            self.last = Dense(0.3 * Y[:4])
            self.tied = self.last

        def forward(self, X):
            return self.last(torch.tanh(self.first(X)))

    net = Net()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.5)
    losses = []
    for _ in range(4):
        optimizer.zero_grad()
        loss = (net(X) - Y).square().mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    numbers = torch.cat([p.detach().flatten() for p in net.parameters()])
    return {"the losses of four steps of torch.optim.SGD": torch.stack(losses), "the numbers of parameters() after four steps of torch.optim.SGD": numbers}


USED = """
class Net(student.TinyModule):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(2))
    def forward(self, X):
        return X * self.weight
net = Net()
net.inner = Net()
net(torch.ones(2)), list(net.named_parameters()), list(net.parameters()), net.apply(id), net.eval(), net.train()
"""


@exercise("TinyModule")
class TestTinyModule:
    test_names = grows(
        "lists its parameters by their paths: its own first, then those of its children", ["names"], NET, DEEP, "net = Pair('net', 4)", "net = Leaf('net')",
        weight=4, hint="one loop over vars(self).items() for Parameters, then one for TinyModules, with name + '.' before their names",
    )  # fmt: skip
    test_prefix = grows("named_parameters takes a prefix", ["prefix"], NET, "net = Pair('net', 4)", hint="prefix + '.' before every name, if there is a prefix")

    @criterion("a call hands all arguments to forward and gives back its result", weight=2, hint="return self.forward(*args, **kwargs)")
    def test_called(self, student, draw):
        assert_seen(student, called, X=float(draw.normal(1)))

    test_once = grows(
        "lists each parameter once, under its first name", ["names"], "net = Pair('net', 1); net.tied = net.weight",
        f"{NET}; net.body.inner.weight = net.hidden.weight",
        f"{NET}; net.tail = net.hidden", f"{NET}; net.body.extra = net.shift", "net = Leaf('net'); net.b = Pair('b', 1); net.a = Leaf('a'); net.a.c = net.b",
        weight=2, hint="keep a set of the ids that were listed, for the whole tree and not for each module",
    )  # fmt: skip
    test_replaced = grows(
        "an attribute that is set anew replaces what was there", ["names", "apply"], f"{NET}; net.scale = number(7)", f"{NET}; net.hidden = Pair('new', 20)",
        f"{NET}; net.scale = None; net.body = None", f"{NET}; net.shift = 3.5; net.hidden = 'nothing'", f"{NET}; net.hidden.weight = torch.zeros(2)",
        f"{NET}; list(net.named_parameters()); net.eval(); net.hidden = Pair('new', 20); net.late = number(30)",
        f"{NET}; net.body.inner = None; net.body.inner = Pair('late', 30)", "net = Leaf('net'); net.a = number(1); net.b = Pair('b', 2); net.b = number(6)",
        "net = Leaf('net'); net.a = number(1); net.a = Pair('a', 3); net.c = number(5)",
        weight=2, hint="look through vars(self) when asked; with dictionaries of your own, remove the name from both before it is entered",
    )  # fmt: skip
    test_apply = grows(
        "apply calls the function for every module, children before their parent, and returns the module", ["apply"], NET, DEEP, "net = Pair('net', 1)",
        weight=2, hint="first every child's apply, then fn(self), then return self",
    )  # fmt: skip
    test_modes = grows(
        "train and eval set training in the whole tree, and return the module", ["modes"], NET, DEEP, weight=2,
        hint="self.apply with a function that sets training",
    )  # fmt: skip

    @criterion("other attributes are as in any object: those that are not there raise AttributeError", hint="with vars(self) no __getattr__ is needed")
    def test_attributes(self, student):
        assert_seen(student, attributes)

    @criterion("torch.optim.SGD trains it", hint="parameters() lists the Parameters themselves, not copies or their .data")
    def test_trained(self, student):
        assert_seen(student, trained_tiny, follows=True, seed=3)

    test_apart = grows(
        "shares nothing with another module", ["names", "modes"], "other = Late('other', 1); other.eval(); net = Leaf('net'); net.weight = number(4)",
        "net = Late('net', 1); other = Late('other', 4); other.more = number(8); other.scale = number(9); other.train(False)",
    )  # fmt: skip
    test_scratch = from_scratch("TinyModule", USED, "module.py", "nn.Module")
