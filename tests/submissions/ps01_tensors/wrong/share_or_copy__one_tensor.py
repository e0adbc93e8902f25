"""Returns the shared tensor only.

Fails: both tensors hold the array's numbers
Fails: both tensors keep the array's dtype
Fails: the first tensor shares the array's memory, both ways
Fails: the second tensor is a copy: neither sees what is written into the other
"""

def share_or_copy(array):
    return torch.from_numpy(array)
