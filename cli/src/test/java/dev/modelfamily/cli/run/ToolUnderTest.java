package dev.modelfamily.cli.run;

import dev.modelfamily.cli.Main;
import dev.modelfamily.cli.process.TrainerProgram;
import java.util.Arrays;
import java.util.List;

/** The tool as it is, with a trainer off the class path of the tests. */
public final class ToolUnderTest {
    private ToolUnderTest() {}

    /** The trainer's main class, the script for it, then the tool's own arguments. */
    public static void main(String[] arguments) {
        String trainer = arguments[0];
        String script = arguments[1];
        System.exit(Main.commandLine(() -> trainer(trainer, script))
                .execute(Arrays.copyOfRange(arguments, 2, arguments.length)));
    }

    static TrainerProgram trainer(String main, String script) {
        return new TrainerProgram(List.of(
                TrainerProgram.java(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-D" + ScriptedTrainer.SCRIPT + "=" + script,
                "-cp",
                System.getProperty("java.class.path"),
                main));
    }
}
