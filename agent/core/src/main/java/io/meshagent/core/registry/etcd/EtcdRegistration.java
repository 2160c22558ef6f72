package io.meshagent.core.registry.etcd;

import io.meshagent.core.log.Log;
import io.meshagent.core.registry.Backoff;
import io.meshagent.core.registry.InstanceCodec;
import io.meshagent.core.registry.TaskLoop;
import io.meshagent.core.registry.etcd.EtcdOperations.Answer;
import io.meshagent.core.registry.etcd.EtcdOperations.EtcdLease;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps our entries in etcd, for ever: desired state, one lease for all of them, and a state
 * machine on one loop. The public methods may be called from any thread and return at once; the
 * state is touched by tasks of the loop only. Answers that belong to an earlier lease or an earlier
 * try are told by their epoch and dropped.
 */
final class EtcdRegistration {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long VERIFY_NANOS = 30 * SECOND;
  private static final long VERIFY_SOON_NANOS = SECOND;

  private final EtcdOperations etcd;
  private final TaskLoop loop;
  private final long ttlSeconds;
  private final Backoff grantBackoff = new Backoff(EtcdRegistration::random);
  private final Backoff renewBackoff = new Backoff(EtcdRegistration::random);
  private final Backoff putBackoff = new Backoff(EtcdRegistration::random);

  /**
   * Written by the loop only; a concurrent map because events of others ask whether a key is in.
   */
  private final Map<String, OwnEntry> entries = new ConcurrentHashMap<>();

  private long epoch;
  private long lease;
  private long leaseNanos;
  private long verifiedAt;
  private boolean putRetryDue;
  private boolean refusalSaid;
  private TaskLoop.Timer renewal = TaskLoop.Timer.NONE;
  private TaskLoop.Timer leaseEnd = TaskLoop.Timer.NONE;
  private TaskLoop.Timer verification = TaskLoop.Timer.NONE;

  /** Volatile, as are the two below: written by the loop, read by {@link EtcdRegistry#status}. */
  private volatile RegistrationState state = RegistrationState.IDLE;

  private volatile int desired;
  private volatile int registered;
  private final AtomicLong leasesLost = new AtomicLong();

  EtcdRegistration(EtcdOperations etcd, TaskLoop loop, long ttlSeconds) {
    this.etcd = etcd;
    this.loop = loop;
    this.ttlSeconds = ttlSeconds;
  }

  private static double random() {
    return ThreadLocalRandom.current().nextDouble();
  }

  RegistrationState state() {
    return state;
  }

  int desired() {
    return desired;
  }

  int registered() {
    return registered;
  }

  long leasesLost() {
    return leasesLost.get();
  }

  void register(String key, String value) {
    loop.execute(
        () -> {
          if (state == RegistrationState.CLOSED) {
            return;
          }
          OwnEntry entry = entries.computeIfAbsent(key, OwnEntry::new);
          entry.desired = value;
          entry.yielded = false;
          if (state == RegistrationState.IDLE) {
            grant();
          }
          reconcile(entry);
          settle();
        });
  }

  void withdraw(String key) {
    loop.execute(
        () -> {
          OwnEntry entry = entries.get(key);
          if (entry != null) {
            entry.desired = null;
            reconcile(entry);
            settle();
          }
        });
  }

  /** A change in etcd, from the feed: if it is about an entry of ours, that is looked after. */
  void seen(EtcdEntry change) {
    if (!entries.containsKey(change.key())) {
      return;
    }
    loop.execute(
        () -> {
          OwnEntry entry = entries.get(change.key());
          boolean ours = !change.isDeleted() && change.lease() == lease;
          if (entry != null && entry.desired != null && !entry.busy && !ours) {
            long since = loop.nanoTime() - verifiedAt;
            verifyAfter(Math.max(0, VERIFY_SOON_NANOS - since));
          }
        });
  }

  /**
   * Gives the lease back, and with it all entries.
   *
   * @param done run when etcd has answered, or at once if there is nothing to give back
   */
  void close(Runnable done) {
    loop.execute(
        () -> {
          if (state != RegistrationState.CLOSED) {
            become(RegistrationState.CLOSED);
          }
          newEpoch();
          long last = lease;
          lease = 0;
          if (last == 0) {
            done.run();
          } else {
            etcd.revoke(last, (revoked, failure) -> done.run());
          }
        });
  }

