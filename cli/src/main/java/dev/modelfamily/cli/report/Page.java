package dev.modelfamily.cli.report;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Puts the page together: the template with the style, the scripts and the data as one JSON island. A policy in the page
 * forbids every connection and every script but these two, so nothing in a name or a message can become one.
 */
final class Page {
    /** Drawn in this order: a script uses those before it. */
    private static final List<String> SCRIPTS = List.of(
            "words.js", "plot.js", "head.js", "tables.js", "size-plot.js", "loss-plot.js", "rank-plot.js", "main.js");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([a-z0-9-]+)}}");

    private Page() {}

    static String of(ReportData data) {
        String version = d3Version();
        String d3 = resource("/META-INF/resources/webjars/d3/" + version + "/dist/d3.min.js");
        String script = SCRIPTS.stream().map(Page::resource).collect(Collectors.joining("\n", "\"use strict\";\n", ""));
        Map<String, String> parts = Map.of(
                "title",
                escaped(data.name()),
                "policy",
                "'sha256-" + sha256(d3) + "' 'sha256-" + sha256(script) + "'",
                "style",
                resource("report.css"),
                "d3",
                d3,
                "d3-version",
                version,
                "script",
                script,
                "data",
                island(data));
        return PLACEHOLDER
                .matcher(resource("report.html"))
                .replaceAll(part -> Matcher.quoteReplacement(parts.get(part.group(1))));
    }

    /** JSON that cannot end its own script element, whatever texts are in it. */
    static String island(Object data) {
        return Json.line(data).replace("<", "\\u003c");
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static String d3Version() {
        Properties properties = new Properties();
        try (InputStream stream = open("/META-INF/maven/org.webjars.npm/d3/pom.properties")) {
            properties.load(stream);
        } catch (IOException e) {
            throw unreadable("d3", e);
        }
        return properties.getProperty("version");
    }

    private static String resource(String name) {
        try (InputStream stream = open(name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    private static InputStream open(String name) throws IOException {
        InputStream stream = Page.class.getResourceAsStream(name);
        if (stream == null) {
            throw new IOException("it is not on the class path");
        }
        return stream;
    }

    private static StageException unreadable(String name, IOException e) {
        return new StageException(ExitCode.BUG, "cannot read the page's part " + name + ": " + e.getMessage(), e);
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new StageException(ExitCode.BUG, "this Java has no SHA-256", e);
        }
    }
}
