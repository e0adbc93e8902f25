"""Leaves autograd switched off.

Fails: leaves autograd and the default dtype as they were
Says: autograd is switched off
"""


import math

def train_char_lm(rnn, params, init_state, pieces, vocab_size, num_epochs, lr, theta):
    history = []
    for epoch in range(num_epochs):
        state = init_state(pieces[0][0].shape[0])
        total, letters = 0.0, 0
        for X, Y in pieces:
            torch.set_grad_enabled(True)
            inputs = torch.nn.functional.one_hot(X.T, vocab_size).float()
            outputs, state = rnn(inputs, state, params)
            state = tuple(s.detach() for s in state)
            loss = torch.nn.functional.cross_entropy(outputs, Y.T.reshape(-1))
            for p in params:
                p.grad = None
            loss.backward()
            grad_clipping(params, theta)
            torch.set_grad_enabled(False)
            for p in params:
                p -= lr * p.grad
            total += loss.item() * Y.numel()
            letters += Y.numel()
        history.append(math.exp(total / letters))
    return history
