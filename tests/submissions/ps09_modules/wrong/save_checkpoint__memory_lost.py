"""The optimizer's memory is lost.

Fails: "optimizer" is the state_dict of the optimizer, with its memory
"""


def save_checkpoint(path, net, optimizer, epoch):
    torch.save({"net": net.state_dict(), "optimizer": {"state": {}, "param_groups": optimizer.state_dict()["param_groups"]}, "epoch": epoch}, path)
