"""named_modules() as the table: itself, and what is nested.

Fails: holds and registers modules by their keys, in order of insertion
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
        return iter(self._modules)

    def keys(self):
        return self._modules.keys()

    def values(self):
        return [module for name, module in self.named_modules() if name]

    def items(self):
        return [(name, module) for name, module in self.named_modules() if name]
