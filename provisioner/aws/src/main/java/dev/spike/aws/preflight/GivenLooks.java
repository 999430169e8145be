package dev.spike.aws.preflight;

import dev.spike.aws.AwsSettings;
import dev.spike.aws.api.AccountApi;
import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.CacheApi;
import dev.spike.aws.api.CommandApi;
import dev.spike.aws.api.SecretApi;
import dev.spike.aws.api.StorageApi;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Finding;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import java.util.ArrayList;
import java.util.List;

/** What the event file names and spike does not make: it is there, and of use. */
final class GivenLooks {
  private static final String CHANNEL = "Systems Manager, the channel to the nodes";

  private final AwsSettings settings;
  private final String region;
  private final AccountApi accounts;
  private final StorageApi storage;
  private final SecretApi secrets;
  private final CacheApi caches;
  private final CommandApi commands;

  GivenLooks(AwsSettings settings, AwsClients clients) {
    this.region = clients.region();
    this.settings = settings;
    this.accounts = new AccountApi(clients);
    this.storage = new StorageApi(clients);
    this.secrets = new SecretApi(clients);
    this.caches = new CacheApi(clients);
    this.commands = new CommandApi(clients);
  }

  List<Look.Named> looks() {
    List<Look.Named> looks = new ArrayList<>();
    looks.add(new Look.Named(CHANNEL, this::channel));
    looks.add(
        settings
            .bucket()
            .map(this::bucket)
            .orElse(
                absent(
                    "bucket",
                    "provider.aws.bucket",
                    "Name a bucket of the same Region that nodes may read, then plan again.")));
    looks.add(
        settings
            .instanceProfile()
            .map(this::profile)
            .orElse(
                absent(
                    "instance profile of the nodes",
                    "provider.aws.instanceProfile",
                    "Make a role from templates/iam/node.json and name its instance profile, then"
                        + " plan again: without it no node can read its bundle.")));
    looks.add(
        settings
            .secret("certificate")
            .map(arn -> secret(arn, "certificate"))
            .orElse(
                absent(
                    "secret of the certificate",
                    "provider.aws.secrets.certificate",
                    "Put the server's certificate and key, as PEM, into a secret and name its ARN"
                        + " there, then plan again.")));
    for (String purpose : List.of("cacheAuth", "fleet")) {
      settings.secret(purpose).ifPresent(arn -> looks.add(secret(arn, purpose)));
    }
    settings.kmsKeyId().ifPresent(key -> looks.add(key(key)));
    settings
        .cacheSubnetGroup()
        .ifPresent(
            name ->
                looks.add(
                    group(
                        "subnet group " + name + " of the cache",
                        "provider.aws.cache.subnetGroup",
                        deadline -> caches.subnetGroup(deadline, name).isPresent())));
    settings
        .cacheParameterGroup()
        .ifPresent(
            name ->
                looks.add(
                    group(
                        "parameter group " + name + " of the cache",
                        "provider.aws.cache.parameterGroup",
                        deadline -> caches.parameterGroup(deadline, name).isPresent())));
    return looks;
  }

  /** A key of the event file without which no tier comes up. */
  private static Look.Named absent(String what, String key, String next) {
    return new Look.Named(
        what,
        deadline -> List.of(Finding.missing(what, key + " is not given", Kind.INVALID, next)));
  }

  /** Whether something is there. */
  @FunctionalInterface
  private interface Presence {
    boolean of(Deadline deadline) throws ProviderException, InterruptedException;
  }

  private static Look.Named group(String what, String key, Presence presence) {
    return new Look.Named(
        what,
        deadline ->
            List.of(
                presence.of(deadline)
                    ? Finding.fine(what, "there")
                    : Finding.missing(
                        what,
                        "not there",
                        Kind.NOT_FOUND,
                        "Correct " + key + ", or leave it out.")));
  }

  private Look.Named bucket(String name) {
    String what = "bucket " + name;
    return new Look.Named(
        what,
        Look.at(
            what,
            "Correct provider.aws.bucket, or make that bucket in " + region + ".",
            deadline -> {
              String found = storage.region(deadline, name);
              return List.of(
                  found.equals(region)
                      ? Finding.fine(what, "there, in " + found)
                      : Finding.missing(
                          what,
                          "in " + found + "; the tier is in " + region,
                          Kind.INVALID,
                          "Name a bucket of " + region + " as provider.aws.bucket."));
            }));
  }

  private Look.Named profile(String name) {
    String what = "instance profile " + name;
    return new Look.Named(
        what,
        Look.permitted(
            what,
            "iam:GetInstanceProfile",
            Look.at(
                what,
                "Correct provider.aws.instanceProfile, or make it with a role of"
                    + " templates/iam/node.json.",
                deadline ->
                    List.of(
                        accounts.hasRole(deadline, name)
                            ? Finding.fine(what, "there, with a role")
                            : Finding.missing(
                                what,
                                "there, without a role",
                                Kind.INVALID,
                                "Add a role of templates/iam/node.json to it.")))));
  }

  private Look.Named secret(String arn, String purpose) {
    String what = "secret " + arn.substring(arn.lastIndexOf(':') + 1);
    return new Look.Named(
        what,
        Look.at(
            what,
            "Correct provider.aws.secrets." + purpose + ", or make that secret.",
            deadline ->
                List.of(
                    secrets.describe(deadline, arn).doomed()
                        ? Finding.missing(
                            what,
                            "about to be deleted",
                            Kind.INVALID,
                            "Restore it, or name another as provider.aws.secrets." + purpose + ".")
                        : Finding.fine(what, "there, for " + purpose))));
  }

  private Look.Named key(String key) {
    String what = "encryption key " + key;
    return new Look.Named(
        what,
        Look.permitted(
            what,
            "kms:DescribeKey",
            Look.at(
                what,
                "Correct provider.aws.kmsKeyId, or leave it out for the account's own key.",
                deadline ->
                    List.of(
                        accounts.keyIsEnabled(deadline, key)
                            ? Finding.fine(what, "enabled")
                            : Finding.missing(
                                what,
                                "not enabled",
                                Kind.INVALID,
                                "Enable it, or name another.")))));
  }

  private List<Finding> channel(Deadline deadline) throws ProviderException, InterruptedException {
    commands.reachable(deadline);
    return List.of(Finding.fine(CHANNEL, "answers"));
  }
}
