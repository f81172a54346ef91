/** The {@code ModelFamily} resource, version v1alpha1: what a user writes and what the system reports back. */
package dev.modelfamily.api.v1alpha1;
