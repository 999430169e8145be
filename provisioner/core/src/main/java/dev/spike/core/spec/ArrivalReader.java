package dev.spike.core.spec;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code demand.arrivals} and {@code demand.stay}. */
final class ArrivalReader {
  private static final Pattern AT = Pattern.compile("(start|end)?([+-])([0-9]{1,9}(?:ms|s|m|h|d))");

  private static final Duration WITHIN_MAX = Duration.ofDays(1);
  private static final Duration AT_MAX = Duration.ofDays(30);

  private final Section demand;
  private final Section section;
  private final EventSpec.Event event;
  private final ArrivalPriors priors;

  ArrivalReader(Section demand, EventSpec.Event event) {
    this.demand = demand;
    this.section = demand.at("arrivals");
    this.event = event;
    this.priors = ArrivalPriors.of(event.kind());
  }

  /** Of the steep ramp that capacity is planned for. */
  Duration within() {
    Section at = section.at("within");
    Duration within =
        at.take(
            node -> Texts.positive(node.asText()),
            Duration.ofMinutes(3),
            Texts::text,
            "the reference load: all within three minutes");
    return at.bounded(
        within, Duration.ofMillis(1), WITHIN_MAX, "since a slower ramp asks nothing of handshakes");
  }

  double endSurge() {
    if (isTrace()) {
      return 1;
    }
    return section
        .at("endSurge")
        .take(JsonNode::asDouble, priors.endSurge(), String::valueOf, priors.endSurgeSource());
  }

  EventSpec.Arrivals arrivals(Duration within, double endSurge) {
    String model =
        section
            .at("model")
            .take(
                JsonNode::asText,
                "logistic",
                Function.identity(),
                "fits recorded evenings, R2 .99");
    if (isTrace()) {
      refuse("which takes the whole course from the recording", model, "base", "ramps", "endSurge");
      return new EventSpec.Arrivals(0, List.of(), trace(), stay());
    }
    refuse("which reads no recording", model, "path", "kickoff");
    double base =
        section
            .at("base")
            .take(
                JsonNode::asDouble,
                0.0,
                String::valueOf,
                "ordinary traffic stays where it is; the tier is the event's");
    return new EventSpec.Arrivals(base, ramps(within, endSurge), Optional.empty(), stay());
  }

  private boolean isTrace() {
    return section.at("model").read(JsonNode::asText).filter("trace"::equals).isPresent();
  }

  /** What the other model reads would change nothing, and its author believes it does. */
  private void refuse(String why, String model, String... keys) {
    for (String key : keys) {
      Section at = section.at(key);
      if (at.isGiven()) {
        at.problem(
            at.path()
                + " has no effect with demand.arrivals.model: "
                + model
                + ", "
                + why
                + "; take it out, or change the model");
      }
    }
  }

  private Optional<EventSpec.Trace> trace() {
    Optional<String> path = section.at("path").read(JsonNode::asText);
    if (path.isEmpty()) {
      section.problem("demand.arrivals.path is missing: a trace needs the file of the curve");
      return Optional.empty();
    }
    Instant kickoff =
        section
            .at("kickoff")
            .take(
                node -> Texts.instant(node.asText(), event.timezone()),
                event.startsAt(),
                Instant::toString,
                "the event's own start");
    return Optional.of(new EventSpec.Trace(section.at("path").line(), path.get(), kickoff));
  }

