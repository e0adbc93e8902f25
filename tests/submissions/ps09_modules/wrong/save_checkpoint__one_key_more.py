"""One key more.

Fails: the file holds a dict with exactly "net", "optimizer" and "epoch", which weights_only=True can read
"""


def save_checkpoint(path, net, optimizer, epoch):
    torch.save({"net": net.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch, "lr": optimizer.param_groups[0]["lr"]}, path)
