package dev.modelfamily.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenSetTest {
    private static final int END = 0;

    @TempDir
    Path folder;

    @Test
    void documentsAreReadBackWithTheEndOfTextBetweenThem() {
        write(1000, new int[] {5, 6, 7}, new int[] {8}, new int[] {999, 9});
        try (TokenSet set = TokenSet.open(folder)) {
            assertThat(all(set)).containsExactly(5, 6, 7, END, 8, END, 999, 9);
            assertThat(set.documentStart(0)).isZero();
            assertThat(set.documentStart(1)).isEqualTo(4);
            assertThat(set.documentStart(2)).isEqualTo(6);
        }
    }

    @Test
    void aSetOfOneDocumentHoldsNoSpecialToken() {
        write(1000, new int[] {5, 6});
        try (TokenSet set = TokenSet.open(folder)) {
            assertThat(all(set)).containsExactly(5, 6);
        }
    }

    @Test
    void idsUseTwoBytesUpToAVocabularyOf65536AndFourAbove() throws IOException {
        write(65_536, new int[] {65_535, 1});
        assertThat(Files.size(folder.resolve("tokens.bin"))).isEqualTo(4);
        try (TokenSet set = TokenSet.open(folder)) {
            assertThat(all(set)).containsExactly(65_535, 1);
        }
        write(65_537, new int[] {65_536, 1});
        assertThat(Files.size(folder.resolve("tokens.bin"))).isEqualTo(8);
        try (TokenSet set = TokenSet.open(folder)) {
            assertThat(all(set)).containsExactly(65_536, 1);
        }
    }

    @Test
    void theSameDocumentsGiveTheSameDigest() {
        String first = write(100, new int[] {5, 6}, new int[] {7}).digest();
        assertThat(write(100, new int[] {5, 6}, new int[] {7}).digest()).isEqualTo(first);
        assertThat(write(100, new int[] {5}, new int[] {6, 7}).digest()).isNotEqualTo(first);
    }

    @Test
    void aSetThatWasNotFinishedIsNotThere() {
        try (TokenSetWriter writer = new TokenSetWriter(folder, 100, END)) {
            writer.append(new int[] {1, 2});
        }
        assertRefused(ExitCode.NOT_FOUND, "is not a finished token set");
        assertThat(folder.toFile().list()).isEmpty();
    }

    @Test
    void aShortenedTokenFileIsRefused() throws IOException {
        write(100, new int[] {1, 2, 3});
        Files.write(folder.resolve("tokens.bin"), new byte[4]);
        assertRefused(ExitCode.BAD_DATA, "has 4 bytes where its manifest asks for 6");
    }

    @Test
    void aMissingTokenFileIsRefused() throws IOException {
        write(100, new int[] {1, 2, 3});
        Files.delete(folder.resolve("documents.bin"));
        assertRefused(ExitCode.BAD_DATA, "documents.bin is missing");
    }

    @Test
    void changedTokensAreFoundByTheDigest() throws IOException {
        write(100, new int[] {1, 2, 3});
        Files.write(folder.resolve("tokens.bin"), new byte[] {1, 0, 2, 0, 4, 0});
        try (TokenSet set = TokenSet.open(folder)) {
            assertThatThrownBy(set::verify)
                    .isInstanceOf(StageException.class)
                    .hasMessageContaining("was changed")
                    .hasMessageContaining(set.manifest().digest());
        }
    }

    @Test
    void anUntouchedSetPassesItsDigest() {
        write(70_000, new int[] {1, 2, 3}, new int[] {4});
        try (TokenSet set = TokenSet.open(folder)) {
            set.verify();
        }
    }

    @Test
    void anIdOutsideTheVocabularyIsRefused() {
        assertThatThrownBy(() -> write(100, new int[] {1, 100}))
                .isInstanceOf(StageException.class)
                .hasMessageContaining("token id 100 is outside the vocabulary of 100");
    }

    @Test
    void aReadBeyondTheEndIsRefused() {
        write(100, new int[] {1, 2, 3});
        try (TokenSet set = TokenSet.open(folder)) {
            assertThatThrownBy(() -> set.read(2, 2, new int[2])).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    private void assertRefused(ExitCode code, String why) {
        assertThatThrownBy(() -> TokenSet.open(folder))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(code))
                .hasMessageContaining(why);
    }

    private TokenManifest write(int vocabulary, int[]... documents) {
        try (TokenSetWriter writer = new TokenSetWriter(folder, vocabulary, END)) {
            for (int[] document : documents) {
                writer.append(document);
                writer.endDocument();
            }
            return writer.finish(0, "sha256:t", "memory", "r1");
        }
    }

    private static int[] all(Tokens tokens) {
        int[] ids = new int[(int) tokens.count()];
        tokens.read(0, ids.length, ids);
        return ids;
    }
}
