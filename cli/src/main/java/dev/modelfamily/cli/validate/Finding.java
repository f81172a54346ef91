package dev.modelfamily.cli.validate;

import com.fasterxml.jackson.core.JsonPointer;

/**
 * What a check found, before it has a line.
 *
 * @param blocking whether the value around it cannot be judged by rules: a type is wrong or a field is missing
 */
record Finding(JsonPointer at, String message, boolean blocking) {
    /** Whether this lies at a place or below it. */
    boolean isWithin(JsonPointer place) {
        String here = at.toString();
        String there = place.toString();
        return here.equals(there) || here.startsWith(there + "/");
    }
}
