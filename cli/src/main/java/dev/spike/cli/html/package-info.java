/**
 * The page of a plan: one self-contained HTML file for those who decide. It is a pure function of
 * the plan, so the same plan gives the same bytes; it holds no script, and asks no network.
 */
@NullMarked
package dev.spike.cli.html;

import org.jspecify.annotations.NullMarked;
