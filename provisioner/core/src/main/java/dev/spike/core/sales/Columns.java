package dev.spike.core.sales;

import dev.spike.core.spec.EventSpec;
import dev.spike.core.spec.Nearest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which column of an export means what.
 *
 * @param quantity -1 when each row is one ticket
 * @param id -1 when rows that repeat cannot be told
 * @param filters the columns whose values decide whether a row counts
 */
record Columns(int count, int soldAt, int product, int quantity, int id, List<Filter> filters) {
  /** What counts where the event file does not say. */
  private static final Set<String> PAID =
      Set.of("paid", "complete", "completed", "confirmed", "valid", "p");

  /** What a column is called: neither an address nor a time, a number or a code. */
  private static final Pattern NAME =
      Pattern.compile("|[\\p{L}_#](?=[^0-9]*([0-9][^0-9]*){0,3}$)[^@]{0,63}");

  /** A column and the values, in lower case, with which a row counts. */
  record Filter(String name, int column, Set<String> accepted) {}

  /**
   * Finds the columns.
   *
   * @throws TicketDataException when a column is not in the header
   */
  static Columns of(EventSpec.CsvSource source, String[] header) throws TicketDataException {
    List<String> names = new ArrayList<>();
    for (String name : header) {
      names.add(name.strip());
    }
    int status = optional(source, names, "status", List.of("status"));
    List<Filter> filters = new ArrayList<>();
    if (status >= 0 && !source.accept().containsKey("status")) {
      filters.add(new Filter("status", status, PAID));
    }
    for (Map.Entry<String, List<String>> accept : source.accept().entrySet()) {
      String column = source.columns().getOrDefault(accept.getKey(), accept.getKey());
      Set<String> accepted = new HashSet<>();
      accept.getValue().forEach(value -> accepted.add(value.strip().toLowerCase(Locale.ROOT)));
      filters.add(new Filter(accept.getKey(), required(source, names, column), accepted));
    }
    return new Columns(
        names.size(),
        needed(source, names, "soldAt", List.of("soldAt", "sold_at", "ordered_at", "created_at")),
        needed(source, names, "product", List.of("product", "ticket_type", "product_name")),
        optional(source, names, "quantity", List.of("quantity", "qty")),
        optional(source, names, "id", List.of()),
        filters);
  }

  private static int needed(
      EventSpec.CsvSource source, List<String> names, String meaning, List<String> usual)
      throws TicketDataException {
    int found = optional(source, names, meaning, usual);
    return found >= 0 ? found : required(source, names, meaning);
  }

  private static int optional(
      EventSpec.CsvSource source, List<String> names, String meaning, List<String> usual)
      throws TicketDataException {
    String given = source.columns().get(meaning);
    if (given != null) {
      return required(source, names, given);
    }
    for (String name : usual) {
      if (names.contains(name)) {
        return required(source, names, name);
      }
    }
    return -1;
  }

  private static int required(EventSpec.CsvSource source, List<String> names, String column)
      throws TicketDataException {
    int index = names.indexOf(column);
    if (index < 0) {
      refuseNoHeader(source, names);
      Optional<String> nearest = Nearest.to(column, names);
      throw TicketDataException.bad(
          "The ticket export "
              + ExportFile.named(source.path())
              + " has no column '"
              + column
              + "'"
              + nearest.map(name -> "; did you mean '" + name + "'?").orElse(".")
              + (names.size() <= 30 ? " Its columns: " + String.join(", ", names) + "." : ""),
          "Map it under columns of the source in line " + source.line() + " of the event file.");
    }
    if (names.lastIndexOf(column) != index) {
      throw TicketDataException.bad(
          "The ticket export "
              + ExportFile.named(source.path())
              + " has several columns '"
              + column
              + "', and the source needs it.",
          "Rename all but one of them in the export.");
    }
    return index;
  }

  /** A first line that is a row, or of another file, is not repeated: it may tell of a person. */
  private static void refuseNoHeader(EventSpec.CsvSource source, List<String> names)
      throws TicketDataException {
    String export = "The ticket export " + ExportFile.named(source.path());
    if (names.size() == 1) {
      throw TicketDataException.bad(
          export + " has one column only, so its separator is another or it is no table.",
          "Check path and separator of the source in line "
              + source.line()
              + " of the event file.");
    }
    if (!names.stream().allMatch(name -> NAME.matcher(name).matches())) {
      throw TicketDataException.bad(
          export + " has no header: its first line is none of names of columns.",
          "Add a line with the names of the columns, and map them under columns of the source in"
              + " line "
              + source.line()
              + " of the event file.");
    }
  }
}
