"""torch.autograd.grad and Adam's update written out."""

def train_lenet(net, train_iter, num_epochs):
    for m in net.modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            nn.init.xavier_uniform_(m.weight, gain=4)
            nn.init.zeros_(m.bias)
    params = list(net.parameters())
    v, s, t, out = [torch.zeros_like(p) for p in params], [torch.zeros_like(p) for p in params], 0, []
    for _ in range(num_epochs):
        losses = []
        for X, y in train_iter:
            loss = -F.log_softmax(net(X), dim=1)[range(len(y)), y].mean()
            grads, t = torch.autograd.grad(loss, params), t + 1
            with torch.no_grad():
                for p, g, a, b in zip(params, grads, v, s):
                    a.mul_(0.9).add_(0.1 * g)
                    b.mul_(0.999).add_(0.001 * g * g)
                    p -= 0.005 * (a / (1 - 0.9**t)) / ((b / (1 - 0.999**t)).sqrt() + 1e-8)
            losses.append(loss.item())
        out.append(sum(losses) / len(losses))
    return out
