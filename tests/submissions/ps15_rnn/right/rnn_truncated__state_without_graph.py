"""The new state is handed on without a graph."""


def rnn_truncated(inputs, state, params, num_steps):
    W_xh, W_hh, b_h = params
    H, = state
    out = []
    for t in range(len(inputs)):
        H = (inputs[t].matmul(W_xh) + H.matmul(W_hh) + b_h).tanh()
        out.append(H.unsqueeze(0))
        if (t + 1) % num_steps == 0:
            H = H.detach()
    return torch.cat(out, dim=0), (H.detach(),)
