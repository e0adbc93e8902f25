"""The network of the exercise before, window by window, with the identity for an output layer."""


def rnn_truncated(inputs, state, params, num_steps):
    h = state[0].shape[1]
    eye, zero = torch.eye(h).to(inputs), torch.zeros(h).to(inputs)
    states = []
    for window in torch.split(inputs, num_steps):
        outputs, state = rnn(window, tuple(s.detach() for s in state) if states else state, [*params, eye, zero])
        states.append(outputs.view(len(window), -1, h))
    return torch.cat(states), state
