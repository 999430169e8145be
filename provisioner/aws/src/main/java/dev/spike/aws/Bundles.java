package dev.spike.aws;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.EventName;

/** Where a new machine finds what it runs, and what it is told before it starts. */
interface Bundles {
  /**
   * What the first-boot script is given. Addresses only, never a secret's value.
   *
   * @param bundleKey of the bundle's object in the bucket
   * @param bundleSha256 in hexadecimal
   * @param configurationKey of the object that is written once the cache exists
   * @param certificateSecret ARN or name, as the other two
   */
  record Boot(
      String bucket,
      String bundleKey,
      String bundleSha256,
      String configurationKey,
      String certificateSecret,
      String cacheSecret,
      String fleetSecret) {}

  /** NOT_FOUND when the bundle of that version, or a secret, is not there yet. */
  Boot boot(EventName event, String bundleVersion, Deadline deadline)
      throws ProviderException, InterruptedException;
}
