/** What a running stage says: JSON lines on standard output and Prometheus metrics. */
package dev.modelfamily.trainer.report;
