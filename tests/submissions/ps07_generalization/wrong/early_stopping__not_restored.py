"""The best state is kept, and never put back.

Fails: the network gets back the parameters of the best epoch
Fails: the network gets back the buffers of the best epoch
"""

def early_stopping(net, train_epoch, validate, patience, max_epochs):
    history, best = [], 0
    for epoch in range(max_epochs):
        train_epoch(net)
        history.append(float(validate(net)))
        if epoch == 0 or history[epoch] < history[best]:
            best = epoch
        elif epoch - best == patience:
            break
    return best, history
