"""nn.ModuleList inside.

Fails: holds and registers modules, in order, by the names 0, 1, …
Fails: is written from scratch
"""


class MyModuleList(nn.Module):
    def __init__(self, modules=()):
        super().__init__()
        self.items = nn.ModuleList(modules)

    def append(self, module):
        self.items.append(module)

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i]

    def __setitem__(self, i, module):
        self.items[i] = module
