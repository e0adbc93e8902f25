"""A dict as attribute: nothing is registered.

Fails: holds and registers modules by their keys, in order of insertion
Fails: layers[key] = module adds a module at the end
Fails: layers[key] = module replaces in place: the order stays, and the old module is gone
Fails: a module under two keys is there twice
"""


class MyModuleDict(nn.Module):
    def __init__(self, modules=None):
        super().__init__()
        self.table = {}
        for key, module in (modules or {}).items():
            self[key] = module

    def __getitem__(self, key):
        return self.table[key]

    def __setitem__(self, key, module):
        self.table[key] = module

    def __contains__(self, key):
        return key in self.table

    def __len__(self):
        return len(self.table)

    def __iter__(self):
        return iter(self.table)

    def keys(self):
        return self.table.keys()

    def values(self):
        return self.table.values()

    def items(self):
        return self.table.items()
