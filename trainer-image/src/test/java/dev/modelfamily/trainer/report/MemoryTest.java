package dev.modelfamily.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

class MemoryTest {
    private static AbstractThrowableAssert<?, ? extends Throwable> thrown(Throwable failure) {
        return assertThatThrownBy(() -> Memory.enoughFor(() -> {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure;
        }));
    }

    @Test
    void allKindsOfExhaustionAreToldAlike() {
        thrown(new OutOfMemoryError("Java heap space"))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.TRY_LATER))
                .hasMessageContainingAll("out of memory", "Java heap space", "give the trainer more memory");
        thrown(new IllegalStateException("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes."))
                .isInstanceOf(StageException.class)
                .hasMessageContaining("you tried to allocate 9 bytes");
        thrown(new IllegalStateException(
                        "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of"))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.TRY_LATER))
                .hasMessageContainingAll("Tried to allocate 2.00 GiB", "on the GPU");
    }

    @Test
    void otherFailuresPassAsTheyAre() {
        StageException known = new StageException(ExitCode.BAD_DATA, "x");
        IllegalStateException bug = new IllegalStateException();
        thrown(known).isSameAs(known);
        thrown(bug).isSameAs(bug);
        assertThat(Memory.enoughFor(() -> 3)).isEqualTo(3);
    }
}
