package io.meshagent.it.programs;

import com.example.greeter.api.GreeterGrpc;
import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.lang.reflect.Field;
import java.security.AccessControlContext;
import java.security.Permission;
import java.util.Map;
import java.util.PropertyPermission;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;

/**
 * Tells what its code may do at each place that gRPC calls it. It is allowed to read the property
 * {@code probe.allowed} and forbidden {@code probe.forbidden}, by the policy that it runs with.
 *
 * <ul>
 *   <li>{@code serve}: starts a server, says its port
 *   <li>{@code call <target>}: one call with an interceptor, one more on the transport's threads
 *   <li>{@code manager}: puts a security manager in force
 *   <li>{@code refuse}: puts one in force that allows everything but an agent's loaders
 *   <li>{@code found}: what was allowed where
 *   <li>{@code threads}: what the threads of gRPC have inherited, by their kind; Java 8 only
 * </ul>
 */
public final class RightsProbe {

  private static final Map<String, String> FOUND = new ConcurrentSkipListMap<>();

  private RightsProbe() {}

  public static void main(String[] args) throws IOException {
    Map<String, ManagedChannel> channels = new TreeMap<>();
    System.out.println("ready");
    Commands.follow(
        words -> {
          switch (words[0]) {
            case "serve":
              Server server = ServerBuilder.forPort(0).addService(new Greeter()).build().start();
              System.out.println("done " + server.getPort());
              break;
            case "call":
              ManagedChannel channel =
                  channels.computeIfAbsent(
                      words[1],
                      target -> ManagedChannelBuilder.forTarget(target).usePlaintext().build());
              System.out.println("done " + call(channel, false) + " " + call(channel, true));
              break;
            case "manager":
              System.setSecurityManager(new SecurityManager());
              System.out.println("done manager");
              break;
            case "refuse":
              System.setSecurityManager(new Refusing());
              System.out.println("done refuse");
              break;
            case "found":
              System.out.println("done " + FOUND);
              break;
            case "threads":
              System.out.println("done " + threads());
              break;
            default:
              throw new IllegalArgumentException(words[0]);
          }
        });
  }

  private static String call(Channel channel, boolean direct) {
    Channel seen = ClientInterceptors.intercept(channel, new Interceptor(direct ? "direct " : ""));
    CallOptions options = CallOptions.DEFAULT;
    try {
      // A blocking call brings an executor of its own.
      return ClientCalls.futureUnaryCall(
              seen.newCall(
                  GreeterGrpc.getSayHelloMethod(),
                  direct ? options.withExecutor(Runnable::run) : options),
              HelloRequest.newBuilder().setName("probe").build())
          .get()
          .getServedBy();
    } catch (ExecutionException e) {
      return Status.fromThrowable(e).getCode().toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  private static void look(String place) {
    FOUND.put(place, mayRead("probe.allowed") + " and " + mayRead("probe.forbidden"));
  }

  private static String mayRead(String property) {
    try {
      System.getProperty(property);
      return "may";
    } catch (SecurityException e) {
      return "may not";
    }
  }

  private static Map<String, String> threads() throws ReflectiveOperationException {
    Field inherited = Thread.class.getDeclaredField("inheritedAccessControlContext");
    inherited.setAccessible(true);
    Map<String, String> kinds = new TreeMap<>();
    Thread[] all = new Thread[Thread.activeCount() * 2 + 10];
    int count = Thread.enumerate(all);
    for (int i = 0; i < count; i++) {
      String kind = all[i].getName().replaceAll("[-\\d]+", "-");
      AccessControlContext context = (AccessControlContext) inherited.get(all[i]);
      if (kind.startsWith("grpc-") && context != null) {
        kinds.merge(kind, allows(context), (a, b) -> a.equals(b) ? a : "may here, may not there");
      }
    }
    return kinds;
  }

  private static String allows(AccessControlContext context) {
    try {
      context.checkPermission(new PropertyPermission("probe.forbidden", "read"));
      return "may";
    } catch (SecurityException e) {
      return "may not";
    }
  }

  /** Goes by names and not by domains, as managers of a program's own do. */
  private static final class Refusing extends SecurityManager {
    @Override
    public void checkPermission(Permission permission) {
      if (permission.getName().equals("createClassLoader")) {
        for (Class<?> caller : getClassContext()) {
          if (caller.getName().startsWith("io.meshagent.bootstrap.")) {
            throw new SecurityException("no loaders for " + caller.getSimpleName());
          }
        }
      }
    }
  }

  /** Answers, and looks at its rights on its own thread and on a new one. */
  private static final class Greeter extends GreeterGrpc.GreeterImplBase {
    @Override
    public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
      look("handler");
      Thread thread = new Thread(() -> look("thread of the handler"));
      thread.start();
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      replies.onNext(HelloReply.newBuilder().setServedBy("probe").build());
      replies.onCompleted();
    }
  }

  /** Looks where a client's interceptor is called. */
  private static final class Interceptor implements ClientInterceptor {
    private final String prefix;

    Interceptor(String prefix) {
      this.prefix = prefix;
    }

    @Override
    public <A, B> ClientCall<A, B> interceptCall(
        MethodDescriptor<A, B> method, CallOptions options, Channel next) {
      look(prefix + "interceptor");
      return new SimpleForwardingClientCall<A, B>(next.newCall(method, options)) {
        @Override
        public void start(Listener<B> listener, Metadata headers) {
          look(prefix + "start");
          super.start(
              new SimpleForwardingClientCallListener<B>(listener) {
                @Override
                public void onClose(Status status, Metadata trailers) {
                  look(prefix + "close");
                  super.onClose(status, trailers);
                }
              },
              headers);
        }
      };
    }
  }
}
