package dev.modelfamily.api.v1alpha1;

/** Which kinds of URI each place of the API knows, as rules of the Common Expression Language. */
final class Uris {
    static final int MAX_LENGTH = 512;

    private static final String HF = "hf://[^/ ]+/[^/ ]+(/[^ ]*)?";
    private static final String DATA_HF = "hf://datasets/[^/ ]+/[^/ ]+(/[^ ]*)?";
    private static final String S3 = "s3://[^/ ]+(/[^ ]*)?";
    private static final String PVC = "pvc://[^/ ]+/[^ ]+";
    private static final String OCI = "oci://[^/ ]+/[^ ]+";
    private static final String FAMILY = "family://[^/ ]+/[^/ ]+/[^/ ]+";
    private static final String FILE = "file:.+";

    static final String PARENT_RULE =
            "self.uri.matches('^(" + HF + "|" + S3 + "|" + PVC + "|" + OCI + "|" + FAMILY + "|" + FILE + ")$')";
    static final String DATA_RULE =
            "!has(self.uri) || self.uri.matches('^(" + DATA_HF + "|" + S3 + "|" + PVC + "|" + OCI + "|" + FILE + ")$')";
    static final String PUBLISH_RULE = "self.uri.matches('^(" + HF + "|" + S3 + "|" + OCI + ")$')";

    static final String DATA_MESSAGE = "write hf://datasets/OWNER/NAME, s3://BUCKET/PATH, pvc://CLAIM/PATH,"
            + " oci://REGISTRY/NAME:TAG, or file:PATH for runs on one machine";

    private Uris() {}
}
