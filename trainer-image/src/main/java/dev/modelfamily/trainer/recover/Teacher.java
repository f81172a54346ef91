package dev.modelfamily.trainer.recover;

import dev.modelfamily.contract.Distillation;
import dev.modelfamily.trainer.model.LanguageModel;

/**
 * Whose predictions are learnt.
 *
 * @param model of the same vocabulary; it stays as it is
 * @param loss what its predictions weigh beside the next token, and how they are softened
 */
public record Teacher(LanguageModel model, Distillation loss) {}
