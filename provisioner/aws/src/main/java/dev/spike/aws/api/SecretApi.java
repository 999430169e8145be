package dev.spike.aws.api;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.DeleteSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.Filter;
import software.amazon.awssdk.services.secretsmanager.model.FilterNameStringType;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretsRequest;
import software.amazon.awssdk.services.secretsmanager.model.RestoreSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;
import software.amazon.awssdk.services.secretsmanager.model.Tag;

/** Secrets Manager's calls. A secret's value never enters a failure's text. */
public final class SecretApi {
  private final AwsClients clients;
  private final Calls calls;

  public SecretApi(AwsClients clients) {
    this.clients = clients;
    this.calls = clients.calls();
  }

  /**
   * A secret without its value.
   *
   * @param doomed whether its deletion has been asked for
   */
  public record Found(String arn, String name, SortedMap<String, String> tags, boolean doomed) {}

  /** Creates it and returns its ARN; the same token again gives the same secret. */
  public String create(
      Deadline deadline,
      String name,
      String value,
      String token,
      Optional<String> kmsKey,
      Map<String, String> tags)
      throws ProviderException, InterruptedException {
    CreateSecretRequest.Builder secret =
        CreateSecretRequest.builder()
            .name(name)
            .secretString(value)
            .clientRequestToken(token)
            .tags(
                tags.entrySet().stream()
                    .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                    .toList());
    kmsKey.ifPresent(secret::kmsKeyId);
    return calls.of(
        deadline, secret.build(), request -> clients.secrets().createSecret(request).arn());
  }

  /** Those whose tag has that value, also those whose deletion has been asked for. */
  public List<Found> list(Deadline deadline, String tag, String value)
      throws ProviderException, InterruptedException {
    return calls
        .of(
            deadline,
            ListSecretsRequest.builder()
                .includePlannedDeletion(true)
                .filters(
                    Filter.builder().key(FilterNameStringType.TAG_KEY).values(tag).build(),
                    Filter.builder().key(FilterNameStringType.TAG_VALUE).values(value).build())
                .build(),
            request ->
                clients.secrets().listSecretsPaginator(request).stream()
                    .flatMap(page -> page.secretList().stream())
                    .toList())
        .stream()
        .map(SecretApi::found)
        .filter(found -> value.equals(found.tags().get(tag)))
        .toList();
  }

  private static Found found(SecretListEntry entry) {
    return new Found(entry.arn(), entry.name(), map(entry.tags()), entry.deletedDate() != null);
  }

  /** By ARN or name. */
  public Found describe(Deadline deadline, String id)
      throws ProviderException, InterruptedException {
    DescribeSecretResponse secret =
        calls.of(
            deadline,
            DescribeSecretRequest.builder().secretId(id).build(),
            request -> clients.secrets().describeSecret(request));
    return new Found(secret.arn(), secret.name(), map(secret.tags()), secret.deletedDate() != null);
  }

  /** The value, for a call that needs it; keep it out of every text. */
  public String value(Deadline deadline, String id) throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        GetSecretValueRequest.builder().secretId(id).build(),
        request -> clients.secrets().getSecretValue(request).secretString());
  }

  /** Takes a deletion back. */
  public void restore(Deadline deadline, String id) throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        RestoreSecretRequest.builder().secretId(id).build(),
        request -> clients.secrets().restoreSecret(request));
  }

  /** At once and for good: otherwise the name stays taken for weeks. */
  public void delete(Deadline deadline, String id) throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        DeleteSecretRequest.builder().secretId(id).forceDeleteWithoutRecovery(true).build(),
        request -> clients.secrets().deleteSecret(request));
  }

  private static SortedMap<String, String> map(List<Tag> tags) {
    SortedMap<String, String> map = new TreeMap<>();
    tags.forEach(tag -> map.put(tag.key(), tag.value()));
    return map;
  }
}
