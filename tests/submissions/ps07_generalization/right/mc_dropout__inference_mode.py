"""All under inference mode, running sums instead of a stack."""

@torch.inference_mode()
def mc_dropout(net, X, num_samples):
    twin = copy.deepcopy(net)
    twin.eval()
    twin.apply(lambda m: m.train() if isinstance(m, torch.nn.Dropout) else None)
    first = twin(X)
    samples = [first] + [twin(X) for _ in range(num_samples - 1)]
    mean = sum(samples) / num_samples
    return mean, (sum((s - mean).square() for s in samples) / num_samples).sqrt()
