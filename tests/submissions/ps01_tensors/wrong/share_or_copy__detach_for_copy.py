"""detach() makes a new tensor on the old storage.

Fails: the second tensor is a copy: neither sees what is written into the other
"""

def share_or_copy(array):
    shares = torch.from_numpy(array)
    return shares, shares.detach()
