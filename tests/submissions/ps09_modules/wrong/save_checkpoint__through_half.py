"""Through half precision and back.

Fails: "net" is the state_dict of the network: parameters and buffers, in full precision
"""


def save_checkpoint(path, net, optimizer, epoch):
    torch.save({"net": {name: value.half().to(value.dtype) for name, value in net.state_dict().items()}, "optimizer": optimizer.state_dict(), "epoch": epoch}, path)
