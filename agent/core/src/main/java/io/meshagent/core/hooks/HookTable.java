package io.meshagent.core.hooks;

import static net.bytebuddy.matcher.ElementMatchers.isSynthetic;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.not;
import static net.bytebuddy.matcher.ElementMatchers.takesArgument;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import io.meshagent.core.hooks.advice.ChannelAdvice;
import io.meshagent.core.hooks.advice.NewCallAdvice;
import io.meshagent.core.hooks.advice.ServerLifeAdvice;
import io.meshagent.core.hooks.advice.ServerMethodAdvice;
import io.meshagent.core.hooks.advice.StreamAdvice;
import java.util.Arrays;
import java.util.List;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.matcher.ElementMatcher;

/**
 * Everything that the agent changes in a program. The names are the same in gRPC 1.22 to 1.85; only
 * the server call and the client's stream have two forms.
 */
final class HookTable {

  private static final String SERVER = "io.grpc.internal.ServerImpl";
  private static final String SERVER_TRANSPORT = SERVER + "$ServerTransportListenerImpl";
  private static final String CHANNEL = "io.grpc.internal.ManagedChannelImpl";
  private static final String HELPER = CHANNEL + "$LbHelperImpl";
  private static final String DEFINITION = "io.grpc.ServerMethodDefinition";

  /** One row: in which method of which class which advice goes, and what is lost without it. */
  static final List<Hook> ALL =
      Arrays.asList(
          hook(SERVER, named("start").and(takesArguments(0)))
              .with(ServerLifeAdvice.Started.class, "servers are not registered"),
          hook(SERVER, named("shutdown").and(takesArguments(0)))
              .with(ServerLifeAdvice.Stopping.class, "servers are not withdrawn on shutdown"),
          hook(SERVER, named("shutdownNow").and(takesArguments(0)))
              .with(ServerLifeAdvice.StoppingNow.class, "shutdownNow() waits like shutdown()"),
          // gRPC 1.40 and newer …
          hook(SERVER_TRANSPORT, named("wrapMethod"))
              .with(ServerMethodAdvice.Returned.class, "server calls are not governed")
              .orElse(
                  // … and up to 1.39.
                  named("startWrappedCall").and(takesArgument(1, named(DEFINITION))),
                  ServerMethodAdvice.Argument.class),
          hook(CHANNEL, named("newCall").and(takesArguments(2)))
              .with(NewCallAdvice.class, "client calls are not governed"),
          hook(CHANNEL, named("exitIdleMode").and(takesArguments(0)))
              .with(ChannelAdvice.Active.class, "calls wait for the original target's resolver"),
          hook(CHANNEL, named("shutdownNameResolverAndLoadBalancer").and(takesArguments(1)))
              .with(ChannelAdvice.Idle.class, "calls are not rerouted"),
          hook(HELPER, named("updateBalancingState").and(takesArguments(2)))
              .with(ChannelAdvice.BalancingState.class, "calls are not rerouted"),
          // The stream of a call: gRPC 1.32 and newer …
          hook(CHANNEL + "$ChannelStreamProvider", named("newStream").and(takesArguments(4)))
              .orNothing(StreamAdvice.Options.class),
          // … and up to 1.31.
          hook(
                  CHANNEL + "$ChannelTransportProvider",
                  named("newRetriableStream").and(takesArguments(4)))
              .orNothing(StreamAdvice.Options.class),
          hook(
                  "io.grpc.internal.RetriableStream$Sublistener",
                  named("makeRetryDecision").and(takesArguments(2)))
              .orNothing(StreamAdvice.Decision.class));

  private HookTable() {}

  private static Hook hook(String type, ElementMatcher.Junction<MethodDescription> method) {
    // Bridges would run the advice a second time.
    return new Hook(type, method.and(not(isSynthetic())));
  }

  /** A row of the table; immutable after the table is built. */
  static final class Hook {
    final String type;
    private final ElementMatcher<MethodDescription> method;
    private Class<?> advice;
    private String loss;
    private ElementMatcher<MethodDescription> otherMethod;
    private Class<?> otherAdvice;

    private Hook(String type, ElementMatcher<MethodDescription> method) {
      this.type = type;
      this.method = method;
    }

    private Hook with(Class<?> newAdvice, String lossWithoutIt) {
      advice = newAdvice;
      loss = lossWithoutIt;
      return this;
    }

    /** What is lost without it is said where somebody asks for it. */
    private Hook orNothing(Class<?> newAdvice) {
      advice = newAdvice;
      return this;
    }

    private Hook orElse(ElementMatcher.Junction<MethodDescription> other, Class<?> itsAdvice) {
      otherMethod = other.and(not(isSynthetic()));
      otherAdvice = itsAdvice;
      return this;
    }

    /** The ways to place this hook, the first that matches a method is taken. */
    List<Placement> placements() {
      Placement first = new Placement(method, advice);
      return otherMethod == null
          ? Arrays.asList(first)
          : Arrays.asList(first, new Placement(otherMethod, otherAdvice));
    }

    /**
     * What does not work where no placement matches, as half a sentence; null for nothing to say.
     */
    String loss() {
      return loss;
    }
  }

  /** One method and the advice for it. */
  static final class Placement {
    final ElementMatcher<MethodDescription> method;
    final Class<?> advice;

    Placement(ElementMatcher<MethodDescription> method, Class<?> advice) {
      this.method = method;
      this.advice = advice;
    }
  }
}
