"""Copies by name: a bias of shape (1,) is spread.

Fails: raises an exception for entries that are missing, too many, or of another shape
Says: with a bias of shape (1,)
"""


def load_checkpoint(path, net, optimizer=None):
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    with torch.no_grad():
        own = net.state_dict()
        if own.keys() != checkpoint["net"].keys():
            raise KeyError("names")
        for name, value in checkpoint["net"].items():
            own[name].copy_(value)
    if optimizer is not None:
        optimizer.load_state_dict(checkpoint["optimizer"])
    return checkpoint["epoch"]
