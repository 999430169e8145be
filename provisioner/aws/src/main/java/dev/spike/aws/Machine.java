package dev.spike.aws;

import dev.spike.core.resource.ResourceId;
import java.util.Comparator;
import java.util.Optional;
import java.util.SortedMap;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;

/** One machine of an event, as EC2 describes it. */
record Machine(Instance instance, SortedMap<String, String> tags) {
  /** By zone, then by number: a-2 before a-10. */
  static final Comparator<String> BY_ORDINAL =
      Comparator.comparing((String name) -> name.substring(0, name.lastIndexOf('-') + 1))
          .thenComparingInt(Machine::ordinal)
          .thenComparing(Comparator.naturalOrder());

  private static final String FLEETS = "node-fleet/";

  private static int ordinal(String name) {
    String text = name.substring(name.lastIndexOf('-') + 1);
    return text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : 0;
  }

  String id() {
    return instance.instanceId();
  }

  Optional<String> name() {
    return Optional.ofNullable(tags.get(EventTags.NODE));
  }

  /** True when a new machine takes its name: of two with one name it is the one that goes. */
  boolean retires() {
    return tags.containsKey(EventTags.RETIRING);
  }

  Optional<ResourceId> fleet() {
    return Optional.ofNullable(tags.get(EventTags.RESOURCE))
        .filter(id -> id.startsWith(FLEETS))
        .map(ResourceId::new);
  }

  /** The profile it was launched for; another type may stand in for it. */
  Optional<String> profile() {
    return Optional.ofNullable(EventTags.attributes(tags).get("profile"));
  }

  String state() {
    return instance.state().nameAsString();
  }

  boolean runs() {
    return instance.state().name() == InstanceStateName.RUNNING;
  }

  /** It runs or is about to. */
  boolean serves() {
    return runs() || instance.state().name() == InstanceStateName.PENDING;
  }
}
