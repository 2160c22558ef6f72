package io.meshagent.grpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.HealthService;
import io.meshagent.core.api.Rights;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which part of a program's health service is asked. */
class HostedHealthTest {

  private static final String NAME = "grpc.health.v1.Health";
  private static final byte[] SERVING = {1 << 3, HealthService.SERVING};

  private final List<String> said = new ArrayList<>();

  @Test
  void it_is_asked_past_the_interceptors_that_stand_around_its_service() {
    ServerInterceptor refusing =
        new ServerInterceptor() {
          @Override
          public <A, B> ServerCall.Listener<A> interceptCall(
              ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
            call.close(Status.UNAUTHENTICATED, new Metadata());
            return new ServerCall.Listener<A>() {};
          }
        };
    ServerServiceDefinition twice =
        ServerInterceptors.intercept(ServerInterceptors.intercept(health(), refusing), refusing);

    HostedHealth.of(List.of(twice), getClass().getClassLoader(), Rights.ofCallers())
        .check("", new Saying())
        .start();

    assertThat(said).containsExactly("status 1", "ended OK");
  }

  private static ServerServiceDefinition health() {
    MethodDescriptor<byte[], byte[]> check =
        MethodDescriptor.newBuilder(new Bytes(), new Bytes())
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(NAME + "/Check")
            .build();
    return ServerServiceDefinition.builder(NAME)
        .addMethod(
            check,
            (call, headers) -> {
              call.sendMessage(SERVING);
              call.close(Status.OK, new Metadata());
              return new ServerCall.Listener<byte[]>() {};
            })
        .build();
  }

  private final class Saying implements HealthService.Listener {
    @Override
    public void status(int status) {
      said.add("status " + status);
    }

    @Override
    public void ended(Code code) {
      said.add("ended " + code);
    }
  }

  /** Messages as they stand on the wire. */
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      return new byte[0];
    }
  }
}
