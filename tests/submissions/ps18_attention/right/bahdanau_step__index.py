"""Indexes with None and 0."""

def bahdanau_step(attention, query, enc_outputs, enc_valid_lens):
    context = attention(query[:, None, :], enc_outputs, enc_outputs, enc_valid_lens)[:, 0]
    return context, attention.attention_weights[:, 0]
