package io.meshagent.core.registry.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KeyValue;
import io.meshagent.core.registry.etcd.client.EtcdEntry;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.registry.etcd.client.EtcdOperations;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/** An etcd in memory that can be silent, unreachable, forgetful and compacted. */
public final class FakeEtcd implements EtcdOperations {

  /** What was asked, in order. */
  public final List<String> asked = new ArrayList<>();

  public final TreeMap<String, EtcdEntry> entries = new TreeMap<>();
  public final List<Long> leases = new ArrayList<>();
  public final List<Runnable> held = new ArrayList<>();
  public long revision = 1;
  public long compacted;
  public int reconnects;

  /** How many answers of watches have been taken in. */
  public int taken;

  /** Answers everything with this, unless null. */
  public EtcdFailure failure;

  /** Answers lists with this, unless null. */
  public EtcdFailure listFailure;

  /** Answers the question for the first key with this, unless null. */
  public EtcdFailure keyFailure;

  /** Thrown once instead of an answer, unless null. */
  public Error thrown;

  /** Holds answers back until a test lets them go. */
  public boolean silent;

  /** Whether a watch answers when it is asked for its progress. */
  public boolean progress = true;

  /** Whether a watch from an earlier revision on is told what has happened since. */
  public boolean replays;

  /** All changes, in order. */
  public final List<EtcdEntry> history = new ArrayList<>();

  private Watcher watcher;
  private long watchFrom;
  private long lastLease = 100;

  private <T> void answer(String what, Reply<T> answer, Consumer<Reply<T>> working) {
    asked.add(what);
    if (thrown != null) {
      Error once = thrown;
      thrown = null;
      throw once;
    }
    Runnable reply =
        failure != null ? () -> answer.arrived(null, failure) : () -> working.accept(answer);
    if (silent) {
      held.add(reply);
    } else {
      reply.run();
    }
  }

  private static EtcdFailure gone() {
    return new EtcdFailure(EtcdFailure.Kind.LEASE_GONE, "requested lease not found");
  }

  /** Ends a lease with all that is on it, as its expiry would. */
  public void expire(long lease) {
    boolean unused = leases.remove(lease);
    List<String> keys =
        entries.values().stream().filter(e -> e.lease() == lease).map(EtcdEntry::key).toList();
    keys.forEach(this::remove);
  }

  public void remove(String key) {
    EtcdEntry unused = entries.remove(key);
    tell(new EtcdEntry(key, null, 0, ++revision));
  }

  public void write(String key, String value, long lease) {
    EtcdEntry entry = new EtcdEntry(key, value, lease, ++revision);
    EtcdEntry before = entries.put(key, entry);
    tell(before == null ? entry.asNew() : entry);
  }

  private void tell(EtcdEntry change) {
    if (replays) {
      history.add(change);
    }
    if (watcher != null && change.revision() >= watchFrom) {
      watcher.changed(List.of(change), false);
    }
  }

  /** A change that is not all that its revision has changed. */
  void partly(EtcdEntry change) {
    watcher.changed(List.of(change), true);
  }

  /** Ends the watch. */
  public void cut(EtcdFailure why) {
    Watcher cut = watcher;
    watcher = null;
    cut.ended(why);
  }

  @Override
  public void grant(long ttlSeconds, Reply<EtcdLease> answer) {
    answer(
        "grant",
        answer,
        to -> {
          leases.add(++lastLease);
          to.arrived(new EtcdLease(lastLease, ttlSeconds), null);
        });
  }

  @Override
  public void renew(long lease, Reply<Long> answer) {
    answer("renew " + lease, answer, to -> to.arrived(leases.contains(lease) ? 15L : 0L, null));
  }

  @Override
  public void revoke(long lease, Reply<Boolean> answer) {
    answer(
        "revoke " + lease,
        answer,
        to -> {
          expire(lease);
          to.arrived(true, null);
        });
  }

  private EtcdEntry inTheWay(String key, long seen) {
    EtcdEntry there = entries.get(key);
    if (there == null) {
      return seen == 0 ? null : new EtcdEntry(key, null, 0, 0);
    }
    return there.revision() == seen ? null : there;
  }

