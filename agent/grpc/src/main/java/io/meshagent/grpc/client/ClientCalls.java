package io.meshagent.grpc.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.meshagent.core.api.LogContext;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Survived;
import io.meshagent.core.call.Attempts;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.Pipeline;
import io.meshagent.core.call.RepeatRule;
import io.meshagent.core.call.Response;
import io.meshagent.grpc.attempt.AttemptTracers;
import io.meshagent.grpc.base.ChannelFacts;
import io.meshagent.grpc.base.Channels;
import io.meshagent.grpc.base.DirectoryWait;
import io.meshagent.grpc.base.LogIds;
import io.meshagent.grpc.base.MetadataCall;
import io.meshagent.grpc.base.MethodPlans;

/**
 * Puts the client pipeline around a new call: outside the program's interceptors and all retries.
 */
public final class ClientCalls {

  private final Mesh mesh;
  private final MethodPlans plans;
  private final Channels channels;
  private final boolean showsAttempts;
  private final MadeResponses madeResponses;

  /** Null if the program's log lines are none of ours. */
  private final LogContext log;

  /** Volatile: set by whichever call comes first. */
  private volatile boolean toldOfNoRepeats;

  /**
   * @param showsAttempts whether this gRPC lets the headers of attempts be seen
   * @param log where ids are put for log lines, or null
   */
  public ClientCalls(
      Mesh mesh, MethodPlans plans, Channels channels, boolean showsAttempts, LogContext log) {
    this.log = log;
    this.showsAttempts = showsAttempts;
    this.mesh = mesh;
    this.plans = plans;
    this.channels = channels;
    this.madeResponses = new MadeResponses(mesh);
  }

  /**
   * Makes the call that the program gets from the channel.
   *
   * @return the call to use instead of the channel's own, or null to go on as ever; what the
   *     program's interceptors throw is thrown
   */
  public Object newCall(Object channel, Object next, Object method, Object callOptions) {
    if (method == null || callOptions == null) {
      // The program's mistake, and gRPC's to complain of.
      return null;
    }
    ChannelFacts facts;
    CallPlan plan;
    boolean picked = false;
    try {
      facts = channels.of(channel);
      plan = facts.isGoverned() ? plans.client((MethodDescriptor<?, ?>) method) : null;
      if (plan == null) {
        return null;
      }
      if (facts.isReroutable() && plan.service() != null) {
        picked = facts.serviceCalled(plan.service()) || !plan.isKept();
      } else {
        facts.passes(plan);
      }
    } catch (Throwable e) {
      Survived.tell(mesh, "new call", e);
      return null;
    }
    return governed(
        facts,
        plan,
        picked,
        (Channel) next,
        (MethodDescriptor<?, ?>) method,
        (CallOptions) callOptions);
  }

  /**
   * @param picked whether the picker wants to know which call it is asked for
   */
  private <A, B> ClientCall<A, B> governed(
      ChannelFacts facts,
      CallPlan plan,
      boolean picked,
      Channel next,
      MethodDescriptor<A, B> method,
      CallOptions options) {
    Context context = Context.current();
    Object trace = MetadataCall.TRACE.get(context);
    Pipeline pipeline = plan.pipeline();
    boolean copied = pipeline.copiesRequests() && facts.isReroutable();
    // What interceptors and credentials add has to be seen, too.
    boolean read = pipeline.readsMessages() && showsAttempts;
    OutgoingCall call;
    if (copied || read || pipeline.makes() != null) {
      Response made = madeResponses.of(method, pipeline.makes());
      if (copied) {
        call = new CopiedOutgoingCall(plan, mesh, trace, method, facts, options, read, made);
      } else if (read) {
        call = new ReadOutgoingCall(plan, mesh, trace, method, facts, options, true, made);
      } else {
        call = new MadeOutgoingCall(plan, mesh, trace, method, made);
      }
    } else {
      call = new OutgoingCall(plan, mesh, trace);
    }
    CallOptions used = call.limited(options);
    if (facts.isReroutable() && plan.service() != null) {
      used = DirectoryWait.noted(used, plan.service());
    }
    if (copied) {
      ((CopiedOutgoingCall) call)
          .copiedBy(
              new RequestCopy(facts, plan.service(), method, used),
              MetadataCall.COPY.get(context) != null);
    }
    boolean traced = trace != null || call.pipeline().marksEveryCall();
    // Most calls need no more than that: what is told of an attempt costs as much as the call.
    boolean watched = picked || options.isWaitForReady() || method.getType() != MethodType.UNARY;
    boolean measured = Attempts.areMeasured(call.pipeline());
    RepeatRule repeats = call.pipeline().repeats();
    if (repeats != null && !canRepeat(facts, plan)) {
      repeats = null;
    }
    AttemptTracers attempts = null;
    if (showsAttempts && (traced || watched || measured || repeats != null)) {
      attempts = AttemptTracers.ofCall(traced, repeats);
      used = used.withStreamTracerFactory(attempts);
    }
    GovernedCall<A, B> governed =
        new GovernedCall<>(next.newCall(method, used), call, facts, used, context, attempts);
    return log == null ? governed : LoggedCall.of(governed, LogIds.of(log, call));
  }

  /** What an operator wants and the program has switched off is told of once. */
  private boolean canRepeat(ChannelFacts facts, CallPlan plan) {
    boolean can = showsAttempts && facts.isRepeating();
    if (!can && !toldOfNoRepeats) {
      toldOfNoRepeats = true;
      mesh.warn(
          "calls of "
              + plan.method()
              + " over the channel for "
              + facts.target()
              + " are sent once, whatever client.retry and client.hedge say, because retries are"
              + " switched off in it: the program has called disableRetry(), or its gRPC is older"
              + " than 1.40 and it has not called enableRetry(); the same goes for all channels of"
              + " that kind");
    }
    return can;
  }
}
