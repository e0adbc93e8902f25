"""A loop over T.

Fails: works on the whole batch at once
"""


def autoregressive_data(x, tau):
    rows = [x[t : t + tau] for t in range(len(x) - tau)]
    return (torch.stack(rows) if rows else x.new_zeros(0, tau)), x[tau:, None]
