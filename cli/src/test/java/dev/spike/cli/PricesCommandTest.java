package dev.spike.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.core.catalog.Catalog;
import dev.spike.core.catalog.RegionPrices;
import dev.spike.core.spec.PricesFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PricesCommandTest {
  private static final Catalog SHIPPED = Catalog.shipped("aws");

  @TempDir Path folder;
  private Shell shell;

  @BeforeEach
  void aProviderThatCharges() {
    shell = new Shell(folder);
    shell.provider = "aws";
    shell.now = Instant.parse("2027-05-01T00:00:00Z");
  }

  @Test
  void whatIsAskedIsSavedForTheEventFileAndComparedWithTheShippedList() throws Exception {
    Shell.Ran ran = shell.run("prices", "--region", "eu-west-1", "-o", "eu.json");

    assertThat(ran.code()).isZero();
    assertThat(ran.outLines().getFirst())
        .isEqualTo("Prices: 24 node types of eu-west-1 on " + SHIPPED.prices().date());
    assertThat(ran.out())
        .contains("c8gn.4xlarge       $0.948")
        .contains("(+0.0 %)")
        .contains("calibration: {prices: eu.json}");
    assertThat(PricesFile.read("eu.json", Files.readAllBytes(folder.resolve("eu.json")), shell.now))
        .isEqualTo(
            new RegionPrices("aws", "eu-west-1", SHIPPED.cacheNode().name(), SHIPPED.prices()));
    assertThat(
            shell.run("prices", "--region", "eu-west-1", "--json").result().path("region").asText())
        .isEqualTo("eu-west-1");
    assertThat(folder.resolve("prices.json")).isRegularFile();
  }

  @Test
  void whatCannotBeAskedOrSavedIsSaid() {
    assertThat(shell.run("prices").code()).isEqualTo(64);
    Shell.Ran local = shell.run("prices", "--provider", "local", "--region", "eu-west-1");
    assertThat(local.code()).isEqualTo(64);
    assertThat(local.err()).contains("The provider local charges nothing");
    Shell.Ran nowhere = shell.run("prices", "--region", "eu-west-1", "-o", "no/where/prices.json");
    assertThat(nowhere.code()).isEqualTo(73);
    assertThat(nowhere.err()).contains("Cannot write no/where/prices.json");
    assertThat(folder).isEmptyDirectory();
  }
}
