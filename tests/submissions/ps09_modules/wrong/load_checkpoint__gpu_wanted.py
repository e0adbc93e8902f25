"""No map_location: a file from a GPU is not read.

Fails: works without an optimizer, and for a file from a machine with a GPU
"""


def load_checkpoint(path, net, optimizer=None):
    checkpoint = torch.load(path, weights_only=True)
    net.load_state_dict(checkpoint["net"])
    if optimizer is not None:
        optimizer.load_state_dict(checkpoint["optimizer"])
    return checkpoint["epoch"]
