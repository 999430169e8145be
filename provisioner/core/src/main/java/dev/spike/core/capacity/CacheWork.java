package dev.spike.core.capacity;

import org.hipparchus.util.FastMath;

/**
 * What a tier asks of its cache in its busiest second, before it is shared out among shards. The
 * counts follow what the runtime does; the weights were measured with its own functions on Redis
 * 7.0 (one core, 16 calls in flight, 512-byte messages): a session call took 4.1 microseconds,
 * reading a channel's head as much, every missed message half of it more, a publish 8.8 and its
 * delivery to each subscribed node 0.35.
 *
 * @param sessionCalls calls a second, each on the slot of its session
 * @param channels of the event, each on one slot
 * @param channelReads reads a second of one channel
 * @param missed messages that one such read returns
 * @param published messages a second in one channel
 * @param followers nodes that hear one channel, each over one connection
 * @param sessions that are kept
 * @param channelsPerSession positions that one session notes
 * @param kept messages of one channel
 * @param messageBytes of one
 * @param nodes of the tier
 * @param replicas of each shard, fed by its primary
 */
record CacheWork(
    double sessionCalls,
    int channels,
    double channelReads,
    double missed,
    double published,
    double followers,
    double sessions,
    double channelsPerSession,
    double kept,
    int messageBytes,
    int nodes,
    int replicas) {

  /** A connect opens or resumes a session and notes what it follows a second later. */
  static final int CALLS_PER_CONNECT = 2;

  /** A node writes a session's acknowledgements together, once a second at most. */
  static final double ACKNOWLEDGE_SECONDS_MIN = 1;

  /** Reads of one channel that one node makes a second at most: connects within 50 ms share one. */
  static final double CHANNEL_READS_PER_NODE = 20;

  /** A node holds two connections to each cache node: calls, and what is published. */
  static final int CONNECTIONS_PER_NODE = 2;

  /** Messages that a channel keeps, for a day at most. */
  private static final double ENTRIES_KEPT = 1024;

  private static final double SECONDS_KEPT = 86_400;

  static final double CALLS_PER_MISSED = 0.5;
  static final double CALLS_PER_PUBLISH = 2.2;
  static final double CALLS_PER_DELIVERY = 0.09;

  /** Of a session without channels: its hash, its expiry and the cluster's index, measured 230. */
  private static final double SESSION_BYTES = 256;

  /** Of a position that a session notes: name, epoch and offset. */
  private static final double POSITION_BYTES = 160;

  /** Of the stream around a message of 512 bytes, measured 370. */
  private static final double ENTRY_BYTES = 384;

  /** Of names, offsets and protocol around a published message, and of TCP, IP and Ethernet. */
  private static final double ANNOUNCED_BYTES = 200;

  /** What a session call changes, as replicas are told. */
  private static final double REPLICATED_BYTES = 300;

  /**
   * The work of a load.
   *
   * @param nodes of the tier
   */
  static CacheWork of(Load load, Zones zones, int nodes, int replicas) {
    Load.Traffic traffic = load.traffic();
    double arrivals = load.ramp().peakPerSecond();
    double back =
        Storm.perSecond(load.connections() * zones.lostShare(nodes), load.jitterSeconds());
    double connects = FastMath.max(arrivals, back);
    double followersOfOne =
        load.connections() * traffic.channelsPerConnection() / traffic.channels();
    double readers = FastMath.min(nodes, followersOfOne);
    double published = traffic.publishedPerChannel();
    double kept = FastMath.min(ENTRIES_KEPT, published * SECONDS_KEPT);
    return new CacheWork(
        connects * CALLS_PER_CONNECT + acknowledged(load),
        traffic.channels(),
        FastMath.min(
            connects * traffic.channelsPerConnection() / traffic.channels(),
            readers * CHANNEL_READS_PER_NODE),
        back > 0 && !traffic.skipMissed()
            ? FastMath.min(kept, published * load.jitterSeconds())
            : 0,
        published,
        readers,
        load.connections(),
        traffic.channelsPerConnection(),
        kept,
        traffic.messageBytes(),
        nodes,
        replicas);
  }

  /** Acknowledgements follow messages, and are batched. */
  private static double acknowledged(Load load) {
    double seconds = FastMath.max(ACKNOWLEDGE_SECONDS_MIN, load.traffic().acknowledgeSeconds());
    return load.connections() * FastMath.min(load.messagesPerSecond(), 1 / seconds);
  }

  /** Of the given shares of sessions and channels: session calls a second. */
  double sessionCalls(CacheShare share) {
    return sessionCalls * share.ofSessions();
  }

  /** Reads of channels, in session calls a second. */
  double channelReads(CacheShare share) {
    return share.channels(channels) * channelReads * (1 + CALLS_PER_MISSED * missed);
  }

  /** Publishes and their deliveries to nodes, in session calls a second. */
  double publishes(CacheShare share) {
    return share.channels(channels)
        * published
        * (CALLS_PER_PUBLISH + CALLS_PER_DELIVERY * followers);
  }

  /** All that a cache node's one thread does, in session calls a second. */
  double commands(CacheShare share) {
    return sessionCalls(share) + channelReads(share) + publishes(share);
  }

  /** What a primary sends: published messages to nodes and replicas, missed ones, changes. */
  double egressBits(CacheShare share) {
    double message = messageBytes + ANNOUNCED_BYTES;
    double announced = published * (followers + replicas) * message;
    double read = channelReads * missed * message;
    return 8
        * (share.channels(channels) * (announced + read)
            + sessionCalls(share) * replicas * REPLICATED_BYTES);
  }

  /** Bytes of sessions and of what channels keep. */
  double memoryBytes(CacheShare share) {
    return share.ofSessions() * sessions * (SESSION_BYTES + POSITION_BYTES * channelsPerSession)
        + share.channels(channels) * kept * (messageBytes + ENTRY_BYTES);
  }

  /** Connections of the tier's nodes to one cache node, whatever the number of shards. */
  double connections() {
    return (double) nodes * CONNECTIONS_PER_NODE;
  }
}
