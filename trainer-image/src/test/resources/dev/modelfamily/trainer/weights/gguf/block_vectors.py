"""Makes block-vectors.json: random blocks of every GGUF type and what the reference decodes them to.

Needs the Python packages gguf (0.19.0 was used) and numpy. Run: python block_vectors.py > block-vectors.json
"""

import base64
import json

import gguf
import numpy

BLOCKS = 2
# Where the f16 scales of a block are: any other bytes may be random, these must be finite numbers.
SCALES = {
    "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0],
    "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208],
}


def base64_of(array):
    return base64.b64encode(array.tobytes()).decode()


def main():
    random = numpy.random.default_rng(7)
    vectors = {}
    for name, places in SCALES.items():
        kind = gguf.GGMLQuantizationType[name]
        _, size = gguf.GGML_QUANT_SIZES[kind]
        blocks = random.integers(0, 256, (BLOCKS, size), dtype=numpy.uint8)
        for place in places:
            scale = random.normal(0, 0.02, BLOCKS).astype(numpy.float16)
            blocks[:, place:place + 2] = scale.view(numpy.uint8).reshape(BLOCKS, 2)
        values = gguf.quants.dequantize(blocks, kind).astype("<f4")
        vectors[name] = {"blocks": base64_of(blocks), "values": base64_of(values)}
    # The package cannot decode Q8_K: an f32 scale, 256 signed bytes, 16 sums of 2 bytes.
    quants = random.integers(-128, 128, (BLOCKS, 256)).astype(numpy.int8)
    scale = random.normal(0, 0.02, (BLOCKS, 1)).astype("<f4")
    blocks = numpy.hstack([scale.view(numpy.uint8), quants.view(numpy.uint8), numpy.zeros((BLOCKS, 32), numpy.uint8)])
    vectors["Q8_K"] = {"blocks": base64_of(blocks), "values": base64_of(scale * quants.astype("<f4"))}
    print(json.dumps(vectors, indent=1))


main()
