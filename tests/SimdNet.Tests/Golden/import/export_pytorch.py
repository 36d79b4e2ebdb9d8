import numpy as np
import torch

def export(model, path="W.npz"):
    arrays = {}
    for name, tensor in model.state_dict().items():    # Linear.weight is [units × inputs]: import transposes it
        tensor = tensor.detach().cpu()
        arrays[name] = (tensor.float() if tensor.dtype == torch.bfloat16 else tensor).numpy()
    np.savez(path, **arrays)
