package dev.modelfamily.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.modelfamily.cli.report.ReportData.Member;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunReadingTest {
    @TempDir
    private Path folder;

    @Test
    void aFinishedFamilyHasAllItsFigures() throws IOException {
        Samples.big(folder).write();

        ReportData data = RunReading.read(folder);

        assertThat(data)
                .returns("smollm2", ReportData::name)
                .returns("Succeeded", ReportData::phase)
                .returns(List.of("docs", "novel"), ReportData::sets);
        assertThat(data.parent())
                .returns(134_515_008L, parent -> parent.parameters())
                .returns(106_168_320L, parent -> parent.linears())
                .returns(30, parent -> parent.layers())
                .returns("llama", parent -> parent.architecture());
        assertThat(data.members()).extracting(Member::name).containsExactly("large", "medium", "small");
        assertThat(data.members()).extracting(Member::from).containsExactly("parent", "large", "medium");
        assertThat(data.totals().finished()).isEqualTo(3);
        assertThat(data.totals().tokens()).isEqualTo(6_000L * 8192);
        assertThat(data.totals().seconds()).isCloseTo(7_800, within(1e-6));
        assertThat(data.totals().ended()).isEqualTo("2026-03-01T12:21:40Z");
        assertThat(data.versions()).containsEntry("libtorch", "2.7.1");
    }

    @Test
    void qualityIsComparedWithTheParent() {
        Quality quality = Quality.of("docs", 400, 20, 10);

        assertThat(quality.ratio()).isEqualTo(2);
        assertThat(quality.gapClosed()).isCloseTo(Math.log(20) / Math.log(40), within(1e-12));
    }

    @Test
    void aCutThatAddedNoLossHasNoGapToClose() {
        assertThat(Quality.of("docs", 9, 8, 10).gapClosed()).isNaN();
        assertThat(Quality.of("docs", 20, 15, Double.NaN))
                .satisfies(quality -> assertThat(quality.ratio()).isNaN())
                .satisfies(quality -> assertThat(quality.gapClosed()).isNaN());
    }

    @Test
    void theKeptSharesOfAMemberAddUpToItsParameters() throws IOException {
        Samples.big(folder).write();

        ReportData data = RunReading.read(folder);

        long outside = data.parent().parameters() - data.parent().linears();
        assertThat(data.members()).hasSize(3).allSatisfy(member -> {
            double inLinears = member.keptOfLinears() * data.parent().linears();
            assertThat(outside + Math.round(inLinears)).isEqualTo(member.parameters());
            assertThat(member.matrices()).extracting(MatrixRow::name).startsWith("q_proj", "k_proj", "v_proj");
            assertThat(member.matrices())
                    .allSatisfy(row -> assertThat(row.kept()).hasSize(30).allMatch(kept -> kept > 0 && kept <= 1));
        });
        MatrixRow key = data.members().getFirst().matrices().get(1);
        assertThat(key).returns(576, MatrixRow::in).returns(192, MatrixRow::out).returns(144, MatrixRow::breakEven);
        int rank = key.ranks().get(3);
        assertThat(key.kept().get(3)).isEqualTo(rank * (576 + 192) / (576.0 * 192));
    }

    @Test
    void aHalfDoneFamilySaysWhatIsMissing() throws IOException {
        Samples.halfDone(folder)
                .condition("Stalled", "True", "BadData", "see branch")
                .condition("QualityGatePassed", "True", "Passed", "fine")
                .write();

        ReportData data = RunReading.read(folder);

        assertThat(data.members())
                .extracting(Member::state)
                .containsExactly("Succeeded", "Running", "Failed", "Pending");
        assertThat(data.members()).extracting(Member::isFinished).containsExactly(true, false, false, false);
        assertThat(data.totals().ended()).isEmpty();
        assertThat(data.notes())
                .contains(
                        "This family is unfinished: 1 of 4 members are made.",
                        "branch failed: exit code 65: training.jsonl has no line with a field 'text'",
                        "Stalled (BadData): see branch",
                        "3 lines of docs were empty or broken and were left out; 87 documents were read")
                .noneMatch(note -> note.contains("QualityGatePassed"));
        assertThat(data.members().get(1).curve().steps()).isEqualTo(250);
        assertThat(data.members().get(1).progress().percent()).isEqualTo(62);
    }

    @Test
    void damagedLinesAreNamedAndLeftOut() throws IOException {
        Run run = Samples.tiny(folder);
        Path log = run.attempt("medium").resolve("loss.jsonl");
        List<String> lines = Files.readAllLines(log);
        lines.set(4, lines.get(4).substring(0, 20));
        lines.set(9, "[]");
        lines.set(11, "{\"tokens\": \"many\", \"loss\": 3}");
        Files.write(log, lines);
        Files.write(log, new byte[] {(byte) 0xff, (byte) 0xfe, '\n'}, StandardOpenOption.APPEND);
        Files.writeString(log, "{\"step\": 61, \"tok", StandardOpenOption.APPEND);
        run.write();

        ReportData data = RunReading.read(folder);

        assertThat(data.members().get(1).curve().steps()).isEqualTo(57);
        assertThat(data.notes())
                .contains("members/medium/loss.jsonl: lines 5, 10, 12, 61 are damaged and left out")
                .noneMatch(note -> note.contains("62"));
    }

    @Test
    void damagedFilesAreNamedAndLeftOut() throws IOException {
        Run run = Samples.tiny(folder);
        run.write();
        Files.writeString(run.attempt("large").resolve("manifest.json"), "{\"version\": 1, \"key\"");
        Files.writeString(
                folder.resolve("prepared")
                        .resolve(Run.digest("preparation").substring(7))
                        .resolve("result.json"),
                "?");

        ReportData data = RunReading.read(folder);

        assertThat(data.notes())
                .anyMatch(note -> note.startsWith("members/large/manifest.json is damaged and was left out"))
                .anyMatch(note -> note.matches("prepared/[0-9a-f]{64}/result.json is damaged and was left out.*"));
        assertThat(data.members().getFirst().isFinished()).isFalse();
        assertThat(data.members().getFirst().curve().steps()).isEqualTo(60);
        assertThat(data.members().get(1).quality()).hasSize(1);
    }

    @Test
    void withoutTheFamilyTheMembersSpeakForThemselves() throws IOException {
        Samples.tiny(folder).write();
        Files.delete(folder.resolve("family.json"));

        ReportData data = RunReading.read(folder);

        assertThat(data.name()).isEqualTo(folder.getFileName().toString());
        assertThat(data.members()).extracting(Member::name).containsExactly("large", "medium", "small");
        assertThat(data.members()).extracting(Member::state).containsOnly("Succeeded");
        assertThat(data.parent().perplexity()).containsEntry("docs", 24.36);
        assertThat(data.notes()).anyMatch(note -> note.startsWith("family.json is missing or damaged"));
        assertThat(data.yaml()).isEmpty();
    }

    @Test
    void everyFileButTheFamilyMayBeMissing() throws IOException {
        Run.in(folder).set("docs", 20).pending("small", 0.5, 10).write();

        ReportData data = RunReading.read(folder);

        assertThat(data.members())
                .singleElement()
                .returns("Pending", Member::state)
                .returns(0L, Member::parameters);
        assertThat(data.notes()).contains("This family is unfinished: 0 of 1 members are made.");
    }

    @Test
    void aMemberOfAnEarlierFormOfTheFamilyIsLeftOut() throws IOException {
        Run run = Samples.tiny(folder);
        run.write();
        Path manifest = run.attempt("small").resolve("manifest.json");
        Files.writeString(manifest, Files.readString(manifest).replace(Run.digest("small"), Run.digest("before")));

        ReportData data = RunReading.read(folder);

        assertThat(data.notes())
                .anyMatch(note -> note.startsWith("members/small is what an earlier form of the family made"));
    }

    @Test
    void cutErrorsAreShownWhereTheTrainerWroteThem() throws IOException {
        Run run = Samples.tiny(folder);
        Files.writeString(
                run.attempt("large").resolve("cut-errors.json"),
                "{\"model.layers.1.self_attn.q_proj\": 0.125}",
                StandardCharsets.UTF_8);
        run.write();

        ReportData data = RunReading.read(folder);

        MatrixRow query = data.members().getFirst().matrices().getFirst();
        assertThat(query.errors()).containsExactly(Double.NaN, 0.125, Double.NaN, Double.NaN);
        assertThat(data.members().get(1).matrices().getFirst().errors()).isEmpty();
    }

    @Test
    void aNameThatLeadsOutOfTheFolderIsNotFollowed() throws IOException {
        Path inner = Files.createDirectories(folder.resolve("inner"));
        Samples.tiny(inner).write();
        Path other = Files.createDirectories(folder.resolve("other").resolve("attempt-1"));
        Files.writeString(other.resolve("loss.jsonl"), "{\"tokens\": 1, \"loss\": 1}\n");
        Path family = inner.resolve("family.json");
        Files.writeString(
                family,
                Files.readString(family)
                        .replace("\"large\"", "\"../../other/attempt-1\"")
                        .replace("\"medium\"", "\"a\\u0000b\"")
                        .replace(Run.digest("large"), "sha256:../../other")
                        .replace(Run.digest("medium"), "sha256:\\u0000"));

        ReportData data = RunReading.read(inner);

        assertThat(data.members()).extracting(Member::name).startsWith("../../other/attempt-1", "a\u0000b");
        assertThat(data.members()).extracting(member -> member.curve().steps()).containsExactly(0, 0, 60);
    }

    @Test
    void aFolderWithoutARunIsRefused() throws IOException {
        assertThatThrownBy(() -> RunReading.read(folder))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NOT_FOUND))
                .hasMessageContaining("holds no run: there is neither family.json nor members");
        assertThatThrownBy(() -> RunReading.read(folder.resolve("nowhere")))
                .hasMessageEndingWith("is no folder; name the folder of a run");
    }
}
