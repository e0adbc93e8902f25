"""as_tensor shares, tensor copies."""

def share_or_copy(array):
    return torch.as_tensor(array), torch.tensor(array)
