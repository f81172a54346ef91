package dev.modelfamily;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.modelfamily.contract.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;

/** Planning and deciding are pure: the same arguments give the same answer, on any machine and at any time. */
@AnalyzeClasses(packages = "dev.modelfamily", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] PURE = {
        "dev.modelfamily.lifecycle..", "dev.modelfamily.planner..", "dev.modelfamily.contract.."
    };

    @ArchTest
    static final ArchRule importsPointOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("api")
            .definedBy("dev.modelfamily.api..")
            .layer("contract")
            .definedBy("dev.modelfamily.contract..")
            .layer("planner")
            .definedBy("dev.modelfamily.planner..")
            .layer("lifecycle")
            .definedBy("dev.modelfamily.lifecycle..")
            .whereLayer("lifecycle")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("planner")
            .mayOnlyBeAccessedByLayers("lifecycle")
            .whereLayer("contract")
            .mayOnlyBeAccessedByLayers("lifecycle", "planner")
            .whereLayer("api")
            .mayOnlyBeAccessedByLayers("lifecycle", "planner", "contract");

    /** Streams over bytes in memory are no input or output; the contract's JSON has two methods for files. */
    @ArchTest
    static final ArchRule nothingIsReadOrWritten = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .and()
            .doNotBelongToAnyOf(Json.class)
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.nio.file..", "java.nio.channels..", "java.net..")
                    .or(resideInAPackage("java.io..")
                            .and(not(belongToAnyOf(
                                    IOException.class,
                                    UncheckedIOException.class,
                                    ByteArrayInputStream.class,
                                    ByteArrayOutputStream.class)))))
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(Process.class, ProcessBuilder.class, Runtime.class);

    @ArchTest
    static final ArchRule noClientOfACluster = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fabric8.kubernetes.client..", "io.javaoperatorsdk..", "io.quarkus..");

    @ArchTest
    static final ArchRule noClockAndNoChance = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Clock.class, Random.class)
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .callMethod(System.class, "getenv", String.class)
            .orShould()
            .callMethod(System.class, "getProperty", String.class);

    @ArchTest
    static void theRulesSeeTheClassesThatTheySpeakOf(JavaClasses classes) {
        for (String pure : PURE) {
            String name = pure.replace("..", "");
            if (classes.stream().noneMatch(type -> type.getPackageName().equals(name))) {
                throw new AssertionError("no class of " + name + " was found");
            }
        }
    }
}
