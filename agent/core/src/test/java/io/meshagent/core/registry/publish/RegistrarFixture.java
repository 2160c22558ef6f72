package io.meshagent.core.registry.publish;

import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Instance.Metadata;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.run.ManualLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/** A registrar, and what it has said to a registry that only listens. */
abstract class RegistrarFixture {

  final List<String> said = new ArrayList<>();
  final List<Instance> instances = new ArrayList<>();
  final ManualLoop loop = new ManualLoop();
  final AtomicLong begun = new AtomicLong();
  final AtomicLong open = new AtomicLong();
  private final Registry registry =
      new Registry() {
        @Override
        public String describe() {
          return "a list";
        }

        @Override
        public void lookAgain() {}

        @Override
        public void start(Listener listener) {}

        @Override
        public void register(String service, Instance instance) {
          boolean draining = "true".equals(instance.metadata().get(Metadata.DRAINING));
          said.add((draining ? "~" : "+") + service + " " + instance);
          instances.add(instance);
        }

        @Override
        public void withdraw(String service, Instance instance) {
          said.add("-" + service + " " + instance);
        }

        @Override
        public Status status() {
          return null;
        }

        @Override
        public void close() {}
      };

  Registrar registrar(boolean enabled, String host) {
    return registrar(enabled, host, Duration.ofSeconds(3));
  }

  Registrar registrar(Executor lookThreads) {
    return registrar(true, null, Duration.ofSeconds(3), lookThreads);
  }

  Registrar registrar(boolean enabled, String host, Duration drainDelay) {
    return registrar(enabled, host, drainDelay, Runnable::run);
  }

  Registrar registrar(boolean enabled, String host, Duration drainDelay, Executor lookThreads) {
    RegistrarSettings settings =
        new RegistrarSettings(
            enabled,
            new RegistrarSettings.Address(host, 0, List.of()),
            service -> service.startsWith("grpc."),
            Map.of("app", "greeter", "weight", "100"),
            drainDelay,
            true);
    return new Registrar(
        settings,
        registry,
        new Registrar.Means(loop, loop, lookThreads, () -> 42, new SystemNetwork()),
        begun::get,
        open::get);
  }

  /** With one server that is called, and nothing said yet. */
  Registrar called(StubServer server) {
    Registrar registrar = registrar(true, null);
    registrar.started(server);
    begun.set(1);
    loop.passSeconds(2);
    said.clear();
    return registrar;
  }

  static StubServer server(int port, String scheme, String... services) {
    return new StubServer(port, scheme, services);
  }
}
