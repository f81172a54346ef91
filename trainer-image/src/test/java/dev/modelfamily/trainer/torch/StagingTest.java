package dev.modelfamily.trainer.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On the processor, by the way of tensors that lie elsewhere. */
@Tag("torch")
class StagingTest {
    /** More than one piece and no whole number of them. */
    private static final int MANY = (9 << 20) + 5;

    private static final Script SCRIPT = Script.load("memory.torchscript");

    @BeforeEach
    void stage() {
        Torch.computeOn(Device.STAGED_PROCESSOR);
    }

    @AfterEach
    void stopStaging() {
        Torch.computeOn(Device.PROCESSOR);
    }

    private static Tensor tensor(float[] values, long... shape) {
        Tensor tensor = SCRIPT.tensor("empty", Arguments.of().integers(shape).device());
        tensor.fill(memory -> memory.copyFrom(MemorySegment.ofArray(values)));
        return tensor;
    }

    private static float[] counting(int length) {
        float[] values = new float[length];
        IntStream.range(0, length).forEach(i -> values[i] = i);
        return values;
    }

    @Test
    void whatIsWrittenIsReadAgainInPieces() {
        float[] values = counting(MANY);
        List<Long> offsets = new ArrayList<>();
        try (Tensor tensor = tensor(values, MANY)) {
            tensor.read((offset, bytes) -> offsets.add(offset));
            assertThat(offsets).containsExactly(0L, 32L << 20);
            assertThat(tensor.toFloats()).isEqualTo(values);
        }
    }

    @Test
    void whatIsFilledIsACopyAndNotTheTensor() {
        List<MemorySegment> kept = new ArrayList<>();
        try (Tensor tensor = tensor(counting(6), 2, 3)) {
            tensor.read((offset, bytes) -> kept.add(bytes.asSlice(0, 4)));
            assertThat(kept.getFirst().address()).isNotEqualTo(tensor.memory().address());
            assertThat(tensor.toFloats()).containsExactly(0, 1, 2, 3, 4, 5);
        }
    }

    @Test
    void aTensorThatIsTrainedCanBeWrittenToo() {
        try (Tensor tensor = tensor(counting(6), 2, 3)) {
            SCRIPT.run("train", Arguments.of().tensors(List.of(tensor)));
            tensor.fill(memory -> memory.fill((byte) 0));
            assertThat(tensor.toFloats()).containsOnly(0f);
        }
    }

    @Test
    void theFirstDifferenceIsFoundInTheSecondPieceToo() {
        float[] values = counting(MANY);
        try (Tensor one = tensor(values, MANY);
                Tensor same = tensor(values, MANY)) {
            assertThat(one.mismatch(same)).isNegative();
            values[MANY - 2] = -1;
            try (Tensor other = tensor(values, MANY)) {
                assertThat(one.mismatch(other)).isBetween(4L * (MANY - 2), 4L * (MANY - 1) - 1);
            }
        }
        Torch.computeOn(Device.PROCESSOR);
        try (Tensor one = tensor(counting(3), 3);
                Tensor other = tensor(new float[] {0, 1, 5}, 3)) {
            assertThat(one.mismatch(other)).isBetween(8L, 11L);
        }
    }

    @Test
    void tensorsOfTwoSizesAreNotCompared() {
        try (Tensor one = tensor(counting(3), 3);
                Tensor other = tensor(counting(4), 4)) {
            assertThatThrownBy(() -> one.mismatch(other)).hasMessageContainingAll("12 bytes", "16");
        }
    }

    @Test
    void scalarsAndTensorsWithoutElementsAreReadToo() {
        try (Tensor scalar = tensor(new float[] {7});
                Tensor none = tensor(new float[0], 0, 4)) {
            assertThat(scalar.toFloats()).containsExactly(7);
            assertThat(none.toFloats()).isEmpty();
        }
    }

    @Test
    void ids64AreCopiedLikeNumbers() {
        try (Tensor ids = SCRIPT.tensor("empty_ids", Arguments.of().integers(2).device())) {
            ids.fill(memory -> memory.setAtIndex(ValueLayout.JAVA_LONG, 1, 1L << 40));
            ids.read((offset, bytes) ->
                    assertThat(bytes.getAtIndex(ValueLayout.JAVA_LONG, 1)).isEqualTo(1L << 40));
        }
    }

    /** libtorch then fills memory that is not initialised with NaN, which shows that its switch was found. */
    @Test
    void algorithmsAreDeterministicWhereTensorsLieElsewhere() {
        try (Tensor tensor =
                SCRIPT.tensor("empty", Arguments.of().integers(1000).device())) {
            assertThat(tensor.toFloats()).containsOnly(Float.NaN);
        }
    }
}
