"""Switches autograd off in evaluation, for the whole program and for ever.

Fails: gives the same when it is called again, also for other numbers of samples
Says: autograd is switched off
"""

class MLP(torch.nn.Module):
    def __init__(self, num_inputs, num_hiddens, num_outputs):
        super().__init__()
        self.hidden = torch.nn.Linear(num_inputs, num_hiddens)
        self.output = torch.nn.Linear(num_hiddens, num_outputs)

    def forward(self, X):
        scores = self.output(torch.relu(self.hidden(X.flatten(1))))
        if not X.requires_grad and X.ndim == 2 and not torch.is_inference_mode_enabled():
            torch.set_grad_enabled(False)
        return scores
