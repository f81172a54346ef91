/** What a family will be and cost, before a stage starts. */
package dev.modelfamily.cli.plan;
