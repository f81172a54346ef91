/** From a family and its parent to a plan: sizes, ranks, bytes, FLOPs, memory and hours. Pure. */
package dev.modelfamily.planner;
