package io.meshagent.core.call;

import io.meshagent.core.api.Agent;
import io.meshagent.core.api.Code;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Set;

/**
 * What is known of one call, for its stages: what it follows, when it began and left, how it ended,
 * and what each stage keeps for it. Fields are written before the call is handed to gRPC or by who
 * ends it, hence plain where nothing else is said.
 */
abstract class CallRecord {

  final Agent agent;
  final Pipeline pipeline;
  private final CallPlan plan;

  /** Made when the first stage keeps something. */
  private Object[] slots;

  private long startNanos;
  private Outcome outcome;
  private boolean delivered;

  /** Volatile: written by gRPC's threads, read by whoever asks {@link Call#hasLivedFor}. */
  private volatile long leftNanos;

  /** Volatile, and written after the time. */
  private volatile boolean left;

  /**
   * What calls carry on of the call around them, opaque to all but the methods below. In no slot,
   * since it is what stages and the adapter say to each other. Client: what the adapter found in
   * the program's gRPC context, set before {@link Call#admit}. Server: what the adapter puts there
   * for the handler, read after the call was admitted; null for nothing.
   */
  public Object traceContext;

  /**
   * Whether this call is a copy, or was made by the handler of one. Server: set by a stage, and
   * told by the adapter to what the handler calls. Client: set before {@link Call#admit}.
   */
  public boolean isCopy;

  CallRecord(CallPlan plan, Agent agent) {
    this.plan = plan;
    this.pipeline = plan.pipeline();
    this.agent = agent;
  }

  /** The trace around this call, opaque to all but the trace stage; null for none. */
  public final Object trace() {
    Object around = traceContext;
    return around instanceof Carried ? ((Carried) around).trace : around;
  }

  /** A server's trace stage: the calls that the handler makes belong to this trace. */
  public final void trace(Object trace) {
    Object around = traceContext;
    traceContext =
        around instanceof Carried ? new Carried(trace, ((Carried) around).baggage) : trace;
  }

  /** A server's call: the calls that the handler makes carry this baggage. */
  public final void carry(String baggage) {
    traceContext = new Carried(trace(), baggage);
  }

  /** The baggage that a client's call carries on of the call around it; null for none. */
  public final String carriedBaggage() {
    Object around = traceContext;
    return around instanceof Carried ? ((Carried) around).baggage : null;
  }

  /**
   * The value of the header {@code traceparent} of the trace around a client's call; null for none.
   */
  public final String carriedTraceparent() {
    Object trace = trace();
    return trace instanceof Traced ? ((Traced) trace).traceparent() : null;
  }

  /**
   * The header {@code traceparent} that stands for this call, or for the one around it: of the span
   * that we make, else as it came. To be asked as the call ends, since it takes making; null if
   * there is no trace.
   */
  public final String traceparent() {
    Stage spans = pipeline.makesSpans();
    String own = spans == null ? null : spans.traceparent(self());
    return own == null ? carriedTraceparent() : own;
  }

  /** Whether there is one that somebody records; makes nothing. To be asked as the call ends. */
  public final boolean isSampled() {
    Stage spans = pipeline.makesSpans();
    if (spans != null && spans.isSampled(self())) {
      return true;
    }
    Object around = trace();
    return spans == null && around instanceof Traced && ((Traced) around).isSampled();
  }

  /** Whether its deadline is the one that our own time limit gives it. */
  public boolean hasOurDeadline() {
    return false;
  }

  /** Whether somebody listens to {@link #note}; without, there is nothing to put together. */
  public final boolean wantsNotes() {
    return pipeline.takesNotes() != null;
  }

  /**
   * A stage has done something with this call that is no end of it, for people: {@code waited for a
   * place}. On the thread of the stage.
   */
  public final void note(String what) {
    Stage notes = pipeline.takesNotes();
    if (notes != null) {
      notes.noted(self(), what);
    }
  }

  /** What stages know it as. */
  private Call self() {
    return (Call) this;
  }

  public final CallPlan plan() {
    return plan;
  }

  /** The engine, for who extends a call. */
  protected final Agent agent() {
    return agent;
  }

  /** What was in force when the call was made, and what it follows to its end. */
  public final Pipeline pipeline() {
    return pipeline;
  }

