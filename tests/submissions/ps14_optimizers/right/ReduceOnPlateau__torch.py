"""PyTorch's scheduler with threshold 0."""


class ReduceOnPlateau:
    def __init__(self, lr, factor=0.1, patience=10):
        self.optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
        self.scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(self.optimizer, factor=factor, patience=patience, threshold=0, eps=0)

    @property
    def lr(self):
        return self.optimizer.param_groups[0]["lr"]

    def step(self, loss):
        self.scheduler.step(loss)
        return self.lr
