"""A matrix of places."""


def autoregressive_data(x, tau):
    places = torch.arange(len(x) - tau, device=x.device)[:, None] + torch.arange(tau, device=x.device)
    return x[places], x[tau:].unsqueeze(1)
