"""Stacks the two and sums over the new dimension."""

def add(A, B):
    total = torch.stack([A, B]).sum(dim=0)
    return total
