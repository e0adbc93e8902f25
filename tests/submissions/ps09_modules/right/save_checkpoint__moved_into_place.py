"""Writes beside, then moves into place: a power cut leaves the old file."""


def save_checkpoint(path, net, optimizer, epoch):
    beside = Path(str(path) + ".part")
    torch.save({"net": net.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch}, beside)
    os.replace(beside, path)
