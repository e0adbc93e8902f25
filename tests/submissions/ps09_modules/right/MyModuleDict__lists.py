"""Lists, and setattr."""


class MyModuleDict(nn.Module):
    def __init__(self, modules=None):
        super().__init__()
        if modules is not None:
            for key in modules:
                setattr(self, key, modules[key])

    def __getitem__(self, key):
        if key not in self._modules:
            raise KeyError(key)
        return getattr(self, key)

    def __setitem__(self, key, module):
        setattr(self, key, module)

    def __contains__(self, key):
        return key in list(self._modules)

    def __len__(self):
        return len(self.keys())

    def __iter__(self):
        return iter(self.keys())

    def keys(self):
        return list(self._modules)

    def values(self):
        return [self._modules[key] for key in self.keys()]

    def items(self):
        return list(zip(self.keys(), self.values()))
