"""The last letter of the prefix is read twice.

Fails: reads every letter of the prefix once, in order, and then its own predictions
Says: the last letter of the prefix is read twice
"""


def predict(prefix, num_preds, net, vocab):
    text, state = prefix, net.begin_state(1)
    with torch.no_grad():
        _, state = net(torch.tensor([[vocab[letter] for letter in prefix]]), state)
        for _ in range(num_preds):
            outputs, state = net(torch.tensor([[vocab[text[-1]]]]), state)
            text += vocab.to_tokens(int(outputs[-1].argmax()))
    return text
