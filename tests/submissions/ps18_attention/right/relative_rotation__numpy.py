"""NumPy, block by block."""


def relative_rotation(delta, num_hiddens):
    import numpy as np

    R = np.zeros((num_hiddens, num_hiddens))
    for k in range(0, num_hiddens, 2):
        a = delta * np.power(10000.0, -k / num_hiddens)
        R[k : k + 2, k : k + 2] = [[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]]
    return torch.tensor(R, dtype=torch.float32)
