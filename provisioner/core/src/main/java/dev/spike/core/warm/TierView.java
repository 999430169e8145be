package dev.spike.core.warm;

import dev.spike.core.plan.Plan;
import dev.spike.core.provider.NodeChannel;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ObservedState;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import java.util.ArrayList;
import java.util.List;

/** What the checks look at: the plan, one observation of the tier, and the channel to its hosts. */
record TierView(Plan plan, ObservedState observed, NodeChannel channel) {

  /** The names of all planned nodes. */
  List<String> nodes() {
    List<String> names = new ArrayList<>();
    for (Resource resource : plan.resources()) {
      if (resource instanceof Resource.NodeFleet fleet) {
        names.addAll(fleet.nodeNames());
      }
    }
    return names;
  }

  /**
   * What is wrong with the planned resources of the given kinds, one sentence each: missing ones,
   * faults, and attributes that differ.
   */
  List<String> wrong(Kind... kinds) {
    List<String> sentences = new ArrayList<>();
    for (Resource resource : plan.resources()) {
      if (!List.of(kinds).contains(resource.kind())) {
        continue;
      }
      Observed seen = observed.resources().get(resource.id());
      if (seen == null) {
        sentences.add(resource.id() + " is missing");
        continue;
      }
      seen.faults().forEach(fault -> sentences.add(resource.id() + ": " + fault));
      resource
          .attributes()
          .forEach(
              (name, value) -> {
                String found = seen.attributes().get(name);
                if (found != null && !found.equals(value)) {
                  sentences.add(resource.id() + ": " + name + " is " + found + ", not " + value);
                }
              });
    }
    return sentences;
  }

  /** How many resources of the given kinds are planned. */
  long planned(Kind... kinds) {
    return plan.resources().stream()
        .filter(resource -> List.of(kinds).contains(resource.kind()))
        .count();
  }
}
