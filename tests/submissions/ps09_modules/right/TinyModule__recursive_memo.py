"""A recursion with a memo, and lists."""


class TinyModule:
    training = True

    def __init__(self):
        pass

    def __call__(self, *inputs, **options):
        result = self.forward(*inputs, **options)
        return result

    def _walk(self, prefix, memo):
        for name in self.__dict__:
            value = self.__dict__[name]
            if isinstance(value, nn.Parameter) and id(value) not in memo:
                memo[id(value)] = (prefix + name, value)
        for name, value in self.__dict__.items():
            if isinstance(value, TinyModule):
                value._walk(prefix + name + ".", memo)
        return memo

    def named_parameters(self, prefix=""):
        return list(self._walk(f"{prefix}." if prefix else "", {}).values())

    def parameters(self):
        return (p for n, p in self.named_parameters())

    def apply(self, fn):
        [child.apply(fn) for child in self.__dict__.values() if isinstance(child, TinyModule)]
        fn(self)
        return self

    def train(self, mode=True):
        self.training = mode
        for child in list(self.__dict__.values()):
            if isinstance(child, TinyModule):
                child.train(mode)
        return self

    def eval(self):
        self.train(mode=False)
        return self
