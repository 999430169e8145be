package dev.spike.aws.api;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ssm.model.CancelCommandRequest;
import software.amazon.awssdk.services.ssm.model.CommandInvocation;
import software.amazon.awssdk.services.ssm.model.DescribeInstanceInformationRequest;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationRequest;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationResponse;
import software.amazon.awssdk.services.ssm.model.ListCommandInvocationsRequest;
import software.amazon.awssdk.services.ssm.model.SendCommandRequest;
import software.amazon.awssdk.services.ssm.model.Target;

/** Systems Manager's calls to run a command on machines. */
public final class CommandApi {
  private static final int FEW = 5;
  private static final String DOCUMENT = "AWS-RunShellScript";
  private static final Duration TIMEOUT_MIN = Duration.ofSeconds(30);

  private final AwsClients clients;
  private final Calls calls;

  public CommandApi(AwsClients clients) {
    this.clients = clients;
    this.calls = clients.calls();
  }

  /**
   * Sends a command to the machines that fit all targets and returns its id.
   *
   * @param concurrency how many run it at a time: a number or a percentage
   * @param time after which a machine that has not begun is given up, and one that has is ended
   */
  public String send(
      Deadline deadline,
      List<Target> targets,
      String script,
      String comment,
      String concurrency,
      Duration time)
      throws ProviderException, InterruptedException {
    long seconds = Math.max(TIMEOUT_MIN.toSeconds(), time.toSeconds());
    return calls.of(
        deadline,
        SendCommandRequest.builder()
            .documentName(DOCUMENT)
            .targets(targets)
            .comment(comment)
            .maxConcurrency(concurrency)
            .maxErrors("100%")
            .timeoutSeconds((int) Math.min(seconds, 2_592_000))
            .parameters(
                Map.of(
                    "commands", List.of(script),
                    "executionTimeout", List.of(Long.toString(seconds))))
            .build(),
        request -> clients.ssm().sendCommand(request).command().commandId());
  }

  /** What each machine has answered so far; each output's first 2,500 characters. */
  public List<CommandInvocation> invocations(Deadline deadline, String commandId)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        ListCommandInvocationsRequest.builder().commandId(commandId).details(true).build(),
        request ->
            clients.ssm().listCommandInvocationsPaginator(request).commandInvocations().stream()
                .toList());
  }

  /**
   * What one machine has answered; its output's first 24,000 characters. NOT_FOUND just after
   * sending, and for a machine that the command never reached.
   */
  public GetCommandInvocationResponse invocation(
      Deadline deadline, String commandId, String instanceId)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        GetCommandInvocationRequest.builder().commandId(commandId).instanceId(instanceId).build(),
        request -> clients.ssm().getCommandInvocation(request));
  }

  /** Asks for a few of the machines it knows, only to see that it answers. */
  public void reachable(Deadline deadline) throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        DescribeInstanceInformationRequest.builder().maxResults(FEW).build(),
        request -> clients.ssm().describeInstanceInformation(request));
  }

  /** Ends a command where it still runs. */
  public void cancel(Deadline deadline, String commandId)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        CancelCommandRequest.builder().commandId(commandId).build(),
        request -> clients.ssm().cancelCommand(request));
  }
}
