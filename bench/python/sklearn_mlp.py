"""scikit-learn's MLPClassifier: minibatches over the pool of samples by partial_fit, so that its checks of arguments are shared by all steps of the pool."""

import warnings

import peer

try:
    import numpy as np
    import sklearn
    from sklearn.neural_network import MLPClassifier
except ImportError as error:
    peer.serve("scikit-learn", None, None, absent=str(error))
    raise SystemExit

warnings.filterwarnings("ignore")


def prepare(request):
    is_digits = request["activations"] == ["relu", "softmax"]
    if not is_digits or request["work"] not in ("step", "predict") or request["optimizer"] not in ("", "sgd", "adam") or request["rows"] == 1 or request["rows"] == request["pool"] > 4096:
        return
    x = np.load(request["inputs"]).astype(np.float32 if request["precision"] == "float" else np.float64)
    y = np.load(request["labels"])
    y[: request["widths"][-1]] = np.arange(request["widths"][-1])
    model = MLPClassifier(
        hidden_layer_sizes=tuple(request["widths"][1:-1]), activation="relu", solver=request["optimizer"] or "sgd", alpha=0, batch_size=request["rows"],
        learning_rate_init=request["rate"], momentum=request["momentum"], nesterovs_momentum=request["nesterov"], shuffle=False, random_state=1)
    model.partial_fit(x, y, classes=np.arange(request["widths"][-1]))
    if request["work"] == "predict":
        batch = x[: request["rows"]]
        yield "scikit-learn", lambda: model.predict_proba(batch), 1
    else:
        yield "scikit-learn", lambda: model.partial_fit(x, y), len(x) // request["rows"]


if __name__ == "__main__":
    peer.serve("scikit-learn", sklearn.__version__, prepare)
