package io.meshagent.it.programs;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;

/** Puts on every call of a channel what a command says, as interceptors of programs do. */
final class WithHeaders {

  private WithHeaders() {}

  /**
   * The channel with {@code key=…} in the header {@code x-key}, and {@code header=name:value,…}.
   */
  static Channel of(Channel channel, Options options) {
    Metadata headers = new Metadata();
    put(headers, "x-key", options.text("key", ""));
    for (String header : options.text("header", "").split(",", -1)) {
      int colon = header.indexOf(':');
      if (colon > 0) {
        put(headers, header.substring(0, colon), header.substring(colon + 1));
      }
    }
    return headers.keys().isEmpty()
        ? channel
        : ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private static void put(Metadata headers, String name, String value) {
    if (!value.isEmpty()) {
      headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
    }
  }
}
