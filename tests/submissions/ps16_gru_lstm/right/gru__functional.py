"""A fold over the steps, in functional style."""

from functools import reduce


def gru(inputs, state, params):
    (W_xz, W_hz, b_z), (W_xr, W_hr, b_r), (W_xh, W_hh, b_h) = (params[i : i + 3] for i in (0, 3, 6))
    gate = lambda X, H, W, U, b: torch.special.expit(X.matmul(W).add(H.matmul(U)).add(b))

    def step(states, X):
        H = states[-1]
        Z = gate(X, H, W_xz, W_hz, b_z)
        return [*states, Z * H - (Z - 1) * torch.tanh(X @ W_xh + (gate(X, H, W_xr, W_hr, b_r) * H) @ W_hh + b_h)]

    first, *states = reduce(step, inputs.unbind(0), [state[0]])
    return torch.vstack([torch.nn.functional.linear(H, params[9].T, params[10]) for H in states]), (states[-1],)
