package dev.spike.core.sales;

/**
 * What a person should know about a source that was read nevertheless.
 *
 * @param summary what and where
 * @param detail which value
 * @param next what to do now
 */
public record SourceRemark(String summary, String detail, String next) {}
