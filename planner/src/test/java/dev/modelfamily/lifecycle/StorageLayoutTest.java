package dev.modelfamily.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StorageLayoutTest {
    private static final StorageLayout VOLUME = new StorageLayout("/mnt/claims/models/team/tiny", "/mnt/claims");

    @Test
    void aVolumeIsToldByTheNameOfItsClaim() {
        assertThat(VOLUME.uri(VOLUME.attempt("sha256:1f", 2))).isEqualTo("pvc://models/team/tiny/stages/1f/attempt-2");
    }

    @Test
    void theTrainerSeesWhatUsersAreTold() {
        String path = "/mnt/claims/others/small/stages/1f/attempt-1";

        assertThat(VOLUME.path(VOLUME.uri(path))).isEqualTo(path);
    }

    @Test
    void aFolderThatIsTheSamePlaceForBothStaysAsItIs() {
        assertThat(VOLUME.uri("/mnt/claimsother/x")).isEqualTo("/mnt/claimsother/x");
        assertThat(VOLUME.path("/mnt/claims/models/x")).isEqualTo("/mnt/claims/models/x");
        assertThat(new StorageLayout("/home/me/out").uri("/home/me/out/stages/1"))
                .isEqualTo("/home/me/out/stages/1");
    }
}
