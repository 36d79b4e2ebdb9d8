"""PyTorch in eager mode, on the threads that the program names: the same steps, gradients and predictions as SimdNet's cases, batches in turn from the pool."""

import itertools
import os

import peer

try:
    import numpy as np
    import torch
except ImportError as error:
    peer.serve("PyTorch", None, None, absent=str(error))
    raise SystemExit

ACTIVATIONS = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh, "sigmoid": torch.nn.Sigmoid}


def network(request, dtype):
    """The layers without a last softmax: its cross-entropy works on logits."""
    layers = []
    for inputs, units, activation in zip(request["widths"], request["widths"][1:], request["activations"]):
        layers.append(torch.nn.Linear(inputs, units, dtype=dtype))
        if activation in ACTIVATIONS:
            layers.append(ACTIVATIONS[activation]())
    return torch.nn.Sequential(*layers)


def prepare(request):
    known = {*ACTIVATIONS, "softmax", "identity"}
    if not known.issuperset(request["activations"]):
        return
    torch.manual_seed(1)
    dtype = torch.float32 if request["precision"] == "float" else torch.float64
    has_labels = request["activations"][-1] == "softmax"
    rows, calls = request["rows"], 1 / request["calls"]
    inputs = torch.from_numpy(np.load(request["inputs"])).to(dtype).split(rows)
    model = network(request, dtype)
    if request["work"] == "predict":
        if has_labels:
            model.append(torch.nn.Softmax(dim=1))
        batches = itertools.cycle(inputs)

        def predict():
            with torch.inference_mode():
                model(next(batches))

        yield "PyTorch", predict, calls
        return

    if has_labels:
        targets = torch.from_numpy(np.load(request["labels"]).astype(np.int64)).split(rows)
        loss_of = torch.nn.CrossEntropyLoss()
    else:
        targets = torch.from_numpy(np.load(request["targets"])).to(dtype).split(rows)
        loss_of = torch.nn.MSELoss()
    batches = itertools.cycle(list(zip(inputs, targets)))
    parameters = list(model.parameters())
    if request["work"] == "gradient":

        def gradient():
            x, y = next(batches)
            for parameter in parameters:
                parameter.grad = None
            loss_of(model(x), y).backward()

        yield "PyTorch", gradient, calls
        return

    kind = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}.get(request["optimizer"])
    if kind is None:
        return
    optimizer = kind(parameters, lr=request["rate"])

    def step():
        x, y = next(batches)
        optimizer.zero_grad(set_to_none=True)
        loss_of(model(x), y).backward()
        optimizer.step()

    yield "PyTorch", step, calls


if __name__ == "__main__":
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    torch.set_num_interop_threads(1)
    peer.serve("PyTorch", torch.__version__, prepare)
