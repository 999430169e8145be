package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.AwsErrors;
import dev.spike.aws.api.StorageApi;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.ResourceId;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The objects of an event: everything below {@code spike/EVENT/} of the given bucket. The key says
 * whose an object is, so that one listing finds them all; tags say the same to others.
 */
final class EventBucket {
  /** An object has room for ten tags, and four are the event's. */
  private static final int USER_TAGS_MAX = 6;

  private static final String ATTRIBUTE = "attribute-";
  private static final System.Logger LOG = System.getLogger(EventBucket.class.getName());

  private final AwsSettings settings;
  private final StorageApi api;
  private final TaggedThings tagged;

  EventBucket(AwsSettings settings, AwsClients clients) {
    this(settings, clients, new TaggedThings(clients));
  }

  EventBucket(AwsSettings settings, AwsClients clients, TaggedThings tagged) {
    this.settings = settings;
    this.api = new StorageApi(clients);
    this.tagged = tagged;
  }

  StorageApi api() {
    return api;
  }

  /** The bucket given, else the one that the event is seen to use; empty when none is known. */
  Optional<String> find(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    Optional<String> given = settings.bucket();
    return given.isPresent() ? given : tagged.bucket(event, deadline);
  }

  /** As {@link #find}; INVALID when none is known. */
  String name(EventName event, Deadline deadline) throws ProviderException, InterruptedException {
    return find(event, deadline)
        .orElseThrow(
            () ->
                new ProviderException(
                    ProviderException.Kind.INVALID,
                    "provider.aws.bucket is not given",
                    "Name a bucket of the same Region that nodes may read, then plan again."));
  }

  /** Where the event's objects begin. */
  static String prefix(EventName event) {
    return "spike/" + event.value() + "/";
  }

  /** The keys of the event that begin so. */
  List<String> keys(EventName event, String name, Deadline deadline)
      throws ProviderException, InterruptedException {
    Optional<String> bucket = find(event, deadline);
    if (bucket.isEmpty()) {
      return List.of();
    }
    try {
      return api.keys(deadline, bucket.get(), prefix(event) + name);
    } catch (ProviderException failure) {
      if (!lost(failure)) {
        throw failure;
      }
      return List.of();
    }
  }

  /**
   * Whether the bucket itself is gone. The rest of a tier has to be seen and removed all the same,
   * since it costs; so it is told, and its objects count as gone with it.
   */
  static boolean lost(ProviderException failure) {
    if (AwsErrors.reason(failure) != AwsErrors.Reason.NO_BUCKET) {
      return false;
    }
    LOG.log(System.Logger.Level.WARNING, "{0}. {1}", failure.getMessage(), failure.next());
    return true;
  }

  /** The attributes that an object of the event carries; empty when it is not there. */
  Optional<SortedMap<String, String>> attributes(EventName event, String name, Deadline deadline)
      throws ProviderException, InterruptedException {
    Optional<String> bucket = find(event, deadline);
    return bucket.isEmpty()
        ? Optional.empty()
        : api.metadata(deadline, bucket.get(), prefix(event) + name).map(EventBucket::attributes);
  }

  private static SortedMap<String, String> attributes(Map<String, String> metadata) {
    SortedMap<String, String> attributes = new TreeMap<>();
    metadata.forEach(
        (key, value) -> {
          if (key.startsWith(ATTRIBUTE)) {
            attributes.put(camel(key.substring(ATTRIBUTE.length())), value);
          }
        });
    return attributes;
  }

  /** Metadata has no upper case: {@code connectionsPerNode} is kept as connections_per_node. */
  private static String camel(String name) {
    StringBuilder text = new StringBuilder();
    for (String word : name.split("_", -1)) {
      text.append(
          text.isEmpty() || word.isEmpty()
              ? word
              : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return text.toString();
  }

  /** Where an object of the event goes, with its attributes and tags. */
  StorageApi.Place place(
      Tags tags,
      ResourceId id,
      String name,
      String sha256,
      Map<String, String> attributes,
      Deadline deadline)
      throws ProviderException, InterruptedException {
    Map<String, String> metadata = new HashMap<>();
    attributes.forEach(
        (attribute, value) ->
            metadata.put(
                ATTRIBUTE
                    + attribute.replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT),
                value));
    Map<String, String> onObject = new HashMap<>(EventTags.of(tags, id, settings));
    onObject.remove(EventTags.BUCKET); // an object is where it is
    List.copyOf(settings.userTags().keySet()).stream()
        .skip(USER_TAGS_MAX)
        .forEach(onObject::remove);
    return new StorageApi.Place(
        name(tags.event(), deadline),
        prefix(tags.event()) + name,
        sha256,
        metadata,
        onObject,
        settings.kmsKeyId());
  }

  /** Puts a text with its attributes. */
  void put(
      Tags tags,
      ResourceId id,
      String name,
      String content,
      Map<String, String> attributes,
      Deadline deadline)
      throws ProviderException, InterruptedException {
    api.put(
        deadline,
        place(tags, id, name, Names.hash(content), attributes, deadline),
        content.getBytes(StandardCharsets.UTF_8));
  }

  /** The text of an object of the event; empty when it is not there. */
  Optional<String> text(EventName event, String name, Deadline deadline)
      throws ProviderException, InterruptedException {
    return api.get(deadline, name(event, deadline), prefix(event) + name)
        .map(StorageApi.Stored::text);
  }

  /** Deletes the event's objects that begin so. */
  void delete(EventName event, String name, Deadline deadline)
      throws ProviderException, InterruptedException {
    for (String key : keys(event, name, deadline)) {
      api.delete(deadline, name(event, deadline), key);
    }
  }
}