  private void become(RegistrationState next) {
    if (!loop.isOwn() || !state.next().contains(next)) {
      throw new IllegalStateException("registration: " + state + " -> " + next);
    }
    state = next;
  }

  private void newEpoch() {
    epoch++;
    renewal.cancel();
    leaseEnd.cancel();
    verification.cancel();
    putRetryDue = false;
  }

  /** Brings an answer to the loop, and drops it if the world has moved on meanwhile. */
  private <T> Answer<T> here(Answer<T> then) {
    long asked = epoch;
    return (value, failure) ->
        loop.execute(
            () -> {
              if (asked == epoch) {
                then.arrived(value, failure);
              }
            });
  }

  private TaskLoop.Timer after(long nanos, Runnable task) {
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
        here(
            (granted, failure) -> {
              if (failure != null) {
                say(failure);
                renewal = after(grantBackoff.nextNanos(failure.longestWaitNanos()), this::grant);
              } else {
                granted(granted, sent);
              }
            }));
  }

  private void granted(EtcdLease granted, long sent) {
    become(RegistrationState.PUT);
    lease = granted.id();
    lives(granted.ttlSeconds(), sent);
    verifiedAt = loop.nanoTime();
    verifyAfter(jittered(VERIFY_NANOS));
    reconcileAll();
  }

  /** The lease lives for its time from when we asked: etcd counts from later. */
  private void lives(long seconds, long sent) {
    leaseNanos = seconds * SECOND;
    leaseEnd.cancel();
    leaseEnd =
        after(
            sent + leaseNanos - loop.nanoTime(),
            () -> lost("etcd did not answer for longer than the lease lasts"));
    renewal = after(jittered(leaseNanos / 3), this::renew);
  }

  private static long jittered(long nanos) {
    return (long) (nanos * (0.8 + 0.2 * random()));
  }

  private void renew() {
    long sent = loop.nanoTime();
    etcd.renew(
        lease,
        here(
            (seconds, failure) -> {
              if (failure != null && failure.isTransport()) {
                // Not an end yet: the lease lives on in etcd, and the timer of its end is set.
                long wait = renewBackoff.nextNanos(Math.max(SECOND, leaseNanos / 6));
                renewal = after(wait, this::renew);
              } else if (failure != null) {
                lost(failure.why());
              } else if (seconds <= 0) {
                lost("etcd no longer has it");
              } else {
                renewBackoff.reset();
                grantBackoff.reset();
                lives(seconds, sent);
              }
            }));
  }

  private void lost(String why) {
    Log.info("the lease of this program's entries is lost (" + why + "); asking for a new one");
    become(RegistrationState.LOST);
    newEpoch();
    leasesLost.incrementAndGet();
    lease = 0;
    for (OwnEntry entry : entries.values()) {
      entry.confirmed = null;
      entry.busy = false;
    }
    count();
    renewal = after(grantBackoff.nextNanos(SECOND), this::grant);
  }

  private void reconcileAll() {
    putRetryDue = false;
    new ArrayList<>(entries.values()).forEach(this::reconcile);
    settle();
  }

  private void reconcile(OwnEntry entry) {
    if (state != RegistrationState.PUT && state != RegistrationState.ALIVE) {
      return;
    }
    if (entry.busy) {
      return;
    }
    if (entry.desired == null) {
      if (entry.mayBeThere) {
        delete(entry, 0);
      } else {
        entries.remove(entry.key);
      }
    } else if (!entry.isSettled()) {
      put(entry, 0);
    }
  }

  private void put(OwnEntry entry, long seenRevision) {
    String value = entry.desired;
    entry.busy = true;
    entry.mayBeThere = true;
    entry.lease = lease;
    etcd.put(
        entry.key,
        value,
        lease,
        seenRevision,
        here(
            (inTheWay, failure) -> {
              entry.busy = false;
              if (failure != null) {
                failed(failure);
              } else if (inTheWay == null) {
                entry.confirmed = value;
                done(entry);
              } else if (entry.desired == null || !value.equals(entry.desired)) {
                done(entry);
              } else if (isNewer(inTheWay, entry)) {
                yieldTo(entry);
              } else {
                put(entry, inTheWay.revision());
              }
            }));
  }

  private void delete(OwnEntry entry, long seenRevision) {
    entry.busy = true;
    etcd.delete(
        entry.key,
        seenRevision,
        here(
            (inTheWay, failure) -> {
              entry.busy = false;
              boolean ours = inTheWay != null && inTheWay.lease() == entry.lease;
              if (failure != null) {
                failed(failure);
              } else if (ours && entry.desired == null) {
                delete(entry, inTheWay.revision());
              } else {
                // Gone, or somebody else's by now and theirs to delete.
                entry.mayBeThere = false;
                entry.confirmed = null;
                done(entry);
              }
            }));
  }

  private void done(OwnEntry entry) {
    putBackoff.reset();
    refusalSaid = false;
    reconcile(entry);
    settle();
  }

  private void failed(EtcdFailure failure) {
    if (failure.kind() == EtcdFailure.Kind.LEASE_GONE) {
      lost(failure.why());
      return;
    }
    say(failure);
    if (!putRetryDue) {
      putRetryDue = true;
      TaskLoop.Timer unused =
          after(putBackoff.nextNanos(failure.longestWaitNanos()), this::reconcileAll);
    }
  }

  /** Two programs claim one address: the one that started last has it, as its port is bound. */
  private boolean isNewer(EtcdEntry other, OwnEntry entry) {
    if (other.isDeleted() || other.lease() == lease || other.value().equals(entry.desired)) {
      return false;
    }
    long theirs = InstanceCodec.started(InstanceCodec.instance(other.value()));
    long ours = InstanceCodec.started(InstanceCodec.instance(entry.desired));
    return theirs > ours || (theirs == ours && other.value().compareTo(entry.desired) > 0);
  }

  private void yieldTo(OwnEntry entry) {
    entry.yielded = true;
    Log.warnOnce(
        "yielded " + entry.key,
        "another program that started later is registered as "
            + entry.key
            + "; this one's entry waits until that is gone (if both run, give one of them another"
            + " register.host)");
    settle();
  }

  private void verifyAfter(long nanos) {
    verification.cancel();
    verification = after(nanos, this::verify);
  }

  private void verify() {
    verifiedAt = loop.nanoTime();
    verifyAfter(jittered(VERIFY_NANOS));
    List<String> keys = new ArrayList<>();
    for (OwnEntry entry : entries.values()) {
      if (entry.desired != null && !entry.busy) {
        keys.add(entry.key);
      }
    }
    if (!keys.isEmpty()) {
      etcd.read(keys, here((found, failure) -> verified(keys, found, failure)));
    }
  }

  private void verified(List<String> keys, List<EtcdEntry> found, EtcdFailure failure) {
    if (failure != null) {
      return;
    }
    Map<String, EtcdEntry> byKey = new HashMap<>();
    found.forEach(entry -> byKey.put(entry.key(), entry));
    for (String key : keys) {
      OwnEntry entry = entries.get(key);
      if (entry == null || entry.busy || entry.desired == null) {
        continue;
      }
      EtcdEntry there = byKey.get(key);
      boolean asDesired =
          there != null && there.lease() == lease && there.value().equals(entry.desired);
      entry.confirmed = asDesired ? entry.desired : null;
      entry.yielded = there != null && !asDesired && entry.yielded;
      if (!asDesired && !(there != null && isNewer(there, entry))) {
        put(entry, there == null ? 0 : there.revision());
      } else if (!asDesired) {
        yieldTo(entry);
      }
    }
    settle();
  }

  private void settle() {
    count();
    boolean settled = entries.values().stream().allMatch(OwnEntry::isSettled);
    if (state == RegistrationState.PUT && settled) {
      become(RegistrationState.ALIVE);
    } else if (state == RegistrationState.ALIVE && !settled) {
      become(RegistrationState.PUT);
    }
  }

  private void count() {
    int wanted = 0;
    int there = 0;
    for (OwnEntry entry : entries.values()) {
      wanted += entry.desired == null ? 0 : 1;
      there += entry.desired != null && entry.desired.equals(entry.confirmed) ? 1 : 0;
    }
    desired = wanted;
    registered = there;
  }

  /** That etcd can't be reached is the feed's to say: it always runs. */
  private void say(EtcdFailure failure) {
    if (!failure.isTransport() && !refusalSaid) {
      refusalSaid = true;
      Log.warn(
          "etcd does not let this program register its servers ("
              + failure.why()
              + "); they serve on, unseen by others, and it is tried again until it works");
    }
  }
}
