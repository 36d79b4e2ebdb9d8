"""Writes settings.npz: optimizers, clipping and schedules of PyTorch 1.13 in double precision, with other settings than those of optimizers.npz, whose network and rows they share.

NAME is every parameter after 50 steps (W1, b1, W2, b2, W3, b3; weights [inputs x units]), NAME__loss the 50 losses. rates__NAME are a schedule's learning rates from 0.1, step by step.
"""
import warnings

import numpy as np
import scipy.optimize
import torch
from torch.optim import lr_scheduler as lr

warnings.simplefilter("ignore")
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
start = np.load("optimizers.npz")
X, labels = torch.tensor(start["X"]), torch.tensor(start["labels"].astype(np.int64))
out = {}


def train(name, make, rows=8, clip=None):
    parameters = [torch.tensor(start[f"{kind}{layer}_0"], requires_grad=True) for layer in (1, 2, 3) for kind in "Wb"]
    optimizer = make(parameters)
    losses = []
    for step in range(50):
        row = step * rows % 40
        W1, b1, W2, b2, W3, b3 = parameters
        logits = torch.relu(torch.tanh(X[row:row + rows] @ W1 + b1) @ W2 + b2) @ W3 + b3
        loss = torch.nn.functional.cross_entropy(logits, labels[row:row + rows])
        optimizer.zero_grad()
        loss.backward()
        if clip:
            clip(parameters)
        optimizer.step()
        losses.append(loss.item())
    out[name] = np.concatenate([p.detach().numpy().ravel() for p in parameters])
    out[name + "__loss"] = np.array(losses)


def by_tensor(parameters, most):
    # Keras' clipnorm: t * most / max(norm, most).
    for p in parameters:
        p.grad.mul_(most / max(p.grad.norm().item(), most))


O = torch.optim
train("rmsprop_plain", lambda p: O.RMSprop(p))
train("rmsprop_momentum", lambda p: O.RMSprop(p, 0.005, alpha=0.95, momentum=0.8))
train("rmsprop_centered", lambda p: O.RMSprop(p, 0.01, alpha=0.9, eps=1e-5, centered=True))
train("rmsprop_all", lambda p: O.RMSprop(p, 0.004, alpha=0.9, eps=1e-5, centered=True, momentum=0.7, weight_decay=0.02))
train("adagrad_rate_decay", lambda p: O.Adagrad(p, 0.1, lr_decay=0.1))
train("adagrad_initial", lambda p: O.Adagrad(p, 0.1, initial_accumulator_value=0.1, eps=1e-7, weight_decay=0.01))
train("adam_settings", lambda p: O.Adam(p, 0.02, betas=(0.8, 0.95), eps=1e-4, weight_decay=0.05))
train("adamw_plain", lambda p: O.AdamW(p))
train("adamw_settings", lambda p: O.AdamW(p, 0.02, betas=(0.8, 0.95), eps=1e-4, weight_decay=0.3))
train("nadam_plain", lambda p: O.NAdam(p))
train("nadam_settings", lambda p: O.NAdam(p, 0.02, betas=(0.8, 0.95), eps=1e-4, weight_decay=0.05, momentum_decay=0.05))
train("rprop_plain", lambda p: O.Rprop(p), rows=40)
train("rprop_settings", lambda p: O.Rprop(p, 0.05, etas=(0.3, 1.5), step_sizes=(1e-3, 0.1)), rows=40)
train("sgd_all", lambda p: O.SGD(p, 0.05, momentum=0.8, nesterov=True, weight_decay=0.03))
train("clip_value", lambda p: O.SGD(p, 0.1, momentum=0.9), clip=lambda p: torch.nn.utils.clip_grad_value_(p, 0.01))
train("clip_by_tensor", lambda p: O.SGD(p, 0.1, momentum=0.9), clip=lambda p: by_tensor(p, 0.03))
train("clip_global_adam", lambda p: O.Adam(p, 0.01), clip=lambda p: torch.nn.utils.clip_grad_norm_(p, 0.1))


def rates(name, make, steps=200, metrics=None):
    optimizer = O.SGD([torch.zeros(1, requires_grad=True)], 0.1)
    schedule = make(optimizer)
    values = []
    for step in range(steps):
        values.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if metrics is None:
            schedule.step()
        else:
            schedule.step(metrics[step])
    out["rates__" + name] = np.array(values)


rates("step", lambda o: lr.StepLR(o, 7, 0.3))
rates("exponential", lambda o: lr.ExponentialLR(o, 0.97))
rates("cosine", lambda o: lr.CosineAnnealingLR(o, 30))
rates("cosine_min", lambda o: lr.CosineAnnealingLR(o, 25, 0.01))
rates("restarts", lambda o: lr.CosineAnnealingWarmRestarts(o, 5, 2))
rates("restarts_min", lambda o: lr.CosineAnnealingWarmRestarts(o, 9, 1, 0.02))
rates("one_cycle", lambda o: lr.OneCycleLR(o, 0.1, 200))
rates("one_cycle_short", lambda o: lr.OneCycleLR(o, 0.1, 4), steps=4)
rates("warmup", lambda o: lr.LinearLR(o, total_iters=12))
rates("warmup_cosine", lambda o: lr.SequentialLR(o, [lr.LinearLR(o, 0.1, total_iters=8), lr.CosineAnnealingLR(o, 40)], [8]))
rates("polynomial", lambda o: lr.PolynomialLR(o, 40, 2.5))
out["metrics"] = np.array([5, 4, 3.9, 3.9, 3.8999, 3.95, 3, 3.1, 3.2, 3.3, 3.4, 3.5, 3.6, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1.99, 2, 2.5, 1.5, np.nan, 1.6, 1.7, 1.8], float)
out["metrics"] = np.append(out["metrics"], 1.5 * 0.98 ** np.arange(170) + 0.2 * np.random.default_rng(2).random(170))
rates("plateau", lambda o: lr.ReduceLROnPlateau(o, patience=2, factor=0.5), metrics=out["metrics"])


# The minimum of a convex problem: softmax regression with half a penalty 0.01 on all parameters, W [5 x 3] and b [3] from 0.
def regression(p):
    W, b = torch.tensor(p[:15].reshape(5, 3), requires_grad=True), torch.tensor(p[15:], requires_grad=True)
    loss = torch.nn.functional.cross_entropy(X @ W + b, labels) + 0.005 * ((W * W).sum() + (b * b).sum())
    loss.backward()
    return loss.item(), np.concatenate([W.grad.numpy().ravel(), b.grad.numpy()])


minimum = scipy.optimize.minimize(regression, np.zeros(18), jac=True, method="L-BFGS-B", options={"gtol": 1e-13, "ftol": 0, "maxiter": 1000})
p = minimum.x
for _ in range(3):
    # Newton's steps, beyond what a line search can tell apart.
    hessian = np.array([(regression(p + h)[1] - regression(p - h)[1]) / 2e-5 for h in 1e-5 * np.eye(18)])
    p = p - np.linalg.solve(hessian, regression(p)[1])
out["regression"], out["regression__loss"] = p, np.array([regression(p)[0]])
np.savez("settings.npz", **out)
