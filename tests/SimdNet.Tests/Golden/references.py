"""Writes references.npz: what PyTorch 1.13 and scikit-learn 1.2 compute in double precision of losses behind their last layers, penalties, L-BFGS and scores of classes, for inputs of losses.npz and optimizers.npz.

LOSS and LOSS_grad are a loss of predictions z [7 x 5], the last layer's logits, and its gradient with respect to z, the layer's activation included.
"""
import warnings

import numpy as np
import sklearn.linear_model
import sklearn.metrics as metrics
import torch
import torch.nn.functional as F

warnings.simplefilter("ignore")
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
given = np.load("losses.npz")
z = torch.tensor(given["prediction"])
labels = torch.tensor(given["class_target"])
target, soft, binary, weight = (torch.tensor(given[name]) for name in ("target", "soft_target", "binary_target", "class_weight"))
random = np.random.default_rng(5)
out = {}
out["counts"] = random.poisson(1.5, (7, 5)).astype(float)
out["row_weight"] = np.array([1, 0.5, 2, 0, 3, 0.25, 1])
out["binary_labels"] = np.array([[1.0], [0], [1], [1], [0], [0], [1]])
out["binary_weight"] = np.array([0.4, 1.7])
out["hot"] = np.eye(5)[given["class_target"]]
counts, rows, answers, pair, hot = (torch.tensor(out[name]) for name in ("counts", "row_weight", "binary_labels", "binary_weight", "hot"))
signs = 2 * hot - 1


def loss(name, compute, x=z):
    x = x.clone().requires_grad_()
    value = compute(x)
    value.backward()
    out[name], out[name + "_grad"] = np.array(value.item()), x.grad.numpy()


def mean(terms, weights):
    # Rows by their weights: what is a mean is divided by the sum of these.
    return (terms.mean(1) * weights).sum() / weights.sum()


def hardsigmoid(x):
    # PyTorch's own multiplies gradients of doubles by a 1/6 of single precision.
    return F.relu6(x + 3) / 6


poisson_of_log, poisson_of_rate = torch.nn.PoissonNLLLoss(), torch.nn.PoissonNLLLoss(log_input=False)
divergence = torch.nn.KLDivLoss(reduction="batchmean")
loss("poisson_identity", lambda x: poisson_of_log(x, counts))
for activation in (F.softplus, F.relu, hardsigmoid, torch.sigmoid):
    loss("poisson_" + activation.__name__, lambda x: poisson_of_rate(activation(x), counts))
loss("poisson_softmax", lambda x: poisson_of_rate(F.softmax(x, 1), counts))
loss("kl", lambda x: divergence(F.log_softmax(x, 1), soft))
loss("kl_hot", lambda x: divergence(F.log_softmax(x, 1), hot))
loss("bce_hardsigmoid", lambda x: F.binary_cross_entropy(hardsigmoid(x), binary))
loss("bce_softmax", lambda x: F.binary_cross_entropy(F.softmax(x, 1), soft))
loss("bce_with_logits_soft", lambda x: F.binary_cross_entropy_with_logits(x, soft))
loss("hinge_identity", lambda x: F.relu(1 - signs * x).mean())
loss("hinge_tanh", lambda x: F.relu(1 - signs * torch.tanh(x)).mean())
loss("huber_half", lambda x: F.huber_loss(x, target, delta=0.5))
loss("huber_tanh", lambda x: F.huber_loss(torch.tanh(x), target, delta=0.5))
loss("mae_sigmoid", lambda x: F.l1_loss(torch.sigmoid(x), target))
for name, activation in (("elu", F.elu), ("selu", F.selu), ("gelu", F.gelu), ("silu", F.silu), ("mish", F.mish), ("softplus", F.softplus), ("softsign", F.softsign), ("hardsigmoid", hardsigmoid), ("softmax", lambda x: F.softmax(x, 1)), ("log_softmax", lambda x: F.log_softmax(x, 1))):
    loss("mse_" + name, lambda x: F.mse_loss(activation(x), target))
