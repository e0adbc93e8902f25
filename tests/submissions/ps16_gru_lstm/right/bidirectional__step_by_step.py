"""Two loops over the steps, one from each end, and a list for each."""

def bidirectional(forward, backward, inputs):
    T = inputs.shape[0]
    from_left, from_right = [None] * T, [None] * T
    state = None
    for t in range(T):
        from_left[t], state = forward(inputs[t : t + 1], state)
    state = None
    for t in reversed(range(T)):
        from_right[t], state = backward(inputs[t : t + 1], state)
    return torch.stack([torch.cat([f[0], b[0]], dim=1) for f, b in zip(from_left, from_right)])
