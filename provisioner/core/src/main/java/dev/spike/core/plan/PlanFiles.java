package dev.spike.core.plan;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Plan files: canonical JSON (RFC 8785) and a digest over all but itself, so that what is applied
 * is what was reviewed.
 */
public final class PlanFiles {
  private static final long BYTES_MAX = 64L << 20;
  private static final String NAME_A_PLAN =
      "Name a plan that was saved, or make one with: spike plan EVENT.yaml -o plan.json";
  private static final Pattern QUOTED = Pattern.compile("'([^']*)'");
  private static final String REPLAN = "Make the plan again with: spike plan EVENT.yaml -o ";

  private PlanFiles() {}

  /** The plan with the digest that belongs to it. */
  public static Plan seal(Plan plan) {
    return plan.withDigest(digest(PlanJson.MAPPER.valueToTree(plan)));
  }

  /** The canonical bytes of a plan, without a newline at the end. */
  public static byte[] bytes(Plan plan) {
    return CanonicalJson.of(PlanJson.MAPPER.valueToTree(plan)).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Writes a plan, replacing the file in one step: a reader sees the old plan or the new one.
   *
   * @throws PlanException CANNOT_WRITE
   */
  public static void write(Plan plan, Path file) throws PlanException {
    Path folder = file.toAbsolutePath().getParent();
    try {
      WholeFile.write(file, bytes(plan));
    } catch (IOException cause) {
      throw new PlanException(
          PlanException.Kind.CANNOT_WRITE,
          "The plan cannot be written to " + file + ": " + reason(cause) + ".",
          "Name a file in a folder that exists and is writable; this one was " + folder + ".",
          cause);
    }
  }

  /**
   * Reads a plan and checks its schema and digest.
   *
   * @throws PlanException MISSING_FILE or BAD
   */
  public static Plan read(Path file) throws PlanException {
    JsonNode tree = tree(file);
    if (!tree.isObject()) {
      throw noPlan(file, "is not a plan: it holds no JSON object", null);
    }
    String schema = tree.path("schema").asText("");
    if (!schema.equals(Plan.SCHEMA)) {
      if (schema.isEmpty()) {
        throw noPlan(file, "is not a plan: it has no schema", null);
      }
      throw bad(file, "has the schema '" + schema + "' and this spike reads " + Plan.SCHEMA, null);
    }
    String digest = digestOfFile(tree, file);
    if (!digest.equals(tree.path("digest").asText(""))) {
      throw bad(
          file,
          "was changed after it was made: its digest says "
              + shortened(tree.path("digest").asText("nothing"))
              + " and its content is "
              + shortened(digest),
          null);
    }
    try {
      return PlanJson.MAPPER.treeToValue(tree, Plan.class);
    } catch (JacksonException | IllegalArgumentException cause) {
      throw otherForm(file, tree, cause);
    }
  }

  /**
   * A whole file of this schema whose members are not those of this version: spike wrote it,
   * another one. What it built need not be planned again to be looked at or taken down.
   */
  private static PlanException otherForm(Path file, JsonNode tree, Exception cause) {
    String event = tree.at("/event/name").asText("");
    String asOf = tree.at("/made/asOf").asText("");
    String provider = tree.at("/provider/name").asText("");
    String what =
        switch (cause) {
          case UnrecognizedPropertyException unknown ->
              "holds `" + unknown.getPropertyName() + "`, which this spike does not know";
          case MismatchedInputException missing when isMissing(missing) ->
              "has no `" + absent(missing) + "`, which this spike needs";
          default -> "does not hold what a plan holds: " + firstLine(cause);
        };
    String version = tree.at("/made/version").asText("");
    return new PlanException(
        PlanException.Kind.BAD,
        "The file "
            + file
            + " "
            + what
            + (version.isEmpty() ? "" : "; spike " + version + " wrote it")
            + ".",
        REPLAN
            + file
            + (asOf.isEmpty() ? "" : " (as a baseline with --as-of " + asOf + ")")
            + (event.isEmpty() || provider.isEmpty()
                ? ""
                : ". What was built from it is seen and removed without it: spike status or teardown"
                    + " --event "
                    + event
                    + " --provider "
                    + provider),
        cause);
  }

  private static boolean isMissing(MismatchedInputException cause) {
    return String.valueOf(cause.getOriginalMessage())
        .matches("Missing (required )?creator property .*");
  }

  /** Where it is missed: the members down to it, joined by dots. */
  private static String absent(MismatchedInputException cause) {
    List<String> path = new ArrayList<>();
    cause.getPath().stream()
        .map(JsonMappingException.Reference::getFieldName)
        .filter(Objects::nonNull)
        .forEach(path::add);
    Matcher named = QUOTED.matcher(String.valueOf(cause.getOriginalMessage()));
    if (named.find() && (path.isEmpty() || !path.getLast().equals(named.group(1)))) {
      path.add(named.group(1));
    }
    return String.join(".", path);
  }

  private static JsonNode tree(Path file) throws PlanException {
    byte[] bytes;
    try {
      if (Files.isDirectory(file)) {
        throw missing(file, "is a folder", null);
      }
      if (Files.size(file) > BYTES_MAX) {
        throw noPlan(file, "is larger than any plan (64 MiB)", null);
      }
      bytes = Files.readAllBytes(file);
    } catch (IOException cause) {
      throw missing(file, reason(cause), cause);
    }
    try {
      return PlanJson.MAPPER.readTree(bytes);
    } catch (IOException cause) {
      throw noPlan(file, "is not JSON, which a plan is: " + firstLine(cause), cause);
    }
  }

  private static String digestOfFile(JsonNode tree, Path file) throws PlanException {
    try {
      return digest(tree);
    } catch (IllegalArgumentException cause) {
      throw bad(file, "was not written by spike: " + cause.getMessage(), cause);
    }
  }

  private static String digest(JsonNode tree) {
    ObjectNode rest = ((ObjectNode) tree).deepCopy();
    rest.remove("digest");
    return sha256(CanonicalJson.of(rest).getBytes(StandardCharsets.UTF_8));
  }

  /** SHA-256 as {@code sha256:} and hex. */
  static String sha256(byte[] bytes) {
    try {
      return "sha256:"
          + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every Java platform has SHA-256", missing);
    }
  }

  private static String shortened(String digest) {
    return digest.length() > 19 ? digest.substring(0, 19) + "…" : digest;
  }

  private static PlanException missing(Path file, String why, @Nullable Throwable cause) {
    return new PlanException(
        PlanException.Kind.MISSING_FILE,
        "The plan " + file + " cannot be read: " + why + ".",
        NAME_A_PLAN,
        cause);
  }

  /** What it is may be dear to somebody: nothing is to be written over it. */
  private static PlanException noPlan(Path file, String why, @Nullable Throwable cause) {
    return new PlanException(
        PlanException.Kind.BAD, "The file " + file + " " + why + ".", NAME_A_PLAN, cause);
  }

  private static PlanException bad(Path file, String why, @Nullable Throwable cause) {
    return new PlanException(
        PlanException.Kind.BAD, "The file " + file + " " + why + ".", REPLAN + file, cause);
  }

  private static String reason(IOException cause) {
    return switch (cause) {
      case NoSuchFileException absent -> "there is no " + absent.getFile();
      case AccessDeniedException denied -> "no permission for " + denied.getFile();
      default -> String.valueOf(cause.getMessage());
    };
  }

  private static String firstLine(Exception cause) {
    String message =
        cause instanceof JacksonException json
            ? json.getOriginalMessage()
            : String.valueOf(cause.getMessage());
    return message.lines().findFirst().orElse("");
  }
}
