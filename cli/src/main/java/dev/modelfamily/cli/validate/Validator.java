package dev.modelfamily.cli.validate;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Judges family files by the custom resource definition. Reading the definition takes a moment, so keep one. */
public final class Validator {
    private static final Comparator<Problem> BY_PLACE =
            Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column);

    private final JsonNode definition;
    private final SchemaCheck schema;
    private final KeyCheck keys;
    private final RuleCheck rules;

    public Validator() {
        definition = Definition.schema();
        this.schema = new SchemaCheck(definition);
        this.keys = new KeyCheck(definition);
        this.rules = new RuleCheck(definition);
    }

    /**
     * All that is wrong with the families of a file, in the order of its lines; empty where the API server would take it.
     *
     * @throws StageException {@link ExitCode#NOT_FOUND} where there is no such file
     */
    public List<Problem> validate(Path file) {
        return judge(file).problems();
    }

    /** The families of a file and all that is wrong with them. */
    Judged judge(Path file) {
        YamlReader.Content content;
        try {
            content = YamlReader.read(Files.readString(file));
        } catch (CharacterCodingException _) {
            return new Judged(List.of(), List.of(new Problem("", 1, 1, "this is not text in UTF-8")));
        } catch (NoSuchFileException e) {
            throw new StageException(ExitCode.NOT_FOUND, file + " does not exist", e);
        } catch (IOException e) {
            throw new StageException(ExitCode.NOT_FOUND, "cannot read " + file + ": " + e.getMessage(), e);
        }
        List<Document> families = content.documents().stream()
                .filter(Validator::isMeantAsFamily)
                .map(document -> new Document(Nulls.dropped(definition, document.json()), document.places()))
                .toList();
        List<Problem> problems = new ArrayList<>(content.problems());
        families.forEach(family -> problems.addAll(problems(family)));
        if (families.isEmpty() && problems.isEmpty()) {
            problems.add(new Problem(
                    "",
                    1,
                    1,
                    "there is no ModelFamily in this file; it begins with"
                            + " apiVersion: modelfamily.dev/v1alpha1 and kind: ModelFamily"));
        }
        return new Judged(families, problems.stream().sorted(BY_PLACE).toList());
    }

    /**
     * What a file holds.
     *
     * @param problems empty where all families are valid
     */
    record Judged(List<Document> families, List<Problem> problems) {}

    private List<Problem> problems(Document document) {
        List<Finding> shape = Stream.concat(
                        schema.check(document.json()).stream(), keys.check(document.json()).stream())
                .toList();
        List<Finding> all = new ArrayList<>(shape);
        rules.check(document.json(), shape).stream()
                .filter(finding -> shape.stream().noneMatch(other -> other.at().equals(finding.at())))
                .forEach(all::add);
        return all.stream()
                .map(finding -> document.problem(finding.at(), finding.message()))
                .toList();
    }

    /** Other resources may stand in the same file; what has neither kind nor group is meant as a family. */
    private static boolean isMeantAsFamily(Document document) {
        JsonNode kind = document.json().at(JsonPointer.compile("/kind"));
        String version = document.json().path("apiVersion").asText();
        return kind.asText().equals("ModelFamily") || version.startsWith("modelfamily.dev/") || kind.isMissingNode();
    }
}
