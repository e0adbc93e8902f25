"""layers[len] = module adds a place.

Fails: raises IndexError outside
"""


class MyModuleList(nn.Module):
    def __init__(self, modules=()):
        super().__init__()
        for module in modules:
            self.append(module)

    def append(self, module):
        self.add_module(str(len(self)), module)

    def __len__(self):
        return len(self._modules)

    def __getitem__(self, i):
        return self._modules[str(range(len(self))[i])]

    def __setitem__(self, i, module):
        self.add_module(str(i % len(self) if i < 0 else i), module)
