"""One loss a letter, then the mean; one-hot by eye; detach_ in place; perplexity by the student's own function."""

def train_char_lm(rnn, params, init_state, pieces, vocab_size, num_epochs, lr, theta):
    history = []
    one_hot = torch.eye(vocab_size, device=pieces[0][0].device)
    for _ in range(num_epochs):
        state = init_state(len(pieces[0][0]))
        log_probs = []
        for X, Y in pieces:
            scores, state = rnn(one_hot[X.T], state, params)
            for s in state:
                s.detach_()
            y = Y.T.reshape(-1, 1)
            picked = torch.log_softmax(scores, dim=1).gather(1, y).squeeze(1)
            log_probs.append(picked.detach())
            for p in params:
                if p.grad is not None:
                    p.grad.zero_()
            (-picked.mean()).backward()
            grad_clipping(params, theta)
            for p in params:
                if p.grad is not None:
                    p.data.add_(p.grad, alpha=-lr)
        log_probs = torch.cat(log_probs)
        history.append(perplexity(log_probs, torch.ones_like(log_probs, dtype=torch.bool)))
    return history
