"""The default list is shared by all objects.

Fails: shares nothing with another list, nor with the one that it was made from
Fails: holds and registers modules, in order, by the names 0, 1, …
Fails: takes any iterable, or nothing
"""


class MyModuleList(nn.Module):
    def __init__(self, modules=[]):
        super().__init__()
        self.items = modules

    def append(self, module):
        self.add_module(str(len(self.items)), module)
        self.items.append(module)

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i]

    def __setitem__(self, i, module):
        self.items[i] = module
