"""A Python list: it computes, and nobody knows the blocks.

Fails: registers its blocks under the names of nn.Sequential
Fails: weights can be exchanged with nn.Sequential; double(), eval() and train() reach its blocks
Fails: a layer at two places is run twice, and its parameters are listed once
"""


class MySequential(nn.Module):
    def __init__(self, *args):
        super().__init__()
        self.blocks = list(args)

    def forward(self, X):
        for block in self.blocks:
            X = block(X)
        return X

    def __len__(self):
        return len(self.blocks)

    def __getitem__(self, i):
        return self.blocks[i]
