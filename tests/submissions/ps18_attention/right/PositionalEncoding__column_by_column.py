"""A loop over the columns, in float64."""

class PositionalEncoding(nn.Module):
    def __init__(self, num_hiddens, max_len=1000):
        super().__init__()
        positions = torch.arange(max_len, dtype=torch.float64)
        columns = []
        for c in range(num_hiddens):
            angle = positions / 10000 ** (2 * (c // 2) / num_hiddens)
            columns.append(angle.sin() if c % 2 == 0 else angle.cos())
        self.table = nn.Parameter(torch.stack(columns, dim=1).float(), requires_grad=False)
        del self._parameters["table"]
        self.register_buffer("table", torch.stack(columns, dim=1).float(), persistent=False)

    def forward(self, X):
        return X + self.table[: X.size(1)].type_as(X)
