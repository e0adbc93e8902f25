"""Does not write where a file is.

Fails: takes a string or a Path, and writes anew what is there
"""


def save_checkpoint(path, net, optimizer, epoch):
    if not os.path.exists(path):
        torch.save({"net": net.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch}, path)
