"""The first letter of the prefix is never read.

Fails: reads every letter of the prefix once, in order, and then its own predictions
Says: the first letter
"""


def predict(prefix, num_preds, net, vocab):
    text, state = prefix, net.begin_state(1)
    unread = [vocab[letter] for letter in prefix[1:]] or [vocab[prefix]]
    with torch.no_grad():
        for _ in range(num_preds):
            outputs, state = net(torch.tensor([unread]), state)
            unread = [int(outputs[-1].argmax())]
            text += vocab.to_tokens(unread[0])
    return text
