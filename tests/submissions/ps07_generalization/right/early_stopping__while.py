"""A while loop; parameters and buffers copied back by hand."""

def early_stopping(net, train_epoch, validate, patience, max_epochs):
    history, best, kept = [], -1, None
    while len(history) < max_epochs and len(history) - 1 - max(best, 0) < patience:
        train_epoch(net)
        history.append(float(validate(net)))
        if best < 0 or history[-1] < history[best]:
            best = len(history) - 1
            kept = [t.detach().clone() for t in [*net.parameters(), *net.buffers()]]
        elif len(history) - 1 - best >= patience:
            break
    with torch.no_grad():
        for t, old in zip([*net.parameters(), *net.buffers()], kept):
            t.copy_(old)
    return best, history
