package dev.spike.aws.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.ec2.model.CreateFleetRequest;
import software.amazon.awssdk.services.ec2.model.TerminateInstancesRequest;

/**
 * One token bucket that a call is charged to.
 *
 * <p>EC2 keeps a bucket for each of its actions and the load balancing API one for the whole
 * account; their sizes are those of the EC2 and Elastic Load Balancing developer guides. The other
 * services publish none: theirs are cautious choices of ours.
 *
 * @param name of the bucket, such as {@code ec2 CreateFleet}
 * @param burst tokens in the full bucket
 * @param perSecond tokens that come back each second
 * @param tokens that this call takes
 */
record RateLimit(String name, double burst, double perSecond, double tokens) {
  private static final Set<String> BALANCER_CREATIONS = Set.of("CreateLoadBalancer");
  private static final Set<String> BALANCER_REGISTRATIONS =
      Set.of("RegisterTargets", "DeregisterTargets");

  /** The buckets of a call, by the SDK's names of service and operation. */
  static List<RateLimit> of(String service, String operation, SdkRequest request) {
    return switch (service) {
      case "Ec2" -> ec2(operation, request);
      case "Elastic Load Balancing v2" -> balancer(operation);
      case "SSM" -> one("ssm " + operation, operation.startsWith("Get") ? 40 : 5, 5);
      case "S3" -> one("s3", 200, 100);
      case "ElastiCache" -> one("elasticache", 20, 5);
      case "Service Quotas" -> one("servicequotas", 10, 5);
      case "Resource Groups Tagging API" -> one("tagging", 10, 5);
      default -> one(service.toLowerCase(java.util.Locale.ROOT), 20, 10);
    };
  }

  private static List<RateLimit> ec2(String operation, SdkRequest request) {
    String bucket = "ec2 " + operation;
    if (operation.startsWith("Describe") || operation.startsWith("Get")) {
      return one(bucket, 100, 20);
    }
    if (request instanceof CreateFleetRequest fleet) {
      int instances = fleet.targetCapacitySpecification().totalTargetCapacity();
      return List.of(
          new RateLimit(bucket, 5, 2, 1),
          new RateLimit("ec2 launched instances", 1000, 2, instances));
    }
    if (request instanceof TerminateInstancesRequest end) {
      return List.of(
          new RateLimit(bucket, 50, 5, 1),
          new RateLimit("ec2 ended instances", 1000, 20, end.instanceIds().size()));
    }
    return one(bucket, 50, 5);
  }

  private static List<RateLimit> balancer(String operation) {
    List<RateLimit> limits = new ArrayList<>();
    if (BALANCER_CREATIONS.contains(operation)) {
      limits.add(new RateLimit("elb " + operation, 10, 0.2, 1));
    } else if (BALANCER_REGISTRATIONS.contains(operation)) {
      limits.add(new RateLimit("elb " + operation, 20, 4, 1));
    }
    limits.add(new RateLimit("elb", 40, 10, 1));
    return limits;
  }

  private static List<RateLimit> one(String name, double burst, double perSecond) {
    return List.of(new RateLimit(name, burst, perSecond, 1));
  }
}
