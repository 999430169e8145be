package dev.spike.sources;

import java.util.Locale;
import java.util.Set;

/**
 * A query wrapped so that the database's own engine adds up: what comes over the wire is one row a
 * product and minute, however many were sold.
 */
final class GroupedQuery {
  /**
   * By the name their drivers give. All have date_trunc on timestamps; the first two are tested.
   */
  private static final Set<String> TRUNCATING =
      Set.of("postgresql", "duckdb", "trino", "snowflake", "redshift", "cockroachdb", "h2");

  private GroupedQuery() {}

  /**
   * The wrapped query; its columns are sold_at, product and quantity. A database that is not known
   * to have date_trunc groups by the time as it is, and the rest is added up here.
   *
   * @param database as {@link java.sql.DatabaseMetaData#getDatabaseProductName} has it
   */
  static String of(String query, String database) {
    boolean truncates = TRUNCATING.contains(database.toLowerCase(Locale.ROOT));
    String minute = truncates ? "date_trunc('minute', q.sold_at)" : "q.sold_at";
    return "select "
        + minute
        + " as sold_at, q.product as product, sum(q.quantity) as quantity from (\n"
        + query
        + "\n) q group by "
        + minute
        + ", q.product";
  }
}
