package dev.spike.core.apply;

import dev.spike.core.resource.Kind;
import dev.spike.core.resource.ResourceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One call to the provider and the steps it waits for.
 *
 * @param key unique in its list: a replacement is two steps of one resource
 * @param after keys of the steps that must have been applied before it
 */
record Step(String key, Change change, Action action, List<String> after) {
  /** What is asked of the provider. */
  enum Action {
    CREATE,
    UPDATE,
    DELETE
  }

  /**
   * Orders a change set. Creations and updates wait for those of what they wait for; deletions wait
   * for the deletions of what needs their kind, and for its updates: a balancer forgets a fleet
   * before the fleet goes. Within a replacement the deletion comes first, and nothing is created
   * before everything that has to go is gone from under it.
   */
  static List<Step> order(ChangeSet set) {
    Map<ResourceId, String> raises = new HashMap<>();
    Map<String, Kind> deletes = new HashMap<>();
    for (Change change : set.changes()) {
      switch (change) {
        case Change.Create create -> raises.put(create.id(), "create " + create.id());
        case Change.Update update -> raises.put(update.id(), "update " + update.id());
        case Change.Replace replace -> {
          raises.put(replace.id(), "create " + replace.id());
          deletes.put("delete " + replace.id(), replace.kind());
        }
        case Change.Delete delete -> deletes.put("delete " + delete.id(), delete.kind());
        case Change.Keep keep -> {}
      }
    }
    List<Step> steps = new ArrayList<>();
    for (Change change : set.changes()) {
      switch (change) {
        case Change.Create create ->
            steps.add(raise(create, Action.CREATE, create.resource().waitsFor(), raises, deletes));
        case Change.Update update ->
            steps.add(raise(update, Action.UPDATE, update.resource().waitsFor(), raises, deletes));
        case Change.Replace replace -> {
          steps.add(lower(replace, deletes, List.of()));
          steps.add(raise(replace, Action.CREATE, replace.resource().waitsFor(), raises, deletes));
        }
        case Change.Delete delete -> steps.add(lower(delete, deletes, set.changes()));
        case Change.Keep keep -> {}
      }
    }
    return steps;
  }

  private static Step raise(
      Change change,
      Action action,
      List<ResourceId> waitsFor,
      Map<ResourceId, String> raises,
      Map<String, Kind> deletes) {
    List<String> after = new ArrayList<>();
    for (ResourceId needed : waitsFor) {
      String key = raises.get(needed);
      if (key != null) {
        after.add(key);
      }
    }
    if (deletes.containsKey("delete " + change.id())) {
      after.add("delete " + change.id());
    }
    return new Step(
        (action == Action.CREATE ? "create " : "update ") + change.id(), change, action, after);
  }

  private static Step lower(Change change, Map<String, Kind> deletes, List<Change> others) {
    List<String> after = new ArrayList<>();
    deletes.forEach(
        (key, kind) -> {
          if (kind.needs().contains(change.kind())) {
            after.add(key);
          }
        });
    for (Change other : others) {
      if (other instanceof Change.Update && other.kind().needs().contains(change.kind())) {
        after.add("update " + other.id());
      }
    }
    return new Step(
        "delete " + change.id(), change, Action.DELETE, after.stream().sorted().toList());
  }

  /** The word for people and for {@code step} events. */
  String word() {
    return switch (action) {
      case CREATE -> change instanceof Change.Replace ? "replace" : "create";
      case UPDATE -> "update";
      case DELETE -> "delete";
    };
  }

  /** The keys in {@code after} that are in {@code keys}. */
  boolean waitsForAny(Set<String> keys) {
    return after.stream().anyMatch(keys::contains);
  }
}
