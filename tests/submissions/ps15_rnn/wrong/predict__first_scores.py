"""Takes the scores after the first letter.

Fails: writes the letter with the highest score, as many as asked for, behind the prefix
"""


def predict(prefix, num_preds, net, vocab):
    text, unread, state = prefix, [vocab[letter] for letter in prefix], net.begin_state(1)
    with torch.no_grad():
        for _ in range(num_preds):
            outputs, state = net(torch.tensor([unread]), state)
            unread = [int(outputs[0].argmax())]
            text += vocab.to_tokens(unread[0])
    return text
