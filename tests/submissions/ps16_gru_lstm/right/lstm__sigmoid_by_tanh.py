"""A sigmoid of one's own, made from tanh; a helper function for one sum; einsum."""

def lstm(inputs, state, params):
    def sigmoid(a):
        return 0.5 * (torch.tanh(0.5 * a) + 1)

    def total(X, H, k):
        return torch.einsum("nd,dh->nh", X, params[k]) + torch.einsum("ni,ij->nj", H, params[k + 1]) + params[k + 2]

    H, C = state[0], state[1]
    outputs = []
    for t in range(len(inputs)):
        X = inputs[t]
        i, f, o = sigmoid(total(X, H, 0)), sigmoid(total(X, H, 3)), sigmoid(total(X, H, 6))
        C = torch.addcmul(f * C, i, torch.tanh(total(X, H, 9)))
        H = o * torch.tanh(C)
        outputs.append(torch.addmm(params[13], H, params[12]))
    return torch.vstack(outputs), (H, C)
