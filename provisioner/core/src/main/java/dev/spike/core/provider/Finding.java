package dev.spike.core.provider;

import java.util.Optional;

/**
 * One thing preflight looked at.
 *
 * @param failure empty when it is as needed, else whether it is a privilege, a missing tool or a
 *     limit
 * @param next what to do about it; empty text when there is nothing to do
 */
public record Finding(
    String what, String observed, Optional<ProviderException.Kind> failure, String next) {}
