"""Switches the net to evaluation mode.

Fails: num_preds = 0 gives the prefix, and the mode of the net is left as it is
"""


def predict(prefix, num_preds, net, vocab):
    text, unread, state = prefix, [vocab[letter] for letter in prefix], net.begin_state(1)
    net.eval()
    with torch.no_grad():
        for _ in range(num_preds):
            outputs, state = net(torch.tensor([unread]), state)
            unread = [int(outputs[-1].argmax())]
            text += vocab.to_tokens(unread[0])
    return text
