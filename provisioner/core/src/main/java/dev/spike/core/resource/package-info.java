/** What spike builds, in the words of every provider. */
@NullMarked
package dev.spike.core.resource;

import org.jspecify.annotations.NullMarked;
