"""Two tensors on the same memory.

Fails: the second tensor is a copy: neither sees what is written into the other
"""

def share_or_copy(array):
    return torch.from_numpy(array), torch.as_tensor(array)
