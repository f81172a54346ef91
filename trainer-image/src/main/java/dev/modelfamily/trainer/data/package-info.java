/**
 * Tokens on disk and the order in which they are read: token files, packed training sequences, evaluation windows; and the
 * readers of corpora that become token files.
 */
package dev.modelfamily.trainer.data;
