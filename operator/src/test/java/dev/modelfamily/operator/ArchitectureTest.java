package dev.modelfamily.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Duration;

@AnalyzeClasses(packages = "dev.modelfamily", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule THE_OPERATOR_KNOWS_NO_TENSOR = noClasses()
            .that()
            .resideInAPackage("dev.modelfamily.operator..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.modelfamily.trainer..", "dev.modelfamily.cli..", "ai.djl..");

    @ArchTest
    static final ArchRule NOTHING_BELOW_KNOWS_THE_OPERATOR = noClasses()
            .that()
            .resideOutsideOfPackage("dev.modelfamily.operator..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.modelfamily.operator..");

    @ArchTest
    static final ArchRule NOBODY_SLEEPS = noClasses()
            .that()
            .resideInAPackage("dev.modelfamily.operator..")
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Thread.class, "sleep", Duration.class);

    @ArchTest
    static final ArchRule JOBS_AND_OBSERVATIONS_NEED_NO_CLIENT = noClasses()
            .that()
            .resideInAnyPackage("dev.modelfamily.operator.pod..", "dev.modelfamily.operator.observe..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("io.fabric8.kubernetes.client.KubernetesClient");
}
