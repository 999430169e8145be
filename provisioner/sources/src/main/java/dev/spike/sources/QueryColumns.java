package dev.spike.sources;

import dev.spike.core.sales.TicketDataException;
import dev.spike.core.spec.EventSpec;
import dev.spike.core.spec.Nearest;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a query gives, asked of the database without a row: a column that is missing or of another
 * type is told by its name, not by the failure of the wrapped query that nobody wrote.
 */
final class QueryColumns {
  private static final int NAMES_SHOWN_MAX = 30;
  private static final Set<Integer> TEXTS =
      Set.of(Types.CHAR, Types.VARCHAR, Types.LONGVARCHAR, Types.NVARCHAR, Types.CLOB);
  private static final Set<Integer> NUMBERS =
      Set.of(
          Types.TINYINT,
          Types.SMALLINT,
          Types.INTEGER,
          Types.BIGINT,
          Types.NUMERIC,
          Types.DECIMAL,
          Types.REAL,
          Types.FLOAT,
          Types.DOUBLE);
  private static final Set<Integer> TRUTHS = Set.of(Types.BIT, Types.BOOLEAN);
  private static final Set<Integer> TIMES =
      Set.of(Types.DATE, Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE);

  private final EventSpec.JdbcSource source;
  private final ResultSetMetaData given;
  private final List<String> names = new ArrayList<>();

  private QueryColumns(EventSpec.JdbcSource source, ResultSetMetaData given) throws SQLException {
    this.source = source;
    this.given = given;
    for (int column = 1; column <= given.getColumnCount(); column++) {
      names.add(given.getColumnLabel(column).toLowerCase(Locale.ROOT));
    }
  }

  /**
   * Checks that the query gives what is counted.
   *
   * @throws TicketDataException BAD_DATA, when a column is missing or cannot be what it is called
   */
  static void check(Statement statement, EventSpec.JdbcSource source)
      throws SQLException, TicketDataException {
    try (ResultSet none =
        statement.executeQuery("select * from (\n" + source.query() + "\n) q where 1 = 0")) {
      QueryColumns columns = new QueryColumns(source, none.getMetaData());
      columns.check("sold_at", "a timestamp", List.of(TEXTS, NUMBERS, TRUTHS, Set.of(Types.TIME)));
      columns.check("product", "a name", List.of(TRUTHS, TIMES));
      columns.check("quantity", "a number", List.of(TEXTS, TRUTHS, TIMES));
    }
  }

  private void check(String name, String meaning, List<Set<Integer>> wrong)
      throws SQLException, TicketDataException {
    int index = names.indexOf(name);
    if (index < 0) {
      throw TicketDataException.bad(
          "The query of "
              + source.name()
              + " gives no column "
              + name
              + Nearest.to(name, names).map(near -> "; did you mean '" + near + "'?").orElse(".")
              + " It gives "
              + String.join(", ", names.subList(0, Math.min(names.size(), NAMES_SHOWN_MAX)))
              + ".",
          "Name "
              + meaning
              + " so in the select of the source in line "
              + source.line()
              + " of the event file: … as "
              + name);
    }
    int type = given.getColumnType(index + 1);
    if (wrong.stream().anyMatch(types -> types.contains(type))) {
      throw TicketDataException.bad(
          "In the query of "
              + source.name()
              + " the column "
              + name
              + " is of type "
              + given.getColumnTypeName(index + 1)
              + "; it must be "
              + meaning
              + ".",
          "Cast it in the select of the source in line "
              + source.line()
              + " of the event file, or select another column as "
              + name
              + ".");
    }
  }
}
