package dev.spike.core.spec;

import java.util.List;
import java.util.stream.Collectors;

/** An event file that cannot be planned, with every mistake that was found in it. Exit 78. */
public final class SpecException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final transient List<SpecProblem> problems;

  /**
   * @param file as the user named it
   * @param problems at least one
   */
  public SpecException(String file, List<SpecProblem> problems) {
    super(
        file
            + (problems.size() == 1 ? " has a mistake:" : " has " + problems.size() + " mistakes:")
            + problems.stream()
                .sorted()
                .map(problem -> "\n  " + problem)
                .collect(Collectors.joining()));
    this.file = file;
    this.problems = problems.stream().sorted().toList();
  }

  public String file() {
    return file;
  }

  /** All mistakes, by line. */
  public List<SpecProblem> problems() {
    return problems;
  }

  /** What the reader does now. */
  public String next() {
    return "Correct " + file + " and run the command again; docs list every key of it.";
  }
}
