package dev.modelfamily.planner;

import java.util.ArrayList;
import java.util.List;

/** The linears that a stage may cut: those of attention and MLP in every block. Embedding, norms and head stay. */
public final class Linears {
    private Linears() {}

    /** All of them, block by block, each in the order of the checkpoint: q, k, v, o, gate, up, down. */
    public static List<Linear> of(ModelShape shape) {
        int hidden = shape.hidden();
        int queries = shape.heads() * shape.headDim();
        int keys = shape.kvHeads() * shape.headDim();
        int inner = shape.intermediate();
        List<Linear> linears = new ArrayList<>();
        for (int layer = 0; layer < shape.layers(); layer++) {
            String block = "model.layers." + layer + ".";
            linears.add(new Linear(block + "self_attn.q_proj", hidden, queries, shape.qkvBias()));
            linears.add(new Linear(block + "self_attn.k_proj", hidden, keys, shape.qkvBias()));
            linears.add(new Linear(block + "self_attn.v_proj", hidden, keys, shape.qkvBias()));
            linears.add(new Linear(block + "self_attn.o_proj", queries, hidden, shape.outputBias()));
            linears.add(new Linear(block + "mlp.gate_proj", hidden, inner, shape.mlpBias()));
            linears.add(new Linear(block + "mlp.up_proj", hidden, inner, shape.mlpBias()));
            linears.add(new Linear(block + "mlp.down_proj", inner, hidden, shape.mlpBias()));
        }
        return List.copyOf(linears);
    }
}
