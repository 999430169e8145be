package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.Calls;
import dev.spike.aws.api.Ec2Tags;
import dev.spike.aws.api.TemplateApi;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.ec2.model.LaunchTemplate;
import software.amazon.awssdk.services.ec2.model.LaunchTemplateVersion;
import software.amazon.awssdk.services.ec2.model.RequestLaunchTemplateData;

/**
 * The launch template, one for the event, with a version for each form that a zone's fleet asks
 * for. The image is chosen once, when the template is made, and kept with it.
 */
final class LaunchTemplatePart implements Part {
  static final ResourceId ID = new ResourceId("launch-template");
  private static final String IMAGE = "image";
  private static final int FINGERPRINT_CHARS = 16;

  private final AwsSettings settings;
  private final Calls calls;
  private final TemplateApi api;
  private final NodeTemplate form;

  LaunchTemplatePart(AwsSettings settings, AwsClients clients, NodeTemplate form) {
    this.settings = settings;
    this.calls = clients.calls();
    this.api = new TemplateApi(clients);
    this.form = form;
  }

  @Override
  public Kind kind() {
    return Kind.LAUNCH_TEMPLATE;
  }

  private Optional<LaunchTemplate> find(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    return api.templates(deadline, Ec2Tags.tag(EventTags.EVENT, event.value())).stream()
        .findFirst();
  }

  @Override
  public SortedMap<ResourceId, Observed> observe(EventName event)
      throws ProviderException, InterruptedException {
    SortedMap<ResourceId, Observed> seen = new TreeMap<>();
    find(event, calls.soon())
        .ifPresent(
            template -> {
              Map<String, String> attributes = EventTags.attributes(Ec2Tags.map(template.tags()));
              attributes.remove(IMAGE);
              seen.put(ID, new Observed(ID, Kind.LAUNCH_TEMPLATE, attributes, List.of()));
            });
    return seen;
  }

  @Override
  public void converge(Resource resource, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    Desired plan = new Desired(desired);
    Optional<LaunchTemplate> there = find(tags.event(), deadline);
    Map<String, String> attributes = new HashMap<>(resource.attributes());
    attributes.put(IMAGE, image(there, plan, deadline));
    SortedMap<String, String> all = EventTags.of(tags, ID, settings, attributes);
    if (there.isPresent()) {
      if (!Ec2Tags.map(there.get().tags()).equals(all)) {
        api.tag(deadline, there.get().launchTemplateId(), all);
      }
      return;
    }
    RequestLaunchTemplateData data =
        form.data(
            tags,
            plan,
            String.valueOf(attributes.get(IMAGE)),
            EventTags.of(tags, ID, settings),
            Optional.empty(),
            deadline);
    try {
      api.create(deadline, Names.of(tags.event(), ID, Names.TEMPLATE_CHARS_MAX), "base", data, all);
    } catch (ProviderException failure) {
      if (failure.kind() != ProviderException.Kind.ALREADY_EXISTS) {
        throw failure;
      }
    }
    calls.settled(
        deadline,
        () -> {
          if (find(tags.event(), deadline).isEmpty()) {
            throw notThere(tags.event());
          }
        });
  }

  /** The image given, else the one that the template was made with, else the newest. */
  private String image(Optional<LaunchTemplate> there, Desired plan, Deadline deadline)
      throws ProviderException, InterruptedException {
    Optional<String> kept =
        there.map(template -> EventTags.attributes(Ec2Tags.map(template.tags())).get(IMAGE));
    return settings.imageId().isEmpty() && kept.isPresent()
        ? kept.get()
        : form.image(form.types(plan), deadline);
  }

  /** A version of the template, and the template. */
  record Version(String templateId, long number) {}

  /** The version for a zone's fleet; made when there is none of that form. */
  Version version(
      String name,
      Desired plan,
      Tags tags,
      SortedMap<String, String> onMachines,
      Optional<String> reservation,
      Deadline deadline)
      throws ProviderException, InterruptedException {
    LaunchTemplate template =
        calls.settling(
            deadline, () -> find(tags.event(), deadline).orElseThrow(() -> notThere(tags.event())));
    String image = EventTags.attributes(Ec2Tags.map(template.tags())).getOrDefault(IMAGE, "");
    RequestLaunchTemplateData data =
        form.data(tags, plan, image, onMachines, reservation, deadline);
    String description = name + " " + Names.hash(data.toString()).substring(0, FINGERPRINT_CHARS);
    List<LaunchTemplateVersion> versions =
        calls.settling(deadline, () -> api.versions(deadline, template.launchTemplateId()));
    for (LaunchTemplateVersion version : versions) {
      if (description.equals(version.versionDescription())) {
        return new Version(template.launchTemplateId(), version.versionNumber());
      }
    }
    return new Version(
        template.launchTemplateId(),
        calls.settling(
            deadline,
            () ->
                api.createVersion(
                    deadline,
                    template.launchTemplateId(),
                    description,
                    data,
                    Names.token(template.launchTemplateId(), description))));
  }

  private static ProviderException notThere(EventName event) {
    return new ProviderException(
        ProviderException.Kind.NOT_FOUND,
        "the launch template of event " + event + " is not there",
        "Run spike provision with this plan: it makes the template first.");
  }

  @Override
  public void delete(EventName event, ResourceId id, Deadline deadline)
      throws ProviderException, InterruptedException {
    for (LaunchTemplate template :
        api.templates(deadline, Ec2Tags.tag(EventTags.EVENT, event.value()))) {
      Calls.gone(() -> api.delete(deadline, template.launchTemplateId()));
    }
  }

  @Override
  public List<String> strays(EventName event) {
    return List.of();
  }

  @Override
  public void sweep(EventName event, Deadline deadline) {}
}
