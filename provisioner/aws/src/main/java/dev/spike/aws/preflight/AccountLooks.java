package dev.spike.aws.preflight;

import dev.spike.aws.AwsSettings;
import dev.spike.aws.api.AccountApi;
import dev.spike.aws.api.AwsClients;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Finding;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Whether the credentials are for the account that the plan is for, and last long enough. */
final class AccountLooks {
  /** With less than this left hardly anything can be begun. */
  private static final Duration TERM_MIN = Duration.ofMinutes(5);

  /** What a cache may take to come up, which is the longest wait of a provision. */
  private static final Duration TERM_ENOUGH = Duration.ofMinutes(60);

  private static final String CONTINUES =
      "A run that outlasts them ends with 77, and the same command continues with fresh ones.";

  private final AwsSettings settings;
  private final AccountApi api;
  private final java.time.Clock clock;

  AccountLooks(AwsSettings settings, AwsClients clients) {
    this.settings = settings;
    this.api = new AccountApi(clients);
    this.clock = clients.calls().pace().clock();
  }

  List<Finding> account(Deadline deadline) throws ProviderException, InterruptedException {
    AccountApi.Caller caller = api.caller(deadline);
    String observed = caller.account() + " as " + caller.arn();
    if (settings.account().isEmpty()) {
      return List.of(
          Finding.warning(
              "AWS account",
              observed + "; none is named for the event, so any would be changed",
              "Name it as provider.aws.account, plan again, and give that plan instead of --event."));
    }
    String wanted = settings.account().get();
    return List.of(
        wanted.equals(caller.account())
            ? Finding.fine("AWS account", observed)
            : Finding.missing(
                "AWS account",
                observed + "; the plan is for " + wanted,
                Kind.UNAUTHORIZED,
                "Take credentials of account " + wanted + ", or correct provider.aws.account."));
  }

  List<Finding> term(Deadline deadline) throws ProviderException, InterruptedException {
    AccountApi.Term term = api.term();
    if (term.until().isEmpty()) {
      return List.of(
          term.temporary()
              ? Finding.warning(
                  "AWS credentials", "of a session; nothing says when it ends", CONTINUES)
              : Finding.fine("AWS credentials", "without an end"));
    }
    Instant until = term.until().get();
    Duration left = Duration.between(clock.instant(), until);
    String observed = "end at " + until + ", in " + Math.max(0, left.toMinutes()) + " min";
    if (left.compareTo(TERM_MIN) < 0) {
      return List.of(
          Finding.missing(
              "AWS credentials",
              observed + "; at least " + TERM_MIN.toMinutes() + " min are needed",
              Kind.UNAUTHORIZED,
              "Take fresh credentials, then run the same command again."));
    }
    return List.of(
        left.compareTo(TERM_ENOUGH) < 0
            ? Finding.warning("AWS credentials", observed, CONTINUES)
            : Finding.fine("AWS credentials", observed));
  }
}
