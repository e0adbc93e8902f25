"""Measures the loss of each piece after its step.

Fails: carries the state from piece to piece, detached, and starts every epoch from a fresh one
Fails: returns the perplexity of every epoch, each letter counted once
Says: rnn was called
"""


import math

def train_char_lm(rnn, params, init_state, pieces, vocab_size, num_epochs, lr, theta):
    history = []
    for epoch in range(num_epochs):
        state = init_state(pieces[0][0].shape[0])
        total, letters = 0.0, 0
        for X, Y in pieces:
            inputs = torch.nn.functional.one_hot(X.T, vocab_size).float()
            before = state
            outputs, state = rnn(inputs, state, params)
            state = tuple(s.detach() for s in state)
            loss = torch.nn.functional.cross_entropy(outputs, Y.T.reshape(-1))
            for p in params:
                p.grad = None
            loss.backward()
            grad_clipping(params, theta)
            with torch.no_grad():
                for p in params:
                    p -= lr * p.grad
            with torch.no_grad():
                loss = torch.nn.functional.cross_entropy(rnn(inputs, before, params)[0], Y.T.reshape(-1))
            total += loss.item() * Y.numel()
            letters += Y.numel()
        history.append(math.exp(total / letters))
    return history
