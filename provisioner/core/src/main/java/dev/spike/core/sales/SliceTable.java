package dev.spike.core.sales;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What a word of an export means, found without making a String of it again. Columns of few
 * different words are fast; of a column with more, only the first are remembered.
 */
final class SliceTable<V> {
  private static final int WORDS_MAX = 2048;
  private static final int SLOTS = 2 * WORDS_MAX;

  private static final class Word<V> {
    private final byte[] letters;
    private final int hash;
    private final V meaning;

    Word(byte[] letters, int hash, V meaning) {
      this.letters = letters;
      this.hash = hash;
      this.meaning = meaning;
    }
  }

  private final Function<String, V> meaning;
  private final List<Word<V>> words = new ArrayList<>();
  private final int[] slots = new int[SLOTS];
  private int last = -1;

  SliceTable(Function<String, V> meaning) {
    this.meaning = meaning;
  }

  V of(Slice text) {
    if (last >= 0 && text.isSame(words.get(last).letters)) {
      return words.get(last).meaning;
    }
    int hash = text.hash();
    int slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    while (slots[slot] != 0) {
      Word<V> word = words.get(slots[slot] - 1);
      if (word.hash == hash && text.isSame(word.letters)) {
        last = slots[slot] - 1;
        return word.meaning;
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
    String word = text.toString();
    V found = meaning.apply(word);
    if (words.size() < WORDS_MAX) {
      words.add(new Word<>(word.getBytes(StandardCharsets.UTF_8), hash, found));
      slots[slot] = words.size();
    }
    return found;
  }
}
