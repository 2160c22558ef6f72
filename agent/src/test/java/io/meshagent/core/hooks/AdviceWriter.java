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
import io.meshagent.core.hooks.advice.TaskAdvice;
import io.meshagent.core.hooks.advice.TracersAdvice;
import java.util.List;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.dynamic.scaffold.MethodGraph;
import net.bytebuddy.dynamic.scaffold.TypeValidation;
import net.bytebuddy.implementation.Implementation;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.pool.TypePool;

/** The hooks as Byte Buddy writes them: the measure for what {@link HookedClass} writes. */
final class AdviceWriter {

  private static final String SERVER = "io.grpc.internal.ServerImpl";
  private static final String CHANNEL = "io.grpc.internal.ManagedChannelImpl";

  private record Row(
      String type, ElementMatcher.Junction<MethodDescription> method, Class<?> advice) {}

  private static final List<Row> ROWS =
      List.of(
          new Row(SERVER, named("start").and(takesArguments(0)), ServerLifeAdvice.Started.class),
          new Row(
              SERVER, named("shutdown").and(takesArguments(0)), ServerLifeAdvice.Stopping.class),
          new Row(
              SERVER,
              named("shutdownNow").and(takesArguments(0)),
              ServerLifeAdvice.StoppingNow.class),
          new Row(
              SERVER + "$ServerTransportListenerImpl",
              named("wrapMethod"),
              ServerMethodAdvice.Returned.class),
          new Row(
              SERVER + "$ServerTransportListenerImpl",
              named("startWrappedCall")
                  .and(takesArgument(1, named("io.grpc.ServerMethodDefinition"))),
              ServerMethodAdvice.Argument.class),
          new Row(CHANNEL, named("newCall").and(takesArguments(2)), NewCallAdvice.class),
          new Row(
              CHANNEL, named("exitIdleMode").and(takesArguments(0)), ChannelAdvice.Active.class),
          new Row(
              CHANNEL,
              named("shutdownNameResolverAndLoadBalancer").and(takesArguments(1)),
              ChannelAdvice.Idle.class),
          new Row(
              CHANNEL + "$LbHelperImpl",
              named("updateBalancingState").and(takesArguments(2)),
              ChannelAdvice.BalancingState.class),
          new Row(
              CHANNEL + "$ChannelStreamProvider",
              named("newStream").and(takesArguments(4)),
              StreamAdvice.Options.class),
          new Row(
              CHANNEL + "$ChannelTransportProvider",
              named("newRetriableStream").and(takesArguments(4)),
              StreamAdvice.Options.class),
          new Row(
              "io.grpc.internal.RetriableStream$Sublistener",
              named("makeRetryDecision").and(takesArguments(2)),
              StreamAdvice.Decision.class),
          new Row(
              "io.grpc.internal.StatsTraceContext",
              named("newServerContext").and(takesArguments(3)),
              TracersAdvice.class),
          new Row(
              "io.grpc.Context",
              named("wrap").or(named("run")).or(named("call")).and(takesArguments(1)),
              TaskAdvice.class));

  private AdviceWriter() {}

  static byte[] write(ClassLoader program, String name, byte[] bytes) {
    ClassFileLocator ours = ClassFileLocator.ForClassLoader.of(AdviceWriter.class.getClassLoader());
    ClassFileLocator theirs =
        new ClassFileLocator.Compound(
            ClassFileLocator.Simple.of(name, bytes), ClassFileLocator.ForClassLoader.of(program));
    TypePool pool = TypePool.Default.of(new ClassFileLocator.Compound(theirs, ours));
    TypeDescription type = pool.describe(name).resolve();
    DynamicType.Builder<?> builder =
        new ByteBuddy()
            .with(TypeValidation.DISABLED)
            .with(Implementation.Context.Disabled.Factory.INSTANCE)
            .with(MethodGraph.Compiler.ForDeclaredMethods.INSTANCE)
            .redefine(type, theirs);
    boolean wraps = !type.getDeclaredMethods().filter(named("wrapMethod")).isEmpty();
    for (Row row : ROWS) {
      boolean replaced = wraps && row.advice == ServerMethodAdvice.Argument.class;
      if (row.type.equals(name) && !replaced) {
        TypeDescription advice = pool.describe(row.advice.getName()).resolve();
        builder = builder.visit(Advice.to(advice, ours).on(row.method.and(not(isSynthetic()))));
      }
    }
    return builder.make(pool).getBytes();
  }
}
