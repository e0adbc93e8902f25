"""Keys in alphabetical order.

Fails: holds and registers modules by their keys, in order of insertion
Fails: layers[key] = module adds a module at the end
Fails: layers[key] = module replaces in place: the order stays, and the old module is gone
Fails: a module under two keys is there twice
"""


class MyModuleDict(nn.Module):
    def __init__(self, modules=None):
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
        return iter(sorted(self._modules))

    def keys(self):
        return sorted(self._modules)

    def values(self):
        return [self._modules[key] for key in sorted(self._modules)]

    def items(self):
        return sorted(self._modules.items(), key=lambda pair: pair[0])
