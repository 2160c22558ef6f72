package io.meshagent.core.attach;

import io.meshagent.bootstrap.AgentLoader;
import io.meshagent.bootstrap.HookTrigger;
import io.meshagent.bootstrap.MeshAgent;
import io.meshagent.core.engine.AgentStart;
import io.meshagent.core.engine.Attachment;
import io.meshagent.core.hooks.AgentProperties;
import io.meshagent.core.hooks.LoadedCopies;
import io.meshagent.core.log.Log;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.net.URISyntaxException;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * Carries out an {@link Order} in the program that got it. Called by name from {@code bootstrap},
 * on a thread of its own that holds the lock for orders; in the loader of the engine that runs, or
 * in a fresh one that becomes the engine's.
 */
public final class Orders {

  /** How long a server or channel may be between two states. */
  private static final long SECOND_LOOK_MILLIS = 1_000;

  private Orders() {}

  /** Called by name. */
  public static void carryOut(String argument, Instrumentation instrumentation)
      throws InterruptedException {
    Order order = Order.parse(argument);
    HookTrigger before = HookTrigger.present();
    OrderResult answer;
    try {
      answer =
          order.kind() == Order.Kind.ATTACH
              ? attach(order.configuration(), instrumentation)
              : detach(before);
    } catch (RuntimeException | LinkageError e) {
      answer = OrderResult.refused("the agent failed, and the program runs on: " + e);
    }
    tell(order, answer, instrumentation);
    if (before == null && attachment() != null) {
      // What was starting or ending in the first look has done so now.
      TimeUnit.MILLISECONDS.sleep(SECOND_LOOK_MILLIS);
      attachment().look();
    }
  }

  private static OrderResult attach(String configuration, Instrumentation instrumentation) {
    if (MeshAgent.isUnwanted()) {
      return OrderResult.refused(
          "is left alone, because it is one of the JDK's own tools or was started with"
              + " -Dmesh.enabled=false.");
    }
    if (HookTrigger.present() != null) {
      return OrderResult.refused(
          "is governed already, so nothing was changed; detach it first to attach it anew.");
    }
    String replaced = replaced();
    if (replaced != null) {
      return OrderResult.refused(replaced);
    }
    HookTrigger trigger =
        new HookTrigger(
            configuration.isEmpty() ? null : configuration,
            instrumentation,
            (AgentLoader) Orders.class.getClassLoader());
    trigger.install();
    if (!LoadedCopies.exist(instrumentation)) {
      return OrderResult.done("has not used gRPC yet; it is governed from its first use on.");
    }
    AgentStart engine = (AgentStart) trigger.engine();
    if (engine == null) {
      trigger.remove();
      return OrderResult.refused(
          "is not governed, because the agent did not start; its error stream says why.");
    }
    if (engine.attachment() == null) {
      trigger.remove();
      return OrderResult.refused("is not governed, because its configuration says enabled=false.");
    }
    String found;
    try {
      found = engine.attachment().takeOver();
    } catch (RuntimeException | LinkageError e) {
      Log.warn("the program could not be taken over; it runs on", e);
      found = null;
    }
    if (found == null) {
      engine.attachment().giveBack(trigger::remove);
      return OrderResult.refused(
          "is not governed, because its gRPC could not be changed; its error stream says why.");
    }
    return OrderResult.done("governs " + found + ".");
  }

  /**
   * The few classes of ours that a program has are there for as long as it runs: another version's
   * engine may not fit them, and would be found out at the worst moment.
   *
   * @return what to say of it, or null if all is of one version
   */
  private static String replaced() {
    String came = MeshAgent.class.getPackage().getImplementationVersion();
    try {
      String now = AgentStart.versionOf(MeshAgent.jarFile());
      return came == null || came.equals(now)
          ? null
          : "is not governed, because the agent's jar there was replaced ("
              + came
              + " came, "
              + now
              + " is there now); the program's next start takes the new one.";
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private static OrderResult detach(HookTrigger trigger) {
    if (trigger == null) {
      return OrderResult.refused("is not governed, so there is nothing to detach.");
    }
    if (trigger.removeUnstarted()) {
      return OrderResult.done("is left alone from now on; it had not used gRPC yet.");
    }
    Attachment attachment = attachment();
    if (attachment == null) {
      trigger.remove();
      return OrderResult.done(
          "is left alone from now on; its configuration says enabled=false anyway.");
    }
    return attachment.giveBack(trigger::remove)
        ? OrderResult.done("is let go; calls under way end as they began.")
        : OrderResult.refused("is about to end, so it is left as it is.");
  }

  private static Attachment attachment() {
    HookTrigger trigger = HookTrigger.present();
    ClassFileTransformer engine = trigger == null ? null : trigger.startedEngine();
    return engine == null ? null : ((AgentStart) engine).attachment();
  }

  private static void tell(Order order, OrderResult answer, Instrumentation instrumentation) {
    if (order.id() == null) {
      if (!answer.isGood()) {
        Log.warn("This program " + answer.sentence());
      }
      return;
    }
    try {
      Properties properties = AgentProperties.ofThisJvm(instrumentation);
      properties.setProperty(
          OrderResult.STATE,
          HookTrigger.present() == null ? OrderResult.RELEASED : OrderResult.GOVERNED);
      answer.writeTo(properties, order.id());
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      Log.warn("This program " + answer.sentence() + " (Nobody else could be told: " + e + ")");
    }
  }
}
