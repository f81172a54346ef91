/**
 * What passes between an executor (operator or laptop) and the trainer: orders in; progress, results, manifests and exit
 * codes out. All of it is JSON with a version field.
 */
package dev.modelfamily.contract;
