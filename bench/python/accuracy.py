"""scikit-learn's MLPClassifier on Fashion-MNIST, as bench/accuracy.sh compares it: 784-128-10, ReLU, Adam with rate 0.001, batches of 128, no penalty.

accuracy.py FOLDER EPOCHS --seed S    prints {"test_accuracy": …, "loss": …, "seconds": …}
accuracy.py --version                 prints the version of scikit-learn
"""

import gzip
import json
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn.neural_network import MLPClassifier

warnings.filterwarnings("ignore")


def read(folder, name, header, width):
    with gzip.open(f"{folder}/{name}-ubyte.gz") as file:
        values = np.frombuffer(file.read(), np.uint8, offset=header)
    return values.reshape(-1, width) if width > 1 else values


def images(folder, part):
    return read(folder, f"{part}-images-idx3", 16, 784).astype(np.float32) / 255, read(folder, f"{part}-labels-idx1", 8, 1)


def main(folder, epochs, seed):
    x, y = images(folder, "train")
    model = MLPClassifier(
        hidden_layer_sizes=(128,), activation="relu", solver="adam", alpha=0, batch_size=128, learning_rate_init=0.001,
        max_iter=epochs, n_iter_no_change=epochs, tol=0, random_state=seed)
    start = time.perf_counter()
    model.fit(x, y)
    seconds = time.perf_counter() - start
    assert model.n_iter_ == epochs
    print(json.dumps({"test_accuracy": model.score(*images(folder, "t10k")), "loss": model.loss_, "seconds": seconds}))


if __name__ == "__main__":
    if sys.argv[1:] == ["--version"]:
        print(sklearn.__version__)
    else:
        main(sys.argv[1], int(sys.argv[2]), int(sys.argv[4]))
