"""reshape, names for all arguments, a list."""

def bahdanau_step(attention, query, enc_outputs, enc_valid_lens):
    n, h = query.shape
    out = attention(queries=query.reshape(n, 1, h), keys=enc_outputs, values=enc_outputs, valid_lens=enc_valid_lens)
    return [out.reshape(n, -1), attention.attention_weights.reshape(n, -1)]
