/**
 * The life of a family: from what is wanted and what is seen to what is done next. Pure: no client, no clock, no files. The
 * operator and the local executor both follow it, so retries, gates, edits and suspension behave the same everywhere.
 */
package dev.modelfamily.lifecycle;
