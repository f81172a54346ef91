package dev.modelfamily.api.v1alpha1;

/**
 * The rules of the API that look at more than one field, in the Common Expression Language as the API server speaks it.
 * A message about an element of a list begins with its path, such as {@code members[small].size: }. How rules are written
 * follows the API server's estimate of their cost: no {@code string()}, no element of a filtered list.
 */
final class Rules {
    static final String SIZE_IS_IN_RANGE =
            "self.size.matches('^([1-9][0-9]{0,17}|[0-9]{1,12}(\\\\.[0-9]{1,6})?[kMGBT])$')"
                    + " || self.size.matches('^(100(\\\\.0{1,6})?|[1-9][0-9](\\\\.[0-9]{1,6})?|[5-9](\\\\.[0-9]{1,6})?)%$')";
    static final String SIZE_IS_IN_RANGE_MESSAGE =
            "write a share of the parent from 5% to 100%, such as 80%, or a count of parameters such as 3300M or 1.2B";

    /**
     * The indices that a list can have: the language has no loop over them, and the API server knows the limits of an
     * element only where it is named by its index.
     */
    private static final String INDICES = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,"
            + " 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31]";

    private static final String SAME_TEXTS = " && (has(self.evaluation[i].subset) ? self.evaluation[i].subset : '')"
            + " == (has(t.subset) ? t.subset : '')"
            + " && (has(self.evaluation[i].split) ? self.evaluation[i].split : '') == (has(t.split) ? t.split : '')";
    private static final String IS_TRAINED_ON = "i < size(self.evaluation) && (has(self.training.uri)"
            + " && [self.training].exists(t, self.evaluation[i].uri == t.uri" + SAME_TEXTS + ")"
            + " || has(self.training.mix) && self.training.mix.exists(t, self.evaluation[i].uri == t.uri" + SAME_TEXTS
            + "))";

    static final String EVALUATION_IS_NOT_TRAINING =
            "!has(self.evaluation) || !" + INDICES + ".exists(i, " + IS_TRAINED_ON + ")";
    static final String EVALUATION_IS_NOT_TRAINING_MESSAGE = INDICES + ".filter(i, " + IS_TRAINED_ON
            + ").map(i, 'evaluation[' + self.evaluation[i].name"
            + " + '].uri: these texts are also trained on; give other texts or another split')[0]";

    private static final String FROM_IS_UNKNOWN = "i < size(self.members) && has(self.members[i].from)"
            + " && self.members[i].from != 'parent'"
            + " && !" + INDICES + ".exists(j, j < i && self.members[j].name == self.members[i].from)";

    static final String FROM_IS_EARLIER = "!has(self.members) || !" + INDICES + ".exists(i, " + FROM_IS_UNKNOWN + ")";
    static final String FROM_IS_EARLIER_MESSAGE = INDICES + ".filter(i, " + FROM_IS_UNKNOWN
            + ").map(i, 'members[' + self.members[i].name + '].from: ' + self.members[i].from"
            + " + ' is not an earlier member; name one that stands before ' + self.members[i].name + ', or parent')[0]";

    private static final String IS_FROM =
            "j < i && (has(self.members[i].from) ? self.members[j].name == self.members[i].from : j == i - 1)";
    private static final String SIZE = "^[0-9]{1,18}(\\\\.[0-9]{1,6})?[kMGBT%]?$";
    private static final String IS_SIZE = ".size.matches('" + SIZE + "')";
    /** A size as a number, its bracket opened before it; a share as its percents. */
    private static final String NUMBER = ".replace('%', '').replace('k', 'e3').replace('M', 'e6')"
            + ".replace('G', 'e9').replace('B', 'e9').replace('T', 'e12'))";

