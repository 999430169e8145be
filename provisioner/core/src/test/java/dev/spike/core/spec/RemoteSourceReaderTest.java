package dev.spike.core.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteSourceReaderTest {
  private static final Instant AS_OF = Instant.parse("2027-05-27T12:00:00Z");

  @Test
  void aPretixShopIsReadWithAllItsKeys() throws Exception {
    assertThat(
            source(
                "{type: pretix, url: 'https://pretix.eu/', organizer: fa, event: cup, tokenEnv:"
                    + " PRETIX_TOKEN, subevent: 5, modifiedSince: 2027-01-01T00:00:00Z, items: {'7':"
                    + " pass}}"))
        .isEqualTo(
            new EventSpec.PretixApiSource(
                5,
                "https://pretix.eu",
                "fa",
                "cup",
                "PRETIX_TOKEN",
                Optional.of(5L),
                Optional.of(Instant.parse("2027-01-01T00:00:00Z")),
                Map.of("7", "pass")));
  }

  @Test
  void anEventbriteEventNeedsNoUrlAndItsIdMayBeANumber() throws Exception {
    assertThat(source("{type: eventbrite, event: 123456789012, tokenEnv: EVENTBRITE_TOKEN}"))
        .isEqualTo(
            new EventSpec.EventbriteSource(
                5, "https://www.eventbriteapi.com", "123456789012", "EVENTBRITE_TOKEN", Map.of()));
  }

  @Test
  void aDatabaseIsNamedWithoutItsParametersAndItsQueryLosesItsSemicolon() throws Exception {
    EventSpec.Source source =
        source(
            "{type: jdbc, url: 'jdbc:postgresql://db.example.com/shop?sslmode=require', query:"
                + " 'select 1 ; ', userEnv: DB_USER, passwordEnv: DB_PASSWORD}");

    assertThat(source.name()).isEqualTo("jdbc:postgresql://db.example.com/shop");
    assertThat(source)
        .isEqualTo(
            new EventSpec.JdbcSource(
                5,
                "jdbc:postgresql://db.example.com/shop?sslmode=require",
                "select 1",
                Optional.of("DB_USER"),
                Optional.of("DB_PASSWORD"),
                ZoneId.of("Europe/London")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://db/shop?user=x&password=s3cret",
        "jdbc:postgresql://x:s3cret@db/shop",
        "jdbc:sqlserver://db;databaseName=shop;Password=s3cret",
        "jdbc:oracle:thin:scott/s3cret@//db:1521/shop",
        "jdbc:mysql://x:s3/cret?@db/shop",
        "jdbc:snowflake://a.example.com/?private_key_pwd=s3cret",
        "jdbc:trino://db/shop?accessToken=s3cret"
      })
  void aPasswordInAnAddressIsRefusedAndNotRepeated(String url) {
    assertThat(problems("{type: jdbc, url: \"" + url + "\", query: select 1}"))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.message()).contains("passwordEnv").doesNotContain("s3");
              assertThat(problem.line()).isEqualTo(5);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:oracle:thin:@//db:1521/shop",
        "jdbc:duckdb:",
        "jdbc:duckdb:/data/shop.db",
        "jdbc:mysql://x@db/shop"
      })
  void anAddressWithoutAPasswordIsTaken(String url) throws Exception {
    assertThat(source("{type: jdbc, url: \"" + url + "\", query: select 1}").name()).isEqualTo(url);
  }

  @Test
  void severalStatementsAreRefused() {
    assertThat(problems("{type: jdbc, url: 'jdbc:duckdb:', query: 'select 1) q; drop table x'}"))
        .singleElement()
        .extracting(SpecProblem::message)
        .asString()
        .contains("must be one select");
  }

  @Test
  void aStatementThatIsNoSelectIsRefusedAlsoBehindAComment() throws Exception {
    assertThat(
            problems(
                "{type: jdbc, url: 'jdbc:duckdb:', query: \"/* all */ -- now\\nDELETE from x\"}"))
        .singleElement()
        .extracting(SpecProblem::message)
        .asString()
        .contains("must be one select, and starts with delete");
    assertThat(
            source("{type: jdbc, url: 'jdbc:duckdb:', query: \"from settings select delete_me\"}"))
        .isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://pretix.eu",
        "https://x:s3cret@pretix.eu",
        "https://pretix.eu/?key=s3cret",
        "http://127.0.0.1.evil.example.com",
        "ftp://pretix.eu"
      })
  void anAddressThatIsNotSafeIsRefusedAndNotRepeated(String url) {
    assertThat(
            problems(
                "{type: pretix, url: '"
                    + url
                    + "', organizer: fa, event: cup, tokenEnv: PRETIX_TOKEN}"))
        .singleElement()
        .extracting(SpecProblem::message)
        .asString()
        .contains("must be an address such as https://pretix.eu")
        .doesNotContain("s3cret", "evil");
  }

  @Test
  void aTokenInPlaceOfAVariablesNameIsRefusedAndNotRepeated() {
    assertThat(
            problems(
                "{type: pretix, url: 'https://pretix.eu', organizer: fa, event: cup, tokenEnv:"
                    + " 9s3cret-token}"))
        .singleElement()
        .extracting(SpecProblem::message)
        .asString()
        .contains("not the secret itself")
        .doesNotContain("9s3cret");
  }

  @Test
  void aPretixSourceIsEitherAnExportOrAShopWithAllItsKeys() {
    assertThat(problems("{type: pretix, path: a.json, url: 'https://pretix.eu'}"))
        .singleElement()
        .extracting(SpecProblem::message)
        .asString()
        .contains("must have either path");
    assertThat(problems("{type: pretix, url: 'https://pretix.eu'}"))
        .extracting(SpecProblem::message)
        .anyMatch(message -> message.contains("key 'organizer' is missing"))
        .anyMatch(message -> message.contains("key 'event' is missing"))
        .anyMatch(message -> message.contains("key 'tokenEnv' is missing"));
    assertThat(problems("{type: pretix}")).hasSize(1);
  }

  @Test
  void ofTheKeysOfPretixsApiAnExportTakesOnlyTheDateOfASeries() throws Exception {
    assertThat(
            problems(
                "{type: pretix, path: a.json, organizer: fa, event: cup, tokenEnv: T,"
                    + " modifiedSince: 2027-01-01T00:00:00Z}"))
        .extracting(SpecProblem::message)
        .hasSize(4)
        .allMatch(message -> message.contains("is for the API, and this source has the path"));
    assertThat(read("{type: pretix, path: a.json, subevent: 5}", "").tickets().sources().getFirst())
        .isInstanceOfSatisfying(
            EventSpec.PretixSource.class, export -> assertThat(export.subevent()).contains(5L));
  }

  @Test
  void pastEventsAreReadAndThoseThatWereNotOverAreLeftOutAndSaid() throws Exception {
    EventSpec spec =
        read(
            "{type: csv, path: a.csv}",
            """
              history:
                - {name: last-year, startsAt: 2026-05-30T19:00:00Z, sources: [{type: csv, path: b.csv}]}
                - {name: next-week, startsAt: 2027-05-29T19:00:00Z, sources: [{type: csv, path: c.csv}]}
            """);

    assertThat(spec.tickets().history())
        .singleElement()
        .satisfies(
            past -> {
              assertThat(past.name()).isEqualTo("last-year");
              assertThat(past.startsAt()).isEqualTo(Instant.parse("2026-05-30T19:00:00Z"));
              assertThat(past.sources())
                  .extracting(EventSpec.Source::name)
                  .containsExactly("b.csv");
            });
    assertThat(spec.assumptions())
        .contains(
            new Assumption(
                "tickets.history[1]",
                "next-week is left out",
                Origin.GIVEN,
                "not over at the plan's instant"));
  }

  @Test
  void twoPastEventsOfOneNameAreRefused() {
    SpecException wrong =
        catchThrowableOfType(
            SpecException.class,
            () ->
                read(
                    "{type: csv, path: a.csv}",
                    """
                      history:
                        - {name: old, startsAt: 2026-05-30T19:00:00Z, sources: [{type: csv, path: b.csv}]}
                        - {name: old, startsAt: 2025-05-30T19:00:00Z, sources: [{type: csv, path: c.csv}]}
                    """));

    assertThat(wrong.problems())
        .extracting(SpecProblem::message)
        .containsExactly("tickets.history[1].name is 'old', as that of another past event");
  }

  private static EventSpec.Source source(String source) throws Exception {
    return read(source, "").tickets().sources().getFirst();
  }

  private static List<SpecProblem> problems(String source) {
    return catchThrowableOfType(SpecException.class, () -> read(source, "")).problems();
  }

  private static EventSpec read(String source, String more) throws Exception {
    return SpecReader.read(
        "event.yaml",
        """
        apiVersion: spike/v1
        event: {name: cup, startsAt: 2027-05-30T19:00:00Z, timezone: Europe/London}
        tickets:
          sources:
            - %s
        %s"""
            .formatted(source, more)
            .getBytes(StandardCharsets.UTF_8),
        null,
        AS_OF);
  }
}