  @Override
  public void put(String key, String value, long lease, long seen, Reply<EtcdEntry> answer) {
    answer(
        "put " + key,
        answer,
        to -> {
          if (!leases.contains(lease)) {
            to.arrived(null, gone());
            return;
          }
          EtcdEntry other = inTheWay(key, seen);
          if (other == null) {
            write(key, value, lease);
          }
          to.arrived(other, null);
        });
  }

  @Override
  public void delete(String key, long seen, Reply<EtcdEntry> answer) {
    answer(
        "delete " + key,
        answer,
        to -> {
          EtcdEntry other = inTheWay(key, seen);
          if (other == null && entries.containsKey(key)) {
            remove(key);
          }
          to.arrived(other, null);
        });
  }

  @Override
  public void read(Collection<String> keys, Reply<List<EtcdEntry>> answer) {
    answer(
        "read " + keys.size(),
        answer,
        to ->
            to.arrived(
                keys.stream().filter(entries::containsKey).map(entries::get).toList(), null));
  }

  /** How large a page may be; a value counts with its length. */
  public int largest = Integer.MAX_VALUE;

  private List<EtcdEntry> after(byte[] from) {
    String key = from == null ? "" : new String(from, StandardCharsets.UTF_8);
    return entries.tailMap(key, true).values().stream().toList();
  }

  private static byte[] next(List<EtcdEntry> all, int taken) {
    return taken >= all.size()
        ? null
        : (all.get(taken - 1).key() + '\0').getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void list(String prefix, byte[] from, long at, int limit, Reply<RangeResult> answer) {
    answer(
        "list",
        answer,
        to -> {
          if (listFailure != null) {
            to.arrived(null, listFailure);
            return;
          }
          List<EtcdEntry> all = after(from);
          List<EtcdEntry> page = all.subList(0, Math.min(all.size(), limit));
          int bytes = page.stream().mapToInt(entry -> entry.value().length()).sum();
          if (bytes > largest) {
            to.arrived(null, new EtcdFailure(EtcdFailure.Kind.TOO_LARGE, "exceeds " + largest));
          } else {
            RangeResult result =
                new RangeResult(page, revision, next(all, page.size()), bytes, all.size());
            to.arrived(result, null);
          }
        });
  }

  @Override
  public void listKey(String prefix, byte[] from, long at, Reply<RangeResult> answer) {
    answer(
        "key",
        answer,
        to -> {
          if (keyFailure != null) {
            to.arrived(null, keyFailure);
            return;
          }
          List<EtcdEntry> all = after(from);
          KeyValue.Builder first = KeyValue.newBuilder();
          if (!all.isEmpty()) {
            first.setKey(ByteString.copyFromUtf8(all.get(0).key()));
          }
          List<EtcdEntry> page = all.isEmpty() ? all : List.of(EtcdEntry.unread(first.build()));
          to.arrived(new RangeResult(page, revision, next(all, 1), 100, all.size()), null);
        });
  }

  @Override
  public Stream watch(String prefix, long fromRevision, Watcher told) {
    asked.add("watch " + fromRevision);
    if (failure != null) {
      told.ended(failure);
    } else if (fromRevision != 0 && fromRevision <= compacted) {
      told.ended(new EtcdFailure(EtcdFailure.Kind.COMPACTED, "compacted"));
    } else {
      watcher = told;
      watchFrom = fromRevision;
      if (!silent) {
        told.created(revision);
        List<EtcdEntry> missed =
            history.stream()
                .filter(each -> fromRevision != 0 && each.revision() >= fromRevision)
                .toList();
        if (!missed.isEmpty()) {
          told.changed(missed, false);
        }
      }
    }
    return new Stream() {
      @Override
      public void requestProgress() {
        asked.add("progress");
        if (progress && !silent && watcher == told) {
          told.progressed();
        }
      }

      @Override
      public void next() {
        taken++;
      }

      @Override
      public void cancel() {
        if (watcher == told) {
          watcher = null;
        }
      }
    };
  }

  @Override
  public void reconnect() {
    reconnects++;
  }

  @Override
  public void close() {}
}
