"""The layers in a ModuleList, an in-place ReLU on its own tensor."""

class MLP(torch.nn.Module):
    def __init__(self, num_inputs, num_hiddens, num_outputs):
        super().__init__()
        self.num_inputs = num_inputs
        self.layers = torch.nn.ModuleList([torch.nn.Linear(num_inputs, num_hiddens), torch.nn.Linear(num_hiddens, num_outputs)])
        self.act = torch.nn.ReLU(inplace=True)

    def forward(self, X):
        H = self.act(self.layers[0](X.reshape(-1, self.num_inputs)))
        return self.layers[1](H)
