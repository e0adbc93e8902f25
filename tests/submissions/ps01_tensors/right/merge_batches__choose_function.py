"""Chooses the function, then calls it."""

def merge_batches(parts, stack):
    function = torch.stack if stack else torch.cat
    return function(tuple(parts), dim=0)
