package dev.spike.aws.preflight;

import java.util.Locale;

/**
 * One quota and what the tier takes of it. Codes as the Service Quotas console shows them.
 *
 * @param service the code of the service, such as {@code ec2}
 * @param needed by the tier, beside what others use
 * @param used by others of the account, where it can be told
 */
record Quota(String service, String code, String title, double needed, double used) {
  Quota(String service, String code, String title, double needed) {
    this(service, code, title, needed, 0);
  }

  boolean fits(double value) {
    return needed + used <= value;
  }

  /** Such as {@code 432 needed, 20 used by others, 5 there}. */
  String against(double value) {
    return number(needed)
        + " needed, "
        + (used > 0 ? number(used) + " used by others, " : "")
        + number(value)
        + " there";
  }

  /** The request that would make it fit; the command in a line of its own, to be copied. */
  String request(String region) {
    return String.format(
        Locale.ROOT,
        "Ask for %s, which can take days:\naws service-quotas request-service-quota-increase"
            + " --region %s --service-code %s --quota-code %s --desired-value %.0f",
        number(Math.ceil(needed + used)),
        region,
        service,
        code,
        Math.ceil(needed + used));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }
}
