"""A dict beside the registered names, both kept up."""


class MyModuleDict(nn.Module):
    def __init__(self, modules=None):
        super().__init__()
        self.table = {}
        for key, module in dict(modules or {}).items():
            self[key] = module

    def __getitem__(self, key):
        return self.table[key]

    def __setitem__(self, key, module):
        self.table[key] = module
        self.register_module(key, module)

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
