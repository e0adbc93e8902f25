"""Writes into self._modules, as the notes do, with a string as key."""


class MySequential(nn.Module):
    def __init__(self, *args):
        super().__init__()
        for block in args:
            self._modules[str(len(self._modules))] = block

    def forward(self, input):
        for key in self._modules:
            input = self._modules[key](input)
        return input

    def __len__(self):
        return len(self._modules.values())

    def __getitem__(self, i):
        return tuple(self._modules.values())[i]
