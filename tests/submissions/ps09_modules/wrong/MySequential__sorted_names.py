"""Runs the blocks in the order of their names as text.

Fails: gives what its blocks give, one after the other
"""


class MySequential(nn.Module):
    def __init__(self, *args):
        super().__init__()
        for i, block in enumerate(args):
            self.add_module(str(i), block)

    def forward(self, X):
        for key in sorted(self._modules):
            X = self._modules[key](X)
        return X

    def __len__(self):
        return len(self._modules)

    def __getitem__(self, i):
        return list(self._modules.values())[i]
