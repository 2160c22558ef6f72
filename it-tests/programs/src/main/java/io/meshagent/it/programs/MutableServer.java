package io.meshagent.it.programs;

import io.grpc.HandlerRegistry;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.util.MutableHandlerRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * {@code MutableServer [name=mutable] [services=a.B,c.D] [own=well] [health=none] [fixed=a.B]}: a
 * server whose services come and go while it runs, all but the fixed ones. They are in gRPC's own
 * {@code MutableHandlerRegistry}, or with {@code own} in one of the program's: it lists them {@code
 * well}, {@code throws} when it should, or {@code blocks} for ever. For {@code health} see {@link
 * Health}.
 *
 * <p>Says {@code port <n>} when it listens. On stdin: {@code add <service>}, {@code remove
 * <service>}, {@code own <how>}, {@code status <number> <service>}, {@code shutdown}, {@code quit}.
 */
public final class MutableServer {

  private MutableServer() {}

  public static void main(String[] args) throws IOException {
    Options options = new Options(args);
    FlakyGreeter greeter = new FlakyGreeter(options.text("name", "mutable"), 0);
    MutableHandlerRegistry services = new MutableHandlerRegistry();
    OwnRegistry own = new OwnRegistry(services);
    Map<String, ServerServiceDefinition> present = new TreeMap<>();
    for (String service : options.text("services", "").split(",", -1)) {
      if (!service.isEmpty()) {
        present.put(service, Named.service(service, greeter));
        services.addService(present.get(service));
      }
    }
    own.listing = options.text("own", "well");
    ServerBuilder<?> builder =
        ServerBuilder.forPort(0).fallbackHandlerRegistry(options.has("own") ? own : services);
    if (options.has("fixed")) {
      builder.addService(Named.service(options.text("fixed", ""), greeter));
    }
    Health health = Health.of(options.text("health", "none"));
    health.addTo(builder);
    Server server = builder.build().start();
    System.out.println("port " + server.getPort());
    Commands.follow(
        words -> {
          switch (words[0]) {
            case "add":
              present.put(words[1], Named.service(words[1], greeter));
              services.addService(present.get(words[1]));
              break;
            case "remove":
              services.removeService(present.remove(words[1]));
              break;
            case "own":
              own.listing = words[1];
              break;
            case "status":
              health.say(words[2], Integer.parseInt(words[1]));
              break;
            case "shutdown":
              server.shutdown();
              break;
            default:
              throw new IllegalArgumentException(words[0]);
          }
          System.out.println("done " + String.join(" ", words));
        });
  }

  /** Finds methods whatever is the matter with its list. */
  private static final class OwnRegistry extends HandlerRegistry {

    private final MutableHandlerRegistry services;

    /** Volatile: set by the thread that reads commands, read by whoever asks. */
    private volatile String listing;

    OwnRegistry(MutableHandlerRegistry services) {
      this.services = services;
    }

    @Override
    public List<ServerServiceDefinition> getServices() {
      if (listing.equals("throws")) {
        throw new IllegalStateException("the list is being made");
      }
      while (listing.equals("blocks")) {
        LockSupport.park();
      }
      return services.getServices();
    }

    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String method, String authority) {
      return services.lookupMethod(method, authority);
    }
  }
}
