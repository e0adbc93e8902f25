"""Warm-up and then a loop that also reads the last prediction."""


@torch.no_grad()
def predict(prefix, num_preds, net, vocab):
    X = torch.tensor(vocab[list(prefix)])[None]
    outputs, state = net(X, net.begin_state(1))
    new = []
    while len(new) < num_preds:
        new.append(outputs[-1].argmax().item())
        outputs, state = net(torch.tensor([[new[-1]]]), state)
    return prefix + "".join(vocab.to_tokens(new))
