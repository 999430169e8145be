package dev.spike.aws;

import java.util.Collection;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.Ipv6Range;
import software.amazon.awssdk.services.ec2.model.UserIdGroupPair;

/**
 * One thing that may connect.
 *
 * @param protocol {@code tcp} or {@code udp}
 * @param first port, and last port, both allowed
 * @param source a network in CIDR form, or the id of a security group
 */
record FirewallRule(String protocol, int first, int last, String source)
    implements Comparable<FirewallRule> {
  private static final Comparator<FirewallRule> ORDER =
      Comparator.comparing(FirewallRule::protocol)
          .thenComparingInt(FirewallRule::first)
          .thenComparingInt(FirewallRule::last)
          .thenComparing(FirewallRule::source);

  static FirewallRule tcp(int port, String source) {
    return new FirewallRule("tcp", port, port, source);
  }

  /** The rules of a group; EC2 joins those of one port range. */
  static Set<FirewallRule> of(Collection<IpPermission> permissions) {
    Set<FirewallRule> rules = new TreeSet<>();
    for (IpPermission p : permissions) {
      int first = p.fromPort() == null ? 0 : p.fromPort();
      int last = p.toPort() == null ? 65_535 : p.toPort();
      p.ipRanges()
          .forEach(r -> rules.add(new FirewallRule(p.ipProtocol(), first, last, r.cidrIp())));
      p.ipv6Ranges()
          .forEach(r -> rules.add(new FirewallRule(p.ipProtocol(), first, last, r.cidrIpv6())));
      p.userIdGroupPairs()
          .forEach(g -> rules.add(new FirewallRule(p.ipProtocol(), first, last, g.groupId())));
    }
    return rules;
  }

  IpPermission permission() {
    IpPermission.Builder permission =
        IpPermission.builder().ipProtocol(protocol).fromPort(first).toPort(last);
    if (source.startsWith("sg-")) {
      permission.userIdGroupPairs(UserIdGroupPair.builder().groupId(source).build());
    } else if (source.contains(":")) {
      permission.ipv6Ranges(Ipv6Range.builder().cidrIpv6(source).build());
    } else {
      permission.ipRanges(IpRange.builder().cidrIp(source).build());
    }
    return permission.build();
  }

  @Override
  public int compareTo(FirewallRule other) {
    return ORDER.compare(this, other);
  }
}
