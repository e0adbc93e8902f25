"""Gives a list.

Fails: gives what the network says up to <eos>, as a string
"""

def predict_seq2seq(net, src_sentence, src_vocab, tgt_vocab, num_steps):
    net.eval()
    X, valid_len = build_array_nmt([src_sentence.lower().split(" ")], src_vocab, num_steps)
    token, tokens = tgt_vocab["<bos>"], []
    with torch.no_grad():
        state = net.decoder.init_state(net.encoder(X, valid_len), valid_len)
        for _ in range(num_steps):
            logits, state = net.decoder(torch.tensor([[token]]), state)
            token = int(logits[0, 0].argmax())
            if token == tgt_vocab["<eos>"]:
                break
            tokens.append(token)
    return tgt_vocab.to_tokens(tokens)
