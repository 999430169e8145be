package dev.spike.core.sales;

import dev.spike.core.spec.EventSpec;
import dev.spike.core.spec.Nearest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The keys under {@code items} of a source, against what the source itself calls its items: a key
 * that is mistyped would map nothing, and nobody would notice. Threads may share it.
 */
public final class ItemNames {
  private static final int SHOWN_MAX = 12;

  /** More different names than a shop has items: it may be persons that are named. */
  private static final int NAMES_MAX = 200;

  private final Map<String, String> items;
  private final Set<String> met = ConcurrentHashMap.newKeySet();
  private final Set<String> names = ConcurrentHashMap.newKeySet();

  /**
   * For one source.
   *
   * @param items products by id or name, as in the event file
   */
  public ItemNames(Map<String, String> items) {
    this.items = Map.copyOf(items);
  }

  /** Notes an id or a name that the source has; for each again and again, or once. */
  public void has(String name) {
    if (items.containsKey(name)) {
      met.add(name);
    } else if (names.size() < NAMES_MAX && !name.isBlank()) {
      names.add(name);
    }
  }

  /** As {@link #has}, and what the event file makes of that name: itself, where it says nothing. */
  String product(String name) {
    has(name);
    return items.getOrDefault(name, name);
  }

  /** What to say when keys are left that the source does not have; after it was read. */
  public Optional<SourceRemark> remark(EventSpec.Source source) {
    SortedSet<String> unmet = new TreeSet<>(items.keySet());
    unmet.removeAll(met);
    if (unmet.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new SourceRemark(
            SourceWords.of(source).called()
                + " has no '"
                + String.join("', no '", unmet)
                + "', which items in line "
                + source.line()
                + " of the event file map"
                + (unmet.size() == 1 ? "s" : "")
                + ".",
            "Nothing is counted by " + (unmet.size() == 1 ? "that key." : "these keys."),
            next(unmet)));
  }

  private String next(SortedSet<String> unmet) {
    SortedSet<String> known = new TreeSet<>(names);
    known.removeIf(name -> name.indexOf('@') >= 0);
    if (names.size() >= NAMES_MAX || known.isEmpty()) {
      return "Correct it, or leave it for an item that is not sold yet.";
    }
    StringBuilder next = new StringBuilder();
    for (String key : unmet) {
      Nearest.to(key, known)
          .filter(near -> !isNumber(key))
          .ifPresent(near -> next.append("Did you mean '").append(near).append("'? "));
    }
    if (next.isEmpty()) {
      return "Others there are: "
          + String.join(", ", known.stream().limit(SHOWN_MAX).toList())
          + ". Correct it, or leave it for an item that is not sold yet.";
    }
    return next.toString().strip();
  }

  /** Any id is near to any other. */
  private static boolean isNumber(String key) {
    return key.chars().allMatch(letter -> letter >= '0' && letter <= '9');
  }
}
