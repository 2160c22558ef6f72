package io.meshagent.grpc.reroute;

import io.grpc.MethodDescriptor;
import io.meshagent.grpc.base.HealthMessages;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** What is asked of a peer's health service, and what it answers, as bytes. Stateless. */
final class HealthMethod {

  /** Its request is the name of a service, its responses are numbers of statuses. */
  static final MethodDescriptor<String, Integer> WATCH =
      MethodDescriptor.<String, Integer>newBuilder()
          .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
          .setFullMethodName("grpc.health.v1.Health/Watch")
          .setRequestMarshaller(new Request())
          .setResponseMarshaller(new Response())
          .build();

  private static final String[] NAMES = {"UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"};

  private HealthMethod() {}

  /** The name of a status in the protocol, or its number if it has none that we know. */
  static String name(int status) {
    return status >= 0 && status < NAMES.length ? NAMES[status] : "status " + status;
  }

  private static final class Request implements MethodDescriptor.Marshaller<String> {

    @Override
    public InputStream stream(String service) {
      return HealthMessages.request(service);
    }

    @Override
    public String parse(InputStream stream) {
      throw new UnsupportedOperationException("nobody is asked by this");
    }
  }

  private static final class Response implements MethodDescriptor.Marshaller<Integer> {

    @Override
    public InputStream stream(Integer status) {
      throw new UnsupportedOperationException("nobody answers by this");
    }

    @Override
    public Integer parse(InputStream stream) {
      try {
        return HealthMessages.status(stream);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
