"""self._modules.update, and generators."""


class MyModuleDict(nn.Module):
    def __init__(self, modules=None):
        super().__init__()
        self._modules.update(modules or {})

    def __getitem__(self, key):
        return self._modules[key]

    def __setitem__(self, key, module):
        self._modules[key] = module

    def __contains__(self, key):
        return key in self._modules

    def __len__(self):
        return len(self._modules)

    def __iter__(self):
        yield from self._modules

    def keys(self):
        return tuple(self._modules)

    def values(self):
        return (module for module in self._modules.values())

    def items(self):
        return self._modules.items()
