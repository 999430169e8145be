package dev.spike.aws.api;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ec2.model.CreateLaunchTemplateRequest;
import software.amazon.awssdk.services.ec2.model.CreateLaunchTemplateVersionRequest;
import software.amazon.awssdk.services.ec2.model.CreateTagsRequest;
import software.amazon.awssdk.services.ec2.model.DeleteLaunchTemplateRequest;
import software.amazon.awssdk.services.ec2.model.DescribeLaunchTemplateVersionsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeLaunchTemplatesRequest;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.LaunchTemplate;
import software.amazon.awssdk.services.ec2.model.LaunchTemplateVersion;
import software.amazon.awssdk.services.ec2.model.RequestLaunchTemplateData;
import software.amazon.awssdk.services.ec2.model.ResourceType;

/** EC2's calls for launch templates. */
public final class TemplateApi {
  private final AwsClients clients;
  private final Calls calls;

  public TemplateApi(AwsClients clients) {
    this.clients = clients;
    this.calls = clients.calls();
  }

  public List<LaunchTemplate> templates(Deadline deadline, Filter... filters)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        DescribeLaunchTemplatesRequest.builder().filters(filters).build(),
        request ->
            clients.ec2().describeLaunchTemplatesPaginator(request).launchTemplates().stream()
                .toList());
  }

  public List<LaunchTemplateVersion> versions(Deadline deadline, String id)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        DescribeLaunchTemplateVersionsRequest.builder().launchTemplateId(id).build(),
        request ->
            clients
                .ec2()
                .describeLaunchTemplateVersionsPaginator(request)
                .launchTemplateVersions()
                .stream()
                .toList());
  }

  /**
   * Names are unique in the Region: a second creation is ALREADY_EXISTS. So it needs no client
   * token of ours, which could still stand for a template that was deleted since.
   */
  public LaunchTemplate create(
      Deadline deadline,
      String name,
      String description,
      RequestLaunchTemplateData data,
      Map<String, String> tags)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        CreateLaunchTemplateRequest.builder()
            .launchTemplateName(name)
            .versionDescription(description)
            .launchTemplateData(data)
            .tagSpecifications(Ec2Tags.on(ResourceType.LAUNCH_TEMPLATE, tags))
            .build(),
        request -> clients.ec2().createLaunchTemplate(request).launchTemplate());
  }

  public long createVersion(
      Deadline deadline,
      String id,
      String description,
      RequestLaunchTemplateData data,
      String token)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        CreateLaunchTemplateVersionRequest.builder()
            .launchTemplateId(id)
            .versionDescription(description)
            .launchTemplateData(data)
            .clientToken(token)
            .build(),
        request ->
            clients
                .ec2()
                .createLaunchTemplateVersion(request)
                .launchTemplateVersion()
                .versionNumber());
  }

  public void tag(Deadline deadline, String id, Map<String, String> tags)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        CreateTagsRequest.builder().resources(id).tags(Ec2Tags.list(tags)).build(),
        request -> clients.ec2().createTags(request));
  }

  public void delete(Deadline deadline, String id) throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        DeleteLaunchTemplateRequest.builder().launchTemplateId(id).build(),
        request -> clients.ec2().deleteLaunchTemplate(request));
  }
}