loss("smoothed", lambda x: F.cross_entropy(x, labels, label_smoothing=0.25))
loss("smoothed_soft", lambda x: F.cross_entropy(x, soft, label_smoothing=0.25))
loss("smoothed_class_weight", lambda x: F.cross_entropy(x, labels, weight=weight, label_smoothing=0.25))
loss("soft_class_weight", lambda x: F.cross_entropy(x, soft, weight=weight))
loss("weighted_rows", lambda x: (F.cross_entropy(x, labels, reduction="none") * rows).sum() / rows.sum())
loss("weighted_rows_and_classes", lambda x: (F.cross_entropy(x, labels, reduction="none") * rows * weight[labels]).sum() / (rows * weight[labels]).sum())
loss("bce_class_weight", lambda x: mean(F.binary_cross_entropy_with_logits(x, answers, reduction="none"), pair[answers[:, 0].long()]), z[:, :1])
loss("mse_weighted_rows", lambda x: mean(F.mse_loss(x, target, reduction="none"), rows))
loss("hinge_class_weight", lambda x: mean(F.relu(1 - signs * x), weight[labels]))
loss("kl_class_weight", lambda x: (F.kl_div(F.log_softmax(x, 1), hot, reduction="none").sum(1) * weight[labels]).sum() / weight[labels].sum())
out["hinge_sklearn"] = np.array(metrics.hinge_loss(out["binary_labels"][:, 0], given["prediction"][:, 0]))

# Penalties and norms of Keras' formulas, in the network of optimizers.npz: 5-7-4-3, batches of 8.
start = np.load("optimizers.npz")
X, classes = torch.tensor(start["X"]), torch.tensor(start["labels"].astype(np.int64))


def parameters():
    return [torch.tensor(start[f"{kind}{layer}_0"], requires_grad=True) for layer in (1, 2, 3) for kind in "Wb"]


def network(p, row, rows, act):
    W1, b1, W2, b2, W3, b3 = p
    return F.cross_entropy(act(torch.tanh(X[row:row + rows] @ W1 + b1) @ W2 + b2) @ W3 + b3, classes[row:row + rows])


def constrained(name, make, penalty=None, limit=None):
    p, losses = parameters(), []
    optimizer = make(p)
    for step in range(50):
        value = network(p, step * 8 % 40, 8, torch.relu) + (penalty(p) if penalty else 0)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        if limit:
            with torch.no_grad():
                for W in p[::2]:
                    norms = W.norm(dim=0)
                    W.mul_(torch.where(norms > limit, limit / norms, torch.ones_like(norms)))
        losses.append(value.item())
    out[name] = np.concatenate([t.detach().numpy().ravel() for t in p])
    out[name + "__loss"] = np.array(losses)


def penalty(p):
    return 0.003 * p[0].abs().sum() + 0.02 * (p[2] * p[2]).sum() + 0.001 * p[4].abs().sum() + 0.01 * (p[4] * p[4]).sum()


constrained("penalties", lambda p: torch.optim.SGD(p, 0.1, momentum=0.9), penalty=penalty)
constrained("penalties_adam", lambda p: torch.optim.Adam(p, 0.01), penalty=penalty)
constrained("max_norm", lambda p: torch.optim.SGD(p, 0.2, momentum=0.9), limit=0.8)
constrained("max_norm_adamw", lambda p: torch.optim.AdamW(p, 0.02, weight_decay=0.1), limit=0.9)


# One iteration a step, so that each one's loss is known.
def lbfgs(name, p, objective, steps, history=10):
    optimizer = torch.optim.LBFGS(p, max_iter=1, max_eval=100, history_size=history, tolerance_grad=1e-9, tolerance_change=0, line_search_fn="strong_wolfe")
    losses = []

    def closure():
        optimizer.zero_grad()
        value = objective()
        value.backward()
        return value

    for _ in range(steps):
        optimizer.step(closure)
        losses.append(objective().item())
    out[name] = np.concatenate([t.detach().numpy().ravel() for t in p])
    out[name + "__loss"] = np.array(losses)


W, b = torch.zeros(5, 3, requires_grad=True), torch.zeros(3, requires_grad=True)
lbfgs("lbfgs_regression", [W, b], lambda: F.cross_entropy(X @ W + b, classes) + 0.005 * ((W * W).sum() + (b * b).sum()), 25)
for history in (3, 10):
    p = parameters()
    lbfgs(f"lbfgs_tanh_{history}", p, lambda: network(p, 0, 40, torch.tanh) + 0.005 * sum((t * t).sum() for t in p), 40, history)

# Without a penalty on the biases, as scikit-learn has it.
model = sklearn.linear_model.LogisticRegression(C=2, solver="lbfgs", tol=1e-12, max_iter=10_000, multi_class="multinomial").fit(start["X"], start["labels"])
out["logistic"] = model.coef_.T

# Scores of classes of which some are never there, never said, or neither.
for case in range(8):
    actual, said = random.choice([0, 2, 3, 5], 12), random.choice([1, 2, 3, 5], 12)
    if case % 2:
        said = np.where(random.random(12) < 0.6, actual, said)
    out[f"classes_{case}"] = np.concatenate([actual, said])
    out[f"scores_{case}"] = np.array([score(actual, said, average=average, zero_division=0) for score in (metrics.precision_score, metrics.recall_score, metrics.f1_score) for average in ("macro", "micro")])
np.savez("references.npz", **out)
