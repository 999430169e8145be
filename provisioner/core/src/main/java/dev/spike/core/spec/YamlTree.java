package dev.spike.core.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.reader.UnicodeReader;

/**
 * A YAML document as a JSON tree that remembers lines. Only JSON's own values are read from plain
 * scalars: {@code yes}, {@code 10:30} and dates stay text.
 */
final class YamlTree {
  private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9][0-9_]{0,17}");
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]{1,3})?");
  private static final int NODES_MAX = 100_000;
  private static final int DEPTH_MAX = 50;

  private final Map<String, Integer> lines = new HashMap<>();
  private final List<SpecProblem> problems;
  private int nodes;

  private YamlTree(List<SpecProblem> problems) {
    this.problems = problems;
  }

  /** The tree, and the line of each JSON pointer; a key's line where there is a key. */
  record Read(JsonNode root, Map<String, Integer> lines) {
    /** The line of the nearest place that the file has for that pointer. */
    int line(String pointer) {
      String at = pointer;
      while (true) {
        Integer line = lines.get(at);
        if (line != null) {
          return line;
        }
        int slash = at.lastIndexOf('/');
        if (slash < 0) {
          return 0;
        }
        at = at.substring(0, slash);
      }
    }
  }

  /**
   * Reads one document.
   *
   * @param problems gets what YAML itself forbids; the tree is null when nothing can be read
   */
  static @Nullable Read read(byte[] bytes, List<SpecProblem> problems) {
    LoaderOptions options = new LoaderOptions();
    options.setMaxAliasesForCollections(50);
    options.setNestingDepthLimit(DEPTH_MAX);
    options.setCodePointLimit(1 << 20);
    try (UnicodeReader reader = new UnicodeReader(new java.io.ByteArrayInputStream(bytes))) {
      Node document = new Yaml(new SafeConstructor(options)).compose(reader);
      if (document == null) {
        problems.add(new SpecProblem(0, "", "the file is empty"));
        return null;
      }
      YamlTree tree = new YamlTree(problems);
      JsonNode root = tree.convert(document, "", 0);
      return new Read(root, tree.lines);
    } catch (MarkedYAMLException notYaml) {
      int line = notYaml.getProblemMark() == null ? 0 : notYaml.getProblemMark().getLine() + 1;
      problems.add(new SpecProblem(line, "", "this is not YAML: " + notYaml.getProblem()));
    } catch (YAMLException | java.io.IOException notYaml) {
      String message = String.valueOf(notYaml.getMessage()).lines().findFirst().orElse("");
      problems.add(new SpecProblem(0, "", "this is not YAML: " + message));
    }
    return null;
  }

  private JsonNode convert(Node node, String pointer, int depth) {
    nodes++;
    if (nodes > NODES_MAX || depth > DEPTH_MAX) {
      throw new YAMLException("more than " + NODES_MAX + " values, or nested too deeply");
    }
    lines.putIfAbsent(pointer, node.getStartMark().getLine() + 1);
    return switch (node) {
      case MappingNode mapping -> object(mapping, pointer, depth);
      case SequenceNode sequence -> array(sequence, pointer, depth);
      case ScalarNode scalar -> scalar(scalar);
      default -> throw new YAMLException("an alias that stands for nothing");
    };
  }

  private ObjectNode object(MappingNode mapping, String pointer, int depth) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (NodeTuple tuple : mapping.getValue()) {
      int line = tuple.getKeyNode().getStartMark().getLine() + 1;
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problems.add(new SpecProblem(line, "", "a key must be a plain text"));
        continue;
      }
      String name = key.getValue();
      String child = pointer + "/" + name.replace("~", "~0").replace("/", "~1");
      if (object.has(name)) {
        problems.add(
            new SpecProblem(
                line,
                Paths.dotted(child),
                "key '" + name + "' stands here twice, first in line " + lines.get(child)));
        continue;
      }
      lines.put(child, line);
      object.set(name, convert(tuple.getValueNode(), child, depth + 1));
    }
    return object;
  }

  private ArrayNode array(SequenceNode sequence, String pointer, int depth) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (Node element : sequence.getValue()) {
      array.add(convert(element, pointer + "/" + array.size(), depth + 1));
    }
    return array;
  }

  private static JsonNode scalar(ScalarNode scalar) {
    String text = scalar.getValue();
    JsonNodeFactory json = JsonNodeFactory.instance;
    if (!scalar.isPlain()) {
      return json.textNode(text);
    }
    return switch (text) {
      case "", "~", "null" -> json.nullNode();
      case "true" -> json.booleanNode(true);
      case "false" -> json.booleanNode(false);
      default -> {
        if (INTEGER.matcher(text).matches()) {
          yield json.numberNode(Long.parseLong(text.replace("_", "")));
        }
        yield DECIMAL.matcher(text).matches()
            ? json.numberNode(Double.parseDouble(text))
            : json.textNode(text);
      }
    };
  }
}
