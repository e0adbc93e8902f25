"""nn.Module does the work inside.

Fails: is written from scratch
Fails: an attribute that is set anew replaces what was there
Says: TinyModule uses nn.Module
"""


class TinyModule:
    def __init__(self):
        object.__setattr__(self, "_torch", nn.Module())
        object.__setattr__(self, "_kids", {})
        self.training = True

    def __setattr__(self, name, value):
        object.__setattr__(self, name, value)
        self._kids.pop(name, None)
        self._torch._modules.pop(name, None)
        if isinstance(value, TinyModule):
            self._kids[name] = value
            setattr(self._torch, name, value._torch)
        else:
            setattr(self._torch, name, value)

    def __call__(self, *args, **kwargs):
        return self.forward(*args, **kwargs)

    def named_parameters(self, prefix=""):
        return self._torch.named_parameters(prefix)

    def parameters(self):
        return self._torch.parameters()

    def apply(self, fn):
        for child in self._kids.values():
            child.apply(fn)
        fn(self)
        return self

    def train(self, mode=True):
        return self.apply(lambda module: setattr(module, "training", mode))

    def eval(self):
        return self.train(False)
