/** Tests of what people and pipelines are shown. */
@NullMarked
package dev.spike.cli.view;

import org.jspecify.annotations.NullMarked;
