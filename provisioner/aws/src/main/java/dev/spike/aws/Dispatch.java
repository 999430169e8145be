package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.AwsErrors;
import dev.spike.aws.api.Calls;
import dev.spike.aws.api.CommandApi;
import dev.spike.core.provider.AtOnce;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.NodeChannel.Answer;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.services.ssm.model.CommandInvocation;
import software.amazon.awssdk.services.ssm.model.CommandPlugin;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationResponse;
import software.amazon.awssdk.services.ssm.model.Target;

/**
 * One script on many machines: sends it, asks until each machine has answered, and names those that
 * never do. A tag silently leaves out machines that have not registered; the list of expected ones
 * does not.
 */
final class Dispatch {
  /** At most so many machines run a command at a time. */
  private static final String CONCURRENCY = "100";

  /** After which a machine that is not listed is taken as not reached. */
  static final Duration LISTED_WITHIN = Duration.ofSeconds(15);

  private static final Duration PAUSE_FIRST = Duration.ofMillis(500);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(5);
  private static final Duration RESERVE = Duration.ofSeconds(2);
  private static final String COMMENT = "spike";
  private static final Set<String> UNFINISHED =
      Set.of("Pending", "InProgress", "Delayed", "Cancelling");
  private static final int ERROR_CHARS_MAX = 300;

  private final Calls calls;
  private final CommandApi api;

  Dispatch(AwsClients clients) {
    this.calls = clients.calls();
    this.api = new CommandApi(clients);
  }

  /** What a machine is known to have answered. */
  private record Heard(String status, int exitCode, String output) {
    boolean ended() {
      return !UNFINISHED.contains(status);
    }
  }

  /** Runs a script and returns an answer for every expected machine, by instance id. */
  Map<String, Answer> run(
      List<Target> targets, Collection<String> expected, String script, Deadline deadline)
      throws ProviderException, InterruptedException {
    Duration left = deadline.left().minus(RESERVE);
    Deadline end = left.isPositive() ? deadline.atMost(left) : deadline;
    Instant sent = calls.pace().clock().instant();
    String command = api.send(end, targets, script, COMMENT, CONCURRENCY, end.left());
    Map<String, Heard> heard = new HashMap<>();
    boolean late = false;
    Duration pause = PAUSE_FIRST;
    while (!late && !complete(heard, expected, sent)) {
      calls.pace().sleeper().sleep(pause.compareTo(end.left()) < 0 ? pause : end.left());
      late = end.passed();
      if (!late) {
        heard.putAll(listen(command, expected, end));
      }
      Duration longer = pause.multipliedBy(3).dividedBy(2);
      pause = longer.compareTo(PAUSE_MAX) < 0 ? longer : PAUSE_MAX;
    }
    if (late) {
      cancel(command, deadline);
    }
    Map<String, Answer> answers = new TreeMap<>();
    for (String id : expected) {
      answers.put(id, answer(command, id, heard.get(id), deadline));
    }
    return answers;
  }

  private boolean complete(Map<String, Heard> heard, Collection<String> expected, Instant sent) {
    boolean listed =
        calls.pace().clock().instant().isAfter(sent.plus(LISTED_WITHIN))
            || heard.keySet().containsAll(expected);
    return listed && heard.values().stream().allMatch(Heard::ended);
  }

  private Map<String, Heard> listen(String command, Collection<String> expected, Deadline end)
      throws ProviderException, InterruptedException {
    Map<String, Heard> heard = new HashMap<>();
    try {
      for (CommandInvocation invocation : api.invocations(end, command)) {
        List<CommandPlugin> plugins = invocation.commandPlugins();
        CommandPlugin plugin =
            plugins.isEmpty() ? CommandPlugin.builder().build() : plugins.getFirst();
        heard.put(
            invocation.instanceId(),
            new Heard(
                invocation.statusAsString(),
                plugin.responseCode() == null ? -1 : plugin.responseCode(),
                plugin.output() == null ? "" : plugin.output()));
      }
      heard.keySet().retainAll(new TreeSet<>(expected));
    } catch (ProviderException failure) {
      if (AwsErrors.reason(failure) != AwsErrors.Reason.NOT_OFFERED) {
        throw failure;
      }
      for (Map.Entry<String, Optional<Heard>> one : each(command, expected, end).entrySet()) {
        one.getValue().ifPresent(answer -> heard.put(one.getKey(), answer));
      }
    }
    return heard;
  }

  private Map<String, Optional<Heard>> each(
      String command, Collection<String> expected, Deadline end)
      throws ProviderException, InterruptedException {
    Map<String, Optional<Heard>> heard = new TreeMap<>();
    List<String> ids = List.copyOf(expected);
    List<Optional<Heard>> answers = AtOnce.each(ids, id -> one(command, id, end));
    for (int i = 0; i < ids.size(); i++) {
      heard.put(ids.get(i), answers.get(i));
    }
    return heard;
  }

  private Optional<Heard> one(String command, String id, Deadline end)
      throws ProviderException, InterruptedException {
    try {
      GetCommandInvocationResponse answer = api.invocation(end, command, id);
      return Optional.of(
          new Heard(
              answer.statusAsString(),
              answer.responseCode() == null ? -1 : answer.responseCode(),
              String.valueOf(answer.standardOutputContent())));
    } catch (ProviderException failure) {
      if (failure.kind() == Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  private Answer answer(
      String command, String id, @org.jspecify.annotations.Nullable Heard heard, Deadline deadline)
      throws ProviderException, InterruptedException {
    if (heard == null) {
      return NodeAnswer.failed(
          "instance " + id + " was not reached: it has not registered with Systems Manager",
          "Check that its profile has AmazonSSMManagedInstanceCore's rights and that it reaches the"
              + " ssm endpoints; spike provision --replace swaps it.");
    }
    if (!heard.ended()) {
      return NodeAnswer.failed(
          "instance " + id + " did not answer in time (" + heard.status() + ")",
          "Run the same command again with a longer --deadline.");
    }
    Optional<Answer> whole = NodeAnswer.whole(heard.output());
    if (whole.isPresent()) {
      return whole.get();
    }
    GetCommandInvocationResponse full = api.invocation(deadline, command, id);
    String output = String.valueOf(full.standardOutputContent());
    return NodeAnswer.whole(output)
        .orElseGet(
            () ->
                NodeAnswer.begun(output)
                    ? NodeAnswer.failed(
                        "the answer of instance " + id + " was cut off after 24,000 characters",
                        "Ask for less at a time.")
                    : NodeAnswer.failed(
                        "instance "
                            + id
                            + " ended with "
                            + heard.status()
                            + " and no answer: "
                            + beginning(full.standardErrorContent()),
                        "Look at its journal: spike-boot may not be done."));
  }

  private static String beginning(@org.jspecify.annotations.Nullable String text) {
    String known = text == null || text.isBlank() ? "it said nothing" : text.strip();
    return known.substring(0, Math.min(ERROR_CHARS_MAX, known.length()));
  }

  private void cancel(String command, Deadline deadline) throws InterruptedException {
    try {
      api.cancel(deadline, command);
    } catch (ProviderException failure) {
      System.getLogger(Dispatch.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "command {0} could not be cancelled: {1}",
              command,
              failure.getMessage());
    }
  }
}
