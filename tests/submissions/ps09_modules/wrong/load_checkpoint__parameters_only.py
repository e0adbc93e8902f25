"""Only the parameters, not the buffers.

Fails: loads all of the network: parameters and buffers
Fails: raises an exception for entries that are missing, too many, or of another shape
"""


def load_checkpoint(path, net, optimizer=None):
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    with torch.no_grad():
        for name, parameter in net.named_parameters():
            parameter.copy_(checkpoint["net"][name])
    if optimizer is not None:
        optimizer.load_state_dict(checkpoint["optimizer"])
    return checkpoint["epoch"]
