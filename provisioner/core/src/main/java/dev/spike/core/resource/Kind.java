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
  FIREWALL_RULES,
  CERTIFICATE,
  SECRET,
  BUNDLE,
  PLACEMENT,
  CAPACITY_RESERVATION,
  CACHE_GROUPS,
  CACHE,
  LAUNCH_TEMPLATE,
  NODE_CONFIGURATION,
  NODE_FLEET,
  BALANCER,
  BALANCER_CAPACITY,
  TARGET_GROUP,
  LISTENER,
  ROUTER_INSTALLATION,
  NODE_WARM_UP;

  /** The stage whose command makes it converge. */
  public Stage stage() {
    return switch (this) {
      case NETWORK,
          FIREWALL_RULES,
          CERTIFICATE,
          SECRET,
          BUNDLE,
          PLACEMENT,
          CAPACITY_RESERVATION,
          CACHE_GROUPS,
          CACHE,
          LAUNCH_TEMPLATE,
          NODE_CONFIGURATION,
          NODE_FLEET,
          BALANCER,
          BALANCER_CAPACITY,
          TARGET_GROUP,
          LISTENER ->
          Stage.PROVISION;
      case ROUTER_INSTALLATION, NODE_WARM_UP -> Stage.WARM;
    };
  }

  /** The kinds that exist before it and go after it. */
  public Set<Kind> needs() {
    return switch (this) {
      case NETWORK, CERTIFICATE, SECRET, BUNDLE, PLACEMENT, CAPACITY_RESERVATION -> Set.of();
      case FIREWALL_RULES, CACHE_GROUPS -> Set.of(NETWORK);
      case CACHE -> Set.of(NETWORK, FIREWALL_RULES, SECRET, CACHE_GROUPS);
      case LAUNCH_TEMPLATE -> Set.of(FIREWALL_RULES, SECRET, CERTIFICATE, BUNDLE, PLACEMENT);
      case NODE_CONFIGURATION -> Set.of(CACHE, BUNDLE);
      case NODE_FLEET ->
          Set.of(
              NETWORK,
              FIREWALL_RULES,
              CERTIFICATE,
              SECRET,
              BUNDLE,
              PLACEMENT,
              CAPACITY_RESERVATION,
              CACHE,
              LAUNCH_TEMPLATE,
              NODE_CONFIGURATION);
      case BALANCER -> Set.of(NETWORK, FIREWALL_RULES);
      case BALANCER_CAPACITY -> Set.of(BALANCER);
      case TARGET_GROUP -> Set.of(NETWORK, NODE_FLEET);
      case LISTENER -> Set.of(BALANCER, NODE_FLEET, TARGET_GROUP);
      case ROUTER_INSTALLATION -> Set.of(NODE_FLEET, CACHE, NODE_CONFIGURATION);
      case NODE_WARM_UP -> Set.of(NODE_FLEET, CACHE, NODE_CONFIGURATION, ROUTER_INSTALLATION);
    };
  }

  /** The kind as it stands in plans and ids, such as {@code node-fleet}. */
  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
