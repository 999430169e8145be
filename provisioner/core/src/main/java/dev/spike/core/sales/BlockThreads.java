package dev.spike.core.sales;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Has the blocks of an export read, parsed and taken by several threads. Each reads the next block
 * while no other reads, and parses it itself, so a block is parsed where it is still in the core's
 * cache and as many threads as there are cores leave none idle. What was found is taken in the
 * order of the blocks, and so is what went wrong: the first in the export counts.
 *
 * @param workers threads at most
 * @param inOrder whether a block is parsed only when those before it were; reading goes on beside
 * @param blockBytes also the longest record
 */
record BlockThreads(int workers, boolean inOrder, int blockBytes) {
  private static final int WORKERS_MAX = 8;
  private static final int BLOCK_BYTES = 1 << 20;

  /** How far one thread may be ahead of the slowest; what it found is kept meanwhile. */
  private static final int LEAD_MAX = 64;

  /** What is done with the blocks. */
  interface Work {
    /**
     * Reads the next block; called by one thread at a time.
     *
     * @return its bytes, 0 at the end
     */
    int read(byte[] block, boolean isFirst) throws Exception;

    /** Parses a block; called by several threads at a time unless it is in order. */
    BlockParser.Parsed parse(byte[] block, int length, boolean isFirst);

    /** Takes what was found in a block, in the order of the blocks, by one thread at a time. */
    void take(BlockParser.Parsed parsed) throws TicketDataException;

    /** Says what a record without end means; all blocks before it were taken. */
    TicketDataException endless(RecordBlocks.EndlessRecord record);
  }

  /** As many as there are cores. */
  static BlockThreads all() {
    return new BlockThreads(cores(), false, BLOCK_BYTES);
  }

  /** For rows that depend on those before them. */
  static BlockThreads inOrderOfRows() {
    return new BlockThreads(Math.min(cores(), 2), true, BLOCK_BYTES);
  }

  /** The pool's own threads leave one to the caller. */
  private static int cores() {
    return Math.min(ForkJoinPool.getCommonPoolParallelism() + 1, WORKERS_MAX);
  }

  /**
   * Does the work to its end.
   *
   * @throws Exception the first that went wrong, in the order of the blocks
   */
  void run(Work work) throws Exception {
    Pass pass = new Pass(work);
    ExecutorService threads =
        Executors.newFixedThreadPool(
            workers, Thread.ofPlatform().daemon().name("spike-csv-", 1).factory());
    try {
      List<Future<?>> ends = new ArrayList<>();
      for (int worker = 0; worker < workers; worker++) {
        ends.add(threads.submit(pass));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    } catch (ExecutionException bug) {
      throw new IllegalStateException("a block was not parsed", bug.getCause());
    } finally {
      // After an interruption nobody waits for a read that may never end.
      pass.isOver = true;
      threads.shutdownNow();
    }
    if (pass.failure != null) {
      throw pass.failure;
    }
  }

  /** What became of a block. */
  private sealed interface Outcome {}

  private record Found(BlockParser.Parsed parsed) implements Outcome {}

  private record Broken(Exception cause) implements Outcome {
    /** Also of an Error: the other threads wait for the block's outcome. */
    static Broken by(Throwable thrown) {
      return new Broken(
          thrown instanceof Exception failed
              ? failed
              : new IllegalStateException("a block was not parsed", thrown));
    }
  }

  private final class Pass implements Callable<Void> {
    private final Work work;
    private final Object reading = new Object();
    private final Map<Long, Outcome> early = new HashMap<>();
    private long blocksRead;
    private long blocksTaken;
    private @Nullable Exception failure;
    private volatile boolean isOver;

    Pass(Work work) {
      this.work = work;
    }

    @Override
    public Void call() throws InterruptedException {
      byte[] block = new byte[blockBytes + RecordBlocks.PADDING];
      while (true) {
        long index;
        int length = 0;
        @Nullable Broken broken = null;
        synchronized (reading) {
          if (isOver) {
            return null;
          }
          index = blocksRead++;
          try {
            length = work.read(block, index == 0);
          } catch (Throwable failed) {
            broken = Broken.by(failed);
          }
          isOver |= length == 0;
        }
        if (length > 0) {
          awaitTurn(inOrder ? index : index - LEAD_MAX);
          take(index, parsed(block, length, index == 0));
        } else if (broken != null) {
          take(index, broken);
        }
      }
    }

    private Outcome parsed(byte[] block, int length, boolean isFirst) {
      try {
        return new Found(work.parse(block, length, isFirst));
      } catch (Throwable bug) {
        return Broken.by(bug);
      }
    }

    private synchronized void awaitTurn(long index) throws InterruptedException {
      while (blocksTaken < index) {
        wait();
      }
    }

    private synchronized void take(long index, Outcome outcome) {
      early.put(index, outcome);
      for (Outcome next = early.remove(blocksTaken);
          next != null;
          next = early.remove(blocksTaken)) {
        blocksTaken++;
        if (failure == null) {
          failure = takeNext(next);
          isOver |= failure != null;
        }
      }
      notifyAll();
    }

    private @Nullable Exception takeNext(Outcome outcome) {
      try {
        return switch (outcome) {
          case Found found -> {
            work.take(found.parsed());
            yield null;
          }
          case Broken(RecordBlocks.EndlessRecord endless) -> work.endless(endless);
          case Broken(Exception cause) -> cause;
        };
      } catch (TicketDataException fault) {
        return fault;
      }
    }
  }
}
