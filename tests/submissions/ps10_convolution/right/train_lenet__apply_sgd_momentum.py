"""net.apply, SGD with momentum, tensors in the list, gradients cleared before the forward pass."""

def train_lenet(net, train_iter, num_epochs):
    def init_weights(m):
        if type(m) in (nn.Linear, nn.Conv2d):
            nn.init.xavier_normal_(m.weight, gain=4.0)
            nn.init.constant_(m.bias, 0)

    net.apply(init_weights)
    criterion = nn.CrossEntropyLoss()
    opt = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.9)
    net.train()
    losses = []
    for epoch in range(num_epochs):
        epoch_losses = []
        for images, labels in train_iter:
            opt.zero_grad()
            loss = criterion(net(images), labels)
            loss.backward()
            opt.step()
            epoch_losses.append(loss.detach())
        losses.append(torch.stack(epoch_losses).mean())
    return losses
