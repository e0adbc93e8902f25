"""state_dict() is not copied.

Fails: the network gets back the parameters of the best epoch
Fails: the network gets back the buffers of the best epoch
Says: the last,
"""

def early_stopping(net, train_epoch, validate, patience, max_epochs):
    history, best, kept = [], 0, None
    for epoch in range(max_epochs):
        train_epoch(net)
        history.append(float(validate(net)))
        if epoch == 0 or history[epoch] < history[best]:
            best, kept = epoch, net.state_dict()
        elif epoch - best == patience:
            break
    net.load_state_dict(kept)
    return best, history
