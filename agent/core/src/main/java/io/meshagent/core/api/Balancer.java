package io.meshagent.core.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A way to spread attempts over the instances of a service. The adapter asks for a new picker
 * whenever the set of connected instances or a fact of one of them changes. Thread-safe.
 */
public interface Balancer {

  /** Whether its pickers read {@link Candidates#statistics}; else nothing is counted for it. */
  boolean readsStatistics();

  /**
   * Whether its pickers look at the attempt; else they are given {@link Attempt#ANY}, for it costs
   * something to know an attempt.
   */
  boolean readsAttempts();

  /**
   * Whether it has a say, too, where nobody is connected or even known: it may have calls fail that
   * would go elsewhere.
   */
  default boolean decides() {
    return false;
  }

  /** A picker over the instances that are connected now; it may keep the candidates. */
  Picker picker(Candidates candidates);

  /**
   * The instances that are connected at one moment: at least one, unless the balancer {@linkplain
   * #decides decides}. Immutable and thread-safe.
   */
  interface Candidates {

    int size();

    /** What the directory had said when the route chose those that it connects to. */
    default Endpoints known() {
      List<Endpoint> all = new ArrayList<>();
      for (int i = 0; i < size(); i++) {
        all.add(endpoint(i));
      }
      return Endpoints.of(all);
    }

    /** With its facts as they are now, its age and its standing. */
    Endpoint endpoint(int index);

    /** Null unless the balancer {@linkplain #readsStatistics reads} them. */
    Statistics statistics(int index);

    /** What the route uses, connected or not; UNKNOWN where that makes no difference. */
    default Endpoints used() {
      return Endpoints.UNKNOWN;
    }

    /** Of those the ones to which the last try to connect has failed. */
    default List<Endpoint> unreachable() {
      return Collections.emptyList();
    }

    /**
     * Has the route ask for a new picker soon, because the balancer would choose otherwise now, and
     * gives calls that wait another chance. Any thread; returns at once, and many wishes are one.
     */
    void publishAgain();
  }

  /**
   * Immutable but for its counters; called by many threads at once. Takes no lock, allocates
   * nothing.
   */
  interface Picker {

    /** None of the candidates. */
    int NONE = -1;

    /** None of the candidates, but one that is not connected yet. */
    int LATER = -2;

    /** None at all, for the first of the {@link #refusals}; one less for each that follows. */
    int REFUSED = -3;

    /**
     * The index of the candidate for one attempt; asked again for an attempt that still waits. With
     * {@link #NONE} it goes the way of calls whose service has no instance, with {@link #LATER} it
     * waits, and with {@link #REFUSED} or less it fails, wherever else calls would go.
     */
    int pick(Attempt attempt);

    /** Why attempts fail by the picker's word, for people; in the order of what it says then. */
    default List<String> refusals() {
      return Collections.emptyList();
    }

    /**
     * The candidates among which the one for an attempt was picked, if that are not all: who has to
     * take another one takes it of these. Null for all.
     */
    default int[] among(Attempt attempt) {
      return null;
    }

    /**
     * The index of any candidate that may have an attempt and fulfils a condition, for who came
     * upon none by {@link #pick}: what is compared there may hide one, however often it is asked.
     * {@link #NONE} if there is none, and where the attempt belongs to one candidate.
     */
    default int any(Attempt attempt, IntPredicate condition) {
      return NONE;
    }
  }
}
