"""Reads the whole text again for each letter, from a fresh state.

Fails: reads every letter of the prefix once, in order, and then its own predictions
Fails: goes out from begin_state(1), and hands each state on to the next call
"""


def predict(prefix, num_preds, net, vocab):
    text = prefix
    with torch.no_grad():
        for _ in range(num_preds):
            outputs, _ = net(torch.tensor([[vocab[letter] for letter in text]]), net.begin_state(1))
            text += vocab.to_tokens(int(outputs[-1].argmax()))
    return text
