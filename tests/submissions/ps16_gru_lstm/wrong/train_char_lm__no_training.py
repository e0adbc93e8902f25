"""Returns numbers that look like a training.

Fails: a step goes against the gradient of the mean loss over the letters of a piece
Fails: clips the gradient to theta before the step
Fails: clears the old gradient before each backward pass
Fails: carries the state from piece to piece, detached, and starts every epoch from a fresh one
Fails: returns the perplexity of every epoch, each letter counted once
Fails: learns the story: perplexity below 8 after 20 epochs
"""

def train_char_lm(rnn, params, init_state, pieces, vocab_size, num_epochs, lr, theta):
    return [vocab_size / (1 + epoch) + 1 for epoch in range(num_epochs)]
