package dev.modelfamily.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.cli.folder.RunFolder;
import dev.modelfamily.contract.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemberLinksTest {
    @TempDir
    private Path root;

    private RunFolder folder;

    @BeforeEach
    void setUp() {
        folder = new RunFolder(root);
        folder.create();
    }

    @Test
    void aLinkIsRelativeAndFollowsTheMember() throws IOException {
        new MemberLinks(folder).update(status("stages/a/attempt-1"));
        new MemberLinks(folder).update(status("stages/b/attempt-2"));

        assertThat(Files.readSymbolicLink(folder.members().resolve("large")))
                .isEqualTo(Path.of("../stages/b/attempt-2"));
    }

    @Test
    void aMemberThatIsNotFinishedHasNoLink() {
        new MemberLinks(folder).update(status("stages/a/attempt-1"));
        new MemberLinks(folder).update(ModelFamilyStatus.NOTHING);

        assertThat(folder.members()).isEmptyDirectory();
    }

    @Test
    void whatIsNoLinkIsLeftAlone() throws IOException {
        Path notes = Files.writeString(folder.members().resolve("notes.txt"), "by hand");

        new MemberLinks(folder).update(status("stages/a/attempt-1"));

        assertThat(notes).hasContent("by hand");
    }

    private ModelFamilyStatus status(String place) {
        Map<String, Object> member = Map.of(
                "name",
                "large",
                "state",
                "Succeeded",
                "result",
                Map.of("uri", root.resolve(place).toString()));
        return Json.mapper().convertValue(Map.of("members", List.of(member)), ModelFamilyStatus.class);
    }
}
