"""A Python list as attribute: nothing is registered.

Fails: holds and registers modules, in order, by the names 0, 1, …
Fails: takes any iterable, or nothing
Fails: append adds a place
Fails: layers[i] = module replaces the module at that place, for the list and for the parameters
Fails: a module that stands at two places is there twice
"""


class MyModuleList(nn.Module):
    def __init__(self, modules=()):
        super().__init__()
        self.items = list(modules)

    def append(self, module):
        self.items.append(module)

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i]

    def __setitem__(self, i, module):
        self.items[i] = module
