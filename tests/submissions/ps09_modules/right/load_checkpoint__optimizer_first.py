"""The optimizer first, and a sentence of its own for a file that is not safe."""


import pickle


def load_checkpoint(path, net, optimizer=None):
    try:
        epoch_net_optimizer = torch.load(path, "cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise ValueError(f"{path} holds more than numbers") from error
    if optimizer is not None:
        optimizer.load_state_dict(epoch_net_optimizer["optimizer"])
    net.load_state_dict(epoch_net_optimizer["net"])
    return epoch_net_optimizer["epoch"]
