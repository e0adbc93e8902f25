"""None as optimizer crashes.

Fails: works without an optimizer, and for a file from a machine with a GPU
"""


def load_checkpoint(path, net, optimizer=None):
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    net.load_state_dict(checkpoint["net"])
    if True:
        optimizer.load_state_dict(checkpoint["optimizer"])
    return checkpoint["epoch"]
