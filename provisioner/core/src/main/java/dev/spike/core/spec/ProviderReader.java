package dev.spike.core.spec;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The section {@code provider}: which one, and its settings flattened. */
final class ProviderReader {
  private static final List<String> NAMES = List.of("local", "aws");

  private final Section provider;
  private final @Nullable String override;

  ProviderReader(Section provider, @Nullable String override) {
    this.provider = provider;
    this.override = override;
  }

  EventSpec.ProviderChoice choice() {
    String name = name();
    Section section = provider.at(name);
    if (name.equals("aws") && !section.isGiven()) {
      provider.problem("the plan is to be for aws, and the file has no provider.aws");
    }
    SortedMap<String, String> settings = new TreeMap<>();
    flatten(section, "", settings);
    int zones =
        section
            .at("zones")
            .take(JsonNode::asInt, 3, String::valueOf, "three zones survive one with half more");
    settings.put("zones", Integer.toString(zones));
    String scaleText = "1";
    if (name.equals("local")) {
      scaleText =
          section
              .at("scale")
              .take(JsonNode::asText, "1/1000", Function.identity(), "a rehearsal on one machine");
      settings.put("scale", scaleText);
    }
    SortedMap<String, EventSpec.InstanceTypes> instanceTypes = new TreeMap<>();
    for (String each : NAMES) {
      Section types = provider.at(each).at("instanceTypes");
      types
          .read(ProviderReader::text)
          .ifPresent(
              names -> instanceTypes.put(each, new EventSpec.InstanceTypes(types.line(), names)));
    }
    return new EventSpec.ProviderChoice(
        name, zones, scale(scaleText), scaleText, settings, instanceTypes);
  }

  private String name() {
    boolean given = provider.keys().stream().anyMatch(NAMES::contains);
    if (override != null && !NAMES.contains(override)) {
      provider.problem("'" + override + "' is not a provider: local or aws");
      return "local";
    }
    String first = provider.keys().contains("local") || !given ? "local" : "aws";
    String name = override == null ? first : override;
    provider.assume(
        "provider",
        name,
        override != null || given ? Origin.GIVEN : Origin.DEFAULT,
        override != null ? "option --provider" : given ? "event file" : "this machine");
    return name;
  }

  private static double scale(String text) {
    return text.startsWith("1/")
        ? 1.0 / Long.parseLong(text.substring(2))
        : Double.parseDouble(text);
  }

  private static void flatten(Section section, String prefix, SortedMap<String, String> settings) {
    for (String key : section.keys()) {
      Section child = section.at(key);
      if (child.keys().isEmpty()) {
        child.read(ProviderReader::text).ifPresent(text -> settings.put(prefix + key, text));
      } else {
        flatten(child, prefix + key + ".", settings);
      }
    }
  }

  private static String text(JsonNode value) {
    return value.isArray()
        ? String.join(
            ",", StreamSupport.stream(value.spliterator(), false).map(JsonNode::asText).toList())
        : value.asText();
  }
}
