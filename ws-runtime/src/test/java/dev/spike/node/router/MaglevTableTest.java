package dev.spike.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MaglevTableTest {
  @Test
  void theSameMembersInAnyOrderGiveTheSameTable() {
    List<MaglevTable.Member> members = members(40);
    List<MaglevTable.Member> shuffled = new ArrayList<>(members);
    Collections.shuffle(shuffled, new Random(1));
    assertThat(MaglevTable.build(shuffled).digest()).isEqualTo(MaglevTable.build(members).digest());
    assertThat(MaglevTable.build(members(39)).digest())
        .isNotEqualTo(MaglevTable.build(members).digest());
  }

  @Test
  void everyNodeHasItsIdealRowsWithinOne() {
    Random random = new Random(2);
    for (int round = 0; round < 5; round++) {
      List<MaglevTable.Member> members = new ArrayList<>();
      int total = 0;
      for (int id = 1; id <= 17; id++) {
        int weight = random.nextInt(0, 30);
        members.add(new MaglevTable.Member(id, "n-" + id, weight, weight));
        total += weight;
      }
      int[] rows = firstRows(MaglevTable.build(members));
      for (MaglevTable.Member member : members) {
        double ideal = (double) MaglevTable.ROWS * member.present() / total;
        assertThat((double) rows[member.id()]).isBetween(ideal - 1, ideal + 1);
        if (member.present() == 0) {
          assertThat(rows[member.id()]).isZero();
        }
      }
    }
  }

  @Test
  void bothCandidatesOfARowDifferAndTheSecondIsSpreadToo() {
    MaglevTable table = MaglevTable.build(members(9));
    int[] seconds = new int[10];
    for (int row = 0; row < MaglevTable.ROWS; row++) {
      assertThat(table.second(row)).isNotZero().isNotEqualTo(table.first(row));
      seconds[table.second(row)]++;
    }
    for (int id = 1; id <= 9; id++) {
      assertThat(seconds[id]).isBetween(MaglevTable.ROWS / 9 - 50, MaglevTable.ROWS / 9 + 50);
    }
  }

  @Test
  void aDrainedNodeIsNeverACandidateAndOnlyItsRowsMove() {
    List<MaglevTable.Member> members = members(40);
    MaglevTable before = MaglevTable.build(members);
    for (int drained : new int[] {1, 17, 40}) {
      List<MaglevTable.Member> changed = new ArrayList<>(members);
      changed.set(drained - 1, new MaglevTable.Member(drained, "n-" + drained, 1, 0));
      MaglevTable after = MaglevTable.build(changed);
      int moved = 0;
      for (int row = 0; row < MaglevTable.ROWS; row++) {
        assertThat(after.first(row)).isNotZero().isNotEqualTo(drained);
        assertThat(after.second(row)).isNotZero().isNotEqualTo(drained);
        moved += before.first(row) != after.first(row) ? 1 : 0;
      }
      assertThat(moved).isBetween(MaglevTable.ROWS / 40, MaglevTable.ROWS / 40 + 1 + 40);
    }
  }

  @Test
  void aloneANodeHasNoSecondAndWithoutWeightThereIsNoCandidate() {
    MaglevTable one = MaglevTable.build(members(1));
    MaglevTable none = MaglevTable.build(List.of(new MaglevTable.Member(1, "n-1", 1, 0)));
    for (int row = 0; row < MaglevTable.ROWS; row++) {
      assertThat(one.first(row)).isEqualTo(1);
      assertThat(one.second(row)).isZero();
      assertThat(none.first(row) + none.second(row)).isZero();
    }
  }

  @Test
  void twoNodesAreEachOthersSecond() {
    MaglevTable table = MaglevTable.build(members(2));
    for (int row = 0; row < MaglevTable.ROWS; row++) {
      assertThat(table.first(row) + table.second(row)).isEqualTo(3);
    }
  }

  @Test
  void theDigestIsOfTheBytesInLittleEndian() {
    MaglevTable table = MaglevTable.build(members(3));
    assertThat(MaglevTable.digest(table.toBytes(ByteOrder.LITTLE_ENDIAN)))
        .isEqualTo(table.digest())
        .hasSize(64);
  }

  private static List<MaglevTable.Member> members(int count) {
    List<MaglevTable.Member> members = new ArrayList<>();
    for (int id = 1; id <= count; id++) {
      members.add(new MaglevTable.Member(id, "n-" + id, 1, 1));
    }
    return members;
  }

  private static int[] firstRows(MaglevTable table) {
    int[] rows = new int[RouterLayout.NODES];
    for (int row = 0; row < MaglevTable.ROWS; row++) {
      rows[table.first(row)]++;
    }
    return rows;
  }
}
