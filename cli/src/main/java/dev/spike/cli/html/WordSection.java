package dev.spike.cli.html;

import java.util.LinkedHashMap;
import java.util.Map;

/** The words of the page that not every reader uses every day. */
record WordSection() implements Section {
  private static final Map<String, String> WORDS = words();

  @Override
  public String id() {
    return "words";
  }

  @Override
  public String title() {
    return "Words on this page";
  }

  @Override
  public String shortTitle() {
    return "Words";
  }

  @Override
  public void write(Markup html) {
    html.open("dl", "class", "words");
    WORDS.forEach(
        (word, meaning) -> html.open("div").element("dt", word).element("dd", meaning).close());
    html.close();
  }

  private static Map<String, String> words() {
    Map<String, String> words = new LinkedHashMap<>();
    words.put(
        "p50, p90, p99",
        "A forecast is a range. Half of the possible courses stay below p50, 9 of 10 below p90, 99"
            + " of 100 below p99.");
    words.put("connection", "One device that is connected and receives the live messages.");
    words.put("node", "One rented machine that holds connections.");
    words.put(
        "zone",
        "A data centre of its own. A tier that survives a zone has so many nodes that those of the"
            + " other zones suffice.");
    words.put("balancer", "What clients connect to; it spreads them over the nodes.");
    words.put(
        "capacity unit", "What a balancer's size is counted in; it can be reserved in advance.");
    words.put(
        "cache, shard, replica",
        "The store of every client's session. It is divided into shards; a replica is a copy of"
            + " one that takes over.");
    words.put("handshake", "The work of making one encrypted connection; the dearest of its life.");
    words.put(
        "connection tracking",
        "The machine's own table of open connections; a full table refuses new ones.");
    words.put(
        "jitter", "The time over which clients spread their return, so that not all come at once.");
    words.put("provision, warm, teardown", "Build the tier; make it ready; remove it.");
    words.put(
        "quota", "What the provider lets an account rent at most, until it is asked for more.");
    words.put(
        "weight, cv",
        "How sure a mean is: the weight of so many observations; or the deviation as a share of the"
            + " mean.");
    return words;
  }
}
