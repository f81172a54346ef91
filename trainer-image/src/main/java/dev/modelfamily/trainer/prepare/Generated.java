package dev.modelfamily.trainer.prepare;

import dev.modelfamily.api.v1alpha1.GenerateSpec;
import dev.modelfamily.contract.DataSource;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.generate.Generation;
import dev.modelfamily.trainer.generate.Sampler;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A data set that is sampled from the parent, as its URI tells it: see {@link GenerateSpec#uri()}. */
record Generated(DataSource source) {
    private static final Pattern FORM = Pattern.compile(GenerateSpec.SCHEME
            + "tokens=(?<tokens>[0-9]{1,18})&temperature=(?<temperature>[0-9.Ee-]+)&seed=(?<seed>[0-9]{1,19})");

    static boolean is(DataSource source) {
        return source.uri().startsWith(GenerateSpec.SCHEME);
    }

    /**
     * What is to be sampled from a model.
     *
     * @param positions that the model has
     * @throws StageException {@link ExitCode#BAD_ORDER} where the URI does not tell it
     */
    Generation generation(int positions) {
        Matcher asked = FORM.matcher(source.uri());
        if (!asked.matches()) {
            throw new StageException(
                    ExitCode.BAD_ORDER,
                    "the URI '" + source.uri() + "' is not of the form " + GenerateSpec.SCHEME
                            + "tokens=N&temperature=T&seed=N");
        }
        return new Generation(
                new Sampler(Double.parseDouble(asked.group("temperature")), 1),
                Long.parseLong(asked.group("tokens")),
                Math.min(Generation.USUAL_LENGTH, positions),
                Generation.USUAL_BATCH,
                Long.parseLong(asked.group("seed")));
    }
}
