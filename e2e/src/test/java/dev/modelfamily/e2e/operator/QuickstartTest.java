package dev.modelfamily.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.contract.Json;
import dev.modelfamily.e2e.cluster.ControlPlane;
import dev.modelfamily.e2e.cluster.Ports;
import dev.modelfamily.e2e.cluster.SharedCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The quickstart with the real trainer and few tokens: one file, applied to a cluster and run on this machine. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class QuickstartTest {
    private static final String NAME = Quickstart.NAME;
    private static final List<String> MEMBERS = List.of("large", "medium", "small");
    private static final Set<MemberState> ENDS = Set.of(MemberState.Succeeded, MemberState.Failed, MemberState.Blocked);

    @Test
    void aClusterMakesTheSameMembersAsTheCommandLineTool(ControlPlane cluster, @TempDir Path folder) throws Exception {
        Path claims = folder.resolve("claims");
        Quickstart.copyInputs(claims.resolve("models"));
        Path out = folder.resolve("out");
        Path said = folder.resolve("out.log");
        try (Place place = Place.empty(cluster, NAME);
                Witness witness = new Witness(cluster.client(), place.namespace())) {
            String family = Quickstart.family(place.namespace(), "8k", "8k", "8k");
            Process tool = RealTrainer.run(Files.writeString(folder.resolve("family.yaml"), family), claims, out, said);
            place.createClaim();
            Quickstart.copyInputs(place.storage());
            place.trainer().playAll(_ -> RealTrainer.inPod());
            // The pods of this node share the network of this machine.
            place.startOperator(Map.of("MODELFAMILY_TRAINER_METRICS_PORT", Integer.toString(Ports.free())));
            place.create(family);

            MEMBERS.forEach(member -> place.awaitMember(NAME, member, status -> ENDS.contains(status.state())));
            ModelFamilyStatus made = place.awaitPhase(NAME, "Succeeded");

            assertThat(tool.waitFor()).as(() -> text(said)).isZero();
            assertThat(made.members())
                    .usingRecursiveFieldByFieldElementComparatorOnFields(
                            "name",
                            "state",
                            "attempt",
                            "key",
                            "result.digest",
                            "result.parameters",
                            "result.perplexity")
                    .isEqualTo(recorded(out).members());
            for (MemberStatus member : made.members()) {
                assertSameFiles(folderOf(member, place), out.resolve("members").resolve(member.name()));
            }
            assertThat(place.jobs().values()).hasSize(4).allMatch(jobs -> jobs.size() == 1);
            assertThat(place.operator().metrics())
                    .anyMatch(line ->
                            line.matches("modelfamily_progress_reports_total\\{outcome=\"accepted\"[^}]*} [1-9].*"));
            witness.assertNoOffence();
        }
    }

    private static ModelFamilyStatus recorded(Path run) throws IOException {
        return Json.mapper()
                .readValue(run.resolve("family.json").toFile(), ModelFamily.class)
                .getStatus();
    }

    /** Where a member lies in the folder that is the volume. */
    private static Path folderOf(MemberStatus member, Place place) {
        String uri = member.optionalResult().orElseThrow().uri();
        return place.storage().resolve(uri.replaceFirst("^pvc://models/", ""));
    }

    /** But for the one that tells the time. */
    private static void assertSameFiles(Path there, Path here) throws IOException {
        List<String> names = names(here);
        assertThat(names).contains("manifest.json", "model.safetensors");
        assertThat(names(there)).isEqualTo(names);
        for (String name : names) {
            if (!name.equals("run.json")) {
                assertThat(there.resolve(name)).hasSameBinaryContentAs(here.resolve(name));
            }
        }
    }

    private static List<String> names(Path member) throws IOException {
        try (Stream<Path> files = Files.list(member)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
