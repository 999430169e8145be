package dev.spike.core.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spike.core.catalog.PriceList;
import dev.spike.core.catalog.RegionPrices;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Price lists of a Region as files ({@code spike.prices/v1}), in US dollars. */
public final class PricesFile {
  /** Where the schema lies on the class path. */
  public static final String RESOURCE = "/dev/spike/core/spec/prices.schema.json";

  private static final Schema SCHEMA = Schema.load(RESOURCE);

  private PricesFile() {}

  /** The file's bytes, the same for the same prices. */
  public static byte[] bytes(RegionPrices asked) {
    PriceList prices = asked.prices();
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("schema", "spike.prices/v1");
    root.put("provider", asked.provider());
    root.put("region", asked.region());
    root.put("date", prices.date());
    root.put("currency", prices.currency());
    ObjectNode nodeHour = root.putObject("nodeHour");
    new TreeMap<>(prices.nodeHour()).forEach(nodeHour::put);
    root.put("cacheNode", asked.cacheNode());
    root.put("cacheNodeHour", prices.cacheNodeHour());
    root.put("balancerHour", prices.balancerHour());
    root.put("balancerUnitHour", prices.balancerUnitHour());
    root.put("egressGigabyte", prices.egressGigabyte());
    return (root.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads a price list, all mistakes at once with their lines.
   *
   * @param file its name for messages
   * @param asOf the prices may not be of a later day
   * @throws SpecException with every mistake
   */
  public static RegionPrices read(String file, byte[] bytes, Instant asOf) throws SpecException {
    List<SpecProblem> problems = new ArrayList<>();
    YamlTree.Read read = YamlTree.read(bytes, problems);
    if (read == null) {
      throw new SpecException(file, problems);
    }
    problems.addAll(SCHEMA.problems(read));
    JsonNode root = read.root();
    String date = root.path("date").asText();
    if (problems.isEmpty()) {
      try {
        if (LocalDate.parse(date).isAfter(asOf.atZone(ZoneOffset.UTC).toLocalDate())) {
          problems.add(date(read, "is " + date + ", which is after the plan's instant " + asOf));
        }
      } catch (DateTimeException noDay) {
        problems.add(date(read, "is no day: " + noDay.getMessage()));
      }
    }
    if (!problems.isEmpty()) {
      throw new SpecException(file, problems);
    }
    SortedMap<String, Double> nodeHour = new TreeMap<>();
    for (Map.Entry<String, JsonNode> node : root.path("nodeHour").properties()) {
      nodeHour.put(node.getKey(), node.getValue().asDouble());
    }
    return new RegionPrices(
        root.path("provider").asText(),
        root.path("region").asText(),
        root.path("cacheNode").asText(),
        new PriceList(
            date,
            root.path("currency").asText(),
            nodeHour,
            root.path("cacheNodeHour").asDouble(),
            root.path("balancerHour").asDouble(),
            root.path("balancerUnitHour").asDouble(),
            root.path("egressGigabyte").asDouble()));
  }

  private static SpecProblem date(YamlTree.Read read, String what) {
    return new SpecProblem(read.line("/date"), "date", "date " + what);
  }
}
