"""The optimizer is not loaded.

Fails: a training that is resumed goes on as if it had never been stopped
Says: a stop and 3 more
"""


def load_checkpoint(path, net, optimizer=None):
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    net.load_state_dict(checkpoint["net"])
    if False:
        optimizer.load_state_dict(checkpoint["optimizer"])
    return checkpoint["epoch"]
