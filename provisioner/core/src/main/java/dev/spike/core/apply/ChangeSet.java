package dev.spike.core.apply;

import dev.spike.core.resource.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The difference between what is desired and what was observed; one change a resource. */
public record ChangeSet(List<Change> changes) {
  public ChangeSet {
    changes = List.copyOf(changes);
  }

  public int creates() {
    return count(Change.Create.class);
  }

  public int updates() {
    return count(Change.Update.class);
  }

  public int replaces() {
    return count(Change.Replace.class);
  }

  public int deletes() {
    return count(Change.Delete.class);
  }

  /** True when nothing has to happen. */
  public boolean isEmpty() {
    return changes.size() == count(Change.Keep.class);
  }

  /** What differs, for people: one clause each. */
  public String differences() {
    List<String> words = new ArrayList<>();
    for (Change change : changes) {
      switch (change) {
        case Change.Create create -> words.add(create.id() + " is missing");
        case Change.Update update ->
            words.add(update.id() + ": " + String.join(", ", update.differences()));
        case Change.Replace replace ->
            words.add(replace.id() + ": " + String.join(", ", replace.differences()));
        case Change.Delete delete -> words.add(delete.id() + " is still there");
        case Change.Keep keep -> {}
      }
    }
    return String.join("; ", words);
  }

  /**
   * What would take a live node, connection or session away, one sentence each: replacements,
   * deletions of what serves, and fleets that lose or restart nodes.
   */
  public List<String> disruptions() {
    List<String> sentences = new ArrayList<>();
    for (Change change : changes) {
      switch (change) {
        case Change.Create create -> {}
        case Change.Keep keep -> {}
        case Change.Replace replace ->
            sentences.add(
                replace.id() + " is replaced: " + String.join("; ", replace.differences()));
        case Change.Delete delete -> sentences.add(delete.id() + " is deleted");
        case Change.Update update -> {
          if (update.kind() == Kind.NODE_FLEET) {
            fleetDisruption(update, sentences);
          }
        }
      }
    }
    return List.copyOf(sentences);
  }

  private static void fleetDisruption(Change.Update update, List<String> sentences) {
    Set<String> lost = names(update.observed().attributes().getOrDefault("nodes", ""));
    lost.removeAll(names(update.resource().attributes().getOrDefault("nodes", "")));
    if (!lost.isEmpty()) {
      sentences.add(update.id() + " loses " + String.join(", ", lost));
    }
    update
        .resource()
        .attributes()
        .forEach(
            (name, wanted) -> {
              String seen = update.observed().attributes().get(name);
              if (!name.equals("nodes") && seen != null && !seen.equals(wanted)) {
                sentences.add(
                    update.id()
                        + " restarts its nodes: "
                        + name
                        + " changes from "
                        + seen
                        + " to "
                        + wanted);
              }
            });
  }

  private static Set<String> names(String list) {
    return new TreeSet<>(list.isEmpty() ? List.of() : Arrays.asList(list.split(",", -1)));
  }

  private int count(Class<? extends Change> type) {
    return (int) changes.stream().filter(type::isInstance).count();
  }
}
