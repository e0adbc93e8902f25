"""Every call begins anew.

Fails: goes out from begin_state(1), and hands each state on to the next call
Says: call does not go out from the state
"""


def predict(prefix, num_preds, net, vocab):
    text, unread, state = prefix, [vocab[letter] for letter in prefix], net.begin_state(1)
    with torch.no_grad():
        for _ in range(num_preds):
            outputs, state = net(torch.tensor([unread]), net.begin_state(1))
            unread = [int(outputs[-1].argmax())]
            text += vocab.to_tokens(unread[0])
    return text
