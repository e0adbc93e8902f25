"""One-hot rows by comparing the labels with 0, 1, 2, …"""

def softmax_cross_entropy_grad(O, y):
    classes = torch.arange(O.size(1), device=O.device)
    truth = (y.reshape(-1, 1) == classes).type_as(O)
    e = torch.exp(O - O.max(1, keepdim=True)[0])
    return e / e.sum(1, keepdim=True) - truth
