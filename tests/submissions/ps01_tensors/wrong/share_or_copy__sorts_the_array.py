"""Sorts the array in place first.

Fails: both tensors hold the array's numbers
Fails: both tensors keep the array's dtype
Fails: the first tensor shares the array's memory, both ways
Fails: the second tensor is a copy: neither sees what is written into the other
Fails: the array is left as it was
"""

def share_or_copy(array):
    array.sort()
    return torch.tensor(array), torch.tensor(array)
