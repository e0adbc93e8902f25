"""Entry by entry, with math."""

def relative_rotation(delta, num_hiddens):
    R = torch.eye(num_hiddens)
    for c in range(0, num_hiddens, 2):
        angle = delta * 10000.0 ** (-c / num_hiddens)
        R[c, c] = R[c + 1, c + 1] = math.cos(angle)
        R[c, c + 1] = math.sin(angle)
        R[c + 1, c] = -math.sin(angle)
    return R
