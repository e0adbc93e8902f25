"""Windows as views."""


def autoregressive_data(x, tau):
    if len(x) == tau:
        return x.new_zeros(0, tau), x.new_zeros(0, 1)
    windows = x.unfold(0, tau + 1, 1)
    return windows[:, :tau], windows[:, tau:]
