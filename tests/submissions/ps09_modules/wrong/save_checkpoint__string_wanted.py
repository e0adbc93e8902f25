"""The path must be a string.

Fails: takes a string or a Path, and writes anew what is there
"""


def save_checkpoint(path, net, optimizer, epoch):
    torch.save({"net": net.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch}, path + "")
