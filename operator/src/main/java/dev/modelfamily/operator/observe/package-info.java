/** What is seen on the cluster, in the words of the decision core. Pure but for {@link dev.modelfamily.operator.observe.World}. */
package dev.modelfamily.operator.observe;
