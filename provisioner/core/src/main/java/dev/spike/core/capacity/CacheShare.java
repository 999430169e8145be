package dev.spike.core.capacity;

import org.hipparchus.util.FastMath;

/**
 * What the busiest of so many shards holds. The runtime spreads sessions and channels by their
 * names over {@link #PARTITIONS} partitions whose slots lie evenly, and a shard holds whole
 * partitions.
 */
record CacheShare(int shards) {
  /** Of the runtime's data format; shards beyond it would stay empty. */
  static final int PARTITIONS = 64;

  /** All of it, as one shard would have. */
  static final CacheShare WHOLE = new CacheShare(1);

  /**
   * Sessions are so many that each partition has its share; a range of slots that is no whole
   * number of partitions touches two more at most.
   */
  double ofSessions() {
    int partitions = PARTITIONS % shards == 0 ? PARTITIONS / shards : PARTITIONS / shards + 2;
    return (double) partitions / PARTITIONS;
  }

  /**
   * Channels may be few: m + sqrt(2 m ln n) of them meet in the fullest of n shards with m each in
   * the mean, not more than there are (Raab and Steger, Balls into Bins, RANDOM 1998).
   */
  double channels(int channels) {
    double mean = channels * ofSessions();
    return FastMath.min(
        channels, FastMath.ceil(mean + FastMath.sqrt(2 * mean * FastMath.log(shards))));
  }
}