  /**
   * What a stage keeps for this call.
   *
   * @param stage the one that asks; it {@linkplain Stage#keepsState keeps state}
   * @return null for nothing
   */
  public final Object kept(Stage stage) {
    return slots == null ? null : slots[pipeline.slotOf(stage)];
  }

  /**
   * Keeps something in the slot of a stage in place of what was there. First in {@link
   * Stage#enter}: from then on other threads see what is there.
   */
  public final void keep(Stage stage, Object state) {
    if (slots == null) {
      slots = new Object[pipeline.slots()];
    }
    slots[pipeline.slotOf(stage)] = state;
  }

  /**
   * The value of an ASCII header as it came, a byte a character: as {@link Call#header}, but no
   * text is made of it where the adapter can do without.
   *
   * @return nobody changes it; null for none
   */
  public byte[] rawHeader(String name) {
    String value = self().header(name);
    return value == null ? null : value.getBytes(StandardCharsets.ISO_8859_1);
  }

  /**
   * Adds an ASCII header to what a client's attempt will send: as {@link Call#addHeader}, but
   * without making a text of it.
   *
   * @param value printable ASCII; nobody changes it from now on
   */
  public void addRawHeader(String name, byte[] value) {
    self().addHeader(name, new String(value, StandardCharsets.ISO_8859_1));
  }

  /** The names of a client's headers; as they are for {@link Call#header}. */
  public Set<String> headerNames() {
    return Collections.emptySet();
  }

  /** Whether the program gave a client's call credentials that are no headers yet. */
  public boolean hasCredentials() {
    return false;
  }

  /** What tells the ways of a client's calls from each other: its channel, and its authority. */
  public String way() {
    return "";
  }

  /**
   * Whether the message of a client's call may still come, and the call be kept until then; else
   * {@link #request} says what there is.
   */
  public boolean awaitsRequest() {
    return false;
  }

  /** The message of a client's unary call; null if it is not known, or too long. Any thread. */
  public byte[] request() {
    return null;
  }

  /**
   * What a client's unary call was answered, once it has ended well; null if that is not known, or
   * too long, or comes from a stage.
   */
  public Response response() {
    return null;
  }

  /** What a stage {@linkplain Stage#makes makes}; null if the program's protobuf can't. */
  public Response made() {
    return null;
  }

  final void begins() {
    startNanos = agent.nanoTime();
  }

  /** When the call was admitted first, in {@link Agent#nanoTime} terms. */
  public final long startNanos() {
    return startNanos;
  }

  /** Nanoseconds since {@link #startNanos}. */
  public final long elapsedNanos() {
    return agent.nanoTime() - startNanos;
  }

  /**
   * Runs a task of a stage after a while, see {@link Agent#after}.
   *
   * @return cancels it
   */
  public final Runnable after(long nanos, Runnable task) {
    return agent.after(nanos, task);
  }

  /** An attempt of the call has reached a connection. Any thread. */
  public final void left() {
    leftNanos = agent.nanoTime();
    left = true;
  }

  /** Whether the adapter has told that an attempt reached a connection. */
  public final boolean hasLeft() {
    return left;
  }

  /** Nanoseconds since the last attempt that {@linkplain #hasLeft reached} a connection did so. */
  public final long sinceLeftNanos() {
    return agent.nanoTime() - leftNanos;
  }

  /** A part of a response was handed on: headers or a message. */
  public final void delivered() {
    delivered = true;
  }

  /** Whether a part of a response was handed on, so that another one would be a second one. */
  public final boolean hasDelivered() {
    return delivered;
  }

  final void outcome(Outcome newOutcome) {
    outcome = newOutcome;
  }

  /** How the call ended; null until then. */
  public final Outcome outcome() {
    return outcome;
  }

  /** The code that the call ended with; null until then. */
  public final Code code() {
    return outcome == null ? null : outcome.code();
  }

  /** The description of the status that the call ended with; may be null. */
  public final String description() {
    return outcome == null ? null : outcome.description();
  }

  /** The refusal that ended this call, or null if the program's server or client ended it. */
  public final Refusal refusal() {
    return outcome == null ? null : outcome.refusal();
  }
}
