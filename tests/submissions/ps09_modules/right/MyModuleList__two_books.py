"""A Python list beside the registered names, both kept up."""


class MyModuleList(nn.Module):
    def __init__(self, modules=()):
        super().__init__()
        self.items = []
        for module in list(modules):
            self.append(module)

    def append(self, module):
        self.register_module(str(len(self.items)), module)
        self.items.append(module)

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i]

    def __setitem__(self, i, module):
        self.items[i] = module
        self._modules[str(i % len(self.items))] = module
