package dev.spike.core.spec;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spike.core.resource.EventName;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Event files: YAML, checked against the schema and then against sense, all mistakes at once. */
public final class SpecReader {
  private final Section root;
  private final @Nullable String providerOverride;

  private SpecReader(Section root, @Nullable String providerOverride) {
    this.root = root;
    this.providerOverride = providerOverride;
  }

  /**
   * Reads an event file.
   *
   * @param file its name for messages
   * @param providerOverride the provider to plan for, or null to take the file's
   * @param asOf the event must start after it
   * @throws SpecException with every mistake
   */
  public static EventSpec read(
      String file, byte[] bytes, @Nullable String providerOverride, Instant asOf)
      throws SpecException {
    Section.Collected record = new Section.Collected();
    YamlTree.Read read = YamlTree.read(bytes, record.problems);
    if (read == null) {
      throw new SpecException(file, record.problems);
    }
    List<SpecProblem> ofSchema = EventSchema.problems(read);
    record.problems.addAll(ofSchema);
    if (!ofSchema.isEmpty() && !read.root().isObject()) {
      throw new SpecException(file, record.problems);
    }
    YamlTree.Read sound = new YamlTree.Read(Sound.part(read.root(), ofSchema), read.lines());
    EventSpec spec = new SpecReader(Section.root(sound, record), providerOverride).spec(asOf);
    if (!record.problems.isEmpty()) {
      throw new SpecException(file, record.problems);
    }
    return spec;
  }

  private EventSpec spec(Instant asOf) {
    EventSpec.Event event = event(asOf);
    ServiceReader service = new ServiceReader(root, event);
    return new EventSpec(
        event,
        tickets(event, asOf),
        demand(event),
        service.clients(),
        service.service(),
        schedule(),
        budget(),
        new EventSpec.Calibration(calibration("profile"), calibration("prices")),
        new ProviderReader(root.at("provider"), providerOverride).choice(),
        root.assumptions());
  }

  private Optional<EventSpec.GivenFile> calibration(String key) {
    Section file = root.at("calibration").at(key);
    return file.read(node -> new EventSpec.GivenFile(file.line(), node.asText()));
  }

  private EventSpec.Event event(Instant asOf) {
    Section event = root.at("event");
    ZoneId zone =
        event
            .at("timezone")
            .take(
                node -> Texts.zone(node.asText()),
                ZoneOffset.UTC,
                ZoneId::getId,
                "no zone is named");
    String name =
        event.at("name").read(node -> new EventName(node.asText()).value()).orElse("unnamed");
    Optional<Instant> given = event.at("startsAt").read(node -> Texts.instant(node.asText(), zone));
    Instant startsAt = given.orElse(asOf.plus(Duration.ofDays(7)));
    if (given.isPresent() && !startsAt.isAfter(asOf)) {
      event
          .at("startsAt")
          .problem(
              "event.startsAt is "
                  + startsAt
                  + ", which is not after the plan's instant "
                  + asOf
                  + "; correct it, or plan as of an earlier instant with --as-of");
    }
    Instant endsAt =
        event
            .at("endsAt")
            .take(
                node -> Texts.instant(node.asText(), zone),
                startsAt.plus(Duration.ofHours(2)),
                Instant::toString,
                "two hours after the start");
    boolean startIsSound = given.isPresent() && startsAt.isAfter(asOf);
    if (startIsSound
        && (!endsAt.isAfter(startsAt) || endsAt.isAfter(startsAt.plus(Duration.ofDays(30))))) {
      event
          .at("endsAt")
          .problem("event.endsAt is " + endsAt + "; it must be within 30 days after " + startsAt);
    }
    String kind =
        event
            .at("kind")
            .take(
                JsonNode::asText,
                "match",
                Function.identity(),
                "the kind of which most is recorded");
    return new EventSpec.Event(new EventName(name), startsAt, endsAt, kind, zone);
  }

  private EventSpec.Tickets tickets(EventSpec.Event event, Instant asOf) {
    Section tickets = root.at("tickets");
    double maxRejected =
        tickets
            .at("maxRejected")
            .take(SpecReader::share, 0.01, share -> share * 100 + "%", "one row in a hundred");
    List<EventSpec.Source> sources = new ArrayList<>();
    int standardInput = 0;
    for (Section source : tickets.at("sources").elements()) {
      sources.add(SourceReader.source(source, event.timezone()));
      if (sources.getLast().name().equals("-") && standardInput++ > 0) {
        source.problem(source.path() + ".path: standard input (-) can be read by one source only");
      }
    }
    SortedMap<String, EventSpec.Product> products = new TreeMap<>();
    Section declared = tickets.at("products");
    for (String name : declared.keys()) {
      products.put(name, Priors.product(declared.at(name)));
    }
    List<String> upcoming = new ArrayList<>();
    List<EventSpec.Past> history =
        RemoteSourceReader.history(tickets.at("history"), event, asOf, upcoming);
    return new EventSpec.Tickets(sources, maxRejected, products, history, upcoming);
  }