  private List<EventSpec.Ramp> ramps(Duration within, double endSurge) {
    List<EventSpec.Ramp> ramps = new ArrayList<>(given(within));
    Section list = section.at("ramps");
    boolean isGiven = !ramps.isEmpty();
    if (!isGiven) {
      ramps.addAll(usual(within));
    }
    double sum = ramps.stream().mapToDouble(EventSpec.Ramp::share).sum();
    ramps.replaceAll(
        ramp -> new EventSpec.Ramp(ramp.name(), ramp.at(), ramp.share() / sum, ramp.within()));
    section.assume(
        list.path(),
        String.join(", ", ramps.stream().map(this::text).toList()),
        isGiven ? Origin.GIVEN : Origin.DEFAULT,
        isGiven ? "event file" : priors.rampSource());
    if (endSurge > 1) {
      section.assume(
          section.path() + ".endSurgeShape",
          "midpoint "
              + Texts.text(ArrivalPriors.END_SURGE_BEFORE)
              + " before the end, within "
              + Texts.text(ArrivalPriors.END_SURGE_WITHIN),
          Origin.DEFAULT,
          ArrivalPriors.END_SURGE_SHAPE_SOURCE);
      ramps.add(
          new EventSpec.Ramp(
              "end surge",
              event.endsAt().minus(ArrivalPriors.END_SURGE_BEFORE),
              (endSurge - 1) / ArrivalPriors.endSurgeComeAtTheEnd(),
              ArrivalPriors.END_SURGE_WITHIN));
    }
    return ramps;
  }

  private List<EventSpec.Ramp> given(Duration within) {
    List<EventSpec.Ramp> ramps = new ArrayList<>();
    for (Section ramp : section.at("ramps").elements()) {
      ramps.add(
          new EventSpec.Ramp(
              ramp.at("name").read(JsonNode::asText).orElse("ramp " + (ramps.size() + 1)),
              ramp.at("at").read(node -> at(node.asText())).orElse(event.startsAt()),
              ramp.at("share").read(JsonNode::asDouble).orElse(1.0),
              ramp.at("within").read(node -> Texts.positive(node.asText())).orElse(within)));
    }
    return ramps;
  }

  /** What is usual for the kind; a given {@code within} is that of the largest ramp. */
  private List<EventSpec.Ramp> usual(Duration within) {
    boolean withinIsGiven = section.at("within").isGiven();
    double largest = priors.ramps().stream().mapToDouble(ArrivalPriors.Ramp::share).max().orElse(1);
    List<EventSpec.Ramp> ramps = new ArrayList<>();
    for (ArrivalPriors.Ramp ramp : priors.ramps()) {
      Instant at = event.startsAt().plus(ramp.afterStart());
      boolean isSteep = withinIsGiven && ramp.share() == largest;
      if (at.isBefore(event.endsAt())) {
        ramps.add(
            new EventSpec.Ramp(
                ramp.name(), at, ramp.share(), isSteep ? within : ramp.within().orElse(within)));
      }
    }
    return ramps;
  }

  private String text(EventSpec.Ramp ramp) {
    Duration after = Duration.between(event.startsAt(), ramp.at());
    return String.format(
        java.util.Locale.ROOT,
        "%s %.0f %% at %s%s within %s",
        ramp.name(),
        ramp.share() * 100,
        after.isNegative() ? "-" : "+",
        Texts.text(after.abs()),
        Texts.text(ramp.within()));
  }

  private Instant at(String text) {
    Matcher matcher = AT.matcher(text);
    if (!matcher.matches()) {
      throw new DateTimeException("'" + text + "' is not a time such as +5m or end-10m");
    }
    Duration distance = Texts.duration(matcher.group(3));
    if (distance.compareTo(AT_MAX) > 0) {
      throw new DateTimeException("'" + text + "' is more than 30 days away");
    }
    Instant from = "end".equals(matcher.group(1)) ? event.endsAt() : event.startsAt();
    return matcher.group(2).equals("-") ? from.minus(distance) : from.plus(distance);
  }

  private EventSpec.Stay stay() {
    Section stay = demand.at("stay");
    Duration mean =
        stay.at("mean")
            .take(
                node -> Texts.duration(node.asText()),
                priors.stay(),
                time -> time.isZero() ? "to the end" : Texts.text(time),
                priors.staySource());
    double cv =
        stay.at("cv")
            .take(
                JsonNode::asDouble, 1.0, String::valueOf, "no recorded source: as an exponential");
    Duration halfGone =
        stay.at("halfGone")
            .take(
                node -> Texts.positive(node.asText()),
                ArrivalPriors.HALF_GONE,
                Texts::text,
                ArrivalPriors.HALF_GONE_SOURCE);
    return new EventSpec.Stay(mean.isZero() ? Optional.empty() : Optional.of(mean), cv, halfGone);
  }
}
