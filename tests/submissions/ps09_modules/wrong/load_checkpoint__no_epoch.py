"""Returns nothing.

Fails: returns the epoch of the file
"""


def load_checkpoint(path, net, optimizer=None):
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    net.load_state_dict(checkpoint["net"])
    if optimizer is not None:
        optimizer.load_state_dict(checkpoint["optimizer"])
    return None
