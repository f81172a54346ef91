package dev.modelfamily.trainer.export;

import dev.modelfamily.contract.FileEntry;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.Manifest;
import dev.modelfamily.trainer.data.ContentDigest;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.report.Progression;
import dev.modelfamily.trainer.weights.OpenModel;
import dev.modelfamily.trainer.weights.SafetensorsWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes a member, all but its manifest, and reads it back. */
public final class MemberExport {
    private final Path folder;
    private final LanguageModel model;
    private final OpenModel parent;

    /**
     * What was written.
     *
     * @param manifest complete, not yet written: the folder is no member before it is
     * @param weightBytes of the weight files
     */
    public record Written(Path folder, Manifest manifest, long weightBytes) {
        /** The digest that the member will have. */
        public String digest() {
            return ContentDigest.of(Json.bytes(manifest));
        }

        /** Writes the manifest: from now on the folder is a member. */
        public void finish() {
            Json.writeAtomically(folder.resolve(Members.MANIFEST), manifest);
        }
    }

    /**
     * An export of {@code model}.
     *
     * @param folder that holds no member
     * @param parent whose configuration and tokenizer files the member takes over
     */
    public MemberExport(Path folder, LanguageModel model, OpenModel parent) {
        this.folder = folder;
        this.model = model;
        this.parent = parent;
    }

    /**
     * Writes all files but {@code run.json} and the manifest, and loads them again.
     *
     * @param member its name
     * @param tokens that it was trained on
     * @param logs more files of the member, by name
     * @param facts the manifest without its files
     * @param verifying told of the parameters that were loaded again
     */
    public Written write(
            String member, long tokens, SortedMap<String, byte[]> logs, Manifest facts, Progression verifying) {
        List<Path> weights = MemberFiles.writeWeights(folder, model, SafetensorsWriter.SHARD_BYTES);
        SortedMap<String, byte[]> beside = MemberFiles.beside(model, parent.config(), parent.companions());
        beside.putAll(logs);
        ModelCard card = new ModelCard(member, parent.license(), model.shape(), facts, tokens);
        beside.put(MemberFiles.CARD, card.text().getBytes(StandardCharsets.UTF_8));
        MemberFiles.write(folder, beside);
        ExportCheck.check(folder, model, beside, verifying);
        SortedMap<String, FileEntry> files = new TreeMap<>();
        weights.forEach(file -> files.put(file.getFileName().toString(), Members.entry(file)));
        beside.keySet().forEach(name -> files.put(name, Members.entry(folder.resolve(name))));
        long bytes = weights.stream().mapToLong(MemberExport::size).sum();
        return new Written(folder, withFiles(facts, files), bytes);
    }

    private static long size(Path file) {
        return file.toFile().length();
    }

    private static Manifest withFiles(Manifest facts, SortedMap<String, FileEntry> files) {
        return new Manifest(
                facts.version(),
                facts.key(),
                files,
                facts.inputDigest(),
                facts.parentDigest(),
                facts.parentName(),
                facts.dataDigest(),
                facts.cut(),
                facts.recovery(),
                facts.parameters(),
                facts.perplexityBefore(),
                facts.perplexity(),
                facts.versions());
    }
}
