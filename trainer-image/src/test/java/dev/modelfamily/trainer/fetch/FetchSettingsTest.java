package dev.modelfamily.trainer.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FetchSettingsTest {
    @TempDir
    Path home;

    @Test
    void anEmptyEnvironmentMeansTheHubAndTheHomeFolder() {
        FetchSettings settings = of(Map.of());
        assertThat(settings.endpoint()).isEqualTo(URI.create("https://huggingface.co/"));
        assertThat(settings.cache()).isEqualTo(home.resolve(".cache/modelfamily/hub"));
        assertThat(settings.claims()).isEqualTo(Path.of("/mnt/claims"));
        assertThat(settings.offline()).isFalse();
        assertThat(settings.token().token()).isEmpty();
    }

    @Test
    void eachVariableCounts() {
        FetchSettings settings = of(Map.of(
                "HF_ENDPOINT", "http://mirror:8080/hub",
                "HF_HUB_OFFLINE", "1",
                "MODELFAMILY_CACHE", "/storage/cache",
                "MODELFAMILY_CLAIMS", "/volumes"));
        assertThat(settings.endpoint()).isEqualTo(URI.create("http://mirror:8080/hub/"));
        assertThat(settings.offline()).isTrue();
        assertThat(settings.cache()).isEqualTo(Path.of("/storage/cache"));
        assertThat(settings.claims()).isEqualTo(Path.of("/volumes"));
    }

    @Test
    void theTokenOfALoginIsFound() throws IOException {
        Path file = Files.createDirectories(home.resolve(".cache/huggingface")).resolve("token");
        Files.writeString(file, "hf_login\n");
        assertToken(of(Map.of()).token(), "hf_login");
    }

    @Test
    void theVariableComesBeforeTheFileAndTheFileOfAnOrderBeforeBoth() throws IOException {
        Path file = Files.writeString(home.resolve("token"), " hf_file \n");
        assertToken(of(Map.of("HF_TOKEN_PATH", file.toString())).token(), "hf_file");
        FetchSettings settings = of(Map.of("HF_TOKEN", "hf_variable", "HF_TOKEN_PATH", "/nowhere"));
        assertToken(settings.token(), "hf_variable");
        assertToken(settings.tokenOf(""), "hf_variable");
        assertToken(settings.tokenOf(file.toString()), "hf_file");
    }

    @Test
    void aTokenFileThatIsNamedMustBeThere() {
        assertThatThrownBy(() -> of(Map.of()).tokenOf("/nowhere/token").token())
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NOT_FOUND))
                .hasMessageContaining("/nowhere/token does not exist");
    }

    @Test
    void aTokenIsNeverInAMessage() {
        assertThat(Token.of("hf_secret", "here").toString()).doesNotContain("secret");
        assertThat(of(Map.of("HF_TOKEN", "hf_secret")).toString()).doesNotContain("secret");
        assertThatThrownBy(() -> Token.of("hf_secret and more", "HF_TOKEN"))
                .hasMessageStartingWith("HF_TOKEN holds more than one word")
                .message()
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"huggingface.co", "ftp://x", "http:// space", "http://"})
    void anEndpointMustBeAnAddress(String endpoint) {
        assertThatThrownBy(() -> of(Map.of("HF_ENDPOINT", endpoint)))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_ORDER))
                .hasMessageContaining("HF_ENDPOINT is '" + endpoint + "'");
    }

    private static void assertToken(Token.Origin origin, String secret) {
        assertThat(origin.token().orElseThrow().authorization()).isEqualTo("Bearer " + secret);
    }

    private FetchSettings of(Map<String, String> variables) {
        Map<String, String> environment = new HashMap<>(variables);
        environment.put("HOME", home.toString());
        return FetchSettings.of(environment);
    }
}
