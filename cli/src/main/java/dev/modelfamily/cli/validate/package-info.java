/**
 * Says of a family file what the API server would say, before there is one: the schema and the rules of the very same custom
 * resource definition, with path and line.
 */
package dev.modelfamily.cli.validate;
