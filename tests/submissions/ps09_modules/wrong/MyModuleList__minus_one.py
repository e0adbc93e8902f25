""""-1" becomes a name.

Fails: layers[i] = module replaces the module at that place, for the list and for the parameters
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
        self.add_module(str(i), module)
