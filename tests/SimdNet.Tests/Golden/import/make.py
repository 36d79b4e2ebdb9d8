"""Makes the files of this folder: networks of PyTorch with what they predict, and files as Keras' script writes them, with what numpy predicts by Keras' formulas.

    python3 make.py        Debian's python3-torch 1.13.0 and python3-numpy 1.24.2 made those that are here.
"""
import json
import types

import numpy as np
import torch
from torch import nn

import export_keras
import export_pytorch

CODES = {torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64"}


def save_safetensors(tensors, path):
    """As the safetensors package: by element size, then by name."""
    header, at, data = {}, 0, b""
    for name, tensor in sorted(tensors.items(), key=lambda item: (-item[1].element_size(), item[0])):
        tensor = tensor.detach().contiguous()
        raw = (tensor.view(torch.int16) if tensor.dtype == torch.bfloat16 else tensor).numpy().tobytes()
        header[name] = {"dtype": CODES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [at, at + len(raw)]}
        at, data = at + len(raw), data + raw
    text = json.dumps({"__metadata__": {"format": "pt"}, **header}, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + data)


class Named(nn.Module):
    """Layers whose names do not sort in their order."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Linear(5, 8)
        self.norm = nn.BatchNorm1d(8)
        self.body = nn.Linear(8, 7)
        self.ln = nn.LayerNorm(7)
        self.head = nn.Linear(7, 2, bias=False)

    def forward(self, x):
        x = torch.relu(self.norm(self.stem(x)))
        return self.head(self.ln(torch.tanh(self.body(x))))


def train(model, x):
    """A few steps, so that nothing is as it began, running statistics least of all."""
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    model.train()
    for _ in range(20):
        optimizer.zero_grad()
        model(x).square().mean().backward()
        optimizer.step()
    return model.eval()


def main():
    torch.manual_seed(20)
    x = torch.randn(6, 5)
    expected = {"X": x.numpy()}

    # Square matrices, where a transpose that is forgotten shows in no shape.
    sequential = train(nn.Sequential(
        nn.Linear(5, 7), nn.BatchNorm1d(7), nn.ReLU(), nn.Dropout(0.3), nn.Linear(7, 7), nn.LayerNorm(7), nn.Tanh(),
        nn.Linear(7, 7, bias=False), nn.ReLU(), nn.BatchNorm1d(7, affine=False), nn.Linear(7, 7), nn.Linear(7, 3), nn.Softmax(dim=1)), 2 * x)
    export_pytorch.export(sequential, "pytorch.npz")
    save_safetensors(sequential.state_dict(), "pytorch.safetensors")
    expected["pytorch"] = sequential(x).detach().numpy()
    named = train(Named(), 2 * x)
    save_safetensors(named.state_dict(), "pytorch-named.safetensors")
    expected["pytorch-named"] = named(x).detach().numpy()
    wide = train(nn.Sequential(nn.Linear(5, 6), nn.GELU(), nn.Linear(6, 1)).double(), 2 * x.double())
    export_pytorch.export(wide, "pytorch-double.npz")
    expected["pytorch-double"] = wide(x.double()).detach().numpy()

    # Half precisions: what they hold is what is imported, so the prediction is that of the rounded weights in float.
    for name, dtype in (("pytorch-float16", torch.float16), ("pytorch-bfloat16", torch.bfloat16)):
        half = nn.Sequential(nn.Linear(5, 6), nn.ReLU(), nn.Linear(6, 2)).to(dtype)
        save_safetensors(half.state_dict(), name + ".safetensors")
        if dtype == torch.bfloat16:
            export_pytorch.export(half, "pytorch-bfloat16.npz")
        expected[name] = half.float()(x).detach().numpy()

    # Keras cannot be installed everywhere. What its script asks of a model is a list of layers with names and weights, the weights with names and numbers.
    random = np.random.RandomState(3)
    keras = types.SimpleNamespace(layers=[])
    y = expected["X"].astype(np.float64)

    def layer(name, **weights):
        keras.layers.append(types.SimpleNamespace(name=name, weights=[
            types.SimpleNamespace(name=f"{name}/{key}:0", numpy=lambda value=value: value) for key, value in weights.items()]))

    def dense(name, inputs, units):
        kernel, bias = random.randn(inputs, units).astype(np.float32), random.randn(units).astype(np.float32)
        layer(name, kernel=kernel, bias=bias)
        return y @ kernel + bias

    y = np.maximum(dense("dense", 5, 6), 0)
    gamma, beta, mean = (random.randn(6).astype(np.float32) for _ in range(3))
    variance = random.rand(6).astype(np.float32) / 100
    layer("batch_normalization", gamma=gamma, beta=beta, moving_mean=mean, moving_variance=variance)
    y = gamma * (y - mean) / np.sqrt(variance + 1e-3) + beta
    layer("dropout")
    y = np.tanh(dense("dense_1", 6, 6))
    y = dense("dense_2", 6, 2)
    export_keras.export(keras, "keras.npz")
    np.savez("keras-list.npz", *[w.numpy() for l in keras.layers for w in l.weights])
    expected["keras"] = y
    np.savez("expected.npz", **expected)


main()
