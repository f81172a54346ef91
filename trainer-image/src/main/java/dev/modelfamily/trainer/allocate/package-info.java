/** How the parameters of a member are shared out between its linears. Pure. */
package dev.modelfamily.trainer.allocate;
