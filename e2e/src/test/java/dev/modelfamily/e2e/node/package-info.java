/** The two images on a real node of this machine: containerd, kubelet and the chart, as on any cluster. */
package dev.modelfamily.e2e.node;
