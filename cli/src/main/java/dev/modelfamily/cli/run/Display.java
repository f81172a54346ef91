package dev.modelfamily.cli.run;

import dev.modelfamily.contract.Progress;
import dev.modelfamily.lifecycle.Action;

/** What a person sees while a family is made. */
public interface Display extends AutoCloseable {
    /** Shows nothing. */
    Display NONE = new Display() {
        @Override
        public void progress(String member, Progress progress) {}

        @Override
        public void say(String line) {}

        @Override
        public void ended(String member) {}

        @Override
        public void close() {}
    };

    /** How far a trainer is. */
    void progress(String member, Progress progress);

    /** A line for people. */
    void say(String line);

    /** No trainer is at work on this member any more. */
    void ended(String member);

    /** A transition that the decision core tells of. */
    default void event(Action.EmitEvent event) {
        say(EventLine.of(event));
    }

    @Override
    void close();
}
