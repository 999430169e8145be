package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.Calls;
import dev.spike.aws.api.SecretApi;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The reference to the server certificate, which is a given secret: it is looked at, never changed
 * and never read. What the event owns is the note of it in the bucket.
 */
final class CertificatePart implements Part {
  static final ResourceId ID = new ResourceId("certificate");
  private static final String NAME = "certificate.json";
  private static final String ARN = "arn";

  private final AwsSettings settings;
  private final Calls calls;
  private final SecretApi api;
  private final EventBucket bucket;

  CertificatePart(AwsSettings settings, AwsClients clients, EventBucket bucket) {
    this.settings = settings;
    this.calls = clients.calls();
    this.api = new SecretApi(clients);
    this.bucket = bucket;
  }

  @Override
  public Kind kind() {
    return Kind.CERTIFICATE;
  }

  /** The given secret that holds the certificate and its key as PEM. */
  String arn() throws ProviderException {
    return settings
        .secret("certificate")
        .orElseThrow(
            () ->
                new ProviderException(
                    ProviderException.Kind.INVALID,
                    "provider.aws.secrets.certificate is not given",
                    "Put the server's certificate and key, as PEM, into a secret and name its ARN"
                        + " there, then plan again."));
  }

  @Override
  public SortedMap<ResourceId, Observed> observe(EventName event)
      throws ProviderException, InterruptedException {
    SortedMap<ResourceId, Observed> seen = new TreeMap<>();
    var attributes = bucket.attributes(event, NAME, calls.soon());
    if (attributes.isPresent()) {
      Map<String, String> visible = new HashMap<>(attributes.get());
      String noted = String.valueOf(visible.remove(ARN));
      var given = settings.secret("certificate");
      List<String> faults =
          given.isEmpty() || given.get().equals(noted)
              ? List.of()
              : List.of("the event uses the certificate " + noted + ", not " + given.get());
      seen.put(ID, new Observed(ID, Kind.CERTIFICATE, visible, faults));
    }
    return seen;
  }

  @Override
  public void converge(Resource resource, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    String arn = arn();
    SecretApi.Found found;
    try {
      found = api.describe(deadline, arn);
    } catch (ProviderException failure) {
      if (failure.kind() != ProviderException.Kind.NOT_FOUND) {
        throw failure;
      }
      throw missing(arn, "is not there", failure);
    }
    if (found.doomed()) {
      throw missing(arn, "is about to be deleted", null);
    }
    Map<String, String> attributes = new HashMap<>(resource.attributes());
    attributes.put(ARN, found.arn());
    bucket.put(tags, ID, NAME, "{\"arn\":\"" + found.arn() + "\"}\n", attributes, deadline);
  }

  private static ProviderException missing(
      String arn, String how, @org.jspecify.annotations.Nullable Throwable cause) {
    String text = "the secret " + arn + " with the server certificate " + how;
    String next = "Correct provider.aws.secrets.certificate, or make that secret, then plan again.";
    return cause == null
        ? new ProviderException(ProviderException.Kind.INVALID, text, next)
        : new ProviderException(ProviderException.Kind.INVALID, text, next, cause);
  }

  @Override
  public void delete(EventName event, ResourceId id, Deadline deadline)
      throws ProviderException, InterruptedException {
    bucket.delete(event, NAME, deadline);
  }

  @Override
  public List<String> strays(EventName event) {
    return List.of();
  }

  @Override
  public void sweep(EventName event, Deadline deadline) {}
}
