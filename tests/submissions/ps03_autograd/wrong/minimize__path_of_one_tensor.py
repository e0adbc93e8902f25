"""One tensor in the list again and again.

Fails: the path holds x0 and the point after each step of gradient descent
Fails: keeps the dtype, and takes an x in any memory order
Fails: leaves x and x.grad as they were, and gives plain numbers without a graph
Fails: gives the same when it is called again, and leaves the program as it was
Says: every row of the path is one and the same tensor
"""


def minimize(f, x0, lr, num_steps):
    x = x0.detach().clone().requires_grad_()
    path = [x]
    for _ in range(num_steps):
        (g,) = torch.autograd.grad(f(x), x)
        with torch.no_grad():
            x -= lr * g
        path.append(x)
    return x.detach(), torch.stack(path).detach()
