"""Goes through the children."""

def param_groups(net, lr):
    rest = []
    for name, child in net.named_children():
        if name == "fc":
            continue
        for p in child.parameters():
            if p.requires_grad:
                rest.append(p)
    head = [p for p in net.fc.parameters() if p.requires_grad]
    return (
        {"params": rest, "lr": lr},
        {"params": head, "lr": lr * 10},
    )
