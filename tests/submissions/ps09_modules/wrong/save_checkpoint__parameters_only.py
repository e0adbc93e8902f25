"""Parameters without buffers.

Fails: "net" is the state_dict of the network: parameters and buffers, in full precision
"""


def save_checkpoint(path, net, optimizer, epoch):
    torch.save({"net": {name: value.detach() for name, value in net.named_parameters()}, "optimizer": optimizer.state_dict(), "epoch": epoch}, path)
