package io.meshagent.grpc.server;

import io.grpc.ServerMethodDefinition;
import io.meshagent.core.call.CallPlan;
import io.meshagent.grpc.base.IdentityCache;
import java.lang.ref.WeakReference;

/**
 * The definitions that were made to govern methods, by those of the program, so that a call needs
 * none of its own. Weak on both sides: a handler of the program may know its definition, and then
 * neither would ever go. Who finds none makes another. Thread-safe.
 */
final class GovernedMethods {

  /** What was made last. */
  private static final class Made {
    /** Volatile: written by whichever call finds nothing or something old. */
    volatile WeakReference<GovernedHandler<?, ?>> handler;
  }

  private final ServerCalls calls;
  private final IdentityCache<ServerMethodDefinition<?, ?>, Made> made = new IdentityCache<>();

  GovernedMethods(ServerCalls calls) {
    this.calls = calls;
  }

  /** The definition to use in the place of the program's, for calls by this plan. */
  <A, B> ServerMethodDefinition<A, B> of(ServerMethodDefinition<A, B> definition, CallPlan plan) {
    if (!plan.isKept()) {
      return new GovernedHandler<>(calls, definition, plan).definition();
    }
    Made known = made.find(definition);
    WeakReference<GovernedHandler<?, ?>> last = known == null ? null : known.handler;
    GovernedHandler<?, ?> handler = last == null ? null : last.get();
    if (handler != null && handler.plan() == plan) {
      @SuppressWarnings("unchecked") // It was made of the same definition.
      GovernedHandler<A, B> same = (GovernedHandler<A, B>) handler;
      return same.definition();
    }
    GovernedHandler<A, B> next = new GovernedHandler<>(calls, definition, plan);
    Made to = known == null ? made.add(definition, new Made()) : known;
    to.handler = new WeakReference<>(next);
    return next.definition();
  }
}
