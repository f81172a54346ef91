/**
 * A real Kubernetes control plane on this machine, and a node whose containers are local processes or plays: what tests of
 * whole families run on.
 */
package dev.modelfamily.e2e.cluster;
