"""Dictionaries that __setattr__ fills, as PyTorch does it."""


class TinyModule:
    def __init__(self):
        object.__setattr__(self, "_parameters", {})
        object.__setattr__(self, "_children", {})
        self.training = True

    def __setattr__(self, name, value):
        home = self._parameters if isinstance(value, nn.Parameter) else self._children if isinstance(value, TinyModule) else self.__dict__
        for place in (self._parameters, self._children, self.__dict__):
            if place is not home:
                place.pop(name, None)
        home[name] = value

    def __getattr__(self, name):
        for place in ("_parameters", "_children"):
            if name in self.__dict__.get(place, {}):
                return self.__dict__[place][name]
        raise AttributeError(f"{type(self).__name__} has no attribute {name}")

    def __call__(self, *args, **kwargs):
        return self.forward(*args, **kwargs)

    def forward(self, *args):
        raise NotImplementedError("a subclass defines forward")

    def modules_by_path(self, path=""):
        yield path, self
        for name, child in self._children.items():
            yield from child.modules_by_path(path + name + ".")

    def named_parameters(self, prefix=""):
        seen, start = [], prefix + "." if prefix else ""
        for path, module in self.modules_by_path(start):
            for name, parameter in module._parameters.items():
                if not any(parameter is other for other in seen):
                    seen.append(parameter)
                    yield path + name, parameter

    def parameters(self):
        for _, parameter in self.named_parameters():
            yield parameter

    def apply(self, fn):
        for child in self._children.values():
            child.apply(fn)
        fn(self)
        return self

    def train(self, mode=True):
        for _, module in self.modules_by_path():
            module.training = mode
        return self

    def eval(self):
        return self.train(False)
