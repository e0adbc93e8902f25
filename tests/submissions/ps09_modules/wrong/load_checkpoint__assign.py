"""assign=True: new parameters that no optimizer holds.

Fails: a training that is resumed goes on as if it had never been stopped
Fails: is in place: parameters stay the objects that the optimizer holds
Says: the parameters of the network are other objects afterwards
"""


def load_checkpoint(path, net, optimizer=None):
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    net.load_state_dict(checkpoint["net"], assign=True)
    if optimizer is not None:
        optimizer.load_state_dict(checkpoint["optimizer"])
    return checkpoint["epoch"]
