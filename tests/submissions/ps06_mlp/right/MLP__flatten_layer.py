"""A Flatten layer, functional ReLU, sizes kept, a keyword argument more."""

class MLP(torch.nn.Module):
    def __init__(self, num_inputs, num_hiddens, num_outputs, activation=torch.nn.functional.relu):
        super().__init__()
        self.flatten = torch.nn.Flatten()
        self.layer2 = torch.nn.Linear(num_hiddens, num_outputs)
        self.layer1 = torch.nn.Linear(num_inputs, num_hiddens)
        torch.nn.init.kaiming_normal_(self.layer1.weight, nonlinearity="relu")
        torch.nn.init.xavier_uniform_(self.layer2.weight)
        self.activation = activation

    def forward(self, X):
        out = self.flatten(X)
        out = self.activation(self.layer1(out))
        return self.layer2(out)
