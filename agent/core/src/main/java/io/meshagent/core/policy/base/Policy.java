package io.meshagent.core.policy.base;

import io.meshagent.core.config.Key;
import io.meshagent.core.config.Settings;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * One kind of governance. Stands in the list of policies, where its place is its place in the
 * pipeline, and is known by nothing else. Stateless: what it does in one JVM is an {@link
 * ActivePolicy}.
 */
public interface Policy {

  /**
   * {@code rate-limit}, as in its refusals and its keys: they are {@code client.NAME} or {@code
   * server.NAME}, or begin so with a dot after it.
   */
  String name();

  /** What it can be told, in the order of the reference; {@linkplain Key#isLive live} all. */
  List<Key<?>> keys();

  /** Keys of one word that switch all of it on or off for both sides; live and for no selector. */
  default List<Key<?>> switches() {
    return Collections.emptyList();
  }

  /** Whether by these settings it has to know which application makes a server's calls. */
  default boolean needsCallers(Settings settings) {
    return false;
  }

  /**
   * Begins to govern this JVM. Called once, on the program's thread: opens nothing and starts no
   * thread.
   *
   * @param nanoTime the clock of calls
   */
  ActivePolicy start(LongSupplier nanoTime);
}
