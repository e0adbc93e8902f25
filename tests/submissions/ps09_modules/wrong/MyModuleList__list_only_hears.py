"""A replacement that only the list hears of.

Fails: layers[i] = module replaces the module at that place, for the list and for the parameters
"""


class MyModuleList(nn.Module):
    def __init__(self, modules=()):
        super().__init__()
        self.items = []
        for module in modules:
            self.append(module)

    def append(self, module):
        self.add_module(str(len(self.items)), module)
        self.items.append(module)

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i]

    def __setitem__(self, i, module):
        self.items[i] = module