    private static final String DOES_NOT_FALL = "i < size(self.members) && " + INDICES + ".exists(j, " + IS_FROM
            + " && self.members[i]" + IS_SIZE + " && self.members[j]" + IS_SIZE
            + " && self.members[i].size.endsWith('%') == self.members[j].size.endsWith('%')"
            + " && double(self.members[i].size" + NUMBER + " >= double(self.members[j].size" + NUMBER + ")";

    static final String SIZES_FALL = "!has(self.members) || !" + INDICES + ".exists(i, " + DOES_NOT_FALL + ")";
    static final String SIZES_FALL_MESSAGE = INDICES + ".filter(i, " + DOES_NOT_FALL + ").map(i, " + INDICES
            + ".filter(j, " + IS_FROM + ").map(j, 'members[' + self.members[i].name + '].size: ' + self.members[i].size"
            + " + ' is not smaller than the ' + self.members[j].size + ' of ' + self.members[j].name"
            + " + ', which ' + self.members[i].name + ' is made from; sizes must fall along a chain')[0])[0]";

    private static final String GATE_IS_UNKNOWN = "i < size(self.members) && has(self.members[i].gate)"
            + " && !(has(self.data.evaluation)"
            + " && self.data.evaluation.exists(e, e.name == self.members[i].gate.evaluation))";

    static final String GATES_ARE_MEASURED =
            "!has(self.members) || !" + INDICES + ".exists(i, " + GATE_IS_UNKNOWN + ")";
    static final String GATES_ARE_MEASURED_MESSAGE = INDICES + ".filter(i, " + GATE_IS_UNKNOWN
            + ").map(i, 'members[' + self.members[i].name + '].gate.evaluation: ' + self.members[i].gate.evaluation"
            + " + ' is not in data.evaluation; name a set that is')[0]";

    static final String SEARCH_IS_MEASURED = "!has(self.search) || (has(self.data.evaluation)"
            + " && self.data.evaluation.exists(e, e.name == self.search.evaluation))";

    static final String SEARCH_HAS_A_RANGE = "!has(self.minSize) || !has(self.maxSize)"
            + " || self.minSize.endsWith('%') != self.maxSize.endsWith('%')"
            + " || ![self.minSize, self.maxSize].all(s, s.matches('" + SIZE + "')) || double(self.minSize" + NUMBER
            + " < double(self.maxSize" + NUMBER;

    private static final String FINISHED = "has(oldSelf.status) && has(oldSelf.status.members)"
            + " && oldSelf.status.members.exists(m, has(m.state) && m.state == 'Succeeded')";

    static final String PARENT_STAYS = "!(" + FINISHED + ") || (self.spec.parent.uri == oldSelf.spec.parent.uri"
            + " && (has(self.spec.parent.revision) ? self.spec.parent.revision : '')"
            + " == (has(oldSelf.spec.parent.revision) ? oldSelf.spec.parent.revision : ''))";
    private static final String BUCKET_STAYS = "has(self.spec.storage.s3) == has(oldSelf.spec.storage.s3)"
            + " && (!has(self.spec.storage.s3) || (self.spec.storage.s3.bucket == oldSelf.spec.storage.s3.bucket"
            + " && (has(self.spec.storage.s3.prefix) ? self.spec.storage.s3.prefix : '')"
            + " == (has(oldSelf.spec.storage.s3.prefix) ? oldSelf.spec.storage.s3.prefix : '')))";
    private static final String VOLUME_STAYS = "has(self.spec.storage.persistentVolumeClaim)"
            + " == has(oldSelf.spec.storage.persistentVolumeClaim)"
            + " && (!has(self.spec.storage.persistentVolumeClaim)"
            + " || self.spec.storage.persistentVolumeClaim == oldSelf.spec.storage.persistentVolumeClaim)";

    static final String STORAGE_STAYS = "!(" + FINISHED + ") || (has(self.spec.storage) == has(oldSelf.spec.storage)"
            + " && (!has(self.spec.storage) || (" + VOLUME_STAYS + " && " + BUCKET_STAYS + ")))";

    private Rules() {}
}
