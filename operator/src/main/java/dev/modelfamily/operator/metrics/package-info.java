/** What Prometheus sees of families. Their series come from the caches, so they end with their families. */
package dev.modelfamily.operator.metrics;
