/** How a family stands in its folder, as a table or as JSON. */
package dev.modelfamily.cli.status;
