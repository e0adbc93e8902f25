"""> for >=: an epoch too late.

Fails: stops after `patience` epochs in a row without improvement
Fails: takes losses that are tensors of one entry
Fails: trains and validates once an epoch, in this order
Fails: an improvement is strictly smaller than the best, and NaN is none
Says: it stops an epoch too late
"""

def early_stopping(net, train_epoch, validate, patience, max_epochs):
    history, best, kept = [], 0, None
    for epoch in range(max_epochs):
        train_epoch(net)
        history.append(float(validate(net)))
        if epoch == 0 or history[epoch] < history[best]:
            best, kept = epoch, copy.deepcopy(net.state_dict())
        elif epoch - best > patience:
            break
    net.load_state_dict(kept)
    return best, history
