package dev.spike.local.linux;

import java.io.IOException;
import java.util.List;

/**
 * The balancer's table in nftables. New flows are spread by a hash of the client's address and
 * port; a flow that is known stays where it is, whatever the rule says later.
 */
public final class Nft {
  public static final String TABLE = "spike";

  private Nft() {}

  /**
   * The script that makes the table anew.
   *
   * @param front the address clients connect to
   * @param targets addresses of nodes; at least one
   */
  public static String createScript(String front, int port, int servicePort, List<String> targets) {
    return String.join(
        "\n",
        "add table ip " + TABLE,
        "delete table ip " + TABLE,
        "table ip " + TABLE + " {",
        "  chain spread {",
        "    type nat hook prerouting priority dstnat; policy accept;",
        "    " + rule(front, port, servicePort, targets),
        "  }",
        "  chain back {",
        // a reply that comes by another way than its flow went is lost, as behind an NLB
        "    type filter hook forward priority filter; policy accept;",
        "    ct state invalid drop",
        "    oifname \"front\" ct state != { established, related } drop",
        "  }",
        "}",
        "");
  }

  /**
   * The script that replaces the nodes that new flows go to, in one transaction. It fails when the
   * table is gone.
   */
  public static String retargetScript(
      String front, int port, int servicePort, List<String> targets) {
    return String.join(
        "\n",
        "flush chain ip " + TABLE + " spread",
        "add rule ip " + TABLE + " spread " + rule(front, port, servicePort, targets),
        "");
  }

  /** The script that removes the table; it succeeds when there is none. */
  public static String deleteScript() {
    return "add table ip " + TABLE + "\ndelete table ip " + TABLE + "\n";
  }

  /** Runs a script in the namespace of the calling process. */
  public static void run(String script) throws IOException, InterruptedException {
    Tool.of("nft", "-f", "-").reading(script).run();
  }

  private static String rule(String front, int port, int servicePort, List<String> targets) {
    StringBuilder map = new StringBuilder();
    for (int i = 0; i < targets.size(); i++) {
      map.append(i == 0 ? "" : ", ").append(i).append(" : ").append(targets.get(i));
    }
    return "ip daddr "
        + front
        + " tcp dport "
        + port
        + " dnat to jhash ip saddr . tcp sport mod "
        + targets.size()
        + " seed 0x5eed map { "
        + map
        + " } : "
        + servicePort;
  }
}
