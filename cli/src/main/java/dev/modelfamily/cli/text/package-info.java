/** How things are written for people: tables and times. */
package dev.modelfamily.cli.text;
