package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.PriceApi;
import dev.spike.core.catalog.Catalog;
import dev.spike.core.catalog.NodeProfile;
import dev.spike.core.catalog.PriceList;
import dev.spike.core.provider.AtOnce;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/** The price list of one Region, as AWS publishes it, for what a tier is made of. */
final class PublishedPrices {
  private static final String REGION = "regionCode";

  private final AwsClients clients;
  private final PriceApi api;
  private final String region;

  PublishedPrices(AwsClients clients) {
    this.clients = clients;
    this.api = new PriceApi(clients);
    this.region = clients.region();
  }

  /** Of today; a node type that the Region does not have is left out. */
  PriceList of(Catalog catalog, Deadline deadline) throws ProviderException, InterruptedException {
    SortedMap<String, Double> nodeHour = new TreeMap<>();
    List<String> types = catalog.profiles().stream().map(NodeProfile::name).toList();
    for (Priced one : AtOnce.each(types, type -> new Priced(type, node(type, deadline)))) {
      one.price().ifPresent(price -> nodeHour.put(one.type(), price));
    }
    if (nodeHour.isEmpty()) {
      throw missing("any node type of the catalogue");
    }
    return new PriceList(
        clients.calls().pace().clock().instant().atZone(ZoneOffset.UTC).toLocalDate().toString(),
        "USD",
        nodeHour,
        needed("a cache node " + catalog.cacheNode().name(), cache(catalog, deadline)),
        needed("a balancer", balancer("LoadBalancerUsage", deadline)),
        needed("a balancer's capacity unit", balancer("LCUUsage", deadline)),
        needed("traffic to the internet", egress(deadline)));
  }

  private record Priced(String type, OptionalDouble price) {}

  /** Linux on shared hardware, nothing installed, on demand. */
  private OptionalDouble node(String type, Deadline deadline)
      throws ProviderException, InterruptedException {
    return dearest(
        api.onDemand(
            deadline,
            "AmazonEC2",
            Map.of(
                REGION,
                region,
                "instanceType",
                type,
                "operatingSystem",
                "Linux",
                "tenancy",
                "Shared",
                "preInstalledSw",
                "NA",
                "capacitystatus",
                "Used")));
  }

  private OptionalDouble cache(Catalog catalog, Deadline deadline)
      throws ProviderException, InterruptedException {
    return dearest(
        api.onDemand(
            deadline,
            "AmazonElastiCache",
            Map.of(
                REGION,
                region,
                "instanceType",
                catalog.cacheNode().name(),
                "cacheEngine",
                "Valkey")));
  }

  /**
   * @param usage as bills name it, behind the Region's own prefix
   */
  private OptionalDouble balancer(String usage, Deadline deadline)
      throws ProviderException, InterruptedException {
    List<PriceApi.Price> prices =
        api
            .onDemand(
                deadline,
                "AWSELB",
                Map.of(REGION, region, "productFamily", "Load Balancer-Network"))
            .stream()
            .filter(price -> isUsage(price.attribute("usagetype"), usage))
            .toList();
    return dearest(prices);
  }

  /** Other Regions than the first put one word before: EUW1-LCUUsage. */
  private static boolean isUsage(String usageType, String usage) {
    return usageType.matches("([A-Z0-9]+-)?" + usage);
  }

  /** What the first gigabytes of a month cost: more traffic is never dearer. */
  private OptionalDouble egress(Deadline deadline) throws ProviderException, InterruptedException {
    List<PriceApi.Price> tiers =
        api
            .onDemand(
                deadline,
                "AWSDataTransfer",
                Map.of(
                    "fromRegionCode",
                    region,
                    "transferType",
                    "AWS Outbound",
                    "toLocation",
                    "External"))
            .stream()
            .filter(price -> price.unit().equals("GB"))
            .toList();
    double first = tiers.stream().mapToDouble(PriceApi.Price::from).min().orElse(0);
    return dearest(tiers.stream().filter(price -> price.from() <= first).toList());
  }

  /** Where the list has several, the plan must not cost more than it says. */
  private static OptionalDouble dearest(List<PriceApi.Price> prices) {
    return prices.stream().mapToDouble(PriceApi.Price::dollars).max();
  }

  private double needed(String what, OptionalDouble price) throws ProviderException {
    return price.orElseThrow(() -> missing(what));
  }

  private ProviderException missing(String what) {
    return new ProviderException(
        Kind.NOT_FOUND,
        "AWS publishes no price of " + what + " in " + region,
        "Check the Region's name; without a price list the shipped prices are used.");
  }
}
