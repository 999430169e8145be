package dev.spike.core.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A place in an event file from which values are taken. What is given and what is defaulted is
 * recorded as an assumption; what cannot be taken is recorded as a problem and defaulted, so that
 * one pass finds all problems.
 */
final class Section {
  private final YamlTree.Read read;
  private final String pointer;
  private final JsonNode node;
  private final Collected record;

  /** What a pass over the file collects. */
  static final class Collected {
    final List<SpecProblem> problems = new ArrayList<>();
    final List<Assumption> assumptions = new ArrayList<>();
  }

  private Section(YamlTree.Read read, String pointer, JsonNode node, Collected record) {
    this.read = read;
    this.pointer = pointer;
    this.node = node;
    this.record = record;
  }

  static Section root(YamlTree.Read read, Collected record) {
    return new Section(read, "", read.root(), record);
  }

  Section at(String key) {
    String escaped = key.replace("~", "~0").replace("/", "~1");
    return new Section(read, pointer + "/" + escaped, child(key), record);
  }

  private JsonNode child(String key) {
    JsonNode child = node.get(key);
    return child == null ? MissingNode.getInstance() : child;
  }

  /** The elements of a list. */
  List<Section> elements() {
    List<Section> elements = new ArrayList<>();
    for (int index = 0; index < node.size(); index++) {
      elements.add(new Section(read, pointer + "/" + index, node.get(index), record));
    }
    return elements;
  }

  /** The keys of a mapping. */
  List<String> keys() {
    List<String> keys = new ArrayList<>();
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  boolean isGiven() {
    return !node.isMissingNode() && !node.isNull();
  }

  List<Assumption> assumptions() {
    return record.assumptions;
  }

  int line() {
    return read.line(pointer);
  }

  String path() {
    return Paths.dotted(pointer);
  }

  void problem(String message) {
    record.problems.add(new SpecProblem(line(), path(), message));
  }

  /** That value, with a problem of this key where it is not between the two. */
  Duration bounded(Duration value, Duration min, Duration max, String why) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      problem(
          path()
              + " is "
              + Texts.text(value)
              + "; it is from "
              + Texts.text(min)
              + " to "
              + Texts.text(max)
              + ", "
              + why);
    }
    return value;
  }

  void assume(String name, String value, Origin origin, String source) {
    record.assumptions.add(new Assumption(name, value, origin, source));
  }

  /** A given value read by that reader; empty when absent or, with a problem recorded, unusable. */
  <T> Optional<T> read(Function<JsonNode, T> reader) {
    if (!isGiven()) {
      return Optional.empty();
    }
    try {
      return Optional.of(reader.apply(node));
    } catch (DateTimeException | IllegalArgumentException unusable) {
      problem(path() + ": " + unusable.getMessage());
      return Optional.empty();
    }
  }

  /** A value, or its default, recorded as an assumption. */
  <T> T take(
      Function<JsonNode, T> reader, T fallback, Function<T, String> shown, String whyDefault) {
    Optional<T> given = read(reader);
    T value = given.orElse(fallback);
    assume(
        path(),
        shown.apply(value),
        given.isPresent() ? Origin.GIVEN : Origin.DEFAULT,
        given.isPresent() ? "event file" : whyDefault);
    return value;
  }
}
