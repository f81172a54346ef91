package dev.modelfamily.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses TOOL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.modelfamily.cli");

    @Test
    void theToolKnowsTheTrainerOnlyAsAProgram() {
        noClasses()
                .that()
                .resideInAPackage("dev.modelfamily.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.modelfamily.trainer..", "ai.djl..")
                .check(TOOL);
    }

    @Test
    void theToolKnowsNoCluster() {
        noClasses()
                .that()
                .resideInAPackage("dev.modelfamily.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.modelfamily.operator..", "io.javaoperatorsdk..", "io.quarkus..")
                .check(TOOL);
    }

    @Test
    void packagesDoNotDependOnEachOtherInCycles() {
        slices().matching("dev.modelfamily.cli.(*)..").should().beFreeOfCycles().check(TOOL);
    }

    @Test
    void theReportAndTheValidationStandAlone() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.modelfamily.cli.report..", "dev.modelfamily.cli.validate..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.modelfamily.cli.run..",
                        "dev.modelfamily.cli.plan..",
                        "dev.modelfamily.cli.status..",
                        "dev.modelfamily.cli.process..")
                .check(TOOL);
    }
}