  private EventSpec.Demand demand(EventSpec.Event event) {
    Section demand = root.at("demand");
    ArrivalReader arrivals = new ArrivalReader(demand, event);
    Quantity uninvited =
        demand
            .at("uninvited")
            .take(
                SpecReader::factor, Priors.UNINVITED, Quantity::toString, Priors.UNINVITED_SOURCE);
    String confidence =
        demand
            .at("confidence")
            .take(JsonNode::asText, "p99", Function.identity(), "the tail is what breaks an event");
    Duration within = arrivals.within();
    double endSurge = arrivals.endSurge();
    return new EventSpec.Demand(
        uninvited,
        confidence,
        within,
        endSurge,
        demand.at("baseline").read(JsonNode::asLong),
        arrivals.arrivals(within, endSurge));
  }

  private EventSpec.Budget budget() {
    Section budget = root.at("budget");
    return new EventSpec.Budget(
        budget.at("maxCost").read(SpecReader::money),
        budget.at("minimumLead").read(node -> Texts.duration(node.asText())),
        budget.at("minimumZones").read(JsonNode::asInt));
  }

  private EventSpec.Schedule schedule() {
    Section schedule = root.at("schedule");
    Duration provisionBefore =
        standing(schedule.at("provisionBefore"), "72h", "time to repair what is found", 90);
    Duration teardownAfter =
        standing(schedule.at("teardownAfter"), "2h", "the last connections drain", 30);
    return new EventSpec.Schedule(
        provisionBefore, verifyBefore(schedule.at("verifyBefore"), provisionBefore), teardownAfter);
  }

  private static Duration standing(Section at, String fallback, String why, int daysMax) {
    return at.bounded(
        duration(at, fallback, why),
        Duration.ZERO,
        Duration.ofDays(daysMax),
        "since the tier is paid for all that time");
  }

  /** Looks at the tier; before it is provisioned there is none. */
  private static List<Duration> verifyBefore(Section at, Duration provisionBefore) {
    List<Duration> all =
        at.take(
            SpecReader::durations,
            Stream.of(48, 24, 2)
                .map(Duration::ofHours)
                .filter(before -> before.compareTo(provisionBefore) < 0)
                .toList(),
            SpecReader::texts,
            "two days, one day, two hours before");
    List<Duration> tooEarly =
        all.stream().filter(before -> before.compareTo(provisionBefore) >= 0).toList();
    if (!tooEarly.isEmpty()) {
      at.problem(
          at.path()
              + " has "
              + texts(tooEarly)
              + ", when nothing is provisioned yet; schedule.provisionBefore is "
              + Texts.text(provisionBefore));
    }
    return all;
  }

  private static String texts(List<Duration> all) {
    return String.join(", ", all.stream().map(Texts::text).toList());
  }

  static Duration duration(Section at, String fallback, String why) {
    return at.take(
        node -> Texts.duration(node.asText()), Texts.duration(fallback), Texts::text, why);
  }

  private static List<Duration> durations(JsonNode list) {
    List<Duration> durations = new ArrayList<>();
    list.forEach(element -> durations.add(Texts.duration(element.asText())));
    return durations;
  }

  private static BigDecimal money(JsonNode node) {
    return new BigDecimal(node.asText().replace(" USD", ""));
  }

  private static double share(JsonNode node) {
    String text = node.asText();
    return text.endsWith("%")
        ? new BigDecimal(text.substring(0, text.length() - 1)).movePointLeft(2).doubleValue()
        : node.asDouble();
  }

  /** A factor: a number is exact, {@code {mean, cv}} a lognormal. */
  static Quantity factor(JsonNode node) {
    return node.isObject()
        ? Quantity.factor(node.path("mean").asDouble(), node.path("cv").asDouble())
        : new Quantity.Exact(node.asDouble());
  }

  /** A probability: a number is exact, {@code {mean, weight}} a Beta. */
  static Quantity probability(JsonNode node) {
    return node.isObject()
        ? Quantity.share(node.path("mean").asDouble(), node.path("weight").asDouble())
        : new Quantity.Exact(node.asDouble());
  }
}
