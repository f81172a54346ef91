/**
 * PyTorch as this project uses it: all arithmetic is TorchScript that is loaded from memory and called with tensor handles.
 * The only package that imports DJL's arrays; nothing in the trainer computes with them.
 */
package dev.modelfamily.trainer.torch;
