"""Takes the letter with the lowest score.

Fails: reads every letter of the prefix once, in order, and then its own predictions
"""


def predict(prefix, num_preds, net, vocab):
    text, unread, state = prefix, [vocab[letter] for letter in prefix], net.begin_state(1)
    with torch.no_grad():
        for _ in range(num_preds):
            outputs, state = net(torch.tensor([unread]), state)
            unread = [int(outputs[-1].argmin())]
            text += vocab.to_tokens(unread[0])
    return text
