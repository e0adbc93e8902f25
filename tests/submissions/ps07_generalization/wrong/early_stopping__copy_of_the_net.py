"""Trains a copy, and copies the best back as other tensors.

Fails: the network gets back the parameters of the best epoch
Fails: the network gets back the buffers of the best epoch
Fails: trains and validates once an epoch, in this order
"""

def early_stopping(net, train_epoch, validate, patience, max_epochs):
    twin, history, best = copy.deepcopy(net), [], 0
    for epoch in range(max_epochs):
        train_epoch(twin)
        history.append(float(validate(twin)))
        if epoch == 0 or history[epoch] < history[best]:
            best = epoch
        elif epoch - best == patience:
            break
    return best, history
