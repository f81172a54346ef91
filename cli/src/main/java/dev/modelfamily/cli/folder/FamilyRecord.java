package dev.modelfamily.cli.folder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** The family of a run folder with the status that was last written: the memory of a run. */
public final class FamilyRecord {
    private static final ObjectMapper LENIENT =
            Json.mapper().copy().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private FamilyRecord() {}

    /**
     * The family; empty where nothing was run in the folder.
     *
     * @throws StageException {@link ExitCode#BAD_DATA} where the file is damaged
     */
    public static Optional<ModelFamily> read(RunFolder folder) {
        try {
            return Optional.of(LENIENT.readValue(Files.readAllBytes(folder.family()), ModelFamily.class));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (JsonProcessingException e) {
            throw new StageException(
                    ExitCode.BAD_DATA,
                    folder.family() + " is damaged (" + e.getOriginalMessage()
                            + "); delete it and run again: finished members are found by their manifests",
                    e);
        } catch (IOException e) {
            throw new StageException(ExitCode.NOT_FOUND, "cannot read " + folder.family() + ": " + e, e);
        }
    }

    /** Writes the family, all of it or nothing. */
    public static void write(RunFolder folder, ModelFamily family) {
        Json.writeAtomically(folder.family(), family);
    }
}
