"""Two loops; the net's outputs are made under no_grad, one call at a time."""


def read(net, index, state):
    with torch.no_grad():
        scores, state = net(torch.full((1, 1), index, dtype=torch.long), state)
    return torch.softmax(scores[0], dim=0), state

def predict(prefix, num_preds, net, vocab):
    state, probabilities = net.begin_state(1), None
    for letter in prefix:
        probabilities, state = read(net, vocab[letter], state)
    result = list(prefix)
    for step in range(num_preds):
        best = int(torch.argmax(probabilities))
        result.append(vocab.to_tokens(best))
        if step + 1 < num_preds:
            probabilities, state = read(net, best, state)
    return "".join(result)
