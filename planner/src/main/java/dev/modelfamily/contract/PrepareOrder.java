package dev.modelfamily.contract;

import java.util.List;

/**
 * The work before the first stage: the parent resolved, fetched and verified; each data set tokenised once.
 *
 * @param version of the contract, {@link StageOrder#VERSION}
 * @param parentUri as the user wrote it
 * @param parentRevision to resolve; empty for the default
 * @param parentTokenFile the file with the credential; empty for none
 * @param data the corpora; several with one name are the parts of a mix
 * @param maxBadLinesShare the share of broken or empty lines above which preparation ends with exit code 65, 0 to 1
 * @param headersOnly to read only the configuration and the headers of the parent: enough for a plan
 * @param output the folder that gets the prepared parent, the token files and {@code result.json}
 */
public record PrepareOrder(
        int version,
        String family,
        String parentUri,
        String parentRevision,
        String parentTokenFile,
        List<DataSource> data,
        double maxBadLinesShare,
        boolean headersOnly,
        String output,
        Reporting reporting) {}
