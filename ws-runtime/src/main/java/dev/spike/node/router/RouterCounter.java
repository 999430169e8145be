package dev.spike.node.router;

/** The program's counters; numbers and names are those of {@code spike_router.h}. */
enum RouterCounter {
  LOCAL(0, "local"),
  LOCAL_FAIL_OPEN(1, "local-fail-open"),
  LOCAL_BOUND(2, "local-bound"),
  SYN_FORWARDED(3, "syn-forwarded"),
  PINNED_FORWARDED(4, "pinned-forwarded"),
  GUESS_FORWARDED(5, "guess-forwarded"),
  DECAPSULATED(6, "decapsulated"),
  REPLY_ENCAPSULATED(7, "reply-encapsulated"),
  REPLY_RELAYED(8, "reply-relayed"),
  PASS_OPTIONS(9, "pass-options"),
  PASS_FRAGMENT(10, "pass-fragment"),
  ANCHOR_REPLACED(11, "anchor-replaced"),
  DEFER_BUCKET(12, "defer-bucket"),
  DEFER_ACCEPT_QUEUE(13, "defer-accept-queue"),
  DEFER_HANDSHAKES(14, "defer-handshakes"),
  DEFER_DRAINING(15, "defer-draining"),
  DEFER_RUNTIME_STALE(16, "defer-runtime-stale"),
  DEFER_NO_LISTENER(17, "defer-no-listener"),
  DEFER_FORWARD_ALL(18, "defer-forward-all"),
  DROP_PEER_DEAD(19, "drop-peer-dead"),
  DROP_UNKNOWN_PEER(20, "drop-unknown-peer"),
  DROP_MALFORMED(21, "drop-malformed"),
  DROP_INNER_DESTINATION(22, "drop-inner-destination"),
  DROP_INNER_SOURCE(23, "drop-inner-source"),
  DROP_ANCHOR_CLASH(24, "drop-anchor-clash"),
  DROP_NO_GATEWAY(25, "drop-no-gateway"),
  DROP_HEADROOM(26, "drop-headroom"),
  DROP_EGRESS(27, "drop-egress"),
  PIN_NOT_KEPT(28, "pin-not-kept"),
  NO_ROOM(29, "no-room"),
  FORWARD_SHARE_SPENT(30, "forward-share-spent"),
  EGRESS_SEGMENTED(31, "egress-segmented"),
  PIN_DROPPED(32, "pin-dropped"),
  LOCAL_PACKET(33, "local-packet"),
  LOCAL_OFF(34, "local-off");

  private final int number;
  private final String label;

  RouterCounter(int number, String label) {
    this.number = number;
    this.label = label;
  }

  int number() {
    return number;
  }

  /** The name under which the counter is reported. */
  String label() {
    return label;
  }
}
