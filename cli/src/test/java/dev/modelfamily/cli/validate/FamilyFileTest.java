package dev.modelfamily.cli.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfamily.api.v1alpha1.DataSpec;
import dev.modelfamily.api.v1alpha1.EvaluationSpec;
import dev.modelfamily.api.v1alpha1.MixPart;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FamilyFileTest {
    private static final Path FAMILIES = Path.of("src", "test", "resources", "families");

    @Test
    void aRelativeUriStartsFromTheFolderOfTheFile() {
        Path folder = FAMILIES.resolve("good").toAbsolutePath();

        ModelFamily family = FamilyFile.read(FAMILIES.resolve("good").resolve("on-one-machine.yaml"));

        DataSpec data = family.getSpec().data();
        assertThat(family.getSpec().parent().uri()).isEqualTo("file:" + folder.resolve("parent"));
        assertThat(data.training().parts())
                .extracting(MixPart::uri)
                .containsExactly("file:" + folder.resolve("texts/a.txt"), "file:/elsewhere/b.txt");
        assertThat(data.evaluation())
                .extracting(EvaluationSpec::uri)
                .containsExactly("file:" + folder.resolveSibling("docs.txt"));
    }

    @Test
    void theFamilyHasItsNameAndTheDefaults() {
        ModelFamily family = FamilyFile.read(FAMILIES.resolve("good").resolve("a-tree-of-counts-and-shares.yaml"));

        assertThat(family.getMetadata().getName()).isEqualTo("demo");
        assertThat(family.getSpec().members().get(1).tokenCount()).isEqualTo(250_000_000);
        assertThat(family.getSpec().training().batchTokenCount()).isEqualTo(65536);
    }

    @Test
    void aMappingMayTakeFieldsFromAnother() {
        ModelFamily second = FamilyFile.readAll(FAMILIES.resolve("good").resolve("several-resources-in-one-file.yaml"))
                .get(1);

        assertThat(second.getSpec().members().get(1))
                .returns("small", member -> member.name())
                .returns("40%", member -> member.size())
                .returns("100k", member -> member.tokens())
                .returns("3e-4", member -> member.training().learningRate());
    }

    @Test
    void ofSeveralFamiliesNoOneIsTakenSilently() {
        Path file = FAMILIES.resolve("good").resolve("several-resources-in-one-file.yaml");

        assertThatThrownBy(() -> FamilyFile.read(file))
                .isInstanceOf(InvalidFamilyException.class)
                .hasMessageEndingWith("there are several families (one, two); give each its own file");
    }

    @Test
    void anInvalidFamilyIsRefusedWithAllItsProblems() {
        Path file = FAMILIES.resolve("bad").resolve("two-problems-at-once.yaml");

        assertThatThrownBy(() -> FamilyFile.read(file))
                .isInstanceOfSatisfying(
                        InvalidFamilyException.class,
                        e -> assertThat(e.problems())
                                .extracting(Problem::path)
                                .containsExactly(
                                        "spec.members[0].size", "spec.members[1].tokens", "spec.members[1].token"))
                .hasMessageStartingWith(file + " is not valid:\n");
    }
}
