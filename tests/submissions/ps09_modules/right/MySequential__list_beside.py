"""A tuple of the blocks beside the registered ones; reduce."""


import functools


class MySequential(nn.Module):
    def __init__(self, *args):
        super().__init__()
        self.blocks = tuple(args)
        for i, block in enumerate(args):
            self.register_module(str(i), block)

    def forward(self, X):
        return functools.reduce(lambda Y, block: block(Y), self.blocks, X)

    def __len__(self):
        return len(self.blocks)

    def __getitem__(self, i):
        return self.blocks[i]
