package dev.modelfamily.cli.plan;

import dev.modelfamily.api.v1alpha1.Mode;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.cli.folder.RunFolder;
import dev.modelfamily.cli.folder.Trees;
import dev.modelfamily.cli.process.ThisMachine;
import dev.modelfamily.cli.process.TrainerProgram;
import dev.modelfamily.cli.run.Display;
import dev.modelfamily.cli.run.FamilyRun;
import dev.modelfamily.cli.text.OutputFormat;
import dev.modelfamily.cli.validate.FamilyFile;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.PrepareResult;
import dev.modelfamily.planner.Device;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.ModelShapes;
import dev.modelfamily.planner.Planner;
import dev.modelfamily.planner.Search;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code plan}: sizes and costs of a family, from no more than the headers of its parent. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Shows what a family will be and cost. Reads only the headers of the parent; starts nothing.")
public final class PlanCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The family: a YAML file.")
    private Path file;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            description =
                    "What hours are estimated for: H200, H100, A100, L4 or cpu. Default: the cores of this machine.")
    private String device = "cpu";

    @Option(names = "--output", paramLabel = "FORMAT", description = "${COMPLETION-CANDIDATES}. Default: text.")
    private OutputFormat output = OutputFormat.text;

    @Spec
    private CommandSpec spec;

    private final Supplier<TrainerProgram> trainer;

    public PlanCommand(Supplier<TrainerProgram> trainer) {
        this.trainer = trainer;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Device asked = device();
        ModelFamily family = FamilyFile.read(file);
        FamilyRun.Outcome outcome = read(planOnly(family));
        if (outcome.exitCode() != 0) {
            outcome.report(spec.commandLine().getErr());
            return outcome.exitCode();
        }
        PrepareResult prepared = outcome.prepared().iterator().next();
        ModelShape parent = ModelShapes.of(prepared.config());
        ModelFamilySpec first = Search.applied(family.getSpec(), parent, _ -> OptionalDouble.empty());
        PlanView view = PlanView.of(family, parent, Planner.plan(first, parent, asked));
        PrintWriter out = spec.commandLine().getOut();
        switch (output) {
            case text -> out.print(PlanTable.of(view));
            case json -> out.println(Json.mapper().valueToTree(view).toPrettyString());
        }
        out.flush();
        return 0;
    }

    private Device device() {
        return device.equalsIgnoreCase("cpu")
                ? ThisMachine.device(ThisMachine.cores())
                : Device.gpu(device)
                        .orElseThrow(() -> new ParameterException(
                                spec.commandLine(),
                                "--device is '" + device + "'; known are H200, H100, A100, L4 and cpu"));
    }

    /** A run of the same family that asks for a plan only, in a folder of its own that is gone afterwards. */
    private FamilyRun.Outcome read(ModelFamily planOnly) throws IOException, InterruptedException {
        Path temporary = Files.createTempDirectory("modelfamily-plan-");
        try {
            return new FamilyRun(new RunFolder(temporary), trainer.get(), OptionalInt.empty(), 0, 1)
                    .run(planOnly, Display.NONE);
        } finally {
            Trees.delete(temporary);
        }
    }

    private static ModelFamily planOnly(ModelFamily family) {
        return family.asking(family.getSpec().withCourse(false, Mode.Plan));
    }
}
