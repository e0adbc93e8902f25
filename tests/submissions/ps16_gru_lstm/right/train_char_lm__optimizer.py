"""torch.optim.SGD, clip_grad_norm_, a loss object; the state is detached before it is used."""

import torch.nn as nn
from torch.nn import functional as F

def train_char_lm(rnn, params, init_state, pieces, vocab_size, num_epochs, lr, theta):
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(params, lr)
    perplexities = []
    for _ in range(num_epochs):
        state, losses, sizes = None, [], []
        for X, Y in pieces:
            if state is None:
                state = init_state(X.shape[0])
            else:
                state = tuple(s.detach() for s in state)
            y = Y.permute(1, 0).flatten()
            y_hat, state = rnn(F.one_hot(X.permute(1, 0), num_classes=vocab_size).to(torch.float32), state, params)
            l = criterion(y_hat, y)
            optimizer.zero_grad()
            l.backward()
            nn.utils.clip_grad_norm_(params, theta)
            optimizer.step()
            losses.append(l.detach() * len(y))
            sizes.append(len(y))
        perplexities.append(float(torch.exp(sum(losses) / sum(sizes))))
    return perplexities
