/** How results are shown: to people, to programs, to CI. Knows nothing of the engine's working. */
@NullMarked
package dev.spike.cli.view;

import org.jspecify.annotations.NullMarked;
