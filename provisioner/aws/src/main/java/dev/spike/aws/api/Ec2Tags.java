package dev.spike.aws.api;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/** Tags and filters as EC2 writes them. */
public final class Ec2Tags {
  private Ec2Tags() {}

  public static List<Tag> list(Map<String, String> tags) {
    return tags.entrySet().stream()
        .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
        .toList();
  }

  public static SortedMap<String, String> map(Collection<Tag> tags) {
    SortedMap<String, String> map = new TreeMap<>();
    tags.forEach(tag -> map.put(tag.key(), tag.value()));
    return map;
  }

  /** What a creation is given, so that its effect is tagged from its first moment. */
  public static TagSpecification on(ResourceType type, Map<String, String> tags) {
    return TagSpecification.builder().resourceType(type).tags(list(tags)).build();
  }

  /** Holds for things with that tag. */
  public static Filter tag(String name, String value) {
    return filter("tag:" + name, value);
  }

  public static Filter filter(String name, String... values) {
    return Filter.builder().name(name).values(Arrays.asList(values)).build();
  }
}
