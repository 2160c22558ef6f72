package io.meshagent.core.registry.etcd;

import io.meshagent.core.run.TaskLoop;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * Asks again where known names are, because a name may get another address at any time: each one
 * every half minute, and soon and several times after a connection to it failed. An address is kept
 * while the name has it, among others too, and while the name service does not know the name.
 *
 * <p>Confined to the feed's loop. The name service, which may take seconds, is asked on a loop of
 * its own, for few names at a time and in one round after the other.
 */
final class NameRefresh {

  private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** The part of it by which names are asked for sooner, so that not all JVMs ask at once. */
  private static final double JITTER = 0.2;

  /** Between two rounds, and so also between two questions for one name. */
  private static final long SHORTEST_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Between two questions for a name to which connections fail. */
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** As long as gRPC lets pass at most between two tries to connect, which renew it. */
  private static final long SUSPECT_NANOS = TimeUnit.SECONDS.toNanos(120);

  /** Of 10,000 names each then comes a few times an hour; name services are shared by many. */
  private static final int MOST_IN_A_ROUND = 10;

  private final TaskLoop loop;
  private final TaskLoop asking;
  private final HostAddresses hosts;
  private final Runnable moved;
  private final DoubleSupplier random;

  private TaskLoop.Timer next = TaskLoop.Timer.NONE;
  private boolean due;
  private long dueAt;
  private boolean underWay;
  private boolean ended;

  /**
   * @param asking where the name service may block
   * @param moved run when names have been found elsewhere
   * @param random from 0 (inclusive) to 1
   */
  NameRefresh(
      TaskLoop loop, TaskLoop asking, HostAddresses hosts, Runnable moved, DoubleSupplier random) {
    this.loop = loop;
    this.asking = asking;
    this.hosts = hosts;
    this.moved = moved;
    this.random = random;
  }

  /** When a name is asked for. */
  static final class Turn {
    private long at;
    private int questions;

    /** Whether connections to it failed of late. */
    private boolean suspect;

    /** Counts only with {@link #suspect}. */
    private long suspectUntil;

    /** Whether {@link #at} counts. */
    private boolean given;
  }

  /** Names may have become known. Costs nothing for those that have been before. */
  void plan() {
    if (ended || underWay) {
      return;
    }
    if (!due) {
      // There were no names, or a round was left halfway: after it another is to come.
      planAll();
      return;
    }
    long now = loop.nanoTime();
    for (HostAddresses.Known each : hosts.takeFresh()) {
      giveTurn(each.turn(), now);
      askBy(each.turn().at, now);
    }
  }

  private void planAll() {
    List<HostAddresses.Known> unusedAsAllAreLookedAt = hosts.takeFresh();
    long now = loop.nanoTime();
    long earliest = Long.MAX_VALUE;
    for (HostAddresses.Known each : hosts.all()) {
      giveTurn(each.turn(), now);
      earliest = Math.min(earliest, each.turn().at - now);
    }
    if (earliest < Long.MAX_VALUE) {
      askBy(now + earliest, now);
    }
  }

  private void giveTurn(Turn turn, long now) {
    if (!turn.given) {
      turn.given = true;
      turn.at = now + usual();
    }
  }

  private void askBy(long at, long now) {
    long wait = Math.max(SHORTEST_NANOS, at - now);
    if (!due || dueAt - (now + wait) > 0) {
      next.cancel();
      due = true;
      dueAt = now + wait;
      next = loop.after(wait, this::ask);
    }
  }

  private long usual() {
    return (long) (EVERY_NANOS * (1 - JITTER * random.getAsDouble()));
  }

  /** A connection to it failed or was lost; a place that is no name is none of ours. */
  void suspect(String hostPort) {
    HostAddresses.Known known = hosts.get(hostPort);
    if (known == null) {
      return;
    }
    Turn turn = known.turn();
    long now = loop.nanoTime();
    if (!turn.suspect) {
      turn.suspect = true;
      turn.questions = 0;
      turn.at = turn.given && turn.at - now < 0 ? turn.at : now;
      turn.given = true;
    }
    turn.suspectUntil = now + SUSPECT_NANOS;
    if (!ended && !underWay) {
      askBy(turn.at, now);
    }
  }

  private void ask() {
    due = false;
    List<HostAddresses.Known> round = round();
    if (round.isEmpty()) {
      planAll();
      return;
    }
    underWay = true;
    boolean handedOver = false;
    try {
      asking.execute(() -> resolve(round));
      handedOver = true;
    } finally {
      // At the limit of threads there may be nobody to ask: another round is to come all the same.
      underWay = handedOver;
    }
  }

  private void resolve(List<HostAddresses.Known> round) {
    Map<HostAddresses.Known, List<InetSocketAddress>> answers = Collections.emptyMap();
    try {
      answers = new HashMap<>();
      for (HostAddresses.Known each : round) {
        answers.put(each, hosts.resolve(each.at()));
      }
    } finally {
      Map<HostAddresses.Known, List<InetSocketAddress>> found = answers;
      loop.execute(() -> take(round, found));
    }
  }

  /** Those that have waited longest. */
  private List<HostAddresses.Known> round() {
    long now = loop.nanoTime();
    List<HostAddresses.Known> round = new ArrayList<>();
    for (HostAddresses.Known each : hosts.all()) {
      if (each.turn().given && each.turn().at - now <= 0) {
        round.add(each);
      }
    }
    round.sort((one, other) -> Long.compare(one.turn().at - now, other.turn().at - now));
    return round.size() <= MOST_IN_A_ROUND ? round : round.subList(0, MOST_IN_A_ROUND);
  }

  private void take(
      List<HostAddresses.Known> round, Map<HostAddresses.Known, List<InetSocketAddress>> answers) {
    underWay = false;
    if (ended) {
      return;
    }
    boolean any = false;
    for (HostAddresses.Known each : round) {
      boolean elsewhere = hosts.take(each, answers.getOrDefault(each, Collections.emptyList()));
      any |= elsewhere;
      turnAgain(each.turn(), elsewhere);
    }
    planAll();
    if (any) {
      moved.run();
    }
  }

  private void turnAgain(Turn turn, boolean elsewhere) {
    long now = loop.nanoTime();
    turn.suspect &= !elsewhere && turn.suspectUntil - now > 0;
    if (turn.suspect) {
      long pause = SHORTEST_NANOS << Math.min(turn.questions, 3);
      turn.questions++;
      turn.at = now + Math.min(pause, LONGEST_PAUSE_NANOS);
    } else {
      turn.at = now + usual();
    }
  }

  void end() {
    ended = true;
    next.cancel();
    due = false;
  }
}
