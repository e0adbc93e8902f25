"""The losses are kept as they come.

Fails: takes losses that are tensors of one entry
"""

def early_stopping(net, train_epoch, validate, patience, max_epochs):
    history, best, kept = [], 0, None
    for epoch in range(max_epochs):
        train_epoch(net)
        history.append(validate(net))
        if epoch == 0 or history[epoch] < history[best]:
            best, kept = epoch, copy.deepcopy(net.state_dict())
        elif epoch - best == patience:
            break
    net.load_state_dict(kept)
    return best, history
