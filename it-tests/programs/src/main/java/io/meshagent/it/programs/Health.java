package io.meshagent.it.programs;

import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerBuilder;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A health service as programs have it: {@code none}; {@code manager}, gRPC's own; {@code check}, a
 * hand-made one that only knows Check. A status is the number that stands on the wire.
 */
abstract class Health {

  static Health of(String kind) {
    switch (kind) {
      case "none":
        return new None();
      case "check":
        return new CheckOnly();
      case "manager":
        return new Manager();
      default:
        throw new IllegalArgumentException(kind);
    }
  }

  abstract void addTo(ServerBuilder<?> builder);

  abstract void say(String service, int status);

  private static final class None extends Health {
    @Override
    void addTo(ServerBuilder<?> builder) {
      // As most programs do.
    }

    @Override
    void say(String service, int status) {
      throw new IllegalStateException("this program has no health service");
    }
  }

  /** Knows no generated classes: its messages are bytes. */
  private static final class CheckOnly extends Health {
    private final Map<String, Integer> statuses = new ConcurrentHashMap<>();

    @Override
    void addTo(ServerBuilder<?> builder) {
      MethodDescriptor<byte[], byte[]> check =
          MethodDescriptor.<byte[], byte[]>newBuilder()
              .setType(MethodType.UNARY)
              .setFullMethodName("grpc.health.v1.Health/Check")
              .setRequestMarshaller(new Bytes())
              .setResponseMarshaller(new Bytes())
              .build();
      builder.addService(
          ServerServiceDefinition.builder("grpc.health.v1.Health")
              .addMethod(
                  check,
                  ServerCalls.<byte[], byte[]>asyncUnaryCall(
                      (request, replies) -> {
                        Integer status = statuses.get(service(request));
                        if (status == null) {
                          replies.onError(Status.NOT_FOUND.asRuntimeException());
                        } else {
                          replies.onNext(new byte[] {8, status.byteValue()});
                          replies.onCompleted();
                        }
                      }))
              .build());
    }

    private static String service(byte[] request) {
      return request.length == 0
          ? ""
          : new String(request, 2, request.length - 2, StandardCharsets.UTF_8);
    }

    @Override
    void say(String service, int status) {
      statuses.put(service, status);
    }
  }

  /** By reflection: it is in another package since gRPC 1.38, and not on every class path. */
  private static final class Manager extends Health {
    private final Object manager;
    private final Class<?> statusType;

    Manager() {
      try {
        manager = managerType().getConstructor().newInstance();
        statusType = Class.forName("io.grpc.health.v1.HealthCheckResponse$ServingStatus");
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("this class path has no HealthStatusManager", e);
      }
    }

    private static Class<?> managerType() throws ClassNotFoundException {
      try {
        return Class.forName("io.grpc.protobuf.services.HealthStatusManager");
      } catch (ClassNotFoundException e) {
        return Class.forName("io.grpc.services.HealthStatusManager");
      }
    }

    @Override
    void addTo(ServerBuilder<?> builder) {
      try {
        builder.addService(
            (BindableService) manager.getClass().getMethod("getHealthService").invoke(manager));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    void say(String service, int status) {
      try {
        manager
            .getClass()
            .getMethod("setStatus", String.class, statusType)
            .invoke(
                manager,
                service,
                statusType.getMethod("forNumber", int.class).invoke(null, status));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int next = stream.read(); next >= 0; next = stream.read()) {
          all.write(next);
        }
        return all.toByteArray();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
