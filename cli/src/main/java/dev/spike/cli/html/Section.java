package dev.spike.cli.html;

/** One part of the page, with a heading and a place in the list of contents. */
interface Section {
  /** Unique on the page, for links. */
  String id();

  String title();

  /** As the list of contents says it. */
  default String shortTitle() {
    return title();
  }

  /** Writes what follows the heading. */
  void write(Markup html);
}
