"""validate is called twice.

Fails: *
"""

def early_stopping(net, train_epoch, validate, patience, max_epochs):
    history, best, kept = [], 0, None
    for epoch in range(max_epochs):
        train_epoch(net)
        if epoch == 0 or float(validate(net)) < history[best]:
            best, kept = epoch, copy.deepcopy(net.state_dict())
        elif epoch - best == patience:
            break
        history.append(float(validate(net)))
    net.load_state_dict(kept)
    return best, history
