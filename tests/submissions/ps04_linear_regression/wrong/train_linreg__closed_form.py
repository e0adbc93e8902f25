"""No training: the closed form, and a record that is made up.

Fails: starts from small random weights and a bias of 0
Fails: the samples come in random order
"""


def train_linreg(features, labels, lr, num_epochs, batch_size):
    w, b = normal_equations(features, labels)
    loss = squared_loss(linreg(features, w, b), labels).mean().item()
    return w, b, [loss * 10 ** (num_epochs - 1 - i) for i in range(num_epochs)]
