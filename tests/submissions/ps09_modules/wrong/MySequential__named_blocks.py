"""Names block0, block1, …

Fails: registers its blocks under the names of nn.Sequential
Fails: weights can be exchanged with nn.Sequential; double(), eval() and train() reach its blocks
"""


class MySequential(nn.Module):
    def __init__(self, *args):
        super().__init__()
        for i, block in enumerate(args):
            self.add_module(f"block{i}", block)

    def forward(self, X):
        for block in self._modules.values():
            X = block(X)
        return X

    def __len__(self):
        return len(self._modules)

    def __getitem__(self, i):
        return list(self._modules.values())[i]
