"""torch.Tensor makes float32 of everything.

Fails: both tensors keep the array's dtype
Fails: the second tensor is a copy: neither sees what is written into the other
"""

def share_or_copy(array):
    return torch.from_numpy(array), torch.Tensor(array)
