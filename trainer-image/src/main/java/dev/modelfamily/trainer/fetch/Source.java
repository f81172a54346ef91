package dev.modelfamily.trainer.fetch;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a model or a corpus comes from. */
public sealed interface Source {
    /**
     * A repository of the Hugging Face Hub, or a part of it.
     *
     * @param revision a branch, tag or commit; empty for the default branch
     * @param path a file or folder of the repository, without slashes at its ends; empty for all of it
     */
    record Hub(Repository repository, String revision, String path) implements Source {
        @Override
        public String toString() {
            return repository.uri() + (revision.isEmpty() ? "" : "@" + revision) + (path.isEmpty() ? "" : "/" + path);
        }
    }

    /** A file or folder that this machine can read: of its own disk, or of a volume that is mounted. */
    record Local(Path path) implements Source {
        @Override
        public String toString() {
            return path.toString();
        }
    }

    /**
     * Understands a URI.
     *
     * <ul>
     *   <li>{@code hf://OWNER/NAME[@REVISION][/PATH]} and {@code hf://datasets/OWNER/NAME[@REVISION][/PATH]}; a slash in a
     *       revision is written {@code %2F}, but for {@code refs/pr/N} and {@code refs/convert/NAME}
     *   <li>{@code file:PATH}, relative to the working folder or absolute, taken letter by letter: no escapes
     *   <li>{@code pvc://CLAIM/PATH}: the claim is mounted as {@code CLAIMS/CLAIM}
     * </ul>
     *
     * @param revision given beside the URI; empty for none
     * @param claims the folder below which claims are mounted
     * @throws StageException {@link ExitCode#BAD_ORDER} where it cannot be understood or is of a kind that is not fetched
     */
    static Source of(String uri, String revision, Path claims) {
        return new Parser(uri, revision, claims).parse();
    }

    /** The parts of one URI. */
    record Parser(String uri, String revision, Path claims) {
        private static final Pattern HUB =
                Pattern.compile("hf://(?<data>datasets/)?(?!(?:datasets|spaces)/)(?<owner>[\\w.-]+)/(?<name>[\\w.-]+)"
                        + "(?:@(?<revision>refs/(?:pr/\\d+|convert/[\\w.-]+)|[^/@]+))?(?:/(?<path>.*))?");
        private static final Pattern CLAIM = Pattern.compile("pvc://(?<claim>[^/]+)/+(?<path>.*)");
        private static final Pattern FILE = Pattern.compile("file:(?:///*(?=/))?(?<path>.+)");

        Source parse() {
            int colon = uri.indexOf(':');
            String scheme = colon < 0 ? "" : uri.substring(0, colon);
            return switch (scheme) {
                case "hf" -> hub();
                case "file" -> local(match(FILE, "file:PATH").group("path"));
                case "pvc" -> claim();
                case "s3", "oci", "family" ->
                    throw bad("is of a kind that this version does not fetch; copy it into a volume and write"
                            + " pvc://CLAIM/PATH, or to the Hugging Face Hub and write hf://OWNER/NAME");
                default ->
                    throw bad("is not understood; write hf://OWNER/NAME, hf://datasets/OWNER/NAME, pvc://CLAIM/PATH"
                            + " or file:PATH");
            };
        }

        private Hub hub() {
            Matcher parts =
                    match(HUB, "hf://OWNER/NAME[@REVISION][/PATH] or hf://datasets/OWNER/NAME[@REVISION][/PATH]");
            Repository.Kind kind = parts.group("data") == null ? Repository.Kind.MODEL : Repository.Kind.DATASET;
            String inside = Optional.ofNullable(parts.group("revision")).orElse("");
            String decoded = URLDecoder.decode(inside.replace("+", "%2B"), StandardCharsets.UTF_8);
            if (!decoded.isEmpty() && !revision.isEmpty() && !decoded.equals(revision)) {
                throw bad("names the revision '" + decoded + "' and beside it stands '" + revision + "'; keep one");
            }
            String path = Optional.ofNullable(parts.group("path")).orElse("");
            return new Hub(
                    new Repository(kind, parts.group("owner"), parts.group("name")),
                    decoded.isEmpty() ? revision : decoded,
                    clean(path));
        }

        private Local claim() {
            Matcher parts = match(CLAIM, "pvc://CLAIM/PATH");
            Path mounted = claims.resolve(parts.group("claim"));
            Path path = mounted.resolve(clean(parts.group("path"))).normalize();
            if (!path.startsWith(mounted.normalize())) {
                throw bad("leads out of its claim");
            }
            return local(path.toString());
        }

        private Local local(String path) {
            if (!revision.isEmpty()) {
                throw bad("has no revisions, yet revision '" + revision + "' is asked for; remove it");
            }
            if (path.startsWith("//")) {
                throw bad("names a host; write file:PATH or file:///PATH");
            }
            return new Local(Path.of(path).toAbsolutePath().normalize());
        }

        private Matcher match(Pattern pattern, String form) {
            Matcher matcher = pattern.matcher(uri);
            if (!matcher.matches()) {
                throw bad("is not of the form " + form);
            }
            return matcher;
        }

        private static String clean(String path) {
            return path.replaceAll("/{2,}", "/").replaceAll("^/|/$", "");
        }

        private StageException bad(String what) {
            return new StageException(ExitCode.BAD_ORDER, "the URI '" + uri + "' " + what);
        }
    }
}
