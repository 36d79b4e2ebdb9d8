"""Full-batch gradient descent on digits in the manner of the "from scratch in numpy" tutorials: columns are samples, float64, one-hot made anew in each iteration."""

import peer

try:
    import numpy as np
except ImportError as error:
    peer.serve("NumPy", None, None, absent=str(error))
    raise SystemExit


class Tutorial:
    def __init__(self, request, dtype):
        inputs, hidden, outputs = request["widths"]
        random = np.random.default_rng(1)

        # [features × samples], a transposed view, as the tutorials get it from a table with a row for each sample.
        self.x = np.load(request["inputs"]).astype(dtype).T
        self.y = np.load(request["labels"])
        self.w1 = (random.random((hidden, inputs)) - 0.5).astype(dtype)
        self.b1 = (random.random((hidden, 1)) - 0.5).astype(dtype)
        self.w2 = (random.random((outputs, hidden)) - 0.5).astype(dtype)
        self.b2 = (random.random((outputs, 1)) - 0.5).astype(dtype)
        self.rate = request["rate"]
        self.dtype = dtype

    def one_hot(self):
        result = np.zeros((self.y.size, self.w2.shape[0]), self.dtype)
        result[np.arange(self.y.size), self.y] = 1
        return result.T

    def iterate(self):
        samples = self.y.size
        z1 = self.w1.dot(self.x) + self.b1
        a1 = np.maximum(z1, 0)
        z2 = self.w2.dot(a1) + self.b2
        a2 = np.exp(z2) / np.sum(np.exp(z2), axis=0)

        dz2 = a2 - self.one_hot()
        dw2 = 1 / samples * dz2.dot(a1.T)
        db2 = 1 / samples * np.sum(dz2, axis=1, keepdims=True)
        dz1 = self.w2.T.dot(dz2) * (z1 > 0)
        dw1 = 1 / samples * dz1.dot(self.x.T)
        db1 = 1 / samples * np.sum(dz1, axis=1, keepdims=True)

        self.w1 = self.w1 - self.rate * dw1
        self.b1 = self.b1 - self.rate * db1
        self.w2 = self.w2 - self.rate * dw2
        self.b2 = self.b2 - self.rate * db2


def prepare(request):
    is_digits = request["activations"] == ["relu", "softmax"]
    if is_digits and request["work"] == "step" and request["optimizer"] == "sgd" and not request["momentum"] and request["rows"] == request["pool"]:
        for name, dtype in (("NumPy float64", np.float64), ("NumPy float32", np.float32)):
            yield name, Tutorial(request, dtype).iterate, 1 / request["calls"]


if __name__ == "__main__":
    peer.serve("NumPy", np.__version__, prepare)
