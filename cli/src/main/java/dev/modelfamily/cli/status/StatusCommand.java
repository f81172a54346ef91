package dev.modelfamily.cli.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.cli.folder.FamilyRecord;
import dev.modelfamily.cli.folder.FolderLock;
import dev.modelfamily.cli.folder.ProcessMark;
import dev.modelfamily.cli.folder.RunFolder;
import dev.modelfamily.cli.text.OutputFormat;
import dev.modelfamily.cli.text.ProgressLine;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.Progress;
import dev.modelfamily.contract.StageException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code status}: how a family stands in its folder, and how far a run is that works there now. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Shows how the family in a folder stands, and how far a run is that works there now.")
public final class StatusCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "The folder of a run.")
    private Path directory;

    @Option(names = "--output", paramLabel = "FORMAT", description = "${COMPLETION-CANDIDATES}. Default: text.")
    private OutputFormat output = OutputFormat.text;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        RunFolder folder = new RunFolder(directory);
        ModelFamily family = FamilyRecord.read(folder)
                .orElseThrow(() -> new StageException(
                        ExitCode.NOT_FOUND, folder.shown() + " is not the folder of a run: it has no family.json"));
        ModelFamilyStatus status = Optional.ofNullable(family.getStatus()).orElse(ModelFamilyStatus.NOTHING);
        Optional<ProcessMark> run = FolderLock.holder(folder);
        Optional<Progress> progress = run.flatMap(_ -> running(status))
                .flatMap(member -> LastProgress.of(folder.log(member.name(), member.attempt())));
        PrintWriter out = spec.commandLine().getOut();
        switch (output) {
            case text -> print(out, family, folder, run, progress);
            case json -> out.println(json(family, folder, run, progress));
        }
        out.flush();
        return 0;
    }

    private static void print(
            PrintWriter out,
            ModelFamily family,
            RunFolder folder,
            Optional<ProcessMark> run,
            Optional<Progress> progress) {
        ModelFamilyStatus status = Optional.ofNullable(family.getStatus()).orElse(ModelFamilyStatus.NOTHING);
        String phase = status.phase().isEmpty() ? "Pending" : status.phase();
        out.println(family.getMetadata().getName() + ": " + phase
                + run.map(mark -> ", a run is at work (process " + mark.pid() + ")")
                        .orElse(", no run is at work"));
        progress.ifPresent(line -> out.println(line.member() + ": " + new ProgressLine(line)));
        out.println();
        out.print(ResultTable.of(family, folder));
        status.conditions().stream()
                .filter(condition -> condition.getType().equals("Stalled")
                        && condition.getStatus().equals("True"))
                .forEach(stalled -> out.println("\n" + stalled.getMessage()));
    }

    private static String json(
            ModelFamily family, RunFolder folder, Optional<ProcessMark> run, Optional<Progress> progress) {
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("family", family.getMetadata().getName());
        json.put("folder", folder.root().toString());
        json.set(
                "process",
                run.map(ProcessMark::pid).<JsonNode>map(json::numberNode).orElseGet(json::nullNode));
        json.set("progress", progress.<JsonNode>map(Json.mapper()::valueToTree).orElseGet(json::nullNode));
        json.set("status", Json.mapper().valueToTree(family.getStatus()));
        return json.toPrettyString();
    }

    private static Optional<MemberStatus> running(ModelFamilyStatus status) {
        return Stream.concat(status.optionalPreparing().stream(), status.members().stream())
                .filter(member -> member.state() == MemberState.Running)
                .findFirst();
    }
}
