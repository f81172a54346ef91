/** The packaged operator as a process, on a real control plane, with pods that play the trainer. */
package dev.modelfamily.e2e.operator;
