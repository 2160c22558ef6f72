package io.meshagent.grpc.server;

import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.meshagent.core.api.HealthService;
import io.meshagent.core.api.Rights;
import io.meshagent.grpc.base.GrpcInternals;
import java.util.Collection;

/** The two methods of {@code grpc.health.v1.Health} as a server of the program hosts them. */
final class HostedHealth implements HealthService {

  static final String NAME = "grpc.health.v1.Health";

  /** What {@code ServerInterceptors.intercept} wraps handlers in, in every gRPC so far. */
  private static final String INTERCEPTED = "io.grpc.ServerInterceptors$InterceptCallHandler";

  private final ServerMethodDefinition<?, ?> check;
  private final ServerMethodDefinition<?, ?> watch;
  private final ClassLoader program;
  private final Rights rights;

  private HostedHealth(
      ServerMethodDefinition<?, ?> check,
      ServerMethodDefinition<?, ?> watch,
      ClassLoader program,
      Rights rights) {
    this.check = check;
    this.watch = watch;
    this.program = program;
    this.rights = rights;
  }

  /**
   * The health service among some; null if there is none that can be asked.
   *
   * @param program the loader that its code expects to find
   * @param rights those that it is asked with
   */
  static HostedHealth of(
      Collection<ServerServiceDefinition> services, ClassLoader program, Rights rights) {
    for (ServerServiceDefinition service : services) {
      if (service.getServiceDescriptor().getName().equals(NAME)) {
        ServerMethodDefinition<?, ?> check = method(service, "Check");
        ServerMethodDefinition<?, ?> watch = method(service, "Watch");
        return check == null && watch == null
            ? null
            : new HostedHealth(check, watch, program, rights);
      }
    }
    return null;
  }

  private static ServerMethodDefinition<?, ?> method(ServerServiceDefinition service, String name) {
    for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
      if (method.getMethodDescriptor().getFullMethodName().equals(NAME + "/" + name)) {
        return bare(method);
      }
    }
    return null;
  }

  /**
   * The method without what the program has put around its service. Interceptors are made for calls
   * off the wire: they count, they want credentials, and those of Quarkus want an event loop.
   */
  private static <A, B> ServerMethodDefinition<A, B> bare(ServerMethodDefinition<A, B> method) {
    ServerCallHandler<A, B> handler = method.getServerCallHandler();
    while (handler.getClass().getName().equals(INTERCEPTED)) {
      Object inner = GrpcInternals.field(handler, "callHandler");
      if (!(inner instanceof ServerCallHandler)) {
        return method;
      }
      @SuppressWarnings("unchecked") // A handler is wrapped into one of the same messages.
      ServerCallHandler<A, B> same = (ServerCallHandler<A, B>) inner;
      handler = same;
    }
    return method.withServerCallHandler(handler);
  }

  @Override
  public Inquiry watch(String service, Listener listener) {
    return watch == null ? null : new HealthInquiry<>(watch, service, listener, program, rights);
  }

  @Override
  public Inquiry check(String service, Listener listener) {
    return check == null ? null : new HealthInquiry<>(check, service, listener, program, rights);
  }
}
