package dev.modelfamily.trainer.clean;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.trainer.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CleanCommandTest {
    @TempDir
    private Path stage;

    @Test
    void theMemberStaysAndAllElseOfItsStageGoes() throws IOException {
        file("attempt-1/model.safetensors");
        Path member = file("attempt-2/manifest.json").getParent();
        file("checkpoints/step-100/weights");

        assertThat(Main.run("clean", stage.toString(), "--keep", member.toString()))
                .isZero();

        assertThat(stage).isDirectoryContaining(path -> path.equals(member));
        assertThat(stage.toFile().list()).containsExactly("attempt-2");
        assertThat(member.resolve("manifest.json")).exists();
    }

    @Test
    void nothingGoesWhereTheMemberThatShouldStayIsNone() throws IOException {
        Path half = file("attempt-1/model.safetensors").getParent();
        Path member = file("attempt-2/manifest.json");

        assertThat(Main.run("clean", stage.toString(), "--keep", half.toString()))
                .isEqualTo(66);

        assertThat(member).exists();
    }

    @Test
    void whatStaysMustLieInTheFolder() throws IOException {
        Path elsewhere = file("deep/attempt-1/manifest.json").getParent();

        assertThat(Main.run("clean", stage.toString(), "--keep", elsewhere.toString()))
                .isEqualTo(64);

        assertThat(elsewhere).exists();
    }

    @Test
    void aWholeFamilyGoesAndASecondTimeIsNoError() throws IOException {
        file("members/small");
        file("stages/abc/attempt-1/manifest.json");

        assertThat(Main.run("clean", stage.toString())).isZero();
        assertThat(stage).doesNotExist();
        assertThat(Main.run("clean", stage.toString())).isZero();
    }

    @Test
    void aLinkGoesWithoutWhatItPointsTo(@TempDir Path other) throws IOException {
        Path treasure = Files.writeString(other.resolve("treasure"), "x");
        Files.createSymbolicLink(stage.resolve("link"), other);

        assertThat(Main.run("clean", stage.toString())).isZero();

        assertThat(treasure).exists();
    }

    private Path file(String path) throws IOException {
        Path file = stage.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "x");
    }
}
