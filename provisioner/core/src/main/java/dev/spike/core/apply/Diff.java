package dev.spike.core.apply;

import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ObservedState;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import dev.spike.core.resource.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares desired with observed. Pure: the same two values give the same changes. */
public final class Diff {
  private Diff() {}

  /**
   * The changes that make one stage converge.
   *
   * <p>In stage {@code provision} whatever was observed and is not desired goes, of both stages,
   * unless it is committed: what stands on a fleet must leave before it. In stage {@code warm} only
   * what belongs to that stage is touched. When a resource has to be replaced, everything that was
   * observed on top of it is replaced with it, or deleted where its own stage comes later.
   */
  public static ChangeSet towards(List<Resource> desired, ObservedState observed, Stage stage) {
    Map<ResourceId, Resource> wanted = new HashMap<>();
    desired.forEach(resource -> wanted.put(resource.id(), resource));
    Set<ResourceId> replaced = replacedWithDependents(desired, observed);
    List<Change> changes = new ArrayList<>();
    for (Resource resource : desired) {
      Observed seen = observed.resources().get(resource.id());
      if (resource.stage() == stage) {
        changes.add(change(resource, seen, replaced));
      } else if (seen != null && stage == Stage.PROVISION && replaced.contains(resource.id())) {
        changes.add(new Change.Delete(seen));
      }
    }
    for (Observed seen : observed.resources().values()) {
      boolean ours = stage == Stage.PROVISION || seen.kind().stage() == stage;
      boolean canGo = seen.committedUntil().isEmpty();
      if (ours && canGo && !wanted.containsKey(seen.id())) {
        changes.add(new Change.Delete(seen));
      }
    }
    return new ChangeSet(changes);
  }

  /** The changes that leave nothing but what is committed. */
  public static ChangeSet towardsEmpty(ObservedState observed) {
    List<Change> changes = new ArrayList<>();
    observed.resources().values().stream()
        .filter(seen -> seen.committedUntil().isEmpty())
        .forEach(seen -> changes.add(new Change.Delete(seen)));
    return new ChangeSet(changes);
  }

  private static Change change(
      Resource resource,
      @org.jspecify.annotations.Nullable Observed seen,
      Set<ResourceId> replaced) {
    if (seen == null) {
      return new Change.Create(resource);
    }
    List<String> differences = differences(resource, seen);
    if (replaced.contains(resource.id())) {
      return new Change.Replace(
          resource,
          seen,
          differences.isEmpty() ? List.of("stands on what is replaced") : differences);
    }
    return differences.isEmpty()
        ? new Change.Keep(resource)
        : new Change.Update(resource, seen, differences);
  }

  private static List<String> differences(Resource resource, Observed seen) {
    List<String> differences = new ArrayList<>(seen.faults());
    resource
        .attributes()
        .forEach(
            (name, value) -> {
              String found = seen.attributes().get(name);
              if (found != null && !found.equals(value)) {
                differences.add(name + " is " + found + ", not " + value);
              }
            });
    return differences;
  }

  private static Set<ResourceId> replacedWithDependents(
      List<Resource> desired, ObservedState observed) {
    Set<ResourceId> replaced = new HashSet<>();
    for (Resource resource : desired) {
      Observed seen = observed.resources().get(resource.id());
      if (seen != null && fixedDiffers(resource, seen)) {
        replaced.add(resource.id());
      }
    }
    boolean grew = !replaced.isEmpty();
    while (grew) {
      grew = false;
      for (Resource resource : desired) {
        if (observed.resources().containsKey(resource.id())
            && resource.dependsOn().stream().anyMatch(replaced::contains)) {
          grew |= replaced.add(resource.id());
        }
      }
    }
    return replaced;
  }

  private static boolean fixedDiffers(Resource resource, Observed seen) {
    return resource.fixedAttributes().stream()
        .anyMatch(
            name -> {
              String found = seen.attributes().get(name);
              return found != null && !found.equals(resource.attributes().get(name));
            });
  }
}
