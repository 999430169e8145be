package dev.spike.aws.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuotaTest {
  private static final Quota MACHINES = new Quota("ec2", "L-1216C47A", "vCPUs", 432, 20);

  @Test
  void whatOthersUseCountsBesideWhatIsNeeded() {
    assertThat(MACHINES.fits(452)).isTrue();
    assertThat(MACHINES.fits(451)).isFalse();
    assertThat(MACHINES.against(5)).isEqualTo("432 needed, 20 used by others, 5 there");
  }

  @Test
  void theRequestAsksForBothTogether() {
    assertThat(MACHINES.request("eu-west-2"))
        .isEqualTo(
            "Ask for 452, which can take days:\n"
                + "aws service-quotas request-service-quota-increase --region eu-west-2"
                + " --service-code ec2 --quota-code L-1216C47A --desired-value 452");
  }
}
