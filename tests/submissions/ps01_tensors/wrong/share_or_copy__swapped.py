"""The two in the wrong order.

Fails: the first tensor shares the array's memory, both ways
Fails: the second tensor is a copy: neither sees what is written into the other
"""

def share_or_copy(array):
    return torch.tensor(array), torch.from_numpy(array)
