"""A call gives nothing back.

Fails: a call hands all arguments to forward and gives back its result
Fails: torch.optim.SGD trains it
"""


class TinyModule:
    def __init__(self):
        self.training = True

    def __call__(self, *args, **kwargs):
        self.forward(*args, **kwargs)

    def named_parameters(self, prefix=""):
        dot, seen = prefix and prefix + ".", set()
        own = [(dot + name, value) for name, value in vars(self).items() if isinstance(value, nn.Parameter)]
        children = [pair for name, value in vars(self).items() if isinstance(value, TinyModule) for pair in value.named_parameters(dot + name)]
        for name, parameter in own + children:
            if id(parameter) not in seen:
                seen.add(id(parameter))
                yield name, parameter

    def parameters(self):
        return [parameter for _, parameter in self.named_parameters()]

    def apply(self, fn):
        for value in list(vars(self).values()):
            if isinstance(value, TinyModule):
                value.apply(fn)
        fn(self)
        return self

    def train(self, mode=True):
        return self.apply(lambda module: setattr(module, "training", mode))

    def eval(self):
        return self.train(False)
