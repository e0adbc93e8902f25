"""Lets nn.LSTM do it.

Fails: *
"""

def lstm(inputs, state, params):
    order = (0, 1, 3, 2)
    weights = [torch.cat([params[3 * g + i].T for g in order]).contiguous() for i in range(2)]
    b = torch.cat([params[3 * g + 2] for g in order])
    hiddens, H, C = torch.lstm(inputs, (state[0][None], state[1][None]), [*weights, b, torch.zeros_like(b)], True, 1, 0.0, False, False, False)
    return hiddens.flatten(0, 1) @ params[12] + params[13], (H[0], C[0])
