"""__iter__, normalised by hand."""


class MyModuleList(nn.Module):
    def __init__(self, modules=()):
        super().__init__()
        for i, module in enumerate(modules):
            setattr(self, str(i), module)

    def _name(self, i):
        if i < 0:
            i += len(self)
        if i < 0 or i >= len(self):
            raise IndexError(f"there is no place {i}")
        return str(i)

    def append(self, module):
        setattr(self, str(len(self)), module)
        return self

    def __len__(self):
        return len(self._modules)

    def __iter__(self):
        return iter(self._modules.values())

    def __getitem__(self, i):
        return getattr(self, self._name(i))

    def __setitem__(self, i, module):
        setattr(self, self._name(i), module)
