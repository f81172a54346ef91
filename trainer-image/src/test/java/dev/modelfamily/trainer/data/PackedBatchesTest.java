package dev.modelfamily.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfamily.api.v1alpha1.OnDataEnd;
import dev.modelfamily.contract.StageException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PackedBatchesTest {
    private static final int LENGTH = 4;

    @Property(tries = 200)
    void everyEpochHandsOutEverySequenceOnce(@ForAll @IntRange(min = 1, max = 300) int sequences, @ForAll long seed) {
        PackedBatches batches = batches(sequences * LENGTH + 1, seed, OnDataEnd.Repeat);
        for (int epoch = 0; epoch < 2; epoch++) {
            long first = (long) epoch * sequences;
            assertThat(LongStream.range(first, first + sequences).map(batches::sequenceAt))
                    .containsExactlyInAnyOrderElementsOf(
                            LongStream.range(0, sequences).boxed().toList());
        }
    }

    @Test
    void targetsAreTheInputsOneTokenLater() {
        PackedBatches batches = batches(10 * LENGTH + 3, 7, OnDataEnd.Repeat);
        long[] inputs = new long[2 * LENGTH];
        long[] targets = new long[2 * LENGTH];
        assertThat(batches.next(2, MemorySegment.ofArray(inputs), MemorySegment.ofArray(targets)))
                .isEqualTo(2);
        for (int row = 0; row < 2; row++) {
            long start = batches.sequenceAt(row) * LENGTH;
            for (int i = 0; i < LENGTH; i++) {
                assertThat(inputs[row * LENGTH + i]).isEqualTo(start + i);
                assertThat(targets[row * LENGTH + i]).isEqualTo(start + i + 1);
            }
        }
    }

    @Test
    void epochsAndSeedsHaveOrdersOfTheirOwn() {
        int n = 100;
        PackedBatches one = batches(n * LENGTH + 1, 1, OnDataEnd.Repeat);
        PackedBatches two = batches(n * LENGTH + 1, 2, OnDataEnd.Repeat);
        List<Long> first = order(one, 0, n);
        assertThat(order(one, n, 2 * n)).isNotEqualTo(first);
        assertThat(order(two, 0, n)).isNotEqualTo(first);
        assertThat(first).isNotEqualTo(LongStream.range(0, n).boxed().toList());
    }

    @Test
    void aResumeAtAnyPositionGoesOnAsIfNothingHadHappened() {
        List<long[]> undisturbed = rows(batches(31 * LENGTH, 3, OnDataEnd.Repeat), 70);
        for (int kill : new int[] {0, 1, 29, 30, 31, 59, 60, 69}) {
            PackedBatches resumed = batches(31 * LENGTH, 3, OnDataEnd.Repeat);
            resumed.seek(kill);
            assertThat(rows(resumed, 70 - kill))
                    .usingRecursiveComparison()
                    .isEqualTo(undisturbed.subList(kill, undisturbed.size()));
        }
    }

    @Test
    void dataThatMayNotBeRepeatedEndsAfterOneEpoch() {
        PackedBatches batches = batches(3 * LENGTH + 1, 3, OnDataEnd.Stop);
        MemorySegment inputs = MemorySegment.ofArray(new long[2 * LENGTH]);
        MemorySegment targets = MemorySegment.ofArray(new long[2 * LENGTH]);
        assertThat(List.of(
                        batches.next(2, inputs, targets),
                        batches.next(2, inputs, targets),
                        batches.next(2, inputs, targets)))
                .containsExactly(2, 1, 0);
        assertThat(batches.available(1000)).isEqualTo(12);
    }

    @Test
    void moreTokensThanTheDataHasAreToldWithWhatHappensNext() {
        assertThat(batches(10 * LENGTH + 1, 1, OnDataEnd.Repeat).shortfall(100))
                .hasValue("the stage asks for 100 tokens and the training data has 40: it is read 2.50 times");
        assertThat(batches(10 * LENGTH + 1, 1, OnDataEnd.Stop).shortfall(100))
                .hasValue("the stage asks for 100 tokens and the training data has 40: training stops at its end");
        assertThat(batches(10 * LENGTH + 1, 1, OnDataEnd.Stop).shortfall(40)).isEmpty();
    }

    @Test
    void dataShorterThanOneSequenceIsRefused() {
        assertThatThrownBy(() -> batches(LENGTH, 1, OnDataEnd.Repeat))
                .isInstanceOf(StageException.class)
                .hasMessageContaining("has 4 tokens, fewer than one sequence of 4");
    }

    @Test
    void aHugeDataSetIsPermutedWithoutATable() {
        Permutation order = new Permutation(1L << 40, 5);
        assertThat(LongStream.range(0, 1000).map(order::at).distinct().count()).isEqualTo(1000);
    }

    @Test
    void evaluationWindowsDoNotOverlapAndLeaveTheTailOut() {
        EvaluationWindows windows = new EvaluationWindows(counting(11), LENGTH, 0);
        long[] read = new long[2 * LENGTH];
        windows.read(0, 2, MemorySegment.ofArray(read));
        assertThat(windows.count()).isEqualTo(2);
        assertThat(windows.predictions()).isEqualTo(6);
        assertThat(read).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void evaluationReadsAtMostTheWindowsAskedFor() {
        assertThat(new EvaluationWindows(counting(100), LENGTH, 3).count()).isEqualTo(3);
    }

    @Test
    void aTextShorterThanAWindowIsRefused() {
        assertThatThrownBy(() -> new EvaluationWindows(counting(3), LENGTH, 0))
                .isInstanceOf(StageException.class)
                .hasMessageContaining("has 3 tokens, fewer than one window of 4");
    }

    private static PackedBatches batches(int tokens, long seed, OnDataEnd onEnd) {
        return new PackedBatches(counting(tokens), LENGTH, seed, onEnd);
    }

    private static Tokens counting(int tokens) {
        return Tokens.of(IntStream.range(0, tokens).toArray());
    }

    private static List<Long> order(PackedBatches batches, int from, int to) {
        return LongStream.range(from, to).map(batches::sequenceAt).boxed().toList();
    }

    private static List<long[]> rows(PackedBatches batches, int count) {
        List<long[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long[] row = new long[LENGTH];
            batches.next(1, MemorySegment.ofArray(row), MemorySegment.ofArray(new long[LENGTH]));
            rows.add(row);
        }
        return rows;
    }
}
