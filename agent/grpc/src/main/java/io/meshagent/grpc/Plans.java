package io.meshagent.grpc;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.meshagent.core.api.CallPlan;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Side;
import java.util.Optional;

/** The plans of the methods that this copy of gRPC calls and serves, by descriptor. Thread-safe. */
public final class Plans {

  private final IdentityCache<MethodDescriptor<?, ?>, Optional<CallPlan>> client;
  private final IdentityCache<MethodDescriptor<?, ?>, Optional<CallPlan>> server;

  public Plans(Mesh mesh) {
    client = new IdentityCache<>(method -> find(mesh, Side.CLIENT, method));
    server = new IdentityCache<>(method -> find(mesh, Side.SERVER, method));
  }

  private static Optional<CallPlan> find(Mesh mesh, Side side, MethodDescriptor<?, ?> method) {
    boolean streaming = method.getType() != MethodType.UNARY;
    return Optional.ofNullable(mesh.plan(side, method.getFullMethodName(), streaming));
  }

  /** The client's plan for a method, or null if its calls are left alone. */
  public CallPlan client(MethodDescriptor<?, ?> method) {
    return client.get(method).orElse(null);
  }

  /** The server's plan for a method, or null if its calls are left alone. */
  public CallPlan server(MethodDescriptor<?, ?> method) {
    return server.get(method).orElse(null);
  }
}
