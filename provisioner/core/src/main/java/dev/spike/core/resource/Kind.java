package dev.spike.core.resource;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Set;

/**
 * The kinds of resource. A kind states what it needs by kind, so that what was observed without a
 * plan can still be taken down in the right order.
 */
public enum Kind {
  NETWORK,
  CERTIFICATE,
  BUNDLE,
  CACHE,
  NODE_FLEET,
  BALANCER,
  LISTENER,
  ROUTER_INSTALLATION,
  NODE_WARM_UP;

  /** The stage whose command makes it converge. */
  public Stage stage() {
    return switch (this) {
      case NETWORK, CERTIFICATE, BUNDLE, CACHE, NODE_FLEET, BALANCER, LISTENER -> Stage.PROVISION;
      case ROUTER_INSTALLATION, NODE_WARM_UP -> Stage.WARM;
    };
  }

  /** The kinds that exist before it and go after it. */
  public Set<Kind> needs() {
    return switch (this) {
      case NETWORK, CERTIFICATE, BUNDLE -> Set.of();
      case CACHE, BALANCER -> Set.of(NETWORK);
      case NODE_FLEET -> Set.of(NETWORK, CERTIFICATE, BUNDLE, CACHE);
      case LISTENER -> Set.of(BALANCER, NODE_FLEET);
      case ROUTER_INSTALLATION -> Set.of(NODE_FLEET, CACHE);
      case NODE_WARM_UP -> Set.of(NODE_FLEET, CACHE, ROUTER_INSTALLATION);
    };
  }

  /** The kind as it stands in plans and ids, such as {@code node-fleet}. */
  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
