package dev.spike.aws.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.pricing.model.Filter;
import software.amazon.awssdk.services.pricing.model.FilterType;
import software.amazon.awssdk.services.pricing.model.GetProductsRequest;

/** AWS's published prices. They are the same for every account, and asked in few Regions only. */
public final class PriceApi {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final AwsClients clients;
  private final Calls calls;

  public PriceApi(AwsClients clients) {
    this.clients = clients;
    this.calls = clients.calls();
  }

  /**
   * An on-demand price.
   *
   * @param attributes of the product
   * @param unit that is paid for, such as {@code Hrs}
   * @param from the amount a month from which on the price holds, in the unit
   * @param dollars for one unit
   */
  public record Price(Map<String, String> attributes, String unit, double from, double dollars) {
    /** An attribute of the product; empty where it has none of that name. */
    public String attribute(String name) {
      return attributes.getOrDefault(name, "");
    }
  }

  /**
   * The on-demand prices in US dollars of the products that fit, without those of zero: the list
   * has one beside each that a prepaid reservation covers.
   *
   * @param service as the list calls it, such as {@code AmazonEC2}
   * @param attributes with the value that each must have
   */
  public List<Price> onDemand(Deadline deadline, String service, Map<String, String> attributes)
      throws ProviderException, InterruptedException {
    List<Filter> filters =
        attributes.entrySet().stream()
            .map(
                entry ->
                    Filter.builder()
                        .type(FilterType.TERM_MATCH)
                        .field(entry.getKey())
                        .value(entry.getValue())
                        .build())
            .toList();
    List<String> products =
        calls.of(
            deadline,
            GetProductsRequest.builder()
                .serviceCode(service)
                .formatVersion("aws_v1")
                .filters(filters)
                .build(),
            request ->
                clients.pricing().getProductsPaginator(request).stream()
                    .flatMap(page -> page.priceList().stream())
                    .toList());
    List<Price> prices = new ArrayList<>();
    for (String product : products) {
      prices.addAll(prices(product));
    }
    return prices;
  }

  private static List<Price> prices(String product) throws ProviderException {
    JsonNode root;
    try {
      root = MAPPER.readTree(product);
    } catch (IOException malformed) {
      throw new ProviderException(
          Kind.INVALID,
          "the price list answers with what is no JSON",
          "Leave calibration.prices out: the shipped prices are used then.",
          malformed);
    }
    Map<String, String> attributes =
        MAPPER.convertValue(
            root.path("product").path("attributes"),
            MAPPER.getTypeFactory().constructMapType(Map.class, String.class, String.class));
    List<Price> prices = new ArrayList<>();
    for (JsonNode term : root.path("terms").path("OnDemand")) {
      for (JsonNode dimension : term.path("priceDimensions")) {
        double dollars = dimension.path("pricePerUnit").path("USD").asDouble();
        if (dollars > 0) {
          prices.add(
              new Price(
                  attributes,
                  dimension.path("unit").asText(),
                  dimension.path("beginRange").asDouble(),
                  dollars));
        }
      }
    }
    return prices;
  }
}
