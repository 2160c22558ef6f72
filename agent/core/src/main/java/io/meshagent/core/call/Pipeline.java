package io.meshagent.core.call;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The stages that the calls of a method pass, outermost first, and what is known of all of them
 * together. Compiled once from the settings and immutable: a call takes the one that is in force
 * when it begins, and keeps it to its end.
 */
public final class Pipeline {

  /** No stages, and no time limit. */
  static final Pipeline NONE = of(0);

  final Stage[] stages;

  /** Those that keep state; a stage's slot in a call is its place here. */
  private final Stage[] keeping;

  private final long timeoutNanos;
  private final boolean marksEveryCall;
  private final boolean replaces;
  private final boolean copiesRequests;
  private final boolean readsMessages;
  private final ResponseForm makes;
  private final RepeatRule repeats;
  private final AttemptMeter meter;

  /** Null where nobody wants to know. */
  private final Stage takesNotes;

  /** Null where calls have no spans of their own, and on a server. */
  private final Stage makesSpans;

  private Pipeline(Stage[] stages, long timeoutNanos) {
    this.stages = stages;
    this.timeoutNanos = timeoutNanos;
    this.keeping =
        Arrays.stream(stages)
            .flatMap(stage -> Stream.of(stage, stage.behind()))
            .filter(stage -> stage != null && stage.keepsState())
            .toArray(Stage[]::new);
    this.marksEveryCall = Arrays.stream(stages).anyMatch(Stage::marksEveryCall);
    this.copiesRequests = Arrays.stream(stages).anyMatch(Stage::copiesRequests);
    this.readsMessages = Arrays.stream(stages).anyMatch(Stage::readsMessages);
    this.makes =
        Arrays.stream(stages).map(Stage::makes).filter(Objects::nonNull).findFirst().orElse(null);
    this.takesNotes = Arrays.stream(stages).filter(Stage::takesNotes).findFirst().orElse(null);
    this.makesSpans = Arrays.stream(stages).filter(Stage::makesSpans).findFirst().orElse(null);
    this.meter =
        Arrays.stream(stages).map(Stage::meter).filter(Objects::nonNull).findFirst().orElse(null);
    this.replaces = Arrays.stream(stages).anyMatch(Stage::replacesOutcomes);
    this.repeats =
        Arrays.stream(stages).map(Stage::repeats).filter(Objects::nonNull).findFirst().orElse(null);
  }

  /**
   * Compiles stages.
   *
   * @param stages outermost first; none stands there twice
   */
  static Pipeline of(long timeoutNanos, Stage... stages) {
    return new Pipeline(stages.clone(), timeoutNanos);
  }

  /** The client's time limit in nanoseconds, or 0 for none. The adapter makes it a deadline. */
  public long timeoutNanos() {
    return timeoutNanos;
  }

  /** Whether the client has to tell of every attempt, see {@link Stage#sending}. */
  public boolean marksEveryCall() {
    return marksEveryCall;
  }

  /**
   * Whether a stage may have a call copied, so that the client has to keep what it needs for it.
   */
  public boolean copiesRequests() {
    return copiesRequests;
  }

  /** Whether a stage reads messages, so that the client has to keep them as long as it may. */
  public boolean readsMessages() {
    return readsMessages;
  }

  /** What the client has to have ready for a stage; null for nothing, as nearly always. */
  public ResponseForm makes() {
    return makes;
  }

  /** What gRPC is told of retries and hedges of these calls; null for nothing, as nearly always. */
  public RepeatRule repeats() {
    return repeats;
  }

  /** Who measures the attempts of these calls; null for nobody. */
  AttemptMeter meter() {
    return meter;
  }

  /** The stage that is told of what others do; null for none. */
  Stage takesNotes() {
    return takesNotes;
  }

  /** The stage that makes the spans of a client's calls; null for none. */
  Stage makesSpans() {
    return makesSpans;
  }

  /** Whether a stage may put another outcome in the place of a call's own. */
  boolean replaces() {
    return replaces;
  }

  /** How many slots a call needs. */
  int slots() {
    return keeping.length;
  }

  /** The slot of a stage: there are two or three to compare with. */
  int slotOf(Stage stage) {
    for (int i = 0; i < keeping.length; i++) {
      if (keeping[i] == stage) {
        return i;
      }
    }
    throw new IllegalArgumentException(stage.getClass().getSimpleName() + " keeps no state");
  }
}
