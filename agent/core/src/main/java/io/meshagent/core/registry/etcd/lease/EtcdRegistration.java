package io.meshagent.core.registry.etcd.lease;

import io.meshagent.core.log.Log;
import io.meshagent.core.registry.RegistrationState;
import io.meshagent.core.registry.RegistrationStatus;
import io.meshagent.core.registry.RegistrationStatus.Request;
import io.meshagent.core.registry.etcd.EtcdRegistry;
import io.meshagent.core.registry.etcd.client.EtcdEntry;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.registry.etcd.client.EtcdOperations;
import io.meshagent.core.registry.etcd.client.EtcdOperations.EtcdLease;
import io.meshagent.core.registry.etcd.client.EtcdOperations.Reply;
import io.meshagent.core.registry.etcd.client.SignsOfLife;
import io.meshagent.core.run.Backoff;
import io.meshagent.core.run.GuardedLoop;
import io.meshagent.core.run.TaskLoop;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Keeps our entries in etcd, for ever: desired state, one lease for all of them, and a state
 * machine on one loop. What {@link EtcdRegistry} and the feed call may be called from any thread
 * and returns at once; what {@link OwnEntries} calls runs on the loop. Answers that belong to an
 * earlier lease or an earlier try are told by their epoch and dropped.
 */
public final class EtcdRegistration {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final EtcdOperations etcd;
  private final TaskLoop loop;
  private final long ttlSeconds;
  private final OwnEntries entries;
  private final Backoff grantBackoff = new Backoff(EtcdRegistration::random);
  private final Backoff renewBackoff = new Backoff(EtcdRegistration::random);
  private final RegistrationRecord record;
  private final SignsOfLife signs;

  private long epoch;
  private long lease;
  private long leaseNanos;
  private TaskLoop.Timer next = TaskLoop.Timer.NONE;
  private TaskLoop.Timer leaseEnd = TaskLoop.Timer.NONE;

  /** Volatile: written by the loop, read by {@link EtcdRegistry#status}. */
  private volatile RegistrationState state = RegistrationState.IDLE;

  public EtcdRegistration(EtcdOperations etcd, TaskLoop loop, long ttlSeconds) {
    this(etcd, loop, ttlSeconds, new SignsOfLife());
  }

  /**
   * @param signs is told when etcd has answered
   */
  public EtcdRegistration(EtcdOperations etcd, TaskLoop loop, long ttlSeconds, SignsOfLife signs) {
    this.etcd = etcd;
    this.signs = signs;
    this.loop = new GuardedLoop(loop, this::goOn);
    this.ttlSeconds = ttlSeconds;
    this.record = new RegistrationRecord(loop);
    this.entries = new OwnEntries(etcd, this.loop, this);
  }

  private static double random() {
    return ThreadLocalRandom.current().nextDouble();
  }

  public RegistrationState state() {
    return state;
  }

  int desired() {
    return entries.desired();
  }

  int registered() {
    return entries.registered();
  }

  public long leasesLost() {
    return record.leasesLost();
  }

  /** Any thread. */
  public RegistrationStatus status() {
    return record.status(state, desired(), registered());
  }

  /** Counts an answer on its way to the loop. */
  <T> Reply<T> counted(Request request, Reply<T> then) {
    return record.counting(request, here(then));
  }

  public void register(String key, String value) {
    register(key, value, false);
  }

  /**
   * Keeps an entry from now on.
   *
   * @param leaving whether the entry says that it is to be withdrawn soon
   */
  public void register(String key, String value, boolean leaving) {
    keep(() -> entries.want(key, value, leaving));
  }

  /** As {@link #register} for an entry that the program is registered without. */
  public void report(String key, String value) {
    keep(() -> entries.wantBeside(key, value));
  }

  /** As {@link #report} for one that is given up without a word where etcd refuses it. */
  public void mention(String key, String value) {
    keep(() -> entries.wantIfAllowed(key, value));
  }

  private void keep(Runnable want) {
    loop.execute(
        () -> {
          if (state == RegistrationState.CLOSED) {
            return;
          }
          want.run();
          if (state == RegistrationState.IDLE) {
            grant();
          }
        });
  }

  public void withdraw(String key) {
    loop.execute(() -> entries.unwant(key));
  }

  /** A change in etcd, from the feed: if it is about an entry of ours, that is looked after. */
  public void seen(EtcdEntry change) {
    if (entries.contains(change.key())) {
      loop.execute(() -> entries.seen(change));
    }
  }

  /** Looks whether our entries are still there. */
  public void verifySoon() {
    loop.execute(entries::verifySoon);
  }

  /**
   * Gives the lease back, and with it all entries.
   *
   * @param done run when etcd has answered, or at once if there is nothing to give back
   */
  public void close(Runnable done) {
    loop.execute(
        () -> {
          // Of one that has lapsed nobody knows, and a program that ends does not wait for it.
          long last = hasLease() ? lease : 0;
          become(RegistrationState.CLOSED);
          newEpoch();
          lease = 0;
          if (last == 0) {
            done.run();
          } else {
            etcd.revoke(last, (revoked, failure) -> done.run());
          }
        });
  }

