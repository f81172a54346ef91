package dev.modelfamily.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.cli.folder.FamilyRecord;
import dev.modelfamily.cli.folder.RunFolder;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A family as its user wrote it, together with what its folder remembers of it. */
final class FamilyInFolder {
    /** The CPU threads that the folder's stages are computed with: with others a resumed stage is not the same to the last bit. */
    private static final String THREADS = "modelfamily.dev/threads";

    private final ModelFamily family;

    private FamilyInFolder(ModelFamily family) {
        this.family = family;
    }

    /**
     * Takes over status and generation; the generation grows with an edit of the spec. It also grows after a run that ended
     * without the whole family, since running again is how a user asks for another try.
     *
     * @throws StageException {@link ExitCode#BAD_ORDER} where the folder belongs to another family
     */
    static FamilyInFolder of(ModelFamily written, RunFolder folder, OptionalInt threads, int usualThreads) {
        Optional<ModelFamily> before = FamilyRecord.read(folder);
        before.map(family -> family.getMetadata().getName())
                .filter(name -> !name.equals(written.getMetadata().getName()))
                .ifPresent(name -> {
                    throw new StageException(
                            ExitCode.BAD_ORDER,
                            folder.shown() + " is the folder of the family '" + name + "'; name another with --out");
                });
        Map<String, String> annotations = new HashMap<>(
                Optional.ofNullable(written.getMetadata().getAnnotations()).orElse(Map.of()));
        annotations.put(
                THREADS,
                String.valueOf(threads.orElseGet(
                        () -> before.flatMap(FamilyInFolder::threads).orElse(usualThreads))));
        written.getMetadata().setAnnotations(annotations);
        written.getMetadata()
                .setGeneration(before.map(old -> generation(old, written)).orElse(1L));
        before.map(ModelFamily::getStatus).ifPresent(written::setStatus);
        return new FamilyInFolder(written);
    }

    ModelFamily family() {
        return family;
    }

    /** The CPU threads of a stage. */
    int threads() {
        return threads(family).orElseThrow();
    }

    private static Optional<Integer> threads(ModelFamily family) {
        return Optional.ofNullable(family.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(THREADS))
                .filter(text -> text.matches("[1-9][0-9]{0,5}"))
                .map(Integer::valueOf);
    }

    private static long generation(ModelFamily before, ModelFamily now) {
        long generation =
                Optional.ofNullable(before.getMetadata().getGeneration()).orElse(1L);
        boolean edited = !spec(before).equals(spec(now));
        boolean failed = Optional.ofNullable(before.getStatus())
                .map(Phase::of)
                .filter(Phase.Failed::equals)
                .isPresent();
        return edited || failed ? generation + 1 : generation;
    }

    private static JsonNode spec(ModelFamily family) {
        return Json.mapper().valueToTree(family.getSpec());
    }
}
