package dev.modelfamily.trainer.stage;

import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.trainer.data.ContentDigest;
import java.util.HexFormat;

/**
 * In which order a stage reads its data. Each stage of a chain has an order of its own: in the same order a member would begin
 * with the very texts that its input was just trained on.
 */
final class DataOrder {
    private static final int DIGITS = 16;

    private DataOrder() {}

    /** The seed of the order's recovery, mixed with what the stage is made from. */
    static long seed(StageOrder order) {
        String digest = ContentDigest.of(order.input().digest());
        int start = digest.indexOf(':') + 1;
        return order.recovery().seed() ^ HexFormat.fromHexDigitsToLong(digest, start, start + DIGITS);
    }
}
