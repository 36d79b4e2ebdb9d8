"""What the scripts of this folder share: they answer the benchmark program's requests, a line of JSON each, until their input ends.

A script first names itself:   {"implementation": "PyTorch", "version": "1.13.0", "absent": null}
Then each request, for example {"suite": "MinibatchStep", "case": "784-128-10 batch 32 sgd", "precision": "float", "work": "step",
                                "widths": [784, 128, 10], "activations": ["relu", "softmax"], "layers": ["128:relu", "10:softmax"],
                                "optimizer": "sgd", "momentum": 0, "nesterov": false, "rate": 1e-7,
                                "rows": 32, "pool": 2048, "calls": 1, "inputs": "x.npy", "labels": "labels.npy", "targets": "targets.npy", "dry": false}
(activations are empty where there are other layers than dense ones, which layers alone have)
gets an answer:                {"suite": …, "case": …, "precision": …, "implementation": "PyTorch", "samples_ns": […], "absent": null}
and a blank line ends the answers to a request: a script may answer under several names, or under none where the work is not its own.
"""

import gc
import json
import sys
import time

# As the benchmark program has them (Contender.cs).
ROUNDS = 12
SAMPLE_NS = 10e6
BUDGET_NS = 0.6e9
FEWEST_ROUNDS = 2
LEAST_SHARE = 0.98
ATTEMPTS = 4
WARM_UP_NS = 0.3e9


def nanoseconds_of(call, count):
    start = time.perf_counter_ns()
    for _ in range(count):
        call()
    return time.perf_counter_ns() - start


def uninterrupted(call, count):
    """Nanoseconds of a sample while no other process had the core; the least interrupted of a few where there is none."""
    best = best_share = 0
    for _ in range(ATTEMPTS):
        before = time.process_time_ns()
        elapsed = nanoseconds_of(call, count)
        share = (time.process_time_ns() - before) / elapsed
        if share > best_share:
            best, best_share = elapsed, share
        if best_share >= LEAST_SHARE or elapsed > 4 * SAMPLE_NS:
            break
    return best


def measure(call, dry):
    """Nanoseconds a call, in samples of 10 ms; a single call where nothing is measured."""
    elapsed = nanoseconds_of(call, 1)
    if dry:
        return [elapsed]
    count = 1
    warm = elapsed
    while elapsed < SAMPLE_NS / 2 or (warm < WARM_UP_NS and elapsed < BUDGET_NS / FEWEST_ROUNDS):
        if elapsed < SAMPLE_NS / 2:
            count = max(count + 1, int(count * min(max(SAMPLE_NS / elapsed, 1.5), 10)))
        elapsed = nanoseconds_of(call, count)
        warm += elapsed
    count = max(1, round(count * SAMPLE_NS / elapsed))
    each = max(elapsed, SAMPLE_NS)
    rounds = int(min(max(BUDGET_NS // each, FEWEST_ROUNDS), ROUNDS))
    gc.collect()
    gc.disable()
    try:
        return [uninterrupted(call, count) / count for _ in range(rounds)]
    finally:
        gc.enable()


def serve(implementation, version, prepare, absent=None):
    """Answers requests. prepare(request) returns (name, call, divisor) triples: what to call, and how many of the case's calls one is."""
    answers = sys.stdout

    # What libraries print is no answer.
    sys.stdout = sys.stderr

    def answer(line):
        answers.write((json.dumps(line) if line else "") + "\n")
        answers.flush()

    answer({"implementation": implementation, "version": version, "absent": absent})
    for line in sys.stdin if absent is None else ():
        request = json.loads(line)
        same = {name: request[name] for name in ("suite", "case", "precision")}
        try:
            for name, call, divisor in prepare(request):
                answer({**same, "implementation": name, "samples_ns": [sample / divisor for sample in measure(call, request["dry"])], "absent": None})
        except Exception as error:
            answer({**same, "implementation": implementation, "samples_ns": [], "absent": f"{type(error).__name__}: {error}"})
        answer(None)
