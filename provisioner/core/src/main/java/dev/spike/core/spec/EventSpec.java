package dev.spike.core.spec;

import dev.spike.core.resource.EventName;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What an event file says, completed with defaults.
 *
 * @param assumptions every input with its origin, in the order of the file's schema
 */
public record EventSpec(
    Event event,
    Tickets tickets,
    Demand demand,
    Clients clients,
    Service service,
    Schedule schedule,
    Budget budget,
    Calibration calibration,
    ProviderChoice provider,
    List<Assumption> assumptions) {

  public EventSpec {
    assumptions = List.copyOf(assumptions);
  }

  /** The event and its time. */
  public record Event(
      EventName name, Instant startsAt, Instant endsAt, String kind, ZoneId timezone) {}

  /**
   * Where the tickets are counted.
   *
   * @param maxRejected the share of rows that may be unreadable
   * @param products by the name they have in the sources
   * @param history events that had started as of the plan
   * @param upcoming names of events under history that had not, and are left out
   */
  public record Tickets(
      List<Source> sources,
      double maxRejected,
      SortedMap<String, Product> products,
      List<Past> history,
      List<String> upcoming) {
    public Tickets {
      upcoming = List.copyOf(upcoming);
      sources = List.copyOf(sources);
      history = List.copyOf(history);
    }

    /** Without history. */
    public Tickets(List<Source> sources, double maxRejected, SortedMap<String, Product> products) {
      this(sources, maxRejected, products, List.of(), List.of());
    }
  }

  /**
   * An event that is over, from which the usual course of sales is learned.
   *
   * @param sources of its sales
   */
  public record Past(String name, Instant startsAt, List<Source> sources) {
    public Past {
      sources = List.copyOf(sources);
    }
  }

  /** Where tickets are counted: one export, service or database. */
  public sealed interface Source permits FileSource, PretixApiSource, EventbriteSource, JdbcSource {
    /** What it is called in messages and in the plan. Never holds a secret. */
    String name();

    /** Its line in the event file. */
    int line();
  }

  /** An export. Its path is relative to the event file. */
  public sealed interface FileSource extends Source permits CsvSource, ShopifySource, PretixSource {
    String path();

    @Override
    default String name() {
      return path();
    }
  }

  /**
   * A table of order rows.
   *
   * @param path {@code -} is standard input
   * @param columns of the file by their meaning (soldAt, product, quantity, status, id), as given
   * @param items products by what the export calls them; an item not named here keeps its own name
   * @param accept the values that count, by meaning or column name
   * @param separator empty when it is to be found out
   * @param timezone for times without an offset
   * @param timeFormat empty for ISO 8601
   * @param maxQuantity a row of more tickets is rejected; 1,000,000 unless the file says otherwise
   */
  public record CsvSource(
      int line,
      String path,
      Map<String, String> columns,
      Map<String, String> items,
      Map<String, List<String>> accept,
      Optional<Character> separator,
      ZoneId timezone,
      Optional<String> timeFormat,
      long maxQuantity)
      implements FileSource {}

  /**
   * Shopify's export of orders.
   *
   * @param path {@code -} is standard input
   * @param items products by SKU or name of a line item; {@code none} is no admission
   */
  public record ShopifySource(int line, String path, Map<String, String> items, ZoneId timezone)
      implements FileSource {}

  /**
   * pretix's "Order data (JSON)" export.
   *
   * @param items products by item id or name; an item not named here keeps its own name, and {@code
   *     none} is no admission
   * @param subevent the only date of a series that counts; empty for all
   */
  public record PretixSource(
      int line, String path, Map<String, String> items, Optional<Long> subevent)
      implements FileSource {}

  /**
   * A shop of pretix, read through its REST API.
   *
   * @param url of the server, https or this machine
   * @param tokenEnv the environment variable that holds the token
   * @param subevent the only date of a series that counts
   * @param modifiedSince only orders that changed since are asked for
   * @param items products by item id or name
   */
  public record PretixApiSource(
      int line,
      String url,
      String organizer,
      String event,
      String tokenEnv,
      Optional<Long> subevent,
      Optional<Instant> modifiedSince,
      Map<String, String> items)
      implements Source {
    @Override
    public String name() {
      return "pretix " + organizer + "/" + event + " at " + url;
    }
  }

  /**
   * An event of Eventbrite, read through its API.
   *
   * @param url of the API's server, https or this machine
   * @param tokenEnv the environment variable that holds the token
   * @param items products by ticket class id or name
   */
  public record EventbriteSource(
      int line, String url, String event, String tokenEnv, Map<String, String> items)
      implements Source {
    @Override
    public String name() {
      return "eventbrite event " + event;
    }
  }

  /**
   * A query, aggregated by the database that answers it.
   *
   * @param url without a password
   * @param query one select with the columns sold_at, product and quantity
   * @param timezone for times without an offset
   */
  public record JdbcSource(
      int line,
      String url,
      String query,
      Optional<String> userEnv,
      Optional<String> passwordEnv,
      ZoneId timezone)
      implements Source {
    /** The address without its parameters, where drivers take keys of all kinds. */
    @Override
    public String name() {
      return url.split("[?;]", 2)[0];
    }
  }

  /**
   * A kind of ticket.
   *
   * @param capacity empty when sales have no bound
   */
  public record Product(
      Admission admission,
      Optional<Long> capacity,
      Quantity showRate,
      Quantity connectionsPerTicket) {}

  /** What a ticket admits to. */
  public enum Admission {
    STREAM,
    VENUE
  }

  /**
   * From tickets to connections.
   *
   * @param within the time in which the ramp that capacity is planned for goes from 10 % to 90 %
   * @param endSurge the load when the event ends over the plateau before
   * @param baseline connections on an ordinary day
   * @param arrivals how they are expected to come and stay
   */
  public record Demand(
      Quantity uninvited,
      String confidence,
      Duration within,
      double endSurge,
      Optional<Long> baseline,
      Arrivals arrivals) {}

  /**
   * The expected course of arrivals.
   *
   * @param basePerSecond arrivals at all times
   * @param ramps the surge at the end is the last; empty where a trace is the model
   * @param trace a recorded curve as the model
   */
  public record Arrivals(double basePerSecond, List<Ramp> ramps, Optional<Trace> trace, Stay stay) {
    public Arrivals {
      ramps = List.copyOf(ramps);
    }
  }

  /**
   * A part of the crowd that comes together.
   *
   * @param at its midpoint
   * @param share of the plateau before the end; the surge at the end comes on top
   * @param within its 10 % to 90 %
   */
  public record Ramp(String name, Instant at, double share, Duration within) {}

  /**
   * A recorded curve.
   *
   * @param path a CSV of minutes and counts, relative to the event file
   * @param kickoff the instant of the recording that is the event's start
   */
  public record Trace(int line, String path, Instant kickoff) {}

  /**
   * How long a connection lasts: a lognormal.
   *
   * @param mean empty when all stay to the end
   * @param halfGone the time after the end in which half of those who are left go
   */
  public record Stay(Optional<Duration> mean, double cv, Duration halfGone) {}

  /** How clients behave. */
  public record Clients(
      Duration handshakeTimeout,
      Duration reconnectJitter,
      Duration heartbeat,
      Duration acknowledgeEvery) {}

  /**
   * What the service promises.
   *
   * @param cacheReplicas of each shard of the cache
   */
  public record Service(
      String host,
      int port,
      Duration handshakeP99,
      Duration connectWithin,
      Survive survive,
      int cacheReplicas,
      Messages messages) {}

  /**
   * What is published.
   *
   * @param perSecond to one connection, over all its channels
   * @param channels in which messages are published, of the whole event
   * @param channelsPerConnection how many of them one connection follows
   */
  public record Messages(
      double perSecond, int bytes, int channels, double channelsPerConnection, boolean skipMissed) {
    /** Where clients that come back ask for what they missed. */
    public Messages(double perSecond, int bytes, int channels, double channelsPerConnection) {
      this(perSecond, bytes, channels, channelsPerConnection, false);
    }
  }

  /** When the commands are due. */
  public record Schedule(
      Duration provisionBefore, List<Duration> verifyBefore, Duration teardownAfter) {
    public Schedule {
      verifyBefore = List.copyOf(verifyBefore);
    }
  }

  /**
   * What a plan may not exceed or fall short of; a plan that does is refused.
   *
   * @param minimumLead from the plan's instant to the moment at which provision is due
   */
  public record Budget(
      Optional<BigDecimal> maxCostUsd,
      Optional<Duration> minimumLead,
      Optional<Integer> minimumZones) {}

  /**
   * Files that override the catalogue.
   *
   * @param profile what was measured on a node
   * @param prices what the provider charges, as {@code spike prices} writes it
   */
  public record Calibration(Optional<GivenFile> profile, Optional<GivenFile> prices) {}

  /**
   * A file that the event file names.
   *
   * @param line of its path in the event file
   * @param path relative to the event file
   */
  public record GivenFile(int line, String path) {}

  /**
   * The chosen provider.
   *
   * @param scale 1 but for local
   * @param scaleText as written, such as 1/1000
   * @param settings flat, as they go into the plan
   * @param instanceTypes the wanted ones by provider; also of a provider that is not chosen, since
   *     the full event is sized with them
   */
  public record ProviderChoice(
      String name,
      int zones,
      double scale,
      String scaleText,
      SortedMap<String, String> settings,
      SortedMap<String, InstanceTypes> instanceTypes) {}

  /**
   * Types of machine that are wanted.
   *
   * @param line of them in the event file
   * @param names separated by commas, the first wanted most
   */
  public record InstanceTypes(int line, String names) {}
}
