package dev.modelfamily.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What preparation found.
 *
 * @param version of the contract, {@link StageOrder#VERSION}
 * @param parent the prepared parent; its digest is empty after {@code headersOnly}
 * @param revision the commit or digest that the revision was resolved to
 * @param config the parent's configuration in the shape of a Hugging Face {@code config.json}, also for GGUF
 * @param parameters of the parent, tied weights counted once
 */
public record PrepareResult(
        int version, ModelRef parent, String revision, JsonNode config, long parameters, List<PreparedData> data) {}
