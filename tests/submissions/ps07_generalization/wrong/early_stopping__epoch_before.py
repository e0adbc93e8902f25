"""Compared with the epoch before.

Fails: stops after `patience` epochs in a row without improvement
Fails: an improvement is strictly smaller than the best, and NaN is none
Fails: the network gets back the parameters of the best epoch
Fails: the network gets back the buffers of the best epoch
Says: a loss is compared with that of the epoch before
May fail: stops after max_epochs, and returns the losses of all epochs
May fail: trains and validates once an epoch, in this order
May fail: takes losses that are tensors of one entry
"""

def early_stopping(net, train_epoch, validate, patience, max_epochs):
    history, best, kept, bad = [], 0, None, 0
    for epoch in range(max_epochs):
        train_epoch(net)
        history.append(float(validate(net)))
        if epoch == 0 or history[epoch] < history[epoch - 1]:
            best, kept, bad = epoch, copy.deepcopy(net.state_dict()), 0
        else:
            bad += 1
            if bad == patience:
                break
    net.load_state_dict(kept)
    return best, history
