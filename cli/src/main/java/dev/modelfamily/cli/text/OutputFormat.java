package dev.modelfamily.cli.text;

/** How a command writes its answer: for people or for programs. Named as people type it. */
public enum OutputFormat {
    text,
    json
}
