package io.meshagent.core.registry;

import static org.awaitility.Awaitility.await;

import io.meshagent.core.api.Instance;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;

/** Registries that meet on one source, and are closed after each test. */
public abstract class RegistryFixture {

  protected static final String SERVICE = "helloworld.Greeter";

  private final List<Registry> open = new ArrayList<>();

  /** A registry on the same source as all others that this test made. */
  protected abstract Registry newRegistry() throws Exception;

  /** Puts a text beside the entries that is none. */
  protected abstract void plantGarbage(String service, String name, String text) throws Exception;

  /** The values of all entries as they stand in the source, sorted. */
  protected abstract List<String> values() throws Exception;

  protected Registry open(Registry.Listener listener) throws Exception {
    Registry registry = newRegistry();
    open.add(registry);
    registry.start(listener);
    return registry;
  }

  @AfterEach
  void closeAll() {
    open.forEach(Registry::close);
  }

  protected static Instance at(String host, int port, String... facts) {
    Map<String, String> metadata = new TreeMap<>();
    for (int i = 0; i < facts.length; i += 2) {
      metadata.put(facts[i], facts[i + 1]);
    }
    try {
      InetAddress address = InetAddress.getByName(host);
      return new Instance(host, port, new InetSocketAddress(address, port), metadata);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  protected static void soon(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(5)).pollInterval(Duration.ofMillis(2)).until(condition);
  }
}
