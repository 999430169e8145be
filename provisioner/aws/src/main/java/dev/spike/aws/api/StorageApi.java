package dev.spike.aws.api;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.ListBucketsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.Tagging;

/** S3's calls, on objects of one bucket. */
public final class StorageApi {
  private final AwsClients clients;
  private final Calls calls;

  public StorageApi(AwsClients clients) {
    this.clients = clients;
    this.calls = clients.calls();
  }

  /** A text object as it was found. */
  public record Stored(String text, String etag) {}

  /**
   * What is put: its place, and what goes along.
   *
   * @param sha256 of the content, in hexadecimal; S3 refuses content that differs
   * @param kmsKey that encrypts it; empty for the bucket's default
   */
  public record Place(
      String bucket,
      String key,
      String sha256,
      Map<String, String> metadata,
      Map<String, String> tags,
      Optional<String> kmsKey) {}

  /** The account's buckets. */
  public List<String> buckets(Deadline deadline) throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        ListBucketsRequest.builder().build(),
        request -> clients.s3().listBuckets(request).buckets().stream().map(Bucket::name).toList());
  }

  /** The Region that a bucket is in. NOT_FOUND when it is not there. */
  public String region(Deadline deadline, String bucket)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        HeadBucketRequest.builder().bucket(bucket).build(),
        request -> clients.s3().headBucket(request).bucketRegion());
  }

  public void put(Deadline deadline, Place place, Path file)
      throws ProviderException, InterruptedException {
    in(
        place.bucket(),
        deadline,
        request(place).build(),
        request -> clients.s3().putObject(request, RequestBody.fromFile(file)).eTag());
  }

  public void put(Deadline deadline, Place place, byte[] content)
      throws ProviderException, InterruptedException {
    in(
        place.bucket(),
        deadline,
        request(place).build(),
        request -> clients.s3().putObject(request, RequestBody.fromBytes(content)).eTag());
  }

  /** Puts where nothing is and returns the ETag; otherwise the reason is CONDITION_FAILED. */
  public String putFirst(Deadline deadline, Place place, byte[] content)
      throws ProviderException, InterruptedException {
    return in(
        place.bucket(),
        deadline,
        request(place).ifNoneMatch("*").build(),
        request -> clients.s3().putObject(request, RequestBody.fromBytes(content)).eTag());
  }

  /** Puts over the object with that ETag, and as {@link #putFirst} for every other. */
  public String putOver(Deadline deadline, Place place, String etag, byte[] content)
      throws ProviderException, InterruptedException {
    return in(
        place.bucket(),
        deadline,
        request(place).ifMatch(etag).build(),
        request -> clients.s3().putObject(request, RequestBody.fromBytes(content)).eTag());
  }

  private static PutObjectRequest.Builder request(Place place) {
    List<Tag> tags =
        place.tags().entrySet().stream()
            .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
            .toList();
    PutObjectRequest.Builder request =
        PutObjectRequest.builder()
            .bucket(place.bucket())
            .key(place.key())
            .metadata(place.metadata())
            .checksumSHA256(
                Base64.getEncoder().encodeToString(HexFormat.of().parseHex(place.sha256())))
            .tagging(Tagging.builder().tagSet(tags).build());
    place
        .kmsKey()
        .ifPresent(
            key -> request.serverSideEncryption(ServerSideEncryption.AWS_KMS).ssekmsKeyId(key));
    return request;
  }

  /** The object with its content; empty when it is not there. */
  public Optional<Stored> get(Deadline deadline, String bucket, String key)
      throws ProviderException, InterruptedException {
    return there(
        () ->
            in(
                bucket,
                deadline,
                GetObjectRequest.builder().bucket(bucket).key(key).build(),
                request -> {
                  ResponseBytes<GetObjectResponse> object = clients.s3().getObjectAsBytes(request);
                  return new Stored(object.asUtf8String(), object.response().eTag());
                }));
  }

  /** The object's metadata; empty when it is not there. */
  public Optional<Map<String, String>> metadata(Deadline deadline, String bucket, String key)
      throws ProviderException, InterruptedException {
    return there(
        () ->
            calls.of(
                deadline,
                HeadObjectRequest.builder().bucket(bucket).key(key).build(),
                request -> clients.s3().headObject(request).metadata()));
  }

  /** The keys that begin so. */
  public List<String> keys(Deadline deadline, String bucket, String prefix)
      throws ProviderException, InterruptedException {
    return in(
        bucket,
        deadline,
        ListObjectsV2Request.builder().bucket(bucket).prefix(prefix).build(),
        request ->
            clients.s3().listObjectsV2Paginator(request).contents().stream()
                .map(S3Object::key)
                .toList());
  }

  /** Deletes; what is not there is deleted. */
  public void delete(Deadline deadline, String bucket, String key)
      throws ProviderException, InterruptedException {
    in(
        bucket,
        deadline,
        DeleteObjectRequest.builder().bucket(bucket).key(key).build(),
        request -> clients.s3().deleteObject(request));
  }

  /** Deletes the object with that ETag; otherwise the reason is CONDITION_FAILED. */
  public void deleteExactly(Deadline deadline, String bucket, String key, String etag)
      throws ProviderException, InterruptedException {
    in(
        bucket,
        deadline,
        DeleteObjectRequest.builder().bucket(bucket).key(key).ifMatch(etag).build(),
        request -> clients.s3().deleteObject(request));
  }

  private static <T> Optional<T> there(Calls.Attempt<T> look)
      throws ProviderException, InterruptedException {
    try {
      return Optional.of(look.run());
    } catch (ProviderException failure) {
      if (failure.kind() == Kind.NOT_FOUND
          && AwsErrors.reason(failure) != AwsErrors.Reason.NO_BUCKET) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  /** As every call, and with the bucket's name where that is what is missing. */
  private <R extends AwsRequest, T> T in(
      String bucket, Deadline deadline, R request, Function<R, T> call)
      throws ProviderException, InterruptedException {
    try {
      return calls.of(deadline, request, call);
    } catch (ProviderException failure) {
      @Nullable Throwable cause = failure.getCause();
      if (cause != null && AwsErrors.reason(failure) == AwsErrors.Reason.NO_BUCKET) {
        throw new ProviderException(
            Kind.NOT_FOUND,
            "bucket " + bucket + " is not there in " + clients.region(),
            "Make an empty bucket of that name in "
                + clients.region()
                + ", then run spike provision with the plan: it puts back what lay there. spike"
                + " teardown needs no bucket.",
            cause);
      }
      throw failure;
    }
  }
}
