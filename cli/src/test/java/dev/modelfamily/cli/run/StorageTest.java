package dev.modelfamily.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.api.v1alpha1.ResultStatus;
import dev.modelfamily.cli.folder.RunFolder;
import dev.modelfamily.contract.FileEntry;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.Manifest;
import dev.modelfamily.contract.StageResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageTest {
    private static final String KEY = "sha256:" + "ab".repeat(32);

    @TempDir
    private Path root;

    @Test
    void anEmptyFolderHasNothing() {
        Storage.Content content = new Storage(new RunFolder(root)).look(ModelFamilyStatus.NOTHING);

        assertThat(content.finished()).isEmpty();
        assertThat(content.damaged()).isEmpty();
        assertThat(content.leftovers()).isEmpty();
    }

    @Test
    void aWholeMemberIsFinishedWhereverItsFolderWasMovedTo() throws IOException {
        Path member = member(1);

        Storage.Content content = look();

        assertThat(content.finished()).containsOnlyKeys(KEY);
        assertThat(content.finished().get(KEY).path()).isEqualTo(member.toString());
        assertThat(content.leftovers()).isEmpty();
    }

    @Test
    void aChangedFileIsNamedWithBothDigests() throws IOException {
        Path weights = member(1).resolve("model.safetensors");
        String asked = MemberCheck.sha256(weights);
        Files.writeString(weights, "other");

        Storage.Content content = look();

        assertThat(content.finished()).isEmpty();
        assertThat(content.damaged())
                .containsEntry(
                        KEY,
                        weights + " was changed: its SHA-256 is " + MemberCheck.sha256(weights) + ", the manifest says "
                                + asked);
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        Path weights = member(1).resolve("model.safetensors");
        Files.delete(weights);

        assertThat(look().damaged()).containsEntry(KEY, weights + " is gone");
    }

    @Test
    void aChangedManifestIsNamed() throws IOException {
        Path manifest = member(1).resolve("manifest.json");
        Files.writeString(manifest, Files.readString(manifest) + "\n");

        assertThat(look().damaged().get(KEY)).startsWith(manifest + " was changed: its digest is sha256:");
    }

    @Test
    void aManifestThatIsNoJsonIsNamed() throws IOException {
        Path manifest = member(1).resolve("manifest.json");
        Files.writeString(manifest, "{");

        assertThat(look().damaged().get(KEY)).startsWith(manifest + " is not a valid Manifest");
    }

    @Test
    void anotherWholeCopyMakesUpForADamagedOne() throws IOException {
        Files.writeString(member(1).resolve("model.safetensors"), "other");
        Path second = member(2);

        Storage.Content content = look();

        assertThat(content.damaged()).isEmpty();
        assertThat(content.finished().get(KEY).path()).isEqualTo(second.toString());
        assertThat(content.leftovers()).containsExactly(KEY);
    }

    @Test
    void halfAMemberIsNoneButSomethingToClean() throws IOException {
        Files.delete(member(1).resolve("manifest.json"));

        Storage.Content content = look();

        assertThat(content.finished()).isEmpty();
        assertThat(content.damaged()).isEmpty();
        assertThat(content.leftovers()).containsExactly(KEY);
    }

    @Test
    void checkpointsAreSomethingToClean() throws IOException {
        member(1);
        Files.createDirectories(Path.of(new RunFolder(root).layout().checkpoints(KEY)));

        assertThat(look().leftovers()).containsExactly(KEY);
    }

    @Test
    void aRecordedMemberWithoutFolderIsGone() {
        ResultStatus result = new ResultStatus("/gone/attempt-1", null, null, null, null, null, null, null, null, null);
        MemberStatus member = Json.mapper()
                .convertValue(
                        Map.of("name", "large", "state", "Succeeded", "key", KEY, "result", result),
                        MemberStatus.class);
        ModelFamilyStatus status =
                Json.mapper().convertValue(Map.of("members", List.of(member)), ModelFamilyStatus.class);

        assertThat(new Storage(new RunFolder(root)).look(status).damaged())
                .containsEntry(KEY, "/gone/attempt-1 is gone");
    }

    private Storage.Content look() {
        return new Storage(new RunFolder(root)).look(ModelFamilyStatus.NOTHING);
    }

    private Path member(int attempt) throws IOException {
        Path folder = Path.of(new RunFolder(root).layout().attempt(KEY, attempt));
        Files.createDirectories(folder);
        Path weights = folder.resolve("model.safetensors");
        Files.writeString(weights, "weights");
        TreeMap<String, FileEntry> files = new TreeMap<>();
        files.put("model.safetensors", new FileEntry(MemberCheck.sha256(weights), Files.size(weights)));
        Manifest manifest = new Manifest(
                1, KEY, files, "", "", "", "", null, null, 7, new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
        Json.writeAtomically(folder.resolve("manifest.json"), manifest);
        StageResult result = new StageResult(
                1,
                KEY,
                "large",
                "sha256:" + MemberCheck.sha256(folder.resolve("manifest.json")),
                "/elsewhere",
                7,
                28,
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                0,
                1.5,
                "");
        Json.writeAtomically(folder.resolve("run.json"), result);
        return folder;
    }
}
