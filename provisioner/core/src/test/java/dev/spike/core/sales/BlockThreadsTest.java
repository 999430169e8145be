package dev.spike.core.sales;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BlockThreadsTest {
  private static final int BLOCKS = 500;

  @Test
  void blocksAreTakenInTheirOrderAndEachOnceWhateverTheThreads() throws Exception {
    for (BlockThreads threads :
        List.of(
            new BlockThreads(1, true, 16),
            new BlockThreads(2, true, 16),
            new BlockThreads(2, false, 16),
            new BlockThreads(8, false, 16))) {
      Numbers work = new Numbers();

      threads.run(work);

      assertThat(work.taken).isEqualTo(LongStream.range(0, BLOCKS).boxed().toList());
      assertThat(work.readersMax.get()).as("%s", threads).isEqualTo(1);
    }
  }

  @Test
  void inOrderNoTwoBlocksAreParsedAtOnceNorBeforeThoseInFront() throws Exception {
    Numbers work = new Numbers();

    new BlockThreads(4, true, 16).run(work);

    assertThat(work.parsed).isEqualTo(LongStream.range(0, BLOCKS).boxed().toList());
  }

  @Test
  void ofSeveralFaultsTheFirstInTheExportCountsAndBlocksBeforeItAreTaken() {
    for (int round = 0; round < 50; round++) {
      Numbers work = new Numbers();
      work.unreadable = 40;
      work.unparsable = 38;
      work.faulty = 37;

      assertThatThrownBy(() -> new BlockThreads(4, false, 16).run(work))
          .isInstanceOf(TicketDataException.class)
          .hasMessageContaining("block 37");
      assertThat(work.taken).isEqualTo(LongStream.range(0, 37).boxed().toList());
    }
  }

  @Test
  void whatCannotBeReadOrParsedEndsTheWorkInOrderToo() {
    for (BlockThreads threads :
        List.of(new BlockThreads(2, true, 16), new BlockThreads(4, false, 16))) {
      Numbers unreadable = new Numbers();
      unreadable.unreadable = 12;
      Numbers unparsable = new Numbers();
      unparsable.unparsable = 9;

      assertThatThrownBy(() -> threads.run(unreadable)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> threads.run(unparsable))
          .isInstanceOf(IllegalStateException.class)
          .hasRootCauseInstanceOf(StackOverflowError.class);
      assertThat(unparsable.taken).hasSize(9);
    }
  }

  @Test
  void anInterruptionDoesNotWaitForAReadThatNeverEnds() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch isReading = new CountDownLatch(1);
    Numbers work =
        new Numbers() {
          @Override
          public int read(byte[] block, boolean isFirst) {
            isReading.countDown();
            while (never.getCount() > 0) {
              try {
                never.await();
              } catch (InterruptedException ignoredAsByAPipe) {
                continue;
              }
            }
            return 0;
          }
        };
    List<Exception> ends = new ArrayList<>();
    Thread caller =
        new Thread(
            () -> {
              try {
                new BlockThreads(2, false, 16).run(work);
              } catch (Exception end) {
                ends.add(end);
              }
            });
    caller.start();
    isReading.await();

    caller.interrupt();
    caller.join();
    never.countDown();

    assertThat(ends).singleElement().isInstanceOf(InterruptedException.class);
  }

  /** Blocks that hold their number, some of which go wrong. */
  private static class Numbers implements BlockThreads.Work {
    private final List<Long> taken = new ArrayList<>();
    private final List<Long> parsed = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger readers = new AtomicInteger();
    private final AtomicInteger readersMax = new AtomicInteger();
    private int blocks;
    private int unreadable = -1;
    private int unparsable = -1;
    private int faulty = -1;

    @Override
    public int read(byte[] block, boolean isFirst) throws IOException {
      readersMax.accumulateAndGet(readers.incrementAndGet(), Math::max);
      assertThat(isFirst).isEqualTo(blocks == 0);
      if (blocks == unreadable) {
        throw new IOException("block " + blocks);
      }
      block[0] = (byte) blocks;
      block[1] = (byte) (blocks >>> 8);
      readers.decrementAndGet();
      return blocks++ < BLOCKS ? 2 : 0;
    }

    @Override
    public BlockParser.Parsed parse(byte[] block, int length, boolean isFirst) {
      long number = (block[0] & 0xff) | (block[1] & 0xff) << 8;
      if (number == unparsable) {
        throw new StackOverflowError("block " + number);
      }
      if (number % 7 == 0) {
        Thread.yield();
      }
      parsed.add(number);
      return new BlockParser.Parsed(new RowTally(), number, null);
    }

    @Override
    public void take(BlockParser.Parsed found) throws TicketDataException {
      if (found.lines() == faulty) {
        throw TicketDataException.bad("block " + faulty, "Look.");
      }
      taken.add(found.lines());
    }

    @Override
    public TicketDataException endless(RecordBlocks.EndlessRecord record) {
      return TicketDataException.bad("endless", "Look.");
    }
  }
}
