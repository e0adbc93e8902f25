"""Positions joined with the batch, and put back."""


class PositionWiseFFN(nn.Module):
    def __init__(self, ffn_num_input, ffn_num_hiddens, ffn_num_outputs):
        super().__init__()
        self.dense1 = nn.Linear(ffn_num_input, ffn_num_hiddens)
        self.relu = nn.ReLU()
        self.dense2 = nn.Linear(ffn_num_hiddens, ffn_num_outputs)

    def forward(self, X):
        rows = X.reshape(-1, X.shape[-1])
        return self.dense2(torch.relu(self.dense1(rows))).reshape(*X.shape[:-1], -1)
