"""append overwrites the last place.

Fails: append adds a place
"""


class MyModuleList(nn.Module):
    def __init__(self, modules=()):
        super().__init__()
        for module in modules:
            self.append(module)
        self.done = True

    def append(self, module):
        self.add_module(str(max(len(self) - 1, 0) if hasattr(self, 'done') else len(self)), module)

    def __len__(self):
        return len(self._modules)

    def __getitem__(self, i):
        return self._modules[str(range(len(self))[i])]

    def __setitem__(self, i, module):
        self.add_module(str(range(len(self))[i]), module)
