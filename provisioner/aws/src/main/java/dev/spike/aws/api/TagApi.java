package dev.spike.aws.api;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.GetResourcesRequest;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.TagFilter;

/** What carries a tag, whichever service it is of. */
public final class TagApi {
  /** The most that AWS gives in one answer; without it half as many. */
  private static final int PAGE_MAX = 100;

  private final AwsClients clients;
  private final Calls calls;

  public TagApi(AwsClients clients) {
    this.clients = clients;
    this.calls = clients.calls();
  }

  /**
   * The tags of everything whose tag has that value, by ARN; also of what was deleted a short while
   * ago. Objects of a bucket are never in it.
   */
  public SortedMap<String, SortedMap<String, String>> resources(
      Deadline deadline, String tag, String value) throws ProviderException, InterruptedException {
    SortedMap<String, SortedMap<String, String>> found = new TreeMap<>();
    calls
        .of(
            deadline,
            GetResourcesRequest.builder()
                .resourcesPerPage(PAGE_MAX)
                .tagFilters(TagFilter.builder().key(tag).values(value).build())
                .build(),
            request ->
                clients.tagging().getResourcesPaginator(request).resourceTagMappingList().stream()
                    .toList())
        .forEach(
            thing -> {
              SortedMap<String, String> tags = new TreeMap<>();
              thing.tags().forEach(entry -> tags.put(entry.key(), entry.value()));
              found.put(thing.resourceARN(), tags);
            });
    return found;
  }
}
