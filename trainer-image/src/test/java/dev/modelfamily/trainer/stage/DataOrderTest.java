package dev.modelfamily.trainer.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.contract.ModelRef;
import dev.modelfamily.contract.StageOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataOrderTest {
    @TempDir
    private Path folder;

    @Test
    void eachStageOfAChainReadsInAnOrderOfItsOwn() {
        StageOrder first = new TinyFamily(folder).order("large");
        StageOrder second = Stages.with(first, new ModelRef("large", "sha256:another"));
        assertThat(DataOrder.seed(first)).isNotEqualTo(DataOrder.seed(second));
    }

    @Test
    void whereTheInputLiesDoesNotMatter() {
        StageOrder order = new TinyFamily(folder).order("large");
        StageOrder moved =
                Stages.with(order, new ModelRef("elsewhere", order.input().digest()));
        assertThat(DataOrder.seed(moved)).isEqualTo(DataOrder.seed(order));
    }
}
