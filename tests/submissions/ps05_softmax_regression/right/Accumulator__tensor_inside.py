"""Keeps the sums in a float64 tensor without a graph and gives out numbers."""

class Accumulator:
    def __init__(self, n):
        self.sums = torch.zeros(n, dtype=torch.float64)

    def add(self, *args):
        self.sums += torch.tensor([float(a) for a in args], dtype=torch.float64)

    def reset(self):
        self.sums.zero_()

    def __getitem__(self, i):
        return self.sums[i].item()
