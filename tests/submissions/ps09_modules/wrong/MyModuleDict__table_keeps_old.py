"""A replacement that only the registry hears of.

Fails: layers[key] = module replaces in place: the order stays, and the old module is gone
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
        self.table.setdefault(key, module)
        self.add_module(key, module)

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
