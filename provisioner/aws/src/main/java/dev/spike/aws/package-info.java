/** The provider {@code aws}: a tier of rented machines, one part a kind of resource. */
@NullMarked
package dev.spike.aws;

import org.jspecify.annotations.NullMarked;
