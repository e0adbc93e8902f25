"""Takes a list only: len(modules).

Fails: takes any iterable, or nothing
"""


class MyModuleList(nn.Module):
    def __init__(self, modules=()):
        super().__init__()
        for i in range(len(modules)):
            self.append(modules[i])

    def append(self, module):
        self.add_module(str(len(self)), module)

    def __len__(self):
        return len(self._modules)

    def __getitem__(self, i):
        return self._modules[str(range(len(self))[i])]

    def __setitem__(self, i, module):
        self.add_module(str(range(len(self))[i]), module)
