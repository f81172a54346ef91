/**
 * Tokens on disk and the order in which they are read: token files, packed training sequences and evaluation
 * windows.
 */
package dev.modelfamily.trainer.data;
