package dev.modelfamily.cli.run;

import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.api.v1alpha1.ResultStatus;
import dev.modelfamily.cli.folder.RunFolder;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Keeps a relative link by the name of each finished member, and no other link. */
record MemberLinks(RunFolder folder) {
    private static final String NEW = ".new";

    void update(ModelFamilyStatus status) {
        Map<Path, Path> wanted = new TreeMap<>();
        for (MemberStatus member : status.members()) {
            member.optionalResult()
                    .map(ResultStatus::uri)
                    .map(Path::of)
                    .filter(target -> target.startsWith(folder.root()))
                    .ifPresent(target -> wanted.put(
                            folder.members().resolve(member.name()),
                            folder.members().relativize(target)));
        }
        try {
            for (Path link : links()) {
                if (!wanted.containsKey(link)) {
                    Files.delete(link);
                }
            }
            for (Map.Entry<Path, Path> link : wanted.entrySet()) {
                point(link.getKey(), link.getValue());
            }
        } catch (IOException e) {
            throw new StageException(ExitCode.UNREACHABLE, "cannot link members in " + folder.members() + ": " + e, e);
        }
    }

    private List<Path> links() throws IOException {
        try (Stream<Path> files = Files.list(folder.members())) {
            return files.filter(Files::isSymbolicLink).toList();
        }
    }

    private static void point(Path link, Path target) throws IOException {
        Optional<Path> present =
                Files.isSymbolicLink(link) ? Optional.of(Files.readSymbolicLink(link)) : Optional.empty();
        if (present.equals(Optional.of(target))) {
            return;
        }
        Path next = link.resolveSibling(link.getFileName() + NEW);
        Files.deleteIfExists(next);
        Files.createSymbolicLink(next, target);
        Files.move(next, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
