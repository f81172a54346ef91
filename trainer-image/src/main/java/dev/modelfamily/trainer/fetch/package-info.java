/** Brings models and corpora to this machine, from wherever their URIs point, and pins what their revisions stand for. */
package dev.modelfamily.trainer.fetch;
