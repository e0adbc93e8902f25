"""A replaced parameter is still listed.

Fails: an attribute that is set anew replaces what was there
Fails: lists each parameter once, under its first name
"""


class TinyModule:
    def __init__(self):
        self.__dict__.update(training=True, _own=[], _below=[])

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            self._own.append((name, value))
        if isinstance(value, TinyModule):
            self._below.append((name, value))
        self.__dict__[name] = value

    def __call__(self, *args, **kwargs):
        return self.forward(*args, **kwargs)

    def named_parameters(self, prefix=""):
        dot, seen = prefix and prefix + ".", set()
        pairs = [(dot + name, p) for name, p in self._own]
        pairs += [pair for name, child in self._below for pair in child.named_parameters(dot + name)]
        for name, p in pairs:
            if id(p) not in seen:
                seen.add(id(p))
                yield name, p

    def parameters(self):
        return [p for _, p in self.named_parameters()]

    def apply(self, fn):
        for _, child in self._below:
            child.apply(fn)
        fn(self)
        return self

    def train(self, mode=True):
        return self.apply(lambda module: setattr(module, "training", mode))

    def eval(self):
        return self.train(False)
