/** Where an option's value comes from: flag, environment, project file, user file, default. */
@NullMarked
package dev.spike.cli.config;

import org.jspecify.annotations.NullMarked;
