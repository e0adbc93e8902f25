"""Sets the array to zero after the copy was made.

Fails: both tensors hold the array's numbers
Fails: both tensors keep the array's dtype
Fails: the second tensor is a copy: neither sees what is written into the other
Fails: the array is left as it was
"""

def share_or_copy(array):
    shares = torch.from_numpy(array)
    copy = shares.clone()
    array[...] = 0
    return shares, copy
