/** The operator: sees what runs on the cluster, asks the decision core, and does what it says. */
package dev.modelfamily.operator;
