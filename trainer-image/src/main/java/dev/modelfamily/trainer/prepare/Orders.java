package dev.modelfamily.trainer.prepare;

import dev.modelfamily.contract.DataSource;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.PrepareOrder;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.contract.StageOrder;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Checks orders before anything is done: JSON may lack what a record needs. */
final class Orders {
    /** A name becomes a folder. */
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}");

    private Orders() {}

    /**
     * The order, if it can be carried out.
     *
     * @param file to name in an error
     * @throws StageException {@link ExitCode#BAD_ORDER}, naming the field
     */
    static PrepareOrder checked(PrepareOrder order, Path file) {
        if (order.version() != StageOrder.VERSION) {
            throw bad(
                    file,
                    "version",
                    "is " + order.version() + "; this trainer speaks " + StageOrder.VERSION
                            + ", so it and whoever gave the order must be of one release");
        }
        present(file, "family", order.family());
        present(file, "parentUri", order.parentUri());
        present(file, "parentRevision", order.parentRevision());
        present(file, "parentTokenFile", order.parentTokenFile());
        present(file, "data", order.data());
        present(file, "output", order.output());
        present(file, "reporting", order.reporting());
        if (!(order.maxBadLinesShare() >= 0 && order.maxBadLinesShare() <= 1)) {
            throw bad(file, "maxBadLinesShare", "is " + order.maxBadLinesShare() + "; it is a share from 0 to 1");
        }
        for (int i = 0; i < order.data().size(); i++) {
            check(file, "data[" + i + "].", order.data().get(i));
        }
        return order;
    }

    private static void check(Path file, String at, DataSource data) {
        present(file, at + "name", data.name());
        present(file, at + "uri", data.uri());
        present(file, at + "revision", data.revision());
        present(file, at + "subset", data.subset());
        present(file, at + "split", data.split());
        present(file, at + "format", data.format());
        present(file, at + "textField", data.textField());
        present(file, at + "tokenFile", data.tokenFile());
        if (!NAME.matcher(data.name()).matches()) {
            throw bad(file, at + "name", "is '" + data.name() + "', which cannot be the name of a folder");
        }
        if (data.weight() < 1) {
            throw bad(file, at + "weight", "is " + data.weight() + "; it is at least 1");
        }
    }

    private static void present(Path file, String field, Object value) {
        if (value == null) {
            throw bad(file, field, "is missing");
        }
    }

    private static StageException bad(Path file, String field, String what) {
        return new StageException(ExitCode.BAD_ORDER, file + ": " + field + " " + what);
    }
}
