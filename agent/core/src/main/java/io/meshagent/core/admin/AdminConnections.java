package io.meshagent.core.admin;

import io.meshagent.core.admin.AdminConnection.Phase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The connections of the page, bounded in number and in time. Confined to the thread of {@link
 * AdminLoop}.
 */
final class AdminConnections {

  static final int MOST = 64;

  /** Each holds its page in memory. */
  private static final int MOST_WRITING = 16;

  private static final int IDLE_PATIENCES = 3;
  private static final int ANSWERING_PATIENCES = 6;

  private final long patienceNanos;

  /** The one whose phase began first comes first. */
  private final Set<AdminConnection> open = new LinkedHashSet<>();

  /**
   * @param patienceNanos what a client may take over each phase of a request; three times that
   *     between two requests
   */
  AdminConnections(long patienceNanos) {
    this.patienceNanos = patienceNanos;
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  /** All of them; a view. */
  Iterable<AdminConnection> all() {
    return Collections.unmodifiableSet(open);
  }

  boolean contains(AdminConnection connection) {
    return open.contains(connection);
  }

  void add(AdminConnection connection) {
    open.add(connection);
  }

  void begin(AdminConnection connection, Phase phase, int operations) {
    open.remove(connection);
    open.add(connection);
    connection.begin(phase, operations, System.nanoTime());
  }

  void close(AdminConnection connection) {
    open.remove(connection);
    connection.close();
  }

  void closeAll() {
    new ArrayList<>(open).forEach(this::close);
  }

  /**
   * Closes the one that has got nowhere for the longest, if there is no room for another.
   *
   * @return false if all of them wait for us
   */
  boolean makeRoom() {
    return open.size() < MOST || closeFirst();
  }

  /** Closes the one that has got nowhere for the longest; false if all of them wait for us. */
  boolean closeFirst() {
    for (AdminConnection each : open) {
      if (each.phase() != Phase.ANSWERING) {
        close(each);
        return true;
      }
    }
    return false;
  }

  /** The same among those that are written to, if there is no room for another such. */
  void makeRoomForAnswer() {
    AdminConnection first = null;
    int writing = 0;
    for (AdminConnection each : open) {
      if (each.phase() == Phase.WRITING) {
        first = first == null ? each : first;
        writing++;
      }
    }
    if (writing >= MOST_WRITING) {
      close(first);
    }
  }

  private long patience(Phase phase) {
    switch (phase) {
      case STREAMING:
        // It is told something much sooner, and then has to have read that.
        return ANSWERING_PATIENCES * patienceNanos;
      case IDLE:
        return IDLE_PATIENCES * patienceNanos;
      case ANSWERING:
        // That is ours to do; if nothing comes of it the connection is not kept for ever.
        return ANSWERING_PATIENCES * patienceNanos;
      default:
        return patienceNanos;
    }
  }

  /** Closes those that have taken too long. */
  void closeLate() {
    long now = System.nanoTime();
    List<AdminConnection> late = new ArrayList<>();
    for (AdminConnection each : open) {
      if (now - each.since() > patience(each.phase())) {
        late.add(each);
      }
    }
    late.forEach(this::close);
  }
}
