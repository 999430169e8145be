package dev.spike.node.serve;

/** Close codes of spike.v1: 4000-4099 do not retry, 4100-4199 retry after the given time. */
final class Close {
  static final int DRAIN = 1012;
  static final int TRY_AGAIN_LATER = 1013;
  static final int FENCED = 4001;
  static final int BAD_MESSAGE = 4002;
  static final int SESSION_REFUSED = 4003;
  static final int TOKEN_REFUSED = 4004;
  static final int HELLO_TIMEOUT = 4008;

  private Close() {}
}
