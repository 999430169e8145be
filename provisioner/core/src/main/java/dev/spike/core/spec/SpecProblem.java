package dev.spike.core.spec;

/**
 * One mistake in an event file.
 *
 * @param line from 1; 0 when the mistake has no place in the file
 * @param path of the key, such as {@code demand.arrivals.within}; empty for the whole file
 * @param message what is wrong and what it must be, one sentence without the place
 */
public record SpecProblem(int line, String path, String message)
    implements Comparable<SpecProblem> {
  @Override
  public int compareTo(SpecProblem other) {
    int byLine = Integer.compare(line, other.line);
    return byLine != 0 ? byLine : message.compareTo(other.message);
  }

  @Override
  public String toString() {
    return line == 0 ? message : "line " + line + ": " + message;
  }
}
