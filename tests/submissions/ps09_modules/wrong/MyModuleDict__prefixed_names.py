"""Names with a prefix.

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
        return self._modules["module_" + key]

    def __setitem__(self, key, module):
        self.add_module("module_" + key, module)

    def __contains__(self, key):
        return "module_" + key in self._modules

    def __len__(self):
        return len(self._modules)

    def __iter__(self):
        return iter(self.keys())

    def keys(self):
        return [key[7:] for key in self._modules]

    def values(self):
        return self._modules.values()

    def items(self):
        return list(zip(self.keys(), self.values()))
