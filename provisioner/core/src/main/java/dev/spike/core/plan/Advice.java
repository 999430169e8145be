package dev.spike.core.plan;

import dev.spike.core.catalog.Catalog;
import dev.spike.core.catalog.NodeProfile;
import dev.spike.core.sales.SourceRemark;
import dev.spike.core.sales.SourceReport;
import dev.spike.core.spec.Nearest;
import dev.spike.core.spec.Survive;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Collects what a person should know about a plan. */
final class Advice {
  private final List<Diagnostic> diagnostics = new ArrayList<>();
  private boolean saidOneZone;
  private boolean saidReplica;

  /** Errors first, each kind in the order it was found. */
  List<Diagnostic> ranked() {
    return diagnostics.stream()
        .sorted(Comparator.comparing(Diagnostic::severity).reversed())
        .toList();
  }

  void ofSource(SourceRemark remark) {
    warn(remark.summary(), remark.detail(), remark.next());
  }

  void undeclared(String product, Collection<String> declared) {
    if (declared.isEmpty()) {
      return;
    }
    warn(
        "The product '" + product + "' is sold and not in the event file.",
        "It is planned with defaults.",
        Nearest.to(product, declared)
            .map(near -> "Did you mean '" + near + "' under tickets.products?")
            .orElse("Describe it under tickets.products."));
  }

  void unsold(String product) {
    warn(
        "The product '" + product + "' has no sale.",
        "It adds nothing to the demand.",
        "Check its name under tickets.products against the export.");
  }

  void overSold(String product, long sold, long capacity) {
    warn(
        "The product '" + product + "' is sold beyond its capacity.",
        String.format(
            Locale.ROOT, "%,d are sold of %,d; the sales are planned for.", sold, capacity),
        "Correct its capacity under tickets.products, or the source's accept.");
  }

  void notLearnedFrom(List<String> events) {
    if (!events.isEmpty()) {
      warn(
          "From " + String.join(", ", events) + " under tickets.history nothing is learned.",
          "Fewer than 100 tickets were sold before the start.",
          "Check startsAt and the sources of the past event, or take it out.");
    }
  }

  void oneZone() {
    if (!saidOneZone) {
      saidOneZone = true;
      warn(
          "One zone cannot survive the loss of a zone.",
          "The tier is sized without that reserve.",
          "Plan for two zones or more, or say service.survive: none.");
    }
  }

  void cacheReplica(Survive loss) {
    if (!saidReplica) {
      saidReplica = true;
      warn(
          "A cache without replicas does not survive the loss of a " + loss.text() + ".",
          "Each shard is planned with one.",
          "Leave service.cacheReplicas out, or say service.survive: none.");
    }
  }

  void instanceType(String wanted, NodeProfile chosen) {
    if (!wanted.split(",", -1)[0].strip().equals(chosen.name())) {
      warn(
          "The first instance type of " + wanted + " has no profile.",
          "The tier is sized with " + chosen.name() + ".",
          "Name a type of templates/catalog/aws.json first.");
    }
  }

  void unusedCalibration(String measured, String planned) {
    warn(
        "The measured profile is of " + measured + ", and the plan is for " + planned + ".",
        "What was measured has no part in it.",
        "Name " + measured + " under provider.aws.instanceTypes, or measure " + planned + ".");
  }

  /** What the finished plan says about itself. */
  void of(Plan plan, Catalog catalog) {
    for (Plan.PolicyResult broken : plan.violations()) {
      diagnostics.add(
          new Diagnostic(
              Diagnostic.Severity.ERROR,
              "The plan breaks the policy " + broken.id() + ".",
              "It has " + broken.observed() + "; the limit is " + broken.limit() + ".",
              broken.next()));
    }
    if (plan.demand().planned() == 0) {
      warn(
          "The plan expects no connection at all.",
          "Of "
              + plan.demand().products().stream()
                  .mapToLong(product -> product.sold())
                  .mapToObj(sold -> String.format(Locale.ROOT, "%,d", sold))
                  .collect(Collectors.joining(" + "))
              + " tickets nobody comes.",
          "Check showRate and connectionsPerTicket of the products, and demand.uninvited.");
    }
    for (SourceReport source : plan.inputs()) {
      if (source.rejected() > 0) {
        warn(
            String.format(
                Locale.ROOT,
                "%,d of %,d rows of %s cannot be understood and do not count.",
                source.rejected(),
                source.read(),
                source.name()),
            String.join("; ", source.firstRejected()),
            "Correct the export if they are sales.");
      }
    }
    for (Plan.CalendarEntry entry : plan.calendar()) {
      if (entry.state().equals("too late")) {
        warn(
            "Too late by the calendar: " + entry.what() + ".",
            "That was to be asked for by " + entry.askBy() + "; lost is: " + entry.lost() + ".",
            "Go on without it, or ask your provider's account team.");
      }
    }
    BalancerReservation.of(plan)
        .map(
            most -> new Diagnostic(Diagnostic.Severity.NOTE, most.words(), most.why(), most.less()))
        .ifPresent(diagnostics::add);
    if (plan.provider().name().equals("aws")) {
      prices(plan, catalog);
    }
  }

  private void prices(Plan plan, Catalog catalog) {
    String region = plan.provider().settings().getOrDefault("region", catalog.region());
    String next =
        "Ask for today's there with: spike prices --region "
            + region
            + ", and name the file under calibration.prices.";
    if (!region.equals(catalog.region())) {
      warn(
          "The prices are those of " + catalog.region() + ", not of " + region + ".",
          "The cost of the plan is only near.",
          next);
    }
    LocalDate date = LocalDate.parse(catalog.prices().date());
    if (date.plusYears(1).isBefore(plan.made().asOf().atZone(ZoneOffset.UTC).toLocalDate())) {
      warn(
          "The prices are of " + date + ", more than a year before this plan.",
          "The cost of the plan is only near.",
          next);
    }
  }

  private void warn(String summary, String detail, String next) {
    diagnostics.add(new Diagnostic(Diagnostic.Severity.WARNING, summary, detail, next));
  }
}
