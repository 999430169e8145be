package dev.spike.cli.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The layers below the command line, nearest first: environment, project file, user file. A file is
 * YAML, {@code option: value}; below a verb's name it holds for that verb alone, as in {@code
 * provision: {deadline: 30m}}.
 */
public final class Layers {
  private static final long FILE_BYTES_MAX = 1 << 20;

  /**
   * A value and where it stands.
   *
   * @param origin such as {@code environment SPIKE_DEADLINE} or {@code spike.yaml}
   */
  public record Found(String value, String origin) {}

  private record FileLayer(String origin, Map<String, String> values) {}

  private final Map<String, String> environment;
  private final List<FileLayer> files;

  private Layers(Map<String, String> environment, List<FileLayer> files) {
    this.environment = environment;
    this.files = files;
  }

  /**
   * Reads the files that are there.
   *
   * @param files nearest first
   * @throws ConfigurationException when one cannot be read or is not of the stated form
   */
  public static Layers of(Map<String, String> environment, List<Path> files)
      throws ConfigurationException {
    List<FileLayer> layers = new ArrayList<>();
    for (Path file : files) {
      if (Files.isRegularFile(file)) {
        layers.add(new FileLayer(file.toString(), read(file)));
      }
    }
    return new Layers(Map.copyOf(environment), layers);
  }

  /**
   * A file that was named, so that it has to be there.
   *
   * @throws ConfigurationException when it is not
   */
  public static Path required(Path file) throws ConfigurationException {
    if (!Files.isRegularFile(file)) {
      throw new ConfigurationException(
          "The configuration file " + file + " is not there", "Correct --config or SPIKE_CONFIG.");
    }
    return file;
  }

  /** The environment variable of an option: {@code lock-timeout} is {@code SPIKE_LOCK_TIMEOUT}. */
  public static String variable(String option) {
    return "SPIKE_" + option.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /** The nearest value of a verb's option, or empty. */
  public Optional<Found> find(String verb, String option) {
    String variable = environment.get(variable(option));
    if (variable != null && !variable.isEmpty()) {
      return Optional.of(new Found(variable, "environment " + variable(option)));
    }
    for (FileLayer file : files) {
      String value = file.values().get(verb + "." + option);
      if (value == null) {
        value = file.values().get(option);
      }
      if (value != null) {
        return Optional.of(new Found(value, file.origin()));
      }
    }
    return Optional.empty();
  }

  /** Every key of every file with its origin, to be checked against the known options. */
  public Map<String, String> keys() {
    Map<String, String> keys = new LinkedHashMap<>();
    files.forEach(file -> file.values().keySet().forEach(key -> keys.put(key, file.origin())));
    return keys;
  }

  private static Map<String, String> read(Path file) throws ConfigurationException {
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new ConfigurationException(
            file + " is larger than 1 MiB", "Keep only options of spike in it.");
      }
      JsonNode root = new ObjectMapper(new YAMLFactory()).readTree(file.toFile());
      Map<String, String> values = new LinkedHashMap<>();
      if (root != null && !root.isMissingNode() && !root.isNull()) {
        if (!root.isObject()) {
          throw new ConfigurationException(
              file + " is not a list of `option: value`", "Write one option a line.");
        }
        flatten(file, "", root, values);
      }
      return values;
    } catch (JsonProcessingException malformed) {
      int line = malformed.getLocation() == null ? 0 : malformed.getLocation().getLineNr();
      throw new ConfigurationException(
          file + " line " + line + " is not YAML: " + malformed.getOriginalMessage(),
          "Correct that line.");
    } catch (IOException unreadable) {
      throw new ConfigurationException(
          file + " cannot be read: " + unreadable.getMessage(), "Make it readable or remove it.");
    }
  }

  private static void flatten(Path file, String prefix, JsonNode node, Map<String, String> values)
      throws ConfigurationException {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      JsonNode value = entry.getValue();
      if (value.isValueNode()) {
        values.put(prefix + entry.getKey(), value.asText());
      } else if (value.isObject() && prefix.isEmpty()) {
        flatten(file, entry.getKey() + ".", value, values);
      } else {
        throw new ConfigurationException(
            file + ": '" + prefix + entry.getKey() + "' is not a single value",
            "Write `option: value`, or `verb: {option: value}`.");
      }
    }
  }
}
