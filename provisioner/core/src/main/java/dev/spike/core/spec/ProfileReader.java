package dev.spike.core.spec;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spike.core.catalog.Figure;
import dev.spike.core.catalog.MeasuredNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Measured node profiles ({@code spike.profile/v1}), all mistakes at once with their lines. */
public final class ProfileReader {
  /** Where the schema lies on the class path. */
  public static final String RESOURCE = "/dev/spike/core/spec/profile.schema.json";

  private static final Schema SCHEMA = Schema.load(RESOURCE);

  private ProfileReader() {}

  /**
   * Reads a profile.
   *
   * @param file its name for messages
   * @param digest of the bytes, to be kept beside the figures
   * @param asOf it must have been measured before
   * @throws SpecException with every mistake
   */
  public static MeasuredNode read(String file, byte[] bytes, String digest, Instant asOf)
      throws SpecException {
    List<SpecProblem> problems = new ArrayList<>();
    YamlTree.Read read = YamlTree.read(bytes, problems);
    if (read == null) {
      throw new SpecException(file, problems);
    }
    problems.addAll(SCHEMA.problems(read));
    JsonNode root = read.root();
    SortedMap<Figure, Double> figures = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : root.path("figures").properties()) {
      figure(entry, read, figures, problems);
    }
    Instant measuredAt = asOf;
    try {
      measuredAt = Instant.parse(root.path("measuredAt").asText());
      if (measuredAt.isAfter(asOf)) {
        problems.add(
            new SpecProblem(
                read.line("/measuredAt"),
                "measuredAt",
                "measuredAt is " + measuredAt + ", which is after the plan's instant " + asOf));
      }
    } catch (java.time.DateTimeException noTime) {
      if (problems.isEmpty()) {
        problems.add(
            new SpecProblem(
                read.line("/measuredAt"),
                "measuredAt",
                "measuredAt is no time: " + noTime.getMessage()));
      }
    }
    if (!problems.isEmpty()) {
      throw new SpecException(file, problems);
    }
    return new MeasuredNode(
        root.path("machine").path("instanceType").asText(), measuredAt, figures, digest);
  }

  /** A figure in its own unit; one in another unit would be off by orders of magnitude. */
  private static void figure(
      Map.Entry<String, JsonNode> entry,
      YamlTree.Read read,
      SortedMap<Figure, Double> figures,
      List<SpecProblem> problems) {
    Figure figure;
    try {
      figure = Figure.of(entry.getKey());
    } catch (IllegalArgumentException unknown) {
      // The schema has said it, with the nearest known name.
      return;
    }
    String unit = entry.getValue().path("unit").asText("");
    if (!unit.isEmpty() && !unit.equals(figure.unit())) {
      problems.add(
          new SpecProblem(
              read.line("/figures/" + figure.key() + "/unit"),
              "figures." + figure.key() + ".unit",
              "the unit of " + figure.key() + " is '" + unit + "'; it must be " + figure.unit()));
    }
    figures.put(figure, entry.getValue().path("value").asDouble());
  }
}
