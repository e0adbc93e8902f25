"""Runs the blocks under no_grad.

Fails: gradients reach the input and every block
"""


class MySequential(nn.Module):
    def __init__(self, *args):
        super().__init__()
        for i, block in enumerate(args):
            self.add_module(str(i), block)

    def forward(self, X):
        with torch.no_grad():
            for block in self._modules.values():
                X = block(X)
        return X

    def __len__(self):
        return len(self._modules)

    def __getitem__(self, i):
        return list(self._modules.values())[i]
