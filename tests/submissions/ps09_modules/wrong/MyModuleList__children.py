"""children() names a module once.

Fails: a module that stands at two places is there twice
"""


class MyModuleList(nn.Module):
    def __init__(self, modules=()):
        super().__init__()
        for module in modules:
            self.append(module)

    def append(self, module):
        self.add_module(str(len(self)), module)

    def __len__(self):
        return len(list(self.children()))

    def __getitem__(self, i):
        return list(self.children())[i]

    def __setitem__(self, i, module):
        self.add_module(str(range(len(self))[i]), module)
