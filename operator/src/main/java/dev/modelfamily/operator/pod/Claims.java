package dev.modelfamily.operator.pod;

import dev.modelfamily.api.v1alpha1.EvaluationSpec;
import dev.modelfamily.api.v1alpha1.MixPart;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.api.v1alpha1.PersistentVolumeClaimStorage;
import dev.modelfamily.api.v1alpha1.StorageSpec;
import dev.modelfamily.lifecycle.StorageLayout;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The volumes of a family: the claim that it is kept in, and those that its parent and texts are read from. Each is mounted in
 * every pod of the family under the name of the claim, so that a path means the same everywhere.
 *
 * @param storage the claim that the family is kept in
 * @param readOnly the other claims
 */
record Claims(PersistentVolumeClaimStorage storage, SortedSet<String> readOnly) {
    /** The folder below which claims are mounted. */
    static final String MOUNTS = "/mnt/claims";

    private static final Pattern CLAIM = Pattern.compile("pvc://([^/ ]+)/.*");

    /**
     * The claims of a family.
     *
     * @throws UnsupportedFamilyException where it is kept, or reads, where pods of this version cannot
     */
    static Claims of(ModelFamilySpec spec) {
        PersistentVolumeClaimStorage storage = spec.optionalStorage()
                .flatMap(StorageSpec::optionalPersistentVolumeClaim)
                .orElseThrow(
                        () -> new UnsupportedFamilyException(
                                "spec.storage: this version keeps members in a volume only; give persistentVolumeClaim: {claimName: NAME}"));
        SortedSet<String> read = new TreeSet<>();
        for (Source source : sources(spec)) {
            Matcher claim = CLAIM.matcher(source.uri());
            if (claim.matches()) {
                read.add(claim.group(1));
            } else if (source.uri().startsWith("file:")) {
                throw new UnsupportedFamilyException(source.field() + ": " + source.uri()
                        + " is a file of one machine, which pods cannot see; use hf:// or pvc://CLAIM/PATH");
            }
        }
        read.remove(storage.claimName());
        return new Claims(storage, read);
    }

    /** Where a claim is mounted. */
    static String mountOf(String claim) {
        return MOUNTS + "/" + claim;
    }

    /** Where the family's files lie, as its pods see it. */
    StorageLayout layout(ModelFamily family) {
        return new StorageLayout(root() + "/" + family.getMetadata().getName(), MOUNTS);
    }

    /** What was fetched from the Hub, once for all families of the storage. The name is none that a family may have. */
    String cache() {
        return root() + "/.hub";
    }

    private String root() {
        String path = storage.path().replaceAll("^/+|/+$", "");
        return mountOf(storage.claimName()) + (path.isEmpty() ? "" : "/" + path);
    }

    private static List<Source> sources(ModelFamilySpec spec) {
        Stream<Source> parent =
                Stream.of(new Source("spec.parent.uri", spec.parent().uri()));
        Stream<Source> training = spec.data().training().parts().stream()
                .map(MixPart::uri)
                .map(uri -> new Source("spec.data.training", uri));
        Stream<Source> calibration = spec.data().calibration().parts().stream()
                .map(MixPart::uri)
                .map(uri -> new Source("spec.data.calibration", uri));
        Stream<Source> evaluation = spec.data().evaluation().stream()
                .map(EvaluationSpec::uri)
                .map(uri -> new Source("spec.data.evaluation", uri));
        return Stream.of(parent, training, calibration, evaluation)
                .flatMap(sources -> sources)
                .toList();
    }

    private record Source(String field, String uri) {}
}
