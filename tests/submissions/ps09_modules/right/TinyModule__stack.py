"""A stack instead of recursion; training is an attribute of the class."""


class TinyModule:
    training = True

    def __init__(self):
        pass

    def __call__(self, *args, **kwargs):
        return self.forward(*args, **kwargs)

    @property
    def _own(self):
        return {k: v for k, v in self.__dict__.items() if isinstance(v, nn.Parameter)}

    @property
    def _parts(self):
        return {k: v for k, v in self.__dict__.items() if isinstance(v, TinyModule)}

    def named_parameters(self, prefix=""):
        stack, out = [(prefix, self)], {}
        while stack:
            path, module = stack.pop()
            join = lambda name: ".".join([path, name]) if path else name
            for name, p in module._own.items():
                out.setdefault(id(p), (join(name), p))
            stack.extend((join(name), m) for name, m in reversed(module._parts.items()))
        return list(out.values())

    def parameters(self):
        return map(lambda pair: pair[1], self.named_parameters())

    def apply(self, fn):
        for part in self._parts.values():
            part.apply(fn)
        fn(self)
        return self

    def train(self, mode=True):
        def switch(module):
            module.training = mode

        return self.apply(switch)

    def eval(self):
        self.train(False)
        return self
