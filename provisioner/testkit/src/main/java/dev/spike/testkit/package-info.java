/**
 * What tests of providers and of the engine share: the contract, a provider in memory, builders.
 */
@NullMarked
package dev.spike.testkit;

import org.jspecify.annotations.NullMarked;
