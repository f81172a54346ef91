"""Runs the trainer's scripts on fake tensors of a GPU, on a machine without one: no number is computed, but every operation is
looked up for CUDA, and one that gets a tensor of the processor beside one of the GPU is refused, as it is on a GPU.

usage: LD_PRELOAD=libcuda.so.1 fake_gpu.py FOLDER
    FOLDER has the *.torchscript files; libcuda.so.1 is made of fake_gpu.c; torch must be built for CUDA, as that of PyPI is.
    Prints the methods that were run, one a line.
"""

import io
import sys
import zipfile
from pathlib import Path

import torch
from torch._subclasses.fake_tensor import FakeTensorMode

FLOAT, DOUBLE, LONG = torch.float32, torch.float64, torch.int64
HIDDEN, INNER, HEADS, GROUPS, DIM, WORDS, WINDOW = 32, 48, 4, 2, 8, 96, 8
BATCH, LENGTH, CHUNK, LAYERS, EPS = 2, 24, 16, 2, 1e-5
HEADER = "class M(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n"


def load(text):
    """A module of methods, as the trainer's Archive makes it."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as parts:
        parts.writestr("m/data.pkl", b"\x80\x02c__torch__\nM\n)\x81}(X\x08\x00\x00\x00training\x88ub.")
        parts.writestr("m/code/__torch__.py", HEADER + text)
        parts.writestr("m/constants.pkl", b"\x80\x02).")
        parts.writestr("m/version", "3\n")
    archive.seek(0)
    return torch.jit.load(archive)


def text_of(folder):
    lines = []
    for file in sorted(Path(folder).glob("*.torchscript")):
        lines += ["  " + line for line in file.read_text().splitlines() if not line.lstrip().startswith("#")]
    return "\n".join(lines) + "\n"


def without_values(text):
    """Fake tensors have no content, so what branches on it takes one branch: the one that computes more."""
    changes = {
        "float(torch.item(length))": "2.",
        "bool(torch.lt(sums[0], torch.mul(sums[1], 0.01)))": "True",
    }
    for old, new in changes.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def fake(*shape, dtype=FLOAT):
    return torch.empty(shape, dtype=dtype, device="cuda")


class Model:
    """All that an architecture can have: a window, norms of q and k, biases, a head, groups, and some linears factored."""

    def __init__(self, dtype):
        self.params, self.spec, self.starts = [], [], []
        self.add(WORDS, HIDDEN)
        self.add(HIDDEN)
        head = self.add(WORDS, HIDDEN)
        self.places = []
        for layer in range(LAYERS):
            self.starts.append(len(self.params))
            for number, (out, size) in enumerate(
                [(HEADS * DIM, HIDDEN), (GROUPS * DIM, HIDDEN), (GROUPS * DIM, HIDDEN), (HIDDEN, HEADS * DIM)]
                + [(INNER, HIDDEN), (INNER, HIDDEN), (HIDDEN, INNER)]
            ):
                rank = 6 if (layer + number) % 3 == 0 else 0
                self.linear(out, size, rank)
                self.places.append(rank or min(out, size))
            self.spec += [self.add(HIDDEN), self.add(HIDDEN), self.add(DIM), self.add(DIM)]
        self.starts.append(len(self.params))
        self.dims = [HEADS, GROUPS, DIM, WINDOW, head, dtype, 0]
        self.cos, self.sin = fake(LENGTH, DIM), fake(LENGTH, DIM)

    def add(self, *shape):
        self.params.append(fake(*shape))
        return len(self.params) - 1

    def linear(self, out, size, rank):
        first = self.add(rank, size) if rank else self.add(out, size)
        second = self.add(out, rank) if rank else -1
        self.spec += [first, second, self.add(out)]

    def tapping(self, tap):
        return self.dims[:6] + [tap]

    def groups(self, count, *kinds):
        """Tensors with weight decay and those without, of each kind, and the counter for each."""
        for decayed in (True, False):
            chosen = [i for i, p in enumerate(self.params) if (p.dim() > 1) == decayed]
            yield from ([kind[i] for i in chosen] for kind in kinds)
            yield [count] * len(chosen)


def run(module):
    """The name of each method with its results."""
    yield "empty", module.empty([2, 3], "cuda")
    yield "zeros", module.zeros([2, 3], "cuda")
    yield "zeros_double", module.zeros_double([2, 3], "cuda")
    yield "empty_ids", module.empty_ids([2, 3], "cuda")
    yield "copy", module.copy(fake(2, 3))
    row = module.host(fake(4, 5), 7)
    assert row.device.type == "cpu" and list(row.shape) == [7]
    assert module.store(fake(4, 5), row, 3, 6).device.type == "cpu"
    whole = torch.empty(20)
    yield "load", module.load(fake(4, 5), whole)
    yield "host store", []
    ids = fake(BATCH, LENGTH, dtype=LONG)
    hidden = fake(BATCH, LENGTH, HIDDEN)
    for dtype in (6, 15):
        yield from steps(module, dtype, ids)
    model = Model(6)
    rest = (model.params, model.spec, LAYERS, model.dims, EPS, model.cos, model.sin)
    yield "logits", module.logits(ids, *rest)
    yield "loss", module.loss(ids, ids, *rest, CHUNK)
    cache = [[fake(BATCH, GROUPS, LENGTH, DIM) for _ in range(LAYERS)] for _ in range(2)]
    for position in (0, LENGTH - 2):
        module.generate(
            ids, position, fake(BATCH, LENGTH), *cache, 0.8, 0.9, model.params, model.spec, model.dims, EPS, model.cos, model.sin
        )
    yield "generate", ids
    yield "embed", module.embed(ids, model.params)
    yield "sampled_gradient", module.sampled_gradient(hidden, fake(BATCH * LENGTH), model.params, model.dims, EPS, CHUNK)
    moments = [fake(k, k, dtype=DOUBLE) for k in model.places[:7]]
    fresh = [1] * 7
    tail = (model.params, model.spec, 0, model.tapping(1), EPS, model.cos, model.sin)
    yield "forward_moments", module.forward_moments(hidden, *tail, moments, fresh)
    yield "backward_moments", module.backward_moments(hidden, hidden, *tail, moments, moments, fresh)
    sizes = [fake(size, dtype=DOUBLE) for size in (HIDDEN, HIDDEN, HIDDEN, HEADS * DIM, HIDDEN, HIDDEN, INNER)]
    tail = (model.params, model.spec, 0, model.tapping(2), EPS, model.cos, model.sin)
    yield "forward_moments", module.forward_moments(hidden, *tail, sizes, fresh)
    yield from cuts(module)


def steps(module, dtype, ids):
    for teacher in (None, Model(dtype)):
        model = Model(dtype)
        module._c._get_method("train")(model.params)  # a module of Python has a train of its own
        grads, first, second = ([fake(*p.shape) for p in model.params] for _ in range(3))
        other = teacher or model
        seen = module.step(
            ids, ids, 1, model.params, grads, *model.groups(fake(), model.params, grads, first, second),
            [1e-3, 0.9, 0.95, 1e-8, 0.01, 1.0, 2.0, 0.25], model.spec, model.starts, model.dims, EPS, model.cos, model.sin, CHUNK,
            teacher.params if teacher else [], other.spec, other.dims, EPS, other.cos, other.sin,
        )
        assert seen.dtype == DOUBLE and list(seen.shape) == [2]
        yield "train step", seen


def cuts(module):
    for out, size in ((48, 32), (32, 48)):
        weight, u, v = fake(out, size), fake(out, 12), fake(12, size)
        yield "cut_dense", module.cut_dense(weight, 5)
        yield "cut_factor", module.cut_factor(u, v, 5)
        yield "cut_product", module.cut_product(u, v, 5)
        yield "multiply", module.multiply(u, v)
        yield "distance", module.distance(weight, u, v)
        yield "first", module.first(u, v, 5)
        none = fake(0)
        for left, right, k in ((u, v, 12), (weight, none, size), (none, weight, out)):
            outer = module.output_error(left, k)
            inner = module.scaled_inner(right, fake(size if right is not none else k, dtype=DOUBLE))
            yield "output_error", outer
            yield "scaled_inner", inner
            yield "cut_by_moments", module.cut_by_moments(left, right, inner, outer, 5)


def main(folder):
    if torch.version.cuda is None:
        sys.exit("error: this torch is built without CUDA; take the one of PyPI")
    text = without_values(text_of(folder))
    torch._C._set_graph_executor_optimize(False)
    torch.cuda.is_available = lambda: False  # fake tensors would else begin to use it
    # Which fused attention there is depends on the GPU, which would be asked; the one made of products runs on all.
    for fused in (torch.backends.cuda.enable_flash_sdp, torch.backends.cuda.enable_mem_efficient_sdp, torch.backends.cuda.enable_cudnn_sdp):
        fused(False)
    module, forgetful = load(text), load("""
  def forgetful(self, x: Tensor) -> Tensor:
    return torch.add(torch.zeros([1], dtype=7), torch.sum(x, [0]))
""")
    ran = set()
    with FakeTensorMode():
        try:
            forgetful.forgetful(fake(3, 4))
        except RuntimeError:
            pass
        else:
            raise AssertionError("a tensor of the processor beside one of the GPU is not refused: this checks nothing")
        for names, results in run(module):
            for result in results if isinstance(results, (list, tuple)) else [results]:
                assert result.device.type == "cuda", f"{names} returns a tensor on {result.device}"
            ran.update(names.split())
    print("\n".join(sorted(ran)))


if __name__ == "__main__":
    main(sys.argv[1])
