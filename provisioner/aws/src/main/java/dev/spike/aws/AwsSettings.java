package dev.spike.aws;

import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the event file says under {@code provider.aws}, by its names there. What is given (a
 * network, groups, an image) is used and never changed or deleted.
 */
public record AwsSettings(SortedMap<String, String> values) {
  private static final String TAGS = "tags.";

  public AwsSettings {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  /** Reads the settings of a plan; the Region has to be there. */
  public static AwsSettings of(Map<String, String> values) throws ProviderException {
    AwsSettings settings = new AwsSettings(new TreeMap<>(values));
    settings.region();
    return settings;
  }

  public String region() throws ProviderException {
    return given("region")
        .orElseThrow(
            () ->
                new ProviderException(
                    Kind.INVALID,
                    "provider.aws.region is not given",
                    "Add it to the event file, or give --region where there is no plan."));
  }

  /** The account that may be changed, twelve digits; empty when any may. */
  public Optional<String> account() {
    return given("account");
  }

  public Optional<String> vpcId() {
    return given("network.vpcId");
  }

  /** The given subnets, one a zone in the order of the tier's zones. */
  public List<String> subnetIds() {
    return list("network.subnetIds");
  }

  public Optional<String> bucket() {
    return given("bucket");
  }

  public Optional<String> instanceProfile() {
    return given("instanceProfile");
  }

  /** The instance types that will do, the preferred one first. */
  public List<String> instanceTypes() {
    return list("instanceTypes");
  }

  /**
   * The ARN of a given secret.
   *
   * @param purpose {@code certificate}, {@code cacheAuth} or {@code fleet}
   */
  public Optional<String> secret(String purpose) {
    return given("secrets." + purpose);
  }

  public boolean reservesNodes() {
    return values.getOrDefault("reserve.nodes", "true").equals("true");
  }

  public Optional<String> cacheParameterGroup() {
    return given("cache.parameterGroup");
  }

  public Optional<String> cacheSubnetGroup() {
    return given("cache.subnetGroup");
  }

  public Optional<String> imageId() {
    return given("imageId");
  }

  public Optional<String> kmsKeyId() {
    return given("kmsKeyId");
  }

  /** The tags that the user adds to everything. */
  public SortedMap<String, String> userTags() {
    SortedMap<String, String> tags = new TreeMap<>();
    values
        .tailMap(TAGS)
        .forEach(
            (name, value) -> {
              if (name.startsWith(TAGS)) {
                tags.put(name.substring(TAGS.length()), value);
              }
            });
    return tags;
  }

  private Optional<String> given(String name) {
    return Optional.ofNullable(values.get(name)).filter(text -> !text.isBlank());
  }

  private List<String> list(String name) {
    return given(name).map(text -> List.of(text.split(",", -1))).orElse(List.of());
  }
}
