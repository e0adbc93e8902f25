"""Reads its own predictions in the warm-up.

Fails: reads every letter of the prefix once, in order, and then its own predictions
Says: during the warm-up it reads its own predictions
"""


def predict(prefix, num_preds, net, vocab):
    text, state, index = prefix, net.begin_state(1), vocab[prefix[0]]
    with torch.no_grad():
        for i in range(len(prefix) + num_preds - 1):
            outputs, state = net(torch.tensor([[index]]), state)
            index = int(outputs[-1].argmax())
            if i >= len(prefix) - 1:
                text += vocab.to_tokens(index)
    return text
