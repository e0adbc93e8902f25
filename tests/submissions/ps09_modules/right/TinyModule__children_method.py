"""A method for the children, dict for the parameters."""


class TinyModule(object):
    def __init__(self):
        self.training = True

    def children(self):
        return [(name, child) for name, child in vars(self).items() if isinstance(child, TinyModule)]

    def __call__(self, *args, **kwargs):
        return self.forward(*args, **kwargs)

    def named_parameters(self, prefix=""):
        if prefix:
            prefix += "."
        found = {}
        for name, value in vars(self).items():
            if isinstance(value, torch.nn.Parameter):
                found.setdefault(value, prefix + name)
        for name, child in self.children():
            for path, parameter in child.named_parameters(prefix + name):
                found.setdefault(parameter, path)
        return [(path, parameter) for parameter, path in found.items()]

    def parameters(self):
        return [parameter for _, parameter in self.named_parameters()]

    def apply(self, fn):
        for _, child in self.children():
            child.apply(fn)
        fn(self)
        return self

    def train(self, mode=True):
        def switch(module):
            module.training = mode

        return self.apply(switch)

    def eval(self):
        return self.train(False)
