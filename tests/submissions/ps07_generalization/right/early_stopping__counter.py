"""A counter, and clones of the state's tensors."""

def early_stopping(net, train_epoch, validate, patience, max_epochs):
    smallest, bad, losses = math.inf, 0, []
    best_epoch, state = 0, None
    for epoch in range(max_epochs):
        train_epoch(net)
        v = float(validate(net))
        losses.append(v)
        if state is None or v < smallest:
            smallest, bad, best_epoch = v, 0, epoch
            state = {name: value.clone() for name, value in net.state_dict().items()}
        else:
            bad += 1
            if bad >= patience:
                break
    net.load_state_dict(state)
    return best_epoch, losses
