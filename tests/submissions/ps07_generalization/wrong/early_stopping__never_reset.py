"""The counter is never set back.

Fails: stops after `patience` epochs in a row without improvement
Says: never set back
May fail: an improvement is strictly smaller than the best, and NaN is none
"""

def early_stopping(net, train_epoch, validate, patience, max_epochs):
    history, best, kept, bad = [], 0, None, 0
    for epoch in range(max_epochs):
        train_epoch(net)
        history.append(float(validate(net)))
        if epoch == 0 or history[epoch] < history[best]:
            best, kept = epoch, copy.deepcopy(net.state_dict())
        else:
            bad += 1
            if bad == patience:
                break
    net.load_state_dict(kept)
    return best, history
