package dev.spike.core.spec;

/** JSON pointers as people write them: {@code tickets.sources[0].path}. */
final class Paths {
  private Paths() {}

  static String dotted(String pointer) {
    StringBuilder out = new StringBuilder();
    for (String step : pointer.split("/", -1)) {
      String name = step.replace("~1", "/").replace("~0", "~");
      if (name.isEmpty()) {
        continue;
      }
      if (!out.isEmpty() && name.chars().allMatch(Character::isDigit)) {
        out.append('[').append(name).append(']');
      } else {
        out.append(out.isEmpty() ? "" : ".").append(name);
      }
    }
    return out.toString();
  }
}
