package dev.spike.aws;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.EventName;

/** What a new machine is told, from the parts that know it. */
final class EventBoot implements Bundles {
  private final EventBucket bucket;
  private final BundlePart bundle;
  private final CertificatePart certificate;
  private final SecretPart secrets;

  EventBoot(
      EventBucket bucket, BundlePart bundle, CertificatePart certificate, SecretPart secrets) {
    this.bucket = bucket;
    this.bundle = bundle;
    this.certificate = certificate;
    this.secrets = secrets;
  }

  @Override
  public Boot boot(EventName event, String bundleVersion, Deadline deadline)
      throws ProviderException, InterruptedException {
    BundlePart.Found found =
        bundle
            .find(event, bundleVersion, deadline)
            .orElseThrow(
                () ->
                    new ProviderException(
                        ProviderException.Kind.NOT_FOUND,
                        "the bundle " + bundleVersion + " of event " + event + " is not there",
                        "Run spike provision with this plan: it brings the bundle first."));
    return new Boot(
        bucket.name(event, deadline),
        found.key(),
        found.sha256(),
        EventBucket.prefix(event) + NodeConfigurationPart.NAME,
        certificate.arn(),
        secrets.arn(event, "cache-auth", deadline),
        secrets.arn(event, "fleet", deadline));
  }
}
