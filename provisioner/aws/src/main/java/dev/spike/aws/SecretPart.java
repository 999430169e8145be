package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.Calls;
import dev.spike.aws.api.SecretApi;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.CloudResource;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The secrets that the event owns: random, made once, and gone for good with it. A name that
 * somebody deleted with a way back is taken back instead.
 */
final class SecretPart implements Part {
  private static final int NAME_CHARS_MAX = 200;
  private static final int BYTES = 32;
  private static final Map<String, String> SETTINGS =
      Map.of("cache-auth", "cacheAuth", "fleet", "fleet");

  private final AwsSettings settings;
  private final Calls calls;
  private final SecretApi api;
  private final SecureRandom random;

  SecretPart(AwsSettings settings, AwsClients clients, SecureRandom random) {
    this.settings = settings;
    this.calls = clients.calls();
    this.api = new SecretApi(clients);
    this.random = random;
  }

  @Override
  public Kind kind() {
    return Kind.SECRET;
  }

  static ResourceId id(String purpose) {
    return new ResourceId("secret/" + purpose);
  }

  /**
   * The ARN of a purpose's secret: the given one, else the event's own.
   *
   * @param purpose {@code cache-auth} or {@code fleet}
   */
  String arn(EventName event, String purpose, Deadline deadline)
      throws ProviderException, InterruptedException {
    var given = settings.secret(SETTINGS.getOrDefault(purpose, purpose));
    return given.isPresent() ? given.get() : api.describe(deadline, name(event, id(purpose))).arn();
  }

  /** The value of a purpose's secret, for a call that needs it. */
  String value(EventName event, String purpose, Deadline deadline)
      throws ProviderException, InterruptedException {
    return api.value(deadline, arn(event, purpose, deadline));
  }

  private static String name(EventName event, ResourceId id) {
    return Names.of(event, id, NAME_CHARS_MAX);
  }

  @Override
  public SortedMap<ResourceId, Observed> observe(EventName event)
      throws ProviderException, InterruptedException {
    SortedMap<ResourceId, Observed> seen = new TreeMap<>();
    for (SecretApi.Found found : api.list(calls.soon(), EventTags.EVENT, event.value())) {
      String resource = found.tags().getOrDefault(EventTags.RESOURCE, "");
      if (resource.startsWith("secret/")) {
        ResourceId id = new ResourceId(resource);
        seen.put(
            id,
            new Observed(
                id,
                Kind.SECRET,
                Map.of("purpose", resource.substring("secret/".length())),
                found.doomed()
                    ? List.of("the secret " + found.name() + " is about to be deleted")
                    : List.of()));
      }
    }
    return seen;
  }

  @Override
  public void converge(Resource resource, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    CloudResource.Secret secret = (CloudResource.Secret) resource;
    String name = name(tags.event(), secret.id());
    for (SecretApi.Found found : api.list(deadline, EventTags.EVENT, tags.event().value())) {
      if (found.name().equals(name)) {
        if (found.doomed()) {
          api.restore(deadline, name);
        }
        return;
      }
    }
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    try {
      api.create(
          deadline,
          name,
          // Hexadecimal: a cache takes few other characters in its password.
          HexFormat.of().formatHex(bytes),
          Names.token(name, HexFormat.of().formatHex(bytes)),
          settings.kmsKeyId(),
          EventTags.of(tags, secret.id(), settings));
    } catch (ProviderException failure) {
      settle(tags.event(), name, failure, deadline);
    }
  }

  /** After a refused creation: the name may be ours since a moment, or about to be deleted. */
  private void settle(EventName event, String name, ProviderException failure, Deadline deadline)
      throws ProviderException, InterruptedException {
    if (failure.kind() != ProviderException.Kind.ALREADY_EXISTS
        && failure.kind() != ProviderException.Kind.INVALID) {
      throw failure;
    }
    SecretApi.Found found;
    try {
      found = api.describe(deadline, name);
    } catch (ProviderException absent) {
      failure.addSuppressed(absent);
      throw failure;
    }
    if (!event.value().equals(found.tags().get(EventTags.EVENT))) {
      throw new ProviderException(
          ProviderException.Kind.ALREADY_EXISTS,
          "a secret " + name + " is there and is not of event " + event,
          "Remove that secret if nothing needs it, or give the event another name.",
          failure);
    }
    if (found.doomed()) {
      api.restore(deadline, name);
    }
  }

  @Override
  public void delete(EventName event, ResourceId id, Deadline deadline)
      throws ProviderException, InterruptedException {
    for (SecretApi.Found found : api.list(deadline, EventTags.EVENT, event.value())) {
      if (id.value().equals(found.tags().get(EventTags.RESOURCE))) {
        Calls.gone(() -> api.delete(deadline, found.arn()));
      }
    }
    calls.until(
        deadline,
        "Run spike teardown again.",
        () ->
            api.list(deadline, EventTags.EVENT, event.value()).stream()
                .filter(found -> id.value().equals(found.tags().get(EventTags.RESOURCE)))
                .map(found -> "the secret " + found.name() + " is still there")
                .findFirst());
  }

  @Override
  public List<String> strays(EventName event) throws ProviderException, InterruptedException {
    return api.list(calls.soon(), EventTags.EVENT, event.value()).stream()
        .filter(found -> !found.tags().getOrDefault(EventTags.RESOURCE, "").startsWith("secret/"))
        .map(found -> "secret " + found.arn())
        .toList();
  }

  @Override
  public void sweep(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    for (SecretApi.Found found : api.list(deadline, EventTags.EVENT, event.value())) {
      Calls.gone(() -> api.delete(deadline, found.arn()));
    }
  }
}
