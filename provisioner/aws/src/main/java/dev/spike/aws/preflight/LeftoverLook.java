package dev.spike.aws.preflight;

import dev.spike.aws.EventTags;
import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.TagApi;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Finding;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.EventName;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What is there of the event already. A tier that is being built or stands is kept; what should
 * have gone by now is from an event of the same name that was never torn down.
 */
final class LeftoverLook {
  private static final int SHOWN_MAX = 3;

  private final EventName event;
  private final TagApi api;
  private final Clock clock;

  LeftoverLook(AwsClients clients, EventName event) {
    this.event = event;
    this.api = new TagApi(clients);
    this.clock = clients.calls().pace().clock();
  }

  List<Finding> leftovers(Deadline deadline) throws ProviderException, InterruptedException {
    SortedMap<String, SortedMap<String, String>> tagged =
        api.resources(deadline, EventTags.EVENT, event.value());
    List<String> expired = new ArrayList<>();
    tagged.forEach(
        (arn, tags) -> {
          if (expired(tags)) {
            expired.add(arn);
          }
        });
    String what = "resources of event " + event;
    if (expired.isEmpty()) {
      return List.of(
          Finding.fine(
              what, tagged.isEmpty() ? "none yet" : tagged.size() + " with its tag, to be kept"));
    }
    return List.of(
        Finding.warning(
            what,
            expired.size()
                + " should have gone by now, as "
                + String.join(", ", expired.subList(0, Math.min(SHOWN_MAX, expired.size()))),
            "Run spike teardown --event "
                + event
                + " first, unless they were deleted within the last hour: the list keeps those a"
                + " while."));
  }

  private boolean expired(Map<String, String> tags) {
    String until = tags.getOrDefault(EventTags.EXPIRES, "");
    try {
      return !until.isEmpty() && Instant.parse(until).isBefore(clock.instant());
    } catch (DateTimeException changed) {
      return false; // somebody wrote over the tag: it says nothing any more
    }
  }
}
