package dev.spike.core.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A shipped JSON Schema, and its verdicts in sentences. */
final class Schema {
  private final JsonNode tree;
  private final JsonSchema rules;

  private Schema(JsonNode tree) {
    this.tree = tree;
    this.rules =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(
                tree, SchemaValidatorsConfig.builder().pathType(PathType.JSON_POINTER).build());
  }

  /** The schema at that place of the class path. */
  static Schema load(String resource) {
    try (InputStream in = Schema.class.getResourceAsStream(resource)) {
      return new Schema(new ObjectMapper().readTree(in));
    } catch (IOException broken) {
      throw new UncheckedIOException(resource + " is not in the jar", broken);
    }
  }

  /**
   * Every verdict on a tree, with the line it belongs to; one that breaks two rules is said once.
   */
  List<SpecProblem> problems(YamlTree.Read read) {
    List<SpecProblem> problems = new ArrayList<>();
    for (ValidationMessage verdict : rules.validate(read.root())) {
      problems.add(problem(verdict, read));
    }
    return problems.stream().distinct().toList();
  }

  private SpecProblem problem(ValidationMessage verdict, YamlTree.Read read) {
    String pointer = verdict.getInstanceLocation().toString();
    String place = Paths.dotted(pointer);
    return switch (verdict.getType()) {
      case "additionalProperties" -> {
        String child = pointer + "/" + escaped(verdict.getProperty());
        yield new SpecProblem(read.line(child), Paths.dotted(child), unknownKey(verdict, place));
      }
      case "required" ->
          new SpecProblem(
              read.line(pointer),
              place,
              "key '" + verdict.getProperty() + "' is missing" + under(place));
      default ->
          new SpecProblem(
              read.line(pointer),
              place,
              (place.isEmpty() ? "the file" : place)
                  + " is "
                  + shown(verdict.getInstanceNode())
                  + "; it must be "
                  + expected(verdict));
    };
  }

  private String unknownKey(ValidationMessage verdict, String place) {
    List<String> known = new ArrayList<>();
    parent(verdict).path("properties").fieldNames().forEachRemaining(known::add);
    Optional<String> nearest = Nearest.to(verdict.getProperty(), known);
    return "unknown key '"
        + verdict.getProperty()
        + "'"
        + under(place)
        + nearest
            .map(name -> "; did you mean '" + name + "'?")
            .orElse("; known are " + String.join(", ", known));
  }

  private static String under(String place) {
    return place.isEmpty() ? "" : " under " + place;
  }

  private String expected(ValidationMessage verdict) {
    String description = parent(verdict).path("description").asText("");
    return description.isEmpty() ? verdict.getError() : description;
  }

  /** The schema object whose keyword spoke. */
  private JsonNode parent(ValidationMessage verdict) {
    String fragment = String.valueOf(verdict.getSchemaLocation().getFragment());
    int keyword = fragment.lastIndexOf('/');
    return keyword < 0 ? tree : tree.at(fragment.substring(0, keyword));
  }

  private static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  private static String shown(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "a mapping";
      case ARRAY -> "a list of " + value.size();
      case NULL -> "empty";
      case STRING ->
          "'"
              + (value.asText().length() > 60
                  ? value.asText().substring(0, 60) + "…"
                  : value.asText())
              + "'";
      case NUMBER, BOOLEAN -> value.asText();
      case BINARY, MISSING, POJO -> value.getNodeType().name().toLowerCase(Locale.ROOT);
    };
  }
}
