package dev.modelfamily.lifecycle;

import dev.modelfamily.contract.PrepareResult;
import dev.modelfamily.contract.StageResult;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What an executor sees when it asks for a decision. Seeing the same thing twice, or an attempt long forgotten, is harmless;
 * only two claims must be true: an attempt that is not reported as live is not running, and a result is complete.
 *
 * @param prepared what finished preparations found, by the key of the preparation; others than the wanted one are ignored
 * @param attempts every attempt that the executor knows of, live or ended, in any order
 * @param finished the members whose manifest is written, by stage key, whoever made them; a stage with such a key is taken
 *     over instead of run. One made by another family names its member as {@code NAMESPACE/FAMILY/MEMBER}
 * @param damaged keys of recorded members that are gone or no longer match their manifest, with the sentence that says how; a
 *     key is never both here and in {@code finished}
 * @param leftovers keys of stages of which there is something to clean: checkpoints, or outputs of attempts without result
 */
public record Observed(
        Surroundings surroundings,
        SortedMap<String, PrepareResult> prepared,
        List<Attempt> attempts,
        SortedMap<String, StageResult> finished,
        SortedMap<String, String> damaged,
        SortedSet<String> leftovers) {

    /** The live attempts. */
    public List<Attempt> live() {
        return attempts.stream().filter(Attempt::isLive).toList();
    }
}
