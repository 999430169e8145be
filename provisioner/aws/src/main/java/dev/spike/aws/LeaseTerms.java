package dev.spike.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;

/**
 * What a lease says.
 *
 * @param id of the run, random
 * @param run the pipeline run's address, or where a person runs it
 */
record LeaseTerms(String id, String run, Instant until) {
  private static final ObjectMapper JSON = new ObjectMapper();

  boolean over(Instant now) {
    return now.isAfter(until.plus(BucketLeases.SKEW));
  }

  String json() {
    return JSON.createObjectNode()
            .put("id", id)
            .put("run", run)
            .put("until", until.toString())
            .toString()
        + "\n";
  }

  /** Reads one; what is not a lease of ours is over, so that it cannot block for ever. */
  static LeaseTerms of(String content) {
    try {
      JsonNode json = JSON.readTree(content);
      return new LeaseTerms(
          json.path("id").asText(),
          json.path("run").asText(),
          Instant.parse(json.path("until").asText()));
    } catch (JsonProcessingException | DateTimeParseException broken) {
      return new LeaseTerms("", "an unreadable lease", Instant.EPOCH);
    }
  }

  /** The address of the pipeline's run, else who runs it where. */
  static String run(Map<String, String> environment) {
    String server = environment.get("GITHUB_SERVER_URL");
    String repository = environment.get("GITHUB_REPOSITORY");
    String number = environment.get("GITHUB_RUN_ID");
    if (server != null && repository != null && number != null) {
      return server + "/" + repository + "/actions/runs/" + number;
    }
    String job = environment.get("CI_JOB_URL");
    return job != null
        ? job
        : Optional.ofNullable(environment.get("USER")).orElse(System.getProperty("user.name"))
            + " on "
            + Optional.ofNullable(environment.get("HOSTNAME")).orElseGet(LeaseTerms::machine)
            + ", process "
            + ProcessHandle.current().pid();
  }

  private static String machine() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException unresolved) {
      return "a machine whose name does not resolve";
    }
  }
}
