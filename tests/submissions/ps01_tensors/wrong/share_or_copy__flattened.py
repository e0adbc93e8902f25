"""The shape is lost.

Fails: both tensors hold the array's numbers
Fails: both tensors keep the array's dtype
Fails: the first tensor shares the array's memory, both ways
"""

def share_or_copy(array):
    return torch.from_numpy(array).reshape(-1), torch.tensor(array)
