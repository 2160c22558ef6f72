package io.meshagent.core.engine;

import io.meshagent.core.log.Log;
import java.net.InetAddress;
import java.net.NetworkInterface;

/**
 * Has the JDK initialize its network classes on the thread that calls, before a thread of the
 * agent's can be the first to use one.
 *
 * <p>Their static initializers load a native library, for which the JDK has one lock for the whole
 * JVM. The Netty of older gRPC initializes {@link InetAddress} while it holds that lock, because a
 * native library of its own is being loaded. If a thread of the agent's has begun to initialize the
 * class in that moment, each waits for the other, for ever, and the program with them: seen in 8 of
 * 579 starts of a client with gRPC 1.32 on busy cores. A thread of the program's that is about to
 * make a channel or has a server does the same by itself a moment later, so nothing is done that
 * would not be.
 */
final class JdkNetwork {

  private JdkNetwork() {}

  /** Costs a look at two classes where it has been done. */
  static void initialize() {
    try {
      InetAddress unused = InetAddress.getLoopbackAddress();
      // A lookup by name is the only way to initialize it that asks the system for nothing.
      Class<?> unusedToo = Class.forName(NetworkInterface.class.getName(), true, null);
    } catch (ClassNotFoundException | RuntimeException | LinkageError e) {
      Log.debug("the JDK's network classes could not be initialized: " + e);
    }
  }
}
