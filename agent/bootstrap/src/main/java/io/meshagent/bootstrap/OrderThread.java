package io.meshagent.bootstrap;

import java.lang.instrument.Instrumentation;

/**
 * Carries out what the agent is asked for in a program that runs already: to govern it, or to let
 * it go. A daemon of its own for each order, so that neither the program's threads nor the VM's
 * wait for it; one order after the other.
 *
 * <p>What there is to do is the engine's ({@code Orders}); here is only the way to it.
 */
final class OrderThread extends Thread {

  private static final String ORDERS = "io.meshagent.core.attach.Orders";

  private final String argument;
  private final Instrumentation instrumentation;

  OrderThread(String argument, Instrumentation instrumentation) {
    super("mesh-agent-order");
    this.argument = argument;
    this.instrumentation = instrumentation;
    setDaemon(true);
  }

  @Override
  public void run() {
    synchronized (OrderThread.class) {
      try {
        HookTrigger present = HookTrigger.installed();
        ClassLoader loader =
            present == null ? AgentLoader.of(MeshAgent.jarFile()) : present.engineLoader();
        setContextClassLoader(loader);
        Class.forName(ORDERS, true, loader)
            .getMethod("carryOut", String.class, Instrumentation.class)
            .invoke(null, argument, instrumentation);
      } catch (Throwable e) {
        MeshAgent.complain("the order was not carried out, the program runs on", e);
      }
    }
  }
}
