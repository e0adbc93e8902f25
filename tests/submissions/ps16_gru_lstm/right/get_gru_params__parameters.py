"""nn.Parameter and nn.init, a list built in a loop."""

def get_gru_params(vocab_size, num_hiddens, device):
    v, h = vocab_size, num_hiddens
    params = []
    for shape in [(v, h), (h, h), (h,)] * 3 + [(h, v), (v,)]:
        param = torch.nn.Parameter(torch.empty(shape, device=device))
        if len(shape) == 2:
            torch.nn.init.normal_(param, std=0.01)
        else:
            torch.nn.init.zeros_(param)
        params.append(param)
    return params
