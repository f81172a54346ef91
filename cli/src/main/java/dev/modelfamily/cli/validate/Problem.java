package dev.modelfamily.cli.validate;

/**
 * One thing that is wrong in a family file.
 *
 * @param path of the field, such as {@code spec.members[2].size}; empty for the whole document
 * @param line counted from 1
 * @param column counted from 1
 * @param message what is wrong and what to do
 */
public record Problem(String path, int line, int column, String message) {
    @Override
    public String toString() {
        return path.isEmpty() ? "line " + line + ": " + message : path + " (line " + line + "): " + message;
    }
}
