package io.meshagent.core.call;

import io.meshagent.core.api.Code;

/**
 * How a call ended, and what the adapter knows of the reason. Immutable for all who are given one:
 * what adds something makes another.
 */
public final class Outcome {

  /** A good end, as nearly all are, without a description. */
  public static final Outcome OK = new Outcome(Code.OK, null);

  /** It did not end because a deadline was over. */
  private static final long IN_TIME = -1;

  private final Code code;
  private final String description;
  private Refusal refusal;
  private Answer answer;
  private boolean unsent;
  private boolean passedOn;
  private long timeGivenNanos = IN_TIME;
  private boolean inheritedTime;

  /** What it stands for, and which stage, by its place, put it there. Null if no stage did. */
  private Outcome replaced;

  private int by;

  private Outcome(Code code, String description) {
    this.code = code;
    this.description = description;
  }

  /**
   * An end with a status.
   *
   * @param description may be null
   */
  public static Outcome of(Code code, String description) {
    return code == Code.OK && description == null ? OK : new Outcome(code, description);
  }

  /** A stage has refused the call; nothing was sent. */
  public static Outcome of(Refusal refusal) {
    Outcome outcome = new Outcome(refusal.code(), refusal.description());
    outcome.refusal = refusal;
    outcome.unsent = true;
    return outcome;
  }

  /** The program gets this response. */
  public static Outcome of(Answer answer) {
    Outcome outcome = new Outcome(answer.code(), answer.description());
    outcome.answer = answer;
    return outcome;
  }

  /** No attempt of the call ever reached a connection. */
  public Outcome unsent() {
    Outcome next = copy();
    next.unsent = true;
    return next;
  }

  /** The status is a refusal that the server had from elsewhere. */
  public Outcome passedOn() {
    Outcome next = copy();
    next.passedOn = true;
    return next;
  }

  /**
   * A deadline of the caller's was over.
   *
   * @param givenNanos how long the call had from its start
   * @param inherited whether the deadline was that of the work which the call is a part of, and not
   *     one for this call
   */
  public Outcome outOfTime(long givenNanos, boolean inherited) {
    Outcome next = copy();
    next.timeGivenNanos = Math.max(0, givenNanos);
    next.inheritedTime = inherited;
    return next;
  }

  private Outcome copy() {
    Outcome next = new Outcome(code, description);
    next.refusal = refusal;
    next.answer = answer;
    next.unsent = unsent;
    next.passedOn = passedOn;
    next.timeGivenNanos = timeGivenNanos;
    next.inheritedTime = inheritedTime;
    return next;
  }

  /** The same, put in the place of another one by the stage at this place in the pipeline. */
  Outcome insteadOf(Outcome other, int stage) {
    Outcome next = copy();
    next.unsent |= other.unsent;
    next.replaced = other;
    next.by = stage;
    return next;
  }

  /** What the stage at this place had from those that are further in. */
  Outcome seenBy(int stage) {
    Outcome seen = this;
    while (seen.replaced != null && seen.by <= stage) {
      seen = seen.replaced;
    }
    return seen;
  }

  /** What a stage has put this in the place of; null for nothing. */
  public Outcome replaced() {
    return replaced;
  }

  public Code code() {
    return code;
  }

  /** The description of the status; may be null. */
  public String description() {
    return description;
  }

  /** The refusal that this is, or null. */
  public Refusal refusal() {
    return refusal;
  }

  /** The response that the program gets from us, or null if it gets what the server said. */
  public Answer answer() {
    return answer;
  }

  /** Whether the call ended before anything was sent. */
  public boolean isUnsent() {
    return unsent;
  }

  /** Whether this is a refusal that the server was given by another one and handed on. */
  public boolean isPassedOn() {
    return passedOn;
  }

  /** Whether the call ended because a deadline of the caller's was over. */
  public boolean isOutOfTime() {
    return timeGivenNanos != IN_TIME;
  }

  /** How long a call that is out of time had; counts only then, as does the next. */
  public long timeGivenNanos() {
    return timeGivenNanos;
  }

  /** Whether that time was what was left of other work. */
  public boolean hadInheritedTime() {
    return inheritedTime;
  }
}
