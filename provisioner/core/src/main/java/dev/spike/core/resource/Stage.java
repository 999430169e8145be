package dev.spike.core.resource;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Which command makes a resource converge. */
public enum Stage {
  /** {@code spike provision}: network, cache, nodes with runtime and bundle, balancer. */
  PROVISION,
  /** {@code spike warm}: routers installed and fed, nodes self-warmed. */
  WARM;

  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
