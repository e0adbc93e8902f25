"""Another name than was asked for.

Fails: *
Says: writes no file at its path
"""


def save_checkpoint(path, net, optimizer, epoch):
    torch.save({"net": net.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch}, f"{path}.pt")
