package dev.spike.aws.api;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import software.amazon.awssdk.services.servicequotas.model.GetAwsDefaultServiceQuotaRequest;
import software.amazon.awssdk.services.servicequotas.model.GetServiceQuotaRequest;

/** What an account may have of a thing. */
public final class QuotaApi {
  private final AwsClients clients;
  private final Calls calls;

  public QuotaApi(AwsClients clients) {
    this.clients = clients;
    this.calls = clients.calls();
  }

  /** The account's value, else the one that every account begins with. */
  public double value(Deadline deadline, String service, String code)
      throws ProviderException, InterruptedException {
    try {
      return calls.of(
          deadline,
          GetServiceQuotaRequest.builder().serviceCode(service).quotaCode(code).build(),
          request -> clients.quotas().getServiceQuota(request).quota().value());
    } catch (ProviderException failure) {
      // The service answers so for a quota that nobody of the account ever had changed.
      if (failure.kind() != Kind.NOT_FOUND) {
        throw failure;
      }
      return calls.of(
          deadline,
          GetAwsDefaultServiceQuotaRequest.builder().serviceCode(service).quotaCode(code).build(),
          request -> clients.quotas().getAWSDefaultServiceQuota(request).quota().value());
    }
  }
}
