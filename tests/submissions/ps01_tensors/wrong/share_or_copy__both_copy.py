"""Two copies.

Fails: the first tensor shares the array's memory, both ways
"""

def share_or_copy(array):
    return torch.tensor(array), torch.tensor(array)
