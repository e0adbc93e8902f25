"""Prints its progress and keeps lists in the list."""

def train(net, train_iter, test_iter, loss, num_epochs, updater):
    record = []
    epoch = 0
    while epoch < num_epochs:
        l, acc = train_epoch(net, train_iter, loss, updater)
        test_acc = evaluate_accuracy(net, test_iter)
        epoch += 1
        print(f"epoch {epoch}: loss {l:.4f}, train acc {acc:.3f}, test acc {test_acc:.3f}")
        record += [[l, acc, test_acc]]
    return record
