"""The copy is made in NumPy; a list is returned."""

def share_or_copy(array):
    both = []
    for source in (array, array.copy()):
        both.append(torch.from_numpy(source))
    return both
