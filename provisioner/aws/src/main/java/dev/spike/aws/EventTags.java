package dev.spike.aws;

import dev.spike.core.provider.Tags;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.ResourceId;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The tags by which everything is found again. */
public final class EventTags {
  /** The event's name. */
  public static final String EVENT = "spike:event";

  /** The logical id of the resource. */
  public static final String RESOURCE = "spike:resource";

  /** When nobody should still pay for it, as an instant. */
  public static final String EXPIRES = "spike:expires";

  /** The plan's digest, for information. */
  public static final String PLAN = "spike:plan";

  /** The name of a node. */
  public static final String NODE = "spike:node";

  /** What consoles show of a machine: its event and node, which no other machine has. */
  public static final String NAME = "Name";

  /** Since when a machine gives way to a new one of its name, as an instant. */
  public static final String RETIRING = "spike:retiring";

  /** The zone of the tier that a subnet or an instance is in, such as {@code a}. */
  public static final String ZONE = "spike:zone";

  /** What one of several things of a resource is for. */
  public static final String ROLE = "spike:role";

  /** The bucket that holds the event's objects, for those who have no plan. */
  public static final String BUCKET = "spike:bucket";

  /** The prefix of tags that keep a resource's attributes. */
  public static final String ATTRIBUTE = "spike:attribute:";

  private EventTags() {}

  /** The value of {@link #NAME} for a node. */
  public static String name(EventName event, String node) {
    return event.value() + "/" + node;
  }

  /** Those of one resource, with the user's own; the user's never replace ours. */
  public static SortedMap<String, String> of(Tags tags, ResourceId id, AwsSettings settings) {
    SortedMap<String, String> all = new TreeMap<>(settings.userTags());
    all.put(EVENT, tags.event().value());
    all.put(RESOURCE, id.value());
    all.put(EXPIRES, tags.expires().toString());
    if (!tags.planDigest().isEmpty()) {
      all.put(PLAN, tags.planDigest());
    }
    settings.bucket().ifPresent(bucket -> all.put(BUCKET, bucket));
    return all;
  }

  /**
   * As {@link #of}, with attributes that AWS itself keeps no place for. Balancers and caches take
   * no comma in a tag: the members of a list are kept with a space between them.
   */
  public static SortedMap<String, String> of(
      Tags tags, ResourceId id, AwsSettings settings, Map<String, String> attributes) {
    SortedMap<String, String> all = of(tags, id, settings);
    attributes.forEach((name, value) -> all.put(ATTRIBUTE + name, value.replace(',', ' ')));
    return all;
  }

  /** The tags with one more. */
  static SortedMap<String, String> with(SortedMap<String, String> tags, String name, String value) {
    SortedMap<String, String> more = new TreeMap<>(tags);
    more.put(name, value);
    return more;
  }

  /** The attributes kept in tags. */
  public static SortedMap<String, String> attributes(Map<String, String> tags) {
    SortedMap<String, String> attributes = new TreeMap<>();
    tags.forEach(
        (name, value) -> {
          if (name.startsWith(ATTRIBUTE)) {
            attributes.put(name.substring(ATTRIBUTE.length()), value.replace(' ', ','));
          }
        });
    return attributes;
  }
}
