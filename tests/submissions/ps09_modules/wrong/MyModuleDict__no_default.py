"""modules has no default.

Fails: may begin empty
Fails: layers[key] = module adds a module at the end
Fails: shares nothing with another, and neither keeps nor changes the dictionary that it was made from
"""


class MyModuleDict(nn.Module):
    def __init__(self, modules):
        super().__init__()
        for key, module in (modules or {}).items():
            self[key] = module

    def __getitem__(self, key):
        return self._modules[key]

    def __setitem__(self, key, module):
        self.add_module(key, module)

    def __contains__(self, key):
        return key in self._modules

    def __len__(self):
        return len(self._modules)

    def __iter__(self):
        return iter(self._modules)

    def keys(self):
        return self._modules.keys()

    def values(self):
        return self._modules.values()

    def items(self):
        return self._modules.items()
