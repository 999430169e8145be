package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.Calls;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The bundle in the bucket, under a key that holds its checksum: a machine that was told one bundle
 * never gets another.
 */
final class BundlePart implements Part {
  static final ResourceId ID = new ResourceId("bundle");
  private static final String FOLDER = "bundle/";
  private static final String ENDING = ".tar.gz";

  private final Calls calls;
  private final EventBucket bucket;

  BundlePart(AwsClients clients, EventBucket bucket) {
    this.calls = clients.calls();
    this.bucket = bucket;
  }

  @Override
  public Kind kind() {
    return Kind.BUNDLE;
  }

  /**
   * A bundle that is there.
   *
   * @param key in the bucket
   */
  record Found(String key, String version) {
    String sha256() {
      String file = key.substring(key.lastIndexOf('/') + 1);
      return file.substring(0, file.length() - ENDING.length());
    }
  }

  private List<Found> all(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    List<Found> found = new java.util.ArrayList<>();
    for (String key : bucket.keys(event, FOLDER, deadline)) {
      String name = key.substring(EventBucket.prefix(event).length());
      Optional<SortedMap<String, String>> attributes = bucket.attributes(event, name, deadline);
      if (attributes.isPresent() && key.endsWith(ENDING)) {
        found.add(new Found(key, attributes.get().getOrDefault("version", "")));
      }
    }
    return found;
  }

  /** The bundle of a version; empty when it is not there. */
  Optional<Found> find(EventName event, String version, Deadline deadline)
      throws ProviderException, InterruptedException {
    return all(event, deadline).stream()
        .filter(found -> found.version().equals(version))
        .findFirst();
  }

  @Override
  public SortedMap<ResourceId, Observed> observe(EventName event)
      throws ProviderException, InterruptedException {
    SortedMap<ResourceId, Observed> seen = new TreeMap<>();
    for (Found found : all(event, calls.soon())) {
      seen.put(ID, new Observed(ID, Kind.BUNDLE, Map.of("version", found.version()), List.of()));
    }
    return seen;
  }

  @Override
  public void converge(Resource resource, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    String version = ((Resource.Bundle) resource).version();
    Path folder = BundleFile.installed();
    try {
      Optional<String> installed = BundleFile.version(folder);
      if (installed.isPresent() && !installed.get().equals(version)) {
        throw new ProviderException(
            ProviderException.Kind.INVALID,
            "the plan wants bundle " + version + " and this spike carries " + installed.get(),
            "Make the plan again with this version of spike.");
      }
      BundleFile.Packed packed = BundleFile.pack(folder);
      try {
        put(tags, version, packed, deadline);
      } finally {
        Files.deleteIfExists(packed.file());
      }
    } catch (IOException failure) {
      throw new ProviderException(
          ProviderException.Kind.UNAVAILABLE,
          "the bundle in " + folder + " cannot be packed: " + failure.getMessage(),
          "Check the folder and the room for temporary files, then run the same command again.",
          failure);
    }
  }

  private void put(Tags tags, String version, BundleFile.Packed packed, Deadline deadline)
      throws ProviderException, InterruptedException {
    String name = FOLDER + packed.sha256() + ENDING;
    if (bucket.attributes(tags.event(), name, deadline).isEmpty()) {
      bucket
          .api()
          .put(
              deadline,
              bucket.place(tags, ID, name, packed.sha256(), Map.of("version", version), deadline),
              packed.file());
    }
  }

  @Override
  public void delete(EventName event, ResourceId id, Deadline deadline)
      throws ProviderException, InterruptedException {
    bucket.delete(event, FOLDER, deadline);
  }

  @Override
  public List<String> strays(EventName event) {
    return List.of();
  }

  @Override
  public void sweep(EventName event, Deadline deadline) {}
}
