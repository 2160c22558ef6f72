package io.meshagent.core.call;

/**
 * One stage of a call's pipeline: a policy, or an observer, for one method on one side. Lives as
 * long as the rule it was compiled from and is shared by all calls of the method, so it must be
 * thread-safe; what it keeps for one call it keeps in its slot, see {@link Call#keep}.
 *
 * <p>For each call that a stage let in, {@link #leave} is called exactly once, in reverse order of
 * entry: when the call closes, is cancelled, throws, or is ended by a later stage. All methods run
 * on threads of the program or of its gRPC: they must not block, and should not allocate or throw.
 * An exception of any kind is counted and taken as "let go", "as it was", "nothing to say".
 */
public interface Stage {

  /**
   * Decides about a call that is about to start. Called once, and once more each time that the call
   * was resumed after this stage had it wait.
   *
   * @return null to let it go on. Else this stage has taken nothing and is not left: a {@link
   *     Refusal} or an {@link Answer} ends the call here, and a {@link Wait} keeps it, if it {@link
   *     Call#canWait}; one that can't goes on
   */
  Verdict enter(Call call);

  /**
   * A call that this stage had wait has ended before it was resumed: it was cancelled, its time was
   * over, or its channel was shut down. Called at most once.
   */
  default void abandoned(Call call) {}

  /**
   * The call is about to be told its outcome, innermost stage first: what comes back is what the
   * next one further out is asked about, and the outermost one's word is what the program sees.
   * Asked at most once a call, and only if {@link #replacesOutcomes}, also of a call that this
   * stage has wait; not of a call that was cancelled: nobody waits for its outcome. An outcome with
   * an {@link Answer} counts only if nothing of a response was handed on yet, see {@link
   * Call#hasDelivered}.
   *
   * @param outcome what the stages further in have left
   * @return the same, or what to put in its place
   */
  default Outcome replace(Call call, Outcome outcome) {
    return outcome;
  }

  /**
   * Gives back what {@link #enter} took. The end of the call, as the stages further in have left
   * it, is in {@link Call#outcome}.
   */
  void leave(Call call);

  /**
   * The first sign of life from the server of a streaming call (its headers or a message) has
   * arrived. Called at most once a call, before {@link #leave}.
   */
  default void responded(Call call) {}

  /**
   * An attempt of this client call is about to leave: its headers, with all that the program's
   * interceptors and other agents wrote, are read and written through the call for as long as this
   * lasts. Called once an attempt, on a thread of gRPC's, for one attempt at a time; the call may
   * end meanwhile.
   */
  default void sending(Call call) {}

  /** Whether {@link #sending} is wanted for every call, and not only inside a known trace. */
  default boolean marksEveryCall() {
    return false;
  }

  /** Whether it may have a client's call {@linkplain Call#copy copied}. */
  default boolean copiesRequests() {
    return false;
  }

  /**
   * Whether it reads the messages of a client's unary calls, {@link Call#request} and {@link
   * Call#response}: for others none of that is kept.
   */
  default boolean readsMessages() {
    return false;
  }

  /**
   * What it may have the program be told, as {@link Call#made}, in the place of an outcome; null
   * for nothing. At most one stage's.
   */
  default ResponseForm makes() {
    return null;
  }

  /**
   * In the place of {@link #leave} for a call that is only observed: it was let in, or would have
   * waited for its request. Gives back what it took.
   *
   * @return what it would have said of the call, as far as it knows only now; null for nothing
   */
  default Verdict observed(Call call) {
    leave(call);
    return null;
  }

  /** Whether it needs a slot. Always the same for one stage, as is the next. */
  default boolean keepsState() {
    return false;
  }

  /**
   * Another stage that this one stands for and asks in its place, which keeps a slot of its own;
   * null for most.
   */
  default Stage behind() {
    return null;
  }

  /** What gRPC is told of further attempts of its calls; null for nothing. At most one stage's. */
  default RepeatRule repeats() {
    return null;
  }

  /**
   * Of a stage that {@link #takesNotes}: a stage further in has done something with the call that
   * is no end of it.
   *
   * @param what for people, as in {@code waited for a place}
   */
  default void noted(Call call, String what) {}

  /** Whether it wants to be told such things. At most one stage's. */
  default boolean takesNotes() {
    return false;
  }

  /**
   * Of the one stage that gives a client's calls spans of their own: the header {@code traceparent}
   * that stands for the span of this call. Asked when the stage was left, or later.
   *
   * @return null if there is none
   */
  default String traceparent(Call call) {
    return null;
  }

  /** Of the same stage: whether somebody records that span. Asked likewise. */
  default boolean isSampled(Call call) {
    return false;
  }

  /** Whether it is that stage. */
  default boolean makesSpans() {
    return false;
  }

  /** Whether it may {@link #replace} outcomes. */
  default boolean replacesOutcomes() {
    return false;
  }

  /** Who measures the attempts of a client's calls; null for nobody. At most one stage's. */
  default AttemptMeter meter() {
    return null;
  }
}
