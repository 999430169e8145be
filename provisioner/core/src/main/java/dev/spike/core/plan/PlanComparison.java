package dev.spike.core.plan;

import dev.spike.core.resource.Resource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares two plans of one event. Starts with all inputs of the earlier plan and exchanges those
 * that changed, one after the other in the order of {@link PlanDifference.Group}, each time sizing
 * and pricing the tier again; what an exchange changes is what that input did.
 */
public final class PlanComparison {
  private final Plan earlier;
  private final Plan later;
  private final List<PlanDifference.Cause> causes = new ArrayList<>();

  private PlanComparison(Plan earlier, Plan later) {
    this.earlier = earlier;
    this.later = later;
  }

  /**
   * What changed and why, from the plans alone.
   *
   * @param earlierFile what the earlier plan is called in messages
   * @throws PlanException BAD, when they are plans of different events or in different currencies
   */
  public static PlanDifference between(Plan earlier, String earlierFile, Plan later)
      throws PlanException {
    if (!earlier.event().name().equals(later.event().name())) {
      throw new PlanException(
          PlanException.Kind.BAD,
          "The baseline "
              + earlierFile
              + " is a plan of the event "
              + earlier.event().name().value()
              + ", and this is one of "
              + later.event().name().value()
              + ": what changed between two events explains nothing.",
          "Name an earlier plan of " + later.event().name().value() + ", or leave --baseline out.");
    }
    if (!earlier.cost().currency().equals(later.cost().currency())) {
      throw new PlanException(
          PlanException.Kind.BAD,
          "The baseline "
              + earlierFile
              + " counts in "
              + earlier.cost().currency()
              + ", and this plan in "
              + later.cost().currency()
              + ".",
          "Name a baseline of the same price list, or leave --baseline out.");
    }
    return new PlanComparison(earlier, later).difference();
  }

  private PlanDifference difference() {
    PlanDifference.Figures before = own(earlier);
    PlanDifference.Figures after = own(later);
    PlanDifference.Figures reached = exchangeAll(before);
    if (!same(reached, after)) {
      causes.add(
          cause(
              PlanDifference.Group.SOFTWARE,
              "spike " + later.made().version(),
              earlier.made().version() + " to " + later.made().version(),
              reached,
              after));
    }
    return new PlanDifference(
        Input.left(earlier), before, after, later.cost().currency(), causes, resources());
  }

  /**
   * Inputs that size no tier by themselves, such as one zone that is to survive its loss, are taken
   * together with those after them.
   */
  private PlanDifference.Figures exchangeAll(PlanDifference.Figures before) {
    MixedInputs mixed = new MixedInputs(earlier, later);
    Optional<PlanDifference.Figures> start = mixed.figures();
    PlanDifference.Figures reached = before;
    if (start.isPresent() && !same(start.get(), before)) {
      causes.add(
          cause(
              PlanDifference.Group.SOFTWARE,
              "spike " + later.made().version(),
              "the earlier plan's inputs, computed anew",
              before,
              start.get()));
      reached = start.get();
    }
    List<String> names = new ArrayList<>();
    List<String> changes = new ArrayList<>();
    for (Input input : Input.of(earlier, later)) {
      mixed.exchange(input.name());
      if (input.differs(earlier, later)) {
        names.add(input.name());
        changes.add(input.change().apply(earlier, later));
        Optional<PlanDifference.Figures> now = mixed.figures();
        if (now.isPresent()) {
          causes.add(
              cause(
                  input.group(),
                  String.join(" with ", names),
                  String.join("; ", changes),
                  reached,
                  now.get()));
          reached = now.get();
          names.clear();
          changes.clear();
        }
      }
    }
    return reached;
  }

  private static PlanDifference.Cause cause(
      PlanDifference.Group group,
      String input,
      String change,
      PlanDifference.Figures before,
      PlanDifference.Figures after) {
    return new PlanDifference.Cause(
        group,
        input,
        change,
        after.connections() - before.connections(),
        after.nodes() - before.nodes(),
        after.cents() - before.cents());
  }

  private static boolean same(PlanDifference.Figures one, PlanDifference.Figures other) {
    return one.connections() == other.connections()
        && one.nodes() == other.nodes()
        && one.cents() == other.cents();
  }

  private static PlanDifference.Figures own(Plan plan) {
    return new PlanDifference.Figures(
        MixedInputs.sold(plan),
        plan.demand().scaled(),
        plan.capacity().nodes(),
        MixedInputs.cents(plan.cost()));
  }

  private List<String> resources() {
    Map<String, Resource> before = new HashMap<>();
    earlier.resources().forEach(resource -> before.put(resource.id().value(), resource));
    List<String> different = new ArrayList<>();
    for (Resource resource : later.resources()) {
      Resource was = before.remove(resource.id().value());
      if (was == null) {
        different.add("+ " + resource.id());
      } else if (!was.equals(resource)) {
        different.add("~ " + resource.id());
      }
    }
    before.keySet().stream().sorted().forEach(id -> different.add("- " + id));
    return different;
  }
}
