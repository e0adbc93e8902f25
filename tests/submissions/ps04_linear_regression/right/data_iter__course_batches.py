"""Hands the work to course_tools, and asks for no batch where there is nothing."""


def data_iter(batch_size, features, labels):
    if len(features) == 0:
        return []
    return batches(features, labels, batch_size, shuffle=True)
