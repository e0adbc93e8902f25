"""setattr, and a loop over range(len(self))."""


class MySequential(nn.Module):
    def __init__(self, *blocks):
        super().__init__()
        self.count = len(blocks)
        for i in range(len(blocks)):
            setattr(self, f"{i}", blocks[i])

    def forward(self, X):
        for i in range(self.count):
            X = getattr(self, str(i))(X)
        return X

    def __len__(self):
        return self.count

    def __getitem__(self, i):
        if not -self.count <= i < self.count:
            raise IndexError(i)
        return getattr(self, str(i % self.count))
