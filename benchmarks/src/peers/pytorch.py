"""PyTorch as a candidate: the protocol of lane/child.ts, and the same work as the other peers."""

import json
import math
import resource
import sys
import time


def uniform(size, seed):
    """The hash of arrays.ts, over all positions at once."""
    h = (torch.arange(size, dtype=torch.int64) * 2654435761 + seed * 374761393) & 0xFFFFFFFF
    h = ((h ^ (h >> 15)) * 739982445) & 0xFFFFFFFF
    return (h ^ (h >> 12)).to(torch.float64) / 2**32


def make(recipe):
    values = uniform(math.prod(recipe["shape"]), recipe["seed"])
    if "classes" in recipe:
        return (values * recipe["classes"]).floor().to(torch.int64)
    low, high = recipe["low"], recipe["high"]
    return (low + (high - low) * values).to(torch.float32).reshape(recipe["shape"])


def sample(values):
    flat = values.detach().reshape(-1)
    count = min(64, flat.numel())
    return [flat[i * flat.numel() // count].item() for i in range(count)]


class Operation:
    def __init__(self, compute):
        self.run = compute

    def answer(self):
        return sample(self.run())


class Training:
    def __init__(self, loss, parameters, learning_rate):
        self.loss = loss
        self.optimizer = torch.optim.SGD(parameters, lr=learning_rate)

    def step(self):
        self.optimizer.zero_grad()
        loss = self.loss()
        loss.backward()
        self.optimizer.step()
        return loss

    def run(self):
        self.step()

    def answer(self):
        return [self.step().item() for _ in range(3)]


def classifier(layers, names, arrays):
    net = torch.nn.Sequential(*layers)
    with torch.no_grad():
        for parameter, name in zip(net.parameters(), names, strict=True):
            parameter.copy_(arrays[name])
    criterion = torch.nn.CrossEntropyLoss()
    return (lambda: net(arrays["x"])), (lambda: criterion(net(arrays["x"]), arrays["y"])), net.parameters()


def mlp(arrays, _):
    hidden, inputs = arrays["w1"].shape
    nn = torch.nn
    layers = [nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, arrays["w2"].shape[0])]
    return classifier(layers, ["w1", "b1", "w2", "b2"], arrays)


def lenet(arrays, _):
    nn = torch.nn
    layers = [
        nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10),
    ]
    return classifier(layers, ["k1", "c1", "k2", "c2", "w1", "b1", "w2", "b2", "w3", "b3"], arrays)


def transformer(arrays, settings):
    F = torch.nn.functional
    x, target = arrays["x"], arrays["target"]
    p = {name: torch.nn.Parameter(value) for name, value in arrays.items() if name not in ("x", "target")}
    batch, length, width = x.shape
    heads = settings["heads"]

    def split(y):
        return y.reshape(batch, length, heads, -1).transpose(1, 2)

    def forward():
        h = F.layer_norm(x, (width,), p["g1"], p["s1"])
        q, k, v = (split(F.linear(h, p[name])) for name in ("wq", "wk", "wv"))
        scores = q @ k.transpose(2, 3) / math.sqrt(width // heads)
        mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, length, width)
        y = x + F.linear(mixed, p["wo"])
        wide = F.gelu(F.linear(F.layer_norm(y, (width,), p["g2"], p["s2"]), p["w1"], p["b1"]), approximate="tanh")
        return y + F.linear(wide, p["w2"], p["b2"])

    return forward, (lambda: (forward() - target).square().mean()), p.values()


def without_gradients(compute):
    def run():
        with torch.no_grad():
            return compute()

    return run


def prepare(job):
    kind, settings = job["kind"], job["settings"]
    arrays = {name: make(recipe) for name, recipe in job["arrays"].items()}
    if kind == "matmul":
        a = arrays["a"].T if settings["transposeA"] else arrays["a"]
        b = arrays["b"].T if settings["transposeB"] else arrays["b"]
        return Operation(lambda: a @ b)
    if kind == "add":
        return Operation(lambda: arrays["x"] + arrays["y"])
    if kind == "exp":
        return Operation(lambda: torch.exp(arrays["x"]))
    if kind == "softmax":
        return Operation(lambda: torch.softmax(arrays["x"], -1))
    builders = {"mlp": mlp, "lenet": lenet, "transformer": transformer}
    if kind not in builders:
        return None
    forward, loss, parameters = builders[kind](arrays, settings)
    return Training(loss, parameters, settings["learningRate"]) if settings["train"] else Operation(without_gradients(forward))


def peak_bytes():
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def timed(times):
    start = time.perf_counter()
    for _ in range(times):
        task.run()
    return (time.perf_counter() - start) / times


def warm_up(seconds):
    times, spent = 1, 0.0
    while True:
        each = timed(times)
        spent += each * times
        if spent >= seconds:
            return each
        if each * times < seconds / 8:
            times *= 2


def answer(request):
    global idle, task, torch
    ask = request["ask"]
    if ask == "load":
        start = time.perf_counter()
        import torch

        seconds = time.perf_counter() - start
        if request["threads"] is not None:
            torch.set_num_threads(request["threads"])
        idle = peak_bytes()
        return {"version": torch.__version__, "seconds": seconds}
    if ask == "prepare":
        task = prepare(request["job"])
        return {"answer": None if task is None else task.answer()}
    if ask == "warmUp":
        return {"seconds": warm_up(request["seconds"])}
    if ask == "time":
        return {"seconds": timed(request["times"])}
    return {"idleBytes": idle, "peakBytes": peak_bytes()}


for line in sys.stdin:
    try:
        reply = answer(json.loads(line))
    except Exception as error:
        reply = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(reply), flush=True)
