"""collections.abc.Mapping gives keys, values, items and in."""

from collections.abc import Mapping


class MyModuleDict(nn.Module, Mapping):
    __hash__ = object.__hash__

    def __init__(self, modules=None):
        super().__init__()
        for key, module in dict(modules or {}).items():
            self.add_module(key, module)

    def __getitem__(self, key):
        return self._modules[key]

    def __setitem__(self, key, module):
        self.add_module(key, module)

    def __iter__(self):
        return iter(self._modules)

    def __len__(self):
        return len(self._modules)
