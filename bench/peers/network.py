"""The classic network's shape, and what all peers share."""

CHARACTERS, EMBEDDING, HIDDEN, LAYERS = 86, 512, 256, 3
WINDOW, DROPOUT = 64, 0.2
RATE, EPSILON = 0.001, 1e-7
TUNE = 350  # characters of a tune

FOLDER = "build/peers"


def slice_of(batch):
    """Steps of many streams between two looks at the clock."""
    return max(10, 1000 // batch)
