package dev.modelfamily.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.cli.folder.FamilyRecord;
import dev.modelfamily.cli.folder.RunFolder;
import dev.modelfamily.cli.validate.FamilyFile;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FamilyInFolderTest {
    private static final Path FILE = Path.of("src/test/resources/families/good/on-one-machine.yaml");

    @TempDir
    private Path root;

    @Test
    void aFolderRemembersStatusAndGeneration() {
        remember("Running");

        FamilyInFolder again = of(written(), OptionalInt.empty());

        assertThat(again.family().getMetadata().getGeneration()).isEqualTo(1);
        assertThat(again.family().getStatus().phase()).isEqualTo("Running");
    }

    @Test
    void anEditIsANewGeneration() throws IOException {
        remember("Running");
        Path edited = root.resolve("edited.yaml");
        Files.writeString(edited, Files.readString(FILE).replaceFirst("spec:", "spec:\n  suspend: true"));

        assertThat(of(FamilyFile.read(edited), OptionalInt.empty())
                        .family()
                        .getMetadata()
                        .getGeneration())
                .isEqualTo(2);
    }

    @Test
    void whatHasFailedIsTriedAgain() {
        remember("Failed");

        assertThat(of(written(), OptionalInt.empty()).family().getMetadata().getGeneration())
                .isEqualTo(2);
    }

    @Test
    void theThreadsStayUnlessTheUserNamesOthers() {
        FamilyRecord.write(new RunFolder(root), of(written(), OptionalInt.of(3)).family());

        assertThat(of(written(), OptionalInt.empty()).threads()).isEqualTo(3);
        assertThat(of(written(), OptionalInt.of(5)).threads()).isEqualTo(5);
    }

    @Test
    void withoutAnyHintAllCoresCompute() {
        assertThat(of(written(), OptionalInt.empty()).threads()).isEqualTo(8);
    }

    @Test
    void aDamagedRecordSaysWhatToDo() throws IOException {
        Files.writeString(root.resolve("family.json"), "{\"spec\": ");

        assertThatThrownBy(() -> of(written(), OptionalInt.empty()))
                .isInstanceOf(StageException.class)
                .hasMessageContaining("family.json is damaged")
                .hasMessageEndingWith("delete it and run again: finished members are found by their manifests");
    }

    private void remember(String phase) {
        ModelFamily family = of(written(), OptionalInt.empty()).family();
        family.setStatus(Json.mapper().convertValue(Map.of("phase", phase), ModelFamilyStatus.class));
        FamilyRecord.write(new RunFolder(root), family);
    }

    private FamilyInFolder of(ModelFamily family, OptionalInt threads) {
        return FamilyInFolder.of(family, new RunFolder(root), threads, 8);
    }

    private static ModelFamily written() {
        return FamilyFile.read(FILE);
    }
}
