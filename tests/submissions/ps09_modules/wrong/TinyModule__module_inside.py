"""nn.Module does the work inside.

Fails: is written from scratch
Says: TinyModule uses nn.Module
"""


class TinyModule:
    def __init__(self):
        object.__setattr__(self, "inner", nn.Module())
        object.__setattr__(self, "kids", {})
        self.training = True

    def __setattr__(self, name, value):
        object.__setattr__(self, name, value)
        self.kids.pop(name, None)
        self.inner._modules.pop(name, None)
        if isinstance(value, TinyModule):
            self.kids[name] = value
            setattr(self.inner, name, value.inner)
        else:
            setattr(self.inner, name, value)

    def __call__(self, *args, **kwargs):
        return self.forward(*args, **kwargs)

    def named_parameters(self, prefix=""):
        return self.inner.named_parameters(prefix)

    def parameters(self):
        return self.inner.parameters()

    def apply(self, fn):
        for child in self.kids.values():
            child.apply(fn)
        fn(self)
        return self

    def train(self, mode=True):
        return self.apply(lambda module: setattr(module, "training", mode))

    def eval(self):
        return self.train(False)
