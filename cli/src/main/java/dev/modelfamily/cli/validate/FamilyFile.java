package dev.modelfamily.cli.validate;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import java.nio.file.Path;
import java.util.List;

/** Families as they stand in a file: valid, with the defaults of the records, and with {@code file:} URIs made absolute. */
public final class FamilyFile {
    private static final String FILE = "file:";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private FamilyFile() {}

    /**
     * The one family of a file. A relative {@code file:} URI starts from the file's folder.
     *
     * @throws InvalidFamilyException where the API server would refuse it, or the file has several families
     * @throws dev.modelfamily.contract.StageException where there is no such file
     */
    public static ModelFamily read(Path file) {
        List<ModelFamily> families = readAll(file);
        if (families.size() > 1) {
            String names = String.join(
                    ", ",
                    families.stream()
                            .map(family -> family.getMetadata().getName())
                            .toList());
            Problem several =
                    new Problem("", 1, 1, "there are several families (" + names + "); give each its own file");
            throw new InvalidFamilyException(file, List.of(several));
        }
        return families.get(0);
    }

    /**
     * All families of a file, at least one.
     *
     * @throws InvalidFamilyException where the API server would refuse one
     * @throws dev.modelfamily.contract.StageException where there is no such file
     */
    public static List<ModelFamily> readAll(Path file) {
        Validator.Judged judged = new Validator().judge(file);
        if (!judged.problems().isEmpty()) {
            throw new InvalidFamilyException(file, judged.problems());
        }
        Path folder = file.toAbsolutePath().normalize().getParent();
        return judged.families().stream()
                .map(document -> {
                    makeAbsolute(document.json().path("spec"), folder);
                    return JSON.convertValue(document.json(), ModelFamily.class);
                })
                .toList();
    }

    private static void makeAbsolute(JsonNode node, Path folder) {
        switch (node) {
            case ObjectNode object -> {
                String uri = object.path("uri").asText();
                if (uri.startsWith(FILE)) {
                    object.put("uri", FILE + folder.resolve(pathOf(uri)).normalize());
                }
                object.forEach(field -> makeAbsolute(field, folder));
            }
            case ArrayNode array -> array.forEach(item -> makeAbsolute(item, folder));
            default -> {}
        }
    }

    /** The path of {@code file:a/b}, {@code file:/a/b} or {@code file:///a/b}. */
    private static String pathOf(String uri) {
        String path = uri.substring(FILE.length());
        return path.startsWith("//") ? path.substring(2) : path;
    }
}
