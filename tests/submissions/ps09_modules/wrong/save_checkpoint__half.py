"""In half precision.

Fails: "net" is the state_dict of the network: parameters and buffers, in full precision
Says: has dtype float16
"""


def save_checkpoint(path, net, optimizer, epoch):
    torch.save({"net": {name: value.half() if value.is_floating_point() else value for name, value in net.state_dict().items()}, "optimizer": optimizer.state_dict(), "epoch": epoch}, path)
