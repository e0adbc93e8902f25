"""One exponential of the shifted scores minus the logarithm of their sum."""

def softmax(scores):
    z = scores - scores.amax(-1, keepdim=True)
    return torch.exp(z - torch.log(torch.exp(z).sum(-1, keepdim=True)))
