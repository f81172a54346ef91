/** What was decided, done on the cluster. */
package dev.modelfamily.operator.act;
