"""Records a graph.

Fails: records no graph
"""


def predict(prefix, num_preds, net, vocab):
    text, unread, state = prefix, [vocab[letter] for letter in prefix], net.begin_state(1)
    for _ in range(num_preds):
        outputs, state = net(torch.tensor([unread]), state)
        unread = [int(outputs[-1].argmax())]
        text += vocab.to_tokens(unread[0])
    return text
