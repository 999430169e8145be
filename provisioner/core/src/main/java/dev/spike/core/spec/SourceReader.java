package dev.spike.core.spec;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/** One entry of {@code tickets.sources}. */
final class SourceReader {
  /**
   * A row of more tickets than this is more likely broken than sold. Totals of an hour or a day
   * pass: thousands are common in them.
   */
  private static final long QUANTITY_MAX = 1_000_000;

  private SourceReader() {}

  static EventSpec.Source source(Section source, ZoneId eventZone) {
    String path = source.at("path").read(JsonNode::asText).orElse("");
    String type = source.at("type").read(JsonNode::asText).orElse("csv");
    return switch (type) {
      case "shopify" ->
          new EventSpec.ShopifySource(
              source.line(), path, texts(source.at("items")), zone(source, eventZone));
      case "pretix" ->
          RemoteSourceReader.pretix(source)
              .orElseGet(
                  () ->
                      new EventSpec.PretixSource(
                          source.line(),
                          path,
                          texts(source.at("items")),
                          source.at("subevent").read(JsonNode::asLong)));
      case "eventbrite" -> RemoteSourceReader.eventbrite(source);
      case "jdbc" -> RemoteSourceReader.jdbc(source, eventZone);
      default -> csv(source, path, eventZone);
    };
  }

  private static EventSpec.CsvSource csv(Section source, String path, ZoneId eventZone) {
    Map<String, List<String>> accept = new LinkedHashMap<>();
    Section accepted = source.at("accept");
    for (String column : accepted.keys()) {
      accept.put(column, accepted.at(column).read(SourceReader::list).orElse(List.of()));
    }
    return new EventSpec.CsvSource(
        source.line(),
        path,
        texts(source.at("columns")),
        texts(source.at("items")),
        accept,
        source.at("separator").read(node -> node.asText().charAt(0)),
        zone(source, eventZone),
        source.at("timeFormat").read(SourceReader::format),
        source
            .at("maxQuantity")
            .take(
                JsonNode::asLong,
                QUANTITY_MAX,
                String::valueOf,
                "room for rows that are totals of an hour or a day"));
  }

  private static ZoneId zone(Section source, ZoneId eventZone) {
    return source
        .at("timezone")
        .take(
            node -> Texts.zone(node.asText()),
            eventZone,
            ZoneId::getId,
            "the event's own, for times without an offset");
  }

  private static String format(JsonNode node) {
    try {
      return DateTimeFormatter.ofPattern(node.asText()).toString().isEmpty() ? "" : node.asText();
    } catch (IllegalArgumentException unknown) {
      throw new DateTimeException(
          "'" + node.asText() + "' is not a pattern such as dd.MM.yyyy HH:mm", unknown);
    }
  }

  private static List<String> list(JsonNode node) {
    return StreamSupport.stream(node.spliterator(), false).map(JsonNode::asText).toList();
  }

  static Map<String, String> texts(Section mapping) {
    Map<String, String> texts = new TreeMap<>();
    for (String key : mapping.keys()) {
      mapping.at(key).read(JsonNode::asText).ifPresent(text -> texts.put(key, text));
    }
    return texts;
  }
}
