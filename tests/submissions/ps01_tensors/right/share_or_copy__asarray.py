"""torch.asarray with its copy argument."""

def share_or_copy(array):
    return torch.asarray(array, copy=False), torch.asarray(array, copy=True)
