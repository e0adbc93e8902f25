"""apply returns nothing.

Fails: apply calls the function for every module, children before their parent, and returns the module
Fails: an attribute that is set anew replaces what was there
"""


class TinyModule:
    def __init__(self):
        self.training = True

    def __call__(self, *args, **kwargs):
        return self.forward(*args, **kwargs)

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

    def train(self, mode=True):
        self.apply(lambda module: setattr(module, "training", mode))
        return self

    def eval(self):
        return self.train(False)
