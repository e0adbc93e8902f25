"""Trusts the default of weights_only."""


def load_checkpoint(path, net, optimizer=None):
    checkpoint = torch.load(path, map_location=torch.device("cpu"))
    net.load_state_dict(checkpoint["net"], strict=True)
    if optimizer:
        optimizer.load_state_dict(checkpoint["optimizer"])
    return checkpoint["epoch"]
