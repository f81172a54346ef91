package dev.modelfamily.e2e.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.e2e.cluster.ControlPlane;
import dev.modelfamily.e2e.cluster.SharedCluster;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("cluster")
@ExtendWith(SharedCluster.class)
class DefinitionTest {
    @Test
    void theDefinitionIsServedAndItsSchemaIsStructural(ControlPlane cluster) {
        CustomResourceDefinition definition = Definitions.install(cluster);

        assertThat(Definitions.conditions(definition))
                .containsEntry("Established", "True")
                .containsEntry("NamesAccepted", "True")
                .doesNotContainKey("NonStructuralSchema");
    }

    @Test
    void kubectlKnowsTheFamilyByItsShortNameAndExplainsItsFields(ControlPlane cluster) {
        Definitions.install(cluster);

        assertThat(cluster.kubectl().run("get", "mf", "--namespace=default").output())
                .startsWith("No resources found");
        assertThat(cluster.kubectl()
                        .run("explain", "modelfamily.spec.members.size")
                        .output())
                .contains("modelfamily.dev", "FIELD: size <string>");
    }
}
