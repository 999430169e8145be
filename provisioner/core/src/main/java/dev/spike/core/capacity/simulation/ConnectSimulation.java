package dev.spike.core.capacity.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.hipparchus.util.FastMath;

/**
 * A discrete-event simulation of clients that connect to one queue of handshakes, served in order,
 * each taking 1 / capacity.
 *
 * <p>First attempts are drawn by inverting the logistic distribution, t = tau ln(u / (1 - u)), one
 * u from each of as many equal strata as there are clients. A client that times out leaves its
 * handshake in the queue, for a server learns of it only by doing the work; it tries again after
 * its jitter, at most {@link #ATTEMPTS_MAX} times. Seeded: the same arguments give the same course.
 */
public final class ConnectSimulation {
  /** A client that failed this often stays away. */
  static final int ATTEMPTS_MAX = 8;

  private static final int MOMENTS = 160;
  private static final double FROM_TAUS = -8;
  private static final double TO_TAUS = 12;

  private enum Kind {
    ATTEMPT,
    TIME_OUT,
    SERVED
  }

  /** Something that happens; of two at the same time the one that was noted first comes first. */
  private record Happening(double at, long order, Kind kind, int client, int attempt)
      implements Comparable<Happening> {
    @Override
    public int compareTo(Happening other) {
      int byTime = Double.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private record Waiting(int client, int attempt) {}

  private final Crowd crowd;
  private final SplittableRandom random;
  private final double weight;
  private final double serviceSeconds;
  private final double[] first;
  private final int[] attempts;
  private final boolean[] served;
  private final PriorityQueue<Happening> ahead = new PriorityQueue<>();
  private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
  private final double[] waits;
  private final List<Course.Moment> moments = new ArrayList<>();
  private final double step;
  private long order;
  private int nextClient;
  private int connected;
  private boolean busy;
  private int most;
  private long timedOut;
  private long retries;
  private long inInterval;
  private double nextMoment;

  private ConnectSimulation(Crowd crowd, double capacityPerSecond, long seed, int clients) {
    this.crowd = crowd;
    this.random = new SplittableRandom(seed);
    this.weight = crowd.connections() / clients;
    this.serviceSeconds = weight / capacityPerSecond;
    this.first = firstAttempts(clients);
    this.attempts = new int[clients];
    this.served = new boolean[clients];
    this.waits = new double[clients];
    this.step = (TO_TAUS - FROM_TAUS) * crowd.tauSeconds() / (MOMENTS - 1);
    this.nextMoment = FROM_TAUS * crowd.tauSeconds();
  }

  /**
   * Runs one.
   *
   * @param capacityPerSecond handshakes of the whole tier, above 0
   * @param clientsMax how many are simulated; fewer where the crowd is smaller
   */
  public static Course run(Crowd crowd, double capacityPerSecond, long seed, int clientsMax) {
    if (!(capacityPerSecond > 0) || clientsMax < 1) {
      throw new IllegalArgumentException(
          "a capacity of " + capacityPerSecond + " a second for " + clientsMax + " clients");
    }
    int clients = (int) FastMath.min(clientsMax, FastMath.ceil(crowd.connections()));
    return new ConnectSimulation(crowd, capacityPerSecond, seed, clients).course();
  }

  private double[] firstAttempts(int clients) {
    double[] times = new double[clients];
    for (int client = 0; client < clients; client++) {
      double u = (client + random.nextDouble()) / clients;
      double inside = FastMath.min(1 - 1e-12, FastMath.max(1e-12, u));
      times[client] = crowd.tauSeconds() * FastMath.log(inside / (1 - inside));
    }
    return times;
  }

  private Course course() {
    noteNextClient();
    while (!ahead.isEmpty()) {
      Happening now = ahead.remove();
      momentsUntil(now.at());
      switch (now.kind()) {
        case ATTEMPT -> attempt(now);
        case TIME_OUT -> timeOut(now);
        case SERVED -> serveNext(now.at());
      }
    }
    momentsUntil(Double.POSITIVE_INFINITY);
    double[] sorted = Arrays.copyOf(waits, connected);
    Arrays.sort(sorted);
    double p99 = connected == 0 ? 0 : sorted[(int) FastMath.ceil(connected * 0.99) - 1];
    return new Course(
        most * weight,
        p99,
        timedOut * weight,
        retries * weight,
        connected * weight,
        first.length,
        moments);
  }

  /** First attempts are in order of time, so only the next one need be known. */
  private void noteNextClient() {
    if (nextClient < first.length) {
      note(first[nextClient], Kind.ATTEMPT, nextClient, 1);
      nextClient++;
    }
  }

  private void note(double at, Kind kind, int client, int attempt) {
    ahead.add(new Happening(at, order++, kind, client, attempt));
  }

  private void attempt(Happening now) {
    if (now.attempt() == 1) {
      noteNextClient();
    } else {
      retries++;
    }
    inInterval++;
    attempts[now.client()] = now.attempt();
    queue.add(new Waiting(now.client(), now.attempt()));
    if (busy) {
      most = FastMath.max(most, queue.size());
      note(now.at() + crowd.timeoutSeconds(), Kind.TIME_OUT, now.client(), now.attempt());
    } else {
      serveNext(now.at());
    }
  }

  private void timeOut(Happening now) {
    if (served[now.client()]) {
      return;
    }
    timedOut++;
    attempts[now.client()] = 0;
    if (now.attempt() < ATTEMPTS_MAX) {
      double after = random.nextDouble() * crowd.jitterSeconds();
      note(now.at() + after, Kind.ATTEMPT, now.client(), now.attempt() + 1);
    }
  }

  private void serveNext(double at) {
    Waiting next = queue.poll();
    busy = next != null;
    if (next == null) {
      return;
    }
    note(at + serviceSeconds, Kind.SERVED, next.client(), next.attempt());
    if (attempts[next.client()] == next.attempt() && !served[next.client()]) {
      served[next.client()] = true;
      waits[connected] = at - first[next.client()];
      connected++;
    }
  }

  private void momentsUntil(double at) {
    while (moments.size() < MOMENTS && nextMoment < at) {
      moments.add(new Course.Moment(nextMoment, inInterval * weight / step, queue.size() * weight));
      inInterval = 0;
      nextMoment += step;
    }
  }
}
