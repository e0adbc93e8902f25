"""The best state goes through torch.save."""

def early_stopping(net, train_epoch, validate, patience, max_epochs):
    import io

    def improves(v):
        return not seen or v < min(s for s in seen if s == s)

    seen, best = [], 0
    for epoch in range(max_epochs):
        train_epoch(net)
        v = validate(net)
        v = v.item() if isinstance(v, torch.Tensor) else float(v)
        if improves(v):
            best, file = epoch, io.BytesIO()
            torch.save(net.state_dict(), file)
        seen.append(v)
        if epoch - best == patience:
            break
    file.seek(0)
    net.load_state_dict(torch.load(file))
    return best, seen
