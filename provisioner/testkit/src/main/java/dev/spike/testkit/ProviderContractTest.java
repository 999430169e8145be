package dev.spike.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Lease;
import dev.spike.core.provider.NodeChannel;
import dev.spike.core.provider.NodeCommand;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ObservedState;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.Stage;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract of {@link Provider}, asked of each by a subclass. */
public abstract class ProviderContractTest {
  private Provider provider;
  private EventName event;
  private List<Resource> desired;

  /** Opens the provider under test. */
  protected abstract Provider open() throws Exception;

  /** An event name that no other run uses. */
  protected abstract EventName event();

  /** The tier to build: small, of stage {@code provision} at least. */
  protected abstract List<Resource> tier();

  /** How long one call may take. */
  protected Duration patience() {
    return Duration.ofSeconds(60);
  }

  @BeforeEach
  void openProvider() throws Exception {
    provider = open();
    event = event();
    desired = tier().stream().filter(resource -> resource.stage() == Stage.PROVISION).toList();
  }

  @AfterEach
  void removeEverything() throws Exception {
    if (provider != null) {
      provider.sweep(event, deadline());
      assertThat(provider.observe(event).isEmpty()).isTrue();
      provider.close();
    }
  }

  @Test
  void aTierIsCreatedSeenWholeCreatedAgainWithoutEffectAndRemoved() throws Exception {
    for (Resource resource : desired) {
      provider.create(resource, desired, tags(), deadline());
    }
    assertWhole();

    for (Resource resource : desired) {
      provider.create(resource, desired, tags(), deadline());
    }
    assertWhole();

    for (Resource resource : desired) {
      Observed observed =
          Objects.requireNonNull(provider.observe(event).resources().get(resource.id()));
      provider.update(resource, observed, desired, tags(), deadline());
    }
    assertWhole();

    List<Resource> downwards = new ArrayList<>(desired).reversed();
    for (Resource resource : downwards) {
      provider.delete(event, resource.id(), deadline());
      assertThat(provider.observe(event).resources()).doesNotContainKey(resource.id());
      provider.delete(event, resource.id(), deadline());
    }
    assertThat(provider.observe(event).resources()).isEmpty();
  }

  @Test
  void nothingIsObservedOfAnEventThatIsNotThereAndRemovingItSucceeds() throws Exception {
    assertThat(provider.observe(event).isEmpty()).isTrue();

    for (Resource resource : desired) {
      provider.delete(event, resource.id(), deadline());
    }
    provider.sweep(event, deadline());

    assertThat(provider.observe(event).isEmpty()).isTrue();
  }

  @Test
  void theLeaseIsHeldByOneAtATime() throws Exception {
    Optional<Lease> first = provider.tryLease(event);
    assertThat(first).isPresent();

    assertThat(provider.tryLease(event)).isEmpty();

    first.get().close();
    Optional<Lease> next = provider.tryLease(event);
    assertThat(next).isPresent();
    next.get().close();
  }

  @Test
  void aNodeThatCannotBeReachedIsNamedInTheAnswer() throws Exception {
    SortedMap<String, NodeChannel.Answer> answers =
        provider.nodes(event).run(List.of("z-9"), NodeCommand.of("status"), deadline());

    assertThat(answers).containsOnlyKeys("z-9");
    NodeChannel.Answer answer = Objects.requireNonNull(answers.get("z-9"));
    assertThat(answer.ok()).isFalse();
    assertThat(answer.json().path("error").asText()).isNotEmpty();
  }

  private void assertWhole() throws Exception {
    ObservedState state = provider.observe(event);
    assertThat(state.event()).isEqualTo(event);
    assertThat(state.strays()).isEmpty();
    assertThat(state.resources().keySet())
        .containsExactlyInAnyOrderElementsOf(desired.stream().map(Resource::id).toList());
    for (Resource resource : desired) {
      Observed seen = Objects.requireNonNull(state.resources().get(resource.id()));
      assertThat(seen.faults()).as("faults of %s", resource.id()).isEmpty();
      assertThat(resource.attributes()).containsAllEntriesOf(seen.attributes());
    }
  }

  private Tags tags() {
    return new Tags(event, Clock.systemUTC().instant().plus(Duration.ofHours(1)), "sha256:test");
  }

  private Deadline deadline() {
    return Deadline.in(Clock.systemUTC(), patience());
  }
}
