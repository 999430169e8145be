package dev.spike.core.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of an event file that the schema has nothing against, so that the checks of sense can
 * still speak about it and say nothing twice.
 */
final class Sound {
  private Sound() {}

  static JsonNode part(JsonNode root, List<SpecProblem> problems) {
    JsonNode copy = root.deepCopy();
    prune(copy, "", problems);
    return copy;
  }

  private static void prune(JsonNode node, String path, List<SpecProblem> problems) {
    if (node instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      for (String name : names) {
        String child = Paths.dotted(pointer(path, name));
        if (isBad(child, object.get(name), problems)) {
          object.remove(name);
        } else {
          prune(object.get(name), pointer(path, name), problems);
        }
      }
    }
  }

  private static String pointer(String path, String name) {
    return path + "/" + name.replace("~", "~0").replace("/", "~1");
  }

  /** A wrong value goes; a mapping goes only when it should not be one; lists go as a whole. */
  private static boolean isBad(String path, JsonNode value, List<SpecProblem> problems) {
    boolean itself = problems.stream().anyMatch(problem -> problem.path().equals(path));
    boolean within = problems.stream().anyMatch(problem -> problem.path().startsWith(path + "["));
    return (itself && !value.isObject()) || within;
  }
}
