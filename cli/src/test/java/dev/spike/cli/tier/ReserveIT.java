package dev.spike.cli.tier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.aws.emulator.CloudPlans;
import dev.spike.aws.emulator.IndependentCount;
import dev.spike.aws.emulator.MotoServer;
import dev.spike.aws.emulator.PlatformTeam;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Room reserved weeks ahead and used when its day comes, with the commands alone. */
class ReserveIT {
  private static final String EVENT = "cup-final";

  @RegisterExtension static final MotoServer AWS = MotoServer.extended();

  @TempDir Path folder;

  @Test
  void roomIsReservedAheadUsedShownAndNamedByTheTeardownThatCannotCancelIt() throws Exception {
    AWS.set(Map.of("quotas", PlatformTeam.QUOTAS));
    Instant kickoff = Instant.now().truncatedTo(ChronoUnit.HOURS).plus(Duration.ofDays(24));
    eventFile(kickoff);
    EmulatedClient.install(folder.resolve("home"), "0.1.0");
    SpikeOnAws spike = new SpikeOnAws(folder, AWS);
    spike.ok("plan", "event.yaml", "-o", "plan.json");

    assertThat(spike.ok("reserve", "plan.json", "--dry-run").stdout())
        .contains("3 zones to ask for, $2,017.96 at most for 3 nodes; dry run")
        .contains("ask    a  1 of c7gn.8xlarge in us-east-1a: $672.65, used or not")
        .contains("3 nodes x 337 h x 1.996 USD; ", "hours in which the plan needs no node");
    SpikeOnAws.Ran unagreed = spike.run("reserve", "plan.json");
    assertThat(unagreed.exitCode()).as("%s", unagreed).isEqualTo(3);
    assertThat(unagreed.stderr())
        .contains("binds you to pay up to 2017.96 USD", "next: Give --max-cost 2017.96");
    assertThat(IndependentCount.of(AWS, EVENT)).isEmpty();

    assertThat(spike.ok("reserve", "plan.json", "--max-cost", "2100 USD").stdout())
        .contains("3 asked for, ", "room   c  1 of c7gn.8xlarge in us-east-1c");
    assertThat(spike.ok("reserve", "plan.json").stdout())
        .contains("0 asked for, 3 scheduled", "next   spike provision plan.json uses them from ");

    AWS.set(Map.of("now", kickoff.minus(Duration.ofHours(71)).toString()));
    assertThat(spike.ok("provision", "plan.json", "--now").stdout())
        .contains("; 3 nodes", "room   a  1 of c7gn.8xlarge in us-east-1a  active from ");
    assertThat(AWS.left().get("capacity-reservation")).hasSize(3);
    assertThat(spike.ok("status", "plan.json").stdout())
        .contains("room   b  1 of c7gn.8xlarge in us-east-1b  active from ");

    SpikeOnAws.Ran removed = spike.run("teardown", "plan.json", "--force");
    assertThat(removed.exitCode()).as("%s", removed).isEqualTo(5);
    assertThat(removed.stdout())
        .contains("3 capacity reservations stay committed, and nothing else is left")
        .contains("until it ends by itself at ");
    assertThat(IndependentCount.of(AWS, EVENT)).containsOnlyKeys("capacity-reservation");
    AWS.set(Map.of("now", kickoff.plus(Duration.ofDays(12)).toString()));
    assertThat(spike.ok("teardown", "plan.json", "--force").stdout())
        .contains("nothing was there, nothing is left");
  }

  /** As the others have it, of nodes large enough to be reserved ahead, and in some weeks. */
  private void eventFile(Instant kickoff) throws Exception {
    String given = PlatformTeam.gives(AWS).replace("c7gn.4xlarge", "c7gn.8xlarge");
    Path file = CloudPlans.file(folder, EVENT, 500, given);
    Files.writeString(
        file, Files.readString(file).replace("2031-05-30T19:00:00Z", kickoff.toString()));
    Path sales = folder.resolve("tickets.csv");
    Files.writeString(
        sales,
        Files.readString(sales)
            .replace("2031-04-01T12:00:00Z", kickoff.minus(Duration.ofDays(30)).toString()));
  }
}
