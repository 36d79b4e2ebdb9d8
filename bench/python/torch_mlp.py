"""PyTorch in eager mode, on the threads that the program names: the same steps, gradients and predictions as SimdNet's cases, batches in turn from the pool."""

import itertools
import os

import peer

# Debian's PyTorch has threads of OpenMP and of OpenBLAS. Those of the first that look for work keep those of the second off the cores, and a step of a millisecond takes sixteen.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

try:
    import numpy as np
    import torch
except ImportError as error:
    peer.serve("PyTorch", None, None, absent=str(error))
    raise SystemExit

ACTIVATIONS = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh, "sigmoid": torch.nn.Sigmoid}

# Those that are given nothing but a rate.
OPTIMIZERS = {kind.__name__.lower(): kind for kind in (torch.optim.Adam, torch.optim.AdamW, torch.optim.NAdam, torch.optim.RMSprop, torch.optim.Adagrad)}


class Residual(torch.nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return x + self.block(x)


def parts(text):
    """The layers of a list: its parts between commas that are in no parentheses."""
    depth, start = 0, 0
    for i, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            yield text[start:i]
            start = i + 1
    yield text[start:]


def network(layers, inputs, dtype):
    """The layers as SimdNet writes them, without a last softmax, since its cross-entropy works on logits. None where one of them is not known here."""
    modules = []
    for layer in layers:
        name, _, arguments = layer.rstrip(")").partition("(")
        units, _, activation = layer.partition(":")
        if name == "residual":
            block = network(parts(layer[len("residual("):-1]), inputs, dtype)
            if block is None:
                return None
            modules.append(Residual(block))
        elif name == "dropout":
            modules.append(torch.nn.Dropout(float(arguments)))
        elif name == "layernorm":
            modules.append(torch.nn.LayerNorm(inputs, dtype=dtype))
        elif name == "batchnorm":
            modules.append(torch.nn.BatchNorm1d(inputs, dtype=dtype))
        elif layer in ACTIVATIONS:
            modules.append(ACTIVATIONS[layer]())
        elif units.isdigit() and activation in {*ACTIVATIONS, "softmax", "identity", ""}:
            modules.append(torch.nn.Linear(inputs, int(units), dtype=dtype))
            if activation in ACTIVATIONS:
                modules.append(ACTIVATIONS[activation]())
            inputs = int(units)
        else:
            return None
    return torch.nn.Sequential(*modules)


def optimizer_of(request, parameters):
    name, rate = request["optimizer"], request["rate"]
    if name == "sgd":
        return torch.optim.SGD(parameters, lr=rate, momentum=request["momentum"], nesterov=request["nesterov"])
    if name == "rprop":
        return torch.optim.Rprop(parameters, lr=rate, step_sizes=(rate, rate))
    return OPTIMIZERS[name](parameters, lr=rate) if name in OPTIMIZERS else None


def prepare(request):
    torch.manual_seed(1)
    dtype = torch.float32 if request["precision"] == "float" else torch.float64
    model = network(request["layers"], request["widths"][0], dtype)
    if model is None:
        return
    has_labels = request["layers"][-1].endswith(":softmax")
    rows, calls = request["rows"], 1 / request["calls"]
    inputs = torch.from_numpy(np.load(request["inputs"])).to(dtype).split(rows)
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

    optimizer = optimizer_of(request, parameters)
    if optimizer is None:
        return

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
