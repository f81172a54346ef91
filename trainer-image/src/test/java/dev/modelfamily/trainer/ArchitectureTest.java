package dev.modelfamily.trainer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String TORCH = "dev.modelfamily.trainer.torch";

    private static final JavaClasses TRAINER = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.modelfamily.trainer", "ai.djl.pytorch.jni");

    /** A tensor may lie on a GPU: its address is then none of this process. */
    @Test
    void onlyStagingTouchesTheMemoryOfATensor() {
        methods()
                .that()
                .areDeclaredIn(TORCH + ".Tensor")
                .and()
                .haveName("memory")
                .should(beCalledBy(Set.of(TORCH + ".Staging", TORCH + ".Staging$Pieces")))
                .check(TRAINER);
        methods()
                .that()
                .areDeclaredIn(TORCH + ".Torch")
                .and()
                .haveName("memory")
                .should(beCalledBy(Set.of(TORCH + ".Tensor")))
                .check(TRAINER);
    }

    /** DJL's arithmetic frees memory that is in use when a garbage collection comes in between; see the package. */
    @Test
    void onlyThePackageOfScriptsKnowsArrays() {
        noClasses()
                .that()
                .resideInAPackage("dev.modelfamily.trainer..")
                .and()
                .resideOutsideOfPackage(TORCH)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.djl.ndarray..", "ai.djl.pytorch..")
                .check(TRAINER);
    }

    private static ArchCondition<JavaMethod> beCalledBy(Set<String> callers) {
        return new ArchCondition<>("be called, and only by " + callers) {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                if (method.getCallsOfSelf().isEmpty()) {
                    events.add(SimpleConditionEvent.violated(method, method.getFullName() + " is never called"));
                }
                method.getCallsOfSelf().stream()
                        .filter(call -> !callers.contains(call.getOriginOwner().getName()))
                        .forEach(call -> events.add(SimpleConditionEvent.violated(call, call.getDescription())));
            }
        };
    }
}
