"""What is registered belongs to the class: all modules share it.

Fails: lists its parameters by their paths: its own first, then those of its children
Fails: named_parameters takes a prefix
Fails: lists each parameter once, under its first name
Fails: an attribute that is set anew replaces what was there
Fails: shares nothing with another module
"""


class TinyModule:
    own = {}

    def __init__(self):
        self.training = True

    def __setattr__(self, name, value):
        object.__setattr__(self, name, value)
        if isinstance(value, nn.Parameter):
            TinyModule.own[name] = value

    def __call__(self, *args, **kwargs):
        return self.forward(*args, **kwargs)

    def named_parameters(self, prefix=""):
        return [(prefix + "." + name if prefix else name, value) for name, value in TinyModule.own.items()]

    def parameters(self):
        return list(TinyModule.own.values())

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
