package dev.spike.sources;

import dev.spike.core.sales.TicketDataException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks one API for its pages. An answer is taken only in whole, so a connection that breaks in the
 * middle of one costs an attempt and counts nothing twice. What may pass by itself (429, 5xx,
 * broken connections, time-outs) is asked again with doubled waits, within bounds. Redirects are
 * not followed: the token would go with them.
 */
final class ApiClient implements AutoCloseable {
  private final String source;
  private final String authorization;
  private final ApiLimits limits;
  private final Pause pause;
  private final HttpClient http;
  private final long deadlineNanos;
  private long bytes;
  private int pages;

  /**
   * A client for one reading; its overall deadline runs from here.
   *
   * @param source its name, for messages
   * @param authorization the header's value
   */
  ApiClient(String source, String authorization, ApiLimits limits, Pause pause) {
    this.source = source;
    this.authorization = authorization;
    this.limits = limits;
    this.pause = pause;
    this.http =
        HttpClient.newBuilder()
            .connectTimeout(limits.connect())
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    this.deadlineNanos = System.nanoTime() + limits.overall().toNanos();
  }

  /** Bytes of all answers so far. */
  long bytes() {
    return bytes;
  }

  /**
   * One page.
   *
   * @param where what page it is, for messages
   */
  byte[] page(URI address, String where) throws TicketDataException {
    if (++pages > limits.pages()) {
      throw bad(
          where, "there are more than " + limits.pages() + " pages", "Use an export instead.");
    }
    String last = "";
    for (int attempt = 1; attempt <= limits.attempts(); attempt++) {
      Answer answer = ask(address);
      if (answer.body().isPresent()) {
        bytes += answer.body().get().length;
        return answer.body().get();
      }
      if (!answer.mayPass()) {
        throw refusal(answer, where);
      }
      last = answer.trouble();
      Duration wait = wait(attempt, answer.retryAfter());
      if (attempt == limits.attempts() || wait.toNanos() >= leftNanos()) {
        break;
      }
      sleep(wait);
    }
    throw unavailable(last + " (" + where + ")");
  }

  /**
   * What became of one attempt.
   *
   * @param status 0 when no answer came
   */
  private record Answer(
      int status, Optional<byte[]> body, Optional<Duration> retryAfter, String trouble) {
    static Answer none(String trouble) {
      return new Answer(0, Optional.empty(), Optional.empty(), trouble);
    }

    boolean mayPass() {
      return status == 0 || status == 408 || status == 429 || status >= 500;
    }
  }

  private Answer ask(URI address) throws TicketDataException {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .header("Authorization", authorization)
            .header("Accept", "application/json")
            .header("User-Agent", "spike")
            .GET()
            .build();
    CompletableFuture<HttpResponse<byte[]>> asked =
        http.sendAsync(
            request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), limits.pageBytes()));
    long patience = Math.min(limits.request().toNanos(), Math.max(1, leftNanos()));
    try {
      HttpResponse<byte[]> response = asked.get(patience, TimeUnit.NANOSECONDS);
      if (response.statusCode() == 200) {
        return new Answer(200, Optional.of(response.body()), Optional.empty(), "");
      }
      return new Answer(
          response.statusCode(),
          Optional.empty(),
          response.headers().firstValue("Retry-After").flatMap(ApiClient::seconds),
          "it answered with HTTP status " + response.statusCode());
    } catch (TimeoutException late) {
      asked.cancel(true);
      return Answer.none(
          "it did not answer within " + Duration.ofNanos(patience).toMillis() + " ms");
    } catch (InterruptedException stopped) {
      asked.cancel(true);
      Thread.currentThread().interrupt();
      throw unavailable("the reading was interrupted");
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof IOException broken) {
        return Answer.none("the connection failed (" + broken.getClass().getSimpleName() + ")");
      }
      throw new IllegalStateException("the HTTP client failed", failed.getCause());
    }
  }

  private static Optional<Duration> seconds(String header) {
    return header.matches("[0-9]{1,9}")
        ? Optional.of(Duration.ofSeconds(Long.parseLong(header)))
        : Optional.empty();
  }

  private Duration wait(int attempt, Optional<Duration> asked) {
    Duration doubled = limits.firstWait().multipliedBy(1L << Math.min(20, attempt - 1));
    Duration wait = asked.orElse(doubled);
    return wait.compareTo(limits.longestWait()) > 0 ? limits.longestWait() : wait;
  }

  private void sleep(Duration wait) throws TicketDataException {
    try {
      pause.sleep(wait);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw unavailable("the reading was interrupted");
    }
  }

  private long leftNanos() {
    return deadlineNanos - System.nanoTime();
  }

  private TicketDataException refusal(Answer answer, String where) {
    return switch (answer.status()) {
      case 401, 403 ->
          new TicketDataException(
              TicketDataException.Kind.UNAUTHORIZED,
              source + " refused the token (HTTP status " + answer.status() + ", " + where + ").",
              "Check that the token is whole, not revoked, and may read orders of this event.",
              null);
      case 404 ->
          bad(
              where,
              "it knows no such event (HTTP status 404)",
              "Check the source's names and ids, and that the token may see the event.");
      default ->
          bad(
              where,
              answer.trouble(),
              "Check url of the source; a redirect is not followed, because the token would go"
                  + " with it.");
    };
  }

  private TicketDataException bad(String where, String what, String next) {
    return TicketDataException.bad(source + " cannot be read: " + what + " (" + where + ").", next);
  }

  private TicketDataException unavailable(String what) {
    return new TicketDataException(
        TicketDataException.Kind.UNAVAILABLE,
        source + " is not available: " + what + ".",
        "Run the command again when it is, or use an export instead.",
        null);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
