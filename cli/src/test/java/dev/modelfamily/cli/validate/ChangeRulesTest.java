package dev.modelfamily.cli.validate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The rules about a change of a family: only the API server asks them, so they are tried here. */
class ChangeRulesTest {
    private static final String FINISHED = "{members: [{name: large, state: Succeeded}, {name: small}]}";
    private static final String RUNNING = "{members: [{name: large, state: Running}]}";
    private static final String PARENT = "{uri: 'hf://a/b', revision: main}";
    private static final String VOLUME = "{persistentVolumeClaim: {claimName: models, path: a}}";
    private static final String BUCKET = "{s3: {bucket: models, prefix: a, region: eu}}";
    private static final String PARENT_STAYS =
            "uri and revision of the parent cannot change once a member is finished; make a new family";
    private static final String STORAGE_STAYS =
            "the place of the members cannot change once a member is finished; make a new family";

    private final Cel cel = CelFactory.plannerCelBuilder()
            .addVar("self", SimpleType.DYN)
            .addVar("oldSelf", SimpleType.DYN)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addCompilerLibraries(CelExtensions.strings())
            .addRuntimeLibraries(CelExtensions.strings())
            .build();

    @Test
    void theParentMayChangeUntilAMemberIsFinished() throws Exception {
        assertThat(refusals(family(PARENT, VOLUME, RUNNING), family("{uri: 'hf://a/c'}", BUCKET, RUNNING)))
                .isEmpty();
    }

    @Test
    void theParentOfAFinishedMemberStays() throws Exception {
        assertThat(refusals(
                        family(PARENT, VOLUME, FINISHED),
                        family("{uri: 'hf://a/c', revision: main}", VOLUME, FINISHED)))
                .containsExactly(PARENT_STAYS);
        assertThat(refusals(family(PARENT, VOLUME, FINISHED), family("{uri: 'hf://a/b'}", VOLUME, FINISHED)))
                .containsExactly(PARENT_STAYS);
    }

    @Test
    void theStorageOfAFinishedMemberStays() throws Exception {
        assertThat(refusals(family(PARENT, VOLUME, FINISHED), family(PARENT, BUCKET, FINISHED)))
                .containsExactly(STORAGE_STAYS);
        assertThat(refusals(
                        family(PARENT, VOLUME, FINISHED),
                        family(PARENT, "{persistentVolumeClaim: {claimName: models}}", FINISHED)))
                .containsExactly(STORAGE_STAYS);
        assertThat(refusals(
                        family(PARENT, BUCKET, FINISHED),
                        family(PARENT, "{s3: {bucket: models, prefix: b}}", FINISHED)))
                .containsExactly(STORAGE_STAYS);
    }

    @Test
    void credentialsMayAlwaysChange() throws Exception {
        assertThat(refusals(
                        family(PARENT, BUCKET, FINISHED),
                        family(
                                "{uri: 'hf://a/b', revision: main, credentials: {name: new}}",
                                "{s3: {bucket: models, prefix: a, credentials: {name: new}}}",
                                FINISHED)))
                .isEmpty();
    }

    private static JsonNode family(String parent, String storage, String status) throws Exception {
        return new YAMLMapper()
                .readTree("{spec: {parent: " + parent + ", storage: " + storage + "}, status: " + status + "}");
    }

    /** The messages of the rules that refuse a change. */
    private List<String> refusals(JsonNode before, JsonNode now) throws CelValidationException, CelEvaluationException {
        YAMLMapper yaml = new YAMLMapper();
        Map<String, Object> change = Map.of(
                "self", yaml.convertValue(now, Object.class), "oldSelf", yaml.convertValue(before, Object.class));
        List<String> refusals = new ArrayList<>();
        for (JsonNode rule : Definition.schema().get("x-kubernetes-validations")) {
            String expression = rule.get("rule").asText();
            boolean holds = !expression.contains("oldSelf")
                    || cel.createProgram(cel.compile(expression).getAst())
                            .eval(change)
                            .equals(true);
            if (!holds) {
                refusals.add(rule.get("message").asText());
            }
        }
        return refusals;
    }
}
