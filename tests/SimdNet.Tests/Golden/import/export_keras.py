import numpy as np

def export(model, path="W.npz"):
    arrays = {}
    for layer in model.layers:                         # Dense, BatchNormalization, LayerNormalization, in order
        for weight in layer.weights:                   # Dense.kernel is [inputs × units]: import takes it as it is
            name = weight.name.split("/")[-1].split(":")[0]
            arrays[f"{layer.name}/{name}"] = weight.numpy()
    np.savez(path, **arrays)
