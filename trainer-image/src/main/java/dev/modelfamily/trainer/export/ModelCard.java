package dev.modelfamily.trainer.export;

import dev.modelfamily.contract.Manifest;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.Parameters;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The model card of a member, {@code README.md}: all of it from the manifest and the shape, nothing of the clock.
 *
 * @param name of the member
 * @param license of the parent; empty where it names none
 * @param shape of the member, with its ranks
 * @param manifest that the member will have, its files aside
 * @param tokens that it was trained on
 */
record ModelCard(String name, String license, ModelShape shape, Manifest manifest, long tokens) {
    private static final Pattern HUB = Pattern.compile("hf://([\\w.-]+/[\\w.-]+)(?:@(\\S+))?.*");

    String text() {
        StringBuilder card = new StringBuilder();
        frontMatter(card);
        card.append("# ").append(name).append("\n\n");
        card.append("A smaller version of `")
                .append(manifest.parentName())
                .append("`, made by ModelFamily: its weight matrices were cut into factors of lower rank (progressive")
                .append(" low-rank decomposition, arXiv 2406.19995)");
        card.append(tokens == 0 ? ".\n" : ", then the member was trained on " + number(tokens) + " tokens.\n");
        card.append(
                license.isEmpty()
                        ? "\nThe files of the parent name no licence; whichever it has holds for this member too.\n\n"
                        : "\nThe licence is that of the parent: " + license + ".\n\n");
        sizes(card);
        perplexities(card);
        loading(card);
        return card.toString();
    }

    private void frontMatter(StringBuilder card) {
        card.append("---\n");
        if (!license.isEmpty()) {
            card.append("license: ").append(license).append('\n');
        }
        Matcher hub = HUB.matcher(manifest.parentName());
        if (hub.matches()) {
            card.append("base_model: ").append(hub.group(1)).append('\n');
        }
        card.append(
                "library_name: transformers\npipeline_tag: text-generation\ntags:\n- low-rank\n- modelfamily\n---\n");
    }

    private void sizes(StringBuilder card) {
        ModelShape stock = shape.withRanks(new TreeMap<>());
        long all = Parameters.of(stock);
        long linears = Parameters.inLinears(stock);
        card.append("## Size\n\n");
        card.append("| | this member | parent | share |\n|---|---:|---:|---:|\n");
        row(card, "all parameters, embeddings included", Parameters.of(shape), all);
        row(card, "parameters of the block linears", Parameters.inLinears(shape), linears);
        long factored = shape.ranks().size();
        card.append("\nPapers give either share as \"ratio\"; both are here. ")
                .append(factored)
                .append(" of ")
                .append(7L * shape.layers())
                .append(" linears are factored, the others are dense.\n\n");
    }

    private static void row(StringBuilder card, String what, long member, long parent) {
        card.append("| ")
                .append(what)
                .append(" | ")
                .append(number(member))
                .append(" | ")
                .append(number(parent))
                .append(" | ")
                .append(String.format(Locale.ROOT, "%.2f %%", 100.0 * member / parent))
                .append(" |\n");
    }

    private void perplexities(StringBuilder card) {
        SortedMap<String, Double> before = manifest.perplexityBefore();
        SortedMap<String, Double> after = manifest.perplexity();
        SortedSet<String> sets = new TreeSet<>(before.keySet());
        sets.addAll(after.keySet());
        if (sets.isEmpty()) {
            return;
        }
        card.append("## Perplexity\n\nOver windows of ")
                .append(manifest.recovery().sequenceLength())
                .append(" tokens that do not overlap, without special tokens.\n\n")
                .append("| text | after the cut | after recovery |\n|---|---:|---:|\n");
        for (String set : sets) {
            card.append("| ")
                    .append(set)
                    .append(" | ")
                    .append(figure(before.get(set)))
                    .append(" | ")
                    .append(figure(after.get(set)))
                    .append(" |\n");
        }
        card.append('\n');
    }

    private static void loading(StringBuilder card) {
        card.append("""
                ## Loading

                ```python
                from transformers import AutoModelForCausalLM, AutoTokenizer

                model = AutoModelForCausalLM.from_pretrained(FOLDER, trust_remote_code=True)
                tokenizer = AutoTokenizer.from_pretrained(FOLDER, trust_remote_code=True)
                ```

                The code that is trusted is in this folder: two short files that replace the linears of the library's own model
                by pairs of factors. For tools that run no code of a model, `modelfamily export FOLDER --dense --out DIR`
                multiplies the factors out into a stock checkpoint.
                """);
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String figure(Double perplexity) {
        return perplexity == null ? "" : String.format(Locale.ROOT, perplexity < 1e5 ? "%.3f" : "%.3g", perplexity);
    }
}
