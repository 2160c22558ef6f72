package io.meshagent.it.programs;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import java.util.concurrent.Executor;

/**
 * Credentials of a call, which gRPC asks for when an attempt leaves. Stateless. Older versions of
 * gRPC have one more method, which nobody calls.
 */
final class Signature extends CallCredentials {

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  static Metadata headers() {
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer test");
    return headers;
  }

  @Override
  public void applyRequestMetadata(
      RequestInfo requestInfo, Executor executor, MetadataApplier applier) {
    applier.apply(headers());
  }

  @Override
  public void thisUsesUnstableApi() {}
}
