/**
 * The local executor: carries out on one machine what the decision core decides, each stage a process of its own. One thread
 * does everything; readers of processes, and signals, only leave {@link dev.modelfamily.cli.run.News} in its mailbox.
 */
package dev.modelfamily.cli.run;
