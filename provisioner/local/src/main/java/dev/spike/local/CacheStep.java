package dev.spike.local;

import java.util.BitSet;

/** One thing to do to a cache's cluster, by the names of its members. */
sealed interface CacheStep {
  /** Numbers a fresh member, so that no two claim the same epoch. */
  record Renumber(String member, int epoch) implements CacheStep {}

  /** Makes two members know each other. */
  record Meet(String member, String address) implements CacheStep {}

  /** Makes a replica the owner of its lost primary's slots. */
  record TakeOver(String member) implements CacheStep {}

  /** Makes a replica and its healthy primary change places, with nothing lost. */
  record ChangePlaces(String member) implements CacheStep {}

  /** Drops a member that will not come back. */
  record Forget(String member, String id) implements CacheStep {}

  /** Gives slots that nobody owns to a primary. */
  record Own(String member, BitSet slots) implements CacheStep {}

  /** Makes a member the replica of a primary. */
  record Follow(String member, String primaryId) implements CacheStep {}
}
