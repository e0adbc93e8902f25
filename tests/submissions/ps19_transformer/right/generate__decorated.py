"""As a function without gradients."""


@torch.no_grad()
def generate(net, prefix, num_new, temperature=0.0, top_k=None, generator=None):
    net.eval()
    text = prefix.clone()
    while text.shape[1] < prefix.shape[1] + num_new:
        seen = text if text.shape[1] <= net.max_len else text[:, text.shape[1] - net.max_len :]
        new = sample(net(seen)[:, -1], temperature=temperature, top_k=top_k, generator=generator)
        text = torch.cat((text, new.reshape(-1, 1)), dim=1)
    return text
