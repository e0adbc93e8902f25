"""Matrices and vectors of its own."""


class PositionWiseFFN(nn.Module):
    def __init__(self, ffn_num_input, ffn_num_hiddens, ffn_num_outputs):
        super().__init__()
        self.W1 = nn.Parameter(torch.randn(ffn_num_input, ffn_num_hiddens) / ffn_num_input**0.5)
        self.b1 = nn.Parameter(torch.zeros(ffn_num_hiddens))
        self.W2 = nn.Parameter(torch.randn(ffn_num_hiddens, ffn_num_outputs) / ffn_num_hiddens**0.5)
        self.b2 = nn.Parameter(torch.zeros(ffn_num_outputs))

    def forward(self, X):
        return torch.relu(X @ self.W1 + self.b1) @ self.W2 + self.b2
