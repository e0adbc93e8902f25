""".float() on both: another dtype, and for float64 no shared memory.

Fails: both tensors keep the array's dtype
Fails: the first tensor shares the array's memory, both ways
"""

def share_or_copy(array):
    return torch.from_numpy(array).float(), torch.tensor(array).float()
