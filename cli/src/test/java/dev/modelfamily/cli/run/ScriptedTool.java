package dev.modelfamily.cli.run;

import dev.modelfamily.cli.Main;
import dev.modelfamily.cli.process.TrainerProgram;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The tool as it is, with the {@link ScriptedTrainer} in place of the real one. */
public final class ScriptedTool {
    private ScriptedTool() {}

    /** The script, then the tool's arguments. */
    public static void main(String[] arguments) {
        Path script = Path.of(arguments[0]);
        System.exit(
                Main.commandLine(() -> trainer(script)).execute(Arrays.copyOfRange(arguments, 1, arguments.length)));
    }

    /** The trainer, which misbehaves as a script says. */
    static TrainerProgram trainer(Path script) {
        return new TrainerProgram(List.of(
                TrainerProgram.java(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-D" + ScriptedTrainer.SCRIPT + "=" + script,
                "-cp",
                System.getProperty("java.class.path"),
                ScriptedTrainer.class.getName()));
    }
}
