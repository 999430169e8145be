package dev.spike.core.warm;

import dev.spike.core.apply.Ending;

/**
 * What a drill found.
 *
 * @param killed the node that was ended
 * @param sessions that were live
 * @param cut how many of them lost their connection
 * @param resumed how many of those took up again where they were
 * @param lost messages that a session should have got and did not
 * @param repeated messages that a session got twice
 * @param ending how the drill with its repair ended; {@code DONE} also when it did not pass
 */
public record DrillReport(
    String killed,
    int sessions,
    int cut,
    int resumed,
    long lost,
    long repeated,
    double resumeP50Millis,
    double resumeP99Millis,
    double resumeMaxMillis,
    boolean passed,
    String sentence,
    Ending ending) {}
