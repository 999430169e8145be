package dev.spike.aws.api;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import java.util.List;
import software.amazon.awssdk.services.ec2.model.DescribeImagesRequest;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ssm.model.GetParameterRequest;

/** The calls that find the image of a new machine. */
public final class ImageApi {
  private final AwsClients clients;
  private final Calls calls;

  public ImageApi(AwsClients clients) {
    this.clients = clients;
    this.calls = clients.calls();
  }

  /** The value of a public parameter, such as the id of the newest image of a kind. */
  public String parameter(Deadline deadline, String name)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        GetParameterRequest.builder().name(name).build(),
        request -> clients.ssm().getParameter(request).parameter().value());
  }

  /** Images by id. NOT_FOUND when it is not there or not shared with this account. */
  public List<Image> images(Deadline deadline, String id)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        DescribeImagesRequest.builder().imageIds(id).build(),
        request -> clients.ec2().describeImages(request).images());
  }
}
