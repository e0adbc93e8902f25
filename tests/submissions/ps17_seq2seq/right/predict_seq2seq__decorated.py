"""A decorator, words at once."""

@torch.no_grad()
def predict_seq2seq(net, src_sentence, src_vocab, tgt_vocab, num_steps):
    net.train(False)
    array, lengths = build_array_nmt([src_sentence.lower().split()], src_vocab, num_steps)
    state = net.decoder.init_state(net.encoder(array, lengths), lengths)
    words, X = [], torch.full((1, 1), tgt_vocab["<bos>"])
    while len(words) < num_steps:
        scores, state = net.decoder(X, state)
        X = scores.argmax(-1)
        word = tgt_vocab.to_tokens(X.item())
        if word == "<eos>":
            return " ".join(words)
        words.append(word)
    return " ".join(words)