  private void become(RegistrationState following) {
    if (!loop.isOwn() || !state.next().contains(following)) {
      throw new IllegalStateException("registration: " + state + " -> " + following);
    }
    state = following;
  }

  private void newEpoch() {
    epoch++;
    next.cancel();
    leaseEnd.cancel();
    entries.end();
  }

  /** Brings an answer to the loop, and drops it if the world has moved on meanwhile. */
  <T> Reply<T> here(Reply<T> then) {
    long asked = epoch;
    return (value, failure) ->
        loop.execute(
            () -> {
              if (asked == epoch) {
                then.arrived(value, failure);
              }
            });
  }

  /** Runs the task later, unless the world has moved on by then. */
  TaskLoop.Timer after(long nanos, Runnable task) {
    long asked = epoch;
    return loop.after(
        nanos,
        () -> {
          if (asked == epoch) {
            task.run();
          }
        });
  }

  private void grant() {
    if (state != RegistrationState.GRANT) {
      become(RegistrationState.GRANT);
    }
    newEpoch();
    long sent = loop.nanoTime();
    etcd.grant(
        ttlSeconds,
        counted(
            Request.GRANT,
            (granted, failure) -> {
              if (failure != null) {
                entries.say(failure);
                next = after(grantBackoff.nextNanos(failure.longestWaitNanos()), this::grant);
              } else {
                granted(granted, sent);
              }
            }));
  }

  private void granted(EtcdLease granted, long sent) {
    become(RegistrationState.PUT);
    lease = granted.id();
    lives(granted.ttlSeconds(), sent);
    entries.begin();
  }

  /** The lease lives for its time from when we asked: etcd counts from later. */
  private void lives(long seconds, long sent) {
    leaseNanos = seconds * SECOND;
    record.renewed(sent);
    signs.answered(sent);
    leaseEnd.cancel();
    leaseEnd = after(sent + leaseNanos - loop.nanoTime(), this::lapsed);
    // From then, too: an answer that took most of the lease leaves no third to wait.
    long due = sent + (long) (leaseNanos / 3.0 * (0.8 + 0.2 * random()));
    next = after(Math.max(0, due - loop.nanoTime()), this::renew);
  }

  private void renew() {
    long sent = loop.nanoTime();
    etcd.renew(
        lease,
        counted(
            Request.RENEW,
            (seconds, failure) -> {
              if (failure != null && failure.kind() == EtcdFailure.Kind.LEASE_GONE) {
                lost(failure.why());
              } else if (failure != null) {
                // Not an end yet: the lease lives on in etcd, and the timer of its end is set. A
                // new one now would have every program write all its keys while etcd is choosing
                // a leader.
                next = after(renewBackoff.nextNanos(longestRenewWait(failure)), this::renew);
              } else if (seconds <= 0) {
                lost("etcd no longer has it");
              } else {
                renewBackoff.reset();
                grantBackoff.reset();
                lives(seconds, sent);
                if (state == RegistrationState.LOST) {
                  become(RegistrationState.PUT);
                  entries.reconcileAll();
                }
              }
            }));
  }

  /** An etcd that comes back gives every lease its time again: a try has to come within that. */
  private long longestRenewWait(EtcdFailure failure) {
    if (hasLease()) {
      return Math.max(SECOND, leaseNanos / 6);
    }
    boolean dear = failure.kind() == EtcdFailure.Kind.LOGIN;
    return dear ? failure.longestWaitNanos() : Math.max(SECOND, leaseNanos / 4);
  }

  /**
   * Nobody has answered for as long as the lease lasts. Etcd itself may have been away, and the
   * lease with it: so this one is asked for first. If all programs took new leases and wrote all
   * their entries again, everybody would be told of everybody by an etcd that is hardly back.
   */
  private void lapsed() {
    become(RegistrationState.LOST);
    entries.count();
  }

  /** The lease has ended. */
  void lost(String why) {
    Log.info("the lease of this program's entries is lost (" + why + "); asking for a new one");
    if (state != RegistrationState.LOST) {
      become(RegistrationState.LOST);
    }
    newEpoch();
    record.lost();
    lease = 0;
    next = after(grantBackoff.nextNanos(SECOND), this::grant);
  }

  /** A step was left halfway: with a new lease nothing depends on it. */
  private void goOn() {
    boolean nothingToDo = state == RegistrationState.IDLE && !entries.isAnyWanted();
    if (nothingToDo || state == RegistrationState.CLOSED) {
      return;
    }
    try {
      if (hasLease()) {
        lost("a step has failed");
      } else {
        newEpoch();
      }
    } finally {
      next.cancel();
      next = after(grantBackoff.nextNanos(30 * SECOND), this::grant);
    }
  }

  long lease() {
    return lease;
  }

  boolean hasLease() {
    return state == RegistrationState.PUT || state == RegistrationState.ALIVE;
  }

  /** Whether all entries are as they should be. */
  void settled(boolean all) {
    if (state == RegistrationState.PUT && all) {
      become(RegistrationState.ALIVE);
    } else if (state == RegistrationState.ALIVE && !all) {
      become(RegistrationState.PUT);
    }
  }
}
